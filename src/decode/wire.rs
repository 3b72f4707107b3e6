//! The wires of old: IPTC 7901 and ANPA 1312, where control characters part header, text and time; and telex
//! (`ZCZC … NNNN`), which came before both.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Map, Value};

use super::options::Options;
use super::out::Out;
use super::{Decoded, Format, Give};
use crate::model::Item;

const SOH: char = '\u{1}';
const STX: char = '\u{2}';
const ETX: char = '\u{3}';

/// IPTC 7901 and telex.
pub struct Iptc7901;

/// ANPA 1312.
pub struct Anpa;

impl Format for Iptc7901 {
    fn name(&self) -> &'static str {
        "iptc7901"
    }

    fn recognises(&self, head: &[u8], _path: &str) -> bool {
        let head = start(head);
        (has_header(head) || head.starts_with(b"ZCZC")) && !is_anpa(head)
    }

    fn decode(&self, item: &Item, options: &Options, give: Give) -> Decoded {
        decode(item, options, give, iptc)
    }

    fn sample(&self, item: &Item, _options: &Options) -> Option<Value> {
        sample(item, iptc)
    }
}

impl Format for Anpa {
    fn name(&self) -> &'static str {
        "anpa"
    }

    fn recognises(&self, head: &[u8], _path: &str) -> bool {
        is_anpa(start(head))
    }

    fn decode(&self, item: &Item, options: &Options, give: Give) -> Decoded {
        decode(item, options, give, anpa)
    }

    fn sample(&self, item: &Item, _options: &Options) -> Option<Value> {
        sample(item, anpa)
    }
}

/// Whether the bytes are a message of one of these wires.
pub fn is_framed(bytes: &[u8]) -> bool {
    let head = start(bytes);
    is_anpa(head) || has_header(head)
}

/// SOH, then a header that can be read (source, number, category), then STX: other binary files may begin with the
/// same byte, but none says something before the second.
fn has_header(head: &[u8]) -> bool {
    let Some(rest) = head.strip_prefix(&[1]) else { return false };
    let Some(end) = memchr::memchr(2, &rest[..rest.len().min(2000)]) else { return false };
    let readable = |b: &&u8| b.is_ascii_graphic() || matches!(b, b' ' | b'\r' | b'\n' | 0x1f);
    rest[..end].iter().filter(readable).count() >= 4.max(end * 9 / 10)
}

/// Behind the fill characters that a line sends before a message.
fn start(head: &[u8]) -> &[u8] {
    let fill = head.iter().take_while(|b| matches!(b, 0 | 0x16 | b'\r' | b'\n' | b' ' | 0x7f)).count();
    &head[fill..]
}

/// SOH, a service letter, four digits, unit separator.
fn is_anpa(head: &[u8]) -> bool {
    match head {
        [1, letter, rest @ ..] if letter.is_ascii_alphabetic() => {
            rest.iter().take(4).all(u8::is_ascii_digit) && rest.get(4) == Some(&0x1f)
        }
        _ => false,
    }
}

fn decode(item: &Item, options: &Options, give: Give, read: fn(&str) -> Value) -> Decoded {
    let source = super::text(item);
    let mut out = Out::new(item, &source, options, give);
    let all = messages(&source.text);
    let alone = all.len() == 1;
    for range in all {
        out.value(&read(&source.text[range.clone()]), range, alone);
        if out.full {
            break;
        }
    }
    out.finish()
}

fn sample(item: &Item, read: fn(&str) -> Value) -> Option<Value> {
    let source = super::text(item);
    messages(&source.text).first().map(|range| read(&source.text[range.clone()]))
}

/// Each message from its start to the start of the next.
fn messages(text: &str) -> Vec<Range<usize>> {
    let telex = text.trim_start_matches(|c: char| c.is_whitespace() || c.is_control()).starts_with("ZCZC");
    let starts: Vec<usize> = match telex {
        true => text.match_indices("ZCZC").map(|(at, _)| at).collect(),
        false => text.match_indices(SOH).map(|(at, _)| at).collect(),
    };
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().copied().zip(ends).map(|(from, to)| from..to).collect()
}

