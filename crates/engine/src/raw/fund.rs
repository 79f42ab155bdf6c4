//! The assistance fund of a place as typed: what it has, what it gets, which budgets are in force, what happens when it
//! is empty.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::value::Yuan;

/// The assistance funds: one for each county, or one for the whole place.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fund {
    /// Revenue of a year in yuan per resident, by calendar year, there from January on, since nothing is said of when it comes; a year left out has no
    /// known revenue.
    #[serde(default)]
    pub revenue_yuan_per_resident: IndexMap<String, Yuan>,
    /// Balance at the beginning of the first year, yuan per resident.
    pub opening_yuan_per_resident: Option<Yuan>,
    /// The payer of the policy whose money it is, such as `assistance_fund`; left out: the first one of the policy.
    pub funder: Option<String>,
    /// One fund for all counties of the place (市级统筹); left out: each county has its own.
    #[serde(default)]
    pub pooled: bool,
    /// What happens when the money does not last; left out: `pay_on`.
    #[serde(default)]
    pub at_exhaustion: AtExhaustion,
    /// Months from the discharge (or the visit, or the recognition) to the payment.
    #[serde(default)]
    #[schemars(range(min = 0, max = 12))]
    pub payment_lag_months: u8,
    /// The month of the next year in which is paid what is worked out when the year is over; left out: January.
    #[serde(default = "january")]
    #[schemars(range(min = 1, max = 12))]
    pub after_year_month: u8,
    /// Revenue by source.
    #[serde(default)]
    pub revenue: Vec<Revenue>,
    /// Balances at the beginning of the first year.
    #[serde(default)]
    pub opening: Vec<Amount>,
    /// Payments of earlier years that are still to be made, due in the first month.
    #[serde(default)]
    pub outstanding: Vec<Amount>,
    /// Budgets in force, by payer and year.
    #[serde(default)]
    pub budget: Vec<Budget>,
}

const fn january() -> u8 {
    1
}

/// What happens when a fund is empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AtExhaustion {
    /// All is paid: the balance goes below zero.
    #[default]
    PayOn,
    /// Nothing is paid beyond what is there: the rest waits until money comes, the oldest first.
    Stop,
    /// County finance advances what is missing, and gets it back from the next money that comes.
    Advance,
}

/// Where money comes from.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Central finance.
    Central,
    /// The province or region.
    Region,
    /// The city.
    City,
    /// The county.
    County,
    /// The welfare lottery.
    WelfareLottery,
    /// Donations.
    Donations,
    /// Interest and whatever else.
    Other,
}

impl Source {
    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Central => "central",
            Self::Region => "region",
            Self::City => "city",
            Self::County => "county",
            Self::WelfareLottery => "welfare_lottery",
            Self::Donations => "donations",
            Self::Other => "other",
        }
    }
}

/// Revenue of one source.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Revenue {
    /// Where it comes from.
    pub source: Source,
    /// The county that gets it, by name or code; left out: every county by its residents, or the pooled fund.
    pub county: Option<String>,
    /// Yuan by calendar year; either this or `yuan_per_resident`.
    #[serde(default)]
    pub yuan: IndexMap<String, Yuan>,
    /// Yuan per resident by calendar year.
    #[serde(default)]
    pub yuan_per_resident: IndexMap<String, Yuan>,
    /// The months in which it arrives, in equal parts.
    pub months: Vec<u8>,
    /// How uncertain the amount of a year is: standard deviation of its logarithm; 0 where it is certain.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 2.0))]
    pub log_sd: f64,
}

/// An amount of one county, or of the pooled fund.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// The county, by name or code; left out: the pooled fund, or the only county.
    pub county: Option<String>,
    /// Yuan.
    pub yuan: Yuan,
}

/// The budget of one payer.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// The payer, an id of the policy's `funders`.
    pub funder: String,
    /// The county, by name or code; left out: all counties together.
    pub county: Option<String>,
    /// Yuan by calendar year.
    pub yuan: IndexMap<String, Yuan>,
}
