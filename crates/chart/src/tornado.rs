//! What a figure depends on: for each input a bar from where it puts the figure at its low end to where at its high end, the
//! widest on top.

use super::Chart;
use super::canvas::{Canvas, Drawn, Rect};
use super::caption::Caption;
use super::error::ChartError;
use super::font::Weight;
use super::legend::{Key, Swatch};
use super::number::{self, Unit, figure};
use super::panel::Panel;
use super::sheet::{AXIS_SIZE, Sheet, axis_height};
use super::spread;
use super::stacked::{self, NAME_LINE};
use super::text::Text;
use super::theme::{ALERT, AXIS, INK, LABEL, MAIN, QUIET, SMALL};
use super::ticks::Ticks;
use fundcast_engine::lang::Lang;

const NAME: &str = "sensitivity";

/// Height that leaves room for title and notes on one page, in pixels.
const TALLEST: i32 = 1800;
/// Widest names; longer ones take several lines.
const WIDEST: i32 = 430;
/// Height of a panel's title, and of the air around a row.
const HEAD: i32 = 62;
const ROW_AIR: i32 = 16;
/// Air beside the figures.
const FIGURES_AIR: i32 = 30;

/// An input.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TornadoBar {
    /// The input.
    pub name: String,
    /// By how much the figure changes at the low and at the high end, yuan.
    pub ends_yuan: [f64; 2],
    /// Half the width of the 95 % interval of each, yuan; nothing where it is not known.
    pub errors95_yuan: [Option<f64>; 2],
    /// The input there, as it is read.
    pub values: [String; 2],
}

/// A county.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TornadoPanel {
    /// The county, or the name of all.
    pub name: String,
    /// The figure as it is, yuan.
    pub figure_yuan: f64,
    /// The inputs in the order in which they are drawn.
    pub bars: Vec<TornadoBar>,
}

/// What a figure depends on, county by county.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tornado {
    /// The title.
    pub title: String,
    /// The name of the figure.
    pub figure: String,
    /// A panel each.
    pub panels: Vec<TornadoPanel>,
    /// The page that is drawn, from 0.
    pub page: usize,
}

impl Chart for Tornado {
    fn draw(&self, caption: &Caption) -> Result<String, ChartError> {
        let lang = caption.lang;
        self.check()?;
        let unit =
            Unit::for_values(self.panels.iter().flat_map(|panel| &panel.bars).flat_map(|bar| bar.ends_yuan));
        let panels: Vec<Place> =
            self.panels.iter().map(|panel| Place::new(panel, (&self.figure, unit), lang)).collect();
        let columns = columns(&panels);
        let mut pages = stacked::pages(&panels, Place::height, TALLEST);
        let n_pages = pages.len();
        let page = pages.swap_remove(self.page.min(n_pages - 1));
        let note = match lang {
            Lang::Zh => "不确定的输入取第10和第90百分位，其余输入照常变动；政策取值取所给两端。",
            Lang::En => {
                "Uncertain inputs at their 10th and 90th percentile while the others vary as ever; values of the policy at the ends given."
            }
        };
        let sheet =
            Sheet {
                title: self.title.clone(),
                facts: vec![match lang {
                    Lang::Zh => format!("{}的变动，单位：{}", self.figure, unit.label(lang)),
                    Lang::En => format!("change of {}, in {}", self.figure, unit.label(lang)),
                }],
                legend: vec![
                    Key::new(Swatch::Box(MAIN), lang.pick("输入取低端", "Input at its low end")),
                    Key::new(Swatch::Box(ALERT), lang.pick("输入取高端", "Input at its high end")),
                ]
                .into_iter()
                .chain(self.has_errors().then(|| {
                    Key::new(Swatch::Whisker, lang.pick("变动的95%误差", "95% error of the change"))
                }))
                .collect(),
                notes: [note.to_owned()].into_iter().chain(stacked::note(n_pages, self.page, lang)).collect(),
                body_height: stacked::height(&page, Place::height),
                ..Sheet::default()
            };
        sheet.draw(caption, |canvas, rect| {
            stacked::draw((canvas, rect), &page, Place::height, |canvas, panel, rect| {
                panel.draw(canvas, rect, columns)
            })
        })
    }
}

impl Tornado {
    /// The pages that it takes to draw every county.
    #[must_use]
    pub fn n_pages(&self) -> usize {
        let panels: Vec<Place> = self
            .panels
            .iter()
            .map(|panel| Place::new(panel, ("", Unit::for_values([0.0])), Lang::Zh))
            .collect();
        stacked::pages(&panels, Place::height, TALLEST).len()
    }

    fn has_errors(&self) -> bool {
        let bars = self.panels.iter().flat_map(|panel| &panel.bars);
        bars.flat_map(|bar| bar.errors95_yuan).flatten().any(|error| error > 0.0)
    }

    fn check(&self) -> Result<(), ChartError> {
        if self.panels.iter().all(|panel| panel.bars.is_empty()) {
            return Err(ChartError::NoData { chart: NAME });
        }
        for panel in &self.panels {
            spread::finite(NAME, &panel.name, &[panel.figure_yuan])?;
            for bar in &panel.bars {
                let what = format!("{} {}", panel.name, bar.name);
                spread::finite(NAME, &what, &bar.ends_yuan)?;
                let errors: Vec<f64> = bar.errors95_yuan.iter().flatten().copied().collect();
                spread::finite(NAME, &what, &errors)?;
            }
        }
        Ok(())
    }
}

/// One county, its names broken into lines.
struct Place {
    title: String,
    rows: Vec<Row>,
}

struct Row {
    name: Vec<String>,
    /// In chart units, with their errors.
    ends: [f64; 2],
    errors: [Option<f64>; 2],
    /// What is said of the amounts and of the values.
    figures: [String; 2],
}

