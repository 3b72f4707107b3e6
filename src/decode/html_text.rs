//! HTML inside a value becomes text: tags go, entities are resolved, paragraphs stay apart.

use dom_query::{Document, NodeRef};

/// Whether a value holds HTML tags (not merely a `<`).
pub fn is_html(text: &str) -> bool {
    memchr::memchr_iter(b'<', text.as_bytes()).any(|at| is_tag(&text[at + 1..]))
}

const TAGS: &[&str] = &[
    "p",
    "br",
    "div",
    "span",
    "a",
    "b",
    "i",
    "u",
    "em",
    "strong",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "table",
    "tbody",
    "tr",
    "td",
    "th",
    "img",
    "figure",
    "figcaption",
    "blockquote",
    "section",
    "article",
    "body",
    "html",
    "script",
    "style",
    "hr",
    "pre",
    "iframe",
    "font",
    "center",
    "sup",
    "sub",
    "small",
    "header",
    "footer",
    "aside",
    "q",
    "cite",
    "time",
    "main",
    "hl2",
    "block",
];

fn is_tag(rest: &str) -> bool {
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let len = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let closes =
        rest.as_bytes().get(len).is_some_and(|b| matches!(b, b'>' | b'/' | b' ' | b'\n' | b'\t' | b'\r'));
    closes && TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(&rest[..len]))
}

/// The text of a value that may be HTML or hold entities; plain text comes back as it is.
pub fn to_text(value: &str) -> std::borrow::Cow<'_, str> {
    if is_html(value) {
        if is_too_deep(value) { unescape(&without_tags(value)).into() } else { strip(value).into() }
    } else if has_entity(value) {
        unescape(value).into()
    } else {
        value.into()
    }
}

/// `&name;`, `&#8217;` or `&#x2019;`.
fn has_entity(text: &str) -> bool {
    memchr::memchr_iter(b'&', text.as_bytes()).any(|at| {
        let rest = &text.as_bytes()[at + 1..];
        let len = rest.iter().take(12).take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
        len > 1 && rest.get(len) == Some(&b';')
    })
}

/// Resolves entities in text without tags. The parser does it; `<` is shielded, being a character here.
fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let document = Document::fragment(text.replace('<', "&lt;"));
    for node in document.root().descendants_it() {
        if node.is_text() {
            out.push_str(&node.text());
        }
    }
    out
}

/// Open elements beyond which HTML is no longer parsed: a parser looks through all of them for many a tag, so that
/// a hundred thousand take minutes. Real pages nest some thirty deep.
const DEEPEST: usize = 512;

/// Whether more elements stand open than any page has.
pub fn is_too_deep(html: &str) -> bool {
    // Elements that need no closing tag are not counted: they close each other.
    const UNCLOSED: &[&str] = &[
        "p", "br", "li", "img", "hr", "input", "meta", "link", "td", "th", "tr", "dt", "dd", "option", "col",
        "wbr",
    ];
    let mut open = 0usize;
    for at in memchr::memchr_iter(b'<', html.as_bytes()) {
        let rest = &html[at + 1..];
        if rest.starts_with('/') {
            open = open.saturating_sub(1);
            continue;
        }
        let len = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        if len > 0 && !UNCLOSED.iter().any(|name| name.eq_ignore_ascii_case(&rest[..len])) {
            open += 1;
        }
        if open > DEEPEST {
            return true;
        }
    }
    false
}

/// The words of HTML that is past parsing: every tag a break.
fn without_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        out.push('\n');
        rest = memchr::memchr(b'>', &rest.as_bytes()[at..]).map_or("", |end| &rest[at + end + 1..]);
    }
    out.push_str(rest);
    out
}

/// Elements that stand on their own: an empty line around them.
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
    "table",
    "blockquote",
    "section",
    "article",
    "figure",
    "figcaption",
    "header",
    "footer",
    "aside",
    "pre",
    "hr",
    "main",
    "block",
    "hl2",
];
/// Elements that only begin a new line.
const LINES: &[&str] = &["br", "li", "tr", "dt", "dd"];
/// Elements whose text is not for readers.
const HIDDEN: &[&str] =
    &["script", "style", "noscript", "template", "head", "iframe", "svg", "button", "form"];

fn strip(html: &str) -> String {
    let document = Document::fragment(html);
    let root = document.root();
    let mut out = String::with_capacity(html.len());
    // An explicit walk, because HTML nests as deeply as a stranger likes.
    let mut next = root.first_child();
    while let Some(node) = next {
        let hidden = enter(&node, &mut out);
        next = if hidden { None } else { node.first_child() };
        let mut at = node;
        while next.is_none() {
            leave(&at, &mut out);
            next = at.next_sibling();
            if next.is_none() {
                match at.parent() {
                    Some(parent) if parent.id != root.id => at = parent,
                    _ => return out,
                }
            }
        }
    }
    out
}

/// Writes what a node begins with; true when its inside is to be passed over.
fn enter(node: &NodeRef, out: &mut String) -> bool {
    if node.is_text() {
        // Line breaks in HTML source are blanks.
        for c in node.text().chars() {
            out.push(if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c });
        }
        return false;
    }
    let Some(name) = node.node_name() else { return false };
    let name: &str = &name;
    if HIDDEN.contains(&name) {
        return true;
    }
    if BLOCKS.contains(&name) {
        out.push_str("\n\n");
    } else if LINES.contains(&name) {
        out.push('\n');
    } else if matches!(name, "td" | "th") {
        out.push(' ');
    }
    false
}

fn leave(node: &NodeRef, out: &mut String) {
    if node.node_name().is_some_and(|name| BLOCKS.contains(&&*name)) {
        out.push_str("\n\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::text_norm::body;

    #[test]
    fn tags_go_and_paragraphs_stay() {
        let html = "<p>The envoy <b>left</b>\n for Riga.</p><p>He said &ldquo;soon&rdquo;.<br/>Nothing more.</p>\
                    <script>var x = '<p>no</p>';</script><ul><li>one</li><li>two</li></ul>";
        let wanted = "The envoy left for Riga.\n\nHe said “soon”.\nNothing more.\n\none\ntwo";
        assert_eq!(body(&to_text(html)), wanted);
    }

    #[test]
    fn entities_without_tags_are_resolved_and_lone_signs_kept() {
        assert_eq!(to_text("AT&amp;T &#8217; a < b"), "AT&T ’ a < b");
        assert_eq!(to_text("R&D; growth < 5%"), "R&D; growth < 5%");
        assert_eq!(to_text("5 < 6 & 7 > 6"), "5 < 6 & 7 > 6");
    }

    #[test]
    fn deep_nesting_neither_overflows_nor_hangs() {
        for (open, close) in [("<div>", "</div>"), ("<div><p>", ""), ("<a><b>", "")] {
            let html = format!("{}one &amp; two{}", open.repeat(100_000), close.repeat(100_000));
            assert_eq!(body(&to_text(&html)), "one & two");
        }
        let html = format!("{}word{}", "<div>".repeat(500), "</div>".repeat(500));
        assert_eq!(body(&to_text(&html)), "word");
    }
}
