//! The bundled font: its bytes, the width of a text and the characters it lacks. No font of the machine is ever read.

use std::sync::{Arc, OnceLock};

use resvg::usvg::fontdb::{Database, Source};
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, GlyphId, MetadataProvider};

/// Name of the bundled font, then what other machines call a like one; written into every SVG.
pub(super) const FAMILY: &str = "'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'Source Han Sans CN', \
     'Microsoft YaHei', 'PingFang SC', 'WenQuanYi Micro Hei', SimHei, sans-serif";

const BUNDLED_FAMILY: &str = "Noto Sans CJK SC";
const REGULAR: &[u8] = include_bytes!("../../../assets/fonts/NotoSansCJKsc-Regular-subset.otf");
const BOLD: &[u8] = include_bytes!("../../../assets/fonts/NotoSansCJKsc-Bold-subset.otf");

/// Thickness of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// Running text.
    Regular,
    /// Titles and figures that matter most.
    Bold,
}

/// Width of `text` in pixels when set at `size` pixels. A character that is not in the bold face is taken from the
/// regular one, as the renderer does; one without a glyph counts as one em.
pub(super) fn width(text: &str, size: i32, weight: Weight) -> f64 {
    let ems: f64 = text.chars().map(|c| advance(c, weight)).sum();
    ems * f64::from(size)
}

/// Width of a character in em.
fn advance(c: char, weight: Weight) -> f64 {
    let faces = [face(weight), face(Weight::Regular)];
    let found = faces.iter().find_map(|face| Some((face, face.glyph(c)?)));
    found.map_or(1.0, |(face, glyph)| {
        f64::from(face.metrics.advance_width(glyph).unwrap_or(face.units_per_em) / face.units_per_em)
    })
}

/// The characters of `text`, each once, that the bundled font cannot show; empty when all is well.
#[must_use]
pub fn missing_glyphs(text: &str) -> String {
    let mut missing: Vec<char> =
        text.chars().filter(|c| !c.is_control() && face(Weight::Regular).glyph(*c).is_none()).collect();
    missing.sort_unstable();
    missing.dedup();
    missing.into_iter().collect()
}

/// The fonts as the renderer wants them, parsed once for the whole program.
pub(super) fn database() -> Arc<Database> {
    static DATABASE: OnceLock<Arc<Database>> = OnceLock::new();
    DATABASE
        .get_or_init(|| {
            let mut database = Database::new();
            for bytes in [REGULAR, BOLD] {
                database.load_font_source(Source::Binary(Arc::new(bytes)));
            }
            database.set_sans_serif_family(BUNDLED_FAMILY);
            Arc::new(database)
        })
        .clone()
}

/// What is asked of a face.
struct Face {
    characters: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    units_per_em: f32,
}

impl Face {
    fn of(bytes: &'static [u8]) -> Self {
        let font = FontRef::new(bytes).expect("the bundled font is a readable OpenType font");
        let at = (Size::unscaled(), LocationRef::default());
        let units_per_em = f32::from(font.metrics(at.0, at.1).units_per_em);
        Self { characters: font.charmap(), metrics: font.glyph_metrics(at.0, at.1), units_per_em }
    }

    /// The glyph of a character; `None` where it has none.
    fn glyph(&self, c: char) -> Option<GlyphId> {
        self.characters.map(c).filter(|glyph| *glyph != GlyphId::NOTDEF)
    }
}

fn face(weight: Weight) -> &'static Face {
    static REGULAR_FACE: OnceLock<Face> = OnceLock::new();
    static BOLD_FACE: OnceLock<Face> = OnceLock::new();
    let (cell, bytes) = match weight {
        Weight::Regular => (&REGULAR_FACE, REGULAR),
        Weight::Bold => (&BOLD_FACE, BOLD),
    };
    cell.get_or_init(|| Face::of(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_every_listed_character_has_a_glyph_in_both_weights() {
        let lists = [
            (Weight::Regular, include_str!("../../../assets/fonts/characters.txt")),
            (Weight::Bold, include_str!("../../../assets/fonts/characters-bold.txt")),
        ];
        for (weight, listed) in lists {
            let lacking: String = listed.chars().filter(|c| face(weight).glyph(*c).is_none()).collect();
            assert_eq!(lacking, "", "{weight:?}");
        }
    }

    /// Every hanzi of GBK (20,902 of them), the six names of counties outside GB 2312, and of the characters for place
    /// names that came later some from each extension.
    #[test]
    fn val_the_regular_face_has_every_hanzi_of_gbk_and_those_of_place_names() {
        let gbk: String = ('\u{4e00}'..='\u{9fa5}').collect();
        assert_eq!(gbk.chars().count(), 20_902);
        assert_eq!(missing_glyphs(&gbk), "");
        assert_eq!(
            missing_glyphs("埇桥区猇亭区瀍河回族区浉河区硚口区鄠邑区㵲阳河鹮䢺𬭎䃅㭎𫚖𬒈臺灣廣東"),
            ""
        );
    }

    #[test]
    fn exact_a_bold_text_takes_from_the_regular_face_what_the_bold_one_lacks() {
        assert!(face(Weight::Bold).glyph('㵲').is_none());
        let both = width("㵲阳", 20, Weight::Bold);
        assert!((both - 40.0).abs() < 1e-3, "{both}");
    }

    #[test]
    fn exact_hanzi_is_one_em_wide() {
        assert!((width("隆林各族自治县", 20, Weight::Regular) - 140.0).abs() < 1e-3);
        assert!(width("1,234", 20, Weight::Bold) < 60.0);
    }

    #[test]
    fn exact_missing_characters_are_named_once() {
        assert_eq!(missing_glyphs("防城区😀😀 瀍河"), "😀");
    }
}
