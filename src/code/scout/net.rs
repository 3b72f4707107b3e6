//! The scout's network: what syntax made of each word, with who is named and which rules wake there, goes through one
//! recurrent layer; linear heads read off which act a word reports, and who does and who suffers it.

use pulp::Simd;

use crate::model::STATE;
use crate::neural::matrix::{dot, multiply, rows};
use crate::neural::recur::{self, Layer};

/// Numbers learnt for marks (kind of mention, rules awake, relation, tag).
pub const OWN: usize = 32;
/// Width of what goes in.
pub const IN: usize = STATE + OWN;
/// Width of the recurrent layer, both directions together.
pub const WIDE: usize = 128;
/// Units in each direction.
pub const UNITS: usize = WIDE / 2;
/// Classes of acts: the roots, and none (the last).
pub const TYPES: usize = 16;
/// Width of the vectors in which acts and parties meet, for each role.
pub const ROLE: usize = 48;
/// Rows of the table of marks.
pub const MARKS: usize = 256;
/// Rows of the table of ways through the tree.
pub const WAYS: usize = 2048;
/// Steps of distance.
pub const STEPS: usize = 20;

/// Where each part of the parameters begins.
pub mod part {
    use super::*;

    /// Marks.
    pub const MARK: usize = 0;
    /// From the input to the layer.
    pub const INTO: usize = MARK + MARKS * OWN;
    /// Biases of that.
    pub const INTO_BIAS: usize = INTO + IN * WIDE;
    /// The layer, by direction.
    pub const fn layer(d: usize) -> usize {
        INTO_BIAS + WIDE + d * recur::size(WIDE, UNITS)
    }
    /// Acts.
    pub const TYPE: usize = layer(2);
    /// Biases of acts.
    pub const TYPE_BIAS: usize = TYPE + WIDE * TYPES;
    /// Words as acts that have parties: doer and sufferer side by side.
    pub const ACT: usize = TYPE_BIAS + TYPES;
    /// Biases of that.
    pub const ACT_BIAS: usize = ACT + WIDE * 2 * ROLE;
    /// Words as parties.
    pub const PARTY: usize = ACT_BIAS + 2 * ROLE;
    /// Biases of that.
    pub const PARTY_BIAS: usize = PARTY + WIDE * 2 * ROLE;
    /// What kind of party each act asks for, in either role.
    pub const FIT: usize = PARTY_BIAS + 2 * ROLE;
    /// The way through the tree from act to party, in either role.
    pub const WAY: usize = FIT + TYPES * 2 * ROLE;
    /// Distance and side, in either role.
    pub const FAR: usize = WAY + WAYS * 2;
    /// How common either role is.
    pub const ROLE_BIAS: usize = FAR + STEPS * 2;
    /// All parameters.
    pub const ALL: usize = ROLE_BIAS + 16;
}

/// All workings of one sentence.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Words.
    pub n: usize,
    /// What goes in.
    pub input: Vec<f32>,
    /// The recurrent layer.
    pub layer: Layer,
    /// What it gave.
    pub out: Vec<f32>,
    /// Scores of acts.
    pub types: Vec<f32>,
    /// Words as acts.
    pub act: Vec<f32>,
    /// Words as parties.
    pub party: Vec<f32>,
    /// How well each pair of words meets as act and party, in either role; filled by [`Trace::meet`].
    pub met: Vec<f32>,
    /// How well each word fits each class of act as a party, in either role; filled by [`Trace::meet`].
    pub fits: Vec<f32>,
}

/// Writes what goes in for a word: what syntax made of it and the sum of its marks.
pub fn input(p: &[f32], state: &[f32], marks: &[u16], out: &mut [f32]) {
    out[..STATE].copy_from_slice(state);
    out[STATE..].fill(0.0);
    for &m in marks {
        let row = &p[part::MARK + m as usize % MARKS * OWN..][..OWN];
        out[STATE..].iter_mut().zip(row).for_each(|(o, v)| *o += v);
    }
}

/// Leaves what is above zero, and a tenth of what is below.
#[inline(always)]
pub fn leak(list: &mut [f32]) {
    for v in list {
        *v = v.max(0.1 * *v);
    }
}

