//! Follows one append-only file: complete lines only, each once, through renames, truncation and restarts.

use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileExt;
use std::path::Path;

use memchr::{memchr, memrchr};
use sha2::{Digest, Sha256};
use xxhash_rust::xxh3::xxh3_64;

use super::ledger::Mark;
use super::{Lines, LostLine, Stamp, from_micros, now};
use crate::model::{Item, Undecodable};

/// Bytes read at a time.
const CHUNK: usize = 1 << 20;
/// Bytes of the beginning, and of what was read last, by which a file is known again.
const PAGE: usize = 4096;
/// Lines, and bytes of lines, that are finished together.
const GROUP: (usize, usize) = (32, 256 << 10);

/// What to do with a last line that has no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd)]
pub enum Ending {
    /// Leave it: it is still being written.
    Open,
    /// The file stands still: take it if it is a whole JSON object or array, to which nothing can be added.
    Settled,
    /// Take it as it is.
    Final,
}

/// A followed file.
#[derive(Clone, Debug)]
pub struct Tail {
    /// How far it was handed out.
    pub mark: Mark,
    skip: Option<Skip>,
    /// The mark of the generation before, to know a copy by that was made just before a truncation.
    before: Option<Box<Mark>>,
    /// Whether the ledger has yet to hear of it, lines or not.
    untold: bool,
}

/// An over-long line being passed over.
#[derive(Clone, Debug)]
struct Skip {
    from: u64,
    at: u64,
    sha: Sha256,
}

/// What one reading gave.
#[derive(Debug, Default)]
pub struct Read {
    /// Groups of lines, in order.
    pub groups: Vec<Lines>,
    /// Whether more stands there to be read at once.
    pub more: bool,
    /// Whether a piece of a line is left at the end.
    pub rest: bool,
    /// Whether the file had started anew.
    pub anew: bool,
    /// Its state when read.
    pub stamp: Stamp,
}

/// How to read.
pub struct How<'a> {
    /// The path as a person would write it.
    pub shown: &'a str,
    /// The longest line taken (bytes).
    pub max_line: usize,
    /// What to do at the end.
    pub ending: Ending,
    /// When the byte at an offset of a generation was first seen, if a reading was cut short (microseconds).
    pub seen: &'a dyn Fn(u32, u64) -> Option<i64>,
}

impl Tail {
    /// Goes on at a mark.
    pub fn at(mark: Mark) -> Tail {
        Tail { mark, skip: None, before: None, untold: false }
    }

    /// Goes on at a mark; `past` is what the file was before it last started anew.
    pub fn with_past(mark: Mark, past: Option<Mark>) -> Tail {
        Tail { before: past.map(Box::new), ..Tail::at(mark) }
    }

    /// Reads the next lines of the file at `path`.
    pub fn read(&mut self, path: &Path, how: &How) -> io::Result<Read> {
        let file = File::open(path)?;
        let stamp = Stamp::of(&file.metadata()?);
        let mut read = Read { stamp, ..Read::default() };
        if !self.goes_on(&file, &stamp)? {
            read.anew = self.mark.offset > 0;
            let generation = self.mark.generation + u32::from(read.anew);
            let before = std::mem::replace(self, Tail::at(Mark { generation, ..Mark::default() })).mark;
            self.before = (before.offset > 0).then(|| Box::new(before));
        }
        (self.mark.dev, self.mark.ino) = (stamp.dev, stamp.ino);
        self.mark.path = path.as_os_str().as_bytes().to_vec();
        if self.skip.is_some() {
            self.pass_over(&file, how, &mut read)?;
        } else {
            self.take_lines(&file, how, &mut read)?;
        }
        if std::mem::take(&mut self.untold) && read.groups.is_empty() {
            read.groups.push(Lines { mark: Some(self.mark.clone()), ..self.group() });
        }
        // A copy made just before the new beginning may be met after a restart: then the ledger must know of it.
        if let (Some(first), Some(before)) = (read.groups.first_mut(), &self.before) {
            first.past = Some((**before).clone());
        }
        Ok(read)
    }

