//! Date expressions in the text, and the day of each event.
//!
//! Laws: never reads a clock (the article's own day is the only "today"); a date that the text does not give is
//! never made up, the basis says what was used; the same input gives the same dates.
//!
//! The walk: [`lex`] cuts a sentence into words, numbers and signs and knows which of them speak of time;
//! [`grammar`] recognises expressions; [`cue`] guesses whether the clause looks back or ahead; [`resolve`] turns an
//! expression into days and a TIMEX3 value; [`find()`] does this for an article, and [`choose`] picks the date of a claim.

pub mod lex;
pub mod grammar;
mod calendar;
mod relative;
pub mod numeric;
pub mod cue;
pub mod resolve;
pub mod find;
pub mod choose;

pub use choose::{date, historical};
pub use find::find;

#[cfg(test)]
mod tests;
