//! When a page was published: from its markup, its address, and last from what a reader sees.

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use dom_query::{Document, NodeRef};
use regex::Regex;
use serde_json::{Map, Value};

use super::options::Options;
use super::when;

/// `meta` names of the time of publication, surest first.
#[rustfmt::skip]
const PUBLISHED: &[&str] = &[
    "article:published_time", "article:published", "og:article:published_time", "og:published_time",
    "datepublished", "date_published", "published_time", "publishdate", "publish_date", "publish-date",
    "published-date", "pubdate", "publication_date", "publication-date", "publicationdate", "dc.date.issued",
    "dcterms.issued", "dc.issued", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
    "bt:pubdate", "rnews:datepublished", "article.published", "originalpublicationdate", "article_date_original",
    "shareaholic:article_published_time", "citation_publication_date", "citation_date", "displaydate", "dc.date",
    "dcterms.date", "dc.date.created", "dcterms.created", "article.created", "datecreated", "date.created",
    "created", "creation_date", "dateissued", "gentics.releasedate", "release_date", "doc_date", "eprints.date",
    "pdate", "article:post_date", "date", "time",
];
#[rustfmt::skip]
const MODIFIED: &[&str] = &[
    "article:modified_time", "article:modified", "og:updated_time", "og:article:modified_time", "datemodified",
    "last-modified", "lastmod", "dcterms.modified", "dc.date.modified", "revised", "modified", "updated_time",
];

/// Adds what is found, under the names that the table of aliases ranks. `seen` is the latest day that can be.
pub fn read(document: &Document, seen: NaiveDate, map: &mut Map<String, Value>) {
    let latest = seen.succ_opt().unwrap_or(seen);
    let us = map.get("html:lang").and_then(Value::as_str).map(str::to_ascii_lowercase);
    let order = Order::of(us.as_deref());
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            map.entry(key).or_insert_with(|| value.into());
        }
    };
    put("meta:published", meta(document, PUBLISHED, latest, order));
    put("meta:modified", meta(document, MODIFIED, latest, order));
    put("time:published", marked(document, latest, order));
    let address = ["link:canonical", "og:url", "ld:url"].iter().find_map(|key| map.get(*key)?.as_str());
    let in_address = address.and_then(|a| in_address(a, latest));
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value {
            map.entry(key).or_insert_with(|| value.into());
        }
    };
    put("url:date", in_address);
    put("seen:date", seen_by_readers(document, latest, order));
}

/// How three numbers with strokes are read.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    DayFirst,
    MonthFirst,
    Unknown,
}

impl Order {
    fn of(language: Option<&str>) -> Order {
        match language {
            Some("en-us" | "en_us" | "en-ph") => Order::MonthFirst,
            Some(l) if l.starts_with("en-") || l.starts_with("en_") => Order::DayFirst,
            Some("en") | None => Order::Unknown,
            Some(_) => Order::DayFirst,
        }
    }
}

/// A value as it stands when it is a time; else the day found in it.
fn usable(value: &str, latest: NaiveDate, order: Order) -> Option<String> {
    let parsed = when::parse_text(value, None, &Options::default());
    match parsed.map(|p| p.at.date_naive()) {
        Some(day) => sane(day, latest).then(|| value.trim().to_owned()),
        None => find(value, latest, order).map(|day| day.to_string()),
    }
}

fn sane(day: NaiveDate, latest: NaiveDate) -> bool {
    day.year() >= 1990 && day <= latest
}

fn meta(document: &Document, names: &[&str], latest: NaiveDate, order: Order) -> Option<String> {
    let mut best: Option<(usize, String)> = None;
    for meta in document.select("meta").iter() {
        let attr = |name: &str| meta.attr(name).map(|v| v.to_string());
        let keys =
            ["property", "name", "itemprop", "http-equiv", "pubdate"].iter().filter_map(|key| attr(key));
        let Some(content) = attr("content").or_else(|| attr("datetime")) else { continue };
        for key in keys {
            let rank = names.iter().position(|name| key.trim().eq_ignore_ascii_case(name));
            if let Some(rank) = rank
                && best.as_ref().is_none_or(|(before, _)| rank < *before)
                && let Some(value) = usable(&content, latest, order)
            {
                best = Some((rank, value));
            }
        }
    }
    best.map(|(_, value)| value)
}

