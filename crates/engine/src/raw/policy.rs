//! A policy file as typed.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::Provenance;
pub use super::conditions::{When, Who};
use super::value::{FunderShare, Share, ShareValue, YuanValue};
pub use super::year_end::{Application, SecondAssistance, TargetGroup, Tilt, Window};
use crate::policy::claim::{Insurance, Kind};
use crate::policy::names::ClauseKind;
use crate::policy::schedule::BandsOn;
use crate::policy::sums::SumsOf;

/// A policy file: one document's rules as data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The policy file, without `.toml`, that this one builds on; what is not written here stays as there.
    pub extends: Option<String>,
    /// What the policy is.
    pub about: About,
    /// Categories in rank order, best first.
    pub rank: Vec<String>,
    /// Labels of the categories.
    pub categories: IndexMap<String, Label>,
    /// Labels of the traits that rules ask for.
    #[serde(default)]
    pub traits: IndexMap<String, Label>,
    /// Labels of the diseases that rules and claims name (listed major diseases and the like).
    #[serde(default)]
    pub diseases: IndexMap<String, Label>,
    /// The pools: an annual deductible and an annual cap that rules share.
    #[serde(default)]
    pub pools: IndexMap<String, Pool>,
    /// Labels of the lines of spending.
    pub lines: IndexMap<String, Label>,
    /// The funders: who pays the lines.
    pub funders: IndexMap<String, Funder>,
    /// The clauses of the document.
    #[serde(default)]
    pub clauses: IndexMap<String, Clause>,
    /// Basic insurance by kind of insurance.
    pub basic: BasicInsurances,
    /// Critical-illness insurance. Left out: none.
    #[serde(default = "Critical::none")]
    pub critical: Critical,
    /// The limit on the out-of-catalogue share.
    pub out_of_catalogue: Option<OutOfCatalogue>,
    /// Contribution subsidies, by rule id.
    #[serde(default)]
    pub subsidy: IndexMap<String, Subsidy>,
    /// Who is subsidised when. Left out: `unless_paid`.
    pub enrolment: Option<super::enrolment::Enrolment>,
    /// Which year a stay over New Year belongs to. Left out: that of admission.
    pub new_year: Option<super::new_year::NewYear>,
    /// How one of several subsidies is chosen.
    pub subsidy_choice: Option<Cited>,
    /// Regular assistance, by rule id.
    #[serde(default)]
    pub assistance: IndexMap<String, Assistance>,
    /// Tilt assistance at the year's end, by rule id.
    #[serde(default)]
    pub tilt: IndexMap<String, Tilt>,
    /// Assistance on application, by rule id.
    #[serde(default)]
    pub application: IndexMap<String, Application>,
    /// Second assistance from what the fund has left at the year's end, by rule id.
    #[serde(default)]
    pub second_assistance: IndexMap<String, SecondAssistance>,
    /// Rules that change another's ratio or deductible per claim under a condition, by rule id.
    #[serde(default)]
    pub adjustment: IndexMap<String, Adjustment>,
    /// Watch lists, by id.
    #[serde(default)]
    pub watch: IndexMap<String, Watch>,
    /// Indicators, by id.
    #[serde(default)]
    pub indicator: IndexMap<String, Indicator>,
    /// Where the values come from; rules with `cite` come from the clauses they cite.
    #[serde(default)]
    pub provenance: Vec<Provenance>,
}

/// What a policy is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// Name, number and date of the document.
    pub document: String,
    /// First day in force, `2022-08-01`.
    pub in_force: String,
    /// First year that can be settled.
    #[schemars(range(min = 2000, max = 2100))]
    pub first_year: u16,
    /// The last year of the transition (过渡期); rules with this `to_year` are those of the transition.
    #[schemars(range(min = 2000, max = 2100))]
    pub transition_to_year: Option<u16>,
}

/// Labels for readers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A running sum and a cap that rules share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// Chinese label.
    pub zh: String,
    /// English label.
    pub en: String,
    /// Whose sums the deductibles, bands and caps of the pool are held against: those of each `person` (default), or of
    /// the whole `household` together.
    #[serde(default)]
    pub sums_of: SumsOf,
}

/// A fund or budget that pays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Funder {
    /// Chinese label.
    pub zh: String,
    /// English label.
    pub en: String,
    /// Ids of the clauses on the fund itself: counted for every rule that it pays.
    #[serde(default)]
    pub cite: Vec<String>,
}

