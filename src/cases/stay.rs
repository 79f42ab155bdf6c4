//! Stays that are billed in several claims (中途结算): one deductible, one number among the stays of the year.

use super::field::CaseFault;
use super::typed::{Group, Reader};
use crate::policy::claim::{Claim, Kind};
use crate::units::Day;

/// A bill of a stay.
struct Part {
    /// Its name.
    name: String,
    claim: Claim,
    /// The day of discharge, where it was typed.
    until: Option<Day>,
}

/// The stays that bills name, in the order in which they are first named.
#[derive(Default)]
pub(super) struct PartsOfStays(Vec<(String, Vec<Part>)>);

impl Reader<'_> {
    /// The number of the stay that a bill is a part of, counted from 1; 0 for a bill by itself.
    pub(super) fn part_of_stay(
        &mut self,
        group: Group<'_>,
        (name, bill): (&str, &Claim),
        parts: &mut PartsOfStays,
    ) -> u8 {
        let Some(stay) = self.text(group, "stay", false) else { return 0 };
        if bill.kind != Kind::Inpatient {
            self.fault(
                group,
                "stay",
                "joins the bills of one stay in hospital: only `inpatient` claims have it",
            );
            return 0;
        }
        let known = parts.0.iter().position(|(known, _)| known == stay);
        let at = known.unwrap_or_else(|| {
            parts.0.push((stay.to_owned(), Vec::new()));
            parts.0.len() - 1
        });
        let of = &mut parts.0[at].1;
        self.same_hospital(group, bill, of.first());
        self.follows(group, bill, of);
        let until = group.get("discharged").map(|_| bill.discharged);
        of.push(Part { name: name.to_owned(), claim: *bill, until });
        u8::try_from(at + 1).unwrap_or_else(|_| {
            self.fault(group, "stay", "a case may name at most 255 stays");
            0
        })
    }

    /// The bills of one stay are of one hospital, referral and disease.
    fn same_hospital(&mut self, group: Group<'_>, claim: &Claim, first: Option<&Part>) {
        let Some(first) = first else { return };
        let other = &first.claim;
        let differs = [
            ("level", claim.level != other.level),
            ("place", claim.locality != other.locality),
            ("referred", claim.referred != other.referred),
            ("disease", claim.disease != other.disease),
        ];
        for (field, _) in differs.into_iter().filter(|(_, differs)| *differs) {
            let allowed = format!("must be as in the bill {:?} of the same stay", first.name);
            self.fault(group, field, allowed);
        }
    }

    /// A bill that begins long after the one before hardly belongs to the same stay.
    fn follows(&mut self, group: Group<'_>, claim: &Claim, of: &[Part]) {
        let before = of.iter().filter(|part| part.claim.admitted <= claim.admitted);
        let Some(last) = before.max_by_key(|part| part.claim.admitted) else { return };
        let Some(until) = last.until.filter(|until| claim.admitted.days_since(*until) > 1) else { return };
        self.warnings.push(CaseFault {
            allowed: format!(
                "begins {} days after the end of the bill {:?} of the same stay, {until}; both were settled as one stay",
                claim.admitted.days_since(until),
                last.name
            ),
            ..group.fault("admitted", "")
        });
    }
}
