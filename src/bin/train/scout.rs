//! Teaches scouts: which act a word reports, and who does and who suffers it.

use chancery::code::Lesson;
use chancery::code::scout::net::{IN, Link, OWN, ROLE, TYPES, Trace, UNITS, WIDE, far, input, part};
use chancery::code::scout::{Ground, NONE, Scout};
use chancery::model::STATE;
use chancery::neural::matrix::axpy;

use crate::backward::{bias, layer, product, softmax};
use crate::random::Random;

/// Sentences between two steps.
const BATCH: usize = 16;
/// Highest rate of learning.
const RATE: f32 = 2e-3;
/// Of a hundred numbers, how many are dropped: of the input, before the layer, after it.
const DROP: [usize; 3] = [25, 35, 35];
/// How strongly parameters are drawn to zero.
const DECAY: f32 = 0.01;

/// An act as labelled: the word that reports it, its class, and for each party whether it does and suffers it.
pub struct Act {
    pub word: usize,
    pub root: usize,
    /// For each side, groups of parties of which one at least has the role.
    pub groups: [Vec<Vec<usize>>; 2],
}

/// A sentence to learn from.
pub struct Example {
    pub lesson: Lesson,
    /// Class of each word; `None` where the labels do not tell.
    pub types: Vec<Option<usize>>,
    pub acts: Vec<Act>,
}

/// Parameters with Adam's memory.
struct Learner {
    net: Vec<f32>,
    grad: Vec<f32>,
    first: Vec<f32>,
    second: Vec<f32>,
    steps: i32,
}

/// Teaches one scout.
pub fn teach(examples: &[&Example], epochs: usize, seed: u64) -> Scout {
    let mut random = Random::new(seed);
    let mut learner = Learner::new(&mut random);
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let all = (epochs * examples.len()) as f32;
    let mut trace = Trace::default();
    for epoch in 0..epochs {
        random.shuffle(&mut order);
        let mut loss = 0.0;
        for (b, batch) in order.chunks(BATCH).enumerate() {
            let (learner, trace, random) = (&mut learner, &mut trace, &mut random);
            loss += pulp::Arch::new().dispatch(Batch { learner, examples, batch, trace, random });
            let done = (epoch * examples.len() + b * BATCH) as f32 / all;
            let rate = if done < 0.1 { done * 10.0 } else { (1.0 - done) / 0.9 };
            learner.step(RATE * rate);
        }
        eprintln!("scout {seed} round {epoch}: loss {:.3} a sentence", loss / examples.len() as f32);
    }
    Scout::new(learner.net)
}

/// How well scouts find acts and their parties in sentences of folds that they have not learnt from.
pub fn figures(examples: &[(usize, &Example)], scouts: &[Scout]) -> String {
    let (mut right, mut said, mut labelled) = (0, 0, 0);
    let mut sides = [[0usize; 2]; 2];
    for (fold, e) in examples {
        let n = e.types.len();
        let heads = e.lesson.parties.iter().map(|&(_, head)| head).collect();
        let ground = Ground { states: &e.lesson.states, marks: e.lesson.marks.clone(), heads };
        let sight = scouts[*fold].look(&ground);
        for t in 0..n {
            let top = (0..TYPES).max_by(|&a, &b| sight.reports(t, a).total_cmp(&sight.reports(t, b)));
            let Some(want) = e.types[t] else { continue };
            labelled += usize::from(want != NONE);
            said += usize::from(top != Some(NONE));
            right += usize::from(want != NONE && top == Some(want));
        }
        for a in &e.acts {
            for (role, side) in sides.iter_mut().enumerate() {
                let of = |k: usize| {
                    let way = e.lesson.ways[a.word * e.lesson.parties.len() + k] as usize;
                    sight.role(role, Link { act: a.word, party: e.lesson.parties[k].1, root: a.root, way })
                };
                let best = (0..e.lesson.parties.len()).max_by(|&x, &y| of(x).total_cmp(&of(y)));
                if let (Some(best), false) = (best, a.groups[role].is_empty()) {
                    side[0] += usize::from(a.groups[role].iter().flatten().any(|&k| k == best));
                    side[1] += 1;
                }
            }
        }
    }
    let (p, r) = (right as f32 / said.max(1) as f32, right as f32 / labelled.max(1) as f32);
    let share = |s: [usize; 2]| s[0] as f32 / s[1].max(1) as f32;
    format!(
        "scouts on unseen folds: acts P {p:.3} R {r:.3} F1 {:.3}; doer first {:.3}, sufferer first {:.3}",
        2.0 * p * r / (p + r).max(1e-9),
        share(sides[0]),
        share(sides[1])
    )
}

