//! The rules of the year's end in a policy file: tilt assistance, assistance on application, second assistance.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::policy::{Band, When, Who, Within};
use super::value::{FunderShare, ShareValue, YuanValue};
use crate::policy::claim::Kind;
use crate::policy::schedule::{BandsOn, CapCounts, TriggerOn};
use crate::policy::sums::SumsOf;

/// A group of claims and its target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetGroup {
    /// Kinds of claim.
    pub kinds: Vec<Kind>,
    /// Share of the in-scope cost to be reached.
    pub target: ShareValue,
}

/// A rule of tilt assistance: `groups` with `trigger_yuan`, or `ratio` or `bands` with `threshold_yuan` or `beyond_cap_of`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tilt {
    /// Persons: whoever holds one of the identities, also beside a better one.
    pub who: Who,
    /// Claims that count.
    pub when: When,
    /// Whose self-pay the threshold or trigger, and whose payments the cap are held against: those of each `person`
    /// (default), or of the whole `household` together, which then gets one payment.
    #[serde(default)]
    pub sums_of: SumsOf,
    /// Groups topped up to a target ratio, in order.
    #[serde(default)]
    pub groups: Vec<TargetGroup>,
    /// In-scope self-pay from which the groups are topped up, yuan.
    pub trigger_yuan: Option<YuanValue>,
    /// What the annual cap bounds (default: with `groups` all assistance of the year, else the tilt alone).
    pub cap_counts: Option<CapCounts>,
    /// A pool of regular assistance in which the payments count too, with a cap over both.
    pub within: Option<Within>,
    /// What the trigger is held against: the self-pay of `all_groups` together (default) or of `each_group`.
    pub trigger_on: Option<TriggerOn>,
    /// Share of the in-scope self-pay above the threshold.
    pub ratio: Option<ShareValue>,
    /// Shares by band of the in-scope self-pay, from the threshold upwards; the last one has no upper end.
    #[serde(default)]
    pub bands: Vec<Band>,
    /// What the ends of the bands are measured on (default: the self-pay itself).
    pub bands_on: Option<BandsOn>,
    /// Threshold, yuan. Left out with `beyond_cap_of`: none.
    pub threshold_yuan: Option<YuanValue>,
    /// The pool whose caps cut off what this rule pays a share of. Left out: the share is of the self-pay.
    pub beyond_cap_of: Option<String>,
    /// Only claims of which regular assistance left more in scope than this, yuan. Left out: all.
    pub claim_self_pay_above_yuan: Option<YuanValue>,
    /// Only claims of which regular assistance left at most this in scope, yuan. Left out: all.
    pub claim_self_pay_up_to_yuan: Option<YuanValue>,
    /// Annual cap, yuan. Left out: none.
    pub annual_cap_yuan: Option<YuanValue>,
    /// First year.
    pub from_year: Option<u16>,
    /// Last year.
    pub to_year: Option<u16>,
    /// Line of spending.
    pub line: String,
    /// Funders and their shares, adding up to 1; the last one may be `"rest"` and takes the rounding.
    pub funders: IndexMap<String, FunderShare>,
    /// Switched off with `false`.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Clause ids.
    pub cite: Vec<String>,
}

/// Claims that an application counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// Those of the calendar year before the one of the recognition.
    YearBefore,
}

/// A rule of assistance on application.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Application {
    /// Persons, apart from their categories.
    #[serde(default)]
    pub who: Who,
    /// Claims that count.
    pub when: When,
    /// Claims that count for a person who holds an assisted identity in the month of recognition. Left out: as `when`.
    pub when_assisted: Option<When>,
    /// Share paid above the deductible. Not with `bands`.
    pub ratio: Option<ShareValue>,
    /// Shares by band of the self-pay that counts, from the deductible upwards; the last one has no upper end.
    #[serde(default)]
    pub bands: Vec<Band>,
    /// What the ends of the bands are measured on (default: the self-pay itself).
    pub bands_on: Option<BandsOn>,
    /// Deductible, yuan.
    pub deductible_yuan: YuanValue,
    /// Annual cap, yuan. Left out: none.
    pub annual_cap_yuan: Option<YuanValue>,
    /// Months that count, ending with the month of recognition. With `window` too: the window that pays more.
    #[schemars(range(min = 1, max = 24))]
    pub window_months: Option<u16>,
    /// `year_before`: the claims of the calendar year before the recognition count. With `window_months` too: the window
    /// that pays more.
    pub window: Option<Window>,
    /// The pool of regular assistance whose running sum and cap it shares: one deductible and one cap for both. Left out:
    /// sums of its own.
    pub pool: Option<String>,
    /// Whose self-pay the deductible, and whose payments the cap are held against: those of each `person` (default), or
    /// of all members of the `household` who are recognised. Not with `pool`, which says so itself.
    pub sums_of: Option<SumsOf>,
    /// The category in which a recognised person is counted.
    pub recognised_as: String,
    /// First year.
    pub from_year: Option<u16>,
    /// Last year.
    pub to_year: Option<u16>,
    /// Line of spending.
    pub line: String,
    /// Funders and their shares, adding up to 1; the last one may be `"rest"` and takes the rounding.
    pub funders: IndexMap<String, FunderShare>,
    /// Switched off with `false`.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Clause ids.
    pub cite: Vec<String>,
}

/// Second assistance, case by case, only as far as the fund has a surplus at the year's end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondAssistance {
    /// Persons.
    pub who: Who,
    /// In-scope self-pay of the year from which a person is considered, yuan.
    pub threshold_yuan: YuanValue,
    /// Share paid of what exceeds the threshold.
    pub ratio: ShareValue,
    /// Annual cap a person, yuan. Left out: none.
    pub annual_cap_yuan: Option<YuanValue>,
    /// Line of spending.
    pub line: String,
    /// The funder whose surplus limits it.
    pub funder: String,
    /// Switched off with `false`.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Clause ids.
    pub cite: Vec<String>,
}

const fn yes() -> bool {
    true
}
