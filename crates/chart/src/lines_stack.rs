//! Mean spending by line, stacked by year: the total, then one panel per county. Lines are data, not code.

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
use super::theme::{INK, LABEL, PALETTE, SMALL, ink_on};
use super::ticks::Ticks;
use fundcast_engine::lang::Lang;

const NAME: &str = "lines_stack";
/// Widest column in pixels.
const WIDEST_COLUMN: f64 = 190.0;
/// Least height of a segment that carries its figure.
const FIGURE_ROOM: i32 = 28;

/// Mean spending of one year by line.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StackYear {
    /// Budget year.
    pub year: i32,
    /// Mean of each line, in yuan, in the order of the chart's lines.
    pub means_yuan: Vec<f64>,
}

/// Spending of one county, or of all, over the years.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StackSeries {
    /// Name of the county, or of the total.
    pub name: String,
    /// One entry per year, ascending.
    pub years: Vec<StackYear>,
}

/// Spending by line. Of more than ten lines the tenth and later are drawn as one, "other".
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LinesStack {
    /// Labels of the lines, from the bottom of the stack upwards.
    pub lines: Vec<String>,
    /// The large panel.
    pub total: StackSeries,
    /// A small panel each, up to 12 below the total; more stand on pages of their own, largest first.
    pub counties: Vec<StackSeries>,
    /// The page that is drawn, from 0: the total.
    pub page: usize,
}

/// A year with its segments in the unit of the chart.
type Column = (i32, Vec<f64>);

impl Chart for LinesStack {
    fn draw(&self, caption: &Caption) -> Result<String, ChartError> {
        let lang = caption.lang;
        self.check(&self.total)?;
        self.counties.iter().try_for_each(|county| self.check(county))?;
        let by = lang.pick("末年均值", "the mean of the last year");
        let size =
            |series: &StackSeries| series.years.last().map_or(0.0, |year| year.means_yuan.iter().sum());
        if let Some((counties, note)) = grid::ranked(&self.counties, self.page, size, (by, lang)) {
            let title =
                lang.pick("各县（市、区）医疗救助支出构成", "Medical-assistance spending by line and county");
            let unit = unit_of(counties.iter().copied());
            let sheet = self.sheet((title.to_owned(), unit), (note, grid::height(counties.len())), lang);
            return sheet.draw(caption, |canvas, rect| draw_small(canvas, rect, &counties, lang));
        }
        let below: Vec<&StackSeries> =
            self.counties.iter().filter(|_| grid::pages(self.counties.len()).is_empty()).collect();
        let unit = unit_of([&self.total]);
        let main_height = if below.is_empty() { 660 } else { 560 };
        let title = lang.pick("医疗救助支出构成", ": medical-assistance spending by line");
        let note = grid::overleaf(self.counties.len(), lang).unwrap_or_default();
        let height = main_height + grid::height(below.len());
        let sheet = self.sheet((format!("{}{title}", self.total.name), unit), (note, height), lang);
        sheet.draw(caption, |canvas, rect| {
            let main = Rect { bottom: rect.top + main_height, top: rect.top + AXIS_TOP, ..rect };
            unit_above(canvas, unit.label(lang), lang, (rect.left, rect.top));
            draw_stack(canvas, main, &columns(&self.total, unit), AXIS_SIZE, lang)?;
            draw_small(canvas, rect.below(main_height), &below, lang)
        })
    }
}

/// A panel for each county.
fn draw_small(canvas: &mut Canvas<'_>, rect: Rect, counties: &[&StackSeries], lang: Lang) -> Drawn {
    let unit = unit_of(counties.iter().copied());
    let names: Vec<&str> = counties.iter().map(|county| county.name.as_str()).collect();
    grid::draw(canvas, rect, (unit, lang), &names, |canvas, i, cell| {
        draw_stack(canvas, cell, &columns(counties[i], unit), SMALL, lang)
    })
}

impl LinesStack {
    /// The pages that it takes to draw every county: one, or that of the total and several of many counties.
    #[must_use]
    pub fn n_pages(&self) -> usize {
        1 + grid::pages(self.counties.len()).len()
    }

    fn sheet(&self, (title, unit): (String, Unit), (note, body_height): (String, i32), lang: Lang) -> Sheet {
        let order =
            lang.pick("各段自下而上与图例顺序一致。", "Segments follow the legend from the bottom upwards.");
        Sheet {
            title,
            facts: vec![unit.fact(lang), lang.pick("均值", "means").to_owned()],
            legend: self.legend(lang),
            notes: vec![order.to_owned(), note],
            percentiles: &[],
            body_height,
        }
    }

