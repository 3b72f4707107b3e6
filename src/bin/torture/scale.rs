//! Many files: the first pass, the restart, memory, and the ledger on disk.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::child::{Child, Start, resident};
use crate::story::story;

/// Measures with so many files; `full` has the first pass read them as `chancery watch` does, as the restarts always do.
pub fn run(files: usize, full: bool, at: Option<&Path>) -> Result<(), String> {
    let parent = at.map_or_else(std::env::temp_dir, Path::to_path_buf);
    let dir = tempfile::Builder::new().prefix("torture").tempdir_in(parent).map_err(|e| e.to_string())?;
    let (inbox, out) = (dir.path().join("inbox"), dir.path().join("events.jsonl"));
    generate(&inbox, files).map_err(|e| e.to_string())?;
    println!("{files} files of {} bytes, a thousand in a directory", story(files).len());
    let start = |more: &[&str]| {
        Child::start(Start { inbox: &inbox, out: &out, wrap: &[], more, stdout: Stdio::null() })
    };

    let begin = Instant::now();
    let mut child = start(if full { &["--once", "--real"] } else { &["--once"] })?;
    while child.process.try_wait().map_err(|e| e.to_string())?.is_none() {
        std::thread::sleep(Duration::from_millis(20));
    }
    let took = begin.elapsed();
    let said = child.said();
    let memory = said.lines().find_map(|l| l.strip_prefix("memory ")).ok_or(format!("it failed: {said}"))?;
    println!("first pass: {took:.1?}, {:.0} files/s; KiB {memory}", files as f64 / took.as_secs_f64());
    let ledger = out.with_file_name("events.jsonl.ledger").metadata().map_err(|e| e.to_string())?.len();
    println!("ledger: {ledger} bytes, {:.0} a file", ledger as f64 / files as f64);

    // A file that arrived while it was down, and one that arrives once it watches.
    for (what, late) in [("arrived while it was down", false), ("arrives once it watches", true)] {
        let before = length(&out);
        if !late {
            put(&inbox, files)?;
        }
        let begin = Instant::now();
        let mut child = start(&["--real"])?;
        child.ready()?;
        let ready = begin.elapsed();
        let written = Instant::now();
        if late {
            put(&inbox, files + 1)?;
        }
        while length(&out) == before {
            if begin.elapsed() > crate::child::PATIENCE {
                return Err(format!("nothing comes: {}", child.said()));
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        println!(
            "restart, a file {what}: ready {ready:.2?} after the start, its event {:.2?} after the start ({:.0?} \
             after ready or arrival); resident {} KiB",
            begin.elapsed(),
            written.elapsed(),
            resident(child.process.id())
        );
        // The scan at the start is to end, so that its memory is seen.
        std::thread::sleep(Duration::from_secs(2));
        let settled = resident(child.process.id());
        let said = child.stop()?;
        let memory = said.lines().find_map(|l| l.strip_prefix("memory ")).unwrap_or_default().to_owned();
        println!("  2 s later resident {settled} KiB; at the end KiB {memory}");
    }
    Ok(())
}

fn length(path: &Path) -> u64 {
    path.metadata().map_or(0, |m| m.len())
}

fn put(inbox: &Path, n: usize) -> Result<(), String> {
    fs::write(inbox.join(format!("late-{n}.json")), story(n)).map_err(|e| e.to_string())
}

fn generate(inbox: &Path, files: usize) -> std::io::Result<()> {
    for n in 0..files {
        let dir = inbox.join(format!("{:04}", n / 1000));
        if n % 1000 == 0 {
            fs::create_dir_all(&dir)?;
        }
        fs::write(dir.join(format!("{n:07}.json")), story(n))?;
    }
    Ok(())
}
