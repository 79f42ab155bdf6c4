//! The tiled engine: one year of a replicate, many persons at once.
//!
//! Persons who may fall ill are sifted and their bills drawn in columns; a tile of ill persons is laid out in rounds
//! (block by block: first claims of all, then second ones, and so on) and settled by each lane's compiled rules. Whoever meets
//! anything rare, such as tilt assistance or an identity gained from a list in the same year, is settled by the
//! plain settlement instead. The books are those of the [plain reference](super::reference), to the fen.

mod arrange;
mod book;
mod layout;
mod luck;
mod persons;
pub mod rules;
mod sift;
mod tracks;
mod view;

use rayon::prelude::*;

use super::columns::YearColumns;
use super::lane::Lane;
use super::ordinary::Residents;
use super::replicate::{County, OpenYear, Scratch};
use super::scene::{Scene, Who};
use super::stage::Stage;
use super::together;
use crate::illness::tile::{Bills, PersonTiles, TileScratch};
use crate::illness::{Ill, IllnessModel, YearContext};
use crate::instruction_set::Instructions;
use crate::policy::tile::{PERSONS, Settled};
use crate::population::Population;
use book::Gathered;
use layout::{Cursor, Layout};
use luck::Luck;
use rules::TileRules;
use sift::Sift;

/// Memory that is used again from tile to tile.
#[derive(Debug, Default)]
pub struct Tiled {
    incidence: TileScratch,
    /// Who falls ill in each year of the replicate.
    ill: Vec<Vec<Ill>>,
    bills: Bills,
    tile: Tile,
    gathered: Vec<Gathered>,
    residents: Vec<Resident>,
}

/// One tile: its layout, what its claims were paid, and room for one person's claims.
#[derive(Debug, Default)]
pub struct Tile {
    layout: Layout,
    settled: Settled,
    luck: Luck,
    sift: Sift,
    /// The position of the first person among those whose bills were drawn together.
    begin: usize,
    /// By person: whether a stay or a bill is for a listed disease that rules of the lane ask for, or a stay goes over New Year and does
    /// not belong to the year of admission alone.
    marked: Vec<bool>,
    /// Persons settled plainly.
    rare: Vec<usize>,
}

impl Tile {
    /// Takes out what a person's claims were paid.
    fn take_out(&mut self, person: usize) {
        self.settled.take_out(self.layout.place[person] as usize, self.layout.n_claims[person] as usize);
    }
}

/// A county prepared for the tiled engine.
#[derive(Debug)]
pub struct TiledCounty {
    /// The instructions that kernels use.
    pub instructions: Instructions,
    /// The persons of all years.
    pub persons: PersonTiles,
    /// The rules of each lane and year.
    pub rules: Vec<Vec<TileRules>>,
}

