//! The form in which names and text are compared: accents off, dotted letters closed up, quotes straightened.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use unicode_normalization::UnicodeNormalization;
use xxhash_rust::xxh3::xxh3_64;

use crate::model::Token;

/// Letters that Unicode does not take apart but newspapers do.
fn plain(c: char, out: &mut String) {
    match c {
        'ø' => out.push('o'),
        'Ø' => out.push('O'),
        'ł' => out.push('l'),
        'Ł' => out.push('L'),
        'đ' => out.push('d'),
        'Đ' => out.push('D'),
        'ı' => out.push('i'),
        'ħ' => out.push('h'),
        'æ' => out.push_str("ae"),
        'Æ' => out.push_str("AE"),
        'œ' => out.push_str("oe"),
        'Œ' => out.push_str("OE"),
        'ß' => out.push_str("ss"),
        'ə' => out.push('a'),
        'Ə' => out.push('A'),
        '’' | '‘' | 'ʻ' | 'ʼ' | '`' | '´' => out.push('\''),
        '‐' | '‑' | '–' | '—' => out.push('-'),
        '\u{ad}' => {}
        c => out.push(c),
    }
}

fn is_mark(c: char) -> bool {
    matches!(c as u32, 0x300..=0x36f | 0x1ab0..=0x1aff | 0x20d0..=0x20ff)
}

/// Whether it is letters with a full stop after each: `U.S.`, `U.N`, `D.C.`.
fn is_dotted(token: &[u8]) -> bool {
    token.len() >= 3
        && token
            .iter()
            .enumerate()
            .all(|(i, b)| if i % 2 == 0 { b.is_ascii_alphabetic() } else { *b == b'.' })
}

/// Folds one token. `U.S.` becomes `US`, `St.` becomes `St`, `Erdoğan` becomes `Erdogan`; capitals are kept.
pub fn fold(token: &str) -> Cow<'_, str> {
    let bytes = token.as_bytes();
    let last_dot = bytes.last() == Some(&b'.');
    if token.is_ascii() {
        let dots = memchr::memchr(b'.', bytes);
        return match dots {
            None => Cow::Borrowed(token),
            Some(_) if is_dotted(bytes) => Cow::Owned(token.replace('.', "")),
            Some(at) if last_dot && at + 1 == bytes.len() && at > 1 => Cow::Borrowed(&token[..at]),
            Some(_) => Cow::Borrowed(token),
        };
    }
    let mut out = String::with_capacity(token.len());
    for c in token.nfd().filter(|c| !is_mark(*c)) {
        plain(c, &mut out);
    }
    Cow::Owned(out)
}

/// A hash that does not tell capitals from small letters. Stable: names are found by it.
pub fn hash_folded(folded: &str) -> u64 {
    let bytes = folded.as_bytes();
    let mut buffer = [0u8; 48];
    if bytes.is_ascii() && bytes.len() <= buffer.len() {
        for (to, from) in buffer.iter_mut().zip(bytes) {
            *to = from.to_ascii_lowercase();
        }
        return xxh3_64(&buffer[..bytes.len()]);
    }
    xxh3_64(folded.to_lowercase().as_bytes())
}

/// Whether two folded tokens are the same but for capitals.
pub fn same_letters(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || !a.is_ascii() && a.to_lowercase() == b.to_lowercase()
}

/// Whether `text` is `name` written in capitals throughout.
pub fn is_upper_of(text: &str, name: &str) -> bool {
    if text.is_ascii() && name.is_ascii() {
        return text.len() == name.len()
            && text.bytes().zip(name.bytes()).all(|(t, n)| t == n.to_ascii_uppercase());
    }
    text == name.to_uppercase()
}

/// A map whose order and cost are the same in every run.
pub type FixedMap<K, V> = HashMap<K, V, BuildHasherDefault<Fixed>>;

/// Hashes short keys by xxh3 with no seed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fixed(u64);

impl Hasher for Fixed {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = self.0.rotate_left(23) ^ xxh3_64(bytes);
    }

    fn write_u8(&mut self, _: u8) {
        // The end mark of a string tells nothing new.
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// One sentence made ready for matching: each token folded and hashed once.
#[derive(Debug, Default)]
pub struct Words {
    hash: Vec<u64>,
    /// Folded tokens, end to end.
    pool: String,
    ends: Vec<u32>,
    joint: Vec<bool>,
}

impl Words {
    /// Takes in the tokens of a sentence of `text`, forgetting the one before.
    pub fn read(&mut self, text: &str, tokens: &[Token]) {
        self.clear();
        for token in tokens {
            self.push(token.span.of(text));
        }
    }

    /// Forgets everything, keeps the memory.
    pub fn clear(&mut self) {
        self.hash.clear();
        self.pool.clear();
        self.ends.clear();
        self.joint.clear();
    }

    /// Adds a token.
    pub fn push(&mut self, token: &str) {
        let folded = fold(token);
        self.hash.push(hash_folded(&folded));
        self.pool.push_str(&folded);
        self.ends.push(self.pool.len() as u32);
        self.joint.push(&*folded == "-");
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.hash.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.hash.is_empty()
    }

    /// The folded text of token `i`; capitals as written.
    pub fn get(&self, i: usize) -> &str {
        let start = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        &self.pool[start..self.ends[i] as usize]
    }

    /// The hash of token `i`, blind to capitals.
    pub fn hash(&self, i: usize) -> u64 {
        self.hash[i]
    }

    /// Whether token `i` is a hyphen, which names do not count.
    pub fn is_joint(&self, i: usize) -> bool {
        self.joint[i]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_takes_off_accents_and_dots() {
        for (from, to) in [
            ("Erdoğan", "Erdogan"),
            ("Türkiye", "Turkiye"),
            ("Łódź", "Lodz"),
            ("U.S.", "US"),
            ("U.S", "US"),
            ("St.", "St"),
            ("J.", "J."),
            ("’s", "'s"),
            ("3.5", "3.5"),
        ] {
            assert_eq!(fold(from), to);
        }
    }

    #[test]
    fn hashes_do_not_see_capitals() {
        assert_eq!(hash_folded("NATO"), hash_folded("nato"));
        assert_eq!(hash_folded("Правда"), hash_folded("ПРАВДА"));
        assert!(is_upper_of("RUSSIA", "Russia") && !is_upper_of("Russia", "Russia"));
    }
}
