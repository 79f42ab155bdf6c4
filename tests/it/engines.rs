//! The two engines held against each other: the plain reference and the tiled engine give the same outcome, to the
//! fen and to the count, with every instruction set, any number of threads, and however a run is cut into pieces.

use fundcast::instruction_set::Instructions;
use fundcast::scenario::Scenario;
use fundcast::simulation::from_scenario::{EngineChoice, Plan, rules, simulate_county};
use fundcast::simulation::lane::{FundMoney, HouseholdTest, Lane, leaders};
use fundcast::simulation::outcome::{CountyOutcome, NotJoined, WorkDone};

use crate::command::{FANGCHENGGANG, fundcast};
use crate::support::scenario;

const SEED: u64 = 20_260_101;

/// Every engine of this machine but the plain reference.
fn tiled() -> Vec<EngineChoice> {
    Instructions::all_here().into_iter().map(EngineChoice::Tiled).collect()
}

pub fn simulate(scenarios: &[&Scenario], county: usize, n: u32, engine: EngineChoice) -> Vec<CountyOutcome> {
    with_work(scenarios, county, n, engine).0
}

/// The outcomes with the work done.
fn with_work(
    scenarios: &[&Scenario],
    county: usize,
    n: u32,
    engine: EngineChoice,
) -> (Vec<CountyOutcome>, WorkDone) {
    let years = scenarios[0].years();
    let plan = Plan {
        years,
        warm_up_years: 2,
        first_replicate: 0,
        n_replicates: n,
        seed: SEED,
        engine,
        observer: &(),
    };
    let done = simulate_county(scenarios, county, plan, &|_| ()).expect("a simulation");
    (done.outcomes, done.work)
}

/// The first thing in which two outcomes differ.
fn difference(plain: &CountyOutcome, other: &CountyOutcome) -> Option<String> {
    assert_eq!(plain.layout, other.layout);
    for year in 0..plain.n_years {
        let facts = plain.layout.facts();
        let (kept, averaged) = facts.split_at(plain.layout.n_kept());
        for replicate in 0..plain.n_replicates {
            let (a, b) = (plain.kept(year, replicate), other.kept(year, replicate));
            if let Some(at) = (0..a.len()).find(|&at| a[at] != b[at]) {
                let (fact, a, b) = (kept[at], a[at], b[at]);
                return Some(format!("year {year}, replicate {replicate}, {fact:?}: {a} and {b}"));
            }
        }
        for fact in averaged {
            let (a, b) = (plain.moments(year, *fact), other.moments(year, *fact));
            if a != b {
                return Some(format!("year {year}, {fact:?}: {a:?} and {b:?}"));
            }
        }
    }
    (plain != other).then(|| "something else".to_owned())
}

fn same(what: &str, plain: &[CountyOutcome], other: &[CountyOutcome]) {
    assert_eq!(plain.len(), other.len(), "{what}");
    for (lane, (plain, other)) in plain.iter().zip(other).enumerate() {
        let difference = difference(plain, other);
        assert!(difference.is_none(), "{what}, scenario {lane}: {}", difference.unwrap_or_default());
    }
}

/// Compares every engine with the plain reference, and gives what all of them give.
pub fn all_engines(what: &str, scenarios: &[&Scenario], county: usize, n: u32) -> Vec<CountyOutcome> {
    let (plain, work) = with_work(scenarios, county, n, EngineChoice::Reference);
    for engine in tiled() {
        let what = format!("{what}, county {county}, {}", engine.name());
        let (outcomes, own) = with_work(scenarios, county, n, engine);
        same(&what, &plain, &outcomes);
        assert_eq!(work, own, "{what}");
    }
    plain
}

/// All counties, or the smallest and a middle one of many; of a delta the smallest: its base has them all.
fn counties(scenario: &Scenario, is_delta: bool) -> Vec<usize> {
    let all = &scenario.place.counties;
    let mut by_size: Vec<usize> = (0..all.len()).collect();
    by_size.sort_by_key(|&county| all[county].all);
    match by_size.len() {
        _ if is_delta => by_size[..1].to_vec(),
        n if n > 4 => vec![by_size[0], by_size[n / 2]],
        _ => by_size,
    }
}

