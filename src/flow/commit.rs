//! The commit: outputs written, outputs on disk, ledger written, ledger on disk; in this order, or not at all.

use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;
use tracing::{debug, info, warn};

use super::fault::Step;
use super::group::Group;
use super::{FlowError, Tuning};
use crate::model::Summary;
use crate::sink::{ARTICLES, DEAD, EVENTS, Files, OutError, Sink};
use crate::source::ledger::{Commit, Compacted, Known, Ledger, Length};
use crate::source::lock;

/// Holds the outputs and the ledger, and makes commits.
pub(crate) struct Committer {
    sink: Sink,
    ledger: Option<Ledger>,
    tuning: Tuning,
    summary: Arc<Mutex<Summary>>,
    stop: Arc<watch::Sender<bool>>,
    /// The reader of stdout went away: nothing is written or committed any more.
    gone: bool,
}

/// A try that failed.
enum Failed {
    /// The disk is full: take back and try again.
    Full(PathBuf),
    /// Nothing to be done.
    For(FlowError),
}

impl Committer {
    pub fn new(
        sink: Sink,
        ledger: Option<Ledger>,
        tuning: Tuning,
        summary: Arc<Mutex<Summary>>,
        stop: Arc<watch::Sender<bool>>,
    ) -> Committer {
        Committer { sink, ledger, tuning, summary, stop, gone: false }
    }

    /// Commits the outputs' lengths unless they are `known` already.
    pub fn note_lengths(&mut self, known: &[Length]) -> Result<(), FlowError> {
        let (Some(ledger), Sink::Files(files)) = (&mut self.ledger, &mut self.sink) else { return Ok(()) };
        let lengths = lengths(files);
        if lengths == known {
            return Ok(());
        }
        let path = ledger.path().to_path_buf();
        let commit = Commit { lengths, dead: ledger.dead(), ..Commit::default() };
        let written = ledger.write_commit(&commit);
        written.map_err(|source| OutError { doing: "write", path: path.clone(), source })?;
        Ok(ledger.sync().map_err(|source| OutError { doing: "sync", path, source })?)
    }

    /// Makes a group durable. Waits while the disk is full; any other failure ends the run.
    pub fn commit(&mut self, mut group: Group, known: &Mutex<Known>) -> Result<(), FlowError> {
        if self.gone || group.is_empty() {
            return Ok(());
        }
        group.thin_marks();
        let begin = self.ledger.as_ref().map(Ledger::len);
        let mut pause = self.tuning.retry;
        let mut waited = false;
        loop {
            match self.attempt(&mut group) {
                Ok(()) => break,
                Err(Failed::For(error)) => return Err(error),
                Err(Failed::Full(path)) => {
                    self.take_back(begin)?;
                    if !std::mem::replace(&mut waited, true) {
                        self.waits(true);
                        warn!(?path, "the disk is full: waiting for room; nothing is lost");
                    }
                    self.wait(pause, path)?;
                    pause = (pause * 2).min(self.tuning.retry * 32);
                }
            }
        }
        if self.gone {
            return Ok(());
        }
        if waited {
            self.waits(false);
            warn!("there is room again: going on");
        }
        self.stands(group, known)
    }

    /// Notes that the run waits for room, or no longer does, and tells it.
    fn waits(&self, waits: bool) {
        let mut summary = lock(&self.summary);
        summary.disk_full += u64::from(waits);
        summary.waits_for_room = waits;
        let snapshot = summary.clone();
        drop(summary);
        if let Some(progress) = &self.tuning.progress {
            progress(&snapshot);
        }
    }

    /// Waits for room, unless the run is to end.
    fn wait(&self, pause: Duration, path: PathBuf) -> Result<(), FlowError> {
        let until = std::time::Instant::now() + pause;
        loop {
            if *self.stop.borrow() {
                return Err(FlowError::DiskFull { path });
            }
            let left = until.saturating_duration_since(std::time::Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            std::thread::sleep(left.min(Duration::from_millis(50)));
        }
    }

    fn at(&self, step: Step) -> io::Result<()> {
        self.tuning.fault.as_ref().map_or(Ok(()), |fault| fault(step))
    }

    fn attempt(&mut self, group: &mut Group) -> Result<(), Failed> {
        let ledger_path = self.ledger.as_ref().map(|l| l.path().to_path_buf()).unwrap_or_default();
        let in_ledger = |doing: &'static str| {
            let path = ledger_path.clone();
            move |source| Failed::from(OutError { doing, path, source })
        };
        self.at(Step::Begin).map_err(in_ledger("write"))?;
        if let Some(ledger) = &mut self.ledger
            && !group.seen.is_empty()
        {
            ledger.write_seen(&group.seen).map_err(in_ledger("write"))?;
        }
        self.at(Step::Seen).map_err(in_ledger("write"))?;
        self.write(group)?;
        if self.gone {
            return Ok(());
        }
        self.at(Step::Written).map_err(in_ledger("write"))?;
        if let Sink::Files(files) = &mut self.sink {
            files.sync()?;
            group.commit.lengths = lengths(files);
        }
        self.at(Step::Synced).map_err(in_ledger("sync"))?;
        if let Some(ledger) = &mut self.ledger {
            group.commit.dead = ledger.dead() + group.counts.dead.len() as u64;
            ledger.write_commit(&group.commit).map_err(in_ledger("write"))?;
        }
        self.at(Step::Logged).map_err(in_ledger("sync"))?;
        if let Some(ledger) = &mut self.ledger {
            ledger.sync().map_err(in_ledger("sync"))?;
        }
        self.at(Step::Committed).map_err(in_ledger("sync"))
    }

