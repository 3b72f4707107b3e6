//! Sweeps a folder of real newswire, feed and archive files and tells how much of them is read rightly:
//! `cargo run --example formats -- FOLDER [-v]`. What is expected comes from the files themselves or from the JSON
//! beside them, not from this program's decoders. Exit code 1 when a share is below its goal.

use std::fs;
use std::path::{Path, PathBuf};

use chancery::decode::{self, Decoded, Options};
use chancery::model::{Article, Item};
use chrono::{DateTime, Utc};
use regex::Regex;
use serde_json::Value;

fn main() {
    let mut args = std::env::args().skip(1);
    let folder = PathBuf::from(args.next().unwrap_or_default());
    let verbose = args.any(|a| a == "-v");
    if !folder.is_dir() {
        println!("no folder {}: nothing to sweep", folder.display());
        return;
    }
    let tables = [shapes(&folder), feeds(&folder), ninjs(&folder), newsml(&folder), warc(&folder)];
    println!("{:<26} {:>6} {:>6} {:>7}  goal", "what", "right", "of", "share");
    let mut short = false;
    for row in tables.iter().flatten() {
        let share = row.right as f64 / row.of.max(1) as f64 * 100.0;
        short |= row.of > 0 && share < row.goal;
        println!("{:<26} {:>6} {:>6} {:>6.1}%  {}", row.what, row.right, row.of, share, row.goal);
        for wrong in row.wrong.iter().filter(|_| verbose) {
            println!("    {wrong}");
        }
    }
    std::process::exit(i32::from(short));
}

/// One line of the table.
struct Row {
    what: &'static str,
    right: usize,
    of: usize,
    goal: f64,
    wrong: Vec<String>,
}

impl Row {
    fn new(what: &'static str, goal: f64) -> Row {
        Row { what, right: 0, of: 0, goal, wrong: Vec::new() }
    }

    fn check(&mut self, right: bool, wrong: impl FnOnce() -> String) {
        self.of += 1;
        self.right += usize::from(right);
        if !right {
            self.wrong.push(wrong());
        }
    }
}

fn files(dir: &Path, ends: &[&str]) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            out.extend(files(&path, ends));
        } else if ends.iter().any(|end| path.to_string_lossy().ends_with(end)) {
            out.push(path);
        }
    }
    out.sort();
    out
}

fn read(path: &Path) -> Decoded {
    let bytes = fs::read(path).unwrap_or_default();
    decode::decode(&item(&path.to_string_lossy(), bytes), &Options::default())
}

fn item(path: &str, bytes: Vec<u8>) -> Item {
    Item {
        path: path.to_owned(),
        range: None,
        bytes,
        seen_at: DateTime::<Utc>::from_timestamp(1_930_831_500, 0).unwrap(),
    }
}

fn lost(decoded: &Decoded) -> String {
    decoded
        .lost
        .first()
        .map_or(String::new(), |l| format!("{} {}", l.reason, l.error.lines().next().unwrap_or("")))
}

fn shapes(folder: &Path) -> Vec<Row> {
    let mut row = Row::new("JSON shapes", 100.0);
    let text = fs::read_to_string(folder.join("json-shapes.jsonl")).unwrap_or_default();
    for line in text.lines() {
        let shape: Value = serde_json::from_str(line).unwrap();
        let object = &shape["item"];
        let decoded = decode::decode(&item("a.json", object.to_string().into_bytes()), &Options::default());
        let written = object.to_string();
        let right = decoded.articles.first().is_some_and(|a| {
            let body = !written.contains("BODY") || a.text.contains("BODY");
            let title = !written.contains("\"T\"") || a.title.as_deref() == Some("T");
            let date = !(written.contains("2026-11-20")
                || written.contains("20261120")
                || written.contains("20 Nov"))
                || a.published.is_some_and(|p| p.at.to_rfc3339().starts_with("2026-11-20"));
            let url = !written.contains("http") || a.url.is_some() || written.contains("nyt://");
            body && title && date && url
        });
        row.check(right, || format!("{}: {} {:?}", shape["shape"], lost(&decoded), decoded.articles.first()));
    }
    vec![row]
}

