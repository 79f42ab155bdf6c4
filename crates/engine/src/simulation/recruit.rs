//! Persons whom a watch list or an application gave an identity. An ordinary resident among them is a recruit: from the
//! next year on the recruit falls ill and is settled one by one, at a risk drawn afresh, because an ordinary resident's
//! history is not kept. The identity ends as those of its category do.

use super::book::YearBook;
use super::enrolment::Whose;
use super::person::{LaneState, ordinary_person};
use super::scene::{Scene, Who};
use super::trace::PersonId;
use crate::illness::Persons;
use crate::policy::claim::{Category, Person, Sex, Spell};
use crate::population::{CategoryParams, band_of_age, month_of};
use crate::rng::{Purpose, threshold};
use crate::units::Month;

/// Keys of recruits lie apart from those of the population, of ordinary residents and of households.
pub(super) const KEY: u32 = 1 << 30;

/// Index of the draws of how long a gained identity lasts, above those of the approval; one for each later year.
const TURNOVER: u32 = 128;

/// One recruit.
#[derive(Debug, Clone, Copy)]
pub struct Recruit {
    /// The key of the draws of the year of recognition.
    key: u32,
    birth_year: u16,
    sex: Sex,
    pub(super) since: u16,
    rural: bool,
    /// The identity gained.
    pub spell: Spell,
}

impl Recruit {
    /// A resident of an age in a year.
    pub const fn new(key: u32, (age, sex, rural): (u8, Sex, bool), spell: Spell, year: u16) -> Self {
        Self { key, birth_year: year - age as u16, sex, since: year, rural, spell }
    }

    /// Counts the recruit for the months of this year in which the identity is held, and what is paid for the
    /// contribution.
    pub(super) fn count(&self, scene: Scene<'_, '_>, book: &mut YearBook) {
        let spells = [self.spell];
        let person = self.person(scene.ctx.year, &spells);
        let whose = Whose { person: self.key, replicate: scene.ctx.replicate };
        book.turn_to(self.id(), 1);
        scene.lane.count_months(scene.year, (&spells, (0, 11)), 1, book);
        scene.lane.count_contribution_of(scene.year, (&person, whose), 1, book);
    }

    /// The name of the person, the same in every lane.
    pub(super) const fn id(&self) -> PersonId {
        PersonId::resident(self.since, self.key)
    }

    /// The first and the last month of a year in which the identity is held; the first after the last for none.
    fn months_in(&self, year: u16) -> (u8, u8) {
        let (january, december) = (Month::new(year, 1), Month::new(year, 12));
        let Spell { from, to, .. } = self.spell;
        if from > december {
            (13, 12)
        } else if to < january {
            (1, 0)
        } else {
            (from.max(january).of_year(), to.min(december).of_year())
        }
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
    /// The identity that a person gains in this year, until it is lost again or, for an ordinary resident, until death:
    /// by the yearly loss and the mortality of its category. In the year of recognition it is not lost.
    pub(super) fn held_from(
        &self,
        scene: Scene<'_, '_>,
        who: Who,
        (category, from): (Category, Month),
    ) -> Spell {
        let of_category = &scene.county.turnover.categories[usize::from(category.0)];
        let last_year = scene.county.columns.last().map_or(scene.ctx.year, |columns| columns.year);
        let ends = (scene.ctx.year + 1..=last_year).find_map(|year| {
            let index = TURNOVER + u32::from(year - scene.ctx.year);
            let words = scene.ctx.draws.block(scene.key(who.key()), Purpose::Recognition, index);
            let risk = scene.risk_of_end(of_category, who, year);
            let loss = (u64::from(words[0]) < risk.loss).then(|| month_of(year, words[1]));
            let death = (u64::from(words[2]) < risk.death).then(|| month_of(year, words[3]));
            loss.into_iter().chain(death).min()
        });
        Spell { category, from, to: ends.unwrap_or(Month::LAST) }
    }

    /// Takes in an ordinary resident who gained an identity in this year: one person, however many ways there are.
    pub(super) fn recruit(&mut self, recruit: Recruit) {
        let mut this_year = self.recruits.iter().rev().take_while(|other| other.since == recruit.since);
        assert!(this_year.all(|other| other.key != recruit.key), "a resident is recruited once a year");
        self.recruits.push(recruit);
    }

    /// The recruit whom an ordinary resident became in a year.
    pub(super) fn recruited(&self, key: u32, since: u16) -> Option<Who> {
        let index = self.recruits.iter().position(|recruit| (recruit.key, recruit.since) == (key, since))?;
        Some(Who::Recruit { index, stays: 0, rural: self.recruits[index].rural })
    }

    /// The year of everybody recruited in earlier years.
    pub fn recruits(&mut self, scene: Scene<'_, '_>, book: &mut YearBook) {
        let year = scene.ctx.year;
        assert!(self.recruits.is_sorted_by_key(|recruit| recruit.since), "recruits stand by year");
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
        let (first_month, last_month): (Vec<u8>, Vec<u8>) =
            recruits.iter().map(|recruit| recruit.months_in(year)).unzip();
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
            let index = one.row as usize;
            let who = Who::Recruit { index, stays: one.stays, rural: self.recruits[index].rural };
            self.settle_year(scene, (who, &claims), book);
        }
        self.recruits_states = states;
    }
}

/// How likely a gained identity ends in a year, as thresholds of a random word.
#[derive(Debug, Clone, Copy)]
struct RiskOfEnd {
    loss: u64,
    death: u64,
}

impl Scene<'_, '_> {
    fn risk_of_end(&self, of_category: &CategoryParams, who: Who, year: u16) -> RiskOfEnd {
        let death = match who {
            Who::Ordinary { age, sex, .. } => {
                let age = u16::from(age) + (year - self.ctx.year);
                let band = band_of_age(age.min(130) as u8);
                self.county.turnover.death_rate[sex.index()][band] * of_category.mortality_ratio
            }
            // The population knows when its persons die.
            Who::Holder { .. } | Who::Recruit { .. } => 0.0,
        };
        RiskOfEnd { loss: threshold(of_category.loss_per_year), death: threshold(death) }
    }
}
