//! Any other XML: its elements as fields, by the same names that JSON is read by. What wire desks and exports write
//! when they keep to no standard: `<article><headline>…</headline><body>…</body></article>`.

use serde_json::{Map, Value};

use super::options::{Logical, Options};
use super::xml::{self, Element, Node, See, Step, Walker};
use super::{Decoded, Format, Give, aliases};
use crate::model::Item;

/// See the module.
pub struct AnyXml;

impl Format for AnyXml {
    fn name(&self) -> &'static str {
        "xml"
    }

    fn recognises(&self, head: &[u8], _path: &str) -> bool {
        xml::is_xml(head)
    }

    fn decode(&self, item: &Item, options: &Options, give: Give) -> Decoded {
        xml::decode(item, options, give, read, false)
    }

    fn sample(&self, item: &Item, options: &Options) -> Option<Value> {
        xml::sample(item, options, read)
    }
}

/// Names that elements of a list of articles have.
fn is_article(name: &str) -> bool {
    let local = name.rsplit(':').next().unwrap_or(name).to_ascii_lowercase();
    matches!(
        local.as_str(),
        "article"
            | "story"
            | "item"
            | "entry"
            | "doc"
            | "document"
            | "record"
            | "row"
            | "newsitem"
            | "news"
            | "post"
    )
}

fn read(text: &str, options: &Options, see: See) {
    let mut walker = Walker::new(text, &options.limits);
    let mut outermost: Option<Element> = None;
    let mut found = false;
    loop {
        // An article is never the outermost element here: what is alone comes below.
        let depth_one = walker.inside().is_some();
        match walker.next(|name| depth_one && is_article(name)) {
            Ok(Step::Element(element)) => {
                // `<story><article>` may well be a part of one article.
                let value = value(&element);
                if wordy(&value) {
                    found = true;
                    if !see(Ok((value, element.range.clone()))) {
                        return;
                    }
                }
            }
            Ok(Step::Enter(element)) => drop(outermost.get_or_insert(element)),
            Ok(Step::Leave) => {}
            Ok(Step::End) => break,
            Err(fault) => {
                see(Err(fault));
                return;
            }
        }
    }
    if !found && outermost.is_some() {
        match Walker::new(text, &options.limits).next(|_| true) {
            Ok(Step::Element(element)) => drop(see(Ok((value(&element), element.range.clone())))),
            Err(fault) => drop(see(Err(fault))),
            Ok(_) => {}
        }
    }
}

/// Whether one of the fields is a body by its name.
fn wordy(value: &Value) -> bool {
    let names = aliases::of(Logical::Text).iter().chain(aliases::of(Logical::Summary));
    let map = value.as_object();
    map.is_some_and(|map| names.clone().any(|name| map.keys().any(|key| key.eq_ignore_ascii_case(name))))
}

/// An element as an object: leaves and mark-up are strings, elements of elements are objects; what holds one single
/// object is laid flat, so that `<story><meta><date>` is `date` as well as `meta.date`.
fn value(element: &Element) -> Value {
    let mut map = Map::new();
    collect(element, "", 0, &mut map);
    Value::Object(map)
}

fn collect(element: &Element, path: &str, depth: usize, map: &mut Map<String, Value>) {
    for (key, text) in &element.attrs {
        insert(map, path, key, text.trim().to_owned());
    }
    for inner in element.elements() {
        let name = inner.name.as_str();
        let mixed = inner.children.iter().any(|n| matches!(n, Node::Text(t) if !t.trim().is_empty()));
        let leaf = inner.elements().next().is_none();
        if leaf || mixed || is_marked_up(inner) {
            if let Some(prose) = inner.prose() {
                insert(map, path, name, prose);
            }
            // `<date norm="…"/>`, `<language code="en"/>`
            for (key, text) in inner.attrs.iter().filter(|(_, v)| !v.trim().is_empty()) {
                let only = leaf && inner.prose().is_none();
                let key = if only { name.to_owned() } else { format!("{name}.{key}") };
                insert(map, path, &key, text.trim().to_owned());
            }
        } else if depth < 8 {
            let inside = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            collect(inner, &inside, depth + 1, map);
        }
    }
}

/// Whether an element holds paragraphs rather than fields.
fn is_marked_up(element: &Element) -> bool {
    const MARKS: &[&str] =
        &["p", "br", "div", "b", "i", "em", "strong", "ul", "h1", "h2", "h3", "paragraph", "para"];
    element.elements().any(|inner| MARKS.contains(&inner.local().to_ascii_lowercase().as_str()))
}

/// A field under its own name, where that is free, and under its path.
fn insert(map: &mut Map<String, Value>, path: &str, key: &str, text: String) {
    if text.is_empty() {
        return;
    }
    if !path.is_empty() {
        map.entry(format!("{path}.{key}")).or_insert_with(|| text.clone().into());
    }
    map.entry(key.to_owned()).or_insert_with(|| text.into());
}
