//! Ordinary residents with a costly year: their stays and the bills of their conditions.

use super::TILE;
use super::bills::Bills;
use super::incidence::at_most_four;
use super::lanes::{draw, integer, normal, positions, whole};
use super::stays::{Few, LANES, Memory, Stays, finish, shapes_everywhere};
use super::tables::{Column, UNDECIDED, WITHIN_BITS, boxed, place_code, presence};
use crate::illness::IllnessModel;
use crate::illness::math::exp;
use crate::illness::ordinary::{Costly, CostlyYear, NODES, at_least_one, costly_part, node};
use crate::illness::year::YearContext;
use crate::instruction_set::{Instructions, Kernel};
use crate::policy::claim::Level;
use crate::rng::{Lanes, Purpose, uniform};

/// Room for the nodes of the risk, a power of two.
pub(in crate::illness) const ROOM: usize = 64;

/// The number of costly stays from which on they are counted one by one.
const COSTLY: u8 = 3;
/// The number of other stays from which on they are counted one by one.
const OTHERS: u8 = 4;

/// What a county-year's stays of ordinary residents need, by node of the risk.
#[derive(Debug, Clone)]
pub(in crate::illness) struct Nodes {
    /// Factor on stays.
    factor: [f64; ROOM],
    /// Log factor on the cost of a stay.
    log_factor: [f64; ROOM],
    /// The share of stays that are costly.
    part: [f64; ROOM],
    /// By node and whether costly: the shares of the levels among such stays.
    shares: Box<[[f64; 4]; 2 * ROOM]>,
    /// Their sum.
    sum: [f64; 2 * ROOM],
    /// By node, whether costly and level: how many words of the cost are of such a stay.
    words: Box<[[f64; 4]; 2 * ROOM]>,
}

impl Nodes {
    pub(in crate::illness) fn new(
        model: &IllnessModel,
        shares: &[[f64; 4]; NODES],
        factors: &[f64; NODES],
    ) -> Self {
        let mut nodes = Self {
            factor: [0.0; ROOM],
            log_factor: [0.0; ROOM],
            part: [0.0; ROOM],
            shares: boxed([0.0; 4]),
            sum: [0.0; 2 * ROOM],
            words: boxed([0.0; 4]),
        };
        let log_cost = model.groups[usize::from(IllnessModel::ORDINARY)].log_cost;
        for (at, (shares, factor)) in shares.iter().zip(factors).enumerate() {
            nodes.factor[at] = *factor;
            nodes.log_factor[at] = log_cost + model.risk.cost_loading * node(at);
            nodes.part[at] = costly_part(shares);
            for (of_kind, row) in [(model.cheap(shares), 2 * at), (*shares, 2 * at + 1)] {
                nodes.shares[row] = of_kind;
                nodes.sum[row] = of_kind.iter().sum();
                for (level, words) in nodes.words[row].iter_mut().enumerate() {
                    *words = model.words_of_part(&of_kind, level);
                }
            }
        }
        nodes
    }
}

impl IllnessModel {
    /// All bills of some costly ordinary residents of a cell: the same as `costly_claims`, person by person.
    pub fn costly_bills_tiled(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        (year, costly): (&CostlyYear, &Costly),
        numbers: std::ops::Range<u32>,
        bills: &mut Bills,
    ) {
        bills.clear();
        let middle = costly.by_stay.clamp(numbers.start, numbers.end);
        for first in (numbers.start..middle).step_by(TILE) {
            let numbers = first..middle.min(first + TILE as u32);
            self.with_costly_stays((instructions, ctx), (year, costly), numbers, bills);
        }
        for first in (middle..numbers.end).step_by(TILE) {
            let numbers = first..numbers.end.min(first + TILE as u32);
            self.with_conditions((instructions, ctx), costly, numbers, bills);
        }
        bills.chronic.each.resize(bills.stays.each.len(), 0);
        bills.outpatient.each.resize(bills.stays.each.len(), 0);
    }

