//! Every figure of the README is worked out again here, or stands in a short list of figures that are not results.

use fundcast::stats::{PerMille, margin_95};

use crate::command::{FANGCHENGGANG, fundcast};
use crate::support::{scenario, text};
use crate::tables::{Row, number, rows};

/// Phrases with a figure that no run can give, and why.
const NO_RESULTS: [(&str, &str); 28] = [
    ("is known to 1 % of it", "an example of an argument"),
    ("the same until 2027", "the years of a scenario"),
    ("The rules of the transition end with 2025", "held by tests/it/ahead.rs"),
    ("P50, P90", "names of percentiles"),
    ("P50、P90、P95", "names of percentiles"),
    ("P95", "name of a percentile"),
    ("95%", "the confidence of all errors, and the definition of P95"),
    ("差额恰为 0", "held by tests/it/properties.rs"),
    ("error of each (95 %)", "the confidence of all errors"),
    ("in at least 95 % of the replicates", "the definition of P95"),
    ("worst 5 %", "the definition of the tail mean"),
    ("10,000 yuan", "the unit 万元"),
    ("differ by exactly 0", "held by tests/it/properties.rs"),
    (
        "Exit codes: 0 done, 1 the run failed, 2 bad input, 130 stopped",
        "held by tests/it/cli.rs and tests/it/killed.rs",
    ),
    ("80, 90, 95 and 99 %", "the safeties of `budget` (SAFETIES)"),
    ("300 dpi", "the default of --dpi"),
    ("Of more than 20 counties the ten largest", "a limit of the screen (MANY_COUNTIES, LARGEST_COUNTIES)"),
    ("县区超过 20 个时只列最大的 10 个", "the same"),
    ("more than 12 counties: the total", "a limit of the charts (MOST_PANELS)"),
    ("about 80 seconds on two cores", "a measurement, with its machine; `cargo bench` measures again"),
    (
        "52.4 yuan per resident of central and regional money in 2024",
        "published, see docs/model/population.md",
    ),
    ("districts 47.0", "published, see docs/model/population.md"),
    ("Apache-2.0", "a licence"),
    ("census of 2020", "a date"),
    ("whiskers P5 to P95", "names of percentiles"),
    ("线为P5至P95", "names of percentiles"),
    ("its 90 % interval by county and year, , 200 replicates", "the picture, held by tests/it/gallery.rs"),
    ("各年度支出的均值和90%区间，模拟200次", "the picture, held by tests/it/gallery.rs"),
];

