//! Small multiples: equal cells for one panel per county, each with the county's name.

use super::canvas::{Canvas, Rect};
use super::text::Text;
use super::theme::LABEL;

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

/// Cell `i` of `n` in `rect`, below the common head.
pub(super) fn cell(rect: Rect, n: usize, i: usize) -> Rect {
    let columns = columns(n) as i32;
    let width = (rect.width() + GUTTER) / columns;
    let (left, top) = (rect.left + i as i32 % columns * width, rect.top + HEAD + i as i32 / columns * CELL);
    Rect { left, top, right: left + width - GUTTER, bottom: top + CELL - 16 }
}

/// Writes the head above all cells.
pub(super) fn head(canvas: &mut Canvas<'_>, rect: Rect, words: &str) {
    canvas.text(&Text::new(words, (rect.left, rect.top + 38)).bold());
}

/// Writes the name of a cell; returns what is left below it.
pub(super) fn named(canvas: &mut Canvas<'_>, cell: Rect, name: &str) -> Rect {
    let lines = super::wrap::lines(name, LABEL, super::font::Weight::Bold, cell.width());
    let room = if lines.len() > 1 { LABEL - 4 } else { LABEL };
    for (i, line) in lines.iter().take(2).enumerate() {
        let y = cell.top + 28 + i as i32 * room - if lines.len() > 1 { room / 2 } else { 0 };
        canvas.text(&Text::new(line, (cell.left, y)).size(room).bold());
    }
    cell.below(NAME)
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
