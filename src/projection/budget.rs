//! Budgets and fund accounts: how safe a budget is, what a safety needs, when a fund is empty.
//!
//! Every figure is a share or a percentile of the replicates and has its error. A fund goes through all years of a
//! replicate in one path, so that what is short in one year is short in the next.

use std::collections::BTreeMap;

use super::money::{Part, Slice};
use super::waiting::{self, ShortFund, runs_out};
use crate::rng::Draws;
use crate::scenario::fund::{Budget, Revenue};
use crate::scenario::{self, Scenario};
use crate::simulation::account::{Account, Inflow, MonthEnd};
use crate::simulation::facts::MONTHS;
use crate::simulation::outcome::Cell;
use crate::stats::{Estimate, PerMille, Sample, normal_quantile};

/// The safeties that a budget is worked out for.
pub const SAFETIES: [PerMille; 4] = [PerMille::P80, PerMille::P90, PerMille::P95, PerMille::P99];

/// The funds of a projection: resolved, by the positions of its layout.
#[derive(Debug, Clone, PartialEq)]
pub struct Funds {
    /// The payer whose money the accounts are: position among the funders.
    pub funder: usize,
    /// The accounts by county, or the pooled one (`None`), with the number of reported years for which it has revenue.
    pub accounts: BTreeMap<Option<usize>, (Account, usize)>,
    /// Budgets in force by county (`None`: all), year and funder, fen.
    pub budgets: BTreeMap<(Option<usize>, u16, usize), i64>,
    /// The revenue of the accounts.
    pub revenue: Vec<Revenue>,
    /// Why there is no account, where there is none.
    pub absence: Option<Absence>,
    /// Administrative codes of the counties, for the draws of uncertain revenue.
    pub codes: Vec<u32>,
    /// The draws.
    pub draws: Draws,
    /// Of how many replicates in which a fund is short the persons are looked at.
    pub waiting: usize,
}

/// Why no fund has an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// The place gives no revenue of the first year.
    NoRevenue,
    /// The first year of the scenario, with which accounts begin, is not reported.
    LaterYears,
    /// The same, and the revenue that the place gives ends before the years reported.
    AfterRevenue,
    /// The fund is pooled, and not all of its counties are simulated.
    PartOfPool,
}

impl Funds {
    /// No fund and no budget.
    #[must_use]
    pub fn none() -> Self {
        let (accounts, budgets) = Default::default();
        let absence = Some(Absence::NoRevenue);
        Self {
            funder: 0,
            accounts,
            budgets,
            revenue: Vec::new(),
            absence,
            codes: Vec::new(),
            draws: Draws::new(0),
            waiting: 0,
        }
    }

    /// The funds of a scenario for the years that are reported: accounts begin with the scenario's first year, so that
    /// there are none where that year is left out; a pooled one only where all counties are simulated.
    #[must_use]
    pub fn of(scenario: &Scenario, years: &[u16], counties: &[usize]) -> Self {
        let (funds, place) = (&scenario.funds, &scenario.place);
        let begins = !years.is_empty() && years.first() == scenario.years().first();
        let is_whole = counties.len() == place.counties.len();
        let owners: Vec<Option<usize>> = match funds.pooled {
            true => [None].into_iter().filter(|_| is_whole).collect(),
            false => counties.iter().copied().map(Some).collect(),
        };
        let mut accounts = BTreeMap::new();
        for owner in owners.into_iter().filter(|_| begins) {
            let n_years = funds.years_known(owner, years);
            if n_years > 0 {
                let number = |year: u16| years.iter().position(|known| *known == year);
                let own = funds.revenue.iter().filter(|one| one.owner == owner);
                let account = Account {
                    opening_fen: funds.opening.get(&owner).map_or(0, |amount| amount.0),
                    outstanding_fen: funds.outstanding.get(&owner).map_or(0, |amount| amount.0),
                    inflows: own.filter_map(|one| Some(inflow(number(one.year)?, one))).collect(),
                    at_exhaustion: funds.at_exhaustion,
                    lag_months: funds.payment_lag_months,
                    after_year_month: funds.after_year_month,
                };
                accounts.insert(owner, (account, n_years));
            }
        }
        let absence = match (accounts.is_empty(), funds.revenue.is_empty()) {
            (false, _) => None,
            (true, false) if !begins => {
                let known = is_known_into(funds, scenario.years(), years);
                Some(if known { Absence::LaterYears } else { Absence::AfterRevenue })
            }
            (true, false) if funds.pooled && !is_whole => Some(Absence::PartOfPool),
            _ => Some(Absence::NoRevenue),
        };
        let is_in = |one: &&Revenue| {
            let years_of = |n: usize| years[..n].contains(&one.year);
            accounts.get(&one.owner).is_some_and(|(_, n_years)| years_of(*n_years))
        };
        let revenue = funds.revenue.iter().filter(is_in).cloned().collect();
        // A budget of all counties says nothing of some of them.
        let is_said = |one: &&Budget| is_whole || one.county.is_some();
        let budgets = funds
            .budgets
            .iter()
            .filter(is_said)
            .map(|one| ((one.county, one.year, one.funder), one.amount.0));
        Self {
            funder: funds.funder,
            accounts,
            budgets: budgets.collect(),
            revenue,
            absence,
            codes: place.counties.iter().map(|county| county.code).collect(),
            draws: Draws::new(scenario.settings.run.seed),
            waiting: 0,
        }
    }
}

