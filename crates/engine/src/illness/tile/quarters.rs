//! Bills of special chronic disease: a row for each quarter of each enrolled person, then one for each with visits.

use super::bills::Section;
use super::day_code;
use super::lanes::{Segments, Words, fen, normal, positions};
use super::memory::{Chunk, Holders, MANY, Memory, ROWS, filled_up};
use super::stays::{costs, parts};
use super::tables::{Levels, UNDECIDED, YearTables, months};
use crate::illness::IllnessModel;
use crate::illness::year::YearContext;
use crate::instruction_set::{Instructions, Kernel};
use crate::rng::{Lanes, Purpose};

/// Persons whose quarters fill a chunk.
const PERSONS: usize = ROWS / 4;

/// The quarters of some persons, quarter by quarter.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Quarters {
    number: [u32; PERSONS],
    first: [u32; PERSONS],
    last: [u32; PERSONS],
    words: Words<ROWS>,
    /// Blocks half drawn.
    half: [[u64; PERSONS]; 4],
    /// Months lived less one.
    lived: [u32; ROWS],
    /// The last month lived, from 0.
    month: [u32; ROWS],
    visits: [u32; ROWS],
    undecided: [u8; ROWS],
    found: [u8; ROWS + 64],
    /// By person: a byte for each quarter, one where there are visits.
    visited: [u32; PERSONS],
    /// The quarters with visits, person by person: four times the person plus the quarter.
    kept: [u8; ROWS + 64],
}

impl Quarters {
    pub(super) const EMPTY: Self = Self {
        number: [0; PERSONS],
        first: [0; PERSONS],
        last: [0; PERSONS],
        words: [[0; ROWS]; 4],
        half: [[0; PERSONS]; 4],
        lived: [0; ROWS],
        month: [0; ROWS],
        visits: [0; ROWS],
        undecided: [0; ROWS],
        found: [0; ROWS + 64],
        visited: [0; PERSONS],
        kept: [0; ROWS + 64],
    };
}

impl IllnessModel {
    /// Adds the bills of the first `n` persons listed in the memory; the numbers of bills of all persons stand from
    /// `first` on in the section.
    pub(super) fn quarters_tiled(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        memory: &mut Memory,
        (first, n): (usize, usize),
        section: &mut Section,
    ) {
        let lanes = ctx.draws.lanes(ctx.key(0), Purpose::Chronic);
        for start in (0..n).step_by(PERSONS) {
            let persons = PERSONS.min(n - start);
            let kept = instructions.run(MakeQuarters { model: self, ctx, lanes, memory, start, persons });
            section.add(&memory.chunk, kept);
            for (person, visited) in
                memory.lists.chronic[start..start + persons].iter().zip(&memory.quarters.visited)
            {
                section.each[first + *person as usize] = (visited.wrapping_mul(0x0101_0101) >> 24) as u8;
            }
        }
    }
}

/// Draws the visits of each quarter of the persons listed from `start` on, and makes the bills of those with any;
/// gives their number.
struct MakeQuarters<'a> {
    model: &'a IllnessModel,
    ctx: &'a YearContext,
    lanes: Lanes,
    memory: &'a mut Memory,
    start: usize,
    persons: usize,
}

impl Kernel for MakeQuarters<'_> {
    type Output = usize;

    #[inline(always)]
    fn run(self) -> usize {
        let Self { model, ctx, lanes, memory, start, persons } = self;
        let Memory { holders, lists, chunk, quarters, .. } = memory;
        let Some(listed) = lists.chronic[start..].first_chunk() else { return 0 };
        let n = filled_up(persons);
        take(holders, listed, n, quarters);
        for quarter in 0..4 {
            draw(lanes, quarter, n, quarters);
            visits(&ctx.tables, quarter, n, quarters);
        }
        plain_ones(ctx, n, quarters);
        let kept = keep(persons, quarters);
        let n = filled_up(kept);
        bills(model, quarters, n, chunk);
        dates(&model.tables.chronic, quarters, n, chunk);
        kept
    }
}

#[inline(always)]
fn take(holders: &Holders, listed: &[u32; PERSONS], n: usize, quarters: &mut Quarters) {
    for i in 0..n.min(PERSONS) {
        let person = listed[i] as usize & (MANY - 1);
        quarters.number[i] = holders.number[person];
        (quarters.first[i], quarters.last[i]) = months(holders.presence[person]);
    }
}

