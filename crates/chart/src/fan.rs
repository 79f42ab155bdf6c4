//! Spending over the years as a fan: median, inner band P25–P75, outer band P5–P95; the total, then one panel per county.

use super::Chart;
use super::canvas::{Canvas, Drawn, Rect};
use super::caption::Caption;
use super::error::ChartError;
use super::font::{self, Weight};
use super::grid;
use super::legend::{Key, Swatch};
use super::number::{self, Unit, figure};
use super::panel::{self, Panel};
use super::sheet::{AXIS_SIZE, AXIS_TOP, Sheet, axis_height, unit_above};
use super::spread;
use super::text::Text;
use super::theme::{BAND_INNER, BAND_OUTER, DEEP, LABEL, QUIET, SMALL};
use super::ticks::Ticks;
use fundcast_engine::lang::Lang;

const NAME: &str = "fan";
/// Least distance between two labels at the end of a fan.
const LABEL_GAP: i32 = 31;

/// A year with its P5, P25, P50, P75 and P95 in the unit of the chart.
type Percentiles = (i32, [f64; 5]);

/// Percentiles of one year's spending, in yuan.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FanYear {
    /// Budget year.
    pub year: i32,
    /// 5th percentile.
    pub p05_yuan: f64,
    /// 25th percentile.
    pub p25_yuan: f64,
    /// Median.
    pub p50_yuan: f64,
    /// 75th percentile.
    pub p75_yuan: f64,
    /// 95th percentile.
    pub p95_yuan: f64,
}

/// Spending of one county, or of all, over the years.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FanSeries {
    /// Name of the county, or of the total.
    pub name: String,
    /// One entry per year, ascending.
    pub years: Vec<FanYear>,
}

/// Spending over the years with its bands.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fan {
    /// The large panel.
    pub total: FanSeries,
    /// A small panel each, up to 12 below the total; more stand on pages of their own, largest first.
    pub counties: Vec<FanSeries>,
    /// Who pays, where it is one payer alone.
    pub payer: Option<String>,
    /// The page that is drawn, from 0: the total.
    pub page: usize,
}

impl Chart for Fan {
    fn draw(&self, caption: &Caption) -> Result<String, ChartError> {
        let lang = caption.lang;
        check(&self.total)?;
        self.counties.iter().try_for_each(check)?;
        let by = lang.pick("末年中位数", "the median of the last year");
        let size = |series: &FanSeries| series.years.last().map_or(0.0, |year| year.p50_yuan);
        if let Some((counties, note)) = grid::ranked(&self.counties, self.page, size, (by, lang)) {
            let title = lang
                .pick("各县（市、区）医疗救助支出预测", "Projected medical-assistance spending by county");
            let sheet = sheet(
                (self.titled(title.to_owned(), lang), unit_of(counties.iter().copied())),
                (note, grid::height(counties.len())),
                lang,
            );
            return sheet.draw(caption, |canvas, rect| draw_small(canvas, rect, &counties, lang));
        }
        let below: Vec<&FanSeries> =
            self.counties.iter().filter(|_| grid::pages(self.counties.len()).is_empty()).collect();
        let unit = unit_of([&self.total]);
        let main_height = if below.is_empty() { 640 } else { 540 };
        let title = lang.pick("医疗救助支出预测", ": projected medical-assistance spending");
        let note = grid::overleaf(self.counties.len(), lang).unwrap_or_default();
        let height = main_height + grid::height(below.len());
        let sheet =
            sheet((self.titled(format!("{}{title}", self.total.name), lang), unit), (note, height), lang);
        sheet.draw(caption, |canvas, rect| {
            self.main(canvas, Rect { bottom: rect.top + main_height, ..rect }, unit, lang)?;
            draw_small(canvas, rect.below(main_height), &below, lang)
        })
    }
}

fn sheet((title, unit): (String, Unit), (note, body_height): (String, i32), lang: Lang) -> Sheet {
    let (facts, percentiles) = (vec![unit.fact(lang)], &[5, 25, 50, 75, 95]);
    Sheet { title, facts, legend: legend(lang), notes: vec![note], percentiles, body_height }
}

