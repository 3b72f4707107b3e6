//! What arrives: bytes with their origin.

use std::ops::Range;

use chrono::{DateTime, Utc};

/// One input document, or one line of a followed file, as it was found.
#[derive(Clone, Debug)]
pub struct Item {
    /// The path as a person would write it (lossy where the name is not UTF-8); `-` for stdin.
    pub path: String,
    /// Byte range inside that file when the item is a part of it (a line of a followed JSONL file).
    pub range: Option<Range<u64>>,
    /// The raw bytes.
    pub bytes: Vec<u8>,
    /// When the source saw it. Kept by the ledger, so that a repeat after a crash says the same.
    pub seen_at: DateTime<Utc>,
}

/// Why an item, or a part of one, could not become an article. A line of the dead letters.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Undecodable {
    /// A stable short word to count by: `empty`, `binary`, `truncated`, `no_text`, `too_deep`, `too_long` …
    pub reason: &'static str,
    /// The format that was tried, when one was recognised.
    pub format: Option<&'static str>,
    /// What is wrong, with line and column where known.
    pub error: String,
    /// What the user may do about it.
    pub hint: Option<String>,
    /// The part of the item that is lost (bytes within the item); `None` for the whole.
    pub range: Option<Range<u64>>,
    /// The part of a container that it lies in; `None` for the item itself.
    pub inside: Option<Box<Inside>>,
}

/// A part of a container. A loss in it has its range there.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Inside {
    /// Its path: `feed.zip!a.xml`.
    pub path: String,
    /// SHA-256 (hex) of the bytes lost, where they could be had.
    pub sha256: Option<String>,
}
