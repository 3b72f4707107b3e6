//! Where records go: what was typed becomes the outputs of a run, and what is not ours is never written over.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use chancery::config::Config;
use chancery::flow::{Output, Tap};
use chancery::model::Lane;
use chancery::sink::{Places, Rotation, Stdout};
use chancery::source::name::dir_of;

use crate::exit::{Exit, Failure};

/// Dead letters told one by one when they have no file; the rest is counted in the summary.
const TOLD: usize = 20;

/// The records to write: as typed, else as set.
pub fn lanes(typed: &[String], config: &Config) -> Result<Vec<Lane>, Failure> {
    let names = if typed.is_empty() { &config.output.emit } else { typed };
    let mut lanes = Vec::new();
    for name in names {
        let lane = match name.as_str() {
            "events" => Lane::Events,
            "articles" => Lane::Articles,
            other => {
                return Err(wrong(
                    format!("output.emit: no record is called \"{other}\""),
                    "events, articles",
                ));
            }
        };
        if !lanes.contains(&lane) {
            lanes.push(lane);
        }
    }
    if lanes.is_empty() {
        return Err(wrong("output.emit: nothing is to be written".into(), "events, articles"));
    }
    Ok(lanes)
}

fn wrong(what: String, known: &str) -> Failure {
    Failure::new(Exit::BadConfig, format!("{what}\n  hint: known are {known}"))
}

/// The outputs: `-` is stdout, for all records together. To files, articles asked for beside events get one of their
/// own, `OUT.articles.jsonl`; what could not be read goes to `OUT.dead.jsonl`.
pub fn open(out: &Path, dead: Option<&Path>, lanes: &[Lane], config: &Config) -> Result<Output, Failure> {
    if out == Path::new("-") {
        return Ok(Output::Stdout(Stdout::default()));
    }
    let daily = match config.output.rotate.as_str() {
        "" => false,
        "day" => true,
        other => return Err(wrong(format!("output.rotate: \"{other}\" is not known"), "\"day\" and \"\"")),
    };
    let mut places = Places::at(out);
    if let Some(dead) = dead {
        places.dead = dead.to_path_buf();
    }
    if lanes.len() > 1 {
        places.articles = Some(beside(out, ".articles.jsonl"));
    }
    let size = config.output.rotate_bytes;
    places.rotation = Rotation { size: (size > 0).then_some(size), daily };
    places.own().iter().try_for_each(|file| has_room_for(file))?;
    Ok(Output::Files(places))
}

fn beside(out: &Path, suffix: &str) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Whether a file can stand there; told before the first article is read.
fn has_room_for(file: &Path) -> Result<(), Failure> {
    let dir = dir_of(file);
    if !dir.is_dir() {
        let why = format!("there is no directory {}", dir.display());
        return Err(refused(file, &why, "create it (mkdir -p), or give another --out"));
    }
    match file.metadata() {
        Ok(meta) if !meta.is_file() => {
            Err(refused(file, "it is no regular file", "--out - writes to stdout"))
        }
        _ => Ok(()),
    }
}

fn refused(file: &Path, why: &str, hint: &str) -> Failure {
    Failure::new(Exit::Output, format!("cannot write {}: {why}\n  hint: {hint}", file.display()))
}

/// Empties a file that an earlier scan wrote. One that is an input, belongs to a watch, or was written by somebody
/// else is refused and left as it is.
pub fn empty(file: &Path, inputs: &[PathBuf]) -> Result<(), Failure> {
    let Ok(real) = file.canonicalize() else { return Ok(()) };
    let another = "give another --out";
    if inputs.iter().any(|i| i.canonicalize().is_ok_and(|i| i == real)) {
        return Err(refused(file, "it is one of the inputs", another));
    }
    if beside(file, ".ledger").exists() {
        let why = "it has a ledger, so chancery watch writes it exactly once";
        return Err(refused(file, why, "give another --out; chancery watch goes on writing this one"));
    }
    let fault =
        |e: std::io::Error| refused(file, &e.to_string(), "check its permissions, or give another --out");
    let mut start = Vec::new();
    File::open(file).and_then(|f| f.take(10).read_to_end(&mut start)).map_err(fault)?;
    if !start.is_empty() && !start.starts_with(b"{\"schema\":") && !start.starts_with(b"{\"path\":") {
        let why = "it exists, and chancery did not write it";
        return Err(refused(file, why, "remove it, or give another --out"));
    }
    fs::OpenOptions::new().write(true).truncate(true).open(file).map_err(fault)?;
    Ok(())
}

/// For stdout: dead letters go to `dead` when it is named, else the first of them are told on stderr, a line each.
pub fn letters(dead: Option<&Path>, inputs: &[PathBuf], silent: bool) -> Result<Tap, Failure> {
    let Some(path) = dead else {
        let told = Mutex::new(0);
        return Ok(std::sync::Arc::new(move |lines: &[u8]| {
            if !silent && let Ok(mut told) = told.lock() {
                tell(lines, &mut told);
            }
        }));
    };
    has_room_for(path)?;
    empty(path, inputs)?;
    let file = fs::OpenOptions::new().create(true).append(true).open(path);
    let file =
        file.map_err(|e| refused(path, &e.to_string(), "check its permissions, or give another --dead"))?;
    let name = path.to_path_buf();
    Ok(std::sync::Arc::new(move |lines: &[u8]| {
        if let Err(e) = (&file).write_all(lines) {
            anstream::eprintln!("error: cannot write {}: {e}", name.display());
        }
    }))
}

fn tell(lines: &[u8], told: &mut usize) {
    for line in lines.split(|b| *b == b'\n').filter(|l| !l.is_empty()) {
        *told += 1;
        if *told > TOLD {
            if *told == TOLD + 1 {
                anstream::eprintln!("set aside: more of them are only counted (--dead FILE keeps them all)");
            }
            continue;
        }
        let letter: serde_json::Value = serde_json::from_slice(line).unwrap_or_default();
        let text = |key: &str| {
            letter[key].as_str().unwrap_or_default().lines().next().unwrap_or_default().to_string()
        };
        let range = letter["range"].as_array().map_or(String::new(), |r| format!(" bytes {}-{}", r[0], r[1]));
        anstream::eprintln!("set aside: {}{range}: {} ({})", text("path"), text("error"), text("reason"));
    }
}
