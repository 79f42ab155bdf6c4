//! What lasts of persons, drawn over tiles when they begin.

use super::TILE;
use super::incidence::{Carried, Tile, draw_tile};
use super::lanes::{Segments, Words, normal, positions};
use super::persons::{TileYear, group_and_age};
use crate::illness::IllnessModel;
use crate::illness::risk::Risk;
use crate::illness::year::YearContext;
use crate::instruction_set::{Instructions, Kernel};
use crate::rng::{Lanes, Purpose};

impl IllnessModel {
    /// Begins those of a tile who are new in the year.
    pub(super) fn begin_tiled(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        rows: &TileYear,
        (carried, tile): (&mut Carried, &mut Tile),
    ) {
        let lanes = ctx.draws.lanes(ctx.lasting_key(0), Purpose::Frailty);
        let may_be_ill = instructions.run(Begin { model: self, lanes, rows, carried, tile });
        for at in tile.found[..may_be_ill].iter().map(|at| usize::from(*at)) {
            let (group, age) = group_and_age(rows.cell[at]);
            carried.condition[at] = u32::from(self.conditions.at_begin(group, age, tile.words[3][at]));
        }
    }
}

/// What lasts of the new persons of a tile; gives the number of those who may have a condition.
struct Begin<'a> {
    model: &'a IllnessModel,
    lanes: Lanes,
    rows: &'a TileYear,
    carried: &'a mut Carried,
    tile: &'a mut Tile,
}

impl Kernel for Begin<'_> {
    type Output = usize;

    #[inline(always)]
    fn run(self) -> usize {
        let Self { model, lanes, rows, carried, tile } = self;
        draw_tile(lanes, rows, tile);
        let (n, n_kept) = (rows.filled, rows.n_kept);
        if n_kept == 0 {
            begin(&model.risk, &model.normal.segments, &tile.words, n, carried);
        } else {
            // A tile that has begun already is seldom.
            for at in n_kept..rows.n.min(TILE) {
                let word = |number: usize| normal(&model.normal.segments, tile.words[number][at]);
                let (permanent, own) = (word(0), model.risk.chronic_own * word(2));
                carried.lasting[at] = model.risk.permanent * permanent;
                carried.liability[at] = model.risk.chronic_shared * permanent + own;
                carried.changing[at] = word(1);
                carried.condition[at] = 0;
            }
        }
        let most = model.tables.most_present;
        for i in 0..n.min(TILE) {
            let is_new = (i >= n_kept) & (i < rows.n);
            tile.flag[i] = u8::from((tile.words[3][i] < most) & is_new);
        }
        positions(&tile.flag[..n.min(TILE)], &mut tile.found)
    }
}

/// The permanent part with its weight, the changing part and the liability.
#[inline(always)]
fn begin(risk: &Risk, segments: &Segments, words: &Words<TILE>, n: usize, carried: &mut Carried) {
    let (weight, shared, own) = (risk.permanent, risk.chronic_shared, risk.chronic_own);
    for i in 0..n.min(TILE) {
        let permanent = normal(segments, words[0][i]);
        carried.lasting[i] = weight * permanent;
        carried.liability[i] = shared * permanent + own * normal(segments, words[2][i]);
    }
    for i in 0..n.min(TILE) {
        carried.changing[i] = normal(segments, words[1][i]);
        carried.condition[i] = 0;
    }
}
