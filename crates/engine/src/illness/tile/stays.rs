//! Inpatient stays: expanded from persons to bills, drawn and dated side by side.

use super::bills::Section;
use super::day_code;
use super::lanes::{Segments, fen, integer, normal, one_of_four, positions, select, whole};
use super::memory::{Chunk, Factors, Holders, MANY, Memory, PERSON_BITS, ROWS, filled_up};
use super::tables::{Dates, PLACE_BITS, Tables, UNDECIDED, YearTables, months, place_code};
use crate::illness::IllnessModel;
use crate::illness::math::{exp, ln_of_parts, ln_parts};
use crate::illness::stay::DAYS;
use crate::illness::year::YearContext;
use crate::instruction_set::{Instructions, Kernel};
use crate::rng::{Lanes, Purpose, uniform};

impl IllnessModel {
    /// Adds the stays of the first `persons` of the memory.
    pub(super) fn stays_tiled(
        &self,
        (instructions, ctx, purpose, first): (Instructions, &YearContext, Purpose, u32),
        (memory, persons): (&mut Memory, usize),
        section: &mut Section,
    ) {
        let lanes = ctx.draws.lanes(ctx.key(0), purpose);
        let n = memory.lists.expand(&memory.holders.stays[..persons]);
        for from in (0..n).step_by(ROWS) {
            let n = ROWS.min(n - from);
            instructions.run(MakeStays { model: self, ctx, lanes, first, memory, from, n });
            section.add(&memory.chunk, n);
        }
    }
}

impl Section {
    /// Adds the first bills of a chunk.
    pub(super) fn add(&mut self, chunk: &Chunk, n: usize) {
        self.total_fen.extend_from_slice(&chunk.total[..n]);
        self.out_of_scope_fen.extend_from_slice(&chunk.out_of_scope[..n]);
        self.code.extend_from_slice(&chunk.code[..n]);
        self.day.extend_from_slice(&chunk.day[..n]);
        self.span.extend_from_slice(&chunk.span[..n]);
        self.days.extend_from_slice(&chunk.days[..n]);
    }
}

/// Makes `n` of the listed stays; their words begin with block `first`.
struct MakeStays<'a> {
    model: &'a IllnessModel,
    ctx: &'a YearContext,
    lanes: Lanes,
    first: u32,
    memory: &'a mut Memory,
    from: usize,
    n: usize,
}

impl Kernel for MakeStays<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { model, ctx, lanes, first, memory, from, n } = self;
        let n = filled_up(n);
        let Memory { holders, factor, lists, chunk, .. } = memory;
        let Some(listed) = lists.stays[from..].first_chunk() else { return };
        take(holders, factor, listed, n, chunk);
        draw(lanes, first, n, chunk);
        places(&model.tables.place, n, chunk);
        shapes(&model.normal.segments, ctx.shape.body(), n, chunk);
        plain_ones(model, ctx, n, chunk);
        amounts(model, &ctx.log_cost, n, chunk);
        dates(&model.tables, &ctx.tables, n, chunk);
    }
}

/// What the stays need to know of their persons.
#[inline(always)]
fn take(holders: &Holders, factor: &Factors, listed: &[u16; ROWS], n: usize, chunk: &mut Chunk) {
    for i in 0..n.min(ROWS) {
        let person = usize::from(listed[i]) & (MANY - 1);
        chunk.order[i] = u32::from(listed[i] >> PERSON_BITS);
        chunk.number[i] = holders.number[person];
        chunk.presence[i] = holders.presence[person];
        chunk.log_factor[i] = factor.0[person];
    }
}

/// Draws a block for every bill, from block `first` of its person on.
#[inline(always)]
pub(super) fn draw(lanes: Lanes, first: u32, n: usize, chunk: &mut Chunk) {
    begin(lanes, first, n, chunk);
    for i in 0..n.min(ROWS) {
        let half = &chunk.half;
        let block = lanes.finish([half[0][i], half[1][i], half[2][i], half[3][i]]);
        (chunk.words[0][i], chunk.words[1][i]) = (block[0], block[1]);
        (chunk.words[2][i], chunk.words[3][i]) = (block[2], block[3]);
    }
}

/// The first half of the draws.
#[inline(always)]
pub(super) fn begin(lanes: Lanes, first: u32, n: usize, chunk: &mut Chunk) {
    for i in 0..n.min(ROWS) {
        let half = lanes.begin(chunk.number[i], first + chunk.order[i]);
        (chunk.half[0][i], chunk.half[1][i]) = (half[0], half[1]);
        (chunk.half[2][i], chunk.half[3][i]) = (half[2], half[3]);
    }
}

/// The place of a word, or that its table does not decide it.
#[inline(always)]
fn places(table: &[u32; 1 << PLACE_BITS], n: usize, chunk: &mut Chunk) {
    for i in 0..n.min(ROWS) {
        let entry = table[(chunk.words[1][i] >> (32 - PLACE_BITS)) as usize];
        chunk.setting[i] = entry;
        chunk.undecided[i] = u8::from(entry >= UNDECIDED);
    }
}

/// The shape of the cost in the body; a word in the tail is undecided.
#[inline(always)]
fn shapes(segments: &Segments, (sigma, tail_word): (f64, u32), n: usize, chunk: &mut Chunk) {
    for i in 0..n.min(ROWS) {
        let word = chunk.words[0][i];
        chunk.shape[i] = sigma * normal(segments, word);
        chunk.undecided[i] |= u8::from(word >= tail_word);
    }
}

