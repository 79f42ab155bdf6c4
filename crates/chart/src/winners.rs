//! Who gets more and who gets less: for each category a bar of persons to either side of nobody, darker the larger the
//! change, so that neither side hides the other.

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
use super::theme::{ALERT, AXIS, DEEP, LABEL, QUIET, SMALL, shades};
use super::ticks::Ticks;
use super::wrap;
use fundcast_engine::lang::Lang;
use plotters::style::RGBColor;

const NAME: &str = "winners";

/// The colours of the smallest changes; those of the largest are [`DEEP`] and [`ALERT`].
const PALE_MORE: RGBColor = RGBColor(0xcf, 0xe0, 0xf0);
const PALE_LESS: RGBColor = RGBColor(0xfb, 0xdf, 0xcd);
/// Height that leaves room for title and notes on one page, in pixels.
const TALLEST: i32 = 1800;
/// Widest names; longer ones take several lines.
const WIDEST: i32 = 330;
/// The most categories of a panel; more stand in another one of the same year.
const MOST_ROWS: usize = 20;
/// Height of a panel's title, and of the air around a row.
const HEAD: i32 = 52;
const ROW_AIR: i32 = 14;
/// Air beside the figures.
const FIGURES_AIR: i32 = 30;

/// The persons on one side.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WinnersSide {
    /// Persons a year by the size of the change, the smallest first.
    pub persons: Vec<f64>,
    /// Half the width of the 95 % interval of all of them; `None` where it is not known.
    pub error95_persons: Option<f64>,
    /// The sum of their changes, in yuan.
    pub yuan: f64,
}

impl WinnersSide {
    fn all(&self) -> f64 {
        self.persons.iter().sum()
    }
}

/// The persons of one category.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WinnersBar {
    /// The category, or all of them.
    pub name: String,
    /// Who gets more.
    pub more: WinnersSide,
    /// Who gets less.
    pub less: WinnersSide,
}

/// The categories of one year in which anybody gets more or less.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WinnersYear {
    /// The year.
    pub year: i32,
    /// The categories, in the order in which they are drawn.
    pub bars: Vec<WinnersBar>,
}

/// Who gets more and who gets less under one scenario than under another.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Winners {
    /// Title of the base scenario.
    pub base: String,
    /// Title of the other scenario.
    pub other: String,
    /// The county, or the name of the total.
    pub place: String,
    /// The replicates whose persons were looked at.
    pub replicates: u64,
    /// What the size classes are called, the smallest first.
    pub sizes: Vec<String>,
    /// A panel each.
    pub years: Vec<WinnersYear>,
    /// The page that is drawn, from 0.
    pub page: usize,
}

impl Chart for Winners {
    fn draw(&self, caption: &Caption) -> Result<String, ChartError> {
        let lang = caption.lang;
        self.check()?;
        let panels = self.panels(lang);
        let columns = columns(&panels);
        let mut pages = stacked::pages(&panels, YearPanel::height, TALLEST);
        let n_pages = pages.len();
        let page = pages.swap_remove(self.page.min(n_pages - 1));
        let sheet = Sheet {
            title: self.title(lang),
            facts: vec![
                self.place.clone(),
                lang.pick(
                    "一年中全部救助多得和少得的人数，逐人比较",
                    "persons whose assistance of the year is more or less",
                )
                .to_owned(),
                match lang {
                    Lang::Zh => format!("前{}次模拟的均值", self.replicates),
                    Lang::En => format!("mean of the first {} replicates", self.replicates),
                },
            ],
            legend: self.legend(lang),
            notes: notes(n_pages, self.page, lang),
            body_height: stacked::height(&page, YearPanel::height),
            ..Sheet::default()
        };
        let shades =
            [shades((PALE_MORE, DEEP), self.sizes.len()), shades((PALE_LESS, ALERT), self.sizes.len())];
        sheet.draw(caption, |canvas, rect| {
            stacked::draw((canvas, rect), &page, YearPanel::height, |canvas, panel, rect| {
                panel.draw(canvas, rect, (columns, &shades))
            })
        })
    }
}

impl Winners {
    /// The pages that it takes to draw every year.
    #[must_use]
    pub fn n_pages(&self, lang: Lang) -> usize {
        stacked::pages(&self.panels(lang), YearPanel::height, TALLEST).len()
    }

