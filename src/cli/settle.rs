//! `settle`: the rules without the dice.

use std::path::Path;

use super::args::{CasesArgs, SettleArgs};
use super::{Stop, terminal};
use crate::cases::answer::Writer;
use crate::cases::encoding::{Decoded, NoText, decode};
use crate::cases::field::{CaseFaults, Fields};
use crate::cases::household::fit_together;
use crate::cases::new_year::fit_parts;
use crate::cases::typed::{self, TypedCase};
use crate::cases::{Settler, json, once_a_year, table};
use crate::file;
use crate::lang::Lang;
use crate::scenario;

/// Settles every case and prints one JSON line for each, in order.
pub fn run(args: &SettleArgs) -> Result<(), Stop> {
    let scenario = scenario::load(&args.scenario, &args.settings)?;
    terminal::notices(&scenario.notices, false, Lang::En);
    let mut settler = Settler::new(&scenario);
    let input = input(&args.cases)?;
    let cases = input.cases(&mut settler)?;
    input.remark(&cases, &mut settler);
    Ok(terminal::json(&settle(&mut settler, &cases)?)?)
}

/// What the files hold: which row of a person a claim of a table belongs to depends on the scenario.
#[derive(Debug)]
enum Written {
    Lines(Vec<Fields>),
    Tables { persons: String, claims: String },
}

/// Cases as they stand in files or in standard input, which can be read only once.
#[derive(Debug)]
pub struct Input {
    written: Written,
    /// The names of the files of persons and of claims, or one name twice.
    files: (String, String),
}

impl Input {
    /// The cases under a scenario.
    pub fn cases(&self, settler: &mut Settler<'_>) -> Result<Vec<TypedCase>, Stop> {
        let files = (self.files.0.as_str(), self.files.1.as_str());
        match &self.written {
            Written::Lines(fields) => Ok(read_cases(settler, fields, files)?),
            Written::Tables { persons, claims } => {
                let over_new_year = |year| settler.scenario().over_new_year(year);
                let fields = table::read((files.0, persons), (files.1, claims), &over_new_year)?;
                Ok(read_cases(settler, &fields, files)?)
            }
        }
    }

    /// Says what is odd about cases that can be settled.
    pub fn remark(&self, cases: &[TypedCase], settler: &mut Settler<'_>) {
        let mut warnings = CaseFaults::default();
        cases.iter().for_each(|case| warnings.extend(case.warnings.clone()));
        for line in warnings.lines().lines() {
            terminal::note(&format!("warning: {line}"));
        }
        if cases.iter().any(|case| case.household.is_some()) && !settler.counts_households(cases) {
            let file = &self.files.0;
            terminal::note(&format!(
                "{file}: `household` changes nothing: no rule of the policy counts the sums of a household"
            ));
        }
        self.remark_sizes(cases, settler);
        if cases.is_empty() {
            terminal::note(&format!("{}: holds no case; nothing was settled", self.files.0));
        } else if cases.iter().all(|case| case.claims.is_empty()) {
            terminal::note(&format!("{}: holds no claim; contributions alone were settled", self.files.1));
        }
    }
}

impl Input {
    /// Says where sizes of households are missing or change nothing.
    fn remark_sizes(&self, cases: &[TypedCase], settler: &mut Settler<'_>) {
        let file = &self.files.0;
        let mut by_size = cases.iter().filter(|case| settler.goes_by_household_size(case)).peekable();
        if by_size.peek().is_none() {
            if cases.iter().any(|case| case.household_size.is_some()) {
                terminal::note(&format!(
                    "{file}: `household_size` changes nothing: no amount of the policy goes by the members of a household"
                ));
            }
            return;
        }
        let stated = |case: &&TypedCase| {
            let of_one = |other: &TypedCase| {
                other.household_size.is_some() && other.household == case.household && other.year == case.year
            };
            case.household_size.is_some() || case.household.is_some() && cases.iter().any(of_one)
        };
        if let Some(without) = by_size.find(|case| !stated(case)) {
            terminal::note(&format!(
                "{file}: case {:?} on line {}, and others like it, give no `household_size`, by which amounts of the \
                 policy go: their households have as many members as cases here",
                without.name, without.line
            ));
        }
    }
}

/// Reads what the arguments name.
pub fn input(args: &CasesArgs) -> Result<Input, Stop> {
    let (written, first, second) = match (&args.cases, &args.persons, &args.claims) {
        (Some(path), ..) => {
            let file = name(path);
            (Written::Lines(json::read(&file, &read_input(path)?)?), file.clone(), file)
        }
        (None, Some(persons), Some(claims)) => {
            let (first, second) = (name(persons), name(claims));
            let (persons, claims) = (read_input(persons)?, read_input(claims)?);
            (Written::Tables { persons, claims }, first, second)
        }
        _ => {
            return Err(Stop::BadInput(
                "cases are given as --cases FILE or as --persons FILE --claims FILE".to_owned(),
            ));
        }
    };
    Ok(Input { written, files: (first, second) })
}

fn name(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}

/// Reads every case; nothing is settled unless all can be.
fn read_cases(
    settler: &mut Settler<'_>,
    fields: &[Fields],
    files: (&str, &str),
) -> Result<Vec<TypedCase>, CaseFaults> {
    let mut faults = CaseFaults::default();
    let mut cases = Vec::new();
    for one in fields {
        match typed::read(one, files, settler.scenario(), settler.years()) {
            Ok(case) => cases.push(case),
            Err(more) => faults.extend(more),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    once_a_year(&cases)?;
    fit_parts(&mut cases, settler.years())?;
    fit_together(&mut cases, settler)?;
    Ok(cases)
}

/// Settles cases: one JSON line for each, in order; nothing unless all can be settled.
fn settle(settler: &mut Settler<'_>, cases: &[TypedCase]) -> Result<String, Stop> {
    let settled = settler.settle_households(cases, |_| true)?;
    let policy = &settler.scenario().policy;
    let mut text = String::new();
    for (case, settled) in cases.iter().zip(settled.iter().flatten()) {
        let Some(rules) = settler.rules_of_settled(case, settled) else { continue };
        let answer = Writer { policy, rules }.answer(case, settled);
        let line = serde_json::to_string(&answer).map_err(|error| {
            Stop::Failed(format!("{}:{}: the answer cannot be written: {error}", case.file, case.line))
        })?;
        text.push_str(&line);
        text.push('\n');
    }
    Ok(text)
}

/// Reads a file, or standard input for `-`; what cannot be read is bad input.
fn read_input(path: &Path) -> Result<String, Stop> {
    let bytes = if path == Path::new("-") {
        file::read_up_to(std::io::stdin().lock(), file::MOST_OF_CASES)
    } else {
        file::read(path, file::MOST_OF_CASES)
    };
    let bytes = bytes.map_err(|error| {
        Stop::BadInput(format!("{}: cannot be read: {}", name(path), error.text(Lang::En)))
    })?;
    match decode(bytes) {
        Ok(Decoded { text, written_as }) => {
            if let Some(encoding) = written_as {
                terminal::note(&format!("{}: read as {encoding}", name(path)));
            }
            Ok(text)
        }
        Err(NoText { line, problem }) => {
            let line = line.map_or_else(String::new, |line| format!(":{line}"));
            Err(Stop::BadInput(format!("{}{line}: {problem}", name(path))))
        }
    }
}
