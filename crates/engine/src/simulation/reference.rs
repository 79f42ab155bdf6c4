//! The plain reference: one year of a replicate, person by person.
//!
//! The [tiled engine](super::tiled) gives the same books and is what runs are made with.

use super::person::LaneState;
use super::replicate::{OpenYear, Scratch};
use super::scene::{Scene, Who};
use super::together;
use crate::illness::State;
use crate::policy::claim::Claim;

/// Memory that is used again from replicate to replicate.
#[derive(Debug, Default)]
pub struct Plain {
    states: Vec<State>,
    claims: Vec<Claim>,
}

impl Plain {
    /// Forgets the replicate before.
    pub fn begin(&mut self) {
        self.states.clear();
    }
}

/// One year: identity holders, then ordinary residents.
pub(super) fn year(open: &mut OpenYear<'_, '_>, scratch: &mut Scratch) {
    identity_holders(open, scratch);
    ordinary_residents(open, scratch);
}

/// Who falls ill, their claims, and what each lane makes of them.
fn identity_holders(open: &mut OpenYear<'_, '_>, scratch: &mut Scratch) {
    let OpenYear { county, ctx, year, .. } = *open;
    let columns = &county.columns[year];
    let persons = columns.persons();
    let Scratch { ill: all, plain, lanes: states, .. } = scratch;
    all.clear();
    county.model.begin(ctx, &persons, &mut plain.states);
    county.model.incidence(ctx, &persons, &mut plain.states, all);
    all.retain(|ill| open.has_bills(ill));
    open.work.person_years += columns.n_present() as u64;
    open.work.ill_person_years += all.len() as u64;
    for (_, ill) in open.by_weight(all) {
        for ill in &*ill {
            plain.claims.clear();
            county.model.claims(ctx, &persons, ill, &mut plain.claims);
            let who = Who::Holder { row: ill.row as usize, stays: ill.stays };
            settle(open, (who, &plain.claims), states);
        }
    }
    together::settle_households(open, states, all);
}

/// Ordinary residents: those admitted are counted, those with a costly year are settled one by one.
fn ordinary_residents(open: &mut OpenYear<'_, '_>, scratch: &mut Scratch) {
    let OpenYear { county, lanes, ctx, year, .. } = *open;
    let cells = county.ordinary.cells();
    let any_costly = lanes.iter().any(|lane| lane.needs_ordinary(year));
    let ordinary = county.model.ordinary_year(ctx, &cells, any_costly);
    open.count_admitted(ordinary.admitted as i64);
    let Scratch { plain, lanes: states, .. } = scratch;
    for (cell, numbers) in ordinary.costly.runs(0..ordinary.costly.persons()) {
        for number in numbers {
            plain.claims.clear();
            county.model.costly_claims(ctx, (&ordinary.costly, cell), number, &mut plain.claims);
            settle(open, (Who::costly(cell, number), &plain.claims), states);
        }
    }
}

/// Settles one person's claims in every lane.
fn settle(open: &mut OpenYear<'_, '_>, (who, claims): (Who, &[Claim]), states: &mut [LaneState]) {
    let OpenYear { county, lanes, ctx, year, weights, .. } = *open;
    open.work.claims += claims.len() as u64;
    for ((state, lane), book) in states.iter_mut().zip(lanes).zip(open.books.iter_mut()) {
        // Identity holders are settled household by household, once the claims of all are drawn.
        if lane.counts_households(year) && matches!(who, Who::Holder { .. }) {
            continue;
        }
        state.settle_year(Scene { county, lane, ctx, year, weights }, (who, claims), book);
    }
}
