//! `fundcast new --fund`: tables of a fund as bureaus keep them, what is read of each cell, what of it stands in the place
//! and in the account, and what is refused with its place.

use std::path::Path;

use crate::command::{Done, fundcast};
use crate::support::rows;
use crate::tables;

/// A table as text, read for the four counties of Fangchenggang.
fn typed(bytes: &[u8], more: &[&str]) -> (tempfile::TempDir, Done) {
    let folder = tempfile::tempdir().expect("a folder");
    let done = new(folder.path(), ("fund.csv", bytes), more);
    (folder, done)
}

fn new(folder: &Path, (name, bytes): (&str, &[u8]), more: &[&str]) -> Done {
    std::fs::write(folder.join(name), bytes).expect("written");
    let args = ["new", "x", "--county", "防城港市", "--policy", "fangchenggang-2022-08", "--fund", name];
    fundcast(&[&args[..], more].concat()).within(folder).run()
}

/// The lists of the fund in the place file, as they were parsed.
fn fund(folder: &Path) -> toml::Table {
    let place = std::fs::read_to_string(folder.join("x/places/x/place.toml")).expect("a place");
    let place: toml::Table = place.parse().expect("TOML");
    place["fund"].as_table().expect("a fund").clone()
}

/// Source, county and amounts by year of what a place says of revenue.
fn revenue(folder: &Path) -> Vec<String> {
    let fund = fund(folder);
    let entry = |one: &toml::Value| {
        let text = |key: &str| {
            let shown = one.get(key).map(|value| serde_json::to_string(value).expect("JSON"));
            shown.unwrap_or_default().replace(['"', ' '], "").replace(':', "=")
        };
        format!("{} {} {} {}", text("source"), text("county"), text("months"), text("yuan"))
    };
    fund["revenue"].as_array().expect("a list").iter().map(entry).collect()
}

const LONG: &str = "县区,项目,来源,年度,金额（万元）,到账月份,误差\n\
    港口区,期初余额,,2025,90,,\n\
    港口区,应付未付,,,45.5,,\n\
    港口区,收入,中央财政,2025,480,2、6、10,5%\n\
    港口区,收入,自治区,2025,\"1,20.12\",4,\n\
    港口区,收入,县级财政,2025,８０,1、7,\n\
    港口区,福彩公益金,,2025,6,12,30%\n\
    港口区,预算,医疗救助基金,2025,860,,\n\
    港口区,预算,县级财政,2025,35,,\n\
    防城区,期初余额,,2025,250,,\n\
    防城区,收入,中央财政,2025,1500,\"2,6,10\",5%\n";

/// The clean form of the table above.
fn long() -> String {
    LONG.replace("\"1,20.12\"", "120.123456")
}

