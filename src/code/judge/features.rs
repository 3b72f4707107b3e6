//! What the model sees of a candidate. Names are texts, so that `explain` can show what tipped it.

use super::Hash;
use crate::code::party::{Depth, Filled};
use crate::code::scout::{self, Sight, marks, net::Link};
use crate::code::trigger::Match;
use crate::code::view::View;
use crate::model::{Aux, EventType, Mention, Role, Tense, Upos};
use std::fmt;

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
        Features { slots: Vec::with_capacity(96), names: named.then(Vec::new) }
    }

    pub(super) fn add(&mut self, name: fmt::Arguments) {
        let mut hash = Hash::default();
        // A hasher takes all that is written to it.
        let _ = fmt::write(&mut hash, name);
        self.slots.push(hash.slot());
        if let Some(names) = &mut self.names {
            names.push(name.to_string());
        }
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

fn sort_of(m: &Mention) -> String {
    let kind = if m.role == Role::Place { "place" } else { m.actor.kind.as_str() };
    let country = match m.actor.country.as_deref() {
        None => "nowhere",
        Some("UNO" | "EUR" | "IGO" | "NGO" | "IMG" | "MNC" | "WST") => "body",
        Some(_) => "state",
    };
    format!("{kind}/{country}")
}

/// How many other mentions stand between two tokens.
fn between(view: &View, a: usize, b: usize) -> usize {
    let mut found: Vec<usize> = (a.min(b) + 1..a.max(b)).filter_map(|t| view.mention_at(t)).collect();
    found.dedup();
    found.len()
}

/// The way through the tree from the trigger to a party: up to the common head, then down.
fn path(view: &View, from: usize, to: usize) -> String {
    let chain = |mut i: usize| {
        let mut out = vec![i];
        while let Some(h) = view.tree.head(i) {
            if out.len() > 8 {
                break;
            }
            out.push(h);
            i = h;
        }
        out
    };
    let (up, down) = (chain(from), chain(to));
    let Some((i, j)) =
        up.iter().enumerate().find_map(|(i, x)| down.iter().position(|y| y == x).map(|j| (i, j)))
    else {
        return "far".into();
    };
    if i + j > 5 {
        return "far".into();
    }
    let mut out = String::new();
    for &x in &up[..i] {
        out.push('^');
        out.push_str(view.rel(x).as_str());
    }
    for &x in down[..j].iter().rev() {
        out.push('/');
        out.push_str(view.rel(x).as_str());
    }
    out
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
    let event = seen.event.as_str();
    let trigger = seen.matched.trigger;
    let lemma = view.lemma(trigger);
    let rule = &seen.matched.rule.cite.id;
    let mut add = |name: fmt::Arguments| out.add(name);
    add(format_args!("event {event}"));
    add(format_args!("rule {rule}"));
    add(format_args!("prior {:.0}", seen.matched.rule.confidence * 10.0));
    add(format_args!("trigger {lemma} {event}"));
    add(format_args!("trigger {lemma}"));
    add(format_args!("trigger is {} {}", view.upos(trigger).as_str(), event));
    add(format_args!("trigger rel {}", view.rel(trigger).as_str()));
    if let Some(h) = view.tree.head(trigger) {
        add(format_args!("under {}", view.lemma(h)));
        add(format_args!("under {} as {} {event}", view.lemma(h), view.rel(trigger).as_str()));
    }
    for &o in seen.matched.args.obj.iter().take(2) {
        add(format_args!("object {} of {lemma}", view.lemma(o)));
        add(format_args!("object {} {event}", view.lemma(o)));
    }
    if let Some(c) = seen.matched.args.comp {
        add(format_args!("complement {} {event}", view.lemma(c)));
        add(format_args!("has complement {rule}"));
    }
    // What reports the clause that the trigger stands in: "accepts the demands", "refuses to lift the ban".
    let mut above = view.tree.head(trigger);
    for _ in 0..3 {
        let Some(h) = above else { break };
        if view.is_verb(h) {
            add(format_args!("verb above {} {event}", view.lemma(h)));
            break;
        }
        above = view.tree.head(h);
    }
    if seen.matched.mistagged {
        add(format_args!("mistagged {event}"));
    }
    if seen.matched.args.inherited {
        add(format_args!("subject shared"));
    }
    for a in seen.aux {
        add(format_args!("aux {} {event}", a.as_str()));
        add(format_args!("aux {} {rule}", a.as_str()));
        add(format_args!("aux {}", a.as_str()));
    }
    add(format_args!("tense {:?} {event}", seen.tense));
    if seen.reported {
        add(format_args!("reported {event}"));
    }
    if seen.turned {
        add(format_args!("turned by tense"));
    }
    for t in trigger.saturating_sub(3)..view.len().min(trigger + 4) {
        if t != trigger
            && matches!(view.upos(t), Upos::Noun | Upos::Verb | Upos::Adj | Upos::Adv | Upos::Propn)
        {
            out.add(format_args!("near {} {event}", view.lemma(t)));
        }
    }
    out
}

/// Adds the features of two sides to those of their match.
pub(in crate::code) fn of_sides(
    view: &View,
    seen: &Seen,
    mention: &dyn Fn(usize) -> Option<Mention>,
    out: &mut Features,
) {
    if seen.reciprocal {
        out.add(format_args!("mutual {}", seen.event.as_str()));
    }
    sides(view, seen, mention, out);
    if let Some(watch) = seen.watch {
        scouted(view, seen, watch, out);
    }
}

/// A number of log odds as one of eleven steps.
fn step(odds: f32) -> i32 {
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
    /// By role, the log odds of the party that fits it best.
    best: [f32; 2],
}

impl<'a> Watch<'a> {
    /// Looks at a match once, for all its candidates.
    pub fn new(view: &View, event: EventType, matched: &Match, sight: &'a Sight<'a>) -> Watch<'a> {
        let root = scout::class(event);
        let words = matched.tokens.iter().chain(&matched.objects);
        let act = words.copied().max_by(|&a, &b| sight.reports(a, root).total_cmp(&sight.reports(b, root)));
        let mut watch = Watch { sight, root, act: act.unwrap_or(matched.trigger), best: [f32::MIN; 2] };
        let mut parties: Vec<usize> = (0..view.len()).filter_map(|t| view.mention_at(t)).collect();
        parties.dedup();
        for role in 0..2 {
            let odds = parties.iter().map(|&m| watch.role(view, role, view.head_of(m)));
            watch.best[role] = odds.fold(f32::MIN, f32::max);
        }
        watch
    }

    fn role(&self, view: &View, role: usize, party: usize) -> f32 {
        let link = Link { act: self.act, party, root: self.root, way: marks::way(view, self.act, party) };
        self.sight.role(role, link)
    }
}

