//! Scenario: everything a run depends on, read from files, checked and resolved.

pub mod changes;
pub mod compile;
pub mod compose;
pub mod document;
pub mod evaluate;
pub mod fault;
pub mod find;
pub mod fund;
mod households;
pub mod identity;
pub mod inputs;
pub mod kept;
pub mod labels;
pub mod load;
pub mod mixed;
mod needed;
pub mod notice;
pub mod oddities;
pub mod outlook;
mod overlay;
mod people;
pub mod place;
pub mod provenance;
pub mod register;
mod rules;
pub mod schema;
pub mod table;
pub mod texts;
pub mod unreached;
pub mod usual;
pub mod validate;
mod values;
pub mod warm_up;
mod without;

use std::collections::BTreeMap;
use std::path::Path;

use crate::raw;
use crate::raw::policy as raw_policy;
use fault::Faults;
use load::{Files, Setting, Typed};
use notice::Notice;
use place::Place;
use register::Register;
use rules::policy_of_rules;

use crate::illness::IllnessModel;
use crate::lang::{Words, words};
use crate::policy::Policy;
use crate::policy::claim::OverNewYear;
use crate::policy::names::{Clause, Name, Names};
use crate::population::{self, PopulationParams};
use crate::units::Fen;
use crate::units::Month;

/// A scenario, resolved and valid.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// The name of its file without `.toml`.
    pub id: String,
    /// The scenario file as typed.
    pub settings: raw::settings::Scenario,
    /// Names, clauses and rules.
    pub policy: Policy,
    /// The place.
    pub place: Place,
    /// The funds of the place and the budgets in force.
    pub funds: fund::Funds,
    /// How the synthetic population is made.
    pub population: PopulationParams,
    /// The illness model.
    pub model: IllnessModel,
    /// The files read, with hashes.
    pub hashes: BTreeMap<String, String>,
    /// What is assumed and what is not.
    pub provenance: provenance::Summary,
    /// What is odd in the files, though no fault, in the order of files and lines.
    pub notices: Vec<Notice>,
    /// The last year of a transition after which rules lapse although the scenario does not say what becomes of them.
    pub lapses_after: Option<u16>,
    files: Files,
    register: Register,
    names: Names,
}

/// Reads, checks and resolves a scenario file.
///
/// # Errors
/// Every fault of every file, each with file, line, key, value and what is allowed.
pub fn load(path: &Path, settings: &[Setting]) -> Result<Scenario, Faults> {
    resolve(load::load(path, settings)?)
}

/// Checks and resolves what was read, and tries every county and year.
fn resolve(files: Files) -> Result<Scenario, Faults> {
    let (mut scenario, notices) = built(files)?;
    scenario.notices = scenario.check_run_years(notices)?;
    Ok(scenario)
}

