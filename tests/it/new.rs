//! `fundcast new`: a folder for any county that can be checked and run as it is, from anywhere; what is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::command::{Done, fundcast};
use crate::support::{POLICIES, text};

/// A new folder in a temporary one: what was said, and where.
fn new(arguments: &[&str]) -> (tempfile::TempDir, Done) {
    let folder = tempfile::tempdir().expect("a folder");
    let done = fundcast(&[&["new"], arguments].concat()).within(folder.path()).run();
    (folder, done)
}

/// The rows of a table of persons by code and category: persons, status, source.
fn persons(folder: &Path, name: &str) -> BTreeMap<(String, String), (u32, String, String)> {
    let file = folder.join(name).join("places").join(name).join("categories.csv");
    crate::support::rows(&std::fs::read(file).expect("a table"))
        .into_iter()
        .map(|row| {
            let persons = row[2].parse().expect("a number");
            ((row[0].clone(), row[1].clone()), (persons, row[3].clone(), row[4].clone()))
        })
        .collect()
}

#[test]
fn exact_a_new_folder_can_be_checked_and_run_from_anywhere() {
    let (folder, done) = new(&["hengzhou", "--county", "450181", "--policy", "fangchenggang-2022-08"]);
    let said = done.good();
    assert!(said.contains("南宁市横州市，1个县（市、区）"), "{said}");
    assert!(said.contains("2020年普查常住人口896,099人（城镇372,273，乡村523,826）"), "{said}");
    assert!(said.contains("仍为推算"), "{said}");
    let checked = fundcast(&["check", "hengzhou/hengzhou.toml"]).within(folder.path()).run().good();
    assert!(checked.contains("no fault found\n"), "without a warning: {checked}");
    assert!(checked.contains("persons by category: 223514 assumed"), "{checked}");
    assert!(
        checked.contains("assumed values of the place: already_paid_share, application, contribution"),
        "{checked}"
    );
    let run = ["run", "hengzhou.toml", "--replicates", "2", "--years", "2025", "--dpi", "50", "--quiet"];
    let shown = fundcast(&run).within(&folder.path().join("hengzhou")).run().good();
    assert!(shown.contains("横州市  2025"), "{shown}");
    assert!(shown.contains("各类对象人数 "), "says what rests on assumed numbers: {shown}");
    assert!(folder.path().join("hengzhou/output/hengzhou/run.json").is_file());
}

/// A county of a shipped place has that place's numbers and status; another follows from the shares.
#[test]
fn exact_numbers_are_those_of_a_shipped_place_or_follow_from_shares() {
    let (folder, done) = new(&["own", "--county", "4506", "--policy", "fangchenggang-2022-08"]);
    done.good();
    let own = persons(folder.path(), "own");
    let shipped = crate::support::rows(text("scenarios/places/fangchenggang/categories.csv").as_bytes());
    assert_eq!(own.len(), shipped.len());
    for row in shipped {
        let (persons, status, source) = &own[&(row[0].clone(), row[1].clone())];
        assert_eq!((persons.to_string(), status), (row[2].clone(), &row[3]));
        assert!(source.ends_with(&row[4]), "{source}");
    }
    // By hand: 上栗县 (360322) has 394,889 residents: 2.84 % = 11,214.8; 0.15 of that = 1,682.25.
    let (folder, done) = new(&["shangli", "--county", "上栗县", "--policy", "jiujiang-2023", "--lang", "en"]);
    assert!(done.good().contains("made shangli: Shangli, Pingxiang, 1 county"));
    let rows = persons(folder.path(), "shangli");
    let residents: u32 = crate::support::rows(
        &std::fs::read(folder.path().join("shangli/places/shangli/counties.csv")).expect("a table"),
    )[0][5]
        .parse()
        .expect("a number");
    let of = |category: &str| rows[&("360322".to_owned(), category.to_owned())].clone();
    let dibao = of("dibao");
    assert_eq!((dibao.0, dibao.1.as_str()), ((residents * 284 + 5_000) / 10_000, "assumed"));
    assert_eq!(of("dibao_margin").0, (dibao.0 * 15 + 50) / 100);
    assert!(dibao.2.contains("40 million in the country in October 2023"), "{}", dibao.2);
}

