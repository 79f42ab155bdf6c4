//! Which groups of persons are small: the persons of a category in a county, of whom the register has fewer than ten in
//! any year. They are real; what a run counts of them lies close to their number.

use std::collections::BTreeSet;

use super::FEWEST;
use crate::report::csv_files::ALL;
use crate::report::finished::ReadTable;
use crate::report::tables;

/// Small groups, by code of the county (or `ALL`) and id of the category.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SmallGroups {
    groups: BTreeSet<[String; 2]>,
}

/// Whether a number is one of at least one person and fewer than ten.
pub(super) fn is_few(number: f64) -> bool {
    number != 0.0 && number.abs() < FEWEST
}

impl SmallGroups {
    /// From what the inputs of scenarios count: county, category, and the persons of each year. Those of all counties
    /// together are small where their sum is.
    #[must_use]
    pub fn of<'a>(counts: impl IntoIterator<Item = ([&'a str; 2], Vec<f64>)>) -> Self {
        let (mut small, mut sums) = (Self::default(), std::collections::BTreeMap::<&str, Vec<f64>>::new());
        for ([county, category], years) in counts {
            if years.iter().copied().any(is_few) {
                small.add(county, category);
            }
            let sum = sums.entry(category).or_insert_with(|| vec![0.0; years.len()]);
            sum.iter_mut().zip(&years).for_each(|(sum, persons)| *sum += persons);
        }
        for (category, years) in sums {
            if years.into_iter().any(is_few) {
                small.add(ALL, category);
            }
        }
        small
    }

    fn add(&mut self, county: &str, category: &str) {
        self.groups.insert([county, category].map(ToOwned::to_owned));
    }

    /// With the small groups of all of another.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.groups.extend(other.groups);
        self
    }

    /// With those that the table of people shows; other tables show none.
    #[must_use]
    pub(super) fn with_register(mut self, table: &ReadTable) -> Self {
        if table.file != tables::PEOPLE.file {
            return self;
        }
        for row in &table.rows {
            let few = |name: &str| table.number(row, name).is_some_and(is_few);
            if ["register", "holders", "persons"].into_iter().any(few) {
                self.add(table.field(row, "county_code"), table.field(row, "category"));
            }
        }
        self
    }

    /// Whether a row is about a small group.
    pub(super) fn has(&self, table: &ReadTable, row: &[String]) -> bool {
        let county = table.field(row, "county_code");
        ["category", "person_category"].into_iter().any(|name| {
            let category = table.field(row, name);
            self.groups.contains(&[county, category].map(ToOwned::to_owned))
        })
    }
}
