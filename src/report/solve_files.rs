//! The table and the chart of a goal seek.

use super::csv_files::{county, write_columns};
use super::figures::Figure;
use super::solved::Solved;
use super::table;
use super::tables;
use super::write::{RunFolder, WriteError};
use crate::chart::{Curve, CurveAxis, CurveMark, CurvePoint, CurveSeries};
use crate::lang::Lang;
use crate::projection::solve::Standing;

/// Writes the table, and what its columns are.
///
/// # Errors
/// What the system says.
pub fn write(folder: &RunFolder, solved: &Solved<'_>) -> Result<(), WriteError> {
    folder.write(tables::SOLVE.file, |out| table::write(out, &tables::SOLVE, rows(solved).into_iter()))?;
    folder.write(tables::COLUMNS.file, |out| write_columns(out, &[&tables::SOLVE]))
}

fn rows(solved: &Solved<'_>) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for (at, standings, holds) in solved.search.simulated() {
        all.extend(standings.iter().map(|one| row(solved, (at, "run"), one, holds.holds)));
    }
    if let (Some(fresh), Some(at)) = (&solved.fresh, solved.found.edge()) {
        all.extend(fresh.standings.iter().map(|one| row(solved, (at, "fresh"), one, fresh.holds.holds)));
    }
    all
}

fn row(solved: &Solved<'_>, (at, draws): (i64, &str), one: &Standing, holds: bool) -> Vec<String> {
    let number = |value: f64| match (value.is_finite(), solved.condition.measure.is_share()) {
        (false, _) => String::new(),
        (true, true) => format!("{value:.6}"),
        (true, false) => format!("{value:.2}"),
    };
    let mut fields = vec![solved.key.clone(), solved.grid.text(at), draws.to_owned()];
    fields.extend(county(solved.layout, one.owner));
    fields.extend([one.year.to_string(), solved.condition.measure.name()]);
    fields.extend([one.figure, one.low, one.high, solved.condition.at_most].map(number));
    fields.push(u8::from(holds).to_string());
    fields
}

/// The figure of the condition over the values that were simulated: a panel for each county, of the year in which it is
/// highest.
#[must_use]
pub fn charts(solved: &Solved<'_>, lang: Lang) -> Vec<Figure> {
    let mut owners: Vec<Option<usize>> = Vec::new();
    for (_, standings, _) in solved.search.simulated() {
        owners.extend(standings.iter().map(|one| one.owner));
    }
    owners.sort_unstable();
    owners.dedup();
    let series = owners.into_iter().filter_map(|owner| series(solved, owner, lang)).collect();
    let curve = Curve {
        title: title(solved, lang),
        x: CurveAxis::Plain(solved.input(lang).to_owned()),
        y: if solved.condition.measure.is_share() {
            CurveAxis::Share(solved.condition.measure.label(lang))
        } else {
            CurveAxis::Money(solved.condition.measure.label(lang))
        },
        limit: Some((solved.condition.at_most, lang.pick("条件上限", "At most").to_owned())),
        marks: match solved.found.edge() {
            Some(_) => lang.pick("求得的取值", "The value found"),
            None => lang.pick("最接近的取值", "The nearest value"),
        }
        .to_owned(),
        has_dots: true,
        percentiles: &[],
        series,
        page: 0,
    };
    let page = |page| Figure::page("solve", page, Box::new(Curve { page, ..curve.clone() }));
    (0..curve.n_pages()).map(page).collect()
}

fn title(solved: &Solved<'_>, lang: Lang) -> String {
    let first = solved.sentences(lang).into_iter().next().unwrap_or_default();
    match lang {
        Lang::Zh => format!("{first}（{}）", solved.condition_text(lang)),
        Lang::En => format!("{first} ({})", solved.condition_text(lang)),
    }
}

fn series(solved: &Solved<'_>, owner: Option<usize>, lang: Lang) -> Option<CurveSeries> {
    let all: Vec<(i64, &Standing)> = solved
        .search
        .simulated()
        .flat_map(|(at, standings, _)| standings.iter().map(move |one| (at, one)))
        .filter(|(_, one)| one.owner == owner)
        .collect();
    let answer = solved.found.shown();
    // The year in which the condition is hardest to hold with the answer.
    let there = all.iter().filter(|(at, _)| answer.is_none_or(|answer| answer == *at));
    let (_, worst) = there.max_by(|(_, a), (_, b)| a.figure.total_cmp(&b.figure))?;
    let year = worst.year;
    let own = all.iter().filter(|(_, one)| one.year == year);
    let points = own.map(|(at, one)| {
        let x = solved.grid.value(*at);
        // Too few replicates for an error: none is drawn.
        let end = |y: f64| (x, if y.is_finite() { y.max(0.0) } else { one.figure });
        CurvePoint { at: (x, one.figure), low: end(one.low), high: end(one.high) }
    });
    let mark = |at: i64| CurveMark { x: solved.grid.value(at), label: solved.grid.text(at) };
    let marks = solved.found.edge().map(mark).into_iter().collect();
    let name = match lang {
        Lang::Zh => format!("{}{year}年", solved.owner(owner, lang)),
        Lang::En => format!("{}, {year}", solved.owner(owner, lang)),
    };
    Some(CurveSeries { name, points: points.collect(), marks })
}
