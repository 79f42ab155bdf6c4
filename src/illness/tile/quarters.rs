//! Bills of special chronic disease: a lane for each quarter of each enrolled person, then one for each with visits.

use super::bills::Section;
use super::lanes::{draw, fen, normal, part, positions, share_outside};
use super::stays::{Few, LANES, Memory, Written};
use super::tables::{UNDECIDED, YearTables, months};
use super::{TILE, day_code};
use crate::illness::IllnessModel;
use crate::illness::math::exp;
use crate::illness::year::YearContext;
use crate::instruction_set::{Instructions, Kernel};
use crate::rng::{Lanes, Purpose};

/// Persons whose quarters fill a tile.
const PERSONS: usize = TILE / 4;

impl IllnessModel {
    /// Adds the bills of the `n` persons at the positions found in the memory; the numbers of bills of all persons
    /// stand from `first` on in the section.
    pub(super) fn quarters_tiled(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        memory: &mut Memory,
        (first, n): (usize, usize),
        section: &mut Section,
    ) {
        let lanes = ctx.draws.lanes(ctx.key(0), Purpose::Chronic);
        for start in (0..n).step_by(PERSONS) {
            let persons = start..n.min(start + PERSONS);
            let pairs = 4 * persons.len();
            instructions.run(Visits { ctx, lanes, memory, start, pairs });
            for (person, flags) in persons.zip(memory.flag.as_chunks::<4>().0) {
                let each = &mut section.each[first + usize::from(memory.found[person])];
                *each = flags.iter().sum();
            }
            let kept = positions(&memory.flag, &mut memory.kept);
            let from = section.len();
            section.set_len(from + kept.next_multiple_of(LANES));
            instructions.run(MakeQuarters { model: self, memory, n: kept, section, from });
            section.set_len(from + kept);
        }
    }
}

/// Draws the visits of each quarter of the persons found from `start` on and flags the quarters with any.
struct Visits<'a> {
    ctx: &'a YearContext,
    lanes: Lanes,
    memory: &'a mut Memory,
    start: usize,
    pairs: usize,
}

impl Kernel for Visits<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { ctx, lanes, memory, start, pairs } = self;
        let mut quarters = Quarters::EMPTY;
        memory.flag.fill(0);
        for first in (0..pairs).step_by(LANES) {
            let Some(found) = memory.found[start + first / 4..].first_chunk() else { return };
            take_persons(found, (&memory.number, &memory.presence), &mut quarters);
            draw(lanes, (&quarters.number, &quarters.index), &mut quarters.words);
            visits(&ctx.tables, &mut quarters);
            let undecided = positions(&quarters.undecided, &mut quarters.found);
            for at in quarters.found[..undecided].iter().map(|at| usize::from(*at) % LANES) {
                let table = &ctx.visits[quarters.lived[at] as usize % 3];
                quarters.visits[at] = table.number(quarters.words[0][at]) as u32;
            }
            let rest = pairs - first;
            for i in 0..LANES {
                let at = (first + i) % TILE;
                memory.visits[at] = quarters.visits[i] as u8;
                memory.month[at] = quarters.month[i] as u8;
                memory.flag[at] = u8::from((quarters.visits[i] > 0) & (i < rest));
                for (to, from) in memory.words.iter_mut().zip(&quarters.words) {
                    to[at] = from[i];
                }
            }
        }
    }
}

/// Some quarters between the steps.
struct Quarters {
    number: Few<u32>,
    index: Few<u32>,
    presence: Few<u8>,
    words: [Few<u32>; 4],
    /// Months lived less one.
    lived: Few<u32>,
    /// The last month lived, from 0.
    month: Few<u32>,
    visits: Few<u32>,
    undecided: Few<u8>,
    found: [u8; LANES + 8],
}

impl Quarters {
    const EMPTY: Self = Self {
        number: [0; LANES],
        index: [0; LANES],
        presence: [0; LANES],
        words: [[0; LANES]; 4],
        lived: [0; LANES],
        month: [0; LANES],
        visits: [0; LANES],
        undecided: [0; LANES],
        found: [0; LANES + 8],
    };
}

#[inline(always)]
fn take_persons(
    found: &[u8; LANES / 4],
    (number, presence): (&[u32; TILE], &[u8; TILE]),
    quarters: &mut Quarters,
) {
    for i in 0..LANES {
        let person = usize::from(found[i / 4]);
        quarters.number[i] = number[person];
        quarters.presence[i] = presence[person];
        quarters.index[i] = i as u32 % 4;
    }
}

/// The number of visits of each quarter; none where no month of it is lived.
#[inline(always)]
fn visits(tables: &YearTables, quarters: &mut Quarters) {
    for i in 0..LANES {
        let (first, last) = months(quarters.presence[i]);
        let quarter = quarters.index[i] * 3;
        let from = u32::from(first).max(quarter + 1);
        let to = u32::from(last).min(quarter + 3);
        let is_lived = from <= to;
        let lived = to.wrapping_sub(from) & 3;
        let word = quarters.words[0][i];
        let entry = tables.visits[(lived << 8 | word >> 24) as usize];
        let least = entry & 31;
        let more = u32::from(f64::from(word) < tables.more[(lived << 5 | least) as usize]);
        quarters.lived[i] = lived;
        quarters.month[i] = to.wrapping_sub(1);
        quarters.visits[i] = if is_lived { least + more } else { 0 };
        quarters.undecided[i] = u8::from(is_lived & (entry >= UNDECIDED));
    }
}

/// Makes the bills of the quarters kept: one each, on the 20th of the last month lived.
struct MakeQuarters<'a> {
    model: &'a IllnessModel,
    memory: &'a Memory,
    n: usize,
    section: &'a mut Section,
    from: usize,
}

impl Kernel for MakeQuarters<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { model, memory, n, section, from } = self;
        let kept = memory.kept.as_chunks::<LANES>().0.iter().zip((from..).step_by(LANES));
        for (kept, at) in kept.take(n.div_ceil(LANES)) {
            if let Some(written) = section.written(at) {
                bills(model, memory, kept, written);
            }
        }
    }
}

#[inline(always)]
fn bills(model: &IllnessModel, memory: &Memory, kept: &Few<u8>, written: Written<'_>) {
    let Written { total, out_of_scope, code, day, span } = written;
    let (log_visit, log_sd) = model.chronic.cost_of_visit();
    let segments = &*model.normal.segments;
    for i in 0..LANES {
        let at = usize::from(kept[i]);
        let cost = exp(log_visit + log_sd * normal(segments, memory.words[1][at]));
        total[i] = fen(f64::from(memory.visits[at]) * cost);
    }
    let exponent = model.catalogue.chronic;
    for i in 0..LANES {
        let share = share_outside(exponent, memory.words[2][usize::from(kept[i])]);
        out_of_scope[i] = part(share, total[i]);
    }
    let levels = &model.tables.chronic;
    for i in 0..LANES {
        let at = usize::from(kept[i]);
        code[i] = levels.code(memory.words[3][at]) as u8;
        day[i] = day_code(u32::from(memory.month[at]), 20) as u16;
        span[i] = 0;
    }
}
