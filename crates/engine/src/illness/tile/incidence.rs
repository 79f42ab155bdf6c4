//! Incidence over tiles.

use super::count::{Counting, More, count};
use super::lanes::{Segments, Words, normal, positions, power_at_most};
use super::memory::filled_up;
use super::persons::{NOBODY, TileYear};
use super::tables::{CELLS, Column};
use super::{PersonTiles, TILE, TileScratch};
use crate::illness::IllnessModel;
use crate::illness::condition::Spell;
use crate::illness::incidence::Ill;
use crate::illness::math::exp;
use crate::illness::risk::Risk;
use crate::illness::year::YearContext;
use crate::instruction_set::arithmetic::boxed;
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

/// What the persons of a tile carry from year to year, in the order of those who are there.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Carried {
    /// How many there are.
    pub(super) n: usize,
    /// The part of the risk that never changes, with its weight.
    pub(super) lasting: Column<f64>,
    /// The part of the risk that fades.
    pub(super) changing: Column<f64>,
    /// Liability to special chronic disease.
    pub(super) liability: Column<f64>,
    /// Major condition at the end of the year, plus one.
    pub(super) condition: Column<u32>,
}

impl Default for Carried {
    fn default() -> Self {
        Self {
            n: 0,
            lasting: [0.0; TILE],
            changing: [0.0; TILE],
            liability: [0.0; TILE],
            condition: [0; TILE],
        }
    }
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

impl IllnessModel {
    /// Begins persons, moves them on year by year and lists for each year those with any claim: the same as `begin`
    /// and `incidence` of those who are there.
    ///
    /// All years of a tile come one after another, so that what its persons carry stays in the nearest cache.
    pub fn incidence_tiled(
        &self,
        (instructions, years): (Instructions, &[YearContext]),
        tiles: &PersonTiles,
        scratch: &mut TileScratch,
        ill: &mut Vec<Vec<Ill>>,
    ) {
        ill.resize_with(years.len(), Vec::new);
        ill.iter_mut().for_each(Vec::clear);
        scratch.rates.resize_with(years.len(), || boxed(0.0));
        let relative = &self.admission.relative;
        for (rates, ctx) in scratch.rates.iter_mut().zip(years) {
            for (rates, group) in rates.chunks_exact_mut(relative.len()).zip(&ctx.group_admissions) {
                rates.iter_mut().zip(relative).for_each(|(rate, one)| *rate = ctx.rate * one * group);
            }
        }
        let mut first = u32::MAX;
        for rows in &tiles.tiles {
            if rows.first != first {
                (first, scratch.carried.n) = (rows.first, 0);
            }
            if let (Some(ctx), Some(ill)) = (years.get(rows.year), ill.get_mut(rows.year)) {
                self.year_of_tile((instructions, ctx), rows, scratch, ill);
            }
        }
    }

    /// One year of a tile.
    fn year_of_tile(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        rows: &TileYear,
        scratch: &mut TileScratch,
        ill: &mut Vec<Ill>,
    ) {
        let TileScratch { rates, tile, likely, carried, spare } = scratch;
        let rates = &rates[rows.year];
        if rows.n_kept < carried.n {
            std::mem::swap(spare, carried);
            instructions.run(MoveUp { rows, before: spare, carried });
        }
        if rows.n_kept < rows.n {
            self.begin_tiled((instructions, ctx), rows, (carried, tile));
        }
        carried.n = rows.n;
        let lanes = ctx.draws.lanes(ctx.key(0), Purpose::PersonYear);
        let uses = ctx.draws.lanes(ctx.key(0), Purpose::Outpatient);
        let outpatient = ctx.general_outpatient.then(|| (uses, self.outpatient.users()));
        instructions.run(Advance { model: self, rates, lanes, outpatient, rows, carried, tile });
        let changing = self.conditions_of(ctx, rows, carried, tile);
        let n = instructions.run(List { model: self, tile, likely, rows });
        ill.extend_from_slice(&likely.ill[..n]);
        for at in tile.found[..changing].iter().map(|at| usize::from(*at)) {
            (tile.extra[at], tile.spell[at]) = (0.0, Spell::default());
        }
    }

