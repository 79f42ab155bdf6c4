//! Values that may vary by year, level, place, referral, category, county or income.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::policy::sums::SumsOf;

/// A share between 0 and 1, at most six decimals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Share(#[schemars(range(min = 0.0, max = 1.0))] pub f64);

/// An amount in yuan, at most two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(transparent)]
pub struct Yuan(#[schemars(range(min = 0.0, max = 90_000_000_000.0))] pub f64);

/// A share: one number, or a table by year, level, place, referral, category or county.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum ShareValue {
    /// The same everywhere.
    Same(Share),
    /// A table; exactly one way of varying, which may be nested.
    Varies(Box<ShareTable>),
}

/// Exactly one of these keys; each entry may be a number or again a table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareTable {
    /// By calendar year (`"2022" = 0.60`).
    pub by_year: Option<IndexMap<String, ShareValue>>,
    /// By hospital level (`primary`, `secondary`, `tertiary`, `provincial`).
    pub by_level: Option<IndexMap<String, ShareValue>>,
    /// By place of treatment (`county`, `city`, `province`, `elsewhere`).
    pub by_place: Option<IndexMap<String, ShareValue>>,
    /// By referral (`referred`, `unreferred`).
    pub by_referral: Option<IndexMap<String, ShareValue>>,
    /// By category id.
    pub by_category: Option<IndexMap<String, ShareValue>>,
    /// The name of a parameter that the place gives for each county (`county_parameters` of the place file).
    pub county_parameter: Option<String>,
    /// The largest value that the county parameter may have.
    pub at_most: Option<Share>,
    /// Another share of the policy by its key, such as `assistance.margin.ratio`: the same, wherever that one varies too.
    pub value_of: Option<String>,
    /// The other value is multiplied by this; together with `value_of`.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub times: Option<f64>,
}

/// An amount: one number, or a table by year, level, place, referral, category, stay or income.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum YuanValue {
    /// The same everywhere.
    Same(Yuan),
    /// A table; exactly one way of varying, which may be nested.
    Varies(Box<YuanTable>),
}

/// Exactly one of these keys; each entry may be a number or again a table.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct YuanTable {
    /// By calendar year (`"2022" = 215100`).
    pub by_year: Option<IndexMap<String, YuanValue>>,
    /// By hospital level (`primary`, `secondary`, `tertiary`, `provincial`).
    pub by_level: Option<IndexMap<String, YuanValue>>,
    /// By place of treatment (`county`, `city`, `province`, `elsewhere`).
    pub by_place: Option<IndexMap<String, YuanValue>>,
    /// By referral (`referred`, `unreferred`).
    pub by_referral: Option<IndexMap<String, YuanValue>>,
    /// By category id.
    pub by_category: Option<IndexMap<String, YuanValue>>,
    /// First, second … claim of the kind in the year; the last one stays. Only in deductibles of basic insurance.
    pub by_stay: Option<Vec<YuanValue>>,
    /// A multiple of last year's per-capita income, together with `income`.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub share_of_income: Option<f64>,
    /// The name of the income series of the place file.
    pub income: Option<String>,
    /// Whose income it is a multiple of: that of one `person` (left out), or that of the whole `household`, which is that
    /// of a person for each of its members. In amounts of assistance, tilts and applications, and in
    /// `year_self_pay_above_yuan`.
    pub income_of: Option<SumsOf>,
    /// The name of a parameter that the place gives for each county.
    pub county_parameter: Option<String>,
    /// Another amount of the policy by its key, such as `critical.deductible_yuan`: the same, wherever that one varies too.
    pub value_of: Option<String>,
    /// The other value is multiplied by this; together with `value_of`.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub times: Option<f64>,
    /// Added to the multiple of an income or of another value, yuan.
    pub plus_yuan: Option<Yuan>,
}

/// The share of one funder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum FunderShare {
    /// The same everywhere.
    Same(Share),
    /// What the others leave.
    Rest(Rest),
    /// A table.
    Varies(Box<ShareTable>),
}

/// What the other funders leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rest {
    /// Written `"rest"`.
    Rest,
}
