//! WARC: records of a web archive, one after the other; and lines, which come the same way.
//!
//! A response becomes a saved HTTP answer with the record's address, id and date among its headers; what a crawler
//! noted for itself (requests, metadata, revisits) is passed over and counted.

use std::io::{self, BufRead, Read};
use std::ops::Range;

use super::members::Starts;
use super::unpack::{Kind, Walk};
use crate::model::Undecodable;

/// Bytes of a record's header that are believed.
const LONGEST_HEADER: usize = 64 << 10;

/// Walks the records of an archive; `members` are those of the gzip it comes in.
///
/// There each record must be a member of its own, as the standard has it: one that is not is lost, since a damaged or
/// carelessly joined archive cannot be told from it, and all such records are told as one loss. So each is held back
/// until it is seen where it ends. Of an archive that is not packed nothing of the kind is asked.
pub(super) fn walk(path: &str, from: &mut dyn BufRead, members: Option<Starts>, walk: &mut Walk) {
    let mut at = 0u64;
    let mut layout = Layout { members, ..Layout::default() };
    let mut next = Ok(true);
    while !walk.over && matches!(next, Ok(true)) {
        next = record(path, from, &mut at, &mut layout, walk);
    }
    if let Some(held) = layout.ends(at, true) {
        held.give(path, walk);
    }
    if let Err(error) = next {
        walk.fault(path, Some(Kind::Warc), &error);
    }
    if let Some(lost) = layout.fault() {
        walk.lose(path, lost);
    }
}

/// A record that was read.
struct Held {
    range: Range<u64>,
    bytes: Vec<u8>,
}

impl Held {
    fn give(self, path: &str, walk: &mut Walk) {
        walk.item(path, Some(self.range), self.bytes);
    }
}

/// How records lie in the members of the gzip around them.
#[derive(Default)]
struct Layout {
    members: Option<Starts>,
    /// Where the last record begins, whether a member begins there, and what it holds.
    last: Option<(u64, bool, Option<Held>)>,
    records: u64,
    /// Records that are no members of their own, and what is wrong with the first of them.
    wrong: u64,
    first: Option<String>,
}

impl Layout {
    /// Sees where a record begins (bytes of the unpacked stream); gives the one before it, if that is sound.
    fn begins(&mut self, start: u64) -> Option<Held> {
        let before = self.ends(start, false);
        self.records += 1;
        self.last = Some((start, self.border(start), None));
        before
    }

    fn hold(&mut self, held: Held) {
        if let Some((.., place)) = &mut self.last {
            *place = Some(held);
        }
    }

    /// Whether a member begins at a place behind all that were asked for before.
    fn border(&self, at: u64) -> bool {
        self.members.as_ref().is_none_or(|m| m.borrow().front() == Some(&at))
    }

    /// Sees where the last record ends, which may be where the stream does.
    fn ends(&mut self, end: u64, at_end: bool) -> Option<Held> {
        let (start, began, held) = self.last.take()?;
        let members = self.members.as_ref().map_or(1, |members| {
            let mut members = members.borrow_mut();
            let behind = members.iter().take_while(|member| **member < end).count();
            members.drain(..behind);
            behind
        });
        let fault = if !began {
            format!("the record at byte {start} does not begin a gzip member")
        } else if members > 1 {
            format!("the record at byte {start} is spread over {members} gzip members")
        } else if !at_end && !self.border(end) {
            format!("the record at byte {start} shares its gzip member with the next")
        } else {
            return held;
        };
        self.wrong += 1;
        self.first.get_or_insert(fault);
        None
    }

    /// What to tell of it at the end.
    fn fault(self) -> Option<Undecodable> {
        let first = self.first?;
        Some(Undecodable {
            reason: "malformed",
            format: Some("warc"),
            error: format!(
                "{first}; in a packed web archive each record must be a member of its own, and {} of {} are not: \
                 those were not read",
                self.wrong, self.records
            ),
            hint: Some(
                "unpack it with gunzip: a plain .warc is read as it is (or write it again with `warcio recompress`)"
                    .to_owned(),
            ),
            ..Undecodable::default()
        })
    }
}

/// Reads one record; false at the end.
fn record(
    path: &str,
    from: &mut dyn BufRead,
    at: &mut u64,
    layout: &mut Layout,
    walk: &mut Walk,
) -> io::Result<bool> {
    let mut line = Vec::new();
    // Empty lines stand between records.
    let version = loop {
        line.clear();
        let len = short_line(from, &mut line)?;
        if len == 0 {
            return Ok(false);
        }
        let blank = line.trim_ascii().is_empty();
        if !blank {
            break line.trim_ascii().to_vec();
        }
        *at += len as u64;
    };
    let start = *at;
    let mut place = start + line.len() as u64;
    if !version.starts_with(b"WARC/") {
        let found = String::from_utf8_lossy(&version[..version.len().min(40)]).into_owned();
        let error = format!("byte {start}: expected a record (WARC/1.0), found {found:?}");
        return Err(io::Error::new(io::ErrorKind::InvalidData, error));
    }
    walk.meter.entry()?;
    if let Some(held) = layout.begins(start) {
        held.give(path, walk);
    }
    let headers = headers(from, &mut place)?;
    let get = |key: &str| headers.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
    let length: u64 = get("content-length").and_then(|v| v.parse().ok()).ok_or_else(|| {
        io::Error::new(io::ErrorKind::InvalidData, "a record without its length (Content-Length)")
    })?;
    // A length beyond all numbers ends nowhere, as any that is too long does.
    let range = start..place.saturating_add(length);
    *at = range.end;
    let wanted = matches!(get("warc-type"), Some("response" | "resource" | "conversion"));
    let limit = walk.options.limits.max_bytes as u64;
    if !wanted || length > limit {
        let skipped = io::copy(&mut from.take(length), &mut io::sink())?;
        if skipped < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if wanted {
            walk.lose(path, too_long(length, limit, range));
        } else {
            walk.meter.passed.set(walk.meter.passed.get() + 1);
        }
        return Ok(true);
    }
    let mut block = Vec::with_capacity(length.min(1 << 20) as usize);
    from.take(length).read_to_end(&mut block)?;
    if (block.len() as u64) < length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    layout.hold(Held { range, bytes: answer(&headers, block) });
    Ok(true)
}

