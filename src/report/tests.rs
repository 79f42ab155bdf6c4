//! Tests of the files of a run and of a comparison.

use std::path::Path;

use super::files::{write_comparison_tables, write_run_tables};
use super::record::Owner;
use super::screen::Rows;
use super::trials::{Detail, TrialsWriter};
use super::write::{Replace, RunFolder};
use super::*;
use crate::lang::Lang;
use crate::population::FitRow;
use crate::projection::compare::{Comparison, ComparisonBuilder};
use crate::projection::fixture::{layout, outcome};
use crate::projection::touched::{Moved, Touched};
use crate::projection::{Projection, ProjectionBuilder, moved};
use crate::scenario::changes::{Change, Touch, Unfelt};
use crate::scenario::document::Origin;
use crate::simulation::outcome::CountyOutcome;

/// Amounts in fen: the counties come to 3,001.50 and 6,003.00 yuan in the mean.
fn counties(factor: i64) -> [CountyOutcome; 2] {
    let trials = [[100_000, 50_000, 150_100], [200_000, 50_000, 50_200]].map(|t| t.map(|fen| fen * factor));
    [outcome(0, &trials), outcome(1, &trials.map(|t| t.map(|fen| fen * 2)))]
}

fn projection() -> Projection {
    let mut builder = ProjectionBuilder::with_layout(layout(2));
    counties(1).iter().for_each(|county| builder.add(county));
    builder.finish()
}

fn comparison() -> Comparison {
    let mut builder = ComparisonBuilder::new(layout(2), layout(2)).unwrap();
    counties(1).iter().zip(&counties(3)).for_each(|(base, other)| builder.add(base, other));
    builder.finish()
}

fn write_all(target: &Path) {
    let folder = RunFolder::begin(
        target,
        &Owner { scenario: "small".to_owned(), scenario_files: Vec::new() },
        Replace::Refuse,
    )
    .unwrap();
    let mut trials =
        TrialsWriter::new(folder.create(trials::FILE).unwrap(), &layout(2), Detail::Year).unwrap();
    counties(1).iter().for_each(|county| trials.add(county).unwrap());
    trials.finish().unwrap();
    let fit = FitRow {
        margin: "category".into(),
        cell: "destitute".to_owned(),
        target: 10.0,
        achieved: 10,
        exact: true,
    };
    write_run_tables(&folder, &projection(), &[(0, vec![fit])], &[Detail::Year]).unwrap();
    write_comparison_tables(&folder, &[comparison()]).unwrap();
    folder.finish().unwrap();
}

fn lines_of(folder: &Path, file: &str) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    let text = text.strip_prefix(table::BYTE_ORDER_MARK).expect("a byte-order mark");
    text.lines().map(ToOwned::to_owned).collect()
}

#[test]
fn prop_identical_runs_write_identical_files() {
    let output = tempfile::tempdir().unwrap();
    let [a, b] = ["a", "b"].map(|name| output.path().join(name));
    write_all(&a);
    write_all(&b);
    let names = |folder: &Path| {
        let mut names: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&a), names(&b));
    assert_eq!(names(&a).len(), 19);
    for name in names(&a) {
        assert_eq!(std::fs::read(a.join(&name)).unwrap(), std::fs::read(b.join(&name)).unwrap(), "{name:?}");
    }
}

/// The header is the contract; the row is worked out by hand: 3,001.00 and 3,002.00 yuan.
#[test]
fn exact_projection_csv() {
    let output = tempfile::tempdir().unwrap();
    write_all(&output.path().join("run"));
    let lines = lines_of(&output.path().join("run"), "projection.csv");
    assert_eq!(
        lines[0],
        "county_code,county,year,residents,line,funder,mean_yuan,sd_yuan,se_yuan,p05_yuan,p25_yuan,p50_yuan,p75_yuan,p90_yuan,p95_yuan,p99_yuan,tvar95_yuan,p50_se_yuan,p90_se_yuan,p95_se_yuan,mean_yuan_per_resident"
    );
    let total = "450602,港口区,2023,1000,total,total,3001.5000,0.7071,0.5000,3001.00,3001.00,3001.00,3002.00,3002.00,3002.00,3002.00,3002.0000,,,,3.0015";
    assert!(lines.iter().any(|line| line == total), "{lines:#?}");
    assert!(
        lines.iter().any(|line| line.starts_with("ALL,ALL,2023,2000,total,total,9004.5000,2.1213,1.5000,"))
    );
    // 3 cells, 2 totals of lines, 2 of funders, 1 of everything, for 2 counties and all.
    assert_eq!(lines.len(), 1 + 8 * 3);
}

