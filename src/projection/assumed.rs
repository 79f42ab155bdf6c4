//! How much of the money rests on assumed inputs, by kind of input and by any of them.
//!
//! A yuan rests on an **assumed count** when the rule that pays it is for a category whose number of persons in
//! the county is assumed (one of several categories is enough, because outcomes are kept by rule and not by
//! category), and on the other kinds as [`crate::scenario::Scenario::assumed_inputs`] says of its rule. A yuan may rest
//! on several kinds at once, so the shares of the kinds do not add up; the share of any is never below one of them.

use std::collections::BTreeMap;

use super::clauses::EffectRow;
use super::layout::Layout;
use crate::lang::Lang;

/// Number of kinds.
pub const N_KINDS: usize = 5;

/// The kinds of inputs in the order of [`AssumedRow::kinds`], by their names in the record of a run.
pub const KINDS: [&str; N_KINDS] = ["counts", "population", "place_values", "policy_values", "illness_model"];

/// What a kind is called.
#[must_use]
pub const fn kind_label(kind: usize, lang: Lang) -> &'static str {
    match kind {
        0 => lang.pick("各类对象人数", "numbers of persons by category"),
        1 => lang.pick("人口和家庭构成", "make-up of the population and its households"),
        2 => lang.pick("地方参数", "values of the place"),
        3 => lang.pick("政策和保险参数", "values of policy and insurances"),
        _ => lang.pick("疾病模型", "illness model"),
    }
}

/// Shares of the mean spending of one county (or all) in one year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AssumedRow {
    /// The county's position; `None` for all.
    pub county: Option<usize>,
    /// The year; `None` for all years.
    pub year: Option<u16>,
    /// Mean spending booked to lines, yuan.
    pub yuan: f64,
    /// The share resting on each kind, in the order of [`KINDS`]; `None` where nothing is spent.
    pub kinds: [Option<f64>; N_KINDS],
    /// The share resting on any of them.
    pub any: Option<f64>,
}

#[derive(Default, Clone, Copy)]
struct Sums {
    n: u64,
    all: i128,
    kinds: [i128; N_KINDS],
    any: i128,
}

/// The shares by county and year, then of all counties by year, then of everything.
#[must_use]
pub fn rows(layout: &Layout, rules: &[EffectRow]) -> Vec<AssumedRow> {
    let mut sums: BTreeMap<(bool, usize, bool, u16), Sums> = BTreeMap::new();
    for row in rules {
        let Some(county) = row.county else { continue };
        if layout.rules.get(row.of).is_none_or(|rule| rule.line.is_none()) {
            continue;
        }
        let kinds = kinds(layout, county, row);
        for key in [(false, county, false, row.year), (true, 0, false, row.year), (true, 0, true, 0)] {
            let sum = sums.entry(key).or_default();
            let fen = row.effect.fen.total();
            sum.n = layout.n_replicates as u64;
            sum.all += fen;
            for (part, rests) in sum.kinds.iter_mut().zip(kinds) {
                *part += if rests { fen } else { 0 };
            }
            sum.any += if kinds.contains(&true) { fen } else { 0 };
        }
    }
    sums.iter().map(|(key, sum)| finished(*key, sum)).collect()
}

/// On which kinds a rule's money rests in a county.
fn kinds(layout: &Layout, county: usize, row: &EffectRow) -> [bool; N_KINDS] {
    let inputs = layout.assumed_inputs.get(row.of).copied().unwrap_or_default();
    [
        rests_on_counts(layout, county, row),
        inputs.population,
        inputs.place_values,
        inputs.policy_values,
        inputs.illness_model,
    ]
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
        kinds: sum.kinds.map(share),
        any: share(sum.any),
    }
}
