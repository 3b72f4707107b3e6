//! Bytes become articles: one format, one file, and one ordered list of them.
//!
//! Pure: no files, no clock. Nothing here panics on foreign bytes; what cannot be read comes back as an
//! [`Undecodable`] that names the part that is lost, and everything around it is kept.
//!
//! To add a format: write `src/decode/<name>.rs` with a type that implements [`Format`], fill a
//! [`Fields`] for each article, hand it to [`assemble::article`], and add one line to [`FORMATS`].

pub mod options;
pub mod aliases;
pub mod charset;
pub mod foreign;
pub mod text_norm;
pub mod html_text;
pub mod when;
pub mod dateline;
pub mod language;
pub mod lookup;
pub mod fields;
pub mod assemble;
pub mod json_scan;
pub mod json_repair;
pub mod json;
pub mod jsonl;
pub mod markdown;
pub mod plain;
pub mod map_report;

pub use fields::Fields;
pub use map_report::{MapReport, map};
pub use options::{Limits, Logical, Options};

use crate::model::{Article, Item, Undecodable};
use charset::Source;

/// What became of an item. `articles` and `lost` are each in the order of the bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decoded {
    /// What could be read.
    pub articles: Vec<Article>,
    /// What could not, each part with its reason.
    pub lost: Vec<Undecodable>,
    /// The format that read it; `None` when none recognised it.
    pub format: Option<&'static str>,
    /// The charset it was read in (WHATWG name); empty when nothing was read.
    pub charset: &'static str,
    /// Places where bytes were not valid in that charset and became U+FFFD.
    pub replaced: u64,
}

impl Decoded {
    /// An item that is lost as a whole.
    pub fn lost(undecodable: Undecodable) -> Self {
        Decoded { lost: vec![undecodable], ..Decoded::default() }
    }
}

/// A way of writing articles down. The open set of the program: see [`FORMATS`].
pub trait Format: Sync {
    /// Its name in counters and dead letters.
    fn name(&self) -> &'static str;

    /// Whether the item is written in it. `head` is the start of the content (at most
    /// [`charset::HEAD`] bytes; as UTF-8 when it is text in any charset, raw when it is not);
    /// content decides first, the extension of `path` only where content leaves it open.
    fn recognises(&self, head: &[u8], path: &str) -> bool;

    /// Reads it. A bad element costs only itself.
    fn decode(&self, item: &Item, options: &Options) -> Decoded;

    /// The first article's fields before normalisation, with the names that fed them: for `chancery map`.
    /// `None` where the format has no field names.
    fn sample(&self, _item: &Item, _options: &Options) -> Option<serde_json::Value> {
        None
    }
}

/// All formats; the first that recognises the content reads it. Plain text stands last: it takes any text.
pub static FORMATS: &[&dyn Format] = &[&jsonl::Jsonl, &json::Json, &markdown::Markdown, &plain::Plain];

/// Reads an item: every article in it, and every part that is lost with its reason.
pub fn decode(item: Item, options: &Options) -> Decoded {
    if let Err(undecodable) = admit(&item, options) {
        return Decoded::lost(undecodable);
    }
    match recognise(&item) {
        Some(format) => {
            let mut decoded = format.decode(&item, options);
            decoded.format = Some(format.name());
            for lost in &mut decoded.lost {
                lost.format = Some(format.name());
            }
            decoded
        }
        None => Decoded::lost(foreign::unrecognised(&item)),
    }
}

/// The format that would read the item.
pub fn recognise(item: &Item) -> Option<&'static dyn Format> {
    let head = charset::head(&item.bytes);
    FORMATS.iter().copied().find(|format| format.recognises(&head, &item.path))
}

/// What no format needs to look at: nothing, too much, or not text at all.
fn admit(item: &Item, options: &Options) -> Result<(), Undecodable> {
    let len = item.bytes.len();
    if item.bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Undecodable {
            reason: "empty",
            format: None,
            error: if len == 0 {
                "the file is empty".into()
            } else {
                "the file holds only white space".into()
            },
            hint: Some("is it still being written? It is read again when it changes".into()),
            range: None,
        });
    }
    let limit = options.limits.max_bytes;
    if len > limit {
        return Err(Undecodable {
            reason: "too_long",
            format: None,
            error: format!("{len} bytes, more than the limit of {limit} bytes for one document (max_bytes)"),
            hint: Some(format!("raise it: [input.limits] max_bytes = {}", len.next_power_of_two())),
            range: None,
        });
    }
    match foreign::recognise(&item.bytes) {
        Some(what) => Err(foreign::undecodable(what)),
        None => Ok(()),
    }
}

/// Reads an item's text in whatever charset; the one place where formats get it from.
pub(crate) fn text(item: &Item) -> Source<'_> {
    charset::read(&item.bytes)
}

#[cfg(test)]
mod tests;
