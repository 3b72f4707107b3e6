//! What parser and labeller see of a tagged word.

use super::forms::Forms;
use super::state::NONE;
use crate::model::{Upos, Xpos};

/// One word as features see it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Atom {
    /// Hash of its lower-case form.
    pub word: u32,
    /// Class of its tags.
    pub tag: u32,
    /// Fine cluster.
    pub fine: u32,
    /// Coarse cluster.
    pub coarse: u32,
}

/// Stands before and behind the sentence.
const EDGE: Atom = Atom { word: 1, tag: 200, fine: 1023, coarse: 255 };
/// Stands for the root.
const ROOT: Atom = Atom { word: 2, tag: 201, fine: 1023, coarse: 254 };

/// The words of a tagged sentence.
#[derive(Clone, Debug, Default)]
pub struct Atoms {
    words: Vec<Atom>,
    /// Verbs, commas and other marks before each word, to see what lies between two.
    sums: Vec<[u16; 3]>,
}

impl Atoms {
    /// Takes in a sentence with its tag classes; `kinds` gives each class its tags.
    pub fn look(&mut self, forms: &Forms, tags: &[u8], kinds: &[(Upos, Xpos)]) {
        self.words.clear();
        self.sums.clear();
        let mut sum = [0u16; 3];
        self.sums.push(sum);
        for (form, &tag) in forms.words.iter().zip(tags) {
            self.words.push(Atom {
                word: form.lower,
                tag: u32::from(tag),
                fine: form.fine,
                coarse: form.coarse,
            });
            let (upos, xpos) = kinds[tag as usize];
            match upos {
                Upos::Verb => sum[0] += 1,
                Upos::Punct if xpos == Xpos::Comma => sum[1] += 1,
                Upos::Punct | Upos::Cconj => sum[2] += 1,
                _ => {}
            }
            self.sums.push(sum);
        }
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The word at `i`; the root just behind the last, the edge elsewhere.
    #[inline]
    pub fn at(&self, i: u16) -> Atom {
        match self.words.get(i as usize) {
            Some(atom) => *atom,
            None if i as usize == self.words.len() => ROOT,
            None => EDGE,
        }
    }

    /// What lies between two words, as one small number: verbs, commas, other marks (up to two of each).
    #[inline]
    pub fn between(&self, from: u16, to: u16) -> u32 {
        if from == NONE || to == NONE || from >= to {
            return 100;
        }
        let a = self.sums[(from as usize + 1).min(self.words.len())];
        let b = self.sums[(to as usize).min(self.words.len())];
        (0..3).fold(0, |sum, k| sum * 3 + u32::from((b[k] - a[k]).min(2)))
    }
}
