//! Finding a field in a JSON value by a path, and making one string of whatever stands there.

use serde_json::{Map, Value};

/// Shows `see` what stands at a path, until it takes something. The path language is that of [`super::aliases`]
/// without `+` and `@`. True when something was taken.
pub fn visit<'v>(value: &'v Value, path: &str, see: &mut dyn FnMut(&'v Value) -> bool) -> bool {
    let Value::Object(map) = value else { return false };
    // A literal key wins: flattened exports write `fields.body` as one key.
    if let Some(inner) = map.get(path) {
        return see(inner);
    }
    let (step, rest) = match path.split_once('.') {
        Some((step, rest)) => (step, Some(rest)),
        None => (path, None),
    };
    let (key, many) = match step.strip_suffix("[]") {
        Some(key) => (key, true),
        None => (step, false),
    };
    if !many && rest.is_none() {
        return false;
    }
    let Some(inner) = map.get(key) else { return false };
    let mut deeper = |inner: &'v Value| match rest {
        Some(rest) => visit(inner, rest, see),
        None => see(inner),
    };
    match inner {
        Value::Array(list) if many => list.iter().any(deeper),
        inner => deeper(inner),
    }
}

/// Whether text is a way of saying that there is none.
pub fn is_missing(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || ["none", "null", "nan", "n/a", "undefined", "[removed]"].iter().any(|m| text.eq_ignore_ascii_case(m))
        // What newsdata.io writes in place of paid text.
        || text.starts_with("ONLY AVAILABLE IN ")
}

/// Prose from a string, `{content|value|text}`, a list of those, or sections with headlines and paragraphs;
/// parts are joined by blank lines.
pub fn prose(value: &Value) -> Option<String> {
    let mut parts = Vec::new();
    gather(value, &mut parts);
    match parts.len() {
        0 => None,
        1 => Some(parts[0].to_owned()),
        _ => Some(parts.join("\n\n")),
    }
}

fn gather<'v>(value: &'v Value, parts: &mut Vec<&'v str>) {
    match value {
        Value::String(text) if !is_missing(text) => parts.push(text),
        Value::Array(list) => list.iter().for_each(|inner| gather(inner, parts)),
        Value::Object(map) => {
            const WHOLE: [&str; 7] = ["content", "value", "text", "#text", "main", "rendered", "html"];
            if let Some(inner) = WHOLE.iter().find_map(|key| present(map, key)) {
                return gather(inner, parts);
            }
            for key in ["summary", "headline", "title", "paragraphs", "sections"] {
                if let Some(inner) = map.get(key) {
                    gather(inner, parts);
                }
            }
        }
        _ => {}
    }
}

fn present<'v>(map: &'v Map<String, Value>, key: &str) -> Option<&'v Value> {
    map.get(key).filter(|v| !v.is_null() && v.as_str().is_none_or(|s| !is_missing(s)))
}

/// A code or address: a string or number, the first of a list, or what an object holds of the kind.
pub fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !is_missing(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Array(list) => list.iter().find_map(scalar),
        Value::Object(map) => ["value", "$oid", "#text", "_", "href", "url", "id", "code"]
            .iter()
            .find_map(|k| scalar(map.get(*k)?)),
        _ => None,
    }
}

/// Names from a string, an object with a name, or a list of those, joined by `, `.
pub fn names(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !is_missing(text) => Some(text.trim().to_owned()),
        Value::Array(list) => {
            let all: Vec<String> = list.iter().filter_map(names).collect();
            (!all.is_empty()).then(|| all.join(", "))
        }
        Value::Object(map) => {
            const KEYS: [&str; 8] = ["name", "title", "label", "domain", "uri", "#text", "value", "code"];
            KEYS.iter().find_map(|key| names(map.get(*key)?))
        }
        _ => None,
    }
}

/// Whether a string is a web address.
pub fn is_address(text: &str) -> bool {
    let head = text.trim_start().as_bytes();
    ["http://", "https://"]
        .iter()
        .any(|p| head.get(..p.len()).is_some_and(|h| h.eq_ignore_ascii_case(p.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn at(value: &Value, path: &str) -> Option<String> {
        let mut found = None;
        visit(value, path, &mut |v| {
            found = scalar(v);
            found.is_some()
        });
        found
    }

    #[test]
    fn paths_reach_keys_objects_and_lists() {
        let value = json!({"a": {"b": "one"}, "list": [{"x": null}, {"x": "two"}], "d.e": "three", "f g": 4});
        assert_eq!(at(&value, "a.b").as_deref(), Some("one"));
        assert_eq!(at(&value, "list[].x").as_deref(), Some("two"));
        assert_eq!(at(&value, "d.e").as_deref(), Some("three"));
        assert_eq!(at(&value, "f g").as_deref(), Some("4"));
        assert_eq!(at(&value, "a.c"), None);
        assert_eq!(at(&value, "nothing[].x"), None);
    }

    #[test]
    fn prose_is_joined_with_blank_lines() {
        let body = json!({"summary": ["Lead."], "sections": [
            {"headline": ["Part"], "paragraphs": ["First.", "Second."]}, {"headline": [], "paragraphs": ["Third."]}]});
        assert_eq!(prose(&body).as_deref(), Some("Lead.\n\nPart\n\nFirst.\n\nSecond.\n\nThird."));
        assert_eq!(prose(&json!([{"value": "x"}, "y", null])).as_deref(), Some("x\n\ny"));
        assert_eq!(prose(&json!("None")), None);
        assert_eq!(prose(&json!({"content": {"text": "deep"}})).as_deref(), Some("deep"));
    }
}
