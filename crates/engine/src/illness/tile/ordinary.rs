//! Ordinary residents with a costly year, over tiles of persons of any cells: whom a tile holds, and its bills.

use std::ops::Range;

use super::TILE;
use super::bills::Bills;
use super::count::{Counting, More};
use super::lanes::Words;
use super::tables::Column;
use crate::illness::IllnessModel;
use crate::illness::ordinary::{Costly, CostlyYear, NODES, costly_part, node};
use crate::illness::year::YearContext;
use crate::instruction_set::Instructions;
use crate::instruction_set::arithmetic::boxed;
use crate::rng::Lanes;

/// Room for the nodes of the risk, a power of two.
pub(in crate::illness) const ROOM: usize = 64;

/// What a county-year's stays of ordinary residents need, by node of the risk.
#[derive(Debug, Clone)]
pub(in crate::illness) struct Nodes {
    /// Factor on stays.
    pub(super) factor: [f64; ROOM],
    /// Log factor on the cost of a stay.
    pub(super) log_factor: [f64; ROOM],
    /// The share of stays that are costly.
    pub(super) part: [f64; ROOM],
    /// By node and whether costly: the shares of the levels among such stays.
    pub(super) shares: Box<[[f64; 4]; 2 * ROOM]>,
    /// Their sum.
    pub(super) sum: [f64; 2 * ROOM],
    /// By node, whether costly and level: how many words of the cost are of such a stay.
    pub(super) words: Box<[[f64; 4]; 2 * ROOM]>,
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

/// Persons of one cell between the steps.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Piece {
    pub(super) number: Column<u32>,
    /// Block 0 of each.
    pub(super) words: Words<TILE>,
    /// Node of the risk, or condition plus one.
    pub(super) row: Column<u32>,
}

/// Persons of a tile.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Gathered {
    pub(super) number: Column<u32>,
    pub(super) row: Column<u32>,
    /// Words 1 to 3 of block 0.
    pub(super) words: [Column<u32>; 3],
    /// Stays a year of a person of average risk of the cell.
    pub(super) rate: Column<f64>,
    /// How many there are.
    pub(super) n: usize,
}

/// What the kernels work out of them.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Worked {
    /// Costly stays a year.
    pub(super) dear_rate: Column<f64>,
    pub(super) dear: Column<u32>,
    pub(super) log_factor: Column<f64>,
    /// 256 times the node plus the number of costly stays.
    pub(super) info: Column<u32>,
    pub(super) flag: Column<u8>,
    pub(super) found: [u8; TILE + 64],
}

/// Memory of the numbers of stays.
#[derive(Debug)]
pub(super) struct Numbers {
    pub(super) piece: Piece,
    pub(super) gathered: Gathered,
    pub(super) worked: Worked,
    pub(super) counting: Counting,
    pub(super) more: More,
}

impl Numbers {
    pub(super) const EMPTY: Self = Self {
        piece: Piece { number: [0; TILE], words: [[0; TILE]; 4], row: [0; TILE] },
        gathered: Gathered {
            number: [0; TILE],
            row: [0; TILE],
            words: [[0; TILE]; 3],
            rate: [0.0; TILE],
            n: 0,
        },
        worked: Worked {
            dear_rate: [0.0; TILE],
            dear: [0; TILE],
            log_factor: [0.0; TILE],
            info: [0; TILE],
            flag: [0; TILE],
            found: [0; TILE + 64],
        },
        counting: Counting::EMPTY,
        more: More::EMPTY,
    };

    /// Adds the first persons of the piece.
    pub(super) fn add(&mut self, rate: f64, n: usize) {
        let Self { piece, gathered, .. } = self;
        let rows = gathered.n..gathered.n + n;
        gathered.number[rows.clone()].copy_from_slice(&piece.number[..n]);
        gathered.row[rows.clone()].copy_from_slice(&piece.row[..n]);
        for (to, from) in gathered.words.iter_mut().zip(&piece.words[1..]) {
            to[rows.clone()].copy_from_slice(&from[..n]);
        }
        gathered.rate[rows.clone()].fill(rate);
        gathered.n = rows.end;
    }
}

/// Draws block 0 of neighbouring persons.
#[inline(always)]
pub(super) fn draw_piece(lanes: Lanes, first: u32, n: usize, piece: &mut Piece) {
    for i in 0..n.min(TILE) {
        let number = first.wrapping_add(i as u32);
        let block = lanes.block(number, 0);
        piece.number[i] = number;
        (piece.words[0][i], piece.words[1][i]) = (block[0], block[1]);
        (piece.words[2][i], piece.words[3][i]) = (block[2], block[3]);
    }
}

impl CostlyYear {
    /// The number of persons with a costly year, over all cells: their running numbers are below it.
    #[must_use]
    pub fn persons(&self) -> u32 {
        self.cells.iter().map(Costly::persons).sum()
    }

    /// The persons with these running numbers, as runs of numbers within cells. All persons with a costly stay
    /// come first, cell by cell, then all with a major condition, cell by cell.
    pub fn runs(&self, numbers: Range<u32>) -> impl Iterator<Item = (&Costly, Range<u32>)> {
        let by_stay = self.cells.iter().map(|cell| (cell, 0..cell.by_stay));
        let by_condition = self.cells.iter().map(|cell| (cell, cell.by_stay..cell.persons()));
        let mut end = 0;
        by_stay.chain(by_condition).filter_map(move |(cell, own)| {
            let start = end;
            end += own.end - own.start;
            let (from, to) = (numbers.start.max(start), numbers.end.min(end));
            (from < to).then(|| (cell, own.start + (from - start)..own.start + (to - start)))
        })
    }
}

impl IllnessModel {
    /// All bills of the costly ordinary residents of a county-year with these running numbers (see
    /// [`CostlyYear::runs`]): the same as `costly_claims`, person by person.
    pub fn costly_bills_of_cells(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        year: &CostlyYear,
        numbers: Range<u32>,
        bills: &mut Bills,
    ) {
        bills.clear();
        bills.memory.costly.gathered.n = 0;
        let Some(nodes) = &year.nodes else { return };
        // Those with a costly stay come first.
        let mut of_stays = true;
        for (costly, mut numbers) in year.runs(numbers).filter(|run| !run.1.is_empty()) {
            let by_stay = numbers.start < costly.by_stay;
            if by_stay != of_stays {
                self.with_costly_stays((instructions, ctx), nodes, bills);
                of_stays = by_stay;
            }
            while !numbers.is_empty() {
                let room = (TILE - bills.memory.costly.gathered.n) as u32;
                let some = numbers.start..numbers.end.min(numbers.start + room);
                numbers.start = some.end;
                if by_stay {
                    Self::add_costly((instructions, ctx), costly, some, &mut bills.memory.costly);
                } else {
                    self.add_with_condition((instructions, ctx), costly, some, &mut bills.memory.costly);
                }
                if bills.memory.costly.gathered.n == TILE {
                    self.flush_costly((instructions, ctx), (nodes, of_stays), bills);
                }
            }
        }
        self.flush_costly((instructions, ctx), (nodes, of_stays), bills);
        bills.chronic.each.resize(bills.stays.each.len(), 0);
        bills.outpatient.each.resize(bills.stays.each.len(), 0);
    }

    /// Makes the bills of the persons gathered.
    fn flush_costly(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        (nodes, of_stays): (&Nodes, bool),
        bills: &mut Bills,
    ) {
        if of_stays {
            self.with_costly_stays((instructions, ctx), nodes, bills);
        } else {
            self.with_conditions((instructions, ctx), bills);
        }
    }
}
