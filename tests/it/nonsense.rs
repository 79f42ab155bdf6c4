//! Entries that are dead or cannot be meant: refused where they are impossible, warned of where they reach nothing.

use fundcast::lang::Lang;
use fundcast::scenario;
use fundcast::scenario::load::Setting;
use fundcast::scenario::{oddities, usual};

use crate::languages;
use crate::support::{path, text};

fn load(change: (&str, &str)) -> Result<scenario::Scenario, scenario::fault::Faults> {
    let setting = Setting { path: change.0.to_owned(), value: change.1.to_owned() };
    scenario::load(&path("scenarios/fangchenggang.toml"), &[setting])
}

/// What is changed, and what the fault says.
const REFUSED: [(&str, &str, &str); 17] = [
    ("policy.basic.resident.inpatient.ratio.by_level.tertary", "0.1", "did you mean `tertiary`?"),
    ("policy.subsidy.stable_lifted.share.by_year.abc", "0.5", "must be a calendar year"),
    ("policy.tilt.monitored.trigger_yuan", "{by_category={dibaoo=1}}", "did you mean `dibao`?"),
    (
        "policy.assistance.margin.ratio",
        "{by_category={dibao_margin=0.8,tekun=1.0}}",
        "the rule is not for `tekun`",
    ),
    ("model.category.diabo", "{admissions=5,cost=5,chronic=5,conditions=5}", "did you mean `dibao`?"),
    ("policy.adjustment.a", "{changes=[],points=0.5,cite=[\"FCG-01\"]}", "is empty"),
    ("policy.adjustment.a", "{changes=[\"margin\"],times=1.0,cite=[\"FCG-01\"]}", "changes nothing"),
    (
        "policy.adjustment.a",
        "{changes=[\"margin\"],points=0.1,when={kinds=[\"outpatient\"]},cite=[\"FCG-01\"]}",
        "never fits `margin`: the two have no kind of claim in common",
    ),
    ("policy.extends", "\"wuxi-2023\"", "cannot be changed"),
    ("policy.basic.resident.inpatient.cite", "[\"NO-SUCH\"]", "unknown clause"),
    ("policy.about.in_force", "\"2022-08banana\"", "must be a day"),
    ("model.cost.mean_by_year.2023", "0.81", "allowed: 1 to 1000000"),
    ("policy.tilt.monitored.groups", "[{kinds=[\"outpatient\"],target=0.9}]", "not among `when.kinds`"),
    (
        "policy.tilt.monitored.groups",
        "[{kinds=[\"inpatient\"],target=1.0},{kinds=[\"inpatient\",\"outpatient_major\"],target=1.0}]",
        "stands in group 1 already",
    ),
    (
        "policy.assistance.class2_severe.who.without_traits",
        "[\"severe_disability\"]",
        "excluded here: nobody fits",
    ),
    ("policy.watch.ordinary.recognised_as", "\"ordinary\"", "stands for no identity"),
    (
        "policy.subsidy.class1.funders",
        "{assistance_fund=0.7,city_finance=0.6,county_finance=\"rest\"}",
        "more than 100 %",
    ),
];

#[test]
fn exact_what_cannot_be_meant_is_refused() {
    for (key, value, words) in REFUSED {
        let faults = load((key, value)).err().unwrap_or_else(|| panic!("{key} = {value} was accepted"));
        let shown = faults.to_string();
        assert!(shown.contains(words), "{key} = {value}: {shown}");
        assert!(faults.list.iter().all(|fault| fault.file.starts_with("--set")), "{shown}");
    }
}

#[test]
fn exact_a_product_that_no_plan_can_mean_is_refused() {
    let set = |path: &str, value: &str| Setting { path: path.to_owned(), value: value.to_owned() };
    let settings = [
        set("place.income.residents.yuan_by_year.2022", "90000000000"),
        set(
            "policy.application.illness_poor.deductible_yuan",
            "{share_of_income=100.0,income=\"residents\"}",
        ),
    ];
    let faults = scenario::load(&path("scenarios/fangchenggang.toml"), &settings).unwrap_err();
    assert!(
        faults.to_string().contains("application.illness_poor.deductible_yuan.share_of_income = 100.0"),
        "{faults}"
    );
}

