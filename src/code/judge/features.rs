//! What the model sees of a candidate. Names are texts, so that `explain` can show what tipped it.

use std::fmt;

use super::name::{Known, Part, see, slot};
use super::watch::{Watch, step};
use crate::code::candidate::Sides;
use crate::code::party::{Depth, Filled};
use crate::code::trigger::Match;
use crate::code::view::View;
use crate::code::way::Way;
use crate::model::{Aux, EventType, Mention, Role, Tense, Upos};

/// Features of a candidate: their slots in the judge's table, and their names where somebody wants to read them.
#[derive(Clone, Debug, Default)]
pub struct Features {
    /// Slots of the judge's table.
    pub slots: Vec<u32>,
    /// The names, in the order of the slots; `None` where nobody asked.
    pub names: Option<Vec<String>>,
}

impl Features {
    /// None yet; with names only on demand, since they cost more than all else of a candidate.
    pub fn new(named: bool) -> Features {
        Features { slots: Vec::with_capacity(128), names: named.then(Vec::new) }
    }

    /// Called by `see!`, which makes all three from one template.
    pub(super) fn put(&mut self, template: u64, parts: &[u64], name: fmt::Arguments) {
        self.slots.push(slot(template, parts));
        if let Some(names) = &mut self.names {
            names.push(name.to_string());
        }
    }

    /// These and those of another list.
    pub(in crate::code) fn with(&self, other: &Features) -> Features {
        let mut slots = Vec::with_capacity(self.slots.len() + other.slots.len());
        slots.extend_from_slice(&self.slots);
        let mut out = Features { slots, names: self.names.clone() };
        out.extend(other);
        out
    }

    /// Adds those of another list.
    pub fn extend(&mut self, other: &Features) {
        self.slots.extend_from_slice(&other.slots);
        if let (Some(names), Some(more)) = (&mut self.names, &other.names) {
            names.extend_from_slice(more);
        }
    }

    #[cfg(test)]
    pub(super) fn add_event(&mut self, event: &str) {
        see!(self, "event {}", event);
    }
}

/// What is known of a match before its sides are.
pub(in crate::code) struct Act<'a> {
    pub event: EventType,
    pub matched: &'a Match<'a>,
    pub aux: &'a [Aux],
    pub tense: Tense,
    pub reported: bool,
    pub turned: bool,
}

/// A match with two sides.
pub(in crate::code) struct Seen<'a> {
    pub event: EventType,
    pub matched: &'a Match<'a>,
    pub actors: &'a Filled,
    pub recipients: Option<&'a Filled>,
    pub reciprocal: bool,
    pub watch: Option<&'a Watch<'a>>,
    /// Who fills the rule's slots, where that is somebody else than these.
    pub slots: Option<&'a Sides>,
}

/// Which side of an event a party stands on; also its number among the scout's roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::code) enum Stand {
    Actor = 0,
    Recipient = 1,
}

fn depth(d: Depth) -> &'static str {
    match d {
        Depth::Head => "head",
        Depth::Modifier => "modifier",
        Depth::Inner => "inner",
        Depth::Ground => "ground",
        Depth::Loose => "loose",
    }
}

/// What sort of party: its kind, and whether it is a state, a body, or of no country.
struct Sort(&'static str, &'static str);

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{}/{}", self.0, self.1)
    }
}

impl Part for Sort {
    fn key(&self) -> u64 {
        self.0.key().rotate_left(17) ^ self.1.key()
    }
}

fn sort_of(m: &Mention) -> Sort {
    // The labels that the judge learns from know no "West"; it acts like a state.
    if m.actor.country.as_deref() == Some("WST") {
        return Sort("country", "state");
    }
    let kind = if m.role == Role::Place { "place" } else { m.actor.kind.as_str() };
    let country = match m.actor.country.as_deref() {
        None => "nowhere",
        Some("UNO" | "EUR" | "IGO" | "NGO" | "IMG" | "MNC") => "body",
        Some(_) => "state",
    };
    Sort(kind, country)
}

/// How many other mentions stand between two tokens.
fn between(view: &View, a: usize, b: usize) -> usize {
    let (mut n, mut last) = (0, None);
    for m in (a.min(b) + 1..a.max(b)).filter_map(|t| view.mention_at(t)) {
        n += usize::from(last != Some(m));
        last = Some(m);
    }
    n
}

/// How many parties of other countries the sentence names; two for more.
fn elsewhere(view: &View, own: &Mention) -> usize {
    let other = |m: &&Mention| m.actor.country.is_some() && m.actor.country != own.actor.country;
    view.here.iter().filter(other).count().min(2)
}

/// A share in tenths.
fn tenths(share: f32) -> i32 {
    (share * 10.0).round() as i32
}

fn bucket(n: usize) -> usize {
    match n {
        0..=2 => n,
        3..=4 => 3,
        5..=8 => 5,
        9..=15 => 9,
        _ => 16,
    }
}

