//! How many inpatient stays a person has in a year.
//!
//! Rate = (level of the year × age and sex × category × share of the year present + extra of a condition)
//! × exp(a z - a²/2); the number of stays is Poisson with that rate, at most `most_stays`.

use super::fault::{Faults, all_zero};
use super::math::exp;
use super::series::{AGES, Series};
use crate::lang::{Words, words};
use crate::policy::claim::Sex;
use crate::raw::model::RawAdmission;
use crate::rng::threshold;

/// The resolved rates.
#[derive(Debug, Clone)]
pub(super) struct Admission {
    pub(super) rate: Series,
    pub(super) place_factor: f64,
    /// Relative rate by age and sex, male before female, with mean one over the standard population.
    pub(super) relative: Vec<f64>,
    /// Share of the standard population by age, both sexes.
    pub(super) standard: Vec<f64>,
    pub(super) most_stays: u8,
}

impl Admission {
    pub(super) fn new(raw: &RawAdmission, faults: &mut Faults) -> Self {
        faults.within("admission.growth_per_year", raw.growth_per_year, (-0.2, 0.2));
        faults.within("admission.place_factor", raw.place_factor, (0.1, 10.0));
        faults.within("admission.most_stays", f64::from(raw.most_stays), (1.0, 52.0));
        let rate = Series::new("admission.rate_by_year", &raw.rate_by_year, raw.growth_per_year, 2.0, faults);
        let (relative, standard) =
            if bands_fit(raw, faults) { ages(raw, faults) } else { (vec![1.0; 2 * AGES], vec![0.0; AGES]) };
        Self { rate, place_factor: raw.place_factor, relative, standard, most_stays: raw.most_stays }
    }

    /// The relative rate of an age and sex.
    pub(super) fn relative(&self, age: u8, sex: Sex) -> f64 {
        self.relative[2 * usize::from(age).min(AGES - 1) + sex.index()]
    }

    /// The number of stays at a rate: the number of k ≥ 1 for which the word is below P(N ≥ k) × 2^32.
    pub(super) fn stays(&self, rate: f64, word: u32) -> u8 {
        let word = u64::from(word);
        // Far above the most stays; keeps the probabilities within what a float can hold.
        let rate = rate.min(500.0);
        let mut exactly = exp(-rate);
        let mut at_least = 1.0 - exactly;
        let mut stays = 0;
        while stays < self.most_stays && word < threshold(at_least) {
            stays += 1;
            exactly *= rate / f64::from(stays);
            at_least -= exactly;
        }
        stays
    }
}

fn bands_fit(raw: &RawAdmission, faults: &mut Faults) -> bool {
    let n = raw.band_from_age.len();
    let rising = raw.band_from_age.windows(2).all(|pair| pair[0] < pair[1]);
    if raw.band_from_age.first() != Some(&0) || !rising || raw.band_from_age.last() > Some(&120) {
        faults.add(
            "admission.band_from_age",
            format!("{:?}", raw.band_from_age),
            Words::new("从0开始，依次增大，到120为止", "0 first, then rising, to 120"),
        );
        return false;
    }
    let mut fit = true;
    for (key, list) in [
        ("relative_male", &raw.relative_male),
        ("relative_female", &raw.relative_female),
        ("standard_male", &raw.standard_male),
        ("standard_female", &raw.standard_female),
    ] {
        let good = list.len() == n && list.iter().all(|value| (0.0..=20.0).contains(value));
        if !good {
            faults.add(
                &format!("admission.{key}"),
                format!("{list:?}"),
                words!(
                    "{n}个0至20之间的值，`band_from_age`的每一段一个",
                    "{n} values from 0 to 20, one for each band of `band_from_age`"
                ),
            );
        }
        fit &= good;
    }
    fit && faults
        .shares("admission.standard_male", &[raw.standard_male.as_slice(), &raw.standard_female].concat())
}

/// Relative rates and the standard population by single years of age; the last band counts ten years.
fn ages(raw: &RawAdmission, faults: &mut Faults) -> (Vec<f64>, Vec<f64>) {
    let starts: Vec<usize> = raw.band_from_age.iter().map(|&age| usize::from(age)).collect();
    let (mut relative, mut standard, mut mean) = (Vec::new(), vec![0.0; AGES], 0.0);
    for (age, share) in standard.iter_mut().enumerate() {
        let band = starts.partition_point(|&start| start <= age) - 1;
        let end = starts.get(band + 1).copied().unwrap_or(starts[band] + 10);
        relative.extend([raw.relative_male[band], raw.relative_female[band]]);
        if age < end {
            #[expect(clippy::cast_precision_loss, reason = "ages")]
            let years = (end - starts[band]) as f64;
            let (male, female) = (raw.standard_male[band] / years, raw.standard_female[band] / years);
            *share = male + female;
            mean += male * raw.relative_male[band] + female * raw.relative_female[band];
        }
    }
    if mean > 0.0 {
        relative.iter_mut().for_each(|value| *value /= mean);
    } else {
        faults.said(
            "admission.relative_male",
            all_zero(),
            Words::new("在标准人口中大于0的住院率", "a positive rate in the standard population"),
        );
    }
    (relative, standard)
}
