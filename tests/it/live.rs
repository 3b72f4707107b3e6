//! The real binary, watching while files arrive.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A directory that is watched and the output beside it.
pub struct Place {
    dir: tempfile::TempDir,
}

/// A process that watches, with what it says on stderr.
pub struct Watch {
    pub child: Child,
    said: Receiver<String>,
    heard: Vec<String>,
}

impl Place {
    pub fn new() -> Place {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("inbox")).unwrap();
        Place { dir }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn inbox(&self, name: &str) -> PathBuf {
        self.dir.path().join("inbox").join(name)
    }

    /// The program, told by its environment to be quick.
    pub fn chancery(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_chancery"));
        command
            .args(args)
            .current_dir(self.dir.path())
            .env("CHANCERY_WATCH_SETTLE_MS", "50")
            .env("CHANCERY_WATCH_RESCAN_SECONDS", "1")
            .env("CHANCERY_FLOW_LINGER_MS", "20")
            .env_remove("CHANCERY_CONFIG")
            .env_remove("CHANCERY_LEXICON")
            .env_remove("CHANCERY_OUT")
            .env_remove("CHANCERY_EMIT")
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }

    pub fn start(&self, more: &[&str]) -> Watch {
        let args = [&["watch", "inbox", "--out", "events.jsonl"], more].concat();
        let mut child = self.chancery(&args).stderr(Stdio::piped()).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (send, said) = channel();
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        Watch { child, said, heard: Vec::new() }
    }

    /// A clean scan of the same directory into `clean.jsonl`.
    pub fn scanned(&self) -> BTreeMap<String, Value> {
        let args = ["scan", "inbox", "--out", "clean.jsonl"];
        assert!(self.chancery(&args).stderr(Stdio::null()).status().unwrap().success());
        records(&self.path("clean.jsonl"))
    }

    pub fn watched(&self) -> BTreeMap<String, Value> {
        records(&self.path("events.jsonl"))
    }

    /// Waits until so many whole lines stand in the output.
    pub fn until_lines(&self, count: usize) {
        let path = self.path("events.jsonl");
        until(&format!("{count} lines in the output"), || lines(&path) >= count);
    }

    /// Waits until all that a clean scan finds was written, stops, and compares.
    pub fn ends_like_a_scan(&self, watch: Watch) -> usize {
        let want = self.scanned();
        self.until_lines(want.len());
        assert_eq!(watch.stop().0, Some(130));
        let got = self.watched();
        let missing: Vec<_> = want.keys().filter(|id| !got.contains_key(*id)).collect();
        let extra: Vec<_> = got.iter().filter(|(id, _)| !want.contains_key(*id)).collect();
        assert!(missing.is_empty() && extra.is_empty(), "missing {missing:?}\nnot in a clean scan {extra:?}");
        for (id, record) in &want {
            assert_eq!(record, &got[id]);
        }
        want.len()
    }
}

impl Watch {
    /// Waits for the line that says it is ready.
    pub fn ready(mut self) -> Watch {
        loop {
            let line = self.said.recv_timeout(Duration::from_secs(60)).expect("it says that it is ready");
            let is_ready = line.contains("watching");
            self.heard.push(line);
            if is_ready {
                return self;
            }
        }
    }

    /// Waits for a line that holds this; what was said before it is remembered, not looked at again.
    pub fn until_said(&mut self, what: &str) {
        loop {
            let line = self
                .said
                .recv_timeout(Duration::from_secs(60))
                .unwrap_or_else(|_| panic!("\"{what}\" was not said, but:\n{}", self.heard.join("\n")));
            let found = line.contains(what);
            self.heard.push(line);
            if found {
                return;
            }
        }
    }

