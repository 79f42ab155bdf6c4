//! Simulation: the years of all replicates of a county, several scenarios on the same draws.
//!
//! The only module that uses threads. A replicate is a pure function of its number ([`replicate::run`]); batches
//! of replicates run side by side, and their books are folded in the order of the replicates, so the result does
//! not depend on the number of threads. Memory is bounded by one batch and one county.

pub mod account;
pub mod agreement;
pub mod application;
mod assemble;
mod base;
pub mod bills;
pub mod book;
mod categories;
pub mod columns;
pub mod counts;
pub mod drivers;
pub mod enrolment;
pub mod facts;
mod following;
pub mod from_scenario;
pub mod household;
pub mod lane;
pub mod new_year;
pub mod ordinary;
pub mod outcome;
pub mod person;
pub mod recruit;
pub mod reference;
pub mod replicate;
mod scene;
pub mod second;
pub mod settled;
pub mod stage;
pub mod tiled;
mod together;
mod trace;
pub mod waiting;
pub mod watch;
pub mod winners;

#[cfg(test)]
mod counts_tests;
#[cfg(test)]
mod enrolment_tests;
#[cfg(test)]
mod new_year_tests;
#[cfg(test)]
mod rank_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod winners_tests;

use std::ops::Range;

use rayon::prelude::*;

use crate::lang::Words;
use crate::policy::balance::Imbalance;
use lane::Lane;
use outcome::{CountyOutcome, WorkDone};
use replicate::{County, Scratch};

/// A replicate in which a settlement does not add up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("replicate {replicate}: {imbalance}")]
pub struct Unbalanced {
    /// The replicate.
    pub replicate: usize,
    /// The settlement.
    pub imbalance: Imbalance,
}

impl Unbalanced {
    /// The same in both languages.
    #[must_use]
    pub fn words(&self) -> Words {
        let Words { zh, .. } = self.imbalance.words();
        Words::new(format!("第{}次模拟：{zh}", self.replicate), self.to_string())
    }
}

/// Replicates that run between two folds: small enough for memory, large enough to keep all threads busy.
const BATCH: u32 = 64;

/// Simulates replicates of one county for all lanes; `progress` is called with the number of replicates done.
///
/// Returns the outcome of each lane and the work done for one of them. A replicate is the same whichever others are
/// simulated: outcomes of ranges that follow each other are joined by [`CountyOutcome::followed_by`].
///
/// # Errors
/// A settlement that does not add up: the first one, by replicate.
pub fn simulate(
    county: &County<'_>,
    lanes: &[Lane<'_>],
    replicates: Range<u32>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<(Vec<CountyOutcome>, WorkDone), Unbalanced> {
    let mut outcomes: Vec<CountyOutcome> =
        lanes.iter().map(|lane| book::empty_outcome(lane, county.index, &replicates)).collect();
    let mut work = WorkDone::default();
    for first in replicates.clone().step_by(BATCH as usize) {
        let last = replicates.end.min(first.saturating_add(BATCH));
        let batch: Vec<replicate::Replicate> = (first..last)
            .into_par_iter()
            .map_init(Scratch::default, |scratch, number| {
                let done = replicate::run(county, lanes, number, scratch);
                progress(1);
                done
            })
            .collect();
        for (number, done) in (first..last).zip(batch) {
            if let Some(imbalance) = done.imbalance {
                return Err(Unbalanced { replicate: number as usize, imbalance });
            }
            work.merge(&done.work);
            let at = (number - replicates.start) as usize;
            for (outcome, books) in outcomes.iter_mut().zip(&done.books) {
                book::fold(outcome, at, (books, &done.drivers));
            }
        }
    }
    Ok((outcomes, work))
}
