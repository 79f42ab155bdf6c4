//! `sensitivity`: what a figure of a budget depends on, and which input to find out first.

use std::collections::BTreeMap;

use super::args::SensitivityArgs;
use super::project::{self, Timer};
use super::sensitivity_args::Vary;
use super::side_by_side::{self, Done};
use super::simulate::{self, Size};
use super::solve::current;
use super::supply::Supply;
use super::{Stop, interrupt, of_option, one_of, terminal};
use crate::lang::{Lang, Words};
use crate::projection::figure::Figure;
use crate::projection::grid;
use crate::projection::layout::Layout;
use crate::projection::money::{Part, Slice, county_column};
use crate::projection::sensitivity::{Effects, SensitivityRow, Spent, of_key};
use crate::report::sensitivity::{self, KeyRange, Luck, Sensitive};
use crate::report::write::RunFolder;
use crate::report::{screen_sensitivity, sensitivity_files};
use crate::scenario::Scenario;
use crate::scenario::fault::like;
use crate::scenario::load::Setting;
use crate::simulation::outcome::{CountyOutcome, WorkDone};
use crate::stats::PerMille;

/// The most values that are held low and high in one go: each takes two more scenarios on the same draws.
const MOST_KEYS: usize = 8;

/// Answers. Whatever can be refused is refused before anything is simulated.
pub fn run(args: &SensitivityArgs) -> Result<(), Stop> {
    let lang = Lang::from(args.output.lang);
    interrupt::watch(lang);
    let threads = simulate::threads(args.size.threads)?;
    let scenario = args.size.load(&args.scenario)?;
    terminal::notices(&scenario.notices, args.output.quiet, lang);
    let size = Size::new(&scenario, &args.size)?;
    enough(&size)?;
    let payer = payer(&scenario, &args.payer)?;
    let keys = keys(&scenario, &args.vary)?;
    let scenarios = arms(args, &scenario)?;
    let layout = simulate::layout(&scenario, &size)?;
    let owner = side_by_side::owner(&scenario, "sensitivity");
    let folder = project::begin(&args.output, &owner)?;

    let (mut timer, mut work) = (Timer::default(), WorkDone::default());
    let mut taken = Taken::new((&layout, Figure::from(args.figure), payer), &keys);
    let all: Vec<&Scenario> = scenarios.iter().collect();
    let told = (args.output.quiet, lang);
    timer.phase("simulation", || {
        simulate::each_county(&all, (&size, Supply::simulation()), told, |county, done| {
            taken.add(county, &done.outcomes);
            work.merge(&done.work);
            Ok(())
        })
    })?;
    let (rows, luck) = timer.phase("projection", || taken.finish());
    let sensitive = Sensitive {
        layout: &layout,
        figure: Figure::from(args.figure),
        payer,
        keys: &keys,
        rows,
        luck,
        counties: &size.counties,
    };
    if sensitive.rows.is_empty() {
        let (id, payer) = (&scenario.id, sensitivity::payer_id(&sensitive));
        return Err(Stop::BadInput(Words::new(
            format!("{id}：{payer} 的支出没有任何变动；请不要写 --without，或加 --vary"),
            format!("{id}: nothing varies in what {payer} spends; leave --without out, or give --vary"),
        )));
    }
    let done = Done {
        command: "sensitivity",
        scenario: &scenario,
        layout: &layout,
        size: &size,
        typed: &args.size,
        output: &args.output,
        threads,
        work,
        timer,
    };
    let tables = |folder: &RunFolder| sensitivity_files::write(folder, &sensitive);
    let figures = sensitivity_files::charts(&sensitive, lang);
    let target = side_by_side::write(folder, &owner, (figures, tables), done)?;
    let shown = (
        || screen_sensitivity::json(&sensitive),
        |lang| screen_sensitivity::text(&sensitive, project::rows(&args.output), lang),
    );
    side_by_side::print(shown, &target, &args.output)
}

/// Below these replicates nothing is told of where a spread comes from.
fn enough(size: &Size) -> Result<(), Stop> {
    let fewest = PerMille::P95.fewest_replicates().unwrap_or_default();
    if u64::from(size.n_replicates) >= fewest {
        return Ok(());
    }
    let n = size.n_replicates;
    Err(Stop::BadInput(Words::new(
        format!("{n}次模拟太少，看不出一个数取决于什么：至少{fewest}次（--replicates）"),
        format!(
            "{n} replicates are too few to tell what a figure depends on: at least {fewest} (--replicates)"
        ),
    )))
}

/// Whose spending it is; `None` for all funders together.
fn payer(scenario: &Scenario, typed: &str) -> Result<Option<usize>, Stop> {
    let funders = &scenario.policy.names.funders;
    match typed.trim() {
        "fund" => Ok(Some(scenario.funds.funder)),
        "all" => Ok(None),
        id => {
            let known = ["fund", "all"].into_iter().chain(funders.iter().map(|name| name.id.as_str()));
            let hint = like(id, known.clone());
            let known: Vec<&str> = known.collect();
            let refused = || Stop::BadInput(one_of(("--payer", id), &known, hint));
            simulate::funder(scenario, id).map(Some).ok_or_else(refused)
        }
    }
}