/// Every policy can be followed far from the place that it was made for, and at home: `new` itself refuses what
/// `check` would.
#[test]
fn exact_every_shipped_policy_can_be_followed_in_any_county() {
    let far = [
        "110101",
        "乌什县",
        "360322",
        "460400",
        "宜兴市",
        "那坡县",
        "石渠县",
        "500101",
        "海淀区",
        "洛浦县",
        "上海市/崇明区",
    ];
    for ((policy, _), county) in POLICIES.iter().zip(far) {
        let (_folder, done) = new(&["far", "--county", county, "--policy", policy]);
        let said = done.good();
        assert!(said.contains("仍为推算"), "{policy} in {county}: {said}");
    }
    let (folder, done) = new(&["wuxi", "--county", "无锡市", "--policy", "wuxi-2023"]);
    assert!(done.good().contains("疾病模型 wuxi"));
    let checked = fundcast(&["check", "wuxi/wuxi.toml"]).within(folder.path()).run().good();
    let at_home = fundcast(&["check", "scenarios/wuxi.toml"]).run().good();
    let inputs =
        |text: &str| text.lines().find(|line| line.contains("inputs of the policy")).map(ToOwned::to_owned);
    assert_eq!(inputs(&checked), inputs(&at_home));
    assert!(checked.contains("found"), "what was found for the place itself stays found: {checked}");
}

