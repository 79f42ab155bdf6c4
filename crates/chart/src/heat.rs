//! A table whose cells are the darker the larger their value: every row of it stands somewhere, with its figures.

use plotters::style::RGBColor;

use super::Chart;
use super::canvas::{Canvas, Drawn, Rect};
use super::caption::Caption;
use super::error::ChartError;
use super::font::{self, Weight};
use super::number::{self, Unit, figure};
use super::sheet::{INNER, Sheet};
use super::spread;
use super::stacked::{self, NAME_LINE};
use super::text::Text;
use super::theme::{INK, LABEL, QUIET, SMALL, WHITE, ink_on, shades};
use super::wrap;
use fundcast_engine::lang::Lang;

const NAME: &str = "heat";

/// Columns that stand beside each other.
const MOST_COLUMNS: usize = 10;
/// Height of the rows of a page.
const TALLEST: i32 = 1720;
/// Widest names; longer ones take several lines.
const WIDEST: i32 = 340;
/// Widest column, and the air between two blocks.
const WIDEST_COLUMN: i32 = 220;
const BLOCK_GAP: i32 = 24;
/// Least height of a row, and the air of one of several lines.
const ROW: i32 = 34;
const ROW_AIR: i32 = 8;
/// One hue from nearly white to dark: its greys are as far apart as its colours.
const PALE: RGBColor = RGBColor(0xf2, 0xf7, 0xfb);
const DARK: RGBColor = RGBColor(0x0b, 0x3c, 0x6f);
const SHADES: usize = 64;

/// What a block shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HeatKind {
    /// Amounts in yuan; the chart chooses the unit.
    #[default]
    Amount,
    /// Yuan for each resident.
    PerResident,
}

/// Columns that are compared with each other.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HeatBlock {
    /// What it shows.
    pub kind: HeatKind,
    /// By row, the value of each column in yuan; nothing where there is none.
    pub values: Vec<Vec<Option<f64>>>,
}

/// Rows by columns, once for each block.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Heat {
    /// The finding.
    pub title: String,
    /// The rows, in the order in which they are drawn.
    pub rows: Vec<String>,
    /// The columns of each block.
    pub columns: Vec<String>,
    /// The blocks.
    pub blocks: Vec<HeatBlock>,
    /// The page that is drawn, from 0.
    pub page: usize,
}

/// What stands beside each other on a page: blocks, and which of the columns.
type Strip = (Vec<usize>, std::ops::Range<usize>);

/// A row with its name in lines.
struct Row {
    number: usize,
    name: Vec<String>,
}

impl Row {
    fn height(&self) -> i32 {
        ROW.max(self.name.len() as i32 * NAME_LINE + ROW_AIR)
    }
}

impl Chart for Heat {
    fn draw(&self, caption: &Caption) -> Result<String, ChartError> {
        self.check()?;
        let lang = caption.lang;
        let rows = self.all_rows();
        let (strips, pages) = (self.strips(), pages(&rows));
        let page = self.page.min(strips.len() * pages.len() - 1);
        let (strip, rows) = (&strips[page / pages.len()], &pages[page % pages.len()]);
        let blocks: Vec<Block<'_>> =
            strip.0.iter().map(|&at| Block::new(&self.blocks[at], strip.1.clone(), lang)).collect();
        let columns = Columns::new(self, strip);
        let n_pages = strips.len() * pages.len();
        let note = lang.pick(
            "颜色越深数额越大；同一单位的各列用同一刻度（按平方根），各页相同。",
            "The darker, the larger; the columns of one unit have one scale (by the square root), the same on every page.",
        );
        let sheet = Sheet {
            title: self.title.clone(),
            facts: blocks
                .iter()
                .map(|block| format!("{}{}", lang.pick("单位：", "in "), block.label))
                .collect(),
            notes: [note.to_owned()].into_iter().chain(stacked::note(n_pages, page, lang)).collect(),
            body_height: columns.head + rows.iter().map(|row| row.height()).sum::<i32>(),
            ..Sheet::default()
        };
        sheet.draw(caption, |canvas, rect| {
            columns.heads(canvas, rect, &blocks);
            let mut top = rect.top + columns.head;
            for row in rows {
                let line = Rect { top, bottom: top + row.height(), ..rect };
                columns.row(canvas, line, (row, &blocks))?;
                top = line.bottom;
            }
            Ok(())
        })
    }
}

