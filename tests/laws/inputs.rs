//! What must hold of any bytes, read by any decoder, and of any text that is cut. One file, two users: the fuzz targets
//! and the ordinary tests (`src/decode/tests_laws.rs`), so that both mean the same.

use std::io::Write;

use crate::decode::{self, Decoded, FORMATS, Options, assemble, out, text_norm};
use crate::model::{Article, Item, Undecodable};
use crate::{model, segment};

/// Fuzz targets of decoders: the target's name, the format that is given the bytes whether it would have taken them or
/// not (none: whichever takes them), and the name they come under.
pub const DECODERS: &[(&str, Option<&str>, &str)] = &[
    ("any", None, "a"),
    ("anpa", Some("anpa"), "a.anpa"),
    ("feed", Some("feed"), "a.xml"),
    ("html", Some("html"), "a.html"),
    ("http", Some("http"), "a.http"),
    ("iptc7901", Some("iptc7901"), "a.txt"),
    ("json", Some("json"), "a.json"),
    ("jsonl", Some("jsonl"), "a.jsonl"),
    ("mail", Some("mail"), "a.eml"),
    ("markdown", Some("markdown"), "a.md"),
    ("newsml1", Some("newsml1"), "a.xml"),
    ("newsml_g2", Some("newsml-g2"), "a.xml"),
    ("nitf", Some("nitf"), "a.xml"),
    ("table", Some("table"), "a.csv"),
    ("tar", Some("container"), "a.tar"),
    ("text", Some("text"), "a.txt"),
    ("warc", Some("container"), "a.warc"),
    ("xml", Some("xml"), "a.xml"),
    ("zip", Some("container"), "a.zip"),
];

/// Gives bytes to a fuzz target by its name: one of [`DECODERS`], `packed` or `segment`.
pub fn target(name: &str, bytes: &[u8]) {
    match name {
        "packed" => packed(bytes),
        "segment" => cut(&String::from_utf8_lossy(bytes)),
        _ => {
            let (_, format, path) = DECODERS.iter().find(|d| d.0 == name).expect("a target of this name");
            read(*format, path, bytes);
        }
    }
}

/// Bounds small enough to be met by inputs of some tens of kilobytes.
pub fn options() -> Options {
    let mut options = Options::default();
    let limits = &mut options.limits;
    limits.max_bytes = 1 << 20;
    limits.max_line = 24 << 10;
    limits.max_text = 12 << 10;
    limits.max_page = 40 << 10;
    limits.max_articles = 40;
    limits.max_fields = 120;
    limits.max_entries = 40;
    limits.max_unpacked = 2 << 20;
    limits.max_nesting = 2;
    options
}

fn item(path: &str, bytes: &[u8]) -> Item {
    let seen_at = chrono::DateTime::from_timestamp(1_930_831_500, 0).unwrap_or_default();
    Item { path: path.to_owned(), range: None, bytes: bytes.to_vec(), seen_at }
}

/// Reads bytes by a format and holds what comes of it to the laws.
fn read(format: Option<&str>, path: &str, bytes: &[u8]) -> Decoded {
    let item = item(path, bytes);
    let decoded = match format {
        None => {
            // The report of what fed what reads them too.
            let _ = decode::map(&item, &options()).to_string();
            decode::decode(&item, &options())
        }
        Some(name) => {
            let format = FORMATS.iter().find(|f| f.name() == name).expect("a format of this name");
            let mut articles = Vec::new();
            let made = format.decode(&item, &options(), &mut |article| articles.push(article));
            let _ = format.sample(&item, &options());
            Decoded { articles, format: Some(format.name()), ..made }
        }
    };
    lawful(&decoded, bytes.len());
    bounded(&decoded, bytes.len());
    decoded
}

