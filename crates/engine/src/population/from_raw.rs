//! From the typed part of the place file to the parameters by category; gathers every fault.

use std::collections::BTreeMap;

use crate::lang::{Words, words};
use crate::policy::claim::Category;
use crate::raw::population::{BySex, Given, Group, PopulationPart, TraitShare};
use crate::units::Fen;

use super::params::{CategoryParams, Overlap, PopulationParams, TraitParams};

/// Something wrong in the population part of a place file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Key, as in `population.groups.poor.rural_share`.
    pub key: String,
    /// What is wrong, what is allowed.
    pub what: Words,
}

/// The names that the policy knows, in its order.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// Ids of the categories by rank.
    pub categories: &'a [&'a str],
    /// Names of the traits by bit.
    pub traits: &'a [&'a str],
    /// Categories and traits of the place that the policy does not know: nobody has them.
    pub others: &'a [&'a str],
}

/// Weights count in proportion; above this nobody can have meant one, and their products stay finite.
const MOST_WEIGHT: f64 = 1e9;
/// The largest multiple of a mortality or an income.
const MOST_MULTIPLE: f64 = 100.0;

impl PopulationParams {
    /// Resolves the names and checks every value.
    ///
    /// # Errors
    /// All faults at once, in the order of the file.
    pub fn resolve(
        raw: &PopulationPart,
        names: Names<'_>,
        rural_income_per_year: Fen,
    ) -> Result<Self, Vec<Fault>> {
        let mut check = Check { names, faults: Vec::new() };
        check.by_sex("population.death_rate", &raw.death_rate, 1.0);
        let mut found: Vec<Option<CategoryParams>> = vec![None; names.categories.len()];
        for (name, group) in &raw.groups {
            check.group(name, group, &mut found);
        }
        check.all_found(&found);
        let overlaps = check.overlaps(raw);
        let traits = check.traits(&raw.traits);
        let mut categories: Vec<CategoryParams> = found.into_iter().flatten().collect();
        check.growth(&raw.category_growth, &mut categories);
        if !check.faults.is_empty() {
            return Err(check.faults);
        }
        let death_rate = [raw.death_rate.male, raw.death_rate.female];
        Ok(Self { categories, overlaps, traits, death_rate, rural_income_per_year })
    }
}

struct Check<'a> {
    names: Names<'a>,
    faults: Vec<Fault>,
}

