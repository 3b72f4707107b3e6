//! Zip, read from its directory at the end, one entry at a time: a library would hold the whole directory, which is
//! some half a gigabyte for an archive of a million entries.

use std::io::{self, BufReader, Read, SeekFrom};

use super::meter::Unpacked;
use super::unpack::{Kind, Source, Walk};
use crate::model::Undecodable;

/// An entry as the directory tells it.
struct Entry {
    name: String,
    method: u16,
    encrypted: bool,
    crc: u32,
    packed: u64,
    size: u64,
    offset: u64,
}

fn bad(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

fn number(bytes: &[u8], at: usize, len: usize) -> u64 {
    let part = bytes.get(at..at + len).unwrap_or_default();
    part.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}

/// Walks an archive; a damaged entry costs that entry, a damaged directory the rest.
pub(super) fn walk(path: &str, from: &mut dyn Source, len: u64, depth: usize, walk: &mut Walk) {
    if let Err(error) = try_walk(path, from, len, depth, walk) {
        walk.fault(path, Some(Kind::Zip), &error);
    }
}

fn try_walk(path: &str, from: &mut dyn Source, len: u64, depth: usize, walk: &mut Walk) -> io::Result<()> {
    let (mut at, end, shift) = directory(from, len)?;
    let mut window = Window::default();
    let mut first = true;
    while at < end && !walk.over {
        let header = window.get(from, at, 46)?;
        if &header[..4] != b"PK\x01\x02" {
            return Err(bad("the directory is damaged"));
        }
        let lens = [28, 30, 32].map(|at| number(&header, at, 2) as usize);
        let whole = window.get(from, at, 46 + lens.iter().sum::<usize>())?;
        let entry = entry(&whole, lens[0], lens[1], shift);
        at += whole.len() as u64;
        walk.meter.entry()?;
        if std::mem::take(&mut first) && matches!(entry.name.as_str(), "[Content_Types].xml" | "mimetype") {
            walk.lose(path, super::foreign::undecodable("an office document or e-book"));
            return Ok(());
        }
        if entry.name.ends_with('/') || walk.passes_over(&entry.name) {
            continue;
        }
        let name = format!("{path}!{}", entry.name);
        if let Err(error) = open(&name, from, &entry, depth, walk) {
            walk.fault(&name, Some(Kind::Zip), &error);
        }
    }
    Ok(())
}

/// A piece of the directory at a time.
#[derive(Default)]
struct Window {
    at: u64,
    bytes: Vec<u8>,
}

impl Window {
    fn get(&mut self, from: &mut dyn Source, at: u64, len: usize) -> io::Result<Vec<u8>> {
        let inside = at.checked_sub(self.at).filter(|i| i + len as u64 <= self.bytes.len() as u64);
        let start = match inside {
            Some(start) => start as usize,
            None => {
                from.seek(SeekFrom::Start(at))?;
                self.bytes.clear();
                from.take(len.max(1 << 16) as u64).read_to_end(&mut self.bytes)?;
                self.at = at;
                0
            }
        };
        let part = self.bytes.get(start..start + len).ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok(part.to_vec())
    }
}

/// First byte and end of the directory, and by how much all offsets are too small (a program may stand before it).
fn directory(from: &mut dyn Source, len: u64) -> io::Result<(u64, u64, u64)> {
    let tail_len = len.min((1 << 16) + 22);
    from.seek(SeekFrom::Start(len - tail_len))?;
    let mut tail = Vec::new();
    from.take(tail_len).read_to_end(&mut tail)?;
    let found = memchr::memmem::rfind(&tail, b"PK\x05\x06").filter(|at| at + 22 <= tail.len());
    let at = found.ok_or_else(|| io::Error::new(io::ErrorKind::UnexpectedEof, "its directory is missing"))?;
    let place = len - tail_len + at as u64;
    let mut size = number(&tail, at + 12, 4);
    let mut offset = number(&tail, at + 16, 4);
    let mut end = place;
    let locator = at.checked_sub(20).filter(|l| tail[*l..].starts_with(b"PK\x06\x07"));
    if let Some(locator) = locator {
        let place64 = number(&tail, locator + 8, 8);
        from.seek(SeekFrom::Start(place64))?;
        let mut record = [0; 56];
        from.read_exact(&mut record)?;
        if &record[..4] != b"PK\x06\x06" {
            return Err(bad("the directory's end is damaged"));
        }
        (size, offset, end) = (number(&record, 40, 8), number(&record, 48, 8), place64);
    }
    let start = end.checked_sub(size).ok_or_else(|| bad("the directory is larger than the archive"))?;
    let shift = start.checked_sub(offset).ok_or_else(|| bad("the directory lies behind its own end"))?;
    Ok((start, end, shift))
}

fn entry(header: &[u8], name_len: usize, extra_len: usize, shift: u64) -> Entry {
    let flags = number(header, 8, 2);
    let name = header.get(46..46 + name_len).unwrap_or_default();
    let mut entry = Entry {
        name: String::from_utf8_lossy(name).replace('\\', "/"),
        method: number(header, 10, 2) as u16,
        encrypted: flags & 1 == 1,
        crc: number(header, 16, 4) as u32,
        packed: number(header, 20, 4),
        size: number(header, 24, 4),
        offset: number(header, 42, 4),
    };
    let mut extra = header.get(46 + name_len..46 + name_len + extra_len).unwrap_or_default();
    while extra.len() >= 4 {
        let (id, len) = (number(extra, 0, 2), number(extra, 2, 2) as usize);
        let field = extra.get(4..4 + len).unwrap_or_default();
        if id == 1 {
            // Only what did not fit stands here, in this order.
            let mut at = 0;
            for value in [&mut entry.size, &mut entry.packed, &mut entry.offset] {
                if *value == 0xffff_ffff && at + 8 <= field.len() {
                    *value = number(field, at, 8);
                    at += 8;
                }
            }
        }
        extra = extra.get(4 + len..).unwrap_or_default();
    }
    entry.offset = entry.offset.saturating_add(shift);
    entry
}

fn open(name: &str, from: &mut dyn Source, entry: &Entry, depth: usize, walk: &mut Walk) -> io::Result<()> {
    let unsupported = |error: String, hint: &str| Undecodable {
        reason: "unsupported",
        format: Some("zip"),
        error,
        hint: Some(hint.to_owned()),
        ..Undecodable::default()
    };
    if entry.encrypted {
        walk.lose(name, unsupported("it is encrypted".into(), "unpack it with its password first"));
        return Ok(());
    }
    from.seek(SeekFrom::Start(entry.offset))?;
    let mut local = [0; 30];
    from.read_exact(&mut local)?;
    if &local[..4] != b"PK\x03\x04" {
        return Err(bad("the directory points to where no entry begins"));
    }
    from.seek(SeekFrom::Current((number(&local, 26, 2) + number(&local, 28, 2)) as i64))?;
    let packed =
        BufReader::with_capacity((entry.packed as usize).clamp(64, 1 << 16), from.take(entry.packed));
    let mut inner: Box<dyn Read> = match entry.method {
        0 => Box::new(packed),
        8 => Box::new(flate2::bufread::DeflateDecoder::new(packed)),
        12 => Box::new(bzip2::bufread::BzDecoder::new(packed)),
        93 => Box::new(zstd::stream::read::Decoder::with_buffer(packed)?),
        method => {
            let error = format!("compression method {method} is not known");
            walk.lose(name, unsupported(error, "pack it again with the usual method (deflate)"));
            return Ok(());
        }
    };
    let meter = walk.meter;
    let checked =
        Checked { inner: &mut inner, crc: crc32fast::Hasher::new(), left: entry.size, wanted: entry.crc };
    walk.stream(name, &mut Unpacked { inner: checked, meter }, depth + 1);
    Ok(())
}

/// Holds an entry to the length and the checksum that the directory tells.
struct Checked<R> {
    inner: R,
    crc: crc32fast::Hasher,
    left: u64,
    wanted: u32,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.crc.update(&buf[..n]);
        self.left =
            self.left.checked_sub(n as u64).ok_or_else(|| bad("it is longer than the directory says"))?;
        if n == 0 && !buf.is_empty() {
            if self.left > 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if self.crc.clone().finalize() != self.wanted {
                return Err(bad("its checksum is wrong"));
            }
        }
        Ok(n)
    }
}
