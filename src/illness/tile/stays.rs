//! Inpatient stays: expanded from persons to bills, drawn and dated side by side.

use super::bills::Section;
use super::lanes::{Segments, Words, draw, fen, integer, normal, part, positions, share_outside, whole};
use super::tables::{Column, PLACE_BITS, Tables, UNDECIDED, YearTables, months, place_code};
use super::{TILE, day_code};
use crate::illness::IllnessModel;
use crate::illness::cost::Cost;
use crate::illness::year::YearContext;
use crate::instruction_set::Kernel;
use crate::rng::{Lanes, uniform};

/// Bills that are worked on together.
pub(super) const LANES: usize = 32;

/// The most bills of a kind of a tile of persons, and room to write beyond them.
pub(super) const MOST: usize = TILE * 52 + LANES;

/// A value for each of some bills.
pub(super) type Few<T> = [T; LANES];

/// What the kernels write for one another.
#[derive(Debug)]
pub(super) struct Memory {
    /// By person: number, presence, log factor on the cost of a stay.
    pub(super) number: Column<u32>,
    pub(super) presence: Column<u8>,
    pub(super) log_factor: Column<f64>,
    /// By person: stays; node of the risk and how many of the stays are costly (ordinary residents).
    pub(super) stays: Column<u8>,
    pub(super) node: Column<u8>,
    pub(super) costly: Column<u8>,
    /// By person: the condition plus one.
    pub(super) condition: Column<u8>,
    /// By bill: position of the person, and which of the person's bills it is.
    pub(super) owner: [u8; MOST],
    pub(super) order: [u8; MOST],
    /// One where something is, and the positions of that.
    pub(super) flag: Column<u8>,
    pub(super) found: [u8; TILE + 8],
    pub(super) kept: [u8; TILE + 8],
    /// Words of a tile, and what is made of them.
    pub(super) words: Words<TILE>,
    pub(super) rate: Column<f64>,
    pub(super) visits: Column<u8>,
    pub(super) month: Column<u8>,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            number: [0; TILE],
            presence: [0; TILE],
            log_factor: [0.0; TILE],
            stays: [0; TILE],
            node: [0; TILE],
            costly: [0; TILE],
            condition: [0; TILE],
            owner: [0; MOST],
            order: [0; MOST],
            flag: [0; TILE],
            found: [0; TILE + 8],
            kept: [0; TILE + 8],
            words: [[0; TILE]; 4],
            rate: [0.0; TILE],
            visits: [0; TILE],
            month: [0; TILE],
        }
    }
}

impl Memory {
    /// Lists a row for each stay of the first `n` persons; gives the number of stays.
    pub(super) fn expand(&mut self, n: usize) -> usize {
        let mut end = 0;
        for (person, stays) in (0..=u8::MAX).zip(&self.stays[..n]) {
            // Four at once without a branch: few persons have more.
            let (owner, order) = (&mut self.owner[end..], &mut self.order[end..]);
            if let (Some(owner), Some(order)) = (owner.first_chunk_mut(), order.first_chunk_mut()) {
                (*owner, *order) = ([person; 4], [0, 1, 2, 3]);
            }
            for stay in 4..*stays {
                (owner[usize::from(stay)], order[usize::from(stay)]) = (person, stay);
            }
            end += usize::from(*stays);
        }
        end
    }
}

/// Some stays between the steps.
pub(super) struct Stays {
    pub(super) number: Few<u32>,
    pub(super) index: Few<u32>,
    pub(super) presence: Few<u8>,
    pub(super) log_factor: Few<f64>,
    pub(super) words: Words<LANES>,
    pub(super) code: Few<u32>,
    pub(super) shape: Few<f64>,
    pub(super) undecided: Few<u8>,
    pub(super) found: [u8; LANES + 8],
}

impl Stays {
    pub(super) const EMPTY: Self = Self {
        number: [0; LANES],
        index: [0; LANES],
        presence: [0; LANES],
        log_factor: [0.0; LANES],
        words: [[0; LANES]; 4],
        code: [0; LANES],
        shape: [0.0; LANES],
        undecided: [0; LANES],
        found: [0; LANES + 8],
    };
}

