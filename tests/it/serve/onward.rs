//! Records that go on while the flow runs: to a database, to files, to a webhook that stumbles.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::{program, shapes::lines_of};

/// A directory with the sample articles.
fn place() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("inbox")).unwrap();
    for seed in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds")).unwrap() {
        let seed = seed.unwrap();
        std::fs::copy(seed.path(), dir.path().join("inbox").join(seed.file_name())).unwrap();
    }
    dir
}

fn watch(dir: &Path, to: &[&str]) {
    let mut command = program();
    command.args(["watch", "inbox", "--once", "--out", "events.jsonl"]).current_dir(dir);
    for target in to {
        command.args(["--to", target]);
    }
    assert!(command.status().unwrap().success());
}

fn lines(dir: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(dir.join("events.jsonl")).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
    lines.sort();
    lines
}

fn in_sqlite(path: &Path) -> Vec<String> {
    let db = rusqlite::Connection::open(path).unwrap();
    let mut query = db.prepare("SELECT record FROM events").unwrap();
    let mut out: Vec<String> = query.query_map([], |r| r.get(0)).unwrap().map(Result::unwrap).collect();
    out.sort();
    out
}

#[test]
fn several_targets_hold_what_the_file_holds_run_after_run() {
    let dir = place();
    watch(dir.path(), &["sqlite:events.db", "parquet:lake"]);
    assert_eq!(in_sqlite(&dir.path().join("events.db")), lines(dir.path()));
    assert_eq!(lines_of(&dir.path().join("lake")), lines(dir.path()));
    std::fs::write(dir.path().join("inbox/new.txt"), "Norway imposed sanctions on Fiji on Sunday.").unwrap();
    watch(dir.path(), &["sqlite:events.db", "parquet:lake"]);
    assert_eq!(in_sqlite(&dir.path().join("events.db")), lines(dir.path()));
    assert_eq!(lines_of(&dir.path().join("lake")), lines(dir.path()));
    // One that comes later gets all from the beginning.
    watch(dir.path(), &["sqlite:late.db"]);
    assert_eq!(in_sqlite(&dir.path().join("late.db")), lines(dir.path()));
}

#[test]
fn files_of_a_run_that_died_before_its_place_was_kept_are_written_anew() {
    let dir = place();
    watch(dir.path(), &["parquet:lake"]);
    let position = std::fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().path());
    let position = position.into_iter().find(|p| p.to_string_lossy().ends_with(".position")).unwrap();
    std::fs::remove_file(position).unwrap();
    watch(dir.path(), &["parquet:lake"]);
    assert_eq!(lines_of(&dir.path().join("lake")), lines(dir.path()));
}

/// A receiver on loopback. `answer` gives the status for the n-th request and its events.
fn receiver(answer: impl Fn(usize, &[Value]) -> u16 + Send + 'static) -> (String, Arc<Mutex<Vec<Value>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let taken: Arc<Mutex<Vec<Value>>> = Arc::default();
    let into = taken.clone();
    std::thread::spawn(move || {
        let mut n = 0;
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            while let Some(events) = request(&mut stream) {
                let status = answer(n, &events);
                n += 1;
                if status == 200 {
                    into.lock().unwrap().extend(events);
                }
                let _ = write!(stream, "HTTP/1.1 {status} x\r\nContent-Length: 0\r\n\r\n");
            }
        }
    });
    (url, taken)
}

/// Reads one request; its body's events.
fn request(stream: &mut TcpStream) -> Option<Vec<Value>> {
    let mut bytes = Vec::new();
    let mut part = [0; 8192];
    loop {
        let head = bytes.windows(4).position(|w| w == b"\r\n\r\n");
        if let Some(end) = head {
            let text = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            assert!(
                text.contains("application/cloudevents-batch+json") && text.contains("idempotency-key"),
                "{text}"
            );
            let length: usize = text.split("content-length: ").nth(1)?.split("\r\n").next()?.parse().ok()?;
            if bytes.len() >= end + 4 + length {
                return serde_json::from_slice(&bytes[end + 4..end + 4 + length]).ok();
            }
        }
        match stream.read(&mut part) {
            Ok(n) if n > 0 => bytes.extend_from_slice(&part[..n]),
            _ => return None,
        }
    }
}

fn ids(events: &[Value]) -> Vec<String> {
    let mut ids: Vec<String> = events.iter().map(|e| e["data"]["id"].as_str().unwrap().to_string()).collect();
    ids.sort();
    ids
}

#[test]
fn a_webhook_that_stumbles_is_asked_again_and_what_it_refuses_is_set_aside() {
    let dir = place();
    let refused = |e: &Value| e["data"]["event"] == "AID";
    let (url, taken) = receiver(move |n, events| match n {
        0 => 503,
        1 => 429,
        _ if events.iter().any(refused) => 422,
        _ => 200,
    });
    watch(dir.path(), &[&url]);
    let all: Vec<Value> = lines(dir.path()).iter().map(|l| serde_json::from_str(l).unwrap()).collect();
    let id = |r: &Value| r["id"].as_str().unwrap().to_string();
    let mut wanted: Vec<String> = all.iter().filter(|r| r["event"] != "AID").map(id).collect();
    wanted.sort();
    assert_eq!(ids(&taken.lock().unwrap()), wanted);
    let letters = std::fs::read_dir(dir.path()).unwrap().map(|e| e.unwrap().path());
    let letters = letters
        .into_iter()
        .find(|p| p.to_string_lossy().contains("webhook-") && p.to_string_lossy().ends_with(".dead.jsonl"));
    let letters = std::fs::read_to_string(letters.unwrap()).unwrap();
    let mut set_aside: Vec<String> = letters.lines().map(|l| id(&serde_json::from_str(l).unwrap())).collect();
    set_aside.sort();
    let mut aid: Vec<String> = all.iter().filter(|r| r["event"] == "AID").map(id).collect();
    aid.sort();
    assert!(!aid.is_empty());
    assert_eq!(set_aside, aid);
    // The next run tells it nothing again.
    let before = taken.lock().unwrap().len();
    watch(dir.path(), &[&url]);
    assert_eq!(taken.lock().unwrap().len(), before);
}

#[test]
fn a_target_that_is_away_holds_back_nothing() {
    let dir = place();
    // A port that nobody listens on any more.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let gone = format!("http://127.0.0.1:{port}/hook");
    watch(dir.path(), &[&gone, "sqlite:events.db"]);
    assert_eq!(in_sqlite(&dir.path().join("events.db")), lines(dir.path()));
    assert!(!lines(dir.path()).is_empty());
    let wrong =
        program().args(["watch", "inbox", "--once", "--to", "kafka:x"]).current_dir(dir.path()).status();
    assert_eq!(wrong.unwrap().code(), Some(2));
}
