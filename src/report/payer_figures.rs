//! The charts of single payers: month by month, and what pooling saves.

use super::figures::{Figure, drawn, label};
use crate::chart::{Chart, MonthSpending, Months, MonthsSeries, Pooling, PoolingYear};
use crate::lang::Lang;
use crate::projection::money::{Part, Slice};
use crate::projection::{Projection, of_county};
use crate::units::Fen;

/// Months of a year; what is settled by year is in none.
const YEAR: usize = 12;

/// The payers that spend anything.
pub(super) fn payers(projection: &Projection) -> impl Iterator<Item = usize> {
    (0..projection.layout.funders.len()).filter(|payer| {
        let own = projection.budgets.iter().filter(|row| row.funder == Some(*payer));
        own.into_iter().any(|row| row.spending.mean != 0.0)
    })
}

/// What a payer is called.
pub(super) fn name(projection: &Projection, payer: usize, lang: Lang) -> String {
    projection.layout.funders.get(payer).map(|name| label(name, lang)).unwrap_or_default()
}

/// The charts of all payers, pages of one chart.
pub(super) fn numbered(chart: &str, pages: impl Iterator<Item = impl Chart + 'static>) -> Vec<Figure> {
    pages.enumerate().map(|(page, drawn)| Figure::page(chart, page, Box::new(drawn))).collect()
}

/// Spending month by month, a panel for each county.
#[must_use]
pub fn months(projection: &Projection, lang: Lang) -> Vec<Figure> {
    let charts = payers(projection).map(|payer| months_of(projection, payer, lang));
    let pages =
        charts.flat_map(|chart| drawn(chart.n_pages()).map(move |page| Months { page, ..chart.clone() }));
    numbered("months", pages)
}

fn months_of(projection: &Projection, payer: usize, lang: Lang) -> Months {
    let years = projection.years();
    let part = Part::funder(payer);
    let series = |county: Option<usize>| {
        let mut months = vec![MonthSpending::default(); YEAR * years.len()];
        let own = of_county(&projection.slices, |one| one.row.county, county);
        let own = own.iter().filter(|one| one.row.part == part);
        for one in own {
            let year = years.iter().position(|year| *year == one.row.year);
            if let (Slice::Month(month @ ..YEAR), Some(year)) = (one.slice, year) {
                let yuan = |fen: i64| Fen(fen).yuan();
                let spent = &one.row.spending;
                months[YEAR * year + month] = MonthSpending {
                    p05_yuan: yuan(spent.p05_fen),
                    p50_yuan: yuan(spent.p50_fen),
                    p95_yuan: yuan(spent.p95_fen),
                };
            }
        }
        MonthsSeries { name: projection.layout.county_label(county, lang).to_owned(), months }
    };
    let all = (projection.counties.len() > 1).then_some(None);
    let owners = projection.counties.iter().copied().map(Some).chain(all);
    Months {
        payer: name(projection, payer, lang),
        first_year: years.first().map_or(0, |year| i32::from(*year)),
        series: owners.map(series).collect(),
        page: 0,
    }
}

/// What pooling saves, payer by payer; nothing of a single county.
#[must_use]
pub fn pooling(projection: &Projection, lang: Lang) -> Vec<Figure> {
    let yuan = |fen: i64| Fen(fen).yuan();
    let of = |payer: usize| {
        let own = projection.pooling.iter().filter(|row| row.part == Part::funder(payer));
        let years = own.map(|row| PoolingYear {
            year: i32::from(row.year),
            apart_yuan: yuan(row.model.apart_fen),
            pooled_yuan: yuan(row.model.pooled_fen),
            error95_yuan: row.model.margin_95_yuan(),
            independent_yuan: row.independent.map(|saving| yuan(saving.pooled_fen)),
        });
        Pooling { payer: name(projection, payer, lang), years: years.collect() }
    };
    numbered("pooling", payers(projection).map(of).filter(|chart| !chart.years.is_empty()))
}
