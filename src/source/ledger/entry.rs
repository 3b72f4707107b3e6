//! What a frame says: the nouns of the ledger and how they are written.

use super::codec::{Get, Put};
use crate::source::Stamp;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Fate {
    /// Read; its records stand in the output.
    Read = 0,
    /// Its content had been read before, under another name.
    Duplicate = 1,
    /// Touched, moved or rewritten with the same content.
    Unchanged = 2,
    /// Not read as a whole (unreadable, too large); told in the dead letters.
    Dead = 3,
}

impl Fate {
    /// As `ledger ls` shows it.
    pub fn as_str(self) -> &'static str {
        match self {
            Fate::Read => "read",
            Fate::Duplicate => "duplicate",
            Fate::Unchanged => "unchanged",
            Fate::Dead => "dead",
        }
    }

    fn from_u8(v: u8) -> Option<Fate> {
        [Fate::Read, Fate::Duplicate, Fate::Unchanged, Fate::Dead].into_iter().find(|f| *f as u8 == v)
    }
}

/// One finished file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its path as raw bytes, for people; identity is `stamp` and `content`.
    pub path: Vec<u8>,
    /// What the file system said when it was read.
    pub stamp: Stamp,
    /// XXH3-128 of its content; `None` where it was not read as a whole.
    pub content: Option<u128>,
    /// When the source saw it (microseconds since 1970, UTC).
    pub seen_at: i64,
    /// What became of it.
    pub fate: Fate,
}

/// How far a followed file has been read.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Mark {
    /// Device number.
    pub dev: u64,
    /// Inode number.
    pub ino: u64,
    /// Path when last read, raw bytes.
    pub path: Vec<u8>,
    /// How often the file started anew.
    pub generation: u32,
    /// Bytes finished.
    pub offset: u64,
    /// Bytes of the beginning that `head` covers (grows with `offset` up to a page).
    pub head_len: u32,
    /// XXH3-64 of the first `head_len` bytes.
    pub head: u64,
    /// Bytes before `offset` that `last` covers.
    pub last_len: u32,
    /// XXH3-64 of the `last_len` bytes before `offset`.
    pub last: u64,
}

/// How long an output is at a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Length {
    /// 0 events, 1 articles, 2 dead letters.
    pub lane: u8,
    /// Number of the segment under rotation, else 0.
    pub segment: u32,
    /// File name (without directory and `.inprogress`), raw bytes.
    pub name: Vec<u8>,
    /// Bytes that stand.
    pub len: u64,
    /// Of a plain file: the highest number of a finished segment that stood beside it already. Not told by the first
    /// writings of the format.
    pub before: Option<u32>,
}

/// Everything one group commit ties together.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Commit {
    /// Files finished.
    pub entries: Vec<Entry>,
    /// Followed files, as far as they are finished.
    pub marks: Vec<Mark>,
    /// The outputs' lengths, all of them.
    pub lengths: Vec<Length>,
    /// Dead letters written since the ledger began.
    pub dead: u64,
    /// What followed files were before they started anew: a copy that was made just then is known by it.
    pub past: Vec<Mark>,
}

/// When things were first seen, written ahead of their records.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Seen {
    /// (content, microseconds since 1970).
    pub contents: Vec<(u128, i64)>,
    /// (file of the mark, generation, first byte, one past the last byte, microseconds).
    pub lines: Vec<(u64, u32, u64, u64, i64)>,
}

impl Entry {
    fn put(&self, p: &mut Put) {
        p.u8(self.fate as u8 | if self.content.is_some() { 0x80 } else { 0 });
        p.bytes(&self.path);
        let s = &self.stamp;
        p.u64(s.dev);
        p.u64(s.ino);
        p.u64(s.size);
        p.i64(s.mtime);
        p.i64(s.ctime);
        if let Some(content) = self.content {
            p.u128(content);
        }
        p.i64(self.seen_at);
    }

    fn get(g: &mut Get) -> Option<Entry> {
        let flags = g.u8()?;
        let fate = Fate::from_u8(flags & 0x7f)?;
        let path = g.bytes()?.to_vec();
        let stamp = Stamp { dev: g.u64()?, ino: g.u64()?, size: g.u64()?, mtime: g.i64()?, ctime: g.i64()? };
        let content = if flags & 0x80 != 0 { Some(g.u128()?) } else { None };
        Some(Entry { path, stamp, content, seen_at: g.i64()?, fate })
    }
}

impl Mark {
    fn put(&self, p: &mut Put) {
        p.u64(self.dev);
        p.u64(self.ino);
        p.bytes(&self.path);
        p.u32(self.generation);
        p.u64(self.offset);
        p.u32(self.head_len);
        p.u64(self.head);
        p.u32(self.last_len);
        p.u64(self.last);
    }

    fn get(g: &mut Get) -> Option<Mark> {
        Some(Mark {
            dev: g.u64()?,
            ino: g.u64()?,
            path: g.bytes()?.to_vec(),
            generation: g.u32()?,
            offset: g.u64()?,
            head_len: g.u32()?,
            head: g.u64()?,
            last_len: g.u32()?,
            last: g.u64()?,
        })
    }
}

