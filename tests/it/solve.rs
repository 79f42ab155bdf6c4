//! `budget --solve`: the answer of the command held against plain runs with the value typed in.

use serde_json::Value;

use crate::command::{FANGCHENGGANG, fundcast};
use crate::tables::{number, rows};

const FUND: &str = "scenarios/fangchenggang-fund.toml";
const KEY: &str = "policy.assistance.class2_severe.ratio";
const SIZE: [&str; 6] = ["--replicates", "40", "--county", "东兴市", "--dpi", "50"];

fn solved(folder: &std::path::Path, scenario: &str, more: &[&str]) -> Value {
    let out = folder.join("solve").display().to_string();
    let args = ["budget", scenario, "--quiet", "--json", "--force", "--out", &out];
    serde_json::from_str(&fundcast(&args).with(&SIZE).with(more).run().good()).expect("JSON")
}

/// How often the fund's budget is exceeded in a plain run with the value typed in, the worst year.
fn exceeded(folder: &std::path::Path, value: &Value) -> f64 {
    let out = folder.join("run").display().to_string();
    let set = format!("{KEY}={value}");
    let args = ["budget", FUND, "--quiet", "--force", "--out", &out, "--set", &set];
    fundcast(&args).with(&SIZE).run().good();
    let all = rows(&folder.join("run"), "budget.csv");
    let own = all.iter().filter(|row| row["funder"] == "assistance_fund" && row["county_code"] == "450681");
    own.filter(|row| !row["exceeded_share"].is_empty())
        .map(|row| number(row, "exceeded_share"))
        .fold(0.0, f64::max)
}

/// A plain run with the answer is safe enough, one with the next value is not; the fresh seed and the files are there.
#[test]
fn the_answer_is_that_of_plain_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let half = exceeded(folder.path(), &Value::from(0.5));
    let full = exceeded(folder.path(), &Value::from(1.0));
    assert!(half < full, "more is paid, so the budget is exceeded more often: {half} {full}");
    let most = (half + full) / 2.0;
    let until = format!("P(exceed) <= {most:.4}");
    let range = ["--solve", KEY, "--until", &until, "--range", "0.5..1", "--step", "0.01"];
    let answer = solved(folder.path(), FUND, &range);
    assert_eq!(
        (&answer["found"], &answer["side"]),
        (&Value::from("edge"), &Value::from("largest")),
        "{answer}"
    );
    let value = answer["value"].as_f64().expect("a value");
    let next = (value * 100.0).round() / 100.0 + 0.01;
    assert!(exceeded(folder.path(), &answer["value"]) <= most);
    assert!(exceeded(folder.path(), &Value::from((next * 100.0).round() / 100.0)) > most);
    let interval = &answer["interval_95"];
    assert!(interval["maybe"].as_f64().is_some_and(|maybe| maybe >= value), "{answer}");
    assert!(answer["fresh_seed"]["rows"].as_array().is_some_and(|rows| !rows.is_empty()));
    let table = rows(&folder.path().join("solve"), "solve.csv");
    let draws = |name: &str| table.iter().filter(|row| row["draws"] == name).count();
    assert!(draws("run") > draws("fresh") && draws("fresh") > 0);
    assert!(folder.path().join("solve/charts/solve.png").is_file());
}

/// All revenue times the answer lasts often enough, and the smallest step less does not.
#[test]
fn the_revenue_that_lasts_is_found() {
    let folder = tempfile::tempdir().expect("a folder");
    let asked = ["--solve", "revenue", "--until", "P(short) <= 25%"];
    let answer = solved(folder.path(), FUND, &asked);
    assert_eq!(
        (&answer["found"], &answer["side"]),
        (&Value::from("edge"), &Value::from("smallest")),
        "{answer}"
    );
    let value = answer["value"].as_f64().expect("a value");
    let worst = |at: f64| {
        let all = answer["simulated"].as_array().expect("values");
        let own = all.iter().find(|one| (one["value"].as_f64().unwrap_or(-1.0) - at).abs() < 1e-9);
        let rows = own.expect("it was looked at")["rows"].as_array().expect("rows");
        rows.iter().filter_map(|row| row["figure"].as_f64()).fold(0.0, f64::max)
    };
    assert!(worst(value) <= 0.25 && worst(value - 0.01) > 0.25, "{answer}");
}

/// What cannot be solved is refused before anything is simulated, in the words of the question.
#[test]
fn what_cannot_be_solved_is_refused() {
    let until = "P(exceed) <= 0.05";
    let cases: [(&str, &[&str], &str); 11] = [
        (FANGCHENGGANG, &["--solve", KEY, "--until", until], "assistance_fund has no budget in force"),
        (
            FANGCHENGGANG,
            &["--solve", "revenue", "--until", "P(short) <= 0.05"],
            "gives no revenue of the first year",
        ),
        (FUND, &["--solve", "revenue", "--until", until], "only \"P(short) <= …\" depends on the revenue"),
        (
            FUND,
            &["--solve", "policy.assistance.monitered.ratio", "--until", until],
            "did you mean `policy.assistance.monitored.ratio`?",
        ),
        (FUND, &["--solve", "policy.about.title_zh", "--until", until], "must be a number"),
        (FUND, &["--solve", KEY, "--until", "P(exceed) >= 0.05"], "P(short) <= 5%"),
        (FUND, &["--solve", KEY, "--until", until, "--range", "0.9..0.5"], "a range that goes up"),
        (
            FUND,
            &["--solve", KEY, "--until", until, "--range", "0.5..1.5"],
            "the end 1.5 of the range is refused",
        ),
        (FUND, &["--solve", KEY, "--until", until, "--step", "2"], "by at least one step"),
        (
            FUND,
            &["--solve", KEY, "--until", until, "--payer", "county_finanse"],
            "did you mean `county_finance`?",
        ),
        (FUND, &["--solve", KEY], "--until"),
    ];
    for (scenario, asked, problem) in cases {
        let said = fundcast(&["budget", scenario, "--quiet", "--lang", "en"]).with(asked).run().refused();
        assert!(said.contains(problem), "{asked:?}: {said}");
    }
}
