//! Projection: what the outcomes of a scenario come to, each figure with its error. It never sees a person.
//!
//! Outcomes are added county after county. Kept are the rows of each county and, for all counties together, one
//! whole number for each year, replicate and cell, of each county one for each year, replicate and funder: memory does not
//! grow with persons.

#[cfg(test)]
mod agreement_tests;
pub mod apart;
pub mod assumed;
pub mod attribution;
pub mod bills;
pub mod budget;
#[cfg(test)]
mod budget_tests;
pub mod causes;
pub mod clauses;
pub mod compare;
pub mod condition;
pub mod difference;
pub mod figure;
#[cfg(test)]
pub(crate) mod fixture;
pub mod grid;
pub mod layout;
pub mod lists;
pub mod money;
pub mod moved;
pub mod people;
pub mod pooled;
pub mod pooling;
mod products;
pub mod reach;
pub mod refusals;
pub mod sensitivity;
#[cfg(test)]
mod sensitivity_tests;
pub mod silence;
pub mod simulated;
pub mod solve;
#[cfg(test)]
mod solve_tests;
pub mod tally;
pub mod taper;
#[cfg(test)]
mod tests;
pub mod touched;
pub mod uncertainty;
#[cfg(test)]
mod uncertainty_tests;
pub mod waiting;
pub mod warning;
pub mod why;
pub mod winners;

use std::collections::BTreeMap;

use crate::lang::Lang;
use crate::scenario::fund::Revenue;
use crate::simulation::outcome::CountyOutcome;

use assumed::AssumedRow;
use bills::Bills;
use budget::{Absence, AccountMonthRow, AccountRow, Accounts, BudgetRow, Funds};
use clauses::{AllEffects, EffectRow};
use layout::Layout;
use lists::{BurdenRow, ListRow};
use money::{MoneyRow, Part, Slice, SliceRow, Spending, Trials};
use people::PeopleRow;
use pooled::{Columns, ShareRow};
use pooling::{PoolingRow, Reserves};
use uncertainty::{Effects, UncertaintyRow};
use waiting::{ShortFund, WaitingRow};
use warning::Warning;

/// What stands for the clause of money that is paid without one.
pub const NO_CLAUSE: &str = "none";

/// The tables of one scenario; rows by county in the order of the place, then of all counties.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    /// What the positions in the rows mean.
    pub layout: Layout,
    /// The counties that were simulated.
    pub counties: Vec<usize>,
    /// Money by county, year, line and funder.
    pub money: Vec<MoneyRow>,
    /// Money by county, year and month, and by county, year and category: each line, each funder and the total.
    pub slices: Vec<SliceRow>,
    /// People by county, year and category.
    pub people: Vec<PeopleRow>,
    /// What each rule did.
    pub rules: Vec<EffectRow>,
    /// What each clause did.
    pub clauses: Vec<EffectRow>,
    /// Watch lists by month.
    pub lists: Vec<ListRow>,
    /// Indicators.
    pub indicators: Vec<BurdenRow>,
    /// What stays unmet.
    pub residual: Vec<BurdenRow>,
    /// What pooling saves.
    pub pooling: Vec<PoolingRow>,
    /// Where the spread comes from; empty with fewer replicates than a 95th percentile needs.
    pub uncertainty: Vec<UncertaintyRow>,
    /// Each county's share of the pooled budget.
    pub shares: Vec<ShareRow>,
    /// How safe budgets are, and what a safety needs.
    pub budgets: Vec<BudgetRow>,
    /// The revenue of the funds, as it was understood.
    pub revenue: Vec<Revenue>,
    /// Why there is no account of a fund, where there is none.
    pub no_account: Option<Absence>,
    /// The accounts of funds by year.
    pub accounts: Vec<AccountRow>,
    /// The accounts of funds by month.
    pub account_months: Vec<AccountMonthRow>,
    /// Funds that are short, with the replicates whose persons are to be looked at.
    pub short_funds: Vec<ShortFund>,
    /// Persons and payments that wait then, once the persons were looked at.
    pub account_waiting: Vec<WaitingRow>,
    /// Who pays the bills and how unequal they are, once the persons were looked at.
    pub bills: Bills,
    /// How much rests on assumed inputs.
    pub assumed: Vec<AssumedRow>,
    /// What a reader must know.
    pub warnings: Vec<Warning>,
}

