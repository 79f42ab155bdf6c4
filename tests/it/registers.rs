//! `fundcast new --register`: tables of persons by category as bureaus keep them, what is read of each cell, and what is
//! refused with its place.

use std::collections::BTreeMap;
use std::path::Path;

use crate::command::{Done, fundcast};
use crate::support::{path, rows, text};

const POLICY: [&str; 2] = ["--policy", "fangchenggang-2022-08"];

fn new(folder: &Path, register: &str, counties: &[&str], more: &[&str]) -> Done {
    let mut args = vec!["new", "x", "--register", register];
    args.extend(POLICY);
    counties.iter().for_each(|county| args.extend(["--county", county]));
    args.extend(more);
    fundcast(&args).within(folder).run()
}

fn shipped(name: &str) -> String {
    path("tests/registers").join(name).display().to_string()
}

/// Persons by code and category of what is found.
fn found(folder: &Path) -> BTreeMap<(String, String), u32> {
    let file = std::fs::read(folder.join("x/places/x/categories.csv")).expect("a table");
    let is_found = |row: &Vec<String>| row[3] == "found";
    rows(&file)
        .into_iter()
        .filter(is_found)
        .map(|row| ((row[0].clone(), row[1].clone()), row[2].parse().expect("a number")))
        .collect()
}

/// A register as text, read for Shangsi.
fn typed(bytes: &[u8], more: &[&str]) -> (tempfile::TempDir, Done) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("register.csv");
    std::fs::write(&file, bytes).expect("written");
    let done = new(folder.path(), &file.display().to_string(), &["上思县"], more);
    (folder, done)
}

const ONE_COUNTY: [(&str, u32); 11] = [
    ("tekun", 2_143),
    ("orphan", 87),
    ("unattended_child", 132),
    ("dibao", 19_874),
    ("dibao_margin", 2_310),
    ("returned_poor", 0),
    ("monitored_unstable", 1_120),
    ("monitored_marginal", 1_045),
    ("monitored_sudden", 987),
    ("illness_poor", 76),
    ("stable_lifted", 31_406),
];

#[test]
fn exact_a_register_of_one_county_is_read_from_a_workbook() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = new(folder.path(), &shipped("one_county.xlsx"), &["上思县"], &[]).good();
    assert!(said.contains("2025年12月：计入11个数") && said.contains("合计，已核对  59,180"), "{said}");
    let expected: BTreeMap<_, _> =
        ONE_COUNTY.iter().map(|(id, persons)| (("450621".to_owned(), (*id).to_owned()), *persons)).collect();
    assert_eq!(found(folder.path()), expected);
    let preview = std::fs::read(folder.path().join("x/register.csv")).expect("a preview");
    assert_eq!(rows(&preview).len(), 12, "eleven numbers and the total");
    let checked = fundcast(&["check", "x/x.toml"]).within(folder.path()).run().good();
    assert!(checked.contains("persons by category: 59180 found"), "{checked}");
    assert!(checked.contains("  years 2026\n"), "a register of December begins the next year: {checked}");
    let run = ["run", "x/x.toml", "--replicates", "2", "--dpi", "50", "--quiet"];
    fundcast(&run).within(folder.path()).run().good();
}

/// Two counties, merged cells, 万人, full-width digits, subtotals, a part with and parts without their whole, a category
/// that the policy does not have, a second sheet with words alone; as .xlsx and .ods.
#[test]
fn exact_merged_cells_ten_thousands_and_subtotals_are_understood() {
    for file in ["merged_ten_thousands.xlsx", "merged_ten_thousands.ods"] {
        let folder = tempfile::tempdir().expect("a folder");
        let said = new(folder.path(), &shipped(file), &["港口区", "防城区"], &[]).good();
        let expected = [
            ("450602", "tekun", 530),
            ("450602", "dibao", 7_632),
            ("450603", "tekun", 2_095),
            ("450603", "dibao", 22_020),
        ];
        let expected = expected.map(|(code, id, persons)| ((code.to_owned(), id.to_owned()), persons));
        assert_eq!(found(folder.path()), BTreeMap::from(expected), "{file}");
        assert!(said.contains("其中项，不另计") && said.contains("方案无此类别，未计入"), "{said}");
        assert!(said.contains("仍为推算：孤儿、事实无人抚养儿童、低保边缘家庭成员"), "{said}");
        // What nobody said follows from what was said: 0.15 per dibao person.
        let table = std::fs::read(folder.path().join("x/places/x/categories.csv")).expect("a table");
        let margin = rows(&table).into_iter().find(|row| row[0] == "450603" && row[1] == "dibao_margin");
        let margin = margin.expect("a row");
        assert_eq!((margin[2].as_str(), margin[3].as_str()), ("3303", "assumed"));
    }
}