/// Some bills of a section that are being written.
pub(super) struct Written<'a> {
    pub(super) total: &'a mut Few<f64>,
    pub(super) out_of_scope: &'a mut Few<f64>,
    pub(super) code: &'a mut Few<u8>,
    pub(super) day: &'a mut Few<u16>,
    pub(super) span: &'a mut Few<u8>,
}

impl Section {
    /// The bills from a position on.
    #[inline(always)]
    pub(super) fn written(&mut self, from: usize) -> Option<Written<'_>> {
        Some(Written {
            total: self.total_fen[from..].first_chunk_mut()?,
            out_of_scope: self.out_of_scope_fen[from..].first_chunk_mut()?,
            code: self.code[from..].first_chunk_mut()?,
            day: self.day[from..].first_chunk_mut()?,
            span: self.span[from..].first_chunk_mut()?,
        })
    }
}

/// Makes the first `n` listed stays; their words begin with block `first`.
pub(super) struct MakeStays<'a> {
    pub(super) model: &'a IllnessModel,
    pub(super) ctx: &'a YearContext,
    pub(super) lanes: Lanes,
    pub(super) first: u32,
    pub(super) memory: &'a Memory,
    pub(super) n: usize,
    /// Where they go, from a position on; there is room for a multiple of the lanes.
    pub(super) section: &'a mut Section,
    pub(super) from: usize,
}

impl Kernel for MakeStays<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { model, ctx, lanes, first, memory, n, section, from } = self;
        let mut stays = Stays::EMPTY;
        let listed = memory.owner.as_chunks::<LANES>().0.iter().zip(memory.order.as_chunks::<LANES>().0);
        for ((owner, order), at) in listed.take(n.div_ceil(LANES)).zip((from..).step_by(LANES)) {
            take_persons((owner, order, first), memory, &mut stays);
            draw(lanes, (&stays.number, &stays.index), &mut stays.words);
            places(&model.tables, &stays.words[1], (&mut stays.code, &mut stays.undecided));
            shapes(model, ctx, &stays.words[0], (&mut stays.shape, &mut stays.undecided));
            plain_ones(model, ctx, &mut stays);
            if let Some(written) = section.written(at) {
                finish(model, ctx, &stays, written);
            }
        }
    }
}

/// What the stays need to know of their persons.
#[inline(always)]
fn take_persons((owner, order, first): (&Few<u8>, &Few<u8>, u32), memory: &Memory, stays: &mut Stays) {
    for i in 0..LANES {
        stays.number[i] = memory.number[usize::from(owner[i])];
        stays.index[i] = first + u32::from(order[i]);
        stays.presence[i] = memory.presence[usize::from(owner[i])];
        stays.log_factor[i] = memory.log_factor[usize::from(owner[i])];
    }
}

/// The place of a word, or that its table does not decide it.
#[inline(always)]
fn places(tables: &Tables, words: &Few<u32>, (code, undecided): (&mut Few<u32>, &mut Few<u8>)) {
    let table = &*tables.place;
    for i in 0..LANES {
        let entry = table[(words[i] >> (32 - PLACE_BITS)) as usize];
        code[i] = entry;
        undecided[i] = u8::from(entry >= UNDECIDED);
    }
}

/// The shape of the cost in the body; a word in the tail is undecided.
#[inline(always)]
pub(super) fn shapes(
    model: &IllnessModel,
    ctx: &YearContext,
    words: &Few<u32>,
    (shape, undecided): (&mut Few<f64>, &mut Few<u8>),
) {
    let (sigma, tail_word) = ctx.shape.body();
    let segments: &Segments = &model.normal.segments;
    for i in 0..LANES {
        shape[i] = sigma * normal(segments, words[i]);
        undecided[i] |= u8::from(words[i] >= tail_word);
    }
}