impl Projection {
    /// The projection of these counties when nothing is spent: for trying what will be drawn of it.
    #[must_use]
    pub fn of_nothing(layout: Layout, counties: &[usize]) -> Self {
        let layout = Layout { n_replicates: layout.n_replicates.min(2), ..layout };
        let years = layout.year_numbers();
        let nothing = |_: usize, _: &Part| vec![0; layout.n_replicates];
        let rows = |county| money::rows(county, &years, &layout.cells, nothing);
        let mut counties = counties.to_vec();
        counties.sort_unstable();
        let money = counties.iter().copied().map(Some).chain([None]).flat_map(rows).collect();
        Self {
            counties,
            money,
            slices: Vec::new(),
            people: Vec::new(),
            rules: Vec::new(),
            clauses: Vec::new(),
            lists: Vec::new(),
            indicators: Vec::new(),
            residual: Vec::new(),
            pooling: Vec::new(),
            uncertainty: Vec::new(),
            shares: Vec::new(),
            budgets: Vec::new(),
            revenue: Vec::new(),
            no_account: None,
            accounts: Vec::new(),
            account_months: Vec::new(),
            short_funds: Vec::new(),
            account_waiting: Vec::new(),
            bills: Bills::default(),
            assumed: Vec::new(),
            warnings: Vec::new(),
            layout,
        }
    }

    /// The spending of a county (`None`: all) in a year, over the cells of a part; `None` where there are none.
    #[must_use]
    pub fn spending(&self, county: Option<usize>, year: u16, part: Part) -> Option<&Spending> {
        let same = |row: &&MoneyRow| row.year == year && row.part == part;
        of_county(&self.money, |row| row.county, county).iter().find(same).map(|row| &row.spending)
    }

    /// Residents of a county, or of all counties that were simulated.
    #[must_use]
    pub fn residents(&self, county: Option<usize>) -> u64 {
        let of = |&county: &usize| u64::from(self.layout.counties[county].residents);
        county.map_or_else(|| self.counties.iter().map(of).sum(), |county| of(&county))
    }

    /// Mean spending of a row per resident, yuan; `None` without residents.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of persons")]
    pub fn yuan_per_resident(&self, row: &MoneyRow) -> Option<f64> {
        let residents = self.residents(row.county);
        (residents > 0).then(|| row.spending.yuan.mean / residents as f64)
    }

    /// The years.
    #[must_use]
    pub fn years(&self) -> Vec<u16> {
        self.layout.year_numbers()
    }

    /// How much of all spending rests on assumed inputs; `None` where nothing was simulated.
    #[must_use]
    pub fn resting_on_assumed(&self) -> Option<&AssumedRow> {
        self.assumed.iter().find(|row| row.county.is_none() && row.year.is_none())
    }
}

/// The rows of a county (`None`: of all together) among those of a projection, which stand county by county in the order of
/// their positions, with those of all together behind them. Looking through all rows for each county would take hours with
/// thousands of counties.
#[must_use]
pub fn of_county<R>(rows: &[R], whose: impl Fn(&R) -> Option<usize>, county: Option<usize>) -> &[R] {
    let place = |county: Option<usize>| (county.is_none(), county);
    let from = rows.partition_point(|row| place(whose(row)) < place(county));
    let n = rows[from..].partition_point(|row| whose(row) == county);
    &rows[from..from + n]
}

impl Layout {
    /// The years.
    #[must_use]
    pub fn year_numbers(&self) -> Vec<u16> {
        self.years.iter().map(|year| year.year).collect()
    }

