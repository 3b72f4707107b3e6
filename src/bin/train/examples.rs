//! Sentences to learn from: the treebanks', and some of them set as headlines are.

use chancery::model::{Upos, Xpos};
use chancery::syntax::conllu::Gold;
use chancery::syntax::forms::Forms;

use crate::random::Random;

/// One sentence ready for learning.
#[derive(Clone)]
pub struct Example {
    /// Its looks.
    pub forms: Forms,
    /// Class of each word's tags.
    pub tags: Vec<u8>,
    /// Head of each word; the number of words stands for the root.
    pub heads: Vec<u16>,
    /// Relation of each word.
    pub rels: Vec<u8>,
}

/// The pairs of tags that occur, most frequent first.
pub fn kinds(all: &[Gold]) -> Vec<(Upos, Xpos)> {
    let mut counts: std::collections::BTreeMap<(Upos, Xpos), usize> = std::collections::BTreeMap::new();
    for w in all.iter().flat_map(|g| &g.words) {
        *counts.entry((w.upos, w.xpos)).or_default() += 1;
    }
    let mut list: Vec<_> = counts.into_iter().filter(|(_, n)| *n >= 5).collect();
    list.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    list.truncate(chancery::syntax::net::TAGS);
    list.into_iter().map(|(k, _)| k).collect()
}

/// Makes an example of a sentence with its words as given.
pub fn example(gold: &Gold, words: &[String], kinds: &[(Upos, Xpos)]) -> Example {
    let mut forms = Forms::default();
    forms.look(words.iter().map(String::as_str));
    let class = |upos, xpos| {
        let exact = kinds.iter().position(|k| *k == (upos, xpos));
        // A pair too rare to be a class counts as the frequent pair of the same Penn tag.
        exact.or_else(|| kinds.iter().position(|k| k.1 == xpos)).unwrap_or(0) as u8
    };
    let tags: Vec<u8> = gold.words.iter().map(|w| class(w.upos, w.xpos)).collect();
    let heads = gold.words.iter().map(|w| w.head).collect();
    let rels = gold.words.iter().map(|w| w.rel as u8).collect();
    Example { forms, tags, heads, rels }
}

/// Words as a headline sets them, in a few of a hundred sentences: CAPITALS, Title Case, or without the capital at
/// the beginning or the stop at the end.
pub fn restyle(gold: &Gold, random: &mut Random) -> Option<(Gold, Vec<String>)> {
    let style = random.below(100);
    let words = gold.words.iter().map(|w| w.form.clone());
    let mut gold = gold.clone();
    let title = |w: String| -> String {
        let small =
            ["a", "an", "the", "of", "in", "on", "to", "and", "or", "for", "by", "at", "from", "with", "as"];
        if small.contains(&w.as_str()) {
            return w;
        }
        let mut chars = w.chars();
        chars.next().map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
    };
    let mut list: Vec<String> = match style {
        0..=3 => words.map(|w| w.to_uppercase()).collect(),
        4..=11 => words.map(title).collect(),
        12..=14 => words.map(|w| w.to_lowercase()).collect(),
        15..=22 => words.collect(),
        _ => return None,
    };
    let n = gold.words.len();
    let ends = gold.words.last().is_some_and(|w| w.xpos == Xpos::Stop);
    let leaf = gold.words.iter().all(|w| w.head as usize != n - 1);
    if style != 12 && ends && leaf && n > 2 {
        gold.words.pop();
        list.pop();
        for w in &mut gold.words {
            if w.head as usize == n {
                w.head = n as u16 - 1;
            }
        }
    }
    Some((gold, list))
}
