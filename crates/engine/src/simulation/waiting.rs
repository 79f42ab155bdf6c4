//! Whose payments wait when the money of a fund is gone.
//!
//! Facts know money by month only. The plain reference works some of the replicates in which a fund is short out again with
//! books that say who got what, when and on what. The money that there was went to the oldest payments first, so that what
//! is missing is missing to the last ones of the queue. What the persons got is held against what the run booked, month by
//! month.

mod payment;
#[cfg(test)]
mod tests;

use rayon::prelude::*;

use super::Unbalanced;
use super::account::{Account, Due};
use super::agreement::Disagreement;
use super::assemble::with_county;
use super::facts::MONTHS;
use super::from_scenario::{EngineChoice, Plan, SimulationError};
use super::lane::Lane;
use super::replicate::{self, County, Scratch};
use super::trace::PersonId;
use crate::policy::balance::Imbalance;
use crate::scenario::Scenario;
use payment::{Payment, Standing};

/// A fund of which persons are looked at.
#[derive(Debug, Clone, Copy)]
pub struct Fund<'a> {
    /// Its account.
    pub account: &'a Account,
    /// Whose money it is: position among the funders.
    pub funder: usize,
    /// The years of the account.
    pub years: &'a [u16],
}

/// At which end of a month of a year it is looked who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// Of the month in which the money first runs out in the year.
    RunsOut,
    /// Of December.
    YearEnd,
}

impl When {
    /// Both.
    pub const ALL: [Self; 2] = [Self::RunsOut, Self::YearEnd];
}

/// Who waits, and for how much.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Persons with a payment that waits.
    pub persons: i64,
    /// Payments that are not covered, or not wholly.
    pub payments: i64,
    /// Their sum, fen.
    pub fen: i64,
}

impl Waiting {
    fn add(&mut self, other: Self) {
        self.persons += other.persons;
        self.payments += other.payments;
        self.fen += other.fen;
    }
}

/// A moment at which money is missing, or was earlier in the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Position of the year.
    pub year: usize,
    /// Which moment of it.
    pub when: When,
    /// The month at the end of which it is, counted from the first January.
    pub month: usize,
    /// What is missing then, fen.
    pub missing_fen: i64,
    /// Who waits, of the counties that were looked at so far.
    pub waiting: Waiting,
}

/// A replicate in which a fund is short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShortReplicate {
    /// Its number.
    pub number: u32,
    /// By year of the account: what the fund pays of what falls due in each month, and after the year, fen.
    pub due_fen: Vec<[i64; MONTHS]>,
    /// The moments that are looked at.
    pub moments: Vec<Moment>,
    /// What the persons got of it, of the counties that were looked at so far.
    by_person_fen: Vec<[i64; MONTHS]>,
}

impl ShortReplicate {
    /// A replicate of which nobody was looked at yet.
    #[must_use]
    pub fn new(number: u32, due_fen: Vec<[i64; MONTHS]>, moments: Vec<Moment>) -> Self {
        let by_person_fen = vec![[0; MONTHS]; due_fen.len()];
        Self { number, due_fen, moments, by_person_fen }
    }

    /// What the persons got must be what was booked, once all counties of the fund were looked at.
    ///
    /// # Errors
    /// The first month in which the two differ.
    pub fn held(&self, years: &[u16]) -> Result<(), Disagreement> {
        for ((booked, by_person), &year) in self.due_fen.iter().zip(&self.by_person_fen).zip(years) {
            for (month, (&booked, &by_person)) in (1..).zip(booked.iter().zip(by_person)) {
                if booked != by_person {
                    let replicate = self.number;
                    return Err(Disagreement::ByPersonInMonth { year, replicate, month, booked, by_person });
                }
            }
        }
        Ok(())
    }

    /// Adds the payments of the fund's next county, by year and month, in the order in which they are paid.
    fn add(&mut self, account: &Account, payments: &[[Vec<Payment>; MONTHS]]) {
        for at in 0..self.moments.len() {
            let waiting = self.waiting(&self.moments[at], account, payments);
            self.moments[at].waiting.add(waiting);
        }
        for (sums, payments) in self.by_person_fen.iter_mut().zip(payments) {
            for (sum, own) in sums.iter_mut().zip(payments) {
                *sum += own.iter().map(Payment::whole_fen).sum::<i64>();
            }
        }
    }

