//! What a lane counts before any bill: the months of all residents and the contributions of all holders.
//!
//! It is the same in every replicate but for how many persons a person of the population stands for. Persons who add the
//! same to a book are one kind, so that a replicate counts kinds instead of working persons out again.

use std::collections::BTreeMap;

use super::book::YearBook;
use super::columns::YearColumns;
use super::counts::Weights;
use super::enrolment::Whose;
use super::facts::{AFTER_THE_YEAR, Fact, PeopleMeasure};
use super::lane::Lane;
use crate::population::Population;

/// The beginning of a year's books.
#[derive(Debug)]
pub struct Base {
    /// All residents, nobody of whom holds an identity.
    nobody: YearBook,
    /// The kind of each person, by row.
    kind_of: Vec<u32>,
    /// What a person of each kind adds, by place of the layout.
    kinds: Vec<Vec<(usize, i64)>>,
    /// The book with everybody once.
    everybody: YearBook,
}

impl Base {
    /// The beginning of a year in a lane.
    pub(super) fn new(lane: &Lane<'_>, year: usize, population: &Population, columns: &YearColumns) -> Self {
        let mut nobody = lane.empty_book();
        let months = 12 * i64::from(population.residents);
        nobody.count_people(lane.ordinary_row(), PeopleMeasure::PersonMonths, months);
        let mut scratch = nobody.clone();
        let mut numbers: BTreeMap<Vec<(usize, i64)>, u32> = BTreeMap::new();
        let mut kind_of = Vec::with_capacity(columns.len());
        for row in 0..columns.len() {
            let changes = scratch.changes(|book| count(lane, (year, row), (population, columns), book));
            let next = numbers.len() as u32;
            kind_of.push(*numbers.entry(changes).or_insert(next));
        }
        let mut kinds = vec![Vec::new(); numbers.len()];
        for (changes, number) in numbers {
            kinds[number as usize] = changes;
        }
        let everybody = nobody.clone();
        let mut base = Self { nobody, kind_of, kinds, everybody };
        base.everybody = base.counted(|_| 1);
        base
    }

    /// The book with which a replicate begins the year.
    pub(super) fn opened(&self, weights: &Weights) -> YearBook {
        if weights.are_one() { self.everybody.clone() } else { self.counted(|row| weights.of(row)) }
    }

    fn counted(&self, weight: impl Fn(usize) -> i64) -> YearBook {
        let mut persons = vec![0; self.kinds.len()];
        for (row, &kind) in self.kind_of.iter().enumerate() {
            persons[kind as usize] += weight(row);
        }
        let mut book = self.nobody.clone();
        for (changes, persons) in self.kinds.iter().zip(persons) {
            book.add_times(changes, persons);
        }
        book
    }

    /// What is paid for the contribution of each person, by row: the parts of the person's kind.
    pub(super) fn contributions(&self) -> Contributions<'_> {
        let n_cells = self.nobody.layout().n_cells;
        let of_kind = |changes: &Vec<(usize, i64)>| {
            let due = |&(place, fen): &(usize, i64)| {
                let of_cell = |cell| (0..AFTER_THE_YEAR).map(move |month| Contribution { cell, month, fen });
                let all = (0..n_cells).flat_map(of_cell);
                let at = |cell, month| self.nobody.layout().place(Fact::MoneyInMonth { cell, month });
                all.into_iter().find(|one| at(one.cell, one.month) == place)
            };
            changes.iter().filter_map(due).collect()
        };
        Contributions { kind_of: &self.kind_of, of_kind: self.kinds.iter().map(of_kind).collect() }
    }

    /// The book with everybody once.
    pub(super) fn everybody(&self) -> &YearBook {
        &self.everybody
    }
}

/// What is paid for the contribution of each person before anybody is newly recognised.
#[derive(Debug)]
pub(super) struct Contributions<'b> {
    /// The kind of each person, by row.
    pub kind_of: &'b [u32],
    /// What is paid for each kind.
    pub of_kind: Vec<Vec<Contribution>>,
}

/// A part of a contribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Contribution {
    /// The line and who pays.
    pub cell: usize,
    /// When it falls due: January 0, or the month of the recognition.
    pub month: usize,
    /// Fen for each person.
    pub fen: i64,
}

/// Counts the months and the contribution of a person of the population.
fn count(
    lane: &Lane<'_>,
    (year, row): (usize, usize),
    (population, columns): (&Population, &YearColumns),
    book: &mut YearBook,
) {
    let Some(months) = columns.months(row) else { return };
    let spells = population.spells_of(row);
    lane.count_months(year, (spells, months), 1, book);
    if columns.is_enrolled(row) {
        let person = columns.person(population, row, spells);
        lane.count_contribution_of(year, (&person, Whose::row(row)), 1, book);
    }
}
