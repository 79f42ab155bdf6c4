//! A policy compiled for one county and one year: every value looked up, every name an index.
//!
//! The inner loop looks nothing up: rules are sorted by category, values by [`Setting`] of the claim.

use super::claim::{Category, Claim, Insurance, Level, Locality, Person, Sex};
pub use super::conditions::{When, Who};
use super::sums::SumsOf;
pub use super::tilts::{CapCounts, TargetGroup, Tilt, TiltCap, TiltShape, TriggerOn};
use crate::units::{Fen, Month, Ratio};

/// Where and how a claim was treated: level, locality and referral in one index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting(pub u8);

impl Setting {
    /// The number of settings.
    pub const COUNT: usize = 32;

    /// The setting of a claim.
    #[must_use]
    pub const fn of(claim: &Claim) -> Self {
        Self::new(claim.level, claim.locality, claim.referred)
    }

    /// The index of level, locality and referral.
    #[must_use]
    #[inline]
    pub const fn new(level: Level, locality: Locality, referred: bool) -> Self {
        Self(((level as u8) << 3) | ((locality as u8) << 1) | referred as u8)
    }

    /// All settings with their parts.
    pub fn all() -> impl Iterator<Item = (Self, Level, Locality, bool)> {
        Level::ALL.iter().flat_map(|&level| {
            Locality::ALL.iter().flat_map(move |&locality| {
                [false, true]
                    .map(move |referred| (Self::new(level, locality, referred), level, locality, referred))
            })
        })
    }
}

/// A value for each setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BySetting<T>(pub [T; Setting::COUNT]);

impl<T: Copy> BySetting<T> {
    /// The same value everywhere.
    #[must_use]
    pub const fn uniform(value: T) -> Self {
        Self([value; Setting::COUNT])
    }

    /// The value of a setting.
    #[must_use]
    #[inline]
    pub fn at(&self, setting: Setting) -> T {
        self.0[usize::from(setting.0) % Setting::COUNT]
    }
}

impl BySetting<Fen> {
    /// The largest of all settings.
    #[must_use]
    pub fn largest(&self) -> Fen {
        self.0.iter().copied().max().unwrap_or(Fen::ZERO)
    }
}

/// The number of a rule in [`super::Policy::rules`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub u16);

/// One rule that changes another's ratio or deductible per claim under a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// Its own number, for the clauses it cites.
    pub rule: RuleId,
    /// Persons.
    pub who: Who,
    /// Categories as a bit set; bit 31 and above never set for ordinary residents, see `ordinary`.
    pub categories: u32,
    /// Whether claims without category are included.
    pub ordinary: bool,
    /// Claims.
    pub when: When,
    /// The ratio is multiplied by this.
    pub times: Ratio,
    /// Then these points are added; the result stays within 0 and 1.
    pub points: Ratio,
    /// The deductible per claim is this instead; none = as it is.
    pub deductible: Option<Box<BySetting<Fen>>>,
    /// Then it is multiplied by this.
    pub deductible_times: Ratio,
    /// It holds for the whole year once the year's self-pay passes a line; none: always.
    pub once: Option<Once>,
}

/// A line that the in-scope self-pay of a year, after regular assistance, must pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Once {
    /// The line; what equals it does not pass it.
    pub above: Fen,
    /// Whose self-pay must pass it.
    pub sums_of: SumsOf,
    /// The number of the line among those of the policy.
    pub bit: u8,
}

impl Adjustment {
    /// The ratio after all adjustments that apply.
    #[must_use]
    #[inline]
    pub fn apply(all: &[Self], ratio: Ratio, at: &At<'_>) -> Ratio {
        let mut changed = ratio;
        for one in all {
            if one.fits(at) {
                let scaled = (changed.0 * one.times.0 + Ratio::SCALE / 2) / Ratio::SCALE;
                changed = Ratio((scaled + one.points.0).clamp(0, Ratio::SCALE));
            }
        }
        changed
    }

