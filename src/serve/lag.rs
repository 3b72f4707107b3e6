//! How long it took from the sight of an article to its event's being served.

/// Upper bounds of the buckets in seconds.
pub const BOUNDS: [f64; 11] = [0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0];

/// A histogram.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lag {
    /// Counts by bucket, the last one without a bound.
    pub counts: [u64; BOUNDS.len() + 1],
    /// Sum of all, in seconds.
    pub sum: f64,
}

impl Lag {
    /// Takes in one.
    pub fn note(&mut self, seconds: f64) {
        let seconds = seconds.max(0.0);
        self.counts[BOUNDS.iter().position(|b| seconds <= *b).unwrap_or(BOUNDS.len())] += 1;
        self.sum += seconds;
    }

    /// How many.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// The bound under which a share of all lie; `None` without any, or above the last bound.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let wanted = (self.count() as f64 * share).ceil() as u64;
        let mut below = 0;
        if wanted == 0 {
            return None;
        }
        for (bound, n) in BOUNDS.iter().zip(self.counts) {
            below += n;
            if below >= wanted {
                return Some(*bound);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_bounds_of_buckets() {
        let mut lag = Lag::default();
        assert_eq!(lag.quantile(0.5), None);
        [0.01, 0.02, 0.2, 400.0].into_iter().for_each(|s| lag.note(s));
        assert_eq!(
            (lag.quantile(0.5), lag.quantile(0.75), lag.quantile(1.0)),
            (Some(0.05), Some(0.25), None)
        );
    }
}