impl Heat {
    /// The pages that it takes to draw every row and column.
    #[must_use]
    pub fn n_pages(&self) -> usize {
        self.strips().len() * pages(&self.all_rows()).len()
    }

    fn all_rows(&self) -> Vec<Row> {
        let row = |(number, name): (usize, &String)| Row {
            number,
            name: wrap::balanced(name, SMALL, Weight::Regular, WIDEST)
                .iter()
                .flat_map(|line| stacked::broken(line, Weight::Regular, WIDEST))
                .collect(),
        };
        self.rows.iter().enumerate().map(row).collect()
    }

    /// All blocks beside each other where there is room, else each on pages of its own.
    fn strips(&self) -> Vec<Strip> {
        let (n, all) = (self.columns.len(), 0..self.blocks.len());
        if n * all.len() <= MOST_COLUMNS {
            return vec![(all.collect(), 0..n)];
        }
        let parts = super::table::pages(n, MOST_COLUMNS);
        all.flat_map(|block| parts.iter().map(move |part| (vec![block], part.clone()))).collect()
    }

    fn check(&self) -> Result<(), ChartError> {
        if self.rows.is_empty() || self.columns.is_empty() || self.blocks.is_empty() {
            return Err(ChartError::NoData { chart: NAME });
        }
        for block in &self.blocks {
            for (name, values) in self.rows.iter().zip(&block.values) {
                let found: Vec<f64> = values.iter().flatten().copied().collect();
                spread::finite(NAME, name, &found)?;
                if values.len() != self.columns.len() {
                    let (found, expected) = (values.len(), self.columns.len());
                    return Err(ChartError::WrongCount { chart: NAME, what: name.clone(), found, expected });
                }
                if let Some(&value) = found.iter().find(|value| **value < 0.0) {
                    return Err(ChartError::Negative { chart: NAME, what: name.clone(), value });
                }
            }
            if block.values.len() != self.rows.len() {
                let (found, expected) = (block.values.len(), self.rows.len());
                return Err(ChartError::WrongCount {
                    chart: NAME,
                    what: self.title.clone(),
                    found,
                    expected,
                });
            }
        }
        Ok(())
    }
}

fn pages(rows: &[Row]) -> Vec<Vec<&Row>> {
    let most = rows.iter().map(Row::height).sum::<i32>();
    if most <= TALLEST {
        return vec![rows.iter().collect()];
    }
    // Pages of nearly equal length.
    let n = (most + TALLEST - 1) / TALLEST;
    let tall = rows.iter().map(Row::height).max().unwrap_or(ROW);
    let fair = (most / n + tall).min(TALLEST);
    let mut pages: Vec<Vec<&Row>> = vec![Vec::new()];
    let mut so_far = 0;
    for row in rows {
        if so_far > 0 && so_far + row.height() > fair {
            pages.push(Vec::new());
            so_far = 0;
        }
        so_far += row.height();
        pages.last_mut().into_iter().for_each(|page| page.push(row));
    }
    pages
}

/// A block with its scale.
struct Block<'b> {
    values: &'b [Vec<Option<f64>>],
    columns: std::ops::Range<usize>,
    label: String,
    /// Yuan in a unit, decimals, and the largest value of all pages.
    unit_yuan: f64,
    decimals: usize,
    largest: f64,
}

impl<'b> Block<'b> {
    fn new(block: &'b HeatBlock, columns: std::ops::Range<usize>, lang: Lang) -> Self {
        let largest = number::largest(block.values.iter().flatten().flatten().copied());
        let (unit_yuan, label) = match block.kind {
            HeatKind::Amount => {
                let unit = Unit::for_largest(largest);
                (unit.yuan(), unit.label(lang).to_owned())
            }
            HeatKind::PerResident => (1.0, lang.pick("元/人", "yuan per resident").to_owned()),
        };
        let decimals = number::decimals_for(largest / unit_yuan).min(2);
        Self { values: &block.values, columns, label, unit_yuan, decimals, largest }
    }

