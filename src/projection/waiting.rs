//! Persons and payments that wait when the money of a fund does not last: of some of the replicates in which it is short.

use crate::simulation::account::{Account, MonthEnd};
use crate::simulation::facts::MONTHS;
use crate::simulation::waiting::{Moment, ShortReplicate, Waiting, When};
use crate::stats::{Estimate, PerMille, Sample};

/// A fund that is short in some replicates, and those of them whose persons are looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct ShortFund {
    /// The county; `None` for the pooled fund.
    pub county: Option<usize>,
    /// The account.
    pub account: Account,
    /// The years of the account.
    pub years: Vec<u16>,
    /// By year: the replicates in which it is short in the year.
    pub n_short: Vec<usize>,
    /// Those that are looked at.
    pub replicates: Vec<ShortReplicate>,
}

/// How many of something there are, over the replicates that were looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Number {
    /// The mean.
    pub mean: Estimate,
    /// The 5th and the 95th percentile; `None` with too few replicates.
    pub p05_p95: Option<[i64; 2]>,
}

/// The 95 % interval of the mean of something that is never below 0, lowest and highest end: Student's t on the logarithm,
/// since few replicates would put the lower end below 0 else. `None` of a single replicate, and where all are 0.
#[must_use]
pub fn interval_95(of: &Estimate) -> Option<[f64; 2]> {
    let factor = libm::exp(of.margin_95()? / of.mean);
    (of.mean > 0.0).then(|| [of.mean / factor, of.mean * factor])
}

/// Who waits at a moment of a year in which the money does not last.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitingRow {
    /// The county; `None` for the pooled fund.
    pub county: Option<usize>,
    /// The year.
    pub year: u16,
    /// The moment.
    pub when: When,
    /// The replicates in which the fund is short in the year.
    pub n_short: usize,
    /// Those of them that were looked at.
    pub n_looked_at: usize,
    /// What was seen; `None` where none was looked at.
    pub seen: Option<Seen>,
}

/// What was seen in the replicates that were looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// What is missing.
    pub missing: Estimate,
    /// The payments that wait.
    pub waiting: Estimate,
    /// Persons.
    pub persons: Number,
    /// Payments.
    pub payments: Number,
}

/// The fund of an account with the replicates of it that are looked at, at most so many: evenly over all in which it is
/// short in any year, in their order, so that neither threads nor other counties matter. `None` where there are none.
pub(super) fn short_fund(
    (county, account, years): (Option<usize>, &Account, &[u16]),
    due: impl Fn(usize) -> Vec<[i64; MONTHS]>,
    paths: &[Vec<MonthEnd>],
    most: usize,
) -> Option<ShortFund> {
    let short: Vec<usize> = (0..paths.len()).filter(|&at| paths[at].iter().any(MonthEnd::is_short)).collect();
    let n = most.min(short.len());
    if n == 0 {
        return None;
    }
    let chosen = (0..n).map(|at| short[at * short.len() / n]);
    let of = |number: usize| {
        let moments = moments(&paths[number], years.len());
        ShortReplicate::new(number as u32, due(number), moments)
    };
    let n_short = |year: usize| paths.iter().filter(|path| runs_out(path, year).is_some()).count();
    Some(ShortFund {
        county,
        account: account.clone(),
        years: years.to_vec(),
        n_short: (0..years.len()).map(n_short).collect(),
        replicates: chosen.map(of).collect(),
    })
}

/// The month of a year (January 0) in which a path is short for the first time of the year.
pub(super) fn runs_out(path: &[MonthEnd], year: usize) -> Option<usize> {
    path[12 * year..12 * (year + 1)].iter().position(MonthEnd::is_short)
}

/// The moments of a path that are looked at: two in each year in which it is short.
fn moments(path: &[MonthEnd], n_years: usize) -> Vec<Moment> {
    let of_year = |year: usize| {
        let first = runs_out(path, year);
        let moment = move |when: When, month: usize| {
            let month = 12 * year + month;
            let missing_fen = (-path[month].position_fen).max(0);
            Moment { year, when, month, missing_fen, waiting: Waiting::default() }
        };
        first.into_iter().flat_map(move |first| [moment(When::RunsOut, first), moment(When::YearEnd, 11)])
    };
    (0..n_years).flat_map(of_year).collect()
}

impl ShortFund {
    /// What was seen, by year and moment.
    #[must_use]
    pub fn rows(&self) -> Vec<WaitingRow> {
        let mut rows = Vec::new();
        for (at, &year) in self.years.iter().enumerate().filter(|(at, _)| self.n_short[*at] > 0) {
            for when in When::ALL {
                let all = self.replicates.iter().flat_map(|one| &one.moments);
                let own: Vec<Moment> =
                    all.filter(|one| (one.year, one.when) == (at, when)).copied().collect();
                rows.push(WaitingRow {
                    county: self.county,
                    year,
                    when,
                    n_short: self.n_short[at],
                    n_looked_at: own.len(),
                    seen: seen(&own),
                });
            }
        }
        rows
    }
}

fn seen(moments: &[Moment]) -> Option<Seen> {
    let of = |of: fn(&Moment) -> i64| -> Vec<i64> { moments.iter().map(of).collect() };
    Some(Seen {
        missing: Estimate::of(&of(|one| one.missing_fen), 100)?,
        waiting: Estimate::of(&of(|one| one.waiting.fen), 100)?,
        persons: number(of(|one| one.waiting.persons))?,
        payments: number(of(|one| one.waiting.payments))?,
    })
}

fn number(values: Vec<i64>) -> Option<Number> {
    let sample = Sample::new(values)?;
    let ends = [PerMille::P05, PerMille::P95];
    let enough = ends.iter().all(|at| sample.quantile_error(*at).is_some());
    let p05_p95 = enough.then(|| ends.map(|at| sample.quantile(at)));
    Some(Number { mean: sample.estimate(1), p05_p95 })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten persons in one replicate and none in three others: mean and t would reach from −5 to 10, the logarithm stays
    /// above 0. Student's t with 3 degrees of freedom is 3.1824, the standard error 2.5: a factor of e^3.1824.
    #[test]
    fn intervals_of_few_replicates_stay_above_nothing() {
        let few = Estimate::of(&[10, 0, 0, 0], 1).unwrap();
        let (low, high) = few.interval_95().unwrap();
        assert!(low < -5.0 && high > 10.0);
        let factor = libm::exp(3.182_446_305);
        let [low, high] = interval_95(&few).unwrap();
        assert!((low * factor / 2.5 - 1.0).abs() < 1e-6 && (high / factor / 2.5 - 1.0).abs() < 1e-6);
        assert_eq!(interval_95(&Estimate::of(&[0, 0, 0], 1).unwrap()), None, "none waits in any");
        assert_eq!(interval_95(&Estimate::of(&[7], 1).unwrap()), None, "a single replicate");
    }
}
