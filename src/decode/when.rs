//! Times of publication, as inputs write them.

use chrono::{
    DateTime, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc,
};
use chrono_tz::Tz;
use serde_json::Value;

use super::options::{DayOrder, Options};
use crate::model::{Published, Zone};

/// Reads a time from a value: text, or seconds, milliseconds, microseconds since 1970 as a number.
pub fn parse(value: &Value, zone_hint: Option<&str>, options: &Options) -> Option<Published> {
    match value {
        Value::String(text) => parse_text(text, zone_hint, options),
        Value::Number(number) => {
            let number = number.as_i64().or_else(|| number.as_f64().map(|f| f as i64))?;
            compact(&number.to_string()).map(|when| place(when, None, zone_hint, options))?
        }
        Value::Object(map) => ["$date", "value", "date", "iso", "text", "#text", "$numberLong"]
            .into_iter()
            .find_map(|key| map.get(key).and_then(|inner| parse(inner, zone_hint, options))),
        Value::Array(list) => list.first().and_then(|first| parse(first, zone_hint, options)),
        _ => None,
    }
}

/// A time as written, before it is put in a zone.
enum When {
    Moment(DateTime<Utc>),
    Local(NaiveDateTime),
    Day(NaiveDate),
}

/// Reads a time from text: see the tests for the forms.
pub fn parse_text(text: &str, zone_hint: Option<&str>, options: &Options) -> Option<Published> {
    let text = text.trim();
    if text.len() > 80 || !text.is_ascii() {
        // A time is short; the odd no-break space or dash in one is worth a second look, no more.
        let plain: String = text.chars().take(80).map(|c| if c.is_ascii() { c } else { ' ' }).collect();
        return if text.len() > 80 { None } else { parse_text(&plain, zone_hint, options) };
    }
    if let Some(when) = compact(text) {
        return place(when, None, zone_hint, options);
    }
    let (date, time, offset) = split(text)?;
    let day = parse_day(&date, options.day_order)?;
    let when = match time {
        Some(time) => When::Local(day.and_time(time)),
        None => When::Day(day),
    };
    place(when, offset, zone_hint, options)
}

/// All digits: a Unix time, `YYYYMMDD`, or `YYYYMMDDHHMMSS` by its length.
fn compact(text: &str) -> Option<When> {
    let digits = text.split_once('.').map_or(text, |(whole, _)| whole);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number: i64 = digits.parse().ok()?;
    let moment = |m: Option<DateTime<Utc>>| m.map(When::Moment);
    match digits.len() {
        8 => NaiveDate::parse_from_str(digits, "%Y%m%d").ok().filter(|d| sane(*d)).map(When::Day),
        9 | 10 => moment(DateTime::from_timestamp(number, 0)),
        13 => moment(DateTime::from_timestamp_millis(number)),
        14 => NaiveDateTime::parse_from_str(digits, "%Y%m%d%H%M%S").ok().map(When::Local),
        16 => moment(DateTime::from_timestamp_micros(number)),
        _ => None,
    }
}

/// Puts a time in its zone: its own, that of a field beside it, the configured one, else UTC.
fn place(
    when: When,
    offset: Option<FixedOffset>,
    hint: Option<&str>,
    options: &Options,
) -> Option<Published> {
    let (local, day_only) = match when {
        When::Moment(at) => {
            return Some(Published { at: at.fixed_offset(), zone: Zone::Explicit, day_only: false });
        }
        When::Local(local) => (local, false),
        When::Day(day) => (day.and_time(NaiveTime::MIN), true),
    };
    if let Some(offset) = offset {
        return at_offset(local, offset, Zone::Explicit, day_only);
    }
    if let Some(hint) = hint {
        if let Some(offset) = zone_offset(hint) {
            return at_offset(local, offset, Zone::Explicit, day_only);
        }
        if let Ok(tz) = hint.trim().parse::<Tz>() {
            return at_offset(local, in_zone(tz, local), Zone::Explicit, day_only);
        }
    }
    match options.timezone {
        Some(tz) => at_offset(local, in_zone(tz, local), Zone::Configured, day_only),
        None => at_offset(local, Utc.fix(), Zone::AssumedUtc, day_only),
    }
}

