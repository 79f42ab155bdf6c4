//! The claims of a tile: bills in columns, and for each person the keys that tell which comes when.

use super::{BLOCK, PERSONS};
use crate::instruction_set::arithmetic::boxed;

/// The most bills, and the most claims, of a tile: a power of two, so that every index can be kept inside by a mask.
pub const BILLS: usize = 32768;
/// Bits of a key that tell the bill.
const BILL_BITS: u32 = 16;
/// Bits of a key that tell the day of the month.
const DAY_BITS: u32 = 5;
/// Bits of a tag that tell kind and setting.
const CODE_BITS: u32 = 8;

/// The key of a claim: sorts by day. The day is that of the month, the month of the year counts from 0 and stands
/// five bits above it.
#[inline(always)]
#[must_use]
pub const fn key(day: u32, bill: u32) -> u32 {
    (day << BILL_BITS) | bill
}

/// The bill of a key.
#[inline(always)]
#[must_use]
pub const fn bill_of(key: u32) -> u32 {
    key & ((1 << BILL_BITS) - 1)
}

/// The month of a key, January 0.
#[inline(always)]
#[must_use]
pub const fn month_of(key: u32) -> u32 {
    key >> (BILL_BITS + DAY_BITS)
}

/// The tag of a bill: kind and setting, and the months until the discharge.
#[inline(always)]
#[must_use]
pub const fn tag(code: u8, span: u8) -> u32 {
    (span as u32) << CODE_BITS | code as u32
}

/// Kind and setting of a tag.
#[inline(always)]
#[must_use]
pub const fn code_of(tag: u32) -> u32 {
    tag & ((1 << CODE_BITS) - 1)
}

/// The months until the discharge of a tag.
#[inline(always)]
#[must_use]
pub const fn span_of(tag: u32) -> u32 {
    tag >> CODE_BITS
}

/// The claims of a tile's persons: keys by person and in order of days, each pointing to a bill.
///
/// Persons stand at places, those with most claims first, so that the persons of a round (first claims of all, then
/// second claims, and so on) are the first of those of the round before. Places are settled block by block.
#[derive(Debug)]
pub struct Claims {
    /// The number of persons in each round; never more than in the round before.
    pub rounds: Vec<usize>,
    /// The [keys](key) of the first claims of each person, by block.
    pub columns: Box<[Columns; PERSONS / BLOCK]>,
    /// Where the keys of a person with more claims begin among [`Claims::keys`], the first ones included.
    pub first: [u32; PERSONS],
    /// Keys of claims; others than those of persons with many claims serve whoever lays the claims out.
    pub keys: Box<[u32; BILLS]>,
    /// Whole bill in fen; the last one is an empty bill.
    pub total: Box<Bills<f64>>,
    /// Outside the catalogue, in fen.
    pub out_of_scope: Box<Bills<f64>>,
    /// Kind and setting, and the months until the discharge, see [`tag`].
    pub tag: Box<Bills<u32>>,
    /// The standing of the person at each place, where it is the same for all claims.
    pub standing: [u32; PERSONS],
    /// The cells of persons whose standing changes, claim by claim.
    pub moving: Vec<u32>,
    /// These persons by block.
    pub movers: [Vec<Mover>; PERSONS / BLOCK],
}

/// How many claims of a person have a column.
pub const COLUMNS: usize = 8;
/// By round: the keys of a block's persons.
pub type Columns = [[u32; BLOCK]; COLUMNS];
/// A column of bills.
pub type Bills<T> = [T; BILLS];
/// The bill that fills a round up: nothing is paid.
pub(super) const NO_BILL: u32 = BILLS as u32 - 1;

impl Default for Claims {
    fn default() -> Self {
        Self {
            rounds: Vec::new(),
            columns: boxed([[u32::MAX; BLOCK]; COLUMNS]),
            first: [0; PERSONS],
            keys: boxed(0),
            total: boxed(0.0),
            out_of_scope: boxed(0.0),
            tag: boxed(0),
            standing: [0; PERSONS],
            moving: Vec::new(),
            movers: [const { Vec::new() }; PERSONS / BLOCK],
        }
    }
}

/// A person whose standing changes in the year.
#[derive(Debug, Clone, Copy)]
pub struct Mover {
    /// The place.
    pub place: usize,
    /// Where the person's cells begin among [`Claims::moving`].
    pub first: usize,
    /// Claims.
    pub n: usize,
}

impl Claims {
    /// Forgets everybody whose standing changes.
    pub fn clear_movers(&mut self) {
        self.moving.clear();
        self.movers.iter_mut().for_each(Vec::clear);
    }

    /// Enters a person with `n` claims whose cells are those that are added to [`Claims::moving`] next.
    pub fn enter_mover(&mut self, place: usize, n: usize) {
        self.movers[place / BLOCK].push(Mover { place, first: self.moving.len(), n });
    }

    /// An even number of claims that holds those of a round of a block: the last may be an empty one.
    #[must_use]
    pub fn filled(persons: usize) -> usize {
        persons.next_multiple_of(2)
    }

    /// The persons of a block with a claim in a round.
    #[must_use]
    #[inline(always)]
    pub fn in_block(&self, round: usize, block: usize) -> usize {
        self.rounds[round].saturating_sub(block * BLOCK).min(BLOCK)
    }

    /// The key of a claim of the person at a place.
    #[inline]
    #[must_use]
    pub fn key(&self, place: usize, round: usize) -> u32 {
        match self.columns[place / BLOCK].get(round) {
            Some(column) => column[place % BLOCK],
            None => self.keys[self.first[place] as usize + round],
        }
    }

    /// The number of rounds of a block.
    #[must_use]
    pub fn rounds_of(&self, block: usize) -> usize {
        self.rounds.partition_point(|&persons| persons > block * BLOCK)
    }
}
