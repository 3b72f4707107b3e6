//! `ledger forget` and `ledger replay`: reading again.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use chancery::model::Item;
use chancery::pipeline::Reader;
use chancery::source::fetch::{Fetched, fetch};
use chancery::source::ledger::{Entry, Fate, Ledger, Mark};
use chancery::source::{from_micros, now};
use chrono::Utc;

use super::LedgerArgs;
use super::book::{Book, Wanted, as_path, file_of, shown};
use super::why::dead_paths;
use crate::cli::Common;
use crate::exit::{Exit, Failure, Outcome};
use crate::setup;

/// Has files read again by the next run.
pub fn forget(args: &LedgerArgs, paths: &[PathBuf], dead: bool, dry_run: bool) -> Outcome {
    let mut paths = paths.to_vec();
    if dead {
        paths.extend(dead_paths(&args.dead()));
    }
    if paths.is_empty() {
        if dead {
            anstream::eprintln!("no dead letters in {}: nothing to forget", args.dead().display());
            return Ok(Exit::Fine);
        }
        let hint = "hint: name files or directories, or --dead for those with a dead letter";
        return Err(Failure::new(Exit::Usage, format!("nothing named to forget\n  {hint}")));
    }
    // The lock first: what is forgotten must be what is there.
    let ledger = if dry_run { None } else { Some(Ledger::open(&args.path())?.0) };
    let book = Book::open(&args.path())?;
    let wanted = Wanted::new(&paths);
    let entries: Vec<Entry> = book.entries.iter().filter(|e| wanted.has(&e.path)).cloned().collect();
    let marks: Vec<Mark> = book.marks.iter().filter(|m| wanted.has(&m.path)).cloned().collect();
    let mut names: Vec<String> =
        entries.iter().map(|e| shown(&e.path)).chain(marks.iter().map(|m| shown(&m.path))).collect();
    names.sort();
    names.dedup();
    let mut out = std::io::stdout().lock();
    names.iter().try_for_each(|name| writeln!(out, "{name}"))?;
    let count = names.len();
    let Some(mut ledger) = ledger else {
        anstream::eprintln!("{count} files would be forgotten (--dry-run)");
        return Ok(Exit::Fine);
    };
    if count == 0 {
        anstream::eprintln!("the ledger knows none of them: nothing to forget");
        return Ok(Exit::Findings);
    }
    let failed = |e| Failure::new(Exit::Output, format!("{}: cannot write: {e}", args.path().display()));
    ledger.write_forget(entries, marks).and_then(|()| ledger.sync()).map_err(failed)?;
    anstream::eprintln!(
        "{count} files forgotten: the next watch reads them again and writes their records again"
    );
    Ok(Exit::Fine)
}

/// What came of replaying.
#[derive(Default)]
struct Replayed {
    files: usize,
    records: usize,
    changed: usize,
    gone: usize,
}

/// Reads again what the ledger knows, with the times of then.
pub fn replay(common: &Common, book: &Book, paths: &[PathBuf], to: &Path) -> Outcome {
    let config = setup::config(common)?;
    let reader = setup::reader(common, &config)?;
    let wanted = Wanted::new(paths);
    let refused = |e| Failure::new(Exit::Output, format!("cannot write {}: {e}", to.display()));
    let out: Box<dyn Write> = if to == Path::new("-") {
        Box::new(std::io::stdout().lock())
    } else {
        // What stands somewhere is never written over.
        Box::new(File::create_new(to).map_err(refused)?)
    };
    let mut out = BufWriter::new(out);
    let mut done = Replayed::default();
    for entry in book.entries.iter().filter(|e| e.fate == Fate::Read && wanted.has(&e.path)) {
        match fetch(as_path(&entry.path), config.input.limits.max_bytes) {
            Fetched::Whole(bytes, _, content) if Some(content) == entry.content => {
                let seen_at = from_micros(entry.seen_at);
                let item = Item { path: shown(&entry.path), range: None, bytes, seen_at };
                done.files += 1;
                done.records += write(&reader, item, &mut out)?;
            }
            Fetched::Whole(..) => done.changed += 1,
            _ => done.gone += 1,
        }
    }
    for mark in book.marks.iter().filter(|m| wanted.has(&m.path)) {
        follow(&reader, book, mark, &mut out, &mut done)?;
    }
    out.flush()?;
    let Replayed { files, records, changed, gone } = done;
    anstream::eprintln!("{records} records of {files} files; {changed} have changed since, {gone} are gone");
    Ok(if changed + gone > 0 { Exit::Findings } else { Exit::Fine })
}

/// The lines of a followed file, as far as they were read.
fn follow(
    reader: &Reader,
    book: &Book,
    mark: &Mark,
    out: &mut impl Write,
    done: &mut Replayed,
) -> Result<(), Failure> {
    let bytes = std::fs::read(as_path(&mark.path)).unwrap_or_default();
    let Some(bytes) = bytes.get(..mark.offset as usize) else {
        done.gone += 1;
        return Ok(());
    };
    done.files += 1;
    let (file, mut at) = (file_of(mark), 0);
    for piece in bytes.split_inclusive(|b| *b == b'\n') {
        let line = piece.strip_suffix(b"\n").unwrap_or(piece);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let range = at..at + line.len() as u64;
        at += piece.len() as u64;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let seen = book
            .lines
            .iter()
            .find(|l| (l.0, l.1) == (file, mark.generation) && (l.2..l.3).contains(&range.start));
        let seen_at = seen.map_or_else(now, |l| from_micros(l.4));
        let item = Item { path: shown(&mark.path), range: Some(range), bytes: line.to_vec(), seen_at };
        done.records += write(reader, item, out)?;
    }
    Ok(())
}

fn write(reader: &Reader, item: Item, out: &mut impl Write) -> Result<usize, Failure> {
    let read = reader.read(&item, Utc::now());
    for event in &read.events {
        writeln!(out, "{event}")?;
    }
    Ok(read.events.len())
}