#[test]
fn exact_engines_agree_on_every_shipped_scenario() {
    let mut n_scenarios = 0;
    for file in std::fs::read_dir(crate::support::path("scenarios")).expect("the scenarios").flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".toml") {
            continue;
        }
        n_scenarios += 1;
        let is_delta = crate::support::text(&format!("scenarios/{name}")).contains("\nbase = ");
        let scenario = scenario(&format!("scenarios/{name}"), &[]);
        let n = if name.starts_with("ewenki") { 20 } else { 2 };
        for county in counties(&scenario, is_delta) {
            all_engines(&name, &[&scenario], county, n);
        }
    }
    assert!(n_scenarios >= 9, "{n_scenarios} scenarios");
}

#[test]
fn exact_engines_agree_on_the_invented_plan() {
    let settings: [Settings<'_>; 2] = [&[], &[("policy.tilt.to_target.trigger_yuan", "200")]];
    for settings in settings {
        // With the sums of households nobody who holds an identity is settled in tiles.
        for file in ["tests/cases/invented/invented.toml", "tests/cases/invented/persons.toml"] {
            let scenario = scenario(file, settings);
            for county in 0..scenario.place.counties.len() {
                all_engines(file, &[&scenario], county, 20);
            }
        }
    }
}

/// Changes of a scenario.
type Settings<'a> = &'a [(&'a str, &'a str)];

const CITY: (&str, &str) = ("place.county_parameters.city_share_of_county_lines.default", "0.37");

/// What is rare in the shipped plans, made common: lists that verify everybody at once, applications that are always
/// approved, tilt assistance from little on, caps that bind, payments that several funders share, persons without
/// insurance.
#[test]
fn exact_engines_agree_where_the_rare_is_common() {
    let lists = [
        ("policy.watch.lifted_out.threshold_yuan", "300"),
        ("policy.watch.lifted_out.verification_share", "1.0"),
        ("policy.watch.lifted_out.delay_months", "0"),
        ("policy.watch.ordinary.threshold_yuan", "800"),
        ("policy.watch.ordinary.verification_share", "1.0"),
        ("policy.watch.ordinary.delay_months", "0"),
    ];
    let applications = [
        ("place.application.approval_share", "1.0"),
        ("place.application.self_pay_share_of_income", "0.02"),
        ("place.application.delay_months", "0"),
        ("policy.application.illness_poor.deductible_yuan", "500"),
    ];
    let tilt = [
        ("policy.tilt.monitored.trigger_yuan", "100"),
        ("policy.tilt.monitored.annual_cap_yuan", "3000"),
        CITY,
    ];
    let caps = [
        ("policy.basic.resident.annual_cap_yuan", "9000"),
        ("policy.critical.annual_cap_yuan", "2000"),
        ("policy.critical.deductible_yuan", "1000"),
        CITY,
    ];
    let enrolment = [
        ("place.enrolment.dibao", "0.6"),
        ("place.enrolment.stable_lifted", "0.8"),
        ("policy.watch.lifted_out.verification_share", "0.5"),
        ("policy.watch.lifted_out.threshold_yuan", "1000"),
    ];
    let recognised = |rule, share| {
        [&lists[..], &[("policy.enrolment.newly_recognised", rule), ("place.already_paid_share", share)]]
            .concat()
    };
    let (given_back, later) = (recognised("\"always\"", "0.5"), recognised("\"from_next_year\"", "0.5"));
    let everything = [&lists[..], &applications, &tilt].concat();
    let zero =
        [("policy.tilt.monitored.trigger_yuan", "0"), ("policy.watch.lifted_out.threshold_yuan", "0.01")];
    let all: [(&str, Settings<'_>); 11] = [
        ("as it is", &[]),
        ("shared", &[CITY]),
        ("lists", &lists),
        ("applications", &applications),
        ("tilt", &tilt),
        ("caps", &caps),
        ("enrolment", &enrolment),
        ("given back", &given_back),
        ("from the next year", &later),
        ("everything", &everything),
        ("zero", &zero),
    ];
    let mut spent = std::collections::BTreeSet::new();
    for (what, settings) in all {
        let scenario = scenario(FANGCHENGGANG, settings);
        for county in [0, 2] {
            let plain = all_engines(what, &[&scenario], county, 3);
            spent.insert((county, plain[0].booked_fen()));
        }
    }
    assert!(spent.len() >= 19, "settings that change nothing: {spent:?}");
}

/// Stays over New Year by discharge and by days, with lists, applications and tilts that look at everybody; together with
/// the plan that counts them by admission each gets what it gets alone.
#[test]
fn exact_engines_agree_on_stays_over_new_year() {
    let common = [
        ("policy.watch.lifted_out.threshold_yuan", "300"),
        ("policy.watch.lifted_out.verification_share", "1.0"),
        ("policy.watch.ordinary.threshold_yuan", "800"),
        ("policy.watch.ordinary.verification_share", "0.5"),
        ("place.application.approval_share", "1.0"),
        ("place.application.self_pay_share_of_income", "0.02"),
        ("policy.application.illness_poor.deductible_yuan", "500"),
        ("policy.tilt.monitored.trigger_yuan", "100"),
        ("policy.basic.resident.annual_cap_yuan", "30000"),
    ];
    let by = |stays: &str, more: Settings<'_>| {
        let rule = format!(r#"{{ stays = "{stays}", cite = ["FCG-01"] }}"#);
        scenario(FANGCHENGGANG, &[&[("policy.new_year", rule.as_str())], more].concat())
    };
    for more in [&common[..], &[]] {
        let scenarios = ["by_admission", "by_discharge", "split"].map(|stays| by(stays, more));
        let together = all_engines("over New Year", &scenarios.each_ref(), 2, 2);
        assert!(together.windows(2).all(|pair| !pair[0].trials().eq(pair[1].trials())));
        let plain = scenario(FANGCHENGGANG, more);
        // The rule itself has a number of its own, and moves nothing.
        assert!(together[0].trials().eq(simulate(&[&plain], 2, 2, EngineChoice::default())[0].trials()));
        for (one, together) in scenarios.iter().zip(together) {
            let alone = simulate(&[one], 2, 2, EngineChoice::Reference);
            same("alone", std::slice::from_ref(&together), &alone);
        }
    }
}

#[test]
fn exact_engines_agree_where_the_rare_is_common_elsewhere() {
    let wuxi = [
        ("policy.tilt.within_province.threshold_yuan", "50"),
        ("policy.watch.margin.threshold_yuan", "100"),
        ("policy.watch.expenditure_poor.threshold_yuan", "500"),
        ("policy.watch.expenditure_poor.verification_share", "1.0"),
        ("policy.watch.expenditure_poor.delay_months", "1"),
        ("policy.basic.employee.annual_cap_yuan", "20000"),
        ("policy.basic.resident.outpatient.annual_cap_yuan", "100"),
        ("policy.critical.annual_cap_yuan", "5000"),
    ];
    let ewenki = [
        ("policy.tilt.heavy_burden.threshold_yuan", "100"),
        ("policy.watch.stable_lifted.threshold_yuan", "100"),
        ("policy.watch.stable_lifted.verification_share", "1.0"),
        ("policy.watch.stable_lifted.delay_months", "0"),
        ("place.enrolment.dibao", "0.9"),
    ];
    let baise = [
        ("policy.watch.lifted_out.threshold_yuan", "300"),
        ("policy.watch.lifted_out.verification_share", "1.0"),
        ("policy.watch.lifted_out.delay_months", "1"),
        ("policy.tilt.monitored.trigger_yuan", "200"),
    ];
    let all: [(&str, Settings<'_>, usize, u32); 3] = [
        ("scenarios/wuxi.toml", &wuxi, 1, 2),
        ("scenarios/ewenki.toml", &ewenki, 0, 10),
        ("scenarios/guangxi.toml", &baise, 20, 2),
    ];
    for (file, settings, county, n) in all {
        let (usual, rare) = (scenario(file, &[]), scenario(file, settings));
        let rare = all_engines(file, &[&rare], county, n);
        let usual = simulate(&[&usual], county, n, EngineChoice::default());
        assert!(!usual[0].trials().eq(rare[0].trials()), "{file}: the settings change nothing");
    }
}

#[test]
fn exact_engines_agree_with_any_number_of_threads() {
    let settings = [("policy.watch.lifted_out.threshold_yuan", "800"), CITY];
    let scenario = scenario(FANGCHENGGANG, &settings);
    let plain = simulate(&[&scenario], 2, 9, EngineChoice::Reference);
    for n_threads in [1, 2, 3, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().expect("threads");
        pool.install(|| {
            for engine in tiled().into_iter().chain([EngineChoice::Reference]) {
                let what = format!("{n_threads} threads, {}", engine.name());
                same(&what, &plain, &simulate(&[&scenario], 2, 9, engine));
            }
        });
    }
}

/// A replicate does not depend on how many there are: not within a batch, and not in the batch after.
#[test]
fn exact_the_first_replicates_are_those_of_a_longer_run() {
    let scenario = scenario("scenarios/ewenki.toml", &[]);
    let long = all_engines("70 replicates", &[&scenario], 0, 70).remove(0);
    for n in [1, 3, 63, 65] {
        for engine in tiled().into_iter().chain([EngineChoice::Reference]) {
            let short = simulate(&[&scenario], 0, n, engine).remove(0);
            for year in 0..short.n_years {
                for replicate in 0..n as usize {
                    let (a, b) = (short.kept(year, replicate), long.kept(year, replicate));
                    assert_eq!(a, b, "{n} of 70, {}, replicate {replicate}", engine.name());
                }
            }
        }
    }
}

/// So many stays that the bills of the persons of one tile do not fit into it: they are settled in several.
#[test]
fn exact_engines_agree_on_tiles_that_are_cut() {
    let settings = [
        ("model.admission.rate_by_year", "{ 2022 = 1.0, 2023 = 1.0, 2024 = 1.0, 2025 = 1.0 }"),
        ("model.admission.place_factor", "10"),
        ("run.years", "[2022, 2023]"),
    ];
    let often = scenario(FANGCHENGGANG, &settings);
    let plan = |engine| with_work(&[&often], 2, 1, engine);
    let (plain, work) = plan(EngineChoice::Reference);
    // Bills and keys of two thousand persons are more than a tile's 32,767 places.
    assert!(2 * work.claims > 17 * work.ill_person_years, "{work:?}");
    for engine in tiled() {
        let (outcomes, own) = plan(engine);
        same(&engine.name(), &plain, &outcomes);
        assert_eq!(work, own, "{}", engine.name());
    }
}

/// Scenarios that are settled together get what each gets alone.
#[test]
fn exact_scenarios_together_equal_each_alone() {
    let files = ["fangchenggang", "fangchenggang-subsidy-held", "fangchenggang-taper-ended"];
    let shipped = files.map(|name| scenario(&format!("scenarios/{name}.toml"), &[]));
    let listed = scenario(
        FANGCHENGGANG,
        &[
            ("policy.watch.lifted_out.threshold_yuan", "300"),
            ("policy.watch.lifted_out.verification_share", "1.0"),
            ("policy.tilt.monitored.trigger_yuan", "100"),
        ],
    );
    let all: Vec<&Scenario> = shipped.iter().chain([&listed]).collect();
    let together = all_engines("together", &all, 1, 2);
    for (scenario, together) in all.iter().zip(together) {
        for engine in tiled().into_iter().chain([EngineChoice::Reference]) {
            same(&engine.name(), std::slice::from_ref(&together), &simulate(&[scenario], 1, 2, engine));
        }
    }
}

/// Scenarios that change rules of some categories, of some years, of lists, of all, or the shape of the rules: whom they
/// treat alike is settled once, and each gets what it gets alone.
#[test]
fn exact_scenarios_that_treat_most_alike_equal_each_alone() {
    let lists = [
        ("policy.watch.lifted_out.threshold_yuan", "300"),
        ("policy.watch.lifted_out.verification_share", "1.0"),
    ];
    let changes = [
        ("policy.assistance.monitored.ratio", "0.7"),
        ("policy.assistance.monitored.ratio", "0.8"),
        ("policy.assistance.margin.deductible_yuan", "500"),
        ("policy.assistance.class2_other.annual_cap_yuan", "3000"),
        ("policy.assistance.class1.annual_cap_yuan", "2000"),
        ("policy.assistance.margin.to_year", "2023"),
        ("policy.assistance.returned.from_year", "2024"),
        ("policy.tilt.monitored.trigger_yuan", "100"),
        ("policy.watch.lifted_out.delay_months", "3"),
        ("policy.critical.tilt.hardship.deductible_reduction", "0.2"),
        ("policy.basic.resident.outpatient_chronic.ratio", "0.5"),
    ];
    let all: Vec<Scenario> =
        changes.iter().map(|change| scenario(FANGCHENGGANG, &[&lists[..], &[*change]].concat())).collect();
    let together = all_engines("alike", &all.iter().collect::<Vec<_>>(), 1, 2);
    assert!(together[1..].iter().filter(|other| !other.trials().eq(together[0].trials())).count() > 7);
    for (scenario, together) in all.iter().zip(together) {
        let alone = simulate(&[scenario], 1, 2, EngineChoice::Reference);
        same("alike", std::slice::from_ref(&together), &alone);
    }
}

/// Scenarios that differ in contribution subsidies only share the settlement of their claims, others do not; each gets
/// the subsidies of those whom lists recognise by its own rules.
#[test]
fn exact_scenarios_that_share_claims_equal_the_plain_reference() {
    let lists = [
        ("policy.watch.lifted_out.threshold_yuan", "300"),
        ("policy.watch.lifted_out.verification_share", "1.0"),
        ("policy.watch.ordinary.threshold_yuan", "800"),
        ("policy.watch.ordinary.verification_share", "1.0"),
    ];
    let from_next_year =
        [&lists[..], &[("policy.enrolment.newly_recognised", "\"from_next_year\"")]].concat();
    let file = |name: &str, settings| scenario(&format!("scenarios/{name}.toml"), settings);
    let scenarios = [
        file("fangchenggang", &lists),
        file("fangchenggang", &[]),
        file("fangchenggang-subsidy-held", &lists),
        file("fangchenggang-taper-ended", &lists),
        file("fangchenggang", &from_next_year),
    ];
    let years = scenarios[0].years();
    let test = HouseholdTest { self_pay_share_of_income: 0.5, approval_share: 0.3, delay_months: 2 };
    let year_rules = scenarios.each_ref().map(|one| rules(one, 1, years).expect("rules"));
    let each = scenarios.iter().zip(year_rules);
    let lanes = each.map(|(one, rules)| Lane::new(&one.policy, rules, test, FundMoney::default()));
    let lanes: Vec<Lane<'_>> = lanes.collect();
    assert_eq!(leaders(&lanes), [0, 1, 0, 0, 0]);
    let outcomes = all_engines("shared claims", &scenarios.each_ref(), 1, 3);
    assert!(outcomes.windows(2).all(|pair| !pair[0].trials().eq(pair[1].trials())));
}

/// The tables of a run, cut by county and years as the program offers it, with each engine.
#[test]
fn exact_the_program_writes_the_same_tables_with_every_engine() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut choices = vec![vec!["--engine", "reference"], vec!["--engine", "tiled"]];
    choices.extend(Instructions::all_here().iter().map(|one| vec!["--instructions", one.set().name()]));
    let tables = ["projection.csv", "trials.parquet", "rules.csv", "people.csv", "watch.csv", "residual.csv"];
    let mut first: Option<Vec<Vec<u8>>> = None;
    for (number, choice) in choices.iter().enumerate() {
        let out = folder.path().join(number.to_string());
        let name = out.display().to_string();
        let size = ["--replicates", "2", "--county", "450602", "--county", "450621", "--years", "2023-2024"];
        let args =
            [&["run", FANGCHENGGANG, "--quiet", "--dpi", "50", "--out", &name], &size[..], choice].concat();
        fundcast(&args).run().good();
        let record = std::fs::read_to_string(out.join("run.json")).expect("the record");
        let record: serde_json::Value = serde_json::from_str(&record).expect("JSON");
        let name = record["engine"].as_str().expect("the engine");
        assert!(name.contains(choice[1]), "{name} for {choice:?}");
        let files: Vec<Vec<u8>> =
            tables.iter().map(|table| std::fs::read(out.join(table)).expect("a table")).collect();
        match &first {
            None => first = Some(files),
            Some(first) => assert!(*first == files, "{choice:?}"),
        }
    }
}

/// Replicates 0 to 6 at once, and 0 to 1, 2 to 2 and 3 to 6 one after the other: joined they are the same, and nothing else
/// can be joined.
#[test]
fn exact_a_run_in_parts_is_the_whole_run() {
    let scenario = scenario(FANGCHENGGANG, &[("run.years", "[2022, 2023]")]);
    let part = |first_replicate, n_replicates, engine| {
        let years = scenario.years();
        let plan = Plan {
            years,
            warm_up_years: 2,
            first_replicate,
            n_replicates,
            seed: SEED,
            engine,
            observer: &(),
        };
        simulate_county(&[&scenario], 0, plan, &|_| ()).expect("a simulation").outcomes.remove(0)
    };
    for engine in [EngineChoice::Reference, EngineChoice::default()] {
        let whole = part(0, 7, engine);
        let (first, second, third) = (part(0, 2, engine), part(2, 1, engine), part(3, 4, engine));
        let joined = first.followed_by(&second).and_then(|both| both.followed_by(&third)).expect("parts");
        same("parts", std::slice::from_ref(&whole), std::slice::from_ref(&joined));
        assert_eq!(first.followed_by(&third), Err(NotJoined::Gap { next: 2, found: 3 }));
        assert_eq!(joined.followed_by(&third), Err(NotJoined::Gap { next: 7, found: 3 }));
        let mut other = second.clone();
        other.county = 1;
        assert_eq!(first.followed_by(&other), Err(NotJoined::Another));
    }
}

/// As many replicates as a precision takes: the files are those of a run that was told the number.
#[test]
fn exact_a_run_to_a_precision_is_a_run_of_as_many_replicates() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = |name: &str| folder.path().join(name).display().to_string();
    let common = ["run", FANGCHENGGANG, "--county", "450602", "--years", "2022", "--dpi", "50"];
    let run = |more: &[&str]| fundcast(&[&common[..], more].concat()).run();
    let done = run(&["--precision", "5%", "--lang", "en", "--out", &out("precise")]);
    let said = done.err.clone();
    done.good();
    let text = std::fs::read_to_string(folder.path().join("precise/run.json")).expect("a record");
    let record: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let n = record["replicates"].as_u64().expect("a number").to_string();
    assert!(said.contains("is at most") && said.contains("as wanted (5.0%)"), "{said}");
    assert!(n.parse::<u32>().is_ok_and(|n| n > 256), "{n}");
    run(&["--replicates", &n, "--lang", "en", "--out", &out("told")]).good();
    for file in ["trials.parquet", "projection.csv", "people.csv", "uncertainty.csv"] {
        let bytes = |run: &str| std::fs::read(folder.path().join(run).join(file)).expect("a file");
        assert!(bytes("precise") == bytes("told"), "{file}");
    }
    // What cannot be written is refused before anything is simulated.
    let refused = run(&["--precision", "5%", "--lang", "en", "--out", &out("precise")]).refused();
    assert!(!refused.contains("is at most"), "{refused}");
    let refused = run(&["--precision", "90%", "--lang", "en"]).refused();
    assert!(refused.contains("0.1% to 50%"), "{refused}");
    run(&["--precision", "5%", "--replicates", "10"]).refused();
}
