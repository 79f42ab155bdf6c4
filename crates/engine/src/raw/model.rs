//! An illness model as it stands in its file (`scenarios/models/*.toml`), after `extends` has been merged.
//!
//! Mirrors the file and checks nothing but shape: `illness::IllnessModel::new` checks the values. Tables are
//! merged by key, arrays are replaced whole, except `provenance`, which is appended.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::policy::claim::Level;

/// Values by calendar year; the keys are years such as `2023`.
pub type ByYear = BTreeMap<String, f64>;
/// Values at ages, linear between them and level outside; the keys are ages in whole years.
pub type ByAge = BTreeMap<String, f64>;

/// An illness model: how often insured residents fall ill, with what bills, and how sure that is.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawModel {
    /// File name, without `.toml`, of the model this one builds on; merged by the loader.
    pub extends: Option<String>,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// Number of inpatient stays.
    pub admission: RawAdmission,
    /// Time, place and length of a stay.
    pub stay: RawStay,
    /// Cost of a stay.
    pub cost: RawCost,
    /// Share of a bill outside the catalogue.
    pub out_of_catalogue: RawOutOfCatalogue,
    /// Risk of a person and how it lasts.
    pub risk: RawRisk,
    /// Special chronic diseases treated as outpatients.
    pub chronic: RawChronic,
    /// Major conditions by their id.
    pub condition: BTreeMap<String, RawCondition>,
    /// General outpatient bills.
    pub outpatient: RawOutpatient,
    /// Factors of categories by their id; `ordinary` for no category, `default` for those not listed.
    pub category: BTreeMap<String, RawCategory>,
    /// What is common to everybody in a year or a county-year.
    pub shock: RawShock,
    /// Uncertain parameters, drawn once per replicate.
    pub uncertainty: RawUncertainty,
    /// Response of care to assistance.
    pub behaviour: RawBehaviour,
    /// Ordinary residents, who are counted and not followed one by one.
    pub ordinary: RawOrdinary,
    /// Where each number comes from.
    #[serde(default)]
    pub provenance: Vec<RawProvenance>,
}

impl RawModel {
    /// The ids of all listed diseases for which stays are, in order.
    #[must_use]
    pub fn diseases(&self) -> Vec<String> {
        let conditions = self.condition.values().flat_map(|condition| condition.diseases.keys());
        let all: BTreeSet<&String> = self.stay.diseases.keys().chain(conditions).collect();
        all.into_iter().cloned().collect()
    }
}

/// Number of inpatient stays.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawAdmission {
    /// Inpatient stays per insured person-year of the standard population, by calendar year (0 to 2).
    pub rate_by_year: ByYear,
    /// Relative growth of the rate per year after the last year given, such as 0.01 (-0.2 to 0.2).
    #[schemars(range(min = -0.2, max = 0.2))]
    pub growth_per_year: f64,
    /// Factor of this place on the rate (0.1 to 10).
    #[schemars(range(min = 0.1, max = 10.0))]
    pub place_factor: f64,
    /// First age of each age band in years; the first is 0, rising, at most 130.
    pub band_from_age: Vec<u8>,
    /// Relative rate of males by age band (0 to 20); scaled to a mean of one over the standard population.
    pub relative_male: Vec<f64>,
    /// Relative rate of females by age band (0 to 20); scaled together with the males'.
    pub relative_female: Vec<f64>,
    /// Share of the standard population by age band, males (0 to 1); both sexes add up to one.
    pub standard_male: Vec<f64>,
    /// Share of the standard population by age band, females (0 to 1).
    pub standard_female: Vec<f64>,
    /// The most stays of one person in a year (1 to 52).
    #[schemars(range(min = 1, max = 52))]
    pub most_stays: u8,
}

