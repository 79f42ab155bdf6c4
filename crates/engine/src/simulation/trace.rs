//! Who got what: the payments of a book person by person, kept while somebody wants to know.
//!
//! A person has the same name in every lane, however the lane came to settle the person: as a resident without an
//! identity, as a recruit, by an application of last year's bills or by a stay that was carried over New Year.

use super::household::OF_LAST_YEAR;
use super::new_year::OF_CARRIED;
use super::scene::ORDINARY_KEY;
use crate::policy::rule::Family;

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
    },
    /// A part of the contribution, booked to a cell.
    Contribution {
        /// The line and who pays.
        cell: usize,
    },
    /// Payments of the insurances.
    Insurance,
    /// What hospitals bear, and what is paid by nobody whom the plan knows.
    Elsewhere,
    /// What is left to the person of the bills.
    SelfPay,
}

impl Got {
    /// By a rule of a family, booked to a cell.
    pub const fn booked(family: Family, cell: usize) -> Self {
        match family {
            Family::Subsidy => Self::Contribution { cell },
            _ => Self::OnBills { cell },
        }
    }

    /// By a rule of a family whose payments are booked to no cell.
    pub const fn unbooked(family: Family) -> Self {
        match family {
            Family::Basic | Family::Critical | Family::CriticalTilt => Self::Insurance,
            _ => Self::Elsewhere,
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
    /// Fen for each person for whom the person stands; less than nothing where it is taken back.
    pub fen: i64,
}

/// What is written down of a book while somebody wants to know who got what.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Trace {
    /// Whose year is being booked.
    pub person: Option<PersonId>,
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
