//! Averaged perceptrons that grow while they learn, and their way into flat tables.

use chancery::syntax::hash::FEATURE_BITS;
use chancery::syntax::linear::{Classes, Linear, Moves, Sparse, Triples};

/// One weight and its sum over time.
#[derive(Clone, Copy, Default)]
struct Weight {
    class: u8,
    now: f32,
    late: f32,
}

/// One feature.
#[derive(Clone, Default)]
struct Row {
    weights: Vec<Weight>,
    updates: u32,
}

/// Over many classes.
pub struct Many {
    at: Vec<u32>,
    rows: Vec<Row>,
    ids: Vec<u32>,
    clock: f32,
}

impl Many {
    /// Knowing nothing.
    pub fn new() -> Self {
        Many { at: vec![u32::MAX; 1 << FEATURE_BITS], rows: Vec::new(), ids: Vec::new(), clock: 1.0 }
    }

    /// Lets time pass: one example seen.
    pub fn tick(&mut self) {
        self.clock += 1.0;
    }

    /// Moves the features towards `right` and away from `wrong`.
    pub fn learn(&mut self, ids: &[u32], right: u8, wrong: u8) {
        for &id in ids {
            let slot = &mut self.at[id as usize];
            if *slot == u32::MAX {
                *slot = self.rows.len() as u32;
                self.rows.push(Row::default());
                self.ids.push(id);
            }
            let row = &mut self.rows[*slot as usize];
            row.updates += 1;
            for (class, step) in [(right, 1.0), (wrong, -1.0)] {
                let weight = match row.weights.iter_mut().position(|w| w.class == class) {
                    Some(i) => &mut row.weights[i],
                    None => {
                        row.weights.push(Weight { class, ..Weight::default() });
                        row.weights.last_mut().expect("just pushed")
                    }
                };
                weight.now += step;
                weight.late += step * self.clock;
            }
        }
    }

    /// The averaged weights as flat tables: features with fewer updates than `least` are left out, weights are
    /// counted in steps of `step`, and those below half a step vanish.
    pub fn freeze(&self, least: u32, step: f32) -> (Vec<u8>, Vec<u8>) {
        let mut rows = Vec::new();
        for (id, row) in self.ids.iter().zip(&self.rows) {
            if row.updates < least {
                continue;
            }
            let kept: Vec<(u8, i8)> = row
                .weights
                .iter()
                .map(|w| (w.class, ((w.now - w.late / self.clock) / step).round().clamp(-127.0, 127.0) as i8))
                .filter(|(_, w)| *w != 0)
                .collect();
            if !kept.is_empty() {
                rows.push((*id, kept));
            }
        }
        Sparse::build(&rows)
    }
}

impl Linear for Many {
    fn score(&self, ids: &[u32], scores: &mut Classes) {
        for &id in ids {
            let slot = self.at[id as usize];
            if slot != u32::MAX {
                for w in &self.rows[slot as usize].weights {
                    scores[w.class as usize] += w.now;
                }
            }
        }
    }
}

/// Over the parser's moves.
pub struct Three {
    now: Vec<[f32; 3]>,
    late: Vec<[f32; 3]>,
    updates: Vec<u16>,
    clock: f32,
}

impl Three {
    /// Knowing nothing.
    pub fn new() -> Self {
        let n = 1 << FEATURE_BITS;
        Three { now: vec![[0.0; 3]; n], late: vec![[0.0; 3]; n], updates: vec![0; n], clock: 1.0 }
    }

    /// Lets time pass: one sentence seen.
    pub fn tick(&mut self) {
        self.clock += 1.0;
    }

    /// Adds `step` to one move's weight of each feature.
    pub fn learn(&mut self, ids: &[u32], class: usize, step: f32) {
        for &id in ids {
            self.now[id as usize][class] += step;
            self.late[id as usize][class] += step * self.clock;
            let count = &mut self.updates[id as usize];
            *count = count.saturating_add(1);
        }
    }

    /// The averaged weights as a flat table of `1 << bits` buckets.
    pub fn freeze(&self, least: u16, bits: u32, step: f32) -> Vec<u8> {
        let mut rows = Vec::new();
        for id in 0..self.now.len() {
            if self.updates[id] < least {
                continue;
            }
            let (now, late) = (self.now[id], self.late[id]);
            let mut mean = [0, 1, 2].map(|k| now[k] - late[k] / self.clock);
            // Only differences between moves count; taking out what they share keeps more within a byte.
            let middle = (mean.iter().cloned().fold(f32::MIN, f32::max)
                + mean.iter().cloned().fold(f32::MAX, f32::min))
                / 2.0;
            if mean.iter().all(|m| *m != 0.0) {
                mean = mean.map(|m| m - middle);
            }
            let row = mean.map(|m| (m / step).round().clamp(-127.0, 127.0) as i8);
            if row != [0; 3] {
                rows.push((id as u32, row));
            }
        }
        let weight = |r: &[i8; 3]| r.iter().map(|w| w.unsigned_abs()).max().unwrap_or(0);
        rows.sort_by(|a, b| weight(&b.1).cmp(&weight(&a.1)).then(a.0.cmp(&b.0)));
        let (table, lost) = Triples::build(&rows, bits);
        println!("parser: {} features kept, {lost} found no room", rows.len() - lost);
        table
    }
}

impl Moves for Three {
    fn moves(&self, ids: &[u32]) -> [f32; 3] {
        let mut sum = [0.0; 3];
        for &id in ids {
            let row = self.now[id as usize];
            for k in 0..3 {
                sum[k] += row[k];
            }
        }
        sum
    }
}