impl Learner {
    fn new(random: &mut Random) -> Learner {
        let mut net = vec![0f32; part::ALL];
        let mut fill = |from: usize, rows: usize, columns: usize, gain: f32| {
            let bound = gain * (6.0 / (rows + columns) as f32).sqrt();
            for v in &mut net[from..from + rows * columns] {
                *v = (random.below(1 << 20) as f32 / (1 << 19) as f32 - 1.0) * bound;
            }
        };
        fill(part::INTO, IN, WIDE, 1.0);
        for d in 0..2 {
            fill(part::layer(d), WIDE, 3 * UNITS, 1.3);
        }
        fill(part::TYPE, WIDE, TYPES, 1.0);
        fill(part::ACT, WIDE, 2 * ROLE, 1.0);
        fill(part::PARTY, WIDE, 2 * ROLE, 1.0);
        net[part::ROLE_BIAS] = -2.0;
        net[part::ROLE_BIAS + 1] = -2.0;
        net[part::TYPE_BIAS + NONE] = 2.0;
        let zeros = vec![0.0; part::ALL];
        Learner { grad: zeros.clone(), first: zeros.clone(), second: zeros, net, steps: 0 }
    }

    /// Adds the gradient of one sentence; gives its loss.
    #[inline(always)]
    fn sentence<S: pulp::Simd>(
        &mut self,
        simd: S,
        e: &Example,
        trace: &mut Trace,
        random: &mut Random,
    ) -> f32 {
        let n = e.types.len();
        let widths = [IN, WIDE, WIDE];
        let masks: Vec<Vec<f32>> = (0..3)
            .map(|l| {
                let keep = 100.0 / (100 - DROP[l]) as f32;
                (0..widths[l]).map(|_| if random.chance(DROP[l]) { 0.0 } else { keep }).collect()
            })
            .collect();
        let mask = |l: usize, rows: &mut [f32]| {
            for row in rows.chunks_exact_mut(widths[l]) {
                row.iter_mut().zip(&masks[l]).for_each(|(v, m)| *v *= m);
            }
        };
        trace.input.clear();
        trace.input.resize(n * IN, 0.0);
        for (i, row) in trace.input.chunks_exact_mut(IN).enumerate() {
            input(&self.net, &e.lesson.states[i * STATE..(i + 1) * STATE], &e.lesson.marks[i], row);
        }
        trace.run(simd, &self.net, n, mask);
        let mut back = vec![0f32; n * WIDE];
        let loss = self.types(e, trace, &mut back) + self.roles(e, trace, &mut back);
        mask(2, &mut back);
        let at = [part::layer(0), part::layer(1)];
        let mut back = layer::<WIDE, UNITS>(&self.net, &trace.layer, n, at, &back, &mut self.grad);
        mask(1, &mut back);
        unleak(&mut back, &trace.layer.input);
        bias(&back, WIDE, &mut self.grad[part::INTO_BIAS..]);
        let mut into = vec![0f32; n * IN];
        let weights = &self.net[part::INTO..][..IN * WIDE];
        product(&trace.input, IN, weights, WIDE, &back, &mut self.grad[part::INTO..], &mut into);
        mask(0, &mut into);
        for (row, marks) in into.chunks_exact(IN).zip(&e.lesson.marks) {
            for &m in marks {
                axpy(1.0, &row[STATE..], &mut self.grad[part::MARK + m as usize * OWN..][..OWN]);
            }
        }
        loss
    }

    /// Which act each word reports.
    #[inline(always)]
    fn types(&mut self, e: &Example, t: &mut Trace, back: &mut [f32]) -> f32 {
        let mut loss = 0.0;
        for (row, want) in t.types.chunks_exact_mut(TYPES).zip(&e.types) {
            match want {
                Some(right) => loss += softmax(row, *right),
                None => row.fill(0.0),
            }
        }
        bias(&t.types, TYPES, &mut self.grad[part::TYPE_BIAS..]);
        let weights = &self.net[part::TYPE..][..WIDE * TYPES];
        product(&t.out, WIDE, weights, TYPES, &t.types, &mut self.grad[part::TYPE..], back);
        loss
    }

