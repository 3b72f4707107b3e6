//! Simple recurrent units (Lei and others 2018), which read a sentence in one direction.

use pulp::Simd;

use super::matrix::{multiply, rows};

/// Numbers that a layer of `units` in one direction has over an input of `wide`: weights, biases, what the state
/// adds to the gates.
pub const fn size(wide: usize, units: usize) -> usize {
    wide * 3 * units + 3 * units + 2 * units
}

/// Where the biases begin within a layer.
pub const fn bias(wide: usize, units: usize) -> usize {
    wide * 3 * units
}

/// Where the state's say in the gates begins within a layer.
pub const fn say(wide: usize, units: usize) -> usize {
    bias(wide, units) + 3 * units
}

/// One layer's workings, direction by direction.
#[derive(Clone, Debug, Default)]
pub struct Layer {
    /// What came in.
    pub input: Vec<f32>,
    /// Candidates and gates before the state's say.
    pub sums: [Vec<f32>; 2],
    /// States.
    pub state: [Vec<f32>; 2],
    /// Gates that forget.
    pub forget: [Vec<f32>; 2],
    /// Gates that let the state out.
    pub reset: [Vec<f32>; 2],
}

/// A gate between 0 and 1 that needs no exponential.
#[inline(always)]
pub fn gate(x: f32) -> f32 {
    0.5 + 0.5 * x / (1.0 + x.abs())
}

/// Runs a layer of `U` units over rows of `W` in direction `d` (0 forward, 1 backward); its output goes to its half
/// of `next`, whose rows are `W` wide too.
#[inline(always)]
pub fn run<S: Simd, const W: usize, const U: usize>(
    simd: S,
    p: &[f32],
    layer: &mut Layer,
    d: usize,
    n: usize,
    next: &mut [f32],
) {
    let (from, to) = (bias(W, U), say(W, U));
    rows(&mut layer.sums[d], n, 3 * U, &p[from..to]);
    multiply(simd, &layer.input, W, &p[..from], 3 * U, &mut layer.sums[d]);
    for list in [&mut layer.state[d], &mut layer.forget[d], &mut layer.reset[d]] {
        list.clear();
        list.resize(n * U, 0.0);
    }
    let say = &p[to..][..2 * U];
    let mut before = [0f32; U];
    for k in 0..n {
        let t = if d == 0 { k } else { n - 1 - k };
        let sums = &layer.sums[d][t * 3 * U..][..3 * U];
        let skip = &layer.input[t * W + d * U..][..U];
        let (state, forget) = (&mut layer.state[d][t * U..][..U], &mut layer.forget[d][t * U..][..U]);
        let (reset, out) = (&mut layer.reset[d][t * U..][..U], &mut next[t * W + d * U..][..U]);
        for j in 0..U {
            let f = gate(sums[U + j] + say[j] * before[j]);
            let r = gate(sums[2 * U + j] + say[U + j] * before[j]);
            let c = f * before[j] + (1.0 - f) * sums[j];
            out[j] = r * c + (1.0 - r) * skip[j];
            (state[j], forget[j], reset[j], before[j]) = (c, f, r, c);
        }
    }
}
