//! Time from a closed file to its line in the output of an idle `chancery watch`:
//! `cargo build --release && cargo run --release --example latency -- [COUNT=50] [BINARY]`.
//!
//! The line is durable by then: the outputs' lengths count only after a sync, but a line can be seen a moment before
//! its commit. What is measured is what a reader of the file meets.

#[path = "../benches/news/mod.rs"]
#[allow(dead_code)]
mod news;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let count: usize = args.first().and_then(|n| n.parse().ok()).unwrap_or(50);
    let beside = || std::env::current_exe().map(|exe| exe.with_file_name("../chancery"));
    let binary = args.get(1).map_or_else(beside, |path| Ok(PathBuf::from(path)))?;
    let dir = std::env::temp_dir().join(format!("chancery-latency-{}", std::process::id()));
    fs::create_dir_all(dir.join("inbox"))?;
    let mut child = start(&binary, &dir)?;
    let times = measure(&dir, count);
    // It is ours and has nothing left to do.
    let ended = child.kill().and_then(|()| child.wait());
    fs::remove_dir_all(&dir)?;
    ended?;
    let mut times = times?;
    times.sort();
    let at = |share: usize| times[(times.len() - 1) * share / 100];
    println!(
        "closed to line in the output, {} files of 2 KB, idle: p50 {:.1?}  p90 {:.1?}  p99 {:.1?}  max {:.1?}",
        times.len(),
        at(50),
        at(90),
        at(99),
        at(100)
    );
    Ok(())
}

/// A watching process that has said that it is ready.
fn start(binary: &Path, dir: &Path) -> std::io::Result<Child> {
    let mut child = Command::new(binary)
        .args(["watch", "inbox", "--out", "events.jsonl", "--emit", "events,articles"])
        .current_dir(dir)
        .stderr(Stdio::piped())
        .spawn()?;
    let mut line = String::new();
    if let Some(stderr) = child.stderr.take() {
        BufReader::new(stderr).read_line(&mut line)?;
    }
    print!("{line}");
    Ok(child)
}

/// Writes files one by one, each after a rest, and waits for the article's line: every article has one.
fn measure(dir: &Path, count: usize) -> std::io::Result<Vec<Duration>> {
    let out = dir.join("events.jsonl.articles.jsonl");
    let length = || fs::metadata(&out).map_or(0, |m| m.len());
    let mut dice = news::Dice::new(7);
    let mut times = Vec::new();
    // The first one warms up what is read from disk once.
    for n in 0..=count {
        std::thread::sleep(Duration::from_millis(100));
        let (title, body) = news::article(&mut dice, 2000);
        let before = length();
        fs::write(dir.join("inbox").join(format!("{n}.txt")), format!("{title}\n\n{body}\n({n})\n"))?;
        let closed = Instant::now();
        while length() == before {
            if closed.elapsed() > Duration::from_secs(30) {
                return Err(std::io::Error::other("no line came within 30 s"));
            }
            std::thread::sleep(Duration::from_micros(50));
        }
        if n > 0 {
            times.push(closed.elapsed());
        }
    }
    Ok(times)
}
