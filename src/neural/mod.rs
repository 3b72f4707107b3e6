//! The arithmetic that the small networks of `syntax` and `code` share: dense products and a recurrent layer.
//!
//! Every product is fused with its sum, in one order whatever the width of the machine's vectors, so that the same
//! text gives the same numbers everywhere.

pub mod matrix;
pub mod recur;
pub mod weights;

/// Longest sentence in words whose workings are kept as memory for the next: they grow with the square.
pub const KEPT: usize = 400;
