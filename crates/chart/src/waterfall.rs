//! From the spending of one scenario to that of another, changed line by changed line: a panel for each purse, because
//! what the fund saves and what county finance pays more are not one sum.

use super::Chart;
use super::canvas::{Canvas, DotShape, Drawn, Rect};
use super::caption::Caption;
use super::error::ChartError;
use super::font::Weight;
use super::legend::{Key, Swatch};
use super::number::{self, Unit, decimals_for, figure};
use super::panel::Panel;
use super::sheet::{AXIS_SIZE, Sheet, axis_height};
use super::spread;
use super::stacked::{self, NAME_LINE};
use super::text::Text;
use super::theme::{AXIS, DEEP, LABEL, PALETTE, QUIET, SMALL};
use super::ticks::Ticks;
use super::wrap;
use fundcast_engine::lang::Lang;
use plotters::style::RGBColor;

const NAME: &str = "waterfall";

/// Colours of more and of less: told apart in grey print.
const MORE: RGBColor = PALETTE[6];
const LESS: RGBColor = PALETTE[5];

/// The most steps of a panel: the smallest of more are drawn as one.
const MOST_STEPS: usize = 12;
/// Height that leaves room for title and notes on one page, in pixels.
const TALLEST: i32 = 1900;
/// Widest names; longer ones take several lines.
const WIDEST: i32 = 580;
/// Air beside the figures.
const FIGURES_AIR: i32 = 40;
/// Height of a panel's title, and of the air around a row.
const HEAD: i32 = 52;
const ROW_AIR: i32 = 14;
/// Narrowest step in pixels, so that a tiny one is seen.
const NARROWEST: i32 = 4;

/// What one changed line causes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WaterfallStep {
    /// The line.
    pub name: String,
    /// What it causes, in yuan.
    pub value_yuan: f64,
    /// Half the width of its 95 % interval; `None` where it is not known.
    pub error95_yuan: Option<f64>,
}

/// The steps of one purse.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WaterfallPurse {
    /// Who pays.
    pub name: String,
    /// Mean spending of the base, in yuan.
    pub base_yuan: f64,
    /// Mean spending of the other scenario, in yuan.
    pub other_yuan: f64,
    /// The lines, in the order in which they are drawn.
    pub steps: Vec<WaterfallStep>,
}

/// What causes the difference of two scenarios in a year, purse by purse.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Waterfall {
    /// Title of the base scenario.
    pub base: String,
    /// Title of the other scenario.
    pub other: String,
    /// The county, or the name of the total.
    pub place: String,
    /// Budget year.
    pub year: i32,
    /// A panel each; purses that pay the same are left out by whoever fills this in.
    pub purses: Vec<WaterfallPurse>,
    /// The page that is drawn, from 0.
    pub page: usize,
}

impl Chart for Waterfall {
    fn draw(&self, caption: &Caption) -> Result<String, ChartError> {
        let lang = caption.lang;
        self.check()?;
        let unit = self.unit();
        let panels: Vec<PursePanel> =
            self.purses.iter().map(|purse| PursePanel::new(purse, unit, lang)).collect();
        let columns = columns(&panels);
        let mut pages = stacked::pages(&panels, PursePanel::height, TALLEST);
        let n_pages = pages.len();
        let page = pages.swap_remove(self.page.min(n_pages - 1));
        let sheet = Sheet {
            title: self.title(lang),
            facts: vec![
                lang.pick("各行改动的Shapley值", "Shapley values of the changed lines").to_owned(),
                unit.fact(lang),
            ],
            legend: legend(lang),
            notes: notes(n_pages, self.page, lang),
            body_height: stacked::height(&page, PursePanel::height),
            ..Sheet::default()
        };
        sheet.draw(caption, |canvas, rect| {
            stacked::draw((canvas, rect), &page, PursePanel::height, |canvas, panel, rect| {
                panel.draw(canvas, rect, columns)
            })
        })
    }
}

impl Waterfall {
    /// The pages that it takes to draw every purse.
    #[must_use]
    pub fn n_pages(&self, lang: Lang) -> usize {
        let unit = self.unit();
        let panels: Vec<PursePanel> =
            self.purses.iter().map(|purse| PursePanel::new(purse, unit, lang)).collect();
        stacked::pages(&panels, PursePanel::height, TALLEST).len()
    }