/// Checks and resolves what was read, with the notices; no county or year is tried.
fn built(files: Files) -> Result<(Scenario, Vec<Notice>), Faults> {
    let mut faults = Faults { notices: files.notices.clone(), ..Faults::default() };
    let mut names = Names::default();
    for (_, policy) in &files.policies {
        let before = faults.list.len();
        validate::policy(&policy.raw, &policy.document, &mut faults);
        overlay::hint_at_timeline(&files, &policy.id, &mut faults.list[before..]);
        usual::check(&policy.document, &usual::POLICY, &mut faults);
        register::add_names(&mut names, &policy.raw);
    }
    names.number_diseases(&files.model.raw.diseases());
    timeline(&files, &mut faults);
    households::of_timeline(&files, &mut faults);
    let provenance = provenance::check(&files, &mut faults);
    let ids: Vec<String> = names.categories.iter().map(|name| name.id.clone()).collect();
    // Where the policy is in order, what has a label alone is no category of it.
    let ids = if faults.list.is_empty() { ids } else { register::with_labels(ids, &files) };
    let typed = &files.place;
    let place =
        place::resolve(&typed.id, (typed.raw.clone(), &typed.document), &files.tables, &ids, &mut faults);
    let funds = fund::resolve(&files, &place, &names.funders, &mut faults);
    run_settings(&files.scenario, &files, &place, &mut faults);
    unreached::years(&files, &place, &mut faults);
    let lapses_after = outlook::transition(&files, &mut faults);
    unreached::model_categories(&files, &names, &mut faults);
    unreached::diseases(&files, &names, &mut faults);
    households::of_single_persons(&files, &mut faults);
    households::of_income(&files, &mut faults);
    usual::check(&files.model.document, &usual::MODEL, &mut faults);
    let model = model(&files.model, &mut faults);
    // A rank without a label, or the other way round, is a fault of the policy, and none of the place.
    let is_ranked_only = |name: &Name| !ids.contains(&name.id);
    let population = match names.categories.iter().any(is_ranked_only) || ids.len() > names.categories.len() {
        true => None,
        false => population_params(&files, &names, &place, &mut faults),
    };
    people::incomes(&files, &place, &mut faults);
    oddities::check(&files, (&place, &funds), &mut faults);
    fund::odd_amounts(&files, &place, &funds, &mut faults);
    let notices = faults.finish()?;

    let mut register = Register::default();
    for (number, (_, policy)) in files.policies.iter().enumerate() {
        register.add(&policy.raw, &names, policy_of_rules(&files, number));
    }
    let (Some(mut model), Some(population)) = (model, population) else {
        return Err(not_built(&files));
    };
    let (mut place, mut funds, mut notices) = (place, funds, notices);
    notices.extend(without::switch_off(&files, (&mut place, &mut funds, &mut model)));
    let scenario = Scenario {
        id: files.scenario.id.clone(),
        settings: files.scenario.raw.clone(),
        policy: policy(&files, &names, &register),
        place,
        funds,
        population,
        model,
        hashes: files.hashes.clone(),
        provenance,
        notices: Vec::new(),
        lapses_after,
        register,
        names,
        files,
    };
    Ok((scenario, notices))
}

/// Said where nothing was found amiss and yet something is not there.
fn not_built(files: &Files) -> Faults {
    let mut faults = Faults::default();
    let problem = Words::new("无法建立疾病模型或人口", "the illness model or the population cannot be built");
    faults.file(&files.scenario.document.file, problem);
    faults
}

impl Scenario {
    /// A hash of everything that the draws depend on besides the seed: place, illness model, categories, years.
    /// Scenarios with the same key fall ill in the same way, so they can be settled on the same draws.
    #[must_use]
    pub fn draws_key(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        let place = serde_json::to_vec(&self.files.place.document.root).unwrap_or_default();
        let model = serde_json::to_vec(&self.files.model.document.root).unwrap_or_default();
        let ids: Vec<&str> = self.names.categories.iter().map(|name| name.id.as_str()).collect();
        for part in [
            &place,
            &model,
            self.files.tables.counties.1.as_bytes(),
            self.files.tables.categories.1.as_bytes(),
        ] {
            hasher.update(part);
            hasher.update(&[0]);
        }
        hasher.update(ids.join(",").as_bytes());
        let run = &self.settings.run;
        hasher.update(format!("{:?} {} {:?}", self.years(), run.warm_up_years, run.without).as_bytes());
        hasher.finalize().to_hex().to_string()
    }

    /// Whether the persons of two scenarios fall ill in the same way: the same model, years and sources of uncertainty.
    #[must_use]
    pub fn falls_ill_like(&self, other: &Self) -> bool {
        let (own, others) = (&self.settings.run, &other.settings.run);
        self.files.model.document.root == other.files.model.document.root
            && self.years() == other.years()
            && (own.warm_up_years, &own.without) == (others.warm_up_years, &others.without)
    }

    /// Which year a stay belongs to that lasts beyond the end of a year: by the policy in force in December.
    #[must_use]
    pub fn over_new_year(&self, year: u16) -> OverNewYear {
        self.files.policies[self.policy_in(Month::new(year, 12))].1.raw.over_new_year()
    }

    /// The years to project.
    #[must_use]
    pub fn years(&self) -> &[u16] {
        &self.settings.run.years
    }

