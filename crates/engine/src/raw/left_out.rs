//! What stands for the parts of a policy file that are left out.

use indexmap::IndexMap;

use super::policy::{Critical, EmployeeBasic, LikeResident};
use super::value::{Share, Yuan, YuanValue};
use crate::policy::schedule::BandsOn;

impl EmployeeBasic {
    /// The values of residents, unchanged.
    pub(super) fn as_residents() -> Self {
        let like = LikeResident { ratio_points: Share(0.0), ratio_at_most: Share(1.0) };
        Self { like_resident: Some(like), ..Self::default() }
    }
}

impl Critical {
    /// No kind of claim counts, and nothing is paid.
    pub(super) fn none() -> Self {
        Self {
            deductible_yuan: YuanValue::Same(Yuan(0.0)),
            bands_on: BandsOn::AboveDeductible,
            bands: Vec::new(),
            annual_cap_yuan: None,
            kinds: Vec::new(),
            insurance: Vec::new(),
            tilt: IndexMap::new(),
            cite: Vec::new(),
        }
    }
}
