//! Where JSON values begin and end, without building them.
//!
//! A walk with a counter in place of recursion: nesting costs no stack, a damaged element costs only itself, and
//! what stands before a truncation is kept.

use std::ops::Range;

use memchr::memchr2;

/// What stopped the walk. `at` is the byte of the text where the value begins that could not be passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The text ends inside a value.
    Truncated {
        /// Where that value begins.
        at: usize,
    },
    /// Something that cannot stand there.
    Stray {
        /// Where it stands.
        at: usize,
    },
}

/// The end of a value, and how deep it nests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// One past its last byte.
    pub end: usize,
    /// Levels of objects and lists inside it, itself counted.
    pub depth: usize,
    /// Whether the text ended before it did; `end` is then the end of the text.
    pub open: bool,
}

/// Passes over blanks.
pub fn blank(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|b| matches!(b, b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// The extent of the value that begins at `at` (which must not be blank).
pub fn extent(bytes: &[u8], at: usize) -> Extent {
    let (mut pos, mut level, mut depth) = (at, 0usize, 0usize);
    while let Some(&byte) = bytes.get(pos) {
        match byte {
            b'{' | b'[' => {
                level += 1;
                depth = depth.max(level);
                pos += 1;
            }
            b'}' | b']' => {
                if level == 0 {
                    // The end of what encloses a bare number or word.
                    return Extent { end: pos, depth, open: false };
                }
                level -= 1;
                pos += 1;
            }
            b'"' => match string_end(bytes, pos) {
                Some(end) => pos = end,
                None => return Extent { end: bytes.len(), depth, open: true },
            },
            b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' if level == 0 => break,
            _ => {
                pos += 1;
                continue;
            }
        }
        if level == 0 {
            return Extent { end: pos, depth, open: false };
        }
    }
    Extent { end: pos, depth, open: level > 0 }
}

/// One past the closing quote of the string that opens at `at`.
fn string_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut pos = at + 1;
    loop {
        pos += memchr2(b'"', b'\\', bytes.get(pos..)?)?;
        if bytes[pos] == b'"' {
            return Some(pos + 1);
        }
        pos += 2;
    }
}

/// The elements of the list that opens at `at`, each with its extent; the last may be open.
pub struct Elements<'a> {
    bytes: &'a [u8],
    pos: usize,
    done: bool,
}

/// Walks the list that opens at `at`.
pub fn elements(bytes: &[u8], at: usize) -> Elements<'_> {
    Elements { bytes, pos: at + 1, done: false }
}

impl Elements<'_> {
    /// Where the walk stands: one past the closing bracket once it is over.
    pub fn position(&self) -> usize {
        self.pos
    }
}

impl Iterator for Elements<'_> {
    type Item = Result<(Range<usize>, Extent), Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        loop {
            self.pos = blank(self.bytes, self.pos);
            match self.bytes.get(self.pos) {
                Some(b',') => self.pos += 1,
                Some(b']') => {
                    (self.pos, self.done) = (self.pos + 1, true);
                    return None;
                }
                Some(b'}' | b':') => {
                    self.done = true;
                    return Some(Err(Fault::Stray { at: self.pos }));
                }
                Some(_) => break,
                None => {
                    self.done = true;
                    return Some(Err(Fault::Truncated { at: self.pos }));
                }
            }
        }
        let (start, extent) = (self.pos, extent(self.bytes, self.pos));
        self.pos = extent.end;
        self.done = extent.open;
        Some(Ok((start..extent.end, extent)))
    }
}

/// The members of the object that opens at `at`: raw key (without quotes, escapes as they are) and value.
/// Ends early at what is no JSON; the last value may be cut short by the end of the text.
pub fn members(bytes: &[u8], at: usize) -> Vec<(Range<usize>, Range<usize>)> {
    let (mut out, mut pos) = (Vec::new(), at + 1);
    loop {
        pos = blank(bytes, pos);
        match bytes.get(pos) {
            Some(b',') => pos += 1,
            Some(b'"') => {
                let Some(end) = string_end(bytes, pos) else { return out };
                let key = pos + 1..end - 1;
                pos = blank(bytes, end);
                if bytes.get(pos) != Some(&b':') {
                    return out;
                }
                pos = blank(bytes, pos + 1);
                if pos >= bytes.len() {
                    return out;
                }
                let extent = extent(bytes, pos);
                out.push((key, pos..extent.end));
                if extent.open || extent.end == pos {
                    return out;
                }
                pos = extent.end;
            }
            _ => return out,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extents_of_values() {
        let cases: &[(&str, usize, usize, bool)] = &[
            (r#"{"a":[1,"]\"}"]} x"#, 16, 2, false),
            ("12, 3", 2, 0, false),
            (r#""a\\" "#, 5, 0, false),
            (r#"{"a": [1, "#, 10, 2, true),
            (r#""abc"#, 4, 0, true),
            ("true]", 4, 0, false),
        ];
        for (text, end, depth, open) in cases {
            assert_eq!(
                extent(text.as_bytes(), 0),
                Extent { end: *end, depth: *depth, open: *open },
                "{text}"
            );
        }
        let deep = "[".repeat(100_000);
        assert_eq!(extent(deep.as_bytes(), 0).depth, 100_000);
    }

    #[test]
    fn elements_and_members() {
        let text = br#"[{"a":1}, 2 ,[3]] tail"#;
        let mut walk = elements(text, 0);
        let found: Vec<&[u8]> = walk.by_ref().map(|e| &text[e.unwrap().0]).collect();
        assert_eq!(found, [&br#"{"a":1}"#[..], b"2", b"[3]"]);
        assert_eq!(walk.position(), 17);
        let text = br#"{"k": "v", "list": [1, 2"#;
        let keys: Vec<&[u8]> = members(text, 0).into_iter().map(|(k, _)| &text[k]).collect();
        assert_eq!(keys, [&b"k"[..], b"list"]);
    }
}
