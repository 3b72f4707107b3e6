//! HTML pages: what the page says of itself first (JSON-LD, OpenGraph, meta), then its main text by a library.

use dom_query::Document;
use dom_smoothie::{Config, Readability, TextMode};
use serde_json::{Map, Value};

use super::charset::{self, Source};
use super::options::Options;
use super::out::Out;
use super::{Decoded, Format, Give, foreign, html_text, language, page_date, page_meta, text_norm, xml};
use crate::model::{Item, Undecodable};

/// See the module.
pub struct Page;

impl Format for Page {
    fn name(&self) -> &'static str {
        "html"
    }

    fn recognises(&self, head: &[u8], path: &str) -> bool {
        let named = super::is_named(path, &["html", "htm", "xhtml", "shtml", "asp", "aspx", "php"]);
        let start = head.trim_ascii_start();
        let head_text = String::from_utf8_lossy(&start[..start.len().min(2048)]).to_ascii_lowercase();
        let tagged = ["<html", "<head", "<body", "<!doctype html"].iter().any(|tag| head_text.contains(tag));
        let opens = start.first() == Some(&b'<');
        let declared = xml::root(head).is_some_and(|root| root.eq_ignore_ascii_case("html"));
        let xml = head_text.starts_with("<?xml") && !declared;
        !xml && (declared || (opens && (tagged || named)) || (named && tagged) || is_fragment(head))
    }

    fn decode(&self, item: &Item, options: &Options, give: Give) -> Decoded {
        if let Err(lost) = admit(item, options) {
            return Decoded::lost(lost);
        }
        let source = source(item);
        let value = read(&source.text, item);
        let mut out = Out::new(item, &source, options, give);
        out.value(&value, 0..source.text.len(), true);
        out.finish()
    }

    fn sample(&self, item: &Item, options: &Options) -> Option<Value> {
        admit(item, options).ok()?;
        Some(read(&source(item).text, item))
    }
}

/// A piece of a page, as editors copy it.
fn is_fragment(head: &[u8]) -> bool {
    let blocks = ["p", "div", "article", "section", "h1", "h2", "main", "span", "table", "header"];
    foreign::is_markup(head)
        && xml::root(head).is_some_and(|root| blocks.iter().any(|b| root.eq_ignore_ascii_case(b)))
}

fn source(item: &Item) -> Source<'_> {
    charset::read(&item.bytes, charset::declared(&item.bytes))
}

fn admit(item: &Item, options: &Options) -> Result<(), Undecodable> {
    let (len, limit) = (item.bytes.len(), options.limits.max_page);
    if len <= limit {
        return Ok(());
    }
    Err(Undecodable {
        reason: "too_long",
        error: format!("a page of {len} bytes, more than the limit of {limit} bytes (max_page)"),
        hint: Some(format!("raise it: [input.limits] max_page = {}", len.next_power_of_two())),
        ..Undecodable::default()
    })
}

/// What a page says, each thing by where it was found.
fn read(html: &str, item: &Item) -> Value {
    let mut map = Map::new();
    // Past parsing: the words of it, and no more.
    if html_text::is_too_deep(html) {
        map.insert("main_text".into(), html_text::to_text(html).into_owned().into());
        return Value::Object(map);
    }
    let document = Document::from(html);
    page_meta::read(&document, &mut map);
    page_date::read(&document, item.seen_at.date_naive(), &mut map);
    let body = map.get("ld:articleBody").and_then(Value::as_str).map(|b| html_text::to_text(b).into_owned());
    let text = main_text(document, html);
    // A page that is cut off behind a wall may still say its text to machines.
    let wins = body.as_ref().is_some_and(|body| body.len() > 2 * text.len());
    match body {
        Some(body) if wins => {
            map.insert("ld:articleBody".into(), body.into());
        }
        _ => {
            map.remove("ld:articleBody");
            if !text.is_empty() {
                map.insert("main_text".into(), text.clone().into());
            }
        }
    }
    // The attribute of a template lies more often than the words do.
    if language::detect(&text).is_some() {
        map.remove("html:lang");
    }
    Value::Object(map)
}

/// The main text: paragraphs apart by an empty line.
fn main_text(document: Document, html: &str) -> String {
    let config = Config {
        text_mode: TextMode::Formatted,
        disable_json_ld: true,
        max_elements_to_parse: 50_000,
        ..Config::default()
    };
    let article =
        Readability::with_document(document, None, Some(config)).ok().and_then(|mut r| r.parse().ok());
    let text = article.map(|a| text_norm::body(&a.text_content)).unwrap_or_default();
    if text.chars().filter(|c| c.is_alphabetic()).count() >= 25 {
        return text;
    }
    // A page too small to have a main part: all its words.
    let whole = text_norm::body(&html_text::to_text(html));
    if whole.len() > text.len() { whole } else { text }
}
