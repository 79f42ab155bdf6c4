//! The table and the charts of a sensitivity.

use super::csv_files::{county, write_columns};
use super::figures::Figure;
use super::sensitivity::{Luck, Sensitive, payer_id};
use super::table::{self, average, maybe, share};
use super::tables;
use super::write::{RunFolder, WriteError};
use crate::chart::{Tornado, TornadoBar, TornadoPanel};
use crate::lang::Lang;
use crate::projection::sensitivity::SensitivityRow;
use crate::stats::margin_95;

/// Inputs that a panel of the chart shows: the others move little.
const DRAWN: usize = 10;

/// Writes the table, and what its columns are.
///
/// # Errors
/// What the system says.
pub fn write(folder: &RunFolder, sensitive: &Sensitive<'_>) -> Result<(), WriteError> {
    let rows = sensitive.rows.iter().map(|one| row(sensitive, one));
    let all = rows.chain(sensitive.luck.iter().filter_map(|one| luck(sensitive, one)));
    folder.write(tables::SENSITIVITY.file, |out| table::write(out, &tables::SENSITIVITY, all))?;
    folder.write(tables::COLUMNS.file, |out| write_columns(out, &[&tables::SENSITIVITY]))
}

fn row(sensitive: &Sensitive<'_>, row: &SensitivityRow) -> Vec<String> {
    let mut fields = beginning(sensitive, (row.county, row.year), row.figure);
    fields.push(sensitive.id(&row.varied));
    fields.extend([Lang::Zh, Lang::En].map(|lang| sensitive.label(&row.varied, lang)));
    fields.extend(row.ends.map(|end| share(sensitive.number(&row.varied, &end))));
    for end in &row.ends {
        fields.extend([average(end.yuan), maybe(end.error_yuan)]);
        fields.extend([average(end.moved.0), maybe(end.moved.1)]);
    }
    fields.extend([average(row.swing.0), maybe(row.swing.1)]);
    let first = row.sobol.map(|sobol| sobol.first);
    let total = row.sobol.and_then(|sobol| sobol.total);
    for index in [first, total] {
        fields.extend([share(index.map(|index| index.0)), share(index.map(|index| index.1))]);
    }
    for at in 0..2 {
        let worth = row.worth.map(|worth| worth[at]);
        fields.extend([maybe(worth.map(|worth| worth.0)), maybe(worth.and_then(|worth| worth.1))]);
    }
    fields
}

/// Whose figure it is, and what it comes to.
fn beginning(
    sensitive: &Sensitive<'_>,
    (of, year): (Option<usize>, u16),
    (yuan, error): (f64, Option<f64>),
) -> Vec<String> {
    let mut fields = county(sensitive.layout, of).to_vec();
    fields.extend([year.to_string(), payer_id(sensitive).to_owned(), sensitive.figure.name()]);
    fields.extend([average(yuan), maybe(error)]);
    fields
}

/// What no input explains: a share alone.
fn luck(sensitive: &Sensitive<'_>, luck: &Luck) -> Option<Vec<String>> {
    let same = |row: &&SensitivityRow| (row.county, row.year) == (luck.county, luck.year);
    let figure = sensitive.rows.iter().find(same)?.figure;
    let mut fields = beginning(sensitive, (luck.county, luck.year), figure);
    fields.extend(["luck", "个人偶然性", "luck of single persons"].map(ToOwned::to_owned));
    fields.extend(vec![String::new(); 12]);
    fields.push(share(Some(luck.share)));
    fields.resize(tables::SENSITIVITY.columns.len(), String::new());
    Some(fields)
}

/// A panel for all counties and one for each, of the last year.
#[must_use]
pub fn charts(sensitive: &Sensitive<'_>, lang: Lang) -> Vec<Figure> {
    let whole = if sensitive.counties.len() > 1 { Some(None) } else { None };
    let each = sensitive.counties.iter().copied().map(Some);
    let panels: Vec<TornadoPanel> =
        whole.into_iter().chain(each).filter_map(|of| panel(sensitive, of, lang)).collect();
    let year = sensitive.last_year().unwrap_or_default();
    let (figure, payer) = (sensitive.figure_label(lang), sensitive.payer_label(lang));
    let tornado = Tornado {
        title: match lang {
            Lang::Zh => format!("{year}年{payer}支出的{figure}取决于什么"),
            Lang::En => format!("What {figure} of the spending of {payer} in {year} depends on"),
        },
        figure,
        panels,
        page: 0,
    };
    let page = |page| Figure::page("sensitivity", page, Box::new(Tornado { page, ..tornado.clone() }));
    (0..tornado.n_pages()).map(page).collect()
}

fn panel(sensitive: &Sensitive<'_>, of: Option<usize>, lang: Lang) -> Option<TornadoPanel> {
    let (rows, _) = sensitive.widest(of, DRAWN);
    let first = rows.first()?;
    let bar = |row: &&SensitivityRow| TornadoBar {
        name: sensitive.label(&row.varied, lang),
        ends_yuan: row.ends.map(|end| end.moved.0),
        errors95_yuan: row.ends.map(|end| end.moved.1.map(margin_95)),
        values: [0, 1].map(|at| sensitive.value(&row.varied, at, &row.ends[at])),
    };
    Some(TornadoPanel {
        name: sensitive.layout.county_label(of, lang).to_owned(),
        figure_yuan: first.figure.0,
        bars: rows.iter().map(bar).collect(),
    })
}
