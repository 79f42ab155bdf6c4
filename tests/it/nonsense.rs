//! Entries that are dead or cannot be meant: refused where they are impossible, warned of where they reach nothing.

use fundcast::lang::Lang;
use fundcast::scenario;
use fundcast::scenario::load::Setting;

use crate::support::path;

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
