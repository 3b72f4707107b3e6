//! What a run says of itself on stderr: as text for a person, or as JSON beside the JSON log.

use std::path::Path;
use std::time::Duration;

use chancery::model::Summary;
use chrono::{SecondsFormat, Utc};
use serde_json::{Map, Value, json};

/// Says one thing: the message as it stands, or in JSON a line shaped as the log's.
pub fn say(as_json: bool, message: &str, mut fields: Map<String, Value>) {
    if !as_json {
        return anstream::eprintln!("{message}");
    }
    fields.insert("message".into(), message.into());
    let time = Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true);
    let line = json!({"timestamp": time, "level": "INFO", "fields": fields, "target": "chancery"});
    anstream::eprintln!("{line}");
}

/// The counters of a run, with the name a program knows them by and the words for a person.
fn counts(s: &Summary) -> [(&'static str, u64, &'static str); 19] {
    [
        ("lines_read", s.lines_read, "lines of followed files and of stdin"),
        ("article_records", s.article_records, "article records"),
        ("bytes_written", s.bytes_written, "bytes written"),
        ("commits", s.commits, "commits"),
        ("duplicates", s.duplicates, "files with content that was read under another name"),
        ("unchanged", s.unchanged, "files touched without a change"),
        ("revisions", s.revisions, "files read again because they changed"),
        ("vanished", s.vanished, "files gone before they could be read"),
        ("overflows", s.overflows, "notification overflows, each answered by a full scan"),
        ("generations", s.generations, "followed files that started anew"),
        ("unfinished_lines", s.unfinished_lines, "unfinished last lines, left for the next run"),
        ("disk_full", s.disk_full, "waits for a full disk"),
        ("bytes_cut", s.bytes_cut, "uncommitted bytes cut off at the start"),
        ("ledger_bytes_cut", s.ledger_bytes_cut, "damaged ledger bytes cut off at the start"),
        ("files_known", s.files_known, "files known from before"),
        ("rolled_back", u64::from(s.rolled_back), "ledger older than it once was"),
        ("syncs", s.syncs, "syncs to disk"),
        ("sync_micros", s.sync_micros, "microseconds spent in them"),
        ("polling", u64::from(s.polling), "directory tree found by polling alone"),
    ]
}

/// Every counter that is not zero, by name, and where to read what was set aside.
pub fn tell(s: &Summary, spent: Duration, dead: Option<&Path>, as_json: bool) {
    if as_json {
        return say(true, "finished", fields(s, spent));
    }
    anstream::eprint!("{}", text(s, spent));
    if let (Some(path), true) = (dead, s.dead_letters() > 0) {
        anstream::eprintln!("  why they were set aside, one line each: {}", path.display());
    }
}

fn rates(s: &Summary, spent: Duration) -> (f64, f64, f64) {
    let seconds = spent.as_secs_f64().max(1e-6);
    (seconds, s.articles as f64 / seconds, s.bytes_read as f64 / 1e6 / seconds)
}

fn fields(s: &Summary, spent: Duration) -> Map<String, Value> {
    let (seconds, articles, megabytes) = rates(s, spent);
    let mut out = Map::new();
    out.insert("files".into(), s.files_read.into());
    out.insert("articles".into(), s.articles.into());
    out.insert("events".into(), s.events.into());
    out.insert("bytes".into(), s.bytes_read.into());
    out.insert("seconds".into(), seconds.into());
    out.insert("articles_per_second".into(), articles.into());
    out.insert("megabytes_per_second".into(), megabytes.into());
    out.insert("dead_letters".into(), json!(s.dead));
    out.insert("passed_over".into(), json!(s.skipped));
    out.extend(counts(s).into_iter().filter(|c| c.1 > 0).map(|(name, n, _)| (name.into(), n.into())));
    out.extend(s.facts.iter().map(|(name, n)| ((*name).into(), (*n).into())));
    out
}

fn text(s: &Summary, spent: Duration) -> String {
    let (seconds, articles, megabytes) = rates(s, spent);
    let mut out = format!(
        "{} articles, {} events; {} files, {} bytes in {seconds:.2} s ({articles:.0} articles/s, {megabytes:.2} MB/s)\n",
        s.articles, s.events, s.files_read, s.bytes_read
    );
    let mut line = |n: u64, name: &str| out.push_str(&format!("  {n} {name}\n"));
    counts(s).into_iter().filter(|c| c.1 > 0).for_each(|(_, n, name)| line(n, name));
    s.facts.iter().for_each(|(name, n)| line(*n, &name.replace('_', " ")));
    s.skipped.iter().for_each(|(reason, n)| line(*n, &format!("files passed over: {reason}")));
    s.dead.iter().for_each(|(reason, n)| line(*n, &format!("set aside: {reason}")));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_counters_that_count_something_are_told() {
        let mut s = Summary {
            articles: 3,
            files_read: 2,
            bytes_read: 5_000_000,
            duplicates: 1,
            ..Summary::default()
        };
        s.dead.insert("empty", 2);
        let said = text(&s, Duration::from_secs(2));
        assert!(
            said.starts_with(
                "3 articles, 0 events; 2 files, 5000000 bytes in 2.00 s (2 articles/s, 2.50 MB/s)"
            )
        );
        assert!(said.contains("  1 files with content") && said.contains("  2 set aside: empty\n"), "{said}");
        assert!(!said.contains("commits"), "{said}");
        let fields = fields(&s, Duration::from_secs(2));
        assert_eq!((&fields["duplicates"], fields.get("commits")), (&json!(1), None));
    }
}
