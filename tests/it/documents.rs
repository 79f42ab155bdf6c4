//! `report`: documents of finished runs, held against the tables that they were made from.

use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use calamine::{Data, Range, Reader, Xlsx};

use crate::command::{FANGCHENGGANG, fundcast, opened_with};
use crate::support::rows;

pub(crate) const HELD: &str = "scenarios/fangchenggang-subsidy-held.toml";

/// A small run of two counties in a folder.
fn run(folder: &Path, more: &[&str]) {
    let out = folder.display().to_string();
    let size = ["--replicates", "3", "--county", "东兴市", "--county", "港口区", "--dpi", "50"];
    fundcast(&["run", FANGCHENGGANG, "--quiet", "--out", &out]).with(&size).with(more).run().good();
}

fn report(folder: &Path, more: &[&str]) -> crate::command::Done {
    fundcast(&["report", &folder.display().to_string()]).with(more).run()
}

fn table(folder: &Path, file: &str) -> Vec<Vec<String>> {
    rows(&std::fs::read(folder.join(file)).expect("a table"))
}

fn book(path: &Path) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(std::fs::read(path).expect("a workbook"))).expect("a whole workbook")
}

fn sheet(path: &Path, name: &str) -> Range<Data> {
    book(path).worksheet_range(name).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn number(cell: Option<&Data>) -> Option<f64> {
    match cell {
        Some(Data::Float(number)) => Some(*number),
        Some(Data::Int(number)) => Some(*number as f64),
        _ => None,
    }
}

/// The rows below the headings, which stand in the fourth row.
fn data(range: &Range<Data>) -> Vec<Vec<Data>> {
    (4..range.height() as u32)
        .map(|row| {
            (0..range.width() as u32)
                .map(|at| range.get_value((row, at)).cloned().unwrap_or(Data::Empty))
                .collect()
        })
        .collect()
}

/// Every number of some rows of a table stands in the sheet, exactly, in the same order.
fn holds(range: &Range<Data>, wanted: &[Vec<String>], numbers: &[usize]) {
    let shown = data(range);
    assert_eq!(shown.len(), wanted.len());
    assert!(!wanted.is_empty());
    for (row, fields) in shown.iter().zip(wanted) {
        let found: Vec<f64> = row.iter().filter_map(|cell| number(Some(cell))).collect();
        let expected: Vec<f64> = numbers.iter().filter_map(|&at| fields[at].parse().ok()).collect();
        assert_eq!(found, expected, "{fields:?}");
    }
}

fn total(row: &[String]) -> bool {
    row[4] == "total" && row[5] == "total"
}

#[test]
fn exact_the_sheets_hold_the_figures_of_the_tables() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("run");
    run(&place, &[]);
    report(&place, &["--formats", "xlsx"]).good();
    let path = place.join("report.xlsx");
    let projection = table(&place, "projection.csv");
    let amounts: Vec<usize> = [2, 3].into_iter().chain(6..21).collect();
    let of = |keep: &dyn Fn(&[String]) -> bool| -> Vec<Vec<String>> {
        projection.iter().filter(|row| keep(row)).cloned().collect()
    };
    holds(&sheet(&path, "县区年度"), &of(&total), &amounts);
    holds(&sheet(&path, "支出项目"), &of(&|row| row[4] != "total" && row[5] == "total"), &amounts);
    holds(&sheet(&path, "资金渠道"), &of(&|row| row[4] == "total" && row[5] != "total"), &amounts);
    holds(&sheet(&path, "项目与渠道"), &of(&|row| row[4] != "total" && row[5] != "total"), &amounts);
    holds(
        &sheet(&path, "人员类别"),
        &table(&place, "people.csv"),
        &[&[2, 3][..], &(5..23).collect::<Vec<_>>()].concat(),
    );
    holds(&sheet(&path, "预警名单（按月）"), &table(&place, "watch.csv"), &[2, 3, 5, 6, 7]);
    holds(&sheet(&path, "统筹节省"), &table(&place, "pooling.csv"), &[0, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12]);
    // Ids are shown by their labels, and units stand in the headings.
    let counties = sheet(&path, "县区年度");
    let heading = |at| counties.get_value((3, at)).expect("a heading").to_string();
    assert_eq!([heading(1), heading(3), heading(4)], ["县区名称", "该县区常住人口（人）", "均值（元）"]);
    assert_eq!(sheet(&path, "资金渠道").get_value((4, 4)), Some(&Data::String("医疗救助基金".to_owned())));
}

