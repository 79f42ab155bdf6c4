//! How likely each budget would be exceeded, by its size: the charts of the payers.

use super::figures::{Figure, drawn};
use super::number::{percent, ten_thousands, unit, yuan};
use super::payer_figures::{name, numbered, payers};
use crate::chart::{Curve, CurveAxis, CurveMark, CurvePoint, CurveSeries};
use crate::lang::Lang;
use crate::projection::Projection;
use crate::projection::budget::{BudgetRow, Needed, SAFETIES};
use crate::projection::money::{Part, Spending};
use crate::stats::{PerMille, margin_95};

/// The charts: of each payer that spends anything in the last year, a panel for each county and, of several, for all.
#[must_use]
pub fn charts(projection: &Projection, lang: Lang) -> Vec<Figure> {
    let curves = payers(projection).filter_map(|payer| curve(projection, payer, lang));
    let pages =
        curves.flat_map(|curve| drawn(curve.n_pages()).map(move |page| Curve { page, ..curve.clone() }));
    numbered("exceedance", pages)
}

fn curve(projection: &Projection, payer: usize, lang: Lang) -> Option<Curve> {
    let year = projection.years().last().copied()?;
    let mut rows: Vec<&BudgetRow> =
        projection.budgets.iter().filter(|row| row.year == year && row.funder == Some(payer)).collect();
    if rows.iter().all(|row| row.spending.mean == 0.0) {
        return None;
    }
    if projection.counties.len() == 1 {
        rows.retain(|row| row.county.is_some());
    }
    let series = rows.iter().filter_map(|row| series(projection, row, lang)).collect();
    let has_budgets = rows.iter().any(|row| row.budget_fen.is_some());
    Some(Curve {
        title: title(projection, (payer, year), &rows, lang),
        x: CurveAxis::Money(lang.pick("预算", "budget").to_owned()),
        y: CurveAxis::Share(lang.pick("支出超过预算的概率", "how likely spending is above it").to_owned()),
        limit: Some((0.05, lang.pick("5%（95%的把握）", "5% (a safety of 95%)").to_owned())),
        has_dots: false,
        marks: if has_budgets {
            lang.pick("现行预算", "Budget in force").to_owned()
        } else {
            String::new()
        },
        percentiles: &[5, 95, 99],
        series,
        page: 0,
    })
}

/// The finding: how likely the budgets in force are exceeded or, without any, what a safety of 95 % needs.
fn title(projection: &Projection, (payer, year): (usize, u16), rows: &[&BudgetRow], lang: Lang) -> String {
    let name = name(projection, payer, lang);
    let exceeded = rows.iter().filter_map(|row| Some((row.exceeded?.share, row.county)));
    if let Some((share, county)) = exceeded.max_by(|a, b| a.0.total_cmp(&b.0)) {
        let county = projection.layout.county_label(county, lang);
        return match lang {
            Lang::Zh => format!("{year}年{name}：现行预算被超过的概率最高为{}（{county}）", percent(share)),
            Lang::En => format!(
                "{name}, {year}: the budgets in force are exceeded with up to {} ({county})",
                percent(share)
            ),
        };
    }
    let all = rows.last().and_then(|row| row.needed.get(2)).map_or(0, |needed| needed.fen);
    match lang {
        Lang::Zh => format!("{year}年{name}：95%的把握需要预算{}{}", ten_thousands(yuan(all)), unit(lang)),
        Lang::En => {
            format!("{name}, {year}: a safety of 95 % needs {} ({})", ten_thousands(yuan(all)), unit(lang))
        }
    }
}

/// From the percentiles that the tables hold: so much is exceeded in so many of the replicates.
fn series(projection: &Projection, row: &BudgetRow, lang: Lang) -> Option<CurveSeries> {
    let part = Part { line: None, funder: row.funder };
    let spending: &Spending = projection.spending(row.county, row.year, part)?;
    let low = [
        (PerMille::P05, spending.p05_fen, None),
        (PerMille::P25, spending.p25_fen, None),
        (PerMille::P50, spending.p50_fen, spending.p50_error_yuan),
        (PerMille::P75, spending.p75_fen, None),
    ];
    let high =
        SAFETIES.into_iter().zip(row.needed).map(|(at, Needed { fen, error_yuan })| (at, fen, error_yuan));
    let points = low.into_iter().chain(high).map(|(at, fen, error_yuan)| {
        let (x, y) = (yuan(fen), 1.0 - at.as_f64());
        let half = error_yuan.map_or(0.0, margin_95);
        CurvePoint { at: (x, y), low: ((x - half).max(0.0), y), high: (x + half, y) }
    });
    let mark = |fen: i64| CurveMark { x: yuan(fen), label: ten_thousands(yuan(fen)) };
    Some(CurveSeries {
        name: projection.layout.county_label(row.county, lang).to_owned(),
        points: points.collect(),
        marks: row.budget_fen.map(mark).into_iter().collect(),
    })
}
