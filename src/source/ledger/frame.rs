//! The ledger's frames: `length u32 | kind u8 | payload | check u64`, little-endian.
//!
//! The check is XXH3-64 of kind and payload, seeded with the frame's place in the file, so that a frame copied or
//! left over from elsewhere is never taken for one.

use std::io::{self, Read};

use xxhash_rust::xxh3::xxh3_64_with_seed;

/// The file's first bytes: a magic word, then the version of the format as `u32`.
pub(super) const MAGIC: &[u8; 8] = b"CHLEDGER";
/// The version written and the newest one read.
pub(super) const VERSION: u32 = 1;
/// Bytes of magic and version.
pub(super) const HEADER: u64 = 12;
/// No frame is longer: a larger length is damage, not a reason to allocate.
pub(super) const LONGEST: usize = 256 << 20;
const OVERHEAD: usize = 5 + 8;

/// What a frame holds. Kinds of 0x80 and above may be skipped by a version that does not know them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    /// A group commit.
    Commit = 1,
    /// Times of first sight, written ahead of the records.
    Seen = 0x81,
    /// Files to read again.
    Forget = 3,
}

/// A frame as it was found.
pub(super) struct Frame {
    pub kind: u8,
    pub payload: Vec<u8>,
    /// Its check.
    pub check: u64,
    /// One past its last byte in the file.
    pub end: u64,
}

/// The bytes of the header.
pub(super) fn header() -> Vec<u8> {
    [MAGIC.as_slice(), &VERSION.to_le_bytes()].concat()
}

/// The check of a frame's bytes.
pub(super) fn check_of(frame: &[u8]) -> u64 {
    frame.last_chunk().map_or(0, |check| u64::from_le_bytes(*check))
}

/// The bytes of a frame that will stand at `at`.
pub(super) fn write(kind: Kind, payload: &[u8], at: u64) -> Vec<u8> {
    let mut out = Vec::with_capacity(payload.len() + OVERHEAD);
    out.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    out.push(kind as u8);
    out.extend_from_slice(payload);
    let check = xxh3_64_with_seed(&out[4..], at);
    out.extend_from_slice(&check.to_le_bytes());
    out
}

/// Reads frames until the file ends or one is not whole.
pub(super) struct Frames<R> {
    reader: R,
    at: u64,
    whole: bool,
}

impl<R: Read> Frames<R> {
    /// `reader` stands behind the header.
    pub fn new(reader: R) -> Self {
        Frames { reader, at: HEADER, whole: true }
    }

    /// Whether the last thing read was the plain end of the file, not a damaged frame.
    #[cfg(test)]
    pub fn ended_whole(&self) -> bool {
        self.whole
    }

    /// The next frame; `None` at the end or at the first damage.
    pub fn next(&mut self) -> io::Result<Option<Frame>> {
        let mut head = [0; 5];
        match fill(&mut self.reader, &mut head)? {
            0 => return Ok(None),
            5 => {}
            _ => return Ok(self.damaged()),
        }
        let len = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize;
        if len > LONGEST {
            return Ok(self.damaged());
        }
        // The length may be damaged: take what is there instead of allocating what is claimed.
        let mut body = vec![head[4]];
        let got = (&mut self.reader).take(len as u64 + 8).read_to_end(&mut body)?;
        if got != len + 8 {
            return Ok(self.damaged());
        }
        let found = body.split_off(1 + len);
        let check = xxh3_64_with_seed(&body, self.at);
        if found != check.to_le_bytes() {
            return Ok(self.damaged());
        }
        self.at += (len + OVERHEAD) as u64;
        body.remove(0);
        Ok(Some(Frame { kind: head[4], payload: body, check, end: self.at }))
    }

    fn damaged(&mut self) -> Option<Frame> {
        self.whole = false;
        None
    }
}

/// Reads until `buf` is full or the input ends; the count of bytes.
fn fill(reader: &mut impl Read, buf: &mut [u8]) -> io::Result<usize> {
    let mut got = 0;
    while got < buf.len() {
        match reader.read(&mut buf[got..]) {
            Ok(0) => break,
            Ok(n) => got += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(got)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(bytes: &[u8]) -> (usize, bool) {
        let mut frames = Frames::new(bytes);
        let mut n = 0;
        while frames.next().unwrap().is_some() {
            n += 1;
        }
        (n, frames.ended_whole())
    }

    #[test]
    fn every_torn_and_every_flipped_tail_is_noticed() {
        let first = write(Kind::Commit, b"one", HEADER);
        let both = [first.clone(), write(Kind::Seen, b"second", HEADER + first.len() as u64)].concat();
        assert_eq!(frames(&both), (2, true));
        for cut in 1..both.len() {
            let want = usize::from(cut >= first.len());
            assert_eq!(frames(&both[..cut]), (want, cut == first.len()), "cut at {cut}");
        }
        for at in first.len()..both.len() {
            let mut bad = both.clone();
            bad[at] ^= 1;
            assert_eq!(frames(&bad), (1, false), "flipped at {at}");
        }
    }

    #[test]
    fn a_frame_from_another_place_is_refused() {
        assert_eq!(frames(&write(Kind::Commit, b"x", HEADER + 1)), (0, false));
    }
}
