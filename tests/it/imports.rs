//! `fundcast import`: a new register or table of the fund into a place that is there: what changes, what stays, and that
//! all of it is written or nothing.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::command::{Done, fundcast};
use crate::support::{copy_folder, path};

const REGISTER: &str = "县区,类别,人数\n港口区,低保对象,5000\n港口区,特困人员,300\n防城区,低保对象,12000\n";

const FUND: &str = "县区,项目,年度,金额（万元）,到账月份\n\
    港口区,期初余额,,90,\n港口区,中央补助,2025,480.000001,3\n防城区,中央补助,2025,1500,3\n港口区,基金预算,2025,860,\n";

/// A folder of `new` for Fangchenggang, in which the tables stand.
fn place() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let args = ["new", "x", "--county", "防城港市", "--policy", "fangchenggang-2022-08", "--years", "2025"];
    fundcast(&args).within(folder.path()).run().good();
    std::fs::write(folder.path().join("register.csv"), REGISTER).expect("written");
    std::fs::write(folder.path().join("fund.csv"), FUND).expect("written");
    folder
}

fn import(folder: &Path, more: &[&str]) -> Done {
    fundcast(&[&["import", "x/x.toml"], more].concat()).within(folder).run()
}

/// Every file below a folder with its bytes.
fn state(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(one) = folders.pop() {
        for entry in std::fs::read_dir(&one).expect("a folder") {
            let at = entry.expect("an entry").path();
            if at.is_dir() {
                folders.push(at);
            } else {
                let name = at.strip_prefix(folder).expect("below").display().to_string();
                all.insert(name, std::fs::read(&at).expect("a file"));
            }
        }
    }
    all
}