impl Place {
    fn new(panel: &TornadoPanel, (what, unit): (&str, Unit), lang: Lang) -> Self {
        let row = |bar: &TornadoBar| {
            let ends = bar.ends_yuan.map(|yuan| yuan / unit.yuan());
            let errors = bar.errors95_yuan.map(|error| error.map(|yuan| yuan / unit.yuan()));
            let [low, high] = [0, 1].map(|at| with_error(ends[at], errors[at]));
            let to = lang.pick("至", "to");
            let values = match &bar.values {
                [low, high] if low == high => String::new(),
                [low, high] => format!("{low} {to} {high}"),
            };
            Row {
                name: stacked::broken(&bar.name, Weight::Regular, WIDEST),
                ends,
                errors,
                figures: [format!("{low} {to} {high}"), values],
            }
        };
        let amount = number::amount(panel.figure_yuan, unit, lang);
        let title = match lang {
            Lang::Zh => format!("{}：{what} {amount}", panel.name),
            Lang::En => format!("{}: {what} {amount}", panel.name),
        };
        Self { title, rows: panel.bars.iter().map(row).collect() }
    }

    fn height(&self) -> i32 {
        HEAD + self.rows.iter().map(Row::height).sum::<i32>() + axis_height(AXIS_SIZE)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, rect: Rect, columns: [i32; 2]) -> Drawn {
        canvas.text(&Text::new(&self.title, (rect.left, rect.top + 34)).size(LABEL).bold());
        let bottom = rect.bottom - axis_height(AXIS_SIZE);
        let (left, right) = (rect.left + columns[0] + 30, rect.right - columns[1] - FIGURES_AIR);
        let frame = Rect { left, top: rect.top + HEAD, right, bottom };
        let all = || self.rows.iter().flat_map(Row::reached);
        let (low, high) = (all().fold(0.0, f64::min), all().fold(0.0, f64::max));
        let ticks = Ticks::around_zero(low, high, 5);
        let panel = Panel::new(frame, ticks.low..ticks.high, 0.0..1.0);
        stacked::bands(canvas, Rect { top: frame.top, ..rect }, self.rows.iter().map(Row::height))?;
        panel.axis_below(canvas, &ticks, ticks.labels(), AXIS_SIZE)?;
        let mut top = frame.top;
        for row in &self.rows {
            row.draw(canvas, &panel, (rect, top))?;
            top += row.height();
        }
        let as_it_is = panel.at(0.0, 0.0).0;
        canvas.line(&[(as_it_is, frame.top), (as_it_is, frame.bottom)], AXIS, 2)
    }
}

impl Row {
    /// How far bars and whiskers reach.
    fn reached(&self) -> impl Iterator<Item = f64> + '_ {
        let reach = |(end, error): (&f64, &Option<f64>)| {
            let error = error.unwrap_or(0.0);
            [end - error, end + error]
        };
        self.ends.iter().zip(&self.errors).flat_map(reach)
    }

    fn height(&self) -> i32 {
        (self.name.len() as i32).max(2) * NAME_LINE + ROW_AIR
    }

    fn draw(&self, canvas: &mut Canvas<'_>, panel: &Panel, (rect, top): (Rect, i32)) -> Drawn {
        let middle = top + self.height() / 2;
        let zero = panel.at(0.0, 0.0).0;
        // The longer bar first, so that two on one side are both seen.
        let mut bars = [(self.ends[0], MAIN, self.errors[0]), (self.ends[1], ALERT, self.errors[1])];
        bars.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
        for (end, colour, _) in bars {
            let to = panel.at(end, 0.0).0;
            if to != zero {
                let (left, right) = (to.min(zero), to.max(zero));
                canvas.fill(Rect { left, top: middle - 16, right, bottom: middle + 16 }, colour)?;
            }
        }
        // Each whisker at its own height, so that those of two bars on one side do not lie on each other.
        for ((end, _, error), shift) in bars.into_iter().zip([-6, 6]) {
            let Some(error) = error.filter(|error| *error > 0.0) else { continue };
            let ends = [end - error, end + error].map(|value| panel.at(value, 0.0).0);
            canvas.whisker_level(middle + shift, (ends[0], ends[1]), 6, INK)?;
        }
        stacked::write_name(canvas, (&self.name, Weight::Regular), (rect.left + 6, middle));
        let is_alone = self.figures[1].is_empty();
        for (figures, (above, colour)) in self.figures.iter().zip([(-1, INK), (1, QUIET)]) {
            let above = if is_alone { 0 } else { above };
            let at = (rect.right - 6, middle + above * NAME_LINE / 2);
            canvas.text(&Text::new(figures, at).size(SMALL).ending().level().colour(colour));
        }
        Ok(())
    }
}

fn with_error(value: f64, error: Option<f64>) -> String {
    let decimals = if value.abs() < 10.0 { 2 } else { 1 };
    error.map_or_else(|| signed(value), |error| format!("{} ± {}", signed(value), figure(error, decimals)))
}

fn signed(value: f64) -> String {
    let decimals = if value.abs() < 10.0 { 2 } else { 1 };
    let plus = if value > 0.0 { "+" } else { "" };
    format!("{plus}{}", figure(value, decimals))
}

/// The widths of the widest name and of the widest figures of all panels, so that they stand below each other.
fn columns(panels: &[Place]) -> [i32; 2] {
    let rows = || panels.iter().flat_map(|panel| &panel.rows);
    [
        stacked::widest(rows().flat_map(|row| &row.name), Weight::Regular),
        stacked::widest(rows().flat_map(|row| &row.figures), Weight::Regular),
    ]
}
