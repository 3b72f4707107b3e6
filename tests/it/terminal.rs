//! What a person meets: commands as typed, exit codes, messages with a hint.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

pub fn chancery() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
    command.env_remove("CHANCERY_CONFIG").env_remove("CHANCERY_LEXICON").env("NO_COLOR", "1");
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn write(dir: &Path, name: &str, body: &str) {
    fs::write(dir.join(name), body).unwrap();
}

const STORY: &str = "Norway recalls envoy\n\nOSLO, Nov 22 (Fjord Wire) - Norway imposed sanctions on Belarus on Sunday, its foreign minister said.\n";

#[test]
fn the_first_minute_of_the_readme() {
    let out = chancery()
        .args(["explain", "-t", "The EU imposed new sanctions on Belarus on Sunday.", "--date", "2026-11-25"])
        .output()
        .unwrap();
    assert!(out.status.success());
    let said = text(&out.stdout);
    assert!(said.contains("SANCTION EUR > BLR") && said.contains("2026-11-22"), "{said}");
}

#[test]
fn scan_writes_records_to_stdout_and_a_summary_to_stderr() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "a.txt", STORY);
    let out = chancery().arg("scan").arg(dir.path()).output().unwrap();
    assert_eq!(out.status.code(), Some(0));
    let lines: Vec<serde_json::Value> =
        text(&out.stdout).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert!(lines.iter().any(|l| l["event"] == "SANCTION" && l["dyad"] == "NOR>BLR"), "{lines:?}");
    assert!(text(&out.stderr).contains("1 "), "{}", text(&out.stderr));
}

#[test]
fn bad_input_is_set_aside_and_the_rest_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let inbox = dir.path().join("in");
    fs::create_dir(&inbox).unwrap();
    write(&inbox, "good.txt", STORY);
    write(&inbox, "empty.txt", "");
    fs::write(inbox.join("binary.txt"), [0u8, 1, 2, 0, 255, 0, 7, 0]).unwrap();
    write(&inbox, "cut.json", "{\"title\": \"T\", \"text\": \"Iran att");
    write(&inbox, "deep.json", &"[".repeat(100_000));
    write(&inbox, "notext.json", "{\"ts\": 3, \"payload\": {\"weight\": \"x\"}}");
    let events = dir.path().join("events.jsonl");
    let out = chancery().arg("scan").arg(&inbox).arg("--out").arg(&events).arg("--strict").output().unwrap();
    assert_eq!(out.status.code(), Some(3), "{}", text(&out.stderr));
    assert!(fs::read_to_string(&events).unwrap().contains("NOR>BLR"));
    let dead = fs::read_to_string(dir.path().join("events.jsonl.dead.jsonl")).unwrap();
    let letters: Vec<serde_json::Value> = dead.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(letters.len(), 5, "{dead}");
    for name in ["empty.txt", "binary.txt", "cut.json", "deep.json", "notext.json"] {
        let letter = letters
            .iter()
            .find(|l| l["path"].as_str().unwrap().ends_with(name))
            .unwrap_or_else(|| panic!("{name}: {dead}"));
        assert!(
            !letter["error"].as_str().unwrap().is_empty() && !letter["reason"].as_str().unwrap().is_empty()
        );
    }
    let plain = chancery().arg("scan").arg(&inbox).output().unwrap();
    assert_eq!(plain.status.code(), Some(0), "without --strict bad input is only counted");
}

#[test]
fn faults_are_told_with_a_hint_and_the_promised_code() {
    let dir = tempfile::tempdir().unwrap();
    write(dir.path(), "bad.toml", "[watch]\nsettel_ms = 1\n");
    let out = chancery().args(["check", "--config"]).arg(dir.path().join("bad.toml")).output().unwrap();
    assert_eq!(out.status.code(), Some(4));
    assert!(text(&out.stderr).contains("hint:"), "{}", text(&out.stderr));
    assert_eq!(chancery().arg("explain").output().unwrap().status.code(), Some(2));
    assert_eq!(chancery().arg("nonsense").output().unwrap().status.code(), Some(2));
    let missing = chancery().args(["scan", "/nowhere/at/all"]).output().unwrap();
    assert!(text(&missing.stderr).contains("/nowhere/at/all"), "{}", text(&missing.stderr));
    let refused = chancery()
        .args(["scan"])
        .arg(dir.path())
        .args(["--out", "/nowhere/at/all/e.jsonl"])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(5), "{}", text(&refused.stderr));
}

#[test]
fn what_is_fixed_can_be_printed() {
    for args in [
        &["schema", "event"][..],
        &["schema", "article"],
        &["codes"],
        &["codes", "--json"],
        &["version", "--json"],
        &["init", "--print"],
        &["completions", "bash"],
    ] {
        let out = chancery().args(args).output().unwrap();
        assert!(out.status.success() && !out.stdout.is_empty(), "{args:?}");
    }
}

#[test]
fn the_lexicon_can_be_written_out_edited_and_used() {
    let dir = tempfile::tempdir().unwrap();
    let lexicon = dir.path().join("lexicon");
    assert!(chancery().args(["init", "--lexicon-files"]).arg(&lexicon).output().unwrap().status.success());
    assert!(lexicon.join("events/SANCTION.toml").exists());
    write(
        &lexicon.join("topics"),
        "whales.toml",
        "id = \"whales\"\nname = \"Whales\"\nabout = \"Whaling.\"\non = true\nthreshold = 1.0\n[[term]]\nweight = 1.0\nwords = [\"whaling\"]\n",
    );
    let out = chancery()
        .args(["explain", "-t", "Norway resumed whaling.", "--lexicon"])
        .arg(&lexicon)
        .output()
        .unwrap();
    assert!(text(&out.stdout).contains("topic whales"), "{}", text(&out.stdout));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let out = std::process::Command::new("sh")
        .arg("-c")
        .arg(format!("{} codes --cameo | head -1", env!("CARGO_BIN_EXE_chancery")))
        .output()
        .unwrap();
    assert!(text(&out.stderr).is_empty(), "{}", text(&out.stderr));
}
