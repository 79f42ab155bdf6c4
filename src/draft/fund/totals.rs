//! What adds up others is held against the sum and left out; what stands twice is refused; whether the fund is one for
//! the whole place.

use super::{Cell, Item, On, Use, Whose};
use crate::draft::register::sheet::TableFault;
use crate::lang::Words;

/// Finds and checks sums; gives whether nothing but budgets is by county.
pub(super) fn settle(cells: &mut [Cell], n_counties: usize, faults: &mut Vec<TableFault>) -> bool {
    sums_over_counties(cells);
    for cell in cells.iter_mut().filter(|cell| cell.becomes == Use::Counted) {
        if cell.whose == On::Sum || cell.year == On::Sum || cell.item == Some(On::Sum) {
            cell.becomes = Use::Total;
        }
    }
    parts(cells);
    twice(cells, faults);
    for total in cells.iter().filter(|cell| cell.becomes == Use::Total) {
        check(cells, total, faults);
    }
    n_counties > 1 && is_pooled(cells, faults)
}

/// An amount of the whole place beside the same of counties is their sum; a budget that stands as a sum alone is that of
/// all counties together.
fn sums_over_counties(cells: &mut [Cell]) {
    let is_counted = |cell: &&Cell| cell.becomes == Use::Counted;
    let of_counties: Vec<Cell> = cells
        .iter()
        .filter(is_counted)
        .filter(|cell| matches!(cell.whose, On::Point(Whose::County(_))))
        .cloned()
        .collect();
    let has_counties = |cell: &Cell| {
        of_counties.iter().any(|other| other.item == cell.item && is_same_year(&cell.year, &other.year))
    };
    for cell in cells.iter_mut().filter(|cell| cell.becomes == Use::Counted) {
        let is_budget = matches!(cell.item, Some(On::Point(Item::Budget(_))));
        match cell.whose {
            On::Point(Whose::All) if has_counties(cell) => cell.whose = On::Sum,
            On::Sum if is_budget && !has_counties(cell) => cell.whose = On::Point(Whose::All),
            _ => {}
        }
    }
}

/// A balance without a year is that of any.
fn is_same_year(year: &On<Option<u16>>, other: &On<Option<u16>>) -> bool {
    let is_any = |year: &On<Option<u16>>| *year == On::Point(None);
    year.takes(other) || is_any(year) || is_any(other)
}

/// Parts of what is not given as a whole count.
fn parts(cells: &mut [Cell]) {
    let wholes: Vec<Cell> = cells.iter().filter(|cell| cell.becomes == Use::Counted).cloned().collect();
    for cell in cells.iter_mut().filter(|cell| cell.becomes == Use::PartOfWhole && cell.item == Some(On::Sum))
    {
        cell.becomes = Use::Total;
    }
    // A part of county revenue that is no source of its own stays a part.
    for cell in cells.iter_mut().filter(|cell| cell.becomes == Use::PartOfWhole) {
        let of_owner = |whole: &&Cell| whole.whose == cell.whose && is_same_year(&whole.year, &cell.year);
        if !wholes.iter().any(|whole| of_owner(&whole)) {
            cell.becomes = Use::Counted;
        }
    }
}

fn twice(cells: &[Cell], faults: &mut Vec<TableFault>) {
    let counted: Vec<&Cell> = cells.iter().filter(|cell| cell.becomes == Use::Counted).collect();
    for (number, cell) in counted.iter().enumerate() {
        let is_same = |other: &&&Cell| {
            (&other.whose, &other.item, &other.year) == (&cell.whose, &cell.item, &cell.year)
                && !is_another_part(other, cell)
        };
        let Some(first) = counted[..number].iter().find(is_same) else { continue };
        let first = &first.place;
        faults.push(TableFault {
            place: cell.place.clone(),
            value: cell.label.clone(),
            problem: Words::new(
                format!("同一县区、项目和年度已在 {first} 出现；分次到账的收入，各行写明不同的月份"),
                format!(
                    "the same county, item and year stands in {first} already; of revenue that comes in parts each row gives months of its own"
                ),
            ),
        });
    }
}

/// Whether two cells are unequal parts of the revenue of a year, each with months of its own.
fn is_another_part(one: &Cell, other: &Cell) -> bool {
    let is_revenue = matches!(one.item, Some(On::Point(Item::Revenue(_))));
    match (&one.months, &other.months) {
        (Some(months), Some(others)) if is_revenue => !months.iter().any(|month| others.contains(month)),
        _ => false,
    }
}