#[test]
fn exact_a_long_table_becomes_the_fund_of_the_place() {
    let (folder, done) = typed(long().as_bytes(), &["--lang", "en"]);
    let said = done.good();
    for part in [
        "fund table fund.csv: 10 amounts count, every cell stands in fund.csv",
        "no revenue, and so no account: 上思县, 东兴市",
        "fundcast budget x/x.toml",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(
        revenue(folder.path()),
        [
            "central 港口区 [2,6,10] {2025=4800000}",
            "region 港口区 [4] {2025=1201234.56}",
            "county 港口区 [1,7] {2025=800000}",
            "welfare_lottery 港口区 [12] {2025=60000}",
            "central 防城区 [2,6,10] {2025=15000000}",
        ]
    );
    let place = std::fs::read_to_string(folder.path().join("x/places/x/place.toml")).expect("a place");
    for part in [
        "[[fund.opening]]\ncounty = \"港口区\"\nyuan = 900000\n",
        "[[fund.outstanding]]\ncounty = \"港口区\"\nyuan = 455000\n",
        "[[fund.budget]]\nfunder = \"county_finance\"\ncounty = \"港口区\"\nyuan = { 2025 = 350000 }\n",
        "log_sd = 0.3\n",
        "covers = [\"fund.opening\", \"fund.outstanding\", \"fund.revenue\", \"fund.budget\"]\nstatus = \"found\"\n\
         source = \"Fund table fund.csv\"\nsource_zh = \"基金表 fund.csv\"\n",
    ] {
        assert!(place.contains(part), "{part}: {place}");
    }
    let kept = rows(&std::fs::read(folder.path().join("x/fund.csv")).expect("a table"));
    assert_eq!(kept[3][0..7], ["E5", "收入/自治区", "450602", "港口区", "region", "2025", "1201234.56"]);
    let checked = fundcast(&["check", "x/x.toml"]).within(folder.path()).run().good();
    assert!(checked.contains("no fault found"), "{checked}");
}

/// What the account starts from and gets is what stands in the table, to the fen.
#[test]
fn exact_the_account_has_the_amounts_of_the_table() {
    let (folder, done) = typed(long().as_bytes(), &["--years", "2025"]);
    done.good();
    let out = folder.path().join("out").display().to_string();
    let args =
        ["budget", "x/x.toml", "--county", "港口区", "--replicates", "2", "--waiting", "0", "--dpi", "50"];
    fundcast(&[&args[..], &["--quiet", "--out", &out]].concat()).within(folder.path()).run().good();
    let out = Path::new(&out);
    let mut by_source: std::collections::BTreeMap<String, f64> = std::collections::BTreeMap::new();
    for row in tables::rows(out, "account_revenue.csv") {
        *by_source.entry(row["source"].clone()).or_default() += tables::number(&row, "revenue_yuan");
    }
    let expected = [
        ("central", 480_000_000),
        ("county", 80_000_000),
        ("region", 120_123_456),
        ("welfare_lottery", 6_000_000),
    ];
    let fen: Vec<(String, i64)> =
        by_source.into_iter().map(|(source, yuan)| (source, (yuan * 100.0).round() as i64)).collect();
    assert_eq!(fen, expected.map(|(source, fen)| (source.to_owned(), fen)));
    let budgets = tables::rows(out, "budget.csv");
    let budget = |funder: &str| {
        let row = budgets.iter().find(|row| row["funder"] == funder && row["county"] == "港口区");
        row.expect("a row")["budget_yuan"].clone()
    };
    assert_eq!(budget("assistance_fund").trim_end_matches(".00"), "8600000");
    assert_eq!(budget("county_finance").trim_end_matches(".00"), "350000");
}

/// Merged cells, two rows of headings, a title, totals of every kind, remarks, what is not asked for.
const WIDE: &str = "防城港市医疗救助基金收支情况表,,,,,,\n\
    填报单位：防城港市医疗保障局,,,,,单位：万元,\n\
    县（市、区）,项目,2025年,,2026年,,备注\n\
    ,,金额,到账月份,金额,到账月份,\n\
    港口区,上年结余,９０,,,,\n\
    ,一、收入合计,\"1,080.00\",,1100,,\n\
    ,其中：中央财政补助,900,3月,920,3月,提前下达\n\
    ,自治区财政补助,180,4,180,4,\n\
    ,年末结余,100,,,,\n\
    防城区,上年结余,250,,,,\n\
    ,一、收入合计,2000,,2100,,\n\
    ,其中：中央财政补助,1500,2、6月,1600,2、6月,\n\
    ,自治区财政补助,500,4,500,4,\n\
    全市合计,上年结余,340,,,,\n\
    ,收入合计,3080,,3200,,\n\
    注：以上为预计数,,,,,,\n";

/// Unequal parts of a year's money have a row each, with months of their own; in the same month a second row is a slip.
#[test]
fn exact_unequal_parts_of_a_year_arrive_in_months_of_their_own() {
    let parts = |months: [&str; 2]| {
        let [first, second] = months;
        format!(
            "县区,项目,来源,年度,金额（万元）,到账月份\n港口区,收入,中央财政,2025,300,{first}\n港口区,收入,中央财政,2025,180,{second}\n"
        )
    };
    let (folder, done) = typed(parts(["3月", "9、10月"]).as_bytes(), &["--lang", "en"]);
    done.good();
    assert_eq!(
        revenue(folder.path()),
        ["central 港口区 [3] {2025=3000000}", "central 港口区 [9,10] {2025=1800000}"]
    );
    let run = ["budget", "x/x.toml", "--replicates", "2", "--dpi", "50", "--quiet"];
    fundcast(&run).within(folder.path()).run().good();
    let table = tables::rows(&folder.path().join("output/x"), "account_revenue.csv");
    let own = table.iter().filter(|row| row["county"] == "港口区");
    let sum: f64 = own.map(|row| tables::number(row, "revenue_yuan")).sum();
    assert!((sum - 4_800_000.0).abs() < 0.01, "{table:?}");
    let (_folder, done) = typed(parts(["3月", "3、9月"]).as_bytes(), &["--lang", "zh"]);
    let said = done.refused();
    assert!(said.contains("同一县区、项目和年度已在 E2 出现；分次到账的收入，各行写明不同的月份"), "{said}");
}

#[test]
fn exact_a_wide_table_with_merged_cells_and_totals_is_understood() {
    let (folder, done) = typed(WIDE.as_bytes(), &[]);
    let said = done.good();
    assert_eq!(
        revenue(folder.path()),
        [
            "central 港口区 [3] {2025=9000000,2026=9200000}",
            "region 港口区 [4] {2025=1800000,2026=1800000}",
            "central 防城区 [2,6] {2025=15000000,2026=16000000}",
            "region 防城区 [4] {2025=5000000,2026=5000000}",
        ]
    );
    assert_eq!(said.matches("合计，已核对").count(), 7, "{said}");
    assert!(said.contains("测算不需要，未计入"), "{said}");
    // One digit of a total changed.
    for (wrong, place) in [("3080", "C15"), ("\"1,080.00\"", "C6"), ("340", "C14")] {
        let table = WIDE.replace(wrong, "341");
        let said = typed(table.as_bytes(), &[]).1.refused();
        assert!(said.lines().count() == 1 && said.contains(&format!("{place}：合计与各项相加")), "{said}");
    }
}

/// A column for each item, the year in the title, GB 18030 and semicolons.
#[test]
fn exact_a_table_of_another_code_page_with_a_column_for_each_item_is_understood() {
    let table = "2025年医疗救助基金预算表（单位：元）\n\
        县区;期初余额;中央补助（3月、9月）;县级配套;合计;基金预算\n\
        港口区;900,000;4,800,000.50;800,000;5,600,000.50;\n\
        防城区;2,500,000;15,000,000;—;15,000,000;26,000,000\n\
        合计;3,400,000;19,800,000.50;800,000;20,600,000.50;26,000,000\n";
    let (bytes, _, _) = encoding_rs::GB18030.encode(table);
    let (folder, done) = typed(&bytes, &["--lang", "en"]);
    let said = done.good();
    assert!(said.contains("the file was read as GBK"), "{said}");
    assert_eq!(
        revenue(folder.path()),
        [
            "central 港口区 [3,9] {2025=4800000.5}",
            "county 港口区 [1] {2025=800000}",
            "central 防城区 [3,9] {2025=15000000}",
        ]
    );
    // Of the months of one source the table says nothing: they are assumed, and said to be.
    assert!(said.contains("is taken to be there in January (assumed)"), "{said}");
    let place = std::fs::read_to_string(folder.path().join("x/places/x/place.toml")).expect("a place");
    assert!(place.contains("covers = [\"fund.revenue.1.months\"]\nstatus = \"assumed\""), "{place}");
}

#[test]
fn exact_a_workbook_with_merged_cells_is_understood() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut book = rust_xlsxwriter::Workbook::new();
    let plain = rust_xlsxwriter::Format::new();
    let sheet = book.add_worksheet();
    sheet.set_name("基金").expect("a name");
    sheet.merge_range(0, 0, 0, 3, "医疗救助基金（单位：亿元）", &plain).expect("merged");
    for (column, text) in ["项目", "县区", "2025", "2026"].into_iter().enumerate() {
        sheet.write_string(1, column as u16, text).expect("a cell");
    }
    sheet.merge_range(2, 0, 3, 0, "中央补助", &plain).expect("merged");
    for (row, (county, one, two)) in
        [("港口区", 0.0481, 0.05), ("防城区", 0.15, 0.16)].into_iter().enumerate()
    {
        sheet.write_string(2 + row as u32, 1, county).expect("a cell");
        sheet.write_number(2 + row as u32, 2, one).expect("a cell");
        sheet.write_number(2 + row as u32, 3, two).expect("a cell");
    }
    let file = folder.path().join("fund.xlsx");
    book.save(&file).expect("a workbook");
    let bytes = std::fs::read(&file).expect("a workbook");
    new(folder.path(), ("fund.xlsx", &bytes), &[]).good();
    assert_eq!(
        revenue(folder.path()),
        [
            "central 港口区 [1] {2025=4810000,2026=5000000}",
            "central 防城区 [1] {2025=15000000,2026=16000000}"
        ]
    );
    let place = std::fs::read_to_string(folder.path().join("x/places/x/place.toml")).expect("a place");
    assert!(
        place.contains(
            "source = \"Fund table fund.xlsx, sheet 基金\"\nsource_zh = \"基金表 fund.xlsx 工作表 基金\""
        ),
        "{place}"
    );
}

