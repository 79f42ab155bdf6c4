//! The month in which the money of funds runs out for the first time of a year: how likely each month is.

use super::Chart;
use super::canvas::{Canvas, Drawn, Rect};
use super::caption::Caption;
use super::error::ChartError;
use super::grid::{self, Words};
use super::legend::{Key, Swatch};
use super::number;
use super::panel::{self, Panel};
use super::sheet::{Sheet, axis_height};
use super::spread;
use super::theme::MAIN;
use super::ticks::Ticks;
use fundcast_engine::lang::Lang;

const NAME: &str = "runs_out";

/// Months of a year.
const YEAR: usize = 12;

/// How likely the money runs out for the first time of the year in a month.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RunsOutMonth {
    /// The share of the replicates.
    pub share: f64,
    /// The lower end of its 95 % interval.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// One fund.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunsOutSeries {
    /// Name of the county, or of the pooled fund.
    pub name: String,
    /// Month after month, whole years.
    pub months: Vec<RunsOutMonth>,
}

impl RunsOutSeries {
    /// How likely the money does not last in a year, from 0.
    fn in_year(&self, year: usize) -> f64 {
        self.months.chunks(YEAR).nth(year).unwrap_or_default().iter().map(|month| month.share).sum()
    }

    fn n_years(&self) -> usize {
        self.months.len().div_ceil(YEAR)
    }
}

/// When the money of funds runs out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunsOut {
    /// The first calendar year.
    pub first_year: i32,
    /// A panel each.
    pub funds: Vec<RunsOutSeries>,
    /// The page that is drawn, from 0.
    pub page: usize,
}

impl RunsOut {
    /// The pages that it takes to draw every fund.
    #[must_use]
    pub fn n_pages(&self) -> usize {
        grid::pages(self.funds.len()).len().max(1)
    }

    fn checked(&self) -> Result<(), ChartError> {
        if self.funds.iter().all(|fund| fund.months.is_empty()) {
            return Err(ChartError::NoData { chart: NAME });
        }
        for fund in &self.funds {
            for (at, RunsOutMonth { share, low, high }) in fund.months.iter().enumerate() {
                let what =
                    format!("{} {}-{:02}", fund.name, self.first_year + (at / YEAR) as i32, at % YEAR + 1);
                spread::finite(NAME, &what, &[*low, *share, *high])?;
                if low > share || share > high {
                    return Err(ChartError::Disordered { chart: NAME, what });
                }
            }
        }
        Ok(())
    }

    /// The finding: the fund that is likeliest short in its last year, and the likeliest month of that year.
    fn title(&self, lang: Lang) -> String {
        let last = |fund: &RunsOutSeries| fund.n_years().saturating_sub(1);
        let worst = self.funds.iter().max_by(|a, b| a.in_year(last(a)).total_cmp(&b.in_year(last(b))));
        let Some(fund) = worst else { return String::new() };
        let (year, short) = (last(fund), fund.in_year(last(fund)));
        let months = fund.months.chunks(YEAR).nth(year).unwrap_or_default();
        // Of months as likely as each other the first one.
        let likely = (0..months.len()).rev().max_by(|a, b| months[*a].share.total_cmp(&months[*b].share));
        let (name, year) = (&fund.name, self.first_year + year as i32);
        let (short, month) = (number::percent(short), likely.unwrap_or_default() + 1);
        match lang {
            Lang::Zh => format!("{name}{year}年医疗救助基金用尽的概率为{short}，最可能在{month}月"),
            Lang::En => {
                format!("{name}, {year}: the fund runs out with {short}, most likely in month {month}")
            }
        }
    }
}

impl Chart for RunsOut {
    fn draw(&self, caption: &Caption) -> Result<String, ChartError> {
        let lang = caption.lang;
        self.checked()?;
        let by = lang.pick("末年用尽的概率", "how likely they run out in the last year");
        let size = |fund: &RunsOutSeries| fund.in_year(fund.n_years().saturating_sub(1));
        let (funds, note) = grid::page(&self.funds, self.page, size, (by, lang));
        // One scale for all: how likely funds run out is to be compared.
        let most = funds.iter().flat_map(|fund| &fund.months).map(|month| month.high).fold(0.0, f64::max);
        let sheet = Sheet {
            title: self.title(lang),
            facts: vec![lang.pick("单位：%", "in %").to_owned()],
            legend: vec![
                Key::new(
                    Swatch::Box(MAIN),
                    lang.pick("当年首次用尽恰在该月的概率", "First runs out in the month"),
                ),
                Key::new(Swatch::Whisker, lang.pick("95%区间", "95% interval")),
            ],
            notes: vec![note],
            percentiles: &[],
            body_height: grid::body_height(funds.len()),
        };
        let names: Vec<&str> = funds.iter().map(|fund| fund.name.as_str()).collect();
        let words = Words {
            axis: lang.pick("%（每格一年，各12个月）", "% (twelve months a year)"),
            head: lang.pick("各图刻度相同（%）", "One scale for all panels (%)"),
            lang,
        };
        sheet.draw(caption, |canvas, rect| {
            grid::draw_series(canvas, rect, &words, &names, |canvas, at, (cell, size)| {
                self.panel(canvas, cell, (funds[at], most), (size, lang))
            })
        })
    }
}

impl RunsOut {
    fn panel(
        &self,
        canvas: &mut Canvas<'_>,
        rect: Rect,
        (fund, most): (&RunsOutSeries, f64),
        (size, lang): (i32, Lang),
    ) -> Drawn {
        let ticks = Ticks::from_zero(0.0, (100.0 * most * 1.04).clamp(1.0, 100.0), rect.height() / 80);
        let left = rect.left + panel::axis_width(&ticks, size);
        let frame = Rect { left, top: rect.top, right: rect.right, bottom: rect.bottom - axis_height(size) };
        let years = fund.n_years();
        let panel = Panel::new(frame, 0.0..years.max(1) as f64, ticks.low..ticks.high);
        panel.value_axis(canvas, &ticks, size)?;
        for (at, month) in fund.months.iter().enumerate() {
            let [from, to] = [0.12, 0.88].map(|part| (at as f64 + part) / YEAR as f64);
            panel.bar(canvas, (from, 0.0), (to, 100.0 * month.share), MAIN)?;
            let (x, low) = panel.at((from + to) / 2.0, 100.0 * month.low);
            let (_, high) = panel.at(0.0, 100.0 * month.high);
            canvas.whisker_upright(x, (low, high), 3)?;
        }
        let names: Vec<String> =
            (0..years).map(|year| number::year(self.first_year + year as i32, lang)).collect();
        panel.name_axis(canvas, &names, size);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The title names the fund and year that are likeliest short, and of months as likely the first.
    #[test]
    fn the_title_is_worked_out_from_the_months() {
        let month = |share: f64| RunsOutMonth { share, low: share / 2.0, high: share + 0.1 };
        let fund = |name: &str, first: f64, later: f64| {
            let mut months = vec![month(0.0); 24];
            months[2] = month(0.9);
            months[12 + 4] = month(first);
            months[12 + 8] = month(later);
            RunsOutSeries { name: name.to_owned(), months }
        };
        let chart =
            RunsOut { first_year: 2024, funds: vec![fund("A", 0.2, 0.2), fund("B", 0.1, 0.15)], page: 0 };
        assert_eq!(chart.title(Lang::En), "A, 2025: the fund runs out with 40%, most likely in month 5");
    }
}
