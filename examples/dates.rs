//! Finds the dates of articles in a JSONL file (`id`, `date`, `text`) and writes `{"id", "dates": [{"start", "end",
//! "value", "text"}]}` lines for a scorer: `cargo run --example dates FILE.jsonl > dates.jsonl`. Offsets are Unicode
//! scalars into the text. Sentences are cut roughly here: the finder only needs to know where they end.

use chancery::date::find;
use chancery::decode::{Options, decode};
use chancery::model::{Field, Item, Sentence, Span};

fn main() {
    let Some(path) = std::env::args().nth(1) else {
        println!("usage: dates FILE.jsonl");
        return;
    };
    let Ok(bytes) = std::fs::read(&path) else {
        println!("{path} is not here: nothing to do");
        return;
    };
    let seen_at = chrono::DateTime::from_timestamp(1_795_000_000, 0).unwrap_or_default();
    let decoded = decode(&Item { path, range: None, bytes, seen_at }, &Options::default());
    for article in &decoded.articles {
        let sentences = sentences(&article.text);
        let chars = |byte: u32| article.text[..byte as usize].chars().count();
        let dates: Vec<serde_json::Value> = find(article, &sentences)
            .iter()
            .map(|hit| {
                let text = hit.span.of(&article.text);
                serde_json::json!({"start": chars(hit.span.start), "end": chars(hit.span.end), "value": hit.value, "text": text})
            })
            .collect();
        println!("{}", serde_json::json!({"id": article.id, "dates": dates}));
    }
}

/// Ends at a stop, question or exclamation mark before a blank, and at a line's end.
fn sentences(text: &str) -> Vec<Sentence> {
    let mut out = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    for (at, byte) in text.bytes().enumerate() {
        let stop = matches!(byte, b'.' | b'!' | b'?')
            && bytes.get(at + 1) == Some(&b' ')
            && bytes.get(at + 2).is_some_and(u8::is_ascii_uppercase);
        if byte == b'\n' || stop || at + 1 == text.len() {
            let span = Span::new(start, at + 1);
            out.push(Sentence { field: Field::Text, span, tokens: Vec::new(), tree: None });
            start = at + 1;
        }
    }
    out
}
