//! The page in a browser, where there is one: no error on the console, every figure to be seen, nothing wider than a
//! phone, and what is picked is what the tables say. `.ci/run` installs the browser.

use std::path::Path;
use std::process::Command;

use crate::command::{FANGCHENGGANG, fundcast, opened_with};
use crate::documents::{HELD, named};

/// What the browser is asked once the page stands there: the answers are put into an element of their own.
const QUESTIONS: &str = r##"<script>
const seen = (element) => element.getClientRects().length > 0;
const answers = {};
answers.unseen = [...document.querySelectorAll("td, th, svg, caption, h2")].filter((one) => !seen(one)).length;
answers.wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
answers.labels = [...document.querySelectorAll("#lookup select")].every((one) => one.labels.length === 1);
const [county, year, payer, figure] = [...document.querySelectorAll("#lookup select")].slice(-4);
const pick = (select, text) => {
  select.value = [...select.options].find((option) => option.text === text).value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
};
pick(county, COUNTY); pick(year, YEAR); pick(payer, PAYER); pick(figure, FIGURE);
const rows = [...document.querySelectorAll("#lookup tbody tr")];
answers.picked = rows.map((row) => [...row.cells].filter(seen).map((cell) => cell.textContent));
pick(county, county.options[0].text);
answers.counties = document.querySelectorAll("#lookup tbody tr").length;
document.querySelector("#lookup thead th:last-child button")?.click();
answers.status = document.querySelector("#lookup .count").textContent;
const out = document.createElement("pre");
out.id = "answers";
out.textContent = JSON.stringify(answers);
document.body.append(out);
</script></body>"##;

/// What a reader picks on the page, as it is called there.
struct Picked<'a> {
    county: &'a str,
    year: &'a str,
    payer: &'a str,
    figure: &'a str,
}

impl Picked<'_> {
    fn questions(&self) -> String {
        let quoted = |text: &str| serde_json::to_string(text).expect("a text");
        QUESTIONS
            .replace("COUNTY", &quoted(self.county))
            .replace("YEAR", &quoted(self.year))
            .replace("PAYER", &quoted(self.payer))
            .replace("FIGURE", &quoted(self.figure))
    }
}

/// The page as the browser has it after the questions, and what it wrote on its console; `None` without a browser.
fn opened(page: &Path, profile: &Path, width: u32) -> Option<(String, String)> {
    let mut browser = Command::new("chromium");
    browser
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--enable-logging=stderr", "--virtual-time-budget=5000", "--dump-dom"])
        .arg(format!("--window-size={width},900"))
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("file://{}", page.display()));
    let done = opened_with(&mut browser)?;
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Some((text(done.stdout), text(done.stderr)))
}

/// Asks the page of a folder, in a window of a width; `None` without a browser.
fn ask(folder: &Path, picked: &Picked<'_>, width: u32) -> Option<serde_json::Value> {
    let page = std::fs::read_to_string(folder.join("report.html")).expect("a page");
    let asked = folder.join("asked.html");
    std::fs::write(&asked, page.replace("</body>", &picked.questions())).expect("written");
    let profile = tempfile::tempdir().expect("a folder");
    let (dom, console) = opened(&asked, profile.path(), width)?;
    assert!(!console.contains(":CONSOLE"), "{console}");
    let (_, answers) =
        dom.split_once("<pre id=\"answers\">").unwrap_or_else(|| panic!("no answers: {console}"));
    let (answers, _) = answers.split_once("</pre>").expect("an end");
    Some(serde_json::from_str(answers).expect("answers"))
}

#[test]
fn figures_of_a_run_are_looked_up_in_a_browser() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("run");
    let out = place.display().to_string();
    let size = ["--replicates", "8", "--years", "2024-2025", "--county", "东兴市", "--county", "港口区"];
    fundcast(&["run", FANGCHENGGANG, "--quiet", "--dpi", "50", "--out", &out]).with(&size).run().good();
    fundcast(&["report", &out, "--formats", "html"]).run().good();
    let picked = Picked { county: "东兴市", year: "2024", payer: "县级财政", figure: "P50" };
    for width in [1280, 500] {
        let Some(answers) = ask(&place, &picked, width) else {
            return;
        };
        assert_eq!(answers["unseen"], 0, "{answers}");
        assert_eq!(answers["labels"], true, "{answers}");
        assert!(answers["wide"].as_i64() <= Some(0), "{width}: {answers}");
        let figure = answers["picked"][0][3].as_str().expect("a figure");
        let rows = named(&place, "projection.csv");
        let row = rows.iter().find(|row| {
            row["county"] == "东兴市"
                && row["year"] == "2024"
                && row["line"] == "total"
                && row["funder"] == "county_finance"
        });
        let yuan: f64 = row.expect("a row")["p50_yuan"].parse().expect("an amount");
        let shown: f64 =
            figure.split(' ').next().expect("a number").replace(',', "").parse().expect("a number");
        assert!((shown - yuan / 10_000.0).abs() <= 0.005_000_1, "{figure} {yuan}");
        assert_eq!(answers["counties"], 3, "two counties and all: {answers}");
        assert!(answers["status"].as_str().is_some_and(|text| text.contains('3')), "{answers}");
    }
}

#[test]
fn differences_are_looked_up_in_a_browser() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("compared");
    let out = place.display().to_string();
    let size =
        ["--replicates", "3", "--years", "2024-2025", "--county", "东兴市", "--dpi", "50", "--lang", "en"];
    fundcast(&["compare", FANGCHENGGANG, HELD, "--quiet", "--out", &out]).with(&size).run().good();
    fundcast(&["report", &out, "--formats", "html", "--lang", "en"]).run().good();
    let picked = Picked { county: "All counties", year: "2025", payer: "Total", figure: "Mean difference" };
    let Some(answers) = ask(&place, &picked, 1280) else {
        return;
    };
    let shown = answers["picked"][0][4].as_str().expect("a figure");
    assert!(shown.starts_with('+') && shown.contains(" … +"), "{answers}");
}
