//! Signals, limits, readers of standard output.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::Duration;

use super::Outcome;
use super::place::{Place, can};
use crate::child::{Child, Start};
use crate::oracle;

pub fn killed(place: &mut Place) -> Outcome {
    let rotate: &[&str] = &["--rotate", "20000", "--commit-bytes", "2000"];
    for round in 0..12 {
        let mut child = if round % 3 == 0 { place.start(&[], rotate)? } else { place.watch(rotate)? };
        for _ in 0..place.dice.below(60) {
            place.put()?;
            std::thread::sleep(Duration::from_micros(place.dice.below(3000) as u64));
        }
        child.kill()?;
    }
    place.ends_well(rotate).map(|()| None)
}

pub fn terminated(place: &mut Place) -> Outcome {
    for _ in 0..3 {
        let mut child = place.watch(&["--commit-bytes", "4000"])?;
        place.put_many(400)?;
        let said = child.stop()?;
        if !said.contains("summary") {
            return Err(format!("it ended without its summary: {said}"));
        }
        place.put_many(50)?;
    }
    place.ends_well(&[]).map(|()| None)
}

pub fn stopped(place: &mut Place) -> Outcome {
    let mut child = place.watch(&[])?;
    for _ in 0..4 {
        place.put_many(50)?;
        child.signal("-STOP")?;
        place.put_many(200)?;
        std::thread::sleep(Duration::from_millis(200));
        child.signal("-CONT")?;
    }
    place.until_told(&mut child)?;
    child.stop()?;
    place.judge().map(|()| None)
}

pub fn two_instances(place: &mut Place) -> Outcome {
    let mut child = place.watch(&[])?;
    place.put_many(20)?;
    let mut second = place.start(&[], &[])?;
    let status = second.ends()?;
    if status.success() || !second.said().contains("another instance") {
        return Err(format!("the second was not refused: {status} {}", second.said()));
    }
    place.until_told(&mut child)?;
    child.stop()?;
    place.judge().map(|()| None)
}

pub fn file_size(place: &mut Place) -> Outcome {
    if let Some(reason) = can(&["prlimit", "--fsize=10000", "true"]) {
        return Ok(Some(reason));
    }
    let mut child = place.start(&["prlimit", "--fsize=30000"], &["--commit-bytes", "2000"])?;
    child.ready()?;
    place.put_many(400)?;
    child.says("the disk is full")?;
    child.signal("-TERM")?;
    let status = child.ends()?;
    if status.success() || !child.said().contains("no space left") {
        return Err(format!("it ended with {status}: {}", child.said()));
    }
    place.ends_well(&[]).map(|()| None)
}

pub fn few_files(place: &mut Place) -> Outcome {
    if let Some(reason) = can(&["prlimit", "--nofile=48", "true"]) {
        return Ok(Some(reason));
    }
    place.put_many(300)?;
    let mut child =
        place.start(&["prlimit", "--nofile=48"], &["--rotate", "5000", "--commit-bytes", "500"])?;
    child.ready()?;
    place.put_many(300)?;
    place.until_told(&mut child)?;
    child.stop()?;
    place.judge().map(|()| None)
}

fn to_stdout(place: &Place) -> Result<Child, String> {
    let (inbox, stdout) = (place.path("inbox"), Stdio::piped());
    Child::start(Start { inbox: &inbox, out: &place.out, wrap: &[], more: &["--stdout"], stdout })
}

pub fn blocked_reader(place: &mut Place) -> Outcome {
    let mut child = to_stdout(place)?;
    child.ready()?;
    // More than a pipe holds.
    let want: BTreeSet<String> = (0..1500)
        .map(|n| {
            let text = format!("text {n} {}", "x".repeat(300));
            std::fs::write(place.inbox(&format!("{n}.txt")), &text).map_err(|e| e.to_string())?;
            Ok(oracle::id(text.as_bytes()))
        })
        .collect::<Result<_, String>>()?;
    std::thread::sleep(Duration::from_secs(1));
    let mut got = BTreeSet::new();
    let out = child.process.stdout.take().ok_or("no pipe")?;
    for line in BufReader::new(out).lines().map_while(Result::ok) {
        let line: serde_json::Value = serde_json::from_str(&line).map_err(|e| format!("{e}: {line}"))?;
        got.insert(line["id"].as_str().unwrap_or_default().to_owned());
        if got.len() == want.len() {
            break;
        }
    }
    child.signal("-TERM")?;
    child.ends()?;
    if got == want { Ok(None) } else { Err(format!("{} of {} came", got.len(), want.len())) }
}

pub fn gone_reader(place: &mut Place) -> Outcome {
    let mut child = to_stdout(place)?;
    child.ready()?;
    drop(child.process.stdout.take());
    place.put_many(100)?;
    let status = child.ends()?;
    let quiet = status.success() && !child.said().contains("panicked");
    if quiet { Ok(None) } else { Err(format!("{status}: {}", child.said())) }
}
