//! One small network for tags, heads and relations: word vectors and hashed spelling go in, two layers of simple
//! recurrent units (Lei and others 2018) read the sentence both ways, and linear heads read off what is asked.

use pulp::Simd;

use super::forms::{Case, Forms};
use super::hash::feature;
use super::vectors;
use crate::neural::matrix::{LANES, axpy, dot, multiply, rows};
use crate::neural::recur::{self, Layer};

/// Numbers from the word vectors.
pub const GIVEN: usize = vectors::DIMS;
/// Numbers learnt for spellings.
pub const OWN: usize = 64;
/// Width of what goes into each layer.
pub const WIDE: usize = GIVEN + OWN;
/// Units of a layer in each direction; both together are as wide as the input.
pub const UNITS: usize = WIDE / 2;
/// Layers.
pub const LAYERS: usize = 2;
/// Classes of tags at most.
pub const TAGS: usize = 96;
/// Width of the vectors that heads and dependents meet in.
pub const ARC: usize = 64;
/// Width of the vectors that relations are read from.
pub const LABEL: usize = 64;
/// Relations at most.
pub const RELS: usize = 64;
/// Steps of distance.
pub const STEPS: usize = 20;
/// Rows of the table of spellings.
pub const ROWS: usize = 1 << 15;
/// Spelling features of a word.
pub const SPELLINGS: usize = 9;

const LAYER: usize = recur::size(WIDE, UNITS);

/// Where each part of the parameters begins.
pub mod part {
    use super::*;

    /// Layer `l` in direction `d`: weights, then biases, then what the state adds to the gates.
    pub const fn layer(l: usize, d: usize) -> usize {
        (2 * l + d) * LAYER
    }
    /// Biases within a layer.
    pub const LAYER_BIAS: usize = recur::bias(WIDE, UNITS);
    /// The state's say in the gates within a layer.
    pub const LAYER_STATE: usize = recur::say(WIDE, UNITS);
    /// Tags.
    pub const TAG: usize = layer(LAYERS, 0);
    /// Biases of tags.
    pub const TAG_BIAS: usize = TAG + WIDE * TAGS;
    /// Dependents.
    pub const DEP: usize = TAG_BIAS + TAGS;
    /// Biases of dependents.
    pub const DEP_BIAS: usize = DEP + WIDE * ARC;
    /// Heads.
    pub const HEAD: usize = DEP_BIAS + ARC;
    /// Biases of heads.
    pub const HEAD_BIAS: usize = HEAD + WIDE * ARC;
    /// What joins head and dependent.
    pub const JOIN: usize = HEAD_BIAS + ARC;
    /// How likely a word is a head at all.
    pub const PRIOR: usize = JOIN + ARC * ARC;
    /// The root as a head, joined already.
    pub const ROOT: usize = PRIOR + ARC;
    /// Distance of head and dependent.
    pub const FAR: usize = ROOT + ARC;
    /// Dependents, for relations.
    pub const REL_DEP: usize = FAR + STEPS;
    /// Heads, for relations.
    pub const REL_HEAD: usize = REL_DEP + WIDE * LABEL;
    /// Distance, for relations.
    pub const REL_FAR: usize = REL_HEAD + WIDE * LABEL;
    /// Relations.
    pub const REL: usize = REL_FAR + STEPS * LABEL;
    /// Biases of relations.
    pub const REL_BIAS: usize = REL + LABEL * RELS;
    /// All parameters.
    pub const ALL: usize = REL_BIAS + RELS;
}

/// Distance and side of a head as one of [`STEPS`].
#[inline(always)]
pub fn far(d: usize, h: usize) -> usize {
    let step = match d.abs_diff(h) {
        n @ 0..=4 => n,
        5..=6 => 5,
        7..=9 => 6,
        10..=14 => 7,
        15..=24 => 8,
        _ => 9,
    };
    step * 2 + usize::from(d < h)
}

