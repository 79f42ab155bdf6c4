//! Squares and products of columns, for asking what acts together.

use super::apart::Input;
use crate::stats::regression::{about_mean, product};

/// A square or a product of columns.
pub(super) struct Product {
    /// The inputs that take part in it, but for the persons of all categories.
    pub of: Vec<Input>,
    /// Whether it is the square of an input, and so what it does alone.
    pub is_square: bool,
    /// Whether the persons of all categories are the other factor.
    pub with_persons: bool,
    /// The column.
    pub column: Vec<f64>,
}

/// Squares and products of the numbers of the model, and their products with the persons of all categories.
pub(super) fn products(numbers: &[(Input, Vec<f64>)], persons: &[f64]) -> Vec<Product> {
    let mut all = Vec::new();
    let mut put = |of: &[Input], (one, other): (&[f64], &[f64]), with_persons: bool| {
        let is_square = of.len() == 1 && !with_persons;
        all.push(Product { of: of.to_vec(), is_square, with_persons, column: times(one, other) });
    };
    for (at, (input, column)) in numbers.iter().enumerate() {
        put(&[*input], (column, column), false);
        for (other, more) in &numbers[at + 1..] {
            put(&[*input, *other], (column, more), false);
        }
        if persons.iter().any(|value| *value != 0.0) {
            put(&[*input], (column, persons), true);
        }
    }
    all
}

/// Value by value.
pub(super) fn times(one: &[f64], other: &[f64]) -> Vec<f64> {
    one.iter().zip(other).map(|(one, other)| one * other).collect()
}

/// A column about its mean, in standard deviations.
#[expect(clippy::cast_precision_loss, reason = "counts of replicates")]
pub(super) fn standard(column: &[f64]) -> Vec<f64> {
    let about = about_mean(column);
    let sd = (product(&about, &about) / about.len().max(1) as f64).sqrt();
    if sd > 0.0 { about.iter().map(|value| value / sd).collect() } else { about }
}