#[test]
fn exact_the_other_tables() {
    let output = tempfile::tempdir().unwrap();
    let folder = output.path().join("run");
    write_all(&folder);
    let has = |file: &str, line: &str| {
        let lines = lines_of(&folder, file);
        assert!(lines.iter().any(|known| known == line), "{file}: {lines:#?}");
    };
    // Each cell of the fixture falls due in the month of its number and is for the destitute.
    has(
        "by_month.csv",
        "450602,港口区,2023,1000,3,inpatient,total,1001.5000,706.3997,499.5000,502.00,502.00,1501.00,1501.00,,,",
    );
    has(
        "by_category.csv",
        "450602,港口区,2023,1000,ordinary,total,total,0.0000,0.0000,0.0000,0.00,0.00,0.00,0.00,,,",
    );
    has(
        "people.csv",
        "ALL,ALL,2023,2000,destitute,20,20.0000,20.0000,0.0000,0.0000,0.0000,0.0000,0.0000,8.0000,0.0000,0.0000,0.0000,0.0000,0.0000,0.0000,0.0000,0.0000,0.0000",
    );
    has(
        "clauses.csv",
        "X-03,450602,港口区,2023,1000,5.0000,0.0000,0.0000,0.0000,0.0000,0.0000,0.0000,0.0000,0.0000,0.0000",
    );
    has(
        "clauses.csv",
        "X-02,450602,港口区,2023,1000,2.0000,0.0000,3.0000,0.0000,1001.5000,499.5000,1001.5000,499.5000,0.0000,0.0000",
    );
    // What the two rules of X-01 do moves against each other in the replicates: the error is that of their sum, 1.50 yuan,
    // not the sum of theirs.
    has(
        "clauses.csv",
        "X-01,ALL,ALL,2023,2000,8.0000,0.0000,12.0000,0.0000,9004.5000,1.5000,9004.5000,1.5000,9004.5000,1.5000",
    );
    has(
        "rules.csv",
        "watch.list,,X-03,450602,港口区,2023,1000,5.0000,0.0000,0.0000,0.0000,0.0000,0.0000,0.0000,0.0000",
    );
    has("watch.csv", "ALL,ALL,2023,2000,watch.list,11,10.0000,0.0000");
    has(
        "indicators.csv",
        "450602,港口区,2023,1000,watch.list,1.0000,10.0000,0.0000,1.0000,0.0000,0.100000,0.100000",
    );
    has("residual.csv", "450602,港口区,2023,1000,1.0000,0.0000,3.0000,0.0000,50.0000");
    has("pooling.csv", "2023,total,9006.00,,9006.00,,0.00,,too_few_replicates,,,,0.00");
    let shares = lines_of(&folder, "pooling_shares.csv");
    // Two counties, two funders and both; the shares of all funders add up to 9006 yuan.
    assert_eq!(shares.len(), 1 + 6);
    let totals = shares.iter().filter(|line| line.contains(",total,")).map(|line| line.split(',').nth(9));
    let fen = |amount: Option<&str>| amount.unwrap().replace('.', "").parse::<i64>().unwrap();
    assert_eq!(totals.map(fen).sum::<i64>(), 900_600);
    has("population_fit.csv", "450602,港口区,category,destitute,10.0000,10,exact");
    has(
        "difference_clauses.csv",
        "small,small,X-02,450602,港口区,2023,1000,1001.5000,3004.5000,2003.0000,999.0000,2003.0000,999.0000,0.0000,0.0000",
    );
    assert_eq!(
        lines_of(&folder, "difference.csv")[0],
        "base,other,county_code,county,year,residents,line,funder,base_yuan,other_yuan,mean_yuan,sd_yuan,se_yuan,mean_low95_yuan,mean_high95_yuan,outcome_p05_yuan,outcome_p05_se_yuan,outcome_p50_yuan,outcome_p50_se_yuan,outcome_p95_yuan,outcome_p95_se_yuan,probability_dearer,dearer_low95,dearer_high95,probability_equal,variance_reduction,mean_yuan_per_resident"
    );
}

/// Every column says in both languages what it is.
#[test]
fn prop_columns_are_explained() {
    let all = tables::OF_A_RUN.into_iter().chain(tables::OF_A_COMPARISON).chain([&tables::TRIALS]);
    for column in all.flat_map(|table| table.columns) {
        assert!(!column.zh.is_empty() && !column.en.is_empty(), "{}", column.name);
        assert_eq!(column.kind == table::Kind::Text, column.unit.is_empty(), "{}", column.name);
        assert!(!column.name.ends_with("_yuan") || column.unit == "yuan", "{}", column.name);
    }
}