/// The rows of the table of spellings that a word is the sum of.
pub fn spellings(forms: &Forms, i: usize) -> [usize; SPELLINGS] {
    let w = &forms.words[i];
    let case = forms.case as u32;
    let first = u32::from(i == 0);
    let look = case << 2 | u32::from(w.capital) << 1 | u32::from(w.shout);
    let ids = [
        feature(300, w.lower, 0, 0),
        feature(301, w.suffix[1], 0, 0),
        feature(302, w.suffix[2], 0, 0),
        feature(303, w.suffix[3], 0, 0),
        feature(304, w.prefix[2], 0, 0),
        feature(305, w.shape, case, 0),
        feature(306, look, first, 0),
        feature(308, w.kind, look & 2, 0),
        feature(307, if forms.case == Case::Prose { w.exact } else { 0 }, 0, 0),
    ];
    ids.map(|id| id as usize & (ROWS - 1))
}

/// All workings of one sentence.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Words.
    pub n: usize,
    /// By layer.
    pub layers: [Layer; LAYERS],
    /// What the last layer gave.
    pub out: Vec<f32>,
    /// Scores of tags.
    pub tags: Vec<f32>,
    /// Words as dependents, as heads, and as heads joined.
    pub dep: Vec<f32>,
    /// Words as heads.
    pub head: Vec<f32>,
    /// Words as heads, joined.
    pub joined: Vec<f32>,
    /// Words as heads, joined, as columns.
    columns: Vec<f32>,
    /// Words as dependents times words as heads.
    met: Vec<f32>,
    /// How likely each word is a head at all.
    priors: Vec<f32>,
    /// Scores of heads: n rows of n + 1, the root last.
    pub arcs: Vec<f32>,
    /// Words as dependents, for relations.
    pub rel_dep: Vec<f32>,
    /// Words as heads, for relations.
    pub rel_head: Vec<f32>,
    /// Words under their heads, for relations.
    pub pairs: Vec<f32>,
    /// Scores of the relations of each word.
    pub relations: Vec<f32>,
}

impl Trace {
    /// Runs the layers over the input that stands in the first. `mask` scales what goes into layer `l` (and, with
    /// [`LAYERS`], what comes out at last).
    #[inline(always)]
    pub fn run<S: Simd>(&mut self, simd: S, p: &[f32], n: usize, mask: impl Fn(usize, &mut [f32])) {
        self.n = n;
        for l in 0..LAYERS {
            let (done, rest) = self.layers.split_at_mut(l + 1);
            let layer = &mut done[l];
            mask(l, &mut layer.input);
            let next = rest.first_mut().map_or(&mut self.out, |next| &mut next.input);
            next.clear();
            next.resize(n * WIDE, 0.0);
            for d in 0..2 {
                recur::run::<S, WIDE, UNITS>(
                    simd,
                    &p[part::layer(l, d)..part::layer(l, d) + LAYER],
                    layer,
                    d,
                    n,
                    next,
                );
            }
        }
        mask(LAYERS, &mut self.out);
        self.read(simd, p);
    }

    /// What the heads read off the last layer.
    #[inline(always)]
    fn read<S: Simd>(&mut self, simd: S, p: &[f32]) {
        let n = self.n;
        rows(&mut self.tags, n, TAGS, &p[part::TAG_BIAS..][..TAGS]);
        multiply(simd, &self.out, WIDE, &p[part::TAG..][..WIDE * TAGS], TAGS, &mut self.tags);
        rows(&mut self.dep, n, ARC, &p[part::DEP_BIAS..][..ARC]);
        multiply(simd, &self.out, WIDE, &p[part::DEP..][..WIDE * ARC], ARC, &mut self.dep);
        rows(&mut self.head, n, ARC, &p[part::HEAD_BIAS..][..ARC]);
        multiply(simd, &self.out, WIDE, &p[part::HEAD..][..WIDE * ARC], ARC, &mut self.head);
        for v in self.dep.iter_mut().chain(&mut self.head) {
            *v = v.max(0.1 * *v);
        }
        rows(&mut self.joined, n, ARC, &[]);
        multiply(simd, &self.head, ARC, &p[part::JOIN..][..ARC * ARC], ARC, &mut self.joined);
        rows(&mut self.rel_dep, n, LABEL, &[]);
        multiply(simd, &self.out, WIDE, &p[part::REL_DEP..][..WIDE * LABEL], LABEL, &mut self.rel_dep);
        rows(&mut self.rel_head, n, LABEL, &[]);
        multiply(simd, &self.out, WIDE, &p[part::REL_HEAD..][..WIDE * LABEL], LABEL, &mut self.rel_head);
        self.score_arcs(simd, p);
    }

