//! From a projection to the figures of its charts; nothing is computed here that a table does not hold too.

use super::{
    bills_files, exceedance, needed, payer_figures, purses, runs_out, screen_uncertainty, tables_by_colour,
};
use crate::chart::{
    Balance, BalanceMonth, BalanceSeries, Chart, CountyBars, CountySpending, Distribution, Fan, FanSeries,
    FanYear, LinesStack, MOST_PAGES, Marks, SourceBar, Sources, Spread, StackSeries, StackYear, Taper,
    TaperYear,
};
use crate::lang::Lang;
use crate::policy::names::Name;
use crate::projection::money::{Part, Slice, Spending};
use crate::projection::uncertainty::Origin;
use crate::projection::{Projection, of_county};

use crate::units::Fen;

/// A chart with the name of its files.
pub struct Figure {
    /// File name without ending.
    pub name: String,
    /// The chart.
    pub chart: Box<dyn Chart>,
}

impl Figure {
    /// A page of a chart, from 0: the first has the name alone, the others their number behind it.
    #[must_use]
    pub fn page(name: &str, page: usize, chart: Box<dyn Chart>) -> Self {
        let name = if page == 0 { name.to_owned() } else { format!("{name}_{}", page + 1) };
        Self { name, chart }
    }
}

/// The pages of a chart that are drawn.
#[must_use]
pub fn drawn(n_pages: usize) -> std::ops::Range<usize> {
    0..n_pages.min(MOST_PAGES)
}

/// The total of one county-year in every replicate.
#[derive(Debug, Clone, PartialEq)]
pub struct CountyYearTrials {
    /// The county's position.
    pub county: usize,
    /// The year.
    pub year: u16,
    /// Fen of each replicate.
    pub fen: Vec<i64>,
}

/// The subsidy that tapers: who gets it, who pays, and its share and amount by year.
#[derive(Debug, Clone, PartialEq)]
pub struct TaperFacts {
    /// Position of the county whose subsidy it is; `None`: of all counties.
    pub county: Option<usize>,
    /// The group, in the language of the charts.
    pub group: String,
    /// Position of the funder.
    pub funder: usize,
    /// Position of the line.
    pub line: usize,
    /// Year, share, subsidy and contribution a person.
    pub years: Vec<(u16, f64, Fen, Fen)>,
}

/// The charts of a run.
#[must_use]
pub fn of_projection(
    projection: &Projection,
    trials: Option<&CountyYearTrials>,
    tapers: &[TaperFacts],
    lang: Lang,
) -> Vec<Figure> {
    let bars = county_bars(projection, Part::TOTAL, lang);
    let mut figures: Vec<Figure> = drawn(bars.n_pages())
        .map(|page| Figure::page("spending_by_county", page, Box::new(CountyBars { page, ..bars.clone() })))
        .collect();
    let fan = fan(projection, Part::TOTAL, lang);
    let fan =
        drawn(fan.n_pages()).map(|page| Figure::page("fan", page, Box::new(Fan { page, ..fan.clone() })));
    figures.extend(fan);
    figures.extend(purses::alone(projection, lang));
    figures.extend(purses::per_resident(projection, lang));
    figures.extend(tables_by_colour::years(projection, lang));
    let funds = balance(projection, lang);
    let page = |page| Figure::page("balance", page, Box::new(Balance { page, ..funds.clone() }));
    figures.extend(drawn(funds.n_pages()).map(page).filter(|_| !funds.funds.is_empty()));
    figures.extend(runs_out::charts(projection, lang));
    figures.extend(needed::charts(projection, lang));
    figures.extend(exceedance::charts(projection, lang));
    if projection.slices.iter().any(|row| matches!(row.slice, Slice::Month(_))) {
        figures.extend(payer_figures::months(projection, lang));
    }
    figures.extend(purses::categories(projection, lang));
    figures.extend(tables_by_colour::categories(projection, lang));
    figures.extend(bills_files::charts(projection, lang));
    figures.extend(payer_figures::pooling(projection, lang));
    let sources = sources(projection, lang);
    let page = |page| Figure::page("uncertainty", page, Box::new(Sources { page, ..sources.clone() }));
    figures.extend(drawn(sources.n_pages()).map(page).filter(|_| !sources.bars.is_empty()));
    let lines = lines_stack(projection, lang);
    let page = |page| Figure::page("lines", page, Box::new(LinesStack { page, ..lines.clone() }));
    figures.extend(drawn(lines.n_pages()).map(page));
    let taper =
        |(page, facts)| Figure::page("subsidy_taper", page, Box::new(taper_chart(projection, facts, lang)));
    figures.extend(tapers.iter().enumerate().map(taper));
    if let Some(trials) = trials
        && let Some(chart) = distribution(projection, trials, lang)
    {
        figures.push(Figure::page("distribution", 0, Box::new(chart)));
    }
    figures
}

