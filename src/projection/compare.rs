//! Comparison of two scenarios that were settled on the same draws, county after county.
//!
//! Lines, funders and clauses are matched by id; what one scenario does not have counts as zero there.

use std::collections::{BTreeMap, BTreeSet};

use crate::policy::names::{Clause, Name, position};
use crate::simulation::outcome::{Cell, CountyOutcome};

use super::attribution::Attribution;
use super::causes::{Causes, Leading, largest};
use super::clauses::{AllEffects, EffectRow};
use super::difference::{CategoryDifference, ClauseDifference, Difference, DifferenceRow, minus};
use super::layout::Layout;
use super::money::{Part, Slice, Trials, county_column, parts};
use super::moved::{ChangeRow, MovedFen};
use super::people::{self, PeopleRow};
pub use super::refusals::CompareError;
use super::winners::{Absence, Winners};
use crate::stats::Estimate;

/// The paired differences of two scenarios; rows by county in the order of the place, then of all counties.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The first scenario.
    pub base: Layout,
    /// The second scenario.
    pub other: Layout,
    /// Lines of both.
    pub lines: Vec<Name>,
    /// Funders of both.
    pub funders: Vec<Name>,
    /// Clauses of both.
    pub clauses: Vec<Clause>,
    /// The counties that were simulated.
    pub counties: Vec<usize>,
    /// Categories of both, ordinary residents last.
    pub categories: Vec<Name>,
    /// Money.
    pub rows: Vec<DifferenceRow>,
    /// Money by category of person: each funder and the total.
    pub by_category: Vec<CategoryDifference>,
    /// Clauses that a rule of either cites.
    pub by_clause: Vec<ClauseDifference>,
    /// What each rule did under the first and the second scenario, by county.
    pub rules: [Vec<EffectRow>; 2],
    /// The people under the first and the second scenario, by county.
    pub people: [Vec<PeopleRow>; 2],
    /// What rules moved, over all counties and years.
    pub moved: MovedFen,
    /// What causes the difference of all counties, by year.
    pub causes: Vec<Causes>,
    /// What the second scenario changes, filled in by whoever knows the scenarios.
    pub changes: Vec<ChangeRow>,
    /// Which of its lines causes how much, where that was asked for.
    pub attribution: Option<Attribution>,
    /// Who gets more and who gets less, filled in by whoever looked at the persons.
    pub winners: Result<Winners, Absence>,
    /// Whether both scenarios have the same content, see [`crate::scenario::Scenario::content_hash`].
    pub same_content: bool,
}

impl Comparison {
    /// The difference of a county (`None`: all) in a year, over the cells of a part.
    #[must_use]
    pub fn difference(&self, county: Option<usize>, year: u16, part: Part) -> Option<&Difference> {
        let same = |row: &&DifferenceRow| row.county == county && row.year == year && row.part == part;
        self.rows.iter().find(same).map(|row| &row.difference)
    }

    /// The id of a clause; behind the last one: rules without a clause.
    #[must_use]
    pub fn clause_id(&self, clause: usize) -> &str {
        self.clauses.get(clause).map_or(super::NO_CLAUSE, |clause| clause.id.as_str())
    }

    /// Residents of a county, or of all counties that were simulated.
    #[must_use]
    pub fn residents(&self, county: Option<usize>) -> u64 {
        let of = |&county: &usize| u64::from(self.base.counties[county].residents);
        county.map_or_else(|| self.counties.iter().map(of).sum(), |county| of(&county))
    }

    /// The lines with the largest mean difference, with that difference in yuan; none that do not differ.
    #[must_use]
    pub fn leading_lines(&self, county: Option<usize>, year: u16, most: usize) -> Vec<(usize, Estimate)> {
        let own = self.rows.iter().filter(|row| row.county == county && row.year == year);
        let lines = own.filter(|row| row.part.funder.is_none());
        largest(lines.filter_map(|row| Some((row.part.line?, row.difference.yuan))), most, |(_, yuan)| {
            yuan.mean
        })
    }

    /// The clauses with the largest mean difference in the yuan that they lead, so that the differences of all clauses
    /// add up to that of the total; with that difference in yuan. Behind the last clause: rules without one.
    #[must_use]
    pub fn leading_clauses(&self, county: Option<usize>, year: u16, most: usize) -> Vec<(usize, Estimate)> {
        let own = self.by_clause.iter().filter(|row| row.county == county && row.year == year);
        largest(own.map(|row| (row.clause, row.addable)), most, |(_, yuan)| yuan.mean)
    }
}

