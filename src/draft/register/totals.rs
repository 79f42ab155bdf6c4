//! Rows and columns that add up others: held against the sum, and then left out.

use super::sheet::{Sheet, TableFault};
use super::{Cell, Use};
use crate::lang::Words;

/// Holds every total against what stands above it or beside it.
pub(super) fn check(sheet: &Sheet, cells: &[Cell], faults: &mut Vec<TableFault>) {
    for total in cells.iter().filter(|cell| cell.becomes == Use::Total) {
        let sums = if total.total.0 { above(cells, total) } else { beside(cells, total) };
        let Some(sum) = sums.first() else { continue };
        if sums.contains(&u64::from(total.persons)) {
            continue;
        }
        let problem = Words::new(
            format!("合计与各项相加（{sum}）不符；请更正，若合计已去除重复人员则删去合计后再读"),
            format!(
                "the total differs from the sum of its parts, {sum}; put it right, or take it out where it counts nobody twice"
            ),
        );
        faults.push(TableFault::new(sheet, total.at, problem));
    }
}

fn counts(cell: &Cell) -> bool {
    cell.becomes != Use::PartOfWhole
}

/// What a total row may be the sum of: all rows above it in its column, those since the total before, those of its
/// county.
fn above(cells: &[Cell], total: &Cell) -> Vec<u64> {
    let column: Vec<&Cell> = cells
        .iter()
        .filter(|cell| cell.at.column == total.at.column && cell.at.row < total.at.row)
        .filter(|cell| counts(cell))
        .collect();
    let since = column.iter().filter(|cell| cell.total.0).map(|cell| cell.at.row).max();
    let sum = |fits: &dyn Fn(&Cell) -> bool| -> Option<u64> {
        let mut own = column.iter().filter(|cell| !cell.total.0 && fits(cell)).peekable();
        own.peek()?;
        Some(own.map(|cell| u64::from(cell.persons)).sum())
    };
    let of_county = || total.code.and_then(|code| sum(&|cell| cell.code == Some(code)));
    let of_category =
        || total.category.as_ref().and_then(|id| sum(&|cell| cell.category.as_ref() == Some(id)));
    let all = sum(&|_| true);
    let recent = sum(&|cell| since.is_none_or(|row| cell.at.row > row));
    [all, recent, of_county(), of_category()].into_iter().flatten().collect()
}

/// What a total column may be the sum of: the cells of its row.
fn beside(cells: &[Cell], total: &Cell) -> Vec<u64> {
    let row: Vec<&Cell> =
        cells.iter().filter(|cell| cell.at.row == total.at.row && !cell.total.1 && counts(cell)).collect();
    let before = cells
        .iter()
        .filter(|cell| cell.at.row == total.at.row && cell.total.1 && cell.at.column < total.at.column)
        .map(|cell| cell.at.column)
        .max();
    let sum = |of: &[&Cell]| of.iter().map(|cell| u64::from(cell.persons)).sum::<u64>();
    if row.is_empty() {
        return Vec::new();
    }
    let recent: Vec<&Cell> = row
        .iter()
        .copied()
        .filter(|cell| cell.at.column < total.at.column && before.is_none_or(|at| cell.at.column > at))
        .collect();
    vec![sum(&row), sum(&recent)]
}
