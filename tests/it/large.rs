//! Many cases, and many claims of one person: settled in a time that grows with their number, in memory that hardly does.

use std::fmt::Write;
use std::time::{Duration, Instant};

use crate::command::{FANGCHENGGANG, fundcast};

fn claims(n: usize, of: usize) -> String {
    let mut text = String::new();
    for number in 0..n {
        let (month, day) = (1 + (number + of) % 12, 1 + (number / 12) % 28);
        let kind = if number % 3 == 0 { "inpatient" } else { "outpatient_major" };
        let total = 200 + (of * 37 + number * 911) % 60_000;
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(
            text,
            "{comma}{{\"id\":\"c{number}\",\"kind\":\"{kind}\",\"admitted\":\"2023-{month:02}-{day:02}\",\
             \"level\":\"tertiary\",\"total\":{total}}}"
        );
    }
    text
}

fn case(number: usize, more: &str, n_claims: usize) -> String {
    let county = ["上思县", "东兴市", "港口区", "防城区"][number % 4];
    let claims = claims(n_claims, number);
    format!(
        "{{\"case\":\"P{number}\",\"county\":\"{county}\",\"year\":2023,\"age\":{},{more}\"claims\":[{claims}]}}\n",
        20 + number % 60
    )
}

#[test]
fn exact_the_claims_of_one_person_cost_no_more_than_their_number() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("cases");
    let dibao = "\"identities\":[{\"category\":\"dibao\",\"from\":\"2022-01\"}],";
    std::fs::write(&path, case(0, dibao, 60_000)).expect("a file");
    let began = Instant::now();
    let path = path.display().to_string();
    let answers = fundcast(&["settle", FANGCHENGGANG, "--cases", &path]).run().good();
    // A hundred and seventy seconds while each claim looked at all others.
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    let answer: serde_json::Value = serde_json::from_str(&answers).expect("an answer");
    assert_eq!(answer["claims"].as_array().expect("claims").len(), 60_000);
}

/// So many answers that they are not kept: the same bytes as of few, in little memory.
#[cfg(target_os = "linux")]
#[test]
fn exact_many_cases_are_settled_in_little_memory() {
    const N: usize = 80_000;
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let text: String = (0..N).map(|number| case(number, "", 1 + number % 3)).collect();
    std::fs::write(at("all"), &text).expect("a file");
    let part: String = text.lines().skip(N / 2).take(100).fold(String::new(), |all, line| all + line + "\n");
    let line = format!(
        "ulimit -v 400000; exec '{}' settle {FANGCHENGGANG} --cases '{}' > '{}'",
        env!("CARGO_BIN_EXE_fundcast"),
        at("all"),
        at("answers")
    );
    let root = crate::support::path("");
    let done =
        std::process::Command::new("sh").args(["-c", &line]).current_dir(root).output().expect("a shell");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let answers = std::fs::read_to_string(at("answers")).expect("answers");
    assert!(answers.len() > 40_000_000, "so few answers are kept: {} bytes", answers.len());
    assert_eq!(answers.lines().count(), N);
    let alone = fundcast(&["settle", FANGCHENGGANG, "--cases", "-"]).input(part).run().good();
    assert!(alone.lines().eq(answers.lines().skip(N / 2).take(100)));
}

/// Persons of two years and members of a household far from each other: each in its line, as by themselves.
#[test]
fn exact_answers_stand_in_the_order_of_the_cases() {
    let together = |number: usize| format!("\"household\":\"H{}\",", number % 50);
    let cases: Vec<String> = (0..200).map(|number| case(number, &together(number), 2)).collect();
    let one_county: Vec<String> = cases
        .iter()
        .map(|line| {
            ["东兴市", "港口区", "防城区"]
                .iter()
                .fold(line.clone(), |line, name| line.replace(name, "上思县"))
        })
        .collect();
    let settle = |lines: &[String]| {
        fundcast(&["settle", FANGCHENGGANG, "--cases", "-"]).input(lines.concat()).run().good()
    };
    let answers = settle(&one_county);
    assert_eq!(answers.lines().count(), 200);
    for (number, line) in answers.lines().enumerate() {
        assert!(line.starts_with(&format!("{{\"case\":\"P{number}\"")), "{line}");
    }
    let household: Vec<String> = one_county.iter().skip(7).step_by(50).cloned().collect();
    assert!(settle(&household).lines().eq(answers.lines().skip(7).step_by(50)));
}

#[test]
fn exact_faults_of_many_cases_are_told_together() {
    let mut lines: Vec<String> = (0..30).map(|number| case(number, "", 1)).collect();
    lines[3] = lines[3].replace("\"year\":2023", "\"year\":1999");
    lines[7] = "nonsense\n".to_owned();
    lines[20] = lines[5].clone();
    let said = fundcast(&["settle", FANGCHENGGANG, "--cases", "-"]).input(lines.concat()).run().refused();
    for words in [
        "standard input:4: year = 1999",
        "standard input:8: is not one JSON object",
        "standard input:21: case = \"P5\"",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(said.contains("3 faults found; nothing was settled"), "{said}");
}
