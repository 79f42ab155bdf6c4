//! A figure over another one: how likely a budget is exceeded by its size, or a condition by the value of an input; a panel
//! for each county.

use super::Chart;
use super::canvas::{Canvas, DotShape, Drawn, Rect};
use super::caption::Caption;
use super::error::ChartError;
use super::grid::{self, Words};
use super::legend::{Key, Swatch};
use super::number::Unit;
use super::panel::{self, Panel};
use super::sheet::{Sheet, axis_height};
use super::spread;
use super::text::Text;
use super::theme::{ALERT, BAND_OUTER, DEEP, LABEL, QUIET};
use super::ticks::Ticks;
use fundcast_engine::lang::Lang;

const NAME: &str = "curve";

/// What an axis shows, with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CurveAxis {
    /// Shares, drawn as percentages.
    Share(String),
    /// Yuan.
    Money(String),
    /// Numbers as they are.
    Plain(String),
}

impl Default for CurveAxis {
    fn default() -> Self {
        Self::Plain(String::new())
    }
}

impl CurveAxis {
    /// What one drawn unit is, and its name.
    fn unit(&self, values: impl Iterator<Item = f64>, lang: Lang) -> (f64, String) {
        match self {
            Self::Share(words) => (0.01, format!("{words}{}", lang.pick("，%", ", %"))),
            Self::Money(words) => {
                let unit = Unit::for_values(values);
                (unit.yuan(), format!("{words}{}{}", lang.pick("，", ", "), unit.label(lang)))
            }
            Self::Plain(words) => (1.0, words.clone()),
        }
    }
}

/// A point of a curve, with the points at the ends of its 95 % interval, in either direction.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CurvePoint {
    /// Where it is: along, up.
    pub at: (f64, f64),
    /// The lower end.
    pub low: (f64, f64),
    /// The upper end.
    pub high: (f64, f64),
}

/// A place along the axis that is marked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CurveMark {
    /// Where.
    pub x: f64,
    /// What is written there.
    pub label: String,
}

/// The curve of one county, or of all.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CurveSeries {
    /// Whose it is.
    pub name: String,
    /// Its points, along the axis.
    pub points: Vec<CurvePoint>,
    /// What is marked.
    pub marks: Vec<CurveMark>,
}

/// Curves, a panel each.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    /// The finding.
    pub title: String,
    /// What goes along.
    pub x: CurveAxis,
    /// What goes up.
    pub y: CurveAxis,
    /// A level line, with what it is.
    pub limit: Option<(f64, String)>,
    /// Whether each point is drawn as a dot besides.
    pub has_dots: bool,
    /// What the marks are; empty where there are none.
    pub marks: String,
    /// The percentiles that its points are: a note warns of those that the replicates are too few for.
    pub percentiles: &'static [u16],
    /// The curves.
    pub series: Vec<CurveSeries>,
    /// The page that is drawn, from 0.
    pub page: usize,
}

/// What one unit of each axis is.
#[derive(Clone, Copy)]
struct Scale {
    x: f64,
    y: f64,
}

impl Curve {
    /// The pages that it takes to draw every curve.
    #[must_use]
    pub fn n_pages(&self) -> usize {
        grid::pages(self.series.len()).len().max(1)
    }

    fn checked(&self) -> Result<(), ChartError> {
        if self.series.iter().all(|one| one.points.is_empty()) {
            return Err(ChartError::NoData { chart: NAME });
        }
        for one in &self.series {
            for CurvePoint { at, low, high } in &one.points {
                spread::finite(NAME, &one.name, &[at.0, at.1, low.0, low.1, high.0, high.1])?;
            }
            if one.points.windows(2).any(|pair| pair[0].at.0 > pair[1].at.0) {
                return Err(ChartError::Disordered { chart: NAME, what: one.name.clone() });
            }
        }
        Ok(())
    }

    fn legend(&self, lang: Lang) -> Vec<Key> {
        let mut keys = vec![
            Key::new(Swatch::Line(DEEP), lang.pick("模拟结果", "As simulated")),
            Key::new(Swatch::Box(BAND_OUTER), lang.pick("95%蒙特卡洛误差", "95% Monte Carlo error")),
        ];
        let lines = self.limit.iter().map(|(_, words)| (QUIET, words)).chain(Some((ALERT, &self.marks)));
        keys.extend(
            lines
                .filter(|(_, words)| !words.is_empty())
                .map(|(colour, words)| Key::new(Swatch::Line(colour), words)),
        );
        keys
    }
}

