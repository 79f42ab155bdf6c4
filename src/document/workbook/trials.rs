//! The coherent trials: a row for each replicate, a column for each county and year. Rows may be added over counties
//! before a percentile is taken, which percentiles themselves may not.

use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet, XlsxError, utility::row_col_to_cell};

use super::paper::Paper;
use crate::document::DocumentError;
use crate::document::grid::Show;
use crate::document::labels::Words;
use crate::lang::Lang;
use crate::report::trials;
use crate::report::trials_read::{Totals, read_totals};

/// The most cells of the sheet: beyond, a spreadsheet program takes too long to open it.
pub(super) const MOST_CELLS: usize = 600_000;
/// Columns that a sheet can have, less those before the counties.
const MOST_COLUMNS: usize = 16_384 - FIRST as usize;

/// The rows of the example, of the marks, of the two rows of headings; trials follow.
const EXAMPLE: u32 = 3;
const MARKS: u32 = 7;
const COUNTY: u32 = 8;
const YEAR: u32 = 9;
const TRIALS: u32 = 10;
/// The column of the sum over what is marked, and the first county's.
const SUM: u16 = 1;
const FIRST: u16 = 2;

pub(super) fn write(book: &mut Workbook, paper: &Paper, words: Words<'_>) -> Result<(), DocumentError> {
    if words.run.is_comparison() || words.run.record.published {
        return Ok(());
    }
    let path = words.run.folder.join(trials::FILE);
    let n = usize::try_from(words.run.record.replicates).unwrap_or(usize::MAX);
    let totals = read_totals(&path, n).map_err(|cause| DocumentError::Read(path, cause))?;
    let sheet = paper.sheet(book, words.pick("逐次模拟", "Trials"))?;
    let n_columns = totals.columns.len();
    Paper::write_text(
        sheet,
        (0, 0),
        words.pick("逐次模拟的支出", "Spending in each replicate"),
        &paper.title,
    )?;
    if n * n_columns > MOST_CELLS || n_columns > MOST_COLUMNS {
        Paper::write_text(sheet, (1, 0), &too_many(words, n, n_columns), &paper.text)?;
        sheet.set_print_area(0, 0, 1, 8)?;
        return Ok(());
    }
    Paper::write_text(sheet, (1, 0), &explained(words), &paper.text)?;
    write_trials(sheet, paper, words, &totals)?;
    write_example(sheet, paper, words, (&totals, n))?;
    page(sheet, n, n_columns)?;
    Ok(())
}

fn too_many(words: Words<'_>, n: usize, n_columns: usize) -> String {
    match words.lang {
        Lang::Zh => format!(
            "{n}次模拟×{n_columns}列超过本表上限{MOST_CELLS}个单元格，未列出；全部逐次结果在 trials.parquet 中。"
        ),
        Lang::En => format!(
            "{n} replicates × {n_columns} columns are more than the {MOST_CELLS} cells that this sheet may have: not shown; all of them are in trials.parquet."
        ),
    }
}

fn explained(words: Words<'_>) -> String {
    words
        .pick(
            "每行一次模拟，每列一个县区一个年度，为全部支出项目和资金渠道之和（元）。同一行可以跨县区、年度相加，相加后再取分位数；各县区的分位数不能相加。",
            "A row is a replicate, a column a county and year, over all lines and payers, in yuan. A row may be added over counties and years, and a percentile taken of the sums; percentiles of counties may not be added.",
        )
        .to_owned()
}

/// Whether a column is marked in the example: every county in the last year.
fn marked(words: Words<'_>, year: u16) -> bool {
    words.run.record.years.last() == Some(&year)
}

fn write_trials(
    sheet: &mut Worksheet,
    paper: &Paper,
    words: Words<'_>,
    totals: &Totals,
) -> Result<(), XlsxError> {
    let input =
        Format::new().set_background_color(rust_xlsxwriter::Color::RGB(0xFF_F6_D5)).set_num_format("0");
    Paper::write_text(
        sheet,
        (MARKS, 0),
        words.pick("计入合计（1计入，0不计）", "In the sum (1: yes, 0: no)"),
        &paper.strong,
    )?;
    Paper::write_text(sheet, (COUNTY, 0), words.pick("模拟序号", "Replicate"), &paper.heading)?;
    Paper::write_text(sheet, (YEAR, 0), words.pick("（从0开始）", "(from 0)"), &paper.heading)?;
    Paper::write_text(
        sheet,
        (COUNTY, SUM),
        words.pick("计入各列之和", "Sum of what is marked"),
        &paper.heading,
    )?;
    Paper::write_text(sheet, (YEAR, SUM), words.pick("（元）", "(yuan)"), &paper.heading)?;
    let money = Paper::number(Show::Two);
    for (position, column) in totals.columns.iter().enumerate() {
        let at = FIRST + position as u16;
        let mark = if marked(words, column.year) { 1.0 } else { 0.0 };
        sheet.write_number_with_format(MARKS, at, mark, &input)?;
        Paper::write_text(sheet, (COUNTY, at), words.county(&column.county), &paper.heading)?;
        let year = match words.lang {
            Lang::Zh => format!("{}年（元）", column.year),
            Lang::En => format!("{} (yuan)", column.year),
        };
        Paper::write_text(sheet, (YEAR, at), &year, &paper.heading)?;
        for (replicate, &fen) in column.fen.iter().enumerate() {
            sheet.write_number_with_format(
                TRIALS + replicate as u32,
                at,
                crate::units::Fen(fen).yuan(),
                &money,
            )?;
        }
    }
    Ok(())
}

