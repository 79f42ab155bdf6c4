//! Tables of the report: aligned text, or Markdown.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table as Grid, TableStyle, presets};

use crate::job::Series;

/// How tables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Aligned text.
    Text,
    /// Markdown.
    Markdown,
}

/// One table.
#[derive(Debug)]
pub struct Table {
    title: &'static str,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    notes: Vec<String>,
}

impl Table {
    /// A table without rows.
    pub fn new(title: &'static str, header: &[&str]) -> Self {
        let header = header.iter().map(|&text| text.to_owned()).collect();
        Self { title, header, rows: Vec::new(), notes: Vec::new() }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[&str]) {
        self.rows.push(cells.iter().map(|&text| text.to_owned()).collect());
    }

    /// Adds a row of a measured ratio: what, figure, spread, aim, and whether the aim is met.
    pub fn ratio(&mut self, what: &str, series: &Series, aim: Aim) {
        let middle = series.median();
        self.row(&[what, &figure(middle), &spread(series), &aim.text(), aim.met(middle)]);
    }

    /// Adds a sentence below.
    pub fn note(&mut self, text: &str) {
        self.notes.push(text.to_owned());
    }

    /// The table as text.
    pub fn text(&self, form: Form) -> String {
        let mut grid = Grid::new();
        let style = match form {
            Form::Text => TableStyle::new().header_separator(LineStyle::none().fill('-')),
            Form::Markdown => presets::ASCII_MARKDOWN,
        };
        grid.load_style(style).set_content_arrangement(ContentArrangement::Disabled);
        grid.set_header(self.header.clone());
        for row in &self.rows {
            grid.add_row(row.clone());
        }
        for column in grid.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        let title = match form {
            Form::Text => self.title.to_owned(),
            Form::Markdown => format!("### {}\n", self.title),
        };
        let lines: Vec<String> = grid.lines().map(|line| line.trim_end().to_owned()).collect();
        let mut text = format!("{title}\n{}\n", lines.join("\n"));
        for note in &self.notes {
            if form == Form::Markdown {
                text.push('\n');
            }
            text.push_str(note);
            text.push('\n');
        }
        text
    }
}

/// What a ratio should be.
#[derive(Debug, Clone, Copy)]
pub enum Aim {
    /// At least so much.
    AtLeast(f64),
    /// At most so much.
    AtMost(f64),
    /// There is none.
    None,
}

impl Aim {
    fn text(self) -> String {
        match self {
            Self::AtLeast(value) => format!("≥ {}", figure(value)),
            Self::AtMost(value) => format!("≤ {}", figure(value)),
            Self::None => String::new(),
        }
    }

    fn met(self, value: f64) -> &'static str {
        match self {
            Self::AtLeast(aim) if value >= aim => "yes",
            Self::AtMost(aim) if value <= aim => "yes",
            Self::None => "",
            _ => "no",
        }
    }
}

/// A figure with three digits or more.
pub fn figure(value: f64) -> String {
    let digits = match value.abs() {
        large if large >= 100.0 => 0,
        large if large >= 10.0 => 1,
        _ => 2,
    };
    format!("{value:.digits$}")
}

/// The least and the most of a series.
pub fn spread(series: &Series) -> String {
    let (least, most) = series.spread();
    format!("{} – {}", figure(least), figure(most))
}
