//! JSON: one object, a list, objects in a row, or a list inside a service's answer.

use std::ops::Range;

use serde_json::Value;

use super::aliases::{ENVELOPES, LISTS, of};
use super::charset::Source;
use super::fields::Fields;
use super::json_scan::{Extent, Fault, blank, elements, extent, members};
use super::lines::Lines;
use super::options::{Limits, Logical, Options};
use super::out::Out;
use super::{Decoded, Format, Give, fields, json_repair, map_report};
use crate::model::{Item, Undecodable};

/// See the module.
pub struct Json;

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn recognises(&self, head: &[u8], path: &str) -> bool {
        let start = start(head);
        let named = super::is_named(path, &["json", "jsonl", "ndjson", "jl"]);
        match head.get(start) {
            Some(b'{') => named || matches!(head.get(blank(head, start + 1)), Some(b'"' | b'}') | None),
            Some(b'[') => {
                named || matches!(head.get(blank(head, start + 1)), Some(b'{' | b'[' | b']') | None)
            }
            _ => false,
        }
    }

    fn decode(&self, item: &Item, options: &Options, give: Give) -> Decoded {
        let source = super::text(item);
        let mut reader = Reader::new(item, &source, options, give);
        reader.document(0..source.text.len());
        reader.finish()
    }

    fn sample(&self, item: &Item, _options: &Options) -> Option<Value> {
        let source = super::text(item);
        first_object(&source.text, 0)
    }
}

/// The first byte that is not blank nor a record separator (RFC 7464).
fn start(bytes: &[u8]) -> usize {
    let mut at = blank(bytes, 0);
    while bytes.get(at) == Some(&0x1e) {
        at = blank(bytes, at + 1);
    }
    at
}

/// The first object that looks like an article in the document that begins at `at`.
pub fn first_object(text: &str, at: usize) -> Option<Value> {
    let bytes = text.as_bytes();
    let at = at + start(&bytes[at..]);
    let parse =
        |range: Range<usize>| json_repair::parse(&text[range]).ok().map(|v| unwrap(v).unwrap_or_else(|v| v));
    let list = match bytes.get(at)? {
        b'[' => Some(at),
        b'{' => list_inside(text, at, 0),
        _ => return None,
    };
    match list {
        Some(list) => elements(bytes, list).find_map(|e| e.ok().and_then(|(range, _)| parse(range))),
        None => parse(at..extent(bytes, at).end),
    }
}

/// Reads JSON values of one text into articles and losses.
pub struct Reader<'a> {
    text: &'a str,
    out: Out<'a>,
    lines: Lines,
    /// Elements that are no objects: how many, and from where to where.
    oddities: (usize, Range<usize>),
    in_lines: bool,
}

impl<'a> Reader<'a> {
    /// A reader over the text of `item`.
    pub fn new(item: &'a Item, source: &'a Source<'a>, options: &'a Options, give: Give<'a>) -> Self {
        Reader {
            text: &source.text,
            out: Out::new(item, source, options, give),
            lines: Lines::default(),
            oddities: (0, 0..0),
            in_lines: false,
        }
    }

    /// Reads all values in a part of the text, however they follow each other.
    pub fn document(&mut self, range: Range<usize>) {
        let text = &self.text[..range.end];
        let bytes = text.as_bytes();
        let mut pos = range.start;
        while !self.out.full {
            pos = blank(bytes, pos);
            match bytes.get(pos) {
                None => return,
                Some(b',' | 0x1e) => pos += 1,
                Some(b'[') => pos = self.list(bytes, pos),
                Some(b'{') => {
                    let extent = extent(bytes, pos);
                    let range = pos..extent.end;
                    pos = match list_inside(text, pos, 0) {
                        // A list with a bracket astray may reach beyond the object around it.
                        Some(list) => self.list(bytes, list).max(range.end),
                        None => {
                            let alone = !self.in_lines && self.is_all(range.clone());
                            self.value(range.clone(), extent, alone);
                            range.end
                        }
                    };
                }
                Some(_) => {
                    let place = self.lines.place(self.text, pos);
                    let found: String = text[pos..].chars().take(20).collect();
                    let error = format!("{place}: expected an object or a list, found {found:?}");
                    return self.lose(
                        "malformed",
                        error,
                        Some("is it JSON throughout?".into()),
                        pos..range.end,
                    );
                }
            }
        }
    }

