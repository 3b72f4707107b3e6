//! A directory for a trial, with what is expected of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::child::{Child, PATIENCE, Start};
use crate::dice::Dice;
use crate::oracle::{self, Found, Oracle};

/// How far trials go.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Extent {
    /// So long a disk that is full stays full (seconds).
    #[arg(long, default_value_t = 0.2)]
    pub full_for: f64,
    /// So many files come in a burst.
    #[arg(long, default_value_t = 5000)]
    pub burst: usize,
}

/// Where a trial takes place.
pub struct Place {
    dir: tempfile::TempDir,
    pub dice: Dice,
    pub oracle: Oracle,
    pub out: PathBuf,
    serial: usize,
    /// Least size of a document (bytes).
    pad: usize,
    pub extent: Extent,
    /// Mounted file systems, to be taken down.
    mounts: Vec<PathBuf>,
}

impl Place {
    pub fn new(seed: u64, extent: Extent) -> Result<Place, String> {
        let dir = tempfile::Builder::new().prefix("torture").tempdir().map_err(|e| e.to_string())?;
        fs::create_dir(dir.path().join("inbox")).map_err(|e| e.to_string())?;
        let out = dir.path().join("events.jsonl");
        let (dice, oracle) = (Dice::new(seed), Oracle::default());
        Ok(Place { dir, dice, oracle, out, serial: 0, pad: 0, extent, mounts: Vec::new() })
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn inbox(&self, name: &str) -> PathBuf {
        self.path("inbox").join(name)
    }

    /// A fresh document.
    pub fn text(&mut self) -> Vec<u8> {
        self.serial += 1;
        let size = self.pad + self.serial % 500;
        format!("{{\"n\":{},\"text\":\"{}\"}}", self.serial, "x".repeat(size)).into_bytes()
    }

    /// Has every document be of at least so many bytes from here on.
    pub fn pad(&mut self, bytes: usize) {
        self.pad = bytes;
    }

    /// Writes a fresh document that must be told.
    pub fn put(&mut self) -> Result<(), String> {
        let name = format!("{}.json", self.serial);
        self.put_at(&self.inbox(&name))
    }

    /// The same at a path.
    pub fn put_at(&mut self, path: &Path) -> Result<(), String> {
        let text = self.text();
        self.oracle.must(&text);
        fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
    }

    pub fn put_many(&mut self, count: usize) -> Result<(), String> {
        (0..count).try_for_each(|_| self.put())
    }

    /// Starts a process that watches.
    pub fn start(&self, wrap: &[&str], more: &[&str]) -> Result<Child, String> {
        let (inbox, stdout) = (self.path("inbox"), Stdio::null());
        Child::start(Start { inbox: &inbox, out: &self.out, wrap, more, stdout })
    }

    /// Starts one and waits until it watches.
    pub fn watch(&self, more: &[&str]) -> Result<Child, String> {
        let mut child = self.start(&[], more)?;
        child.ready()?;
        Ok(child)
    }

    /// Reads what is there, and ends.
    pub fn once(&self, more: &[&str]) -> Result<String, String> {
        let mut child = self.start(&[], &[&["--once"], more].concat())?;
        let status = child.ends()?;
        if status.success() { Ok(child.said()) } else { Err(format!("{status}: {}", child.said())) }
    }

    /// Waits until all that must be told is told.
    pub fn until_told(&self, child: &mut Child) -> Result<(), String> {
        let begin = Instant::now();
        loop {
            let found = oracle::collect(&self.out, &[], true).unwrap_or_default();
            if self.oracle.is_satisfied(&found, &Found::default()) {
                return Ok(());
            }
            if let Ok(Some(status)) = child.process.try_wait() {
                return Err(format!("it ended by itself ({status}): {}", child.said()));
            }
            if begin.elapsed() > PATIENCE {
                return Err(format!("it stands still: {:?}", self.oracle.judge(&found, &Found::default())));
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Conservation and integrity.
    pub fn judge(&self) -> Result<(), String> {
        self.oracle.judge(&oracle::collect(&self.out, &[], false)?, &oracle::kept(&self.out)?)
    }

    /// Runs to the end of what is there, and judges.
    pub fn ends_well(&self, more: &[&str]) -> Result<(), String> {
        self.once(more)?;
        self.judge()
    }

    /// Mounts a file system at `at`; `Some(reason)` when that may not be done here.
    pub fn mount(&mut self, args: &[&str], at: &Path) -> Result<Option<String>, String> {
        fs::create_dir_all(at).map_err(|e| e.to_string())?;
        let output = Command::new("mount").args(args).arg(at).output().map_err(|e| e.to_string())?;
        if !output.status.success() {
            return Ok(Some(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
        }
        self.mounts.push(at.to_path_buf());
        Ok(None)
    }

    /// Mounts the file system in a file, or says why not. A loop device that lost its file while it was written stays
    /// marked read-only for whoever gets it next, so the mark is taken away first.
    pub fn mount_image(&mut self, image: &str, at: &Path) -> Result<Option<String>, String> {
        let output = match Command::new("losetup").args(["--find", "--show", image]).output() {
            Ok(output) if output.status.success() => output,
            Ok(output) => return Ok(Some(String::from_utf8_lossy(&output.stderr).trim().to_owned())),
            Err(e) => return Ok(Some(format!("losetup: {e}"))),
        };
        let device = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        // Where the mark cannot be taken away the mount tells.
        let _ = Command::new("blockdev").args(["--setrw", &device]).status();
        let mounted = self.mount(&[&device], at);
        // Let go of when the mount is: a device in use is only told to leave with its last user.
        let _ = Command::new("losetup").args(["--detach", &device]).status();
        mounted
    }

    /// Takes one down.
    pub fn unmount(&mut self, at: &Path) -> Result<(), String> {
        self.mounts.retain(|m| m != at);
        let status = Command::new("umount").arg("-l").arg(at).status().map_err(|e| e.to_string())?;
        status.success().then_some(()).ok_or("umount failed".to_owned())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        for mount in self.mounts.iter().rev() {
            let _ = Command::new("umount").arg("-l").arg(mount).status();
        }
    }
}

/// Whether a program can be run here; else why not.
pub fn can(program: &[&str]) -> Option<String> {
    let tried =
        Command::new(program[0]).args(&program[1..]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    match tried {
        Ok(status) if status.success() => None,
        Ok(status) => Some(format!("{program:?}: {status}")),
        Err(e) => Some(format!("{program:?}: {e}")),
    }
}
