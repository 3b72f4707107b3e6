//! Whatever people drop into the folder: each file is read or set aside, and the sum is right.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

/// Documents of every kind that hold one article or more and nothing broken.
const SOUND: &[&str] = &[
    "page.html",
    "rdf.xml",
    "atom.xml",
    "feed.json",
    "ninjs.json",
    "newsml-g2.xml",
    "newsml1.xml",
    "nitf.xml",
    "desk.xml",
    "table.tsv",
    "letter.eml",
    "letters.mbox",
    "wire.7901",
    "wire.anpa",
    "wire.telex",
    "pages.warc",
];

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)).unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Packs each record of a web archive on its own.
fn records(archive: &[u8]) -> Vec<u8> {
    let starts: Vec<usize> = memchr::memmem::find_iter(archive, b"WARC/1.").collect();
    let ends = starts.iter().skip(1).copied().chain([archive.len()]);
    starts.iter().zip(ends).flat_map(|(&from, to)| gzip(&archive[from..to])).collect()
}

fn lines_of(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Fills a folder with a hundred sound and a hundred broken files; gives the names of each.
fn fill(folder: &Path) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut sound, mut broken) = (BTreeSet::new(), BTreeSet::new());
    for i in 0..100 {
        let kind = SOUND[i % SOUND.len()];
        // The content differs in what a reader does not see, so that no file is another's double.
        let mut bytes = fixture(kind);
        bytes.extend(vec![b'\n'; i + 1]);
        let (name, bytes) = match i % 3 {
            // Records of a packed web archive are members of their own.
            0 if kind == "pages.warc" => (format!("{i}-{kind}.gz"), records(&bytes)),
            0 => (format!("{i}-{kind}.gz"), gzip(&bytes)),
            1 => (format!("{i}-{kind}"), bytes),
            _ => (format!("{i}-lies.dat"), bytes),
        };
        fs::write(folder.join(&name), bytes).unwrap();
        sound.insert(name);
    }
    for i in 0..100usize {
        let (end, bytes) = match i % 10 {
            0 => ("txt", vec![b' '; i + 1]),
            1 => ("png", [b"\x89PNG\r\n\x1a\n\0\0\0", i.to_string().as_bytes()].concat()),
            2 => ("json", format!("{{\"title\": \"T{i}\", \"text\": ").into_bytes()),
            3 => ("gz", {
                let whole = gzip(
                    format!("{{\"title\": \"T{i}\", \"text\": \"{}\"}}", "words ".repeat(500)).as_bytes(),
                );
                whole[..whole.len() - 12].to_vec()
            }),
            4 => (
                "xml",
                format!("<?xml version=\"1.0\"?><rss><channel><title>{i}</title></channel></rss>")
                    .into_bytes(),
            ),
            5 => ("json", format!("{}{i}", "[".repeat(100_000)).into_bytes()),
            6 => ("zip", [b"PK\x03\x04 no directory ", i.to_string().as_bytes()].concat()),
            7 => (
                "html",
                format!("<html><head><meta name=n content={i}></head><body></body></html>").into_bytes(),
            ),
            8 => ("gz", gzip(&[vec![b' '; 40 << 20], i.to_string().into_bytes()].concat())),
            9 if i % 20 == 9 => ("warc.gz", gzip(&[fixture("pages.warc"), vec![b'\n'; i]].concat())),
            _ => (
                "warc",
                format!("WARC/1.0\r\nWARC-Type: response\r\nContent-Length: {}\r\n\r\nHTTP/1.1", 1000 + i)
                    .into_bytes(),
            ),
        };
        let name = format!("b{i}.{end}");
        fs::write(folder.join(&name), bytes).unwrap();
        broken.insert(name);
    }
    (sound, broken)
}

#[test]
fn of_two_hundred_files_each_is_read_or_set_aside() {
    let dir = tempfile::tempdir().unwrap();
    let inbox = dir.path().join("in");
    fs::create_dir(&inbox).unwrap();
    let (sound, broken) = fill(&inbox);
    let out = dir.path().join("articles.jsonl");
    let ran = Command::new(env!("CARGO_BIN_EXE_chancery"))
        .env("NO_COLOR", "1")
        .args(["scan", "--emit", "articles", "--out"])
        .arg(&out)
        .arg(&inbox)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.success(), "{said}");
    let dead = dir.path().join("articles.jsonl.dead.jsonl");
    let name = |line: &Value| {
        let path = line["path"].as_str().unwrap().split('!').next().unwrap().to_owned();
        Path::new(&path).file_name().unwrap().to_string_lossy().into_owned()
    };
    let read: BTreeSet<String> = lines_of(&out).iter().map(name).collect();
    let letters = lines_of(&dead);
    let lost: BTreeSet<String> = letters.iter().map(name).collect();
    let wrong: Vec<_> = letters.iter().filter(|l| sound.contains(&name(l))).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(read.symmetric_difference(&sound).collect::<Vec<_>>(), Vec::<&String>::new());
    assert_eq!(lost.symmetric_difference(&broken).collect::<Vec<_>>(), Vec::<&String>::new());
    assert!(said.contains("100 files read whole") && said.contains("100 files set aside whole"), "{said}");
    for letter in &letters {
        for key in ["path", "sha256", "reason", "error", "time"] {
            assert!(letter[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {letter}");
        }
    }
}
