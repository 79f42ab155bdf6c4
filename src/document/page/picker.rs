//! Looking a figure up on the page: the reader picks county, year, purse and percentile, and the figures stand there
//! with their errors. Without scripts the table of the first picks stands there, all else in the tables below.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{table, text};
use crate::document::grid::{Cell, Grid, Show};
use crate::document::labels::Words;
use crate::document::money::{self, Difference, Spending, distinct};
use crate::document::overview::column;
use crate::lang::Lang;
use crate::report::csv_files::{ALL, TOTAL};
use crate::report::finished::Finished;
use crate::report::number::{plus_minus, signed_ten_thousands, ten_thousands, unit};
use crate::report::tables;

/// The most rows that a page carries to pick from; a page with more shows all purses together only.
const MOST_ROWS: usize = 20_000;

/// What is picked from.
#[derive(Debug, Clone, Serialize)]
struct Choices {
    keys: Vec<Key>,
    /// Headings of the figures; the first pick among them is all.
    measures: Vec<String>,
    /// Position in each key's options, then the figures as they are shown.
    rows: Vec<(Vec<usize>, Vec<String>)>,
}

/// One thing to pick by.
#[derive(Debug, Clone, Serialize)]
struct Key {
    label: String,
    /// What picks none in particular.
    any: String,
    options: Vec<String>,
    /// What is picked at first; `None`: none in particular.
    start: Option<usize>,
}

/// The part of the page, as HTML; `None` if the run has no money to look up.
pub(super) fn picker(words: Words<'_>) -> Option<String> {
    let choices = if words.run.is_comparison() { of_comparison(words) } else { of_run(words) };
    if choices.rows.is_empty() {
        return None;
    }
    let heading = words.pick("查数", "Look up a figure");
    let all = words.pick("全部", "All");
    let measure = words.pick("数值", "Figure");
    let json = serde_json::to_string(&choices).unwrap_or_default().replace('<', "\\u003c");
    let mut out = format!(
        "<section id=\"lookup\" aria-labelledby=\"lookup-heading\">\n<h2 id=\"lookup-heading\">{heading}</h2>\n"
    );
    out.push_str(&format!(
        "<form class=\"picks\" hidden data-all=\"{all}\" data-measure=\"{measure}\"></form>\n"
    ));
    out.push_str(&format!(
        "<p class=\"count note\" role=\"status\"></p>\n<p class=\"note\">{}</p>\n",
        note(words)
    ));
    out.push_str(&table(&caption(words), &first_picks(&choices)));
    out.push_str(&format!("<script type=\"application/json\" id=\"figures\">{json}</script>\n</section>\n"));
    Some(out)
}

fn caption(words: Words<'_>) -> String {
    match (words.run.is_comparison(), words.lang) {
        (false, Lang::Zh) => format!("各县区、年度和资金渠道的支出（单位：{}）", unit(words.lang)),
        (false, Lang::En) => format!("Spending by county, year and payer (unit: {})", unit(words.lang)),
        (true, Lang::Zh) => format!("各县区、年度和资金渠道的差额（单位：{}）", unit(words.lang)),
        (true, Lang::En) => format!("Differences by county, year and payer (unit: {})", unit(words.lang)),
    }
}

fn note(words: Words<'_>) -> String {
    text(match (words.run.is_comparison(), words.lang) {
        (false, Lang::Zh) => "±后为标准误；带*的没有误差：模拟次数不足，只相当于其中最大的一次。",
        (false, Lang::En) => {
            "After ± stands the standard error; what has a * has none: there are too few replicates, and it is as good as the largest of them."
        }
        (true, Lang::Zh) => {
            "差额为对比方案减基准方案，同一套随机数；括号内为均值的95%误差范围，P5、P95为各次模拟结果的范围。"
        }
        (true, Lang::En) => {
            "Differences are the scenario minus the base on the same draws; in brackets the 95 % error of the mean, P5 and P95 are the range of outcomes."
        }
    })
}

