//! The charts of a report, drawn again from the tables of the run, in the language of the report.

use std::collections::BTreeMap;

use super::content::Block;
use super::labels::Words;
use super::money::{self, is_total};
use super::winners;
use super::{DocumentError, budget};
use crate::chart::{
    Caption, Chart, ChartError, Difference, DifferenceRow, Waterfall, WaterfallPurse, WaterfallStep,
};
use crate::lang::Lang;
use crate::policy::names::Name;
use crate::projection::Projection;
use crate::projection::layout::{CountyName, Layout, YearLayout};
use crate::projection::money::{MoneyRow, Part, Spending};
use crate::report::chart_kinds;
use crate::report::csv_files::{ALL, TOTAL};
use crate::report::figures::{CountyYearTrials, Figure, of_projection};
use crate::report::trials;
use crate::report::trials_read::{Totals, read_totals};
use crate::report::waterfalls::paged;
use crate::simulation::outcome::Cell;
use crate::stats::Estimate;

/// The most pages of one chart; the others stand in the folder `charts` of the run.
const MOST_PAGES: usize = 3;

/// Charts whose figures others show too: they stand in the folder `charts` of the run alone.
const IN_THE_FOLDER_ALONE: [&str; 3] = ["purse_spending", "purse_fan", "per_resident"];

/// The charts of a run or comparison.
///
/// # Errors
/// Trials that cannot be read, a chart that cannot be drawn.
pub fn pictures(words: Words<'_>) -> Result<Vec<Block>, DocumentError> {
    let figures = figures(words)?;
    let caption = caption(words);
    let mut blocks = Vec::new();
    let mut left_out = 0;
    for figure in &figures {
        if page(&figure.name) > MOST_PAGES || IN_THE_FOLDER_ALONE.contains(&kind(&figure.name)) {
            left_out += 1;
            continue;
        }
        match figure.chart.draw(&caption) {
            Err(ChartError::NoData { .. }) => {}
            Err(error) => return Err(error.into()),
            Ok(svg) => blocks.push(picture(words, &figure.name, svg)),
        }
    }
    if left_out > 0 {
        blocks.push(Block::Note(match words.lang {
            Lang::Zh => format!("另有{left_out}页图，见结果文件夹的 charts。"),
            Lang::En => format!("{left_out} more pages of charts are in the folder charts of the run."),
        }));
    }
    Ok(blocks)
}

/// The charts of a run or comparison, not drawn yet.
///
/// # Errors
/// Trials that cannot be read.
pub fn figures(words: Words<'_>) -> Result<Vec<Figure>, DocumentError> {
    if words.run.is_comparison() { Ok(of_comparison(words)) } else { of_run(words) }
}

/// The page in a figure's name: `fan_3` is the third.
fn page(name: &str) -> usize {
    name.rsplit_once('_').and_then(|(_, page)| page.parse().ok()).unwrap_or(1)
}

/// A figure's name without its page.
fn kind(name: &str) -> &str {
    name.rsplit_once('_').filter(|(_, page)| page.parse::<usize>().is_ok()).map_or(name, |(kind, _)| kind)
}

fn picture(words: Words<'_>, name: &str, svg: String) -> Block {
    let what = chart_kinds::of(kind(name)).map_or(name, |kind| words.pick(kind.zh, kind.en));
    let page = page(name);
    let caption = match (page, words.lang) {
        (1, _) => what.to_owned(),
        (_, Lang::Zh) => format!("{what}（第{page}页）"),
        (_, Lang::En) => format!("{what} (page {page})"),
    };
    let (title, facts) = crate::chart::said(&svg);
    let alt = match words.lang {
        Lang::Zh => format!("{title}。{facts}。图中的数均列在表中。"),
        Lang::En => format!("{title}. {facts}. The tables hold the figures."),
    };
    Block::Picture { caption, alt, svg }
}

/// What stands around every chart.
#[must_use]
pub fn caption(words: Words<'_>) -> Caption {
    let titles: Vec<&str> =
        words.run.record.inputs.iter().map(|one| one.names.title.text(words.lang)).collect();
    // Of a comparison the base stands in the title of the chart.
    let shown = if titles.len() > 1 { &titles[1..] } else { &titles };
    Caption {
        lang: words.lang,
        title: None,
        scenario: shown.join(words.pick("；", "; ")),
        replicates: words.run.record.replicates,
        run: words.run.run_id(),
        source: words.run.record.basis.text(words.lang).to_owned(),
    }
}