/// Nothing by county: one fund for the whole place.
#[test]
fn exact_a_table_without_counties_is_that_of_a_pooled_fund() {
    let table = "项目,年度,金额（万元）\n期初余额,,600\n中央补助,2025,3600\n年初预算,2025,6170\n";
    let (folder, done) = typed(table.as_bytes(), &[]);
    assert!(done.good().contains("按全部县区共用一个基金（市级统筹）处理"));
    let fund = fund(folder.path());
    assert_eq!(fund["pooled"].as_bool(), Some(true));
    assert_eq!(fund["budget"][0]["funder"].as_str(), Some("assistance_fund"));
    assert!(fund["opening"][0].get("county").is_none());
}

/// Every cause has one message, with the cell; nothing is written.
#[test]
fn exact_what_cannot_be_understood_is_refused_with_its_cell() {
    let cases: [(&str, &[&str]); 14] = [
        (
            "县区,项目,年度,金额（元）\n港口区,中央财证补助,2025,1\n防城区,中央财证补助,2025,2\n",
            &["B2 = 中央财证补助：不认识这个项目（相近的：中央"],
        ),
        ("县区,项目,年度,金额\n港口区,中央,2025,480\n防城区,中央,2025,480\n", &["D2 = 480：没有写单位"]),
        ("县区,项目,年度,金额（元）\n钦南区,中央,2025,1\n", &["A2 = 钦南区：“钦南区”不在所选县区之内"]),
        (
            "县区,项目,年度,金额（元）\n港口区,中央,2025,约5\n港口区,省级,2025,-5\n港口区,市级,2025,0.001\n",
            &["D2 = 约5：不是金额", "D3 = -5：金额不能小于0", "D4 = 0.001：不足一分"],
        ),
        ("县区,项目,年度,金额（元）\n港口区,中央,去年,5\n", &["C2 = 去年：不是年度"]),
        ("县区,项目,金额（元）\n港口区,中央,5\n", &["C2 = 5：“中央”没有年度"]),
        (
            "县区,项目,年度,金额（元）\n港口区,中央,2025,5\n港口区,中央补助,2025,6\n",
            &["D3 = 中央补助：同一县区、项目和年度已在 D2 出现"],
        ),
        ("县区,项目,年度,金额（元）,到账月份\n港口区,中央,2025,5,13月\n", &["E2 = 13月：不是月份"]),
        ("县区,项目,年度,金额（元）,误差\n港口区,中央,2025,5,较大\n", &["E2 = 较大：不是误差"]),
        ("县区,项目,年度,金额（元）\n港口区,本年收入,2025,5\n", &["D2：只有合计，没有分项"]),
        (
            "县区,项目,年度,金额（元）\n港口区,中央,2025,5\n全市,省级,2025,6\n",
            &["D3 = 省级：是全部县区合用的"],
        ),
        ("县区,项目,年度,金额（元）\n港口区,中央,2025,5\n港口区,,,6\n", &["D3 = 6：有金额但没有写项目"]),
        ("甲,乙\n1,2\n", &["没有找到表头"]),
        ("", &["文件是空的"]),
    ];
    for (table, expected) in cases {
        let (folder, done) = typed(table.as_bytes(), &[]);
        let said = done.refused();
        assert_eq!(said.lines().count(), expected.len(), "{said}");
        for part in expected {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(!folder.path().join("x").exists(), "nothing is written");
    }
    let one = "县区,项目,年度,金额（元）\n港口区,期初余额,2024,1\n港口区,中央,2025,5\n";
    let said = typed(one.as_bytes(), &["--years", "2025"]).1.refused();
    assert!(said.contains("D2 = 期初余额：是2024年的，而测算首年是2025年"), "{said}");
    let said = typed(one.as_bytes(), &["--fund-map", "本级=nobody"]).1.refused();
    assert!(said.contains("没有代码 nobody；可用：opening, outstanding, central"), "{said}");
}

/// What the program does not know the user may name, or leave out.
#[test]
fn exact_the_user_says_what_an_item_means() {
    let table = "县区,项目,年度,金额（元）\n港口区,本年收入,2025,5000000\n港口区,乡镇统筹,2025,6\n";
    let maps = ["--fund-map", "本年收入=central", "--fund-map", "乡镇统筹=-"];
    let (folder, done) = typed(table.as_bytes(), &maps);
    done.good();
    assert_eq!(revenue(folder.path()), ["central 港口区 [1] {2025=5000000}"]);
}

/// Faults of both tables are said at once.
#[test]
fn exact_faults_of_register_and_fund_are_said_together() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("register.csv"), "县区,类别,人数\n港口区,低宝,2\n").expect("written");
    let table = "县区,项目,年度,金额（元）\n港口区,中央,2025,约5\n";
    let said = new(folder.path(), ("fund.csv", table.as_bytes()), &["--register", "register.csv"]).refused();
    assert!(said.contains("register.csv B2 = 低宝") && said.contains("fund.csv D2 = 约5"), "{said}");
}

