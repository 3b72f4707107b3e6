//! Content that is no text, or text that no format reads: named, so that a person knows what to do.

use crate::model::{Item, Undecodable};

/// Opening bytes of files that turn up in news folders and are not articles.
const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF document"),
    (b"\x1f\x8b", "gzip-compressed"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed"),
    (b"BZh", "bzip2-compressed"),
    (b"\xfd7zXZ\0", "xz-compressed"),
    (b"PK\x03\x04", "a zip archive (or an office document)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a media file"),
    (b"ID3", "an MP3 recording"),
    (b"\x7fELF", "a program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old office document"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
];

/// What the bytes are, when they are no text: a known kind, or `binary data`.
pub fn recognise(bytes: &[u8]) -> Option<&'static str> {
    if let Some((_, what)) =
        MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic) && !looks_like_text(bytes))
    {
        return Some(what);
    }
    let sample = &bytes[..bytes.len().min(64 << 10)];
    if super::charset::is_utf16(sample) {
        return None;
    }
    let odd = sample
        .iter()
        .filter(|&&b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b | 0x1e))
        .count();
    // A stray NUL in a page of text is dirt; one byte in fifty is another kind of file.
    (odd * 50 > sample.len()).then_some("binary data")
}

/// `BZh` and `Rar!` are also ways to begin a sentence: printable all the way means text.
fn looks_like_text(bytes: &[u8]) -> bool {
    let sample = &bytes[..bytes.len().min(512)];
    !sample.starts_with(b"%PDF")
        && sample.iter().all(|&b| b >= 0x20 && b != 0x7f || matches!(b, b'\t' | b'\n' | b'\r'))
}

/// The loss of a file that is no text.
pub fn undecodable(what: &'static str) -> Undecodable {
    Undecodable {
        reason: "binary",
        format: None,
        error: format!("not text: {what}"),
        hint: Some("convert it to text, HTML or JSON first, or leave it out with an ignore pattern".into()),
        ..Undecodable::default()
    }
}

/// The loss of text that no format reads.
pub fn unrecognised(item: &Item) -> Undecodable {
    let start = item.bytes.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(0);
    let opening = String::from_utf8_lossy(&item.bytes[start..item.bytes.len().min(start + 40)]).into_owned();
    Undecodable {
        reason: "unsupported",
        format: None,
        error: format!("no format recognises content that begins with {opening:?}"),
        hint: Some(
            "formats read: see docs/inputs.md; chancery map FILE shows how a file is understood".into(),
        ),
        ..Undecodable::default()
    }
}

/// Whether text is mark-up (HTML, XML), which read as plain text would turn tags into words.
pub fn is_markup(head: &[u8]) -> bool {
    let start = head.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(head.len());
    let head = &head[start..];
    let opens = |tag: &str| head.get(..tag.len()).is_some_and(|h| h.eq_ignore_ascii_case(tag.as_bytes()));
    [
        "<!doctype",
        "<html",
        "<?xml",
        "<rss",
        "<feed",
        "<!--",
        "<head",
        "<body",
        "<div",
        "<nitf",
        "<newsitem",
        "<rdf",
    ]
    .into_iter()
    .any(opens)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_and_archives_are_named() {
        assert_eq!(recognise(b"\x89PNG\r\n\x1a\n\0\0\0"), Some("a PNG picture"));
        assert_eq!(recognise(b"%PDF-1.7 text follows"), Some("a PDF document"));
        assert_eq!(recognise(b"ab\0\0\0cd\0\0"), Some("binary data"));
    }

    #[test]
    fn a_sentence_that_begins_like_an_archive_is_text() {
        assert_eq!(recognise(b"Rar! said the parrot of the minister."), None);
        assert_eq!(recognise("BZh is not a word.".as_bytes()), None);
    }

    #[test]
    fn markup_is_told_from_text() {
        assert!(is_markup(b"  <!DOCTYPE html><html>"));
        assert!(is_markup(b"<?xml version=\"1.0\"?>"));
        assert!(!is_markup(b"Fewer than < 5 ministers came."));
    }
}
