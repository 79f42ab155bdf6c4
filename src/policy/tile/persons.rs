//! The persons of a tile: where each stands at the year's end, the running sums, and what one round works on.

use super::super::programme::{PAYMENTS, POOLS, Programme};
use super::{Column, LINES, NOT_REACHED, PERSONS};

const ZERO: Column = [0.0; PERSONS];

/// The persons of a tile in the order of their places, with what one round works on.
///
/// All columns stand in one piece of memory: so it is known that none overlaps another, and loops become vectors.
#[derive(Debug)]
#[repr(align(64))]
pub struct Persons {
    /// Self-pay of each person in fen, inside and outside the catalogue.
    pub self_pay: Column,
    /// Self-pay inside the catalogue.
    pub in_scope: Column,
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
    pub(super) sums: Sums,
    pub(super) round: Round,
}

/// Running sums of the year.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Sums {
    /// Kinds of which there was a claim, as bits.
    pub(super) seen: [u32; PERSONS],
    /// Paid by basic insurance, by kind.
    pub(super) basic: [Column; 4],
    /// Paid by basic insurance and by critical-illness insurance.
    pub(super) basic_all: Column,
    pub(super) critical_all: Column,
    pub(super) bills: Column,
    pub(super) critical_base: Column,
    pub(super) pool_base: [Column; POOLS],
    pub(super) pool_paid: [Column; POOLS],
}

/// What one round works on.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Round {
    pub(super) cell: [u32; PERSONS],
    pub(super) month: [u32; PERSONS],
    pub(super) total: Column,
    pub(super) outside: Column,
    pub(super) info: [u32; PERSONS],
    pub(super) account: [u32; PERSONS],
    pub(super) paid: [[u32; PERSONS]; PAYMENTS],
    /// In-scope cost of the bill.
    pub(super) bill: Column,
    /// In-scope cost left to the patient.
    pub(super) patient: Column,
    pub(super) out_of_scope: Column,
    pub(super) basic: Column,
    pub(super) kind_cap: Column,
    pub(super) critical_deductible: Column,
    pub(super) after_insurance: Column,
    pub(super) base: Column,
    pub(super) amount: Column,
    /// Of the pools: sum of bases, paid, paid in the further pool.
    pub(super) before: Column,
    pub(super) own: Column,
    pub(super) further: Column,
    pub(super) over: [u32; PERSONS],
}

impl Default for Persons {
    fn default() -> Self {
        let none = [0; PERSONS];
        Self {
            self_pay: ZERO,
            in_scope: ZERO,
            assisted: none,
            flags: none,
            tilt_from: ZERO,
            reached: [none; LINES],
            last_month: none,
            rare: none,
            sums: Sums {
                seen: none,
                basic: [ZERO; 4],
                basic_all: ZERO,
                critical_all: ZERO,
                bills: ZERO,
                critical_base: ZERO,
                pool_base: [ZERO; POOLS],
                pool_paid: [ZERO; POOLS],
            },
            round: Round {
                cell: none,
                month: none,
                total: ZERO,
                outside: ZERO,
                info: none,
                account: none,
                paid: [none; PAYMENTS],
                bill: ZERO,
                patient: ZERO,
                out_of_scope: ZERO,
                basic: ZERO,
                kind_cap: ZERO,
                critical_deductible: ZERO,
                after_insurance: ZERO,
                base: ZERO,
                amount: ZERO,
                before: ZERO,
                own: ZERO,
                further: ZERO,
                over: none,
            },
        }
    }
}

impl Persons {
    /// Forgets the tile before, at the first places.
    pub(super) fn begin(&mut self, programme: &Programme, n: usize) {
        let none: [&mut [u32; PERSONS]; 5] =
            [&mut self.assisted, &mut self.flags, &mut self.last_month, &mut self.rare, &mut self.sums.seen];
        none.into_iter().for_each(|column| column[..n].fill(0));
        self.reached.iter_mut().for_each(|column| column[..n].fill(NOT_REACHED));
        if !programme.two_slots {
            // No rule writes these: a programme before may have left them.
            self.round.paid[PAYMENTS - 1][..n].fill(0);
        }
        let sums = &mut self.sums;
        let zero: [&mut Column; 6] = [
            &mut self.self_pay,
            &mut self.in_scope,
            &mut sums.basic_all,
            &mut sums.critical_all,
            &mut sums.bills,
            &mut sums.critical_base,
        ];
        zero.into_iter().for_each(|column| column[..n].fill(0.0));
        for &kind in &programme.capped_kinds {
            sums.basic[kind as usize & 3][..n].fill(0.0);
        }
        for pool in 0..programme.n_pools.min(POOLS) {
            sums.pool_base[pool][..n].fill(0.0);
            sums.pool_paid[pool][..n].fill(0.0);
        }
    }
}
