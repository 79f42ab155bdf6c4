//! Comparisons: what came of every change of a delta, and scenarios that only their names would confuse.

use crate::command::fundcast;
use crate::support::{rows, scenarios_with};

/// A delta on the main scenario.
struct Delta {
    /// Name of its file without ending.
    name: &'static str,
    /// What it writes after its base.
    text: &'static str,
    /// What must come of each of its changes: key and outcome.
    outcomes: &'static [(&'static str, &'static str)],
}

const DELTAS: [Delta; 15] = [
    Delta { name: "null", text: "", outcomes: &[] },
    Delta {
        name: "same",
        text: "[change.policy.assistance.class2_other]\nratio = 0.90\n",
        outcomes: &[("policy.assistance.class2_other.ratio", "same_value")],
    },
    Delta {
        name: "years",
        text: "[change.policy.subsidy.stable_lifted.share]\nby_year = { 2026 = 0.9, 2030 = 0.9 }\n",
        outcomes: &[
            ("policy.subsidy.stable_lifted.share.by_year.2026", "other_years"),
            ("policy.subsidy.stable_lifted.share.by_year.2030", "other_years"),
        ],
    },
    Delta {
        name: "cap",
        text: "[change.policy.assistance.class1]\nannual_cap_yuan = 90000000\n",
        outcomes: &[("policy.assistance.class1.annual_cap_yuan", "limit_not_reached")],
    },
    Delta {
        name: "label",
        text: "[change.policy.categories.dibao]\nzh = \"低保户\"\n",
        outcomes: &[("policy.categories.dibao.zh", "label")],
    },
    Delta {
        name: "county",
        text: "[change.place.county_parameters.exit_2014_2015_share.by_county]\n\"上思县\" = 0.10\n",
        outcomes: &[("place.county_parameters.exit_2014_2015_share.by_county.上思县", "other_counties")],
    },
    Delta {
        name: "default",
        text: "[change.place.county_parameters.exit_2014_2015_share.by_county]\n\"港口区\" = 0.30\n",
        outcomes: &[("place.county_parameters.exit_2014_2015_share.by_county.港口区", "same_effect")],
    },
    Delta {
        name: "other_default",
        text: "[change.place.county_parameters.exit_2014_2015_share.by_county]\n\"上思县\" = 0.30\n",
        outcomes: &[("place.county_parameters.exit_2014_2015_share.by_county.上思县", "other_counties")],
    },
    Delta {
        name: "unread",
        text: "[change.policy.tilt.monitored]\nenabled = false\ntrigger_yuan = 20000\n",
        outcomes: &[
            ("policy.tilt.monitored.enabled", "no_case"),
            ("policy.tilt.monitored.trigger_yuan", "unread"),
        ],
    },
    Delta {
        name: "nobody",
        text: "[change.policy.tilt.monitored]\ntrigger_yuan = 500000\n",
        outcomes: &[("policy.tilt.monitored.trigger_yuan", "no_case")],
    },
    Delta {
        name: "later",
        text: "[change.policy.assistance.class2_other]\nfrom_year = 2026\n",
        outcomes: &[("policy.assistance.class2_other.from_year", "whole_difference")],
    },
    Delta {
        name: "growth",
        text: "[change.place.population.category_growth.dibao]\n2026 = 0.95\n",
        outcomes: &[("place.population.category_growth.dibao.2026", "other_years")],
    },
    Delta {
        name: "taper",
        text: "[change.policy.subsidy.stable_lifted.share.by_year]\n2024 = 0.60\n2025 = 0.60\n",
        outcomes: &[
            ("policy.subsidy.stable_lifted.share.by_year.2024", "shared_rules"),
            ("policy.subsidy.stable_lifted.share.by_year.2025", "shared_rules"),
        ],
    },
    Delta {
        name: "one",
        text: "[change.policy.assistance.class2_other]\nratio = 0.95\n",
        outcomes: &[("policy.assistance.class2_other.ratio", "whole_difference")],
    },
    Delta {
        name: "two",
        text: "[change.policy.assistance.class2_other]\nratio = 0.95\n[change.policy.subsidy.class1]\nenabled = false\n",
        outcomes: &[
            ("policy.assistance.class2_other.ratio", "its_rules"),
            ("policy.subsidy.class1.enabled", "its_rules"),
        ],
    },
];

