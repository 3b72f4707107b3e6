//! Pairs of parties that no slot holds, for the judge to weigh.

use super::candidate::Sides;
use super::party::Side;
use super::propose::Proposer;
use super::scout::{self, Sight, net::Link};
use super::trigger::Match;
use super::view::View;
use crate::model::EventType;

/// How many parties on each side of a trigger are tried.
const NEAR: usize = 4;

/// Probability of the act at a trigger's words below which no pairs are tried at all: the judge tells next to none of
/// such pairs, and there are many.
const UNHEARD: f32 = 0.01;

/// Log odds of a part in an act below which a party is not tried for it.
const UNLIKELY: f32 = -3.0;

impl Proposer<'_> {
    /// Every pair of parties near the trigger that the slots did not give: where they gave another, the judge chooses.
    pub(super) fn pairs(&self, view: &View, m: &Match, sight: Option<&Sight>, out: &mut Vec<Sides>) {
        let root = scout::class(m.rule.event);
        let heard = |s: &Sight| m.tokens.iter().chain(&m.objects).any(|&t| s.reports(t, root) >= UNHEARD);
        if !sight.is_none_or(heard) {
            return;
        }
        let known: Vec<(usize, usize)> = out
            .iter()
            .filter_map(|s| s.recipients.as_ref().map(|r| (&s.actors.mentions, &r.mentions)))
            .flat_map(|(a, r)| a.iter().flat_map(|x| r.iter().map(|y| (*x, *y))).collect::<Vec<_>>())
            .collect();
        let link = |near: usize| {
            let party = view.head_of(near);
            Link { act: m.trigger, party, root, way: scout::marks::way(view, m.trigger, party) }
        };
        let near = view.around(m.trigger, NEAR, NEAR).into_iter().map(|near| (near, link(near)));
        let near: Vec<(usize, Link)> = near.collect();
        // Each party with those that stand in one list with it.
        let fit = |role: usize, side: Side| -> Vec<(usize, Vec<usize>)> {
            let may = |(_, link): &&(usize, Link)| sight.is_none_or(|s| s.role(role, *link) > UNLIKELY);
            near.iter().filter(may).map(|&(near, _)| (near, view.list(near, side))).collect()
        };
        let (doers, sufferers) = (fit(0, Side::Actor), fit(1, Side::Recipient { ground: true }));
        for (a, with_a) in &doers {
            for (r, with_r) in &sufferers {
                let (a, r) = (*a, *r);
                let twice = a == r && !at_home(m.rule.event) || a != r && overlap(view, a, r);
                if twice || known.contains(&(a, r)) {
                    continue;
                }
                // Members of one and the same list face each other: "Egypt and Israel hold talks".
                let apart = !with_a.contains(&r);
                let (actors, recipients): (&[usize], &[usize]) =
                    if apart { (with_a, with_r) } else { (&[a], &[r]) };
                let told = |s: &Sides| {
                    let sufferers = s.recipients.as_ref().map(|f| &f.mentions[..]);
                    s.is_loose() && s.actors.mentions == actors && sufferers == Some(recipients)
                };
                if out.iter().any(told) {
                    continue;
                }
                let sides = Sides {
                    actors: view.loose(actors.to_vec()),
                    recipients: Some(view.loose(recipients.to_vec())),
                    reciprocal: m.rule.reciprocal,
                };
                let lands = [a, r].iter().all(|&i| view.mentions[i].actor.country.is_some());
                if lands && self.kinds_fit(view, m, &sides) {
                    out.push(sides);
                }
            }
        }
        // "talks between the two countries": one mention is both sides.
        let plural = |a: &usize| m.rule.reciprocal && !view.mentions[*a].also.is_empty();
        for both in doers.iter().map(|(a, _)| *a).filter(plural) {
            if !out.iter().any(|s| s.recipients.is_none() && s.actors.mentions == [both]) {
                out.push(Sides { actors: view.loose(vec![both]), recipients: None, reciprocal: true });
            }
        }
    }
}

/// Whether one of two mentions stands for several parties, of which the other is one.
fn overlap(view: &View, a: usize, b: usize) -> bool {
    let parties = |m: usize| {
        let mention = &view.mentions[m];
        std::iter::once(&mention.actor).chain(&mention.also).map(|p| &p.country)
    };
    let several = |m: usize| !view.mentions[m].also.is_empty();
    (several(a) || several(b)) && parties(a).any(|p| parties(b).any(|q| p == q))
}

/// Acts that a state does to its own people: one party may stand on both sides.
fn at_home(event: EventType) -> bool {
    use EventType::*;
    matches!(
        event,
        Assault | Coerce | Protest | Accuse | Reject | Request | Concede | Retreat | Mobilize | Sanction
    )
}
