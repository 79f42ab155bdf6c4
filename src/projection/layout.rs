//! What the positions in an outcome mean: counties, years, cells, categories, rules, lists.
//!
//! Taken once from a scenario; after that a projection knows neither the scenario nor any person.

use crate::policy::Rule;
use crate::policy::names::{Clause, Name};
use crate::policy::schedule::{RuleId, YearRules};
use crate::raw::Status;
use crate::raw::settings::Source;
use crate::scenario::Scenario;
use crate::scenario::fault::Faults;
use crate::scenario::inputs::AssumedInputs;
use crate::simulation::facts::FactLayout;
use crate::simulation::outcome::Cell;

use super::reach::{Reach, reach};

/// Id and labels, Chinese and English, of those who hold no category.
pub const ORDINARY: (&str, &str, &str) = ("ordinary", "普通居民", "Ordinary residents");

/// A county as it appears in tables.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CountyName {
    /// Administrative code.
    pub code: u32,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// Residents, persons.
    pub residents: u32,
    /// Categories whose number of persons is assumed, as a bit set.
    pub assumed_counts: u32,
}

impl CountyName {
    /// The administrative code as it is written everywhere: text of six digits.
    #[must_use]
    pub fn code_text(&self) -> String {
        format!("{:06}", self.code)
    }
}

/// What is known of one year.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct YearLayout {
    /// The year.
    pub year: u16,
    /// For whom each rule is, by its number; `None` where it does not hold in this year.
    pub reach: Vec<Option<Reach>>,
    /// The rules of the watch lists, in the order of the outcome's lists.
    pub lists: Vec<RuleId>,
    /// The rules of the indicators with the share that should not be exceeded, in the order of the outcome.
    pub indicators: Vec<(RuleId, f64)>,
}

/// The meaning of every position in the outcomes of one scenario.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layout {
    /// Id of the scenario.
    pub scenario: String,
    /// Title in Chinese.
    pub title_zh: String,
    /// Title in English.
    pub title_en: String,
    /// Name of the place in Chinese.
    pub place_zh: String,
    /// Name of the place in English.
    pub place_en: String,
    /// Counties, by the position that an outcome names.
    pub counties: Vec<CountyName>,
    /// The years, ascending.
    pub years: Vec<YearLayout>,
    /// The years that were simulated before the first one of the scenario, and are not reported.
    pub warm_up: Vec<WarmUpYear>,
    /// Sources of uncertainty that are switched off.
    pub without: Vec<Source>,
    /// Number of replicates.
    pub n_replicates: usize,
    /// Seed of all draws.
    pub seed: u64,
    /// The share of a mean that its Monte Carlo error should not exceed.
    pub precision_target: f64,
    /// Columns of the trials.
    pub cells: Vec<Cell>,
    /// Lines of spending.
    pub lines: Vec<Name>,
    /// Funders.
    pub funders: Vec<Name>,
    /// Categories in rank order, then ordinary residents.
    pub categories: Vec<Name>,
    /// Clauses.
    pub clauses: Vec<Clause>,
    /// Rules.
    pub rules: Vec<Rule>,
    /// On which kinds of assumed inputs a rule's payments rest, by its number; counts of persons apart.
    pub assumed_inputs: Vec<AssumedInputs>,
}

