//! Bills of identity holders: the order of the sections, and the bills of conditions and of general outpatient care.

use super::bills::{Bills, MonthlySection};
use super::lanes::{Segments, fen, integer, normal};
use super::memory::{Chunk, Factors, Holders, LANES, Lists, MANY, Memory, ROWS, filled_up};
use super::stays::{costs, draw, parts};
use super::tables::{Conditions, Levels, Tables, YearTables, months};
use super::{PersonYear, day_code};
use crate::illness::IllnessModel;
use crate::illness::incidence::Ill;
use crate::illness::year::YearContext;
use crate::instruction_set::{Instructions, Kernel};
use crate::rng::{Lanes, Purpose};

/// How many persons have a condition, special chronic disease, general outpatient care.
#[derive(Clone, Copy, Default)]
struct Numbers {
    condition: usize,
    chronic: usize,
    outpatient: usize,
}

impl IllnessModel {
    /// The bills of some ill persons: the same as `claims`, person by person.
    pub fn bills_tiled(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        persons: &PersonYear,
        ill: &[Ill],
        bills: &mut Bills,
    ) {
        bills.clear();
        for (ill, first) in ill.chunks(MANY).zip((0..).step_by(MANY)) {
            let Bills { stays, major, chronic, outpatient, memory, .. } = &mut *bills;
            let n = ill.len();
            let numbers = take_ill(&persons.held, ill, &mut memory.holders, &mut memory.lists);
            instructions.run(PersonFactors { model: self, memory, n });
            stays.each.extend_from_slice(&memory.holders.stays[..n]);
            self.stays_tiled((instructions, ctx, Purpose::Stay, 0), (memory, n), stays);
            if numbers.condition > 0 {
                self.major_of_ill((instructions, ctx), ill, (memory, first, numbers.condition), major);
            }
            chronic.each.resize(first + n, 0);
            self.quarters_tiled((instructions, ctx), memory, (first, numbers.chronic), chronic);
            outpatient.each.extend(ill.iter().map(|ill| u8::from(ill.outpatient)));
            let users = if ctx.general_outpatient { numbers.outpatient } else { 0 };
            for from in (0..users).step_by(ROWS) {
                let n = ROWS.min(users - from);
                instructions.run(MakeOutpatient { model: self, ctx, memory, from, n });
                outpatient.add(&memory.chunk, n);
            }
        }
        if self.diseases.any() {
            for ill in ill {
                let key = ctx.key(ill.row);
                let of = |stay| self.disease(ctx, ill.condition, (key, stay));
                let of_bills = self.disease_of_bills(ctx, ill.condition, ill.row);
                bills.mark((0..u32::from(ill.stays)).map(of), of_bills);
            }
        }
    }

    fn major_of_ill(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        ill: &[Ill],
        (memory, first, n): (&mut Memory, usize, usize),
        section: &mut MonthlySection,
    ) {
        for at in memory.lists.condition[..n].iter().map(|at| *at as usize) {
            section.person.push((first + at) as u32);
            let through = |month: u8| (1_u16 << month) - 1;
            section.months.push(through(ill[at].condition_last) & !through(ill[at].condition_first - 1));
        }
        let lanes = ctx.draws.lanes(ctx.lasting_key(0), Purpose::Major);
        self.major_tiled((instructions, lanes), (memory, n), (None, 1.0), section);
    }

    /// Adds the amounts of the bills of the `n` persons listed, who have a condition: of so many months each, drawn
    /// with a given block or with that of the condition's number.
    pub(super) fn major_tiled(
        &self,
        (instructions, lanes): (Instructions, Lanes),
        (memory, n): (&mut Memory, usize),
        (block, months): (Option<u32>, f64),
        section: &mut MonthlySection,
    ) {
        for from in (0..n).step_by(ROWS) {
            let n = ROWS.min(n - from);
            instructions.run(MakeMajor { model: self, lanes, memory, from, n, of: (block, months) });
            let chunk = &memory.chunk;
            section.total_fen.extend_from_slice(&chunk.total[..n]);
            section.out_of_scope_fen.extend_from_slice(&chunk.out_of_scope[..n]);
            section.code.extend_from_slice(&chunk.code[..n]);
        }
    }
}

/// Copies what bills need to know of some persons, and lists those with a condition, chronic disease and
/// outpatient care.
fn take_ill(held: &[[u8; 2]], ill: &[Ill], holders: &mut Holders, lists: &mut Lists) -> Numbers {
    let mut numbers = Numbers::default();
    for (at, ill) in ill.iter().enumerate().take(MANY) {
        let [presence, group] = held[ill.row as usize];
        holders.number[at] = ill.row;
        holders.group[at] = u32::from(group);
        holders.presence[at] = u32::from(presence);
        holders.risk[at] = ill.risk;
        holders.stays[at] = ill.stays;
        holders.condition[at] = u32::from(ill.condition);
        lists.condition[numbers.condition % MANY] = at as u32;
        numbers.condition += usize::from(ill.condition != 0);
        lists.chronic[numbers.chronic % MANY] = at as u32;
        numbers.chronic += usize::from(ill.chronic);
        lists.outpatient[numbers.outpatient % MANY] = at as u32;
        numbers.outpatient += usize::from(ill.outpatient);
    }
    numbers
}

/// The log factors on the cost of a stay of the first `n` persons.
struct PersonFactors<'a> {
    model: &'a IllnessModel,
    memory: &'a mut Memory,
    n: usize,
}

impl Kernel for PersonFactors<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { model, memory, n } = self;
        factors(model.risk.cost_loading, &model.tables, &memory.holders, n, &mut memory.factor);
    }
}

