//! `diff`: what another version or lexicon tells otherwise about the same articles.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io::Write;
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use chancery::feed::{Feed, Lines};
use serde_json::{Map, Value, json};

use crate::cli::{Common, DiffArgs};
use crate::exit::{Exit, Failure, Outcome};
use crate::tap;

/// What differs without telling anything else of the news: when and by what it was coded, and where the file lay.
const ASIDE: [&str; 6] = ["id", "rev", "op", "seen_at", "coded_at", "coder"];

/// A record: where it stands, and what it is compared by.
struct Held {
    file: u32,
    at: u64,
    len: u32,
    rev: u64,
    standing: bool,
    /// Hash of all that is compared.
    content: u64,
    /// Hash of article, sentence and trigger: two records with the same one read the same words.
    words: u64,
}

/// One of the two outputs. Records stay in their files; only what they are compared by is kept.
struct Side {
    path: PathBuf,
    lines: Lines,
    records: Vec<Held>,
    by_id: HashMap<String, usize>,
    coders: BTreeMap<String, u64>,
    bad: u64,
}

/// A record of A, of B, or the same words read otherwise.
enum Change {
    Added(usize),
    Dropped(usize),
    Changed(usize, usize),
}

/// Runs the command; exit code 1 when they differ.
pub fn run(common: &Common, args: &DiffArgs) -> Outcome {
    let (a, b) = (Side::read(&args.before)?, Side::read(&args.after)?);
    let (changes, same) = compare(&a, &b);
    let mut out = anstream::stdout().lock();
    let mut sums: BTreeMap<String, [u64; 3]> = BTreeMap::new();
    let mut fields: BTreeMap<String, u64> = BTreeMap::new();
    let mut counts = [0u64; 3];
    let mut shown = Vec::new();
    for change in &changes {
        let (kind, before, after) = match change {
            Change::Added(n) => (0, None, Some(b.value(*n)?)),
            Change::Dropped(n) => (1, Some(a.value(*n)?), None),
            Change::Changed(x, y) => (2, Some(a.value(*x)?), Some(b.value(*y)?)),
        };
        counts[kind] += 1;
        let differ = before.as_ref().zip(after.as_ref()).map_or_else(Vec::new, |(x, y)| differing(x, y));
        differ.iter().for_each(|f| *fields.entry(f.clone()).or_default() += 1);
        let event = text(&after.as_ref().or(before.as_ref()).unwrap_or(&Value::Null)["event"]).to_string();
        sums.entry(event).or_default()[kind] += 1;
        if args.json {
            let word = ["added", "dropped", "changed"][kind];
            let line = json!({"change": word, "fields": differ, "before": before, "after": after});
            writeln!(out, "{line}")?;
        } else if shown.len() < args.most {
            shown.push(told(before.as_ref(), after.as_ref(), &differ));
        }
    }
    if !args.json {
        if !common.quiet {
            a.tell(&mut out, "A")?;
            b.tell(&mut out, "B")?;
        }
        let [added, dropped, changed] = counts;
        writeln!(out, "{added} added, {dropped} dropped, {changed} changed, {same} the same")?;
        by_type(&mut out, &sums)?;
        if !fields.is_empty() {
            let list: Vec<String> = fields.iter().map(|(name, n)| format!("{name} {n}")).collect();
            writeln!(out, "changed in: {}", list.join(", "))?;
        }
        shown.iter().try_for_each(|lines| writeln!(out, "\n{lines}"))?;
        let left = changes.len() - shown.len();
        if left > 0 {
            writeln!(out, "\n{left} more; --most {} shows all, --json for programs", changes.len())?;
        }
    }
    out.flush()?;
    Ok(if changes.is_empty() { Exit::Fine } else { Exit::Findings })
}

