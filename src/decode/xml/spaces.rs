//! Names by what they mean: the prefix that everybody writes for a namespace, whatever a document writes.

/// Namespaces and the prefix by which the program knows them; `""` for those whose elements are named bare.
const KNOWN: &[(&str, &str)] = &[
    ("http://www.w3.org/2005/Atom", ""),
    ("http://purl.org/atom/ns#", ""),
    ("http://purl.org/rss/1.0/", ""),
    ("http://my.netscape.com/rdf/simple/0.9/", ""),
    ("http://channel.netscape.com/rdf/simple/0.9/", ""),
    ("http://backend.userland.com/rss2", ""),
    ("http://iptc.org/std/nar/2006-10-01/", ""),
    ("http://iptc.org/std/NITF/2006-10-18/", ""),
    ("http://www.w3.org/1999/xhtml", ""),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf"),
    ("http://www.w3.org/XML/1998/namespace", "xml"),
    ("http://purl.org/dc/elements/1.1/", "dc"),
    ("http://purl.org/dc/terms/", "dcterms"),
    ("http://purl.org/rss/1.0/modules/content/", "content"),
    ("http://search.yahoo.com/mrss/", "media"),
    ("http://search.yahoo.com/mrss", "media"),
];

/// Prefixes in force, innermost last.
#[derive(Debug, Default)]
pub struct Spaces {
    /// Depth at which it was declared, prefix as written, prefix as known.
    all: Vec<(usize, String, Option<&'static str>)>,
}

impl Spaces {
    /// Declares `xmlns:prefix="uri"` (or `xmlns="uri"` with an empty prefix) at a depth.
    pub fn declare(&mut self, depth: usize, prefix: &str, uri: &str) {
        let known = KNOWN.iter().find(|(known, _)| *known == uri.trim()).map(|(_, name)| *name);
        self.all.push((depth, prefix.to_owned(), known));
    }

    /// Forgets what was declared deeper than `depth`.
    pub fn leave(&mut self, depth: usize) {
        while self.all.last().is_some_and(|(at, ..)| *at > depth) {
            self.all.pop();
        }
    }

    /// The name as the program knows it.
    pub fn name(&self, written: &str) -> String {
        let (prefix, local) = written.split_once(':').unwrap_or(("", written));
        let known = self.all.iter().rev().find(|(_, p, _)| p == prefix).and_then(|(.., known)| *known);
        match known {
            Some("") => local.to_owned(),
            Some(known) if !known.is_empty() => format!("{known}:{local}"),
            _ => written.to_owned(),
        }
    }
}
