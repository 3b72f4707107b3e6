//! What fed what: the answer of `chancery map FILE`, and the error when nothing fed the text.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use super::aliases;
use super::fields::{self, Fields};
use super::options::{Logical, Options};
use crate::model::{Item, Undecodable};

/// One field of the article and the field of the input that fed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// The article's field.
    pub field: Logical,
    /// The path in the input.
    pub path: String,
    /// How its value begins.
    pub sample: String,
    /// Characters of its value.
    pub chars: usize,
}

/// A field of the input that fed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unused {
    /// Its path.
    pub path: String,
    /// Characters, when it is text.
    pub chars: Option<usize>,
}

/// How the first article of an item was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct MapReport {
    /// The item's path.
    pub path: String,
    /// The format that read it.
    pub format: Option<&'static str>,
    /// Articles in the item.
    pub articles: usize,
    /// What could not be read.
    pub lost: Vec<Undecodable>,
    /// What fed what, in the article's order.
    pub used: Vec<Feed>,
    /// What fed nothing, in the input's order.
    pub ignored: Vec<Unused>,
    /// What the article lacks.
    pub missing: Vec<Logical>,
    /// Lines of configuration that would mend it.
    pub mend: Vec<String>,
}

/// Shows how an item's fields are read. Never fails: what is unreadable is in `lost`.
pub fn map(item: &Item, options: &Options) -> MapReport {
    let sample = super::recognise(item).and_then(|format| format.sample(item, options));
    let decoded = super::decode(item, options);
    let mut report = MapReport {
        path: item.path.clone(),
        format: decoded.format,
        articles: decoded.articles.len(),
        lost: decoded.lost,
        used: Vec::new(),
        ignored: Vec::new(),
        missing: Vec::new(),
        mend: Vec::new(),
    };
    let Some(value) = sample else { return report };
    let fields = fields::read(&value, options, true);
    let leaves = leaves(&value);
    report.used = fields.used.iter().map(|(field, path)| feed(*field, path, &leaves)).collect();
    report.used.sort_by_key(|feed| feed.field);
    report.ignored = leaves
        .iter()
        .filter(|leaf| !fields.used.iter().any(|(_, path)| covers(path, &leaf.path)))
        .map(|leaf| Unused { path: leaf.path.clone(), chars: leaf.is_text.then_some(leaf.chars) })
        .collect();
    const WANTED: [Logical; 7] = [
        Logical::Title,
        Logical::Text,
        Logical::Url,
        Logical::PublishedAt,
        Logical::Source,
        Logical::Language,
        Logical::Id,
    ];
    report.missing = WANTED.into_iter().filter(|f| !fields.used.iter().any(|(g, _)| f == g)).collect();
    report.mend = mend(&report.missing, &leaves, &fields, options);
    report
}

/// A value at the end of a path.
struct Leaf {
    path: String,
    sample: String,
    chars: usize,
    is_text: bool,
    prose: bool,
}

/// All leaves, lists told once (`tags[]`); at most a few hundred.
fn leaves(value: &Value) -> Vec<Leaf> {
    let mut out = Vec::new();
    let mut seen = BTreeMap::new();
    walk(value, String::new(), &mut out, &mut seen);
    out
}

fn walk(value: &Value, path: String, out: &mut Vec<Leaf>, seen: &mut BTreeMap<String, usize>) {
    if out.len() >= 400 {
        return;
    }
    match value {
        Value::Null => {}
        Value::Object(map) => {
            for (key, inner) in map {
                walk(inner, if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, out, seen);
            }
        }
        Value::Array(list) => list.iter().for_each(|inner| walk(inner, format!("{path}[]"), out, seen)),
        leaf => {
            let text = leaf.as_str().map_or_else(|| leaf.to_string(), str::to_owned);
            if super::lookup::is_missing(&text) {
                return;
            }
            let chars = text.chars().count();
            if let Some(&at) = seen.get(&path) {
                let before: &mut Leaf = &mut out[at];
                before.chars += chars;
                return;
            }
            seen.insert(path.clone(), out.len());
            let prose = !is_notice(&path)
                && chars >= 200
                && text.split_ascii_whitespace().count() >= 25
                && text.contains(['.', '!', '?']);
            let sample =
                text.split_ascii_whitespace().collect::<Vec<_>>().join(" ").chars().take(60).collect();
            out.push(Leaf { path, sample, chars, is_text: leaf.is_string(), prose });
        }
    }
}

/// Long texts that come with an article and are none.
fn is_notice(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    ["copyright", "usage", "license", "licence", "terms", "ednote", "rights", "disclaimer"]
        .iter()
        .any(|n| path.contains(n))
}