/// Time, place and length of a stay.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawStay {
    /// Relative number of admissions in January to December (twelve values, 0 to 10).
    pub month_weights: Vec<f64>,
    /// Coefficient of variation of the length of a stay (0 to 3).
    #[schemars(range(min = 0.0, max = 3.0))]
    pub days_cv: f64,
    /// Hospitals by level; all four levels.
    #[schemars(extend("propertyNames" = { "enum": Level::NAMES }))]
    pub level: BTreeMap<Level, RawLevel>,
    /// Share of stays treated by the rules of referral, by locality (0 to 1).
    pub referred: RawLocality,
    /// Share of the stays of persons without a major condition that are for a listed disease, by the id that the policy
    /// gives it (0 to 1; together at most one). Left out: none.
    #[serde(default)]
    pub diseases: BTreeMap<String, f64>,
}

/// Stays at one level of hospital.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawLevel {
    /// Share of stays at this level (0 to 1); the levels add up to one.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: f64,
    /// Mean cost of a stay at this level relative to the other levels, in yuan of one year (above 0).
    #[schemars(range(min = 1.0, max = 1_000_000.0))]
    pub relative_cost_yuan: f64,
    /// Mean length of a stay in days (1 to 60).
    #[schemars(range(min = 1.0, max = 60.0))]
    pub mean_days: f64,
    /// Share of stays at this level by locality (0 to 1); the localities add up to one.
    pub locality: RawLocality,
}

/// A share for each locality (0 to 1).
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawLocality {
    /// In the person's county.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub county: f64,
    /// In the city.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub city: f64,
    /// In the province or region.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub province: f64,
    /// Outside the province or region.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub elsewhere: f64,
}

/// Cost of a stay.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawCost {
    /// Mean cost of a stay over all levels in yuan, by calendar year (1 to 1,000,000).
    pub mean_by_year: ByYear,
    /// Relative growth per year after the last year given (-0.2 to 0.2).
    #[schemars(range(min = -0.2, max = 0.2))]
    pub growth_per_year: f64,
    /// Factor of this place on the cost of a stay (0.1 to 10).
    #[schemars(range(min = 0.1, max = 10.0))]
    pub place_factor: f64,
    /// Standard deviation of the logarithm of the cost within a level and a risk (0.1 to 3).
    #[schemars(range(min = 0.1, max = 3.0))]
    pub log_sd: f64,
    /// Share of stays, within a level and a risk, that lies in the body; the rest is the tail (0.9 to 0.9999).
    #[schemars(range(min = 0.9, max = 0.9999))]
    pub tail_from: f64,
    /// Index of the Pareto tail: a stay costs x times the splice with probability x to the minus index (1.2 to 10).
    #[schemars(range(min = 1.2, max = 10.0))]
    pub tail_index: f64,
    /// The least a stay costs in yuan (1 to 1,000).
    #[schemars(range(min = 1.0, max = 1000.0))]
    pub least_yuan: f64,
    /// The most a stay costs in yuan (100,000 to 100,000,000).
    #[schemars(range(min = 100_000.0, max = 100_000_000.0))]
    pub most_yuan: f64,
}

/// Mean share of a bill outside the catalogue (0 to 0.9).
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawOutOfCatalogue {
    /// Of inpatient bills, by level of hospital.
    #[schemars(extend("propertyNames" = { "enum": Level::NAMES }))]
    pub inpatient: BTreeMap<Level, f64>,
    /// Of special chronic outpatient bills.
    #[schemars(range(min = 0.0, max = 0.9))]
    pub chronic: f64,
    /// Of major outpatient bills.
    #[schemars(range(min = 0.0, max = 0.9))]
    pub major: f64,
    /// Of general outpatient bills.
    #[schemars(range(min = 0.0, max = 0.9))]
    pub outpatient: f64,
}