impl Layout {
    /// The layout of a scenario's outcomes for the given years.
    ///
    /// # Errors
    /// A year for which the files do not give every value.
    pub fn new(
        scenario: &Scenario,
        cells: Vec<Cell>,
        years: &[u16],
        n_replicates: usize,
    ) -> Result<Self, Faults> {
        let policy = &scenario.policy;
        let settings = &scenario.settings;
        let mut categories = policy.names.categories.clone();
        let [id, zh, en] = [ORDINARY.0, ORDINARY.1, ORDINARY.2].map(ToOwned::to_owned);
        categories.push(Name { id, zh, en });
        // A parameter may differ by county, and with it whether a rule pays anybody anything.
        let years = years.iter().map(|&year| {
            let mut all = YearLayout::new(&scenario.rules(0, year)?, policy.rules.len());
            for county in 1..scenario.place.counties.len() {
                all.reach_also(&scenario.rules(county, year)?);
            }
            Ok(all)
        });
        Ok(Self {
            scenario: scenario.id.clone(),
            title_zh: settings.title_zh.clone(),
            title_en: settings.title_en.clone(),
            place_zh: scenario.place.name_zh.clone(),
            place_en: scenario.place.name_en.clone(),
            counties: counties(scenario),
            years: years.collect::<Result<_, Faults>>()?,
            warm_up: warm_up(scenario)?,
            without: scenario.settings.run.without.clone(),
            n_replicates,
            seed: settings.run.seed,
            precision_target: settings.run.precision_target,
            cells,
            lines: policy.names.lines.clone(),
            funders: policy.names.funders.clone(),
            categories,
            clauses: policy.clauses.clone(),
            rules: policy.rules.clone(),
            assumed_inputs: (0..policy.rules.len()).map(|rule| scenario.assumed_inputs(rule)).collect(),
        })
    }

    /// Where money and rules stand among the facts of an outcome on all cells.
    #[must_use]
    pub fn facts(&self) -> FactLayout {
        FactLayout {
            n_cells: self.cells.len(),
            n_people: self.categories.len(),
            n_rules: self.rules.len(),
            ..FactLayout::default()
        }
    }

    /// The bit of a row of people in [`Reach::categories`]; `None` for ordinary residents.
    #[must_use]
    pub fn bit_of(&self, category: usize) -> Option<u32> {
        (category + 1 < self.categories.len() && category < 32).then(|| 1 << category)
    }
}

/// A year of the warm-up, and the year whose rules it was simulated under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct WarmUpYear {
    /// The year.
    pub year: u16,
    /// The same year where its own rules are known, else the year whose rules of January stood for them.
    pub rules_of: u16,
}

fn warm_up(scenario: &Scenario) -> Result<Vec<WarmUpYear>, Faults> {
    let years = scenario.warm_up_years();
    years.map(|year| Ok(WarmUpYear { year, rules_of: scenario.warm_up_rules(0, year)?.of })).collect()
}

impl YearLayout {
    /// Takes what is needed from a year's rules.
    #[must_use]
    pub fn new(rules: &YearRules, n_rules: usize) -> Self {
        let schedule = rules.of_coverage_year();
        Self {
            year: rules.year,
            reach: reach(rules, n_rules),
            lists: schedule.watches.iter().map(|watch| watch.rule).collect(),
            indicators: schedule
                .indicators
                .iter()
                .map(|indicator| (indicator.rule, indicator.at_most.as_f64()))
                .collect(),
        }
    }

    /// Adds whom the same year's rules reach in another county.
    fn reach_also(&mut self, rules: &YearRules) {
        let n_rules = self.reach.len();
        for (known, other) in self.reach.iter_mut().zip(reach(rules, n_rules)) {
            *known = match (*known, other) {
                (Some(known), Some(other)) => Some(known.or(other)),
                (known, other) => known.or(other),
            };
        }
    }
}

fn counties(scenario: &Scenario) -> Vec<CountyName> {
    let bit = |id: &str| {
        let rank = scenario.policy.names.categories.iter().position(|name| name.id == id);
        rank.filter(|&rank| rank < 32).map_or(0, |rank| 1 << rank)
    };
    scenario
        .place
        .counties
        .iter()
        .map(|county| CountyName {
            code: county.code,
            zh: county.label_zh.clone(),
            en: county.label_en.clone(),
            residents: county.all,
            assumed_counts: county
                .categories
                .iter()
                .filter(|count| count.persons > 0 && count.status == Status::Assumed)
                .fold(0, |mask, count| mask | bit(&count.id)),
        })
        .collect()
}
