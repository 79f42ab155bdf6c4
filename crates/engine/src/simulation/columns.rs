//! The persons of one year in columns, the same in every replicate.

use crate::illness::{IllnessModel, Persons};
use crate::policy::claim::{Category, Person, Sex, Spell};
use crate::policy::names::Names;
use crate::population::Population;
use crate::rng::{Draws, Key, Purpose, threshold};
use crate::units::Month;

/// One year's columns; rows are the persons who have entered by its end, in the order of the population.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearColumns {
    /// The year.
    pub year: u16,
    number: Vec<u32>,
    age: Vec<u8>,
    sex: Vec<Sex>,
    group: Vec<u8>,
    first_month: Vec<u8>,
    last_month: Vec<u8>,
    /// Persons who are not enrolled in basic insurance in the year, ascending; usually none.
    not_enrolled: Vec<u32>,
}

/// Which block of a person's year tells whether the person is enrolled, above those of the population.
const ENROLMENT: u32 = 64;

impl YearColumns {
    /// The columns of a year.
    #[must_use]
    pub fn new(population: &Population, model: &IllnessModel, names: &Names, year: u16) -> Self {
        let (january, december) = (Month::new(year, 1), Month::new(year, 12));
        let groups: Vec<u8> = names.categories.iter().map(|name| model.group(&name.id)).collect();
        let n = population.entry.partition_point(|entry| *entry <= december);
        let mut columns = Self {
            year,
            number: (0..n as u32).collect(),
            age: (0..n).map(|row| population.age_in(row, year)).collect(),
            sex: population.sex[..n].to_vec(),
            group: Vec::with_capacity(n),
            first_month: Vec::with_capacity(n),
            last_month: Vec::with_capacity(n),
            not_enrolled: Vec::new(),
        };
        assert!(population.entry.is_sorted(), "persons are numbered in the order of their entry");
        for row in 0..n {
            let held = population.spells_of(row).iter().filter(|spell| spell.touches(january, december));
            let first = population.first_of(held);
            columns.group.push(first.map_or(IllnessModel::ORDINARY, |of| groups[usize::from(of.0)]));
            let (entry, last) = (population.entry[row], population.last[row]);
            let absent = last < january;
            columns.first_month.push(if entry > january { entry.of_year() } else { 1 });
            columns.last_month.push(if absent { 0 } else { last.min(december).of_year() });
        }
        columns
    }

    /// Draws who is not enrolled, by the share of each category; of the identities held in the year the first in the
    /// place's order decides.
    #[must_use]
    pub fn with_enrolment(mut self, population: &Population, draws: &Draws, shares: &[f64]) -> Self {
        if shares.iter().all(|&share| share >= 1.0) {
            return self;
        }
        let (january, december) = (Month::new(self.year, 1), Month::new(self.year, 12));
        for row in 0..self.len() {
            let held = population.spells_of(row).iter().filter(|spell| spell.touches(january, december));
            let Some(first) = population.first_of(held) else { continue };
            let key =
                Key { person: self.number[row], replicate: 0, county: population.county, year: self.year };
            let word = draws.block(key, Purpose::Population, ENROLMENT)[0];
            if u64::from(word) >= threshold(shares[usize::from(first.0)]) {
                self.not_enrolled.push(self.number[row]);
            }
        }
        self
    }

    /// Whether a person is enrolled in basic insurance in this year.
    #[must_use]
    pub fn is_enrolled(&self, row: usize) -> bool {
        self.not_enrolled.is_empty() || self.not_enrolled.binary_search(&(row as u32)).is_err()
    }

    /// Whether everybody is enrolled in this year.
    #[must_use]
    pub fn is_everybody_enrolled(&self) -> bool {
        self.not_enrolled.is_empty()
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.number.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.number.is_empty()
    }

    /// Whether a person is there in any month of the year; who enters later has no row yet.
    #[must_use]
    pub fn is_present(&self, row: usize) -> bool {
        row < self.len() && self.first_month[row] <= self.last_month[row]
    }

    /// The first and the last month of the year in which a person is there, from 0; none for who is not.
    #[must_use]
    pub fn months(&self, row: usize) -> Option<(usize, usize)> {
        let there = self.is_present(row);
        there.then(|| (usize::from(self.first_month[row]) - 1, usize::from(self.last_month[row]) - 1))
    }

    /// The identities that a person holds in a month of the year (from 0), ascending by rank.
    #[must_use]
    pub fn held_in(&self, population: &Population, row: usize, month: usize) -> Vec<Category> {
        let month = Month(Month::new(self.year, 1).0 + month as u16);
        let held = population.spells_of(row).iter().filter(|spell| spell.touches(month, month));
        let mut held: Vec<Category> = held.map(|spell| spell.category).collect();
        held.sort_unstable_by_key(|category| category.0);
        held.dedup();
        held
    }

    /// The number of persons who are there in any month of the year.
    #[must_use]
    pub fn n_present(&self) -> usize {
        (0..self.len()).filter(|row| self.is_present(*row)).count()
    }

    /// What the illness model reads.
    #[must_use]
    pub fn persons(&self) -> Persons<'_> {
        Persons {
            number: &self.number,
            age: &self.age,
            sex: &self.sex,
            group: &self.group,
            first_month: &self.first_month,
            last_month: &self.last_month,
        }
    }

    /// What the policy reads, with the identities given.
    #[must_use]
    #[inline]
    pub fn person<'a>(&self, population: &Population, row: usize, spells: &'a [Spell]) -> Person<'a> {
        Person {
            age: self.age[row],
            sex: Some(self.sex[row]),
            insurance: population.insurance[row],
            traits: population.traits[row],
            spells,
            recognised: None,
        }
    }
}