#[test]
fn exact_what_reaches_nothing_is_a_warning() {
    let cases = [
        ("policy.subsidy.stable_lifted.share.by_year.2032", "0.5", "no run reaches 2032"),
        ("policy.tilt.monitored.to_year", "2020", "holds in none of the years"),
        ("policy.assistance.margin.annual_cap_yuan", "2500", "lies below the deductible"),
        ("model.cost.mean_by_year.2023", "81", "is unusually small"),
    ];
    for (key, value, words) in cases {
        let scenario = load((key, value)).unwrap_or_else(|faults| panic!("{key}: {faults}"));
        let shown: Vec<String> = scenario.notices.iter().map(|one| one.line_of_text(Lang::En)).collect();
        assert!(shown.iter().any(|line| line.contains(words)), "{key} = {value}: {shown:?}");
    }
    assert!(load(("run.replicates", "5")).is_ok_and(|scenario| scenario.notices.is_empty()));
}

/// The rows of the tables of a document: what, example, words.
fn examples(section: &str) -> Vec<(String, String)> {
    let rows = section.lines().filter(|line| line.starts_with("| ") && line.contains("| `"));
    let cells = |row: &str| {
        let mut cells = row.trim_matches('|').split(" | ").map(str::trim).skip(1).map(ToOwned::to_owned);
        (cells.next().expect("an example").trim_matches('`').to_owned(), cells.next().expect("words"))
    };
    rows.map(cells).collect()
}

fn checks() -> String {
    text("docs/checks.md")
}

fn section<'t>(all: &'t str, title: &str) -> &'t str {
    let after = all.split(&format!("\n## {title}\n")).nth(1).unwrap_or_else(|| panic!("no section {title}"));
    after.split("\n## ").next().unwrap_or_default()
}

#[test]
fn exact_every_example_of_what_is_refused_or_warned_of_is_true() {
    let all = checks();
    for (title, least) in [("Refused", 20), ("Warned of", 11)] {
        let examples = examples(section(&all, title));
        assert!(examples.len() >= least, "{title}: {} examples", examples.len());
        for (example, words) in examples {
            let (key, value) = example.split_once('=').expect("KEY=VALUE");
            let shown = match load((key, value)) {
                Err(faults) if title == "Refused" => {
                    let mixed: Vec<String> = faults.list.iter().filter_map(languages::mixed).collect();
                    assert!(mixed.is_empty(), "{example}: {mixed:#?}");
                    faults.to_string()
                }
                Ok(loaded) if title == "Warned of" => {
                    loaded.notices.iter().map(|one| one.line_of_text(Lang::En)).collect::<Vec<_>>().join("\n")
                }
                Ok(_) => panic!("{example} is accepted"),
                Err(faults) => panic!("{example} is refused:\n{faults}"),
            };
            assert!(shown.contains(&words), "{example}: {shown}");
        }
    }
}

/// The usual ranges as the document has them.
fn usual_ranges() -> String {
    let mut out = String::from("\n| file | key | usual | source |\n|---|---|---|---|\n");
    let mut row = |file: &str, key: &str, usual: &str, source: &str| {
        out.push_str(&format!("| {file} | `{key}` | {usual} | {source} |\n"));
    };
    for (file, ranges) in [("policy", &usual::POLICY[..]), ("model", &usual::MODEL[..])] {
        for range in ranges {
            row(file, range.pattern, &range.words().en, &range.source().en);
        }
    }
    for known in &oddities::PLACE {
        row("place", known.range.pattern, &known.range.words().en, known.source.1);
    }
    for share in &oddities::SHARES {
        let usual = format!("{} to {} % of the register", share.least, share.most);
        row("categories.csv", share.category, &usual, share.source_en);
    }
    out
}

#[test]
fn exact_the_document_has_the_usual_ranges() {
    let all = checks();
    let written = all.split("computed, see tests/it/nonsense.rs -->\n").nth(1).expect("the ranges");
    let computed = usual_ranges();
    assert!(written == computed, "write this into docs/checks.md:\n{computed}");
}
