//! Ordinary residents with a major condition: which, how many stays, and the bills of both.

use std::ops::Range;

use super::TILE;
use super::bills::Bills;
use super::count::{Counting, count};
use super::lanes::{Segments, normal};
use super::memory::{Memory, filled_up};
use super::ordinary::{Gathered, Numbers, Piece, Worked, draw_piece};
use super::tables::Tables;
use crate::illness::IllnessModel;
use crate::illness::math::exp;
use crate::illness::ordinary::Costly;
use crate::illness::year::YearContext;
use crate::instruction_set::{Instructions, Kernel};
use crate::rng::{Lanes, Purpose};

/// March, June, September, December.
const QUARTERS: u16 = 0b1001_0010_0100;

impl IllnessModel {
    /// Adds some persons of a cell to the tile.
    pub(super) fn add_with_condition(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        costly: &Costly,
        numbers: Range<u32>,
        to: &mut Numbers,
    ) {
        let lanes = ctx.draws.lanes(ctx.key(0), Purpose::OrdinaryPerson);
        let present = self.conditions.of_age(Self::ORDINARY, costly.age);
        let (first, n) = ((costly.cell << 22) | numbers.start, numbers.len());
        instructions.run(AddWithCondition { lanes, present, first, n, piece: &mut to.piece });
        to.add(costly.rate, n);
    }

    /// Adds the bills of the persons gathered.
    pub(super) fn with_conditions(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        bills: &mut Bills,
    ) {
        let Bills { stays, major, memory, .. } = bills;
        let n = std::mem::take(&mut memory.costly.gathered.n);
        if n == 0 {
            return;
        }
        let first = stays.each.len();
        instructions.run(CountWithCondition { model: self, extra: ctx.extra, memory, n });
        stays.each.extend_from_slice(&memory.holders.stays[..n]);
        self.stays_tiled((instructions, ctx, Purpose::OrdinaryPerson, 1), (&mut *memory, n), stays);
        let mut found = 0;
        for at in 0..n.min(TILE) {
            memory.lists.condition[found] = at as u32;
            if memory.holders.condition[at] != 0 {
                major.person.push((first + at) as u32);
                major.months.push(QUARTERS);
                found += 1;
            }
        }
        let lanes = ctx.draws.lanes(ctx.key(0), Purpose::OrdinaryPerson);
        self.major_tiled((instructions, lanes), (memory, found), (Some(1 << 21), 3.0), major);
        let of = |memory: &Memory, at: usize| (memory.holders.number[at], memory.holders.condition[at] as u8);
        self.mark_ordinary(ctx, (n, of), bills);
    }
}

/// Draws some persons of a cell and their conditions.
struct AddWithCondition<'a> {
    lanes: Lanes,
    present: &'a [u32],
    first: u32,
    n: usize,
    piece: &'a mut Piece,
}

impl Kernel for AddWithCondition<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { lanes, present, first, n, piece } = self;
        let n = filled_up(n);
        draw_piece(lanes, first, n, piece);
        let any = u64::from(present.last().copied().unwrap_or(0));
        for i in 0..n.min(TILE) {
            piece.words[0][i] = ((u64::from(piece.words[0][i]) * any) >> 32) as u32;
            piece.row[i] = 1;
        }
        for threshold in present {
            for i in 0..n.min(TILE) {
                piece.row[i] += u32::from(piece.words[0][i] >= *threshold);
            }
        }
        let conditions = present.len() as u32;
        for i in 0..n.min(TILE) {
            piece.row[i] = if piece.row[i] <= conditions { piece.row[i] } else { 0 };
        }
    }
}

/// Counts the stays of the persons gathered.
struct CountWithCondition<'a> {
    model: &'a IllnessModel,
    extra: f64,
    memory: &'a mut Memory,
    n: usize,
}

impl Kernel for CountWithCondition<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { model, extra, memory, n } = self;
        let Memory { holders, factor, costly, .. } = memory;
        let Numbers { gathered, worked, counting, more, .. } = costly;
        let n = filled_up(n);
        risks(&model.normal.segments, gathered, n, worked);
        let log_cost = model.groups[usize::from(IllnessModel::ORDINARY)].log_cost;
        let (a, loading) = (model.risk.admission_loading, model.risk.cost_loading);
        rates(&model.tables, (a, extra), (gathered, worked), n, counting);
        count(model.admission.most_stays, n, counting, more);
        let log_condition = &*model.tables.log_condition;
        for i in 0..n.min(TILE) {
            let at = gathered.row[i] as usize & 31;
            factor.0[i] = log_cost + loading * worked.log_factor[i] + log_condition[at];
        }
        for i in 0..n.min(TILE) {
            let is_ill = u32::from(gathered.row[i] != 0).wrapping_neg();
            holders.stays[i] = (counting.stays[i] & is_ill) as u8;
            holders.condition[i] = gathered.row[i];
            holders.number[i] = gathered.number[i];
            // The whole year.
            holders.presence[i] = 0x1C;
        }
    }
}

/// The risk, in the place of the log factor.
#[inline(always)]
fn risks(segments: &Segments, gathered: &Gathered, n: usize, worked: &mut Worked) {
    for i in 0..n.min(TILE) {
        worked.log_factor[i] = normal(segments, gathered.words[0][i]);
    }
}

/// Rates of stays of persons with a condition.
#[inline(always)]
fn rates(
    tables: &Tables,
    (a, extra): (f64, f64),
    (gathered, worked): (&Gathered, &Worked),
    n: usize,
    counting: &mut Counting,
) {
    rates_with(&tables.conditions.extra_stays, (a, extra), (gathered, worked), n, counting);
}

#[inline(always)]
fn rates_with(
    extra_stays: &[f64; 32],
    (a, extra): (f64, f64),
    (gathered, worked): (&Gathered, &Worked),
    n: usize,
    counting: &mut Counting,
) {
    for i in 0..n.min(TILE) {
        let at = gathered.row[i] as usize & 31;
        let factor = exp(a * worked.log_factor[i] - 0.5 * a * a);
        counting.rate[i] = (gathered.rate[i] + extra * extra_stays[at]) * factor;
        counting.next[i] = f64::from(gathered.words[2][i]) + 1.0;
    }
}
