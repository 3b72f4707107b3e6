//! Heads: a beam of arc-hybrid derivations, scored without labels.

use super::atoms::{Atom, Atoms};
use super::hash::{feature, join};
use super::linear::Moves;
use super::state::{Kids, Move, NIL, NONE, Node, State};

/// The most features a state has.
pub const FEATURES: usize = 104;

/// What a search leaves to the next.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Places of all stacks.
    pub nodes: Vec<Node>,
    /// Moves made: the move before, and the move.
    pub history: Vec<(u32, Move)>,
    beam: Vec<State>,
    next: Vec<State>,
    candidates: Vec<(f32, u32, Move)>,
}

/// The words a state's features speak of.
struct Scene {
    s0: Atom,
    s1: Atom,
    s2: Atom,
    b0: Atom,
    b1: Atom,
    b2: Atom,
    k0: Kids,
    k1: Kids,
    kb: Kids,
    w0: u16,
    w1: u16,
}

impl Scene {
    fn of(atoms: &Atoms, state: &State, nodes: &[Node]) -> Scene {
        let node = |at: u32| (at != NIL).then(|| nodes[at as usize]);
        let n0 = node(state.top);
        let n1 = n0.and_then(|n| node(n.below));
        let n2 = n1.and_then(|n| node(n.below));
        let word = |n: Option<Node>| n.map_or(NONE, |n| n.word);
        let b = state.next;
        Scene {
            s0: atoms.at(word(n0)),
            s1: atoms.at(word(n1)),
            s2: atoms.at(word(n2)),
            b0: atoms.at(b),
            b1: atoms.at(b + 1),
            b2: atoms.at(b + 2),
            k0: n0.map_or(Kids::NEW, |n| n.kids),
            k1: n1.map_or(Kids::NEW, |n| n.kids),
            kb: state.kids,
            w0: word(n0),
            w1: word(n1),
        }
    }
}

/// A distance in words as one of a few steps.
pub fn step(from: u16, to: u16) -> u32 {
    if from == NONE || to == NONE {
        return 9;
    }
    match from.abs_diff(to) {
        d @ 0..=4 => u32::from(d),
        5..=6 => 5,
        7..=10 => 6,
        _ => 7,
    }
}

/// Collects the features of a state. Returns how many there are.
pub fn features(atoms: &Atoms, state: &State, nodes: &[Node], out: &mut [u32; FEATURES]) -> usize {
    let scene = Scene::of(atoms, state, nodes);
    let mut n = 0;
    let mut put = |a: u32, b: u32, c: u32| {
        out[n] = feature(n as u32, a, b, c);
        n += 1;
    };
    words(&scene, &mut put);
    pairs(&scene, &mut put);
    children(atoms, &scene, &mut put);
    distances(atoms, state, &scene, &mut put);
    clusters(&scene, &mut put);
    n
}

/// Single words and tags.
fn words(s: &Scene, put: &mut impl FnMut(u32, u32, u32)) {
    for a in [&s.s0, &s.s1, &s.b0, &s.b1] {
        put(a.word, 0, 0);
        put(a.tag, 0, 0);
        put(a.word, a.tag, 0);
    }
    put(s.s2.word, s.s2.tag, 0);
    put(s.s2.tag, 0, 0);
    put(s.b2.word, s.b2.tag, 0);
    put(s.b2.tag, 0, 0);
}

/// Words and tags together.
fn pairs(s: &Scene, put: &mut impl FnMut(u32, u32, u32)) {
    let (s0, s1, s2, b0, b1, b2) = (&s.s0, &s.s1, &s.s2, &s.b0, &s.b1, &s.b2);
    put(join(s0.word, s0.tag), b0.word, b0.tag);
    put(s0.word, s0.tag, b0.word);
    put(s0.word, b0.word, b0.tag);
    put(s0.word, s0.tag, b0.tag);
    put(s0.tag, b0.word, b0.tag);
    put(s0.word, b0.word, 0);
    put(s0.tag, b0.tag, 0);
    put(b0.tag, b1.tag, 0);
    put(b0.word, b1.tag, s0.tag);
    put(s1.word, s0.word, 0);
    put(s1.tag, s0.tag, 0);
    put(s1.word, s1.tag, s0.tag);
    put(s1.tag, s0.word, s0.tag);
    put(join(s1.word, s1.tag), s0.word, s0.tag);
    put(s1.tag, b0.tag, 0);
    put(s1.word, b0.tag, s0.tag);
    put(s1.word, b0.word, s0.tag);
    put(s1.tag, s0.word, b0.tag);
    put(s1.tag, s0.tag, b0.word);
    put(b0.tag, b1.tag, b2.tag);
    put(s0.tag, b0.tag, b1.tag);
    put(s1.tag, s0.tag, b0.tag);
    put(s2.tag, s1.tag, s0.tag);
    put(join(s1.tag, s0.tag), b0.tag, b1.tag);
    put(join(s2.tag, s1.tag), s0.tag, b0.tag);
    put(join(s0.tag, b0.tag), b1.tag, b2.tag);
    put(s0.word, b0.tag, b1.tag);
    put(s0.tag, b0.word, b1.tag);
    put(s0.tag, b0.tag, b1.word);
    put(s0.word, b0.word, b1.word);
}