    fn panels(&self, lang: Lang) -> Vec<YearPanel> {
        let yuan =
            self.years.iter().flat_map(|year| &year.bars).flat_map(|bar| [bar.more.yuan, bar.less.yuan]);
        let unit = Unit::for_values(yuan);
        let of_year = |year: &WinnersYear| {
            let parts = year.bars.chunks(MOST_ROWS).enumerate();
            parts.map(|part| YearPanel::new((year, part), unit, lang)).collect::<Vec<_>>()
        };
        self.years.iter().flat_map(of_year).collect()
    }

    fn title(&self, lang: Lang) -> String {
        match lang {
            Lang::Zh => format!("谁多得、谁少得：{}对比{}", self.other, self.base),
            Lang::En => format!("Who gets more and who gets less: {} against {}", self.other, self.base),
        }
    }

    fn check(&self) -> Result<(), ChartError> {
        if self.years.iter().all(|year| year.bars.is_empty()) {
            return Err(ChartError::NoData { chart: NAME });
        }
        for (year, bar) in
            self.years.iter().flat_map(|year| year.bars.iter().map(move |bar| (year.year, bar)))
        {
            for side in [&bar.more, &bar.less] {
                let what = format!("{} {year}", bar.name);
                spread::finite(NAME, &what, &side.persons)?;
                spread::finite(NAME, &what, &[side.yuan, side.error95_persons.unwrap_or(0.0)])?;
                if let Some(&value) = side.persons.iter().find(|value| **value < 0.0) {
                    return Err(ChartError::Negative { chart: NAME, what, value });
                }
                if side.persons.len() != self.sizes.len() {
                    let (found, expected) = (side.persons.len(), self.sizes.len());
                    return Err(ChartError::WrongCount { chart: NAME, what, found, expected });
                }
            }
        }
        Ok(())
    }

    fn legend(&self, lang: Lang) -> Vec<Key> {
        let sides = [
            (shades((PALE_MORE, DEEP), self.sizes.len()), lang.pick("多得", "more: ")),
            (shades((PALE_LESS, ALERT), self.sizes.len()), lang.pick("少得", "less: ")),
        ];
        let keys = sides.into_iter().flat_map(|(shades, side)| {
            let sizes = self.sizes.iter().zip(shades);
            sizes
                .map(move |(size, shade)| Key::new(Swatch::Box(shade), format!("{side}{size}")))
                .collect::<Vec<_>>()
        });
        keys.collect()
    }
}

/// One year, its names broken into lines.
struct YearPanel {
    title: String,
    rows: Vec<Row>,
    lang: Lang,
}

struct Row {
    name: Vec<String>,
    /// Persons by size: more, less.
    persons: [Vec<f64>; 2],
    /// What is said of each side.
    figures: [String; 2],
}

impl YearPanel {
    fn new((year, (part, bars)): (&WinnersYear, (usize, &[WinnersBar])), unit: Unit, lang: Lang) -> Self {
        let row = |bar: &WinnersBar| {
            let said = |(side, zh, en): (&WinnersSide, &str, &str)| {
                let plus = if side.yuan > 0.0 { "+" } else { "" };
                let (persons, sum) = (persons(side), number::amount(side.yuan, unit, lang));
                match lang {
                    Lang::Zh => format!("{zh}{persons}人，{plus}{sum}"),
                    Lang::En => format!("{en} {persons}; {plus}{sum}"),
                }
            };
            Row {
                name: wrap::lines(&bar.name, SMALL, Weight::Regular, WIDEST),
                persons: [bar.more.persons.clone(), bar.less.persons.clone()],
                figures: [(&bar.more, "多得", "more:"), (&bar.less, "少得", "less:")].map(said),
            }
        };
        let again = if part > 0 { lang.pick("（续）", " (continued)") } else { "" };
        let title = match lang {
            Lang::Zh => format!("{}年{again}", year.year),
            Lang::En => format!("{}{again}", year.year),
        };
        Self { title, rows: bars.iter().map(row).collect(), lang }
    }

    fn height(&self) -> i32 {
        HEAD + self.rows.iter().map(Row::height).sum::<i32>() + axis_height(AXIS_SIZE)
    }

