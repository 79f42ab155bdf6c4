//! A lane: one scenario's rules in one county, prepared for the loop over replicates.
//!
//! Several lanes are settled on the same draws. What does not differ between replicates is worked out once:
//! contribution subsidies and the number of persons by category.

use std::sync::Arc;

use rayon::prelude::*;

use super::base::Base;
use super::book::{self, Occasion, YearBook};
use super::columns::YearColumns;
use super::enrolment::AlreadyPaid;
use super::facts::Fact;
use super::facts::{FactLayout, PeopleMeasure, RuleMeasure};
use super::outcome::{Cell, cells};
use super::trace::{Got, PaidOn};
use crate::policy::Policy;
use crate::policy::claim::{Category, Spell};
use crate::policy::rule::Family;
use crate::policy::rules::{Head, Stage};
use crate::policy::schedule::{Application, ClaimWindow, FunderShare, RuleId, Schedule, YearRules};
use crate::policy::split::split_among;
use crate::population::Population;
use crate::units::{Fen, Month};

/// How a household is tested for assistance on application, and how verification goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HouseholdTest {
    /// Self-pay above this share of the household's income of the year.
    pub self_pay_share_of_income: f64,
    /// Share of such households that apply and are approved.
    pub approval_share: f64,
    /// Months from the last bill to the recognition.
    pub delay_months: u16,
}

/// What the funds of a county have, where it is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FundMoney {
    /// Balance at the beginning of the first year; none where it is not known.
    pub opening: Option<Fen>,
    /// Revenue of each year; none where it is not known.
    pub revenue: Vec<Option<Fen>>,
}

/// The rules of each year, those of the warm-up apart.
#[derive(Debug)]
pub struct WarmedRules {
    /// One entry a year that is simulated first and not reported.
    pub warm_up: Vec<YearRules>,
    /// One entry a year that is reported.
    pub reported: Vec<YearRules>,
}

impl WarmedRules {
    /// Whether any amount goes by the size of a household.
    pub(super) fn go_by_household_size(&self) -> bool {
        self.warm_up.iter().chain(&self.reported).any(YearRules::go_by_household_size)
    }

    /// The rules of all years that are simulated.
    pub(super) fn all(self) -> Vec<YearRules> {
        [self.warm_up, self.reported].concat()
    }
}

/// One scenario's rules in one county.
#[derive(Debug)]
pub struct Lane<'a> {
    /// Names, clauses and rules.
    pub policy: &'a Policy,
    /// The rules of each year; where amounts go by the size of a household, for the one of ordinary residents.
    pub rules: Vec<YearRules>,
    /// Those for a household of 1, 2, 3 … members; empty where no amount goes by that.
    pub(super) by_household_size: Vec<Vec<YearRules>>,
    /// Lines and funders that can be booked.
    pub cells: Vec<Cell>,
    /// The facts that are booked.
    pub(super) layout: FactLayout,
    /// The household test.
    pub test: HouseholdTest,
    /// The fund's money, for second assistance.
    pub fund: FundMoney,
    /// For each year and rule: who pays it.
    pub(super) funders: Vec<Vec<Vec<FunderShare>>>,
    /// For each rule and funder: the cell.
    cell_of: Vec<Vec<Option<usize>>>,
    /// For each year and rule: how its payments are booked.
    bookings: Vec<Vec<Booking>>,
    /// For each year: whether assistance on application is given.
    applications: Vec<bool>,
    /// For each year: whether any rule counts the sums of households.
    households: Vec<bool>,
    /// Who of the newly recognised has already paid the year.
    pub(super) already_paid: AlreadyPaid,
    /// For each year: what is the same in every replicate.
    pub(super) base: Arc<Vec<Base>>,
}

/// How the payments of a rule are booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Booking {
    /// To no cell: insurers and hospitals pay, or the person does.
    Nowhere,
    /// Whole to one cell.
    Whole(usize),
    /// Shared among funders.
    Shared,
}

impl<'a> Lane<'a> {
    /// Prepares a lane; `rules` holds one entry a year.
    #[must_use]
    pub fn new(policy: &'a Policy, rules: Vec<YearRules>, test: HouseholdTest, fund: FundMoney) -> Self {
        Self::after_warm_up(policy, WarmedRules { warm_up: Vec::new(), reported: rules }, test, fund)
    }