/// Asks the plain functions about the few stays that the tables do not decide.
#[inline(always)]
fn plain_ones(model: &IllnessModel, ctx: &YearContext, n: usize, chunk: &mut Chunk) {
    let undecided = positions(&chunk.undecided[..n.min(ROWS)], &mut chunk.found);
    for at in 0..undecided {
        let at = usize::from(chunk.found[at]);
        chunk.setting[at] = place_code(model.places.at(chunk.words[1][at]));
        chunk.shape[at] = ctx.shape.at(&model.normal, chunk.words[0][at]);
    }
}

/// The whole and the part outside the catalogue.
#[inline(always)]
pub(super) fn amounts(model: &IllnessModel, log_cost: &[f64; 4], n: usize, chunk: &mut Chunk) {
    let ((least, most), log_cost, exponent) = (model.cost.bounds(), *log_cost, model.catalogue.inpatient);
    for i in 0..n.min(ROWS) {
        let log_cost = one_of_four(chunk.setting[i] >> 3, log_cost);
        chunk.x[i] = log_cost + chunk.log_factor[i] + chunk.shape[i];
    }
    costs(n, chunk);
    for i in 0..n.min(ROWS) {
        let yuan = chunk.x[i];
        let yuan = if yuan < least { least } else { yuan };
        chunk.total[i] = fen(if yuan > most { most } else { yuan });
    }
    for i in 0..n.min(ROWS) {
        chunk.y[i] = one_of_four(chunk.setting[i] >> 3, exponent);
    }
    parts(n, chunk);
}

/// e to the power of each x; and the first step of the shares outside the catalogue, whose division is done while
/// the exponential is.
#[inline(always)]
pub(super) fn costs(n: usize, chunk: &mut Chunk) {
    for i in 0..n.min(ROWS) {
        chunk.x[i] = exp(chunk.x[i]);
        (chunk.k[i], chunk.s[i]) = ln_parts(uniform(chunk.words[2][i]));
    }
}

/// The part of each bill outside the catalogue, from the exponent of its share in y.
#[inline(always)]
pub(super) fn parts(n: usize, chunk: &mut Chunk) {
    for i in 0..n.min(ROWS) {
        chunk.x[i] = chunk.y[i] * ln_of_parts(chunk.k[i], chunk.s[i]);
    }
    for i in 0..n.min(ROWS) {
        chunk.x[i] = 1.0 - exp(chunk.x[i]);
        chunk.y[i] = chunk.total[i] / 100.0;
    }
    for i in 0..n.min(ROWS) {
        let part = fen(chunk.x[i] * chunk.y[i]);
        chunk.out_of_scope[i] = if part < chunk.total[i] { part } else { chunk.total[i] };
    }
}

/// The day of admission, the months until discharge, and the code.
#[inline(always)]
pub(super) fn dates(tables: &Tables, year: &YearTables, n: usize, chunk: &mut Chunk) {
    months_of(&tables.dates, n, chunk);
    days_of(&tables.dates, year, n, chunk);
    ends_of(&tables.days, &year.month, year, n, chunk);
}

/// The month of admission from 0, and in x how much of the year's admissions come before the day.
#[inline(always)]
fn months_of(dates: &Dates, n: usize, chunk: &mut Chunk) {
    let until = dates.until;
    for i in 0..n.min(ROWS) {
        let [low, width] = dates.season[(chunk.presence[i] & 255) as usize];
        chunk.x[i] = low + width * uniform(chunk.words[3][i]);
    }
    for i in 0..n.min(ROWS) {
        let (first, last) = months(chunk.presence[i] & 255);
        let mut passed = 1;
        for end in &until[1..12] {
            passed += u32::from(chunk.x[i] >= *end);
        }
        chunk.month[i] = passed.max(first).min(last) - 1;
    }
}

/// The day of the month from 0, and the quantile of the length that the rest of the word means.
#[inline(always)]
fn days_of(dates: &Dates, year: &YearTables, n: usize, chunk: &mut Chunk) {
    for i in 0..n.min(ROWS) {
        let month = chunk.month[i];
        let in_month = (month & 15) as usize;
        let inside = (chunk.x[i] - dates.until[in_month]) * dates.per_month[in_month];
        let inside = select(inside < 0.0, 0.0, inside);
        let inside = select(inside > 1.0 - f64::EPSILON, 1.0 - f64::EPSILON, inside);
        chunk.x[i] = inside * year.days_in(month);
    }
    for i in 0..n.min(ROWS) {
        let passed_days = whole(chunk.x[i]);
        chunk.of_month[i] = integer(passed_days);
        chunk.quantile[i] = integer(whole((chunk.x[i] - passed_days) * 256.0));
    }
}

#[inline(always)]
fn ends_of(days: &[u32; 1024], month_of: &[u32; DAYS], year: &YearTables, n: usize, chunk: &mut Chunk) {
    for i in 0..n.min(ROWS) {
        let (month, setting) = (chunk.month[i], chunk.setting[i] & 31);
        let longer = days[((setting >> 3) << 8 | chunk.quantile[i] & 255) as usize];
        let discharged = year.days_before(month) + chunk.of_month[i] + longer;
        chunk.day[i] = day_code(month, chunk.of_month[i] + 1) as u16;
        chunk.span[i] = month_of[discharged as usize & (DAYS - 1)].wrapping_sub(month) as u8;
        chunk.days[i] = longer as u8;
        chunk.code[i] = setting as u8;
    }
}