/// Elements that are marked as the time of publication.
fn marked(document: &Document, latest: NaiveDate, order: Order) -> Option<String> {
    const PLACES: &[&str] = &[
        "[itemprop='datePublished']",
        "[property='datePublished']",
        "[itemprop='dateCreated']",
        "time[pubdate]",
        "abbr.published",
        "time.published",
        "time.entry-date",
        ".entry-date time",
        "article header time",
        "header time",
        "[class*='publish'] time",
        "[class*='date'] time",
        "article time",
        "main time",
        "time",
    ];
    for css in PLACES {
        for found in document.select(css).iter().take(5) {
            let attr = |name: &str| found.attr(name).map(|v| v.to_string());
            let values =
                ["datetime", "content", "title", "data-datetime"].iter().filter_map(|name| attr(name));
            let text = found.text().to_string();
            for value in values.chain((text.len() < 120).then_some(text)) {
                if let Some(value) = usable(&value, latest, order) {
                    return Some(value);
                }
            }
        }
    }
    None
}

/// The day in an address such as `/2031/03/09/` or `-20310309-`.
fn in_address(address: &str, latest: NaiveDate) -> Option<String> {
    static DAY: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"(?:^|[^0-9])((?:19|20)\d{2})([/_-]?)(\d{1,2})[/_-]?(\d{1,2})(?:[^0-9]|$)";
        Regex::new(pattern).expect("a fixed pattern")
    });
    let path = address.split_once("://").map_or(address, |(_, rest)| rest);
    DAY.captures_iter(path).find_map(|c| {
        let (month, day) = (&c[3], &c[4]);
        if c[2].is_empty() && (month.len() != 2 || day.len() != 2) {
            return None;
        }
        let day = NaiveDate::from_ymd_opt(c[1].parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
        sane(day, latest).then(|| day.to_string())
    })
}

/// A date that a reader sees: in an element that is named for it, else beside a word that says so, else in a footer.
fn seen_by_readers(document: &Document, latest: NaiveDate, order: Order) -> Option<String> {
    const NAMES: &[&str] = &[
        "date",
        "publish",
        "posted",
        "time",
        "datum",
        "fecha",
        "byline",
        "dateline",
        "meta",
        "submitted",
        "info",
        "post-",
        "author",
        "created",
        "details",
        "header",
        "day",
    ];
    let mut by_rank: Vec<Option<NaiveDate>> = vec![None; NAMES.len()];
    for node in document.select("[class], [id]").iter().take(4000) {
        let name = |attr: &str| node.attr(attr).map(|v| v.to_ascii_lowercase()).unwrap_or_default();
        let names = format!("{} {}", name("class"), name("id"));
        if is_beside(&names) {
            continue;
        }
        let Some(rank) = NAMES.iter().position(|n| names.contains(n)) else { continue };
        if by_rank[rank].is_some() {
            continue;
        }
        // A wrapper around half the page is no date; its words are not even gathered.
        let mut text = String::new();
        node.nodes().iter().for_each(|node| words(node, &mut text, 400));
        if text.len() <= 400 {
            by_rank[rank] = find(&text, latest, order);
        }
    }
    let named = by_rank.into_iter().flatten().next();
    named.or_else(|| in_words(document, latest, order)).map(|day| day.to_string())
}

/// Parts of a page that hold other articles' dates.
fn is_beside(names: &str) -> bool {
    [
        "sidebar",
        "related",
        "comment",
        "widget",
        "footer",
        "calendar",
        "archive",
        "recent",
        "teaser",
        "copyright",
    ]
    .iter()
    .any(|beside| names.contains(beside))
}

