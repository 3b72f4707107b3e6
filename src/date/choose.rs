//! The day of an event: the expression that belongs to its trigger, else the dateline, else the article's day.

use chrono::{Days, NaiveDate};

use super::find::{bare_weekday, over_a_year_before};
use super::lex::{Lex, Sym, Unit, lex};
use super::resolve::weekday;
use crate::model::{Article, Basis, Claim, DateHit, Event, Precision, Sentence, Tense, Tree, Upos};

/// Dates a claim. Never fails and never makes up a day: without a fitting expression in its sentence the basis is
/// `dateline`, `published` or `seen`. `hits` are those of [`super::find()`] for the same article; `topics` stay empty.
pub fn date(claim: Claim, article: &Article, sentences: &[Sentence], hits: &[DateHit]) -> Event {
    let mut event = undated(claim, article);
    let Some(sentence) = sentences.get(event.claim.sentence as usize) else { return event };
    let text = article.field(sentence.field);
    let reader = Reader { claim: &event.claim, article, sentence, text };
    if let Some((index, hit)) = reader.best(hits) {
        let (start, end) = reader.days(hit);
        event.date = start;
        event.end_date = (end > start).then_some(end);
        event.precision = hit.precision;
        event.basis = if hit.explicit { Basis::Explicit } else { Basis::Relative };
        event.date_hit = Some(index);
    }
    let lasting = Reader { claim: &event.claim, article, sentence, text }.duration();
    if let (Some((days, over)), Precision::Day, None) = (lasting, event.precision, event.end_date) {
        let more = Days::new(u64::from(days) - 1);
        // A visit that ended on Sunday began before it.
        if over && event.date_hit.is_some() {
            (event.date, event.end_date) = (event.date - more, Some(event.date));
        } else if !over {
            event.end_date = Some(event.date + more);
        }
    }
    event
}

/// Whether an expression speaks of what is over a year past as the article is written: history, not news.
pub fn historical(hit: &DateHit, article: &Article) -> bool {
    hit.end.is_some_and(|end| over_a_year_before(end, article.day()))
}

/// The claim on the day that the article itself gives it.
fn undated(claim: Claim, article: &Article) -> Event {
    let dateline = article.dateline.as_ref().and_then(|d| d.day);
    let (date, basis) = match (dateline, article.published) {
        (Some(day), _) => (day, Basis::Dateline),
        (None, Some(published)) => (published.at.date_naive(), Basis::Published),
        (None, None) => (article.day(), Basis::Seen),
    };
    Event {
        claim,
        date,
        end_date: None,
        precision: Precision::Day,
        basis,
        date_hit: None,
        topics: Vec::new(),
    }
}

struct Reader<'a> {
    claim: &'a Claim,
    article: &'a Article,
    sentence: &'a Sentence,
    text: &'a str,
}

/// How far an expression may stand from its trigger; each clause border on the way counts as [`BORDER`] tokens.
const FARTHEST: u32 = 30;
const BORDER: u32 = 12;

/// Words that begin another clause.
const BORDERS: &[&str] = &[
    "that",
    "which",
    "who",
    "whose",
    "where",
    "when",
    "after",
    "before",
    "while",
    "because",
    "although",
    "but",
    "since",
    "as",
    "if",
    "unless",
    "whether",
    "though",
    "following",
];

