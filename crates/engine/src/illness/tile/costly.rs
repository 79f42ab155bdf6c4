//! Ordinary residents with a costly stay: how many stays, costly and other, and the stays.

use std::ops::Range;

use super::TILE;
use super::bills::Bills;
use super::count::{Counting, count};
use super::lanes::{Segments, integer, normal, positions, select, whole};
use super::memory::{Chunk, Memory, PERSON_BITS, ROWS, filled_up};
use super::ordinary::{Gathered, Nodes, Numbers, Piece, ROOM, Worked, draw_piece};
use super::stays::{amounts, begin, dates, draw};
use super::tables::{UNDECIDED, WITHIN_BITS, place_code};
use crate::illness::IllnessModel;
use crate::illness::cost::Shape;
use crate::illness::disease::OF_ORDINARY;
use crate::illness::math::exp;
use crate::illness::ordinary::{Costly, NODES, at_least_one};
use crate::illness::year::YearContext;
use crate::instruction_set::{Instructions, Kernel};
use crate::policy::claim::Level;
use crate::rng::{Lanes, Purpose, uniform};

/// The number of costly stays from which on they are counted one by one.
const COSTLY: u32 = 3;

impl IllnessModel {
    /// Adds some persons of a cell to the tile.
    pub(super) fn add_costly(
        (instructions, ctx): (Instructions, &YearContext),
        costly: &Costly,
        numbers: Range<u32>,
        to: &mut Numbers,
    ) {
        let lanes = ctx.draws.lanes(ctx.key(0), Purpose::OrdinaryPerson);
        let (first, n) = ((costly.cell << 22) | numbers.start, numbers.len());
        instructions.run(AddCostly { lanes, until: &costly.risk, first, n, piece: &mut to.piece });
        to.add(costly.rate, n);
    }

    /// Adds the bills of the persons gathered: costly stays first, then the others.
    pub(super) fn with_costly_stays(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        nodes: &Nodes,
        bills: &mut Bills,
    ) {
        let Bills { stays, memory, .. } = bills;
        let n = std::mem::take(&mut memory.costly.gathered.n);
        if n == 0 {
            return;
        }
        instructions.run(CountCostly { model: self, nodes, memory, n });
        stays.each.extend_from_slice(&memory.holders.stays[..n]);
        let lanes = ctx.draws.lanes(ctx.key(0), Purpose::OrdinaryPerson);
        let persons = n;
        let n = memory.lists.expand(&memory.holders.stays[..n]);
        for from in (0..n).step_by(ROWS) {
            let n = ROWS.min(n - from);
            instructions.run(MakeCostly { model: self, ctx, lanes, nodes, memory, from, n });
            stays.add(&memory.chunk, n);
        }
        let number = |memory: &Memory, at: usize| (memory.costly.gathered.number[at], 0);
        self.mark_ordinary(ctx, (persons, number), bills);
    }

    /// Marks the stays of the ordinary residents gathered last, given their numbers and conditions.
    pub(super) fn mark_ordinary(
        &self,
        ctx: &YearContext,
        (persons, of): (usize, impl Fn(&Memory, usize) -> (u32, u8)),
        bills: &mut Bills,
    ) {
        if !self.diseases.any() {
            return;
        }
        for at in 0..persons {
            let (number, condition) = of(&bills.memory, at);
            let stays = u32::from(bills.memory.holders.stays[at]);
            let disease = |stay| self.disease(ctx, condition, (ctx.key(number), OF_ORDINARY + stay));
            let of_bills = self.disease_of_ordinary_bills(ctx, condition, ctx.key(number));
            bills.mark((0..stays).map(disease), of_bills);
        }
    }
}

/// Draws some persons of a cell and the nodes of their risk.
struct AddCostly<'a> {
    lanes: Lanes,
    until: &'a [f64; ROOM],
    first: u32,
    n: usize,
    piece: &'a mut Piece,
}

impl Kernel for AddCostly<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { lanes, until, first, n, piece } = self;
        draw_piece(lanes, first, filled_up(n), piece);
        nodes_of(until, filled_up(n), piece);
    }
}