    /// Persons with a costly stay: costly stays first, then the others.
    fn with_costly_stays(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        (year, costly): (&CostlyYear, &Costly),
        numbers: std::ops::Range<u32>,
        bills: &mut Bills,
    ) {
        let Some(nodes) = &year.nodes else { return };
        let memory = &mut *bills.memory;
        let lanes = ctx.draws.lanes(ctx.key(0), Purpose::OrdinaryPerson);
        let n = take_numbers(costly, numbers, memory);
        instructions.run(CountCostly { model: self, lanes, nodes, costly, memory, n });
        let many = positions(&memory.flag, &mut memory.found);
        let most = self.admission.most_stays;
        for at in memory.found[..many].iter().map(|at| usize::from(*at)) {
            let node = usize::from(memory.node[at]);
            let (rate, part) = (costly.rate * nodes.factor[node], nodes.part[node]);
            let dear = at_least_one(rate * part, memory.words[2][at], most);
            let others = self.admission.stays(rate * (1.0 - part), memory.words[3][at]);
            (memory.costly[at], memory.stays[at]) = (dear, dear + others.min(most - dear));
        }
        bills.stays.each.extend_from_slice(&memory.stays[..n]);
        let n = memory.expand(n);
        let from = bills.stays.len();
        bills.stays.set_len(from + n.next_multiple_of(LANES));
        let section = &mut bills.stays;
        instructions.run(MakeCostly { model: self, ctx, lanes, nodes, memory, n, section, from });
        bills.stays.set_len(from + n);
    }

    /// Persons with a major condition.
    fn with_conditions(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        costly: &Costly,
        numbers: std::ops::Range<u32>,
        bills: &mut Bills,
    ) {
        let Bills { stays, major, memory, .. } = bills;
        let first = stays.each.len();
        let lanes = ctx.draws.lanes(ctx.key(0), Purpose::OrdinaryPerson);
        let n = take_numbers(costly, numbers, memory);
        instructions.run(CountWithCondition { model: self, ctx, lanes, costly, memory, n });
        let many = positions(&memory.flag, &mut memory.found);
        for at in memory.found[..many].iter().map(|at| usize::from(*at)) {
            memory.stays[at] = self.admission.stays(memory.rate[at], memory.words[3][at]);
        }
        stays.each.extend_from_slice(&memory.stays[..n]);
        self.stays_tiled((instructions, ctx, Purpose::OrdinaryPerson, 1), (&mut *memory, n), stays);
        memory.flag.fill(0);
        for (flag, condition) in memory.flag.iter_mut().zip(&memory.condition).take(n) {
            *flag = u8::from(*condition != 0);
        }
        let found = positions(&memory.flag, &mut memory.found);
        for at in &memory.found[..found] {
            major.person.push((first + usize::from(*at)) as u32);
            // March, June, September, December.
            major.months.push(0b1001_0010_0100);
        }
        self.major_tiled((instructions, lanes), (&*memory, found), (Some(1 << 21), 3.0), major);
    }
}

/// Numbers and presence of some persons of a cell; gives how many they are.
fn take_numbers(costly: &Costly, numbers: std::ops::Range<u32>, memory: &mut Memory) -> usize {
    let n = numbers.len();
    memory.presence.fill(presence(1, 12));
    for (to, number) in memory.number.iter_mut().zip(numbers) {
        *to = (costly.cell << 22) | number;
    }
    n
}

/// Draws node and numbers of stays; flags persons with so many that they are counted one by one.
struct CountCostly<'a> {
    model: &'a IllnessModel,
    lanes: Lanes,
    nodes: &'a Nodes,
    costly: &'a Costly,
    memory: &'a mut Memory,
    n: usize,
}

impl Kernel for CountCostly<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { model, lanes, nodes, costly, memory, n } = self;
        draw_few(lanes, n, memory);
        let rows = n.next_multiple_of(LANES);
        for first in (0..rows).step_by(LANES) {
            let Some(words) = few_words(&memory.words, first) else { return };
            let Some(node) = memory.node[first..].first_chunk_mut() else { return };
            nodes_of(&costly.risk, words[0], node);
            let Some(stays) = memory.stays[first..].first_chunk_mut() else { return };
            let Some(dear) = memory.costly[first..].first_chunk_mut() else { return };
            let rate = (costly.rate, model.admission.most_stays);
            count(rate, nodes, (node, words[2], words[3]), (dear, stays));
        }
        memory.flag.fill(0);
        for (flag, (dear, stays)) in
            memory.flag.iter_mut().zip(memory.costly.iter().zip(&memory.stays)).take(n)
        {
            *flag = u8::from((*dear >= COSTLY) | (stays.wrapping_sub(*dear) >= OTHERS));
        }
    }
}

/// Block 0 of the first `n` persons of the memory.
#[inline(always)]
fn draw_few(lanes: Lanes, n: usize, memory: &mut Memory) {
    let mut words = [[0; LANES]; 4];
    let numbers = memory.number.as_chunks::<LANES>().0.iter().zip((0..n).step_by(LANES));
    for (number, first) in numbers {
        draw(lanes, (number, &[0; LANES]), &mut words);
        for (to, from) in memory.words.iter_mut().zip(&words) {
            to[first..first + LANES].copy_from_slice(from);
        }
    }
}

