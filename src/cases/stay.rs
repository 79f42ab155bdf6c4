//! Stays that are billed in several claims (中途结算): one deductible, one number among the stays of the year.

use std::collections::BTreeMap;

use super::typed::{Group, Reader};
use crate::lang::Words;
use crate::policy::claim::{Claim, Kind};
use crate::units::Day;

/// A bill of a stay.
#[derive(Clone)]
struct Part {
    /// Its name.
    name: String,
    claim: Claim,
    /// The day of discharge, where it was typed.
    until: Option<Day>,
}

/// The stays that bills name, in the order in which they are first named.
#[derive(Default)]
pub(super) struct PartsOfStays {
    /// By the name of the stay, its number from 0.
    numbers: BTreeMap<String, usize>,
    stays: Vec<BillsOfStay>,
}

/// The bills of one stay.
#[derive(Default)]
struct BillsOfStay {
    /// The bill that names the stay first.
    first: Option<Part>,
    /// By the day of admission, the last that was typed.
    by_admission: BTreeMap<Day, Part>,
}

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
            let allowed = Words::new(
                "连接同一次住院的几笔费用：只有住院（`inpatient`）费用才填",
                "joins the bills of one stay in hospital: only `inpatient` claims have it",
            );
            self.fault(group, "stay", allowed);
            return 0;
        }
        let at = *parts.numbers.entry(stay.to_owned()).or_insert(parts.stays.len());
        if at == parts.stays.len() {
            parts.stays.push(BillsOfStay::default());
        }
        let of = &mut parts.stays[at];
        self.same_hospital(group, bill, of.first.as_ref());
        self.follows(group, bill, of);
        let until = group.get("discharged").map(|_| bill.discharged);
        let part = Part { name: name.to_owned(), claim: *bill, until };
        of.first.get_or_insert_with(|| part.clone());
        of.by_admission.insert(bill.admitted, part);
        u8::try_from(at + 1).unwrap_or_else(|_| {
            let allowed = Words::new("一个个案最多255次住院", "a case may name at most 255 stays");
            self.fault(group, "stay", allowed);
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
            let allowed = Words::new(
                format!("须与同一次住院的费用 {:?} 相同", first.name),
                format!("must be as in the bill {:?} of the same stay", first.name),
            );
            self.fault(group, field, allowed);
        }
    }

    /// A bill that begins long after the one before hardly belongs to the same stay.
    fn follows(&mut self, group: Group<'_>, claim: &Claim, of: &BillsOfStay) {
        let Some((_, last)) = of.by_admission.range(..=claim.admitted).next_back() else { return };
        let Some(until) = last.until.filter(|until| claim.admitted.days_since(*until) > 1) else { return };
        let (days, name) = (claim.admitted.days_since(until), &last.name);
        let allowed = Words::new(
            format!("在同一次住院的费用 {name:?} 于 {until} 结束之后{days}天才开始；两笔按一次住院结算"),
            format!(
                "begins {days} days after the end of the bill {name:?} of the same stay, {until}; both were settled as one stay"
            ),
        );
        self.warnings.push(group.fault("admitted", allowed));
    }
}
