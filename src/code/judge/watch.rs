//! What the scout saw of a match, as the judge is told it.

use super::features::Features;
use super::name::see;
use crate::code::scout::{self, Sight, marks, net::Link};
use crate::code::trigger::Match;
use crate::code::view::View;
use crate::model::EventType;

/// A number of log odds as one of eleven steps.
pub(super) fn step(odds: f32) -> i32 {
    (odds * 1.25).round().clamp(-6.0, 6.0) as i32
}

/// The log odds of a probability.
fn odds(p: f32) -> f32 {
    let p = p.clamp(1e-4, 1.0 - 1e-4);
    (p / (1.0 - p)).ln()
}

/// What the scout saw of a match, whoever its sides are.
#[derive(Clone, Copy)]
pub(in crate::code) struct Watch<'a> {
    sight: &'a Sight<'a>,
    root: usize,
    /// The word of the trigger that the scout takes for the one that reports the act.
    act: usize,
    /// Its log odds that the word reports it.
    pub(super) odds: f32,
    /// By role, the log odds of the party that fits it best.
    pub(super) best: [f32; 2],
}

impl<'a> Watch<'a> {
    /// Looks at a match once, for all its candidates.
    pub fn new(view: &View, event: EventType, matched: &Match, sight: &'a Sight<'a>) -> Watch<'a> {
        let root = scout::class(event);
        let words = matched.tokens.iter().chain(&matched.objects);
        let act = words.copied().max_by(|&a, &b| sight.reports(a, root).total_cmp(&sight.reports(b, root)));
        let act = act.unwrap_or(matched.trigger);
        let odds = odds(sight.reports(act, root));
        let mut watch = Watch { sight, root, act, odds, best: [f32::MIN; 2] };
        for m in view.named() {
            let link = watch.link(view, view.head_of(m));
            for role in 0..2 {
                watch.best[role] = watch.best[role].max(sight.role(role, link));
            }
        }
        watch
    }

    pub(super) fn role(&self, view: &View, role: usize, party: usize) -> f32 {
        self.sight.role(role, self.link(view, party))
    }

    fn link(&self, view: &View, party: usize) -> Link {
        Link { act: self.act, party, root: self.root, way: marks::way(view, self.act, party) }
    }

    /// What the scout makes of the act.
    pub fn act(&self, out: &mut Features) {
        let event = scout::reading::TYPES[self.root].as_str();
        let others = (0..scout::NONE).filter(|&r| r != self.root);
        let rival = others.map(|r| self.sight.reports(self.act, r)).fold(0.0, f32::max);
        see!(out, "scouted act {}", step(self.odds));
        see!(out, "scouted act {} {}", step(self.odds), event);
        see!(out, "scouted rival {}", step(odds(rival)));
        see!(out, "scouted rival {} behind {}", step(odds(rival)), step(self.odds));
    }
}
