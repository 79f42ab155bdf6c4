//! Who got what: the payments of a book person by person, kept while somebody wants to know.
//!
//! Each entry says when it falls due and on what it is paid, so that it is known which payments wait when a fund's money
//! is gone.
//!
//! A person has the same name in every lane, however the lane came to settle the person: as a resident without an
//! identity, as a recruit, by an application of last year's bills or by a stay that was carried over New Year.

use super::counts::Weights;
use super::household::OF_LAST_YEAR;
use super::new_year::OF_CARRIED;
use super::scene::ORDINARY_KEY;
use crate::policy::claim::Claim;
use crate::policy::rule::Family;
use crate::policy::schedule::RuleId;

/// Somebody, the same in every lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PersonId {
    /// A person of the synthetic population, by row.
    Holder(u32),
    /// A resident without an identity, by the year in which the person was drawn and the key in that year.
    Resident {
        /// The year.
        year: u16,
        /// The key.
        key: u32,
    },
}

impl PersonId {
    /// For how many persons a person stands.
    pub(super) fn weight(self, weights: &Weights) -> i64 {
        match self {
            Self::Holder(row) => weights.of(row as usize),
            Self::Resident { .. } => 1,
        }
    }

    /// The resident whom a key names in a year: of who is followed by last year's bills, or by a stay of last year, the
    /// key of that year.
    pub(super) const fn resident(mut year: u16, key: u32) -> Self {
        let mut key = key & !ORDINARY_KEY;
        if key & OF_LAST_YEAR != 0 {
            (year, key) = (year - 1, key & !OF_LAST_YEAR);
        }
        if key & OF_CARRIED != 0 {
            (year, key) = (year - 1, key & !OF_CARRIED);
        }
        Self::Resident { year, key }
    }
}

/// What a person got, or bears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Got {
    /// Assistance on bills and at the year's end, booked to a cell.
    OnBills {
        /// The line and who pays.
        cell: usize,
        /// When it falls due: January 0; [`AFTER_THE_YEAR`](super::facts::AFTER_THE_YEAR).
        month: usize,
        /// Whether it is tilt assistance.
        tilt: bool,
    },
    /// A part of the contribution, booked to a cell.
    Contribution {
        /// The line and who pays.
        cell: usize,
        /// When it falls due: January 0.
        month: usize,
    },
    /// Payments of the insurances.
    Insurance {
        /// Whether it is critical-illness insurance.
        critical: bool,
    },
    /// What hospitals bear, and what is paid by nobody whom the plan knows.
    Elsewhere,
    /// What is left to the person of the bills.
    SelfPay,
}

impl Got {
    /// By a rule of a family, booked to a cell.
    pub const fn booked(family: Family, (cell, month): (usize, usize)) -> Self {
        match family {
            Family::Subsidy => Self::Contribution { cell, month },
            _ => Self::OnBills { cell, month, tilt: matches!(family, Family::Tilt) },
        }
    }

    /// By a rule of a family whose payments are booked to no cell.
    pub const fn unbooked(family: Family) -> Self {
        match family {
            Family::Basic => Self::Insurance { critical: false },
            Family::Critical | Family::CriticalTilt => Self::Insurance { critical: true },
            _ => Self::Elsewhere,
        }
    }
}

/// On what a payment is made: all that a payer gives a person on one of these is one payment. Settlements of a replicate
/// are numbered, so that claims of different persons and years are told apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PaidOn {
    /// The contribution of the year.
    #[default]
    Contribution,
    /// A claim.
    Claim {
        /// The number of the settlement.
        settlement: u64,
        /// Position among its claims.
        number: usize,
        /// The day of the month of the discharge.
        day: u8,
    },
    /// What a rule gives when the year is over.
    YearEnd {
        /// The number of the settlement.
        settlement: u64,
        /// The rule.
        rule: RuleId,
    },
    /// An application.
    Application {
        /// The number of the settlement.
        settlement: u64,
    },
}

impl PaidOn {
    /// By a settlement: on a claim, given by its position, or when the year is over.
    #[inline]
    pub fn of_settlement(settlement: u64, (rule, claim): (RuleId, Option<(usize, &Claim)>)) -> Self {
        match claim {
            Some((number, claim)) => Self::Claim { settlement, number, day: claim.discharged.of_month },
            None => Self::YearEnd { settlement, rule },
        }
    }

    /// The day of the month from which the payment is owed: of a contribution before all others, of a claim that of the
    /// discharge, of what has no day after all others.
    pub const fn day(self) -> u8 {
        match self {
            Self::Contribution => 0,
            Self::Claim { day, .. } => day,
            Self::YearEnd { .. } | Self::Application { .. } => u8::MAX,
        }
    }
}

/// Something that somebody got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// Who; nobody where a payment was booked for many at once.
    pub person: Option<PersonId>,
    /// What.
    pub got: Got,
    /// On what it was paid; of what is booked to no cell it says nothing.
    pub on: PaidOn,
    /// Fen for each person for whom the person stands; less than nothing where it is taken back.
    pub fen: i64,
}

/// What is written down of a book while somebody wants to know who got what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Trace {
    /// Whose year is being booked.
    pub person: Option<PersonId>,
    /// On what is being paid.
    pub on: PaidOn,
    /// What was booked, in order.
    pub entries: Vec<Entry>,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One resident by four ways: drawn in 2023, by the bills of 2023 in 2024, by a stay carried into 2024, and by the
    /// bills of that stay in 2025.
    #[test]
    fn exact_a_resident_has_one_name_in_every_year() {
        let drawn = PersonId::resident(2023, ORDINARY_KEY | 77);
        assert_eq!(drawn, PersonId::Resident { year: 2023, key: 77 });
        assert_eq!(drawn, PersonId::resident(2024, ORDINARY_KEY | OF_LAST_YEAR | 77));
        assert_eq!(drawn, PersonId::resident(2024, ORDINARY_KEY | OF_CARRIED | 77));
        assert_eq!(drawn, PersonId::resident(2025, ORDINARY_KEY | OF_CARRIED | OF_LAST_YEAR | 77));
        assert_ne!(drawn, PersonId::resident(2024, ORDINARY_KEY | 77));
    }
}
