//! The flow: what a source finds is read in parallel, written and committed in groups, in order.
//!
//! ```text
//! source -> pieces -> fetch (parallel) -> claim -> read (parallel) -> group -> commit
//!           bounded in bytes              in order                    in order one at a time
//! ```
//! Stopping is the source's ending: what was pulled is finished and written.

mod claim;
mod commit;
mod error;
mod fault;
mod group;
mod stages;

pub use error::FlowError;
pub use fault::{Fault, Step, from_env as fault_from_env};

use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::stream::{self, BoxStream, StreamExt};
use tokio::sync::watch;
use tracing::{info, warn};

use crate::model::{Emit, Item, Outcome, Summary};
use crate::sink::{Files, Places, Room, Sink, Stdout};
use crate::source::disk::Disk;
use crate::source::ledger::{Known, Ledger, Restored};
use crate::source::watch::HintSender;
use crate::source::{self, Directory, Found, Until, lock, stdin};
use commit::Committer;

/// What to read, and to where.
pub struct Job {
    /// Directories and files; `-` is standard input.
    pub paths: Vec<PathBuf>,
    /// How files are looked for.
    pub source: source::Options,
    /// How long to go on.
    pub until: Until,
    /// Where the records go.
    pub output: Output,
    /// The ledger; `None` for a single pass that remembers nothing.
    pub ledger: Option<PathBuf>,
}

/// Where the records go.
pub enum Output {
    /// Files: exactly once with a ledger; without one they are appended to, and what stands there is left alone.
    Files(Places),
    /// Standard output: at least once.
    Stdout(Stdout),
}

/// The default ledger of an output: `<out>.ledger`.
pub fn ledger_of(events: &std::path::Path) -> PathBuf {
    source::ledger::with_suffix(events, ".ledger")
}

/// The pure reading of an item: its records are handed on one by one, what else came of it is given back.
pub type Read = Arc<dyn Fn(&Item, Emit) -> Outcome + Send + Sync>;

/// How to read, and how much at once.
pub struct Flow {
    /// Called from several threads; a panic costs the one item.
    pub read: Read,
    /// Limits and observers.
    pub tuning: Tuning,
}

/// Told the counts.
pub type Progress = Arc<dyn Fn(&Summary) + Send + Sync>;
/// Told a file of records, by the name it will have in the end, and its committed length.
pub type Stands = Arc<dyn Fn(&std::path::Path, u64) + Send + Sync>;
/// Given whole lines.
pub type Tap = Arc<dyn Fn(&[u8]) + Send + Sync>;

/// Limits and observers of a flow.
#[derive(Clone)]
pub struct Tuning {
    /// Readings at a time.
    pub workers: usize,
    /// Bytes of articles in memory at a time.
    pub in_flight: u64,
    /// While more is under way, a commit waits so long for it.
    pub linger: Duration,
    /// A commit is made once so many bytes are waiting to be written. What one piece of work has beyond that waits in
    /// a file without a name beside the output.
    pub commit_bytes: usize,
    /// First pause when the disk is full; doubled up to 32 times as long.
    pub retry: Duration,
    /// Told the counts after every commit.
    pub progress: Option<Progress>,
    /// Told after every commit how far each file of records stands: for those that read the output again.
    pub stands: Option<Stands>,
    /// Given the event lines of every commit, once they are durable.
    pub tap: Option<Tap>,
    /// Given the dead letters of every commit: standard output has no file beside it for them.
    pub lost: Option<Tap>,
    /// Called once ledger and outputs are in the same state, before anything is written.
    pub prepared: Option<Arc<dyn Fn() + Send + Sync>>,
    /// Called once the watches stand, too: what arrives from now on is noticed as it comes.
    pub started: Option<Arc<dyn Fn() + Send + Sync>>,
    /// Called at every step of a commit: for tests.
    pub fault: Option<Fault>,
    /// Where outputs and ledger stand; it counts its syncs.
    pub disk: Disk,
    /// The ledger is rewritten when it is longer than this and mostly waste (bytes).
    pub compact_from: u64,
}

