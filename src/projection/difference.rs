//! A paired difference: the second scenario minus the first, replicate by replicate on the same draws.

use std::collections::BTreeSet;

use crate::stats::{Estimate, PerMille, Sample};

use super::budget::Probability;
use super::clauses::{AllEffects, EffectTrials};
use super::layout::Layout;
use super::money::Part;

/// How the difference of an amount varies between replicates.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
pub struct Difference {
    /// Mean amount of the first scenario, yuan.
    pub base_yuan: f64,
    /// Mean amount of the second scenario, yuan.
    pub other_yuan: f64,
    /// The difference, second minus first: mean, standard deviation, standard error, yuan.
    pub yuan: Estimate,
    /// The 95 % interval of the mean difference by Student's t, yuan; `None` below two replicates.
    pub interval_yuan: Option<(f64, f64)>,
    /// 5th percentile of the difference between replicates, fen: with the 95th the range of outcomes, which does not
    /// shrink with more replicates as the interval of the mean does.
    pub p05_fen: i64,
    /// Median of the difference, fen.
    pub p50_fen: i64,
    /// 95th percentile of the difference, fen.
    pub p95_fen: i64,
    /// Standard errors of the three percentiles, yuan; `None` where the replicates are too few.
    pub percentile_errors_yuan: [Option<f64>; 3],
    /// Share of the replicates in which the second is dearer; ties are not.
    pub probability_dearer: f64,
    /// Its 95 % interval.
    pub dearer_interval: (f64, f64),
    /// Share of the replicates in which both are equal.
    pub probability_equal: f64,
    /// Variance of the difference of two independent runs, divided by that of the paired one; `None` where the
    /// paired difference does not vary.
    pub variance_reduction: Option<f64>,
}

impl Difference {
    /// Half the width of the 95 % interval of the mean difference, yuan.
    #[must_use]
    pub fn margin_95_yuan(&self) -> Option<f64> {
        self.interval_yuan.map(|(low, high)| (high - low) / 2.0)
    }

    /// Whether both scenarios spend the same in every replicate.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.p05_fen == 0 && self.yuan.mean == 0.0 && self.yuan.sd.unwrap_or(0.0) == 0.0
    }

    /// From the fen of all replicates under both scenarios, in the same order; `None` without replicates.
    #[must_use]
    pub fn of(base: &[i64], other: &[i64]) -> Option<Self> {
        let differences: Vec<i64> = base.iter().zip(other).map(|(base, other)| other - base).collect();
        let (first, second) = (Estimate::of(base, 100)?, Estimate::of(other, 100)?);
        let sample = Sample::new(differences)?;
        let yuan = sample.estimate(100);
        let at_most_zero = sample.share_at_most(0);
        let n_dearer = base.iter().zip(other).filter(|(base, other)| other > base).count();
        let Probability { low, high, .. } = Probability::of(n_dearer, base.len());
        let error_yuan = |at| sample.quantile_error(at).map(|fen| fen / 100.0);
        let unpaired = first.sd.zip(second.sd).map(|(a, b)| a * a + b * b);
        let paired = yuan.sd.filter(|sd| *sd > 0.0).map(|sd| sd * sd);
        Some(Self {
            base_yuan: first.mean,
            other_yuan: second.mean,
            yuan,
            interval_yuan: yuan.interval_95(),
            p05_fen: sample.quantile(PerMille::P05),
            p50_fen: sample.quantile(PerMille::P50),
            p95_fen: sample.quantile(PerMille::P95),
            percentile_errors_yuan: [PerMille::P05, PerMille::P50, PerMille::P95].map(error_yuan),
            probability_dearer: 1.0 - at_most_zero,
            dearer_interval: (low, high),
            probability_equal: at_most_zero - sample.share_at_most(-1),
            variance_reduction: unpaired.zip(paired).map(|(unpaired, paired)| unpaired / paired),
        })
    }
}

/// The difference of one county (or all) in one year, over the cells of a part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DifferenceRow {
    /// The county's position; `None` for all, added up within each replicate.
    pub county: Option<usize>,
    /// The year.
    pub year: u16,
    /// Line and funder, by the names of the comparison.
    pub part: Part,
    /// The difference.
    pub difference: Difference,
}

/// The difference of what is paid for the people of a category.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CategoryDifference {
    /// The category, by the names of the comparison.
    pub category: usize,
    /// County, year, payer and the difference.
    pub row: DifferenceRow,
}

