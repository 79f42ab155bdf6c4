//! The persons of a tile: where each stands at the year's end.

use super::block::Block;
use super::{BLOCK, Column, LINES, NOT_REACHED, PERSONS};

/// The persons of a tile in the order of their places.
#[derive(Debug)]
#[repr(align(64))]
pub struct Persons {
    /// Self-pay of each person in fen, inside and outside the catalogue.
    pub self_pay: Column,
    /// Self-pay inside the catalogue.
    pub in_scope: Column,
    /// Bills of each person.
    pub bills: Column,
    /// Payments of assistance above zero.
    pub assisted: [u32; PERSONS],
    /// Payments above zero, see [`flag`](super::flag).
    pub flags: [u32; PERSONS],
    /// In-scope self-pay from which tilt assistance may pay each person, in fen: filled in by the caller.
    pub tilt_from: Column,
    /// By threshold: the month of the claim with which the self-pay reached it, or [`NOT_REACHED`].
    pub reached: [[u32; PERSONS]; LINES],
    /// The month in which the last claim ends, January 0.
    pub last_month: [u32; PERSONS],
    /// Not zero: something could matter that tiles leave out.
    pub rare: [u32; PERSONS],
}

impl Default for Persons {
    fn default() -> Self {
        let none = [0; PERSONS];
        Self {
            self_pay: [0.0; PERSONS],
            in_scope: [0.0; PERSONS],
            bills: [0.0; PERSONS],
            assisted: none,
            flags: none,
            tilt_from: [0.0; PERSONS],
            reached: [[NOT_REACHED; PERSONS]; LINES],
            last_month: none,
            rare: none,
        }
    }
}

impl Persons {
    /// Takes over the persons of a block whose claims are settled.
    #[inline(always)]
    pub(super) fn take(&mut self, number: usize, block: &Block) {
        let places = number * BLOCK..(number + 1) * BLOCK;
        self.self_pay[places.clone()].copy_from_slice(&block.self_pay);
        self.in_scope[places.clone()].copy_from_slice(&block.in_scope);
        self.bills[places.clone()].copy_from_slice(&block.sums.bills);
        self.assisted[places.clone()].copy_from_slice(&block.assisted);
        self.flags[places.clone()].copy_from_slice(&block.flags);
        self.last_month[places.clone()].copy_from_slice(&block.last_month);
        self.rare[places.clone()].copy_from_slice(&block.rare);
        for (all, reached) in self.reached.iter_mut().zip(&block.reached) {
            all[places.clone()].copy_from_slice(reached);
        }
    }
}
