//! Bytes to characters: byte-order mark, then a UTF-8 check, then detection; lossy with a count.

use std::borrow::Cow;
use std::ops::Range;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes of content that formats are recognised by.
pub const HEAD: usize = 64 << 10;

/// An item's text with the way back to its bytes.
#[derive(Clone, Debug)]
pub struct Source<'a> {
    /// The text, without a byte-order mark.
    pub text: Cow<'a, str>,
    /// WHATWG name of the charset.
    pub charset: &'static str,
    /// Places that became U+FFFD.
    pub replaced: u64,
    back: Back,
}

/// How a place in the text leads back to a place in the bytes.
#[derive(Clone, Debug)]
enum Back {
    /// The text is the bytes from here on.
    Shift(usize),
    /// As `Shift(.0)`, and after each `(place, growth)` the text is that many bytes longer in all.
    Patched(usize, Vec<(usize, usize)>),
    /// Another charset: no way back.
    None,
}

impl Source<'_> {
    /// The bytes of the item behind a range of the text; `None` when it was written in another charset than UTF-8.
    pub fn bytes(&self, range: Range<usize>) -> Option<Range<u64>> {
        let back = |place: usize| match &self.back {
            Back::Shift(shift) => Some((place + shift) as u64),
            Back::Patched(shift, patches) => {
                let before = patches.partition_point(|&(at, _)| at < place);
                let growth = before.checked_sub(1).map_or(0, |i| patches[i].1);
                Some((place + shift).saturating_sub(growth) as u64)
            }
            Back::None => None,
        };
        Some(back(range.start)?..back(range.end)?)
    }
}

/// Reads bytes as text. `declared` is the charset that the document says it is in: it counts after a byte-order mark
/// and after bytes that can only be UTF-8, and before detection. Never fails: what is not valid becomes U+FFFD and is
/// counted.
pub fn read<'b>(bytes: &'b [u8], declared: Option<&str>) -> Source<'b> {
    if let Some((encoding, len)) = Encoding::for_bom(bytes) {
        return if encoding == UTF_8 { utf8(&bytes[len..], len) } else { foreign(encoding, &bytes[len..]) };
    }
    if let Some(encoding) = utf16_without_mark(&bytes[..bytes.len().min(HEAD)]) {
        return foreign(encoding, bytes);
    }
    let declared = declared.and_then(|label| Encoding::for_label_no_replacement(label.trim().as_bytes()));
    // Written in ASCII alone, and yet it is none.
    if let Some(encoding) = declared.filter(|e| !e.is_ascii_compatible() && *e != UTF_16LE && *e != UTF_16BE)
    {
        return foreign(encoding, bytes);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Source { text: Cow::Borrowed(text), charset: "UTF-8", replaced: 0, back: Back::Shift(0) },
        Err(_) if mostly_utf8(bytes) => utf8(bytes, 0),
        Err(_) => match declared.filter(|e| e.is_ascii_compatible()).unwrap_or_else(|| detect(bytes)) {
            encoding if encoding == UTF_8 => utf8(bytes, 0),
            encoding => foreign(encoding, bytes),
        },
    }
}

/// The charset that the start of a document names: `encoding="…"` of an XML declaration, `charset=` of an HTML `meta`.
pub fn declared(bytes: &[u8]) -> Option<&str> {
    let head = &bytes[..bytes.len().min(2048)];
    let after = |key: &[u8]| {
        let at = memchr::memmem::find(head, key)? + key.len();
        let rest = head[at..].trim_ascii_start();
        let rest = rest.strip_prefix(b"=").unwrap_or(rest).trim_ascii_start();
        let rest = rest.strip_prefix(b"\"").or(rest.strip_prefix(b"'")).unwrap_or(rest);
        let len = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"-_:.".contains(b)).count();
        std::str::from_utf8(&rest[..len]).ok().filter(|label| !label.is_empty())
    };
    let xml = head.trim_ascii_start().starts_with(b"<?xml");
    let declaration = head.windows(2).position(|w| w == b"?>").unwrap_or(0);
    let named = xml.then(|| after(b"encoding")).flatten();
    let inside = memchr::memmem::find(head, b"encoding").is_some_and(|at| at < declaration);
    named.filter(|_| inside).or_else(|| after(b"charset"))
}

/// The start of the content as UTF-8, for recognition by its first characters.
pub fn head(bytes: &[u8]) -> Cow<'_, [u8]> {
    let head = &bytes[..bytes.len().min(HEAD)];
    match Encoding::for_bom(head) {
        Some((encoding, len)) if encoding == UTF_8 => Cow::Borrowed(&head[len..]),
        Some((encoding, len)) => foreign(encoding, &head[len..]).text.into_owned().into_bytes().into(),
        None => match utf16_without_mark(head) {
            Some(encoding) => foreign(encoding, head).text.into_owned().into_bytes().into(),
            None => Cow::Borrowed(head),
        },
    }
}

/// Whether the bytes are UTF-16, with its mark or by the NULs in every other place.
pub fn is_utf16(bytes: &[u8]) -> bool {
    Encoding::for_bom(bytes).is_some_and(|(e, _)| e != UTF_8) || utf16_without_mark(bytes).is_some()
}

