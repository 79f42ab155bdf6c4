//! The spending of a county, year and payer taken apart by what was drawn for many persons at once.
//!
//! Uncertain numbers of persons need no fit: the money of a category times its factor, less its mean. What shocks and
//! parameters do is a least-squares fit to the rest (`docs/model/uncertainty.md`).

use crate::simulation::drivers::OF_MODEL;
use crate::stats::PerMille;
use crate::stats::regression::{about_mean, least_squares, product};

/// What varies between replicates for many persons at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Input {
    /// The persons of a category, by its rank.
    Category(usize),
    /// A number of the illness model, by its place in [`OF_MODEL`].
    Model(usize),
}

/// What an input adds in each replicate, yuan, about its mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// The input.
    pub input: Input,
    /// By replicate.
    pub yuan: Vec<f64>,
}

/// Spending taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Apart {
    /// What each input adds that does anything: categories, then the model.
    pub terms: Vec<Term>,
    /// What no input explains: the luck of single persons, and what acts together.
    pub rest: Vec<f64>,
    /// What a fit to noise alone adds to the variance of each term of the model.
    pub noise: f64,
}

/// The fewest replicates from which anything is said: those that a 95th percentile with an error needs.
fn enough(n: usize) -> bool {
    PerMille::P95.fewest_replicates().is_some_and(|fewest| n as u64 >= fewest)
}

impl Apart {
    /// Takes a column of spending apart; `drawn` holds the columns of what was drawn, those of [`OF_MODEL`] first.
    /// `None` where it does not vary or replicates are too few.
    pub fn of(fen: &[i64], drawn: &[Vec<f64>], of_people: impl Fn(usize) -> Vec<i64>) -> Option<Self> {
        if !enough(fen.len()) || fen.iter().all(|one| *one == fen[0]) {
            return None;
        }
        let mut rest = about_mean(&yuan(fen));
        let (of_model, of_categories) = drawn.split_at(OF_MODEL.len());
        let mut terms = Vec::new();
        for (rank, factors) in of_categories.iter().enumerate() {
            let money: f64 = mean(&yuan(&of_people(rank)));
            let yuan: Vec<f64> = about_mean(factors).iter().map(|factor| factor * money).collect();
            if product(&yuan, &yuan) > 0.0 {
                take(&mut rest, &yuan);
                terms.push(Term { input: Input::Category(rank), yuan });
            }
        }
        let slopes = least_squares(of_model, &rest);
        let mut n_fitted = 0;
        for (number, (column, slope)) in of_model.iter().zip(slopes).enumerate() {
            if slope != 0.0 {
                let yuan: Vec<f64> = about_mean(column).iter().map(|value| slope * value).collect();
                take(&mut rest, &yuan);
                n_fitted += 1;
                terms.push(Term { input: Input::Model(number), yuan });
            }
        }
        let noise = noise(&rest, n_fitted);
        Some(Self { terms, rest, noise })
    }
}

/// What a fit of so many columns to noise alone adds to the variance of each of them: that of what is left, by the
/// replicates.
#[expect(clippy::cast_precision_loss, reason = "counts of replicates")]
pub(super) fn noise(rest: &[f64], n_fitted: usize) -> f64 {
    let free = rest.len().saturating_sub(n_fitted + 1).max(1) as f64;
    product(rest, rest) / free / rest.len().max(1) as f64
}

/// Takes an effect off.
pub(super) fn take(rest: &mut [f64], effect: &[f64]) {
    rest.iter_mut().zip(effect).for_each(|(rest, effect)| *rest -= effect);
}

/// Adds an effect.
pub(super) fn add(sum: &mut [f64], effect: &[f64]) {
    sum.iter_mut().zip(effect).for_each(|(sum, effect)| *sum += effect);
}

/// Fen as yuan.
#[expect(clippy::cast_precision_loss, reason = "fen of a county")]
pub(super) fn yuan(fen: &[i64]) -> Vec<f64> {
    fen.iter().map(|&fen| fen as f64 / 100.0).collect()
}

#[expect(clippy::cast_precision_loss, reason = "counts of replicates")]
pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}
