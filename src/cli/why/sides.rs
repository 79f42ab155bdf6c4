//! What differs between two runs, and the scenarios that are partly as in one and partly as in the other.

use std::collections::{BTreeMap, BTreeSet};

use super::super::again::{Again, NotAgain};
use crate::lang::Words;
use crate::projection::why::Cause;
use crate::raw::settings::AfterTransition;
use crate::report::finished::RunRecord;
use crate::scenario::Scenario;
use crate::scenario::fault::Faults;
use crate::scenario::load::Setting;
use crate::scenario::mixed::{Part, Parts, mixed};
use crate::stats::shapley::{Game, Subset};

/// From which run, 0 or 1, each part of a scenario is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Content {
    /// Years and the like, and the counties.
    pub settings: usize,
    /// The place.
    pub place: usize,
    /// The policy.
    pub policy: usize,
    /// The illness model.
    pub model: usize,
}

impl Content {
    /// All from one run.
    const fn of(run: usize) -> Self {
        Self { settings: run, place: run, policy: run, model: run }
    }
}

/// Which counties are looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counties {
    /// Every county of whatever place.
    All,
    /// Those of each run, by code.
    OfRuns([BTreeSet<String>; 2]),
    /// These, by code.
    Only(BTreeSet<String>),
}

impl Counties {
    /// Their positions in the place of a scenario.
    #[must_use]
    pub fn positions(&self, scenario: &Scenario, settings: usize) -> Vec<usize> {
        let counties = &scenario.place.counties;
        let is_in =
            |codes: &BTreeSet<String>, at: &usize| codes.contains(&format!("{:06}", counties[*at].code));
        let all = 0..counties.len();
        match self {
            Self::All => all.collect(),
            Self::OfRuns(codes) => all.filter(|at| is_in(&codes[settings], at)).collect(),
            Self::Only(codes) => all.filter(|at| is_in(codes, at)).collect(),
        }
    }

    /// Whether every code names a county of both runs.
    fn differ(&self) -> bool {
        matches!(self, Self::OfRuns([one, other]) if one != other)
    }
}

/// Two runs read again, the parts in which they differ, and the scenarios between them.
pub struct Sides {
    /// What each run read, by run.
    pub own: [Scenario; 2],
    /// The files of the second run, read with the settings of the first.
    second_as_first: Option<Scenario>,
    /// The players.
    pub causes: Vec<Cause>,
    /// The scenarios of the game.
    pub scenarios: BTreeMap<Content, Scenario>,
    /// Why policy, place, model and settings are not told apart, where they are not.
    pub joined: Option<Words>,
}

