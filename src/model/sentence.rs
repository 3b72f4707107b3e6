//! Sentences, tokens and the dependency tree over them.

use super::span::{Field, Span};
use super::syntax::{Rel, Upos, Xpos};

/// One token; its bytes are those of the sentence's field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
}

/// One sentence (or headline) with its tokens. Law: tokens lie inside `span`, in order, without overlap,
/// and what lies between them is white space.
#[derive(Clone, Debug, PartialEq)]
pub struct Sentence {
    /// Which of the article's texts it belongs to.
    pub field: Field,
    /// Where it stands in that text.
    pub span: Span,
    /// Its tokens: Universal Dependencies words (`Russia` `'s`, `did` `n't`, `two` `-` `day`).
    pub tokens: Vec<Token>,
    /// Tags and tree, where the sentence was worth parsing.
    pub tree: Option<Tree>,
}

impl Sentence {
    /// The text of token `i`.
    pub fn token<'a>(&self, text: &'a str, i: usize) -> &'a str {
        self.tokens[i].span.of(text)
    }
}

/// What syntax says of one token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Universal part of speech.
    pub upos: Upos,
    /// Penn Treebank tag.
    pub xpos: Xpos,
    /// Dictionary form, lower case except for proper nouns.
    pub lemma: Box<str>,
    /// Index of the head token; `None` for the root.
    pub head: Option<u16>,
    /// Relation to the head.
    pub rel: Rel,
}

/// Numbers in [`Tree::states`] for each word: its given vector and what the network made of it in its sentence.
pub const STATE: usize = 96 + 160;

/// A dependency tree; `words[i]` belongs to `tokens[i]`.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Tree {
    /// One for each token.
    pub words: Vec<Word>,
    /// The dependents of each token, left to right, token by token.
    children: Vec<u16>,
    /// Where the dependents of each token begin, and those of the last one end.
    starts: Vec<u32>,
    /// [`STATE`] numbers a word, for whoever reads meaning; empty where no network made the tree.
    pub states: Vec<f32>,
}

impl Tree {
    /// Builds the tree and its child lists.
    pub fn new(words: Vec<Word>) -> Self {
        let mut starts = vec![0u32; words.len() + 2];
        // Counted two places on, so that filling moves each start to where it belongs.
        for head in words.iter().filter_map(|word| word.head) {
            starts[head as usize + 2] += 1;
        }
        for i in 2..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut children = vec![0u16; starts[starts.len() - 1] as usize];
        for (i, word) in words.iter().enumerate() {
            if let Some(head) = word.head {
                let next = &mut starts[head as usize + 1];
                children[*next as usize] = i as u16;
                *next += 1;
            }
        }
        starts.pop();
        Tree { words, children, starts, states: Vec::new() }
    }

    /// The dependents of `i`, left to right.
    pub fn kids(&self, i: usize) -> impl Iterator<Item = usize> + '_ {
        let (from, to) = (self.starts[i] as usize, self.starts[i + 1] as usize);
        self.children[from..to].iter().map(|&c| c as usize)
    }

    /// The dependents of `i` by relation (subtypes included: `Nsubj` finds `NsubjPass` only if named).
    pub fn kids_by<'a>(&'a self, i: usize, rels: &'a [Rel]) -> impl Iterator<Item = usize> + 'a {
        self.kids(i).filter(move |&c| rels.contains(&self.words[c].rel))
    }

    /// Head of `i`.
    pub fn head(&self, i: usize) -> Option<usize> {
        self.words[i].head.map(usize::from)
    }

    /// Whether `i` is `top` or stands below it.
    pub fn within(&self, mut i: usize, top: usize) -> bool {
        // A head chain is never longer than the sentence; the bound guards against a malformed tree.
        for _ in 0..=self.words.len() {
            if i == top {
                return true;
            }
            match self.head(i) {
                Some(h) => i = h,
                None => return false,
            }
        }
        false
    }
}
