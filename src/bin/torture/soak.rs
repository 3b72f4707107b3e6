//! A day in minutes: arrivals, corrections, rotation, deletion, as fast as they are read; memory and descriptors must
//! stay where they are but for what is remembered of each file.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::child::{Child, Start, resident};
use crate::story::story;

/// What may be remembered of each file (bytes).
const REMEMBERED: u64 = 100;
/// Noise of the allocator (KiB).
const NOISE: u64 = 16 << 10;

/// One sample of the process.
struct Sample {
    documents: usize,
    resident: u64,
    descriptors: usize,
    seconds: f64,
}

/// So many documents: 86,400 are a day with one each second.
pub fn run(documents: usize) -> Result<(), String> {
    let dir = tempfile::Builder::new().prefix("torture").tempdir().map_err(|e| e.to_string())?;
    let (inbox, out) = (dir.path().join("inbox"), dir.path().join("events.jsonl"));
    fs::create_dir(&inbox).map_err(|e| e.to_string())?;
    let more = ["--real", "--rotate", "1000000"];
    let mut child =
        Child::start(Start { inbox: &inbox, out: &out, wrap: &[], more: &more, stdout: Stdio::null() })?;
    child.ready()?;
    let (begin, mut samples, mut records) = (Instant::now(), Vec::new(), 0);
    let step = documents / 20;
    for quarter in 0..20 {
        for n in quarter * step..(quarter + 1) * step {
            arrive(&inbox, n).map_err(|e| e.to_string())?;
            // What has been read is taken away after a while, and segments by their reader.
            if n % 500 == 499 {
                records += wait_and_clear(dir.path(), &inbox, n + 1 - 500, records, &mut child)?;
            }
        }
        let descriptors = fs::read_dir(format!("/proc/{}/fd", child.process.id())).map_or(0, |d| d.count());
        let sample = Sample {
            documents: (quarter + 1) * step,
            resident: resident(child.process.id()),
            descriptors,
            seconds: begin.elapsed().as_secs_f64(),
        };
        println!(
            "{:>8} documents {:>7.0} s  resident {:>7} KiB  {:>3} descriptors",
            sample.documents, sample.seconds, sample.resident, sample.descriptors
        );
        samples.push(sample);
    }
    let said = child.stop()?;
    judge(&samples, documents, &said)
}

/// One arrival: mostly a file, sometimes a line, a correction, a duplicate.
fn arrive(inbox: &Path, n: usize) -> std::io::Result<()> {
    match n % 10 {
        0 | 1 => {
            let name = format!("feed-{}.jsonl", n / 20_000);
            let mut feed = OpenOptions::new().create(true).append(true).open(inbox.join(name))?;
            feed.write_all(format!("{}\n", story(n)).as_bytes())
        }
        2 => {
            let aside = inbox.join(format!("{n}.tmp"));
            fs::write(&aside, story(n))?;
            fs::rename(aside, inbox.join(format!("{n}.json")))
        }
        _ => fs::write(inbox.join(format!("{n}.json")), story(n)),
    }
}

/// Waits until what came is told, then deletes what was read and the finished segments; the records in those.
fn wait_and_clear(
    dir: &Path,
    inbox: &Path,
    least: usize,
    before: usize,
    child: &mut Child,
) -> Result<usize, String> {
    let begin = Instant::now();
    while before + in_outputs(dir) < least {
        if begin.elapsed() > Duration::from_secs(120) {
            return Err(format!("it stands still at {}: {}", before + in_outputs(dir), child.said()));
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    let mut taken = 0;
    for path in segments(dir) {
        taken += lines(&path);
        fs::remove_file(path).map_err(|e| e.to_string())?;
    }
    let mut read: Vec<PathBuf> =
        fs::read_dir(inbox).map_err(|e| e.to_string())?.flatten().map(|e| e.path()).collect();
    read.retain(|p| {
        let number = p.file_stem().and_then(|s| s.to_str()?.parse::<usize>().ok());
        number.is_some_and(|n| n + 1000 < least)
    });
    read.iter().try_for_each(fs::remove_file).map_err(|e| e.to_string())?;
    Ok(taken)
}

fn lines(path: &Path) -> usize {
    fs::read(path).unwrap_or_default().iter().filter(|b| **b == b'\n').count()
}

/// Finished segments.
fn segments(dir: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path());
    all.filter(|p| {
        let name = crate::world::file_name(p);
        name.starts_with("events-") && name.ends_with(".jsonl")
    })
    .collect()
}

fn in_outputs(dir: &Path) -> usize {
    let all = fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path());
    all.filter(|p| crate::world::file_name(p).starts_with("events-")).map(|p| lines(&p)).sum()
}

fn judge(samples: &[Sample], documents: usize, said: &str) -> Result<(), String> {
    let (early, last) = (&samples[samples.len() / 4 - 1], &samples[samples.len() - 1]);
    let files = (last.documents - early.documents) as u64;
    let allowed = files * REMEMBERED / 1024 + NOISE;
    let grown = last.resident.saturating_sub(early.resident);
    let middle = &samples[samples.len() / 2 - 1];
    let (first, second) = (middle.seconds, last.seconds - middle.seconds);
    println!(
        "{documents} documents: resident grew by {grown} KiB over the last three quarters ({allowed} allowed: \
         {REMEMBERED} bytes a file); {} -> {} descriptors; first half {first:.0} s, second half {second:.0} s",
        early.descriptors, last.descriptors
    );
    if grown > allowed || last.descriptors > early.descriptors + 2 {
        return Err("it does not stay where it is".into());
    }
    if !said.contains("summary") {
        return Err(format!("it did not end well: {said}"));
    }
    Ok(())
}
