//! The loops of the settlement: each works on one round, column by column, and is compiled for every instruction set.

#![expect(
    clippy::needless_range_loop,
    reason = "columns of one length, indexed alike: so loops become vectors"
)]

use super::super::programme::{CELLS, Cell, PAYMENTS, POOLS, Programme, info};
use super::block::{Bits, Block, Numbers, Round};
use super::claims::Claims;
use super::fetch::{fetch, move_cells};
use super::{BLOCK, LINES, Line, NOT_REACHED, Row, Settled};
use crate::instruction_set::Kernel;
use crate::instruction_set::arithmetic::{WHOLE, integer, select};

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
        let lines = &Threshold::of(lines);
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
                fetch(claims, (columns, first, standing), (round, own), block);
                move_cells(claims, (number, round), block);
                let critical = settle(programme, lines, block);
                if let Some(row) = rows.get_mut(lengths.len()) {
                    row.critical = critical;
                    put(&block.round, &mut block.flags, row);
                }
                lengths.push(Claims::filled(own));
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
fn settle(programme: &Programme, lines: &[Threshold; LINES], block: &mut Block) -> bool {
    let cells = &*programme.cells;
    scope_and_basic(cells, block);
    if programme.caps_kinds {
        kind_caps(block);
    }
    let critical = critical_base(block);
    if critical {
        pay_critical(programme, block);
    }
    match programme.n_pools {
        0..=2 => assistance::<0, 2>(cells, block),
        _ => assistance::<0, POOLS>(cells, block),
    }
    if programme.two_slots {
        assistance::<1, POOLS>(cells, block);
    }
    close(lines, block);
    critical
}

/// The lower word of a pair as a float: exact.
#[inline(always)]
fn low(pair: u64) -> f64 {
    f64::from_bits((pair & 0xFFFF_FFFF) | WHOLE_BITS) - WHOLE
}

/// The upper word of a pair as a float: exact.
#[inline(always)]
fn high(pair: u64) -> f64 {
    f64::from_bits((pair >> 32) | WHOLE_BITS) - WHOLE
}

const WHOLE_BITS: u64 = WHOLE.to_bits();
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

/// A product with a ratio in millionths, rounded half up to the fen.
///
/// The product is a whole number below 2^49. A quarter of a millionth is added so that an exact half goes up, and it
/// is more than the errors of the two roundings (below 1.2e-7 for amounts up to 5e8), less than half a step.
#[inline(always)]
pub(super) fn rounded(millionths: f64) -> f64 {
    ((millionths + 0.25) * 1e-6 + ROUNDER) - ROUNDER
}

#[inline(always)]
fn at(cells: &[Cell; CELLS], cell: u32) -> &Cell {
    &cells[cell as usize % CELLS]
}

/// Steps 1 and 2 without the caps of kinds.
#[inline(always)]
fn scope_and_basic(cells: &[Cell; CELLS], block: &mut Block) {
    let Block { sums, round, rare, .. } = block;
    for i in 0..BLOCK {
        let c = at(cells, round.cell[i]);
        let info = (c[5] >> 32) as u32;
        round.info[i] = info;
        rare[i] |= info & info::IRREGULAR;
        let (total, outside) = (round.total[i], round.outside[i]);
        sums.bills[i] += total;
        let patient = min(outside, rounded(high(c[0]) * total));
        round.paid[0][i] = outside - patient;
        round.out_of_scope[i] = patient;
        let bill = total - outside;
        let bit = 1 << (info & info::KIND);
        let deductible = select(sums.seen[i] & bit == 0, low(c[1]), high(c[1]));
        sums.seen[i] |= bit;
        round.patient[i] = bill;
        round.paid[1][i] = rounded(low(c[0]) * max(bill - deductible, 0.0));
        round.deductible[i] = low(c[2]);
        round.kind_cap[i] = high(c[2]);
    }
}

