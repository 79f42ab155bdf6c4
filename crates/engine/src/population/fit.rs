//! What the base year was to be, and what it is: counted from the persons, not from how they were made.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::policy::claim::{Category, Insurance, Sex};

use super::people::People;
use super::plan::Stratum;
use super::target::{BANDS, Census, band_name, band_of_age};

/// One margin of the base year.
#[derive(Debug, Clone, PartialEq)]
pub struct FitRow {
    /// Which table: category, age_sex, overlap, trait, employee, rural or household_size.
    pub margin: Cow<'static, str>,
    /// The cell of the table.
    pub cell: String,
    /// What was asked for, persons (household_size: households).
    pub target: f64,
    /// What was drawn.
    pub achieved: u32,
    /// Whether the two are promised to be equal; elsewhere they differ by rounding.
    pub exact: bool,
}

/// The fit of the base year.
pub(super) fn fit(people: &People<'_>) -> Vec<FitRow> {
    let count = Count::of(people);
    let mut rows = count.categories();
    rows.extend(count.ages());
    rows.extend(count.overlaps());
    rows.extend(count.traits());
    rows.extend(count.employees());
    rows.extend(count.rural());
    rows.extend(count.household_sizes());
    rows
}

/// Persons of the base year, counted by what they hold.
struct Count<'p, 'a> {
    people: &'p People<'a>,
    cells: Census,
    /// By stratum.
    persons: Vec<u32>,
    /// Employees by rank of the better identity.
    employees: Vec<u32>,
    /// Households by rank of the better identity: all, rural, by size.
    households: Vec<(u32, u32, BTreeMap<u8, u32>)>,
    /// By trait and stratum.
    traits: Vec<Vec<u32>>,
}

impl<'p, 'a> Count<'p, 'a> {
    fn of(people: &'p People<'a>) -> Self {
        let (params, strata) = (people.plan.params, people.plan.strata.len());
        let mut count = Self {
            people,
            cells: [[0; BANDS]; 2],
            persons: vec![0; strata],
            employees: vec![0; params.categories.len()],
            households: vec![(0, 0, BTreeMap::new()); params.categories.len()],
            traits: vec![vec![0; strata]; params.traits.len()],
        };
        for unit in &people.units {
            let (stratum, lead) = (usize::from(unit.stratum), people.stratum(*unit).lead());
            for slot in unit.slots() {
                count.person(people.slots[slot].person as usize, stratum, lead);
            }
            let first = people.slots[unit.first_slot as usize].person as usize;
            let (all, rural, sizes) = &mut count.households[lead];
            *all += 1;
            *rural += u32::from(people.made.rural[first]);
            let household = people.made.household[first] as usize;
            *sizes.entry(people.made.households.size[household]).or_default() += 1;
        }
        count
    }

    fn person(&mut self, person: usize, stratum: usize, lead: usize) {
        let made = &self.people.made;
        let band = band_of_age(made.age_in(person, made.base_year));
        self.cells[made.sex[person].index()][band] += 1;
        self.persons[stratum] += 1;
        self.employees[lead] += u32::from(made.insurance[person] == Insurance::Employee);
        for (bit, of_trait) in self.traits.iter_mut().enumerate() {
            of_trait[stratum] += made.traits[person] >> bit & 1;
        }
    }

    fn strata(&self) -> impl Iterator<Item = (&'a Stratum, u32)> {
        self.people.plan.strata.iter().zip(self.persons.iter().copied())
    }

