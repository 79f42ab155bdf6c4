//! Basic insurance by kind of claim: what residents and employees are covered for.

use indexmap::IndexMap;

use super::policy::{Basic, BasicInsurances, BasicKind, BasicPool, EmployeeBasic};
use crate::policy::claim::{Insurance, Kind};

/// Basic insurance of one kind of insurance, by kind of claim.
#[derive(Debug, Clone, Copy)]
pub struct Kinds<'a> {
    /// What each kind of claim has; none where it is not covered.
    pub kinds: [Option<&'a BasicKind>; 4],
    /// Kinds that share a deductible or a cap.
    pub pools: &'a IndexMap<String, BasicPool>,
}

impl<'a> Kinds<'a> {
    /// The kinds that are covered.
    pub fn covered(&self) -> impl Iterator<Item = (Kind, &'a BasicKind)> + use<'a> {
        Kind::ALL.iter().copied().zip(self.kinds).filter_map(|(kind, raw)| Some((kind, raw?)))
    }
}

impl BasicInsurances {
    /// What an insurance covers: that of employees what residents have, where it is like theirs.
    #[must_use]
    pub fn settled(&self, insurance: Insurance) -> Kinds<'_> {
        let Self { resident, employee } = self;
        match insurance {
            Insurance::Employee if employee.like_resident.is_none() => employee.kinds(),
            Insurance::Employee | Insurance::Resident => resident.kinds(),
        }
    }
}

impl Basic {
    /// What is covered.
    #[must_use]
    pub fn kinds(&self) -> Kinds<'_> {
        let Self { annual_cap_yuan: _, inpatient, outpatient, outpatient_chronic, outpatient_major, pool } =
            self;
        let kinds = [inpatient, outpatient, outpatient_chronic, outpatient_major];
        Kinds { kinds: kinds.map(Option::as_ref), pools: pool }
    }
}

impl EmployeeBasic {
    /// What is covered by values of its own.
    #[must_use]
    pub fn kinds(&self) -> Kinds<'_> {
        let Self {
            like_resident: _,
            annual_cap_yuan: _,
            inpatient,
            outpatient,
            outpatient_chronic,
            outpatient_major,
            pool,
        } = self;
        let kinds = [inpatient, outpatient, outpatient_chronic, outpatient_major];
        Kinds { kinds: kinds.map(Option::as_ref), pools: pool }
    }
}
