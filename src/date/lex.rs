//! Words, numbers and signs of a sentence, with what they mean for time.

use chrono::Weekday;

/// A stretch of time that language counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Unit {
    Day,
    Week,
    Weekend,
    Month,
    Quarter,
    Year,
    Decade,
}

/// What a piece of text means for time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sym {
    /// A month's name, 1-12; `true` where it is an everyday word as well (May, March).
    Month(u32, bool),
    /// A day of the week; `true` when abbreviated.
    Day(Weekday, bool),
    /// Digits: their value and how many.
    Num(u32, usize),
    /// `one`, `two` … as a word, `a` and `an` included.
    Count(u32),
    /// `first` … `twelfth`; `last` and `final` are directions.
    Nth(u32),
    /// `day`, `weeks`, `month` …; `true` for the plural.
    Unit(Unit, bool),
    /// `morning` `MO`, `evening` `EV` …: the TIMEX3 part of the day.
    Part(&'static str),
    /// `spring` `SP`, `summer` `SU`, `autumn` `FA`, `winter` `WI`.
    Season(&'static str),
    /// `last` -1, `this` 0, `next` 1.
    Dir(i32),
    /// `yesterday` -1, `today` 0, `tomorrow` 1.
    Today(i32),
    /// Any other word.
    Word,
    /// Any other character.
    Sign(char),
}

/// One piece of a sentence.
#[derive(Clone, Copy, Debug)]
pub struct Lex<'a> {
    /// As written.
    pub text: &'a str,
    /// First byte in the field.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
    /// Whether a blank (or the sentence's start) stands before it.
    pub spaced: bool,
    /// Its meaning.
    pub sym: Sym,
}

impl Lex<'_> {
    /// Whether it is this word, in any case.
    pub fn is(&self, word: &str) -> bool {
        self.text.eq_ignore_ascii_case(word)
    }

    /// Whether it is one of these words, in any case.
    pub fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    /// Whether it begins with a capital.
    pub fn is_capital(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }
}

/// Cuts `text[from..to]` into pieces; offsets are those of `text`.
pub fn lex(text: &str, from: usize, to: usize) -> Vec<Lex<'_>> {
    let mut out = Vec::with_capacity((to - from) / 5);
    let mut spaced = true;
    let mut chars = text[from..to].char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c.is_whitespace() {
            spaced = true;
            continue;
        }
        let kind = |c: char| if c.is_ascii_digit() { 1 } else { 2 * u8::from(c.is_alphabetic()) };
        let mut end = at + c.len_utf8();
        while kind(c) > 0
            && let Some((next, d)) = chars.peek().copied().filter(|(_, d)| kind(*d) == kind(c))
        {
            end = next + d.len_utf8();
            chars.next();
        }
        let (start, end) = (from + at, from + end);
        let piece = &text[start..end];
        let sym = match kind(c) {
            0 => Sym::Sign(c),
            1 => Sym::Num(piece.parse().unwrap_or(u32::MAX), piece.len()),
            _ => word(piece),
        };
        out.push(Lex { text: piece, start, end, spaced, sym });
        spaced = false;
    }
    out
}

/// The meaning of a word.
fn word(text: &str) -> Sym {
    // The longest words of time have nine letters; all are ASCII.
    if text.len() > 10 || !text.is_ascii() {
        return Sym::Word;
    }
    let mut lower = [0u8; 10];
    let lower = &mut lower[..text.len()];
    lower.copy_from_slice(text.as_bytes());
    lower.make_ascii_lowercase();
    let lower = std::str::from_utf8(lower).unwrap_or("");
    let capital = text.as_bytes()[0].is_ascii_uppercase();
    if capital && let Some(name) = calendar(lower) {
        return name;
    }
    relative(lower).or_else(|| number(lower)).unwrap_or(Sym::Word)
}

/// Names of months and days, which English writes with a capital.
fn calendar(lower: &str) -> Option<Sym> {
    use Weekday::*;
    Some(match lower {
        "january" | "jan" => Sym::Month(1, false),
        "february" | "feb" => Sym::Month(2, false),
        "march" => Sym::Month(3, true),
        "mar" => Sym::Month(3, true),
        "april" | "apr" => Sym::Month(4, false),
        "may" => Sym::Month(5, true),
        "june" | "jun" => Sym::Month(6, false),
        "july" | "jul" => Sym::Month(7, false),
        "august" | "aug" => Sym::Month(8, false),
        "september" | "sept" | "sep" => Sym::Month(9, false),
        "october" | "oct" => Sym::Month(10, false),
        "november" | "nov" => Sym::Month(11, false),
        "december" | "dec" => Sym::Month(12, false),
        "monday" => Sym::Day(Mon, false),
        "tuesday" => Sym::Day(Tue, false),
        "wednesday" => Sym::Day(Wed, false),
        "thursday" => Sym::Day(Thu, false),
        "friday" => Sym::Day(Fri, false),
        "saturday" => Sym::Day(Sat, false),
        "sunday" => Sym::Day(Sun, false),
        "mon" => Sym::Day(Mon, true),
        "tue" | "tues" => Sym::Day(Tue, true),
        "wed" | "weds" => Sym::Day(Wed, true),
        "thu" | "thur" | "thurs" => Sym::Day(Thu, true),
        "fri" => Sym::Day(Fri, true),
        "sat" => Sym::Day(Sat, true),
        "sun" => Sym::Day(Sun, true),
        _ => return None,
    })
}

fn relative(lower: &str) -> Option<Sym> {
    Some(match lower {
        "day" => Sym::Unit(Unit::Day, false),
        "days" => Sym::Unit(Unit::Day, true),
        "week" => Sym::Unit(Unit::Week, false),
        "weeks" => Sym::Unit(Unit::Week, true),
        "weekend" => Sym::Unit(Unit::Weekend, false),
        "month" => Sym::Unit(Unit::Month, false),
        "months" => Sym::Unit(Unit::Month, true),
        "quarter" => Sym::Unit(Unit::Quarter, false),
        "year" => Sym::Unit(Unit::Year, false),
        "years" => Sym::Unit(Unit::Year, true),
        "decade" => Sym::Unit(Unit::Decade, false),
        "decades" => Sym::Unit(Unit::Decade, true),
        "morning" => Sym::Part("MO"),
        "afternoon" => Sym::Part("AF"),
        "evening" => Sym::Part("EV"),
        "night" => Sym::Part("NI"),
        "spring" => Sym::Season("SP"),
        "summer" => Sym::Season("SU"),
        "autumn" | "fall" => Sym::Season("FA"),
        "winter" => Sym::Season("WI"),
        "last" | "previous" => Sym::Dir(-1),
        "this" | "current" => Sym::Dir(0),
        "next" | "coming" => Sym::Dir(1),
        "yesterday" => Sym::Today(-1),
        "today" | "tonight" => Sym::Today(0),
        "tomorrow" => Sym::Today(1),
        _ => return None,
    })
}

fn number(lower: &str) -> Option<Sym> {
    const COUNTS: [&str; 16] = [
        "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen",
    ];
    const NTHS: [&str; 12] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
        "eleventh", "twelfth",
    ];
    let place = |list: &[&str]| list.iter().position(|w| *w == lower).map(|i| i as u32 + 1);
    match lower {
        "a" | "an" => return Some(Sym::Count(1)),
        "twenty" => return Some(Sym::Count(20)),
        "thirty" => return Some(Sym::Count(30)),
        _ => {}
    }
    place(&COUNTS).map(Sym::Count).or_else(|| place(&NTHS).map(Sym::Nth))
}
