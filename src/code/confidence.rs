//! The formula of `confidence` where the rules stand alone, stated once (where the model judges, its calibrated
//! probability is the confidence):
//!
//! `confidence = rule prior x actor depth x recipient depth x caveats`, each factor named in `because`.
//! The rule's prior is in its file (0.8 by default); an actor found as the head of its slot counts 1, as a
//! modifier 0.95, inside the phrase 0.85, by its place 0.7; no recipient 0.8; a subject found by control
//! or conjunction 0.95; a hypothesis 0.7, a question 0.6, a denial 0.5.

use super::party::{Depth, Filled};
use crate::lexicon::rules::Rule;
use crate::model::Aux;

fn depth_factor(depth: Depth) -> f32 {
    match depth {
        Depth::Head => 1.0,
        Depth::Modifier => 0.95,
        Depth::Inner => 0.85,
        Depth::Ground => 0.7,
        Depth::Loose => 0.4,
    }
}

/// What a rule's confidence is multiplied by, in order.
pub(super) struct Factors {
    rule: f32,
    factors: [(&'static str, f32); 6],
}

impl Factors {
    /// The confidence of the claim.
    pub fn product(&self) -> f32 {
        self.factors.iter().fold(self.rule, |p, (_, f)| p * f).clamp(0.0, 1.0)
    }

    /// The factors that count, for people to read, with what turned the act into another.
    pub fn told(&self, rule: &Rule, turned: Option<&str>) -> Vec<(String, f32)> {
        let mut out = vec![(format!("rule {}", rule.cite.id), self.rule)];
        let counts = self.factors.iter().filter(|(_, value)| *value < 1.0);
        out.extend(counts.map(|(name, value)| (name.to_string(), *value)));
        out.extend(turned.map(|r| (r.to_string(), 1.0)));
        out
    }
}

/// What the confidence of a claim is made of.
pub(super) fn of(
    rule: &Rule,
    actors: &Filled,
    recipients: Option<&Filled>,
    aux: &[Aux],
    inherited: bool,
) -> Factors {
    let caveat = |flag: Aux, value: f32| (flag.as_str(), if aux.contains(&flag) { value } else { 1.0 });
    let recipient = match recipients {
        Some(r) => ("recipient stands inside its phrase", depth_factor(r.depth)),
        None => ("no recipient", 0.8),
    };
    let factors = [
        ("actor stands inside its phrase", depth_factor(actors.depth)),
        recipient,
        ("subject shared with another clause", if inherited { 0.95 } else { 1.0 }),
        caveat(Aux::Hypothetical, 0.7),
        caveat(Aux::Question, 0.6),
        caveat(Aux::Denied, 0.5),
    ];
    Factors { rule: rule.confidence, factors }
}