/// What the scout saw of the act and of its parties.
fn scouted(view: &View, seen: &Seen, watch: &Watch, out: &mut Features) {
    let event = seen.event.as_str();
    let Watch { sight, root, act, best } = *watch;
    let p = sight.reports(act, root);
    let rival = (0..scout::NONE).filter(|&r| r != root).map(|r| sight.reports(act, r)).fold(0.0, f32::max);
    out.add(format_args!("scouted act {}", step(odds(p))));
    out.add(format_args!("scouted act {} {event}", step(odds(p))));
    out.add(format_args!("scouted rival {}", step(odds(rival))));
    let role = |role: usize, filled: &Filled| {
        let head = |&m: &usize| if m < view.mentions.len() { view.head_of(m) } else { filled.head };
        filled.mentions.iter().map(|m| watch.role(view, role, head(m))).fold(f32::MAX, f32::min)
    };
    let mut whole = odds(p).min(0.0);
    for (number, name, filled) in [(0, "actor", Some(seen.actors)), (1, "recipient", seen.recipients)] {
        let top = best[number];
        let Some(filled) = filled else {
            out.add(format_args!("scouted no {name} {}", step(top)));
            continue;
        };
        let own = role(number, filled);
        out.add(format_args!("scouted {name} {}", step(own)));
        out.add(format_args!("scouted {name} {} {event}", step(own)));
        out.add(format_args!("scouted {name} behind {}", step((top - own).max(0.0))));
        whole += own.min(0.0);
    }
    out.add(format_args!("scouted whole {}", step(whole)));
}

