//! A person's risk and how it lasts: a permanent part and a part that fades from year to year.
//!
//! z = sqrt(w) × permanent + sqrt(1 - w) × changing, both standard normal; the changing part of a year is
//! phi × last year's + sqrt(1 - phi²) × innovation. So z is standard normal in every year, and its correlation
//! over k years is w + (1 - w) phi^k.

use super::fault::Faults;
use super::math::NormalTable;
use crate::raw::model::RawRisk;

/// What persons carry from year to year within one replicate: one row a person, in the order of the persons.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// The part of the risk that never changes.
    pub permanent: Vec<f64>,
    /// The part of the risk that fades.
    pub changing: Vec<f64>,
    /// Liability to special chronic disease, standard normal: enrolled where it exceeds the age's cut-off.
    pub liability: Vec<f64>,
    /// Major condition at the end of the year: 0 for none, else its number in `IllnessModel::conditions` plus one.
    pub condition: Vec<u8>,
}

impl State {
    /// How many persons have begun.
    #[must_use]
    pub fn len(&self) -> usize {
        self.permanent.len()
    }

    /// Whether nobody has begun.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.permanent.is_empty()
    }

    /// Makes room for more persons.
    pub(super) fn reserve(&mut self, more: usize) {
        self.permanent.reserve(more);
        self.changing.reserve(more);
        self.liability.reserve(more);
        self.condition.reserve(more);
    }

    /// Forgets everybody, for the next replicate; keeps the memory.
    pub fn clear(&mut self) {
        self.permanent.clear();
        self.changing.clear();
        self.liability.clear();
        self.condition.clear();
    }
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

    /// Moves the changing part on by one year and gives the risk: word 0 is the innovation.
    pub(super) fn advance(
        &self,
        normal: &NormalTable,
        words: &[[u32; 4]],
        (permanent, changing): (&[f64], &mut [f64]),
        risk: &mut [f64],
    ) {
        for (((word, permanent), changing), risk) in words.iter().zip(permanent).zip(changing).zip(risk) {
            *changing = self.phi * *changing + self.innovation * normal.draw(word[0]);
            *risk = self.permanent * permanent + self.changing * *changing;
        }
    }
}
