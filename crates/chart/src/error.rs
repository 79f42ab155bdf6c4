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
    /// The document could not be packed.
    #[error("cannot pack the chart as PDF: {0}")]
    Pdf(std::io::Error),
    /// The file could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl ChartError {
    /// The same in Chinese.
    #[must_use]
    pub fn text_zh(&self) -> String {
        match self {
            Self::NoData { chart } => format!("{chart}：没有数据可画"),
            Self::NotFinite { chart, what, value } => format!("{chart}：{what} 为 {value}，无法画出"),
            Self::Disordered { chart, what } => format!("{chart}：{what} 的分位数顺序不对"),
            Self::Negative { chart, what, value } => format!("{chart}：{what} 为 {value}，小于零"),
            Self::Twice { chart, what } => format!("{chart}：{what} 给了两次"),
            Self::WrongCount { chart, what, found, expected } => {
                format!("{chart}：{what} 有{found}个值，应有{expected}个")
            }
            Self::Drawing(why) => format!("绘图出错（{why}）"),
            Self::Svg(why) => format!("SVG 无法转为图片（{why}）"),
            Self::PixelSize { dpi, width, height } => {
                format!("{dpi} dpi 的图片为 {width}×{height} 像素，无法生成")
            }
            Self::Png(why) => format!("PNG 无法写成（{why}）"),
            Self::Pdf(why) => format!("PDF 无法写成（{why}）"),
            Self::Write { path, source } => format!("无法写入 {}（{source}）", path.display()),
        }
    }
}