/// The prose of a page: without commands, code, addresses and line breaks.
fn prose(page: &str) -> String {
    let lines: Vec<&str> = page.lines().filter(|line| !line.starts_with("    ")).collect();
    let text = lines.join(" ");
    let mut kept = String::new();
    let mut inside = ' ';
    for letter in text.chars() {
        match (inside, letter) {
            (' ', '`') => inside = '`',
            ('`', '`') | ('(', ')') => inside = ' ',
            (' ', '(') if kept.ends_with(']') => inside = '(',
            (' ', _) => kept.push(letter),
            _ => {}
        }
    }
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Mean spending per resident of all counties in a year, from all purses, as the README writes it.
fn yuan_per_resident(scenario: &str, year: &str, arguments: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("run").display().to_string();
    let mut args = vec!["run", scenario, "--quiet", "--dpi", "50", "--out", &out, "--without", "counts"];
    args.extend(arguments);
    fundcast(&args).run().good();
    let rows = rows(&folder.path().join("run"), "projection.csv");
    let is_total = |row: &&Row| {
        row["county_code"] == "ALL"
            && row["year"] == year
            && row["line"] == "total"
            && row["funder"] == "total"
    };
    let row = rows.iter().find(is_total).expect("the total");
    let error = margin_95(number(row, "se_yuan")) / number(row, "residents");
    format!("{:.0} ± {error:.0}", number(row, "mean_yuan_per_resident"))
}

/// What the scenario files say: counties, years, replicates.
fn said_of_scenarios() -> Vec<String> {
    let main = scenario(FANGCHENGGANG, &[]);
    let years = main.years();
    let span = |dash: &str| format!("{}{dash}{}", years[0], years[years.len() - 1]);
    let replicates = main.settings.run.replicates;
    assert_eq!(main.place.counties.len(), 4, "the README says four");
    assert_eq!(scenario("scenarios/baise.toml", &[]).place.counties.len(), 12, "the README says twelve");
    let wuxi = scenario("scenarios/wuxi.toml", &[]);
    assert_eq!(wuxi.place.counties.len(), 7, "the README says seven");
    assert_eq!(main.settings.run.warm_up_years, 2, "the README says two");
    let held = scenario("scenarios/fangchenggang-subsidy-held.toml", &[]);
    let amount = |of: &fundcast::scenario::Scenario, year| {
        let rules = of.rules(0, year).expect("rules");
        let rule =
            of.policy.rules.iter().position(|rule| rule.id == "subsidy.stable_lifted").expect("a rule");
        rules.schedules[0].subsidies.iter().find(|one| usize::from(one.rule.0) == rule).map(|one| one.amount)
    };
    let last = years[years.len() - 1];
    assert_eq!(amount(&held, last), amount(&main, years[0]), "held at the share of the first year");
    let ended = scenario("scenarios/fangchenggang-taper-ended.toml", &[]);
    assert_eq!(amount(&ended, 2023), amount(&main, 2023));
    assert_ne!(amount(&ended, 2024), amount(&main, 2024));
    vec![
        format!(
            "the four counties of Fangchenggang for {} with {} replicates",
            span("-"),
            thousands(replicates)
        ),
        format!("four counties under the plan of August 2022, {}", span("-")),
        format!("四个县（市、区）{} 年支出，默认模拟 {replicates} 次", span("—")),
        format!(
            "{} counties under the June notice",
            scenario("scenarios/guangxi.toml", &[]).place.counties.len()
        ),
        "stable lifted-out persons held at 60 %".to_owned(),
        "that subsidy ended after 2023".to_owned(),
        "the rule before June 2022".to_owned(),
        "twelve counties under the rules of May 2022; with the June notice from August 2022".to_owned(),
        "Ewenki Banner under the plan of September 2022".to_owned(),
        "the Guangxi notice of June 2022".to_owned(),
        format!("residents and employees, from {}", wuxi.years()[0]),
        format!("follows the national trend to {last}"),
    ]
}

/// How many replicates a percentile needs.
fn said_of_percentiles() -> Vec<String> {
    let [p90, p95, p99] = [PerMille::P90, PerMille::P95, PerMille::P99]
        .map(|percentile| percentile.fewest_replicates().expect("a number"));
    vec![
        format!("(P90: {p90}, P95: {p95}, P99: {p99})"),
        format!("（P90 需 {p90} 次，P95 需 {p95} 次，P99 需 {p99} 次）"),
    ]
}

fn thousands(number: u32) -> String {
    format!("{},{:03}", number / 1000, number % 1000)
}

#[test]
fn every_figure_of_the_readme_is_worked_out() {
    let page = prose(&text("README.md"));
    let mut said = [said_of_scenarios(), said_of_percentiles()].concat();
    let guangxi =
        yuan_per_resident("scenarios/guangxi.toml", "2024", &["--years", "2024", "--replicates", "3"]);
    let main = yuan_per_resident(FANGCHENGGANG, "2024", &["--replicates", "40"]);
    said.push(format!("the Guangxi scenario gives {guangxi} yuan per resident from all purses in 2024"));
    said.push(format!("Fangchenggang {main}"));
    said.push("(3 replicates of 2024 alone)".to_owned());
    said.push("(40 replicates)".to_owned());
    for sentence in &said {
        assert!(page.contains(sentence.as_str()), "the README should say: {sentence}");
    }
    let known = said.iter().map(String::as_str).chain(NO_RESULTS.iter().map(|(phrase, _)| *phrase));
    let mut known: Vec<&str> = known.collect();
    // Longer phrases first: "P95" stands within others.
    known.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
    let mut rest = page.clone();
    for phrase in known {
        assert!(page.contains(phrase), "the README no longer says {phrase}: take it out of this test");
        rest = rest.replace(phrase, " ");
    }
    let left: Vec<&str> = rest
        .split_whitespace()
        .filter(|word| word.contains(|letter: char| letter.is_ascii_digit()))
        .collect();
    assert!(left.is_empty(), "figures of the README that nothing works out: {left:?}");
}

/// "Nearly all money rests on an assumed count."
#[test]
fn counts_are_assumed_where_the_readme_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["fangchenggang", "baise", "guangxi"] {
        let out = folder.path().join(name).display().to_string();
        let file = format!("scenarios/{name}.toml");
        let mut args = vec!["run", &file, "--quiet", "--dpi", "50", "--replicates", "2", "--out", &out];
        if name == "guangxi" {
            args.extend(["--county", "450102", "--county", "450603"]);
        }
        fundcast(&args).run().good();
        let record = std::fs::read_to_string(folder.path().join(name).join("run.json")).expect("a record");
        let record: serde_json::Value = serde_json::from_str(&record).expect("JSON");
        let resting =
            record["resting_on_assumed_inputs"].as_array().expect("a list").last().expect("the total");
        let share = resting["shares"]["counts"].as_f64().expect("a share");
        assert!(share > 0.9, "{name}: {share}");
    }
}
