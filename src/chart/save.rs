//! Charts as files: SVG as drawn, PNG rendered from it with the bundled font.

use std::path::Path;

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::error::ChartError;
use super::font;

/// Resolution for print.
pub const DEFAULT_DPI: u32 = 300;

/// Most pixels of a picture, so that a wrong resolution does not take all memory.
const MOST_PIXELS: u64 = 200_000_000;

/// Renders a chart's SVG document as PNG at `dpi` pixels per inch; the file knows its size in print.
///
/// # Errors
/// When the document is not SVG or the picture would be empty or larger than 200 million pixels.
pub fn png(svg: &str, dpi: u32) -> Result<Vec<u8>, ChartError> {
    let options = Options { dpi: dpi as f32, fontdb: font::database(), ..Options::default() };
    let tree = Tree::from_str(svg, &options)?;
    let size = tree.size().to_int_size();
    let (width, height) = (size.width(), size.height());
    let too_large = u64::from(width) * u64::from(height) > MOST_PIXELS;
    let pixmap = if too_large { None } else { Pixmap::new(width, height) };
    let mut pixmap = pixmap.ok_or(ChartError::PixelSize { dpi, width, height })?;
    pixmap.fill(Color::WHITE);
    let scale = (width as f32 / tree.size().width(), height as f32 / tree.size().height());
    resvg::render(&tree, Transform::from_scale(scale.0, scale.1), &mut pixmap.as_mut());
    encode(&pixmap, dpi)
}

/// Writes a chart's SVG document.
///
/// # Errors
/// [`ChartError::Write`] with the path.
pub fn write_svg(path: &Path, svg: &str) -> Result<(), ChartError> {
    write(path, svg.as_bytes())
}

/// Renders a chart's SVG document and writes it as PNG.
///
/// # Errors
/// As [`png()`], and [`ChartError::Write`] with the path.
pub fn write_png(path: &Path, svg: &str, dpi: u32) -> Result<(), ChartError> {
    write(path, &png(svg, dpi)?)
}

/// Encodes the picture without its alpha channel: the paper is white and opaque.
fn encode(pixmap: &Pixmap, dpi: u32) -> Result<Vec<u8>, ChartError> {
    let rgb: Vec<u8> =
        pixmap.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixmap.width(), pixmap.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Balanced);
    let per_metre = (f64::from(dpi) / 0.0254).round() as u32;
    let dims = png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter };
    encoder.set_pixel_dims(Some(dims));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&rgb)?;
    writer.finish()?;
    Ok(bytes)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), ChartError> {
    std::fs::write(path, bytes).map_err(|source| ChartError::Write { path: path.to_owned(), source })
}
