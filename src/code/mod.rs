//! Sentences, mentions and trees become claims: who did what to whom, with caveats and the rule that says so.
//!
//! Law: a claim's actors and recipients are mentions of its own sentence, and its trigger lies inside it.

mod clause;
mod confidence;
mod flags;
mod party;
mod trigger;
mod turn;
mod view;
pub mod refer;

use std::sync::Arc;

use crate::lexicon::rules::{RuleSet, Slot};
use crate::model::{
    Actor, Article, Aux, Claim, EventType, Kind, Mention, NearMiss, Role, Sentence, Span, Via,
};
use party::{Depth, Filled, Side};
use trigger::Match;
use view::View;

/// What coding makes of a document.
#[derive(Clone, Debug, Default)]
pub struct Coded {
    /// The claims, in reading order.
    pub claims: Vec<Claim>,
    /// What almost became one.
    pub near_misses: Vec<NearMiss>,
}

/// Codes every parsed sentence. `mentions` may gain parties that the text describes without naming
/// ("detained twelve people"); it stays sorted.
pub fn code(
    article: &Article,
    sentences: &[Sentence],
    mentions: &mut Vec<Mention>,
    rules: &RuleSet,
) -> Coded {
    let mut coder = Coder { rules, described: Vec::new(), out: Coded::default() };
    for (i, sentence) in sentences.iter().enumerate() {
        if let Some(view) = View::new(article.field(sentence.field), i as u32, sentence, mentions) {
            coder.sentence(i as u32, &view);
        }
    }
    let Coder { described, mut out, .. } = coder;
    settle(mentions, described, &mut out.claims);
    out
}

/// Puts described parties in their place among the mentions and corrects the indices of the claims.
fn settle(mentions: &mut Vec<Mention>, described: Vec<Mention>, claims: &mut [Claim]) {
    if described.is_empty() {
        return;
    }
    mentions.extend(described);
    let mut order: Vec<usize> = (0..mentions.len()).collect();
    order.sort_by_key(|&i| (mentions[i].sentence, mentions[i].tokens));
    let mut moved = vec![0; order.len()];
    for (to, &from) in order.iter().enumerate() {
        moved[from] = to;
    }
    let old = std::mem::take(mentions);
    let mut taken: Vec<Option<Mention>> = old.into_iter().map(Some).collect();
    mentions.extend(order.iter().filter_map(|&i| taken[i].take()));
    for claim in claims {
        for m in claim.actors.iter_mut().chain(claim.recipients.iter_mut()) {
            *m = moved[*m];
        }
    }
}

struct Coder<'r> {
    rules: &'r RuleSet,
    described: Vec<Mention>,
    out: Coded,
}

/// The two sides of a match.
struct Sides {
    actors: Filled,
    recipients: Option<Filled>,
    reciprocal: bool,
}

