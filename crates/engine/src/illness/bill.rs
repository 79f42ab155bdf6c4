//! Bills other than stays: special chronic disease by the quarter, major conditions by the month, general
//! outpatient care once a year; and the share of any bill outside the catalogue.

use super::cost::{fen, level_of, level_thresholds};
use super::fault::{Faults, all_zero};
use super::math::{self, NormalTable, exp, exponential, normal_quantile};
use super::series::{Series, by_age};
use crate::lang::Words;
use crate::policy::claim::{Claim, Disease, Kind, Level, Locality};
use crate::raw::model::{RawChronic, RawOutOfCatalogue, RawOutpatient};
use crate::rng::threshold;
use crate::units::{Day, Fen, Month};

/// The share of a bill outside the catalogue: 1 - u^(m / (1 - m)), a beta distribution (1, 1/m - 1) with mean m.
#[derive(Debug, Clone)]
pub(super) struct Catalogue {
    pub(super) inpatient: [f64; 4],
    pub(super) chronic: f64,
    pub(super) major: f64,
    pub(super) outpatient: f64,
}

impl Catalogue {
    pub(super) fn new(raw: &RawOutOfCatalogue, faults: &mut Faults) -> Self {
        let mut exponent = |key: &str, mean: f64| {
            faults.within(&format!("out_of_catalogue.{key}"), mean, (0.0, 0.9));
            mean / (1.0 - mean.min(0.9))
        };
        let (chronic, major) = (exponent("chronic", raw.chronic), exponent("major", raw.major));
        let outpatient = exponent("outpatient", raw.outpatient);
        let inpatient = faults.levels("out_of_catalogue.inpatient", &raw.inpatient, |&mean| mean);
        for level in Level::ALL {
            let key = format!("out_of_catalogue.inpatient.{}", level.name());
            faults.within(&key, inpatient[level.index()], (0.0, 0.9));
        }
        Self { inpatient: inpatient.map(|mean| mean / (1.0 - mean.min(0.9))), chronic, major, outpatient }
    }

    /// The part of a bill outside the catalogue, in whole fen.
    pub(super) fn part(exponent: f64, word: u32, total: Fen) -> Fen {
        let share = 1.0 - exp(-exponent * exponential(word));
        Fen(fen(share * total.yuan()).0.min(total.0))
    }
}

/// Special chronic diseases.
#[derive(Debug, Clone)]
pub(super) struct Chronic {
    /// By group and age: persons whose liability exceeds it are enrolled.
    cut_off: Vec<f64>,
    pub(super) visits: Series,
    log_visit: f64,
    log_sd: f64,
    pub(super) levels: [u64; 4],
}

/// The number of visits in a quarter of which one, two or three months are lived.
pub(super) type VisitTables = [Visits; 3];
/// The most visits counted in one quarter.
pub(super) const MOST_VISITS: usize = 24;

/// Poisson thresholds of a number of visits, falling.
#[derive(Debug, Clone, Copy)]
pub(super) struct Visits {
    pub(super) at_least: [u64; MOST_VISITS],
    /// For the kernels: the least number that a word with these first eight bits can mean.
    pub(super) guide: [u8; 256],
}

impl Visits {
    fn new(mean: f64) -> Self {
        let mut exactly = libm::exp(-mean);
        let (mut at_least, mut number) = (1.0 - exactly, 1.0);
        let at_least = [(); MOST_VISITS].map(|()| {
            let this = threshold(at_least);
            exactly *= mean / number;
            at_least -= exactly;
            number += 1.0;
            this
        });
        let mut visits = Self { at_least, guide: [0; 256] };
        // The number at the last word with these bits is the least of them.
        visits.guide = std::array::from_fn(|bits| visits.number((bits as u32) << 24 | 0x00FF_FFFF));
        visits
    }

    /// The number of thresholds above a word.
    pub(super) fn number(&self, word: u32) -> u8 {
        self.at_least.iter().take_while(|&&threshold| u64::from(word) < threshold).count() as u8
    }
}

impl Chronic {
    pub(super) fn new(raw: &RawChronic, factors: &[f64], standard: &[f64], faults: &mut Faults) -> Self {
        faults.within("chronic.growth_per_year", raw.growth_per_year, (-0.5, 0.5));
        faults.within("chronic.visit_yuan", raw.visit_yuan, (1.0, 10_000.0));
        faults.within("chronic.visit_cv", raw.visit_cv, (0.0, 3.0));
        let shares = faults.levels("chronic.level_shares", &raw.level_shares, |&share| share);
        faults.shares("chronic.level_shares", &shares);
        let prevalence = by_age("chronic.prevalence_by_age", &raw.prevalence_by_age, 0.9, faults);
        let enrolled: f64 = prevalence.iter().zip(standard).map(|(p, share)| p * share).sum();
        // Of a standard population that has a fault of its own nothing can be said.
        if enrolled <= 0.0 && standard.iter().sum::<f64>() > 0.0 {
            faults.said(
                "chronic.prevalence_by_age",
                all_zero(),
                Words::new("标准人口中有人患病", "somebody enrolled in the standard population"),
            );
        }
        let key = "chronic.visits_per_insured_by_year";
        let per_insured =
            Series::new(key, &raw.visits_per_insured_by_year, raw.growth_per_year, 20.0, faults);
        let cut = |share: f64| if share > 0.0 { -normal_quantile(share.min(0.95)) } else { f64::MAX };
        let log_sd = math::log_sd(raw.visit_cv);
        Self {
            cut_off: factors.iter().flat_map(|f| prevalence.iter().map(move |p| cut(p * f))).collect(),
            visits: per_insured.scaled(1.0 / enrolled.max(1e-9)),
            log_visit: libm::log(raw.visit_yuan.max(1.0)) - 0.5 * log_sd * log_sd,
            log_sd,
            levels: level_thresholds(shares),
        }
    }

