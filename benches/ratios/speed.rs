//! Speed: rates of the scenarios, engines against each other, stages, threads, scenarios, tenfold jobs.

use std::time::Instant;

use fundcast::rng::{Draws, Key, Purpose};
use fundcast::scenario::Scenario;
use fundcast::simulation::from_scenario::EngineChoice;
use fundcast::simulation::stage::Stage;
use rayon::ThreadPool;

use crate::Bench;
use crate::clock::Clock;
use crate::job::{
    GANGKOU, Job, SHANGSI, Series, Timed, Way, engine_name, enlarged, in_turns, load, ten_years,
    tiled_engines,
};
use crate::plain::PlainLoop;
use crate::table::{Aim, Table, figure, spread};

/// Every so many counties of Guangxi are simulated.
const GUANGXI_STEP: usize = 14;

/// Claims and person-years a second on one core, and what a whole job would take.
pub fn rates(bench: &Bench) -> Table {
    let header = [
        "scenario",
        "claims/s",
        "spread",
        "person-years/s",
        "ns/claim",
        "before ms/county",
        "1,000 replicates, 1 core",
    ];
    let mut table = Table::new("Rates by the widest instructions, one thread", &header);
    let places: [(&str, &Scenario, usize, u32); 2] = [
        ("fangchenggang", &bench.fangchenggang, 1, 32 / bench.less),
        ("guangxi", &bench.guangxi, GUANGXI_STEP, 8 / bench.less),
    ];
    for (name, scenario, step, n_replicates) in places {
        let counties: Vec<usize> = (0..scenario.place.counties.len()).step_by(step).collect();
        let mut last = Timed::default();
        let rounds = bench.rounds.min(3);
        let rates = in_turns(
            rounds,
            &mut [Box::new(|| {
                last = Timed::default();
                for &county in &counties {
                    last.add(&Job::new(&[scenario], county, n_replicates).run(&bench.one));
                }
                last.work.claims as f64 / last.simulation
            })],
        );
        let [rate] = rates.as_slice() else { unreachable!("one way") };
        let millions = rate.map(|rate| rate / 1e6);
        let py_per_claim = last.work.person_years as f64 / last.work.claims as f64;
        let before = 1e3 * (last.whole - last.simulation) / counties.len() as f64;
        let all = step as f64 * counties.len() as f64 * before / 1e3;
        let share = persons(scenario, &(0..scenario.place.counties.len()).collect::<Vec<_>>())
            / persons(scenario, &counties);
        let simulated = share * 1000.0 / f64::from(n_replicates) * last.work.claims as f64 / rate.median();
        table.row(&[
            name,
            &format!("{} M", figure(millions.median())),
            &spread(&millions),
            &format!("{} M", figure(millions.median() * py_per_claim)),
            &figure(1e3 / millions.median()),
            &figure(before),
            &format!("{} s", figure(simulated + all)),
        ]);
    }
    table.note(&format!(
        "Claims and seconds are those of the simulation; population and compiled rules stand under \"before\". \
         Guangxi: every {GUANGXI_STEP}th county; the last column is worked out from these counties by persons."
    ));
    table
}

/// Persons with an identity in some counties.
fn persons(scenario: &Scenario, counties: &[usize]) -> f64 {
    let of = |&county: &usize| {
        scenario.place.counties[county].categories.iter().map(|count| f64::from(count.persons))
    };
    counties.iter().flat_map(of).sum()
}

