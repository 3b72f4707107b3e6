//! The ledger: one append-only file that says what was read and how long the outputs are.
//!
//! A frame is written after the outputs it speaks of are on disk; what stands in the ledger therefore stands in the
//! outputs. `docs/durability.md` describes the format and the order of a commit.

mod codec;
mod compact;
mod entry;
mod frame;
mod known;

pub use entry::{Commit, Entry, Fate, Length, Mark, Seen};
pub use known::{Claim, Known};

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use frame::{Frames, HEADER, Kind};

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
    file: File,
    len: u64,
    /// Bytes that a snapshot would leave out, roughly.
    waste: u64,
    dead: u64,
    lengths: Vec<Length>,
    _lock: File,
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
}

/// A ledger is rewritten when it is longer than this and mostly waste (bytes).
const COMPACT_FROM: u64 = 8 << 20;

impl Ledger {
    /// Opens or creates the ledger at `path`, takes its lock, cuts a torn tail and loads what is known.
    pub fn open(path: &Path) -> Result<(Ledger, Known, Restored), LedgerError> {
        let at = |doing| move |source| LedgerError::Io { doing, path: path.to_path_buf(), source };
        let lock = lock(path)?;
        if !path.exists() {
            publish(path, &frame::header()).map_err(at("create the ledger"))?;
        }
        let mut file =
            OpenOptions::new().read(true).append(true).open(path).map_err(at("open the ledger"))?;
        let (known, restored, mut ledger_state) = load(&file, path)?;
        if restored.cut > 0 {
            keep_damaged(path, &restored).map_err(at("keep a copy of the damaged ledger"))?;
            file.set_len(ledger_state.len).map_err(at("cut the torn tail of the ledger"))?;
        }
        if ledger_state.len < HEADER {
            file.write_all(&frame::header()).map_err(at("write the ledger's header"))?;
            ledger_state.len = HEADER;
        }
        file.sync_all().map_err(at("sync the ledger"))?;
        let Loaded { len, waste, dead } = ledger_state;
        let lengths = restored.lengths.clone();
        let ledger = Ledger { path: path.to_path_buf(), file, len, waste, dead, lengths, _lock: lock };
        Ok((ledger, known, restored))
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

    /// Writes that these files are to be read again. Needs a sync.
    pub fn write_forget(&mut self, entries: Vec<Entry>) -> io::Result<()> {
        let commit = Commit { entries, ..Commit::default() };
        self.append(Kind::Forget, &commit.encode())
    }

    fn append(&mut self, kind: Kind, payload: &[u8]) -> io::Result<()> {
        if payload.len() > frame::LONGEST {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a commit of over 256 MiB"));
        }
        let bytes = frame::write(kind, payload, self.len);
        self.file.write_all(&bytes)?;
        self.len += bytes.len() as u64;
        Ok(())
    }

    /// Makes the frames durable.
    pub fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    /// Takes back whatever was written behind `len`, whole or in part.
    pub fn cut_back(&mut self, len: u64) -> io::Result<()> {
        self.file.set_len(len)?;
        self.len = len;
        Ok(())
    }

    /// Rewrites the ledger without its waste when that is worth it. An error means that nobody knows which of the two
    /// files a new start would find: the run must end.
    pub fn compact_if_due(&mut self, known: &Known) -> io::Result<Compacted> {
        if self.len < COMPACT_FROM || self.waste * 2 < self.len {
            return Ok(Compacted::NotDue);
        }
        self.compact(known)
    }

    /// Rewrites the ledger without its waste: temporary file, sync, rename, sync of the directory.
    pub fn compact(&mut self, known: &Known) -> io::Result<Compacted> {
        let temporary = with_suffix(&self.path, ".tmp");
        let written = compact::write(&self.path, &temporary, known, &self.lengths, self.dead)
            .and_then(|written| fs::rename(&temporary, &self.path).map(|()| written));
        // Either way it is not tried again before as much waste has come together.
        self.waste = 0;
        match written {
            Ok((file, len)) => {
                (self.file, self.len) = (file, len);
                sync_dir(&self.path)?;
                Ok(Compacted::Done)
            }
            Err(error) => {
                // The old one is whole and in its place; half a snapshot would only take up room.
                let _ = fs::remove_file(&temporary);
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
    renewed * 140 + (commit.marks.len() + commit.lengths.len()) as u64 * 64
}

/// Walks over all finished files and marks of a ledger, oldest first, without taking its lock.
pub fn read_all(path: &Path, mut each: impl FnMut(Commit)) -> Result<(), LedgerError> {
    let at = |doing| move |source| LedgerError::Io { doing, path: path.to_path_buf(), source };
    let file = File::open(path).map_err(at("open the ledger"))?;
    let mut frames = frames(&file, path)?;
    while let Some(frame) = frames.next().map_err(at("read the ledger"))? {
        if frame.kind == Kind::Commit as u8
            && let Some(commit) = Commit::decode(&frame.payload)
        {
            each(commit);
        }
    }
    Ok(())
}

struct Loaded {
    len: u64,
    waste: u64,
    dead: u64,
}

fn frames<'a>(file: &'a File, path: &Path) -> Result<Frames<BufReader<&'a File>>, LedgerError> {
    let mut reader = BufReader::with_capacity(1 << 20, file);
    let mut header = [0; HEADER as usize];
    match reader.read_exact(&mut header) {
        Ok(()) => {}
        // A crash before the first sync can leave an empty file; anything else is not ours.
        Err(_) if file.metadata().is_ok_and(|m| m.len() == 0) => return Ok(Frames::new(reader)),
        Err(_) => return Err(LedgerError::Foreign { path: path.to_path_buf() }),
    }
    if &header[..8] != frame::MAGIC {
        return Err(LedgerError::Foreign { path: path.to_path_buf() });
    }
    let version = u32::from_le_bytes([header[8], header[9], header[10], header[11]]);
    if version > frame::VERSION {
        return Err(LedgerError::Newer { path: path.to_path_buf(), version });
    }
    Ok(Frames::new(reader))
}

fn load(file: &File, path: &Path) -> Result<(Known, Restored, Loaded), LedgerError> {
    let at = |doing| move |source| LedgerError::Io { doing, path: path.to_path_buf(), source };
    let whole = file.metadata().map_err(at("read the ledger"))?.len();
    let mut frames = frames(file, path)?;
    let mut known = Known::default();
    let mut restored = Restored::default();
    let mut loaded = Loaded { len: whole.min(HEADER), waste: 0, dead: 0 };
    while let Some(frame) = frames.next().map_err(at("read the ledger"))? {
        let understood = match frame.kind {
            k if k == Kind::Commit as u8 => Commit::decode(&frame.payload).map(|commit| {
                known.apply(&commit);
                loaded.waste += waste(&commit);
                loaded.dead = commit.dead;
                // Runs to standard output have no lengths to tell.
                if !commit.lengths.is_empty() {
                    restored.lengths = commit.lengths;
                }
            }),
            k if k == Kind::Forget as u8 => Commit::decode(&frame.payload).map(|commit| {
                commit.entries.iter().for_each(|e| known.forget(e));
            }),
            k if k == Kind::Seen as u8 => {
                loaded.waste += frame.payload.len() as u64;
                Seen::decode(&frame.payload).map(|seen| known.apply_seen(seen))
            }
            k if k >= 0x80 => Some(()),
            _ => None,
        };
        if understood.is_none() {
            break;
        }
        loaded.len = frame.end;
    }
    restored.cut = whole - loaded.len;
    restored.damaged = restored.cut > 0 && frames_follow(file, loaded.len).map_err(at("read the ledger"))?;
    Ok((known, restored, loaded))
}

/// Whether a whole frame stands somewhere behind the damage at `from`: then it was no torn last write.
fn frames_follow(file: &File, from: u64) -> io::Result<bool> {
    use std::os::unix::fs::FileExt;
    // The damaged frame's own length leads to the next one unless it is what was damaged; one look suffices to
    // choose the words of a warning.
    let mut head = [0; 4];
    if file.read_at(&mut head, from)? < 4 {
        return Ok(false);
    }
    let next = from + 13 + u64::from(u32::from_le_bytes(head));
    Ok(next < file.metadata()?.len())
}

fn keep_damaged(path: &Path, restored: &Restored) -> io::Result<()> {
    if restored.damaged {
        fs::copy(path, with_suffix(path, ".damaged"))?;
    }
    Ok(())
}

fn lock(path: &Path) -> Result<File, LedgerError> {
    let name = with_suffix(path, ".lock");
    let at = |source| LedgerError::Io { doing: "open the lock file", path: name.clone(), source };
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&name).map_err(at)?;
    // A process that was just killed may hold it a moment longer.
    let until = Instant::now() + Duration::from_secs(1);
    let mut locked = file.try_lock();
    while matches!(locked, Err(TryLockError::WouldBlock)) && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(10));
        locked = file.try_lock();
    }
    match locked {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(LedgerError::Locked { path: name }),
        Err(TryLockError::Error(source)) => {
            Err(LedgerError::Io { doing: "lock (does its file system know locks?)", path: name, source })
        }
    }
}

/// `path` with `suffix` behind its name.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Creates a file that is either whole or not there: temporary name, sync, rename, sync of the directory.
fn publish(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = with_suffix(path, ".tmp");
    let mut file = File::create(&temporary)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&temporary, path)?;
    sync_dir(path)
}

/// Makes the directory entry of `path` durable.
pub(crate) fn sync_dir(path: &Path) -> io::Result<()> {
    let dir = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(dir)?.sync_all()
}

#[cfg(test)]
mod tests;
