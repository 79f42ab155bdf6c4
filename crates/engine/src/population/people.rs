//! The population while it is being drawn: persons in columns, the units that hold an identity, and the log of
//! spells.
//!
//! A *unit* is a household whose members all hold the same identities, or a single holder. Each of its *slots* is
//! always filled: who dies or loses the identity is followed by another person in the next month. So the persons
//! of each stratum are the same in number in every month of a year.

use crate::policy::claim::{Category, Insurance, Sex, Spell};
use crate::rng::{Draws, Key, Purpose, Stream, threshold, uniform};
use crate::units::{Fen, Month};

use super::plan::{Plan, Stratum};
use super::register::register;
use super::standing::Draft;
use super::target::BANDS;
use super::{Population, age_in};

/// Why a person's last month is the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It is not: present at the end of the horizon.
    Stays,
    /// Lost the identity and is an ordinary resident again.
    Left,
    /// Died.
    Died,
}

/// Households in columns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Households {
    /// Members, those without an identity included.
    pub size: Vec<u8>,
    /// Disposable income per head and year in the base year.
    pub income_per_year: Vec<Fen>,
}

/// Which block of a person's or household's draws serves what. A changed number is a change of results.
pub(super) mod block {
    /// Age within the band, insurance (key: the draft).
    pub const DRAFT: u32 = 0;
    /// Register and income (key: the household).
    pub const HOUSEHOLD: u32 = 1;
    /// Cell, age, insurance and newborn of who takes the place of a dead person (key: the person).
    pub const SUCCESSOR: u32 = 2;
    /// Death and its month (key: person and year).
    pub const DEATH: u32 = 3;
    /// Loss of each identity and its month (key: household and year).
    pub const LOSS: u32 = 4;
    /// Which unit takes over an identity (key: household and year).
    pub const HEIR: u32 = 5;
    /// Traits of a person, four to a block (key: the draft).
    pub const PERSON_TRAIT: u32 = 16;
    /// Traits of a household, four to a block (key: the household).
    pub const HOUSEHOLD_TRAIT: u32 = 32;
}

/// What a stream of a stratum is for.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
pub(super) enum Roll {
    /// The persons of the base year.
    Standing = 0,
    /// Additional persons in January.
    Growth = 1,
    /// Who follows those that lost the identity.
    Followers = 2,
    /// Who leaves because the category shrinks.
    Shrinking = 3,
}

/// Streams of a stratum have this added to the year of their key, so that they share no block with a person's.
const STRATUM_YEAR: u16 = 2048;

/// Some persons who hold their identities together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    pub stratum: u16,
    pub size: u8,
    pub first_slot: u32,
}

/// A place in a unit: who fills it, and since when each identity is held.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub person: u32,
    pub since: [Month; 2],
}

/// What a new person is like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Newcomer {
    pub birth_year: u16,
    pub sex: Sex,
    pub insurance: Insurance,
    pub traits: u32,
    pub rural: bool,
    pub household: u32,
    pub entry: Month,
}

/// The population while it is being drawn.
pub(super) struct People<'a> {
    pub plan: &'a Plan<'a>,
    pub draws: Draws,
    pub made: Population,
    pub units: Vec<Unit>,
    pub slots: Vec<Slot>,
    /// Persons drafted so far, for their keys.
    pub drafted: u32,
    /// Probability of death in a year as a threshold, by rank of the category, sex and band of age.
    pub death: Vec<[[u64; BANDS]; 2]>,
    /// Logarithm of the median income in fen, by rank of the category.
    log_median: Vec<f64>,
    spells: Vec<(u32, Spell)>,
}

impl<'a> People<'a> {
    pub fn new(plan: &'a Plan<'a>, draws: &Draws) -> Self {
        let rural = plan.params.rural_income_per_year.yuan() * 100.0;
        let log_median = |params: &super::CategoryParams| {
            libm::log((rural * params.income_mean_relative).max(1.0)) - params.income_sigma.powi(2) / 2.0
        };
        let death = |params: &super::CategoryParams| {
            plan.params.death_rate.map(|bands| bands.map(|rate| threshold(rate * params.mortality_ratio)))
        };
        Self {
            plan,
            draws: *draws,
            made: empty(plan),
            units: Vec::new(),
            slots: Vec::new(),
            drafted: 0,
            death: plan.params.categories.iter().map(death).collect(),
            log_median: plan.params.categories.iter().map(log_median).collect(),
            spells: Vec::new(),
        }
    }

