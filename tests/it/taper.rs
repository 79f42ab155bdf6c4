//! `taper`: the answers held against plain comparisons, and against arithmetic.

use serde_json::Value;

use crate::command::{FANGCHENGGANG, fundcast};
use crate::tables::{number, rows};

const SIZE: [&str; 4] = ["--county", "东兴市", "--dpi", "50"];
const HELD: &str = "scenarios/fangchenggang-subsidy-held.toml";

fn taper(folder: &std::path::Path, more: &[&str]) -> Value {
    let out = folder.join("taper").display().to_string();
    let args = ["taper", FANGCHENGGANG, "--quiet", "--json", "--force", "--out", &out];
    serde_json::from_str(&fundcast(&args).with(&SIZE).with(more).run().good()).expect("JSON")
}

/// The mean of an answer for all counties in a year and of a payer; nothing where nothing moves.
fn mean(answers: &Value, question: &str, year: u16, payer: &str) -> f64 {
    let all = answers["answers"].as_array().expect("answers");
    let own =
        all.iter().find(|one| one["question"] == question).unwrap_or_else(|| panic!("{question}: {answers}"));
    let is = |row: &&Value| row["county_code"] == "ALL" && row["year"] == year && row["funder"] == payer;
    own["rows"]
        .as_array()
        .expect("rows")
        .iter()
        .find(is)
        .map_or(0.0, |row| row["mean_yuan"].as_f64().expect("yuan"))
}

/// The steps add up to no step, year by year and purse by purse; that is what the shipped scenario without a taper says.
#[test]
fn the_steps_add_up_to_the_scenario_without_a_taper() {
    let folder = tempfile::tempdir().expect("a folder");
    let answers = taper(folder.path(), &["--years", "2022-2025", "--replicates", "20"]);
    let out = folder.path().join("held").display().to_string();
    let args = ["compare", FANGCHENGGANG, HELD, "--quiet", "--attribution=never", "--out", &out];
    fundcast(&args).with(&SIZE).with(&["--replicates", "20"]).run().good();
    let held = rows(&folder.path().join("held"), "difference.csv");
    for year in 2022..=2025_u16 {
        for payer in ["county_finance", "city_finance", "assistance_fund", "total"] {
            let steps: f64 = [2023, 2024, 2025]
                .map(|step| mean(&answers, &format!("step_{step}"), year, payer))
                .iter()
                .sum();
            let none = mean(&answers, "no_steps", year, payer);
            assert!((steps - none).abs() < 1e-6, "{year} {payer}: {steps} {none}");
            let is = |row: &&crate::tables::Row| {
                row["county_code"] == "ALL"
                    && row["year"] == year.to_string()
                    && row["line"] == "total"
                    && row["funder"] == payer
            };
            let other = held.iter().find(is).map_or(0.0, |row| number(row, "mean_yuan"));
            assert!((none - other).abs() < 1e-3, "{year} {payer}: {none} {other}");
        }
        // A step costs nothing before its year.
        for step in 2023..=2025_u16 {
            let yuan = mean(&answers, &format!("step_{step}"), year, "total");
            assert_eq!(yuan > 0.0, year >= step, "step {step} in {year}: {yuan}");
        }
    }
    assert!((mean(&answers, "step_2023", 2025, "assistance_fund")).abs() < 1e-9, "the fund does not pay it");
    let table = rows(&folder.path().join("taper"), "taper.csv");
    assert!(table.iter().any(|row| row["question"] == "no_steps" && row["county_code"] == "450681"));
    assert!(folder.path().join("taper/charts/taper.png").is_file());
}

/// Unasked the run goes one year beyond the transition: one more year costs something there and nothing before; stopping
/// saves from its year on; who pays more may leave, with an elasticity of −0.1 by 1 − 2.19^−0.1.
#[test]
fn the_end_of_the_transition_is_answered_unasked() {
    let folder = tempfile::tempdir().expect("a folder");
    let answers = taper(folder.path(), &["--stop-from", "2024", "--replicates", "20"]);
    assert!(mean(&answers, "until_2026", 2026, "total") > 0.0);
    assert!(
        mean(&answers, "transition_held_after_2025", 2026, "total")
            > mean(&answers, "until_2026", 2026, "total")
    );
    for year in 2022..=2026_u16 {
        assert_eq!(mean(&answers, "until_2026", year, "total") > 0.0, year == 2026, "{year}");
        assert_eq!(
            mean(&answers, "stopped_from_2024", year, "total") < 0.0,
            (2024..=2025).contains(&year),
            "{year}"
        );
    }
    let leavers = answers["leavers"].as_array().expect("leavers");
    let last = leavers.iter().find(|row| row["year"] == 2025).unwrap_or_else(|| panic!("{answers}"));
    assert_eq!((&last["county_code"], &last["county"]), (&Value::from("450681"), &Value::from("东兴市")));
    let of = |name: &str| last[name].as_f64().expect("a number");
    // 320 yuan and 60 % in 2022, 400 yuan and 30 % in 2025.
    assert!((of("risen") - 400.0 * 0.7 / (320.0 * 0.4)).abs() < 1e-9, "{last}");
    assert!((of("leave_high") - of("subsidised") * (1.0 - of("risen").powf(-0.1))).abs() < 1e-6, "{last}");
    assert!((of("subsidy_not_paid_high_yuan") - of("leave_high") * 120.0).abs() < 1e-6, "{last}");
    assert!(leavers.iter().filter(|row| row["year"] == 2022).all(|row| row["leave_high"] == 0.0));
    // Behind the end those who had the subsidy last pay all themselves, and no subsidy is saved.
    let behind = leavers.iter().find(|row| row["year"] == 2026 && row["county"] == last["county"]);
    let behind = behind.unwrap_or_else(|| panic!("{answers}"));
    assert!(behind["leave_high"].as_f64() > last["leave_high"].as_f64(), "{behind} {last}");
    assert_eq!(
        (&behind["subsidised"], &behind["subsidy_not_paid_high_yuan"]),
        (&last["subsidised"], &Value::from(0.0))
    );
    payers_share_what_is_not_paid(&answers, last);
}

