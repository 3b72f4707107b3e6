//! Short strings kept end to end and called by number: a lexicon has a hundred thousand of them.

use xxhash_rust::xxh3::xxh3_64;

use super::fold::FixedMap;

/// The number of a string; 0 is the empty one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Str(pub(super) u32);

/// The strings.
#[derive(Clone, Debug, Default)]
pub(super) struct Strings {
    pub(super) pool: String,
    /// Where each ends; the first begins at 0.
    pub(super) ends: Vec<u32>,
}

impl Strings {
    /// The text of a number.
    pub fn get(&self, s: Str) -> &str {
        let Some(i) = (s.0 as usize).checked_sub(1) else { return "" };
        let start = if i == 0 { 0 } else { self.ends[i - 1] as usize };
        &self.pool[start..self.ends[i] as usize]
    }

    /// Adds a string without looking for it first.
    pub fn push(&mut self, text: &str) -> Str {
        if text.is_empty() {
            return Str(0);
        }
        self.pool.push_str(text);
        self.ends.push(self.pool.len() as u32);
        Str(self.ends.len() as u32)
    }
}

/// Finds again what was added before.
#[derive(Default)]
pub(super) struct Interner {
    known: FixedMap<u64, u32>,
}

impl Interner {
    /// The number of a string that comes often; each is stored once.
    pub fn intern(&mut self, strings: &mut Strings, text: &str) -> Str {
        if text.is_empty() {
            return Str(0);
        }
        let mut key = xxh3_64(text.as_bytes());
        loop {
            match self.known.get(&key) {
                Some(&n) if strings.get(Str(n)) == text => return Str(n),
                // Two strings of one hash: the next key is as good.
                Some(_) => key = key.wrapping_add(1),
                None => {
                    let fresh = strings.push(text);
                    self.known.insert(key, fresh.0);
                    return fresh;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_stored_once_and_read_back() {
        let (mut strings, mut interner) = (Strings::default(), Interner::default());
        let words = ["NOR", "", "Foreign Minister", "NOR", "é"];
        let numbers: Vec<Str> = words.iter().map(|w| interner.intern(&mut strings, w)).collect();
        assert_eq!(numbers[0], numbers[3]);
        assert!(words.iter().zip(&numbers).all(|(w, n)| strings.get(*n) == *w));
        assert_eq!(strings.ends.len(), 3);
    }
}
