//! The commands that ask the ledger, on the ledgers of real runs.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use serde_json::Value;
use xxhash_rust::xxh3::xxh3_128;

use crate::live::{Place, append, records, story};

/// What a command did: its exit code, and what it said on standard output and beside it.
struct Answer {
    code: Option<i32>,
    out: String,
    err: String,
}

fn ledger(place: &Place, args: &[&str]) -> Answer {
    let args = [&["ledger", "--out", "events.jsonl"], args].concat();
    let mut command = place.chancery(&args);
    let output = command.stdout(std::process::Stdio::piped()).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Answer { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) }
}

/// Reads what is there, with a limit of 2,000 bytes a file, and ends.
fn once(place: &Place) {
    let args = ["watch", "inbox", "--out", "events.jsonl", "--once"];
    let mut command = place.chancery(&args);
    command.env("CHANCERY_INPUT_LIMITS_MAX_BYTES", "2000");
    let output = command.stderr(std::process::Stdio::piped()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A file of every fate: read, with a dead letter, known already, too large, followed.
fn of_every_fate() -> Place {
    let place = Place::new();
    fs::write(place.inbox("a.json"), story(1)).unwrap();
    fs::write(place.inbox("half.json"), "{\"title\":").unwrap();
    fs::write(place.inbox("large.json"), "x".repeat(3000)).unwrap();
    append(&place.inbox("feed.jsonl"), &format!("{}\n{}\n", story(2), story(3)));
    once(&place);
    // Its own run: which of two files with one content comes first is up to their times.
    fs::write(place.inbox("same.json"), story(1)).unwrap();
    once(&place);
    place
}

/// Lines of a listing: fate and path.
fn listed(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.code, Some(0), "{}", answer.err);
    let words = |line: &str| {
        let mut words = line.split_whitespace();
        (words.next().unwrap().to_owned(), words.last().unwrap().to_owned())
    };
    answer.out.lines().map(words).collect()
}

fn pairs(want: &[(&str, &str)]) -> Vec<(String, String)> {
    want.iter().map(|(fate, path)| (fate.to_string(), path.to_string())).collect()
}

/// Whole lines of a file of records, by id, with how often each stands.
fn times(path: &Path) -> Vec<(String, usize)> {
    let mut ids = std::collections::BTreeMap::<String, usize>::new();
    for line in fs::read_to_string(path).unwrap().lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        *ids.entry(record["id"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    ids.into_iter().collect()
}

#[test]
fn every_file_is_listed_with_its_fate() {
    let place = of_every_fate();
    let all = ledger(&place, &["ls"]);
    let want = [
        ("read", "inbox/a.json"),
        ("read", "inbox/half.json"),
        ("dead", "inbox/large.json"),
        ("duplicate", "inbox/same.json"),
        ("followed", "inbox/feed.jsonl"),
    ];
    assert_eq!(listed(&all), pairs(&want));
    assert!(all.err.contains("4 files, 1 followed; 2 dead letters so far"), "{}", all.err);
    for (fate, path) in want {
        let some = listed(&ledger(&place, &["ls", "--fate", fate]));
        assert!(some.contains(&(fate.into(), path.into())) && some.iter().all(|s| s.0 == fate), "{some:?}");
    }
    let below = listed(&ledger(&place, &["ls", "inbox/a.json", "inbox/feed.jsonl"]));
    assert_eq!(below, pairs(&[want[0], want[4]]));
    assert_eq!(listed(&ledger(&place, &["ls", "elsewhere"])), []);

    let json = ledger(&place, &["ls", "--json"]);
    let lines: Vec<Value> = json.out.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let text = story(1);
    assert_eq!(lines.len(), want.len());
    assert_eq!(lines[0]["size"], text.len());
    assert_eq!(lines[0]["content"], format!("{:032x}", xxh3_128(text.as_bytes())));
    assert_eq!(lines[2]["content"], Value::Null, "what is too large is not read");
    assert_eq!(lines[4]["offset"], place.inbox("feed.jsonl").metadata().unwrap().len());
}

#[test]
fn a_missing_ledger_is_told_with_what_to_do() {
    let place = Place::new();
    for verb in ["ls", "verify"] {
        let answer = ledger(&place, &[verb]);
        assert_eq!(answer.code, Some(2));
        assert!(answer.err.contains("no ledger there") && answer.err.contains("hint:"), "{}", answer.err);
    }
    fs::write(place.path("events.jsonl.ledger"), "something else entirely").unwrap();
    let answer = ledger(&place, &["ls"]);
    assert_eq!(answer.code, Some(5));
    assert!(answer.err.contains("not a ledger") && answer.err.contains("hint:"), "{}", answer.err);
}

#[test]
fn all_that_is_known_of_a_file_is_shown() {
    let place = of_every_fate();
    let answer = ledger(&place, &["show", "inbox/a.json", "inbox/feed.jsonl"]);
    let content = format!("content {:032x}", xxh3_128(story(1).as_bytes()));
    let length = place.inbox("feed.jsonl").metadata().unwrap().len();
    let followed = format!("followed up to byte {length} of {length} bytes");
    assert_eq!(answer.code, Some(0), "{}", answer.err);
    for words in ["inbox/a.json\n  read at 20", &content, "inode", &followed, "generation 0"] {
        assert!(answer.out.contains(words), "not {words:?} in:\n{}", answer.out);
    }
    let large = ledger(&place, &["show", "inbox/large.json"]);
    assert!(large.out.contains("dead at") && large.out.contains("not read as a whole"), "{}", large.out);
    let unknown = ledger(&place, &["show", "inbox/nobody.json"]);
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.out.contains("nothing in the ledger"), "{}", unknown.out);
}

#[test]
fn why_a_file_was_or_was_not_read_is_said() {
    let place = of_every_fate();
    symlink(place.inbox("a.json"), place.inbox("link.json")).unwrap();
    fs::create_dir(place.inbox(".git")).unwrap();
    for name in [".hidden.json", "b.tmp", ".git/c.json", "later.json"] {
        fs::write(place.inbox(name), story(7)).unwrap();
    }
    let why = |name: &str| {
        let answer = ledger(&place, &["why", &format!("inbox/{name}")]);
        assert_eq!(answer.code, Some(0), "{}", answer.err);
        answer.out
    };
    let check = |name: &str, words: &[&str]| {
        let said = why(name);
        let missing: Vec<_> = words.iter().filter(|w| !said.contains(**w)).collect();
        assert!(missing.is_empty(), "{missing:?} not in:\n{said}");
    };
    check("a.json", &["read at 20"]);
    check("half.json", &["read at 20", "dead letter", "hint:"]);
    check("large.json", &["dead at 20", "dead letter (too_large)", "hint: raise [input.limits] max_bytes"]);
    check("same.json", &["duplicate at 20", "its content had been read as inbox/a.json"]);
    check("feed.jsonl", &["followed; read to its end"]);
    check("link.json", &["passed over (symlink)", "follow_symlinks"]);
    check(".hidden.json", &["passed over (hidden)"]);
    check(".git/c.json", &["passed over (hidden)"]);
    check("b.tmp", &["passed over (temporary)"]);
    check("later.json", &["not read yet", "no instance is running"]);
    check("nobody.json", &["not there, and the ledger has never heard of it"]);

    // What changes afterwards changes the answer.
    fs::write(place.inbox("a.json"), story(8)).unwrap();
    check("a.json", &["and changed since", "as a revision"]);
    append(&place.inbox("feed.jsonl"), &format!("{}\n", story(9)));
    check("feed.jsonl", &["followed; read up to byte", "bytes are left"]);
    fs::remove_file(place.inbox("same.json")).unwrap();
    check("same.json", &["duplicate at 20", "it is no longer there"]);
    let watch = place.start(&[]).ready();
    check("b.tmp", &["passed over (temporary)"]);
    fs::write(place.path("elsewhere.json"), story(1)).unwrap();
    let said = ledger(&place, &["why", "elsewhere.json"]).out;
    assert!(said.contains("an instance is running"), "{said}");
    assert_eq!(watch.stop().0, Some(130));
}

#[test]
fn what_is_forgotten_is_read_again_and_nothing_else() {
    let place = of_every_fate();
    let (events, before) = (place.path("events.jsonl"), fs::read(place.path("events.jsonl.ledger")).unwrap());
    let dry = ledger(&place, &["forget", "--dry-run", "inbox/a.json", "inbox/feed.jsonl"]);
    assert_eq!((dry.code, dry.out.as_str()), (Some(0), "inbox/a.json\ninbox/feed.jsonl\n"));
    assert!(dry.err.contains("2 files would be forgotten"), "{}", dry.err);
    assert_eq!(fs::read(place.path("events.jsonl.ledger")).unwrap(), before, "a dry run writes nothing");

    let unknown = ledger(&place, &["forget", "inbox/nobody.json"]);
    assert_eq!(unknown.code, Some(1));
    assert!(unknown.err.contains("nothing to forget"), "{}", unknown.err);
    let nothing = ledger(&place, &["forget"]);
    assert_eq!(nothing.code, Some(2));
    assert!(nothing.err.contains("hint:"), "{}", nothing.err);

    let once_each = times(&events);
    assert!(once_each.iter().all(|(_, n)| *n == 1) && once_each.len() >= 3, "{once_each:?}");
    let done = ledger(&place, &["forget", "inbox/feed.jsonl"]);
    assert_eq!((done.code, done.out.as_str()), (Some(0), "inbox/feed.jsonl\n"));
    let of_feed: Vec<String> =
        fs::read_to_string(&events).unwrap().lines().filter(|l| l.contains("feed.jsonl")).map(id).collect();
    assert_eq!(of_feed.len(), 2);
    once(&place);
    for (id, n) in times(&events) {
        assert_eq!(n, 1 + usize::from(of_feed.contains(&id)), "{id}");
    }
    // And that is all: a further run reads nothing.
    let length = events.metadata().unwrap().len();
    once(&place);
    assert_eq!(events.metadata().unwrap().len(), length);
}

fn id(line: &str) -> String {
    let record: Value = serde_json::from_str(line).unwrap();
    record["id"].as_str().unwrap().to_owned()
}

#[test]
fn files_with_a_dead_letter_are_read_again_once_their_cause_is_mended() {
    let place = of_every_fate();
    let events = place.path("events.jsonl");
    fs::write(place.inbox("large.json"), format!("{}{}", story(11), " ".repeat(3000))).unwrap();
    once(&place);
    let before = times(&events).len();
    let done = ledger(&place, &["forget", "--dead"]);
    assert_eq!((done.code, done.out.as_str()), (Some(0), "inbox/half.json\ninbox/large.json\n"));
    // The limit is mended: without the variable it is the usual one.
    let args = ["watch", "inbox", "--out", "events.jsonl", "--once"];
    assert!(place.chancery(&args).stderr(std::process::Stdio::null()).status().unwrap().success());
    let after = times(&events);
    assert_eq!(after.len(), before + 1);
    assert!(after.iter().all(|(_, n)| *n == 1), "{after:?}");
}

#[test]
fn nothing_is_forgotten_under_a_running_instance() {
    let place = of_every_fate();
    let watch = place.start(&[]).ready();
    let refused = ledger(&place, &["forget", "inbox/a.json"]);
    assert_eq!(refused.code, Some(5));
    assert!(refused.err.contains("another instance") && refused.err.contains("hint:"), "{}", refused.err);
    for args in [&["ls"][..], &["show", "inbox/a.json"], &["verify"]] {
        assert_eq!(ledger(&place, args).code, Some(0), "{args:?} only reads");
    }
    assert!(ledger(&place, &["verify"]).out.contains("an instance is at work"));
    assert_eq!(watch.stop().0, Some(130));
}

#[test]
fn a_replay_gives_the_same_records_with_the_times_of_then() {
    let place = of_every_fate();
    let ledger_before = fs::read(place.path("events.jsonl.ledger")).unwrap();
    let done = ledger(&place, &["replay", "--to", "again.jsonl"]);
    assert_eq!(done.code, Some(0), "{}", done.err);
    assert_eq!(records(&place.path("again.jsonl")), records(&place.path("events.jsonl")));
    let seen = |name: &str| {
        let text = fs::read_to_string(place.path(name)).unwrap();
        let mut seen: Vec<String> = text
            .lines()
            .map(|l| {
                let record: Value = serde_json::from_str(l).unwrap();
                format!("{} {}", record["id"], record["seen_at"])
            })
            .collect();
        seen.sort();
        seen
    };
    assert_eq!(seen("again.jsonl"), seen("events.jsonl"), "seen_at is that of the first reading");
    assert_eq!(fs::read(place.path("events.jsonl.ledger")).unwrap(), ledger_before);

    let refused = ledger(&place, &["replay", "--to", "again.jsonl"]);
    assert_eq!(refused.code, Some(5), "nothing is written over");
    let some = ledger(&place, &["replay", "inbox/a.json"]);
    assert_eq!(some.out.lines().map(id).collect::<Vec<_>>().len(), some.out.lines().count());
    assert!(some.out.lines().all(|l| l.contains("inbox/a.json")) && !some.out.is_empty(), "{}", some.out);

    fs::write(place.inbox("a.json"), story(12)).unwrap();
    fs::remove_file(place.inbox("half.json")).unwrap();
    let changed = ledger(&place, &["replay"]);
    assert_eq!(changed.code, Some(1));
    assert!(changed.err.contains("1 have changed since, 1 are gone"), "{}", changed.err);
}

#[test]
fn what_does_not_stand_is_found() {
    let place = of_every_fate();
    let fine = ledger(&place, &["verify", "--inputs"]);
    assert_eq!(fine.code, Some(0), "{}", fine.out);
    assert!(fine.out.contains("0 faults") && fine.out.contains("3 hold what was read"), "{}", fine.out);
    let (events, book) = (place.path("events.jsonl"), place.path("events.jsonl.ledger"));
    let (good_events, good_book) = (fs::read(&events).unwrap(), fs::read(&book).unwrap());
    let found = |events_now: &[u8], book_now: &[u8], words: &str| {
        fs::write(&events, events_now).unwrap();
        fs::write(&book, book_now).unwrap();
        let answer = ledger(&place, &["verify"]);
        assert!(answer.out.contains(words), "not {words:?} in:\n{}", answer.out);
        let ill = answer.out.contains("FAULT");
        assert_eq!(answer.code, Some(i32::from(ill)), "{}", answer.out);
        assert_eq!(ill, answer.out.contains("hint:"), "each fault comes with what to do:\n{}", answer.out);
        ill
    };
    // Behind what was committed anything may stand: it is cut off.
    assert!(!found(&[&good_events[..], b"{\"id\":"].concat(), &good_book, "6 uncommitted bytes"));
    assert!(found(&good_events[..good_events.len() - 1], &good_book, "were committed"));
    let mut bad = good_events.clone();
    bad[0] = b'#';
    assert!(found(&bad, &good_book, "1 lines are not JSON"));
    assert!(found(&good_events, &good_book[..good_book.len() - 3], "behind the last whole frame"));
    let mut flipped = good_book.clone();
    let at = flipped.len() - 20;
    flipped[at] ^= 4;
    assert!(found(&good_events, &flipped, "behind the last whole frame"));
    assert!(!found(&good_events, &good_book, "0 faults"));
    // Inputs that changed are told, and are no fault.
    fs::write(place.inbox("a.json"), story(12)).unwrap();
    fs::remove_file(place.inbox("half.json")).unwrap();
    let changed = ledger(&place, &["verify", "--inputs"]);
    assert_eq!(changed.code, Some(0));
    assert!(
        changed.out.contains("1 hold what was read, 1 have changed since, 1 are gone"),
        "{}",
        changed.out
    );
    // Records of what was forgotten and read again stand twice.
    assert_eq!(ledger(&place, &["forget", "inbox/feed.jsonl"]).code, Some(0));
    once(&place);
    let twice = ledger(&place, &["verify"]);
    assert_eq!(twice.code, Some(1));
    assert!(
        twice.out.contains("2 records stand twice") && twice.out.contains("it is meant"),
        "{}",
        twice.out
    );
}
