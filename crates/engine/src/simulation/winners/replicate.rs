//! One replicate: every scenario's books by person, and each person against the base.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::slice::Iter;

use crate::policy::balance::Imbalance;
use crate::simulation::agreement::Disagreement;
use crate::simulation::categories::{Categories, of_rows};
use crate::simulation::counts::Weights;
use crate::simulation::lane::Lane;
use crate::simulation::outcome::CountyOutcome;
use crate::simulation::person::LaneState;
use crate::simulation::replicate::{self, County, Replicate, Scratch};
use crate::simulation::trace::PersonId;

use super::person::{Account, Standing, accounts, by_cell};
use super::{Again, Arm, Direction, Group, Kind, NotTheSame, SIZES_YUAN, Tally};

/// What is wrong with a replicate.
#[derive(Debug)]
pub(super) enum Fault {
    /// A settlement does not add up.
    Unbalanced(Imbalance),
    /// Persons did not get what was booked.
    Disagreement(Disagreement),
}

/// What one scenario changes for the persons of a replicate.
#[derive(Debug, Default)]
pub(super) struct Paired {
    pub groups: BTreeMap<Group, Tally>,
    /// Persons for whom anything changes, over all years.
    pub touched: i64,
    pub drawn_apart: u64,
}

/// What all replicates of a county share.
#[derive(Debug)]
pub(super) struct Task<'t> {
    arms: Vec<Arm<'t>>,
    /// By scenario: the arm and the lane in it; none where the persons are others.
    places: Vec<Option<(usize, usize)>>,
    /// By scenario and year reported.
    standing: Vec<Vec<Standing<'t>>>,
    /// The years that are reported: their positions among those simulated.
    years: Vec<usize>,
    /// By year reported: the category of each row under the base, without identities that are gained.
    categories: Vec<Vec<usize>>,
    again: Again<'t>,
    outcomes: &'t [Option<&'t CountyOutcome>],
}

impl<'t> Task<'t> {
    pub fn new(
        (arms, groups): (&[Arm<'t>], &[Vec<usize>]),
        same: &[Result<(), NotTheSame>],
        again: Again<'t>,
        outcomes: &'t [Option<&'t CountyOutcome>],
    ) -> Self {
        let place = |scenario: usize| {
            let (arm, lane) = groups
                .iter()
                .enumerate()
                .find_map(|(arm, own)| Some((arm, own.iter().position(|&other| other == scenario)?)))?;
            same[arm].is_ok().then_some((arm, lane))
        };
        let places: Vec<Option<(usize, usize)>> = (0..outcomes.len()).map(place).collect();
        let simulated = again.plan.simulated_years();
        let years: Vec<usize> =
            again.reported.iter().filter_map(|year| simulated.iter().position(|one| one == year)).collect();
        let of_lane = |place: &Option<(usize, usize)>| {
            let Some((arm, lane)) = *place else { return Vec::new() };
            years.iter().map(|&year| Standing::new(&arms[arm].lanes[lane], year)).collect()
        };
        let standing = places.iter().map(of_lane).collect();
        let (county, lane) = (arms[0].county, &arms[0].lanes[0]);
        let categories = years.iter().map(|&year| of_rows(county, lane, year)).collect();
        Self { arms: arms.to_vec(), places, standing, years, categories, again, outcomes }
    }

    /// Every scenario but the first: whether it looks at the same bills as the first.
    pub fn others(&self) -> impl Iterator<Item = bool> + '_ {
        (1..self.places.len()).map(|scenario| self.has_same_bills(scenario))
    }

    fn has_same_bills(&self, scenario: usize) -> bool {
        let own = self.places[scenario].map(|(arm, _)| self.arms[arm].county.general_outpatient);
        own == Some(self.arms[0].county.general_outpatient)
    }

    fn lane(&self, scenario: usize) -> Option<(usize, usize, &Lane<'t>)> {
        self.places[scenario].map(|(arm, lane)| (arm, lane, &self.arms[arm].lanes[lane]))
    }

    fn base(&self) -> (&'t County<'t>, &'t Lane<'t>) {
        (self.arms[0].county, &self.arms[0].lanes[0])
    }
}

