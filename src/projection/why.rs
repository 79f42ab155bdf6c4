//! Why a figure of two runs differs: its change, taken apart by what differs between them.
//!
//! What can be simulated again is: the parts in which two runs differ are the players of a game, whose values are the
//! figure with some of the parts as in the first run and the others as in the second. Each part gets its Shapley value,
//! see [`crate::stats::shapley::Game`], so that no order of the parts is preferred. What the program itself has changed since is what is left at both
//! ends: figures that were recorded, against the same inputs worked out by this program.

use super::figure::Figure;
use crate::stats::PerMille;
use crate::stats::shapley::{Game, Subset, rounded_to};

/// What may differ between two runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// The program, between the first run and now.
    ProgramBefore,
    /// Lines of the policy.
    Policy,
    /// Values and tables of the place.
    Place,
    /// The illness model.
    Model,
    /// How the run is made: years, warm-up, counties, what becomes of a transition, sources that are switched off.
    Settings,
    /// Policy, place, model and settings together, where they make no scenario apart.
    Inputs,
    /// The seed.
    Seed,
    /// The number of replicates.
    Replicates,
    /// The program, between now and the second run.
    ProgramAfter,
}

impl Cause {
    /// The name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ProgramBefore => "program_before",
            Self::Policy => "policy",
            Self::Place => "place",
            Self::Model => "model",
            Self::Settings => "settings",
            Self::Inputs => "inputs",
            Self::Seed => "seed",
            Self::Replicates => "replicates",
            Self::ProgramAfter => "program_after",
        }
    }

    /// Whether it is luck: nothing but other draws, or more of them.
    #[must_use]
    pub const fn is_luck(self) -> bool {
        matches!(self, Self::Seed | Self::Replicates)
    }
}

/// The replicates of one quantity in each run of a game.
pub struct Column<'a> {
    /// The fen of every replicate, with the second run's part where its bit is set.
    pub of: &'a dyn Fn(Subset) -> &'a [i64],
    /// The player that is the seed: whatever differs in it is drawn independently.
    pub seed: Option<usize>,
}

/// What one part causes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// Whole fen; all shares add up to the change.
    pub fen: i64,
    /// Standard error, yuan; `None` where the replicates are too few.
    pub error_yuan: Option<f64>,
}

/// A figure taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Apart {
    /// The figure of the first run, worked out again.
    pub before_fen: i64,
    /// That of the second.
    pub after_fen: i64,
    /// By player; they add up to the difference of both.
    pub shares: Vec<Share>,
}

/// Takes the change of a figure apart; `None` where a run has no replicates, or the shares do not add up.
#[must_use]
pub fn apart(game: &Game, column: &Column<'_>, figure: Figure) -> Option<Apart> {
    let end = |subset| figure.whole_fen((column.of)(subset));
    let (before_fen, after_fen) = (end(0)?, end(game.all())?);
    let parts = values(game, column, figure)?;
    let denominator = i128::from(game.denominator()) * common(game, column);
    let whole = i128::from(after_fen) - i128::from(before_fen);
    let fen = rounded_to(whole, &parts, denominator)?;
    let errors = match figure {
        Figure::Mean => (0..parts.len()).map(|player| error_of_mean(game, column, player)).collect(),
        Figure::Percentile(at) => errors_left_out(game, column, (figure, at)),
    };
    let share = |(fen, error): (i128, Option<f64>)| {
        Some(Share { fen: i64::try_from(fen).ok()?, error_yuan: error.map(|fen| fen / 100.0) })
    };
    let shares: Vec<Share> = fen.into_iter().zip(errors).map(share).collect::<Option<_>>()?;
    Some(Apart { before_fen, after_fen, shares })
}

/// What both numbers of replicates divide.
fn common(game: &Game, column: &Column<'_>) -> i128 {
    let (one, other) = ((column.of)(0).len() as i128, (column.of)(game.all()).len() as i128);
    if one == other { one } else { one * other }
}

/// The value of each player, in parts of a fen.
fn values(game: &Game, column: &Column<'_>, figure: Figure) -> Option<Vec<i128>> {
    let common = common(game, column);
    let value = |player: usize| {
        let of = |(subset, weight): (Subset, i64)| {
            let (sum, by) = figure.of((column.of)(subset))?;
            Some(i128::from(weight) * sum * (common / by))
        };
        game.weights(player).into_iter().map(of).sum::<Option<i128>>()
    };
    (0..game.n_players()).map(value).collect()
}

