//! The book of one lane, county, year and replicate: whole fen and counts.

use super::lane::Lane;
use super::outcome::{BurdenMoments, CountyOutcome, PeopleMoments, RuleMoments};
use crate::policy::schedule::{RuleId, YearRules};
use crate::policy::settle::{Layer, Ledger, Payment};
use crate::units::Fen;

/// What one rule did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RuleCounts {
    /// Persons.
    pub persons: i64,
    /// Payments.
    pub cases: i64,
    /// Fen.
    pub fen: i64,
}

/// The people of one category.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PeopleCounts {
    /// Persons times months of the year.
    pub person_months: i64,
    /// With a contribution subsidy.
    pub subsidised: i64,
    /// Of these, recognised after the year was enrolled for.
    pub subsidised_newly: i64,
    /// Admitted to hospital.
    pub admitted: i64,
    /// With assistance on bills.
    pub assisted_persons: i64,
    /// Assistance payments.
    pub assisted_cases: i64,
    /// On a watch list.
    pub watch_listed: i64,
    /// Newly recognised.
    pub recognised: i64,
}

impl PeopleCounts {
    fn numbers(&mut self) -> [&mut i64; 8] {
        let Self {
            person_months,
            subsidised,
            subsidised_newly,
            admitted,
            assisted_persons,
            assisted_cases,
            watch_listed,
            recognised,
        } = self;
        [
            person_months,
            subsidised,
            subsidised_newly,
            admitted,
            assisted_persons,
            assisted_cases,
            watch_listed,
            recognised,
        ]
    }

    /// Adds payments of assistance, persons with any, and persons admitted.
    #[inline]
    pub(super) fn add(&mut self, assisted_cases: i64, assisted_persons: i64, admitted: i64) {
        self.assisted_cases += assisted_cases;
        self.assisted_persons += assisted_persons;
        self.admitted += admitted;
    }
}

/// In-scope cost, self-pay and persons.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct BurdenCounts {
    /// In-scope cost, fen.
    pub in_scope: i64,
    /// Self-pay, fen.
    pub self_pay: i64,
    /// Persons.
    pub persons: i64,
}

/// The book of one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearBook {
    /// Fen by cell.
    pub cells: Vec<i64>,
    /// By rule.
    pub rules: Vec<RuleCounts>,
    /// By category; the last for ordinary residents.
    pub people: Vec<PeopleCounts>,
    /// Newly listed persons by watch list and month.
    pub watched: Vec<[i64; 12]>,
    /// By indicator.
    pub indicators: Vec<BurdenCounts>,
    /// Need above the caps of tilt assistance.
    pub residual: BurdenCounts,
    /// The number of the rule that chooses among several subsidies, where the policy cites one.
    pub(super) subsidy_choice: Option<usize>,
    /// The last person counted for each rule, so that a person counts once.
    seen: Vec<u64>,
}

impl YearBook {
    /// A book with nothing in it.
    pub(super) fn new(lane: &Lane<'_>, rules: &YearRules) -> Self {
        let policy = lane.policy;
        let schedule = rules.of_coverage_year();
        Self {
            cells: vec![0; lane.cells.len()],
            rules: vec![RuleCounts::default(); policy.rules.len()],
            people: vec![PeopleCounts::default(); policy.names.categories.len() + 1],
            watched: vec![[0; 12]; schedule.watches.len()],
            indicators: vec![BurdenCounts::default(); schedule.indicators.len()],
            residual: BurdenCounts::default(),
            subsidy_choice: policy.rules.iter().rposition(|rule| rule.id.ends_with("subsidy_choice")),
            seen: vec![0; policy.rules.len()],
        }
    }

    /// Adds what came to another book between two moments.
    pub(super) fn add_change(&mut self, mut before: Self, mut after: Self) {
        let change = before.numbers().zip(after.numbers()).map(|(before, after)| *after - *before);
        self.numbers().zip(change).for_each(|(number, change)| *number += change);
    }

    /// All numbers that are booked.
    fn numbers(&mut self) -> impl Iterator<Item = &mut i64> {
        let Self { cells, rules, people, watched, indicators, residual, subsidy_choice: _, seen: _ } = self;
        let rules = rules.iter_mut().flat_map(|RuleCounts { persons, cases, fen }| [persons, cases, fen]);
        let burdens = indicators.iter_mut().chain([residual]);
        let burdens =
            burdens.flat_map(|BurdenCounts { in_scope, self_pay, persons }| [in_scope, self_pay, persons]);
        cells
            .iter_mut()
            .chain(rules)
            .chain(people.iter_mut().flat_map(PeopleCounts::numbers))
            .chain(watched.iter_mut().flatten())
            .chain(burdens)
    }

