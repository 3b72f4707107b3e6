//! Which of the actors named in an article are worth listing, and where each is named.

use std::sync::Arc;

use crate::model::{Actor, Kind, Mention, Role, Via};

/// One distinct actor of an article.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Who.
    pub actor: Arc<Actor>,
    /// Indices of its mentions.
    pub mentions: Vec<usize>,
}

/// The distinct actors of a document, in order of first mention.
///
/// Left out are agents that nobody placed, towns and provinces, countries only tied to somebody else's doing
/// ("Turkish-backed"), and bodies that only lend the room ("at the General Assembly"). Countries that are merely
/// said as where something happened stay: whether they take part is for the events to tell.
pub fn listed(mentions: &[Mention]) -> Vec<Listed> {
    let mut out: Vec<Listed> = Vec::new();
    for (i, m) in mentions.iter().enumerate().filter(|(_, m)| takes_part(m)) {
        for actor in std::iter::once(&m.actor).chain(&m.also) {
            if actor.country.is_none() && actor.id.is_none() {
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

fn takes_part(m: &Mention) -> bool {
    let room = m.located && m.actor.kind == Kind::Igo;
    let town = m.role == Role::Place && m.via != Via::Capital;
    m.confidence >= 0.45 && !room && !town
}

fn same(a: &Actor, b: &Actor) -> bool {
    match (&a.id, &b.id) {
        (None, None) => a.country == b.country && a.kind == b.kind,
        (a, b) => a == b,
    }
}
