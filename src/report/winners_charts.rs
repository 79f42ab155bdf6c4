//! From the winners and losers of a comparison to the figures of their charts.

use super::figures::{Figure, label};
use super::screen_winners::size_label;
use super::winners_files::looked_at;
use crate::chart::{self, WinnersBar, WinnersSide, WinnersYear};
use crate::lang::Lang;
use crate::projection::compare::Comparison;
use crate::projection::winners::{N_SIZES, Winners, WinnersRow};
use crate::simulation::winners::{Direction, Kind};

/// A chart for each comparison in which anybody gets more or less; a single county by its name, several together.
#[must_use]
pub fn of_comparisons(comparisons: &[Comparison], lang: Lang) -> Vec<Figure> {
    paged(
        looked_at(comparisons).map(|(comparison, winners)| chart(comparison, winners, lang)).collect(),
        lang,
    )
}

/// What the size classes are called.
#[must_use]
pub fn sizes(lang: Lang) -> Vec<String> {
    (0..N_SIZES).map(|size| size_label(size, lang)).collect()
}

/// The pages of some charts, one behind the other.
#[must_use]
pub fn paged(charts: Vec<chart::Winners>, lang: Lang) -> Vec<Figure> {
    let with_data = charts.into_iter().filter(|chart| !chart.years.is_empty());
    let pages: Vec<chart::Winners> = with_data
        .flat_map(|chart| {
            let n_pages = chart.n_pages(lang);
            (0..n_pages).map(move |page| chart::Winners { page, ..chart.clone() })
        })
        .collect();
    pages.into_iter().enumerate().map(|(at, chart)| Figure::page("winners", at, Box::new(chart))).collect()
}

fn chart(comparison: &Comparison, winners: &Winners, lang: Lang) -> chart::Winners {
    let (base, other) = (&comparison.base, &comparison.other);
    let only = match comparison.counties.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let of_year = |year: u16| {
        let rows: Vec<&WinnersRow> = winners.of(None, year, Kind::Assistance).collect();
        let categories = (0..base.categories.len()).map(Some).chain([None]);
        let bars: Vec<WinnersBar> = categories
            .filter_map(|category| {
                let side = |direction| side(&rows, (category, direction));
                let name = category.map_or_else(
                    || lang.pick("全部人员", "All persons").to_owned(),
                    |category| label(&base.categories[category], lang),
                );
                let bar = WinnersBar { name, more: side(Direction::More), less: side(Direction::Less) };
                let has_any = [&bar.more, &bar.less].iter().any(|side| side.persons.iter().any(|n| *n > 0.0));
                has_any.then_some(bar)
            })
            .collect();
        (!bars.is_empty()).then_some(WinnersYear { year: i32::from(year), bars })
    };
    chart::Winners {
        base: lang.pick(&base.title_zh, &base.title_en).to_owned(),
        other: lang.pick(&other.title_zh, &other.title_en).to_owned(),
        place: base.county_label(only, lang).to_owned(),
        replicates: winners.n_replicates as u64,
        sizes: sizes(lang),
        years: base.year_numbers().into_iter().filter_map(of_year).collect(),
        page: 0,
    }
}

fn side(rows: &[&WinnersRow], (category, direction): (Option<usize>, Direction)) -> WinnersSide {
    let of = |size: Option<usize>| {
        let whom = |row: &&&WinnersRow| {
            (row.whom.category, row.whom.direction, row.whom.size) == (category, direction, size)
        };
        rows.iter().find(whom)
    };
    let all = of(None);
    WinnersSide {
        persons: (0..N_SIZES).map(|size| of(Some(size)).map_or(0.0, |row| row.persons.mean)).collect(),
        error95_persons: all.and_then(|row| row.persons.margin_95()),
        yuan: all.map_or(0.0, |row| row.yuan.mean),
    }
}