    /// Compiles every county and year that is run and plans every population; gives the notices, with those found before.
    fn check_run_years(&self, notices: Vec<Notice>) -> Result<Vec<Notice>, Faults> {
        let mut faults = Faults { notices, ..Faults::default() };
        for county in 0..self.place.counties.len() {
            for &year in self.years() {
                self.check_rules(county, year, &mut faults);
            }
        }
        self.check_populations(&mut faults);
        faults.finish()
    }
}

fn policy(files: &Files, names: &Names, register: &Register) -> Policy {
    let mut clauses: Vec<Clause> = Vec::new();
    for (_, typed) in &files.policies {
        for (id, raw) in &typed.raw.clauses {
            // Of a clause that several policies of a timeline write, the last one says what has become of it.
            match clauses.iter_mut().find(|known| known.id == *id) {
                Some(known) => *known = clause(id, raw),
                None => clauses.push(clause(id, raw)),
            }
        }
    }
    let last = files.policies.last().map(|(_, typed)| &typed.raw.about);
    Policy {
        ids: files.policies.iter().map(|(_, typed)| typed.id.clone()).collect(),
        title_zh: last.map(|about| about.title_zh.clone()).unwrap_or_default(),
        title_en: last.map(|about| about.title_en.clone()).unwrap_or_default(),
        first_year: files.policies.first().map_or(0, |(_, typed)| typed.raw.about.first_year),
        names: names.clone(),
        clauses,
        rules: register.rules.clone(),
    }
}

fn clause(id: &str, raw: &raw_policy::Clause) -> Clause {
    Clause {
        id: id.to_owned(),
        kind: raw.kind,
        position: raw.position.clone(),
        zh: raw.zh.clone(),
        en: raw.en.clone(),
        superseded_by: raw.superseded_by.clone(),
        note: raw.note.clone(),
        note_zh: raw.note_zh.clone(),
    }
}

fn model(typed: &Typed<raw::model::RawModel>, faults: &mut Faults) -> Option<IllnessModel> {
    match IllnessModel::new(&typed.raw) {
        Ok(model) => Some(model),
        Err(problems) => {
            for problem in problems {
                faults.push(typed.document.fault(&problem.key, problem.words(), None));
            }
            None
        }
    }
}

/// The parameters of the population; incomes are multiples of the rural income of the first year.
fn population_params(
    files: &Files,
    names: &Names,
    place: &Place,
    faults: &mut Faults,
) -> Option<PopulationParams> {
    let document = &files.place.document;
    let year = files.scenario.raw.run.years.first().copied().unwrap_or_default();
    let rural = place.values.incomes.get("rural");
    let income = rural.and_then(|series| {
        series.iter().min_by_key(|(known, _)| known.abs_diff(year)).map(|(_, amount)| *amount)
    });
    if income.is_none() {
        let hint = fault::nearest("rural", place.values.incomes.keys().map(String::as_str));
        let problem =
            Words::new("缺少：家庭收入按它的倍数计算", "missing: household incomes are multiples of it");
        faults.push(document.fault("income.rural", problem, hint));
    }
    for category in place.raw.enrolment.keys() {
        let is_other = place.other_categories.contains(category);
        if !is_other && !names.categories.iter().any(|name| name.id == *category) {
            let hint = fault::nearest(category, names.categories.iter().map(|name| name.id.as_str()));
            faults.push(document.fault(&format!("enrolment.{category}"), place::not_ranked(), hint));
        }
    }
    let ordinary = &place.raw.application.ordinary_income;
    // That the series of household incomes is missing has been said.
    if ordinary != "rural" && !place.values.incomes.contains_key(ordinary) {
        let hint = fault::nearest(ordinary, place.values.incomes.keys().map(String::as_str));
        let problem = Words::new("不是测算地区的收入名称", "is no income series of this place");
        faults.push(document.fault("application.ordinary_income", problem, hint));
    }
    let categories: Vec<&str> = names.categories.iter().map(|name| name.id.as_str()).collect();
    let traits: Vec<&str> = names.traits.iter().map(|name| name.id.as_str()).collect();
    let others = unreached::other_traits(files, &traits, faults);
    let others: Vec<&str> = place.other_categories.iter().map(String::as_str).chain(others).collect();
    let names = population::Names { categories: &categories, traits: &traits, others: &others };
    match PopulationParams::resolve(&files.place.raw.population, names, income.unwrap_or(Fen::ZERO)) {
        Ok(params) => Some(params),
        Err(problems) => {
            for problem in problems {
                faults.push(document.fault(&problem.key, problem.what, None));
            }
            None
        }
    }
}

