//! Listed diseases: which stays and which bills of a major condition are for one, by the condition of the patient.
//!
//! The file gives for each condition, and for persons without any, the share of stays that are for a disease that policies
//! list. The outpatient bills of a condition are all for one disease, or for none: the same share of the persons. Nothing
//! else depends on it, so that a model without shares draws what it drew before.

use super::IllnessModel;
use super::fault::Faults;
use super::year::YearContext;
use crate::lang::{Words, words};
use crate::policy::claim::Disease;
use crate::raw::model::RawModel;
use crate::rng::{Key, Purpose, threshold};
use std::collections::BTreeMap;

/// Index of the first stay of ordinary residents, whose keys are not those of the population.
pub(super) const OF_ORDINARY: u32 = 1 << 20;

/// Index of the draw for the outpatient bills of a condition, above those of stays; the number of the condition is added.
const OF_BILLS: u32 = 1 << 21;

/// The shares as thresholds of words.
#[derive(Debug, Clone, Default)]
pub(super) struct Diseases {
    /// By condition, none first: words below a threshold mean this disease or one before it.
    by_condition: Vec<Vec<(u64, Disease)>>,
}

impl Diseases {
    pub(super) fn new(raw: &RawModel, faults: &mut Faults) -> Self {
        let ids = raw.diseases();
        if ids.len() > Disease::MOST {
            faults.add(
                "condition.*.diseases",
                ids.len(),
                words!("至多{most}个病种", "at most {most} diseases", most = Disease::MOST),
            );
        }
        if ids.is_empty() {
            return Self::default();
        }
        let mut of = |key: &str, shares: &BTreeMap<String, f64>| thresholds(key, shares, &ids, faults);
        let mut by_condition = vec![of("stay.diseases", &raw.stay.diseases)];
        // Conditions are numbered in this order.
        let conditions = raw.condition.iter();
        by_condition.extend(
            conditions.map(|(id, condition)| of(&format!("condition.{id}.diseases"), &condition.diseases)),
        );
        Self { by_condition }
    }

    /// Whether any stay or bill is for a listed disease.
    pub(super) fn any(&self) -> bool {
        !self.by_condition.is_empty()
    }
}

fn thresholds(
    key: &str,
    shares: &BTreeMap<String, f64>,
    ids: &[String],
    faults: &mut Faults,
) -> Vec<(u64, Disease)> {
    let mut sum = 0.0;
    let mut all = Vec::new();
    for (id, &share) in shares {
        faults.within(&format!("{key}.{id}"), share, (0.0, 1.0));
        sum += share;
        if let Some(at) = ids.iter().position(|known| known == id) {
            all.push((threshold(sum.clamp(0.0, 1.0)), Disease(at as u8 + 1)));
        }
    }
    if sum > 1.0 + 1e-9 {
        faults.add(key, sum, Words::new("合计不超过1的比例", "shares that add up to at most 1"));
    }
    all
}

impl IllnessModel {
    /// The listed disease of a stay of a person with a condition (its number plus one, 0 for none): word 0 of a block of
    /// `Purpose::Disease`.
    pub(super) fn disease(&self, ctx: &YearContext, condition: u8, (key, index): (Key, u32)) -> Disease {
        let shares = self.diseases.by_condition.get(usize::from(condition)).map_or(&[][..], Vec::as_slice);
        if shares.is_empty() {
            return Disease::NONE;
        }
        let word = u64::from(ctx.draws.block(key, Purpose::Disease, index)[0]);
        shares.iter().find(|(below, _)| word < *below).map_or(Disease::NONE, |(_, disease)| *disease)
    }

    /// The listed disease of all outpatient bills of an identity holder's condition, the same in every year.
    pub(super) fn disease_of_bills(&self, ctx: &YearContext, condition: u8, number: u32) -> Disease {
        self.disease(ctx, condition, (ctx.lasting_key(number), OF_BILLS + u32::from(condition)))
    }

    /// The same for an ordinary resident, whose key is one of the year.
    pub(super) fn disease_of_ordinary_bills(&self, ctx: &YearContext, condition: u8, key: Key) -> Disease {
        self.disease(ctx, condition, (key, OF_ORDINARY + OF_BILLS + u32::from(condition)))
    }
}
