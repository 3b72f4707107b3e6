//! Containers: what is inside comes out, whatever is around it, and no bound is passed.

use std::io::Write;

use super::tests::{item, reasons, titles};
use super::*;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bzip2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ::bzip2::write::BzEncoder::new(Vec::new(), ::bzip2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = liblzma::write::XzEncoder::new(Vec::new(), 1);
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ::zstd::encode_all(bytes, 1).unwrap()
}

fn tar(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = ::tar::Builder::new(Vec::new());
    for (name, bytes) in entries {
        let mut header = ::tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

/// A zip archive by hand: stored, or deflated when `deflate`.
fn zip(entries: &[(&str, &[u8])], deflate: bool) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in entries {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        let packed = if deflate { encoder.finish().unwrap() } else { bytes.to_vec() };
        let mut crc = crc32fast::Hasher::new();
        crc.update(bytes);
        let mut common = Vec::new();
        common.extend([20u8, 0, 0, 8, if deflate { 8 } else { 0 }, 0, 0, 0, 0, 0]);
        for n in [crc.finalize(), packed.len() as u32, bytes.len() as u32] {
            common.extend(n.to_le_bytes());
        }
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        let offset = out.len() as u32;
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(packed);
        directory.extend(b"PK\x01\x02\x14\0");
        directory.extend(&common);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (count, at, len) = (entries.len() as u16, out.len() as u32, directory.len() as u32);
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend(len.to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn read(path: &str, bytes: Vec<u8>) -> Decoded {
    decode(&item(path, bytes), &Options::default())
}

const ONE: &[u8] = br#"{"title": "One", "text": "The first."}"#;
const TWO: &[u8] = br#"{"title": "Two", "text": "The second."}"#;

fn lines() -> Vec<u8> {
    [ONE, b"\n", TWO, b"\n"].concat()
}

#[test]
fn every_wrapping_is_taken_off_in_one_or_many_members() {
    for (end, pack) in [("gz", gzip as fn(&[u8]) -> Vec<u8>), ("bz2", bzip2), ("xz", xz), ("zst", zstd)] {
        let decoded = read(&format!("feed.jsonl.{end}"), pack(&lines()));
        assert_eq!((titles(&decoded), reasons(&decoded)), (vec!["One", "Two"], vec![]), "{end}");
        assert_eq!(decoded.articles[1].range, Some(39..78), "a place in what was unpacked");
        assert_eq!(decoded.articles[0].path, format!("feed.jsonl.{end}"));
        let members = [pack(&[ONE, b"\n"].concat()), pack(TWO)].concat();
        assert_eq!(titles(&read("a", members)), ["One", "Two"], "{end} in two members");
        let twice = pack(&pack(
            b"<html><body><p>The envoy left Riga in the morning, and nobody saw him go.</p></body></html>",
        ));
        assert_eq!(read("a", twice).articles.len(), 1, "{end} twice");
        let whole = pack(&lines().repeat(200));
        let decoded = read("feed.jsonl", whole[..whole.len() - 9].to_vec());
        assert_eq!(reasons(&decoded), ["truncated"], "{end}: {:?}", decoded.lost);
    }
}

#[test]
fn archives_give_each_entry_by_its_name() {
    let long = format!("{}/three.json", "deep/".repeat(40));
    let page = b"<html><body><p>The envoy left Riga in the morning, and nobody saw him go.</p></body></html>";
    let packed = gzip(TWO);
    let entries: Vec<(&str, &[u8])> = vec![
        ("2031/one.json", ONE),
        ("2031/two.json.gz", &packed),
        (&long, b"{\"title\": \"Three\"}"),
        ("page.html", page),
        (".hidden", b"no"),
        ("__MACOSX/x", b"no"),
        ("broken.json", b"{\"title\": "),
        ("empty.txt", b""),
        ("photo.png", b"\x89PNG\r\n\x1a\n\0\0\0"),
    ];
    for (path, bytes) in [
        ("a.tar", tar(&entries)),
        ("a.tar.gz", gzip(&tar(&entries))),
        ("a.tar.xz", xz(&tar(&entries))),
        ("a.zip", zip(&entries, true)),
        ("a.zip", zip(&entries, false)),
        ("a.zip.gz", gzip(&zip(&entries, true))),
    ] {
        let decoded = read(path, bytes);
        assert_eq!(titles(&decoded), ["One", "Two", "Three", ""], "{path}");
        assert_eq!(decoded.articles[0].path, format!("{path}!2031/one.json"));
        assert_eq!(decoded.articles[2].path, format!("{path}!{long}"));
        assert_eq!(reasons(&decoded), ["truncated", "empty", "binary"], "{path}");
        let lost = &decoded.lost[0];
        let inside = lost.inside.as_deref().unwrap();
        assert_eq!((inside.path.clone(), lost.format), (format!("{path}!broken.json"), Some("json")));
        assert!(inside.sha256.as_ref().is_some_and(|sha| sha.len() == 64));
        // The system's folder is no entry of a tar made by one of ours, but it is passed over all the same.
        assert_eq!(decoded.passed_over, 2, "{path}");
    }
}

#[test]
fn a_damaged_entry_costs_that_entry() {
    let mut bytes = zip(&[("one.json", ONE), ("two.json", TWO)], false);
    let at = memchr::memmem::find(&bytes, b"The first").unwrap();
    bytes[at] = b'X';
    let decoded = read("a.zip", bytes);
    assert_eq!((titles(&decoded), reasons(&decoded)), (vec!["Two"], vec!["corrupt"]));
    assert!(decoded.lost[0].error.contains("checksum"), "{}", decoded.lost[0].error);

    let whole = tar(&[("one.json", ONE), ("two.json", TWO)]);
    let decoded = read("a.tar", whole[..1200].to_vec());
    assert_eq!(titles(&decoded)[..1], ["One"]);
    assert!(!decoded.lost.is_empty(), "the second one is told");

    let whole = zip(&[("one.json", ONE), ("two.json", TWO)], true);
    assert_eq!(reasons(&read("a.zip", whole[..whole.len() - 30].to_vec())), ["truncated"]);
}

/// A record of a web archive with a page in it.
fn record(title: &str) -> Vec<u8> {
    let page = format!(
        "<html><head><title>{title}</title></head><body><p>The envoys met in Vienna on Monday and agreed to meet \
         again before the end of the month, officials said.</p></body></html>"
    );
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n{page}");
    let head = "WARC/1.0\r\nWARC-Type: response\r\nWARC-Date: 2031-03-07T10:00:00Z\r\n";
    format!("{head}Content-Length: {}\r\n\r\n{answer}\r\n\r\n", answer.len()).into_bytes()
}

#[test]
fn packed_records_that_are_no_members_of_their_own_are_lost_and_told() {
    let (one, two, three) = (record("One"), record("Two"), record("Three"));
    let sound = [gzip(&one), gzip(&two)].concat();
    let decoded = read("a.warc.gz", sound);
    assert_eq!((titles(&decoded), reasons(&decoded)), (vec!["One", "Two"], vec![]));

    let plain = [&one[..], &two].concat();
    let decoded = read("a.warc.gz", gzip(&plain));
    assert_eq!((titles(&decoded), reasons(&decoded)), (vec![], vec!["malformed"]), "set aside whole");
    let told = &decoded.lost[0];
    assert!(told.error.contains("shares its gzip member with the next"), "{}", told.error);
    assert!(told.error.contains("2 of 2"), "{}", told.error);
    assert!(told.hint.as_ref().is_some_and(|hint| hint.contains("gunzip")), "{told:?}");
    assert_eq!(titles(&read("a.warc", plain)), ["One", "Two"], "nothing is asked of what is not packed");

    for torn in [
        [&gzip(&one[..90])[..], &gzip(&one[90..]), &gzip(&two), &gzip(&three)].concat(),
        [&gzip(&two)[..], &gzip(&one[..90]), &gzip(&one[90..]), &gzip(&three)].concat(),
        [&gzip(&two)[..], &gzip(&three), &gzip(&one[..90]), &gzip(&one[90..])].concat(),
    ] {
        let decoded = read("a.warc.gz", torn);
        assert_eq!((titles(&decoded), reasons(&decoded)), (vec!["Two", "Three"], vec!["malformed"]));
        let error = &decoded.lost[0].error;
        assert!(error.contains("spread over 2 gzip members") && error.contains("1 of 3"), "{error}");
    }
    let empty = [gzip(b""), gzip(&one), gzip(b""), gzip(&two), gzip(b"")].concat();
    assert_eq!(reasons(&read("a.warc.gz", empty)), Vec::<&str>::new(), "empty members are none");
}

#[test]
fn what_comes_before_a_damaged_place_is_kept_however_short_it_is() {
    let (one, two) = (record("One"), record("Two"));
    let decoded = read("a.warc.gz", [&gzip(&one)[..], &gzip(&two)[..60]].concat());
    assert_eq!((titles(&decoded), reasons(&decoded)), (vec!["One"], vec!["truncated"]));

    let lines =
        |title: &str| format!("{{\"title\": \"{title}\", \"text\": \"They met again.\"}}\n").into_bytes();
    let decoded = read("a.jsonl.gz", [&gzip(&lines("One"))[..], &gzip(&lines("Two"))[..20]].concat());
    assert_eq!((titles(&decoded), reasons(&decoded)), (vec!["One"], vec!["truncated"]));
}

#[test]
fn bounds_are_named_with_the_setting_that_raises_them() {
    let with = |set: &dyn Fn(&mut Limits), path: &str, bytes: Vec<u8>| {
        let mut options = Options::default();
        set(&mut options.limits);
        let decoded = decode(&item(path, bytes), &options);
        let lost = decoded.lost.last().cloned().unwrap_or_default();
        (decoded.articles.len(), lost.reason, lost.hint.unwrap_or_default())
    };
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b' '; 40 << 20]).unwrap();
    let bomb = encoder.finish().unwrap();
    let (_, reason, hint) = with(&|_| {}, "a.gz", bomb.clone());
    assert_eq!(reason, "too_dense", "{hint}");
    assert!(hint.contains("max_ratio = 5000"), "{hint}");
    let (_, reason, hint) = with(&|l| l.max_ratio = 1 << 40, "a.gz", bomb.clone());
    assert_eq!(reason, "empty", "{hint}");
    let (_, reason, hint) =
        with(&|l| (l.max_ratio, l.max_unpacked) = (1 << 40, 30 << 20), "a.gz", bomb.clone());
    assert!(reason == "too_large" && hint.contains("max_unpacked"), "{reason} {hint}");
    let (_, reason, hint) = with(&|l| (l.max_ratio, l.max_bytes) = (1 << 40, 1 << 20), "a.gz", bomb);
    assert!(reason == "too_long" && hint.contains("max_bytes"), "{reason} {hint}");
    let entries: Vec<(&str, &[u8])> = vec![("a.json", ONE), ("b.json", TWO), ("c.json", ONE)];
    let (articles, reason, hint) = with(&|l| l.max_entries = 2, "a.tar", tar(&entries));
    assert!(
        (articles, reason) == (2, "too_many_entries") && hint.contains("max_entries = 20"),
        "{articles} {reason} {hint}"
    );
    let (articles, reason, _) = with(&|l| l.max_entries = 2, "a.zip", zip(&entries, true));
    assert_eq!((articles, reason), (2, "too_many_entries"));
    let nested = (0..6).fold(ONE.to_vec(), |inner, _| gzip(&inner));
    let (_, reason, hint) = with(&|_| {}, "a.gz", nested);
    assert!(reason == "too_nested" && hint.contains("max_nesting"), "{reason} {hint}");
    let long = gzip(&[&b"{\"title\": \""[..], &vec![b'x'; 5000], b"\"}\n", ONE, b"\n"].concat());
    let (articles, reason, hint) = with(&|l| l.max_line = 1000, "a.jsonl.gz", long);
    assert!(
        (articles, reason) == (1, "too_long") && hint.contains("max_line = 8192"),
        "{articles} {reason} {hint}"
    );
}

#[test]
fn an_office_document_is_no_archive_of_articles() {
    let decoded =
        read("a.docx", zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<x/>")], true));
    assert_eq!(reasons(&decoded), ["binary"]);
}
