//! The charts of a command: in which formats and of which size they are written.

use clap::{Args, ValueEnum};
use rayon::prelude::*;

use super::Stop;
use crate::chart::{Caption, ChartError, Frame, missing_glyphs, save};
use crate::document::not_drawn;
use crate::projection::warning::Warning;
use crate::report::figures::Figure;
use crate::report::write::RunFolder;

/// How charts are written.
#[derive(Debug, Clone, Args)]
pub struct ChartArgs {
    /// In which formats charts are written, separated by commas
    #[arg(long, value_enum, value_delimiter = ',', value_name = "FORMATS", default_value = "svg,png")]
    pub charts: Vec<ChartFormatArg>,
    /// What charts are to fit
    #[arg(long, value_enum, value_name = "SIZE", default_value_t = ChartSizeArg::A4)]
    pub chart_size: ChartSizeArg,
    /// Resolution of the PNG charts, dots per inch
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(50..=1200))]
    pub dpi: u32,
}

impl Default for ChartArgs {
    fn default() -> Self {
        let charts = vec![ChartFormatArg::Svg, ChartFormatArg::Png];
        Self { charts, chart_size: ChartSizeArg::A4, dpi: save::DEFAULT_DPI }
    }
}

/// A format of charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ChartFormatArg {
    /// Lines and text, for the web and for editing
    Svg,
    /// Pixels, for Word and WPS
    Png,
    /// Lines and outlines of letters, for print
    Pdf,
}

/// A size of charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ChartSizeArg {
    /// 16 cm wide, the text width of an A4 page
    A4,
    /// No higher than 12 cm: two of them fill a page
    Half,
    /// In the middle of a slide of 16 to 9
    Slide,
}

impl From<ChartSizeArg> for Frame {
    fn from(size: ChartSizeArg) -> Self {
        match size {
            ChartSizeArg::A4 => Self::A4,
            ChartSizeArg::Half => Self::Half,
            ChartSizeArg::Slide => Self::Slide,
        }
    }
}

/// A drawn chart in one of its formats, by the name of its file.
type Written = (String, Vec<u8>);

/// The characters that a figure's font lacks, and its files; nothing of a figure without data.
type Made = Result<Option<(String, Vec<Written>)>, ChartError>;

/// Draws figures and forgets them: whatever cannot be drawn is said before the simulation.
pub fn try_charts(figures: &[Figure], caption: &Caption) -> Result<(), Stop> {
    Ok(figures.iter().try_for_each(|figure| drawn(figure, caption).map(drop))?)
}

/// Draws every figure in every format; a figure without data is left out. Warns of characters that the font lacks.
pub fn draw(
    folder: &RunFolder,
    charts: Vec<Figure>,
    caption: &Caption,
    args: &ChartArgs,
) -> Result<Option<Warning>, Stop> {
    let mut lacking = String::new();
    // As many at once as there are threads, so that not all of them are in memory.
    for some in charts.chunks(rayon::current_num_threads().max(1)) {
        let made: Vec<Made> = some.par_iter().map(|figure| made(figure, caption, args)).collect();
        for one in made {
            let Some((missing, files)) = one? else { continue };
            lacking.push_str(&missing);
            for (name, bytes) in files {
                folder.write(&name, |out| std::io::Write::write_all(out, &bytes))?;
            }
        }
    }
    let characters = missing_glyphs(&lacking);
    Ok((!characters.is_empty()).then_some(Warning::MissingGlyphs { characters }))
}

fn drawn(figure: &Figure, caption: &Caption) -> Result<Option<String>, ChartError> {
    match figure.chart.draw(caption) {
        Err(ChartError::NoData { .. }) => Ok(None),
        other => other.map(Some),
    }
}

/// The characters that a figure's font lacks, and its files.
fn made(figure: &Figure, caption: &Caption, args: &ChartArgs) -> Made {
    let Some(svg) = drawn(figure, caption)? else { return Ok(None) };
    let missing = missing_glyphs(&svg);
    let svg = Frame::from(args.chart_size).fit(svg);
    let mut files = Vec::new();
    let named = |ending: &str| format!("charts/{}.{ending}", figure.name);
    for (format, ending) in FORMATS {
        if args.charts.contains(&format) {
            let bytes = match format {
                ChartFormatArg::Svg => svg.clone().into_bytes(),
                ChartFormatArg::Png => save::png(&svg, args.dpi)?,
                ChartFormatArg::Pdf => save::pdf(&svg)?,
            };
            files.push((named(ending), bytes));
        }
    }
    Ok(Some((missing, files)))
}

const FORMATS: [(ChartFormatArg, &str); 3] =
    [(ChartFormatArg::Svg, "svg"), (ChartFormatArg::Png, "png"), (ChartFormatArg::Pdf, "pdf")];

impl From<ChartError> for Stop {
    fn from(error: ChartError) -> Self {
        Self::Failed(not_drawn(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{CountyBars, CountySpending, Spread};
    use crate::lang::Words;

    fn bars(mean_yuan: f64) -> Figure {
        let spending = Spread { mean_yuan, p05_yuan: mean_yuan, p95_yuan: mean_yuan };
        let row = CountySpending { county: "港口区".to_owned(), year: 2023, spending };
        Figure::page("bars", 0, Box::new(CountyBars { rows: vec![row], ..CountyBars::default() }))
    }

    #[test]
    fn exact_a_chart_that_cannot_be_drawn_is_said_and_one_without_data_is_left_out() {
        let caption = Caption::default();
        let empty = Figure::page("bars", 0, Box::new(CountyBars::default()));
        assert!(try_charts(&[bars(1.0), empty], &caption).is_ok());
        let Err(Stop::Failed(Words { zh, en })) = try_charts(&[bars(f64::NAN)], &caption) else {
            panic!("drawn")
        };
        assert!(zh.contains("港口区 2023") && en.contains("港口区 2023"), "{zh} {en}");
    }
}
