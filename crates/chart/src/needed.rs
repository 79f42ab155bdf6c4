//! The budget that each safety needs: a bar with its whisker for each, county by county, beside the budget in force.

use super::Chart;
use super::caption::Caption;
use super::error::ChartError;
use super::legend::{Key, Swatch};
use super::level::{Level, Mark, Row};
use super::sheet::Sheet;
use super::spread::{self, Reach};
use super::theme::{ALERT, MAIN};
use fundcast_engine::lang::Lang;

const NAME: &str = "needed";

/// The most counties on a page.
const MOST_COUNTIES: usize = 8;

/// What is enough with a safety.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct NeededBudget {
    /// The safety, per cent.
    pub safety: u16,
    /// The budget, yuan.
    pub yuan: f64,
    /// Half the width of its 95 % interval; nothing of too few replicates.
    pub error95_yuan: Option<f64>,
}

/// The budgets of one county, or of all.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NeededCounty {
    /// Whose they are.
    pub name: String,
    /// By safety, ascending.
    pub needed: Vec<NeededBudget>,
    /// The budget in force, yuan.
    pub in_force_yuan: Option<f64>,
}

/// What each safety needs, of one payer in one year.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Needed {
    /// The finding.
    pub title: String,
    /// The counties, in the order in which they are drawn.
    pub counties: Vec<NeededCounty>,
    /// The page that is drawn, from 0.
    pub page: usize,
}

impl Needed {
    /// The pages that it takes to draw every county.
    #[must_use]
    pub fn n_pages(&self) -> usize {
        self.counties.len().div_ceil(MOST_COUNTIES).max(1)
    }

    fn shown(&self) -> &[NeededCounty] {
        self.counties.chunks(MOST_COUNTIES).nth(self.page).unwrap_or_default()
    }

    fn rows(&self, lang: Lang) -> Result<Vec<Row>, ChartError> {
        let mut rows = Vec::new();
        for (group, county) in self.shown().iter().enumerate() {
            let mut bar = |part: String, (yuan, error): (f64, f64), colour| {
                let reach = Reach::checked(NAME, &county.name, [yuan, yuan - error, yuan + error])?;
                rows.push(Row { group, part, reaches: vec![Some(reach)], mark: Mark::Bar(colour) });
                Ok::<(), ChartError>(())
            };
            for one in &county.needed {
                let part = lang.pick("%把握", "% safe");
                let amount = (one.yuan, one.error95_yuan.unwrap_or(0.0));
                bar(format!("{}{part}", one.safety), amount, MAIN)?;
            }
            if let Some(yuan) = county.in_force_yuan {
                bar(lang.pick("现行预算", "in force").to_owned(), (yuan, 0.0), ALERT)?;
            }
        }
        if rows.is_empty() { Err(ChartError::NoData { chart: NAME }) } else { Ok(rows) }
    }

    /// What is drawn: of few replicates no error, and no budget in force where there is none.
    fn legend(&self, lang: Lang) -> Vec<Key> {
        let shown = self.shown();
        let needed = Key::new(Swatch::Box(MAIN), lang.pick("所需预算", "Budget that is needed"));
        let in_force = Key::new(Swatch::Box(ALERT), lang.pick("现行预算", "Budget in force"));
        let error = Key::new(Swatch::Whisker, lang.pick("95%蒙特卡洛误差", "95% Monte Carlo error"));
        let has_error = shown.iter().flat_map(|county| &county.needed).any(|one| one.error95_yuan.is_some());
        let others =
            [(in_force, shown.iter().any(|county| county.in_force_yuan.is_some())), (error, has_error)];
        std::iter::once(needed)
            .chain(others.into_iter().filter(|other| other.1).map(|other| other.0))
            .collect()
    }

    fn note(&self, lang: Lang) -> String {
        let (n, first) = (self.counties.len(), self.page * MOST_COUNTIES + 1);
        let last = n.min(first + MOST_COUNTIES - 1);
        match lang {
            _ if self.n_pages() == 1 => String::new(),
            Lang::Zh => format!("按95%把握所需由大到小，第{first}—{last}个，共{n}个。"),
            Lang::En => format!("By what a safety of 95% needs, {first} to {last} of {n}."),
        }
    }
}

impl Chart for Needed {
    fn draw(&self, caption: &Caption) -> Result<String, ChartError> {
        let lang = caption.lang;
        let rows = self.rows(lang)?;
        let unit = spread::unit_for(rows.iter().flat_map(|row| &row.reaches).flatten());
        let in_unit = |row: Row| Row {
            reaches: row.reaches.iter().map(|one| one.map(|one| one.in_unit(unit))).collect(),
            ..row
        };
        let level = Level {
            groups: self.shown().iter().map(|county| county.name.clone()).collect(),
            columns: vec![String::new()],
            rows: rows.into_iter().map(in_unit).collect(),
            head: lang.pick("预算（±95%误差）", "Budget (± 95% error)"),
            unit: unit.label(lang),
            lang,
        };
        let sheet = Sheet {
            title: self.title.clone(),
            facts: vec![unit.fact(lang)],
            legend: self.legend(lang),
            notes: vec![self.note(lang)],
            percentiles: &[80, 90, 95, 99],
            body_height: level.height(),
        };
        sheet.draw(caption, |canvas, rect| level.draw(canvas, rect))
    }
}
