//! Stays over New Year: to which year they belong, and how one is split between two.

use super::claim::{Claim, Kind};
use crate::units::{Day, Fen, Month};

/// A stay that is split: the days until 31 December and those after it, each with its part of the bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SplitStay {
    /// The part of the year of admission.
    pub until: Claim,
    /// The part of the next year.
    pub after: Claim,
    /// Days of the first part, that of admission counted.
    pub days_until: i64,
    /// Days of the second part, that of discharge counted.
    pub days_after: i64,
}

impl Claim {
    /// Whether it is a stay that lasts beyond 31 December.
    #[must_use]
    pub fn is_over_new_year(&self) -> bool {
        self.kind == Kind::Inpatient && self.discharged.month.year() > self.admitted.month.year()
    }

    /// The month of a year in which the claim counts: that of admission; January where it began in the year before.
    #[must_use]
    pub fn month_in(&self, year: u16) -> Month {
        self.admitted.month.max(Month::new(year, 1))
    }

    /// Splits a stay over one New Year by days; half a fen and more goes to the year of admission, and the two parts add
    /// up to the bill.
    #[must_use]
    pub fn split_at_new_year(&self) -> SplitStay {
        let december = Month::new(self.admitted.month.year(), 12);
        let last = Day { month: december, of_month: 31 };
        let days_until = last.days_since(self.admitted) + 1;
        let of_days = self.discharged.days_since(self.admitted) + 1;
        let (mut until, mut after) = (*self, *self);
        until.discharged = last;
        after.admitted = Day { month: Month(december.0 + 1), of_month: 1 };
        let share = |amount: Fen| {
            let twice = 2 * i128::from(amount.0) * i128::from(days_until) + i128::from(of_days);
            let fen = twice.div_euclid(2 * i128::from(of_days));
            Fen(i64::try_from(fen).unwrap_or(amount.0))
        };
        for (first, second) in [
            (&mut until.total, &mut after.total),
            (&mut until.out_of_scope, &mut after.out_of_scope),
            (&mut until.other_paid, &mut after.other_paid),
        ] {
            *first = share(*second);
            *second -= *first;
        }
        SplitStay { until, after, days_until, days_after: of_days - days_until }
    }
}
