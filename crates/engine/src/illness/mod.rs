//! Illness: what befalls each person in a year, as dated bills before anybody has paid.
//!
//! The model is resolved once from its file. A replicate draws its uncertain parameters, a county-year its
//! shocks; then come, person by person, `begin` (what lasts), `incidence` (who falls ill) and `claims` (with what
//! bills), and for ordinary residents, who are only counted, the stages of [`ordinary`]. This plain code is the
//! definition of the model. `tile` has the same stages over tiles of persons, several times as fast, for the same
//! bits. Illness knows no policy: under every policy the same person falls ill in the same way.
//! Every mechanism, with source and status, is told in `docs/model/illness.md`.

mod admission;
mod bill;
mod claims;
mod condition;
mod cost;
mod disease;
mod fault;
mod incidence;
pub mod math;
pub mod ordinary;
mod resolve;
mod risk;
mod series;
mod stay;
pub mod tile;
mod year;

#[cfg(test)]
mod tests;

pub use fault::Fault;
pub use incidence::{Ill, Persons};
pub use risk::State;
pub use tile::{Bills, MonthlySection, PersonTiles, PersonYear, Section, TileScratch};
pub use year::{ReplicateParameters, Shocks, YearContext};

use crate::policy::claim::Level;

/// The resolved model: valid, with its tables computed.
#[derive(Debug, Clone)]
pub struct IllnessModel {
    groups: Vec<Group>,
    admission: admission::Admission,
    season: stay::Season,
    places: stay::Places,
    cost: cost::Cost,
    catalogue: bill::Catalogue,
    risk: risk::Risk,
    chronic: bill::Chronic,
    conditions: condition::Conditions,
    diseases: disease::Diseases,
    outpatient: bill::Outpatient,
    shock: crate::raw::model::RawShock,
    uncertainty: crate::raw::model::RawUncertainty,
    normal: math::NormalTable,
    nodes: ordinary::Nodes,
    costly_stay_yuan: f64,
    tables: tile::tables::Tables,
}

/// The factors of a category, or of several without factors of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// The category id; `ordinary` for none and `default` for every category that is not listed.
    pub id: String,
    /// Factor on the number of stays, response to generosity included.
    pub admissions: f64,
    /// Factor on the cost of a stay.
    pub cost: f64,
    /// Factor on the prevalence of special chronic disease.
    pub chronic: f64,
    /// Factor on the prevalence of each major condition.
    pub conditions: f64,
    log_cost: f64,
}

impl IllnessModel {
    /// The group of persons without a category.
    pub const ORDINARY: u8 = 0;
    /// The group of categories that the model does not list.
    pub const DEFAULT: u8 = 1;

    /// The groups that `Persons::group` points into: ordinary, default, then the listed categories by id.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The group of a category id; `DEFAULT` for an id that is not listed.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "at most 200 groups, checked when resolved")]
    pub fn group(&self, category: &str) -> u8 {
        self.groups.iter().position(|group| group.id == category).map_or(Self::DEFAULT, |at| at as u8)
    }

    /// The first calendar year with an admission rate and a cost: earlier years take its values.
    #[must_use]
    pub fn first_year(&self) -> u16 {
        self.admission.rate.first().max(self.cost.mean.first())
    }

    /// The last calendar year with an admission rate and a cost: later years grow from it.
    #[must_use]
    pub fn last_year(&self) -> u16 {
        self.admission.rate.last().min(self.cost.mean.last())
    }

    /// The ids of the major conditions, in the order of `Ill::condition` less one.
    pub fn conditions(&self) -> impl Iterator<Item = &str> {
        self.conditions.list.iter().map(|condition| condition.id.as_str())
    }

    /// The mean cost in yuan of a stay at this level in a year without shocks, over all insured persons.
    #[must_use]
    pub fn mean_stay_yuan(&self, level: Level, year: u16) -> f64 {
        self.cost.mean.at(year) * self.cost.place_factor * self.cost.level_factor[level.index()]
    }

    /// Inpatient stays per insured person of the standard population in a year without shocks.
    #[must_use]
    pub fn stays_per_person(&self, year: u16) -> f64 {
        self.admission.rate.at(year) * self.admission.place_factor
    }
}