/// The table that stands there before anything is picked, and without scripts.
fn first_picks(choices: &Choices) -> Grid {
    let keys = choices.keys.iter().map(|key| column(&key.label, Show::Text));
    let measures = choices.measures.iter().map(|heading| column(heading, Show::Two));
    let starts: Vec<Option<usize>> = choices.keys.iter().map(|key| key.start).collect();
    let is_picked =
        |picks: &[usize]| picks.iter().zip(&starts).all(|(pick, start)| start.is_none_or(|at| at == *pick));
    let rows = choices.rows.iter().filter(|(picks, _)| is_picked(picks)).map(|(picks, figures)| {
        let names = picks.iter().zip(&choices.keys).map(|(&pick, key)| key.options[pick].clone());
        names.chain(figures.iter().cloned()).map(Cell::Text).collect()
    });
    Grid { n_keys: choices.keys.len(), rows: rows.collect(), columns: keys.chain(measures).collect() }
}

fn key<'a>(
    label: &str,
    any: &str,
    ids: &[&'a str],
    name: impl Fn(&'a str) -> String,
    start: Option<&str>,
) -> Key {
    Key {
        label: label.to_owned(),
        any: any.to_owned(),
        options: ids.iter().map(|id| name(id)).collect(),
        start: start.and_then(|start| ids.iter().position(|id| *id == start)),
    }
}

/// County, year and purse: what every figure of money is picked by.
fn places(words: Words<'_>, counties: &[&str], years: &[&str], funders: &[&str]) -> [Key; 3] {
    let any = |zh: &'static str, en: &'static str| words.pick(zh, en).to_owned();
    let only = (counties.len() == 1).then(|| counties[0]);
    let name = |id: &str| words.county(id).to_owned();
    let payer = |id: &str| words.funder(id).to_owned();
    [
        key(&any("县区", "County"), &any("各县区", "Every county"), counties, name, only),
        key(
            &any("年度", "Year"),
            &any("各年度", "Every year"),
            years,
            ToOwned::to_owned,
            years.last().copied(),
        ),
        key(&any("资金渠道", "Payer"), &any("各渠道", "Every payer"), funders, payer, Some(TOTAL)),
    ]
}

fn of_run(words: Words<'_>) -> Choices {
    let all = money::spending(words.run);
    let rows: Vec<&Spending> = all.iter().filter(|row| row.line == TOTAL).collect();
    let rows: Vec<&Spending> = if rows.len() > MOST_ROWS {
        rows.into_iter().filter(|row| row.funder == TOTAL).collect()
    } else {
        rows
    };
    let years: Vec<String> = words.run.record.years.iter().map(ToString::to_string).collect();
    let years: Vec<&str> = years.iter().map(String::as_str).collect();
    // A single county is the total, too.
    let alone = words.run.record.counties.len() == 1;
    let rows: Vec<&Spending> = rows.into_iter().filter(|row| !alone || row.county != ALL).collect();
    let counties = distinct(rows.iter().map(|row| row.county.as_str()));
    let funders = distinct(rows.iter().map(|row| row.funder.as_str()));
    let safe = Safe::of(words.run);
    let measures = [words.pick("均值", "Mean"), "P50", "P80", "P90", "P95", "P99"];
    let picked = rows.iter().filter_map(|row| {
        let at = |ids: &[&str], id: &str| ids.iter().position(|other| *other == id);
        let year = row.year.to_string();
        let picks = [at(&counties, &row.county)?, at(&years, &year)?, at(&funders, &row.funder)?];
        let [p80, p99] = safe.of_row(row);
        let [p50, p90, p95] = row.percentile_errors;
        let thin = |yuan: f64, error: Option<f64>| Some(with_error(yuan, error, true));
        let figures = [
            Some(with_error(row.mean, row.error, false)),
            thin(row.p50(), p50),
            p80,
            thin(row.p90(), p90),
            thin(row.p95(), p95),
            p99,
        ];
        Some((picks.to_vec(), figures.map(Option::unwrap_or_default).to_vec()))
    });
    Choices {
        measures: measures.map(ToOwned::to_owned).to_vec(),
        rows: picked.collect(),
        keys: places(words, &counties, &years, &funders).to_vec(),
    }
}

/// An amount and its standard error; a percentile without one has too few replicates, and a mark.
fn with_error(yuan: f64, error: Option<f64>, is_percentile: bool) -> String {
    let shown = plus_minus(ten_thousands(yuan), error, ten_thousands);
    if is_percentile && error.is_none() { format!("{shown} *") } else { shown }
}

/// The budgets for a safety of 80 and 99 %, which stand in `budget.csv`.
struct Safe<'a>(BTreeMap<[&'a str; 3], [String; 2]>);