impl Check<'_> {
    fn fault(&mut self, key: String, what: Words) {
        self.faults.push(Fault { key, what });
    }

    fn share(&mut self, key: String, value: f64) {
        self.within(key, value, 1.0);
    }

    fn within(&mut self, key: String, value: f64, most: f64) {
        if !(0.0..=most).contains(&value) {
            self.fault(
                key,
                words!("不能是{value}：应在0与{most}之间", "{value} is not allowed: 0 to {most}"),
            );
        }
    }

    fn category(&mut self, key: &str, id: &str) -> Option<usize> {
        let rank = self.names.categories.iter().position(|known| *known == id);
        if rank.is_none() && !self.names.others.contains(&id) {
            let known = Words::list(self.names.categories);
            let what = Words::new(
                format!("没有名为`{id}`的人员类别；可用的有：{}", known.zh),
                format!("unknown category `{id}`; known: {}", known.en),
            );
            self.fault(key.to_owned(), what);
        }
        rank
    }

    fn by_sex(&mut self, key: &str, values: &BySex, most: f64) {
        for (sex, bands) in [("male", &values.male), ("female", &values.female)] {
            for (band, &value) in bands.iter().enumerate() {
                self.within(format!("{key}.{sex}.{band}"), value, most);
            }
        }
    }

    fn group(&mut self, name: &str, group: &Group, found: &mut [Option<CategoryParams>]) {
        let key = |field: &str| format!("population.groups.{name}.{field}");
        self.by_sex(&key("age_weight"), &group.age_weight, MOST_WEIGHT);
        for (band, &value) in group.employee_share.iter().enumerate() {
            self.share(key(&format!("employee_share.{band}")), value);
        }
        self.share(key("rural_share"), group.rural_share);
        self.share(key("loss_per_year"), group.loss_per_year);
        self.share(key("newborn_share"), group.newborn_share);
        self.within(key("mortality_ratio"), group.mortality_ratio, MOST_MULTIPLE);
        self.within(key("income_mean_relative"), group.income_mean_relative, MOST_MULTIPLE);
        self.within(key("income_sigma"), group.income_sigma, 3.0);
        self.sizes(key("household_sizes"), &group.household_sizes);
        self.ages(key("ages"), group);
        for (number, id) in group.categories.iter().enumerate() {
            let key = key(&format!("categories.{number}"));
            let Some(rank) = self.category(&key, id) else { continue };
            if found[rank].is_some() {
                self.fault(key, words!("`{id}`同在两个人群", "`{id}` is in two groups"));
            }
            found[rank] = Some(params_of(id, group));
        }
    }

    fn sizes(&mut self, key: String, sizes: &[f64]) {
        for (number, &value) in sizes.iter().enumerate() {
            self.within(format!("{key}.{number}"), value, MOST_WEIGHT);
        }
        if sizes.len() > 16 || sizes.iter().sum::<f64>() <= 0.0 {
            self.fault(
                key,
                Words::new("家庭人口数写1至16个，至少一个大于0", "1 to 16 sizes, at least one above 0"),
            );
        }
    }

    fn ages(&mut self, key: String, group: &Group) {
        let Some(ages) = group.ages else { return };
        if ages.from > 85 || ages.to.is_some_and(|to| to > 84 || to < ages.from) {
            self.fault(
                key.clone(),
                Words::new(
                    "`from`为0至85；`to`为`from`至84，或不写",
                    "`from` is 0 to 85; `to` is `from` to 84, or left out",
                ),
            );
        }
        if group.given_to == Given::Household {
            self.fault(
                key,
                Words::new(
                    "只有`given_to` = \"person\"（按个人认定）时才能写",
                    "only with `given_to` = \"person\"",
                ),
            );
        }
    }

    fn all_found(&mut self, found: &[Option<CategoryParams>]) {
        let names = self.names;
        for (id, params) in names.categories.iter().zip(found) {
            if params.is_none() {
                self.fault(
                    "population.groups".to_owned(),
                    words!("没有人群包括人员类别`{id}`", "no group has category `{id}`"),
                );
            }
        }
    }

    fn overlaps(&mut self, raw: &PopulationPart) -> Vec<Overlap> {
        let mut overlaps: Vec<Overlap> = Vec::new();
        for (number, typed) in raw.overlaps.iter().enumerate() {
            let key = format!("population.overlaps.{number}");
            self.share(format!("{key}.share"), typed.share);
            let of = self.category(&format!("{key}.of"), &typed.of);
            let also = self.category(&format!("{key}.also"), &typed.also);
            let (Some(of), Some(also)) = (of, also) else { continue };
            let (of, also) = (category(of), category(also));
            let twice = overlaps.iter().any(|o| (o.of, o.also) == (of, also) || (o.of, o.also) == (also, of));
            if twice || of == also {
                let what = words!(
                    "`{of}`与`{also}`：应为两个不同的人员类别，且只写一次",
                    "`{of}` with `{also}`: two different categories, once",
                    of = typed.of,
                    also = typed.also
                );
                self.fault(key, what);
            }
            overlaps.push(Overlap { of, also, share: typed.share });
        }
        overlaps
    }

    fn traits(&mut self, raw: &BTreeMap<String, TraitShare>) -> Vec<TraitParams> {
        let names = self.names;
        let is_unknown = |name: &&str| !names.traits.contains(name) && !names.others.contains(name);
        for name in raw.keys().map(String::as_str).filter(is_unknown) {
            let known = Words::list(self.names.traits);
            let what = Words::new(
                format!("没有这一特征；可用的有：{}", known.zh),
                format!("unknown trait; known: {}", known.en),
            );
            self.fault(format!("population.traits.{name}"), what);
        }
        names.traits.iter().map(|name| self.of_trait(name, raw.get(*name))).collect()
    }

    fn of_trait(&mut self, name: &str, raw: Option<&TraitShare>) -> TraitParams {
        let mut share = vec![0.0; self.names.categories.len()];
        for (id, &value) in raw.iter().flat_map(|typed| &typed.share) {
            let key = format!("population.traits.{name}.share.{id}");
            self.share(key.clone(), value);
            if let Some(rank) = self.category(&key, id) {
                share[rank] = value;
            }
        }
        let by_household = raw.is_some_and(|typed| typed.given_to == Given::Household);
        TraitParams { name: name.to_owned(), by_household, share }
    }

    fn growth(&mut self, raw: &BTreeMap<String, BTreeMap<String, f64>>, categories: &mut [CategoryParams]) {
        for (id, years) in raw {
            let key = format!("population.category_growth.{id}");
            self.category(&key, id);
            for (year, &factor) in years {
                self.within(format!("{key}.{year}"), factor, 10.0);
                match (year.parse::<u16>(), categories.iter_mut().find(|params| params.name == *id)) {
                    (Ok(number), Some(params)) if (1900..=2200).contains(&number) => {
                        params.growth.insert(number, factor);
                    }
                    (Ok(_), None) => {}
                    _ => self.fault(
                        format!("{key}.{year}"),
                        Words::new("不是年度，应如\"2024\"", "is not a year such as \"2024\""),
                    ),
                }
            }
        }
    }
}

fn params_of(id: &str, group: &Group) -> CategoryParams {
    let sum: f64 = group.household_sizes.iter().sum();
    CategoryParams {
        name: id.to_owned(),
        by_household: group.given_to == Given::Household,
        age_from: group.ages.map_or(0, |ages| ages.from),
        age_to: group.ages.and_then(|ages| ages.to).unwrap_or(u8::MAX),
        age_weight: [group.age_weight.male, group.age_weight.female],
        household_sizes: group.household_sizes.iter().map(|share| share / sum).collect(),
        employee_share: group.employee_share,
        rural_share: group.rural_share,
        loss_per_year: group.loss_per_year,
        mortality_ratio: group.mortality_ratio,
        newborn_share: group.newborn_share,
        income_mean_relative: group.income_mean_relative,
        income_sigma: group.income_sigma,
        growth: BTreeMap::new(),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a policy has at most 32 categories")]
const fn category(rank: usize) -> Category {
    Category(rank as u8)
}
