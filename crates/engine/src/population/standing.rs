//! The population of the base year, and drafts of later entrants: who they are, and who lives with whom.

use rand::Rng as _;

use crate::policy::claim::{Insurance, Sex};
use crate::rng::{Stream, uniform};
use crate::units::Month;

use super::integerise::{Pick, integerise, integerise_within, whole_households};
use super::people::{People, Roll, block};
use super::plan::{AT_THE_START, Stratum};
use super::target::BANDS;

/// From this age a person can be the head of a household.
const ADULT: u8 = 18;
/// Of those aged 85 and over, the share who are a year older: deaths at these ages take about 15 % a year.
const SURVIVAL_85: f64 = 0.85;
/// The highest age that is drawn.
const OLDEST: u8 = 104;

/// Somebody before a household is found.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draft {
    pub age: u8,
    pub sex: Sex,
    pub insurance: Insurance,
    /// Traits of the person, those of the household not included.
    pub traits: u32,
}

/// Drafts in random order, so many adults apart that each household can have one.
#[derive(Debug, Default)]
pub(super) struct Roster {
    heads: Vec<Draft>,
    others: Vec<Draft>,
}

impl Roster {
    fn new(drafts: Vec<Draft>, households: usize) -> Self {
        let mut roster = Self { heads: Vec::with_capacity(households), others: Vec::new() };
        for draft in drafts {
            let head = draft.age >= ADULT && roster.heads.len() < households;
            if head { roster.heads.push(draft) } else { roster.others.push(draft) }
        }
        roster
    }

    /// The next person; an adult for the head of a household, as long as there are any.
    pub fn next(&mut self, head: bool) -> Option<Draft> {
        let (first, then) =
            if head { (&mut self.heads, &mut self.others) } else { (&mut self.others, &mut self.heads) };
        first.pop().or_else(|| then.pop())
    }
}

/// When a unit begins, and how its expected numbers are made whole.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start {
    pub entry: Month,
    pub offset: f64,
    pub age_to: u8,
}

