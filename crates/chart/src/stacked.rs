//! Panels of their own heights, one below the other: on which page each stands.

use super::canvas::{Canvas, Drawn, Rect};
use super::font::{self, Weight};
use super::text::Text;
use super::theme::{INK, SMALL, STRIPE};
use fundcast_engine::lang::Lang;

/// Air between two panels.
const GAP: i32 = 30;
/// Height of a line of a row's name.
pub(super) const NAME_LINE: i32 = 30;

/// The panels of each page: as many as fit into `tallest` pixels, at least one.
pub(super) fn pages<T>(panels: &[T], height: impl Fn(&T) -> i32, tallest: i32) -> Vec<Vec<&T>> {
    let mut pages: Vec<Vec<&T>> = vec![Vec::new()];
    let mut so_far = 0;
    for panel in panels {
        let own = height(panel) + GAP;
        if so_far > 0 && so_far + own > tallest {
            pages.push(Vec::new());
            so_far = 0;
        }
        so_far += own;
        pages.last_mut().into_iter().for_each(|page| page.push(panel));
    }
    pages
}

/// Height of the panels of a page.
pub(super) fn height<T>(page: &[&T], height: impl Fn(&T) -> i32) -> i32 {
    page.iter().map(|panel| height(panel) + GAP).sum::<i32>() - GAP
}

/// Draws the panels of a page, each in a room of its own height.
pub(super) fn draw<T>(
    (canvas, rect): (&mut Canvas<'_>, Rect),
    page: &[&T],
    height: impl Fn(&T) -> i32,
    mut draw: impl FnMut(&mut Canvas<'_>, &T, Rect) -> Drawn,
) -> Drawn {
    let mut top = rect.top;
    for panel in page {
        let bottom = top + height(panel);
        draw(canvas, panel, Rect { top, bottom, ..rect })?;
        top = bottom + GAP;
    }
    Ok(())
}

/// Puts every second of the rows that fill a room from its top on a band.
pub(super) fn bands(canvas: &mut Canvas<'_>, rect: Rect, heights: impl Iterator<Item = i32>) -> Drawn {
    let mut top = rect.top;
    for (number, height) in heights.enumerate() {
        if number % 2 == 0 {
            canvas.fill(Rect { top, bottom: top + height, ..rect }, STRIPE)?;
        }
        top += height;
    }
    Ok(())
}

/// Writes the lines of a row's name about its middle.
pub(super) fn write_name(
    canvas: &mut Canvas<'_>,
    (lines, weight): (&[String], Weight),
    (left, middle): (i32, i32),
) {
    let first = middle - (lines.len() as i32 - 1) * NAME_LINE / 2;
    for (number, line) in lines.iter().enumerate() {
        let at = (left, first + number as i32 * NAME_LINE);
        let text = Text::new(line, at).size(SMALL).level().colour(INK);
        canvas.text(&if weight == Weight::Bold { text.bold() } else { text });
    }
}

/// Which page, from 0, of several it is; nothing where there is but one.
pub(super) fn note(n_pages: usize, page: usize, lang: Lang) -> Option<String> {
    let page = page.min(n_pages.saturating_sub(1)) + 1;
    (n_pages > 1).then(|| match lang {
        Lang::Zh => format!("第{page}页，共{n_pages}页。"),
        Lang::En => format!("Page {page} of {n_pages}."),
    })
}

/// The width of the widest of some small texts.
pub(super) fn widest<'t>(texts: impl Iterator<Item = &'t String>, weight: Weight) -> i32 {
    texts.map(|text| font::width(text, SMALL, weight).ceil() as i32).max().unwrap_or(0)
}

/// A name in lines of at most so many pixels: a key is broken behind its dots too.
pub(super) fn broken(name: &str, weight: Weight, widest: i32) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut pieces = Vec::new();
    for piece in name.split_inclusive(['.', ' ', '_']) {
        // What is too wide in itself is broken anywhere.
        let mut rest = String::new();
        for letter in piece.chars() {
            if font::width(&format!("{rest}{letter}"), SMALL, weight) > f64::from(widest) {
                pieces.push(std::mem::take(&mut rest));
            }
            rest.push(letter);
        }
        pieces.push(rest);
    }
    for piece in pieces {
        let line = lines.last().map_or("", String::as_str);
        let longer = format!("{line}{piece}");
        if !line.is_empty() && font::width(longer.trim_end(), SMALL, weight) > f64::from(widest) {
            lines.push(piece);
        } else if let Some(last) = lines.last_mut() {
            *last = longer;
        }
    }
    lines.into_iter().map(|line| line.trim().to_owned()).collect()
}
