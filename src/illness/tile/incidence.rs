//! Incidence over tiles.

use super::count::{Counting, More, count};
use super::lanes::{Segments, Words, normal, positions};
use super::memory::filled_up;
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
const STAY: u32 = 1;
const CHRONIC: u32 = 2;
const OUTPATIENT: u32 = 4;
const CONDITION: u32 = 8;

/// One tile between the kernels: all columns in one piece of memory, so that none overlaps another.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Tile {
    pub(super) words: Words<TILE>,
    /// Blocks half drawn.
    half: [[u64; TILE]; 4],
    cell: Column<u32>,
    presence: Column<u32>,
    pub(super) lasting: Column<f64>,
    pub(super) changing: Column<f64>,
    pub(super) liability: Column<f64>,
    risk: Column<f64>,
    /// Stays a year at average risk.
    rate: Column<f64>,
    /// Stays a year that a condition adds, and the condition; none between tiles.
    extra: Column<f64>,
    spell: Column<Spell>,
    /// What a row is listed for.
    reason: Column<u32>,
    /// One where something is, to be turned into positions.
    pub(super) flag: Column<u8>,
    /// Rows whose condition may change or be there.
    pub(super) found: [u8; TILE + 64],
    /// Rows of those who may have a claim.
    likely: [u8; TILE + 64],
}

/// Those who may have a claim, side by side.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Likely {
    risk: Column<f64>,
    extra: Column<f64>,
    counting: Counting,
    more: More,
    ill: Column<Ill>,
}

impl Default for Tile {
    fn default() -> Self {
        Self {
            words: [[0; TILE]; 4],
            half: [[0; TILE]; 4],
            cell: [0; TILE],
            presence: [0; TILE],
            lasting: [0.0; TILE],
            changing: [0.0; TILE],
            liability: [0.0; TILE],
            risk: [0.0; TILE],
            rate: [0.0; TILE],
            extra: [0.0; TILE],
            spell: [Spell::default(); TILE],
            reason: [0; TILE],
            flag: [0; TILE],
            found: [0; TILE + 64],
            likely: [0; TILE + 64],
        }
    }
}

impl Default for Likely {
    fn default() -> Self {
        let nobody = Ill {
            row: 0,
            stays: 0,
            condition: 0,
            condition_first: 0,
            condition_last: 0,
            chronic: false,
            outpatient: false,
            risk: 0.0,
        };
        Self {
            risk: [0.0; TILE],
            extra: [0.0; TILE],
            counting: Counting::EMPTY,
            more: More::EMPTY,
            ill: [nobody; TILE],
        }
    }
}

