//! Scanning: setting watches, listing, and deciding what is ready.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::task::{JoinError, JoinHandle};
use tracing::warn;

use super::{Directory, Root, lock};
use crate::source::backlog::{Backlog, Waiting};
use crate::source::ledger::Known;
use crate::source::walk::{self, Look, Walker};
use crate::source::{Spotted, Stamp, Until};

/// Files of names never met that are handed on ahead of all others, at most: beyond that many there is no hurry for
/// any one of them.
const AHEAD: usize = 100_000;

/// What a scan looks at.
enum Part {
    /// Every directory, to be watched, and names never met.
    Names,
    /// Everything.
    Whole,
    /// One new directory.
    New(PathBuf),
}

/// A scan under way.
pub(super) struct Scanning {
    whole: bool,
    task: JoinHandle<Found>,
}

/// What came of a scan.
struct Found {
    seen: walk::Seen,
    /// A watch that could not be set.
    failed: Option<notify::Error>,
    /// Files found by their names alone, as hashes of their states: the scan of everything follows at once.
    ahead: Option<HashSet<u64>>,
}

impl Scanning {
    /// Whether it has ended.
    pub(super) fn is_over(&self) -> bool {
        self.task.is_finished()
    }
}

impl Directory {
    /// Begins to scan everything, or one new directory: sets watches, then lists. Meanwhile notifications are heeded.
    /// The first time new names come before the known ones are looked at: among a million a new file need not wait.
    pub(super) fn begin_scan(&mut self, only: Option<PathBuf>) {
        let first = only.is_none() && !std::mem::replace(&mut self.surveyed, true);
        let all = if first { Part::Names } else { Part::Whole };
        self.begin_part(only.map_or(all, Part::New), HashSet::new());
    }

    /// `before` holds what was found ahead of this scan.
    fn begin_part(&mut self, part: Part, before: HashSet<u64>) {
        let whole = matches!(part, Part::Whole);
        let (names, roots, known) = (self.names.clone(), self.roots.clone(), self.known.clone());
        let (watch, follow_symlinks) = (self.watch.clone(), self.options.follow_symlinks);
        let watching = if let Part::Names = part { self.watching.take() } else { None };
        let task = tokio::task::spawn_blocking(move || {
            let walker = Walker { names: &names, follow_symlinks };
            let mut found = Found { seen: walk::Seen::default(), failed: None, ahead: None };
            let mut enter = |path: &Path, meta: &std::fs::Metadata| {
                if let Some(watch) = &watch
                    && let Err(e) = lock(watch).add(path, meta)
                {
                    found.failed.get_or_insert(e);
                }
            };
            let seen = &mut found.seen;
            let wanted = |stamp: &Stamp| !before.contains(&id(stamp)) && !lock(&known).has(stamp);
            match part {
                Part::Names => {
                    // All watches first: who is told that it watches may rely on it.
                    found.ahead = Some(survey(&roots, &walker, &known, &mut enter, &mut seen.files));
                    watching.iter().for_each(|watching| watching());
                }
                Part::Whole => roots.iter().for_each(|root| visit(root, &walker, &mut enter, &wanted, seen)),
                Part::New(dir) => walker.walk(&dir, &mut enter, &wanted, seen),
            }
            found.seen.files.sort();
            found
        });
        if whole {
            self.next_scan = None;
        }
        self.scanning = Some(Scanning { whole, task });
    }

    /// Waits until the scan under way has ended.
    pub(super) async fn scan_ended(scanning: &mut Option<Scanning>) -> Ended {
        match scanning {
            Some(scan) => {
                let result = (&mut scan.task).await;
                let whole = scan.whole;
                *scanning = None;
                Ended { whole, result }
            }
            None => std::future::pending().await,
        }
    }

    /// Takes in what a scan found.
    pub(super) fn scanned(&mut self, ended: Ended) {
        let mut more = false;
        match ended.result {
            Ok(Found { seen, failed, ahead }) => {
                more = seen.more;
                self.take_in(seen, failed, ended.whole);
                if let Some(ahead) = ahead {
                    return self.begin_part(Part::Whole, ahead);
                }
            }
            Err(e) => warn!(error = %e, "a scan failed; the next one tries again"),
        }
        if ended.whole {
            self.summary().scans += 1;
            let pause = if self.complained.is_empty() {
                self.options.rescan
            } else {
                self.options.rescan.min(Duration::from_secs(1))
            };
            let again = self.until == Until::Stopped || more;
            // A loss of notifications may have asked for another one meanwhile.
            let soonest = self.next_scan.take();
            self.next_scan = again.then(|| soonest.unwrap_or_else(|| Instant::now() + pause));
        }
    }

