//! The drawing surface: shapes go through plotters, text is written by us with measured widths and exact base lines.

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::{Color, RGBColor, ShapeStyle};

use super::error::ChartError;
use super::text::Text;
use super::theme;

/// Outcome of a drawing step.
pub(super) type Drawn = Result<(), ChartError>;

/// A rectangle in pixels, `right` and `bottom` excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rect {
    /// First column.
    pub(super) left: i32,
    /// First row.
    pub(super) top: i32,
    /// End of the columns.
    pub(super) right: i32,
    /// End of the rows.
    pub(super) bottom: i32,
}

impl Rect {
    /// Width in pixels.
    pub(super) const fn width(&self) -> i32 {
        self.right - self.left
    }

    /// Height in pixels.
    pub(super) const fn height(&self) -> i32 {
        self.bottom - self.top
    }

    /// The rectangle without its first `rows` rows.
    pub(super) const fn below(self, rows: i32) -> Self {
        Self { top: self.top + rows, ..self }
    }
}

/// Shape of a dot, so that series differ without colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DotShape {
    /// ●
    Round,
    /// ■
    Square,
    /// ▲
    Triangle,
    /// ◆
    Diamond,
}

/// A drawing in the making.
pub(super) struct Canvas<'a> {
    root: DrawingArea<SVGBackend<'a>, Shift>,
    words: String,
}

impl Canvas<'_> {
    /// Draws into a fresh canvas of `size` pixels; returns the shapes and the texts as two runs of SVG elements.
    pub(super) fn paint(
        size: (i32, i32),
        draw: impl FnOnce(&mut Canvas<'_>) -> Drawn,
    ) -> Result<(String, String), ChartError> {
        let mut svg = String::new();
        let words = Self::paint_into(&mut svg, size, draw)?;
        let inside = svg.split_once('\n').map_or("", |(_, rest)| rest).trim_end().trim_end_matches("</svg>");
        Ok((inside.to_owned(), words))
    }

    fn paint_into(
        svg: &mut String,
        (width, height): (i32, i32),
        draw: impl FnOnce(&mut Canvas<'_>) -> Drawn,
    ) -> Result<String, ChartError> {
        let backend = SVGBackend::with_string(svg, (width.unsigned_abs(), height.unsigned_abs()));
        let mut canvas = Canvas { root: backend.into_drawing_area(), words: String::new() };
        draw(&mut canvas)?;
        canvas.root.present().map_err(refused)?;
        Ok(canvas.words)
    }

    /// Writes a text.
    pub(super) fn text(&mut self, text: &Text) {
        text.write(&mut self.words);
    }

    /// A filled rectangle.
    pub(super) fn fill(&self, rect: Rect, colour: RGBColor) -> Drawn {
        let corners = [(rect.left, rect.top), (rect.right, rect.bottom)];
        self.root.draw(&Rectangle::new(corners, colour.filled())).map_err(refused)
    }

    /// A line through points.
    pub(super) fn line(&self, points: &[(i32, i32)], colour: RGBColor, width: u32) -> Drawn {
        let style = ShapeStyle { color: colour.to_rgba(), filled: false, stroke_width: width };
        self.root.draw(&PathElement::new(points, style)).map_err(refused)
    }

    /// A dashed line between two points.
    pub(super) fn dashes(&self, from: (i32, i32), to: (i32, i32), colour: RGBColor) -> Drawn {
        let length = f64::from((to.0 - from.0).pow(2) + (to.1 - from.1).pow(2)).sqrt();
        let n = ((length / 16.0) as i32).max(1);
        let between = |i: i32, part: i32| {
            let along = |a: i32, b: i32| a + (b - a) * (i * 16 + part * 10).min(n * 16) / (n * 16);
            (along(from.0, to.0), along(from.1, to.1))
        };
        (0..n).try_for_each(|i| self.line(&[between(i, 0), between(i, 1)], colour, 2))
    }

    /// A filled area.
    pub(super) fn area(&self, outline: &[(i32, i32)], colour: RGBColor) -> Drawn {
        self.root.draw(&Polygon::new(outline, colour.filled())).map_err(refused)
    }

    /// A dot of the given shape.
    pub(super) fn dot(&self, (x, y): (i32, i32), shape: DotShape, colour: RGBColor) -> Drawn {
        match shape {
            DotShape::Round => self.root.draw(&Circle::new((x, y), 7, colour.filled())).map_err(refused),
            DotShape::Square => {
                self.fill(Rect { left: x - 7, top: y - 7, right: x + 7, bottom: y + 7 }, colour)
            }
            DotShape::Triangle => self.area(&[(x - 9, y + 7), (x + 9, y + 7), (x, y - 9)], colour),
            DotShape::Diamond => self.area(&[(x - 9, y), (x, y - 9), (x + 9, y), (x, y + 9)], colour),
        }
    }

    /// An upright whisker with caps.
    pub(super) fn whisker_upright(&self, x: i32, ends: (i32, i32), half_cap: i32) -> Drawn {
        self.line(&[(x, ends.0), (x, ends.1)], theme::INK, 2)?;
        for y in [ends.0, ends.1] {
            self.line(&[(x - half_cap, y), (x + half_cap, y)], theme::INK, 2)?;
        }
        Ok(())
    }

    /// A level whisker with caps.
    pub(super) fn whisker_level(&self, y: i32, ends: (i32, i32), half_cap: i32, colour: RGBColor) -> Drawn {
        self.line(&[(ends.0, y), (ends.1, y)], colour, 2)?;
        for x in [ends.0, ends.1] {
            self.line(&[(x, y - half_cap), (x, y + half_cap)], colour, 2)?;
        }
        Ok(())
    }
}

/// A refusal of plotters as our own error.
fn refused(error: impl std::fmt::Display) -> ChartError {
    ChartError::Drawing(error.to_string())
}
