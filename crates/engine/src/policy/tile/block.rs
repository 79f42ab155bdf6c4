//! A block of persons whose claims are settled together: running sums of the year, and what one round works on.
//!
//! All of it fits into the nearest cache, so that the many short loops of a round read what the one before wrote.

use super::super::programme::{PAYMENTS, POOLS, Programme};
use super::{LINES, NOT_REACHED};

/// The persons of a block. Where fewer have a claim left, the others get an empty bill: loops of one length need no
/// look at what is left over.
pub const BLOCK: usize = 64;

/// One number of each person of a block.
pub(super) type Numbers = [f64; BLOCK];
/// One word of each person of a block.
pub(super) type Bits = [u32; BLOCK];

/// All columns stand in one piece of memory: so it is known that none overlaps another, and loops become vectors.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Block {
    // Where each person stands: see `Persons`.
    pub(super) self_pay: Numbers,
    pub(super) in_scope: Numbers,
    pub(super) assisted: Bits,
    pub(super) flags: Bits,
    pub(super) reached: [Bits; LINES],
    pub(super) last_month: Bits,
    pub(super) rare: Bits,
    pub(super) sums: Sums,
    pub(super) round: Round,
}

/// Running sums of the year.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Sums {
    /// Kinds of which there was a claim, as bits.
    pub(super) seen: Bits,
    /// Paid by basic insurance, by kind.
    pub(super) basic: [Numbers; 4],
    /// Paid by basic insurance and by critical-illness insurance.
    pub(super) basic_all: Numbers,
    pub(super) critical_all: Numbers,
    pub(super) bills: Numbers,
    pub(super) critical_base: Numbers,
    pub(super) pool_base: [Numbers; POOLS],
    pub(super) pool_paid: [Numbers; POOLS],
}

/// What one round works on.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Round {
    pub(super) key: Bits,
    pub(super) cell: Bits,
    pub(super) month: Bits,
    /// The month in which the claim ends.
    pub(super) ends: Bits,
    pub(super) info: Bits,
    /// All bits for claims above the deductible of critical-illness insurance, none for others.
    pub(super) above: Bits,
    /// The set of bands of these claims; all bits for others.
    pub(super) bands: Bits,
    pub(super) total: Numbers,
    pub(super) outside: Numbers,
    pub(super) paid: [Numbers; PAYMENTS],
    /// In-scope cost left to the patient.
    pub(super) patient: Numbers,
    pub(super) out_of_scope: Numbers,
    pub(super) after_insurance: Numbers,
    /// Of critical-illness insurance.
    pub(super) deductible: Numbers,
    pub(super) kind_cap: Numbers,
    /// Millionths of the bands so far.
    pub(super) millionths: Numbers,
}

impl Default for Block {
    fn default() -> Self {
        const ZERO: Numbers = [0.0; BLOCK];
        const NONE: Bits = [0; BLOCK];
        Self {
            self_pay: ZERO,
            in_scope: ZERO,
            assisted: NONE,
            flags: NONE,
            reached: [[NOT_REACHED; BLOCK]; LINES],
            last_month: NONE,
            rare: NONE,
            sums: Sums {
                seen: NONE,
                basic: [ZERO; 4],
                basic_all: ZERO,
                critical_all: ZERO,
                bills: ZERO,
                critical_base: ZERO,
                pool_base: [ZERO; POOLS],
                pool_paid: [ZERO; POOLS],
            },
            round: Round {
                key: NONE,
                cell: NONE,
                month: NONE,
                ends: NONE,
                info: NONE,
                above: NONE,
                bands: NONE,
                total: ZERO,
                outside: ZERO,
                paid: [ZERO; PAYMENTS],
                patient: ZERO,
                out_of_scope: ZERO,
                after_insurance: ZERO,
                deductible: ZERO,
                kind_cap: ZERO,
                millionths: ZERO,
            },
        }
    }
}

impl Block {
    /// Forgets the block before.
    pub(super) fn begin(&mut self, programme: &Programme) {
        let Self { self_pay, in_scope, assisted, flags, reached, last_month, rare, sums, round } = self;
        let words = [assisted, flags, last_month, rare, &mut sums.seen];
        words.into_iter().for_each(|column| column.fill(0));
        reached.iter_mut().for_each(|column| column.fill(NOT_REACHED));
        if !programme.two_slots {
            // No rule writes these: a programme before may have left them.
            round.paid[PAYMENTS - 1].fill(0.0);
        }
        let numbers = [
            self_pay,
            in_scope,
            &mut sums.basic_all,
            &mut sums.critical_all,
            &mut sums.bills,
            &mut sums.critical_base,
        ];
        numbers.into_iter().for_each(|column| column.fill(0.0));
        sums.basic.iter_mut().for_each(|column| column.fill(0.0));
        for pool in 0..programme.n_pools.clamp(2, POOLS) {
            sums.pool_base[pool].fill(0.0);
            sums.pool_paid[pool].fill(0.0);
        }
    }
}