impl Side {
    fn read(path: &Path) -> Result<Side, Failure> {
        if !path.is_file() {
            let hint =
                "hint: diff compares two files of records, such as those of  chancery scan DIR -o FILE";
            return Err(Failure::new(Exit::Usage, format!("there is no file {}\n  {hint}", path.display())));
        }
        let mut feed = Feed::new(std::slice::from_ref(&path.to_path_buf()), None);
        let mut side = Side {
            path: path.into(),
            lines: feed.lines(),
            records: Vec::new(),
            by_id: HashMap::new(),
            coders: BTreeMap::new(),
            bad: 0,
        };
        let unreadable = |e| Failure::new(Exit::Unreadable, format!("{}: {e}", path.display()));
        while let Some(chunk) = feed.next_chunk().map_err(unreadable)? {
            for (at, line) in chunk.lines() {
                side.take(chunk.file, at, line);
            }
        }
        Ok(side)
    }

    fn take(&mut self, file: u32, at: u64, line: &[u8]) {
        let Ok(record) = serde_json::from_slice::<Value>(line) else {
            self.bad += 1;
            return;
        };
        if !text(&record["schema"]).starts_with("event/") {
            // Article lines follow from the articles; anything else is no record.
            self.bad += u64::from(!text(&record["schema"]).starts_with("article/"));
            return;
        }
        let coder = &record["coder"];
        let hash: String = text(&coder["lexicon_sha256"]).chars().take(12).collect();
        let coder = format!("{} lexicon {} ({hash})", text(&coder["version"]), text(&coder["lexicon"]));
        *self.coders.entry(coder).or_default() += 1;
        let trigger = &record["evidence"]["trigger"]["span"];
        let words = json!([record["article"]["sha256"], record["evidence"]["sentence"], trigger]).to_string();
        let held = Held {
            file,
            at,
            len: line.len() as u32,
            rev: record["rev"].as_u64().unwrap_or(1),
            standing: record["op"] != "retract",
            words: xxhash_rust::xxh3::xxh3_64(words.as_bytes()),
            content: xxhash_rust::xxh3::xxh3_64(Value::Object(compared(&record)).to_string().as_bytes()),
        };
        match self.by_id.get(text(&record["id"])) {
            // The last revision counts.
            Some(n) if self.records[*n].rev <= held.rev => self.records[*n] = held,
            Some(_) => {}
            None => {
                self.by_id.insert(text(&record["id"]).into(), self.records.len());
                self.records.push(held);
            }
        }
    }

    fn value(&self, n: usize) -> Result<Value, Failure> {
        let held = &self.records[n];
        let read = self.lines.read(held.file, held.at, held.len);
        let value = read.and_then(|line| serde_json::from_slice(&line).map_err(std::io::Error::from));
        value.map_err(|e| Failure::new(Exit::Unreadable, format!("{}: {e}", self.path.display())))
    }

    fn tell(&self, out: &mut impl Write, name: &str) -> std::io::Result<()> {
        let standing = self.records.iter().filter(|r| r.standing).count();
        let coders: Vec<&str> = self.coders.keys().map(String::as_str).collect();
        let bad = if self.bad > 0 { format!("; {} lines are no records", self.bad) } else { String::new() };
        let coders = coders.join("; ");
        writeln!(out, "{name}  {}: {standing} events{bad}; coded by {coders}", self.path.display())
    }
}

/// What is compared of a record.
fn compared(record: &Value) -> Map<String, Value> {
    let mut fields = record.as_object().cloned().unwrap_or_default();
    fields.retain(|name, _| !ASIDE.contains(&name.as_str()));
    // A rule keeps its name when a line is added above it, an article when its file is moved.
    for (of, name) in [("evidence", "rule_at"), ("article", "path")] {
        if let Some(Value::Object(part)) = fields.get_mut(of) {
            part.shift_remove(name);
        }
    }
    fields
}

