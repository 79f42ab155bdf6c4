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

const DELTAS: [Delta; 17] = [
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
        name: "silent",
        text: "[change.policy.tilt.monitored]\nenabled = false\ntrigger_yuan = 20000\n",
        outcomes: &[
            ("policy.tilt.monitored.trigger_yuan", "no_case"),
            ("policy.tilt.monitored.enabled", "no_case"),
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
        // The year after the last one decides who is there to its end.
        outcomes: &[("place.population.category_growth.dibao.2026", "whole_difference")],
    },
    Delta {
        name: "taper",
        text: "[change.policy.subsidy.stable_lifted.share.by_year]\n2024 = 0.60\n2025 = 0.60\n",
        outcomes: &[
            ("policy.subsidy.stable_lifted.share.by_year.2024", "whole_together"),
            ("policy.subsidy.stable_lifted.share.by_year.2025", "whole_together"),
        ],
    },
    Delta {
        name: "incomes",
        text: "[change.place.income.residents.yuan_by_year]\n2022 = 60000\n2023 = 60000\n",
        outcomes: &[
            ("place.income.residents.yuan_by_year.2022", "whole_together"),
            ("place.income.residents.yuan_by_year.2023", "whole_together"),
        ],
    },
    Delta {
        name: "three",
        text: "[change.policy.assistance.class2_other]\nratio = 0.95\nannual_cap_yuan = 20000\n[change.policy.subsidy.class1]\nenabled = false\n",
        outcomes: &[
            ("policy.subsidy.class1.enabled", "its_rules"),
            ("policy.assistance.class2_other.ratio", "shared_rules"),
            ("policy.assistance.class2_other.annual_cap_yuan", "shared_rules"),
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
            ("policy.subsidy.class1.enabled", "its_rules"),
            ("policy.assistance.class2_other.ratio", "its_rules"),
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
    let more = ["--replicates", "2", "--county", "450602", "--dpi", "50", "--quiet", "--lang", "en"];
    args.extend(more.map(ToOwned::to_owned));
    args.extend(["--attribution=never".to_owned(), "--out".to_owned(), out.display().to_string()]);
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
        let moves =
            ["whole_difference", "whole_together", "its_rules", "shared_rules"].contains(&row[7].as_str());
        assert_eq!(row[8].parse::<f64>().expect("yuan") != 0.0, moves, "{row:?}");
    }
    // The amount of several changes of one rule is said once.
    assert_eq!(text.matches("all changes of the same rules together").count(), 1, "{text}");
    // At two replicates no percentile of the outcomes is known: the screen and the record say so.
    assert!(text.contains("Outcome P95*") && text.contains("P95 needs 72"), "{text}");
    let record = std::fs::read_to_string(out.join("run.json")).expect("the record");
    assert_eq!(record.matches("\"few_for_percentile\"").count(), 3, "{record}");
    let differences = rows(&std::fs::read(out.join("difference.csv")).expect("the differences"));
    assert!(differences.iter().all(|row| row[1] != "null" || row[10].parse() == Ok(0.0)));
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
    // What is overwritten is one change, not another one with the same value before and after.
    let changes = std::fs::read_to_string(folder.path().join("out/changes.csv")).expect("a table");
    assert_eq!(changes.matches("policy.assistance.margin.ratio,").count(), 2, "{changes}");
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

/// What the first scenario's own deltas set is no change of a delta on top of them, by whatever path it names them; of a
/// long table only the rows that differ are shown.
#[test]
fn exact_a_delta_on_a_delta_changes_what_it_says_itself() {
    let below = "base = \"fangchenggang.toml\"\n[change.policy.assistance.margin]\nratio = 0.8\n\
        [change.place.fund]\nfunder = \"assistance_fund\"\nbudget = [\n\
        { funder = \"assistance_fund\", county = \"港口区\", yuan = { 2024 = 8_600_000, 2025 = 8_700_000 } },\n\
        { funder = \"assistance_fund\", county = \"上思县\", yuan = { 2024 = 17_500_000, 2025 = 17_600_000 } },\n]\n\
        [[provenance]]\ncovers = [\"change\"]\nstatus = \"assumed\"\nsource = \"Of this test\"\n";
    let more = "base = \"../scenarios/below.toml\"\n[change.place.fund]\nbudget = [\n\
        { funder = \"assistance_fund\", county = \"港口区\", yuan = { 2024 = 8_600_000, 2025 = 8_700_000 } },\n\
        { funder = \"assistance_fund\", county = \"上思县\", yuan = { 2024 = 17_500_000, 2025 = 19_900_000 } },\n]\n\
        [[provenance]]\ncovers = [\"change\"]\nstatus = \"assumed\"\nsource = \"Of this test\"\n";
    let parent = tempfile::tempdir().expect("a folder");
    let folder = scenarios_with(&[("below.toml", below)]);
    let link = parent.path().join("scenarios");
    std::os::unix::fs::symlink(folder.path(), &link).expect("a second path");
    std::fs::create_dir(parent.path().join("else")).expect("a folder");
    let above = parent.path().join("else/above.toml");
    std::fs::write(&above, more).expect("a delta");
    let (base, above) = (folder.path().join("below.toml").display().to_string(), above.display().to_string());
    let out = parent.path().join("out").display().to_string();
    let size = ["--replicates", "2", "--county", "450602", "--dpi", "50", "--quiet", "--lang", "en"];
    let text = fundcast(&[&["compare", &base, &above, "--out", &out], &size[..]].concat()).run().good();
    let changes = rows(&std::fs::read(parent.path().join("out/changes.csv")).expect("the changes"));
    let keys: Vec<&str> = changes.iter().map(|row| row[2].as_str()).collect();
    assert_eq!(keys, ["place.fund.budget"]);
    assert_eq!(text.matches("19900000").count(), 1, "{text}");
    assert!(text.contains("(1 rows alike)") && !text.contains("8700000"), "{text}");
}

/// Years that are simulated for the sake of a later one, and not reported, move nothing by their subsidies; the line of the
/// year that is reported has the whole difference.
#[test]
fn exact_a_subsidy_of_a_year_that_is_not_reported_moves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out").display().to_string();
    let pair = ["compare", "scenarios/fangchenggang.toml", "scenarios/fangchenggang-subsidy-held.toml"];
    let size = ["--years", "2025", "--replicates", "2", "--county", "450681", "--dpi", "50", "--quiet"];
    fundcast(&[&pair[..], &size, &["--attribution=never", "--out", &out]].concat()).run().good();
    let changes = rows(&std::fs::read(folder.path().join("out/changes.csv")).expect("the changes"));
    let found: Vec<(&str, &str)> = changes
        .iter()
        .filter_map(|row| {
            Some((row[2].strip_prefix("policy.subsidy.stable_lifted.share.by_year.")?, &*row[7]))
        })
        .collect();
    let wanted = [
        ("2022", "same_value"),
        ("2023", "other_years"),
        ("2024", "other_years"),
        ("2025", "whole_difference"),
    ];
    assert_eq!(found, wanted);
    let of_2025 = changes.iter().find(|row| row[2].ends_with(".2025")).expect("the last year");
    let yuan = |column: usize| of_2025[column].parse::<f64>().expect("yuan");
    // Two replicates, both looked at person by person: the amount and its error, by the books and by the persons.
    for (booked, by_person) in [(8, 12), (9, 13)] {
        let (moved, alone) = (yuan(booked), yuan(by_person));
        assert!(moved > 0.0 && (moved - alone).abs() < 1e-3, "{moved} {alone}");
    }
}

/// Where a subsidy differs between counties, each county has a chart of its own, by its name.
#[test]
fn exact_the_taper_of_each_county_is_its_own() {
    let policy = crate::support::text("scenarios/policies/fangchenggang-2022-08.toml");
    let by_year = "share.by_year = { 2022 = 0.60, 2023 = 0.50, 2024 = 0.40, 2025 = 0.30 }";
    assert!(policy.contains(by_year));
    let by_county = policy.replace(by_year, "share = { county_parameter = \"exit_2014_2015_share\" }");
    let run = "base = \"fangchenggang.toml\"\n[change.place.county_parameters.exit_2014_2015_share.by_county]\n\"上思县\" = 0.10\n";
    let folder =
        scenarios_with(&[("policies/fangchenggang-2022-08.toml", by_county.as_str()), ("own.toml", run)]);
    let file = folder.path().join("own.toml").display().to_string();
    let charts = |counties: &[&str], out: &str| {
        let out = folder.path().join(out);
        let mut args = vec!["run", &file, "--replicates", "1", "--dpi", "50", "--quiet"];
        counties.iter().for_each(|county| args.extend(["--county", county]));
        let target = out.display().to_string();
        fundcast(&[&args[..], &["--out", &target]].concat()).run().good();
        let read = |name: &str| std::fs::read_to_string(out.join("charts").join(name)).unwrap_or_default();
        [read("subsidy_taper.svg"), read("subsidy_taper_2.svg")]
    };
    let [alike, none] = charts(&["港口区", "东兴市"], "alike");
    assert!(alike.contains("资助稳定脱贫人口参保") && alike.contains(">30%<") && none.is_empty());
    let [first, second] = charts(&["港口区", "上思县"], "apart");
    assert!(first.contains("港口区资助稳定脱贫人口参保") && first.contains(">30%<"));
    assert!(second.contains("上思县资助稳定脱贫人口参保") && second.contains(">10%<"));
    let [only, none] = charts(&["上思县"], "only");
    assert!(only.contains(">10%<") && none.is_empty(), "the county that is run counts, not the first");
}

/// Counties are told apart by their code: two of one name in different cities keep their own rows and charts.
#[test]
fn exact_two_counties_of_one_name_are_compared_each_by_itself() {
    let table = crate::support::text("scenarios/places/fangchenggang/counties.csv");
    let renamed = table
        .replace("450681,东兴市,Dongxing,防城港市,Fangchenggang", "450681,港口区,Gangkou,钦州市,Qinzhou");
    assert_ne!(renamed, table);
    let delta = "base = \"fangchenggang.toml\"\n[change.policy.assistance.class2_other]\nratio = 0.95\n";
    let folder =
        scenarios_with(&[("places/fangchenggang/counties.csv", renamed.as_str()), ("delta.toml", delta)]);
    let name = |name: &str| folder.path().join(name).display().to_string();
    let (base, delta, out) = (name("fangchenggang.toml"), name("delta.toml"), name("out"));
    let size = ["--replicates", "1", "--dpi", "50", "--quiet", "--lang", "en", "--out", &out];
    let two = ["--county", "450602", "--county", "450681"];
    let args = [&["compare", &base, &delta], &size[..], &two].concat();
    let text = fundcast(&args).run().good();
    assert!(text.contains("Fangchenggang/Gangkou") && text.contains("Qinzhou/Gangkou"), "{text}");
    let differences = rows(&std::fs::read(folder.path().join("out/difference.csv")).expect("a table"));
    for code in ["450602", "450681"] {
        // The years, each with its lines and funders.
        assert!(differences.iter().filter(|row| row[2] == code && row[4] == "2024").count() > 1, "{code}");
    }
    let chart = std::fs::read_to_string(folder.path().join("out/charts/difference.svg")).expect("a chart");
    assert!(chart.contains("Fangchenggang/Gangkou") && chart.contains("Qinzhou/Gangkou"));
    let ambiguous = ["run", &base, "--county", "港口区", "--out", &out, "--lang", "en"];
    assert!(
        fundcast(&ambiguous).run().refused().contains("450602 (防城港市/港口区), 450681 (钦州市/港口区)")
    );
}

/// Who pays and where it is booked is told, although the sum is the same; what is listed as causes adds up; and scenarios
/// with another past are not compared.
#[test]
fn exact_other_payers_and_lines_are_told_although_the_sum_is_the_same() {
    let folder = scenarios_with(&[] as &[(String, String)]);
    let base = folder.path().join("fangchenggang.toml").display().to_string();
    let compare = |name: &str, change: &str| {
        let out = folder.path().join(format!("out of {name}")).display().to_string();
        let file = folder.path().join(format!("{name}.toml"));
        std::fs::write(&file, format!("base = \"fangchenggang.toml\"\n{change}\n")).expect("a delta");
        let file = file.display().to_string();
        let size = ["--replicates", "2", "--county", "450621", "--dpi", "50", "--lang", "en", "--quiet"];
        let done = fundcast(&[&["compare", &base, &file, "--out", &out], &size[..]].concat()).run();
        let changes = std::fs::read_to_string(format!("{out}/changes.csv")).unwrap_or_default();
        (done, changes)
    };
    let (funders, changes) = compare(
        "funders",
        "[change.policy.subsidy.stable_lifted]\nfunders = { assistance_fund = 1.0, county_finance = 0.0, city_finance = 0.0 }",
    );
    let screen = funders.good();
    assert!(changes.contains(",shifted,") && !changes.contains("nobody_treated_otherwise"), "{changes}");
    assert!(
        screen.contains("By payer") && screen.contains("paid by others or booked to other lines"),
        "{screen}"
    );
    let (line, changes) =
        compare("line", "[change.policy.assistance.class2_other]\nline = \"tilt_assistance\"");
    line.good();
    assert!(changes.contains(",shifted,") && !changes.contains(",label,"), "{changes}");
    let (several, _) = compare(
        "several",
        "[change.policy.assistance]\nclass1.ratio = 0.9\nclass2_other.ratio = 0.9\nmargin.ratio = 0.9\nmonitored.ratio = 0.5\nstable_lifted.ratio = 0.5",
    );
    let screen = several.good();
    assert!(screen.contains("others "), "{screen}");
    let (past, _) = compare("past", "[run]\nwarm_up_years = 0");
    assert_eq!(past.code, 2, "{}", past.err);
    assert!(past.err.contains("have another warm-up"), "{}", past.err);
}