    /// The deductible per claim after all adjustments that apply, in the order of the file, each rounded half up to the fen.
    #[must_use]
    #[inline]
    pub fn deductible(all: &[Self], deductible: Fen, at: &At<'_>) -> Fen {
        let mut changed = deductible;
        for one in all {
            if one.fits(at) {
                let instead = one.deductible.as_ref().map(|deductible| deductible.at(at.setting));
                changed = one.deductible_times.of(instead.unwrap_or(changed));
            }
        }
        changed
    }

    /// Whether nothing is left of any of a rule's ratios.
    pub fn leave_nothing(all: &[Self], mut ratios: impl Iterator<Item = Ratio>, at: &At<'_>) -> bool {
        ratios.all(|ratio| Self::apply(all, ratio, at) == Ratio::ZERO)
    }

    /// The adjustments that apply to a claim.
    pub fn fitting<'a>(all: &'a [Self], at: &'a At<'_>) -> impl Iterator<Item = &'a Self> {
        all.iter().filter(move |one| one.fits(at))
    }

    #[inline]
    fn fits(&self, at: &At<'_>) -> bool {
        let passed = self.once.is_none_or(|once| at.passed & 1 << once.bit != 0);
        let held = if at.category == Category::ORDINARY {
            self.ordinary
        } else {
            self.categories & at.category.bit() != 0
        };
        passed
            && held
            && self.when.includes(at.claim.kind, at.setting, at.claim.disease)
            && self.who.includes(at.person)
    }
}

/// The claim that is being settled, and whose it is.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    /// The person.
    pub person: &'a Person<'a>,
    /// The claim.
    pub claim: &'a Claim,
    /// Its setting.
    pub setting: Setting,
    /// Its category.
    pub category: Category,
    /// The lines that the year's self-pay passed, as bits, see [`Once`].
    pub passed: u32,
}

/// The limit on the out-of-catalogue share of a bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutOfCatalogueLimit {
    /// Its number.
    pub rule: RuleId,
    /// The largest share of the total that the patient pays.
    pub share: BySetting<Ratio>,
    /// Identities it protects.
    pub categories: u32,
}

/// Basic insurance of one kind of claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasicKind {
    /// Its number.
    pub rule: RuleId,
    /// Deductible per claim, by the number of the claim of this kind in the year; the last one stays.
    pub deductible: Vec<BySetting<Fen>>,
    /// Deductible on the year's in-scope cost, that of the claim's setting; one running sum for all.
    pub annual_deductible: BySetting<Fen>,
    /// The kinds whose in-scope cost makes up that running sum, as a bit set: those of one pool, or this kind alone.
    pub deductible_kinds: u8,
    /// Share paid above the deductible.
    pub ratio: BySetting<Ratio>,
    /// Rules that change it.
    pub adjustments: Vec<Adjustment>,
    /// The kind's own annual cap.
    pub annual_cap: Fen,
    /// The annual cap that it shares with other kinds.
    pub shared_cap: Option<SharedCap>,
}

/// An annual cap of basic insurance over several kinds of claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SharedCap {
    /// The kinds, as a bit set.
    pub kinds: u8,
    /// The cap.
    pub cap: Fen,
}

/// Basic insurance of one kind of insurance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basic {
    /// By kind of claim; none = not covered.
    pub kinds: [Option<BasicKind>; 4],
    /// Annual cap over all kinds.
    pub annual_cap: Fen,
}

/// What the bands of critical-illness insurance are measured on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BandsOn {
    /// The amount above the category's own deductible.
    AboveDeductible,
    /// The year's self-pay itself; the first band begins at the category's deductible.
    Cumulative,
    /// What the deductibles leave of each claim alone; only of regular assistance.
    OneClaim,
}

/// One band of a running sum or of a year's self-pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    /// Upper end.
    pub to: Fen,
    /// Share paid within.
    pub ratio: Ratio,
}

/// The critical-illness schedule of one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Critical {
    /// The rule that pays: the tilt of the category, or the schedule itself.
    pub rule: RuleId,
    /// Deductible after the tilt.
    pub deductible: Fen,
    /// Bands on the year's running self-pay, from the deductible upwards, with the tilt's ratios.
    pub bands: Vec<Band>,
    /// Annual cap; `Fen::UNBOUNDED` where a tilt lifts it.
    pub annual_cap: Fen,
    /// Rules that change the ratios.
    pub adjustments: Vec<Adjustment>,
}

