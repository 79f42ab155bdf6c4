//! Counting ordinary residents: the probabilities of several cells side by side.

use crate::illness::IllnessModel;
use crate::illness::math::exp;
use crate::illness::ordinary::{Cells, NODES, Nodes, OrdinaryYear};
use crate::illness::year::YearContext;
use crate::instruction_set::{Instructions, Kernel};

/// Cells that are worked on together.
const TOGETHER: usize = 8;

/// By node and cell.
type Until = [[f64; TOGETHER]; NODES];

impl IllnessModel {
    /// The same as `ordinary_year`.
    #[must_use]
    pub fn ordinary_year_tiled(
        &self,
        (instructions, ctx): (Instructions, &YearContext),
        cells: &Cells<'_>,
        costly: bool,
    ) -> OrdinaryYear {
        self.count_ordinary(ctx, cells, costly, |rates, factors| {
            let mut all = vec![[0.0; NODES]; rates.len()];
            let mut until = [[0.0; TOGETHER]; NODES];
            for (rates, all) in rates.chunks(TOGETHER).zip(all.chunks_mut(TOGETHER)) {
                let mut some = [0.0; TOGETHER];
                some[..rates.len()].copy_from_slice(rates);
                instructions.run(AtLeastOne { nodes: &self.nodes, factors, rates: some, until: &mut until });
                for (i, to) in all.iter_mut().enumerate() {
                    for at in 0..NODES {
                        to[at] = until[at][i % TOGETHER];
                    }
                }
            }
            all
        })
    }
}

/// The probability of at least one stay at some rates, as cumulated over the nodes.
struct AtLeastOne<'a> {
    nodes: &'a Nodes,
    factors: &'a [f64; NODES],
    rates: [f64; TOGETHER],
    until: &'a mut Until,
}

impl Kernel for AtLeastOne<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let Self { nodes, factors, rates, until } = self;
        at_least_one(&nodes.weight, factors, &rates, until);
        cumulate(until);
    }
}

#[inline(always)]
fn at_least_one(weight: &[f64; NODES], factors: &[f64; NODES], rates: &[f64; TOGETHER], until: &mut Until) {
    for at in 0..NODES {
        for i in 0..TOGETHER {
            until[at][i] = weight[at] * (1.0 - exp(-rates[i] * factors[at]));
        }
    }
}

#[inline(always)]
fn cumulate(until: &mut Until) {
    let mut sum = [0.0; TOGETHER];
    for row in until {
        for i in 0..TOGETHER {
            let next = sum[i] + row[i];
            (sum[i], row[i]) = (next, next);
        }
    }
}