#[test]
fn exact_the_summary_is_the_total_of_all_counties_in_ten_thousands() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("run");
    run(&place, &[]);
    report(&place, &["--lang", "en"]).good();
    let summary = sheet(&place.join("report.xlsx"), "Summary");
    let all: Vec<Vec<String>> =
        table(&place, "projection.csv").into_iter().filter(|row| row[0] == "ALL" && total(row)).collect();
    let first = (0..summary.height() as u32)
        .find(|&row| summary.get_value((row, 0)) == Some(&Data::String("2022".to_owned())))
        .expect("the first year");
    for (row, fields) in (first..).zip(&all) {
        for (at, column) in [(1, 6), (3, 11), (5, 14)] {
            let yuan: f64 = fields[column].parse().expect("an amount");
            assert_eq!(number(summary.get_value((row, at))), Some(yuan / 10_000.0));
        }
    }
    // The answer says the same in words, and that three replicates give no percentile.
    let answer = summary.get_value((2, 0)).expect("an answer").to_string();
    let mean: f64 = all[3][6].parse().expect("an amount");
    let shown = format!("{} million yuan", fundcast::report::number::grouped(mean / 1e6, 2));
    assert!(answer.contains(&shown) && answer.contains("3 replicates are too few"), "{answer}");
}

/// What a spreadsheet program computes on the sheet of trials is what the program reports.
#[test]
fn exact_the_percentile_over_the_trials_is_that_of_the_table() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("run");
    run(&place, &[]);
    report(&place, &[]).good();
    let path = place.join("report.xlsx");
    let trials = sheet(&path, "逐次模拟");
    let all = table(&place, "projection.csv");
    let of = |code: &str| {
        all.iter().find(|row| row[0] == code && row[2] == "2025" && total(row)).expect("a row").clone()
    };
    assert_eq!(
        number(trials.get_value((4, 1))),
        of("ALL")[14].parse().ok(),
        "P95 by the report's definition"
    );
    let formula = book(&path).worksheet_formula("逐次模拟").expect("formulas");
    let text = |row, at| formula.get_value((row, at)).cloned().unwrap_or_default();
    assert!(text(3, 1).starts_with("PERCENTILE("), "{}", text(3, 1));
    assert_eq!(text(10, 1), "SUMPRODUCT($C$8:$J$8,C11:J11)");
    // Two counties in four years; the last year of each is in the sum.
    for (at, code) in [(5, "450602"), (9, "450681")] {
        assert_eq!(number(trials.get_value((7, at))), Some(1.0));
        let column: f64 = (10..13).filter_map(|row| number(trials.get_value((row, at)))).sum();
        let mean: f64 = of(code)[6].parse().expect("an amount");
        assert!((column / 3.0 - mean).abs() < 0.001, "{code}: {column} {mean}");
    }
    assert_eq!(number(trials.get_value((7, 4))), Some(0.0));
}

/// LibreOffice, where there is one, opens the workbook, computes its formulas itself and finds the same.
#[test]
fn exact_libreoffice_finds_the_same_figures() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("run");
    run(&place, &[]);
    report(&place, &[]).good();
    let path = place.join("report.xlsx");
    let (home, out) = (folder.path().join("home"), folder.path().join("converted"));
    let mut office = Command::new("soffice");
    office
        .arg(format!("-env:UserInstallation=file://{}", home.display()))
        .args(["--headless", "--convert-to", "ods", "--outdir"])
        .args([&out, &path]);
    let Some(done) = opened_with(&mut office) else { return };
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let bytes = std::fs::read(out.join("report.ods")).expect("a converted workbook");
    let mut converted = calamine::Ods::new(Cursor::new(bytes)).expect("a whole workbook");
    for name in ["摘要", "县区年度", "人员类别", "逐次模拟"] {
        let (ours, theirs) = (sheet(&path, name), converted.worksheet_range(name).expect("the sheet"));
        let mut n = 0;
        for (row, column, cell) in ours.used_cells() {
            let (row, column) = (row as u32, column as u32);
            if let Some(ours) = number(Some(cell)) {
                let theirs = number(theirs.get_value((row, column))).unwrap_or(f64::NAN);
                assert!((ours - theirs).abs() <= 1e-9 * ours.abs(), "{name} {row} {column}: {ours} {theirs}");
                n += 1;
            }
        }
        assert!(n > 20, "{name}: {n} numbers");
    }
}

