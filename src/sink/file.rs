//! An output file: appended to, cut to what is committed, rotated only at a commit.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::OutError;
use crate::source::disk::{Disk, OwnFile};
use crate::source::ledger::Length;
use crate::source::name::dir_of;

/// When a file is closed under its final name and the next one begun.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rotation {
    /// Once it is this long (bytes).
    pub size: Option<u64>,
    /// At the first commit of another day (UTC).
    pub daily: bool,
}

impl Rotation {
    /// Whether files are rotated at all.
    pub fn is_on(&self) -> bool {
        self.size.is_some() || self.daily
    }
}

/// What recovery had to do to an output.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Recovered {
    /// Uncommitted bytes cut off.
    pub cut: u64,
    /// Whether a file the ledger speaks of is gone.
    pub missing: bool,
}

/// One output.
pub struct FileOut {
    base: PathBuf,
    rotation: Rotation,
    disk: Disk,
    file: Option<OwnFile>,
    segment: u32,
    day: Option<NaiveDate>,
    /// The highest number of a finished segment that stood there before the plain file did, if that is known.
    before: Option<u32>,
    /// Final name of the current segment (or of the file itself).
    name: PathBuf,
    committed: u64,
    len: u64,
    dirty: bool,
}

impl FileOut {
    /// An output at `base`; with rotation its segments stand beside it (`events-2026-11-25-000001.jsonl`).
    pub fn new(base: PathBuf, rotation: Rotation, disk: Disk) -> FileOut {
        let name = base.clone();
        FileOut {
            base,
            rotation,
            disk,
            file: None,
            segment: 0,
            before: None,
            day: None,
            name,
            committed: 0,
            len: 0,
            dirty: false,
        }
    }

    /// Number of the current segment; 0 without rotation.
    pub fn segment(&self) -> u32 {
        self.segment
    }

    /// Of a plain file: the number of the last finished segment from before it.
    pub fn before(&self) -> Option<u32> {
        self.before.filter(|_| self.segment == 0)
    }

    /// Final path of the file being written.
    pub fn path(&self) -> &Path {
        &self.name
    }

    /// Bytes written, committed or not.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether bytes of an earlier run stand here, whatever the ledger says.
    pub fn has_bytes(&self) -> bool {
        let mut files = self.segments().unwrap_or_default();
        files.push((0, self.base.clone()));
        files.iter().any(|(_, path)| path.metadata().is_ok_and(|m| m.len() > 0))
    }

    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The name under which the current bytes stand.
    fn writing(&self) -> PathBuf {
        if self.segment > 0 { suffixed(&self.name, ".inprogress") } else { self.name.clone() }
    }

    fn error(&self, doing: &'static str) -> impl FnOnce(io::Error) -> OutError + use<> {
        let path = self.writing();
        move |source| OutError { doing, path, source }
    }

    /// Comes back to the state the ledger tells: `known` is that of the last commit, or `None` when the ledger knows
    /// nothing of this output. With `keep` what is cut off is kept in `<file>.cut`.
    pub fn recover(&mut self, known: Option<&Length>, keep: bool) -> Result<Recovered, OutError> {
        let mut done = Recovered::default();
        let Some(Length { segment, name, len, before, .. }) = known else {
            // A file that nobody committed to is somebody's: go on behind it, or beside it.
            self.stand_at_base();
            return Ok(done);
        };
        let (segment, len, name) = (*segment, *len, Path::new(OsStr::from_bytes(name)));
        (self.segment, self.name) = (segment, self.base.with_file_name(name));
        self.day = day_of(&self.base, name);
        done.cut +=
            self.drop_later_segments(keep, *before).map_err(self.error("remove uncommitted segments of"))?;
        self.before = self.last_segment().ok();
        if segment > 0 && self.name.exists() {
            if self.name.metadata().is_ok_and(|m| m.len() == len) {
                // Renamed after its last commit: it is finished, and stays what the ledger tells until the next
                // one is begun.
                (self.committed, self.len) = (len, len);
                self.change_ways(false)?;
                return Ok(done);
            }
            self.disk.rename(&self.name, &self.writing()).map_err(self.error("take back the name of"))?;
        }
        match self.cut_to(len, keep)? {
            Some(cut) => done.cut += cut,
            None => done.missing = len > 0,
        }
        self.change_ways(!done.missing)?;
        Ok(done)
    }

