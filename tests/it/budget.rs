//! Budgets and fund accounts of a run: the command, its tables held against the trials, and what a place may say.

use std::collections::BTreeMap;

use crate::command::{FANGCHENGGANG, fundcast};
use crate::tables::{Row, number, rows, trials};

const FUND: &str = "scenarios/fangchenggang-fund.toml";

fn budget(scenario: &str, more: &[&str]) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("run").display().to_string();
    let args = ["budget", scenario, "--quiet", "--dpi", "50", "--replicates", "40", "--out", &out];
    let said = fundcast(&args).with(more).run().good();
    (folder, said)
}

/// Worked out again from the trials: how often a budget is exceeded, by how much, what each safety needs.
#[test]
fn budgets_are_those_of_the_trials() {
    let (folder, said) = budget(FUND, &["--county", "港口区", "--county", "防城区"]);
    let run = folder.path().join("run");
    let trials = trials(&run);
    let table = rows(&run, "budget.csv");
    let mut n_budgets = 0;
    for row in &table {
        let [county, year, funder] = ["county_code", "year", "funder"].map(|name| row[name].clone());
        let mut fen = trials[&[county, year, "total".to_owned(), funder]].clone();
        fen.sort_unstable();
        let at = |share: usize| fen[(fen.len() * share).div_ceil(100) - 1];
        for safety in [80, 90, 95, 99] {
            let needed = number(row, &format!("needed_p{safety}_yuan"));
            assert!((needed * 100.0 - at(safety) as f64).abs() < 0.5, "{safety}: {row:?}");
        }
        if row["budget_yuan"].is_empty() {
            assert!(row["exceeded_share"].is_empty() && row["shortfall_yuan"].is_empty(), "{row:?}");
            continue;
        }
        n_budgets += 1;
        let budget = number(row, "budget_yuan") * 100.0;
        let above: Vec<f64> =
            fen.iter().map(|&fen| fen as f64 - budget).filter(|above| *above > 0.5).collect();
        let share = above.len() as f64 / fen.len() as f64;
        assert!((number(row, "exceeded_share") - share).abs() < 1e-5, "{row:?}");
        assert!(number(row, "exceeded_share_low") <= share && share <= number(row, "exceeded_share_high"));
        if above.is_empty() {
            assert!(row["shortfall_yuan"].is_empty());
        } else {
            let mean = above.iter().sum::<f64>() / above.len() as f64 / 100.0;
            assert!((number(row, "shortfall_yuan") - mean).abs() < 0.01, "{row:?}: {mean}");
        }
    }
    // Those of the fund in both counties; of one also those of county finance, and so of all payers. That of all counties
    // says nothing of two of them.
    assert_eq!(n_budgets, 2 * (2 + 1 + 1));
    for part in ["预算把握：医疗救助基金", "现行预算", "超过概率", "基金收支", "最可能用尽月"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    for chart in ["balance", "runs_out", "needed", "exceedance", "months", "pooling", "heat", "categories"] {
        assert!(run.join(format!("charts/{chart}.svg")).is_file(), "{chart}");
    }
}

/// What comes in, what is paid, what is left: year by year, and the months make up the year.
#[test]
fn accounts_add_up() {
    let (folder, _) = budget(FUND, &["--county", "港口区", "--county", "上思县"]);
    let run = folder.path().join("run");
    let (years, months) = (rows(&run, "account.csv"), rows(&run, "account_months.csv"));
    assert_eq!((years.len(), months.len()), (2 * 4, 2 * 4 * 12));
    // Uncertain revenue keeps its mean: four sources, the first with a spread of 5 %.
    let revenue = rows(&run, "account_revenue.csv");
    for row in &years {
        let own = |one: &&Row| one["county_code"] == row["county_code"] && one["year"] == row["year"];
        assert_eq!(revenue.iter().filter(own).count(), 4);
        let sum: f64 = revenue.iter().filter(own).map(|one| number(one, "revenue_yuan")).sum();
        assert!((number(row, "revenue_yuan") / sum - 1.0).abs() < 0.03, "{row:?}: {sum}");
    }
    let opening = BTreeMap::from([("450602", 900_000.0), ("450621", 1_600_000.0)]);
    let mut before: BTreeMap<String, f64> = BTreeMap::new();
    for row in &years {
        let own = |month: &&Row| month["county_code"] == row["county_code"] && month["year"] == row["year"];
        let sum = |column: &str| months.iter().filter(own).map(|month| number(month, column)).sum::<f64>();
        for column in ["revenue_yuan", "paid_yuan"] {
            assert!((sum(column) - number(row, column)).abs() < 0.01, "{column}: {row:?}");
        }
        assert!((sum("runs_out_share") - number(row, "short_share")).abs() < 1e-5, "{row:?}");
        // What county finance advances is paid: the fund has less than nothing then.
        let start = before.get(&row["county_code"]).copied().unwrap_or(opening[row["county_code"].as_str()]);
        let end = start + number(row, "revenue_yuan") - number(row, "paid_yuan");
        let found = number(row, "balance_yuan") - number(row, "advanced_yuan");
        assert!((found - end).abs() < 0.05, "{row:?}: {found} and {end}");
        before.insert(row["county_code"].clone(), end);
        assert!(number(row, "top_up_p80_yuan") <= number(row, "top_up_p95_yuan"));
        let certain = number(row, "short_share") > 0.95;
        assert!(!certain || number(row, "top_up_p95_yuan") > 0.0, "{row:?}");
    }
}

/// Money does not change what is spent: the figures of the projection are those of the base.
#[test]
fn an_account_changes_no_spending() {
    let (with, _) = budget(FUND, &["--county", "港口区"]);
    let (without, said) = budget(FANGCHENGGANG, &["--county", "港口区", "--lang", "en"]);
    for table in ["projection.csv", "people.csv", "trials.parquet"] {
        let [one, other] =
            [&with, &without].map(|folder| std::fs::read(folder.path().join("run").join(table)));
        assert!(one.expect("a table") == other.expect("a table"), "{table}");
    }
    assert!(!without.path().join("run/account.csv").exists());
    assert!(said.contains("No fund account") && said.contains("docs/fund.md"), "{said}");
    assert!(said.contains("Budgets: Assistance fund"), "{said}");
}

/// A pooled fund: one account, and none where only some of its counties are simulated.
#[test]
fn a_pooled_fund_is_one_account_of_all_counties() {
    let pooled = "place.fund={pooled=true,opening=[{yuan=5_000_000}],revenue=[{source=\"city\",months=[1,7],\
                  yuan_per_resident={2022=50,2023=50}}],at_exhaustion=\"stop\"}";
    let (folder, said) = budget(FANGCHENGGANG, &["--set", pooled, "--json"]);
    let run = folder.path().join("run");
    let years = rows(&run, "account.csv");
    let places: Vec<(&str, &str)> =
        years.iter().map(|row| (row["county_code"].as_str(), row["year"].as_str())).collect();
    assert_eq!(places, [("ALL", "2022"), ("ALL", "2023")]);
    let json: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    let account = &json["accounts"][1];
    let months = account["runs_out_share_by_month"].as_array().expect("months");
    let sum: f64 = months.iter().map(|share| share.as_f64().expect("a share")).sum();
    assert!((sum - account["short"]["share"].as_f64().expect("a share")).abs() < 1e-9);
    let residents: f64 = number(&years[0], "revenue_yuan") / 50.0;
    assert!(residents > 900_000.0 && residents < 1_200_000.0, "{residents}");
    let (part, said) = budget(FANGCHENGGANG, &["--set", pooled, "--county", "港口区"]);
    assert!(!part.path().join("run/account.csv").exists() && said.contains("--county"), "{said}");
}

/// Accounts begin with the scenario's first year: later years alone have none, and say so.
#[test]
fn later_years_alone_have_no_account() {
    let (folder, said) = budget(FUND, &["--county", "港口区", "--years", "2024-2025"]);
    assert!(!folder.path().join("run/account.csv").exists());
    assert!(said.contains("没有基金收支") && said.contains("--years"), "{said}");
}

/// Of who waits: nobody where the money lasts, as many payments as are missing and less than one more, and the same for any
/// number of threads; written again from the folder, the table is the same; without it nobody is looked at.
#[test]
fn exact_who_waits_is_consistent_and_the_same_on_any_threads() {
    let of = |more: &[&str]| {
        budget(FUND, &[&["--county", "港口区", "--waiting", "4", "--lang", "en"], more].concat())
    };
    let (one, said) = of(&["--threads", "1"]);
    let run = one.path().join("run");
    let (waiting, years) = (rows(&run, "account_waiting.csv"), rows(&run, "account.csv"));
    for year in &years {
        let own: Vec<&Row> = waiting.iter().filter(|row| row["year"] == year["year"]).collect();
        assert_eq!(own.len(), if number(year, "short_share") > 0.0 { 2 } else { 0 }, "{year:?}");
        let short = (number(year, "short_share") * 40.0).round();
        assert!(own.iter().all(|row| (number(row, "short_replicates") - short).abs() < 1e-9), "{own:?}");
    }
    let mut looked_at = 0.0;
    for row in waiting.iter().filter(|row| number(row, "person_replicates") > 0.0) {
        let [missing, waiting] = ["missing_yuan", "waiting_yuan"].map(|name| number(row, name));
        // No payment of the fund to one person is as large.
        assert!(missing <= waiting && waiting < missing + 200_000.0, "{row:?}");
        let [persons, payments] = ["persons_waiting", "payments_waiting"].map(|name| number(row, name));
        assert!(persons <= payments && (missing > 0.0) == (payments > 0.0), "{row:?}");
        assert!(row["moment"] == "year_end" || missing > 0.0, "{row:?}");
        looked_at += number(row, "person_replicates");
    }
    assert!(looked_at > 4.0 && said.contains("Who waits where the money does not last"), "{said}");

    let (two, _) = of(&["--threads", "2", "--json"]);
    let bytes =
        |folder: &tempfile::TempDir| std::fs::read(folder.path().join("run/account_waiting.csv")).ok();
    assert!(bytes(&one).is_some() && bytes(&one) == bytes(&two));
    let again = fundcast(&["verify", "--rerun", "--quiet", &run.display().to_string()]).run();
    assert_eq!(again.code, 0, "{} {}", again.out, again.err);
    let (without, said) = budget(FUND, &["--county", "港口区", "--waiting", "0"]);
    assert!(bytes(&without).is_none() && !said.contains("等待"), "{said}");
}

/// Of a pooled fund all counties are looked at, one after the other.
#[test]
fn who_waits_of_a_pooled_fund_is_somebody_of_any_county() {
    let pooled = "place.fund={pooled=true,opening=[{yuan=1_000_000}],revenue=[{source=\"city\",months=[1,7],\
                  yuan_per_resident={2022=40}}],at_exhaustion=\"stop\"}";
    let (folder, _) = budget(FANGCHENGGANG, &["--set", pooled, "--waiting", "2"]);
    let waiting = rows(&folder.path().join("run"), "account_waiting.csv");
    let places: Vec<[&str; 3]> =
        waiting.iter().map(|row| ["county_code", "year", "moment"].map(|name| row[name].as_str())).collect();
    assert_eq!(places, [["ALL", "2022", "runs_out"], ["ALL", "2022", "year_end"]]);
    for row in &waiting {
        assert!(number(row, "persons_waiting") > 1000.0, "{row:?}");
        assert!(number(row, "waiting_yuan") - number(row, "missing_yuan") < 200_000.0, "{row:?}");
    }
}

/// "No shipped place has invented revenue but for the examples that say so in their title" (docs/fund.md).
#[test]
fn invented_revenue_is_named_in_the_title() {
    let mut n_with_revenue = 0;
    for file in std::fs::read_dir(crate::support::path("scenarios")).expect("the scenarios").flatten() {
        if file.path().extension().is_none_or(|ending| ending != "toml") {
            continue;
        }
        let scenario =
            fundcast::scenario::load(&file.path(), &[]).unwrap_or_else(|faults| panic!("{faults}"));
        let has_revenue = !scenario.funds.revenue.is_empty();
        let (zh, en) = (&scenario.settings.title_zh, &scenario.settings.title_en);
        assert_eq!(zh.contains("虚构"), has_revenue, "{zh}");
        assert_eq!(en.contains("invented"), has_revenue, "{en}");
        n_with_revenue += usize::from(has_revenue);
    }
    assert!(n_with_revenue >= 2);
}