#[test]
fn exact_a_comparison_has_its_differences_and_no_trials() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("compared");
    let out = place.display().to_string();
    let size = ["--replicates", "2", "--county", "东兴市", "--county", "港口区", "--dpi", "50"];
    fundcast(&["compare", FANGCHENGGANG, HELD, "--quiet", "--out", &out]).with(&size).run().good();
    report(&place, &[]).good();
    let path = place.join("report.xlsx");
    let differences = table(&place, "difference.csv");
    let totals: Vec<Vec<String>> =
        differences.into_iter().filter(|row| row[6] == "total" && row[7] == "total").collect();
    holds(&sheet(&path, "差额"), &totals, &[&[4, 5][..], &(8..27).collect::<Vec<_>>()].concat());
    let names = book(&path).sheet_names();
    assert!(
        !names.iter().any(|name| name == "逐次模拟") && names.iter().any(|name| name == "改动"),
        "{names:?}"
    );
}

#[test]
fn exact_text_that_looks_like_a_formula_stays_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("run");
    run(&place, &["--set", "title_zh==HYPERLINK(\"http://example.org\")"]);
    report(&place, &[]).good();
    let path = place.join("report.xlsx");
    let record = sheet(&path, "运行记录");
    let title = Data::String("=HYPERLINK(\"http://example.org\")".to_owned());
    assert!(record.used_cells().any(|(_, _, cell)| *cell == title), "the title as it was written");
    let formulas = book(&path).worksheet_formula("运行记录").expect("formulas");
    assert!(formulas.used_cells().next().is_none(), "no formula");
}

/// A part of a package as text.
fn part(path: &Path, name: &str) -> String {
    let mut package =
        zip::ZipArchive::new(Cursor::new(std::fs::read(path).expect("a paper"))).expect("a package");
    let mut file = package.by_name(name).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut text = String::new();
    std::io::Read::read_to_string(&mut file, &mut text).expect("text");
    text
}

/// The texts of a paper's cells, table by table.
fn cells(document: &str) -> Vec<Vec<String>> {
    let inner = |text: &str, from: &str, to: &str| -> Vec<String> {
        text.split(from).skip(1).map(|rest| rest.split(to).next().unwrap_or_default().to_owned()).collect()
    };
    let tables = inner(document, "<w:tbl>", "</w:tbl>");
    tables.iter().map(|table| inner(table, "<w:t xml:space=\"preserve\">", "</w:t>")).collect()
}

#[test]
fn exact_the_paper_holds_the_figures_with_captions_pictures_and_alternative_texts() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("run");
    run(&place, &[]);
    report(&place, &["--formats", "docx"]).good();
    let path = place.join("report.docx");
    let document = part(&path, "word/document.xml");
    let tables = cells(&document);
    let projection = table(&place, "projection.csv");
    let wan = |text: &str| fundcast::report::number::ten_thousands(text.parse().expect("an amount"));
    // The first table: the years; the fourth: the counties, with mean and P95 of each year beside each other.
    let all: Vec<&Vec<String>> = projection.iter().filter(|row| row[0] == "ALL" && total(row)).collect();
    for (year, row) in all.iter().enumerate() {
        let shown = &tables[0][9 * (year + 1)..9 * (year + 2)];
        assert_eq!(shown[..2], [row[2].clone(), wan(&row[6])]);
        assert_eq!(shown[5], wan(&row[14]));
    }
    for (number, code) in ["450602", "450681", "ALL"].iter().enumerate() {
        let of_it = projection.iter().filter(|row| row[0] == *code && total(row));
        let amounts: Vec<String> = of_it.flat_map(|row| [wan(&row[6]), wan(&row[14])]).collect();
        assert_eq!(tables[3][9 * (number + 1) + 1..9 * (number + 2)], amounts, "{code}");
    }
    let count = |what: &str| document.matches(what).count();
    assert_eq!(count("<w:tblHeader/>"), tables.len(), "headings are repeated on every page");
    assert_eq!(count("w:val=\"Caption\""), tables.len(), "every table has a caption");
    assert_eq!(count("w:val=\"PictureCaption\""), count("<w:drawing>"));
    // Counties, fan, lines, distribution, counties by category; of two payers: needed budgets, how likely they are
    // exceeded, months, pooling; of all payers and of each: counties by year, categories (counties by category on two pages).
    assert_eq!(count("<w:drawing>"), 20);
    assert!(
        document
            .split("descr=\"")
            .skip(1)
            .all(|rest| rest.split('"').next().is_some_and(|alt| alt.len() > 40))
    );
    let run_id = part(&path, "docProps/core.xml");
    assert!(run_id.contains("2000-01-01") && document.contains("方案文件中的参数"), "{run_id}");
    for name in ["word/styles.xml", "word/fontTable.xml"] {
        assert!(part(&path, name).contains("方正小标宋简体"), "{name}");
    }
}

