//! The ledger: one append-only file that says what was read and how long the outputs are.
//!
//! A frame is written after the outputs it speaks of are on disk; what stands in the ledger therefore stands in the
//! outputs. `docs/durability.md` describes the format and the order of a commit.

mod codec;
mod compact;
mod entry;
mod frame;
mod guard;
mod known;
mod load;
mod walk;

pub use entry::{Commit, Entry, Fate, Length, Mark, Seen};
pub use known::{Claim, Known};
pub use walk::{Survey, Told, walk};

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::disk::{Disk, OwnFile};
use frame::{HEADER, Kind};
use guard::{Guard, Note};
use load::{Loaded, load};

/// What can be wrong with a ledger.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// Another instance holds it.
    #[error(
        "{path}: in use by another instance of chancery\n  hint: stop the other one, or give this one its own --out and --ledger"
    )]
    Locked {
        /// The lock file.
        path: PathBuf,
    },
    /// Not a ledger at all.
    #[error(
        "{path}: not a ledger: its first bytes are not those of one\n  hint: name another file with --ledger, or move this one away"
    )]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Of a version that this one cannot read.
    #[error(
        "{path}: written by a newer chancery (format {version}, this one reads up to {})\n  hint: run that version again, or move the ledger away to read everything anew",
        frame::VERSION
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u32,
    },
    /// The system refused.
    #[error("{path}: cannot {doing}: {source}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On which file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

/// An open ledger; holds its lock until dropped.
pub struct Ledger {
    path: PathBuf,
    disk: Disk,
    file: OwnFile,
    len: u64,
    /// The check of the last frame.
    check: u64,
    /// It is rewritten when it is longer than this and mostly waste (bytes).
    compact_from: u64,
    /// Bytes that a snapshot would leave out, roughly.
    waste: u64,
    dead: u64,
    lengths: Vec<Length>,
    guard: Guard,
    /// Whether it had less than was noted, and nobody has seen to the outputs yet: until then the note stays.
    hurt: bool,
}

/// What a ledger says at the start.
#[derive(Debug, Default)]
pub struct Restored {
    /// The outputs' committed lengths.
    pub lengths: Vec<Length>,
    /// Bytes of a torn or damaged tail that were cut off.
    pub cut: u64,
    /// Whether whole frames stood behind the damage, so that more than a torn write was lost.
    pub damaged: bool,
    /// Whether it has less than it once had: an older copy was put in its place, or it lost what was promised.
    pub rolled_back: bool,
    /// Whether it no longer says how long the outputs are, although it once did.
    pub gone: bool,
}

/// A ledger is rewritten when it is longer than this and mostly waste (bytes).
const COMPACT_FROM: u64 = 8 << 20;

impl Ledger {
    /// Opens or creates the ledger at `path`, takes its lock, cuts a torn tail and loads what is known.
    pub fn open(path: &Path) -> Result<(Ledger, Known, Restored), LedgerError> {
        Ledger::open_on(&Disk::default(), path)
    }

    /// The same on a disk of the caller's.
    pub fn open_on(disk: &Disk, path: &Path) -> Result<(Ledger, Known, Restored), LedgerError> {
        let at = |doing| move |source| LedgerError::Io { doing, path: path.to_path_buf(), source };
        let guard = Guard::take(path)?;
        let noted = guard.noted();
        if !path.exists() {
            publish(disk, path, &frame::header()).map_err(at("create the ledger"))?;
        }
        let mut file = disk.append(path).map_err(at("open the ledger"))?;
        let (known, mut restored, mut loaded) = load(file.reader(), path, noted)?;
        restored.gone = restored.rolled_back && restored.lengths.is_empty();
        if restored.cut > 0 {
            keep_damaged(path, &restored).map_err(at("keep a copy of the damaged ledger"))?;
            file.cut(loaded.len).map_err(at("cut the torn tail of the ledger"))?;
        }
        if loaded.len < HEADER {
            file.write_all(&frame::header()).map_err(at("write the ledger's header"))?;
            loaded.len = HEADER;
        }
        file.sync().map_err(at("sync the ledger"))?;
        let Loaded { len, waste, dead, check } = loaded;
        let (path, disk, lengths) = (path.to_path_buf(), disk.clone(), restored.lengths.clone());
        let (compact_from, hurt) = (COMPACT_FROM, restored.rolled_back);
        let ledger = Ledger { path, disk, file, len, check, compact_from, waste, dead, lengths, guard, hurt };
        ledger.note();
        Ok((ledger, known, restored))
    }

    /// Called once the outputs are as the ledger says, and whatever was cut off them is kept: if it had less than was
    /// noted, that is now mended. A crash before leaves the note, and the next start knows as much as this one.
    pub fn mended(&mut self) {
        self.hurt = false;
        self.note();
    }

    /// Has it rewritten from this length on (bytes; 8 MiB unless told).
    pub fn compact_from(&mut self, len: u64) {
        self.compact_from = len;
    }

