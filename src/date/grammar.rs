//! The expressions: which pieces, side by side, name a time.

use chrono::{NaiveDate, Weekday};

use super::lex::{Lex, Sym, Unit};

/// A year named outright, by reference to the article's, or not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YearRef {
    /// `2026`.
    Named(i32),
    /// `last year` -1.
    Shift(i32),
    /// None.
    Open,
}

/// What an expression says, before it is put in the article's time.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// A date in figures with its one or two readings.
    Numeric(Vec<NaiveDate>),
    /// A day of a month, or several (`until`: the last of them).
    Date {
        /// Its year.
        year: YearRef,
        /// 1-12.
        month: u32,
        /// 1-31.
        day: u32,
        /// The month and day a range ends on.
        until: Option<(u32, u32)>,
    },
    /// A month.
    Month {
        /// Its year.
        year: YearRef,
        /// 1-12.
        month: u32,
        /// `last October` -1.
        dir: Option<i32>,
    },
    /// A quarter, 1-4; 5 is the last.
    Quarter(u32, YearRef),
    /// `H1`, `H2`.
    Half(u32, YearRef),
    /// A year.
    Year(i32),
    /// A decade by its first three figures.
    Decade(i32),
    /// A century by its first two figures.
    Century(i32),
    /// A day of the week, `last` -1 or `next` 1, with a part of the day.
    Weekday(Weekday, Option<i32>, Option<&'static str>),
    /// `yesterday` -1 …, with a part of the day.
    Today(i32, Option<&'static str>),
    /// `last week` -1, `this year` 0, `next month` 1.
    Near(Unit, i32),
    /// So many units from the article's day: `two days ago` -2.
    Shift(Unit, i32),
    /// So many units from the date named last: `the next day` 1, `the same day` 0.
    FromLast(Unit, i32),
    /// A season.
    Season(&'static str, YearRef),
}

/// An expression and the pieces it takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// First piece.
    pub from: usize,
    /// One past the last.
    pub to: usize,
    /// What it says.
    pub expr: Expr,
}

/// The expression that begins at piece `at`.
pub fn at(pieces: &[Lex<'_>], at: usize) -> Option<Found> {
    let p = Pieces(pieces);
    let found = match pieces[at].sym {
        Sym::Num(..) => p.figures(at),
        Sym::Month(..) => p.month(at),
        Sym::Day(..) => p.weekday(at, None),
        Sym::Dir(dir) => p.direction(at, dir),
        Sym::Nth(nth) => p.nth(at, nth),
        Sym::Count(count) => p.counted(at, at + 1, count),
        Sym::Today(shift) => {
            let part = if pieces[at].is("tonight") { Some("NI") } else { p.part(at + 1) };
            Some((at + 1 + usize::from(p.part(at + 1).is_some()), Expr::Today(shift, part)))
        }
        Sym::Season(season) => p.season(at, season),
        Sym::Sign('\'') => p.short_year(at),
        Sym::Word | Sym::Unit(..) => p.worded(at),
        _ => None,
    };
    found.map(|(to, expr)| Found { from: at, to, expr })
}

/// The pieces of a sentence, asked by place.
pub(super) struct Pieces<'a>(pub &'a [Lex<'a>]);

/// The place after an expression, and what it says.
pub(super) type Match = Option<(usize, Expr)>;

impl Pieces<'_> {
    pub(super) fn sym(&self, at: usize) -> Option<Sym> {
        self.0.get(at).map(|piece| piece.sym)
    }

    pub(super) fn is(&self, at: usize, words: &[&str]) -> bool {
        self.0.get(at).is_some_and(|piece| piece.is_any(words))
    }

    pub(super) fn before(&self, at: usize, words: &[&str]) -> bool {
        at > 0 && self.is(at - 1, words)
    }

    pub(super) fn sign(&self, at: usize, sign: char) -> bool {
        self.sym(at) == Some(Sym::Sign(sign))
    }

    pub(super) fn part(&self, at: usize) -> Option<&'static str> {
        match self.sym(at)? {
            Sym::Part(part) => Some(part),
            _ => None,
        }
    }

    /// A day of the month in figures, with its `st` or `th`: the value and the place after it.
    pub(super) fn day(&self, at: usize) -> Option<(u32, usize)> {
        match self.sym(at)? {
            Sym::Num(day @ 1..=31, 1..=2) => {
                let suffix =
                    self.0.get(at + 1).is_some_and(|n| !n.spaced && n.is_any(&["st", "nd", "rd", "th"]));
                // "5,000", "5.5 million", "5%", "10:30" are no days.
                let run = self.0.get(at + 1 + usize::from(suffix)).is_some_and(|next| {
                    let figure = matches!(self.sym(at + 2), Some(Sym::Num(..))) && !self.0[at + 2].spaced;
                    !next.spaced
                        && (matches!(next.sym, Sym::Sign('%' | ':'))
                            || matches!(next.sym, Sym::Sign(',' | '.')) && figure)
                });
                (!run).then_some((day, at + 1 + usize::from(suffix)))
            }
            _ => None,
        }
    }

    /// A year of four figures that may stand beside a month.
    pub(super) fn year(&self, at: usize) -> Option<(i32, usize)> {
        match self.sym(at)? {
            Sym::Num(year @ 1000..=2199, 4) if !self.runs_on(at) => Some((year as i32, at + 1)),
            _ => None,
        }
    }

    /// Whether figures are part of a longer number or a code.
    pub(super) fn runs_on(&self, at: usize) -> bool {
        let (this, next) = (self.0[at], self.0.get(at + 1));
        let code = at > 0
            && !this.spaced
            && match self.0[at - 1].sym {
                Sym::Sign('-' | '–' | '‑') => {
                    at > 1
                        && !matches!(self.0[at - 2].sym, Sym::Num(_, 4))
                        && !self.is(at - 2, &["mid", "early", "late", "pre", "post"])
                }
                Sym::Sign('(' | '[' | '"' | '“' | '\'' | '/' | '—') => false,
                _ => true,
            };
        let longer = next.is_some_and(|next| {
            let figure = self.0.get(at + 2).is_some_and(|n| !n.spaced && matches!(n.sym, Sym::Num(..)));
            !next.spaced
                && (matches!(next.sym, Sym::Sign('%' | ':'))
                    || (matches!(next.sym, Sym::Sign(',' | '.')) && figure)
                    || next.is("km"))
        });
        code || longer
    }

    /// A year after an optional comma or `of`, or `last year` after `of`: the reference and the place after it.
    pub(super) fn year_after(&self, at: usize) -> (YearRef, usize) {
        let skip = usize::from(self.sign(at, ',') || self.is(at, &["of", "in"]));
        if let Some((year, to)) = self.year(at + skip) {
            return (YearRef::Named(year), to);
        }
        let skip = usize::from(self.is(at, &["of", "in"]));
        let skip = skip + usize::from(self.is(at + skip, &["the"]));
        match (self.sym(at + skip), self.sym(at + skip + 1)) {
            (Some(Sym::Dir(dir)), Some(Sym::Unit(Unit::Year, false))) => (YearRef::Shift(dir), at + skip + 2),
            _ => (YearRef::Open, at),
        }
    }
}
