//! The tiled engine: one year of a replicate, many persons at once.
//!
//! Persons who may fall ill are sifted and their bills drawn in columns; a tile of ill persons is laid out in rounds
//! (block by block: first claims of all, then second ones, and so on) and settled by each lane's compiled rules. Whoever meets
//! anything rare, such as tilt assistance or an identity gained from a list in the same year, is settled by the
//! plain settlement instead. The books are those of the [plain reference](super::reference), to the fen.

mod alike;
#[cfg(test)]
mod alike_tests;
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

use super::book::YearBook;
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
use alike::Alike;
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
    /// What is gathered of persons whom several lanes settle alike.
    common: Gathered,
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
    /// By year: whom the lanes settle alike.
    alike: Vec<Alike>,
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
        let rules: Vec<Vec<TileRules>> = lanes.iter().map(of_lane).collect();
        let of_year = |year: usize| {
            let rules: Vec<&TileRules> = rules.iter().map(|years| &years[year]).collect();
            Alike::new(lanes, &rules, year)
        };
        let alike = (0..columns.len()).map(of_year).collect();
        Self { instructions, persons, rules, alike }
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
    let whom = &tiles.alike[year];
    let mut common = begin_common(tiles, open, scratch);
    for (weight, ill) in open.by_weight(&ill) {
        let parts =
            if whom.is_any() { whom.part(&ill, &scratch.lanes) } else { [Vec::new(), ill.into_owned()] };
        open.books.iter_mut().chain(common.as_mut()).for_each(|book| book.weigh(weight));
        for (ill, is_alike) in parts.iter().zip([true, false]) {
            for together in ill.chunks(PERSONS) {
                model.bills_tiled((tiles.instructions, ctx), persons, together, &mut scratch.tiled.bills);
                county.observer.done(Stage::Bills);
                let common = common.as_mut().filter(|_| is_alike);
                settle(tiles, open, (Subjects::Holders(together), common), scratch);
            }
        }
        hand_on(tiles, open, scratch, weight);
        if let (Some(book), Some(rules)) = (common.as_mut(), tiles.rules.first()) {
            scratch.tiled.common.hand_on((open.lanes[0], year, &rules[year]), book);
        }
    }
    for (book, _) in open.books.iter_mut().zip(&whom.shares).filter(|(_, shares)| **shares) {
        common.iter().for_each(|common| book.join(common));
    }
    together::settle_households(open, &mut scratch.lanes, &ill);
    scratch.tiled.ill[year] = std::mem::replace(&mut scratch.ill, ill);
}

/// A book of what several lanes settle alike; none where no lane goes along with the first.
fn begin_common(tiles: &TiledCounty, open: &OpenYear<'_, '_>, scratch: &mut Scratch) -> Option<YearBook> {
    let rules = tiles.rules_of_year(open.year).next()?;
    let lane = *open.lanes.first().filter(|_| tiles.alike[open.year].is_any())?;
    scratch.tiled.common.begin(lane, rules);
    Some(lane.empty_book())
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
        settle(tiles, open, (Subjects::Costly(&residents), None), scratch);
    }
    scratch.tiled.residents = residents;
}

/// Settles the bills of some persons in every lane, tile by tile; those whom several lanes settle alike go into a book that
/// is common to these.
fn settle(
    tiles: &TiledCounty,
    open: &mut OpenYear<'_, '_>,
    (subjects, mut common): (Subjects<'_>, Option<&mut YearBook>),
    scratch: &mut Scratch,
) {
    let OpenYear { county, lanes, ctx, year, weights, .. } = *open;
    let Tiled { bills, tile, gathered, common: together, .. } = &mut *scratch.tiled;
    let shares = &tiles.alike[year].shares;
    let mut cursor = Cursor::default();
    while cursor.person < subjects.len() {
        tile.begin = cursor.person;
        let (next, n_claims) = tile.layout.lay_out(tiles.instructions, bills, cursor);
        open.work.claims += n_claims as u64;
        let subjects = subjects.part(cursor.person..next.person);
        cursor = next;
        county.observer.done(Stage::Layout);
        // Those that go along find the tile as the first one left it.
        for goes_along in [true, false] {
            let all = lanes.iter().zip(tiles.rules_of_year(year)).enumerate();
            for (number, (lane, rules)) in all.filter(|(number, _)| shares[*number] == goes_along) {
                // Identity holders are settled household by household, plainly.
                if lane.counts_households(year) && matches!(subjects, Subjects::Holders(_)) {
                    continue;
                }
                let scene = Scene { county, lane, ctx, year, weights };
                let (state, book) = (&mut scratch.lanes[number], &mut open.books[number]);
                let of_tile = (rules, subjects, &*bills);
                match common.as_deref_mut().filter(|_| goes_along) {
                    None => {
                        let into = Onto { tile, gathered: &mut gathered[number], book, common: None };
                        state.settle_tile(tiles.instructions, scene, of_tile, into);
                    }
                    Some(common) if number == 0 => {
                        let into = Onto { tile, gathered: together, book, common: Some(common) };
                        state.settle_tile(tiles.instructions, scene, of_tile, into);
                    }
                    Some(_) => {
                        state.settle_alike(scene, (&tiles.rules[0][year], subjects, &*bills), (tile, book))
                    }
                }
            }
        }
    }
}

/// Where a lane's view of a tile goes.
struct Onto<'t> {
    tile: &'t mut Tile,
    /// What is booked by columns.
    gathered: &'t mut Gathered,
    /// The lane's book.
    book: &'t mut YearBook,
    /// Instead of it for what is booked by columns: the book of several lanes.
    common: Option<&'t mut YearBook>,
}
