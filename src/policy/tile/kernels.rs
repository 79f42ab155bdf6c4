//! The loops of the settlement: each works on one round, column by column, and is compiled for every instruction set.

#![expect(
    clippy::needless_range_loop,
    reason = "columns of one length, indexed alike: so loops become vectors"
)]

use super::super::programme::{CELLS, Cell, PAYMENTS, POOLS, Programme, info};
use super::block::{Bits, Block, Numbers, Round};
use super::claims::Claims;
use super::fetch::{fetch, move_cells};
use super::{BLOCK, Line, NOT_REACHED, Row, Settled};
use crate::instruction_set::Kernel;

/// All claims of a tile: block by block, in each block round by round.
pub(super) struct Blocks<'a> {
    pub(super) programme: &'a Programme,
    pub(super) lines: &'a [Line],
    pub(super) claims: &'a Claims,
    pub(super) settled: &'a mut Settled,
}

impl Kernel for Blocks<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { programme, lines, claims, settled } = self;
        let Settled { rows, lengths, block, persons, .. } = settled;
        let firsts = claims.first.as_chunks::<BLOCK>().0;
        let standings = claims.standing.as_chunks::<BLOCK>().0;
        let places = claims.columns.iter().zip(firsts).zip(standings);
        for (number, ((columns, first), standing)) in places.enumerate() {
            let rounds = claims.rounds_of(number);
            if rounds == 0 {
                break;
            }
            block.begin(programme);
            for round in 0..rounds {
                let own = claims.in_block(round, number);
                let n = Claims::filled(own);
                fetch(claims, (columns, first, standing), (round, own), n, block);
                move_cells(claims, (number, round), block);
                let critical = settle(programme, lines, n, block);
                if let Some(row) = rows.get_mut(lengths.len()) {
                    row.critical = critical;
                    put(n, &block.round, &mut block.flags, row);
                }
                lengths.push(n);
            }
            if let Some(tilt_from) = persons.tilt_from.as_chunks::<BLOCK>().0.get(number) {
                find_rare(programme, tilt_from, block);
            }
            persons.take(number, block);
        }
    }
}

/// Settles one round of a block; whether critical-illness insurance may have paid.
#[inline(always)]
fn settle(programme: &Programme, lines: &[Line], n: usize, block: &mut Block) -> bool {
    scope_and_basic(&programme.cells, n, block);
    for &kind in &programme.capped_kinds {
        match kind {
            0 => kind_cap::<0>(n, block),
            1 => kind_cap::<1>(n, block),
            2 => kind_cap::<2>(n, block),
            _ => kind_cap::<3>(n, block),
        }
    }
    let critical = critical_base(n, block);
    if critical {
        pay_critical(programme, n, block);
    }
    assistance::<0>(programme, n, block);
    if programme.two_slots {
        assistance::<1>(programme, n, block);
    }
    close(n, block);
    for (number, line) in lines.iter().enumerate() {
        match number {
            0 => look::<0>(*line, n, block),
            1 => look::<1>(*line, n, block),
            2 => look::<2>(*line, n, block),
            _ => look::<3>(*line, n, block),
        }
    }
    critical
}

/// The lower word of a pair as a float: exact.
#[inline(always)]
fn low(pair: u64) -> f64 {
    f64::from_bits((pair & 0xFFFF_FFFF) | TWO_52_BITS) - TWO_52
}

/// The upper word of a pair as a float: exact.
#[inline(always)]
fn high(pair: u64) -> f64 {
    f64::from_bits((pair >> 32) | TWO_52_BITS) - TWO_52
}

