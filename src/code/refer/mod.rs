//! Who "he", "the two countries" and "the police" are: pronouns, definite descriptions, and agents without a country.
//!
//! Works through a document in reading order with a short memory of who was named. Null beats a guess: what
//! nothing in the text settles stays unresolved.

mod memory;

use std::sync::Arc;

use super::view::View;
use crate::model::{Article, Kind, Mention, Rel, Role, Sentence, Span, Upos, Via};
use memory::{Memory, Part};

/// What bodies and states come together in.
const GATHERINGS: &[&str] = &["meeting", "summit", "gathering", "conference", "forum", "talk", "session"];

/// Resolves references in place: adds mentions for pronouns and descriptions, and gives agents the country that
/// their phrase, their clause or their sentence settles. Keeps `mentions` sorted.
pub fn resolve(article: &Article, sentences: &[Sentence], mentions: &mut Vec<Mention>) {
    let mut memory = Memory::default();
    let mut out: Vec<Mention> = Vec::with_capacity(mentions.len() + 8);
    for (i, sentence) in sentences.iter().enumerate() {
        let i = i as u32;
        let from = mentions.partition_point(|m| m.sentence < i);
        let to = mentions.partition_point(|m| m.sentence <= i);
        let mut here: Vec<Mention> = mentions[from..to].to_vec();
        if let Some(view) = View::new(article.field(sentence.field), i, sentence, mentions) {
            place_agents(&view, from, &mut here, &memory);
            let mut fresh = Vec::new();
            for t in 0..view.len() {
                if view.mention_at(t).is_none()
                    && let Some(m) = reference(&view, i, t, &here, &memory)
                    && fresh.iter().all(|f: &Mention| f.tokens.1 <= m.tokens.0 || m.tokens.1 <= f.tokens.0)
                {
                    fresh.push(m);
                }
            }
            here.extend(fresh);
            here.sort_by_key(|m| m.tokens);
            memory.learn(i, &here, |m| Part { subject: is_subject(&view, m), gathers: gathers(&view, m) });
        } else {
            memory.learn(i, &here, |_| Part::default());
        }
        out.append(&mut here);
    }
    *mentions = out;
}

fn is_subject(view: &View, m: &Mention) -> bool {
    let head = head_token(view, m.tokens);
    matches!(view.rel(head), Rel::Nsubj | Rel::NsubjPass)
}

/// Whether it says whose gathering is meant: "the Arab League summit", "a meeting of the bloc".
fn gathers(view: &View, m: &Mention) -> bool {
    let head = head_token(view, m.tokens);
    let owns = [Rel::Compound, Rel::Amod, Rel::Nmod, Rel::NmodPoss];
    owns.contains(&view.rel(head))
        && view.tree.head(head).is_some_and(|h| GATHERINGS.contains(&view.lemma(h)))
}

fn head_token(view: &View, tokens: (u16, u16)) -> usize {
    let (from, to) = (tokens.0 as usize, tokens.1 as usize);
    (from..to).find(|&t| view.tree.head(t).is_none_or(|h| h < from || h >= to)).unwrap_or(to - 1)
}

/// An agent noun that nobody has placed yet.
fn is_bare(m: &Mention) -> bool {
    m.actor.country.is_none() && m.actor.id.is_none() && m.role == Role::Agent
}

/// Gives bare agents a country.
fn place_agents(view: &View, first: usize, here: &mut [Mention], memory: &Memory) {
    for i in 0..here.len() {
        if let Some(person) = same_person(view, &here[i], memory) {
            here[i].actor = person;
            continue;
        }
        if !is_bare(&here[i]) {
            continue;
        }
        if let Some(several) = all_of_them(view, first + i, here, memory) {
            here[i].actor = several[0].clone();
            here[i].also = several[1..].to_vec();
            here[i].via = Via::Pronoun;
            here[i].confidence = 0.65;
            continue;
        }
        let found = by_phrase(view, first + i)
            .map(|c| (c, 0.85))
            .or_else(|| by_owner(view, first + i, here, memory).map(|c| (c, 0.75)))
            .or_else(|| by_office(view, &here[i], memory))
            .or_else(|| by_clause(view, first + i).map(|c| (c, 0.7)))
            .or_else(|| only_country(here).map(|c| (c, 0.6)))
            .or_else(|| memory.only_country().map(|c| (c, 0.4)));
        if let Some((country, confidence)) = found {
            let actor = Arc::make_mut(&mut here[i].actor);
            actor.country = Some(country);
            here[i].confidence = here[i].confidence.min(confidence);
        }
    }
}

