//! The output read back, line by line: by the page's index, and by everything that passes records on.
//!
//! The JSONL is the log that all readers follow, each at its own pace, so none of them can hold back the writing.
//! What is written but not yet committed is not read: the writer tells how far its output stands.

mod told;

pub use told::{Told, Wake};

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use serde::{Deserialize, Serialize};

/// Bytes read at a time; a line that is longer is read whole.
const CHUNK: usize = 4 << 20;
/// Bytes that a mark is made of, at most.
const MARK: u64 = 256;

/// Whole lines that stand together.
#[derive(Debug)]
pub struct Chunk {
    /// Number of the file.
    pub file: u32,
    /// Where the first line begins.
    pub at: u64,
    /// The lines, each with its newline.
    pub bytes: Vec<u8>,
}

impl Chunk {
    /// Each line with the byte it begins at, without its newline; empty lines are passed over.
    pub fn lines(&self) -> impl Iterator<Item = (u64, &[u8])> {
        let mut at = self.at;
        self.bytes.split_inclusive(|b| *b == b'\n').filter_map(move |line| {
            let begin = at;
            at += line.len() as u64;
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            (!line.is_empty()).then_some((begin, line))
        })
    }
}

/// How far a reader has come, in a form that outlives it: by file, so that rotation and renames do no harm.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Files read, with the bytes read of each.
    pub files: Vec<FilePosition>,
}

/// One file of a position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilePosition {
    /// Device number.
    pub dev: u64,
    /// Inode number.
    pub ino: u64,
    /// Bytes read.
    pub read: u64,
    /// Hash of the last bytes that were read. A file that was deleted leaves its inode number to another; what was read
    /// of the one says nothing of the other.
    #[serde(default)]
    pub mark: Option<u64>,
}

/// A file of the log.
#[derive(Debug)]
struct Open {
    path: PathBuf,
    file: Arc<File>,
    dev: u64,
    ino: u64,
    read: u64,
    /// Bytes that may be read; `None` for all whole lines.
    until: Option<u64>,
    /// Its number among all that were ever opened.
    number: u32,
}

/// Handles of all files, for reading single lines again.
#[derive(Clone, Debug, Default)]
pub struct Lines(Arc<RwLock<Vec<Arc<File>>>>);

impl Lines {
    /// The bytes at a spot.
    pub fn read(&self, file: u32, at: u64, len: u32) -> io::Result<Vec<u8>> {
        let files = self.0.read().unwrap_or_else(|e| e.into_inner());
        let file = files.get(file as usize).cloned().ok_or(io::ErrorKind::NotFound)?;
        drop(files);
        let mut bytes = vec![0; len as usize];
        file.read_exact_at(&mut bytes, at)?;
        Ok(bytes)
    }
}

/// Follows outputs, their rotated segments included.
#[derive(Debug)]
pub struct Feed {
    bases: Vec<PathBuf>,
    open: Vec<Open>,
    lines: Lines,
    told: Option<Told>,
    came_from: Position,
}

impl Feed {
    /// Follows the outputs that stand or will stand at `bases`. With `told`, what the writer has not committed is
    /// left alone.
    pub fn new(bases: &[PathBuf], told: Option<Told>) -> Feed {
        Feed {
            bases: bases.to_vec(),
            open: Vec::new(),
            lines: Lines::default(),
            told,
            came_from: Position::default(),
        }
    }

    /// Goes on from where an earlier reader stood.
    pub fn from(mut self, position: Position) -> Feed {
        self.came_from = position;
        self
    }

    /// Forgets what was read: all that stands now is read from its beginning. Numbers of files are not used again.
    pub fn start_over(&mut self) {
        self.open.clear();
        self.came_from = Position::default();
    }

    /// Handles to read lines again.
    pub fn lines(&self) -> Lines {
        self.lines.clone()
    }

    /// How far it has come.
    pub fn position(&self) -> Position {
        let of = |o: &Open| {
            let mark = mark(&o.file, o.read).ok();
            FilePosition { dev: o.dev, ino: o.ino, read: o.read, mark }
        };
        Position { files: self.open.iter().map(of).collect() }
    }