    /// Prepares a lane whose first years are not reported: what only their rules could book is booked nowhere.
    #[must_use]
    pub fn after_warm_up(
        policy: &'a Policy,
        WarmedRules { warm_up, reported }: WarmedRules,
        test: HouseholdTest,
        fund: FundMoney,
    ) -> Self {
        let cells = cells(policy, &reported);
        let rules = WarmedRules { warm_up, reported }.all();
        let cell_of: Vec<Vec<Option<usize>>> = policy
            .rules
            .iter()
            .map(|rule| {
                (0..policy.names.funders.len())
                    .map(|funder| {
                        cells.iter().position(|cell| Some(cell.line) == rule.line && cell.funder == funder)
                    })
                    .collect()
            })
            .collect();
        let funders: Vec<Vec<Vec<FunderShare>>> =
            rules.iter().map(|year| merged_funders(policy, year)).collect();
        let booking = |(shares, cells): (&Vec<FunderShare>, &Vec<Option<usize>>)| match shares.as_slice() {
            [] => Booking::Nowhere,
            [one] => cells[usize::from(one.funder)].map_or(Booking::Nowhere, Booking::Whole),
            _ => Booking::Shared,
        };
        let bookings = funders.iter().map(|year| year.iter().zip(&cell_of).map(booking).collect()).collect();
        let gives = |year: &YearRules| year.rules().any(|rule| rule.stage == Stage::Application);
        let applications = rules.iter().map(gives).collect();
        let households = rules.iter().map(YearRules::counts_households).collect();
        let already_paid = AlreadyPaid::nobody();
        let n_cells = cells.len();
        let base = Arc::default();
        let lane = Self {
            policy,
            rules,
            by_household_size: Vec::new(),
            cells,
            layout: FactLayout::default(),
            test,
            fund,
            funders,
            cell_of,
            bookings,
            applications,
            households,
            already_paid,
            base,
        };
        Self { layout: book::layout(&lane, n_cells), ..lane }
    }

    /// With the rules of each year for a household of 1, 2, 3 … members.
    #[must_use]
    pub fn with_household_sizes(self, by_household_size: Vec<Vec<YearRules>>) -> Self {
        Self { by_household_size, ..self }
    }

    /// The rules of a year for a household of so many members.
    pub(super) fn rules_of(&self, year: usize, household_size: u8) -> &YearRules {
        match self.by_household_size.get(usize::from(household_size).saturating_sub(1)) {
            Some(rules) => &rules[year],
            None => &self.rules[year],
        }
    }

    /// Whether all claims of all years are settled, listed and booked as in another lane: the two may differ in
    /// contribution subsidies only. Where second assistance is given they never are, because it goes by what is left
    /// after all spending.
    #[must_use]
    pub fn settles_like(&self, other: &Self) -> bool {
        self.policy.names == other.policy.names
            && self.policy.rules == other.policy.rules
            && self.cells == other.cells
            && self.test == other.test
            && self.by_household_size == other.by_household_size
            && self.rules.len() == other.rules.len()
            && (0..self.rules.len()).all(|year| self.year_settles_like(other, year))
            && !self.rules.iter().any(|year| year.rules().any(|rule| rule.stage == Stage::Surplus))
    }

    /// The same of one year.
    fn year_settles_like(&self, other: &Self, year: usize) -> bool {
        let apart = self.rules[year].rows_apart(&other.rules[year]);
        apart.is_some_and(|rows| !rows.contains(&true)) && self.shares_claims_like(other, year)
    }

    /// Whether what is paid on claims is shared among the same funders; subsidies of contributions are not compared.
    fn shares_claims_like(&self, other: &Self, year: usize) -> bool {
        let mut funders = self.policy.rules.iter().zip(self.funders[year].iter().zip(&other.funders[year]));
        funders.all(|(rule, (own, other))| rule.key.family == Family::Subsidy || own == other)
    }

    /// Whether the payments of a year are booked as in another lane: to the same rules, lines and funders.
    pub(super) fn books_like(&self, other: &Self, year: usize) -> bool {
        self.policy.names == other.policy.names
            && self.policy.rules == other.policy.rules
            && self.cells == other.cells
            && self.layout == other.layout
            && self.shares_claims_like(other, year)
    }

    /// Works out what is the same in every replicate.
    pub fn prepare(&mut self, population: &Population, columns: &[YearColumns], already_paid: AlreadyPaid) {
        self.already_paid = already_paid;
        let of_year = |(year, columns)| Base::new(self, year, population, columns);
        self.base = Arc::new(columns.par_iter().enumerate().map(of_year).collect());
    }