/// Matches by id first; what is left over on both sides by the words that were read.
fn compare(a: &Side, b: &Side) -> (Vec<Change>, u64) {
    let mut changes = Vec::new();
    let mut same = 0;
    let mut left: HashMap<u64, VecDeque<usize>> = HashMap::new();
    let in_order = |side: &Side| {
        let mut ids: Vec<(usize, String)> = side.by_id.iter().map(|(id, n)| (*n, id.clone())).collect();
        ids.sort();
        ids.retain(|(n, _)| side.records[*n].standing);
        ids
    };
    let other = |side: &Side, id: &str| side.by_id.get(id).copied().filter(|n| side.records[*n].standing);
    let mut dropped = Vec::new();
    for (n, id) in in_order(a) {
        match other(b, &id) {
            Some(m) if a.records[n].content == b.records[m].content => same += 1,
            Some(m) => changes.push(Change::Changed(n, m)),
            None => {
                left.entry(a.records[n].words).or_default().push_back(n);
                dropped.push(n);
            }
        }
    }
    let mut taken = std::collections::HashSet::new();
    for (m, id) in in_order(b) {
        if other(a, &id).is_some() {
            continue;
        }
        match left.get_mut(&b.records[m].words).and_then(VecDeque::pop_front) {
            Some(n) => {
                taken.insert(n);
                changes.push(Change::Changed(n, m));
            }
            None => changes.push(Change::Added(m)),
        }
    }
    changes.extend(dropped.into_iter().filter(|n| !taken.contains(n)).map(Change::Dropped));
    (changes, same)
}

/// Names of the fields that differ.
fn differing(before: &Value, after: &Value) -> Vec<String> {
    let (x, y) = (compared(before), compared(after));
    let mut names: Vec<String> = x.keys().chain(y.keys()).cloned().collect();
    names.sort();
    names.dedup();
    names.retain(|name| x.get(name) != y.get(name));
    names
}

fn by_type(out: &mut impl Write, sums: &BTreeMap<String, [u64; 3]>) -> std::io::Result<()> {
    if !sums.is_empty() {
        writeln!(out, "{:<12}{:>9}{:>9}{:>9}", "", "added", "dropped", "changed")?;
    }
    for (event, [added, dropped, changed]) in sums {
        writeln!(out, "{event:<12}{added:>9}{dropped:>9}{changed:>9}")?;
    }
    Ok(())
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// One change in a few lines.
fn told(before: Option<&Value>, after: Option<&Value>, differ: &[String]) -> String {
    let (mark, color) = match (before, after) {
        (None, _) => ("+", AnsiColor::Green),
        (_, None) => ("-", AnsiColor::Red),
        _ => ("~", AnsiColor::Yellow),
    };
    let style = Style::new().fg_color(Some(color.into()));
    let head = |r: &Value| format!("{}  {} {}", text(&r["date"]), text(&r["event"]), tap::who(r));
    let record = after.or(before).unwrap_or(&Value::Null);
    let mut lines = match (before, after) {
        (Some(x), Some(y)) if head(x) != head(y) => {
            format!("{style}{mark} {}  =>  {}{style:#}", head(x), head(y))
        }
        _ => format!("{style}{mark} {}{style:#}", head(record)),
    };
    lines.push_str(&format!("\n    {}", tap::plain(text(&record["evidence"]["text"]), 200)));
    let (rule, at) = (text(&record["evidence"]["rule"]), text(&record["evidence"]["rule_at"]));
    lines.push_str(&format!(
        "\n    by {rule} at {at}, in {}",
        tap::plain(text(&record["article"]["path"]), 200)
    ));
    if let (Some(x), Some(y)) = (before, after) {
        for name in differ {
            lines.push_str(&format!("\n    {name}: {}  =>  {}", short(&x[name]), short(&y[name])));
        }
    }
    lines
}

/// A value on one line; parties by their names.
fn short(value: &Value) -> String {
    match value {
        Value::Array(all) if all.iter().any(|v| v.get("text").is_some()) => {
            let names: Vec<&str> = all.iter().map(|p| p["id"].as_str().unwrap_or(text(&p["text"]))).collect();
            tap::plain(&names.join(", "), 100)
        }
        Value::String(s) => tap::plain(s, 100),
        other => tap::plain(&other.to_string(), 100),
    }
}