/// The annual caps of kinds of claims.
#[inline(always)]
fn kind_caps(block: &mut Block) {
    let Block { sums, round, .. } = block;
    for i in 0..BLOCK {
        let kind = round.info[i] & info::KIND;
        let mut paid = sums.basic[0][i];
        paid = select(kind == 1, sums.basic[1][i], paid);
        paid = select(kind == 2, sums.basic[2][i], paid);
        paid = select(kind == 3, sums.basic[3][i], paid);
        let amount = min(round.paid[1][i], max(round.kind_cap[i] - paid, 0.0));
        round.paid[1][i] = amount;
        sums.basic[0][i] += select(kind == 0, amount, 0.0);
        sums.basic[1][i] += select(kind == 1, amount, 0.0);
        sums.basic[2][i] += select(kind == 2, amount, 0.0);
        sums.basic[3][i] += select(kind == 3, amount, 0.0);
    }
}

/// Adds each claim's part to the running self-pay of critical-illness insurance; whether any is above the deductible.
#[inline(always)]
fn critical_base(block: &mut Block) -> bool {
    let Block { sums, round, .. } = block;
    let mut any = 0;
    for i in 0..BLOCK {
        let basic = round.paid[1][i];
        let patient = round.patient[i] - basic;
        sums.basic_all[i] += basic;
        round.paid[2][i] = 0.0;
        round.patient[i] = patient;
        round.after_insurance[i] = patient;
        let counts = round.info[i] & info::CRITICAL != 0;
        let so_far = sums.critical_base[i] + select(counts, patient, 0.0);
        sums.critical_base[i] = so_far;
        let above = u32::from(counts & (so_far > round.deductible[i])).wrapping_neg();
        round.above[i] = above;
        any |= above;
    }
    any != 0
}

/// Step 3: each set of bands for all claims, of which only its own are paid.
#[inline(always)]
fn pay_critical(programme: &Programme, block: &mut Block) {
    let present = bands_of(&programme.band_of, block);
    for (number, bands) in (0..).zip(&programme.bands) {
        if number < 32 && present & 1 << number == 0 {
            continue;
        }
        block.round.millionths.fill(0.0);
        let mut floor = bands.from;
        for some in bands.bands.chunks(AT_ONCE) {
            let mut parts = [NO_BAND; AT_ONCE];
            for (part, &(to, ratio)) in parts.iter_mut().zip(some) {
                *part = Part { floor, to, ratio };
                floor = max(floor, to);
            }
            add_bands(&parts, block);
        }
        pay_bands(number, block);
    }
    leave(block);
}

/// Bands that are added at once.
const AT_ONCE: usize = 4;

/// One band.
#[derive(Clone, Copy)]
struct Part {
    floor: f64,
    to: f64,
    ratio: f64,
}

/// A band of which nothing is paid.
const NO_BAND: Part = Part { floor: 0.0, to: 0.0, ratio: 0.0 };

/// Finds the set of bands of each claim above the deductible; gives the first sets that there are as bits.
#[inline(always)]
fn bands_of(band_of: &[u32; CELLS], block: &mut Block) -> u32 {
    let round = &mut block.round;
    let mut present = 0;
    for i in 0..BLOCK {
        let own = band_of[round.cell[i] as usize % CELLS];
        present |= 1_u32.wrapping_shl(own) & round.above[i];
        round.bands[i] = own | !round.above[i];
    }
    present
}

/// Adds ratio × the part of the increment in each band.
#[inline(always)]
fn add_bands(parts: &[Part; AT_ONCE], block: &mut Block) {
    let parts = *parts;
    let Block { sums, round, .. } = block;
    for i in 0..BLOCK {
        let after = sums.critical_base[i];
        let before = after - round.after_insurance[i];
        let mut millionths = round.millionths[i];
        for Part { floor, to, ratio } in parts {
            millionths += ratio * max(min(after, to) - max(before, floor), 0.0);
        }
        round.millionths[i] = millionths;
    }
}

/// Pays the claims of one set of bands, rounded once.
#[inline(always)]
fn pay_bands(number: u32, block: &mut Block) {
    let Block { sums, round, .. } = block;
    for i in 0..BLOCK {
        let amount = select(round.bands[i] == number, rounded(round.millionths[i]), 0.0);
        round.patient[i] -= amount;
        sums.critical_all[i] += amount;
        round.paid[2][i] += amount;
    }
}

