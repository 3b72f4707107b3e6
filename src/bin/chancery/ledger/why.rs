//! `ledger why`: the whole story of a file, from its name to its dead letters.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use chancery::source::ledger::{Entry, Fate, Ledger};
use chancery::source::name::{Kind, Names};
use chancery::source::walk::{Look, Walker};
use chancery::source::{Options, Stamp, from_micros};
use chrono::SecondsFormat;

use super::LedgerArgs;
use super::book::{Book, Wanted, real, shown};
use crate::cli::Common;
use crate::exit::{Exit, Failure, Outcome};
use crate::{run, setup};

/// What is passed over, and what to do about it.
const REASONS: &[(&str, &str)] = &[
    ("hidden", "its name, or that of a directory above it, begins with a dot: rename it"),
    (
        "temporary",
        "its name says that it is not finished (.tmp, .part, .inprogress, ~): rename it when it is",
    ),
    ("ignored", "it fits a pattern of [watch] ignore: change that setting, or the name"),
    ("own_output", "it is chancery's own: an output, its dead letters or its ledger"),
    ("symlink", "it is a link: set [watch] follow_symlinks = true, or put the file itself there"),
    ("dangling_symlink", "it is a link to something that is not there"),
    ("fifo", "it is a pipe, not a file: chancery scan - reads a stream"),
    ("socket", "it is a socket, not a file"),
    ("device", "it is a device, not a file"),
];

