//! The values of a place file that go by year, age or county: contributions, incomes, revenue, parameters.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use indexmap::IndexMap;

use super::{ContributionGroup, County, CountyParameter, PlaceValues, lookup};
use crate::lang::{Words, words};
use crate::policy::claim::Sex;
use crate::raw::place as raw;
use crate::raw::value::Yuan;
use crate::scenario::document::Document;
use crate::scenario::fault::Faults;
use crate::units::Fen;

/// Ages of persons.
const AGES: RangeInclusive<u8> = 0..=130;

/// Looks at all values; by county only where the counties could be read.
pub(super) fn values(
    raw: &raw::Place,
    document: &Document,
    counties: Option<&[County]>,
    faults: &mut Faults,
) -> PlaceValues {
    let mut reader = Reader { document, faults };
    let mut values = PlaceValues::default();
    for (id, group) in &raw.contribution {
        values.contributions.push(ContributionGroup {
            age_from: group.age_from.unwrap_or(0),
            age_below: group.age_below.unwrap_or(u8::MAX),
            sex: group.sex,
            by_year: reader.by_year(&format!("contribution.{id}.yuan_by_year"), &group.yuan_by_year),
        });
    }
    reader.groups(raw, &values.contributions);
    for (id, income) in &raw.income {
        let series = reader.by_year(&format!("income.{id}.yuan_by_year"), &income.yuan_by_year);
        values.incomes.insert(id.clone(), series);
    }
    reader.by_year("fund.revenue_yuan_per_resident", &raw.fund.revenue_yuan_per_resident);
    for (id, parameter) in &raw.county_parameters {
        let parameter =
            counties.map(|counties| reader.by_county(id, parameter, counties)).unwrap_or_default();
        values.county_parameters.insert(id.clone(), parameter);
    }
    reader.years_that_no_run_reaches(raw, &values);
    values
}

struct Reader<'a, 'f> {
    document: &'a Document,
    faults: &'f mut Faults,
}

impl Reader<'_, '_> {
    fn fault(&mut self, key: &str, problem: Words, hint: Option<Words>) {
        self.faults.push(self.document.fault(key, problem, hint));
    }

    fn by_year(&mut self, key: &str, series: &IndexMap<String, Yuan>) -> BTreeMap<u16, Fen> {
        let mut all = BTreeMap::new();
        for (year, yuan) in series {
            let key = format!("{key}.{year}");
            match (year_of(year), Fen::from_yuan_f64(yuan.0)) {
                (Some(year), Some(fen)) => {
                    all.insert(year, fen);
                }
                (None, _) => self.fault(&key, no_year(), None),
                (_, None) => self.fault(&key, Words::new("金额太大", "is too large"), None),
            }
        }
        all
    }

    /// Everybody has a contribution, and every group somebody.
    fn groups(&mut self, raw: &raw::Place, groups: &[ContributionGroup]) {
        let first = |age: u8, sex: Sex| groups.iter().position(|group| group.includes(age, sex));
        let persons = || AGES.flat_map(|age| Sex::ALL.iter().map(move |&sex| (age, sex)));
        for (number, id) in raw.contribution.keys().enumerate() {
            if !persons().any(|(age, sex)| first(age, sex) == Some(number)) {
                let problem = Words::new(
                    "没有适用人员：前面的各组已包括这些人",
                    "is for nobody: the groups before it take everybody whom it is for",
                );
                self.fault(&format!("contribution.{id}"), problem, None);
            }
        }
        let without: Vec<(u8, Sex)> = persons().filter(|&(age, sex)| first(age, sex).is_none()).collect();
        if let (Some((from, _)), Some((to, _))) = (without.first(), without.last()) {
            let problem = words!(
                "{from}至{to}岁的部分人员不属于任何一组：人人都要有缴费标准",
                "no group is for some persons aged {from} to {to}: everybody needs a contribution"
            );
            self.fault("contribution", problem, None);
        }
    }

    fn by_county(
        &mut self,
        id: &str,
        parameter: &raw::CountyParameter,
        counties: &[County],
    ) -> CountyParameter {
        let default = self.document.fault(&format!("county_parameters.{id}.default"), Words::default(), None);
        let mut own = CountyParameter {
            default: parameter.default,
            written: [(None, default)].into_iter().collect(),
            ..CountyParameter::default()
        };
        for (typed, value) in &parameter.by_county {
            let key = format!("county_parameters.{id}.by_county.{typed}");
            match lookup::find(counties, typed) {
                Ok(index) => {
                    let county = &counties[index];
                    own.written.insert(Some(county.code), self.document.fault(&key, Words::default(), None));
                    if own.by_code.insert(county.code, *value).is_some() {
                        let problem = words!(
                            "{county}（{code}）写了两次",
                            "{county} ({code}) is given twice",
                            county = county.label_zh,
                            code = county.code
                        );
                        self.fault(&key, problem, None);
                    }
                }
                Err(unknown) => self.fault(&key, unknown.problem, unknown.hint),
            }
        }
        own
    }

    /// Years can be run for which the place gives a contribution: what is given for other years changes nothing.
    /// Incomes may reach further back, because rules ask for last year's.
    fn years_that_no_run_reaches(&mut self, raw: &raw::Place, values: &PlaceValues) {
        let years = values.contribution_years();
        let (Some(&first), Some(&last)) = (years.iter().min(), years.iter().max()) else { return };
        let revenue = raw.fund.revenue_yuan_per_resident.keys();
        let mut all: Vec<(String, &String)> =
            revenue.map(|year| (format!("fund.revenue_yuan_per_resident.{year}"), year)).collect();
        for (id, growth) in &raw.population.category_growth {
            let key = |year: &String| format!("population.category_growth.{id}.{year}");
            all.extend(growth.keys().map(|year| (key(year), year)));
        }
        for (key, year) in all {
            // What is no year at all is a fault of its own.
            if year_of(year).is_some_and(|year| !(first..=last).contains(&year)) {
                let problem = words!(
                    "不起作用：测算地区的个人缴费标准只有{first}至{last}年，不会测算到{year}年",
                    "changes nothing: the place gives contributions for {first} to {last} only, so no run reaches {year}"
                );
                self.fault(&key, problem, None);
            }
        }
    }
}

fn no_year() -> Words {
    Words::new("不是年度，应如\"2022\"", "is not a year such as \"2022\"")
}

fn year_of(text: &str) -> Option<u16> {
    text.parse::<u16>().ok().filter(|year| (1990..=2100).contains(year))
}
