//! Parameters where they are read fast.

use std::ops::Deref;

/// Numbers in a line of the cache.
const LINE: usize = 16;

/// The parameters of a network; they begin with a line of the cache, so that no vector of them lies across two.
#[derive(Debug, Default)]
pub struct Weights {
    list: Vec<f32>,
    from: usize,
}

impl FromIterator<f32> for Weights {
    fn from_iter<I: IntoIterator<Item = f32>>(numbers: I) -> Weights {
        let numbers: Vec<f32> = numbers.into_iter().collect();
        let mut list: Vec<f32> = Vec::with_capacity(numbers.len() + LINE);
        let from = list.as_ptr().align_offset(4 * LINE).min(LINE);
        list.resize(from, 0.0);
        list.extend_from_slice(&numbers);
        Weights { list, from }
    }
}

impl Clone for Weights {
    fn clone(&self) -> Weights {
        self.iter().copied().collect()
    }
}

impl Deref for Weights {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.list[self.from..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_begin_with_a_line() {
        for n in [1, 7, 1000] {
            let weights: Weights = (0..n).map(|i| i as f32).collect();
            let copy = weights.clone();
            for w in [&weights, &copy] {
                assert_eq!((w.len(), w.as_ptr() as usize % 64), (n, 0));
                assert!(w.iter().enumerate().all(|(i, x)| *x == i as f32));
            }
        }
    }
}