fn of_comparison(words: Words<'_>) -> Vec<Figure> {
    let base = words.run.record.inputs.first().map_or("", |one| one.names.title.text(words.lang));
    let all = money::differences(words.run);
    let rows = all.iter().filter(|row| row.county != ALL && is_total(&row.line, &row.funder));
    let rows = rows.map(|row| DifferenceRow {
        scenario: words.scenario(&row.other).to_owned(),
        county: words.county(&row.county).to_owned(),
        year: i32::from(row.year),
        mean_yuan: row.mean,
        error95_yuan: row.mean_95.map(|[low, high]| (high - low) / 2.0),
        p05_yuan: row.outcomes[0],
        p95_yuan: row.outcomes[2],
    });
    let whole = Difference { base: base.to_owned(), rows: rows.collect(), page: 0 };
    let page = |page| -> Figure {
        let chart: Box<dyn Chart> = Box::new(Difference { page, ..whole.clone() });
        Figure::page("difference", page, chart)
    };
    let mut figures: Vec<Figure> = (0..whole.n_pages(words.lang)).map(page).collect();
    figures.extend(winners::figures(words, base));
    figures.extend(waterfalls(words, base, &all));
    figures
}

/// The waterfalls of a comparison, from `attribution.csv` and the spending in `difference.csv`.
fn waterfalls(words: Words<'_>, base: &str, all: &[money::Difference]) -> Vec<Figure> {
    let values = money::attributed(words.run);
    let mut charts: Vec<(&str, u16, Waterfall)> = Vec::new();
    let place = match words.run.record.counties.as_slice() {
        [only] => words.county(only),
        _ => words.county(ALL),
    };
    for value in values.iter().filter(|value| value.county == ALL) {
        let known = charts.iter().position(|(other, year, _)| (*other, *year) == (&value.other, value.year));
        let at = known.unwrap_or_else(|| {
            let chart = Waterfall {
                base: base.to_owned(),
                other: words.scenario(&value.other).to_owned(),
                place: place.to_owned(),
                year: i32::from(value.year),
                ..Waterfall::default()
            };
            charts.push((&value.other, value.year, chart));
            charts.len() - 1
        });
        if value.funder == TOTAL || value.is_nothing {
            continue;
        }
        let purses = &mut charts[at].2.purses;
        let name = words.funder(&value.funder);
        if purses.last().is_none_or(|purse| purse.name != name) {
            let is_own = |row: &&money::Difference| {
                (&row.other, &row.county, row.year) == (&value.other, &value.county, value.year)
                    && row.line == TOTAL
                    && row.funder == value.funder
            };
            let [base_yuan, other_yuan] = all.iter().find(is_own).map_or([0.0; 2], |row| row.means);
            purses.push(WaterfallPurse { name: name.to_owned(), base_yuan, other_yuan, steps: Vec::new() });
        }
        let step = WaterfallStep {
            name: value.line.clone(),
            value_yuan: value.value,
            error95_yuan: value.mean_95.map(|[low, high]| (high - low) / 2.0),
        };
        purses.last_mut().into_iter().for_each(|purse| purse.steps.push(step.clone()));
    }
    paged(charts.into_iter().map(|(_, _, chart)| chart).collect(), words.lang)
}

fn of_run(words: Words<'_>) -> Result<Vec<Figure>, DocumentError> {
    if words.run.record.published {
        return Ok(of_projection(&projection(words), None, &[], words.lang));
    }
    let path = words.run.folder.join(trials::FILE);
    let n = usize::try_from(words.run.record.replicates).unwrap_or(usize::MAX);
    let totals = read_totals(&path, n).map_err(|cause| DocumentError::Read(path, cause))?;
    let projection = projection(words);
    let largest = largest(words, &projection, totals);
    Ok(of_projection(&projection, largest.as_ref(), &[], words.lang))
}

/// The trials of the county that spends most in the last year.
fn largest(words: Words<'_>, projection: &Projection, totals: Totals) -> Option<CountyYearTrials> {
    let last = *words.run.record.years.last()?;
    let own = totals.columns.into_iter().filter(|column| column.year == last);
    // Of equals the first, as in the run.
    let mut most: Option<(i128, crate::report::trials_read::TotalColumn)> = None;
    for column in own {
        let sum = column.fen.iter().map(|&fen| i128::from(fen)).sum();
        if most.as_ref().is_none_or(|(known, _)| sum > *known) {
            most = Some((sum, column));
        }
    }
    let (_, column) = most?;
    let county = projection.layout.counties.iter().position(|county| county.code_text() == column.county)?;
    Some(CountyYearTrials { county, year: last, fen: column.fen })
}

