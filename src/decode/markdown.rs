//! Markdown, and the front matter that may stand before it or before plain text.

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};
use serde_json::{Map, Value};

use super::html_text;
use super::options::Options;
use super::{Decoded, Format, Give, assemble, fields};
use crate::model::Item;

/// See the module.
pub struct Markdown;

impl Format for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn recognises(&self, head: &[u8], path: &str) -> bool {
        let named = super::is_named(path, &["md", "markdown", "mdown", "mkd"]);
        let head = head.trim_ascii_start();
        let fenced =
            ["---\n", "---\r\n", "+++\n", "+++\r\n"].iter().any(|fence| head.starts_with(fence.as_bytes()));
        named && !super::foreign::is_markup(head) || head.starts_with(b"# ") || fenced
    }

    fn decode(&self, item: &Item, options: &Options, give: Give) -> Decoded {
        let source = super::text(item);
        let value = value_of(&source.text);
        let mut decoded =
            Decoded { charset: source.charset, replaced: source.replaced, ..Decoded::default() };
        match assemble::article(fields::read(&value, options, false), item, None, options) {
            Ok(article) => {
                decoded.found = 1;
                give(article);
            }
            Err(lost) => decoded.lost.push(lost),
        }
        decoded
    }

    fn sample(&self, item: &Item, _options: &Options) -> Option<Value> {
        Some(value_of(&super::text(item).text))
    }
}

/// The document as an object: the front matter's keys, with `title` and `text` from the body where they are not given.
fn value_of(text: &str) -> Value {
    let (mut map, rest) = front_matter(text);
    let (title, body) = read(rest);
    map.insert("text".into(), body.into());
    if let Some(title) = title
        && !map.contains_key("title")
    {
        map.insert("title".into(), title.into());
    }
    Value::Object(map)
}

/// Splits off front matter: YAML between `---` lines, or TOML between `+++` lines.
pub fn front_matter(text: &str) -> (Map<String, Value>, &str) {
    let none = (Map::new(), text);
    let text = text.trim_start();
    let fence = match text.lines().next().map(str::trim_end) {
        Some(fence @ ("---" | "+++")) => fence,
        _ => return none,
    };
    let Some(open) = text.find('\n').map(|at| at + 1) else { return none };
    let mut at = open;
    for line in text[open..].split_inclusive('\n') {
        let bare = line.trim_end();
        if bare == fence || (fence == "---" && bare == "...") {
            let (matter, rest) = (&text[open..at], &text[at + line.len()..]);
            let map = if fence == "---" { yaml(matter) } else { toml::from_str(matter).ok() };
            return (map.unwrap_or_else(|| plain_pairs(matter)), rest);
        }
        at += line.len();
    }
    none
}

fn yaml(matter: &str) -> Option<Map<String, Value>> {
    serde_saphyr::from_str::<Map<String, Value>>(matter).ok()
}

/// `title: EU: talks resume` is no YAML, and yet everyone can read it: key, colon, rest of the line.
fn plain_pairs(matter: &str) -> Map<String, Value> {
    matter
        .lines()
        .filter(|line| !line.starts_with([' ', '\t', '#', '-']))
        .filter_map(|line| line.split_once([':', '=']))
        .map(|(key, value)| (key.trim().to_owned(), Value::from(value.trim().trim_matches(['"', '\'']))))
        .filter(|(_, value)| value != "")
        .collect()
}

/// A leading first-level heading, and the prose: links as their words, pictures and code left out.
fn read(markdown: &str) -> (Option<String>, String) {
    let (mut title, mut body, mut heading, mut hidden) = (None, String::new(), String::new(), 0usize);
    let mut in_title = false;
    for event in Parser::new(markdown) {
        let untouched = title.is_none() && body.is_empty();
        let out = if in_title { &mut heading } else { &mut body };
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) if untouched => {
                in_title = true;
            }
            Event::End(TagEnd::Heading(_)) if in_title => {
                in_title = false;
                title = Some(std::mem::take(&mut heading)).filter(|t| !t.trim().is_empty());
            }
            Event::Start(Tag::Image { .. } | Tag::CodeBlock(_)) => hidden += 1,
            Event::End(TagEnd::Image | TagEnd::CodeBlock) => hidden -= 1,
            _ if hidden > 0 => {}
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::SoftBreak => out.push(' '),
            Event::HardBreak | Event::Start(Tag::Item) => out.push('\n'),
            Event::Html(html) => out.push_str(&html_text::to_text(&html)),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::List(_)) => out.push_str("\n\n"),
            _ => {}
        }
    }
    (title, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_of_three_kinds() {
        let (map, rest) =
            front_matter("---\ntitle: \"Talks resume\"\ndate: 2031-03-09\ntags: [a, b]\n---\nBody.");
        assert_eq!((map["title"].as_str(), map["date"].as_str()), (Some("Talks resume"), Some("2031-03-09")));
        assert_eq!((map["tags"][1].as_str(), rest), (Some("b"), "Body."));
        let (map, rest) = front_matter("---\ntitle: Norway: talks resume\nsource: Wire\n---\nBody.");
        assert_eq!(
            (map["title"].as_str(), map["source"].as_str(), rest),
            (Some("Norway: talks resume"), Some("Wire"), "Body.")
        );
        let (map, _) = front_matter("+++\ntitle = \"Talks\"\n+++\nBody.");
        assert_eq!(map["title"].as_str(), Some("Talks"));
        assert_eq!(front_matter("--- not a fence").1, "--- not a fence");
        assert_eq!(front_matter("---\nnever closed").1, "---\nnever closed");
    }

    #[test]
    fn headings_links_and_pictures() {
        let text = "# Envoy leaves\n\nThe **envoy** left [for Riga](https://x.example).\nHe was calm.\n\n![map](m.png)\n\n## Later\n\n- one\n- two\n";
        let (title, body) = read(text);
        assert_eq!(title.as_deref(), Some("Envoy leaves"));
        let body = crate::decode::text_norm::body(&body);
        assert_eq!(body, "The envoy left for Riga. He was calm.\n\nLater\n\none\ntwo");
    }
}