#[test]
fn exact_the_items_stand_on_the_pages() {
    crate::registers::stand_on_the_pages(fundcast::draft::fund::words::ITEMS);
}

/// A table in the folder that is written is never replaced by a file of the program.
#[test]
fn exact_a_table_in_the_folder_itself_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("x")).expect("a folder");
    let done = new(folder.path(), ("x/fund.csv", long().as_bytes()), &["--force"]);
    assert!(done.code == 2 && done.err.contains("x/fund.csv"), "{}", done.err);
    assert_eq!(std::fs::read_to_string(folder.path().join("x/fund.csv")).expect("kept"), long());
    assert_eq!(std::fs::read_dir(folder.path().join("x")).expect("the folder").count(), 1);
}

/// A heading in yuan below a line in 10,000 yuan: one of the two is wrong, and nothing is taken.
#[test]
fn exact_two_units_are_refused_with_their_cell() {
    let table = "单位：万元\n县区,项目,年度,金额（元）\n港口区,中央,2025,300\n";
    let (folder, done) = typed(table.as_bytes(), &[]);
    assert!(done.code == 2 && done.err.contains("D2") && done.err.contains("单位不一致"), "{}", done.err);
    assert!(!folder.path().join("x").exists());
    let same = table.replace("（元）", "（万元）");
    let (folder, done) = typed(same.as_bytes(), &[]);
    assert_eq!(
        (done.code, revenue(folder.path())),
        (0, vec!["central 港口区 [1] {2025=3000000}".to_owned()]),
        "{}",
        done.err
    );
}