/// The node of the risk at a word: how many of the cumulated weights lie at or below it, by halving.
#[inline(always)]
fn nodes_of(until: &[f64; ROOM], n: usize, piece: &mut Piece) {
    for i in 0..n.min(TILE) {
        let u = uniform(piece.words[0][i]);
        let mut at = 0;
        for step in [32, 16, 8, 4, 2, 1] {
            let passed = until[(at + step - 1) & (ROOM - 1)] <= u;
            at += step & usize::from(passed).wrapping_neg();
        }
        piece.row[i] = at.min(NODES - 1) as u32;
    }
}

/// Counts the stays of the persons gathered.
struct CountCostly<'a> {
    model: &'a IllnessModel,
    nodes: &'a Nodes,
    memory: &'a mut Memory,
    n: usize,
}

impl Kernel for CountCostly<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { model, nodes, memory, n } = self;
        let Memory { holders, costly, .. } = memory;
        let Numbers { gathered, worked, counting, more, .. } = costly;
        let (rows, most) = (filled_up(n), model.admission.most_stays);
        dear_rates(nodes, gathered, rows, worked);
        other_rates(nodes, gathered, rows, counting);
        one_to_three(gathered, rows, worked);
        let many = positions(&worked.flag[..rows], &mut worked.found);
        for j in 0..many {
            let at = usize::from(worked.found[j]);
            worked.dear[at] = u32::from(at_least_one(worked.dear_rate[at], gathered.words[1][at], most));
        }
        count(most, rows, counting, more);
        let most = u32::from(most);
        for i in 0..rows.min(TILE) {
            let dear = if worked.dear[i] < most { worked.dear[i] } else { most };
            let (others, room) = (counting.stays[i], most - dear);
            worked.info[i] = gathered.row[i] << 8 | dear;
            holders.stays[i] = (dear + if others < room { others } else { room }) as u8;
        }
    }
}

/// The rates of costly stays.
#[inline(always)]
fn dear_rates(nodes: &Nodes, gathered: &Gathered, n: usize, worked: &mut Worked) {
    for i in 0..n.min(TILE) {
        let at = gathered.row[i] as usize & (ROOM - 1);
        worked.dear_rate[i] = gathered.rate[i] * nodes.factor[at] * nodes.part[at];
    }
}

/// The rates of other stays.
#[inline(always)]
fn other_rates(nodes: &Nodes, gathered: &Gathered, n: usize, counting: &mut Counting) {
    for i in 0..n.min(TILE) {
        let at = gathered.row[i] as usize & (ROOM - 1);
        counting.rate[i] = gathered.rate[i] * nodes.factor[at] * (1.0 - nodes.part[at]);
        counting.next[i] = f64::from(gathered.words[2][i]) + 1.0;
    }
}

/// Poisson numbers given that they are not zero, up to three; flags those that may be more.
#[inline(always)]
fn one_to_three(gathered: &Gathered, n: usize, worked: &mut Worked) {
    for i in 0..n.min(TILE) {
        let rate = worked.dear_rate[i];
        let none = exp(-rate);
        let u = uniform(gathered.words[1][i]) * (1.0 - none);
        let exactly = none * rate;
        let at_least = 1.0 - none - none * rate;
        let two = u < at_least;
        let exactly = exactly * (rate / 2.0);
        let three = two & (u < at_least - exactly);
        let dear = 1 + u32::from(two) + u32::from(three);
        worked.dear[i] = dear;
        worked.flag[i] = u8::from(dear >= COSTLY);
    }
}

/// Makes `n` of the listed stays of persons with a costly one.
struct MakeCostly<'a> {
    model: &'a IllnessModel,
    ctx: &'a YearContext,
    lanes: Lanes,
    nodes: &'a Nodes,
    memory: &'a mut Memory,
    from: usize,
    n: usize,
}

impl Kernel for MakeCostly<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { model, ctx, lanes, nodes, memory, from, n } = self;
        let n = filled_up(n);
        let Memory { lists, chunk, costly, .. } = memory;
        let Some(listed) = lists.stays[from..].first_chunk() else { return };
        take(&costly.gathered, &costly.worked, listed, n, chunk);
        draw_places(lanes, n, chunk);
        draw(lanes, 1, n, chunk);
        levels(nodes, &nodes.shares, &nodes.words, n, chunk);
        places_within(&model.tables.within, n, chunk);
        plain_ones(model, n, chunk);
        shapes(&model.normal.segments, ctx.shape, n, chunk);
        amounts(model, &ctx.log_cost, n, chunk);
        dates(&model.tables, &ctx.tables, n, chunk);
    }
}