/// Children found so far.
fn children(atoms: &Atoms, s: &Scene, put: &mut impl FnMut(u32, u32, u32)) {
    let (s0, s1, b0) = (&s.s0, &s.s1, &s.b0);
    let at = |w: u16| atoms.at(w);
    let (l0, r0, l1, r1, lb) = (at(s.k0.l1), at(s.k0.r1), at(s.k1.l1), at(s.k1.r1), at(s.kb.l1));
    let (l02, r02, r12, lb2) = (at(s.k0.l2), at(s.k0.r2), at(s.k1.r2), at(s.kb.l2));
    put(s0.tag, l0.tag, 1);
    put(s0.tag, r0.tag, 2);
    put(l0.word, s0.tag, s1.tag);
    put(r0.word, s0.tag, b0.tag);
    put(s1.tag, r1.tag, s0.tag);
    put(s1.tag, l1.tag, s0.tag);
    put(s1.tag, s0.tag, l0.tag);
    put(s1.tag, s0.tag, r0.tag);
    put(s0.tag, l0.tag, b0.tag);
    put(s0.tag, r0.tag, b0.tag);
    put(s0.tag, b0.tag, lb.tag);
    put(s0.tag, l0.tag, l02.tag);
    put(s0.tag, r0.tag, r02.tag);
    put(s1.tag, r1.tag, r12.tag);
    put(b0.tag, lb.tag, lb2.tag);
    put(s0.word, lb.word, b0.tag);
    // A preposition stands left of its noun: what the noun hangs on shows in verb, preposition and noun.
    put(s1.word, l0.word, s0.tag);
    put(s1.tag, l0.word, s0.word);
    put(join(s1.word, s1.tag), l0.word, s0.word);
    put(s1.word, r1.word, s0.tag);
    put(join(s1.tag, r1.tag), s0.tag, l0.word);
    put(s0.word, r0.word, b0.word);
    put(join(s1.tag, l0.tag), s0.tag, b0.tag);
}

/// Distances, numbers of children, and what lies between.
fn distances(atoms: &Atoms, state: &State, s: &Scene, put: &mut impl FnMut(u32, u32, u32)) {
    let (s0, s1, b0) = (&s.s0, &s.s1, &s.b0);
    let (d, e) = (step(s.w0, state.next), step(s.w1, s.w0));
    let few = |n: u8| u32::from(n.min(4));
    let (vl, vr) = (few(s.k0.left), few(s.k0.right));
    put(s0.word, d, 0);
    put(s0.tag, d, 1);
    put(b0.word, d, 2);
    put(b0.tag, d, 3);
    put(s0.tag, b0.tag, d);
    put(s1.tag, s0.tag, e);
    put(join(s1.tag, s0.tag), b0.tag, join(d, e));
    put(s0.word, vr, 4);
    put(s0.tag, vr, 5);
    put(s0.tag, vl, 6);
    put(s1.word, few(s.k1.right), 7);
    put(s1.tag, few(s.k1.right), s0.tag);
    put(b0.tag, few(s.kb.left), s0.tag);
    put(b0.word, few(s.kb.left), 8);
    let between = atoms.between(s.w0, state.next);
    put(s0.tag, b0.tag, between);
    let between = atoms.between(s.w1, s.w0);
    put(s1.tag, s0.tag, join(between, 1));
    put(u32::from(state.depth.min(5)), b0.tag, s0.tag);
    put(u32::from(state.depth.min(3)), u32::from(state.next as usize >= atoms.len()), s0.tag);
}

