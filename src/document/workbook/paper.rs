//! What all sheets have in common: fonts, formats, widths, page setup, and how a table is written.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use crate::document::grid::{Cell, Grid, Show};
use crate::document::labels::Words;
use crate::shown::is_like_formula;

/// The widest column, in characters; longer texts wrap.
const WIDEST: usize = 48;
/// Height of a line of text in points.
const LINE: f64 = 15.0;
/// A4 and A3, as spreadsheet programs number them.
const A4: u8 = 9;
const A3: u8 = 8;
/// Characters beside each other that can still be read on A4 across; wider tables go on A3.
const READABLE_ON_A4: usize = 190;

/// Formats and footers of a workbook.
pub(super) struct Paper {
    pub title: Format,
    pub note: Format,
    pub heading: Format,
    pub text: Format,
    pub wrapped: Format,
    pub strong: Format,
    cell: Format,
    wrapped_cell: Format,
    footer: String,
}

impl Paper {
    pub fn new(words: Words<'_>) -> Self {
        let text = || Format::new().set_align(FormatAlign::VerticalCenter);
        let id = words.run.run_id();
        let footer = match words.lang {
            crate::lang::Lang::Zh => format!("&L&8运行编号 {id}&C&8&A&R&8第 &P 页，共 &N 页"),
            crate::lang::Lang::En => format!("&L&8Run {id}&C&8&A&R&8Page &P of &N"),
        };
        Self {
            title: Format::new().set_bold().set_font_size(14),
            note: Format::new()
                .set_font_color(Color::RGB(0x55_55_55))
                .set_text_wrap()
                .set_align(FormatAlign::Top),
            heading: Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color(Color::RGB(0xE8_EE_F5))
                .set_border_top(FormatBorder::Medium)
                .set_border_bottom(FormatBorder::Thin),
            text: text(),
            wrapped: text().set_text_wrap(),
            cell: text().set_indent(1),
            wrapped_cell: text().set_indent(1).set_text_wrap(),
            strong: Format::new().set_bold().set_font_size(11),
            footer,
        }
    }

