//! The public types: `event/1.0` and `article/1.0`. Field order is the order in the line; within a major version
//! changes only add.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where something stands in the article's own text; half open, in Unicode scalars and in UTF-8 bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SpanRecord {
    /// `title`, `summary` or `text`.
    pub field: String,
    /// First Unicode scalar.
    pub start: u32,
    /// One past the last Unicode scalar.
    pub end: u32,
    /// First byte.
    pub byte_start: u32,
    /// One past the last byte.
    pub byte_end: u32,
}

/// One side of an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ActorRecord {
    /// Lexicon id.
    pub id: Option<String>,
    /// Usual name.
    pub name: Option<String>,
    /// As the text names it.
    pub text: String,
    /// country government leader person igo ngo company media armed_group party region other.
    pub kind: String,
    /// ISO 3166-1 alpha-3, XKX, or UNO EUR IGO NGO IMG MNC WST.
    #[schemars(regex(pattern = r"^[A-Z]{3}$"))]
    pub country: Option<String>,
    /// PLOVER sectors.
    pub sector: Vec<String>,
    /// CAMEO actor code.
    pub cameo: Option<String>,
    /// Office on the day of the article.
    pub office: Option<String>,
    /// Wikidata id.
    #[schemars(regex(pattern = r"^Q[0-9]+$"))]
    pub wikidata: Option<String>,
    /// name alias title demonym capital metonym pronoun acronym.
    pub via: String,
    /// Where it stands.
    pub span: SpanRecord,
    /// 0-1.
    #[schemars(range(min = 0, max = 1))]
    pub confidence: f32,
}

/// A CAMEO code with what it means.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct CameoRecord {
    /// 2 to 4 digits.
    #[schemars(regex(pattern = r"^[0-9]{2,4}$"))]
    pub code: String,
    /// Two digits.
    pub root: String,
    /// What it means.
    pub label: String,
    /// 1-4.
    pub quad_class: u8,
    /// Goldstein figure.
    pub goldstein: f32,
    /// Which table.
    pub codebook: String,
}

/// Who is said to have said it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct AttributionRecord {
    /// The speaker's words in the text.
    pub to: String,
    /// The verb of saying.
    pub verb: String,
    /// The speaker's lexicon id.
    pub entity_id: Option<String>,
}

/// A topic with the terms that made it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct TopicRecord {
    /// Topic id.
    pub id: String,
    /// Sum of the weights of the terms.
    pub score: f32,
    /// The terms.
    pub terms: Vec<String>,
}

/// Where the event happened, when the text says so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LocationRecord {
    /// As the text names it.
    pub text: String,
    /// Usual name.
    pub name: Option<String>,
    /// ISO 3166-1 alpha-3.
    pub country: Option<String>,
    /// Where it stands.
    pub span: SpanRecord,
}

/// Numbers stated of the event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct MagnitudeRecord {
    /// People killed.
    pub dead: Option<u64>,
    /// People hurt.
    pub injured: Option<u64>,
    /// People arrested.
    pub arrested: Option<u64>,
    /// Money.
    pub amount: Option<f64>,
    /// ISO 4217.
    pub currency: Option<String>,
}

/// Words of the text with their place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct TriggerRecord {
    /// The words.
    pub text: String,
    /// Where they stand.
    pub span: SpanRecord,
}

/// Why we say so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct EvidenceRecord {
    /// The sentence.
    pub text: String,
    /// 0-based number of the sentence in the article; a title comes first.
    pub sentence: u32,
    /// Where it stands.
    pub span: SpanRecord,
    /// The words that report the event.
    pub trigger: TriggerRecord,
    /// The rule's id.
    pub rule: String,
    /// Its lexicon file and line.
    pub rule_at: String,
}

/// The article.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ArticleRef {
    /// The input's own id, else derived from the content.
    pub id: String,
    /// Address.
    pub url: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Publisher.
    pub source: Option<String>,
    /// ISO 639-1.
    pub language: Option<String>,
    /// File.
    pub path: Option<String>,
    /// SHA-256 over the article's own text.
    pub sha256: String,
    /// Cut short by its provider.
    pub truncated: bool,
}

/// The story an article belongs to: articles that open with the same words share its id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct StoryRecord {
    /// Derived from the opening words.
    pub id: String,
    /// Id of the first article known.
    pub first: String,
    /// Articles counted so far.
    pub articles: u32,
    /// Sources counted so far.
    pub sources: u32,
}

/// Which program and lexicon wrote the line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct CoderRecord {
    /// `chancery`.
    pub name: String,
    /// Version of the program.
    pub version: String,
    /// Version of the lexicon.
    pub lexicon: String,
    /// Hash over all its files.
    pub lexicon_sha256: String,
}