    /// Whether an instance works with the ledger at `path` now.
    pub fn is_in_use(path: &Path) -> bool {
        Guard::is_held(path)
    }

    fn note(&self) {
        if self.hurt {
            return;
        }
        self.guard.note((self.len > HEADER).then_some(Note { len: self.len, check: self.check }));
    }

    /// Where it stands.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its length in bytes; a mark to come back to with [`Ledger::cut_back`].
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether nothing has been committed yet.
    pub fn is_empty(&self) -> bool {
        self.len <= HEADER
    }

    /// Dead letters committed since the ledger began.
    pub fn dead(&self) -> u64 {
        self.dead
    }

    /// Writes (without sync) when things were first seen, ahead of their records.
    pub fn write_seen(&mut self, seen: &Seen) -> io::Result<()> {
        let payload = seen.encode();
        self.waste += payload.len() as u64;
        self.append(Kind::Seen, &payload)
    }

    /// Writes a commit frame; it counts only after [`Ledger::sync`].
    pub fn write_commit(&mut self, commit: &Commit) -> io::Result<()> {
        self.append(Kind::Commit, &commit.encode())?;
        self.waste += waste(commit);
        self.dead = commit.dead;
        if !commit.lengths.is_empty() {
            self.lengths.clone_from(&commit.lengths);
        }
        Ok(())
    }

    /// Writes that these files are to be read again, and these followed ones from their beginning. Needs a sync.
    pub fn write_forget(&mut self, entries: Vec<Entry>, marks: Vec<Mark>) -> io::Result<()> {
        let commit = Commit { entries, marks, ..Commit::default() };
        self.append(Kind::Forget, &commit.encode())
    }

    fn append(&mut self, kind: Kind, payload: &[u8]) -> io::Result<()> {
        if payload.len() > frame::LONGEST {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a commit of over 256 MiB"));
        }
        let bytes = frame::write(kind, payload, self.len);
        self.file.write_all(&bytes)?;
        (self.len, self.check) = (self.len + bytes.len() as u64, frame::check_of(&bytes));
        Ok(())
    }

    /// Makes the frames durable.
    pub fn sync(&mut self) -> io::Result<()> {
        self.file.sync()?;
        self.note();
        Ok(())
    }

    /// Takes back whatever was written behind `len`, whole or in part.
    pub fn cut_back(&mut self, len: u64) -> io::Result<()> {
        self.file.cut(len)?;
        self.len = len;
        Ok(())
    }

    /// Rewrites the ledger without its waste when that is worth it. An error means that nobody knows which of the two
    /// files a new start would find: the run must end.
    pub fn compact_if_due(&mut self, known: &Known) -> io::Result<Compacted> {
        if self.len < self.compact_from || self.waste * 2 < self.len {
            return Ok(Compacted::NotDue);
        }
        self.compact(known)
    }

    /// Rewrites the ledger without its waste: temporary file, sync, rename, sync of the directory.
    pub fn compact(&mut self, known: &Known) -> io::Result<Compacted> {
        let temporary = with_suffix(&self.path, ".tmp");
        let written = compact::write(&self.disk, &self.path, &temporary, known, &self.lengths, self.dead)
            .and_then(|written| {
                // From here to the new note nobody can say how long the ledger had been.
                self.guard.note(None);
                self.disk.rename(&temporary, &self.path).map(|()| written)
            });
        // Either way it is not tried again before as much waste has come together.
        self.waste = 0;
        match written {
            Ok((mut file, at)) => {
                file.renamed(&self.path);
                (self.file, self.len, self.check) = (file, at.len, at.check);
                self.disk.sync_dir(&self.path)?;
                self.note();
                Ok(Compacted::Done)
            }
            Err(error) => {
                // The old one is whole and in its place; half a snapshot would only take up room.
                let _ = self.disk.remove(&temporary);
                self.note();
                Ok(Compacted::Failed(error))
            }
        }
    }
}

/// What came of an attempt to rewrite the ledger.
#[derive(Debug)]
pub enum Compacted {
    /// It is not worth it yet.
    NotDue,
    /// It is shorter now.
    Done,
    /// It could not be rewritten; the old one goes on.
    Failed(io::Error),
}

/// Bytes of a commit that a later one is likely to make void.
fn waste(commit: &Commit) -> u64 {
    let renewed = commit.entries.iter().filter(|e| e.fate == Fate::Unchanged).count() as u64;
    renewed * 140 + (commit.marks.len() + commit.past.len() + commit.lengths.len()) as u64 * 64
}

/// `path` with `suffix` behind its name.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Creates a file that is either whole or not there: temporary name, sync, rename, sync of the directory.
fn publish(disk: &Disk, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = with_suffix(path, ".tmp");
    let mut file = disk.create(&temporary)?;
    file.write_all(bytes)?;
    file.sync()?;
    disk.rename(&temporary, path)?;
    disk.sync_dir(path)
}

fn keep_damaged(path: &Path, restored: &Restored) -> io::Result<()> {
    if restored.damaged || restored.rolled_back {
        fs::copy(path, with_suffix(path, ".damaged"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
