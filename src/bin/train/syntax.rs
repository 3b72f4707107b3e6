//! Training of tagger, parser, labeller and lemmas.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chancery::model::{Rel, Upos, Xpos};
use chancery::syntax::atoms::Atoms;
use chancery::syntax::conllu::{self, Gold};
use chancery::syntax::labels::{self, Labelling};
use chancery::syntax::linear::{Classes, Linear, Moves};
use chancery::syntax::parser::{self, Search};
use chancery::syntax::state::{Move, NIL, Node, State};
use chancery::syntax::{BEAM, Syntax, evaluate, lemma, tagger, weights};
use clap::Args;

use crate::examples::{Example, example, kinds, restyle};
use crate::perceptron::{Many, Three};
use crate::random::Random;

/// What to train from and where to.
#[derive(Args)]
pub struct Options {
    /// Directory with `train-ewt.conllu`, `train-gum.conllu`, `dev-ewt.conllu` (the house keeps it at ../shared/treebank).
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
    /// Rounds over the sentences for the parser.
    #[arg(long, default_value_t = 10)]
    epochs: usize,
    /// Rounds for the tagger.
    #[arg(long, default_value_t = 8)]
    tag_epochs: usize,
    /// Rounds for the labeller.
    #[arg(long, default_value_t = 8)]
    label_epochs: usize,
    /// Width of the parser's beam while it learns.
    #[arg(long, default_value_t = BEAM)]
    beam: usize,
    /// Buckets of the parser's table, as a power of two.
    #[arg(long, default_value_t = 17)]
    bits: u32,
    /// Updates a feature of the parser needs to be kept.
    #[arg(long, default_value_t = 8)]
    least: u16,
}

/// Trains everything.
pub fn run(options: &Options) -> Result<()> {
    let mut random = Random::new(options.seed);
    let mut train = Vec::new();
    for file in &options.files {
        train.extend(read(&options.treebank.join(file))?);
    }
    let dev = read(&options.treebank.join("dev-ewt.conllu"))?;
    let kinds = kinds(&train);
    println!("{} sentences, {} classes of tags", train.len(), kinds.len());
    let mut examples: Vec<Example> = Vec::new();
    for (source, gold) in train.iter().enumerate() {
        let words: Vec<String> = gold.words.iter().map(|w| w.form.clone()).collect();
        examples.push(example(source, gold, &words, &kinds));
        if let Some((gold, words)) = restyle(gold, &mut random) {
            examples.push(example(source, &gold, &words, &kinds));
        }
    }
    random.shuffle(&mut examples);
    see(&mut examples, kinds.len(), &mut random);
    let tags = learn_tags(&examples, kinds.len(), options.tag_epochs, &mut random);
    let tags = tags.freeze(3, 0.25);
    let labels = learn_labels(&examples, &kinds, options.label_epochs, &mut random).freeze(4, 0.25);
    let lemmas = learn_lemmas(&train);
    let classes: Vec<u8> = kinds.iter().flat_map(|(u, x)| [*u as u8, *x as u8]).collect();
    let pack = |moves: &[u8]| {
        weights::write([&classes, &tags.0, &tags.1, moves, &labels.0, &labels.1, &lemmas.0, &lemmas.1])
    };
    let mut model = Three::new();
    for epoch in 1..=options.epochs {
        let begin = std::time::Instant::now();
        let wrong = learn_moves(&examples, &kinds, options.beam, &mut model, &mut random);
        let took = begin.elapsed().as_secs();
        let line = if epoch % 3 == 0 || epoch == options.epochs {
            let file = pack(&model.freeze(options.least, options.bits, 0.2));
            std::fs::write(&options.out, &file)
                .with_context(|| format!("writing {}", options.out.display()))?;
            figures(&dev, &Syntax::open(&file).context("weights just written")?)
        } else {
            String::new()
        };
        println!("parser {epoch}: {wrong} of {} wrong, {took} s{line}", examples.len());
    }
    let sizes = [
        classes.len(),
        tags.0.len(),
        tags.1.len(),
        labels.0.len(),
        labels.1.len(),
        lemmas.0.len(),
        lemmas.1.len(),
    ];
    println!("bytes of classes, tagger (2), labeller (2), lemmas (2): {sizes:?}");
    Ok(())
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
        "; dev UPOS {:.2} XPOS {:.2} UAS {:.2} LAS {:.2} ({:.2} with subtypes) lemma {:.2}",
        s.upos.f1(),
        s.xpos.f1(),
        s.uas.f1(),
        s.las.f1(),
        s.full.f1(),
        s.lemma.f1()
    )
}

