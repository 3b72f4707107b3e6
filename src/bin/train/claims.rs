//! Trains the model that disposes of what the rules propose, on labelled sentences.
//!
//! A linear model chooses among the candidates at each word; everything is seeded. Five-fold
//! cross-validation over items gives the figures and what is asked of an event; the weights written are trained on everything.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::{Context, Result};
use chancery::code::judge::{prior, write};
use chancery::code::scout::Scout;
use chancery::code::{self, Candidate};
use chancery::lexicon::Lexicon;
use chancery::model::{Article, Aux, Mention, Sentence};
use chancery::{config, decode, pipeline};
use chrono::Utc;
use clap::Args;
use serde_json::Value;

use crate::scout;

mod labels;
mod lessons;
mod model;
mod study;

use model::{Model, train};
use study::{bar, dump, held, misses};

/// Parts that cross-validation cuts the items into.
const FOLDS: usize = 5;

/// How much of the best mean F1 is given up for records that are right more often: a wrong record costs its reader more
/// than a missing one.
const SLACK: f64 = 0.012;

/// `train claims`.
#[derive(Args)]
pub struct Options {
    /// Labelled articles (JSONL with id, date, text, events).
    #[arg(long, required = true, num_args = 1..)]
    gold: Vec<PathBuf>,
    /// Labelled articles to learn from only: they have no part in choosing what is asked of an event.
    #[arg(long, num_args = 1..)]
    own: Vec<PathBuf>,
    /// Articles (JSONL) whose labels stand in a `.labels.jsonl` file among the others, found by id.
    #[arg(long)]
    texts: Option<PathBuf>,
    /// Labelled articles to measure on that take no part in training.
    #[arg(long, num_args = 1..)]
    held: Vec<PathBuf>,
    /// Where the weights go.
    #[arg(long, default_value = "src/code/judge/weights/claims.bin")]
    out: PathBuf,
    /// Where the scout's weights go.
    #[arg(long, default_value = "src/code/scout/weights/scout.bin")]
    scout: PathBuf,
    /// Rounds over the data that a scout is taught in.
    #[arg(long, default_value_t = 12)]
    rounds: usize,
    /// Seed of chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Models whose mean is taken.
    #[arg(long, default_value_t = 12)]
    members: usize,
    /// Rounds over the data.
    #[arg(long, default_value_t = 2)]
    epochs: usize,
    /// Strength of the pull towards zero.
    #[arg(long, default_value_t = 1e-4)]
    decay: f32,
    /// List the labelled pairs that no candidate reaches.
    #[arg(long)]
    misses: bool,
    /// Write what cross-validation makes of every candidate (JSONL), for studying errors.
    #[arg(long)]
    dump: Option<PathBuf>,
    /// Where the scouts of the folds are kept: those found there are taken as they are, so that a judge can be tried
    /// out without teaching scouts again.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// Only measure; write nothing.
    #[arg(long)]
    dry: bool,
}

/// (actor, recipient, root, mutual); a side without a country is `None`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pair {
    actor: Option<String>,
    recipient: Option<String>,
    root: String,
    mutual: bool,
    /// The words that report it, as labelled; empty for a prediction.
    trigger: String,
}

impl Pair {
    fn meets(&self, gold: &Pair) -> bool {
        let straight = self.actor == gold.actor && self.recipient == gold.recipient;
        let turned = self.actor == gold.recipient && self.recipient == gold.actor;
        self.root == gold.root && (straight || turned && (self.mutual || gold.mutual))
    }

    fn is_dyad(&self) -> bool {
        self.actor.is_some() && self.recipient.is_some()
    }
}

/// A candidate ready for training.
struct Example {
    prior: f32,
    slots: Vec<usize>,
    right: bool,
    pairs: Vec<Pair>,
    group: (u32, usize),
    negated: bool,
    loose: bool,
    home: bool,
    word: String,
    rule: String,
}

struct Item {
    set: usize,
    fold: usize,
    /// Whether the text is one of our own.
    own: bool,
    gold: Vec<Pair>,
    empty: bool,
    examples: Vec<Example>,
    /// For reading the misses: the text, the labels as written, the countries tagged.
    line: Value,
    tagged: BTreeSet<String>,
}

fn code_of(text: &str) -> String {
    if text == "KOS" { "XKX".into() } else { text.into() }
}

fn gold_pairs(gold: &Value) -> Vec<Pair> {
    let side = |e: &Value, k: &str| e[k].as_str().map(code_of);
    gold["events"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|e| Pair {
            actor: side(e, "src"),
            recipient: side(e, "tgt"),
            root: e["root"].as_str().unwrap_or_default().to_string(),
            mutual: e["recip"].as_bool().unwrap_or(false),
            trigger: e["trigger"].as_str().unwrap_or_default().to_lowercase(),
        })
        .collect()
}

