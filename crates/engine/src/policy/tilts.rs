//! The compiled form of tilt assistance at the year's end.

use super::claim::Category;
use super::schedule::{Band, PoolCap, RuleId, SelfPayRange, When, Who};
use super::sums::SumsOf;
use crate::units::{Fen, Ratio};

/// A group of claims and the share of its in-scope cost that is to be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetGroup {
    /// Bit set of kinds.
    pub kinds: u8,
    /// The share to be reached.
    pub target: Ratio,
}

/// What the trigger of a target-ratio tilt is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TriggerOn {
    /// The self-pay over all groups together.
    AllGroups,
    /// The self-pay of each group: only a group that reaches it is topped up.
    EachGroup,
}

/// What the annual cap of a tilt bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CapCounts {
    /// All assistance of the year together.
    AllAssistance,
    /// The tilt alone.
    TiltAlone,
}

/// The caps of a tilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TiltCap {
    /// Annual cap.
    pub cap: Fen,
    /// What it bounds.
    pub counts: CapCounts,
    /// A pool of regular assistance in which the payments count too, with its cap over both.
    pub within: Option<PoolCap>,
}

impl TiltCap {
    /// No cap.
    pub const NONE: Self = Self { cap: Fen::UNBOUNDED, counts: CapCounts::TiltAlone, within: None };
}

/// The shape of a year-end tilt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TiltShape {
    /// Top up each group to a target ratio.
    TargetRatio {
        /// Groups in the order in which they are topped up.
        groups: Vec<TargetGroup>,
        /// In-scope self-pay over all groups from which it starts.
        trigger: Fen,
        /// What the trigger is held against.
        trigger_on: TriggerOn,
        /// Only claims of which regular assistance left so much.
        each: SelfPayRange,
        /// What bounds it.
        limit: TiltCap,
    },
    /// A share of the self-pay above a threshold.
    ExcessRatio {
        /// Bands from the threshold upwards; one where the share is the same for all.
        bands: Vec<Band>,
        /// The threshold.
        threshold: Fen,
        /// Only what the caps of this pool cut off counts, instead of the self-pay.
        beyond_cap_of: Option<usize>,
        /// Only claims of which regular assistance left so much.
        each: SelfPayRange,
        /// What bounds it.
        limit: TiltCap,
    },
}

impl TiltShape {
    /// What bounds it.
    #[must_use]
    pub const fn limit(&self) -> &TiltCap {
        match self {
            Self::TargetRatio { limit, .. } | Self::ExcessRatio { limit, .. } => limit,
        }
    }

    /// What regular assistance has to have left of a claim that counts.
    #[must_use]
    pub const fn each(&self) -> SelfPayRange {
        match self {
            Self::TargetRatio { each, .. } | Self::ExcessRatio { each, .. } => *each,
        }
    }
}

/// One rule of tilt assistance at the year's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tilt {
    /// Its number.
    pub rule: RuleId,
    /// Persons.
    pub who: Who,
    /// Identities that have it.
    pub categories: u32,
    /// Claims that count.
    pub when: When,
    /// Whose sums the threshold or trigger and the cap are held against.
    pub sums_of: SumsOf,
    /// Its shape by category, best first; a single one where all have the same.
    pub shapes: Vec<(u32, TiltShape)>,
}

impl Tilt {
    /// The shapes for a person who held these identities, each with the best-ranked one that has it, by rank.
    pub fn shapes_of(&self, held: u32) -> impl Iterator<Item = (Category, &TiltShape)> {
        Category::all_of(held & self.categories).filter_map(move |category| {
            let (of, shape) = self.shapes.iter().find(|(of, _)| of & category.bit() != 0)?;
            ((held & of).trailing_zeros() == u32::from(category.0)).then_some((category, shape))
        })
    }
}