/// A row for each county under two rows of headings, with a column that means nothing; as .xlsx and .xls.
#[test]
fn exact_a_column_for_each_category_is_understood_and_nothing_is_dropped_in_silence() {
    for file in ["wide_two_headings.xlsx", "wide_two_headings.xls"] {
        let folder = tempfile::tempdir().expect("a folder");
        let counties = ["上思县", "东兴市"];
        let said = new(folder.path(), &shipped(file), &counties, &[]).refused();
        assert!(said.contains("横表!G4 = 持证残疾人：不认识这个类别"), "{said}");
        assert_eq!(said.lines().count(), 1, "one cause, one message: {said}");
        new(folder.path(), &shipped(file), &counties, &["--map", "持证残疾人=-"]).good();
        let found = found(folder.path());
        let of = |code: &str, id: &str| found.get(&(code.to_owned(), id.to_owned())).copied();
        assert_eq!(of("450621", "dibao"), Some(13_765), "2,000 + 11,765");
        assert_eq!(of("450621", "dibao_margin"), Some(2_065));
        assert_eq!(of("450681", "tekun"), Some(747));
        assert_eq!(of("450681", "dibao"), Some(8_943));
        assert_eq!(of("450681", "monitored_unstable"), Some(325));
        assert_eq!(of("450681", "dibao_margin"), None, "left blank: not given");
    }
}

