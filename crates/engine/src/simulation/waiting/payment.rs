//! What a fund pays in a year, payment by payment.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry as Place;

use crate::simulation::base::{Contribution, Contributions};
use crate::simulation::counts::Weights;
use crate::simulation::facts::MONTHS;
use crate::simulation::lane::Lane;
use crate::simulation::trace::{Entry, Got, PaidOn, PersonId};

/// What a fund pays for one person on one occasion: a contribution, a claim, an application, what a rule gives when the year
/// is over. However many rules pay on it, it is one payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Payment {
    /// Who.
    pub person: PersonId,
    /// For how many persons the person stands: each gets the payment.
    pub weight: i64,
    /// Fen for each of them.
    pub fen: i64,
    /// The day of the month from which it is owed, see [`PaidOn::day`].
    day: u8,
}

impl Payment {
    /// A payment of which nobody knows the day.
    #[cfg(test)]
    pub const fn new(person: PersonId, (weight, fen): (i64, i64)) -> Self {
        Self { person, weight, fen, day: 0 }
    }

    /// The fen for all of them.
    pub const fn whole_fen(&self) -> i64 {
        self.weight * self.fen
    }

    /// How many of them wait where so much money is left when it is their turn. Nobody gets a part of a payment.
    pub fn waiting(&self, left: i64) -> i64 {
        self.weight - (left.max(0) / self.fen).min(self.weight)
    }
}

/// What a fund pays for the contributions of holders as a year begins: the same in every replicate.
pub(super) struct Standing<'b> {
    kind_of: &'b [u32],
    /// The month and fen of each kind of person.
    of_kind: Vec<Vec<(usize, i64)>>,
}

impl<'b> Standing<'b> {
    pub fn new(lane: &'b Lane<'_>, year: usize, funder: usize) -> Self {
        let Contributions { kind_of, of_kind } = lane.base[year].contributions();
        let of_fund = |parts: &Vec<Contribution>| {
            let own = parts.iter().filter(|part| lane.cells[part.cell].funder == funder);
            let mut by_month: BTreeMap<usize, i64> = BTreeMap::new();
            own.for_each(|part| *by_month.entry(part.month).or_default() += part.fen);
            by_month.into_iter().collect()
        };
        Self { kind_of, of_kind: of_kind.iter().map(of_fund).collect() }
    }
}

/// The payments of a fund in a year, by the month in which they fall due, in the order in which they are paid: by day, and
/// of one day contributions by person and all others as they were booked.
pub(super) fn of_year(
    (entries, standing): (&[Entry], &Standing<'_>),
    weights: &Weights,
    is_own: impl Fn(usize) -> bool,
) -> [Vec<Payment>; MONTHS] {
    let mut months: [Vec<Payment>; MONTHS] = std::array::from_fn(|_| Vec::new());
    let mut contributions: BTreeMap<(PersonId, usize), i64> = BTreeMap::new();
    let mut places: BTreeMap<PaidOn, (usize, usize)> = BTreeMap::new();
    for &Entry { person, got, on, fen } in entries {
        let Some(person) = person else { continue };
        match got {
            Got::Contribution { cell, month } if is_own(cell) => {
                *contributions.entry((person, month)).or_default() += fen;
            }
            Got::OnBills { cell, month, .. } if is_own(cell) => match places.entry(on) {
                Place::Occupied(place) => {
                    let &(month, at) = place.get();
                    months[month][at].fen += fen;
                }
                Place::Vacant(place) => {
                    place.insert((month, months[month].len()));
                    let weight = person.weight(weights);
                    months[month].push(Payment { person, weight, fen, day: on.day() });
                }
            },
            _ => {}
        }
    }
    for (row, &kind) in standing.kind_of.iter().enumerate() {
        let person = PersonId::Holder(row as u32);
        for &(month, fen) in &standing.of_kind[kind as usize] {
            *contributions.entry((person, month)).or_default() += fen;
        }
    }
    for ((person, month), fen) in contributions {
        let weight = person.weight(weights);
        months[month].push(Payment { person, weight, fen, day: PaidOn::Contribution.day() });
    }
    for own in &mut months {
        own.retain(|payment| payment.fen > 0 && payment.weight > 0);
        own.sort_by_key(|payment| payment.day);
    }
    months
}
