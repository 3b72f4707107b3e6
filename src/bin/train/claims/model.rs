//! Regression over hashed features: the candidates at one word and "no event" are rivals, of which one is told. AdaGrad,
//! a fixed number of epochs, everything seeded.

use std::collections::BTreeMap;

use chancery::code::judge::SLOTS;

use super::{Example, Item, Options};
use crate::random::Random;

/// What a sentence of our own counts for beside one that was found: it is written to teach, and fits less what is read.
const OWN: f32 = 0.5;

/// An error too small to learn from.
const LEAST: f32 = 1e-4;

/// A judge in the making.
pub struct Model {
    pub weights: Vec<f32>,
    pub bias: f32,
}

impl Model {
    /// Log odds of a candidate.
    fn score(&self, e: &Example) -> f32 {
        e.slots.iter().map(|&s| self.weights[s]).sum::<f32>() + self.bias + e.prior
    }

    pub fn p(&self, e: &Example) -> f32 {
        1.0 / (1.0 + (-self.score(e)).exp())
    }
}

/// The mean of several models that differ only in the order of their examples: steadier than any of them.
pub fn train(items: &[&Item], options: &Options) -> Model {
    let mut mean = Model { weights: vec![0.0; SLOTS], bias: 0.0 };
    let share = 1.0 / options.members as f32;
    for member in 0..options.members {
        let one = train_one(items, options, options.seed + member as u64);
        mean.bias += one.bias * share;
        mean.weights.iter_mut().zip(one.weights).for_each(|(m, w)| *m += w * share);
    }
    mean
}

fn train_one(items: &[&Item], options: &Options, seed: u64) -> Model {
    let mut words: Vec<(f32, Vec<&Example>)> = Vec::new();
    for item in items {
        let mut by_word: BTreeMap<(u32, usize), Vec<&Example>> = BTreeMap::new();
        for e in item.examples.iter().filter(|e| !e.negated) {
            by_word.entry(e.group).or_default().push(e);
        }
        let weight = if item.own { OWN } else { 1.0 };
        words.extend(by_word.into_values().map(|rivals| (weight, rivals)));
    }
    let mut model = Model { weights: vec![0.0; SLOTS], bias: 0.0 };
    let mut squares = vec![1e-6f32; SLOTS];
    let mut random = Random::new(seed);
    for _ in 0..options.epochs {
        random.shuffle(&mut words);
        for (weight, rivals) in &words {
            for (e, error) in rivals.iter().zip(errors(&model, rivals)) {
                if error.abs() < LEAST {
                    continue;
                }
                for &s in &e.slots {
                    let step = weight * error + options.decay * 50.0 * model.weights[s];
                    squares[s] += step * step;
                    model.weights[s] -= 0.1 * step / squares[s].sqrt();
                }
            }
        }
    }
    model
}

/// How far each of the rivals at one word is from what it should be: of them and of no event at all one is told, so
/// each share of the odds is held against its share among those that are right.
fn errors(model: &Model, rivals: &[&Example]) -> Vec<f32> {
    let odds: Vec<f32> = rivals.iter().map(|e| model.score(e).clamp(-30.0, 30.0).exp()).collect();
    let all = 1.0 + odds.iter().sum::<f32>();
    let right: f32 = odds.iter().zip(rivals).filter(|(_, e)| e.right).map(|(o, _)| o).sum();
    let error = |(o, e): (&f32, &&Example)| o / all - if e.right { o / right } else { 0.0 };
    odds.iter().zip(rivals).map(error).collect()
}