/// One band of regular assistance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssistanceBand {
    /// Upper end, on the pool's running sum.
    pub to: Fen,
    /// Share paid within.
    pub ratio: BySetting<Ratio>,
}

/// A pool and its annual cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolCap {
    /// Position in [`super::names::Names::pools`].
    pub pool: usize,
    /// The annual cap.
    pub cap: Fen,
}

/// Which part of what the patient bears a rule of regular assistance is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Borne {
    /// In-scope cost.
    InScope,
    /// Cost outside the catalogue.
    OutOfScope,
    /// Both together; what is paid comes off the in-scope part first.
    Both,
}

/// One rule of regular assistance, for one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assistance {
    /// Its number.
    pub rule: RuleId,
    /// Persons.
    pub who: Who,
    /// Claims.
    pub when: When,
    /// Whether it applies to what earlier rules left, instead of what the insurances left.
    pub after_earlier_rules: bool,
    /// Which part of what the patient bears it is for; of what is outside the catalogue always what earlier rules left.
    pub borne: Borne,
    /// Taken off each claim before it counts; none = nothing.
    pub claim_deductible: Option<Box<BySetting<Fen>>>,
    /// Share paid above the deductible; where there are bands, the share of the first.
    pub ratio: BySetting<Ratio>,
    /// Bands from the deductible upwards; empty where one ratio holds for all.
    pub bands: Vec<AssistanceBand>,
    /// Rules that change it.
    pub adjustments: Vec<Adjustment>,
    /// The pool whose running sum and cap it shares.
    pub pool: usize,
    /// The pool's annual deductible for this category.
    pub deductible: Fen,
    /// The pool's annual cap for this category.
    pub annual_cap: Fen,
    /// A further pool in which the payments count.
    pub within: Option<PoolCap>,
    /// What of it is measured on one claim alone.
    pub each: Each,
    /// It applies to what the caps of this pool cut off of the claim, instead of what the insurances left.
    pub beyond_cap_of: Option<usize>,
}

/// What a rule of regular assistance measures on one claim alone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Each {
    /// Only claims of which the insurances left so much in scope.
    pub self_pay: SelfPayRange,
    /// The most that is paid on one claim; none = no such cap.
    pub cap: Option<Box<BySetting<Fen>>>,
    /// Bands begin anew with each claim.
    pub bands: bool,
}

/// A condition on what of one claim was left to the patient in scope.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SelfPayRange {
    /// More than this.
    pub above: Option<Fen>,
    /// At most this.
    pub up_to: Option<Fen>,
}

impl SelfPayRange {
    /// Whether a claim of which so much was left is meant.
    #[must_use]
    pub fn includes(&self, left: Fen) -> bool {
        self.above.is_none_or(|above| left > above) && self.up_to.is_none_or(|most| left <= most)
    }

    /// Whether some claim is meant by both.
    fn overlaps(&self, other: &Self) -> bool {
        let apart =
            |one: &Self, other: &Self| one.up_to.zip(other.above).is_some_and(|(most, above)| most <= above);
        !apart(self, other) && !apart(other, self)
    }
}

impl Each {
    /// Whether nothing is measured on one claim.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl Assistance {
    /// The ratios of the whole or of all bands.
    pub fn ratios(&self, setting: Setting) -> impl Iterator<Item = Ratio> + '_ {
        let whole = self.bands.is_empty().then(|| self.ratio.at(setting));
        whole.into_iter().chain(self.bands.iter().map(move |band| band.ratio.at(setting)))
    }

    /// Whether some claim of some person of the same category is for both rules.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.when.overlaps(&other.when)
            && self.each.self_pay.overlaps(&other.each.self_pay)
            && self.who.overlaps(&other.who)
    }
}

