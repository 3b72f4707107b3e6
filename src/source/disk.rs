//! The few things that are done to files of our own: one door, so that each can be made to fail, and is counted.
//!
//! Inputs do not come through here: they are only read. Outputs, dead letters and the ledger do.

use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::name::dir_of;

/// What is about to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// A file is opened for appending, and made if it is not there.
    Open,
    /// Bytes are appended.
    Write,
    /// A file's bytes are made durable.
    Sync,
    /// A file is cut to a length.
    Cut,
    /// A file gets another name.
    Rename,
    /// A file is removed.
    Remove,
    /// The names in a directory are made durable.
    SyncDir,
}

/// One thing about to be done.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    /// What.
    pub op: Op,
    /// To which file (for `SyncDir`: in whose directory).
    pub path: &'a Path,
    /// The new name (`Rename`), else the path again.
    pub to: &'a Path,
    /// Bytes appended (`Write`), or the length to cut to (`Cut`).
    pub len: u64,
}

/// What becomes of it.
#[derive(Debug)]
pub enum Verdict {
    /// It is done.
    Go,
    /// It fails, and nothing was done.
    Fail(io::Error),
    /// So many bytes are appended, then it fails.
    Short(usize, io::Error),
}

/// Asked before each act: for tests.
pub type Judge = Arc<dyn Fn(&Act) -> Verdict + Send + Sync>;

/// The door. Clones share their counts.
#[derive(Clone, Default)]
pub struct Disk {
    judge: Option<Judge>,
    syncs: Arc<AtomicU64>,
    nanos: Arc<AtomicU64>,
}

impl Disk {
    /// A disk on which `judge` decides what fails.
    pub fn judged(judge: Judge) -> Disk {
        Disk { judge: Some(judge), ..Disk::default() }
    }

    /// How often something was made durable, and the time that took.
    pub fn syncs(&self) -> (u64, Duration) {
        (self.syncs.load(Ordering::Relaxed), Duration::from_nanos(self.nanos.load(Ordering::Relaxed)))
    }

    fn ask(&self, op: Op, path: &Path, to: &Path, len: u64) -> io::Result<Option<(usize, io::Error)>> {
        match self.judge.as_ref().map(|judge| judge(&Act { op, path, to, len })) {
            None | Some(Verdict::Go) => Ok(None),
            Some(Verdict::Fail(error)) => Err(error),
            Some(Verdict::Short(bytes, error)) => Ok(Some((bytes, error))),
        }
    }

    fn timed(&self, sync: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
        let begin = Instant::now();
        let result = sync();
        self.syncs.fetch_add(1, Ordering::Relaxed);
        self.nanos.fetch_add(begin.elapsed().as_nanos() as u64, Ordering::Relaxed);
        result
    }

    /// Opens a file for reading and appending; makes it if it is not there.
    pub fn append(&self, path: &Path) -> io::Result<OwnFile> {
        self.ask(Op::Open, path, path, 0)?;
        let file = OpenOptions::new().read(true).create(true).append(true).open(path)?;
        Ok(OwnFile { disk: self.clone(), path: path.to_path_buf(), file })
    }

    /// The same, empty.
    pub fn create(&self, path: &Path) -> io::Result<OwnFile> {
        let file = self.append(path)?;
        if file.metadata()?.len() > 0 {
            file.cut(0)?;
        }
        Ok(file)
    }

    /// Gives a file another name.
    pub fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.ask(Op::Rename, from, to, 0)?;
        fs::rename(from, to)
    }

    /// Removes a file.
    pub fn remove(&self, path: &Path) -> io::Result<()> {
        self.ask(Op::Remove, path, path, 0)?;
        fs::remove_file(path)
    }

    /// Makes the names in the directory of `path` durable.
    pub fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.ask(Op::SyncDir, path, path, 0)?;
        self.timed(|| File::open(dir_of(path))?.sync_all())
    }
}

/// A file of our own, open for appending.
pub struct OwnFile {
    disk: Disk,
    path: PathBuf,
    file: File,
}

impl OwnFile {
    /// Makes its bytes durable.
    pub fn sync(&self) -> io::Result<()> {
        self.disk.ask(Op::Sync, &self.path, &self.path, 0)?;
        // With its length, not with its times.
        self.disk.timed(|| self.file.sync_data())
    }

    /// Cuts it to a length.
    pub fn cut(&self, len: u64) -> io::Result<()> {
        self.disk.ask(Op::Cut, &self.path, &self.path, len)?;
        self.file.set_len(len)
    }

    /// What the file system says of it.
    pub fn metadata(&self) -> io::Result<Metadata> {
        self.file.metadata()
    }

    /// Takes its lock, if nobody holds it.
    pub fn try_lock(&self) -> Result<(), TryLockError> {
        self.file.try_lock()
    }

    /// For reading.
    pub fn reader(&self) -> &File {
        &self.file
    }

    /// Has been renamed: acts are told by its new name.
    pub fn renamed(&mut self, path: &Path) {
        self.path = path.to_path_buf();
    }
}

impl Write for OwnFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.disk.ask(Op::Write, &self.path, &self.path, bytes.len() as u64)? {
            None => self.file.write(bytes),
            Some((short, error)) => {
                self.file.write_all(&bytes[..short.min(bytes.len())])?;
                Err(error)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Read for OwnFile {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.file.read(buf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_judged_to_fail_fails_and_leaves_what_it_says() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        let disk = Disk::judged(Arc::new(move |act: &Act| match act.op {
            Op::Write if act.len > 4 => Verdict::Short(2, full()),
            Op::Cut => Verdict::Fail(full()),
            _ => Verdict::Go,
        }));
        let mut file = disk.append(&path).unwrap();
        file.write_all(b"1234").unwrap();
        assert_eq!(file.write_all(b"56789").unwrap_err().kind(), io::ErrorKind::StorageFull);
        assert!(file.cut(0).is_err());
        file.sync().unwrap();
        assert_eq!((fs::read(&path).unwrap(), disk.syncs().0), (b"123456".to_vec(), 1));
    }
}
