//! The lock beside a ledger, and in it a note of how far the ledger had come.
//!
//! The note is written after each sync of the ledger and never synced itself: whatever it says, the ledger had at
//! least that. A ledger that has less was put back from an older copy, or lost what it had promised to keep.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, Instant};

use xxhash_rust::xxh3::xxh3_64;

use super::{LedgerError, with_suffix};

/// Where a ledger's last durable frame ends, and that frame's check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Note {
    pub len: u64,
    pub check: u64,
}

/// The lock; held until dropped.
pub(super) struct Guard {
    file: File,
}

impl Guard {
    /// Takes the lock of the ledger at `path`.
    pub fn take(path: &Path) -> Result<Guard, LedgerError> {
        let name = with_suffix(path, ".lock");
        let at = |source| LedgerError::Io { doing: "open the lock file", path: name.clone(), source };
        let file =
            OpenOptions::new().create(true).truncate(false).read(true).write(true).open(&name).map_err(at)?;
        // A process that was just killed may hold it a moment longer.
        let until = Instant::now() + Duration::from_secs(1);
        let mut locked = file.try_lock();
        while matches!(locked, Err(TryLockError::WouldBlock)) && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(10));
            locked = file.try_lock();
        }
        match locked {
            Ok(()) => Ok(Guard { file }),
            Err(TryLockError::WouldBlock) => Err(LedgerError::Locked { path: name }),
            Err(TryLockError::Error(source)) => {
                Err(LedgerError::Io { doing: "lock (does its file system know locks?)", path: name, source })
            }
        }
    }

    /// Whether an instance holds the lock of the ledger at `path` now.
    pub fn is_held(path: &Path) -> bool {
        File::open(with_suffix(path, ".lock"))
            .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }

    /// What was noted; `None` when nothing was, or not to its end.
    pub fn noted(&self) -> Option<Note> {
        let mut bytes = [0; 24];
        self.file.read_exact_at(&mut bytes, 0).ok()?;
        let word = |i: usize| u64::from_le_bytes(bytes[i * 8..][..8].try_into().unwrap_or_default());
        let note = Note { len: word(0), check: word(1) };
        (note.len > 0 && word(2) == xxh3_64(&bytes[..16])).then_some(note)
    }

    /// Notes a state. It is a help, not a promise: what goes wrong here (a full disk) is left so.
    pub fn note(&self, note: Option<Note>) {
        let mut bytes = [0; 24];
        if let Some(note) = note {
            bytes[..8].copy_from_slice(&note.len.to_le_bytes());
            bytes[8..16].copy_from_slice(&note.check.to_le_bytes());
            let check = xxh3_64(&bytes[..16]);
            bytes[16..].copy_from_slice(&check.to_le_bytes());
        }
        let written: io::Result<()> = self.file.write_all_at(&bytes, 0);
        drop(written);
    }
}