impl Chart for Curve {
    fn draw(&self, caption: &Caption) -> Result<String, ChartError> {
        let lang = caption.lang;
        self.checked()?;
        let by = lang.pick("曲线末端", "the end of the curve");
        let size = |one: &CurveSeries| one.points.last().map_or(0.0, |point| point.at.0);
        let (series, note) = grid::page(&self.series, self.page, size, (by, lang));
        let along = series.iter().flat_map(|one| &one.points).map(|point| point.at.0);
        let up = series.iter().flat_map(|one| &one.points).map(|point| point.high.1);
        let ((x, x_words), (y, y_words)) = (self.x.unit(along, lang), self.y.unit(up, lang));
        let scale = Scale { x, y };
        let sheet = Sheet {
            title: self.title.clone(),
            facts: match lang {
                Lang::Zh => vec![format!("横轴：{x_words}"), format!("纵轴：{y_words}")],
                Lang::En => vec![format!("along: {x_words}"), format!("up: {y_words}")],
            },
            legend: self.legend(lang),
            notes: vec![note],
            percentiles: self.percentiles,
            body_height: grid::body_height(series.len()),
        };
        let names: Vec<&str> = series.iter().map(|one| one.name.as_str()).collect();
        let words =
            Words {
                axis: &y_words, head: lang.pick("各图刻度不同", "Each panel has its own scale"), lang
            };
        sheet.draw(caption, |canvas, rect| {
            grid::draw_series(canvas, rect, &words, &names, |canvas, at, (cell, size)| {
                self.panel(canvas, cell, (series[at], scale), size)
            })
        })
    }
}

impl Curve {
    fn panel(
        &self,
        canvas: &mut Canvas<'_>,
        rect: Rect,
        (one, scale): (&CurveSeries, Scale),
        size: i32,
    ) -> Drawn {
        let drawn = |(x, y): (f64, f64)| (x / scale.x, y / scale.y);
        let points: Vec<[(f64, f64); 3]> =
            one.points.iter().map(|point| [point.low, point.at, point.high].map(drawn)).collect();
        let marks = one.marks.iter().map(|mark| mark.x / scale.x);
        let along = points.iter().flatten().map(|at| at.0).chain(marks);
        let (low, high) = along.fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(x), high.max(x)));
        let limit = self.limit.as_ref().map_or(0.0, |(limit, _)| limit / scale.y);
        let top = points.iter().flatten().map(|at| at.1).fold(limit, f64::max) * 1.04;
        // No share is above one.
        let top = if matches!(self.y, CurveAxis::Share(_)) { top.min(1.0 / scale.y) } else { top };
        let (x, y) =
            (Ticks::covering(low, high, rect.width() / 160), Ticks::from_zero(0.0, top, rect.height() / 80));
        let frame = Rect {
            left: rect.left + panel::axis_width(&y, size),
            right: rect.right - size,
            bottom: rect.bottom - axis_height(size),
            ..rect
        };
        let panel = Panel::new(frame, x.low..x.high, y.low..y.high);
        panel.value_axis(canvas, &y, size)?;
        panel.value_axis_below(canvas, &x, size)?;
        // The band goes over points of which no error is known.
        let known: Vec<_> = points.iter().filter(|[low, _, high]| low != high).collect();
        let there = known.iter().map(|[low, _, _]| panel.at(low.0, low.1));
        let back = known.iter().rev().map(|[_, _, high]| panel.at(high.0, high.1));
        canvas.area(&there.chain(back).collect::<Vec<_>>(), BAND_OUTER)?;
        if self.limit.is_some() {
            panel.path(canvas, &[(x.low, limit), (x.high, limit)], QUIET, 3)?;
        }
        let line: Vec<(f64, f64)> = points.iter().map(|[_, at, _]| *at).collect();
        panel.path(canvas, &line, DEEP, 4)?;
        for (x, y) in line.iter().filter(|_| self.has_dots) {
            canvas.dot(panel.at(*x, *y), DotShape::Round, DEEP)?;
        }
        for mark in &one.marks {
            let at = mark.x / scale.x;
            panel.path(canvas, &[(at, y.low), (at, y.high)], ALERT, 3)?;
            let (pixel, _) = panel.at(at, 0.0);
            let is_right = at > f64::midpoint(x.low, x.high);
            let beside = if is_right { pixel - 10 } else { pixel + 10 };
            let text = Text::new(&mark.label, (beside, frame.top + LABEL)).size(size).bold().halo();
            canvas.text(&if is_right { text.ending() } else { text });
        }
        Ok(())
    }
}