    /// Bytes that stand and are not read yet.
    pub fn behind(&self) -> u64 {
        let left = |o: &Open| {
            let len = o.file.metadata().map_or(o.read, |m| m.len());
            o.until.map_or(len, |u| u.min(len)).saturating_sub(o.read)
        };
        self.open.iter().map(left).sum()
    }

    /// The next whole lines; `None` when there are none for now.
    ///
    /// # Errors
    /// A file that cannot be read, or that became shorter than what was read of it.
    pub fn next_chunk(&mut self) -> io::Result<Option<Chunk>> {
        self.look()?;
        for number in 0..self.open.len() {
            if let Some(chunk) = self.read(number)? {
                return Ok(Some(chunk));
            }
        }
        Ok(None)
    }

    fn read(&mut self, number: usize) -> io::Result<Option<Chunk>> {
        let open = &mut self.open[number];
        let len = open.file.metadata()?.len();
        if len < open.read {
            let why = format!("{} became shorter: {len} bytes, {} were read", open.path.display(), open.read);
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        let until = open.until.map_or(len, |u| u.min(len));
        // An earlier run read further than this run's writer has told so far.
        if until <= open.read {
            return Ok(None);
        }
        let mut want = CHUNK;
        loop {
            let room = (until - open.read).min(want as u64) as usize;
            let mut bytes = vec![0; room];
            open.file.read_exact_at(&mut bytes, open.read)?;
            let Some(end) = memchr::memrchr(b'\n', &bytes) else {
                if (room as u64) < until - open.read {
                    want *= 2;
                    continue;
                }
                return Ok(None);
            };
            bytes.truncate(end + 1);
            let at = open.read;
            open.read += bytes.len() as u64;
            return Ok(Some(Chunk { file: open.number, at, bytes }));
        }
    }

    /// Finds new files, and how far the writer stands.
    fn look(&mut self) -> io::Result<()> {
        let told = self.told.as_ref().map(Told::ends);
        for base in self.bases.clone() {
            for path in files_of(&base)? {
                let Ok(meta) = fs::metadata(&path) else { continue };
                let (dev, ino) = (meta.dev(), meta.ino());
                if self.open.iter().any(|o| (o.dev, o.ino) == (dev, ino)) {
                    continue;
                }
                let Ok(file) = File::open(&path) else { continue };
                let file = Arc::new(file);
                let mut lines = self.lines.0.write().unwrap_or_else(|e| e.into_inner());
                let number = lines.len() as u32;
                lines.push(file.clone());
                drop(lines);
                let read = self.came_from.files.iter().find(|f| (f.dev, f.ino) == (dev, ino));
                let read = read.filter(|f| f.mark.is_none() || f.mark == mark(&file, f.read).ok());
                let read = read.map_or(0, |f| f.read);
                self.open.push(Open { path, file, dev, ino, read, until: None, number });
            }
        }
        if let Some(told) = told {
            for open in &mut self.open {
                let of = |(dev, ino, _): &&(u64, u64, u64)| (*dev, *ino) == (open.dev, open.ino);
                open.until = Some(told.iter().find(of).map_or(0, |t| t.2));
            }
        }
        Ok(())
    }
}

/// Hash of the last bytes before `read`.
fn mark(file: &File, read: u64) -> io::Result<u64> {
    let len = read.min(MARK);
    let mut bytes = vec![0; len as usize];
    file.read_exact_at(&mut bytes, read - len)?;
    Ok(xxhash_rust::xxh3::xxh3_64(&bytes))
}

/// The files of an output: itself, and its segments in their order.
pub(crate) fn files_of(base: &Path) -> io::Result<Vec<PathBuf>> {
    let mut out: Vec<PathBuf> = base.is_file().then(|| base.to_path_buf()).into_iter().collect();
    let dir = base.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (Some(stem), extension) = (base.file_stem(), base.extension().unwrap_or_default()) else {
        return Ok(out);
    };
    let (stem, extension) = (stem.to_string_lossy(), extension.to_string_lossy());
    let mut segments = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|n| n.to_str()) else { continue };
        if let Some(number) = segment_number(name, &stem, &extension) {
            segments.push((number, path));
        }
    }
    segments.sort();
    out.extend(segments.into_iter().map(|s| s.1));
    Ok(out)
}

