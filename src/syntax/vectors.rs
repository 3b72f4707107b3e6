//! Word vectors: what stood in like company in six thousand million words of text is alike here.
//!
//! Made by `train vectors` from GloVe (Pennington, Socher, Manning 2014; Public Domain Dedication and License).
//! The file: a table of open-addressed slots (16 bits of the word's hash, 16 bits of its number), then a byte for
//! each number of each vector.

use super::hash;

/// Numbers of a vector.
pub const DIMS: usize = 96;

/// Slots of the table.
const SLOTS: usize = 1 << 16;

/// What one step of a byte is worth.
pub const STEP: f32 = 1.0 / 48.0;

static FILE: &[u8] = include_bytes!("weights/vectors.bin");

/// The number of a word (from 1) by the hash of its lower-case form; 0 when unknown.
pub fn find(word: u32) -> u16 {
    let mut at = word as usize & (SLOTS - 1);
    for _ in 0..256 {
        let Some(slot) = FILE.get(at * 4..at * 4 + 4) else { break };
        let number = u16::from_le_bytes([slot[0], slot[1]]);
        if number == 0 {
            break;
        }
        if u16::from_le_bytes([slot[2], slot[3]]) == (word >> 16) as u16 {
            return number;
        }
        at = (at + 1) & (SLOTS - 1);
    }
    0
}

/// Copies the vector of a numbered word; zeros for 0.
#[inline(always)]
pub fn copy(number: u16, out: &mut [f32]) {
    let bytes = (number as usize).checked_sub(1).and_then(|i| {
        let from = SLOTS * 4 + i * DIMS;
        FILE.get(from..from + DIMS)
    });
    match bytes {
        Some(bytes) => {
            for (o, b) in out.iter_mut().zip(bytes) {
                *o = f32::from(*b as i8) * STEP;
            }
        }
        None => out.fill(0.0),
    }
}

/// Whether the lower-case `word` is known.
pub fn knows(word: &str) -> bool {
    find(hash::bytes(word.bytes())) != 0
}

/// Builds the file from words with their vectors, at most 49,000 of them.
pub fn build<'a>(words: impl Iterator<Item = (&'a str, &'a [f32])>) -> Vec<u8> {
    let mut table = vec![0u8; SLOTS * 4];
    let mut bytes = Vec::new();
    for (i, (word, vector)) in words.take(49_000).enumerate() {
        let h = hash::bytes(word.bytes());
        let mut at = h as usize & (SLOTS - 1);
        while table[at * 4..at * 4 + 2] != [0, 0] {
            at = (at + 1) & (SLOTS - 1);
        }
        table[at * 4..at * 4 + 2].copy_from_slice(&(i as u16 + 1).to_le_bytes());
        table[at * 4 + 2..at * 4 + 4].copy_from_slice(&((h >> 16) as u16).to_le_bytes());
        bytes.extend(vector[..DIMS].iter().map(|x| (x / STEP).round().clamp(-127.0, 127.0) as i8 as u8));
    }
    table.extend(bytes);
    table
}