fn at_offset(local: NaiveDateTime, offset: FixedOffset, zone: Zone, day_only: bool) -> Option<Published> {
    offset.from_local_datetime(&local).single().map(|at| Published { at, zone, day_only })
}

/// The offset in force at a local time; the earlier one where the clock repeats an hour.
fn in_zone(tz: Tz, local: NaiveDateTime) -> FixedOffset {
    match tz.offset_from_local_datetime(&local) {
        LocalResult::Single(offset) | LocalResult::Ambiguous(offset, _) => offset.fix(),
        LocalResult::None => tz.offset_from_utc_datetime(&local).fix(),
    }
}

/// Splits a time into its date words, its time of day and its offset.
fn split(text: &str) -> Option<(String, Option<NaiveTime>, Option<FixedOffset>)> {
    let mut date: Vec<String> = Vec::new();
    let (mut time, mut half, mut offset) = (None, None, None);
    let spaced = separate_iso(text).replace([',', '(', ')'], " ");
    for word in spaced.split_ascii_whitespace() {
        let bare = word.trim_end_matches('.').to_ascii_lowercase();
        if word.contains(':') && time.is_none() {
            let (clock, rest) = split_clock(word);
            time = Some(clock.to_owned());
            match rest.to_ascii_lowercase().as_str() {
                "" => {}
                "am" | "pm" | "a.m" | "p.m" => half = Some(rest.to_ascii_lowercase().replace('.', "")),
                zone => offset = Some(zone_offset(zone)?),
            }
        } else if matches!(bare.as_str(), "am" | "pm" | "a.m" | "p.m") {
            half = Some(bare.replace('.', ""));
        } else if time.is_some() && zone_offset(word).is_some() {
            offset = offset.or(zone_offset(word));
        } else if !is_noise(&bare) {
            date.push(bare);
        }
    }
    let time = match (time, half) {
        (None, _) => None,
        (Some(clock), Some(half)) => {
            Some(parse_clock(&format!("{clock} {half}"), &["%I:%M %p", "%I:%M:%S %p"])?)
        }
        (Some(clock), None) => Some(parse_clock(&clock, &["%H:%M:%S%.f", "%H:%M"])?),
    };
    Some((date.join(" "), time, offset))
}

/// `2026-11-20T09:00:00Z` and `20261120T090000Z` to words.
fn separate_iso(text: &str) -> String {
    let bytes = text.as_bytes();
    match text.find(['T', 't']) {
        Some(at) if at >= 8 && bytes[..at].iter().all(|b| b.is_ascii_digit() || *b == b'-') => {
            let (date, rest) = (&text[..at], &text[at + 1..]);
            let len = rest.bytes().take_while(u8::is_ascii_digit).count();
            match len {
                6 => format!("{date} {}:{}:{}{}", &rest[..2], &rest[2..4], &rest[4..6], &rest[6..]),
                4 => format!("{date} {}:{}{}", &rest[..2], &rest[2..4], &rest[4..]),
                _ => format!("{date} {rest}"),
            }
        }
        _ => text.to_owned(),
    }
}

/// `09:00:00.5+02:00` to `09:00:00.5` and `+02:00`.
fn split_clock(word: &str) -> (&str, &str) {
    let len = word.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b':' | b'.')).count();
    word.split_at(len)
}

fn parse_clock(clock: &str, forms: &[&str]) -> Option<NaiveTime> {
    forms.iter().find_map(|form| NaiveTime::parse_from_str(clock.trim_end_matches('.'), form).ok())
}

/// Words around a date that carry none of it.
fn is_noise(word: &str) -> bool {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    matches!(
        word,
        "at" | "on" | "of" | "the" | "-" | "|" | "published" | "updated" | "posted" | "date:" | "" | "/"
    ) || (word.len() >= 3 && DAYS.iter().any(|day| day.starts_with(word)))
        || matches!(word, "tues" | "weds" | "thurs")
}

