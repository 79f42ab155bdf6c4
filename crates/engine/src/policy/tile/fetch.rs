//! Finds the bill and the cell of each person's next claim.

use super::super::programme::{CODES, EMPTY};
use super::BLOCK;
use super::block::{Bits, Block};
use super::claims::{BILLS, Claims, Columns, NO_BILL, bill_of, code_of, month_of, span_of};

/// Finds the bill and the cell of each person's claim of a round.
#[inline(always)]
pub(super) fn fetch(
    claims: &Claims,
    (columns, first, standing): (&Columns, &Bits, &Bits),
    (number, own): (usize, usize),
    block: &mut Block,
) {
    match columns.get(number) {
        Some(keys) => block.round.key = *keys,
        None => late_keys(&claims.keys, first, number, block),
    }
    bills(claims, standing, own, block);
}

/// The keys of a round for which there is no column.
#[inline(always)]
fn late_keys(keys: &[u32; BILLS], first: &Bits, number: usize, block: &mut Block) {
    for i in 0..BLOCK {
        block.round.key[i] = keys[(first[i] as usize + number) % BILLS];
    }
}

/// Bill and cell of each key.
#[inline(always)]
fn bills(claims: &Claims, standing: &Bits, own: usize, block: &mut Block) {
    let (tags, total, outside) = (&*claims.tag, &*claims.total, &*claims.out_of_scope);
    let Block { round, last_month, .. } = block;
    for i in 0..BLOCK {
        let key = round.key[i];
        let real = u32::from(i < own).wrapping_neg();
        let bill = (bill_of(key) & real) | (NO_BILL & !real);
        let tag = tags[bill as usize % BILLS];
        let month = month_of(key);
        round.month[i] = month;
        let last = (month + span_of(tag)) & real;
        round.ends[i] = last;
        last_month[i] = if last > last_month[i] { last } else { last_month[i] };
        round.total[i] = total[bill as usize % BILLS];
        round.outside[i] = outside[bill as usize % BILLS];
        let cell = standing[i] * CODES as u32 + code_of(tag);
        round.cell[i] = (cell & real) | (EMPTY & !real);
    }
}

/// The cells of persons of a block whose standing changes.
#[inline(always)]
pub(super) fn move_cells(claims: &Claims, (number, round): (usize, usize), block: &mut Block) {
    for mover in claims.movers[number].iter().filter(|mover| round < mover.n) {
        block.round.cell[mover.place % BLOCK] = claims.moving[mover.first + round];
    }
}
