//! A ledger read into memory for looking things up.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use chancery::source::Stamp;
use chancery::source::ledger::{Entry, LedgerError, Length, Mark, Survey, Told, walk};

/// All that a ledger says, oldest first.
#[derive(Default)]
pub struct Book {
    /// Finished files, in the order of their commits; what was forgotten is left out.
    pub entries: Vec<Entry>,
    /// Followed files.
    pub marks: Vec<Mark>,
    /// The outputs' committed lengths.
    pub lengths: Vec<Length>,
    /// Times of first sight of lines: (file, generation, first byte, one past the last, microseconds).
    pub lines: Vec<(u64, u32, u64, u64, i64)>,
    /// Commits.
    pub commits: u64,
    /// Dead letters so far.
    pub dead: u64,
    /// Of the file itself.
    pub survey: Survey,
}

/// Which file a mark speaks of.
pub fn file_of(mark: &Mark) -> u64 {
    Stamp { dev: mark.dev, ino: mark.ino, ..Stamp::default() }.file()
}

impl Book {
    /// Reads the ledger; an instance may go on working with it.
    pub fn open(path: &Path) -> Result<Book, LedgerError> {
        let mut book = Book::default();
        let mut entries: Vec<Option<Entry>> = Vec::new();
        let mut marks: HashMap<u64, Mark> = HashMap::new();
        let survey = walk(path, |told| match told {
            Told::Commit(commit) => {
                book.commits += 1;
                book.dead = commit.dead;
                entries.extend(commit.entries.into_iter().map(Some));
                marks.extend(commit.marks.into_iter().map(|m| (file_of(&m), m)));
                if !commit.lengths.is_empty() {
                    book.lengths = commit.lengths;
                }
            }
            Told::Forget(commit) => {
                let mut forgotten: HashMap<&[u8], Vec<&Entry>> = HashMap::new();
                commit.entries.iter().for_each(|e| forgotten.entry(&e.path).or_default().push(e));
                for entry in entries.iter_mut() {
                    let of_path = |e: &Entry| forgotten.get(e.path.as_slice());
                    if entry.as_ref().is_some_and(|e| of_path(e).is_some_and(|f| f.contains(&e))) {
                        *entry = None;
                    }
                }
                commit.marks.iter().for_each(|m| drop(marks.remove(&file_of(m))));
            }
            Told::Seen(seen) => book.lines.extend(seen.lines),
            Told::Other(_) => {}
        })?;
        book.entries = entries.into_iter().flatten().collect();
        book.marks = marks.into_values().collect();
        book.marks.sort_by(|a, b| a.path.cmp(&b.path));
        book.survey = survey;
        Ok(book)
    }

    /// The last entry of each path, by path.
    pub fn latest(&self) -> Vec<&Entry> {
        let mut last: HashMap<&[u8], &Entry> = HashMap::new();
        last.extend(self.entries.iter().map(|e| (e.path.as_slice(), e)));
        let mut latest: Vec<_> = last.into_values().collect();
        latest.sort_by(|a, b| a.path.cmp(&b.path));
        latest
    }
}

/// Paths as the ledger has them: absolute, links in directories resolved.
pub struct Wanted(Vec<PathBuf>);

impl Wanted {
    /// From what was typed.
    pub fn new(paths: &[PathBuf]) -> Wanted {
        Wanted(paths.iter().map(|p| real(p)).collect())
    }

    /// Whether a path is one of them or below one; without any all are.
    pub fn has(&self, path: &[u8]) -> bool {
        let path = as_path(path);
        self.0.is_empty() || self.0.iter().any(|p| path.starts_with(p))
    }
}

/// The path with links in its directories resolved, whether or not it is there.
pub fn real(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    match (absolute.parent().map(Path::canonicalize), absolute.file_name()) {
        (Some(Ok(dir)), Some(name)) => dir.join(name),
        _ => absolute,
    }
}

/// Raw bytes as a path.
pub fn as_path(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}

/// A path on one line: below the working directory without it, control characters escaped.
pub fn shown(bytes: &[u8]) -> String {
    let path = as_path(bytes);
    let here = std::env::current_dir().and_then(|d| d.canonicalize()).unwrap_or_default();
    let text = path.strip_prefix(here).unwrap_or(path).to_string_lossy().into_owned();
    if text.contains(char::is_control) { text.escape_debug().to_string() } else { text }
}
