//! Lines on their way to an output: few are held in memory, many in a file without a name.
//!
//! All lines of a document are committed together, and a document may be an archive with millions of them.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tracing::warn;

use super::OutError;

/// Bytes read back at a time.
const CHUNK: usize = 256 << 10;

/// Where lines go when they are too many for the memory.
#[derive(Clone, Debug)]
pub struct Room {
    dir: Arc<Path>,
    most: usize,
}

impl Room {
    /// Beyond `most` bytes lines go to a file in `dir`, which has no name there and is gone with the process.
    pub fn new(dir: &Path, most: usize) -> Room {
        Room { dir: dir.into(), most }
    }
}

/// Lines in order. Those of [`Spool::default`] stay in memory.
#[derive(Debug, Default)]
pub struct Spool {
    parts: Vec<Part>,
    lines: u64,
    /// `None` too when the disk took no more.
    room: Option<Room>,
}

#[derive(Debug)]
enum Part {
    Memory(Vec<u8>),
    /// A file and how much of it counts.
    Disk(File, u64),
}

impl Part {
    fn len(&self) -> u64 {
        match self {
            Part::Memory(bytes) => bytes.len() as u64,
            Part::Disk(_, len) => *len,
        }
    }
}

/// A place in a spool, to go back to.
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    len: u64,
    lines: u64,
}

impl Spool {
    /// An empty one.
    pub fn new(room: &Room) -> Spool {
        Spool { room: Some(room.clone()), ..Spool::default() }
    }

