//! The nouns. This room imports nothing of ours: every stage speaks through it.

pub mod item;
pub mod outcome;
pub mod span;
pub mod article;
pub mod syntax;
pub mod sentence;
pub mod actor;
pub mod codes;
pub mod cameo;
pub mod event;
pub mod document;

pub use actor::{Actor, Kind, Mention, Role, Suppression, TopicHit, Via};
pub use article::{Article, Dateline, Published, Status, Zone};
pub use codes::EventType;
pub use document::{Document, NearMiss};
pub use event::{Attribution, Aux, Basis, Claim, DateHit, Event, Magnitude, Precision, RuleRef, Tense};
pub use item::{Inside, Item, Undecodable};
pub use outcome::{Emit, Lane, Outcome, Summary};
pub use sentence::{STATE, Sentence, Token, Tree, Word};
pub use span::{Field, Span};
pub use syntax::{Rel, Upos, Xpos};
