//! JSON lines: one article a line, and a bad line costs that line only.

use std::ops::Range;

use memchr::memchr_iter;
use serde_json::Value;

use super::json::{Reader, first_object};
use super::options::Options;
use super::{Decoded, Format, Give};
use crate::model::Item;

/// See the module.
pub struct Jsonl;

impl Format for Jsonl {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    /// Most of the first lines are whole objects. Where the first line is longer than what is seen, the extension decides.
    fn recognises(&self, head: &[u8], path: &str) -> bool {
        let named = super::is_named(path, &["jsonl", "ndjson", "jl"]);
        let whole = memchr::memrchr(b'\n', head).map_or(0, |at| at + 1);
        let cut = head.len() >= super::charset::HEAD;
        let seen = if cut { &head[..whole] } else { head };
        let lines: Vec<&[u8]> =
            seen.split(|b| *b == b'\n').map(<[u8]>::trim_ascii).filter(|l| !l.is_empty()).take(40).collect();
        if lines.is_empty() {
            return named && head.trim_ascii_start().starts_with(b"{");
        }
        let objects =
            lines.iter().filter(|l| l.len() > 2 && l.starts_with(b"{") && l.ends_with(b"}")).count();
        objects * 2 >= lines.len() && objects > 0 && (named || lines.len() > 1 || cut)
    }

    fn decode(&self, item: &Item, options: &Options, give: Give) -> Decoded {
        let source = super::text(item);
        let mut reader = Reader::new(item, &source, options, give);
        for line in lines(&source.text) {
            if line.len() > options.limits.max_line {
                reader.too_long(line);
            } else {
                reader.line(line);
            }
        }
        reader.finish()
    }

    fn sample(&self, item: &Item, _options: &Options) -> Option<Value> {
        let source = super::text(item);
        lines(&source.text).find_map(|line| first_object(&source.text[..line.end], line.start))
    }
}

/// The lines that are not blank, without their ends.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut start = 0;
    memchr_iter(b'\n', text.as_bytes()).chain(std::iter::once(text.len())).filter_map(move |end| {
        let line = &text[start..end];
        let from = start + (line.len() - line.trim_ascii_start().len());
        let to = start + line.trim_ascii_end().len();
        start = end + 1;
        (from < to).then_some(from..to)
    })
}