impl<'a> Safe<'a> {
    fn of(run: &'a Finished) -> Self {
        let Some(table) = run.table(tables::BUDGET.file) else { return Self(BTreeMap::new()) };
        let rows = table.rows.iter().map(|row| {
            let needed = |safety: &str| {
                let yuan = table.number(row, &format!("needed_{safety}_yuan"));
                let error = table.number(row, &format!("needed_{safety}_se_yuan"));
                yuan.map(|yuan| with_error(yuan, error, true)).unwrap_or_default()
            };
            let key = ["county_code", "year", "funder"].map(|name| table.field(row, name));
            (key, ["p80", "p99"].map(needed))
        });
        Self(rows.collect())
    }

    fn of_row(&self, row: &Spending) -> [Option<String>; 2] {
        let year = row.year.to_string();
        let found = self.0.get(&[row.county.as_str(), year.as_str(), row.funder.as_str()]);
        found.map_or([None, None], |[p80, p99]| [Some(p80.clone()), Some(p99.clone())])
    }
}

fn of_comparison(words: Words<'_>) -> Choices {
    let all = money::differences(words.run);
    let rows = all.iter().filter(|row| row.line == TOTAL);
    let rows: Vec<&Difference> = rows.take(MOST_ROWS).collect();
    let others = distinct(rows.iter().map(|row| row.other.as_str()));
    let counties = distinct(rows.iter().map(|row| row.county.as_str()));
    let funders = distinct(rows.iter().map(|row| row.funder.as_str()));
    let years: Vec<String> = words.run.record.years.iter().map(ToString::to_string).collect();
    let years: Vec<&str> = years.iter().map(String::as_str).collect();
    let [scenario, every] = match words.lang {
        Lang::Zh => ["方案", "各方案"],
        Lang::En => ["Scenario", "Every scenario"],
    };
    let name = |id: &str| words.scenario(id).to_owned();
    let mut keys = vec![key(scenario, every, &others, name, others.first().copied())];
    keys.extend(places(words, &counties, &years, &funders));
    let picked = rows.iter().filter_map(|row| {
        let at = |ids: &[&str], id: &str| ids.iter().position(|other| *other == id);
        let year = row.year.to_string();
        let picks = [
            at(&others, &row.other)?,
            at(&counties, &row.county)?,
            at(&years, &year)?,
            at(&funders, &row.funder)?,
        ];
        let mean = match row.mean_95 {
            Some(ends) => {
                let [low, high] = ends.map(signed_ten_thousands);
                format!("{} ({low} … {high})", signed_ten_thousands(row.mean))
            }
            None => signed_ten_thousands(row.mean),
        };
        let mut figures = vec![mean];
        figures.extend(row.outcomes.map(signed_ten_thousands));
        figures.extend(row.means.map(ten_thousands));
        Some((picks.to_vec(), figures))
    });
    let measures = [
        words.pick("差额均值", "Mean difference"),
        "P5",
        "P50",
        "P95",
        words.pick("基准方案均值", "Mean of the base"),
        words.pick("对比方案均值", "Mean of the scenario"),
    ];
    Choices { measures: measures.map(ToOwned::to_owned).to_vec(), rows: picked.collect(), keys }
}
