//! What a phrase can do where it stands: act, be acted on, or only say where.

use std::sync::Arc;

use super::phrase::Phrase;
use super::pieces::Scene;
use super::words;
use crate::model::{Actor, Kind, Role, Via};

/// Words that may stand between a preposition and the land it locates.
#[rustfmt::skip]
const BETWEEN: &[&str] = &[
    "the", "downtown", "central", "northern", "southern", "eastern", "western", "nearby", "war-torn", "neighbouring",
    "neighboring", "rural", "mainland", "occupied", "northeastern", "northwestern", "southeastern", "southwestern",
    "war", "torn", "-",
];

/// Role of phrase `i`, and whether it only says where.
pub(super) fn of(scene: &Scene, phrases: &[Phrase], i: usize) -> (Role, bool) {
    let phrase = &phrases[i];
    let located = after(scene, phrase.from, words::WHERE) || joined(scene, phrases, i);
    if phrase.place {
        return (Role::Place, located);
    }
    if !phrase.alone {
        return (Role::Agent, false);
    }
    if phrase.actor.kind == Kind::Igo {
        // "at the General Assembly": the body is the room where others act.
        return (Role::Agent, located);
    }
    let seat = matches!(phrase.via, Via::Capital | Via::Metonym);
    let land =
        seat || matches!(phrase.actor.kind, Kind::Country | Kind::Region) && phrase.via != Via::Demonym;
    if !land {
        return (Role::Agent, false);
    }
    let located = located || after_place(scene, phrases, i);
    let gone_to = after(scene, phrase.from, words::WHITHER);
    if phrase.via == Via::Capital && (located || gone_to || is_address(scene, phrases, i)) {
        return (Role::Place, located);
    }
    (Role::Agent, located)
}

/// Whether one of these prepositions stands before token `from`, with little between.
fn after(scene: &Scene, from: usize, prepositions: &[&str]) -> bool {
    let mut at = from;
    for _ in 0..4 {
        if at > 0 && scene.is_in(at - 1, prepositions) {
            return true;
        }
        if at == 0 || !scene.is_in(at - 1, BETWEEN) {
            return false;
        }
        at -= 1;
    }
    false
}

/// "in Paris and Berlin": what is joined to a located name is located.
fn joined(scene: &Scene, phrases: &[Phrase], i: usize) -> bool {
    let Some(before) = i.checked_sub(1).map(|b| &phrases[b]) else { return false };
    let gap = before.to..phrases[i].from;
    let linked = gap.len() == 1 && scene.is_in(gap.start, &["and", "or"])
        || gap.len() == 2 && scene.is(gap.start, ",") && scene.is(gap.start + 1, "and");
    linked && before.alone && after(scene, before.from, words::WHERE)
}

/// "Aleppo, Syria": a land that says where the place before it lies, known or not.
fn after_place(scene: &Scene, phrases: &[Phrase], i: usize) -> bool {
    let from = phrases[i].from;
    if from < 2 || !scene.is(from - 1, ",") {
        return false;
    }
    match i.checked_sub(1).map(|b| &phrases[b]).filter(|b| b.to == from - 1) {
        Some(before) => {
            let land = before.place
                || before.alone && before.via == Via::Capital
                || before.actor.kind == Kind::Region;
            // A body's seat: "a court in Zaporizhzhia, Ukraine".
            let seated = !before.alone && before.actor.id.is_none() && before.actor.name.is_none();
            (land || seated) && before.actor.country == phrases[i].actor.country
        }
        // An unknown place, unless a list goes on: "Acme, Norway and Peru".
        None => {
            let listed = scene.is_in(phrases[i].to, &["and", "or"]);
            let named = scene.is_strange(from - 2)
                || scene.is_in(from - 2, words::DIVISIONS) && from > 2 && scene.is_strange(from - 3);
            named && !listed
        }
    }
}

/// A capital that is gone to, hit, or part of an address.
fn is_address(scene: &Scene, phrases: &[Phrase], i: usize) -> bool {
    const PARTS: &[&str] =
        &["city", "capital", "south", "north", "east", "west", "outskirts", "streets", "centre", "center"];
    let (from, to) = (phrases[i].from, phrases[i].to);
    let followed = phrases.get(i + 1).is_some_and(|n| {
        n.from == to + 1 && scene.is(to, ",") && n.actor.country == phrases[i].actor.country && n.alone
    });
    let before = from > 0 && scene.is_in(from - 1, words::REACHES)
        || from > 1 && scene.is(from - 1, "of") && scene.is_in(from - 2, PARTS);
    let based = scene.is(to, "-") && scene.is_in(to + 1, &["based", "area"]);
    followed || before || based || scene.is_in(to, words::PLACE_NOUNS)
}

/// A place lies where the text says: "Bari, Puntland" is not the one in Italy.
pub(super) fn relocate(scene: &Scene, phrases: &mut [Phrase]) {
    for i in (0..phrases.len().saturating_sub(1)).rev() {
        let (here, next) = (&phrases[i], &phrases[i + 1]);
        let land = next.place || next.alone && matches!(next.actor.kind, Kind::Country | Kind::Region);
        let gap = here.to..next.from;
        let divided = gap.clone().next().is_some_and(|g| scene.is_in(g, words::DIVISIONS));
        let linked = gap.len() == 1 && scene.is(here.to, ",")
            || divided && gap.len() == 2 && scene.is_in(gap.end - 1, &[",", "of", "in"]);
        let other = next.actor.country.is_some() && next.actor.country != here.actor.country;
        if here.place && land && linked && other {
            let country = next.actor.country.clone();
            let actor = Actor { id: None, country, wikidata: None, ..(*here.actor).clone() };
            (phrases[i].actor, phrases[i].entry) = (Arc::new(actor), None);
        }
    }
}
