//! Expressions with the name of a month or day, or with a year: what a calendar shows.

use super::grammar::{Expr, Match, Pieces, YearRef};
use super::lex::{Lex, Sym};
use super::numeric::numeric;

/// Words before a month that make `May` and `March` months.
const BEFORE_MONTH: &[&str] = &[
    "in", "since", "until", "till", "by", "last", "next", "this", "early", "late", "mid", "of", "from",
    "through", "during", "to", "between", "before", "after", "for", "and", "end", "around", "every", "each",
];

impl Pieces<'_> {
    /// What begins with figures.
    pub(super) fn figures(&self, at: usize) -> Match {
        if let Some((readings, len)) = numeric(self.0, at) {
            return Some((at + len, Expr::Numeric(readings)));
        }
        if let Some(found) = self.day_month(at) {
            return Some(found);
        }
        if let Sym::Num(count @ 1..=99, _) = self.0[at].sym
            && let Some(found) = self.counted(at, at + 1, count)
        {
            return Some(found);
        }
        if let Some((century, to)) = self.day(at)
            && to > at + 1
            && self.is(to, &["century"])
        {
            return Some((to + 1, Expr::Century(century as i32 - 1)));
        }
        if let Sym::Num(start, len @ (2 | 4)) = self.0[at].sym
            && start % 10 == 0
            && self.0.get(at + 1).is_some_and(|next| !next.spaced && next.is("s"))
        {
            let full = if len == 2 { 1900 + start } else { start };
            let plausible = (1700..2100).contains(&full)
                && (len == 4 || self.before(at, &["the", "'", "early", "late", "and", "mid"]));
            return plausible.then_some((at + 2, Expr::Decade(full as i32 / 10)));
        }
        let (year, to) = self.year(at)?;
        if (self.is(to, &["Q"]) || self.0.get(to).is_some_and(|next| next.text.starts_with('Q')))
            && let Some(Sym::Num(q @ 1..=4, 1)) = self.sym(to + 1)
        {
            return Some((to + 2, Expr::Quarter(q, YearRef::Named(year))));
        }
        self.is_year(at, year).then_some((to, Expr::Year(year)))
    }

    /// Whether four figures are a year and no amount.
    pub(super) fn is_year(&self, at: usize, year: i32) -> bool {
        const COUNTED: &[&str] = &[
            "people",
            "troops",
            "soldiers",
            "tons",
            "tonnes",
            "barrels",
            "kilometres",
            "kilometers",
            "miles",
            "metres",
            "meters",
            "feet",
            "dollars",
            "euros",
            "yuan",
            "rubles",
            "deaths",
            "cases",
            "jobs",
            "employees",
            "flights",
            "points",
            "dead",
            "wounded",
            "injured",
            "mw",
            "workers",
            "homes",
            "houses",
            "members",
            "men",
            "women",
            "children",
            "refugees",
            "migrants",
            "civilians",
            "delegates",
            "hectares",
            "gmt",
            "utc",
            "hours",
            "pounds",
            "prisoners",
            "police",
            "officers",
            "protesters",
            "megawatts",
            "square",
            "kilograms",
            "kg",
            "per",
        ];
        const MONEY: &[char] = &['$', '€', '£', '¥', '#'];
        let paid = at > 0 && matches!(self.0[at - 1].sym, Sym::Sign(sign) if MONEY.contains(&sign));
        let many = self.before(
            at,
            &["about", "over", "than", "nearly", "almost", "roughly", "least", "no", "page", "room"],
        );
        let near = self.before(
            at,
            &[
                "in", "since", "of", "by", "until", "from", "to", "early", "late", "mid", "year", "during",
                "before", "after", "and", "the", "through", "between", "around",
            ],
        );
        let plausible = if near { (1500..2100).contains(&year) } else { (1900..2060).contains(&year) };
        plausible && !paid && !many && !self.is(at + 1, COUNTED)
    }

    /// `22 November 2026`, `22nd of November`, `22-24 November`.
    pub(super) fn day_month(&self, at: usize) -> Match {
        let (day, mut to) = self.day(at)?;
        let mut last = None;
        if (self.sign(to, '-') || self.sign(to, '–') || self.is(to, &["to", "and"]))
            && let Some((second, after)) = self.day(to + 1)
            && second > day
        {
            (last, to) = (Some(second), after);
        }
        to += usize::from(self.is(to, &["of"]));
        let Some(Sym::Month(month, _)) = self.sym(to) else { return None };
        to += 1 + usize::from(self.is_abbreviated(to) && self.sign(to + 1, '.'));
        let (year, to) = self.year_beside(to);
        Some((to, Expr::Date { year, month, day, until: last.map(|d| (month, d)) }))
    }

    /// A year right after a day or month: here `last year` would be another expression.
    pub(super) fn year_beside(&self, at: usize) -> (YearRef, usize) {
        let skip = usize::from(self.sign(at, ','));
        // "On 5 May, 2000 troops …"
        let counts = |year: i32| skip == 0 || self.is_year(at + skip, year);
        match self.year(at + skip) {
            Some((year, to)) if counts(year) => (YearRef::Named(year), to),
            _ => (YearRef::Open, at),
        }
    }

    pub(super) fn is_abbreviated(&self, at: usize) -> bool {
        self.0.get(at).is_some_and(|p| p.text.len() <= 4 && !p.is_any(&["may", "june", "july"]))
    }

    /// `November 22, 2026`, `Nov. 22-24`, `November 2026`, `October`.
    pub(super) fn month(&self, at: usize) -> Match {
        let Sym::Month(month, everyday) = self.0[at].sym else { return None };
        let next = at + 1 + usize::from(self.is_abbreviated(at) && self.sign(at + 1, '.'));
        if let Some((day, mut to)) = self.day(next) {
            let mut until = None;
            if (self.sign(to, '-') || self.sign(to, '–')) && self.0.get(to + 1).is_some() {
                if let Some((last, after)) = self.day(to + 1).filter(|(last, _)| *last > day) {
                    (until, to) = (Some((month, last)), after);
                } else if let (Some(Sym::Month(end, _)), Some((last, after))) =
                    (self.sym(to + 1), self.day(to + 2))
                {
                    (until, to) = (Some((end, last)), after);
                }
            }
            let (year, to) = self.year_beside(to);
            return self.named_day(month, day, year, until, to);
        }
        let (year, to) = self.year_after(next);
        let named = year != YearRef::Open;
        // The stop of "Nov." at a sentence's end is not the month's.
        let to = if named { to } else { at + 1 };
        let alone = !everyday || self.before(at, BEFORE_MONTH);
        // A full name that another name follows is a person or a place: "April Jones", "August Wilson".
        let name = self.0.get(next).is_some_and(|n| n.sym == Sym::Word && n.is_capital() && next == at + 1);
        let short = next == at + 1 && self.is_abbreviated(at) && !matches!(month, 5..=7);
        (named || (alone && !name && !short)).then_some((to, Expr::Month { year, month, dir: None }))
    }

    /// A day of a month that may be a name: the attacks of two years are known by their day, and movements too.
    fn named_day(
        &self,
        month: u32,
        day: u32,
        mut year: YearRef,
        until: Option<(u32, u32)>,
        to: usize,
    ) -> Match {
        const ATTACK: &[&str] = &["attack", "attacks", "hijackers", "massacre"];
        const NAMES: &[&str] =
            &["movement", "brigade", "brigades", "martyrs", "revolution", "square", "bridge"];
        if year == YearRef::Open {
            if self.is(to, NAMES) && self.0[to].is_capital() {
                return None;
            }
            let attack = self.is(to, ATTACK) || self.is(to + 1, ATTACK);
            match (month, day) {
                (9, 11) if attack => year = YearRef::Named(2001),
                (10, 7) if attack => year = YearRef::Named(2023),
                _ => {}
            }
        }
        Some((to, Expr::Date { year, month, day, until }))
    }

    /// `Sunday`, `Sunday evening`, `Sunday, November 22, 2026`.
    pub(super) fn weekday(&self, at: usize, dir: Option<i32>) -> Match {
        const NAMES: &[&str] =
            &["black", "bloody", "good", "ash", "super", "cyber", "maundy", "easter", "palm", "holy", "big"];
        let Sym::Day(day, short) = self.0[at].sym else { return None };
        let dot = usize::from(short && self.sign(at + 1, '.'));
        let next = at + 1 + dot;
        // A date beside it says it all.
        let comma = usize::from(self.sign(next, ',') || self.sign(next, '('));
        let comma = comma + usize::from(self.is(next + comma, &["the"]));
        let beside = match self.sym(next + comma) {
            Some(Sym::Num(..)) => numeric(self.0, next + comma)
                .map(|(readings, len)| (next + comma + len, Expr::Numeric(readings)))
                .or_else(|| self.day_month(next + comma)),
            Some(Sym::Month(..)) => self.month(next + comma).filter(|(_, e)| matches!(e, Expr::Date { .. })),
            _ => None,
        };
        if beside.is_some() {
            return beside;
        }
        let special = at > 0 && self.0[at - 1].is_capital() && self.is(at - 1, NAMES);
        let paper =
            self.is(next, &["times", "telegraph", "mirror", "express", "post"]) && self.0[next].is_capital();
        if short || special || paper {
            return None;
        }
        let part = self.part(next);
        Some((next + usize::from(part.is_some()), Expr::Weekday(day, dir, part)))
    }

    /// `'82`, `'90s`.
    pub(super) fn short_year(&self, at: usize) -> Match {
        let Sym::Num(year, 2) = self.sym(at + 1)? else { return None };
        if self.0[at + 1].spaced || !self.0[at].spaced {
            return None;
        }
        if self.is(at + 2, &["s"]) && year % 10 == 0 && !self.0[at + 2].spaced {
            return Some((at + 3, Expr::Decade(190 + year as i32 / 10)));
        }
        // "iLife '11" is a name; a year follows a month, a preposition or "class of".
        const BEFORE: &[&str] =
            &["in", "of", "since", "from", "to", "until", "by", "the", "summer", "winter", "spring"];
        let placed = self.before(at, BEFORE) || (at > 0 && matches!(self.0[at - 1].sym, Sym::Month(..)));
        let quoted = |next: &Lex<'_>| !next.spaced && matches!(next.sym, Sym::Sign('\'') | Sym::Word);
        let plain = placed && !self.0.get(at + 2).is_some_and(quoted);
        plain.then(|| (at + 2, Expr::Year(if year < 40 { 2000 } else { 1900 } + year as i32)))
    }
}
