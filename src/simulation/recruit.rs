//! Ordinary residents whom a watch list made monitored persons: from the next year on they fall ill and are
//! settled one by one. Their risk is drawn afresh, because an ordinary resident's history is not kept.

use super::book::YearBook;
use super::person::{LaneState, Scene, Who, ordinary_person};
use crate::illness::Persons;
use crate::policy::claim::{Person, Sex, Spell};
use crate::units::Month;

/// Keys of recruits lie apart from those of the population, of ordinary residents and of households.
pub(super) const KEY: u32 = 1 << 30;

/// One recruit.
#[derive(Debug, Clone, Copy)]
pub struct Recruit {
    birth_year: u16,
    sex: Sex,
    pub(super) since: u16,
    /// The identity gained.
    pub spell: Spell,
}

impl Recruit {
    /// A resident of an age in a year.
    pub const fn new(age: u8, sex: Sex, spell: Spell, year: u16) -> Self {
        Self { birth_year: year - age as u16, sex, since: year, spell }
    }

    fn age_in(&self, year: u16) -> u8 {
        (year - self.birth_year).min(130) as u8
    }

    /// What the policy reads.
    pub fn person<'s>(&self, year: u16, spells: &'s [Spell]) -> Person<'s> {
        ordinary_person(self.age_in(year), self.sex, spells)
    }
}

impl LaneState {
    /// The year of everybody recruited in earlier years.
    pub fn recruits(&mut self, scene: Scene<'_, '_>, book: &mut YearBook) {
        let year = scene.ctx.year;
        let n = self.recruits.partition_point(|recruit| recruit.since < year);
        if n == 0 {
            return;
        }
        let recruits = &self.recruits[..n];
        let number: Vec<u32> = (0..n as u32).map(|index| index | KEY).collect();
        let age: Vec<u8> = recruits.iter().map(|recruit| recruit.age_in(year)).collect();
        let sex: Vec<Sex> = recruits.iter().map(|recruit| recruit.sex).collect();
        let names = &scene.lane.policy.names.categories;
        let group: Vec<u8> = recruits
            .iter()
            .map(|recruit| scene.county.model.group(&names[usize::from(recruit.spell.category.0)].id))
            .collect();
        let from = |recruit: &Recruit| recruit.spell.from.max(Month::new(year, 1));
        let late = |recruit: &Recruit| from(recruit).year() > year;
        let first_month: Vec<u8> =
            recruits.iter().map(|recruit| if late(recruit) { 13 } else { from(recruit).of_year() }).collect();
        let last_month = vec![12; n];
        let persons = Persons {
            number: &number,
            age: &age,
            sex: &sex,
            group: &group,
            first_month: &first_month,
            last_month: &last_month,
        };
        let mut states = std::mem::take(&mut self.recruits_states);
        let mut ill = Vec::new();
        scene.county.model.begin(scene.ctx, &persons, &mut states);
        scene.county.model.incidence(scene.ctx, &persons, &mut states, &mut ill);
        let mut claims = Vec::new();
        for one in &ill {
            claims.clear();
            scene.county.model.claims(scene.ctx, &persons, one, &mut claims);
            self.settle_year(
                scene,
                (Who::Recruit { index: one.row as usize, stays: one.stays }, &claims),
                book,
            );
        }
        self.recruits_states = states;
    }
}