/// Header, text, and what comes behind it.
fn frame(message: &str) -> (&str, &str, &str) {
    let message = message.trim_start_matches(SOH);
    let (header, rest) = message.split_once(STX).unwrap_or(("", message));
    let (text, tail) = rest.split_once(ETX).unwrap_or((rest, ""));
    (header, text, tail)
}

fn iptc(message: &str) -> Value {
    if message.starts_with("ZCZC") {
        return telex(message);
    }
    let (header, text, tail) = frame(message);
    let mut map = Map::new();
    let mut lines = header.lines().map(printable).filter(|l| !l.is_empty());
    first_line(&lines.next().unwrap_or_default(), &mut map);
    let rest: Vec<String> = lines.collect();
    if let Some((last, before)) = rest.split_last() {
        // A slug is words held together by strokes; a headline is a sentence.
        let slug = last.contains('/') && !last.trim_end_matches('/').contains(' ');
        if !slug {
            map.insert("headline".into(), last.trim_end_matches('=').trim().into());
        }
        let slugs: Vec<&str> = before.iter().chain(slug.then_some(last)).map(String::as_str).collect();
        if !slugs.is_empty() {
            map.insert("keywords".into(), slugs.join(" ").into());
        }
    }
    body(text, &mut map);
    if let Some(time) = time(tail).or_else(|| time(text.get(text.len().saturating_sub(80)..).unwrap_or(""))) {
        map.insert("date".into(), time.into());
    }
    Value::Object(map)
}

/// `dpa0123 4 pl 210 Keyword`: source and number, priority, category, words, keywords.
fn first_line(line: &str, map: &mut Map<String, Value>) {
    static HEADER: LazyLock<Regex> = LazyLock::new(|| {
        let pattern =
            r"^([A-Za-z]{1,8})\s?(\d{1,6})?(?:\s+(\d))?(?:\s+([A-Za-z]{1,4}))?(?:\s+(\d{1,5}))?\s*(.*)$";
        Regex::new(pattern).expect("a fixed pattern")
    });
    let Some(parts) = HEADER.captures(line.trim()) else { return };
    let part = |i: usize| parts.get(i).map(|m| m.as_str().trim()).filter(|t| !t.is_empty());
    let mut put = |key: &str, value: Option<&str>| {
        if let Some(value) = value {
            map.insert(key.to_owned(), value.into());
        }
    };
    put("source", part(1));
    put("number", part(2));
    put("priority", part(3));
    put("category", part(4));
    put("words", part(5));
    put("slug", part(6));
}

/// Headline and prose. In the text the headline ends in `=`, or stands apart above it.
fn body(text: &str, map: &mut Map<String, Value>) {
    let clean: String = text.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect();
    let mut lines: Vec<&str> = clean.lines().collect();
    while lines.first().is_some_and(|l| l.trim().is_empty()) {
        lines.remove(0);
    }
    if !map.contains_key("headline") && lines.len() > 1 {
        let first = lines[0].trim();
        let marked = first.ends_with('=');
        let apart = lines[1].trim().is_empty() && !first.ends_with(['.', ',']) && first.len() <= 150;
        if marked || apart {
            map.insert("headline".into(), first.trim_end_matches('=').trim().into());
            lines.remove(0);
        }
    }
    map.insert("text".into(), lines.join("\n").trim().into());
}

/// `091405 mar 31`: day, hour, minute, month, year.
fn time(text: &str) -> Option<String> {
    static TIME: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"(?i)\b(\d{2})(\d{2})(\d{2})\s*(gmt|utc|z)?\s+([a-z]{3})[a-z]*\.?\s+(\d{4}|\d{2})\b";
        Regex::new(pattern).expect("a fixed pattern")
    });
    let c = TIME.captures(text)?;
    let zone = c.get(4).map_or("", |_| " UTC");
    let year = if c[6].len() == 2 { format!("20{}", &c[6]) } else { c[6].to_owned() };
    Some(format!("{} {} {year} {}:{}{zone}", &c[1], &c[5], &c[2], &c[3]))
}

