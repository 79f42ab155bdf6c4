//! Expected numbers made whole, and exact choices from a pool.

/// Shares `total` out in proportion to `weights`, by differences of the rounded running sum: with
/// `C_i = total × (w_1 + … + w_i) / (w_1 + … + w_n)`, cell `i` gets `⌊C_i + u⌋ − ⌊C_{i−1} + u⌋`.
///
/// The cells add up to `total` exactly and each is within one of its share. With `offset` u uniform on
/// [0, 1) each cell's mean is its share (systematic sampling); with 0.5 the running sums are rounded.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and total + 1")]
pub(super) fn integerise(total: u32, weights: &[f64], offset: f64) -> Vec<u32> {
    let sum: f64 = weights.iter().sum();
    let (mut running, mut given) = (0.0, 0);
    let cell = |weight: &f64| {
        running += weight;
        let reached = ((f64::from(total) * (running / sum) + offset) as u32).min(total);
        let n = reached - given;
        given = reached;
        n
    };
    if sum > 0.0 { weights.iter().map(cell).collect() } else { vec![0; weights.len()] }
}

/// Expected numbers made whole in the same way; their sum is the rounded sum, and no cell exceeds its bound.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of persons")]
pub(super) fn integerise_within(cells: &[u32], share: impl Fn(usize) -> f64, offset: f64) -> Vec<u32> {
    let (mut running, mut given) = (0.0, 0);
    let cell = |(index, &bound): (usize, &u32)| {
        running += f64::from(bound) * share(index);
        let reached = (running + offset) as u32;
        let n = (reached - given).min(bound);
        given += n;
        n
    };
    cells.iter().enumerate().map(cell).collect()
}

/// Chooses exactly `left` of the next `pool` candidates, each set equally likely: the candidate is taken with
/// probability left / pool (selection sampling; Knuth, The Art of Computer Programming 2, algorithm 3.4.2 S).
#[derive(Debug, Clone, Copy)]
pub(super) struct Pick {
    left: u32,
    pool: u32,
}

impl Pick {
    pub(super) fn new(left: u32, pool: u32) -> Self {
        Self { left: left.min(pool), pool }
    }

    /// Whether the next candidate is taken, with its own uniform word.
    pub(super) fn take(&mut self, word: u32) -> bool {
        let taken = (u64::from(word) * u64::from(self.pool)) >> 32 < u64::from(self.left);
        self.pool -= 1;
        self.left -= u32::from(taken);
        taken
    }
}

/// Households of each size (index 0 = one member) that hold `persons` in all: as many as the mean size allows,
/// in proportion to `shares`; who is left over goes to households of the largest size that is still needed.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of households")]
pub(super) fn whole_households(persons: u32, shares: &[f64], offset: f64) -> Vec<u32> {
    let sum: f64 = shares.iter().sum();
    let mean = shares.iter().zip(1_u32..).map(|(share, size)| share * f64::from(size)).sum::<f64>() / sum;
    let mut counts = integerise((f64::from(persons) / mean + offset) as u32, shares, offset);
    let mut left = i64::from(persons) - held(&counts);
    for size in (1..=counts.len()).rev() {
        while left < 0 && counts[size - 1] > 0 {
            counts[size - 1] -= 1;
            left += size as i64;
        }
    }
    for size in (1..=counts.len()).rev() {
        while left >= size as i64 {
            counts[size - 1] += 1;
            left -= size as i64;
        }
    }
    counts
}

fn held(counts: &[u32]) -> i64 {
    counts.iter().zip(1_i64..).map(|(&n, size)| i64::from(n) * size).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_shares_add_up_and_stay_within_one() {
        assert_eq!(integerise(10, &[1.0, 1.0, 1.0], 0.5), [3, 4, 3]);
        assert_eq!(integerise(7, &[0.0, 2.0, 0.0, 5.0, 0.0], 0.5), [0, 2, 0, 5, 0]);
        assert_eq!(integerise(7, &[0.0, 0.0], 0.5), [0, 0]);
        assert_eq!(integerise_within(&[3, 4, 3], |_| 1.0, 0.5), [3, 4, 3]);
        assert_eq!(integerise_within(&[3, 4, 3], |_| 0.5, 0.5), [2, 2, 1]);
    }

    #[test]
    fn exact_households_hold_everybody() {
        assert_eq!(whole_households(10, &[0.5, 0.5], 0.5), [4, 3]);
        assert_eq!(held(&whole_households(1, &[0.0, 0.0, 1.0], 0.5)), 1);
        for persons in 0..300 {
            let counts = whole_households(persons, &[0.15, 0.25, 0.25, 0.2, 0.15], 0.5);
            assert_eq!(held(&counts), i64::from(persons));
        }
    }

    #[test]
    fn exact_pick_takes_the_number_asked_for() {
        for left in 0..=20 {
            let mut pick = Pick::new(left, 20);
            let taken = (0..20_u32).filter(|i| pick.take(i.wrapping_mul(2_654_435_761))).count();
            assert_eq!(taken, left as usize);
        }
    }
}