    /// Reads one line of JSONL: unlike a document, it always has a range.
    pub fn line(&mut self, range: Range<usize>) {
        if !self.out.full {
            self.in_lines = true;
            self.document(range);
        }
    }

    /// Reads the list that opens at `at`; gives the place after it.
    fn list(&mut self, bytes: &[u8], at: usize) -> usize {
        let (mut walk, mut any) = (elements(bytes, at), false);
        for element in walk.by_ref() {
            any = true;
            match element {
                Ok((range, extent)) => self.value(range, extent, false),
                Err(Fault::Truncated { at }) => self.truncated(at..bytes.len()),
                Err(Fault::Stray { at }) => {
                    let place = self.lines.place(self.text, at);
                    let error = format!("{place}: a bracket closes what was not opened");
                    self.lose("malformed", error, None, at..bytes.len());
                    return bytes.len();
                }
            }
            if self.out.full {
                break;
            }
        }
        if !any {
            let error = "the list of articles is empty".to_owned();
            self.lose("no_articles", error, None, at..walk.position());
        }
        walk.position()
    }

    /// Whether nothing but blanks stands around a part of the text.
    fn is_all(&self, range: Range<usize>) -> bool {
        self.text[..range.start].trim_ascii().is_empty() && self.text[range.end..].trim_ascii().is_empty()
    }

    /// Reads one value. `alone`: it is all there is, so that the article needs no range.
    fn value(&mut self, range: Range<usize>, extent: Extent, alone: bool) {
        let limits = &self.out.options.limits;
        let deepest = limits.max_depth.min(Limits::DEEPEST);
        let starts = self.text.as_bytes().get(range.start).copied();
        let is_odd = starts != Some(b'{');
        if !is_odd {
            self.odd();
        }
        if extent.depth > deepest {
            let place = self.lines.place(self.text, range.start);
            let error = format!(
                "{place}: JSON nested {} deep, more than the limit of {deepest} (max_depth)",
                extent.depth
            );
            let hint = if extent.depth <= Limits::DEEPEST {
                format!("raise it: [input.limits] max_depth = {}", extent.depth)
            } else {
                "no article nests so deep; look at what wrote it".to_owned()
            };
            self.lose("too_deep", error, Some(hint), range);
        } else if range.len() > limits.max_line {
            self.too_long(range);
        } else if extent.open {
            self.truncated(range);
        } else if is_odd {
            if self.oddities.0 == 0 {
                self.oddities.1.start = range.start;
            }
            self.oddities.0 += 1;
            self.oddities.1.end = range.end;
        } else {
            match json_repair::parse(&self.text[range.clone()]) {
                Ok(value) => self.object(value, range, alone),
                Err(error) => {
                    let place = self.lines.offset(self.text, range.start, error.line(), error.column());
                    self.lose("malformed", format!("{place}: {}", reason(&error)), None, range);
                }
            }
        }
    }

    fn object(&mut self, value: Value, range: Range<usize>, alone: bool) {
        let fields = value.as_object().map_or(0, serde_json::Map::len);
        let limit = self.out.options.limits.max_fields;
        if fields > limit {
            let place = self.lines.place(self.text, range.start);
            let error =
                format!("{place}: an object of {fields} fields, more than the limit of {limit} (max_fields)");
            let hint = format!("raise it: [input.limits] max_fields = {}", fields.next_power_of_two());
            return self.lose("too_many_fields", error, Some(hint), range);
        }
        match from_value(value, &self.out.item.path, self.out.options) {
            Ok(fields) => self.out.article(fields, range, alone),
            Err(lost) => self.lose(lost.reason, lost.error, lost.hint, range),
        }
    }