fn codes(mentions: &[Mention], side: &[usize]) -> Vec<Option<String>> {
    let mut out: Vec<Option<String>> = Vec::new();
    for &i in side {
        for actor in std::iter::once(&mentions[i].actor).chain(&mentions[i].also) {
            let code = actor.country.as_deref().map(str::to_string);
            if code.is_some() && !out.contains(&code) {
                out.push(code);
            }
        }
    }
    if out.is_empty() { vec![None] } else { out }
}

fn pairs_of(candidate: &Candidate, mentions: &[Mention]) -> Vec<Pair> {
    let claim = &candidate.claim;
    let (actors, recipients) = (codes(mentions, &claim.actors), codes(mentions, &claim.recipients));
    let root = match claim.event.as_str() {
        "CONCEDE" | "RETREAT" => "YIELD",
        other => other,
    };
    let pair = |a: &Option<String>, r: &Option<String>| Pair {
        actor: a.clone(),
        recipient: r.clone(),
        root: root.to_string(),
        mutual: claim.reciprocal,
        trigger: String::new(),
    };
    if claim.reciprocal && recipients == [None] && actors.len() > 1 {
        let two = |i: usize| actors[i + 1..].iter().map(move |b| (i, b));
        return (0..actors.len()).flat_map(two).map(|(i, b)| pair(&actors[i], b)).collect();
    }
    actors.iter().flat_map(|a| recipients.iter().map(move |r| (a, r))).map(|(a, r)| pair(a, r)).collect()
}

/// An item as read and prepared, before any model is asked.
struct Prepared {
    set: usize,
    fold: usize,
    own: bool,
    line: Value,
    gold: Vec<Pair>,
    articles: Vec<(Article, Vec<Sentence>, Vec<Mention>)>,
}

/// Sets of labelled items: those of one file are one set.
///
/// Those of the files after the first `found` are our own, but for labels of texts that stand elsewhere.
fn load(
    paths: &[PathBuf],
    found: usize,
    texts: Option<&PathBuf>,
    lexicon: &Lexicon,
) -> Result<Vec<Prepared>> {
    let texts = texts.map(labels::texts).transpose()?.unwrap_or_default();
    let mut items = Vec::new();
    for (set, path) in paths.iter().enumerate() {
        let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        for (n, line) in text.lines().filter(|l| !l.trim().is_empty()).enumerate() {
            let mut value: Value = serde_json::from_str(line)?;
            let own = set >= found && value.get("text").is_some();
            if value.get("text").is_none() {
                labels::join(&mut value, &texts).with_context(|| format!("{}:{}", path.display(), n + 1))?;
            }
            let line = value.to_string();
            let item = chancery::model::Item {
                path: "gold.json".into(),
                range: None,
                bytes: line.as_bytes().to_vec(),
                seen_at: Utc::now(),
            };
            let decoded = decode::decode(&item, &decode::Options::default()).articles;
            let articles = decoded.into_iter().map(|a| pipeline::prepared(a, lexicon)).collect();
            items.push(Prepared {
                set,
                fold: n % FOLDS,
                own,
                gold: gold_pairs(&value),
                line: value,
                articles,
            });
        }
    }
    Ok(items)
}

/// The candidates of an item, with what `scout` sees of them.
fn item(prepared: &Prepared, lexicon: &Lexicon, scout: Option<&Scout>) -> Item {
    let gold = &prepared.gold;
    let empty = gold.is_empty() && prepared.line["complete"].as_bool().unwrap_or(false);
    let mut tagged = BTreeSet::new();
    let mut examples = Vec::new();
    for (article, sentences, mentions) in &prepared.articles {
        let mut mentions = mentions.clone();
        for c in code::candidates(article, sentences, &mut mentions, &lexicon.rules, scout) {
            let pairs = pairs_of(&c, &mentions);
            // The labels know no "West": whether such a pair is right cannot be told from them.
            let is_west = |side: &Option<String>| side.as_deref() == Some("WST");
            if pairs.iter().any(|p| is_west(&p.actor) || is_west(&p.recipient)) {
                continue;
            }
            tagged.extend(mentions.iter().filter_map(|m| m.actor.country.as_deref().map(str::to_string)));
            // A pair without slots is right only where the labeller saw the event in the same words.
            let sentence = &sentences[c.claim.sentence as usize];
            let word = sentence.token(article.field(sentence.field), c.trigger).to_lowercase();
            examples.push(Example {
                prior: prior(c.claim.confidence, c.loose),
                slots: c.features.slots.iter().map(|&f| f as usize).collect(),
                right: pairs
                    .iter()
                    .any(|p| gold.iter().any(|g| p.meets(g) && (!c.loose || g.trigger.contains(&word)))),
                group: (c.claim.sentence, c.trigger),
                negated: c.claim.aux.contains(&Aux::Negation),
                loose: c.loose,
                home: c.home,
                rule: c.claim.rule.id.to_string(),
                word,
                pairs,
            });
        }
    }
    let Prepared { set, fold, own, line, .. } = prepared;
    Item {
        set: *set,
        fold: *fold,
        own: *own,
        gold: gold.clone(),
        empty,
        examples,
        line: line.clone(),
        tagged,
    }
}

