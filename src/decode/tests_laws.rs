//! The inputs of the fuzz targets in short: every target is given every fixture, whole and damaged, from a seed.

use super::laws::{DECODERS, target};

/// What the damage starts from.
const SEEDS: &[&[u8]] = &[
    include_bytes!("../../tests/fixtures/page.html"),
    include_bytes!("../../tests/fixtures/rss2.xml"),
    include_bytes!("../../tests/fixtures/rdf.xml"),
    include_bytes!("../../tests/fixtures/atom.xml"),
    include_bytes!("../../tests/fixtures/feed.json"),
    include_bytes!("../../tests/fixtures/ninjs.json"),
    include_bytes!("../../tests/fixtures/newsml-g2.xml"),
    include_bytes!("../../tests/fixtures/newsml1.xml"),
    include_bytes!("../../tests/fixtures/nitf.xml"),
    include_bytes!("../../tests/fixtures/desk.xml"),
    include_bytes!("../../tests/fixtures/table.csv"),
    include_bytes!("../../tests/fixtures/table.tsv"),
    include_bytes!("../../tests/fixtures/letter.eml"),
    include_bytes!("../../tests/fixtures/letters.mbox"),
    include_bytes!("../../tests/fixtures/wire.7901"),
    include_bytes!("../../tests/fixtures/wire.anpa"),
    include_bytes!("../../tests/fixtures/wire.telex"),
    include_bytes!("../../tests/fixtures/pages.warc"),
];

/// What a mark-up or an archive trips over.
const PIECES: &[&[u8]] = &[
    b"\0",
    b"\n",
    b"\r",
    b"\x01",
    b"\x02",
    b"\x03",
    b"\x1b",
    b"\xff",
    b"\xc3",
    b"\xe2\x80",
    b"<",
    b"</",
    b"<!--",
    b"<![CDATA[",
    b"&",
    b"&amp;",
    b"&#0;",
    b"&#x1;",
    b"&shy;",
    b"\"",
    b"'",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"\\u0000",
    b"\\ud800",
    b"\xe2\x80\xa8",
    b"\xef\xbb\xbf",
    b"\xc2\xad",
    b"e\xcc\x81",
    b"99999999999999999999",
    b"-1",
    b"From ",
    b"\n\n",
    b"---\n",
    b"WARC/1.0\r\n",
    b"Content-Length: 18446744073709551615\r\n",
    b"=?utf-8?q?=00?=",
];

/// A small generator of numbers: the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below.max(1)
    }
}

fn damage(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..random.below(6) {
        let at = random.below(bytes.len());
        match random.below(6) {
            0 if random.below(3) == 0 => bytes.truncate(at.max(1)),
            0 | 1 => bytes[at] = random.below(256) as u8,
            2 => drop(bytes.drain(at..(at + random.below(40)).min(bytes.len()))),
            3 => drop(bytes.splice(at..at, PIECES[random.below(PIECES.len())].iter().copied())),
            4 => {
                let piece = bytes[at..(at + 60).min(bytes.len())].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => {
                let other = SEEDS[random.below(SEEDS.len())];
                let from = random.below(other.len());
                let piece = &other[from..(from + 80).min(other.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
        }
        if bytes.is_empty() {
            bytes.push(b'x');
        }
    }
}

#[test]
fn every_target_holds_to_the_laws_whatever_it_is_given() {
    let (mut random, mut broken) = (Random(7), Vec::new());
    let targets = DECODERS.iter().map(|(name, ..)| *name).chain(["packed", "segment"]);
    for name in targets {
        for round in 0..6 {
            for seed in SEEDS {
                let mut bytes = seed.to_vec();
                if round > 0 {
                    damage(&mut bytes, &mut random);
                }
                if name == "packed" {
                    bytes.insert(0, round);
                }
                if std::panic::catch_unwind(|| target(name, &bytes)).is_err() {
                    broken.push((name, String::from_utf8_lossy(&bytes).into_owned()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{} inputs, the first: {:?}", broken.len(), broken.first());
}
