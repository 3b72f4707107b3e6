//! Crashes, damage and full disks.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chancery::flow::{self, FlowError, Step, ledger_of};
use chancery::sink::{Places, Rotation};
use chancery::source::Until;
use chancery::source::ledger::LedgerError;

use super::{Bench, lines, sorted, until};

#[tokio::test]
async fn a_crash_at_any_step_of_a_commit_loses_and_doubles_nothing() {
    for step in Step::ALL {
        for hit in 1..=2 {
            let mut bench = Bench::new();
            bench.tuning.in_flight = 1024;
            let want: Vec<_> = (0..6).map(|i| format!("text {i} {}", "x".repeat(900))).collect();
            for (i, text) in want.iter().enumerate() {
                bench.put(&i.to_string(), text);
            }
            bench.put("bad", "panic");
            let left = AtomicUsize::new(hit);
            bench.with_fault(move |at| {
                let crash = at == step && left.fetch_sub(1, Ordering::SeqCst) == 1;
                if crash { Err(io::Error::other("crash")) } else { Ok(()) }
            });
            bench.once().await.expect_err("it was to crash");
            bench.tuning.fault = None;
            bench.once().await.unwrap();
            assert_eq!(sorted(bench.texts()), want, "crash at {step:?}, time {hit}");
            assert_eq!(bench.dead().len(), 1, "crash at {step:?}, time {hit}");
        }
    }
}

#[tokio::test]
async fn a_crash_while_following_loses_and_doubles_no_line() {
    let want: Vec<String> = (0..300).map(|i| format!("{{\"n\":{i}}}")).collect();
    for step in Step::ALL {
        let mut bench = Bench::new();
        bench.put("feed.jsonl", &(want.join("\n") + "\n"));
        bench.tuning.in_flight = 1024;
        bench.tuning.commit_bytes = 1;
        let left = AtomicUsize::new(2);
        bench.with_fault(move |at| {
            let crash = at == step && left.fetch_sub(1, Ordering::SeqCst) == 1;
            if crash { Err(io::Error::other("crash")) } else { Ok(()) }
        });
        bench.once().await.expect_err("it was to crash");
        bench.tuning.fault = None;
        bench.once().await.unwrap();
        assert_eq!(bench.texts(), want, "crash at {step:?}");
    }
}

#[tokio::test]
async fn what_is_read_again_after_a_crash_keeps_the_time_it_was_seen() {
    let mut bench = Bench::new();
    bench.put("a.txt", "one");
    bench.put("b.jsonl", "{}\n{}\n");
    bench.with_fault(|at| if at == Step::Synced { Err(io::Error::other("crash")) } else { Ok(()) });
    bench.once().await.expect_err("it was to crash");
    let before = fs::read(bench.out()).unwrap();
    assert!(!before.is_empty());
    bench.tuning.fault = None;
    bench.once().await.unwrap();
    assert!(fs::read(bench.out()).unwrap().starts_with(&before), "the same bytes again");
}

#[tokio::test]
async fn a_torn_or_damaged_ledger_goes_back_to_a_whole_commit_and_reads_the_rest_again() {
    for flip in [false, true] {
        let bench = Bench::new();
        let ledger = ledger_of(&bench.out());
        bench.put("a", "one");
        bench.once().await.unwrap();
        let first = fs::metadata(&ledger).unwrap().len();
        for (name, text) in [("b", "two"), ("c", "three")] {
            bench.put(name, text);
            bench.once().await.unwrap();
        }
        let file = OpenOptions::new().read(true).write(true).open(&ledger).unwrap();
        if flip {
            let mut byte = [0];
            file.read_exact_at(&mut byte, first + 30).unwrap();
            file.write_all_at(&[byte[0] ^ 0x10], first + 30).unwrap();
        } else {
            file.set_len(file.metadata().unwrap().len() - 1).unwrap();
        }
        let summary = bench.once().await.unwrap();
        assert!(summary.bytes_cut > 0 && summary.ledger_bytes_cut > 0);
        assert_eq!(sorted(bench.texts()), ["one", "three", "two"]);
        // A commit that had been synced was lost either way, so a copy is kept.
        assert!(ledger.with_extension("ledger.damaged").exists());
        assert!(summary.rolled_back);
    }
}

