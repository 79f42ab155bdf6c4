//! Paired differences between scenarios by county and year: mean and 95 % interval around a zero line.

use super::Chart;
use super::canvas::DotShape;
use super::caption::Caption;
use super::difference_page::fitting;
use super::error::ChartError;
use super::legend::{Key, Swatch};
use super::sheet::Sheet;
use super::spread::{self, Reach};
use super::table::Table;
use super::theme::DEEP;
use crate::lang::Lang;

const NAME: &str = "difference";

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

fn legend(lang: Lang) -> Vec<Key> {
    vec![
        Key::new(Swatch::Dot(DEEP, DotShape::Round), lang.pick("均值", "Mean")),
        Key::new(Swatch::Whisker, lang.pick("95%区间", "95% interval")),
    ]
}
