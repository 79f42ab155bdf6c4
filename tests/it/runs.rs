//! Whole runs at small size: the guarantees of the simulation, and what a run leaves behind.

use std::collections::BTreeMap;
use std::path::Path;

use fundcast::simulation::facts::{PeopleMeasure, RuleMeasure};
use fundcast::simulation::from_scenario::{EngineChoice, Plan, rules, simulate_county};
use fundcast::simulation::outcome::cells;

use crate::command::{FANGCHENGGANG, fundcast};
use crate::support::{self, rows};

/// Runs a scenario into a folder and gives the bytes of every file but `run.json`, which may vary.
fn run(folder: &Path, scenario: &str, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let out = folder.display().to_string();
    let args = [&["run", scenario, "--quiet", "--out", &out], more].concat();
    fundcast(&args).run().good();
    let mut files = BTreeMap::new();
    for name in std::fs::read_dir(folder).expect("the run's folder").flatten().map(|entry| entry.path()) {
        let inner = if name.ends_with("inputs") {
            // What was read, not what was written.
            continue;
        } else if name.is_dir() {
            std::fs::read_dir(&name).expect("charts").flatten().map(|entry| entry.path()).collect()
        } else {
            vec![name]
        };
        for path in inner {
            let short = path.file_name().expect("a name").to_string_lossy().into_owned();
            if short != "run.json" {
                files.insert(short, std::fs::read(&path).expect("a file"));
            }
        }
    }
    files
}

#[test]
fn exact_any_number_of_threads_gives_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let of = |threads: &str| {
        run(&folder.path().join(threads), FANGCHENGGANG, &["--replicates", "5", "--threads", threads])
    };
    let one = of("1");
    assert!(one.len() >= 20, "{:?}", one.keys());
    for threads in ["2", "3", "8"] {
        let other = of(threads);
        for (name, bytes) in &one {
            assert!(other.get(name) == Some(bytes), "{name} differs with {threads} threads");
        }
    }
}

#[test]
fn exact_a_part_of_the_years_and_counties_is_that_part_of_the_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = run(&folder.path().join("whole"), FANGCHENGGANG, &["--replicates", "3"]);
    let part = ["--replicates", "3", "--years", "2023", "--county", "上思县"];
    let part = run(&folder.path().join("part"), FANGCHENGGANG, &part);
    let wanted = |row: &Vec<String>| row[1] == "上思县" && row[2] == "2023";
    let all: Vec<Vec<String>> = rows(&whole["projection.csv"]).into_iter().filter(wanted).collect();
    let some: Vec<Vec<String>> = rows(&part["projection.csv"]).into_iter().filter(wanted).collect();
    assert!(!some.is_empty());
    assert_eq!(some, all);
}

#[test]
fn exact_identical_scenarios_differ_by_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("same");
    let args = ["compare", FANGCHENGGANG, FANGCHENGGANG, "--replicates", "4", "--quiet", "--out"];
    fundcast(&[&args[..], &[&out.display().to_string()]].concat()).run().good();
    let file = std::fs::read(out.join("difference.csv")).expect("the differences");
    let text = String::from_utf8(file.clone()).expect("UTF-8");
    let header: Vec<&str> =
        text.trim_start_matches('\u{feff}').lines().next().expect("a header").split(',').collect();
    let mean = header.iter().position(|name| *name == "mean_yuan").expect("the mean difference");
    let sd = header.iter().position(|name| *name == "sd_yuan").expect("its spread");
    let all = rows(&file);
    assert!(all.len() > 100);
    for row in all {
        assert_eq!(row[mean].parse::<f64>(), Ok(0.0), "{row:?}");
        assert_eq!(row[sd].parse::<f64>(), Ok(0.0), "{row:?}");
    }
}

