//! Four days in minutes: documents come in the rhythm of a day, are corrected, doubled, and deleted after a while;
//! feeds are rotated, finished segments taken away by their reader. Memory, descriptors, and what a file costs in
//! processor time and in the ledger are sampled all along: the last day must be as the second was.

mod inbox;
mod reader;

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::child::{Child, PATIENCE, Start, resident};
use crate::dice::Dice;
use inbox::Inbox;
use reader::Reader;

/// How busy each hour of a day is, by feel: a morning, an afternoon, little at night.
const RHYTHM: [usize; 24] =
    [3, 2, 2, 2, 3, 5, 8, 12, 15, 16, 15, 14, 13, 14, 15, 16, 15, 13, 11, 9, 8, 7, 5, 4];
const DAYS: usize = 4;
/// Samples a day.
const SAMPLES: usize = 12;
/// What may be remembered of each file (bytes).
const REMEMBERED: u64 = 100;
/// Noise of the allocator (KiB).
const NOISE: u64 = 8 << 10;
/// Of fewer files a day the cost of one cannot be told from noise.
const FEWEST: u64 = 5000;

/// One look at the process.
#[derive(Clone, Copy, Default)]
struct Sample {
    /// Files and lines that have arrived.
    arrived: u64,
    /// KiB.
    resident: u64,
    descriptors: usize,
    /// Bytes.
    ledger: u64,
    processor: Duration,
}

/// What a day was like.
#[derive(Default)]
struct Day {
    arrived: u64,
    /// KiB, at its highest.
    resident: u64,
    /// At their most.
    descriptors: usize,
    /// Bytes of ledger for each arrival.
    ledger: f64,
    /// Milliseconds of processor for each arrival.
    cost: f64,
}

/// So many documents in so many minutes.
pub fn run(documents: usize, minutes: f64, seed: u64) -> Result<(), String> {
    let dir = tempfile::Builder::new().prefix("torture").tempdir().map_err(|e| e.to_string())?;
    let (place, out) = (dir.path().join("inbox"), dir.path().join("events.jsonl"));
    fs::create_dir(&place).map_err(|e| e.to_string())?;
    let more = ["--real", "--rotate", "1000000"];
    let mut child =
        Child::start(Start { inbox: &place, out: &out, wrap: &[], more: &more, stdout: Stdio::null() })?;
    child.ready()?;
    let (mut dice, length) = (Dice::new(seed), Duration::from_secs_f64(minutes * 60.0));
    let moments = moments(documents, &mut dice);
    let day = length / DAYS as u32;
    let mut inbox = Inbox::new(place, dice, day / 8);
    let mut reader = Reader::new(dir.path(), documents);
    println!("seed {seed}: {documents} documents in {DAYS} days of {:.0} s", day.as_secs_f64());

    let (begin, mut due) = (Instant::now(), moments.iter().enumerate().peekable());
    let mut samples = vec![sample(&child, &out, 0)?];
    for n in 1..=DAYS * SAMPLES {
        let until = begin + length * n as u32 / (DAYS * SAMPLES) as u32;
        while Instant::now() < until {
            // A machine that cannot keep up gets the rest of an hour's documents at once, as it would in life.
            while let Some((n, _)) = due.next_if(|(_, at)| begin + length.mul_f64(**at) <= Instant::now()) {
                inbox.arrive(n, &reader).map_err(|e| e.to_string())?;
            }
            reader.look()?;
            inbox.clear(&reader).map_err(|e| e.to_string())?;
            std::thread::sleep(Duration::from_millis(5));
        }
        samples.push(sample(&child, &out, inbox.arrived)?);
        tell(begin, &samples[samples.len() - 2..]);
    }
    for (n, _) in due {
        inbox.arrive(n, &reader).map_err(|e| e.to_string())?;
    }
    let ended = Instant::now();
    while reader.missing() > 0 {
        if ended.elapsed() > PATIENCE {
            return Err(format!("seed {seed}: {} are not told: {}", reader.missing(), child.said()));
        }
        reader.look()?;
        std::thread::sleep(Duration::from_millis(5));
    }
    let said = child.stop()?;
    reader.look()?;
    let well = said.contains("summary") && !said.contains(" WARN ") && !reader.has_dead_letters();
    println!("{} told, each once, in {} segments; {}", documents, reader.segments, inbox.summary());
    judge(&samples)?;
    well.then_some(()).ok_or(format!("seed {seed}: it did not end well: {said}"))
}

