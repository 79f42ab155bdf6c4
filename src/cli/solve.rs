//! `budget --solve`: the value of one input up to which a condition on the budgets holds.

use std::collections::BTreeSet;

use serde_json::Value;

use super::args::{BudgetArgs, RunArgs};
use super::project::{self, Timer};
use super::side_by_side::{self, Done};
use super::simulate::{self, Size};
use super::solve_args::SolveArgs;
use super::supply::Supply;
use super::{Stop, interrupt, of_option, terminal};
use crate::cases::typed::hinted;
use crate::lang::{Lang, Words};
use crate::policy::rule::Family;
use crate::projection::budget::{Absence, Funds};
use crate::projection::condition::{Condition, Measure};
use crate::projection::grid::{self, Grid};
use crate::projection::money::{Part, Slice, county_column};
use crate::projection::solve::{Holds, Search, Spent, Standing, standings};
use crate::report::screen_budget::why_no_account;
use crate::report::solved::{Fresh, Solved};
use crate::report::write::RunFolder;
use crate::report::{screen_solve, solve_files};
use crate::scenario::Scenario;
use crate::scenario::fault::nearest;
use crate::scenario::load::Setting;
use crate::simulation::outcome::{CountyOutcome, WorkDone};

/// What is looked for where it is no key: a multiple of all revenue.
const REVENUE: &str = "revenue";

/// Scenarios that are simulated side by side: more would hold too much at once.
const MOST_TOGETHER: usize = 8;

/// More looks than it ever takes where the condition changes evenly.
const MOST_LOOKS: usize = 12;

/// How safe budgets are, or what is to be solved.
pub fn budget(args: &BudgetArgs) -> Result<(), Stop> {
    match (&args.solve.solve, args.solve.until) {
        (Some(key), Some(until)) => run(&args.run, &args.solve, (key, until)),
        _ => project::run(&args.run, project::Shows::Budgets { waiting: args.waiting }),
    }
}

/// Solves. Whatever can be refused is refused before anything is simulated.
fn run(args: &RunArgs, asked: &SolveArgs, (key, until): (&str, (Measure, f64))) -> Result<(), Stop> {
    let lang = Lang::from(args.output.lang);
    interrupt::watch(lang);
    let threads = simulate::threads(args.size.threads)?;
    let scenario = args.size.load(&args.scenario)?;
    terminal::notices(&scenario.notices, args.output.quiet, lang);
    let size = Size::new(&scenario, &args.size)?;
    let layout = simulate::layout(&scenario, &size)?;
    let condition = condition(&scenario, asked, until)?;
    let seek =
        Seek { args, size: &size, key, grid: grid_of(&scenario, key, asked)?, base: &scenario, condition };
    let owners = seek.owners()?;
    seek.check_ends()?;
    let owner = side_by_side::owner(&scenario, "solve");
    let folder = project::begin(&args.output, &owner)?;

    let mut timer = Timer::default();
    let mut work = WorkDone::default();
    let search = timer.phase("simulation", || seek.search(&owners, &mut work))?;
    let found = search.found();
    let fresh = timer.phase("fresh seed", || found.edge().map(|at| seek.fresh(at, &owners)).transpose())?;
    let solved = Solved {
        layout: &layout,
        key: key.to_owned(),
        current: seek.current(),
        condition: &seek.condition,
        grid: seek.grid,
        search: &search,
        found,
        fresh,
    };
    let done = Done {
        command: "budget --solve",
        scenario: &scenario,
        layout: &layout,
        size: &size,
        typed: &args.size,
        output: &args.output,
        threads,
        work,
        timer,
    };
    let tables = |folder: &RunFolder| solve_files::write(folder, &solved);
    let target = side_by_side::write(folder, &owner, (solve_files::charts(&solved, lang), tables), done)?;
    let shown = (|| screen_solve::json(&solved), |lang| screen_solve::text(&solved, lang));
    side_by_side::print(shown, &target, &args.output)
}

