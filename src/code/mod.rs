//! Sentences, mentions and trees become claims: who did what to whom, with caveats and the rule that says so.
//!
//! Rules propose (`propose`), a small model disposes ([`judge`]). Law: a claim's actors and recipients are mentions
//! of its own sentence, and its trigger lies inside it.

mod candidate;
mod clause;
mod confidence;
mod described;
mod flags;
mod pairs;
mod party;
mod propose;
mod trigger;
mod turn;
mod view;
mod way;
pub mod judge;
pub mod refer;
pub mod scout;

use std::sync::Arc;

use crate::lexicon::rules::RuleSet;
use crate::model::{Article, Aux, Claim, Mention, NearMiss, Sentence};
pub use candidate::Candidate;
use judge::Judge;
use propose::Proposer;
use scout::Scout;
use view::View;

/// What coding makes of a document.
#[derive(Clone, Debug, Default)]
pub struct Coded {
    /// The claims, in reading order.
    pub claims: Vec<Claim>,
    /// What almost became one.
    pub near_misses: Vec<NearMiss>,
}

/// Codes every parsed sentence, with the model where there is one. `mentions` may gain parties that the text describes
/// without naming ("detained twelve people"); it stays sorted. With `why` claims say what tipped the model.
pub fn code<'r>(
    article: &Article,
    sentences: &[Sentence],
    mentions: &mut Vec<Mention>,
    rules: &'r RuleSet,
    judge: Option<Judge<'r>>,
    why: bool,
) -> Coded {
    let mut proposer = Proposer::new(rules, judge.is_some(), judge.and_then(|_| Scout::embedded()), why);
    proposer.judge = judge;
    let mut out = Coded::default();
    for (i, sentence) in sentences.iter().enumerate() {
        if let Some(view) = View::new(article.field(sentence.field), i as u32, sentence, mentions) {
            let candidates = proposer.sentence(i as u32, &view);
            dispose(candidates, judge, &mut out);
        }
    }
    out.near_misses.append(&mut proposer.near_misses);
    out.near_misses.sort_by_key(|n| (n.sentence, n.span));
    settle(mentions, proposer.described, &mut out.claims);
    out
}

/// Every candidate of a document with its features, for training: nothing is disposed of.
pub fn candidates(
    article: &Article,
    sentences: &[Sentence],
    mentions: &mut Vec<Mention>,
    rules: &RuleSet,
    scout: Option<&Scout>,
) -> Vec<Candidate> {
    let mut proposer = Proposer::new(rules, true, scout, false);
    let mut out = Vec::new();
    for (i, sentence) in sentences.iter().enumerate() {
        if let Some(view) = View::new(article.field(sentence.field), i as u32, sentence, mentions) {
            out.extend(proposer.sentence(i as u32, &view));
        }
    }
    let mut claims: Vec<Claim> = out.iter().map(|c| c.claim.clone()).collect();
    settle(mentions, proposer.described, &mut claims);
    for (candidate, claim) in out.iter_mut().zip(claims) {
        candidate.claim = claim;
    }
    out
}

/// A sentence as scouts are taught it.
pub struct Lesson {
    /// Which sentence of the document.
    pub sentence: usize,
    /// [`crate::model::STATE`] numbers a word.
    pub states: Vec<f32>,
    /// Rows of the table of marks, word by word.
    pub marks: Vec<Vec<u16>>,
    /// Indices of the mentions in it, with their head words.
    pub parties: Vec<(usize, usize)>,
    /// For each word, and each party in turn, the row of the way between them.
    pub ways: Vec<u16>,
}

/// What there is to learn from for a scout: every parsed sentence.
pub fn lessons(
    article: &Article,
    sentences: &[Sentence],
    mentions: &[Mention],
    rules: &RuleSet,
) -> Vec<Lesson> {
    let proposer = Proposer::new(rules, true, None, false);
    let lesson = |(i, sentence): (usize, &Sentence)| {
        let view = View::new(article.field(sentence.field), i as u32, sentence, mentions)?;
        let ground = propose::ground(&view, &proposer.awake(&view))?;
        let parties: Vec<(usize, usize)> = (0..mentions.len())
            .filter(|&m| mentions[m].sentence == i as u32)
            .map(|m| (m, view.head_of(m)))
            .collect();
        let ways = (0..view.len())
            .flat_map(|t| parties.iter().map(move |&(_, head)| (t, head)))
            .map(|(t, head)| scout::marks::way(&view, t, head) as u16)
            .collect();
        Some(Lesson { sentence: i, states: view.tree.states.clone(), marks: ground.marks, parties, ways })
    };
    sentences.iter().enumerate().filter_map(lesson).collect()
}

fn prior_of(candidate: &Candidate) -> f32 {
    judge::prior(candidate.claim.confidence, candidate.loose)
}

/// How sure we are of a candidate, and why.
fn weigh(candidate: &Candidate, judge: Option<Judge>) -> f32 {
    match judge {
        None => candidate.claim.confidence,
        Some(judge) => judge.p(prior_of(candidate), &candidate.features),
    }
}

