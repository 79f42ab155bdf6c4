//! Paired differences between scenarios by county and year: mean and 95 % interval around a zero line.

use super::Chart;
use super::canvas::DotShape;
use super::caption::Caption;
use super::error::ChartError;
use super::legend::{Key, Swatch};
use super::level::{Level, MOST_WITH_INTERVAL, Mark, Row};
use super::number::{self, Unit};
use super::sheet::Sheet;
use super::spread::{self, Reach};
use super::table::Table;
use super::theme::{DEEP, PALETTE};
use crate::lang::Lang;

const NAME: &str = "difference";
/// Scenarios that stand side by side; more of them become rows of the latest year.
const MOST_COLUMNS: usize = 3;
/// Rows that go on one page.
const MOST_ROWS: usize = 60;
/// Height that leaves room for title and notes on one page, in pixels.
const TALLEST: i32 = 2050;
/// Counties that go on one page when each has one row.
const MOST_COUNTIES: usize = 30;

/// The difference of one scenario from the base in one county and year.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DifferenceRow {
    /// The compared scenario.
    pub scenario: String,
    /// County, or the name of the total.
    pub county: String,
    /// Budget year.
    pub year: i32,
    /// Mean of (this scenario − base), in yuan.
    pub mean_yuan: f64,
    /// Lower end of its 95 % interval.
    pub low_yuan: f64,
    /// Upper end of its 95 % interval.
    pub high_yuan: f64,
}

/// Differences of one or several scenarios from a base.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Difference {
    /// Title of the base scenario.
    pub base: String,
    /// One row for each scenario, county and year.
    pub rows: Vec<DifferenceRow>,
}

impl Chart for Difference {
    fn draw(&self, caption: &Caption) -> Result<String, ChartError> {
        let lang = caption.lang;
        let scenarios = self.scenarios();
        let tables = self.tables(&scenarios)?;
        let unit = spread::unit_for(tables.iter().flat_map(Table::values));
        let (shown, level) = fitting(&scenarios, &tables, unit, lang);
        let sheet = Sheet {
            title: self.title(&scenarios, lang),
            facts: vec![lang.pick("配对差额", "paired differences").to_owned(), unit.fact(lang)],
            legend: legend(lang),
            notes: [vec![self.sign(&scenarios, lang)], shown.notes(&tables, unit, lang)].concat(),
            body_height: level.height(),
        };
        sheet.draw(caption, |canvas, rect| level.draw(canvas, rect))
    }
}

impl Difference {
    fn scenarios(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for row in &self.rows {
            if !names.contains(&row.scenario.as_str()) {
                names.push(&row.scenario);
            }
        }
        names
    }

    /// One table per scenario, in yuan.
    fn tables(&self, scenarios: &[&str]) -> Result<Vec<Table<Reach>>, ChartError> {
        if scenarios.is_empty() {
            return Err(ChartError::NoData { chart: NAME });
        }
        let table = |scenario: &&str| {
            let rows = self.rows.iter().filter(|row| row.scenario == *scenario).map(|row| {
                let what = format!("{} {} {}", row.scenario, row.county, row.year);
                let reach = Reach::checked(NAME, &what, [row.mean_yuan, row.low_yuan, row.high_yuan])?;
                Ok((row.county.as_str(), row.year, reach))
            });
            Table::of(NAME, &rows.collect::<Result<Vec<_>, ChartError>>()?)
        };
        scenarios.iter().map(table).collect()
    }

    fn title(&self, scenarios: &[&str], lang: Lang) -> String {
        match (scenarios, lang) {
            ([one], Lang::Zh) => format!("支出之差：{one} − {}", self.base),
            ([one], Lang::En) => format!("Difference in spending: {one} − {}", self.base),
            (_, Lang::Zh) => format!("各方案与“{}”的支出之差", self.base),
            (_, Lang::En) => format!("Difference in spending from \"{}\"", self.base),
        }
    }

    fn sign(&self, scenarios: &[&str], lang: Lang) -> String {
        let other = match (scenarios, lang) {
            ([one], Lang::Zh) => format!("“{one}”"),
            ([one], Lang::En) => format!("\"{one}\""),
            _ => lang.pick("该方案", "the scenario").to_owned(),
        };
        match lang {
            Lang::Zh => format!("正值表示{other}的支出高于“{}”，负值表示低于。", self.base),
            Lang::En => {
                format!("Positive: {other} is dearer than \"{}\"; negative: it is cheaper.", self.base)
            }
        }
    }
}

/// As many rows as the page takes: fewer are tried when long names make them high.
fn fitting(scenarios: &[&str], tables: &[Table<Reach>], unit: Unit, lang: Lang) -> (Shown, Level) {
    let mut most_rows = MOST_ROWS;
    loop {
        let shown = Shown::of(tables, most_rows);
        let level = shown.level(scenarios, tables, unit, lang);
        if level.height() <= TALLEST || most_rows <= 1 {
            return (shown, level);
        }
        most_rows = most_rows * 3 / 4;
    }
}