/// What is said of a text that the table does not have, or of one that is said to be two things.
#[test]
fn exact_a_map_without_effect_is_refused() {
    let table = "县区,项目,年度,金额（元）\n港口区,本年收入,2025,5000000\n港口区,乡镇统筹,2025,6\n";
    let own = ["--fund-map", "本年收入=central", "--fund-map", "乡镇统筹=-"];
    for (more, part) in [
        (
            ["--fund-map", "乡镇统酬=other"],
            "fund.csv：--fund-map 乡镇统酬=other：表中没有“乡镇统酬”，不起作用。是不是“乡镇统筹”？表中有：本年收入、乡镇统筹",
        ),
        (["--fund-map", "2025=other"], "--fund-map 2025=other：表中没有“2025”"),
        (
            ["--fund-map", "乡镇统筹=other"],
            "--fund-map 乡镇统筹=- 与 --fund-map 乡镇统筹=other 矛盾：同一个名称只能指一项",
        ),
        (["--fund-map", "=other"], "--fund-map =other：表中没有“”"),
    ] {
        let (folder, done) = typed(table.as_bytes(), &[&own[..], &more].concat());
        let said = done.refused();
        assert!(said.contains(part) && said.lines().count() == 1, "{part}: {said}");
        assert!(!folder.path().join("x").exists(), "nothing is written");
    }
    // Two texts that are one thing are no two amounts of it.
    let both = ["--fund-map", "本年收入=central", "--fund-map", "乡镇统筹=central"];
    let said = typed(table.as_bytes(), &both).1.refused();
    assert!(said.contains("D3 = 乡镇统筹：同一县区、项目和年度已在 D2 出现"), "{said}");
    // Two texts together are one, too.
    let table = "县区,项目,来源,年度,金额（元）\n港口区,调剂,乡镇,2025,6\n";
    let (folder, done) = typed(table.as_bytes(), &["--fund-map", "调剂/乡镇=other"]);
    done.good();
    assert_eq!(revenue(folder.path()), ["other 港口区 [1] {2025=6}"]);
}

