//! What holds for everybody: the uncertain parameters of a replicate, the shocks of a year and of a county-year.

use super::IllnessModel;
use super::bill::{Chronic, VisitTables};
use super::cost::Shape;
use super::math::normal_quantile;
use super::stay::Calendar;
use super::tile::tables::YearTables;
use crate::rng::{Draws, Key, Purpose, uniform};

/// The uncertain parameters of one replicate.
#[derive(Debug, Clone)]
pub struct ReplicateParameters {
    /// The draws of the run.
    pub draws: Draws,
    /// Number of the replicate.
    pub replicate: u32,
    /// Factor on all admissions, with mean one.
    pub admissions: f64,
    /// Factor on the cost of all stays, with mean one.
    pub cost: f64,
    /// Yearly log growth of admissions after the last year given, on top of the model's.
    pub admissions_growth: f64,
    /// Yearly log growth of the cost of a stay after the last year given, on top of the model's.
    pub cost_growth: f64,
    /// Index of the Pareto tail of the cost of a stay.
    pub tail_index: f64,
    /// Factor on the admissions of every category against ordinary residents, with mean one.
    pub category_admissions: f64,
    /// Factor on special chronic visits, with mean one.
    pub chronic_visits: f64,
}

/// The shocks of one county-year, as factors with mean one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shocks {
    /// On admissions, common to all counties in the year.
    pub year_admissions: f64,
    /// On the cost of a stay, common to all counties in the year.
    pub year_cost: f64,
    /// On admissions of the county in all years.
    pub county_admissions: f64,
    /// On the cost of a stay of the county in all years.
    pub county_cost: f64,
    /// On admissions of the county in the year.
    pub county_year_admissions: f64,
    /// On the cost of a stay of the county in the year.
    pub county_year_cost: f64,
}

impl Shocks {
    /// All shocks on admissions together.
    #[must_use]
    pub fn admissions(&self) -> f64 {
        self.year_admissions * self.county_admissions * self.county_year_admissions
    }

    /// All shocks on the cost of a stay together.
    #[must_use]
    pub fn cost(&self) -> f64 {
        self.year_cost * self.county_cost * self.county_year_cost
    }
}

/// One county-year of one replicate, with everything drawn that its persons share.
#[derive(Debug, Clone)]
pub struct YearContext {
    /// The draws of the run.
    pub draws: Draws,
    /// Number of the replicate.
    pub replicate: u32,
    /// Administrative code of the county.
    pub county: u32,
    /// Calendar year.
    pub year: u16,
    /// The shocks drawn.
    pub shocks: Shocks,
    /// Yearly growth of admissions and of the cost of a stay by which the replicate departs from the stated one; 0 in years
    /// whose values are given, where growth does not act.
    pub growths: [f64; 2],
    /// Whether general outpatient bills are drawn; off unless the caller turns it on.
    pub general_outpatient: bool,
    /// Rate of stays of a person of relative rate one in a group of factor one.
    pub(super) rate: f64,
    /// Factor on the extra stays of a condition.
    pub(super) extra: f64,
    /// Factor of each group on admissions.
    pub(super) group_admissions: Vec<f64>,
    /// Log cost of a stay of shape and risk zero in a group of factor one, by level.
    pub(super) log_cost: [f64; 4],
    pub(super) shape: Shape,
    pub(super) visits: VisitTables,
    pub(super) calendar: Calendar,
    pub(super) tables: Box<YearTables>,
}

impl YearContext {
    /// The same county-year with general outpatient bills drawn or not.
    #[must_use]
    pub fn with_general_outpatient(mut self, drawn: bool) -> Self {
        self.general_outpatient = drawn;
        self
    }

    pub(super) fn key(&self, person: u32) -> Key {
        Key { person, replicate: self.replicate, county: self.county, year: self.year }
    }

    pub(super) fn lasting_key(&self, person: u32) -> Key {
        Key { year: 0, ..self.key(person) }
    }
}

/// A lognormal factor with mean one.
fn factor(log_sd: f64, normal: f64) -> f64 {
    libm::exp(log_sd * normal - 0.5 * log_sd * log_sd)
}

fn normals(words: [u32; 4]) -> [f64; 4] {
    words.map(|word| normal_quantile(uniform(word)))
}

impl IllnessModel {
    /// Draws the uncertain parameters of a replicate.
    #[must_use]
    pub fn replicate(&self, draws: &Draws, replicate: u32) -> ReplicateParameters {
        let key = Key { person: 0, replicate, county: 0, year: 0 };
        let [admissions, cost, admissions_growth, cost_growth] =
            normals(draws.block(key, Purpose::Parameter, 0));
        let [tail, category, chronic, _] = normals(draws.block(key, Purpose::Parameter, 1));
        let sd = &self.uncertainty;
        ReplicateParameters {
            draws: *draws,
            replicate,
            admissions: factor(sd.admissions_log_sd, admissions),
            cost: factor(sd.cost_log_sd, cost),
            admissions_growth: sd.admissions_growth_sd * admissions_growth,
            cost_growth: sd.cost_growth_sd * cost_growth,
            tail_index: (self.cost.tail_index * libm::exp(sd.tail_index_log_sd * tail)).clamp(1.2, 20.0),
            category_admissions: factor(sd.category_admissions_log_sd, category),
            chronic_visits: factor(sd.chronic_visits_log_sd, chronic),
        }
    }

