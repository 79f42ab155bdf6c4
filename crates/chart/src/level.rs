//! Level rows, a bar or a dot each with its whisker: names on the left in full, figures on the right as a table.

use plotters::style::RGBColor;

use super::canvas::{Canvas, DotShape, Drawn, Rect};
use super::font::{self, Weight};
use super::number::{figure, range};
use super::panel::Panel;
use super::sheet::{self, AXIS_SIZE, axis_height};
use super::spread::{self, Reach};
use super::text::Text;
use super::theme::{AXIS, BAND_OUTER, INK, LABEL, QUIET, SMALL, STRIPE};
use super::ticks::Ticks;
use super::wrap;
use fundcast_engine::lang::Lang;

/// Height of a row, and of a row when there are many.
const ROWS: [i32; 2] = [36, 30];
/// More rows than this are set tighter, so that the chart stays on one page.
const MANY: usize = 40;
/// Height of a line of names.
const NAME_LINE: i32 = 30;
/// Air between two groups.
const GROUP_GAP: i32 = 12;
/// Height of the heads above the rows.
const HEAD: i32 = 44;
/// Widest columns of names and of what stands behind them; longer texts take several lines.
const WIDEST: [i32; 2] = [380, 300];

/// Columns that leave room for the interval in figures, of a value that has no error besides.
pub(super) const MOST_WITH_INTERVAL: usize = 2;

/// How a value is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A bar from zero.
    Bar(RGBColor),
    /// A dot, with a light band for its interval and a whisker for its error.
    Dot(RGBColor, DotShape),
}

/// One row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Index of its group.
    pub(super) group: usize,
    /// What tells it from the other rows of its group, such as the year; may be empty.
    pub(super) part: String,
    /// Its value in each column, in chart units.
    pub(super) reaches: Vec<Option<Reach>>,
    /// How it is drawn.
    pub(super) mark: Mark,
}

/// Rows in groups, one below the other, in one or several columns on the same scale.
#[derive(Debug)]
pub(super) struct Level {
    /// Name of each group.
    pub(super) groups: Vec<String>,
    /// Title of each column; one empty title when there is but one column.
    pub(super) columns: Vec<String>,
    /// Rows, in order of group.
    pub(super) rows: Vec<Row>,
    /// Head of the figures.
    pub(super) head: &'static str,
    /// Unit of the axis.
    pub(super) unit: &'static str,
    /// Language of unit and figures.
    pub(super) lang: Lang,
}

/// Where the parts of the chart stand.
struct Places {
    /// Left edges of names, parts and the first column.
    lefts: [i32; 3],
    column_width: i32,
    figure_width: i32,
    /// Top and bottom of each group.
    groups: Vec<(i32, i32)>,
    top: i32,
    bottom: i32,
}

impl Level {
    /// Height of the body in pixels.
    pub(super) fn height(&self) -> i32 {
        let groups: i32 = (0..self.groups.len()).map(|i| self.group_height(i) + GROUP_GAP).sum();
        self.head_height() + groups + axis_height(AXIS_SIZE)
    }