#[test]
fn exact_a_held_subsidy_costs_its_own_line_and_nothing_else() {
    let base = support::scenario(FANGCHENGGANG, &[]);
    let held = support::scenario("scenarios/fangchenggang-subsidy-held.toml", &[]);
    let years = base.years().to_vec();
    let plan = Plan {
        years: &years,
        warm_up_years: 2,
        first_replicate: 0,
        n_replicates: 3,
        seed: 9,
        engine: EngineChoice::default(),
        observer: &(),
    };
    let done = simulate_county(&[&base, &held], 2, plan, &|_| ()).expect("a simulation");
    let columns = cells(&base.policy, &rules(&base, 2, &years).expect("rules"));
    let subsidy = |index: usize| base.policy.names.lines[columns[index].line].id == "contribution_subsidy";
    let (mut dearer, mut same) = (0, 0);
    for (year, name) in years.iter().enumerate() {
        for replicate in 0..3 {
            let both =
                done.outcomes[0].trial(year, replicate).iter().zip(done.outcomes[1].trial(year, replicate));
            for (index, (base, held)) in both.enumerate() {
                if subsidy(index) {
                    assert!(held >= base, "{name} {index}");
                    dearer += i64::from(held > base);
                } else {
                    assert_eq!(base, held, "{name} {index}");
                    same += 1;
                }
            }
        }
    }
    assert!(dearer == 9 && same > 0, "dearer in each of three years and replicates: {dearer}");
}

#[test]
fn prop_every_yuan_of_a_line_has_a_rule_and_every_rule_a_clause() {
    for name in ["fangchenggang", "baise-timeline", "ewenki", "wuxi"] {
        let scenario = support::scenario(&format!("scenarios/{name}.toml"), &[]);
        let years = scenario.years().to_vec();
        let plan = Plan {
            years: &years,
            warm_up_years: 2,
            first_replicate: 0,
            n_replicates: 2,
            seed: 5,
            engine: EngineChoice::default(),
            observer: &(),
        };
        let county = scenario.place.counties.len() - 1;
        let done = simulate_county(&[&scenario], county, plan, &|_| ()).expect("a simulation");
        let outcome = &done.outcomes[0];
        for (year, number) in years.iter().enumerate() {
            let booked: i64 = (0..2).flat_map(|replicate| outcome.trial(year, replicate)).sum();
            let fen = |rule| outcome.rule_sum(year, rule, RuleMeasure::Fen);
            let rules = scenario.policy.rules.iter().enumerate().map(|(at, rule)| (rule, fen(at)));
            let by_rule: i128 =
                rules.clone().filter(|(rule, _)| rule.line.is_some()).map(|(_, fen)| fen).sum();
            assert_eq!(i128::from(booked), by_rule, "{name} {number}");
            assert!(booked > 0, "{name} {number}");
            let uncited: Vec<&str> = rules
                .filter(|(rule, fen)| rule.line.is_some() && *fen > 0 && rule.cite.is_empty())
                .map(|(rule, _)| rule.id.as_str())
                .collect();
            assert!(uncited.is_empty(), "{name}: {uncited:?}");
        }
    }
}

#[test]
fn exact_no_identities_cost_nothing() {
    // Without persons in any category and without applications nothing is spent at all.
    let settings = [
        ("policy.application.illness_poor.enabled", "false"),
        ("policy.watch.ordinary.verification_share", "0.0"),
    ];
    let mut scenario = support::scenario(FANGCHENGGANG, &settings);
    for county in &mut scenario.place.counties {
        county.categories.iter_mut().for_each(|count| count.persons = 0);
    }
    let years = scenario.years().to_vec();
    let plan = Plan {
        years: &years,
        warm_up_years: 2,
        first_replicate: 0,
        n_replicates: 2,
        seed: 5,
        engine: EngineChoice::default(),
        observer: &(),
    };
    let done = simulate_county(&[&scenario], 0, plan, &|_| ()).expect("a simulation");
    assert!(done.outcomes[0].trials().all(|fen| fen == 0));
}

