//! Training of the network and the table of lemmas.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chancery::model::{Upos, Xpos};
use chancery::syntax::conllu::{self, Gold};
use chancery::syntax::{Syntax, evaluate, inflect, lemma, weights};
use clap::Args;

use crate::examples::{Example, example, kinds, restyle};
use crate::grammar::Grammar;
use crate::learn::Learner;
use crate::news;
use crate::random::Random;
use crate::retell::retell;

/// What to train from and where to.
#[derive(Args)]
pub struct Options {
    /// Directory of the treebanks (the house keeps it at ../shared/treebank; it is not in the repository).
    #[arg(long)]
    treebank: PathBuf,
    /// Where the weights go.
    #[arg(long)]
    out: PathBuf,
    /// Seed of chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Files to train from.
    #[arg(long, value_delimiter = ',', default_value = "train-ewt.conllu,train-gum.conllu")]
    files: Vec<String>,
    /// File to report figures on after each round.
    #[arg(long, default_value = "dev-ewt.conllu")]
    dev: String,
    /// Rounds over the sentences.
    #[arg(long, default_value_t = 14)]
    epochs: usize,
    /// Sentences of our own in each round.
    #[arg(long, default_value_t = 3600)]
    own: usize,
}

/// Trains everything and writes the weights after each round.
pub fn run(options: &Options) -> Result<()> {
    let mut random = Random::new(options.seed);
    let mut train = Vec::new();
    for file in &options.files {
        train.extend(read(&options.treebank.join(file))?);
    }
    let dev = read(&options.treebank.join(&options.dev))?;
    let kinds = kinds(&train);
    println!("{} sentences, {} classes of tags", train.len(), kinds.len());
    let lemmas = learn_lemmas(&train);
    let classes: Vec<u8> = kinds.iter().flat_map(|(u, x)| [*u as u8, *x as u8]).collect();
    let mut learner = Learner::new(&mut random);
    let plain: Vec<Example> = train.iter().map(|gold| whole(gold, &kinds)).collect();
    let grammar = Grammar::new();
    for epoch in 0..options.epochs {
        let begin = std::time::Instant::now();
        // Other sentences are set as headlines in each round.
        let mut examples = plain.clone();
        examples.extend(train.iter().filter_map(|gold| {
            restyle(gold, &mut random).map(|(gold, words)| example(&gold, &words, &kinds))
        }));
        examples.extend(train.iter().filter_map(|gold| newslike(gold, &kinds, &mut random)));
        examples.extend((0..options.own).map(|_| {
            let gold = grammar.sentence(&mut random);
            let styled = if random.chance(25) { restyle(&gold, &mut random) } else { None };
            styled.map_or_else(|| whole(&gold, &kinds), |(gold, words)| example(&gold, &words, &kinds))
        }));
        let mut order: Vec<usize> = (0..examples.len()).collect();
        random.shuffle(&mut order);
        let rate = |part: f32| {
            let done = (epoch as f32 + part) / options.epochs as f32;
            (done * 40.0).min(1.0) * (1.0 - done).max(0.01)
        };
        let loss = learner.round(&examples, &order, rate, &mut random);
        let took = begin.elapsed().as_secs();
        let (scale, table) = bytes(&learner.table);
        let net: Vec<u8> =
            scale.to_le_bytes().into_iter().chain(learner.net.iter().flat_map(|v| v.to_le_bytes())).collect();
        let file = weights::write([&classes, &net, &table, &lemmas.0, &lemmas.1]);
        std::fs::write(&options.out, &file).with_context(|| format!("writing {}", options.out.display()))?;
        let syntax = Syntax::open(&file).context("weights just written")?;
        println!("round {}: loss {loss:.4}, {took} s; dev {}", epoch + 1, figures(&dev, &syntax));
    }
    Ok(())
}

/// The sentence as newspapers would write it, if it can be written so.
fn newslike(gold: &Gold, kinds: &[(Upos, Xpos)], random: &mut Random) -> Option<Example> {
    let told = if random.chance(25) { retell(gold, random) } else { None };
    let base = told.as_ref().unwrap_or(gold);
    let named = if random.chance(30) { news::person(base, random) } else { None };
    let turned = if random.chance(60) { news::speech(named.as_ref().unwrap_or(base), random) } else { None };
    Some(whole(&turned.or(named).or(told)?, kinds))
}

/// The sentence with its words as they are.
fn whole(gold: &Gold, kinds: &[(Upos, Xpos)]) -> Example {
    let words: Vec<String> = gold.words.iter().map(|w| w.form.clone()).collect();
    example(gold, &words, kinds)
}

/// The table of spellings with a byte for each number, and what one step is worth.
fn bytes(table: &[f32]) -> (f32, Vec<u8>) {
    let mut sizes: Vec<f32> = table.iter().map(|v| v.abs()).filter(|v| *v > 0.0).collect();
    sizes.sort_by(f32::total_cmp);
    // A few numbers far out are cut off rather than coarsen all others.
    let top = sizes.get(sizes.len().saturating_sub(1 + sizes.len() / 2000)).copied().unwrap_or(1.0);
    let step = top / 127.0;
    (step, table.iter().map(|v| (v / step).round().clamp(-127.0, 127.0) as i8 as u8).collect())
}

fn read(path: &Path) -> Result<Vec<Gold>> {
    let text = std::fs::read_to_string(path).with_context(|| {
        format!("{}: training needs the treebanks, which are not in the repository", path.display())
    })?;
    Ok(conllu::read(&text))
}

fn figures(dev: &[Gold], syntax: &Syntax) -> String {
    let s = evaluate::evaluate_gold(dev, syntax).gold;
    format!(
        "UPOS {:.2} XPOS {:.2} UAS {:.2} LAS {:.2} ({:.2} with subtypes) lemma {:.2}",
        s.upos.f1(),
        s.xpos.f1(),
        s.uas.f1(),
        s.las.f1(),
        s.full.f1(),
        s.lemma.f1()
    )
}

/// The lemmas that the rules miss.
fn learn_lemmas(train: &[Gold]) -> (Vec<u8>, Vec<u8>) {
    let mut forms = Vec::new();
    for base in inflect::bases() {
        let v = inflect::verb(base);
        let all =
            [(v.third, Xpos::Vbz), (v.past, Xpos::Vbd), (v.participle, Xpos::Vbn), (v.present, Xpos::Vbg)];
        forms.extend(all.into_iter().map(|(form, xpos)| (form, xpos, v.base.clone())));
    }
    let mut counts: BTreeMap<u32, (BTreeMap<&str, usize>, &str, Xpos)> = BTreeMap::new();
    for w in train.iter().flat_map(|g| &g.words) {
        let entry = counts.entry(lemma::key(&w.form, w.xpos)).or_insert((BTreeMap::new(), &w.form, w.xpos));
        *entry.0.entry(&w.lemma).or_default() += 1;
    }
    for (form, xpos, base) in &forms {
        let entry = counts.entry(lemma::key(form, *xpos)).or_insert((BTreeMap::new(), form, *xpos));
        if entry.0.is_empty() {
            entry.0.insert(base, 1);
        }
    }
    let rows: Vec<(u32, String)> = counts
        .into_iter()
        .filter_map(|(key, (lemmas, form, xpos))| {
            let (lemma, _) = lemmas.into_iter().max_by_key(|(_, n)| *n)?;
            let ok = lemma.len() < 256 && !lemma.is_empty();
            (ok && lemma::by_rule(form, xpos) != lemma).then(|| (key, lemma.to_string()))
        })
        .collect();
    println!("{} lemmas beyond the rules", rows.len());
    lemma::Lemmas::build(&rows)
}
