//! Word clusters: words that stand in like company share a number, so what was learnt of one serves the others.
//!
//! Made from GloVe vectors (Pennington, Socher, Manning 2014; Public Domain Dedication and License) by k-means with
//! `train clusters`. The table is open-addressed: a slot is 22 bits of the word's hash and 10 bits of its cluster.

use super::hash;

/// The table as shipped.
static TABLE: &[u8] = include_bytes!("weights/clusters.bin");

/// Number of fine clusters, the unknown one (0) included.
pub const FINE: usize = 1024;

/// Bytes before the slots: the coarse cluster of each fine one.
const HEAD: usize = FINE;

/// Fine and coarse cluster of a word by the hash of its lower-case form; zeros when unknown.
pub fn lookup(word: u32) -> (u16, u8) {
    let slots = (TABLE.len().saturating_sub(HEAD)) / 4;
    if slots == 0 {
        return (0, 0);
    }
    let mask = slots - 1;
    let mut at = word as usize & mask;
    let tag = word >> 10;
    for _ in 0..64 {
        let slot = HEAD + at * 4;
        let Some(bytes) = TABLE.get(slot..slot + 4) else { break };
        let value = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        if value == 0 {
            break;
        }
        if value >> 10 == tag {
            let fine = (value & 1023) as u16;
            return (fine, TABLE[fine as usize]);
        }
        at = (at + 1) & mask;
    }
    (0, 0)
}

/// Whether the lower-case `word` is one of the known words.
pub fn knows(word: &str) -> bool {
    lookup(hash::bytes(word.bytes())).0 != 0
}

/// Builds the table: `words` with their fine cluster (1 to 1023), `coarse` by fine cluster.
pub fn build(words: &[(String, u16)], coarse: &[u8]) -> Vec<u8> {
    let slots = (words.len() * 3 / 2).next_power_of_two();
    let mut table = vec![0u32; slots];
    for (word, fine) in words {
        let h = hash::bytes(word.bytes());
        let mut at = h as usize & (slots - 1);
        while table[at] != 0 {
            at = (at + 1) & (slots - 1);
        }
        table[at] = (h >> 10) << 10 | u32::from(*fine);
    }
    let mut out = coarse.to_vec();
    out.resize(HEAD, 0);
    out.extend(table.iter().flat_map(|v| v.to_le_bytes()));
    out
}
