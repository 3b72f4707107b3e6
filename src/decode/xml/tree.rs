//! An element with all that is in it.

use std::borrow::Cow;
use std::ops::Range;

/// An element.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Element<'a> {
    /// Its name with the prefix by which the program knows its namespace: `title`, `dc:date`, `content:encoded`.
    pub name: String,
    /// Its attributes, likewise named; values unescaped.
    pub attrs: Vec<(String, String)>,
    /// What it holds, in order.
    pub children: Vec<Node<'a>>,
    /// Where it stands in the text, tags included.
    pub range: Range<usize>,
}

/// A part of an element.
#[derive(Clone, Debug, PartialEq)]
pub enum Node<'a> {
    /// An element inside it.
    Element(Element<'a>),
    /// Characters.
    Text(Cow<'a, str>),
}

impl<'a> Element<'a> {
    /// The name without its prefix.
    pub fn local(&self) -> &str {
        self.name.rsplit(':').next().unwrap_or(&self.name)
    }

    /// An attribute that is there and not empty.
    pub fn attr(&self, name: &str) -> Option<&str> {
        self.attrs.iter().find(|(key, _)| key == name).map(|(_, v)| v.trim()).filter(|v| !v.is_empty())
    }

    /// The elements in it.
    pub fn elements(&self) -> impl Iterator<Item = &Element<'a>> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(inner) => Some(inner),
            Node::Text(_) => None,
        })
    }

    /// The elements in it of one name.
    pub fn all<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Element<'a>> + 's {
        self.elements().filter(move |inner| inner.name == name)
    }

    /// The first element at a path such as `body/body.head/hedline`.
    pub fn at<'s>(&'s self, path: &str) -> Option<&'s Element<'a>> {
        let (first, rest) = path.split_once('/').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let mut all = self.elements().filter(|inner| inner.name == first);
        all.find_map(|inner| rest.map_or(Some(inner), |rest| inner.at(rest)))
    }

    /// The first element of a name, however deep, in the order of the text.
    pub fn find(&self, name: &str) -> Option<&Element<'a>> {
        self.elements().find_map(|inner| if inner.name == name { Some(inner) } else { inner.find(name) })
    }

    /// All elements of a name, however deep; not those inside one of them.
    pub fn find_all<'s>(&'s self, name: &str, out: &mut Vec<&'s Element<'a>>) {
        for inner in self.elements() {
            if inner.name == name {
                out.push(inner);
            } else {
                inner.find_all(name, out);
            }
        }
    }

    /// Its characters and those of all inside it, on one line; `None` when there are none.
    pub fn line(&self) -> Option<String> {
        let text = self.text();
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!line.is_empty()).then_some(line)
    }

    /// The line of the first element at a path.
    pub fn line_at(&self, path: &str) -> Option<String> {
        self.at(path)?.line()
    }

    /// Its characters and those of all inside it, as they stand.
    pub fn text(&self) -> Cow<'_, str> {
        if let [Node::Text(text)] = &self.children[..] {
            return Cow::Borrowed(text);
        }
        let mut out = String::new();
        self.gather(&mut out);
        Cow::Owned(out)
    }

    fn gather(&self, out: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(text) => out.push_str(text),
                Node::Element(inner) => inner.gather(out),
            }
        }
    }

    /// Its prose. Characters alone come as they stand: they may be HTML or hold lines of their own. Where there is
    /// mark-up, blocks stand apart by an empty line, and line breaks of the source are blanks.
    pub fn prose(&self) -> Option<String> {
        let mut out = String::new();
        if self.elements().next().is_none() {
            out.push_str(&self.text());
        } else {
            self.walk(&mut out, false);
        }
        (!out.trim().is_empty()).then_some(out)
    }

    fn walk(&self, out: &mut String, as_typed: bool) {
        for node in &self.children {
            match node {
                Node::Text(text) if as_typed => out.push_str(text),
                Node::Text(text) => {
                    out.extend(text.chars().map(|c| if c.is_ascii_whitespace() { ' ' } else { c }))
                }
                Node::Element(inner) => {
                    let name = inner.local().to_ascii_lowercase();
                    if HIDDEN.contains(&name.as_str()) {
                        continue;
                    }
                    let around = if BLOCKS.contains(&name.as_str()) {
                        "\n\n"
                    } else if LINES.contains(&name.as_str()) {
                        "\n"
                    } else if CELLS.contains(&name.as_str()) {
                        " "
                    } else {
                        ""
                    };
                    out.push_str(around);
                    inner.walk(out, as_typed || name == "pre");
                    out.push_str(around);
                }
            }
        }
    }
}

/// Elements that stand on their own.
const BLOCKS: &[&str] = &[
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "dl",
    "table",
    "blockquote",
    "section",
    "article",
    "header",
    "footer",
    "aside",
    "pre",
    "hr",
    "main",
    "block",
    "hl1",
    "hl2",
    "bq",
    "fn",
    "body",
    "paragraph",
    "para",
    "tagline",
    "datasource",
    "subheadline",
    "subhead",
];
/// Elements that only begin a new line.
const LINES: &[&str] = &["br", "li", "tr", "dt", "dd", "credit"];
/// Elements that stand apart by a blank.
const CELLS: &[&str] = &["td", "th", "nitf-col"];
/// Elements whose text is not the article's: pictures with their captions, notes to editors, programs.
const HIDDEN: &[&str] = &[
    "script",
    "style",
    "media",
    "media-caption",
    "media-producer",
    "media-metadata",
    "note",
    "iframe",
    "noscript",
    "svg",
    "object",
    "form",
    "button",
];
