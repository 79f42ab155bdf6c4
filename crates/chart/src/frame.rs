//! Sizes of charts: as drawn for a page of A4, to the size of half a page, on a slide.

/// What a chart is to fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Frame {
    /// As drawn: 16 cm wide, the text width of an A4 page, and as high as it takes.
    #[default]
    A4,
    /// As drawn where it is no higher than 12 cm, else made smaller until it is: two of them fill a page.
    Half,
    /// In the middle of a slide of 16 to 9, 33.87 cm wide.
    Slide,
}

/// Height of half a page, and width and height of a slide, in millimetres.
const HALF: f64 = 120.0;
const SLIDE: [f64; 2] = [338.7, 190.5];

impl Frame {
    /// A chart's document in this size; what is no chart stays as it is.
    #[must_use]
    pub fn fit(self, svg: String) -> String {
        let Some((width, height)) = super::size(&svg) else { return svg };
        match self {
            Self::A4 => svg,
            Self::Half if height <= HALF => svg,
            Self::Half => resized(&svg, [width * HALF / height, HALF], [0.0, 0.0, width, height]),
            Self::Slide => {
                // The paper around the chart, in its own millimetres.
                let scale = (SLIDE[0] / width).min(SLIDE[1] / height);
                let [across, down] = SLIDE.map(|side| side / scale);
                let [left, top] = [(width - across) / 2.0, (height - down) / 2.0];
                resized(&svg, SLIDE, [left, top, across, down])
            }
        }
    }
}

/// The document with another size that shows a part of its plane; a millimetre of it is ten of its units.
fn resized(svg: &str, [width, height]: [f64; 2], plane: [f64; 4]) -> String {
    let Some((head, rest)) = svg.split_once('\n') else { return svg.to_owned() };
    let [left, top, across, down] = plane.map(|side| side * 10.0);
    let keep = head.split_once(" role=").map_or("", |(_, rest)| rest);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.1}mm\" height=\"{height:.1}mm\" \
         viewBox=\"{left:.1} {top:.1} {across:.1} {down:.1}\" style=\"background:#FFFFFF\" role={keep}\n{rest}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHART: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"160.0mm\" height=\"200.0mm\" viewBox=\"0 0 1600 2000\" role=\"img\" xml:lang=\"en\">\n<title>t</title>\n</svg>\n";

    #[test]
    fn exact_a_chart_fits_half_a_page_and_a_slide() {
        let half = Frame::Half.fit(CHART.to_owned());
        assert_eq!(crate::size(&half), Some((96.0, 120.0)));
        assert!(half.contains("viewBox=\"0.0 0.0 1600.0 2000.0\"") && half.contains("<title>t</title>"));
        let slide = Frame::Slide.fit(CHART.to_owned());
        assert_eq!(crate::size(&slide), Some((338.7, 190.5)));
        // 2,000 units fill the height; on both sides there is paper.
        assert!(slide.contains("viewBox=\"-978.0 0.0 3555.9 2000.0\""), "{slide}");
        assert!(slide.contains("role=\"img\" xml:lang=\"en\">"));
        assert_eq!(Frame::A4.fit(CHART.to_owned()), CHART);
        let low = CHART.replace("200.0mm", "90.0mm");
        assert_eq!(Frame::Half.fit(low.clone()), low);
        assert_eq!(Frame::Slide.fit("no chart".to_owned()), "no chart");
    }
}