/// Takes the outcomes of both scenarios county after county.
#[derive(Debug, Clone)]
pub struct ComparisonBuilder {
    base: Side,
    other: Side,
    lines: Vec<Name>,
    funders: Vec<Name>,
    clauses: Vec<Clause>,
    categories: Vec<Name>,
    parts: Vec<Part>,
    counties: BTreeMap<usize, CountyDifferences>,
    rules: [Vec<EffectRow>; 2],
    people: [Vec<PeopleRow>; 2],
}

/// The differences of one county.
#[derive(Debug, Clone)]
struct CountyDifferences {
    rows: Vec<DifferenceRow>,
    by_category: Vec<CategoryDifference>,
    by_clause: Vec<ClauseDifference>,
}

/// One of the two scenarios.
#[derive(Debug, Clone)]
struct Side {
    layout: Layout,
    /// The columns of its trials, by the names of the comparison.
    cells: Vec<Cell>,
    /// The row of people of each category of the comparison.
    row_of: Vec<Option<usize>>,
    all: Trials,
    /// What rules did, all counties added.
    rules: AllEffects,
    /// What clauses did, by the names of the comparison, all counties added.
    clauses: AllEffects,
}

impl ComparisonBuilder {
    /// For two scenarios of the same place, years and draws.
    ///
    /// # Errors
    /// What they do not have in common.
    pub fn new(base: Layout, other: Layout) -> Result<Self, CompareError> {
        comparable(&base, &other)?;
        let mut lines = base.lines.clone();
        join(&mut lines, &other.lines, |name| &name.id);
        let mut funders = base.funders.clone();
        join(&mut funders, &other.funders, |name| &name.id);
        let mut clauses = base.clauses.clone();
        join(&mut clauses, &other.clauses, |clause| &clause.id);
        let mut categories = base.categories.clone();
        // Ordinary residents stay last.
        let ordinary = categories.pop();
        join(&mut categories, &other.categories, |name| &name.id);
        categories.retain(|name| ordinary.as_ref().is_none_or(|ordinary| ordinary.id != name.id));
        categories.extend(ordinary);
        let [base, other] = [base, other].map(|layout| Side::new(layout, (&lines, &funders), &categories));
        let cells: BTreeSet<Cell> = base.cells.iter().chain(&other.cells).copied().collect();
        let parts = parts(&cells.into_iter().collect::<Vec<_>>());
        let (rules, people) = Default::default();
        let counties = BTreeMap::new();
        Ok(Self { base, other, lines, funders, clauses, categories, parts, counties, rules, people })
    }

    /// The first scenario.
    #[must_use]
    pub const fn base(&self) -> &Layout {
        &self.base.layout
    }

    /// The funders of both scenarios.
    #[must_use]
    pub fn funders(&self) -> &[Name] {
        &self.funders
    }

    /// How many numbers an outcome keeps for each year and replicate.
    #[must_use]
    pub fn n_kept(&self) -> usize {
        self.base.layout.facts().n_kept()
    }

    /// Adds a county; the order of counties does not matter.
    ///
    /// # Panics
    /// When the outcomes are of different counties or the county was added before.
    pub fn add(&mut self, base: &CountyOutcome, other: &CountyOutcome) {
        assert_eq!(base.county, other.county, "both outcomes are of one county");
        let (base, other) =
            (&*base.on_cells(&self.base.layout.cells), &*other.on_cells(&self.other.layout.cells));
        self.base.all.add(base);
        self.other.all.add(other);
        let n = self.base.layout.n_replicates;
        let own = |side: &Side, outcome: &CountyOutcome, year: usize, (part, slice): (&Part, Slice)| {
            side.own(slice)
                .map_or_else(|| vec![0; n], |slice| county_column(outcome, year, &side.cells, (part, slice)))
        };
        let columns = |year: usize, of: (&Part, Slice)| {
            [own(&self.base, base, year, of), own(&self.other, other, year, of)]
        };
        let rows = self.rows(Some(base.county), columns);
        let by_category = self.category_differences(Some(base.county), columns);
        let by_clause = self.add_clauses(base, other);
        for (side, outcome) in [base, other].into_iter().enumerate() {
            let layout = if side == 0 { &self.base.layout } else { &self.other.layout };
            self.people[side].extend(people::rows(outcome, &layout.year_numbers()));
        }
        let differences = CountyDifferences { rows, by_category, by_clause };
        let before = self.counties.insert(base.county, differences);
        assert!(before.is_none(), "a county is added once");
    }

