//! Everything understood of one article: the thing that `explain` prints and `record` writes from.

use std::sync::Arc;

use super::actor::{Mention, Suppression, TopicHit};
use super::article::Article;
use super::event::{DateHit, Event};
use super::sentence::Sentence;
use super::span::Span;

/// A candidate that was not told, and why: for `explain` and `--why-not`.
#[derive(Clone, Debug, PartialEq)]
pub struct NearMiss {
    /// Sentence it stands in.
    pub sentence: u32,
    /// The trigger's bytes.
    pub span: Span,
    /// The rule that almost made an event.
    pub rule: Arc<str>,
    /// Its file and line.
    pub at: Arc<str>,
    /// Why it did not.
    pub why: String,
}

/// An article with all that was read from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The article.
    pub article: Article,
    /// Its sentences in reading order: title, then body.
    pub sentences: Vec<Sentence>,
    /// Actors, sorted by sentence and place.
    pub mentions: Vec<Mention>,
    /// Topics of the whole article.
    pub topics: Vec<TopicHit>,
    /// Date expressions.
    pub dates: Vec<DateHit>,
    /// Events, in reading order.
    pub events: Vec<Event>,
    /// What was silenced, and why.
    pub suppressed: Vec<Suppression>,
    /// What almost fired.
    pub near_misses: Vec<NearMiss>,
}