/// Without the differences that are none: blanks, entities of a second escape, quotes.
fn plain(text: &str) -> String {
    let text = text.replace("&amp;", "&").replace("&quot;", "\"").replace(['\u{2018}', '\u{2019}'], "'");
    let no_tags = Regex::new("<[^>]*>").unwrap().replace_all(&text, "").into_owned();
    no_tags.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn feeds(folder: &Path) -> Vec<Row> {
    let mut rows = [
        Row::new("feed entries found", 95.0),
        Row::new("feed titles", 95.0),
        Row::new("feed links", 95.0),
        Row::new("feed dates", 95.0),
    ];
    for expected in files(&folder.join("feeds"), &[".serde.json"]) {
        let name = expected.to_string_lossy().replace(".serde.json", "");
        let path = ["xml", "json"].iter().map(|e| PathBuf::from(format!("{name}.{e}"))).find(|p| p.is_file());
        let Some(path) = path else { continue };
        let wanted: Value = serde_json::from_slice(&fs::read(&expected).unwrap()).unwrap();
        let decoded = read(&path);
        let entries = wanted["entries"].as_array().cloned().unwrap_or_default();
        for (i, entry) in entries.iter().enumerate() {
            let title = entry["title"]["content"].as_str();
            let links: Vec<&str> =
                entry["links"].as_array().into_iter().flatten().filter_map(|l| l["href"].as_str()).collect();
            let dates: Vec<&str> =
                ["published", "updated"].iter().filter_map(|k| entry[k].as_str()).collect();
            let words = title.or(entry["summary"]["content"].as_str()).or(entry["content"]["body"].as_str());
            let article = find(&decoded.articles, title, &links, i, entries.len());
            if words.is_none() && article.is_none() {
                continue;
            }
            let at = || {
                format!(
                    "{} entry {i} {:?} {:?} {:?}: {} {:?}",
                    path.display(),
                    title,
                    links,
                    dates,
                    lost(&decoded),
                    article.map(|a| (&a.title, &a.url, a.published))
                )
            };
            rows[0].check(article.is_some(), at);
            if let Some(title) = title {
                rows[1].check(
                    article.is_some_and(|a| a.title.as_deref().is_some_and(|t| plain(t) == plain(title))),
                    at,
                );
            }
            if !links.is_empty() {
                rows[2].check(
                    article
                        .is_some_and(|a| a.url.as_deref().is_some_and(|u| links.iter().any(|l| same(l, u)))),
                    at,
                );
            }
            if !dates.is_empty() {
                let right = |a: &Article| {
                    a.published.is_some_and(|p| {
                        dates.iter().any(|d| {
                            d.parse::<DateTime<Utc>>().is_ok_and(|d| d.timestamp() == p.at.timestamp())
                        })
                    })
                };
                rows[3].check(article.is_some_and(right), at);
            }
        }
    }
    rows.into()
}

fn same(a: &str, b: &str) -> bool {
    a.trim().trim_end_matches('/').replace("&amp;", "&")
        == b.trim().trim_end_matches('/').replace("&amp;", "&")
}

/// The article of an entry: by title, by link, or by its place.
fn find<'a>(
    all: &'a [Article],
    title: Option<&str>,
    links: &[&str],
    i: usize,
    of: usize,
) -> Option<&'a Article> {
    let titled = |a: &&Article| title.is_some() && a.title.as_deref().map(plain) == title.map(plain);
    let linked = |a: &&Article| a.url.as_deref().is_some_and(|u| links.iter().any(|l| same(l, u)));
    let placed = all.get(i).filter(|a| all.len() == of && (titled(a) || linked(a) || a.title.is_none()));
    placed
        .or_else(|| all.iter().find(|a| titled(a) && linked(a)))
        .or_else(|| all.iter().find(titled))
        .or_else(|| all.iter().find(linked))
}

fn ninjs(folder: &Path) -> Vec<Row> {
    let mut rows =
        five("ninjs files read", "ninjs headline", "ninjs body", "ninjs id", "ninjs version, date, language");
    for path in files(&folder.join("ninjs"), &[".json"])
        .into_iter()
        .filter(|p| !p.to_string_lossy().contains("schema.json"))
    {
        let Ok(value) = serde_json::from_slice::<Value>(&fs::read(&path).unwrap()) else { continue };
        let decoded = read(&path);
        let list = value.as_array().cloned().unwrap_or_else(|| vec![value]);
        for (i, object) in list.iter().enumerate() {
            let article = decoded.articles.get(i);
            let at = |what: &str| format!("{} {what}: {} {:?}", path.display(), lost(&decoded), article);
            rows[0].check(article.is_some(), || at(""));
            let text = |v: &Value| v.as_str().map(str::to_owned);
            let headline = text(&object["headline"])
                .or(text(&object["headlines"][0]["value"]))
                .or(text(&object["title"]));
            if let Some(headline) = headline {
                rows[1].check(
                    article.is_some_and(|a| a.title.as_deref().map(plain) == Some(plain(&headline))),
                    || at("headline"),
                );
            }
            let body = ["body_text", "body_html", "body_xhtml"]
                .iter()
                .find_map(|k| text(&object[k]))
                .or(text(&object["bodies"][0]["value"]));
            if let Some(body) = body {
                let start: String = plain(&body).chars().take(40).collect();
                rows[2].check(article.is_some_and(|a| plain(&a.text).starts_with(&start)), || at("body"));
            }
            if let Some(id) = text(&object["uri"]).or(text(&object["guid"])) {
                rows[3].check(article.is_some_and(|a| a.id == id), || at("id"));
            }
            let version = &object["version"];
            let version = text(version).or((!version.is_null()).then(|| version.to_string()));
            let date = text(&object["versioncreated"]).or(text(&object["versionCreated"]));
            let language = text(&object["language"]);
            let right = article.is_some_and(|a| {
                version.as_ref().is_none_or(|v| a.version.as_ref() == Some(v))
                    && (date.is_none() || a.published.is_some())
                    && language
                        .as_ref()
                        .is_none_or(|l| a.language.as_deref().is_some_and(|x| l.starts_with(x) || x == "no"))
            });
            rows[4].check(right, || at("version, date, language"));
        }
    }
    rows
}