/// The condition, of the payer that was named or the fund's own.
fn condition(
    scenario: &Scenario,
    asked: &SolveArgs,
    (measure, at_most): (Measure, f64),
) -> Result<Condition, Stop> {
    let funders = &scenario.policy.names.funders;
    let payer = match &asked.payer {
        None => scenario.funds.funder,
        Some(typed) => simulate::funder(scenario, typed).ok_or_else(|| {
            let hint = nearest(typed, funders.iter().map(|name| name.id.as_str()));
            let problem = Words::new(
                format!("--payer {typed}：须为政策的出资方"),
                format!("--payer {typed}: must be a funder of the policy"),
            );
            Stop::BadInput(hinted(problem, &hint.unwrap_or_default()))
        })?,
    };
    if measure == Measure::Short && payer != scenario.funds.funder {
        let fund = &funders[scenario.funds.funder].id;
        return Err(Stop::BadInput(Words::new(
            format!("--payer：只有 {fund} 有会不足的基金收支；请不要写，或改用 P(exceed)"),
            format!(
                "--payer: only {fund} has an account that can run short; leave it out, or ask for P(exceed)"
            ),
        )));
    }
    Ok(Condition { measure, at_most, payer })
}

/// Why a condition has nothing to be about.
fn nothing_to_hold(measure: Measure, (payer, absence): (&str, Option<Absence>)) -> Words {
    if measure == Measure::Short {
        let why = |lang| why_no_account(absence.unwrap_or(Absence::NoRevenue), lang);
        return Words::new(
            format!("--until P(short)：{}", why(Lang::Zh)),
            format!("--until P(short): {}", why(Lang::En)),
        );
    }
    Words::new(
        format!(
            "--until P(exceed)：所列县区和年度没有{payer}的现行预算；请在地区文件的 [fund] 中写明（docs/fund.md），或改用 mean、P95"
        ),
        format!(
            "--until P(exceed): {payer} has no budget in force in the counties and years of the run; write one under fund in the place file (docs/fund.md), or ask for mean or P95"
        ),
    )
}

/// The values that are tried.
fn grid_of(scenario: &Scenario, key: &str, asked: &SolveArgs) -> Result<Grid, Stop> {
    let refused = |problem: Words| Stop::BadInput(of_option(("--solve", key), &problem));
    let current = if key == REVENUE { 1_000_000 } else { current(scenario, key).map_err(refused)? };
    let is_share = key != REVENUE && is_share(scenario.value_of(key));
    let range = match asked.range {
        Some(range) => range,
        None if is_share => (0, 1_000_000),
        None if current > 0 => (0, current.saturating_mul(4)),
        None => {
            return Err(refused(Words::new(
                "目前为零：请用 --range 低端..高端 写明范围",
                "it is nothing today: say --range LOW..HIGH",
            )));
        }
    };
    let step = match asked.step {
        Some(step) => step,
        None if is_share => 1_000,
        None if key == REVENUE => 10_000,
        None => {
            let digits = current.max(range.1 - range.0).ilog10();
            let hundredth = 10_i64.pow(digits.saturating_sub(2));
            if is_whole(scenario.value_of(key)) { hundredth.max(1_000_000) } else { hundredth.max(1) }
        }
    };
    if is_whole(scenario.value_of(key)) && (range.0 % 1_000_000 != 0 || step % 1_000_000 != 0) {
        return Err(refused(Words::new(
            "这是整数：--range 和 --step 也须为整数",
            "it is a whole number: --range and --step must be too",
        )));
    }
    Grid::new(range, step).map_err(refused)
}

/// The number that is written today, in millionths.
pub(super) fn current(scenario: &Scenario, key: &str) -> Result<i64, Words> {
    let Some(value) = scenario.value_of(key) else {
        let keys = scenario.keys_of_numbers();
        let hint = nearest(key, keys.iter().map(String::as_str));
        let problem = Words::new("那里没有写可以改动的值", "nothing is written there to be changed");
        return Err(hinted(problem, &hint.unwrap_or_default()));
    };
    let problem = || {
        Words::new(
            format!("须为数；那里写的是 {value}"),
            format!("must be a number; {value} is written there"),
        )
    };
    if !value.is_number() { Err(problem()) } else { grid::parse(&value.to_string()).map_err(|_| problem()) }
}

/// A number from 0 to 1 is a share, unless it is written as a whole number above 1.
fn is_share(value: Option<&Value>) -> bool {
    value.and_then(Value::as_f64).is_some_and(|value| value <= 1.0) && !is_whole(value)
}

