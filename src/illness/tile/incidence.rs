//! Begin and incidence over tiles.

use super::lanes::{Segments, Words, normal, positions};
use super::tables::{CELLS, Column, Tables, months};
use super::{PersonTiles, TILE, TileScratch, TileState};
use crate::illness::IllnessModel;
use crate::illness::condition::Spell;
use crate::illness::incidence::Ill;
use crate::illness::math::exp;
use crate::illness::risk::Risk;
use crate::illness::year::YearContext;
use crate::instruction_set::{Instructions, Kernel};
use crate::rng::{Lanes, Purpose};

/// What a row of a tile is listed for.
const STAY: u8 = 1;
const CHRONIC: u8 = 2;
const OUTPATIENT: u8 = 4;
const CONDITION: u8 = 8;

/// Numbers of stays that are told apart side by side; more are counted one by one.
const STAYS: u8 = 4;

/// Rows that are worked on together where they are not a whole tile.
const SOME: usize = 32;

/// One tile between the kernels.
#[derive(Debug)]
pub(super) struct Tile {
    pub(super) words: Words<TILE>,
    pub(super) risk: Column<f64>,
    /// Stays a year at average risk; then, by position among the likely, at the person's.
    pub(super) rate: Column<f64>,
    pub(super) own_rate: Column<f64>,
    /// Stays a year that a condition adds, and the condition; none between tiles.
    extra: Column<f64>,
    spell: Column<Spell>,
    /// What a row is listed for.
    reason: Column<u8>,
    /// One where something is, to be turned into positions.
    pub(super) flag: Column<u8>,
    /// Rows whose condition may change or be there.
    pub(super) changing: [u8; TILE + 8],
    /// Rows of those who may have a claim.
    likely: [u8; TILE + 8],
    /// Positions among the likely.
    found: [u8; TILE + 8],
    /// By position among the likely.
    stays: Column<u8>,
}

impl Default for Tile {
    fn default() -> Self {
        Self {
            words: [[0; TILE]; 4],
            risk: [0.0; TILE],
            rate: [0.0; TILE],
            own_rate: [0.0; TILE],
            extra: [0.0; TILE],
            spell: [Spell::default(); TILE],
            reason: [0; TILE],
            flag: [0; TILE],
            changing: [0; TILE + 8],
            likely: [0; TILE + 8],
            found: [0; TILE + 8],
            stays: [0; TILE],
        }
    }
}

/// The columns of one tile that last.
struct Rows<'a> {
    first: u32,
    cell: &'a Column<u16>,
    presence: &'a Column<u8>,
    lasting: &'a mut Column<f64>,
    changing: &'a mut Column<f64>,
    liability: &'a mut Column<f64>,
    condition: &'a mut Column<u8>,
}

/// A tile of the persons and of their state; none beyond the last.
fn rows<'a>(tiles: &'a PersonTiles, state: &'a mut TileState, at: usize) -> Option<Rows<'a>> {
    #[expect(clippy::cast_possible_truncation, reason = "persons are numbered by 32 bits")]
    let first = (at * TILE) as u32;
    Some(Rows {
        first,
        cell: tiles.cell.as_chunks().0.get(at)?,
        presence: tiles.presence.as_chunks().0.get(at)?,
        lasting: state.lasting.as_chunks_mut().0.get_mut(at)?,
        changing: state.changing.as_chunks_mut().0.get_mut(at)?,
        liability: state.liability.as_chunks_mut().0.get_mut(at)?,
        condition: state.condition.as_chunks_mut().0.get_mut(at)?,
    })
}

impl IllnessModel {
    /// Begins the persons that the state does not have yet, moves every person on by one year and lists those with
    /// any claim: the same as `begin` and `incidence`.
    pub fn incidence_tiled(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        tiles: &PersonTiles,
        (state, scratch): (&mut TileState, &mut TileScratch),
        ill: &mut Vec<Ill>,
    ) {
        self.begin_tiled((instructions, ctx), tiles, (state, &mut *scratch));
        let relative = &self.admission.relative;
        let rates = scratch.rates.chunks_exact_mut(relative.len());
        for (rates, group) in rates.zip(&ctx.group_admissions) {
            rates.iter_mut().zip(relative).for_each(|(rate, one)| *rate = ctx.rate * one * group);
        }
        let lanes = ctx.draws.lanes(ctx.key(0), Purpose::PersonYear);
        let uses = ctx.draws.lanes(ctx.key(0), Purpose::Outpatient);
        let outpatient = ctx.general_outpatient.then(|| (uses, self.outpatient.users()));
        let tile = &mut *scratch.tile;
        for at in 0..tiles.cell.len() / TILE {
            let Some(mut rows) = rows(tiles, state, at) else { break };
            instructions.run(Advance {
                model: self,
                rates: &scratch.rates,
                lanes,
                outpatient,
                rows: &mut rows,
                tile,
            });
            let changing = self.conditions_of(ctx, &mut rows, tile);
            let n = likely(tile);
            instructions.run(Count { model: self, tile, n });
            self.list_tile(&rows, tile, n, ill);
            for at in tile.changing[..changing].iter().map(|at| usize::from(*at)) {
                (tile.extra[at], tile.spell[at]) = (0.0, Spell::default());
            }
        }
    }

