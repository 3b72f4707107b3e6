//! The writer's word on how far its output stands, and a bell for those who wait for it.

use std::collections::HashMap;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

/// A bell: rung when there may be something new.
#[derive(Clone, Debug, Default)]
pub struct Wake(Arc<(Mutex<u64>, Condvar)>);

impl Wake {
    /// Wakes all who wait.
    pub fn ring(&self) {
        *self.0.0.lock().unwrap_or_else(|e| e.into_inner()) += 1;
        self.0.1.notify_all();
    }

    /// Waits until the bell was rung since `heard`, or `longest` has passed; the count of rings.
    pub fn wait(&self, heard: u64, longest: Duration) -> u64 {
        let count = self.0.0.lock().unwrap_or_else(|e| e.into_inner());
        let waited = self.0.1.wait_timeout_while(count, longest, |rung| *rung == heard);
        *waited.unwrap_or_else(|e| e.into_inner()).0
    }
}

/// How far each file stands, by device and inode.
#[derive(Clone, Debug, Default)]
pub struct Told {
    ends: Arc<Mutex<HashMap<(u64, u64), u64>>>,
    /// Rung at each commit.
    pub bell: Wake,
}

impl Told {
    /// The writer: nothing is being written now, so all that is there stands.
    pub fn begin(&self, bases: &[PathBuf]) {
        for path in bases.iter().flat_map(|base| super::files_of(base).unwrap_or_default()) {
            if let Ok(meta) = path.metadata() {
                self.stands(&path, meta.len());
            }
        }
    }

    /// The writer: `path` stands up to `len` bytes. A segment that is being written has `.inprogress` behind its name.
    pub fn stands(&self, path: &Path, len: u64) {
        let mut writing = path.as_os_str().to_owned();
        writing.push(".inprogress");
        if let Ok(meta) = path.metadata().or_else(|_| Path::new(&writing).metadata()) {
            let mut ends = self.ends.lock().unwrap_or_else(|e| e.into_inner());
            ends.insert((meta.dev(), meta.ino()), len);
        }
        self.bell.ring();
    }

    pub(super) fn ends(&self) -> Vec<(u64, u64, u64)> {
        let ends = self.ends.lock().unwrap_or_else(|e| e.into_inner());
        ends.iter().map(|((dev, ino), len)| (*dev, *ino, *len)).collect()
    }
}
