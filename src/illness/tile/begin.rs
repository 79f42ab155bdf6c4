//! What lasts of persons, drawn over tiles when they begin.

use super::incidence::{Tile, draw_tile};
use super::lanes::{Segments, normal, positions};
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
        let tile = &mut *scratch.tile;
        while state.begun < tiles.persons {
            let start = state.begun;
            let end = tiles.persons.min(start + TILE);
            let n = end - start;
            let may_be_ill = instructions.run(Begin { model: self, lanes, start, n, tile });
            state.lasting[start..end].copy_from_slice(&tile.lasting[..n]);
            state.changing[start..end].copy_from_slice(&tile.changing[..n]);
            state.liability[start..end].copy_from_slice(&tile.liability[..n]);
            state.condition[start..end].fill(0);
            for at in tile.found[..may_be_ill].iter().map(|at| usize::from(*at)) {
                let row = start + at;
                let word = tile.words[3][at];
                state.condition[row] = self.conditions.at_begin(tiles.group[row], tiles.age[row], word);
            }
            state.begun = end;
        }
    }
}

/// What lasts of `n` persons from `start` on; gives the number of those who may have a condition.
struct Begin<'a> {
    model: &'a IllnessModel,
    lanes: Lanes,
    start: usize,
    n: usize,
    tile: &'a mut Tile,
}

impl Kernel for Begin<'_> {
    type Output = usize;

    #[inline(always)]
    fn run(self) -> usize {
        let Self { model, lanes, start, n, tile } = self;
        draw_tile(lanes, start as u32, tile);
        begin(&model.risk, &model.normal.segments, tile);
        let most = model.tables.most_present;
        for i in 0..TILE {
            tile.flag[i] = u8::from((tile.words[3][i] < most) & (i < n));
        }
        positions(&tile.flag, &mut tile.found)
    }
}

/// The permanent part with its weight, the changing part and the liability.
#[inline(always)]
fn begin(risk: &Risk, segments: &Segments, tile: &mut Tile) {
    let (weight, shared, own) = (risk.permanent, risk.chronic_shared, risk.chronic_own);
    for i in 0..TILE {
        let permanent = normal(segments, tile.words[0][i]);
        tile.lasting[i] = weight * permanent;
        tile.liability[i] = shared * permanent + own * normal(segments, tile.words[2][i]);
    }
    for i in 0..TILE {
        tile.changing[i] = normal(segments, tile.words[1][i]);
    }
}
