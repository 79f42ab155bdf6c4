//! From the attribution of a comparison to the figures of its waterfall charts.

use super::figures::{Figure, label};
use crate::chart::{Waterfall, WaterfallPurse, WaterfallStep};
use crate::lang::Lang;
use crate::projection::attribution::{Attribution, AttributionRow};
use crate::projection::compare::Comparison;
use crate::projection::money::Part;

/// A chart for each comparison and year in which a purse pays otherwise; a single county by its name, several together.
#[must_use]
pub fn of_comparisons(comparisons: &[Comparison], lang: Lang) -> Vec<Figure> {
    let mut charts = Vec::new();
    for comparison in comparisons {
        let Some(attribution) = &comparison.attribution else { continue };
        for year in comparison.base.year_numbers() {
            charts.push(chart(comparison, attribution, year, lang));
        }
    }
    paged(charts, lang)
}

/// The pages of some charts, one behind the other.
#[must_use]
pub fn paged(charts: Vec<Waterfall>, lang: Lang) -> Vec<Figure> {
    let with_data = charts.into_iter().filter(|chart| !chart.purses.is_empty());
    let pages: Vec<Waterfall> = with_data
        .flat_map(|chart| {
            let n_pages = chart.n_pages(lang);
            (0..n_pages).map(move |page| Waterfall { page, ..chart.clone() })
        })
        .collect();
    pages.into_iter().enumerate().map(|(at, chart)| Figure::page("waterfall", at, Box::new(chart))).collect()
}

fn chart(comparison: &Comparison, attribution: &Attribution, year: u16, lang: Lang) -> Waterfall {
    let (base, other) = (&comparison.base, &comparison.other);
    let only = match comparison.counties.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let purses = (0..comparison.funders.len()).filter_map(|funder| {
        let rows: Vec<&AttributionRow> = attribution.of(None, year, Part::funder(funder)).collect();
        if rows.iter().all(|row| row.is_nothing) {
            return None;
        }
        let difference = comparison.difference(None, year, Part::funder(funder));
        let step = |row: &&AttributionRow| WaterfallStep {
            name: attribution.lines[row.line].key.clone(),
            value_yuan: row.yuan(),
            error95_yuan: row.margin_95_yuan,
        };
        Some(WaterfallPurse {
            name: label(&comparison.funders[funder], lang),
            base_yuan: difference.map_or(0.0, |one| one.base_yuan),
            other_yuan: difference.map_or(0.0, |one| one.other_yuan),
            steps: rows.iter().filter(|row| !row.is_nothing).map(step).collect(),
        })
    });
    Waterfall {
        base: lang.pick(&base.title_zh, &base.title_en).to_owned(),
        other: lang.pick(&other.title_zh, &other.title_en).to_owned(),
        place: base.county_label(only, lang).to_owned(),
        year: i32::from(year),
        purses: purses.collect(),
        page: 0,
    }
}