/// A panel for each county.
fn draw_small(canvas: &mut Canvas<'_>, rect: Rect, counties: &[&FanSeries], lang: Lang) -> Drawn {
    let unit = unit_of(counties.iter().copied());
    let names: Vec<&str> = counties.iter().map(|county| county.name.as_str()).collect();
    grid::draw(canvas, rect, (unit, lang), &names, |canvas, i, cell| {
        draw_fan(canvas, cell, &in_unit(counties[i], unit), SMALL, lang).map(|_| ())
    })
}

impl Fan {
    /// The pages that it takes to draw every county: one, or that of the total and several of many counties.
    #[must_use]
    pub fn n_pages(&self) -> usize {
        1 + grid::pages(self.counties.len()).len()
    }

    fn titled(&self, title: String, lang: Lang) -> String {
        match (&self.payer, lang) {
            (None, _) => title,
            (Some(payer), Lang::Zh) => format!("{title}：{payer}"),
            (Some(payer), Lang::En) => format!("{title}, of {payer}"),
        }
    }

    fn main(&self, canvas: &mut Canvas<'_>, rect: Rect, unit: Unit, lang: Lang) -> Drawn {
        unit_above(canvas, unit.label(lang), lang, (rect.left, rect.top));
        let years = in_unit(&self.total, unit);
        let decimals = number::decimals_for(number::largest(years.iter().map(|year| year.1[4])));
        let ends = end_labels(years.last(), decimals);
        let widest =
            ends.iter().map(|(_, label)| font::width(label, LABEL, Weight::Bold)).fold(0.0, f64::max);
        let half_slot = (rect.width() - 110) / years.len() as i32 / 2;
        let room = (widest as i32 + 20 - half_slot).max(0);
        let rect = Rect { top: rect.top + AXIS_TOP, right: rect.right - room, ..rect };
        let panel = draw_fan(canvas, rect, &years, AXIS_SIZE, lang)?;
        label_medians(canvas, &panel, &years, decimals);
        let last = places(&years).last().map_or(panel.frame.right, |(x, _)| panel.at(x, 0.0).0) + 14;
        for (y, label) in spaced(&panel, &ends) {
            let text = Text::new(label, (last, y)).level().halo();
            canvas.text(&if label.starts_with("P50 ") {
                text.bold().colour(DEEP)
            } else {
                text.colour(QUIET)
            });
        }
        Ok(())
    }
}

/// Draws axes, bands and median; year i is at x = i + 0.5.
fn draw_fan(
    canvas: &mut Canvas<'_>,
    rect: Rect,
    years: &[Percentiles],
    size: i32,
    lang: Lang,
) -> Result<Panel, ChartError> {
    let (low, high) = extent(years);
    let ticks = Ticks::from_zero(low * 1.04, high * 1.04, rect.height() / 80);
    let left = rect.left + panel::axis_width(&ticks, size);
    let frame = Rect { left, top: rect.top, right: rect.right, bottom: rect.bottom - axis_height(size) };
    let panel = Panel::new(frame, 0.0..years.len() as f64, ticks.low..ticks.high);
    let band = |low: usize, high: usize| places(years).map(|(x, p)| (x, p[low], p[high])).collect::<Vec<_>>();
    let medians: Vec<_> = places(years).map(|(x, p)| (x, p[2])).collect();
    panel.value_axis(canvas, &ticks, size)?;
    panel.band(canvas, &band(0, 4), BAND_OUTER)?;
    panel.band(canvas, &band(1, 3), BAND_INNER)?;
    panel.path(canvas, &medians, DEEP, 4)?;
    let names: Vec<_> =
        years.iter().map(|y| number::year(y.0, if size == SMALL { Lang::En } else { lang })).collect();
    panel.name_axis(canvas, &names, size);
    Ok(panel)
}

/// Years with their places; a single year becomes a short level stretch, so that its bands can be seen.
fn places(years: &[Percentiles]) -> impl Iterator<Item = (f64, &[f64; 5])> {
    let single = if years.len() == 1 { years.first().map(|(_, p)| (0.75, p)) } else { None };
    let first = if years.len() == 1 { 0.25 } else { 0.5 };
    years.iter().enumerate().map(move |(i, (_, p))| (i as f64 + first, p)).chain(single)
}

