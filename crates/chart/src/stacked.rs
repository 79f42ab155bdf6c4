//! Panels of their own heights, one below the other: on which page each stands.

use super::font::{self, Weight};
use super::theme::SMALL;
use fundcast_engine::lang::Lang;

/// Air between two panels.
pub(super) const GAP: i32 = 30;

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

/// Which page, from 0, of several it is; nothing where there is but one.
pub(super) fn note(n_pages: usize, page: usize, lang: Lang) -> Option<String> {
    let page = page.min(n_pages.saturating_sub(1)) + 1;
    (n_pages > 1).then(|| match lang {
        Lang::Zh => format!("第{page}页，共{n_pages}页。"),
        Lang::En => format!("Page {page} of {n_pages}."),
    })
}

/// The width of the widest of some small texts.
pub(super) fn widest<'t>(texts: impl Iterator<Item = &'t String>) -> i32 {
    texts.map(|text| font::width(text, SMALL, Weight::Regular).ceil() as i32).max().unwrap_or(0)
}
