//! Containers: gzip, zstd, bzip2 and xz around a document; zip, tar and WARC with many in them.
//!
//! A container is walked, never held: each document in it comes as an [`Item`] of its own, with a path such as
//! `feed.tar.gz!2031/a.xml` where it has a name. What it unpacks to is metered on the way, against every bound at once.

use std::io::{self, BufReader, Cursor, Read, Seek};

use chrono::{DateTime, Utc};

use super::members::{Members, Starts};
use super::meter::{Meter, Packed, Peeked, Unpacked};
use super::options::Options;
use super::{Decoded, Format, Give, jsonl, out};
use crate::model::{Inside, Item, Undecodable};

/// What a container holds.
#[derive(Debug)]
pub enum Part {
    /// A document.
    Item(Item),
    /// What could not be had.
    Lost(Undecodable),
}

/// Shown each part; false ends the walk.
pub type See<'s> = &'s mut dyn FnMut(Part) -> bool;

/// A file or bytes: archives are read from their end.
pub trait Source: Read + Seek {}
impl<T: Read + Seek> Source for T {}

/// A kind of container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Gzip,
    Zstd,
    Bzip2,
    Xz,
    Zip,
    Tar,
    Warc,
}

impl Kind {
    /// Its name in counters and dead letters.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Gzip => "gzip",
            Kind::Zstd => "zstd",
            Kind::Bzip2 => "bzip2",
            Kind::Xz => "xz",
            Kind::Zip => "zip",
            Kind::Tar => "tar",
            Kind::Warc => "warc",
        }
    }
}

/// The container that the bytes begin as.
pub fn kind(head: &[u8]) -> Option<Kind> {
    const MAGIC: &[(&[u8], Kind)] = &[
        (b"\x1f\x8b", Kind::Gzip),
        (b"\x28\xb5\x2f\xfd", Kind::Zstd),
        (b"\xfd7zXZ\0", Kind::Xz),
        (b"PK\x03\x04", Kind::Zip),
        (b"PK\x05\x06", Kind::Zip),
        (b"WARC/0.", Kind::Warc),
        (b"WARC/1.", Kind::Warc),
    ];
    let bzip2 = head.starts_with(b"BZh") && head.get(4..10) == Some(b"1AY&SY");
    let tar = super::tar::is_tar(head).then_some(Kind::Tar);
    MAGIC
        .iter()
        .find(|(magic, _)| head.starts_with(magic))
        .map(|(_, kind)| *kind)
        .or(bzip2.then_some(Kind::Bzip2))
        .or(tar)
}

/// Containers as a format of their own: for documents that are held in memory.
pub struct Container;

impl Format for Container {
    fn name(&self) -> &'static str {
        "container"
    }

    fn recognises(&self, head: &[u8], _path: &str) -> bool {
        kind(head).is_some()
    }

    fn decode(&self, item: &Item, options: &Options, give: Give) -> Decoded {
        let mut made = Decoded::default();
        let mut more = 0u64;
        let passed = walk(item, &mut Cursor::new(&item.bytes), options, &mut |part| {
            let (path, decoded) = match part {
                Part::Item(inner) => {
                    let decoded = super::each(&inner, options, &mut *give);
                    let lost = decoded.lost.into_iter().map(|lost| placed(lost, &inner)).collect();
                    (Some(inner.path), Decoded { lost, ..decoded })
                }
                Part::Lost(lost) => (None, Decoded::lost(lost)),
            };
            made.found += decoded.found;
            made.replaced += decoded.replaced;
            made.passed_over += decoded.passed_over;
            let room = out::LISTED.saturating_sub(made.lost.len());
            more += decoded.lost.len().saturating_sub(room) as u64;
            made.lost.extend(decoded.lost.into_iter().take(room));
            drop(path);
            true
        });
        made.passed_over += passed;
        if more > 0 {
            let error = format!(
                "{more} more parts could not be read; the first {} are listed one by one",
                out::LISTED
            );
            made.lost.push(Undecodable { reason: "more", error, ..Undecodable::default() });
        }
        if made.found == 0 && made.lost.is_empty() {
            let error = format!("no document in it ({} entries passed over)", made.passed_over);
            made.lost.push(Undecodable { reason: "no_articles", error, ..Undecodable::default() });
        }
        made
    }

    fn sample(&self, item: &Item, options: &Options) -> Option<serde_json::Value> {
        let mut first = None;
        walk(item, &mut Cursor::new(&item.bytes), options, &mut |part| {
            if let Part::Item(inner) = part {
                first = super::recognise(&inner).and_then(|format| format.sample(&inner, options));
            }
            first.is_none()
        });
        first
    }
}

