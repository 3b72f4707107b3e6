//! Names are kept once and spoken of by number.

use std::collections::HashMap;

use xxhash_rust::xxh3::Xxh3DefaultBuilder;

/// A map whose order and hashes are the same in every run.
pub(super) type Map<K, V> = HashMap<K, V, Xxh3DefaultBuilder>;

/// Strings by number, in order of first sight. Number 0 is "none".
#[derive(Debug)]
pub struct Names {
    numbers: Map<Box<str>, u32>,
    texts: Vec<Box<str>>,
}

impl Default for Names {
    fn default() -> Self {
        Names { numbers: Map::default(), texts: vec!["".into()] }
    }
}

impl Names {
    /// The number of a name, given to it now if it is new; 0 for none.
    pub fn number(&mut self, name: &str) -> u32 {
        if name.is_empty() {
            return 0;
        }
        if let Some(&n) = self.numbers.get(name) {
            return n;
        }
        let n = self.texts.len() as u32;
        self.texts.push(name.into());
        self.numbers.insert(name.into(), n);
        n
    }

    /// The number of a name that was seen.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    /// The name behind a number.
    pub fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", |t| t)
    }

    /// Numbers given out, 0 included.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether no name was seen yet.
    pub fn is_empty(&self) -> bool {
        self.texts.len() == 1
    }

    /// All names with their numbers.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        self.texts.iter().enumerate().skip(1).map(|(n, t)| (n as u32, &**t))
    }
}
