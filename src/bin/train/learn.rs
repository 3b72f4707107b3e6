//! The network learns: dropout, Adam, a rate that falls to nothing.

use chancery::syntax::net::{LAYERS, OWN, ROWS, SPELLINGS, Trace, WIDE, input, part, plain, spellings};

use crate::backward::{Wanted, backward};
use crate::examples::Example;
use crate::random::Random;

/// Sentences between two steps.
const BATCH: usize = 12;
/// Highest rate of learning.
const RATE: f32 = 2.5e-3;
/// Of a hundred numbers, how many are dropped: of the input, between layers, at the end.
const DROP: [usize; 3] = [20, 30, 30];
/// Of a hundred words, how many lose the numbers learnt for their very form, or their given vector.
const HIDE: [usize; 2] = [25, 8];

/// Parameters with Adam's memory.
pub struct Learner {
    /// Parameters of the network.
    pub net: Vec<f32>,
    /// The table of spellings.
    pub table: Vec<f32>,
    first: Vec<f32>,
    second: Vec<f32>,
    table_first: Vec<f32>,
    table_second: Vec<f32>,
    workers: [Worker; 2],
    steps: i32,
}

/// Half of a batch at work: what its sentences ask for.
struct Worker {
    trace: Trace,
    grad: Vec<f32>,
    table_grad: Vec<f32>,
    touched: Vec<usize>,
    is_touched: Vec<bool>,
}

impl Worker {
    fn new() -> Self {
        Worker {
            trace: Trace::default(),
            grad: vec![0.0; part::ALL],
            table_grad: vec![0.0; ROWS * OWN],
            touched: Vec::new(),
            is_touched: vec![false; ROWS],
        }
    }
}

impl Learner {
    /// Parameters at their start.
    pub fn new(random: &mut Random) -> Self {
        let mut net = vec![0f32; part::ALL];
        let mut fill = |from: usize, rows: usize, columns: usize, gain: f32| {
            let bound = gain * (6.0 / (rows + columns) as f32).sqrt();
            for v in &mut net[from..from + rows * columns] {
                *v = (random.below(1 << 20) as f32 / (1 << 19) as f32 - 1.0) * bound;
            }
        };
        use chancery::syntax::net::{ARC, LABEL, RELS, TAGS, UNITS};
        for l in 0..LAYERS {
            for d in 0..2 {
                fill(part::layer(l, d), WIDE, 3 * UNITS, 1.3);
            }
        }
        fill(part::TAG, WIDE, TAGS, 1.0);
        fill(part::DEP, WIDE, ARC, 1.0);
        fill(part::HEAD, WIDE, ARC, 1.0);
        fill(part::JOIN, ARC, ARC, 0.7);
        fill(part::ROOT, 1, ARC, 0.5);
        fill(part::REL_DEP, WIDE, LABEL, 1.0);
        fill(part::REL_HEAD, WIDE, LABEL, 1.0);
        fill(part::REL, LABEL, RELS, 1.0);
        Learner {
            first: vec![0.0; net.len()],
            second: vec![0.0; net.len()],
            net,
            table: vec![0.0; ROWS * OWN],
            table_first: vec![0.0; ROWS * OWN],
            table_second: vec![0.0; ROWS * OWN],
            workers: [Worker::new(), Worker::new()],
            steps: 0,
        }
    }

    /// One round over the examples in `order`; `rate` gives the rate at a point of the round. Gives the mean loss.
    pub fn round(
        &mut self,
        examples: &[Example],
        order: &[usize],
        rate: impl Fn(f32) -> f32,
        random: &mut Random,
    ) -> f32 {
        let (mut loss, mut words) = (0.0, 0);
        for (b, batch) in order.chunks(BATCH).enumerate() {
            let seed = random.next();
            let (net, table) = (&self.net, &self.table);
            let [one, other] = &mut self.workers;
            let (left, right) = batch.split_at(batch.len() / 2);
            let half = |worker: &mut Worker, part: &[usize], seed: u64| {
                let mut random = Random::new(seed);
                part.iter().map(|i| worker.sentence(net, table, &examples[*i], &mut random)).sum::<f32>()
            };
            loss += std::thread::scope(|scope| {
                let far = scope.spawn(|| half(other, right, seed ^ 1));
                half(one, left, seed) + far.join().unwrap_or(f32::NAN)
            });
            words += batch.iter().map(|i| examples[*i].tags.len()).sum::<usize>();
            self.step(RATE * rate(b as f32 * BATCH as f32 / order.len() as f32));
        }
        loss / words as f32
    }
}

/// The way forward, compiled for the machine's vector instructions.
struct Forward<'f, M> {
    net: &'f [f32],
    n: usize,
    heads: &'f [u16],
    mask: &'f M,
    trace: &'f mut Trace,
}