/// A loss inside a part, told from outside: its path, its range in that path, its hash.
pub fn placed(mut lost: Undecodable, part: &Item) -> Undecodable {
    if lost.inside.is_some() {
        return lost;
    }
    let inside = lost.range.clone().unwrap_or(0..part.bytes.len() as u64);
    let bytes = part.bytes.get(inside.start as usize..inside.end as usize).unwrap_or(&part.bytes);
    let base = part.range.as_ref().map_or(0, |r| r.start);
    let is_part = part.range.is_some() || lost.range.is_some();
    lost.range = is_part.then(|| base + inside.start..base + inside.end);
    let sha256 = Some(super::assemble::sha256(bytes));
    lost.inside = Some(Box::new(Inside { path: part.path.clone(), sha256 }));
    lost
}

/// What all steps of a walk share.
pub(super) struct Walk<'w> {
    pub(super) options: &'w Options,
    pub(super) meter: &'w Meter<'w>,
    seen_at: DateTime<Utc>,
    see: See<'w>,
    /// Where the members of the gzip around the next stream begin.
    members: Option<Starts>,
    /// Whether whoever is shown the parts has had enough.
    pub(super) over: bool,
}

/// Walks a container (its path and time are `outer`'s). Gives how many entries were passed over.
pub fn walk(outer: &Item, source: &mut dyn Source, options: &Options, see: See) -> u64 {
    let len = source.seek(io::SeekFrom::End(0)).and_then(|len| source.rewind().map(|()| len)).unwrap_or(0);
    let meter = Meter::new(&options.limits, len);
    let mut walk = Walk { options, meter: &meter, seen_at: outer.seen_at, see, members: None, over: false };
    let mut packed = Packed { inner: source, meter: &meter };
    let mut magic = Vec::new();
    let looked = packed.by_ref().take(8).read_to_end(&mut magic).and_then(|_| packed.rewind());
    let is_zip = looked.is_ok() && kind(&magic) == Some(Kind::Zip);
    if is_zip {
        super::zip::walk(&outer.path, &mut packed, len, 0, &mut walk);
    } else {
        walk.stream(&outer.path, &mut packed, 0);
    }
    meter.passed.get()
}