    /// Moves the conditions on of those who have one or may get one; gives their number.
    fn conditions_of(
        &self,
        ctx: &YearContext,
        rows: &TileYear,
        carried: &mut Carried,
        tile: &mut Tile,
    ) -> usize {
        let n = positions(&tile.flag[..rows.filled], &mut tile.found);
        for at in tile.found[..n].iter().map(|at| usize::from(*at)) {
            let words = [tile.words[2][at], tile.words[3][at]];
            let mut condition = carried.condition[at] as u8;
            let mut spell = self.conditions.advance(usize::from(rows.cell[at] >> 1), words, &mut condition);
            carried.condition[at] = u32::from(condition);
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

/// Moves what persons carry up into the places of those who left.
struct MoveUp<'a> {
    rows: &'a TileYear,
    before: &'a Carried,
    carried: &'a mut Carried,
}

impl Kernel for MoveUp<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { rows, before, carried } = self;
        let n = rows.filled;
        collect(&rows.kept, &before.lasting, n, &mut carried.lasting);
        collect(&rows.kept, &before.changing, n, &mut carried.changing);
        collect(&rows.kept, &before.liability, n, &mut carried.liability);
        collect(&rows.kept, &before.condition, n, &mut carried.condition);
    }
}

#[inline(always)]
fn collect<T: Copy>(kept: &Column<u8>, from: &Column<T>, n: usize, to: &mut Column<T>) {
    for i in 0..n.min(TILE) {
        to[i] = from[usize::from(kept[i])];
    }
}

/// Block 0 of the persons of a tile.
#[inline(always)]
pub(super) fn draw_tile(lanes: Lanes, rows: &TileYear, tile: &mut Tile) {
    draw_places(lanes, rows.first, &rows.place, rows.filled, tile);
}

#[inline(always)]
fn draw_places(lanes: Lanes, first: u32, place: &Column<u8>, n: usize, tile: &mut Tile) {
    for i in 0..n.min(TILE) {
        let half = lanes.begin(first + u32::from(place[i]), 0);
        (tile.half[0][i], tile.half[1][i]) = (half[0], half[1]);
        (tile.half[2][i], tile.half[3][i]) = (half[2], half[3]);
    }
    for i in 0..n.min(TILE) {
        let half = &tile.half;
        let block = lanes.finish([half[0][i], half[1][i], half[2][i], half[3][i]]);
        (tile.words[0][i], tile.words[1][i]) = (block[0], block[1]);
        (tile.words[2][i], tile.words[3][i]) = (block[2], block[3]);
    }
}

/// Moves a tile on by a year and marks who may have a claim.
struct Advance<'a> {
    model: &'a IllnessModel,
    rates: &'a [f64; CELLS],
    lanes: Lanes,
    /// Draws of general outpatient care, where there are any, and how many words mean it.
    outpatient: Option<(Lanes, f64)>,
    rows: &'a TileYear,
    carried: &'a mut Carried,
    tile: &'a mut Tile,
}

impl Kernel for Advance<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { model, rates, lanes, outpatient, rows, carried, tile } = self;
        let n = rows.filled;
        draw_tile(lanes, rows, tile);
        flag_changing(model.tables.most_onset, &rows.cell, &carried.condition, n, tile);
        let Carried { lasting, changing, liability, .. } = carried;
        advance((&model.risk, &model.normal.segments), lasting, changing, n, tile);
        own_rates(rates, &model.tables.share, (&rows.cell, &rows.presence), n, tile);
        sift(model.risk.admission_loading, &model.tables.cut_off, (&rows.cell, liability), n, tile);
        if let Some((lanes, users)) = outpatient {
            outpatients((lanes, users), rows.first, (&rows.place, &rows.cell), n, tile);
        }
    }
}

/// Flags who has a condition or may get one.
#[inline(always)]
fn flag_changing(most_onset: u32, cell: &Column<u16>, condition: &Column<u32>, n: usize, tile: &mut Tile) {
    for i in 0..n.min(TILE) {
        let may = (tile.words[2][i] < most_onset) | (condition[i] != 0);
        tile.flag[i] = u8::from(may & (cell[i] != NOBODY));
    }
}