/// What the stays need to know of their persons.
#[inline(always)]
fn take(gathered: &Gathered, worked: &Worked, listed: &[u16; ROWS], n: usize, chunk: &mut Chunk) {
    for i in 0..n.min(ROWS) {
        let person = usize::from(listed[i]) & (TILE - 1);
        let (order, info) = (u32::from(listed[i] >> PERSON_BITS), worked.info[person]);
        let is_costly = u32::from(order < (info & 255));
        chunk.order[i] = order;
        chunk.number[i] = gathered.number[person];
        chunk.row[i] = (info >> 8 & (ROOM as u32 - 1)) * 2 + is_costly;
        // The whole year.
        chunk.presence[i] = 0x1C;
    }
}

/// Draws the words of level and place.
#[inline(always)]
fn draw_places(lanes: Lanes, n: usize, chunk: &mut Chunk) {
    begin(lanes, 1 << 20, n, chunk);
    for i in 0..n.min(ROWS) {
        let half = &chunk.half;
        let block = lanes.finish([half[0][i], half[1][i], half[2][i], half[3][i]]);
        (chunk.places[0][i], chunk.places[1][i]) = (block[0], block[1]);
    }
}

/// The level of a stay as its code, its log factor, and its word of the cost moved into the part that is costly or
/// is not.
#[inline(always)]
fn levels(
    nodes: &Nodes,
    all_shares: &[[f64; 4]; 2 * ROOM],
    words: &[[f64; 4]; 2 * ROOM],
    n: usize,
    chunk: &mut Chunk,
) {
    for i in 0..n.min(ROWS) {
        let at = chunk.row[i] as usize & (2 * ROOM - 1);
        let [share_0, share_1, share_2, _] = all_shares[at];
        let beyond_0 = uniform(chunk.places[0][i]) * nodes.sum[at];
        let beyond_1 = beyond_0 - share_0;
        let beyond_2 = beyond_1 - share_1;
        let past_0 = beyond_0 >= share_0;
        let past_1 = past_0 & (beyond_1 >= share_1);
        let past_2 = past_1 & (beyond_2 >= share_2);
        let level = u32::from(past_0) + u32::from(past_1) + u32::from(past_2);
        let part = words[at][(level & 3) as usize];
        let moved = integer(whole(uniform(chunk.words[0][i]) * part));
        chunk.words[0][i] = moved ^ (chunk.row[i] & 1).wrapping_neg();
        chunk.setting[i] = level << 3;
        chunk.log_factor[i] = nodes.log_factor[at >> 1];
    }
}

/// The place at a word within the level that the setting tells; an undecided one keeps the level.
#[inline(always)]
fn places_within(table: &[u32; 4 << WITHIN_BITS], n: usize, chunk: &mut Chunk) {
    for i in 0..n.min(ROWS) {
        let level = chunk.setting[i] >> 3 & 3;
        let entry = table[(level << WITHIN_BITS | chunk.places[1][i] >> (32 - WITHIN_BITS)) as usize];
        chunk.setting[i] = entry;
        chunk.undecided[i] = u8::from(entry >= UNDECIDED);
    }
}

/// Asks the plain function about the few places that the table does not decide.
#[inline(always)]
fn plain_ones(model: &IllnessModel, n: usize, chunk: &mut Chunk) {
    let undecided = positions(&chunk.undecided[..n.min(ROWS)], &mut chunk.found);
    for at in 0..undecided {
        let at = usize::from(chunk.found[at]);
        let level = Level::ALL[(chunk.setting[at] >> 3 & 3) as usize];
        chunk.setting[at] = place_code(model.places.at_level(level, chunk.places[1][at]));
    }
}

/// The shape of the cost in the body and in the tail, where many of these stays lie.
#[inline(always)]
fn shapes(segments: &Segments, shape: Shape, n: usize, chunk: &mut Chunk) {
    let (sigma, tail_word) = shape.body();
    for i in 0..n.min(ROWS) {
        chunk.shape[i] = sigma * normal(segments, chunk.words[0][i]);
    }
    for i in 0..n.min(ROWS) {
        let word = chunk.words[0][i];
        chunk.shape[i] = select(word < tail_word, chunk.shape[i], shape.in_tail(word));
    }
}
