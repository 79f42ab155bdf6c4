//! Charts as files: SVG as drawn, PNG and PDF made from it with the bundled font.

use std::io::Write;
use std::path::Path;

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::error::ChartError;
use super::font;
pub use super::pdf::pdf;
use fundcast_engine::file;

/// Resolution for print.
pub const DEFAULT_DPI: u32 = 300;

/// Most pixels of a picture, so that a wrong resolution does not take all time.
const MOST_PIXELS: u64 = 200_000_000;

/// Most pixels that are drawn at once: a larger picture is drawn in strips, and takes no more memory than this one.
const STRIP_PIXELS: u32 = 8_000_000;

/// Renders a chart's SVG document as PNG at `dpi` pixels per inch; the file knows its size in print.
///
/// # Errors
/// When the document is not SVG or the picture would be empty or larger than 200 million pixels.
pub fn png(svg: &str, dpi: u32) -> Result<Vec<u8>, ChartError> {
    let options = Options { dpi: dpi as f32, fontdb: font::database(), ..Options::default() };
    let tree = Tree::from_str(svg, &options)?;
    let size = tree.size().to_int_size();
    let (width, height) = (size.width(), size.height());
    if width == 0 || height == 0 || u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(ChartError::PixelSize { dpi, width, height });
    }
    let strip = (STRIP_PIXELS / width).clamp(1, height);
    let picture = Picture { tree: &tree, width, height, strip };
    picture.encode(dpi)
}

/// A picture that is drawn and encoded strip by strip.
struct Picture<'t> {
    tree: &'t Tree,
    width: u32,
    height: u32,
    /// Rows of a strip.
    strip: u32,
}

impl Picture<'_> {
    /// Encodes the picture without its alpha channel: the paper is white and opaque.
    fn encode(&self, dpi: u32) -> Result<Vec<u8>, ChartError> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Balanced);
        let per_metre = (f64::from(dpi) / 0.0254).round() as u32;
        let dims = png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter };
        encoder.set_pixel_dims(Some(dims));
        let mut writer = encoder.write_header()?;
        if self.strip == self.height {
            writer.write_image_data(&self.rows(0, dpi)?)?;
        } else {
            let mut stream = writer.stream_writer()?;
            for top in (0..self.height).step_by(self.strip as usize) {
                let rows = self.rows(top, dpi)?;
                stream.write_all(&rows).map_err(png::EncodingError::from)?;
            }
            stream.finish()?;
        }
        writer.finish()?;
        Ok(bytes)
    }

    /// The pixels of the strip that begins at a row, three bytes each.
    fn rows(&self, top: u32, dpi: u32) -> Result<Vec<u8>, ChartError> {
        let (width, height) = (self.width, self.height);
        let pixmap = Pixmap::new(width, self.strip.min(height - top));
        let mut pixmap = pixmap.ok_or(ChartError::PixelSize { dpi, width, height })?;
        pixmap.fill(Color::WHITE);
        let size = self.tree.size();
        let scale = Transform::from_scale(width as f32 / size.width(), height as f32 / size.height());
        resvg::render(self.tree, scale.post_translate(0.0, -(top as f32)), &mut pixmap.as_mut());
        Ok(pixmap.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect())
    }
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

fn write(path: &Path, bytes: &[u8]) -> Result<(), ChartError> {
    file::write(path, bytes).map_err(|source| ChartError::Write { path: path.to_owned(), source })
}