/// The standard error of a share of the mean, fen. In each replicate the runs of one seed are weighed against each other,
/// so that what they have in common falls out; runs of two seeds are independent. Where one run goes on longer, its
/// further replicates count by themselves.
#[expect(clippy::cast_precision_loss, reason = "statistics")]
fn error_of_mean(game: &Game, column: &Column<'_>, player: usize) -> Option<f64> {
    let weights = game.weights(player);
    let all: Vec<(Subset, f64)> = weights
        .into_iter()
        .filter(|(_, weight)| *weight != 0)
        .map(|(subset, weight)| {
            let n = (column.of)(subset).len() as f64;
            (subset, weight as f64 / game.denominator() as f64 / n)
        })
        .collect();
    let is_second = |subset: Subset| column.seed.is_some_and(|seed| subset >> seed & 1 == 1);
    let mut variance = 0.0;
    for second in [false, true] {
        let own: Vec<(&[i64], f64)> = all
            .iter()
            .filter(|(subset, _)| is_second(*subset) == second)
            .map(|&(subset, by)| ((column.of)(subset), by))
            .collect();
        let mut ends: Vec<usize> = own.iter().map(|(fen, _)| fen.len()).collect();
        ends.sort_unstable();
        ends.dedup();
        let mut begin = 0;
        for end in ends {
            let value = |replicate: usize| -> f64 {
                own.iter().filter_map(|(fen, by)| Some(by * *fen.get(replicate)? as f64)).sum()
            };
            let values: Vec<f64> = (begin..end).map(value).collect();
            variance += values.len() as f64 * sample_variance(&values)?;
            begin = end;
        }
    }
    Some(variance.sqrt())
}

/// The variance with divisor n − 1; `None` below two values.
#[expect(clippy::cast_precision_loss, reason = "statistics")]
fn sample_variance(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    if values.len() < 2 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / n;
    Some(values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0))
}

/// The groups of replicates that are left out one after the other.
const GROUPS: usize = 20;

/// The standard errors of all shares of a percentile, fen, by the jackknife over groups of replicates (J. Shao and
/// C. F. J. Wu, *Annals of Statistics* 17 (1989) 1176-1197, doi:10.1214/aos/1176347263); `None` below the replicates from
/// which the percentile can be told.
#[expect(clippy::cast_precision_loss, reason = "statistics")]
fn errors_left_out(game: &Game, column: &Column<'_>, (figure, at): (Figure, PerMille)) -> Vec<Option<f64>> {
    let n_players = game.n_players();
    let fewest = game.subsets().into_iter().map(|subset| (column.of)(subset).len() as u64).min();
    if at.fewest_replicates().is_none_or(|needed| fewest.is_none_or(|n| n < needed)) {
        return vec![None; n_players];
    }
    let without = |group: usize| {
        let value = |subset: Subset| {
            let kept = (column.of)(subset).iter().enumerate().filter(|(at, _)| at % GROUPS != group);
            let (fen, by) = figure.of(&kept.map(|(_, &fen)| fen).collect::<Vec<_>>())?;
            Some(fen as f64 / by as f64)
        };
        let values: std::collections::BTreeMap<Subset, f64> =
            game.subsets().into_iter().map(|subset| Some((subset, value(subset)?))).collect::<Option<_>>()?;
        let share = |player: usize| {
            let sum: f64 =
                game.weights(player).iter().map(|(subset, weight)| *weight as f64 * values[subset]).sum();
            sum / game.denominator() as f64
        };
        Some((0..n_players).map(share).collect::<Vec<f64>>())
    };
    let Some(all) = (0..GROUPS).map(without).collect::<Option<Vec<_>>>() else {
        return vec![None; n_players];
    };
    let error = |player: usize| {
        let mean = all.iter().map(|shares| shares[player]).sum::<f64>() / GROUPS as f64;
        let squares: f64 = all.iter().map(|shares| (shares[player] - mean).powi(2)).sum();
        Some((squares * (GROUPS - 1) as f64 / GROUPS as f64).sqrt())
    };
    (0..n_players).map(error).collect()
}

#[cfg(test)]
#[path = "why_tests.rs"]
mod tests;
