//! A candidate, and the two sides that it was made from.

use std::rc::Rc;

use super::judge::features::Features;
use super::party::{Depth, Filled};
use crate::model::{Attribution, Claim};

/// A claim that a rule proposes.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The claim, with the confidence of the formula; who said it is told apart, for whom it concerns.
    pub claim: Claim,
    /// Who is said to have said it.
    pub attribution: Option<Rc<Attribution>>,
    /// The token that leads its trigger.
    pub trigger: usize,
    /// Tokens of the acts that are part of this one.
    pub scope: Vec<usize>,
    /// Whether a side was taken without a slot.
    pub loose: bool,
    /// Whether a country acts on itself.
    pub home: bool,
    /// What the model sees.
    pub features: Features,
}

/// The two sides of a match.
#[derive(Clone)]
pub(super) struct Sides {
    pub actors: Filled,
    pub recipients: Option<Filled>,
    pub reciprocal: bool,
}

impl Sides {
    /// Whether a side was taken without a slot.
    pub fn is_loose(&self) -> bool {
        let loose = |f: &Filled| f.depth == Depth::Loose;
        loose(&self.actors) || self.recipients.as_ref().is_some_and(loose)
    }
}
