//! Where the spread of spending comes from: a bar of 100 % for each county, its parts one beside the other.

use super::Chart;
use super::canvas::{Canvas, Drawn, Rect};
use super::caption::Caption;
use super::error::ChartError;
use super::font::{self, Weight};
use super::legend::{Key, Swatch};
use super::number;
use super::panel::Panel;
use super::sheet::{AXIS_SIZE, Sheet, axis_height};
use super::spread;
use super::table::pages;
use super::text::Text;
use super::theme::{LABEL, PALETTE, SMALL, ink_on};
use super::ticks::Ticks;
use fundcast_engine::lang::Lang;

const NAME: &str = "sources";
/// Bars on a page.
const MOST_ON_A_PAGE: usize = 28;
/// Height of a bar with its gap.
const ROW: i32 = 52;
/// The widest that names may be.
const WIDEST_NAME: f64 = 640.0;

/// The parts of one county's variance.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SourceBar {
    /// Name of the county, or of the total.
    pub name: String,
    /// Share of each source, in the order of the chart's sources; below 0 counts as nothing.
    pub shares: Vec<f64>,
}

/// What is said of bars.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourcesWords {
    /// The title.
    pub title: String,
    /// What a bar is.
    pub fact: String,
    /// What is said below.
    pub note: String,
}

/// Where the spread of a year comes from, or other parts of a hundred per cent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sources {
    /// The year.
    pub year: i32,
    /// Labels of the sources, at most ten, from the left.
    pub sources: Vec<String>,
    /// One bar a county; the total first.
    pub bars: Vec<SourceBar>,
    /// What is said of other bars than those of a variance.
    pub words: Option<SourcesWords>,
    /// The page that is drawn, from 0.
    pub page: usize,
}

impl Chart for Sources {
    fn draw(&self, caption: &Caption) -> Result<String, ChartError> {
        self.check()?;
        let lang = caption.lang;
        let pages = pages(self.bars.len(), MOST_ON_A_PAGE);
        let page = self.page.min(pages.len() - 1);
        let bars = &self.bars[pages[page].clone()];
        let year = number::year(self.year, lang);
        let title = match lang {
            Lang::Zh => format!("{year}支出的不确定性来自哪里"),
            Lang::En => format!("What the spread of spending in {year} comes from"),
        };
        let fact = lang.pick("占方差的比例（%）", "share of the variance (%)");
        let key = |(name, colour): (&String, _)| Key::new(Swatch::Box(colour), name.as_str());
        let sheet = Sheet {
            title: self.words.as_ref().map_or(title, |words| words.title.clone()),
            facts: vec![self.words.as_ref().map_or_else(|| fact.to_owned(), |words| words.fact.clone())],
            legend: self.sources.iter().zip(PALETTE).map(key).collect(),
            notes: vec![self.note(page, lang)],
            percentiles: &[],
            body_height: ROW * bars.len() as i32 + axis_height(AXIS_SIZE) + 10,
        };
        sheet.draw(caption, |canvas, rect| draw_bars(canvas, rect, bars))
    }
}

impl Sources {
    /// The pages that it takes to draw every county.
    #[must_use]
    pub fn n_pages(&self) -> usize {
        pages(self.bars.len(), MOST_ON_A_PAGE).len()
    }

    /// What a bar is, and which page this is.
    fn note(&self, page: usize, lang: Lang) -> String {
        let what = lang.pick(
            "各段自左至右与图例顺序一致；误差和各类对象明细见 uncertainty.csv。",
            "Parts follow the legend from the left; errors and single categories stand in uncertainty.csv.",
        );
        let what = self.words.as_ref().map_or(what, |words| &words.note);
        let n = self.n_pages();
        match (n, lang) {
            (0 | 1, _) => what.to_owned(),
            (_, Lang::Zh) => format!("{what}第{}页，共{n}页。", page + 1),
            (_, Lang::En) => format!("{what} Page {} of {n}.", page + 1),
        }
    }

    fn check(&self) -> Result<(), ChartError> {
        if self.sources.is_empty() || self.bars.is_empty() {
            return Err(ChartError::NoData { chart: NAME });
        }
        for bar in &self.bars {
            let (found, expected) = (bar.shares.len(), self.sources.len().min(PALETTE.len()));
            if found != expected {
                return Err(ChartError::WrongCount { chart: NAME, what: bar.name.clone(), found, expected });
            }
            spread::finite(NAME, &bar.name, &bar.shares)?;
        }
        Ok(())
    }
}

fn draw_bars(canvas: &mut Canvas<'_>, rect: Rect, bars: &[SourceBar]) -> Drawn {
    let widths = bars.iter().map(|bar| font::width(&bar.name, LABEL, Weight::Regular));
    let names = widths.fold(0.0, f64::max).min(WIDEST_NAME) as i32;
    let frame = Rect { left: rect.left + names + 20, bottom: rect.bottom - axis_height(AXIS_SIZE), ..rect };
    let frame = Rect { right: frame.right - 30, ..frame };
    let panel = Panel::new(frame, 0.0..100.0, bars.len() as f64..0.0);
    panel.value_axis_below(canvas, &Ticks::from_zero(0.0, 100.0, 10), AXIS_SIZE)?;
    for (row, bar) in bars.iter().enumerate() {
        let middle = row as f64 + 0.5;
        let y = panel.at(0.0, middle).1;
        canvas.text(&Text::new(&bar.name, (frame.left - 14, y)).size(LABEL).ending().level());
        let shares: Vec<f64> = bar.shares.iter().map(|share| share.max(0.0)).collect();
        let all: f64 = shares.iter().sum();
        let mut from = 0.0;
        for (share, colour) in shares.iter().zip(PALETTE) {
            let to = from + 100.0 * share / all.max(f64::MIN_POSITIVE);
            panel.bar(canvas, (from, middle - 0.36), (to, middle + 0.36), colour)?;
            let label = format!("{:.0}", to - from);
            let room = f64::from(panel.at(to, middle).0 - panel.at(from, middle).0);
            if font::width(&label, SMALL, Weight::Regular) + 10.0 < room {
                let at = (panel.at((from + to) / 2.0, middle).0, y);
                canvas.text(&Text::new(label, at).size(SMALL).centred().level().colour(ink_on(colour)));
            }
            from = to;
        }
    }
    Ok(())
}
