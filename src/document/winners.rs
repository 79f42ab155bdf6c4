//! The charts of winners and losers, drawn again from `winners.csv`.

use super::labels::Words;
use crate::chart::{Winners, WinnersBar, WinnersSide, WinnersYear};
use crate::report::csv_files::{ALL, TOTAL};
use crate::report::figures::Figure;
use crate::report::finished::ReadTable;
use crate::report::publish::{FEW, WITHHELD};
use crate::report::tables;
use crate::report::winners_charts::{paged, sizes};
use crate::report::winners_files::size_id;
use crate::stats::student_t_quantile;

/// The pages of all comparisons in which anybody gets more or less.
pub(super) fn figures(words: Words<'_>, base: &str) -> Vec<Figure> {
    let Some(table) = words.run.table(tables::WINNERS.file) else { return Vec::new() };
    // A bar of which a part is hidden would be a short one.
    let hidden = |row: &Vec<String>| row.iter().any(|field| [FEW, WITHHELD].contains(&field.as_str()));
    if table.rows.iter().any(|row| table.field(row, "county_code") == ALL && hidden(row)) {
        return Vec::new();
    }
    let mut charts: Vec<(&str, Winners)> = Vec::new();
    for row in &table.rows {
        let field = |name: &str| table.field(row, name);
        if (field("county_code"), field("what_changes")) != (ALL, "assistance")
            || field("direction") == "same"
        {
            continue;
        }
        let other = field("other");
        if charts.last().is_none_or(|(known, _)| *known != other) {
            charts.push((other, empty(words, (base, other), table.number(row, "person_replicates"))));
        }
        let year = field("year").parse().unwrap_or_default();
        let category = field("person_category");
        let name = if category == TOTAL {
            words.pick("全部人员", "All persons")
        } else {
            words.category(category)
        };
        if let Some((_, chart)) = charts.last_mut() {
            let side = side(chart, (year, name), field("direction") == "more");
            take(side, (table, row), chart_sizes());
        }
    }
    let charts = charts.into_iter().map(|(_, mut chart)| {
        // The table has the total of a year first.
        for year in &mut chart.years {
            let first = 1.min(year.bars.len());
            year.bars.rotate_left(first);
        }
        chart
    });
    paged(charts.collect(), words.lang)
}

fn empty(words: Words<'_>, (base, other): (&str, &str), replicates: Option<f64>) -> Winners {
    let place = match words.run.record.counties.as_slice() {
        [only] => words.county(only),
        _ => words.county(ALL),
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of replicates")]
    let replicates = replicates.unwrap_or_default() as u64;
    Winners {
        base: base.to_owned(),
        other: words.scenario(other).to_owned(),
        place: place.to_owned(),
        replicates,
        sizes: sizes(words.lang),
        ..Winners::default()
    }
}

fn chart_sizes() -> Vec<String> {
    (0..crate::projection::winners::N_SIZES).map(|size| size_id(Some(size))).collect()
}

/// One side of the bar of a category in a year; made where it is not there yet.
fn side<'c>(chart: &'c mut Winners, (year, name): (i32, &str), is_more: bool) -> &'c mut WinnersSide {
    let n_sizes = chart.sizes.len();
    let at = chart.years.iter().position(|own| own.year == year).unwrap_or_else(|| {
        chart.years.push(WinnersYear { year, bars: Vec::new() });
        chart.years.len() - 1
    });
    let bars = &mut chart.years[at].bars;
    let at = bars.iter().position(|bar| bar.name == name).unwrap_or_else(|| {
        let side = || WinnersSide { persons: vec![0.0; n_sizes], ..WinnersSide::default() };
        bars.push(WinnersBar { name: name.to_owned(), more: side(), less: side() });
        bars.len() - 1
    });
    let bar = &mut bars[at];
    if is_more { &mut bar.more } else { &mut bar.less }
}

/// Takes a row of the table into a side: of all sizes the sum and the error, of one size its persons.
fn take(side: &mut WinnersSide, (table, row): (&ReadTable, &[String]), sizes: Vec<String>) {
    let number = |name: &str| table.number(row, name);
    let size = table.field(row, "size_class");
    if size == TOTAL {
        side.yuan = number("change_yuan").unwrap_or_default();
        let n = number("person_replicates").unwrap_or_default();
        side.error95_persons = number("persons_per_year_se").map(|error| student_t_95(n) * error);
    } else if let Some(at) = sizes.iter().position(|known| known == size) {
        side.persons[at] = number("persons_per_year").unwrap_or_default();
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of replicates")]
fn student_t_95(n: f64) -> f64 {
    student_t_quantile((n as u64).saturating_sub(1).max(1), 0.975)
}