/// Of balances a place takes those of its first year: the others are not counted, and said with their amounts.
#[test]
fn exact_balances_of_later_years_are_left_out_and_said() {
    let table = "县区,项目,2025年（元）,2026年（元）\n港口区,期初余额,900000.01,700000\n港口区,应付未付,5,\n港口区,中央,4800000,5000000\n";
    let (folder, done) = typed(table.as_bytes(), &["--years", "2025-2026"]);
    let said = done.good();
    assert!(said.contains("计入4个金额"), "{said}");
    let note = "余额只取测算首年2025年初的，其余未计入：D2 期初余额 2026 700000元";
    assert!(said.contains(note) && said.contains("不是测算首年的余额，未计入"), "{said}");
    assert_eq!(fund(folder.path())["opening"].as_array().map(Vec::len), Some(1));
    let kept = rows(&std::fs::read(folder.path().join("x/fund.csv")).expect("a table"));
    let of_opening: Vec<&str> =
        kept.iter().filter(|row| row[4] == "opening").map(|row| row[8].as_str()).collect();
    assert_eq!(of_opening, ["counted", "no balance of the first year, left out"]);
    // A balance without a year stands for the first only where that has none of its own.
    let table = "县区,项目,年度,金额（元）\n港口区,期初余额,,1\n港口区,期初余额,2025,2\n港口区,中央,2025,3\n";
    let (folder, done) = typed(table.as_bytes(), &["--years", "2025", "--lang", "en"]);
    let said = done.good();
    assert!(said.contains("2 amounts count") && said.contains("left out: D2 期初余额 - 1 yuan"), "{said}");
    assert_eq!(fund(folder.path())["opening"][0]["yuan"].as_integer(), Some(2));
}

/// Months and errors are those of revenue: what stands beside a balance, a budget or a sum is not taken, and said.
#[test]
fn exact_months_and_errors_that_nobody_takes_are_said() {
    let table = "县区,项目,来源,年度,金额（元）,到账月份,误差\n\
        港口区,期初余额,,2025,9,1,\n港口区,预算,县级财政,2025,8,3,10%\n港口区,收入,中央,2025,7,3,5%\n";
    let done = typed(table.as_bytes(), &["--years", "2025"]).1;
    let said = done.good();
    let note = "余额、预算和合计的未采用：F2 期初余额 = 1、F3 预算/县级财政 = 3、G3 预算/县级财政 = 10%\n";
    assert!(said.contains(note), "{said}");
    // In a heading they are beside every amount below it.
    let table = "单位：元\n县区,年度,中央（3月）,基金预算（2月）\n港口区,2025,7,8\n";
    let said = typed(table.as_bytes(), &["--years", "2025", "--lang", "en"]).1.good();
    assert!(said.contains("are not taken: D3 基金预算(2月)\n"), "{said}");
}
