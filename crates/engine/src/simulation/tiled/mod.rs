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

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::book::YearBook;
use super::columns::YearColumns;
use super::following::{Follower, Onto};
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
use alike::{Alike, LaneSet};
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
        Self { instructions, persons, rules, alike: Alike::by_year(lanes, columns.len()) }
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
    let first = open.lanes.first().zip(tiles.rules_of_year(open.year).next());
    if let Some((lane, rules)) = first.filter(|_| !tiles.alike[open.year].all_go_alone()) {
        scratch.tiled.common.begin(lane, rules);
    }
    let mut common = CommonBooks::default();
    identity_holders(tiles, open, &mut common, scratch);
    ordinary_residents(tiles, open, &mut common, scratch);
    hand_on(tiles, open, scratch, 1);
    common.join(open.books);
}

/// Books of what several lanes settle alike, by the lanes that do not.
#[derive(Debug, Default)]
struct CommonBooks(BTreeMap<LaneSet, YearBook>);

impl CommonBooks {
    /// The book for persons who each stand for so many; none where each lane settles them for itself.
    fn of(
        &mut self,
        (tiles, open): (&TiledCounty, &OpenYear<'_, '_>),
        (otherwise, weight): (LaneSet, i64),
    ) -> Option<&mut YearBook> {
        let lane = open.lanes.first().filter(|_| !tiles.alike[open.year].is_everyone(otherwise))?;
        let book = self.0.entry(otherwise).or_insert_with(|| lane.empty_book());
        book.weigh(weight);
        Some(book)
    }

    /// Adds each to the books of the lanes that share it.
    fn join(&self, books: &mut [YearBook]) {
        for (otherwise, common) in &self.0 {
            let sharing = books.iter_mut().enumerate().filter(|(lane, _)| otherwise >> lane & 1 == 0);
            sharing.for_each(|(_, book)| book.join(common));
        }
    }
}

/// Books what was gathered of persons who each stand for so many.
fn hand_on(tiles: &TiledCounty, open: &mut OpenYear<'_, '_>, scratch: &mut Scratch, weight: i64) {
    let gathered = scratch.tiled.gathered.iter_mut().zip(tiles.rules_of_year(open.year));
    for ((gathered, rules), (lane, book)) in gathered.zip(open.lanes.iter().zip(open.books.iter_mut())) {
        book.weigh(weight);
        gathered.hand_on((lane, open.year, rules), book);
    }
}

/// The same of what several lanes share.
fn hand_common_on(
    tiles: &TiledCounty,
    open: &OpenYear<'_, '_>,
    common: Option<&mut YearBook>,
    scratch: &mut Scratch,
) {
    let first = open.lanes.first().zip(tiles.rules_of_year(open.year).next());
    if let (Some((lane, rules)), Some(book)) = (first, common) {
        scratch.tiled.common.hand_on((lane, open.year, rules), book);
    }
}

/// The bills of who falls ill, and what each lane makes of them.
fn identity_holders(
    tiles: &TiledCounty,
    open: &mut OpenYear<'_, '_>,
    common: &mut CommonBooks,
    scratch: &mut Scratch,
) {
    let OpenYear { county, ctx, year, .. } = *open;
    let (persons, model) = (&tiles.persons.years[year], county.model);
    let mut ill = std::mem::take(&mut scratch.tiled.ill[year]);
    if !open.weights.are_one() || !county.columns[year].is_everybody_enrolled() {
        ill.retain(|ill| open.has_bills(ill));
    }
    open.work.person_years += persons.len() as u64;
    open.work.ill_person_years += ill.len() as u64;
    for (weight, ill) in open.by_weight(&ill) {
        open.books.iter_mut().for_each(|book| book.weigh(weight));
        for (otherwise, ill) in tiles.alike[year].part(ill, county.population, &scratch.lanes) {
            let mut book = common.of((tiles, open), (otherwise, weight));
            for together in ill.chunks(PERSONS) {
                model.bills_tiled((tiles.instructions, ctx), persons, together, &mut scratch.tiled.bills);
                county.observer.done(Stage::Bills);
                let subjects = Subjects::Holders(together);
                settle(tiles, open, (subjects, otherwise, book.as_deref_mut()), scratch);
            }
            hand_common_on(tiles, open, book, scratch);
        }
        hand_on(tiles, open, scratch, weight);
    }
    together::settle_households(open, &mut scratch.lanes, &ill);
    scratch.tiled.ill[year] = std::mem::replace(&mut scratch.ill, ill);
}

