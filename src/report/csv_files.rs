//! The CSV files of a projection.

use std::io::{Result, Write};

use super::pooling_files::{pooling, shares};
use super::table::{self, Table, average, fen, maybe, share};
use super::{bills_files, tables, waiting_files};
use crate::policy::names::Name;
use crate::population::FitRow;
use crate::projection::Projection;
use crate::projection::budget::{AccountMonthRow, AccountRow, BudgetRow, Needed, Probability};
use crate::projection::clauses::EffectRow;
use crate::projection::layout::Layout;
use crate::projection::lists::BurdenRow;
use crate::projection::money::{MoneyRow, Slice, SliceRow};
use crate::projection::tally::Tally;
use crate::projection::uncertainty::{Origin, UncertaintyRow};
use crate::raw::fund::Source;
use crate::scenario::fund::Revenue;
use crate::simulation::facts::AFTER_THE_YEAR;
use crate::stats::Estimate;

/// What stands for all counties, in the columns of code and name.
pub const ALL: &str = "ALL";
/// What stands for all lines or funders.
pub const TOTAL: &str = "total";

/// What stands for the months after the year.
pub const AFTER: &str = "after";

/// Writes one table of a projection; `None` for a table that a projection does not have.
pub fn write(out: impl Write, wanted: &Table, projection: &Projection) -> Option<Result<()>> {
    Some(match wanted.file {
        file if file == tables::PROJECTION.file => {
            table::write(out, wanted, projection.money.iter().map(|row| money(projection, row)))
        }
        file if file == tables::BY_MONTH.file => {
            let month = |row: &&SliceRow| matches!(row.slice, Slice::Month(_));
            table::write(
                out,
                wanted,
                projection.slices.iter().filter(month).map(|row| slice(projection, row)),
            )
        }
        file if file == tables::BY_CATEGORY.file => {
            let people = |row: &&SliceRow| matches!(row.slice, Slice::People(_));
            table::write(
                out,
                wanted,
                projection.slices.iter().filter(people).map(|row| slice(projection, row)),
            )
        }
        file if file == tables::BUDGET.file => {
            table::write(out, wanted, projection.budgets.iter().map(|row| budget(projection, row)))
        }
        file if file == tables::ACCOUNT.file => {
            table::write(out, wanted, projection.accounts.iter().map(|row| account(projection, row)))
        }
        file if file == tables::ACCOUNT_MONTHS.file => {
            let rows = projection.account_months.iter().map(|row| account_month(projection, row));
            table::write(out, wanted, rows)
        }
        file if file == tables::ACCOUNT_REVENUE.file => {
            table::write(out, wanted, projection.revenue.iter().map(|row| revenue(projection, row)))
        }
        file if file == tables::ACCOUNT_WAITING.file => {
            let rows = projection.account_waiting.iter().map(|row| waiting_files::fields(projection, row));
            table::write(out, wanted, rows)
        }
        file if file == tables::PAYERS.file => {
            let rows = projection.bills.payers.iter().map(|row| bills_files::payer_fields(projection, row));
            table::write(out, wanted, rows)
        }
        file if file == tables::LORENZ.file => {
            let rows = projection.bills.lorenz.iter().map(|row| bills_files::lorenz_fields(projection, row));
            table::write(out, wanted, rows)
        }
        file if file == tables::PEOPLE.file => table::write(out, wanted, people(projection)),
        file if file == tables::CLAUSES.file => {
            table::write(out, wanted, projection.clauses.iter().map(|row| clause(projection, row)))
        }
        file if file == tables::RULES.file => {
            table::write(out, wanted, projection.rules.iter().map(|row| rule(projection, row)))
        }
        file if file == tables::WATCH.file => table::write(out, wanted, watch(projection)),
        file if file == tables::INDICATORS.file => {
            table::write(out, wanted, projection.indicators.iter().map(|row| indicator(projection, row)))
        }
        file if file == tables::RESIDUAL.file => {
            table::write(out, wanted, projection.residual.iter().map(|row| residual(projection, row)))
        }
        file if file == tables::UNCERTAINTY.file => {
            table::write(out, wanted, projection.uncertainty.iter().map(|row| uncertainty(projection, row)))
        }
        file if file == tables::POOLING.file => table::write(out, wanted, pooling(projection)),
        file if file == tables::POOLING_SHARES.file => table::write(out, wanted, shares(projection)),
        _ => return None,
    })
}

