//! The stages over columns of persons: begin, incidence, claims.

use super::bill::{self, MOST_VISITS};
use super::condition::Spell;
use super::math::exp;
use super::risk::State;
use super::year::YearContext;
use super::{IllnessModel, bill::Catalogue};
use crate::policy::claim::{Claim, Kind, Sex};
use crate::rng::Purpose;
use crate::units::Month;

/// Columns of persons, one row a person; a row stands for the same person in every year.
#[derive(Debug, Clone, Copy)]
pub struct Persons<'a> {
    /// Number of the person in the county: part of the key of every draw.
    pub number: &'a [u32],
    /// Age at the last birthday in this year.
    pub age: &'a [u8],
    /// Sex.
    pub sex: &'a [Sex],
    /// Index into `IllnessModel::groups`.
    pub group: &'a [u8],
    /// First month of presence in the year, 1-12.
    pub first_month: &'a [u8],
    /// Last month of presence, 1-12; before the first for persons who are absent all year.
    pub last_month: &'a [u8],
}

impl Persons<'_> {
    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.number.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.number.is_empty()
    }
}

/// One person-year with any claim.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ill {
    /// Row of the person.
    pub row: u32,
    /// Number of inpatient stays.
    pub stays: u8,
    /// Major condition: 0 for none, else its number in `IllnessModel::conditions` plus one.
    pub condition: u8,
    /// First month with it, 1-12.
    pub condition_first: u8,
    /// Last month with it, 1-12.
    pub condition_last: u8,
    /// Whether enrolled for a special chronic disease.
    pub chronic: bool,
    /// Whether there is a general outpatient bill.
    pub outpatient: bool,
    /// The person's risk in this year, standard normal.
    pub risk: f64,
}

/// Rows worked on at once, so that the columns between the stages stay in the nearest cache.
const TILE: usize = 1024;

struct Tile {
    start: usize,
    words: [[u32; 4]; TILE],
    risk: [f64; TILE],
    rate: [f64; TILE],
    spell: [Spell; TILE],
}

impl IllnessModel {
    /// Begins the persons that the state does not have yet: what lasts, and last year's risk and condition.
    ///
    /// Rows of the state and of the persons stand for the same persons; new persons are added at the end. To be
    /// called in each year before `incidence`. Words of block 0 of `Purpose::Frailty`: permanent part, changing
    /// part, liability to chronic disease, condition.
    pub fn begin(&self, ctx: &YearContext, persons: &Persons<'_>, state: &mut State) {
        for row in state.len()..persons.len() {
            let words = ctx.draws.block(ctx.lasting_key(persons.number[row]), Purpose::Frailty, 0);
            let permanent = self.normal.draw(words[0]);
            state.permanent.push(permanent);
            state.changing.push(self.normal.draw(words[1]));
            let own = self.normal.draw(words[2]);
            state.liability.push(self.risk.chronic_shared * permanent + self.risk.chronic_own * own);
            let condition = self.conditions.at_begin(persons.group[row], persons.age[row], words[3]);
            state.condition.push(condition);
        }
    }

    /// Moves every person on by one year and lists those with any claim, in the order of the rows.
    ///
    /// Words of block 0 of `Purpose::PersonYear`: innovation of the risk, number of stays, end or onset of a
    /// condition, its month.
    pub fn incidence(&self, ctx: &YearContext, persons: &Persons<'_>, state: &mut State, ill: &mut Vec<Ill>) {
        debug_assert_eq!(state.len(), persons.len(), "begin comes before incidence");
        let mut tile = Tile {
            start: 0,
            words: [[0; 4]; TILE],
            risk: [0.0; TILE],
            rate: [0.0; TILE],
            spell: [Spell::default(); TILE],
        };
        for start in (0..persons.len()).step_by(TILE) {
            let rows = start..persons.len().min(start + TILE);
            let n = rows.len();
            for (words, &number) in tile.words.iter_mut().zip(&persons.number[rows.clone()]) {
                *words = ctx.draws.block(ctx.key(number), Purpose::PersonYear, 0);
            }
            tile.start = start;
            let lasting = (&state.permanent[rows.clone()], &mut state.changing[rows.clone()]);
            self.risk.advance(&self.normal, &tile.words[..n], lasting, &mut tile.risk[..n]);
            for (at, row) in rows.clone().enumerate() {
                let words = [tile.words[at][2], tile.words[at][3]];
                let condition = &mut state.condition[row];
                tile.spell[at] =
                    self.conditions.advance(persons.group[row], persons.age[row], words, condition);
            }
            for (at, row) in rows.clone().enumerate() {
                tile.rate[at] = self.rate(ctx, persons, row) * self.risk_factor(tile.risk[at]);
            }
            self.list(ctx, persons, (&tile, &state.liability[rows]), ill);
        }
    }

    /// Stays per year of a person of average risk, without those of a condition.
    #[inline]
    fn rate(&self, ctx: &YearContext, persons: &Persons<'_>, row: usize) -> f64 {
        ctx.rate
            * self.admission.relative(persons.age[row], persons.sex[row])
            * ctx.group_admissions[usize::from(persons.group[row])]
            * self.season.share(persons.first_month[row], persons.last_month[row])
    }

    /// e^(a z - a²/2): mean one.
    #[inline]
    pub(super) fn risk_factor(&self, risk: f64) -> f64 {
        let a = self.risk.admission_loading;
        exp(a * risk - 0.5 * a * a)
    }