fn is_whole(value: Option<&Value>) -> bool {
    value.is_some_and(|value| (value.is_i64() || value.is_u64()) && value.as_i64().is_none_or(|one| one > 1))
}

/// Everything that stays the same while values are tried.
struct Seek<'a> {
    args: &'a RunArgs,
    size: &'a Size,
    key: &'a str,
    grid: Grid,
    base: &'a Scenario,
    condition: Condition,
}

impl Seek<'_> {
    fn current(&self) -> Option<String> {
        match self.key {
            REVENUE => Some("1".to_owned()),
            key => self.base.value_of(key).map(ToString::to_string),
        }
    }

    /// The scenario with a value, and another seed where one is given.
    fn with(&self, at: i64, seed: Option<u64>) -> Result<Scenario, Stop> {
        let set = |path: &str, value: String| Setting { path: path.to_owned(), value };
        let mut settings = Vec::new();
        if self.key != REVENUE {
            settings.push(set(self.key, self.grid.text(at)));
        }
        settings.extend(seed.map(|seed| set("run.seed", seed.to_string())));
        Ok(self.args.size.load_with(&self.args.scenario, &settings)?)
    }

    /// The funds and budgets under a value.
    fn funds(&self, at: i64) -> Result<Funds, Stop> {
        if self.key != REVENUE {
            return Ok(Funds::of(&self.with(at, None)?, &self.size.reported, &self.size.counties));
        }
        let mut scenario = self.base.clone();
        for one in &mut scenario.funds.revenue {
            one.amount = grid::scaled(one.amount, self.grid.millionths(at));
        }
        Ok(Funds::of(&scenario, &self.size.reported, &self.size.counties))
    }

    /// Whose money the condition is about: refused where there is nothing to hold.
    fn owners(&self) -> Result<BTreeSet<Option<usize>>, Stop> {
        let funds = Funds::of(self.base, &self.size.reported, &self.size.counties);
        let Condition { measure, payer, .. } = self.condition;
        let name = &self.base.policy.names.funders[payer].id;
        let is_there =
            |owner: &Option<usize>| owner.is_none_or(|county| self.size.counties.contains(&county));
        let owners: BTreeSet<Option<usize>> = match measure {
            Measure::Exceed => {
                let known = |(_, year, funder): &&(Option<usize>, u16, usize)| {
                    *funder == payer && self.size.reported.contains(year)
                };
                funds.budgets.keys().filter(known).map(|(owner, ..)| *owner).filter(is_there).collect()
            }
            Measure::Short => funds.accounts.keys().copied().collect(),
            Measure::Mean | Measure::Percentile(_) => [None].into(),
        };
        if self.key == REVENUE {
            if measure != Measure::Short {
                return Err(Stop::BadInput(Words::new(
                    "--solve revenue：只有 \"P(short) <= …\" 取决于收入",
                    "--solve revenue: only \"P(short) <= …\" depends on the revenue",
                )));
            }
            if self.base.policy.rules.iter().any(|rule| rule.key.family == Family::SecondAssistance) {
                return Err(Stop::BadInput(Words::new(
                    "--solve revenue：政策用基金结余给予二次救助，支出本身取决于收入；请改求 place.fund.revenue_yuan_per_resident.年度",
                    "--solve revenue: the policy gives second assistance out of what is left, so that spending itself \
                     depends on the revenue; solve place.fund.revenue_yuan_per_resident.YEAR instead",
                )));
            }
        }
        if owners.is_empty() {
            return Err(Stop::BadInput(nothing_to_hold(measure, (name, funds.absence))));
        }
        Ok(owners)
    }

    /// The ends of the range must be values that the files may have.
    fn check_ends(&self) -> Result<(), Stop> {
        for at in [0, self.grid.last] {
            if let Err(Stop::BadInput(faults)) = self.with(at, None) {
                let value = self.grid.text(at);
                let key = self.key;
                return Err(Stop::BadInput(Words::new(
                    format!(
                        "--solve {key}：不能取到范围一端的值 {value}；请用 --range 低端..高端 写明范围\n{}",
                        faults.zh
                    ),
                    format!(
                        "--solve {key}: the end {value} of the range is refused; say --range LOW..HIGH\n{}",
                        faults.en
                    ),
                )));
            }
        }
        Ok(())
    }

    fn search(&self, owners: &BTreeSet<Option<usize>>, work: &mut WorkDone) -> Result<Search, Stop> {
        let mut search = Search::new(self.condition, self.size.reported.clone(), self.grid.last);
        let funds = |at: i64| self.funds(at);
        let mut spent_always = None;
        for _ in 0..MOST_LOOKS {
            let wanted = search.wanted(&funds)?;
            if wanted.is_empty() {
                return Ok(search);
            }
            for some in wanted.chunks(MOST_TOGETHER) {
                let spent = match (&spent_always, self.key) {
                    (Some(spent), REVENUE) => vec![Spent::clone(spent); some.len()],
                    (None, REVENUE) => {
                        let spent = self.simulate(&[self.base], (self.size, owners), work)?;
                        spent_always = spent.first().cloned();
                        vec![spent.into_iter().next().unwrap_or_default(); some.len()]
                    }
                    _ => {
                        let scenarios: Vec<Scenario> =
                            some.iter().map(|&at| self.with(at, None)).collect::<Result<_, Stop>>()?;
                        self.simulate(&scenarios.iter().collect::<Vec<_>>(), (self.size, owners), work)?
                    }
                };
                for (&at, spent) in some.iter().zip(spent) {
                    search.add(at, spent, &funds(at)?);
                }
            }
        }
        let key = self.key;
        Err(Stop::Failed(Words::new(
            format!("--solve {key}：条件反复成立和不成立，找不到分界；请缩小 --range"),
            format!(
                "--solve {key}: the condition goes up and down so often that no edge is found; take a smaller --range"
            ),
        )))
    }

    /// What scenarios spend, on common draws.
    fn simulate(
        &self,
        scenarios: &[&Scenario],
        (size, owners): (&Size, &BTreeSet<Option<usize>>),
        work: &mut WorkDone,
    ) -> Result<Vec<Spent>, Stop> {
        let mut all = vec![Spent::default(); scenarios.len()];
        let told = (self.args.output.quiet, Lang::from(self.args.output.lang));
        simulate::each_county(scenarios, (size, Supply::simulation()), told, |_, done| {
            for (spent, outcome) in all.iter_mut().zip(&done.outcomes) {
                self.add(spent, outcome, owners);
            }
            work.merge(&done.work);
            Ok(())
        })?;
        Ok(all)
    }

    /// Adds a county's money to those whose it is.
    fn add(&self, spent: &mut Spent, outcome: &CountyOutcome, owners: &BTreeSet<Option<usize>>) {
        let part = Part::funder(self.condition.payer);
        let slices: Vec<Slice> = match self.condition.measure {
            Measure::Short => Slice::months().collect(),
            _ => vec![Slice::Year],
        };
        let column =
            |(year, slice): (usize, &Slice)| county_column(outcome, year, &outcome.cells, (&part, *slice));
        let places = (0..outcome.n_years).flat_map(|year| slices.iter().map(move |slice| (year, slice)));
        let columns: Vec<Vec<i64>> = places.map(column).collect();
        for owner in [Some(outcome.county), None].into_iter().filter(|owner| owners.contains(owner)) {
            let own = spent
                .fen
                .entry(owner)
                .or_insert_with(|| columns.iter().map(|column| vec![0; column.len()]).collect());
            for (sum, column) in own.iter_mut().flatten().zip(columns.iter().flatten()) {
                *sum += column;
            }
        }
    }

    /// The same value on other draws: what was found by looking at one set of draws must hold on another.
    fn fresh(&self, at: i64, owners: &BTreeSet<Option<usize>>) -> Result<Fresh, Stop> {
        let seed = self.size.seed.checked_add(1).filter(|seed| i64::try_from(*seed).is_ok()).unwrap_or(0);
        let scenario = self.with(at, Some(seed))?;
        let size = Size { seed, ..self.size.clone() };
        let spent = self.simulate(&[&scenario], (&size, owners), &mut WorkDone::default())?;
        let standings: Vec<Standing> = match spent.first() {
            Some(spent) => standings(&self.condition, &self.size.reported, spent, &self.funds(at)?),
            None => Vec::new(),
        };
        let holds = Holds::of(&standings, self.condition.at_most);
        Ok(Fresh { seed, standings, holds })
    }
}
