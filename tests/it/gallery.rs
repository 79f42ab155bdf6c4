//! The gallery has every kind of chart that the program draws, and the charts come in every format and size.

use std::collections::BTreeSet;

use fundcast::report::chart_kinds::KINDS;

use crate::command::{FANGCHENGGANG, fundcast};
use crate::support::text;
use crate::tables::{number, rows};

/// The names that sources give to charts.
fn drawn() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).expect("a source");
            let source = source.split("#[cfg(test)]").next().unwrap_or_default();
            for call in ["Figure::page(\"", "numbered(\""] {
                let found = source.split(call).skip(1).filter_map(|rest| rest.split('"').next());
                names.extend(found.map(ToOwned::to_owned));
            }
        }
    }
    names
}

#[test]
fn exact_every_kind_of_chart_stands_in_the_gallery() {
    let kinds: BTreeSet<String> = KINDS.iter().map(|kind| kind.name.to_owned()).collect();
    assert_eq!(drawn(), kinds, "report::chart_kinds has what is drawn");
    let page = text("docs/gallery.md");
    let mut bytes = 0;
    for kind in KINDS {
        let file = format!("gallery/{}.svg", kind.name);
        assert!(page.contains(&format!("]({file})")), "{file}: `cargo run --release --example gallery`");
        assert!(page.contains(&format!("## {}\n\n{}\n", kind.zh, kind.en)), "{}", kind.name);
        let svg = text(&format!("docs/{file}"));
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"), "{file}");
        bytes += svg.len();
    }
    assert!(bytes < 2_000_000, "{bytes} bytes of pictures");
}

/// The pictures of the first screen are of as many replicates as their captions say.
#[test]
fn exact_the_first_screen_shows_what_its_caption_says() {
    let page = text("README.md");
    for (lang, said, drawn) in [("en", "200 replicates", "200 replicates"), ("zh", "模拟200次", "模拟200次")]
    {
        assert!(page.contains(&format!("(docs/gallery/first-{lang}.svg)")) && page.contains(said));
        assert!(text(&format!("docs/gallery/first-{lang}.svg")).contains(drawn), "{lang}");
    }
}

#[test]
fn charts_are_written_in_the_formats_and_the_size_that_are_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("run");
    let shown = out.display().to_string();
    let size = ["--replicates", "2", "--years", "2023", "--county", "东兴市", "--quiet", "--out", &shown];
    let asked = ["--charts", "pdf,svg", "--chart-size", "slide"];
    fundcast(&["run", FANGCHENGGANG]).with(&size).with(&asked).run().good();
    let names: Vec<String> = std::fs::read_dir(out.join("charts"))
        .expect("charts")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert!(names.iter().all(|name| !name.ends_with(".png")), "{names:?}");
    let of = |ending: &str| names.iter().filter(|name| name.ends_with(ending)).count();
    assert!(of(".svg") > 5 && of(".svg") == of(".pdf"), "{names:?}");
    for name in &names {
        let bytes = std::fs::read(out.join("charts").join(name)).expect("a chart");
        if name.ends_with(".pdf") {
            assert!(bytes.starts_with(b"%PDF-") && bytes.len() > 2_000, "{name}");
            // A slide of 338.7 by 190.5 mm in points.
            let text = String::from_utf8_lossy(&bytes).into_owned();
            assert!(text.contains("/MediaBox [0 0 960.0"), "{name}: {text:.400}");
        } else {
            let svg = String::from_utf8(bytes).expect("text");
            assert_eq!(fundcast::chart::size(&svg), Some((338.7, 190.5)), "{name}");
        }
    }
    let wrong = fundcast(&["run", FANGCHENGGANG]).with(&size).with(&["--charts", "gif"]).run();
    assert_eq!(wrong.code, 2);
}

/// What persons got of assistance on their bills, one by one, is what the run booked, to the fen; and the shares of the
/// largest bills grow to one.
#[test]
fn the_payers_of_bills_make_up_what_was_booked() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("run");
    let shown = out.display().to_string();
    let size = ["--replicates", "3", "--years", "2023-2024", "--county", "东兴市", "--county", "港口区"];
    let how = ["--bills", "3", "--charts", "svg", "--quiet", "--out", &shown];
    fundcast(&["run", FANGCHENGGANG]).with(&size).with(&how).run().good();
    let (payers, projection) = (rows(&out, "payers.csv"), rows(&out, "projection.csv"));
    for code in ["450602", "450681", "ALL"] {
        for year in ["2023", "2024"] {
            let own = |row: &&crate::tables::Row| row["county_code"] == code && row["year"] == year;
            let of = |payer: &str| -> f64 {
                let of_payer = payers.iter().filter(own).filter(|row| row["bill_payer"] == payer);
                of_payer.map(|row| number(row, "bill_yuan")).sum()
            };
            let booked: f64 = projection
                .iter()
                .filter(own)
                .filter(|row| {
                    row["funder"] == "total"
                        && !["total", "contribution_subsidy"].contains(&row["line"].as_str())
                })
                .map(|row| number(row, "mean_yuan"))
                .sum();
            let paid = of("assistance") + of("tilt");
            assert!(booked > 0.0 && (paid - booked).abs() < 0.05, "{code} {year}: {paid} {booked}");
            assert!(of("basic_insurance") > of("critical_insurance") && of("person") > 0.0);
        }
    }
    let lorenz = rows(&out, "lorenz.csv");
    let all: Vec<_> =
        lorenz.iter().filter(|row| row["county_code"] == "ALL" && row["year"] == "2024").collect();
    let shares: Vec<f64> = all.iter().map(|row| number(row, "top_bill_share")).collect();
    assert!(shares.windows(2).all(|pair| pair[0] < pair[1]) && (shares[shares.len() - 1] - 1.0).abs() < 1e-9);
    assert!(out.join("charts/payers.svg").is_file() && out.join("charts/lorenz.svg").is_file());
    let record = std::fs::read_to_string(out.join("run.json")).expect("a record");
    assert!(record.contains("\"bills\": 3"));
}