    /// Moves the conditions on of those who have one or may get one; gives their number.
    fn conditions_of(&self, ctx: &YearContext, rows: &mut Rows<'_>, tile: &mut Tile) -> usize {
        let n = positions(&tile.flag, &mut tile.changing);
        for at in tile.changing[..n].iter().map(|at| usize::from(*at)) {
            let cell = usize::from(rows.cell[at] >> 1);
            let words = [tile.words[2][at], tile.words[3][at]];
            let mut spell = self.conditions.advance(cell, words, &mut rows.condition[at]);
            let (first, last) = months(rows.presence[at]);
            (spell.first, spell.last) = (spell.first.max(first), spell.last.min(last));
            if spell.condition != 0 && spell.first <= spell.last {
                let extra = self.conditions.list[usize::from(spell.condition) - 1].extra_stays;
                tile.extra[at] = ctx.extra * extra * self.season.share(spell.first, spell.last);
                tile.spell[at] = spell;
                tile.reason[at] |= CONDITION;
            }
        }
        n
    }

    /// Lists those of the likely who have any claim.
    fn list_tile(&self, rows: &Rows<'_>, tile: &mut Tile, n: usize, ill: &mut Vec<Ill>) {
        for (flag, stays) in tile.flag.iter_mut().zip(&tile.stays).take(n) {
            *flag = u8::from(*stays >= STAYS);
        }
        tile.flag[n..n.next_multiple_of(8)].fill(0);
        let many = positions(&tile.flag[..n.next_multiple_of(8)], &mut tile.found);
        for at in tile.found[..many].iter().map(|at| usize::from(*at)) {
            let word = tile.words[1][usize::from(tile.likely[at])];
            tile.stays[at] = self.admission.stays(tile.own_rate[at], word);
        }
        for ((flag, stays), at) in tile.flag.iter_mut().zip(&tile.stays).zip(&tile.likely).take(n) {
            let other = tile.reason[usize::from(*at)] & (CHRONIC | OUTPATIENT | CONDITION);
            *flag = u8::from((*stays | other) != 0);
        }
        let listed = positions(&tile.flag[..n.next_multiple_of(8)], &mut tile.found);
        ill.extend(tile.found[..listed].iter().map(|likely| {
            let at = usize::from(tile.likely[usize::from(*likely)]);
            let spell = tile.spell[at];
            Ill {
                row: rows.first + at as u32,
                stays: tile.stays[usize::from(*likely)],
                condition: spell.condition,
                condition_first: spell.first,
                condition_last: spell.last,
                chronic: tile.reason[at] & CHRONIC != 0,
                outpatient: tile.reason[at] & OUTPATIENT != 0,
                risk: tile.risk[at],
            }
        }));
    }
}

/// The rows of those who may have a claim; gives their number.
fn likely(tile: &mut Tile) -> usize {
    for (flag, reason) in tile.flag.iter_mut().zip(&tile.reason) {
        *flag = u8::from(*reason != 0);
    }
    positions(&tile.flag, &mut tile.likely)
}

/// Block 0 of neighbouring persons.
#[inline(always)]
pub(super) fn draw_tile(lanes: Lanes, first: u32, [w0, w1, w2, w3]: &mut Words<TILE>) {
    for i in 0..TILE {
        let block = lanes.block(first.wrapping_add(i as u32), 0);
        (w0[i], w1[i], w2[i], w3[i]) = (block[0], block[1], block[2], block[3]);
    }
}

/// Moves a tile on by a year and marks who may have a claim.
struct Advance<'a, 'r> {
    model: &'a IllnessModel,
    rates: &'a [f64; CELLS],
    lanes: Lanes,
    /// Draws of general outpatient care, where there are any, and how many words mean it.
    outpatient: Option<(Lanes, f64)>,
    rows: &'a mut Rows<'r>,
    tile: &'a mut Tile,
}

impl Kernel for Advance<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { model, rates, lanes, outpatient, rows, tile } = self;
        let segments = &*model.normal.segments;
        draw_tile(lanes, rows.first, &mut tile.words);
        advance(&model.risk, (segments, &tile.words[0]), (rows.lasting, rows.changing), &mut tile.risk);
        let most_onset = model.tables.most_onset;
        for i in 0..TILE {
            tile.flag[i] = u8::from((rows.condition[i] != 0) | (tile.words[2][i] < most_onset));
        }
        own_rates((rates, &model.tables.share), (rows.cell, rows.presence), &mut tile.rate);
        let cut_off = &*model.tables.cut_off;
        stays_likely(&model.tables.most, (&tile.words[1], &tile.risk, &tile.rate), &mut tile.reason);
        chronic(cut_off, (rows.cell, rows.liability), &mut tile.reason);
        if let Some((lanes, users)) = outpatient {
            outpatients((lanes, rows.first), users, &mut tile.reason);
        }
        for (reason, presence) in tile.reason.iter_mut().zip(rows.presence) {
            let (first, last) = months(*presence);
            *reason &= if first <= last { u8::MAX } else { 0 };
        }
    }
}

