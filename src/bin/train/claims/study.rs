//! What a judge would tell, how much of it is right, and what escapes.

use std::collections::BTreeSet;

use anyhow::Result;
use chancery::code::judge::Bar;
use serde_json::Value;

use super::model::Model;
use super::{Example, Item, Pair, SLACK};

/// The candidates of an item with their probabilities, the surest first.
fn weigh<'i>(item: &'i Item, model: &Model) -> Vec<(f32, &'i Example)> {
    let mut weighed: Vec<(f32, &Example)> = item.examples.iter().map(|e| (model.p(e), e)).collect();
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0));
    weighed
}

/// What would be told of an item that was weighed: the surest candidate of each trigger that reaches the bar.
fn told(weighed: &[(f32, &Example)], bar: Bar) -> Vec<Pair> {
    let mut spoken: Vec<(u32, usize)> = Vec::new();
    let sure = weighed.iter().filter(|(p, e)| {
        if *p < bar.of(e.home) || e.negated || spoken.contains(&e.group) {
            return false;
        }
        spoken.push(e.group);
        true
    });
    let all: BTreeSet<Pair> = sure.flat_map(|(_, e)| e.pairs.clone()).collect();
    all.into_iter().collect()
}

/// Right, said, labelled, and items without events that were spoken of.
#[derive(Clone, Copy, Default)]
pub struct Figures {
    right: usize,
    said: usize,
    gold: usize,
    alarms: usize,
    empty: usize,
}

impl Figures {
    pub fn add(&mut self, item: &Item, said: &[Pair]) {
        let dyads: Vec<&Pair> = said.iter().filter(|p| p.is_dyad()).collect();
        let gold: Vec<&Pair> = item.gold.iter().filter(|p| p.is_dyad()).collect();
        self.right += gold.iter().filter(|g| dyads.iter().any(|p| p.meets(g))).count();
        self.said += dyads.len();
        self.gold += gold.len();
        self.empty += usize::from(item.empty);
        self.alarms += usize::from(item.empty && !said.is_empty());
    }

    fn precision(&self) -> f64 {
        self.right as f64 / self.said.max(1) as f64
    }

    pub fn f1(&self) -> f64 {
        2.0 * self.right as f64 / (self.said + self.gold).max(1) as f64
    }
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        let (p, r) = (self.precision(), self.right as f64 / self.gold.max(1) as f64);
        write!(f, "P {p:.3} R {r:.3} F1 {:.3}, alarms {}/{}", self.f1(), self.alarms, self.empty)
    }
}

/// Labelled pairs that no candidate reaches, sorted by cause.
pub fn misses(items: &[Item]) {
    let mut causes: std::collections::BTreeMap<&str, usize> = Default::default();
    for item in items {
        for (g, e) in item.gold.iter().zip(item.line["events"].as_array().into_iter().flatten()) {
            if !g.is_dyad() || item.examples.iter().any(|x| x.pairs.iter().any(|p| p.meets(g))) {
                continue;
            }
            let tagged = |side: &Option<String>| side.as_ref().is_some_and(|c| item.tagged.contains(c));
            let cause = match (tagged(&g.actor), tagged(&g.recipient)) {
                (false, _) => "actor not found",
                (_, false) => "recipient not found",
                _ if item.examples.iter().any(|x| x.pairs.iter().any(|p| p.root == g.root)) => "sides",
                _ => "no trigger",
            };
            *causes.entry(cause).or_default() += 1;
            let said: BTreeSet<String> = item
                .examples
                .iter()
                .flat_map(|x| &x.pairs)
                .map(|p| {
                    format!(
                        "{} {}>{}",
                        p.root,
                        p.actor.as_deref().unwrap_or("-"),
                        p.recipient.as_deref().unwrap_or("-")
                    )
                })
                .collect();
            println!(
                "MISS [{cause}] {} {}>{} {} | {} | {} || {} || {:?}",
                g.root,
                g.actor.as_deref().unwrap_or("-"),
                g.recipient.as_deref().unwrap_or("-"),
                e["src_text"],
                e["trigger"],
                e["tgt_text"],
                item.line["text"],
                said
            );
        }
    }
    println!("{causes:?}");
}

/// One line an item: its labels, and every candidate with the probability that the model of its fold gives it.
pub fn dump(path: &std::path::Path, items: &[Item], models: &[Model]) -> Result<()> {
    let mut out = String::new();
    for item in items {
        let candidates: Vec<Value> = item
            .examples
            .iter()
            .map(|e| {
                let pairs: Vec<Value> = e.pairs.iter().map(|p| serde_json::json!([p.actor, p.recipient, p.root, p.mutual])).collect();
                serde_json::json!({"p": models[item.fold].p(e), "pairs": pairs, "group": e.group, "word": e.word, "rule": e.rule, "loose": e.loose, "negated": e.negated, "right": e.right})
            })
            .collect();
        let line = serde_json::json!({"set": item.set, "fold": item.fold, "item": item.line, "candidates": candidates});
        out.push_str(&line.to_string());
        out.push('\n');
    }
    Ok(std::fs::write(path, out)?)
}

/// The bar whose records are right most often among those whose mean F1 over the first `gold` sets is within [`SLACK`]
/// of the best; of equals the higher.
pub fn bar(items: &[Item], models: &[Model], sets: usize, gold: usize) -> Bar {
    let mut tried: Vec<(Bar, f64, f64)> = Vec::new();
    let weighed: Vec<_> = items.iter().map(|item| (item, weigh(item, &models[item.fold]))).collect();
    let steps = || (5..=14).map(|step| step as f32 * 0.05);
    for bar in steps().flat_map(|abroad| steps().map(move |home| Bar { abroad, home })) {
        if bar.home < bar.abroad {
            continue;
        }
        let mut by_set = vec![Figures::default(); sets];
        for (item, weighed) in &weighed {
            by_set[item.set].add(item, &told(weighed, bar));
        }
        let mean = by_set.iter().take(gold).map(Figures::f1).sum::<f64>() / gold as f64;
        let precision = by_set.iter().take(gold).map(Figures::precision).sum::<f64>() / gold as f64;
        let line: Vec<String> = by_set.iter().map(|f| f.to_string()).collect();
        println!(
            "asked {:.2}, at home {:.2}  mean F1 {mean:.3}   {}",
            bar.abroad,
            bar.home,
            line.join("   ")
        );
        tried.push((bar, mean, precision));
    }
    let best = tried.iter().map(|t| t.1).fold(0.0, f64::max);
    let fair = tried.iter().filter(|t| t.1 >= best - SLACK);
    fair.max_by(|a, b| a.2.total_cmp(&b.2)).map_or(Bar { abroad: 0.5, home: 0.5 }, |t| t.0)
}

/// Figures of the final model on sets that it has never seen.
pub fn held(items: &[Item], model: &Model, bar: Bar, sets: usize) {
    let weighed: Vec<_> = items.iter().map(|item| (item, weigh(item, model))).collect();
    for set in 0..sets {
        for more in [-0.1, -0.05, 0.0, 0.05, 0.1] {
            let bar = Bar { abroad: bar.abroad + more, home: bar.home + more };
            let mut figures = Figures::default();
            for (item, weighed) in weighed.iter().filter(|(item, _)| item.set == set) {
                figures.add(item, &told(weighed, bar));
            }
            println!("held set {set}, asked {:.2}, at home {:.2}: {figures}", bar.abroad, bar.home);
        }
    }
}