/// The features of a match, whoever its sides are.
pub(in crate::code) fn of_match(view: &View, seen: &Act, named: bool) -> Features {
    let mut out = Features::new(named);
    let event = Known::new(seen.event.as_str());
    let trigger = seen.matched.trigger;
    let lemma = Known::new(view.lemma(trigger));
    let rule = Known::new(&seen.matched.rule.cite.id);
    see!(out, "event {}", event);
    see!(out, "rule {}", rule);
    see!(out, "prior {}", tenths(seen.matched.rule.confidence));
    see!(out, "trigger {} {}", lemma, event);
    see!(out, "trigger {}", lemma);
    see!(out, "trigger is {} {}", view.upos(trigger).as_str(), event);
    see!(out, "trigger rel {}", view.rel(trigger).as_str());
    if let Some(h) = view.tree.head(trigger) {
        see!(out, "under {}", view.lemma(h));
        see!(out, "under {} as {} {}", view.lemma(h), view.rel(trigger).as_str(), event);
    }
    for &o in seen.matched.args.obj.iter().take(2) {
        see!(out, "object {} of {}", view.lemma(o), lemma);
        see!(out, "object {} {}", view.lemma(o), event);
    }
    if let Some(c) = seen.matched.args.comp {
        see!(out, "complement {} {}", view.lemma(c), event);
        see!(out, "has complement {}", rule);
    }
    // What reports the clause that the trigger stands in: "accepts the demands", "refuses to lift the ban".
    let mut above = view.tree.head(trigger);
    for _ in 0..3 {
        let Some(h) = above else { break };
        if view.is_verb(h) {
            see!(out, "verb above {} {}", view.lemma(h), event);
            break;
        }
        above = view.tree.head(h);
    }
    if seen.matched.mistagged {
        see!(out, "mistagged {}", event);
    }
    if seen.matched.args.inherited {
        see!(out, "subject shared");
    }
    for a in seen.aux {
        see!(out, "aux {} {}", a.as_str(), event);
        see!(out, "aux {} {}", a.as_str(), rule);
        see!(out, "aux {}", a.as_str());
    }
    see!(out, "tense {} {}", seen.tense.as_str(), event);
    if seen.reported {
        see!(out, "reported {}", event);
    }
    if seen.turned {
        see!(out, "turned by tense");
    }
    for t in 0..view.len() {
        let tells = matches!(view.upos(t), Upos::Noun | Upos::Verb | Upos::Adj | Upos::Adv | Upos::Propn);
        if t == trigger || !tells {
            continue;
        }
        if t.abs_diff(trigger) <= 3 {
            see!(out, "near {} {}", view.lemma(t), event);
        } else if view.mention_at(t).is_none() {
            see!(out, "beside {} {}", view.lemma(t), event);
        }
    }
    out
}

/// What is seen of one side of a match, whoever stands on the other.
#[derive(Clone, Debug)]
pub(in crate::code) struct Standing {
    features: Features,
    /// The scout's log odds that the party has this part; 0 where no scout looked or nobody stands there.
    odds: f32,
}

/// The features of one side.
pub(in crate::code) fn of_side(
    view: &View,
    seen: &Seen,
    stand: Stand,
    mention: Option<&Mention>,
    named: bool,
) -> Standing {
    let mut out = Features::new(named);
    let out = &mut out;
    let (name, filled) = match stand {
        Stand::Actor => ("actor", Some(seen.actors)),
        Stand::Recipient => ("recipient", seen.recipients),
    };
    let name = Known::new(name);
    let event = Known::new(seen.event.as_str());
    match filled {
        Some(f) => party(view, seen, name, f, mention, out),
        None => {
            see!(out, "no {} {}", name, event);
            see!(out, "no {} {}", name, seen.matched.rule.cite.id);
        }
    }
    let mut odds = 0.0;
    if let Some(watch) = seen.watch {
        let top = watch.best[stand as usize];
        match filled {
            Some(f) => {
                let head = |&m: &usize| if m < view.mentions.len() { view.head_of(m) } else { f.head };
                let own = f.mentions.iter().map(|m| watch.role(view, stand as usize, head(m)));
                odds = own.fold(f32::MAX, f32::min);
                see!(out, "scouted {} {}", name, step(odds));
                see!(out, "scouted {} {} {}", name, step(odds), event);
                see!(out, "scouted {} behind {}", name, step((top - odds).max(0.0)));
                see!(out, "scouted {} {} {}", name, step(odds), depth(f.depth));
            }
            None => see!(out, "scouted no {} {}", name, step(top)),
        }
    }
    Standing { features: std::mem::take(out), odds }
}

