//! Where sentences end.
//!
//! A stop ends a sentence when white space and a plausible beginning follow, and the word before it is no
//! abbreviation that goes on. A line break always ends one.

use super::tokens::{is_closer, is_opener};
use crate::model::Span;

/// Abbreviations that stand before a name or number: a stop after them never ends a sentence.
const LEADING: &[&str] = &[
    "adm", "amb", "art", "brig", "capt", "cf", "cmdr", "col", "cpl", "dr", "e.g", "eg", "fig", "ft", "gen",
    "gov", "hon", "i.e", "ie", "lt", "maj", "messrs", "mr", "mrs", "ms", "mt", "mx", "no", "nos", "pp",
    "pres", "prof", "pvt", "rep", "reps", "rev", "sec", "sen", "sens", "sgt", "st", "supt", "v", "vs",
];

/// Abbreviations that may close a sentence: one does so only when a word follows that usually begins one.
const TRAILING: &[&str] = &[
    "al", "apr", "assn", "aug", "ave", "b.c", "bhd", "blvd", "bros", "ca", "cie", "co", "corp", "dec",
    "dept", "dist", "est", "etc", "feb", "fri", "govt", "inc", "intl", "jan", "jr", "jul", "jun", "ltd",
    "mon", "natl", "nov", "oct", "plc", "sept", "sep", "sr", "thu", "thurs", "tue", "tues", "wed", "univ",
    "vol",
];

/// Words that begin sentences and hardly ever follow an abbreviation inside one.
const STARTERS: &[&str] = &[
    "A",
    "According",
    "After",
    "All",
    "Also",
    "Although",
    "Among",
    "An",
    "And",
    "Another",
    "Any",
    "As",
    "At",
    "Because",
    "Before",
    "Both",
    "But",
    "By",
    "Despite",
    "During",
    "Each",
    "Earlier",
    "Even",
    "For",
    "From",
    "Further",
    "He",
    "Her",
    "Here",
    "His",
    "How",
    "However",
    "I",
    "If",
    "In",
    "Instead",
    "It",
    "Its",
    "Last",
    "Later",
    "Many",
    "Meanwhile",
    "More",
    "Most",
    "My",
    "No",
    "Nor",
    "Not",
    "Now",
    "On",
    "Once",
    "One",
    "Only",
    "Or",
    "Other",
    "Others",
    "Our",
    "She",
    "Since",
    "So",
    "Some",
    "Still",
    "Such",
    "That",
    "The",
    "Their",
    "Then",
    "There",
    "These",
    "They",
    "This",
    "Those",
    "Though",
    "Through",
    "Thus",
    "To",
    "Two",
    "Under",
    "Until",
    "We",
    "What",
    "When",
    "Where",
    "Whether",
    "Which",
    "While",
    "Who",
    "Why",
    "With",
    "Yet",
    "You",
];

/// The sentences of `text` from byte `from` on, trimmed of white space.
pub fn sentences(text: &str, from: usize) -> Vec<Span> {
    let mut out = Vec::new();
    let mut start = from.min(text.len());
    while !text.is_char_boundary(start) {
        start += 1;
    }
    while start < text.len() {
        let end = memchr::memchr2(b'\n', b'\r', &text.as_bytes()[start..]).map_or(text.len(), |n| start + n);
        paragraph(text, start, end, &mut out);
        start = end + 1;
    }
    out
}

/// Appends the sentences between two line breaks.
fn paragraph(text: &str, start: usize, end: usize, out: &mut Vec<Span>) {
    let bytes = text.as_bytes();
    let mut begin = start;
    let mut at = start;
    while let Some(n) = next_stop(&bytes[at..end]) {
        let stop = at + n;
        let Some(run) = stop_run(&text[stop..end]) else {
            at = stop + 1;
            continue;
        };
        let after = stop + run + closers(&text[stop + run..end]);
        if ends(text, begin, stop, run, after, end) {
            push(text, begin, after, out);
            begin = after;
        }
        at = after;
    }
    push(text, begin, end, out);
}