impl Sides {
    /// Reads both runs again; what makes no scenario apart is put together.
    pub fn of(runs: &[Again<'_>; 2], counties: &Counties) -> Result<Self, NotAgain> {
        let [one, other] = runs;
        let own = [own(one)?, own(other)?];
        let crossed = crossed(runs, &own);
        let numbers = [
            (Cause::Seed, own[0].settings.run.seed != own[1].settings.run.seed),
            (Cause::Replicates, own[0].settings.run.replicates != own[1].settings.run.replicates),
        ];
        let numbers = numbers.into_iter().filter(|(_, differs)| *differs).map(|(cause, _)| cause);
        let numbers: Vec<Cause> = numbers.collect();
        let parted =
            crossed.as_ref().map_err(Faults::words).and_then(|[second_as_first, first_as_second]| {
                let read = [[&own[0], first_as_second], [second_as_first, &own[1]]];
                let causes = [differing(&read, counties), numbers.clone()].concat();
                scenarios(&read, &causes).map(|all| (causes, all)).map_err(|faults| faults.words())
            });
        let (causes, scenarios, joined) = match parted {
            Ok((causes, scenarios)) => (causes, scenarios, None),
            Err(why) => {
                let causes = [vec![Cause::Inputs], numbers].concat();
                let ends = (0..2).map(|run| (Content::of(run), own[run].clone()));
                (causes, ends.collect(), Some(why))
            }
        };
        let second_as_first = crossed.ok().map(|[second, _]| second);
        Ok(Self { own, second_as_first, causes, scenarios, joined })
    }

    /// The orders in which the parts can be switched from the first run to the second.
    #[must_use]
    pub fn game(&self) -> Game {
        Game::exact(self.causes.len())
    }

    /// What a subset of the players takes from the second run: scenario, seed and number of replicates.
    #[must_use]
    pub fn arm(&self, on: Subset) -> (Content, usize, usize) {
        arm(&self.causes, on)
    }

    /// The number of seeds that are simulated.
    #[must_use]
    pub fn n_seeds(&self) -> usize {
        1 + usize::from(self.causes.contains(&Cause::Seed))
    }

    /// The second run's scenario to be held against the first one's, key by key.
    #[must_use]
    pub fn second(&self) -> &Scenario {
        self.second_as_first.as_ref().unwrap_or(&self.own[1])
    }
}

/// What a run read, read again.
fn own(run: &Again<'_>) -> Result<Scenario, NotAgain> {
    run.scenario(0, &[]).map_err(|faults| {
        let Words { zh, en } = faults.words();
        [
            format!("本程序不接受该次测算的输入：{zh}"),
            format!("this program does not take the inputs of the run: {en}"),
        ]
    })
}

/// The files of each run read with the settings of the other: the second's with the first's, then the other way round.
fn crossed(runs: &[Again<'_>; 2], own: &[Scenario; 2]) -> Result<[Scenario; 2], Faults> {
    if own[0].part_hash(Part::Run) == own[1].part_hash(Part::Run) {
        return Ok([own[1].clone(), own[0].clone()]);
    }
    let read = |files: usize, settings: usize| runs[files].scenario_as(0, &of_run(&own[settings]));
    Ok([read(1, 0)?, read(0, 1)?])
}

/// The settings of a run as changes: years, warm-up, transition, what is switched off.
fn of_run(scenario: &Scenario) -> Vec<Setting> {
    let run = &scenario.settings.run;
    let set = |key: &str, value: String| Setting { path: format!("run.{key}"), value };
    let list = |all: Vec<String>| format!("[{}]", all.join(", "));
    let after = match run.after_transition.unwrap_or(AfterTransition::Lapse) {
        AfterTransition::Lapse => "\"lapse\"",
        AfterTransition::Hold => "\"hold\"",
    };
    vec![
        set("years", list(run.years.iter().map(ToString::to_string).collect())),
        set("warm_up_years", run.warm_up_years.to_string()),
        set("after_transition", after.to_owned()),
        set("without", list(run.without.iter().map(|source| format!("{:?}", source.name())).collect())),
    ]
}

/// The parts in which two runs differ; `read` are the files of each run, read with the settings of each.
fn differing(read: &[[&Scenario; 2]; 2], counties: &Counties) -> Vec<Cause> {
    let differs = |part: Part| (0..2).any(|run| read[0][run].part_hash(part) != read[1][run].part_hash(part));
    let settings = read[0][0].part_hash(Part::Run) != read[1][1].part_hash(Part::Run) || counties.differ();
    let parts = [
        (Cause::Policy, differs(Part::Policy)),
        (Cause::Place, differs(Part::Place)),
        (Cause::Model, differs(Part::Model)),
        (Cause::Settings, settings),
    ];
    parts.into_iter().filter(|(_, differs)| *differs).map(|(cause, _)| cause).collect()
}

/// The scenarios of all subsets.
fn scenarios(read: &[[&Scenario; 2]; 2], causes: &[Cause]) -> Result<BTreeMap<Content, Scenario>, Faults> {
    let mut all = BTreeMap::new();
    for subset in Game::exact(causes.len()).subsets() {
        let content = arm(causes, subset).0;
        if let std::collections::btree_map::Entry::Vacant(new) = all.entry(content) {
            let of = |files: usize| read[files][content.settings];
            let parts = [content.policy, content.place, content.model];
            let scenario = match parts.iter().all(|&files| files == content.policy) {
                true => of(content.policy).clone(),
                false => mixed(Parts {
                    policy: of(content.policy),
                    place: of(content.place),
                    model: of(content.model),
                })?,
            };
            new.insert(scenario);
        }
    }
    Ok(all)
}

fn arm(causes: &[Cause], on: Subset) -> (Content, usize, usize) {
    let is_on = |cause: Cause| {
        let at = causes.iter().position(|own| *own == cause);
        usize::from(at.is_some_and(|at| on >> at & 1 == 1))
    };
    let all = is_on(Cause::Inputs);
    let content = Content {
        settings: all.max(is_on(Cause::Settings)),
        place: all.max(is_on(Cause::Place)),
        policy: all.max(is_on(Cause::Policy)),
        model: all.max(is_on(Cause::Model)),
    };
    (content, is_on(Cause::Seed), is_on(Cause::Replicates))
}

/// The counties to be looked at: those that were asked for, else those of each run.
#[must_use]
pub fn counties(asked: BTreeSet<String>, records: [&RunRecord; 2]) -> Counties {
    if !asked.is_empty() {
        return Counties::Only(asked);
    }
    let of = |record: &RunRecord| record.counties.iter().cloned().collect::<BTreeSet<String>>();
    let is_whole = |record: &RunRecord| {
        record.inputs.first().is_some_and(|input| input.names.counties.len() == record.counties.len())
    };
    if records.into_iter().all(is_whole) { Counties::All } else { Counties::OfRuns(records.map(of)) }
}