/// The months whose claims an application counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimWindow {
    /// So many, ending with the month of recognition.
    Months(u16),
    /// Those of the calendar year before the one of the recognition.
    YearBefore,
    /// So many, ending with the month of recognition, or those of the calendar year before: whichever pays more.
    Better(u16),
}

impl ClaimWindow {
    /// The first and the last month for a recognition; where there are two windows, the one that ends with it first.
    pub fn ending(self, recognised: Month) -> impl Iterator<Item = (Month, Month)> {
        let (months, before) = match self {
            Self::Months(months) => (Some(months), false),
            Self::YearBefore => (None, true),
            Self::Better(months) => (Some(months), true),
        };
        let months =
            months.map(|months| (Month(recognised.0.saturating_sub(months.saturating_sub(1))), recognised));
        let year = recognised.year() - 1;
        months.into_iter().chain(before.then(|| (Month::new(year, 1), Month::new(year, 12))))
    }
}

/// One rule of assistance on application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its number.
    pub rule: RuleId,
    /// Persons.
    pub who: Who,
    /// Claims that count.
    pub when: When,
    /// Claims that count where the person holds an assisted identity in the month of recognition.
    pub when_assisted: When,
    /// Bands from the deductible upwards; one where the share is the same for all.
    pub bands: Vec<Band>,
    /// The deductible.
    pub deductible: Fen,
    /// The annual cap.
    pub cap: Fen,
    /// The claims that count, by the month of recognition.
    pub window: ClaimWindow,
    /// The pool of regular assistance whose running sum and cap it shares; none: sums of its own.
    pub pool: Option<usize>,
    /// Whose sums the deductible and the cap are held against; with a pool, as of the pool.
    pub sums_of: SumsOf,
    /// The category in which a projection counts who is recognised.
    pub recognised_as: Category,
}

/// How much a contribution subsidy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubsidyAmount {
    /// A share of the contribution.
    Share(Ratio),
    /// A fixed amount, at most the contribution.
    Fixed(Fen),
    /// Nothing, by a clause that says so: the person pays the whole contribution.
    LeftToPerson,
}

/// One rule of contribution subsidy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subsidy {
    /// Its number.
    pub rule: RuleId,
    /// Persons.
    pub who: Who,
    /// Identities that have it.
    pub categories: u32,
    /// How much.
    pub amount: SubsidyAmount,
}

/// The most watch lists of a policy: so many can name one person.
pub const MOST_WATCHES: usize = 8;

/// A watch list: persons whose self-pay of the year so far passes a threshold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watch {
    /// Its number.
    pub rule: RuleId,
    /// Identities.
    pub categories: u32,
    /// Whether residents without an identity are included.
    pub ordinary: bool,
    /// Only the rural register.
    pub rural_only: bool,
    /// Threshold.
    pub threshold: Fen,
    /// Whether self-pay outside the catalogue counts.
    pub counts_out_of_scope: bool,
    /// Category that a verified person gets.
    pub recognised_as: Option<Category>,
    /// Share of listed persons that verification confirms.
    pub verification_share: Ratio,
    /// Months from the list to the recognition.
    pub delay_months: u16,
}

/// An indicator: patients' in-scope self-pay as a share of in-scope cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// Its number.
    pub rule: RuleId,
    /// Persons.
    pub who: Who,
    /// Identities.
    pub categories: u32,
    /// Claims.
    pub when: When,
    /// The share that should not be exceeded.
    pub at_most: Ratio,
}

/// Second assistance out of the fund's surplus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondAssistance {
    /// Its number.
    pub rule: RuleId,
    /// Identities.
    pub categories: u32,
    /// Self-pay of the year from which a person is considered.
    pub threshold: Fen,
    /// Share paid above it.
    pub ratio: Ratio,
    /// Annual cap a person.
    pub cap: Fen,
    /// The funder whose surplus limits it.
    pub funder: u8,
}

/// One funder's share of a rule's payments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FunderShare {
    /// Position in [`super::names::Names::funders`].
    pub funder: u8,
    /// Its share; the last funder takes what the others leave.
    pub share: Ratio,
}

