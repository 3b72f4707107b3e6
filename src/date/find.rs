//! All date expressions of an article.

use chrono::{Datelike, NaiveDate};

use super::cue;
use super::grammar::{self, Expr, Found, YearRef};
use super::lex::{Lex, lex};
use super::resolve::{Context, resolve};
use crate::model::{Article, DateHit, Precision, Sentence, Span};

/// Finds them, in reading order; hits of a sentence do not overlap. Relative ones are resolved against
/// [`Article::day`]; bare weekdays by the nearest verb, and once more by the claim's tense in [`super::date`].
pub fn find(article: &Article, sentences: &[Sentence]) -> Vec<DateHit> {
    let today = article.day();
    let (mut hits, mut last): (Vec<DateHit>, Option<NaiveDate>) = (Vec::new(), None);
    for (index, sentence) in sentences.iter().enumerate() {
        let text = article.field(sentence.field);
        let pieces = lex(text, sentence.span.start as usize, sentence.span.end as usize);
        let found = expressions(&pieces);
        for (i, one) in found.iter().enumerate() {
            let year = beside(one, found.get(i + 1), &pieces);
            let direction = cue::direction(&pieces, one.from, one.to);
            let Some(value) = resolve(&one.expr, Context { today, last, direction, year }) else { continue };
            if value.precision == Precision::Day {
                last = Some(value.start);
            }
            hits.push(DateHit {
                sentence: index as u32,
                span: Span::new(pieces[one.from].start, pieces[one.to - 1].end),
                value: value.value,
                start: Some(value.start),
                end: Some(value.end),
                precision: value.precision,
                explicit: value.explicit,
            });
        }
    }
    hits
}

/// The expressions of a sentence, left to right, the one that begins first taking its pieces.
fn expressions(pieces: &[Lex<'_>]) -> Vec<Found> {
    let (mut out, mut at) = (Vec::new(), 0);
    while at < pieces.len() {
        match grammar::at(pieces, at) {
            Some(found) => {
                at = found.to;
                out.push(found);
            }
            None => at += 1,
        }
    }
    out
}

/// The year that the next expression names for this one too: `from March to June 2026`, `on 3 and 5 May 2026`.
fn beside(one: &Found, next: Option<&Found>, pieces: &[Lex<'_>]) -> Option<i32> {
    let (month, next) = match (&one.expr, next) {
        (
            Expr::Month { year: YearRef::Open, month, dir: None }
            | Expr::Date { year: YearRef::Open, month, .. },
            Some(next),
        ) => (*month, next),
        _ => return None,
    };
    let joined =
        next.from == one.to + 1 && pieces[one.to].is_any(&["to", "and", "or", "-", "–", "through", "until"]);
    match next.expr {
        Expr::Month { year: YearRef::Named(year), month: end, .. }
        | Expr::Date { year: YearRef::Named(year), month: end, .. }
            if joined =>
        {
            Some(if end >= month { year } else { year - 1 })
        }
        _ => None,
    }
}

/// The day of the week that a hit names without saying which: `Sunday`, `Thursday evening`.
pub fn bare_weekday(text: &str) -> Option<chrono::Weekday> {
    let pieces = lex(text, 0, text.len());
    match grammar::at(&pieces, 0)?.expr {
        Expr::Weekday(day, None, _) => Some(day),
        _ => None,
    }
}

/// Whether a day lies over a year before another.
pub fn over_a_year_before(day: NaiveDate, other: NaiveDate) -> bool {
    let border = NaiveDate::from_ymd_opt(other.year() - 1, other.month(), other.day());
    day < border.unwrap_or(other - chrono::Days::new(366))
}