/// "The Russian leader" after "Vladimir Putin": the person of that country who leads it.
fn same_person(view: &View, m: &Mention, memory: &Memory) -> Option<Arc<crate::model::Actor>> {
    const LEADS: &[&str] =
        &["leader", "president", "premier", "chancellor", "monarch", "king", "strongman", "minister"];
    let last = view.lower(m.tokens.1 as usize - 1);
    let leads = m.actor.id.is_none() && m.actor.country.is_some() && LEADS.contains(&last);
    leads.then(|| memory.leader_of(m.actor.country.as_deref()?, last)).flatten()
}

/// "the two leaders", "both governments": as many parties as the number says.
fn all_of_them(
    view: &View,
    m: usize,
    here: &[Mention],
    memory: &Memory,
) -> Option<Vec<Arc<crate::model::Actor>>> {
    let head = view.head_of(m);
    let n = count_of(view, head)?;
    // "two traders" are new; "the two leaders" and "both armies" were named before.
    let mut determiners = view.tree.kids_by(head, &[Rel::Det, Rel::DetPredet]);
    if !determiners.any(|d| matches!(view.lower(d), "the" | "both" | "these" | "those")) {
        return None;
    }
    let before: Vec<&Mention> =
        here.iter().filter(|x| (x.tokens.1 as usize) <= head && x.actor.country.is_some()).collect();
    memory.several(&before, n)
}

/// The number that a noun is counted by.
fn count_of(view: &View, head: usize) -> Option<usize> {
    view.tree.kids(head).find_map(|c| match view.lower(c) {
        "two" | "both" => Some(2),
        "three" => Some(3),
        "four" => Some(4),
        _ => None,
    })
}

/// "police in Kenya", "the army of Mali", "Ghana's newly elected parliament".
fn by_phrase(view: &View, m: usize) -> Option<Arc<str>> {
    let head = view.head_of(m);
    let near = [Rel::NmodPoss, Rel::Amod, Rel::Compound, Rel::Nmod, Rel::Appos, Rel::NmodDesc, Rel::Flat];
    let mut heads: Vec<usize> = view.tree.kids_by(head, &near).collect();
    // One step further in: "police in the Kenyan capital".
    heads.extend(heads.clone().into_iter().flat_map(|h| view.tree.kids_by(h, &near).collect::<Vec<_>>()));
    heads
        .into_iter()
        .filter_map(|h| view.mention_at(h))
        .filter(|&x| x != m)
        .find_map(|x| view.mentions[x].actor.country.clone())
}

/// "its forces", "their president": whom the possessive means.
fn by_owner(view: &View, m: usize, here: &[Mention], memory: &Memory) -> Option<Arc<str>> {
    let head = view.head_of(m);
    let owner = view.tree.kids_by(head, &[Rel::NmodPoss]).find(|&o| view.upos(o) == Upos::Pron)?;
    let before: Vec<&Mention> =
        here.iter().filter(|x| (x.tokens.1 as usize) <= owner && x.actor.country.is_some()).collect();
    let found = match view.lower(owner) {
        "his" | "her" => memory.person(&before),
        "its" => memory.body(&before),
        "their" => memory.group(&before),
        _ => None,
    }?;
    found[0].country.clone()
}

/// "the president" after "President Ruto of Kenya".
fn by_office(view: &View, m: &Mention, memory: &Memory) -> Option<(Arc<str>, f32)> {
    let text = m.span.of(view.text).to_lowercase();
    memory.person_with_office(&text).map(|a| (a, 0.7))
}

/// The place named in the agent's own clause.
fn by_clause(view: &View, m: usize) -> Option<Arc<str>> {
    let head = view.head_of(m);
    let verb = view.tree.head(head).filter(|&v| view.is_verb(v))?;
    view.tree
        .kids_by(verb, &[Rel::Obl])
        .flat_map(|o| view.mentions_under(o))
        .filter(|&x| x != m && view.is_ground(x))
        .find_map(|x| view.mentions[x].actor.country.clone())
}

/// The one country that a sentence names.
fn only_country(here: &[Mention]) -> Option<Arc<str>> {
    let mut countries = here.iter().filter_map(|m| m.actor.country.clone());
    let first = countries.next()?;
    countries.all(|c| c == first).then_some(first)
}

