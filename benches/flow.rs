//! How fast files go from the directory to a durable output, without any reading: the flow alone.
//!
//! `cargo bench --bench flow [-- <files>]`; beside it a bare loop that opens, reads and closes the same files.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use chancery::flow::{self, Flow, Job, Output, ledger_of};
use chancery::model::{Emit, Item, Lane, Outcome, Summary};
use chancery::sink::Places;
use chancery::source::{Options, Until};

fn read(item: &Item, emit: Emit) -> Outcome {
    let json = format!("{{\"path\":{:?},\"bytes\":{}}}", item.path, item.bytes.len());
    emit(Lane::Events, json.as_bytes());
    Outcome { articles: 1, ..Outcome::default() }
}

fn job(dir: &Path, until: Until, ledger: bool) -> Job {
    let out = dir.join("events.jsonl");
    let ledger = ledger.then(|| ledger_of(&out));
    let output = Output::Files(Places::at(&out));
    Job { paths: vec![dir.join("inbox")], source: Options::default(), until, output, ledger }
}

async fn timed(what: &str, files: usize, job: Job) -> Summary {
    let begin = Instant::now();
    let summary = flow::run(job, Flow::reading(read), std::future::pending()).await.expect("a run");
    let took = begin.elapsed();
    let speed = files as f64 / took.as_secs_f64();
    println!("{what:44} {took:>10.0?} {speed:>9.0} files/s  {} commits", summary.commits);
    summary
}

async fn latency(dir: &Path) {
    let (sender, durable) = mpsc::channel();
    let mut flow = Flow::reading(read);
    flow.tuning.tap = Some(Arc::new(move |_: &[u8]| sender.send(Instant::now()).unwrap_or_default()));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let inbox = dir.join("inbox");
    let writer = tokio::task::spawn_blocking(move || {
        let mut times = Vec::new();
        // The first file waits for the scan at the start.
        for i in 0..201 {
            fs::write(inbox.join(format!("late-{i}.json")), format!("{i} {}", "y".repeat(2000)))
                .expect("a file");
            let closed = Instant::now();
            let Ok(at) = durable.recv_timeout(Duration::from_secs(30)) else { break };
            if i > 0 {
                times.push(at.saturating_duration_since(closed));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        times.sort();
        println!(
            "close to durable, {} files one by one: p50 {:.1?} p90 {:.1?} p99 {:.1?}",
            times.len(),
            times[times.len() / 2],
            times[times.len() * 9 / 10],
            times[times.len() * 99 / 100]
        );
        let _ = stop.send(());
    });
    let run = flow::run(job(dir, Until::Stopped, true), flow, async {
        let _ = stopped.await;
    });
    run.await.expect("a run");
    writer.await.expect("the writer");
}

/// All files at once, into a running watch.
async fn burst(dir: &Path, files: usize) {
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stop = std::sync::Mutex::new(Some(stop));
    let mut flow = Flow::reading(read);
    flow.tuning.progress = Some(Arc::new(move |summary| {
        if summary.events as usize == files {
            stop.lock().ok().and_then(|mut s| s.take()).map(|s| s.send(()));
        }
    }));
    let inbox = dir.join("inbox");
    let writer = tokio::task::spawn_blocking(move || {
        for i in 0..files {
            fs::write(inbox.join(format!("burst-{i}.json")), format!("{i} {}", "z".repeat(500)))
                .expect("a file");
        }
        Instant::now()
    });
    let run = flow::run(job(dir, Until::Stopped, true), flow, async {
        let _ = stopped.await;
    });
    let summary = run.await.expect("a run");
    let after = writer.await.expect("the writer").elapsed();
    println!(
        "burst of {files} into a watch: all durable {after:.0?} after the last close; {} overflows, {} scans, {} commits",
        summary.overflows, summary.scans, summary.commits
    );
}

fn memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().filter(|l| l.starts_with("VmHWM") || l.starts_with("VmRSS")).collect::<Vec<_>>().join("  ")
}

#[tokio::main]
async fn main() {
    let files = std::env::args().skip(1).find_map(|a| a.parse().ok()).unwrap_or(10_000usize);
    let dir = tempfile::tempdir().expect("a directory");
    let inbox = dir.path().join("inbox");
    fs::create_dir(&inbox).expect("the inbox");
    for i in 0..files {
        fs::write(inbox.join(format!("{i:07}.json")), format!("{i} {}", "x".repeat(2000))).expect("a file");
    }
    for round in ["bare open, read, close (cold)", "bare open, read, close"] {
        let begin = Instant::now();
        let bytes: usize =
            (0..files).map(|i| fs::read(inbox.join(format!("{i:07}.json"))).map_or(0, |b| b.len())).sum();
        let took = begin.elapsed();
        println!(
            "{round:44} {took:>10.0?} {:>9.0} files/s  {bytes} bytes",
            files as f64 / took.as_secs_f64()
        );
    }
    let scan = tempfile::tempdir().expect("a directory");
    std::os::unix::fs::symlink(&inbox, scan.path().join("inbox")).expect("a link");
    timed("scan, no ledger", files, job(scan.path(), Until::Scanned, false)).await;
    timed("cold ledger, exactly once", files, job(dir.path(), Until::Present, true)).await;
    println!("memory: {}", memory());
    timed("again, all known", files, job(dir.path(), Until::Present, true)).await;
    latency(dir.path()).await;
    burst(dir.path(), files.min(50_000)).await;
    println!("memory: {}", memory());
}
