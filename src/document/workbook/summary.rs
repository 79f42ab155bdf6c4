//! The first sheet: question, answer, warnings, the totals in ten thousands of yuan, and charts of them.

use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartFormat, ChartLegendPosition, ChartLine, ChartSolidFill, ChartType,
    Color, Workbook, Worksheet, XlsxError,
};

use super::paper::{self, Paper};
use crate::chart::palette;
use crate::document::findings::Findings;
use crate::document::grid::Grid;
use crate::document::labels::Words;
use crate::document::money::{self, Difference, Spending, distinct, is_total};
use crate::document::overview::{Kind, difference_grid, means_by_year, spending_grid};
use crate::report::csv_files::ALL;
use crate::report::number::unit;

/// Columns of the summary, and their width in characters.
const N_COLUMNS: u16 = 9;
const FIRST_WIDTH: usize = 30;
const WIDTH: usize = 15;
/// Counties shown; all are on their own sheet.
const MOST_COUNTIES: usize = 20;
/// Warnings shown; all are on the sheet of the record.
const MOST_WARNINGS: usize = 8;
/// Rows that a chart takes.
const CHART_ROWS: u32 = 18;

/// A table of the summary with its title.
struct Block {
    title: String,
    grid: Grid,
    /// The columns that are drawn, and how.
    drawn: Option<(ChartType, Vec<usize>)>,
}

pub(super) fn write(
    book: &mut Workbook,
    paper: &Paper,
    words: Words<'_>,
    findings: &Findings,
) -> Result<(), XlsxError> {
    let name = words.pick("摘要", "Summary");
    let sheet = paper.sheet(book, name)?;
    sheet.set_portrait();
    sheet.set_column_width(0, FIRST_WIDTH as f64)?;
    for column in 1..N_COLUMNS {
        sheet.set_column_width(column, WIDTH as f64)?;
    }
    let mut row = head(sheet, paper, words, findings)?;
    let blocks = if words.run.is_comparison() { of_comparison(words) } else { of_run(words) };
    let mut breaks = Vec::new();
    for (number, block) in blocks.iter().enumerate() {
        // Three tables with their charts fill a page.
        if number > 0 && number % 3 == 0 {
            breaks.push(row);
        }
        row = write_block(sheet, paper, (name, row), block)?;
    }
    sheet.set_page_breaks(&breaks)?;
    sheet.set_print_area(0, 0, row, N_COLUMNS - 1)?;
    Ok(())
}

/// Title, question, answers and warnings; returns the next free row.
fn head(
    sheet: &mut Worksheet,
    paper: &Paper,
    words: Words<'_>,
    findings: &Findings,
) -> Result<u32, XlsxError> {
    Paper::write_text(sheet, (0, 0), &findings.whole_title(), &paper.title)?;
    let mut row = 1;
    let mut say = |text: &str, format: &rust_xlsxwriter::Format| {
        let wide = FIRST_WIDTH + WIDTH * usize::from(N_COLUMNS - 1);
        sheet.merge_range(row, 0, row, N_COLUMNS - 1, "", format)?;
        Paper::write_text(sheet, (row, 0), text, format)?;
        sheet.set_row_height(row, paper::height(text, wide))?;
        row += 1;
        Ok::<(), XlsxError>(())
    };
    say(&findings.question, &paper.strong.clone().set_text_wrap())?;
    for answer in &findings.answers {
        say(answer, &paper.wrapped)?;
    }
    for warning in findings.warnings.iter().take(MOST_WARNINGS) {
        say(&format!("{}{warning}", words.pick("注意：", "Note: ")), &paper.note)?;
    }
    let left = findings.warnings.len().saturating_sub(MOST_WARNINGS);
    if left > 0 {
        let text = match words.lang {
            crate::lang::Lang::Zh => format!("另有{left}条提示，见“运行记录”"),
            crate::lang::Lang::En => format!("{left} more notes: see “Record”"),
        };
        say(&text, &paper.note)?;
    }
    let basis = format!("{}{}", words.pick("依据：", "Basis: "), words.run.record.basis.text(words.lang));
    say(&basis, &paper.note)?;
    Ok(row + 1)
}

