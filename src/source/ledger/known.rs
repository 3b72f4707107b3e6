//! What is known in memory: enough to say "read already" at a glance, in under 100 bytes a file.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

use super::entry::{Commit, Entry, Mark, Seen};
use crate::source::Stamp;
use xxhash_rust::xxh3::xxh3_64;

/// The keys are hashes already; hashing them again would only cost time.
#[derive(Default)]
pub struct Ready(u64);

impl Hasher for Ready {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64(bytes);
    }
    fn write_u64(&mut self, v: u64) {
        self.0 = v;
    }
    fn write_u128(&mut self, v: u128) {
        self.0 = (v ^ (v >> 64)) as u64;
    }
}

type Map<K, V> = HashMap<K, V, BuildHasherDefault<Ready>>;
type Set<K> = HashSet<K, BuildHasherDefault<Ready>>;

/// What a newly read file turns out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Not read before.
    New,
    /// Not read before, under a name that was.
    Revision,
    /// Read before under another name.
    Duplicate,
    /// The same file with the same content: touched, moved, or rewritten.
    Unchanged,
    /// The very same state of the very same file: nothing to note.
    Again,
}

/// Identities of all that was read, and where followed files stand.
#[derive(Default)]
pub struct Known {
    /// (device, inode) -> (size, mtime, ctime), both hashed.
    files: Map<u64, u64>,
    /// Hashes of contents.
    contents: Set<u128>,
    /// Hashes of paths.
    paths: Set<u64>,
    /// Files handed out and not yet read.
    in_flight: Map<u64, u64>,
    /// Followed files by (device, inode) hash.
    pub marks: Map<u64, Mark>,
    /// What those that started anew were before.
    pub past: Map<u64, Mark>,
    seen: Map<u128, i64>,
    seen_lines: Map<u64, Vec<(u32, u64, u64, i64)>>,
}

impl Known {
    /// Makes room for so many files.
    pub(super) fn reserve(&mut self, files: usize) {
        self.files.reserve(files);
        self.contents.reserve(files);
        self.paths.reserve(files);
    }

    /// Takes in what a commit says.
    pub fn apply(&mut self, commit: &Commit) {
        for entry in &commit.entries {
            self.insert(entry);
            if let Some(content) = entry.content {
                self.seen.remove(&content);
            }
        }
        self.committed(commit);
    }

    /// Takes in a commit of this run: its files were remembered when they were claimed (some may have changed
    /// since), its marks were not.
    pub fn committed(&mut self, commit: &Commit) {
        for mark in &commit.marks {
            let file = Stamp { dev: mark.dev, ino: mark.ino, ..Stamp::default() }.file();
            if let Some(lines) = self.seen_lines.get_mut(&file) {
                lines.retain(|l| l.0 == mark.generation && l.2 > mark.offset);
            }
            self.marks.insert(file, mark.clone());
        }
        for mark in &commit.past {
            let file = Stamp { dev: mark.dev, ino: mark.ino, ..Stamp::default() }.file();
            self.past.insert(file, mark.clone());
        }
    }

    /// Takes in when things were first seen.
    pub fn apply_seen(&mut self, seen: Seen) {
        self.seen.extend(seen.contents);
        for (file, generation, from, to, at) in seen.lines {
            self.seen_lines.entry(file).or_default().push((generation, from, to, at));
        }
    }

    fn insert(&mut self, entry: &Entry) {
        self.files.insert(entry.stamp.file(), entry.stamp.state());
        self.paths.insert(xxh3_64(&entry.path));
        self.contents.extend(entry.content);
    }

    /// Whether this state of this file was read or is being read.
    pub fn has(&self, stamp: &Stamp) -> bool {
        let (file, state) = (stamp.file(), stamp.state());
        self.files.get(&file) == Some(&state) || self.in_flight.get(&file) == Some(&state)
    }

    /// Whether a file of this path (raw bytes) was ever read.
    pub fn has_path(&self, path: &[u8]) -> bool {
        self.paths.contains(&xxh3_64(path))
    }

    /// Whether this file was read in any state.
    pub fn has_file(&self, stamp: &Stamp) -> bool {
        self.files.contains_key(&stamp.file())
    }

    /// Whether this state of this file is the current one in the ledger.
    pub fn is_current(&self, stamp: &Stamp) -> bool {
        self.files.get(&stamp.file()) == Some(&stamp.state())
    }

    pub(super) fn has_content(&self, content: u128) -> bool {
        self.contents.contains(&content)
    }