    fn truncated(&mut self, range: Range<usize>) {
        let from = self.lines.place(self.text, range.start);
        let end = self.lines.place(self.text, self.text.len());
        let error = format!("{end}: the text ends inside a value that begins at {from}");
        let kept = self.out.found();
        let hint =
            format!("{kept} articles before it were kept; was the file still being written, or cut short?");
        self.lose("truncated", error, Some(hint), range);
    }

    /// Loses a line or element for its length.
    pub fn too_long(&mut self, range: Range<usize>) {
        self.odd();
        let place = self.lines.place(self.text, range.start);
        self.out.too_long(&place, range);
    }

    fn lose(&mut self, reason: &'static str, error: String, hint: Option<String>, range: Range<usize>) {
        self.odd();
        self.out.lose(reason, error, hint, range);
    }

    /// Tells the elements that are no objects, those that stand together as one.
    fn odd(&mut self) {
        let (odd, range) = std::mem::take(&mut self.oddities);
        if odd > 0 {
            let error = format!("{odd} elements of the list are no objects");
            let hint = Some("an article is an object with fields".to_owned());
            self.out.lose("no_articles", error, hint, range);
        }
    }

    /// What was read. A file with nothing in it is a loss too.
    pub fn finish(mut self) -> Decoded {
        self.odd();
        self.out.finish()
    }
}

/// The fields of an article's object, out of its envelope when it comes in one.
fn from_value(value: Value, path: &str, options: &Options) -> Result<Fields, Undecodable> {
    let fields = fields::read(&value, options, false);
    if fields.is_wordless()
        && let Ok(inner) = unwrap(value.clone())
    {
        let mut inside = fields::read(&inner, options, false);
        if !inside.is_wordless() {
            inside.id = inside.id.or(fields.id);
            return Ok(inside);
        }
    }
    map_report::readable(&fields, &value, path, options)?;
    Ok(fields)
}

/// The article inside an envelope such as `{"_id": …, "_source": {…}}`; the value itself when there is none.
fn unwrap(mut value: Value) -> Result<Value, Value> {
    let Some(map) = value.as_object_mut() else { return Err(value) };
    let readable = |v: &Value| v.is_object() && !fields::read(v, &Options::default(), false).is_wordless();
    if readable(&Value::Object(map.clone())) {
        return Err(value);
    }
    match ENVELOPES.iter().find(|key| map.get(**key).is_some_and(readable)) {
        Some(key) => Ok(map.remove(*key).unwrap_or_default()),
        None => Err(value),
    }
}

/// Where the list of articles opens inside the object at `at`, if it is a service's answer: at most four levels in.
fn list_inside(text: &str, at: usize, level: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let members = members(bytes, at);
    // An object with prose of its own is an article, whatever lists it holds.
    let is_prose = |key: &str| of(Logical::Text).contains(&key);
    if members
        .iter()
        .any(|(key, value)| bytes[value.start] == b'"' && value.len() > 2 && is_prose(&text[key.clone()]))
    {
        return None;
    }
    LISTS.iter().find_map(|name| {
        let (_, value) = members.iter().find(|(key, _)| &text[key.clone()] == *name)?;
        match bytes[value.start] {
            b'[' => {
                let first = bytes.get(blank(bytes, value.start + 1));
                matches!(first, Some(b'{') | None)
                    .then_some(value.start)
                    .or((first == Some(&b']') && level + members.len() <= 4).then_some(value.start))
            }
            b'{' if level < 4 => list_inside(text, value.start, level + 1),
            _ => None,
        }
    })
}

/// A parser's message without its own `at line 1 column 2`.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}