    /// A book with nothing in it.
    pub(super) fn empty_book(&self) -> YearBook {
        YearBook::new(self)
    }

    /// The rules that hold at the end of a year: watch lists, indicators and second assistance are theirs.
    pub(super) fn schedule(&self, year: usize) -> &Schedule {
        self.rules[year].of_coverage_year()
    }

    /// The row of people of residents without an identity.
    pub(super) fn ordinary_row(&self) -> usize {
        self.policy.names.categories.len()
    }

    /// Counts the months of a year (from 0) in which a person holds identities, each under the best one held in it, and
    /// takes them from the ordinary residents; with `sign` −1 the other way round.
    pub(super) fn count_months(
        &self,
        year: usize,
        (spells, (first, last)): (&[Spell], (usize, usize)),
        sign: i64,
        book: &mut YearBook,
    ) {
        let january = Month::new(self.rules[year].year, 1).0;
        for month in (first..=last).map(|month| Month(january + month as u16)) {
            let held = spells.iter().filter(|spell| spell.touches(month, month));
            if let Some(best) = held.map(|spell| spell.category.0).min() {
                book.count_people(usize::from(best), PeopleMeasure::PersonMonths, sign);
                book.count_people(self.ordinary_row(), PeopleMeasure::PersonMonths, -sign);
            }
        }
    }

    /// Books a person's contribution, or the part of it that a rule pays, and counts the person for the rule.
    pub(super) fn count_contribution(
        &self,
        year: usize,
        (rule, occasion): (RuleId, Occasion),
        (amount, sign): (Fen, i64),
        book: &mut YearBook,
    ) {
        book.pays_on(PaidOn::Contribution);
        self.book_payment(year, rule, (Fen(sign * amount.0), occasion), book);
        book.count_rule(usize::from(rule.0), RuleMeasure::Cases, sign);
        book.count_rule(usize::from(rule.0), RuleMeasure::Persons, sign);
    }

    /// Books a payment to a rule and to the cells of its line and funders, with its month and whom it is for; the amount
    /// may be taken back.
    #[inline]
    pub(super) fn book_payment(
        &self,
        year: usize,
        rule: RuleId,
        (amount, occasion): (Fen, Occasion),
        book: &mut YearBook,
    ) {
        let number = usize::from(rule.0);
        book.count_rule(number, RuleMeasure::Fen, amount.0);
        match self.bookings[year][number] {
            Booking::Nowhere => book.gets(Got::unbooked(self.policy.rules[number].key.family), amount.0),
            Booking::Whole(cell) => self.book_to(number, cell, (amount.0, occasion), book),
            Booking::Shared => self.share_out(year, number, (amount, occasion), book),
        }
    }

    /// Books a payment of a rule to one cell.
    #[inline]
    fn book_to(&self, rule: usize, cell: usize, (fen, occasion): (i64, Occasion), book: &mut YearBook) {
        book.add(Fact::Money { cell }, fen);
        book.detail(cell, occasion, fen);
        book.gets(Got::booked(self.policy.rules[rule].key.family, (cell, occasion.month)), fen);
    }

    /// Books many payments that no funders share: their occasions are booked apart, see [`YearBook::detail`].
    pub(super) fn book_sum(&self, year: usize, rule: RuleId, amount: Fen, book: &mut YearBook) {
        book.count_rule(usize::from(rule.0), RuleMeasure::Fen, amount.0);
        if let Some(cell) = self.whole_cell(year, rule) {
            book.add(Fact::Money { cell }, amount.0);
        }
    }

    /// The cell to which the payments of a rule go whole.
    pub(super) fn whole_cell(&self, year: usize, rule: RuleId) -> Option<usize> {
        match self.bookings[year][usize::from(rule.0)] {
            Booking::Whole(cell) => Some(cell),
            Booking::Nowhere | Booking::Shared => None,
        }
    }

    fn share_out(
        &self,
        year: usize,
        number: usize,
        (amount, occasion): (Fen, Occasion),
        book: &mut YearBook,
    ) {
        let sign = amount.0.signum();
        split_among(&self.funders[year][number], Fen(amount.0.abs()), |funder, part| {
            if let Some(cell) = self.cell_of[number][usize::from(funder)] {
                self.book_to(number, cell, (sign * part.0, occasion), book);
            }
        });
    }