/// What critical-illness insurance leaves.
#[inline(always)]
fn leave(block: &mut Block) {
    let round = &mut block.round;
    for i in 0..BLOCK {
        round.after_insurance[i] = round.patient[i];
    }
}

/// Step 4: one rule of regular assistance; payments share the first pools only.
#[inline(always)]
fn assistance<const SLOT: usize, const POOLS_SHARED: usize>(cells: &[Cell; CELLS], block: &mut Block) {
    let Block { sums, round, assisted, .. } = block;
    for i in 0..BLOCK {
        let c = at(cells, round.cell[i]);
        let info = round.info[i];
        let (pool, within) = pools::<SLOT>(info);
        let (mut before, mut own, mut further) = (0.0, 0.0, 0.0);
        for number in 0..POOLS_SHARED {
            let paid = sums.pool_paid[number][i];
            before = select(pool == number as u32, sums.pool_base[number][i], before);
            own = select(pool == number as u32, paid, own);
            further = select(within == number as u32, paid, further);
        }
        let (cap, within_cap) = caps::<SLOT>(c);
        let (ratio, deductible, each) = values::<SLOT>(c);
        let after_first = SLOT > 0 && info & info::AFTER != 0;
        let left = select(after_first, round.patient[i], round.after_insurance[i]);
        let base = max(left - each, 0.0);
        let above = max(before + base - deductible, 0.0) - max(before - deductible, 0.0);
        let room = min(cap - own, within_cap - further);
        let amount = max(min(min(rounded(ratio * above), room), round.patient[i]), 0.0);
        for number in 0..POOLS_SHARED {
            let (own, further) = (pool == number as u32, within == number as u32);
            sums.pool_base[number][i] += select(own, base, 0.0);
            sums.pool_paid[number][i] += select(own | further, amount, 0.0);
        }
        round.patient[i] -= amount;
        round.paid[3 + SLOT][i] = amount;
        assisted[i] += u32::from(amount > 0.0);
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

/// What each claim leaves to the patient, and whether a threshold is reached with it.
#[inline(always)]
fn close(lines: &[Threshold; LINES], block: &mut Block) {
    let lines = *lines;
    let Block { round, reached, self_pay, in_scope, .. } = block;
    for i in 0..BLOCK {
        let inside = in_scope[i] + round.patient[i];
        let all = self_pay[i] + round.patient[i] + round.out_of_scope[i];
        (in_scope[i], self_pay[i]) = (inside, all);
        for line in 0..LINES {
            let sum = (inside.to_bits() & !lines[line].all) | (all.to_bits() & lines[line].all);
            let is_new = (f64::from_bits(sum) >= lines[line].fen) & (reached[line][i] == NOT_REACHED);
            let now = u32::from(is_new).wrapping_neg();
            reached[line][i] = (round.month[i] & now) | (reached[line][i] & !now);
        }
    }
}

/// A [`Line`] as the loops see it.
#[derive(Clone, Copy)]
struct Threshold {
    fen: f64,
    /// All bits where self-pay outside the catalogue counts, none otherwise.
    all: u64,
}

impl Threshold {
    /// The first thresholds; there may be more, which nobody reaches.
    #[inline(always)]
    fn of(lines: &[Line]) -> [Self; LINES] {
        std::array::from_fn(|at| match lines.get(at) {
            Some(line) => Self { fen: line.fen, all: u64::from(line.counts_out_of_scope).wrapping_neg() },
            None => Self { fen: f64::INFINITY, all: 0 },
        })
    }
}

/// Writes down what was paid and who paid it.
#[inline(always)]
fn put(round: &Round, flags: &mut Bits, row: &mut Row) {
    let Row { paid, account, ends, .. } = row;
    for i in 0..BLOCK {
        let mut made = 0;
        for payment in 0..PAYMENTS {
            let amount = round.paid[payment][i];
            paid[payment][i] = integer(amount);
            made |= u32::from(amount > 0.0) << payment;
        }
        flags[i] |= made << (8 * (round.info[i] & info::KIND));
        account[i] = round.info[i] >> info::ACCOUNT;
        ends[i] = round.ends[i];
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