/// Works out a replicate of every scenario again, and holds each person against the base: a result for each scenario but
/// the first, empty where the persons are others.
pub(super) fn paired(task: &Task<'_>, number: u32, scratch: &mut Vec<Scratch>) -> Result<Vec<Paired>, Fault> {
    scratch.resize_with(task.arms.len(), Scratch::default);
    let mut done: Vec<Option<Replicate>> = Vec::new();
    for (at, (arm, scratch)) in task.arms.iter().zip(scratch.iter_mut()).enumerate() {
        let is_asked = task.places.iter().flatten().any(|place| place.0 == at);
        let one = is_asked.then(|| replicate::run(arm.county, arm.lanes, number, scratch));
        if let Some(imbalance) = one.as_ref().and_then(|one| one.imbalance) {
            return Err(Fault::Unbalanced(imbalance));
        }
        done.push(one);
    }
    let county = task.base().0;
    let weights = county.weights(number);
    let mut all: Vec<Paired> = task.others().map(|_| Paired::default()).collect();
    for at in 0..task.years.len() {
        let moment = Moment { task, number, at, weights: &weights[task.years[at]] };
        let years: Vec<Option<PersonYears<'_>>> = (0..task.places.len())
            .map(|scenario| moment.of_scenario(scenario, &done))
            .collect::<Result<_, _>>()?;
        let [Some(base), others @ ..] = years.as_slice() else { continue };
        let categories = moment.categories(&scratch[0].lanes[0]);
        for (number, (other, paired)) in others.iter().zip(&mut all).enumerate() {
            if let Some(other) = other {
                let kinds: &[Kind] =
                    if task.has_same_bills(number + 1) { &Kind::ALL } else { &Kind::ALL[..3] };
                moment.pair((base, other), (&categories, kinds), paired);
                moment.hold((base, other), paired)?;
            }
        }
    }
    for (scenario, paired) in (1..).zip(&mut all) {
        if let Some((arm, lane, _)) = task.lane(scenario) {
            paired.drawn_apart = drawn_apart(&scratch[0].lanes[0], &scratch[arm].lanes[lane]);
        }
    }
    Ok(all)
}

/// Persons whom both scenarios followed as recruits, at different places among them: their bills are drawn by the place.
fn drawn_apart(base: &LaneState, other: &LaneState) -> u64 {
    let places: BTreeMap<PersonId, usize> =
        base.recruits.iter().enumerate().map(|(place, recruit)| (recruit.id(), place)).collect();
    let others = other.recruits.iter().enumerate();
    others.filter(|(place, recruit)| places.get(&recruit.id()).is_some_and(|own| own != place)).count() as u64
}

/// What everybody got in a scenario's year.
struct PersonYears<'t> {
    accounts: Vec<(PersonId, Account)>,
    standing: &'t Standing<'t>,
    /// All money booked, fen.
    booked: i64,
}

/// A year of a replicate.
#[derive(Clone, Copy)]
struct Moment<'m> {
    task: &'m Task<'m>,
    number: u32,
    /// Position among the years reported.
    at: usize,
    weights: &'m Weights,
}

impl<'m> Moment<'m> {
    fn year(&self) -> u16 {
        self.task.again.reported[self.at]
    }