    /// Keys from the top of the stack downwards would need a column; in a row they run from the bottom upwards.
    fn legend(&self, lang: Lang) -> Vec<Key> {
        let mut names: Vec<&str> = self.lines.iter().map(String::as_str).collect();
        if names.len() > PALETTE.len() {
            names.truncate(PALETTE.len() - 1);
            names.push(lang.pick("其他", "Other"));
        }
        names.into_iter().zip(PALETTE).map(|(name, colour)| Key::new(Swatch::Box(colour), name)).collect()
    }

    fn check(&self, series: &StackSeries) -> Result<(), ChartError> {
        if self.lines.is_empty() || series.years.is_empty() {
            return Err(ChartError::NoData { chart: NAME });
        }
        for year in &series.years {
            let what = format!("{} {}", series.name, year.year);
            let (found, expected) = (year.means_yuan.len(), self.lines.len());
            if found != expected {
                return Err(ChartError::WrongCount { chart: NAME, what, found, expected });
            }
            spread::finite(NAME, &what, &year.means_yuan)?;
            if let Some(&value) = year.means_yuan.iter().find(|&&value| value < 0.0) {
                return Err(ChartError::Negative { chart: NAME, what, value });
            }
        }
        Ok(())
    }
}

/// Draws axes and columns; figures go into the segments of the large panel only.
fn draw_stack(canvas: &mut Canvas<'_>, rect: Rect, columns: &[Column], size: i32, lang: Lang) -> Drawn {
    let high = columns.iter().map(|(_, segments)| segments.iter().sum::<f64>()).fold(0.0, f64::max);
    let large = size != SMALL;
    let ticks = Ticks::from_zero(0.0, high * if large { 1.08 } else { 1.02 }, rect.height() / 80);
    let left = rect.left + panel::axis_width(&ticks, size);
    let frame = Rect { left, bottom: rect.bottom - axis_height(size), ..rect };
    let panel = Panel::new(frame, 0.0..columns.len() as f64, ticks.low..ticks.high);
    panel.value_axis(canvas, &ticks, size)?;
    let slot = f64::from(frame.width()) / columns.len() as f64;
    let half = (0.62f64).min(WIDEST_COLUMN / slot) / 2.0;
    let decimals = number::decimals_for(high);
    for (i, (_, segments)) in columns.iter().enumerate() {
        let span = (i as f64 + 0.5 - half, i as f64 + 0.5 + half);
        let room = if large { 2.0 * half * slot - 10.0 } else { 0.0 };
        draw_column(canvas, &panel, span, segments, (decimals, room))?;
    }
    let names: Vec<_> =
        columns.iter().map(|(year, _)| number::year(*year, if large { lang } else { Lang::En })).collect();
    panel.name_axis(canvas, &names, size);
    Ok(())
}

/// One column with white lines between its segments; figures where they fit into `room` pixels.
fn draw_column(
    canvas: &mut Canvas<'_>,
    panel: &Panel,
    span: (f64, f64),
    segments: &[f64],
    (decimals, room): (usize, f64),
) -> Drawn {
    let mut below = 0.0;
    for (&segment, colour) in segments.iter().zip(PALETTE) {
        let above = below + segment;
        let ((left, low), (right, high)) = (panel.at(span.0, below), panel.at(span.1, above));
        let gap = i32::from(low - high > 3 && below > 0.0) * 2;
        canvas.fill(Rect { left, top: high, right, bottom: low - gap }, colour)?;
        let label = figure(segment, decimals);
        if low - high >= FIGURE_ROOM && font::width(&label, SMALL, Weight::Regular) <= room {
            let at = ((left + right) / 2, (low + high) / 2);
            canvas.text(&Text::new(label, at).size(SMALL).centred().level().colour(ink_on(colour)));
        }
        below = above;
    }
    let label = figure(below, decimals);
    if font::width(&label, LABEL, Weight::Bold) <= room {
        let (x, y) = panel.at((span.0 + span.1) / 2.0, below);
        canvas.text(&Text::new(label, (x, y - 9)).bold().centred().colour(INK));
    }
    Ok(())
}

/// The columns of a series in the unit of the chart; what has no colour of its own is summed at the end.
fn columns(series: &StackSeries, unit: Unit) -> Vec<Column> {
    let column = |year: &StackYear| {
        let mut segments: Vec<f64> = year.means_yuan.iter().map(|yuan| yuan / unit.yuan()).collect();
        if segments.len() > PALETTE.len() {
            let other = segments.split_off(PALETTE.len() - 1).into_iter().sum();
            segments.push(other);
        }
        (year.year, segments)
    };
    series.years.iter().map(column).collect()
}

fn unit_of<'a>(series: impl IntoIterator<Item = &'a StackSeries>) -> Unit {
    Unit::for_values(
        series.into_iter().flat_map(|series| &series.years).map(|year| year.means_yuan.iter().sum::<f64>()),
    )
}
