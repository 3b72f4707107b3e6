//! Names, kinds and states of files.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chancery::flow::{self, Output};
use chancery::sink::{Places, Stdout};
use chancery::source::Until;

use super::{Bench, append, until};

#[tokio::test]
async fn unfinished_hidden_and_unwanted_names_are_passed_over_and_counted() {
    let mut bench = Bench::new();
    bench.options.ignore = vec!["*.bak".into()];
    for name in ["a.tmp", "b.part", "c~", ".d", "e.inprogress", "f.bak", "g.txt"] {
        bench.put(name, name);
    }
    let summary = bench.once().await.unwrap();
    assert_eq!(bench.texts(), ["g.txt"]);
    let skipped: Vec<_> = summary.skipped.into_iter().collect();
    assert_eq!(skipped, [("hidden", 1), ("ignored", 1), ("temporary", 4)]);
}

#[tokio::test]
async fn our_own_files_inside_the_watched_directory_are_never_read() {
    let mut bench = Bench::new();
    bench.places = Places::at(&bench.inbox("events.jsonl"));
    bench.tuning.linger = Duration::ZERO;
    bench.put("bad", "panic");
    let summary = bench
        .watching(async {
            for i in 0..5 {
                bench.put(&i.to_string(), &format!("text {i}"));
                bench.until_texts(i + 1).await;
            }
            until(|| super::complete_lines(&bench.places.dead) == 1).await;
        })
        .await;
    assert_eq!((summary.events, summary.lines_read, summary.dead_letters()), (5, 0, 1));
    assert_eq!(bench.once().await.unwrap().events, 0);
}

#[tokio::test]
async fn any_name_is_a_name() {
    let bench = Bench::new();
    let names: [&[u8]; 3] = [b"\xff\xfe.txt", b"with\nnewline", &[b'n'; 255]];
    for (i, name) in names.iter().enumerate() {
        fs::write(bench.inbox("").join(std::ffi::OsStr::from_bytes(name)), format!("text {i}")).unwrap();
    }
    assert_eq!(bench.once().await.unwrap().events, 3);
    assert_eq!(bench.once().await.unwrap().files_seen, 0);
}

#[tokio::test]
async fn what_cannot_be_read_is_a_dead_letter_once_and_is_read_when_it_changes() {
    let mut bench = Bench::new();
    bench.options.follow_symlinks = true;
    bench.options.max_file = 10;
    // Readable by nobody, not even by root.
    std::os::unix::fs::symlink("/proc/self/mem", bench.inbox("mem")).unwrap();
    bench.put("large", "more than ten bytes");
    let summary = bench.once().await.unwrap();
    assert_eq!(summary.dead.into_iter().collect::<Vec<_>>(), [("too_large", 1), ("unreadable", 1)]);
    let dead = bench.dead();
    assert!(dead.iter().any(|d| d["error"].as_str().unwrap().contains("the limit is 10")), "{dead:?}");
    bench.put("large", "ten bytes");
    fs::remove_file(bench.inbox("mem")).unwrap();
    let summary = bench.once().await.unwrap();
    assert_eq!((summary.events, summary.dead_letters(), bench.texts()), (1, 0, vec!["ten bytes".into()]));
}

#[tokio::test]
async fn a_file_still_being_written_is_left_until_it_is_closed() {
    let bench = Bench::new();
    let summary = bench
        .watching(async {
            bench.put("first", "first");
            bench.until_texts(1).await;
            let mut slow = fs::File::create(bench.inbox("slow")).unwrap();
            std::io::Write::write_all(&mut slow, b"half ").unwrap();
            // Other files come and go meanwhile, for longer than the settling time.
            for i in 0..4 {
                tokio::time::sleep(bench.options.settle).await;
                bench.put(&format!("other {i}"), &format!("other {i}"));
                bench.until_texts(i + 2).await;
            }
            std::io::Write::write_all(&mut slow, b"whole").unwrap();
            drop(slow);
            bench.until_texts(6).await;
        })
        .await;
    assert_eq!(bench.texts().last().map(String::as_str), Some("half whole"));
    assert_eq!((summary.events, summary.revisions), (6, 0));
}

#[tokio::test]
async fn without_notifications_files_are_found_by_polling() {
    let mut bench = Bench::new();
    bench.options.notify = false;
    bench.options.rescan = Duration::from_millis(20);
    let summary = bench
        .watching(async {
            bench.put("a", "one");
            append(&bench.inbox("feed.jsonl"), "{}\n");
            bench.until_texts(2).await;
            append(&bench.inbox("feed.jsonl"), "[]\n");
            bench.until_texts(3).await;
        })
        .await;
    assert!(summary.polling && summary.scans > 1);
    assert_eq!(super::sorted(bench.texts()), ["[]", "one", "{}"]);
}

