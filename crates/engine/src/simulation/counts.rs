//! Uncertain numbers of persons: for how many persons of the county each person of the population stands in a replicate.
//!
//! The table of a place gives the persons of each category; how wrong it may be goes by the status of the figure or is
//! typed beside it. A replicate draws a factor f on each category (mean one), and every person of the population stands
//! for ⌊f + u⌋ persons, u running evenly over the households: nobody, one, or several of the same kind. So persons and
//! fen stay whole, what falls ill and what is paid needs no other rule, and over all replicates everybody stands for one
//! on average (`docs/model/counts.md`).

use super::columns::YearColumns;
use crate::illness::math::normal_quantile;
use crate::policy::claim::Category;
use crate::policy::names::Name;
use crate::population::{Overlap, Population};
use crate::rng::{Draws, Key, Purpose, uniform};
use crate::scenario::Scenario;

/// How uncertain the numbers of persons of one county are.
#[derive(Debug, Clone, PartialEq)]
pub struct CountLaw {
    /// By rank of the category: standard deviation of the logarithm, and the key of its draws.
    categories: Vec<CategoryLaw>,
    /// The share of that variance which all counties have in common.
    common_share: f64,
    /// Standard deviation of the logarithm of a year's growth.
    growth_log_sd: f64,
    overlaps: Vec<Overlap>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct CategoryLaw {
    log_sd: f64,
    key: u32,
}

/// The persons of a county as far as their number is uncertain.
#[derive(Debug)]
pub struct Counts {
    law: CountLaw,
    draws: Draws,
    county: u32,
    base_year: u16,
    residents: u32,
    /// The identities that persons hold together.
    sets: Vec<Vec<Category>>,
    years: Vec<YearSets>,
    /// By row: the place of the person's household between 0 and 2^32.
    even: Vec<u32>,
}

/// Who holds what in a year.
#[derive(Debug)]
struct YearSets {
    year: u16,
    /// By row: the number of the set; [`NONE`] for who holds nothing.
    of_row: Vec<u8>,
    /// Persons in January by set.
    persons: Vec<u32>,
}

/// The set of who holds nothing.
const NONE: u8 = u8::MAX;
/// No category is taken to have more than so many times the persons of its table.
const MOST: f64 = 100.0;
/// One, where a factor is a whole number.
const ONE: f64 = 4_294_967_296.0;
/// The golden ratio of 2^32: its multiples run evenly over the whole range, however many there are (Weyl).
const GOLDEN: u32 = 2_654_435_769;

/// For how many persons each row stands in a year of a replicate.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Weights {
    /// By row; empty where everybody stands for one.
    of_row: Vec<u8>,
}

impl Weights {
    /// Whether everybody stands for one.
    #[must_use]
    pub fn are_one(&self) -> bool {
        self.of_row.is_empty()
    }

    /// For how many persons the person of a row stands.
    #[must_use]
    #[inline]
    pub fn of(&self, row: usize) -> i64 {
        if self.of_row.is_empty() { 1 } else { i64::from(self.of_row[row]) }
    }
}

impl CountLaw {
    /// The law of a county; none where nothing is uncertain.
    #[must_use]
    pub fn new(scenario: &Scenario, county: usize) -> Option<Self> {
        let spread = scenario.place.raw.population.count_spread;
        let typed = &scenario.place.counties[county].categories;
        let category = |name: &Name| {
            let id = &name.id;
            let count = typed.iter().find(|count| count.id == *id);
            CategoryLaw { log_sd: count.map_or(0.0, |count| count.log_sd(&spread)), key: key_of(id) }
        };
        let law = Self {
            categories: scenario.policy.names.categories.iter().map(category).collect(),
            common_share: spread.common_share,
            growth_log_sd: spread.growth_per_year,
            overlaps: scenario.population.overlaps.clone(),
        };
        law.is_uncertain().then_some(law)
    }

    fn is_uncertain(&self) -> bool {
        self.growth_log_sd > 0.0 || self.categories.iter().any(|category| category.log_sd > 0.0)
    }
}

/// The key of a category's draws: its name and nothing else, so that no ranking changes them.
fn key_of(id: &str) -> u32 {
    let hash = blake3::hash(id.as_bytes());
    let [a, b, c, d, ..] = *hash.as_bytes();
    u32::from_le_bytes([a, b, c, d])
}

impl Counts {
    /// The uncertain numbers of a county.
    #[must_use]
    pub fn new(law: CountLaw, draws: &Draws, population: &Population, columns: &[YearColumns]) -> Self {
        let mut sets: Vec<Vec<Category>> = Vec::new();
        let mut years: Vec<YearSets> =
            columns.iter().map(|columns| YearSets::new(population, columns, &mut sets)).collect();
        years.iter_mut().for_each(|year| year.persons.resize(sets.len(), 0));
        let even = population.household.iter().map(|household| household.wrapping_mul(GOLDEN)).collect();
        let (county, base_year) = (population.county, population.base_year);
        Self { law, draws: *draws, county, base_year, residents: population.residents, sets, years, even }
    }

    /// How uncertain the numbers are.
    #[must_use]
    pub const fn law(&self) -> &CountLaw {
        &self.law
    }

