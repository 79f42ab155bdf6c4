//! Which changed line causes how much: comparisons whose answers are known, and what must not matter.

use std::collections::BTreeMap;
use std::path::Path;

use crate::command::fundcast;
use crate::support::{copy_folder, path, rows, scenarios_with};

/// A table by the names of its columns.
fn table(folder: &Path, file: &str) -> Vec<BTreeMap<String, String>> {
    let bytes = std::fs::read(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    let text = String::from_utf8(bytes.clone()).expect("UTF-8");
    let header: Vec<String> = text
        .trim_start_matches('\u{feff}')
        .lines()
        .next()
        .expect("a header")
        .split(',')
        .map(str::to_owned)
        .collect();
    let named = |row: Vec<String>| header.iter().cloned().zip(row).collect();
    rows(&bytes).into_iter().map(named).collect()
}

/// Ten-thousandths of a yuan.
fn units(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap_or_else(|_| panic!("{text} has four decimals"))
}

/// Every county, year and purse adds up to `difference.csv`; gives how many do.
fn check_sums(folder: &Path) -> usize {
    let mut sums: BTreeMap<[String; 4], i64> = BTreeMap::new();
    for row in table(folder, "attribution.csv") {
        let key = ["other", "county_code", "year", "funder"].map(|name| row[name].clone());
        *sums.entry(key).or_default() += units(&row["value_yuan"]);
        assert_eq!(
            units(&row["value_yuan"]) - units(&row["alone_yuan"]),
            units(&row["interaction_yuan"]),
            "{row:?}"
        );
    }
    let mut n = 0;
    for row in table(folder, "difference.csv").into_iter().filter(|row| row["line"] == "total") {
        let key = ["other", "county_code", "year", "funder"].map(|name| row[name].clone());
        assert_eq!(sums.get(&key), Some(&units(&row["mean_yuan"])), "{key:?}");
        n += 1;
    }
    n
}

fn compare(folder: &Path, others: &[&str], more: &[&str]) -> crate::command::Done {
    let mut args = vec!["compare".to_owned(), folder.join("fangchenggang.toml").display().to_string()];
    args.extend(others.iter().map(|other| folder.join(other).display().to_string()));
    let size = ["--county", "港口区", "--replicates", "2", "--dpi", "50", "--out"];
    args.extend(size.map(ToOwned::to_owned));
    args.push(folder.join("out").display().to_string());
    args.extend(more.iter().map(|one| (*one).to_owned()));
    fundcast(&args).run()
}

const FOUR: &str = "base = \"fangchenggang.toml\"\ntitle_zh = \"四行\"\ntitle_en = \"Four\"\n\
[change.policy.subsidy.stable_lifted.share]\nby_year = { 2022 = 0.60, 2023 = 0.60, 2024 = 0.60, 2025 = 0.60 }\n\
[change.policy.assistance.stable_lifted]\ndeductible_yuan = 1500\nratio = 0.55\n\
[change.policy.assistance.class1]\nannual_cap_yuan = 90000000\n\
[change.policy.categories.dibao]\nzh = \"低保户\"\n";
/// The same lines in another order.
const TURNED: &str = "base = \"fangchenggang.toml\"\ntitle_zh = \"四行\"\ntitle_en = \"Four\"\n\
[change.policy.categories.dibao]\nzh = \"低保户\"\n\
[change.policy.assistance.class1]\nannual_cap_yuan = 90000000\n\
[change.policy.assistance.stable_lifted]\nratio = 0.55\ndeductible_yuan = 1500\n\
[change.policy.subsidy.stable_lifted.share]\nby_year = { 2025 = 0.60, 2022 = 0.60, 2024 = 0.60, 2023 = 0.60 }\n";

/// Five lines of which four are felt and one of these moves nothing: the sums hold, dead lines are 0 with their reason,
/// and neither the order of the lines nor the threads nor another run changes a byte.
#[test]
fn exact_lines_add_up_and_their_order_and_threads_do_not_matter() {
    let folder = scenarios_with(&[("four.toml", FOUR)]);
    let own = folder.path();
    let done = compare(own, &["four.toml"], &["--attribution", "--lang", "en", "--threads", "1"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.err.contains("4 lines of four are felt; 14 variants are simulated"), "{}", done.err);
    assert!(done.out.contains("What each changed line causes"), "{}", done.out);
    let out = own.join("out");
    assert!(check_sums(&out) >= 12);
    let read = |name: &str| std::fs::read_to_string(out.join(name)).expect("a table");
    let first = ["attribution.csv", "attribution_pairs.csv", "difference.csv"].map(read);
    let all = table(&out, "attribution.csv");
    for (key, reason) in [
        ("policy.assistance.class1.annual_cap_yuan", "limit_not_reached"),
        ("policy.categories.dibao.zh", "label"),
    ] {
        let own: Vec<_> = all.iter().filter(|row| row["changed_line"] == key).collect();
        assert!(!own.is_empty());
        for row in own {
            let zero =
                ["value_yuan", "se_yuan", "alone_yuan", "last_yuan", "outcome_p05_yuan", "outcome_p95_yuan"];
            assert!(zero.iter().all(|name| row[*name] == "0.0000"), "{row:?}");
            assert_eq!(row["reason"], reason);
        }
    }
    let held = "policy.subsidy.stable_lifted.share.by_year.{2022, 2023, 2024, 2025}";
    assert!(all.iter().any(|row| row["changed_line"] == held && row["funder"] == "county_finance"));
    assert!(out.join("charts/waterfall.svg").exists());

    let again = compare(own, &["four.toml"], &["--attribution", "--force", "--threads", "2", "--lang", "en"]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert_eq!(["attribution.csv", "attribution_pairs.csv", "difference.csv"].map(read), first);

    std::fs::write(own.join("four.toml"), TURNED).expect("a scenario");
    let turned = compare(own, &["four.toml"], &["--attribution", "--force", "--quiet"]);
    assert_eq!((turned.code, turned.err.as_str()), (0, ""));
    let sorted = |rows: Vec<BTreeMap<String, String>>| {
        let mut rows: Vec<_> = rows
            .into_iter()
            .map(|mut row| {
                row.remove("line_number");
                row
            })
            .collect();
        rows.sort_by(|a, b| a.iter().cmp(b.iter()));
        rows
    };
    assert_eq!(sorted(table(&out, "attribution.csv")), sorted(all));
}

/// Contribution and share of the subsidy, of which only the share of `dibao` (90 %) changes: with N of `dibao` and M of
/// `tekun` subsidised (100 %), from 350 to 400 yuan and from 0.90 to 0.80 there are: base 315 N + 350 M, share alone
/// 280 N + 350 M, contribution alone 360 N + 400 M, both 320 N + 400 M. The share is worth (−35 − 40) / 2 N, the
/// contribution (45 + 40) / 2 N + 50 M, and together they are 5 N less than apart.
#[test]
fn exact_two_lines_of_a_small_place_by_hand() {
    let folder = tempfile::tempdir().expect("a folder");
    let own = folder.path().join("tests/cases/invented");
    copy_folder(&path("tests/cases/invented"), &own);
    copy_folder(&path("scenarios"), &folder.path().join("scenarios"));
    let delta = "base = \"invented.toml\"\ntitle_zh = \"两行\"\ntitle_en = \"Two\"\n\
[change.policy.subsidy.poor.share.by_category]\ndibao = 0.80\n\
[change.place.contribution.resident.yuan_by_year]\n2023 = 400\n";
    std::fs::write(own.join("two.toml"), delta).expect("a scenario");
    let (base, two, out) = (own.join("invented.toml"), own.join("two.toml"), folder.path().join("out"));
    let text = |path: &Path| path.display().to_string();
    let size =
        ["--replicates", "3", "--dpi", "50", "--county", "甲县", "--years", "2023", "--quiet", "--out"];
    let run =
        fundcast(&[&["run", &text(&base)], &size[..], &[&text(&folder.path().join("run"))]].concat()).run();
    assert_eq!(run.code, 0, "{}", run.err);
    let people = table(&folder.path().join("run"), "people.csv");
    let subsidised = |category: &str| {
        let row = people.iter().find(|row| row["category"] == category && row["county"] == "甲县");
        units(&row.expect("the category")["subsidised"])
    };
    let (n, m) = (subsidised("dibao"), subsidised("tekun"));
    let done = fundcast(&[&["compare", &text(&base), &text(&two)], &size[..], &[&text(&out)]].concat()).run();
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(check_sums(&out) >= 2);
    let all = table(&out, "attribution.csv");
    let value = |line: &str, column: &str| {
        let is = |row: &&BTreeMap<String, String>| {
            row["changed_line"].starts_with(line)
                && row["county"] == "甲县"
                && row["funder"] == "assistance_fund"
        };
        units(&all.iter().find(is).unwrap_or_else(|| panic!("{line}"))[column])
    };
    let (share, contribution) = ("policy.subsidy.poor.share", "place.contribution.resident");
    assert!(n > 500_000 && m > 50_000, "{n} {m}");
    let near =
        |found: i64, expected: i64| assert!((found - expected).abs() <= 100, "{found} is not {expected}");
    near(value(share, "alone_yuan"), -35 * n);
    near(value(share, "last_yuan"), -40 * n);
    near(value(share, "value_yuan"), -75 * n / 2);
    near(value(contribution, "alone_yuan"), 45 * n + 50 * m);
    near(value(contribution, "value_yuan"), 85 * n / 2 + 50 * m);
    let pairs = table(&out, "attribution_pairs.csv");
    let pair = pairs.iter().find(|row| row["funder"] == "assistance_fund").expect("the pair");
    near(units(&pair["together_yuan"]), -5 * n);
    assert_eq!(pair["together_yuan"], pair["pair_interaction_yuan"]);
}

/// Of two lines the values follow from three comparisons without attribution: (alone + the whole − the other alone) / 2.
#[test]
fn exact_two_lines_follow_from_single_comparisons() {
    let (head, one, two) = ("base = \"fangchenggang.toml\"\n", "deductible_yuan = 1500\n", "ratio = 0.70\n");
    let section = "[change.policy.assistance.stable_lifted]\n";
    let titled = |name: &str, lines: &str| {
        format!("{head}title_zh = \"{name}\"\ntitle_en = \"{name}\"\n{section}{lines}")
    };
    let folder = scenarios_with(&[
        ("one.toml", titled("one", one)),
        ("two.toml", titled("two", two)),
        ("both.toml", titled("both", &format!("{one}{two}"))),
    ]);
    let own = folder.path();
    let done = compare(own, &["one.toml", "two.toml", "both.toml"], &["--lang", "en"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let out = own.join("out");
    check_sums(&out);
    let is_total = |row: &&BTreeMap<String, String>| {
        row["line"] == "total"
            && row["funder"] == "total"
            && row["county_code"] == "ALL"
            && row["year"] == "2025"
    };
    let differences = table(&out, "difference.csv");
    let whole = |other: &str| {
        let row = differences.iter().filter(is_total).find(|row| row["other"] == other);
        units(&row.expect("a difference")["mean_yuan"])
    };
    let all = table(&out, "attribution.csv");
    let value = |key: &str| {
        let is = |row: &&BTreeMap<String, String>| {
            row["other"] == "both"
                && row["funder"] == "total"
                && row["county_code"] == "ALL"
                && row["year"] == "2025"
                && row["changed_line"].ends_with(key)
        };
        let row = all.iter().find(is).expect("a line");
        (units(&row["value_yuan"]), units(&row["alone_yuan"]), units(&row["last_yuan"]))
    };
    let [one, two, both] = ["one", "two", "both"].map(whole);
    assert!(one > 0 && two > 0 && both != one + two, "{one} {two} {both}");
    let near = |found: (i64, i64, i64), alone: i64, last: i64| {
        assert_eq!((found.1, found.2), (alone, last));
        assert!((2 * found.0 - alone - last).abs() <= 2, "{found:?}");
    };
    near(value("deductible_yuan"), one, both - two);
    near(value("ratio"), two, both - one);
}

/// More than three lines are not attributed without being asked, and what it would take is said; `never` says nothing.
#[test]
fn exact_many_lines_are_attributed_on_request_only() {
    let folder = scenarios_with(&[("four.toml", FOUR)]);
    let done = compare(folder.path(), &["four.toml"], &["--lang", "en"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.err.contains("4 lines of four are felt: --attribution tells"), "{}", done.err);
    assert!(done.err.contains("up to 14 more variants"), "{}", done.err);
    assert!(!folder.path().join("out/attribution.csv").exists());
    let never = compare(folder.path(), &["four.toml"], &["--lang", "en", "--attribution=never", "--force"]);
    assert!(never.code == 0 && !never.err.contains("attribution"), "{}", never.err);
}

/// A new rule is one line, however many keys it has; a timeline that is put in the place of a policy is one; and lines
/// of which one is no valid scenario without the other are one.
#[test]
fn exact_what_belongs_together_is_one_line() {
    let rule = "base = \"fangchenggang.toml\"\ntitle_zh = \"新规则\"\ntitle_en = \"New\"\n\
[change.policy.subsidy.more]\nwho = { categories = [\"dibao_margin\"] }\nshare = 0.1\nfunders = { assistance_fund = 1.0 }\ncite = [\"FCG-03\"]\n\
[change.policy.assistance.class1]\nratio = 0.99\n";
    let folder = scenarios_with(&[("rule.toml", rule)]);
    let done = compare(folder.path(), &["rule.toml"], &["--json"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let json: serde_json::Value = serde_json::from_str(&done.out).expect("JSON");
    let lines = json[0]["attribution"]["lines"].as_array().expect("lines").clone();
    let keys: Vec<&str> = lines.iter().filter_map(|line| line["changed_line"].as_str()).collect();
    assert_eq!(keys.len(), 2, "{keys:?}");
    assert!(keys.iter().any(|key| key.starts_with("policy.subsidy.more.{")), "{keys:?}");
    check_sums(&folder.path().join("out"));
}