/// Risk of a person and how it lasts.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawRisk {
    /// Share of the variance of the risk that never changes (0 to 1).
    #[schemars(range(min = 0.0, max = 1.0))]
    pub permanent_share: f64,
    /// Correlation of the changing part between neighbouring years (0 to 0.99).
    #[schemars(range(min = 0.0, max = 0.99))]
    pub year_to_year: f64,
    /// Log of the admission rate per standard deviation of the risk (0 to 3).
    #[schemars(range(min = 0.0, max = 3.0))]
    pub admission_loading: f64,
    /// Log of the cost of a stay per standard deviation of the risk (0 to 2).
    #[schemars(range(min = 0.0, max = 2.0))]
    pub cost_loading: f64,
    /// Correlation of the permanent part with the liability to special chronic disease (-1 to 1).
    #[schemars(range(min = -1.0, max = 1.0))]
    pub chronic_correlation: f64,
}

/// Special chronic diseases treated as outpatients.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawChronic {
    /// Share of persons enrolled, by age (0 to 0.9).
    pub prevalence_by_age: ByAge,
    /// Visits per insured person of the standard population, by calendar year (0 to 20).
    pub visits_per_insured_by_year: ByYear,
    /// Relative growth of visits per year after the last year given (-0.5 to 0.5).
    #[schemars(range(min = -0.5, max = 0.5))]
    pub growth_per_year: f64,
    /// Mean cost of a visit in yuan (1 to 10,000).
    #[schemars(range(min = 1.0, max = 10_000.0))]
    pub visit_yuan: f64,
    /// Coefficient of variation of the cost of a visit between quarters (0 to 3).
    #[schemars(range(min = 0.0, max = 3.0))]
    pub visit_cv: f64,
    /// Share of bills by level of hospital (0 to 1); add up to one.
    #[schemars(extend("propertyNames" = { "enum": Level::NAMES }))]
    pub level_shares: BTreeMap<Level, f64>,
}

/// A major condition treated as an outpatient every month.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawCondition {
    /// Label in Chinese.
    pub label_zh: String,
    /// Label in English.
    pub label_en: String,
    /// Persons with the condition per 1,000, by age (0 to 100).
    pub prevalence_per_1000_by_age: ByAge,
    /// Probability that the condition, once present, ends within a year (0 to 1).
    #[schemars(range(min = 0.0, max = 1.0))]
    pub exit_per_year: f64,
    /// Mean cost of a year with the condition in yuan, inpatient and outpatient (1 to 10,000,000).
    #[schemars(range(min = 1.0, max = 10_000_000.0))]
    pub year_mean_yuan: f64,
    /// Standard deviation of that cost between persons in yuan (0 to 10,000,000).
    #[schemars(range(min = 0.0, max = 10_000_000.0))]
    pub year_sd_yuan: f64,
    /// Share of that cost that is billed as outpatient treatment (0 to 1).
    #[schemars(range(min = 0.0, max = 1.0))]
    pub outpatient_share: f64,
    /// Inpatient stays per year on top of the others' (0 to 20).
    #[schemars(range(min = 0.0, max = 20.0))]
    pub extra_stays_per_year: f64,
    /// Factor on the cost of every stay while the condition is present (0.1 to 10).
    #[schemars(range(min = 0.1, max = 10.0))]
    pub stay_cost_factor: f64,
    /// Share of persons treated at each level of hospital (0 to 1); add up to one.
    #[schemars(extend("propertyNames" = { "enum": Level::NAMES }))]
    pub level_shares: BTreeMap<Level, f64>,
    /// Share of the stays of a year with the condition, and of the persons whose outpatient bills of it are, for a listed
    /// disease, by the id that the policy gives it (0 to 1; together at most one). Left out: none.
    #[serde(default)]
    pub diseases: BTreeMap<String, f64>,
}

/// General outpatient bills.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawOutpatient {
    /// Share of persons with any general outpatient bill in a year (0 to 1).
    #[schemars(range(min = 0.0, max = 1.0))]
    pub user_share: f64,
    /// Mean of a user's bills of a year in yuan (1 to 100,000).
    #[schemars(range(min = 1.0, max = 100_000.0))]
    pub year_mean_yuan: f64,
    /// Coefficient of variation of a user's bills of a year (0 to 5).
    #[schemars(range(min = 0.0, max = 5.0))]
    pub year_cv: f64,
    /// Share of bills by level of hospital (0 to 1); add up to one.
    #[schemars(extend("propertyNames" = { "enum": Level::NAMES }))]
    pub level_shares: BTreeMap<Level, f64>,
}

