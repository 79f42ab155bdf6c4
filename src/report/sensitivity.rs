//! What a figure of a budget depends on: names, values and sentences for table, chart and screen.

use super::number::{grouped, ten_thousands, unit};
use crate::lang::Lang;
use crate::projection::apart::Input;
use crate::projection::figure::Figure;
use crate::projection::grid;
use crate::projection::layout::Layout;
use crate::projection::sensitivity::{End, SensitivityRow, Varied};
use crate::simulation::drivers::{NAMES, OF_MODEL, is_logarithm};
use crate::stats::margin_95;

/// A value of a file that was held low and high.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRange {
    /// Where it is written.
    pub key: String,
    /// What is written there, in millionths.
    pub current: i64,
    /// Its two ends, in millionths.
    pub ends: [i64; 2],
}

/// The share of the variance that no input explains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Luck {
    /// The county; `None` for all.
    pub county: Option<usize>,
    /// The year.
    pub year: u16,
    /// The share.
    pub share: f64,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Sensitive<'a> {
    /// What the positions mean.
    pub layout: &'a Layout,
    /// Which figure.
    pub figure: Figure,
    /// Whose spending; `None` for all funders.
    pub payer: Option<usize>,
    /// The values of files that were varied.
    pub keys: &'a [KeyRange],
    /// By county and year, then all counties; the widest swing of each first, values of files behind.
    pub rows: Vec<SensitivityRow>,
    /// What no input explains.
    pub luck: Vec<Luck>,
    /// The counties.
    pub counties: &'a [usize],
}

impl Sensitive<'_> {
    /// The rows that speak for all counties, or the only one, in the last year.
    #[must_use]
    pub fn of_whole(&self) -> Vec<&SensitivityRow> {
        self.of(self.whole())
    }

    /// The rows of a county (`None`: all) in the last year, the widest swing first.
    #[must_use]
    pub fn of(&self, county: Option<usize>) -> Vec<&SensitivityRow> {
        let own = |row: &&SensitivityRow| row.county == county && Some(row.year) == self.last_year();
        let mut rows: Vec<&SensitivityRow> = self.rows.iter().filter(own).collect();
        rows.sort_by(|a, b| b.swing.0.abs().total_cmp(&a.swing.0.abs()));
        rows
    }

    /// The first so many of them, and every value of a file that was asked for; with how many are left out.
    #[must_use]
    pub fn widest(&self, county: Option<usize>, most: usize) -> (Vec<&SensitivityRow>, usize) {
        let all = self.of(county);
        let n = all.len();
        let is_asked = |row: &&SensitivityRow| matches!(row.varied, Varied::Key(_));
        let shown: Vec<&SensitivityRow> = all
            .into_iter()
            .enumerate()
            .filter(|(at, row)| *at < most || is_asked(row))
            .map(|(_, row)| row)
            .collect();
        let left = n - shown.len();
        (shown, left)
    }

    /// All counties together, or the only one.
    #[must_use]
    pub const fn whole(&self) -> Option<usize> {
        if let [only] = self.counties { Some(*only) } else { None }
    }

    /// The last year.
    #[must_use]
    pub fn last_year(&self) -> Option<u16> {
        self.layout.year_numbers().last().copied()
    }

    /// What no input explains of all counties, or the only one, in the last year.
    #[must_use]
    pub fn luck_of_whole(&self) -> Option<f64> {
        let own = |luck: &&Luck| luck.county == self.whole() && Some(luck.year) == self.last_year();
        self.luck.iter().find(own).map(|luck| luck.share)
    }

    /// The name of the figure.
    #[must_use]
    pub fn figure_label(&self, lang: Lang) -> String {
        match self.figure {
            Figure::Mean => lang.pick("均值", "mean").to_owned(),
            Figure::Percentile(_) => self.figure.name().to_uppercase(),
        }
    }

    /// The name of the payer.
    #[must_use]
    pub fn payer_label(&self, lang: Lang) -> &str {
        let funder = self.payer.and_then(|payer| self.layout.funders.get(payer));
        funder.map_or(lang.pick("各出资方合计", "all funders"), |name| lang.pick(&name.zh, &name.en))
    }

    /// The name of what is varied in tables.
    #[must_use]
    pub fn id(&self, varied: &Varied) -> String {
        match varied {
            Varied::Uncertain(Input::Category(rank)) => {
                let id = self.layout.categories.get(*rank).map_or("?", |name| name.id.as_str());
                format!("counts.{id}")
            }
            Varied::Uncertain(Input::Model(number)) => {
                format!("{}.{}", OF_MODEL[*number].name(), NAMES[*number])
            }
            Varied::Key(number) => self.keys[*number].key.clone(),
        }
    }

    /// What readers call it.
    #[must_use]
    pub fn label(&self, varied: &Varied, lang: Lang) -> String {
        match varied {
            Varied::Uncertain(Input::Category(rank)) => {
                let name =
                    self.layout.categories.get(*rank).map_or("?", |name| lang.pick(&name.zh, &name.en));
                match lang {
                    Lang::Zh => format!("人数：{name}"),
                    Lang::En => format!("persons: {name}"),
                }
            }
            Varied::Uncertain(Input::Model(number)) => {
                let (zh, en) = MODEL[*number];
                lang.pick(zh, en).to_owned()
            }
            Varied::Key(number) => self.keys[*number].key.clone(),
        }
    }

    /// The value of an end, as it is read: a factor, a yearly growth, or as typed.
    #[must_use]
    pub fn value(&self, varied: &Varied, at: usize, end: &End) -> String {
        match (varied, end.value) {
            (_, None) => "-".to_owned(),
            (Varied::Key(number), _) => grid::text(self.keys[*number].ends[at]),
            (Varied::Uncertain(Input::Category(_)), Some(value)) => format!("×{}", grouped(value, 2)),
            (Varied::Uncertain(Input::Model(number)), Some(value)) => match natural(*number, value) {
                Natural::Factor(value) => format!("×{}", grouped(value, 2)),
                Natural::Index(value) => grouped(value, 2),
                Natural::Growth(share) => {
                    format!("{}{}%/a", if share > 0.0 { "+" } else { "" }, grouped(share * 100.0, 1))
                }
            },
        }
    }

    /// The same as a number.
    #[must_use]
    pub fn number(&self, varied: &Varied, end: &End) -> Option<f64> {
        match varied {
            Varied::Uncertain(Input::Model(number)) => match natural(*number, end.value?) {
                Natural::Factor(value) | Natural::Index(value) | Natural::Growth(value) => Some(value),
            },
            _ => end.value,
        }
    }

    /// What to find out first, computed from the rows of all counties; nothing where nothing can be told from 0.
    #[must_use]
    pub fn first_to_find_out(&self, lang: Lang) -> Option<String> {
        let rows = self.of_whole();
        let sure = rows.iter().filter_map(|row| Some((*row, row.sure_worth_yuan()?)));
        let (row, worth) = sure.max_by(|a, b| a.1.total_cmp(&b.1))?;
        let error = row.worth.and_then(|worth| worth[0].1).map(margin_95).unwrap_or_default();
        let (label, figure, unit) = (self.label(&row.varied, lang), self.figure_label(lang), unit(lang));
        let [worth, error] = [worth, error].map(ten_thousands);
        Some(match lang {
            Lang::Zh => {
                format!("最先值得查清：{label}。若完全查清，{figure}平均可降{worth} ± {error} {unit}。")
            }
            Lang::En => format!(
                "To find out first: {label}. If it were known, {figure} would fall by {worth} ± {error} {unit} on average."
            ),
        })
    }
}

