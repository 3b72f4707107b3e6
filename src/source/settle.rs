//! Waits until a file stands still.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Stamp;

/// Files that may still be written, each with the moment to look again.
#[derive(Default)]
pub struct Settling {
    files: HashMap<PathBuf, Waiting>,
    /// Moments to look, soonest first; those of files no longer waited for, or put off, are passed over.
    due: BinaryHeap<Reverse<(Instant, u64, PathBuf)>>,
    tickets: u64,
}

struct Waiting {
    stamp: Option<Stamp>,
    due: Instant,
    /// How long it must stand still.
    quiet: Duration,
    /// Of its place in the heap.
    ticket: u64,
}

impl Settling {
    /// Puts a file under watch, or starts its time anew; the longest patience asked for it holds.
    pub fn wait(&mut self, path: &Path, stamp: Option<Stamp>, quiet: Duration, now: Instant) {
        let (tickets, due) = (&mut self.tickets, &mut self.due);
        let waiting = self.files.entry(path.to_path_buf()).or_insert_with(|| {
            *tickets += 1;
            // Whoever is put off keeps the place in the heap, and gets another when its moment comes.
            due.push(Reverse((now + quiet, *tickets, path.to_path_buf())));
            Waiting { stamp, due: now, quiet, ticket: *tickets }
        });
        waiting.stamp = stamp.or(waiting.stamp);
        waiting.quiet = waiting.quiet.max(quiet);
        waiting.due = now + waiting.quiet;
    }

    /// Puts a file under watch unless it is already.
    pub fn wait_once(&mut self, path: &Path, stamp: Stamp, quiet: Duration, now: Instant) {
        if !self.files.contains_key(path) {
            self.wait(path, Some(stamp), quiet, now);
        }
    }

    /// Whether it is being waited for.
    pub fn has(&self, path: &Path) -> bool {
        self.files.contains_key(path)
    }

    /// No longer waits for it.
    pub fn done(&mut self, path: &Path) {
        self.files.remove(path);
    }

    /// When to look next.
    pub fn next_due(&self) -> Option<Instant> {
        self.due.peek().map(|Reverse((at, ..))| *at)
    }

    /// Whether nothing is being waited for.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Takes the files whose time is up and that have not changed; `look` says a file's present state, `None` when it
    /// is gone. Changed ones go on waiting.
    pub fn take_settled(
        &mut self,
        now: Instant,
        mut look: impl FnMut(&Path) -> Option<Stamp>,
    ) -> Vec<(PathBuf, Stamp)> {
        let mut settled = Vec::new();
        while self.next_due().is_some_and(|at| at <= now) {
            let Some(Reverse((_, ticket, path))) = self.due.pop() else { break };
            let Some(waiting) = self.files.get_mut(&path).filter(|w| w.ticket == ticket) else { continue };
            if waiting.due > now {
                self.due.push(Reverse((waiting.due, ticket, path)));
                continue;
            }
            match look(&path) {
                None => drop(self.files.remove(&path)),
                Some(stamp) if waiting.stamp == Some(stamp) => {
                    self.files.remove(&path);
                    settled.push((path, stamp));
                }
                Some(stamp) => {
                    waiting.stamp = Some(stamp);
                    // At least a moment ahead, or a patience of nothing would never end.
                    waiting.due = now + waiting.quiet.max(Duration::from_millis(1));
                    self.due.push(Reverse((waiting.due, ticket, path)));
                }
            }
        }
        settled.sort_by(|a, b| (a.1.mtime, &a.0).cmp(&(b.1.mtime, &b.0)));
        settled
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_settled_when_it_stood_still_for_the_whole_time() {
        let (mut settling, begin, path) = (Settling::default(), Instant::now(), Path::new("a"));
        let second = Duration::from_secs(1);
        let stamp = |size| Stamp { size, ..Stamp::default() };
        settling.wait(path, Some(stamp(1)), second, begin);
        assert!(settling.take_settled(begin, |_| Some(stamp(1))).is_empty(), "not yet due");
        assert!(settling.take_settled(begin + second, |_| Some(stamp(2))).is_empty(), "it grew");
        assert!(settling.take_settled(begin + second, |_| Some(stamp(2))).is_empty(), "time anew");
        assert_eq!(settling.take_settled(begin + second * 2, |_| Some(stamp(2))).len(), 1);
        assert!(settling.is_empty());
    }
}