/// Packs what stands behind the first byte, as that byte says; what comes out is what comes of it unpacked.
fn packed(bytes: &[u8]) {
    let Some((how, rest)) = bytes.split_first() else { return };
    let sealed = match how % 5 {
        0 => gzip(rest),
        1 => zstd::bulk::compress(rest, 1).expect("memory takes all"),
        2 => {
            let mut to = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
            to.write_all(rest).and_then(|()| to.finish()).expect("memory takes all")
        }
        3 => {
            let mut to = liblzma::write::XzEncoder::new(Vec::new(), 0);
            to.write_all(rest).and_then(|()| to.finish()).expect("memory takes all")
        }
        _ => return drop(read(Some("container"), "a.gz", rest)),
    };
    let (inside, plain) = (read(None, "a.gz", &sealed), read(None, "a.gz", rest));
    // Records of a packed web archive are members of their own; the bounds of a container are counted from outside.
    if plain.format != Some("container") {
        let words = |d: &Decoded| d.articles.iter().map(|a| a.sha256.clone()).collect::<Vec<_>>();
        assert_eq!(words(&inside), words(&plain), "packed and plain read alike");
        let reasons = |d: &Decoded| d.lost.iter().map(|l| l.reason).collect::<Vec<_>>();
        assert_eq!(reasons(&inside), reasons(&plain), "packed and plain lose alike");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut to = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    to.write_all(bytes).and_then(|()| to.finish()).expect("memory takes all")
}

/// Holds what was made of `len` bytes to the laws: all is read or lost and nothing is both; what is given out is
/// normalised; what is told lies inside.
pub fn lawful(decoded: &Decoded, len: usize) {
    let told = !decoded.articles.is_empty() || !decoded.lost.is_empty() || decoded.passed_over > 0;
    assert!(told, "a silent loss");
    assert_eq!(decoded.found, decoded.articles.len());
    let is_container = matches!(decoded.format, Some("container" | "http"));
    let mut taken = Vec::new();
    for article in &decoded.articles {
        is_normal(article);
        // Places inside a container are places in what it unpacks to.
        if let Some(range) = article.range.clone().filter(|_| !is_container) {
            assert!(range.start < range.end && range.end <= len as u64, "{range:?} of {len}");
            taken.push((range, "article"));
        }
    }
    for lost in &decoded.lost {
        is_told(lost);
        if let Some(range) = lost.range.clone().filter(|_| !is_container) {
            assert!(range.start <= range.end && range.end <= len as u64, "{lost:?} of {len}");
            // What is told as one lies between the first and the last of many.
            taken.extend((lost.reason != "more").then_some((range, lost.reason)));
        }
    }
    taken.sort_by_key(|(range, _)| (range.start, range.end));
    for pair in taken.windows(2) {
        assert!(pair[0].0.end <= pair[1].0.start, "read or lost twice: {pair:?}");
    }
    // From a charset other than UTF-8 there is no way back to places in the bytes.
    if is_container || !matches!(decoded.charset, "" | "UTF-8") {
        return;
    }
    let whole = decoded.lost.iter().find(|lost| lost.range.is_none());
    assert!(whole.is_none() || decoded.articles.is_empty(), "lost as a whole, and read: {whole:?}");
    let alone = decoded.articles.iter().any(|article| article.range.is_none());
    assert!(!alone || decoded.articles.len() == 1, "one of several without its place");
}

/// Every text of an article is in the one form that everything else relies on.
fn is_normal(article: &Article) {
    let Article { id, title, summary, text, source, author, section, url, version, dateline, .. } = article;
    assert!(title.is_some() || summary.is_some() || !text.is_empty(), "an article of nothing");
    assert_eq!(*text, text_norm::body(text), "normalising twice is normalising once");
    for name in [title, source, author, section].into_iter().flatten() {
        assert_eq!(*name, text_norm::line(name), "normalising twice is normalising once");
    }
    if let Some(prose) = summary {
        assert_eq!(*prose, text_norm::body(prose), "normalising twice is normalising once");
    }
    for text in
        [title, summary, source, author, section, url, version].into_iter().flatten().chain([id, text])
    {
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "a control character: {text:?}");
    }
    assert!(dateline.as_ref().is_none_or(|d| text.is_char_boundary(d.len as usize)), "{dateline:?}");
    assert!(!id.is_empty());
    assert_eq!(article.sha256, assemble::hash(title.as_deref(), summary.as_deref(), text));
}

fn is_told(lost: &Undecodable) {
    assert!(!lost.reason.is_empty() && !lost.error.is_empty(), "{lost:?}");
    assert!(lost.error.len() < 2000 && lost.hint.as_ref().is_none_or(|h| h.len() < 2000), "{lost:?}");
}

/// What comes out is no more than the bounds and what went in allow.
fn bounded(decoded: &Decoded, len: usize) {
    let limits = options().limits;
    let words = |a: &Article| {
        a.text.len() + [&a.title, &a.summary].into_iter().flatten().map(String::len).sum::<usize>()
    };
    assert!(decoded.articles.iter().all(|a| words(a) <= limits.max_text));
    assert!(decoded.lost.len() <= out::LISTED + 1);
    if decoded.format != Some("container") {
        assert!(decoded.articles.len() <= limits.max_articles);
        // A byte of an old charset is three of UTF-8, and a standfirst may be told twice.
        let all: usize = decoded.articles.iter().map(words).sum();
        assert!(all <= 16 * len + 1024, "{all} bytes of words from {len}");
    }
}

/// Any text, as it is and normalised, cut into sentences and tokens: in order, apart, and nothing but blanks between.
pub fn cut(text: &str) {
    let normal = text_norm::body(text);
    assert_eq!(normal, text_norm::body(&normal), "normalising twice is normalising once");
    for text in [text, &normal] {
        let mut at = 0;
        for span in segment::sentences(text, 0) {
            gap(text, at, span.start);
            assert!(!span.is_empty());
            at = span.end;
            let mut inner = span.start;
            for token in segment::tokens(text, span) {
                gap(text, inner, token.span.start);
                assert!(!token.span.is_empty());
                inner = token.span.end;
            }
            gap(text, inner, span.end);
        }
        gap(text, at, text.len() as u32);
    }
    parts(&normal);
}

/// The sentences of an article are in order, and none is longer than a sentence may be.
fn parts(text: &str) {
    let bytes = item("a.txt", text.as_bytes());
    for article in decode::decode(&bytes, &Options::default()).articles {
        let mut at = (model::Field::Title, 0);
        for sentence in segment::article(&article) {
            assert!(sentence.tokens.len() <= segment::LONGEST && !sentence.tokens.is_empty());
            assert!(
                (sentence.field, sentence.span.start) >= at
                    && !sentence.span.of(article.field(sentence.field)).is_empty()
            );
            at = (sentence.field, sentence.span.end);
        }
    }
}

fn gap(text: &str, from: u32, to: u32) {
    let gap = text.get(from as usize..to as usize);
    assert!(gap.is_some_and(|gap| gap.trim().is_empty()), "{from}..{to} is no gap: {gap:?}");
}
