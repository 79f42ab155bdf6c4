//! Upright bars with whiskers, in groups side by side: for a few places with short names. Below each bar stand its
//! figures, mean and P95 in rows of their own: above a bar they would seem to belong to the end of its whisker.

use plotters::style::RGBColor;

use super::canvas::{Canvas, Drawn, Rect};
use super::font::{self, Weight};
use super::number::figure;
use super::panel::{self, Panel};
use super::sheet::{self, AXIS_SIZE, AXIS_TOP};
use super::spread::{self, Reach};
use super::text::Text;
use super::theme::{LABEL, QUIET, SMALL};
use super::ticks::Ticks;
use super::wrap;
use fundcast_engine::lang::Lang;

/// Widest bar in pixels.
const WIDEST_BAR: f64 = 150.0;
/// Share of a slot that its bars fill.
const FILLED: f64 = 0.78;
/// Height of a line of names.
const NAME_ROW: i32 = 34;
/// Height of a row of figures.
const FIGURE_ROW: i32 = 31;
/// Height of both rows.
pub(super) const FIGURES: i32 = 2 * FIGURE_ROW + 4;

/// Groups of bars: `bars[i][k]` is bar k of slot i.
#[derive(Debug)]
pub(super) struct Upright {
    /// Name below each slot.
    pub(super) names: Vec<String>,
    /// Bars of each slot, in chart units.
    pub(super) bars: Vec<Vec<Option<Reach>>>,
    /// Colour of bar k.
    pub(super) colours: Vec<RGBColor>,
    /// Unit, written above the axis.
    pub(super) unit: &'static str,
    /// Language of the unit.
    pub(super) lang: Lang,
}

impl Upright {
    /// Whether names (in two lines at most) and the figures below each bar are legible on `width` pixels.
    pub(super) fn fits(&self, width: i32) -> bool {
        let slot = (width - 120) / self.names.len().max(1) as i32;
        self.figures(self.bar_px(f64::from(slot))).is_some()
            && self.name_lines(slot).iter().all(|lines| fits_in(lines, slot))
    }

