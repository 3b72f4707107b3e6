//! A small network that goes ahead: for each word, which act it reports, and for each party, whether it does the act
//! or suffers it. What it sees is evidence for the judge beside the rules' own; it never tells an event by itself.
//!
//! Trained by `train claims` on the same labelled sentences as the judge; the judge learns from what scouts report of
//! sentences that they were not trained on, so that it trusts them no more than they deserve.

pub mod marks;
pub mod net;
pub mod reading;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::sync::OnceLock;

use crate::model::EventType;
use crate::neural::KEPT;
use crate::neural::weights::Weights;
pub use marks::Ground;
use net::{IN, Link, TYPES, Trace, part};

/// First bytes of a file of weights: format and version.
pub const MAGIC: &[u8; 8] = b"CHSCOUT1";

static EMBEDDED: &[u8] = include_bytes!("weights/scout.bin");

/// Class of words that report no act.
pub const NONE: usize = TYPES - 1;

/// The class of an event type: the types in their order, with the two kinds of yielding as one.
pub fn class(event: EventType) -> usize {
    use EventType::*;
    match event {
        Agree => 0,
        Consult => 1,
        Support => 2,
        Concede | Retreat => 3,
        Cooperate => 4,
        Aid => 5,
        Request => 6,
        Accuse => 7,
        Reject => 8,
        Threaten => 9,
        Protest => 10,
        Sanction => 11,
        Mobilize => 12,
        Coerce => 13,
        Assault => 14,
    }
}

/// A trained scout.
#[derive(Clone, Debug)]
pub struct Scout {
    net: Weights,
}

/// What a scout saw in a sentence.
#[derive(Clone, Debug)]
pub struct Sight<'s> {
    scout: &'s Scout,
    trace: Trace,
}

impl Scout {
    /// The scout built into the binary; `None` when it was built without one.
    pub fn embedded() -> Option<&'static Scout> {
        static SCOUT: OnceLock<Option<Scout>> = OnceLock::new();
        SCOUT.get_or_init(|| Scout::open(EMBEDDED)).as_ref()
    }

    /// From trained parameters.
    pub fn new(net: Vec<f32>) -> Scout {
        Scout { net: net.into_iter().collect() }
    }

    /// Reads a file of weights: magic, what a step is worth (f32), then one i16 a parameter; `None` when it is not one
    /// of this version.
    pub fn open(bytes: &[u8]) -> Option<Scout> {
        let rest = bytes.strip_prefix(MAGIC.as_slice())?;
        let step = f32::from_le_bytes(rest.get(..4)?.try_into().ok()?);
        let net: Weights =
            rest[4..].chunks_exact(2).map(|b| f32::from(i16::from_le_bytes([b[0], b[1]])) * step).collect();
        (net.len() == part::ALL).then_some(Scout { net })
    }

    /// Writes a file of weights; the inverse of [`Scout::open`].
    pub fn write(&self) -> Vec<u8> {
        let largest = self.net.iter().fold(0f32, |m, w| m.max(w.abs())).max(1e-6);
        let step = largest / f32::from(i16::MAX);
        let mut out = MAGIC.to_vec();
        out.extend(step.to_le_bytes());
        for w in self.net.iter() {
            out.extend(((w / step).round() as i16).to_le_bytes());
        }
        out
    }

    /// Looks at a sentence.
    pub fn look(&self, ground: &Ground) -> Sight<'_> {
        let mut trace = SPARE.take();
        let n = ground.marks.len();
        trace.input.resize(n * IN, 0.0);
        for (i, row) in trace.input.chunks_exact_mut(IN).enumerate() {
            net::input(&self.net, ground.state(i), &ground.marks[i], row);
        }
        pulp::Arch::new().dispatch(Run { net: &self.net, n, heads: &ground.heads, trace: &mut trace });
        for row in trace.types.chunks_exact_mut(TYPES) {
            let top = row.iter().cloned().fold(f32::MIN, f32::max);
            row.iter_mut().for_each(|s| *s = (*s - top).exp());
            let sum: f32 = row.iter().sum();
            row.iter_mut().for_each(|s| *s /= sum);
        }
        Sight { scout: self, trace }
    }
}

/// A run of the network, compiled for each set of vector instructions.
struct Run<'r> {
    net: &'r [f32],
    n: usize,
    heads: &'r [usize],
    trace: &'r mut Trace,
}

impl pulp::WithSimd for Run<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) {
        self.trace.run(simd, self.net, self.n, |_, _| ());
        self.trace.meet(self.net, self.heads);
    }
}

thread_local! {
    /// Memory that the looks of a thread leave to one another; nothing that is read from it was written before.
    static SPARE: Cell<Trace> = Cell::default();
}

impl Drop for Sight<'_> {
    fn drop(&mut self) {
        if self.trace.n <= KEPT {
            SPARE.set(std::mem::take(&mut self.trace));
        }
    }
}

impl Sight<'_> {
    /// Probability that word `t` reports an act of class `root` ([`NONE`] for no act).
    pub fn reports(&self, t: usize, root: usize) -> f32 {
        self.trace.types[t * TYPES + root]
    }

    /// The classes of act that word `t` may well report.
    pub fn proposes(&self, t: usize) -> impl Iterator<Item = usize> + '_ {
        (0..NONE).filter(move |&root| self.reports(t, root) >= reading::PROPOSES)
    }

    /// Log odds that the party headed by `link.party`, one of the ground's heads, has `role` (0 does, 1 suffers) in
    /// the act.
    pub fn role(&self, role: usize, link: Link) -> f32 {
        self.trace.linked(&self.scout.net, role, link)
    }
}