impl Length {
    fn put(&self, p: &mut Put) {
        p.u8(self.lane);
        p.u32(self.segment);
        p.bytes(&self.name);
        p.u64(self.len);
    }

    fn get(g: &mut Get) -> Option<Length> {
        let (lane, segment) = (g.u8()?, g.u32()?);
        Some(Length { lane, segment, name: g.bytes()?.to_vec(), len: g.u64()?, before: None })
    }
}

impl Commit {
    /// As the payload of a frame.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(64 + self.entries.len() * 144);
        let mut p = Put(&mut out);
        p.u32(self.entries.len() as u32);
        self.entries.iter().for_each(|e| e.put(&mut p));
        p.u32(self.marks.len() as u32);
        self.marks.iter().for_each(|m| m.put(&mut p));
        p.u32(self.lengths.len() as u32);
        self.lengths.iter().for_each(|l| l.put(&mut p));
        p.u64(self.dead);
        let plain = self.lengths.iter().any(|l| l.before.is_some());
        if plain || !self.past.is_empty() {
            p.u32(self.past.len() as u32);
            self.past.iter().for_each(|m| m.put(&mut p));
        }
        if plain {
            p.u32(self.lengths.len() as u32);
            self.lengths.iter().for_each(|l| p.u32(l.before.map_or(0, |n| n + 1)));
        }
        out
    }

    /// From the payload of a frame; `None` when it is not one. Trailing bytes are a later version's.
    pub(super) fn decode(bytes: &[u8]) -> Option<Commit> {
        let mut g = Get(bytes);
        let entries = (0..g.u32()?).map(|_| Entry::get(&mut g)).collect::<Option<_>>()?;
        let marks = (0..g.u32()?).map(|_| Mark::get(&mut g)).collect::<Option<_>>()?;
        let mut lengths: Vec<Length> = (0..g.u32()?).map(|_| Length::get(&mut g)).collect::<Option<_>>()?;
        let dead = g.u64()?;
        // Not there in the first writings of the format, nor where there is nothing to tell.
        let past = match g.u32() {
            Some(n) => (0..n).map(|_| Mark::get(&mut g)).collect::<Option<_>>()?,
            None => Vec::new(),
        };
        if let Some(n) = g.u32() {
            for length in lengths.iter_mut().take(n as usize) {
                length.before = g.u32()?.checked_sub(1);
            }
        }
        Some(Commit { entries, marks, lengths, dead, past })
    }
}

impl Seen {
    /// Whether there is nothing to say.
    pub fn is_empty(&self) -> bool {
        self.contents.is_empty() && self.lines.is_empty()
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(8 + self.contents.len() * 24 + self.lines.len() * 36);
        let mut p = Put(&mut out);
        p.u32(self.contents.len() as u32);
        for (content, at) in &self.contents {
            p.u128(*content);
            p.i64(*at);
        }
        p.u32(self.lines.len() as u32);
        for (file, generation, from, to, at) in &self.lines {
            p.u64(*file);
            p.u32(*generation);
            p.u64(*from);
            p.u64(*to);
            p.i64(*at);
        }
        out
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Seen> {
        let mut g = Get(bytes);
        let contents = (0..g.u32()?).map(|_| Some((g.u128()?, g.i64()?))).collect::<Option<_>>()?;
        let lines = (0..g.u32()?)
            .map(|_| Some((g.u64()?, g.u32()?, g.u64()?, g.u64()?, g.i64()?)))
            .collect::<Option<_>>()?;
        Some(Seen { contents, lines })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_comes_back_as_it_was() {
        let stamp = Stamp { dev: 1, ino: 2, size: 3, mtime: -4, ctime: i64::MAX };
        let entry =
            Entry { path: b"a/\xff\n".to_vec(), stamp, content: Some(7), seen_at: -1, fate: Fate::Duplicate };
        let mark = Mark { dev: 1, ino: 9, path: b"x.jsonl".to_vec(), offset: 12, ..Mark::default() };
        let length = Length { lane: 2, segment: 3, name: b"events-3.jsonl".to_vec(), len: 99, before: None };
        let plain = Length { segment: 0, before: Some(0), ..length.clone() };
        let commit = Commit {
            entries: vec![entry.clone(), Entry { content: None, fate: Fate::Dead, ..entry }],
            marks: vec![mark.clone()],
            lengths: vec![length, plain],
            dead: 5,
            past: vec![Mark { generation: 3, ..mark }],
        };
        assert_eq!(Commit::decode(&commit.encode()), Some(commit.clone()));
        assert_eq!(Commit::decode(&commit.encode()[..40]), None);
        let seen = Seen { contents: vec![(u128::MAX, 3)], lines: vec![(1, 2, 3, 4, 5)] };
        assert_eq!(Seen::decode(&seen.encode()), Some(seen));
    }
}
