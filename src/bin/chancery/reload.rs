//! The reader that a run reads with, exchanged while it runs: on SIGHUP, and when files of the lexicon change.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chancery::pipeline::Reader;
use notify::{RecursiveMode, Watcher};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;
use tracing::{error, warn};

use crate::cli::Common;
use crate::{setup, summary};

/// Files are written in several steps: what changes is looked at once nothing has changed for so long.
const QUIET: Duration = Duration::from_millis(300);

/// Holds the reader of now. Each item is read with one reader from its first byte to its last.
pub struct Shelf {
    reader: RwLock<Arc<Reader>>,
    taken: AtomicU64,
    refused: AtomicU64,
}

impl Shelf {
    /// A shelf with the reader to begin with.
    pub fn new(reader: Reader) -> Arc<Shelf> {
        let reader = RwLock::new(Arc::new(reader));
        Arc::new(Shelf { reader, taken: AtomicU64::new(0), refused: AtomicU64::new(0) })
    }

    /// The reader of now.
    pub fn reader(&self) -> Arc<Reader> {
        self.reader.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What happened since the last call, by name.
    pub fn facts(&self) -> Vec<(&'static str, u64)> {
        let counts = [("lexicon_reloaded", &self.taken), ("lexicon_refused", &self.refused)];
        counts
            .into_iter()
            .map(|(name, n)| (name, n.swap(0, Ordering::Relaxed)))
            .filter(|(_, n)| *n > 0)
            .collect()
    }

    /// Reads settings and lexicon anew; the old ones stay when the new ones are at fault.
    fn exchange(&self, common: &Common) {
        let fresh = setup::config(common).and_then(|config| setup::reader(common, &config));
        match fresh {
            Ok(reader) => {
                let (version, hash) = (&reader.lexicon.version, &reader.lexicon.sha256[..12]);
                let said = format!("the lexicon was read again: {version} ({hash})");
                *self.reader.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(reader);
                self.taken.fetch_add(1, Ordering::Relaxed);
                // Not before it is so: what arrives after these words is read with it.
                if !common.quiet {
                    summary::say(common.log_format == "json", &said, serde_json::Map::new());
                }
            }
            Err(failure) => {
                error!("the lexicon was not exchanged, the one before goes on: {failure}");
                self.refused.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// Exchanges the reader for as long as the runtime lives. SIGHUP does not end the process from here on.
pub fn keep(shelf: Arc<Shelf>, common: Common, dirs: Vec<PathBuf>) -> std::io::Result<()> {
    let mut hangup = signal(SignalKind::hangup())?;
    let (send, mut changed) = mpsc::unbounded_channel();
    let watcher = watcher(&dirs, send);
    tokio::spawn(async move {
        // Dropped with the task; without one only SIGHUP is heard.
        let _watcher = watcher;
        loop {
            tokio::select! {
                Some(()) = hangup.recv() => {}
                Some(()) = changed.recv() => {
                    while tokio::time::timeout(QUIET, changed.recv()).await.is_ok_and(|c| c.is_some()) {}
                }
                else => return,
            }
            let (shelf, common) = (shelf.clone(), common.clone());
            // Compiling takes a moment and files: it must not hold up the flow.
            let _ = tokio::task::spawn_blocking(move || shelf.exchange(&common)).await;
        }
    });
    Ok(())
}

/// Tells of every change of a file in the lexicon's directories.
fn watcher(dirs: &[PathBuf], send: mpsc::UnboundedSender<()>) -> Option<notify::RecommendedWatcher> {
    if dirs.is_empty() {
        return None;
    }
    let told = move |event: notify::Result<notify::Event>| {
        let reading = |e: &notify::Event| matches!(e.kind, notify::EventKind::Access(_));
        if event.is_ok_and(|e| !reading(&e)) {
            // Nobody listens any more when the run is over.
            let _ = send.send(());
        }
    };
    let watch = || -> notify::Result<notify::RecommendedWatcher> {
        let mut watcher = notify::recommended_watcher(told)?;
        dirs.iter().try_for_each(|dir| watcher.watch(dir, RecursiveMode::Recursive))?;
        Ok(watcher)
    };
    watch()
        .map_err(|e| warn!("changes of the lexicon's files are not seen ({e}); send SIGHUP after an edit"))
        .ok()
}
