//! A person's claims of a year after their settlement, as the application of the household looks at them.

use std::collections::BTreeMap;

use crate::policy::claim::Claim;
use crate::policy::settle::{EarlierClaim, Work};
use crate::policy::year_end::self_pay_after_tilt;
use crate::units::{Fen, Month};

/// A person's settled claims, by day, and what each of them left to the person in scope.
#[derive(Debug, Clone, Default)]
pub struct SettledClaims {
    /// Kind, setting and months.
    pub claims: Vec<Claim>,
    /// What each left in scope.
    pub left: Vec<Fen>,
    /// What each left in scope and outside it.
    pub self_pay: Vec<Fen>,
    /// Whether any assistance was paid on them.
    pub assisted: bool,
}

impl SettledClaims {
    /// What the patient pays by the month of the bill.
    pub(super) fn bills(&self) -> BTreeMap<Month, Fen> {
        by_month(&self.claims, self.self_pay.iter().copied())
    }

    /// The claims as a later application sees them.
    pub(super) fn earlier(&self) -> impl Iterator<Item = EarlierClaim> + '_ {
        let some = self.claims.iter().zip(&self.left).filter(|(_, left)| **left > Fen::ZERO);
        some.map(|(claim, &self_pay)| EarlierClaim::of(claim, claim.admitted.month.year(), self_pay))
    }
}

/// What claims left to the patient, by the month of the bill.
pub(super) fn by_month(claims: &[Claim], self_pay: impl Iterator<Item = Fen>) -> BTreeMap<Month, Fen> {
    let mut bills = BTreeMap::new();
    for (claim, self_pay) in claims.iter().zip(self_pay) {
        *bills.entry(claim.discharged.month).or_default() += self_pay;
    }
    bills
}

/// In-scope self-pay by claim after tilt assistance, for the window of later applications.
pub(super) fn earlier_claims<'w>(
    work: &'w Work,
    (year, claims): (u16, &'w [Claim]),
) -> impl Iterator<Item = EarlierClaim> + 'w {
    let left = |(index, _): &(usize, &Claim)| work.settled[*index].patient_in_scope > Fen::ZERO;
    let some = claims.iter().enumerate().filter(left);
    some.map(move |(index, claim)| EarlierClaim::of(claim, year, self_pay_after_tilt(work, index)))
}