    /// Who of a county waits at a moment.
    fn waiting(&self, moment: &Moment, account: &Account, payments: &[[Vec<Payment>; MONTHS]]) -> Waiting {
        let mut queue = account.queue(self.due_fen.len());
        queue.retain(|due| due.paid_in <= moment.month);
        let fen = |due: &Due| self.due_fen[due.year][due.month];
        let asked = account.outstanding_fen + queue.iter().map(fen).sum::<i64>();
        let covered = asked - moment.missing_fen;
        let (mut before, mut waiting) = (account.outstanding_fen, Waiting::default());
        let mut persons: Vec<(PersonId, i64)> = Vec::new();
        for due in &queue {
            let next = before + fen(due);
            if next > covered {
                // Behind what falls due together in the counties before.
                let mut from = before + self.by_person_fen[due.year][due.month];
                for payment in &payments[due.year][due.month] {
                    let n = payment.waiting(covered - from);
                    from += payment.whole_fen();
                    if n > 0 {
                        waiting.payments += n;
                        waiting.fen += n * payment.fen;
                        persons.push((payment.person, n));
                    }
                }
            }
            before = next;
        }
        waiting.persons = distinct(persons);
        waiting
    }
}

/// How many persons there are among those who stand for so many each: of a person who stands for several and waits for
/// several payments, those who wait for the most of them are all of them.
fn distinct(mut persons: Vec<(PersonId, i64)>) -> i64 {
    persons.sort_unstable();
    let mut sum = 0;
    for same in persons.chunk_by(|one, other| one.0 == other.0) {
        sum += same.last().map_or(0, |(_, n)| *n);
    }
    sum
}

/// Looks at the persons of the next county of a fund, in every replicate that was chosen.
///
/// # Errors
/// A population that cannot be drawn, rules that lack values, and settlements that do not add up.
pub fn of_county(
    scenario: &Scenario,
    county: usize,
    (plan, fund): (Plan<'_>, Fund<'_>),
    replicates: &mut [ShortReplicate],
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(), SimulationError> {
    let plan = Plan { engine: EngineChoice::Reference, ..plan };
    let simulated = plan.simulated_years();
    let positions = fund.years.iter().filter_map(|year| simulated.iter().position(|one| one == year));
    let years: Vec<usize> = positions.collect();
    with_county((&[scenario], county, plan), |place, lanes| {
        let place = County { follows_persons: true, ..place };
        let Some(lane) = lanes.first() else { return Ok(()) };
        let standing: Vec<Standing<'_>> =
            years.iter().map(|&year| Standing::new(lane, year, fund.funder)).collect();
        let task = Task { county: &place, lane, fund, years: &years, standing: &standing };
        let done: Vec<Result<(), Imbalance>> = replicates
            .par_iter_mut()
            .map_init(Scratch::default, |scratch, replicate| {
                let payments = task.payments(replicate.number, scratch)?;
                replicate.add(fund.account, &payments);
                progress(1);
                Ok(())
            })
            .collect();
        for (done, replicate) in done.into_iter().zip(replicates.iter()) {
            done.map_err(|imbalance| {
                let source = Unbalanced { replicate: replicate.number as usize, imbalance };
                SimulationError::unbalanced(scenario, county, source)
            })?;
        }
        Ok(())
    })
}

/// What all replicates of a county share.
struct Task<'t> {
    county: &'t County<'t>,
    lane: &'t Lane<'t>,
    fund: Fund<'t>,
    /// The years of the account: their positions among those simulated.
    years: &'t [usize],
    standing: &'t [Standing<'t>],
}

impl Task<'_> {
    /// The payments of a replicate, by year of the account and month, in the order in which they are paid.
    fn payments(&self, number: u32, scratch: &mut Scratch) -> Result<Vec<[Vec<Payment>; MONTHS]>, Imbalance> {
        let done = replicate::run(self.county, std::slice::from_ref(self.lane), number, scratch);
        if let Some(imbalance) = done.imbalance {
            return Err(imbalance);
        }
        let weights = self.county.weights(number);
        let of_year = |(standing, &year): (&Standing<'_>, &usize)| {
            let entries = done.books[0][year].traced();
            let is_own = |cell: usize| self.lane.cells[cell].funder == self.fund.funder;
            payment::of_year((entries, standing), &weights[year], is_own)
        };
        Ok(self.standing.iter().zip(self.years).map(of_year).collect())
    }
}
