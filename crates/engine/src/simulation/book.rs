//! The book of one lane, county, year and replicate: whole fen and counts.

use std::ops::{Deref, Range};

use super::facts::{AFTER_THE_YEAR, Fact, FactLayout, Facts, PeopleMeasure, RuleMeasure};
use super::lane::Lane;
use super::outcome::CountyOutcome;
use super::trace::{Entry, Got, PaidOn, PersonId, Trace};
use crate::policy::claim::Claim;
use crate::policy::schedule::RuleId;
use crate::policy::settle::{Layer, Ledger, Payment};
use crate::units::{Fen, Month};

/// When a payment falls due, and whom it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Occasion {
    /// The month of the year, January 0; [`AFTER_THE_YEAR`].
    pub month: usize,
    /// The row of people: the category by rank, or ordinary residents.
    pub row: usize,
}

impl Occasion {
    /// In the month of the discharge; of what goes by no claim, and of a stay that ends in the next year, after the
    /// year.
    pub fn of_claim(claim: Option<&Claim>, december: Month, row: usize) -> Self {
        let in_year = claim.map(|claim| claim.discharged.month).filter(|month| *month <= december);
        Self { month: in_year.map_or(AFTER_THE_YEAR, |month| usize::from(month.of_year()) - 1), row }
    }

    /// In a month of the year.
    pub fn in_month(month: Month, row: usize) -> Self {
        Self { month: usize::from(month.of_year()) - 1, row }
    }
}

/// The book of one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearBook {
    facts: Facts,
    /// The number of the rule that chooses among several subsidies, where the policy cites one.
    pub(super) subsidy_choice: Option<usize>,
    /// The last person counted for each rule, so that a person counts once.
    seen: Vec<u64>,
    /// For how many persons whatever is booked stands; see [`YearBook::weigh`].
    weight: i64,
    /// What is added, place by place, while somebody wants to know it.
    journal: Option<Vec<(usize, i64)>>,
    /// Who got what, while somebody wants to know it.
    trace: Option<Box<Trace>>,
}

impl Deref for YearBook {
    type Target = Facts;

    fn deref(&self) -> &Facts {
        &self.facts
    }
}

impl YearBook {
    /// A book with nothing in it.
    pub(super) fn new(lane: &Lane<'_>) -> Self {
        let rules = &lane.policy.rules;
        Self {
            facts: Facts::zero(lane.layout),
            subsidy_choice: rules.iter().rposition(|rule| rule.id.ends_with("subsidy_choice")),
            seen: vec![0; rules.len()],
            weight: 1,
            journal: None,
            trace: None,
        }
    }

    /// Says for how many persons of the county that what is booked next stands: 1 but for persons of the population whose
    /// number is uncertain ([`Counts`](super::counts::Counts)). Of whom is not said.
    #[inline]
    pub(super) fn weigh(&mut self, weight: i64) {
        self.weight = weight;
        if let Some(trace) = &mut self.trace {
            trace.person = None;
        }
    }

    /// The same, and for whom it is.
    #[inline]
    pub(super) fn turn_to(&mut self, person: PersonId, weight: i64) {
        self.weight = weight;
        if let Some(trace) = &mut self.trace {
            trace.person = Some(person);
        }
    }

    /// From now on writes down who gets what.
    pub(super) fn follow(&mut self) {
        self.trace = Some(Box::default());
    }

    /// What was written down since [`YearBook::follow`].
    pub(super) fn traced(&self) -> &[Entry] {
        self.trace.as_ref().map_or(&[], |trace| &trace.entries)
    }

    /// Writes down that the person at hand gets something.
    #[inline]
    pub(super) fn gets(&mut self, got: Got, fen: i64) {
        if let Some(trace) = &mut self.trace {
            trace.entries.push(Entry { person: trace.person, got, on: trace.on, fen });
        }
    }

    /// Says on what is paid next.
    #[inline]
    pub(super) fn pays_on(&mut self, on: PaidOn) {
        if let Some(trace) = &mut self.trace {
            trace.on = on;
        }
    }

    /// Adds to a fact, as often as the person at hand stands for one.
    #[inline]
    pub(super) fn add(&mut self, fact: Fact, more: i64) {
        self.facts[fact] += self.weight * more;
        if let Some(journal) = &mut self.journal {
            journal.push((self.facts.layout().place(fact), more));
        }
    }