/// Runs the command.
pub fn run(common: &Common, args: &LedgerArgs, book: &Book, paths: &[PathBuf]) -> Outcome {
    let mut options = run::source_options(&setup::config(common)?);
    options.own = vec![real(&args.out), real(&args.path()), real(&args.dead())];
    let running = Ledger::is_in_use(&args.path());
    let mut out = std::io::stdout().lock();
    for path in paths {
        writeln!(out, "{}", path.display())?;
        for line in story(path, &options, book, running)?.into_iter().chain(letters(&args.dead(), path)) {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(Exit::Fine)
}

fn story(path: &Path, options: &Options, book: &Book, running: bool) -> Result<Vec<String>, Failure> {
    let names = Names::new(options).map_err(|e| Failure::new(Exit::BadConfig, e))?;
    let real = real(path);
    let wanted = Wanted::new(std::slice::from_ref(&real));
    let entry = book.entries.iter().rev().find(|e| wanted.has(&e.path));
    let walker = Walker { names: &names, follow_symlinks: options.follow_symlinks };
    // A directory in which something was read is not passed over, whatever its name: it lies above what is watched.
    let read_in = |dir: &Path| {
        let below = Wanted::new(&[dir.to_path_buf()]);
        book.entries.iter().any(|e| below.has(&e.path)) || book.marks.iter().any(|m| below.has(&m.path))
    };
    // A link was resolved above; what counts is how it is met on the way.
    let mut above = real.ancestors().skip(1).filter(|dir| dir.file_name().is_some());
    let hidden = above.any(|dir| !names.enter(dir) && !read_in(dir));
    let stamp = match walker.look(&std::path::absolute(path)?) {
        Look::Skip(reason) => return Ok(vec![passed_over(reason)]),
        Look::Dir(_) => return Ok(vec!["it is a directory: ask for the files in it".into()]),
        Look::Gone => return Ok(gone(entry)),
        Look::File(_) if hidden => return Ok(vec![passed_over("hidden")]),
        Look::File(stamp) => stamp,
    };
    if names.judge(&real) == Kind::Follow {
        return Ok(followed(&stamp, book));
    }
    let mut lines = Vec::new();
    match entry {
        Some(entry) if entry.stamp == stamp => lines.push(became(entry, book)),
        Some(entry) => {
            lines.push(format!("{}, and changed since", became(entry, book)));
            lines.push("if its content is new it is read again, as a revision".into());
        }
        None if stamp.size > options.max_file => {
            lines.push(format!("{} bytes are over the limit of {}", stamp.size, options.max_file));
            lines.push("hint: raise [input.limits] max_bytes".into());
        }
        None => lines.push("not read yet".into()),
    }
    if entry.is_none_or(|e| e.stamp != stamp) {
        lines.push(next(running, options));
    }
    Ok(lines)
}

fn passed_over(reason: &str) -> String {
    let why = REASONS.iter().find(|r| r.0 == reason).map_or("", |r| r.1);
    format!("passed over ({reason}): {why}")
}

fn gone(entry: Option<&Entry>) -> Vec<String> {
    match entry {
        Some(entry) => vec![format!("{}; it is no longer there", told(entry))],
        None => vec!["not there, and the ledger has never heard of it".into()],
    }
}

fn told(entry: &Entry) -> String {
    format!(
        "{} at {}",
        entry.fate.as_str(),
        from_micros(entry.seen_at).to_rfc3339_opts(SecondsFormat::Secs, true)
    )
}

fn became(entry: &Entry, book: &Book) -> String {
    let first = book.entries.iter().find(|e| e.fate == Fate::Read && e.content == entry.content);
    match (entry.fate, first) {
        (Fate::Duplicate | Fate::Unchanged, Some(first)) => {
            format!("{}: its content had been read as {}", told(entry), shown(&first.path))
        }
        (Fate::Dead, _) => format!("{}: it could not be read as a whole", told(entry)),
        _ => told(entry),
    }
}

fn next(running: bool, options: &Options) -> String {
    if running {
        let within = options.rescan.as_secs();
        format!("an instance is running: if this lies in its directory it is looked at within {within} s")
    } else {
        "no instance is running: chancery watch will look at it if it lies in its directory".into()
    }
}

fn followed(stamp: &Stamp, book: &Book) -> Vec<String> {
    let mark = book.marks.iter().find(|m| (m.dev, m.ino) == (stamp.dev, stamp.ino));
    match mark {
        None => vec!["followed line by line by its name; nothing of it was read yet".into()],
        Some(mark) if mark.offset > stamp.size => {
            vec![format!("followed; shorter than the {} bytes read: it will be read anew", mark.offset)]
        }
        Some(mark) if mark.offset == stamp.size => vec!["followed; read to its end".into()],
        Some(mark) => {
            let rest = stamp.size - mark.offset;
            vec![
                format!("followed; read up to byte {} of {}", mark.offset, stamp.size),
                format!("{rest} bytes are left: lines still to be read, or a last one without its end"),
            ]
        }
    }
}

/// What the dead letters say of a path.
fn letters(dead: &Path, path: &Path) -> Vec<String> {
    let wanted = real(path);
    let text = fs::read_to_string(dead).unwrap_or_default();
    let mut lines = Vec::new();
    for letter in text.lines().filter_map(|l| serde_json::from_str::<serde_json::Value>(l).ok()) {
        let word = |key: &str| letter[key].as_str().unwrap_or_default().to_owned();
        if real(Path::new(&word("path"))) != wanted {
            continue;
        }
        let range = letter["range"].as_array().map_or(String::new(), |r| format!(" bytes {}-{}", r[0], r[1]));
        lines.push(format!("dead letter{range} ({}): {}", word("reason"), word("error")));
        if let Some(hint) = letter["hint"].as_str() {
            lines.push(format!("  hint: {hint}"));
        }
    }
    lines
}

/// Files named in the dead letters.
pub fn dead_paths(dead: &Path) -> Vec<PathBuf> {
    let text = fs::read_to_string(dead).unwrap_or_default();
    let letters = text.lines().filter_map(|l| serde_json::from_str::<serde_json::Value>(l).ok());
    let mut paths: Vec<_> = letters.filter_map(|l| Some(PathBuf::from(l["path"].as_str()?))).collect();
    paths.sort();
    paths.dedup();
    paths
}
