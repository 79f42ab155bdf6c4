//! What pooling saves: the reserves of the counties each for itself beside one reserve for all, year by year.

use super::Chart;
use super::caption::Caption;
use super::error::ChartError;
use super::legend::{Key, Swatch};
use super::level::{Level, Mark, Row};
use super::sheet::Sheet;
use super::spread::{self, Reach};
use super::theme::{MAIN, PALETTE};
use fundcast_engine::lang::Lang;

const NAME: &str = "pooling";

/// One year.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PoolingYear {
    /// Calendar year.
    pub year: i32,
    /// The sum of the counties' 95th percentiles, yuan.
    pub apart_yuan: f64,
    /// The 95th percentile of all counties together, yuan.
    pub pooled_yuan: f64,
    /// Half the width of the 95 % interval of the difference of both, where it is known.
    pub error95_yuan: Option<f64>,
    /// The pooled one if the counties were independent.
    pub independent_yuan: Option<f64>,
}

/// What pooling saves one payer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Pooling {
    /// The payer.
    pub payer: String,
    /// The years, ascending.
    pub years: Vec<PoolingYear>,
}

impl Chart for Pooling {
    fn draw(&self, caption: &Caption) -> Result<String, ChartError> {
        let lang = caption.lang;
        let rows = self.rows(lang)?;
        let unit = spread::unit_for(rows.iter().flat_map(|row| &row.reaches).flatten());
        let level = Level {
            groups: self.years.iter().map(|year| super::number::year(year.year, lang)).collect(),
            columns: vec![String::new()],
            rows: rows
                .into_iter()
                .map(|row| Row {
                    reaches: row.reaches.iter().map(|one| one.map(|one| one.in_unit(unit))).collect(),
                    ..row
                })
                .collect(),
            head: lang.pick("P95（±节省额的95%误差）", "P95 (± 95% error of the saving)"),
            unit: unit.label(lang),
            lang,
        };
        let sheet = Sheet {
            title: self.title(lang),
            facts: vec![unit.fact(lang)],
            legend: self.legend(lang),
            notes: vec![
                lang.pick(
                    "若各县区风险完全同步，统筹不节省。",
                    "If all risk were common, pooling would save nothing.",
                )
                .to_owned(),
            ],
            percentiles: &[95],
            body_height: level.height(),
        };
        sheet.draw(caption, |canvas, rect| level.draw(canvas, rect))
    }
}

impl Pooling {
    /// What is drawn: of few replicates neither the bound nor the error is.
    fn legend(&self, lang: Lang) -> Vec<Key> {
        let model =
            Key::new(Swatch::Box(MAIN), lang.pick("按模型的相关性", "With the dependence of the model"));
        let bound = Key::new(
            Swatch::Box(PALETTE[8]),
            lang.pick("假定各县区互不相关", "If the counties were independent"),
        );
        let error = Key::new(Swatch::Whisker, lang.pick("节省额的95%误差", "95% error of the saving"));
        let has_bound = self.years.iter().any(|year| year.independent_yuan.is_some());
        let has_error = self.years.iter().any(|year| year.error95_yuan.is_some());
        let others = [(bound, has_bound), (error, has_error)];
        let drawn = others.into_iter().filter(|(_, is_drawn)| *is_drawn).map(|(key, _)| key);
        std::iter::once(model).chain(drawn).collect()
    }

    fn rows(&self, lang: Lang) -> Result<Vec<Row>, ChartError> {
        if self.years.is_empty() {
            return Err(ChartError::NoData { chart: NAME });
        }
        let mut rows = Vec::new();
        for (group, year) in self.years.iter().enumerate() {
            let what = year.year.to_string();
            let error = year.error95_yuan.unwrap_or(0.0);
            let bars = [
                (lang.pick("各县区分别备付之和", "counties apart"), Some((year.apart_yuan, 0.0)), MAIN),
                (lang.pick("统筹备付", "pooled"), Some((year.pooled_yuan, error)), MAIN),
                (
                    lang.pick("独立时统筹备付", "pooled, if independent"),
                    year.independent_yuan.map(|yuan| (yuan, 0.0)),
                    PALETTE[8],
                ),
            ];
            for (part, bar, colour) in bars {
                let Some((yuan, error)) = bar else { continue };
                let reach = Reach::checked(NAME, &what, [yuan, yuan - error, yuan + error])?;
                rows.push(Row {
                    group,
                    part: part.to_owned(),
                    reaches: vec![Some(reach)],
                    mark: Mark::Bar(colour),
                });
            }
        }
        Ok(rows)
    }

    /// The finding: what is saved in the last year, and whether it can be told from nothing.
    fn title(&self, lang: Lang) -> String {
        let payer = &self.payer;
        let Some(last) = self.years.last() else { return payer.clone() };
        if last.error95_yuan.is_none() {
            return match lang {
                Lang::Zh => format!("{payer}：模拟次数不足，不能判断市级统筹是否节省备付（{}年）", last.year),
                Lang::En => {
                    format!("{payer}: too few replicates to say whether pooling saves ({})", last.year)
                }
            };
        }
        let share = (last.apart_yuan - last.pooled_yuan) / last.apart_yuan.max(f64::MIN_POSITIVE);
        let is_known =
            last.error95_yuan.is_some_and(|error| (last.apart_yuan - last.pooled_yuan).abs() > error);
        let percent = super::number::percent(share.abs());
        match (lang, is_known, share < 0.0) {
            (Lang::Zh, false, _) => format!("{payer}：市级统筹节省的备付与0无显著差别（{}年）", last.year),
            (Lang::Zh, true, false) => format!("{payer}：市级统筹可节省备付{percent}（{}年）", last.year),
            (Lang::Zh, true, true) => format!("{payer}：市级统筹需多备付{percent}（{}年）", last.year),
            (Lang::En, false, _) => {
                format!("{payer}: what pooling saves cannot be told from 0 ({})", last.year)
            }
            (Lang::En, true, false) => {
                format!("{payer}: pooling saves {percent} of the reserves ({})", last.year)
            }
            (Lang::En, true, true) => format!("{payer}: pooling needs {percent} more ({})", last.year),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nothing is found out where there is no error, and what is not drawn is not in the legend.
    #[test]
    fn exact_few_replicates_find_nothing() {
        let year = PoolingYear { year: 2025, apart_yuan: 9e6, pooled_yuan: 8e6, ..PoolingYear::default() };
        let mut chart = Pooling { payer: "fund".to_owned(), years: vec![year] };
        assert_eq!(chart.title(Lang::En), "fund: too few replicates to say whether pooling saves (2025)");
        assert_eq!(chart.legend(Lang::En).len(), 1);
        chart.years[0].error95_yuan = Some(2e6);
        assert_eq!(chart.title(Lang::En), "fund: what pooling saves cannot be told from 0 (2025)");
        chart.years[0].independent_yuan = Some(7e6);
        assert_eq!(chart.legend(Lang::En).len(), 3);
    }
}
