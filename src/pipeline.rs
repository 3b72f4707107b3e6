//! The whole walk on one screen: the only room that knows the order.
//!
//! segment -> tag -> (gate) -> syntax -> refer -> code -> date. Tagging comes before syntax, since it is some fifty
//! times cheaper and tells which sentences can hold an event at all: the others are never parsed.

use std::cell::Cell;

use chrono::{DateTime, Utc};

use crate::code::judge::Judge;
use crate::lexicon::Lexicon;
use crate::model::{Article, Document, Item, Lane, Mention, Sentence, Status, Undecodable};
use crate::record::{Coder, records};
use crate::syntax::{Scratch, Syntax};
use crate::{code, date, decode, segment, tag};

/// What an item became: lines to write, and what was lost on the way.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// `event/1.0` lines, without the newline.
    pub events: Vec<String>,
    /// `article/1.0` lines, without the newline.
    pub articles: Vec<String>,
    /// What could not be read.
    pub lost: Vec<Undecodable>,
    /// Articles passed over because no lexicon covers their language.
    pub foreign: u64,
    /// Articles found, coded or not.
    pub found: u64,
    /// Places where bytes were not valid in their charset.
    pub replaced: u64,
    /// Entries of archives that are no documents.
    pub passed_over: u64,
}

/// Everything that reading needs and that does not change from article to article.
pub struct Reader {
    /// The word lists.
    pub lexicon: Lexicon,
    /// How inputs are decoded.
    pub options: decode::Options,
    /// Languages the lexicon covers; empty for any.
    pub languages: Vec<String>,
}

impl Reader {
    /// Bytes to lines: decode, understand, record. Pure but for the clock reading that the caller hands in.
    pub fn read(&self, item: &Item, coded_at: DateTime<Utc>) -> Read {
        let (mut events, mut articles) = (Vec::new(), Vec::new());
        let read = self.read_each(item, coded_at, &mut |lane, line| match lane {
            Lane::Events => events.push(line),
            Lane::Articles => articles.push(line),
        });
        Read { events, articles, ..read }
    }

    /// As [`Reader::read`], but each line is handed on as soon as it is made, so that a document of many articles
    /// needs the memory of one.
    pub fn read_each(
        &self,
        item: &Item,
        coded_at: DateTime<Utc>,
        line: &mut dyn FnMut(Lane, String),
    ) -> Read {
        let coder =
            Coder { lexicon: self.lexicon.version.clone(), lexicon_sha256: self.lexicon.sha256.clone() };
        let mut foreign = 0;
        let decoded = decode::each(item, &self.options, &mut |article| {
            let doc = self.document(article, false);
            foreign += u64::from(doc.suppressed.iter().any(|s| &*s.reason == "language"));
            let (events, article) = records(&doc, &coder, coded_at);
            // The types hold only strings and numbers that are finite: writing them to memory cannot fail.
            let events = events.iter().filter_map(|e| serde_json::to_string(e).ok());
            events.for_each(|e| line(Lane::Events, e));
            serde_json::to_string(&article).into_iter().for_each(|a| line(Lane::Articles, a));
        });
        Read {
            lost: decoded.lost,
            found: decoded.found as u64,
            foreign,
            replaced: decoded.replaced,
            passed_over: decoded.passed_over,
            ..Read::default()
        }
    }

    /// Reads one article for a person to look at: its events say what tipped the model.
    pub fn understand(&self, article: Article) -> Document {
        self.document(article, true)
    }

    /// Reads one article; one in a language that no lexicon covers, or withdrawn, stays without events.
    fn document(&self, article: Article, why: bool) -> Document {
        let foreign =
            article.language.as_ref().filter(|l| !self.languages.is_empty() && !self.languages.contains(l));
        if let Some(language) = foreign {
            let rule = format!("language {language} is not covered");
            return silent(article, "language", &rule);
        }
        if article.status == Status::Withdrawn {
            return silent(article, "withdrawn", "the publisher withdrew it");
        }
        walk(article, &self.lexicon, Judge::embedded(), why)
    }
}

/// An article with nothing read from it, and the reason.
fn silent(article: Article, reason: &str, rule: &str) -> Document {
    let suppressed = vec![crate::model::Suppression {
        reason: reason.into(),
        rule: rule.into(),
        sentence: None,
        span: crate::model::Span::default(),
    }];
    Document {
        article,
        sentences: Vec::new(),
        mentions: Vec::new(),
        topics: Vec::new(),
        dates: Vec::new(),
        events: Vec::new(),
        suppressed,
        near_misses: Vec::new(),
    }
}

