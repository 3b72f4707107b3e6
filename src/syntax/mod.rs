//! Tokens become tags, heads, relations and dictionary forms.
//!
//! Three linear models trained by `train syntax` walk one after the other: a tagger, a parser with a small beam of
//! arc-hybrid derivations, a labeller. Their weights are in `weights/english.bin`, embedded and read where they lie.

pub mod atoms;
pub mod clusters;
pub mod conllu;
pub mod evaluate;
pub mod forms;
pub mod hash;
pub mod labels;
pub mod lemma;
pub mod linear;
pub mod parser;
pub mod state;
pub mod tagger;
pub mod weights;

use std::sync::OnceLock;

use crate::model::{Rel, Sentence, Tree, Upos, Word, Xpos};
use atoms::Atoms;
use forms::Forms;
use labels::Labelling;
use lemma::Lemmas;
use linear::{Sparse, Triples};
use parser::Search;
use weights::Section;

/// The weights as shipped.
static ENGLISH: &[u8] = include_bytes!("weights/english.bin");

/// Derivations the parser keeps at a time.
pub const BEAM: usize = 8;

/// Longest sentence in tokens that is parsed as one; `segment` cuts far earlier.
const LONGEST: usize = 20_000;

/// The models of one language.
#[derive(Clone, Debug, Default)]
pub struct Syntax<'a> {
    kinds: Vec<(Upos, Xpos)>,
    tagger: Sparse<'a>,
    moves: Triples<'a>,
    labels: Sparse<'a>,
    lemmas: Lemmas<'a>,
    beam: usize,
}

/// Memory that one parse leaves to the next.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    forms: Forms,
    tags: Vec<u8>,
    atoms: Atoms,
    search: Search,
    tree: Labelling,
}

impl Syntax<'static> {
    /// The English models built into the program.
    pub fn embedded() -> &'static Syntax<'static> {
        static SYNTAX: OnceLock<Syntax> = OnceLock::new();
        // The file is part of the program; a build with one of another version fails its tests, and parses flatly.
        SYNTAX.get_or_init(|| Syntax::open(ENGLISH).unwrap_or_default())
    }
}

impl<'a> Syntax<'a> {
    /// The models in a file of weights; `None` when it is not one of this version.
    pub fn open(bytes: &'a [u8]) -> Option<Syntax<'a>> {
        let sections = weights::open(bytes)?;
        let at = |s: Section| sections[s as usize];
        let kinds: Option<Vec<_>> = at(Section::Classes)
            .chunks_exact(2)
            .map(|p| Some((Upos::from_index(p[0] as usize)?, Xpos::from_index(p[1] as usize)?)))
            .collect();
        Some(Syntax {
            kinds: kinds?,
            tagger: Sparse::new(at(Section::TagIndex), at(Section::TagPairs)),
            moves: Triples::new(at(Section::Moves)),
            labels: Sparse::new(at(Section::LabelIndex), at(Section::LabelPairs)),
            lemmas: Lemmas::new(at(Section::LemmaIndex), at(Section::LemmaText)),
            beam: BEAM,
        })
    }

    /// The same with another width of beam.
    pub fn with_beam(mut self, width: usize) -> Self {
        self.beam = width.max(1);
        self
    }

    /// Tags and tree of a sentence of `text`, which is the text of the sentence's field.
    pub fn parse(&self, text: &str, sentence: &Sentence) -> Tree {
        self.parse_with(text, sentence, &mut Scratch::default())
    }

    /// As [`Syntax::parse`], with memory used again.
    pub fn parse_with(&self, text: &str, sentence: &Sentence, scratch: &mut Scratch) -> Tree {
        let words = sentence.tokens.iter().map(|t| t.span.of(text));
        self.words(words, scratch)
    }

    /// Tags and tree of some words in order.
    pub fn words<'w>(&self, words: impl Iterator<Item = &'w str> + Clone, scratch: &mut Scratch) -> Tree {
        let n = words.clone().count();
        if n == 0 || n > LONGEST || self.kinds.is_empty() {
            return flat(words);
        }
        let Scratch { forms, tags, atoms, search, tree } = scratch;
        forms.look(words.clone());
        tagger::tag(forms, &self.tagger, self.kinds.len(), tags);
        atoms.look(forms, tags, &self.kinds);
        parser::parse(atoms, &self.moves, self.beam, search, &mut tree.heads);
        labels::label(forms, atoms, |i| self.kinds[tags[i] as usize].0, &self.labels, tree);
        let found = words.enumerate().map(|(i, word)| {
            let (upos, xpos) = self.kinds[tags[i] as usize];
            let rel = Rel::from_index(tree.rels[i] as usize).unwrap_or(Rel::Dep);
            let head = (tree.heads[i] as usize != n).then_some(tree.heads[i]);
            Word { upos: settle(upos, xpos, rel), xpos, lemma: self.lemmas.of(word, xpos), head, rel }
        });
        Tree::new(found.collect())
    }
}

/// Where the tree knows better than the tagger: an auxiliary is what hangs as one.
fn settle(upos: Upos, xpos: Xpos, rel: Rel) -> Upos {
    match (upos, rel) {
        (Upos::Verb, Rel::Aux | Rel::AuxPass | Rel::Cop) => Upos::Aux,
        (Upos::Adp, Rel::Mark) if xpos == Xpos::In => Upos::Sconj,
        (Upos::Sconj, Rel::Case) if xpos == Xpos::In => Upos::Adp,
        _ => upos,
    }
}

/// A tree that says nothing: every word hangs on the first.
fn flat<'w>(words: impl Iterator<Item = &'w str>) -> Tree {
    let found = words.enumerate().map(|(i, word)| Word {
        upos: Upos::X,
        xpos: Xpos::Fw,
        lemma: word.into(),
        head: (i > 0).then_some(0),
        rel: if i == 0 { Rel::Root } else { Rel::Dep },
    });
    Tree::new(found.collect())
}
