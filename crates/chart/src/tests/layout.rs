//! Legibility, measured: no text leaves the sheet, no two texts overlap, every character has a glyph.

use resvg::usvg::roxmltree::{Document, Node};

use super::{sample, tables};
use crate::Chart;
use crate::font::{self, Weight};
use crate::missing_glyphs;
use fundcast_engine::lang::Lang;

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

/// Everything that can be measured about one chart.
fn check(name: &str, svg: &str) {
    assert_eq!(missing_glyphs(svg), "", "{name}");
    assert!(!svg.contains("NaN") && !svg.contains("inf\""), "{name}");
    let document = Document::parse(svg).unwrap();
    let root = document.root_element();
    let height_mm = root.attribute("height").unwrap().trim_end_matches("mm").parse::<f64>().unwrap();
    assert!(height_mm <= 247.0, "{name}: {height_mm} mm is more than a page");
    let size: Vec<f64> = root.attribute("viewBox").unwrap().split(' ').map(|n| n.parse().unwrap()).collect();
    let inks = inks(&document);
    for (i, ink) in inks.iter().enumerate() {
        let inside = ink.left >= 0.0 && ink.right <= size[2] && ink.top >= 0.0 && ink.bottom <= size[3];
        assert!(inside, "{name}: “{}” leaves the sheet", ink.words);
        for other in &inks[i + 1..] {
            assert!(!ink.overlaps(other), "{name}: “{}” overlaps “{}”", ink.words, other.words);
        }
    }
}

#[test]
fn prop_no_text_overlaps_another_or_leaves_the_sheet() {
    for lang in [Lang::Zh, Lang::En] {
        for (name, chart) in sample::all().into_iter().chain(tables::all()) {
            let svg = chart.draw(&sample::caption(lang)).unwrap_or_else(|error| panic!("{name}: {error}"));
            check(&format!("{name} {lang:?}"), &svg);
        }
    }
}

#[test]
#[should_panic(expected = "overlaps")]
fn exact_the_check_sees_an_overlap() {
    let svg = sample::bars(4, 3, 5e6).draw(&sample::caption(Lang::Zh)).unwrap();
    check("moved", &svg.replace("font-size=\"26\"", "font-size=\"60\""));
}

#[test]
fn prop_same_figures_give_the_same_bytes() {
    for ((name, chart), (_, again)) in sample::all().into_iter().zip(sample::all()).step_by(7) {
        let draw = |chart: &dyn Chart| chart.draw(&sample::caption(Lang::Zh)).unwrap();
        assert_eq!(draw(chart.as_ref()), draw(again.as_ref()), "{name}");
    }
}
