//! A population of the standard structure, followed over years.

use super::*;
use crate::policy::claim::{Claim, Kind, Sex};
use crate::rng::Draws;

pub(super) const NO_SHOCK: Shocks = Shocks {
    year_admissions: 1.0,
    year_cost: 1.0,
    county_admissions: 1.0,
    county_cost: 1.0,
    county_year_admissions: 1.0,
    county_year_cost: 1.0,
};

/// Persons in columns, with the state they carry.
#[derive(Clone)]
pub(super) struct Panel {
    pub(super) number: Vec<u32>,
    pub(super) age: Vec<u8>,
    pub(super) sex: Vec<Sex>,
    pub(super) group: Vec<u8>,
    pub(super) first: Vec<u8>,
    pub(super) last: Vec<u8>,
    pub(super) states: Vec<State>,
}

impl Panel {
    /// `n` persons with the ages of the standard population, half of them male.
    pub(super) fn standard(model: &IllnessModel, n: u32) -> Self {
        let mut sum = 0.0;
        let until: Vec<f64> = model
            .admission
            .standard
            .iter()
            .map(|share| {
                sum += share;
                sum
            })
            .collect();
        let age = |i: u32| until.partition_point(|&u| u < (f64::from(i) + 0.5) / f64::from(n));
        let sex = |i: u32| if i.is_multiple_of(2) { Sex::Male } else { Sex::Female };
        let rows = n as usize;
        Self {
            number: (0..n).collect(),
            age: (0..n).map(|i| age(i).min(130) as u8).collect(),
            sex: (0..n).map(sex).collect(),
            group: vec![0; rows],
            first: vec![1; rows],
            last: vec![12; rows],
            states: Vec::new(),
        }
    }

    /// `n` males of one age.
    pub(super) fn of_age(n: u32, age: u8) -> Self {
        let rows = n as usize;
        Self {
            number: (0..n).collect(),
            age: vec![age; rows],
            sex: vec![Sex::Male; rows],
            group: vec![0; rows],
            first: vec![1; rows],
            last: vec![12; rows],
            states: Vec::new(),
        }
    }

    pub(super) fn year(&mut self, model: &IllnessModel, ctx: &YearContext) -> Vec<(Ill, Vec<Claim>)> {
        let persons = Persons {
            number: &self.number,
            age: &self.age,
            sex: &self.sex,
            group: &self.group,
            first_month: &self.first,
            last_month: &self.last,
        };
        model.begin(ctx, &persons, &mut self.states);
        let mut ill = Vec::new();
        model.incidence(ctx, &persons, &mut self.states, &mut ill);
        ill.into_iter()
            .map(|ill| {
                let mut claims = Vec::new();
                model.claims(ctx, &persons, &ill, &mut claims);
                (ill, claims)
            })
            .collect()
    }

    pub(super) fn grow_older(&mut self) {
        self.age.iter_mut().for_each(|age| *age += 1);
    }
}

/// A county-year without uncertainty and shocks.
pub(super) fn calm(model: &IllnessModel, seed: u64, year: u16) -> YearContext {
    model.year_with(&model.central(&Draws::new(seed), 0), 450_621, year, NO_SHOCK)
}

/// The inpatient claims among all.
pub(super) fn stays(years: &[(Ill, Vec<Claim>)]) -> Vec<Claim> {
    years.iter().flat_map(|year| &year.1).filter(|claim| claim.kind == Kind::Inpatient).copied().collect()
}
