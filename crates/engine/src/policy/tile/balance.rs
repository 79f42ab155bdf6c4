//! Money in = money out of a whole tile.

use super::{BLOCK, Settled};
use crate::instruction_set::Kernel;

/// What the persons of a tile were billed, what was paid for them, and what was left to them, in fen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sums {
    /// Bills.
    pub bills: f64,
    /// Payments, as they are booked.
    pub paid: u64,
    /// Self-pay, inside and outside the catalogue.
    pub self_pay: f64,
    /// Whether somebody was left less than nothing.
    pub negative: bool,
}

impl Sums {
    /// Whether payers and patients together bear the bills: all of it whole fen, far below what a float holds exactly.
    #[must_use]
    #[expect(clippy::float_cmp, clippy::cast_precision_loss, reason = "whole numbers below 2^53")]
    pub fn add_up(&self) -> bool {
        !self.negative && self.self_pay + self.paid as f64 == self.bills
    }
}

/// Adds up the first persons of a tile.
pub(super) struct SumsOf<'a> {
    pub(super) settled: &'a Settled,
    pub(super) n: usize,
}

impl Kernel for SumsOf<'_> {
    type Output = Sums;

    #[inline(always)]
    fn run(self) -> Sums {
        let persons = &self.settled.persons;
        // Persons fill whole blocks; those without a claim were billed nothing.
        let n = self.n.next_multiple_of(BLOCK);
        let lanes = |column: &[f64]| {
            let mut sums = [0.0; 8];
            for eight in column.as_chunks::<8>().0 {
                for (sum, one) in sums.iter_mut().zip(eight) {
                    *sum += one;
                }
            }
            sums.iter().sum::<f64>()
        };
        let below = |column: &[f64]| column.iter().fold(0_u32, |any, one| any | u32::from(*one < 0.0)) != 0;
        let mut paid = 0_u64;
        for (row, length) in self.settled.rows() {
            for payment in &row.paid {
                paid += payment[..length].iter().map(|&fen| u64::from(fen)).sum::<u64>();
            }
        }
        Sums {
            bills: lanes(&persons.bills[..n]),
            paid,
            self_pay: lanes(&persons.self_pay[..n]),
            negative: below(&persons.self_pay[..n]) || below(&persons.in_scope[..n]),
        }
    }
}