/// The walk up to coding: for training, which looks at every candidate.
pub fn prepared(article: Article, lexicon: &Lexicon) -> (Article, Vec<Sentence>, Vec<Mention>) {
    let mut sentences = segment::article(&article);
    let mut mentions = tag::tag(&article, &sentences, lexicon);
    parse(&article, &mut sentences, &mentions);
    code::refer::resolve(&article, &sentences, &mut mentions);
    (article, sentences, mentions)
}

/// Article to document: steps 3 to 7, synchronous and pure. Stream, tests, benches and fuzz all call it.
pub fn read(article: Article, lexicon: &Lexicon) -> Document {
    walk(article, lexicon, Judge::embedded(), false)
}

/// As [`read`], by the rules alone: what a lexicon says without the trained models.
pub fn read_by_rules(article: Article, lexicon: &Lexicon) -> Document {
    walk(article, lexicon, None, false)
}

fn walk(article: Article, lexicon: &Lexicon, judge: Option<Judge>, why: bool) -> Document {
    let mut sentences = segment::article(&article);
    let mut mentions = tag::tag(&article, &sentences, lexicon);
    let topics = tag::topics(&article, &sentences, lexicon);
    let suppressed = tag::suppress(&article, &sentences, lexicon);
    let dates = date::find(&article, &sentences);
    let whole = suppressed.iter().any(|s| s.sentence.is_none());
    if !whole {
        parse(&article, &mut sentences, &mentions);
    }
    code::refer::resolve(&article, &sentences, &mut mentions);
    let coded = code::code(&article, &sentences, &mut mentions, &lexicon.rules, judge, why);
    // Only coding looks at these, and they are most of what a document weighs.
    sentences.iter_mut().filter_map(|s| s.tree.as_mut()).for_each(|tree| tree.states = Vec::new());
    let hushed = |s: u32| suppressed.iter().any(|x| x.sentence == Some(s));
    let events = coded
        .claims
        .into_iter()
        .filter(|c| !hushed(c.sentence))
        .map(|claim| {
            let topics = tag::topics_of(&article, &sentences[claim.sentence as usize], lexicon);
            let mut event = date::date(claim, &article, &sentences, &dates);
            event.topics = topics;
            event
        })
        .collect();
    Document {
        article,
        sentences,
        mentions,
        topics,
        dates,
        events,
        suppressed,
        near_misses: coded.near_misses,
    }
}

thread_local! {
    /// Memory that the parses of a thread leave to one another; nothing that is read from it was written before.
    static SCRATCH: Cell<Scratch> = Cell::default();
}

/// How many sentences back a pronoun may reach.
const REACH: usize = 3;

/// Tags and trees for the sentences that can hold an event: those that name somebody known, and those with a pronoun
/// shortly after one. Parsing costs more than all else together, so the others are left alone.
fn parse(article: &Article, sentences: &mut [Sentence], mentions: &[Mention]) {
    let syntax = Syntax::embedded();
    let mut scratch = SCRATCH.take();
    let mut last_known: Option<usize> = None;
    for (i, sentence) in sentences.iter_mut().enumerate() {
        let from = mentions.partition_point(|m| (m.sentence as usize) < i);
        let here = mentions[from..].iter().take_while(|m| m.sentence as usize == i);
        let known = here.clone().any(|m| m.actor.country.is_some() || m.actor.id.is_some());
        let text = article.field(sentence.field);
        let reached = last_known.is_some_and(|k| i - k <= REACH);
        if known || reached && refers_back(text, sentence) {
            sentence.tree = Some(syntax.parse_with(text, sentence, &mut scratch));
        }
        if known {
            last_known = Some(i);
        }
    }
    SCRATCH.set(scratch);
}

/// Whether a sentence holds a pronoun that can stand for an actor named before.
fn refers_back(text: &str, sentence: &Sentence) -> bool {
    const BACK: &[&str] = &["he", "she", "it", "they", "him", "her", "them", "his", "its", "their", "both"];
    (0..sentence.tokens.len()).any(|i| {
        let token = sentence.token(text, i);
        token.len() <= 5 && BACK.iter().any(|b| token.eq_ignore_ascii_case(b))
    })
}
