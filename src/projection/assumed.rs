//! How much of the money rests on assumed inputs.
//!
//! A yuan rests on an **assumed count** when the rule that pays it is for a category whose number of persons in
//! the county is assumed (for one of several categories is enough, because outcomes are kept by rule and not by
//! category), and on an **assumed value** when a value by which the rule pays is assumed
//! ([`crate::scenario::Scenario::rests_on_assumed_values`]). The insurances that settle before assistance and the
//! illness model are not counted: they bear on every yuan but the subsidies.

use super::clauses::EffectRow;
use super::layout::Layout;

/// Shares of the mean spending of one county (or all) in one year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AssumedRow {
    /// The county's position; `None` for all.
    pub county: Option<usize>,
    /// The year; `None` for all years.
    pub year: Option<u16>,
    /// Mean spending booked to lines, yuan.
    pub yuan: f64,
    /// The share resting on an assumed count of persons; `None` where nothing is spent.
    pub counts_share: Option<f64>,
    /// The share resting on an assumed value of a rule.
    pub values_share: Option<f64>,
    /// The share resting on either.
    pub either_share: Option<f64>,
}

#[derive(Default, Clone, Copy)]
struct Sums {
    n: u64,
    all: i128,
    counts: i128,
    values: i128,
    either: i128,
}

/// The shares by county and year, then of all counties by year, then of everything.
#[must_use]
pub fn rows(layout: &Layout, rules: &[EffectRow]) -> Vec<AssumedRow> {
    let mut sums: std::collections::BTreeMap<(bool, usize, bool, u16), Sums> =
        std::collections::BTreeMap::new();
    for row in rules {
        let Some(county) = row.county else { continue };
        if layout.rules.get(row.of).is_none_or(|rule| rule.line.is_none()) {
            continue;
        }
        let counts = rests_on_counts(layout, county, row);
        let values = layout.assumed_rules.get(row.of).copied().unwrap_or(false);
        for key in [(false, county, false, row.year), (true, 0, false, row.year), (true, 0, true, 0)] {
            let sum = sums.entry(key).or_default();
            let fen = row.effect.fen.total();
            sum.n = layout.n_replicates as u64;
            sum.all += fen;
            sum.counts += if counts { fen } else { 0 };
            sum.values += if values { fen } else { 0 };
            sum.either += if counts || values { fen } else { 0 };
        }
    }
    sums.iter().map(|(key, sum)| finished(*key, sum)).collect()
}

fn rests_on_counts(layout: &Layout, county: usize, row: &EffectRow) -> bool {
    let year = layout.years.iter().find(|year| year.year == row.year);
    let reach = year.and_then(|year| year.reach.get(row.of).copied().flatten());
    let assumed = layout.counties.get(county).map_or(0, |county| county.assumed_counts);
    reach.is_some_and(|reach| reach.categories & assumed != 0)
}

#[expect(clippy::cast_precision_loss, reason = "one rounding of exact sums")]
fn finished((all, county, every_year, year): (bool, usize, bool, u16), sum: &Sums) -> AssumedRow {
    let share = |part: i128| (sum.all > 0).then(|| part as f64 / sum.all as f64);
    AssumedRow {
        county: (!all).then_some(county),
        year: (!every_year).then_some(year),
        yuan: sum.all as f64 / (sum.n.max(1) as f64 * 100.0),
        counts_share: share(sum.counts),
        values_share: share(sum.values),
        either_share: share(sum.either),
    }
}