/// A mention for a pronoun or a description at token `t`, when the memory knows whom it means.
fn reference(view: &View, sentence: u32, t: usize, here: &[Mention], memory: &Memory) -> Option<Mention> {
    if view.upos(t) == Upos::Pron {
        return pronoun(view, sentence, t, here, memory);
    }
    if view.upos(t) == Upos::Noun {
        return description(view, sentence, t, here, memory);
    }
    None
}

fn pronoun(view: &View, sentence: u32, t: usize, here: &[Mention], memory: &Memory) -> Option<Mention> {
    let before: Vec<&Mention> =
        here.iter().filter(|m| (m.tokens.1 as usize) <= t && !same_clause(view, m, t)).collect();
    let found = match view.lower(t) {
        "he" | "him" | "his" | "she" | "her" => memory.person(&before),
        "it" | "its" if view.rel(t) != Rel::Expl => memory.body(&before),
        "they" | "them" | "their" => memory.group(&before),
        _ => return None,
    }?;
    Some(refer_to(view, sentence, (t, t + 1), &found, Via::Pronoun, 0.7))
}

/// Whether the mention is an argument of the very verb that the pronoun is an argument of: then they differ.
/// A possessive looks back freely: "Iran recalled its envoy".
fn same_clause(view: &View, m: &Mention, t: usize) -> bool {
    view.rel(t) != Rel::NmodPoss
        && view.tree.head(t).is_some()
        && view.tree.head(t) == view.tree.head(head_token(view, m.tokens))
}

fn description(view: &View, sentence: u32, t: usize, here: &[Mention], memory: &Memory) -> Option<Mention> {
    let definite = view
        .tree
        .kids_by(t, &[Rel::Det, Rel::DetPredet])
        .any(|d| matches!(view.lower(d), "the" | "both" | "these" | "this" | "those"));
    if !definite {
        return None;
    }
    let from = view.tree.kids(t).filter(|&c| c < t && view.rel(c) != Rel::Case).min().unwrap_or(t);
    if (from..=t).any(|x| view.mention_at(x).is_some()) {
        return None;
    }
    let before: Vec<&Mention> = here.iter().filter(|m| (m.tokens.1 as usize) <= from).collect();
    let lemma = view.lemma(t);
    let number = count_of(view, t);
    let found = match (lemma, number) {
        (
            "country" | "side" | "nation" | "government" | "leader" | "president" | "minister" | "state"
            | "capital" | "neighbor" | "neighbour" | "party" | "power" | "ally" | "rival" | "man"
            | "delegation" | "army",
            Some(n),
        ) => memory.several(&before, n)?,
        ("country" | "nation", None) if view.tree.kids(t).count() <= 2 => {
            memory.of_kind(&before, &[Kind::Country, Kind::Government, Kind::Leader])?
        }
        ("bloc" | "alliance" | "organisation" | "organization", None) => {
            memory.of_kind(&before, &[Kind::Igo])?
        }
        ("kingdom" | "emirate" | "republic", None) => {
            memory.of_kind(&before, &[Kind::Country, Kind::Government, Kind::Leader])?
        }
        ("group" | "militia" | "movement", None) => {
            memory.of_kind(&before, &[Kind::ArmedGroup, Kind::Party])?
        }
        ("company" | "firm", None) => memory.of_kind(&before, &[Kind::Company])?,
        (gathering, None) if GATHERINGS.contains(&gathering) && is_held(view, t) => memory.gathering()?,
        ("agency", None) => memory.of_kind(&before, &[Kind::Igo, Kind::Government, Kind::Media])?,
        _ => return None,
    };
    Some(refer_to(view, sentence, (from, t + 1), &found, Via::Pronoun, 0.65))
}

/// Whether somebody holds or joins the gathering: only then it stands for those who gather, else for an occasion.
fn is_held(view: &View, t: usize) -> bool {
    const VERBS: &[&str] = &["host", "chair", "convene", "attend", "address", "join", "open"];
    view.rel(t) == Rel::Obj && view.tree.head(t).is_some_and(|h| VERBS.contains(&view.lemma(h)))
}

fn refer_to(
    view: &View,
    sentence: u32,
    tokens: (usize, usize),
    found: &[Arc<crate::model::Actor>],
    via: Via,
    confidence: f32,
) -> Mention {
    let tokens_of = &view.sentence.tokens;
    Mention {
        sentence,
        tokens: (tokens.0 as u16, tokens.1 as u16),
        span: Span { start: tokens_of[tokens.0].span.start, end: tokens_of[tokens.1 - 1].span.end },
        actor: found[0].clone(),
        also: found[1..].to_vec(),
        via,
        role: Role::Agent,
        located: false,
        confidence,
    }
}
