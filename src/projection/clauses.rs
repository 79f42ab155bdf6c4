//! What each rule and each clause did: the rows of `rules.csv` and `clauses.csv`.
//!
//! A rule's persons, cases and yuan are attributed in full to every clause that it cites, and to every clause that a
//! funder cites who pays it there, wholly or in part. A rule that cites two clauses therefore appears under both, and
//! the clauses of a county do not add up to its spending: the rules do. For sums over clauses every booked yuan is
//! also attributed once, to the **leading clause**: the first that its rule cites ([`Effect::addable_fen`]).
//! A person for whom two rules of a clause moved money counts twice there.
//!
//! Everything is added up within each replicate first, so that each error is that of the sum itself.

use std::collections::BTreeMap;

use crate::policy::Rule;
use crate::policy::names::Clause;
use crate::policy::schedule::FunderShare;
use crate::simulation::facts::RuleMeasure;
use crate::simulation::outcome::CountyOutcome;

use super::layout::Layout;
use super::tally::Tally;

/// Persons, payments and fen.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Effect {
    /// Persons for whom money moved, or whom a list names.
    pub persons: Tally,
    /// Payments.
    pub cases: Tally,
    /// Fen, whoever pays: insurers and hospitals too, and the person where a clause leaves a contribution with them.
    pub fen: Tally,
    /// The fen of it that is booked to a line of spending.
    pub booked_fen: Tally,
    /// The booked fen that may be added up, over rules or over clauses: of a rule all of it, of a clause that of the
    /// rules that it leads.
    pub addable_fen: Tally,
}

impl Effect {
    /// Whether nothing happened in any replicate.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.persons.total() == 0 && self.cases.total() == 0 && self.fen.total() == 0
    }
}

/// What a rule or a clause did in one county (or all) and year.
#[derive(Debug, Clone, PartialEq)]
pub struct EffectRow {
    /// The county's position; `None` for all.
    pub county: Option<usize>,
    /// The year.
    pub year: u16,
    /// Position in [`super::layout::Layout::rules`] or [`super::layout::Layout::clauses`].
    pub of: usize,
    /// What happened.
    pub effect: Effect,
}

/// What a rule or a clause did in each replicate: persons, payments, fen, booked fen, fen that may be added up. A column
/// to which nothing was ever added is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct EffectTrials {
    columns: [Vec<i64>; 5],
}

/// The places of the columns of fen.
const FEN: usize = 2;
const BOOKED: usize = 3;
const ADDABLE: usize = 4;

impl EffectTrials {
    fn of_rule(outcome: &CountyOutcome, year: usize, (number, rule): (usize, &Rule)) -> Self {
        let [persons, cases, fen] =
            RuleMeasure::ALL.map(|measure| outcome.rule(year, number, measure).collect::<Vec<i64>>());
        let booked = if rule.line.is_some() { fen.clone() } else { Vec::new() };
        Self { columns: [persons, cases, fen, booked.clone(), booked] }
    }

    /// Adds what another rule or county did, replicate by replicate.
    pub(super) fn add(&mut self, other: &Self) {
        self.columns.iter_mut().zip(&other.columns).for_each(|(sum, more)| add_column(sum, more));
    }

    /// Adds what a rule did to a clause that it cites, but that does not lead it.
    fn add_not_led(&mut self, other: &Self) {
        let led = std::mem::take(&mut self.columns[ADDABLE]);
        self.add(other);
        self.columns[ADDABLE] = led;
    }

    fn books_nothing(&self) -> bool {
        self.columns[BOOKED].iter().all(|&fen| fen == 0)
    }

    fn effect(&self, n_replicates: usize) -> Effect {
        let [persons, cases, fen, booked_fen, addable_fen] =
            [0, 1, FEN, BOOKED, ADDABLE].map(|column| Tally::of_column(&self.columns[column], n_replicates));
        Effect { persons, cases, fen, booked_fen, addable_fen }
    }

    /// Fen, whoever pays, by replicate; empty for nothing.
    pub(super) fn fen(&self) -> &[i64] {
        &self.columns[FEN]
    }

    /// Booked fen by replicate; empty for nothing.
    pub(super) fn booked_fen(&self) -> &[i64] {
        &self.columns[BOOKED]
    }

    /// Fen that may be added up, by replicate; empty for nothing.
    pub(super) fn addable_fen(&self) -> &[i64] {
        &self.columns[ADDABLE]
    }
}

fn add_column(sum: &mut Vec<i64>, more: &[i64]) {
    if more.iter().all(|&number| number == 0) {
        return;
    }
    sum.resize(more.len(), 0);
    sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
}