impl Walk<'_> {
    /// Reads one stream, whatever it is: a container inside it, lines, or one document.
    pub(super) fn stream(&mut self, path: &str, from: &mut dyn Read, depth: usize) {
        let peeked = match Peeked::new(from) {
            Ok(peeked) => peeked,
            Err(error) => return self.fault(path, None, &error),
        };
        let kind = kind(peeked.head());
        let members = self.members.take().filter(|_| kind == Some(Kind::Warc));
        let limit = self.options.limits.max_nesting;
        if depth > limit && kind.is_some() {
            let error = format!("containers inside containers beyond the limit of {limit} (max_nesting)");
            let hint = Some(format!("raise it: [input.limits] max_nesting = {}", limit * 2));
            return self
                .lose(path, Undecodable { reason: "too_nested", error, hint, ..Undecodable::default() });
        }
        let Some(kind) = kind else { return self.document(path, peeked) };
        match kind {
            Kind::Gzip => {
                let decoder = Members::new(peeked);
                self.members = Some(decoder.starts());
                self.inside(path, kind, decoder, depth);
                self.members = None;
            }
            Kind::Bzip2 => self.inside(path, kind, bzip2::read::MultiBzDecoder::new(peeked), depth),
            Kind::Zstd => match zstd::stream::read::Decoder::new(peeked) {
                Ok(mut decoder) => {
                    // The window is the memory it asks for: 2^27 bytes is what the tool itself stops at.
                    let _ = decoder.window_log_max(27);
                    self.inside(path, kind, decoder, depth);
                }
                Err(error) => self.fault(path, Some(kind), &error),
            },
            Kind::Xz => {
                let flags = liblzma::stream::CONCATENATED;
                match liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY, flags) {
                    Ok(stream) => {
                        let from = BufReader::new(peeked);
                        self.inside(path, kind, liblzma::bufread::XzDecoder::new_stream(from, stream), depth);
                    }
                    Err(error) => self.fault(path, Some(kind), &io::Error::other(error)),
                }
            }
            // Metered where it was unpacked; a plain one unpacks to itself.
            Kind::Tar => super::tar::walk(path, &mut { peeked }, depth, self),
            Kind::Warc => super::warc::walk(path, &mut BufReader::new(peeked), members, self),
            Kind::Zip => {
                // An archive inside a stream has to be held to be read from its end.
                if let Some(bytes) = self.whole(path, Some(kind), peeked) {
                    let len = bytes.len() as u64;
                    super::zip::walk(path, &mut Cursor::new(bytes), len, depth, self);
                }
            }
        }
    }

    fn inside(&mut self, path: &str, kind: Kind, decoder: impl Read, depth: usize) {
        let mut unpacked = Unpacked { inner: decoder, meter: self.meter };
        // A decoder's own fault shows at the first byte: then it is told of the container.
        match Peeked::new(&mut unpacked) {
            Ok(mut peeked) => self.stream(path, &mut peeked, depth + 1),
            Err(error) => self.fault(path, Some(kind), &error),
        }
    }

    /// A document, or lines of which each is one.
    fn document<R: Read>(&mut self, path: &str, peeked: Peeked<R>) {
        if jsonl::Jsonl.recognises(peeked.head(), path) {
            return super::warc::lines(path, &mut BufReader::new(peeked), self);
        }
        if let Some(bytes) = self.whole(path, None, peeked) {
            self.item(path, None, bytes);
        }
    }

    /// All of a stream, up to the bound of one document.
    fn whole(&mut self, path: &str, kind: Option<Kind>, from: impl Read) -> Option<Vec<u8>> {
        let limit = self.options.limits.max_bytes;
        let mut bytes = Vec::new();
        if let Err(error) = from.take(limit as u64 + 1).read_to_end(&mut bytes) {
            self.fault(path, kind, &error);
            return None;
        }
        if bytes.len() > limit {
            let error =
                format!("it unpacks to more than the limit of {limit} bytes for one document (max_bytes)");
            let hint = Some(format!("raise it: [input.limits] max_bytes = {}", (limit as u64) * 4));
            self.lose(path, Undecodable { reason: "too_long", error, hint, ..Undecodable::default() });
            return None;
        }
        Some(bytes)
    }

    /// Hands a document on.
    pub(super) fn item(&mut self, path: &str, range: Option<std::ops::Range<u64>>, bytes: Vec<u8>) {
        if !self.over {
            let item = Item { path: path.to_owned(), range, bytes, seen_at: self.seen_at };
            self.over = !(self.see)(Part::Item(item));
        }
    }

    /// Tells a loss.
    pub(super) fn lose(&mut self, path: &str, lost: Undecodable) {
        if !self.over {
            let inside = Some(Box::new(Inside { path: path.to_owned(), sha256: None }));
            self.over = !(self.see)(Part::Lost(Undecodable { inside, ..lost }));
        }
    }

    /// Tells of a fault in reading: a bound that was met, an end that came too early, or damage.
    pub(super) fn fault(&mut self, path: &str, kind: Option<Kind>, error: &io::Error) {
        let format = kind.map(Kind::name);
        if let Some(breach) = self.meter.breach_met() {
            return self.lose(path, Undecodable { format, ..breach });
        }
        let truncated =
            error.kind() == io::ErrorKind::UnexpectedEof || error.to_string().contains("incomplete");
        let lost = if truncated {
            Undecodable {
                reason: "truncated",
                error: "it ends before its end".to_owned(),
                hint: Some(
                    "was the file still being written, or cut short? It is read again when it changes"
                        .to_owned(),
                ),
                ..Undecodable::default()
            }
        } else {
            let hint = Some("what it was before the damage cannot be told; fetch it again".to_owned());
            Undecodable { reason: "corrupt", error: error.to_string(), hint, ..Undecodable::default() }
        };
        self.lose(path, Undecodable { format, ..lost });
    }

    /// Whether an entry's name says that it is none of ours: hidden, unfinished, the system's own.
    pub(super) fn passes_over(&mut self, name: &str) -> bool {
        let file = name.rsplit('/').next().unwrap_or(name);
        let passes = name.starts_with("__MACOSX/")
            || file.starts_with('.')
            || file.ends_with('~')
            || [".tmp", ".part"].iter().any(|end| file.ends_with(end));
        self.meter.passed.set(self.meter.passed.get() + u64::from(passes));
        passes
    }
}

/// Memory that xz may ask for (bytes).
const XZ_MEMORY: u64 = 128 << 20;