/// The label of a name.
#[must_use]
pub fn label(name: &Name, lang: Lang) -> String {
    lang.pick(&name.zh, &name.en).to_owned()
}

/// A label within a sentence: no capital at its beginning.
#[must_use]
pub fn in_sentence(label: String) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

pub(super) fn spread(spending: &Spending) -> Spread {
    Spread {
        mean_yuan: spending.yuan.mean,
        p05_yuan: Fen(spending.p05_fen).yuan(),
        p95_yuan: Fen(spending.p95_fen).yuan(),
    }
}

/// The funds with revenue, month by month.
fn balance(projection: &Projection, lang: Lang) -> Balance {
    let mut owners: Vec<Option<usize>> = projection.account_months.iter().map(|row| row.county).collect();
    owners.dedup();
    let series = |county: Option<usize>| {
        let own = of_county(&projection.account_months, |row| row.county, county).iter();
        let yuan = |fen: i64| Fen(fen).yuan();
        let months: Vec<BalanceMonth> = own
            .map(|row| {
                let [p05, p50, p95] = row.positions.map(|one| yuan(one.fen));
                BalanceMonth { year: i32::from(row.year), p05_yuan: p05, p50_yuan: p50, p95_yuan: p95 }
            })
            .collect();
        let name = projection.layout.county_label(county, lang).to_owned();
        let empty_from = months.iter().position(|month| month.p50_yuan < 0.0);
        BalanceSeries { name, months, empty_from }
    };
    Balance { funds: owners.into_iter().map(series).collect(), page: 0 }
}

/// Where the spread of the last year comes from, all payers together: all counties, then the largest first.
fn sources(projection: &Projection, lang: Lang) -> Sources {
    let year = projection.years().last().copied().unwrap_or_default();
    let of_year = |county: Option<usize>| {
        let own = of_county(&projection.uncertainty, |row| row.county, county).iter();
        own.filter(move |row| (row.year, row.funder) == (year, None))
    };
    let bar = |county: Option<usize>| {
        let share = |origin| of_year(county).find(|row| row.origin == origin).map_or(0.0, |row| row.share);
        let name = projection.layout.county_label(county, lang).to_owned();
        SourceBar { name, shares: Origin::MAIN.map(share).to_vec() }
    };
    let mut counties: Vec<Option<usize>> = projection.counties.iter().copied().map(Some).collect();
    let mean = |county: &Option<usize>| {
        projection.spending(*county, year, Part::TOTAL).map_or(0.0, |spending| spending.yuan.mean)
    };
    counties.sort_by(|a, b| mean(b).total_cmp(&mean(a)));
    let total = [None].into_iter().filter(|_| counties.len() > 1);
    let shown = total.chain(counties.iter().copied()).filter(|&county| of_year(county).next().is_some());
    Sources {
        year: i32::from(year),
        sources: Origin::MAIN.map(|origin| screen_uncertainty::label(projection, origin, lang)).to_vec(),
        bars: shown.map(bar).collect(),
        ..Sources::default()
    }
}

pub(super) fn county_bars(projection: &Projection, part: Part, lang: Lang) -> CountyBars {
    let rows = projection.money.iter().filter(|row| row.part == part && row.county.is_some());
    CountyBars {
        rows: rows
            .map(|row| CountySpending {
                county: projection.layout.county_label(row.county, lang).to_owned(),
                year: i32::from(row.year),
                spending: spread(&row.spending),
            })
            .collect(),
        ..CountyBars::default()
    }
}