/// Nothing that a delta says is passed over in silence. The deltas have no titles of their own, so that this also
/// shows that names need not be distinct.
#[test]
fn exact_a_comparison_says_what_came_of_every_change() {
    let folder = scenarios_with(&DELTAS.map(|delta| {
        (format!("{}.toml", delta.name), format!("base = \"fangchenggang.toml\"\n{}", delta.text))
    }));
    let name = |name: &str| folder.path().join(format!("{name}.toml")).display().to_string();
    let out = folder.path().join("out");
    let mut args = vec!["compare".to_owned(), name("fangchenggang")];
    args.extend(DELTAS.map(|delta| name(delta.name)));
    let more = ["--replicates", "2", "--county", "450602", "--dpi", "50", "--quiet", "--lang", "en", "--out"];
    args.extend(more.map(ToOwned::to_owned));
    args.push(out.display().to_string());
    let text = fundcast(&args).run().good();
    let identical =
        |delta: &str| text.contains(&format!("{delta} and fangchenggang are identical in content"));
    assert!(identical("null"), "{text}");
    assert!(!identical("cap") && !identical("one"), "{text}");
    let changes = rows(&std::fs::read(out.join("changes.csv")).expect("the changes"));
    for Delta { name, outcomes, .. } in DELTAS {
        let found: Vec<(&str, &str)> = changes
            .iter()
            .filter(|row| row[1] == name)
            .map(|row| (row[2].as_str(), row[7].as_str()))
            .collect();
        assert_eq!(found, *outcomes, "{name}");
    }
    for row in &changes {
        assert!(row[5].ends_with(&format!("{}.toml", row[1])) && !row[6].is_empty(), "{row:?}");
        let moves = ["whole_difference", "its_rules", "shared_rules"].contains(&row[7].as_str());
        assert_eq!(row[8].parse::<f64>().expect("yuan") != 0.0, moves, "{row:?}");
    }
    // The amount of several changes of one rule is said once.
    assert_eq!(text.matches("all changes of the same rules together").count(), 1, "{text}");
    let differences = rows(&std::fs::read(out.join("difference.csv")).expect("the differences"));
    assert!(differences.iter().all(|row| row[1] != "null" || row[9].parse() == Ok(0.0)));
}

#[test]
fn exact_scenarios_of_one_name_are_told_apart_and_set_is_for_all() {
    let folder = scenarios_with(&[] as &[(String, String)]);
    let base = folder.path().join("fangchenggang.toml").display().to_string();
    let delta = |below: &str, ratio: &str| {
        std::fs::create_dir(folder.path().join(below)).expect("a folder");
        let file = folder.path().join(below).join("k.toml");
        let text =
            format!("base = \"../fangchenggang.toml\"\n[change.policy.assistance.margin]\nratio = {ratio}\n");
        std::fs::write(&file, text).expect("a delta");
        file.display().to_string()
    };
    let (north, south) = (delta("north", "0.85"), delta("south", "0.90"));
    let out = folder.path().join("out").display().to_string();
    let size = ["--replicates", "1", "--county", "450602", "--dpi", "50", "--lang", "en", "--out", &out];
    let set = ["--set", "policy.assistance.margin.ratio=0.8"];
    let done = fundcast(&[&["compare", &base, &north, &south, "--quiet"], &size[..], &set[..]].concat())
        .run()
        .good();
    for part in
        ["--set gives all scenarios the value policy.assistance.margin.ratio=0.8", "north-k", "south-k"]
    {
        assert!(done.contains(part), "{part} in {done}");
    }
    assert_eq!(
        done.matches("--set policy.assistance.margin.ratio of the command line gives all").count(),
        2,
        "{done}"
    );
    // A run of the other file of the same name is never replaced.
    let run = |file: &str, more: &[&str]| {
        let out = folder.path().join("run").display().to_string();
        let size = ["--replicates", "1", "--county", "450602", "--dpi", "50", "--quiet", "--out", &out];
        fundcast(&[&["run", file], &size[..], more].concat()).run()
    };
    run(&north, &[]).good();
    let refused = run(&south, &["--force"]);
    assert_eq!(refused.code, 2, "{}", refused.err);
    assert!(refused.err.contains("north/k.toml"), "{}", refused.err);
    run(&north, &["--force"]).good();
}

/// A line of a delta on a timeline changes each of its policies; it is one change where it does the same to all.
#[test]
fn exact_a_change_of_a_timeline_is_said_once() {
    let ratio = "base = \"baise-timeline.toml\"\n[change.policy.assistance.class2_other]\nratio = 0.5\n";
    let folder = scenarios_with(&[("ratio.toml", ratio)]);
    let name = |name: &str| folder.path().join(name).display().to_string();
    let (base, delta, out) = (name("baise-timeline.toml"), name("ratio.toml"), name("out"));
    let size = ["--replicates", "1", "--county", "451002", "--dpi", "50", "--quiet", "--out", &out];
    fundcast(&[&["compare", &base, &delta], &size[..]].concat()).run().good();
    let changes = rows(&std::fs::read(folder.path().join("out/changes.csv")).expect("the changes"));
    let found: Vec<(&str, &str)> = changes.iter().map(|row| (row[2].as_str(), row[7].as_str())).collect();
    assert_eq!(found, [("policy.assistance.class2_other.ratio", "whole_difference")]);
}