/// One clause of the document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// What it does: money, status, watch, frame or superseded.
    pub kind: ClauseKind,
    /// Where it stands in the document.
    #[serde(rename = "where")]
    pub position: String,
    /// What it says, in Chinese, paraphrased.
    pub zh: String,
    /// What it says, in English.
    pub en: String,
    /// The clauses that took its place; needed for `superseded`, and only there.
    #[serde(default)]
    pub superseded_by: Vec<String>,
    /// How the projection treats it; required for `frame`.
    pub note: Option<String>,
    /// The same in Chinese.
    pub note_zh: Option<String>,
}

/// A statement that only cites clauses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cited {
    /// Clause ids.
    pub cite: Vec<String>,
}

/// Basic insurance of residents and of employees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BasicInsurances {
    /// Resident insurance.
    pub resident: Basic,
    /// Employee insurance; `like_resident` with points added, or values of its own. Left out: that of residents.
    #[serde(default = "EmployeeBasic::as_residents")]
    pub employee: EmployeeBasic,
}

/// Basic insurance of one kind of insurance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Basic {
    /// Annual cap over all kinds of claim, yuan.
    pub annual_cap_yuan: Option<YuanValue>,
    /// Stays in hospital.
    pub inpatient: Option<BasicKind>,
    /// General outpatient visits.
    pub outpatient: Option<BasicKind>,
    /// Special chronic outpatient treatment.
    pub outpatient_chronic: Option<BasicKind>,
    /// Outpatient treatment of major conditions.
    pub outpatient_major: Option<BasicKind>,
    /// Pools, by id: kinds of claim that share one annual deductible or cap.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub pool: IndexMap<String, BasicPool>,
}

/// Basic insurance of employees.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EmployeeBasic {
    /// Take the resident values and change their ratios; then no other key is given.
    pub like_resident: Option<LikeResident>,
    /// Annual cap over all kinds of claim, yuan.
    pub annual_cap_yuan: Option<YuanValue>,
    /// Stays in hospital.
    pub inpatient: Option<BasicKind>,
    /// General outpatient visits.
    pub outpatient: Option<BasicKind>,
    /// Special chronic outpatient treatment.
    pub outpatient_chronic: Option<BasicKind>,
    /// Outpatient treatment of major conditions.
    pub outpatient_major: Option<BasicKind>,
    /// Pools, by id: kinds of claim that share one annual deductible or cap.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub pool: IndexMap<String, BasicPool>,
}

/// Kinds of claim of one basic insurance that share one annual deductible, one annual cap, or both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BasicPool {
    /// The kinds that share; at least two, each in one pool at most.
    pub kinds: Vec<Kind>,
    /// Deductible on the year's in-scope cost of all these kinds together, yuan; where it varies by level or place, each
    /// claim is held against its own. Left out: none, and each kind may have its own.
    pub annual_deductible_yuan: Option<YuanValue>,
    /// Annual cap on what is paid for all these kinds together, yuan; a kind may have its own within it. Left out: none.
    pub annual_cap_yuan: Option<YuanValue>,
    /// Clause ids.
    #[serde(default)]
    pub cite: Vec<String>,
}

/// Resident values with changed ratios.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LikeResident {
    /// Added to each ratio.
    pub ratio_points: Share,
    /// No ratio exceeds this.
    pub ratio_at_most: Share,
}

/// Basic insurance of one kind of claim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BasicKind {
    /// Deductible of each claim, yuan. Left out: none.
    pub deductible_yuan: Option<YuanValue>,
    /// Deductible on the year's in-scope cost of this kind, yuan; where it varies by level or place, each claim is held
    /// against its own. Left out: none.
    pub annual_deductible_yuan: Option<YuanValue>,
    /// Share paid above the deductible.
    pub ratio: ShareValue,
    /// The kind's own annual cap, yuan. Left out: none.
    pub annual_cap_yuan: Option<YuanValue>,
    /// Clause ids.
    #[serde(default)]
    pub cite: Vec<String>,
}

/// Critical-illness insurance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Critical {
    /// Deductible on the year's in-scope self-pay after basic insurance, yuan.
    pub deductible_yuan: YuanValue,
    /// What the ends of the bands are measured on.
    pub bands_on: BandsOn,
    /// Bands from the deductible upwards; the last one has no upper end.
    pub bands: Vec<Band>,
    /// Annual cap without tilt, yuan. Left out: none.
    pub annual_cap_yuan: Option<YuanValue>,
    /// Kinds of claim whose self-pay counts.
    pub kinds: Vec<Kind>,
    /// Kinds of insurance that have it.
    pub insurance: Vec<Insurance>,
    /// Tilts, by rule id.
    #[serde(default)]
    pub tilt: IndexMap<String, CriticalTilt>,
    /// Clause ids.
    #[serde(default)]
    pub cite: Vec<String>,
}

