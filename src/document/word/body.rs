//! `word/document.xml`: the blocks of a report as paragraphs, tables and pictures.

use super::xml::{self, text};
use crate::document::content::{Block, Content};
use crate::document::grid::{Cell, Grid, Show};
use crate::lang::Lang;
use crate::report::number::{grouped, percent};

/// Width of the text: 156 mm, in twentieths of a point.
const TEXT_WIDTH: usize = 8844;
/// The same and the height that a picture may have, in English Metric Units (360,000 a centimetre).
const PICTURE_WIDTH: f64 = 15.6 * 360_000.0;
const PICTURE_HEIGHT: f64 = 19.5 * 360_000.0;

/// The body of a document and its pictures in order.
pub(super) struct Body<'a> {
    xml: String,
    /// The pictures.
    pub pictures: Vec<&'a str>,
    n_tables: usize,
    lang: Lang,
}

impl<'a> Body<'a> {
    /// Of the blocks of a report.
    pub fn of(content: &'a Content, lang: Lang) -> Self {
        let mut body = Self { xml: String::new(), pictures: Vec::new(), n_tables: 0, lang };
        body.title(&content.title);
        body.paragraph("Subtitle", &content.subtitle);
        for block in &content.blocks {
            body.block(block);
        }
        body
    }

    /// The whole part: page of A4 with the margins of GB/T 9704 (37 mm above, 35 below, 28 left, 26 right).
    pub fn document(&self) -> String {
        format!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>{}<w:sectPr><w:footerReference w:type="default" r:id="{}"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="1134" w:gutter="0"/></w:sectPr></w:body></w:document>"#,
            self.xml,
            xml::FOOTER
        )
    }

    fn block(&mut self, block: &'a Block) {
        match block {
            Block::Heading(words) => self.paragraph("Heading1", words),
            Block::Text(words) => self.paragraph("BodyText", words),
            Block::Note(words) => self.paragraph("Note", words),
            Block::Table { caption, grid } => {
                self.n_tables += 1;
                self.paragraph("Caption", &numbered(self.lang.pick("表", "Table "), self.n_tables, caption));
                self.table(grid);
            }
            Block::Picture { caption, alt, svg } => {
                self.pictures.push(svg);
                let number = self.pictures.len();
                self.picture(number, alt, svg);
                self.paragraph("PictureCaption", &numbered(self.lang.pick("图", "Figure "), number, caption));
            }
        }
    }

    fn paragraph(&mut self, style: &str, words: &str) {
        self.xml.push_str(&paragraph(style, "", words));
    }

    /// The title, broken between its parts where it is long for one line.
    fn title(&mut self, [first, second]: &[String; 2]) {
        const ONE_LINE: usize = 36;
        if length(first) + length(second) <= ONE_LINE {
            return self.paragraph("Title", &format!("{first}{second}"));
        }
        self.xml.push_str(&format!(
            r#"<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>{}</w:t><w:br/><w:t>{}</w:t></w:r></w:p>"#,
            text(first.trim_end()),
            text(second)
        ));
    }

    /// A table of three rules: thick above and below, thin under the headings, which are repeated on every page.
    fn table(&mut self, grid: &Grid) {
        let widths = widths(grid);
        self.xml.push_str(&format!(
            r#"<w:tbl><w:tblPr><w:tblW w:w="{TEXT_WIDTH}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders><w:top w:val="single" w:sz="12" w:space="0" w:color="000000"/><w:bottom w:val="single" w:sz="12" w:space="0" w:color="000000"/></w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>"#
        ));
        for width in &widths {
            self.xml.push_str(&format!(r#"<w:gridCol w:w="{width}"/>"#));
        }
        self.xml.push_str("</w:tblGrid><w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>");
        const RULE: &str =
            r#"<w:tcBorders><w:bottom w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:tcBorders>"#;
        for (column, width) in grid.columns.iter().zip(&widths) {
            self.cell(*width, RULE, "center", &column.heading);
        }
        self.xml.push_str("</w:tr>");
        for row in &grid.rows {
            self.xml.push_str("<w:tr><w:trPr><w:cantSplit/></w:trPr>");
            for ((cell, column), width) in row.iter().zip(&grid.columns).zip(&widths) {
                let align = if column.show == Show::Text { "left" } else { "right" };
                self.cell(*width, "", align, &shown(cell, column.show));
            }
            self.xml.push_str("</w:tr>");
        }
        self.xml.push_str("</w:tbl>");
    }

    fn cell(&mut self, width: usize, borders: &str, align: &str, words: &str) {
        let align = format!(r#"<w:jc w:val="{align}"/>"#);
        self.xml.push_str(&format!(
            r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{borders}<w:vAlign w:val="center"/></w:tcPr>{}</w:tc>"#,
            paragraph("TableText", &align, words)
        ));
    }

    fn picture(&mut self, number: usize, alt: &str, svg: &str) {
        let (wide, high) = picture_size(svg);
        let alt = text(alt);
        self.xml.push_str(&format!(
            r#"<w:p><w:pPr><w:pStyle w:val="Picture"/></w:pPr><w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/><wp:docPr id="{number}" name="Picture {number}" descr="{alt}"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="image{number}.png" descr="{alt}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="rIdPicture{number}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"#
        ));
    }
}

fn paragraph(style: &str, more: &str, words: &str) -> String {
    format!(
        r#"<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr><w:r><w:t xml:space="preserve">{}</w:t></w:r></w:p>"#,
        text(words)
    )
}

fn numbered(what: &str, number: usize, caption: &str) -> String {
    format!("{what}{number}\u{3000}{caption}")
}

/// A cell as a reader sees it; a value that does not exist is a dash.
pub(crate) fn shown(cell: &Cell, show: Show) -> String {
    match cell {
        Cell::Nothing => "—".to_owned(),
        Cell::Text(words) => words.clone(),
        Cell::Number(number) => match show {
            Show::Text | Show::Plain => format!("{number}"),
            Show::Whole => grouped(*number, 0),
            Show::One => grouped(*number, 1),
            Show::Two => grouped(*number, 2),
            Show::Percent => percent(*number),
        },
    }
}

/// Width and height of a picture in English Metric Units: the width of the text, less where it would be too high.
fn picture_size(svg: &str) -> (u64, u64) {
    let (wide, high) = crate::chart::size(svg).unwrap_or((4.0, 3.0));
    let scale = (PICTURE_WIDTH / wide).min(PICTURE_HEIGHT / high);
    ((wide * scale).round() as u64, (high * scale).round() as u64)
}

/// Width of a text in half-width characters.
fn length(text: &str) -> usize {
    text.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum()
}

/// Widths of the columns: each what its figures and its longest word need; what is left goes to texts that want more,
/// by the length of all they say, or to all columns alike.
fn widths(grid: &Grid) -> Vec<usize> {
    let word = |text: &str| {
        text.split(' ').map(|word| if word.is_ascii() { word.len() } else { 6 }).max().unwrap_or(0)
    };
    let need = |at: usize| {
        let column = &grid.columns[at];
        let cells: Vec<usize> = grid.rows.iter().map(|row| length(&shown(&row[at], column.show))).collect();
        let longest = cells.iter().copied().max().unwrap_or(0);
        let is_text = column.show == Show::Text;
        // A figure is never broken; text is, at a width that still can be read.
        let least = if is_text { longest.min(20) } else { longest };
        let least = least.max(word(&column.heading).min(12)).max(5) + 1;
        let wants = is_text && longest > 20;
        (least, if wants { cells.iter().sum::<usize>() } else { 0 })
    };
    let needs: Vec<(usize, usize)> = (0..grid.columns.len()).map(need).collect();
    let least: usize = needs.iter().map(|need| need.0).sum();
    let wanted: usize = needs.iter().map(|need| need.1).sum();
    // Half a character of nine points is 90 twentieths.
    let unit = (TEXT_WIDTH / least.max(1)).min(92);
    let left = TEXT_WIDTH.saturating_sub(least * unit);
    let share = |need: &(usize, usize)| match wanted {
        0 => left / needs.len().max(1),
        _ => left * need.1 / wanted,
    };
    needs.iter().map(|need| need.0 * unit + share(need)).collect()
}
