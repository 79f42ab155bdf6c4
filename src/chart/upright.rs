//! Upright bars with whiskers, in groups side by side: for a few places with short names.

use plotters::style::RGBColor;

use super::canvas::{Canvas, Drawn, Rect};
use super::font::{self, Weight};
use super::number::figure;
use super::panel::{self, Panel};
use super::sheet::{self, AXIS_SIZE, AXIS_TOP};
use super::spread::{self, Reach};
use super::text::Text;
use super::theme::{LABEL, SMALL};
use super::ticks::Ticks;
use super::wrap;
use crate::lang::Lang;

/// Widest bar in pixels.
const WIDEST_BAR: f64 = 150.0;
/// Share of a slot that its bars fill.
const FILLED: f64 = 0.78;
/// Height of a line of names.
const NAME_ROW: i32 = 34;

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
    /// Whether names (in two lines at most) and the figure above each bar are legible on `width` pixels.
    pub(super) fn fits(&self, width: i32) -> bool {
        let slot = (width - 120) / self.names.len().max(1) as i32;
        let bar = f64::from(slot) * FILLED / self.colours.len().max(1) as f64;
        self.figures(bar.min(WIDEST_BAR)).is_some()
            && self.name_lines(slot).iter().all(|lines| fits_in(lines, slot))
    }

    /// Draws the bars into `rect`.
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, rect: Rect) -> Drawn {
        let (low, high) = spread::hull(self.values());
        let ticks = Ticks::from_zero(low * 1.08, high * 1.08, 5);
        let left = rect.left + panel::axis_width(&ticks, AXIS_SIZE);
        let slot = (rect.right - left) / self.names.len().max(1) as i32;
        let names = self.name_lines(slot);
        let name_height = names.iter().map(Vec::len).max().unwrap_or(1) as i32 * NAME_ROW;
        let frame = Rect {
            left,
            top: rect.top + AXIS_TOP,
            right: rect.right,
            bottom: rect.bottom - name_height - 12,
        };
        let panel = Panel::new(frame, 0.0..self.names.len() as f64, ticks.low..ticks.high);
        sheet::unit_above(canvas, self.unit, self.lang, (rect.left, rect.top));
        panel.value_axis(canvas, &ticks, AXIS_SIZE)?;
        for (i, bars) in self.bars.iter().enumerate() {
            self.slot(canvas, &panel, i, bars)?;
            for (row, line) in names[i].iter().enumerate() {
                let (x, _) = panel.at(i as f64 + 0.5, 0.0);
                let y = frame.bottom + (row as i32 + 1) * NAME_ROW;
                canvas.text(&Text::new(line, (x, y)).centred());
            }
        }
        Ok(())
    }

    fn slot(&self, canvas: &mut Canvas<'_>, panel: &Panel, i: usize, bars: &[Option<Reach>]) -> Drawn {
        let slot_px = f64::from(panel.frame.width()) / self.names.len() as f64;
        let bar = (FILLED / bars.len() as f64).min(WIDEST_BAR / slot_px);
        let start = i as f64 + 0.5 - bar * bars.len() as f64 / 2.0;
        let figures = self.figures(bar * slot_px);
        for (k, reach) in bars.iter().enumerate().filter_map(|(k, reach)| reach.map(|reach| (k, reach))) {
            let (from, to) = (start + bar * k as f64, start + bar * (k as f64 + 0.94));
            panel.bar(canvas, (from, 0.0), (to, reach.middle), self.colours[k])?;
            let (x, low) = panel.at((from + to) / 2.0, reach.low);
            let (_, high) = panel.at(0.0, reach.high);
            canvas.whisker_upright(x, (low, high), ((bar * slot_px / 5.0) as i32).clamp(3, 12))?;
            if let Some((decimals, size)) = figures {
                // Above the whisker, or below it for an amount below zero.
                let y = if reach.middle < 0.0 {
                    low.max(panel.at(0.0, reach.middle).1) + size + 2
                } else {
                    high.min(panel.at(0.0, reach.middle).1) - 9
                };
                canvas.text(&Text::new(figure(reach.middle, decimals), (x, y)).size(size).centred());
            }
        }
        Ok(())
    }

    /// Decimals and size of the figures above the bars, if all of them fit above a bar of `bar_px` pixels.
    fn figures(&self, bar_px: f64) -> Option<(usize, i32)> {
        let decimals = spread::decimals_for(self.values());
        [LABEL, SMALL].into_iter().map(|size| (decimals, size)).find(|&(decimals, size)| {
            self.values()
                .all(|v| font::width(&figure(v.middle, decimals), size, Weight::Regular) + 8.0 <= bar_px)
        })
    }

    fn values(&self) -> impl Iterator<Item = &Reach> {
        self.bars.iter().flatten().flatten()
    }

    fn name_lines(&self, slot: i32) -> Vec<Vec<String>> {
        self.names.iter().map(|name| wrap::balanced(name, LABEL, Weight::Regular, slot - 10)).collect()
    }
}

fn fits_in(lines: &[String], slot: i32) -> bool {
    lines.len() <= 2
        && lines.iter().all(|line| font::width(line, LABEL, Weight::Regular) <= f64::from(slot - 10))
}