fn foreign(encoding: &'static Encoding, bytes: &[u8]) -> Source<'static> {
    let (text, lossy) = encoding.decode_without_bom_handling(bytes);
    let replaced = if lossy { text.matches('\u{fffd}').count() as u64 } else { 0 };
    Source { text: Cow::Owned(text.into_owned()), charset: encoding.name(), replaced, back: Back::None }
}

/// UTF-8 with damage: each invalid sequence becomes one U+FFFD, and the way back is kept.
fn utf8(bytes: &[u8], shift: usize) -> Source<'_> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Source { text: Cow::Borrowed(text), charset: "UTF-8", replaced: 0, back: Back::Shift(shift) };
    }
    let (mut text, mut patches, mut growth) = (String::with_capacity(bytes.len() + 16), Vec::new(), 0);
    let mut replaced = 0;
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            patches.push((text.len(), growth + '\u{fffd}'.len_utf8() - chunk.invalid().len()));
            growth = patches[patches.len() - 1].1;
            text.push('\u{fffd}');
            replaced += 1;
        }
    }
    Source { text: Cow::Owned(text), charset: "UTF-8", replaced, back: Back::Patched(shift, patches) }
}

/// One bad byte must not turn a whole file of UTF-8 into another charset's gibberish.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 4
}

fn detect(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    // A megabyte tells as much as all of it.
    detector.feed(&bytes[..bytes.len().min(1 << 20)], true);
    detector.guess(None, Utf8Detection::Deny)
}

/// Latin text in UTF-16 has a NUL in every other byte.
fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.len() / 2;
    if pairs < 4 {
        return None;
    }
    let nuls = |offset: usize| head.iter().skip(offset).step_by(2).take(pairs).filter(|&&b| b == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    if odd * 10 > pairs * 7 && even * 20 < pairs {
        Some(UTF_16LE)
    } else if even * 10 > pairs * 7 && odd * 20 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> Source<'_> {
        read(bytes, None)
    }

    #[test]
    fn what_a_document_says_of_its_charset() {
        assert_eq!(declared(b"<?xml version=\"1.0\" encoding='iso-8859-2'?><a/>"), Some("iso-8859-2"));
        assert_eq!(declared(b"<html><meta charset=windows-1251>"), Some("windows-1251"));
        assert_eq!(declared(b"<meta content=\"text/html; charset=KOI8-R\">"), Some("KOI8-R"));
        assert_eq!(declared(b"<?xml version=\"1.0\"?><a encoding=\"x\"/>"), None);
        assert_eq!(read(b"\xe8esk\xfd", Some("iso-8859-2")).text, "\u{10d}esk\u{fd}");
        // A declaration that lies is not believed.
        assert_eq!(read("český".as_bytes(), Some("iso-8859-2")).text, "český");
        assert_eq!(read(b"\x1b$B8+\x1b(B", Some("iso-2022-jp")).text, "\u{898b}");
    }

    #[test]
    fn utf8_with_and_without_its_mark() {
        assert_eq!(of("Élysée".as_bytes()).text, "Élysée");
        let marked = of(b"\xef\xbb\xbfabc");
        assert_eq!(marked.text, "abc");
        assert_eq!(marked.bytes(1..3), Some(4..6));
    }

    #[test]
    fn utf16_with_and_without_its_mark() {
        let mut little: Vec<u8> = "Kyiv and Riga".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(of(&little).text, "Kyiv and Riga");
        little.splice(0..0, [0xff, 0xfe]);
        assert_eq!(of(&little).text, "Kyiv and Riga");
        let big: Vec<u8> = "Kyiv and Riga".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(of(&big).text, "Kyiv and Riga");
        assert_eq!(&*head(&big), b"Kyiv and Riga");
    }

    #[test]
    fn an_old_charset_is_detected() {
        let source = of(b"Le pr\xe9sident a \xe9t\xe9 re\xe7u \xe0 Gen\xe8ve par son homologue fran\xe7ais.");
        assert_eq!(source.text, "Le président a été reçu à Genève par son homologue français.");
        assert_eq!((source.charset, source.replaced), ("windows-1252", 0));
    }

    #[test]
    fn one_bad_byte_costs_one_character() {
        let mut bytes = "Łódź, Zürich, Genève, Åbo: ministers met. ".as_bytes().to_vec();
        let at = bytes.len();
        bytes.push(0xff);
        bytes.extend_from_slice(b"end");
        let source = of(&bytes);
        assert_eq!((source.charset, source.replaced), ("UTF-8", 1));
        assert!(source.text.ends_with(". \u{fffd}end"));
        let tail = source.text.len() - 3..source.text.len();
        assert_eq!(source.bytes(tail), Some(at as u64 + 1..at as u64 + 4));
        // Where nothing but the declaration says UTF-8, the way back is kept all the same.
        let declared = read(b"one\xfftwo", Some("utf-8"));
        assert_eq!((&*declared.text, declared.bytes(6..9)), ("one\u{fffd}two", Some(4..7)));
    }
}
