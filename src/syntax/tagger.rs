//! Tags, left to right: each word's Penn and Universal tag as one class.

use super::forms::{Case, Forms};
use super::hash::{feature, join};
use super::linear::{Classes, Linear};

/// The most features one word has.
pub const FEATURES: usize = 48;

/// Stands for the tag before the sentence.
const EDGE: u32 = 250;

/// Collects the features of word `i`, given the classes of the words before it. Returns how many there are.
pub fn features(forms: &Forms, tags: &[u8], i: usize, out: &mut [u32; FEATURES]) -> usize {
    let mut n = 0;
    let mut put = |k: u32, a: u32, b: u32, c: u32| {
        out[n] = feature(k, a, b, c);
        n += 1;
    };
    let words = &forms.words;
    let w = words[i];
    let at = |d: isize| words.get((i as isize + d) as usize).copied().unwrap_or_default();
    let (p1, p2, n1, n2) = (at(-1), at(-2), at(1), at(2));
    let t1 = if i > 0 { u32::from(tags[i - 1]) } else { EDGE };
    let t2 = if i > 1 { u32::from(tags[i - 2]) } else { EDGE };
    let case = forms.case as u32;
    // In headlines the look of a word says less; its own template keeps that apart.
    let look = case << 3 | u32::from(w.capital) << 1 | u32::from(w.shout) << 2 | u32::from(i == 0);
    put(0, w.lower, 0, 0);
    put(1, w.exact, case, u32::from(i == 0));
    for (k, s) in w.suffix.iter().enumerate() {
        put(2 + k as u32, *s, look, 0);
    }
    put(6, w.suffix[2], 0, 0);
    for (k, s) in w.prefix.iter().enumerate() {
        put(7 + k as u32, *s, 0, 0);
    }
    put(10, w.shape, u32::from(i == 0), case);
    put(11, w.fine, 0, 0);
    put(12, w.coarse, look, 0);
    put(13, w.fine, look, 0);
    put(14, p1.lower, 0, 0);
    put(15, p2.lower, 0, 0);
    put(16, n1.lower, 0, 0);
    put(17, n2.lower, 0, 0);
    put(18, p1.fine, 0, 0);
    put(19, n1.fine, 0, 0);
    put(20, n2.fine, n1.fine, 0);
    put(21, n1.suffix[2], 0, 0);
    put(22, p1.suffix[2], 0, 0);
    put(23, n1.shape, look, 0);
    put(24, p1.shape, look, 0);
    put(25, t1, 0, 0);
    put(26, t1, t2, 0);
    put(27, t1, w.lower, 0);
    put(28, t1, n1.lower, 0);
    put(29, p1.lower, w.lower, 0);
    put(30, w.lower, n1.lower, 0);
    put(31, p1.lower, n1.lower, 0);
    put(32, t1, w.fine, 0);
    put(33, t1, t2, w.lower);
    put(34, t1, w.suffix[2], look);
    put(35, w.fine, n1.fine, 0);
    put(36, p1.fine, w.fine, 0);
    put(37, t1, look, w.shape);
    put(38, t1, w.coarse, n1.coarse);
    put(39, t1, n1.suffix[1], w.suffix[1]);
    put(40, w.lower, n1.suffix[1], 0);
    put(41, t1, t2, w.fine);
    put(42, n1.lower, n2.lower, w.suffix[1]);
    put(43, p2.lower, p1.lower, w.suffix[1]);
    put(44, w.lower, n1.fine, t1);
    put(45, join(w.suffix[1], look), n1.coarse, t1);
    if case == Case::Prose as u32 {
        put(46, look, n1.shape, p1.shape);
    }
    n
}

/// Gives each word its class.
pub fn tag(forms: &Forms, model: &impl Linear, classes: usize, out: &mut Vec<u8>) {
    out.clear();
    let mut ids = [0; FEATURES];
    for i in 0..forms.words.len() {
        let n = features(forms, out, i, &mut ids);
        let mut scores: Classes = [0.0; 128];
        model.score(&ids[..n], &mut scores);
        out.push(best(&scores, classes));
    }
}

/// The class with the highest score; the first of equals.
pub fn best(scores: &Classes, classes: usize) -> u8 {
    let mut top = 0;
    for c in 1..classes {
        if scores[c] > scores[top] {
            top = c;
        }
    }
    top as u8
}
