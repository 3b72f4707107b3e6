//! Plain text: one article a file, its first line a title when it looks like one.

use serde_json::{Map, Value};

use super::options::Options;
use super::when;
use super::{Decoded, Format, Give, assemble, dateline, fields, text_norm};
use crate::model::Item;

/// See the module.
pub struct Plain;

impl Format for Plain {
    fn name(&self) -> &'static str {
        "text"
    }

    fn recognises(&self, head: &[u8], _path: &str) -> bool {
        !super::foreign::is_markup(head)
    }

    fn decode(&self, item: &Item, options: &Options, give: Give) -> Decoded {
        let source = super::text(item);
        let mut decoded =
            Decoded { charset: source.charset, replaced: source.replaced, ..Decoded::default() };
        let (value, body) = read(&source.text, options);
        let mut fields = fields::read(&Value::Object(value), options, false);
        fields.text = Some(body);
        match assemble::plain(fields, item, options) {
            Ok(article) => {
                decoded.found = 1;
                give(article);
            }
            Err(lost) => decoded.lost.push(lost),
        }
        decoded
    }

    fn sample(&self, item: &Item, options: &Options) -> Option<Value> {
        let (mut map, body) = read(&super::text(item).text, options);
        map.insert("text".into(), body.into());
        Some(Value::Object(map))
    }
}

/// Title and date, as far as the first lines hold them, and the body.
fn read(text: &str, options: &Options) -> (Map<String, Value>, String) {
    let mut map = Map::new();
    let mut body = text_norm::body(text);
    if let Some((first, rest)) = body.split_once('\n')
        && is_title(first, rest, options)
    {
        map.insert("title".into(), first.into());
        body = rest.trim_start().to_owned();
    }
    // A line under the title that is a date and nothing else.
    if let Some((first, rest)) = body.split_once('\n')
        && first.len() <= 50
        && when::parse_text(first, None, options).is_some()
    {
        map.insert("date".into(), first.into());
        body = rest.trim_start().to_owned();
    }
    (map, body)
}

/// A title is short, ends without a stop, opens no story, and stands apart: an empty line or a date comes after it.
fn is_title(line: &str, rest: &str, options: &Options) -> bool {
    let apart = rest.starts_with('\n')
        || rest.lines().next().is_some_and(|l| when::parse_text(l, None, options).is_some());
    let spoken = chrono::NaiveDate::default();
    apart
        && line.chars().count() <= 150
        && line.split(' ').count() <= 25
        && !line.ends_with(['.', ',', ';', ':', '…'])
        && line.contains(char::is_alphabetic)
        && dateline::find(line, spoken).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Option<String>, Option<String>, String) {
        let (map, body) = read(text, &Options::default());
        let part = |key: &str| map.get(key).and_then(Value::as_str).map(str::to_owned);
        (part("title"), part("date"), body)
    }

    #[test]
    fn first_lines() {
        let title = |t: &str| Some(t.to_owned());
        assert_eq!(
            parts("Envoy leaves Riga\n\nHe left."),
            (title("Envoy leaves Riga"), None, "He left.".into())
        );
        assert_eq!(
            parts("Envoy leaves Riga\nMarch 9, 2031\nHe left."),
            (title("Envoy leaves Riga"), Some("March 9, 2031".into()), "He left.".into())
        );
        assert_eq!(parts("He left on Sunday.\n\nNobody saw it.").0, None);
        assert_eq!(parts("He left\nand nobody saw it.").0, None);
        assert_eq!(parts("RIGA, March 9 (Wire) - He left\n\nNobody saw it.").0, None);
    }
}