fn printable(line: &str) -> String {
    line.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

/// `ZCZC`, a line of numbers, the headline, the text, the time, `NNNN`.
fn telex(message: &str) -> Value {
    let mut map = Map::new();
    let message = message.split("NNNN").next().unwrap_or(message);
    let rest = message.strip_prefix("ZCZC").unwrap_or(message);
    let (number, mut rest) = rest.split_once('\n').unwrap_or(("", rest));
    let mut header = printable(number);
    if header.is_empty()
        && let Some((line, after)) = rest.trim_start().split_once('\n')
    {
        (header, rest) = (printable(line), after);
    }
    first_line(&header, &mut map);
    body(rest, &mut map);
    if let Some(time) = time(rest.get(rest.len().saturating_sub(120)..).unwrap_or(rest)) {
        map.insert("date".into(), time.into());
    }
    Value::Object(map)
}

fn anpa(message: &str) -> Value {
    static SECOND: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"(?i)^([a-z]) ([a-z]).{0,4}?\s?((?:am|pm|bc|ap|ha)-{1,2})?([^\r\n]*?)\s+(\d{1,2})-(\d{1,2})(?:-\d+)?\s+(\d{1,4})";
        Regex::new(pattern).expect("a fixed pattern")
    });
    static SENT: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"(?i)([a-z]+)-[a-z]+-(\d{2})-(\d{2})-(\d{2,4})\s+(\d{2})(\d{2})\s*([a-z]{3})?";
        Regex::new(pattern).expect("a fixed pattern")
    });
    let (header, text, tail) = frame(message);
    let mut map = Map::new();
    let mut lines = header.lines();
    let first = lines.next().unwrap_or_default();
    map.insert("number".into(), printable(first.split('\u{1f}').next().unwrap_or("")).into());
    let second = lines.map(printable).find(|l| !l.is_empty()).unwrap_or_default();
    if let Some(c) = SECOND.captures(&second) {
        map.insert("priority".into(), c[1].into());
        map.insert("category".into(), c[2].into());
        map.insert("slug".into(), c[4].trim().into());
    }
    let mut prose = String::new();
    for line in text.lines() {
        let shown: String = line.chars().filter(|c| !c.is_control() || *c == '\t').collect();
        if let Some(tag) = shown.trim_start().strip_prefix('^') {
            let tag = tag.trim().trim_end_matches(['<', '=']).trim();
            if tag.is_empty() {
                continue;
            }
            let by = tag.strip_prefix("By ").or_else(|| tag.strip_prefix("BY "));
            let key = if by.is_some() { "byline" } else { "headline" };
            map.entry(key).or_insert_with(|| by.unwrap_or(tag).into());
            continue;
        }
        // A paragraph begins with an indent.
        if shown.starts_with([' ', '\t']) {
            prose.push('\n');
        }
        prose.push_str(&shown.replace("``", "“").replace("''", "”").replace(" _ ", " — "));
        prose.push('\n');
    }
    let prose = unmark(&prose);
    match map.contains_key("headline") {
        true => drop(map.insert("text".into(), prose.into())),
        false => body(&prose, &mut map),
    }
    if let Some(c) = SENT.captures(tail).or_else(|| SENT.captures(text)) {
        let year = if c[4].len() == 2 { format!("20{}", &c[4]) } else { c[4].to_owned() };
        let zone = c.get(7).map_or("", |z| z.as_str());
        map.insert(
            "date".into(),
            format!("{year}-{}-{} {}:{} {zone}", &c[2], &c[3], &c[5], &c[6]).trim().into(),
        );
        map.insert("source".into(), c[1].to_uppercase().into());
    }
    Value::Object(map)
}

/// Takes away the marks of a typesetter: `<` at the end of a line.
fn unmark(text: &str) -> String {
    text.lines().map(|l| l.trim_end().trim_end_matches('<')).collect::<Vec<_>>().join("\n").trim().to_owned()
}
