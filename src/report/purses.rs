//! Charts of single purses, beside those of all payers together: spending by county, over the years, and by category of
//! person; and spending for each resident.

use super::figures::{Figure, county_bars, fan, label, spread};
use super::number::percent;
use super::payer_figures::{name, numbered, payers};
use crate::chart::{CountyBars, CountySpending, Fan, Spread};
use crate::lang::Lang;
use crate::projection::Projection;
use crate::projection::money::{Part, Slice, SliceRow};

/// Spending by county and over the years, of each payer alone; nothing where one pays all.
#[must_use]
pub fn alone(projection: &Projection, lang: Lang) -> Vec<Figure> {
    let purses: Vec<usize> = payers(projection).collect();
    if purses.len() < 2 {
        return Vec::new();
    }
    let bars = purses.iter().map(|&payer| CountyBars {
        payer: Some(name(projection, payer, lang)),
        ..county_bars(projection, Part::funder(payer), lang)
    });
    let fans = purses.iter().map(|&payer| Fan {
        payer: Some(name(projection, payer, lang)),
        ..fan(projection, Part::funder(payer), lang)
    });
    let mut figures = numbered("purse_spending", bars.flat_map(bar_pages));
    let fan_pages = |fan: Fan| (0..fan.n_pages()).map(move |page| Fan { page, ..fan.clone() });
    figures.extend(numbered("purse_fan", fans.flat_map(fan_pages)));
    figures
}

/// Spending for each resident, ranked.
#[must_use]
pub fn per_resident(projection: &Projection, lang: Lang) -> Vec<Figure> {
    let whole = county_bars(projection, Part::TOTAL, lang);
    let residents = |name: &str| {
        let own = |&&county: &&usize| projection.layout.county_label(Some(county), lang) == name;
        projection.counties.iter().find(own).map_or(0, |&county| projection.residents(Some(county)))
    };
    let each = |row: &CountySpending| {
        let n = residents(&row.county);
        #[expect(clippy::cast_precision_loss, reason = "counts of persons")]
        let of = |yuan: f64| yuan / n as f64;
        let Spread { mean_yuan, p05_yuan, p95_yuan } = row.spending;
        let spending = Spread { mean_yuan: of(mean_yuan), p05_yuan: of(p05_yuan), p95_yuan: of(p95_yuan) };
        (n > 0).then(|| CountySpending { spending, ..row.clone() })
    };
    let rows: Vec<CountySpending> = whole.rows.iter().filter_map(each).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    numbered("per_resident", bar_pages(CountyBars { rows, per_resident: true, ..CountyBars::default() }))
}

/// Spending by category of person in the last year: of all payers together, then of each alone; all counties together.
#[must_use]
pub fn categories(projection: &Projection, lang: Lang) -> Vec<Figure> {
    let purses: Vec<usize> = payers(projection).collect();
    let alone = purses.iter().map(|&payer| Part::funder(payer)).filter(|_| purses.len() > 1);
    let charts =
        [Part::TOTAL].into_iter().chain(alone).filter_map(|part| by_category(projection, part, lang));
    numbered("categories", charts.flat_map(bar_pages))
}

fn bar_pages(bars: CountyBars) -> impl Iterator<Item = CountyBars> {
    (0..bars.n_pages()).map(move |page| CountyBars { page, ..bars.clone() })
}

fn by_category(projection: &Projection, part: Part, lang: Lang) -> Option<CountyBars> {
    let year = *projection.years().last()?;
    let only = match projection.counties.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let is_own = |one: &&SliceRow| {
        matches!(one.slice, Slice::People(_))
            && (one.row.county, one.row.year, one.row.part) == (None, year, part)
    };
    let row = |one: &SliceRow| {
        let Slice::People(category) = one.slice else { return None };
        let county = label(projection.layout.categories.get(category)?, lang);
        let is_spent = one.row.spending.p95_fen > 0 || one.row.spending.yuan.mean > 0.0;
        is_spent.then(|| CountySpending {
            county,
            year: i32::from(year),
            spending: spread(&one.row.spending),
        })
    };
    let mut rows: Vec<CountySpending> = projection.slices.iter().filter(is_own).filter_map(row).collect();
    rows.sort_by(|a, b| b.spending.mean_yuan.total_cmp(&a.spending.mean_yuan));
    let most = rows.first()?;
    let all: f64 = rows.iter().map(|row| row.spending.mean_yuan).sum();
    let share = percent(most.spending.mean_yuan / all.max(f64::MIN_POSITIVE));
    let place = projection.layout.county_label(only, lang);
    let payer = part.funder.map_or_else(String::new, |payer| match lang {
        Lang::Zh => format!("{}，", name(projection, payer, lang)),
        Lang::En => format!("{}, ", name(projection, payer, lang)),
    });
    let title = match lang {
        Lang::Zh => format!("{place}{year}年医疗救助支出按人员类别（{payer}{}占{share}）", most.county),
        Lang::En => {
            format!("Spending by category of person, {place}, {year} ({payer}{}: {share})", most.county)
        }
    };
    Some(CountyBars { rows, title: Some(title), ..CountyBars::default() })
}
