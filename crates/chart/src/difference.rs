//! Paired differences between scenarios by county and year around a zero line: the mean with its 95 % error, and the
//! range of outcomes, P5 to P95, as a band. The two are named apart: more replicates shrink the error only.

use super::Chart;
use super::canvas::DotShape;
use super::caption::Caption;
use super::difference_page::fitting;
use super::error::ChartError;
use super::legend::{Key, Swatch};
use super::sheet::Sheet;
use super::spread::{self, Reach};
use super::table::Table;
use super::theme::{BAND_OUTER, DEEP};
use fundcast_engine::lang::Lang;

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
    /// Half the width of the 95 % interval of the mean; `None` where it is not known.
    pub error95_yuan: Option<f64>,
    /// 5th percentile of the difference between replicates.
    pub p05_yuan: f64,
    /// 95th percentile of the difference between replicates.
    pub p95_yuan: f64,
}

/// Differences of one or several scenarios from a base.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Difference {
    /// Title of the base scenario.
    pub base: String,
    /// One row for each scenario, county and year.
    pub rows: Vec<DifferenceRow>,
    /// The page that is drawn, from 0.
    pub page: usize,
}

impl Chart for Difference {
    fn draw(&self, caption: &Caption) -> Result<String, ChartError> {
        let lang = caption.lang;
        let scenarios = self.scenarios();
        let tables = self.tables(&scenarios)?;
        let unit = spread::unit_for(tables.iter().flat_map(Table::values));
        let mut pages = fitting(&scenarios, &tables, unit, lang);
        let (shown, level) = pages.swap_remove(self.page.min(pages.len() - 1));
        let sheet = Sheet {
            title: self.title(&scenarios, lang),
            facts: vec![lang.pick("配对差额", "paired differences").to_owned(), unit.fact(lang)],
            legend: legend(lang),
            percentiles: &[5, 95],
            notes: [vec![self.sign(&scenarios, lang)], shown.notes(lang)].concat(),
            body_height: level.height(),
        };
        sheet.draw(caption, |canvas, rect| level.draw(canvas, rect))
    }
}

impl Difference {
    /// The pages that it takes to draw every county: one, or several of many counties.
    #[must_use]
    pub fn n_pages(&self, lang: Lang) -> usize {
        let scenarios = self.scenarios();
        let Ok(tables) = self.tables(&scenarios) else { return 1 };
        let unit = spread::unit_for(tables.iter().flat_map(Table::values));
        fitting(&scenarios, &tables, unit, lang).len()
    }

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
                let reach = Reach::checked(NAME, &what, [row.mean_yuan, row.p05_yuan, row.p95_yuan])?;
                let reach = reach.with_error(NAME, &what, row.error95_yuan)?;
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
        Key::new(Swatch::Whisker, lang.pick("均值的95%误差", "95% error of the mean")),
        Key::new(
            Swatch::Box(BAND_OUTER),
            lang.pick("结果的90%范围（P5～P95）", "90% range of outcomes (P5–P95)"),
        ),
    ]
}
