//! One form of text for everything that follows: spans, hashes and matches are made on it.
//!
//! - Unicode NFC.
//! - CRLF, CR, vertical tab, form feed, NEL and the Unicode separators become `\n`.
//! - Soft hyphens, zero-width characters, direction marks and control characters go.
//! - No-break and odd spaces become a space; runs of blanks become one; blanks at line ends go.
//! - Single quotes (`‘ ’ ʼ ＇`) become `'`, so that `Moscow’s` and `Moscow's` are one thing to the tokeniser.
//!   Double quotes stay as typed: they say which side they are on.
//! - At most one empty line between paragraphs.
//! - Lines that a terminal or a wire wrapped at a fixed width are joined again.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A body: paragraphs separated by `\n` or one empty line.
pub fn body(text: &str) -> String {
    let mut text = unwrap(clean(text));
    if text.contains(INDENT) {
        text.retain(|c| c != INDENT);
    }
    text
}

/// A headline or name: one line.
pub fn line(text: &str) -> String {
    let mut clean = clean(text);
    if clean.contains('\n') {
        clean.retain(|c| c != INDENT);
        clean.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        clean
    }
}

/// The start of a text: at most `len` bytes, ending at a character.
pub fn prefix(text: &str, len: usize) -> &str {
    let mut end = len.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Marks a line that was indented, between `squeeze` and `unwrap`: wires begin a paragraph so. Being a control
/// character it never comes in from outside.
const INDENT: char = '\u{1}';

fn clean(text: &str) -> String {
    if text.is_ascii() {
        return squeeze(text);
    }
    // What goes must not stand between a letter and its accent.
    let kept = || text.chars().filter(|c| !matches!(classify(*c), Class::Drop));
    match is_nfc_quick(kept()) {
        IsNormalized::Yes => squeeze(text),
        _ => squeeze(&kept().nfc().collect::<String>()),
    }
}

/// What a character becomes.
enum Class {
    Keep(char),
    Blank,
    Break,
    Drop,
}

fn classify(c: char) -> Class {
    match c {
        ' ' | '\t' => Class::Blank,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Class::Break,
        '!'..='~' => Class::Keep(c),
        '‘' | '’' | 'ʼ' | '＇' => Class::Keep('\''),
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            Class::Blank
        }
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}'
        | '\u{feff}' => Class::Drop,
        c if c.is_control() => Class::Drop,
        c => Class::Keep(c),
    }
}

fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut blanks, mut breaks, mut after_cr) = (0usize, 0u8, false);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        // A word goes over as a whole.
        let word = rest.bytes().take_while(u8::is_ascii_graphic).count();
        let (this, after) = rest.split_at(word.max(c.len_utf8()));
        rest = after;
        let lf_of_crlf = after_cr && c == '\n';
        after_cr = c == '\r';
        match classify(c) {
            Class::Drop => {}
            Class::Break if lf_of_crlf => {}
            Class::Break => {
                breaks = (breaks + 1).min(2);
                blanks = 0;
            }
            Class::Blank => blanks += 1,
            Class::Keep(kept) => {
                if breaks > 0 {
                    if !out.is_empty() {
                        out.extend(std::iter::repeat_n('\n', breaks.into()));
                        if blanks > 1 {
                            out.push(INDENT);
                        }
                    }
                } else if blanks > 0 && !out.is_empty() {
                    out.push(' ');
                }
                (blanks, breaks) = (0, 0);
                if kept == c { out.push_str(this) } else { out.push(kept) }
            }
        }
    }
    out
}

/// Joins hard-wrapped lines. Only where the shape says so: several lines, nearly all of one width, most of
/// them ending inside a sentence.
fn unwrap(text: String) -> String {
    let (mut full, mut inner, mut lines, mut longest) = (0usize, 0usize, 0usize, 0usize);
    let all: Vec<&str> = text.split('\n').collect();
    for pair in all.windows(2) {
        // The last line of a paragraph says nothing about the width.
        if pair[0].is_empty() || pair[1].is_empty() || pair[1].starts_with(INDENT) {
            continue;
        }
        let width = pair[0].chars().count();
        lines += 1;
        longest = longest.max(width);
        full += usize::from((45..=100).contains(&width));
        inner += usize::from(!pair[0].ends_with(['.', '!', '?', '"', '”', ':']));
    }
    if lines < 3 || longest > 100 || full * 10 < lines * 7 || inner * 10 < lines * 6 {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for (i, this) in all.iter().enumerate() {
        out.push_str(this);
        let Some(next) = all.get(i + 1) else { break };
        // A short line that ends a sentence ends a paragraph too.
        let ends = this.chars().count() * 3 < longest * 2 && this.ends_with(['.', '!', '?', '"', '”']);
        out.push(if this.is_empty() || next.is_empty() || next.starts_with(INDENT) || ends {
            '\n'
        } else {
            ' '
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_breaks_and_invisible_characters() {
        let cases = [
            ("Moscow\u{2019}s  \u{a0}move", "Moscow's move"),
            ("a\r\nb\rc\u{2028}d", "a\nb\nc\nd"),
            ("co\u{ad}ope\u{200b}rate\u{feff}", "cooperate"),
            ("  one \n\n\n\n two  ", "one\n\ntwo"),
            ("e\u{301}lan", "élan"),
            ("e\u{200b}\u{301}lan", "élan"),
            ("“No,” he said", "“No,” he said"),
            ("tab\there\0", "tab here"),
        ];
        for (given, wanted) in cases {
            assert_eq!(body(given), wanted, "{given:?}");
        }
        assert_eq!(line("Two\n lines\r\n here"), "Two lines here");
    }

    #[test]
    fn wrapped_lines_are_joined_and_paragraphs_kept() {
        let wrapped = "The foreign ministers of the two countries met in the capital on\n\
            Tuesday and agreed to open three border crossings before the end of\n\
            the month, a spokesman told reporters after the talks had ended in\n\
            the evening.\n\nNo date was given for a second round, which officials said would be\n\
            held elsewhere.";
        let joined = body(wrapped);
        assert_eq!(joined.matches('\n').count(), 2, "{joined}");
        assert!(joined.contains("met in the capital on Tuesday and agreed"));
        assert!(joined.contains("the evening.\n\nNo date"));
    }

    #[test]
    fn an_indent_begins_a_paragraph_of_a_wrapped_wire() {
        let wrapped = "The central bank of the island sold foreign currency worth ten\n\
            million crowns in the first hour, dealers said, and was expected\n\
            to return to the market.\n    \
            Its governor had said on Monday that the bank would not let the\n\
            crown fall any further against its neighbours.";
        let joined = body(wrapped);
        assert_eq!(joined.matches('\n').count(), 1, "{joined}");
        assert!(joined.contains("the market.\nIts governor"));
    }

    #[test]
    fn short_paragraphs_stay_paragraphs() {
        let text =
            "Talks failed.\nThe minister left.\nNobody spoke to the press.\nRain fell.\nA list:\none\ntwo";
        assert_eq!(body(text), text);
    }
}