    fn name(&self, category: Category) -> &'a str {
        &self.people.plan.params.categories[usize::from(category.0)].name
    }

    fn holders(&self, category: Category) -> u32 {
        self.strata().filter(|(stratum, _)| stratum.held().contains(&category)).map(|(_, n)| n).sum()
    }

    fn categories(&self) -> Vec<FitRow> {
        let row = |wanted: &super::CategoryTarget| FitRow {
            margin: Cow::Borrowed("category"),
            cell: wanted.name.clone(),
            target: f64::from(wanted.persons),
            achieved: self.holders(wanted.category),
            exact: true,
        };
        self.people.plan.target.categories.iter().map(row).collect()
    }

    fn ages(&self) -> Vec<FitRow> {
        let cells = Sex::ALL.iter().flat_map(|&sex| (0..BANDS).map(move |band| (sex, band)));
        let row = |(sex, band): (Sex, usize)| FitRow {
            margin: Cow::Borrowed("age_sex"),
            cell: format!("{} {}", sex.name(), band_name(band)),
            target: f64::from(self.people.plan.target.census[sex.index()][band]),
            achieved: self.cells[sex.index()][band] + self.people.plan.ordinary[sex.index()][band],
            exact: true,
        };
        cells.map(row).collect()
    }

    fn overlaps(&self) -> Vec<FitRow> {
        let row = |overlap: &super::Overlap| {
            let both = |(stratum, _): &(&Stratum, u32)| {
                stratum.held().contains(&overlap.of) && stratum.held().contains(&overlap.also)
            };
            FitRow {
                margin: Cow::Borrowed("overlap"),
                cell: format!("{} who hold {}", self.name(overlap.of), self.name(overlap.also)),
                target: f64::from(self.holders(overlap.of)) * overlap.share,
                achieved: self.strata().filter(both).map(|(_, n)| n).sum(),
                exact: false,
            }
        };
        self.people.plan.params.overlaps.iter().map(row).collect()
    }

    fn traits(&self) -> Vec<FitRow> {
        let params = self.people.plan.params;
        let mut rows = Vec::new();
        for (bit, of) in params.traits.iter().enumerate() {
            for rank in 0..params.categories.len() {
                let category = super::plan::category(rank);
                let held = |stratum: &Stratum| stratum.held().contains(&category);
                let expected = self
                    .strata()
                    .filter(|(stratum, _)| held(stratum))
                    .map(|(s, n)| f64::from(n) * s.trait_shares[bit]);
                let drawn = self.strata().zip(&self.traits[bit]).filter(|((stratum, _), _)| held(stratum));
                rows.push(FitRow {
                    margin: Cow::Borrowed("trait"),
                    cell: format!("{} of {}", of.name, self.name(category)),
                    target: expected.sum(),
                    achieved: drawn.map(|(_, n)| n).sum(),
                    exact: false,
                });
            }
        }
        rows
    }

    fn employees(&self) -> Vec<FitRow> {
        let params = &self.people.plan.params.categories;
        let expected = |stratum: &Stratum, n: u32| -> f64 {
            let share = &params[stratum.lead()].employee_share;
            let sum: f64 = stratum.weights.iter().sum();
            let weighted =
                stratum.weights.iter().enumerate().map(|(cell, weight)| weight * share[cell % BANDS]);
            if n == 0 { 0.0 } else { f64::from(n) * weighted.sum::<f64>() / sum }
        };
        let row = |(rank, &achieved): (usize, &u32)| FitRow {
            margin: Cow::Borrowed("employee"),
            cell: params[rank].name.clone(),
            target: self.strata().filter(|(s, _)| s.lead() == rank).map(|(s, n)| expected(s, n)).sum(),
            achieved,
            exact: false,
        };
        self.employees.iter().enumerate().map(row).collect()
    }

    fn rural(&self) -> Vec<FitRow> {
        let params = &self.people.plan.params.categories;
        let row = |(params, (all, rural, _)): (&super::CategoryParams, &(u32, u32, _))| FitRow {
            margin: Cow::Borrowed("rural"),
            cell: params.name.clone(),
            target: f64::from(*all) * params.rural_share,
            achieved: *rural,
            exact: false,
        };
        params.iter().zip(&self.households).map(row).collect()
    }

    fn household_sizes(&self) -> Vec<FitRow> {
        let params = &self.people.plan.params.categories;
        let mut rows = Vec::new();
        for (params, (all, _, sizes)) in params.iter().zip(&self.households) {
            for (size, share) in (1_u8..).zip(&params.household_sizes) {
                rows.push(FitRow {
                    margin: Cow::Borrowed("household_size"),
                    cell: format!("{} of {size}", params.name),
                    target: f64::from(*all) * share,
                    achieved: sizes.get(&size).copied().unwrap_or(0),
                    exact: false,
                });
            }
        }
        rows
    }
}