/// A scout for each fold, which has learnt from the others, and one that has learnt from all. Each item is judged, and
/// the judge taught, with a scout that has not learnt from it.
fn taught(options: &Options, lessons: &[(usize, scout::Example)]) -> Result<Vec<Scout>> {
    let file = |without: usize| options.keep.as_ref().map(|dir| dir.join(format!("scout-{without}.bin")));
    let teach = |without: usize| -> Result<Scout> {
        let kept = file(without).and_then(|path| Scout::open(&std::fs::read(path).ok()?));
        if let Some(scout) = kept {
            return Ok(scout);
        }
        let own: Vec<&scout::Example> =
            lessons.iter().filter(|(f, _)| *f != without).map(|(_, l)| l).collect();
        let scout = scout::teach(&own, options.rounds, options.seed);
        if let Some(path) = file(without) {
            std::fs::write(path, scout.write())?;
        }
        Ok(scout)
    };
    std::thread::scope(|scope| {
        let far = scope.spawn(|| [teach(3), teach(4), teach(FOLDS)]);
        let near = [teach(0), teach(1), teach(2)];
        let far = far.join().unwrap_or_else(|e| std::panic::resume_unwind(e));
        near.into_iter().chain(far).collect()
    })
}

/// Trains, cross-validates, writes.
pub fn run(options: &Options) -> Result<()> {
    let lexicon = Lexicon::load(&config::lexicon_files(&[])?).map_err(|p| anyhow::anyhow!("{}", p[0]))?;
    let sets: Vec<PathBuf> = options.gold.iter().chain(&options.own).cloned().collect();
    let prepared = load(&sets, options.gold.len(), options.texts.as_ref(), &lexicon)?;
    let lessons: Vec<(usize, scout::Example)> =
        prepared.iter().flat_map(|p| lessons::of(p, &lexicon).into_iter().map(|l| (p.fold, l))).collect();
    let acts: usize = lessons.iter().map(|(_, l)| l.acts.len()).sum();
    println!("{} sentences to teach scouts with, {acts} acts in them", lessons.len());
    let scouts = taught(options, &lessons)?;
    let seen: Vec<(usize, &scout::Example)> = lessons.iter().map(|(f, l)| (*f, l)).collect();
    println!("{}", scout::figures(&seen, &scouts));
    let items: Vec<Item> = prepared.iter().map(|p| item(p, &lexicon, Some(&scouts[p.fold]))).collect();
    let all: usize = items.iter().map(|i| i.examples.len()).sum();
    let right: usize = items.iter().flat_map(|i| &i.examples).filter(|e| e.right).count();
    println!("{} items, {all} candidates, {right} of them right", items.len());
    let (reach, wanted) = items.iter().fold((0, 0), |(r, w), i| {
        let hit = |g: &&Pair| i.examples.iter().any(|e| !e.negated && e.pairs.iter().any(|p| p.meets(g)));
        (
            r + i.gold.iter().filter(|g| g.is_dyad()).filter(hit).count(),
            w + i.gold.iter().filter(|g| g.is_dyad()).count(),
        )
    });
    println!("the candidates reach {reach} of {wanted} labelled pairs");
    if options.misses {
        misses(&items);
    }
    let models: Vec<Model> = (0..FOLDS)
        .map(|fold| train(&items.iter().filter(|i| i.fold != fold).collect::<Vec<_>>(), options))
        .collect();
    let bar = bar(&items, &models, sets.len(), options.gold.len());
    if let Some(path) = &options.dump {
        dump(path, &items, &models)?;
    }
    let model = train(&items.iter().collect::<Vec<_>>(), options);
    let unseen = load(&options.held, options.held.len(), None, &lexicon)?;
    let unseen: Vec<Item> = unseen.iter().map(|p| item(p, &lexicon, Some(&scouts[FOLDS]))).collect();
    held(&unseen, &model, bar, options.held.len());
    if options.dry {
        return Ok(());
    }
    std::fs::write(&options.scout, scouts[FOLDS].write())?;
    std::fs::write(&options.out, write(&model.weights, model.bias, bar))?;
    println!(
        "wrote {} that asks {:.2} of an event, {:.2} at home",
        options.out.display(),
        bar.abroad,
        bar.home
    );
    Ok(())
}