/// The payers of those who leave add up, to the subsidies of the leavers and, of assistance, to their part of what the
/// categories with the subsidy get: counted from two other tables of a plain run on the same draws.
fn payers_share_what_is_not_paid(answers: &Value, leavers: &Value) {
    let all = answers["leavers_payers"].as_array().expect("payers");
    let own: Vec<&Value> = all.iter().filter(|row| row["year"] == 2025).collect();
    let of = |row: &Value, name: &str| row[name].as_f64().unwrap_or_else(|| panic!("{name}: {row}"));
    let total = own.iter().find(|row| row["funder"] == "total").expect("all payers");
    for name in ["subsidy_not_paid_low_yuan", "subsidy_not_paid_high_yuan", "assistance_not_paid_high_yuan"] {
        let parts: f64 = own.iter().filter(|row| row["funder"] != "total").map(|row| of(row, name)).sum();
        assert!((parts - of(total, name)).abs() < 1e-6, "{name}: {parts} {total}");
    }
    for name in ["subsidy_not_paid_low_yuan", "subsidy_not_paid_high_yuan"] {
        assert!((of(total, name) - of(leavers, name)).abs() < 1e-6, "{name}: {total} {leavers}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("run").display().to_string();
    let args = ["run", FANGCHENGGANG, "--years", "2022-2025", "--replicates", "20", "--quiet", "--out", &out];
    fundcast(&args).with(&SIZE).run().good();
    let is = |row: &&crate::tables::Row| {
        row["county_code"] == "450681" && row["year"] == "2025" && row["category"] == "stable_lifted"
    };
    let spent = rows(&folder.path().join("run"), "by_category.csv");
    let sum = |subsidy: bool| -> f64 {
        let own = spent.iter().filter(is).filter(|row| row["funder"] == "total" && row["line"] != "total");
        own.filter(|row| row["line"].contains("subsidy") == subsidy).map(|row| number(row, "mean_yuan")).sum()
    };
    let people = rows(&folder.path().join("run"), "people.csv");
    let persons: f64 = people.iter().filter(is).map(|row| number(row, "persons")).sum();
    let wanted = of(leavers, "leave_high") * sum(false) / persons;
    assert!(sum(true) > 0.0 && wanted > 0.0, "{wanted}");
    let found = of(total, "assistance_not_paid_high_yuan");
    assert!((found / wanted - 1.0).abs() < 1e-3, "{found} {wanted}");
}

/// A plan that came into force within the run, and a run that ends two years after the transition.
#[test]
fn timelines_and_later_years_are_answered_too() {
    let folder = tempfile::tempdir().expect("a folder");
    let answers = |scenario: &str, county: &str| -> Value {
        let out = folder.path().join(county).display().to_string();
        let args = ["taper", scenario, "--quiet", "--json", "--force", "--dpi", "50", "--out", &out];
        let small = ["--replicates", "2", "--county", county];
        serde_json::from_str(&fundcast(&args).with(&small).run().good()).expect("JSON")
    };
    let timeline = answers("scenarios/baise-timeline.toml", "右江区");
    assert!(mean(&timeline, "no_steps", 2025, "total") > 0.0, "{timeline}");
    assert!(
        timeline["leavers"].as_array().is_some_and(|rows| rows.iter().any(|row| row["year"] == 2025)),
        "{timeline}"
    );
    let later = answers("scenarios/fangchenggang-2027.toml", "东兴市");
    for (question, years) in [("until_2026", [true, false]), ("until_2027", [true, true])] {
        let paid = [2026, 2027].map(|year| mean(&later, question, year, "total") > 0.0);
        assert_eq!(paid, years, "{question}: {later}");
    }
}

/// No document is made of the folder, and that is said.
#[test]
fn no_document_is_made_of_a_taper() {
    let folder = tempfile::tempdir().expect("a folder");
    taper(folder.path(), &["--years", "2022-2023", "--replicates", "2"]);
    let out = folder.path().join("taper").display().to_string();
    let said = fundcast(&["report", &out, "--lang", "en"]).run().refused();
    assert!(said.contains("this holds taper.csv, taper_leavers.csv, taper_leavers_payers.csv"), "{said}");
}

#[test]
fn what_does_not_taper_is_refused() {
    let refused = |args: &[&str]| fundcast(&["taper"]).with(args).run().refused();
    assert!(refused(&["scenarios/ewenki.toml", "--quiet"]).contains("方案中没有逐年下降的参保资助比例"));
    let said = refused(&[FANGCHENGGANG, "--quiet", "--years", "2022-2025", "--stop-from", "2031"]);
    assert!(said.contains("--stop-from 2031"), "{said}");
    assert!(refused(&[FANGCHENGGANG, "--elasticity", "0.1..0.2"]).contains("-0.1..-0.02"));
}