/// Chinese characters take two columns: the numbers stand under their headings.
#[test]
fn regress_the_screen_of_a_run() {
    let text = screen::text(&projection(), Rows::Largest, Lang::Zh);
    let fund = "小例
2次模拟；单位：万元；“±”为左侧数值的95%蒙特卡洛误差，“-”为模拟次数不足、无法给出
未设预热年：首年没有上一年的费用和认定，支出偏低

fund
县区      年度  均值     ±  P50*  ±  P90*  ±  P95*  ±  人均（元）
--------  ----  ----  ----  ----  -  ----  -  ----  -  ----------
港口区    2023  0.25  0.00  0.25  -  0.25  -  0.25  -        2.50
防城区    2023  0.50  0.00  0.50  -  0.50  -  0.50  -        5.00
全部县区  2023  0.75  0.00  0.75  -  0.75  -  0.75  -        3.75
";
    assert!(text.starts_with(fund), "{text}");
    let pooling = "
What pooling saves in reserves (difference of P95)
Funder       Year  Sum of counties' P95  ±  P95 pooled  ±  Saved  ±  If independent  ±                    Finding
-----------  ----  --------------------  -  ----------  -  -----  -  --------------  -  -------------------------
fund         2023                  0.75  -        0.75  -   0.00  -               -  -  too few replicates to say
county       2023                  0.15  -        0.15  -   0.00  -               -  -  too few replicates to say
All funders  2023                  0.90  -        0.90  -   0.00  -               -  -  too few replicates to say
If independent: what would be saved if the counties were; if all risk were common, nothing would be (exactly 0)

fund: each county's share of the pooled budget (P95), 2023 (10,000 yuan; net above 0: it pays for other counties in the mean)
County     Mean     ±  Own P95  ±  Fair share  ±  Net by share  ±  Net by residents     ±
";
    let end = "
77.8% of the mean spending rests on at least one kind of assumed input; by kind (they overlap and do not add up): numbers of persons by category 66.7%, make-up of the population and its households 0.0%, values of the place 0.0%, values of policy and insurances 33.4%, illness model 0.0%

Warnings
  - * 2 replicates are too few for percentiles, which are then as good as the largest or smallest of them: P5 needs 72, P25 needs 13, P50 needs 6, P75 needs 13, P90 needs 36, P95 needs 72, P99 needs 368
  - tilt: no money in 2023: no rule books to it
  - `assistance.other`: no effect in 2023: nobody is in the categories it is for
";
    let text = screen::text(&projection(), Rows::Largest, Lang::En);
    assert!(text.contains(pooling), "{text}");
    assert!(text.ends_with(end), "{text}");
}

#[test]
fn regress_the_screen_of_a_comparison() {
    let expected = "小例（small）
减  小例（small）
2次模拟；单位：万元；“±”为差额均值的95%误差（均值算得多准），P5和P95为各次模拟差额的范围（实际可能落在哪里）
未设预热年：首年没有上一年的费用和认定，支出偏低

县区      年度  差额均值     ±  结果P5*  结果P95*  支出更高的概率
--------  ----  --------  ----  -------  --------  --------------
港口区    2023     +0.60  0.00    +0.60     +0.60          100.0%
防城区    2023     +1.20  0.00    +1.20     +1.20          100.0%
全部县区  2023     +1.80  0.00    +1.80     +1.80          100.0%
* 2次模拟不足以给出可靠的分位数（接近其中最大或最小的一次）：P5至少需72次，P95至少需72次

按资金渠道（全部县区）
资金渠道  年度  差额均值     ±  结果P5*  结果P95*
--------  ----  --------  ----  -------  --------
fund      2023     +1.50  0.00    +1.50     +1.50
county    2023     +0.30  0.00    +0.30     +0.30

按人员类别（全部县区、全部资金渠道，最后年度；逐年见 difference_categories.csv）
人员类别   年度  差额均值     ±  结果P5*  结果P95*
---------  ----  --------  ----  -------  --------
destitute  2023     +1.80  0.00    +1.80     +1.80

差额主要来自（±为95%误差；项目之间、条款之间均可相加，舍入可差0.01：每一元只计入其规则首先引用的条款）
  2023年  项目：subsidy +1.20 ± 3.81，inpatient +0.60 ± 3.81  条款：X-01 +1.80 ± 0.00
";
    assert_eq!(screen_difference::text(&comparison(), Rows::Largest, Lang::Zh), expected);
}