/// The shape of the cost in the body and in the tail, for stays of which many lie there.
#[inline(always)]
pub(super) fn shapes_everywhere(
    model: &IllnessModel,
    ctx: &YearContext,
    words: &Few<u32>,
    shape: &mut Few<f64>,
) {
    let (sigma, tail_word) = ctx.shape.body();
    let segments: &Segments = &model.normal.segments;
    let tail = ctx.shape;
    for i in 0..LANES {
        let body = sigma * normal(segments, words[i]);
        shape[i] = if words[i] < tail_word { body } else { tail.in_tail(words[i]) };
    }
}

/// Asks the plain functions about the few stays that the tables do not decide.
#[inline(always)]
fn plain_ones(model: &IllnessModel, ctx: &YearContext, stays: &mut Stays) {
    let n = positions(&stays.undecided, &mut stays.found);
    for at in stays.found[..n].iter().map(|at| usize::from(*at) % LANES) {
        stays.code[at] = place_code(model.places.at(stays.words[1][at]));
        stays.shape[at] = ctx.shape.at(&model.normal, stays.words[0][at]);
    }
}

/// Amounts, day and length of stays whose place and shape are known.
#[inline(always)]
pub(super) fn finish(model: &IllnessModel, ctx: &YearContext, stays: &Stays, written: Written<'_>) {
    let Written { total, out_of_scope, code, day, span } = written;
    let cost = (&model.cost, &ctx.log_cost);
    amounts(cost, &model.catalogue.inpatient, stays, (total, out_of_scope));
    dates((&model.tables, &ctx.tables), (&stays.presence, &stays.words[3], &stays.code), (day, span));
    for i in 0..LANES {
        code[i] = stays.code[i] as u8;
    }
}

/// The whole and the part outside the catalogue.
#[inline(always)]
fn amounts(
    (cost, log_cost): (&Cost, &[f64; 4]),
    exponent: &[f64; 4],
    stays: &Stays,
    (total, out_of_scope): (&mut Few<f64>, &mut Few<f64>),
) {
    let bounds = cost.bounds();
    for i in 0..LANES {
        let level = (stays.code[i] >> 3 & 3) as usize;
        let log_yuan = log_cost[level] + stays.log_factor[i] + stays.shape[i];
        total[i] = fen(crate::illness::math::exp(log_yuan).clamp(bounds.0, bounds.1));
    }
    for i in 0..LANES {
        let level = (stays.code[i] >> 3 & 3) as usize;
        out_of_scope[i] = part(share_outside(exponent[level], stays.words[2][i]), total[i]);
    }
}

/// The day of admission, and the months until discharge.
#[inline(always)]
fn dates(
    (tables, year): (&Tables, &YearTables),
    (presence, words, code): (&Few<u8>, &Few<u32>, &Few<u32>),
    (day, span): (&mut Few<u16>, &mut Few<u8>),
) {
    let (until, per_month) = (tables.until, tables.per_month);
    for i in 0..LANES {
        let (first, last) = months(presence[i]);
        let [low, width] = tables.season[usize::from(presence[i])];
        let at = low + width * uniform(words[i]);
        let mut passed = 0;
        for end in &until[1..12] {
            passed += u32::from(at >= *end);
        }
        let month = (passed + 1).max(u32::from(first)).min(u32::from(last)) - 1;
        let in_month = (month & 15) as usize;
        let inside = (at - until[in_month]) * per_month[in_month];
        let in_days = inside.clamp(0.0, 1.0 - f64::EPSILON) * year.length[in_month];
        let passed_days = whole(in_days);
        let quantile = integer(whole((in_days - passed_days) * 256.0)) & 255;
        let longer = tables.days[((code[i] >> 3 & 3) << 8 | quantile) as usize];
        let of_month = integer(passed_days);
        let discharged = year.before[in_month] + of_month + longer;
        day[i] = day_code(month, of_month + 1) as u16;
        span[i] = (year.month[discharged as usize & 1023] - month) as u8;
    }
}