/// Median at each year but the last, which has its label at the end.
fn label_medians(canvas: &mut Canvas<'_>, panel: &Panel, years: &[Percentiles], decimals: usize) {
    let room = f64::from(panel.frame.width()) / years.len() as f64 - 14.0;
    let labels: Vec<_> = years.iter().map(|year| figure(year.1[2], decimals)).collect();
    if labels.iter().any(|label| font::width(label, LABEL, Weight::Bold) > room) {
        return;
    }
    for (i, (year, label)) in years.iter().zip(labels).enumerate().take(years.len() - 1) {
        let (x, y) = panel.at(i as f64 + 0.5, year.1[2]);
        canvas.text(&Text::new(label, (x, y - 16)).bold().centred().colour(DEEP).halo());
    }
}

/// Labels of the last year's percentiles, highest first.
fn end_labels(last: Option<&Percentiles>, decimals: usize) -> Vec<(f64, String)> {
    let values = last.map_or(&[][..], |(_, values)| values.as_slice());
    let named = ["P5", "P25", "P50", "P75", "P95"].into_iter().zip(values);
    named.rev().map(|(name, &value)| (value, format!("{name} {}", figure(value, decimals)))).collect()
}

/// Heights for labels at their values, the median's first; the others give way upwards and downwards.
fn spaced<'a>(panel: &Panel, labels: &'a [(f64, String)]) -> Vec<(i32, &'a str)> {
    let mut heights: Vec<i32> = labels.iter().map(|(value, _)| panel.at(0.0, *value).1).collect();
    let middle = heights.len() / 2;
    for i in (0..middle).rev() {
        heights[i] = heights[i].min(heights[i + 1] - LABEL_GAP);
    }
    for i in middle + 1..heights.len() {
        heights[i] = heights[i].max(heights[i - 1] + LABEL_GAP);
    }
    let above = heights.first().map_or(0, |top| (panel.frame.top - top).max(0));
    let below = heights.last().map_or(0, |low| (low - panel.frame.bottom).max(0));
    heights.iter().zip(labels).map(|(y, (_, label))| (y + above - below, label.as_str())).collect()
}

fn legend(lang: Lang) -> Vec<Key> {
    vec![
        Key::new(Swatch::Line(DEEP), lang.pick("中位数（P50）", "Median (P50)")),
        Key::new(Swatch::Box(BAND_INNER), lang.pick("50%区间（P25～P75）", "50% interval (P25–P75)")),
        Key::new(Swatch::Box(BAND_OUTER), lang.pick("90%区间（P5～P95）", "90% interval (P5–P95)")),
    ]
}

fn check(series: &FanSeries) -> Result<(), ChartError> {
    if series.years.is_empty() {
        return Err(ChartError::NoData { chart: NAME });
    }
    for year in &series.years {
        let what = format!("{} {}", series.name, year.year);
        let values = percentiles(year);
        spread::finite(NAME, &what, &values)?;
        if values.windows(2).any(|pair| pair[0] > pair[1]) {
            return Err(ChartError::Disordered { chart: NAME, what });
        }
    }
    match series.years.windows(2).find(|pair| pair[0].year >= pair[1].year) {
        Some(pair) => {
            Err(ChartError::Twice { chart: NAME, what: format!("{} {}", series.name, pair[1].year) })
        }
        None => Ok(()),
    }
}

const fn percentiles(y: &FanYear) -> [f64; 5] {
    [y.p05_yuan, y.p25_yuan, y.p50_yuan, y.p75_yuan, y.p95_yuan]
}

fn unit_of<'a>(series: impl IntoIterator<Item = &'a FanSeries>) -> Unit {
    Unit::for_values(series.into_iter().flat_map(|series| &series.years).flat_map(percentiles))
}

fn extent(years: &[Percentiles]) -> (f64, f64) {
    years.iter().fold((0.0, 0.0), |(low, high): (f64, f64), (_, p)| (low.min(p[0]), high.max(p[4])))
}

/// The percentiles of each year, lowest first, in the unit of the chart.
fn in_unit(series: &FanSeries, unit: Unit) -> Vec<Percentiles> {
    series.years.iter().map(|y| (y.year, percentiles(y).map(|yuan| yuan / unit.yuan()))).collect()
}
