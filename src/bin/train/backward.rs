//! The network's mistakes, carried back to its parameters.

use chancery::neural::matrix::{LANES, axpy};
use chancery::neural::recur::{self, Layer};
use chancery::syntax::net::{ARC, LABEL, LAYERS, RELS, TAGS, Trace, UNITS, WIDE, far, part};

/// What is wanted of a sentence.
pub struct Wanted<'a> {
    /// Classes of tags.
    pub tags: &'a [u8],
    /// Heads; the number of words stands for the root.
    pub heads: &'a [u16],
    /// Relations.
    pub rels: &'a [u8],
}

/// The sum of products, unfused: this code is not compiled for one machine's instructions.
#[inline(always)]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sum = [0f32; LANES];
    for (x, y) in a.chunks_exact(LANES).zip(b.chunks_exact(LANES)) {
        for j in 0..LANES {
            sum[j] += x[j] * y[j];
        }
    }
    sum.iter().sum()
}

/// `grad_x += grad_out * w'` and `grad_w += x' * grad_out`, for `out = x * w`.
#[inline(always)]
pub fn product(
    x: &[f32],
    k: usize,
    w: &[f32],
    m: usize,
    out: &[f32],
    grad_w: &mut [f32],
    grad_x: &mut [f32],
) {
    for (g, gx) in out.chunks_exact(m).zip(grad_x.chunks_exact_mut(k)) {
        for (i, slot) in gx.iter_mut().enumerate() {
            *slot += dot(g, &w[i * m..(i + 1) * m]);
        }
    }
    // Columns in blocks, so that the sums stay in registers while the words go by.
    for i in 0..k {
        for column in (0..m).step_by(LANES) {
            let slot = &mut grad_w[i * m + column..i * m + column + LANES];
            let mut sum = [0f32; LANES];
            for (x, g) in x.chunks_exact(k).zip(out.chunks_exact(m)) {
                let a = x[i];
                for (s, v) in sum.iter_mut().zip(&g[column..column + LANES]) {
                    *s += a * v;
                }
            }
            for (s, v) in slot.iter_mut().zip(&sum) {
                *s += v;
            }
        }
    }
}

/// Adds the sums over words to a bias.
#[inline(always)]
pub fn bias(out: &[f32], m: usize, grad: &mut [f32]) {
    for row in out.chunks_exact(m) {
        axpy(1.0, row, &mut grad[..m]);
    }
}

/// Turns scores into their error against `right`; gives the loss.
pub fn softmax(scores: &mut [f32], right: usize) -> f32 {
    let top = scores.iter().cloned().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for s in scores.iter_mut() {
        *s = if *s == f32::MIN { 0.0 } else { (*s - top).exp() };
        sum += *s;
    }
    scores.iter_mut().for_each(|s| *s /= sum);
    let loss = -scores[right].max(1e-9).ln();
    scores[right] -= 1.0;
    loss
}

/// Adds the gradient of one sentence to `grad` (parameters) and returns that of the input with the loss. `mask`
/// scales as it did on the way forward.
pub fn backward(
    p: &[f32],
    t: &mut Trace,
    want: &Wanted,
    mask: impl Fn(usize, &mut [f32]),
    grad: &mut [f32],
) -> (Vec<f32>, f32) {
    let n = t.n;
    let mut loss = 0.0;
    let mut back = vec![0f32; n * WIDE];
    for (d, row) in t.tags.chunks_exact_mut(TAGS).enumerate() {
        loss += softmax(row, want.tags[d] as usize);
    }
    bias(&t.tags, TAGS, &mut grad[part::TAG_BIAS..]);
    product(&t.out, WIDE, &p[part::TAG..][..WIDE * TAGS], TAGS, &t.tags, &mut grad[part::TAG..], &mut back);
    loss += arcs(p, t, want, grad, &mut back);
    loss += relations(p, t, want, grad, &mut back);
    mask(LAYERS, &mut back);
    for l in (0..LAYERS).rev() {
        back = layer::<WIDE, UNITS>(p, &t.layers[l], n, [part::layer(l, 0), part::layer(l, 1)], &back, grad);
        mask(l, &mut back);
    }
    (back, loss)
}

/// Heads.
fn arcs(p: &[f32], t: &mut Trace, want: &Wanted, grad: &mut [f32], back: &mut [f32]) -> f32 {
    let n = t.n;
    let mut loss = 0.0;
    let (mut dep, mut head, mut joined) = (vec![0f32; n * ARC], vec![0f32; n * ARC], vec![0f32; n * ARC]);
    for d in 0..n {
        let row = &mut t.arcs[d * (n + 1)..(d + 1) * (n + 1)];
        loss += softmax(row, want.heads[d] as usize);
        let own = &t.dep[d * ARC..][..ARC];
        for h in 0..n {
            let g = row[h];
            if h == d || g == 0.0 {
                continue;
            }
            axpy(g, &t.joined[h * ARC..][..ARC], &mut dep[d * ARC..][..ARC]);
            axpy(g, own, &mut joined[h * ARC..][..ARC]);
            axpy(g, &t.head[h * ARC..][..ARC], &mut grad[part::PRIOR..][..ARC]);
            axpy(g, &p[part::PRIOR..][..ARC], &mut head[h * ARC..][..ARC]);
            grad[part::FAR + far(d, h)] += g;
        }
        axpy(row[n], &p[part::ROOT..][..ARC], &mut dep[d * ARC..][..ARC]);
        axpy(row[n], own, &mut grad[part::ROOT..][..ARC]);
    }
    product(&t.head, ARC, &p[part::JOIN..][..ARC * ARC], ARC, &joined, &mut grad[part::JOIN..], &mut head);
    for (g, v) in dep.iter_mut().zip(&t.dep).chain(head.iter_mut().zip(&t.head)) {
        if *v < 0.0 {
            *g *= 0.1;
        }
    }
    bias(&dep, ARC, &mut grad[part::DEP_BIAS..]);
    bias(&head, ARC, &mut grad[part::HEAD_BIAS..]);
    product(&t.out, WIDE, &p[part::DEP..][..WIDE * ARC], ARC, &dep, &mut grad[part::DEP..], back);
    product(&t.out, WIDE, &p[part::HEAD..][..WIDE * ARC], ARC, &head, &mut grad[part::HEAD..], back);
    loss
}