    fn list(
        &self,
        ctx: &YearContext,
        persons: &Persons<'_>,
        (tile, liability): (&Tile, &[f64]),
        ill: &mut Vec<Ill>,
    ) {
        for (at, &liability) in liability.iter().enumerate() {
            let row = tile.start + at;
            let (first, last) = (persons.first_month[row], persons.last_month[row]);
            let risk = tile.risk[at];
            let mut rate = tile.rate[at];
            let mut spell = tile.spell[at];
            if spell.condition != 0 {
                spell.first = spell.first.max(first);
                spell.last = spell.last.min(last);
                if spell.first > spell.last {
                    spell = Spell::default();
                } else {
                    let extra = self.conditions.list[usize::from(spell.condition) - 1].extra_stays;
                    let share = self.season.share(spell.first, spell.last);
                    rate += ctx.extra * extra * share * self.risk_factor(risk);
                }
            }
            let stays = self.admission.stays(rate, tile.words[at][1]);
            let chronic = self.chronic.enrolled(persons.group[row], persons.age[row], liability);
            let outpatient = ctx.general_outpatient && {
                let words = ctx.draws.block(ctx.key(persons.number[row]), Purpose::Outpatient, 0);
                self.outpatient.uses(words[0])
            };
            if first <= last && (stays > 0 || spell.condition != 0 || chronic || outpatient) {
                let Spell { condition, first: condition_first, last: condition_last } = spell;
                #[expect(clippy::cast_possible_truncation, reason = "rows are numbered by 32 bits")]
                let row = row as u32;
                ill.push(Ill {
                    row,
                    stays,
                    condition,
                    condition_first,
                    condition_last,
                    chronic,
                    outpatient,
                    risk,
                });
            }
        }
    }

    /// Appends all claims of one person-year, in no order of time.
    pub fn claims(&self, ctx: &YearContext, persons: &Persons<'_>, ill: &Ill, out: &mut Vec<Claim>) {
        let row = ill.row as usize;
        let number = persons.number[row];
        let presence = (persons.first_month[row], persons.last_month[row]);
        let mut log_factor =
            self.groups[usize::from(persons.group[row])].log_cost + self.risk.cost_loading * ill.risk;
        if ill.condition != 0 {
            log_factor += self.conditions.list[usize::from(ill.condition) - 1].log_stay_cost;
        }
        for stay in 0..u32::from(ill.stays) {
            let words = ctx.draws.block(ctx.key(number), Purpose::Stay, stay);
            out.push(self.stay(ctx, presence, log_factor, words));
        }
        if ill.condition != 0 {
            self.major_claims(ctx, number, ill, out);
        }
        if ill.chronic {
            self.chronic_claims(ctx, number, presence, out);
        }
        if ill.outpatient {
            self.outpatient_claim(ctx, number, presence, out);
        }
    }

    /// A stay: words are cost, place, share outside the catalogue, day with length.
    #[inline]
    fn stay(&self, ctx: &YearContext, presence: (u8, u8), log_factor: f64, words: [u32; 4]) -> Claim {
        let place = self.places.at(words[1]);
        self.stay_at(ctx, presence, (place, log_factor), words)
    }

    /// The same with the place already chosen.
    #[inline]
    pub(super) fn stay_at(
        &self,
        ctx: &YearContext,
        presence: (u8, u8),
        (place, log_factor): (super::stay::Place, f64),
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
            admitted,
            discharged: self.places.discharged(place.level, admitted, rest),
            total,
            out_of_scope: Catalogue::part(self.catalogue.inpatient[level], words[2], total),
        }
    }

    /// Monthly bills on the 10th, the same in every year: the block is drawn without the year, by condition.
    fn major_claims(&self, ctx: &YearContext, number: u32, ill: &Ill, out: &mut Vec<Claim>) {
        let condition = &self.conditions.list[usize::from(ill.condition) - 1];
        let words = ctx.draws.block(ctx.lasting_key(number), Purpose::Major, u32::from(ill.condition));
        let bill = bill::major(condition, &self.normal, &self.catalogue, words);
        let months = ill.condition_first..=ill.condition_last;
        out.extend(months.map(|month| bill.on(Month::new(ctx.year, month), 10)));
    }

    /// One bill a quarter, on the 20th of its last month present.
    #[inline]
    fn chronic_claims(&self, ctx: &YearContext, number: u32, (first, last): (u8, u8), out: &mut Vec<Claim>) {
        for quarter in 0..4_u8 {
            let (from, to) = (first.max(quarter * 3 + 1), last.min(quarter * 3 + 3));
            if from > to {
                continue;
            }
            let visits: &[u64; MOST_VISITS] = &ctx.visits[usize::from(to - from)];
            let words = ctx.draws.block(ctx.key(number), Purpose::Chronic, u32::from(quarter));
            let bill = self.chronic.bill(&self.normal, &self.catalogue, visits, words);
            out.extend(bill.map(|bill| bill.on(Month::new(ctx.year, to), 20)));
        }
    }

    /// One bill on the last day of the last month present, so that it comes after every earlier month's claims.
    fn outpatient_claim(&self, ctx: &YearContext, number: u32, presence: (u8, u8), out: &mut Vec<Claim>) {
        let (first, last) = presence;
        let words = ctx.draws.block(ctx.key(number), Purpose::Outpatient, 0);
        let share = f64::from(last + 1 - first) / 12.0;
        let bill = self.outpatient.bill(&self.normal, &self.catalogue, share, words);
        let month = Month::new(ctx.year, last);
        out.push(bill.on(month, crate::units::days_in(month)));
    }
}
