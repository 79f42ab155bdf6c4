//! Who gets more and who gets less under another scenario, person by person on the same draws.
//!
//! The plain reference works some replicates out again with books that say who got what. A person is the same one in
//! every scenario, so that each person's year is held against itself: nobody who loses is hidden behind somebody who
//! gains. What the persons got is held against what the run booked, replicate by replicate.

mod person;
mod replicate;

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Unbalanced;
use super::assemble::with_county;
use super::counts::Counts;
use super::from_scenario::{EngineChoice, Plan, SimulationError, rules};
use super::lane::{Lane, needs_general_outpatient};
use super::outcome::CountyOutcome;
use super::replicate::{County, Scratch};
use crate::scenario::Scenario;
use replicate::{Fault, Paired, Task};

/// The upper bounds of the size classes of a change but the last, yuan.
pub const SIZES_YUAN: [i64; 4] = [100, 1_000, 5_000, 20_000];

/// What of a person's year changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// All money of the plan's payers: assistance on bills and for the contribution.
    Assistance,
    /// The part of it on bills and at the year's end.
    OnBills,
    /// The part of it for the contribution.
    Contribution,
    /// Payments of basic and critical-illness insurance.
    Insurance,
    /// What is left to the person of the bills.
    SelfPay,
}

impl Kind {
    /// All, in order.
    pub const ALL: [Self; 5] =
        [Self::Assistance, Self::OnBills, Self::Contribution, Self::Insurance, Self::SelfPay];
}

/// Whether a person's year has more or less of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// More under the other scenario than under the base.
    More,
    /// Less.
    Less,
    /// The same, and something; counted of all assistance only.
    Same,
}

/// The persons of a county who are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// Position of the year among those that are reported.
    pub year: usize,
    /// What changes.
    pub kind: Kind,
    /// The best identity held in the year under the base, by rank; the last one for ordinary residents.
    pub category: usize,
    /// Which way.
    pub direction: Direction,
    /// The size class, see [`SIZES_YUAN`]; 0 where nothing changes.
    pub size: usize,
}

/// How many there are in a replicate, and how much it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Persons.
    pub persons: i64,
    /// The sum of their changes, fen: less than nothing where there is less.
    pub fen: i64,
    /// The largest change of one person, fen, without its sign.
    pub largest: i64,
}

impl Tally {
    /// Adds others.
    pub fn add(&mut self, other: &Self) {
        self.persons += other.persons;
        self.fen += other.fen;
        self.largest = self.largest.max(other.largest);
    }
}

/// What changes for the persons of a county.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountyChange {
    /// The county's position in the place.
    pub county: usize,
    /// For each group one tally a replicate; none for groups in which there is never anybody.
    pub groups: BTreeMap<Group, Vec<Tally>>,
    /// By replicate: persons for whom anything changes, whichever kind and way, each in every year in which it does.
    pub touched: Vec<i64>,
    /// Whether both scenarios look at the same bills: else insurance and self-pay cannot be held against each other.
    pub same_bills: bool,
    /// Persons, in all replicates, whom lists found under both scenarios and whose later bills are drawn afresh for each,
    /// because the lists found others before them.
    pub drawn_apart: u64,
}

/// Why the persons of two scenarios cannot be held against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NotTheSame {
    /// Other persons, or other numbers of them.
    Persons,
    /// Another illness model, or other sources of uncertainty.
    Illness,
}

/// Replicates that are worked out again, and the years that are reported of them.
#[derive(Debug, Clone, Copy)]
pub struct Again<'a> {
    /// The plan, with so many replicates.
    pub plan: Plan<'a>,
    /// The years.
    pub reported: &'a [u16],
}

/// A county and the scenarios that can be settled in it together.
#[derive(Debug, Clone, Copy)]
struct Arm<'c> {
    county: &'c County<'c>,
    lanes: &'c [Lane<'c>],
}

/// Scenarios by what has to be drawn for them: positions, those of the first scenario first.
type Groups = Vec<Vec<usize>>;

