//! Inputs of `settle` that are refused: exit code 2, nothing on standard output, and a message that names line,
//! field, value and what is allowed.

use std::sync::LazyLock;

use fundcast::cases::{Settler, json, typed};
use fundcast::scenario::Scenario;

use crate::command::{FANGCHENGGANG, fundcast, settle, settle_tables};
use crate::support::{scenario, text};

/// The example of the settlement contract.
const GOOD: &str = r#"{"case":"A1","county":"上思县","year":2023,"age":65,"sex":"f","insurance":"resident","identities":[{"category":"dibao","from":"2023-01","to":"2023-12"}],"traits":["severe_disability"],"recognised":"2023-11","claims":[{"id":"c1","kind":"inpatient","admitted":"2023-02-03","discharged":"2023-02-12","level":"tertiary","place":"city","referred":true,"total":52000.00,"out_of_scope":6000.00}]}"#;

const AMOUNT: &str = "must be an amount in yuan";
const DAY: &str = "must be a day that exists";
const MONTH: &str = "must be a month such as";
const NEEDED: &str = "this field is needed";

/// What is written instead of what, and the field, the value and what is allowed in the message.
type Bad = (&'static str, &'static str, &'static str, &'static str, &'static str);

const FIELDS: &[Bad] = &[
    (r#""case":"A1","#, "", "case", "missing", NEEDED),
    (r#""county":"上思县","#, "", "county", "missing", NEEDED),
    (r#""year":2023,"#, "", "year", "missing", NEEDED),
    (r#""age":65,"#, "", "age", "missing", NEEDED),
    (r#""category":"dibao","#, "", "identities[0].category", "missing", NEEDED),
    (r#""from":"2023-01","#, "", "identities[0].from", "missing", NEEDED),
    (r#""id":"c1","#, "", "claims[0].id", "missing", NEEDED),
    (r#""kind":"inpatient","#, "", "claims[0].kind", "missing", NEEDED),
    (r#""admitted":"2023-02-03","#, "", "claims[0].admitted", "missing", NEEDED),
    (r#""level":"tertiary","#, "", "claims[0].level", "missing", NEEDED),
    (r#""total":52000.00,"#, "", "claims[0].total", "missing", NEEDED),
    (r#""total":52000.00"#, r#""total":null"#, "claims[0].total", "missing", NEEDED),
    (r#""age":65"#, r#""age":65,"age":65"#, "age", "65", "stands twice"),
    (r#""total":52000.00"#, r#""total":52000.00,"total":1"#, "claims[0].total", "52000.00", "stands twice"),
    (r#""to":"2023-12""#, r#""to":"2023-12","to":"2023-11""#, "identities[0].to", "2023-12", "stands twice"),
    (r#""sex":"f""#, r#""sexe":"f""#, "sexe", "f", "unknown field; did you mean `sex`?"),
    (r#""level""#, r#""levell""#, "claims[0].levell", "tertiary", "unknown field; did you mean `level`?"),
    (r#""to":"#, r#""until":"#, "identities[0].until", "2023-12", "unknown field; known: category, from, to"),
];

const TYPES: &[Bad] = &[
    (r#""case":"A1""#, r#""case":7"#, "case", "7", "must be text"),
    (r#""county":"上思县""#, r#""county":true"#, "county", "true", "must be text"),
    (r#""year":2023"#, r#""year":"2023""#, "year", "\"2023\"", "must be a whole number"),
    (r#""age":65"#, r#""age":65.5"#, "age", "65.5", "must be a whole number from 0 to 130"),
    (r#""age":65"#, r#""age":true"#, "age", "true", "must be a whole number from 0 to 130"),
    (r#""sex":"f""#, r#""sex":1"#, "sex", "1", "must be text"),
    (r#""insurance":"resident""#, r#""insurance":{}"#, "insurance", "{}", "must be text"),
    (
        r#"[{"category":"dibao","from":"2023-01","to":"2023-12"}]"#,
        r#""dibao""#,
        "identities",
        "dibao",
        "must be a list of objects",
    ),
    (
        r#"["severe_disability"]"#,
        r#""severe_disability""#,
        "traits",
        "severe_disability",
        "must be a list of names",
    ),
    (r#"["severe_disability"]"#, "[1]", "traits", "[1]", "must be a list of names"),
    (r#""recognised":"2023-11""#, r#""recognised":202311"#, "recognised", "202311", "must be text"),
    (
        r#""admitted":"2023-02-03""#,
        r#""admitted":20230203"#,
        "claims[0].admitted",
        "20230203",
        "must be text",
    ),
    (r#""referred":true"#, r#""referred":"yes""#, "claims[0].referred", "\"yes\"", "must be true or false"),
    (r#""total":52000.00"#, r#""total":"52000""#, "claims[0].total", "\"52000\"", "must be a number of yuan"),
    (r#""total":52000.00"#, r#""total":[52000]"#, "claims[0].total", "[52000]", "must be a number of yuan"),
];

const NAMES: &[Bad] = &[
    (r#""county":"上思县""#, r#""county":"上思""#, "county", "上思", "must be a county of"),
    (r#""county":"上思县""#, r#""county":450699"#, "county", "450699", "no county has this name or code"),
    (
        r#""category":"dibao""#,
        r#""category":"dibo""#,
        "identities[0].category",
        "dibo",
        "did you mean `dibao`?",
    ),
    (
        r#""category":"dibao""#,
        r#""category":"ordinary""#,
        "identities[0].category",
        "ordinary",
        "is no category of this policy",
    ),
    (
        "severe_disability",
        "severe_disabilty",
        "traits",
        "severe_disabilty",
        "did you mean `severe_disability`?",
    ),
    (
        r#"["severe_disability"]"#,
        r#"["severe_disability","severe_disability"]"#,
        "traits",
        "severe_disability",
        "twice",
    ),
    (
        r#""kind":"inpatient""#,
        r#""kind":"Inpatient""#,
        "claims[0].kind",
        "Inpatient",
        "must be one of inpatient, outpatient, outpatient_chronic, outpatient_major",
    ),
    (
        r#""level":"tertiary""#,
        r#""level":"third""#,
        "claims[0].level",
        "third",
        "must be one of primary, secondary, tertiary, provincial",
    ),
    (
        r#""place":"city""#,
        r#""place":"abroad""#,
        "claims[0].place",
        "abroad",
        "must be one of county, city, province, elsewhere",
    ),
    (
        r#""insurance":"resident""#,
        r#""insurance":"none""#,
        "insurance",
        "none",
        "must be one of resident, employee",
    ),
    (r#""sex":"f""#, r#""sex":"female""#, "sex", "female", "must be one of m, f"),
];

const AMOUNTS: &[Bad] = &[
    (r#""total":52000.00"#, r#""total":-52000"#, "claims[0].total", "-52000", "must not be negative"),
    (
        r#""out_of_scope":6000.00"#,
        r#""out_of_scope":-0.01"#,
        "claims[0].out_of_scope",
        "-0.01",
        "must not be negative",
    ),
    (r#""total":52000.00"#, r#""total":52000.001"#, "claims[0].total", "52000.001", "at most two decimals"),
    (
        r#""out_of_scope":6000.00"#,
        r#""out_of_scope":1e-3"#,
        "claims[0].out_of_scope",
        "1e-3",
        "at most two decimals",
    ),
    (r#""total":52000.00"#, r#""total":90000000000.01"#, "claims[0].total", "90000000000.01", "is too large"),
    (r#""total":52000.00"#, r#""total":1e30"#, "claims[0].total", "1e30", "is too large"),
    (r#""total":52000.00"#, r#""total":1e99999999999"#, "claims[0].total", "1e99999999999", AMOUNT),
    (
        r#""out_of_scope":6000.00"#,
        r#""out_of_scope":52000.01"#,
        "claims[0].out_of_scope",
        "52000.01",
        "must not exceed the total of 52000.00",
    ),
];

const TIMES: &[Bad] = &[
    (r#""admitted":"2023-02-03""#, r#""admitted":"2023-02-29""#, "claims[0].admitted", "2023-02-29", DAY),
    (r#""admitted":"2023-02-03""#, r#""admitted":"2023-13-01""#, "claims[0].admitted", "2023-13-01", DAY),
    (
        r#""admitted":"2023-02-03""#,
        r#""admitted":"2023/2/3""#,
        "claims[0].admitted",
        "2023/2/3",
        "must be a day that exists, written as in \"2023-02-28\"",
    ),
    (
        r#""discharged":"2023-02-12""#,
        r#""discharged":"2023-04-31""#,
        "claims[0].discharged",
        "2023-04-31",
        DAY,
    ),
    (
        r#""discharged":"2023-02-12""#,
        r#""discharged":"12.02.2023""#,
        "claims[0].discharged",
        "12.02.2023",
        DAY,
    ),
    (r#""from":"2023-01""#, r#""from":"2023-00""#, "identities[0].from", "2023-00", MONTH),
    (r#""to":"2023-12""#, r#""to":"2023-12-31""#, "identities[0].to", "2023-12-31", MONTH),
    (r#""recognised":"2023-11""#, r#""recognised":"November""#, "recognised", "November", MONTH),
    (
        r#""admitted":"2023-02-03""#,
        r#""admitted":"2022-12-31""#,
        "claims[0].admitted",
        "2022-12-31",
        "must be a day of the case's year 2023",
    ),
    (
        r#""discharged":"2023-02-12""#,
        r#""discharged":"2023-02-02""#,
        "claims[0].discharged",
        "2023-02-02",
        "must not be before the admission on 2023-02-03",
    ),
    (
        r#""discharged":"2023-02-12""#,
        r#""discharged":"2032-02-12""#,
        "claims[0].discharged",
        "2032-02-12",
        "must be at most 366 days after the admission on 2023-02-03",
    ),
    (
        r#""discharged":"2023-02-12""#,
        r#""discharged":"2024-02-05""#,
        "claims[0].discharged",
        "2024-02-05",
        "must be at most 366 days",
    ),
    (
        r#""to":"2023-12""#,
        r#""to":"2022-12""#,
        "identities[0].to",
        "2022-12",
        "must not be before `from`, 2023-01",
    ),
    (
        r#""recognised":"2023-11""#,
        r#""recognised":"2024-01""#,
        "recognised",
        "2024-01",
        "must be a month of the case's year 2023",
    ),
    (r#""age":65"#, r#""age":-1"#, "age", "-1", "must be a whole number from 0 to 130"),
    (r#""age":65"#, r#""age":131"#, "age", "131", "must be a whole number from 0 to 130"),
    (
        r#""year":2023"#,
        r#""year":2021"#,
        "year",
        "2021",
        "must be a year with parameters: 2022, 2023, 2024, 2025",
    ),
    (
        r#""year":2023"#,
        r#""year":2031"#,
        "year",
        "2031",
        "must be a year with parameters: 2022, 2023, 2024, 2025",
    ),
];

/// Refuses a file in which every other line is bad, with a message for each; and the first bad line by itself.
fn refuse(all: &[Bad]) {
    let bad = |&(written, instead, ..): &Bad| {
        assert!(GOOD.contains(written), "{written}");
        GOOD.replacen(written, instead, 1)
    };
    let lines: Vec<String> = all.iter().map(|one| format!("{GOOD}\n{}\n", bad(one))).collect();
    let err = settle(FANGCHENGGANG, lines.concat()).refused();
    for (index, (_, instead, field, value, allowed)) in all.iter().enumerate() {
        let begins = format!("standard input:{}: {field} = ", 2 * index + 2);
        let message = err.lines().find(|line| line.starts_with(&begins));
        let message = message.unwrap_or_else(|| panic!("no {begins}for {instead} in {err}"));
        for part in [value, allowed] {
            assert!(message.contains(part), "{part} in {message}");
        }
    }
    assert!(!err.contains("standard input:1: "), "a good line is not at fault: {err}");
    for one in all {
        assert!(!is_accepted(&bad(one)), "{} by itself", one.1);
    }
    settle(FANGCHENGGANG, bad(&all[0])).refused();
}

/// Whether the program would settle a line: it refuses whenever a single case has a fault.
fn is_accepted(line: &str) -> bool {
    static SCENARIO: LazyLock<Scenario> = LazyLock::new(|| scenario(FANGCHENGGANG, &[]));
    let settler = Settler::new(&SCENARIO);
    json::read("line", line).is_ok_and(|cases| {
        cases.iter().all(|case| typed::read(case, ("line", "line"), &SCENARIO, settler.years()).is_ok())
    })
}

#[test]
fn exact_missing_doubled_and_unknown_fields_are_refused() {
    refuse(FIELDS);
}

#[test]
fn exact_wrong_types_are_refused() {
    refuse(TYPES);
}

#[test]
fn exact_unknown_names_are_refused() {
    refuse(NAMES);
}

#[test]
fn exact_amounts_that_are_not_whole_fen_are_refused() {
    refuse(AMOUNTS);
}

#[test]
fn exact_impossible_times_and_ages_are_refused() {
    refuse(TIMES);
}

#[test]
fn exact_lines_that_cannot_be_read_are_refused() {
    let unreadable = [
        r#"{"case":"A1""#,
        "case A1",
        "[]",
        "7",
        r#"{"case":"A1"} {"case":"A2"}"#,
        r#"{"case":"A1",}"#,
        &GOOD.replace("52000.00", "NaN"),
        &GOOD.replace("52000.00", "052000"),
        &GOOD.replace("52000.00", "52,000"),
    ];
    for line in unreadable {
        let err = settle(FANGCHENGGANG, format!("{GOOD}\n{line}\n")).refused();
        assert!(err.starts_with("standard input:2: "), "{line}: {err}");
    }
    let err = settle(FANGCHENGGANG, [GOOD.as_bytes(), b"\n\n{\"case\":\"\xff\"}"].concat()).refused();
    assert!(err.contains("standard input:3: is not UTF-8"), "{err}");
    let err = fundcast(&["settle", FANGCHENGGANG, "--cases", "docs/examples/none.jsonl"]).run().refused();
    assert!(err.contains("docs/examples/none.jsonl"), "{err}");
}

#[test]
fn exact_claims_of_one_id_and_sums_too_large_are_refused() {
    let claim =
        r#"{"id":"c1","kind":"outpatient","admitted":"2023-05-05","level":"primary","total":90000000000}"#;
    let err = settle(FANGCHENGGANG, GOOD.replace("}]}", &format!("}},{claim}]}}"))).refused();
    assert!(
        err.contains("standard input:1: claims[1].id = \"c1\": two claims of the case have this id"),
        "{err}"
    );
    assert!(
        err.contains("standard input:1: claims = a list of 2 entries: the sum of the totals is too large"),
        "{err}"
    );
}

#[test]
fn exact_a_contribution_that_depends_on_sex_needs_it() {
    let line = r#"{"case":"W1","county":"江阴市","year":2023,"age":57}"#;
    let err = settle("scenarios/wuxi.toml", line).refused();
    assert!(err.contains("standard input:1: sex = missing: m or f"), "{err}");
    let with = line.replace("\"age\":57", "\"age\":57,\"sex\":\"f\"");
    assert!(settle("scenarios/wuxi.toml", with).good().contains("\"contribution\":530.00"));
    let employee = line.replace("\"age\":57", "\"age\":57,\"insurance\":\"employee\"");
    settle("scenarios/wuxi.toml", employee).good();
    settle("scenarios/wuxi.toml", line.replace("57", "60")).good();
}

#[test]
fn exact_all_faults_are_named_at_once() {
    let first = GOOD.replace("\"age\":65", "\"age\":131").replace("6000.00", "60000.00");
    let second =
        GOOD.replace("tertiary", "third").replace("dibao", "dibo").replace("2023-02-12", "2023-02-30");
    let err = settle(FANGCHENGGANG, format!("{first}\n{GOOD}\n{second}\n")).refused();
    for place in [
        "1: age",
        "1: claims[0].out_of_scope",
        "3: claims[0].level",
        "3: identities[0].category",
        "3: claims[0].discharged",
    ] {
        assert!(err.contains(&format!("standard input:{place} = ")), "{place} in {err}");
    }
    assert!(err.contains("5 faults found; nothing was settled"), "{err}");
}

/// Tables with one change; the message names file and line.
fn refuse_tables(in_persons: (&str, &str), in_claims: (&str, &str), wanted: &[&str]) {
    let change = |file: &str, (written, instead): (&str, &str)| {
        let table = text(file);
        assert!(table.contains(written), "{written}");
        table.replacen(written, instead, 1)
    };
    let persons = change("docs/examples/persons.csv", in_persons);
    let claims = change("docs/examples/claims.csv", in_claims);
    let err = settle_tables(&persons, &claims).refused();
    for part in wanted {
        assert!(err.contains(part), "{part} in {err}");
    }
}

#[test]
fn exact_persons_that_cannot_be_meant_are_refused() {
    let bad: &[(&str, &str, &[&str])] = &[
        (",recognised", ",recognized", &["persons.csv:1: recognized", "did you mean `recognised`?"]),
        ("case,county", "county", &["persons.csv:1: case = missing column"]),
        (",sex,", ",age,", &["persons.csv:1: age = the column stands twice"]),
        (
            "A2,东兴市,2024",
            "A1,东兴市,2023",
            &["persons.csv:3: case = A1: stands twice for the year 2023: first on line 2"],
        ),
        ("A4,港口区,2025,7", "A4,港口区,2025", &["persons.csv:5: "]),
        ("A4,港口区,2025,7", "A4,港口区,2025,x", &["persons.csv:5: age = x: must be a whole number"]),
        ("A4,港口区,2025,7", "A4,港口区,2025,", &["persons.csv:5: age = missing"]),
        ("orphan:2020-06:", "orphan", &["persons.csv:5: identities[0].from = missing"]),
        (
            "orphan:2020-06:",
            "orphans:2020-06:",
            &["persons.csv:5: identities[0].category", "did you mean `orphan`?"],
        ),
        ("orphan:2020-06:", "orphan:2020-06:2019-01", &["persons.csv:5: identities[0].to"]),
        ("orphan:2020-06:", "orphan:2020-06:2021-01:x", &["persons.csv:5: identities[0].to", "2021-01:x"]),
        (",severe_disability,", ",severe,", &["persons.csv:2: traits", "is no trait of this policy"]),
    ];
    for (written, instead, wanted) in bad {
        refuse_tables((written, instead), ("", ""), wanted);
    }
}

#[test]
fn exact_claims_that_cannot_be_meant_are_refused() {
    let bad: &[(&str, &str, &[&str])] = &[
        (",out_of_scope", ",outofscope", &["claims.csv:1: outofscope", "did you mean `out_of_scope`?"]),
        ("A3,c2", "A9,c2", &["claims.csv:6: case = A9: is not in the table of persons"]),
        ("A3,c2", "A3,c1", &["claims.csv:6: id = \"c1\": two claims"]),
        (",8800.00,", ",8800.005,", &["claims.csv:6: total = 8800.005", "two decimals"]),
        (",8800.00,", ",\"8,80\",", &["claims.csv:6: total = 8,80", AMOUNT, "without thousands separators"]),
        (",8800.00,", ",,", &["claims.csv:6: total = missing", NEEDED]),
        (",false,8800", ",no,8800", &["claims.csv:6: referred = \"no\"", "must be true or false"]),
        ("2023-09-10", "2024-09-10", &["claims.csv:6: admitted", "must be a day of the case's year 2023"]),
        (
            "2023-09-10",
            "2022-09-10",
            &["claims.csv:6: admitted", "must be a day of the case's year 2023", "as `earlier`"],
        ),
        (",8800.00,", ",8800.00,1,2", &["claims.csv:6: "]),
    ];
    for (written, instead, wanted) in bad {
        refuse_tables(("", ""), (written, instead), wanted);
    }
}

#[test]
fn exact_tables_may_be_marked_empty_and_in_any_order() {
    let (persons, claims) = (text("docs/examples/persons.csv"), text("docs/examples/claims.csv"));
    let plain = settle_tables(&persons, &claims).good();
    let marked = settle_tables(&format!("\u{feff}{persons}"), &format!("\u{feff}{claims}")).good();
    assert_eq!(marked, plain);
    let spaced = persons.replace('\n', "\r\n\r\n");
    assert_eq!(settle_tables(&spaced, &claims.replace('\n', "\r\n")).good(), plain);
    assert_eq!(settle_tables("", "").good(), "");
    let header = |table: &str| format!("{}\n", table.lines().next().unwrap_or_default());
    assert_eq!(settle_tables(&header(&persons), &header(&claims)).good(), "");
    let without_claims = settle_tables(&persons, &header(&claims)).good();
    assert_eq!(without_claims.lines().count(), 4);
}