/// Relations, under the right heads.
fn relations(p: &[f32], t: &Trace, want: &Wanted, grad: &mut [f32], back: &mut [f32]) -> f32 {
    let n = t.n;
    let mut loss = 0.0;
    let (mut dep, mut head) = (vec![0f32; n * LABEL], vec![0f32; n * LABEL]);
    for d in 0..n {
        let h = want.heads[d] as usize;
        if h == n {
            continue;
        }
        let z: [f32; LABEL] = std::array::from_fn(|j| t.pairs[d * LABEL + j]);
        let mut scores: [f32; RELS] = std::array::from_fn(|j| t.relations[d * RELS + j]);
        loss += softmax(&mut scores, want.rels[d] as usize);
        let mut gz = vec![0f32; LABEL];
        product(&z, LABEL, &p[part::REL..][..LABEL * RELS], RELS, &scores, &mut grad[part::REL..], &mut gz);
        axpy(1.0, &scores, &mut grad[part::REL_BIAS..][..RELS]);
        for (g, v) in gz.iter_mut().zip(&z) {
            if *v < 0.0 {
                *g *= 0.1;
            }
        }
        axpy(1.0, &gz, &mut dep[d * LABEL..][..LABEL]);
        axpy(1.0, &gz, &mut head[h * LABEL..][..LABEL]);
        axpy(1.0, &gz, &mut grad[part::REL_FAR + far(d, h) * LABEL..][..LABEL]);
    }
    product(&t.out, WIDE, &p[part::REL_DEP..][..WIDE * LABEL], LABEL, &dep, &mut grad[part::REL_DEP..], back);
    product(
        &t.out,
        WIDE,
        &p[part::REL_HEAD..][..WIDE * LABEL],
        LABEL,
        &head,
        &mut grad[part::REL_HEAD..],
        back,
    );
    loss
}

/// One layer of `U` units over rows of `W`, both directions, with its parameters at `at[d]`; gives the gradient of
/// what went in.
#[inline(always)]
pub fn layer<const W: usize, const U: usize>(
    p: &[f32],
    layer: &Layer,
    n: usize,
    at: [usize; 2],
    out: &[f32],
    grad: &mut [f32],
) -> Vec<f32> {
    let mut back = vec![0f32; n * W];
    let mut sums = vec![0f32; n * 3 * U];
    for d in 0..2 {
        let at = at[d];
        let say = &p[at + recur::say(W, U)..][..2 * U];
        let mut say_grad = vec![0f32; 2 * U];
        let mut carried = [0f32; U];
        for k in (0..n).rev() {
            let w = if d == 0 { k } else { n - 1 - k };
            let before = match (k, d) {
                (0, _) => None,
                (_, 0) => Some(&layer.state[d][(w - 1) * U..][..U]),
                _ => Some(&layer.state[d][(w + 1) * U..][..U]),
            };
            for j in 0..U {
                let g = out[w * W + d * U + j];
                let (f, r, c) =
                    (layer.forget[d][w * U + j], layer.reset[d][w * U + j], layer.state[d][w * U + j]);
                let a = layer.sums[d][w * 3 * U + j];
                let skip = layer.input[w * W + d * U + j];
                let past = before.map_or(0.0, |b| b[j]);
                let gc = carried[j] + g * r;
                back[w * W + d * U + j] += g * (1.0 - r);
                let gr = g * (c - skip) * slope(r);
                let gf = gc * (past - a) * slope(f);
                sums[w * 3 * U + j] = gc * (1.0 - f);
                sums[w * 3 * U + U + j] = gf;
                sums[w * 3 * U + 2 * U + j] = gr;
                say_grad[j] += gf * past;
                say_grad[U + j] += gr * past;
                carried[j] = gc * f + gf * say[j] + gr * say[U + j];
            }
        }
        axpy(1.0, &say_grad, &mut grad[at + recur::say(W, U)..][..2 * U]);
        bias(&sums, 3 * U, &mut grad[at + recur::bias(W, U)..]);
        let weights = &p[at..at + recur::bias(W, U)];
        product(&layer.input, W, weights, 3 * U, &sums, &mut grad[at..], &mut back);
    }
    back
}

/// The slope of a gate where it stands at `y`.
#[inline(always)]
fn slope(y: f32) -> f32 {
    let s = 1.0 - (2.0 * y - 1.0).abs();
    0.5 * s * s
}