    /// Draws the bars into `rect`.
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, rect: Rect) -> Drawn {
        let Plan { ticks, frame, names, figures } = self.plan(rect);
        let figures_height = if figures.is_some() { FIGURES } else { 0 };
        let panel = Panel::new(frame, 0.0..self.names.len() as f64, ticks.low..ticks.high);
        sheet::unit_above(canvas, self.unit, self.lang, (rect.left, rect.top));
        panel.value_axis(canvas, &ticks, AXIS_SIZE)?;
        for (i, bars) in self.bars.iter().enumerate() {
            self.slot(canvas, &panel, (i, bars), figures)?;
            for (row, line) in names[i].iter().enumerate() {
                let (x, _) = panel.at(i as f64 + 0.5, 0.0);
                let y = frame.bottom + figures_height + (row as i32 + 1) * NAME_ROW;
                canvas.text(&Text::new(line, (x, y)).centred());
            }
        }
        if figures.is_some() {
            row_heads(canvas, self.heads(), (frame.left, frame.bottom));
        }
        Ok(())
    }

    /// The height of the base line when the bars are drawn into `rect`.
    pub(super) fn base_line(&self, rect: Rect) -> i32 {
        self.plan(rect).frame.bottom
    }

    fn plan(&self, rect: Rect) -> Plan {
        let (low, high) = spread::hull(self.values());
        let ticks = Ticks::from_zero(low * 1.08, high * 1.08, 5);
        let left = rect.left + head_room(&ticks, self.heads());
        let slot = (rect.right - left) / self.names.len().max(1) as i32;
        let names = self.name_lines(slot);
        let name_height = names.iter().map(Vec::len).max().unwrap_or(1) as i32 * NAME_ROW;
        let figures = self.figures(self.bar_px(f64::from(rect.right - left) / self.names.len() as f64));
        let figures_height = if figures.is_some() { FIGURES } else { 0 };
        let bottom = rect.bottom - name_height - figures_height - 12;
        let frame = Rect { left, top: rect.top + AXIS_TOP, right: rect.right, bottom };
        Plan { ticks, frame, names, figures }
    }

    const fn heads(&self) -> [&'static str; 2] {
        [self.lang.pick("均值", "mean"), "P95"]
    }

    /// Width of a bar in a slot.
    fn bar_px(&self, slot_px: f64) -> f64 {
        (FILLED * slot_px / self.colours.len().max(1) as f64).min(WIDEST_BAR)
    }

    fn slot(
        &self,
        canvas: &mut Canvas<'_>,
        panel: &Panel,
        (i, bars): (usize, &[Option<Reach>]),
        figures: Option<(usize, i32)>,
    ) -> Drawn {
        let slot_px = f64::from(panel.frame.width()) / self.names.len() as f64;
        let bar = self.bar_px(slot_px) / slot_px;
        let start = i as f64 + 0.5 - bar * bars.len() as f64 / 2.0;
        for (k, reach) in bars.iter().enumerate().filter_map(|(k, reach)| reach.map(|reach| (k, reach))) {
            let (from, to) = (start + bar * k as f64, start + bar * (k as f64 + 0.94));
            panel.bar(canvas, (from, 0.0), (to, reach.middle), self.colours[k])?;
            let (x, low) = panel.at((from + to) / 2.0, reach.low);
            let (_, high) = panel.at(0.0, reach.high);
            canvas.whisker_upright(x, (low, high), ((bar * slot_px / 5.0) as i32).clamp(3, 12))?;
            for (row, value) in [reach.middle, reach.high].into_iter().enumerate() {
                let Some((decimals, size)) = figures else { continue };
                let y = figure_y(panel.frame.bottom, row);
                let text = Text::new(figure(value, decimals), (x, y)).size(size).centred();
                canvas.text(&if row == 0 { text } else { text.colour(QUIET) });
            }
        }
        Ok(())
    }

    /// Decimals and size of the figures below the bars, if all of them fit below a bar of `bar_px` pixels.
    fn figures(&self, bar_px: f64) -> Option<(usize, i32)> {
        let decimals = spread::decimals_for(self.values());
        [LABEL, SMALL].into_iter().map(|size| (decimals, size)).find(|&(decimals, size)| {
            self.values()
                .flat_map(|value| [value.middle, value.high])
                .all(|value| font::width(&figure(value, decimals), size, Weight::Regular) + 8.0 <= bar_px)
        })
    }

    fn values(&self) -> impl Iterator<Item = &Reach> {
        self.bars.iter().flatten().flatten()
    }

    fn name_lines(&self, slot: i32) -> Vec<Vec<String>> {
        self.names.iter().map(|name| wrap::balanced(name, LABEL, Weight::Regular, slot - 10)).collect()
    }
}

/// Where everything stands.
struct Plan {
    ticks: Ticks,
    frame: Rect,
    /// The lines of each name.
    names: Vec<Vec<String>>,
    /// Decimals and size of the figures below the bars.
    figures: Option<(usize, i32)>,
}

/// Room left of a plot for the figures of its axis and the heads of the rows below it.
pub(super) fn head_room(ticks: &Ticks, heads: [&str; 2]) -> i32 {
    let width = |head: &str| font::width(head, SMALL, Weight::Regular).ceil() as i32 + 14;
    heads.map(width).into_iter().fold(panel::axis_width(ticks, AXIS_SIZE), i32::max)
}

/// Writes the heads of the rows of figures; the corner of the plot is at its left end and base line.
pub(super) fn row_heads(canvas: &mut Canvas<'_>, heads: [&str; 2], (left, base_line): (i32, i32)) {
    for (row, head) in heads.into_iter().enumerate() {
        let at = (left - 10, figure_y(base_line, row));
        canvas.text(&Text::new(head, at).size(SMALL).ending().colour(QUIET));
    }
}

/// The height of a row of figures below a base line.
pub(super) const fn figure_y(base_line: i32, row: usize) -> i32 {
    base_line + (row as i32 + 1) * FIGURE_ROW
}

fn fits_in(lines: &[String], slot: i32) -> bool {
    lines.len() <= 2
        && lines.iter().all(|line| font::width(line, LABEL, Weight::Regular) <= f64::from(slot - 10))
}
