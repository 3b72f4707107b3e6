//! One item with more records than may wait in memory.

use std::fs;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use chancery::flow::{self, Flow, Step};
use chancery::model::{Emit, Item, Lane, Outcome};
use chancery::source::Until;

use super::{Bench, lines};
use crate::live::{Place, records, story};

/// As many records as the text says; then it may panic.
fn read(item: &Item, emit: Emit) -> Outcome {
    let text = String::from_utf8_lossy(&item.bytes);
    let (name, count) = text.trim().split_once(' ').unwrap();
    for n in 0..count.parse::<usize>().unwrap() {
        emit(Lane::Events, format!("{{\"text\":\"{name} {n}\"}}").as_bytes());
    }
    assert!(name != "panics", "asked to panic");
    Outcome { articles: 1, ..Outcome::default() }
}

#[tokio::test]
async fn a_crash_at_any_step_leaves_all_its_records_or_none() {
    for step in Step::ALL {
        let mut bench = Bench::new();
        bench.tuning.commit_bytes = 1000;
        for (name, text) in [("a", "first 3"), ("b", "many 900"), ("c", "panics 500"), ("d", "more 700")] {
            bench.put(name, text);
        }
        let left = AtomicUsize::new(1);
        bench.with_fault(move |at| {
            let crash = at == step && left.fetch_sub(1, Ordering::SeqCst) == 1;
            if crash { Err(io::Error::other("crash")) } else { Ok(()) }
        });
        let run = |bench: &Bench| {
            let flow = Flow { tuning: bench.tuning.clone(), ..Flow::reading(read) };
            flow::run(bench.job(Until::Present), flow, std::future::pending())
        };
        run(&bench).await.expect_err("it was to crash");
        bench.tuning.fault = None;
        run(&bench).await.unwrap();
        let mut want = Vec::new();
        for (name, count) in [("first", 3), ("many", 900), ("more", 700)] {
            want.extend((0..count).map(|n| format!("{name} {n}")));
        }
        assert_eq!(bench.texts(), want, "crash at {step:?}");
        assert_eq!(lines(&bench.places.dead).len(), 1, "crash at {step:?}");
    }
}

#[tokio::test]
async fn while_the_disk_is_full_they_wait_and_are_written_once() {
    let mut bench = Bench::new();
    bench.tuning.commit_bytes = 1000;
    bench.put("a", "many 900");
    let left = AtomicUsize::new(3);
    bench.with_fault(move |at| {
        let full = at == Step::Half
            && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok();
        if full { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    });
    let flow = Flow { tuning: bench.tuning.clone(), ..Flow::reading(read) };
    let summary = flow::run(bench.job(Until::Present), flow, std::future::pending()).await.unwrap();
    assert_eq!((summary.events, summary.disk_full), (900, 1));
    assert_eq!(bench.texts(), (0..900).map(|n| format!("many {n}")).collect::<Vec<_>>());
}

/// The real program, a list of articles in one file, killed while half of its records are written.
#[test]
fn a_killed_program_tells_a_long_list_whole_and_once() {
    let place = Place::new();
    let list: Vec<String> = (0..400).map(story).collect();
    fs::write(place.inbox("list.json"), format!("[{}]", list.join(",\n"))).unwrap();
    let watch = |failpoint: Option<&str>| {
        let mut command = place.chancery(&["watch", "inbox", "--out", "events.jsonl", "--once"]);
        command.env("CHANCERY_FLOW_COMMIT_BYTES", "20000").stderr(std::process::Stdio::null());
        if let Some(step) = failpoint {
            command.env("CHANCERY_FAILPOINT", step);
        }
        command.status().unwrap().success()
    };
    assert!(!watch(Some("half:1")), "it was to abort");
    let half = fs::metadata(place.path("events.jsonl")).unwrap().len();
    assert!(half > 40_000, "half of its records stand in the output: {half} bytes");
    assert!(watch(None));
    let (got, want) = (records(&place.path("events.jsonl")), place.scanned());
    assert!(want.len() >= 400, "{}", want.len());
    assert_eq!(got, want);
    let left: Vec<_> = fs::read_dir(place.path("")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".tmp")), "{left:?}");
}
