//! Who pays the bills, and how unequal they are.
//!
//! Facts know what the payers of the plan pay; what the insurances pay and what is left to persons is known person by
//! person alone. The plain reference works some replicates out with books that say who got what: the payments on a
//! person's bills and what is left of them make up the bills to the fen.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Unbalanced;
use super::assemble::with_county;
use super::categories::{Categories, of_rows};
use super::from_scenario::{EngineChoice, Plan, SimulationError};
use super::lane::Lane;
use super::replicate::{self, County, Scratch};
use super::trace::{Got, PersonId};
use super::winners::Again;
use crate::policy::balance::Imbalance;
use crate::scenario::Scenario;

/// Who pays a part of a bill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Payer {
    /// Basic insurance.
    Basic,
    /// Critical-illness insurance, with its tilt.
    Critical,
    /// Assistance on bills, on application and from what is left of the fund.
    Assistance,
    /// Tilt assistance.
    Tilt,
    /// Hospitals, and payers whom the plan does not book.
    Elsewhere,
    /// The person.
    Person,
}

impl Payer {
    /// All, in the order in which they pay.
    pub const ALL: [Self; 6] =
        [Self::Basic, Self::Critical, Self::Assistance, Self::Tilt, Self::Elsewhere, Self::Person];

    const fn of(got: Got) -> Option<Self> {
        match got {
            Got::OnBills { tilt: true, .. } => Some(Self::Tilt),
            Got::OnBills { tilt: false, .. } => Some(Self::Assistance),
            Got::Contribution { .. } => None,
            Got::Insurance { critical: true } => Some(Self::Critical),
            Got::Insurance { critical: false } => Some(Self::Basic),
            Got::Elsewhere => Some(Self::Elsewhere),
            Got::SelfPay => Some(Self::Person),
        }
    }
}

/// Fen by payer, in the order of [`Payer::ALL`].
pub type ByPayer = [i64; 6];

/// Persons by the size of their bills of a year, in classes 1 % wide: of each class the persons and the exact sum.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sizes {
    classes: BTreeMap<u16, [i64; 2]>,
}

impl Sizes {
    /// Adds persons each of whom has bills of so many fen; whoever has none is not counted.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "below 4,400"
    )]
    pub fn add(&mut self, persons: i64, fen: i64) {
        if persons > 0 && fen > 0 {
            let class = (libm::log(fen as f64) * 100.0).floor() as u16;
            let [n, sum] = self.classes.entry(class).or_default();
            *n += persons;
            *sum += persons * fen;
        }
    }

    /// Adds others.
    pub fn join(&mut self, other: &Self) {
        for (class, [persons, fen]) in &other.classes {
            let [n, sum] = self.classes.entry(*class).or_default();
            *n += persons;
            *sum += fen;
        }
    }

    /// All persons.
    #[must_use]
    pub fn persons(&self) -> i64 {
        self.classes.values().map(|[persons, _]| persons).sum()
    }

    /// The share of all bills that so large a share of the persons has, those with the largest; nothing without persons.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "fen below 2^53")]
    pub fn of_top(&self, share: f64) -> Option<f64> {
        let whole: i64 = self.classes.values().map(|[_, fen]| fen).sum();
        let mut left = share * self.persons() as f64;
        let mut sum = 0.0;
        for [persons, fen] in self.classes.values().rev() {
            // Within a class all have nearly the same.
            let taken = (left / *persons as f64).clamp(0.0, 1.0);
            sum += taken * *fen as f64;
            left -= taken * *persons as f64;
        }
        (whole > 0).then(|| sum / whole as f64)
    }
}

/// The bills of a county's persons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountyBills {
    /// The county's position in the place.
    pub county: usize,
    /// By year reported and category (the last one: ordinary residents, of whom only those who are looked at singly): of
    /// each replicate what each payer pays.
    pub paid: BTreeMap<(usize, usize), Vec<ByPayer>>,
    /// By year reported and replicate: those who hold an identity, by the size of their bills.
    pub sizes: Vec<Vec<Sizes>>,
}