    /// Kills it without warning; what it had said.
    pub fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.heard.extend(self.said.iter());
        std::mem::take(&mut self.heard)
    }

    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Asks it to stop; its exit code and what it said.
    pub fn stop(mut self) -> (Option<i32>, String) {
        self.signal("-TERM");
        let code = self.child.wait().unwrap().code();
        (code, self.said.iter().collect::<Vec<_>>().join("\n"))
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nobody to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for a condition; the time limit is for a broken program, not for a slow machine.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < Duration::from_secs(60), "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn lines(path: &Path) -> usize {
    fs::read(path).unwrap_or_default().iter().filter(|b| **b == b'\n').count()
}

/// Records by id, without the two fields that a second run may change. Every line must be whole and every id its own.
pub fn records(path: &Path) -> BTreeMap<String, Value> {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.is_empty() || text.ends_with('\n'), "{path:?} ends in half a line");
    let mut out = BTreeMap::new();
    for line in text.lines() {
        let mut record: Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        let fields = record.as_object_mut().unwrap();
        fields.remove("seen_at");
        fields.remove("coded_at");
        let id = record["id"].as_str().unwrap().to_string();
        let twice = out.insert(id, record);
        assert!(twice.is_none(), "twice: {line}");
    }
    out
}

const DID: [&str; 4] = [
    "imposed sanctions on Belarus",
    "accused Serbia of breaking the agreement",
    "held talks with Kenya on trade",
    "expelled two diplomats of Venezuela",
];
const WHO: [&str; 5] = ["Norway", "Japan", "Brazil", "The European Union", "India"];

/// A small article that no other number has, as JSON on one line.
pub fn story(n: usize) -> String {
    let (who, did) = (WHO[n % WHO.len()], DID[n / WHO.len() % DID.len()]);
    let text = format!("{who} {did} on Sunday, a spokesman said in statement number {n}.");
    serde_json::json!({"title": format!("Statement {n}"), "text": text, "date": "2026-11-25", "language": "en"})
        .to_string()
}

/// Appends to a file, in two pieces.
pub fn append(path: &Path, text: &str) {
    let mut file = fs::File::options().create(true).append(true).open(path).unwrap();
    let (first, rest) = text.as_bytes().split_at(text.len() / 2);
    file.write_all(first).unwrap();
    file.write_all(rest).unwrap();
}

#[test]
fn a_thousand_files_written_while_it_watches_are_each_told_once() {
    let place = Place::new();
    let watch = place.start(&[]).ready();
    for n in 0..1000 {
        fs::write(place.inbox(&format!("{n}.json")), story(n)).unwrap();
    }
    assert!(place.ends_like_a_scan(watch) >= 1000);
}

#[test]
fn growing_lines_and_moved_in_files_are_told_as_they_come() {
    let place = Place::new();
    let watch = place.start(&["--emit", "events,articles"]).ready();
    let articles = place.path("events.jsonl.articles.jsonl");
    for n in 0..20 {
        append(&place.inbox("feed.jsonl"), &format!("{}\n", story(n)));
        until("the article of a line", || lines(&articles) == n + 1);
    }
    fs::write(place.path("aside.json"), story(20)).unwrap();
    fs::rename(place.path("aside.json"), place.inbox("moved.json")).unwrap();
    until("the article of the moved file", || lines(&articles) == 21);
    fs::rename(place.inbox("feed.jsonl"), place.inbox("feed.jsonl.1")).unwrap();
    append(&place.inbox("feed.jsonl"), &format!("{}\n", story(21)));
    until("the article of the file after rotation", || lines(&articles) == 22);
    assert_eq!(watch.stop().0, Some(130));
    assert_eq!(records(&articles).len(), 22);
    let paths: Vec<_> = place.watched().values().map(|r| r["article"]["path"].to_string()).collect();
    assert!(paths.iter().any(|p| p.contains("inbox/moved.json")), "{paths:?}");
}