    /// The comparison of all counties added.
    #[must_use]
    pub fn finish(mut self) -> Comparison {
        let counties = std::mem::take(&mut self.counties);
        let numbers = counties.keys().copied().collect();
        let mut rows = Vec::new();
        let (mut by_category, mut by_clause) = (Vec::new(), Vec::new());
        for county in counties.into_values() {
            rows.extend(county.rows);
            by_category.extend(county.by_category);
            by_clause.extend(county.by_clause);
        }
        let columns =
            |year: usize, of: (&Part, Slice)| [self.base.column(year, of), self.other.column(year, of)];
        rows.extend(self.rows(None, columns));
        by_category.extend(self.category_differences(None, columns));
        by_clause.extend(ClauseDifference::rows(
            None,
            &self.base.layout,
            [&self.base.clauses, &self.other.clauses],
        ));
        let rules = [&self.base, &self.other].map(|side| (&side.layout, &side.rules));
        let causes = self.causes();
        let moved = MovedFen::new(&self.parts, |year, part| columns(year, (part, Slice::Year)), rules);
        Comparison {
            base: self.base.layout,
            other: self.other.layout,
            lines: self.lines,
            funders: self.funders,
            clauses: self.clauses,
            counties: numbers,
            categories: self.categories,
            rows,
            by_category,
            by_clause,
            rules: self.rules,
            people: self.people,
            moved,
            causes,
            changes: Vec::new(),
            attribution: None,
            winners: Err(Absence::NotAsked),
            same_content: false,
        }
    }

    /// The comparison of these counties as it is when nothing differs: for trying what will be drawn of it.
    #[must_use]
    pub fn empty(self, counties: &[usize]) -> Comparison {
        let n = self.base.layout.n_replicates.min(2);
        let zero = vec![0; n];
        let mut rows = Vec::new();
        for county in counties.iter().copied().map(Some).chain([None]) {
            for year in self.base.layout.year_numbers() {
                let difference = Difference::of(&zero, &zero).unwrap_or_default();
                rows.push(DifferenceRow { county, year, part: Part::TOTAL, difference });
            }
        }
        let mut comparison = self.finish();
        comparison.rows = rows;
        comparison.counties = counties.to_vec();
        comparison
    }

    fn rows(
        &self,
        county: Option<usize>,
        columns: impl Fn(usize, (&Part, Slice)) -> [Vec<i64>; 2],
    ) -> Vec<DifferenceRow> {
        let mut rows = Vec::new();
        for (position, year) in self.base.layout.year_numbers().into_iter().enumerate() {
            for part in &self.parts {
                let [base, other] = columns(position, (part, Slice::Year));
                if let Some(difference) = Difference::of(&base, &other) {
                    rows.push(DifferenceRow { county, year, part: *part, difference });
                }
            }
        }
        rows
    }

    /// Each funder and the total, category by category.
    fn category_differences(
        &self,
        county: Option<usize>,
        columns: impl Fn(usize, (&Part, Slice)) -> [Vec<i64>; 2],
    ) -> Vec<CategoryDifference> {
        let mut rows = Vec::new();
        for (position, year) in self.base.layout.year_numbers().into_iter().enumerate() {
            for category in 0..self.categories.len() {
                for part in self.parts.iter().filter(|part| part.line.is_none()) {
                    let [base, other] = columns(position, (part, Slice::People(category)));
                    if let Some(difference) = Difference::of(&base, &other) {
                        let row = DifferenceRow { county, year, part: *part, difference };
                        rows.push(CategoryDifference { category, row });
                    }
                }
            }
        }
        rows
    }