#[tokio::test]
async fn an_output_shorter_than_committed_is_refused_and_a_missing_one_begins_anew() {
    let bench = Bench::new();
    bench.put("a", "one");
    bench.once().await.unwrap();
    OpenOptions::new().write(true).open(bench.out()).unwrap().set_len(3).unwrap();
    let error = bench.once().await.unwrap_err();
    assert!(matches!(error, FlowError::Short { .. }) && error.is_output());
    assert!(error.to_string().contains("hint:"), "{error}");
    fs::remove_file(bench.out()).unwrap();
    bench.put("b", "two");
    bench.once().await.unwrap();
    assert_eq!(bench.texts(), ["two"]);
}

#[tokio::test]
async fn without_its_ledger_an_output_is_left_alone_and_with_an_older_one_nothing_is_lost() {
    let bench = Bench::new();
    let ledger = ledger_of(&bench.out());
    bench.put("a", "one");
    bench.once().await.unwrap();
    let older = fs::read(&ledger).unwrap();
    bench.put("b", "two");
    bench.put("c", "three");
    bench.once().await.unwrap();
    // An older copy: what it forgot is read again; what is gone by then stands in the end that was cut off.
    fs::write(&ledger, older).unwrap();
    fs::remove_file(bench.inbox("b")).unwrap();
    let summary = bench.once().await.unwrap();
    assert!(summary.rolled_back && summary.bytes_cut > 0);
    assert_eq!(bench.texts(), ["one", "three"]);
    assert!(fs::read_to_string(bench.root.join("events.jsonl.cut")).unwrap().contains("two"));
    // None at all: refused, again and again, until somebody decides.
    fs::remove_file(&ledger).unwrap();
    for _ in 0..2 {
        let error = bench.once().await.unwrap_err();
        assert!(
            matches!(error, FlowError::LedgerGone { .. }) && error.to_string().contains("hint:"),
            "{error}"
        );
        assert_eq!(bench.texts(), ["one", "three"]);
    }
    fs::remove_file(ledger.with_extension("ledger.lock")).unwrap();
    assert_eq!(bench.once().await.unwrap().events, 2);
}

#[tokio::test]
async fn a_copy_of_a_followed_file_is_known_after_any_number_of_restarts() {
    let bench = Bench::new();
    let (feed, copy) = (bench.inbox("feed.jsonl"), bench.inbox("feed.jsonl.1"));
    fs::write(&feed, "{\"n\":1}\n{\"n\":2}\n").unwrap();
    bench.once().await.unwrap();
    fs::copy(&feed, &copy).unwrap();
    fs::write(&feed, "{\"n\":3}\n").unwrap();
    let want: Vec<_> = (1..=3).map(|n| format!("{{\"n\":{n}}}")).collect();
    for _ in 0..3 {
        bench.once().await.unwrap();
        assert_eq!(bench.texts(), want);
    }
    // A document that has the inode of a followed file that was deleted is a document.
    fs::remove_file(&copy).unwrap();
    for n in 0..20 {
        bench.put(&format!("{n}.txt"), &format!("first\nsecond {n}\n"));
    }
    assert_eq!(bench.once().await.unwrap().events, 20);
}

#[tokio::test]
async fn a_second_instance_is_refused() {
    let bench = Bench::new();
    bench
        .watching(async {
            bench.put("a", "one");
            bench.until_texts(1).await;
            let error = bench.once().await.unwrap_err();
            assert!(matches!(error, FlowError::Ledger(LedgerError::Locked { .. })), "{error}");
        })
        .await;
    assert_eq!(bench.texts(), ["one"]);
}