    /// What `count` adds, by place of the layout, each place once.
    pub(super) fn changes(&mut self, count: impl FnOnce(&mut Self)) -> Vec<(usize, i64)> {
        self.journal = Some(Vec::new());
        count(self);
        let mut journal = self.journal.take().unwrap_or_default();
        journal.sort_unstable_by_key(|(place, _)| *place);
        journal.dedup_by(|(place, more), (kept, sum)| {
            let same = place == kept;
            *sum += if same { *more } else { 0 };
            same
        });
        journal
    }

    /// Adds numbers at places of the layout, so many times.
    pub(super) fn add_times(&mut self, changes: &[(usize, i64)], times: i64) {
        self.facts.add_times(changes, times);
    }

    /// Adds to what is counted of the people of a category.
    #[inline]
    pub(super) fn count_people(&mut self, row: usize, measure: PeopleMeasure, more: i64) {
        self.add(Fact::People { row, measure }, more);
    }

    /// Adds payments of assistance, persons with any, and persons admitted.
    #[inline]
    pub(super) fn count_assisted(&mut self, row: usize, [cases, persons, admitted]: [i64; 3]) {
        self.count_people(row, PeopleMeasure::AssistedCases, cases);
        self.count_people(row, PeopleMeasure::AssistedPersons, persons);
        self.count_people(row, PeopleMeasure::Admitted, admitted);
    }

    /// Adds to what is counted of a rule.
    #[inline]
    pub(super) fn count_rule(&mut self, rule: usize, measure: RuleMeasure, more: i64) {
        self.add(Fact::Rule { rule, measure }, more);
    }

    /// Adds what a cell pays on an occasion; the cell itself is booked apart, so that the two can be held against each
    /// other.
    #[inline]
    pub(super) fn detail(&mut self, cell: usize, Occasion { month, row }: Occasion, fen: i64) {
        self.add(Fact::MoneyInMonth { cell, month }, fen);
        self.add(Fact::MoneyForPeople { cell, row }, fen);
    }

    /// Adds another book.
    pub(super) fn join(&mut self, other: &Self) {
        self.facts.add(&other.facts);
    }

    /// Adds what came to another book between two moments.
    pub(super) fn add_change(&mut self, before: &Self, after: &Self) {
        self.facts.add_change(&before.facts, &after.facts);
    }

    /// Counts a person for a rule, once.
    #[inline]
    pub(super) fn touch(&mut self, rule: RuleId, person: u64) {
        let rule = usize::from(rule.0);
        self.count_rule(rule, RuleMeasure::Cases, 1);
        if self.seen[rule] != person {
            self.seen[rule] = person;
            self.count_rule(rule, RuleMeasure::Persons, 1);
        }
    }
}

/// The facts that a lane's books hold.
pub(super) fn layout(lane: &Lane<'_>, n_cells: usize) -> FactLayout {
    let years = 0..lane.rules.len();
    FactLayout {
        n_cells,
        n_people: lane.policy.names.categories.len() + 1,
        n_rules: lane.policy.rules.len(),
        n_lists: years.clone().map(|year| lane.schedule(year).watches.len()).max().unwrap_or(0),
        n_indicators: years.map(|year| lane.schedule(year).indicators.len()).max().unwrap_or(0),
    }
}

/// A payment above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Paid {
    pub rule: RuleId,
    pub layer: Layer,
    /// The position of the claim; none at the year's end.
    pub claim: Option<usize>,
    pub amount: Fen,
}

/// Remembers the payments of one person's year until it is certain that they stand.
#[derive(Debug, Clone, Default)]
pub(super) struct Payments {
    /// Every payment above zero.
    pub list: Vec<Paid>,
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
            let Payment { rule, layer, claim, amount, .. } = *payment;
            self.list.push(Paid { rule, layer, claim, amount });
        }
    }

    fn adjusted(&mut self, rule: RuleId, amount: Fen) {
        self.adjusted.push((rule, amount));
    }
}

/// Adds the books of one replicate (one a year) to a county's outcome.
pub(super) fn fold(
    outcome: &mut CountyOutcome,
    replicate: usize,
    (books, drivers): (&[YearBook], &[Vec<f64>]),
) {
    for (year, book) in books.iter().enumerate() {
        outcome.add(year, replicate, book.numbers());
    }
    for (year, values) in drivers.iter().enumerate() {
        outcome.drivers.put((year, replicate), values);
    }
}

/// An outcome with room for all replicates.
pub(super) fn empty_outcome(lane: &Lane<'_>, county: usize, replicates: &Range<u32>) -> CountyOutcome {
    let size = (lane.rules.len(), replicates.len());
    let empty = CountyOutcome::empty(county, size, (lane.layout, lane.cells.clone()), lane.funders.clone());
    CountyOutcome { first_replicate: replicates.start, ..empty }
}
