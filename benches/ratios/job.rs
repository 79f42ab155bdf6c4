//! The jobs that are timed: scenarios, larger and longer ones, and how ways are run in turns.

use std::path::{Path, PathBuf};

use fundcast::instruction_set::Instructions;
use fundcast::scenario::load::Setting;
use fundcast::scenario::{self, Scenario};
use fundcast::simulation::from_scenario::{EngineChoice, Plan, simulate_county};
use fundcast::simulation::outcome::WorkDone;
use fundcast::simulation::stage::Observer;
use rayon::ThreadPool;

/// The seed of everything that is drawn.
pub const SEED: u64 = 20_220_801;

/// The counties of Fangchenggang that single measurements use, by position.
pub const GANGKOU: usize = 0;
/// The county of middle size.
pub const SHANGSI: usize = 2;

/// A path below the root of the repository.
pub fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// A shipped scenario.
pub fn load(name: &str, settings: &[(&str, &str)]) -> Scenario {
    let settings: Vec<Setting> = settings
        .iter()
        .map(|(path, value)| Setting { path: (*path).to_owned(), value: (*value).to_owned() })
        .collect();
    scenario::load(&path("scenarios").join(name), &settings).expect("shipped scenarios are valid")
}

/// The scenario with ten years: values given by year stay as in the last year that is given.
pub fn ten_years() -> Scenario {
    let last = |values: &[(u16, u32)], last: u32| {
        let given = values.iter().copied().chain((2026..2032).map(|year| (year, last)));
        let list: Vec<String> = given.map(|(year, value)| format!("{year} = {value}")).collect();
        format!("{{ {} }}", list.join(", "))
    };
    let years: Vec<String> = (2022..2032).map(|year: u16| year.to_string()).collect();
    load(
        "fangchenggang.toml",
        &[
            ("run.years", &format!("[{}]", years.join(", "))),
            (
                "place.contribution.resident.yuan_by_year",
                &last(&[(2022, 320), (2023, 350), (2024, 380), (2025, 400)], 400),
            ),
            (
                "policy.basic.resident.annual_cap_yuan.by_year",
                &last(&[(2022, 215_100), (2023, 226_600), (2024, 238_200), (2025, 238_200)], 238_200),
            ),
        ],
    )
}

/// The scenario with every person of a county so many times.
pub fn enlarged(scenario: &Scenario, county: usize, times: u32) -> Scenario {
    let mut larger = scenario.clone();
    let county = &mut larger.place.counties[county];
    county.residents.iter_mut().flatten().for_each(|persons| *persons *= times);
    county.categories.iter_mut().for_each(|count| count.persons *= times);
    county.rural *= times;
    county.all *= times;
    county.households.0 *= times;
    county.households.1 *= times;
    larger
}

/// What a job took and did.
#[derive(Debug, Clone, Copy, Default)]
pub struct Timed {
    /// Seconds for population, compiled rules and simulation.
    pub whole: f64,
    /// Seconds for the simulation alone.
    pub simulation: f64,
    /// The work, for one scenario.
    pub work: WorkDone,
}

impl Timed {
    /// Nanoseconds of simulation for each claim.
    pub fn ns_per_claim(&self) -> f64 {
        1e9 * self.simulation / self.work.claims as f64
    }

    /// Adds another job.
    pub fn add(&mut self, other: &Self) {
        self.whole += other.whole;
        self.simulation += other.simulation;
        self.work.merge(&other.work);
    }
}

/// One county's job.
#[derive(Clone, Copy)]
pub struct Job<'a> {
    /// Scenarios on the same draws.
    pub scenarios: &'a [&'a Scenario],
    /// Position of the county.
    pub county: usize,
    /// Years.
    pub years: &'a [u16],
    /// Replicates.
    pub n_replicates: u32,
    /// Engine.
    pub engine: EngineChoice,
    /// Is told when a stage is done.
    pub observer: &'a dyn Observer,
}

impl<'a> Job<'a> {
    /// All years of one scenario by the tiled engine with the widest instructions.
    pub fn new(scenarios: &'a [&'a Scenario], county: usize, n_replicates: u32) -> Self {
        let years = scenarios[0].years();
        Self { scenarios, county, years, n_replicates, engine: EngineChoice::default(), observer: &() }
    }

    /// The same by another engine.
    pub const fn by(self, engine: EngineChoice) -> Self {
        Self { engine, ..self }
    }

    /// Does it with the threads of a pool.
    pub fn run(self, pool: &ThreadPool) -> Timed {
        let Self { scenarios, county, years, n_replicates, engine, observer } = self;
        let plan =
            Plan { years, warm_up_years: 2, first_replicate: 0, n_replicates, seed: SEED, engine, observer };
        let done = pool.install(|| simulate_county(scenarios, county, plan, &|_| ()));
        let done = done.expect("shipped counties can be simulated");
        let [drawn, simulation] = done.seconds;
        Timed { whole: drawn + simulation, simulation, work: done.work }
    }
}

/// The tiled engine with each instruction set of the machine.
pub fn tiled_engines() -> Vec<EngineChoice> {
    Instructions::all_here().into_iter().map(EngineChoice::Tiled).collect()
}

/// The name of an engine in tables.
pub fn engine_name(engine: EngineChoice) -> String {
    match engine {
        EngineChoice::Reference => "plain reference".to_owned(),
        EngineChoice::Tiled(instructions) => instructions.set().name().to_owned(),
    }
}

/// The figures of one way, one for each round.
#[derive(Debug, Clone)]
pub struct Series(pub Vec<f64>);

impl Series {
    /// The middle one.
    pub fn median(&self) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        let n = sorted.len();
        f64::midpoint(sorted[(n - 1) / 2], sorted[n / 2])
    }

    /// The least and the most.
    pub fn spread(&self) -> (f64, f64) {
        self.0.iter().fold((f64::INFINITY, 0.0), |(least, most), &one| (least.min(one), most.max(one)))
    }

    /// Round by round a function of two ways' figures.
    pub fn with(&self, other: &Self, of: impl Fn(f64, f64) -> f64) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(&own, &other)| of(own, other)).collect())
    }

    /// Round by round another figure of the same way.
    pub fn map(&self, of: impl Fn(f64) -> f64) -> Self {
        Self(self.0.iter().copied().map(of).collect())
    }
}

/// A way of doing something, that gives one figure each time it is done.
pub type Way<'w> = Box<dyn FnMut() -> f64 + 'w>;

/// Does all ways once a round, in turns, so that whatever else the machine does falls upon all of them; a first
/// round that nobody counts fetches pages and fills caches.
pub fn in_turns(rounds: usize, ways: &mut [Way<'_>]) -> Vec<Series> {
    let mut all = vec![Series(Vec::new()); ways.len()];
    for round in 0..=rounds {
        for (way, series) in ways.iter_mut().zip(&mut all) {
            let figure = way();
            if round > 0 {
                series.0.push(figure);
            }
        }
    }
    all
}
