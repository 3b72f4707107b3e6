//! Scanning: setting watches, listing, and deciding what is ready.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::task::{JoinError, JoinHandle};
use tracing::warn;

use super::{Directory, Root, lock};
use crate::source::backlog::Waiting;
use crate::source::walk::{self, Look, Walker};
use crate::source::{Spotted, Stamp, Until};

/// A scan under way: of everything, or of one new directory.
pub(super) struct Scanning {
    whole: bool,
    task: JoinHandle<(walk::Seen, Option<notify::Error>)>,
}

impl Scanning {
    /// Whether it has ended.
    pub(super) fn is_over(&self) -> bool {
        self.task.is_finished()
    }
}

impl Directory {
    /// Begins to scan everything, or one new directory: sets watches, then lists. Meanwhile notifications are heeded.
    pub(super) fn begin_scan(&mut self, only: Option<PathBuf>) {
        let whole = only.is_none();
        let (names, roots, known) = (self.names.clone(), self.roots.clone(), self.known.clone());
        let (watch, follow_symlinks) = (self.watch.clone(), self.options.follow_symlinks);
        let watching = if whole { self.watching.take() } else { None };
        let task = tokio::task::spawn_blocking(move || {
            let walker = Walker { names: &names, follow_symlinks };
            let mut failed = None;
            let mut enter = |path: &Path, meta: &std::fs::Metadata| {
                if let Some(watch) = &watch
                    && let Err(e) = lock(watch).add(path, meta)
                {
                    failed.get_or_insert(e);
                }
            };
            if let Some(watching) = watching {
                // All watches first: who is told that it watches may rely on it.
                roots.iter().filter(|r| r.is_dir).for_each(|r| walker.directories(&r.real, &mut enter));
                watching();
            }
            let wanted = |stamp: &Stamp| !lock(&known).has(stamp);
            let mut seen = walk::Seen::default();
            match only {
                Some(dir) => walker.walk(&dir, &mut enter, &wanted, &mut seen),
                None => roots.iter().for_each(|root| visit(root, &walker, &mut enter, &wanted, &mut seen)),
            }
            seen.files.sort();
            (seen, failed)
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
            Ok((seen, failed)) => {
                more = seen.more;
                self.take_in(seen, failed, ended.whole);
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
    result: Result<(walk::Seen, Option<notify::Error>), JoinError>,
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