/// The words of some persons.
#[inline(always)]
fn few_words(words: &[Column<u32>; 4], first: usize) -> Option<[&Few<u32>; 4]> {
    Some([
        words[0][first..].first_chunk()?,
        words[1][first..].first_chunk()?,
        words[2][first..].first_chunk()?,
        words[3][first..].first_chunk()?,
    ])
}

/// The node of the risk at a word: how many of the cumulated weights lie at or below it, by halving.
#[inline(always)]
fn nodes_of(until: &[f64; ROOM], words: &Few<u32>, node: &mut Few<u8>) {
    for i in 0..LANES {
        let u = uniform(words[i]);
        let mut at = 0;
        for step in [32, 16, 8, 4, 2, 1] {
            at += if until[(at + step - 1) & (ROOM - 1)] <= u { step } else { 0 };
        }
        node[i] = at.min(NODES - 1) as u8;
    }
}

/// Numbers of costly stays and of all, as far as they are counted side by side.
#[inline(always)]
fn count(
    (rate, most): (f64, u8),
    nodes: &Nodes,
    (node, w2, w3): (&Few<u8>, &Few<u32>, &Few<u32>),
    (costly, stays): (&mut Few<u8>, &mut Few<u8>),
) {
    for i in 0..LANES {
        let at = usize::from(node[i]) & (ROOM - 1);
        let own = rate * nodes.factor[at];
        costly[i] = one_to_three(own * nodes.part[at], w2[i]).min(most);
    }
    for i in 0..LANES {
        let at = usize::from(node[i]) & (ROOM - 1);
        let own = rate * nodes.factor[at];
        let others = at_most_four(own * (1.0 - nodes.part[at]), w3[i]);
        stays[i] = costly[i] + others.min(most - costly[i]);
    }
}

/// A Poisson number given that it is not zero, up to three.
#[inline(always)]
fn one_to_three(rate: f64, word: u32) -> u8 {
    let none = exp(-rate);
    let u = uniform(word) * (1.0 - none);
    let exactly = none * rate;
    let at_least = 1.0 - none - none * rate;
    let two = u < at_least;
    let exactly = exactly * (rate / 2.0);
    let three = two & (u < at_least - exactly);
    1 + u8::from(two) + u8::from(three)
}

/// Makes the stays of persons with a costly one.
struct MakeCostly<'a> {
    model: &'a IllnessModel,
    ctx: &'a YearContext,
    lanes: Lanes,
    nodes: &'a Nodes,
    memory: &'a Memory,
    n: usize,
    section: &'a mut super::Section,
    from: usize,
}

impl Kernel for MakeCostly<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { model, ctx, lanes, nodes, memory, n, section, from } = self;
        let mut stays = Stays::EMPTY;
        let (mut places, mut row) = ([[0; LANES]; 4], [0; LANES]);
        stays.presence = [presence(1, 12); LANES];

        let listed = memory.owner.as_chunks::<LANES>().0.iter().zip(memory.order.as_chunks::<LANES>().0);
        for ((owner, order), at) in listed.take(n.div_ceil(LANES)).zip((from..).step_by(LANES)) {
            for i in 0..LANES {
                let person = usize::from(owner[i]);
                stays.number[i] = memory.number[person];
                stays.index[i] = (1 << 20) + u32::from(order[i]);
                let is_costly = order[i] < memory.costly[person];
                row[i] = 2 * (memory.node[person] & 63) + u8::from(is_costly);
            }
            draw(lanes, (&stays.number, &stays.index), &mut places);
            for i in 0..LANES {
                stays.index[i] = 1 + u32::from(order[i]);
            }
            draw(lanes, (&stays.number, &stays.index), &mut stays.words);
            levels(nodes, (&row, &places[0]), &mut stays);
            let within = (&*model.tables.within, &places[1]);
            places_within(within, &mut stays.code, &mut stays.undecided);
            let undecided = positions(&stays.undecided, &mut stays.found);
            for at in stays.found[..undecided].iter().map(|at| usize::from(*at) % LANES) {
                let level = Level::ALL[(stays.code[at] >> 3 & 3) as usize];
                stays.code[at] = place_code(model.places.at_level(level, places[1][at]));
            }
            shapes_everywhere(model, ctx, &stays.words[0], &mut stays.shape);
            if let Some(written) = section.written(at) {
                finish(model, ctx, &stays, written);
            }
        }
    }
}

