//! What payments were worked out from, for explanations.

use super::claim::Category;
use super::cut_off::CutOff;
use super::schedule::When;
use super::settle::{EarlierClaim, Formula, PoolState};
use crate::units::{Fen, Month, Ratio};

/// What one payment was worked out from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parts {
    /// Of a target-ratio tilt: its groups that reached the trigger.
    Targets(Vec<TopUp>),
    /// Of assistance on what caps cut off.
    CutOff(Vec<CutOff>),
    /// Of an application.
    Window(Window),
}

/// What another identity held would have been paid in the place of the one that was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OtherIdentity {
    /// The identity.
    pub category: Category,
    /// The amount.
    pub amount: Fen,
}

/// One group of a target-ratio tilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopUp {
    /// The share of the in-scope cost to be reached.
    pub target: Ratio,
    /// The in-scope cost of the group.
    pub in_scope: Fen,
    /// What was paid of it already.
    pub paid: Fen,
}

/// The window of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Its first month.
    pub first: Month,
    /// Its last month: that of the recognition, or December of the year before.
    pub last: Month,
    /// The claims that count.
    pub when: When,
    /// In-scope self-pay of the year's claims within, before tilt assistance.
    pub self_pay: Fen,
    /// What an earlier rule of application paid.
    pub paid: Fen,
    /// In-scope self-pay of earlier claims of the other members of a household, whose sums count together.
    pub earlier_of_others: Fen,
    /// The parts of tilt payments that are taken off.
    pub tilts: Vec<TiltPart>,
    /// Of a rule with two windows: the one that would not pay more.
    pub other: Option<OtherWindow>,
}

/// A window that another one is taken before, and what it would pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OtherWindow {
    /// Its first month.
    pub first: Month,
    /// Its last month.
    pub last: Month,
    /// What would be paid.
    pub amount: Fen,
}

impl Window {
    /// Whether a claim of a year before counts.
    #[must_use]
    pub fn reaches(&self, claim: &EarlierClaim) -> bool {
        (self.first..=self.last).contains(&claim.admitted)
            && self.when.includes(claim.kind, claim.setting, claim.disease)
    }
}

/// The part of a tilt payment that falls on claims: `paid × counted / all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TiltPart {
    /// The payment.
    pub paid: Fen,
    /// Self-pay of its claims that count.
    pub counted: Fen,
    /// Self-pay of all its claims.
    pub all: Fen,
}

/// A pool whose sums a household shares: what of them is whose, by the members in the order of the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdPool {
    /// Position in [`super::names::Names::pools`].
    pub pool: usize,
    /// The sums of each member.
    pub own: Vec<PoolState>,
}

/// A payment to a household, of which each member has a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdPart {
    /// How the whole came about.
    pub formula: Formula,
    /// The whole.
    pub paid: Fen,
    /// The self-pay of each member that counted, by the members in the order of the input.
    pub own: Vec<Fen>,
}
