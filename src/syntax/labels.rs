//! Relations: once the tree stands, each word is told what it is to its head, from the root down and from left to
//! right, so that a decision sees those made for its head and its earlier siblings.

use super::atoms::Atoms;
use super::forms::Forms;
use super::hash::{bytes, feature, join};
use super::linear::{Classes, Linear};
use super::parser::step;
use super::state::NONE;
use super::tagger::best;
use crate::model::{Rel, Upos};

/// The most features one word has.
pub const FEATURES: usize = 64;

/// A tree being labelled.
#[derive(Clone, Debug, Default)]
pub struct Labelling {
    /// Head of each word; the number of words stands for the root.
    pub heads: Vec<u16>,
    /// Labels so far.
    pub rels: Vec<u8>,
    /// First child of each word and of the root, and the next sibling.
    first: Vec<u16>,
    sibling: Vec<u16>,
    last: Vec<u16>,
    /// Labels given below each head, as a set.
    seen: Vec<u64>,
    /// What auxiliaries a word has: bits of [`aux_bits`].
    aux: Vec<u32>,
    /// Words in the order of labelling.
    order: Vec<u16>,
}

impl Labelling {
    /// Takes in the heads and orders the words from the root down.
    pub fn look(&mut self, atoms: &Atoms, uposes: impl Fn(usize) -> Upos) {
        let n = self.heads.len();
        for list in [&mut self.first, &mut self.sibling, &mut self.last] {
            list.clear();
            list.resize(n + 1, NONE);
        }
        self.rels.clear();
        self.rels.resize(n, u8::MAX);
        self.seen.clear();
        self.seen.resize(n + 1, 0);
        self.aux.clear();
        self.aux.resize(n + 1, 0);
        for d in (0..n).rev() {
            let h = self.heads[d] as usize;
            self.sibling[d] = self.first[h];
            self.first[h] = d as u16;
            if self.last[h] == NONE {
                self.last[h] = d as u16;
            }
            self.aux[h] |= aux_bits(atoms.at(d as u16).word, uposes(d), d < h);
        }
        self.order.clear();
        let mut at = 0;
        let mut head = n as u16;
        loop {
            let mut child = self.first[head as usize];
            while child != NONE {
                self.order.push(child);
                child = self.sibling[child as usize];
            }
            let Some(&next) = self.order.get(at) else { break };
            head = next;
            at += 1;
        }
    }

    /// Notes the label of a word.
    pub fn set(&mut self, d: u16, rel: u8) {
        self.rels[d as usize] = rel;
        self.seen[self.heads[d as usize] as usize] |= 1 << rel;
    }

    /// The words in the order of labelling.
    pub fn order(&self) -> &[u16] {
        &self.order
    }
}

/// What a child says of its head's voice and mood.
fn aux_bits(word: u32, upos: Upos, left: bool) -> u32 {
    use std::sync::LazyLock;
    static BE: LazyLock<Vec<u32>> = LazyLock::new(|| {
        let forms = [
            "be", "is", "are", "was", "were", "been", "being", "am", "'s", "'re", "'m", "get", "got", "gets",
        ];
        forms.iter().map(|w| bytes(w.bytes())).collect()
    });
    static BY: LazyLock<u32> = LazyLock::new(|| bytes(*b"by"));
    static TO: LazyLock<u32> = LazyLock::new(|| bytes(*b"to"));
    if upos == Upos::Aux || upos == Upos::Verb && left {
        if BE.contains(&word) { 1 } else { 2 }
    } else if word == *TO && left {
        4
    } else if word == *BY {
        8
    } else {
        0
    }
}

/// Collects the features of word `d`. Returns how many there are.
pub fn features(forms: &Forms, atoms: &Atoms, tree: &Labelling, d: u16, out: &mut [u32; FEATURES]) -> usize {
    let h = tree.heads[d as usize];
    let mut n = 0;
    let mut put = |a: u32, b: u32, c: u32| {
        out[n] = feature(200 + n as u32, a, b, c);
        n += 1;
    };
    arc(atoms, d, h, &mut put);
    below(forms, atoms, tree, d, h, &mut put);
    beside(atoms, tree, d, h, &mut put);
    n
}

/// Head, dependent and what stands around them.
fn arc(atoms: &Atoms, d: u16, h: u16, put: &mut impl FnMut(u32, u32, u32)) {
    let (dep, head) = (atoms.at(d), atoms.at(h));
    let dir = u32::from(d < h);
    let far = step(d, h) << 1 | dir;
    put(dep.word, dir, 0);
    put(dep.tag, dir, 1);
    put(dep.word, dep.tag, 2);
    put(head.word, head.tag, dir);
    put(dep.tag, head.tag, dir);
    put(dep.word, head.tag, dir);
    put(dep.tag, head.word, dir);
    put(dep.word, head.word, dir);
    put(dep.fine, head.tag, dir);
    put(dep.tag, head.fine, dir);
    put(dep.fine, head.fine, dir);
    put(dep.coarse, head.coarse, join(dep.tag, head.tag));
    put(dep.tag, head.tag, far);
    put(join(dep.word, dep.tag), head.tag, far);
    let (before, after) = (atoms.at(d.wrapping_sub(1)), atoms.at(d + 1));
    put(before.tag, dep.tag, head.tag);
    put(after.tag, dep.tag, head.tag);
    put(before.word, dep.tag, dir);
    put(after.word, dep.tag, dir);
    let (low, high) = (d.min(h), d.max(h));
    put(atoms.between(low, high), dep.tag, join(head.tag, dir));
    put(atoms.at(h.wrapping_sub(1)).tag, join(head.tag, dep.tag), dir);
    put(atoms.at(h + 1).tag, join(head.tag, dep.tag), dir);
}

