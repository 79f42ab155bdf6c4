//! Spending month by month: median and 90 % band, a panel for each county.

use super::Chart;
use super::canvas::{Canvas, Drawn, Rect};
use super::caption::Caption;
use super::error::ChartError;
use super::grid::{self, Words};
use super::legend::{Key, Swatch};
use super::number::{self, Unit};
use super::panel::{self, Panel};
use super::sheet::{Sheet, axis_height};
use super::spread;
use super::theme::{BAND_OUTER, DEEP, SMALL};
use super::ticks::Ticks;
use fundcast_engine::lang::Lang;

const NAME: &str = "months";
/// Months of a year.
const YEAR: usize = 12;

/// What falls due in a month, yuan.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct MonthSpending {
    /// 5th percentile.
    pub p05_yuan: f64,
    /// Median.
    pub p50_yuan: f64,
    /// 95th percentile.
    pub p95_yuan: f64,
}

/// The months of one county, or of all.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MonthsSeries {
    /// Name of the county, or of the total.
    pub name: String,
    /// Month after month, whole years.
    pub months: Vec<MonthSpending>,
}

/// Spending of one payer, month by month.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Months {
    /// The payer.
    pub payer: String,
    /// The first year.
    pub first_year: i32,
    /// A panel each.
    pub series: Vec<MonthsSeries>,
    /// The page that is drawn, from 0.
    pub page: usize,
}

impl Months {
    /// The pages that it takes to draw every county.
    #[must_use]
    pub fn n_pages(&self) -> usize {
        grid::pages(self.series.len()).len().max(1)
    }

    fn checked(&self) -> Result<(), ChartError> {
        if self.series.is_empty() || self.series.iter().any(|one| one.months.is_empty()) {
            return Err(ChartError::NoData { chart: NAME });
        }
        for one in &self.series {
            for (at, month) in one.months.iter().enumerate() {
                let what =
                    format!("{} {}-{:02}", one.name, self.first_year + (at / YEAR) as i32, at % YEAR + 1);
                let values = [month.p05_yuan, month.p50_yuan, month.p95_yuan];
                spread::finite(NAME, &what, &values)?;
                if values.windows(2).any(|pair| pair[0] > pair[1]) {
                    return Err(ChartError::Disordered { chart: NAME, what });
                }
            }
        }
        Ok(())
    }

    /// The finding: the month of the year in which most falls due.
    fn title(&self, lang: Lang) -> String {
        let mut sums = [0.0; YEAR];
        for one in &self.series {
            one.months.iter().enumerate().for_each(|(at, month)| sums[at % YEAR] += month.p50_yuan);
        }
        let most = (0..YEAR).max_by(|a, b| sums[*a].total_cmp(&sums[*b])).unwrap_or_default();
        let payer = &self.payer;
        match lang {
            Lang::Zh => format!("{payer}各月支出：{}月最多", most + 1),
            Lang::En => format!("{payer}: spending by month, most in month {}", most + 1),
        }
    }
}

impl Chart for Months {
    fn draw(&self, caption: &Caption) -> Result<String, ChartError> {
        let lang = caption.lang;
        self.checked()?;
        let by = lang.pick("末月中位数", "the median of the last month");
        let size = |one: &MonthsSeries| one.months.last().map_or(0.0, |month| month.p50_yuan);
        let (series, note) = grid::page(&self.series, self.page, size, (by, lang));
        let unit = Unit::for_values(series.iter().flat_map(|one| &one.months).map(|month| month.p95_yuan));
        let quarters = lang.pick(
            "门诊慢特病费用按季一笔计入季末月；按年结算的支付不在各月之内。",
            "Outpatient bills of chronic conditions stand in the last month of each quarter; what is settled by year is in no month.",
        );
        let sheet = Sheet {
            title: self.title(lang),
            facts: vec![unit.fact(lang)],
            legend: vec![
                Key::new(Swatch::Line(DEEP), lang.pick("当月中位数（P50）", "Median of the month (P50)")),
                Key::new(Swatch::Box(BAND_OUTER), lang.pick("90%区间（P5～P95）", "90% interval (P5–P95)")),
            ],
            notes: vec![quarters.to_owned(), note],
            percentiles: &[5, 50, 95],
            body_height: grid::body_height(series.len()),
        };
        let names: Vec<&str> = series.iter().map(|one| one.name.as_str()).collect();
        let words = Words { axis: unit.label(lang), head: &grid::head(unit, lang), lang };
        sheet.draw(caption, |canvas, rect| {
            grid::draw_series(canvas, rect, &words, &names, |canvas, at, (cell, size)| {
                self.panel(canvas, cell, (series[at], unit), (size, lang))
            })
        })
    }
}

impl Months {
    fn panel(
        &self,
        canvas: &mut Canvas<'_>,
        rect: Rect,
        (one, unit): (&MonthsSeries, Unit),
        (size, lang): (i32, Lang),
    ) -> Drawn {
        let in_unit = |yuan: f64| yuan / unit.yuan();
        let high = one.months.iter().map(|month| in_unit(month.p95_yuan)).fold(0.0, f64::max);
        let ticks = Ticks::from_zero(0.0, high * 1.04, rect.height() / 80);
        let left = rect.left + panel::axis_width(&ticks, size);
        let frame = Rect { left, top: rect.top, right: rect.right, bottom: rect.bottom - axis_height(size) };
        let years = one.months.len().div_ceil(YEAR);
        let panel = Panel::new(frame, 0.0..years as f64, ticks.low..ticks.high);
        panel.value_axis(canvas, &ticks, size)?;
        // A month is a level stretch: money of a month is no point in time.
        let ends = |at: usize| [at as f64 / YEAR as f64, (at + 1) as f64 / YEAR as f64];
        let months = || one.months.iter().enumerate().flat_map(|(at, month)| ends(at).map(|x| (x, month)));
        let band: Vec<_> =
            months().map(|(x, month)| (x, in_unit(month.p05_yuan), in_unit(month.p95_yuan))).collect();
        panel.band(canvas, &band, BAND_OUTER)?;
        let line: Vec<_> = months().map(|(x, month)| (x, in_unit(month.p50_yuan))).collect();
        panel.path(canvas, &line, DEEP, 3)?;
        let lang = if size == SMALL { Lang::En } else { lang };
        let names: Vec<String> =
            (0..years).map(|year| number::year(self.first_year + year as i32, lang)).collect();
        panel.name_axis(canvas, &names, size);
        Ok(())
    }
}