fn inflow(year: usize, Revenue { amount, months, log_sd, number, .. }: &Revenue) -> Inflow {
    Inflow { year, fen: amount.0, months: months.clone(), log_sd: *log_sd, number: *number }
}

/// A share of the replicates with the ends of its 95 % interval (Wilson, *Journal of the American Statistical Association*
/// 22 (1927) 209-212, doi:10.1080/01621459.1927.10502953): none of 1,000 is not never.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
pub struct Probability {
    /// The share.
    pub share: f64,
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Probability {
    /// So many of `n` replicates.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts")]
    pub fn of(hits: usize, n: usize) -> Self {
        let (n, z) = (n.max(1) as f64, normal_quantile(0.975));
        let share = hits as f64 / n;
        let middle = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let half = z / (1.0 + z * z / n) * (share * (1.0 - share) / n + z * z / (4.0 * n * n)).sqrt();
        // The interval holds the share itself, which rounding could put a hair outside where it is none or all.
        Self { share, low: (middle - half).clamp(0.0, share), high: (middle + half).clamp(share, 1.0) }
    }
}

/// Whether the revenue of any fund goes on, from the first year of the scenario without a gap, into the years reported.
fn is_known_into(funds: &scenario::fund::Funds, all: &[u16], reported: &[u16]) -> bool {
    let owners = funds.revenue.iter().map(|one| one.owner);
    let last = owners.filter_map(|owner| all[..funds.years_known(owner, all)].last()).max();
    last >= reported.first() && last.is_some()
}

/// A percentile of the replicates with its error: what is enough with a stated safety.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Needed {
    /// Fen.
    pub fen: i64,
    /// Standard error, yuan; `None` with too few replicates.
    pub error_yuan: Option<f64>,
}

fn needed(sample: &Sample) -> [Needed; SAFETIES.len()] {
    SAFETIES.map(|at| percentile(sample, at))
}

fn percentile(sample: &Sample, at: PerMille) -> Needed {
    Needed { fen: sample.quantile(at), error_yuan: sample.quantile_error(at).map(|fen| fen / 100.0) }
}

/// How safe the budget of a payer is, and what it needs.
#[derive(Debug, Clone, PartialEq)]
pub struct BudgetRow {
    /// The county; `None` for all.
    pub county: Option<usize>,
    /// The year.
    pub year: u16,
    /// The payer; `None` for all.
    pub funder: Option<usize>,
    /// Mean spending.
    pub spending: Estimate,
    /// The budget in force, fen.
    pub budget_fen: Option<i64>,
    /// How likely spending is above it.
    pub exceeded: Option<Probability>,
    /// The mean of what is missing where it is, yuan.
    pub shortfall: Option<Estimate>,
    /// The budgets that are enough with each of [`SAFETIES`].
    pub needed: [Needed; SAFETIES.len()],
}

