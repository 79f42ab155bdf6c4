//! The settlement of many persons side by side, block by block: first claims of all, then second claims, and so on.
//!
//! The plain settlement is [`settle_year`](super::settle::settle_year); this one gives the same fen from the cells
//! of a [`Programme`]. Amounts are floats that carry whole fen: sums of a person's
//! bills stay below 5 million yuan, so that every product with a ratio in millionths is exact, and a share is
//! rounded half up by adding a quarter of a millionth before it goes to the nearest whole number. Persons for
//! whom anything rare could matter are marked, and settled plainly by the caller.

mod balance;
mod block;
mod claims;
mod fetch;
mod kernels;
mod persons;

#[cfg(test)]
mod tests;

use super::programme::{PAYMENTS, Programme};
use crate::instruction_set::Instructions;
use block::Block;

pub use balance::Sums;
pub use block::BLOCK;
pub use claims::{
    BILLS, Bills, COLUMNS, Claims, Columns, Mover, bill_of, code_of, key, month_of, span_of, tag,
};
pub use persons::Persons;

/// The most persons of a tile: so many that few rounds of a block are short of persons.
pub const PERSONS: usize = 32 * BLOCK;
/// One number of each person.
pub type Column = [f64; PERSONS];

/// A threshold of the running self-pay of the year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// In fen.
    pub fen: f64,
    /// Whether self-pay outside the catalogue counts.
    pub counts_out_of_scope: bool,
}

/// The most thresholds that a tile looks at.
pub const LINES: usize = 4;
/// Instead of a month: the threshold was not reached.
pub const NOT_REACHED: u32 = u32::MAX;

/// What a round of a block was paid.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub struct Row {
    /// Fen by payment.
    pub paid: [[u32; BLOCK]; PAYMENTS],
    /// The account of each claim.
    pub account: [u32; BLOCK],
    /// The month in which each claim ends, January 0; those of the next year go on from 12.
    pub ends: [u32; BLOCK],
    /// Whether critical-illness insurance may have paid any.
    pub critical: bool,
}

/// What the claims of a tile were paid, and where its persons stand at the year's end.
#[derive(Debug, Default)]
pub struct Settled {
    /// By block and round.
    rows: Vec<Row>,
    /// The first row of each block.
    first_row: Vec<usize>,
    /// To how many claims each row is filled up.
    lengths: Vec<usize>,
    /// The persons.
    pub persons: Box<Persons>,
    block: Box<Block>,
}

/// The bit of [`Persons::flags`] for a payment on a kind of claim.
#[must_use]
pub const fn flag(kind: usize, payment: usize) -> usize {
    8 * kind + payment
}

impl Settled {
    /// Settles the claims of a tile.
    pub fn settle(
        &mut self,
        instructions: Instructions,
        (programme, lines): (&Programme, &[Line]),
        claims: &Claims,
    ) {
        self.first_row.clear();
        let mut rows = 0;
        for block in 0..PERSONS / BLOCK {
            self.first_row.push(rows);
            rows += claims.rounds_of(block);
        }
        if self.rows.len() < rows {
            let empty =
                Row { paid: [[0; BLOCK]; PAYMENTS], account: [0; BLOCK], ends: [0; BLOCK], critical: false };
            self.rows.resize(rows, empty);
        }
        self.lengths.clear();
        instructions.run(kernels::Blocks { programme, lines, claims, settled: self });
    }

    /// Where the claim of a round of the person at a place stands.
    #[inline]
    #[must_use]
    pub fn at(&self, place: usize, round: usize) -> usize {
        (self.first_row[place / BLOCK] + round) * BLOCK + place % BLOCK
    }

    /// What a claim was paid by payment, in fen.
    #[inline]
    #[must_use]
    pub fn paid(&self, at: usize) -> [u32; PAYMENTS] {
        self.rows[at / BLOCK].paid.each_ref().map(|paid| paid[at % BLOCK])
    }

    /// The account of a claim.
    #[inline]
    #[must_use]
    pub fn account(&self, at: usize) -> usize {
        self.rows[at / BLOCK].account[at % BLOCK] as usize
    }

    /// Takes out what the claims of the person at a place were paid in the first rounds.
    pub fn take_out(&mut self, place: usize, rounds: usize) {
        let first = self.first_row[place / BLOCK];
        for row in &mut self.rows[first..first + rounds] {
            row.paid.iter_mut().for_each(|paid| paid[place % BLOCK] = 0);
        }
    }

    /// Bills, payments and self-pay of the first `n` persons, of whom those at some places do not count: their payments
    /// must have been taken out.
    #[must_use]
    pub fn sums(&self, instructions: Instructions, n: usize, without: impl Iterator<Item = usize>) -> Sums {
        let mut sums = instructions.run(balance::SumsOf { settled: self, n });
        for place in without.filter(|place| *place < n) {
            sums.bills -= self.persons.bills[place];
            sums.self_pay -= self.persons.self_pay[place];
        }
        sums
    }

    /// The rows and to how many claims each is filled up.
    pub fn rows(&self) -> impl Iterator<Item = (&Row, usize)> {
        self.rows.iter().zip(self.lengths.iter().copied())
    }

    /// The same, each with the place of its first person.
    pub fn rows_by_place(&self) -> impl Iterator<Item = (usize, &Row, usize)> {
        self.first_row.iter().enumerate().flat_map(move |(block, &first)| {
            let next = self.first_row.get(block + 1).copied().unwrap_or(self.lengths.len());
            (first..next).map(move |at| (block * BLOCK, &self.rows[at], self.lengths[at]))
        })
    }
}
