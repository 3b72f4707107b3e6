//! What the model sees of a candidate. Names are texts, so that `explain` can show what tipped it.

use crate::code::party::{Depth, Filled};
use crate::code::trigger::Match;
use crate::code::view::View;
use crate::model::{Aux, EventType, Mention, Role, Tense, Upos};

/// The facts of a candidate that are worked out before it is judged.
pub(in crate::code) struct Seen<'a> {
    pub event: EventType,
    pub matched: &'a Match<'a>,
    pub actors: &'a Filled,
    pub recipients: Option<&'a Filled>,
    pub aux: &'a [Aux],
    pub tense: Tense,
    pub reported: bool,
    pub reciprocal: bool,
    pub turned: bool,
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

/// All features of a candidate.
pub(in crate::code) fn of(
    view: &View,
    seen: &Seen,
    mention: &dyn Fn(usize) -> Option<Mention>,
) -> Vec<String> {
    let mut out = Vec::with_capacity(64);
    let event = seen.event.as_str();
    let trigger = seen.matched.trigger;
    let lemma = view.lemma(trigger);
    let rule = &seen.matched.rule.cite.id;
    let mut add = |name: String| out.push(name);
    add(format!("event {event}"));
    add(format!("rule {rule}"));
    add(format!("prior {:.0}", seen.matched.rule.confidence * 10.0));
    add(format!("trigger {lemma} {event}"));
    add(format!("trigger {lemma}"));
    add(format!("trigger is {} {}", view.upos(trigger).as_str(), event));
    add(format!("trigger rel {}", view.rel(trigger).as_str()));
    if let Some(h) = view.tree.head(trigger) {
        add(format!("under {}", view.lemma(h)));
        add(format!("under {} as {} {event}", view.lemma(h), view.rel(trigger).as_str()));
    }
    for &o in seen.matched.args.obj.iter().take(2) {
        add(format!("object {} of {lemma}", view.lemma(o)));
        add(format!("object {} {event}", view.lemma(o)));
    }
    if let Some(c) = seen.matched.args.comp {
        add(format!("complement {} {event}", view.lemma(c)));
        add(format!("has complement {rule}"));
    }
    // What reports the clause that the trigger stands in: "accepts the demands", "refuses to lift the ban".
    let mut above = view.tree.head(trigger);
    for _ in 0..3 {
        let Some(h) = above else { break };
        if view.is_verb(h) {
            add(format!("verb above {} {event}", view.lemma(h)));
            break;
        }
        above = view.tree.head(h);
    }
    if seen.matched.mistagged {
        add(format!("mistagged {event}"));
    }
    if seen.matched.args.inherited {
        add("subject shared".into());
    }
    for a in seen.aux {
        add(format!("aux {} {event}", a.as_str()));
        add(format!("aux {} {rule}", a.as_str()));
        add(format!("aux {}", a.as_str()));
    }
    add(format!("tense {:?} {event}", seen.tense));
    if seen.reported {
        add(format!("reported {event}"));
    }
    if seen.turned {
        add("turned by tense".into());
    }
    if seen.reciprocal {
        add(format!("mutual {event}"));
    }
    for t in trigger.saturating_sub(3)..view.len().min(trigger + 4) {
        if t != trigger
            && matches!(view.upos(t), Upos::Noun | Upos::Verb | Upos::Adj | Upos::Adv | Upos::Propn)
        {
            out.push(format!("near {} {event}", view.lemma(t)));
        }
    }
    sides(view, seen, mention, &mut out);
    out
}

fn sides(view: &View, seen: &Seen, mention: &dyn Fn(usize) -> Option<Mention>, out: &mut Vec<String>) {
    let event = seen.event.as_str();
    let trigger = seen.matched.trigger;
    let mut side = |name: &str, filled: Option<&Filled>| -> Option<Mention> {
        let Some(f) = filled else {
            out.push(format!("no {name} {event}"));
            out.push(format!("no {name} {}", seen.matched.rule.cite.id));
            return None;
        };
        out.push(format!("{name} slot {} {event}", f.slot.as_str()));
        out.push(format!("{name} depth {} {event}", depth(f.depth)));
        out.push(format!("{name} depth {}", depth(f.depth)));
        out.push(format!("{name} {} {}", f.slot.as_str(), depth(f.depth)));
        out.push(format!("{name} distance {}", bucket(f.head.abs_diff(trigger))));
        let way = path(view, trigger, f.head);
        out.push(format!("{name} path {way}"));
        out.push(format!("{name} path {way} {event}"));
        out.push(format!("{name} before {} {}", f.head < trigger, depth(f.depth)));
        out.push(format!("{name} mentions between {}", bucket(between(view, trigger, f.head))));
        if let Some(case) = view.cases(f.head).first() {
            out.push(format!("{name} after {case} {event}"));
        }
        out.push(format!("{name} phrase {} {event}", view.lemma(f.head)));
        let m = mention(*f.mentions.first()?)?;
        out.push(format!("{name} is {} {event}", sort_of(&m)));
        out.push(format!("{name} is {}", sort_of(&m)));
        out.push(format!("{name} via {}", m.via.as_str()));
        out.push(format!("{name} sector {} {event}", m.actor.sectors.first().map_or("none", |s| s)));
        out.push(format!("{name} sure {:.0}", m.confidence * 5.0));
        if m.located {
            out.push(format!("{name} located {event}"));
        }
        if f.mentions.len() > 2 {
            out.push(format!("{name} are many"));
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
    out.push(format!("subject is {subject} {}", depth(seen.actors.depth)));
    out.push(format!("subject is {subject} {event}"));
    if let Some(lemma) = subject_lemma.filter(|_| subject != "it") {
        out.push(format!("other subject {lemma}"));
    }
    if let Some(object) = object {
        out.push(format!("object is {object} {event}"));
        out.push(format!("object is {object} {}", seen.recipients.map_or("", |r| depth(r.depth))));
    }
    if let (Some(a), Some(r)) = (&actor, &recipient) {
        let same = a.actor.country == r.actor.country;
        out.push(format!("same country {same} {event}"));
        out.push(format!("same country {same}"));
        out.push(format!("pair {} {} {event}", sort_of(a), sort_of(r)));
    }
}