/// The engines against the plain reference, a plain loop of one claim a person, and numpy.
pub fn engines(bench: &Bench) -> Table {
    let mut table = Table::new(
        "Claims a second and core, against other ways",
        &["what", "ratio", "spread", "aim", "met"],
    );
    let scenario = &bench.fangchenggang;
    let county: &[&Scenario] = &[scenario];
    let sets = tiled_engines();
    let mut plain = PlainLoop::new(scenario);
    let less = bench.less;
    let engine = |engine, n| -> Way<'_> {
        Box::new(move || Job::new(county, SHANGSI, n).by(engine).run(&bench.one).ns_per_claim())
    };
    let mut ways: Vec<Way<'_>> =
        vec![engine(EngineChoice::Reference, 8 / less), Box::new(|| plain.run(100 / less))];
    ways.extend(sets.iter().map(|&set| engine(set, 64 / less)));
    if let Some(numpy) = &bench.numpy {
        ways.push(Box::new(|| numpy.ns_per_claim(400 / less)));
    }
    let all = in_turns(bench.rounds, &mut ways);
    let (reference, plain, tiled) = (&all[0], &all[1], &all[2..2 + sets.len()]);
    let aims = |avx512: f64, avx2: f64| [("avx512", avx512), ("avx2", avx2)];
    let mut compare = |name: &str, other: &Series, aims: [(&str, f64); 2]| {
        for (set, own) in sets.iter().map(|&set| engine_name(set)).zip(tiled) {
            let aim =
                aims.iter().find(|(name, _)| *name == set).map_or(Aim::None, |(_, aim)| Aim::AtLeast(*aim));
            table.ratio(&format!("{set} against {name}"), &own.with(other, |own, other| other / own), aim);
        }
    };
    let none = [("", 0.0); 2];
    compare("the plain reference", reference, aims(10.0, 6.0));
    compare("a plain loop of one claim a person", plain, none);
    match (&bench.numpy, all.last()) {
        (Some(_), Some(numpy)) => compare("numpy, one claim a person", numpy, aims(15.0, 7.0)),
        _ => table.note("numpy is missing: set FUNDCAST_PYTHON to an interpreter that has it."),
    }
    let ns = |name: &str, series: &Series| format!("{name} {} ({})", figure(series.median()), spread(series));
    let mut list = vec![ns("plain reference", reference), ns("plain loop", plain)];
    list.extend(sets.iter().zip(tiled).map(|(&set, series)| ns(&engine_name(set), series)));
    if let (Some(numpy), Some(series)) = (&bench.numpy, all.last()) {
        list.push(ns(&format!("numpy {}", numpy.version), series));
    }
    table.note(&format!("Nanoseconds per claim, Shangsi: {}.", list.join("; ")));
    table
}

/// Nanoseconds of each stage for every instruction set.
pub fn stages(bench: &Bench) -> Table {
    let sets = tiled_engines();
    let names: Vec<String> = sets.iter().map(|&set| engine_name(set)).collect();
    let mut header = vec!["stage"];
    header.extend(names.iter().map(String::as_str));
    header.extend(["share", "widest, per person-year"]);
    let mut table = Table::new("Nanoseconds per claim by stage, one thread", &header);
    let scenarios: &[&Scenario] = &[&bench.fangchenggang];
    let clocks: Vec<Clock> = sets.iter().map(|_| Clock::default()).collect();
    let mut work = fundcast::simulation::outcome::WorkDone::default();
    for _ in 0..bench.rounds {
        for (&set, clock) in sets.iter().zip(&clocks) {
            bench.one.install(Clock::begin);
            let job = Job { observer: clock, ..Job::new(scenarios, SHANGSI, 64 / bench.less).by(set) };
            let done = job.run(&bench.one).work;
            if set == sets[0] {
                work.merge(&done);
            }
        }
    }
    let claims = work.claims as f64;
    let whole = |clock: &Clock| -> f64 { Stage::ALL.iter().map(|&stage| clock.ns(stage)).sum() };
    let mut row = |name: &str, ns: &dyn Fn(&Clock) -> f64| {
        let mut cells = vec![name.to_owned()];
        cells.extend(clocks.iter().map(|clock| figure(ns(clock) / claims)));
        if let Some(widest) = clocks.last() {
            cells.push(format!("{:.0} %", 100.0 * ns(widest) / whole(widest)));
            cells.push(figure(ns(widest) / work.person_years as f64));
        }
        table.row(&cells.iter().map(String::as_str).collect::<Vec<_>>());
    };
    for stage in Stage::ALL {
        row(stage.name(), &|clock| clock.ns(stage));
    }
    row("all", &whole);
    table.note(
        "Shangsi, all years; clocks are read some ten times for a tile of two thousand persons. \"year\" holds the folding of \
         the replicate before.",
    );
    table
}

/// Seconds for one piece of arithmetic on every thread of a pool, all at once.
fn arithmetic(pool: &ThreadPool) -> f64 {
    let began = Instant::now();
    pool.broadcast(|thread| {
        let draws = Draws::new(thread.index() as u64);
        let key = Key { person: 0, replicate: 0, county: 0, year: 0 };
        let block = |number| draws.block(key, Purpose::Population, number)[0];
        std::hint::black_box((0..5_000_000).fold(0, |sum: u32, number| sum.wrapping_add(block(number))))
    });
    began.elapsed().as_secs_f64()
}

