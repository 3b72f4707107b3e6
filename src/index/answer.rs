//! What the questions are answered with.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Serialize;

/// Counts over time.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Series {
    /// `day`, `week` (from Monday), `month` or `year`.
    pub bucket: &'static str,
    /// First day of each bucket.
    pub buckets: Vec<NaiveDate>,
    /// What is counted.
    pub by: &'static str,
    /// One list of counts a key, the largest first.
    pub series: Vec<Line>,
    /// Distinct articles with an event that matches, by bucket.
    pub articles: Vec<u32>,
    /// Articles that the shares are taken of, by bucket.
    pub of_articles: Vec<u32>,
    /// Whether `of_articles` counts all that were read, or only those with an event.
    pub of: &'static str,
    /// Events that match and fall into a bucket.
    pub total: u64,
}

/// One key's counts.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Line {
    /// Event type, quad class, topic, country, pair or `all`.
    pub key: String,
    /// Events by bucket.
    pub counts: Vec<u32>,
    /// Mean intensity by bucket, -10 to 10; null where there is no event.
    pub intensity: Vec<Option<f32>>,
}

/// Pairs of countries.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Dyads {
    /// Countries with the most events among pairs, the largest first: rows and columns of a matrix.
    pub countries: Vec<String>,
    /// Pairs with the most events, the largest first.
    pub dyads: Vec<Dyad>,
    /// Events that match and join a pair.
    pub total: u64,
    /// Events that match and join no pair: a side is unknown or missing.
    pub unpaired: u64,
}

/// One pair, one way.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Dyad {
    /// Who acts.
    pub actor: String,
    /// On whom.
    pub recipient: String,
    /// Events of cooperation (quads 1 and 2).
    pub cooperation: u32,
    /// Events of conflict (quads 3 and 4).
    pub conflict: u32,
    /// Of both, those done by both sides alike.
    pub mutual: u32,
    /// Sum of the intensities of cooperation.
    pub cooperation_sum: f32,
    /// Sum of the intensities of conflict (negative).
    pub conflict_sum: f32,
}

/// How often things were told of.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Tally {
    /// The most frequent, the largest first.
    pub top: Vec<Count>,
    /// Events that match.
    pub total: u64,
    /// Events that match without any of these.
    pub without: u64,
}

/// One thing's counts.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Count {
    /// Id or code.
    pub key: String,
    /// How it is called.
    pub name: String,
    /// Its country; empty when it has none.
    pub country: String,
    /// Events of cooperation.
    pub cooperation: u32,
    /// Events of conflict.
    pub conflict: u32,
    /// Day of publication on which it was first told of.
    pub first: NaiveDate,
}

/// This week against those before it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Spikes {
    /// First day of the week that is judged.
    pub since: NaiveDate,
    /// Its last day.
    pub until: NaiveDate,
    /// Weeks it is compared with.
    pub weeks: u32,
    /// The largest changes first.
    pub spikes: Vec<Spike>,
    /// Things compared.
    pub compared: u64,
}

/// One change.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Spike {
    /// `country`, `dyad`, `event` or `topic`.
    pub kind: &'static str,
    /// Its id or code.
    pub key: String,
    /// Events in the week that is judged.
    pub latest: u32,
    /// Mean of the weeks before.
    pub mean: f32,
    /// Change in percent of the mean; null when there was nothing before.
    pub change: Option<f32>,
    /// `red` over 25 %, `orange` 10 to 25 %, `limited` where mean and latest are low, `steady` else.
    pub level: &'static str,
    /// Events by week, the oldest first, the one that is judged last.
    pub history: Vec<u32>,
    /// The stories with the most events behind it.
    pub stories: Vec<Story>,
}

/// A story with its events.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Story {
    /// Story id.
    pub id: String,
    /// Title of an article of it.
    pub title: String,
    /// Publisher of that article.
    pub source: String,
    /// Events of the week in it.
    pub events: u32,
}

/// What a search for a name finds.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Suggestion {
    /// The parameter it is a value of: `actor`, `country`, `topic` or `source`.
    pub kind: &'static str,
    /// The value.
    pub key: String,
    /// How it is called.
    pub name: String,
    /// Its country; empty when it has none.
    pub country: String,
}
