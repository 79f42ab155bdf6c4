//! A person's risk and how it lasts: a permanent part and a part that fades from year to year.
//!
//! z = sqrt(w) × permanent + sqrt(1 - w) × changing, both standard normal; the changing part of a year is
//! phi × last year's + sqrt(1 - phi²) × innovation. So z is standard normal in every year, and its correlation
//! over k years is w + (1 - w) phi^k.

use super::fault::Faults;
use super::math::NormalTable;
use crate::raw::model::RawRisk;

/// What a person carries from year to year within one replicate.
#[derive(Debug, Clone, Copy)]
pub struct State {
    /// The part of the risk that never changes.
    pub permanent: f64,
    /// The part of the risk that fades.
    pub changing: f64,
    /// Liability to special chronic disease, standard normal: enrolled where it exceeds the age's cut-off.
    pub liability: f64,
    /// Major condition at the end of the year: 0 for none, else its number in `IllnessModel::conditions` plus one.
    pub condition: u8,
}

/// The resolved weights and loadings.
#[derive(Debug, Clone)]
pub(super) struct Risk {
    pub(super) permanent: f64,
    pub(super) changing: f64,
    pub(super) phi: f64,
    pub(super) innovation: f64,
    pub(super) admission_loading: f64,
    pub(super) cost_loading: f64,
    pub(super) chronic_shared: f64,
    pub(super) chronic_own: f64,
}

impl Risk {
    pub(super) fn new(raw: &RawRisk, faults: &mut Faults) -> Self {
        let (w, phi, r) = (raw.permanent_share, raw.year_to_year, raw.chronic_correlation);
        faults.within("risk.permanent_share", w, (0.0, 1.0));
        faults.within("risk.year_to_year", phi, (0.0, 0.99));
        faults.within("risk.admission_loading", raw.admission_loading, (0.0, 3.0));
        faults.within("risk.cost_loading", raw.cost_loading, (0.0, 2.0));
        faults.within("risk.chronic_correlation", r, (-1.0, 1.0));
        Self {
            permanent: libm::sqrt(w),
            changing: libm::sqrt(1.0 - w),
            phi,
            innovation: libm::sqrt(1.0 - phi * phi),
            admission_loading: raw.admission_loading,
            cost_loading: raw.cost_loading,
            chronic_shared: r,
            chronic_own: libm::sqrt(1.0 - r * r),
        }
    }

    /// Moves the changing part on by one year, with the word of the innovation, and gives the risk.
    pub(super) fn advance(&self, normal: &NormalTable, word: u32, state: &mut State) -> f64 {
        state.changing = self.phi * state.changing + self.innovation * normal.draw(word);
        self.permanent * state.permanent + self.changing * state.changing
    }
}
