//! Names of features: a template and the parts that fill it. Each part stands for itself by a number, so that the
//! slot of a feature is found without its name, which is written only for who wants to read it.

use std::fmt;
use std::sync::Arc;

use super::SLOTS;
use crate::code::way::Way;

/// What a name is made of.
pub(super) trait Part {
    /// A number that stands for it; the same in every run.
    fn key(&self) -> u64;
}

impl Part for str {
    fn key(&self) -> u64 {
        xxhash_rust::xxh3::xxh3_64(self.as_bytes())
    }
}

impl Part for Box<str> {
    fn key(&self) -> u64 {
        (**self).key()
    }
}

impl Part for Arc<str> {
    fn key(&self) -> u64 {
        (**self).key()
    }
}

impl Part for String {
    fn key(&self) -> u64 {
        self.as_str().key()
    }
}

impl Part for Way {
    fn key(&self) -> u64 {
        Way::key(self)
    }
}

impl Part for usize {
    fn key(&self) -> u64 {
        *self as u64 + 1
    }
}

impl Part for i32 {
    fn key(&self) -> u64 {
        i64::from(*self) as u64 ^ 0x5555
    }
}

impl Part for bool {
    fn key(&self) -> u64 {
        u64::from(*self) + 1
    }
}

/// A text that stands in many names: its number is worked out once.
#[derive(Clone, Copy)]
pub(super) struct Known<'t>(&'t str, u64);

impl<'t> Known<'t> {
    pub fn new(text: &'t str) -> Known<'t> {
        Known(text, text.key())
    }
}

impl fmt::Display for Known<'_> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Part for Known<'_> {
    fn key(&self) -> u64 {
        self.1
    }
}

impl<T: Part + ?Sized> Part for &T {
    fn key(&self) -> u64 {
        (**self).key()
    }
}

/// The number of a template, worked out while compiling (FNV-1a).
pub(super) const fn template(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    let mut i = 0;
    while i < bytes.len() {
        h = (h ^ bytes[i] as u64).wrapping_mul(0x0100_0000_01b3);
        i += 1;
    }
    h
}

/// The slot of a feature; parts count in their order.
pub(super) fn slot(template: u64, parts: &[u64]) -> u32 {
    let mut h = template;
    for part in parts {
        h = (h.rotate_left(23) ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        h ^= h >> 32;
    }
    let h = (h ^ (h >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (h >> 32) as u32 & (SLOTS as u32 - 1)
}

/// Adds the feature that a template and its parts name.
macro_rules! see {
    ($out:expr, $template:literal $(, $part:expr)* $(,)?) => {
        $out.put(
            const { $crate::code::judge::name::template($template) },
            &[$($crate::code::judge::name::Part::key(&$part)),*],
            format_args!($template $(, $part)*),
        )
    };
}
pub(super) use see;
