//! The sheets of sources and of the record of the run.

use rust_xlsxwriter::{Workbook, XlsxError};

use super::paper::Paper;
use crate::document::basis::{Basis, facts, file_name, sources};
use crate::document::grid::{Cell, Grid, Show};
use crate::document::labels::Words;
use crate::document::overview::column;

pub(super) fn write_assumptions(
    book: &mut Workbook,
    paper: &Paper,
    words: Words<'_>,
) -> Result<(), XlsxError> {
    let title = words.pick("参数和人数的依据", "Where values and counts come from");
    let note = words.pick(
        "查得：原文有据；推导：由查得的数计算；推算：没有找到，按说明的理由取值。正式编制预算前，应先用台账人数替换推算的人数",
        "Found: stands in a document; derived: computed from what was found; assumed: not found, taken for the reason given. Replace assumed counts by the register's own before signing a budget",
    );
    let sheet = paper.sheet(book, words.pick("参数依据", "Assumptions"))?;
    paper.table(sheet, (title, note), &assumptions(words))
}

fn assumptions(words: Words<'_>) -> Grid {
    let heads = [
        words.pick("性质", "Status"),
        words.pick("等级", "Grade"),
        words.pick("内容", "What"),
        words.pick("来源或理由", "Source or reasoning"),
        words.pick("写在", "Written in"),
    ];
    let text = |text: String| if text.is_empty() { Cell::Nothing } else { Cell::Text(text) };
    let row = |Basis { status, grade, what, source, file }: Basis| {
        [words.status(&status).to_owned(), grade, what, source, file].map(text).to_vec()
    };
    Grid {
        columns: heads.iter().map(|head| column(head, Show::Text)).collect(),
        n_keys: 1,
        rows: sources(words).into_iter().map(row).collect(),
    }
}

pub(super) fn write_record(book: &mut Workbook, paper: &Paper, words: Words<'_>) -> Result<(), XlsxError> {
    let title = words.pick("运行记录", "Record of the run");
    let note = words.pick(
        "相同的运行编号、年度和县区给出相同的数",
        "The same run number, years and counties give the same figures",
    );
    let sheet = paper.sheet(book, words.pick("运行记录", "Record"))?;
    paper.table(sheet, (title, note), &record(words))
}

fn record(words: Words<'_>) -> Grid {
    let record = &words.run.record;
    let mut rows = facts(words);
    let mut say = |what: &str, value: String| rows.push([what.to_owned(), value]);
    say(words.pick("依据", "Basis"), record.basis.text(words.lang).to_owned());
    for warning in &record.warnings {
        say(words.pick("提示", "Note"), warning.says.text(words.lang).to_owned());
    }
    for input in &record.inputs {
        for warning in &input.warnings {
            let text =
                format!("{} {}: {}", file_name(&warning.file), warning.key, warning.says.text(words.lang));
            say(words.pick("对输入的提示", "Note on the input"), text);
        }
        for (file, hash) in &input.files {
            say(words.pick("输入文件", "Input file"), format!("{} {hash}", file_name(file)));
        }
    }
    let columns =
        vec![column(words.pick("项目", "What"), Show::Text), column(words.pick("内容", "Value"), Show::Text)];
    Grid { columns, n_keys: 1, rows: rows.into_iter().map(|row| row.map(Cell::Text).to_vec()).collect() }
}