/// Of the candidates at one trigger the surest is told, if it is sure enough; acts inside the scope of another are not.
fn dispose(candidates: Vec<Candidate>, judge: Option<Judge>, out: &mut Coded) {
    let (opinions, candidates): (Vec<_>, Vec<_>) = candidates.into_iter().partition(is_opinion);
    for c in opinions.iter().filter(|c| !c.loose) {
        miss(c, "what onlookers say of it is opinion".into(), out);
    }
    let mut weighed: Vec<(f32, Candidate)> = candidates.into_iter().map(|c| (weigh(&c, judge), c)).collect();
    if let Some(judge) = judge {
        // Stable: of equals the more specific rule stays first.
        weighed.sort_by(|a, b| b.0.total_cmp(&a.0));
        weighed = choose(weighed, judge, out);
    }
    for i in 0..weighed.len() {
        let c = &weighed[i].1;
        let part_of = weighed.iter().find(|(_, o)| o.trigger != c.trigger && o.scope.contains(&c.trigger));
        match part_of {
            Some((_, o)) => {
                let why = format!("it is what {} is about, not an event of its own", o.claim.rule.id);
                miss(c, why, out);
            }
            None => admit(finish(c, judge), &mut out.claims),
        }
    }
}

/// Whether the words are those of people who only look on: "Analysts say …", "according to observers".
fn is_opinion(c: &Candidate) -> bool {
    const ONLOOKERS: &[&str] = &[
        "analyst",
        "analysts",
        "observers",
        "expert",
        "experts",
        "commentator",
        "commentators",
        "critics",
        "pundits",
        "historians",
        "economists",
        "researchers",
        "academics",
    ];
    let Some(speaker) = &c.attribution else { return false };
    speaker.to.to_lowercase().split_whitespace().any(|w| ONLOOKERS.contains(&w.trim_matches(',')))
}

/// The candidates that the model lets pass, from the surest to the least sure.
fn choose(weighed: Vec<(f32, Candidate)>, judge: Judge, out: &mut Coded) -> Vec<(f32, Candidate)> {
    let mut told: Vec<(f32, Candidate)> = Vec::new();
    let mut refused: Vec<usize> = Vec::new();
    for (p, c) in weighed {
        let bar = judge.bar().of(c.home);
        let spoken = told.iter().any(|(_, t)| t.trigger == c.trigger);
        if p >= bar && !spoken {
            told.push((p, c));
        } else if !spoken && !refused.contains(&c.trigger) && !c.loose {
            refused.push(c.trigger);
            let of = if c.home { "an act at home" } else { "an event" };
            miss(&c, format!("the model gives it {p:.2}, less than the {bar:.2} it asks of {of}"), out);
        }
    }
    told.sort_by_key(|(_, c)| c.trigger);
    told
}

/// Puts who said it and the model's verdict into the claim; with names of features, also what tipped it.
fn finish(candidate: &Candidate, judge: Option<Judge>) -> Claim {
    let mut claim = candidate.claim.clone();
    claim.attribution = candidate.attribution.as_deref().cloned();
    if let Some(judge) = judge {
        let prior = prior_of(candidate);
        claim.confidence = judge.p(prior, &candidate.features);
        claim.because = judge.tipped(prior, &candidate.features);
    }
    claim
}

fn miss(c: &Candidate, why: String, out: &mut Coded) {
    out.near_misses.push(NearMiss {
        sentence: c.claim.sentence,
        span: c.claim.span,
        rule: c.claim.rule.id.clone(),
        at: Arc::clone(&c.claim.rule.at),
        why,
    });
}

/// Adds a claim unless the same sentence already says it of the same parties; then the surer one stays.
fn admit(claim: Claim, claims: &mut Vec<Claim>) {
    let twin = claims.iter_mut().rev().take_while(|c| c.sentence == claim.sentence).find(|c| {
        c.event == claim.event
            && c.actors == claim.actors
            && c.recipients == claim.recipients
            && c.aux.contains(&Aux::Negation) == claim.aux.contains(&Aux::Negation)
    });
    match twin {
        Some(old) if old.confidence >= claim.confidence => {}
        Some(old) => *old = claim,
        None => claims.push(claim),
    }
}

/// Puts described parties in their place among the mentions and corrects the indices of the claims.
fn settle(mentions: &mut Vec<Mention>, described: Vec<Mention>, claims: &mut [Claim]) {
    // Only those that a claim uses: a party nobody acts on is not worth a mention.
    let first = mentions.len();
    let used = |i: usize| claims.iter().any(|c| c.actors.contains(&i) || c.recipients.contains(&i));
    let kept: Vec<bool> = (0..described.len()).map(|d| used(first + d)).collect();
    mentions.extend(described);
    let mut order: Vec<usize> = (0..mentions.len()).filter(|&i| i < first || kept[i - first]).collect();
    order.sort_by_key(|&i| (mentions[i].sentence, mentions[i].tokens));
    let mut moved = vec![0; mentions.len()];
    for (to, &from) in order.iter().enumerate() {
        moved[from] = to;
    }
    let mut taken: Vec<Option<Mention>> = std::mem::take(mentions).into_iter().map(Some).collect();
    mentions.extend(order.iter().filter_map(|&i| taken[i].take()));
    for claim in claims {
        for m in claim.actors.iter_mut().chain(claim.recipients.iter_mut()) {
            *m = moved[*m];
        }
    }
}