/// The changing part of the risk, and the risk.
#[inline(always)]
fn advance(
    (weights, segments): (&Risk, &Segments),
    lasting: &Column<f64>,
    changing: &mut Column<f64>,
    n: usize,
    tile: &mut Tile,
) {
    let (phi, innovation, weight) = (weights.phi, weights.innovation, weights.changing);
    for i in 0..n.min(TILE) {
        let now = phi * changing[i] + innovation * normal(segments, tile.words[0][i]);
        changing[i] = now;
        tile.risk[i] = lasting[i] + weight * now;
    }
}

/// Stays a year at average risk in the months of presence.
#[inline(always)]
fn own_rates(
    rates: &[f64; CELLS],
    share: &[f64; 256],
    (cell, presence): (&Column<u16>, &Column<u8>),
    n: usize,
    tile: &mut Tile,
) {
    for i in 0..n.min(TILE) {
        tile.rate[i] = rates[usize::from(cell[i])] * share[usize::from(presence[i])];
    }
}

/// Who may have a stay, because the word lies below a bound of the rate, and who is enrolled for a special chronic
/// disease.
#[inline(always)]
fn sift(
    a: f64,
    cut_off: &[f64; CELLS / 2],
    (cell, liability): (&Column<u16>, &Column<f64>),
    n: usize,
    tile: &mut Tile,
) {
    // The factor e^(a z - a²/2) as a power of two.
    let (slope, start) = (a * std::f64::consts::LOG2_E, -0.5 * a * a * std::f64::consts::LOG2_E);
    for i in 0..n.min(TILE) {
        let bound = tile.rate[i] * power_at_most(slope * tile.risk[i] + start);
        tile.reason[i] = u32::from(f64::from(tile.words[1][i]) < bound) * STAY;
    }
    for i in 0..n.min(TILE) {
        let enrolled = liability[i] > cut_off[usize::from(cell[i] >> 1)];
        tile.reason[i] |= u32::from(enrolled) * CHRONIC;
    }
}

/// Who has general outpatient care.
#[inline(always)]
fn outpatients(
    (lanes, users): (Lanes, f64),
    first: u32,
    (place, cell): (&Column<u8>, &Column<u16>),
    n: usize,
    tile: &mut Tile,
) {
    for i in 0..n.min(TILE) {
        let [word, ..] = lanes.block(first + u32::from(place[i]), 0);
        let uses = (f64::from(word) < users) & (cell[i] != NOBODY);
        tile.reason[i] |= u32::from(uses) * OUTPATIENT;
    }
}

/// Counts the stays of those who may have a claim and lists those who have one; gives their number.
struct List<'a> {
    model: &'a IllnessModel,
    tile: &'a mut Tile,
    likely: &'a mut Likely,
    rows: &'a TileYear,
}

impl Kernel for List<'_> {
    type Output = usize;

    #[inline(always)]
    fn run(self) -> usize {
        let Self { model, tile, likely, rows: people } = self;
        for i in 0..people.filled.min(TILE) {
            tile.flag[i] = u8::from(tile.reason[i] != 0);
        }
        let n = positions(&tile.flag[..people.filled.min(TILE)], &mut tile.likely);
        let rows = filled_up(n);
        take(tile, rows, likely);
        own_risk(model.risk.admission_loading, rows, likely);
        count(model.admission.most_stays, rows, &mut likely.counting, &mut likely.more);
        list(tile, n, people, likely)
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
fn list(tile: &Tile, n: usize, people: &TileYear, likely: &mut Likely) -> usize {
    let mut listed = 0;
    for j in 0..n.min(TILE) {
        let at = usize::from(tile.likely[j]);
        let (spell, reason, stays) = (tile.spell[at], tile.reason[at], likely.counting.stays[j]);
        likely.ill[listed % TILE] = Ill {
            row: people.first + u32::from(people.place[at]),
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
