//! Stays of several persons, worked out side by side: column by column instead of one after the other, so that
//! the processor need not wait for the exponentials of one stay before it begins the next.

use super::IllnessModel;
use super::cost::fen;
use super::incidence::{Ill, Persons};
use super::math::{exp, ln};
use super::stay::Place;
use super::year::YearContext;
use crate::policy::claim::{Claim, Kind};
use crate::rng::{Purpose, uniform};
use crate::units::Fen;

/// Persons whose stays are drawn together, so that the columns stay in the nearest cache.
pub const TOGETHER: usize = 256;

/// Where one stay takes place and which words it is drawn with.
#[derive(Debug, Clone, Copy)]
struct Drawn {
    place: Place,
    presence: (u8, u8),
    words: [u32; 4],
}

/// Stays in columns, and the claims they become.
#[derive(Debug, Clone, Default)]
pub struct Stays {
    drawn: Vec<Drawn>,
    /// First the log of the cost in yuan, then the cost.
    cost: Vec<f64>,
    /// First the exponent of the share outside the catalogue, then the share.
    outside: Vec<f64>,
    /// The claims, person by person.
    pub claims: Vec<Claim>,
}

impl Stays {
    pub(super) fn clear(&mut self) {
        self.drawn.clear();
        self.cost.clear();
        self.outside.clear();
        self.claims.clear();
    }

    /// Adds a stay: words are cost, place, share outside the catalogue, day with length.
    #[inline]
    pub(super) fn push(&mut self, (place, log_yuan, exponent): (Place, f64, f64), presence: (u8, u8), words: [u32; 4]) {
        self.drawn.push(Drawn { place, presence, words });
        self.cost.push(log_yuan);
        self.outside.push(exponent);
    }
}

impl IllnessModel {
    /// Draws the inpatient stays of some persons into `stays.claims`, in their order.
    pub fn stays(&self, ctx: &YearContext, persons: &Persons<'_>, ill: &[Ill], stays: &mut Stays) {
        stays.clear();
        for one in ill.iter().filter(|one| one.stays > 0) {
            let row = one.row as usize;
            let presence = (persons.first_month[row], persons.last_month[row]);
            let mut log_factor =
                self.groups[usize::from(persons.group[row])].log_cost + self.risk.cost_loading * one.risk;
            if one.condition != 0 {
                log_factor += self.conditions.list[usize::from(one.condition) - 1].log_stay_cost;
            }
            for stay in 0..u32::from(one.stays) {
                let words = ctx.draws.block(ctx.key(persons.number[row]), Purpose::Stay, stay);
                self.add_stay(ctx, stays, (self.places.at(words[1]), log_factor), (presence, words));
            }
        }
        self.finish_stays(ctx, stays);
    }

    /// Adds a stay at a place chosen.
    #[inline]
    pub(super) fn add_stay(
        &self,
        ctx: &YearContext,
        stays: &mut Stays,
        (place, log_factor): (Place, f64),
        (presence, words): ((u8, u8), [u32; 4]),
    ) {
        let level = place.level.index();
        let log_yuan = ctx.log_cost[level] + log_factor + ctx.shape.at(&self.normal, words[0]);
        stays.push((place, log_yuan, self.catalogue.inpatient[level]), presence, words);
    }

    /// Makes claims of the stays added.
    pub(super) fn finish_stays(&self, ctx: &YearContext, stays: &mut Stays) {
        let Stays { drawn, cost, outside, claims } = stays;
        cost.iter_mut().for_each(|cost| *cost = self.cost.yuan(*cost));
        for (outside, drawn) in outside.iter_mut().zip(&*drawn) {
            *outside = -*outside * -ln(uniform(drawn.words[2]));
        }
        outside.iter_mut().for_each(|outside| *outside = 1.0 - exp(*outside));
        claims.extend(drawn.iter().zip(&*cost).zip(&*outside).map(|((drawn, cost), outside)| {
            let total = fen(*cost);
            let place = drawn.place;
            let (admitted, rest) = self.season.day(&ctx.calendar, drawn.presence, drawn.words[3]);
            Claim {
                kind: Kind::Inpatient,
                level: place.level,
                locality: place.locality,
                referred: place.referred,
                admitted,
                discharged: self.places.discharged(&ctx.calendar, place.level, admitted, rest),
                total,
                out_of_scope: Fen(fen(outside * total.yuan()).0.min(total.0)),
            }
        }));
    }
}
