//! Tables on a terminal that is narrower than they are: their columns are shown a few at a time, one block below the
//! other, with the names of the rows beside each. Nothing else of a text is touched: the terminal breaks long lines.

use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Blanks between two columns of a table.
const GAP: &str = "  ";

/// A text whose tables are no wider than a number of columns, as far as one figure beside its names fits.
#[must_use]
pub fn fitted(text: &str, wide: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < lines.len() {
        let table = lines.get(at + 1).and_then(|rule| Table::at(&lines[at..], rule));
        match table {
            Some(table) if table.width() > wide => {
                out.push_str(&table.folded(wide));
                at += table.lines.len();
            }
            _ => {
                out.push_str(lines[at]);
                out.push('\n');
                at += 1;
            }
        }
    }
    out
}

/// A table: the line of its headings, the rule below, the rows.
struct Table<'a> {
    lines: Vec<&'a str>,
    columns: Vec<Range<usize>>,
}

impl<'a> Table<'a> {
    /// The table that begins with the first of some lines, if the second is the rule of one.
    fn at(lines: &[&'a str], rule: &str) -> Option<Self> {
        let columns = spans(rule)?;
        let rows = lines[2..].iter().take_while(|line| is_row(line, &columns)).count();
        let table = Self { lines: lines[..rows + 2].to_vec(), columns };
        is_row(lines[0], &table.columns).then_some(table)
    }

    fn width(&self) -> usize {
        self.columns.last().map_or(0, |column| column.end)
    }

    /// How many columns name the rows: those at the left whose cells all begin where the column does, if they leave half
    /// of the width to the others.
    fn n_keys(&self, wide: usize) -> usize {
        let rows = || self.lines.iter().enumerate().filter(|(at, _)| *at != 1).map(|(_, line)| *line);
        let names = |column: &&Range<usize>| {
            2 * column.end <= wide && rows().all(|line| !cut(line, column).starts_with(' '))
        };
        self.columns.iter().take_while(names).count().clamp(1, self.columns.len())
    }

    /// The columns after the keys, block by block; an error stays beside its figure.
    fn blocks(&self, n_keys: usize, wide: usize) -> Vec<Range<usize>> {
        let keys: usize = self.columns[..n_keys].iter().map(|column| column.len() + GAP.len()).sum();
        let is_error =
            |at: usize| at < self.columns.len() && cut(self.lines[0], &self.columns[at]).trim() == "±";
        let mut blocks: Vec<Range<usize>> = Vec::new();
        let mut used = 0;
        let mut at = n_keys;
        while at < self.columns.len() {
            let mut end = at + 1;
            while is_error(end) {
                end += 1;
            }
            let needed = self.columns[at..end].iter().map(|column| column.len() + GAP.len()).sum::<usize>();
            match blocks.last_mut() {
                Some(block) if keys + used + needed <= wide + GAP.len() => {
                    block.end = end;
                    used += needed;
                }
                _ => {
                    blocks.push(at..end);
                    used = needed;
                }
            }
            at = end;
        }
        blocks
    }

    fn folded(&self, wide: usize) -> String {
        let n_keys = self.n_keys(wide);
        let blocks = self.blocks(n_keys, wide).into_iter().map(|block| {
            let shown: Vec<&Range<usize>> =
                self.columns[..n_keys].iter().chain(&self.columns[block]).collect();
            let line = |line: &&str| {
                let cells: Vec<String> = shown.iter().map(|column| padded(line, column)).collect();
                cells.join(GAP).trim_end().to_owned() + "\n"
            };
            self.lines.iter().map(line).collect::<String>()
        });
        blocks.collect::<Vec<String>>().join("\n")
    }
}

/// Where the columns of a table stand, by the rule below its headings: groups of dashes, two blanks apart.
fn spans(rule: &str) -> Option<Vec<Range<usize>>> {
    let mut begin = 0;
    let mut spans = Vec::new();
    for group in rule.split(GAP) {
        if group.is_empty() || group.bytes().any(|byte| byte != b'-') {
            return None;
        }
        spans.push(begin..begin + group.len());
        begin += group.len() + GAP.len();
    }
    (spans.len() > 1).then_some(spans)
}

/// Whether a line has blanks wherever a table has them between its columns, and more than a name: a short note below a
/// table is none of its rows.
fn is_row(line: &str, columns: &[Range<usize>]) -> bool {
    let gaps = columns.windows(2).map(|pair| pair[0].end..pair[1].start);
    let wide = columns.last().map_or(0, |column| column.end);
    let has_figures = columns.first().is_some_and(|column| line.width() > column.end);
    has_figures && line.width() <= wide && gaps.into_iter().all(|gap| cut(line, &gap).trim().is_empty())
}

/// What stands in some columns of a line.
fn cut(line: &str, columns: &Range<usize>) -> String {
    let mut at = 0;
    let mut found = String::new();
    for letter in line.chars() {
        if columns.contains(&at) {
            found.push(letter);
        }
        at += letter.width().unwrap_or(0);
    }
    found
}

/// The same, as wide as the columns.
fn padded(line: &str, columns: &Range<usize>) -> String {
    let found = cut(line, columns);
    let missing = columns.len().saturating_sub(found.width());
    found + &" ".repeat(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIDE: &str = "fund
县区      年度  均值     ±  P50*  ±  人均（元）
--------  ----  ----  ----  ----  -  ----------
港口区    2023  0.25  0.00  0.25  -        2.50
全部县区  2023  0.75  0.00  0.75  -        3.75
* 说明
";

    #[test]
    fn exact_a_wide_table_stands_in_blocks_with_the_names_beside_each() {
        let expected = "fund
县区      年度  均值     ±
--------  ----  ----  ----
港口区    2023  0.25  0.00
全部县区  2023  0.75  0.00

县区      年度  P50*  ±
--------  ----  ----  -
港口区    2023  0.25  -
全部县区  2023  0.75  -

县区      年度  人均（元）
--------  ----  ----------
港口区    2023        2.50
全部县区  2023        3.75
* 说明
";
        assert_eq!(fitted(WIDE, 30), expected);
    }

    #[test]
    fn exact_what_fits_and_what_is_no_table_stays() {
        assert_eq!(fitted(WIDE, 47), WIDE);
        let prose = "a line of words that is longer than ten columns\n---\nmore\n";
        assert_eq!(fitted(prose, 10), prose);
    }

    #[test]
    fn every_figure_is_there_at_any_width() {
        for wide in 1..60 {
            let shown = fitted(WIDE, wide);
            for figure in ["0.25  0.00", "0.75  0.00", "2.50", "3.75", "0.25  -"] {
                assert!(shown.contains(figure), "{wide}: {shown}");
            }
        }
    }
}
