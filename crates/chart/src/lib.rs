//! Charts for budget papers: each takes plain figures and returns an SVG document; nothing is computed, read or printed here.
//!
//! A chart is a struct of figures with [`Chart::draw`]. Its document names a font family that falls back on other
//! machines; [`save`] renders it with the bundled font, so that a PNG looks the same everywhere. The same figures give
//! the same bytes.

mod balance;
mod canvas;
mod caption;
mod county_bars;
mod curve;
mod difference;
mod difference_page;
mod distribution;
mod error;
mod fan;
mod font;
mod frame;
mod grid;
mod heat;
mod histogram;
mod legend;
mod level;
mod lines_stack;
mod months;
mod needed;
mod number;
mod panel;
mod pdf;
mod pooling;
pub mod save;
mod runs_out;
mod sheet;
mod sources;
mod spread;
mod stacked;
mod table;
mod taper;
#[cfg(test)]
mod tests;
mod text;
mod theme;
mod ticks;
mod upright;
mod waterfall;
mod tornado;
mod winners;
mod wrap;

pub use balance::{Balance, BalanceMonth, BalanceSeries};
pub use caption::Caption;
pub use county_bars::{CountyBars, CountySpending};
pub use curve::{Curve, CurveAxis, CurveMark, CurvePoint, CurveSeries};
pub use difference::{Difference, DifferenceRow};
pub use distribution::{Distribution, Marks};
pub use error::ChartError;
pub use fan::{Fan, FanSeries, FanYear};
pub use font::missing_glyphs;
pub use frame::Frame;
pub use grid::MOST_PAGES;
pub use heat::{Heat, HeatBlock, HeatKind};
pub use lines_stack::{LinesStack, StackSeries, StackYear};
pub use months::{MonthSpending, Months, MonthsSeries};
pub use needed::{Needed, NeededBudget, NeededCounty};
pub use pooling::{Pooling, PoolingYear};
pub use runs_out::{RunsOut, RunsOutMonth, RunsOutSeries};
pub use sources::{SourceBar, Sources, SourcesWords};
pub use spread::Spread;
pub use taper::{Taper, TaperYear};
pub use tornado::{Tornado, TornadoBar, TornadoPanel};
pub use waterfall::{Waterfall, WaterfallPurse, WaterfallStep};
pub use winners::{Winners, WinnersBar, WinnersSide, WinnersYear};

/// The colours of series in order, as red, green and blue: told apart by colour-blind readers and in grey print.
#[must_use]
pub fn palette() -> [[u8; 3]; 10] {
    theme::PALETTE.map(|colour| [colour.0, colour.1, colour.2])
}

/// Width and height of a chart's document, in millimetres; `None` where it is no chart.
#[must_use]
pub fn size(svg: &str) -> Option<(f64, f64)> {
    let of = |name: &str| {
        let (_, rest) = svg.split_once(&format!(" {name}=\""))?;
        rest.split_once("mm\"")?.0.parse().ok()
    };
    Some((of("width")?, of("height")?))
}

/// The title of a chart's document and the facts under it, as text; empty where it is no chart.
#[must_use]
pub fn said(svg: &str) -> (String, String) {
    let of = |name: &str| {
        let inner =
            svg.split_once(&format!("<{name}>")).and_then(|(_, rest)| rest.split_once(&format!("</{name}>")));
        let text = inner.map_or("", |(text, _)| text).replace("&lt;", "<").replace("&gt;", ">");
        text.replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
    };
    (of("title"), of("desc"))
}

/// Figures that can be drawn.
pub trait Chart: Send + Sync {
    /// Draws the figures as an SVG document of 16 cm width.
    ///
    /// # Errors
    /// [`ChartError::NoData`] when there is nothing to draw, and an error that names the place for a value that is not
    /// finite, an interval out of order, or a place given twice.
    fn draw(&self, caption: &Caption) -> Result<String, ChartError>;
}