    /// Draws the rows into `rect`.
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, rect: Rect) -> Drawn {
        let places = self.places(rect);
        let (low, high) = spread::hull(self.values());
        for column in 0..self.columns.len() {
            let n_ticks = if self.columns.len() == 1 { 6 } else { 4 };
            let ticks = match self.rows.first().map(|row| row.mark) {
                Some(Mark::Bar(_)) => Ticks::from_zero(low, high, n_ticks),
                _ => Ticks::around_zero(low, high, n_ticks),
            };
            self.column(canvas, &places, column, &ticks)?;
        }
        self.names(canvas, &places);
        Ok(())
    }

    fn column(&self, canvas: &mut Canvas<'_>, places: &Places, column: usize, ticks: &Ticks) -> Drawn {
        let left = places.lefts[2] + column as i32 * places.column_width;
        let end = left + places.column_width - 14;
        let right = end - places.figure_width - 30;
        let frame = Rect { left: left + 14, top: places.top, right, bottom: places.bottom };
        let panel = Panel::new(frame, ticks.low..ticks.high, 0.0..1.0);
        for &(top, bottom) in places.groups.iter().step_by(2) {
            canvas.fill(
                Rect { left: if column == 0 { places.lefts[0] } else { left }, top, right: end, bottom },
                STRIPE,
            )?;
        }
        panel.value_axis_below(canvas, ticks, AXIS_SIZE)?;
        let zero = panel.at(0.0, 0.0).0;
        canvas.line(&[(zero, frame.top), (zero, frame.bottom)], AXIS, 2)?;
        self.heads(canvas, column, frame, end);
        let decimals = spread::decimals_for(self.values());
        for (i, row) in self.rows.iter().enumerate() {
            let Some(reach) = row.reaches[column] else { continue };
            let y = self.row_middle(places, i);
            draw_mark(canvas, &panel, row.mark, reach, y)?;
            canvas
                .text(&Text::new(self.figures(&reach, decimals), (end - 6, y)).size(SMALL).ending().level());
        }
        Ok(())
    }

    fn heads(&self, canvas: &mut Canvas<'_>, column: usize, frame: Rect, end: i32) {
        let y = frame.top - 14;
        sheet::unit_above(canvas, self.unit, self.lang, (frame.left - 12, y - 26));
        canvas.text(&Text::new(self.head, (end - 6, y)).size(SMALL).ending().colour(QUIET));
        let title = self.title_lines(column);
        for (i, line) in title.iter().rev().enumerate() {
            canvas.text(&Text::new(line, (frame.left, y - NAME_LINE * (i as i32 + 1) - 4)).bold());
        }
    }

    fn names(&self, canvas: &mut Canvas<'_>, places: &Places) {
        for (group, &(top, bottom)) in self.groups.iter().zip(&places.groups) {
            let at = (places.lefts[0] + 6, (top + bottom) / 2);
            write_lines(canvas, &name_lines(group), at, INK);
        }
        for (i, row) in self.rows.iter().enumerate().filter(|(_, row)| !row.part.is_empty()) {
            let at = (places.lefts[1], self.row_middle(places, i));
            write_lines(canvas, &part_lines(&row.part), at, QUIET);
        }
    }

    fn places(&self, rect: Rect) -> Places {
        let column = |texts: &mut dyn Iterator<Item = Vec<String>>| {
            texts
                .flatten()
                .map(|line| font::width(&line, LABEL, Weight::Regular).ceil() as i32 + 22)
                .max()
                .unwrap_or(0)
        };
        let parts = rect.left + column(&mut self.groups.iter().map(|name| name_lines(name)));
        let first = parts + column(&mut self.rows.iter().map(|row| part_lines(&row.part)));
        let decimals = spread::decimals_for(self.values());
        let figures =
            self.values().map(|reach| self.figures(reach, decimals)).chain(Some(self.head.to_owned()));
        let figure_width = figures.map(|text| font::width(&text, SMALL, Weight::Regular).ceil() as i32).max();
        let top = rect.top + self.head_height();
        let mut y = top;
        let groups = (0..self.groups.len()).map(|i| {
            let start = y;
            y += self.group_height(i) + GROUP_GAP;
            (start, y)
        });
        Places {
            lefts: [rect.left, parts, first],
            column_width: (rect.right - first) / self.columns.len().max(1) as i32,
            figure_width: figure_width.unwrap_or(0),
            groups: groups.collect(),
            top,
            bottom: rect.bottom - axis_height(AXIS_SIZE),
        }
    }

    /// The middle of a row: the rows of a group share its height evenly.
    fn row_middle(&self, places: &Places, i: usize) -> i32 {
        let group = self.rows[i].group;
        let (top, bottom) = places.groups[group];
        let first = self.rows.partition_point(|row| row.group < group) as i32;
        let n = self.n_rows(group) as i32;
        let (top, height) = (top + GROUP_GAP / 2, bottom - top - GROUP_GAP);
        top + height * (2 * (i as i32 - first) + 1) / (2 * n)
    }

    fn n_rows(&self, group: usize) -> usize {
        self.rows.iter().filter(|row| row.group == group).count()
    }

    fn group_height(&self, group: usize) -> i32 {
        let parts = self.rows.iter().filter(|row| row.group == group).map(|row| part_lines(&row.part).len());
        let lines = parts.max().unwrap_or(1) as i32;
        let row =
            ROWS[usize::from(self.rows.len() > MANY)].max(lines * NAME_LINE + if lines > 1 { 6 } else { 0 });
        (self.n_rows(group) as i32 * row).max(name_lines(&self.groups[group]).len() as i32 * NAME_LINE)
    }

    fn head_height(&self) -> i32 {
        let titles =
            (0..self.columns.len()).map(|column| self.title_lines(column).len()).max().unwrap_or(0) as i32;
        HEAD + titles * NAME_LINE + if titles > 0 { 10 } else { 0 }
    }

    /// Lines of a column's title; the width is a guess that is never too large.
    fn title_lines(&self, column: usize) -> Vec<String> {
        let width = (sheet::INNER - WIDEST[0] - 110) / self.columns.len().max(1) as i32;
        wrap::lines(&self.columns[column], LABEL, Weight::Bold, width)
    }

    /// Mean and interval; in many columns there is room for the mean alone.
    fn figures(&self, reach: &Reach, decimals: usize) -> String {
        let mut middle = figure(reach.middle, decimals);
        if self.columns.len() > MOST_WITH_INTERVAL {
            return middle;
        }
        if let Some(error) = reach.error {
            middle.push_str(&format!(" ± {}", figure(error, decimals)));
        }
        if self.columns.len() > 1 {
            return middle;
        }
        if reach.error.is_none() && reach.low >= reach.high {
            return middle;
        }
        let range = range(reach.low, reach.high, decimals, self.lang);
        format!("{middle}{}{range}{}", self.lang.pick("（", " ("), self.lang.pick("）", ")"))
    }

    fn values(&self) -> impl Iterator<Item = &Reach> {
        self.rows.iter().flat_map(|row| &row.reaches).flatten()
    }
}

