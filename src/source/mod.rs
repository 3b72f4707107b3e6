//! Bytes arrive: from directories, followed files and stdin; with the ledger of what was read.
//!
//! A source is a `futures::Stream` of [`Found`]. Nothing is read ahead of being asked for, so a slow output stops it.

pub mod disk;
pub mod ledger;
pub mod name;
pub mod fetch;
pub mod walk;
pub mod backlog;
pub mod watch;
pub mod settle;
pub mod tail;
pub mod stdin;
pub mod directory;

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use xxhash_rust::xxh3::xxh3_64;

use crate::model::{Item, Undecodable};
use ledger::Mark;

pub(crate) use directory::lock;
pub use directory::{Directory, SourceError};

/// What the file system says of a file without its being read: cheap to compare, changed by every write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Stamp {
    /// Device number.
    pub dev: u64,
    /// Inode number.
    pub ino: u64,
    /// Length in bytes.
    pub size: u64,
    /// Last change of the content (nanoseconds since 1970).
    pub mtime: i64,
    /// Last change of content, name, owner or rights (nanoseconds since 1970).
    pub ctime: i64,
}

impl Stamp {
    /// From what `stat` said.
    pub fn of(meta: &Metadata) -> Stamp {
        // Times beyond the year 2262 wrap around: they are compared, never read.
        let nanos = |seconds: i64, rest: i64| seconds.wrapping_mul(1_000_000_000).wrapping_add(rest);
        Stamp {
            dev: meta.dev(),
            ino: meta.ino(),
            size: meta.size(),
            mtime: nanos(meta.mtime(), meta.mtime_nsec()),
            ctime: nanos(meta.ctime(), meta.ctime_nsec()),
        }
    }

    /// Which file it is: device and inode, hashed.
    pub fn file(&self) -> u64 {
        xxh3_64(&[self.dev.to_le_bytes(), self.ino.to_le_bytes()].concat())
    }

    /// In what state it is: size and times, hashed.
    pub fn state(&self) -> u64 {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&self.size.to_le_bytes());
        bytes[8..16].copy_from_slice(&self.mtime.to_le_bytes());
        bytes[16..].copy_from_slice(&self.ctime.to_le_bytes());
        xxh3_64(&bytes)
    }
}

/// How files are looked for and read.
#[derive(Clone, Debug)]
pub struct Options {
    /// A file without a closing event is read once its size and time have stood still for so long.
    pub settle: Duration,
    /// Time between two reconciling scans; also the patience with empty files and open writers.
    pub rescan: Duration,
    /// Whether links to files and directories are followed.
    pub follow_symlinks: bool,
    /// Names or paths to pass over, as globs, besides the built-in ones.
    pub ignore: Vec<String>,
    /// Names of append-only line files, as globs.
    pub follow: Vec<String>,
    /// A larger file is set aside unread (bytes).
    pub max_file: u64,
    /// A longer line of a followed file is set aside (bytes).
    pub max_line: usize,
    /// Whether to use notifications; otherwise files are found by scanning alone.
    pub notify: bool,
    /// Our own files, never to be read: outputs, dead letters, ledger.
    pub own: Vec<PathBuf>,
}

/// Line files, also under the names that rotation gives them (`feed.jsonl.1`, `feed.jsonl-20261125`).
const FOLLOW: [&str; 4] = [
    "*.{jsonl,ndjson}",
    "*.{jsonl,ndjson}.[0-9]",
    "*.{jsonl,ndjson}.[0-9][0-9]",
    "*.{jsonl,ndjson}-[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]",
];

impl Default for Options {
    fn default() -> Self {
        Options {
            settle: Duration::from_millis(500),
            rescan: Duration::from_secs(30),
            follow_symlinks: false,
            ignore: Vec::new(),
            follow: FOLLOW.iter().map(|&glob| glob.into()).collect(),
            max_file: 64 << 20,
            max_line: 8 << 20,
            notify: true,
            own: Vec::new(),
        }
    }
}

/// How long a source goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// One pass over what is there, at once, even if it is still being written.
    Scanned,
    /// Until all that is present has settled and was read.
    Present,
    /// For ever.
    Stopped,
}

/// Something the source came upon.
#[derive(Debug)]
pub enum Found {
    /// A whole document, still to be read, and its path as a person would write it.
    File(Spotted, String),
    /// Lines already read; they are finished together.
    Lines(Lines),
}

impl Found {
    /// Items in it.
    pub fn items(&self) -> usize {
        match self {
            Found::File(..) => 1,
            Found::Lines(lines) => lines.items.len(),
        }
    }

    /// Bytes it takes in memory once read.
    pub fn weight(&self) -> u64 {
        match self {
            Found::File(file, _) => file.stamp.size,
            Found::Lines(lines) => lines.items.iter().map(|i| i.bytes.len() as u64).sum(),
        }
    }
}

/// A file ready to be read.
#[derive(Clone, Debug)]
pub struct Spotted {
    /// Where it is.
    pub path: Arc<Path>,
    /// Its state when found.
    pub stamp: Stamp,
}

/// A run of lines with the mark that holds once they are all finished.
#[derive(Debug)]
pub struct Lines {
    /// The lines, without line ends; empty ones left out.
    pub items: Vec<Item>,
    /// Lines that could not be taken: their place in the file, what is wrong, and the SHA-256 of their bytes (hex).
    pub lost: Vec<LostLine>,
    /// The followed file's mark behind them; `None` for stdin.
    pub mark: Option<Mark>,
    /// What the file was before it started anew, where copies of that may still be met.
    pub past: Option<Mark>,
    /// First byte and one past the last byte they were taken from.
    pub range: (u64, u64),
}

/// A line that was passed over.
#[derive(Clone, Debug)]
pub struct LostLine {
    /// Path as a person would write it.
    pub path: String,
    /// Bytes of the file.
    pub range: std::ops::Range<u64>,
    /// What is wrong.
    pub what: Undecodable,
    /// SHA-256 (hex) of its bytes.
    pub sha256: Option<String>,
}

/// The time now, in the ledger's resolution of a microsecond.
pub fn now() -> DateTime<Utc> {
    let now = Utc::now();
    from_micros(now.timestamp_micros())
}

/// A ledger time as a date.
pub fn from_micros(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}
