//! What a person can set about reading. Filled by the config room; every value has a default.

use chrono_tz::Tz;

/// A field of an article as the program thinks of it, whatever an input calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Logical {
    Title,
    Text,
    Summary,
    Url,
    PublishedAt,
    FetchedAt,
    ModifiedAt,
    Source,
    Language,
    Id,
    Author,
    Section,
    Version,
    Status,
}

impl Logical {
    /// All of them, in the order in which `chancery map` shows them.
    pub const ALL: [Logical; 14] = [
        Logical::Title,
        Logical::Text,
        Logical::Summary,
        Logical::Url,
        Logical::PublishedAt,
        Logical::FetchedAt,
        Logical::ModifiedAt,
        Logical::Source,
        Logical::Language,
        Logical::Id,
        Logical::Author,
        Logical::Section,
        Logical::Version,
        Logical::Status,
    ];

    /// The key under `[input.map]`.
    pub fn as_str(self) -> &'static str {
        use Logical::*;
        match self {
            Title => "title",
            Text => "text",
            Summary => "summary",
            Url => "url",
            PublishedAt => "published_at",
            FetchedAt => "fetched_at",
            ModifiedAt => "modified_at",
            Source => "source",
            Language => "language",
            Id => "id",
            Author => "author",
            Section => "section",
            Version => "version",
            Status => "status",
        }
    }

    /// From the key under `[input.map]`.
    pub fn parse(text: &str) -> Option<Logical> {
        Logical::ALL.into_iter().find(|l| l.as_str() == text)
    }
}

/// Bounds on what one document may ask of us. Each is named in the error it causes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one document. Default 256 MiB.
    pub max_bytes: usize,
    /// Bytes of one line of JSONL, or of one element of a JSON list. Default 16 MiB.
    pub max_line: usize,
    /// Levels of nested JSON. Default 120; at most [`Limits::DEEPEST`] is obeyed.
    pub max_depth: usize,
    /// Articles of one document. Default one million.
    pub max_articles: usize,
    /// Fields of one object, columns of one table. Default 4096.
    pub max_fields: usize,
    /// Bytes of the words of one article: understanding them takes some four hundred times as much memory. Default
    /// 256 KiB.
    pub max_text: usize,
    /// Bytes of one HTML page: its tree takes some twelve times as much memory. Default 8 MiB.
    pub max_page: usize,
    /// Bytes that one container may unpack to. Default 16 GiB.
    pub max_unpacked: u64,
    /// Bytes that one byte of a container may unpack to, once it has unpacked to more than 16 MiB. Default 500.
    pub max_ratio: u64,
    /// Entries of one archive. Default two million.
    pub max_entries: usize,
    /// Containers inside containers. Default 4.
    pub max_nesting: usize,
}

impl Limits {
    /// serde_json refuses the 128th level, so that its recursion fits any stack.
    pub const DEEPEST: usize = 127;
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            max_bytes: 256 << 20,
            max_line: 16 << 20,
            max_depth: 120,
            max_articles: 1_000_000,
            max_fields: 4096,
            max_text: 256 << 10,
            max_page: 8 << 20,
            max_unpacked: 16 << 30,
            max_ratio: 500,
            max_entries: 2_000_000,
            max_nesting: 4,
        }
    }
}

/// How numeric dates such as `11/12/2026` are written when they could be read both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOrder {
    /// 11 December.
    DayFirst,
    /// November 12.
    MonthFirst,
}

/// How to read inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `[input.map]`: paths that are looked at before the built-in names, e.g. `(Text, "payload.story")`.
    pub map: Vec<(Logical, String)>,
    /// Zone of times that name none (`input.timezone`).
    pub timezone: Option<Tz>,
    /// Order of ambiguous numeric dates (`input.day_order`); `None` reads them as missing.
    pub day_order: Option<DayOrder>,
    /// ISO 639-1 code assumed when an article names no language and none can be detected.
    pub language: Option<String>,
    /// Bounds.
    pub limits: Limits,
}