#[test]
fn one_output_has_one_writer_and_a_stop_ends_with_a_summary() {
    let place = Place::new();
    fs::write(place.inbox("a.json"), story(1)).unwrap();
    fs::write(place.inbox("half.json"), "{\"title\":").unwrap();
    let watch = place.start(&[]).ready();
    place.until_lines(1);
    let second = place.chancery(&["watch", "inbox", "--out", "events.jsonl"]).output().unwrap();
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert_eq!(second.status.code(), Some(5), "{said}");
    assert!(
        said.contains("another instance") && said.contains("hint:") && !said.contains("watching"),
        "{said}"
    );
    let (code, said) = watch.stop();
    assert_eq!(code, Some(130));
    assert!(
        said.contains("2 files") && said.contains("1 set aside") && said.contains("1 articles"),
        "{said}"
    );
    // What was told is not told again.
    let again = place.chancery(&["watch", "inbox", "--out", "events.jsonl", "--once"]).output().unwrap();
    assert!(again.status.success());
    assert!(String::from_utf8_lossy(&again.stderr).contains("0 articles, 0 events; 0 files"));
}

#[test]
fn the_json_log_is_json_to_its_last_line() {
    let place = Place::new();
    fs::write(place.inbox("a.json"), story(1)).unwrap();
    fs::write(place.inbox("empty.json"), " ").unwrap();
    let args = ["--log-format", "json", "watch", "inbox", "--out", "events.jsonl", "--once", "--strict"];
    let out = place.chancery(&args).output().unwrap();
    assert_eq!(out.status.code(), Some(3));
    let said = String::from_utf8(out.stderr).unwrap();
    let said: Vec<Value> = said.lines().map(|l| serde_json::from_str(l).expect(l)).collect();
    let last = &said[said.len() - 1]["fields"];
    assert_eq!((&last["message"], &last["articles"]), (&"finished".into(), &1.into()), "{said:?}");
    assert_eq!(last["dead_letters"]["empty"], 1);
}

#[test]
fn a_scan_writes_over_nothing_but_its_own() {
    let place = Place::new();
    fs::write(place.inbox("a.json"), story(1)).unwrap();
    let scan = |out: &str| {
        let out = place.chancery(&["scan", "inbox", "inbox/a.json", "--out", out]).output().unwrap();
        (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
    };
    fs::write(place.path("notes.txt"), "mine").unwrap();
    assert!(place.start(&["--once"]).child.wait().unwrap().success());
    for (out, why) in
        [("notes.txt", "did not write it"), ("inbox/a.json", "one of the inputs"), ("events.jsonl", "ledger")]
    {
        let before = fs::read(place.path(out)).unwrap();
        let (code, said) = scan(out);
        assert!(code == Some(5) && said.contains(why) && said.contains("hint:"), "{out}: {code:?} {said}");
        assert_eq!(fs::read(place.path(out)).unwrap(), before, "{out} was touched");
    }
    // Its own is written anew, not appended to.
    for _ in 0..2 {
        assert_eq!(scan("own.jsonl").0, Some(0));
        assert_eq!(records(&place.path("own.jsonl")), place.watched());
    }
}

#[test]
fn what_a_scan_to_stdout_sets_aside_is_told_twenty_times_or_kept_in_a_file() {
    let place = Place::new();
    for n in 0..30 {
        fs::write(place.inbox(&format!("{n}.json")), " ".repeat(n + 1)).unwrap();
    }
    let out = place.chancery(&["scan", "inbox"]).output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.code(), Some(0));
    assert_eq!(said.matches("set aside: inbox/").count(), 20, "{said}");
    assert!(said.contains("30 set aside: empty"), "{said}");
    let out = place.chancery(&["scan", "inbox", "--dead", "dead.jsonl", "--strict"]).output().unwrap();
    assert_eq!((out.status.code(), lines(&place.path("dead.jsonl"))), (Some(3), 30));
}

#[test]
fn a_scan_of_stdin_that_nobody_feeds_can_be_stopped() {
    let place = Place::new();
    let mut child =
        place.chancery(&["scan", "-"]).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let input = child.stdin.take();
    // It listens for signals once its lexicon is loaded; before that the system's own way ends it.
    std::thread::sleep(Duration::from_secs(2));
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    drop(input);
}