/// `Published: 9 March 2031` in the words of the page, else the first date in them.
fn in_words(document: &Document, latest: NaiveDate, order: Order) -> Option<NaiveDate> {
    const CUES: &[&str] = &[
        "published",
        "posted",
        "publication date",
        "date:",
        "veröffentlicht",
        "erstellt",
        "geschrieben am",
        "publié",
        "publicado",
        "pubblicato",
        "gepubliceerd",
        "yayın",
        "опубликовано",
        "stand:",
        "created",
        "written on",
    ];
    let mut text = String::new();
    let body = document.select("body");
    for node in body.nodes() {
        words(node, &mut text, 20_000);
    }
    let lower = text.to_lowercase();
    let after = CUES.iter().filter_map(|cue| {
        let at = lower.find(cue)?;
        let rest = super::text_norm::prefix(&lower[at..], 80);
        find(rest, latest, order)
    });
    let mut after = after;
    after.next().or_else(|| find(super::text_norm::prefix(&lower, 3000), latest, order))
}

/// The words that a reader sees, until there are more than `most` bytes of them.
fn words(node: &NodeRef, out: &mut String, most: usize) {
    let mut next = node.first_child();
    while let Some(at) = next {
        if out.len() > most {
            return;
        }
        let hidden =
            at.node_name().is_some_and(|n| matches!(&*n, "script" | "style" | "noscript" | "template"));
        if at.is_text() {
            out.push_str(&at.text());
            out.push(' ');
        }
        next = if hidden { None } else { at.first_child() };
        let mut up = at;
        while next.is_none() {
            next = up.next_sibling();
            if next.is_none() {
                match up.parent() {
                    Some(parent) if parent.id != node.id => up = parent,
                    _ => return,
                }
            }
        }
    }
}

/// The first day written in a text, in the ways of a dozen languages.
fn find(text: &str, latest: NaiveDate, order: Order) -> Option<NaiveDate> {
    static ISO: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b((?:19|20)\d{2})[-/.](\d{1,2})[-/.](\d{1,2})\b").expect("a fixed pattern")
    });
    static NUMBERS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(\d{1,2})([-/.])\s?(\d{1,2})[-/.]\s?((?:19|20)?\d{2})\b").expect("a fixed pattern")
    });
    static DAY_MONTH: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"\b(\d{1,2})(?:st|nd|rd|th|er|\.|º|°)?[\s-]+(?:of\s+|de\s+|d')?(\p{L}{3,12})\.?,?[\s-]+(?:de\s+|del\s+)?((?:19|20)\d{2})\b";
        Regex::new(pattern).expect("a fixed pattern")
    });
    static MONTH_DAY: LazyLock<Regex> = LazyLock::new(|| {
        let pattern = r"\b(\p{L}{3,12})\.?[\s-]+(\d{1,2})(?:st|nd|rd|th)?,?[\s-]+((?:19|20)\d{2})\b";
        Regex::new(pattern).expect("a fixed pattern")
    });
    let number = |text: &str| text.parse::<u32>().ok();
    let day = |year: &str, month: u32, day: u32| {
        let year: i32 = year.parse().ok()?;
        let year = if year < 100 { year + 2000 } else { year };
        NaiveDate::from_ymd_opt(year, month, day).filter(|d| sane(*d, latest))
    };
    let mut all: Vec<(usize, NaiveDate)> = Vec::new();
    let mut note = |at: usize, found: Option<NaiveDate>| all.extend(found.map(|d| (at, d)));
    for c in ISO.captures_iter(text).take(3) {
        note(
            c.get(0).map_or(0, |m| m.start()),
            number(&c[2]).zip(number(&c[3])).and_then(|(m, d)| day(&c[1], m, d)),
        );
    }
    for c in DAY_MONTH.captures_iter(text).take(3) {
        note(
            c.get(0).map_or(0, |m| m.start()),
            month(&c[2]).zip(number(&c[1])).and_then(|(m, d)| day(&c[3], m, d)),
        );
    }
    for c in MONTH_DAY.captures_iter(text).take(3) {
        note(
            c.get(0).map_or(0, |m| m.start()),
            month(&c[1]).zip(number(&c[2])).and_then(|(m, d)| day(&c[3], m, d)),
        );
    }
    for c in NUMBERS.captures_iter(text).take(3) {
        let (Some(a), Some(b)) = (number(&c[1]), number(&c[3])) else { continue };
        let (day_first, month_first) = (day(&c[4], b, a), day(&c[4], a, b));
        let found = match (day_first, month_first) {
            (Some(first), Some(_)) if &c[2] == "." || order == Order::DayFirst || a == b => Some(first),
            (Some(_), Some(second)) if order == Order::MonthFirst => Some(second),
            (Some(_), Some(_)) => None,
            (first, second) => first.or(second),
        };
        note(c.get(0).map_or(0, |m| m.start()), found);
    }
    all.into_iter().min_by_key(|(at, _)| *at).map(|(_, day)| day)
}

