//! Files that a scan found and that wait their turn, in little memory: a million of them take some 45 MB.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::Stamp;

/// Files in the order of (time of change, path).
#[derive(Default)]
pub struct Backlog {
    dirs: Vec<PathBuf>,
    /// All file names, one behind the other.
    names: Vec<u8>,
    files: Vec<File>,
    taken: usize,
}

#[derive(Clone, Copy)]
struct File {
    mtime: i64,
    dir: u32,
    name_at: u32,
    name_len: u16,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Where it is; in what state is asked when its turn comes.
    pub path: PathBuf,
}

impl Backlog {
    /// Puts a file behind the others.
    pub fn push(&mut self, path: &Path, stamp: &Stamp) {
        let (dir, name) = (path.parent().unwrap_or(Path::new("")), path.file_name().unwrap_or_default());
        // A walk lists one directory after the other.
        if self.dirs.last().is_none_or(|last| last != dir) {
            self.dirs.push(dir.to_path_buf());
        }
        self.files.push(File {
            mtime: stamp.mtime,
            dir: self.dirs.len() as u32 - 1,
            name_at: self.names.len() as u32,
            name_len: name.len() as u16,
        });
        self.names.extend_from_slice(name.as_bytes());
    }

    /// Whether another file can be put here: names are found by 32 bits.
    pub fn has_room(&self) -> bool {
        self.names.len() < u32::MAX as usize - 256
    }

    /// Puts them into the order in which they are read.
    pub fn sort(&mut self) {
        let (dirs, names) = (&self.dirs, &self.names);
        let path = |f: &File| (&dirs[f.dir as usize], name(names, f));
        self.files[self.taken..].sort_unstable_by(|a, b| {
            a.mtime.cmp(&b.mtime).then_with(|| {
                let ((a_dir, a_name), (b_dir, b_name)) = (path(a), path(b));
                if a.dir == b.dir { a_name.cmp(b_name) } else { a_dir.join(a_name).cmp(&b_dir.join(b_name)) }
            })
        });
    }

    /// Takes the next one.
    pub fn pop(&mut self) -> Option<Waiting> {
        let file = self.files.get(self.taken).copied()?;
        self.taken += 1;
        let path = self.dirs[file.dir as usize].join(name(&self.names, &file));
        Some(Waiting { path })
    }

    /// Files still waiting.
    pub fn len(&self) -> usize {
        self.files.len() - self.taken
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What several scans found, one behind the other.
#[derive(Default)]
pub struct Backlogs(VecDeque<Backlog>);

impl Backlogs {
    /// Puts a scan's finds behind those of the others.
    pub fn push(&mut self, files: Backlog) {
        if !files.is_empty() {
            self.0.push_back(files);
        }
    }

    /// Takes the next file; a backlog's memory is given back with its last one.
    pub fn pop(&mut self) -> Option<Waiting> {
        let next = self.0.front_mut()?.pop();
        if self.0.front().is_some_and(Backlog::is_empty) {
            self.0.pop_front();
        }
        next
    }

    /// Files waiting.
    pub fn len(&self) -> usize {
        self.0.iter().map(Backlog::len).sum()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn name<'a>(names: &'a [u8], file: &File) -> &'a OsStr {
    OsStr::from_bytes(&names[file.name_at as usize..][..file.name_len as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_come_out_by_time_then_path() {
        let mut backlog = Backlog::default();
        for (path, mtime) in [("b/x", 2), ("b/a", 2), ("a/z", 2), ("c/c", 1), ("b/y", 0)] {
            backlog.push(Path::new(path), &Stamp { mtime, ..Stamp::default() });
        }
        backlog.sort();
        assert_eq!(backlog.len(), 5);
        let first = backlog.pop().unwrap();
        assert_eq!(first.path.as_path(), Path::new("b/y"));
        let rest: Vec<_> = std::iter::from_fn(|| backlog.pop()).map(|w| w.path).collect();
        assert_eq!(rest, ["c/c", "a/z", "b/a", "b/x"].map(PathBuf::from));
        assert!(backlog.is_empty());
    }

    #[test]
    fn a_waiting_file_costs_little() {
        assert!(std::mem::size_of::<File>() <= 24);
    }
}
