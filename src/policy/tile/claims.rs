//! The claims of a tile: bills in columns, and for each person the keys that tell which comes when.

use super::super::programme::boxed;
use super::{LANES, PERSONS, SHORTEST};

/// The most bills, and the most claims, of a tile: a power of two, so that every index can be kept inside by a mask.
pub const BILLS: usize = 16384;
/// Bits of a key that tell the bill.
pub const BILL_BITS: u32 = 16;

/// The claims of a tile's persons: keys by person and in order of days, each pointing to a bill.
///
/// Persons stand at places, those with most claims first, so that the persons of a round (first claims of all, then
/// second claims, and so on) are the first of those of the round before.
#[derive(Debug)]
pub struct Claims {
    /// The number of persons in each round; never more than in the round before.
    pub rounds: Vec<usize>,
    /// Where the keys of the person at each place begin.
    pub first: [u32; PERSONS],
    /// Month of the year from 0 (upper bits, above five bits for the day) and bill of each claim.
    pub keys: Box<[u32; BILLS]>,
    /// Whole bill in fen; the last one is an empty bill.
    pub total: Box<Bills<f64>>,
    /// Outside the catalogue, in fen.
    pub out_of_scope: Box<Bills<f64>>,
    /// Kind and setting, and above eight bits the months until the discharge.
    pub tag: Box<Bills<u32>>,
    /// The standing of the person at each place, where it is the same for all claims.
    pub standing: [u32; PERSONS],
    /// The cells of persons whose standing changes, claim by claim.
    pub moving: Vec<u32>,
    /// Place of such a person, where the cells begin, and how many there are; in the order of places.
    pub movers: Vec<(usize, usize, usize)>,
}

/// A column of bills.
pub type Bills<T> = [T; BILLS];
/// The bill that fills a round up: nothing is paid.
pub(super) const NO_BILL: u32 = BILLS as u32 - 1;

impl Default for Claims {
    fn default() -> Self {
        Self {
            rounds: Vec::new(),
            first: [0; PERSONS],
            keys: boxed(0),
            total: boxed(0.0),
            out_of_scope: boxed(0.0),
            tag: boxed(0),
            standing: [0; PERSONS],
            moving: Vec::new(),
            movers: Vec::new(),
        }
    }
}

impl Claims {
    /// The length of a round's part of [`Settled::paid`](super::Settled::paid).
    #[must_use]
    pub fn filled(persons: usize) -> usize {
        persons.next_multiple_of(LANES).max(SHORTEST)
    }
}
