//! Charts as PDF: one page of the chart's size, every shape and letter an outline, so that no reader needs a font.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{LineCapStyle, LineJoinStyle};
use pdf_writer::{Content, Filter, Finish, Pdf, Rect, Ref, TextStr};
use resvg::tiny_skia::{Path, PathSegment, Point, Transform};
use resvg::usvg::{self, FillRule, Group, LineCap, LineJoin, Node, Options, Paint, Tree};

use super::error::ChartError;
use super::{font, said};

/// Points of a PDF in an inch: a document that is read at this resolution has its sizes in points.
const POINTS: f32 = 72.0;

/// Converts a chart's SVG document to PDF, on a page of its own size.
///
/// # Errors
/// When the document is not SVG, or has what charts do not have: gradients, pictures.
pub fn pdf(svg: &str) -> Result<Vec<u8>, ChartError> {
    let options = Options { dpi: POINTS, fontdb: font::database(), ..Options::default() };
    let tree = Tree::from_str(svg, &options)?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let mut content = Content::new();
    // The origin of a PDF is the lower corner.
    let upright = Transform::from_row(1.0, 0.0, 0.0, -1.0, 0.0, height);
    group(&mut content, tree.root(), upright)?;
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    packed.write_all(&content.finish()).map_err(ChartError::Pdf)?;
    let packed = packed.finish().map_err(ChartError::Pdf)?;
    let [catalog, pages, page, drawing, info] = [1, 2, 3, 4, 5].map(Ref::new);
    let mut document = Pdf::new();
    let language = if svg.contains("xml:lang=\"en\"") { "en" } else { "zh-CN" };
    document.catalog(catalog).pages(pages).lang(TextStr(language));
    document.pages(pages).kids([page]).count(1);
    let mut only = document.page(page);
    only.media_box(Rect::new(0.0, 0.0, width, height)).parent(pages).contents(drawing);
    only.resources();
    only.finish();
    document.stream(drawing, &packed).filter(Filter::FlateDecode);
    let (title, facts) = said(svg);
    document.document_info(info).title(TextStr(&title)).subject(TextStr(&facts)).creator(TextStr("fundcast"));
    Ok(document.finish())
}

fn group(content: &mut Content, group_: &Group, to_page: Transform) -> Result<(), ChartError> {
    for node in group_.children() {
        match node {
            Node::Group(inner) => group(content, inner, to_page)?,
            Node::Text(text) => group(content, text.flattened(), to_page)?,
            Node::Path(path) if path.is_visible() => shape(content, path, to_page)?,
            Node::Path(_) => {}
            Node::Image(_) => return Err(ChartError::Drawing("a picture in a chart".to_owned())),
        }
    }
    Ok(())
}

fn shape(content: &mut Content, path: &usvg::Path, to_page: Transform) -> Result<(), ChartError> {
    let transform = to_page.pre_concat(path.abs_transform());
    let Some(outline) = path.data().clone().transform(transform) else { return Ok(()) };
    if let Some(fill) = path.fill() {
        let [red, green, blue] = rgb(fill.paint())?;
        content.set_fill_rgb(red, green, blue);
        follow(content, &outline);
        match fill.rule() {
            FillRule::NonZero => content.fill_nonzero(),
            FillRule::EvenOdd => content.fill_even_odd(),
        };
    }
    if let Some(stroke) = path.stroke() {
        let [red, green, blue] = rgb(stroke.paint())?;
        content.set_stroke_rgb(red, green, blue);
        let (across, along) = transform.get_scale();
        content.set_line_width(stroke.width().get() * (across * along).sqrt());
        content.set_line_cap(match stroke.linecap() {
            LineCap::Butt => LineCapStyle::ButtCap,
            LineCap::Round => LineCapStyle::RoundCap,
            LineCap::Square => LineCapStyle::ProjectingSquareCap,
        });
        content.set_line_join(match stroke.linejoin() {
            LineJoin::Round => LineJoinStyle::RoundJoin,
            LineJoin::Bevel => LineJoinStyle::BevelJoin,
            LineJoin::Miter | LineJoin::MiterClip => LineJoinStyle::MiterJoin,
        });
        follow(content, &outline);
        content.stroke();
    }
    Ok(())
}

fn rgb(paint: &Paint) -> Result<[f32; 3], ChartError> {
    match paint {
        Paint::Color(colour) => {
            Ok([colour.red, colour.green, colour.blue].map(|part| f32::from(part) / 255.0))
        }
        _ => Err(ChartError::Drawing("a colour that is no single one".to_owned())),
    }
}

/// Writes an outline; a curve through one point becomes one through two, which is what a PDF has.
fn follow(content: &mut Content, outline: &Path) {
    // A thousandth of a point is far below what any printer shows, and half as long to write.
    let round = |value: f32| (value * 1000.0).round() / 1000.0;
    let mut at = Point::zero();
    for segment in outline.segments() {
        match segment {
            PathSegment::MoveTo(to) => drop(content.move_to(round(to.x), round(to.y))),
            PathSegment::LineTo(to) => drop(content.line_to(round(to.x), round(to.y))),
            PathSegment::QuadTo(by, to) => {
                let third = |end: f32, by: f32| round(end + (by - end) * 2.0 / 3.0);
                content.cubic_to(
                    third(at.x, by.x),
                    third(at.y, by.y),
                    third(to.x, by.x),
                    third(to.y, by.y),
                    round(to.x),
                    round(to.y),
                );
            }
            PathSegment::CubicTo(by, and, to) => {
                content.cubic_to(
                    round(by.x),
                    round(by.y),
                    round(and.x),
                    round(and.y),
                    round(to.x),
                    round(to.y),
                );
            }
            PathSegment::Close => drop(content.close_path()),
        }
        if let PathSegment::MoveTo(to)
        | PathSegment::LineTo(to)
        | PathSegment::QuadTo(_, to)
        | PathSegment::CubicTo(_, _, to) = segment
        {
            at = to;
        }
    }
}