/// The number in `events-000012.jsonl`, `events-2026-11-25-000012.jsonl`, either with `.inprogress` behind it.
fn segment_number(name: &str, stem: &str, extension: &str) -> Option<u32> {
    let name = name.strip_suffix(".inprogress").unwrap_or(name);
    let middle = name.strip_prefix(stem)?.strip_prefix('-')?;
    let middle =
        if extension.is_empty() { middle } else { middle.strip_suffix(extension)?.strip_suffix('.')? };
    let (day, digits) = middle.split_at_checked(middle.len().checked_sub(6)?)?;
    let well_formed = day.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?.filter(|_| well_formed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn texts(feed: &mut Feed) -> Vec<String> {
        let mut out = Vec::new();
        while let Some(chunk) = feed.next_chunk().unwrap() {
            out.extend(chunk.lines().map(|(_, l)| String::from_utf8(l.to_vec()).unwrap()));
        }
        out
    }

    #[test]
    fn whole_lines_only_across_segments_and_renames() {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().join("events.jsonl");
        let first = dir.path().join("events-000001.jsonl.inprogress");
        fs::write(&first, "a\nb\nhal").unwrap();
        let mut feed = Feed::new(std::slice::from_ref(&base), None);
        assert_eq!(texts(&mut feed), ["a", "b"]);
        fs::OpenOptions::new().append(true).open(&first).unwrap().write_all(b"f\n").unwrap();
        fs::rename(&first, dir.path().join("events-000001.jsonl")).unwrap();
        fs::write(dir.path().join("events-000002.jsonl.inprogress"), "c\n").unwrap();
        fs::write(dir.path().join("events-note.jsonl"), "no\n").unwrap();
        assert_eq!(texts(&mut feed), ["half", "c"]);
        let mut again = Feed::new(&[base], None).from(feed.position());
        assert_eq!(texts(&mut again), Vec::<String>::new());
    }

    #[test]
    fn what_is_not_committed_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().join("events.jsonl");
        let told = Told::default();
        let mut feed = Feed::new(std::slice::from_ref(&base), Some(told.clone()));
        assert_eq!(texts(&mut feed), Vec::<String>::new());
        fs::write(&base, "a\nb\n").unwrap();
        assert_eq!(texts(&mut feed), Vec::<String>::new());
        told.stands(&base, 2);
        assert_eq!(texts(&mut feed), ["a"]);
        told.stands(&base, 4);
        assert_eq!(texts(&mut feed), ["b"]);
        // The next run: it has come so far already, and its writer has told nothing yet.
        let told = Told::default();
        let mut feed = Feed::new(std::slice::from_ref(&base), Some(told.clone())).from(feed.position());
        assert_eq!(texts(&mut feed), Vec::<String>::new());
        fs::OpenOptions::new().append(true).open(&base).unwrap().write_all(b"c\n").unwrap();
        told.stands(&base, 6);
        assert_eq!(texts(&mut feed), ["c"]);
    }

    #[test]
    fn another_file_at_the_same_place_is_read_from_its_beginning() {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().join("events.jsonl");
        fs::write(&base, "a\nb\n").unwrap();
        let mut feed = Feed::new(std::slice::from_ref(&base), None);
        texts(&mut feed);
        let position = feed.position();
        // The inode stays, as it does when the file system gives a deleted file's number away again.
        for (text, lines) in
            [("c\n", vec!["c"]), ("c\nd\ne\n", vec!["c", "d", "e"]), ("a\nb\nc\n", vec!["c"])]
        {
            fs::write(&base, text).unwrap();
            let mut again = Feed::new(std::slice::from_ref(&base), None).from(position.clone());
            assert_eq!(texts(&mut again), lines);
        }
    }

    #[test]
    fn a_file_that_became_shorter_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let base = dir.path().join("events.jsonl");
        fs::write(&base, "a\nb\n").unwrap();
        let mut feed = Feed::new(std::slice::from_ref(&base), None);
        texts(&mut feed);
        fs::write(&base, "a\n").unwrap();
        assert!(feed.next_chunk().unwrap_err().to_string().contains("became shorter"));
        feed.start_over();
        let chunk = feed.next_chunk().unwrap().unwrap();
        assert_eq!((chunk.file, chunk.bytes.as_slice()), (1, &b"a\n"[..]));
    }
}