const TWO_52: f64 = 4_503_599_627_370_496.0;
const TWO_52_BITS: u64 = TWO_52.to_bits();
/// Adding and taking it off leaves the nearest whole number.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// The larger of two numbers; one instruction, because neither is ever not a number.
#[inline(always)]
fn max(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

/// The smaller of two numbers.
#[inline(always)]
fn min(a: f64, b: f64) -> f64 {
    if a < b { a } else { b }
}

/// One of two numbers, both worked out already: a choice of bits, which never becomes a branch.
#[inline(always)]
fn select(first: bool, a: f64, b: f64) -> f64 {
    let mask = u64::from(first).wrapping_neg();
    f64::from_bits((a.to_bits() & mask) | (b.to_bits() & !mask))
}

/// A product with a ratio in millionths, rounded half up to the fen.
///
/// The product is a whole number below 2^49. A quarter of a millionth is added so that an exact half goes up, and it
/// is more than the errors of the two roundings (below 1.2e-7 for amounts up to 5e8), less than half a step.
#[inline(always)]
pub(super) fn rounded(millionths: f64) -> f64 {
    ((millionths + 0.25) * 1e-6 + ROUNDER) - ROUNDER
}

/// A whole number from 0 to 2^32 as a word.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the low bits are the number")]
fn word(amount: f64) -> u32 {
    (amount + TWO_52).to_bits() as u32
}

#[inline(always)]
fn at(cells: &[Cell; CELLS], cell: u32) -> &Cell {
    &cells[cell as usize % CELLS]
}

/// Steps 1 and 2 without the caps of kinds.
#[inline(always)]
fn scope_and_basic(cells: &[Cell; CELLS], n: usize, block: &mut Block) {
    let Block { sums, round, rare, .. } = block;
    for i in 0..n.min(BLOCK) {
        let c = at(cells, round.cell[i]);
        let (total, outside) = (round.total[i], round.outside[i]);
        let patient = min(outside, rounded(high(c[0]) * total));
        round.paid[0][i] = outside - patient;
        round.out_of_scope[i] = patient;
        let bill = total - outside;
        round.bill[i] = bill;
        let info = (c[5] >> 32) as u32;
        round.info[i] = info;
        rare[i] |= info & info::IRREGULAR;
        sums.bills[i] += total;
        let bit = 1 << (info & info::KIND);
        let deductible = select(sums.seen[i] & bit == 0, low(c[1]), high(c[1]));
        sums.seen[i] |= bit;
        let base = max(bill - deductible, 0.0);
        round.paid[1][i] = rounded(low(c[0]) * base);
        round.critical_deductible[i] = low(c[2]);
        round.kind_cap[i] = high(c[2]);
    }
}

/// The annual cap of one kind of claim.
#[inline(always)]
fn kind_cap<const KIND: usize>(n: usize, block: &mut Block) {
    let (round, paid) = (&mut block.round, &mut block.sums.basic[KIND]);
    for i in 0..n.min(BLOCK) {
        let room = max(round.kind_cap[i] - paid[i], 0.0);
        let own = round.info[i] & info::KIND == KIND as u32;
        let amount = select(own, min(round.paid[1][i], room), round.paid[1][i]);
        round.paid[1][i] = amount;
        paid[i] += select(own, amount, 0.0);
    }
}

/// Adds each claim's part to the running self-pay of critical-illness insurance; whether any is above the deductible.
#[inline(always)]
fn critical_base(n: usize, block: &mut Block) -> bool {
    let Block { sums, round, .. } = block;
    let mut above = 0;
    for i in 0..n.min(BLOCK) {
        let patient = round.bill[i] - round.paid[1][i];
        sums.basic_all[i] += round.paid[1][i];
        round.paid[2][i] = 0.0;
        round.patient[i] = patient;
        round.after_insurance[i] = patient;
        let counts = round.info[i] & info::CRITICAL != 0;
        let so_far = sums.critical_base[i] + select(counts, patient, 0.0);
        sums.critical_base[i] = so_far;
        round.base[i] = select(counts, so_far - round.critical_deductible[i], 0.0);
        above |= u32::from(round.base[i] > 0.0);
    }
    above != 0
}

/// Step 3: each set of bands for all claims, of which only its own are paid.
#[inline(always)]
fn pay_critical(programme: &Programme, n: usize, block: &mut Block) {
    bands_of(&programme.band_of, n, block);
    for (number, bands) in (0..).zip(&programme.bands) {
        block.round.before[..n.min(BLOCK)].fill(0.0);
        let mut floor = bands.from;
        for &(to, ratio) in &bands.bands {
            add_band((floor, to), ratio, n, block);
            floor = max(floor, to);
        }
        pay_bands(number, n, block);
    }
    leave(n, block);
}

/// Finds the set of bands of each claim above the deductible.
#[inline(always)]
fn bands_of(band_of: &[u32; CELLS], n: usize, block: &mut Block) {
    let round = &mut block.round;
    for i in 0..n.min(BLOCK) {
        let above = u32::from(round.base[i] > 0.0).wrapping_neg();
        round.bands[i] = band_of[round.cell[i] as usize % CELLS] | !above;
    }
}

/// Adds ratio × the part of the increment in one band.
#[inline(always)]
fn add_band((floor, to): (f64, f64), ratio: f64, n: usize, block: &mut Block) {
    let Block { sums, round, .. } = block;
    for i in 0..n.min(BLOCK) {
        let after = sums.critical_base[i];
        let before = after - round.after_insurance[i];
        round.before[i] += ratio * max(min(after, to) - max(before, floor), 0.0);
    }
}

/// Pays the claims of one set of bands, rounded once.
#[inline(always)]
fn pay_bands(number: u32, n: usize, block: &mut Block) {
    let Block { sums, round, .. } = block;
    for i in 0..n.min(BLOCK) {
        let amount = select(round.bands[i] == number, rounded(round.before[i]), 0.0);
        round.patient[i] -= amount;
        sums.critical_all[i] += amount;
        round.paid[2][i] += amount;
    }
}

/// What critical-illness insurance leaves.
#[inline(always)]
fn leave(n: usize, block: &mut Block) {
    let round = &mut block.round;
    for i in 0..n.min(BLOCK) {
        round.after_insurance[i] = round.patient[i];
    }
}

/// Step 4: one rule of regular assistance.
#[inline(always)]
fn assistance<const SLOT: usize>(programme: &Programme, n: usize, block: &mut Block) {
    let n_pools = programme.n_pools.min(POOLS);
    for number in 0..n_pools {
        match number {
            0 => read_pool::<SLOT, 0>(n, block),
            1 => read_pool::<SLOT, 1>(n, block),
            2 => read_pool::<SLOT, 2>(n, block),
            3 => read_pool::<SLOT, 3>(n, block),
            4 => read_pool::<SLOT, 4>(n, block),
            _ => read_pool::<SLOT, 5>(n, block),
        }
    }
    pay_assistance::<SLOT>(&programme.cells, n, block);
    for number in 0..n_pools {
        match number {
            0 => add_to_pool::<SLOT, 0>(n, block),
            1 => add_to_pool::<SLOT, 1>(n, block),
            2 => add_to_pool::<SLOT, 2>(n, block),
            3 => add_to_pool::<SLOT, 3>(n, block),
            4 => add_to_pool::<SLOT, 4>(n, block),
            _ => add_to_pool::<SLOT, 5>(n, block),
        }
    }
}

/// What a rule pays on each claim.
#[inline(always)]
fn pay_assistance<const SLOT: usize>(cells: &[Cell; CELLS], n: usize, block: &mut Block) {
    let Block { round, assisted, .. } = block;
    for i in 0..n.min(BLOCK) {
        let c = at(cells, round.cell[i]);
        let (cap, within_cap) = caps::<SLOT>(c);
        let (ratio, deductible, each) = values::<SLOT>(c);
        let after_first = SLOT > 0 && round.info[i] & info::AFTER != 0;
        let left = select(after_first, round.patient[i], round.after_insurance[i]);
        let base = max(left - each, 0.0);
        let before = round.before[i];
        let above = max(before + base - deductible, 0.0) - max(before - deductible, 0.0);
        let room = min(cap - round.own[i], within_cap - round.further[i]);
        let amount = max(min(min(rounded(ratio * above), room), round.patient[i]), 0.0);
        round.base[i] = base;
        round.patient[i] -= amount;
        round.paid[3 + SLOT][i] = amount;
        assisted[i] += u32::from(amount > 0.0);
    }
}

/// Reads the running sums of a pool for the claims that share it.
#[inline(always)]
fn read_pool<const SLOT: usize, const POOL: usize>(n: usize, block: &mut Block) {
    let Block { sums, round, .. } = block;
    for i in 0..n.min(BLOCK) {
        let (pool, within) = pools::<SLOT>(round.info[i]);
        let all = sums.pool_paid[POOL][i];
        round.before[i] = select(pool == POOL as u32, sums.pool_base[POOL][i], round.before[i]);
        round.own[i] = select(pool == POOL as u32, all, round.own[i]);
        round.further[i] = select(within == POOL as u32, all, round.further[i]);
    }
}

/// Adds the bases and payments to the running sums of a pool.
#[inline(always)]
fn add_to_pool<const SLOT: usize, const POOL: usize>(n: usize, block: &mut Block) {
    let Block { sums, round, .. } = block;
    for i in 0..n.min(BLOCK) {
        let (pool, within) = pools::<SLOT>(round.info[i]);
        let (own, further) = (pool == POOL as u32, within == POOL as u32);
        sums.pool_base[POOL][i] += select(own, round.base[i], 0.0);
        sums.pool_paid[POOL][i] += select(own | further, round.paid[3 + SLOT][i], 0.0);
    }
}

#[inline(always)]
fn values<const SLOT: usize>(c: &Cell) -> (f64, f64, f64) {
    if SLOT == 0 { (low(c[3]), high(c[3]), high(c[4])) } else { (low(c[6]), high(c[6]), high(c[7])) }
}

#[inline(always)]
fn caps<const SLOT: usize>(c: &Cell) -> (f64, f64) {
    if SLOT == 0 { (low(c[4]), low(c[5])) } else { (low(c[7]), f64::INFINITY) }
}

#[inline(always)]
fn pools<const SLOT: usize>(info: u32) -> (u32, u32) {
    ((info >> info::POOL[SLOT]) & 7, (info >> info::WITHIN[SLOT]) & 7)
}

/// What the claim leaves to the patient.
#[inline(always)]
fn close(n: usize, block: &mut Block) {
    let Block { round, self_pay, in_scope, .. } = block;
    for i in 0..n.min(BLOCK) {
        in_scope[i] += round.patient[i];
        self_pay[i] += round.patient[i] + round.out_of_scope[i];
    }
}

/// Writes down what was paid and who paid it.
#[inline(always)]
fn put(n: usize, round: &Round, flags: &mut Bits, row: &mut Row) {
    let Row { paid, account, .. } = row;
    for i in 0..n.min(BLOCK) {
        let mut made = 0;
        for payment in 0..PAYMENTS {
            let amount = round.paid[payment][i];
            paid[payment][i] = word(amount);
            made |= u32::from(amount > 0.0) << payment;
        }
        flags[i] |= made << (8 * (round.info[i] & info::KIND));
        account[i] = round.info[i] >> info::ACCOUNT;
    }
}

/// Notes the month in which the running self-pay reached a threshold.
#[inline(always)]
fn look<const LINE: usize>(line: Line, n: usize, block: &mut Block) {
    let Block { round, reached, self_pay, in_scope, .. } = block;
    let reached = &mut reached[LINE];
    for i in 0..n.min(BLOCK) {
        let sum = select(line.counts_out_of_scope, self_pay[i], in_scope[i]);
        let now = u32::from((sum >= line.fen) & (reached[i] == NOT_REACHED)).wrapping_neg();
        reached[i] = (round.month[i] & now) | (reached[i] & !now);
    }
}

/// Marks persons for whom tilt assistance or a cap of the insurances could matter, or whose sums are too large.
#[inline(always)]
fn find_rare(programme: &Programme, tilt_from: &Numbers, block: &mut Block) {
    let Block { sums, rare, in_scope, .. } = block;
    let (basic_cap, critical_cap, most) =
        (programme.basic_cap_fen, programme.critical_cap_fen, programme.most_fen);
    for i in 0..BLOCK {
        let capped = (sums.basic_all[i] > basic_cap) | (sums.critical_all[i] > critical_cap);
        rare[i] |= u32::from(capped | (sums.bills[i] > most) | (in_scope[i] >= tilt_from[i]));
    }
}
