//! What lasts of persons, drawn over tiles when they begin.

use super::incidence::{Tile, draw_tile};
use super::lanes::{Segments, Words, normal, positions};
use super::tables::Column;
use super::{PersonTiles, TILE, TileScratch, TileState};
use crate::illness::IllnessModel;
use crate::illness::risk::Risk;
use crate::illness::year::YearContext;
use crate::instruction_set::{Instructions, Kernel};
use crate::rng::{Lanes, Purpose};

impl IllnessModel {
    /// Begins the persons that the state does not have yet.
    pub(super) fn begin_tiled(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        tiles: &PersonTiles,
        (state, scratch): (&mut TileState, &mut TileScratch),
    ) {
        state.room(tiles.cell.len());
        let lanes = ctx.draws.lanes(ctx.lasting_key(0), Purpose::Frailty);
        while state.begun < tiles.persons {
            let start = state.begun;
            let end = tiles.persons.min(start + TILE);
            let n =
                instructions.run(Begin { model: self, lanes, state, start, end, tile: &mut scratch.tile });
            for at in scratch.tile.changing[..n].iter().map(|at| usize::from(*at)) {
                let row = start + at;
                let word = scratch.tile.words[3][at];
                state.condition[row] = self.conditions.at_begin(tiles.group[row], tiles.age[row], word);
            }
            state.begun = end;
        }
    }
}

/// What lasts of the persons from `start` to `end`; gives the number of those who may have a condition.
struct Begin<'a> {
    model: &'a IllnessModel,
    lanes: Lanes,
    state: &'a mut TileState,
    start: usize,
    end: usize,
    tile: &'a mut Tile,
}

impl Kernel for Begin<'_> {
    type Output = usize;

    #[inline(always)]
    fn run(self) -> usize {
        let Self { model, lanes, state, start, end, tile } = self;
        let n = end - start;
        draw_tile(lanes, start as u32, &mut tile.words);
        let segments = &*model.normal.segments;
        // Work columns stand in for the state, which does not begin at a whole tile.
        begin(&model.risk, segments, &tile.words, (&mut tile.risk, &mut tile.rate, &mut tile.own_rate));
        state.lasting[start..end].copy_from_slice(&tile.risk[..n]);
        state.changing[start..end].copy_from_slice(&tile.rate[..n]);
        state.liability[start..end].copy_from_slice(&tile.own_rate[..n]);
        state.condition[start..end].fill(0);
        let most = model.tables.most_present;
        for (i, (flag, word)) in tile.flag.iter_mut().zip(&tile.words[3]).enumerate() {
            *flag = u8::from((*word < most) & (i < n));
        }
        positions(&tile.flag, &mut tile.changing)
    }
}

/// The permanent part with its weight, the changing part and the liability.
#[inline(always)]
fn begin(
    risk: &Risk,
    segments: &Segments,
    [w0, w1, w2, _]: &Words<TILE>,
    (lasting, changing, liability): (&mut Column<f64>, &mut Column<f64>, &mut Column<f64>),
) {
    let (weight, shared, own) = (risk.permanent, risk.chronic_shared, risk.chronic_own);
    for i in 0..TILE {
        let permanent = normal(segments, w0[i]);
        lasting[i] = weight * permanent;
        liability[i] = shared * permanent + own * normal(segments, w2[i]);
    }
    for i in 0..TILE {
        changing[i] = normal(segments, w1[i]);
    }
}
