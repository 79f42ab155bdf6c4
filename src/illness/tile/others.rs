//! Bills of identity holders: the order of the sections, and the bills of conditions and of general outpatient care.

use super::bills::{Bills, MonthlySection, Section};
use super::lanes::{draw, fen, integer, normal, part, positions, share_outside};
use super::stays::{Few, LANES, MakeStays, Memory, Written};
use super::tables::{Conditions, months, presence};
use super::{TILE, day_code};
use crate::illness::IllnessModel;
use crate::illness::incidence::{Ill, Persons};
use crate::illness::math::exp;
use crate::illness::year::YearContext;
use crate::instruction_set::{Instructions, Kernel};
use crate::rng::{Lanes, Purpose};

impl IllnessModel {
    /// The bills of some ill persons: the same as `claims`, person by person.
    pub fn bills_tiled(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        persons: &Persons<'_>,
        ill: &[Ill],
        bills: &mut Bills,
    ) {
        bills.clear();
        for (ill, first) in ill.chunks(TILE).zip((0..).step_by(TILE)) {
            let Bills { stays, major, chronic, outpatient, memory } = &mut *bills;
            self.take_ill(persons, ill, memory);
            let n = ill.len();
            stays.each.extend_from_slice(&memory.stays[..n]);
            self.stays_tiled((instructions, ctx, Purpose::Stay, 0), (memory, n), stays);
            list(memory, ill, |ill| ill.condition != 0);
            self.major_of_ill((instructions, ctx), ill, (memory, first), major);
            chronic.each.resize(first + n, 0);
            let enrolled = list(memory, ill, |ill| ill.chronic);
            self.quarters_tiled((instructions, ctx), memory, (first, enrolled), chronic);
            outpatient.each.extend(ill.iter().map(|ill| u8::from(ill.outpatient)));
            if ctx.general_outpatient {
                let users = list(memory, ill, |ill| ill.outpatient);
                self.outpatient_tiled((instructions, ctx), (memory, users), outpatient);
            }
        }
    }

    /// Copies what bills need to know of some persons.
    fn take_ill(&self, persons: &Persons<'_>, ill: &[Ill], memory: &mut Memory) {
        let (loading, tables) = (self.risk.cost_loading, &self.tables);
        for (at, ill) in ill.iter().enumerate().take(TILE) {
            let row = ill.row as usize;
            let group = tables.log_cost[usize::from(persons.group[row])];
            let condition = tables.log_condition[usize::from(ill.condition) % 32];
            memory.number[at] = persons.number[row];
            memory.presence[at] = presence(persons.first_month[row], persons.last_month[row]);
            memory.log_factor[at] = group + loading * ill.risk + condition;
            memory.stays[at] = ill.stays;
            memory.condition[at] = ill.condition;
        }
    }

    /// Adds the stays of the first `n` persons of the memory.
    pub(super) fn stays_tiled(
        &self,
        (instructions, ctx, purpose, first): (Instructions, &YearContext, Purpose, u32),
        (memory, persons): (&mut Memory, usize),
        section: &mut Section,
    ) {
        let n = memory.expand(persons);
        let from = section.len();
        section.set_len(from + n.next_multiple_of(LANES));
        let lanes = ctx.draws.lanes(ctx.key(0), purpose);
        instructions.run(MakeStays { model: self, ctx, lanes, first, memory, n, section, from });
        section.set_len(from + n);
    }

    fn major_of_ill(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        ill: &[Ill],
        (memory, first): (&mut Memory, usize),
        section: &mut MonthlySection,
    ) {
        let found = list(memory, ill, |ill| ill.condition != 0);
        for at in memory.found[..found].iter().map(|at| usize::from(*at)) {
            section.person.push((first + at) as u32);
            let through = |month: u8| (1_u16 << month) - 1;
            section.months.push(through(ill[at].condition_last) & !through(ill[at].condition_first - 1));
        }
        let lanes = ctx.draws.lanes(ctx.lasting_key(0), Purpose::Major);
        self.major_tiled((instructions, lanes), (memory, found), (None, 1.0), section);
    }

    /// Adds the amounts of the bills of the `n` persons found, who have a condition: of so many months each, drawn
    /// with a given block or with that of the condition's number.
    pub(super) fn major_tiled(
        &self,
        (instructions, lanes): (Instructions, Lanes),
        (memory, n): (&Memory, usize),
        (block, months): (Option<u32>, f64),
        section: &mut MonthlySection,
    ) {
        let from = section.code.len();
        section.set_len(from + n.next_multiple_of(LANES));
        instructions.run(MakeMajor { model: self, lanes, memory, n, of: (block, months), section, from });
        section.set_len(from + n);
    }

    fn outpatient_tiled(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        (memory, n): (&Memory, usize),
        section: &mut Section,
    ) {
        let from = section.len();
        section.set_len(from + n.next_multiple_of(LANES));
        instructions.run(MakeOutpatient { model: self, ctx, memory, n, section, from });
        section.set_len(from + n);
    }
}