/// Gives every example the tags that a tagger makes which has not learnt from it: parser and labeller must meet the
/// mistakes they will meet later.
fn see(examples: &mut [Example], classes: usize, random: &mut Random) {
    const FOLDS: usize = 5;
    let mut right = 0;
    let mut all = 0;
    for fold in 0..FOLDS {
        let others: Vec<Example> =
            examples.iter().filter(|e| e.source % FOLDS != fold).cloned().collect();
        let model = learn_tags(&others, classes, 4, random);
        let (index, pairs) = model.freeze(2, 0.1);
        let model = chancery::syntax::linear::Sparse::new(&index, &pairs);
        for e in examples.iter_mut().filter(|e| e.source % FOLDS == fold) {
            tagger::tag(&e.forms, &model, classes, &mut e.seen);
            right += e.seen.iter().zip(&e.tags).filter(|(a, b)| a == b).count();
            all += e.tags.len();
        }
    }
    println!("tags on sentences not learnt from: {:.2} %", 100.0 * right as f64 / all as f64);
}

fn learn_tags(examples: &[Example], classes: usize, epochs: usize, random: &mut Random) -> Many {
    let mut model = Many::new();
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut ids = [0; tagger::FEATURES];
    let mut said = Vec::new();
    for _ in 0..epochs {
        random.shuffle(&mut order);
        for &i in &order {
            let e = &examples[i];
            said.clear();
            for (k, &right) in e.tags.iter().enumerate() {
                let n = tagger::features(&e.forms, &said, k, &mut ids);
                let mut scores: Classes = [0.0; 128];
                model.score(&ids[..n], &mut scores);
                let guess = tagger::best(&scores, classes);
                if guess != right {
                    model.learn(&ids[..n], right, guess);
                }
                model.tick();
                said.push(guess);
            }
        }
    }
    model
}

fn learn_labels(examples: &[Example], kinds: &[(Upos, Xpos)], epochs: usize, random: &mut Random) -> Many {
    let mut model = Many::new();
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut ids = [0; labels::FEATURES];
    let (mut atoms, mut tree) = (Atoms::default(), Labelling::default());
    for epoch in 1..=epochs {
        random.shuffle(&mut order);
        let (mut wrong, mut all) = (0, 0);
        for &i in &order {
            let e = &examples[i];
            atoms.look(&e.forms, &e.seen, kinds);
            tree.heads.clone_from(&e.heads);
            tree.look(&atoms, |k| kinds[e.seen[k] as usize].0);
            for d in tree.order().to_vec() {
                let right = e.rels[d as usize];
                if tree.heads[d as usize] as usize == e.heads.len() {
                    tree.set(d, Rel::Root as u8);
                    continue;
                }
                let n = labels::features(&e.forms, &atoms, &tree, d, &mut ids);
                let mut scores: Classes = [0.0; 128];
                model.score(&ids[..n], &mut scores);
                scores[Rel::Root as usize] = f32::MIN;
                let guess = tagger::best(&scores, Rel::ALL.len());
                all += 1;
                if guess != right {
                    wrong += 1;
                    model.learn(&ids[..n], right, guess);
                }
                model.tick();
                tree.set(d, guess);
            }
        }
        println!("labels {epoch}: {:.2} % wrong", 100.0 * f64::from(wrong) / f64::from(all));
    }
    model
}

/// The move that leads to the tree from a state on its way.
fn oracle(heads: &[u16], state: &State, nodes: &[Node], waiting: &[u16]) -> Move {
    if state.top != NIL {
        let top = nodes[state.top as usize];
        if heads[top.word as usize] == state.next {
            return Move::Left;
        }
        if top.below != NIL {
            let below = nodes[top.below as usize].word;
            if heads[top.word as usize] == below && u16::from(top.kids.right) >= waiting[top.word as usize] {
                return Move::Right;
            }
        }
    }
    Move::Shift
}

