//! Actors made of parts: an owner with agent nouns, a title with a name.

use std::sync::Arc;

use super::phrase::Phrase;
use crate::model::{Actor, Kind};

/// Who follows a title.
pub(super) enum Bearer {
    /// Somebody in the lexicon, and the piece after.
    Known(Phrase, usize),
    /// Nobody known: the end of the name, and the piece after.
    Unknown(usize, usize),
}

/// An actor of whom nothing is known.
pub(super) fn nobody() -> Arc<Actor> {
    Arc::new(Actor {
        id: None,
        name: None,
        kind: Kind::Other,
        country: None,
        sectors: Vec::new(),
        cameo: None,
        office: None,
        wikidata: None,
    })
}

/// An agent noun as an actor: its kind and sectors.
pub(super) fn nameless(agent: &Actor) -> Arc<Actor> {
    Arc::new(Actor { id: None, name: None, cameo: None, wikidata: None, ..agent.clone() })
}

/// What agent nouns make of their owner. A country with "troops" is its army, described and not named; a body keeps
/// its name, for its members act for it.
pub(super) fn of(owner: &Actor, heads: &[Arc<Actor>], former: bool, office: Option<&str>) -> Arc<Actor> {
    let is_body = owner.id.is_some()
        && !matches!(owner.kind, Kind::Country | Kind::Region | Kind::Leader | Kind::Person | Kind::Other);
    let described = owner.id.is_none() && owner.country.is_some();
    let mut sectors = Vec::new();
    let own = if is_body || described { owner.sectors.as_slice() } else { &[] };
    // What stands before the last noun only narrows it: "national army", "civilian government".
    let narrows = |i: usize, s: &str| i + 1 == heads.len() || !matches!(s, "GOV" | "CVL" | "BUS");
    let parts = heads.iter().enumerate().flat_map(|(i, h)| h.sectors.iter().filter(move |s| narrows(i, s)));
    for s in own.iter().chain(parts) {
        if !sectors.contains(s) {
            sectors.push(s.clone());
        }
    }
    // The narrower sectors tell more than the general ones: "police spokesman" is COP before GOV.
    sectors.sort_by_key(|s| matches!(&**s, "GOV" | "CVL"));
    if former {
        sectors = vec!["ELI".into()];
    }
    let force = heads.iter().map(|h| h.kind).find(|k| matches!(k, Kind::Government | Kind::ArmedGroup));
    let last = heads.last().map_or(Kind::Other, |h| h.kind);
    // A "navy ship" is the navy's, not a shipping company.
    let last = if last == Kind::Company { force.unwrap_or(last) } else { last };
    let office = office.map(|o| if former { format!("former {o}").into() } else { Arc::from(o) });
    if is_body {
        return Arc::new(Actor { sectors, office, ..owner.clone() });
    }
    let country = owner.country.clone();
    Arc::new(Actor {
        id: None,
        name: None,
        kind: last,
        country,
        sectors,
        cameo: None,
        office,
        wikidata: None,
    })
}

/// A human being with a title whom the lexicon does not know.
pub(super) fn person(titled: &Actor, name: &str) -> Arc<Actor> {
    let office = titled.office.clone();
    Arc::new(Actor {
        id: None,
        name: Some(name.into()),
        kind: Kind::Person,
        country: titled.country.clone(),
        sectors: titled.sectors.clone(),
        cameo: None,
        office,
        wikidata: None,
    })
}