/// Lists the positions of some of the ill; gives their number.
fn list(memory: &mut Memory, ill: &[Ill], is_one: impl Fn(&Ill) -> bool) -> usize {
    memory.flag.fill(0);
    memory.flag.iter_mut().zip(ill).for_each(|(flag, ill)| *flag = u8::from(is_one(ill)));
    positions(&memory.flag, &mut memory.found)
}

/// Draws the amounts of the bills of conditions.
struct MakeMajor<'a> {
    model: &'a IllnessModel,
    lanes: Lanes,
    memory: &'a Memory,
    n: usize,
    of: (Option<u32>, f64),
    section: &'a mut MonthlySection,
    from: usize,
}

impl Kernel for MakeMajor<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { model, lanes, memory, n, of: (block, months), section, from } = self;
        let mut words = [[0; LANES]; 4];
        let found = memory.found.as_chunks::<LANES>().0.iter().zip((from..).step_by(LANES));
        for (found, at) in found.take(n.div_ceil(LANES)) {
            let (mut number, mut index, mut condition) = ([0; LANES], [0; LANES], [0; LANES]);
            for i in 0..LANES {
                let person = usize::from(found[i]);
                number[i] = memory.number[person];
                condition[i] = u32::from(memory.condition[person]);
                index[i] = block.unwrap_or(condition[i]);
            }
            draw(lanes, (&number, &index), &mut words);
            let total = section.total_fen[at..].first_chunk_mut();
            let out_of_scope = section.out_of_scope_fen[at..].first_chunk_mut();
            let code = section.code[at..].first_chunk_mut();
            if let (Some(total), Some(out_of_scope), Some(code)) = (total, out_of_scope, code) {
                major(model, months, (&condition, &words), (total, out_of_scope, code));
            }
        }
    }
}

#[inline(always)]
fn major(
    model: &IllnessModel,
    months: f64,
    (condition, [w0, w1, w2, _]): (&Few<u32>, &[Few<u32>; 4]),
    (total, out_of_scope, code): (&mut Few<f64>, &mut Few<f64>, &mut Few<u8>),
) {
    let segments = &*model.normal.segments;
    let exponent = model.catalogue.major;
    let Conditions { log_month, log_sd, levels, .. } = &*model.tables.conditions;
    for i in 0..LANES {
        let at = (condition[i] & 31) as usize;
        let one = fen(exp(log_month[at] + log_sd[at] * normal(segments, w0[i])));
        out_of_scope[i] = part(share_outside(exponent, w2[i]), one) * months;
        total[i] = one * months;
    }
    for i in 0..LANES {
        code[i] = levels[(condition[i] & 31) as usize].code(w1[i]) as u8;
    }
}

/// Makes the bills of general outpatient care of the persons found.
struct MakeOutpatient<'a> {
    model: &'a IllnessModel,
    ctx: &'a YearContext,
    memory: &'a Memory,
    n: usize,
    section: &'a mut Section,
    from: usize,
}

impl Kernel for MakeOutpatient<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { model, ctx, memory, n, section, from } = self;
        let lanes = ctx.draws.lanes(ctx.key(0), Purpose::Outpatient);
        let mut words = [[0; LANES]; 4];
        let found = memory.found.as_chunks::<LANES>().0.iter().zip((from..).step_by(LANES));
        for (found, at) in found.take(n.div_ceil(LANES)) {
            let (mut number, mut presence) = ([0; LANES], [0; LANES]);
            for i in 0..LANES {
                number[i] = memory.number[usize::from(found[i])];
                presence[i] = memory.presence[usize::from(found[i])];
            }
            draw(lanes, (&number, &[0; LANES]), &mut words);
            if let Some(written) = section.written(at) {
                outpatient(model, ctx, (&presence, &words), written);
            }
        }
    }
}

/// One bill on the last day of the last month lived.
#[inline(always)]
fn outpatient(
    model: &IllnessModel,
    ctx: &YearContext,
    (presence, [_, w1, w2, w3]): (&Few<u8>, &[Few<u32>; 4]),
    written: Written<'_>,
) {
    let Written { total, out_of_scope, code, day, span } = written;
    let segments = &*model.normal.segments;
    let (log_year, log_sd) = model.outpatient.cost_of_year();
    let exponent = model.catalogue.outpatient;
    let (length, levels) = (&ctx.tables.length, &model.tables.outpatient);
    for i in 0..LANES {
        let (first, last) = months(presence[i]);
        let lived = f64::from(u32::from(last) + 1 - u32::from(first)) / 12.0;
        total[i] = fen(lived * exp(log_year + log_sd * normal(segments, w1[i])));
        out_of_scope[i] = part(share_outside(exponent, w2[i]), total[i]);
        let month = (u32::from(last) - 1) & 15;
        code[i] = levels.code(w3[i]) as u8;
        day[i] = day_code(month, integer(length[month as usize])) as u16;
        span[i] = 0;
    }
}
