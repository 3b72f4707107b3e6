//! Dictionary forms: a table of what the treebanks say, then rules of English spelling.

use super::{hash, inflect, vectors};
use crate::model::Xpos;

/// Lemmas learnt from the treebanks: those that the rules get wrong.
///
/// Index: open-addressed slots of 8 bytes (key as u32, offset in three bytes, length in one); then the text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lemmas<'a> {
    index: &'a [u8],
    text: &'a [u8],
}

impl<'a> Lemmas<'a> {
    /// Over the two tables; the index has a power of two of slots.
    pub fn new(index: &'a [u8], text: &'a [u8]) -> Self {
        Lemmas { index, text }
    }

    /// Builds the two tables from (key, lemma).
    pub fn build(rows: &[(u32, String)]) -> (Vec<u8>, Vec<u8>) {
        let slots = (rows.len() * 3 / 2 + 8).next_power_of_two();
        let mut index = vec![0u8; slots * 8];
        let mut text = Vec::new();
        for (key, lemma) in rows {
            let mut at = *key as usize & (slots - 1);
            while index[at * 8 + 7] != 0 {
                at = (at + 1) & (slots - 1);
            }
            let slot = &mut index[at * 8..at * 8 + 8];
            slot[..4].copy_from_slice(&key.to_le_bytes());
            slot[4..7].copy_from_slice(&(text.len() as u32).to_le_bytes()[..3]);
            slot[7] = lemma.len() as u8;
            text.extend(lemma.bytes());
        }
        (index, text)
    }

    fn find(&self, key: u32) -> Option<&'a str> {
        let slots = self.index.len() / 8;
        let mut at = key as usize & slots.checked_sub(1)?;
        loop {
            let slot = self.index.get(at * 8..at * 8 + 8)?;
            let len = slot[7] as usize;
            if len == 0 {
                return None;
            }
            if slot[..4] == key.to_le_bytes() {
                let from = u32::from_le_bytes([slot[4], slot[5], slot[6], 0]) as usize;
                return std::str::from_utf8(self.text.get(from..from + len)?).ok();
            }
            at = (at + 1) & (slots - 1);
        }
    }

    /// The lemma of `word` under a tag.
    pub fn of(&self, word: &str, xpos: Xpos) -> Box<str> {
        match self.find(key(word, xpos)) {
            Some(lemma) => lemma.into(),
            None => by_rule(word, xpos).into_boxed_str(),
        }
    }
}

/// The key of a word in the table: names as written, other words in lower case.
pub fn key(word: &str, xpos: Xpos) -> u32 {
    let tag = xpos as u8;
    if word.is_ascii() {
        let name = proper(xpos);
        let letters = word.bytes().map(|b| if name { b } else { b.to_ascii_lowercase() });
        return hash::bytes(letters.chain([b'\t', tag]));
    }
    let straight = word.replace('’', "'");
    let text = if proper(xpos) { straight } else { straight.to_lowercase() };
    hash::bytes(text.bytes().chain([b'\t', tag]))
}

/// Whether the tag is that of a name.
fn proper(xpos: Xpos) -> bool {
    matches!(xpos, Xpos::Nnp | Xpos::Nnps | Xpos::Add)
}

/// The lemma by rules alone.
pub fn by_rule(word: &str, xpos: Xpos) -> String {
    match xpos {
        Xpos::Nnp | Xpos::Add | Xpos::Fw | Xpos::Gw => return word.to_string(),
        Xpos::Nnps => return singular(word, false),
        _ => {}
    }
    let mut lower = word.to_lowercase();
    if !lower.is_ascii() {
        lower = lower.replace('’', "'");
    }
    match xpos {
        Xpos::Nns => singular(&lower, true),
        Xpos::Vbz => third_person(&lower),
        Xpos::Vbd | Xpos::Vbn => past(&lower),
        Xpos::Vbg => stem(&lower, "ing").unwrap_or(lower),
        Xpos::Jjr | Xpos::Rbr => degree(&lower, "er"),
        Xpos::Jjs | Xpos::Rbs => degree(&lower, "est"),
        _ => lower,
    }
}

/// The singular of a plural noun.
fn singular(word: &str, common: bool) -> String {
    let lower = word.to_lowercase();
    let cut = |n: usize| word[..word.len() - n].to_string();
    if common && lower.ends_with("men") && word.is_ascii() && word.len() > 3 {
        return cut(2) + "an";
    }
    if !lower.ends_with('s') || lower.ends_with("ss") || !word.is_ascii() || word.len() < 3 {
        return word.to_string();
    }
    if lower.ends_with("ies") && lower.len() > 4 {
        return cut(3) + "y";
    }
    let hissing = ["sses", "shes", "ches", "xes", "zzes"].iter().any(|e| lower.ends_with(e));
    if hissing {
        return cut(2);
    }
    cut(1)
}

/// The base of a verb in the third person.
fn third_person(lower: &str) -> String {
    if lower.ends_with("oes") {
        return lower[..lower.len() - 2].to_string();
    }
    singular(lower, false)
}

/// The base of a regular past form.
fn past(lower: &str) -> String {
    if let Some(base) = inflect::base_of(lower) {
        return base.to_string();
    }
    if let Some(head) = lower.strip_suffix("ied").filter(|h| h.len() > 1) {
        return format!("{head}y");
    }
    stem(lower, "ed").unwrap_or_else(|| lower.to_string())
}

/// The positive of a compared adjective.
fn degree(lower: &str, ending: &str) -> String {
    if let Some(head) = lower.strip_suffix(ending).and_then(|h| h.strip_suffix('i')) {
        return format!("{head}y");
    }
    stem(lower, ending).unwrap_or_else(|| lower.to_string())
}

/// Takes off `-ing`, `-ed`, `-er`, `-est` and mends what was changed before it: a doubled consonant, a lost `e`.
fn stem(lower: &str, ending: &str) -> Option<String> {
    let head = lower.strip_suffix(ending)?;
    let b = head.as_bytes();
    if !head.is_ascii() || b.len() < 2 || !b.iter().any(|&c| vowel(c) || c == b'y') {
        return None;
    }
    let (last, before) = (b[b.len() - 1], b[b.len() - 2]);
    let with_e = format!("{head}e");
    if last == before && !vowel(last) {
        let single = &head[..head.len() - 1];
        // `call`, `press`, `add` are words themselves; `stopp` is none.
        return Some(
            if matches!(last, b's' | b'z' | b'f')
                || vectors::knows(head) && !vectors::knows(single)
                || last == b'l' && vectors::knows(head)
            {
                head
            } else {
                single
            }
            .to_string(),
        );
    }
    let short = b.len() >= 3
        && !vowel(last)
        && vowel(before)
        && !vowel(b[b.len() - 3])
        && !matches!(last, b'w' | b'x' | b'y');
    let soft = matches!(last, b'v' | b'u' | b'z' | b's' | b'c' | b'g')
        && !(last == b'g' && before == b'n' && vectors::knows(head));
    let bare_known = vectors::knows(head);
    let e_known = vectors::knows(&with_e);
    let wants_e = match (bare_known, e_known) {
        (true, false) => false,
        (false, true) => true,
        _ => {
            soft || (short && vowels(b) == 1)
                || (last == b'l' && !vowel(before) && before != b'l' && before != b'r')
        }
    };
    Some(if wants_e { with_e } else { head.to_string() })
}

fn vowel(c: u8) -> bool {
    matches!(c, b'a' | b'e' | b'i' | b'o' | b'u')
}

fn vowels(b: &[u8]) -> usize {
    b.iter().filter(|&&c| vowel(c)).count()
}
