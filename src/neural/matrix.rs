//! Small dense arithmetic in vectors as wide as the machine's.

use pulp::Simd;

/// Numbers of the widest vector; every width is a multiple of it.
pub const LANES: usize = 16;

/// Rows worked on at a time at most: as many as leave their sums in registers.
const ROWS: usize = 8;

/// `out[t] += x[t] * w` for each row: `x` has rows of `k`, `w` is k by m, `out` has rows of `m`, a multiple of
/// [`LANES`]. Sums go up in order of `k`, each product fused with its sum.
///
/// The columns go outermost: what a few of them need of `w` stays close while all rows pass over it.
#[inline(always)]
pub fn multiply<S: Simd>(simd: S, x: &[f32], k: usize, w: &[f32], m: usize, out: &mut [f32]) {
    let n = out.len() / m;
    // Rows in groups of like size: nine are five and four, not eight and one.
    let groups = n.div_ceil(ROWS);
    let mut column = 0;
    while column < m {
        let vectors = if column + 2 * S::F32_LANES <= m { 2 } else { 1 };
        let mut at = 0;
        for group in 0..groups {
            let rows = (n - at).div_ceil(groups - group);
            let (x, w, out) = (&x[at * k..], &w[column..], &mut out[at * m + column..]);
            match rows {
                1 => block::of_1(simd, vectors, x, k, w, m, out),
                2 => block::of_2(simd, vectors, x, k, w, m, out),
                3 => block::of_3(simd, vectors, x, k, w, m, out),
                4 => block::of_4(simd, vectors, x, k, w, m, out),
                5 => block::of_5(simd, vectors, x, k, w, m, out),
                6 => block::of_6(simd, vectors, x, k, w, m, out),
                7 => block::of_7(simd, vectors, x, k, w, m, out),
                _ => block::of_8(simd, vectors, x, k, w, m, out),
            }
            at += rows;
        }
        column += vectors * S::F32_LANES;
    }
}

/// Some rows over one or two vectors of columns. Each row's sums are variables of their own, and no array: that is what
/// keeps them in registers whatever the compiler thinks of loops.
mod block {
    use pulp::Simd;

    macro_rules! block {
        ($name:ident $($t:literal $x:ident $a:ident $b:ident)*) => {
            #[inline(always)]
            pub fn $name<S: Simd>(
                simd: S,
                vectors: usize,
                x: &[f32],
                k: usize,
                w: &[f32],
                m: usize,
                out: &mut [f32],
            ) {
                let lanes = S::F32_LANES;
                $(let $x = &x[$t * k..][..k];)*
                $(let mut $a = S::as_simd_f32s(&out[$t * m..][..lanes]).0[0];)*
                if vectors == 1 {
                    for (i, w) in w.chunks(m).take(k).enumerate() {
                        let p = S::as_simd_f32s(&w[..lanes]).0[0];
                        $($a = simd.mul_add_f32s(simd.splat_f32s($x[i]), p, $a);)*
                    }
                } else {
                    $(let mut $b = S::as_simd_f32s(&out[$t * m + lanes..][..lanes]).0[0];)*
                    for (i, w) in w.chunks(m).take(k).enumerate() {
                        let p = S::as_simd_f32s(&w[..lanes]).0[0];
                        let q = S::as_simd_f32s(&w[lanes..][..lanes]).0[0];
                        $(let each = simd.splat_f32s($x[i]);
                          $a = simd.mul_add_f32s(each, p, $a);
                          $b = simd.mul_add_f32s(each, q, $b);)*
                    }
                    $(S::as_mut_simd_f32s(&mut out[$t * m + lanes..][..lanes]).0[0] = $b;)*
                }
                $(S::as_mut_simd_f32s(&mut out[$t * m..][..lanes]).0[0] = $a;)*
            }
        };
    }

    block!(of_1 0 x0 a0 b0);
    block!(of_2 0 x0 a0 b0 1 x1 a1 b1);
    block!(of_3 0 x0 a0 b0 1 x1 a1 b1 2 x2 a2 b2);
    block!(of_4 0 x0 a0 b0 1 x1 a1 b1 2 x2 a2 b2 3 x3 a3 b3);
    block!(of_5 0 x0 a0 b0 1 x1 a1 b1 2 x2 a2 b2 3 x3 a3 b3 4 x4 a4 b4);
    block!(of_6 0 x0 a0 b0 1 x1 a1 b1 2 x2 a2 b2 3 x3 a3 b3 4 x4 a4 b4 5 x5 a5 b5);
    block!(of_7 0 x0 a0 b0 1 x1 a1 b1 2 x2 a2 b2 3 x3 a3 b3 4 x4 a4 b4 5 x5 a5 b5 6 x6 a6 b6);
    block!(of_8 0 x0 a0 b0 1 x1 a1 b1 2 x2 a2 b2 3 x3 a3 b3 4 x4 a4 b4 5 x5 a5 b5 6 x6 a6 b6 7 x7 a7 b7);
}

/// The sum of products; the length is a multiple of [`LANES`].
#[inline(always)]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sum = [0f32; LANES];
    for (x, y) in a.chunks_exact(LANES).zip(b.chunks_exact(LANES)) {
        for j in 0..LANES {
            sum[j] = x[j].mul_add(y[j], sum[j]);
        }
    }
    // By halves: each step adds as many at once as it can.
    let mut width = LANES / 2;
    while width > 0 {
        for j in 0..width {
            sum[j] += sum[j + width];
        }
        width /= 2;
    }
    sum[0]
}

/// `out += a * x`; not fused: training calls it outside of what is compiled for the machine.
#[inline(always)]
pub fn axpy(a: f32, x: &[f32], out: &mut [f32]) {
    for (o, x) in out.iter_mut().zip(x) {
        *o += a * x;
    }
}

/// Sets `list` to `n` rows of `bias` (or zeros).
#[inline(always)]
pub fn rows(list: &mut Vec<f32>, n: usize, width: usize, bias: &[f32]) {
    list.clear();
    if bias.is_empty() {
        list.resize(n * width, 0.0);
    } else {
        for _ in 0..n {
            list.extend_from_slice(bias);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Product<'p>(&'p [f32], usize, &'p [f32], usize, &'p mut [f32]);

    impl pulp::WithSimd for Product<'_> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: Simd>(self, simd: S) {
            multiply(simd, self.0, self.1, self.2, self.3, self.4);
        }
    }

    #[test]
    fn products_are_those_of_plain_loops() {
        let number = |i: usize| ((i * 7919) % 101) as f32 / 50.0 - 1.0;
        let sizes = (0..20).map(|n| (n, 5, 48)).chain([(1, 16, 16), (9, 160, 240), (27, 64, 64)]);
        for (n, k, m) in sizes {
            let x: Vec<f32> = (0..n * k).map(number).collect();
            let w: Vec<f32> = (0..k * m).map(|i| number(i + 13)).collect();
            let mut out: Vec<f32> = (0..n * m).map(|i| number(i + 5)).collect();
            let mut right = out.clone();
            pulp::Arch::new().dispatch(Product(&x, k, &w, m, &mut out));
            for (t, row) in right.chunks_exact_mut(m).enumerate() {
                for i in 0..k {
                    row.iter_mut().zip(&w[i * m..]).for_each(|(o, w)| *o = x[t * k + i].mul_add(*w, *o));
                }
            }
            assert_eq!(out, right, "{n} rows, {k} by {m}");
        }
    }
}