/// What stands for a month or a category.
pub(super) fn slice_id(layout: &Layout, slice: Slice) -> String {
    match slice {
        Slice::Year => TOTAL.to_owned(),
        Slice::Month(AFTER_THE_YEAR) => AFTER.to_owned(),
        Slice::Month(month) => (month + 1).to_string(),
        Slice::People(category) => id_or_total(&layout.categories, Some(category)),
    }
}

/// Whether a projection has nothing for a table, which is then not written.
#[must_use]
pub fn is_empty(table: &Table, projection: &Projection) -> bool {
    let accounts = [tables::ACCOUNT.file, tables::ACCOUNT_MONTHS.file, tables::ACCOUNT_REVENUE.file];
    accounts.contains(&table.file) && projection.accounts.is_empty()
        || table.file == tables::ACCOUNT_WAITING.file && projection.account_waiting.is_empty()
        || table.file == tables::PAYERS.file && projection.bills.payers.is_empty()
        || table.file == tables::LORENZ.file && projection.bills.lorenz.is_empty()
        || table.file == tables::UNCERTAINTY.file && projection.uncertainty.is_empty()
        || table.file == tables::POOLING_SHARES.file && projection.shares.is_empty()
}

fn uncertainty(projection: &Projection, row: &UncertaintyRow) -> Vec<String> {
    let layout = &projection.layout;
    let mut fields = county(layout, row.county).to_vec();
    fields.extend([row.year.to_string(), id_or_total(&layout.funders, row.funder)]);
    fields.extend([row.origin.name().to_owned(), category_of(layout, row.origin)]);
    fields.extend([share(Some(row.share)), share(Some(row.share_error))]);
    fields.extend([maybe(row.p95_fall_yuan), maybe(row.p95_fall_error_yuan)]);
    fields
}

/// The category of an origin; of others what stands for all.
pub(super) fn category_of(layout: &Layout, origin: Origin) -> String {
    let rank = match origin {
        Origin::Category(rank) => Some(rank),
        _ => None,
    };
    id_or_total(&layout.categories, rank)
}

fn probability(of: Option<Probability>) -> [String; 3] {
    [of.map(|of| of.share), of.map(|of| of.low), of.map(|of| of.high)].map(share)
}

fn amounts(needed: &[Needed]) -> impl Iterator<Item = String> {
    needed.iter().flat_map(|needed| [fen(needed.fen), maybe(needed.error_yuan)])
}

fn budget(projection: &Projection, row: &BudgetRow) -> Vec<String> {
    let mut fields = county(&projection.layout, row.county).to_vec();
    fields.push(row.year.to_string());
    fields.push(id_or_total(&projection.layout.funders, row.funder));
    fields.extend(mean_and_error(row.spending));
    fields.push(row.budget_fen.map_or_else(String::new, fen));
    fields.extend(probability(row.exceeded));
    fields.push(maybe(row.shortfall.map(|shortfall| shortfall.mean)));
    fields.push(maybe(row.shortfall.and_then(|shortfall| shortfall.standard_error)));
    fields.extend(amounts(&row.needed));
    fields
}

fn account(projection: &Projection, row: &AccountRow) -> Vec<String> {
    let mut fields = county(&projection.layout, row.county).to_vec();
    fields.push(row.year.to_string());
    fields.extend([row.revenue, row.paid].into_iter().flat_map(mean_and_error));
    fields.extend(probability(Some(row.short)));
    fields.push(row.likely_month.map_or_else(String::new, |month| month.to_string()));
    fields.extend(probability(row.likely));
    fields.extend(amounts(&row.top_up));
    fields.extend([row.balance, row.unpaid, row.advanced].into_iter().flat_map(mean_and_error));
    fields
}

fn mean_and_error(of: Estimate) -> [String; 2] {
    [average(of.mean), maybe(of.standard_error)]
}

