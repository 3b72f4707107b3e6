//! Two outputs over the same articles, compared.

use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::serve::{another, program, records, samples};

fn diff(dir: &Path, more: &[&str]) -> (Option<i32>, String) {
    let mut command = program();
    command.args(["diff", "a.jsonl", "b.jsonl"]).args(more).current_dir(dir).stdout(Stdio::piped());
    let done = command.output().unwrap();
    (done.status.code(), String::from_utf8(done.stdout).unwrap())
}

fn lines(records: &[Value]) -> String {
    records.iter().map(|r| format!("{r}\n")).collect()
}

#[test]
fn what_was_added_dropped_and_changed_is_told_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let (a, b) = (dir.path().join("a.jsonl"), dir.path().join("b.jsonl"));
    std::fs::write(&a, &samples().0).unwrap();
    // Another day, another lexicon, rules on other lines, files elsewhere, another order: the same news.
    let mut all = records();
    for record in &mut all {
        record["coded_at"] = "2027-01-01T00:00:00Z".into();
        record["seen_at"] = "2027-01-01T00:00:00Z".into();
        record["coder"]["lexicon_sha256"] = "f".repeat(64).into();
        record["evidence"]["rule_at"] = "events/OTHER.toml:1".into();
        record["article"]["path"] = "elsewhere/x.txt".into();
    }
    all.reverse();
    std::fs::write(&b, lines(&all)).unwrap();
    let (code, said) = diff(dir.path(), &[]);
    let count = all.len();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains(&format!("0 added, 0 dropped, 0 changed, {count} the same")), "{said}");

    // The same words read as another act have another id; a later revision of the same id; one gone; one taken back; one new.
    all[0]["id"] = "other-id".into();
    all[0]["event"] = "THREATEN".into();
    let mut revised = all[1].clone();
    revised["rev"] = 2.into();
    revised["confidence"] = 0.01.into();
    let mut back = all[2].clone();
    back["rev"] = 2.into();
    back["op"] = "retract".into();
    let gone = all.remove(3);
    let mut text = lines(&all) + &lines(&[revised, back.clone()]);
    let mut fresh: Value = serde_json::from_str(&another("fresh", "2026-11-24")).unwrap();
    fresh["article"]["sha256"] = "0".repeat(64).into();
    text.push_str(&format!("{fresh}\n{{\"schema\":\"article/1.0\"}}\nno record\n"));
    std::fs::write(&b, text).unwrap();
    let (code, said) = diff(dir.path(), &["--most", "100"]);
    assert_eq!(code, Some(1));
    let count = count - 4;
    assert!(said.contains(&format!("1 added, 2 dropped, 2 changed, {count} the same")), "{said}");
    assert!(said.contains("changed in: confidence 1, event 1\n"), "{said}");
    assert!(said.contains("1 lines are no records"), "{said}");
    assert!(said.contains("  =>  THREATEN"), "{said}");
    assert!(said.contains("THREATEN            0        0        1\n"), "{said}");
    let (_, json) = diff(dir.path(), &["--json"]);
    let all: Vec<Value> = json.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let of = |word: &str| -> Vec<&Value> { all.iter().filter(|c| c["change"] == word).collect() };
    assert_eq!(of("added")[0]["after"], fresh);
    let dropped: Vec<&Value> = of("dropped").iter().map(|c| &c["before"]["id"]).collect();
    assert!(dropped.contains(&&gone["id"]) && dropped.contains(&&back["id"]), "{dropped:?}");
    assert_eq!(of("changed").len(), 2);
    let (_, few) = diff(dir.path(), &["--most", "1"]);
    assert!(few.contains("4 more; --most 5"), "{few}");
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(diff(dir.path(), &[]).0, Some(2));
}