impl Reader<'_> {
    /// The expression of the claim's sentence that belongs to its trigger.
    fn best<'h>(&self, hits: &'h [DateHit]) -> Option<(usize, &'h DateHit)> {
        let dateline = match self.sentence.field {
            crate::model::Field::Text => self.article.dateline.as_ref().map_or(0, |d| d.len),
            _ => 0,
        };
        hits.iter()
            .enumerate()
            .filter(|(_, hit)| {
                hit.sentence == self.claim.sentence && hit.start.is_some() && hit.span.end > dateline
            })
            .filter(|(_, hit)| !self.is_bound(hit))
            .filter_map(|(index, hit)| Some((self.distance(hit)?, index, hit)))
            .min_by_key(|(distance, index, _)| (*distance, *index))
            .map(|(_, index, hit)| (index, hit))
    }

    /// `until Friday`, `ahead of Sunday's vote`, `by 2030`: an edge of something, not the day of the event.
    fn is_bound(&self, hit: &DateHit) -> bool {
        let before = self.text[self.sentence.span.start as usize..hit.span.start as usize].trim_end();
        let last = |n: usize| before.rsplit(' ').nth(n).unwrap_or("").to_ascii_lowercase();
        let (word, word_before) = (last(0), last(1));
        let owns = self.text[hit.span.end as usize..].starts_with("'s");
        matches!(word.as_str(), "until" | "till" | "before" | "than" | "by")
            || (word == "of" && word_before == "ahead")
            // "the 2015 deal": a name with its year, not the year of what is done to it.
            || (hit.precision == Precision::Year && hit.explicit && matches!(word.as_str(), "the" | "a" | "its" | "their" | "'s"))
            || (owns && hit.precision == Precision::Year)
    }

    /// How far a hit stands from the trigger, in tokens; `None` when it belongs to another clause.
    fn distance(&self, hit: &DateHit) -> Option<u32> {
        let trigger = self.claim.span;
        let tokens = &self.sentence.tokens;
        let first = tokens.iter().position(|t| t.span.end > hit.span.start)?;
        if let Some(tree) = &self.sentence.tree
            && (self.claim.trigger.0 as usize) < tree.words.len()
            && first < tree.words.len()
        {
            return self.by_tree(tree, first, hit);
        }
        let (from, to) = if hit.span.start >= trigger.end {
            (trigger.end, hit.span.start)
        } else {
            (hit.span.end.min(trigger.start), trigger.start)
        };
        let between =
            tokens.iter().filter(|t| t.span.start >= from && t.span.end <= to).map(|t| t.span.of(self.text));
        let steps: u32 = between.map(|word| if is_border(word) { BORDER } else { 1 }).sum();
        (steps <= FARTHEST).then_some(steps)
    }

    /// By the tree: an expression belongs to the verb (or event noun) it hangs on. One that hangs on the trigger's own
    /// governors (`said on Sunday that … attacked`) is second best; one that hangs elsewhere is another event's.
    fn by_tree(&self, tree: &Tree, first: usize, hit: &DateHit) -> Option<u32> {
        let tokens = &self.sentence.tokens;
        let last = tokens
            .iter()
            .rposition(|t| t.span.start < hit.span.end)
            .unwrap_or(first)
            .min(tree.words.len() - 1);
        let trigger = self.claim.trigger.0 as usize;
        // The token of the hit whose head stands outside it.
        let top = (first..=last)
            .find(|&i| tree.head(i).is_none_or(|head| !(first..=last).contains(&head)))
            .unwrap_or(first);
        let near = first.abs_diff(trigger) as u32;
        let mut at = top;
        for _ in 0..tree.words.len() {
            let Some(head) = tree.head(at) else { break };
            if head == trigger || (self.claim.trigger.0..self.claim.trigger.1).contains(&(head as u16)) {
                return Some(near);
            }
            if matches!(tree.words[head].upos, Upos::Verb | Upos::Aux) {
                // Light verbs, "held talks on Sunday": the noun hangs on the verb that the date hangs on.
                let direct = tree.head(trigger) == Some(head)
                    && matches!(tree.words[trigger].upos, Upos::Noun | Upos::Propn);
                // A trigger coordinated with it shares its time when none stands nearer.
                let shared =
                    tree.head(trigger) == Some(head) && tree.words[trigger].rel == crate::model::Rel::Conj;
                return match () {
                    () if direct => Some(near),
                    () if shared => Some(near + BORDER),
                    () if tree.within(trigger, head) && self.claim.tense != Tense::Future => {
                        Some(near + 4 * BORDER)
                    }
                    () => None,
                };
            }
            at = head;
        }
        // It hangs on nothing that acts (headlines, fragments): nearness must do.
        (near <= FARTHEST).then_some(near + 2 * BORDER)
    }

    /// The days a hit stands for here: a bare weekday by the claim's tense, a period cut at the article's day when the
    /// claim is past.
    fn days(&self, hit: &DateHit) -> (NaiveDate, NaiveDate) {
        let today = self.article.day();
        if let Some(day) = bare_weekday(hit.span.of(self.text)) {
            let day = weekday(day, None, Some(self.claim.tense), today);
            return (day, day);
        }
        let start = hit.start.unwrap_or(today);
        let end = hit.end.unwrap_or(start).max(start);
        let past = self.claim.tense == Tense::Past && start <= today;
        (start, if past { end.min(today.max(start)) } else { end })
    }

    /// How many days the event lasts, when the sentence says so beside the trigger, and whether it is then over:
    /// `four-day visit`, `visited for three days`, `ended a two-week siege`.
    fn duration(&self) -> Option<(u32, bool)> {
        let (from, to) = (self.sentence.span.start as usize, self.sentence.span.end as usize);
        let pieces = lex(self.text, from, to);
        let start = pieces.iter().position(|p| p.end > self.claim.span.start as usize)?;
        let end = pieces.iter().rposition(|p| p.start < self.claim.span.end as usize)? + 1;
        let found = (start.saturating_sub(8)..pieces.len().min(end + 8))
            .find_map(|at| self.lasting(&pieces, at, start, end))?;
        let before = &pieces[start.saturating_sub(8)..end];
        const OVER: &[&str] = &[
            "end",
            "ends",
            "ended",
            "ending",
            "concluded",
            "concludes",
            "wrapped",
            "completed",
            "finished",
            "closed",
        ];
        Some((found, before.iter().any(|piece| piece.is_any(OVER))))
    }

    /// The days of a duration whose number is piece `at`, if it measures the trigger at `start..end`.
    fn lasting(&self, pieces: &[Lex<'_>], at: usize, start: usize, end: usize) -> Option<u32> {
        let count = match pieces[at].sym {
            Sym::Num(count, 1..=2) => count,
            Sym::Count(count) if !pieces[at].is_any(&["a", "an"]) => count,
            _ => return None,
        };
        let joined = pieces.get(at + 1).is_some_and(|p| matches!(p.sym, Sym::Sign('-' | '‑')));
        let unit = at + 1 + usize::from(joined);
        let Sym::Unit(of, plural) = pieces.get(unit)?.sym else { return None };
        // "a ten-day ultimatum" lasts, but what was done with it does not.
        const MEASURES: &[&str] = &[
            "old",
            "deadline",
            "ultimatum",
            "notice",
            "window",
            "period",
            "high",
            "low",
            "average",
            "delay",
            "extension",
            "term",
            "sentence",
        ];
        if pieces.get(unit + 1).is_some_and(|p| p.is_any(MEASURES))
            || pieces.get(unit + 2).is_some_and(|p| p.is("old"))
        {
            return None;
        }
        let days = match of {
            Unit::Day => count,
            Unit::Week => count * 7,
            _ => return None,
        };
        // "a four-day [official] visit": between it and the trigger, or right after a trigger verb ("began a
        // four-day visit"), only a few words; "for three days" stands after the trigger.
        let attributive = joined && !plural && (unit < end + 6) && unit + 4 >= start.saturating_sub(1);
        let adverbial =
            plural && at > end.saturating_sub(1) && pieces[at - 1].is_any(&["for", "lasting", "over"]);
        ((2..=90).contains(&days) && (attributive || adverbial)).then_some(days)
    }
}

fn is_border(word: &str) -> bool {
    matches!(word, ";" | ":" | "—" | "–") || BORDERS.iter().any(|b| b.eq_ignore_ascii_case(word))
}
