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
pub mod address;
pub mod lines;
pub mod out;
pub mod json_scan;
pub mod json_repair;
pub mod json;
pub mod jsonl;
pub mod xml;
pub mod feed;
pub mod newsml;
pub mod nitf;
pub mod newsml1;
pub mod xml_any;
pub mod page;
pub mod page_meta;
pub mod page_date;
pub mod table;
pub mod mail;
pub mod wire;
pub mod markdown;
pub mod plain;
mod meter;
mod members;
pub mod unpack;
pub mod zip;
pub mod tar;
pub mod warc;
pub mod http;
pub mod map_report;

pub use fields::Fields;
pub use map_report::{MapReport, map};
pub use options::{Limits, Logical, Options};

use crate::model::{Article, Item, Undecodable};
use charset::Source;

/// Takes an article as soon as it is read, so that a document of a million articles needs the memory of one.
pub type Give<'g> = &'g mut dyn FnMut(Article);

/// What became of an item. `articles` and `lost` are each in the order of the bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decoded {
    /// What could be read: filled by [`decode`] alone; [`each`] gives the articles away.
    pub articles: Vec<Article>,
    /// How many articles there were.
    pub found: usize,
    /// What could not, each part with its reason.
    pub lost: Vec<Undecodable>,
    /// The format that read it; `None` when none recognised it.
    pub format: Option<&'static str>,
    /// The charset it was read in (WHATWG name); empty when nothing was read.
    pub charset: &'static str,
    /// Places where bytes were not valid in that charset and became U+FFFD.
    pub replaced: u64,
    /// Entries of an archive that are no documents and were passed over: hidden files, the system's own.
    pub passed_over: u64,
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

    /// Reads it and gives each article away. A bad element costs only itself.
    fn decode(&self, item: &Item, options: &Options, give: Give) -> Decoded;

    /// The first article's fields before normalisation, with the names that fed them: for `chancery map`.
    /// `None` where the format has no field names.
    fn sample(&self, _item: &Item, _options: &Options) -> Option<serde_json::Value> {
        None
    }
}

/// All formats; the first that recognises the content reads it. Plain text stands last: it takes any text.
pub static FORMATS: &[&dyn Format] = &[
    &unpack::Container,
    &http::Response,
    &jsonl::Jsonl,
    &json::Json,
    &feed::Feed,
    &newsml::NewsMlG2,
    &newsml1::NewsMl1,
    &nitf::Nitf,
    &page::Page,
    &xml_any::AnyXml,
    &wire::Iptc7901,
    &wire::Anpa,
    &mail::Mail,
    &table::Table,
    &markdown::Markdown,
    &plain::Plain,
];

/// Reads an item: every article in it, and every part that is lost with its reason.
pub fn decode(item: &Item, options: &Options) -> Decoded {
    let mut articles = Vec::new();
    let mut decoded = each(item, options, &mut |article| articles.push(article));
    decoded.articles = articles;
    decoded
}

/// As [`decode`], but each article is given away as soon as it is read.
pub fn each(item: &Item, options: &Options, give: Give) -> Decoded {
    if let Err(undecodable) = admit(item, options) {
        return Decoded::lost(undecodable);
    }
    match recognise(item) {
        Some(format) => {
            let mut decoded = format.decode(item, options, give);
            decoded.format = Some(format.name());
            for lost in &mut decoded.lost {
                // What a container held knows its own format.
                lost.format = lost.format.or(Some(format.name()));
            }
            decoded
        }
        None => Decoded::lost(foreign::unrecognised(item)),
    }
}

/// The format that would read the item.
pub fn recognise(item: &Item) -> Option<&'static dyn Format> {
    let head = charset::head(&item.bytes);
    FORMATS.iter().copied().find(|format| format.recognises(&head, &item.path))
}

/// Whether a path ends in one of the extensions, whatever it is compressed with.
pub(crate) fn is_named(path: &str, extensions: &[&str]) -> bool {
    let ends = |path: &str, all: &[&str]| {
        let extension = path.rsplit('.').next().unwrap_or("");
        all.iter().any(|e| e.eq_ignore_ascii_case(extension))
    };
    let bare = if ends(path, &["gz", "zst", "bz2", "xz"]) {
        path.rsplit_once('.').map_or(path, |p| p.0)
    } else {
        path
    };
    ends(bare, extensions)
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
            ..Undecodable::default()
        });
    }
    let limit = options.limits.max_bytes;
    if len > limit {
        return Err(Undecodable {
            reason: "too_long",
            format: None,
            error: format!("{len} bytes, more than the limit of {limit} bytes for one document (max_bytes)"),
            hint: Some(format!("raise it: [input.limits] max_bytes = {}", len.next_power_of_two())),
            ..Undecodable::default()
        });
    }
    // Control characters frame the old wires, and a saved answer may hold a packed page.
    let is_ours = unpack::kind(&item.bytes).is_some()
        || wire::is_framed(&item.bytes)
        || item.bytes.starts_with(b"HTTP/");
    match foreign::recognise(&item.bytes).filter(|_| !is_ours) {
        Some(what) => Err(foreign::undecodable(what)),
        None => Ok(()),
    }
}

/// Reads an item's text in whatever charset; the one place where formats get it from.
pub(crate) fn text(item: &Item) -> Source<'_> {
    charset::read(&item.bytes, None)
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_formats;
#[cfg(test)]
mod tests_containers;
#[cfg(test)]
mod tests_laws;
#[cfg(test)]
#[path = "../../tests/laws/inputs.rs"]
mod laws;