    fn title(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => {
                format!("{}年{}支出差额的归因：{} − {}", self.year, self.place, self.other, self.base)
            }
            Lang::En => format!(
                "What causes the difference in spending, {}, {}: {} − {}",
                self.place, self.year, self.other, self.base
            ),
        }
    }

    fn check(&self) -> Result<(), ChartError> {
        if self.purses.is_empty() {
            return Err(ChartError::NoData { chart: NAME });
        }
        for purse in &self.purses {
            spread::finite(NAME, &purse.name, &[purse.base_yuan, purse.other_yuan])?;
            for step in &purse.steps {
                let what = format!("{} {}", purse.name, step.name);
                spread::finite(NAME, &what, &[step.value_yuan, step.error95_yuan.unwrap_or(0.0)])?;
            }
        }
        Ok(())
    }

    /// The unit that suits the levels, so that steps and levels are in one.
    fn unit(&self) -> Unit {
        Unit::for_values(self.purses.iter().flat_map(|purse| [purse.base_yuan, purse.other_yuan]))
    }
}

/// One purse, its names broken into lines.
struct PursePanel {
    title: String,
    /// Base, steps, other.
    rows: Vec<Row>,
    unit: &'static str,
    lang: Lang,
}

struct Row {
    name: Vec<String>,
    kind: RowKind,
    figures: String,
}

#[derive(Debug, Clone, Copy)]
enum RowKind {
    /// All spending, in chart units.
    Level(f64),
    /// From one level to another.
    Step(f64, f64),
}

impl PursePanel {
    fn new(purse: &WaterfallPurse, unit: Unit, lang: Lang) -> Self {
        let steps = largest_steps(&purse.steps, lang);
        let in_unit = |yuan: f64| yuan / unit.yuan();
        let largest = number::largest(steps.iter().map(|step| in_unit(step.value_yuan)));
        let decimals = decimals_for(largest).clamp(usize::from(largest < 1000.0), 4);
        let level = |name: &str, yuan: f64| Row {
            name: stacked::broken(name, Weight::Bold, WIDEST),
            kind: RowKind::Level(in_unit(yuan)),
            figures: figure(in_unit(yuan), decimals),
        };
        let mut rows = vec![level(lang.pick("基准方案", "Base"), purse.base_yuan)];
        let mut at = purse.base_yuan;
        for step in &steps {
            let to = at + step.value_yuan;
            rows.push(Row {
                name: stacked::broken(&step.name, Weight::Regular, WIDEST),
                kind: RowKind::Step(in_unit(at), in_unit(to)),
                figures: signed(in_unit(step.value_yuan), step.error95_yuan.map(in_unit), decimals),
            });
            at = to;
        }
        rows.push(level(lang.pick("对比方案", "Other scenario"), purse.other_yuan));
        let difference = signed(in_unit(purse.other_yuan - purse.base_yuan), None, decimals);
        let title = match lang {
            Lang::Zh => format!("{}：{difference}", purse.name),
            Lang::En => format!("{}: {difference}", purse.name),
        };
        Self { title, rows, unit: unit.label(lang), lang }
    }

    fn height(&self) -> i32 {
        HEAD + self.rows.iter().map(Row::height).sum::<i32>() + axis_height(AXIS_SIZE)
    }

    fn draw(&self, canvas: &mut Canvas<'_>, rect: Rect, columns: [i32; 2]) -> Drawn {
        let width = rect.width() - 12;
        for line in wrap::lines(&self.title, LABEL, Weight::Bold, width).iter().take(1) {
            canvas.text(&Text::new(line, (rect.left, rect.top + 34)).bold());
        }
        let bottom = rect.bottom - axis_height(AXIS_SIZE);
        let left = rect.left + columns[0] + 40;
        let right = rect.right - columns[1] - FIGURES_AIR;
        let frame = Rect { left, top: rect.top + HEAD, right, bottom };
        let levels = self.rows.iter().flat_map(|row| match row.kind {
            RowKind::Level(level) => [level, level],
            RowKind::Step(from, to) => [from, to],
        });
        let (low, high) =
            levels.fold((f64::MAX, f64::MIN), |(low, high), level| (low.min(level), high.max(level)));
        let ticks = Ticks::covering(low, high, 4);
        let air = (ticks.high - ticks.low) * 0.03;
        let panel = Panel::new(frame, ticks.low - air..ticks.high + air, 0.0..1.0);
        stacked::bands(canvas, Rect { top: frame.top, ..rect }, self.rows.iter().map(Row::height))?;
        panel.value_axis_below(canvas, &ticks, AXIS_SIZE)?;
        let unit = match self.lang {
            Lang::Zh => format!("（{}）", self.unit),
            Lang::En => format!("({})", self.unit),
        };
        canvas.text(&Text::new(unit, (rect.right - 6, frame.top - 18)).size(SMALL).ending().colour(QUIET));
        let mut top = frame.top;
        let mut before: Option<i32> = None;
        for row in &self.rows {
            let middle = top + row.height() / 2;
            before = Some(row.draw(canvas, &panel, (top, middle), before)?);
            row.write(canvas, rect, middle);
            top += row.height();
        }
        Ok(())
    }
}