/// One band.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Upper end, yuan. Left out in the last band.
    pub to_yuan: Option<YuanValue>,
    /// Share paid within.
    pub ratio: ShareValue,
}

/// What a rule of regular assistance applies to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssistanceBase {
    /// The in-scope self-pay that the insurances left.
    #[default]
    AfterInsurance,
    /// What the rules that stand earlier in the file left of it.
    AfterEarlierRules,
    /// What the patient bears outside the catalogue, after the limit and the rules that stand earlier.
    OutOfScope,
    /// What the patient bears inside and outside the catalogue, after the insurances and the rules that stand earlier.
    InAndOutOfScope,
}

/// A further pool whose cap bounds the payments of a rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Within {
    /// The pool in which the payments count too.
    pub pool: String,
    /// That pool's annual cap for these persons, yuan.
    pub annual_cap_yuan: YuanValue,
}

/// How "raised by 10 %" is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RaiseReading {
    /// Percentage points are added.
    #[default]
    Points,
    /// The ratio is multiplied by one plus the raise.
    Relative,
}

/// A tilt of critical-illness insurance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CriticalTilt {
    /// Categories that have it.
    pub categories: Vec<String>,
    /// The deductible is lowered by this share.
    pub deductible_reduction: Share,
    /// The ratios are raised by this much, to at most 1.
    pub ratio_raise: Share,
    /// Whether the raise is in points (default) or relative.
    #[serde(default)]
    pub raise_reading: RaiseReading,
    /// Whether the annual cap is lifted.
    pub uncapped: bool,
    /// First year.
    pub from_year: Option<u16>,
    /// Last year.
    pub to_year: Option<u16>,
    /// Switched off with `false`.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Clause ids. Left out: an entry of `[[provenance]]` covers its numbers.
    #[serde(default)]
    pub cite: Vec<String>,
}

/// The limit on the out-of-catalogue share of a bill: the hospital bears the rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutOfCatalogue {
    /// Largest share of the total that the patient pays.
    pub share: ShareValue,
    /// Identities that it protects.
    pub categories: Vec<String>,
    /// Switched off with `false`.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Clause ids.
    pub cite: Vec<String>,
}

/// A contribution subsidy: a share of the contribution, or a fixed amount.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subsidy {
    /// Persons.
    pub who: Who,
    /// Share of the individual contribution; 0 without `funders` leaves the whole of it with the person.
    pub share: Option<ShareValue>,
    /// Fixed amount in yuan a year, at most the contribution.
    pub amount_yuan: Option<YuanValue>,
    /// First coverage year.
    pub from_year: Option<u16>,
    /// Last coverage year.
    pub to_year: Option<u16>,
    /// Line of spending.
    #[serde(default = "subsidy_line")]
    pub line: String,
    /// Funders and their shares, adding up to 1; the last one may be `"rest"` and takes the rounding. Left out only
    /// where `share = 0`.
    pub funders: Option<IndexMap<String, FunderShare>>,
    /// Switched off with `false`.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Clause ids.
    pub cite: Vec<String>,
}