fn revenue(projection: &Projection, row: &Revenue) -> Vec<String> {
    let mut fields = county(&projection.layout, row.owner).to_vec();
    fields.push(row.year.to_string());
    fields.push(row.source.map_or("", Source::name).to_owned());
    let months: Vec<String> = row.months.iter().map(|month| (month + 1).to_string()).collect();
    fields.extend([months.join(" "), fen(row.amount.0), share(Some(row.log_sd))]);
    fields
}

fn account_month(projection: &Projection, row: &AccountMonthRow) -> Vec<String> {
    let mut fields = county(&projection.layout, row.county).to_vec();
    fields.extend([row.year.to_string(), row.month.to_string()]);
    fields.extend(probability(Some(row.runs_out)));
    fields.extend([row.revenue, row.paid, row.position].into_iter().flat_map(mean_and_error));
    fields.extend(amounts(&row.positions));
    fields.extend(mean_and_error(row.unpaid));
    fields
}

/// Line, funder, mean, standard deviation and standard error.
fn part_and_mean(layout: &Layout, MoneyRow { part, spending, .. }: &MoneyRow) -> [String; 5] {
    let yuan = &spending.yuan;
    let (line, funder) = (id_or_total(&layout.lines, part.line), id_or_total(&layout.funders, part.funder));
    [line, funder, average(yuan.mean), maybe(yuan.sd), maybe(yuan.standard_error)]
}

fn slice(projection: &Projection, SliceRow { slice, row }: &SliceRow) -> Vec<String> {
    let layout = &projection.layout;
    let spending = &row.spending;
    let mut fields = of_county(projection, row.county, row.year);
    fields.push(slice_id(layout, *slice));
    fields.extend(part_and_mean(layout, row));
    fields.extend([spending.p05_fen, spending.p50_fen, spending.p90_fen, spending.p95_fen].map(fen));
    fields.extend(spending.budgets_yuan().map(|(_, error)| maybe(error)));
    fields
}

/// Writes `population_fit.csv` from the fits of counties, given by their positions.
///
/// # Errors
/// What the system says.
pub fn write_fit(out: impl Write, layout: &Layout, fits: &[(usize, Vec<FitRow>)]) -> Result<()> {
    let rows = fits.iter().flat_map(|(position, rows)| rows.iter().map(move |row| (*position, row)));
    let fields = rows.map(|(position, row)| {
        let mut fields = county(layout, Some(position)).to_vec();
        fields.extend([
            row.margin.to_string(),
            row.cell.clone(),
            average(row.target),
            row.achieved.to_string(),
        ]);
        fields.push(if row.exact { "exact" } else { "rounded" }.to_owned());
        fields
    });
    table::write(out, &tables::POPULATION_FIT, fields)
}

/// Writes `columns.csv`: what every column of the given tables means, its unit and whether it may be added up.
///
/// # Errors
/// What the system says.
pub fn write_columns(out: impl Write, all: &[&Table]) -> Result<()> {
    let rows = all.iter().flat_map(|table| {
        table.columns.iter().map(|column| {
            let said = [column.kind.name(), column.unit, column.adds_over, column.zh, column.en];
            [&[table.file, column.name], &said[..]].concat().into_iter().map(ToOwned::to_owned).collect()
        })
    });
    table::write(out, &tables::COLUMNS, rows)
}

/// The two columns that name a county.
pub(super) fn county(layout: &Layout, county: Option<usize>) -> [String; 2] {
    match county.and_then(|county| layout.counties.get(county)) {
        Some(county) => [county.code_text(), county.zh.clone()],
        None => [ALL, ALL].map(ToOwned::to_owned),
    }
}

/// The id of a name, or `total`.
pub(super) fn id_or_total(names: &[Name], position: Option<usize>) -> String {
    match position {
        Some(position) => names.get(position).map_or("?", |name| name.id.as_str()).to_owned(),
        None => TOTAL.to_owned(),
    }
}

/// The columns of a row by county and year: code, name, year, residents.
pub(super) fn place_and_year(
    layout: &Layout,
    (position, residents): (Option<usize>, u64),
    year: u16,
) -> Vec<String> {
    let mut fields = county(layout, position).to_vec();
    fields.extend([year.to_string(), residents.to_string()]);
    fields
}

