//! What can go wrong when a chart is drawn, rendered or written.

use std::path::PathBuf;

/// Why a chart was not made.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// There is nothing to draw; an empty picture would say "nothing is spent".
    #[error("{chart}: there is no data to draw")]
    NoData {
        /// Name of the chart.
        chart: &'static str,
    },
    /// A value is NaN or infinite.
    #[error("{chart}: {what} is {value}, which cannot be drawn")]
    NotFinite {
        /// Name of the chart.
        chart: &'static str,
        /// Which value, such as "防城区 2025".
        what: String,
        /// The value itself.
        value: f64,
    },
    /// The lower end of an interval lies above its upper end.
    #[error("{chart}: the percentiles of {what} are out of order")]
    Disordered {
        /// Name of the chart.
        chart: &'static str,
        /// Which interval, such as "防城区 2025".
        what: String,
    },
    /// A value below zero where only amounts of zero and more can be stacked.
    #[error("{chart}: {what} is {value}, below zero")]
    Negative {
        /// Name of the chart.
        chart: &'static str,
        /// Which value.
        what: String,
        /// The value itself.
        value: f64,
    },
    /// Two values for one place in the chart.
    #[error("{chart}: {what} is given twice")]
    Twice {
        /// Name of the chart.
        chart: &'static str,
        /// Which place, such as "防城区 2025".
        what: String,
    },
    /// A row holds more or fewer values than there are lines.
    #[error("{chart}: {what} has {found} values, expected {expected}")]
    WrongCount {
        /// Name of the chart.
        chart: &'static str,
        /// Which row.
        what: String,
        /// Values found.
        found: usize,
        /// Values expected.
        expected: usize,
    },
    /// The drawing library refused a shape.
    #[error("cannot draw the chart: {0}")]
    Drawing(String),
    /// The SVG text could not be read back for rendering.
    #[error("cannot render the chart: {0}")]
    Svg(#[from] resvg::usvg::Error),
    /// The picture would be too large or empty.
    #[error("cannot render the chart at {dpi} dpi: {width}x{height} pixels")]
    PixelSize {
        /// Resolution asked for.
        dpi: u32,
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// The picture could not be encoded.
    #[error("cannot encode the chart as PNG: {0}")]
    Png(#[from] png::EncodingError),
    /// The file could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}