    /// Notes that a followed file was read to its end in this state.
    pub fn follow_done(&mut self, stamp: &Stamp) {
        self.in_flight.insert(stamp.file(), stamp.state());
    }

    /// Notes that a file was handed out.
    pub fn hand_out(&mut self, stamp: &Stamp) {
        self.in_flight.insert(stamp.file(), stamp.state());
    }

    /// Takes that note back: the file was not read after all.
    pub fn give_back(&mut self, stamp: &Stamp) {
        self.in_flight.remove(&stamp.file());
    }

    /// Decides what a file that has just been read is, and remembers it. Empty files have no content to share.
    pub fn claim(&mut self, path: &[u8], stamp: &Stamp, content: Option<u128>) -> Claim {
        self.in_flight.remove(&stamp.file());
        let before = self.files.insert(stamp.file(), stamp.state());
        let known_path = !self.paths.insert(xxh3_64(path));
        let new = content.is_none_or(|c| stamp.size == 0 || self.contents.insert(c));
        match (new, before) {
            (true, _) if known_path => Claim::Revision,
            (true, _) => Claim::New,
            (false, Some(state)) if state == stamp.state() => Claim::Again,
            (false, Some(_)) => Claim::Unchanged,
            (false, None) if known_path => Claim::Unchanged,
            (false, None) => Claim::Duplicate,
        }
    }

    /// When this content was first seen, if its reading was cut short (microseconds since 1970).
    pub fn seen_at(&self, content: u128) -> Option<i64> {
        self.seen.get(&content).copied()
    }

    /// The same for a byte of a followed file.
    pub fn line_seen_at(&self, file: u64, generation: u32, offset: u64) -> Option<i64> {
        let found = |l: &&(u32, u64, u64, i64)| l.0 == generation && (l.1..l.2).contains(&offset);
        self.seen_lines.get(&file)?.iter().find(found).map(|l| l.3)
    }

    /// Forgets files and marks.
    pub(super) fn forget_all(&mut self, commit: &Commit) {
        commit.entries.iter().for_each(|e| self.forget(e));
        for mark in &commit.marks {
            let file = Stamp { dev: mark.dev, ino: mark.ino, ..Stamp::default() }.file();
            self.marks.remove(&file);
            self.past.remove(&file);
        }
    }

    /// Forgets a file and its content, so that it is read again.
    pub fn forget(&mut self, entry: &Entry) {
        self.files.remove(&entry.stamp.file());
        if let Some(content) = entry.content {
            self.contents.remove(&content);
        }
    }

    /// Files and contents known: (files, contents).
    pub fn len(&self) -> (usize, usize) {
        (self.files.len(), self.contents.len())
    }

    /// Whether nothing is known yet.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.marks.is_empty()
    }

    /// Bytes the tables take, by their capacity (one control byte a slot).
    pub fn memory(&self) -> usize {
        self.files.capacity() * 8 / 7 * 17
            + self.contents.capacity() * 8 / 7 * 17
            + self.paths.capacity() * 8 / 7 * 9
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(ino: u64, mtime: i64) -> Stamp {
        Stamp { dev: 1, ino, size: 3, mtime, ctime: mtime }
    }

    #[test]
    fn a_file_is_new_touched_doubled_or_revised() {
        let mut known = Known::default();
        assert_eq!(known.claim(b"a", &stamp(1, 1), Some(10)), Claim::New);
        assert_eq!(known.claim(b"a", &stamp(1, 1), Some(10)), Claim::Again);
        assert_eq!(known.claim(b"a", &stamp(1, 2), Some(10)), Claim::Unchanged, "touched");
        assert_eq!(known.claim(b"b", &stamp(1, 3), Some(10)), Claim::Unchanged, "renamed");
        assert_eq!(known.claim(b"a", &stamp(2, 3), Some(10)), Claim::Unchanged, "rewritten");
        assert_eq!(known.claim(b"c", &stamp(3, 3), Some(10)), Claim::Duplicate);
        assert_eq!(known.claim(b"a", &stamp(2, 4), Some(11)), Claim::Revision);
    }

    #[test]
    fn a_tracked_file_costs_under_a_hundred_bytes() {
        let mut known = Known::default();
        for i in 0..120_000u64 {
            let content = xxhash_rust::xxh3::xxh3_128(&i.to_le_bytes());
            known.claim(format!("inbox/{i}.json").as_bytes(), &stamp(i, 1), Some(content));
        }
        assert!(known.memory() / 120_000 <= 100, "{} bytes a file", known.memory() / 120_000);
    }
}