    /// How well every word sits under every other, and under the root.
    #[inline(always)]
    fn score_arcs<S: Simd>(&mut self, simd: S, p: &[f32]) {
        let n = self.n;
        let (prior, root) = (&p[part::PRIOR..][..ARC], &p[part::ROOT..][..ARC]);
        // Heads as columns, so that all meetings are one product.
        let wide = n.next_multiple_of(LANES);
        rows(&mut self.columns, ARC, wide, &[]);
        rows(&mut self.met, n, wide, &[]);
        self.priors.clear();
        for (h, joined) in self.joined.chunks_exact(ARC).enumerate() {
            self.columns[h..].iter_mut().step_by(wide).zip(joined).for_each(|(slot, v)| *slot = *v);
            self.priors.push(dot(prior, &self.head[h * ARC..][..ARC]));
        }
        multiply(simd, &self.dep, ARC, &self.columns, wide, &mut self.met);
        self.arcs.clear();
        for d in 0..n {
            let met = self.met[d * wide..].iter().zip(&self.priors).enumerate();
            self.arcs.extend(met.map(|(h, (met, prior))| met + prior + p[part::FAR + far(d, h)]));
            self.arcs.push(dot(&self.dep[d * ARC..][..ARC], root));
            self.arcs[d * (n + 1) + d] = f32::MIN;
        }
    }

    /// What relations are read from: `d` under `h`.
    #[inline(always)]
    pub fn pair(&self, p: &[f32], d: usize, h: usize) -> [f32; LABEL] {
        let mut z = [0f32; LABEL];
        let (dep, head) = (&self.rel_dep[d * LABEL..][..LABEL], &self.rel_head[h * LABEL..][..LABEL]);
        let step = &p[part::REL_FAR + far(d, h) * LABEL..][..LABEL];
        for j in 0..LABEL {
            let v = dep[j] + head[j] + step[j];
            z[j] = v.max(0.1 * v);
        }
        z
    }

    /// Scores of the relations of each word under its head (`n` or more: the root, whose scores mean nothing).
    #[inline(always)]
    pub fn relate<S: Simd>(&mut self, simd: S, p: &[f32], heads: &[u16]) {
        let n = self.n;
        self.pairs.clear();
        for (d, &h) in heads.iter().enumerate().take(n) {
            let z = if (h as usize) < n { self.pair(p, d, h as usize) } else { [0.0; LABEL] };
            self.pairs.extend_from_slice(&z);
        }
        rows(&mut self.relations, n, RELS, &p[part::REL_BIAS..][..RELS]);
        multiply(simd, &self.pairs, LABEL, &p[part::REL..][..LABEL * RELS], RELS, &mut self.relations);
    }
}

/// Writes the input of word `i`: its given vector and the sum of its spellings.
#[inline(always)]
pub fn input(forms: &Forms, i: usize, own: impl Fn(usize, &mut [f32]), out: &mut [f32]) {
    let (given, learnt) = out.split_at_mut(GIVEN);
    vectors::copy(forms.words[i].vector, given);
    learnt.fill(0.0);
    for row in spellings(forms, i) {
        own(row, learnt);
    }
}

/// Adds a row of the table as trained.
pub fn plain(table: &[f32]) -> impl Fn(usize, &mut [f32]) + '_ {
    |row, out| axpy(1.0, &table[row * OWN..][..OWN], out)
}