    fn write(&mut self, group: &Group) -> Result<(), Failed> {
        let fault = self.tuning.fault.clone();
        match &mut self.sink {
            Sink::Files(files) => {
                for lane in [EVENTS, ARTICLES, DEAD] {
                    let lines = &group.bytes[lane];
                    let half = fault.as_ref().map_or(0, |_| lines.len() / 2);
                    lines.each(0..half, &mut |bytes| files.write(lane, bytes))?;
                    if let Some(fault) = &fault {
                        fault(Step::Half).map_err(|source| {
                            let path = files.path(lane);
                            OutError { doing: "write", path, source }
                        })?;
                    }
                    lines.each(half..lines.len(), &mut |bytes| files.write(lane, bytes))?;
                }
            }
            Sink::Stdout(out) => {
                let failed = |source| OutError { doing: "write", path: "standard output".into(), source };
                for lane in [EVENTS, ARTICLES] {
                    let lines = &group.bytes[lane];
                    lines.each(0..lines.len(), &mut |bytes| out.write(bytes).map_err(failed))?;
                }
                if out.is_closed() {
                    self.gone = true;
                    lock(&self.summary).reader_gone = true;
                    self.stop.send_replace(true);
                }
            }
        }
        Ok(())
    }

    /// Takes back all that a failed try wrote.
    fn take_back(&mut self, ledger_len: Option<u64>) -> Result<(), FlowError> {
        if let Sink::Files(files) = &mut self.sink {
            files.cut_back()?;
        }
        if let (Some(ledger), Some(len)) = (&mut self.ledger, ledger_len) {
            let path = ledger.path().to_path_buf();
            ledger.cut_back(len).map_err(|source| OutError { doing: "cut", path, source })?;
        }
        Ok(())
    }

    /// The commit stands: counts, rotation, snapshot, observers.
    fn stands(&mut self, group: Group, known: &Mutex<Known>) -> Result<(), FlowError> {
        lock(known).committed(&group.commit);
        if let Sink::Files(files) = &mut self.sink {
            let today = chrono::Utc::now().date_naive();
            for (lane, out) in files.each() {
                if let (Some(stands), true) = (&self.tuning.stands, lane != DEAD) {
                    stands(out.path(), out.len());
                }
                if out.committed(today)? {
                    info!(path = ?out.path(), "a segment is finished");
                }
            }
        }
        let step = |source| OutError { doing: "rename", path: PathBuf::new(), source };
        self.at(Step::Rotated).map_err(step)?;
        if let Some(ledger) = &mut self.ledger {
            let path = ledger.path().to_path_buf();
            let compacted = ledger.compact_if_due(&lock(known));
            match compacted.map_err(|source| OutError { doing: "sync", path: path.clone(), source })? {
                Compacted::NotDue => {}
                Compacted::Done => {
                    info!(?path, bytes = ledger.len(), "the ledger was rewritten without its waste")
                }
                Compacted::Failed(e) => {
                    warn!(?path, error = %e, "the ledger could not be rewritten; the long one goes on")
                }
            }
        }
        let mut summary = lock(&self.summary);
        group.count(&mut summary);
        summary.commits += 1;
        let (syncs, spent) = self.tuning.disk.syncs();
        (summary.syncs, summary.sync_micros) = (syncs, spent.as_micros() as u64);
        let snapshot = summary.clone();
        drop(summary);
        debug!(entries = group.commit.entries.len(), bytes = group.weight(), "committed");
        for (tap, lane) in [(&self.tuning.tap, EVENTS), (&self.tuning.lost, DEAD)] {
            let Some(tap) = tap else { continue };
            let lines = &group.bytes[lane];
            lines.each(0..lines.len(), &mut |bytes| {
                tap(bytes);
                Ok::<_, OutError>(())
            })?;
        }
        if let Some(progress) = &self.tuning.progress {
            progress(&snapshot);
        }
        Ok(())
    }
}

fn lengths(files: &mut Files) -> Vec<Length> {
    let length = |(lane, out): (usize, &mut crate::sink::FileOut)| Length {
        lane: lane as u8,
        segment: out.segment(),
        name: out.path().file_name().unwrap_or_default().as_bytes().to_vec(),
        len: out.len(),
        before: out.before(),
    };
    files.each().map(length).collect()
}

impl From<OutError> for Failed {
    fn from(error: OutError) -> Self {
        let full = matches!(
            error.source.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
        );
        // A sync that fails for lack of room may have lost what was written: that is not to be retried.
        if full && matches!(error.doing, "write" | "open") {
            Failed::Full(error.path)
        } else {
            Failed::For(error.into())
        }
    }
}