#[test]
fn exact_text_is_read_in_every_encoding_and_separation() {
    let plain = "类别,人数\n特困,\"2,143\"\n低保,19874.0\n";
    let (gbk, said) =
        (std::fs::read(path("tests/registers/gbk.csv")).expect("a file"), "文件编码按 GBK 读取");
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(plain.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    for bytes in [
        plain.as_bytes().to_vec(),
        format!("\u{feff}{plain}").into_bytes(),
        plain.replace(',', ";").replace("2;143", "2,143").into_bytes(),
        plain.replace(',', "\t").replace("2\t143", "2，143").replace('\n', "\r\n").into_bytes(),
        "Category;Persons\nDestitute persons;2143\nSubsistence-allowance recipients;19 874\n"
            .as_bytes()
            .to_vec(),
        "类别,户数,人数（万人）\n特困,1,０．２１４３\n低保,2,1.9874\n".as_bytes().to_vec(),
        utf16,
        gbk.clone(),
    ] {
        let (folder, done) = typed(&bytes, &[]);
        let shown = done.good();
        assert_eq!(found(folder.path()).into_values().collect::<Vec<_>>(), [19_874, 2_143], "{shown}");
        assert_eq!(shown.contains(said), bytes == gbk, "{shown}");
    }
}

/// Every cause has one message, with the cell.
#[test]
fn exact_what_cannot_be_understood_is_refused_with_its_cell() {
    let cases: [(&str, &[&str]); 9] = [
        ("类别,人数\n特困,约2千\n低保,-5\n", &["B2 = 约2千：不是整数人数", "B3 = -5：不是整数人数"]),
        ("类别,人数\n特困,1\n低宝对象,2\n", &["A3 = 低宝对象：不认识这个类别（是不是“低保”？）"]),
        ("类别,人数\n特困,1\n低保,2\n合计,4\n", &["B4 = 4：合计与各项相加（3）不符"]),
        (
            "类别,人数\n特困,1\n特困人员,2\n",
            &["B3 = 特困人员：与 B2 的“特困”同为 tekun，一县一类只能有一个人数"],
        ),
        ("类别,户数\n特困,1\n低保,2\n", &["单位是户，需要的是人数"]),
        ("县区,类别,人数\n上思县,特困,1\n东兴市,特困,2\n", &["A3 = 东兴市：“东兴市”不在所选县区之内"]),
        ("甲,乙\n1,2\n", &["没有找到表头"]),
        ("类别,人数\n,7\n", &["B2 = 7：有人数但没有写类别"]),
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
    let (_folder, done) = typed("类别,人数\n特困,1\n".as_bytes(), &["--map", "特困=nobody"]);
    assert!(done.refused().contains("方案没有代码 nobody"));
    let folder = tempfile::tempdir().expect("a folder");
    let said = new(folder.path(), "nowhere.xlsx", &["上思县"], &["--lang", "en"]).refused();
    assert!(said.contains("nowhere.xlsx: cannot be read: there is no such file"), "{said}");
}

/// Who prepares a table can look up what is understood: each id has its row with all names on both pages.
pub fn stand_on_the_pages(all: &[(&str, &[&str])]) {
    for page in ["docs/新建方案.md", "docs/new.md"] {
        let page = text(page);
        for (id, names) in all {
            let row =
                page.lines().find(|line| line.starts_with(&format!("| `{id}` |")) && line.contains(names[0]));
            let row = row.unwrap_or_else(|| panic!("{id} is in no table"));
            for name in *names {
                assert!(row.contains(name), "{id}: {name}");
            }
        }
    }
}

#[test]
fn exact_the_list_of_synonyms_stands_on_the_pages() {
    stand_on_the_pages(fundcast::draft::register::heading::SYNONYMS);
}

/// A number that somebody left at the end of a sheet: every cell up to it would take memory, hundreds of gigabytes.
#[test]
fn exact_a_stray_cell_far_from_the_table_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("台账").expect("a name");
    sheet.write_string(0, 0, "低保对象").expect("a cell");
    sheet.write_number(0, 1, 19_874.0).expect("a cell");
    sheet.write_number(1_048_575, 16_383, 1.0).expect("a cell");
    let file = folder.path().join("register.xlsx");
    book.save(&file).expect("a workbook");
    let said = new(folder.path(), &file.display().to_string(), &["上思县"], &["--lang", "en"]).refused();
    assert!(said.contains("cells lie too far apart, up to 台账!XFD1048576"), "{said}");
}

/// The line of each record is counted on from the one before, not from the beginning.
#[test]
fn exact_a_long_register_takes_no_longer_than_its_lines() {
    let began = std::time::Instant::now();
    let mut table = "类别,人数\n".to_owned();
    (0..100_000).for_each(|number| table.push_str(&format!("说明{number},\n")));
    table.push_str("低保对象,19874\n");
    let (_folder, done) = typed(table.as_bytes(), &["--lang", "en"]);
    assert!([0, 2].contains(&done.code), "{}", done.err);
    assert!(began.elapsed() < std::time::Duration::from_secs(30), "{:?}", began.elapsed());
}

/// What is said of a heading that the register does not have, or of one that is said to be two things.
#[test]
fn exact_a_map_without_effect_is_refused() {
    let table = "类别,人数\n低保,20\n困难户,3\n民政对象,4\n".as_bytes();
    let own = ["--map", "困难户=tekun", "--map", "民政对象=-"];
    typed(table, &own).1.good();
    for (more, part) in [
        (
            ["--map", "困难群=dibao"],
            "register.csv：--map 困难群=dibao：表中没有“困难群”，不起作用。是不是“困难户”？表中有：低保、困难户、民政对象",
        ),
        // A heading of a column that is not asked what it means.
        (["--map", "人数=dibao"], "--map 人数=dibao：表中没有“人数”"),
        (["--map", "困难户=orphan"], "--map 困难户=tekun 与 --map 困难户=orphan 矛盾"),
    ] {
        let (folder, done) = typed(table, &[&own[..], &more].concat());
        let said = done.refused();
        assert!(said.contains(part) && said.lines().count() == 1, "{part}: {said}");
        assert!(!folder.path().join("x").exists(), "nothing is written");
    }
    // Two headings, one category, one county: only one of them can be it.
    let said = typed(table, &["--map", "困难户=tekun", "--map", "民政对象=tekun"]).1.refused();
    let part = "B4 = 民政对象：与 B3 的“困难户”同为 tekun，一县一类只能有一个人数";
    assert!(said.contains(part), "{said}");
    // In a table with a column for each category the headings are those of its columns.
    let wide = "低保,特困人员,困难户\n20,3,4\n".as_bytes();
    typed(wide, &["--map", "困难户=orphan"]).1.good();
    let said = typed(wide, &["--map", "困难户=orphan", "--map", "20=-"]).1.refused();
    assert!(said.contains("--map 20=-：表中没有“20”"), "{said}");
}
