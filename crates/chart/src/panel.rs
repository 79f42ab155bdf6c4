//! A plot region: plotters' coordinate system on a rectangle, with its grid, axis figures and shapes in data coordinates.

use std::ops::Range;

use plotters::coord::CoordTranslate;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::types::RangedCoordf64;
use plotters::style::RGBColor;

use super::canvas::{Canvas, Drawn, Rect};
use super::font::{self, Weight};
use super::text::Text;
use super::theme;
use super::ticks::Ticks;

/// A rectangle of the canvas with data coordinates.
pub(super) struct Panel {
    coordinates: Cartesian2d<RangedCoordf64, RangedCoordf64>,
    /// The region in pixels.
    pub(super) frame: Rect,
}

impl Panel {
    /// A panel on `frame` showing `x` from left to right and `y` from bottom to top.
    pub(super) fn new(frame: Rect, x: Range<f64>, y: Range<f64>) -> Self {
        let coordinates = Cartesian2d::new(x, y, (frame.left..frame.right, frame.bottom..frame.top));
        Self { coordinates, frame }
    }

    /// Pixel of a point.
    pub(super) fn at(&self, x: f64, y: f64) -> (i32, i32) {
        self.coordinates.translate(&(x, y))
    }

    /// A filled bar between two corners.
    pub(super) fn bar(
        &self,
        canvas: &Canvas<'_>,
        from: (f64, f64),
        to: (f64, f64),
        colour: RGBColor,
    ) -> Drawn {
        let (a, b) = (self.at(from.0, from.1), self.at(to.0, to.1));
        let rect = Rect { left: a.0.min(b.0), top: a.1.min(b.1), right: a.0.max(b.0), bottom: a.1.max(b.1) };
        canvas.fill(rect, colour)
    }

    /// A line through points.
    pub(super) fn path(
        &self,
        canvas: &Canvas<'_>,
        points: &[(f64, f64)],
        colour: RGBColor,
        width: u32,
    ) -> Drawn {
        let pixels: Vec<_> = points.iter().map(|p| self.at(p.0, p.1)).collect();
        canvas.line(&pixels, colour, width)
    }

    /// The area between a lower and an upper line over the same places.
    pub(super) fn band(&self, canvas: &Canvas<'_>, points: &[(f64, f64, f64)], colour: RGBColor) -> Drawn {
        let lower = points.iter().map(|p| self.at(p.0, p.1));
        let upper = points.iter().rev().map(|p| self.at(p.0, p.2));
        canvas.area(&lower.chain(upper).collect::<Vec<_>>(), colour)
    }

    /// Level grid lines with their figures on the left, and the zero line on top of them.
    pub(super) fn value_axis(&self, canvas: &mut Canvas<'_>, ticks: &Ticks, size: i32) -> Drawn {
        let (left, right) = (self.frame.left, self.frame.right);
        for (value, label) in ticks.values().into_iter().zip(ticks.labels()) {
            let (_, y) = self.at(0.0, value);
            let zero = value.abs() < ticks.step() / 2.0;
            canvas.line(
                &[(left, y), (right, y)],
                if zero { theme::AXIS } else { theme::GRID },
                if zero { 2 } else { 1 },
            )?;
            canvas.text(&Text::new(label, (left - 12, y)).size(size).ending().level().colour(theme::QUIET));
        }
        Ok(())
    }

    /// Upright grid lines with their figures below, as many as fit.
    pub(super) fn value_axis_below(&self, canvas: &mut Canvas<'_>, ticks: &Ticks, size: i32) -> Drawn {
        self.axis_below(canvas, ticks, ticks.labels(), size)
    }

    /// The same with other words for the values.
    pub(super) fn axis_below(
        &self,
        canvas: &mut Canvas<'_>,
        ticks: &Ticks,
        labels: Vec<String>,
        size: i32,
    ) -> Drawn {
        let widest = labels.iter().map(|label| font::width(label, size, Weight::Regular)).fold(0.0, f64::max);
        let step_px = f64::from(self.at(ticks.low + ticks.step(), 0.0).0 - self.frame.left);
        let every = ((widest + 18.0) / step_px.max(1.0)).ceil().max(1.0) as i64;
        for (value, label) in ticks.values().into_iter().zip(labels) {
            let (x, _) = self.at(value, 0.0);
            canvas.line(&[(x, self.frame.top), (x, self.frame.bottom)], theme::GRID, 1)?;
            if (value / ticks.step()).round() as i64 % every == 0 {
                let at = (x, self.frame.bottom + size + 8);
                canvas.text(&Text::new(label, at).size(size).centred().colour(theme::QUIET));
            }
        }
        Ok(())
    }

    /// Names below places on the x axis (place i is at x = i + 0.5); every second, third … if they do not fit.
    pub(super) fn name_axis(&self, canvas: &mut Canvas<'_>, names: &[String], size: i32) {
        let widest = names.iter().map(|name| font::width(name, size, Weight::Regular)).fold(0.0, f64::max);
        let slot = f64::from(self.frame.width()) / names.len().max(1) as f64;
        let every = ((widest + 10.0) / slot).ceil().max(1.0) as usize;
        for (i, name) in names.iter().enumerate().filter(|(i, _)| i % every == 0) {
            let (x, _) = self.at(i as f64 + 0.5, 0.0);
            canvas.text(&Text::new(name, (x, self.frame.bottom + size + 8)).size(size).centred());
        }
    }
}

/// Pixels needed left of a panel for the figures of its value axis.
pub(super) fn axis_width(ticks: &Ticks, size: i32) -> i32 {
    let widest =
        ticks.labels().iter().map(|label| font::width(label, size, Weight::Regular)).fold(0.0, f64::max);
    widest.ceil() as i32 + 20
}