    /// The label of a county, or of all together.
    #[must_use]
    pub fn county_label(&self, county: Option<usize>, lang: Lang) -> &str {
        match county.and_then(|county| self.counties.get(county)) {
            Some(county) => lang.pick(&county.zh, &county.en),
            None => lang.pick("全部县区", "All counties"),
        }
    }

    /// The id of a clause; behind the last one: rules without a clause.
    #[must_use]
    pub fn clause_id(&self, clause: usize) -> &str {
        self.clauses.get(clause).map_or(NO_CLAUSE, |clause| clause.id.as_str())
    }

    /// The id of a rule.
    #[must_use]
    pub fn rule_id(&self, rule: usize) -> &str {
        self.rules.get(rule).map_or("?", |rule| rule.id.as_str())
    }
}

/// Takes outcomes county after county.
#[derive(Debug, Clone)]
pub struct ProjectionBuilder {
    layout: Layout,
    funds: Funds,
    all: Trials,
    reserves: Reserves,
    effects: Effects,
    columns: Columns,
    rules: AllEffects,
    clauses: AllEffects,
    counties: BTreeMap<usize, CountyTables>,
}

#[derive(Debug, Clone, Default)]
struct CountyTables {
    money: Vec<MoneyRow>,
    slices: Vec<SliceRow>,
    people: Vec<PeopleRow>,
    rules: Vec<EffectRow>,
    clauses: Vec<EffectRow>,
    lists: Vec<ListRow>,
    indicators: Vec<BurdenRow>,
    residual: Vec<BurdenRow>,
    uncertainty: Vec<UncertaintyRow>,
    budgets: Vec<BudgetRow>,
    accounts: Accounts,
}

impl ProjectionBuilder {
    /// For outcomes of a known layout.
    #[must_use]
    pub fn with_layout(layout: Layout) -> Self {
        let all = Trials::zero(layout.years.len(), layout.n_replicates, layout.facts());
        let funds = Funds::none();
        let (reserves, columns, effects, counties) = Default::default();
        let (rules, clauses) = Default::default();
        Self { layout, funds, all, reserves, effects, columns, rules, clauses, counties }
    }

    /// With the funds of the place and the budgets in force.
    #[must_use]
    pub fn with_funds(self, funds: Funds) -> Self {
        Self { funds, ..self }
    }

    /// What the positions in the outcomes mean.
    #[must_use]
    pub const fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Adds a county; the order of counties does not matter.
    ///
    /// # Panics
    /// When the outcome has another shape than the layout, or the county was added before.
    pub fn add(&mut self, outcome: &CountyOutcome) {
        let layout = &self.layout;
        let outcome = &*outcome.on_cells(&layout.cells);
        assert_eq!(
            (outcome.n_years, outcome.n_replicates, outcome.layout.n_kept()),
            (layout.years.len(), layout.n_replicates, layout.facts().n_kept()),
            "the outcome has the shape of the layout"
        );
        let years = layout.year_numbers();
        let county = Some(outcome.county);
        let slice = |year: usize, of: (&Part, Slice)| money::county_column(outcome, year, &layout.cells, of);
        let column = |year: usize, part: &Part| slice(year, (part, Slice::Year));
        let rules = AllEffects::of_rules(outcome, &layout.rules);
        let clauses = AllEffects::of_clauses(&rules, outcome, (&layout.rules, &layout.clauses));
        self.rules.add(&rules);
        self.clauses.add(&clauses);
        let size = (years.as_slice(), layout.n_replicates);
        let accounts = budget::account_rows(county, size, &self.funds, slice);
        let cells = (years.as_slice(), layout.cells.as_slice());
        let effects = &mut self.effects;
        let tables = CountyTables {
            uncertainty: uncertainty::county_rows(outcome.county, cells, &outcome.drivers, slice, effects),
            budgets: budget::budget_rows(county, (&years, &layout.cells), &self.funds, column),
            accounts,
            money: money::rows(county, &years, &layout.cells, column),
            slices: money::slice_rows(county, &years, (&layout.cells, layout.categories.len()), slice),
            people: people::rows(outcome, &years),
            clauses: clauses.rows(county, layout),
            rules: rules.rows(county, layout),
            lists: lists::list_rows(outcome, &layout.years),
            indicators: lists::indicator_rows(outcome, &layout.years),
            residual: lists::residual_rows(outcome, &layout.years),
        };
        for row in tables.money.iter().filter(|row| row.part.line.is_none()) {
            let year = years.iter().position(|year| *year == row.year).unwrap_or_default();
            let (key, own) = ((row.year, row.part), column(year, &row.part));
            self.reserves.add(key, &own, &row.spending);
            self.columns.add(key, outcome.county, own);
        }
        self.all.add(outcome);
        let before = self.counties.insert(outcome.county, tables);
        assert!(before.is_none(), "a county is added once");
    }