/// The money of a run as its charts take it, from `projection.csv` and the names of the record.
fn projection(words: Words<'_>) -> Projection {
    let record = &words.run.record;
    let all = money::spending(words.run);
    let names = record.inputs.first().map(|one| one.names.clone()).unwrap_or_default();
    let name = |(id, label): (&String, &crate::report::names::Label)| Name {
        id: id.clone(),
        zh: label.zh.clone(),
        en: label.en.clone(),
    };
    let lines: Vec<Name> = names.lines.iter().map(name).collect();
    let funders: Vec<Name> = names.funders.iter().map(name).collect();
    let at = |names: &[Name], id: &str| names.iter().position(|name| name.id == id);
    let counties: Vec<CountyName> = record
        .counties
        .iter()
        .map(|code| CountyName {
            code: code.parse().unwrap_or_default(),
            zh: names.counties.get(code).map_or_else(|| code.clone(), |label| label.zh.clone()),
            en: names.counties.get(code).map_or_else(|| code.clone(), |label| label.en.clone()),
            residents: residents(&all, code),
            ..CountyName::default()
        })
        .collect();
    let cells = money::distinct(all.iter().map(|row| row.line.as_str()).filter(|line| *line != TOTAL));
    let cells = cells.into_iter().flat_map(|line| {
        let own = all.iter().filter(move |row| row.line == line && row.funder != TOTAL);
        money::distinct(own.map(|row| row.funder.as_str())).into_iter().map(move |funder| (line, funder))
    });
    let cells = cells
        .filter_map(|(line, funder)| Some(Cell { line: at(&lines, line)?, funder: at(&funders, funder)? }));
    let categories: Vec<Name> = names.categories.iter().map(name).collect();
    let positions = positions(&record.counties);
    let rows = all.iter().filter_map(|row| {
        let county = (row.county != ALL).then(|| positions.get(row.county.as_str()).copied());
        let part = |id: &str, names: &[Name]| (id != TOTAL).then(|| at(names, id));
        let part = Part { line: flat(part(&row.line, &lines))?, funder: flat(part(&row.funder, &funders))? };
        Some(MoneyRow {
            county: flat(county)?,
            year: row.year,
            part,
            spending: spending(row, record.replicates),
        })
    });
    let years = record.years.iter().map(|&year| YearLayout { year, ..YearLayout::default() });
    let layout = Layout {
        years: years.collect(),
        n_replicates: usize::try_from(record.replicates).unwrap_or(usize::MAX),
        cells: cells.collect(),
        counties,
        ..Layout::default()
    };
    let numbers: Vec<usize> = (0..layout.counties.len()).collect();
    let empty = Projection::of_nothing(Layout::default(), &[]);
    let mut money: Vec<MoneyRow> = rows.collect();
    let mut uncertainty = super::sources::rows(words);
    money.sort_by_key(|row| (row.county.is_none(), row.county));
    uncertainty.sort_by_key(|row| (row.county.is_none(), row.county));
    let layout = Layout { lines, funders, categories, ..layout };
    budget::with_budgets(words, Projection { layout, counties: numbers, money, uncertainty, ..empty })
}

/// The position of each county among those of a run, by its code.
pub(super) fn positions(codes: &[String]) -> BTreeMap<&str, usize> {
    codes.iter().enumerate().map(|(at, code)| (code.as_str(), at)).collect()
}

/// The residents of a county.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole persons, as they were written"
)]
fn residents(all: &[money::Spending], code: &str) -> u32 {
    all.iter().find(|row| row.county == code).map_or(0, |row| row.residents.round() as u32)
}

/// Nothing where nothing is asked for, the position where it is found; `None` where it is not found.
#[expect(clippy::option_option, reason = "not asked for and not found are two things")]
fn flat(asked: Option<Option<usize>>) -> Option<Option<usize>> {
    match asked {
        None => Some(None),
        Some(found) => found.map(Some),
    }
}

/// The figures of a row that the charts use.
#[expect(clippy::cast_possible_truncation, reason = "whole fen below 2^53, as they were written")]
fn spending(row: &money::Spending, n: u64) -> Spending {
    let fen = |yuan: f64| (yuan * 100.0).round() as i64;
    let [p05, p25, p50, p75, p90, p95] = row.percentiles.map(fen);
    Spending {
        yuan: Estimate { n, mean: row.mean, sd: None, standard_error: row.error },
        p05_fen: p05,
        p25_fen: p25,
        p50_fen: p50,
        p75_fen: p75,
        p90_fen: p90,
        p95_fen: p95,
        ..Spending::default()
    }
}
