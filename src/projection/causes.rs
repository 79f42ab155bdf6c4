//! The lines and clauses that cause most of a difference, with what is left.

use crate::stats::Estimate;

use super::difference::estimate;

/// How many are named.
pub const MOST_CAUSES: usize = 3;

/// What causes the difference of all counties in one year.
#[derive(Debug, Clone, PartialEq)]
pub struct Causes {
    /// The year.
    pub year: u16,
    /// Lines of spending.
    pub lines: Leading,
    /// Clauses, in the yuan that each leads; behind the last clause: rules without one.
    pub clauses: Leading,
}

/// Those with the largest mean difference; with the rest they add up to the whole difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Leading {
    /// The position of each, and its difference in yuan; none that do not differ.
    pub named: Vec<(usize, Estimate)>,
    /// What is left of the whole difference, yuan.
    pub rest: Estimate,
}

impl Leading {
    /// From the differences in fen by replicate: the whole, and each part.
    pub(super) fn of(whole: &[i64], parts: impl Iterator<Item = (usize, Vec<i64>)>) -> Self {
        let parts = parts.map(|(position, fen)| {
            let yuan = estimate(&fen);
            (position, fen, yuan)
        });
        let parts = largest(parts, MOST_CAUSES, |(.., yuan)| yuan.mean);
        let mut rest = whole.to_vec();
        for (_, fen, _) in &parts {
            rest.iter_mut().zip(fen).for_each(|(rest, fen)| *rest -= fen);
        }
        let named = parts.into_iter().map(|(position, _, yuan)| (position, yuan)).collect();
        Self { named, rest: estimate(&rest) }
    }
}

/// Those that differ most in the mean, the largest first; none that do not differ.
pub(super) fn largest<T>(all: impl Iterator<Item = T>, most: usize, mean: impl Fn(&T) -> f64) -> Vec<T> {
    let mut all: Vec<T> = all.filter(|one| mean(one) != 0.0).collect();
    all.sort_by(|a, b| mean(b).abs().total_cmp(&mean(a).abs()));
    all.truncate(most);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parts of 1 to 4 and 0 yuan in two replicates that add up to a whole: the largest three are named, 1 yuan is left,
    /// and it does not vary although the whole does.
    #[test]
    fn exact_what_is_named_and_what_is_left_add_up_to_the_whole() {
        let parts = [vec![100, 100], vec![-200, -400], vec![0, 0], vec![500, 300], vec![900, 300]];
        let whole: Vec<i64> =
            (0..2).map(|replicate| parts.iter().map(|part| part[replicate]).sum()).collect();
        let leading = Leading::of(&whole, parts.into_iter().enumerate());
        let named: Vec<(usize, f64)> =
            leading.named.iter().map(|(position, yuan)| (*position, yuan.mean)).collect();
        assert_eq!(named, [(4, 6.0), (3, 4.0), (1, -3.0)]);
        assert_eq!((leading.rest.mean, leading.rest.standard_error), (1.0, Some(0.0)));
        let error = leading.named[2].1.standard_error.unwrap();
        assert!((error - 1.0).abs() < 1e-12, "−2 and −4 yuan: standard deviation √2, error 1");
    }
}
