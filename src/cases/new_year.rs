//! Stays over New Year: which year a bill belongs to, and which part of it.

use super::bills::{Bill, EARLIER_YEARS};
use super::typed::{Group, Reader};
use crate::policy::claim::OverNewYear;
use crate::units::{Day, Fen};

/// The part of a bill that belongs to the case's year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartOfBill {
    /// The whole bill.
    pub total: Fen,
    /// Days of the stay in the year, those of admission and of discharge counted.
    pub days: i64,
    /// Days of the whole stay.
    pub of_days: i64,
}

impl Reader<'_> {
    /// Looks whether a bill belongs to the case's year; of one that is split, cuts it to its part.
    pub(super) fn of_year(
        &mut self,
        group: Group<'_>,
        bill: &mut Bill,
        year: Option<u16>,
    ) -> Option<PartOfBill> {
        let year = year?;
        let (from, to) = (bill.claim.admitted.month.year(), bill.claim.discharged.month.year());
        let over = bill.claim.is_over_new_year();
        let rule = self.scenario.over_new_year(from);
        match rule {
            OverNewYear::ByDischarge if over && to == year => None,
            OverNewYear::ByDischarge if over && from == year => {
                let allowed = format!(
                    "is of {to}: by this policy a stay over New Year belongs to the year of discharge, so to the case of {to}"
                );
                self.fault(group, "discharged", allowed);
                None
            }
            OverNewYear::Split if over && to > from + 1 => {
                self.fault(group, "discharged", "a stay over two New Years is typed as bills of each year");
                None
            }
            OverNewYear::Split if over && (from == year || to == year) => Some(bill.cut(from == year)),
            _ => {
                self.in_year(group, (bill.claim.admitted, year), (over && to == year).then_some(rule));
                None
            }
        }
    }

    /// The year that a bill of the years before belongs to.
    pub(super) fn year_of_earlier(
        &mut self,
        group: Group<'_>,
        (bill, self_pay): (&Bill, Option<Fen>),
    ) -> u16 {
        let (from, to) = (bill.claim.admitted.month.year(), bill.claim.discharged.month.year());
        let over = bill.claim.is_over_new_year();
        match self.scenario.over_new_year(from) {
            OverNewYear::ByDischarge if over => to,
            OverNewYear::Split if over && self_pay.is_none() => {
                let allowed =
                    "by this policy a stay over New Year is split: type the days of each year as a bill";
                self.fault(group, "discharged", allowed);
                from
            }
            _ => from,
        }
    }

    /// Whether a bill belongs to one of the years before the case's that an application can reach.
    pub(super) fn in_years_before(
        &mut self,
        group: Group<'_>,
        (bill, counts): (&Bill, u16),
        year: Option<u16>,
    ) -> bool {
        let Some(year) = year else { return false };
        let inside = (1..=EARLIER_YEARS).any(|n| counts + n == year);
        if !inside {
            let (first, last) = (year - EARLIER_YEARS, year - 1);
            let hint = if counts != bill.claim.admitted.month.year() && counts == year {
                "; by this policy a stay over New Year belongs to the year of discharge, so to `claims`"
            } else {
                ""
            };
            let allowed = format!("must be a day of the years before the case's, {first} or {last}{hint}");
            self.fault(group, "admitted", allowed);
        }
        inside
    }

    fn in_year(&mut self, group: Group<'_>, (admitted, year): (Day, u16), over: Option<OverNewYear>) {
        let from = admitted.month.year();
        if from == year {
            return;
        }
        let before = (1..=EARLIER_YEARS).any(|n| from + n == year);
        let hint = match over {
            Some(_) => {
                format!("; by this policy a stay over New Year belongs to the year of admission, {from}")
            }
            None if before => "; claims before it count for an application alone, as `earlier`".to_owned(),
            None => String::new(),
        };
        self.fault(group, "admitted", format!("must be a day of the case's year {year}{hint}"));
    }
}

impl Bill {
    /// Leaves of the bill the days until New Year, or those after it; the two parts add up to the bill.
    fn cut(&mut self, first: bool) -> PartOfBill {
        let split = self.claim.split_at_new_year();
        let total = self.claim.total;
        let (claim, days) =
            if first { (split.until, split.days_until) } else { (split.after, split.days_after) };
        self.claim = claim;
        PartOfBill { total, days, of_days: split.days_until + split.days_after }
    }
}