#[inline(always)]
fn draw(lanes: Lanes, quarter: usize, n: usize, quarters: &mut Quarters) {
    let from = quarter * PERSONS;
    for i in 0..n.min(PERSONS) {
        let half = lanes.begin(quarters.number[i], quarter as u32);
        (quarters.half[0][i], quarters.half[1][i]) = (half[0], half[1]);
        (quarters.half[2][i], quarters.half[3][i]) = (half[2], half[3]);
    }
    for i in 0..n.min(PERSONS) {
        let half = &quarters.half;
        let block = lanes.finish([half[0][i], half[1][i], half[2][i], half[3][i]]);
        (quarters.words[0][from + i], quarters.words[1][from + i]) = (block[0], block[1]);
        (quarters.words[2][from + i], quarters.words[3][from + i]) = (block[2], block[3]);
    }
}

/// The number of visits in a quarter; none where no month of it is lived.
#[inline(always)]
fn visits(tables: &YearTables, quarter: usize, n: usize, quarters: &mut Quarters) {
    let (from, months) = (quarter * PERSONS, quarter as u32 * 3);
    for i in 0..n.min(PERSONS) {
        let begin = quarters.first[i].max(months + 1);
        let end = quarters.last[i].min(months + 3);
        let is_lived = begin <= end;
        let lived = end.wrapping_sub(begin) & 3;
        let word = quarters.words[0][from + i];
        let entry = tables.visits[(lived << 8 | word >> 24) as usize];
        let least = entry & 31;
        let more = u32::from(f64::from(word) < tables.more[(lived << 5 | least) as usize]);
        let mask = u32::from(is_lived).wrapping_neg();
        quarters.lived[from + i] = lived;
        quarters.month[from + i] = end.wrapping_sub(1);
        quarters.visits[from + i] = (least + more) & mask;
        quarters.undecided[from + i] = u8::from((entry & mask) >= UNDECIDED);
    }
}

/// Asks the plain functions about the few quarters that the tables do not decide.
#[inline(always)]
fn plain_ones(ctx: &YearContext, n: usize, quarters: &mut Quarters) {
    for from in (0..ROWS).step_by(PERSONS) {
        let undecided = &quarters.undecided[from..from + n.min(PERSONS)];
        let undecided = positions(undecided, &mut quarters.found);
        for at in 0..undecided {
            let at = from + usize::from(quarters.found[at]) % PERSONS;
            let table = &ctx.visits[quarters.lived[at] as usize % 3];
            quarters.visits[at] = table.number(quarters.words[0][at]) as u32;
        }
    }
}

/// Lists the quarters with visits; gives their number.
#[inline(always)]
fn keep(persons: usize, quarters: &mut Quarters) -> usize {
    for i in 0..PERSONS {
        let mut visited = 0;
        for quarter in 0..4 {
            visited |= u32::from(quarters.visits[quarter * PERSONS + i] > 0) << (8 * quarter);
        }
        quarters.visited[i] = if i < persons { visited } else { 0 };
    }
    let mut flags = [0; ROWS];
    for i in 0..PERSONS {
        flags[4 * i..4 * i + 4].copy_from_slice(&quarters.visited[i].to_le_bytes());
    }
    positions(&flags, &mut quarters.kept)
}

/// Where a quarter stands that was kept.
#[inline(always)]
fn place(kept: u8) -> usize {
    let kept = usize::from(kept);
    (kept & 3) * PERSONS + (kept >> 2)
}

#[inline(always)]
fn bills(model: &IllnessModel, quarters: &Quarters, n: usize, chunk: &mut Chunk) {
    bills_with(
        &model.normal.segments,
        (model.chronic.cost_of_visit(), model.catalogue.chronic),
        quarters,
        n,
        chunk,
    );
}

#[inline(always)]
fn bills_with(
    segments: &Segments,
    ((log_visit, log_sd), exponent): ((f64, f64), f64),
    quarters: &Quarters,
    n: usize,
    chunk: &mut Chunk,
) {
    for i in 0..n.min(ROWS) {
        let at = place(quarters.kept[i]);
        chunk.words[1][i] = quarters.words[1][at];
        chunk.words[2][i] = quarters.words[2][at];
        chunk.row[i] = quarters.visits[at];
    }
    for i in 0..n.min(ROWS) {
        chunk.x[i] = log_visit + log_sd * normal(segments, chunk.words[1][i]);
    }
    costs(n, chunk);
    for i in 0..n.min(ROWS) {
        chunk.total[i] = fen(f64::from(chunk.row[i]) * chunk.x[i]);
        chunk.y[i] = exponent;
    }
    parts(n, chunk);
}

/// One bill each, on the 20th of the last month lived.
#[inline(always)]
fn dates(levels: &Levels, quarters: &Quarters, n: usize, chunk: &mut Chunk) {
    let levels = *levels;
    for i in 0..n.min(ROWS) {
        let at = place(quarters.kept[i]);
        chunk.code[i] = levels.code(quarters.words[3][at]) as u8;
        chunk.day[i] = day_code(quarters.month[at], 20) as u16;
        chunk.span[i] = 0;
        chunk.days[i] = 0;
    }
}