/// Where a party stands and what it is.
fn party(view: &View, seen: &Seen, name: Known, f: &Filled, mention: Option<&Mention>, out: &mut Features) {
    let event = Known::new(seen.event.as_str());
    let trigger = seen.matched.trigger;
    see!(out, "{} slot {} {}", name, f.slot.as_str(), event);
    see!(out, "{} depth {} {}", name, depth(f.depth), event);
    see!(out, "{} depth {}", name, depth(f.depth));
    see!(out, "{} {} {}", name, f.slot.as_str(), depth(f.depth));
    see!(out, "{} distance {}", name, bucket(f.head.abs_diff(trigger)));
    match Way::between(view, trigger, f.head) {
        Some(way) => {
            see!(out, "{} path {}", name, way);
            see!(out, "{} path {} {}", name, way, event);
        }
        None => {
            see!(out, "{} is far", name);
            see!(out, "{} is far {}", name, event);
        }
    }
    see!(out, "{} before {} {}", name, f.head < trigger, depth(f.depth));
    see!(out, "{} mentions between {}", name, bucket(between(view, trigger, f.head)));
    if let Some(case) = view.cases(f.head).first() {
        see!(out, "{} after {} {}", name, case, event);
    }
    see!(out, "{} phrase {} {}", name, view.lemma(f.head), event);
    let Some(m) = mention else { return };
    see!(out, "{} is {} {}", name, sort_of(m), event);
    see!(out, "{} is {}", name, sort_of(m));
    see!(out, "{} via {}", name, m.via.as_str());
    see!(out, "{} sector {} {}", name, m.actor.sectors.first().map_or("none", |s| s), event);
    see!(out, "{} sure {}", name, (m.confidence * 5.0).round() as i32);
    if m.located {
        see!(out, "{} located {}", name, event);
    }
    if f.mentions.len() > 2 {
        see!(out, "{} are many", name);
    }
}

/// What a pair that stands beside the rule's slots has in common with those who fill them.
fn beside(seen: &Seen, slots: &Sides, out: &mut Features) {
    let event = Known::new(seen.event.as_str());
    let same = |own: &Filled, theirs: &Filled| own.mentions.iter().any(|m| theirs.mentions.contains(m));
    let actor = if same(seen.actors, &slots.actors) { "same" } else { "other" };
    let recipient = match (seen.recipients, &slots.recipients) {
        (_, None) => "none",
        (Some(own), Some(theirs)) if same(own, theirs) => "same",
        _ => "other",
    };
    let turned = slots.recipients.as_ref().is_some_and(|r| same(seen.actors, r));
    see!(out, "beside slots");
    see!(out, "beside slots {} {}", actor, recipient);
    see!(out, "beside slots {} {} {}", actor, recipient, event);
    see!(out, "beside slots {} {} by {}", actor, recipient, seen.matched.rule.cite.id);
    see!(
        out,
        "beside slots {} {}",
        depth(slots.actors.depth),
        slots.recipients.as_ref().map_or("none", |r| depth(r.depth))
    );
    if turned {
        see!(out, "beside slots turned {}", event);
    }
}

/// Adds what two sides are seen to be, each for itself and to one another.
pub(in crate::code) fn of_pair(
    view: &View,
    seen: &Seen,
    standing: [&Standing; 2],
    mentions: [Option<&Mention>; 2],
    out: &mut Features,
) {
    let event = Known::new(seen.event.as_str());
    if seen.reciprocal {
        see!(out, "mutual {}", event);
    }
    standing.iter().for_each(|s| out.extend(&s.features));
    let args = &seen.matched.args;
    let own = |heads: &[usize], f: &Filled| match heads.first() {
        None => "none",
        Some(_) if heads.contains(&f.head) => "it",
        Some(&h) if view.mention_at(h).is_some() => "another party",
        Some(&h) => view.upos(h).as_str(),
    };
    let subject = own(&args.subj, seen.actors);
    see!(out, "subject is {} {}", subject, depth(seen.actors.depth));
    see!(out, "subject is {} {}", subject, event);
    if let Some(&other) = args.subj.first().filter(|_| subject != "it") {
        see!(out, "other subject {}", view.lemma(other));
    }
    if let Some(r) = seen.recipients {
        let object = own(&args.obj, r);
        see!(out, "object is {} {}", object, event);
        see!(out, "object is {} {}", object, depth(r.depth));
    }
    if let Some(slots) = seen.slots {
        beside(seen, slots, out);
    }
    if let [Some(a), Some(r)] = mentions {
        let same = a.actor.country == r.actor.country;
        see!(out, "same country {} {}", same, event);
        see!(out, "same country {}", same);
        if same {
            let (once, others) = (std::ptr::eq(a, r), elsewhere(view, a));
            see!(out, "at home {} beside {}", once, others);
            see!(out, "at home {} beside {} {}", once, others, event);
        }
        see!(out, "pair {} {} {}", sort_of(a), sort_of(r), event);
    }
    if let Some(watch) = seen.watch {
        let whole = watch.odds.min(0.0) + standing.iter().map(|s| s.odds.min(0.0)).sum::<f32>();
        see!(out, "scouted whole {}", step(whole));
        see!(out, "scouted whole {} {}", step(whole), event);
        let depths = [depth(seen.actors.depth), seen.recipients.map_or("none", |r| depth(r.depth))];
        see!(out, "scouted whole {} {} {}", step(whole), depths[0], depths[1]);
        see!(out, "scouted whole {} by {}", step(whole), seen.matched.rule.cite.id);
    }
}
