//! Expressions to days: the article's own day is the only "today".

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::grammar::{Expr, YearRef};
use super::lex::Unit;
use crate::model::{Precision, Tense};

/// What an expression stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// TIMEX3 value.
    pub value: String,
    /// First day.
    pub start: NaiveDate,
    /// Last day.
    pub end: NaiveDate,
    /// How precise.
    pub precision: Precision,
    /// Whether it was named outright.
    pub explicit: bool,
}

/// What an expression is resolved against.
#[derive(Clone, Copy, Debug)]
pub struct Context {
    /// The article's day.
    pub today: NaiveDate,
    /// The date that the text named last.
    pub last: Option<NaiveDate>,
    /// Where the clause looks.
    pub direction: Option<Tense>,
    /// The year that a date beside this one names (`from March to June 2026`).
    pub year: Option<i32>,
}

/// Resolves an expression; `None` when it names no day that exists, or refers to a date nobody named.
pub fn resolve(expr: &Expr, context: Context) -> Option<Value> {
    let Context { today, .. } = context;
    match *expr {
        Expr::Numeric(ref readings) => {
            readings.iter().min_by_key(|day| (**day - today).num_days().abs()).map(|&day| one_day(day, true))
        }
        Expr::Date { year, month, day, until } => {
            let start = dated(year, month, day, context)?;
            let mut value = one_day(start, year != YearRef::Open);
            if let Some((month, day)) = until {
                value.end = NaiveDate::from_ymd_opt(start.year(), month, day).filter(|end| *end >= start)?;
            }
            Some(value)
        }
        Expr::Month { year, month, dir } => {
            let first = month_of(year, month, dir, context)?;
            Some(span(first, Precision::Month, matches!(year, YearRef::Named(_))))
        }
        Expr::Quarter(q, year) => quarter(q, year, context),
        Expr::Half(half, year) => {
            let year = year_of(year, today)?;
            let start = NaiveDate::from_ymd_opt(year, half * 6 - 5, 1)?;
            let end = start.checked_add_months(Months::new(6))?.pred_opt()?;
            let value = format!("{year}-H{half}");
            Some(Value { value, start, end, precision: Precision::Quarter, explicit: true })
        }
        Expr::Year(year) => Some(span(NaiveDate::from_ymd_opt(year, 1, 1)?, Precision::Year, true)),
        Expr::Decade(decade) => years(decade.to_string(), decade * 10, decade * 10 + 9),
        Expr::Century(century) => years(century.to_string(), century * 100 + 1, century * 100 + 100),
        Expr::Weekday(day, dir, part) => {
            let day = weekday(day, dir, context.direction, today);
            Some(with_part(one_day(day, false), part))
        }
        Expr::Today(shift, part) => Some(with_part(one_day(shifted(today, Unit::Day, shift)?, false), part)),
        Expr::Near(unit, shift) => near(unit, shift, today),
        Expr::Shift(unit, shift) => away(unit, shift, today),
        Expr::FromLast(unit, shift) => {
            // A day nobody named: yesterday's papers mean the day they write on.
            let last = context.last.or((unit == Unit::Day && shift == 0).then_some(today))?;
            match unit {
                Unit::Day => Some(one_day(shifted(last, unit, shift)?, false)),
                _ => near(unit, shift, last),
            }
        }
        Expr::Season(season, year) => of_season(season, year, context),
    }
}

fn one_day(day: NaiveDate, explicit: bool) -> Value {
    Value { value: day.to_string(), start: day, end: day, precision: Precision::Day, explicit }
}

fn with_part(mut value: Value, part: Option<&str>) -> Value {
    if let Some(part) = part {
        value.value = format!("{}T{part}", value.value);
    }
    value
}

/// The month or year that begins on a day.
fn span(start: NaiveDate, precision: Precision, explicit: bool) -> Value {
    let (value, months) = match precision {
        Precision::Month => (start.format("%Y-%m").to_string(), 1),
        _ => (start.format("%Y").to_string(), 12),
    };
    let end = start.checked_add_months(Months::new(months)).and_then(|d| d.pred_opt()).unwrap_or(start);
    Value { value, start, end, precision, explicit }
}

