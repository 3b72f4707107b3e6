//! Standard input: one article a line when its first line is a JSON value by itself, else one document as a whole.

use futures::{Stream, stream};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

use super::{Found, Lines, LostLine, now};
use crate::model::{Item, Undecodable};

/// What is left of the input, and how it is read.
enum State<R> {
    Begin(R),
    Lines(R, u64),
    Done,
}

/// Articles from `input`; a line may have `max_line` bytes, a document `max_file`.
pub fn stream<R: AsyncBufRead + Unpin>(
    input: R,
    max_line: usize,
    max_file: u64,
) -> impl Stream<Item = Found> {
    stream::unfold(State::Begin(input), move |mut state| async move {
        loop {
            state = match state {
                State::Begin(mut input) => {
                    let mut first = Vec::new();
                    let limit = (max_line as u64).min(max_file) + 1;
                    let read = (&mut input).take(limit).read_until(b'\n', &mut first).await;
                    match read {
                        Err(e) => return Some((unreadable(&e), State::Done)),
                        Ok(0) => return None,
                        Ok(_) if first.trim_ascii().is_empty() => State::Begin(input),
                        Ok(_) if is_value(&first) => {
                            let at = first.len() as u64;
                            return Some((line(first, 0), State::Lines(input, at)));
                        }
                        Ok(_) => return Some((whole(input, first, max_file).await, State::Done)),
                    }
                }
                State::Lines(mut input, at) => {
                    let mut bytes = Vec::new();
                    match (&mut input).take(max_line as u64 + 1).read_until(b'\n', &mut bytes).await {
                        Err(e) => return Some((unreadable(&e), State::Done)),
                        Ok(0) => return None,
                        Ok(n) if n > max_line => {
                            let end = at + n as u64 + pass_over(&mut input).await;
                            return Some((too_long(at..end, max_line), State::Lines(input, end)));
                        }
                        Ok(n) if bytes.trim_ascii().is_empty() => State::Lines(input, at + n as u64),
                        Ok(n) => return Some((line(bytes, at), State::Lines(input, at + n as u64))),
                    }
                }
                State::Done => return None,
            }
        }
    })
}

fn is_value(line: &[u8]) -> bool {
    matches!(line.trim_ascii_start().first(), Some(b'{' | b'['))
        && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok()
}

/// Reads on to the end of the line; the bytes passed over.
async fn pass_over<R: AsyncBufRead + Unpin>(input: &mut R) -> u64 {
    let mut passed = 0;
    loop {
        let (used, ended) = match input.fill_buf().await {
            Ok([]) => return passed,
            Ok(buf) => memchr::memchr(b'\n', buf).map_or((buf.len(), false), |at| (at + 1, true)),
            Err(_) => return passed,
        };
        input.consume(used);
        passed += used as u64;
        if ended {
            return passed;
        }
    }
}

async fn whole<R: AsyncBufRead + Unpin>(mut input: R, mut bytes: Vec<u8>, max_file: u64) -> Found {
    let room = (max_file + 1).saturating_sub(bytes.len() as u64);
    if let Err(e) = (&mut input).take(room).read_to_end(&mut bytes).await {
        return unreadable(&e);
    }
    if bytes.len() as u64 > max_file {
        let error = format!("a document of over {max_file} bytes, the limit");
        return lost("too_large", error, Some("raise [input.limits] max_bytes".into()), 0..0);
    }
    let item = Item { path: "-".into(), range: None, bytes, seen_at: now() };
    Found::Lines(Lines { items: vec![item], lost: Vec::new(), mark: None, past: None, range: (0, 0) })
}

fn line(mut bytes: Vec<u8>, at: u64) -> Found {
    bytes.truncate(bytes.trim_ascii_end().len());
    let range = (at, at + bytes.len() as u64);
    let item = Item { path: "-".into(), range: Some(range.0..range.1), bytes, seen_at: now() };
    Found::Lines(Lines { items: vec![item], lost: Vec::new(), mark: None, past: None, range })
}

fn too_long(range: std::ops::Range<u64>, max_line: usize) -> Found {
    let error = format!("a line of {} bytes; the limit is {max_line}", range.end - range.start);
    lost("too_long", error, Some("raise [input.limits] max_line".into()), range)
}

fn unreadable(e: &std::io::Error) -> Found {
    lost("unreadable", format!("standard input: {e}"), None, 0..0)
}

fn lost(reason: &'static str, error: String, hint: Option<String>, range: std::ops::Range<u64>) -> Found {
    let what = Undecodable { reason, format: None, error, hint, ..Undecodable::default() };
    let span = (range.start, range.end);
    let line = LostLine { path: "-".into(), range, what, sha256: None };
    Found::Lines(Lines { items: Vec::new(), lost: vec![line], mark: None, past: None, range: span })
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::StreamExt;

    async fn read(input: &str) -> (Vec<String>, usize) {
        let found: Vec<Found> = stream(input.as_bytes(), 20, 100).collect().await;
        let mut items = Vec::new();
        let mut bad = 0;
        for found in found {
            let Found::Lines(lines) = found else { panic!("a file from stdin") };
            items.extend(lines.items.into_iter().map(|i| String::from_utf8(i.bytes).unwrap()));
            bad += lines.lost.len();
        }
        (items, bad)
    }

    #[tokio::test]
    async fn lines_where_lines_are_and_else_one_document() {
        assert_eq!(read("\n{\"a\":1}\n\n{\"b\":2}").await, (vec!["{\"a\":1}".into(), "{\"b\":2}".into()], 0));
        assert_eq!(read("{\n \"a\":\n 1}\n").await, (vec!["{\n \"a\":\n 1}\n".into()], 0));
        assert_eq!(read("A title\n\nA text.\n").await, (vec!["A title\n\nA text.\n".into()], 0));
        let long = format!("{{\"a\":1}}\n{}\n{{}}\n", "y".repeat(30));
        assert_eq!(read(&long).await, (vec!["{\"a\":1}".into(), "{}".into()], 1));
        assert_eq!(read(&"z".repeat(200)).await, (vec![], 1));
        assert_eq!(read("").await, (vec![], 0));
    }
}
