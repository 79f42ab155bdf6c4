//! Legibility, measured: no text leaves the sheet, no two texts overlap, every character has a glyph.

use resvg::usvg::roxmltree::{Document, Node};

use super::sample;
use crate::chart::font::{self, Weight};
use crate::chart::missing_glyphs;
use crate::lang::Lang;

/// The room a text takes: from the height of its capitals to its base line, a little less than the eye sees.
struct Ink {
    words: String,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Ink {
    fn of(node: Node<'_, '_>) -> Self {
        let number = |name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
        let words = node.text().unwrap_or("").to_owned();
        let weight = if node.attribute("font-weight").is_some() { Weight::Bold } else { Weight::Regular };
        let (x, y, size) = (number("x"), number("y"), number("font-size"));
        let width = font::width(&words, size as i32, weight);
        let left = match node.attribute("text-anchor") {
            Some("middle") => x - width / 2.0,
            Some("end") => x - width,
            _ => x,
        };
        Self { words, left, right: left + width, top: y - 0.74 * size, bottom: y }
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

fn inks(document: &Document<'_>) -> Vec<Ink> {
    let seen = |node: &Node<'_, '_>| node.has_tag_name("text") && node.attribute("aria-hidden").is_none();
    document.descendants().filter(seen).map(Ink::of).collect()
}

#[test]
fn prop_no_text_overlaps_another_or_leaves_the_sheet() {
    for lang in [Lang::Zh, Lang::En] {
        for (name, chart) in sample::all() {
            let svg = chart.draw(&sample::caption(lang)).unwrap_or_else(|error| panic!("{name}: {error}"));
            let document = Document::parse(&svg).unwrap();
            let sheet = document.root_element().attribute("viewBox").unwrap();
            let size: Vec<f64> = sheet.split(' ').map(|number| number.parse().unwrap()).collect();
            let inks = inks(&document);
            for (i, ink) in inks.iter().enumerate() {
                let inside =
                    ink.left >= 0.0 && ink.right <= size[2] && ink.top >= 0.0 && ink.bottom <= size[3];
                assert!(inside, "{name} {lang:?}: “{}” leaves the sheet", ink.words);
                for other in &inks[i + 1..] {
                    assert!(
                        !ink.overlaps(other),
                        "{name} {lang:?}: “{}” overlaps “{}”",
                        ink.words,
                        other.words
                    );
                }
            }
        }
    }
}

#[test]
fn prop_every_character_drawn_has_a_glyph() {
    for lang in [Lang::Zh, Lang::En] {
        for (name, chart) in sample::all() {
            assert_eq!(missing_glyphs(&chart.draw(&sample::caption(lang)).unwrap()), "", "{name} {lang:?}");
        }
    }
}

#[test]
fn prop_same_figures_give_the_same_bytes_without_nan() {
    for ((name, chart), (_, again)) in sample::all().into_iter().zip(sample::all()) {
        let svg = chart.draw(&sample::caption(Lang::Zh)).unwrap();
        assert_eq!(svg, again.draw(&sample::caption(Lang::Zh)).unwrap(), "{name}");
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
    }
}

#[test]
fn prop_charts_fit_on_one_page() {
    for (name, chart) in sample::all() {
        let svg = chart.draw(&sample::caption(Lang::En)).unwrap();
        let document = Document::parse(&svg).unwrap();
        let height = document.root_element().attribute("height").unwrap().trim_end_matches("mm");
        assert!(height.parse::<f64>().unwrap() <= 247.0, "{name}: {height} mm");
    }
}
