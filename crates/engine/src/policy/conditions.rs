//! What rules ask of persons and of claims.

use super::claim::{Disease, Kind, Person};
use super::rules::{Head, Stage};
use super::schedule::{Schedule, Setting};

/// Which persons a rule is for, apart from their category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    /// Traits that must all be there.
    pub traits: u32,
    /// Traits none of which may be there.
    pub without_traits: u32,
    /// Youngest age.
    pub age_from: u8,
    /// First age that is too old.
    pub age_below: u8,
    /// Bit set of the kinds of insurance.
    pub insurance: u8,
}

impl Who {
    /// Everybody.
    pub const ANYONE: Self =
        Self { traits: 0, without_traits: 0, age_from: 0, age_below: u8::MAX, insurance: u8::MAX };

    /// Whether the rule is for this person.
    #[must_use]
    #[inline]
    pub fn includes(&self, person: &Person<'_>) -> bool {
        person.traits & self.traits == self.traits
            && person.traits & self.without_traits == 0
            && (self.age_from..self.age_below).contains(&person.age)
            && self.insurance & (1 << person.insurance as u8) != 0
    }

    /// Whether some person of the same category is for both rules.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let contrary = self.traits & other.without_traits | other.traits & self.without_traits;
        contrary == 0
            && self.age_from.max(other.age_from) < self.age_below.min(other.age_below)
            && self.insurance & other.insurance & 0b11 != 0
    }
}

/// Which claims a rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    /// Bit set of kinds.
    pub kinds: u8,
    /// Bit set of settings.
    pub settings: u32,
    /// Bit set of diseases, no listed disease among them.
    pub diseases: u64,
}

impl When {
    /// Every claim.
    pub const ALWAYS: Self = Self { kinds: u8::MAX, settings: u32::MAX, diseases: u64::MAX };

    /// Whether the rule is for this claim.
    #[must_use]
    #[inline]
    pub fn includes(&self, kind: Kind, setting: Setting, disease: Disease) -> bool {
        self.kinds & (1 << kind as u8) != 0
            && self.settings & (1 << setting.0) != 0
            && self.diseases & disease.bit() != 0
    }

    /// Whether the disease of a claim matters.
    #[must_use]
    pub fn asks_for_disease(&self) -> bool {
        self.diseases != u64::MAX
    }

    /// Whether some claim is for both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.kinds & other.kinds & 0b1111 != 0
            && self.settings & other.settings != 0
            && self.diseases & other.diseases != 0
    }
}

impl Schedule {
    /// Everything that asks who a person is, identities aside, for claims settled under a row.
    pub fn conditions_of(&self, row: usize) -> impl Iterator<Item = &Who> {
        let of_row =
            move |rule: &Head<'_>| rule.stage == Stage::Claims && rule.row.is_none_or(|of| of == row);
        self.rules().filter(of_row).filter_map(|rule| rule.who)
    }

    /// Everything that asks who a person is, identities aside, for the bills of a year.
    pub fn conditions(&self) -> impl Iterator<Item = &Who> {
        let on_bills = |rule: &Head<'_>| !matches!(rule.stage, Stage::Application | Stage::Contribution);
        self.rules().filter(on_bills).filter_map(|rule| rule.who)
    }

    /// Whether the disease of a claim matters to any rule.
    #[must_use]
    pub fn asks_for_disease(&self) -> bool {
        self.rules().flat_map(Head::claims_asked_for).any(When::asks_for_disease)
    }
}
