//! The legend: keys with swatches, laid out in rows by the true width of their texts.

use plotters::style::RGBColor;

use super::canvas::{Canvas, DotShape, Drawn, Rect};
use super::font::{self, Weight};
use super::text::Text;
use super::theme;

/// Height of one legend row.
const ROW: i32 = 42;
/// Width of a swatch with the gap behind it.
const SWATCH: i32 = 52;
/// Gap between two keys.
const GAP: i32 = 36;

/// What stands in front of a legend text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Swatch {
    /// A filled box.
    Box(RGBColor),
    /// A hollow box.
    Outline(RGBColor),
    /// A line.
    Line(RGBColor),
    /// A dot.
    Dot(RGBColor, DotShape),
    /// An interval.
    Whisker,
}

/// One key of a legend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    /// The sign used in the chart.
    pub(super) swatch: Swatch,
    /// What it means.
    pub(super) text: String,
}

impl Key {
    /// A key.
    pub(super) fn new(swatch: Swatch, text: impl Into<String>) -> Self {
        Self { swatch, text: text.into() }
    }

    fn width(&self) -> i32 {
        SWATCH + font::width(&self.text, theme::LABEL, Weight::Regular).ceil() as i32
    }
}

/// The legend's height in pixels when it may be `width` wide.
pub(super) fn height(keys: &[Key], width: i32) -> i32 {
    placed(keys, width).last().map_or(0, |(_, row, _)| (row + 1) * ROW)
}

/// Draws the legend with its top left corner at `at`.
pub(super) fn draw(canvas: &mut Canvas<'_>, keys: &[Key], at: (i32, i32), width: i32) -> Drawn {
    for (x, row, key) in placed(keys, width) {
        let (x, y) = (at.0 + x, at.1 + row * ROW + ROW / 2);
        sign(canvas, key.swatch, x, y)?;
        canvas.text(&Text::new(&key.text, (x + SWATCH, y)).level());
    }
    Ok(())
}

/// Each key with its x offset and row.
fn placed(keys: &[Key], width: i32) -> Vec<(i32, i32, &Key)> {
    let (mut x, mut row) = (0, 0);
    keys.iter()
        .map(|key| {
            if x > 0 && x + key.width() > width {
                (x, row) = (0, row + 1);
            }
            let place = (x, row, key);
            x += key.width() + GAP;
            place
        })
        .collect()
}

fn sign(canvas: &Canvas<'_>, swatch: Swatch, x: i32, y: i32) -> Drawn {
    let right = x + SWATCH - 14;
    match swatch {
        Swatch::Box(colour) => canvas.fill(Rect { left: x, top: y - 12, right, bottom: y + 12 }, colour),
        Swatch::Outline(colour) => {
            canvas.line(&[(x, y - 12), (right, y - 12), (right, y + 12), (x, y + 12), (x, y - 12)], colour, 2)
        }
        Swatch::Line(colour) => canvas.line(&[(x, y), (right, y)], colour, 5),
        Swatch::Dot(colour, shape) => canvas.dot(((x + right) / 2, y), shape, colour),
        Swatch::Whisker => canvas.whisker_level(y, (x, right), 8, theme::INK),
    }
}