impl Default for Tuning {
    fn default() -> Self {
        Tuning {
            workers: std::thread::available_parallelism().map_or(2, usize::from),
            in_flight: 64 << 20,
            linger: Duration::from_millis(50),
            commit_bytes: 8 << 20,
            retry: Duration::from_secs(1),
            progress: None,
            stands: None,
            tap: None,
            lost: None,
            prepared: None,
            started: None,
            fault: None,
            disk: Disk::default(),
            compact_from: 8 << 20,
        }
    }
}

impl Flow {
    /// A flow with the default limits.
    pub fn reading(read: impl Fn(&Item, Emit) -> Outcome + Send + Sync + 'static) -> Flow {
        Flow { read: Arc::new(read), tuning: Tuning::default() }
    }
}

/// What all rooms of a run share.
#[derive(Clone)]
pub(crate) struct Shared {
    known: Arc<Mutex<Known>>,
    summary: Arc<Mutex<Summary>>,
    ledger: bool,
    until: Until,
    max_file: u64,
    /// Where records wait for their commit.
    room: Room,
}

/// Runs until the source ends, or `stop` resolves, or something cannot be mended. What was pulled is finished first.
pub async fn run(mut job: Job, flow: Flow, stop: impl Future<Output = ()>) -> Result<Summary, FlowError> {
    let summary = Arc::new(Mutex::new(Summary::default()));
    let (stop_now, stopped) = watch::channel(false);
    let stop_now = Arc::new(stop_now);
    let room = Room::new(&beside(&job.output), flow.tuning.commit_bytes);
    let (committer, known) = prepare(&mut job, &flow.tuning, &summary, stop_now.clone())?;
    let known = Arc::new(Mutex::new(known));
    let shared = Shared {
        known,
        summary: summary.clone(),
        ledger: job.ledger.is_some(),
        until: job.until,
        max_file: job.source.max_file,
        room,
    };
    if let Some(prepared) = &flow.tuning.prepared {
        prepared();
    }
    let (found, look_again) = sources(&job, &shared, flow.tuning.started.clone())?;
    let mut ended = stopped;
    let found = found.take_until(async move {
        // An error means that the sender is gone, and with it the run.
        let _ = ended.wait_for(|stop| *stop).await;
    });
    let mut work = pin!(stages::work(found, flow, shared, look_again, committer));
    let mut stop = pin!(stop);
    let mut asked = false;
    let result = loop {
        tokio::select! {
            result = &mut work => break result,
            () = &mut stop, if !asked => {
                asked = true;
                info!("stopping: what was begun is being finished");
                stop_now.send_replace(true);
            }
        }
    };
    result?;
    let summary = lock(&summary).clone();
    Ok(summary)
}

/// The directory of the output: where there is room for it, there is room for what waits to be written.
fn beside(output: &Output) -> PathBuf {
    match output {
        Output::Files(places) => source::name::dir_of(&places.events).to_path_buf(),
        Output::Stdout(_) => std::env::temp_dir(),
    }
}