    /// Who does and who suffers each act.
    #[inline(always)]
    fn roles(&mut self, e: &Example, t: &Trace, back: &mut [f32]) -> f32 {
        let n = t.n;
        let mut loss = 0.0;
        let (mut act, mut party) = (vec![0f32; n * 2 * ROLE], vec![0f32; n * 2 * ROLE]);
        let parties = &e.lesson.parties;
        for a in &e.acts {
            for role in 0..2 {
                let link = |k: usize| Link {
                    act: a.word,
                    party: parties[k].1,
                    root: a.root,
                    way: e.lesson.ways[a.word * parties.len() + k] as usize,
                };
                let p: Vec<f32> = (0..parties.len())
                    .map(|k| 1.0 / (1.0 + (-t.role(&self.net, role, link(k))).exp()))
                    .collect();
                let mut g = p.clone();
                for group in &a.groups[role] {
                    // One at least of them: what is wrong is that none is.
                    let none: f32 = group.iter().map(|&k| 1.0 - p[k]).product();
                    loss -= (1.0 - none).max(1e-6).ln();
                    for &k in group {
                        g[k] = -none * p[k] / (1.0 - none).max(1e-4);
                    }
                }
                for k in 0..parties.len() {
                    if !a.groups[role].iter().flatten().any(|&x| x == k) {
                        loss -= (1.0 - p[k]).max(1e-6).ln();
                    }
                    self.link(t, role, link(k), g[k], &mut act, &mut party);
                }
            }
        }
        unleak(&mut act, &t.act);
        for (g, from, at, biases) in [
            (&act, part::ACT, part::ACT, part::ACT_BIAS),
            (&party, part::PARTY, part::PARTY, part::PARTY_BIAS),
        ] {
            bias(g, 2 * ROLE, &mut self.grad[biases..]);
            let weights = &self.net[from..][..WIDE * 2 * ROLE];
            product(&t.out, WIDE, weights, 2 * ROLE, g, &mut self.grad[at..], back);
        }
        loss
    }

    #[inline(always)]
    fn link(&mut self, t: &Trace, role: usize, link: Link, g: f32, act: &mut [f32], party: &mut [f32]) {
        let (a, m) = (link.act * 2 * ROLE + role * ROLE, link.party * 2 * ROLE + role * ROLE);
        let fit = part::FIT + (link.root * 2 + role) * ROLE;
        axpy(g, &t.party[m..][..ROLE], &mut act[a..][..ROLE]);
        axpy(g, &t.act[a..][..ROLE], &mut party[m..][..ROLE]);
        axpy(g, &self.net[fit..][..ROLE], &mut party[m..][..ROLE]);
        axpy(g, &t.party[m..][..ROLE], &mut self.grad[fit..][..ROLE]);
        self.grad[part::WAY + link.way * 2 + role] += g;
        self.grad[part::FAR + far(link.party, link.act) * 2 + role] += g;
        self.grad[part::ROLE_BIAS + role] += g;
    }

    /// One step of Adam, with the parameters drawn a little to zero.
    fn step(&mut self, rate: f32) {
        self.steps += 1;
        let norm = self.grad.iter().map(|g| g * g).sum::<f32>().sqrt();
        let scale = (1.0 / BATCH as f32).min(10.0 / norm.max(1e-6));
        let (b1, b2) = (0.9f32, 0.98f32);
        let (c1, c2) = (1.0 - b1.powi(self.steps), 1.0 - b2.powi(self.steps));
        for (((w, g), m), v) in
            self.net.iter_mut().zip(&mut self.grad).zip(&mut self.first).zip(&mut self.second)
        {
            let x = *g * scale;
            *g = 0.0;
            *m = b1 * *m + (1.0 - b1) * x;
            *v = b2 * *v + (1.0 - b2) * x * x;
            *w -= rate * ((*m / c1) / ((*v / c2).sqrt() + 1e-7) + DECAY * *w);
        }
    }
}

/// Carries a gradient back through `leak`, whose output is `out`.
#[inline(always)]
fn unleak(grad: &mut [f32], out: &[f32]) {
    for (g, v) in grad.iter_mut().zip(out) {
        if *v < 0.0 {
            *g *= 0.1;
        }
    }
}

/// A batch of sentences, compiled for the machine's vector instructions.
struct Batch<'b, 'e> {
    learner: &'b mut Learner,
    examples: &'b [&'e Example],
    batch: &'b [usize],
    trace: &'b mut Trace,
    random: &'b mut Random,
}

impl pulp::WithSimd for Batch<'_, '_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: pulp::Simd>(self, simd: S) -> f32 {
        let mut loss = 0.0;
        for &i in self.batch {
            loss += self.learner.sentence(simd, self.examples[i], self.trace, self.random);
        }
        loss
    }
}