impl Trace {
    /// Runs the network over the input. `mask` scales what goes in (0), into the layer (1) and out of it (2).
    #[inline(always)]
    pub fn run<S: Simd>(&mut self, simd: S, p: &[f32], n: usize, mask: impl Fn(usize, &mut [f32])) {
        self.n = n;
        mask(0, &mut self.input);
        rows(&mut self.layer.input, n, WIDE, &p[part::INTO_BIAS..][..WIDE]);
        multiply(simd, &self.input, IN, &p[part::INTO..][..IN * WIDE], WIDE, &mut self.layer.input);
        leak(&mut self.layer.input);
        mask(1, &mut self.layer.input);
        self.out.clear();
        self.out.resize(n * WIDE, 0.0);
        for d in 0..2 {
            let p = &p[part::layer(d)..part::layer(d + 1)];
            recur::run::<S, WIDE, UNITS>(simd, p, &mut self.layer, d, n, &mut self.out);
        }
        mask(2, &mut self.out);
        rows(&mut self.types, n, TYPES, &p[part::TYPE_BIAS..][..TYPES]);
        multiply(simd, &self.out, WIDE, &p[part::TYPE..][..WIDE * TYPES], TYPES, &mut self.types);
        rows(&mut self.act, n, 2 * ROLE, &p[part::ACT_BIAS..][..2 * ROLE]);
        multiply(simd, &self.out, WIDE, &p[part::ACT..][..WIDE * 2 * ROLE], 2 * ROLE, &mut self.act);
        leak(&mut self.act);
        rows(&mut self.party, n, 2 * ROLE, &p[part::PARTY_BIAS..][..2 * ROLE]);
        multiply(simd, &self.out, WIDE, &p[part::PARTY..][..WIDE * 2 * ROLE], 2 * ROLE, &mut self.party);
    }

    /// Works out at once what [`Trace::linked`] looks up: for all words as acts, and the `heads` as parties.
    #[inline(always)]
    pub fn meet(&mut self, p: &[f32], heads: &[usize]) {
        self.met.clear();
        self.met.resize(2 * self.n * self.n, 0.0);
        self.fits.clear();
        self.fits.resize(2 * TYPES * self.n, 0.0);
        for role in 0..2 {
            for &party in heads {
                let m = &self.party[party * 2 * ROLE + role * ROLE..][..ROLE];
                for act in 0..self.n {
                    let a = &self.act[act * 2 * ROLE + role * ROLE..][..ROLE];
                    self.met[(role * self.n + act) * self.n + party] = dot(a, m);
                }
                for root in 0..TYPES {
                    let fit = &p[part::FIT + (root * 2 + role) * ROLE..][..ROLE];
                    self.fits[(role * TYPES + root) * self.n + party] = dot(fit, m);
                }
            }
        }
    }

    /// As [`Trace::role`], for parties that [`Trace::meet`] was told of.
    pub fn linked(&self, p: &[f32], role: usize, link: Link) -> f32 {
        let Link { act, party, root, way } = link;
        self.met[(role * self.n + act) * self.n + party]
            + self.fits[(role * TYPES + root) * self.n + party]
            + p[part::WAY + way * 2 + role]
            + p[part::FAR + far(party, act) * 2 + role]
            + p[part::ROLE_BIAS + role]
    }

    /// Log odds that the party headed by word `m` has `role` (0 does, 1 suffers) in the act of class `root` at word `t`.
    #[inline(always)]
    pub fn role(&self, p: &[f32], role: usize, link: Link) -> f32 {
        let Link { act, party, root, way } = link;
        let a = &self.act[act * 2 * ROLE + role * ROLE..][..ROLE];
        let m = &self.party[party * 2 * ROLE + role * ROLE..][..ROLE];
        let fit = &p[part::FIT + (root * 2 + role) * ROLE..][..ROLE];
        dot(a, m)
            + dot(fit, m)
            + p[part::WAY + way * 2 + role]
            + p[part::FAR + far(party, act) * 2 + role]
            + p[part::ROLE_BIAS + role]
    }
}

/// An act and a party that may belong together.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// Word that reports the act.
    pub act: usize,
    /// Head word of the party.
    pub party: usize,
    /// Class of the act.
    pub root: usize,
    /// Row of the way through the tree, below [`WAYS`].
    pub way: usize,
}

/// Distance and side as one of [`STEPS`].
#[inline(always)]
pub fn far(party: usize, act: usize) -> usize {
    let step = match party.abs_diff(act) {
        n @ 0..=4 => n,
        5..=6 => 5,
        7..=9 => 6,
        10..=14 => 7,
        15..=24 => 8,
        _ => 9,
    };
    step * 2 + usize::from(party < act)
}