#[tokio::test]
async fn a_full_disk_is_waited_out_and_nothing_is_lost_or_doubled() {
    for step in [Step::Begin, Step::Half, Step::Written] {
        let mut bench = Bench::new();
        for i in 0..5 {
            bench.put(&i.to_string(), &format!("text {i}"));
        }
        let left = AtomicUsize::new(3);
        bench.with_fault(move |at| {
            let full = at == step
                && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok();
            if full { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        });
        let summary = bench.once().await.unwrap();
        assert_eq!((summary.disk_full, summary.events), (1, 5), "full at {step:?}");
        assert_eq!(sorted(bench.texts()), (0..5).map(|i| format!("text {i}")).collect::<Vec<_>>());
        assert_eq!(bench.once().await.unwrap().events, 0);
    }
}

#[tokio::test]
async fn stopping_while_the_disk_is_full_ends_with_an_error_and_the_next_run_goes_on() {
    let mut bench = Bench::new();
    bench.put("a", "one");
    let tries = Arc::new(AtomicUsize::new(0));
    let seen = tries.clone();
    bench.with_fault(move |at| {
        if at != Step::Half {
            return Ok(());
        }
        seen.fetch_add(1, Ordering::SeqCst);
        Err(io::ErrorKind::StorageFull.into())
    });
    let stop = until(|| tries.load(Ordering::SeqCst) >= 3);
    let error = flow::run(bench.job(Until::Stopped), bench.flow(), stop).await.unwrap_err();
    assert!(matches!(error, FlowError::DiskFull { .. }), "{error}");
    bench.tuning.fault = None;
    bench.once().await.unwrap();
    assert_eq!(bench.texts(), ["one"]);
}

#[tokio::test]
async fn a_failed_sync_stops_at_once() {
    let mut bench = Bench::new();
    bench.put("a", "one");
    bench.with_fault(|at| if at == Step::Synced { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) });
    // Even live, with nothing more to come, the error ends the run.
    let run = flow::run(bench.job(Until::Stopped), bench.flow(), std::future::pending());
    let error = tokio::time::timeout(Duration::from_secs(30), run).await.unwrap().unwrap_err();
    assert!(matches!(error, FlowError::Sync { .. }), "{error}");
}