/// The sums that are marked, with their formulas, and the percentile over them.
fn write_example(
    sheet: &mut Worksheet,
    paper: &Paper,
    words: Words<'_>,
    (totals, n): (&Totals, usize),
) -> Result<(), XlsxError> {
    let last = FIRST + totals.columns.len().max(1) as u16 - 1;
    let cell = |row: u32, column: u16| row_col_to_cell(row, column);
    let fixed = |row: u32, column: u16| rust_xlsxwriter::utility::row_col_to_cell_absolute(row, column);
    let money = Paper::number(Show::Two);
    let own: Vec<&[i64]> =
        totals.columns.iter().filter(|one| marked(words, one.year)).map(|one| one.fen.as_slice()).collect();
    let mut sums: Vec<i64> = (0..n).map(|replicate| own.iter().map(|fen| fen[replicate]).sum()).collect();
    for (replicate, &fen) in sums.iter().enumerate() {
        let row = TRIALS + replicate as u32;
        sheet.write_number_with_format(row, 0, replicate as f64, &Paper::number(Show::Plain))?;
        let formula = format!(
            "=SUMPRODUCT({}:{},{}:{})",
            fixed(MARKS, FIRST),
            fixed(MARKS, last),
            cell(row, FIRST),
            cell(row, last)
        );
        let formula = Formula::new(formula).set_result(crate::units::Fen(fen).to_string());
        sheet.write_formula_with_format(row, SUM, formula, &money)?;
    }
    sums.sort_unstable();
    let all = format!("{}:{}", fixed(TRIALS, SUM), fixed(TRIALS + n.max(1) as u32 - 1, SUM));
    let [interpolated, smallest] = percentile_95(&sums);
    let examples = [
        (words.pick("示例：所选列之和的95%分位数（PERCENTILE，在两次模拟之间插值）", "Example: 95th percentile of the sum (PERCENTILE, between two replicates)"), format!("=PERCENTILE({all},0.95)"), interpolated),
        (words.pick("同上，按本报告的定义：至少95%的模拟不超过的最小值", "The same as this report defines it: the smallest sum that 95 % of the replicates do not exceed"), format!("=SMALL({all},ROUNDUP(0.95*COUNT({all}),0))"), smallest),
    ];
    for (row, (says, formula, result)) in examples.into_iter().enumerate() {
        let row = EXAMPLE + row as u32;
        Paper::write_text(sheet, (row, FIRST), says, &paper.text)?;
        sheet.write_formula_with_format(
            row,
            SUM,
            Formula::new(formula).set_result(result.to_string()),
            &money,
        )?;
    }
    let how = words.pick(
        "把第8行的1和0改成所需的县区和年度，以上两格随之重算。",
        "Change the 1 and 0 of row 8 to the counties and years that you need: both cells above follow.",
    );
    Paper::write_text(sheet, (EXAMPLE + 2, FIRST), how, &paper.text)
}

/// The 95th percentile of sorted fen in yuan: as a spreadsheet interpolates it, and the smallest value that is enough.
fn percentile_95(sorted: &[i64]) -> [f64; 2] {
    let Some(last) = sorted.len().checked_sub(1) else { return [0.0; 2] };
    let yuan = |at: usize| crate::units::Fen(sorted[at.min(last)]).yuan();
    let place = 0.95 * last as f64;
    let (low, part) = (place.floor(), place - place.floor());
    let low = low as usize;
    let enough = (sorted.len() * 95).div_ceil(100).max(1) - 1;
    [yuan(low) + part * (yuan(low + 1) - yuan(low)), yuan(enough)]
}

fn page(sheet: &mut Worksheet, n: usize, n_columns: usize) -> Result<(), XlsxError> {
    let last = FIRST + n_columns.max(1) as u16 - 1;
    sheet.set_column_width(0, 26)?;
    for column in SUM..=last {
        sheet.set_column_width(column, 18)?;
    }
    sheet.set_freeze_panes(TRIALS, FIRST)?;
    sheet.set_repeat_rows(COUNTY, YEAR)?;
    sheet.set_repeat_columns(0, 0)?;
    // As many pages as it takes: fitted to one page in width nobody could read it.
    sheet.set_print_fit_to_pages(0, 0);
    sheet.set_print_area(0, 0, TRIALS + n.max(1) as u32 - 1, last)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_percentiles_as_a_spreadsheet_and_as_the_report_take_them() {
        let shown = |sorted: &[i64]| percentile_95(sorted).map(|yuan| format!("{yuan:.2}"));
        let sorted: Vec<i64> = (1..=21).map(|n| n * 100).collect();
        // Nineteen of twenty steps; 95 % of 21 are 19.95, so the twentieth value.
        assert_eq!(shown(&sorted), ["20.00", "20.00"]);
        assert_eq!(shown(&sorted[..2]), ["1.95", "2.00"]);
        assert_eq!(shown(&[500]), ["5.00", "5.00"]);
    }
}
