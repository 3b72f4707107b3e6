//! What a phrase can do where it stands: act, be acted on, or only say where.

use super::phrase::Phrase;
use super::pieces::Scene;
use super::words;
use crate::model::{Kind, Role, Via};

/// Role of phrase `i`, and whether it stands after a preposition of place.
pub(super) fn of(scene: &Scene, phrases: &[Phrase], i: usize) -> (Role, bool) {
    let phrase = &phrases[i];
    let located = after_where(scene, phrase.from) || joined(scene, phrases, i);
    if phrase.place {
        return (Role::Place, located);
    }
    if !phrase.alone {
        return (Role::Agent, located);
    }
    let seat = matches!(phrase.via, Via::Capital | Via::Metonym);
    let land =
        seat || matches!(phrase.actor.kind, Kind::Country | Kind::Region) && phrase.via != Via::Demonym;
    if !land {
        return (Role::Agent, false);
    }
    let in_place = located || after_place(scene, phrases, i);
    if phrase.via == Via::Capital && (in_place || is_address(scene, phrases, i)) {
        return (Role::Place, in_place);
    }
    (Role::Agent, in_place)
}

/// Whether a preposition of place stands before token `from`, with at most an article or adjective between.
fn after_where(scene: &Scene, from: usize) -> bool {
    let mut at = from;
    for _ in 0..2 {
        if at > 0 && scene.is_in(at - 1, words::WHERE) {
            return true;
        }
        let skips = [
            "the",
            "downtown",
            "central",
            "northern",
            "southern",
            "eastern",
            "western",
            "nearby",
            "war-torn",
            "neighbouring",
            "neighboring",
            "rural",
            "mainland",
            "occupied",
        ];
        if at == 0 || !scene.is_in(at - 1, &skips) {
            return false;
        }
        at -= 1;
    }
    at > 0 && scene.is_in(at - 1, words::WHERE)
}

/// "in Paris and Berlin": what is joined to a located name is located.
fn joined(scene: &Scene, phrases: &[Phrase], i: usize) -> bool {
    let Some(before) = i.checked_sub(1).map(|b| &phrases[b]) else { return false };
    let gap = before.to..phrases[i].from;
    let linked = gap.len() == 1 && scene.is_in(gap.start, &["and", "or"])
        || gap.len() == 2 && scene.is(gap.start, ",") && scene.is(gap.start + 1, "and");
    linked && before.alone && after_where(scene, before.from)
}

/// "Aleppo, Syria": a land that says where the place before it lies.
fn after_place(scene: &Scene, phrases: &[Phrase], i: usize) -> bool {
    let Some(before) = i.checked_sub(1).map(|b| &phrases[b]) else { return false };
    let comma = phrases[i].from == before.to + 1 && scene.is(before.to, ",");
    comma && (before.place || before.via == Via::Capital) && before.actor.country == phrases[i].actor.country
}

/// A capital that is gone to, hit, or part of an address.
fn is_address(scene: &Scene, phrases: &[Phrase], i: usize) -> bool {
    let (from, to) = (phrases[i].from, phrases[i].to);
    let followed = phrases.get(i + 1).is_some_and(|n| {
        n.from == to + 1 && scene.is(to, ",") && n.actor.country == phrases[i].actor.country && n.alone
    });
    let before = from > 0 && scene.is_in(from - 1, words::REACHES)
        || from > 1
            && scene.is(from - 1, "of")
            && scene.is_in(
                from - 2,
                &[
                    "city",
                    "capital",
                    "south",
                    "north",
                    "east",
                    "west",
                    "outskirts",
                    "streets",
                    "centre",
                    "center",
                ],
            );
    let based = scene.is(to, "-") && scene.is_in(to + 1, &["based", "area"]);
    followed || before || based || scene.is_in(to, words::PLACE_NOUNS)
}
