//! Whose claims two schedules settle otherwise.

use super::claim::Category;
use super::schedule::{Schedule, Tilt, YearRules};
use super::subsidy::{Enrolment, NewlyRecognised};

/// By row of [`Schedule::critical`], residents without an identity last: whether claims settled by it may come out
/// otherwise.
pub type RowsApart = Vec<bool>;

impl YearRules {
    /// Whose claims of the year other rules settle otherwise; none where the two differ in what concerns everybody.
    /// Contributions and what subsidies pay for them are not compared.
    #[must_use]
    pub fn rows_apart(&self, other: &Self) -> Option<RowsApart> {
        let Self { year, schedules, by_month, tilts_count_from } = self;
        let same = (year, by_month, tilts_count_from)
            == (&other.year, &other.by_month, &other.tilts_count_from)
            && schedules.len() == other.schedules.len();
        let each = schedules.iter().zip(&other.schedules).map(|(own, other)| own.rows_apart(other));
        if same { each.reduce(either).flatten() } else { None }
    }
}

/// The rows of one or of the other; none where either has none.
#[must_use]
pub fn either(one: Option<RowsApart>, other: Option<RowsApart>) -> Option<RowsApart> {
    let (one, other) = one.zip(other)?;
    (one.len() == other.len()).then(|| one.iter().zip(&other).map(|(one, other)| one | other).collect())
}

impl Schedule {
    /// The same of one schedule. It takes the schedule apart whole, so that nothing new is taken for alike.
    fn rows_apart(&self, other: &Self) -> Option<RowsApart> {
        let Self {
            assisted,
            out_of_catalogue,
            basic,
            critical_kinds,
            critical_insurance,
            critical,
            assistance,
            household_pools,
            by_household_size,
            once,
            tilts,
            applications,
            subsidies: _,
            enrolment,
            over_new_year,
            watches,
            indicators,
            second_assistance,
            // Of rules of claims they are compared where books are.
            funders: _,
            contributions: _,
        } = self;
        let for_all = assisted == &other.assisted
            && out_of_catalogue == &other.out_of_catalogue
            && basic == &other.basic
            && (critical_kinds, critical_insurance) == (&other.critical_kinds, &other.critical_insurance)
            && (critical.len(), assistance.len()) == (other.critical.len(), other.assistance.len())
            && household_pools == &other.household_pools
            && by_household_size == &other.by_household_size
            && once == &other.once
            && applications == &other.applications
            && without_subsidies(enrolment) == without_subsidies(&other.enrolment)
            && over_new_year == &other.over_new_year
            && watches == &other.watches
            && indicators == &other.indicators
            && second_assistance == &other.second_assistance;
        let by_tilts = if for_all { tilts_apart(tilts, &other.tilts)? } else { return None };
        let row = |row: usize| {
            let ordinary = row + 1 == critical.len();
            critical[row] != other.critical[row]
                || assistance.get(row) != other.assistance.get(row)
                || (!ordinary && u8::try_from(row).is_ok_and(|rank| by_tilts & Category(rank).bit() != 0))
        };
        Some((0..critical.len()).map(row).collect())
    }
}

/// The identities, as bits, whose holders other tilts may pay otherwise; none where these are other rules.
fn tilts_apart(own: &[Tilt], other: &[Tilt]) -> Option<u32> {
    if own.len() != other.len() {
        return None;
    }
    let categories = |(own, other): (&Tilt, &Tilt)| match own {
        own if own == other => Some(0),
        own if own.rule == other.rule => Some(own.categories | other.categories),
        _ => None,
    };
    own.iter().zip(other).try_fold(0, |all, pair| Some(all | categories(pair)?))
}

/// What of the enrolment does not concern contributions.
fn without_subsidies(enrolment: &Enrolment) -> Enrolment {
    Enrolment { newly_recognised: NewlyRecognised::default(), ..*enrolment }
}
