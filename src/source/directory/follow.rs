//! Following line files from within a directory.

use std::path::Path;
use std::time::Instant;

use tracing::{info, warn};

use super::{Directory, lock};
use crate::source::tail::{Ending, How, Read, Tail};
use crate::source::{Found, Spotted, Until};

impl Directory {
    /// Reads the next lines of a followed file.
    pub(super) async fn follow(&mut self, spotted: Spotted) {
        let file = spotted.stamp.file();
        let mut tail = match self.tails.remove(&file) {
            Some(tail) if tail.fits(&spotted.path) => tail,
            // Another file in the place of one that was deleted: it may be a copy of one that is followed.
            Some(stale) => self.copied(&spotted.path).unwrap_or(stale),
            None => self.begin(&spotted),
        };
        let settled = self.settled.remove(&*spotted.path);
        let ending = match self.until {
            Until::Scanned => Ending::Final,
            _ if settled => Ending::Settled,
            _ => Ending::Open,
        };
        let (path, shown, max_line) =
            (spotted.path.clone(), self.shown(&spotted.path), self.options.max_line);
        let known = self.known.clone();
        let reading = tokio::task::spawn_blocking(move || {
            let seen = |generation, at| lock(&known).line_seen_at(file, generation, at);
            let how = How { shown: &shown, max_line, ending, seen: &seen };
            let read = tail.read(&path, &how);
            (tail, read)
        });
        match reading.await {
            Ok((tail, read)) => {
                self.tails.insert(file, tail);
                match read {
                    Ok(read) => self.followed(spotted, read, ending),
                    Err(e) => self.complain(&spotted.path, &e),
                }
            }
            Err(e) => warn!(path = ?spotted.path, error = %e, "following failed"),
        }
    }

    /// Takes in what a reading gave, and decides when to look again.
    fn followed(&mut self, spotted: Spotted, read: Read, ending: Ending) {
        if read.anew {
            info!(path = ?spotted.path, "starts anew: truncated or rewritten");
            self.summary().generations += 1;
        }
        self.lines.extend(read.groups.into_iter().map(Found::Lines));
        let spotted = Spotted { stamp: read.stamp, ..spotted };
        if read.more {
            // Live, other files get their turn; a pass over what is there keeps to its order.
            if self.until == Until::Stopped {
                self.enqueue(spotted, true);
            } else if self.queued.insert(spotted.path.clone()) {
                self.queue.push_front((spotted, true));
            }
            return;
        }
        if read.rest && ending == Ending::Open {
            self.settling.wait(&spotted.path, Some(read.stamp), self.options.settle, Instant::now());
        } else {
            let left = read.rest && self.until != Until::Stopped;
            self.summary().unfinished_lines += u64::from(left);
            lock(&self.known).follow_done(&read.stamp);
        }
    }

    /// A file not followed before, or the copy of one that is.
    fn begin(&mut self, spotted: &Spotted) -> Tail {
        let mut summary = lock(&self.summary);
        summary.files_seen += 1;
        summary.bytes_found += spotted.stamp.size;
        drop(summary);
        self.copied(&spotted.path).unwrap_or_else(|| Tail::at(Default::default()))
    }

    /// Whether this is a copy of a followed file, made to truncate the original (`a.jsonl` to `a.jsonl.1`): then it is
    /// gone on with where the original stood.
    pub(super) fn copied(&self, path: &Path) -> Option<Tail> {
        let copy = self.tails.values().find_map(|tail| tail.copied_to(path))?;
        info!(?path, "a copy of a followed file: going on where that stood");
        Some(copy)
    }
}
