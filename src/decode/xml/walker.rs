//! Walks a document and gives the parts that matter as trees, one after the other.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::spaces::Spaces;
use super::{Element, Node};
use crate::decode::options::Limits;

/// What the walk came upon.
#[derive(Debug)]
pub enum Step<'a> {
    /// An element that was asked for, whole.
    Element(Element<'a>),
    /// The start of one that was not: the walk goes on inside it. It has its attributes and no content.
    Enter(Element<'a>),
    /// The end of one that was entered.
    Leave,
    /// The end of the document.
    End,
}

/// Why a part could not be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The word to count by.
    pub reason: &'static str,
    /// What is wrong.
    pub error: String,
    /// What may be done.
    pub hint: Option<String>,
    /// The bytes of the text that are lost; the walk goes on behind them.
    pub range: Range<usize>,
}

/// The longest entity of a document's own that is filled in (bytes).
const LONGEST_ENTITY: usize = 256;

/// A walk through one document.
pub struct Walker<'a> {
    text: &'a str,
    reader: Reader<&'a [u8]>,
    /// Where the reader's own place 0 lies in the text.
    base: usize,
    spaces: Spaces,
    /// The elements that were entered: as written, and as known.
    open: Vec<(String, String)>,
    /// Entities that the document declares; `None` for those that are too long or made of others.
    entities: BTreeMap<String, Option<String>>,
    max_depth: usize,
    max_len: usize,
    max_nodes: usize,
}

/// A tree in the making.
struct Building<'a> {
    stack: Vec<Element<'a>>,
    written: Vec<String>,
    start: usize,
    nodes: usize,
    fault: Option<(&'static str, String)>,
}

impl<'a> Walker<'a> {
    /// A walk from the start of `text`.
    pub fn new(text: &'a str, limits: &Limits) -> Walker<'a> {
        Walker {
            text,
            reader: reader(text),
            base: 0,
            spaces: Spaces::default(),
            open: Vec::new(),
            entities: BTreeMap::new(),
            max_depth: limits.max_depth,
            max_len: limits.max_line,
            max_nodes: limits.max_fields.saturating_mul(16),
        }
    }

    /// The name of the element that the walk stands in.
    pub fn inside(&self) -> Option<&str> {
        self.open.last().map(|(_, name)| name.as_str())
    }

    /// Goes on at a place of the text, after a fault.
    pub fn go_on(&mut self, at: usize) {
        self.base = at.min(self.text.len());
        self.reader = reader(&self.text[self.base..]);
    }

    /// The next step. An element whose name `take` agrees to comes whole; into others the walk goes.
    ///
    /// # Errors
    /// What is lost, and where; the walk can be asked to [`Walker::go_on`].
    pub fn next(&mut self, take: impl Fn(&str) -> bool) -> Result<Step<'a>, Fault> {
        loop {
            let at = self.place();
            match self.event(at)? {
                Event::Start(start) => {
                    let mut element = self.element(&start, at);
                    let written = start.name().0.to_owned();
                    if take(&element.name) {
                        return self.build(element, written).map(Step::Element);
                    }
                    if self.open.len() >= self.max_depth {
                        return Err(self.too_deep(at));
                    }
                    element.range.end = self.place();
                    self.open.push((written, element.name.clone()));
                    return Ok(Step::Enter(element));
                }
                Event::Empty(start) => {
                    let mut element = self.element(&start, at);
                    element.range.end = self.place();
                    self.spaces.leave(self.open.len());
                    if take(&element.name) {
                        return Ok(Step::Element(element));
                    }
                }
                Event::End(end) => {
                    let Some(depth) = self.open.iter().rposition(|(written, _)| written == end.name().0)
                    else {
                        continue;
                    };
                    self.open.truncate(depth);
                    self.spaces.leave(depth);
                    return Ok(Step::Leave);
                }
                Event::DocType(doctype) => self.declare(&doctype),
                Event::Eof => return Ok(Step::End),
                _ => {}
            }
        }
    }

