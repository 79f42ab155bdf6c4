//! One replicate of one county: the years in order, all lanes on the same draws.

use super::book::YearBook;
use super::columns::YearColumns;
use super::lane::Lane;
use super::ordinary;
use super::outcome::WorkDone;
use super::person::{LaneState, Scene, Who};
use crate::illness::ordinary::{Costly, CostlyPerson, CostlyYear};
use crate::illness::{Ill, IllnessModel, ReplicateParameters, State, Stays, TOGETHER, YearContext};
use crate::policy::claim::Claim;
use crate::population::Population;
use crate::rng::Draws;

/// What all replicates of a county share.
#[derive(Debug)]
pub struct County<'a> {
    /// Position in the place.
    pub index: usize,
    /// The synthetic population.
    pub population: &'a Population,
    /// Its columns by year.
    pub columns: Vec<YearColumns>,
    /// Ordinary residents.
    pub ordinary: ordinary::Residents,
    /// The illness model.
    pub model: &'a IllnessModel,
    /// The draws.
    pub draws: Draws,
    /// Whether general outpatient bills are drawn.
    pub general_outpatient: bool,
    /// Income per head of each year as a multiple of the base year's.
    pub income_growth: Vec<f64>,
    /// Rows of each household's members: starts and rows.
    pub members: (Vec<u32>, Vec<u32>),
}

impl County<'_> {
    /// The rows of a household's members, who are there at any time.
    pub(super) fn members(&self, household: u32) -> &[u32] {
        let (starts, rows) = &self.members;
        &rows[starts[household as usize] as usize..starts[household as usize + 1] as usize]
    }
}

/// Memory that is used again from replicate to replicate.
#[derive(Debug, Default)]
pub struct Scratch {
    state: State,
    ill: Vec<Ill>,
    stays: Stays,
    costly: Vec<CostlyPerson>,
    claims: Vec<Claim>,
    lanes: Vec<LaneState>,
}

/// The books of one replicate: `[lane][year]`, and the work done.
#[derive(Debug)]
pub struct Replicate {
    /// Books.
    pub books: Vec<Vec<YearBook>>,
    /// Work done by the first lane.
    pub work: WorkDone,
}

/// Runs one replicate: a pure function of the county, the lanes and the number of the replicate.
pub fn run(county: &County<'_>, lanes: &[Lane<'_>], replicate: u32, scratch: &mut Scratch) -> Replicate {
    let params = county.model.replicate(&county.draws, replicate);
    scratch.state.clear();
    scratch.lanes.resize_with(lanes.len(), LaneState::default);
    for (state, lane) in scratch.lanes.iter_mut().zip(lanes) {
        state.begin(lane, county.population);
    }
    let mut work = WorkDone::default();
    let mut books: Vec<Vec<YearBook>> = vec![Vec::new(); lanes.len()];
    for year in 0..county.columns.len() {
        let ctx = context(county, &params, year);
        let mut open: Vec<YearBook> = lanes.iter().map(|lane| lane.base[year].clone()).collect();
        identity_holders(county, (&ctx, year), (lanes, &mut open), (scratch, &mut work));
        ordinary_residents(county, (&ctx, year), (lanes, &mut open), (scratch, &mut work));
        close_year(county, (&ctx, year), (lanes, &mut open), scratch);
        for (all, book) in books.iter_mut().zip(open) {
            all.push(book);
        }
    }
    Replicate { books, work }
}

fn context(county: &County<'_>, params: &ReplicateParameters, year: usize) -> YearContext {
    let ctx = county.model.year(params, county.population.county, county.columns[year].year);
    ctx.with_general_outpatient(county.general_outpatient)
}

type Open<'s, 'l> = (&'s [Lane<'l>], &'s mut [YearBook]);

