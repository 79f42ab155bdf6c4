//! The commands from outside: help, exit codes, `check`, `settle`, `explain`, `schema`.

use std::path::Path;

use fundcast::lang::Lang;
use serde_json::Value;

use crate::command::{FANGCHENGGANG, fundcast, settle};
use crate::support::{copy_folder, path, scenarios_with, text};

#[test]
fn exact_check_reports_the_faults_of_all_files_together() {
    let done = fundcast(&[
        "check",
        FANGCHENGGANG,
        "--set",
        "run.replicats=3",
        "--set",
        "policy.assistance.margin.ratio=85",
        "--set",
        "place.application.approval_share=2",
    ])
    .run();
    assert_eq!(done.code, 2, "{}", done.err);
    for part in ["run.replicats: unknown key", "margin.ratio = 85", "approval_share = 2", "3 faults found"] {
        assert!(done.err.contains(part), "{part} in {}", done.err);
    }
}

/// A whole number beyond what a file can hold is told so, wherever it stands.
#[test]
fn exact_a_whole_number_out_of_range_is_no_text() {
    const TOO_LARGE: &str = "9223372036854775808";
    let words = format!("run.seed = {TOO_LARGE}: must lie between {} and {}", i64::MIN, i64::MAX);
    let set = fundcast(&["check", FANGCHENGGANG, "--set", &format!("run.seed={TOO_LARGE}")]).run();
    assert!(set.refused().contains(&words));
    let shipped = text("scenarios/panjin.toml");
    let seed = shipped.lines().find(|line| line.starts_with("seed =")).expect("a seed");
    let folder = scenarios_with(&[("panjin.toml", shipped.replace(seed, &format!("seed = {TOO_LARGE}")))]);
    let file = folder.path().join("panjin.toml");
    let of_file = fundcast(&["check", &file.display().to_string()]).run().refused();
    assert!(of_file.contains(&words) && of_file.contains("1 fault found"), "{of_file}");
    let typed = fundcast(&["run", FANGCHENGGANG, "--seed", TOO_LARGE]).run();
    assert_eq!(typed.code, 2, "{}", typed.err);
}

/// One policy of a timeline by its name, as `[change.policies.NAME]` of a file does.
#[test]
fn exact_a_value_can_be_set_in_one_policy_of_a_timeline() {
    let set = "policies.guangxi-2022-06.subsidy.stable_lifted.share.by_year.2025";
    let check = |value: &str| {
        let change = format!("{set}={value}");
        fundcast(&["check", "scenarios/baise-timeline.toml", "--lang", "en", "--set", &change]).run()
    };
    assert_eq!(check("0.5").code, 0);
    let done = check("50");
    assert_eq!(done.code, 2, "{}", done.err);
    assert!(done.err.contains("share.by_year.2025 = 50"), "{}", done.err);
}

#[test]
fn exact_help_says_what_each_command_is_for() {
    let purposes = [
        ("run", "assistance fund and finance will spend"),
        ("compare", "same draws"),
        ("settle", "Settle typed-in cases by the rules"),
        ("explain", "settlement step by step"),
        ("check", "report every fault at once"),
        ("clauses", "register of clauses"),
        ("schema", "JSON Schema"),
        ("new", "scenario folder for any county"),
        ("new-policy", "commented policy file"),
    ];
    let all = fundcast(&["--help"]).run().good();
    // Lines are broken where a terminal ends.
    let flowing = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let all = flowing(&all);
    for (command, purpose) in purposes {
        let help = flowing(&fundcast(&[command, "--help"]).run().good());
        assert!(help.contains(purpose), "{command}: {help}");
        assert!(all.contains(purpose), "{command} in {all}");
    }
    assert!(all.contains("Exit codes: 0 done, 1 the run failed, 2 bad input"), "{all}");
}

#[test]
fn exact_what_cannot_be_typed_has_exit_code_2() {
    let bad: [&[&str]; 8] = [
        &["projekt"],
        &["check", "--loud", FANGCHENGGANG],
        &["check"],
        &["settle", FANGCHENGGANG],
        &["settle", FANGCHENGGANG, "--persons", "docs/examples/persons.csv"],
        &["run", FANGCHENGGANG, "--replicates", "0"],
        &["run", FANGCHENGGANG, "--set", "polcy.x=1"],
        &["explain", FANGCHENGGANG, "--cases", "docs/examples/cases.jsonl", "--lang", "fr"],
    ];
    for args in bad {
        let err = fundcast(args).speaking(Lang::En).run().refused();
        assert!(err.contains("Usage") || err.contains("error:"), "{args:?}: {err}");
    }
}

