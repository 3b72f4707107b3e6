//! Linear models as flat tables: a feature's id leads to the few classes it speaks for.

use super::hash::FEATURE_BITS;

/// Scores by class.
pub type Classes = [f32; 128];

/// A linear model over many classes.
pub trait Linear {
    /// Adds the weights of the features to `scores`.
    fn score(&self, ids: &[u32], scores: &mut Classes);
}

/// A linear model over the parser's three moves.
pub trait Moves {
    /// The sum of the features' weights for each move.
    fn moves(&self, ids: &[u32]) -> [f32; 3];
}

/// A read-only model of many classes.
///
/// Index: open-addressed slots of 8 bytes (id in three, number of pairs in one, offset of the first pair in four).
/// Pairs: class and weight, a byte each.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sparse<'a> {
    index: &'a [u8],
    pairs: &'a [u8],
    mask: usize,
}

impl<'a> Sparse<'a> {
    /// Over the two tables; the index has a power of two of slots.
    pub fn new(index: &'a [u8], pairs: &'a [u8]) -> Self {
        let slots = (index.len() / 8).max(1);
        Sparse { index, pairs, mask: slots - 1 }
    }

    fn find(&self, id: u32) -> Option<&'a [u8]> {
        let mut at = id as usize & self.mask;
        loop {
            let slot = self.index.get(at * 8..at * 8 + 8)?;
            let key = u32::from_le_bytes([slot[0], slot[1], slot[2], 0]);
            let len = slot[3] as usize;
            if len == 0 {
                return None;
            }
            if key == id {
                let from = u32::from_le_bytes([slot[4], slot[5], slot[6], slot[7]]) as usize;
                return self.pairs.get(from..from + 2 * len);
            }
            at = (at + 1) & self.mask;
        }
    }

    /// Builds the two tables from features with their (class, weight) pairs.
    pub fn build(rows: &[(u32, Vec<(u8, i8)>)]) -> (Vec<u8>, Vec<u8>) {
        let slots = (rows.len() * 3 / 2 + 8).next_power_of_two();
        let mut index = vec![0u8; slots * 8];
        let mut pairs = Vec::new();
        for (id, row) in rows {
            debug_assert!(*id < 1 << FEATURE_BITS);
            let mut at = *id as usize & (slots - 1);
            while index[at * 8 + 3] != 0 {
                at = (at + 1) & (slots - 1);
            }
            let slot = &mut index[at * 8..at * 8 + 8];
            slot[..3].copy_from_slice(&id.to_le_bytes()[..3]);
            slot[3] = row.len() as u8;
            slot[4..].copy_from_slice(&(pairs.len() as u32).to_le_bytes());
            for (class, weight) in row {
                pairs.extend([*class, *weight as u8]);
            }
        }
        (index, pairs)
    }
}

impl Linear for Sparse<'_> {
    fn score(&self, ids: &[u32], scores: &mut Classes) {
        for &id in ids {
            let Some(row) = self.find(id) else { continue };
            for pair in row.chunks_exact(2) {
                scores[(pair[0] & 127) as usize] += f32::from(pair[1] as i8);
            }
        }
    }
}

/// A read-only model of the three moves: buckets of four slots, a slot being the high bits of the feature's id (a
/// byte) and three weights (a byte each).
#[derive(Clone, Copy, Debug, Default)]
pub struct Triples<'a> {
    table: &'a [u8],
    mask: usize,
    shift: u32,
}

/// Bits of an id kept in a slot of [`Triples`].
const KEPT: u32 = 8;

impl<'a> Triples<'a> {
    /// Over a table with a power of two of buckets.
    pub fn new(table: &'a [u8]) -> Self {
        let buckets = (table.len() / 16).max(1);
        Triples { table, mask: buckets - 1, shift: FEATURE_BITS - KEPT }
    }

    /// Builds the table with `1 << bits` buckets (at least 2^16); rows come most important first, and those that
    /// find their bucket full are left out. Returns the table and how many were left out.
    pub fn build(rows: &[(u32, [i8; 3])], bits: u32) -> (Vec<u8>, usize) {
        assert!(bits >= FEATURE_BITS - KEPT, "the kept bits must tell all ids of a bucket apart");
        let mut table = vec![0u8; 16 << bits];
        let mut lost = 0;
        for (id, row) in rows {
            let bucket = *id as usize & ((1 << bits) - 1);
            let slots = &mut table[bucket * 16..bucket * 16 + 16];
            match slots.chunks_exact_mut(4).find(|s| s[1..] == [0, 0, 0]) {
                Some(slot) => {
                    slot[0] = (id >> (FEATURE_BITS - KEPT)) as u8;
                    for (place, weight) in slot[1..].iter_mut().zip(row) {
                        *place = *weight as u8;
                    }
                }
                None => lost += 1,
            }
        }
        (table, lost)
    }
}

impl Moves for Triples<'_> {
    #[inline]
    fn moves(&self, ids: &[u32]) -> [f32; 3] {
        let mut sum = [0i32; 3];
        for &id in ids {
            let at = (id as usize & self.mask) * 16;
            let Some(bucket) = self.table.get(at..at + 16) else { continue };
            let high = (id >> self.shift) as u8;
            for slot in bucket.chunks_exact(4) {
                if slot[0] == high {
                    sum[0] += i32::from(slot[1] as i8);
                    sum[1] += i32::from(slot[2] as i8);
                    sum[2] += i32::from(slot[3] as i8);
                }
            }
        }
        sum.map(|s| s as f32)
    }
}