/// Who falls ill, their claims, and what each lane makes of them.
fn identity_holders(
    county: &County<'_>,
    (ctx, year): (&YearContext, usize),
    (lanes, books): Open<'_, '_>,
    (scratch, work): (&mut Scratch, &mut WorkDone),
) {
    let columns = &county.columns[year];
    let persons = columns.persons();
    for (state, (lane, book)) in scratch.lanes.iter_mut().zip(lanes.iter().zip(books.iter_mut())) {
        state.begin_year(Scene { county, lane, ctx, year }, book);
    }
    scratch.ill.clear();
    county.model.begin(ctx, &persons, &mut scratch.state);
    county.model.incidence(ctx, &persons, &mut scratch.state, &mut scratch.ill);
    // Bills of persons who are not enrolled go through none of the tiers.
    scratch.ill.retain(|ill| columns.is_enrolled(ill.row as usize));
    work.person_years += columns.len() as u64;
    work.ill_person_years += scratch.ill.len() as u64;
    for together in scratch.ill.chunks(TOGETHER) {
        county.model.stays(ctx, &persons, together, &mut scratch.stays);
        let mut stays = scratch.stays.claims.as_slice();
        let mut chronic = scratch.stays.chronic.as_slice();
        for (ill, &n_chronic) in together.iter().zip(&scratch.stays.chronic_each) {
            let (own, rest) = stays.split_at(usize::from(ill.stays));
            let (own_chronic, rest_chronic) = chronic.split_at(usize::from(n_chronic));
            (stays, chronic) = (rest, rest_chronic);
            scratch.claims.clear();
            scratch.claims.extend_from_slice(own);
            county.model.other_claims(ctx, &persons, (ill, own_chronic), &mut scratch.claims);
            work.claims += scratch.claims.len() as u64;
            for ((state, lane), book) in scratch.lanes.iter_mut().zip(lanes).zip(books.iter_mut()) {
                let who = Who::Holder { row: ill.row as usize, stays: ill.stays };
                state.settle_year(Scene { county, lane, ctx, year }, (who, &scratch.claims), book);
            }
        }
    }
}

/// Ordinary residents: those admitted are counted, those with a costly year are settled one by one.
fn ordinary_residents(
    county: &County<'_>,
    (ctx, year): (&YearContext, usize),
    (lanes, books): Open<'_, '_>,
    (scratch, work): (&mut Scratch, &mut WorkDone),
) {
    let cells = county.ordinary.cells();
    let any_costly = lanes.iter().any(|lane| lane.needs_ordinary(year));
    let ordinary = county.model.ordinary_year(ctx, &cells, any_costly);
    let admitted = ordinary.admitted as i64;
    for (lane, book) in lanes.iter().zip(books.iter_mut()) {
        let row = lane.policy.names.categories.len();
        book.people[row].admitted += admitted;
    }
    for costly in &ordinary.costly.cells {
        settle_costly(county, (ctx, year, (&ordinary.costly, costly)), (lanes, books), (scratch, work));
    }
}

/// Settles the ordinary residents of a cell with a costly year; the stays of some are drawn together.
fn settle_costly(
    county: &County<'_>,
    (ctx, year, (all, costly)): (&YearContext, usize, (&CostlyYear, &Costly)),
    (lanes, books): Open<'_, '_>,
    (scratch, work): (&mut Scratch, &mut WorkDone),
) {
    for first in (0..costly.persons()).step_by(TOGETHER) {
        let numbers = first..costly.persons().min(first + TOGETHER as u32);
        county.model.costly_stays(ctx, (all, costly), numbers, (&mut scratch.stays, &mut scratch.costly));
        let mut stays = scratch.stays.claims.as_slice();
        for person in &scratch.costly {
            let (own, rest) = stays.split_at(usize::from(person.stays));
            stays = rest;
            scratch.claims.clear();
            scratch.claims.extend_from_slice(own);
            county.model.costly_bills(ctx, costly, person, &mut scratch.claims);
            work.claims += scratch.claims.len() as u64;
            let key = (costly.cell << 22) | person.number;
            let who = Who::Ordinary { key, age: costly.age, sex: costly.sex };
            for ((state, lane), book) in scratch.lanes.iter_mut().zip(lanes).zip(books.iter_mut()) {
                state.settle_year(Scene { county, lane, ctx, year }, (who, &scratch.claims), book);
            }
        }
    }
}

/// The year's end: applications of households, second assistance, what the next year needs.
fn close_year(
    county: &County<'_>,
    (ctx, year): (&YearContext, usize),
    (lanes, books): Open<'_, '_>,
    scratch: &mut Scratch,
) {
    for ((state, lane), book) in scratch.lanes.iter_mut().zip(lanes).zip(books.iter_mut()) {
        let scene = Scene { county, lane, ctx, year };
        state.recruits(scene, book);
        state.applications(scene, &scratch.ill, book);
        state.second_assistance(scene, book);
        state.end_year();
    }
}