    fn words(&self, row: usize, column: usize) -> String {
        self.values[row][column]
            .map_or_else(|| "–".to_owned(), |value| figure(value / self.unit_yuan, self.decimals))
    }

    fn ground(&self, row: usize, column: usize) -> RGBColor {
        match self.values[row][column] {
            Some(value) if self.largest > 0.0 => {
                let at = (value / self.largest).sqrt() * (SHADES - 1) as f64;
                shades((PALE, DARK), SHADES)[(at.round() as usize).min(SHADES - 1)]
            }
            _ => WHITE,
        }
    }
}

/// Where names and columns stand.
struct Columns {
    names: i32,
    width: i32,
    n: usize,
    heads: Vec<Vec<String>>,
    head: i32,
}

impl Columns {
    fn new(heat: &Heat, (blocks, part): &Strip) -> Self {
        let rows = heat.all_rows();
        let names = stacked::widest(rows.iter().flat_map(|row| &row.name), Weight::Regular) + 26;
        let n = part.len();
        let gaps = (blocks.len() as i32 - 1) * BLOCK_GAP;
        let width = ((INNER - names - gaps) / (n * blocks.len()).max(1) as i32).min(WIDEST_COLUMN);
        let head = |name: &String| stacked::broken(name, Weight::Regular, width - 12);
        let heads: Vec<Vec<String>> = heat.columns[part.clone()].iter().map(head).collect();
        let lines = heads.iter().map(Vec::len).max().unwrap_or(1) as i32;
        Self { names, width, n, heads, head: 44 + lines * NAME_LINE + 8 }
    }

    fn left(&self, rect: Rect, block: usize, column: usize) -> i32 {
        let before = (block * self.n + column) as i32 * self.width;
        rect.left + self.names + before + block as i32 * BLOCK_GAP
    }

    fn heads(&self, canvas: &mut Canvas<'_>, rect: Rect, blocks: &[Block<'_>]) {
        let bottom = rect.top + self.head - 8;
        for (at, block) in blocks.iter().enumerate() {
            let left = self.left(rect, at, 0);
            canvas.text(&Text::new(&block.label, (left + 4, rect.top + 26)).size(LABEL).bold());
            for (column, lines) in self.heads.iter().enumerate() {
                let right = self.left(rect, at, column) + self.width - 6;
                for (line, words) in lines.iter().rev().enumerate() {
                    let y = bottom - line as i32 * NAME_LINE - 6;
                    canvas.text(&Text::new(words, (right, y)).size(SMALL).ending().colour(QUIET));
                }
            }
        }
    }

    fn row(&self, canvas: &mut Canvas<'_>, line: Rect, (row, blocks): (&Row, &[Block<'_>])) -> Drawn {
        let middle = (line.top + line.bottom) / 2;
        stacked::write_name(canvas, (&row.name, Weight::Regular), (line.left + 4, middle));
        for (at, block) in blocks.iter().enumerate() {
            for (number, column) in block.columns.clone().enumerate() {
                let left = self.left(line, at, number);
                let cell = Rect {
                    left: left + 1,
                    top: line.top + 1,
                    right: left + self.width - 1,
                    bottom: line.bottom - 1,
                };
                let ground = block.ground(row.number, column);
                canvas.fill(cell, ground)?;
                let mut words = block.words(row.number, column);
                if font::width(&words, SMALL, Weight::Regular) > f64::from(self.width - 10) {
                    // Of a very large amount the whole units alone.
                    words = words.split('.').next().unwrap_or_default().to_owned();
                }
                let colour = if ground == WHITE { INK } else { ink_on(ground) };
                canvas.text(
                    &Text::new(words, (left + self.width - 8, middle))
                        .size(SMALL)
                        .ending()
                        .level()
                        .colour(colour),
                );
            }
        }
        Ok(())
    }
}
