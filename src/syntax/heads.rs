//! From scores of heads to a tree.

/// Longest sentence, in words, that is searched exactly.
const EXACT: usize = 160;

/// Finds a head for each of `n` words (`n` stands for the root, which takes one child). `scores` has `n` rows of
/// `n + 1`. Each word's best head where that makes a tree; else the best projective tree; in very long sentences a
/// mended one.
pub fn best(scores: &[f32], n: usize, heads: &mut Vec<u16>) {
    heads.clear();
    for d in 0..n {
        let row = &scores[d * (n + 1)..(d + 1) * (n + 1)];
        let mut top = 0;
        for (h, score) in row.iter().enumerate() {
            if *score > row[top] {
                top = h;
            }
        }
        heads.push(top as u16);
    }
    if is_tree(heads) {
        return;
    }
    if n <= EXACT { projective(scores, n, heads) } else { mend(scores, n, heads) }
}

/// Whether every word reaches the root and the root has one child.
fn is_tree(heads: &[u16]) -> bool {
    let n = heads.len();
    if heads.iter().filter(|h| **h as usize == n).count() != 1 {
        return false;
    }
    // 0: not seen, otherwise the walk on which it was seen.
    let mut seen = vec![0u32; n];
    for start in 0..n {
        let walk = start as u32 + 1;
        let mut at = start;
        while at != n && seen[at] == 0 {
            seen[at] = walk;
            at = heads[at] as usize;
        }
        if at != n && seen[at] == walk {
            return false;
        }
    }
    true
}

/// Eisner's search: the best projective tree with one child of the root.
fn projective(scores: &[f32], n: usize, heads: &mut [u16]) {
    let chart = Chart::of(scores, n);
    let mut root = (f32::MIN, 0);
    for r in 0..n {
        let score = chart.closed[1][r] + chart.closed[0][r * n + n - 1] + scores[r * (n + 1) + n];
        if score > root.0 {
            root = (score, r);
        }
    }
    heads[root.1] = n as u16;
    chart.unwind(root.1, n, heads);
}

/// The best score of every span `i..=j` and how it splits: closed spans, headed left (0) or right (1), and where an
/// open one (an arc joins its ends) divides.
struct Chart {
    closed: [Vec<f32>; 2],
    open_at: Vec<u16>,
    closed_at: [Vec<u16>; 2],
}

impl Chart {
    fn of(scores: &[f32], n: usize) -> Chart {
        let size = n * n;
        let mut open = [vec![f32::MIN; size], vec![f32::MIN; size]];
        let mut closed = [vec![f32::MIN; size], vec![f32::MIN; size]];
        let mut open_at = vec![0u16; size];
        let mut closed_at = [vec![0u16; size], vec![0u16; size]];
        for i in 0..n {
            closed[0][i * n + i] = 0.0;
            closed[1][i * n + i] = 0.0;
        }
        for len in 1..n {
            for i in 0..n - len {
                let j = i + len;
                let at = i * n + j;
                let (mut top, mut split) = (f32::MIN, i);
                for k in i..j {
                    let score = closed[0][i * n + k] + closed[1][(k + 1) * n + j];
                    if score > top {
                        (top, split) = (score, k);
                    }
                }
                open_at[at] = split as u16;
                open[0][at] = top + scores[j * (n + 1) + i];
                open[1][at] = top + scores[i * (n + 1) + j];
                let mut best = [(f32::MIN, 0); 2];
                for k in i + 1..=j {
                    let score = open[0][i * n + k] + closed[0][k * n + j];
                    if score > best[0].0 {
                        best[0] = (score, k);
                    }
                }
                for k in i..j {
                    let score = closed[1][i * n + k] + open[1][k * n + j];
                    if score > best[1].0 {
                        best[1] = (score, k);
                    }
                }
                for side in 0..2 {
                    closed[side][at] = best[side].0;
                    closed_at[side][at] = best[side].1 as u16;
                }
            }
        }
        Chart { closed, open_at, closed_at }
    }

    /// Reads the heads off the chart, the root's child being `root`.
    fn unwind(&self, root: usize, n: usize, heads: &mut [u16]) {
        // (from, to, closed, headed right)
        let mut todo = vec![(0, root, true, 1), (root, n - 1, true, 0)];
        while let Some((i, j, whole, side)) = todo.pop() {
            if i == j {
                continue;
            }
            let at = i * n + j;
            if whole {
                let k = self.closed_at[side][at] as usize;
                if side == 0 {
                    todo.extend([(i, k, false, 0), (k, j, true, 0)]);
                } else {
                    todo.extend([(i, k, true, 1), (k, j, false, 1)]);
                }
            } else {
                if side == 0 {
                    heads[j] = i as u16;
                } else {
                    heads[i] = j as u16;
                }
                let k = self.open_at[at] as usize;
                todo.extend([(i, k, true, 0), (k + 1, j, true, 1)]);
            }
        }
    }
}

/// Hangs every word that does not reach the root on the root's child.
fn mend(scores: &[f32], n: usize, heads: &mut [u16]) {
    let at_root = |d: &usize| scores[d * (n + 1) + n];
    let root = (0..n).max_by(|a, b| at_root(a).total_cmp(&at_root(b)).then(b.cmp(a))).unwrap_or(0);
    for head in heads.iter_mut().filter(|h| **h as usize == n) {
        *head = root as u16;
    }
    heads[root] = n as u16;
    for d in 0..n {
        let mut at = d;
        for _ in 0..=n {
            if at == n {
                break;
            }
            at = heads[at] as usize;
        }
        if at != n {
            heads[d] = root as u16;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_scores_give_a_tree(n in 1usize..12, seed in proptest::collection::vec(-9f32..9.0, 156)) {
            let scores = &seed[..n * (n + 1)];
            let mut heads = Vec::new();
            best(scores, n, &mut heads);
            prop_assert!(is_tree(&heads));
            projective(scores, n, &mut heads);
            prop_assert!(is_tree(&heads));
            mend(scores, n, &mut heads);
            prop_assert!(is_tree(&heads));
        }
    }
}
