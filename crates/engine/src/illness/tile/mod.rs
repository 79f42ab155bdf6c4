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
mod persons;
mod quarters;
mod sick;
mod stays;
pub(super) mod tables;
mod totals;

pub use bills::{Bills, MonthlySection, Section};
pub use persons::{PersonTiles, PersonYear};

use crate::units::Month;
use tables::CELLS;

/// Rows of a tile: as many as a byte tells apart.
pub(super) const TILE: usize = 256;

/// Memory used again from call to call.
#[derive(Debug, Default)]
pub struct TileScratch {
    /// By year and group, age and sex: stays a year at average risk of who is present all year.
    rates: Vec<Box<[f64; CELLS]>>,
    tile: Box<incidence::Tile>,
    likely: Box<incidence::Likely>,
    carried: Box<incidence::Carried>,
    spare: Box<incidence::Carried>,
}

/// A day of a month from 0 as bills carry it.
#[inline(always)]
const fn day_code(month: u32, day: u32) -> u32 {
    (month << 5) | day
}

/// The month of a year that a day code tells.
fn month_of(year: u16, day: u16) -> Month {
    Month::new(year, (day >> 5) as u8 + 1)
}