    /// The weights of all years of a replicate.
    #[must_use]
    pub fn weights(&self, replicate: u32) -> Vec<Weights> {
        let key = Key { person: 0, replicate, county: self.county, year: 0 };
        let start = self.draws.block(key, Purpose::Counts, 1)[0];
        let of_year = |(year, factors): (&YearSets, Vec<f64>)| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "0 to 100 times 2^32"
            )]
            let whole: Vec<u64> = factors.iter().map(|factor| (factor * ONE) as u64).collect();
            let weight = |(&set, &even): (&u8, &u32)| {
                let factor = whole.get(usize::from(set)).copied().unwrap_or(1 << 32);
                ((factor + u64::from(even.wrapping_add(start))) >> 32) as u8
            };
            Weights { of_row: year.of_row.iter().zip(&self.even).map(weight).collect() }
        };
        self.years.iter().zip(self.factors(replicate)).map(of_year).collect()
    }

    /// The factor on the persons of each set of identities, by year.
    fn factors(&self, replicate: u32) -> Vec<Vec<f64>> {
        let levels: Vec<f64> = self.law.categories.iter().map(|law| self.level(law, replicate)).collect();
        self.years
            .iter()
            .map(|year| self.of_sets(year, &self.of_categories(year.year, &levels, replicate)))
            .collect()
    }

    /// The logarithm of the factor on a category in the base year.
    fn level(&self, law: &CategoryLaw, replicate: u32) -> f64 {
        if law.log_sd <= 0.0 {
            return 0.0;
        }
        let common = self.normal(law, (replicate, 0, 0));
        let own = self.normal(law, (replicate, self.county, 0));
        let share = self.law.common_share;
        let z = libm::sqrt(share) * common + libm::sqrt(1.0 - share) * own;
        law.log_sd * z - law.log_sd * law.log_sd / 2.0
    }

    /// The factors on the categories in a year: growth runs on from the base year, alike in all counties.
    fn of_categories(&self, year: u16, levels: &[f64], replicate: u32) -> Vec<f64> {
        let sd = self.law.growth_log_sd;
        let grown = |law: &CategoryLaw| -> f64 {
            let years = self.base_year + 1..=year;
            years.map(|year| sd * self.normal(law, (replicate, 0, year)) - sd * sd / 2.0).sum()
        };
        let factor =
            |(law, level): (&CategoryLaw, &f64)| libm::exp(level + if sd > 0.0 { grown(law) } else { 0.0 });
        self.law.categories.iter().zip(levels).map(factor).collect()
    }

    fn normal(&self, law: &CategoryLaw, (replicate, county, year): (u32, u32, u16)) -> f64 {
        let key = Key { person: law.key, replicate, county, year };
        normal_quantile(uniform(self.draws.block(key, Purpose::Counts, 0)[0]))
    }

    /// From categories to sets: a table gives the persons of a category whoever else they are, and of the category that
    /// an overlap counts the stated share holds the other one too. More holders than residents there cannot be.
    fn of_sets(&self, year: &YearSets, of_category: &[f64]) -> Vec<f64> {
        let both = |set: &[Category]| of_category[usize::from(self.counted_in(set).0)];
        let mut factors: Vec<f64> = self.sets.iter().map(|set| both(set)).collect();
        for (number, set) in self.sets.iter().enumerate().filter(|(_, set)| set.len() == 1) {
            let overlapping = || {
                self.sets.iter().enumerate().filter(|(_, other)| other.len() > 1 && other.contains(&set[0]))
            };
            let alone = f64::from(year.persons[number]);
            let others: f64 = overlapping().map(|(other, _)| f64::from(year.persons[other])).sum();
            let taken: f64 =
                overlapping().map(|(other, held)| f64::from(year.persons[other]) * both(held)).sum();
            if alone > 0.0 {
                factors[number] = (of_category[usize::from(set[0].0)] * (alone + others) - taken) / alone;
            }
        }
        factors.iter_mut().for_each(|factor| *factor = factor.clamp(0.0, MOST));
        let holders: f64 =
            factors.iter().zip(&year.persons).map(|(factor, &persons)| factor * f64::from(persons)).sum();
        let most = f64::from(self.residents);
        if holders > most {
            factors.iter_mut().for_each(|factor| *factor *= most / holders);
        }
        factors
    }

    /// The category by which the persons of a set are counted.
    fn counted_in(&self, set: &[Category]) -> Category {
        let of =
            self.law.overlaps.iter().find(|overlap| set.contains(&overlap.of) && set.contains(&overlap.also));
        of.map_or(set[0], |overlap| overlap.of)
    }
}

impl YearSets {
    fn new(population: &Population, columns: &YearColumns, sets: &mut Vec<Vec<Category>>) -> Self {
        let mut of_row = Vec::with_capacity(columns.len());
        let mut persons: Vec<u32> = Vec::new();
        for row in 0..columns.len() {
            let number = columns.months(row).map_or(NONE, |(first, _)| {
                let held = columns.held_in(population, row, first);
                number_of(sets, held)
            });
            of_row.push(number);
            persons.resize(sets.len(), 0);
            if columns.months(row).is_some_and(|(first, _)| first == 0) && number != NONE {
                persons[usize::from(number)] += 1;
            }
        }
        Self { year: columns.year, of_row, persons }
    }
}

/// The number of a set of identities among those known.
fn number_of(sets: &mut Vec<Vec<Category>>, held: Vec<Category>) -> u8 {
    if held.is_empty() {
        return NONE;
    }
    let known = sets.iter().position(|set| *set == held);
    let number = known.unwrap_or_else(|| {
        sets.push(held);
        sets.len() - 1
    });
    u8::try_from(number).unwrap_or(NONE)
}
