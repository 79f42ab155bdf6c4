//! The settlement of many persons side by side: first claims of all, then second claims, and so on.
//!
//! The plain settlement is [`settle_year`](super::settle::settle_year); this one gives the same fen from the cells
//! of a [`Programme`]. Amounts are floats that carry whole fen: sums of a person's
//! bills stay below 5 million yuan, so that every product with a ratio in millionths is exact, and a share is
//! rounded half up by adding a quarter of a millionth before it goes to the nearest whole number. Persons for
//! whom anything rare could matter are marked, and settled plainly by the caller.

mod claims;
mod kernels;
mod persons;

#[cfg(test)]
mod tests;

use super::programme::{PAYMENTS, Programme};
use crate::instruction_set::Instructions;

pub use claims::{BILL_BITS, BILLS, Bills, Claims};
pub use persons::Persons;

/// The most persons of a tile.
pub const PERSONS: usize = 1016;
/// Rounds are filled up with empty bills to a multiple of this, so that no claim is settled alone.
pub const LANES: usize = 8;

/// The least length of a round: below it loops go row by row, which is slower than to fill it up.
const SHORTEST: usize = 24;

/// One number of each person.
pub type Column = [f64; PERSONS];

/// A threshold of the running self-pay of the year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// In fen, above zero.
    pub fen: f64,
    /// Whether self-pay outside the catalogue counts.
    pub counts_out_of_scope: bool,
}

/// The most thresholds that a tile looks at.
pub const LINES: usize = 4;
/// Instead of a month: the threshold was not reached.
pub const NOT_REACHED: u32 = u32::MAX;

/// What the claims of a tile were paid, and where its persons stand at the year's end.
#[derive(Debug, Default)]
pub struct Settled {
    /// Fen by payment and claim, round by round; each round is filled up to a multiple of [`LANES`].
    pub paid: [Vec<u32>; PAYMENTS],
    /// The account of each claim.
    pub account: Vec<u32>,
    /// The claims to which critical-illness insurance paid.
    pub critical: Vec<u32>,
    /// The persons.
    pub persons: Box<Persons>,
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
        let n: usize = claims.rounds.iter().map(|&persons| Claims::filled(persons)).sum();
        self.paid.iter_mut().for_each(|paid| paid.resize(n, 0));
        self.account.resize(n, 0);
        self.critical.clear();
        self.persons
            .begin(programme, Claims::filled(claims.rounds.first().copied().unwrap_or(0)).min(PERSONS));
        instructions.run(kernels::Rounds { programme, lines, claims, settled: self });
    }
}
