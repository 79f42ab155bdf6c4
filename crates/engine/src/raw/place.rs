//! A place file as typed; the tables of counties and categories lie beside it.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::Provenance;
use super::policy::Label;
use super::value::Share;
use crate::policy::claim::Sex;

/// A place: the counties of one city, banner or region.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The place file, beside this one and without `.toml`, that this one builds on.
    pub extends: Option<String>,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// The census whose counties the place is, all of them, with persons by category by the shares of `docs/new.md`, all of
    /// them assumed; then no `counties.csv` and no `categories.csv` stands beside this file. Left out: the two tables.
    pub census: Option<Census>,
    /// The individual contribution to resident insurance, by group; the first group that fits applies.
    pub contribution: IndexMap<String, Contribution>,
    /// Per-capita income series in yuan a year, by name and calendar year.
    #[serde(default)]
    pub income: IndexMap<String, Income>,
    /// Parameters that each county sets for itself, by name.
    #[serde(default)]
    pub county_parameters: IndexMap<String, CountyParameter>,
    /// Persons on the household register per resident: assistance goes by the register.
    #[serde(default = "one")]
    #[schemars(range(min = 0.1, max = 5.0))]
    pub register_per_resident: f64,
    /// Share of the persons of a category who are enrolled in basic insurance in a year, by category id; 1 where a
    /// category is not named. Who is not enrolled gets no subsidy, and their bills go through none of the tiers.
    #[serde(default)]
    pub enrolment: IndexMap<String, Share>,
    /// Share of the persons newly recognised in a year who have already paid its contribution, as ordinary residents:
    /// nothing is paid for them again that year. Left out: 0, so that all of them are subsidised.
    #[serde(default = "nobody")]
    pub already_paid_share: Share,
    /// How what is given by year goes on after the last year given; needed where later years are run.
    #[serde(default)]
    pub outlook: Outlook,
    /// The assistance funds of the counties.
    #[serde(default)]
    pub fund: super::fund::Fund,
    /// The household test of assistance on application; needed where a policy pays on application.
    #[serde(default)]
    pub application: ApplicationTest,
    /// How the synthetic population is made.
    pub population: super::population::PopulationPart,
    /// Where the values come from.
    #[serde(default)]
    pub provenance: Vec<Provenance>,
}

/// A census that is built into the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
pub enum Census {
    /// The seventh national census, of 1 November 2020: 2,948 counties.
    #[serde(rename = "2020")]
    Of2020,
}

/// The contribution of one group.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Contribution {
    /// Labels.
    pub label: Label,
    /// Youngest age in whole years.
    #[schemars(range(min = 0, max = 130))]
    pub age_from: Option<u8>,
    /// First age in whole years that is too old.
    #[schemars(range(min = 1, max = 131))]
    pub age_below: Option<u8>,
    /// Sex, where it matters.
    pub sex: Option<Sex>,
    /// Yuan a person by coverage year.
    pub yuan_by_year: IndexMap<String, super::value::Yuan>,
}

/// A per-capita income series.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Income {
    /// Labels.
    pub label: Label,
    /// Yuan a head by calendar year.
    pub yuan_by_year: IndexMap<String, super::value::Yuan>,
}

/// Growth a year after the last year given, such as 0.05; what has none is not continued.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Outlook {
    /// Of the individual contributions.
    #[schemars(range(min = -0.5, max = 0.5))]
    pub contribution_growth: Option<f64>,
    /// Of the incomes.
    #[schemars(range(min = -0.5, max = 0.5))]
    pub income_growth: Option<f64>,
    /// Of the amounts that the policy gives by year: deductibles, caps and the like. Its shares stay as they are.
    #[schemars(range(min = -0.5, max = 0.5))]
    pub amount_growth: Option<f64>,
}

/// A parameter that each county sets for itself.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountyParameter {
    /// Labels.
    pub label: Label,
    /// The value where a county sets none.
    pub default: f64,
    /// The value by county name.
    #[serde(default)]
    pub by_county: IndexMap<String, f64>,
}

/// When a household counts as made poor by illness.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplicationTest {
    /// A household may apply when its medical self-pay of a year exceeds this share of its income.
    #[schemars(range(min = 0.0, max = 10.0))]
    pub self_pay_share_of_income: f64,
    /// Share of such households that apply and are approved.
    pub approval_share: Share,
    /// Months from the last bill to the recognition.
    #[schemars(range(min = 0, max = 12))]
    pub delay_months: u16,
    /// The income series that gives the mean income per head of ordinary residents.
    pub ordinary_income: String,
    /// Standard deviation of the logarithm of that income between households.
    #[schemars(range(min = 0.0, max = 3.0))]
    pub ordinary_income_sigma: f64,
}

/// The test of a place whose policies pay nothing on application: it is never asked.
impl Default for ApplicationTest {
    fn default() -> Self {
        Self {
            self_pay_share_of_income: 1.0,
            approval_share: Share(0.0),
            delay_months: 0,
            ordinary_income: "rural".to_owned(),
            ordinary_income_sigma: 0.0,
        }
    }
}

const fn one() -> f64 {
    1.0
}

const fn nobody() -> Share {
    Share(0.0)
}
