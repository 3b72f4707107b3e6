//! One line of output, as far as the index needs it.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate};
use serde::Deserialize;

use crate::model::{Aux, EventType};

/// A line that was understood.
#[derive(Debug)]
pub enum Line {
    /// An `event/1.0` line.
    Event(Box<EventLine>),
    /// An `article/1.0` line.
    Article(ArticleLine),
}

/// What the index keeps of an event.
#[derive(Debug)]
pub struct EventLine {
    pub id: String,
    pub rev: u32,
    pub retracted: bool,
    /// Days since 0000-12-31, as chrono counts them.
    pub day: i32,
    /// Day of publication, else of sight.
    pub told: i32,
    /// Seconds since 1970.
    pub seen: i64,
    /// Seconds since 1970.
    pub coded: i64,
    pub event: u8,
    pub quad: u8,
    pub intensity: f32,
    pub confidence: f32,
    pub aux: u8,
    pub duplicate: bool,
    pub actors: Vec<PartyLine>,
    pub recipients: Vec<PartyLine>,
    pub actor_country: Vec<String>,
    pub recipient_country: Vec<String>,
    pub dyad: String,
    pub topics: Vec<String>,
    pub place: String,
    pub source: String,
    pub article: String,
    pub title: String,
    pub story: String,
    /// The sentence in lower case.
    pub text: String,
}

/// A party: its lexicon id, else its text; and how it is called.
#[derive(Debug)]
pub struct PartyLine {
    pub id: String,
    pub name: String,
    pub country: String,
}

/// What the index keeps of an article.
#[derive(Debug)]
pub struct ArticleLine {
    pub id: String,
    pub told: i32,
    pub title: String,
    pub events: usize,
}

#[derive(Deserialize)]
struct RawParty<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    name: Option<Cow<'a, str>>,
    #[serde(borrow)]
    text: Cow<'a, str>,
    #[serde(borrow)]
    country: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct RawId<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
}

#[derive(Deserialize)]
struct RawPlace<'a> {
    #[serde(borrow)]
    country: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct RawEvidence<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
}

#[derive(Deserialize)]
struct RawArticle<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    title: Option<Cow<'a, str>>,
    #[serde(borrow)]
    source: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(borrow)]
    schema: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(default)]
    rev: u32,
    #[serde(borrow, default)]
    op: Cow<'a, str>,
    #[serde(borrow, default)]
    date: Cow<'a, str>,
    #[serde(borrow)]
    published_at: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    seen_at: Cow<'a, str>,
    #[serde(borrow, default)]
    coded_at: Cow<'a, str>,
    #[serde(borrow, default)]
    actor: Vec<RawParty<'a>>,
    #[serde(borrow, default)]
    recipient: Vec<RawParty<'a>>,
    #[serde(default)]
    actor_country: Vec<String>,
    #[serde(default)]
    recipient_country: Vec<String>,
    #[serde(borrow)]
    dyad: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    event: Cow<'a, str>,
    #[serde(default)]
    quad: u8,
    #[serde(default)]
    intensity: f32,
    #[serde(borrow, default)]
    aux: Vec<Cow<'a, str>>,
    #[serde(borrow, default)]
    topics: Vec<RawId<'a>>,
    #[serde(borrow)]
    location: Option<RawPlace<'a>>,
    #[serde(default)]
    confidence: f32,
    #[serde(borrow)]
    evidence: Option<RawEvidence<'a>>,
    #[serde(borrow)]
    article: Option<RawArticle<'a>>,
    #[serde(borrow)]
    story: Option<RawId<'a>>,
    #[serde(borrow)]
    duplicate_of: Option<Cow<'a, str>>,
}

#[derive(Deserialize)]
struct RawArticleLine<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    title: Option<Cow<'a, str>>,
    #[serde(borrow)]
    published_at: Option<Cow<'a, str>>,
    #[serde(borrow)]
    seen_at: Cow<'a, str>,
    #[serde(borrow, default)]
    events: Vec<Cow<'a, str>>,
}