/// Ordinary residents: those admitted are counted, those with a costly year are settled.
fn ordinary_residents(
    tiles: &TiledCounty,
    open: &mut OpenYear<'_, '_>,
    common: &mut CommonBooks,
    scratch: &mut Scratch,
) {
    let OpenYear { county, lanes, ctx, year, .. } = *open;
    let (cells, model) = (county.ordinary.cells(), county.model);
    let any_costly = lanes.iter().any(|lane| lane.needs_ordinary(year));
    let draws = (tiles.instructions, ctx);
    let ordinary = model.ordinary_year_tiled(draws, &cells, any_costly);
    open.count_admitted(ordinary.admitted as i64);
    county.observer.done(Stage::Ordinary);
    let (costly, all) = (&ordinary.costly, ordinary.costly.persons());
    let otherwise = tiles.alike[year].of_residents();
    let mut common = common.of((tiles, open), (otherwise, 1));
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
        settle(tiles, open, (Subjects::Costly(&residents), otherwise, common.as_deref_mut()), scratch);
    }
    hand_common_on(tiles, open, common, scratch);
    scratch.tiled.residents = residents;
}

/// Settles the bills of some persons in every lane, tile by tile: the first one for all that settle them alike, into their
/// common book, and each of the `otherwise` for itself.
fn settle(
    tiles: &TiledCounty,
    open: &mut OpenYear<'_, '_>,
    (subjects, otherwise, mut common): (Subjects<'_>, LaneSet, Option<&mut YearBook>),
    scratch: &mut Scratch,
) {
    let mut cursor = Cursor::default();
    while cursor.person < subjects.len() {
        let Tiled { bills, tile, .. } = &mut *scratch.tiled;
        tile.begin = cursor.person;
        let (next, n_claims) = tile.layout.lay_out(tiles.instructions, bills, cursor);
        open.work.claims += n_claims as u64;
        let subjects = subjects.part(cursor.person..next.person);
        cursor = next;
        open.county.observer.done(Stage::Layout);
        match common.as_deref_mut() {
            Some(common) => {
                settle_together(tiles, open, (subjects, otherwise, common), scratch);
                settle_apart(tiles, open, (subjects, otherwise), scratch);
            }
            None => settle_apart(tiles, open, (subjects, LaneSet::MAX), scratch),
        }
    }
}

/// Settles a tile by the rules of the first lane, for it and for all but the `otherwise`.
fn settle_together(
    tiles: &TiledCounty,
    open: &mut OpenYear<'_, '_>,
    (subjects, otherwise, common): (Subjects<'_>, LaneSet, &mut YearBook),
    scratch: &mut Scratch,
) {
    let OpenYear { county, lanes, ctx, year, weights, .. } = *open;
    let Tiled { bills, tile, common: gathered, .. } = &mut *scratch.tiled;
    let states = scratch.lanes.iter_mut().zip(open.books.iter_mut()).zip(lanes).enumerate();
    let sharing = states.filter(|(lane, _)| otherwise >> lane & 1 == 0);
    let mut sharing = sharing.map(|(_, ((state, book), lane))| {
        let scene = Scene { county, lane, ctx, year, weights };
        Follower { scene, state, book }
    });
    let (Some(first), Some(rules)) = (sharing.next(), tiles.rules_of_year(year).next()) else { return };
    let mut followers: Vec<Follower<'_, '_>> = sharing.collect();
    let onto = Onto::together(first.book, common, tiles.alike[year].changed_for(otherwise));
    let of_tile = (rules, subjects, &*bills);
    let filled = Filled { tile, gathered, onto, followers: &mut followers };
    first.state.settle_tile(tiles.instructions, first.scene, of_tile, filled);
}

/// Settles a tile in some of the lanes, each for itself.
fn settle_apart(
    tiles: &TiledCounty,
    open: &mut OpenYear<'_, '_>,
    (subjects, some): (Subjects<'_>, LaneSet),
    scratch: &mut Scratch,
) {
    let OpenYear { county, lanes, ctx, year, weights, .. } = *open;
    let Tiled { bills, tile, gathered, .. } = &mut *scratch.tiled;
    let states = scratch.lanes.iter_mut().zip(open.books.iter_mut()).zip(gathered);
    let lanes = lanes.iter().zip(tiles.rules_of_year(year)).zip(states).enumerate();
    for (number, ((lane, rules), ((state, book), gathered))) in lanes {
        // Identity holders are settled household by household, plainly, where these are counted.
        let by_household = lane.counts_households(year) && matches!(subjects, Subjects::Holders(_));
        if by_household || some != LaneSet::MAX && some >> number & 1 == 0 {
            continue;
        }
        let scene = Scene { county, lane, ctx, year, weights };
        let of_tile = (rules, subjects, &*bills);
        let filled = Filled { tile, gathered, onto: Onto::own(book), followers: &mut [] };
        state.settle_tile(tiles.instructions, scene, of_tile, filled);
    }
}

/// What is filled in when a tile is settled.
struct Filled<'t, 'c> {
    tile: &'t mut Tile,
    /// What is booked by columns.
    gathered: &'t mut Gathered,
    onto: Onto<'t>,
    /// Lanes to which goes what is noted of persons.
    followers: &'t mut [Follower<'t, 'c>],
}
