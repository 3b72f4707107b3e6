//! Scanning: setting watches, listing, and deciding what is ready.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tracing::warn;

use super::{Directory, Root, lock};
use crate::source::walk::{self, Walker};
use crate::source::{Spotted, Stamp, Until};

impl Directory {
    /// Scans everything, or one new directory: sets watches, then lists.
    pub(super) async fn scan(&mut self, only: Option<PathBuf>) {
        let whole = only.is_none();
        let (names, roots, known) = (self.names.clone(), self.roots.clone(), self.known.clone());
        let (watch, follow_symlinks) = (self.watch.clone(), self.options.follow_symlinks);
        let scanned = tokio::task::spawn_blocking(move || {
            let walker = Walker { names: &names, follow_symlinks };
            let mut failed = None;
            let mut enter = |path: &Path, meta: &std::fs::Metadata| {
                if let Some(watch) = &watch
                    && let Err(e) = lock(watch).add(path, meta)
                {
                    failed.get_or_insert(e);
                }
            };
            let wanted = |_: &Path, stamp: &Stamp| !lock(&known).has(stamp);
            let mut seen = walk::Seen::default();
            match only {
                Some(dir) => walker.walk(&dir, &mut enter, &wanted, &mut seen),
                None => roots.iter().for_each(|root| visit(root, &walker, &mut enter, &wanted, &mut seen)),
            }
            walk::in_order(&mut seen.files);
            (seen, failed)
        });
        match scanned.await {
            Ok((seen, failed)) => self.scanned(seen, failed, whole),
            Err(e) => warn!(error = %e, "a scan failed; the next one tries again"),
        }
        if whole {
            self.summary().scans += 1;
            let pause = if self.complained.is_empty() {
                self.options.rescan
            } else {
                self.options.rescan.min(Duration::from_secs(1))
            };
            self.next_scan = (self.until == Until::Stopped).then(|| Instant::now() + pause);
        }
    }

    fn scanned(&mut self, seen: walk::Seen, failed: Option<notify::Error>, whole: bool) {
        if let Some(error) = failed
            // A directory that vanished meanwhile is no reason to give up notifications.
            && !matches!(error.kind, notify::ErrorKind::PathNotFound)
        {
            self.poll(&error.to_string());
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
        let now = Instant::now();
        let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_nanos() as i64);
        for file in seen.files {
            let quiet = self.patience(&file.stamp);
            // By the time that nobody can set: archives and copies come with old times of change.
            let age = clock.saturating_sub(file.stamp.ctime);
            if self.until == Until::Scanned
                || age >= quiet.as_nanos() as i64 && !self.settling.has(&file.path)
            {
                self.enqueue(file, false);
            } else {
                self.settling.wait_once(&file.path, file.stamp, quiet, now);
            }
        }
    }
}

/// Visits one root: a tree, or a file that was named outright.
fn visit(
    root: &Root,
    walker: &Walker,
    enter: &mut dyn FnMut(&Path, &std::fs::Metadata),
    wanted: &dyn Fn(&Path, &Stamp) -> bool,
    seen: &mut walk::Seen,
) {
    if root.is_dir {
        return walker.walk(&root.real, enter, wanted, seen);
    }
    match root.real.metadata() {
        Ok(meta) => {
            enter(&root.real, &meta);
            let stamp = Stamp::of(&meta);
            if wanted(&root.real, &stamp) {
                seen.files.push(Spotted { path: root.real.clone().into(), stamp });
            }
        }
        Err(e) => seen.errors.push((root.real.clone(), e)),
    }
}
