//! Rules propose, a small model disposes: a linear model over what is seen of a candidate.
//!
//! `p = 1 / (1 + exp(-(prior + bias + sum of the weights of its features)))`, where the prior is the log odds of the
//! formula's confidence: what the model has never seen stays at what the rule says. Features are short texts ("event SANCTION, slot
//! on"), hashed into a flat table of 16-bit weights that is trained by `train claims` and built into the binary.
//! Where the weights are absent, or switched off, the rules stand alone.

pub mod features;

use std::sync::OnceLock;

use xxhash_rust::xxh3::xxh3_64;

/// Slots of the table.
pub const SLOTS: usize = 1 << 16;

/// The first bytes of a weights file: format and version.
pub const MAGIC: &[u8; 8] = b"CHCLAIM1";

static EMBEDDED: &[u8] = include_bytes!("weights/claims.bin");

/// The slot of a feature.
pub fn slot(feature: &str) -> usize {
    xxh3_64(feature.as_bytes()) as usize & (SLOTS - 1)
}

/// A trained model, read in place from its file: magic, scale (f32), bias (f32), threshold (f32), then one i16 a slot.
#[derive(Clone, Copy, Debug)]
pub struct Judge<'a> {
    scale: f32,
    bias: f32,
    threshold: f32,
    weights: &'a [u8],
}

/// A verdict on a candidate.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Probability that the candidate is an event as a person would label it.
    pub p: f32,
    /// The features that weighed most, with their weights, heaviest first.
    pub tipped: Vec<(String, f32)>,
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
        let (scale, bias, threshold) = (number(0)?, number(1)?, number(2)?);
        let weights = rest.get(12..)?;
        (weights.len() == 2 * SLOTS).then_some(Judge { scale, bias, threshold, weights })
    }

    /// The least probability that a candidate needs to be told.
    pub fn threshold(&self) -> f32 {
        self.threshold
    }

    fn weight(&self, feature: &str) -> f32 {
        let i = 2 * slot(feature);
        f32::from(i16::from_le_bytes([self.weights[i], self.weights[i + 1]])) * self.scale
    }

    /// The probability of a candidate: what is asked of every one, so nothing is kept of the way to it.
    pub fn p(&self, prior: f32, features: &[String]) -> f32 {
        let sum = features.iter().fold(self.bias + prior, |sum, f| sum + self.weight(f));
        1.0 / (1.0 + (-sum).exp())
    }

    /// Judges a candidate by its features, and tells what tipped it.
    pub fn weigh(&self, prior: f32, features: &[String]) -> Verdict {
        let mut tipped: Vec<(String, f32)> = Vec::with_capacity(features.len() + 1);
        let mut sum = self.bias + prior;
        tipped.push(("the rule's word".into(), prior));
        for feature in features {
            let w = self.weight(feature);
            sum += w;
            tipped.push((feature.clone(), w));
        }
        tipped.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        tipped.truncate(4);
        Verdict { p: 1.0 / (1.0 + (-sum).exp()), tipped }
    }
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
pub fn write(weights: &[f32], bias: f32, threshold: f32) -> Vec<u8> {
    let largest = weights.iter().fold(0f32, |m, w| m.max(w.abs())).max(1e-6);
    let scale = largest / f32::from(i16::MAX);
    let mut out = MAGIC.to_vec();
    for number in [scale, bias, threshold] {
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
        let mut weights = vec![0.0; SLOTS];
        weights[slot("event SANCTION")] = 2.0;
        let bytes = write(&weights, -0.5, 0.4);
        let judge = Judge::read(&bytes).unwrap();
        let verdict = judge.weigh(0.0, &["event SANCTION".into()]);
        assert!((verdict.p - 0.8176).abs() < 1e-3, "{}", verdict.p);
        assert!(Judge::read(b"no such file").is_none());
    }
}
