//! Money in = money out, held for every settlement in every build: the payers and the patient together bear the bills,
//! and nobody bears less than nothing.

use super::settle::{Case, SettledClaim, Work};
use crate::lang::Words;
use crate::units::Fen;

/// A settlement that does not add up: rules that contradict each other, or a mistake of the program. Its amounts must
/// not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the settlement of {year} does not add up: of bills of {bills} (with {earlier} left of earlier ones) the payers bear {paid} and the patient {patient}"
)]
pub struct Imbalance {
    /// The year.
    pub year: u16,
    /// The bills of the year.
    pub bills: Fen,
    /// What was left of the bills of the years before that an application can reach.
    pub earlier: Fen,
    /// What the payers bear.
    pub paid: Fen,
    /// What is left to the patient.
    pub patient: Fen,
}

impl Imbalance {
    /// The same in both languages.
    #[must_use]
    pub fn words(&self) -> Words {
        let Self { year, bills, earlier, paid, patient } = self;
        Words::new(
            format!(
                "{year}年的结算收支不平：费用{bills}元（以前年度余下{earlier}元），各支付方承担{paid}元，个人负担{patient}元"
            ),
            self.to_string(),
        )
    }
}

/// Looks at the whole year of a person; nothing where it adds up.
pub(super) fn of_year(year: u16, case: &Case<'_>, work: &Work) -> Option<Imbalance> {
    let (mut bills, mut paid, mut patient, mut in_scope) = (Fen::ZERO, Fen::ZERO, Fen::ZERO, Fen::ZERO);
    let mut sound = true;
    for (claim, settled) in case.claims.iter().zip(&work.settled) {
        bills += claim.total;
        paid += settled.basic + settled.critical + settled.other + settled.assistance + settled.provider;
        in_scope += settled.patient_in_scope;
        patient += settled.patient_in_scope + settled.patient_out_of_scope;
        sound &= bears_nothing_negative(settled);
    }
    let earlier: Fen = case.earlier.iter().map(|claim| claim.self_pay).sum();
    let (paid, patient) = (paid + work.year_end, patient + earlier - work.year_end);
    sound &= in_scope + earlier >= work.year_end && paid + patient == bills + earlier;
    (!sound).then_some(Imbalance { year, bills, earlier, paid, patient })
}

/// Looks at an application that was settled alone: it pays at most what was left.
pub(super) fn of_application(year: u16, case: &Case<'_>, work: &Work) -> Option<Imbalance> {
    let left: Fen = work.settled.iter().map(|claim| claim.patient_in_scope).sum();
    let earlier: Fen = case.earlier.iter().map(|claim| claim.self_pay).sum();
    let (bills, paid, patient) = (left, work.year_end, left + earlier - work.year_end);
    (patient < Fen::ZERO).then_some(Imbalance { year, bills, earlier, paid, patient })
}

fn bears_nothing_negative(claim: &SettledClaim) -> bool {
    let SettledClaim {
        basic,
        critical,
        other,
        assistance,
        provider,
        patient_in_scope,
        patient_out_of_scope,
        ..
    } = claim;
    [basic, critical, other, assistance, provider, patient_in_scope, patient_out_of_scope]
        .into_iter()
        .all(|part| *part >= Fen::ZERO)
}
