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

/// The confidence of a claim and the factors it is made of, in the order they are multiplied.
pub(super) fn of(
    rule: &Rule,
    actors: &Filled,
    recipients: Option<&Filled>,
    aux: &[Aux],
    inherited: bool,
) -> (f32, Vec<(String, f32)>) {
    let mut because = vec![(format!("rule {}", rule.cite.id), rule.confidence)];
    let mut factor = |name: &str, value: f32| {
        if value < 1.0 {
            because.push((name.to_string(), value));
        }
    };
    factor("actor stands inside its phrase", depth_factor(actors.depth));
    match recipients {
        Some(r) => factor("recipient stands inside its phrase", depth_factor(r.depth)),
        None => factor("no recipient", 0.8),
    }
    factor("subject shared with another clause", if inherited { 0.95 } else { 1.0 });
    for (flag, value) in [(Aux::Hypothetical, 0.7), (Aux::Question, 0.6), (Aux::Denied, 0.5)] {
        if aux.contains(&flag) {
            factor(flag.as_str(), value);
        }
    }
    let product: f32 = because.iter().map(|(_, f)| f).product();
    (product.clamp(0.0, 1.0), because)
}
