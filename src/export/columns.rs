//! The flat view of a record: one list of columns for CSV, SQLite, Parquet and PostgreSQL alike.

use crate::record::types::{ActorRecord, EventRecord};

/// A value of a flat column.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Unknown.
    Null,
    /// Text.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// Yes or no.
    Bool(bool),
}

/// What a column's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Text,
    /// A day, as text `YYYY-MM-DD`.
    Date,
    /// A time, as RFC 3339 text in UTC.
    Time,
    /// A whole number.
    Int,
    /// A number.
    Float,
    /// Yes or no.
    Bool,
}

/// A flat column.
pub struct Column {
    /// Its name, in all forms.
    pub name: &'static str,
    /// What its values are.
    pub of: Type,
    /// Where its value stands in a record.
    pub get: fn(&EventRecord) -> Cell,
}

const fn column(name: &'static str, of: Type, get: fn(&EventRecord) -> Cell) -> Column {
    Column { name, of, get }
}

fn some(value: &Option<String>) -> Cell {
    value.clone().map_or(Cell::Null, Cell::Text)
}

fn t(value: &str) -> Cell {
    Cell::Text(value.into())
}

fn list(values: &[String]) -> Cell {
    if values.is_empty() { Cell::Null } else { Cell::Text(values.join(";")) }
}

fn each(parties: &[ActorRecord], get: impl Fn(&ActorRecord) -> Option<String>) -> Cell {
    let found: Vec<String> = parties.iter().filter_map(get).collect();
    list(&found)
}

fn count(value: Option<u64>) -> Cell {
    value.map_or(Cell::Null, |n| Cell::Int(n as i64))
}

fn called(a: &ActorRecord) -> Option<String> {
    Some(a.name.clone().unwrap_or_else(|| a.text.clone()))
}

/// A figure with the decimals it has, not those of its binary form.
fn decimal(value: f32) -> f64 {
    (f64::from(value) * 1000.0).round() / 1000.0
}

/// All columns, in their order. Lists are joined with `;`.
pub const FLAT: &[Column] = &[
    column("id", Type::Text, |r| t(&r.id)),
    column("rev", Type::Int, |r| Cell::Int(i64::from(r.rev))),
    column("op", Type::Text, |r| t(&r.op)),
    column("date", Type::Date, |r| t(&r.date)),
    column("end_date", Type::Date, |r| some(&r.end_date)),
    column("date_precision", Type::Text, |r| t(&r.date_precision)),
    column("date_basis", Type::Text, |r| t(&r.date_basis)),
    column("published_at", Type::Time, |r| some(&r.published_at)),
    column("seen_at", Type::Time, |r| t(&r.seen_at)),
    column("event", Type::Text, |r| t(&r.event)),
    column("mode", Type::Text, |r| list(&r.mode)),
    column("quad", Type::Int, |r| Cell::Int(i64::from(r.quad))),
    column("intensity", Type::Float, |r| Cell::Float(decimal(r.intensity))),
    column("cameo", Type::Text, |r| r.cameo.as_ref().map_or(Cell::Null, |c| t(&c.code))),
    column("goldstein", Type::Float, |r| {
        r.cameo.as_ref().map_or(Cell::Null, |c| Cell::Float(decimal(c.goldstein)))
    }),
    column("actor_id", Type::Text, |r| each(&r.actor, |a| a.id.clone())),
    column("actor", Type::Text, |r| each(&r.actor, called)),
    column("actor_country", Type::Text, |r| list(&r.actor_country)),
    column("actor_kind", Type::Text, |r| each(&r.actor, |a| Some(a.kind.clone()))),
    column("recipient_id", Type::Text, |r| each(&r.recipient, |a| a.id.clone())),
    column("recipient", Type::Text, |r| each(&r.recipient, called)),
    column("recipient_country", Type::Text, |r| list(&r.recipient_country)),
    column("recipient_kind", Type::Text, |r| each(&r.recipient, |a| Some(a.kind.clone()))),
    column("dyad", Type::Text, |r| some(&r.dyad)),
    column("reciprocal", Type::Bool, |r| Cell::Bool(r.reciprocal)),
    column("aux", Type::Text, |r| list(&r.aux)),
    column("attributed_to", Type::Text, |r| r.attribution.as_ref().map_or(Cell::Null, |a| t(&a.to))),
    column("topics", Type::Text, |r| list(&r.topics.iter().map(|x| x.id.clone()).collect::<Vec<_>>())),
    column("place", Type::Text, |r| r.location.as_ref().map_or(Cell::Null, |l| t(&l.text))),
    column("place_country", Type::Text, |r| r.location.as_ref().map_or(Cell::Null, |l| some(&l.country))),
    column("dead", Type::Int, |r| count(r.magnitude.as_ref().and_then(|m| m.dead))),
    column("injured", Type::Int, |r| count(r.magnitude.as_ref().and_then(|m| m.injured))),
    column("arrested", Type::Int, |r| count(r.magnitude.as_ref().and_then(|m| m.arrested))),
    column("amount", Type::Float, |r| {
        r.magnitude.as_ref().and_then(|m| m.amount).map_or(Cell::Null, Cell::Float)
    }),
    column("currency", Type::Text, |r| r.magnitude.as_ref().map_or(Cell::Null, |m| some(&m.currency))),
    column("confidence", Type::Float, |r| Cell::Float(decimal(r.confidence))),
    column("sentence", Type::Text, |r| t(&r.evidence.text)),
    column("trigger", Type::Text, |r| t(&r.evidence.trigger.text)),
    column("rule", Type::Text, |r| t(&r.evidence.rule)),
    column("title", Type::Text, |r| some(&r.article.title)),
    column("source", Type::Text, |r| some(&r.article.source)),
    column("url", Type::Text, |r| some(&r.article.url)),
    column("language", Type::Text, |r| some(&r.article.language)),
    column("article_id", Type::Text, |r| t(&r.article.id)),
    column("story_id", Type::Text, |r| t(&r.story.id)),
    column("duplicate_of", Type::Text, |r| some(&r.duplicate_of)),
    column("coder_version", Type::Text, |r| t(&r.coder.version)),
    column("lexicon_sha256", Type::Text, |r| t(&r.coder.lexicon_sha256)),
];