impl<M: Fn(usize, &mut [f32])> pulp::WithSimd for Forward<'_, M> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) {
        self.trace.run(simd, self.net, self.n, self.mask);
        self.trace.relate(simd, self.net, self.heads);
    }
}

impl Worker {
    /// Adds the gradient of one sentence.
    fn sentence(&mut self, net: &[f32], table: &[f32], e: &Example, random: &mut Random) -> f32 {
        let trace = &mut self.trace;
        let n = e.tags.len();
        let masks: Vec<Vec<f32>> = (0..=LAYERS)
            .map(|l| {
                let drop = DROP[if l == 0 {
                    0
                } else if l < LAYERS {
                    1
                } else {
                    2
                }];
                (0..WIDE)
                    .map(|_| if random.chance(drop) { 0.0 } else { 100.0 / (100 - drop) as f32 })
                    .collect()
            })
            .collect();
        let mask = |l: usize, rows: &mut [f32]| {
            for row in rows.chunks_exact_mut(WIDE) {
                for (v, m) in row.iter_mut().zip(&masks[l]) {
                    *v *= m;
                }
            }
        };
        let hidden: Vec<(bool, bool)> =
            (0..n).map(|_| (random.chance(HIDE[0]), random.chance(HIDE[1]))).collect();
        let x = &mut trace.layers[0].input;
        x.clear();
        x.resize(n * WIDE, 0.0);
        for i in 0..n {
            let forms = spellings(&e.forms, i);
            // The first and last rows stand for the very word.
            let own = |row: usize, out: &mut [f32]| {
                if !(hidden[i].0 && (row == forms[0] || row == forms[SPELLINGS - 1])) {
                    plain(table)(row, out);
                }
            };
            let out = &mut x[i * WIDE..(i + 1) * WIDE];
            input(&e.forms, i, own, out);
            if hidden[i].1 {
                out[..WIDE - OWN].fill(0.0);
            }
        }
        pulp::Arch::new().dispatch(Forward { net, n, heads: &e.heads, mask: &mask, trace });
        let want = Wanted { tags: &e.tags, heads: &e.heads, rels: &e.rels };
        let (back, loss) = backward(net, trace, &want, mask, &mut self.grad);
        for i in 0..n {
            let forms = spellings(&e.forms, i);
            let g = &back[i * WIDE + WIDE - OWN..(i + 1) * WIDE];
            for row in forms {
                if hidden[i].0 && (row == forms[0] || row == forms[SPELLINGS - 1]) {
                    continue;
                }
                if !self.is_touched[row] {
                    self.is_touched[row] = true;
                    self.touched.push(row);
                }
                self.table_grad[row * OWN..(row + 1) * OWN].iter_mut().zip(g).for_each(|(s, v)| *s += v);
            }
        }
        loss
    }
}

impl Learner {
    /// One step of Adam; rows of the table that were not met stay as they are.
    fn step(&mut self, rate: f32) {
        self.steps += 1;
        let [one, other] = &mut self.workers;
        for (g, more) in one.grad.iter_mut().zip(&mut other.grad) {
            *g += std::mem::take(more);
        }
        for row in other.touched.drain(..) {
            other.is_touched[row] = false;
            if !one.is_touched[row] {
                one.is_touched[row] = true;
                one.touched.push(row);
            }
            for k in row * OWN..(row + 1) * OWN {
                one.table_grad[k] += std::mem::take(&mut other.table_grad[k]);
            }
        }
        let norm = one.grad.iter().map(|g| g * g).sum::<f32>().sqrt();
        // Sums over a batch: brought to the size of a mean over sentences, and never longer than a bound.
        let scale = (1.0 / BATCH as f32).min(20.0 / norm.max(1e-6));
        let (b1, b2) = (0.9f32, 0.98f32);
        let (c1, c2) = (1.0 - b1.powi(self.steps), 1.0 - b2.powi(self.steps));
        let adam = |w: &mut f32, g: &mut f32, m: &mut f32, v: &mut f32| {
            let x = *g * scale;
            *g = 0.0;
            *m = b1 * *m + (1.0 - b1) * x;
            *v = b2 * *v + (1.0 - b2) * x * x;
            *w -= rate * (*m / c1) / ((*v / c2).sqrt() + 1e-7);
        };
        for (((w, g), m), v) in
            self.net.iter_mut().zip(&mut one.grad).zip(&mut self.first).zip(&mut self.second)
        {
            adam(w, g, m, v);
        }
        for row in one.touched.drain(..) {
            one.is_touched[row] = false;
            for k in row * OWN..(row + 1) * OWN {
                adam(
                    &mut self.table[k],
                    &mut one.table_grad[k],
                    &mut self.table_first[k],
                    &mut self.table_second[k],
                );
            }
        }
    }
}
