//! The stages over columns of persons: begin, incidence, claims.

use super::IllnessModel;
use super::bill;
use super::condition::Spell;
use super::math::exp;
use super::risk::State;
use super::series::AGES;
use super::stays::Stays;
use super::year::YearContext;
use crate::policy::claim::{Claim, Sex};
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

/// The row of a group and age in the tables of chronic disease and of conditions.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "131 ages")]
pub(super) fn table_row(group: u8, age: u8) -> u32 {
    u32::from(group) * AGES as u32 + u32::from(age).min(AGES as u32 - 1)
}

/// Rows worked on at once, so that the columns between the stages stay in the nearest cache.
const TILE: usize = 256;

struct Tile {
    start: usize,
    words: [[u32; 4]; TILE],
    risk: [f64; TILE],
    /// Stays a year at average risk.
    rate: [f64; TILE],
    spell: [Spell; TILE],
    /// Row in tables by group and age.
    cell: [u32; TILE],
    /// Positions of those who may have a claim; the others certainly have none.
    likely: [u16; TILE],
    n_likely: usize,
}

impl Tile {
    const EMPTY: Self = Self {
        start: 0,
        words: [[0; 4]; TILE],
        risk: [0.0; TILE],
        rate: [0.0; TILE],
        spell: [Spell { condition: 0, first: 0, last: 0 }; TILE],
        cell: [0; TILE],
        likely: [0; TILE],
        n_likely: 0,
    };
}

/// What is worked out once for all persons of a county-year.
struct Rates {
    /// By group, age and sex: stays a year at average risk of who is present all year.
    of_cell: Vec<f64>,
    /// An upper bound of the risk's factor on stays, by steps of the risk.
    most: [f64; Self::STEPS],
}

impl Rates {
    const STEPS: usize = 128;
    const PER_UNIT: f64 = 8.0;
    const LOWEST: f64 = -8.0;

    fn new(model: &IllnessModel, ctx: &YearContext) -> Self {
        let relative = &model.admission.relative;
        let groups = ctx.group_admissions.iter();
        let of_cell =
            groups.flat_map(|group| relative.iter().map(move |one| ctx.rate * one * group)).collect();
        let mut most = [f64::INFINITY; Self::STEPS];
        let mut end = Self::LOWEST;
        // The last step stays unbounded: it takes every risk above.
        for bound in most.iter_mut().take(Self::STEPS - 1) {
            end += 1.0 / Self::PER_UNIT;
            *bound = model.risk_factor(end) * (1.0 + 1e-9);
        }
        Self { of_cell, most }
    }

    /// At least the risk's factor on stays, from a table.
    #[inline]
    fn at_most(&self, risk: f64) -> f64 {
        let step = (risk - Self::LOWEST) * Self::PER_UNIT;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let step = step.clamp(0.0, 127.0) as i32 as usize;
        self.most[step % Self::STEPS]
    }
}

impl IllnessModel {
    /// Begins the persons that the state does not have yet: what lasts, and last year's risk and condition.
    ///
    /// Rows of the state and of the persons stand for the same persons; new persons are added at the end. To be
    /// called in each year before `incidence`. Words of block 0 of `Purpose::Frailty`: permanent part, changing
    /// part, liability to chronic disease, condition.
    pub fn begin(&self, ctx: &YearContext, persons: &Persons<'_>, state: &mut State) {
        let more = persons.len().saturating_sub(state.len());
        state.reserve(more);
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
        let mut tile = Tile::EMPTY;
        let rates = Rates::new(self, ctx);
        for start in (0..persons.len()).step_by(TILE) {
            let rows = start..persons.len().min(start + TILE);
            let n = rows.len();
            for (words, &number) in tile.words.iter_mut().zip(&persons.number[rows.clone()]) {
                *words = ctx.draws.block(ctx.key(number), Purpose::PersonYear, 0);
            }
            tile.start = start;
            let lasting = (&state.permanent[rows.clone()], &mut state.changing[rows.clone()]);
            self.risk.advance(&self.normal, &tile.words[..n], lasting, &mut tile.risk[..n]);
            self.rates(&rates, persons, rows.clone(), &mut tile);
            let conditions = &mut state.condition[rows.clone()];
            for (((spell, words), cell), condition) in
                tile.spell.iter_mut().zip(&tile.words).zip(&tile.cell).zip(conditions)
            {
                *spell = self.conditions.advance(*cell as usize, [words[2], words[3]], condition);
            }
            self.sift(ctx, &rates, &mut tile, &state.liability[rows.clone()]);
            self.list(ctx, persons, (&tile, &state.liability[rows]), ill);
        }
    }

