//! The settlement of many persons side by side: first claims of all, then second claims, and so on.
//!
//! The plain settlement is [`settle_year`](super::settle::settle_year); this one gives the same fen from the cells
//! of a [`Programme`](super::programme::Programme). Amounts are floats that carry whole fen: sums of a person's
//! bills stay below 5 million yuan, so that every product with a ratio in millionths is exact, and a share is
//! rounded half up by adding a quarter of a millionth before it goes to the nearest whole number. Persons for
//! whom anything rare could matter are marked, and settled plainly by the caller.

use super::programme::{CELLS, CODES, Cell, EMPTY, PAYMENTS, POOLS, Programme, boxed, info};
use crate::instruction_set::{Instructions, Kernel};

/// The most persons of a tile.
pub const PERSONS: usize = 1016;
/// Rounds are filled up with empty bills to a multiple of this, so that no claim is settled alone.
pub const LANES: usize = 8;

/// The least length of a round: below it loops go row by row, which is slower than to fill it up.
const SHORTEST: usize = 24;

/// One number of each person.
pub type Column = [f64; PERSONS];
const ZERO: Column = [0.0; PERSONS];

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
const NO_BILL: u32 = BILLS as u32 - 1;

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
    /// The length of a round's part of [`Settled::paid`].
    #[must_use]
    pub fn filled(persons: usize) -> usize {
        persons.next_multiple_of(LANES).max(SHORTEST)
    }
}

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
    /// Payments above zero, see [`flag`].
    pub flags: [u32; PERSONS],
    /// In-scope self-pay from which tilt assistance may pay each person, in fen: filled in by the caller.
    pub tilt_from: Column,
    /// By threshold: the month of the claim with which the self-pay reached it, or [`NOT_REACHED`].
    pub reached: [[u32; PERSONS]; LINES],
    /// The month in which the last claim ends, January 0.
    pub last_month: [u32; PERSONS],
    /// Not zero: something could matter that tiles leave out.
    pub rare: [u32; PERSONS],
    sums: Sums,
    round: Round,
}

/// The bit of [`Settled::flags`] for a payment on a kind of claim.
#[must_use]
pub const fn flag(kind: usize, payment: usize) -> usize {
    8 * kind + payment
}

/// Running sums of the year.
#[derive(Debug)]
#[repr(align(64))]
struct Sums {
    /// Kinds of which there was a claim, as bits.
    seen: [u32; PERSONS],
    /// Paid by basic insurance, by kind.
    basic: [Column; 4],
    /// Paid by basic insurance and by critical-illness insurance.
    basic_all: Column,
    critical_all: Column,
    bills: Column,
    critical_base: Column,
    pool_base: [Column; POOLS],
    pool_paid: [Column; POOLS],
}

/// What one round works on.
#[derive(Debug)]
#[repr(align(64))]
struct Round {
    cell: [u32; PERSONS],
    month: [u32; PERSONS],
    total: Column,
    outside: Column,
    info: [u32; PERSONS],
    account: [u32; PERSONS],
    paid: [[u32; PERSONS]; PAYMENTS],
    /// In-scope cost of the bill.
    bill: Column,
    /// In-scope cost left to the patient.
    patient: Column,
    out_of_scope: Column,
    basic: Column,
    kind_cap: Column,
    critical_deductible: Column,
    after_insurance: Column,
    base: Column,
    amount: Column,
    /// Of the pools: sum of bases, paid, paid in the further pool.
    before: Column,
    own: Column,
    further: Column,
    over: [u32; PERSONS],
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
        instructions.run(Rounds { programme, lines, claims, settled: self });
    }
}