/// Opens the ledger and the outputs and brings them to the same state.
fn prepare(
    job: &mut Job,
    tuning: &Tuning,
    summary: &Arc<Mutex<Summary>>,
    stop: Arc<watch::Sender<bool>>,
) -> Result<(Committer, Known), FlowError> {
    let opened = job.ledger.as_ref().map(|path| Ledger::open_on(&tuning.disk, path)).transpose()?;
    let (mut ledger, known, restored) = match opened {
        Some((ledger, known, restored)) => (Some(ledger), known, restored),
        None => (None, Known::default(), Restored::default()),
    };
    tell(&restored);
    job.source.own.extend(job.ledger.clone());
    let output = std::mem::replace(&mut job.output, Output::Stdout(Stdout::to(Box::new(std::io::sink()))));
    let sink = match output {
        Output::Stdout(out) => Sink::Stdout(out),
        Output::Files(places) => {
            job.source.own.extend(places.own());
            let mut files = Files::new(&places, &tuning.disk);
            if let (true, Some(ledger)) = (restored.gone, &ledger) {
                refuse_orphans(&mut files, ledger)?;
            }
            let cut = recover(&mut files, &restored)?;
            lock(summary).bytes_cut = cut;
            Sink::Files(Box::new(files))
        }
    };
    if let Some(ledger) = &mut ledger {
        ledger.compact_from(tuning.compact_from);
        ledger.mended();
    }
    let mut at_start = lock(summary);
    (at_start.files_known, at_start.ledger_bytes_cut) = (known.len().0 as u64, restored.cut);
    at_start.rolled_back = restored.rolled_back;
    drop(at_start);
    let mut committer = Committer::new(sink, ledger, tuning.clone(), summary.clone(), stop);
    // Before the first line is written the ledger must know where the outputs begin.
    committer.note_lengths(&restored.lengths)?;
    Ok((committer, known))
}

/// Says what was found wrong with the ledger.
fn tell(restored: &Restored) {
    if restored.cut > 0 {
        warn!(
            bytes = restored.cut,
            damaged = restored.damaged,
            "the ledger's tail was torn: back to its last whole commit"
        );
    }
    if restored.rolled_back && !restored.gone {
        warn!(
            "the ledger is older than it once was: what it forgot is read again, the outputs' ends are kept"
        );
    }
}

/// Without their ledger outputs that hold something are left alone: all would be written to them again.
fn refuse_orphans(files: &mut Files, ledger: &Ledger) -> Result<(), FlowError> {
    let orphan = files.each().find(|(_, out)| out.has_bytes()).map(|(_, out)| out.path().to_path_buf());
    let Some(out) = orphan else { return Ok(()) };
    let ledger = ledger.path().to_path_buf();
    Err(FlowError::LedgerGone { lock: source::ledger::with_suffix(&ledger, ".lock"), ledger, out })
}

/// Cuts the outputs to the lengths the ledger tells; the bytes cut.
fn recover(files: &mut Files, restored: &Restored) -> Result<u64, FlowError> {
    let mut cut = 0;
    let keep = restored.damaged || restored.rolled_back;
    for (lane, out) in files.each() {
        let known = restored.lengths.iter().find(|l| usize::from(l.lane) == lane);
        let done = out.recover(known, keep)?;
        if done.cut > 0 {
            info!(path = ?out.path(), bytes = done.cut, "cut what was not committed; its inputs are read again");
        }
        if done.missing {
            warn!(path = ?out.path(), "the output is gone; a new one begins, what it held is not written again");
        }
        cut += done.cut;
    }
    Ok(cut)
}

/// The streams of all paths, one after the other: standard input first.
fn sources(
    job: &Job,
    shared: &Shared,
    started: Option<Arc<dyn Fn() + Send + Sync>>,
) -> Result<(BoxStream<'static, Found>, Option<HintSender>), FlowError> {
    let start = || started.iter().for_each(|started| started());
    let dash = std::path::Path::new("-");
    let paths: Vec<_> = job.paths.iter().filter(|p| *p != dash).cloned().collect();
    let mut found = stream::empty().boxed();
    if job.paths.iter().any(|p| p == dash) {
        let input = tokio::io::BufReader::with_capacity(1 << 16, tokio::io::stdin());
        found = stdin::stream(input, job.source.max_line, job.source.max_file).boxed();
    }
    if paths.is_empty() {
        start();
        return Ok((found, None));
    }
    let (known, summary) = (shared.known.clone(), shared.summary.clone());
    let mut directory = Directory::open(&paths, job.source.clone(), job.until, known, summary)?;
    match &started {
        Some(started) if job.until == Until::Stopped => directory.tell_when_watching(started.clone()),
        _ => start(),
    }
    let look_again = directory.look_again();
    Ok((found.chain(directory.stream()).boxed(), Some(look_again)))
}