    /// Whether `path` is the file it followed, under its name or another one. Not looked into while the name stays: a
    /// reading finds out by itself.
    pub fn fits(&self, path: &Path) -> bool {
        if self.mark.path == path.as_os_str().as_bytes() {
            return true;
        }
        // Of which nothing was read, nothing can be known again.
        if self.mark.offset == 0 {
            return false;
        }
        let fits = File::open(path).and_then(|file| self.goes_on(&file, &Stamp::of(&file.metadata()?)));
        fits.unwrap_or(true)
    }

    /// A tail for `path` that goes on where this one stands or stood, if `path` holds a copy of it. Only a name that
    /// begins with the original's, then or now, is looked into: the original may have been renamed since.
    pub fn copied_to(&self, path: &Path) -> Option<Tail> {
        let name = path.as_os_str().as_bytes();
        let may_be = |m: &&Mark| m.offset > 0 && name.len() > m.path.len() && name.starts_with(&m.path);
        let marks: Vec<&Mark> =
            [Some(&self.mark), self.before.as_deref()].into_iter().flatten().filter(may_be).collect();
        if marks.is_empty() {
            return None;
        }
        let file = File::open(path).ok()?;
        let stamp = Stamp::of(&file.metadata().ok()?);
        marks.into_iter().find_map(|mark| {
            let copy = Tail::at(Mark { dev: stamp.dev, ino: stamp.ino, generation: 0, ..mark.clone() });
            copy.goes_on(&file, &stamp).ok()?.then_some(Tail { untold: true, ..copy })
        })
    }

    /// Whether this is the file the mark speaks of, at least as long and with the same beginning and last lines.
    fn goes_on(&self, file: &File, stamp: &Stamp) -> io::Result<bool> {
        let m = &self.mark;
        if m.offset == 0 {
            return Ok(true);
        }
        if (m.dev, m.ino) != (stamp.dev, stamp.ino) || stamp.size < m.offset {
            return Ok(false);
        }
        Ok(hash_at(file, 0, m.head_len)? == Some(m.head)
            && hash_at(file, m.offset - u64::from(m.last_len), m.last_len)? == Some(m.last))
    }

    fn take_lines(&mut self, file: &File, how: &How, read: &mut Read) -> io::Result<()> {
        let from = self.mark.offset;
        let mut buf = Vec::new();
        let (end, ended) = loop {
            let full = grow(file, from, &mut buf)?;
            match memrchr(b'\n', &buf) {
                Some(at) => break (at + 1, !full),
                None if full && buf.len() <= how.max_line => {}
                None if full => {
                    let at = from + buf.len() as u64;
                    self.skip = Some(Skip { from, at, sha: Sha256::new_with_prefix(&buf) });
                    read.more = true;
                    return Ok(());
                }
                None => break (0, true),
            }
        };
        self.split(&buf[..end], how, read);
        read.more = !ended;
        let rest = &buf[end..];
        if ended && !rest.iter().all(u8::is_ascii_whitespace) {
            let whole = |rest: &[u8]| {
                matches!(rest.trim_ascii_start().first(), Some(b'{' | b'['))
                    && serde_json::from_slice::<serde::de::IgnoredAny>(rest).is_ok()
            };
            if how.ending == Ending::Final || (how.ending == Ending::Settled && whole(rest)) {
                self.split(rest, how, read);
            } else {
                read.rest = true;
            }
        }
        Ok(())
    }