fn five(a: &'static str, b: &'static str, c: &'static str, d: &'static str, e: &'static str) -> Vec<Row> {
    [a, b, c, d, e].into_iter().map(|what| Row::new(what, 100.0)).collect()
}

fn newsml(folder: &Path) -> Vec<Row> {
    let mut rows = five(
        "NewsML-G2 files read",
        "NewsML-G2 headline",
        "NewsML-G2 body",
        "NewsML-G2 id",
        "NewsML-G2 ver., date, lang.",
    );
    let tag = |name: &str| Regex::new(&format!(r"(?s)<{name}[^>]*>(.*?)</{name}>")).unwrap();
    let (headline, created, p) =
        (tag("headline"), tag("versionCreated"), Regex::new(r"(?s)<p>(.*?)</p>").unwrap());
    let root = Regex::new(
        r"(?s)<(newsItem|packageItem|conceptItem|knowledgeItem|planningItem|catalogItem)\b([^>]*)>",
    )
    .unwrap();
    let attr = |tag: &str, name: &str| {
        let found = Regex::new(&format!("{name}\\s*=\\s*[\"']([^\"']*)")).unwrap();
        found.captures(tag).map(|c| c[1].to_owned())
    };
    for path in files(&folder.join("newsml-g2"), &[".xml"]) {
        let bytes = fs::read(&path).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some(start) = root.captures(&text) else { continue };
        // Only documents, not fragments shown for teaching.
        if !text.trim_start().starts_with("<?xml") || text.contains("<newsMessage") {
            continue;
        }
        let decoded = read(&path);
        let article = decoded.articles.first();
        let at = |what: &str| format!("{} {what}: {} {:?}", path.display(), lost(&decoded), article);
        // Catalogues and bare metadata have no words: a reason is all that can be asked for.
        let words = headline.is_match(&text)
            || p.is_match(&text)
            || text.contains("<title")
            || text.contains("<slugline");
        if !words && article.is_none() && !decoded.lost.is_empty() {
            continue;
        }
        rows[0].check(article.is_some(), || at(""));
        let content = text
            .find("<contentMeta")
            .map_or("", |from| &text[from..text.find("</contentMeta>").unwrap_or(text.len())]);
        if let Some(wanted) = headline.captures(content) {
            rows[1].check(
                article.is_some_and(|a| a.title.as_deref().map(plain) == Some(plain(&wanted[1]))),
                || at("headline"),
            );
        }
        let set = text
            .find("<inlineXML")
            .map_or("", |from| &text[from..text.find("</inlineXML>").unwrap_or(text.len())]);
        let set = set.find("body.content").or(set.find("<body")).map_or("", |from| &set[from..]);
        if let Some(first) = p.captures(set) {
            rows[2].check(article.is_some_and(|a| plain(&a.text).contains(&plain(&first[1]))), || at("body"));
        }
        if let Some(id) = attr(&start[2], "guid") {
            rows[3].check(article.is_some_and(|a| a.id == id), || at("id"));
        }
        let (version, language) = (attr(&start[2], "\\sversion"), attr(&start[2], "xml:lang"));
        let right = article.is_some_and(|a| {
            version.as_ref().is_none_or(|v| a.version.as_ref() == Some(v))
                && (!created.is_match(&text) || a.published.is_some())
                && language.as_ref().is_none_or(|_| a.language.is_some())
        });
        rows[4].check(right, || at("version, date, language"));
    }
    rows
}

fn warc(folder: &Path) -> Vec<Row> {
    let mut row = Row::new("WARC: records or a reason", 100.0);
    for path in files(&folder.join("warc"), &[".warc", ".gz", ".bad"]) {
        let decoded = read(&path);
        let told = !decoded.articles.is_empty() || !decoded.lost.is_empty();
        row.check(told, || path.display().to_string());
        let titles: Vec<_> = decoded.articles.iter().map(|a| a.title.clone().unwrap_or_default()).collect();
        let reasons: Vec<_> = decoded.lost.iter().map(|l| format!("{}: {}", l.reason, l.error)).collect();
        row.wrong.push(format!(
            "{}: {} articles {titles:?}, {} passed over, lost {reasons:?}",
            path.display(),
            decoded.articles.len(),
            decoded.passed_over
        ));
    }
    vec![row]
}
