//! A fund as the text of a place file: its lists, and where they come from.

use super::Whose;
use super::select::{Budget, Fund, Owned, Revenue, YearAmount};
use crate::draft::place::entry;
use crate::lang::Words;
use crate::units::Fen;

/// What a table of a fund gives of a place file; nothing else of `[fund]` is touched.
pub const PATTERNS: [&str; 4] = ["fund.opening", "fund.outstanding", "fund.revenue", "fund.budget"];

/// An amount of fen in yuan, exactly.
#[must_use]
pub fn amount_in_yuan(fen: i128) -> String {
    let (yuan, rest) = (fen / 100, fen % 100);
    match rest {
        0 => yuan.to_string(),
        rest if rest % 10 == 0 => format!("{yuan}.{}", rest / 10),
        rest => format!("{yuan}.{rest:02}"),
    }
}

fn yuan(amount: Fen) -> String {
    amount_in_yuan(i128::from(amount.0))
}

/// The lists of `[fund]`, each entry a table of its own; `name` is what a county is called in the file.
#[must_use]
pub fn section(fund: &Fund, name: &dyn Fn(u32) -> String) -> String {
    let mut text = String::new();
    let owner = |whose: Whose| match whose {
        Whose::County(code) => format!("county = \"{}\"\n", name(code)),
        Whose::All => String::new(),
    };
    let owned = |list: &str, one: &Owned| {
        format!("\n[[fund.{list}]]\n{}yuan = {}\n", owner(one.whose), yuan(one.amount))
    };
    fund.opening.iter().for_each(|one| text.push_str(&owned("opening", one)));
    fund.outstanding.iter().for_each(|one| text.push_str(&owned("outstanding", one)));
    for Revenue { whose, source, months, log_sd, by_year, .. } in &fund.revenue {
        let months: Vec<String> = months.iter().map(ToString::to_string).collect();
        let log_sd = log_sd.map_or_else(String::new, |log_sd| format!("log_sd = {}\n", share(log_sd)));
        text.push_str(&format!(
            "\n[[fund.revenue]]\nsource = \"{}\"\n{}months = [{}]\n{log_sd}yuan = {}\n",
            source.name(),
            owner(*whose),
            months.join(", "),
            years(by_year)
        ));
    }
    for Budget { whose, funder, by_year } in &fund.budgets {
        let (owner, years) = (owner(*whose), years(by_year));
        text.push_str(&format!("\n[[fund.budget]]\nfunder = \"{funder}\"\n{owner}yuan = {years}\n"));
    }
    text
}

fn years(by_year: &[YearAmount]) -> String {
    let pair = |one: &YearAmount| format!("{} = {}", one.year, yuan(one.amount));
    format!("{{ {} }}", by_year.iter().map(pair).collect::<Vec<_>>().join(", "))
}

/// Millionths as a decimal number.
fn share(millionths: u32) -> String {
    let text = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
    let text = text.trim_end_matches('0');
    if text.ends_with('.') { format!("{text}0") } else { text.to_owned() }
}

/// The entries of `[[provenance]]` of the lists: found in the table, but for months of which it says nothing.
#[must_use]
pub fn provenance(fund: &Fund, file: &str, sheets: &[String]) -> String {
    let has = [
        !fund.opening.is_empty(),
        !fund.outstanding.is_empty(),
        !fund.revenue.is_empty(),
        !fund.budgets.is_empty(),
    ];
    let covers: Vec<String> =
        PATTERNS.iter().zip(has).filter(|(_, has)| *has).map(|(pattern, _)| (*pattern).to_owned()).collect();
    let (zh, en) = match sheets {
        [] => (String::new(), String::new()),
        sheets => (format!(" 工作表 {}", sheets.join("、")), format!(", sheet {}", sheets.join(", "))),
    };
    let table = Words::new(format!("基金表 {file}{zh}"), format!("Fund table {file}{en}"));
    let mut text = entry(&covers, "found", &table);
    let silent = |(_, one): &(usize, &Revenue)| !one.is_month_given;
    let months: Vec<String> = match fund.revenue.iter().filter(|one| !one.is_month_given).count() {
        0 => Vec::new(),
        n if n == fund.revenue.len() => vec!["fund.revenue.*.months".to_owned()],
        _ => {
            let numbers = fund.revenue.iter().enumerate().filter(silent).map(|(number, _)| number);
            numbers.map(|number| format!("fund.revenue.{number}.months")).collect()
        }
    };
    if !months.is_empty() {
        let january = Words::new(
            "基金表没有到账月份，按1月到账",
            "The fund table gives no month of arrival: taken to be there in January",
        );
        text.push_str(&entry(&months, "assumed", &january));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_amounts_and_shares_are_written_to_the_last_digit() {
        for (fen, text) in [(480_000_000, "4800000"), (150, "1.5"), (7, "0.07"), (101, "1.01"), (0, "0")] {
            assert_eq!(amount_in_yuan(fen), text);
        }
        for (share_of, text) in [(50_000, "0.05"), (1_000_000, "1.0"), (1, "0.000001")] {
            assert_eq!(share(share_of), text);
        }
    }
}
