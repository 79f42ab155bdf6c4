//! Where numbers come from, in both languages: papers in Chinese quote the sources of the files.

use std::path::PathBuf;

use crate::command::{FANGCHENGGANG, fundcast};
use crate::support::path;

fn is_chinese(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter)
}

fn files() -> Vec<PathBuf> {
    let mut folders = vec![path("scenarios")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let file = entry.expect("an entry").path();
            if file.is_dir() {
                folders.push(file);
            } else if file.extension().is_some_and(|kind| kind == "toml") {
                files.push(file);
            }
        }
    }
    files
}

#[test]
fn every_source_of_a_shipped_file_is_given_in_chinese() {
    let mut missing = Vec::new();
    let mut n = 0;
    for file in files() {
        let text = std::fs::read_to_string(&file).expect("a file");
        let table: toml::Table = text.parse().expect("a table");
        for entry in table.get("provenance").and_then(toml::Value::as_array).into_iter().flatten() {
            n += 1;
            let zh = entry.get("source_zh").and_then(toml::Value::as_str).unwrap_or_default();
            if !zh.chars().any(is_chinese) {
                missing.push(format!("{}: {:?}", file.display(), entry["source"]));
            }
        }
    }
    assert!(missing.is_empty() && n > 100, "{n} entries, without Chinese: {missing:#?}");
}

#[test]
fn a_paper_quotes_sources_in_its_language() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("run").display().to_string();
    let size = ["--replicates", "2", "--years", "2025", "--county", "东兴市", "--dpi", "50"];
    fundcast(&["run", FANGCHENGGANG, "--quiet", "--out", &out]).with(&size).run().good();
    let page = |lang: &str| {
        fundcast(&["report", &out, "--formats", "html", "--lang", lang, "--force"]).run().good();
        std::fs::read_to_string(folder.path().join("run/report.html")).expect("a page")
    };
    let policy = std::fs::read_to_string(path("scenarios/models/guangxi.toml")).expect("a model");
    let table: toml::Table = policy.parse().expect("a table");
    let assumed = table["provenance"]
        .as_array()
        .expect("entries")
        .iter()
        .filter(|entry| entry["status"].as_str() == Some("assumed"));
    let (zh, en) = (page("zh"), page("en"));
    let shown = |text: &toml::Value| {
        let text = text.as_str().expect("a text");
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
    };
    let mut n = 0;
    for entry in assumed {
        let [in_zh, in_en] = ["source_zh", "source"].map(|key| shown(&entry[key]));
        assert!(zh.contains(&in_zh) && !zh.contains(&in_en), "{in_en}");
        assert!(en.contains(&in_en) && !en.contains(&in_zh), "{in_zh}");
        n += 1;
    }
    assert!(n > 5, "{n}");
}

#[test]
fn every_count_of_a_shipped_place_has_its_source_in_chinese() {
    let mut n = 0;
    for place in std::fs::read_dir(path("scenarios/places")).expect("a folder") {
        let file = place.expect("an entry").path().join("categories.csv");
        // A place of the census has no table: its sources are those of the shares.
        if !file.is_file() {
            continue;
        }
        let mut reader = csv::Reader::from_path(&file).expect("a table");
        let column = reader.headers().expect("headings").iter().position(|heading| heading == "source_zh");
        let column = column.unwrap_or_else(|| panic!("{}: no source_zh", file.display()));
        for row in reader.records() {
            let row = row.expect("a row");
            assert!(row[column].chars().any(is_chinese), "{}: {row:?}", file.display());
            n += 1;
        }
    }
    assert!(n > 100, "{n}");
}
