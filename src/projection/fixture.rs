//! Small outcomes with known numbers, for tests.

use super::layout::{CountyName, Layout, YearLayout};
use super::reach::Reach;
use crate::policy::Rule;
use crate::policy::names::{Clause, ClauseKind, Name};
use crate::policy::rule::{Family, RuleKey};
use crate::policy::schedule::{FunderShare, RuleId};
use crate::population::RegisterCount;
use crate::scenario::inputs::AssumedInputs;
use crate::simulation::facts::{BurdenMeasure, Fact, FactLayout, Facts, PeopleMeasure, RuleMeasure};
use crate::simulation::outcome::{Cell, CountyOutcome};
use crate::units::Ratio;

/// A name whose labels are its id.
pub fn name(id: &str) -> Name {
    Name { id: id.to_owned(), zh: id.to_owned(), en: id.to_owned() }
}

fn clause(id: &str) -> Clause {
    let text = String::new;
    Clause {
        id: id.to_owned(),
        kind: ClauseKind::Money,
        position: text(),
        zh: text(),
        en: text(),
        superseded_by: Vec::new(),
        note: None,
        note_zh: None,
    }
}

fn rule((family, id): (Family, &str), line: Option<usize>, cite: &[&str]) -> Rule {
    let cite = cite.iter().map(|&id| id.to_owned()).collect();
    let key = RuleKey { policy: String::new(), family, id: id.to_owned(), standard: None };
    Rule { line, cite, ..Rule::new(key) }
}

/// Two counties, one year, three cells: subsidies by fund and county, inpatient assistance by the fund; a third line
/// without a rule. Categories: destitute (assumed count in the second county) and ordinary residents.
pub fn layout(n_replicates: usize) -> Layout {
    let county = |code, zh: &str, en: &str, assumed_counts| CountyName {
        code,
        zh: zh.to_owned(),
        en: en.to_owned(),
        residents: 1000,
        assumed_counts,
    };
    let destitute = Some(Reach { categories: 1, ordinary: false, pays: true });
    let reach =
        vec![destitute, destitute, Some(Reach { categories: 2, ordinary: false, pays: true }), destitute];
    Layout {
        scenario: "small".to_owned(),
        title_zh: "小例".to_owned(),
        title_en: "Small".to_owned(),
        place_zh: "某市".to_owned(),
        place_en: "Somewhere".to_owned(),
        counties: vec![county(450_602, "港口区", "Gangkou", 0), county(450_603, "防城区", "Fangcheng", 1)],
        years: vec![YearLayout {
            year: 2023,
            reach,
            lists: vec![RuleId(3)],
            indicators: vec![(RuleId(3), 0.1)],
        }],
        warm_up: Vec::new(),
        without: Vec::new(),
        n_replicates,
        seed: 1,
        precision_target: 0.01,
        cells: cells(),
        lines: vec![name("subsidy"), name("inpatient"), name("tilt")],
        funders: vec![name("fund"), name("county")],
        categories: vec![name("destitute"), name("ordinary")],
        clauses: vec![clause("X-01"), clause("X-02"), clause("X-03")],
        rules: vec![
            rule((Family::Subsidy, "all"), Some(0), &["X-01"]),
            rule((Family::Assistance, "inpatient"), Some(1), &["X-01", "X-02"]),
            rule((Family::Assistance, "other"), Some(1), &["X-02"]),
            rule((Family::Watch, "list"), None, &["X-03"]),
        ],
        assumed_inputs: [false, true, false, false]
            .map(|policy_values| AssumedInputs { policy_values, ..AssumedInputs::default() })
            .to_vec(),
    }
}

/// Funders that share a rule equally.
pub fn paid_by(funders: &[u8]) -> Vec<FunderShare> {
    let share = Ratio(Ratio::SCALE / funders.len() as i64);
    funders.iter().map(|&funder| FunderShare { funder, share }).collect()
}

/// Line and funder of each column.
pub fn cells() -> Vec<Cell> {
    [(0, 0), (0, 1), (1, 0)].map(|(line, funder)| Cell { line, funder }).to_vec()
}

/// What stands where in an outcome of the fixture.
pub fn facts() -> FactLayout {
    FactLayout { n_cells: 3, n_people: 2, n_rules: 4, n_lists: 1, n_indicators: 1 }
}

/// An outcome of one year with these trials by replicate and cell: each cell falls due in the month of its number and
/// is for the destitute.
pub fn outcome(county: usize, trials: &[[i64; 3]]) -> CountyOutcome {
    let funders = vec![vec![paid_by(&[0, 1]), paid_by(&[0]), paid_by(&[0]), Vec::new()]];
    let mut outcome = CountyOutcome::empty(county, (1, trials.len()), (facts(), cells()), funders);
    for (replicate, trial) in trials.iter().enumerate() {
        outcome.add(0, replicate, year(trial).numbers());
    }
    outcome.register = vec![vec![RegisterCount { target: 10, holder_months: 120 }; 2]];
    outcome
}

/// The facts of a year.
pub fn year(trial: &[i64; 3]) -> Facts {
    let mut facts = Facts::zero(facts());
    for (cell, &fen) in trial.iter().enumerate() {
        facts[Fact::Money { cell }] = fen;
        facts[Fact::MoneyInMonth { cell, month: cell }] = fen;
        facts[Fact::MoneyForPeople { cell, row: 0 }] = fen;
    }
    let mut rule = |rule, [persons, cases, fen]: [i64; 3]| {
        facts[Fact::Rule { rule, measure: RuleMeasure::Persons }] = persons;
        facts[Fact::Rule { rule, measure: RuleMeasure::Cases }] = cases;
        facts[Fact::Rule { rule, measure: RuleMeasure::Fen }] = fen;
    };
    rule(0, [2, 3, trial[0] + trial[1]]);
    rule(1, [2, 3, trial[2]]);
    rule(3, [5, 0, 0]);
    for row in 0..2 {
        facts[Fact::People { row, measure: PeopleMeasure::PersonMonths }] = 120;
        facts[Fact::People { row, measure: PeopleMeasure::Admitted }] = 4;
    }
    facts[Fact::Listed { list: 0, month: 10 }] = 5;
    facts[Fact::Indicator { number: 0, measure: BurdenMeasure::InScopeFen }] = 1000;
    facts[Fact::Indicator { number: 0, measure: BurdenMeasure::SelfPayFen }] = 100;
    facts[Fact::Indicator { number: 0, measure: BurdenMeasure::Persons }] = 1;
    facts[Fact::Residual(BurdenMeasure::InScopeFen)] = 5000;
    facts[Fact::Residual(BurdenMeasure::SelfPayFen)] = 300;
    facts[Fact::Residual(BurdenMeasure::Persons)] = 1;
    facts
}