/// The columns of one tile that last.
struct Rows<'a> {
    first: u32,
    cell: &'a Column<u16>,
    presence: &'a Column<u8>,
    lasting: &'a Column<f64>,
    changing: &'a mut Column<f64>,
    liability: &'a Column<f64>,
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
        lasting: state.lasting.as_chunks().0.get(at)?,
        changing: state.changing.as_chunks_mut().0.get_mut(at)?,
        liability: state.liability.as_chunks().0.get(at)?,
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
        let TileScratch { rates, tile, likely } = scratch;
        for at in 0..tiles.cell.len() / TILE {
            let Some(mut rows) = rows(tiles, state, at) else { break };
            instructions.run(Advance { model: self, rates, lanes, outpatient, rows: &mut rows, tile });
            let changing = self.conditions_of(ctx, &mut rows, tile);
            let first = rows.first;
            let n = instructions.run(List { model: self, tile, likely, first });
            ill.extend_from_slice(&likely.ill[..n]);
            for at in tile.found[..changing].iter().map(|at| usize::from(*at)) {
                (tile.extra[at], tile.spell[at]) = (0.0, Spell::default());
            }
        }
    }

    /// Moves the conditions on of those who have one or may get one; gives their number.
    fn conditions_of(&self, ctx: &YearContext, rows: &mut Rows<'_>, tile: &mut Tile) -> usize {
        let n = positions(&tile.flag, &mut tile.found);
        for at in tile.found[..n].iter().map(|at| usize::from(*at)) {
            let cell = (tile.cell[at] >> 1) as usize;
            let words = [tile.words[2][at], tile.words[3][at]];
            let mut spell = self.conditions.advance(cell, words, &mut rows.condition[at]);
            let (first, last) = (rows.presence[at] >> 4, rows.presence[at] & 15);
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
}

/// Block 0 of neighbouring persons.
#[inline(always)]
pub(super) fn draw_tile(lanes: Lanes, first: u32, tile: &mut Tile) {
    for i in 0..TILE {
        let half = lanes.begin(first.wrapping_add(i as u32), 0);
        (tile.half[0][i], tile.half[1][i]) = (half[0], half[1]);
        (tile.half[2][i], tile.half[3][i]) = (half[2], half[3]);
    }
    for i in 0..TILE {
        let half = &tile.half;
        let block = lanes.finish([half[0][i], half[1][i], half[2][i], half[3][i]]);
        (tile.words[0][i], tile.words[1][i]) = (block[0], block[1]);
        (tile.words[2][i], tile.words[3][i]) = (block[2], block[3]);
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
        draw_tile(lanes, rows.first, tile);
        widen(rows.cell, rows.presence, tile);
        flag_changing(model.tables.most_onset, rows.condition, tile);
        advance(&model.risk, &model.normal.segments, rows.lasting, rows.changing, tile);
        own_rates(rates, &model.tables.share, tile);
        stays_likely(&model.tables.most, tile);
        chronic(&model.tables.cut_off, rows.liability, tile);
        if let Some((lanes, users)) = outpatient {
            outpatients(lanes, rows.first, users, tile);
        }
        for i in 0..TILE {
            let (first, last) = months(tile.presence[i]);
            tile.reason[i] &= u32::from(first <= last).wrapping_neg();
        }
    }
}

/// Cells and presence as the kernels use them.
#[inline(always)]
fn widen(cell: &Column<u16>, presence: &Column<u8>, tile: &mut Tile) {
    for i in 0..TILE {
        tile.cell[i] = u32::from(cell[i]);
    }
    for i in 0..TILE {
        tile.presence[i] = u32::from(presence[i]);
    }
}

/// Flags who has a condition or may get one.
#[inline(always)]
fn flag_changing(most_onset: u32, condition: &Column<u8>, tile: &mut Tile) {
    for i in 0..TILE {
        tile.flag[i] = u8::from(tile.words[2][i] < most_onset);
    }
    for i in 0..TILE {
        tile.flag[i] |= u8::from(condition[i] != 0);
    }
}

/// The changing part of the risk, and the risk.
#[inline(always)]
fn advance(
    weights: &Risk,
    segments: &Segments,
    lasting: &Column<f64>,
    changing: &mut Column<f64>,
    tile: &mut Tile,
) {
    let (phi, innovation, weight) = (weights.phi, weights.innovation, weights.changing);
    for i in 0..TILE {
        let now = phi * changing[i] + innovation * normal(segments, tile.words[0][i]);
        changing[i] = now;
        tile.risk[i] = lasting[i] + weight * now;
    }
}

/// Stays a year at average risk in the months of presence.
#[inline(always)]
fn own_rates(rates: &[f64; CELLS], share: &[f64; 256], tile: &mut Tile) {
    for i in 0..TILE {
        let rate = rates[tile.cell[i] as usize & (CELLS - 1)];
        tile.rate[i] = rate * share[(tile.presence[i] & 255) as usize];
    }
}

/// Who may have a stay: the word lies below a bound of the rate.
#[inline(always)]
fn stays_likely(most: &[f64; 128], tile: &mut Tile) {
    for i in 0..TILE {
        let bound = tile.rate[i] * Tables::at_most(most, tile.risk[i]);
        tile.reason[i] = u32::from(f64::from(tile.words[1][i]) < bound) * STAY;
    }
}

/// Who is enrolled for a special chronic disease.
#[inline(always)]
fn chronic(cut_off: &[f64; CELLS / 2], liability: &Column<f64>, tile: &mut Tile) {
    for i in 0..TILE {
        let enrolled = liability[i] > cut_off[(tile.cell[i] >> 1) as usize & (CELLS / 2 - 1)];
        tile.reason[i] |= u32::from(enrolled) * CHRONIC;
    }
}

/// Who has general outpatient care.
#[inline(always)]
fn outpatients(lanes: Lanes, first: u32, users: f64, tile: &mut Tile) {
    for i in 0..TILE {
        let [word, ..] = lanes.block(first.wrapping_add(i as u32), 0);
        tile.reason[i] |= u32::from(f64::from(word) < users) * OUTPATIENT;
    }
}

/// Counts the stays of those who may have a claim and lists those who have one; gives their number.
struct List<'a> {
    model: &'a IllnessModel,
    tile: &'a mut Tile,
    likely: &'a mut Likely,
    first: u32,
}

impl Kernel for List<'_> {
    type Output = usize;

    #[inline(always)]
    fn run(self) -> usize {
        let Self { model, tile, likely, first } = self;
        for i in 0..TILE {
            tile.flag[i] = u8::from(tile.reason[i] != 0);
        }
        let n = positions(&tile.flag, &mut tile.likely);
        let rows = filled_up(n);
        take(tile, rows, likely);
        own_risk(model.risk.admission_loading, rows, likely);
        count(model.admission.most_stays, rows, &mut likely.counting, &mut likely.more);
        list(tile, n, first, likely)
    }
}

#[inline(always)]
fn take(tile: &Tile, n: usize, likely: &mut Likely) {
    for j in 0..n.min(TILE) {
        let at = usize::from(tile.likely[j]);
        likely.risk[j] = tile.risk[at];
        likely.extra[j] = tile.extra[at];
        likely.counting.rate[j] = tile.rate[at];
        likely.counting.next[j] = f64::from(tile.words[1][at]) + 1.0;
    }
}

/// The rates at their own risk, with what a condition adds.
#[inline(always)]
fn own_risk(a: f64, n: usize, likely: &mut Likely) {
    for j in 0..n.min(TILE) {
        let factor = exp(a * likely.risk[j] - 0.5 * a * a);
        likely.counting.rate[j] = likely.counting.rate[j] * factor + likely.extra[j] * factor;
    }
}

/// Lists those of the first `n` who have any claim.
#[inline(always)]
fn list(tile: &Tile, n: usize, first: u32, likely: &mut Likely) -> usize {
    let mut listed = 0;
    for j in 0..n.min(TILE) {
        let at = usize::from(tile.likely[j]);
        let (spell, reason, stays) = (tile.spell[at], tile.reason[at], likely.counting.stays[j]);
        likely.ill[listed % TILE] = Ill {
            row: first + at as u32,
            stays: stays as u8,
            condition: spell.condition,
            condition_first: spell.first,
            condition_last: spell.last,
            chronic: reason & CHRONIC != 0,
            outpatient: reason & OUTPATIENT != 0,
            risk: likely.risk[j],
        };
        listed += usize::from((stays | reason & (CHRONIC | OUTPATIENT | CONDITION)) != 0);
    }
    listed
}
