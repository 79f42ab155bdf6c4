//! Small multiples: equal cells for one panel per county, each with the county's name.

use std::ops::Range;

use super::canvas::{Canvas, Drawn, Rect};
use super::font::Weight;
use super::number::Unit;
use super::table::{self, Ranks};
use super::text::Text;
use super::theme::LABEL;
use super::wrap;
use fundcast_engine::lang::Lang;

/// Most counties that get a panel each below the total.
pub(super) const MOST_PANELS: usize = 12;
/// Counties on a page of their own.
const MOST_ON_A_PAGE: usize = 20;
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
    let head = match lang {
        Lang::Zh => format!("分县（市、区），单位：{}，各图刻度不同", unit.label(lang)),
        Lang::En => format!("By county, in {}; each panel has its own scale", unit.label(lang)),
    };
    draw_under(canvas, rect, &head, names, draw)
}

/// The same below a head of its own.
pub(super) fn draw_under(
    canvas: &mut Canvas<'_>,
    rect: Rect,
    head: &str,
    names: &[&str],
    draw: impl Fn(&mut Canvas<'_>, usize, Rect) -> Drawn,
) -> Drawn {
    if names.is_empty() {
        return Ok(());
    }
    canvas.text(&Text::new(head, (rect.left, rect.top + 38)).bold());
    for (i, name) in names.iter().enumerate() {
        let cell = cell(rect, names.len(), i);
        write_name(canvas, cell, name);
        draw(canvas, i, cell.below(NAME))?;
    }
    Ok(())
}

/// The pages of panels that follow the total: none where all panels stand below it.
pub(super) fn pages(n: usize) -> Vec<Range<usize>> {
    if n > MOST_PANELS { table::pages(n, MOST_ON_A_PAGE) } else { Vec::new() }
}

/// The note below a total whose `n` counties have pages of their own.
pub(super) fn overleaf(n: usize, lang: Lang) -> Option<String> {
    let n_pages = pages(n).len();
    (n_pages > 0).then(|| match lang {
        Lang::Zh => format!("共{n}个县（市、区），此处为合计；分县图见后{n_pages}页。"),
        Lang::En => format!("The total of {n} counties; {n_pages} pages with a panel for each follow."),
    })
}

/// The counties of a page of panels, largest first, with the note below it; `None` for the page of the total.
pub(super) fn ranked<'c, T>(
    counties: &'c [T],
    page: usize,
    size: impl Fn(&T) -> f64,
    (by, lang): (&str, Lang),
) -> Option<(Vec<&'c T>, String)> {
    let pages = pages(counties.len());
    let page = page.min(pages.len()).checked_sub(1)?;
    let mut ranked: Vec<&'c T> = counties.iter().collect();
    ranked.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let note = Ranks { by, page, pages: &pages, lang }.note();
    Some((ranked[pages[page].clone()].to_vec(), note))
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
