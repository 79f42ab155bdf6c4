//! Where the spread of a run comes from, read off its `uncertainty.csv`.

use super::labels::Words;
use crate::lang::Lang;
use crate::projection::uncertainty::{Origin, UncertaintyRow, of_whole};
use crate::report::csv_files::{ALL, TOTAL};
use crate::report::number::percent;
use crate::report::screen_uncertainty::name;
use crate::report::tables;

/// The rows of all payers together and all categories together; none where the run was too small to tell.
#[must_use]
pub fn rows(words: Words<'_>) -> Vec<UncertaintyRow> {
    let Some(table) = words.run.table(tables::UNCERTAINTY.file) else { return Vec::new() };
    let row = |row: &Vec<String>| {
        let text = |name: &str| table.field(row, name);
        let origin = Origin::MAIN.into_iter().find(|origin| origin.name() == text("source"))?;
        if text("funder") != TOTAL || text("category") != TOTAL {
            return None;
        }
        let code = text("county_code");
        let county = words.run.record.counties.iter().position(|known| known == code);
        (county.is_some() || code == ALL).then_some(UncertaintyRow {
            county,
            year: text("year").parse().ok()?,
            funder: None,
            origin,
            share: table.number(row, "share_of_variance")?,
            share_error: table.number(row, "share_of_variance_se").unwrap_or_default(),
            p95_fall_yuan: table.number(row, "p95_fall_if_halved_yuan"),
            p95_fall_error_yuan: table.number(row, "p95_fall_if_halved_se_yuan"),
        })
    };
    table.rows.iter().filter_map(row).collect()
}

/// What the spread of the last year comes from, in one sentence; nothing where it is not known.
#[must_use]
pub fn sentence(words: Words<'_>) -> Option<String> {
    let all = rows(words);
    let year = *words.run.record.years.last()?;
    let counties: Vec<usize> = (0..words.run.record.counties.len()).collect();
    let mut own: Vec<&UncertaintyRow> = of_whole(&all, &counties, Some(year)).collect();
    own.sort_by(|a, b| b.share.total_cmp(&a.share));
    let parts: Vec<String> = own
        .iter()
        .map(|row| format!("{}{}{}", name(row.origin, words.lang), words.pick("", " "), percent(row.share)))
        .collect();
    (!parts.is_empty()).then(|| match words.lang {
        Lang::Zh => format!("{year}年支出的方差来自：{}。", parts.join("，")),
        Lang::En => format!("The variance of spending in {year} comes from: {}.", parts.join(", ")),
    })
}