    fn draw(
        &self,
        canvas: &mut Canvas<'_>,
        rect: Rect,
        (columns, shades): ([i32; 2], &[Vec<RGBColor>; 2]),
    ) -> Drawn {
        canvas.text(&Text::new(&self.title, (rect.left, rect.top + 34)).size(LABEL).bold());
        let bottom = rect.bottom - axis_height(AXIS_SIZE);
        let (left, right) = (rect.left + columns[0] + 30, rect.right - columns[1] - FIGURES_AIR);
        let frame = Rect { left, top: rect.top + HEAD, right, bottom };
        let longest =
            |side: usize| number::largest(self.rows.iter().map(|row| row.persons[side].iter().sum()));
        let ticks = Ticks::around_zero(-longest(1), longest(0), 5);
        let panel = Panel::new(frame, ticks.low..ticks.high, 0.0..1.0);
        stacked::bands(canvas, Rect { top: frame.top, ..rect }, self.rows.iter().map(Row::height))?;
        // Numbers of persons to either side: without a sign.
        let labels = ticks.labels().iter().map(|label| label.trim_start_matches('−').to_owned()).collect();
        panel.axis_below(canvas, &ticks, labels, AXIS_SIZE)?;
        let unit = self.lang.pick("（人）", "(persons)");
        canvas.text(&Text::new(unit, (right, frame.top - 18)).size(SMALL).ending().colour(QUIET));
        let mut top = frame.top;
        for row in &self.rows {
            row.draw(canvas, &panel, (rect, top), shades)?;
            top += row.height();
        }
        let nobody = panel.at(0.0, 0.0).0;
        canvas.line(&[(nobody, frame.top), (nobody, frame.bottom)], AXIS, 2)
    }
}

impl Row {
    fn height(&self) -> i32 {
        (self.name.len() as i32).max(2) * NAME_LINE + ROW_AIR
    }

    fn draw(
        &self,
        canvas: &mut Canvas<'_>,
        panel: &Panel,
        (rect, top): (Rect, i32),
        shades: &[Vec<RGBColor>; 2],
    ) -> Drawn {
        let middle = top + self.height() / 2;
        for ((persons, shades), sign) in self.persons.iter().zip(shades).zip([1.0, -1.0]) {
            let mut from = 0.0;
            for (more, shade) in persons.iter().zip(shades) {
                let to = from + more;
                let (a, b) = (panel.at(sign * from, 0.0).0, panel.at(sign * to, 0.0).0);
                if a != b {
                    let bar = Rect { left: a.min(b), top: middle - 16, right: a.max(b), bottom: middle + 16 };
                    canvas.fill(bar, *shade)?;
                }
                from = to;
            }
        }
        stacked::write_name(canvas, (&self.name, Weight::Regular), (rect.left + 6, middle));
        for (figures, above) in self.figures.iter().zip([-1, 1]) {
            let at = (rect.right - 6, middle + above * NAME_LINE / 2);
            canvas.text(&Text::new(figures, at).size(SMALL).ending().level());
        }
        Ok(())
    }
}

/// A number of persons with its error: of few the tenths too.
fn persons(side: &WinnersSide) -> String {
    let all = side.all();
    let decimals = usize::from(all > 0.0 && all < 100.0);
    let error = side.error95_persons.map(|error| format!(" ± {}", figure(error, decimals)));
    figure(all, decimals) + error.as_deref().unwrap_or("")
}

/// The widths of the widest name and of the widest figures of all panels, so that they stand below each other.
fn columns(panels: &[YearPanel]) -> [i32; 2] {
    let rows = || panels.iter().flat_map(|panel| &panel.rows);
    [
        stacked::widest(rows().flat_map(|row| &row.name), Weight::Regular),
        stacked::widest(rows().flat_map(|row| &row.figures), Weight::Regular),
    ]
}

fn notes(n_pages: usize, page: usize, lang: Lang) -> Vec<String> {
    let mut notes = vec![
        lang.pick(
            "同一批人、同一套随机数；向右为多得、向左为少得，颜色越深变化越大（元，一人一年）；“±”为人数的95%误差。",
            "The same persons on the same draws; right: more, left: less, darker the larger the change (yuan a person and year); ±: 95 % error of the number.",
        )
        .to_owned(),
    ];
    notes.extend(stacked::note(n_pages, page, lang));
    notes
}
