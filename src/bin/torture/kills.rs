//! Killed a thousand times while files and lines arrive, with rotation on, and the real reading: what stands in the
//! end must be, record for record, what one clean run writes.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::child::{Child, Start};
use crate::dice::Dice;
use crate::story::story;

/// Records by id, as their bytes without the two clock fields.
type Records = BTreeMap<String, String>;

/// Runs so many kills.
pub fn run(count: usize, seed: u64) -> Result<(), String> {
    let (begin, mut dice) = (Instant::now(), Dice::new(seed));
    let dir = tempfile::Builder::new().prefix("torture").tempdir().map_err(|e| e.to_string())?;
    let (inbox, out) = (dir.path().join("inbox"), dir.path().join("events.jsonl"));
    fs::create_dir(&inbox).map_err(|e| e.to_string())?;
    let pace = Arc::new(Pace::default());
    let writer = {
        let (inbox, dice, pace) = (inbox.clone(), dice.split(), pace.clone());
        std::thread::spawn(move || write_on(&inbox, dice, &pace))
    };
    let more = ["--real", "--rotate", "60000", "--commit-bytes", "8000"];
    let start = |out: &Path, more: &[&str]| {
        Child::start(Start { inbox: &inbox, out, wrap: &[], more, stdout: Stdio::null() })
    };
    let (mut at_work, mut mended, mut early) = (0, 0, 0);
    for round in 0..count {
        let before = written(dir.path());
        // So many more articles arrive while this one lives: the thousandth start has no more to do than it must.
        pace.allowed.fetch_add(10 + dice.below(20), Ordering::SeqCst);
        let mut child = start(&out, &more)?;
        // A fifth die while they start, two fifths at any time after, the rest once they have written something.
        match round % 5 {
            0 => early += 1,
            1 | 2 => child.ready()?,
            _ => {
                child.ready()?;
                let waited = Instant::now();
                while written(dir.path()) == before && waited.elapsed() < Duration::from_secs(20) {
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
        }
        std::thread::sleep(Duration::from_micros(dice.below(60_000) as u64));
        if let Some(status) = child.process.try_wait().map_err(|e| e.to_string())? {
            return Err(format!("seed {seed}, kill {round}: it ended by itself: {status}\n{}", child.said()));
        }
        child.kill()?;
        at_work += usize::from(written(dir.path()) != before);
        mended += usize::from(child.said().contains("cut what was not committed"));
        if (round + 1) % 100 == 0 {
            eprintln!("{} kills, {:.0?}", round + 1, begin.elapsed());
        }
    }
    pace.stop.store(true, Ordering::SeqCst);
    let articles = writer.join().map_err(|_| "the writer failed")??;
    ends(&mut start(&out, &[&more[..], &["--once"]].concat())?)?;
    let clean = dir.path().join("clean");
    fs::create_dir(&clean).map_err(|e| e.to_string())?;
    ends(&mut start(&clean.join("events.jsonl"), &["--real", "--once"])?)?;
    let (got, segments) = records(dir.path())?;
    let (want, _) = records(&clean)?;
    compare(&got, &want).map_err(|why| format!("seed {seed}: {why}"))?;
    println!(
        "seed {seed}: {count} kills ({early} while it started, {at_work} after it had written), {mended} starts cut \
         uncommitted bytes off; {articles} articles, {} records in {segments} files, each once and byte for byte \
         as in one clean run but for the two clock fields; {:.0?}",
        want.len(),
        begin.elapsed()
    );
    if at_work == 0 || want.len() < articles {
        return Err(format!("that was no test: {at_work} kills at work, {} records", want.len()));
    }
    Ok(())
}

fn ends(child: &mut Child) -> Result<(), String> {
    let status = child.ends()?;
    status.success().then_some(()).ok_or_else(|| format!("{status}: {}", child.said()))
}

/// Bytes in all outputs of a directory.
fn written(dir: &Path) -> u64 {
    outputs(dir).iter().filter_map(|p| p.metadata().ok()).map(|m| m.len()).sum()
}

fn outputs(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path());
    let mut paths: Vec<PathBuf> = entries
        .filter(|p| {
            let name = crate::world::file_name(p);
            name.starts_with("events") && (name.ends_with(".jsonl") || name.ends_with(".inprogress"))
        })
        .collect();
    paths.sort();
    paths
}

/// How far the writer may go.
#[derive(Default)]
struct Pace {
    allowed: AtomicUsize,
    stop: AtomicBool,
}

/// Adds articles, as many as it may, until told to stop; how many it added.
fn write_on(inbox: &Path, mut dice: Dice, pace: &Pace) -> Result<usize, String> {
    let mut n = 0;
    while !pace.stop.load(Ordering::SeqCst) {
        if n < pace.allowed.load(Ordering::SeqCst) {
            add(inbox, &mut dice, n).map_err(|e| e.to_string())?;
            n += 1;
        }
        std::thread::sleep(Duration::from_micros(dice.below(30_000) as u64));
    }
    Ok(n)
}

fn add(inbox: &Path, dice: &mut Dice, n: usize) -> std::io::Result<()> {
    let append = |name: &str, text: &str| {
        OpenOptions::new().create(true).append(true).open(inbox.join(name))?.write_all(text.as_bytes())
    };
    match dice.below(4) {
        0 => append("feed.jsonl", &format!("{}\n", story(n))),
        1 => {
            let line = format!("{}\n", story(n));
            let (first, rest) = line.split_at(line.len() / 2);
            append("slow.jsonl", first)?;
            std::thread::sleep(Duration::from_millis(dice.below(8) as u64));
            append("slow.jsonl", rest)
        }
        2 => {
            let aside = inbox.with_file_name("aside.json");
            fs::write(&aside, story(n))?;
            fs::rename(&aside, inbox.join(format!("moved-{n}.json")))
        }
        _ => fs::write(inbox.join(format!("{n}.json")), story(n)),
    }
}

/// All records of the outputs in a directory, and the number of files.
fn records(dir: &Path) -> Result<(Records, usize), String> {
    let mut records = Records::new();
    let paths = outputs(dir);
    for path in paths.iter().filter(|p| !crate::world::file_name(p).contains(".dead.")) {
        let text = fs::read_to_string(path).map_err(|e| e.to_string())?;
        for line in text.split_inclusive('\n') {
            let half = || format!("{}: half a line: {line}", path.display());
            let mut record: serde_json::Value = serde_json::from_str(line).map_err(|_| half())?;
            if !line.ends_with('\n') {
                return Err(half());
            }
            let id = record["id"].as_str().unwrap_or_default().to_owned();
            let fields = record.as_object_mut().ok_or_else(half)?;
            fields.shift_remove("seen_at");
            fields.shift_remove("coded_at");
            if records.insert(id, record.to_string()).is_some() {
                return Err(format!("twice: {line}"));
            }
        }
    }
    Ok((records, paths.len()))
}

fn compare(got: &Records, want: &Records) -> Result<(), String> {
    let missing = want.keys().filter(|id| !got.contains_key(*id)).count();
    let extra = got.keys().filter(|id| !want.contains_key(*id)).count();
    let other = want.iter().filter(|(id, record)| got.get(*id).is_some_and(|g| g != *record)).count();
    if missing + extra + other == 0 {
        return Ok(());
    }
    Err(format!("{missing} records missing, {extra} not in a clean run, {other} differ"))
}
