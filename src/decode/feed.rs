//! RSS 0.9 to 2.0, RDF (RSS 1.0) and Atom: one article an entry, and a bad entry costs that entry only.

use std::ops::Range;

use serde_json::{Map, Value};

use super::options::Options;
use super::xml::{self, Element, Fault, See, Step, Walker};
use super::{Decoded, Format, Give, address};
use crate::model::Item;

/// See the module.
pub struct Feed;

impl Format for Feed {
    fn name(&self) -> &'static str {
        "feed"
    }

    fn recognises(&self, head: &[u8], _path: &str) -> bool {
        xml::root(head).is_some_and(|root| matches!(root, "rss" | "RDF" | "feed" | "channel"))
    }

    fn decode(&self, item: &Item, options: &Options, give: Give) -> Decoded {
        xml::decode(item, options, give, read, false)
    }

    fn sample(&self, item: &Item, options: &Options) -> Option<Value> {
        xml::sample(item, options, read)
    }
}

/// What the feed says of itself.
#[derive(Default)]
struct Header {
    title: Option<String>,
    language: Option<String>,
    /// Its own address, by which relative links are read.
    base: Option<String>,
}

fn is_entry(name: &str) -> bool {
    matches!(name, "item" | "entry")
}

fn read(text: &str, options: &Options, see: See) {
    let mut walker = Walker::new(text, &options.limits);
    let mut header = Header::default();
    loop {
        let inside = walker.inside().map(str::to_owned);
        // Into the feed itself the walk goes; what stands in it comes whole.
        let container = |name: &str| matches!(name, "rss" | "rdf:RDF" | "RDF" | "channel" | "feed");
        let step = walker.next(|name| is_entry(name) || (inside.is_some() && !container(name)));
        let go_on = match step {
            Ok(Step::Element(element)) if is_entry(&element.name) => {
                let range = element.range.clone();
                see(Ok((entry(&element, &header), range)))
            }
            Ok(Step::Element(element)) => {
                header.note(&element);
                true
            }
            Ok(Step::Enter(element)) => {
                header.enter(&element);
                true
            }
            Ok(Step::Leave) => true,
            Ok(Step::End) => return,
            Err(fault) => {
                let next = after(text, &fault);
                let cut = fault.reason == "truncated";
                let in_entry = Range { end: next.unwrap_or(text.len()), ..fault.range };
                let more = see(Err(Fault { range: in_entry, ..fault }));
                match next {
                    Some(at) if !cut => walker.go_on(at),
                    _ => return,
                }
                more
            }
        };
        if !go_on {
            return;
        }
    }
}

/// Where the next entry begins after a fault.
fn after(text: &str, fault: &Fault) -> Option<usize> {
    let from = fault.range.start + 1;
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'<', bytes.get(from..)?).map(|at| from + at).find(|at| {
        let rest = &bytes[at + 1..];
        let len = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b':').count();
        let name = &rest[..len];
        let local = name.rsplit(|b| *b == b':').next().unwrap_or(name);
        matches!(local, b"item" | b"entry")
    })
}

impl Header {
    fn enter(&mut self, element: &Element) {
        if let Some(base) = element.attr("xml:base") {
            self.base = Some(address::join(self.base.as_deref(), base));
        }
        if let Some(language) = element.attr("xml:lang") {
            self.language = Some(language.to_owned());
        }
    }

    fn note(&mut self, element: &Element) {
        match element.name.as_str() {
            "title" => self.title = element.line(),
            "language" | "dc:language" => self.language = element.line(),
            "link" if self.base.is_none() => {
                let own = element.attr("href").filter(|_| element.attr("rel") != Some("hub"));
                self.base = own.map(str::to_owned).or_else(|| element.line());
            }
            _ => {}
        }
    }
}

/// The fields of an entry, by the names it gives them.
fn entry(element: &Element, header: &Header) -> Value {
    let mut map = Map::new();
    let base = element.attr("xml:base").map(|own| address::join(header.base.as_deref(), own));
    let base = base.as_deref().or(header.base.as_deref());
    for inner in element.elements() {
        match inner.name.as_str() {
            "link" => link(inner, base, &mut map),
            // Where it was taken over from: its publisher.
            "source" if inner.at("title").is_some() => put(&mut map, "source", inner.line_at("title")),
            "author" | "contributor" if inner.at("name").is_some() => {
                put(&mut map, &inner.name, inner.line_at("name"));
            }
            "category" => put(&mut map, "category", inner.line().or(inner.attr("term").map(str::to_owned))),
            "media:group" => {
                for part in inner.elements().filter(|part| is_words(&part.name)) {
                    put(&mut map, &part.name, part.prose());
                }
            }
            "guid" => guid(inner, &mut map),
            _ => put(&mut map, &inner.name, inner.prose()),
        }
    }
    for key in ["xml:lang", "rdf:about"] {
        put(&mut map, key, element.attr(key).map(str::to_owned));
    }
    put(&mut map, "feed_language", header.language.clone());
    put(&mut map, "feed_title", header.title.clone());
    Value::Object(map)
}

fn is_words(name: &str) -> bool {
    matches!(name, "media:title" | "media:description")
}

/// Adds a value; a name that comes again becomes a list.
fn put(map: &mut Map<String, Value>, key: &str, value: Option<String>) {
    let Some(value) = value else { return };
    match map.get_mut(key) {
        None => drop(map.insert(key.to_owned(), value.into())),
        Some(Value::Array(list)) => list.push(value.into()),
        // Of two bodies or titles the first one counts: they are one text in two forms.
        Some(_) if key.contains(':') || matches!(key, "title" | "content" | "description" | "summary") => {}
        Some(before) => *before = Value::Array(vec![before.take(), value.into()]),
    }
}

/// The article's own address: the text of RSS, or the `href` of Atom that is not something else's.
fn link(element: &Element, base: Option<&str>, map: &mut Map<String, Value>) {
    let (href, rel) = (element.attr("href"), element.attr("rel").unwrap_or("alternate"));
    let Some(address) = href.map(str::to_owned).or_else(|| element.line()) else { return };
    let key = match rel {
        "alternate" => "link",
        other => &format!("link@{other}"),
    };
    if map.get(key).is_none() {
        map.insert(key.to_owned(), address::join(base, &address).into());
    }
}

/// An id, which may say that it is no address.
fn guid(element: &Element, map: &mut Map<String, Value>) {
    let key = if element.attr("isPermaLink") == Some("false") { "id" } else { "guid" };
    put(map, key, element.line());
}