/// The number of a month by its name in English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Czech,
/// Turkish, Swedish, Russian or Ukrainian.
fn month(name: &str) -> Option<u32> {
    const NAMES: [&[&str]; 12] = [
        &["jan", "jän", "ene", "gen", "sty", "led", "oca", "янв", "січ"],
        &["feb", "fév", "fev", "lut", "úno", "şub", "фев", "лют"],
        &["mar", "mär", "maa", "mrt", "mrz", "bře", "мар", "бер"],
        &["apr", "avr", "abr", "kwi", "dub", "nis", "апр", "кві"],
        &["may", "mai", "maj", "mei", "mag", "kvě", "mayı", "мая", "май", "тра"],
        &["jun", "jui", "giu", "cze", "haz", "июн", "чер"],
        &["jul", "juil", "lug", "lip", "tem", "июл", "лип"],
        &["aug", "aoû", "aou", "ago", "sie", "srp", "ağu", "авг", "сер"],
        &["sep", "set", "wrz", "zář", "eyl", "сен", "вер"],
        &["oct", "okt", "ott", "out", "paź", "říj", "eki", "окт", "жов"],
        &["nov", "lis", "kas", "ноя", "лист"],
        &["dec", "dez", "déc", "dic", "gru", "pro", "ara", "дек", "гру"],
    ];
    let name = name.to_lowercase();
    if name.starts_with("juil") {
        return Some(7);
    }
    let found = NAMES.iter().position(|all| all.iter().any(|start| name.starts_with(start)))?;
    // "market 12, 2031" is no March: a month's name is one of few.
    let odd = name.len() > 10
        || ["market", "mark", "marc", "seconds", "decided", "separate", "maybe", "progress"]
            .contains(&name.as_str());
    (!odd).then_some(found as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<String> {
        let latest = NaiveDate::from_ymd_opt(2031, 6, 1).unwrap();
        find(text, latest, Order::Unknown).map(|d| d.to_string())
    }

    #[test]
    fn days_as_readers_see_them() {
        for (text, wanted) in [
            ("Posted on March 9th, 2031 by A. Writer", "2031-03-09"),
            ("Veröffentlicht am 9. März 2031", "2031-03-09"),
            ("Publié le 1er août 2030 à 10h", "2030-08-01"),
            ("9 de octubre de 2030", "2030-10-09"),
            ("Riga, 09.03.2031", "2031-03-09"),
            ("2031/03/09 14:05", "2031-03-09"),
            ("29/03/2031", "2031-03-29"),
            ("9 марта 2031", "2031-03-09"),
        ] {
            assert_eq!(day(text).as_deref(), Some(wanted), "{text}");
        }
        // Two readings, a day to come, and no month at all.
        for text in ["04/05/2031", "9 March 2032", "page 12 market 2031", "version 1.2.3"] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn days_in_addresses() {
        let latest = NaiveDate::from_ymd_opt(2031, 6, 1).unwrap();
        let of = |a: &str| in_address(a, latest);
        assert_eq!(of("https://nw.example/2031/03/09/envoy").as_deref(), Some("2031-03-09"));
        assert_eq!(of("https://nw.example/envoy-20310309.html").as_deref(), Some("2031-03-09"));
        assert_eq!(of("https://nw.example/envoy-2031.html"), None);
        assert_eq!(of("https://nw.example/id/20319999"), None);
    }
}
