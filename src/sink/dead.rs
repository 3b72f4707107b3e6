//! Dead letters: what could not be read, told so that it can be found, mended and read again.

use std::ops::Range;

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

/// One line of the dead letters.
#[derive(Clone, Debug, Serialize)]
pub struct DeadLetter {
    /// Path as a person would write it.
    pub path: String,
    /// Bytes of that file (start, one past the end); `None` for the whole.
    #[serde(serialize_with = "pair")]
    pub range: Option<Range<u64>>,
    /// SHA-256 (hex) of those bytes; `None` when they could not be read.
    pub sha256: Option<String>,
    /// The format that was tried.
    pub format: Option<String>,
    /// A stable short word to count by.
    pub reason: String,
    /// What is wrong.
    pub error: String,
    /// What may be done about it.
    pub hint: Option<String>,
    /// When the source saw it.
    #[serde(serialize_with = "rfc3339")]
    pub time: DateTime<Utc>,
}

impl DeadLetter {
    /// As a line without its end.
    pub fn json(&self) -> Vec<u8> {
        // Strings, numbers and options of them cannot fail to serialise.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

fn pair<S: serde::Serializer>(range: &Option<Range<u64>>, s: S) -> Result<S::Ok, S::Error> {
    range.as_ref().map(|r| [r.start, r.end]).serialize(s)
}

fn rfc3339<S: serde::Serializer>(time: &DateTime<Utc>, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(&time.to_rfc3339_opts(SecondsFormat::Micros, true))
}