/// The next byte that may open a run of stops: `.`, `!`, `?` or the first byte of `…`.
fn next_stop(bytes: &[u8]) -> Option<usize> {
    let ascii = memchr::memchr3(b'.', b'!', b'?', bytes);
    let upto = ascii.unwrap_or(bytes.len());
    memchr::memmem::find(&bytes[..upto], "…".as_bytes()).or(ascii)
}

/// The length in bytes of the run of stops at the head of `text`, if there is one.
fn stop_run(text: &str) -> Option<usize> {
    let run = text.find(|c| !matches!(c, '.' | '!' | '?' | '…')).unwrap_or(text.len());
    (run > 0).then_some(run)
}

/// The length of the closing quotes and brackets at the head of `text`.
fn closers(text: &str) -> usize {
    text.find(|c| !is_closer(c)).unwrap_or(text.len())
}

/// Whether the run of stops at `stop` ends the sentence that began at `begin`.
fn ends(text: &str, begin: usize, stop: usize, run: usize, after: usize, end: usize) -> bool {
    let rest = &text[after..end];
    let trimmed = rest.trim_start();
    if trimmed.is_empty() {
        return true;
    }
    let single = run == 1 && text.as_bytes()[stop] == b'.';
    if trimmed.len() == rest.len() {
        return single && after == stop + 1 && glued(&text[begin..stop], rest);
    }
    let next = trimmed.trim_start_matches(is_opener);
    let Some(first) = next.chars().next() else { return true };
    if first.is_lowercase() || matches!(first, ',' | ';' | ':' | ')' | ']') {
        return false;
    }
    if !single || after > stop + 1 {
        return true;
    }
    !continues(&text[begin..stop], next)
}

/// Whether two sentences were run together without a space: `the end.The next`.
fn glued(before: &str, rest: &str) -> bool {
    let mut next = rest.chars();
    let opens = next.next().is_some_and(char::is_uppercase) && next.next().is_some_and(char::is_lowercase);
    let mut last = before.chars().rev();
    opens && (0..3).all(|_| last.next().is_some_and(char::is_lowercase)) && !before.ends_with("www")
}

/// Whether the word before a full stop is an abbreviation that `next` carries on.
fn continues(before: &str, next: &str) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace()).next().unwrap_or("");
    let word = word.trim_start_matches(|c: char| !c.is_alphanumeric());
    // Only the last part of `Minister/Gen` or `Moscow-St` matters.
    let word = word.rsplit(['-', '/', '(', '–', '—']).next().unwrap_or(word);
    let digit = next.starts_with(|c: char| c.is_ascii_digit());
    let mut chars = word.chars();
    let Some(first) = chars.next() else { return false };
    let alone = chars.next().is_none();
    if word.bytes().all(|b| b.is_ascii_digit()) {
        // `1. Introduction`: the number of a list item stands at the head of its sentence.
        return before.trim_start() == word && word.len() <= 2;
    }
    let lower = word.to_lowercase();
    if lower == "no" || lower == "nos" || lower == "art" || lower == "fig" || lower == "sec" {
        return digit;
    }
    if LEADING.contains(&lower.as_str())
        && (first.is_uppercase() || lower.contains('.') || lower.starts_with('v'))
    {
        return true;
    }
    let dotted = word.contains('.') && word.split('.').all(|p| p.chars().count() <= 2);
    if alone && first.is_uppercase() || dotted || TRAILING.contains(&lower.as_str()) {
        let word = next.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        return !STARTERS.contains(&word);
    }
    false
}

/// Appends `start..end` without its outer white space, if anything is left.
fn push(text: &str, start: usize, end: usize, out: &mut Vec<Span>) {
    let whole = &text[start..end];
    let head = whole.len() - whole.trim_start().len();
    let body = whole.trim();
    if !body.is_empty() {
        out.push(Span::new(start + head, start + head + body.len()));
    }
}