/// Holds the persons of a county under each scenario against themselves under the first one; `outcomes` are what the run
/// gave for the scenarios in the years that are reported; of a scenario that the run did not work out the persons are held
/// against what the reference books. One result for each scenario but the first.
///
/// # Errors
/// A population that cannot be drawn, rules that lack values, and persons who did not get what was booked.
pub fn of_county(
    scenarios: &[&Scenario],
    county: usize,
    again: Again<'_>,
    outcomes: &[Option<&CountyOutcome>],
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Result<CountyChange, NotTheSame>>, SimulationError> {
    let Some(&first) = scenarios.first() else { return Ok(Vec::new()) };
    let plan = Plan { engine: EngineChoice::Reference, ..again.plan };
    let groups = groups(scenarios, county, plan)?;
    lend_all((scenarios, &groups), (county, plan), &[], &|arms| {
        let same: Vec<Result<(), NotTheSame>> = arms
            .iter()
            .zip(&groups)
            .map(|(arm, own)| same((first, arms[0]), (scenarios[own[0]], *arm)))
            .collect();
        let task = Task::new((arms, &groups), &same, again, outcomes);
        let numbers: Vec<u32> = again.plan.replicates().collect();
        let done: Vec<Result<Vec<Paired>, Fault>> = numbers
            .par_iter()
            .map_init(Vec::<Scratch>::new, |scratch, &number| {
                let done = replicate::paired(&task, number, scratch);
                progress(1);
                done
            })
            .collect();
        let mut changes: Vec<CountyChange> =
            task.others().map(|same_bills| CountyChange::none((county, same_bills), numbers.len())).collect();
        for (at, (done, &number)) in done.into_iter().zip(&numbers).enumerate() {
            let done = done.map_err(|fault| match fault {
                Fault::Unbalanced(imbalance) => {
                    let source = Unbalanced { replicate: number as usize, imbalance };
                    SimulationError::unbalanced(first, county, source)
                }
                Fault::Disagreement(source) => SimulationError::disagreement(first, county, source),
            })?;
            for (change, paired) in changes.iter_mut().zip(done) {
                change.add((at, numbers.len()), paired);
            }
        }
        let group_of = |scenario: usize| groups.iter().position(|own| own.contains(&scenario));
        let of = |(number, change): (usize, CountyChange)| {
            group_of(number + 1).and_then(|group| same[group].err()).map_or(Ok(change), Err)
        };
        Ok(changes.into_iter().enumerate().map(of).collect())
    })
}

impl CountyChange {
    fn none((county, same_bills): (usize, bool), n_replicates: usize) -> Self {
        let touched = vec![0; n_replicates];
        Self { county, groups: BTreeMap::new(), touched, same_bills, drawn_apart: 0 }
    }

    /// Adds a replicate, by its place among so many.
    fn add(&mut self, (at, n): (usize, usize), paired: Paired) {
        self.drawn_apart += paired.drawn_apart;
        self.touched[at] += paired.touched;
        for (group, tally) in paired.groups {
            self.groups.entry(group).or_insert_with(|| vec![Tally::default(); n])[at] = tally;
        }
    }
}

/// Which scenarios are settled on one county: those that draw the same, and the same bills.
fn groups(scenarios: &[&Scenario], county: usize, plan: Plan<'_>) -> Result<Groups, SimulationError> {
    let mut groups: Vec<((String, bool), Vec<usize>)> = Vec::new();
    for (number, scenario) in scenarios.iter().enumerate() {
        let needs = needs_general_outpatient(&rules(scenario, county, plan.years)?);
        let key = (scenario.draws_key(), needs);
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, own)) => own.push(number),
            None => groups.push((key, vec![number])),
        }
    }
    Ok(groups.into_iter().map(|(_, own)| own).collect())
}

/// Lends the counties of all groups at once.
fn lend_all<T>(
    (scenarios, groups): (&[&Scenario], &[Vec<usize>]),
    of: (usize, Plan<'_>),
    lent: &[Arm<'_>],
    then: &dyn Fn(&[Arm<'_>]) -> Result<T, SimulationError>,
) -> Result<T, SimulationError> {
    let Some((group, rest)) = groups.split_first() else { return then(lent) };
    let own: Vec<&Scenario> = group.iter().map(|&number| scenarios[number]).collect();
    with_county((&own, of.0, of.1), |county, lanes| {
        let county = County { follows_persons: true, ..county };
        let mut all = lent.to_vec();
        all.push(Arm { county: &county, lanes });
        lend_all((scenarios, rest), of, &all, then)
    })
}

/// Whether two counties hold the same persons, who fall ill in the same way.
fn same(
    (first, base): (&Scenario, Arm<'_>),
    (scenario, other): (&Scenario, Arm<'_>),
) -> Result<(), NotTheSame> {
    let (base, other) = (base.county, other.county);
    let same_persons = base.population == other.population
        && base.columns == other.columns
        && base.ordinary == other.ordinary
        && base.turnover == other.turnover
        && base.counts.as_ref().map(Counts::law) == other.counts.as_ref().map(Counts::law);
    if !same_persons {
        return Err(NotTheSame::Persons);
    }
    if first.falls_ill_like(scenario) { Ok(()) } else { Err(NotTheSame::Illness) }
}
