//! Small outcomes with known numbers, for tests.

use super::layout::{CountyName, Layout, YearLayout};
use super::reach::Reach;
use crate::policy::Rule;
use crate::policy::names::{Clause, ClauseKind, Name};
use crate::policy::schedule::{FunderShare, RuleId};
use crate::population::RegisterCount;
use crate::scenario::inputs::AssumedInputs;
use crate::simulation::outcome::{BurdenMoments, Cell, CountyOutcome, Moments, PeopleMoments, RuleMoments};
use crate::units::Ratio;

/// A name whose labels are its id.
pub fn name(id: &str) -> Name {
    Name { id: id.to_owned(), zh: id.to_owned(), en: id.to_owned() }
}

/// The same number in every replicate.
pub fn constant(value: i64, n: usize) -> Moments {
    series(&vec![value; n])
}

/// One number a replicate.
pub fn series(values: &[i64]) -> Moments {
    let mut moments = Moments::default();
    values.iter().for_each(|&value| moments.add(value));
    moments
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

fn rule(id: &str, line: Option<usize>, cite: &[&str]) -> Rule {
    let cite = cite.iter().map(|&id| id.to_owned()).collect();
    Rule { id: id.to_owned(), line, cite, funders: Vec::new() }
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
        n_replicates,
        seed: 1,
        precision_target: 0.01,
        cells: cells(),
        lines: vec![name("subsidy"), name("inpatient"), name("tilt")],
        funders: vec![name("fund"), name("county")],
        categories: vec![name("destitute"), name("ordinary")],
        clauses: vec![clause("X-01"), clause("X-02"), clause("X-03")],
        rules: vec![
            rule("subsidy.all", Some(0), &["X-01"]),
            rule("assistance.inpatient", Some(1), &["X-01", "X-02"]),
            rule("assistance.other", Some(1), &["X-02"]),
            rule("watch.list", None, &["X-03"]),
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

/// An outcome of one year with these trials by replicate and cell.
pub fn outcome(county: usize, trials: &[[i64; 3]]) -> CountyOutcome {
    let n = trials.len();
    let sum = |of: &dyn Fn(&[i64; 3]) -> i64| series(&trials.iter().map(of).collect::<Vec<_>>());
    let moved = |fen: Moments| RuleMoments { persons: constant(2, n), cases: constant(3, n), fen };
    let nothing = RuleMoments { persons: constant(0, n), cases: constant(0, n), fen: constant(0, n) };
    let people = PeopleMoments {
        person_months: constant(120, n),
        admitted: constant(4, n),
        ..PeopleMoments::default()
    };
    let burden = |cost, paid| BurdenMoments {
        in_scope_fen: constant(cost, n),
        self_pay_fen: constant(paid, n),
        persons: constant(1, n),
    };
    let mut months = [constant(0, n); 12];
    months[10] = constant(5, n);
    CountyOutcome {
        county,
        n_replicates: n,
        n_years: 1,
        n_cells: 3,
        cells: cells(),
        trials: trials.concat(),
        rules: vec![vec![
            moved(sum(&|trial| trial[0] + trial[1])),
            moved(sum(&|trial| trial[2])),
            nothing,
            RuleMoments { persons: constant(5, n), ..nothing },
        ]],
        funders: vec![vec![paid_by(&[0, 1]), paid_by(&[0]), paid_by(&[0]), Vec::new()]],
        people: vec![vec![people, people]],
        register: vec![vec![RegisterCount { target: 10, holder_months: 120 }; 2]],
        watched: vec![vec![months]],
        indicators: vec![vec![burden(1000, 100)]],
        residual: vec![burden(5000, 300)],
    }
}