/// The id of the payer, as in tables.
#[must_use]
pub fn payer_id<'s>(sensitive: &Sensitive<'s>) -> &'s str {
    let funder = sensitive.payer.and_then(|payer| sensitive.layout.funders.get(payer));
    funder.map_or(super::csv_files::TOTAL, |name| name.id.as_str())
}

/// A number of the illness model, as it is read.
enum Natural {
    Factor(f64),
    Index(f64),
    /// A year.
    Growth(f64),
}

fn natural(number: usize, value: f64) -> Natural {
    match NAMES[number] {
        "tail_index" => Natural::Index(libm::exp(value)),
        _ if is_logarithm(number) => Natural::Factor(libm::exp(value)),
        _ => Natural::Growth(libm::expm1(value)),
    }
}

/// What readers call the numbers of the illness model, in the order of [`OF_MODEL`].
const MODEL: [(&str, &str); OF_MODEL.len()] = [
    ("年度共同波动：住院率", "shock of the year: admissions"),
    ("年度共同波动：次均费用", "shock of the year: cost of a stay"),
    ("县区长期差异：住院率", "county in all years: admissions"),
    ("县区长期差异：次均费用", "county in all years: cost of a stay"),
    ("县区当年波动：住院率", "county in the year: admissions"),
    ("县区当年波动：次均费用", "county in the year: cost of a stay"),
    ("模型参数：住院率水平", "parameter: level of admissions"),
    ("模型参数：次均费用水平", "parameter: level of the cost of a stay"),
    ("模型参数：住院率年增长", "parameter: yearly growth of admissions"),
    ("模型参数：次均费用年增长", "parameter: yearly growth of the cost of a stay"),
    ("模型参数：高额费用尾部指数", "parameter: tail index of the cost of a stay"),
    ("模型参数：救助对象住院率倍数", "parameter: admissions of the categories"),
    ("模型参数：慢特病门诊次数", "parameter: chronic outpatient visits"),
];