/// A row for each of many counties is no table that anybody reads: the largest are shown and the rest is named.
#[test]
fn exact_of_many_counties_the_largest_are_shown() {
    let counties: Vec<usize> = (0..25).collect();
    let size = |county: usize| f64::from((county * 7 % 25) as u8);
    let shown = Rows::Largest.of(&counties, size);
    let kept = counties.iter().filter(|&&county| shown.includes(Some(county)));
    let kept: Vec<f64> = kept.map(|&county| size(county)).collect();
    assert!(kept.len() == 10 && kept.iter().all(|&size| size >= 15.0), "{kept:?}");
    assert!(shown.includes(None));
    let note = shown.note("projection.csv", Lang::En);
    assert_eq!(note, "the 10 largest counties; 15 more in projection.csv, or with --all-counties\n");
    let all = Rows::All.of(&counties, size);
    assert!(counties.iter().all(|&county| all.includes(Some(county))) && all.note("x", Lang::Zh).is_empty());
    let few = Rows::Largest.of(&counties[..20], size);
    assert!(few.includes(Some(0)) && few.note("x", Lang::En).is_empty());
    let one = Rows::Largest.of(&[3], size);
    assert!(one.includes(Some(3)) && !one.includes(None), "the same figures are not printed twice");
}

#[test]
fn exact_a_change_is_shown_with_what_it_moved_or_why_not() {
    let change = |key: &str, touch: Touch| Change {
        key: key.to_owned(),
        before: Some(serde_json::json!(0.9)),
        after: Some(serde_json::json!(0.95)),
        origin: Some(Origin { file: "delta.toml".to_owned(), line: 7, layer: 1 }),
        touch,
    };
    let mut comparison = comparison();
    let all = vec![
        change("policy.x.label", Touch::Unfelt(Unfelt::Label)),
        change("policy.x.ratio", Touch::Rules(Vec::new())),
        change("policy.x.by_year.2030", Touch::Unfelt(Unfelt::OtherYears(vec![2030]))),
    ];
    comparison.changes = moved::rows(all, &comparison);
    let text = screen_difference::changes(&comparison, Lang::En);
    let expected = "
What small changes (3)
  policy.x.ratio: 0.9 → 0.95 (delta.toml:7)
    causes the whole difference +1.80 ± 0.00 10,000 yuan
  policy.x.label: 0.9 → 0.95 (delta.toml:7)
    moves nothing: only a title or a name
  policy.x.by_year.2030: 0.9 → 0.95 (delta.toml:7)
    moves nothing: acts only in 2030, which is not projected
";
    assert_eq!(text, expected);
    let json = screen_difference::json(&comparison);
    assert_eq!(
        (&json["changes"][1]["moved_yuan"], &json["changes"][2]["outcome"]),
        (&18009.0.into(), &"other_years".into())
    );
    // The line alone: 1,200 and 1,240 persons in two replicates.
    let persons = crate::stats::Estimate::of(&[1200, 1240], 1).unwrap();
    let yuan = crate::stats::Estimate::of(&[1_780_000, 1_820_000], 100).unwrap();
    comparison.changes[1].touched = Touched::Somebody(Moved { persons, yuan });
    comparison.changes[0].touched = Touched::Nobody;
    let text = screen_difference::changes(&comparison, Lang::En);
    let line = "    the line alone changes what 1,220 (±254) persons a year get, by +1.80 (±0.25) 10,000 yuan of assistance (first 2 replicates)\n    causes the whole difference +1.80 ± 0.00 10,000 yuan\n";
    assert!(text.contains(line) && text.contains("only a title or a name\n"), "{text}");
    let json = screen_difference::json(&comparison);
    let of = |at: usize| {
        (json["changes"][at]["persons_touched"].clone(), json["changes"][at]["persons_touched_se"].clone())
    };
    assert_eq!([of(0), of(1)], [(0.0.into(), 0.0.into()), (1220.0.into(), 20.0.into())]);
    assert!(of(2).0.is_null(), "not looked at");
    comparison.same_content = true;
    let identical = screen_difference::text(&comparison, Rows::Largest, Lang::Zh);
    assert!(identical.contains("内容相同：差额恰为0") && !identical.contains("差额均值  "), "{identical}");
}

#[test]
fn exact_json_of_a_run_and_of_a_comparison() {
    let run = screen::json(&projection());
    assert_eq!(run["spending"].as_array().unwrap().len(), 9);
    assert_eq!(run["spending"][8]["mean_yuan"], 9004.5);
    assert_eq!(run["pooling"][2]["saved_yuan"], 0.0);
    let comparison = screen_difference::json(&comparison());
    let all = &comparison["differences"][2];
    assert_eq!((&all["county_code"], &all["difference_yuan"]), (&"ALL".into(), &18009.0.into()));
    assert_eq!(all["clauses"][0]["id"], "X-01");
}