/// Counties that get a panel of their own beside the total; a single county is the total.
fn panels(projection: &Projection) -> &[usize] {
    if projection.counties.len() > 1 { &projection.counties } else { &[] }
}

/// What the total is called: of a single county, by its name.
fn total_label(projection: &Projection, lang: Lang) -> String {
    let only = match projection.counties.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    projection.layout.county_label(only, lang).to_owned()
}

pub(super) fn fan(projection: &Projection, part: Part, lang: Lang) -> Fan {
    let series = |county: Option<usize>| FanSeries {
        name: projection.layout.county_label(county, lang).to_owned(),
        years: of_county(&projection.money, |row| row.county, county)
            .iter()
            .filter(|row| row.part == part)
            .map(|row| FanYear {
                year: i32::from(row.year),
                p05_yuan: Fen(row.spending.p05_fen).yuan(),
                p25_yuan: Fen(row.spending.p25_fen).yuan(),
                p50_yuan: Fen(row.spending.p50_fen).yuan(),
                p75_yuan: Fen(row.spending.p75_fen).yuan(),
                p95_yuan: Fen(row.spending.p95_fen).yuan(),
            })
            .collect(),
    };
    Fan {
        total: FanSeries { name: total_label(projection, lang), ..series(None) },
        counties: panels(projection).iter().map(|&county| series(Some(county))).collect(),
        ..Fan::default()
    }
}

fn lines_stack(projection: &Projection, lang: Lang) -> LinesStack {
    let mut lines: Vec<usize> = projection.layout.cells.iter().map(|cell| cell.line).collect();
    lines.sort_unstable();
    lines.dedup();
    let mean = |county, year, line| {
        let part = Part { line: Some(line), funder: None };
        projection.spending(county, year, part).map_or(0.0, |spending| spending.yuan.mean)
    };
    let series = |county: Option<usize>| StackSeries {
        name: projection.layout.county_label(county, lang).to_owned(),
        years: projection
            .years()
            .into_iter()
            .map(|year| StackYear {
                year: i32::from(year),
                means_yuan: lines.iter().map(|&line| mean(county, year, line)).collect(),
            })
            .collect(),
    };
    LinesStack {
        lines: lines.iter().map(|&line| label(&projection.layout.lines[line], lang)).collect(),
        total: StackSeries { name: total_label(projection, lang), ..series(None) },
        counties: panels(projection).iter().map(|&county| series(Some(county))).collect(),
        page: 0,
    }
}

fn taper_chart(projection: &Projection, facts: &TaperFacts, lang: Lang) -> Taper {
    let part = Part { line: Some(facts.line), funder: Some(facts.funder) };
    let year = |&(year, share, subsidy, contribution): &(u16, f64, Fen, Fen)| {
        let spending = projection.spending(facts.county, year, part);
        TaperYear {
            year: i32::from(year),
            share,
            subsidy_yuan: subsidy.yuan(),
            contribution_yuan: Some(contribution.yuan()),
            cost: spending.map_or(Spread { mean_yuan: 0.0, p05_yuan: 0.0, p95_yuan: 0.0 }, spread),
        }
    };
    Taper {
        county: facts.county.map(|county| projection.layout.county_label(Some(county), lang).to_owned()),
        group: facts.group.clone(),
        payer: in_sentence(label(&projection.layout.funders[facts.funder], lang)),
        years: facts.years.iter().map(year).collect(),
    }
}

fn distribution(projection: &Projection, trials: &CountyYearTrials, lang: Lang) -> Option<Distribution> {
    let spending = projection.spending(Some(trials.county), trials.year, Part::TOTAL)?;
    Some(Distribution {
        county: projection.layout.county_label(Some(trials.county), lang).to_owned(),
        year: i32::from(trials.year),
        trials_yuan: trials.fen.iter().map(|&fen| Fen(fen).yuan()).collect(),
        marks: Marks {
            mean_yuan: spending.yuan.mean,
            p50_yuan: Fen(spending.p50_fen).yuan(),
            p90_yuan: Fen(spending.p90_fen).yuan(),
            p95_yuan: Fen(spending.p95_fen).yuan(),
            budget_yuan: None,
        },
    })
}