impl Row {
    fn height(&self) -> i32 {
        self.name.len() as i32 * NAME_LINE + ROW_AIR
    }

    /// Draws the row with the line that joins it to the one before; gives where the next one begins.
    fn draw(
        &self,
        canvas: &Canvas<'_>,
        panel: &Panel,
        (top, middle): (i32, i32),
        before: Option<i32>,
    ) -> Result<i32, ChartError> {
        if let Some(x) = before {
            canvas.line(&[(x, top - 12), (x, middle)], AXIS, 2)?;
        }
        match self.kind {
            RowKind::Level(level) => {
                let x = panel.at(level, 0.0).0;
                canvas.dot((x, middle), DotShape::Diamond, DEEP)?;
                Ok(x)
            }
            RowKind::Step(from, to) => {
                let (a, b) = (panel.at(from, 0.0).0, panel.at(to, 0.0).0);
                let (left, mut right) = (a.min(b), a.max(b));
                if from.total_cmp(&to).is_ne() {
                    right = right.max(left + NARROWEST);
                }
                let colour = if to >= from { MORE } else { LESS };
                canvas.fill(Rect { left, top: middle - 13, right, bottom: middle + 13 }, colour)?;
                Ok(b)
            }
        }
    }

    fn write(&self, canvas: &mut Canvas<'_>, rect: Rect, middle: i32) {
        let is_level = matches!(self.kind, RowKind::Level(_));
        let weight = if is_level { Weight::Bold } else { Weight::Regular };
        stacked::write_name(canvas, (&self.name, weight), (rect.left + 6, middle));
        let figures = Text::new(&self.figures, (rect.right - 6, middle)).size(SMALL).ending().level();
        canvas.text(&if is_level { figures.bold() } else { figures });
    }
}

/// An amount with its sign and, where it is known, its error.
fn signed(value: f64, error: Option<f64>, decimals: usize) -> String {
    let plain = figure(value, decimals);
    let is_zero = !plain.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    let amount = if is_zero || value < 0.0 { plain } else { format!("+{plain}") };
    error.map_or_else(|| amount.clone(), |error| format!("{amount} ± {}", figure(error, decimals)))
}

/// The steps, of many the largest, the others as one.
fn largest_steps(steps: &[WaterfallStep], lang: Lang) -> Vec<WaterfallStep> {
    if steps.len() <= MOST_STEPS {
        return steps.to_vec();
    }
    let mut ranked: Vec<usize> = (0..steps.len()).collect();
    ranked.sort_by(|&a, &b| steps[b].value_yuan.abs().total_cmp(&steps[a].value_yuan.abs()));
    let mut shown = ranked[..MOST_STEPS - 1].to_vec();
    shown.sort_unstable();
    let rest = &ranked[MOST_STEPS - 1..];
    let name = match lang {
        Lang::Zh => format!("其他{}行", rest.len()),
        Lang::En => format!("{} other lines", rest.len()),
    };
    let value_yuan = rest.iter().map(|&at| steps[at].value_yuan).sum();
    let others = WaterfallStep { name, value_yuan, error95_yuan: None };
    shown.into_iter().map(|at| steps[at].clone()).chain([others]).collect()
}

/// The widths of the widest name and of the widest figures of all panels, so that they stand below each other.
fn columns(panels: &[PursePanel]) -> [i32; 2] {
    let rows = || panels.iter().flat_map(|panel| &panel.rows);
    [
        stacked::widest(rows().flat_map(|row| &row.name), Weight::Bold),
        stacked::widest(rows().map(|row| &row.figures), Weight::Bold),
    ]
}

fn legend(lang: Lang) -> Vec<Key> {
    vec![
        Key::new(
            Swatch::Dot(DEEP, DotShape::Diamond),
            lang.pick("方案的支出均值", "Mean spending of a scenario"),
        ),
        Key::new(Swatch::Box(MORE), lang.pick("增加", "More")),
        Key::new(Swatch::Box(LESS), lang.pick("减少", "Less")),
    ]
}

fn notes(n_pages: usize, page: usize, lang: Lang) -> Vec<String> {
    let mut notes = vec![
        lang.pick(
            "各行相加等于两方案之差；“±”为95%误差；各出资方分图，刻度不从0开始且各不相同。",
            "The lines add up to the difference; ±: 95 % error. One panel for each purse; scales differ and do not begin at 0.",
        )
        .to_owned(),
    ];
    notes.extend(stacked::note(n_pages, page, lang));
    notes
}