/// The day of `2026-11-20`, `20 november 2026`, `nov 20 2026`, `20/11/2026` …
fn parse_day(text: &str, order: Option<DayOrder>) -> Option<NaiveDate> {
    let words: Vec<String> = text.split(' ').map(plain_word).collect();
    let text = words.join(" ");
    const FORMS: &[&str] = &[
        "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%d %B %Y", "%B %d %Y", "%Y %B %d", "%d-%B-%Y",
        "%d-%B-%y", "%d %B %y", "%B-%d-%Y",
    ];
    let named =
        FORMS.iter().find_map(|form| NaiveDate::parse_from_str(&text, form).ok().filter(|d| sane(*d)));
    named.or_else(|| numeric_day(&text, order))
}

/// `20th` to `20`, `sept` to `sep`, `nov.` to `nov`.
fn plain_word(word: &str) -> String {
    let word = word.trim_end_matches('.');
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    match &word[digits..] {
        "st" | "nd" | "rd" | "th" if digits > 0 => word[..digits].to_owned(),
        "sept" => "sep".to_owned(),
        _ => word.to_owned(),
    }
}

/// Three numbers with the year last. Points and hyphens are written by people who put the day first; with strokes,
/// where both orders make a day, only the configured order is believed.
fn numeric_day(text: &str, order: Option<DayOrder>) -> Option<NaiveDate> {
    let parts: Vec<u32> = text.split(['/', '.', '-']).map(|p| p.parse().ok()).collect::<Option<_>>()?;
    let [first, second, year] = parts[..] else { return None };
    let year = if year < 100 { year + 2000 } else { year } as i32;
    let day_first = NaiveDate::from_ymd_opt(year, second, first).filter(|d| sane(*d));
    let month_first = NaiveDate::from_ymd_opt(year, first, second).filter(|d| sane(*d));
    let order = order.or(if text.contains('/') { None } else { Some(DayOrder::DayFirst) });
    match (day_first, month_first, order) {
        (Some(day), Some(other), _) if day == other => Some(day),
        (Some(_), Some(other), Some(DayOrder::MonthFirst)) => Some(other),
        (Some(day), Some(_), Some(DayOrder::DayFirst)) => Some(day),
        (Some(_), Some(_), None) => None,
        (day, other, _) => day.or(other),
    }
}

fn sane(day: NaiveDate) -> bool {
    use chrono::Datelike;
    (1600..=2200).contains(&day.year())
}

/// The offset of `Z`, `+02:00`, `+0200`, `+02`, `GMT+2` or a common abbreviation.
fn zone_offset(word: &str) -> Option<FixedOffset> {
    let word = word.trim().to_ascii_uppercase();
    let hours = match word.as_str() {
        "Z" | "UTC" | "GMT" | "UT" | "ZULU" => 0,
        "EST" | "CDT" => -5,
        "EDT" => -4,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        "BST" | "CET" => 1,
        "CEST" | "EET" | "SAST" => 2,
        "EEST" | "MSK" => 3,
        "HKT" | "SGT" => 8,
        "JST" | "KST" => 9,
        "AEST" => 10,
        "AEDT" => 11,
        other => return signed_offset(other.trim_start_matches("UTC").trim_start_matches("GMT")),
    };
    FixedOffset::east_opt(hours * 3600)
}

