//! An article: what a decoder makes of bytes.

use std::ops::Range;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};

use super::span::Field;

/// How we know the offset of a publication time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// It was written beside the time.
    Explicit,
    /// The configuration names it (`input.timezone`).
    Configured,
    /// Nothing said so; UTC was assumed.
    AssumedUtc,
}

/// A publication time with what is known about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    /// The moment, in the article's own offset: weekdays resolve by its local date.
    pub at: DateTime<FixedOffset>,
    /// Where the offset comes from.
    pub zone: Zone,
    /// Whether only a day was given.
    pub day_only: bool,
}

/// The opening of a wire story: `BRUSSELS, Nov 22 (Wire) -`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dateline {
    /// The city as written.
    pub place: String,
    /// The day, when it names one (the year comes from the publication time).
    pub day: Option<NaiveDate>,
    /// The length of the dateline in bytes at the start of the body; coding begins after it.
    pub len: u32,
}

/// What a newsroom says of a version of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Status {
    /// To be used; the ordinary case.
    #[default]
    Usable,
    /// Withdrawn by its publisher: its events are retracted.
    Withdrawn,
}

/// One article in our own normalised text. All spans point into `title`, `summary` or `text`.
#[derive(Clone, Debug, PartialEq)]
pub struct Article {
    /// The input's own id, else derived from `sha256`.
    pub id: String,
    /// Headline.
    pub title: Option<String>,
    /// Standfirst; coded only where `text` is empty.
    pub summary: Option<String>,
    /// Body, paragraphs separated by `\n`. May be empty for a headline alone.
    pub text: String,
    /// Address of the original.
    pub url: Option<String>,
    /// Who published it.
    pub source: Option<String>,
    /// Author or byline.
    pub author: Option<String>,
    /// Section or keywords, as one string: a hint for suppression (sport, opinion).
    pub section: Option<String>,
    /// ISO 639-1 code.
    pub language: Option<String>,
    /// Publication time.
    pub published: Option<Published>,
    /// When the source saw the bytes.
    pub seen_at: DateTime<Utc>,
    /// Opening of the wire story, when there is one.
    pub dateline: Option<Dateline>,
    /// Whether the provider cut the text short.
    pub truncated: bool,
    /// Version number or time, as the input gives it.
    pub version: Option<String>,
    /// Usable or withdrawn.
    pub status: Status,
    /// Path of the file it came from.
    pub path: String,
    /// Byte range in that file, when the file holds several.
    pub range: Option<Range<u64>>,
    /// SHA-256 (hex) over title, `\n\n`, summary, `\n\n`, text.
    pub sha256: String,
}

impl Article {
    /// The text of a field; empty when it has none.
    pub fn field(&self, field: Field) -> &str {
        match field {
            Field::Title => self.title.as_deref().unwrap_or(""),
            Field::Summary => self.summary.as_deref().unwrap_or(""),
            Field::Text => &self.text,
        }
    }

    /// The day the article speaks from: its publication day in its own zone, else the day it was seen (UTC).
    pub fn day(&self) -> NaiveDate {
        self.published.map_or_else(|| self.seen_at.date_naive(), |p| p.at.date_naive())
    }
}
