//! `sensitivity`: held against plain runs and comparisons.

use serde_json::Value;

use crate::command::{FANGCHENGGANG, fundcast};
use crate::tables::{number, rows};

const SMALL: [&str; 6] = ["--county", "450621", "--years", "2022-2023", "--replicates", "80"];

fn sensitivity(folder: &std::path::Path, more: &[&str]) -> Value {
    let out = folder.join("sensitivity").display().to_string();
    let args = ["sensitivity", FANGCHENGGANG, "--quiet", "--json", "--force", "--dpi", "50", "--out", &out];
    serde_json::from_str(&fundcast(&args).with(&SMALL).with(more).run().good()).expect("JSON")
}

fn of<'a>(all: &'a Value, varied: &str, year: u16) -> &'a Value {
    let is = |row: &&Value| row["varied"] == varied && row["year"] == year;
    all["rows"].as_array().and_then(|rows| rows.iter().find(is)).unwrap_or_else(|| panic!("{varied}: {all}"))
}

/// The ends of a value of a file are the means of plain runs with it; so is the figure as written. A rule of nobody's
/// moves nothing.
#[test]
fn a_value_held_low_and_high_is_that_of_plain_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let key = "policy.assistance.class2_other.ratio";
    let vary = format!("{key}=0.5..0.9");
    let all = sensitivity(folder.path(), &["--figure", "mean", "--vary", &vary]);
    let run = |more: &[&str]| -> f64 {
        let out = folder.path().join("run").display().to_string();
        let args = ["run", FANGCHENGGANG, "--quiet", "--force", "--dpi", "50", "--out", &out];
        fundcast(&args).with(&SMALL).with(more).run().good();
        let all = rows(&folder.path().join("run"), "projection.csv");
        let wanted =
            [("county_code", "450621"), ("year", "2023"), ("line", "total"), ("funder", "assistance_fund")];
        let is = |row: &&crate::tables::Row| wanted.iter().all(|(column, value)| row[*column] == *value);
        number(all.iter().find(is).expect("a row"), "mean_yuan")
    };
    let row = of(&all, key, 2023);
    let near = |found: &Value, known: f64| {
        assert!((found.as_f64().expect("a number") - known).abs() < 0.01, "{found} {known}");
    };
    near(&row["statistic_yuan"], run(&[]));
    near(&row["low"]["yuan"], run(&["--set", &format!("{key}=0.5")]));
    near(&row["high"]["yuan"], run(&["--set", &format!("{key}=0.9")]));
    assert_eq!(row["low"]["value"], 0.5);
    assert!(row["first_order"].is_null() && row["fall_if_known"].is_null(), "{row}");
    let unit = row["high"]["yuan"].as_f64().zip(row["low"]["yuan"].as_f64()).expect("numbers");
    near(&row["swing_yuan"], unit.0 - unit.1);
}

/// The same bits for any number of threads; of an uncertain number of persons both ends are a multiple.
#[test]
fn tables_and_charts_say_the_same_in_every_thread_count() {
    let folder = tempfile::tempdir().expect("a folder");
    let one = sensitivity(folder.path(), &["--threads", "1"]);
    let first = std::fs::read(folder.path().join("sensitivity/sensitivity.csv")).expect("a table");
    let two = sensitivity(folder.path(), &["--threads", "2"]);
    let second = std::fs::read(folder.path().join("sensitivity/sensitivity.csv")).expect("a table");
    assert!(one == two && first == second);
    let table = rows(&folder.path().join("sensitivity"), "sensitivity.csv");
    let counts: Vec<_> = table.iter().filter(|row| row["varied"] == "counts.dibao").collect();
    assert_eq!(counts.len(), 2, "one county, two years");
    for row in &counts {
        let figure = |column: &str| number(row, column);
        assert!(figure("at_low") < 1.0 && figure("at_high") > 1.0, "{row:?}");
        assert!((figure("at_high_yuan") - figure("at_low_yuan") - figure("swing_yuan")).abs() < 0.001);
        assert!(figure("first_order") > 0.3 && figure("fall_if_known_yuan") > 0.0, "{row:?}");
    }
    assert!(folder.path().join("sensitivity/charts/sensitivity.png").is_file());
    // What is named first must be told from nothing by its own error: so few replicates may not be enough.
    let sure = |row: &Value| {
        let of = |what: &str| row["fall_if_known"][what].as_f64().unwrap_or_default();
        row["year"] == 2023 && of("yuan") > 1.96 * of("se_yuan")
    };
    let any_sure = one["rows"].as_array().expect("rows").iter().any(sure);
    assert_eq!(one["find_out_first"]["en"].is_string(), any_sure, "{one}");
}

/// An input that is switched off is no row.
#[test]
fn what_is_switched_off_does_not_vary() {
    let folder = tempfile::tempdir().expect("a folder");
    let all = sensitivity(folder.path(), &["--without", "counts,parameters"]);
    let ids: Vec<&str> =
        all["rows"].as_array().expect("rows").iter().filter_map(|row| row["varied"].as_str()).collect();
    assert!(ids.iter().all(|id| id.contains("shocks")) && !ids.is_empty(), "{ids:?}");
}

#[test]
fn what_cannot_be_answered_is_refused() {
    let refused = |args: &[&str]| {
        let own = ["sensitivity", FANGCHENGGANG, "--quiet", "--years", "2022-2022", "--lang", "en"];
        fundcast(&own).with(args).run().refused()
    };
    assert!(refused(&["--replicates", "20"]).contains("20 replicates are too few"));
    let said = refused(&["--vary", "policy.assistance.margn.ratio=0.5..0.9"]);
    assert!(said.contains("policy.assistance.margin.ratio"), "{said}");
    let said = refused(&["--vary", "policy.assistance.margin.ratio=0.5..1.9"]);
    assert!(said.contains("the end 1.9 is refused"), "{said}");
    assert!(refused(&["--vary", "policy.assistance.margin.ratio=0.9..0.5"]).contains("the range goes up"));
    assert!(refused(&["--payer", "fond"]).contains("must be one of fund, all"));
}