/// Who did what to whom and when: one line of the events output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct EventRecord {
    /// `event/1.0`.
    pub schema: String,
    /// Deterministic: a hash of the article's content hash, sentence, trigger, type and parties.
    pub id: String,
    /// 1, and one more for each correction.
    #[schemars(range(min = 1))]
    pub rev: u32,
    /// `add`, `update` or `retract`.
    pub op: String,
    /// First day.
    pub date: String,
    /// Last day.
    pub end_date: Option<String>,
    /// time day week month quarter year unknown.
    pub date_precision: String,
    /// explicit relative dateline published seen.
    pub date_basis: String,
    /// The expression in the text.
    pub date_text: Option<String>,
    /// Publication time, UTC.
    pub published_at: Option<String>,
    /// explicit configured assumed_utc.
    pub published_tz: Option<String>,
    /// When the file was seen, UTC.
    pub seen_at: String,
    /// When the line was written, UTC.
    pub coded_at: String,
    /// Those who acted.
    #[schemars(length(min = 1))]
    pub actor: Vec<ActorRecord>,
    /// Those acted on.
    pub recipient: Vec<ActorRecord>,
    /// All sides act alike.
    pub reciprocal: bool,
    /// Distinct countries of `actor`.
    pub actor_country: Vec<String>,
    /// Distinct countries of `recipient`.
    pub recipient_country: Vec<String>,
    /// `EUR>BLR`; reciprocal sorted `RUS<>USA`; null when either side has none or several.
    pub dyad: Option<String>,
    /// One of 16 types.
    pub event: String,
    /// Modes of the type.
    pub mode: Vec<String>,
    /// Contexts.
    pub context: Vec<String>,
    /// 1 verbal and 2 material cooperation, 3 verbal and 4 material conflict.
    #[schemars(range(min = 1, max = 4))]
    pub quad: u8,
    /// -10 to 10.
    #[schemars(range(min = -10, max = 10))]
    pub intensity: f32,
    /// CAMEO code.
    pub cameo: Option<CameoRecord>,
    /// negation future hypothetical historical reported denied question opinion.
    pub aux: Vec<String>,
    /// Reported by whom.
    pub attribution: Option<AttributionRecord>,
    /// Topics of the event's sentence.
    pub topics: Vec<TopicRecord>,
    /// Where.
    pub location: Option<LocationRecord>,
    /// Numbers.
    pub magnitude: Option<MagnitudeRecord>,
    /// 0-1 by the documented formula.
    #[schemars(range(min = 0, max = 1))]
    pub confidence: f32,
    /// Why.
    pub evidence: EvidenceRecord,
    /// From where.
    pub article: ArticleRef,
    /// The story.
    pub story: StoryRecord,
    /// Id of the event that this one repeats.
    pub duplicate_of: Option<String>,
    /// Who wrote the line.
    pub coder: CoderRecord,
}

/// An actor of an article with how often it is named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ArticleActor {
    /// Lexicon id.
    pub id: Option<String>,
    /// Usual name.
    pub name: Option<String>,
    /// Sort of body.
    pub kind: String,
    /// Country code.
    pub country: Option<String>,
    /// Number of namings.
    pub mentions: u32,
    /// Where.
    pub spans: Vec<SpanRecord>,
}

/// A date expression.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct DateRecord {
    /// First Unicode scalar of the expression in its field.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// The expression.
    pub text: String,
    /// TIMEX3 value.
    pub value: String,
    /// time day week month quarter year unknown.
    pub precision: String,
    /// `title`, `summary` or `text`.
    pub field: String,
}

/// A reason for silence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct SuppressedRecord {
    /// sport history opinion …
    pub reason: String,
    /// The cue.
    pub rule: String,
    /// Where.
    pub span: SpanRecord,
}

/// Everything read from an article that is no event; an article without events has a line too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct ArticleRecord {
    /// `article/1.0`.
    pub schema: String,
    /// The input's own id, else derived from the content.
    pub id: String,
    /// File.
    pub path: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// Headline.
    pub title: Option<String>,
    /// Publisher.
    pub source: Option<String>,
    /// ISO 639-1.
    pub language: Option<String>,
    /// Publication time, UTC.
    pub published_at: Option<String>,
    /// When the file was seen, UTC.
    pub seen_at: String,
    /// SHA-256 over the article's own text.
    pub sha256: String,
    /// Topics of the whole.
    pub topics: Vec<TopicRecord>,
    /// Actors, each once.
    pub actors: Vec<ArticleActor>,
    /// Date expressions.
    pub dates: Vec<DateRecord>,
    /// Ids of its events.
    pub events: Vec<String>,
    /// What was silenced.
    pub suppressed: Vec<SuppressedRecord>,
    /// The story.
    pub story: StoryRecord,
    /// Id of the article that this one repeats.
    pub duplicate_of: Option<String>,
}
