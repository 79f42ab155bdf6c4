//! The balance of funds month by month: median and 90 % band, the zero line, and the months in which the money most likely
//! runs out.

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
use super::text::Text;
use super::theme::{ALERT, BAND_OUTER, DEEP, LABEL};
use super::ticks::Ticks;
use fundcast_engine::lang::Lang;

const NAME: &str = "balance";

/// A fund at the end of a month, in yuan.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct BalanceMonth {
    /// Calendar year.
    pub year: i32,
    /// 5th percentile.
    pub p05_yuan: f64,
    /// Median.
    pub p50_yuan: f64,
    /// 95th percentile.
    pub p95_yuan: f64,
}

/// One fund.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BalanceSeries {
    /// Name of the county, or of the pooled fund.
    pub name: String,
    /// Month after month, whole years.
    pub months: Vec<BalanceMonth>,
    /// The first month (from 0) in which the money runs out in at least half of the replicates.
    pub empty_from: Option<usize>,
}

/// The balances of funds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Balance {
    /// A panel each.
    pub funds: Vec<BalanceSeries>,
    /// The page that is drawn, from 0.
    pub page: usize,
}

impl Balance {
    /// The pages that it takes to draw every fund.
    #[must_use]
    pub fn n_pages(&self) -> usize {
        grid::pages(self.funds.len()).len().max(1)
    }
}

impl Chart for Balance {
    fn draw(&self, caption: &Caption) -> Result<String, ChartError> {
        let lang = caption.lang;
        if self.funds.is_empty() {
            return Err(ChartError::NoData { chart: NAME });
        }
        self.funds.iter().try_for_each(check)?;
        let by = lang.pick("末月缺口", "what is missing in the last month");
        let missing = |fund: &BalanceSeries| -fund.months.last().map_or(0.0, |month| month.p50_yuan);
        let (funds, note) = grid::page(&self.funds, self.page, missing, (by, lang));
        let unit = unit_of(funds.iter().copied());
        let sheet = Sheet {
            title: title(&self.funds, lang),
            facts: vec![unit.fact(lang)],
            legend: legend(lang),
            notes: vec![note],
            percentiles: &[5, 50, 95],
            body_height: grid::body_height(funds.len()),
        };
        let names: Vec<&str> = funds.iter().map(|fund| fund.name.as_str()).collect();
        let words = Words { axis: unit.label(lang), head: &grid::head(unit, lang), lang };
        sheet.draw(caption, |canvas, rect| {
            grid::draw_series(canvas, rect, &words, &names, |canvas, at, (cell, size)| {
                draw(canvas, cell, (funds[at], unit), (size, lang))
            })
        })
    }
}

/// The finding: how many funds are more likely empty than not by the end.
fn title(funds: &[BalanceSeries], lang: Lang) -> String {
    let (n, empty) = (funds.len(), funds.iter().filter(|fund| fund.empty_from.is_some()).count());
    let name = &funds[0].name;
    match (lang, n, empty) {
        (Lang::Zh, 1, 0) => format!("{name}医疗救助基金结余：过半数模拟中始终够用"),
        (Lang::Zh, 1, _) => format!("{name}医疗救助基金结余：过半数模拟中用尽"),
        (Lang::Zh, ..) => format!("医疗救助基金结余：{n}个基金中{empty}个在过半数模拟中用尽"),
        (Lang::En, 1, 0) => format!("{name}: the fund lasts in more than half of the replicates"),
        (Lang::En, 1, _) => format!("{name}: the fund runs out in at least half of the replicates"),
        (Lang::En, ..) => {
            format!("Balance of the funds: {empty} of {n} run out in at least half of the replicates")
        }
    }
}