fn years(value: String, from: i32, to: i32) -> Option<Value> {
    let (start, end) = (NaiveDate::from_ymd_opt(from, 1, 1)?, NaiveDate::from_ymd_opt(to, 12, 31)?);
    Some(Value { value, start, end, precision: Precision::Unknown, explicit: true })
}

fn year_of(year: YearRef, today: NaiveDate) -> Option<i32> {
    match year {
        YearRef::Named(year) => Some(year),
        YearRef::Shift(shift) => Some(today.year() + shift),
        YearRef::Open => None,
    }
}

/// A day and month; without a year, the one nearest the article, unless the clause clearly looks the other way.
fn dated(year: YearRef, month: u32, day: u32, context: Context) -> Option<NaiveDate> {
    let today = context.today;
    if let Some(year) = year_of(year, today).or(context.year) {
        return NaiveDate::from_ymd_opt(year, month, day);
    }
    let all = (-4..=4).filter_map(|shift| NaiveDate::from_ymd_opt(today.year() + shift, month, day));
    let distance = |d: &NaiveDate| (*d - today).num_days();
    // Beyond three months the tense is the better guide: "in November" of an article of May.
    let away = |d: &NaiveDate| match context.direction {
        Some(Tense::Past) if distance(d) > 90 => 1000,
        Some(Tense::Future) if distance(d) < -90 => 1000,
        _ => 0,
    };
    all.min_by_key(|d| distance(d).abs() + away(d))
}

fn month_of(year: YearRef, month: u32, dir: Option<i32>, context: Context) -> Option<NaiveDate> {
    let today = context.today;
    let in_year = |year: i32| NaiveDate::from_ymd_opt(year, month, 1);
    if let Some(year) = year_of(year, today).or(context.year) {
        return in_year(year);
    }
    let this = today.year();
    let (before, after) = (month < today.month(), month > today.month());
    match (dir, context.direction) {
        (Some(0), _) => in_year(this),
        (Some(1..), _) => in_year(this + i32::from(!after)),
        (Some(_), _) => in_year(this - i32::from(!before)),
        (None, Some(Tense::Future)) => in_year(this + i32::from(before)),
        (None, Some(_)) => in_year(this - i32::from(after)),
        (None, None) => {
            let middle = |d: &NaiveDate| (*d + Days::new(14) - today).num_days().abs();
            (-1..=1).filter_map(|shift| in_year(this + shift)).min_by_key(middle)
        }
    }
}

fn quarter(q: u32, year: YearRef, context: Context) -> Option<Value> {
    let q = q.min(4);
    let first = |year: i32| NaiveDate::from_ymd_opt(year, q * 3 - 2, 1);
    let today = context.today;
    let start = match year_of(year, today) {
        Some(year) => first(year)?,
        None => {
            let middle = |d: &NaiveDate| (*d + Days::new(45) - today).num_days().abs();
            (-1..=1).filter_map(|shift| first(today.year() + shift)).min_by_key(middle)?
        }
    };
    quarter_from(start, year != YearRef::Open)
}

fn quarter_from(start: NaiveDate, explicit: bool) -> Option<Value> {
    let end = start.checked_add_months(Months::new(3))?.pred_opt()?;
    let value = format!("{}-Q{}", start.year(), start.month0() / 3 + 1);
    Some(Value { value, start, end, precision: Precision::Quarter, explicit })
}

/// The day of a weekday's name: `last` and `next` by the week, else by where the clause looks; the article's own day
/// counts both ways. Without any cue news looks back.
pub fn weekday(day: Weekday, dir: Option<i32>, direction: Option<Tense>, today: NaiveDate) -> NaiveDate {
    let back = i64::from(today.weekday().days_since(day));
    let ahead = i64::from(day.days_since(today.weekday()));
    let shift = match (dir, direction) {
        (Some(0), Some(Tense::Past)) => -back,
        (Some(0), _) => ahead,
        (Some(1..), _) => {
            if ahead == 0 {
                7
            } else {
                ahead
            }
        }
        (Some(_), _) => {
            if back == 0 {
                -7
            } else {
                -back
            }
        }
        (None, Some(Tense::Future)) => ahead,
        (None, _) => -back,
    };
    today + chrono::Duration::days(shift)
}

