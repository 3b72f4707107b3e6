//! What all answers are made from.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};
use std::sync::{Arc, Mutex, MutexGuard, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use bytes::Bytes;
use tokio::sync::{Semaphore, broadcast};

use super::lag::Lag;
use crate::feed::Lines;
use crate::index::Index;
use crate::model::Summary;
use crate::pipeline::Reader;

/// Limits on what clients may ask for.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at a time.
    pub connections: usize,
    /// Live streams at a time.
    pub streams: usize,
    /// Questions worked on at a time.
    pub questions: usize,
    /// A client that takes nothing for so long is dropped.
    pub stall: Duration,
    /// Time for a request's head to arrive.
    pub head: Duration,
    /// Batches of live events kept for a client that is slow.
    pub backlog: usize,
    /// Time between heartbeats of a stream.
    pub heartbeat: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            connections: 1500,
            streams: 1000,
            questions: 8,
            stall: Duration::from_secs(30),
            head: Duration::from_secs(10),
            backlog: 256,
            heartbeat: Duration::from_secs(15),
        }
    }
}

/// Live events that were committed together, already in the form they are sent in.
#[derive(Debug)]
pub struct Batch {
    /// Number of each row with its frame's range in `frames`.
    pub rows: Vec<(u32, std::ops::Range<usize>)>,
    /// All frames, one after the other.
    pub frames: Bytes,
    /// The table was made anew: numbers of rows that were told before mean nothing any more.
    pub anew: bool,
}

/// Gives the reader that is in force: a lexicon can be exchanged while the server runs.
pub type Readers = Arc<dyn Fn() -> Arc<Reader> + Send + Sync>;

/// Where article texts may be read again, for evidence.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    /// Directories whose files may be read.
    pub roots: Vec<PathBuf>,
    /// Whether the built-in samples may.
    pub samples: bool,
}

/// Shared by all requests.
pub struct State {
    /// The table.
    index: RwLock<Index>,
    /// To read lines again.
    pub lines: Lines,
    /// Live events.
    pub live: broadcast::Sender<Arc<Batch>>,
    /// What the flow counts, where one runs.
    pub summary: Mutex<Option<Summary>>,
    /// Gives what reads articles again to explain them.
    readers: Option<Readers>,
    /// Where articles may be read from.
    pub texts: Texts,
    /// Where reports of wrong events are written.
    pub reports: Option<PathBuf>,
    /// Limits.
    pub limits: Limits,
    /// Questions under way.
    pub questions: Arc<Semaphore>,
    /// From seen to served.
    pub lag: Mutex<Lag>,
    /// Events of the last minute: when, how many.
    pub recent: Mutex<VecDeque<(Instant, u64)>>,
    /// Whether all that stood at the start is in the table.
    pub ready: AtomicBool,
    /// Lines that are no records.
    pub bad_lines: AtomicU64,
    /// Bytes of output not in the table yet.
    pub behind: AtomicU64,
    /// Live streams.
    pub streams: AtomicUsize,
    /// Events that slow clients missed.
    pub missed: AtomicU64,
    /// Clients dropped because they took nothing.
    pub stalled: Arc<AtomicU64>,
    /// Answers by class of status.
    pub answers: [AtomicU64; 5],
    /// Start.
    pub since: Instant,
}

impl State {
    /// An empty state.
    pub fn new(
        lines: Lines,
        readers: Option<Readers>,
        texts: Texts,
        reports: Option<PathBuf>,
        limits: Limits,
    ) -> State {
        State {
            index: RwLock::new(Index::default()),
            lines,
            live: broadcast::channel(limits.backlog).0,
            summary: Mutex::new(None),
            readers,
            texts,
            reports,
            limits,
            questions: Arc::new(Semaphore::new(limits.questions)),
            lag: Mutex::new(Lag::default()),
            recent: Mutex::default(),
            ready: AtomicBool::new(false),
            bad_lines: AtomicU64::new(0),
            behind: AtomicU64::new(0),
            streams: AtomicUsize::new(0),
            missed: AtomicU64::new(0),
            stalled: Arc::default(),
            answers: Default::default(),
            since: Instant::now(),
        }
    }

    /// The reader in force, where articles may be read.
    pub fn reader(&self) -> Option<Arc<Reader>> {
        self.readers.as_ref().map(|now| now())
    }

    /// The table, for reading.
    pub fn index(&self) -> RwLockReadGuard<'_, Index> {
        self.index.read().unwrap_or_else(|e| e.into_inner())
    }

    /// The table, for writing.
    pub(super) fn index_mut(&self) -> RwLockWriteGuard<'_, Index> {
        self.index.write().unwrap_or_else(|e| e.into_inner())
    }

    /// Events of the last minute.
    pub fn per_minute(&self) -> u64 {
        let mut recent = held(&self.recent);
        while recent.front().is_some_and(|(at, _)| at.elapsed() > Duration::from_secs(60)) {
            recent.pop_front();
        }
        recent.iter().map(|(_, n)| n).sum()
    }

    /// A record's line.
    pub fn record(&self, spot: crate::index::Spot) -> std::io::Result<Bytes> {
        self.lines.read(spot.file, spot.at, spot.len).map(Bytes::from)
    }
}

/// The lock, whatever became of its last holder.
pub(super) fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(|e| e.into_inner())
}