#[test]
fn exact_the_page_needs_no_network_and_holds_the_figures() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("run");
    run(&place, &["--set", "title_zh=<b>甲&乙</b>"]);
    report(&place, &["--formats", "html"]).good();
    let page = std::fs::read_to_string(place.join("report.html")).expect("a page");
    let asked: Vec<&str> =
        page.split("http").skip(1).filter(|rest| !rest.contains("www.w3.org/2000/svg")).collect();
    assert!(
        asked.iter().all(|rest| rest.starts_with("://www.w3.org")) && !page.contains("src="),
        "{asked:?}"
    );
    assert!(page.contains("&lt;b&gt;甲&amp;乙&lt;/b&gt;") && !page.contains("<b>甲"));
    let count = |what: &str| page.matches(what).count();
    assert_eq!(count("<table>"), count("<caption>"));
    assert_eq!((count("<figure>"), count("<svg "), count("role=\"img\"")), (20, 20, 20));
    for row in table(&place, "projection.csv").iter().filter(|row| total(row)) {
        let wan = row[6].parse::<f64>().expect("an amount") / 10_000.0;
        assert!(page.contains(&format!("data-value=\"{wan}\"")), "{row:?}");
    }
}

#[test]
fn refused_what_is_no_run_or_not_as_it_was_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("run");
    run(&place, &[]);
    let nowhere = folder.path().join("nowhere");
    let both = fundcast(&[
        "report",
        &nowhere.display().to_string(),
        &folder.path().display().to_string(),
        "--lang",
        "en",
    ]);
    let done = both.run().refused();
    assert!(done.contains("there is no such folder") && done.contains("holds no run"), "{}", done);

    let record = std::fs::read_to_string(place.join("run.json")).expect("a record");
    let changed = |text: &str| std::fs::write(place.join("run.json"), text).expect("written");
    changed(&record.replace("\"schema_version\": 1", "\"schema_version\": 7"));
    assert!(report(&place, &["--lang", "en"]).refused().contains("version of the run's files is 7"));
    changed(&record.replace("\"schema_version\": 1,", ""));
    assert!(report(&place, &[]).refused().contains("未注明"));
    changed(&record[..record.len() / 2]);
    assert!(report(&place, &["--lang", "en"]).refused().contains("run.json: cannot be read"));
    changed(&record);

    let people = std::fs::read_to_string(place.join("people.csv")).expect("a table");
    std::fs::write(place.join("people.csv"), people.replacen("530", "531", 1)).expect("written");
    std::fs::remove_file(place.join("watch.csv")).expect("removed");
    let done = report(&place, &["--lang", "en"]).refused();
    assert!(
        done.contains("missing: watch.csv") && done.contains("changed since the run wrote them: people.csv"),
        "{}",
        done
    );
    assert!(!place.join("report.xlsx").exists());
}