/// The changing part of the risk, and the risk.
#[inline(always)]
fn advance(
    weights: &Risk,
    (segments, words): (&Segments, &Column<u32>),
    (lasting, changing): (&Column<f64>, &mut Column<f64>),
    risk: &mut Column<f64>,
) {
    let (phi, innovation, weight) = (weights.phi, weights.innovation, weights.changing);
    for i in 0..TILE {
        changing[i] = phi * changing[i] + innovation * normal(segments, words[i]);
        risk[i] = lasting[i] + weight * changing[i];
    }
}

/// Stays a year at average risk in the months of presence.
#[inline(always)]
fn own_rates(
    (rates, share): (&[f64; CELLS], &[f64; 256]),
    (cell, presence): (&Column<u16>, &Column<u8>),
    rate: &mut Column<f64>,
) {
    for i in 0..TILE {
        rate[i] = rates[usize::from(cell[i])] * share[usize::from(presence[i])];
    }
}

/// Who may have a stay: the word lies below a bound of the rate.
#[inline(always)]
fn stays_likely(
    most: &[f64; 128],
    (words, risk, rate): (&Column<u32>, &Column<f64>, &Column<f64>),
    reason: &mut Column<u8>,
) {
    for i in 0..TILE {
        let bound = rate[i] * Tables::at_most(most, risk[i]);
        reason[i] = if f64::from(words[i]) < bound { STAY } else { 0 };
    }
}

/// Who is enrolled for a special chronic disease.
#[inline(always)]
fn chronic(
    cut_off: &[f64; CELLS / 2],
    (cell, liability): (&Column<u16>, &Column<f64>),
    reason: &mut Column<u8>,
) {
    for i in 0..TILE {
        let enrolled = liability[i] > cut_off[usize::from(cell[i] >> 1)];
        reason[i] |= if enrolled { CHRONIC } else { 0 };
    }
}

/// Who has general outpatient care.
#[inline(always)]
fn outpatients((lanes, first): (Lanes, u32), users: f64, reason: &mut Column<u8>) {
    for i in 0..TILE {
        let [word, ..] = lanes.block(first.wrapping_add(i as u32), 0);
        reason[i] |= if f64::from(word) < users { OUTPATIENT } else { 0 };
    }
}

/// Counts the stays of the likely.
struct Count<'a> {
    model: &'a IllnessModel,
    tile: &'a mut Tile,
    n: usize,
}

impl Kernel for Count<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { model, tile, n } = self;
        let loading = model.risk.admission_loading;
        let most = model.admission.most_stays;
        let likely = tile.likely.as_chunks::<SOME>().0;
        let columns = likely.iter().zip(tile.own_rate.as_chunks_mut().0).zip(tile.stays.as_chunks_mut().0);
        for ((likely, rate), stays) in columns.take(n.div_ceil(SOME)) {
            rates_of_risk(loading, likely, (&tile.risk, &tile.rate, &tile.extra), rate);
            count(most, (likely, &tile.words[1]), rate, stays);
        }
    }
}

/// The rates of the likely at their own risk, with what a condition adds.
#[inline(always)]
fn rates_of_risk(
    a: f64,
    likely: &[u8; SOME],
    (risk, rate, extra): (&Column<f64>, &Column<f64>, &Column<f64>),
    own: &mut [f64; SOME],
) {
    for j in 0..SOME {
        let at = usize::from(likely[j]);
        let factor = exp(a * risk[at] - 0.5 * a * a);
        own[j] = rate[at] * factor + extra[at] * factor;
    }
}

/// Numbers of stays up to `STAYS`, which may stand for more: for each k whether the word is below P(N >= k).
#[inline(always)]
fn count(most: u8, (likely, words): (&[u8; SOME], &Column<u32>), own: &[f64; SOME], stays: &mut [u8; SOME]) {
    for j in 0..SOME {
        let at = usize::from(likely[j]);
        stays[j] = at_most_four(own[j], words[at]).min(most);
    }
}

/// The number of stays at a rate, up to four.
///
/// A word lies below the whole part of x when the word plus one is at most x.
#[inline(always)]
pub(super) fn at_most_four(rate: f64, word: u32) -> u8 {
    let next = f64::from(word) + 1.0;
    let is_possible = is_below(next, rate);
    let rate = rate.min(500.0);
    let none = exp(-rate);
    let least_1 = 1.0 - none;
    let just_1 = none * rate;
    let least_2 = least_1 - just_1;
    let just_2 = just_1 * (rate / 2.0);
    let least_3 = least_2 - just_2;
    let least_4 = least_3 - just_2 * (rate / 3.0);
    let one = is_possible & is_below(next, least_1);
    let two = one & is_below(next, least_2);
    let three = two & is_below(next, least_3);
    let four = three & is_below(next, least_4);
    u8::from(one) + u8::from(two) + u8::from(three) + u8::from(four)
}

/// Whether the word before `next` lies below the threshold of a probability.
#[inline(always)]
fn is_below(next: f64, probability: f64) -> bool {
    next <= probability.clamp(0.0, 1.0) * 4_294_967_296.0
}
