//! Parsing one JSON value, and mending what careless writers leave in it.
//!
//! Only when the strict parser refuses: raw control characters in strings, unpaired surrogates, unknown escapes,
//! `NaN`, `Infinity` and trailing commas. None of these can change which field holds which text.

use serde_json::{Error, Value};

/// Parses a value, mended if need be. The error is that of the text as it was given.
pub fn parse(text: &str) -> Result<Value, Error> {
    serde_json::from_str(text).or_else(|error| match mend(text) {
        Some(mended) => serde_json::from_str(&mended).map_err(|_| error),
        None => Err(error),
    })
}

/// The mended text; `None` when there was nothing to mend.
fn mend(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let (mut in_string, mut changed) = (false, false);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let len = match (in_string, c) {
            (true, '\\') => {
                let (escape, len) = escape(rest);
                changed |= escape != &rest[..len];
                out.push_str(escape);
                len
            }
            (true, c) if c.is_control() && c < ' ' => {
                changed = true;
                out.push_str(match c {
                    '\n' => "\\n",
                    '\r' => "\\r",
                    _ => " ",
                });
                1
            }
            (false, ',') if rest[1..].trim_start().starts_with(['}', ']']) => {
                changed = true;
                1
            }
            (false, 'N' | 'I' | '-') => {
                let word = ["NaN", "Infinity", "-Infinity", "None"].into_iter().find(|w| rest.starts_with(w));
                changed |= word.is_some();
                out.push_str(if word.is_some() { "null" } else { &rest[..1] });
                word.map_or(1, str::len)
            }
            (_, c) => {
                in_string ^= c == '"';
                out.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[len..];
    }
    changed.then_some(out)
}

/// The escape at the start of `rest` as it may stand, and how many bytes it took.
fn escape(rest: &str) -> (&str, usize) {
    const UNKNOWN: &str = "\\ufffd";
    let unit = |at: usize| {
        rest.get(at..at + 6)
            .filter(|e| e.starts_with("\\u"))
            .and_then(|e| u32::from_str_radix(&e[2..], 16).ok())
    };
    match rest.as_bytes().get(1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => (&rest[..2], 2),
        Some(b'u') => match (unit(0), unit(6)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (&rest[..12], 12),
            (Some(0xd800..=0xdfff), _) => (UNKNOWN, 6),
            (Some(_), _) => (&rest[..6], 6),
            (None, _) => (UNKNOWN, 2),
        },
        // `\'` and the like: the character itself is meant.
        _ => ("", 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn careless_json_is_mended() {
        let cases = [
            ("{\"a\": \"one\ntwo\"}", json!({"a": "one\ntwo"})),
            (r#"{"a": "x \ud83d y"}"#, json!({"a": "x \u{fffd} y"})),
            (r#"{"a": "\ud83d\ude00 \ud800"}"#, json!({"a": "😀 \u{fffd}"})),
            (r#"{"a": NaN, "b": -Infinity, "c": -1,}"#, json!({"a": null, "b": null, "c": -1})),
            (r#"{"a": "it\'s"}"#, json!({"a": "it's"})),
            (r#"{"a": "kept, ]", "b": [1, ] }"#, json!({"a": "kept, ]", "b": [1]})),
        ];
        for (given, wanted) in cases {
            assert_eq!(parse(given).unwrap(), wanted, "{given}");
        }
    }

    #[test]
    fn what_is_broken_stays_broken() {
        for given in ["{\"a\" \"b\"}", "{a: 1}", "{\"a\": }", "{\"a\": \"\\u12"] {
            assert!(parse(given).is_err(), "{given}");
        }
    }
}