    /// Whether the payments of a rule are shared among several funders.
    pub(super) fn is_shared(&self, year: usize, rule: RuleId) -> bool {
        self.bookings[year][usize::from(rule.0)] == Booking::Shared
    }

    /// The row of people of a person in a year: the best identity held, or ordinary.
    pub(super) fn people_row(&self, year: usize, spells: &[Spell]) -> usize {
        let (first, last) = (Month::new(self.rules[year].year, 1), Month::new(self.rules[year].year, 12));
        let best =
            spells.iter().filter(|spell| spell.touches(first, last)).map(|spell| spell.category.0).min();
        best.map_or(self.policy.names.categories.len(), usize::from)
    }

    /// Whether claims of ordinary residents can move anything: a watch list or assistance on application.
    pub(super) fn needs_ordinary(&self, year: usize) -> bool {
        let names = |rule: &Head<'_>| matches!(rule.stage, Stage::Application | Stage::List);
        self.rules[year].rules().any(|rule| names(&rule) && rule.ordinary)
    }

    /// Whether assistance on application is given in a year.
    pub(super) fn has_applications(&self, year: usize) -> bool {
        self.applications[year]
    }

    /// Whether the disease of a claim matters to any rule of any year.
    #[must_use]
    pub fn asks_for_disease(&self) -> bool {
        self.rules.iter().flat_map(|year| &year.schedules).any(Schedule::asks_for_disease)
    }

    fn any_application(&self, year: usize, is: impl Fn(&Application) -> bool) -> bool {
        self.rules[year].schedules.iter().flat_map(|schedule| &schedule.applications).any(is)
    }

    /// Whether an application shares a pool with regular assistance, so that it needs the pool's running sums.
    pub(super) fn shares_pools_on_application(&self, year: usize) -> bool {
        self.any_application(year, |rule| rule.pool.is_some())
    }

    /// Whether any rule of a year counts the sums of households, so that their members are settled together.
    pub(super) fn counts_households(&self, year: usize) -> bool {
        self.households[year]
    }

    /// Whether applications count the claims of the calendar year before.
    pub(super) fn applies_for_year_before(&self, year: usize) -> bool {
        self.any_application(year, |rule| rule.window == ClaimWindow::YearBefore)
    }

    /// Whether general outpatient bills can move money: no bill of another kind comes after them in a year.
    #[must_use]
    pub fn needs_general_outpatient(&self) -> bool {
        needs_general_outpatient(&self.rules)
    }
}

/// The same of rules that no lane holds yet.
pub(super) fn needs_general_outpatient(rules: &[YearRules]) -> bool {
    use crate::policy::claim::Kind;
    let kind = 1_u8 << Kind::Outpatient as u8;
    rules.iter().flat_map(|year| &year.schedules).any(|schedule| {
        // What changes a rule needs no bills but those of the rule; a line is passed by any.
        let pays = |rule: &Head<'_>| match rule.stage {
            Stage::Claims => rule.changes.is_none(),
            Stage::Line | Stage::YearEnd | Stage::Application => true,
            Stage::Contribution | Stage::List | Stage::Indicator | Stage::Surplus => false,
        };
        schedule.critical_kinds & kind != 0
            || schedule
                .rules()
                .filter(pays)
                .flat_map(Head::claims_asked_for)
                .any(|when| when.kinds & kind != 0)
    })
}

/// For each lane the first one that settles claims as it does: itself for those that settle their own.
#[must_use]
pub fn leaders(lanes: &[Lane<'_>]) -> Vec<usize> {
    let leader = |lane: &Lane<'_>| lanes.iter().position(|other| other.settles_like(lane));
    lanes.iter().enumerate().map(|(number, lane)| leader(lane).unwrap_or(number)).collect()
}

/// Who pays each rule in a year: a rule's funders stand in the schedule of its own policy.
fn merged_funders(policy: &Policy, year: &YearRules) -> Vec<Vec<FunderShare>> {
    (0..policy.rules.len())
        .map(|rule| {
            let own = year.schedules.iter().map(|schedule| &schedule.funders[rule]);
            own.into_iter().find(|shares| !shares.is_empty()).cloned().unwrap_or_default()
        })
        .collect()
}

/// Whether any of a person's identities is `category` in a month.
pub(super) fn holds(spells: &[Spell], category: Category, month: Month) -> bool {
    spells.iter().any(|spell| spell.category == category && spell.touches(month, month))
}
