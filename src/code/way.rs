//! The way through the tree from one word to another: up to the common head, then down.

use std::fmt;

use super::view::View;
use crate::model::Rel;

/// Steps of the longest way that is told; what is farther is only far.
const FARTHEST: usize = 5;

/// The relations on a way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    steps: [Rel; FARTHEST],
    /// How many of the steps lead up.
    up: usize,
    /// How many steps there are.
    all: usize,
}

impl Way {
    /// From word `from` to word `to`; `None` when it is far.
    pub fn between(view: &View, from: usize, to: usize) -> Option<Way> {
        let chain = |mut i: usize| {
            let mut out = [0usize; FARTHEST + 1];
            let mut n = 0;
            loop {
                out[n] = i;
                n += 1;
                match view.tree.head(i) {
                    Some(h) if n <= FARTHEST => i = h,
                    _ => return (out, n),
                }
            }
        };
        let ((up, ups), (down, downs)) = (chain(from), chain(to));
        let (up, down) = (&up[..ups], &down[..downs]);
        let meet = |(i, x)| down.iter().position(|y| y == x).map(|j| (i, j));
        let (i, j) = up.iter().enumerate().find_map(meet).filter(|(i, j)| i + j <= FARTHEST)?;
        let mut way = Way { steps: [Rel::Dep; FARTHEST], up: i, all: i + j };
        let words = up[..i].iter().chain(down[..j].iter().rev());
        way.steps.iter_mut().zip(words).for_each(|(step, &x)| *step = view.rel(x));
        Some(way)
    }

    /// A number that stands for the way, well mixed.
    pub fn key(&self) -> u64 {
        let mut h: u64 = 0xcbf2_9ce4_8422_2325;
        let mut add = |b: u64| h = (h ^ b).wrapping_mul(0x0100_0000_01b3);
        self.steps[..self.up].iter().for_each(|&rel| add(rel as u64));
        add(200);
        self.steps[self.up..self.all].iter().for_each(|&rel| add(rel as u64));
        (h ^ (h >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
    }
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (up, down) = self.steps[..self.all].split_at(self.up);
        up.iter().try_for_each(|rel| write!(f, "^{}", rel.as_str()))?;
        down.iter().try_for_each(|rel| write!(f, "/{}", rel.as_str()))
    }
}
