//! The claims of one person-year: stays, then the bills of a major condition, of special chronic disease and of
//! general outpatient care.

use super::IllnessModel;
use super::bill::{self, Catalogue};
use super::incidence::{Ill, Persons};
use super::stay::Place;
use super::year::YearContext;
use crate::policy::claim::{Claim, Disease, Kind};
use crate::rng::Purpose;
use crate::units::{Fen, Month, days_in};

impl IllnessModel {
    /// Appends all claims of one person-year, in no order of time.
    pub fn claims(&self, ctx: &YearContext, persons: &Persons<'_>, ill: &Ill, out: &mut Vec<Claim>) {
        let row = ill.row as usize;
        let (number, presence) = (persons.number[row], persons.presence(row));
        self.stay_claims(ctx, (number, persons.group[row], presence), ill, out);
        self.major_claims(ctx, number, ill, out);
        if ill.chronic {
            self.chronic_claims(ctx, number, presence, out);
        }
        if ill.outpatient {
            out.push(self.outpatient_claim(ctx, number, presence));
        }
    }

    /// The stays; the words of stay i are block i of `Purpose::Stay`.
    fn stay_claims(
        &self,
        ctx: &YearContext,
        (number, group, presence): (u32, u8, (u8, u8)),
        ill: &Ill,
        out: &mut Vec<Claim>,
    ) {
        let mut log_factor = self.groups[usize::from(group)].log_cost + self.risk.cost_loading * ill.risk;
        if let Some(condition) = self.conditions.get(ill.condition) {
            log_factor += condition.log_stay_cost;
        }
        for stay in 0..u32::from(ill.stays) {
            let words = ctx.draws.block(ctx.key(number), Purpose::Stay, stay);
            let claim = self.stay_claim(ctx, (self.places.at(words[1]), log_factor), presence, words);
            let disease = self.disease(ctx, ill.condition, (ctx.key(number), stay));
            out.push(Claim { disease, ..claim });
        }
    }

    /// One stay at a place, its cost multiplied by a factor given as a log. Words: cost, place, share outside the
    /// catalogue, day with length.
    pub(super) fn stay_claim(
        &self,
        ctx: &YearContext,
        (place, log_factor): (Place, f64),
        presence: (u8, u8),
        words: [u32; 4],
    ) -> Claim {
        let level = place.level.index();
        let total = self.cost.bill(ctx.log_cost[level] + log_factor + ctx.shape.at(&self.normal, words[0]));
        let (admitted, rest) = self.season.day(&ctx.calendar, presence, words[3]);
        Claim {
            kind: Kind::Inpatient,
            level: place.level,
            locality: place.locality,
            referred: place.referred,
            disease: Disease::NONE,
            admitted,
            discharged: admitted.plus_days(self.places.days_after(place.level, rest)),
            total,
            out_of_scope: Catalogue::part(self.catalogue.inpatient[level], words[2], total),
            other_paid: Fen::ZERO,
            stay: 0,
        }
    }

    /// Monthly bills on the 10th, the same in every year: the block is drawn without the year, by condition.
    fn major_claims(&self, ctx: &YearContext, number: u32, ill: &Ill, out: &mut Vec<Claim>) {
        let Some(condition) = self.conditions.get(ill.condition) else { return };
        let words = ctx.draws.block(ctx.lasting_key(number), Purpose::Major, u32::from(ill.condition));
        let bill = bill::major(condition, &self.normal, &self.catalogue, words);
        let months = ill.condition_first..=ill.condition_last;
        let disease = self.disease_of_bills(ctx, ill.condition, number);
        out.extend(months.map(|month| Claim { disease, ..bill.on(Month::new(ctx.year, month), 10) }));
    }

    /// One bill for each quarter with visits, on the 20th of its last month present.
    ///
    /// Words of block q of `Purpose::Chronic`: visits, cost of a visit, catalogue, level.
    fn chronic_claims(&self, ctx: &YearContext, number: u32, (first, last): (u8, u8), out: &mut Vec<Claim>) {
        for quarter in 0..4_u8 {
            let (from, to) = (first.max(quarter * 3 + 1), last.min(quarter * 3 + 3));
            if from > to {
                continue;
            }
            let words = ctx.draws.block(ctx.key(number), Purpose::Chronic, u32::from(quarter));
            let visits = ctx.visits[usize::from(to - from)].number(words[0]);
            if visits > 0 {
                let bill = self.chronic.bill(&self.normal, &self.catalogue, visits, words);
                out.push(bill.on(Month::new(ctx.year, to), 20));
            }
        }
    }

    /// One bill on the last day of the last month present, so that it comes after every earlier month's claims.
    fn outpatient_claim(&self, ctx: &YearContext, number: u32, (first, last): (u8, u8)) -> Claim {
        let words = ctx.draws.block(ctx.key(number), Purpose::Outpatient, 0);
        let share = f64::from(last + 1 - first) / 12.0;
        let month = Month::new(ctx.year, last);
        self.outpatient.bill(&self.normal, &self.catalogue, share, words).on(month, days_in(month))
    }
}