    /// Cuts a run of lines into groups and moves the mark behind each.
    fn split(&mut self, bytes: &[u8], how: &How, read: &mut Read) {
        let now = now();
        let mut group = self.group();
        let (mut at, mut weight) = (0, 0);
        while at < bytes.len() {
            let end = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n);
            let line = bytes[at..end].strip_suffix(b"\r").unwrap_or(&bytes[at..end]);
            let start = self.mark.offset;
            let range = start..start + line.len() as u64;
            if line.len() > how.max_line {
                let sha = Sha256::new_with_prefix(line);
                group.lost.push(too_long(how, range, sha));
            } else if !line.iter().all(u8::is_ascii_whitespace) {
                let seen_at = (how.seen)(self.mark.generation, start).map_or(now, from_micros);
                let (path, range) = (how.shown.to_owned(), Some(range));
                group.items.push(Item { path, range, bytes: line.to_vec(), seen_at });
                weight += line.len();
            }
            let next = (end + 1).min(bytes.len());
            self.advance(&bytes[at..next]);
            at = next;
            if group.items.len() >= GROUP.0 || weight >= GROUP.1 || at == bytes.len() {
                group.range.1 = self.mark.offset;
                group.mark = Some(self.mark.clone());
                read.groups.push(std::mem::replace(&mut group, self.group()));
                weight = 0;
            }
        }
    }

    fn group(&self) -> Lines {
        let at = self.mark.offset;
        Lines { items: Vec::new(), lost: Vec::new(), mark: None, past: None, range: (at, at) }
    }

    /// Moves the mark over `bytes`, which stand right behind it.
    fn advance(&mut self, bytes: &[u8]) {
        let m = &mut self.mark;
        if m.offset == 0 {
            let head = &bytes[..bytes.len().min(PAGE)];
            (m.head_len, m.head) = (head.len() as u32, xxh3_64(head));
        }
        let last = &bytes[bytes.len().saturating_sub(PAGE)..];
        (m.last_len, m.last) = (last.len() as u32, xxh3_64(last));
        m.offset += bytes.len() as u64;
    }

    /// Goes on over an over-long line, without keeping it.
    fn pass_over(&mut self, file: &File, how: &How, read: &mut Read) -> io::Result<()> {
        let Some(mut skip) = self.skip.take() else { return Ok(()) };
        let mut buf = Vec::new();
        let full = grow(file, skip.at, &mut buf)?;
        let end = memchr(b'\n', &buf);
        let line = &buf[..end.unwrap_or(buf.len())];
        skip.sha.update(line);
        skip.at += line.len() as u64;
        if end.is_none() && (full || how.ending != Ending::Final) {
            (read.more, read.rest) = (full, !full);
            self.skip = Some(skip);
            return Ok(());
        }
        let mut group = self.group();
        group.lost.push(too_long(how, skip.from..skip.at, skip.sha));
        // Of so long a line the mark remembers its end alone.
        let m = &mut self.mark;
        m.offset = skip.at + u64::from(end.is_some());
        let known = m.offset.min(PAGE as u64) as u32;
        if m.head_len == 0 {
            (m.head_len, m.head) = (known, hash_at(file, 0, known)?.unwrap_or_default());
        }
        m.last_len = known;
        m.last = hash_at(file, m.offset - u64::from(known), known)?.unwrap_or_default();
        group.range.1 = m.offset;
        group.mark = Some(m.clone());
        read.groups.push(group);
        read.more = true;
        Ok(())
    }
}