/// The values that are held low and high, each of which must be written today.
fn keys(scenario: &Scenario, typed: &[Vary]) -> Result<Vec<KeyRange>, Stop> {
    if typed.len() > MOST_KEYS {
        let n = typed.len();
        return Err(Stop::BadInput(Words::new(
            format!("--vary：一次最多{MOST_KEYS}个值；写了{n}个"),
            format!("--vary: at most {MOST_KEYS} values at once; {n} are given"),
        )));
    }
    let of = |vary: &Vary| {
        let refused = |problem: Words| Stop::BadInput(of_option(("--vary", &vary.key), &problem));
        let current = current(scenario, &vary.key).map_err(refused)?;
        Ok(KeyRange { key: vary.key.clone(), current, ends: vary.ends })
    };
    typed.iter().map(of).collect()
}

/// The scenario as written, then each value low and high.
fn arms(args: &SensitivityArgs, scenario: &Scenario) -> Result<Vec<Scenario>, Stop> {
    let mut all = vec![scenario.clone()];
    for Vary { key, ends } in &args.vary {
        for end in ends {
            let value = grid::text(*end);
            let setting = Setting { path: key.clone(), value: value.clone() };
            let arm = args.size.load_with(&args.scenario, &[setting]).map_err(|faults| {
                let why = faults.words();
                Stop::BadInput(Words::new(
                    format!("--vary {key}：不能取到一端的值 {value}\n{}", why.zh),
                    format!("--vary {key}: the end {value} is refused\n{}", why.en),
                ))
            })?;
            all.push(arm);
        }
    }
    Ok(all)
}

/// Takes the outcomes of county after county.
struct Taken<'t> {
    layout: &'t Layout,
    figure: Figure,
    part: Part,
    keys: &'t [KeyRange],
    rows: Vec<SensitivityRow>,
    luck: Vec<Luck>,
    /// All counties together, by year: taken apart, and the fen of every scenario.
    together: BTreeMap<usize, (Effects, Vec<Vec<i64>>)>,
    n_counties: usize,
}

impl<'t> Taken<'t> {
    fn new((layout, figure, payer): (&'t Layout, Figure, Option<usize>), keys: &'t [KeyRange]) -> Self {
        let part = payer.map_or(Part::TOTAL, Part::funder);
        let (rows, luck, together) = Default::default();
        Self { layout, figure, part, keys, rows, luck, together, n_counties: 0 }
    }

    fn add(&mut self, county: usize, outcomes: &[CountyOutcome]) {
        let Some(base) = outcomes.first() else { return };
        self.n_counties += 1;
        for (number, year) in self.layout.year_numbers().into_iter().enumerate() {
            let column = |outcome: &CountyOutcome, slice: Slice| {
                county_column(outcome, number, &outcome.cells, (&self.part, slice))
            };
            let fen: Vec<Vec<i64>> = outcomes.iter().map(|outcome| column(outcome, Slice::Year)).collect();
            let drawn: Vec<Vec<f64>> =
                (0..base.drivers.width).map(|of| base.drivers.column(number, of)).collect();
            let n_categories = self.layout.categories.len();
            let of_people: Vec<Vec<i64>> =
                (0..n_categories).map(|rank| column(base, Slice::People(rank))).collect();
            let spent = Spent { fen: &fen[0], drawn: &drawn, of_people: &of_people };
            let effects = Effects::of(spent);
            let of = (Some(county), year);
            if let Some(effects) = &effects {
                self.rows.extend(effects.rows(of, self.figure));
                self.luck.extend(effects.luck().map(|share| Luck { county: of.0, year, share }));
            }
            self.rows.extend(rows_of_keys(self.keys, of, (&fen, self.figure)));
            let (all, sums) = self.together.entry(number).or_default();
            if let Some(effects) = effects {
                all.join(effects);
            }
            sums.resize(fen.len(), vec![0; fen[0].len()]);
            for (sum, fen) in sums.iter_mut().flatten().zip(fen.iter().flatten()) {
                *sum += fen;
            }
        }
    }

    /// The rows by county, then of all counties.
    fn finish(mut self) -> (Vec<SensitivityRow>, Vec<Luck>) {
        if self.n_counties > 1 {
            for (number, (effects, fen)) in &self.together {
                let year = self.layout.years[*number].year;
                let of = (None, year);
                self.rows.extend(effects.rows(of, self.figure));
                self.luck.extend(effects.luck().map(|share| Luck { county: None, year, share }));
                self.rows.extend(rows_of_keys(self.keys, of, (fen, self.figure)));
            }
        }
        (self.rows, self.luck)
    }
}

/// The rows of the values that are held low and high: two scenarios each, behind the one as written.
fn rows_of_keys(
    keys: &[KeyRange],
    of: (Option<usize>, u16),
    (fen, figure): (&[Vec<i64>], Figure),
) -> Vec<SensitivityRow> {
    let row = |number: usize| {
        let [low, high] = [1, 2].map(|end| fen.get(2 * number + end));
        let ends = keys[number].ends.map(grid::as_number);
        of_key(of, (number, ends), [fen.first()?, low?, high?], figure)
    };
    (0..keys.len()).filter_map(row).collect()
}