fn name_lines(name: &str) -> Vec<String> {
    wrap::balanced(name, LABEL, Weight::Regular, WIDEST[0])
}

fn part_lines(part: &str) -> Vec<String> {
    wrap::lines(part, LABEL, Weight::Regular, WIDEST[1])
}

fn write_lines(canvas: &mut Canvas<'_>, lines: &[String], (x, y): (i32, i32), colour: RGBColor) {
    for (i, line) in lines.iter().enumerate() {
        let offset = NAME_LINE * (2 * i as i32 + 1 - lines.len() as i32) / 2;
        canvas.text(&Text::new(line, (x, y + offset)).level().colour(colour));
    }
}

fn draw_mark(canvas: &Canvas<'_>, panel: &Panel, mark: Mark, reach: Reach, y: i32) -> Drawn {
    let [x, low, high, zero] = [reach.middle, reach.low, reach.high, 0.0].map(|value| panel.at(value, 0.0).0);
    match mark {
        Mark::Bar(colour) => {
            let bar = Rect { left: x.min(zero), top: y - 12, right: x.max(zero), bottom: y + 12 };
            canvas.fill(bar, colour)?;
            if reach.low >= reach.high {
                return Ok(());
            }
            canvas.whisker_level(y, (low, high), 7, INK)
        }
        Mark::Dot(colour, shape) => {
            canvas.fill(Rect { left: low, top: y - 9, right: high, bottom: y + 9 }, BAND_OUTER)?;
            if let Some(error) = reach.error {
                let ends = [reach.middle - error, reach.middle + error].map(|value| panel.at(value, 0.0).0);
                canvas.whisker_level(y, (ends[0], ends[1]), 8, INK)?;
            }
            canvas.dot((x, y), shape, colour)
        }
    }
}
