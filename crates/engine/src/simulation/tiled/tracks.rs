//! Tracks: how each person stands under the rules of a year, month by month.
//!
//! Identities begin and end by months, so a track gives the standing for every month of admission and every number
//! of months until the discharge. Persons with the same identities in the same months, who meet the same
//! conditions, share a track.

use std::collections::BTreeMap;

use super::super::lane::Lane;
use crate::policy::claim::{Category, Insurance, Person, Spell};
use crate::policy::programme::{Compiler, IRREGULAR};
use crate::policy::schedule::YearRules;
use crate::units::Month;

/// Months from admission to discharge that a track knows; nobody is in hospital for longer.
pub const SPANS: usize = 10;
/// Months whose identities a track depends on.
const MONTHS: usize = 12 + SPANS;

/// The standing for each month of admission and number of months until discharge.
pub type Track = [u16; 12 * SPANS];
/// The identities of each month from January on, as bits.
pub type Months = [u32; MONTHS];

/// The entry of a track.
pub const fn moment(month: usize, span: usize) -> usize {
    month * SPANS + if span < SPANS { span } else { SPANS - 1 }
}

/// Gathers tracks while the persons are gone through.
pub struct Tracks<'r> {
    /// Compiles the standings.
    pub compiler: Compiler<'r>,
    /// The standing of schedule, identities and class.
    pub standing_of: BTreeMap<(usize, u32, u16), u16>,
    /// The tracks.
    pub list: Vec<Track>,
    rules: &'r YearRules,
    track_of: BTreeMap<(Months, u16), u32>,
    /// Tracks of persons with the same identities in all months.
    constant: BTreeMap<(u32, u16), u32>,
    /// Tracks with the same standing in all months.
    of_standing: BTreeMap<u16, u32>,
    /// By age and insurance: traits seen, each with its class.
    classes: Vec<Vec<(u32, u16)>>,
    /// The conditions that each class meets.
    class_of: BTreeMap<Vec<bool>, u16>,
    /// Identities that watch lists can give.
    given: Vec<u32>,
}

/// The identities of each month from January of a year on.
pub fn months(year: u16, spells: &[Spell]) -> Months {
    let january = Month::new(year, 1).0;
    std::array::from_fn(|month| {
        let month = Month(january + month as u16);
        let held = spells.iter().filter(|spell| spell.touches(month, month));
        held.fold(0, |held, spell| held | spell.category.bit())
    })
}

/// The identities of all months from one to another.
pub fn of_months(held: &Months, month: usize, span: usize) -> u32 {
    held[month..=month + span].iter().fold(0, |all, held| all | held)
}

impl<'r> Tracks<'r> {
    /// Tracks of a lane's year.
    pub fn new(lane: &'r Lane<'_>, rules: &'r YearRules) -> Self {
        // An identity gained in an earlier year may have come from another policy's list or application.
        let all = lane.rules.iter().flat_map(YearRules::rules);
        let mut given: Vec<u32> = all.filter_map(|rule| rule.gives).map(Category::bit).collect();
        given.sort_unstable();
        given.dedup();
        Self {
            compiler: Compiler::new(rules),
            rules,
            standing_of: BTreeMap::new(),
            track_of: BTreeMap::new(),
            constant: BTreeMap::new(),
            of_standing: BTreeMap::new(),
            classes: vec![Vec::new(); 2 * 256],
            class_of: BTreeMap::new(),
            list: Vec::new(),
            given,
        }
    }

    /// The class of a person: which conditions of any rule the person meets, identities aside.
    pub fn class(&mut self, person: &Person<'_>) -> u16 {
        let slot = 2 * usize::from(person.age) + person.insurance.index();
        if let Some(&(_, class)) = self.classes[slot].iter().find(|(traits, _)| *traits == person.traits) {
            return class;
        }
        let next = self.class_of.len() as u16;
        let class = *self.class_of.entry(conditions_met(self.rules, person)).or_insert(next);
        self.classes[slot].push((person.traits, class));
        class
    }

    /// The track of a person with these identities.
    pub fn track_of_spells(&mut self, spells: &[Spell], class: u16, person: &Person<'_>) -> u32 {
        let january = Month::new(self.rules.year, 1);
        let end = Month(january.0 + MONTHS as u16 - 1);
        let touching = || spells.iter().filter(|spell| spell.touches(january, end));
        if touching().any(|spell| spell.from > january || spell.to < end) {
            return self.track(months(self.rules.year, spells), class, person);
        }
        let held = touching().fold(0, |held, spell| held | spell.category.bit());
        if let Some(&known) = self.constant.get(&(held, class)) {
            return known;
        }
        let number = self.track([held; MONTHS], class, person);
        self.constant.insert((held, class), number);
        number
    }

    /// The track of a person with these identities who is there from one month of the year to another (from 0): what
    /// would hold in other months does not matter.
    pub fn track_in_months(
        &mut self,
        spells: &[Spell],
        (first, last): (usize, usize),
        (class, person): (u16, &Person<'_>),
    ) -> u32 {
        let number = self.track_of_spells(spells, class, person);
        let track = &self.list[number as usize];
        let standing = track[moment(first, 0)];
        let there = &track[moment(first, 0)..=moment(last, SPANS - 1)];
        if there.iter().any(|&other| other != standing) {
            return number;
        }
        *self.of_standing.entry(standing).or_insert_with(|| {
            self.list.push([standing; 12 * SPANS]);
            self.list.len() as u32 - 1
        })
    }

    fn track(&mut self, held: Months, class: u16, person: &Person<'_>) -> u32 {
        if let Some(&known) = self.track_of.get(&(held, class)) {
            return known;
        }
        let mut track = [IRREGULAR; 12 * SPANS];
        for month in 0..12 {
            for span in 0..SPANS {
                let schedule = usize::from(self.rules.by_month[month]);
                let standing = self.standing(schedule, of_months(&held, month, span), (class, person));
                track[moment(month, span)] = standing;
            }
        }
        self.list.push(track);
        let number = self.list.len() as u32 - 1;
        self.track_of.insert((held, class), number);
        number
    }

    fn standing(&mut self, schedule: usize, held: u32, (class, person): (u16, &Person<'_>)) -> u16 {
        if let Some(&known) = self.standing_of.get(&(schedule, held, class)) {
            return known;
        }
        // Those who gain an identity from a list stand differently from then on.
        for number in 0..self.given.len() {
            let with = held | self.given[number];
            let standing = self.compiler.standing(schedule, with, person);
            self.standing_of.insert((schedule, with, class), standing);
        }
        let standing = self.compiler.standing(schedule, held, person);
        self.standing_of.insert((schedule, held, class), standing);
        standing
    }
}

/// Which conditions of the rules of a year a person meets, and the insurance.
fn conditions_met(rules: &YearRules, person: &Person<'_>) -> Vec<bool> {
    let mut met = vec![person.insurance == Insurance::Employee];
    for schedule in &rules.schedules {
        met.extend(schedule.conditions().map(|who| who.includes(person)));
    }
    met
}