impl<'r> Coder<'r> {
    fn sentence(&mut self, index: u32, view: &View) {
        let mut found: Vec<(Match<'r>, Sides)> = Vec::new();
        let mut consumed: Vec<usize> = Vec::new();
        let verbs = (0..view.len()).filter(|&i| view.is_verb(i));
        let nouns = (0..view.len()).filter(|&i| !view.is_verb(i));
        for i in verbs.chain(nouns) {
            if consumed.contains(&i) {
                continue;
            }
            let mut first_miss = None;
            for m in view.matches(i, self.rules) {
                match self.sides(index, view, &m) {
                    Ok(sides) => {
                        consumed.extend(&m.objects);
                        consumed.extend(m.tokens.iter().filter(|&&t| t != i));
                        found.push((m, sides));
                        first_miss = None;
                        break;
                    }
                    Err(why) => first_miss = first_miss.or(Some((m, why))),
                }
            }
            if let Some((m, why)) = first_miss {
                self.miss(index, view, &m, why);
            }
        }
        self.tell(index, view, found);
    }

    fn miss(&mut self, index: u32, view: &View, m: &Match, why: String) {
        self.out.near_misses.push(NearMiss {
            sentence: index,
            span: trigger_span(view, m),
            rule: m.rule.cite.id.clone(),
            at: m.rule.cite.at.clone(),
            why,
        });
    }

    /// Looks for both sides of a match.
    fn sides(&mut self, index: u32, view: &View, m: &Match) -> Result<Sides, String> {
        use EventType::*;
        let rule = m.rule;
        let ground = matches!(rule.event, Assault | Coerce | Mobilize | Aid | Retreat | Protest);
        let recipient_side = Side::Recipient { ground };
        let (actor_slots, recipient_slots) =
            if rule.swap { (&rule.recipient, &rule.actor) } else { (&rule.actor, &rule.recipient) };
        let mut actors = view
            .fill(actor_slots, &m.args, Side::Actor, &[])
            .ok_or_else(|| format!("no actor stands as {}", slot_names(actor_slots)))?;
        let mut recipients = view.fill(recipient_slots, &m.args, recipient_side, &actors.mentions);
        let mut reciprocal = rule.reciprocal;
        if let Some(between) = view.fill(&[Slot::Prep("between".into())], &m.args, Side::Actor, &[])
            && between.mentions.len() > 1
        {
            (actors, recipients, reciprocal) = (between, None, true);
        }
        if recipients.is_none() && matches!(rule.event, Assault | Coerce | Protest | Mobilize) {
            recipients = self.unnamed(index, view, m, &actors);
        }
        if let Some(r) = &mut recipients {
            r.mentions.retain(|x| !actors.mentions.contains(x));
        }
        let plural =
            actors.mentions.iter().any(|&a| view.mentions.get(a).is_some_and(|x| !x.also.is_empty()));
        let two_sided = recipients.is_some() || reciprocal && (actors.mentions.len() > 1 || plural);
        if rule.needs_recipient && !two_sided {
            return Err(format!("no actor stands as {}", slot_names(recipient_slots)));
        }
        if reciprocal
            && !two_sided
            && matches!(rule.event, Consult | Agree | Support | Cooperate)
            && actors.depth != Depth::Head
        {
            return Err("only one side of a mutual act is named".into());
        }
        let known = |f: &Filled| f.mentions.iter().any(|&i| self.is_known(view, i));
        if !known(&actors) && !recipients.as_ref().is_some_and(known) {
            return Err("neither side is an actor the lexicon or the text places".into());
        }
        Ok(Sides { actors, recipients, reciprocal: reciprocal && two_sided })
    }

    fn is_known(&self, view: &View, m: usize) -> bool {
        match view.mentions.get(m) {
            Some(x) => x.actor.country.is_some() || x.actor.id.is_some() || !x.also.is_empty(),
            None => true,
        }
    }

    /// Whom an act fell on that names no actor: the people of the place, or one's own people.
    fn unnamed(&mut self, index: u32, view: &View, m: &Match, actors: &Filled) -> Option<Filled> {
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
        let described = Mention {
            sentence: index,
            tokens: (from as u16, to as u16),
            span: Span {
                start: view.sentence.tokens[from].span.start,
                end: view.sentence.tokens[to - 1].span.end,
            },
            actor: Arc::new(Actor {
                id: None,
                name: None,
                kind: Kind::Other,
                country: Some(country),
                sectors: Vec::new(),
                cameo: None,
                office: None,
                wikidata: None,
            }),
            also: Vec::new(),
            via: Via::Title,
            role: Role::Agent,
            located: false,
            confidence: 0.5,
        };
        let same = |d: &Mention| d.sentence == index && d.tokens == described.tokens;
        let at = self.described.iter().position(same).unwrap_or_else(|| {
            self.described.push(described);
            self.described.len() - 1
        });
        Some(Filled { mentions: vec![view.mentions.len() + at], slot: Slot::Obj, depth: Depth::Ground, head })
    }

    /// Turns the matches of a sentence into claims: acts that are only part of another are left out.
    fn tell(&mut self, index: u32, view: &View, found: Vec<(Match<'r>, Sides)>) {
        let scopes: Vec<(usize, usize, Arc<str>)> = found
            .iter()
            .filter(|(m, _)| m.rule.scope)
            .filter_map(|(m, _)| m.args.comp.map(|c| (c, m.trigger, m.rule.cite.id.clone())))
            .collect();
        for (m, sides) in found {
            let inside = scopes.iter().find(|(c, t, _)| *t != m.trigger && view.tree.within(m.trigger, *c));
            if let Some((_, _, by)) = inside {
                let why = format!("it is what {by} is about, not an event of its own");
                self.miss(index, view, &m, why);
                continue;
            }
            let claim = make(index, view, &m, sides);
            self.admit(claim);
        }
    }

    /// Adds a claim unless the same sentence already says it of the same parties; then the surer one stays.
    fn admit(&mut self, claim: Claim) {
        let twin = self.out.claims.iter_mut().rev().take_while(|c| c.sentence == claim.sentence).find(|c| {
            c.event == claim.event
                && c.actors == claim.actors
                && c.recipients == claim.recipients
                && c.aux.contains(&Aux::Negation) == claim.aux.contains(&Aux::Negation)
        });
        match twin {
            Some(old) if old.confidence >= claim.confidence => {}
            Some(old) => *old = claim,
            None => self.out.claims.push(claim),
        }
    }
}

fn slot_names(slots: &[Slot]) -> String {
    slots.iter().map(Slot::as_str).collect::<Vec<_>>().join(", ")
}

fn trigger_span(view: &View, m: &Match) -> Span {
    let (a, b) = (m.tokens[0], m.tokens[m.tokens.len() - 1]);
    Span { start: view.sentence.tokens[a].span.start, end: view.sentence.tokens[b].span.end }
}

fn make(index: u32, view: &View, m: &Match, sides: Sides) -> Claim {
    let rule = m.rule;
    let mut aux = view.aux(m.trigger);
    if rule.negated {
        aux.retain(|a| *a != Aux::Negation);
    }
    let tense = view.tense(m.trigger, &aux);
    let attribution = view.attribution(m.trigger);
    let (confidence, mut because) =
        confidence::of(rule, &sides.actors, sides.recipients.as_ref(), &aux, m.args.inherited);
    let told = turn::of(rule, &mut aux, view.is_negated(m.trigger));
    if let Some(reason) = told.reason {
        because.push((reason.to_string(), 1.0));
    }
    let mut actors = sides.actors.mentions;
    let mut recipients = sides.recipients.map(|r| r.mentions).unwrap_or_default();
    if sides.reciprocal && recipients.is_empty() && actors.len() == 2 {
        recipients = actors.split_off(1);
    }
    Claim {
        sentence: index,
        event: told.event,
        mode: told.mode.into_iter().collect(),
        context: rule.context.clone(),
        cameo: told.cameo,
        intensity: told.intensity,
        actors,
        recipients,
        reciprocal: sides.reciprocal,
        trigger: (m.tokens[0] as u16, m.tokens[m.tokens.len() - 1] as u16 + 1),
        span: trigger_span(view, m),
        rule: rule.cite.clone(),
        aux,
        tense,
        attribution,
        magnitude: None,
        confidence,
        because,
    }
}