/// Factors of a category against all insured persons of the same age and sex (each 0.05 to 20).
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawCategory {
    /// On the number of stays.
    #[schemars(range(min = 0.05, max = 20.0))]
    pub admissions: f64,
    /// On the cost of a stay.
    #[schemars(range(min = 0.05, max = 20.0))]
    pub cost: f64,
    /// On the prevalence of special chronic disease.
    #[schemars(range(min = 0.05, max = 20.0))]
    pub chronic: f64,
    /// On the prevalence of each major condition.
    #[schemars(range(min = 0.05, max = 20.0))]
    pub conditions: f64,
}

/// What is common to everybody in a year or a county-year: standard deviations of logarithms (each 0 to 1).
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawShock {
    /// Of the admission rate, common to a year.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub year_admissions_log_sd: f64,
    /// Of the cost of a stay, common to a year.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub year_cost_log_sd: f64,
    /// Correlation of the two (-1 to 1).
    #[schemars(range(min = -1.0, max = 1.0))]
    pub year_correlation: f64,
    /// Of the admission rate, one county in one year.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub county_year_admissions_log_sd: f64,
    /// Of the cost of a stay, one county in one year.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub county_year_cost_log_sd: f64,
}

/// Uncertain parameters, drawn once per replicate: standard deviations (each 0 to 1).
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawUncertainty {
    /// Of the log level of admissions of all counties together.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub admissions_log_sd: f64,
    /// Of the log level of the cost of a stay of all counties together.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub cost_log_sd: f64,
    /// Of the log level of admissions of one county in all years.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub county_admissions_log_sd: f64,
    /// Of the log level of the cost of a stay of one county in all years.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub county_cost_log_sd: f64,
    /// Of the yearly log growth of admissions after the last year given.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub admissions_growth_sd: f64,
    /// Of the yearly log growth of the cost of a stay after the last year given.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub cost_growth_sd: f64,
    /// Of the logarithm of the tail index.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub tail_index_log_sd: f64,
    /// Of the log factor on admissions of every category, against ordinary residents.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub category_admissions_log_sd: f64,
    /// Of the log level of special chronic visits.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub chronic_visits_log_sd: f64,
}

/// Response of care to assistance.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawBehaviour {
    /// Factor on the admissions of every category but `ordinary`, as a response to generosity; 1 is none (0.2 to 5).
    #[schemars(range(min = 0.2, max = 5.0))]
    pub response_to_generosity: f64,
}

/// Ordinary residents, who are counted and not followed one by one.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawOrdinary {
    /// An ordinary person is looked at singly when one stay costs at least this many yuan (0 to 1,000,000).
    #[schemars(range(min = 0.0, max = 1_000_000.0))]
    pub costly_stay_yuan: f64,
}

/// Where numbers come from.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawProvenance {
    /// Keys covered, such as `admission.rate_by_year.*`; `*` stands for any rest.
    pub covers: Vec<String>,
    /// Whether the numbers were read, computed or chosen.
    pub status: RawStatus,
    /// Grade of the source: `A` official or statistical, `B` named press, `C` aggregators that agree, empty without one.
    #[schemars(extend("enum" = ["A", "B", "C", ""]))]
    pub grade: String,
    /// The source, or the reason for an assumption.
    pub source: String,
    /// The same in Chinese, for papers in Chinese; where it is left out they show `source`.
    #[serde(default)]
    pub source_zh: Option<String>,
}

/// Whether numbers were read, computed or chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RawStatus {
    /// Read in a source.
    Found,
    /// Arithmetic on found figures.
    Derived,
    /// A reasoned choice without a source.
    Assumed,
}
