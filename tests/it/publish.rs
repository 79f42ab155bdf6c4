//! `--publish`: no number of fewer than ten persons is in any file of the folder, nor to be had from one.

use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use calamine::{Data, Reader, Xlsx};
use serde_json::Value;

use crate::command::{Done, FANGCHENGGANG, fundcast};

const HELD: &str = "scenarios/fangchenggang-subsidy-held.toml";

/// The shipped counties have nine persons who fell back into poverty, or fewer.
const SMALL: [&str; 4] = ["--county", "港口区", "--county", "东兴市"];

fn made(args: &[&str], folder: &Path) -> PathBuf {
    let out = folder.join("run").display().to_string();
    let small = ["--replicates", "3", "--quiet", "--dpi", "50", "--publish", "--lang", "en", "--out", &out];
    fundcast(args).with(&SMALL).with(&small).run().good();
    folder.join("run-published")
}

/// The rows of a table, its header first.
type Rows = Vec<Vec<String>>;

/// The tables of a folder by file, with the rows of `columns.csv`.
fn tables(folder: &Path) -> (Rows, Vec<(String, Rows)>) {
    let read = |name: &str| -> Rows {
        let text = String::from_utf8(std::fs::read(folder.join(name)).expect("a table")).expect("UTF-8");
        let text = text.trim_start_matches('\u{feff}').as_bytes();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text);
        reader.records().map(|row| row.expect("a row").iter().map(ToOwned::to_owned).collect()).collect()
    };
    let columns = read("columns.csv");
    let mut files: Vec<String> = columns.iter().skip(1).map(|row| row[0].clone()).collect();
    files.dedup();
    files.retain(|file| file.ends_with(".csv"));
    (columns, files.into_iter().map(|file| (file.clone(), read(&file))).collect())
}

/// A number of at least one person and fewer than ten.
fn is_few(field: &str) -> bool {
    field.parse().is_ok_and(|number: f64| number != 0.0 && number.abs() < 10.0)
}

/// Every count of persons or payments, with its place, of every table.
fn counts(folder: &Path) -> Vec<(String, String)> {
    let (columns, tables) = tables(folder);
    let mut found = Vec::new();
    for (file, rows) in &tables {
        for (at, name) in rows[0].iter().enumerate() {
            let of = columns.iter().find(|row| row[0] == *file && row[1] == *name).expect("a known column");
            let is_count = ["persons", "payments", "persons or households"].contains(&of[3].as_str());
            if is_count && !name.contains("_se") {
                found.extend(
                    rows.iter().skip(1).map(|row| (format!("{file} {name} {row:?}"), row[at].clone())),
                );
            }
        }
    }
    found
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
}

fn on(folder: &Path, args: &[&str]) -> Done {
    let folder = folder.display().to_string();
    fundcast(&[&args[..1], &[folder.as_str()], &args[1..], &["--lang", "en"]].concat()).run()
}

#[test]
fn exact_no_count_of_fewer_than_ten_is_in_a_published_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = made(&["run", FANGCHENGGANG, "--report", "docx,xlsx,html"], folder.path());
    let all = counts(&place);
    for (place, field) in &all {
        assert!(!is_few(field), "{place}");
    }
    assert!(all.iter().filter(|(_, field)| field == "<10").count() > 100);
    let of_run = counts(&folder.path().join("run"));
    assert_eq!(of_run.len(), all.len());
    let n_few = of_run.iter().filter(|(_, field)| is_few(field)).count();
    assert!(n_few > 100, "{n_few}");
    // What is not few is off by at most five.
    for ((_, before), (place, after)) in of_run.iter().zip(&all) {
        let [before, after] = [before, after].map(|field| field.parse::<f64>());
        if let (Ok(before), Ok(after), false) = (before, after, place.contains(" residents ")) {
            assert!((before - after).abs() <= 5.0 && after % 10.0 == 0.0, "{place}: {before}");
        }
    }
    documents(&place);
    left_out(&place);
}

