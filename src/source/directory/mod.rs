//! The directory source: backlog first, then notifications, with a reconciling scan from time to time.
//!
//! A notification only says where to look; what counts is the state of the file at that moment. So a lost, doubled or
//! late notification costs time, never an article.

mod follow;
mod scan;

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures::{Stream, stream};
use tracing::{debug, warn};

use super::backlog::Backlogs;
use super::ledger::{Known, Mark};
use super::name::{BadPattern, Kind, Names};
use super::settle::Settling;
use super::tail::Tail;
use super::walk::{Look, Walker};
use super::watch::{Hint, HintSender, Hints, Watch};
use super::{Found, Options, Spotted, Stamp, Until};
use crate::model::Summary;

/// A source that cannot start.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A path to read is not there.
    #[error("{path}: {source}\n  hint: check the path; a directory to watch must exist when chancery starts")]
    Missing {
        /// As given.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A pattern is not a glob.
    #[error(transparent)]
    Pattern(#[from] BadPattern),
}

/// What a hint says of a path.
#[derive(Clone, Copy)]
enum News {
    Ready,
    Touched,
    Writing,
}

/// A path to read, as given and as it really is.
struct Root {
    shown: PathBuf,
    real: PathBuf,
    is_dir: bool,
}

/// Files of directories, as they come.
pub struct Directory {
    options: Options,
    until: Until,
    names: Arc<Names>,
    roots: Arc<Vec<Root>>,
    known: Arc<Mutex<Known>>,
    summary: Arc<Mutex<Summary>>,
    hints: Hints,
    watch: Option<Arc<Mutex<Watch>>>,
    /// To be read, in order; `true` where a writer has just closed it, so that its content decides, not its times.
    queue: VecDeque<(Spotted, bool)>,
    queued: HashSet<Arc<Path>>,
    /// What scans found and nobody has looked at yet.
    backlog: Backlogs,
    scanning: Option<scan::Scanning>,
    /// Whether the watches were set for the first time.
    surveyed: bool,
    lines: VecDeque<Found>,
    settling: Settling,
    settled: HashSet<PathBuf>,
    tails: HashMap<u64, Tail>,
    /// Directories that came into being and are to be listed.
    new_dirs: Vec<PathBuf>,
    next_scan: Option<Instant>,
    /// Hashes of paths whose passing over was counted.
    skipped: HashSet<u64>,
    complained: HashSet<PathBuf>,
    watching: Option<Watching>,
}

/// Called once all watches stand.
pub type Watching = Arc<dyn Fn() + Send + Sync>;

impl Directory {
    /// Prepares to read `paths` (directories and files). `known` says what was read before.
    pub fn open(
        paths: &[PathBuf],
        options: Options,
        until: Until,
        known: Arc<Mutex<Known>>,
        summary: Arc<Mutex<Summary>>,
    ) -> Result<Directory, SourceError> {
        let mut roots = Vec::new();
        for path in paths {
            let missing = |source| SourceError::Missing { path: path.clone(), source };
            let real = path.canonicalize().map_err(missing)?;
            roots.push(Root { shown: path.clone(), is_dir: real.is_dir(), real });
        }
        let start = lock(&known);
        let tail = |(file, mark): (&u64, &Mark)| {
            (*file, Tail::with_past(mark.clone(), start.past.get(file).cloned()))
        };
        let tails = start.marks.iter().map(tail).collect();
        drop(start);
        let mut source = Directory {
            names: Arc::new(Names::new(&options)?),
            options,
            until,
            roots: Arc::new(roots),
            known,
            summary,
            hints: Hints::default(),
            watch: None,
            queue: VecDeque::new(),
            queued: HashSet::new(),
            backlog: Backlogs::default(),
            scanning: None,
            surveyed: until != Until::Stopped,
            lines: VecDeque::new(),
            settling: Settling::default(),
            settled: HashSet::new(),
            tails,
            new_dirs: Vec::new(),
            next_scan: Some(Instant::now()),
            skipped: HashSet::new(),
            complained: HashSet::new(),
            watching: None,
        };
        source.start_watching();
        Ok(source)
    }

    /// Has `watching` called once all watches stand: what arrives from then on is noticed as it comes.
    pub fn tell_when_watching(&mut self, watching: Watching) {
        self.watching = Some(watching);
    }

    /// Where a file that changed while it was being read is sent back to.
    pub fn look_again(&self) -> HintSender {
        self.hints.sender()
    }

    /// As a stream; it reads nothing ahead of being polled.
    pub fn stream(self) -> impl Stream<Item = Found> {
        stream::unfold(self, |mut source| async move { source.next().await.map(|found| (found, source)) })
    }

    fn start_watching(&mut self) {
        if self.until != Until::Stopped {
            return;
        }
        let watch = if self.options.notify {
            Watch::new(self.hints.sender())
        } else {
            return self.poll("asked for");
        };
        match watch {
            Ok(watch) => self.watch = Some(Arc::new(Mutex::new(watch))),
            Err(error) => self.poll(&error.to_string()),
        }
    }

    /// Goes over to finding files by scanning alone; said once.
    fn poll(&mut self, why: &str) {
        self.watch = None;
        self.options.rescan = self.options.rescan.min(Duration::from_secs(1).max(self.options.settle));
        if !std::mem::replace(&mut self.summary().polling, true) {
            warn!(why, every = ?self.options.rescan, "no notifications: looking for files by polling");
        }
    }

    fn summary(&self) -> MutexGuard<'_, Summary> {
        lock(&self.summary)
    }

    /// The next thing found; `None` when the source has ended.
    pub async fn next(&mut self) -> Option<Found> {
        loop {
            while let Some(hint) = self.hints.try_next() {
                self.heed(hint);
            }
            let now = Instant::now();
            if let Some(found) = self.lines.pop_front() {
                return Some(found);
            }
            if let Some(ended) = self.scan_is_over().await {
                self.scanned(ended);
            } else if let (None, Some(dir)) = (&self.scanning, self.new_dirs.pop()) {
                self.begin_scan(Some(dir));
            } else if let Some((spotted, closed)) = self.queue.pop_front() {
                self.queued.remove(&spotted.path);
                if let Some(found) = self.take(spotted, closed).await {
                    return Some(found);
                }
            } else if let Some(waiting) = self.backlog.pop() {
                self.take_backlog(waiting);
            } else if self.scanning.is_none() && self.next_scan.is_some_and(|at| at <= now) {
                self.begin_scan(None);
            } else if self.settling.next_due().is_some_and(|at| at <= now) {
                self.take_settled(now);
            } else if self.until != Until::Stopped && self.settling.is_empty() && self.is_done_scanning() {
                return None;
            } else {
                self.wait().await;
            }
        }
    }

    fn is_done_scanning(&self) -> bool {
        self.scanning.is_none() && self.new_dirs.is_empty() && self.next_scan.is_none()
    }

    /// The scan under way, if it has ended.
    async fn scan_is_over(&mut self) -> Option<scan::Ended> {
        if !self.scanning.as_ref().is_some_and(scan::Scanning::is_over) {
            return None;
        }
        Some(Directory::scan_ended(&mut self.scanning).await)
    }

    async fn wait(&mut self) {
        // A scan under way is waited for itself.
        let next_scan = self.next_scan.filter(|_| self.scanning.is_none());
        let due = [self.settling.next_due(), next_scan].into_iter().flatten().min();
        let due = due.unwrap_or_else(|| Instant::now() + Duration::from_secs(3600));
        tokio::select! {
            Some(hint) = self.hints.next() => self.heed(hint),
            ended = Directory::scan_ended(&mut self.scanning) => self.scanned(ended),
            () = tokio::time::sleep_until(due.into()) => {}
        }
    }

    fn walker(&self) -> Walker<'_> {
        Walker { names: &self.names, follow_symlinks: self.options.follow_symlinks }
    }

    /// Looks where a hint points.
    fn heed(&mut self, hint: Hint) {
        let now = Instant::now();
        match hint {
            Hint::Lost(why) => {
                warn!(why, "notifications were lost: scanning everything");
                self.summary().overflows += 1;
                self.next_scan = Some(now);
            }
            Hint::Removed(path) => {
                self.settling.done(&path);
                if let Some(watch) = &self.watch {
                    lock(watch).remove(&path);
                }
                if self.roots.iter().any(|r| r.real == path) {
                    self.next_scan = Some(now);
                }
            }
            Hint::Ready(path) => self.heed_path(path, News::Ready, now),
            Hint::Touched(path) => self.heed_path(path, News::Touched, now),
            Hint::Writing(path) => self.heed_path(path, News::Writing, now),
        }
    }

    fn heed_path(&mut self, path: PathBuf, news: News, now: Instant) {
        let stamp = match self.look(&path) {
            Look::File(stamp) => stamp,
            Look::Dir(_) => return self.new_dirs.push(path),
            Look::Skip(reason) => return self.skip(&path, reason),
            Look::Gone => return,
        };
        if self.is_followed(&path, &stamp) {
            return self.enqueue(Spotted { path: path.into(), stamp }, true);
        }
        let empty = stamp.size == 0 && self.until == Until::Stopped;
        match news {
            News::Ready if !empty => {
                self.settling.done(&path);
                self.enqueue(Spotted { path: path.into(), stamp }, true);
            }
            News::Touched if lock(&self.known).has(&stamp) => {}
            News::Ready | News::Touched => {
                self.settling.wait(&path, Some(stamp), self.patience(&stamp), now);
            }
            // Someone has it open for writing, and closing it will be told: wait long before reading it unclosed.
            News::Writing => {
                let patience = self.options.rescan.max(self.options.settle);
                self.settling.wait(&path, Some(stamp), patience, now);
            }
        }
    }

    /// How long a file must stand still when nobody told that it was closed. An empty one is most likely waiting for
    /// its content.
    fn patience(&self, stamp: &Stamp) -> Duration {
        let empty = stamp.size == 0 && self.until == Until::Stopped;
        if empty { self.options.rescan.max(self.options.settle) } else { self.options.settle }
    }

    fn look(&self, path: &Path) -> Look {
        // A file that was named outright is read whatever its name.
        if self.roots.iter().any(|r| !r.is_dir && r.real == path) {
            return path.metadata().map_or(Look::Gone, |m| Look::File(Stamp::of(&m)));
        }
        self.walker().look(path)
    }

    fn is_follow(&self, path: &Path) -> bool {
        self.names.judge(path) == Kind::Follow
    }

    /// By its name, or because it was followed under another one. The inode alone does not say so: it may be that of a
    /// followed file that was deleted.
    fn is_followed(&self, path: &Path, stamp: &Stamp) -> bool {
        self.is_follow(path) || self.tails.get(&stamp.file()).is_some_and(|tail| tail.fits(path))
    }

    fn skip(&mut self, path: &Path, reason: &'static str) {
        if self.skipped.insert(hash(path)) {
            debug!(?path, reason, "passed over");
            *self.summary().skipped.entry(reason).or_default() += 1;
        }
    }

    fn enqueue(&mut self, spotted: Spotted, closed: bool) {
        if self.queued.insert(spotted.path.clone()) {
            self.queue.push_back((spotted, closed));
        }
    }

    /// Hands a file out, or reads the next lines of a followed one.
    async fn take(&mut self, spotted: Spotted, closed: bool) -> Option<Found> {
        let file = spotted.stamp.file();
        // A file that was followed under another name goes on being followed.
        if self.is_followed(&spotted.path, &spotted.stamp) {
            self.follow(spotted).await;
            return self.lines.pop_front();
        }
        if !lock(&self.known).has_file(&spotted.stamp)
            && let Some(copy) = self.copied(&spotted.path)
        {
            self.tails.insert(file, copy);
            self.follow(spotted).await;
            return self.lines.pop_front();
        }
        let mut known = lock(&self.known);
        if !closed && known.has(&spotted.stamp) {
            return None;
        }
        let new = !known.has(&spotted.stamp);
        known.hand_out(&spotted.stamp);
        drop(known);
        if new {
            let mut summary = self.summary();
            summary.files_seen += 1;
            summary.bytes_found += spotted.stamp.size;
        }
        let shown = self.shown(&spotted.path);
        Some(Found::File(spotted, shown))
    }

    /// The path as a person would write it: below the root as it was given.
    fn shown(&self, path: &Path) -> String {
        let of = |root: &Root| {
            let rest = path.strip_prefix(&root.real).ok()?;
            Some(if rest.as_os_str().is_empty() { root.shown.clone() } else { root.shown.join(rest) })
        };
        let shown = self.roots.iter().find_map(of);
        shown.as_deref().unwrap_or(path).to_string_lossy().into_owned()
    }

    fn complain(&mut self, path: &Path, error: &std::io::Error) {
        if error.kind() != std::io::ErrorKind::NotFound && self.complained.insert(path.to_path_buf()) {
            warn!(?path, %error, "cannot be read; it is tried again at each scan");
            *self.summary().skipped.entry("unreadable").or_default() += 1;
        }
    }

    fn take_settled(&mut self, now: Instant) {
        let mut settling = std::mem::take(&mut self.settling);
        let settled = settling.take_settled(now, |path| match self.look(path) {
            Look::File(stamp) => Some(stamp),
            _ => None,
        });
        self.settling = settling;
        for (path, stamp) in settled {
            // The note is for followed files alone: it says that their last line may be taken.
            if self.is_followed(&path, &stamp) {
                self.settled.insert(path.clone());
            }
            self.enqueue(Spotted { path: path.into(), stamp }, false);
        }
    }
}

fn hash(path: &Path) -> u64 {
    use std::os::unix::ffi::OsStrExt;
    xxhash_rust::xxh3::xxh3_64(path.as_os_str().as_bytes())
}

/// A lock that a panic elsewhere does not take from us: what it guards is whole between any two statements.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