#[inline(always)]
fn factors(loading: f64, tables: &Tables, holders: &Holders, n: usize, factors: &mut Factors) {
    factors_with(loading, (&tables.log_cost, &tables.log_condition), holders, n, factors);
}

#[inline(always)]
fn factors_with(
    loading: f64,
    (group, condition): (&[f64; 256], &[f64; 32]),
    holders: &Holders,
    n: usize,
    factors: &mut Factors,
) {
    for i in 0..n.next_multiple_of(LANES).min(MANY) {
        let of_condition = condition[(holders.condition[i] & 31) as usize];
        factors.0[i] = group[(holders.group[i] & 255) as usize] + loading * holders.risk[i] + of_condition;
    }
}

/// Draws the amounts of the bills of conditions.
struct MakeMajor<'a> {
    model: &'a IllnessModel,
    lanes: Lanes,
    memory: &'a mut Memory,
    from: usize,
    n: usize,
    of: (Option<u32>, f64),
}

impl Kernel for MakeMajor<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { model, lanes, memory, from, n, of: (block, months) } = self;
        let Memory { holders, lists, chunk, .. } = memory;
        let Some(listed) = lists.condition[from..].first_chunk() else { return };
        let n = filled_up(n);
        take_sick(holders, listed, block, n, chunk);
        draw(lanes, 0, n, chunk);
        let of = (model.catalogue.major, months);
        major(&model.normal.segments, &model.tables.conditions, of, n, chunk);
    }
}

#[inline(always)]
fn take_sick(holders: &Holders, listed: &[u32; ROWS], block: Option<u32>, n: usize, chunk: &mut Chunk) {
    for i in 0..n.min(ROWS) {
        let person = listed[i] as usize & (MANY - 1);
        let condition = holders.condition[person] & 31;
        chunk.number[i] = holders.number[person];
        chunk.row[i] = condition;
        chunk.order[i] = block.unwrap_or(condition);
    }
}

#[inline(always)]
fn major(
    segments: &Segments,
    conditions: &Conditions,
    (exponent, months): (f64, f64),
    n: usize,
    chunk: &mut Chunk,
) {
    let Conditions { log_month, log_sd, levels, .. } = conditions;
    for i in 0..n.min(ROWS) {
        let at = (chunk.row[i] & 31) as usize;
        chunk.x[i] = log_month[at] + log_sd[at] * normal(segments, chunk.words[0][i]);
    }
    costs(n, chunk);
    for i in 0..n.min(ROWS) {
        chunk.total[i] = fen(chunk.x[i]);
        chunk.y[i] = exponent;
    }
    parts(n, chunk);
    for i in 0..n.min(ROWS) {
        chunk.total[i] *= months;
        chunk.out_of_scope[i] *= months;
    }
    for i in 0..n.min(ROWS) {
        chunk.code[i] = levels[(chunk.row[i] & 31) as usize].code(chunk.words[1][i]) as u8;
    }
}

/// Makes the bills of general outpatient care of the persons listed.
struct MakeOutpatient<'a> {
    model: &'a IllnessModel,
    ctx: &'a YearContext,
    memory: &'a mut Memory,
    from: usize,
    n: usize,
}

impl Kernel for MakeOutpatient<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { model, ctx, memory, from, n } = self;
        let Memory { holders, lists, chunk, .. } = memory;
        let Some(listed) = lists.outpatient[from..].first_chunk() else { return };
        let n = filled_up(n);
        take_users(holders, listed, n, chunk);
        draw(ctx.draws.lanes(ctx.key(0), Purpose::Outpatient), 0, n, chunk);
        let of = (model.outpatient.cost_of_year(), model.catalogue.outpatient);
        outpatient_amounts(&model.normal.segments, of, n, chunk);
        outpatient_dates(&ctx.tables, &model.tables.outpatient, n, chunk);
    }
}

#[inline(always)]
fn take_users(holders: &Holders, listed: &[u32; ROWS], n: usize, chunk: &mut Chunk) {
    for i in 0..n.min(ROWS) {
        let person = listed[i] as usize & (MANY - 1);
        chunk.number[i] = holders.number[person];
        chunk.presence[i] = holders.presence[person];
        chunk.order[i] = 0;
    }
}

#[inline(always)]
fn outpatient_amounts(
    segments: &Segments,
    ((log_year, log_sd), exponent): ((f64, f64), f64),
    n: usize,
    chunk: &mut Chunk,
) {
    for i in 0..n.min(ROWS) {
        let (first, last) = months(chunk.presence[i]);
        let lived = f64::from((last + 1).wrapping_sub(first)) / 12.0;
        chunk.log_factor[i] = lived;
        chunk.x[i] = log_year + log_sd * normal(segments, chunk.words[1][i]);
    }
    costs(n, chunk);
    for i in 0..n.min(ROWS) {
        chunk.total[i] = fen(chunk.log_factor[i] * chunk.x[i]);
        chunk.y[i] = exponent;
    }
    parts(n, chunk);
}

/// One bill on the last day of the last month lived.
#[inline(always)]
fn outpatient_dates(year: &YearTables, levels: &Levels, n: usize, chunk: &mut Chunk) {
    let levels = *levels;
    for i in 0..n.min(ROWS) {
        let month = months(chunk.presence[i]).1.wrapping_sub(1) & 15;
        chunk.code[i] = levels.code(chunk.words[3][i]) as u8;
        chunk.day[i] = day_code(month, integer(year.days_in(month))) as u16;
        chunk.span[i] = 0;
        chunk.days[i] = 0;
    }
}