impl Persons {
    /// Forgets the tile before, at the first places.
    fn begin(&mut self, programme: &Programme, n: usize) {
        let none: [&mut [u32; PERSONS]; 5] =
            [&mut self.assisted, &mut self.flags, &mut self.last_month, &mut self.rare, &mut self.sums.seen];
        none.into_iter().for_each(|column| column[..n].fill(0));
        self.reached.iter_mut().for_each(|column| column[..n].fill(NOT_REACHED));
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

/// All rounds of a tile.
struct Rounds<'a> {
    programme: &'a Programme,
    lines: &'a [Line],
    claims: &'a Claims,
    settled: &'a mut Settled,
}

impl Kernel for Rounds<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { programme, lines, claims, settled } = self;
        let persons = &mut *settled.persons;
        let cells = &*programme.cells;
        let mut start = 0;
        for (number, &own) in claims.rounds.iter().enumerate() {
            let n = Claims::filled(own).min(PERSONS);
            let rows = start..start + n;
            fetch(claims, (number, own), n, persons);
            scope_and_basic(cells, n, persons);
            for &kind in &programme.capped_kinds {
                match kind {
                    0 => kind_cap::<0>(n, persons),
                    1 => kind_cap::<1>(n, persons),
                    2 => kind_cap::<2>(n, persons),
                    _ => kind_cap::<3>(n, persons),
                }
            }
            let n_over = critical_base(n, persons);
            pay_critical(programme, n_over, persons);
            let over = persons.round.over[..n_over.min(PERSONS)].iter();
            settled.critical.extend(over.map(|place| start as u32 + place));
            assistance::<0>(programme, n, persons);
            if programme.two_slots {
                assistance::<1>(programme, n, persons);
            }
            close(n, persons);
            for (number, line) in lines.iter().enumerate() {
                match number {
                    0 => look::<0>(*line, n, persons),
                    1 => look::<1>(*line, n, persons),
                    2 => look::<2>(*line, n, persons),
                    _ => look::<3>(*line, n, persons),
                }
            }
            for (all, paid) in settled.paid.iter_mut().zip(&persons.round.paid) {
                all[rows.clone()].copy_from_slice(&paid[..n]);
            }
            settled.account[rows].copy_from_slice(&persons.round.account[..n]);
            start += n;
        }
        if !programme.two_slots {
            settled.paid[PAYMENTS - 1].fill(0);
        }
        find_rare(programme, Claims::filled(claims.rounds.first().copied().unwrap_or(0)), persons);
    }
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
fn rounded(millionths: f64) -> f64 {
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

/// Finds the bill and the cell of each person's next claim.
#[inline(always)]
fn fetch(claims: &Claims, (number, own): (usize, usize), n: usize, persons: &mut Persons) {
    let Persons { round, last_month, .. } = persons;
    let (keys, tags) = (&*claims.keys, &*claims.tag);
    let (total, outside) = (&*claims.total, &*claims.out_of_scope);
    for i in 0..n.min(PERSONS) {
        let key = keys[(claims.first[i] as usize + number) % BILLS];
        let real = u32::from(i < own).wrapping_neg();
        let bill = ((key & ((1 << BILL_BITS) - 1)) & real) | (NO_BILL & !real);
        let tag = tags[bill as usize % BILLS];
        let month = key >> (BILL_BITS + 5);
        round.month[i] = month;
        let last = (month + (tag >> 8)) & real;
        last_month[i] = if last > last_month[i] { last } else { last_month[i] };
        round.total[i] = total[bill as usize % BILLS];
        round.outside[i] = outside[bill as usize % BILLS];
        let cell = claims.standing[i] * CODES as u32 + (tag & 0xFF);
        round.cell[i] = (cell & real) | (EMPTY & !real);
    }
    for &(place, first, n) in &claims.movers {
        // Those with most claims come first.
        if number >= n {
            break;
        }
        round.cell[place % PERSONS] = claims.moving[first + number];
    }
}

/// Steps 1 and 2 without the caps of kinds.
#[inline(always)]
fn scope_and_basic(cells: &[Cell; CELLS], n: usize, persons: &mut Persons) {
    let Persons { sums, round, rare, .. } = persons;
    for i in 0..n.min(PERSONS) {
        let c = at(cells, round.cell[i]);
        let (total, outside) = (round.total[i], round.outside[i]);
        let patient = min(outside, rounded(high(c[0]) * total));
        round.paid[0][i] = word(outside - patient);
        round.out_of_scope[i] = patient;
        let bill = total - outside;
        round.bill[i] = bill;
        let info = (c[5] >> 32) as u32;
        round.info[i] = info;
        round.account[i] = info >> info::ACCOUNT;
        rare[i] |= info & info::IRREGULAR;
        sums.bills[i] += total;
        let bit = 1 << (info & info::KIND);
        let deductible = select(sums.seen[i] & bit == 0, low(c[1]), high(c[1]));
        sums.seen[i] |= bit;
        let base = max(bill - deductible, 0.0);
        round.basic[i] = rounded(low(c[0]) * base);
        round.critical_deductible[i] = low(c[2]);
        round.kind_cap[i] = high(c[2]);
    }
}

/// The annual cap of one kind of claim.
#[inline(always)]
fn kind_cap<const KIND: usize>(n: usize, persons: &mut Persons) {
    let (round, paid) = (&mut persons.round, &mut persons.sums.basic[KIND]);
    for i in 0..n.min(PERSONS) {
        let room = max(round.kind_cap[i] - paid[i], 0.0);
        let own = round.info[i] & info::KIND == KIND as u32;
        let amount = select(own, min(round.basic[i], room), round.basic[i]);
        round.basic[i] = amount;
        paid[i] += select(own, amount, 0.0);
    }
}

/// Adds each claim's part to the running self-pay of critical-illness insurance, and lists those above the deductible.
#[inline(always)]
fn critical_base(n: usize, persons: &mut Persons) -> usize {
    let Persons { sums, round, .. } = persons;
    let n = n.min(PERSONS);
    for i in 0..n {
        let patient = round.bill[i] - round.basic[i];
        sums.basic_all[i] += round.basic[i];
        round.paid[1][i] = word(round.basic[i]);
        round.paid[2][i] = 0;
        round.patient[i] = patient;
        round.after_insurance[i] = patient;
        let counts = round.info[i] & info::CRITICAL != 0;
        let so_far = sums.critical_base[i] + select(counts, patient, 0.0);
        sums.critical_base[i] = so_far;
        round.base[i] = select(counts, so_far - round.critical_deductible[i], 0.0);
    }
    let mut n_over = 0;
    for i in 0..n {
        round.over[n_over % PERSONS] = i as u32;
        n_over += usize::from(round.base[i] > 0.0);
    }
    n_over
}

/// Step 3 for the claims listed.
#[inline(always)]
fn pay_critical(programme: &Programme, n_over: usize, persons: &mut Persons) {
    let Persons { sums, round, .. } = persons;
    for at in 0..n_over.min(PERSONS) {
        let i = round.over[at] as usize % PERSONS;
        let rule = &programme.bands[usize::from(programme.band_of[round.cell[i] as usize % CELLS])];
        let after = sums.critical_base[i];
        let before = after - round.patient[i];
        let amount = banded(rule, before, after);
        round.patient[i] -= amount;
        round.after_insurance[i] -= amount;
        sums.critical_all[i] += amount;
        round.paid[2][i] = word(amount);
    }
}

/// Σ ratio × the part of the increment in each band, rounded once.
#[inline(always)]
fn banded(rule: &super::programme::Bands, before: f64, after: f64) -> f64 {
    let mut floor = rule.from;
    let mut millionths = 0.0;
    for &(to, ratio) in &rule.bands {
        millionths += ratio * max(min(after, to) - max(before, floor), 0.0);
        floor = max(floor, to);
    }
    rounded(millionths)
}

/// Step 4: one rule of regular assistance.
#[inline(always)]
fn assistance<const SLOT: usize>(programme: &Programme, n: usize, persons: &mut Persons) {
    let n_pools = programme.n_pools.min(POOLS);
    for number in 0..n_pools {
        match number {
            0 => read_pool::<SLOT, 0>(n, persons),
            1 => read_pool::<SLOT, 1>(n, persons),
            2 => read_pool::<SLOT, 2>(n, persons),
            3 => read_pool::<SLOT, 3>(n, persons),
            4 => read_pool::<SLOT, 4>(n, persons),
            _ => read_pool::<SLOT, 5>(n, persons),
        }
    }
    pay_assistance::<SLOT>(&programme.cells, n, persons);
    for number in 0..n_pools {
        match number {
            0 => add_to_pool::<SLOT, 0>(n, persons),
            1 => add_to_pool::<SLOT, 1>(n, persons),
            2 => add_to_pool::<SLOT, 2>(n, persons),
            3 => add_to_pool::<SLOT, 3>(n, persons),
            4 => add_to_pool::<SLOT, 4>(n, persons),
            _ => add_to_pool::<SLOT, 5>(n, persons),
        }
    }
}

/// What a rule pays on each claim.
#[inline(always)]
fn pay_assistance<const SLOT: usize>(cells: &[Cell; CELLS], n: usize, persons: &mut Persons) {
    let Persons { round, assisted, .. } = persons;
    for i in 0..n.min(PERSONS) {
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
        round.amount[i] = amount;
        round.patient[i] -= amount;
        round.paid[3 + SLOT][i] = word(amount);
        assisted[i] += u32::from(amount > 0.0);
    }
}

/// Reads the running sums of a pool for the claims that share it.
#[inline(always)]
fn read_pool<const SLOT: usize, const POOL: usize>(n: usize, persons: &mut Persons) {
    let Persons { sums, round, .. } = persons;
    for i in 0..n.min(PERSONS) {
        let (pool, within) = pools::<SLOT>(round.info[i]);
        let all = sums.pool_paid[POOL][i];
        round.before[i] = select(pool == POOL as u32, sums.pool_base[POOL][i], round.before[i]);
        round.own[i] = select(pool == POOL as u32, all, round.own[i]);
        round.further[i] = select(within == POOL as u32, all, round.further[i]);
    }
}

/// Adds the bases and payments to the running sums of a pool.
#[inline(always)]
fn add_to_pool<const SLOT: usize, const POOL: usize>(n: usize, persons: &mut Persons) {
    let Persons { sums, round, .. } = persons;
    for i in 0..n.min(PERSONS) {
        let (pool, within) = pools::<SLOT>(round.info[i]);
        let (own, further) = (pool == POOL as u32, within == POOL as u32);
        sums.pool_base[POOL][i] += select(own, round.base[i], 0.0);
        sums.pool_paid[POOL][i] += select(own | further, round.amount[i], 0.0);
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

/// What the claim leaves to the patient, and which payments were made.
#[inline(always)]
fn close(n: usize, persons: &mut Persons) {
    let Persons { round, flags, self_pay, in_scope, .. } = persons;
    let n = n.min(PERSONS);
    for i in 0..n {
        in_scope[i] += round.patient[i];
        self_pay[i] += round.patient[i] + round.out_of_scope[i];
    }
    for i in 0..n {
        let mut made = 0;
        for (payment, paid) in round.paid.iter().enumerate() {
            made |= u32::from(paid[i] > 0) << payment;
        }
        flags[i] |= made << (8 * (round.info[i] & info::KIND));
    }
}

/// Notes the month in which the running self-pay reached a threshold.
#[inline(always)]
fn look<const LINE: usize>(line: Line, n: usize, persons: &mut Persons) {
    let Persons { round, reached, self_pay, in_scope, .. } = persons;
    let reached = &mut reached[LINE];
    for i in 0..n.min(PERSONS) {
        let sum = select(line.counts_out_of_scope, self_pay[i], in_scope[i]);
        let now = u32::from((sum >= line.fen) & (reached[i] == NOT_REACHED)).wrapping_neg();
        reached[i] = (round.month[i] & now) | (reached[i] & !now);
    }
}

/// Marks persons for whom tilt assistance or a cap of the insurances could matter, or whose sums are too large.
#[inline(always)]
fn find_rare(programme: &Programme, n: usize, persons: &mut Persons) {
    let Persons { sums, rare, in_scope, tilt_from, .. } = persons;
    let (basic_cap, critical_cap, most) =
        (programme.basic_cap_fen, programme.critical_cap_fen, programme.most_fen);
    for i in 0..n.min(PERSONS) {
        let capped = (sums.basic_all[i] > basic_cap) | (sums.critical_all[i] > critical_cap);
        rare[i] |= u32::from(capped | (sums.bills[i] > most) | (in_scope[i] >= tilt_from[i]));
    }
}