/// What of the rows goes on the page.
struct Shown {
    counties: Vec<String>,
    years: Vec<i32>,
    /// Counties left out.
    rest: Vec<String>,
    /// Whether years were left out.
    latest_only: bool,
}

impl Shown {
    /// All years if they fit; else the latest; and if even that is too long, the counties that differ most.
    fn of(tables: &[Table<Reach>], most_rows: usize) -> Self {
        let mut counties: Vec<String> = Vec::new();
        for county in tables.iter().flat_map(|table| &table.counties) {
            if !counties.contains(county) {
                counties.push(county.clone());
            }
        }
        let mut years: Vec<i32> = tables.iter().flat_map(|table| &table.years).copied().collect();
        years.sort_unstable();
        years.dedup();
        let stacked = if tables.len() > MOST_COLUMNS { tables.len() } else { 1 };
        let latest_only = years.len() > 1 && (stacked > 1 || counties.len() * years.len() > most_rows);
        if latest_only {
            years.drain(..years.len() - 1);
        }
        let most = (most_rows / stacked).clamp(1, MOST_COUNTIES);
        let mut rest = Vec::new();
        if counties.len() > most && years.len() == 1 {
            let size = |county: &String| {
                tables
                    .iter()
                    .filter_map(|table| table.get(county, years[0]))
                    .map(|r| r.middle.abs())
                    .fold(0.0, f64::max)
            };
            counties.sort_by(|a, b| size(b).total_cmp(&size(a)));
            rest = counties.split_off(most);
        }
        Self { counties, years, rest, latest_only }
    }

    fn level(&self, scenarios: &[&str], tables: &[Table<Reach>], unit: Unit, lang: Lang) -> Level {
        let stacked = scenarios.len() > MOST_COLUMNS;
        let cell = |table: &Table<Reach>, county: &str, year| {
            table.get(county, year).map(|reach| reach.in_unit(unit))
        };
        let mut rows = Vec::new();
        for (group, county) in self.counties.iter().enumerate() {
            for &year in &self.years {
                if stacked {
                    rows.extend(scenarios.iter().zip(tables).enumerate().map(|(k, (scenario, table))| Row {
                        group,
                        part: (*scenario).to_owned(),
                        reaches: vec![cell(table, county, year)],
                        mark: mark(k),
                    }));
                } else {
                    let part = if self.years.len() > 1 { number::year(year, lang) } else { String::new() };
                    let reaches = tables.iter().map(|table| cell(table, county, year)).collect();
                    rows.push(Row { group, part, reaches, mark: Mark::Dot(DEEP, DotShape::Round) });
                }
            }
        }
        let columns = if stacked || scenarios.len() == 1 {
            vec![String::new()]
        } else {
            scenarios.iter().map(|&s| s.to_owned()).collect()
        };
        let head = if columns.len() > MOST_WITH_INTERVAL {
            lang.pick("均值", "mean")
        } else {
            lang.pick("均值（95%区间）", "mean (95% interval)")
        };
        Level { groups: self.counties.clone(), columns, rows, head, unit: unit.label(lang), lang }
    }

    fn notes(&self, tables: &[Table<Reach>], unit: Unit, lang: Lang) -> Vec<String> {
        let mut notes = Vec::new();
        if let ([year], true) = (self.years.as_slice(), self.latest_only) {
            notes.push(match lang {
                Lang::Zh => format!("只画{year}年；其他年份见数据表。"),
                Lang::En => format!("{year} only; see the table for the other years."),
            });
        }
        if !self.rest.is_empty() {
            let (shown, left) = (self.counties.len(), self.rest.len());
            notes.push(match lang {
                Lang::Zh => format!(
                    "图中为差额最大的{shown}个县（市、区），其余{left}个未画出，差额均值合计：{}。",
                    self.sums(tables, unit, lang)
                ),
                Lang::En => format!(
                    "The {shown} largest differences are shown; the other {left} counties sum to {}.",
                    self.sums(tables, unit, lang)
                ),
            });
        }
        notes
    }

    /// Sum of the means left out, one per scenario.
    fn sums(&self, tables: &[Table<Reach>], unit: Unit, lang: Lang) -> String {
        let year = self.years[0];
        let sum = |table: &Table<Reach>| {
            let left = self.rest.iter().filter_map(|county| table.get(county, year));
            number::amount(left.map(|reach| reach.middle).sum(), unit, lang)
        };
        tables.iter().map(sum).collect::<Vec<_>>().join(lang.pick("、", ", "))
    }
}

/// Colour and shape of scenario `k` where scenarios share a column.
fn mark(k: usize) -> Mark {
    const SHAPES: [DotShape; 4] = [DotShape::Round, DotShape::Square, DotShape::Triangle, DotShape::Diamond];
    const DARK: [usize; 5] = [0, 6, 2, 4, 8];
    Mark::Dot(PALETTE[DARK[k % DARK.len()]], SHAPES[k % SHAPES.len()])
}

fn legend(lang: Lang) -> Vec<Key> {
    vec![
        Key::new(Swatch::Dot(DEEP, DotShape::Round), lang.pick("均值", "Mean")),
        Key::new(Swatch::Whisker, lang.pick("95%区间", "95% interval")),
    ]
}
