//! Sentences become mentions: who is named, what it is about, and what should keep us silent.
//!
//! Law: the mentions of a document are sorted by sentence and token, lie inside their sentence and do not overlap.

mod words;
mod memory;
mod pieces;
mod compound;
mod phrase;
mod names;
mod role;
mod about;
mod listed;

pub use about::{suppress, topics, topics_of};
pub use listed::{Listed, listed};

use std::sync::Arc;

use crate::lexicon::{Lexicon, Words};
use crate::model::{Article, Mention, Role, Sentence, Span, Via};
use memory::Memory;
use phrase::{Phrase, Reader};
use pieces::Scene;

/// Finds who is named in an article, sentence by sentence in reading order.
pub fn tag(article: &Article, sentences: &[Sentence], lexicon: &Lexicon) -> Vec<Mention> {
    let day = article.day();
    let mut memory = Memory::default();
    let mut words = Words::default();
    let mut out = Vec::new();
    for (i, sentence) in sentences.iter().enumerate() {
        let text = article.field(sentence.field);
        words.read(text, &sentence.tokens);
        let scene = Scene::new(lexicon, day, text, sentence, &words);
        let mut reader = Reader { scene: &scene, memory: &mut memory, out: Vec::new() };
        reader.read();
        let mut phrases = reader.out;
        recall(&scene, &memory, &mut phrases);
        introduce(&scene, &mut memory, &mut phrases);
        role::relocate(&scene, &mut phrases);
        for at in 0..phrases.len() {
            let (role, located) = role::of(&scene, &phrases, at);
            out.push(mention(i as u32, sentence, &phrases[at], role, located));
        }
    }
    out
}

fn mention(index: u32, sentence: &Sentence, phrase: &Phrase, role: Role, located: bool) -> Mention {
    let (first, last) = (sentence.tokens[phrase.from].span, sentence.tokens[phrase.to - 1].span);
    Mention {
        sentence: index,
        tokens: (phrase.from as u16, phrase.to as u16),
        span: Span { start: first.start, end: last.end },
        actor: phrase.actor.clone(),
        also: Vec::new(),
        via: phrase.via,
        role,
        located,
        confidence: phrase.confidence,
    }
}

/// Surnames and acronyms that the article itself has introduced.
fn recall(scene: &Scene, memory: &Memory, phrases: &mut Vec<Phrase>) {
    if memory.is_blank() {
        return;
    }
    let mut fresh = Vec::new();
    let mut next = 0;
    for i in 0..scene.words.len() {
        while phrases.get(next).is_some_and(|p| p.to <= i) {
            next += 1;
        }
        let covered = phrases.get(next).filter(|p| p.from <= i);
        let word = scene.word(i);
        if !word.starts_with(char::is_uppercase) {
            continue;
        }
        if let Some(actor) = memory.acronym(word) {
            if let Some(p) = covered.filter(|p| p.from == i && p.to == i + 1).map(|_| next) {
                (phrases[p].actor, phrases[p].via, phrases[p].alone) = (actor.clone(), Via::Acronym, true);
            } else if covered.is_none() {
                fresh.push(local(i, actor, Via::Acronym, None));
            }
        } else if covered.is_none()
            && let Some((actor, entry)) = memory.bearer(word)
            && !(i > 0 && !scene.titled && scene.is_strange(i - 1))
        {
            fresh.push(local(i, actor, Via::Name, entry));
        }
    }
    if !fresh.is_empty() {
        phrases.append(&mut fresh);
        phrases.sort_by_key(|p| p.from);
    }
}

fn local(i: usize, actor: &Arc<crate::model::Actor>, via: Via, entry: Option<u32>) -> Phrase {
    let alone = via == Via::Acronym;
    Phrase { from: i, to: i + 1, actor: actor.clone(), via, place: false, entry, alone, confidence: 0.8 }
}

/// Learns "Shanghai Cooperation Organisation (SCO)": the acronym in brackets is the name before it.
fn introduce(scene: &Scene, memory: &mut Memory, phrases: &mut Vec<Phrase>) {
    let mut i = 0;
    while i < phrases.len() {
        let (from, at) = (phrases[i].from, phrases[i].to);
        i += 1;
        if !(scene.is(at, "(") && scene.is(at + 2, ")")) || phrases[i - 1].place {
            continue;
        }
        let acronym = scene.word(at + 1);
        let capitals = (2..=8).contains(&acronym.len())
            && acronym.bytes().all(|b| b.is_ascii_alphanumeric())
            && acronym.bytes().filter(u8::is_ascii_uppercase).count() >= 2;
        if !capitals || !initials_fit(scene, from, at, acronym) {
            continue;
        }
        let actor = phrases[i - 1].actor.clone();
        memory.learn_acronym(acronym, &actor);
        let mut here = local(at + 1, &actor, Via::Acronym, phrases[i - 1].entry);
        here.alone = false;
        match phrases.get(i).is_some_and(|p| p.from == at + 1) {
            true => phrases[i] = here,
            false => phrases.insert(i, here),
        }
        i += 1;
    }
}

/// Whether most letters of the acronym begin a word of the phrase, in order.
fn initials_fit(scene: &Scene, from: usize, to: usize, acronym: &str) -> bool {
    if to - from < 2 {
        return false;
    }
    let mut letters =
        acronym.chars().filter(|c| c.is_alphabetic()).map(|c| c.to_ascii_lowercase()).peekable();
    let total = acronym.chars().filter(|c| c.is_alphabetic()).count();
    let mut hits = 0;
    for i in from..to {
        let first = scene.word(i).chars().next().map(|c| c.to_ascii_lowercase());
        if first.is_some() && letters.peek().copied() == first {
            letters.next();
            hits += 1;
        }
    }
    hits * 3 >= total * 2
}

#[cfg(test)]
mod tests;