    /// Table rows and, from them, stays per year of persons of average risk, without those of a condition.
    fn rates(&self, rates: &Rates, persons: &Persons<'_>, rows: std::ops::Range<usize>, tile: &mut Tile) {
        let (groups, ages) = (&persons.group[rows.clone()], &persons.age[rows.clone()]);
        for ((cell, group), age) in tile.cell.iter_mut().zip(groups).zip(ages) {
            *cell = table_row(*group, *age);
        }
        let presence = persons.first_month[rows.clone()].iter().zip(&persons.last_month[rows.clone()]);
        let who = tile.cell.iter().zip(&persons.sex[rows]);
        for ((rate, (cell, sex)), (first, last)) in tile.rate.iter_mut().zip(who).zip(presence) {
            *rate = rates.of_cell[2 * *cell as usize + sex.index()] * self.season.share(*first, *last);
        }
    }

    /// Keeps the positions of those who may have a claim. A bound of the risk's factor from a table is enough to
    /// pass over most persons without an exponential; there are no branches, so no guesses of the processor fail.
    #[expect(clippy::cast_possible_truncation, reason = "a tile has 256 rows")]
    fn sift(&self, ctx: &YearContext, rates: &Rates, tile: &mut Tile, liability: &[f64]) {
        let mut n = 0;
        for (at, &liability) in liability.iter().enumerate().take(TILE) {
            let most = tile.rate[at] * rates.at_most(tile.risk[at]);
            let some_stay = f64::from(tile.words[at][1]) < most * 4_294_967_296.0;
            let chronic = self.chronic.enrolled(tile.cell[at] as usize, liability);
            let condition = tile.spell[at].condition != 0;
            tile.likely[n % TILE] = at as u16;
            n += usize::from(some_stay | chronic | condition | ctx.general_outpatient);
        }
        tile.n_likely = n;
    }

    /// e^(a z - a²/2): mean one.
    #[inline(always)]
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
        for at in tile.likely[..tile.n_likely].iter().map(|&at| usize::from(at)) {
            let row = tile.start + at;
            let (first, last) = (persons.first_month[row], persons.last_month[row]);
            let risk = tile.risk[at];
            let mut rate = tile.rate[at] * self.risk_factor(risk);
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
            let chronic = self.chronic.enrolled(tile.cell[at] as usize, liability[at]);
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
        let mut stays = Stays::default();
        self.stays(ctx, persons, std::slice::from_ref(ill), &mut stays);
        out.extend_from_slice(&stays.claims);
        self.other_claims(ctx, persons, (ill, &stays.chronic), out);
    }

    /// Appends the claims of one person-year that come after the stays: those of a condition, the bills of special
    /// chronic disease that were drawn with the stays, and those of general outpatient care.
    pub fn other_claims(
        &self,
        ctx: &YearContext,
        persons: &Persons<'_>,
        (ill, chronic): (&Ill, &[Claim]),
        out: &mut Vec<Claim>,
    ) {
        let row = ill.row as usize;
        let number = persons.number[row];
        let presence = (persons.first_month[row], persons.last_month[row]);
        if ill.condition != 0 {
            self.major_claims(ctx, number, ill, out);
        }
        out.extend_from_slice(chronic);
        if ill.outpatient {
            self.outpatient_claim(ctx, number, presence, out);
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