    /// Bytes in it.
    pub fn len(&self) -> u64 {
        self.parts.iter().map(Part::len).sum()
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Lines in it.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Adds a line, given without its end.
    pub fn push(&mut self, line: &[u8]) {
        if !matches!(self.parts.last(), Some(Part::Memory(_))) {
            self.parts.push(Part::Memory(Vec::new()));
        }
        let Some(Part::Memory(bytes)) = self.parts.last_mut() else { return };
        bytes.extend_from_slice(line);
        bytes.push(b'\n');
        self.lines += 1;
        if let Some(room) = &self.room
            && bytes.len() > room.most
            && let Err(error) = spill(&mut self.parts, &room.dir)
        {
            warn!(dir = ?room.dir, %error, "no room for many records on the disk: they are held in memory");
            self.room = None;
        }
    }

    /// Adds all of another one, behind its own.
    pub fn append(&mut self, other: Spool) {
        self.lines += other.lines;
        for part in other.parts {
            match (self.parts.last_mut(), part) {
                (Some(Part::Memory(mine)), Part::Memory(theirs)) => mine.extend(theirs),
                (_, part) => self.parts.push(part),
            }
        }
    }

    /// Where it ends now.
    pub fn mark(&self) -> Mark {
        Mark { len: self.len(), lines: self.lines }
    }

    /// Takes back what was added behind a mark.
    pub fn cut(&mut self, mark: Mark) {
        self.lines = mark.lines;
        let mut left = mark.len;
        for part in &mut self.parts {
            let keep = left.min(part.len());
            left -= keep;
            match part {
                Part::Memory(bytes) => bytes.truncate(keep as usize),
                Part::Disk(_, len) => *len = keep,
            }
        }
        self.parts.retain(|part| part.len() > 0);
    }

    /// Shows the bytes of a range, piece by piece. Pieces are whole lines where the range is.
    ///
    /// # Errors
    /// Those of `see`, and that of a file that cannot be read back.
    pub fn each<E: From<OutError>>(
        &self,
        range: Range<u64>,
        see: &mut dyn FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut begin = 0;
        for part in &self.parts {
            let from = range.start.clamp(begin, begin + part.len()) - begin;
            let to = range.end.clamp(begin, begin + part.len()) - begin;
            begin += part.len();
            match part {
                _ if from == to => {}
                Part::Memory(bytes) => see(&bytes[from as usize..to as usize])?,
                Part::Disk(file, _) => read_back(file, from..to, see)?,
            }
        }
        Ok(())
    }
}

/// Moves the last part to the file before it, or to a new one.
fn spill(parts: &mut Vec<Part>, dir: &Path) -> io::Result<()> {
    if !matches!(parts[..], [.., Part::Disk(..), Part::Memory(_)]) {
        let file = tempfile::tempfile_in(dir)?;
        parts.insert(parts.len() - 1, Part::Disk(file, 0));
    }
    if let [.., Part::Disk(file, len), Part::Memory(bytes)] = &mut parts[..] {
        file.write_all_at(bytes, *len)?;
        *len += bytes.len() as u64;
        bytes.clear();
    }
    Ok(())
}

fn read_back<E: From<OutError>>(
    file: &File,
    range: Range<u64>,
    see: &mut dyn FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut at = range.start;
    let mut wanted = CHUNK;
    let mut bytes = Vec::new();
    while at < range.end {
        let len = (range.end - at).min(wanted as u64) as usize;
        bytes.resize(len, 0);
        file.read_exact_at(&mut bytes, at).map_err(|source| OutError {
            doing: "read back",
            path: PathBuf::from("the records that wait"),
            source,
        })?;
        let whole = if at + len as u64 == range.end {
            len
        } else {
            memchr::memrchr(b'\n', &bytes).map_or(0, |end| end + 1)
        };
        if whole == 0 {
            // A line longer than this piece.
            wanted *= 2;
            continue;
        }
        see(&bytes[..whole])?;
        at += whole as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all(spool: &Spool, range: Range<u64>) -> Vec<u8> {
        let mut out = Vec::new();
        let seen: Result<(), OutError> = spool.each(range, &mut |bytes| {
            out.extend_from_slice(bytes);
            Ok(())
        });
        seen.unwrap();
        out
    }

    proptest! {
        #[test]
        fn it_gives_back_what_was_put_in_however_little_room_there_is(
            most in 0usize..200,
            spools in prop::collection::vec(prop::collection::vec(("[a-z]{0,40}", any::<bool>()), 0..20), 1..4),
            half in 0.0f64..1.0,
        ) {
            let dir = tempfile::tempdir().unwrap();
            let room = Room::new(dir.path(), most);
            let (mut expected, mut lines) = (String::new(), 0);
            let mut whole = Spool::default();
            for spool in spools {
                let mut one = Spool::new(&room);
                for (line, stays) in spool {
                    let mark = one.mark();
                    one.push(line.as_bytes());
                    if stays {
                        expected.push_str(&line);
                        expected.push('\n');
                        lines += 1;
                    } else {
                        one.cut(mark);
                    }
                }
                whole.append(one);
            }
            prop_assert_eq!((whole.len(), whole.lines()), (expected.len() as u64, lines));
            let cut = (expected.len() as f64 * half) as u64;
            let parts = [all(&whole, 0..cut), all(&whole, cut..whole.len())].concat();
            prop_assert_eq!(String::from_utf8(parts).unwrap(), expected);
            prop_assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "its files have no names");
        }
    }

    #[test]
    fn pieces_of_what_was_on_disk_are_whole_lines() {
        let dir = tempfile::tempdir().unwrap();
        let mut spool = Spool::new(&Room::new(dir.path(), 1000));
        let lines: Vec<String> =
            (0..40).map(|n| format!("{n}").repeat(if n == 20 { 3 * CHUNK } else { 9_999 })).collect();
        lines.iter().for_each(|line| spool.push(line.as_bytes()));
        let mut seen = Vec::new();
        let result: Result<(), OutError> = spool.each(0..spool.len(), &mut |bytes| {
            assert!(bytes.ends_with(b"\n"));
            seen.extend_from_slice(bytes);
            Ok(())
        });
        result.unwrap();
        assert!(seen == format!("{}\n", lines.join("\n")).into_bytes());
    }

    #[test]
    fn where_no_file_can_be_the_memory_holds_them() {
        let dir = tempfile::tempdir().unwrap();
        let mut spool = Spool::new(&Room::new(&dir.path().join("gone"), 10));
        (0..9).for_each(|_| spool.push(b"a line"));
        assert_eq!(all(&spool, 0..spool.len()), b"a line\n".repeat(9));
    }
}