/// The documents show the counts of the published tables.
fn documents(folder: &Path) {
    let bytes = std::fs::read(folder.join("report.xlsx")).expect("a workbook");
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a whole workbook");
    assert!(!book.sheet_names().contains(&"Trials".to_owned()));
    let people = book.worksheet_range("People").expect("a sheet");
    let headings: Vec<String> =
        people.rows().nth(3).expect("headings").iter().map(ToString::to_string).collect();
    let mut n_hidden = 0;
    for row in people.rows().skip(4) {
        let counts =
            row.iter().zip(&headings).skip(4).filter(|(_, heading)| !heading.contains("tandard error"));
        for (cell, heading) in counts {
            match cell {
                Data::String(text) => n_hidden += usize::from(text == "<10"),
                Data::Float(number) => assert!(*number == 0.0 || *number >= 10.0, "{heading}: {row:?}"),
                _ => {}
            }
        }
    }
    assert!(n_hidden > 10);
    let page = std::fs::read_to_string(folder.join("report.html")).expect("a page");
    let seed = "20220801";
    assert!(
        page.contains("&lt;10")
            && page.contains("For publication: counts of fewer than ten")
            && !page.contains(seed)
    );
    let paper = std::fs::File::open(folder.join("report.docx")).expect("a paper");
    let mut paper = zip::ZipArchive::new(paper).expect("a packed paper");
    let mut text = String::new();
    paper.by_name("word/document.xml").expect("a text").read_to_string(&mut text).expect("a text");
    assert!(text.contains("&lt;10") && !text.contains(seed));
}

/// Nothing from which the counts could be guessed is in the folder.
fn left_out(folder: &Path) {
    assert!(!folder.join("inputs").exists() && !folder.join("trials.parquet").exists());
    assert!(folder.join("charts/spending_by_county.png").is_file());
    let record = json(&folder.join("run.json"));
    assert_eq!(record["published"], true);
    for key in ["seed", "typed", "scenario_files", "work", "seconds"] {
        assert!(record.get(key).is_none(), "{key}");
    }
    for key in ["input_hash", "files", "own", "kept", "warnings"] {
        assert!(record["inputs"][0].get(key).is_none(), "{key}");
    }
    let id = record["publication"]["id"].as_str().expect("an id");
    let page = std::fs::read_to_string(folder.join("report.html")).expect("a page");
    assert!(page.contains(&id[..8]));
}

#[test]
fn exact_a_published_comparison_hides_the_same_groups() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = made(&["compare", FANGCHENGGANG, HELD], folder.path());
    for (place, field) in counts(&place) {
        assert!(!is_few(&field), "{place}");
    }
    let (_, tables) = tables(&place);
    let (_, categories) =
        tables.iter().find(|(file, _)| file == "difference_categories.csv").expect("a table");
    let small = categories.iter().filter(|row| row[2] == "450602" && row[5] == "returned_poor");
    let money: Vec<&String> = small.map(|row| &row[7]).collect();
    assert!(!money.is_empty() && money.iter().all(|field| *field == ".."), "{money:?}");
}

#[test]
fn exact_a_published_folder_is_told_from_a_run() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = made(&["run", FANGCHENGGANG], folder.path());
    let verified = on(&place, &["verify"]);
    assert_eq!(verified.code, 0, "{}", verified.err);
    assert!(verified.out.contains("only its files are held against their hashes"), "{}", verified.out);
    let again = on(&place, &["verify", "--rerun"]);
    assert_eq!(again.code, 1);
    assert!(again.out.contains("rerun: not possible"), "{}", again.out);
    let refused = on(&place, &["report"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("a folder for publication"), "{}", refused.err);
    // Made again from the run it is the same; what is there is not replaced without being asked.
    let run = folder.path().join("run");
    let id = json(&place.join("run.json"))["publication"]["id"].clone();
    assert_eq!(on(&run, &["report", "--publish"]).code, 2);
    on(&run, &["report", "--publish", "--formats", "html", "--force"]).good();
    assert_eq!(json(&place.join("run.json"))["publication"]["id"], id);
    assert!(place.join("report.html").is_file() && !run.join("report.html").exists());
    std::fs::write(place.join("people.csv"), "x").expect("written");
    assert_eq!(on(&place, &["verify"]).code, 1);
}

#[test]
fn an_amount_that_is_not_published_is_no_nought_in_a_chart() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("run").display().to_string();
    let size =
        ["--replicates", "3", "--years", "2025", "--county", "港口区", "--county", "防城区", "--dpi", "50"];
    let how = ["--quiet", "--publish", "--lang", "en", "--out", &out];
    fundcast(&["run", FANGCHENGGANG]).with(&size).with(&how).run().good();
    let charts = std::fs::read_dir(folder.path().join("run-published/charts")).expect("a folder");
    let heat: String = charts
        .map(|chart| chart.expect("a chart").path())
        .filter(|chart| chart.extension().is_some_and(|kind| kind == "svg"))
        .filter(|chart| {
            chart.file_stem().is_some_and(|name| name.to_string_lossy().starts_with("heat_categories"))
        })
        .map(|chart| std::fs::read_to_string(chart).expect("a chart"))
        .collect();
    assert!(heat.contains("back") && heat.contains("Gangkou"), "who fell back into poverty, by county");
    assert!(heat.split('>').any(|text| text.trim_start().starts_with('–')), "{heat}");
}