fn sides(view: &View, seen: &Seen, mention: &dyn Fn(usize) -> Option<Mention>, out: &mut Features) {
    let event = seen.event.as_str();
    let trigger = seen.matched.trigger;
    let mut side = |name: &str, filled: Option<&Filled>| -> Option<Mention> {
        let Some(f) = filled else {
            out.add(format_args!("no {name} {event}"));
            out.add(format_args!("no {name} {}", seen.matched.rule.cite.id));
            return None;
        };
        out.add(format_args!("{name} slot {} {event}", f.slot.as_str()));
        out.add(format_args!("{name} depth {} {event}", depth(f.depth)));
        out.add(format_args!("{name} depth {}", depth(f.depth)));
        out.add(format_args!("{name} {} {}", f.slot.as_str(), depth(f.depth)));
        out.add(format_args!("{name} distance {}", bucket(f.head.abs_diff(trigger))));
        let way = path(view, trigger, f.head);
        out.add(format_args!("{name} path {way}"));
        out.add(format_args!("{name} path {way} {event}"));
        out.add(format_args!("{name} before {} {}", f.head < trigger, depth(f.depth)));
        out.add(format_args!("{name} mentions between {}", bucket(between(view, trigger, f.head))));
        if let Some(case) = view.cases(f.head).first() {
            out.add(format_args!("{name} after {case} {event}"));
        }
        out.add(format_args!("{name} phrase {} {event}", view.lemma(f.head)));
        let m = mention(*f.mentions.first()?)?;
        out.add(format_args!("{name} is {} {event}", sort_of(&m)));
        out.add(format_args!("{name} is {}", sort_of(&m)));
        out.add(format_args!("{name} via {}", m.via.as_str()));
        out.add(format_args!("{name} sector {} {event}", m.actor.sectors.first().map_or("none", |s| s)));
        out.add(format_args!("{name} sure {:.0}", m.confidence * 5.0));
        if m.located {
            out.add(format_args!("{name} located {event}"));
        }
        if f.mentions.len() > 2 {
            out.add(format_args!("{name} are many"));
        }
        Some(m)
    };
    let args = &seen.matched.args;
    let own = |heads: &[usize], f: &Filled| match heads.first() {
        None => "none".to_string(),
        Some(_) if heads.contains(&f.head) => "it".to_string(),
        Some(&h) if view.mention_at(h).is_some() => "another party".to_string(),
        Some(&h) => format!("thing {}", view.upos(h).as_str()),
    };
    let subject = own(&args.subj, seen.actors);
    let subject_lemma = args.subj.first().map(|&s| view.lemma(s).to_string());
    let object = seen.recipients.map(|r| own(&args.obj, r));
    let actor = side("actor", Some(seen.actors));
    let recipient = side("recipient", seen.recipients);
    out.add(format_args!("subject is {subject} {}", depth(seen.actors.depth)));
    out.add(format_args!("subject is {subject} {event}"));
    if let Some(lemma) = subject_lemma.filter(|_| subject != "it") {
        out.add(format_args!("other subject {lemma}"));
    }
    if let Some(object) = object {
        out.add(format_args!("object is {object} {event}"));
        out.add(format_args!("object is {object} {}", seen.recipients.map_or("", |r| depth(r.depth))));
    }
    if let (Some(a), Some(r)) = (&actor, &recipient) {
        let same = a.actor.country == r.actor.country;
        out.add(format_args!("same country {same} {event}"));
        out.add(format_args!("same country {same}"));
        out.add(format_args!("pair {} {} {event}", sort_of(a), sort_of(r)));
    }
}
