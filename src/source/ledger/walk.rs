//! Looking through a ledger without its lock: for the commands that tell what it says.

use std::fs::File;
use std::path::Path;

use super::entry::{Commit, Seen};
use super::frame::Kind;
use super::load::frames;
use super::{LedgerError, frame};

/// What a frame tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// A group of files, marks and output lengths.
    Commit(Commit),
    /// Files, and followed files, to be read again.
    Forget(Commit),
    /// Times of first sight.
    Seen(Seen),
    /// A later version's; its kind.
    Other(u8),
}

/// What a walk came upon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// Version of the format that this program writes.
    pub version: u32,
    /// Whole frames.
    pub frames: u64,
    /// Bytes up to the end of the last whole frame.
    pub whole: u64,
    /// Bytes behind it: a frame being written, a torn one, or damage.
    pub rest: u64,
}

/// Walks over all whole frames of a ledger, oldest first, without taking its lock.
pub fn walk(path: &Path, mut each: impl FnMut(Told)) -> Result<Survey, LedgerError> {
    let at = |doing| move |source| LedgerError::Io { doing, path: path.to_path_buf(), source };
    let file = File::open(path).map_err(at("open the ledger"))?;
    let mut frames = frames(&file, path)?;
    let mut survey = Survey { version: frame::VERSION, whole: frame::HEADER, ..Survey::default() };
    while let Some(frame) = frames.next().map_err(at("read the ledger"))? {
        let told = match frame.kind {
            k if k == Kind::Commit as u8 => Commit::decode(&frame.payload).map(Told::Commit),
            k if k == Kind::Forget as u8 => Commit::decode(&frame.payload).map(Told::Forget),
            k if k == Kind::Seen as u8 => Seen::decode(&frame.payload).map(Told::Seen),
            k if k >= 0x80 => Some(Told::Other(k)),
            _ => None,
        };
        let Some(told) = told else { break };
        each(told);
        (survey.frames, survey.whole) = (survey.frames + 1, frame.end);
    }
    let len = file.metadata().map_err(at("read the ledger"))?.len();
    survey.rest = len.saturating_sub(survey.whole);
    Ok(survey)
}
