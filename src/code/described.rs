//! Parties that the text describes without naming: "detained twelve people" of one's own country.

use std::sync::Arc;

use super::party::{Depth, Filled};
use super::propose::Proposer;
use super::trigger::Match;
use super::view::View;
use crate::lexicon::rules::Slot;
use crate::model::{Actor, EventType, Kind, Mention, Role, Span, Via};

impl Proposer<'_> {
    /// Whom an act fell on that names no actor: the people of the place, or one's own people.
    pub(super) fn unnamed(&mut self, index: u32, view: &View, m: &Match, actors: &Filled) -> Option<Filled> {
        let ground = view.ground(m.trigger, &m.args, &actors.mentions);
        if ground.is_some() {
            return ground;
        }
        if !matches!(m.rule.event, EventType::Coerce | EventType::Protest) {
            return None;
        }
        let actor = view.mentions.get(*actors.mentions.first()?)?;
        let country = actor.actor.country.clone()?;
        let head = *m.args.obj.iter().find(|&&o| view.is_nominal(o) && view.mentions_under(o).is_empty())?;
        let (from, to) = view.phrase_tokens(head);
        if (from..to).any(|t| view.mention_at(t).is_some()) {
            return None;
        }
        let at = self.describe(index, view, (from, to), country);
        Some(Filled { mentions: vec![view.mentions.len() + at], slot: Slot::Obj, depth: Depth::Ground, head })
    }

    /// A party that the text describes; its place in `described`.
    fn describe(&mut self, index: u32, view: &View, (from, to): (usize, usize), country: Arc<str>) -> usize {
        let tokens = (from as u16, to as u16);
        let overlaps = |d: &Mention| d.sentence == index && d.tokens.0 < tokens.1 && tokens.0 < d.tokens.1;
        if let Some(at) = self.described.iter().position(overlaps) {
            return at;
        }
        let actor = Actor {
            id: None,
            name: None,
            kind: Kind::Other,
            country: Some(country),
            sectors: Vec::new(),
            cameo: None,
            office: None,
            wikidata: None,
        };
        self.described.push(Mention {
            sentence: index,
            tokens,
            span: Span {
                start: view.sentence.tokens[from].span.start,
                end: view.sentence.tokens[to - 1].span.end,
            },
            actor: Arc::new(actor),
            also: Vec::new(),
            via: Via::Title,
            role: Role::Agent,
            located: false,
            confidence: 0.5,
        });
        self.described.len() - 1
    }
}