/// A rule of regular assistance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assistance {
    /// Ids of rules whose persons, ratio, pool, deductible, cap, funders and years hold here too: one rule each.
    #[serde(default)]
    pub by_standard_of: Vec<String>,
    /// Persons. Not with `by_standard_of`.
    pub who: Option<Who>,
    /// Claims.
    pub when: When,
    /// What it applies to (default: the self-pay that the insurances left).
    #[serde(default)]
    pub base: AssistanceBase,
    /// Taken off each claim before it counts, yuan. Left out: none, or as in the rule whose standard it follows.
    pub claim_deductible_yuan: Option<YuanValue>,
    /// Only claims of which the insurances left more in scope than this, yuan. Left out: all.
    pub claim_self_pay_above_yuan: Option<YuanValue>,
    /// Only claims of which the insurances left at most this in scope, yuan. Left out: all.
    pub claim_self_pay_up_to_yuan: Option<YuanValue>,
    /// The most that is paid on one claim, yuan. Left out: no such cap, or as in the rule whose standard it follows.
    pub claim_cap_yuan: Option<YuanValue>,
    /// Share paid above the deductible. Not with `bands`.
    pub ratio: Option<ShareValue>,
    /// Shares by band of the pool's running sum, from the deductible upwards; the last one has no upper end.
    #[serde(default)]
    pub bands: Vec<Band>,
    /// What the ends of the bands are measured on (default: the running sum itself); `one_claim`: each claim alone.
    pub bands_on: Option<BandsOn>,
    /// The pool whose running sum and cap it shares.
    pub pool: Option<String>,
    /// The pool's annual deductible for these persons, yuan. Left out: none.
    pub deductible_yuan: Option<YuanValue>,
    /// The pool's annual cap for these persons, yuan. Left out: none.
    pub annual_cap_yuan: Option<YuanValue>,
    /// A further pool in which the payments count. Left out: none, or as in the rule whose standard it follows.
    pub within: Option<Within>,
    /// The pool whose caps cut off what this rule pays a share of, claim by claim. Left out: the rule pays on the
    /// self-pay itself.
    pub beyond_cap_of: Option<String>,
    /// First year.
    pub from_year: Option<u16>,
    /// Last year.
    pub to_year: Option<u16>,
    /// Line of spending.
    pub line: String,
    /// Funders and their shares, adding up to 1; the last one may be `"rest"` and takes the rounding.
    pub funders: Option<IndexMap<String, FunderShare>>,
    /// Switched off with `false`.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Clause ids.
    pub cite: Vec<String>,
}

/// A rule that changes the ratio or the deductible per claim of others under a condition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Adjustment {
    /// What it changes: ids of assistance rules, `basic.resident.inpatient` and the like, or `critical`.
    pub changes: Vec<String>,
    /// Persons.
    #[serde(default)]
    pub who: Who,
    /// Claims.
    #[serde(default)]
    pub when: When,
    /// The ratio is multiplied by this.
    #[schemars(range(min = 0.0, max = 10.0))]
    pub times: Option<f64>,
    /// Then this is added, in points (0.05 = five percentage points; negative lowers).
    #[schemars(range(min = -1.0, max = 1.0))]
    pub points: Option<f64>,
    /// The deductible of each claim is this instead, yuan; only of basic insurance and of assistance rules.
    pub deductible_yuan: Option<YuanValue>,
    /// The deductible of each claim is multiplied by this, after `deductible_yuan`; only of basic insurance and of assistance rules.
    #[schemars(range(min = 0.0, max = 10.0))]
    pub deductible_times: Option<f64>,
    /// It holds for the whole year once the year's in-scope self-pay after regular assistance is above this, yuan; only
    /// of assistance rules. Left out: always.
    pub year_self_pay_above_yuan: Option<YuanValue>,
    /// Whose self-pay must be above it: that of each `person` (default), or of the whole `household` together.
    pub sums_of: Option<SumsOf>,
    /// First year.
    pub from_year: Option<u16>,
    /// Last year.
    pub to_year: Option<u16>,
    /// Switched off with `false`.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Clause ids.
    pub cite: Vec<String>,
}

/// A watch list: persons whose self-pay of the year so far passes a threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// Chinese label.
    pub zh: String,
    /// English label.
    pub en: String,
    /// Persons.
    pub who: Who,
    /// Only the rural register.
    #[serde(default)]
    pub rural_only: bool,
    /// Threshold on the person's self-pay of the year, yuan.
    pub threshold_yuan: YuanValue,
    /// Whether self-pay outside the catalogue counts (default: yes).
    #[serde(default = "yes")]
    pub counts_out_of_scope: bool,
    /// Category that a verified person gets. Left out: the list leads to no recognition.
    pub recognised_as: Option<String>,
    /// Share of listed persons that verification confirms.
    pub verification_share: Option<Share>,
    /// Months from the list to the recognition.
    #[schemars(range(min = 0, max = 24))]
    pub delay_months: Option<u16>,
    /// Clause ids.
    pub cite: Vec<String>,
}

/// An indicator: patients' in-scope self-pay as a share of in-scope cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Chinese label.
    pub zh: String,
    /// English label.
    pub en: String,
    /// Persons.
    pub who: Who,
    /// Claims.
    pub when: When,
    /// The share that should not be exceeded.
    pub at_most: Share,
    /// Clause ids.
    pub cite: Vec<String>,
}

const fn yes() -> bool {
    true
}

fn subsidy_line() -> String {
    "contribution_subsidy".to_owned()
}