/// A fund in one year.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountRow {
    /// The county; `None` for the pooled fund.
    pub county: Option<usize>,
    /// The year.
    pub year: u16,
    /// What came in.
    pub revenue: Estimate,
    /// What was paid.
    pub paid: Estimate,
    /// How likely the money does not last in the year.
    pub short: Probability,
    /// The month in which it most likely runs out first in the year, from 1; `None` where it never does.
    pub likely_month: Option<u8>,
    /// How likely it runs out first in that month.
    pub likely: Option<Probability>,
    /// What is to be added by the end of the year so that all is paid, with each of [`SAFETIES`].
    pub top_up: [Needed; SAFETIES.len()],
    /// The balance at the end.
    pub balance: Estimate,
    /// What waits to be paid at the end.
    pub unpaid: Estimate,
    /// What is advanced at the end.
    pub advanced: Estimate,
}

/// A fund in one month.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountMonthRow {
    /// The county; `None` for the pooled fund.
    pub county: Option<usize>,
    /// The year.
    pub year: u16,
    /// The month, from 1.
    pub month: u8,
    /// How likely the money runs out for the first time of the year in this month.
    pub runs_out: Probability,
    /// What came in.
    pub revenue: Estimate,
    /// What was paid.
    pub paid: Estimate,
    /// The position at the end: what the fund would have, had it paid all that was due; below zero where it is short.
    pub position: Estimate,
    /// Its 5th, 50th and 95th percentile.
    pub positions: [Needed; 3],
    /// What waits to be paid at the end.
    pub unpaid: Estimate,
}

/// The budgets of one county or of all: each payer and all together.
pub fn budget_rows(
    county: Option<usize>,
    (years, cells): (&[u16], &[Cell]),
    funds: &Funds,
    column: impl Fn(usize, &Part) -> Vec<i64>,
) -> Vec<BudgetRow> {
    let payers: std::collections::BTreeSet<usize> = cells.iter().map(|cell| cell.funder).collect();
    let payers: Vec<Option<usize>> = payers.into_iter().map(Some).chain([None]).collect();
    let mut rows = Vec::new();
    for (position, &year) in years.iter().enumerate() {
        for &funder in &payers {
            let fen = column(position, &Part { line: None, funder });
            let budget_fen = match funder {
                Some(funder) => funds.budgets.get(&(county, year, funder)).copied(),
                None => all_budgets(&payers, |funder| funds.budgets.get(&(county, year, funder)).copied()),
            };
            rows.extend(budget_row((county, year, funder), budget_fen, fen));
        }
    }
    rows
}

/// The budgets of all payers together, where each has one.
fn all_budgets(payers: &[Option<usize>], of: impl Fn(usize) -> Option<i64>) -> Option<i64> {
    payers.iter().flatten().map(|&funder| of(funder)).sum()
}

fn budget_row(
    (county, year, funder): (Option<usize>, u16, Option<usize>),
    budget_fen: Option<i64>,
    fen: Vec<i64>,
) -> Option<BudgetRow> {
    let missing = budget_fen.map(|budget| -> Vec<i64> {
        fen.iter().map(|spent| spent - budget).filter(|missing| *missing > 0).collect()
    });
    let n = fen.len();
    let sample = Sample::new(fen)?;
    Some(BudgetRow {
        county,
        year,
        funder,
        spending: sample.estimate(100),
        budget_fen,
        exceeded: missing.as_ref().map(|missing| Probability::of(missing.len(), n)),
        shortfall: missing.and_then(|missing| Estimate::of(&missing, 100)),
        needed: needed(&sample),
    })
}

/// The accounts of funds.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    /// By year.
    pub years: Vec<AccountRow>,
    /// By month.
    pub months: Vec<AccountMonthRow>,
    /// Those that are short in some replicates, where persons are to be looked at.
    pub short: Vec<ShortFund>,
}

impl Accounts {
    /// Adds others.
    pub fn append(&mut self, other: Self) {
        self.years.extend(other.years);
        self.months.extend(other.months);
        self.short.extend(other.short);
    }
}