    /// Cuts the file to its committed length; the bytes cut, or `None` when there is no file.
    fn cut_to(&mut self, len: u64, keep: bool) -> Result<Option<u64>, OutError> {
        let path = self.writing();
        let there = match path.metadata() {
            Ok(meta) => meta.len(),
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(self.error("look at")(e)),
        };
        if there < len {
            let why = format!("it has {there} bytes, but {len} were committed to it");
            let short = io::Error::new(io::ErrorKind::UnexpectedEof, why);
            return Err(self.error("go on writing")(short));
        }
        if there > len {
            if keep {
                self.keep_end(len).map_err(self.error("keep the end of"))?;
            }
            let file = self.disk.append(&path).map_err(self.error("open"))?;
            file.cut(len).map_err(self.error("cut"))?;
            file.sync().map_err(self.error("sync"))?;
        }
        (self.committed, self.len) = (len, len);
        Ok(Some(there - len))
    }

    /// Rotation may have been switched on or off since the last run: what was begun is ended first.
    fn change_ways(&mut self, open: bool) -> Result<(), OutError> {
        if self.rotation.is_on() == (self.segment > 0) {
            return Ok(());
        }
        if self.segment > 0 && open {
            self.finish()?;
        }
        self.stand_at_base();
        Ok(())
    }

    /// Tells the plain file as it is. With rotation on that holds until the first segment is begun: were it told as
    /// empty, the next start would cut it.
    fn stand_at_base(&mut self) {
        (self.segment, self.name) = (0, self.base.clone());
        self.before = self.last_segment().ok();
        self.committed = self.base.metadata().map_or(0, |m| m.len());
        self.len = self.committed;
    }

    /// Keeps the uncommitted end of the file before it is cut: after damage to the ledger it may have been committed.
    fn keep_end(&self, from: u64) -> io::Result<()> {
        use std::io::{Read, Seek, SeekFrom};
        let path = self.writing();
        let Ok(mut file) = File::open(&path) else { return Ok(()) };
        file.seek(SeekFrom::Start(from))?;
        let mut end = Vec::new();
        file.read_to_end(&mut end)?;
        if end.is_empty() {
            return Ok(());
        }
        let mut kept = OpenOptions::new().create(true).append(true).open(suffixed(&path, ".cut"))?;
        kept.write_all(&end)?;
        kept.sync_all()
    }

    /// Appends whole lines.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), OutError> {
        if self.file.is_none() {
            self.open()?;
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        self.dirty = true;
        let result = file.write_all(bytes);
        result.map_err(self.error("write"))?;
        self.len += bytes.len() as u64;
        Ok(())
    }