fn with_error(tally: &Tally) -> [String; 2] {
    [average(tally.mean()), maybe(tally.standard_error())]
}

fn yuan_with_error(tally: &Tally) -> [String; 2] {
    [average(tally.mean_yuan()), maybe(tally.error_yuan())]
}

/// Code, name, year and residents of a row of a projection.
fn of_county(projection: &Projection, county: Option<usize>, year: u16) -> Vec<String> {
    place_and_year(&projection.layout, (county, projection.residents(county)), year)
}

fn money(projection: &Projection, row: &MoneyRow) -> Vec<String> {
    let layout = &projection.layout;
    let spending = &row.spending;
    let mut fields = of_county(projection, row.county, row.year);
    fields.extend(part_and_mean(layout, row));
    fields.extend(spending.percentiles_fen().map(fen));
    fields.push(average(spending.tvar95_yuan));
    fields.extend(spending.budgets_yuan().map(|(_, error)| maybe(error)));
    fields.push(maybe(projection.yuan_per_resident(row)));
    fields
}

fn people(projection: &Projection) -> impl Iterator<Item = Vec<String>> {
    projection.people.iter().map(|row| {
        let mut fields = of_county(projection, row.county, row.year);
        fields.push(id_or_total(&projection.layout.categories, Some(row.category)));
        fields.extend([row.register.to_string(), average(row.holders)]);
        fields.extend(row.counts.iter().flat_map(with_error));
        fields
    })
}

fn clause(projection: &Projection, row: &EffectRow) -> Vec<String> {
    let mut fields = vec![projection.layout.clause_id(row.of).to_owned()];
    fields.extend(of_county(projection, row.county, row.year));
    fields.extend(effect(row));
    fields.extend(yuan_with_error(&row.effect.booked_fen));
    fields.extend(yuan_with_error(&row.effect.addable_fen));
    fields
}

fn rule(projection: &Projection, row: &EffectRow) -> Vec<String> {
    let layout = &projection.layout;
    let rule = layout.rules.get(row.of);
    let line = rule.and_then(|rule| rule.line).and_then(|line| layout.lines.get(line));
    let mut fields = vec![
        layout.rule_id(row.of).to_owned(),
        line.map_or_else(String::new, |line| line.id.clone()),
        rule.map_or_else(String::new, |rule| rule.cite.join(" ")),
    ];
    fields.extend(of_county(projection, row.county, row.year));
    fields.extend(effect(row));
    fields.extend(yuan_with_error(&row.effect.addable_fen));
    fields
}

fn effect(row: &EffectRow) -> impl Iterator<Item = String> {
    let effect = &row.effect;
    with_error(&effect.persons)
        .into_iter()
        .chain(with_error(&effect.cases))
        .chain(yuan_with_error(&effect.fen))
}

fn watch(projection: &Projection) -> impl Iterator<Item = Vec<String>> {
    projection.lists.iter().map(|row| {
        let mut fields = of_county(projection, row.county, row.year);
        fields.extend([projection.layout.rule_id(row.rule).to_owned(), row.month.to_string()]);
        fields.extend(with_error(&row.persons));
        fields
    })
}

fn indicator(projection: &Projection, row: &BurdenRow) -> Vec<String> {
    let mut fields = of_county(projection, row.county, row.year);
    fields.push(row.indicator.map_or("", |(rule, _)| projection.layout.rule_id(rule)).to_owned());
    fields.push(average(row.burden.persons.mean()));
    fields.extend(yuan_with_error(&row.burden.in_scope_fen));
    fields.extend(yuan_with_error(&row.burden.self_pay_fen));
    fields.push(share(row.burden.self_pay_share()));
    fields.push(share(row.indicator.map(|(_, at_most)| at_most)));
    fields
}

fn residual(projection: &Projection, row: &BurdenRow) -> Vec<String> {
    let mut fields = of_county(projection, row.county, row.year);
    fields.extend(with_error(&row.burden.persons));
    fields.extend(yuan_with_error(&row.burden.self_pay_fen));
    fields.push(average(row.burden.in_scope_fen.mean_yuan()));
    fields
}
