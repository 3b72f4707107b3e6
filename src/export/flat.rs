//! CSV as RFC 4180 has it: commas, quotes where needed, lines end with CR LF, unknown is empty.

use super::columns::{Cell, FLAT, Type};
use crate::record::types::EventRecord;

pub(super) fn head() -> Vec<u8> {
    let names: Vec<&str> = FLAT.iter().map(|c| c.name).collect();
    format!("{}\r\n", names.join(",")).into_bytes()
}

pub(super) fn write(record: &EventRecord, out: &mut Vec<u8>) -> bool {
    for (i, column) in FLAT.iter().enumerate() {
        if i > 0 {
            out.push(b',');
        }
        match (column.get)(record) {
            Cell::Null => {}
            Cell::Int(n) => out.extend(n.to_string().into_bytes()),
            Cell::Float(x) => out.extend(x.to_string().into_bytes()),
            Cell::Bool(b) => out.extend(b.to_string().into_bytes()),
            Cell::Text(text) => quoted(&text, column.of == Type::Text, out),
        }
    }
    out.extend(b"\r\n");
    true
}

/// Text from an article may begin like a spreadsheet's formula: an apostrophe before it keeps it text.
fn quoted(text: &str, free: bool, out: &mut Vec<u8>) {
    let risky = free && text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let plain = !risky && !text.contains([',', '"', '\n', '\r']);
    if plain {
        out.extend(text.as_bytes());
        return;
    }
    out.push(b'"');
    if risky {
        out.push(b'\'');
    }
    out.extend(text.replace('"', "\"\"").into_bytes());
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_a_spreadsheet_would_run_stays_text() {
        let cell = |text: &str| {
            let mut out = Vec::new();
            quoted(text, true, &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(cell("=1+1"), "\"'=1+1\"");
        assert_eq!(cell("he said \"no\", twice"), "\"he said \"\"no\"\", twice\"");
        assert_eq!(cell("plain"), "plain");
    }
}
