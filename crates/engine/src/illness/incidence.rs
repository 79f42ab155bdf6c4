//! Who falls ill: what lasts of a person, and how each year begins from it.

use super::IllnessModel;
use super::condition::Spell;
use super::math::exp;
use super::risk::State;
use super::series::AGES;
use super::year::YearContext;
use crate::policy::claim::Sex;
use crate::rng::Purpose;

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

    /// First and last month of presence of a row.
    pub(super) fn presence(&self, row: usize) -> (u8, u8) {
        (self.first_month[row], self.last_month[row])
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

/// The row of a group and age in the tables of chronic disease and of conditions.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "131 ages")]
pub(super) fn table_row(group: u8, age: u8) -> u32 {
    u32::from(group) * AGES as u32 + u32::from(age).min(AGES as u32 - 1)
}

impl IllnessModel {
    /// Begins the persons that have no state yet: what lasts, and last year's risk and condition.
    ///
    /// Rows of the states and of the persons stand for the same persons; new persons are added at the end. To be
    /// called in each year before `incidence`. Words of block 0 of `Purpose::Frailty`: permanent part, changing
    /// part, liability to chronic disease, condition.
    pub fn begin(&self, ctx: &YearContext, persons: &Persons<'_>, states: &mut Vec<State>) {
        for row in states.len()..persons.len() {
            let words = ctx.draws.block(ctx.lasting_key(persons.number[row]), Purpose::Frailty, 0);
            let permanent = self.normal.draw(words[0]);
            let own = self.normal.draw(words[2]);
            states.push(State {
                permanent,
                changing: self.normal.draw(words[1]),
                liability: self.risk.chronic_shared * permanent + self.risk.chronic_own * own,
                condition: self.conditions.at_begin(persons.group[row], persons.age[row], words[3]),
            });
        }
    }

    /// Moves every person on by one year and lists those with any claim, in the order of the rows.
    pub fn incidence(
        &self,
        ctx: &YearContext,
        persons: &Persons<'_>,
        states: &mut [State],
        ill: &mut Vec<Ill>,
    ) {
        debug_assert_eq!(states.len(), persons.len(), "begin comes before incidence");
        for (row, state) in states.iter_mut().enumerate() {
            ill.extend(self.person_year(ctx, persons, row, state));
        }
    }

    /// Moves one person on by one year; none without any claim.
    ///
    /// Words of block 0 of `Purpose::PersonYear`: innovation of the risk, number of stays, end or onset of a
    /// condition, its month. Word 0 of block 0 of `Purpose::Outpatient`: whether there is a general outpatient bill.
    fn person_year(
        &self,
        ctx: &YearContext,
        persons: &Persons<'_>,
        row: usize,
        state: &mut State,
    ) -> Option<Ill> {
        let key = ctx.key(persons.number[row]);
        let (group, age, presence) = (persons.group[row], persons.age[row], persons.presence(row));
        let words = ctx.draws.block(key, Purpose::PersonYear, 0);
        let risk = self.risk.advance(&self.normal, words[0], state);
        let cell = table_row(group, age) as usize;
        let spell =
            self.conditions.advance(cell, [words[2], words[3]], &mut state.condition).within(presence);
        if presence.0 > presence.1 {
            return None;
        }
        let base = self.rate(ctx, group, (age, persons.sex[row])) * self.season.share(presence.0, presence.1);
        let stays = self.admission.stays(self.own_rate(ctx, base, (risk, spell)), words[1]);
        let chronic = self.chronic.enrolled(cell, state.liability);
        let outpatient =
            ctx.general_outpatient && self.outpatient.uses(ctx.draws.block(key, Purpose::Outpatient, 0)[0]);
        let Spell { condition, first: condition_first, last: condition_last } = spell;
        let any = stays > 0 || condition != 0 || chronic || outpatient;
        #[expect(clippy::cast_possible_truncation, reason = "rows are numbered by 32 bits")]
        let row = row as u32;
        any.then_some(Ill {
            row,
            stays,
            condition,
            condition_first,
            condition_last,
            chronic,
            outpatient,
            risk,
        })
    }

    /// Stays a year of a person of average risk who is present all year.
    pub(super) fn rate(&self, ctx: &YearContext, group: u8, (age, sex): (u8, Sex)) -> f64 {
        ctx.rate * self.admission.relative(age, sex) * ctx.group_admissions[usize::from(group)]
    }

    /// Stays a year of a person with a risk and perhaps a condition, from those of average risk.
    fn own_rate(&self, ctx: &YearContext, base: f64, (risk, spell): (f64, Spell)) -> f64 {
        let factor = self.risk_factor(risk);
        let extra = self.conditions.get(spell.condition).map_or(0.0, |condition| {
            ctx.extra * condition.extra_stays * self.season.share(spell.first, spell.last) * factor
        });
        base * factor + extra
    }

    /// e^(a z - a²/2): mean one.
    pub(super) fn risk_factor(&self, risk: f64) -> f64 {
        let a = self.risk.admission_loading;
        exp(a * risk - 0.5 * a * a)
    }
}
