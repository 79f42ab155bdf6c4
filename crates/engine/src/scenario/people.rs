//! The persons of a scenario: what each county's population has to add up to, and whether it can be drawn.

use super::fault::{Fault, Faults};
use super::place::{CategoryCount, County, Place};
use super::{Files, Scenario};
use crate::lang::{Words, words};
use crate::policy::claim::Category;
use crate::policy::names::position;
use crate::population::{self, CategoryTarget, CountyTarget, PopulationError, scaled_census};

impl Scenario {
    /// What the population of a county has to add up to in the first year.
    #[must_use]
    pub fn county_target(&self, county: usize) -> CountyTarget {
        let here = &self.place.counties[county];
        // Categories that the policy does not rank were refused when the table was read.
        let target = |count: &CategoryCount| {
            let rank = u8::try_from(position(&self.names.categories, &count.id)?).ok()?;
            Some(CategoryTarget { category: Category(rank), name: count.id.clone(), persons: count.persons })
        };
        CountyTarget {
            code: here.code,
            name: here.label_zh.clone(),
            census: scaled_census(&here.residents, self.place.raw.register_per_resident),
            categories: here.categories.iter().filter_map(target).collect(),
        }
    }

    /// Whether the population of every county can be drawn for all years; nothing is drawn.
    pub(super) fn check_populations(&self, faults: &mut Faults) {
        let (Some(&first), Some(&last)) = (self.years().first(), self.years().last()) else { return };
        for (number, county) in self.place.counties.iter().enumerate() {
            let target = self.county_target(number);
            if let Err(error) = population::check(&target, &self.population, first..=last) {
                faults.push(self.population_fault(county, (&error, first)));
            }
        }
    }

    /// A fault of the population where it was written: in the table of persons or in the place file.
    fn population_fault(&self, county: &County, (error, first): (&PopulationError, u16)) -> Fault {
        let key = match error {
            PopulationError::TooManyHolders { year, .. } if *year > first => "population.category_growth",
            PopulationError::TooMuchOverlap { .. } => "population.overlaps",
            PopulationError::NoParameters { .. } => "population.groups",
            PopulationError::TooManyHolders { .. } | PopulationError::NoSuchAges { .. } => {
                return self.count_fault(county, error);
            }
        };
        self.files.place.document.fault(key, error.words(), None)
    }

    fn count_fault(&self, county: &County, error: &PopulationError) -> Fault {
        let meant = |count: &&CategoryCount| match error {
            PopulationError::NoSuchAges { category, .. } => category.split(" + ").any(|id| id == count.id),
            PopulationError::TooManyHolders { most, .. } => *most == count.id,
            _ => true,
        };
        let largest = county.categories.iter().filter(meant).max_by_key(|count| count.persons);
        Fault {
            file: self.files.tables.categories.0.clone(),
            line: largest.map(|count| count.line).or(Some(1)),
            key: "persons".to_owned(),
            value: largest.map_or_else(String::new, |count| count.persons.to_string()),
            problem: error.words(),
            hint: self.weights_of(error),
        }
    }

    /// The age weights by which persons are given to an age with too few residents.
    fn weights_of(&self, error: &PopulationError) -> Option<Words> {
        let PopulationError::TooManyHolders { most, sex, .. } = error else { return None };
        let groups = &self.files.place.raw.population.groups;
        let (name, _) = groups.iter().find(|(_, group)| group.categories.contains(most))?;
        Some(words!(
            "其年龄权重：`population.groups.{name}.age_weight.{sex}`",
            "its weights: `population.groups.{name}.age_weight.{sex}`",
            sex = sex.name()
        ))
    }
}

/// The incomes of households are needed for each year that is run: no other year stands in for a missing one.
pub(super) fn incomes(files: &Files, place: &Place, faults: &mut Faults) {
    let mut needed = vec!["rural"];
    if place.raw.application.ordinary_income != "rural" {
        needed.push(&place.raw.application.ordinary_income);
    }
    for name in needed {
        // A series that is not there at all is a fault of its own.
        let Some(series) = place.values.incomes.get(name) else { continue };
        let years = &files.scenario.raw.run.years;
        let missing: Vec<String> =
            years.iter().filter(|year| !series.contains_key(year)).map(ToString::to_string).collect();
        if !missing.is_empty() {
            let given: Vec<String> = series.keys().map(ToString::to_string).collect();
            let (missing, given) = (Words::list(&missing), Words::list(&given));
            let problem = Words::new(
                format!("没有{}年的值，而run.years的每一年都需要家庭收入；已有：{}", missing.zh, given.zh),
                format!(
                    "has no value for {}, but the incomes of households are needed for each year of run.years; given: {}",
                    missing.en, given.en
                ),
            );
            let key = format!("income.{name}.yuan_by_year");
            faults.push(files.place.document.fault(&key, problem, Some(super::outlook::hint())));
        }
    }
}