/// A timeline is in order, its months are months, and its policies rank the same categories.
fn timeline(files: &Files, faults: &mut Faults) {
    let document = &files.scenario.document;
    let mut before: Option<Month> = None;
    for (number, (from, typed)) in files.policies.iter().enumerate() {
        let Some(from) = from else { continue };
        let key = format!("timeline.{number}.from");
        match (Month::parse(from), before) {
            (None, _) => {
                let problem = Words::new("应为月份，如\"2022-08\"", "must be a month such as \"2022-08\"");
                faults.push(document.fault(&key, problem, None));
            }
            (Some(month), Some(before)) if month <= before => {
                faults.push(document.fault(
                    &key,
                    Words::new("须晚于前一条", "must be later than the entry before"),
                    None,
                ));
            }
            (Some(month), None) => {
                let first = files.scenario.raw.run.years.first().map(|year| Month::new(*year, 1));
                if first.is_some_and(|first| month > first) {
                    let words = Words::new(
                        "该方案也用于此前各月：没有更早的方案",
                        "this policy settles the months before as well: there is no earlier one",
                    );
                    faults.warn(document.notice(&key, words));
                }
                before = Some(month);
            }
            (month, _) => before = month,
        }
        if typed.raw.rank != files.policies[0].1.raw.rank {
            let problem = words!(
                "排列的人员类别与`{first}`不同：政策时间表中各政策的`rank`须相同",
                "ranks other categories than `{first}`: the policies of a timeline rank the same ones",
                first = files.policies[0].1.id
            );
            faults.push(document.fault(&format!("timeline.{number}.policy"), problem, None));
        }
    }
}

fn run_settings(typed: &Typed<raw::settings::Scenario>, files: &Files, place: &Place, faults: &mut Faults) {
    let years = &typed.raw.run.years;
    let document = &typed.document;
    if years.is_empty() {
        faults.push(document.fault(
            "run.years",
            Words::new("至少要有一个年度", "needs at least one year"),
            None,
        ));
    }
    if years.windows(2).any(|pair| pair[1] != pair[0] + 1) {
        faults.push(document.fault(
            "run.years",
            Words::new(
                "须从小到大、中间不缺，如[2022, 2023]",
                "must be ascending without gaps, as in [2022, 2023]",
            ),
            None,
        ));
    }
    let first = files.policies.first().map_or(0, |(_, typed)| typed.raw.about.first_year);
    let known = place.values.contribution_years();
    for (number, year) in years.iter().enumerate() {
        let key = format!("run.years.{number}");
        if *year < first {
            let problem = words!(
                "政策从其首个可结算年度（`first_year`）{first}年起才能结算",
                "the policy can be settled from {first} on, its `first_year`"
            );
            faults.push(document.fault(&key, problem, None));
        } else if !known.contains(year) {
            let list: Vec<String> = known.iter().map(ToString::to_string).collect();
            let list = Words::list(&list);
            let problem = Words::new(
                format!("测算地区没有该年的个人缴费标准；已有：{}", list.zh),
                format!("the place gives no contribution for this year; given: {}", list.en),
            );
            let hint = without_year(&place.raw, *year).unwrap_or_else(outlook::hint);
            faults.push(document.fault(&key, problem, Some(hint)));
        }
    }
}

/// The groups that have no contribution in a year, where others have.
fn without_year(place: &raw::place::Place, year: u16) -> Option<Words> {
    let year = year.to_string();
    let (given, missing): (Vec<_>, Vec<_>) =
        place.contribution.iter().partition(|(_, group)| group.yuan_by_year.contains_key(&year));
    let missing: Vec<String> = missing.iter().map(|(id, _)| format!("contribution.{id}")).collect();
    let missing = Words::list(&missing);
    (!given.is_empty()).then(|| {
        Words::new(
            format!("地区文件的{}中缺少该年", missing.zh),
            format!("missing from {} of the place file", missing.en),
        )
    })
}