/// What rules, or clauses, did in one county or in several added up: by the position of the year, then of the rule or
/// clause.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct AllEffects(BTreeMap<(usize, usize), EffectTrials>);

impl AllEffects {
    /// The rules of one county.
    pub(super) fn of_rules(outcome: &CountyOutcome, rules: &[Rule]) -> Self {
        let mut all = BTreeMap::new();
        for year in 0..outcome.n_years {
            for (number, rule) in rules.iter().enumerate() {
                all.insert((year, number), EffectTrials::of_rule(outcome, year, (number, rule)));
            }
        }
        Self(all)
    }

    /// The clauses of one county, from its rules: every clause that some rule or funder cites, with or without effect;
    /// then, at the position behind the last clause, what rules without a clause move, if anything.
    pub(super) fn of_clauses(
        of_rules: &Self,
        outcome: &CountyOutcome,
        (rules, clauses): (&[Rule], &[Clause]),
    ) -> Self {
        let citations: Vec<Vec<Citation>> = rules.iter().map(|rule| citations(rule, clauses)).collect();
        let leading: Vec<usize> = rules.iter().map(|rule| leading(rule, clauses)).collect();
        let mut found: BTreeMap<(usize, usize), EffectTrials> = BTreeMap::new();
        for (&(year, rule), trials) in &of_rules.0 {
            let payers = &outcome.funders[year][rule];
            for citation in &citations[rule] {
                let sum = found.entry((year, citation.clause)).or_default();
                if citation.holds(payers) {
                    if citation.clause == leading[rule] { sum.add(trials) } else { sum.add_not_led(trials) }
                }
            }
            if leading[rule] == clauses.len() && !trials.books_nothing() {
                found.entry((year, clauses.len())).or_default().add(trials);
            }
        }
        Self(found)
    }

    /// Adds those of another county.
    pub(super) fn add(&mut self, other: &Self) {
        for (key, trials) in &other.0 {
            self.0.entry(*key).or_default().add(trials);
        }
    }

    /// One rule or clause in one year.
    pub(super) fn get(&self, year: usize, of: usize) -> Option<&EffectTrials> {
        self.0.get(&(year, of))
    }

    /// The years and the rules or clauses that it has.
    pub(super) fn keys(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.0.keys().copied()
    }

    /// The rows of a county, or of all.
    pub(super) fn rows(&self, county: Option<usize>, layout: &Layout) -> Vec<EffectRow> {
        let row = |(&(year, of), trials): (&(usize, usize), &EffectTrials)| EffectRow {
            county,
            year: layout.years[year].year,
            of,
            effect: trials.effect(layout.n_replicates),
        };
        self.0.iter().map(row).collect()
    }
}

/// A clause for which a rule counts.
struct Citation {
    /// Position of the clause.
    clause: usize,
    /// The funders that cite it; empty where the rule itself does.
    funders: Vec<usize>,
}

impl Citation {
    /// Whether it holds where these pay the rule: a funder without a share there has no part in it.
    fn holds(&self, payers: &[FunderShare]) -> bool {
        let pays = |share: &FunderShare| self.funders.contains(&usize::from(share.funder));
        self.funders.is_empty() || payers.iter().any(pays)
    }
}

/// The clauses for which a rule counts, each once.
fn citations(rule: &Rule, clauses: &[Clause]) -> Vec<Citation> {
    let mut all = Vec::new();
    for (position, clause) in clauses.iter().enumerate() {
        let funders: Vec<usize> = rule.funders_citing(&clause.id).collect();
        if rule.cites(&clause.id) {
            all.push(Citation { clause: position, funders: Vec::new() });
        } else if !funders.is_empty() {
            all.push(Citation { clause: position, funders });
        }
    }
    all
}

/// The clause to which a rule's yuan are attributed once: the first that it cites, else the position behind the last.
fn leading(rule: &Rule, clauses: &[Clause]) -> usize {
    let position = |id: &String| clauses.iter().position(|clause| clause.id == *id);
    rule.cite.iter().find_map(position).unwrap_or(clauses.len())
}

/// The positions of the clauses that each rule itself cites, each once.
#[must_use]
pub fn cited(rules: &[Rule], clauses: &[Clause]) -> Vec<Vec<usize>> {
    let of = |rule: &Rule| {
        let known = clauses.iter().enumerate().filter(|(_, clause)| rule.cites(&clause.id));
        known.map(|(position, _)| position).collect()
    };
    rules.iter().map(of).collect()
}
