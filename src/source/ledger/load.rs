//! Reading a ledger: all that is whole, up to the first damage.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::entry::{Commit, Seen};
use super::frame::{self, Frames, HEADER, Kind};
use super::guard::Note;
use super::known::Known;
use super::{LedgerError, Restored, waste};

/// Where a loaded ledger stands.
pub(super) struct Loaded {
    pub len: u64,
    pub waste: u64,
    pub dead: u64,
    /// The check of its last frame.
    pub check: u64,
}

/// Bytes of a ledger for each file in it, as a rule.
const A_FILE: u64 = 144;

/// Loads what is known; `noted` is how far it is said to have come.
pub(super) fn load(
    file: &File,
    path: &Path,
    noted: Option<Note>,
) -> Result<(Known, Restored, Loaded), LedgerError> {
    let at = |doing| move |source| LedgerError::Io { doing, path: path.to_path_buf(), source };
    let whole = file.metadata().map_err(at("read the ledger"))?.len();
    let mut frames = frames(file, path)?;
    let mut known = Known::default();
    // Tables that grow as they are filled would be filled twice over.
    known.reserve((whole / A_FILE) as usize);
    let mut restored = Restored::default();
    let mut loaded = Loaded { len: whole.min(HEADER), waste: 0, dead: 0, check: 0 };
    let mut as_noted = noted.is_none_or(|n| n.len <= HEADER);
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
                known.forget_all(&commit);
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
        (loaded.len, loaded.check) = (frame.end, frame.check);
        as_noted |= noted == Some(Note { len: frame.end, check: frame.check });
    }
    restored.cut = whole - loaded.len;
    restored.damaged = restored.cut > 0 && frames_follow(file, loaded.len).map_err(at("read the ledger"))?;
    restored.rolled_back = !as_noted;
    Ok((known, restored, loaded))
}

/// The frames of a ledger, its header read and judged.
pub(super) fn frames<'a>(file: &'a File, path: &Path) -> Result<Frames<BufReader<&'a File>>, LedgerError> {
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

/// Whether a whole frame stands somewhere behind the damage at `from`: then it was no torn last write.
fn frames_follow(file: &File, from: u64) -> io::Result<bool> {
    // The damaged frame's own length leads to the next one unless it is what was damaged; one look suffices to
    // choose the words of a warning.
    let mut head = [0; 4];
    if file.read_at(&mut head, from)? < 4 {
        return Ok(false);
    }
    let next = from + 13 + u64::from(u32::from_le_bytes(head));
    Ok(next < file.metadata()?.len())
}
