//! Tokens become tags, heads, relations and dictionary forms.
//!
//! One small network trained by `train syntax` reads a sentence both ways and scores tags, heads and relations; a
//! search makes a tree of the heads. Weights are in `weights/english.bin` and `weights/vectors.bin`, embedded.

pub mod conllu;
pub mod evaluate;
pub mod forms;
pub mod hash;
pub mod heads;
pub mod inflect;
pub mod lemma;
pub mod net;
pub mod vectors;
pub mod weights;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use crate::model::{Rel, STATE, Sentence, Tree, Upos, Word, Xpos};
use crate::neural::KEPT;
use crate::neural::weights::Weights;
use forms::Forms;
use lemma::Lemmas;
use net::{OWN, Trace, WIDE, part};
use weights::Section;

/// The weights as shipped.
static ENGLISH: &[u8] = include_bytes!("weights/english.bin");

/// Longest sentence in tokens that is parsed as one; `segment` cuts far earlier.
const LONGEST: usize = 4_000;

/// The models of one language.
#[derive(Clone, Debug, Default)]
pub struct Syntax<'a> {
    kinds: Vec<(Upos, Xpos)>,
    net: Weights,
    step: f32,
    table: &'a [u8],
    lemmas: Lemmas<'a>,
}

/// Memory that one parse leaves to the next.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    forms: Forms,
    trace: Trace,
    heads: Vec<u16>,
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
        let mut floats =
            at(Section::Net).chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
        let step = floats.next()?;
        let net: Weights = floats.collect();
        if net.len() != part::ALL || at(Section::Table).len() != net::ROWS * OWN {
            return None;
        }
        let lemmas = Lemmas::new(at(Section::LemmaIndex), at(Section::LemmaText));
        Some(Syntax { kinds: kinds?, net, step, table: at(Section::Table), lemmas })
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
        let Scratch { forms, trace, heads } = scratch;
        forms.look(words.clone());
        pulp::Arch::new().dispatch(Run { syntax: self, forms, n, trace });
        heads::best(&trace.arcs, n, heads);
        pulp::Arch::new().dispatch(Relate { net: &self.net, heads, trace });
        let found = words.enumerate().map(|(i, word)| {
            let (upos, xpos) = self.kinds[top(&trace.tags[i * net::TAGS..][..self.kinds.len()])];
            let head = (heads[i] as usize != n).then_some(heads[i]);
            let rel = head.map_or(Rel::Root, |_| relation(trace, i));
            Word { upos: settle(upos, xpos, rel), xpos, lemma: self.lemmas.of(word, xpos), head, rel }
        });
        let mut tree = Tree::new(found.collect());
        tree.states.reserve_exact(n * STATE);
        for i in 0..n {
            tree.states.extend_from_slice(&trace.layers[0].input[i * WIDE..][..net::GIVEN]);
            tree.states.extend_from_slice(&trace.out[i * WIDE..][..WIDE]);
        }
        if n > KEPT {
            *scratch = Scratch::default();
        }
        tree
    }

    /// What goes into the network for each of `n` words.
    #[inline(always)]
    fn input(&self, forms: &Forms, n: usize, x: &mut Vec<f32>) {
        x.clear();
        x.resize(n * WIDE, 0.0);
        let own = |row: usize, out: &mut [f32]| {
            for (o, b) in out.iter_mut().zip(&self.table[row * OWN..][..OWN]) {
                *o += f32::from(*b as i8) * self.step;
            }
        };
        for (i, out) in x.chunks_exact_mut(WIDE).enumerate() {
            net::input(forms, i, own, out);
        }
    }
}

/// The relation of word `d` to its head.
fn relation(trace: &mut Trace, d: usize) -> Rel {
    let scores = &mut trace.relations[d * net::RELS..][..Rel::ALL.len()];
    scores[Rel::Root as usize] = f32::MIN;
    Rel::from_index(top(scores)).unwrap_or(Rel::Dep)
}

/// A run of the network, compiled for each set of vector instructions; the machine's best is taken when it runs.
struct Run<'r, 's> {
    syntax: &'r Syntax<'s>,
    forms: &'r Forms,
    n: usize,
    trace: &'r mut Trace,
}

impl pulp::WithSimd for Run<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) {
        self.syntax.input(self.forms, self.n, &mut self.trace.layers[0].input);
        self.trace.run(simd, &self.syntax.net, self.n, |_, _| ());
    }
}

/// The relations, given the heads.
struct Relate<'r> {
    net: &'r [f32],
    heads: &'r [u16],
    trace: &'r mut Trace,
}

impl pulp::WithSimd for Relate<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) {
        self.trace.relate(simd, self.net, self.heads);
    }
}

/// The place of the highest score; the first of equals.
fn top(scores: &[f32]) -> usize {
    let mut top = 0;
    for (i, score) in scores.iter().enumerate() {
        if *score > scores[top] {
            top = i;
        }
    }
    top
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