/// The children of dependent and head.
fn below(
    forms: &Forms,
    atoms: &Atoms,
    tree: &Labelling,
    d: u16,
    h: u16,
    put: &mut impl FnMut(u32, u32, u32),
) {
    let (dep, head) = (atoms.at(d), atoms.at(h));
    let dir = u32::from(d < h);
    let first = tree.first[d as usize];
    let second = if first == NONE { NONE } else { tree.sibling[first as usize] };
    let (first, second, last) = (atoms.at(first), atoms.at(second), atoms.at(tree.last[d as usize]));
    put(first.word, dep.tag, head.tag);
    put(first.tag, dep.tag, join(head.tag, dir));
    put(first.word, head.word, dir);
    put(first.word, dep.word, dir);
    put(first.word, dep.fine, join(head.tag, dir));
    put(first.word, head.fine, join(dep.tag, dir));
    put(second.word, first.word, join(dep.tag, head.tag));
    put(second.tag, first.tag, join(dep.tag, head.tag));
    put(last.tag, dep.tag, join(head.tag, dir));
    let (da, ha) = (tree.aux[d as usize], tree.aux[h as usize]);
    put(da, dep.tag, join(head.tag, dir));
    put(ha, head.tag, join(dep.tag, dir));
    put(ha, join(head.tag, dep.tag), join(first.word, dir));
    put(da, join(first.word, dep.tag), head.word);
    let form = forms.words[d as usize];
    put(form.suffix[2], head.tag, dir);
    put(form.shape, head.tag, dep.tag);
    put(u32::from(tree.first[d as usize] == NONE), dep.tag, join(head.tag, dir));
}

/// Siblings, the head's own label and its head.
fn beside(atoms: &Atoms, tree: &Labelling, d: u16, h: u16, put: &mut impl FnMut(u32, u32, u32)) {
    let (dep, head) = (atoms.at(d), atoms.at(h));
    let dir = u32::from(d < h);
    let next = tree.sibling[d as usize];
    let next = if next != NONE && (d < h) == (next < h) { atoms.at(next) } else { atoms.at(NONE) };
    let mut prior = NONE;
    let mut at = tree.first[h as usize];
    while at != NONE && at != d {
        prior = at;
        at = tree.sibling[at as usize];
    }
    let rel = |w: u16| tree.rels.get(w as usize).map_or(99, |&r| u32::from(r));
    let before = atoms.at(prior);
    let same = u32::from(prior != NONE && (prior < h) == (d < h));
    let above = tree.heads.get(h as usize).map_or(NONE, |&g| g);
    let up = rel(h);
    put(next.tag, dep.tag, join(head.tag, dir));
    put(next.tag, dep.tag, join(head.word, dir));
    put(rel(prior), dep.tag, join(head.tag, join(same, dir)));
    put(rel(prior), before.tag, join(dep.tag, head.tag));
    put(rel(prior), dep.word, join(head.tag, same));
    put(up, dep.tag, join(head.tag, dir));
    put(up, dep.word, join(head.tag, dir));
    put(up, join(dep.tag, dir), head.word);
    put(atoms.at(above).tag, head.tag, join(dep.tag, dir));
    let seen = tree.seen[h as usize];
    let core = seen & SUBJECTS;
    put((core ^ (core >> 32)) as u32, dep.tag, join(head.tag, dir));
    put((core ^ (core >> 32)) as u32, join(dep.tag, next.tag), join(head.word, dir));
    let first = atoms.at(tree.first[d as usize]);
    put(join(core as u32, (core >> 32) as u32), first.word, join(dep.tag, head.tag));
}

/// The relations of which a head has mostly one.
const SUBJECTS: u64 = 1 << Rel::Nsubj as u64
    | 1 << Rel::NsubjPass as u64
    | 1 << Rel::Obj as u64
    | 1 << Rel::Iobj as u64
    | 1 << Rel::Csubj as u64
    | 1 << Rel::Ccomp as u64
    | 1 << Rel::Xcomp as u64
    | 1 << Rel::Cop as u64
    | 1 << Rel::Expl as u64
    | 1 << Rel::AuxPass as u64;

/// Labels every word of a tree whose heads stand in `tree`.
pub fn label(
    forms: &Forms,
    atoms: &Atoms,
    uposes: impl Fn(usize) -> Upos,
    model: &impl Linear,
    tree: &mut Labelling,
) {
    tree.look(atoms, uposes);
    let mut ids = [0; FEATURES];
    let n = tree.heads.len() as u16;
    for k in 0..tree.order.len() {
        let d = tree.order[k];
        if tree.heads[d as usize] == n {
            tree.set(d, Rel::Root as u8);
            continue;
        }
        let count = features(forms, atoms, tree, d, &mut ids);
        let mut scores: Classes = [0.0; 128];
        model.score(&ids[..count], &mut scores);
        scores[Rel::Root as usize] = f32::MIN;
        let rel = best(&scores, Rel::ALL.len());
        tree.set(d, rel);
    }
}
