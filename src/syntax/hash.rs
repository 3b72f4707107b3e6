//! Hashes: words to 32 bits, features to ids. Fixed for ever within a version of the weights.

/// Bits of a feature's id.
pub const FEATURE_BITS: u32 = 24;

/// 32-bit hash of some bytes (FNV-1a with a final mix).
pub fn bytes(text: impl IntoIterator<Item = u8>) -> u32 {
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    for b in text {
        h = (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
    }
    fold(h)
}

/// Brings 64 bits to 32.
fn fold(h: u64) -> u32 {
    let h = (h ^ (h >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (h >> 32) as u32
}

/// The id of a feature: template `k` over up to three values. [`FEATURE_BITS`] wide.
#[inline(always)]
pub fn feature(k: u32, a: u32, b: u32, c: u32) -> u32 {
    let x = (u64::from(a) | (u64::from(k) << 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let y =
        ((u64::from(b) | (u64::from(c) << 32)) ^ 0x2545_f491_4f6c_dd1d).wrapping_mul(0xd6e8_feb8_6659_fd93);
    let h = (x ^ (x >> 31) ^ y ^ (y >> 33)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (h >> (64 - FEATURE_BITS)) as u32
}

/// Four values as one; for features that need more than three.
#[inline(always)]
pub fn join(a: u32, b: u32) -> u32 {
    (a.wrapping_mul(0x85eb_ca6b) ^ b.rotate_left(13)).wrapping_mul(0xc2b2_ae35)
}
