//! Why a run ended before its source did.

use std::io;
use std::path::PathBuf;

use crate::sink::OutError;
use crate::source::SourceError;
use crate::source::ledger::LedgerError;

/// An error that ends a run. Its text says what, where and why, and where something can be done, a hint.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    /// The source cannot start.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The ledger cannot be used.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// An output is shorter than what was committed to it.
    #[error(
        "{path}: {why}\n  hint: put the file back; or move it away with its ledger to read everything anew"
    )]
    Short {
        /// The output.
        path: PathBuf,
        /// Both lengths.
        why: String,
    },
    /// The ledger of an output is gone: everything would be read and written again.
    #[error(
        "{ledger}: the ledger is gone, but {out} holds what was written with it\n  going on would write every record again\n  hint: put the ledger back; or move the output away; or remove {lock} to write everything again behind it"
    )]
    LedgerGone {
        /// The ledger.
        ledger: PathBuf,
        /// Its lock file, which remembers it.
        lock: PathBuf,
        /// The output.
        out: PathBuf,
    },
    /// An output cannot be written.
    #[error(
        "{}: cannot {}: {}\n  nothing is lost: what was not committed is read again by the next run\n  hint: see that its disk is sound and may be written to, then start again",
        .0.path.display(), .0.doing, .0.source
    )]
    Output(OutError),
    /// Making data durable failed. The system may have dropped it already: only a new start knows what stands.
    #[error(
        "{path}: sync failed: {source}\n  stopped at once: what was not committed is read again by the next run\n  hint: check the disk before starting again"
    )]
    Sync {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The run was asked to stop while the disk was full.
    #[error(
        "{path}: no space left; stopped while waiting for room\n  nothing is lost: what was not committed is read again by the next run"
    )]
    DiskFull {
        /// The file.
        path: PathBuf,
    },
    /// One of our own tasks died.
    #[error(
        "a task of the flow died: {0}\n  this is a bug; what was not committed is read again by the next run"
    )]
    Task(String),
}

impl FlowError {
    /// Whether the output or the ledger could not be written (exit code 5).
    pub fn is_output(&self) -> bool {
        !matches!(self, FlowError::Source(_) | FlowError::Task(_))
    }
}

impl From<OutError> for FlowError {
    fn from(error: OutError) -> Self {
        match error.source.kind() {
            io::ErrorKind::UnexpectedEof => {
                FlowError::Short { why: error.source.to_string(), path: error.path }
            }
            // Of the file or of its directory.
            _ if error.doing.starts_with("sync") => {
                FlowError::Sync { path: error.path, source: error.source }
            }
            _ => FlowError::Output(error),
        }
    }
}