    /// A new sheet with its page setup.
    pub fn sheet<'a>(&self, book: &'a mut Workbook, name: &str) -> Result<&'a mut Worksheet, XlsxError> {
        let sheet = book.add_worksheet();
        sheet.set_name(name)?;
        sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.5, 0.5, 0.6, 0.6, 0.3, 0.3);
        sheet.set_footer(&self.footer);
        Ok(sheet)
    }

    /// How a kind of number is shown.
    pub fn number(show: Show) -> Format {
        let pattern = match show {
            Show::Text | Show::Plain => "0",
            Show::Whole => "#,##0",
            Show::One => "#,##0.0",
            Show::Two => "#,##0.00",
            Show::Percent => "0.0%",
        };
        Format::new().set_num_format(pattern).set_align(FormatAlign::VerticalCenter)
    }

    /// Writes text that stays text: what looks like a formula gets the mark that keeps it from becoming one when the
    /// cell is edited.
    pub fn write_text(
        sheet: &mut Worksheet,
        at: (u32, u16),
        text: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        let text = cut(text);
        if is_like_formula(&text) {
            sheet.write_string_with_format(at.0, at.1, text, &format.clone().set_quote_prefix())?;
        } else {
            sheet.write_string_with_format(at.0, at.1, text, format)?;
        }
        Ok(())
    }

    /// Title, note and table, with frozen headings, filters, widths and print area.
    pub fn table(
        &self,
        sheet: &mut Worksheet,
        (title, note): (&str, &str),
        grid: &Grid,
    ) -> Result<(), XlsxError> {
        const HEADING: u32 = 3;
        Self::write_text(sheet, (0, 0), title, &self.title)?;
        Self::write_text(sheet, (1, 0), note, &Format::new().set_font_color(Color::RGB(0x55_55_55)))?;
        self.grid(sheet, (HEADING, 0), grid)?;
        let widths = widths(grid);
        for (column, width) in widths.iter().enumerate() {
            sheet.set_column_width(column as u16, *width as f64)?;
        }
        if widths.iter().sum::<usize>() > READABLE_ON_A4 {
            sheet.set_paper_size(A3);
        }
        sheet.set_row_height(HEADING, heading_height(grid))?;
        let (last_row, last_column) = (HEADING + grid.rows.len() as u32, grid.columns.len() as u16 - 1);
        sheet.set_freeze_panes(HEADING + 1, grid.n_keys as u16)?;
        sheet.set_repeat_rows(HEADING, HEADING)?;
        sheet.set_print_area(0, 0, last_row, last_column)?;
        sheet.autofilter(HEADING, 0, last_row, last_column)?;
        Ok(())
    }

    /// Headings and rows from a cell on; rows are as high as their longest text.
    pub fn grid(&self, sheet: &mut Worksheet, (top, left): (u32, u16), grid: &Grid) -> Result<(), XlsxError> {
        let formats: Vec<Format> = grid.columns.iter().map(|column| Self::number(column.show)).collect();
        for (at, column) in grid.columns.iter().enumerate() {
            Self::write_text(sheet, (top, left + at as u16), &column.heading, &self.heading)?;
        }
        for (number, cells) in grid.rows.iter().enumerate() {
            let row = top + 1 + number as u32;
            let mut lines = 1;
            for (at, cell) in cells.iter().enumerate() {
                let place = (row, left + at as u16);
                match cell {
                    Cell::Text(text) if width(text) > WIDEST => {
                        Self::write_text(sheet, place, text, &self.wrapped_cell)?;
                        lines = lines.max(width(text).div_ceil(WIDEST - 3));
                    }
                    Cell::Text(text) => Self::write_text(sheet, place, text, &self.cell)?,
                    Cell::Number(number) => {
                        sheet.write_number_with_format(place.0, place.1, *number, &formats[at])?;
                    }
                    Cell::Nothing => {}
                }
            }
            if lines > 1 {
                sheet.set_row_height(row, LINE * lines.min(26) as f64)?;
            }
        }
        Ok(())
    }
}

/// Text that a cell can hold: Excel takes 32,767 characters.
fn cut(text: &str) -> String {
    const MOST: usize = 32_767;
    if text.chars().count() <= MOST {
        text.to_owned()
    } else {
        text.chars().take(MOST - 1).chain(['…']).collect()
    }
}

/// Width of a text in columns of a half-width character.
pub fn width(text: &str) -> usize {
    text.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum()
}

/// The height of text in points when it wraps at a width in characters.
pub(super) fn height(text: &str, wide: usize) -> f64 {
    LINE * width(text).div_ceil(wide.max(1)).max(1) as f64
}

fn widths(grid: &Grid) -> Vec<usize> {
    let column = |at: usize| {
        let show = grid.columns[at].show;
        let cells = grid.rows.iter().map(|row| match &row[at] {
            Cell::Text(text) => width(text),
            Cell::Number(number) => shown_width(*number, show),
            Cell::Nothing => 0,
        });
        // The sign of the filter takes two characters.
        cells.max().unwrap_or_default().clamp(9, WIDEST) + 3
    };
    (0..grid.columns.len()).map(column).collect()
}

fn shown_width(number: f64, show: Show) -> usize {
    let decimals = match show {
        Show::Text | Show::Plain | Show::Whole => 0,
        Show::One | Show::Percent => 1,
        Show::Two => 2,
    };
    crate::report::number::grouped(number, decimals).len() + 1
}

fn heading_height(grid: &Grid) -> f64 {
    let lines = grid.columns.iter().zip(widths(grid)).map(|(column, wide)| height(&column.heading, wide - 2));
    lines.fold(30.0, f64::max).min(120.0)
}