    pub fn stratum(&self, unit: Unit) -> &'a Stratum {
        &self.plan.strata[usize::from(unit.stratum)]
    }

    /// The key of a person, household or draft in a year, 0 for what holds in every year.
    pub const fn key(&self, number: u32, year: u16) -> Key {
        Key { person: number, replicate: 0, county: self.plan.target.code, year }
    }

    pub const fn words(&self, number: u32, year: u16, index: u32) -> [u32; 4] {
        self.draws.block(self.key(number, year), Purpose::Population, index)
    }

    /// A stream for a stratum in a year.
    #[expect(clippy::cast_possible_truncation, reason = "at most some hundred strata")]
    pub const fn stratum_stream(&self, stratum: usize, roll: Roll, year: u16) -> Stream {
        let key = self.key(stratum as u32 | (roll as u32) << 16, year | STRATUM_YEAR);
        self.draws.stream(key, Purpose::Population)
    }

    /// The household that is made next.
    #[expect(clippy::cast_possible_truncation, reason = "below 2^32 households")]
    pub const fn next_household(&self) -> u32 {
        self.made.households.size.len() as u32
    }

    /// Makes a household with an income of its own.
    pub fn add_household(&mut self, size: u8, lead: usize) -> u32 {
        let number = self.next_household();
        let [_, first, second, _] = self.words(number, 0, block::HOUSEHOLD);
        let normal =
            libm::sqrt(-2.0 * libm::log(uniform(first))) * libm::cos(std::f64::consts::TAU * uniform(second));
        let sigma = self.plan.params.categories[lead].income_sigma;
        #[expect(clippy::cast_possible_truncation, reason = "far below 2^63 fen")]
        let income = libm::exp(self.log_median[lead] + sigma * normal).round() as i64;
        self.made.households.size.push(size);
        self.made.households.income_per_year.push(Fen(income));
        number
    }

    #[expect(clippy::cast_possible_truncation, reason = "below 2^32 persons")]
    pub fn add_person(&mut self, person: Newcomer) -> u32 {
        let number = self.made.birth_year.len() as u32;
        self.made.birth_year.push(person.birth_year);
        self.made.sex.push(person.sex);
        self.made.insurance.push(person.insurance);
        self.made.traits.push(person.traits);
        self.made.rural.push(person.rural);
        self.made.household.push(person.household);
        self.made.entry.push(person.entry);
        self.made.last.push(Month::LAST);
        self.made.exit.push(Exit::Stays);
        number
    }

    /// Adds a person as drafted, in a household.
    pub fn add_draft(&mut self, draft: Draft, home: (u32, bool, u32), entry: Month) -> u32 {
        let (household, rural, household_traits) = home;
        self.add_person(Newcomer {
            birth_year: entry.year() - u16::from(draft.age),
            sex: draft.sex,
            insurance: draft.insurance,
            traits: draft.traits | household_traits,
            rural,
            household,
            entry,
        })
    }

    /// Adds a unit with its persons, whose identities begin with their entry.
    #[expect(clippy::cast_possible_truncation, reason = "below 2^32 slots, at most 16 members")]
    pub fn add_unit(&mut self, stratum: usize, persons: &[u32], entry: Month) {
        let (first_slot, size) = (self.slots.len() as u32, persons.len() as u8);
        self.units.push(Unit { stratum: stratum as u16, size, first_slot });
        self.slots.extend(persons.iter().map(|&person| Slot { person, since: [entry; 2] }));
    }

    /// Writes down the identity that ends with `month` for the person of a slot.
    pub fn end_identity(&mut self, slot: usize, held: (usize, Category), month: Month) {
        let Slot { person, since } = self.slots[slot];
        let (from, category) = (since[held.0], held.1);
        if from <= month {
            self.spells.push((person, Spell { category, from, to: month }));
        }
    }

    /// The person of a slot is no longer in the population after `month`.
    pub fn end_person(&mut self, unit: Unit, slot: usize, month: Month, exit: Exit) {
        for (index, &category) in self.stratum(unit).held().iter().enumerate() {
            self.end_identity(slot, (index, category), month);
        }
        let person = self.slots[slot].person as usize;
        self.made.last[person] = month;
        self.made.exit[person] = exit;
    }

    pub fn age(&self, person: u32, year: u16) -> u8 {
        age_in(self.made.birth_year[person as usize], year)
    }

    /// Writes down what is still held, and puts the spells in the order of the persons.
    pub fn finish(mut self) -> Population {
        for unit in std::mem::take(&mut self.units) {
            for slot in unit.slots() {
                if self.made.exit[self.slots[slot].person as usize] == Exit::Stays {
                    for (index, &category) in self.stratum(unit).held().iter().enumerate() {
                        self.end_identity(slot, (index, category), Month::LAST);
                    }
                }
            }
        }
        let (start, spells) = by_person(self.made.birth_year.len(), &self.spells);
        by_entry(Population { spell_start: start, spells, ..self.made })
    }
}

