//! The sheet every chart stands on: title, subtitle, legend, the chart's body, notes and source, one below the other.

use super::canvas::{Canvas, Drawn, Rect};
use super::caption::Caption;
use super::error::ChartError;
use super::font::{self, Weight};
use super::legend::{self, Key};
use super::text::{self, Text};
use super::theme::{LABEL, MARGIN, QUIET, SMALL, SUBTITLE, TITLE, WHITE, WIDTH};
use super::wrap;
use fundcast_engine::lang::Lang;

/// Width between the margins.
pub(super) const INNER: i32 = WIDTH - 2 * MARGIN;

/// What a chart puts around its body.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// The chart's own title, used unless the caption has another.
    pub(super) title: String,
    /// Unit, interval and the like, for the subtitle.
    pub(super) facts: Vec<String>,
    /// Keys of the legend.
    pub(super) legend: Vec<Key>,
    /// Notes under the chart.
    pub(super) notes: Vec<String>,
    /// The percentiles that the chart shows: a note warns of those that the replicates are too few for.
    pub(super) percentiles: &'static [u16],
    /// Height of the body in pixels.
    pub(super) body_height: i32,
}

/// The sheet's texts, broken into lines.
struct Lines {
    title: Vec<String>,
    subtitle: Vec<String>,
    notes: Vec<String>,
}

impl Sheet {
    /// Draws the sheet and lets `body` draw into its part of it; returns the whole SVG document.
    pub(super) fn draw(
        &self,
        caption: &Caption,
        body: impl FnOnce(&mut Canvas<'_>, Rect) -> Drawn,
    ) -> Result<String, ChartError> {
        let lines = self.lines(caption);
        let legend_top = MARGIN + rows(&lines.title, TITLE) + rows(&lines.subtitle, SUBTITLE) + 14;
        let top = legend_top + legend::height(&self.legend, INNER) + 10;
        let bottom = top + self.body_height;
        let height = bottom + 16 + rows(&lines.notes, SMALL) + MARGIN / 2;
        let (shapes, words) = Canvas::paint((WIDTH, height), |canvas| {
            canvas.fill(Rect { left: 0, top: 0, right: WIDTH, bottom: height }, WHITE)?;
            write_all(canvas, &lines, bottom + 16);
            legend::draw(canvas, &self.legend, (MARGIN, legend_top), INNER)?;
            body(canvas, Rect { left: MARGIN, top, right: WIDTH - MARGIN, bottom })
        })?;
        Ok(document(caption.lang, height, &lines, &(shapes + &group(&words))))
    }

    fn lines(&self, caption: &Caption) -> Lines {
        let title = caption.title.as_ref().unwrap_or(&self.title);
        let too_few = caption.too_few(self.percentiles);
        let notes =
            self.notes.iter().chain(&too_few).chain(Some(&caption.source)).filter(|note| !note.is_empty());
        Lines {
            title: wrap::lines(title, TITLE, Weight::Bold, INNER),
            subtitle: wrap::parts(&caption.subtitle(&self.facts), SUBTITLE, Weight::Regular, INNER),
            notes: notes.flat_map(|note| wrap::lines(note, SMALL, Weight::Regular, INNER)).collect(),
        }
    }
}

/// Height of some lines.
fn rows(lines: &[String], size: i32) -> i32 {
    lines.len() as i32 * line_height(size)
}

const fn line_height(size: i32) -> i32 {
    size * 14 / 10
}

fn write_all(canvas: &mut Canvas<'_>, lines: &Lines, notes_top: i32) {
    let mut y = MARGIN;
    for line in &lines.title {
        canvas.text(&Text::new(line, (MARGIN, y + TITLE)).size(TITLE).bold());
        y += line_height(TITLE);
    }
    for line in &lines.subtitle {
        canvas.text(&Text::new(line, (MARGIN, y + SUBTITLE + 4)).size(SUBTITLE).colour(QUIET));
        y += line_height(SUBTITLE);
    }
    let mut y = notes_top;
    for line in &lines.notes {
        canvas.text(&Text::new(line, (MARGIN, y + SMALL)).size(SMALL).colour(QUIET));
        y += line_height(SMALL);
    }
}

/// Rows between the top of a body and its plot, for the unit above the axis.
pub(super) const AXIS_TOP: i32 = 56;

/// Writes the unit in the corner above a value axis.
pub(super) fn unit_above(canvas: &mut Canvas<'_>, unit: &str, lang: Lang, at: (i32, i32)) {
    let words = match lang {
        Lang::Zh => format!("（{unit}）"),
        Lang::En => format!("({unit})"),
    };
    canvas.text(&Text::new(words, (at.0, at.1 + 26)).size(SMALL).colour(QUIET));
}

fn group(words: &str) -> String {
    format!("<g font-family=\"{}\">\n{words}</g>\n", font::FAMILY)
}

/// The document: size in millimetres for print, title and description for readers who cannot see it.
fn document(lang: Lang, height: i32, lines: &Lines, content: &str) -> String {
    let tag = lang.pick("zh-CN", "en");
    let tenth_mm = |px: i32| format!("{}.{}mm", px / 10, px % 10);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {WIDTH} {height}\" \
         role=\"img\" xml:lang=\"{tag}\">\n<title>{}</title>\n<desc>{}</desc>\n{content}</svg>\n",
        tenth_mm(WIDTH),
        tenth_mm(height),
        text::escaped(&lines.title.join(lang.pick("", " "))),
        text::escaped(&lines.subtitle.join(lang.pick("", " "))),
    )
}

/// Height that the figures and names of an axis need below a plot.
pub(super) const fn axis_height(size: i32) -> i32 {
    size + 22
}

/// The usual size of axis figures.
pub(super) const AXIS_SIZE: i32 = LABEL - 1;
