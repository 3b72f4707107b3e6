//! A trie over hashed tokens: whole words, longest name first, a case policy for each name.
//!
//! Edges live in one flat open-addressing table keyed by (node, hash of token), so that size hardly costs speed.
//! A hash hit is never trusted: the name's own text is compared before it counts.

use crate::model::Span;
use crate::segment::tokens;

use super::fold::{Words, fold, hash_folded, is_upper_of, same_letters};

/// Which capitals a name may be written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Exactly these letters.
    Exact,
    /// These capitals, or capitals throughout.
    Proper,
    /// Any.
    Any,
}

impl Case {
    /// The policy of docs/lexicon.md for a name as written.
    pub fn of(name: &str, exact: bool) -> Case {
        let letters = name.chars().filter(|c| c.is_alphabetic()).count();
        let upper = name.chars().any(char::is_uppercase);
        let lower = name.chars().any(char::is_lowercase);
        match () {
            _ if exact || upper && !lower && letters <= 3 => Case::Exact,
            _ if upper => Case::Proper,
            _ => Case::Any,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Name {
    pub(super) node: u32,
    pub(super) case: Case,
    /// Whether capitals throughout are taken for it (four letters and more).
    pub(super) shout: bool,
    pub(super) payload: u32,
    pub(super) start: u32,
    pub(super) end: u32,
}

/// A name found: the tokens `from..to`, and what was stored under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// First token.
    pub from: usize,
    /// One past the last token.
    pub to: usize,
    /// What was stored.
    pub payload: u32,
}

/// The compiled names.
#[derive(Clone, Debug, Default)]
pub struct Matcher {
    /// (key, child); key 0 is an empty slot.
    table: Vec<(u64, u32)>,
    /// The key that leads to each node but the root, in order of the nodes.
    pub(super) keys: Vec<u64>,
    /// Names by node, and where each node's names begin.
    pub(super) names: Vec<Name>,
    first: Vec<u32>,
    /// The names' folded tokens, each ended by `\n`.
    pub(super) pool: String,
}

const ROOT: u32 = 0;

fn key(node: u32, hash: u64) -> u64 {
    // The node is spread over the word, so that (node, token) pairs do not meet; 0 means empty.
    (hash ^ (u64::from(node).wrapping_add(1)).wrapping_mul(0x9e37_79b9_7f4a_7c15)).max(1)
}

impl Matcher {
    /// Makes room for about `n` names.
    pub fn with_room(n: usize) -> Self {
        let slots = (n * 4).next_power_of_two().max(16);
        Matcher { table: vec![(0, 0); slots], ..Matcher::default() }
    }

    /// Puts a compiled matcher together again.
    pub(super) fn from_parts(keys: Vec<u64>, names: Vec<Name>, pool: String) -> Self {
        let slots = (keys.len() * 2 + 2).next_power_of_two().max(16);
        let mut out = Matcher { table: vec![(0, 0); slots], names, pool, ..Matcher::default() };
        for (i, key) in keys.iter().enumerate() {
            out.put(*key, i as u32 + 1);
        }
        out.keys = keys;
        out.find_first();
        out
    }

    fn child(&self, node: u32, hash: u64) -> Option<u32> {
        let key = key(node, hash);
        let mask = self.table.len() - 1;
        let mut at = (key >> 7) as usize & mask;
        loop {
            match self.table[at] {
                (0, _) => return None,
                (k, child) if k == key => return Some(child),
                _ => at = (at + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.table);
        self.table = vec![(0, 0); (old.len() * 2).max(16)];
        for (key, child) in old.into_iter().filter(|(k, _)| *k != 0) {
            self.put(key, child);
        }
    }

    fn put(&mut self, key: u64, child: u32) {
        let mask = self.table.len() - 1;
        let mut at = (key >> 7) as usize & mask;
        while self.table[at].0 != 0 {
            at = (at + 1) & mask;
        }
        self.table[at] = (key, child);
    }

    /// Stores a name under its tokens. Hyphens do not count: `al-Shabaab` is also `al Shabaab`.
    /// Says false for a name without any word.
    pub fn add<'t>(&mut self, tokens: impl Iterator<Item = &'t str>, exact: bool, payload: u32) -> bool {
        let start = self.pool.len();
        let mut node = ROOT;
        for token in tokens {
            let token = fold(token);
            if &*token == "-" || &*token == "." {
                continue;
            }
            let hash = hash_folded(&token);
            node = self.child(node, hash).unwrap_or_else(|| self.branch(node, hash));
            self.pool.push_str(&token);
            self.pool.push('\n');
        }
        if node == ROOT {
            return false;
        }
        let text = &self.pool[start..];
        let case = Case::of(text, exact);
        let shout = text.chars().filter(|c| c.is_alphabetic()).count() >= 4;
        let (start, end) = (start as u32, self.pool.len() as u32);
        self.names.push(Name { node, case, shout, payload, start, end });
        true
    }

    /// Stores a name, cut into tokens as the news is.
    pub fn add_name(&mut self, name: &str, exact: bool, payload: u32) -> bool {
        // Most names are plain words, which need no cutting.
        if name.bytes().all(|b| b.is_ascii_alphabetic() || b == b' ') {
            return self.add(name.split_ascii_whitespace(), exact, payload);
        }
        let cut = tokens(name, Span::new(0, name.len()));
        self.add(cut.iter().map(|t| t.span.of(name)), exact, payload)
    }

    fn branch(&mut self, node: u32, hash: u64) -> u32 {
        if (self.keys.len() + 1) * 2 > self.table.len() {
            self.grow();
        }
        let (key, fresh) = (key(node, hash), self.keys.len() as u32 + 1);
        self.put(key, fresh);
        self.keys.push(key);
        fresh
    }

    /// Puts names in order of their nodes; call once after the last `add`.
    pub fn seal(&mut self) {
        // A stable sort: names of the same text keep the order of their files.
        self.names.sort_by_key(|n| n.node);
        self.find_first();
    }

    fn find_first(&mut self) {
        self.first = vec![0; self.keys.len() + 2];
        for name in &self.names {
            self.first[name.node as usize + 1] += 1;
        }
        for i in 1..self.first.len() {
            self.first[i] += self.first[i - 1];
        }
    }

    /// Number of names.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether it holds no names.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// All names with what is stored under them.
    pub fn texts(&self) -> impl Iterator<Item = (u32, String)> + '_ {
        let text = |n: &Name| self.pool[n.start as usize..n.end as usize].trim_end().replace('\n', " ");
        self.names.iter().map(move |n| (n.payload, text(n)))
    }

    fn fits(&self, name: &Name, words: &Words, from: usize, to: usize) -> bool {
        let text = &self.pool[name.start as usize..name.end as usize];
        let own = || text.split_terminator('\n');
        let said = || (from..to).filter(|&i| !words.is_joint(i)).map(|i| words.get(i));
        if own().count() != said().count() {
            return false;
        }
        match name.case {
            Case::Exact => own().eq(said()),
            Case::Any => own().zip(said()).all(|(a, b)| same_letters(a, b)),
            Case::Proper => {
                own().zip(said()).all(|(a, b)| a == b || is_small_part(a) && same_letters(a, b))
                    || name.shout && own().zip(said()).all(|(a, b)| is_upper_of(b, a))
            }
        }
    }

    /// Calls `each` with every name that begins at token `from`, shortest first.
    pub fn at(&self, words: &Words, from: usize, mut each: impl FnMut(Found)) {
        if self.names.is_empty() || words.is_joint(from) {
            return;
        }
        let mut node = ROOT;
        for i in from..words.len() {
            if words.is_joint(i) {
                continue;
            }
            match self.child(node, words.hash(i)) {
                Some(child) => node = child,
                None => return,
            }
            let (a, b) = (self.first[node as usize] as usize, self.first[node as usize + 1] as usize);
            for name in &self.names[a..b] {
                if self.fits(name, words, from, i + 1) {
                    each(Found { from, to: i + 1, payload: name.payload });
                }
            }
        }
    }
}

/// A small word inside a name ("of", "al", "the") may take a capital in headlines and at the start.
fn is_small_part(part: &str) -> bool {
    part.chars().next().is_some_and(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Words {
        let mut w = Words::default();
        text.split(' ').for_each(|t| w.push(t));
        w
    }

    fn build(names: &[&str]) -> Matcher {
        let mut m = Matcher::with_room(1);
        for (i, name) in names.iter().enumerate() {
            m.add(name.split(' '), false, i as u32);
        }
        m.seal();
        m
    }

    fn all(m: &Matcher, text: &str) -> Vec<(usize, usize, u32)> {
        let w = words(text);
        let mut out = Vec::new();
        (0..w.len()).for_each(|i| m.at(&w, i, |f| out.push((f.from, f.to, f.payload))));
        out
    }

    #[test]
    fn short_and_long_names_are_both_seen() {
        let m = build(&["Iran", "Iran Air", "Iran Airways"]);
        assert_eq!(all(&m, "flew Iran Airways to Iran today"), [(1, 2, 0), (1, 3, 2), (4, 5, 0)]);
    }

    #[test]
    fn words_are_whole() {
        let m = build(&["Assad", "HTS"]);
        assert!(all(&m, "the ambassador defended rights").is_empty());
    }

    #[test]
    fn case_is_kept_as_the_lexicon_writes_it() {
        let m = build(&["US", "WHO", "Turkey", "troops", "Bank of England"]);
        assert!(all(&m, "who told us about turkey").is_empty());
        assert_eq!(all(&m, "US WHO Turkey TURKEY TROOPS").len(), 5);
        assert_eq!(all(&m, "U.S. Troops").len(), 2);
        assert_eq!(all(&m, "the BANK OF ENGLAND and Bank Of England").len(), 2);
    }

    #[test]
    fn hyphens_and_accents_do_not_count() {
        let m = build(&["al - Shabaab", "Erdogan"]);
        assert_eq!(all(&m, "Al Shabaab and al - Shabaab or Erdoğan").len(), 3);
    }

    #[test]
    fn a_grown_table_finds_all() {
        let names: Vec<String> = (0..2000).map(|i| format!("Name{i} Son{}", i % 7)).collect();
        let refs: Vec<&str> = names.iter().map(String::as_str).collect();
        let m = build(&refs);
        assert!(refs.iter().enumerate().all(|(i, n)| all(&m, n) == [(0, 2, i as u32)]));
    }
}
