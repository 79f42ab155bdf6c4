//! What each rule and each clause did: the rows of `rules.csv` and `clauses.csv`.
//!
//! A rule's persons, cases and yuan are attributed in full to every clause that it cites, and to every clause that a
//! funder cites who pays it there, wholly or in part. A rule that cites two clauses therefore appears under both, and
//! the clauses of a county do not add up to its spending: the rules do. For sums over clauses every booked yuan is
//! also attributed once, to the **leading clause**: the first that its rule cites ([`Effect::addable_fen`]).
//! A person for whom two rules of a clause moved money counts twice there.

use std::collections::BTreeMap;

use crate::policy::Rule;
use crate::policy::names::Clause;
use crate::policy::schedule::FunderShare;
use crate::simulation::facts::RuleMeasure;
use crate::simulation::outcome::{CountyOutcome, Moments};

use super::layout::Layout;
use super::tally::{CountyRow, Tally};

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
    fn of<'m>(moments: impl Fn(RuleMeasure) -> &'m Moments, booked: bool) -> Self {
        let fen = Tally::of(moments(RuleMeasure::Fen));
        let booked_fen = if booked { fen } else { Tally::default() };
        Self {
            persons: Tally::of(moments(RuleMeasure::Persons)),
            cases: Tally::of(moments(RuleMeasure::Cases)),
            fen,
            booked_fen,
            addable_fen: booked_fen,
        }
    }

    /// Adds what another rule or county did.
    pub fn add(&mut self, other: &Self) {
        self.persons.add(&other.persons);
        self.cases.add(&other.cases);
        self.fen.add(&other.fen);
        self.booked_fen.add(&other.booked_fen);
        self.addable_fen.add(&other.addable_fen);
    }

    /// The same for a clause that does not lead the rule.
    #[must_use]
    pub fn not_addable(self) -> Self {
        Self { addable_fen: Tally::default(), ..self }
    }

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

impl CountyRow for EffectRow {
    type Key = (u16, usize);

    fn key(&self) -> Self::Key {
        (self.year, self.of)
    }

    fn county_mut(&mut self) -> &mut Option<usize> {
        &mut self.county
    }

    fn add(&mut self, other: &Self) {
        self.effect.add(&other.effect);
    }
}

/// The rules of one county.
#[must_use]
pub fn rule_rows(outcome: &CountyOutcome, years: &[u16], rules: &[Rule]) -> Vec<EffectRow> {
    let mut rows = Vec::new();
    for (position, &year) in years.iter().enumerate() {
        for (of, rule) in rules.iter().enumerate() {
            let effect = Effect::of(|measure| outcome.rule(position, of, measure), rule.line.is_some());
            rows.push(EffectRow { county: Some(outcome.county), year, of, effect });
        }
    }
    rows
}

/// The clauses of one county: every clause that some rule or funder cites, with or without effect; then, at the
/// position behind the last clause, what rules without a clause move, if anything.
#[must_use]
pub fn clause_rows(
    rule_rows: &[EffectRow],
    outcome: &CountyOutcome,
    (layout, clauses): (&Layout, &[Clause]),
) -> Vec<EffectRow> {
    let citations: Vec<Vec<Citation>> = layout.rules.iter().map(|rule| citations(rule, clauses)).collect();
    let leading: Vec<usize> = layout.rules.iter().map(|rule| leading(rule, clauses)).collect();
    let mut found: BTreeMap<(Option<usize>, u16, usize), Effect> = BTreeMap::new();
    for row in rule_rows {
        let year = layout.years.iter().position(|year| year.year == row.year);
        let payers = year.map_or(&[][..], |year| &outcome.funders[year][row.of]);
        for citation in &citations[row.of] {
            let effect = found.entry((row.county, row.year, citation.clause)).or_default();
            if citation.holds(payers) {
                let led = citation.clause == leading[row.of];
                effect.add(&if led { row.effect } else { row.effect.not_addable() });
            }
        }
        if leading[row.of] == clauses.len() && row.effect.booked_fen.total() != 0 {
            found.entry((row.county, row.year, clauses.len())).or_default().add(&row.effect);
        }
    }
    found.into_iter().map(|((county, year, of), effect)| EffectRow { county, year, of, effect }).collect()
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
