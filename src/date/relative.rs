//! Expressions that lean on the article's day or on a date named before: `last week`, `two days ago`.

use super::grammar::{Expr, Match, Pieces, YearRef};
use super::lex::{Sym, Unit};

impl Pieces<'_> {
    /// What begins with `last`, `this`, `next`.
    pub(super) fn direction(&self, at: usize, dir: i32) -> Match {
        let the = self.before(at, &["the"]);
        match self.sym(at + 1)? {
            Sym::Day(..) => self.weekday(at + 1, Some(dir)),
            Sym::Month(month, _) => {
                let last_day = self.day(at + 2).is_some();
                (!last_day).then_some((at + 2, Expr::Month { year: YearRef::Open, month, dir: Some(dir) }))
            }
            Sym::Season(season) => Some((at + 2, Expr::Season(season, YearRef::Shift(dir)))),
            Sym::Part(part) if dir == 0 => Some((at + 2, Expr::Today(0, Some(part)))),
            Sym::Part("NI") if dir == -1 => Some((at + 2, Expr::Today(-1, Some("NI")))),
            Sym::Unit(Unit::Quarter, false) => {
                let (year, to) = self.year_after(at + 2);
                if dir == -1 && year != YearRef::Open {
                    Some((to, Expr::Quarter(5, year)))
                } else {
                    Some((at + 2, Expr::Near(Unit::Quarter, dir)))
                }
            }
            // "the next day" speaks of the day named last; "this day" of none.
            Sym::Unit(Unit::Day, false) if the && dir != 0 => Some((at + 2, Expr::FromLast(Unit::Day, dir))),
            Sym::Unit(Unit::Day, _) | Sym::Unit(_, true) => None,
            // "the last week of March", "the next year of talks"
            Sym::Unit(_, false) if the && self.is(at + 2, &["of"]) => None,
            Sym::Unit(Unit::Year, false) if the && self.0[at].is("previous") => {
                Some((at + 2, Expr::FromLast(Unit::Year, -1)))
            }
            Sym::Unit(unit, false) if !(the && dir == 1) => Some((at + 2, Expr::Near(unit, dir))),
            _ => None,
        }
    }

    /// `the third quarter of 2026`, `first half of last year`.
    pub(super) fn nth(&self, at: usize, nth: u32) -> Match {
        let unit = at + 1 + usize::from(self.sign(at + 1, '-'));
        let (year, to) = self.year_after(unit + 1);
        match self.sym(unit)? {
            Sym::Unit(Unit::Quarter, false) if nth <= 4 => Some((to, Expr::Quarter(nth, year))),
            Sym::Word if nth <= 2 && self.is(unit, &["half"]) && year != YearRef::Open => {
                Some((to, Expr::Half(nth, year)))
            }
            _ => None,
        }
    }

    /// `two days ago`, `a week earlier`, `three months later`; the count stands before `unit`.
    pub(super) fn counted(&self, at: usize, unit: usize, count: u32) -> Match {
        let Sym::Unit(unit_of, _) = self.sym(unit)? else { return None };
        if matches!(unit_of, Unit::Weekend | Unit::Quarter) {
            return None;
        }
        let count = count.min(500) as i32;
        match () {
            () if self.is(unit + 1, &["ago"]) => Some((unit + 2, Expr::Shift(unit_of, -count))),
            () if self.is(unit + 1, &["earlier", "before"]) && unit_of == Unit::Day => {
                Some((unit + 2, Expr::FromLast(unit_of, -count)))
            }
            () if self.is(unit + 1, &["later"]) && self.is(unit + 2, &["than"]) => None,
            () if self.is(unit + 1, &["later"]) && unit_of == Unit::Day => {
                Some((unit + 2, Expr::FromLast(unit_of, count)))
            }
            () if self.before(at, &["in"]) && self.looks_ahead(at) => {
                Some((unit + 1, Expr::Shift(unit_of, count)))
            }
            () => None,
        }
    }

    /// Whether `in two weeks` is a time to come: something in the clause says `will`.
    pub(super) fn looks_ahead(&self, at: usize) -> bool {
        self.0[at.saturating_sub(10)..at]
            .iter()
            .any(|piece| piece.is_any(&["will", "ll", "due", "scheduled", "expire", "expires"]))
    }

    /// `summer 2026`, `the summer of last year`, `in spring`.
    pub(super) fn season(&self, at: usize, season: &'static str) -> Match {
        let (year, to) = self.year_after(at + 1);
        let fall = self.is(at, &["fall", "spring"]);
        let placed = self.before(at, &["in", "early", "late", "since", "by", "until"])
            || (self.before(at, &["the"]) && at > 1 && self.is(at - 2, &["in", "during", "by", "until"]));
        match year {
            YearRef::Open => (placed && !(fall && self.is(at + 1, &["of"])))
                .then_some((at + 1, Expr::Season(season, year))),
            _ => Some((to, Expr::Season(season, year))),
        }
    }

    /// What begins with an ordinary word.
    pub(super) fn worded(&self, at: usize) -> Match {
        let piece = &self.0[at];
        if piece.text == "Q"
            && let Some(Sym::Num(q @ 1..=4, 1)) = self.sym(at + 1)
            && !self.0[at + 1].spaced
        {
            let (year, to) = self.year_after(at + 2);
            return Some((to, Expr::Quarter(q, year)));
        }
        let unit_after = |at: usize| match self.sym(at) {
            Some(Sym::Unit(unit, false)) => Some(unit),
            _ => None,
        };
        if piece.is("final") && unit_after(at + 1) == Some(Unit::Quarter) {
            let (year, to) = self.year_after(at + 2);
            return (year != YearRef::Open).then_some((to, Expr::Quarter(5, year)));
        }
        if piece.is_any(&["same", "that"]) && (piece.is("that") || self.before(at, &["the"])) {
            return match unit_after(at + 1)? {
                unit @ (Unit::Day | Unit::Year | Unit::Month) => Some((at + 2, Expr::FromLast(unit, 0))),
                _ => None,
            };
        }
        if piece.is("following") && self.before(at, &["the"]) {
            return unit_after(at + 1)
                .filter(|u| *u == Unit::Day)
                .map(|unit| (at + 2, Expr::FromLast(unit, 1)));
        }
        if piece.is("past") && self.before(at, &["this", "the"]) {
            return unit_after(at + 1)
                .filter(|u| matches!(u, Unit::Week | Unit::Weekend))
                .map(|u| (at + 2, Expr::Near(u, -1)));
        }
        if piece.is("the") {
            return self.article(at);
        }
        None
    }

    /// `the weekend`, `the end of the year`, `the day before`.
    pub(super) fn article(&self, at: usize) -> Match {
        match self.sym(at + 1)? {
            Sym::Unit(Unit::Weekend, false) => Some((at + 2, Expr::Near(Unit::Weekend, -1))),
            Sym::Unit(Unit::Day, false) if self.is(at + 2, &["before", "after"]) => {
                // "the day before the talks" is counted from the talks, which nobody has dated.
                let ends =
                    self.0.get(at + 3).is_none_or(|next| matches!(next.sym, Sym::Sign('.' | ',' | ';')));
                let shift = if self.is(at + 2, &["before"]) { -1 } else { 1 };
                ends.then_some((at + 3, Expr::FromLast(Unit::Day, shift)))
            }
            Sym::Unit(Unit::Day, false) => {
                let part = self.before(at, &["in"])
                    && at > 1
                    && self.is(at - 2, &["late", "later", "earlier", "early"]);
                let closes = self
                    .before(at, &["end", "ends", "ended", "ending", "finish", "finished", "close", "closed"]);
                (part || closes).then_some((at + 2, Expr::FromLast(Unit::Day, 0)))
            }
            Sym::Unit(unit @ (Unit::Year | Unit::Month | Unit::Week), false) => {
                let edge = at > 1
                    && self.is(at - 1, &["of"])
                    && self.is(at - 2, &["end", "beginning", "start", "rest", "course"]);
                edge.then_some((at + 2, Expr::Near(unit, 0)))
            }
            _ => None,
        }
    }
}
