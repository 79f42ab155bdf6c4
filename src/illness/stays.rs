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
use crate::units::{Fen, Month};

/// Persons whose stays are drawn together, so that the columns stay in the nearest cache.
pub const TOGETHER: usize = 256;

/// Where one stay takes place and which words it is drawn with.
#[derive(Debug, Clone, Copy)]
struct Drawn {
    place: Place,
    presence: (u8, u8),
    words: [u32; 4],
}

/// One quarter's visits for special chronic disease.
#[derive(Debug, Clone, Copy, Default)]
struct Quarter {
    month: u8,
    visits: u8,
    words: [u32; 4],
}

/// Stays and chronic bills in columns, and the claims they become.
#[derive(Debug, Clone, Default)]
pub struct Stays {
    drawn: Vec<Drawn>,
    /// First the log of the cost in yuan, then the cost.
    cost: Vec<f64>,
    /// First the exponent of the share outside the catalogue, then the share.
    outside: Vec<f64>,
    quarters: Vec<Quarter>,
    /// The claims of stays, person by person.
    pub claims: Vec<Claim>,
    /// The bills of special chronic disease, person by person.
    pub chronic: Vec<Claim>,
    /// How many such bills each person has.
    pub chronic_each: Vec<u8>,
}

impl Stays {
    pub(super) fn clear(&mut self) {
        self.drawn.clear();
        self.cost.clear();
        self.outside.clear();
        self.claims.clear();
        self.chronic.clear();
        self.chronic_each.clear();
    }

    /// Adds a stay: words are cost, place, share outside the catalogue, day with length.
    #[inline]
    pub(super) fn push(
        &mut self,
        (place, log_yuan, exponent): (Place, f64, f64),
        presence: (u8, u8),
        words: [u32; 4],
    ) {
        self.drawn.push(Drawn { place, presence, words });
        self.cost.push(log_yuan);
        self.outside.push(exponent);
    }
}

impl IllnessModel {
    /// Draws the inpatient stays of some persons into `stays.claims` and their bills of special chronic disease
    /// into `stays.chronic`, in the order of the persons.
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
        self.quarters(ctx, persons, ill, stays);
        self.finish_quarters(ctx, stays);
    }

    /// Draws the number of visits of each quarter and keeps the quarters with any, without branches on it.
    ///
    /// Words of block q of `Purpose::Chronic`: visits, cost of a visit, catalogue, level.
    fn quarters(&self, ctx: &YearContext, persons: &Persons<'_>, ill: &[Ill], stays: &mut Stays) {
        stays.quarters.clear();
        stays.quarters.resize(4 * ill.len(), Quarter::default());
        let mut n = 0;
        for one in ill {
            let before = n;
            let row = one.row as usize;
            let (first, last) = (persons.first_month[row], persons.last_month[row]);
            for quarter in (0..4_u8).filter(|_| one.chronic) {
                let (from, to) = (first.max(quarter * 3 + 1), last.min(quarter * 3 + 3));
                if from > to {
                    continue;
                }
                let key = ctx.key(persons.number[row]);
                let words = ctx.draws.block(key, Purpose::Chronic, u32::from(quarter));
                let visits = ctx.visits[usize::from(to - from)].number(words[0]);
                #[expect(clippy::cast_possible_truncation, reason = "at most 24")]
                let drawn = Quarter { month: to, visits: visits as u8, words };
                stays.quarters[n] = drawn;
                n += usize::from(visits > 0);
            }
            #[expect(clippy::cast_possible_truncation, reason = "at most 4")]
            stays.chronic_each.push((n - before) as u8);
        }
        stays.quarters.truncate(n);
    }

    /// One bill a quarter, on the 20th of its last month present.
    fn finish_quarters(&self, ctx: &YearContext, stays: &mut Stays) {
        let Stays { quarters, cost, outside, chronic, .. } = stays;
        cost.clear();
        cost.extend(quarters.iter().map(|drawn| self.chronic.log_visit(&self.normal, drawn.words[1])));
        cost.iter_mut().for_each(|cost| *cost = exp(*cost));
        outside.clear();
        let exponent = self.catalogue.chronic;
        outside.extend(quarters.iter().map(|drawn| -exponent * -ln(uniform(drawn.words[2]))));
        outside.iter_mut().for_each(|outside| *outside = 1.0 - exp(*outside));
        chronic.extend(quarters.iter().zip(&*cost).zip(&*outside).map(|((drawn, cost), outside)| {
            let total = fen(f64::from(drawn.visits) * cost);
            let out_of_scope = Fen(fen(outside * total.yuan()).0.min(total.0));
            let bill = self.chronic.bill(drawn.words[3], total, out_of_scope);
            bill.on(Month::new(ctx.year, drawn.month), 20)
        }));
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
        let Stays { drawn, cost, outside, claims, .. } = stays;
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