/// When each document comes, as shares of the whole time, in order.
fn moments(documents: usize, dice: &mut Dice) -> Vec<f64> {
    let busy: Vec<usize> = (0..24).flat_map(|hour| std::iter::repeat_n(hour, RHYTHM[hour])).collect();
    let mut moments: Vec<f64> = (0..documents)
        .map(|n| {
            let hour = busy[dice.below(busy.len())] as f64 + dice.below(1 << 20) as f64 / f64::from(1 << 20);
            ((n % DAYS) as f64 + hour / 24.0) / DAYS as f64
        })
        .collect();
    moments.sort_by(f64::total_cmp);
    moments
}

fn sample(child: &Child, out: &Path, arrived: u64) -> Result<Sample, String> {
    let pid = child.process.id();
    Ok(Sample {
        arrived,
        resident: resident(pid),
        descriptors: fs::read_dir(format!("/proc/{pid}/fd")).map_or(0, |d| d.count()),
        ledger: out.with_file_name("events.jsonl.ledger").metadata().map_err(|e| e.to_string())?.len(),
        processor: child.processor()?,
    })
}

fn tell(begin: Instant, last: &[Sample]) {
    let (before, now) = (&last[0], &last[1]);
    println!(
        "{:>5.0} s  {:>7} arrived  resident {:>7} KiB  {:>3} descriptors  ledger {:>9} bytes  {:>5.2} ms a file",
        begin.elapsed().as_secs_f64(),
        now.arrived,
        now.resident,
        now.descriptors,
        now.ledger,
        cost(before, now),
    );
}

/// Milliseconds of processor for each arrival between two samples.
fn cost(before: &Sample, now: &Sample) -> f64 {
    let spent = now.processor.saturating_sub(before.processor);
    spent.as_secs_f64() * 1e3 / (now.arrived - before.arrived).max(1) as f64
}

/// The day of so many samples, the first of which is the last one of the day before.
fn day(samples: &[Sample]) -> Day {
    let (first, last) = (samples[0], samples[samples.len() - 1]);
    let arrived = last.arrived - first.arrived;
    Day {
        arrived,
        resident: samples.iter().map(|s| s.resident).max().unwrap_or(0),
        descriptors: samples.iter().map(|s| s.descriptors).max().unwrap_or(0),
        ledger: last.ledger.saturating_sub(first.ledger) as f64 / arrived.max(1) as f64,
        cost: cost(&first, &last),
    }
}

/// Compares the last day with the second; the first one makes things ready.
fn judge(samples: &[Sample]) -> Result<(), String> {
    let days: Vec<Day> = (0..DAYS).map(|n| day(&samples[n * SAMPLES..=(n + 1) * SAMPLES])).collect();
    for (n, day) in days.iter().enumerate() {
        println!(
            "day {}: {} files and lines, at most {} KiB resident and {} descriptors, {:.0} bytes of ledger and {:.2} ms \
             of processor for each",
            n + 1,
            day.arrived,
            day.resident,
            day.descriptors,
            day.ledger,
            day.cost
        );
    }
    let (second, last) = (&days[1], &days[DAYS - 1]);
    let files: u64 = days[2..].iter().map(|d| d.arrived).sum();
    let allowed = files * REMEMBERED / 1024 + NOISE;
    let mut faults = Vec::new();
    let grown = last.resident.saturating_sub(second.resident);
    if grown > allowed {
        faults.push(format!("memory grew by {grown} KiB, {allowed} may be"));
    }
    if last.descriptors > second.descriptors + 2 {
        faults.push("descriptors grow".into());
    }
    // Of the days before the dearest: one on which the ledger is rewritten costs none of it.
    let dearest = days[..DAYS - 1].iter().map(|d| d.ledger).fold(0.0, f64::max);
    if last.ledger > dearest * 1.1 {
        faults.push("a file costs more and more of the ledger".into());
    }
    let few = last.arrived.min(second.arrived) < FEWEST;
    if !few && last.cost > second.cost * 1.3 {
        faults.push("a file costs more and more of the processor".into());
    }
    println!(
        "last day against the second: {grown} KiB more ({allowed} allowed), processor {:+.0} %{}",
        (last.cost / second.cost - 1.0) * 100.0,
        if few { " (too few to judge)" } else { "" }
    );
    if faults.is_empty() { Ok(()) } else { Err(faults.join("; ")) }
}