/// Two threads against one, and a second scenario on the same draws.
pub fn sharing(bench: &Bench) -> Table {
    let mut table = Table::new("Threads and scenarios", &["what", "ratio", "spread", "aim", "met"]);
    let base = &bench.fangchenggang;
    let held = load("fangchenggang-subsidy-held.toml", &[]);
    let lower =
        [("policy.assistance.class2_other.ratio", "0.85"), ("policy.assistance.stable_lifted.ratio", "0.45")];
    let (less, least) = (load("fangchenggang.toml", &lower), load("fangchenggang.toml", &lower[..1]));
    let n = 64 / bench.less;
    let one: &[&Scenario] = &[base];
    let subsidies: &[&Scenario] = &[base, &held];
    let two: &[&Scenario] = &[base, &less];
    let three: &[&Scenario] = &[base, &less, &least];
    let way = |scenarios, pool| -> Way<'_> {
        Box::new(move || Job::new(scenarios, SHANGSI, n).run(pool).simulation)
    };
    let arithmetic = |pool| -> Way<'_> { Box::new(move || arithmetic(pool)) };
    let ways = &mut [
        way(one, &bench.one),
        way(one, &bench.two),
        way(subsidies, &bench.one),
        way(two, &bench.one),
        way(three, &bench.one),
        arithmetic(&bench.one),
        arithmetic(&bench.two),
    ];
    let all = in_turns(bench.rounds, ways);
    let [single, double, subsidies, second, third, alone, beside] = all.as_slice() else {
        unreachable!("seven ways")
    };
    let speed_up = single.with(double, |single, double| single / double);
    table.ratio("two threads against one", &speed_up, Aim::AtLeast(1.85));
    let machine = alone.with(beside, |alone, beside| 2.0 * alone / beside);
    table.ratio("the same of arithmetic without memory: what the machine gives", &machine, Aim::None);
    let marginal = subsidies.with(single, |both, one| (both - one) / one);
    table.ratio("second scenario, other contribution subsidies", &marginal, Aim::AtMost(0.35));
    let marginal = second.with(single, |both, one| (both - one) / one);
    table.ratio("second scenario, other rules of claims", &marginal, Aim::AtMost(0.35));
    let marginal = third.with(second, |three, two| three - two).with(single, |more, one| more / one);
    table.ratio("third scenario, other rules of claims", &marginal, Aim::AtMost(0.35));
    table.note(&format!(
        "Shangsi, {n} replicates, simulation alone. Scenarios that differ in contribution subsidies only share the \
         settlement of their claims."
    ));
    table
}

/// What ten times the persons, years and replicates cost, population and rules with it.
pub fn tenfold(bench: &Bench) -> Table {
    let mut table = Table::new("Jobs ten times as large", &["what", "ratio", "spread", "aim", "met"]);
    let base = &bench.fangchenggang;
    let n = 32 / bench.less;
    let (large, long) = (enlarged(base, GANGKOU, 10), ten_years());
    let (one, large, long): ([&Scenario; 1], [&Scenario; 1], [&Scenario; 1]) = ([base], [&large], [&long]);
    let job = |job: Job<'_>| job.run(&bench.one).whole;
    let first_year = &long[0].years()[..1];
    let mut ways: [Way<'_>; 5] = [
        Box::new(|| job(Job::new(&one, GANGKOU, n))),
        Box::new(|| job(Job::new(&large, GANGKOU, n))),
        Box::new(|| job(Job::new(&one, GANGKOU, 10 * n))),
        Box::new(|| job(Job { years: first_year, ..Job::new(&long, GANGKOU, n) })),
        Box::new(|| job(Job::new(&long, GANGKOU, n))),
    ];
    let all = in_turns(bench.rounds.min(3), &mut ways);
    let work = |job: Job<'_>| job.run(&bench.one).work;
    let short = work(Job { years: first_year, ..Job::new(&long, GANGKOU, n) });
    let long = work(Job::new(&long, GANGKOU, n));
    let more_persons = long.person_years as f64 / short.person_years as f64;
    let more_claims = long.claims as f64 / short.claims as f64;
    let over = |many: usize, few: usize| all[many].with(&all[few], |many, few| many / few);
    table.ratio("persons", &over(1, 0), Aim::AtMost(11.0));
    table.ratio("replicates", &over(2, 0), Aim::AtMost(11.0));
    table.ratio("years, 1 to 10", &over(4, 3), Aim::AtMost(11.0));
    let of_claims = all[4].with(&all[3], |many, few| 10.0 * many / few / more_claims);
    table.ratio("the same for ten times the claims", &of_claims, Aim::AtMost(11.0));
    table.note(&format!(
        "Gangkou, {n} replicates, population and rules included. Years after 2025 have the values of 2025; rules of \
         the transition period end with it, which makes later years lighter. Ten years have {} times the \
         person-years and {} times the claims of the first, 2022, which had the fewest admissions.",
        figure(more_persons),
        figure(more_claims)
    ));
    table
}