    /// Counts a person for a rule, once.
    #[inline]
    pub(super) fn touch(&mut self, rule: RuleId, person: u64) {
        let rule = usize::from(rule.0);
        self.rules[rule].cases += 1;
        if self.seen[rule] != person {
            self.seen[rule] = person;
            self.rules[rule].persons += 1;
        }
    }
}

/// Remembers the payments of one person's year until it is certain that they stand.
#[derive(Debug, Clone, Default)]
pub(super) struct Payments {
    /// Rule, layer and amount of every payment above zero.
    pub list: Vec<(RuleId, Layer, Fen)>,
    /// Rules that changed others' payments, each with the payment.
    pub adjusted: Vec<(RuleId, Fen)>,
    /// What tilt assistance wanted to pay beyond what it paid, and what it wanted.
    pub unmet: Fen,
    pub wanted: Fen,
}

impl Payments {
    pub fn clear(&mut self) {
        self.list.clear();
        self.adjusted.clear();
        self.unmet = Fen::ZERO;
        self.wanted = Fen::ZERO;
    }
}

impl Ledger for Payments {
    #[inline]
    fn pays(&mut self, payment: &Payment) {
        if payment.layer == Layer::Tilt {
            self.unmet += payment.formula.uncapped.above(payment.amount);
            self.wanted += payment.formula.uncapped;
        }
        if payment.amount > Fen::ZERO {
            self.list.push((payment.rule, payment.layer, payment.amount));
        }
    }

    fn adjusted(&mut self, rule: RuleId, amount: Fen) {
        self.adjusted.push((rule, amount));
    }
}

/// Adds the books of one replicate (one a year) to a county's outcome.
pub(super) fn fold(outcome: &mut CountyOutcome, replicate: usize, books: &[YearBook]) {
    for (year, book) in books.iter().enumerate() {
        let start = (year * outcome.n_replicates + replicate) * outcome.n_cells;
        outcome.trials[start..start + outcome.n_cells].copy_from_slice(&book.cells);
        for (moments, counts) in outcome.rules[year].iter_mut().zip(&book.rules) {
            let RuleMoments { persons, cases, fen } = moments;
            persons.add(counts.persons);
            cases.add(counts.cases);
            fen.add(counts.fen);
        }
        for (moments, counts) in outcome.people[year].iter_mut().zip(&book.people) {
            fold_people(moments, counts);
        }
        for (months, counts) in outcome.watched[year].iter_mut().zip(&book.watched) {
            months.iter_mut().zip(counts).for_each(|(moments, count)| moments.add(*count));
        }
        for (moments, counts) in outcome.indicators[year].iter_mut().zip(&book.indicators) {
            fold_burden(moments, counts);
        }
        fold_burden(&mut outcome.residual[year], &book.residual);
    }
}

fn fold_people(moments: &mut PeopleMoments, counts: &PeopleCounts) {
    moments.person_months.add(counts.person_months);
    moments.subsidised.add(counts.subsidised);
    moments.subsidised_newly.add(counts.subsidised_newly);
    moments.admitted.add(counts.admitted);
    moments.assisted_persons.add(counts.assisted_persons);
    moments.assisted_cases.add(counts.assisted_cases);
    moments.watch_listed.add(counts.watch_listed);
    moments.recognised.add(counts.recognised);
}

fn fold_burden(moments: &mut BurdenMoments, counts: &BurdenCounts) {
    moments.in_scope_fen.add(counts.in_scope);
    moments.self_pay_fen.add(counts.self_pay);
    moments.persons.add(counts.persons);
}

/// An outcome with room for all replicates.
pub(super) fn empty_outcome(lane: &Lane<'_>, county: usize, n_replicates: usize) -> CountyOutcome {
    let n_years = lane.rules.len();
    let n_cells = lane.cells.len();
    let by_year =
        |n: fn(&Lane<'_>, usize) -> usize| -> Vec<usize> { (0..n_years).map(|year| n(lane, year)).collect() };
    let watches = by_year(|lane, year| lane.schedule(year).watches.len());
    let indicators = by_year(|lane, year| lane.schedule(year).indicators.len());
    CountyOutcome {
        county,
        n_replicates,
        n_years,
        n_cells,
        cells: lane.cells.clone(),
        trials: vec![0; n_years * n_replicates * n_cells],
        rules: vec![vec![RuleMoments::default(); lane.policy.rules.len()]; n_years],
        funders: lane.funders.clone(),
        people: vec![vec![PeopleMoments::default(); lane.policy.names.categories.len() + 1]; n_years],
        register: Vec::new(),
        watched: watches.into_iter().map(|n| vec![Default::default(); n]).collect(),
        indicators: indicators.into_iter().map(|n| vec![BurdenMoments::default(); n]).collect(),
        residual: vec![BurdenMoments::default(); n_years],
    }
}
