//! E-mail: one message (`.eml`), or many in an mbox; newsletters above all.

use std::ops::Range;

use mail_parser::{MessageParser, MimeHeaders, PartType};
use serde_json::{Map, Value};

use super::options::Options;
use super::out::Out;
use super::{Decoded, Format, Give, html_text, text_norm};
use crate::model::Item;

/// See the module.
pub struct Mail;

impl Format for Mail {
    fn name(&self) -> &'static str {
        "mail"
    }

    fn recognises(&self, head: &[u8], path: &str) -> bool {
        let named = super::is_named(path, &["eml", "mbox", "mbx", "msg"]);
        let known = headers(after_from(head));
        known >= if named { 1 } else { 3 }
    }

    fn decode(&self, item: &Item, options: &Options, give: Give) -> Decoded {
        let mut out = Out::raw(item, options, give);
        let all = messages(&item.bytes);
        let alone = all.len() == 1 && !item.bytes.starts_with(b"From ");
        let mut passed = 0;
        for range in all {
            if range.len() > options.limits.max_line {
                out.too_long("a message", range);
            } else {
                match read(&item.bytes[range.clone()]) {
                    Some((value, attachments)) => {
                        passed += attachments;
                        out.value(&value, range, alone);
                    }
                    None => out.lose("malformed", "no message: it has no header".to_owned(), None, range),
                }
            }
            if out.full {
                break;
            }
        }
        let mut decoded = out.finish();
        decoded.passed_over += passed;
        decoded
    }

    fn sample(&self, item: &Item, _options: &Options) -> Option<Value> {
        messages(&item.bytes).into_iter().find_map(|range| read(&item.bytes[range])).map(|(value, _)| value)
    }
}

/// The message behind mbox's `From ` line.
fn after_from(bytes: &[u8]) -> &[u8] {
    match bytes.strip_prefix(b"From ").and_then(|rest| memchr::memchr(b'\n', rest).map(|at| &rest[at + 1..]))
    {
        Some(rest) => rest,
        None => bytes,
    }
}

/// How many of the usual header lines a text opens with.
fn headers(head: &[u8]) -> usize {
    const USUAL: &[&str] = &[
        "from",
        "to",
        "date",
        "subject",
        "message-id",
        "received",
        "return-path",
        "mime-version",
        "content-type",
        "delivered-to",
        "reply-to",
        "list-id",
        "list-unsubscribe",
        "sender",
        "x-mailer",
        "dkim-signature",
    ];
    let mut known = 0;
    for line in head.split(|b| *b == b'\n').take(200) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(colon) = memchr::memchr(b':', line) else { return 0 };
        let name = &line[..colon];
        if !name.iter().all(|b| b.is_ascii_graphic()) {
            return 0;
        }
        known += usize::from(USUAL.iter().any(|usual| name.eq_ignore_ascii_case(usual.as_bytes())));
    }
    known
}

/// Where each message stands. In an mbox a message begins at a line `From …` behind which header lines follow.
fn messages(bytes: &[u8]) -> Vec<Range<usize>> {
    if !bytes.starts_with(b"From ") {
        return std::iter::once(0..bytes.len()).collect();
    }
    let begins = memchr::memmem::find_iter(bytes, b"\nFrom ").map(|at| at + 1);
    let mut starts: Vec<usize> = std::iter::once(0)
        .chain(begins.filter(|at| {
            headers(
                &after_from(&bytes[*at..])
                    [..bytes.len().saturating_sub(*at).min(4096).min(after_from(&bytes[*at..]).len())],
            ) > 0
        }))
        .collect();
    starts.push(bytes.len());
    starts.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

/// A message's fields, and how many attachments were passed over.
fn read(bytes: &[u8]) -> Option<(Value, u64)> {
    let message = MessageParser::default().parse(after_from(bytes))?;
    let mut map = Map::new();
    let mut put = |key: &str, value: Option<String>| {
        if let Some(value) = value.filter(|v| !v.trim().is_empty()) {
            map.insert(key.to_owned(), value.into());
        }
    };
    put("title", message.subject().map(str::to_owned));
    put("date", message.date().map(|date| date.to_rfc3339()));
    put("Message-ID", message.message_id().map(str::to_owned));
    let from = message.from().and_then(|from| from.first());
    put("mail:from", from.and_then(|f| f.name().or(f.address())).map(str::to_owned));
    put("mail:list", message.header_raw("List-Id").map(list_name));
    put("language", message.header_raw("Content-Language").map(|l| l.trim().to_owned()));
    put("url", message.header_raw("Archived-At").map(|l| l.trim().trim_matches(['<', '>']).to_owned()));
    put("text", words(&message));
    let attachments =
        message.attachments().filter(|part| !is_words(&part.body) || part.attachment_name().is_some());
    let attachments = attachments.count() as u64;
    (!map.is_empty()).then_some((Value::Object(map), attachments))
}

fn is_words(body: &PartType) -> bool {
    matches!(body, PartType::Text(_) | PartType::Html(_) | PartType::Multipart(_))
}

/// `Northern Wire <daily.nw.example>` to the name.
fn list_name(raw: &str) -> String {
    raw.split('<')
        .next()
        .map(|name| name.trim().trim_matches('"'))
        .filter(|n| !n.is_empty())
        .unwrap_or(raw)
        .trim()
        .to_owned()
}

/// The words as the reader is meant to see them: plain text, unless it is only a stub beside the HTML.
fn words(message: &mail_parser::Message) -> Option<String> {
    let of = |ids: &[u32]| {
        let parts = ids.iter().filter_map(|id| message.parts.get(*id as usize));
        let parts: Vec<String> = parts
            .filter_map(|part| match &part.body {
                PartType::Text(text) => Some(text.clone().into_owned()),
                PartType::Html(html) => Some(html_text::to_text(html).into_owned()),
                _ => None,
            })
            .collect();
        parts.join("\n\n")
    };
    let plain = text_norm::body(&of(&message.text_body));
    let html = text_norm::body(&of(&message.html_body));
    if plain.len() * 2 >= html.len() { Some(plain) } else { Some(html) }
}
