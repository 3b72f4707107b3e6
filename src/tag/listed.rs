//! Which of the actors named in an article take part in it, and how often.

use std::sync::Arc;

use crate::model::{Actor, Mention, Role};

/// One distinct actor of an article.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Who.
    pub actor: Arc<Actor>,
    /// Indices of its mentions.
    pub mentions: Vec<usize>,
}

/// The distinct actors of a document, in order of first mention. Left out: places, agents that nobody placed, and
/// lands that are only said as where things are.
pub fn listed(mentions: &[Mention]) -> Vec<Listed> {
    let mut out: Vec<Listed> = Vec::new();
    for (i, m) in mentions.iter().enumerate() {
        if !counts(m) {
            continue;
        }
        for actor in std::iter::once(&m.actor).chain(&m.also) {
            if actor.id.is_none() && actor.country.is_none() {
                continue;
            }
            match out.iter_mut().find(|l| same(&l.actor, actor)) {
                Some(known) => known.mentions.push(i),
                None => out.push(Listed { actor: actor.clone(), mentions: vec![i] }),
            }
        }
    }
    out
}

fn counts(m: &Mention) -> bool {
    m.role == Role::Agent && m.confidence >= 0.45
}

fn same(a: &Actor, b: &Actor) -> bool {
    match (&a.id, &b.id) {
        (None, None) => a.country == b.country && a.kind == b.kind,
        (a, b) => a == b,
    }
}