    fn place(&self) -> usize {
        self.base + self.reader.buffer_position() as usize
    }

    fn event(&mut self, at: usize) -> Result<Event<'a>, Fault> {
        self.reader.read_event().map_err(|error| {
            let truncated = self.base + self.reader.error_position() as usize + 1 >= self.text.len()
                || error.to_string().contains("not found before end of input");
            let (reason, what) =
                if truncated { ("truncated", "the text ends inside a tag") } else { ("malformed", "") };
            let error = if truncated { what.to_owned() } else { error.to_string() };
            Fault { reason, error, hint: None, range: at..self.text.len() }
        })
    }

    fn too_deep(&self, at: usize) -> Fault {
        let limit = self.max_depth;
        let error = format!("XML nested more than the limit of {limit} deep (max_depth)");
        let hint = Some("no article nests so deep; look at what wrote it".to_owned());
        Fault { reason: "too_deep", error, hint, range: at..self.text.len() }
    }

    /// An element from its start tag.
    fn element(&mut self, start: &BytesStart<'_>, at: usize) -> Element<'a> {
        let mut attrs = Vec::new();
        let depth = self.open.len() + 1;
        for attribute in start.html_attributes().with_checks(false).flatten() {
            let (key, value) = (attribute.key.0, &*attribute.value);
            match key.strip_prefix("xmlns").map(|rest| rest.strip_prefix(':').unwrap_or(rest)) {
                Some(prefix) if key.len() == 5 || key.starts_with("xmlns:") => {
                    self.spaces.declare(depth, prefix, value);
                }
                _ => {
                    let plain = quick_xml::escape::unescape_with(value, |name| self.named(name));
                    attrs.push((key.to_owned(), plain.map_or_else(|_| value.to_owned(), Cow::into_owned)));
                }
            }
        }
        let name = self.spaces.name(start.name().0);
        Element { name, attrs, children: Vec::new(), range: at..at }
    }

    fn named(&self, name: &str) -> Option<&str> {
        quick_xml::escape::resolve_predefined_entity(name)
            .or_else(|| self.entities.get(name).and_then(|own| own.as_deref()))
            .or_else(|| quick_xml::escape::resolve_html5_entity(name))
    }

    /// Builds the tree of an element that was just begun.
    fn build(&mut self, element: Element<'a>, written: String) -> Result<Element<'a>, Fault> {
        let start = element.range.start;
        let mut tree =
            Building { stack: vec![element], written: vec![written], start, nodes: 0, fault: None };
        loop {
            let at = self.place();
            if at - start > self.max_len && tree.fault.is_none() {
                let limit = self.max_len;
                let error = format!("an article of more than the limit of {limit} bytes (max_line)");
                tree.fault = Some(("too_long", error));
                // What follows is only passed over, not kept.
                tree.stack.iter_mut().for_each(|e| e.children.clear());
            }
            tree.nodes += 1;
            if tree.nodes > self.max_nodes && tree.fault.is_none() {
                let limit = self.max_nodes;
                let error =
                    format!("an article of more than {limit} elements and texts (16 times max_fields)");
                tree.fault = Some(("too_many_fields", error));
                tree.stack.iter_mut().for_each(|e| e.children.clear());
            }
            match self.event(at)? {
                Event::Start(tag) => {
                    if tree.stack.len() + self.open.len() >= self.max_depth {
                        return Err(Fault { range: start..self.text.len(), ..self.too_deep(at) });
                    }
                    let inner = self.element(&tag, at);
                    tree.written.push(tag.name().0.to_owned());
                    tree.stack.push(inner);
                }
                Event::Empty(tag) => {
                    let mut inner = self.element(&tag, at);
                    inner.range.end = self.place();
                    tree.add(Node::Element(inner));
                }
                Event::End(end) => match tree.written.iter().rposition(|w| w == end.name().0) {
                    Some(depth) => {
                        let end = self.place();
                        while tree.stack.len() > depth + 1 {
                            tree.close(at);
                        }
                        if depth == 0 {
                            self.spaces.leave(self.open.len());
                            return tree.whole(end);
                        }
                        tree.close(end);
                    }
                    // The end of something around it: it was never closed itself.
                    None if self.open.iter().any(|(written, _)| written == end.name().0) => {
                        self.go_on(at);
                        let error = format!("<{}> is not closed", tree.written[0]);
                        return Err(Fault { reason: "malformed", error, hint: None, range: start..at });
                    }
                    None => {}
                },
                Event::Text(text) => tree.text(text.into_inner()),
                Event::CData(text) => tree.text(text.into_inner()),
                Event::GeneralRef(entity) => self.resolve(&entity, &mut tree),
                Event::Eof => {
                    let error = format!("the text ends inside <{}>", tree.written[0]);
                    let hint = Some("was the file still being written, or cut short?".to_owned());
                    return Err(Fault { reason: "truncated", error, hint, range: start..self.text.len() });
                }
                _ => {}
            }
        }
    }

    /// Puts in what a reference stands for.
    fn resolve(&self, entity: &BytesRef<'a>, tree: &mut Building<'a>) {
        if let Ok(Some(c)) = entity.resolve_char_ref() {
            return tree.text(c.to_string().into());
        }
        let name: &str = entity;
        if let Some(None) = self.entities.get(name) {
            let error =
                format!("the entity &{name}; is made of others, external or long: it is never filled in");
            tree.fault.get_or_insert(("entity_expansion", error));
            return;
        }
        match self.named(name) {
            Some(text) => tree.text(text.to_owned().into()),
            // A sign that happens to be followed by a word and a semicolon.
            None => tree.text(format!("&{name};").into()),
        }
    }

    /// Keeps the entities that a DTD declares inside the document.
    fn declare(&mut self, doctype: &str) {
        let mut rest = doctype;
        while let Some(at) = rest.find("<!ENTITY") {
            rest = &rest[at + 8..];
            let end = rest.find('>').unwrap_or(rest.len());
            let (declaration, after) = rest.split_at(end);
            rest = after;
            let mut words = declaration.trim_start().splitn(2, char::is_whitespace);
            let (Some(name), Some(value)) = (words.next(), words.next()) else { continue };
            let value = value.trim();
            let quoted = value.strip_prefix(['"', '\'']).and_then(|v| v.strip_suffix(['"', '\'']));
            let plain = quoted.filter(|v| v.len() <= LONGEST_ENTITY).and_then(|v| {
                let plain = quick_xml::escape::unescape_with(v, quick_xml::escape::resolve_predefined_entity);
                plain.ok().map(Cow::into_owned)
            });
            if self.entities.len() < 1000 {
                self.entities.insert(name.to_owned(), plain);
            }
        }
    }
}

fn reader(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}

impl<'a> Building<'a> {
    fn add(&mut self, node: Node<'a>) {
        if self.fault.is_none()
            && let Some(top) = self.stack.last_mut()
        {
            top.children.push(node);
        }
    }

    fn text(&mut self, text: Cow<'a, str>) {
        if self.fault.is_some() {
            return;
        }
        let Some(top) = self.stack.last_mut() else { return };
        // References split a text: its pieces are joined again.
        if let Some(Node::Text(before)) = top.children.last_mut() {
            before.to_mut().push_str(&text);
        } else {
            top.children.push(Node::Text(text));
        }
    }

    fn close(&mut self, end: usize) {
        self.written.pop();
        if let Some(mut inner) = self.stack.pop() {
            inner.range.end = end;
            self.add(Node::Element(inner));
        }
    }

    fn whole(mut self, end: usize) -> Result<Element<'a>, Fault> {
        if let Some((reason, error)) = self.fault {
            return Err(Fault { reason, error, hint: None, range: self.start..end });
        }
        let mut element = self.stack.pop().unwrap_or_default();
        element.range.end = end;
        Ok(element)
    }
}