#[test]
fn prop_who_is_not_enrolled_gets_nothing() {
    let spending = |share: &str| {
        let settings = [("place.enrolment.dibao", share), ("place.enrolment.tekun", share)];
        let scenario = support::scenario(FANGCHENGGANG, &settings);
        let years = scenario.years().to_vec();
        let plan = Plan {
            years: &years,
            warm_up_years: 2,
            first_replicate: 0,
            n_replicates: 2,
            seed: 5,
            engine: EngineChoice::default(),
            observer: &(),
        };
        let done = simulate_county(&[&scenario], 2, plan, &|_| ()).expect("a simulation");
        let outcome = &done.outcomes[0];
        let dibao = |measure| outcome.people(0, 3, measure).sum;
        (outcome.booked_fen(), dibao(PeopleMeasure::PersonMonths), dibao(PeopleMeasure::Subsidised))
    };
    let (all, none, half) = (spending("1.0"), spending("0.0"), spending("0.5"));
    assert!(none.0 < half.0 && half.0 < all.0, "{all:?} {half:?} {none:?}");
    assert_eq!((none.1, half.1), (all.1, all.1), "everybody is still counted");
    assert!(none.2 == 0 && half.2 > all.2 * 45 / 100 && half.2 < all.2 * 55 / 100, "{half:?} of {all:?}");
}

#[test]
fn exact_a_finished_run_is_replaced_only_with_force() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("run").display().to_string();
    let args = ["run", FANGCHENGGANG, "--replicates", "1", "--county", "450602", "--quiet", "--out", &out];
    fundcast(&args).run().good();
    let again = fundcast(&args).run();
    assert_eq!(again.code, 2, "{}", again.err);
    assert!(again.err.contains("--force"), "{}", again.err);
    fundcast(&[&args[..], &["--force"]].concat()).run().good();
    let other = ["run", "scenarios/ewenki.toml", "--replicates", "1", "--quiet", "--force", "--out", &out];
    let other = fundcast(&other).run();
    assert_eq!(other.code, 2, "another scenario's run is never replaced: {}", other.err);
}

#[test]
fn exact_force_replaces_what_the_run_wrote_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("run");
    let named = out.join("../run").display().to_string();
    let args = ["run", "ewenki", "--replicates", "1", "--quiet", "--dpi", "50", "--out", &named];
    fundcast(&args).run().good();
    std::fs::write(out.join("my-notes.docx"), "notes").expect("a file");
    let force = [&args[..], &["--force"]].concat();
    fundcast(&force).run().good();
    assert_eq!(std::fs::read_to_string(out.join("my-notes.docx")).expect("the notes"), "notes");
    assert_eq!(
        std::fs::read_dir(folder.path()).expect("a folder").count(),
        1,
        "nothing is left beside the run"
    );
    std::fs::write(out.join("people.csv"), "edited").expect("a file");
    let refused = fundcast(&force).run();
    assert_eq!(refused.code, 2, "{}", refused.err);
    assert!(refused.err.contains("people.csv"), "{}", refused.err);
    assert_eq!(std::fs::read_to_string(out.join("people.csv")).expect("the table"), "edited");
}

#[test]
fn exact_every_shipped_scenario_runs_in_both_languages() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, county) in [
        ("fangchenggang-subsidy-held", "450602"),
        ("fangchenggang-taper-ended", "450602"),
        ("fangchenggang-no-lifted-subsidy", "450602"),
        ("baise", "451002"),
        ("baise-timeline", "451026"),
        ("guangxi", "450123"),
        ("ewenki", "鄂温克族自治旗"),
        ("wuxi", "宜兴市"),
    ] {
        for lang in ["zh", "en"] {
            let out = folder.path().join(format!("{name}-{lang}"));
            let scenario = format!("scenarios/{name}.toml");
            let more = ["--replicates", "2", "--county", county, "--lang", lang, "--dpi", "60"];
            let files = run(&out, &scenario, &more);
            assert!(files.contains_key("spending_by_county.svg") && files.contains_key("fan.png"), "{name}");
        }
    }
}
