//! The cells of a table as a spreadsheet saves it.

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Its cells, trimmed.
    pub cells: Vec<String>,
}

/// A table: the names of its columns, and its rows without those that are empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// The names of the columns.
    pub header: Vec<String>,
    /// The line on which they stand, from 1.
    pub header_line: usize,
    /// The rows below it.
    pub rows: Vec<Row>,
}

/// What may stand between cells.
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// Reads a table whose cells are separated by commas, semicolons or tabs: by what gives most of the known columns.
///
/// # Errors
/// The line that cannot be read, and why.
pub fn read(text: &str, known: &[&str]) -> Result<Grid, (usize, String)> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .delimiter(separator(text, known) as u8)
        .from_reader(text.as_bytes());
    let mut lines = Lines { text, byte: 0, line: 1 };
    let mut grid = Grid { header: Vec::new(), header_line: 1, rows: Vec::new() };
    for record in reader.records() {
        let record = record.map_err(|error| {
            let byte = error.position().map_or(0, csv::Position::byte);
            (lines.of(byte as usize), format!("cannot be read as a table: {error}"))
        })?;
        let line = lines.of(record.position().map_or(0, csv::Position::byte) as usize);
        let cells: Vec<String> = record.iter().map(ToOwned::to_owned).collect();
        if cells.iter().all(String::is_empty) {
            continue;
        }
        if grid.header.is_empty() {
            (grid.header, grid.header_line) = (without_empty_end(cells), line);
        } else {
            grid.rows.push(Row { line, cells });
        }
    }
    Ok(grid)
}

/// Names of columns without the empty ones behind the last, which a spreadsheet leaves.
fn without_empty_end(mut cells: Vec<String>) -> Vec<String> {
    while cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    cells
}

fn separator(text: &str, known: &[&str]) -> char {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let n_known = |separator: char| {
        first.split(separator).filter(|cell| known.contains(&cell.trim().trim_matches('"'))).count()
    };
    // Of equals the first, the comma.
    SEPARATORS.into_iter().rev().max_by_key(|&separator| n_known(separator)).unwrap_or(',')
}

/// Lines by the byte at which a record begins: the parser counts them wrongly where they end in two characters.
struct Lines<'a> {
    text: &'a str,
    byte: usize,
    line: usize,
}

impl Lines<'_> {
    /// The line of a byte; bytes may only be asked for in order.
    fn of(&mut self, byte: usize) -> usize {
        let bytes = self.text.as_bytes();
        let line_ends =
            bytes[byte.min(bytes.len())..].iter().take_while(|one| matches!(one, b'\r' | b'\n')).count();
        let begins = (byte + line_ends).clamp(self.byte, bytes.len());
        // A lone carriage return ends a line too.
        let span = &bytes[self.byte..begins];
        let ends = |(at, one): (usize, &u8)| match one {
            b'\n' => true,
            b'\r' => bytes.get(self.byte + at + 1) != Some(&b'\n'),
            _ => false,
        };
        self.line += span.iter().enumerate().filter(|&(at, one)| ends((at, one))).count();
        self.byte = begins;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(usize, Vec<String>)> {
        let grid = read(text, &["a", "b"]).unwrap();
        assert_eq!(grid.header, ["a", "b"]);
        grid.rows.into_iter().map(|row| (row.line, row.cells)).collect()
    }

    #[test]
    fn exact_rows_are_on_the_lines_where_an_editor_shows_them() {
        let plain = "a,b\n1,2\n\n3,4\n,\n5,\"x\ny\"\n6,7\n";
        for end in ["\n", "\r\n", "\r"] {
            let found = lines(&plain.replace('\n', end));
            let numbers: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
            assert_eq!(numbers, [2, 4, 6, 8], "{end:?}");
        }
    }

    #[test]
    fn exact_separators_are_found_in_the_first_line() {
        for text in ["a,b\n1,2\n", "a;b\n1;2\n", "a\tb\n1\t2\n", "\u{feff}a,b,,\n1,2,,\n"] {
            assert_eq!(lines(text)[0].1[..2], ["1", "2"], "{text:?}");
        }
    }
}
