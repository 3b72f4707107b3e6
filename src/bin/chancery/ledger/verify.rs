//! `ledger verify`: does everything stand that the ledger says?

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use chancery::source::fetch::{Fetched, fetch};
use chancery::source::ledger::{Fate, Ledger, Length};
use chancery::source::name::dir_of;

use super::LedgerArgs;
use super::args::beside;
use super::book::{Book, as_path};
use crate::exit::{Exit, Outcome};

/// What was found.
#[derive(Default)]
struct Report {
    faults: usize,
}

impl Report {
    fn well(&self, what: impl std::fmt::Display) {
        println!("ok    {what}");
    }

    fn ill(&mut self, what: impl std::fmt::Display, hint: &str) {
        self.faults += 1;
        println!("FAULT {what}\n      hint: {hint}");
    }
}

/// Runs the command: exit 0 when all is well, 1 with findings.
pub fn run(args: &LedgerArgs, inputs: bool) -> Outcome {
    let mut report = Report::default();
    let book = Book::open(&args.path())?;
    let running = Ledger::is_in_use(&args.path());
    let survey = &book.survey;
    report.well(format!(
        "{}: format {}, {} frames, {} commits, {} bytes{}",
        args.path().display(),
        survey.version,
        survey.frames,
        book.commits,
        survey.whole,
        if running { "; an instance is at work" } else { "" }
    ));
    if survey.rest > 0 && !running {
        let hint =
            "the next start cuts it off and reads again what it spoke of; a damaged ledger is copied first";
        report.ill(format!("{} bytes behind the last whole frame", survey.rest), hint);
    }
    let mut ids = HashSet::new();
    for length in &book.lengths {
        output(args, length, running, &mut ids, &mut report);
    }
    earlier_segments(args, &book.lengths, &mut ids, &mut report);
    if inputs {
        hold_what_was_read(&book, &mut report);
    }
    println!("{} records, {} faults", ids.len(), report.faults);
    Ok(if report.faults > 0 { Exit::Findings } else { Exit::Fine })
}

fn path_of(args: &LedgerArgs, length: &Length) -> PathBuf {
    let name = as_path(&length.name);
    let path = args.out.parent().map_or_else(|| name.to_path_buf(), |dir| dir.join(name));
    let writing = beside(&path, ".inprogress");
    if length.segment > 0 && writing.exists() { writing } else { path }
}

fn output(args: &LedgerArgs, length: &Length, running: bool, ids: &mut HashSet<String>, report: &mut Report) {
    let path = path_of(args, length);
    let there = match path.metadata() {
        Ok(meta) => meta.len(),
        Err(_) if length.len == 0 => return,
        Err(_) => {
            report.well(format!("{}: taken away; what it held is not written again", path.display()));
            return;
        }
    };
    if there < length.len {
        let what = format!("{} has {there} bytes, but {} were committed", path.display(), length.len);
        return report.ill(what, "put the file back from a copy, or move it and the ledger away");
    }
    if there > length.len && !running {
        let rest = there - length.len;
        report.well(format!("{}: {rest} uncommitted bytes; the next start cuts them off", path.display()));
    }
    lines(&path, length.len, usize::from(length.lane), ids, report);
}

/// Reads the first `len` bytes: each line whole, no record twice.
fn lines(path: &Path, len: u64, lane: usize, ids: &mut HashSet<String>, report: &mut Report) {
    let Ok(file) = File::open(path) else { return };
    let (mut count, mut bad, mut twice) = (0u64, 0u64, Vec::new());
    for line in BufReader::new(file.take(len)).split(b'\n') {
        let Ok(value) = line.and_then(|l| Ok(serde_json::from_slice::<serde_json::Value>(&l)?)) else {
            bad += 1;
            continue;
        };
        count += 1;
        if lane < 2
            && let Some(id) = value["id"].as_str()
            && !ids.insert(format!("{}{id}", value["schema"].as_str().unwrap_or_default()))
        {
            twice.push(id.to_owned());
        }
    }
    if bad > 0 {
        report.ill(
            format!("{}: {bad} lines are not JSON", path.display()),
            "someone else wrote to it, or the disk is failing",
        );
    }
    if let Some(first) = twice.first() {
        let what = format!("{}: {} records stand twice, first {first}", path.display(), twice.len());
        report.ill(what, "were files forgotten and read again? then it is meant; else please report it");
    }
    report.well(format!("{}: {count} lines in {len} committed bytes", path.display()));
}

/// Finished segments before the current one.
fn earlier_segments(args: &LedgerArgs, lengths: &[Length], ids: &mut HashSet<String>, report: &mut Report) {
    let dir = dir_of(&args.out);
    let stem = args.out.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let current: Vec<PathBuf> = lengths.iter().map(|l| path_of(args, l)).collect();
    let mut segments: Vec<PathBuf> = fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
        .filter(|p| {
            let name = p.file_name().unwrap_or_default().to_string_lossy();
            let rest = name.strip_prefix(&format!("{stem}-")).and_then(|r| r.strip_suffix(".jsonl"));
            rest.is_some_and(|r| r.len() >= 6 && r.bytes().all(|b| b.is_ascii_digit() || b == b'-'))
        })
        .filter(|p| !current.iter().any(|c| c.file_name() == p.file_name()))
        .collect();
    segments.sort();
    for path in segments {
        let len = path.metadata().map_or(0, |m| m.len());
        lines(&path, len, 0, ids, report);
    }
}

/// Whether the inputs still hold what was read; that they do not is told, but is no fault.
fn hold_what_was_read(book: &Book, report: &mut Report) {
    let (mut same, mut changed, mut gone) = (0, 0, 0);
    for entry in book.latest().into_iter().filter(|e| e.fate != Fate::Dead) {
        match fetch(as_path(&entry.path), u64::MAX - 1) {
            Fetched::Whole(_, _, content) if Some(content) == entry.content => same += 1,
            Fetched::Whole(..) | Fetched::Changing => changed += 1,
            _ => gone += 1,
        }
    }
    report.well(format!("inputs: {same} hold what was read, {changed} have changed since, {gone} are gone"));
}
