//! Who can act, and where the text names them.

use std::sync::Arc;

use super::span::Span;

/// What sort of body an actor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Kind {
    Country,
    Government,
    Leader,
    Person,
    Igo,
    Ngo,
    Company,
    Media,
    ArmedGroup,
    Party,
    Region,
    Other,
}

impl Kind {
    /// As in the lexicon and in records.
    pub fn as_str(self) -> &'static str {
        use Kind::*;
        match self {
            Country => "country",
            Government => "government",
            Leader => "leader",
            Person => "person",
            Igo => "igo",
            Ngo => "ngo",
            Company => "company",
            Media => "media",
            ArmedGroup => "armed_group",
            Party => "party",
            Region => "region",
            Other => "other",
        }
    }

    /// From its written form.
    pub fn parse(text: &str) -> Option<Kind> {
        use Kind::*;
        [Country, Government, Leader, Person, Igo, Ngo, Company, Media, ArmedGroup, Party, Region, Other]
            .into_iter()
            .find(|k| k.as_str() == text)
    }
}

/// By what kind of expression the text names an actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum Via {
    Name,
    Alias,
    Title,
    Demonym,
    Capital,
    Metonym,
    Pronoun,
    Acronym,
}

impl Via {
    /// As in records.
    pub fn as_str(self) -> &'static str {
        use Via::*;
        match self {
            Name => "name",
            Alias => "alias",
            Title => "title",
            Demonym => "demonym",
            Capital => "capital",
            Metonym => "metonym",
            Pronoun => "pronoun",
            Acronym => "acronym",
        }
    }
}

/// An actor as of the article's date. Shared: a mention clones a pointer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Lexicon id; `None` for an actor known only by a description ("rebels").
    pub id: Option<Arc<str>>,
    /// Its usual name; `None` for a description.
    pub name: Option<Arc<str>>,
    /// Sort of body.
    pub kind: Kind,
    /// ISO 3166-1 alpha-3, XKX, or UNO EUR IGO NGO IMG MNC WST.
    pub country: Option<Arc<str>>,
    /// PLOVER sectors, most specific first.
    pub sectors: Vec<Arc<str>>,
    /// CAMEO actor code.
    pub cameo: Option<Arc<str>>,
    /// Office held on the day, or `former …`.
    pub office: Option<Arc<str>>,
    /// Wikidata id.
    pub wikidata: Option<Arc<str>>,
}

/// What a mention can do in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It can act and be acted on.
    Agent,
    /// It says where, and whose ground was acted on; never acts.
    Place,
}

/// One naming of an actor in a sentence. Law: mentions of a sentence are sorted and do not overlap.
#[derive(Clone, Debug, PartialEq)]
pub struct Mention {
    /// Index of the sentence in the document.
    pub sentence: u32,
    /// First and one-past-last token of it.
    pub tokens: (u16, u16),
    /// Its bytes in the sentence's field.
    pub span: Span,
    /// Who it is.
    pub actor: Arc<Actor>,
    /// The further actors that a plural expression stands for ("the two countries"); mostly empty.
    pub also: Vec<Arc<Actor>>,
    /// How it is named.
    pub via: Via,
    /// What it can do.
    pub role: Role,
    /// Whether it stands after a preposition of place ("in Iran"): a country can be acted on there, but rarely acts.
    pub located: bool,
    /// 0-1: how sure the identification is.
    pub confidence: f32,
}

/// A topic found in a stretch of text.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicHit {
    /// The topic's id.
    pub id: Arc<str>,
    /// Sum of the weights of the distinct terms found.
    pub score: f32,
    /// Those terms as the lexicon writes them.
    pub terms: Vec<Arc<str>>,
}

/// A reason to stay silent about a sentence or a whole article.
#[derive(Clone, Debug, PartialEq)]
pub struct Suppression {
    /// `sport`, `history`, `opinion` …: the id of the suppress file.
    pub reason: Arc<str>,
    /// The terms or cue that tipped it, as a readable line.
    pub rule: Arc<str>,
    /// The sentence, or `None` for the whole article.
    pub sentence: Option<u32>,
    /// Where the first cue stands (in that sentence's field).
    pub span: Span,
}