#[test]
fn exact_documents_are_the_runs_own_files_and_are_replaced_as_such() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("run");
    run(&place, &[]);
    std::fs::write(place.join("notes.txt"), "mine").expect("written");
    let before = std::fs::read_to_string(place.join("run.json")).expect("a record");
    report(&place, &["--formats", "xlsx"]).good();
    let path = place.join("report.xlsx");
    let first = std::fs::read(&path).expect("a workbook");

    // The record names the document; whatever else it says stays as it was, to the byte.
    let after = std::fs::read_to_string(place.join("run.json")).expect("a record");
    let lines: Vec<&str> = after.lines().filter(|line| !line.contains("report.xlsx")).collect();
    assert_eq!(lines, before.lines().collect::<Vec<_>>());
    assert!(after.contains(&format!("\"report.xlsx\": \"{}\"", blake3::hash(&first).to_hex())));

    assert!(report(&place, &[]).refused().contains("已有 report.xlsx；加 --force 替换"));
    let all =
        || ["report.docx", "report.xlsx", "report.html"].map(|name| std::fs::read(place.join(name)).ok());
    assert_eq!(all().iter().flatten().count(), 1, "nothing is written where something is refused");
    report(&place, &["--force"]).good();
    let written = all();
    report(&place, &["--force"]).good();
    assert!(all() == written && written.iter().all(Option::is_some), "the same run gives the same bytes");
    assert!(std::fs::read(&path).expect("a workbook") == first, "the same run gives the same bytes");

    std::fs::write(&path, b"edited").expect("written");
    assert!(report(&place, &["--force"]).refused().contains("写出后被改动：report.xlsx"));
    // A paper that somebody went on writing keeps nothing else from being made.
    report(&place, &["--force", "--formats", "html"]).good();
    assert_eq!(std::fs::read(&path).expect("a workbook"), b"edited");
    std::fs::remove_file(&path).expect("removed");
    report(&place, &["--formats", "xlsx"]).good();

    // A new run of the scenario does not leave the document of the old one beside it.
    run(&place, &["--force", "--seed", "7"]);
    assert!(!path.exists() && place.join("notes.txt").exists());
    std::fs::write(&path, b"mine").expect("written");
    assert!(report(&place, &["--force"]).refused().contains("report.xlsx 不是本程序写的，不覆盖"));
    let english = report(&place, &["--force", "--lang", "en"]).refused();
    assert!(english.contains("was not written by this program"), "{english}");
}

/// A document that somebody else made or went on writing is found before anything is simulated: nothing changes.
#[test]
fn exact_somebody_elses_document_stops_a_run_before_it_begins() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("run");
    run(&place, &[]);
    let state = || {
        let mut all: Vec<(String, Vec<u8>)> = std::fs::read_dir(&place)
            .expect("a folder")
            .map(|entry| entry.expect("an entry").path())
            .filter(|path| path.is_file())
            .map(|path| (path.display().to_string(), std::fs::read(path).expect("a file")))
            .collect();
        all.sort();
        all
    };
    std::fs::write(place.join("report.docx"), "mine").expect("written");
    let now = state();
    let out = place.display().to_string();
    let more = ["--force", "--report", "docx,xlsx", "--seed", "7", "--county", "港口区", "--out", &out];
    let size = ["--replicates", "3", "--dpi", "50"];
    for command in ["run", "budget"] {
        for precision in [&size[..], &["--precision", "20%", "--dpi", "50"]] {
            let said = fundcast(&[command, FANGCHENGGANG]).with(&more).with(precision).run().refused();
            assert!(said.contains("report.docx 不是本程序写的，不覆盖；请移走或改名"), "{said}");
            assert_eq!(state(), now);
        }
    }
    // Without that document the run is replaced, and what is somebody else's stays beside it.
    let others = ["--force", "--report", "xlsx", "--county", "港口区", "--out", &out, "--quiet"];
    fundcast(&["run", FANGCHENGGANG]).with(&others).with(&size).run().good();
    assert_eq!(std::fs::read(place.join("report.docx")).expect("a paper"), b"mine");
    // One of the program's own that was changed since.
    std::fs::write(place.join("report.xlsx"), "edited").expect("written");
    let now = state();
    let said = fundcast(&["run", FANGCHENGGANG]).with(&others).with(&size).run().refused();
    assert!(said.contains("写出后被改动：report.xlsx"), "{said}");
    assert_eq!(state(), now);
}