/// Appends up to a chunk from `from + buf.len()`; whether a whole chunk was there.
fn grow(file: &File, from: u64, buf: &mut Vec<u8>) -> io::Result<bool> {
    let before = buf.len();
    buf.resize(before + CHUNK, 0);
    let mut got = before;
    while got < buf.len() {
        match file.read_at(&mut buf[got..], from + got as u64) {
            Ok(0) => break,
            Ok(n) => got += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    let full = got == buf.len();
    buf.truncate(got);
    Ok(full)
}

/// XXH3-64 of `len` bytes at `from`; `None` when the file is shorter.
fn hash_at(file: &File, from: u64, len: u32) -> io::Result<Option<u64>> {
    let mut buf = vec![0; len as usize];
    match file.read_exact_at(&mut buf, from) {
        Ok(()) => Ok(Some(xxh3_64(&buf))),
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(e) => Err(e),
    }
}

fn too_long(how: &How, range: std::ops::Range<u64>, sha: Sha256) -> LostLine {
    let what = Undecodable {
        reason: "too_long",
        format: Some("jsonl"),
        error: format!("a line of {} bytes; the limit is {}", range.end - range.start, how.max_line),
        hint: Some("raise [input.limits] max_line".into()),
        ..Undecodable::default()
    };
    LostLine { path: how.shown.to_owned(), range, what, sha256: Some(hex(&sha.finalize())) }
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::{self, OpenOptions};
    use std::io::Write;

    fn read(tail: &mut Tail, path: &Path, ending: Ending) -> (Vec<String>, Read) {
        let (mut lines, mut all) = (Vec::new(), Read::default());
        loop {
            let how = How { shown: "x.jsonl", max_line: 2 << 20, ending, seen: &|_, _| None };
            let read = tail.read(path, &how).unwrap();
            for group in &read.groups {
                lines.extend(group.items.iter().map(|i| String::from_utf8(i.bytes.clone()).unwrap()));
            }
            all.groups.extend(read.groups);
            (all.rest, all.anew) = (read.rest, all.anew | read.anew);
            if !read.more {
                return (lines, all);
            }
        }
    }

    fn append(path: &Path, text: &str) {
        let mut file = OpenOptions::new().create(true).append(true).open(path).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    #[test]
    fn only_whole_lines_are_taken_until_the_file_stands_still() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.jsonl");
        let mut tail = Tail::at(Mark::default());
        append(&path, "{\"a\":1}\r\n\n{\"b\":");
        let (lines, all) = read(&mut tail, &path, Ending::Open);
        assert_eq!((lines, all.rest), (vec!["{\"a\":1}".to_owned()], true));
        assert!(read(&mut tail, &path, Ending::Settled).0.is_empty(), "half an object is left");
        append(&path, "2}");
        assert!(read(&mut tail, &path, Ending::Open).0.is_empty());
        assert_eq!(read(&mut tail, &path, Ending::Settled).0, ["{\"b\":2}"]);
        append(&path, "\n{\"c\":3}\n");
        assert_eq!(read(&mut tail, &path, Ending::Open).0, ["{\"c\":3}"]);
    }

    #[test]
    fn a_rename_goes_on_and_a_truncated_or_rewritten_file_starts_anew() {
        let dir = tempfile::tempdir().unwrap();
        let (path, moved) = (dir.path().join("x.jsonl"), dir.path().join("y.jsonl"));
        let mut tail = Tail::at(Mark::default());
        append(&path, "1\n2\n");
        assert_eq!(read(&mut tail, &path, Ending::Open).0, ["1", "2"]);
        fs::rename(&path, &moved).unwrap();
        append(&moved, "3\n");
        let mut resumed = Tail::at(tail.mark.clone());
        assert_eq!(read(&mut resumed, &moved, Ending::Open).0, ["3"]);
        fs::write(&moved, "4\n").unwrap();
        let (lines, all) = read(&mut resumed, &moved, Ending::Open);
        assert_eq!((lines, all.anew, resumed.mark.generation), (vec!["4".to_owned()], true, 1));
        fs::write(&moved, "5\n6\n").unwrap();
        let (lines, all) = read(&mut resumed, &moved, Ending::Open);
        assert_eq!((lines.len(), all.anew, resumed.mark.generation), (2, true, 2), "longer but other");
    }

    #[test]
    fn an_over_long_line_costs_that_line_only() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.jsonl");
        append(&path, &format!("1\n{}\n2\n", "x".repeat(5 << 20)));
        let mut tail = Tail::at(Mark::default());
        let (lines, all) = read(&mut tail, &path, Ending::Open);
        assert_eq!(lines, ["1", "2"]);
        let lost: Vec<_> = all.groups.iter().flat_map(|g| &g.lost).collect();
        assert_eq!((lost.len(), lost[0].range.clone()), (1, 2..2 + (5 << 20)));
        assert_eq!(read(&mut tail, &path, Ending::Open).1.groups.len(), 0);
    }

    #[test]
    fn groups_follow_each_other_without_gap() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.jsonl");
        append(&path, &(0..100_000).map(|i| format!("{i}\n")).collect::<String>());
        let (lines, all) = read(&mut Tail::at(Mark::default()), &path, Ending::Open);
        assert_eq!(lines.len(), 100_000);
        assert!(all.groups.windows(2).all(|g| g[0].range.1 == g[1].range.0));
        assert_eq!(all.groups.last().unwrap().range.1, fs::metadata(&path).unwrap().len());
    }
}