/// Looks at the persons of a county in every replicate of a plan.
///
/// # Errors
/// A population that cannot be drawn, rules that lack values, and settlements that do not add up.
pub fn of_county(
    scenario: &Scenario,
    county: usize,
    again: Again<'_>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<CountyBills, SimulationError> {
    let plan = Plan { engine: EngineChoice::Reference, ..again.plan };
    let simulated = plan.simulated_years();
    let positions = again.reported.iter().filter_map(|year| simulated.iter().position(|one| one == year));
    let years: Vec<usize> = positions.collect();
    let numbers: Vec<u32> = plan.replicates().collect();
    with_county((&[scenario], county, plan), |place, lanes| {
        let place = County { follows_persons: true, ..place };
        let Some(lane) = lanes.first() else { return Ok(CountyBills::none(county, (0, 0))) };
        let of_row = years.iter().map(|&year| of_rows(&place, lane, year)).collect();
        let task = Task { county: &place, lane, years: &years, of_row };
        let done: Vec<Result<Vec<Year>, Imbalance>> = numbers
            .par_iter()
            .map_init(Scratch::default, |scratch, &number| {
                let done = task.replicate(number, scratch);
                progress(1);
                done
            })
            .collect();
        let mut bills = CountyBills::none(county, (years.len(), numbers.len()));
        for (at, (done, &number)) in done.into_iter().zip(&numbers).enumerate() {
            let years = done.map_err(|imbalance| {
                let source = Unbalanced { replicate: number as usize, imbalance };
                SimulationError::unbalanced(scenario, county, source)
            })?;
            bills.add((at, numbers.len()), years);
        }
        Ok(bills)
    })
}

/// What was seen of a year of a replicate.
#[derive(Debug, Default)]
struct Year {
    paid: BTreeMap<usize, ByPayer>,
    sizes: Sizes,
}

impl CountyBills {
    fn none(county: usize, (n_years, n_replicates): (usize, usize)) -> Self {
        Self { county, paid: BTreeMap::new(), sizes: vec![vec![Sizes::default(); n_replicates]; n_years] }
    }

    fn add(&mut self, (at, n): (usize, usize), years: Vec<Year>) {
        for (number, year) in years.into_iter().enumerate() {
            for (category, paid) in year.paid {
                self.paid.entry((number, category)).or_insert_with(|| vec![ByPayer::default(); n])[at] = paid;
            }
            self.sizes[number][at] = year.sizes;
        }
    }
}

/// What all replicates of a county share.
struct Task<'t> {
    county: &'t County<'t>,
    lane: &'t Lane<'t>,
    /// The years that are reported: their positions among those simulated.
    years: &'t [usize],
    of_row: Vec<Vec<usize>>,
}

impl Task<'_> {
    fn replicate(&self, number: u32, scratch: &mut Scratch) -> Result<Vec<Year>, Imbalance> {
        let done = replicate::run(self.county, std::slice::from_ref(self.lane), number, scratch);
        if let Some(imbalance) = done.imbalance {
            return Err(imbalance);
        }
        let weights = self.county.weights(number);
        let of_year = |(&year, of_row): (&usize, &Vec<usize>)| {
            let categories = Categories::new((self.county, self.lane), &scratch.lanes[0], year, of_row);
            let mut by_person: BTreeMap<PersonId, ByPayer> = BTreeMap::new();
            for entry in done.books[0][year].traced() {
                if let (Some(person), Some(payer)) = (entry.person, Payer::of(entry.got)) {
                    by_person.entry(person).or_default()[payer as usize] += entry.fen;
                }
            }
            let mut seen = Year::default();
            for (person, paid) in by_person {
                let (category, persons) = (categories.of(person), person.weight(&weights[year]));
                let sums = seen.paid.entry(category).or_default();
                sums.iter_mut().zip(paid).for_each(|(sum, fen)| *sum += persons * fen);
                if category != self.lane.ordinary_row() {
                    seen.sizes.add(persons, paid.iter().sum());
                }
            }
            seen
        };
        Ok(self.years.iter().zip(&self.of_row).map(of_year).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten persons with 900 fen and one with 1,000: the top eleventh has 1,000 of 10,000, half of all have 5.5 persons' bills:
    /// 1,000 + 4.5 · 900 of 10,000.
    #[test]
    fn exact_shares_of_the_largest_bills_by_hand() {
        let mut sizes = Sizes::default();
        sizes.add(10, 900);
        let mut one = Sizes::default();
        one.add(1, 1_000);
        one.add(7, 0);
        sizes.join(&one);
        assert_eq!(sizes.persons(), 11);
        let top = |share: f64| sizes.of_top(share).unwrap();
        assert!((top(1.0 / 11.0) - 0.1).abs() < 1e-12, "{}", top(1.0 / 11.0));
        assert!((top(0.5) - 0.505).abs() < 1e-12 && (top(1.0) - 1.0).abs() < 1e-12 && top(0.0) == 0.0);
        assert_eq!(Sizes::default().of_top(0.5), None);
    }
}
