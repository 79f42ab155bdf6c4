//! The budget that each safety needs, as charts: payer by payer in the last year, the counties that need most first.

use super::figures::{Figure, drawn};
use super::number::{per_cent, percent, ten_thousands, unit, yuan};
use super::payer_figures::{name, numbered, payers};
use crate::chart::{Needed, NeededBudget, NeededCounty};
use crate::lang::Lang;
use crate::projection::Projection;
use crate::projection::budget::{BudgetRow, SAFETIES};
use crate::stats::margin_95;

/// Which of the safeties counties are ordered by, and the title speaks of.
const SAFE: usize = 2;

/// The charts: of each payer that spends anything in the last year.
#[must_use]
pub fn charts(projection: &Projection, lang: Lang) -> Vec<Figure> {
    let charts = payers(projection).filter_map(|payer| chart(projection, payer, lang));
    let pages =
        charts.flat_map(|chart| drawn(chart.n_pages()).map(move |page| Needed { page, ..chart.clone() }));
    numbered("needed", pages)
}

fn chart(projection: &Projection, payer: usize, lang: Lang) -> Option<Needed> {
    let year = projection.years().last().copied()?;
    let own = projection.budgets.iter().filter(|row| row.year == year && row.funder == Some(payer));
    let several = projection.counties.len() > 1;
    let mut rows: Vec<&BudgetRow> = own.filter(|row| several || row.county.is_some()).collect();
    if rows.iter().all(|row| row.spending.mean == 0.0) {
        return None;
    }
    rows.sort_by_key(|row| (std::cmp::Reverse(row.needed[SAFE].fen), row.county));
    // All counties together need most.
    let most = rows.first()?;
    let county = |row: &&BudgetRow| NeededCounty {
        name: projection.layout.county_label(row.county, lang).to_owned(),
        needed: SAFETIES
            .iter()
            .zip(&row.needed)
            .map(|(at, needed)| NeededBudget {
                safety: per_cent(*at),
                yuan: yuan(needed.fen),
                error95_yuan: needed.error_yuan.map(margin_95),
            })
            .collect(),
        in_force_yuan: row.budget_fen.map(yuan),
    };
    Some(Needed {
        title: title((projection, most, year), payer, lang),
        counties: rows.iter().map(county).collect(),
        page: 0,
    })
}

/// The finding: what a safety of 95 % needs above the mean.
fn title((projection, row, year): (&Projection, &BudgetRow, u16), payer: usize, lang: Lang) -> String {
    let (payer, place) = (name(projection, payer, lang), projection.layout.county_label(row.county, lang));
    let needed = yuan(row.needed[SAFE].fen);
    let more = percent(needed / row.spending.mean.max(f64::MIN_POSITIVE) - 1.0);
    let (amount, unit) = (ten_thousands(needed), unit(lang));
    match lang {
        Lang::Zh => format!("{year}年{payer}：{place}95%的把握需要{amount}{unit}，比均值多{more}"),
        Lang::En => format!(
            "{payer}, {year}: a safety of 95 % needs {amount} ({unit}) in {place}, {more} above the mean"
        ),
    }
}
