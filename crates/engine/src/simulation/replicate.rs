//! One replicate of one county: the years in order, all lanes on the same draws.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::book::YearBook;
use super::columns::YearColumns;
use super::counts::{Counts, Weights};
use super::drivers;
use super::facts::PeopleMeasure;
use super::household::Scenes;
use super::lane::Lane;
use super::ordinary;
use super::outcome::WorkDone;
use super::person::LaneState;
use super::reference::{self, Plain};
use super::scene::Scene;
use super::stage::{Observer, Stage};
use super::tiled::{self, Tiled, TiledCounty};
use crate::illness::{Ill, IllnessModel, ReplicateParameters, YearContext};
use crate::policy::balance::Imbalance;
use crate::population::{Population, PopulationParams};
use crate::rng::Draws;

/// How the replicates of a county are worked out: both ways give the same bits.
#[derive(Debug)]
pub enum Engine {
    /// Person by person: the plain reference.
    Reference,
    /// Column by column, many persons at once.
    Tiled(TiledCounty),
}

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
    /// How categories turn over, for persons whom the simulation recognises.
    pub turnover: &'a PopulationParams,
    /// The draws.
    pub draws: Draws,
    /// Whether general outpatient bills are drawn.
    pub general_outpatient: bool,
    /// Income per head of each year as a multiple of the base year's.
    pub income_growth: Vec<f64>,
    /// How replicates are worked out.
    pub engine: Engine,
    /// Is told when a stage is done.
    pub observer: &'a dyn Observer,
    /// Whether the books say who got what; only the plain reference does.
    pub follows_persons: bool,
    /// Rows of each household's members: starts and rows.
    pub members: (Vec<u32>, Vec<u32>),
    /// For each lane the one that settles its claims: itself, or one before it.
    pub leader_of: Vec<usize>,
    /// The uncertain numbers of persons; none where every person stands for one.
    pub counts: Option<Counts>,
}

impl County<'_> {
    /// For how many persons each person stands in a replicate, by year.
    pub(super) fn weights(&self, replicate: u32) -> Vec<Weights> {
        match &self.counts {
            Some(counts) => counts.weights(replicate),
            None => vec![Weights::default(); self.columns.len()],
        }
    }

    /// The lanes that settle claims.
    pub(super) fn leading(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.leader_of.len()).filter(|&number| self.leader_of[number] == number)
    }

    /// For each lane which of those that settle claims it goes by.
    fn states(&self) -> impl Iterator<Item = usize> + '_ {
        self.leader_of.iter().map(|&leader| self.leading().take_while(|&other| other < leader).count())
    }

    /// The rows of a household's members, who are there at any time.
    pub(super) fn members(&self, household: u32) -> &[u32] {
        let (starts, rows) = &self.members;
        &rows[starts[household as usize] as usize..starts[household as usize + 1] as usize]
    }
}

/// Memory that is used again from replicate to replicate.
#[derive(Debug, Default)]
pub struct Scratch {
    pub(super) lanes: Vec<LaneState>,
    /// Who fell ill this year, in the order of rows.
    pub(super) ill: Vec<Ill>,
    /// Who fell ill in the year before.
    last_ill: Vec<Ill>,
    pub(super) plain: Plain,
    pub(super) tiled: Box<Tiled>,
}

/// The books of one replicate: `[lane][year]`, and the work done.
#[derive(Debug, PartialEq)]
pub struct Replicate {
    /// Books.
    pub books: Vec<Vec<YearBook>>,
    /// What was drawn for many at once, by year, see `simulation::drivers`.
    pub drivers: Vec<Vec<f64>>,
    /// Work done by the first lane.
    pub work: WorkDone,
    /// A settlement that does not add up.
    pub imbalance: Option<Imbalance>,
}

/// A year of a replicate.
#[derive(Debug, Clone, Copy)]
struct Moment<'y> {
    ctx: &'y YearContext,
    year: usize,
    weights: &'y Weights,
}

impl<'y> Moment<'y> {
    fn scene<'s, 'c>(self, county: &'s County<'c>, lane: &'s Lane<'c>) -> Scene<'s, 'c>
    where
        'y: 's,
    {
        let Self { ctx, year, weights } = self;
        Scene { county, lane, ctx, year, weights }
    }
}

/// One county-year of a replicate, of which every lane that settles claims keeps a book.
#[derive(Debug)]
pub(super) struct OpenYear<'y, 'c> {
    pub county: &'y County<'c>,
    /// Those that settle claims.
    pub lanes: &'y [&'y Lane<'c>],
    pub ctx: &'y YearContext,
    pub year: usize,
    /// For how many persons each person of the population stands.
    pub weights: &'y Weights,
    pub books: &'y mut [YearBook],
    pub work: &'y mut WorkDone,
}

impl OpenYear<'_, '_> {
    /// Whether the bills of somebody who fell ill are settled: of persons who are not enrolled they go through none of the
    /// tiers, and who stands for nobody has none.
    pub fn has_bills(&self, ill: &Ill) -> bool {
        let row = ill.row as usize;
        self.county.columns[self.year].is_enrolled(row) && self.weights.of(row) > 0
    }

    /// Who fell ill, apart by the number of persons for whom each stands.
    pub fn by_weight<'i>(&self, ill: &'i [Ill]) -> Vec<(i64, Cow<'i, [Ill]>)> {
        if self.weights.are_one() {
            return vec![(1, Cow::Borrowed(ill))];
        }
        let mut apart: BTreeMap<i64, Vec<Ill>> = BTreeMap::new();
        for one in ill {
            apart.entry(self.weights.of(one.row as usize)).or_default().push(*one);
        }
        apart.into_iter().map(|(weight, ill)| (weight, Cow::Owned(ill))).collect()
    }

    /// Counts ordinary residents who were admitted.
    pub fn count_admitted(&mut self, admitted: i64) {
        for (lane, book) in self.lanes.iter().zip(self.books.iter_mut()) {
            book.weigh(1);
            book.count_people(lane.ordinary_row(), PeopleMeasure::Admitted, admitted);
        }
    }
}

