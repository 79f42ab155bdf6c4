//! The simulated distribution of one county-year as a histogram, with labelled lines at its percentiles and mean.

use plotters::style::RGBColor;

use super::Chart;
use super::canvas::{Canvas, Drawn, Rect};
use super::caption::Caption;
use super::error::ChartError;
use super::font::{self, Weight};
use super::histogram::Histogram;
use super::number::{self, Unit, figure};
use super::panel::{self, Panel};
use super::sheet::{self, AXIS_SIZE, Sheet, axis_height};
use super::spread;
use super::text::Text;
use super::theme::{ALERT, AXIS, BAND_INNER, DEEP, LABEL, MARGIN};
use super::ticks::Ticks;
use fundcast_engine::lang::Lang;

const NAME: &str = "distribution";
/// Height of one row of labels.
const LABEL_ROW: i32 = 36;

/// Places on the axis that get a labelled line, in yuan.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Marks {
    /// Mean.
    pub mean_yuan: f64,
    /// Median.
    pub p50_yuan: f64,
    /// 90th percentile.
    pub p90_yuan: f64,
    /// 95th percentile.
    pub p95_yuan: f64,
    /// The budget, if there is one.
    pub budget_yuan: Option<f64>,
}

/// Trial values of one county in one year.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Distribution {
    /// County, or the name of the total.
    pub county: String,
    /// Budget year.
    pub year: i32,
    /// One value per replicate, in any order.
    pub trials_yuan: Vec<f64>,
    /// The lines.
    pub marks: Marks,
}

/// A line with its label, in the unit of the chart.
struct Line {
    at: f64,
    label: String,
    colour: RGBColor,
    dashed: bool,
}

impl Chart for Distribution {
    fn draw(&self, caption: &Caption) -> Result<String, ChartError> {
        let lang = caption.lang;
        self.check()?;
        let most = number::largest(self.trials_yuan.iter().copied().chain(self.marks.all()));
        let unit = Unit::for_largest(most);
        let trials: Vec<f64> = self.trials_yuan.iter().map(|yuan| yuan / unit.yuan()).collect();
        let lines = self.lines(unit, lang);
        let marks: Vec<f64> = lines.iter().map(|line| line.at).collect();
        let histogram = Histogram::of(&trials, &marks);
        let year = number::year(self.year, lang);
        let sheet = Sheet {
            title: match lang {
                Lang::Zh => format!("{}{year}医疗救助支出的模拟分布", self.county),
                Lang::En => format!("Simulated medical-assistance spending, {} {year}", self.county),
            },
            facts: vec![unit.fact(lang)],
            notes: self.notes(&histogram, unit, lang),
            percentiles: &[50, 90, 95],
            body_height: 700,
            ..Sheet::default()
        };
        sheet.draw(caption, |canvas, rect| draw_histogram(canvas, rect, &histogram, &lines, (unit, lang)))
    }
}

impl Marks {
    fn all(&self) -> impl Iterator<Item = f64> {
        [self.mean_yuan, self.p50_yuan, self.p90_yuan, self.p95_yuan].into_iter().chain(self.budget_yuan)
    }
}

impl Distribution {
    fn check(&self) -> Result<(), ChartError> {
        if self.trials_yuan.is_empty() {
            return Err(ChartError::NoData { chart: NAME });
        }
        let what = format!("{} {}", self.county, self.year);
        spread::finite(NAME, &what, &self.trials_yuan)?;
        spread::finite(NAME, &what, &self.marks.all().collect::<Vec<_>>())
    }

    /// The lines from left to right.
    fn lines(&self, unit: Unit, lang: Lang) -> Vec<Line> {
        let marks = &self.marks;
        let mut named = vec![
            (marks.p50_yuan, lang.pick("中位数 P50", "median P50"), DEEP, false),
            (marks.p90_yuan, "P90", DEEP, false),
            (marks.p95_yuan, "P95", DEEP, false),
            (marks.mean_yuan, lang.pick("均值", "mean"), ALERT, true),
        ];
        named.extend(marks.budget_yuan.map(|yuan| (yuan, lang.pick("预算", "budget"), ALERT, false)));
        named.sort_by(|a, b| a.0.total_cmp(&b.0));
        let decimals = number::decimals_for(number::largest(marks.all()) / unit.yuan());
        let line = |(yuan, name, colour, dashed): (f64, &str, RGBColor, bool)| {
            let at = yuan / unit.yuan();
            Line { at, label: format!("{name} {}", figure(at, decimals)), colour, dashed }
        };
        named.into_iter().map(line).collect()
    }

    fn notes(&self, histogram: &Histogram, unit: Unit, lang: Lang) -> Vec<String> {
        let width = number::amount(histogram.width * unit.yuan(), unit, lang);
        let mut notes = vec![match lang {
            Lang::Zh => format!("每柱宽{width}。"),
            Lang::En => format!("Each bar is {width} wide."),
        }];
        if histogram.beyond > 0 {
            let n = histogram.beyond;
            let most = number::amount(self.trials_yuan.iter().copied().fold(f64::MIN, f64::max), unit, lang);
            notes.push(match lang {
                Lang::Zh => format!("右侧另有{n}次模拟未画出，最大{most}。"),
                Lang::En => {
                    let lie = if n == 1 { "lies" } else { "lie" };
                    format!("{n} {} {lie} further right, up to {most}.", Lang::replicates(n as u64))
                }
            });
        }
        vec![notes.join(lang.pick("", " "))]
    }
}