#[test]
fn exact_what_cannot_be_made_is_refused_and_leaves_nothing_behind() {
    let (folder, done) =
        new(&["a b", "--county", "上斯县", "--county", "朝阳区", "--policy", "wuxi-2032", "--lang", "en"]);
    let said = done.refused();
    for part in
        ["`a b` is no name", "上思县", "4 areas have this name", "did you mean `wuxi-2023`", "guangde-2024"]
    {
        let part = if part.starts_with("4 areas") { "areas have this name" } else { part };
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    let (_folder, done) = new(&["x", "--county", "450181"]);
    assert!(done.refused().contains("请用 --policy 指明"), "lists the policies");
    // Years before the policy.
    let (folder, done) =
        new(&["x", "--county", "450181", "--policy", "fangchenggang-2022-08", "--years", "2012"]);
    assert!(done.refused().contains("x/"), "names the file in the folder that was asked for");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
}

#[test]
fn exact_a_folder_is_replaced_only_on_demand_and_other_files_stay() {
    let arguments = ["x", "--county", "上思县", "--policy", "fangchenggang-2022-08"];
    let (folder, done) = new(&arguments);
    done.good();
    let at = |file: &str| folder.path().join("x").join(file);
    std::fs::write(at("x.toml"), "mine").expect("written");
    std::fs::write(at("notes.txt"), "mine").expect("written");
    let again = fundcast(&[&["new"], &arguments[..]].concat()).within(folder.path()).run().refused();
    assert!(again.contains("x 已存在") && again.contains("--force"), "{again}");
    assert_eq!(std::fs::read_to_string(at("x.toml")).expect("there"), "mine");
    fundcast(&[&["new"], &arguments[..], &["--force"]].concat()).within(folder.path()).run().good();
    assert!(std::fs::read_to_string(at("x.toml")).expect("there").contains("place = \"x\""));
    assert_eq!(std::fs::read_to_string(at("notes.txt")).expect("there"), "mine");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing unfinished is left");
}

#[test]
fn exact_a_folder_left_by_an_interrupted_command_is_not_deleted() {
    let folder = tempfile::tempdir().expect("a folder");
    let notes = folder.path().join("x.unfinished").join("notes.txt");
    std::fs::create_dir(notes.parent().expect("a folder")).expect("made");
    std::fs::write(&notes, "mine").expect("written");
    let arguments = ["new", "x", "--county", "450181", "--policy", "fangchenggang-2022-08"];
    let said = fundcast(&arguments).within(folder.path()).run().refused();
    assert!(said.contains("x.unfinished 已存在"), "{said}");
    assert_eq!(std::fs::read_to_string(&notes).expect("there"), "mine");
    assert!(!folder.path().join("x").exists());
}

/// The commands in the fenced blocks of a page, as they stand.
fn commands(page: &str) -> Vec<Vec<String>> {
    let mut fenced = false;
    let mut all = Vec::new();
    for line in page.lines() {
        fenced ^= line.starts_with("```");
        if let Some(rest) = line.strip_prefix("fundcast ").filter(|_| fenced) {
            all.push(rest.split_whitespace().map(ToOwned::to_owned).collect());
        }
    }
    all
}

#[test]
fn exact_every_command_of_the_pages_works_as_it_stands() {
    let mut ran: Vec<Vec<Vec<String>>> = Vec::new();
    for page in ["docs/新建方案.md", "docs/new.md"] {
        ran.push(commands(&text(page)));
    }
    assert_eq!(ran[0], ran[1], "both languages show the same commands");
    assert!(ran[0].len() >= 5);
    let folder = tempfile::tempdir().expect("a folder");
    let register = crate::support::path("tests/registers/one_county.xlsx");
    for name in ["register.xlsx", "register-new.xlsx"] {
        std::fs::copy(&register, folder.path().join(name)).expect("a register");
    }
    for (name, wan) in [("fund.xlsx", 980.0), ("fund-new.xlsx", 1_010.0)] {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        for (column, text) in ["项目", "年度", "金额（万元）", "到账月份"].into_iter().enumerate()
        {
            sheet.write_string(0, column as u16, text).expect("a cell");
        }
        sheet.write_string(1, 0, "中央财政补助").expect("a cell");
        sheet.write_number(1, 1, 2026.0).expect("a cell");
        sheet.write_number(1, 2, wan).expect("a cell");
        sheet.write_string(1, 3, "3、9").expect("a cell");
        book.save(folder.path().join(name)).expect("a workbook");
    }
    for command in &ran[0] {
        let draws = ["run", "budget"].contains(&command[0].as_str());
        let quick: &[&str] = if draws { &["--dpi", "50"] } else { &[] };
        fundcast(command).with(quick).within(folder.path()).run().good();
    }
}

/// The table of shares of the pages is that of the program.
#[test]
fn exact_the_pages_state_every_share() {
    use fundcast::draft::shares::SHARES;
    let categories: BTreeSet<&str> = SHARES.iter().map(|share| share.category).collect();
    for page in ["docs/新建方案.md", "docs/new.md"] {
        let page = text(page);
        for share in SHARES {
            let name = format!("`{}`", share.category);
            let percent = share.per_100_000 as f64 / 1_000.0;
            let (whole, percent) = (format!("{}", percent / 100.0), format!("{percent}"));
            let says = |line: &str| line.contains(&whole) || line.contains(&percent);
            let is_stated =
                page.lines().any(|line| line.starts_with('|') && line.contains(&name) && says(line));
            assert!(is_stated, "{name}: {percent} %");
        }
    }
    // And every category of a shipped policy has one.
    for (policy, _) in POLICIES {
        for (id, _) in fundcast::draft::categories(policy) {
            assert!(categories.contains(id.as_str()), "{policy}: {id}");
        }
    }
}

/// A file that cannot get its name takes back those that had theirs: the folder is as it was, with every language.
#[test]
fn exact_a_folder_is_replaced_whole_or_stays_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let make = |county: &str, lang: &str| {
        let policy = ["--policy", "fangchenggang-2022-08", "--force", "--lang", lang];
        fundcast(&["new", "x", "--county", county]).with(&policy).within(folder.path()).run()
    };
    make("上思县", "zh").good();
    let at = |name: &str| folder.path().join("x").join(name);
    let population = at("places/x/population.toml");
    std::fs::remove_file(&population).expect("removed");
    std::fs::create_dir(&population).expect("a folder");
    std::fs::write(population.join("mine"), "1").expect("written");
    let names =
        ["x.toml", "README.md", "places/x/counties.csv", "places/x/categories.csv", "places/x/place.toml"];
    let state = || names.map(|name| std::fs::read_to_string(at(name)).expect("a file"));
    let before = state();
    for (lang, part) in [("zh", "无法写入：这是文件夹，不是文件；x 保持原样"), ("en", "x is as it was")]
    {
        let done = make("港口区", lang);
        assert!(done.code == 1 && done.err.contains(part), "{part}: {}", done.err);
        assert!(state() == before, "nothing of the new folder is there");
        assert!(!folder.path().join("x.unfinished").exists());
    }
    std::fs::remove_dir_all(&population).expect("removed");
    make("港口区", "zh").good();
    assert!(state() != before && population.is_file());
    fundcast(&["check", "x/x.toml"]).within(folder.path()).run().good();
}