/// Runs one replicate: a pure function of the county, the lanes and the number of the replicate.
pub fn run(county: &County<'_>, lanes: &[Lane<'_>], replicate: u32, scratch: &mut Scratch) -> Replicate {
    let params = county.model.replicate(&county.draws, replicate);
    let leading: Vec<&Lane<'_>> = county.leading().map(|number| &lanes[number]).collect();
    scratch.plain.begin();
    scratch.lanes.resize_with(leading.len(), LaneState::default);
    for (state, lane) in scratch.lanes.iter_mut().zip(&leading) {
        state.begin(lane, county.population);
    }
    let mut work = WorkDone::default();
    let mut books: Vec<Vec<YearBook>> = vec![Vec::new(); lanes.len()];
    let mut drivers = Vec::new();
    let years: Vec<_> = (0..county.columns.len()).map(|year| context(county, &params, year)).collect();
    let weights = county.weights(replicate);
    county.observer.done(Stage::Year);
    if let Engine::Tiled(tiles) = &county.engine {
        tiled::begin(tiles, county, &years, scratch);
    }
    for (year, (ctx, weights)) in years.iter().zip(&weights).enumerate() {
        let moment = Moment { ctx, year, weights };
        let mut opened: Vec<YearBook> = lanes.iter().map(|lane| lane.base[year].opened(weights)).collect();
        if let (Some(lane), Some(book)) = (lanes.first(), opened.first()) {
            drivers.push(drivers::of_year((&params, ctx), (book, lane.base[year].everybody())));
        }
        if county.follows_persons {
            opened.iter_mut().for_each(YearBook::follow);
        }
        begin_year(county, lanes, moment, (scratch, &mut opened));
        let mut open: Vec<YearBook> = county.leading().map(|number| opened[number].clone()).collect();
        let mut this =
            OpenYear { county, lanes: &leading, ctx, year, weights, books: &mut open, work: &mut work };
        county.observer.done(Stage::Year);
        match &county.engine {
            Engine::Reference => reference::year(&mut this, scratch),
            Engine::Tiled(tiles) => tiled::year(tiles, &mut this, scratch),
        }
        settle_applications(&mut this, year.checked_sub(1).map(|last| &years[last]), scratch);
        let closed = close_year(county, lanes, moment, (&opened, &open), scratch);
        county.observer.done(Stage::YearEnd);
        for (all, book) in books.iter_mut().zip(closed) {
            all.push(book);
        }
    }
    let imbalance = scratch.lanes.iter().find_map(|state| state.work.imbalance);
    Replicate { books, drivers, work, imbalance }
}

/// Counts in the book of each lane who gained an identity in an earlier year.
fn begin_year(
    county: &County<'_>,
    lanes: &[Lane<'_>],
    moment: Moment<'_>,
    (scratch, opened): (&Scratch, &mut [YearBook]),
) {
    for ((lane, state), book) in lanes.iter().zip(county.states()).zip(opened) {
        scratch.lanes[state].begin_year(moment.scene(county, lane), book);
    }
}

fn context(county: &County<'_>, params: &ReplicateParameters, year: usize) -> YearContext {
    let ctx = county.model.year(params, county.population.county, county.columns[year].year);
    ctx.with_general_outpatient(county.general_outpatient)
}

/// The claims of recruits, stays that were carried into the year, and the applications of households.
fn settle_applications(open: &mut OpenYear<'_, '_>, last: Option<&YearContext>, scratch: &mut Scratch) {
    let OpenYear { county, lanes, ctx, year, weights, .. } = *open;
    for ((state, lane), book) in scratch.lanes.iter_mut().zip(lanes).zip(open.books.iter_mut()) {
        let scene = Moment { ctx, year, weights }.scene(county, lane);
        let before = last.map(|ctx| (Scene { ctx, year: year - 1, ..scene }, scratch.last_ill.as_slice()));
        state.hand_stays_to_recruits(scene);
        state.recruits(scene, book);
        state.settle_carried(scene, book);
        state.applications(Scenes { scene, ill: &scratch.ill, last: before }, book);
    }
    std::mem::swap(&mut scratch.ill, &mut scratch.last_ill);
}

/// The year's end: what claims came to in a lane that settles them goes to all lanes that settle like it; then
/// newly recognised persons are counted, and second assistance is given.
fn close_year(
    county: &County<'_>,
    lanes: &[Lane<'_>],
    moment: Moment<'_>,
    (opened, settled): (&[YearBook], &[YearBook]),
    scratch: &mut Scratch,
) -> Vec<YearBook> {
    let mut closed = Vec::new();
    for (number, (lane, state)) in lanes.iter().zip(county.states()).enumerate() {
        let (scene, leader) = (moment.scene(county, lane), county.leader_of[number]);
        let mut book = settled[state].clone();
        if leader != number {
            let settled = std::mem::replace(&mut book, opened[number].clone());
            book.add_change(&opened[leader], &settled);
        }
        scratch.lanes[state].count_recognised(scene, &mut book);
        if leader == number {
            scratch.lanes[state].second_assistance(scene, &mut book);
        }
        closed.push(book);
    }
    scratch.lanes.iter_mut().for_each(LaneState::end_year);
    closed
}
