//! Bills in columns: what the kernels write and a settlement over columns reads.

use std::ops::Range;

use super::memory::Memory;
use super::month_of;
use crate::policy::claim::{Claim, Disease, Kind, Level, Locality};
use crate::units::{Day, Fen, Month};

/// Bills in columns, section by section; within a section person by person in the order of the persons.
#[derive(Debug, Default)]
pub struct Bills {
    /// Inpatient stays.
    pub stays: Section,
    /// Monthly or quarterly bills of a major condition, the same in each of its months.
    pub major: MonthlySection,
    /// Quarterly bills of special chronic disease.
    pub chronic: Section,
    /// General outpatient care, at most one bill a person.
    pub outpatient: Section,
    /// The listed disease of each stay; empty where the model marks none.
    pub disease: Vec<Disease>,
    /// By person: the listed disease of the bills of a major condition; empty where the model marks none.
    pub disease_of_major: Vec<Disease>,
    /// By person: whether any stay or bill is for a listed disease; empty where the model marks none.
    pub is_marked: Vec<bool>,
    /// Memory of the kernels.
    pub(super) memory: Box<Memory>,
}

/// Bills with a date each.
#[derive(Debug, Default)]
pub struct Section {
    /// Number of bills of each person.
    pub each: Vec<u8>,
    /// The whole bill in whole fen.
    pub total_fen: Vec<f64>,
    /// The part outside the catalogue in whole fen, at most the whole.
    pub out_of_scope_fen: Vec<f64>,
    /// Kind × 32 plus the setting.
    pub code: Vec<u8>,
    /// Month of admission from 0 × 32 plus the day of the month.
    pub day: Vec<u16>,
    /// Months from that of admission to that of discharge.
    pub span: Vec<u8>,
    /// Days from that of admission to that of discharge.
    pub days: Vec<u8>,
}

/// Bills that come again every month or quarter, on the tenth.
#[derive(Debug, Default)]
pub struct MonthlySection {
    /// Position among the persons given, rising.
    pub person: Vec<u32>,
    /// The whole of one bill in whole fen.
    pub total_fen: Vec<f64>,
    /// The part of it outside the catalogue.
    pub out_of_scope_fen: Vec<f64>,
    /// Kind × 32 plus the setting.
    pub code: Vec<u8>,
    /// A bit for each month of the year with a bill, January the lowest.
    pub months: Vec<u16>,
}

impl Section {
    pub(super) fn clear(&mut self) {
        self.each.clear();
        self.total_fen.clear();
        self.out_of_scope_fen.clear();
        self.code.clear();
        self.day.clear();
        self.span.clear();
        self.days.clear();
    }

    /// The number of bills.
    #[must_use]
    pub fn len(&self) -> usize {
        self.code.len()
    }

    /// Whether there are no bills.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.code.is_empty()
    }

    /// The bills of the person at a position, by adding up those before.
    #[must_use]
    pub fn of(&self, person: usize) -> Range<usize> {
        let start = self.each[..person].iter().map(|n| usize::from(*n)).sum();
        start..start + usize::from(self.each[person])
    }

    /// Whether a stay lasts beyond the end of the year.
    #[must_use]
    pub fn is_over_new_year(&self, stay: usize) -> bool {
        (self.day[stay] >> 5) + u16::from(self.span[stay]) >= 12
    }

    fn claim(&self, at: usize, year: u16) -> Claim {
        let month = month_of(year, self.day[at]);
        let admitted = Day { month, of_month: (self.day[at] & 31) as u8 };
        let amounts = (self.total_fen[at], self.out_of_scope_fen[at]);
        claim(self.code[at], amounts, admitted, admitted.plus_days(u16::from(self.days[at])))
    }
}

impl MonthlySection {
    pub(super) fn clear(&mut self) {
        self.person.clear();
        self.months.clear();
        self.total_fen.clear();
        self.out_of_scope_fen.clear();
        self.code.clear();
    }
}

impl Bills {
    /// Forgets all bills; keeps the memory.
    pub(super) fn clear(&mut self) {
        self.stays.clear();
        self.major.clear();
        self.chronic.clear();
        self.outpatient.clear();
        self.disease.clear();
        self.disease_of_major.clear();
        self.is_marked.clear();
    }

    /// Marks the stays of the next person, and the bills of a major condition.
    pub(super) fn mark(&mut self, stays: impl Iterator<Item = Disease>, of_major: Disease) {
        let from = self.disease.len();
        self.disease.extend(stays);
        let mut all = self.disease[from..].iter().chain([&of_major]);
        self.is_marked.push(all.any(|disease| *disease != Disease::NONE));
        self.disease_of_major.push(of_major);
    }

    /// The number of persons.
    #[must_use]
    pub fn persons(&self) -> usize {
        self.stays.each.len()
    }

    /// The number of claims of all persons.
    #[must_use]
    pub fn claims(&self) -> usize {
        let months: u32 = self.major.months.iter().map(|months| months.count_ones()).sum();
        self.stays.len() + self.chronic.len() + self.outpatient.len() + months as usize
    }

    /// The claims of the person at a position, in the order of the plain stages; by adding up the bills of those
    /// before, so not for all persons one after another.
    #[must_use]
    pub fn claims_of(&self, person: usize, year: u16) -> Vec<Claim> {
        let dated = |section: &Section| -> Vec<Claim> {
            section.of(person).map(|at| section.claim(at, year)).collect()
        };
        let mut claims = dated(&self.stays);
        // Without marks there is nothing to take over.
        let marks = self.disease.get(self.stays.of(person)).unwrap_or_default();
        claims.iter_mut().zip(marks).for_each(|(claim, disease)| claim.disease = *disease);
        let major = self.major.person.iter().position(|one| *one as usize == person);
        if let Some(at) = major {
            let amounts = (self.major.total_fen[at], self.major.out_of_scope_fen[at]);
            let months = (1..=12).filter(|month| self.major.months[at] >> (month - 1) & 1 == 1);
            let disease = self.disease_of_major.get(person).copied().unwrap_or_default();
            claims.extend(months.map(|month| {
                let day = Day { month: Month::new(year, month), of_month: 10 };
                Claim { disease, ..claim(self.major.code[at], amounts, day, day) }
            }));
        }
        claims.extend(dated(&self.chronic));
        claims.extend(dated(&self.outpatient));
        claims
    }
}

/// The claim of a code.
#[expect(clippy::cast_possible_truncation, reason = "whole fen")]
fn claim(code: u8, (total, out_of_scope): (f64, f64), admitted: Day, discharged: Day) -> Claim {
    Claim {
        kind: Kind::ALL[usize::from(code >> 5 & 3)],
        level: Level::ALL[usize::from(code >> 3 & 3)],
        locality: Locality::ALL[usize::from(code >> 1 & 3)],
        referred: code & 1 == 1,
        disease: Disease::NONE,
        admitted,
        discharged,
        total: Fen(total as i64),
        out_of_scope: Fen(out_of_scope as i64),
        other_paid: Fen::ZERO,
        stay: 0,
    }
}