/// A day moved by so many units.
fn shifted(day: NaiveDate, unit: Unit, shift: i32) -> Option<NaiveDate> {
    let months = match unit {
        Unit::Day | Unit::Week | Unit::Weekend => {
            let days = if unit == Unit::Day { 1 } else { 7 } * i64::from(shift);
            return day.checked_add_signed(chrono::Duration::days(days));
        }
        Unit::Month => 1,
        Unit::Quarter => 3,
        Unit::Year => 12,
        Unit::Decade => 120,
    } * shift;
    let by = Months::new(months.unsigned_abs());
    if months < 0 { day.checked_sub_months(by) } else { day.checked_add_months(by) }
}

/// The week, month … that lies `shift` units from the one that holds `today`.
fn near(unit: Unit, shift: i32, today: NaiveDate) -> Option<Value> {
    let there = shifted(today, unit, shift)?;
    match unit {
        Unit::Day => Some(one_day(there, false)),
        Unit::Week => {
            let start = there - Days::new(there.weekday().num_days_from_monday().into());
            let value = there.format("%G-W%V").to_string();
            Some(Value {
                value,
                start,
                end: start + Days::new(6),
                precision: Precision::Week,
                explicit: false,
            })
        }
        Unit::Weekend => {
            // On a Saturday or Sunday "the weekend" is this one.
            let on = today.weekday().num_days_from_monday() >= 5;
            let there = if on && shift == -1 { today } else { there };
            let start = there - Days::new(there.weekday().num_days_from_monday().into()) + Days::new(5);
            let value = format!("{}-WE", start.format("%G-W%V"));
            Some(Value {
                value,
                start,
                end: start + Days::new(1),
                precision: Precision::Day,
                explicit: false,
            })
        }
        Unit::Month => Some(span(there.with_day(1)?, Precision::Month, false)),
        Unit::Quarter => quarter_from(there.with_day(1)?.with_month(there.month0() / 3 * 3 + 1)?, false),
        Unit::Year => Some(span(NaiveDate::from_ymd_opt(there.year(), 1, 1)?, Precision::Year, false)),
        Unit::Decade => {
            let mut value =
                years((there.year() / 10).to_string(), there.year() / 10 * 10, there.year() / 10 * 10 + 9)?;
            value.explicit = false;
            Some(value)
        }
    }
}

/// `two days ago`: as precise as what is counted; a week ago is still a day.
fn away(unit: Unit, shift: i32, today: NaiveDate) -> Option<Value> {
    match unit {
        Unit::Day | Unit::Week => Some(one_day(shifted(today, unit, shift)?, false)),
        Unit::Decade => near(Unit::Year, shift * 10, today),
        unit => near(unit, shift, today),
    }
}

/// Seasons of the northern half, where they name a quarter of the year; winter begins in the year before.
fn of_season(season: &str, year: YearRef, context: Context) -> Option<Value> {
    let month = match season {
        "SP" => 3,
        "SU" => 6,
        "FA" => 9,
        _ => 12,
    };
    let today = context.today;
    let year = match (year, context.direction) {
        (YearRef::Named(year), _) => year,
        (YearRef::Shift(0), _) => today.year(),
        (YearRef::Shift(1..), _) | (YearRef::Open, Some(Tense::Future)) => {
            today.year() + i32::from(today.month() >= month)
        }
        // The last one that is over.
        (YearRef::Shift(_), _) => today.year() - i32::from(today.month() < month + 3 || month == 12),
        (YearRef::Open, _) => today.year() - i32::from(today.month() < month),
    };
    let start = NaiveDate::from_ymd_opt(year, month, 1)?;
    let end = start.checked_add_months(Months::new(3))?.pred_opt()?;
    Some(Value {
        value: format!("{year}-{season}"),
        start,
        end,
        precision: Precision::Quarter,
        explicit: false,
    })
}
