//! What is rounded once anything is hidden, in all tables alike: a total less what is shown of it gives then no more than
//! that few are hidden.

use super::column::Kind;
use super::{PERSONS, YUAN};
use crate::report::finished::ReadTable;

/// Digits of an error that are shown.
const DIGITS: i32 = 2;

/// Rounds every number of a table that is not public by itself.
pub(super) fn round(table: &mut ReadTable) {
    let kinds = Kind::all(&table.columns);
    let residents = table.column("residents");
    for row in &mut table.rows {
        let residents = residents.and_then(|at| row[at].parse::<f64>().ok());
        for (kind, field) in kinds.iter().zip(row.iter_mut()) {
            if let Ok(number) = field.parse::<f64>() {
                rounded(*kind, number, residents).into_iter().for_each(|text| *field = text);
            }
        }
    }
}

/// A number as it is shown; `None`: as it is.
fn rounded(kind: Kind, number: f64, residents: Option<f64>) -> Option<String> {
    match kind {
        Kind::Known | Kind::Share => None,
        Kind::Count => Some(whole(to(number, PERSONS))),
        Kind::Money => Some(whole(to(number, YUAN))),
        Kind::CountError | Kind::MoneyError => Some(digits(number)),
        // As many yuan in all as the row shows, not as many as there are.
        Kind::PerResident => {
            let residents = residents.filter(|residents| *residents > 0.0)?;
            Some(plain(format!("{:.2}", to(number * residents, YUAN) / residents)))
        }
        Kind::PerPerson => Some(whole(number.round())),
    }
}

pub(super) fn to(number: f64, base: f64) -> f64 {
    (number / base).round() * base
}

fn whole(number: f64) -> String {
    plain(format!("{number:.0}"))
}

/// Without the sign of a nought.
fn plain(text: String) -> String {
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|byte| matches!(byte, b'0' | b'.')) => rest.to_owned(),
        _ => text,
    }
}

fn digits(number: f64) -> String {
    if number == 0.0 {
        return "0".to_owned();
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the digits of a double before the point are few hundred"
    )]
    let size = number.abs().log10().floor() as i32;
    let decimals = DIGITS - 1 - size;
    if decimals > 0 {
        return plain(format!("{number:.*}", usize::try_from(decimals.min(6)).unwrap_or_default()));
    }
    whole(to(number, 10_f64.powi(-decimals)))
}