/// The individual contribution of one group of residents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contribution {
    /// Youngest age.
    pub age_from: u8,
    /// First age that is too old.
    pub age_below: u8,
    /// Sex, where it matters.
    pub sex: Option<Sex>,
    /// Per person and year.
    pub amount: Fen,
}

/// One policy compiled for one county and one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Categories that the policy assists.
    pub assisted: u32,
    /// The out-of-catalogue limit, where there is one.
    pub out_of_catalogue: Option<OutOfCatalogueLimit>,
    /// Basic insurance by [`Insurance`].
    pub basic: [Basic; 2],
    /// Kinds that count for critical-illness insurance, as a bit set.
    pub critical_kinds: u8,
    /// Kinds of insurance that have it, as a bit set.
    pub critical_insurance: u8,
    /// Critical-illness schedule by category; the last one is for ordinary residents.
    pub critical: Vec<Critical>,
    /// Regular assistance by category; the last list is for ordinary residents.
    pub assistance: Vec<Vec<Assistance>>,
    /// The pools whose running sums and caps are those of a household, in which rules of the year count.
    pub household_pools: Vec<usize>,
    /// Whether any amount goes by the number of a household's members: the schedule is that of one number.
    pub by_household_size: bool,
    /// The adjustments of regular assistance that hold for the whole year once a line is passed.
    pub once: Vec<Adjustment>,
    /// Tilt assistance.
    pub tilts: Vec<Tilt>,
    /// Assistance on application.
    pub applications: Vec<Application>,
    /// Contribution subsidies.
    pub subsidies: Vec<Subsidy>,
    /// Who is subsidised when.
    pub enrolment: super::subsidy::Enrolment,
    /// Which year a stay belongs to that lasts beyond the end of a year.
    pub over_new_year: super::claim::OverNewYear,
    /// Watch lists.
    pub watches: Vec<Watch>,
    /// Indicators.
    pub indicators: Vec<Indicator>,
    /// Second assistance.
    pub second_assistance: Vec<SecondAssistance>,
    /// Who pays each rule, by [`RuleId`]; empty for insurers and hospitals.
    pub funders: Vec<Vec<FunderShare>>,
    /// Individual contributions; the first group that fits applies.
    pub contributions: Vec<Contribution>,
}

impl Schedule {
    /// The row of a category in [`Self::critical`] and [`Self::assistance`].
    #[must_use]
    #[inline]
    pub fn row(&self, category: Category) -> usize {
        usize::from(category.0).min(self.critical.len() - 1)
    }

    /// Splits a payment of a rule among its funders, see [`split_among`](super::split::split_among).
    pub fn split(&self, rule: RuleId, amount: Fen, book: impl FnMut(u8, Fen)) {
        super::split::split_among(&self.funders[usize::from(rule.0)], amount, book);
    }

    /// Basic insurance of an insurance kind.
    #[must_use]
    #[inline]
    pub fn basic(&self, insurance: Insurance) -> &Basic {
        &self.basic[insurance.index()]
    }
}

/// The rules of one year in one county: which schedule holds in which month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearRules {
    /// The year.
    pub year: u16,
    /// Schedules in the order in which they come into force.
    pub schedules: Vec<Schedule>,
    /// The schedule of each month, January first.
    pub by_month: [u8; 12],
    /// By schedule: the first one whose claims its tilts count, mostly itself.
    pub tilts_count_from: Vec<u8>,
}

impl YearRules {
    /// Every rule of every schedule of the year.
    pub fn rules(&self) -> impl Iterator<Item = super::rules::Head<'_>> {
        self.schedules.iter().flat_map(Schedule::rules)
    }

    /// The number of the schedule of a month.
    #[must_use]
    #[inline]
    pub fn number_in(&self, month: Month) -> usize {
        usize::from(self.by_month[usize::from(month.of_year()) - 1])
    }

    /// The schedule of the coverage year: the one in force at its end, because the documents speak of whole
    /// coverage years.
    #[must_use]
    pub fn of_coverage_year(&self) -> &Schedule {
        &self.schedules[usize::from(self.by_month[11])]
    }
}
