//! Rules propose, a small model disposes: a linear model over what is seen of a candidate.
//!
//! `p = 1 / (1 + exp(-(prior + bias + sum of the weights of its features)))`, where the prior is the log odds of the
//! formula's confidence: what the model has never seen stays at what the rule says. Features have short names ("event SANCTION, slot
//! on"), hashed into a flat table of 16-bit weights that is trained by `train claims` and built into the binary.
//! Where the weights are absent, or switched off, the rules stand alone.

pub mod features;
mod name;
pub(super) mod watch;

use std::sync::OnceLock;

use features::Features;

/// Slots of the table.
pub const SLOTS: usize = 1 << 20;

/// The first bytes of a weights file: format and version.
pub const MAGIC: &[u8; 8] = b"CHCLAIM2";

static EMBEDDED: &[u8] = include_bytes!("weights/claims.bin");

/// The least probability at which a candidate is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    /// Between two parties, or by one.
    pub abroad: f32,
    /// Of a country on itself: ordinary home news has the same words.
    pub home: f32,
}

impl Bar {
    /// What a candidate has to reach.
    pub fn of(&self, home: bool) -> f32 {
        if home { self.home } else { self.abroad }
    }
}

/// A trained model, read in place from its file: magic, scale, bias and the two bars (f32 each), then one i16 a slot.
#[derive(Clone, Copy, Debug)]
pub struct Judge<'a> {
    scale: f32,
    bias: f32,
    bar: Bar,
    weights: &'a [u8],
}

impl<'a> Judge<'a> {
    /// The model built into the binary; `None` when it was built without one.
    pub fn embedded() -> Option<Judge<'static>> {
        static JUDGE: OnceLock<Option<Judge<'static>>> = OnceLock::new();
        *JUDGE.get_or_init(|| Judge::read(EMBEDDED))
    }

    /// Reads a weights file; `None` when it is not one of this version.
    pub fn read(bytes: &'a [u8]) -> Option<Judge<'a>> {
        let rest = bytes.strip_prefix(MAGIC.as_slice())?;
        let number =
            |i: usize| rest.get(4 * i..4 * i + 4).and_then(|b| b.try_into().ok()).map(f32::from_le_bytes);
        let (scale, bias) = (number(0)?, number(1)?);
        let bar = Bar { abroad: number(2)?, home: number(3)? };
        let weights = rest.get(16..)?;
        (weights.len() == 2 * SLOTS).then_some(Judge { scale, bias, bar, weights })
    }

    /// The least probability that a candidate needs to be told.
    pub fn bar(&self) -> Bar {
        self.bar
    }

    fn weight(&self, slot: u32) -> f32 {
        let i = 2 * slot as usize;
        f32::from(i16::from_le_bytes([self.weights[i], self.weights[i + 1]])) * self.scale
    }

    /// The probability of a candidate that starts from `prior` log odds.
    pub fn p(&self, prior: f32, features: &Features) -> f32 {
        probability(self.add(self.odds(prior), features))
    }

    /// The log odds of a candidate of which nothing is seen yet.
    pub(super) fn odds(&self, prior: f32) -> f32 {
        self.bias + prior
    }

    /// Log odds with the weights of more features; what is added in two steps is the same to the last bit.
    pub(super) fn add(&self, odds: f32, features: &Features) -> f32 {
        features.slots.iter().fold(odds, |sum, &f| sum + self.weight(f))
    }

    /// Whether no candidate with these log odds is told, at home or abroad.
    pub(super) fn is_hopeless(&self, odds: f32) -> bool {
        probability(odds) < self.bar.abroad.min(self.bar.home)
    }

    /// What tipped it: of the named features those that weighed most, heaviest first.
    pub fn tipped(&self, prior: f32, features: &Features) -> Vec<(String, f32)> {
        let names = features.names.iter().flatten().cloned();
        let mut tipped: Vec<(String, f32)> =
            names.zip(features.slots.iter().map(|&f| self.weight(f))).collect();
        tipped.push(("the rule's word".into(), prior));
        tipped.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        tipped.truncate(4);
        tipped
    }
}

/// The probability of log odds.
fn probability(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

/// The log odds that a candidate starts from: its formula's confidence, or little where a side stands in no slot.
pub fn prior(confidence: f32, loose: bool) -> f32 {
    if loose {
        return -2.0;
    }
    let p = confidence.clamp(0.05, 0.95);
    (p / (1.0 - p)).ln()
}

/// Writes a weights file from trained weights; the inverse of [`Judge::read`].
pub fn write(weights: &[f32], bias: f32, bar: Bar) -> Vec<u8> {
    let largest = weights.iter().fold(0f32, |m, w| m.max(w.abs())).max(1e-6);
    let scale = largest / f32::from(i16::MAX);
    let mut out = MAGIC.to_vec();
    for number in [scale, bias, bar.abroad, bar.home] {
        out.extend(number.to_le_bytes());
    }
    for w in weights {
        out.extend(((w / scale).round() as i16).to_le_bytes());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let mut features = Features::new(true);
        features.add_event("SANCTION");
        let mut weights = vec![0.0; SLOTS];
        weights[features.slots[0] as usize] = 2.0;
        let bar = Bar { abroad: 0.4, home: 0.5 };
        let bytes = write(&weights, -0.5, bar);
        let judge = Judge::read(&bytes).unwrap();
        assert_eq!((judge.bar(), judge.bar().of(true)), (bar, 0.5));
        let p = judge.p(0.0, &features);
        assert!((p - 0.8176).abs() < 1e-3, "{p}");
        assert_eq!(judge.tipped(0.0, &features)[0].0, "event SANCTION");
        assert!(Judge::read(b"no such file").is_none());
    }
}
