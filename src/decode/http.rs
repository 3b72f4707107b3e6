//! A saved HTTP answer: as web archives hold it, and as `curl -i` writes it.

use std::io::Read;

use serde_json::{Map, Value};

use super::options::Options;
use super::{Decoded, Format, Give, charset, text_norm, when};
use crate::model::{Article, Item, Undecodable};

/// See the module.
pub struct Response;

impl Format for Response {
    fn name(&self) -> &'static str {
        "http"
    }

    fn recognises(&self, head: &[u8], _path: &str) -> bool {
        let first = head.split(|b| *b == b'\n').next().unwrap_or(head);
        first.starts_with(b"HTTP/") && first.len() < 200 && first.get(5).is_some_and(u8::is_ascii_digit)
    }

    fn decode(&self, item: &Item, options: &Options, give: Give) -> Decoded {
        match open(item, options) {
            Ok(Some((page, headers))) => {
                let mut decoded =
                    super::each(&page, options, &mut |article| give(known(article, &headers, item, options)));
                // Places in the body are none in the item.
                decoded.lost.iter_mut().for_each(|lost| lost.range = None);
                decoded
            }
            Ok(None) => Decoded { passed_over: 1, ..Decoded::default() },
            Err(lost) => Decoded::lost(lost),
        }
    }

    fn sample(&self, item: &Item, options: &Options) -> Option<Value> {
        let (page, headers) = open(item, options).ok()??;
        let mut value = super::recognise(&page)?.sample(&page, options)?;
        let map: &mut Map<String, Value> = value.as_object_mut()?;
        for (key, name) in [
            ("warc-target-uri", "WARC-Target-URI"),
            ("warc-date", "WARC-Date"),
            ("warc-record-id", "WARC-Record-ID"),
        ] {
            if let Some(text) = headers.get(key) {
                map.insert(name.to_owned(), text.into());
            }
        }
        Some(value)
    }
}

/// Header lines by their names in small letters.
struct Headers(Vec<(String, String)>);

impl Headers {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }
}

/// The page with the header; `None` for an answer that is no article: a failure, a picture.
fn open(item: &Item, options: &Options) -> Result<Option<(Item, Headers)>, Undecodable> {
    let bytes = &item.bytes;
    let (end, body) = match (memchr::memmem::find(bytes, b"\r\n\r\n"), memchr::memmem::find(bytes, b"\n\n")) {
        (Some(crlf), Some(lf)) if lf < crlf => (lf, lf + 2),
        (Some(crlf), _) => (crlf, crlf + 4),
        (None, Some(lf)) => (lf, lf + 2),
        (None, None) => {
            let error = "an HTTP answer whose header has no end".to_owned();
            return Err(Undecodable { reason: "truncated", error, ..Undecodable::default() });
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]);
    let mut lines = head.lines();
    let status = lines.next().and_then(|l| l.split_ascii_whitespace().nth(1)).unwrap_or("200");
    let pairs = lines.filter_map(|l| l.split_once(':'));
    let headers = Headers(pairs.map(|(k, v)| (k.trim().to_ascii_lowercase(), v.trim().to_owned())).collect());
    let kind = headers.get("content-type").unwrap_or("").to_ascii_lowercase();
    let readable = kind.is_empty() || ["html", "text", "xml", "json"].iter().any(|k| kind.contains(k));
    let no_words = ["css", "javascript", "dns"].iter().any(|k| kind.contains(k));
    if !status.starts_with('2') || !readable || no_words || bytes.len() == body {
        return Ok(None);
    }
    let mut content = bytes[body..].to_vec();
    if headers.get("transfer-encoding").is_some_and(|t| t.eq_ignore_ascii_case("chunked")) {
        content = dechunked(&content).unwrap_or(content);
    }
    let content = plain(content, headers.get("content-encoding"), options)?;
    let declared = kind.split("charset=").nth(1).map(|label| label.trim_matches(['"', '\'', ' ', ';']));
    let content = in_utf8(content, declared);
    let page = Item { path: item.path.clone(), range: None, bytes: content, seen_at: item.seen_at };
    Ok(Some((page, headers)))
}

/// What the header says counts more than what the page says of its charset.
fn in_utf8(content: Vec<u8>, declared: Option<&str>) -> Vec<u8> {
    let Some(label) = declared.filter(|_| std::str::from_utf8(&content).is_err()) else { return content };
    let text = charset::read(&content, Some(label)).text;
    [b"\xef\xbb\xbf", text.as_bytes()].concat()
}

/// Without the lengths between its chunks; `None` when they are wrong.
fn dechunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(rest.len());
    loop {
        let end = memchr::memchr(b'\n', rest)?;
        let size = std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(out);
        }
        out.extend_from_slice(rest.get(..size)?);
        rest = rest[size..].trim_ascii_start();
    }
}

/// Without its compression. Archives often keep the header and store the page plain: the bytes decide.
fn plain(content: Vec<u8>, encoding: Option<&str>, options: &Options) -> Result<Vec<u8>, Undecodable> {
    let limit = options.limits.max_bytes as u64;
    let unpack = |from: &mut dyn Read| {
        let mut out = Vec::new();
        match from.take(limit + 1).read_to_end(&mut out) {
            Ok(_) if out.len() as u64 <= limit => Ok(out),
            Ok(_) => Err(Undecodable {
                reason: "too_long",
                error: format!(
                    "it unpacks to more than the limit of {limit} bytes for one document (max_bytes)"
                ),
                hint: Some(format!("raise it: [input.limits] max_bytes = {}", limit * 4)),
                ..Undecodable::default()
            }),
            Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
                let error = "the packed page ends before its end".to_owned();
                Err(Undecodable { reason: "truncated", error, ..Undecodable::default() })
            }
            Err(e) => Err(Undecodable { reason: "corrupt", error: e.to_string(), ..Undecodable::default() }),
        }
    };
    let encoding = encoding.unwrap_or("").to_ascii_lowercase();
    if content.starts_with(b"\x1f\x8b") {
        return unpack(&mut flate2::read::MultiGzDecoder::new(&content[..]));
    }
    if encoding == "deflate" && content.first() == Some(&0x78) {
        return unpack(&mut flate2::read::ZlibDecoder::new(&content[..]));
    }
    if encoding == "br" && std::str::from_utf8(&content).is_err() {
        return Err(Undecodable {
            reason: "unsupported",
            error: "the page is packed with brotli".to_owned(),
            hint: Some("let the crawler store pages unpacked, or ask for gzip".to_owned()),
            ..Undecodable::default()
        });
    }
    Ok(content)
}

/// An article with what the record around it knows. A crawler of news comes within hours: where the page tells no
/// time of its own, the time of the crawl is nearer than the time of reading.
fn known(mut article: Article, headers: &Headers, item: &Item, options: &Options) -> Article {
    if article.url.is_none() {
        article.url = headers.get("warc-target-uri").map(text_norm::line);
    }
    if article.id.starts_with("sha256:")
        && let Some(id) = headers.get("warc-record-id").map(text_norm::line).filter(|id| !id.is_empty())
    {
        article.id = id;
    }
    if article.published.is_none() {
        let date = headers.get("warc-date").or_else(|| headers.get("date"));
        article.published = date.and_then(|date| when::parse_text(date, None, options));
    }
    article.range = item.range.clone();
    article
}
