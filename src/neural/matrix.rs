//! Small dense arithmetic in blocks that the compiler turns into vector instructions.

/// Columns worked on at a time; every width is a multiple of it.
pub const LANES: usize = 16;

/// Rows worked on at a time at most: as many as leave their sums in registers.
const ROWS: usize = 8;

/// `out[t] += x[t] * w` for each row: `x` has rows of `k`, `w` is k by m, `out` has rows of `m`, a multiple of
/// [`LANES`].
///
/// The columns go outermost: what a few of them need of `w` stays close while all rows pass over it.
#[inline(always)]
pub fn multiply(x: &[f32], k: usize, w: &[f32], m: usize, out: &mut [f32]) {
    let n = out.len() / m;
    for column in (0..m).step_by(LANES) {
        let mut at = 0;
        while at < n {
            // Rows in groups of like size: seven are four and three, not six and one.
            let groups = (n - at).div_ceil(ROWS);
            let rows = (n - at).div_ceil(groups);
            let (x, out) = (&x[at * k..(at + rows) * k], &mut out[at * m..(at + rows) * m]);
            match rows {
                1 => block::<1>(x, k, w, m, column, out),
                2 => block::<2>(x, k, w, m, column, out),
                3 => block::<3>(x, k, w, m, column, out),
                4 => block::<4>(x, k, w, m, column, out),
                5 => block::<5>(x, k, w, m, column, out),
                6 => block::<6>(x, k, w, m, column, out),
                7 => block::<7>(x, k, w, m, column, out),
                _ => block::<ROWS>(x, k, w, m, column, out),
            }
            at += rows;
        }
    }
}

/// `R` rows at once, so that each weight is loaded once for all of them.
#[inline(always)]
fn block<const R: usize>(x: &[f32], k: usize, w: &[f32], m: usize, column: usize, out: &mut [f32]) {
    let x: [&[f32]; R] = std::array::from_fn(|t| &x[t * k..(t + 1) * k]);
    let mut sum = [[0f32; LANES]; R];
    for (t, row) in sum.iter_mut().enumerate() {
        row.copy_from_slice(&out[t * m + column..t * m + column + LANES]);
    }
    for (i, w) in w[column..].chunks(m).take(k).enumerate() {
        let w: &[f32; LANES] = w[..LANES].try_into().expect("a block");
        for t in 0..R {
            let a = x[t][i];
            for j in 0..LANES {
                sum[t][j] = a.mul_add(w[j], sum[t][j]);
            }
        }
    }
    for (t, row) in sum.iter().enumerate() {
        out[t * m + column..t * m + column + LANES].copy_from_slice(row);
    }
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
    sum.iter().sum()
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
