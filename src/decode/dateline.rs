//! The opening of a wire story: `BRUSSELS, Nov 22 (Wire) -`.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use regex::Regex;

use crate::model::Dateline;

/// `, Nov. 22, 2031`; the year may be missing.
const DAY: &str = concat!(
    r"(?:,? (?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?",
    r" (?P<day>\d{1,2})(?:, ?(?P<year>\d{4}))?)?"
);
/// ` (Wire)`
const AGENCY: &str = r"(?P<agency>,? ?\([^)\n]{2,40}\))?";
/// What separates it from the story.
const END: &str = r"(?:(?P<dash> ?[-–—]{1,2} |[–—])|: )";

/// A place in capitals, perhaps with its country: `GRAZ, Austria`, `WASHINGTON, D.C.`
static CAPITALS: LazyLock<Regex> = LazyLock::new(|| {
    let place = r"(?P<place>\p{Lu}[\p{Lu}.'\- /]+(?:, ?\p{Lu}[\p{Lu}.' ]+)?)";
    let country = r"(?:, (?:\p{Lu}[\p{L}.']* ?){1,3})??";
    Regex::new(&format!("^{place}{country}{DAY}{AGENCY}{END}")).expect("a fixed pattern")
});

/// A place in ordinary letters: only believed with an agency or a day beside it.
static MIXED: LazyLock<Regex> = LazyLock::new(|| {
    let place = r"(?P<place>\p{Lu}[\p{L}.']+(?:[ \-]\p{Lu}[\p{L}.']+){0,3}(?:, \p{Lu}[\p{L}.]+)?)";
    Regex::new(&format!("^{place}{DAY}{AGENCY}{END}")).expect("a fixed pattern")
});

/// Finds the dateline at the start of a body. `spoken` is the day the article speaks from: it settles the year.
pub fn find(text: &str, spoken: NaiveDate) -> Option<Dateline> {
    let head = super::text_norm::prefix(text, 160);
    let mut letters = head.chars();
    let found = if letters.next()?.is_uppercase() && letters.next()?.is_uppercase() {
        CAPITALS.captures(head).filter(|c| {
            let marked = c.name("day").is_some() || c.name("agency").is_some();
            // "NATO: …" and "EU - …" are headings; a bare place needs a dash and more than an acronym's length.
            let place = c["place"].trim();
            marked || (c.name("dash").is_some() && place.len() >= 4 && !ACRONYMS.contains(&place))
        })
    } else if head.contains(['(', '-', '–', '—', ':']) {
        MIXED.captures(head).filter(|c| match (c.name("day"), c.name("agency")) {
            (Some(_), agency) => agency.is_some() || c[0].contains(','),
            (None, agency) => agency.is_some_and(|a| is_agency(a.as_str())),
        })
    } else {
        None
    }?;
    let number = |name: &str| found.name(name).and_then(|m| m.as_str().parse::<u32>().ok());
    let day = found.name("month").and_then(|month| {
        let month = month_number(month.as_str())?;
        let day = number("day")?;
        match number("year") {
            Some(year) => NaiveDate::from_ymd_opt(year as i32, month, day),
            None => nearest(month, day, spoken),
        }
    });
    Some(Dateline { place: found["place"].trim().to_owned(), day, len: found[0].len() as u32 })
}

/// Capitals that open a heading, not a story.
const ACRONYMS: &[&str] = &[
    "NATO",
    "UPDATE",
    "BREAKING",
    "EXCLUSIVE",
    "ANALYSIS",
    "OPINION",
    "FACTBOX",
    "EXPLAINER",
    "CORRECTED",
    "WATCH",
];

/// Brackets after a place hold an agency when they begin with a capital: `(AP)`, `(Reuters)`, `(dpa)`.
fn is_agency(bracket: &str) -> bool {
    let inner = bracket.trim_matches(|c: char| "(), ".contains(c));
    matches!(inner, "dpa" | "epa")
        || inner.split(' ').all(|w| w.starts_with(char::is_uppercase)) && inner.len() <= 30
}

fn month_number(name: &str) -> Option<u32> {
    const SHORT: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    SHORT.iter().position(|m| name.starts_with(m)).map(|i| i as u32 + 1)
}

/// The day of that name closest to the one spoken from: a dateline of 31 December is read in January.
fn nearest(month: u32, day: u32, spoken: NaiveDate) -> Option<NaiveDate> {
    (-1..=1)
        .filter_map(|shift| NaiveDate::from_ymd_opt(spoken.year() + shift, month, day))
        .min_by_key(|d| (*d - spoken).num_days().abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openings_of_wire_stories() {
        let spoken = NaiveDate::from_ymd_opt(2031, 1, 2).unwrap();
        let cases = [
            ("OSLO, Jan 1 (Wire) - The", "OSLO", Some("2031-01-01"), "The"),
            ("OSLO, Dec. 31 (Northern Wire) -- The", "OSLO", Some("2030-12-31"), "The"),
            ("TALLINN (NW) — The", "TALLINN", None, "The"),
            ("LISBON — The", "LISBON", None, "The"),
            ("NEW DELHI - The", "NEW DELHI", None, "The"),
            ("GENEVA/CAIRO, January 2, 2031 (Wire) - The", "GENEVA/CAIRO", Some("2031-01-02"), "The"),
            ("GRAZ, Austria (NW) — The", "GRAZ", None, "The"),
            ("WASHINGTON, D.C. (NW) – The", "WASHINGTON, D.C.", None, "The"),
            ("Oslo, Jan 1 (Wire) - The", "Oslo", Some("2031-01-01"), "The"),
            ("Oslo (NW) - The", "Oslo", None, "The"),
            ("ST. GALLEN, Jan 1: The", "ST. GALLEN", Some("2031-01-01"), "The"),
        ];
        for (text, place, day, rest) in cases {
            let found = find(text, spoken).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(found.place, place, "{text}");
            assert_eq!(found.day.map(|d| d.to_string()).as_deref(), day, "{text}");
            assert_eq!(&text[found.len as usize..], rest, "{text}");
        }
    }

    #[test]
    fn openings_of_other_stories() {
        let spoken = NaiveDate::from_ymd_opt(2031, 1, 2).unwrap();
        for text in [
            "The ministers met in Oslo - again.",
            "NATO: a history",
            "EU - Norway talks resume",
            "Norway (population 5 million) - a country",
            "He said - and meant it - that",
            "UPDATE - Talks resume",
        ] {
            assert_eq!(find(text, spoken), None, "{text}");
        }
    }
}