/// Reads a line; the words say why it is no record of ours.
pub fn parse(bytes: &[u8]) -> Result<Line, String> {
    let schema = br#"{"schema":"article/"#;
    if bytes.starts_with(schema) {
        let raw: RawArticleLine = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
        let told = told(raw.published_at.as_deref(), &raw.seen_at)?.0;
        return Ok(Line::Article(ArticleLine {
            id: raw.id.into_owned(),
            told,
            title: raw.title.map(Cow::into_owned).unwrap_or_default(),
            events: raw.events.len(),
        }));
    }
    let raw: Raw = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
    if !raw.schema.starts_with("event/1.") {
        return Err(format!(
            "schema is \"{}\", not event/1.0",
            raw.schema.chars().take(40).collect::<String>()
        ));
    }
    event_line(raw).map(|line| Line::Event(Box::new(line)))
}

fn event_line(raw: Raw) -> Result<EventLine, String> {
    let event =
        EventType::parse(&raw.event).ok_or_else(|| format!("no event type is called \"{}\"", raw.event))?;
    let date: NaiveDate = raw.date.parse().map_err(|_| format!("\"{}\" is no date", raw.date))?;
    let (told, seen) = told(raw.published_at.as_deref(), &raw.seen_at)?;
    let article = raw.article.ok_or("it has no article")?;
    let text = |t: Option<Cow<str>>| t.map(Cow::into_owned).unwrap_or_default();
    Ok(EventLine {
        id: raw.id.into_owned(),
        rev: raw.rev,
        retracted: raw.op == "retract",
        day: days(date),
        told,
        seen,
        coded: seconds(&raw.coded_at).unwrap_or(seen),
        event: event as u8,
        quad: raw.quad.clamp(1, 4),
        intensity: raw.intensity,
        confidence: raw.confidence,
        aux: raw.aux.iter().filter_map(|a| aux_bit(a)).fold(0, |all, bit| all | bit),
        duplicate: raw.duplicate_of.is_some(),
        actors: raw.actor.into_iter().map(party).collect(),
        recipients: raw.recipient.into_iter().map(party).collect(),
        actor_country: raw.actor_country,
        recipient_country: raw.recipient_country,
        dyad: text(raw.dyad),
        topics: raw.topics.into_iter().map(|t| t.id.into_owned()).collect(),
        place: text(raw.location.and_then(|l| l.country)),
        source: text(article.source),
        article: article.id.into_owned(),
        title: text(article.title),
        story: text(raw.story.map(|s| s.id)),
        text: raw.evidence.map(|e| e.text.to_lowercase()).unwrap_or_default(),
    })
}

fn party(raw: RawParty) -> PartyLine {
    let id = raw.id.unwrap_or_else(|| Cow::Owned(raw.text.to_string()));
    PartyLine {
        name: raw.name.unwrap_or(raw.text).into_owned(),
        id: id.into_owned(),
        country: raw.country.map(Cow::into_owned).unwrap_or_default(),
    }
}

/// Day of publication, else of sight; and the second of sight.
fn told(published: Option<&str>, seen: &str) -> Result<(i32, i64), String> {
    let seen = seconds(seen).ok_or_else(|| format!("seen_at \"{seen}\" is no time"))?;
    let told = published.and_then(seconds).unwrap_or(seen);
    Ok((day_of(told), seen))
}

fn seconds(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text).ok().map(|t| t.timestamp())
}

/// The day a second falls on (UTC).
pub fn day_of(seconds: i64) -> i32 {
    DateTime::from_timestamp(seconds, 0).map_or(0, |t| days(t.date_naive()))
}

/// A day as a number.
pub fn days(date: NaiveDate) -> i32 {
    use chrono::Datelike;
    date.num_days_from_ce()
}

/// The bit of a caveat.
pub fn aux_bit(name: &str) -> Option<u8> {
    Aux::ALL.iter().position(|a| a.as_str() == name).map(|i| 1 << i)
}
