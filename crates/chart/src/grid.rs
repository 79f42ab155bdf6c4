//! Small multiples: equal cells for one panel per county, each with the county's name.

use std::ops::Range;

use super::canvas::{Canvas, Drawn, Rect};
use super::font::Weight;
use super::number::Unit;
use super::sheet::{AXIS_SIZE, AXIS_TOP, unit_above};
use super::table::{self, Ranks};
use super::text::Text;
use super::theme::{LABEL, SMALL};
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
/// Height of a panel that has the page to itself.
const WHOLE: i32 = 640;
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
    draw_under(canvas, rect, &head(unit, lang), names, draw)
}

/// The words above cells of money.
pub(super) fn head(unit: Unit, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("分县（市、区），单位：{}，各图刻度不同", unit.label(lang)),
        Lang::En => format!("By county, in {}; each panel has its own scale", unit.label(lang)),
    }
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

/// The most pages of one chart: of more only the first are drawn, those of the largest counties. Nobody looks at hundreds of
/// pages, and they would take longer than the tables, which have every county.
pub const MOST_PAGES: usize = 15;

/// The note below a total whose `n` counties have pages of their own.
pub(super) fn overleaf(n: usize, lang: Lang) -> Option<String> {
    let n_pages = pages(n).len();
    let most = MOST_PAGES - 1;
    (n_pages > 0).then(|| match lang {
        Lang::Zh if n_pages > most => {
            format!("共{n}个县（市、区），此处为合计；后{most}页为最大的县，其余见各表。")
        }
        Lang::En if n_pages > most => format!(
            "The total of {n} counties; {most} pages with a panel for each of the largest follow, all stand in the tables."
        ),
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

/// The series of a page, from 0, of a chart that has no total: all of them, or largest first and some; with the note below.
pub(super) fn page<'s, T>(
    series: &'s [T],
    page: usize,
    size: impl Fn(&T) -> f64,
    by: (&str, Lang),
) -> (Vec<&'s T>, String) {
    // The first page of a ranked grid is that of a total.
    ranked(series, page + 1, size, by).unwrap_or_else(|| (series.iter().collect(), String::new()))
}

/// Height of `n` series without a total: one has the whole page.
pub(super) fn body_height(n: usize) -> i32 {
    if n == 1 { WHOLE } else { height(n) }
}

/// Words around the panels of series.
pub(super) struct Words<'w> {
    /// Above the axis of a single panel.
    pub(super) axis: &'w str,
    /// Above all cells.
    pub(super) head: &'w str,
    /// Their language.
    pub(super) lang: Lang,
}

/// Draws a single series large, several in a cell each: `draw` gets the index, its room and the size of axis figures.
pub(super) fn draw_series(
    canvas: &mut Canvas<'_>,
    rect: Rect,
    words: &Words<'_>,
    names: &[&str],
    draw: impl Fn(&mut Canvas<'_>, usize, (Rect, i32)) -> Drawn,
) -> Drawn {
    if names.len() == 1 {
        unit_above(canvas, words.axis, words.lang, (rect.left, rect.top));
        return draw(canvas, 0, (Rect { top: rect.top + AXIS_TOP, ..rect }, AXIS_SIZE));
    }
    draw_under(canvas, rect, words.head, names, |canvas, at, cell| draw(canvas, at, (cell, SMALL)))
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