    /// What everybody got in a scenario, held against what the run booked.
    fn of_scenario(
        &self,
        scenario: usize,
        done: &[Option<Replicate>],
    ) -> Result<Option<PersonYears<'m>>, Fault> {
        let task = self.task;
        let Some((arm, lane, of_lane)) = task.lane(scenario) else { return Ok(None) };
        let Some(done) = &done[arm] else { return Ok(None) };
        let book = &done.books[lane][task.years[self.at]];
        let entries = book.traced();
        let standing = &task.standing[scenario][self.at];
        // Money by cell comes first in a book as in what is kept of it.
        let booked = match task.outcomes[scenario] {
            Some(outcome) => outcome.trial(self.at, (self.number - outcome.first_replicate) as usize),
            None => &book.numbers()[..of_lane.cells.len()],
        };
        let by_person = by_cell((entries, standing), self.weights, of_lane.cells.len());
        for (cell, (&booked, &by_person)) in booked.iter().zip(&by_person).enumerate() {
            if booked != by_person {
                let line = of_lane.cells[cell].line;
                let (year, replicate) = (self.year(), self.number);
                let found = Disagreement::ByPerson { year, replicate, line, booked, by_person };
                return Err(Fault::Disagreement(found));
            }
        }
        Ok(Some(PersonYears { accounts: accounts(entries), standing, booked: booked.iter().sum() }))
    }

    /// The categories under the base, with what was gained up to this year.
    fn categories(&self, base: &LaneState) -> Categories<'m> {
        let year = self.task.years[self.at];
        Categories::new(self.task.base(), base, year, &self.task.categories[self.at])
    }

    /// Holds everybody against the base: holders row by row, because contributions are paid for nearly all, then residents.
    fn pair(
        &self,
        (base, other): (&PersonYears<'_>, &PersonYears<'_>),
        (categories, kinds): (&Categories<'_>, &[Kind]),
        paired: &mut Paired,
    ) {
        let mut sides = [base, other].map(|side| side.accounts.iter().peekable());
        let n_rows = base.standing.n_rows().max(other.standing.n_rows());
        for row in 0..n_rows {
            let person = PersonId::Holder(row as u32);
            let mut accounts = sides.each_mut().map(|side| next_of(side, person));
            for (account, side) in accounts.iter_mut().zip([base, other]) {
                account.contribution += side.standing.of(row);
            }
            self.count((person, accounts), (categories, kinds), paired);
        }
        loop {
            let heads = sides.each_mut().map(|side| side.peek().map(|(person, _)| *person));
            let Some(person) = heads.into_iter().flatten().min() else { break };
            let accounts = sides.each_mut().map(|side| next_of(side, person));
            self.count((person, accounts), (categories, kinds), paired);
        }
    }

    fn count(
        &self,
        (person, [base, other]): (PersonId, [Account; 2]),
        (categories, kinds): (&Categories<'_>, &[Kind]),
        paired: &mut Paired,
    ) {
        let (nothing, persons) = (Account::default(), person.weight(self.weights));
        if persons == 0 || (base == nothing && other == nothing) {
            return;
        }
        if kinds.iter().any(|&kind| other.of(kind) != base.of(kind)) {
            paired.touched += persons;
        }
        for &kind in kinds {
            let fen = other.of(kind) - base.of(kind);
            let direction = match fen.signum() {
                1 => Direction::More,
                -1 => Direction::Less,
                _ if kind == Kind::Assistance && base.of(kind) != 0 => Direction::Same,
                _ => continue,
            };
            let size = SIZES_YUAN.iter().take_while(|&&yuan| fen.abs() > 100 * yuan).count();
            let group = Group { year: self.at, kind, category: categories.of(person), direction, size };
            let tally = Tally { persons, fen: persons * fen, largest: fen.abs() };
            paired.groups.entry(group).or_default().add(&tally);
        }
    }

    /// What some gain less what others lose must be the difference of what is booked.
    fn hold(
        &self,
        (base, other): (&PersonYears<'_>, &PersonYears<'_>),
        paired: &Paired,
    ) -> Result<(), Fault> {
        let of = |direction: Direction| -> i64 {
            let own = paired.groups.iter().filter(|(group, _)| {
                (group.year, group.kind, group.direction) == (self.at, Kind::Assistance, direction)
            });
            own.map(|(_, tally)| tally.fen).sum()
        };
        let (gained, lost) = (of(Direction::More), -of(Direction::Less));
        let difference = other.booked - base.booked;
        if gained - lost == difference {
            return Ok(());
        }
        let (year, replicate) = (self.year(), self.number);
        Err(Fault::Disagreement(Disagreement::Gains { year, replicate, gained, lost, difference }))
    }
}

/// The account of a person, if it comes next.
fn next_of(side: &mut Peekable<Iter<'_, (PersonId, Account)>>, person: PersonId) -> Account {
    side.next_if(|(next, _)| *next == person).map_or_else(Account::default, |(_, account)| *account)
}