/// Holds a sum against what it may add up.
fn check(cells: &[Cell], total: &Cell, faults: &mut Vec<TableFault>) {
    let fits = |cell: &&Cell| {
        cell.becomes == Use::Counted
            && (total.whose.takes(&cell.whose) || (total.whose == On::Point(Whose::All)))
            && is_same_year(&total.year, &cell.year)
    };
    let parts: Vec<&Cell> = cells.iter().filter(fits).collect();
    let sums = match &total.item {
        Some(On::Point(item)) => sums(&[parts.iter().copied().filter(|cell| is(cell, item)).collect()]),
        _ => sums(&groups(cells, total, &parts)),
    };
    let amount = i128::from(total.amount.0);
    let fault = |problem: Words| TableFault { place: total.place.clone(), value: String::new(), problem };
    match sums.first() {
        None if amount == 0 => {}
        None => faults.push(fault(Words::new(
            "只有合计，没有分项：收入要分来源；来源单一的用 --fund-map 指明",
            "a sum without its parts: revenue needs its source; of a single one say which with --fund-map",
        ))),
        Some(_) if sums.contains(&amount) => {}
        Some(first) => {
            let yuan = super::amount_in_yuan(*first);
            faults.push(fault(Words::new(
                format!("合计与各项相加（{yuan}元）不符；请更正，或删去合计后再读"),
                format!(
                    "the total differs from the sum of its parts, {yuan} yuan; put it right, or take it out"
                ),
            )));
        }
    }
}

fn is(cell: &Cell, item: &Item) -> bool {
    matches!(&cell.item, Some(On::Point(own)) if own == item)
}

/// The sums of groups that have anything.
fn sums(groups: &[Vec<&Cell>]) -> Vec<i128> {
    let sum = |group: &Vec<&Cell>| group.iter().map(|cell| i128::from(cell.amount.0)).sum();
    groups.iter().filter(|group| !group.is_empty()).map(sum).collect()
}

/// What a sum of items may add up: revenue, with or without the balance; budgets; what stands next to it up to the sum
/// before or behind.
fn groups<'c>(cells: &[Cell], total: &Cell, parts: &[&'c Cell]) -> Vec<Vec<&'c Cell>> {
    let kind = |fits: &dyn Fn(&Item) -> bool| -> Vec<&'c Cell> {
        let is = |cell: &&'c Cell| matches!(&cell.item, Some(On::Point(item)) if fits(item));
        parts.iter().copied().filter(is).collect()
    };
    let is_revenue = |item: &Item| matches!(item, Item::Revenue(_));
    let is_budget = |item: &Item| matches!(item, Item::Budget(_));
    let mut all = vec![
        kind(&is_revenue),
        kind(&|item| is_revenue(item) || *item == Item::Opening),
        kind(&is_budget),
        kind(&|item| !is_budget(item)),
        kind(&|_| true),
    ];
    let is_sum =
        |cell: &&Cell| cell.becomes == Use::Total && cell.item == Some(On::Sum) && cell.sheet == total.sheet;
    let own = parts.iter().copied().filter(|cell| cell.sheet == total.sheet);
    let (row, column) = (total.at.row, total.at.column);
    let rows = || cells.iter().filter(is_sum).filter(|cell| cell.at.column == column).map(|cell| cell.at.row);
    let columns = || cells.iter().filter(is_sum).filter(|cell| cell.at.row == row).map(|cell| cell.at.column);
    let between = |at: usize, before: usize, sums: Vec<usize>| {
        let low = sums.iter().copied().filter(|&sum| sum < before).max();
        let high = sums.iter().copied().filter(|&sum| sum > before).min();
        let is_before = at < before && low.is_none_or(|low| at > low);
        let is_behind = at > before && high.is_none_or(|high| at < high);
        (is_before, is_behind)
    };
    let mut near = [Vec::new(), Vec::new(), Vec::new(), Vec::new()];
    for cell in own {
        let in_column = between(cell.at.row, row, rows().collect());
        let in_row = between(cell.at.column, column, columns().collect());
        let is_in = [
            cell.at.column == column && in_column.0,
            cell.at.column == column && in_column.1,
            cell.at.row == row && in_row.0,
            cell.at.row == row && in_row.1,
        ];
        near.iter_mut().zip(is_in).filter(|(_, is_in)| *is_in).for_each(|(group, _)| group.push(cell));
    }
    all.extend(near);
    all
}

/// Whether balances and revenue are of the whole place; that some are and others are not is a fault.
fn is_pooled(cells: &[Cell], faults: &mut Vec<TableFault>) -> bool {
    let is_budget = |cell: &Cell| matches!(cell.item, Some(On::Point(Item::Budget(_))));
    let own: Vec<&Cell> =
        cells.iter().filter(|cell| cell.becomes == Use::Counted && !is_budget(cell)).collect();
    let of_all: Vec<&&Cell> = own.iter().filter(|cell| cell.whose == On::Point(Whose::All)).collect();
    if of_all.is_empty() || of_all.len() == own.len() {
        return !of_all.is_empty();
    }
    let first = of_all[0];
    faults.push(TableFault {
        place: first.place.clone(),
        value: first.label.clone(),
        problem: Words::new(
            "是全部县区合用的，而其他金额分县；要么都分县，要么都是全市的（市级统筹）",
            "is of the whole place, while other amounts are by county; give all by county, or all for the place (a pooled fund)",
        ),
    });
    false
}
