//! Claims (what a sentence says) and events (claims with a date).

use std::sync::Arc;

use chrono::NaiveDate;

use super::actor::TopicHit;
use super::codes::EventType;
use super::span::Span;

/// A caveat on a claim, written to `aux`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Aux {
    Negation,
    Future,
    Hypothetical,
    Historical,
    Reported,
    Denied,
    Question,
    Opinion,
}

impl Aux {
    /// As in records and lexicon tests.
    pub fn as_str(self) -> &'static str {
        use Aux::*;
        match self {
            Negation => "negation",
            Future => "future",
            Hypothetical => "hypothetical",
            Historical => "historical",
            Reported => "reported",
            Denied => "denied",
            Question => "question",
            Opinion => "opinion",
        }
    }

    /// All of them.
    pub const ALL: [Aux; 8] = [
        Aux::Negation,
        Aux::Future,
        Aux::Hypothetical,
        Aux::Historical,
        Aux::Reported,
        Aux::Denied,
        Aux::Question,
        Aux::Opinion,
    ];
}

/// The tense of a claim's verb; weekday names resolve by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Tense {
    Past,
    Present,
    Future,
}

impl Tense {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Tense::Past => "past",
            Tense::Present => "present",
            Tense::Future => "future",
        }
    }
}

/// Who is said to have said it.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribution {
    /// The words that name the speaker.
    pub to: String,
    /// The verb of saying (lemma).
    pub verb: String,
    /// The speaker's lexicon id.
    pub entity_id: Option<Arc<str>>,
}

/// Numbers stated of an event.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Magnitude {
    /// People killed.
    pub dead: Option<u64>,
    /// People hurt.
    pub injured: Option<u64>,
    /// People arrested.
    pub arrested: Option<u64>,
    /// Money.
    pub amount: Option<f64>,
    /// ISO 4217 code of the money.
    pub currency: Option<Arc<str>>,
}

/// A rule of the lexicon, as cited in evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleRef {
    /// Its id, e.g. `sanction.impose`.
    pub id: Arc<str>,
    /// `events/SANCTION.toml:12`.
    pub at: Arc<str>,
}

/// Who did what to whom, as one sentence claims it. Actors are indices into the document's mentions.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Index of the sentence.
    pub sentence: u32,
    /// The event type.
    pub event: EventType,
    /// Modes of that type.
    pub mode: Vec<Arc<str>>,
    /// PLOVER contexts.
    pub context: Vec<Arc<str>>,
    /// CAMEO code.
    pub cameo: Option<Arc<str>>,
    /// The type's intensity, or the rule's own.
    pub intensity: f32,
    /// Those who acted: indices into `Document::mentions`.
    pub actors: Vec<usize>,
    /// Those acted on.
    pub recipients: Vec<usize>,
    /// Whether all sides act alike; `recipients` then holds the other sides.
    pub reciprocal: bool,
    /// The trigger's first and one-past-last token.
    pub trigger: (u16, u16),
    /// The trigger's bytes.
    pub span: Span,
    /// The rule that made it.
    pub rule: RuleRef,
    /// Caveats, sorted.
    pub aux: Vec<Aux>,
    /// Tense of the trigger.
    pub tense: Tense,
    /// Reported by whom.
    pub attribution: Option<Attribution>,
    /// Numbers.
    pub magnitude: Option<Magnitude>,
    /// 0-1 by the formula of `code::confidence`.
    pub confidence: f32,
    /// What made up the confidence, for `explain`: (reason, factor).
    pub because: Vec<(String, f32)>,
}

/// How precisely an event is dated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Precision {
    Time,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    Unknown,
}

impl Precision {
    /// As in records.
    pub fn as_str(self) -> &'static str {
        use Precision::*;
        match self {
            Time => "time",
            Day => "day",
            Week => "week",
            Month => "month",
            Quarter => "quarter",
            Year => "year",
            Unknown => "unknown",
        }
    }
}

/// What an event's date rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Basis {
    Explicit,
    Relative,
    Dateline,
    Published,
    Seen,
}

impl Basis {
    /// As in records.
    pub fn as_str(self) -> &'static str {
        use Basis::*;
        match self {
            Explicit => "explicit",
            Relative => "relative",
            Dateline => "dateline",
            Published => "published",
            Seen => "seen",
        }
    }
}

/// A date expression found in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct DateHit {
    /// Sentence it stands in.
    pub sentence: u32,
    /// Its bytes.
    pub span: Span,
    /// TIMEX3 value: `2026-11-22`, `2026-W47`, `2026-Q4`, `2026-11`, `2026`, `PRESENT_REF` …
    pub value: String,
    /// First day, where it names one.
    pub start: Option<NaiveDate>,
    /// Last day.
    pub end: Option<NaiveDate>,
    /// How precise.
    pub precision: Precision,
    /// Whether it names the date outright (`22 November 2026`) or by reference (`on Sunday`).
    pub explicit: bool,
}

/// A dated claim.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What was said.
    pub claim: Claim,
    /// First day.
    pub date: NaiveDate,
    /// Last day, when it lasted or the date is a range.
    pub end_date: Option<NaiveDate>,
    /// How precise `date` is.
    pub precision: Precision,
    /// What it rests on.
    pub basis: Basis,
    /// Index into the document's dates of the expression used.
    pub date_hit: Option<usize>,
    /// Topics of the event's sentence.
    pub topics: Vec<TopicHit>,
}