    fn open(&mut self) -> Result<(), OutError> {
        let before = (self.segment, self.name.clone(), self.day);
        if self.rotation.is_on() && (self.segment == 0 || self.name.exists() || self.committed == 0) {
            self.begin_segment(chrono::Utc::now().date_naive())
                .map_err(self.error("list the segments of"))?;
        }
        let path = self.writing();
        let new = !path.exists();
        let file = match self.disk.append(&path) {
            Ok(file) => file,
            Err(source) => {
                // It may be tried again, under the same number.
                (self.segment, self.name, self.day) = before;
                return Err(OutError { doing: "open", path, source });
            }
        };
        if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            let why = "another process writes to it\n  hint: give each instance its own --out";
            return Err(self.error("lock")(io::Error::other(why)));
        }
        if new {
            self.disk.sync_dir(&path).map_err(self.error("sync the directory of"))?;
        }
        // Whatever stands behind the committed length was never ours to keep.
        if file.metadata().is_ok_and(|m| m.len() > self.committed) && self.len == self.committed {
            file.cut(self.committed).map_err(self.error("cut"))?;
        }
        self.file = Some(file);
        Ok(())
    }

    fn begin_segment(&mut self, day: NaiveDate) -> io::Result<()> {
        if self.segment == 0 {
            self.segment = self.last_segment()?;
        }
        let stem = self.base.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let extension =
            self.base.extension().map(|e| format!(".{}", e.to_string_lossy())).unwrap_or_default();
        let day_part = if self.rotation.daily { format!("{day}-") } else { String::new() };
        loop {
            self.segment += 1;
            self.name = self.base.with_file_name(format!("{stem}-{day_part}{:06}{extension}", self.segment));
            if !self.name.exists() {
                break;
            }
        }
        self.day = Some(day);
        (self.committed, self.len) = (0, 0);
        Ok(())
    }

    /// Makes what was written durable.
    pub fn sync(&mut self) -> Result<(), OutError> {
        if let Some(file) = &self.file
            && self.dirty
        {
            file.sync().map_err(self.error("sync"))?;
        }
        Ok(())
    }

    /// Takes back what was written since the last commit.
    pub fn cut_back(&mut self) -> Result<(), OutError> {
        if let Some(file) = &self.file {
            file.cut(self.committed).map_err(self.error("cut"))?;
        }
        self.len = self.committed;
        Ok(())
    }

    /// Called once the ledger has the commit: what was written stands. Rotates when it is time.
    pub fn committed(&mut self, today: NaiveDate) -> Result<bool, OutError> {
        self.committed = self.len;
        self.dirty = false;
        let full = self.rotation.size.is_some_and(|size| self.len >= size);
        let old = self.rotation.daily && self.day.is_some_and(|day| day != today);
        // Without an open file there was nothing written since the last one was finished.
        if self.file.is_none() || self.len == 0 || !self.rotation.is_on() || !(full || old) {
            return Ok(false);
        }
        self.finish()?;
        Ok(true)
    }

    /// Gives the current segment its final name.
    pub fn finish(&mut self) -> Result<(), OutError> {
        if self.segment == 0 || self.committed == 0 || self.len != self.committed {
            return Ok(());
        }
        self.file = None;
        self.disk.rename(&self.writing(), &self.name).map_err(self.error("rename"))?;
        self.disk.sync_dir(&self.name).map_err(self.error("sync the directory of"))
    }

    /// Segments of this output in its directory: (number, path, final or in progress).
    fn segments(&self) -> io::Result<Vec<(u32, PathBuf)>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(dir_of(&self.base))? {
            let path = entry?.path();
            if let Some(number) = segment_number(&self.base, &path) {
                found.push((number, path));
            }
        }
        Ok(found)
    }

    fn last_segment(&self) -> io::Result<u32> {
        Ok(self.segments()?.into_iter().map(|s| s.0).max().unwrap_or(0))
    }

    /// Removes segments that were begun after the last commit; their inputs are read again. With `keep` they stay as
    /// `….cut`, and so does one with its final name: it was committed to a ledger that is no longer there. `before` is
    /// the last finished one from before a plain file, if the ledger tells it.
    fn drop_later_segments(&self, keep: bool, before: Option<u32>) -> io::Result<u64> {
        let mut cut = 0;
        for (number, path) in self.segments()? {
            let finished = path.extension().is_none_or(|e| e != "inprogress");
            // Where the ledger tells of the plain file, finished segments are from before that; but those that came
            // to stand there later were told by what it has lost since.
            let from_before =
                finished && self.segment == 0 && !(keep && before.is_some_and(|last| number > last));
            if number > self.segment && !from_before {
                cut += path.metadata()?.len();
                if keep || finished {
                    self.disk.rename(&path, &suffixed(&path, ".cut"))?
                } else {
                    self.disk.remove(&path)?
                }
            }
        }
        Ok(cut)
    }
}

/// The number in `events-…000012.jsonl[.inprogress]` beside `events.jsonl`.
fn segment_number(base: &Path, path: &Path) -> Option<u32> {
    let name = path.file_name()?.to_str()?;
    let name = name.strip_suffix(".inprogress").unwrap_or(name);
    let extension = base.extension().map(|e| format!(".{}", e.to_string_lossy())).unwrap_or_default();
    let middle = name.strip_suffix(extension.as_str())?.strip_prefix(base.file_stem()?.to_str()?)?;
    let middle = middle.strip_prefix('-')?;
    let (day, digits) = middle.split_at_checked(middle.len().checked_sub(6)?)?;
    let well_formed = day.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?.filter(|_| well_formed)
}

/// The day in the name of a daily segment.
fn day_of(base: &Path, name: &Path) -> Option<NaiveDate> {
    let rest = name.to_str()?.strip_prefix(base.file_stem()?.to_str()?)?.strip_prefix('-')?;
    rest.get(..10)?.parse().ok()
}

fn suffixed(path: &Path, suffix: &str) -> PathBuf {
    crate::source::ledger::with_suffix(path, suffix)
}