/// Where the spread comes from stands in the documents as in the table: the picture, and a sentence with its shares.
#[test]
fn a_report_says_where_the_spread_comes_from() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("run").display().to_string();
    let size = ["--county", "450602", "--years", "2022", "--replicates", "80", "--dpi", "50", "--quiet"];
    fundcast(&[&["run", FANGCHENGGANG, "--out", &out][..], &size].concat()).run().good();
    fundcast(&["report", &out, "--formats", "html"]).run().good();
    let page = std::fs::read_to_string(folder.path().join("run/report.html")).expect("a page");
    assert!(page.contains("末年支出的不确定性来自哪里"), "the picture");
    let table = std::fs::read_to_string(folder.path().join("run/uncertainty.csv")).expect("a table");
    let row = table.lines().find(|line| line.contains(",2022,total,counts,total,")).expect("the counts");
    let share: f64 = row.split(',').nth(6).and_then(|share| share.parse().ok()).expect("a share");
    assert!(
        page.contains("2022年支出的方差来自：")
            && page.contains(&format!("各类对象人数{:.1}%", share * 100.0)),
        "{row}"
    );
    // A run that is too small to tell says nothing.
    let few = folder.path().join("few").display().to_string();
    let size = ["--county", "450602", "--years", "2022", "--replicates", "20", "--dpi", "50", "--quiet"];
    fundcast(&[&["run", FANGCHENGGANG, "--out", &few][..], &size].concat()).run().good();
    fundcast(&["report", &few, "--formats", "html"]).run().good();
    let page = std::fs::read_to_string(folder.path().join("few/report.html")).expect("a page");
    assert!(!page.contains("支出的方差来自") && !folder.path().join("few/uncertainty.csv").exists());
}

/// A table as texts by the names of its columns.
pub(crate) fn named(folder: &Path, file: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let bytes = std::fs::read(folder.join(file)).expect("a table");
    let text = String::from_utf8(bytes.clone()).expect("UTF-8");
    let header: Vec<&str> =
        text.trim_start_matches('\u{feff}').lines().next().expect("headings").split(',').collect();
    let named = |row: Vec<String>| header.iter().map(|name| (*name).to_owned()).zip(row).collect();
    rows(&bytes).into_iter().map(named).collect()
}

/// The paper of a budget, written with the results: what each safety needs, how safe the budgets in force are, the accounts
/// and what pooling saves, with their charts.
#[test]
fn exact_the_paper_of_a_budget_holds_budgets_accounts_and_pooling() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("run");
    let out = place.display().to_string();
    let size =
        ["--replicates", "3", "--county", "东兴市", "--county", "港口区", "--dpi", "50", "--waiting", "0"];
    let args =
        ["budget", "scenarios/fangchenggang-fund.toml", "--quiet", "--report", "docx,html", "--out", &out];
    fundcast(&args).with(&size).run().good();
    assert!(!place.join("report.xlsx").exists());
    let page = std::fs::read_to_string(place.join("report.html")).expect("a page");
    for caption in [
        "2025年医疗救助基金：不同把握所需预算",
        "2025年各出资方合计：不同把握所需预算",
        "基金收支和结余",
        "统筹可节省的备付",
    ] {
        assert!(page.contains(caption), "{caption}");
    }
    let holds = |row: &std::collections::BTreeMap<String, String>, name: &str, scale: f64| {
        let Ok(value) = row[name].parse::<f64>() else { return };
        assert!(page.contains(&format!("data-value=\"{}\"", value / scale)), "{name} of {row:?}");
    };
    for row in named(&place, "budget.csv").iter().filter(|row| row["year"] == "2025") {
        for name in ["budget_yuan", "shortfall_yuan", "needed_p80_yuan", "needed_p95_yuan", "needed_p99_yuan"]
        {
            holds(row, name, 10_000.0);
        }
        holds(row, "exceeded_share", 1.0);
    }
    for row in &named(&place, "account.csv") {
        ["revenue_yuan", "balance_yuan", "top_up_p95_yuan"]
            .iter()
            .for_each(|name| holds(row, name, 10_000.0));
        holds(row, "short_share", 1.0);
    }
    for row in named(&place, "pooling.csv").iter().filter(|row| row["year"] == "2025") {
        holds(row, "saved_yuan", 10_000.0);
    }
    let pictures = part(&place.join("report.docx"), "word/document.xml").matches("<w:drawing>").count();
    assert_eq!(pictures, 22, "as of a run, the balance and when money runs out");
    // The documents are files of the run, and go with it.
    let again = ["budget", "scenarios/fangchenggang-fund.toml", "--quiet", "--force", "--out", &out];
    fundcast(&again).with(&size).run().good();
    assert!(!place.join("report.docx").exists());
    let with_solve = ["--solve", "revenue", "--until", "P(short) <= 5%", "--report", "docx"];
    let done = fundcast(&["budget", "scenarios/fangchenggang-fund.toml"]).with(&with_solve).run();
    assert!(done.code == 2 && done.err.contains("--report"), "{}", done.err);
}