    /// The projection of all counties added.
    #[must_use]
    pub fn finish(self) -> Projection {
        let Self { layout, funds, all, reserves, effects, columns, rules, clauses, counties } = self;
        let numbers = counties.keys().copied().collect();
        let mut sum = CountyTables::default();
        counties.into_values().for_each(|tables| sum.append(tables));
        let slice = |year: usize, of: (&Part, Slice)| all.column(year, &layout.cells, of);
        let column = |year: usize, part: &Part| slice(year, (part, Slice::Year));
        let years = layout.year_numbers();
        sum.money.extend(money::rows(None, &years, &layout.cells, column));
        let sizes = (layout.cells.as_slice(), layout.categories.len());
        sum.slices.extend(money::slice_rows(None, &years, sizes, slice));
        sum.uncertainty.extend(uncertainty::rows_of_all(&years, &effects, slice));
        sum.budgets.extend(budget::budget_rows(None, (&years, &layout.cells), &funds, column));
        let size = (years.as_slice(), layout.n_replicates);
        sum.accounts.append(budget::account_rows(None, size, &funds, slice));
        let pool = |year: u16, part: &Part| {
            column(years.iter().position(|known| *known == year).unwrap_or_default(), part)
        };
        let pooling = pooling::rows(&sum.money, (&reserves, &columns), &pool);
        let mut warnings = warning::imprecise(&layout, &sum.money);
        warnings.extend(silence::warnings(&layout, &sum.rules, &sum.people));
        warnings.extend(warning::few_for_percentiles(layout.n_replicates));
        let assumed = assumed::rows(&layout, &sum.rules);
        sum.rules.extend(rules.rows(None, &layout));
        sum.clauses.extend(clauses.rows(None, &layout));
        Projection {
            counties: numbers,
            uncertainty: sum.uncertainty,
            pooling,
            shares: columns.all_shares(&|county| u64::from(layout.counties[county].residents)),
            budgets: sum.budgets,
            revenue: funds.revenue,
            no_account: funds.absence,
            accounts: sum.accounts.years,
            account_months: sum.accounts.months,
            short_funds: sum.accounts.short,
            account_waiting: Vec::new(),
            bills: Bills::default(),
            assumed,
            money: sum.money,
            slices: sum.slices,
            people: tally::with_totals(sum.people),
            rules: sum.rules,
            clauses: sum.clauses,
            lists: tally::with_totals(sum.lists),
            indicators: tally::with_totals(sum.indicators),
            residual: tally::with_totals(sum.residual),
            warnings,
            layout,
        }
    }
}

impl CountyTables {
    fn append(&mut self, other: Self) {
        self.money.extend(other.money);
        self.slices.extend(other.slices);
        self.people.extend(other.people);
        self.rules.extend(other.rules);
        self.clauses.extend(other.clauses);
        self.lists.extend(other.lists);
        self.indicators.extend(other.indicators);
        self.residual.extend(other.residual);
        self.uncertainty.extend(other.uncertainty);
        self.budgets.extend(other.budgets);
        self.accounts.append(other.accounts);
    }
}