/// The level of a stay as its code, its log factor, and its word of the cost moved into the part that is costly or
/// is not.
#[inline(always)]
fn levels(nodes: &Nodes, (row, places): (&Few<u8>, &Few<u32>), stays: &mut Stays) {
    for i in 0..LANES {
        let at = usize::from(row[i]) & (2 * ROOM - 1);
        let shares = &nodes.shares[at];
        let beyond_0 = uniform(places[i]) * nodes.sum[at];
        let beyond_1 = beyond_0 - shares[0];
        let beyond_2 = beyond_1 - shares[1];
        let past_0 = beyond_0 >= shares[0];
        let past_1 = past_0 & (beyond_1 >= shares[1]);
        let past_2 = past_1 & (beyond_2 >= shares[2]);
        let level = u32::from(past_0) + u32::from(past_1) + u32::from(past_2);
        let moved = integer(whole(uniform(stays.words[0][i]) * nodes.words[at][(level & 3) as usize]));
        stays.words[0][i] = if at & 1 == 1 { !moved } else { moved };
        stays.code[i] = level << 3;
        stays.log_factor[i] = nodes.log_factor[at >> 1];
    }
}

/// The place at a word within the level that the code tells; an undecided code keeps the level.
#[inline(always)]
fn places_within(
    (table, words): (&[u32; 4 << WITHIN_BITS], &Few<u32>),
    code: &mut Few<u32>,
    undecided: &mut Few<u8>,
) {
    for i in 0..LANES {
        let entry = table[((code[i] >> 3 & 3) << WITHIN_BITS | words[i] >> (32 - WITHIN_BITS)) as usize];
        code[i] = entry;
        undecided[i] = u8::from(entry >= UNDECIDED);
    }
}

/// Draws condition and number of stays; flags persons with so many that they are counted one by one.
struct CountWithCondition<'a> {
    model: &'a IllnessModel,
    ctx: &'a YearContext,
    lanes: Lanes,
    costly: &'a Costly,
    memory: &'a mut Memory,
    n: usize,
}

impl Kernel for CountWithCondition<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { model, ctx, lanes, costly, memory, n } = self;
        draw_few(lanes, n, memory);
        let present = model.conditions.of_age(IllnessModel::ORDINARY, costly.age);
        let any = present.last().copied().unwrap_or(0);
        for first in (0..n).step_by(LANES) {
            let Some(words) = few_words(&memory.words, first) else { return };
            let mut found = [0; LANES];
            for threshold in present {
                for i in 0..LANES {
                    let scaled = ((u64::from(words[0][i]) * u64::from(any)) >> 32) as u32;
                    found[i] += u8::from(scaled >= *threshold);
                }
            }
            let none = present.len() as u8;
            let Some(condition) = memory.condition[first..].first_chunk_mut::<LANES>() else { return };
            for i in 0..LANES {
                condition[i] = if found[i] < none { found[i] + 1 } else { 0 };
            }
            let Some(log_factor) = memory.log_factor[first..].first_chunk_mut() else { return };
            let Some(rate) = memory.rate[first..].first_chunk_mut() else { return };
            rates(model, (ctx.extra, costly.rate), (condition, words[1]), (rate, log_factor));
            let Some(stays) = memory.stays[first..].first_chunk_mut::<LANES>() else { return };
            for i in 0..LANES {
                let counted = at_most_four(rate[i], words[3][i]).min(model.admission.most_stays);
                stays[i] = if condition[i] == 0 { 0 } else { counted };
            }
        }
        memory.flag.fill(0);
        for (flag, stays) in memory.flag.iter_mut().zip(&memory.stays).take(n) {
            *flag = u8::from(*stays >= OTHERS);
        }
    }
}

/// Rate of stays and log factor on their cost of persons with a condition.
#[inline(always)]
fn rates(
    model: &IllnessModel,
    (extra, rate): (f64, f64),
    (condition, words): (&Few<u8>, &Few<u32>),
    (own, log_factor): (&mut Few<f64>, &mut Few<f64>),
) {
    let (a, loading) = (model.risk.admission_loading, model.risk.cost_loading);
    let log_cost = model.groups[usize::from(IllnessModel::ORDINARY)].log_cost;
    let (tables, segments) = (&model.tables, &*model.normal.segments);
    for i in 0..LANES {
        let at = usize::from(condition[i]) & 31;
        let risk = normal(segments, words[i]);
        let factor = exp(a * risk - 0.5 * a * a);
        own[i] = (rate + extra * tables.conditions.extra_stays[at]) * factor;
        log_factor[i] = log_cost + loading * risk + tables.log_condition[at];
    }
}