impl TiledCounty {
    /// Prepares a county: persons by year, rules by lane and year.
    #[must_use]
    pub fn new(
        instructions: Instructions,
        (model, population): (&IllnessModel, &Population),
        (columns, income_growth): (&[YearColumns], &[f64]),
        (lanes, residents): (&[&Lane<'_>], &Residents),
    ) -> Self {
        let years: Vec<_> = columns.iter().map(YearColumns::persons).collect();
        let persons = PersonTiles::new(model, &years);
        let of_lane = |lane: &&Lane<'_>| {
            let year = |(year, columns)| {
                let lines = lane.test.lines_by_row(population, income_growth[year]);
                TileRules::new(lane, year, (population, columns, lines), residents)
            };
            columns.par_iter().enumerate().map(year).collect()
        };
        Self { instructions, persons, rules: lanes.iter().map(of_lane).collect() }
    }

    fn rules_of_year(&self, year: usize) -> impl Iterator<Item = &TileRules> {
        self.rules.iter().map(move |years| &years[year])
    }
}

/// Begins a replicate: who falls ill in each of its years, which no lane changes.
pub(super) fn begin(tiles: &TiledCounty, county: &County<'_>, years: &[YearContext], scratch: &mut Scratch) {
    let Tiled { incidence, ill, .. } = &mut *scratch.tiled;
    county.model.incidence_tiled((tiles.instructions, years), &tiles.persons, incidence, ill);
    county.observer.done(Stage::Incidence);
}

/// Whose bills a tile holds.
#[derive(Debug, Clone, Copy)]
pub enum Subjects<'t> {
    /// Identity holders.
    Holders(&'t [Ill]),
    /// Ordinary residents with a costly year.
    Costly(&'t [Resident]),
}

/// An ordinary resident with a costly year.
#[derive(Debug, Clone, Copy)]
pub struct Resident {
    /// Who it is.
    pub who: Who,
    /// Key of the draws.
    pub key: u32,
    /// The cell.
    pub cell: u32,
}

impl Subjects<'_> {
    fn part(self, persons: std::ops::Range<usize>) -> Self {
        match self {
            Self::Holders(ill) => Self::Holders(&ill[persons]),
            Self::Costly(residents) => Self::Costly(&residents[persons]),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Holders(ill) => ill.len(),
            Self::Costly(residents) => residents.len(),
        }
    }
}

/// One year: identity holders, then ordinary residents.
pub(super) fn year(tiles: &TiledCounty, open: &mut OpenYear<'_, '_>, scratch: &mut Scratch) {
    scratch.tiled.gathered.resize_with(open.lanes.len(), Gathered::default);
    let gathered = scratch.tiled.gathered.iter_mut().zip(tiles.rules_of_year(open.year));
    for ((gathered, rules), lane) in gathered.zip(open.lanes) {
        gathered.begin(lane, rules);
    }
    identity_holders(tiles, open, scratch);
    ordinary_residents(tiles, open, scratch);
    hand_on(tiles, open, scratch, 1);
}

/// Books what was gathered of persons who each stand for so many.
fn hand_on(tiles: &TiledCounty, open: &mut OpenYear<'_, '_>, scratch: &mut Scratch, weight: i64) {
    let gathered = scratch.tiled.gathered.iter_mut().zip(tiles.rules_of_year(open.year));
    for ((gathered, rules), (lane, book)) in gathered.zip(open.lanes.iter().zip(open.books.iter_mut())) {
        book.weigh(weight);
        gathered.hand_on((lane, open.year, rules), book);
    }
}

/// The bills of who falls ill, and what each lane makes of them.
fn identity_holders(tiles: &TiledCounty, open: &mut OpenYear<'_, '_>, scratch: &mut Scratch) {
    let OpenYear { county, ctx, year, .. } = *open;
    let (persons, model) = (&tiles.persons.years[year], county.model);
    let mut ill = std::mem::take(&mut scratch.tiled.ill[year]);
    if !open.weights.are_one() || !county.columns[year].is_everybody_enrolled() {
        ill.retain(|ill| open.has_bills(ill));
    }
    open.work.person_years += persons.len() as u64;
    open.work.ill_person_years += ill.len() as u64;
    for (weight, alike) in open.by_weight(&ill) {
        open.books.iter_mut().for_each(|book| book.weigh(weight));
        for together in alike.chunks(PERSONS) {
            model.bills_tiled((tiles.instructions, ctx), persons, together, &mut scratch.tiled.bills);
            county.observer.done(Stage::Bills);
            settle(tiles, open, Subjects::Holders(together), scratch);
        }
        hand_on(tiles, open, scratch, weight);
    }
    together::settle_households(open, &mut scratch.lanes, &ill);
    scratch.tiled.ill[year] = std::mem::replace(&mut scratch.ill, ill);
}

/// Ordinary residents: those admitted are counted, those with a costly year are settled.
fn ordinary_residents(tiles: &TiledCounty, open: &mut OpenYear<'_, '_>, scratch: &mut Scratch) {
    let OpenYear { county, lanes, ctx, year, .. } = *open;
    let (cells, model) = (county.ordinary.cells(), county.model);
    let any_costly = lanes.iter().any(|lane| lane.needs_ordinary(year));
    let draws = (tiles.instructions, ctx);
    let ordinary = model.ordinary_year_tiled(draws, &cells, any_costly);
    open.count_admitted(ordinary.admitted as i64);
    county.observer.done(Stage::Ordinary);
    let (costly, all) = (&ordinary.costly, ordinary.costly.persons());
    let mut residents = std::mem::take(&mut scratch.tiled.residents);
    for first in (0..all).step_by(PERSONS) {
        let numbers = first..all.min(first + PERSONS as u32);
        residents.clear();
        for (cell, numbers) in costly.runs(numbers.clone()) {
            residents.extend(numbers.map(|number| {
                let who = Who::costly(cell, number);
                Resident { who, key: who.key(), cell: cell.cell }
            }));
        }
        model.costly_bills_of_cells(draws, costly, numbers, &mut scratch.tiled.bills);
        county.observer.done(Stage::Bills);
        settle(tiles, open, Subjects::Costly(&residents), scratch);
    }
    scratch.tiled.residents = residents;
}

/// Settles the bills of some persons in every lane, tile by tile.
fn settle(tiles: &TiledCounty, open: &mut OpenYear<'_, '_>, subjects: Subjects<'_>, scratch: &mut Scratch) {
    let OpenYear { county, lanes, ctx, year, weights, .. } = *open;
    let Tiled { bills, tile, gathered, .. } = &mut *scratch.tiled;
    let mut cursor = Cursor::default();
    while cursor.person < subjects.len() {
        tile.begin = cursor.person;
        let (next, n_claims) = tile.layout.lay_out(tiles.instructions, bills, cursor);
        open.work.claims += n_claims as u64;
        let subjects = subjects.part(cursor.person..next.person);
        cursor = next;
        county.observer.done(Stage::Layout);
        for (number, (lane, rules)) in lanes.iter().zip(tiles.rules_of_year(year)).enumerate() {
            // Identity holders are settled household by household, plainly.
            if lane.counts_households(year) && matches!(subjects, Subjects::Holders(_)) {
                continue;
            }
            let scene = Scene { county, lane, ctx, year, weights };
            let into = (&mut *tile, &mut gathered[number], &mut open.books[number]);
            scratch.lanes[number].settle_tile(tiles.instructions, scene, (rules, subjects, bills), into);
        }
    }
}
