//! Small multiples: equal cells for one panel per county, each with the county's name.

use super::canvas::{Canvas, Drawn, Rect};
use super::font::Weight;
use super::number::Unit;
use super::text::Text;
use super::theme::LABEL;
use super::wrap;
use crate::lang::Lang;

/// Most counties that get a panel each.
pub(super) const MOST_PANELS: usize = 12;
/// Height of one cell.
const CELL: i32 = 360;
/// Height of a cell's name.
const NAME: i32 = 58;
/// Air between two cells.
const GUTTER: i32 = 34;
/// Height of the words above all cells.
const HEAD: i32 = 60;

/// Height of `n` cells with their common head; nothing for none.
pub(super) fn height(n: usize) -> i32 {
    if n == 0 { 0 } else { HEAD + n.div_ceil(columns(n)) as i32 * CELL }
}

/// Draws a cell for each name below a common head: `draw` gets the index and what is left below the name.
pub(super) fn draw(
    canvas: &mut Canvas<'_>,
    rect: Rect,
    (unit, lang): (Unit, Lang),
    names: &[&str],
    draw: impl Fn(&mut Canvas<'_>, usize, Rect) -> Drawn,
) -> Drawn {
    if names.is_empty() {
        return Ok(());
    }
    let head = match lang {
        Lang::Zh => format!("分县（市、区），单位：{}，各图刻度不同", unit.label(lang)),
        Lang::En => format!("By county, in {}; each panel has its own scale", unit.label(lang)),
    };
    canvas.text(&Text::new(head, (rect.left, rect.top + 38)).bold());
    for (i, name) in names.iter().enumerate() {
        let cell = cell(rect, names.len(), i);
        write_name(canvas, cell, name);
        draw(canvas, i, cell.below(NAME))?;
    }
    Ok(())
}

/// The note that stands for `n` counties without panels of their own.
pub(super) fn left_out(n: usize, lang: Lang) -> Option<String> {
    (n > MOST_PANELS).then(|| match lang {
        Lang::Zh => format!("共{n}个县（市、区），此处只画合计；分县数见各县支出图和数据表。"),
        Lang::En => {
            format!("{n} counties; only their total is drawn here. See the chart and table by county.")
        }
    })
}

/// Cell `i` of `n`.
fn cell(rect: Rect, n: usize, i: usize) -> Rect {
    let columns = columns(n) as i32;
    let width = (rect.width() + GUTTER) / columns;
    let (left, top) = (rect.left + i as i32 % columns * width, rect.top + HEAD + i as i32 / columns * CELL);
    Rect { left, top, right: left + width - GUTTER, bottom: top + CELL - 16 }
}

/// Writes a name in one line, or in two lines of smaller letters.
fn write_name(canvas: &mut Canvas<'_>, cell: Rect, name: &str) {
    let lines = wrap::balanced(name, LABEL, Weight::Bold, cell.width());
    let (size, first) = if lines.len() > 1 { (LABEL - 4, 17) } else { (LABEL, 28) };
    for (i, line) in lines.iter().take(2).enumerate() {
        canvas.text(&Text::new(line, (cell.left, cell.top + first + i as i32 * size)).size(size).bold());
    }
}

/// Three columns where they come out even, four for many.
fn columns(n: usize) -> usize {
    match n {
        0..=3 => n.max(1),
        4 => 2,
        5 | 6 | 9 => 3,
        _ => 4,
    }
}