    /// The cut-offs by group and age.
    pub(super) fn cut_offs(&self) -> &[f64] {
        &self.cut_off
    }

    /// Log of the median cost of a visit, and its spread.
    pub(super) fn cost_of_visit(&self) -> (f64, f64) {
        (self.log_visit, self.log_sd)
    }

    /// Whether a liability means enrolment, in the group and age of a row.
    pub(super) fn enrolled(&self, row: usize, liability: f64) -> bool {
        liability > self.cut_off[row]
    }

    /// Poisson thresholds at this many visits a year.
    pub(super) fn tables(visits_per_year: f64) -> VisitTables {
        [1.0, 2.0, 3.0].map(|months| {
            let mean = visits_per_year * months / 12.0;
            Visits::new(mean)
        })
    }

    /// The bill of a quarter with some visits: words are their number, the cost of a visit, catalogue, level.
    pub(super) fn bill(
        &self,
        normal: &NormalTable,
        catalogue: &Catalogue,
        visits: u8,
        words: [u32; 4],
    ) -> Bill {
        let total = fen(f64::from(visits) * exp(self.log_visit + self.log_sd * normal.draw(words[1])));
        Bill {
            kind: Kind::OutpatientChronic,
            level: level_of(&self.levels, words[3]),
            total,
            out_of_scope: Catalogue::part(catalogue.chronic, words[2], total),
        }
    }
}

/// General outpatient care.
#[derive(Debug, Clone)]
pub(super) struct Outpatient {
    user: u64,
    log_year: f64,
    log_sd: f64,
    pub(super) levels: [u64; 4],
}

impl Outpatient {
    pub(super) fn new(raw: &RawOutpatient, faults: &mut Faults) -> Self {
        faults.within("outpatient.user_share", raw.user_share, (0.0, 1.0));
        faults.within("outpatient.year_mean_yuan", raw.year_mean_yuan, (1.0, 1e5));
        faults.within("outpatient.year_cv", raw.year_cv, (0.0, 5.0));
        let shares = faults.levels("outpatient.level_shares", &raw.level_shares, |&share| share);
        faults.shares("outpatient.level_shares", &shares);
        let log_sd = math::log_sd(raw.year_cv);
        Self {
            user: threshold(raw.user_share),
            log_year: libm::log(raw.year_mean_yuan.max(1.0)) - 0.5 * log_sd * log_sd,
            log_sd,
            levels: level_thresholds(shares),
        }
    }

    /// Log of the median cost of a year, and its spread.
    pub(super) fn cost_of_year(&self) -> (f64, f64) {
        (self.log_year, self.log_sd)
    }

    /// How many words mean any bill: those below it.
    #[expect(clippy::cast_precision_loss, reason = "at most 2^32")]
    pub(super) fn users(&self) -> f64 {
        self.user as f64
    }

    /// Whether a word means any bill.
    pub(super) fn uses(&self, word: u32) -> bool {
        u64::from(word) < self.user
    }

    /// The bill of a year with this share of its months lived: words are use, cost, catalogue, level.
    pub(super) fn bill(
        &self,
        normal: &NormalTable,
        catalogue: &Catalogue,
        share: f64,
        words: [u32; 4],
    ) -> Bill {
        let total = fen(share * exp(self.log_year + self.log_sd * normal.draw(words[1])));
        Bill {
            kind: Kind::Outpatient,
            level: level_of(&self.levels, words[3]),
            total,
            out_of_scope: Catalogue::part(catalogue.outpatient, words[2], total),
        }
    }
}

/// The monthly bill of a major condition: words are cost, level, catalogue; the same in every month and year.
pub(super) fn major(
    condition: &super::condition::Condition,
    normal: &NormalTable,
    catalogue: &Catalogue,
    words: [u32; 4],
) -> Bill {
    let total = fen(exp(condition.log_month + condition.log_sd * normal.draw(words[0])));
    Bill {
        kind: Kind::OutpatientMajor,
        level: super::condition::Conditions::level(condition, words[1]),
        total,
        out_of_scope: Catalogue::part(catalogue.major, words[2], total),
    }
}

/// A bill before it is dated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bill {
    kind: Kind,
    level: Level,
    total: Fen,
    out_of_scope: Fen,
}

impl Bill {
    /// The bills of several months as one.
    pub(super) fn of_months(self, n: i64) -> Self {
        let times = |amount: Fen| Fen(amount.0 * n);
        Self { total: times(self.total), out_of_scope: times(self.out_of_scope), ..self }
    }

    /// The claim of this bill on a day of a month; it ends in the month and is treated as referred.
    pub(super) fn on(&self, month: Month, of_month: u8) -> Claim {
        Claim {
            kind: self.kind,
            level: self.level,
            locality: usual_locality(self.level),
            referred: true,
            disease: Disease::NONE,
            admitted: Day { month, of_month },
            discharged: Day { month, of_month },
            total: self.total,
            out_of_scope: self.out_of_scope,
            other_paid: Fen::ZERO,
            stay: 0,
        }
    }
}

/// Where outpatients find a hospital of this level.
pub(super) fn usual_locality(level: Level) -> Locality {
    match level {
        Level::Primary | Level::Secondary => Locality::County,
        Level::Tertiary => Locality::City,
        Level::Provincial => Locality::Province,
    }
}
