//! A figure of the replicates of one quantity, and by how much each replicate moves it.

use crate::stats::{Estimate, PerMille, Sample};

/// A figure of the spending of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// The mean over the replicates.
    Mean,
    /// A percentile, see [`Sample::quantile`].
    Percentile(PerMille),
}

impl Figure {
    /// The name: `mean`, `p95`.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Mean => "mean".to_owned(),
            Self::Percentile(at) => format!("p{:02.0}", at.as_f64() * 100.0),
        }
    }

    /// The figure of some replicates, in whole fen over a denominator.
    pub(super) fn of(self, fen: &[i64]) -> Option<(i128, i128)> {
        match self {
            Self::Mean => {
                let sum = fen.iter().map(|&fen| i128::from(fen)).sum();
                (!fen.is_empty()).then_some((sum, fen.len() as i128))
            }
            Self::Percentile(at) => Some((i128::from(Sample::new(fen.to_vec())?.quantile(at)), 1)),
        }
    }

    /// The figure of some replicates in whole fen, rounded half up.
    #[must_use]
    pub fn whole_fen(self, fen: &[i64]) -> Option<i64> {
        let (sum, by) = self.of(fen)?;
        i64::try_from((2 * sum + by).div_euclid(2 * by)).ok()
    }
}

/// A figure of some replicates with its error.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Yuan.
    pub yuan: f64,
    /// Standard error, yuan; `None` where the replicates are too few.
    pub error_yuan: Option<f64>,
    /// By how much each replicate moves it, fen.
    moves: Option<Vec<i64>>,
    figure: Figure,
}

impl Measured {
    /// Of the fen of all replicates; `None` without any.
    #[must_use]
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "fen of a county")]
    pub fn of(figure: Figure, fen: &[i64]) -> Option<Self> {
        let sample = Sample::new(fen.to_vec())?;
        match figure {
            Figure::Mean => {
                let Estimate { mean, standard_error, .. } = sample.estimate(100);
                let moves = fen.iter().map(|fen| fen - (mean * 100.0).round() as i64).collect();
                Some(Self { yuan: mean, error_yuan: standard_error, moves: Some(moves), figure })
            }
            Figure::Percentile(at) => {
                let (quantile, error) = (sample.quantile(at), sample.quantile_error(at));
                let moves = error.map(|error| moves(fen, (at, quantile), error).collect());
                let error_yuan = error.map(|fen| fen / 100.0);
                Some(Self { yuan: quantile as f64 / 100.0, error_yuan, moves, figure })
            }
        }
    }

    /// By how much it is more than another figure of the same replicates, yuan, and the standard error of that.
    #[must_use]
    pub fn less(&self, other: &Self) -> (f64, Option<f64>) {
        let apart = self.moves.as_ref().zip(other.moves.as_ref());
        let apart = apart.map(|(own, other)| own.iter().zip(other).map(|(own, other)| own - other).collect());
        let error = apart.and_then(|apart: Vec<i64>| Estimate::of(&apart, 100)?.standard_error);
        (self.yuan - other.yuan, error)
    }
}

impl Measured {
    /// By how much it falls to that of the same replicates less an effect in each, yuan, and the standard error of that.
    ///
    /// Of a percentile few replicates change sides when the effect is small, so that their moves may say too little; the
    /// error is no less than what as many changing sides as the effect makes likely come to, √(E|effect| / (n f)), with the
    /// density f that is behind the percentile's own error.
    #[must_use]
    pub fn fall(&self, without: &Self, effect_yuan: &[f64]) -> (f64, Option<f64>) {
        let (yuan, error) = self.less(without);
        let Figure::Percentile(at) = self.figure else { return (yuan, error) };
        #[expect(clippy::cast_precision_loss, reason = "counts of replicates")]
        let n = effect_yuan.len().max(1) as f64;
        let moved = effect_yuan.iter().map(|yuan| yuan.abs()).sum::<f64>() / n;
        let p = at.as_f64();
        let least = self.error_yuan.map(|own| (moved * own / (n * p * (1.0 - p)).sqrt()).sqrt());
        (yuan, error.zip(least).map(|(error, least)| error.max(least)))
    }
}

/// By how much each replicate moves a percentile, fen: all that do not exceed it down, the others up.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "far within both ranges")]
pub(super) fn moves(
    column: &[i64],
    (at, quantile_fen): (PerMille, i64),
    error_fen: f64,
) -> impl Iterator<Item = i64> + '_ {
    // The error of a percentile is √(p (1 − p) / n) / f.
    let p = at.as_f64();
    let per_density = error_fen * (column.len() as f64 / (p * (1.0 - p))).sqrt();
    let [below, above] = [p - 1.0, p].map(|move_of_share| (move_of_share * per_density).round() as i64);
    column.iter().map(move |&fen| if fen <= quantile_fen { below } else { above })
}