#[test]
fn exact_check_finds_no_fault_in_any_shipped_scenario() {
    let mut n = 0;
    for entry in std::fs::read_dir(path("scenarios")).expect("scenarios") {
        let file = entry.expect("an entry").path();
        if file.extension().is_some_and(|extension| extension == "toml") {
            n += 1;
            let out = fundcast(&["check", &file.display().to_string()]).run().good();
            assert!(out.contains("no fault found"), "{out}");
        }
    }
    assert!(n >= 9, "{n} scenarios");
    assert_eq!(fundcast(&["check", FANGCHENGGANG, "--quiet"]).run().good(), "");
}

/// From an analyst: 3.5 was meant as 万元. It can be run, but nobody who reads the result may miss it.
#[test]
fn exact_an_implausible_value_is_a_warning_with_the_usual_range() {
    let change = ["--set", "policy.assistance.margin.annual_cap_yuan=3.5"];
    let warning = "--set policy.assistance.margin.annual_cap_yuan: assistance.margin.annual_cap_yuan = 3.5";
    let check = fundcast(&[&["check", FANGCHENGGANG, "--quiet"], &change[..]].concat()).run();
    assert!(check.err.is_empty(), "{}", check.err);
    let out = check.good();
    assert!(out.starts_with(&format!("warning: {warning}: is unusually small")), "{out}");
    for part in ["if 万元 was meant, write 35000", "usual: 1000 to 1000000 yuan", "the shipped files have"]
    {
        assert!(out.contains(part), "{part} in {out}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("run").display().to_string();
    let size = ["--replicates", "1", "--county", "东兴市", "--dpi", "50", "--out", &out];
    let done = fundcast(&[&["run", FANGCHENGGANG], &size[..], &change[..]].concat()).run();
    assert!(done.err.contains(&format!("提示: {warning}: 少见地小")), "{}", done.err);
    done.good();
    let record = std::fs::read_to_string(folder.path().join("run/run.json")).expect("a record");
    let record: serde_json::Value = serde_json::from_str(&record).expect("JSON");
    assert_eq!(record["inputs"][0]["warnings"][0]["value"], "3.5");
}

const HEAD: &str = "base = \"fangchenggang.toml\"\ntitle_zh = \"错\"\ntitle_en = \"Wrong\"\ndescription_zh = \"错\"\ndescription_en = \"Wrong\"\n";

/// Checks deltas on the main scenario, in a copy of the scenarios.
fn check_deltas(deltas: &[(&str, &[&str])]) {
    let folder = tempfile::tempdir().expect("a folder");
    copy_folder(&path("scenarios"), folder.path());
    let file = folder.path().join("wrong.toml");
    let name = file.display().to_string();
    for (delta, wanted) in deltas {
        std::fs::write(&file, format!("{HEAD}{delta}")).expect("a delta");
        let err = fundcast(&["check", &name]).run().refused();
        for message in *wanted {
            assert!(err.contains(&format!("{name}:{message}")), "{message}\nin {err}");
        }
        assert!(err.contains(&format!("{} fault", wanted.len())), "{err}");
    }
}

#[test]
fn exact_check_reports_every_fault_with_file_and_line() {
    check_deltas(&[
        (
            "[run]\nreplicates = 0\nsed = 1\n",
            &[
                "7: run.replicates = 0: must lie between 1 and 1000000",
                "8: run.sed: unknown key; did you mean `seed`?",
            ],
        ),
        (
            "[change.policy.assistance.class1]\nratio = 1.2\n[change.policy.critical]\nbands_on = \"sums\"\n",
            &[
                "7: assistance.class1.ratio = 1.2: must lie between 0 and 1",
                "9: critical.bands_on = \"sums\": ",
            ],
        ),
        (
            "[change.policy.assistance.class1]\npool = \"inpatent\"\ncite = [\"FCG-99\"]\n[change.policy.subsidy.class1]\nfunders = { assistance_found = 1.0 }\n",
            &[
                "7: assistance.class1.pool = \"inpatent\": unknown pool `inpatent`; did you mean `inpatient`?",
                "8: assistance.class1.cite.0 = \"FCG-99\": unknown clause `FCG-99`",
                "10: subsidy.class1.funders.assistance_found = 1.0: unknown funder",
            ],
        ),
    ]);
}

#[test]
fn exact_check_names_a_file_that_is_not_there() {
    let err = fundcast(&["check", "scenarios/fangchengang.toml"]).run().refused();
    assert!(err.contains("scenarios/fangchengang.toml: cannot be read"), "{err}");
    assert!(err.contains("did you mean `fangchenggang.toml`?"), "{err}");
}

#[test]
fn exact_a_scenario_can_be_named_without_folder_and_ending() {
    let by_name = fundcast(&["check", "fangchenggang"]).run().good();
    let by_path = fundcast(&["check", FANGCHENGGANG]).run().good();
    assert_eq!(by_name.lines().skip(1).collect::<Vec<_>>(), by_path.lines().skip(1).collect::<Vec<_>>());
    assert_eq!(fundcast(&["check", "scenarios/fangchenggang", "--quiet"]).run().good(), "");
}

#[test]
fn exact_what_is_no_scenario_file_is_called_what_it_is() {
    for (named, parts) in [
        ("fangchenggan", &["there is no such file", "did you mean `fangchenggang`?"][..]),
        (
            "scenarios",
            &["is a folder, not a scenario file", "scenarios/fangchenggang.toml", "scenarios/wuxi.toml"],
        ),
        ("scenarios/places/wuxi", &["is the folder of a place", "scenarios with it: scenarios/wuxi.toml"]),
        (
            "scenarios/places/wuxi/place.toml",
            &["is the file of a place", "scenarios with it: scenarios/wuxi.toml"],
        ),
        (
            "scenarios/policies/ewenki-2022-09.toml",
            &["is a policy, not a scenario", "scenarios with it: scenarios/ewenki.toml"],
        ),
        ("scenarios/models/guangxi.toml", &["is an illness model, not a scenario", "scenarios/guangxi.toml"]),
        ("fangchenggang+wuxxi", &["wuxxi: cannot be read", "did you mean `wuxi`?"]),
    ] {
        let err = fundcast(&["check", named]).run().refused();
        for part in parts {
            assert!(err.contains(part), "{named}: {part} in {err}");
        }
        assert!(err.contains("1 fault found"), "one cause, one message: {err}");
    }
}

const RATIO: &str = "base = \"fangchenggang.toml\"\ntitle_zh = \"比例\"\n[change.policy.assistance.class2_other]\nratio = 0.85\n";
const CAP: &str =
    "base = \"fangchenggang.toml\"\n[change.policy.assistance.class2_other]\nannual_cap_yuan = 20000\n";

#[test]
fn exact_deltas_on_one_base_are_laid_over_each_other() {
    let whole = format!("{RATIO}annual_cap_yuan = 20000\n");
    let folder = scenarios_with(&[("ratio.toml", RATIO), ("cap.toml", CAP), ("whole.toml", &whole)]);
    let load = |name: &str| {
        let path = folder
            .path()
            .join(name)
            .display()
            .to_string()
            .replace('+', &format!("+{}/", folder.path().display()));
        fundcast::scenario::load(Path::new(&path), &[]).unwrap_or_else(|faults| panic!("{name}: {faults}"))
    };
    let both = load("ratio.toml+cap.toml");
    assert_eq!(both.id, "ratio+cap");
    assert_eq!(both.settings.title_zh, "比例 + cap");
    assert_eq!(both.content_hash(), load("whole.toml").content_hash());
    assert_eq!(both.content_hash(), load("cap.toml+ratio.toml").content_hash(), "the order does not matter");
    assert_ne!(both.content_hash(), load("ratio.toml").content_hash());
    assert_eq!(both.own_files().len(), 2);
}

#[test]
fn exact_deltas_that_contradict_each_other_are_refused_with_both_places() {
    let other = RATIO.replace("0.85", "0.80");
    let nested = "base = \"ratio.toml\"\n[change.policy.assistance.class1]\nratio = 0.9\n";
    let table = RATIO.replace("ratio = 0.85", "ratio = { by_year = { 2022 = 0.85 } }");
    let files = [
        ("ratio.toml", RATIO),
        ("other.toml", other.as_str()),
        ("nested.toml", nested),
        ("table.toml", table.as_str()),
    ];
    let folder = scenarios_with(&files);
    let check = |one: &str, other: &str| {
        let name = |name: &str| folder.path().join(name).display().to_string();
        fundcast(&["check", &format!("{}+{}", name(one), name(other))]).run().refused()
    };
    let err = check("ratio.toml", "other.toml");
    for part in [
        "other.toml:4: change.policy.assistance.class2_other.ratio = 0.8",
        "ratio.toml:4 changes the same key",
        "= 0.85",
    ] {
        assert!(err.contains(part), "{part} in {err}");
    }
    let err = check("ratio.toml", "table.toml");
    assert!(err.contains("table.toml:4") && err.contains("ratio.toml:4 changes the same key"), "{err}");
    let err = check("ratio.toml", "nested.toml");
    assert!(err.contains("must be on the same base") && err.contains("nested.toml:1"), "{err}");
    let err = check("ratio.toml", "fangchenggang.toml");
    assert!(err.contains("only deltas can be joined"), "{err}");
}

#[test]
fn exact_the_content_of_a_scenario_decides_its_hash() {
    let hash = |folder: &Path, name: &str| {
        let loaded = fundcast::scenario::load(&folder.join(name), &[]);
        loaded.unwrap_or_else(|faults| panic!("{faults}")).content_hash()
    };
    let folder = scenarios_with(&[("ratio.toml", RATIO), ("null.toml", "base = \"fangchenggang.toml\"\n")]);
    let main = hash(folder.path(), "fangchenggang.toml");
    assert_eq!(main, hash(&path("scenarios"), "fangchenggang.toml"), "where the files lie does not count");
    assert_eq!(main, hash(folder.path(), "null.toml"));
    assert_ne!(main, hash(folder.path(), "ratio.toml"));
    // Two policies of a timeline change places: the same set of contents, another scenario.
    let before = hash(folder.path(), "baise-timeline.toml");
    let file = folder.path().join("baise-timeline.toml");
    let text = std::fs::read_to_string(&file).expect("a timeline");
    let swapped = text
        .replace("baise-2022-05", "?")
        .replace("guangxi-2022-06", "baise-2022-05")
        .replace('?', "guangxi-2022-06");
    std::fs::write(&file, swapped).expect("a timeline");
    assert_ne!(before, hash(folder.path(), "baise-timeline.toml"));
    // The same with the contents swapped and the names kept.
    std::fs::write(&file, &text).expect("a timeline");
    assert_eq!(before, hash(folder.path(), "baise-timeline.toml"));
    let policy = |name: &str| folder.path().join("policies").join(name);
    let (one, other) = (policy("baise-2022-05.toml"), policy("guangxi-2022-06.toml"));
    // The one extends the other: it must not come to extend itself.
    let texts = [&one, &other].map(|path| {
        let text = std::fs::read_to_string(path).expect("a policy");
        text.replace("extends = \"baise-2022-05\"", "extends = \"guangxi-2022-06\"")
    });
    std::fs::write(&one, &texts[1]).expect("a policy");
    std::fs::write(&other, &texts[0]).expect("a policy");
    assert_ne!(before, hash(folder.path(), "baise-timeline.toml"));
}

#[test]
fn exact_check_names_a_change_of_the_command_line() {
    let set = ["--set", "policy.assistance.class1.ratio=1.2", "--set", "policy.critical.bands_on=sums"];
    let err = fundcast(&[&["check", FANGCHENGGANG], &set[..]].concat()).run().refused();
    for message in [
        "--set policy.assistance.class1.ratio: assistance.class1.ratio = 1.2: must lie between 0 and 1",
        "--set policy.critical.bands_on: critical.bands_on = ",
        "2 faults found",
    ] {
        assert!(err.contains(message), "{message} in {err}");
    }
}

/// The answer of the settlement contract to its example.
const ANSWER: &str = r#"{"case":"A1","year":2023,"subsidy":{"contribution":350.00,"amount":210.00,"self_pay":140.00,"category":"dibao","funders":{"assistance_fund":210.00},"cite":["FCG-03"]},"claims":[{"id":"c1","category":"dibao","in_scope":46000.00,"basic":27240.00,"critical":8932.00,"assistance":[{"line":"inpatient_assistance","amount":9336.60,"funders":{"assistance_fund":9336.60},"cite":["FCG-08"]}],"provider":800.00,"patient_in_scope":491.40,"patient_out_of_scope":5200.00}],"year_end":[],"totals":{"total":52000.00,"basic":27240.00,"critical":8932.00,"assistance":9336.60,"provider":800.00,"patient":5691.40,"by_line":{"inpatient_assistance":9336.60},"by_funder":{"assistance_fund":9336.60}}}"#;

const CASES: &str = "docs/examples/cases.jsonl";

#[test]
fn exact_settle_gives_the_numbers_of_the_contract_from_every_source() {
    let from_file = fundcast(&["settle", FANGCHENGGANG, "--cases", CASES]).run().good();
    assert_eq!(from_file.lines().next(), Some(ANSWER));
    assert_eq!(from_file.lines().count(), 4);
    assert_eq!(settle(FANGCHENGGANG, text(CASES)).good(), from_file);
    let tables = ["--persons", "docs/examples/persons.csv", "--claims", "docs/examples/claims.csv"];
    let from_tables = fundcast(&[&["settle", FANGCHENGGANG], &tables[..]].concat()).run().good();
    assert_eq!(from_tables, from_file);
}

#[test]
fn exact_settle_skips_a_byte_order_mark_and_blank_lines() {
    let cases = text(CASES);
    let spaced = format!("\u{feff}\r\n  \n{}\n\n", cases.replace('\n', "\r\n\r\n"));
    assert_eq!(settle(FANGCHENGGANG, spaced).good(), settle(FANGCHENGGANG, &cases).good());
    for empty in ["", "\u{feff}", "\n \r\n\t\n"] {
        assert_eq!(settle(FANGCHENGGANG, empty).good(), "");
    }
}

#[test]
fn exact_settle_writes_amounts_with_two_decimals_in_the_order_of_the_input() {
    let out = settle(FANGCHENGGANG, text(CASES)).good();
    let names: Vec<String> = out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["case"].to_string())
        .collect();
    assert_eq!(names, ["\"A1\"", "\"A2\"", "\"A3\"", "\"A4\""]);
    let all_have_two = out.split(':').skip(1).filter(|part| part.contains('.')).all(|part| {
        let digits: String =
            part.chars().take_while(|one| one.is_ascii_digit() || matches!(one, '.' | '-')).collect();
        digits.rsplit_once('.').is_some_and(|(_, decimals)| decimals.len() == 2)
    });
    assert!(all_have_two, "{out}");
}

fn explain(more: &[&str]) -> String {
    fundcast(&[&["explain", FANGCHENGGANG, "--cases", CASES, "--case", "A1"], more].concat()).run().good()
}

#[test]
fn exact_explain_shows_formula_amount_and_clause_in_both_languages() {
    let chinese = explain(&[]);
    for part in ["结算单 A1", "住院救助", "95 % × 9828.00", "9336.60", "FCG-08", "个人负担 5691.40"]
    {
        assert!(chinese.contains(part), "{part} in {chinese}");
    }
    let english = explain(&["--lang", "en"]);
    let parts = [
        "Settlement sheet A1",
        "Inpatient assistance",
        "95 % × 9828.00",
        "9336.60",
        "FCG-08",
        "Basic insurance",
    ];
    for part in parts {
        assert!(english.contains(part), "{part} in {english}");
    }
    let err = fundcast(&["explain", FANGCHENGGANG, "--cases", CASES, "--case", "B9"]).run().refused();
    assert!(err.contains("B9"), "{err}");
}

#[test]
fn exact_explain_marks_the_first_step_that_differs() {
    let set = ["--set", "policy.assistance.class2_severe.ratio=0.9", "--lang", "en"];
    let both = explain(&[&[FANGCHENGGANG], &set[..]].concat());
    let marked: Vec<&str> = both.lines().filter(|line| line.contains('►')).collect();
    assert_eq!(marked.len(), 2, "one step and the legend in {both}");
    for part in ["Inpatient assistance", "90 % × 9828.00", "8845.20", "95 % × 9828.00", "9336.60", "491.40"]
    {
        assert!(marked[0].contains(part), "{part} in {}", marked[0]);
    }
    assert!(marked[1].contains("first step that differs"), "{both}");
    let same = explain(&[FANGCHENGGANG, "--lang", "en"]);
    assert!(!same.contains('►') && same.contains("agree in every step"), "{same}");
}

/// The paths of all properties without a description.
fn undescribed(schema: &Value, at: &str, out: &mut Vec<String>) {
    let Some(table) = schema.as_object() else { return };
    for part in ["properties", "$defs"] {
        for (key, inner) in table.get(part).and_then(Value::as_object).into_iter().flatten() {
            let at = format!("{at}.{key}");
            if inner["description"].as_str().is_none_or(str::is_empty) {
                out.push(at.clone());
            }
            undescribed(inner, &at, out);
        }
    }
}

#[test]
fn exact_schemas_are_json_and_describe_every_key() {
    for kind in ["scenario", "policy", "place", "model"] {
        let schema: Value = serde_json::from_str(&fundcast(&["schema", kind]).run().good()).expect("JSON");
        assert!(schema["properties"].as_object().is_some_and(|keys| keys.len() > 5), "{kind}");
        let mut missing = Vec::new();
        undescribed(&schema, "", &mut missing);
        assert!(missing.is_empty(), "{kind}: no description of {missing:?}");
    }
}

#[test]
fn exact_explain_reads_standard_input_once_for_two_scenarios() {
    let other = "scenarios/fangchenggang-subsidy-held.toml";
    let with = |cases: &str, input: &str| {
        fundcast(&["explain", FANGCHENGGANG, other, "--cases", cases]).input(input).run().good()
    };
    let piped = with("-", &crate::support::text(CASES));
    assert!(piped.len() > 1000);
    assert_eq!(piped, with(CASES, ""));
}