/// Clusters in place of words.
fn clusters(s: &Scene, put: &mut impl FnMut(u32, u32, u32)) {
    let (s0, s1, b0, b1) = (&s.s0, &s.s1, &s.b0, &s.b1);
    put(s0.fine, s0.tag, 0);
    put(b0.fine, b0.tag, 0);
    put(s0.fine, b0.fine, 0);
    put(s0.fine, b0.tag, s0.tag);
    put(s0.tag, b0.fine, b0.tag);
    put(s1.fine, s0.fine, 0);
    put(s1.fine, s0.tag, s1.tag);
    put(s1.tag, s0.fine, s0.tag);
    put(s0.coarse, b0.coarse, join(s0.tag, b0.tag));
    put(s1.coarse, s0.coarse, join(s1.tag, s0.tag));
    put(s0.coarse, b0.tag, b1.tag);
    put(s0.fine, b0.word, b1.coarse);
    put(s1.fine, s0.tag, b0.word);
}

impl Search {
    /// Forgets the last sentence.
    pub fn reset(&mut self) {
        self.nodes.clear();
        self.history.clear();
        self.beam.clear();
        self.beam.push(State::START);
    }

    /// The states of the beam, best first.
    pub fn beam(&self) -> &[State] {
        &self.beam
    }

    /// Makes one move in every state and keeps the best `width`. Returns whether there was one to make.
    pub fn advance(&mut self, atoms: &Atoms, model: &impl Moves, width: usize) -> bool {
        let n = atoms.len();
        self.candidates.clear();
        let mut ids = [0; FEATURES];
        for (i, state) in self.beam.iter().enumerate() {
            let open = Move::ALL.map(|m| state.allows(m, n));
            if !open.contains(&true) {
                continue;
            }
            let count = features(atoms, state, &self.nodes, &mut ids);
            let scores = model.moves(&ids[..count]);
            for m in Move::ALL {
                if open[m as usize] {
                    self.candidates.push((state.score + scores[m as usize], i as u32, m));
                }
            }
        }
        if self.candidates.is_empty() {
            return false;
        }
        let by_score = |a: &(f32, u32, Move), b: &(f32, u32, Move)| {
            b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then((a.2 as u8).cmp(&(b.2 as u8)))
        };
        if self.candidates.len() > width {
            self.candidates.select_nth_unstable_by(width - 1, by_score);
            self.candidates.truncate(width);
        }
        self.candidates.sort_unstable_by(by_score);
        self.next.clear();
        for &(score, i, m) in &self.candidates {
            let parent = self.beam[i as usize];
            let mut state = parent.after(m, &mut self.nodes);
            self.history.push((parent.last, m));
            state.last = self.history.len() as u32 - 1;
            state.score = score;
            self.next.push(state);
        }
        std::mem::swap(&mut self.beam, &mut self.next);
        true
    }

    /// The moves that led to a state.
    pub fn moves_to(&self, mut last: u32, out: &mut Vec<Move>) {
        out.clear();
        while last != NIL {
            let (before, m) = self.history[last as usize];
            out.push(m);
            last = before;
        }
        out.reverse();
    }
}

/// Finds the head of each word; the number of words stands for the root.
pub fn parse(atoms: &Atoms, model: &impl Moves, width: usize, search: &mut Search, heads: &mut Vec<u16>) {
    search.reset();
    while search.advance(atoms, model, width) {}
    let mut moves = Vec::with_capacity(2 * atoms.len());
    search.moves_to(search.beam[0].last, &mut moves);
    heads_of(&moves, atoms.len(), heads);
}

/// The heads that a full derivation gives.
pub fn heads_of(moves: &[Move], n: usize, heads: &mut Vec<u16>) {
    heads.clear();
    heads.resize(n, n as u16);
    let mut stack: Vec<u16> = Vec::with_capacity(n);
    let mut next = 0u16;
    for m in moves {
        match m {
            Move::Shift => {
                stack.push(next);
                next += 1;
            }
            Move::Left => {
                if let Some(top) = stack.pop() {
                    heads[top as usize] = next;
                }
            }
            Move::Right => {
                if let (Some(top), Some(below)) = (stack.pop(), stack.last()) {
                    heads[top as usize] = *below;
                }
            }
        }
    }
}