/// The moves that build a tree.
fn gold_moves(heads: &[u16]) -> Option<Vec<Move>> {
    let n = heads.len();
    let mut waiting = vec![0u16; n + 1];
    for (d, &h) in heads.iter().enumerate() {
        if (h as usize) < d {
            waiting[h as usize] += 1;
        }
    }
    let mut nodes = Vec::new();
    let mut state = State::START;
    let mut moves = Vec::with_capacity(2 * n);
    for _ in 0..2 * n {
        let m = oracle(heads, &state, &nodes, &waiting);
        if !state.allows(m, n) {
            return None;
        }
        moves.push(m);
        state = state.after(m, &mut nodes);
    }
    Some(moves)
}

/// One round of learning by greatest violation: where the beam's best leads the right derivation by most, the moves
/// up to there are rewarded and blamed. Returns how many sentences went wrong.
fn learn_moves(
    examples: &[Example],
    kinds: &[(Upos, Xpos)],
    beam: usize,
    model: &mut Three,
    random: &mut Random,
) -> usize {
    let mut order: Vec<usize> = (0..examples.len()).collect();
    random.shuffle(&mut order);
    let (mut atoms, mut search) = (Atoms::default(), Search::default());
    let mut said = Vec::new();
    let mut wrong = 0;
    for &i in &order {
        let e = &examples[i];
        model.tick();
        let Some(right) = gold_moves(&e.heads) else { continue };
        atoms.look(&e.forms, &e.seen, kinds);
        let scores = gold_scores(&atoms, &right, model);
        search.reset();
        let mut worst: (f32, usize, u32) = (0.0, 0, NIL);
        let mut step = 0;
        while search.advance(&atoms, model, beam) {
            let best = search.beam()[0];
            let lead = best.score - scores[step];
            step += 1;
            if lead >= worst.0 {
                search.moves_to(best.last, &mut said);
                if said[..] != right[..step] {
                    worst = (lead, step, best.last);
                }
            }
        }
        if worst.2 == NIL {
            continue;
        }
        wrong += 1;
        search.moves_to(worst.2, &mut said);
        update(&atoms, &right[..worst.1], &said, model);
    }
    wrong
}

/// The running score of the right derivation.
fn gold_scores(atoms: &Atoms, moves: &[Move], model: &Three) -> Vec<f32> {
    let mut ids = [0; parser::FEATURES];
    let (mut nodes, mut state) = (Vec::new(), State::START);
    let mut sum = 0.0;
    let mut out = Vec::with_capacity(moves.len());
    for m in moves {
        let n = parser::features(atoms, &state, &nodes, &mut ids);
        sum += model.moves(&ids[..n])[*m as usize];
        out.push(sum);
        state = state.after(*m, &mut nodes);
    }
    out
}

/// Rewards one derivation and blames the other from where they part.
fn update(atoms: &Atoms, right: &[Move], wrong: &[Move], model: &mut Three) {
    let parting = right.iter().zip(wrong).take_while(|(a, b)| a == b).count();
    let mut ids = [0; parser::FEATURES];
    for (moves, amount) in [(right, 1.0), (wrong, -1.0)] {
        let (mut nodes, mut state) = (Vec::new(), State::START);
        for (k, m) in moves.iter().enumerate() {
            if k >= parting {
                let n = parser::features(atoms, &state, &nodes, &mut ids);
                model.learn(&ids[..n], *m as usize, amount);
            }
            state = state.after(*m, &mut nodes);
        }
    }
}

/// The lemmas that the rules miss.
fn learn_lemmas(train: &[Gold]) -> (Vec<u8>, Vec<u8>) {
    use std::collections::BTreeMap;
    let mut counts: BTreeMap<u32, (BTreeMap<&str, usize>, &str, Xpos)> = BTreeMap::new();
    for w in train.iter().flat_map(|g| &g.words) {
        let entry = counts.entry(lemma::key(&w.form, w.xpos)).or_insert((BTreeMap::new(), &w.form, w.xpos));
        *entry.0.entry(&w.lemma).or_default() += 1;
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