    fn take_in(&mut self, seen: walk::Seen, failed: Option<notify::Error>, whole: bool) {
        if let Some(error) = failed
            // A directory that vanished meanwhile is no reason to give up notifications.
            && !matches!(error.kind, notify::ErrorKind::PathNotFound)
        {
            self.poll(&error.to_string());
        }
        if whole {
            // Of what was passed over and is gone no memory is kept.
            let present: HashSet<u64> = seen.skipped.iter().map(|(path, _)| super::hash(path)).collect();
            self.skipped.retain(|hash| present.contains(hash));
        }
        for (path, reason) in seen.skipped {
            self.skip(&path, reason);
        }
        if whole && seen.errors.is_empty() {
            self.complained.clear();
        }
        for (path, error) in seen.errors {
            if self.complained.insert(path.clone()) {
                warn!(?path, %error, "cannot be listed; what it held is not taken for deleted");
                *self.summary().skipped.entry("unlistable").or_default() += 1;
            }
        }
        self.backlog.push(seen.files);
    }

    /// Takes the next file of the backlog: it is ready, or has to settle.
    pub(super) fn take_backlog(&mut self, waiting: Waiting) {
        let Look::File(stamp) = self.look(&waiting.path) else { return };
        if lock(&self.known).has(&stamp) {
            return;
        }
        let quiet = self.patience(&stamp);
        // By the time that nobody can set: archives and copies come with old times of change.
        let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as i64);
        let age = clock.saturating_sub(stamp.ctime);
        let stood = age >= quiet.as_nanos() as i64 && !self.settling.has(&waiting.path);
        if self.until == Until::Scanned || stood {
            self.enqueue(Spotted { path: waiting.path.into(), stamp }, false);
        } else {
            self.settling.wait_once(&waiting.path, stamp, quiet, Instant::now());
        }
    }
}

/// A scan that has ended.
pub(super) struct Ended {
    whole: bool,
    result: Result<Found, JoinError>,
}

/// A file in a state, in little memory.
fn id(stamp: &Stamp) -> u64 {
    stamp.file() ^ stamp.state().rotate_left(1)
}

/// Enters every directory, and finds the files whose names nobody has met; where nothing is known there is nothing to
/// prefer.
fn survey(
    roots: &[Root],
    walker: &Walker,
    known: &Mutex<Known>,
    enter: &mut dyn FnMut(&Path, &std::fs::Metadata),
    files: &mut Backlog,
) -> HashSet<u64> {
    let (mut ahead, prefer) = (HashSet::new(), !lock(known).is_empty());
    for root in roots.iter().filter(|r| r.is_dir) {
        let room = std::cell::Cell::new(AHEAD - ahead.len());
        let mut unknown = |path: &[u8]| prefer && room.get() > 0 && !lock(known).has_path(path);
        walker.survey(&root.real, enter, &mut unknown, &mut |path, stamp| {
            if !lock(known).has(stamp) && ahead.insert(id(stamp)) {
                room.set(room.get() - 1);
                files.push(path, stamp);
            }
        });
    }
    ahead
}

/// Visits one root: a tree, or a file that was named outright.
fn visit(
    root: &Root,
    walker: &Walker,
    enter: &mut dyn FnMut(&Path, &std::fs::Metadata),
    wanted: &dyn Fn(&Stamp) -> bool,
    seen: &mut walk::Seen,
) {
    if root.is_dir {
        return walker.walk(&root.real, enter, wanted, seen);
    }
    match root.real.metadata() {
        Ok(meta) => {
            enter(&root.real, &meta);
            let stamp = Stamp::of(&meta);
            if wanted(&stamp) {
                seen.files.push(&root.real, &stamp);
            }
        }
        Err(e) => seen.errors.push((root.real.clone(), e)),
    }
}
