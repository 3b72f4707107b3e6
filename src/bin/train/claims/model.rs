//! Logistic regression over hashed features, AdaGrad, a fixed number of epochs, everything seeded.

use chancery::code::judge::SLOTS;

use super::{Example, Item, Options};
use crate::random::Random;

/// What a sentence of our own counts for beside one that was found: it is written to teach, and fits less what is read.
const OWN: f32 = 0.5;

/// A judge in the making.
pub struct Model {
    pub weights: Vec<f32>,
    pub bias: f32,
}

impl Model {
    pub fn p(&self, e: &Example) -> f32 {
        let sum: f32 = e.slots.iter().map(|&s| self.weights[s]).sum::<f32>() + self.bias + e.prior;
        1.0 / (1.0 + (-sum).exp())
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
    let weighed = |i: &&Item| -> f32 { if i.own { OWN } else { 1.0 } };
    let all = items.iter().flat_map(|i| i.examples.iter().map(move |e| (weighed(i), e)));
    let mut examples: Vec<(f32, &Example)> = all.filter(|(_, e)| !e.negated).collect();
    let mut model = Model { weights: vec![0.0; SLOTS], bias: 0.0 };
    let mut squares = vec![1e-6f32; SLOTS];
    let mut random = Random::new(seed);
    for _ in 0..options.epochs {
        random.shuffle(&mut examples);
        for (weight, e) in &examples {
            let error = weight * (model.p(e) - f32::from(u8::from(e.right)));
            for &s in &e.slots {
                let step = error + options.decay * 50.0 * model.weights[s];
                squares[s] += step * step;
                model.weights[s] -= 0.1 * step / squares[s].sqrt();
            }
        }
    }
    model
}
