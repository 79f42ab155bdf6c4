//! Least squares with few columns, for asking what a figure goes along with.

/// Coefficients of the centred columns on the centred values, ordinary least squares by Gauss's elimination with the
/// largest pivot. A column that does not vary, or that the others make up already, has 0.
#[must_use]
pub fn least_squares(columns: &[Vec<f64>], values: &[f64]) -> Vec<f64> {
    // A constant less its mean may be a rounding error, which is no column to fit anything to.
    let about = |column: &Vec<f64>| match column.iter().all(|value| value.to_bits() == column[0].to_bits()) {
        true => vec![0.0; column.len()],
        false => about_mean(column),
    };
    let centred: Vec<Vec<f64>> = columns.iter().map(about).collect();
    let values = about_mean(values);
    let n = columns.len();
    let mut rows: Vec<Vec<f64>> = (0..n)
        .map(|row| {
            let products = centred.iter().map(|other| product(&centred[row], other));
            products.chain([product(&centred[row], &values)]).collect()
        })
        .collect();
    let scale: Vec<f64> = (0..n).map(|at| rows[at][at]).collect();
    let mut taken = vec![false; n];
    let mut seen = vec![false; n];
    for _ in 0..n {
        let left = |at: &usize| !seen[*at] && scale[*at] > 0.0;
        let relative = |at: usize| rows[at][at] / scale[at];
        let largest = (0..n).filter(left).max_by(|&a, &b| relative(a).total_cmp(&relative(b)));
        let Some(pivot) = largest else { break };
        seen[pivot] = true;
        if relative(pivot) < 1e-9 {
            break;
        }
        taken[pivot] = true;
        let own = rows[pivot].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(at, _)| *at != pivot) {
            let times = row[pivot] / own[pivot];
            row.iter_mut().zip(&own).for_each(|(cell, other)| *cell -= times * other);
        }
    }
    (0..n).map(|at| if taken[at] { rows[at][n] / rows[at][at] } else { 0.0 }).collect()
}

/// Values less their mean.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts of replicates")]
pub fn about_mean(values: &[f64]) -> Vec<f64> {
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    values.iter().map(|value| value - mean).collect()
}

/// The sum of the products of two rows of numbers.
#[must_use]
pub fn product(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coefficients_are_found_again_and_idle_columns_have_none() {
        let a: Vec<f64> = (0..40).map(|i| f64::from(i * 7 % 11)).collect();
        let b: Vec<f64> = (0..40).map(|i| f64::from(i * 5 % 13)).collect();
        let constant = vec![libm::log(2.3); 40];
        let twice: Vec<f64> = a.iter().map(|a| 2.0 * a).collect();
        let values: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 4.0 + 2.5 * a - 1.5 * b).collect();
        let found = least_squares(&[a.clone(), constant, b, twice], &values);
        assert!((found[2] + 1.5).abs() < 1e-9 && found[1].abs() < 1e-12, "{found:?}");
        // One of two columns that say the same stands for both.
        assert!((found[0] + 2.0 * found[3] - 2.5).abs() < 1e-9, "{found:?}");
        assert_eq!(least_squares(&[], &values), Vec::<f64>::new());
    }
}