/// The account of a fund over the years for which it has revenue.
pub fn account_rows(
    county: Option<usize>,
    (years, n_replicates): (&[u16], usize),
    funds: &Funds,
    column: impl Fn(usize, (&Part, Slice)) -> Vec<i64>,
) -> Accounts {
    let Some((account, n_years)) = funds.accounts.get(&county) else { return Accounts::default() };
    let years = &years[..*n_years];
    let part = Part::funder(funds.funder);
    let due: Vec<Vec<Vec<i64>>> = (0..years.len())
        .map(|year| (0..MONTHS).map(|month| column(year, (&part, Slice::Month(month)))).collect())
        .collect();
    let code = county.and_then(|county| funds.codes.get(county)).copied().unwrap_or(0);
    let due_of = |replicate: usize| -> Vec<[i64; MONTHS]> {
        due.iter().map(|year| std::array::from_fn(|month| year[month][replicate])).collect()
    };
    let paths: Vec<Vec<MonthEnd>> = (0..n_replicates)
        .map(|replicate| {
            let revenue = account.revenue(years.len(), (&funds.draws, code, replicate as u32));
            account.months(&due_of(replicate), &revenue)
        })
        .collect();
    let by_year = years.iter().enumerate().filter_map(|(at, &year)| year_row((county, year), at, &paths));
    let by_month =
        years.iter().enumerate().flat_map(|(at, &year)| (0..12).map(move |month| (at, year, month)));
    let by_month = by_month.filter_map(|(at, year, month)| month_row((county, year), (at, month), &paths));
    let short = waiting::short_fund((county, account, years), due_of, &paths, funds.waiting);
    Accounts { years: by_year.collect(), months: by_month.collect(), short: short.into_iter().collect() }
}

fn estimate(paths: &[Vec<MonthEnd>], of: impl Fn(&[MonthEnd]) -> i64) -> Option<Estimate> {
    let all: Vec<i64> = paths.iter().map(|path| of(path)).collect();
    Estimate::of(&all, 100)
}

fn year_row((county, year): (Option<usize>, u16), at: usize, paths: &[Vec<MonthEnd>]) -> Option<AccountRow> {
    let months = 12 * at..12 * (at + 1);
    let end = months.end - 1;
    let mut first = [0_usize; 12];
    for month in paths.iter().filter_map(|path| runs_out(path, at)) {
        first[month] += 1;
    }
    let hits: usize = first.iter().sum();
    let most = first.iter().copied().max().unwrap_or_default();
    let likely = first.iter().position(|&hits| hits == most && hits > 0);
    let missing = |path: &Vec<MonthEnd>| {
        let least = path[..months.end].iter().map(|month| month.position_fen).min().unwrap_or_default();
        (-least).max(0)
    };
    let top_up = Sample::new(paths.iter().map(missing).collect())?;
    let of_year =
        |of: fn(&MonthEnd) -> i64| estimate(paths, |path| path[months.clone()].iter().map(of).sum());
    let at_end = |of: fn(&MonthEnd) -> i64| estimate(paths, |path| of(&path[end]));
    Some(AccountRow {
        county,
        year,
        revenue: of_year(|month| month.revenue_fen)?,
        paid: of_year(|month| month.paid_fen)?,
        short: Probability::of(hits, paths.len()),
        likely_month: likely.map(|month| month as u8 + 1),
        likely: likely.map(|month| Probability::of(first[month], paths.len())),
        top_up: needed(&top_up),
        balance: at_end(|month| month.balance_fen)?,
        unpaid: at_end(|month| month.unpaid_fen)?,
        advanced: at_end(|month| month.advanced_fen)?,
    })
}

fn month_row(
    (county, year): (Option<usize>, u16),
    (at, month): (usize, usize),
    paths: &[Vec<MonthEnd>],
) -> Option<AccountMonthRow> {
    let place = 12 * at + month;
    let hits = paths.iter().filter(|path| runs_out(path, at) == Some(month)).count();
    let position = Sample::new(paths.iter().map(|path| path[place].position_fen).collect())?;
    let of = |of: fn(&MonthEnd) -> i64| estimate(paths, |path| of(&path[place]));
    Some(AccountMonthRow {
        county,
        year,
        month: month as u8 + 1,
        runs_out: Probability::of(hits, paths.len()),
        revenue: of(|month| month.revenue_fen)?,
        paid: of(|month| month.paid_fen)?,
        position: position.estimate(100),
        positions: [PerMille::P05, PerMille::P50, PerMille::P95].map(|at| percentile(&position, at)),
        unpaid: of(|month| month.unpaid_fen)?,
    })
}