impl People<'_> {
    /// Draws the base year.
    pub fn found(&mut self) {
        for (index, stratum) in self.plan.strata.iter().enumerate() {
            let start = Start {
                entry: Month::new(self.plan.base_year, 1),
                offset: AT_THE_START,
                age_to: stratum.age_to,
            };
            self.enlarge(index, stratum.persons[0], Roll::Standing, start);
        }
    }

    /// Adds `persons` to a stratum.
    pub fn enlarge(&mut self, index: usize, persons: u32, roll: Roll, start: Start) {
        let stratum = &self.plan.strata[index];
        let sizes = &self.plan.params.categories[stratum.lead()].household_sizes;
        let counts = if stratum.by_household {
            whole_households(persons, sizes, start.offset)
        } else {
            integerise(persons, sizes, start.offset)
        };
        let households = counts.iter().sum::<u32>() as usize;
        let mut stream = self.stratum_stream(index, roll, start.entry.year());
        let mut roster = self.draft(index, (persons, households), &mut stream, start);
        self.add_households(index, &counts, &mut roster, start);
    }

    /// Drafts persons of a stratum for so many households: cells of sex and age, insurance and traits are whole
    /// numbers nearest to their shares.
    pub fn draft(
        &mut self,
        index: usize,
        (persons, households): (u32, usize),
        stream: &mut Stream,
        start: Start,
    ) -> Roster {
        let stratum = &self.plan.strata[index];
        let share = &self.plan.params.categories[stratum.lead()].employee_share;
        let counts = stratum.cells(persons, start.offset);
        let employees = integerise_within(&counts, |cell| share[cell % BANDS], start.offset);
        let mut traits = self.trait_picks(stratum, false, &[persons], start.offset).remove(0);
        let mut drafts = Vec::with_capacity(persons as usize);
        for (cell, &n) in counts.iter().enumerate() {
            let mut employee = Pick::new(employees[cell], n);
            for _ in 0..n {
                let [age, insurance, ..] = self.words(self.drafted, 0, block::DRAFT);
                let insured_as_employee = employee.take(insurance);
                drafts.push(Draft {
                    age: age_in_band(stratum, cell % BANDS, age, start.age_to),
                    sex: Sex::ALL[cell / BANDS],
                    insurance: if insured_as_employee { Insurance::Employee } else { Insurance::Resident },
                    traits: self.take_traits(self.drafted, block::PERSON_TRAIT, &mut traits),
                });
                self.drafted += 1;
            }
        }
        shuffle(&mut drafts, stream);
        Roster::new(drafts, households)
    }

    /// Adds households of each size (index 0 = one member), filled from the roster.
    fn add_households(&mut self, index: usize, counts: &[u32], roster: &mut Roster, start: Start) {
        let stratum = &self.plan.strata[index];
        let lead = stratum.lead();
        let rural_share = self.plan.params.categories[lead].rural_share;
        let rural = integerise_within(counts, |_| rural_share, start.offset);
        let mut traits = self.trait_picks(stratum, true, counts, start.offset);
        for ((size, &n), traits) in (1_u8..).zip(counts).zip(&mut traits) {
            let mut rural = Pick::new(rural[usize::from(size) - 1], n);
            for _ in 0..n {
                let number = self.next_household();
                let on_rural_register = rural.take(self.words(number, 0, block::HOUSEHOLD)[0]);
                let shared = self.take_traits(number, block::HOUSEHOLD_TRAIT, traits);
                self.add_household(size, lead);
                let members = if stratum.by_household { size } else { 1 };
                let home = (number, on_rural_register, shared);
                let drafts = (0..members).filter_map(|member| roster.next(member == 0));
                let persons: Vec<u32> =
                    drafts.map(|draft| self.add_draft(draft, home, start.entry)).collect();
                self.add_unit(index, &persons, start.entry);
            }
        }
    }

    /// For each pool, which traits so many of it have; traits of persons or of households.
    fn trait_picks(
        &self,
        stratum: &Stratum,
        by_household: bool,
        pools: &[u32],
        offset: f64,
    ) -> Vec<Vec<(usize, Pick)>> {
        let mut picks = vec![Vec::new(); pools.len()];
        for (bit, of) in self.plan.params.traits.iter().enumerate() {
            let share = stratum.trait_shares[bit];
            if of.by_household != by_household || share <= 0.0 {
                continue;
            }
            let chosen = integerise_within(pools, |_| share, offset);
            for (pool, picks) in picks.iter_mut().enumerate() {
                picks.push((bit, Pick::new(chosen[pool], pools[pool])));
            }
        }
        picks
    }

    /// The traits of the next person or household of a pool.
    #[expect(clippy::cast_possible_truncation, reason = "at most 32 traits")]
    fn take_traits(&self, number: u32, first_block: u32, picks: &mut [(usize, Pick)]) -> u32 {
        let mut traits = 0;
        for (bit, pick) in picks {
            let word = self.words(number, 0, first_block + *bit as u32 / 4)[*bit % 4];
            traits |= u32::from(pick.take(word)) << *bit;
        }
        traits
    }
}

/// An age of the band, uniform over the allowed years; those of 85 and over become fewer with each year.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "ages")]
pub(super) fn age_in_band(stratum: &Stratum, band: usize, word: u32, age_to: u8) -> u8 {
    let first = band as u8 * 5;
    if band == BANDS - 1 {
        let beyond = libm::log(uniform(word)) / libm::log(SURVIVAL_85);
        return (first + beyond.min(200.0) as u8).min(OLDEST);
    }
    let from = first.max(stratum.age_from).min(age_to);
    let to = (first + 4).min(age_to).max(from);
    from + ((u64::from(word) * u64::from(to - from + 1)) >> 32) as u8
}

/// A random order (Fisher and Yates; Knuth, The Art of Computer Programming 2, algorithm 3.4.2 P).
pub(super) fn shuffle<T>(items: &mut [T], stream: &mut Stream) {
    for last in (1..items.len()).rev() {
        let other = ((u64::from(stream.next_u32()) * (last as u64 + 1)) >> 32) as usize;
        items.swap(last, other);
    }
}