    /// What causes the difference of all counties, year by year.
    fn causes(&self) -> Vec<Causes> {
        let n = self.base.layout.n_replicates;
        let difference = |year: usize, part: &Part| {
            let [base, other] = [&self.base, &self.other].map(|side| side.column(year, (part, Slice::Year)));
            minus([&base, &other], n)
        };
        let clause = |year: usize, clause: usize| {
            let of = |side: &Side| {
                side.clauses.get(year, clause).map_or(Vec::new(), |trials| trials.addable_fen().to_vec())
            };
            minus([&of(&self.base), &of(&self.other)], n)
        };
        let of_year = |(position, year): (usize, u16)| {
            let whole = difference(position, &Part::TOTAL);
            let own = self.parts.iter().filter(|part| part.funder.is_none());
            let lines = own.filter_map(|part| Some((part.line?, difference(position, part))));
            let clauses = (0..=self.clauses.len()).map(|number| (number, clause(position, number)));
            Causes { year, lines: Leading::of(&whole, lines), clauses: Leading::of(&whole, clauses) }
        };
        self.base.layout.year_numbers().into_iter().enumerate().map(of_year).collect()
    }

    /// The clauses of a county; its rules and clauses are added to those of all.
    fn add_clauses(&mut self, base: &CountyOutcome, other: &CountyOutcome) -> Vec<ClauseDifference> {
        let county = Some(base.county);
        let sides = [(&mut self.base, base), (&mut self.other, other)];
        let [base, other] = sides.map(|(side, outcome)| {
            let rules = AllEffects::of_rules(outcome, &side.layout.rules);
            let clauses = AllEffects::of_clauses(&rules, outcome, (&side.layout.rules, &self.clauses));
            side.rules.add(&rules);
            side.clauses.add(&clauses);
            (rules.rows(county, &side.layout), clauses)
        });
        self.rules[0].extend(base.0);
        self.rules[1].extend(other.0);
        ClauseDifference::rows(county, &self.base.layout, [&base.1, &other.1])
    }
}

impl Side {
    fn new(layout: Layout, (lines, funders): (&[Name], &[Name]), categories: &[Name]) -> Self {
        let all = Trials::zero(layout.years.len(), layout.n_replicates, layout.facts());
        let joined =
            |own: &[Name], all: &[Name], index: usize| position(all, &own[index].id).unwrap_or(index);
        let cell = |cell: &Cell| Cell {
            line: joined(&layout.lines, lines, cell.line),
            funder: joined(&layout.funders, funders, cell.funder),
        };
        let cells = layout.cells.iter().map(cell).collect();
        let row_of = categories.iter().map(|name| position(&layout.categories, &name.id)).collect();
        let (rules, clauses) = Default::default();
        Self { layout, cells, row_of, all, rules, clauses }
    }

    /// A slice of the comparison in the scenario's own rows; `None` for a category that it does not have.
    fn own(&self, slice: Slice) -> Option<Slice> {
        match slice {
            Slice::People(category) => self.row_of[category].map(Slice::People),
            Slice::Year | Slice::Month(_) => Some(slice),
        }
    }

    fn column(&self, year: usize, (part, slice): (&Part, Slice)) -> Vec<i64> {
        let n = self.layout.n_replicates;
        let own = self.own(slice);
        own.map_or_else(|| vec![0; n], |slice| self.all.column(year, &self.cells, (part, slice)))
    }
}

fn comparable(base: &Layout, other: &Layout) -> Result<(), CompareError> {
    let names = || (base.scenario.clone(), other.scenario.clone());
    let codes = |layout: &Layout| layout.counties.iter().map(|county| county.code).collect::<Vec<_>>();
    if codes(base) != codes(other) {
        let (base, other) = names();
        return Err(CompareError::Counties(base, other));
    }
    if base.year_numbers() != other.year_numbers() {
        let (base, other) = names();
        return Err(CompareError::Years(base, other));
    }
    if base.warm_up.len() != other.warm_up.len() {
        let (base, other) = names();
        return Err(CompareError::WarmUp(base, other));
    }
    if (base.seed, base.n_replicates) != (other.seed, other.n_replicates) {
        let (base, other) = names();
        return Err(CompareError::Draws(base, other));
    }
    Ok(())
}

/// Appends what is not known by its id.
fn join<T: Clone>(known: &mut Vec<T>, more: &[T], id: impl Fn(&T) -> &String) {
    for one in more {
        if !known.iter().any(|other| id(other) == id(one)) {
            known.push(one.clone());
        }
    }
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