fn draw_histogram(
    canvas: &mut Canvas<'_>,
    rect: Rect,
    histogram: &Histogram,
    lines: &[Line],
    (unit, lang): (Unit, Lang),
) -> Drawn {
    let ticks = Ticks::from_zero(0.0, histogram.shares.iter().copied().fold(0.0, f64::max), 5);
    let left = rect.left + panel::axis_width(&ticks, AXIS_SIZE);
    let (low, high) = (histogram.edge(0), histogram.edge(histogram.shares.len()));
    let frame = Rect {
        left,
        top: rect.top,
        right: rect.right - 40,
        bottom: rect.bottom - axis_height(AXIS_SIZE) - 36,
    };
    let (frame, first_x) = with_room(frame, (low, high), lines);
    let share_name = lang.pick("占模拟次数的百分比（%）", "share of replicates (%)");
    let name_end = f64::from(rect.left) + font::width(share_name, AXIS_SIZE, Weight::Regular) + 20.0;
    // The name of the axis stands beside the lowest label, or in a row of its own when a line would cross it.
    let rows = rect.top + if first_x > name_end { 0 } else { LABEL_ROW };
    let frame = frame.below(rows - rect.top + LABEL_ROW * lines.len() as i32 + 20);
    let panel = Panel::new(frame, low..high, ticks.low..ticks.high);
    panel.value_axis(canvas, &ticks, AXIS_SIZE)?;
    for (i, &share) in histogram.shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
        panel.bar(
            canvas,
            (histogram.edge(i), 0.0),
            (histogram.edge(i) + 0.97 * histogram.width, share),
            BAND_INNER,
        )?;
    }
    amounts(canvas, &panel, (low, high))?;
    let name_y = if rows > rect.top { rect.top + 24 } else { frame.top - 26 };
    canvas.text(&Text::new(share_name, (rect.left, name_y)).size(AXIS_SIZE));
    let name = format!(
        "{}{}{}",
        lang.pick("年支出（", "spending in the year ("),
        unit.label(lang),
        lang.pick("）", ")")
    );
    canvas
        .text(&Text::new(name, ((frame.left + frame.right) / 2, rect.bottom - 8)).size(AXIS_SIZE).centred());
    lines
        .iter()
        .zip(0..)
        .try_for_each(|(line, row)| draw_mark(canvas, &panel, line, rows + LABEL_ROW * row + 22))
}

/// The frame, made narrower when a label, which stands right of its line, would leave the sheet; and the first line's x.
fn with_room(frame: Rect, (low, high): (f64, f64), lines: &[Line]) -> (Rect, f64) {
    let x =
        |frame: &Rect, at: f64| f64::from(frame.left) + f64::from(frame.width()) * (at - low) / (high - low);
    let edge = f64::from(sheet::INNER + MARGIN);
    let fits = |frame: &Rect| {
        lines
            .iter()
            .all(|line| x(frame, line.at) + 14.0 + font::width(&line.label, LABEL, Weight::Bold) <= edge)
    };
    let frame = (0..40).map(|i| Rect { right: frame.right - 20 * i, ..frame }).find(fits).unwrap_or(frame);
    (frame, lines.first().map_or(f64::MAX, |line| x(&frame, line.at)))
}

/// Round amounts below the plot; the axis itself need not begin at one.
fn amounts(canvas: &mut Canvas<'_>, panel: &Panel, (low, high): (f64, f64)) -> Drawn {
    let ticks = Ticks::covering(low, high, 8);
    let inside =
        ticks.values().into_iter().zip(ticks.labels()).filter(|(value, _)| (low..=high).contains(value));
    let mut free = f64::MIN;
    for (value, label) in inside {
        let (x, _) = panel.at(value, 0.0);
        let half = font::width(&label, AXIS_SIZE, Weight::Regular) / 2.0;
        if f64::from(x) - half > free {
            let bottom = panel.frame.bottom;
            canvas.line(&[(x, bottom), (x, bottom + 8)], AXIS, 2)?;
            canvas.text(&Text::new(label, (x, bottom + AXIS_SIZE + 14)).size(AXIS_SIZE).centred());
            free = f64::from(x) + half + 16.0;
        }
    }
    Ok(())
}

/// A line up to its own label row: rows descend from left to right, so that no line crosses a label.
fn draw_mark(canvas: &mut Canvas<'_>, panel: &Panel, line: &Line, y: i32) -> Drawn {
    let (x, bottom) = panel.at(line.at, 0.0);
    let (from, to) = ((x, y - 16), (x, bottom));
    if line.dashed {
        canvas.dashes(from, to, line.colour)?;
    } else {
        canvas.line(&[from, to], line.colour, 3)?;
    }
    canvas.text(&Text::new(&line.label, (x + 8, y)).bold().level().colour(line.colour));
    Ok(())
}