/// The lines of a record's header; `place` moves behind them.
fn headers(from: &mut dyn BufRead, place: &mut u64) -> io::Result<Vec<(String, String)>> {
    let mut line = Vec::new();
    let mut headers: Vec<(String, String)> = Vec::new();
    let mut taken = 0;
    loop {
        line.clear();
        let len = short_line(from, &mut line)?;
        if len == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        *place += len as u64;
        taken += len;
        let text = String::from_utf8_lossy(&line);
        if text.trim().is_empty() {
            return Ok(headers);
        }
        if taken > LONGEST_HEADER {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "a record's header has no end"));
        }
        if let Some((key, value)) = text.split_once(':') {
            headers.push((key.trim().to_ascii_lowercase(), value.trim().to_owned()));
        } else if let Some((_, before)) = headers.last_mut() {
            before.push_str(text.trim());
        }
    }
}

fn too_long(length: u64, limit: u64, range: Range<u64>) -> Undecodable {
    Undecodable {
        reason: "too_long",
        format: Some("warc"),
        error: format!(
            "a record of {length} bytes, more than the limit of {limit} bytes for one document (max_bytes)"
        ),
        hint: Some(format!("raise it: [input.limits] max_bytes = {}", length.next_power_of_two())),
        range: Some(range),
        ..Undecodable::default()
    }
}

/// A line of a header, at most so long that memory is safe.
fn short_line(from: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<usize> {
    let len = from.take(LONGEST_HEADER as u64).read_until(b'\n', line)?;
    if len == LONGEST_HEADER {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a line of a header has no end"));
    }
    Ok(len)
}

/// A saved HTTP answer that also tells what the record told.
fn answer(headers: &[(String, String)], block: Vec<u8>) -> Vec<u8> {
    let get = |key: &str| headers.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
    let saved = block.starts_with(b"HTTP/");
    let mut out = Vec::with_capacity(block.len() + 256);
    let first = memchr::memchr(b'\n', &block).map_or(0, |at| at + 1);
    if saved {
        out.extend_from_slice(&block[..first]);
    } else {
        out.extend_from_slice(b"HTTP/1.0 200 OK\r\n");
        let kind = get("content-type").unwrap_or("text/plain");
        out.extend_from_slice(format!("Content-Type: {kind}\r\n").as_bytes());
    }
    for key in ["warc-target-uri", "warc-date", "warc-record-id"] {
        if let Some(value) = get(key) {
            out.extend_from_slice(format!("{key}: {}\r\n", value.trim_matches(['<', '>'])).as_bytes());
        }
    }
    if saved {
        out.extend_from_slice(&block[first..]);
    } else {
        out.extend_from_slice(b"\r\n");
        out.extend_from_slice(&block);
    }
    out
}

/// Lines of JSONL: each is a document with its place in the stream.
pub(super) fn lines(path: &str, from: &mut dyn BufRead, walk: &mut Walk) {
    let limit = walk.options.limits.max_line;
    let mut at = 0u64;
    loop {
        let mut line = Vec::new();
        let read = from.take(limit as u64 + 2).read_until(b'\n', &mut line);
        let len = match read {
            Ok(0) => return,
            Ok(len) => len as u64,
            Err(error) => return walk.fault(path, None, &error),
        };
        let mut range = at..at + len;
        at = range.end;
        if !line.ends_with(b"\n") && len > limit as u64 {
            match pass_line(from) {
                Ok(rest) => at += rest,
                Err(error) => return walk.fault(path, None, &error),
            }
            let error = format!(
                "a line of {} bytes, more than the limit of {limit} bytes (max_line)",
                at - range.start
            );
            let hint = Some(format!(
                "raise it: [input.limits] max_line = {}",
                (at - range.start).next_power_of_two()
            ));
            let range = Some(range.start..at);
            let lost = Undecodable {
                reason: "too_long",
                format: Some("jsonl"),
                error,
                hint,
                range,
                ..Undecodable::default()
            };
            walk.lose(path, lost);
        } else {
            while line.last().is_some_and(u8::is_ascii_whitespace) {
                line.pop();
                range.end -= 1;
            }
            if !line.is_empty() {
                walk.item(path, Some(range), line);
            }
        }
        if walk.over {
            return;
        }
    }
}

/// Passes over the rest of a line; its length.
fn pass_line(from: &mut dyn BufRead) -> io::Result<u64> {
    let mut passed = 0;
    loop {
        let buffer = from.fill_buf()?;
        if buffer.is_empty() {
            return Ok(passed);
        }
        let end = memchr::memchr(b'\n', buffer);
        let len = end.map_or(buffer.len(), |at| at + 1);
        from.consume(len);
        passed += len as u64;
        if end.is_some() {
            return Ok(passed);
        }
    }
}