/// Whether the path by which a field was found leads to, or through, a leaf.
fn covers(path: &str, leaf: &str) -> bool {
    let bare = path.split('@').next().unwrap_or(path);
    let covers_one = |path: &str| {
        leaf.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    covers_one(bare) || bare.split('+').any(covers_one)
}

fn feed(field: Logical, path: &str, leaves: &[Leaf]) -> Feed {
    let mut fed = leaves.iter().filter(|leaf| covers(path, &leaf.path)).peekable();
    let sample = fed.peek().map_or(String::new(), |leaf| leaf.sample.clone());
    Feed { field, path: path.to_owned(), sample, chars: fed.map(|leaf| leaf.chars).sum() }
}

/// Lines of configuration for what is missing, where the input has something that looks like it.
fn mend(missing: &[Logical], leaves: &[Leaf], fields: &Fields, options: &Options) -> Vec<String> {
    let free = |leaf: &&Leaf| !fields.used.iter().any(|(_, path)| covers(path, &leaf.path));
    let line = |field: Logical, leaf: &Leaf| format!("{} = {:?}", field.as_str(), leaf.path);
    let mut out = Vec::new();
    for &field in missing {
        let candidate = leaves.iter().filter(free).filter(|leaf| match field {
            Logical::Text => leaf.prose,
            Logical::Title => leaf.is_text && (15..=160).contains(&leaf.chars) && leaf.sample.contains(' '),
            Logical::Url => super::lookup::is_address(&leaf.sample),
            Logical::PublishedAt => {
                let value = Value::from(leaf.sample.as_str());
                leaf.chars >= 8 && super::when::parse(&value, None, options).is_some()
            }
            _ => false,
        });
        let best = if field == Logical::Text {
            candidate.max_by_key(|l| l.chars)
        } else {
            candidate.into_iter().next()
        };
        out.extend(best.map(|leaf| line(field, leaf)));
    }
    out
}

/// Whether an object's fields make an article. A headline beside long prose that no name claims is not one:
/// the body would be lost without a word.
pub fn readable(fields: &Fields, value: &Value, path: &str, options: &Options) -> Result<(), Undecodable> {
    if fields.text.is_some() || fields.summary.is_some() {
        return Ok(());
    }
    let leaves = leaves(value);
    let traced = fields::read(value, options, true);
    let body = mend(&[Logical::Text], &leaves, &traced, options);
    if fields.title.is_some() && body.is_empty() {
        return Ok(());
    }
    let names = aliases::of(Logical::Text);
    let has: Vec<String> =
        leaves.iter().take(12).map(|leaf| shown(&leaf.path, leaf.is_text.then_some(leaf.chars))).collect();
    let has = if has.is_empty() { "nothing".to_owned() } else { has.join(", ") };
    let more = if leaves.len() > 12 { " …" } else { "" };
    let error = format!(
        "no article text found\n  looked for: {} … ({} names)\n  this file has: {has}{more}",
        names[..6].join(", "),
        names.len()
    );
    let run = format!("run  chancery map {path}");
    let hint = match body.first() {
        Some(line) => format!("add  [input.map] {line}   or {run}"),
        None => run,
    };
    Err(Undecodable { reason: "no_text", format: None, error, hint: Some(hint), ..Undecodable::default() })
}

/// A path with the size of its text where that is worth telling: `payload.story (2,914 chars)`.
fn shown(path: &str, chars: Option<usize>) -> String {
    match chars {
        Some(chars) if chars >= 100 => format!("{path} ({} chars)", thousands(chars)),
        _ => path.to_owned(),
    }
}

fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

impl fmt::Display for MapReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = self.format.unwrap_or("no format");
        writeln!(f, "{}: {format}, {} articles, {} parts lost", self.path, self.articles, self.lost.len())?;
        let width = self.used.iter().map(|feed| feed.path.len()).max().unwrap_or(0);
        for Feed { field, path, sample, chars } in &self.used {
            writeln!(
                f,
                "  {:<12} <- {path:<width$}  {sample:?} ({} chars)",
                field.as_str(),
                thousands(*chars)
            )?;
        }
        if !self.ignored.is_empty() {
            let all: Vec<String> =
                self.ignored.iter().map(|unused| shown(&unused.path, unused.chars)).collect();
            writeln!(f, "  ignored:     {}", all.join(", "))?;
        }
        if !self.missing.is_empty() {
            let all: Vec<&str> = self.missing.iter().map(|field| field.as_str()).collect();
            writeln!(f, "  missing:     {}", all.join(", "))?;
        }
        for lost in self.lost.iter().take(5) {
            writeln!(f, "  lost ({}): {}", lost.reason, lost.error)?;
        }
        if !self.mend.is_empty() {
            writeln!(f, "  to mend it, add to chancery.toml:\n    [input.map]")?;
            for line in &self.mend {
                writeln!(f, "    {line}")?;
            }
        }
        Ok(())
    }
}
