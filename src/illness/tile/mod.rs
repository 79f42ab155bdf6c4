//! The stages of illness over tiles: columns of 256 persons and kernels over them, compiled for each set of
//! instructions. They give the bits of the plain stages, which are the definition; tests hold the two together.
//!
//! What seldom happens - a condition that begins or ends, a cost in the tail, a word on the edge of a table - is
//! marked by the kernels and done by the plain functions.

#![expect(
    clippy::needless_range_loop,
    reason = "a loop over lanes reads and writes several columns at its index"
)]

mod begin;
mod bills;
mod costly;
mod count;
mod incidence;
pub(super) mod lanes;
mod memory;
pub(super) mod ordinary;
mod others;
mod quarters;
mod sick;
mod stays;
pub(super) mod tables;
mod totals;

pub use bills::{Bills, MonthlySection, Section};

use super::IllnessModel;
use super::incidence::{Persons, table_row};
use crate::units::Month;
use tables::{CELLS, boxed, presence};

/// Rows of a tile: as many as a byte tells apart.
pub(super) const TILE: usize = 256;

/// One year's persons prepared for tiles; the same in all replicates.
#[derive(Debug, Clone)]
pub struct PersonTiles {
    /// Persons; the columns are padded to whole tiles with persons who are never there.
    persons: usize,
    /// Group, age and sex.
    cell: Vec<u16>,
    /// First and last month.
    presence: Vec<u8>,
    group: Vec<u8>,
    age: Vec<u8>,
}

impl PersonTiles {
    /// Prepares persons whose number is their row.
    ///
    /// # Panics
    /// When a number is not its row.
    #[must_use]
    pub fn new(model: &IllnessModel, persons: &Persons<'_>) -> Self {
        assert!(
            persons.number.iter().zip(0_u32..).all(|(number, row)| *number == row),
            "persons are numbered by their rows"
        );
        debug_assert!(persons.group.iter().all(|group| usize::from(*group) < model.groups.len()));
        let n = persons.len();
        let padded = n.next_multiple_of(TILE);
        let cell = |row: usize| cell(persons.group[row], persons.age[row], persons.sex[row].index());
        let months = persons.first_month.iter().zip(persons.last_month);
        let mut tiles = Self {
            persons: n,
            cell: (0..n).map(cell).collect(),
            presence: months.map(|(first, last)| presence(*first, *last)).collect(),
            group: persons.group.to_vec(),
            age: persons.age.to_vec(),
        };
        tiles.cell.resize(padded, 0);
        tiles.presence.resize(padded, presence(1, 0));
        tiles
    }
}

#[expect(clippy::cast_possible_truncation, reason = "at most 202 groups of 131 ages and two sexes")]
fn cell(group: u8, age: u8, sex: usize) -> u16 {
    2 * table_row(group, age) as u16 + sex as u16
}

/// What persons carry from year to year within a replicate, in columns padded like those of the persons.
#[derive(Debug, Clone, Default)]
pub struct TileState {
    /// How many persons have begun.
    begun: usize,
    /// The part of the risk that never changes, with its weight.
    lasting: Vec<f64>,
    /// The part of the risk that fades.
    changing: Vec<f64>,
    /// Liability to special chronic disease.
    liability: Vec<f64>,
    /// Major condition at the end of the year, plus one.
    condition: Vec<u8>,
}

impl TileState {
    /// Forgets everybody, for the next replicate; keeps the memory.
    pub fn clear(&mut self) {
        // Rows are written anew when their persons begin.
        self.begun = 0;
    }

    /// Makes room for a number of rows.
    fn room(&mut self, rows: usize) {
        if self.lasting.len() < rows {
            self.lasting.resize(rows, 0.0);
            self.changing.resize(rows, 0.0);
            self.liability.resize(rows, 0.0);
            self.condition.resize(rows, 0);
        }
    }
}

/// Memory used again from call to call.
#[derive(Debug)]
pub struct TileScratch {
    /// By group, age and sex: stays a year at average risk of who is present all year.
    rates: Box<[f64; CELLS]>,
    tile: Box<incidence::Tile>,
    likely: Box<incidence::Likely>,
}

impl Default for TileScratch {
    fn default() -> Self {
        Self { rates: boxed(0.0), tile: Box::default(), likely: Box::default() }
    }
}

/// A day of a month from 0 as bills carry it.
const fn day_code(month: u32, day: u32) -> u32 {
    (month << 5) | day
}

/// The month of a year that a day code tells.
fn month_of(year: u16, day: u16) -> Month {
    Month::new(year, (day >> 5) as u8 + 1)
}