fn draw(
    canvas: &mut Canvas<'_>,
    rect: Rect,
    (fund, unit): (&BalanceSeries, Unit),
    (size, lang): (i32, Lang),
) -> Drawn {
    let months: Vec<(f64, [f64; 3])> = fund
        .months
        .iter()
        .enumerate()
        .map(|(at, month)| {
            (end_of(at), [month.p05_yuan, month.p50_yuan, month.p95_yuan].map(|yuan| yuan / unit.yuan()))
        })
        .collect();
    let extent =
        months.iter().fold((0.0, 0.0), |(low, high): (f64, f64), (_, p)| (low.min(p[0]), high.max(p[2])));
    let ticks = Ticks::from_zero(extent.0 * 1.04, extent.1 * 1.04, rect.height() / 80);
    let left = rect.left + panel::axis_width(&ticks, size);
    let frame = Rect { left, top: rect.top, right: rect.right, bottom: rect.bottom - axis_height(size) };
    let last = end_of(months.len().saturating_sub(1));
    let panel = Panel::new(frame, 0.0..last, ticks.low..ticks.high);
    panel.value_axis(canvas, &ticks, size)?;
    let band: Vec<_> = months.iter().map(|(x, p)| (*x, p[0], p[2])).collect();
    panel.band(canvas, &band, BAND_OUTER)?;
    let medians: Vec<_> = months.iter().map(|(x, p)| (*x, p[1])).collect();
    panel.path(canvas, &medians, DEEP, 4)?;
    panel.path(canvas, &[(0.0, 0.0), (last, 0.0)], super::theme::AXIS, 2)?;
    if let Some(at) = fund.empty_from {
        let x = end_of(at);
        panel.path(canvas, &[(x, ticks.low), (x, ticks.high)], ALERT, 3)?;
        let (pixel, _) = panel.at(x, 0.0);
        let year = fund.months[at].year;
        let label = match lang {
            Lang::Zh => format!("{year}年{}月", at % 12 + 1),
            Lang::En => format!("{year}-{:02}", at % 12 + 1),
        };
        let text = Text::new(label, (pixel, frame.top + LABEL)).size(size).bold().halo();
        canvas.text(&if x > last / 2.0 { text.ending() } else { text });
    }
    let years: Vec<String> = fund.months.chunks(12).map(|year| number::year(year[0].year, lang)).collect();
    panel.name_axis(canvas, &years, size);
    Ok(())
}

/// Where the end of a month (from 0) lies, in years.
fn end_of(month: usize) -> f64 {
    (month as f64 + 1.0) / 12.0
}

fn legend(lang: Lang) -> Vec<Key> {
    vec![
        Key::new(
            Swatch::Line(DEEP),
            lang.pick(
                "月末结余中位数（P50），为负即缺口",
                "Median at the end of the month (P50), below zero: short",
            ),
        ),
        Key::new(Swatch::Box(BAND_OUTER), lang.pick("90%区间（P5～P95）", "90% interval (P5–P95)")),
        Key::new(
            Swatch::Line(ALERT),
            lang.pick("首次在过半数模拟中用尽", "First run out in at least half of the replicates"),
        ),
    ]
}

fn check(fund: &BalanceSeries) -> Result<(), ChartError> {
    if fund.months.is_empty() {
        return Err(ChartError::NoData { chart: NAME });
    }
    for (at, month) in fund.months.iter().enumerate() {
        let what = format!("{} {}-{:02}", fund.name, month.year, at % 12 + 1);
        let values = [month.p05_yuan, month.p50_yuan, month.p95_yuan];
        spread::finite(NAME, &what, &values)?;
        if values.windows(2).any(|pair| pair[0] > pair[1]) {
            return Err(ChartError::Disordered { chart: NAME, what });
        }
    }
    Ok(())
}

fn unit_of<'a>(funds: impl IntoIterator<Item = &'a BalanceSeries>) -> Unit {
    let months = funds.into_iter().flat_map(|fund| &fund.months);
    Unit::for_values(months.flat_map(|month| [month.p05_yuan, month.p50_yuan, month.p95_yuan]))
}