/// What a clause moved under both scenarios, in one county (or all) and year, paired by replicate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClauseDifference {
    /// The county's position; `None` for all, added up within each replicate.
    pub county: Option<usize>,
    /// The year.
    pub year: u16,
    /// The clause, by the names of the comparison.
    pub clause: usize,
    /// What it moved under the first scenario, mean, yuan; 0 where that does not know the clause.
    pub base_yuan: f64,
    /// What it moved under the second scenario, mean, yuan.
    pub other_yuan: f64,
    /// The difference of all money that the clause moves, yuan.
    pub moved: Estimate,
    /// The difference of what is booked to lines of spending, yuan.
    pub booked: Estimate,
    /// The difference of what may be added up over clauses, yuan, see [`super::clauses::Effect::addable_fen`].
    pub addable: Estimate,
}

impl ClauseDifference {
    /// The differences of all clauses that either scenario has.
    pub(super) fn rows(county: Option<usize>, layout: &Layout, [base, other]: [&AllEffects; 2]) -> Vec<Self> {
        let keys: BTreeSet<(usize, usize)> = base.keys().chain(other.keys()).collect();
        let n = layout.n_replicates;
        let row = |(year, clause): (usize, usize)| {
            let both = [base, other].map(|effects| effects.get(year, clause));
            let columns = |fen: fn(&EffectTrials) -> &[i64]| both.map(|one| one.map_or(&[][..], fen));
            let difference = |fen| estimate(&minus(columns(fen), n));
            let [base, other] = columns(EffectTrials::fen).map(|fen| estimate(&minus([&[], fen], n)).mean);
            Self {
                county,
                year: layout.years[year].year,
                clause,
                base_yuan: base,
                other_yuan: other,
                moved: difference(EffectTrials::fen),
                booked: difference(EffectTrials::booked_fen),
                addable: difference(EffectTrials::addable_fen),
            }
        };
        keys.into_iter().map(row).collect()
    }
}

/// The second column minus the first; an empty one is 0 in each replicate.
pub(super) fn minus([base, other]: [&[i64]; 2], n_replicates: usize) -> Vec<i64> {
    let at = |column: &[i64], replicate: usize| column.get(replicate).copied().unwrap_or(0);
    (0..n_replicates).map(|replicate| at(other, replicate) - at(base, replicate)).collect()
}

/// The mean of fen by replicate, in yuan.
pub(super) fn estimate(fen: &[i64]) -> Estimate {
    Estimate::of(fen, 100).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 10, 20, 30, 40 against 10, 21, 32, 43 yuan: differences 0, 1, 2, 3, mean 1.5, variance 5/3.
    #[test]
    fn exact_a_paired_difference() {
        let base = [1000, 2000, 3000, 4000];
        let other = [1000, 2100, 3200, 4300];
        let difference = Difference::of(&base, &other).unwrap();
        let sd = (5.0_f64 / 3.0).sqrt();
        assert!((difference.yuan.mean - 1.5).abs() < 1e-12);
        assert!((difference.yuan.sd.unwrap() - sd).abs() < 1e-12);
        assert_eq!((difference.p05_fen, difference.p50_fen, difference.p95_fen), (0, 100, 300));
        assert!((difference.probability_dearer - 0.75).abs() < 1e-12);
        assert!((difference.probability_equal - 0.25).abs() < 1e-12);
        // t(3) at 97.5 % is 3.182446; variances 500/3 and 605/3 (deviations −16.5, −5.5, 5.5, 16.5).
        let (low, high) = difference.interval_yuan.unwrap();
        let half = 3.182_446_305 * sd / 2.0;
        assert!((low - (1.5 - half)).abs() < 1e-6 && (high - (1.5 + half)).abs() < 1e-6);
        assert!((difference.variance_reduction.unwrap() - (500.0 + 605.0) / 5.0).abs() < 1e-9);
    }

    #[test]
    fn exact_a_scenario_does_not_differ_from_itself() {
        let difference = Difference::of(&[1, 5, 9], &[1, 5, 9]).unwrap();
        assert!(difference.yuan.mean == 0.0 && difference.yuan.sd == Some(0.0));
        assert_eq!(difference.interval_yuan, Some((0.0, 0.0)));
        assert!(
            difference.probability_dearer == 0.0 && (difference.probability_equal - 1.0).abs() < f64::EPSILON
        );
        assert_eq!(difference.variance_reduction, None);
    }
}
