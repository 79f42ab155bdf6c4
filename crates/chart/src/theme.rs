//! Sizes and colours. One logical pixel is 0.1 mm in print, so 28 pixels are 8 point.

use plotters::style::RGBColor;

/// Width of every chart: 16 cm, the text width of an A4 page.
pub(super) const WIDTH: i32 = 1600;
/// Blank edge around the chart.
pub(super) const MARGIN: i32 = 40;
/// Size of the title.
pub(super) const TITLE: i32 = 42;
/// Size of the lines under the title.
pub(super) const SUBTITLE: i32 = 27;
/// Size of names, legends and figures.
pub(super) const LABEL: i32 = 26;
/// Size of axis figures in small panels and of notes, the smallest that prints well (6.5 point).
pub(super) const SMALL: i32 = 23;

/// Colour of text.
pub(super) const INK: RGBColor = RGBColor(0x1f, 0x1f, 0x1f);
/// Colour of less important text.
pub(super) const QUIET: RGBColor = RGBColor(0x55, 0x55, 0x55);
/// Colour of grid lines.
pub(super) const GRID: RGBColor = RGBColor(0xdd, 0xdd, 0xdd);
/// Colour of every second band behind rows.
pub(super) const STRIPE: RGBColor = RGBColor(0xf4, 0xf5, 0xf7);
/// Colour of axes.
pub(super) const AXIS: RGBColor = RGBColor(0x66, 0x66, 0x66);
/// Paper.
pub(super) const WHITE: RGBColor = RGBColor(0xff, 0xff, 0xff);
/// The main colour of a chart with one series.
pub(super) const MAIN: RGBColor = RGBColor(0x6b, 0xa3, 0xd0);
/// Dark variant of the main colour, for lines and dots.
pub(super) const DEEP: RGBColor = RGBColor(0x0b, 0x3c, 0x6f);
/// Outer band of a fan.
pub(super) const BAND_OUTER: RGBColor = RGBColor(0xcf, 0xe0, 0xf0);
/// Inner band of a fan.
pub(super) const BAND_INNER: RGBColor = RGBColor(0x93, 0xbb, 0xde);
/// Warning colour, for budget lines and means in a histogram.
pub(super) const ALERT: RGBColor = RGBColor(0xb0, 0x3a, 0x06);

/// Ten colours that colour-blind readers tell apart. Their greys are ten steps from 47 to 233, far apart between
/// neighbours in a stack, so that a copy in greyscale can be read, too.
pub(super) const PALETTE: [RGBColor; 10] = [
    RGBColor(0x12, 0x35, 0x5b),
    RGBColor(0xf2, 0xb1, 0x34),
    RGBColor(0x1b, 0x7f, 0x79),
    RGBColor(0xbb, 0xdd, 0xf2),
    RGBColor(0x8c, 0x2d, 0x5b),
    RGBColor(0x7c, 0xb0, 0xda),
    RGBColor(0xd0, 0x5a, 0x22),
    RGBColor(0xe3, 0xb3, 0xcd),
    RGBColor(0x88, 0x88, 0x88),
    RGBColor(0xf0, 0xe9, 0xd2),
];

/// Colours for `n` years in order, light to dark; the darkest still shows a dark whisker.
pub(super) fn ramp(n: usize) -> Vec<RGBColor> {
    const LIGHT: RGBColor = RGBColor(0xbf, 0xd7, 0xec);
    const DARK: RGBColor = RGBColor(0x3f, 0x82, 0xbd);
    if n <= 1 {
        return vec![MAIN; n];
    }
    shades((LIGHT, DARK), n)
}

/// `n` colours from a light one to a dark one.
pub(super) fn shades((light, dark): (RGBColor, RGBColor), n: usize) -> Vec<RGBColor> {
    let mix =
        |from: u8, to: u8, t: f64| (f64::from(from) + (f64::from(to) - f64::from(from)) * t).round() as u8;
    (0..n)
        .map(|i| i as f64 / n.saturating_sub(1).max(1) as f64)
        .map(|t| RGBColor(mix(light.0, dark.0, t), mix(light.1, dark.1, t), mix(light.2, dark.2, t)))
        .collect()
}

/// Ink that can be read on `ground`: white on dark colours, dark on light ones.
pub(super) fn ink_on(ground: RGBColor) -> RGBColor {
    if grey(ground) < 130.0 { WHITE } else { INK }
}

/// The grey, 0 to 255, that a colour becomes in print without colour.
fn grey(colour: RGBColor) -> f64 {
    0.299 * f64::from(colour.0) + 0.587 * f64::from(colour.1) + 0.114 * f64::from(colour.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_palette_has_ten_greys() {
        let greys = PALETTE.map(grey);
        assert!(greys.windows(2).all(|pair| (pair[0] - pair[1]).abs() > 40.0), "neighbours: {greys:?}");
        let mut sorted = greys;
        sorted.sort_by(f64::total_cmp);
        assert!(sorted.windows(2).all(|pair| pair[1] - pair[0] > 12.0), "all: {sorted:?}");
    }
}