#[tokio::test]
async fn a_directory_deleted_and_made_again_is_watched_again() {
    let mut bench = Bench::new();
    bench.options.rescan = Duration::from_millis(50);
    bench
        .watching(async {
            fs::create_dir(bench.inbox("sub")).unwrap();
            bench.put("sub/a", "one");
            bench.until_texts(1).await;
            fs::remove_dir_all(bench.inbox("")).unwrap();
            fs::create_dir_all(bench.inbox("sub")).unwrap();
            bench.put("sub/b", "two");
            bench.until_texts(2).await;
        })
        .await;
    assert_eq!(bench.texts(), ["one", "two"]);
}

/// A writer that keeps what it is given, or breaks like a closed pipe.
struct Pipe(Arc<Mutex<Vec<u8>>>, usize);

impl std::io::Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let mut kept = self.0.lock().unwrap();
        if kept.len() >= self.1 {
            return Err(std::io::ErrorKind::BrokenPipe.into());
        }
        kept.extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_closed_pipe_is_a_quiet_end_and_loses_nothing() {
    let bench = Bench::new();
    bench.put("a", "one");
    let kept = Arc::new(Mutex::new(Vec::new()));
    let run = |room| {
        let mut job = bench.job(Until::Stopped);
        job.output = Output::Stdout(Stdout::to(Box::new(Pipe(kept.clone(), room))));
        job
    };
    let pending = std::future::pending();
    let summary = flow::run(run(0), bench.flow(), pending).await.unwrap();
    assert!(summary.reader_gone && summary.events == 0);
    let stop = until(|| !kept.lock().unwrap().is_empty());
    let summary = flow::run(run(1000), bench.flow(), stop).await.unwrap();
    assert_eq!(summary.events, 1, "what the closed pipe did not take comes again");
}

/// Inodes under watch of this process, as the kernel tells them.
fn watched_inodes() -> Vec<u64> {
    let infos = fs::read_dir("/proc/self/fdinfo").into_iter().flatten().flatten();
    let text: String = infos.filter_map(|info| fs::read_to_string(info.path()).ok()).collect();
    let of = |line: &str| u64::from_str_radix(line.split("ino:").nth(1)?.split(' ').next()?, 16).ok();
    text.lines().filter(|line| line.starts_with("inotify ")).filter_map(of).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_told_that_it_watches_can_rely_on_every_watch() {
    use std::os::unix::fs::MetadataExt;
    let mut bench = Bench::new();
    let dirs: Vec<_> = ["", "a", "a/b", "a/b/c", "d"].iter().map(|dir| bench.inbox(dir)).collect();
    dirs.iter().skip(1).for_each(|dir| fs::create_dir_all(dir).unwrap());
    fs::create_dir_all(bench.inbox(".hidden")).unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    bench.tuning.started = Some(Arc::new(move || tell.send(watched_inodes()).unwrap()));
    bench.put("a/b/c/first", "first");
    bench.watching(bench.until_texts(1)).await;
    let watched = told.try_recv().unwrap();
    let missing: Vec<_> = dirs.iter().filter(|d| !watched.contains(&d.metadata().unwrap().ino())).collect();
    assert!(missing.is_empty(), "no watch on {missing:?}");
    assert!(!watched.contains(&bench.inbox(".hidden").metadata().unwrap().ino()));
    assert!(told.try_recv().is_err(), "it is told once");
}

#[tokio::test]
async fn after_a_restart_new_names_come_before_the_known_ones_are_looked_at() {
    let mut bench = Bench::new();
    bench.options.settle = Duration::ZERO;
    for name in ["a", "b", "c"] {
        bench.put(name, name);
    }
    bench.once().await.unwrap();
    // By its time the changed one would come first.
    bench.put("b", "b, corrected");
    let long_ago = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(10);
    fs::File::options().write(true).open(bench.inbox("b")).unwrap().set_modified(long_ago).unwrap();
    fs::create_dir(bench.inbox("sub")).unwrap();
    bench.put("sub/new", "new");
    for polling in [false, true] {
        bench.options.notify = !polling;
        let count = bench.texts().len() + 2;
        let summary = bench.watching(bench.until_texts(count)).await;
        assert_eq!((summary.files_seen, summary.files_read, summary.duplicates), (2, 2, 0));
        bench.put("b", "b, corrected again");
        bench.put("sub/newer", "newer");
    }
    let texts = ["a", "b", "c", "new", "b, corrected", "newer", "b, corrected again"];
    assert_eq!(bench.texts(), texts);
}