fn write_block(
    sheet: &mut Worksheet,
    paper: &Paper,
    (name, row): (&str, u32),
    block: &Block,
) -> Result<u32, XlsxError> {
    Paper::write_text(sheet, (row, 0), &block.title, &paper.strong)?;
    paper.grid(sheet, (row + 1, 0), &block.grid)?;
    sheet.set_row_height(row + 1, 32)?;
    let (first, last) = (row + 2, row + 1 + block.grid.rows.len() as u32);
    let Some((kind, columns)) = &block.drawn else { return Ok(last + 2) };
    let mut chart = Chart::new(*kind);
    for (&column, [r, g, b]) in columns.iter().zip(palette().into_iter().cycle()) {
        let at = column as u16;
        let colour = Color::RGB(u32::from_be_bytes([0, r, g, b]));
        let fill = ChartSolidFill::new().set_color(colour).clone();
        chart
            .add_series()
            .set_name((name, row + 1, at))
            .set_categories((name, first, 0, last, 0))
            .set_values((name, first, at, last, at))
            .set_format(ChartFormat::new().set_solid_fill(&fill));
    }
    chart.title().set_name(&block.title);
    chart.title().set_font(rust_xlsxwriter::ChartFont::new().set_size(12));
    chart.y_axis().set_num_format("#,##0");
    // Below the negative bars of a difference, not across them.
    chart.x_axis().set_label_position(ChartAxisLabelPosition::Low);
    chart.y_axis().set_major_gridlines_line(ChartLine::new().set_color(Color::RGB(0xDD_DD_DD)));
    chart.legend().set_position(ChartLegendPosition::Bottom);
    chart.set_alt_text(&block.title).set_width(980).set_height(340);
    sheet.insert_chart(last + 2, 0, &chart)?;
    Ok(last + 2 + CHART_ROWS + 1)
}

fn of_run(words: Words<'_>) -> Vec<Block> {
    let all = money::spending(words.run);
    let years = &words.run.record.years;
    let totals: Vec<&Spending> = years.iter().filter_map(|&year| money::total(&all, ALL, year)).collect();
    let first = words.pick("年度", "Year");
    let unit = unit(words.lang);
    let mut blocks = vec![Block {
        title: format!("{}（{unit}）", words.pick("全部县区各年度支出", "All counties by year")),
        grid: spending_grid(words, first, totals.iter().map(|row| (row.year.to_string(), *row)).collect()),
        drawn: Some((ChartType::Column, vec![1, 5])),
    }];
    for (kind, title) in [
        (Kind::Funder, words.pick("全部县区分资金渠道的支出均值", "Mean spending of all counties by payer")),
        (Kind::Line, words.pick("全部县区分支出项目的支出均值", "Mean spending of all counties by line")),
    ] {
        let grid = means_by_year(words, &all, kind);
        let drawn = Some((ChartType::ColumnStacked, (1..grid.columns.len()).collect()));
        blocks.push(Block { title: format!("{title}（{unit}）"), grid, drawn });
    }
    let last = years.last().copied().unwrap_or_default();
    let counties = money::largest_counties(&all, last);
    let n = counties.len();
    let rows = counties.into_iter().take(MOST_COUNTIES);
    let rows = rows.map(|row| (words.county(&row.county).to_owned(), row)).collect();
    let title = match (words.lang, n > MOST_COUNTIES) {
        (crate::lang::Lang::Zh, false) => format!("{last}年各县区支出（{unit}）"),
        (crate::lang::Lang::Zh, true) => {
            format!("{last}年支出最多的{MOST_COUNTIES}个县区（{unit}；全部{n}个见“县区年度”）")
        }
        (crate::lang::Lang::En, false) => format!("Counties in {last} ({unit})"),
        (crate::lang::Lang::En, true) => {
            format!("The {MOST_COUNTIES} counties that spend most in {last} ({unit}; all {n} on “Counties”)")
        }
    };
    let grid = spending_grid(words, words.pick("县区", "County"), rows);
    blocks.push(Block { title, grid, drawn: (n > 1).then(|| (ChartType::Column, vec![1, 5])) });
    blocks
}

fn of_comparison(words: Words<'_>) -> Vec<Block> {
    let all = money::differences(words.run);
    let last = words.run.record.years.last().copied().unwrap_or_default();
    let mut blocks = Vec::new();
    for other in distinct(all.iter().map(|row| row.other.as_str())) {
        let own = |row: &&Difference| row.other == other && is_total(&row.line, &row.funder);
        let totals = all.iter().filter(own).filter(|row| row.county == ALL);
        let rows = totals.map(|row| (row.year.to_string(), row)).collect();
        let title = words.scenario(other).to_owned();
        blocks.push(Block {
            title: match words.lang {
                crate::lang::Lang::Zh => format!("“{title}”减基准方案，全部县区（万元）"),
                crate::lang::Lang::En => format!("“{title}” minus the base, all counties (10,000 yuan)"),
            },
            grid: difference_grid(words, words.pick("年度", "Year"), rows),
            drawn: Some((ChartType::Column, vec![3])),
        });
        let mut counties: Vec<&Difference> =
            all.iter().filter(own).filter(|row| row.county != ALL && row.year == last).collect();
        counties.sort_by(|a, b| b.mean.abs().total_cmp(&a.mean.abs()));
        let rows = counties.into_iter().take(MOST_COUNTIES);
        let rows = rows.map(|row| (words.county(&row.county).to_owned(), row)).collect();
        blocks.push(Block {
            title: match words.lang {
                crate::lang::Lang::Zh => format!("“{title}”减基准方案，{last}年差额最大的县区（万元）"),
                crate::lang::Lang::En => format!(
                    "“{title}” minus the base, counties with the largest differences in {last} (10,000 yuan)"
                ),
            },
            grid: difference_grid(words, words.pick("县区", "County"), rows),
            drawn: None,
        });
    }
    blocks
}
