//! `ledger ls` and `ledger show`.

use std::io::Write;
use std::path::PathBuf;

use chancery::source::from_micros;
use chancery::source::ledger::{Entry, Mark};
use chrono::SecondsFormat;
use serde_json::json;

use super::book::{Book, Wanted, as_path, shown};
use crate::exit::{Exit, Outcome};

/// Lists what was read.
pub fn list(book: &Book, fate: Option<&str>, paths: &[PathBuf], as_json: bool) -> Outcome {
    let (wanted, mut out) = (Wanted::new(paths), std::io::BufWriter::new(std::io::stdout().lock()));
    let (mut files, mut followed) = (0, 0);
    for entry in book.latest() {
        if fate.is_some_and(|f| f != entry.fate.as_str()) || !wanted.has(&entry.path) {
            continue;
        }
        files += 1;
        if as_json {
            writeln!(out, "{}", as_object(entry))?;
        } else {
            writeln!(
                out,
                "{:9} {} {:>10}  {}",
                entry.fate.as_str(),
                time(entry),
                entry.stamp.size,
                shown(&entry.path)
            )?;
        }
    }
    for mark in &book.marks {
        if fate.is_some_and(|f| f != "followed") || !wanted.has(&mark.path) {
            continue;
        }
        followed += 1;
        if as_json {
            let object = json!({"path": shown(&mark.path), "fate": "followed", "offset": mark.offset,
                "generation": mark.generation});
            writeln!(out, "{object}")?;
        } else {
            writeln!(out, "{:9} {:20} {:>10}  {}", "followed", "up to byte", mark.offset, shown(&mark.path))?;
        }
    }
    out.flush()?;
    if !as_json {
        anstream::eprintln!("{files} files, {followed} followed; {} dead letters so far", book.dead);
    }
    Ok(Exit::Fine)
}

fn as_object(entry: &Entry) -> serde_json::Value {
    json!({
        "path": shown(&entry.path),
        "fate": entry.fate.as_str(),
        "seen_at": from_micros(entry.seen_at).to_rfc3339_opts(SecondsFormat::Micros, true),
        "size": entry.stamp.size,
        "content": entry.content.map(|c| format!("{c:032x}")),
        "device": entry.stamp.dev,
        "inode": entry.stamp.ino,
    })
}

fn time(entry: &Entry) -> String {
    from_micros(entry.seen_at).to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Shows all that is said of files.
pub fn show(book: &Book, paths: &[PathBuf]) -> Outcome {
    let mut out = std::io::stdout().lock();
    let mut missing = 0;
    for path in paths {
        let wanted = Wanted::new(std::slice::from_ref(path));
        let entries: Vec<&Entry> = book.entries.iter().filter(|e| wanted.has(&e.path)).collect();
        let marks: Vec<&Mark> = book.marks.iter().filter(|m| wanted.has(&m.path)).collect();
        if entries.is_empty() && marks.is_empty() {
            missing += 1;
            writeln!(out, "{}: nothing in the ledger (chancery ledger why {0} says more)", path.display())?;
        }
        for entry in entries {
            entry_lines(&mut out, entry)?;
        }
        for mark in marks {
            let there =
                as_path(&mark.path).metadata().map_or("gone".into(), |m| format!("{} bytes", m.len()));
            writeln!(out, "{}\n  followed up to byte {} of {there}", shown(&mark.path), mark.offset)?;
            writeln!(out, "  generation {}, device {}, inode {}", mark.generation, mark.dev, mark.ino)?;
        }
    }
    Ok(if missing > 0 { Exit::Findings } else { Exit::Fine })
}

fn entry_lines(out: &mut impl Write, entry: &Entry) -> std::io::Result<()> {
    let stamp = &entry.stamp;
    writeln!(out, "{}\n  {} at {}", shown(&entry.path), entry.fate.as_str(), time(entry))?;
    let content = entry.content.map_or("not read as a whole".into(), |c| format!("content {c:032x}"));
    writeln!(out, "  {} bytes, {content}", stamp.size)?;
    let changed = from_micros(stamp.mtime / 1000).to_rfc3339_opts(SecondsFormat::Micros, true);
    writeln!(out, "  changed {changed}, device {}, inode {}", stamp.dev, stamp.ino)
}