/// Numbers the persons in the order of their entry; of the same month, as they were made.
///
/// Who follows a unit that leaves in December enters in January, before others of the old year are made; who would
/// enter after the horizon is left out.
fn by_entry(made: Population) -> Population {
    let end = Month::new(made.last_year, 12);
    let mut order: Vec<usize> = (0..made.len()).filter(|&person| made.entry[person] <= end).collect();
    order.sort_by_key(|&person| made.entry[person]);
    let mut spell_start = vec![0];
    let mut spells = Vec::with_capacity(made.spells.len());
    for &person in &order {
        let own = spells.len();
        spells.extend_from_slice(made.spells_of(person));
        spells[own..].sort_by_key(|spell| (spell.from, spell.category));
        #[expect(clippy::cast_possible_truncation, reason = "below 2^32 spells")]
        spell_start.push(spells.len() as u32);
    }
    let sorted = Population {
        birth_year: picked(&order, &made.birth_year),
        sex: picked(&order, &made.sex),
        insurance: picked(&order, &made.insurance),
        rural: picked(&order, &made.rural),
        traits: picked(&order, &made.traits),
        entry: picked(&order, &made.entry),
        last: picked(&order, &made.last),
        exit: picked(&order, &made.exit),
        household: picked(&order, &made.household),
        spell_start,
        spells,
        ..made
    };
    assert!(sorted.entry.is_sorted(), "persons are numbered in the order of their entry");
    sorted
}

fn picked<T: Copy>(order: &[usize], column: &[T]) -> Vec<T> {
    order.iter().map(|&person| column[person]).collect()
}

impl Unit {
    /// Its slots.
    pub const fn slots(self) -> std::ops::Range<usize> {
        self.first_slot as usize..self.first_slot as usize + self.size as usize
    }
}

/// A counting sort that keeps the order within a person.
fn by_person(n: usize, log: &[(u32, Spell)]) -> (Vec<u32>, Vec<Spell>) {
    let mut start = vec![0_u32; n + 1];
    for &(person, _) in log {
        start[person as usize + 1] += 1;
    }
    for person in 0..n {
        start[person + 1] += start[person];
    }
    let nothing = Spell { category: Category::ORDINARY, from: Month::FIRST, to: Month::FIRST };
    let (mut next, mut spells) = (start.clone(), vec![nothing; log.len()]);
    for &(person, spell) in log {
        let place = &mut next[person as usize];
        spells[*place as usize] = spell;
        *place += 1;
    }
    (start, spells)
}

fn empty(plan: &Plan<'_>) -> Population {
    Population {
        county: plan.target.code,
        base_year: plan.base_year,
        last_year: plan.last_year - 1,
        residents: plan.target.census.iter().flatten().sum(),
        register: register(plan),
        order: Vec::new(),
        ordinary: plan.ordinary,
        birth_year: Vec::new(),
        sex: Vec::new(),
        insurance: Vec::new(),
        rural: Vec::new(),
        traits: Vec::new(),
        entry: Vec::new(),
        last: Vec::new(),
        exit: Vec::new(),
        household: Vec::new(),
        spell_start: Vec::new(),
        spells: Vec::new(),
        households: Households::default(),
        fit: Vec::new(),
    }
}
