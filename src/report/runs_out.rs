//! When the money of funds runs out, as charts.

use super::figures::{Figure, drawn};
use super::payer_figures::numbered;
use crate::chart::{RunsOut, RunsOutMonth, RunsOutSeries};
use crate::lang::Lang;
use crate::projection::{Projection, of_county};

/// A panel for each fund with an account; nothing where no money runs out in any replicate.
#[must_use]
pub fn charts(projection: &Projection, lang: Lang) -> Vec<Figure> {
    let all = &projection.account_months;
    let Some(first) = all.iter().map(|row| row.year).min() else { return Vec::new() };
    if all.iter().all(|row| row.runs_out.share == 0.0) {
        return Vec::new();
    }
    let mut owners: Vec<Option<usize>> = all.iter().map(|row| row.county).collect();
    owners.dedup();
    let fund = |county: Option<usize>| RunsOutSeries {
        name: projection.layout.county_label(county, lang).to_owned(),
        months: of_county(all, |row| row.county, county)
            .iter()
            .map(|row| row.runs_out)
            .map(|of| RunsOutMonth { share: of.share, low: of.low, high: of.high })
            .collect(),
    };
    let chart =
        RunsOut { first_year: i32::from(first), funds: owners.into_iter().map(fund).collect(), page: 0 };
    numbered("runs_out", drawn(chart.n_pages()).map(|page| RunsOut { page, ..chart.clone() }))
}
