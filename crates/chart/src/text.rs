//! One text in a chart: where its base line starts, how large, how anchored, in which colour.

use std::fmt::Write;

use plotters::style::RGBColor;

use super::font::Weight;
use super::theme;

/// Which end of the text stands at its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// The text starts there.
    Start,
    /// The text is centred there.
    Middle,
    /// The text ends there.
    End,
}

/// A text to be written.
#[derive(Debug, Clone)]
pub(super) struct Text {
    words: String,
    at: (i32, i32),
    size: i32,
    weight: Weight,
    anchor: Anchor,
    colour: RGBColor,
    halo: bool,
}

impl Text {
    /// A text whose base line starts at `at`.
    pub(super) fn new(words: impl Into<String>, at: (i32, i32)) -> Self {
        Self {
            words: words.into(),
            at,
            size: theme::LABEL,
            weight: Weight::Regular,
            anchor: Anchor::Start,
            colour: theme::INK,
            halo: false,
        }
    }

    /// With another size.
    pub(super) const fn size(mut self, size: i32) -> Self {
        self.size = size;
        self
    }

    /// In bold.
    pub(super) const fn bold(mut self) -> Self {
        self.weight = Weight::Bold;
        self
    }

    /// Centred on its position.
    pub(super) const fn centred(mut self) -> Self {
        self.anchor = Anchor::Middle;
        self
    }

    /// Ending at its position.
    pub(super) const fn ending(mut self) -> Self {
        self.anchor = Anchor::End;
        self
    }

    /// In another colour.
    pub(super) const fn colour(mut self, colour: RGBColor) -> Self {
        self.colour = colour;
        self
    }

    /// With a white edge, to be read on top of lines.
    pub(super) const fn halo(mut self) -> Self {
        self.halo = true;
        self
    }

    /// With its middle, not its base line, at the given height: hanzi and figures have theirs about 0.36 em up.
    pub(super) const fn level(mut self) -> Self {
        self.at.1 += self.size * 36 / 100;
        self
    }

    /// Appends the SVG element. The white edge is an element of its own, since `paint-order` is not known everywhere.
    pub(super) fn write(&self, out: &mut String) {
        if self.halo {
            self.element(
                out,
                " aria-hidden=\"true\" stroke=\"#FFFFFF\" stroke-width=\"7\" stroke-linejoin=\"round\"",
                theme::WHITE,
            );
        }
        self.element(out, "", self.colour);
    }

    fn element(&self, out: &mut String, extra: &str, RGBColor(r, g, b): RGBColor) {
        let anchor = match self.anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let weight = if self.weight == Weight::Bold { " font-weight=\"bold\"" } else { "" };
        let ((x, y), size, words) = (self.at, self.size, escaped(&self.words));
        writeln!(
            out,
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\"{anchor}{weight} fill=\"#{r:02X}{g:02X}{b:02X}\"{extra}>{words}</text>"
        )
        .expect("writing to a String cannot fail");
    }
}

/// Text as XML content; control characters, which XML forbids, become spaces.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
