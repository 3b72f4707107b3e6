//! Labels become lessons for scouts: which word reports each act, and which parties have which part in it.

use chancery::code::{self, Lesson, scout::NONE};
use chancery::lexicon::Lexicon;
use chancery::model::{Article, Mention, Sentence};
use serde_json::Value;

use super::{Prepared, code_of};
use crate::scout::{Act, Example};

/// The lessons of an item: one a parsed sentence.
pub fn of(item: &Prepared, lexicon: &Lexicon) -> Vec<Example> {
    let mut out = Vec::new();
    for (article, sentences, mentions) in &item.articles {
        for lesson in code::lessons(article, sentences, mentions, &lexicon.rules) {
            let types = vec![Some(NONE); lesson.marks.len()];
            let mut example = Example { lesson, types, acts: Vec::new() };
            for list in ["events", "negated"] {
                for event in item.line[list].as_array().into_iter().flatten() {
                    add(&mut example, event, article, sentences, mentions);
                }
            }
            out.push(example);
        }
    }
    out
}

/// The class of a labelled root.
fn class(root: &str) -> usize {
    const ROOTS: [&str; NONE] = [
        "AGREE",
        "CONSULT",
        "SUPPORT",
        "YIELD",
        "COOPERATE",
        "AID",
        "REQUEST",
        "ACCUSE",
        "REJECT",
        "THREATEN",
        "PROTEST",
        "SANCTION",
        "MOBILIZE",
        "COERCE",
        "ASSAULT",
    ];
    ROOTS.iter().position(|r| *r == root).unwrap_or(NONE)
}

/// Adds an event to the lesson of the sentence that holds its trigger.
fn add(
    example: &mut Example,
    event: &Value,
    article: &Article,
    sentences: &[Sentence],
    mentions: &[Mention],
) {
    let sentence = &sentences[example.lesson.sentence];
    let text = article.field(sentence.field);
    let trigger = event["trigger"].as_str().unwrap_or_default();
    let (from, to) = (sentence.span.start as usize, sentence.span.end as usize);
    let Some(at) = (!trigger.is_empty()).then(|| text[from..to].find(trigger)).flatten().map(|a| a + from)
    else {
        return;
    };
    let tokens = &sentence.tokens;
    let inside: Vec<usize> = (0..tokens.len())
        .filter(|&i| (tokens[i].span.start as usize) < at + trigger.len() && at < tokens[i].span.end as usize)
        .collect();
    let Some(tree) = &sentence.tree else { return };
    let tops = |&&i: &&usize| tree.head(i).is_none_or(|h| !inside.contains(&h));
    let Some(&word) = inside.iter().find(tops) else { return };
    let root = class(event["root"].as_str().unwrap_or_default());
    for &i in &inside {
        if example.types[i] == Some(NONE) {
            example.types[i] = None;
        }
    }
    if example.types[word].is_none() {
        example.types[word] = Some(root);
    }
    let sides = [("src", "src_text"), ("tgt", "tgt_text")];
    let found = sides.map(|(code, words)| parties(&example.lesson, event, code, words, mentions, text));
    let known = example.acts.iter().position(|a| a.word == word && a.root == root);
    let act = known.unwrap_or_else(|| {
        example.acts.push(Act { word, root, groups: Default::default() });
        example.acts.len() - 1
    });
    for (groups, group) in example.acts[act].groups.iter_mut().zip(found) {
        if !group.is_empty() && !groups.contains(&group) {
            groups.push(group);
        }
    }
}

/// The parties of a lesson that can be meant by a side of an event: those of its country, and of them those that the
/// labeller named, where he did.
fn parties(
    lesson: &Lesson,
    event: &Value,
    code: &str,
    words: &str,
    mentions: &[Mention],
    text: &str,
) -> Vec<usize> {
    let Some(country) = event[code].as_str().map(code_of) else { return Vec::new() };
    let named = event[words].as_str().unwrap_or_default();
    let of_country = |&k: &usize| {
        let m = &mentions[lesson.parties[k].0];
        std::iter::once(&m.actor).chain(&m.also).any(|a| a.country.as_deref() == Some(&country))
    };
    let all: Vec<usize> = (0..lesson.parties.len()).filter(of_country).collect();
    let is_named = |&k: &usize| {
        let own = mentions[lesson.parties[k].0].span.of(text);
        !named.is_empty() && (named.contains(own) || own.contains(named))
    };
    let exact: Vec<usize> = all.iter().copied().filter(is_named).collect();
    if exact.is_empty() { all } else { exact }
}
