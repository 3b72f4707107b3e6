//! Reads one document: never more than the limit, never a state between two writes.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use xxhash_rust::xxh3::xxh3_128;

use super::Stamp;

/// What came of reading a file.
#[derive(Debug)]
pub enum Fetched {
    /// Its bytes, its state while they were read, and the XXH3-128 of the bytes.
    Whole(Vec<u8>, Stamp, u128),
    /// Larger than the limit; not read.
    TooLarge(Stamp),
    /// It may not or cannot be read.
    Unreadable(io::Error),
    /// It is no longer there.
    Gone,
    /// It changed while it was being read: to be looked at again.
    Changing,
    /// No longer a regular file.
    Special,
}

/// Reads the file at `path` if it is a regular file of at most `limit` bytes.
pub fn fetch(path: &Path, limit: u64) -> Fetched {
    match try_fetch(path, limit) {
        Ok(fetched) => fetched,
        Err(e) if e.kind() == io::ErrorKind::NotFound => Fetched::Gone,
        Err(e) => Fetched::Unreadable(e),
    }
}

fn try_fetch(path: &Path, limit: u64) -> io::Result<Fetched> {
    // Opening a FIFO would wait for a writer: look first.
    if !path.metadata()?.is_file() {
        return Ok(Fetched::Special);
    }
    let mut file = File::open(path)?;
    let before = file.metadata()?;
    if before.len() > limit {
        return Ok(Fetched::TooLarge(Stamp::of(&before)));
    }
    let mut bytes = Vec::with_capacity(before.len() as usize + 1);
    (&mut file).take(limit + 1).read_to_end(&mut bytes)?;
    let after = Stamp::of(&file.metadata()?);
    // Files of the kernel's own making have no length; for all others a difference means a writer at work.
    let odd = before.len() == 0 && after.size == 0;
    if bytes.len() as u64 > limit {
        return Ok(Fetched::TooLarge(after));
    }
    if Stamp::of(&before) != after || (bytes.len() as u64 != after.size && !odd) {
        return Ok(Fetched::Changing);
    }
    let content = xxh3_128(&bytes);
    Ok(Fetched::Whole(bytes, after, content))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_file_is_read_whole_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        assert!(matches!(fetch(&path, 10), Fetched::Gone));
        fs::write(&path, b"0123456789").unwrap();
        assert!(matches!(fetch(&path, 10), Fetched::Whole(b, s, _) if b.len() == 10 && s.size == 10));
        assert!(matches!(fetch(&path, 9), Fetched::TooLarge(s) if s.size == 10));
        assert!(matches!(fetch(dir.path(), 10), Fetched::Special));
        assert!(matches!(fetch(Path::new("/proc/self/mem"), 10), Fetched::Unreadable(_)));
    }
}