    /// The parameters of a replicate in which nothing is uncertain: every factor one.
    #[must_use]
    pub fn central(&self, draws: &Draws, replicate: u32) -> ReplicateParameters {
        ReplicateParameters {
            draws: *draws,
            replicate,
            admissions: 1.0,
            cost: 1.0,
            admissions_growth: 0.0,
            cost_growth: 0.0,
            tail_index: self.cost.tail_index,
            category_admissions: 1.0,
            chronic_visits: 1.0,
        }
    }

    /// Draws the shocks of a county-year and prepares what its persons share.
    #[must_use]
    pub fn year(&self, params: &ReplicateParameters, county: u32, year: u16) -> YearContext {
        self.year_with(params, county, year, self.shocks(params, county, year))
    }

    /// The same with given shocks, for tests and for a county-year without luck.
    #[must_use]
    pub fn year_with(
        &self,
        params: &ReplicateParameters,
        county: u32,
        year: u16,
        shocks: Shocks,
    ) -> YearContext {
        let wanted = self.admission.rate.at(year);
        let extra = self.extra_stays();
        let beyond = [self.admission.rate.years_beyond(year), self.cost.mean.years_beyond(year)];
        let growth = libm::exp(params.admissions_growth * beyond[0]);
        let acting = |growth: f64, beyond: f64| if beyond > 0.0 { growth } else { 0.0 };
        let level = params.admissions * growth * shocks.admissions() * self.admission.place_factor;
        let group = |group: &super::Group| {
            let ordinary = group.id == "ordinary";
            group.admissions * if ordinary { 1.0 } else { params.category_admissions }
        };
        let visits = Chronic::tables(self.chronic.visits.at(year) * params.chronic_visits);
        let calendar = Calendar::new(year);
        YearContext {
            draws: params.draws,
            replicate: params.replicate,
            county,
            year,
            shocks,
            growths: [acting(params.admissions_growth, beyond[0]), acting(params.cost_growth, beyond[1])],
            general_outpatient: false,
            rate: (wanted - extra) * level,
            extra: level,
            group_admissions: self.groups.iter().map(group).collect(),
            log_cost: self.log_cost(params, year, &shocks),
            shape: self.cost.shape(params.tail_index),
            tables: YearTables::new(&calendar, &visits),
            visits,
            calendar,
        }
    }

    /// Draws the shocks of a county-year.
    #[must_use]
    pub fn shocks(&self, params: &ReplicateParameters, county: u32, year: u16) -> Shocks {
        let key = Key { person: 0, replicate: params.replicate, county, year };
        let draw = |key: Key, purpose| normals(params.draws.block(key, purpose, 0));
        let [admissions, own_cost, ..] = draw(Key { county: 0, ..key }, Purpose::YearShock);
        let [county_year_admissions, county_year_cost, ..] = draw(key, Purpose::CountyYearShock);
        let [county_admissions, county_cost, ..] = draw(Key { year: 0, ..key }, Purpose::Parameter);
        let (sd, lasting) = (&self.shock, &self.uncertainty);
        let rho = sd.year_correlation;
        let cost = rho * admissions + libm::sqrt(1.0 - rho * rho) * own_cost;
        Shocks {
            year_admissions: factor(sd.year_admissions_log_sd, admissions),
            year_cost: factor(sd.year_cost_log_sd, cost),
            county_admissions: factor(lasting.county_admissions_log_sd, county_admissions),
            county_cost: factor(lasting.county_cost_log_sd, county_cost),
            county_year_admissions: factor(sd.county_year_admissions_log_sd, county_year_admissions),
            county_year_cost: factor(sd.county_year_cost_log_sd, county_year_cost),
        }
    }

    /// Stays that conditions add, per person of the standard population.
    pub(super) fn extra_stays(&self) -> f64 {
        self.over_conditions(|condition| condition.extra_stays)
    }

    /// The sum over conditions of a value times the prevalence in the standard population.
    fn over_conditions(&self, value: impl Fn(&super::condition::Condition) -> f64) -> f64 {
        let prevalence = |condition: &super::condition::Condition| -> f64 {
            condition.prevalence.iter().zip(&self.admission.standard).map(|(p, share)| p * share).sum()
        };
        self.conditions.list.iter().map(|condition| value(condition) * prevalence(condition)).sum()
    }

    /// Log cost by level so that the mean over all stays of the standard population is the file's.
    ///
    /// Taken off: the mean of e^shape; the mean of e^(c z) where z is normal with mean a, as it is among
    /// stays; and what conditions add through their own cost factors.
    fn log_cost(&self, params: &ReplicateParameters, year: u16, shocks: &Shocks) -> [f64; 4] {
        let wanted = self.admission.rate.at(year);
        let extra = self.extra_stays();
        let dearer = (wanted - extra) * (1.0 + self.over_conditions(|c| c.stay_cost_factor - 1.0))
            + self.over_conditions(|c| c.extra_stays * c.stay_cost_factor);
        let growth = params.cost_growth * self.cost.mean.years_beyond(year);
        let (a, c) = (self.risk.admission_loading, self.risk.cost_loading);
        let common = libm::log(self.cost.mean.at(year) * self.cost.place_factor)
            + libm::log(params.cost * shocks.cost() * wanted / dearer)
            + growth
            - self.cost.log_mean_of_shape(params.tail_index)
            - c * a
            - 0.5 * c * c;
        self.cost.level_factor.map(|factor| common + libm::log(factor))
    }
}