/// All lines of all segments, finished or in progress, in the order of their numbers.
fn segments(bench: &Bench) -> Vec<String> {
    let mut paths: Vec<_> = fs::read_dir(bench.dir.path()).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.file_name().unwrap().to_str().unwrap().starts_with("events-"));
    paths.sort();
    paths.iter().flat_map(|p| lines(p)).map(|l| l["text"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn segments_are_finished_at_commits_and_survive_a_crash_at_any_step() {
    for step in [None, Some(Step::Half), Some(Step::Logged), Some(Step::Committed), Some(Step::Rotated)] {
        let mut bench = Bench::new();
        let rotation = Rotation { size: Some(2000), daily: false };
        bench.places = Places { rotation, ..bench.places.clone() };
        bench.tuning.in_flight = 1024;
        bench.tuning.commit_bytes = 1;
        let want: Vec<_> = (0..9).map(|i| format!("text {i} {}", "x".repeat(900))).collect();
        for (i, text) in want.iter().enumerate() {
            bench.put(&i.to_string(), text);
        }
        if let Some(step) = step {
            let left = AtomicUsize::new(5);
            bench.with_fault(move |at| {
                let crash = at == step && left.fetch_sub(1, Ordering::SeqCst) == 1;
                if crash { Err(io::Error::other("crash")) } else { Ok(()) }
            });
            bench.once().await.expect_err("it was to crash");
            bench.tuning.fault = None;
        }
        bench.once().await.unwrap();
        assert_eq!(sorted(segments(&bench)), want, "crash at {step:?}");
        assert!(bench.dir.path().join("events-000002.jsonl").exists());
    }
}

#[tokio::test]
async fn a_finished_segment_outlives_runs_that_write_nothing() {
    let mut bench = Bench::new();
    bench.places.rotation = Rotation { size: Some(10), daily: false };
    bench.put("a", "a text of some length");
    bench.once().await.unwrap();
    for i in 0..3 {
        bench.put(&format!("same {i}"), "a text of some length");
        assert_eq!(bench.once().await.unwrap().duplicates, 1);
        assert_eq!(segments(&bench), ["a text of some length"]);
    }
    bench.put("b", "another text");
    bench.once().await.unwrap();
    assert_eq!(segments(&bench), ["a text of some length", "another text"]);
}

#[tokio::test]
async fn rotation_may_be_switched_on_and_off() {
    let mut bench = Bench::new();
    let with = Places { rotation: Rotation { size: Some(1 << 20), daily: true }, ..bench.places.clone() };
    let without = bench.places.clone();
    for (i, places) in [&without, &with, &with, &without, &with].into_iter().enumerate() {
        bench.places = places.clone();
        assert_eq!(bench.once().await.unwrap().events, 0);
        assert_eq!(bench.once().await.unwrap().events, 0);
        bench.put(&i.to_string(), &format!("text {i}"));
        // A run that has nothing to write, under the new rule and under the old one, changes nothing either.
        assert_eq!(bench.once().await.unwrap().events, 1);
        assert_eq!(bench.once().await.unwrap().events, 0);
    }
    let all = [bench.texts(), segments(&bench)].concat();
    assert_eq!(sorted(all), (0..5).map(|i| format!("text {i}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn stopping_finishes_what_was_pulled() {
    let bench = Bench::new();
    for i in 0..500 {
        bench.put(&i.to_string(), &format!("text {i}"));
    }
    let summary = bench.watching(bench.until_texts(1)).await;
    assert_eq!(summary.events, summary.files_read, "all that was read was written");
    assert_eq!(bench.texts().len() as u64, summary.events);
    let rest = bench.once().await.unwrap();
    assert_eq!(rest.events + summary.events, 500);
}

/// A file system of 256 KiB of our own, taken down at the end; `None` where we may not mount one.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<SmallDisk> {
        let dir = tempfile::tempdir().ok()?;
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=256k", "none"])
            .arg(dir.path())
            .stderr(std::process::Stdio::null())
            .status();
        mounted.is_ok_and(|s| s.success()).then_some(SmallDisk(dir))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount").arg(self.0.path()).status();
    }
}

/// On a real, small file system; elsewhere the injected errors of the other tests stand for it.
#[tokio::test]
async fn a_small_disk_fills_up_and_is_freed_again() {
    let Some(small) = SmallDisk::mount() else {
        eprintln!("no right to mount a small file system here: the real full disk was not tried");
        return;
    };
    let disk = small.0.path().to_path_buf();
    let mut bench = Bench::new();
    bench.places = Places::at(&disk.join("events.jsonl"));
    bench.tuning.commit_bytes = 4096;
    bench.tuning.in_flight = 4096;
    let ballast = disk.join("ballast");
    fs::write(&ballast, vec![0; 180 << 10]).unwrap();
    let want: Vec<_> = (0..100).map(|i| format!("text {i:03} {}", "x".repeat(1000))).collect();
    for (i, text) in want.iter().enumerate() {
        bench.put(&i.to_string(), text);
    }
    let full = Arc::new(AtomicUsize::new(0));
    let seen = full.clone();
    bench.with_fault(move |at| {
        seen.fetch_add(usize::from(at == Step::Begin), Ordering::SeqCst);
        Ok(())
    });
    let free = async {
        until(|| full.load(Ordering::SeqCst) > 40).await;
        fs::remove_file(&ballast).unwrap();
    };
    let (summary, ()) = tokio::join!(bench.once(), free);
    assert!(summary.unwrap().disk_full > 0);
    assert_eq!(sorted(bench.texts()), want);
}