fn text(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join("x/places/x").join(name))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn exact_a_register_changes_its_rows_and_no_other() {
    let folder = place();
    let before = text(folder.path(), "categories.csv");
    let said = import(folder.path(), &["--register", "register.csv", "--lang", "en"]).good();
    let after = text(folder.path(), "categories.csv");
    let changed: Vec<(&str, &str)> =
        before.lines().zip(after.lines()).filter(|(old, new)| old != new).collect();
    assert_eq!((before.lines().count(), changed.len()), (after.lines().count(), 3));
    let dibao = changed.iter().find(|(_, new)| new.starts_with("450602,dibao,")).expect("a row");
    assert_eq!(dibao.1, "450602,dibao,5000,found,\"台账 register.csv C2 / register register.csv, C2\"");
    // By hand: what the row had, and what it has.
    let old: f64 = dibao.0.split(',').nth(2).expect("a number").parse().expect("a number");
    let share = format!("{:.1}%", (5_000.0 - old) / old * 100.0);
    let row =
        said.lines().find(|line| line.contains("5,000") && line.contains("assumed → found")).expect("a row");
    assert!(row.contains(&share), "{share}: {row}");
    for part in [
        "in the place and not in the register, left as they are",
        "Destitute persons (防城区, 上思县, 东兴市)",
        "3 numbers of persons were assumed and are found now",
        "41 numbers of persons stay as they are",
        "the shares of persons in two categories (population.overlaps) are not the register's and stay",
        "passes the check; changed: x/places/x/categories.csv",
        "x/places/x/categories.before-import-1.csv, x/places/x/import-1-register.csv",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(text(folder.path(), "categories.before-import-1.csv"), before);
    // The same again changes nothing, and says so.
    let now = state(folder.path());
    let said = import(folder.path(), &["--register", "register.csv"]).good();
    assert!(said.contains("没有任何改变，未写入文件"), "{said}");
    assert_eq!(state(folder.path()), now);
    // Another one keeps the state before it under the next number.
    std::fs::write(folder.path().join("register.csv"), REGISTER.replace("5000", "5001")).expect("written");
    import(folder.path(), &["--register", "register.csv"]).good();
    assert_eq!(text(folder.path(), "categories.before-import-1.csv"), before);
    assert_eq!(text(folder.path(), "categories.before-import-2.csv"), after);
}

#[test]
fn exact_a_fund_is_put_into_the_place_and_replaced_by_the_next_one() {
    let folder = place();
    let before = text(folder.path(), "place.toml");
    let said = import(folder.path(), &["--fund", "fund.csv", "--lang", "en"]).good();
    let after = text(folder.path(), "place.toml");
    assert!(before.lines().all(|line| after.contains(line)), "comments and values stay: {after}");
    assert!(after.contains("months = [3]\nyuan = { 2025 = 4800000.01 }"), "{after}");
    for part in
        ["4,800,000.01", "no revenue, and so no account: 上思县, 东兴市", "place.before-import-1.toml"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    fundcast(&["check", "x/x.toml"]).within(folder.path()).run().good();
    let now = state(folder.path());
    assert!(import(folder.path(), &["--fund", "fund.csv"]).good().contains("没有任何改变"));
    assert_eq!(state(folder.path()), now);
    // Whatever else the fund says stays, with its comment; what the next table does not give of a list is gone, and said.
    let own = after
        .replace("\n[[fund.opening]]", "\n[fund]\nat_exhaustion = \"stop\" # as agreed\n\n[[fund.opening]]");
    std::fs::write(folder.path().join("x/places/x/place.toml"), own).expect("written");
    let next = "县区,项目,年度,金额（元）,到账月份\n港口区,中央补助,2025,5000000,3\n";
    std::fs::write(folder.path().join("next.csv"), next).expect("written");
    let json = import(folder.path(), &["--fund", "next.csv", "--json"]).good();
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let changes: Vec<String> = json["changes"]
        .as_array()
        .expect("changes")
        .iter()
        .map(|row| {
            let amount = |state: &str| row[state]["amount"].to_string();
            format!("{} {} {} {}", row["county_zh"], row["item"], amount("before"), amount("after"))
        })
        .collect();
    assert_eq!(
        changes,
        ["\"港口区\" \"central\" 4800000.01 5000000", "\"防城区\" \"central\" 15000000 null"]
    );
    let last = text(folder.path(), "place.toml");
    assert!(last.contains("at_exhaustion = \"stop\" # as agreed\n"), "{last}");
    assert!(last.contains("yuan = 900000\n") && last.contains("funder = \"assistance_fund\""), "{last}");
    assert!(!last.contains("15000000"), "{last}");
    fundcast(&["check", "x/x.toml"]).within(folder.path()).run().good();
}

/// Neither a dry run nor a refusal leaves a trace, whichever of the two tables is at fault.
#[test]
fn exact_nothing_is_written_without_all_of_it() {
    let folder = place();
    let now = state(folder.path());
    let both = ["--register", "register.csv", "--fund", "fund.csv"];
    let said = import(folder.path(), &[&both[..], &["--dry-run"]].concat()).good();
    assert!(
        said.contains(
            "试导入，未写入文件。去掉 --dry-run 将改写：x/places/x/categories.csv、x/places/x/place.toml"
        ),
        "{said}"
    );
    assert_eq!(state(folder.path()), now);
    let bad = [
        ("register.csv", REGISTER.replace("300", "三百"), "register.csv C3 = 三百：不是整数人数"),
        ("register.csv", REGISTER.replace("港口区", "钦南区"), "register.csv A2 = 钦南区"),
        // More persons than the county has residents, which `check` refuses.
        ("register.csv", REGISTER.replace("5000", "5000000"), "导入后检查不能通过，未写入任何文件"),
        (
            "register.csv",
            REGISTER.replace("5000", "5000000"),
            "persons = 5000000：港口区：2025年各类对象需要",
        ),
        ("fund.csv", FUND.replace("480.000001", "约480"), "fund.csv D3 = 约480：不是金额"),
        (
            "fund.csv",
            FUND.replace("期初余额,,90", "期初余额,2024,90"),
            "是2024年的，而测算首年是2025年；改为2025年初的数，或先把方案文件 [run] 的 years 改为从2024年起",
        ),
    ];
    for (name, table, part) in bad {
        let good = std::fs::read(folder.path().join(name)).expect("a table");
        std::fs::write(folder.path().join(name), table).expect("written");
        let now = state(folder.path());
        let said = import(folder.path(), &both).refused();
        assert!(said.contains(part), "{part}: {said}");
        assert_eq!(state(folder.path()), now);
        std::fs::write(folder.path().join(name), good).expect("written");
    }
    assert!(import(folder.path(), &[]).refused().contains("--register"), "one table at least");
}

/// The second file cannot be written: the first is as it was.
#[test]
fn exact_what_stands_in_the_way_of_one_file_keeps_all_as_they_are() {
    let folder = place();
    let at = folder.path().join("x/places/x/place.toml.import-unfinished");
    std::fs::write(&at, "somebody's").expect("written");
    let now = state(folder.path());
    let both = ["--register", "register.csv", "--fund", "fund.csv"];
    let said = import(folder.path(), &both).refused();
    assert!(said.contains("place.toml.import-unfinished 已存在"), "{said}");
    assert_eq!(state(folder.path()), now);
    std::fs::remove_file(at).expect("removed");
    assert_eq!(import(folder.path(), &[&both[..], &["--quiet"]].concat()).good(), "");
    assert!(text(folder.path(), "categories.csv").contains("450602,dibao,5000,found"));
    assert!(text(folder.path(), "place.toml").contains("[[fund.revenue]]"));
}

/// Whoever is on the same place is named, and may not be spoilt; a fund that a scenario changes itself is not imported
/// below it.
#[test]
fn exact_other_scenarios_on_the_place_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    copy_folder(&path("scenarios"), &folder.path().join("scenarios"));
    std::fs::write(folder.path().join("register.csv"), REGISTER).expect("written");
    std::fs::write(folder.path().join("fund.csv"), FUND.replace("2025", "2022")).expect("written");
    let run = |args: &[&str]| fundcast(&[&["import"], args].concat()).within(folder.path()).run();
    let said = run(&["scenarios/fangchenggang.toml", "--register", "register.csv", "--dry-run"]).good();
    let line = said.lines().find(|line| line.contains("还用于其他方案")).expect("they are named");
    assert!(line.contains("scenarios/fangchenggang-2027.toml") && !line.contains("baise"), "{line}");
    let said = run(&["scenarios/fangchenggang-fund.toml", "--fund", "fund.csv"]).refused();
    assert!(said.contains("fangchenggang-fund.toml 也写有基金"), "{said}");
}

/// `budget` runs on what was imported, and has its amounts.
#[test]
fn exact_the_budget_has_what_was_imported() {
    let folder = place();
    import(folder.path(), &["--register", "register.csv", "--fund", "fund.csv"]).good();
    let out = folder.path().join("out").display().to_string();
    let args =
        ["budget", "x/x.toml", "--county", "港口区", "--replicates", "2", "--waiting", "0", "--dpi", "50"];
    fundcast(&[&args[..], &["--quiet", "--out", &out]].concat()).within(folder.path()).run().good();
    let revenue = crate::tables::rows(Path::new(&out), "account_revenue.csv");
    assert_eq!(revenue.len(), 1);
    let fen = crate::tables::number(&revenue[0], "revenue_yuan") * 100.0;
    assert!((fen - 480_000_001.0).abs() < 0.01, "{revenue:?}");
}

/// What has no effect is refused, here as where a place is made; what is left out is said, to programs too.
#[test]
fn exact_what_of_the_tables_has_no_effect_is_said() {
    let folder = place();
    let now = state(folder.path());
    let said = import(folder.path(), &["--register", "register.csv", "--map", "低宝=dibao"]).refused();
    assert!(said.contains("register.csv：--map 低宝=dibao：表中没有“低宝”"), "{said}");
    let said =
        import(folder.path(), &["--fund", "fund.csv", "--fund-map", "中央=-", "--lang", "en"]).refused();
    assert!(said.contains("--fund-map 中央=-: the table has no `中央`"), "{said}");
    assert_eq!(state(folder.path()), now);
    let later = FUND.replace("港口区,期初余额,,90,", "港口区,期初余额,2025,90,\n港口区,期初余额,2026,70,1");
    std::fs::write(folder.path().join("fund.csv"), later).expect("written");
    let json = import(folder.path(), &["--fund", "fund.csv", "--json"]).good();
    let json: Value = serde_json::from_str(&json).expect("JSON");
    let notes = json["notes"].to_string();
    assert!(notes.contains("left out: D3 期初余额 2026 700000 yuan"), "{notes}");
    assert!(notes.contains("未采用：E3 期初余额 = 1"), "{notes}");
}

/// A file that is a link is not written into; that is said in the language that was asked for.
#[cfg(unix)]
#[test]
fn exact_a_link_in_the_way_of_an_import_is_said_in_both_languages() {
    let folder = place();
    let at = folder.path().join("x/places/x/categories.csv");
    std::fs::rename(&at, folder.path().join("own.csv")).expect("moved");
    std::os::unix::fs::symlink(folder.path().join("own.csv"), &at).expect("a link");
    for (lang, part) in [("zh", "是指向其他文件的链接；未写入任何文件"), ("en", "is a link to another file")]
    {
        let said = import(folder.path(), &["--register", "register.csv", "--lang", lang]).refused();
        assert!(said.contains(part), "{part}: {said}");
    }
}
