//! XML as small trees, one for each part that matters, with the place it came from.
//!
//! Nothing is ever expanded but the five predefined entities, character references, HTML's names and short entities
//! that the document declares itself: a document cannot grow by being read. What is not well-formed is read as far
//! as its meaning is plain (a lone `&`, a tag that is not closed inside its parent).

mod spaces;
mod tree;
mod walker;

pub use tree::{Element, Node};
pub use walker::{Fault, Step, Walker};

use std::ops::Range;

use serde_json::Value;

use super::charset::{self, Source};
use super::options::Options;
use super::out::Out;
use super::{Decoded, Give, foreign};
use crate::model::Item;

/// Shown each article of a document: its fields with the place it came from, or why it is lost. False ends the walk.
pub type See<'s> = &'s mut dyn FnMut(Result<(Value, Range<usize>), Fault>) -> bool;

/// Reads the articles of a document.
pub type Read = fn(&str, &Options, See);

/// A format's `decode`, from what reads its articles. `alone`: a document is one article, which needs no range unless
/// something stands behind it, such as another document.
pub fn decode(item: &Item, options: &Options, give: Give, read: Read, alone: bool) -> Decoded {
    let source = text(item);
    let mut out = Out::new(item, &source, options, give);
    let mut lines = super::lines::Lines::default();
    read(&source.text, options, &mut |found| {
        match found {
            Ok((value, range)) => {
                let alone = alone && out.is_new() && source.text[range.end..].trim_ascii().is_empty();
                out.value(&value, range, alone);
            }
            Err(Fault { reason, error, hint, range }) => {
                let place = lines.place(&source.text, range.start);
                out.lose(reason, format!("{place}: {error}"), hint, range);
            }
        }
        !out.full
    });
    out.finish()
}

/// A format's `sample`: the fields of the first article.
pub fn sample(item: &Item, options: &Options, read: Read) -> Option<Value> {
    let source = text(item);
    let mut first = None;
    read(&source.text, options, &mut |found| {
        first = found.ok().map(|(value, _)| value);
        first.is_none()
    });
    first
}

/// Reads an XML document's text, in the charset it declares.
pub fn text(item: &Item) -> Source<'_> {
    charset::read(&item.bytes, charset::declared(&item.bytes))
}

/// The name of the outermost element, without its prefix, when the content is XML.
pub fn root(head: &[u8]) -> Option<&str> {
    let mut rest = head.trim_ascii_start();
    loop {
        rest = rest.trim_ascii_start();
        let skip = |end: &[u8]| memchr::memmem::find(rest, end).map(|at| at + end.len());
        let len = if rest.starts_with(b"<?") {
            skip(b"?>")?
        } else if rest.starts_with(b"<!--") {
            skip(b"-->")?
        } else if rest.starts_with(b"<!") {
            // A declaration that goes on beyond what was looked at still tells the name.
            match doctype_len(rest) {
                Some(len) => len,
                None => return doctype_name(rest),
            }
        } else {
            break;
        };
        rest = &rest[len..];
    }
    local_name(rest.strip_prefix(b"<")?)
}

/// The name in `<!DOCTYPE name [`.
fn doctype_name(rest: &[u8]) -> Option<&str> {
    let (word, name) = rest.split_at_checked(b"<!DOCTYPE".len())?;
    word.eq_ignore_ascii_case(b"<!DOCTYPE").then(|| local_name(name.trim_ascii_start())).flatten()
}

/// The name that stands first, without its prefix.
fn local_name(name: &[u8]) -> Option<&str> {
    let len = name.iter().take_while(|b| b.is_ascii_alphanumeric() || b"_:-.".contains(b)).count();
    let name = std::str::from_utf8(&name[..len]).ok().filter(|name| !name.is_empty())?;
    Some(name.rsplit(':').next().unwrap_or(name))
}

/// The length of `<!DOCTYPE … [ … ]>`.
fn doctype_len(rest: &[u8]) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in rest.iter().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b'>' if depth == 0 => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Whether the content is XML rather than HTML.
pub fn is_xml(head: &[u8]) -> bool {
    let start = head.trim_ascii_start();
    let html = root(head).is_some_and(|name| name.eq_ignore_ascii_case("html"));
    !html && (start.starts_with(b"<?xml") || foreign::is_markup(head)) && root(head).is_some()
}