fn signed_offset(text: &str) -> Option<FixedOffset> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits: String = text[1..].chars().filter(|c| *c != ':').collect();
    if !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<i32>().ok()?, 0),
        4 => (digits[..2].parse().ok()?, digits[2..].parse::<i32>().ok()?),
        _ => return None,
    };
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shown(value: Value) -> Option<String> {
        let published = parse(&value, None, &Options::default())?;
        let zone = match published.zone {
            Zone::Explicit => "explicit",
            Zone::Configured => "configured",
            Zone::AssumedUtc => "assumed",
        };
        Some(format!("{} {zone}{}", published.at.to_rfc3339(), if published.day_only { " day" } else { "" }))
    }

    #[test]
    fn the_forms_that_inputs_use() {
        let cases = [
            (json!("2031-03-09T14:05:00Z"), "2031-03-09T14:05:00+00:00 explicit"),
            (json!("2031-03-09T14:05:00.250+02:00"), "2031-03-09T14:05:00.250+02:00 explicit"),
            (json!("2031-03-09T14:05:00+0000"), "2031-03-09T14:05:00+00:00 explicit"),
            (json!("2031-03-09 14:05:00+00:00"), "2031-03-09T14:05:00+00:00 explicit"),
            (json!("2031-03-09 14:05:00"), "2031-03-09T14:05:00+00:00 assumed"),
            (json!("2031-03-09T14:05"), "2031-03-09T14:05:00+00:00 assumed"),
            (json!("20310309T140500Z"), "2031-03-09T14:05:00+00:00 explicit"),
            (json!("20310309140500"), "2031-03-09T14:05:00+00:00 assumed"),
            (json!("20310309"), "2031-03-09T00:00:00+00:00 assumed day"),
            (json!("2031-03-09"), "2031-03-09T00:00:00+00:00 assumed day"),
            (json!("Sun, 09 Mar 2031 14:05:00 GMT"), "2031-03-09T14:05:00+00:00 explicit"),
            (json!("Sun, 9 Mar 2031 14:05:00 -0500"), "2031-03-09T14:05:00-05:00 explicit"),
            (json!("9 Mar 31 14:05 EST"), "2031-03-09T14:05:00-05:00 explicit"),
            (json!("9 March 2031"), "2031-03-09T00:00:00+00:00 assumed day"),
            (json!("9 March 2031 14:05"), "2031-03-09T14:05:00+00:00 assumed"),
            (json!("Mar. 9, 2031"), "2031-03-09T00:00:00+00:00 assumed day"),
            (json!("March 9th, 2031 at 2:05 p.m."), "2031-03-09T14:05:00+00:00 assumed"),
            (json!("Sept. 4, 2031, 11:30 PM UTC"), "2031-09-04T23:30:00+00:00 explicit"),
            (json!("29/03/2031"), "2031-03-29T00:00:00+00:00 assumed day"),
            (json!("04-05-2031"), "2031-05-04T00:00:00+00:00 assumed day"),
            (json!("03/29/2031"), "2031-03-29T00:00:00+00:00 assumed day"),
            (json!(1930831500), "2031-03-09T14:05:00+00:00 explicit"),
            (json!(1930831500000i64), "2031-03-09T14:05:00+00:00 explicit"),
            (json!(1930831500.5), "2031-03-09T14:05:00+00:00 explicit"),
            (json!("1930831500000"), "2031-03-09T14:05:00+00:00 explicit"),
            (json!({"$date": "2031-03-09T14:05:00Z"}), "2031-03-09T14:05:00+00:00 explicit"),
        ];
        for (given, wanted) in cases {
            assert_eq!(shown(given.clone()).as_deref(), Some(wanted), "{given}");
        }
    }

    #[test]
    fn what_is_no_date_or_two_dates_is_missing() {
        for given in
            [json!("yesterday"), json!("04/05/2031"), json!(7), json!(""), json!("12:30"), json!(true)]
        {
            assert_eq!(shown(given.clone()), None, "{given}");
        }
        let options = Options { day_order: Some(DayOrder::MonthFirst), ..Options::default() };
        let published = parse(&json!("04/05/2031"), None, &options).unwrap();
        assert_eq!(published.at.date_naive().to_string(), "2031-04-05");
    }

    #[test]
    fn a_zone_beside_it_or_in_the_configuration() {
        let options = Options { timezone: Some(chrono_tz::Asia::Tokyo), ..Options::default() };
        let configured = parse(&json!("2031-03-09 14:05:00"), None, &options).unwrap();
        assert_eq!(
            (configured.at.to_rfc3339().as_str(), configured.zone),
            ("2031-03-09T14:05:00+09:00", Zone::Configured)
        );
        let beside = parse(&json!("2031-07-09 14:05:00"), Some("Europe/Paris"), &options).unwrap();
        assert_eq!(
            (beside.at.to_rfc3339().as_str(), beside.zone),
            ("2031-07-09T14:05:00+02:00", Zone::Explicit)
        );
    }
}
