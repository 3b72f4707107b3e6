//! Topics and reasons to stay silent: sums of weighted terms.

use std::sync::Arc;

use crate::lexicon::terms::{Effect, Hit, Terms};
use crate::lexicon::{Lexicon, Scope, Words};
use crate::model::{Article, Sentence, Span, Suppression, TopicHit};

/// The distinct terms of one group found so far.
#[derive(Clone, Debug, Default)]
struct Tally {
    sum: f32,
    terms: Vec<Arc<str>>,
    first: Option<(usize, Span)>,
}

impl Tally {
    fn add(&mut self, terms: &Terms, hit: &Hit, sentence: usize, span: Span) {
        let term = terms.get(hit.term);
        if self.terms.contains(&term.text) {
            return;
        }
        self.terms.push(term.text.clone());
        match term.effect {
            Effect::Adds => {
                self.sum += term.weight;
                self.first.get_or_insert((sentence, span));
            }
            Effect::Takes => self.sum -= term.weight,
            Effect::Hides => {}
        }
    }
}

fn span_of(sentence: &Sentence, hit: &Hit) -> Span {
    Span { start: sentence.tokens[hit.from].span.start, end: sentence.tokens[hit.to - 1].span.end }
}

fn hits_of(tallies: Vec<Tally>, lexicon: &Lexicon) -> Vec<TopicHit> {
    let topics = &lexicon.topics.list;
    let told = tallies
        .into_iter()
        .zip(topics)
        .filter(|(t, topic)| topic.on && t.sum >= topic.threshold - 1e-4 && !t.terms.is_empty());
    told.map(|(t, topic)| TopicHit { id: topic.id.clone(), score: t.sum, terms: t.terms }).collect()
}

fn tally_topics<'s>(
    article: &Article,
    sentences: impl Iterator<Item = (usize, &'s Sentence)>,
    lexicon: &Lexicon,
) -> Vec<TopicHit> {
    let terms = &lexicon.topics.terms;
    let mut tallies = vec![Tally::default(); lexicon.topics.list.len()];
    let (mut words, mut found) = (Words::default(), Vec::new());
    for (i, sentence) in sentences {
        words.read(article.field(sentence.field), &sentence.tokens);
        terms.scan(&words, &mut found);
        for hit in &found {
            let group = terms.get(hit.term).group as usize;
            tallies[group].add(terms, hit, i, span_of(sentence, hit));
        }
    }
    hits_of(tallies, lexicon)
}

/// What the whole article is about.
pub fn topics(article: &Article, sentences: &[Sentence], lexicon: &Lexicon) -> Vec<TopicHit> {
    tally_topics(article, sentences.iter().enumerate(), lexicon)
}

/// What one sentence is about.
pub fn topics_of(article: &Article, sentence: &Sentence, lexicon: &Lexicon) -> Vec<TopicHit> {
    tally_topics(article, std::iter::once((0, sentence)), lexicon)
}

/// Reasons to stay silent about the article or single sentences.
///
/// The section that the publisher put the article in counts like one more sentence of it.
pub fn suppress(article: &Article, sentences: &[Sentence], lexicon: &Lexicon) -> Vec<Suppression> {
    let book = &lexicon.suppressors;
    let terms = &book.terms;
    if terms.is_empty() {
        return Vec::new();
    }
    let mut whole = vec![Tally::default(); book.list.len()];
    let (mut words, mut found) = (Words::default(), Vec::new());
    let mut out = Vec::new();
    if let Some(section) = &article.section {
        section
            .split(|c: char| !c.is_alphanumeric() && c != '\'')
            .filter(|w| !w.is_empty())
            .for_each(|w| words.push(w));
        terms.scan(&words, &mut found);
        let start =
            sentences.first().map_or(Span::default(), |s| Span { start: s.span.start, end: s.span.start });
        for hit in &found {
            whole[terms.get(hit.term).group as usize].add(terms, hit, 0, start);
        }
    }
    for (i, sentence) in sentences.iter().enumerate() {
        words.read(article.field(sentence.field), &sentence.tokens);
        terms.scan(&words, &mut found);
        if found.is_empty() {
            continue;
        }
        let mut here = vec![Tally::default(); book.list.len()];
        for hit in &found {
            let group = terms.get(hit.term).group as usize;
            let tally = match book.list[group].scope {
                Scope::Article => &mut whole[group],
                Scope::Sentence => &mut here[group],
            };
            tally.add(terms, hit, i, span_of(sentence, hit));
        }
        out.extend(told(here, lexicon, Scope::Sentence));
    }
    let mut all = told(whole, lexicon, Scope::Article);
    all.append(&mut out);
    all
}

fn told(tallies: Vec<Tally>, lexicon: &Lexicon, scope: Scope) -> Vec<Suppression> {
    let full = tallies
        .into_iter()
        .zip(&lexicon.suppressors.list)
        .filter(|(t, s)| s.on && s.scope == scope && t.first.is_some() && t.sum >= s.threshold - 1e-4);
    full.map(|(tally, s)| {
        let (sentence, span) = tally.first.unwrap_or_default();
        let rule = format!("{} ({} of {})", tally.terms.join(", "), tally.sum, s.threshold);
        let sentence = (scope == Scope::Sentence).then_some(sentence as u32);
        Suppression { reason: s.id.clone(), rule: rule.into(), sentence, span }
    })
    .collect()
}
