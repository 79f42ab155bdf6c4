//! Typed-in cases as people type them: spreadsheets in any form, one person on two lines, stays that cannot be, claims of
//! the year before, empty files, a reader that goes away.

use std::io::Read;
use std::process::{Command, Stdio};

use fundcast::lang::Lang;

use crate::command::{
    Done, FANGCHENGGANG, fundcast, settle, settle_tables, settle_tables_of_bytes, with_locale,
};
use crate::support::{path, text};

/// The two tables of the documentation.
fn tables() -> (String, String) {
    (text("docs/examples/persons.csv"), text("docs/examples/claims.csv"))
}

fn answers() -> String {
    settle(FANGCHENGGANG, text("docs/examples/cases.jsonl")).good()
}

const STAY: &str =
    r#"{"id":"c1","kind":"inpatient","admitted":"2024-02-03","level":"tertiary","total":220000}"#;

fn person(name: &str, year: u16, claims: &str) -> String {
    format!(r#"{{"case":"{name}","county":"上思县","year":{year},"age":50,"claims":[{claims}]}}"#)
}

/// A bill of December that is taken back in January, in tables with a row for each of the two years: booked with its bill.
/// A stay for 5.20 yuan is settled as typed, and said.
#[test]
fn exact_a_reversal_of_the_next_year_belongs_to_its_bill() {
    let persons =
        "case,county,year,age,identities\nA,上思县,2023,40,dibao:2022-01:\nA,上思县,2024,41,dibao:2022-01:\n";
    let claims = "case,id,kind,admitted,level,total,reverses\nA,c1,inpatient,2023-12-03,tertiary,52000,\nA,r1,,2024-01-03,,-52000,c1\nA,c2,inpatient,2024-02-03,tertiary,5.2,\n";
    let done = crate::command::settle_tables(persons, claims);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.out.contains("\"reversed\":[") && done.out.lines().count() == 2, "{}", done.out);
    assert!(
        done.err.contains("is very little for a stay; if 万元 was meant, write 52000.00"),
        "{}",
        done.err
    );
}

#[test]
fn exact_one_person_on_two_lines_is_refused_with_both_lines() {
    let other = STAY.replace("c1", "c2").replace("02-03", "08-03");
    let lines = [person("A", 2024, STAY), person("B", 2024, STAY), person("A", 2024, &other)].join("\n");
    let err = settle(FANGCHENGGANG, lines).refused();
    for part in ["standard input:3: case = \"A\": ", "line 1", "2024", "1 fault found"] {
        assert!(err.contains(part), "{part} in {err}");
    }
    let years = [person("A", 2024, STAY), person("A", 2023, &STAY.replace("2024", "2023"))].join("\n");
    assert_eq!(settle(FANGCHENGGANG, years).good().lines().count(), 2);
}

#[test]
fn exact_a_case_of_two_years_has_its_claims_by_year_in_tables() {
    let persons = "case,county,year,age\nA,上思县,2023,50\nA,上思县,2024,51\n";
    let claims = "case,id,kind,admitted,level,total\nA,c1,inpatient,2024-02-03,tertiary,220000\n\
                  A,c1,inpatient,2023-02-03,tertiary,110000\n";
    let out = settle_tables(persons, claims).good();
    let lines: Vec<&str> = out.lines().collect();
    assert!(lines[0].contains("\"total\":110000.00") && lines[1].contains("\"total\":220000.00"), "{out}");
    let err = settle_tables(persons, &claims.replace("2024-02-03", "2025-02-03")).refused();
    assert!(
        err.contains("claims.csv:2: case = A: is in the table of persons, but not for the year"),
        "{err}"
    );
    assert!(err.contains("1 fault found"), "{err}");
}

#[test]
fn exact_a_fault_of_one_case_leaves_the_next_one_settled_by_the_same_rules() {
    let first = r#"{"case":"A","county":"江阴市","year":2024,"age":57}"#;
    let second = r#"{"case":"B","county":"江阴市","year":2024,"age":40,"identities":[{"category":"dibao","from":"2023-01"}],"claims":[{"id":"c2","kind":"inpatient","admitted":"2024-07-03","level":"tertiary","place":"county","total":16541.39}]}"#;
    for lines in [format!("{first}\n{second}"), format!("{second}\n{first}")] {
        let err = settle("scenarios/wuxi.toml", lines).refused();
        assert!(err.contains("sex = missing") && err.contains("1 fault found"), "{err}");
    }
    settle("scenarios/wuxi.toml", second).good();
}

#[test]
fn exact_stays_may_share_the_day_of_transfer_and_are_warned_about_beyond_it() {
    let stay = |id: &str, from: &str, to: &str| {
        format!(
            r#"{{"id":"{id}","kind":"inpatient","admitted":"{from}","discharged":"{to}","level":"tertiary","total":20000}}"#
        )
    };
    let settled = |first: (&str, &str), second: (&str, &str)| -> Done {
        let claims = [stay("s1", first.0, first.1), stay("s2", second.0, second.1)].join(",");
        let done = settle(FANGCHENGGANG, person("A", 2024, &claims));
        assert_eq!(done.code, 0, "{}", done.err);
        assert!(done.out.contains("\"total\":40000.00"));
        done
    };
    let transfer = settled(("2024-03-01", "2024-05-31"), ("2024-05-31", "2024-08-30"));
    assert!(!transfer.err.contains("warning: standard input"), "{}", transfer.err);
    let within = settled(("2024-03-01", "2024-08-30"), ("2024-05-31", "2024-06-02"));
    for part in ["warning: standard input:1: claim \"s2\": admitted = 2024-05-31", "\"s1\"", "2024-08-30"] {
        assert!(within.err.contains(part), "{part} in {}", within.err);
    }
    let day = settled(("2024-03-01", "2024-05-31"), ("2024-05-30", "2024-06-02"));
    assert!(day.err.contains("warning: "), "{}", day.err);
    // Whichever stands first in the input.
    let turned = settled(("2024-05-30", "2024-06-02"), ("2024-03-01", "2024-05-31"));
    assert!(turned.err.contains("claim \"s1\": admitted = 2024-05-30"), "{}", turned.err);
}

/// The case of the documentation that is recognised in January.
const WINDOW: &str = r#"{"case":"W","county":"防城区","year":2023,"age":51,"recognised":"2023-01","claims":[{"id":"c1","kind":"inpatient","admitted":"2023-01-11","level":"tertiary","total":143000,"out_of_scope":18000}],"earlier":[{"id":"e1","kind":"inpatient","admitted":"2022-11-05","level":"tertiary","total":20600}]}"#;

/// The hand-worked answers are in `tests/cases/hand/`; here the tables give what the lines give.
#[test]
fn exact_earlier_claims_stand_in_tables_as_in_lines() {
    let persons = "case,county,year,age,recognised\nW,防城区,2023,51,2023-01\n";
    let claims = "case,id,kind,admitted,level,total,out_of_scope,earlier,self_pay\n\
                  W,c1,inpatient,2023-01-11,tertiary,143000,18000,,\n\
                  W,e1,inpatient,2022-11-05,tertiary,20600,,true,\n";
    let lines = settle(FANGCHENGGANG, WINDOW).good();
    assert!(lines.contains("\"application_assistance\",\"amount\":15566.40"), "{lines}");
    assert_eq!(settle_tables(persons, claims).good(), lines);
    // Basic insurance pays 12,000 of that bill, and 8,600 are left.
    let left = claims.replace("tertiary,20600,,true,", "tertiary,,,是,8600");
    assert_eq!(settle_tables(persons, &left).good(), lines);
    let typed = WINDOW.replace("\"total\":20600", "\"self_pay\":8600");
    assert_eq!(settle(FANGCHENGGANG, typed).good(), lines);
}

#[test]
fn exact_earlier_claims_that_cannot_count_are_refused() {
    let bad = [
        (
            "2022-11-05",
            "2023-11-05",
            "earlier[0].admitted = \"2023-11-05\": must be a day of the years before",
        ),
        ("2022-11-05", "2020-12-31", "2021 or 2022"),
        ("2022-11-05", "2021-11-05", "earlier[0].total = 20600: a bill of 2021 cannot be settled"),
        ("\"recognised\":\"2023-01\",", "", "earlier = a list of 1 entries: count for an application alone"),
        ("\"total\":20600", "\"total\":20600,\"self_pay\":8600", "stands instead of `total`"),
        ("\"total\":20600", "\"self_pay\":-1", "earlier[0].self_pay = -1: must not be negative"),
        (
            "\"total\":20600}",
            "\"total\":20600},{\"id\":\"e2\",\"kind\":\"inpatient\",\"admitted\":\"2022-12-05\",\"level\":\"tertiary\",\"self_pay\":1}",
            "earlier[1].self_pay = 1: give it for all earlier claims of a year or for none",
        ),
        (",\"total\":20600", "", "earlier[0].total = missing: this field is needed"),
    ];
    for (written, instead, message) in bad {
        assert!(WINDOW.contains(written), "{written}");
        let err = settle(FANGCHENGGANG, WINDOW.replace(written, instead)).refused();
        assert!(err.contains(message), "{message} in {err}");
        assert!(err.contains("1 fault found"), "{err}");
    }
    let two_years =
        WINDOW.replace("2022-11-05", "2021-11-05").replace("\"total\":20600", "\"self_pay\":8600");
    let out = settle(FANGCHENGGANG, two_years).good();
    assert!(out.contains("\"application_assistance\",\"amount\":10406.40"), "outside the window: {out}");
}

#[test]
fn exact_what_spreadsheets_write_is_read() {
    let (persons, claims) = tables();
    let with = |persons: &[u8], claims: &[u8]| settle_tables_of_bytes(persons, claims).good();
    let plain = answers();
    for separator in [";", "\t"] {
        assert_eq!(
            with(persons.replace(',', separator).as_bytes(), claims.as_bytes()),
            plain,
            "{separator:?}"
        );
    }
    let utf16: Vec<u8> =
        std::iter::once(0xfeff).chain(persons.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(with(&utf16, claims.as_bytes()), plain);
    let gbk = encoding_rs::GBK.encode(&persons).0;
    let done = settle_tables_of_bytes(&gbk, claims.as_bytes());
    assert!(done.err.contains("persons.csv: read as GBK"), "{}", done.err);
    assert_eq!(done.good(), plain);
    let rows = claims.replace("A2,c1", ",,,,,,,,,\r\nA2,c1").replace("8800.00,", "8800.00,,,");
    assert_eq!(with(persons.as_bytes(), rows.as_bytes()), plain);
    let days = claims.replace("2023-02-03", "2023/2/3").replace("2024-05-20", "2024年5月20日");
    assert_eq!(with(persons.replace("2023-11", "2023/11").as_bytes(), days.as_bytes()), plain);
    let headings = "个案,编号,类型,入院日期,出院日期,医院级别,就医地,按规定转诊,总费用,目录外费用";
    let chinese = claims.replace(claims.lines().next().unwrap_or_default(), headings);
    let amounts = chinese.replace("52000.00", "\"52,000.00\"").replace("168400.00", "\"168,400.00\"");
    assert!(amounts != chinese && chinese != claims);
    let headings = "个案,县区,年度,年龄,性别,参保类型,身份,特征,认定月份";
    let people = persons.replace(persons.lines().next().unwrap_or_default(), headings);
    assert_eq!(with(people.as_bytes(), amounts.as_bytes()), plain);
    let labels =
        claims.replace("inpatient", "住院").replace("tertiary", "三级").replace("province,", "省域内,");
    assert_eq!(with(persons.replace(",f,", ",女,").as_bytes(), labels.as_bytes()), plain);
}

/// One cause is one message, with the number of what follows from it.
#[test]
fn exact_a_cause_is_named_once() {
    let (persons, claims) = tables();
    let one = |persons: &str, claims: &str, message: &str| {
        let err = settle_tables(persons, claims).refused();
        assert!(err.contains(message) && err.contains("1 fault found"), "{message} in {err}");
    };
    one(
        &persons,
        &claims.replace("case,id,kind", "个人,号码,种类"),
        "claims.csv:1: case, id, kind = missing columns: the first line must name the columns: case, year, id, kind",
    );
    one(&persons.replace("case,county,year", "姓名,县,年"), &claims, "unknown: 姓名, 县, 年");
    one(&persons, &claims.replace(",total,out_of_scope", ""), "claims.csv:1: total = missing column");
    one(
        &persons,
        &claims.replace("out_of_scope\n", "out_of_scope,note\n"),
        "claims.csv:1: note = unknown column",
    );
    one(&persons.replace("A1,", "A9,"), &claims, "claims.csv:2: case = A1: is not in the table of persons");
    let cases = text("docs/examples/cases.jsonl");
    let array = format!("[\n{}\n]\n", cases.trim().replace('\n', ",\n"));
    let err = settle(FANGCHENGGANG, array).refused();
    assert!(err.contains("is one JSON value over several lines") && err.contains("1 fault found"), "{err}");
    for (bytes, message) in [(&b"PK\x03\x04"[..], "the workbook cannot be read"), (b"c\0a\0s\0e\0", "UTF-16")]
    {
        let err = settle_tables_of_bytes(bytes, claims.as_bytes()).refused();
        assert!(err.contains(message) && err.lines().count() == 1, "{err}");
    }
    let many: String =
        (0..500).map(|n| person(&format!("P{n}"), 2024, &STAY.replace("inpatient", "住院")) + "\n").collect();
    let err = settle(FANGCHENGGANG, many).refused();
    assert_eq!(err.lines().count(), 5, "{err}");
    assert!(err.contains("and 497 more of the cause of line 1") && err.contains("500 faults found"), "{err}");
}

#[test]
fn exact_lines_are_counted_as_an_editor_counts_them() {
    let (persons, claims) = tables();
    let wrong = claims.replace("143000.00", "x");
    for end in ["\n", "\r\n", "\r"] {
        let err = settle_tables(&persons, &wrong.replace('\n', end)).refused();
        assert!(err.contains("claims.csv:5: total = x"), "{end:?}: {err}");
    }
}

#[test]
fn exact_empty_files_give_an_empty_output_and_are_said_to_be_empty() {
    let (persons, claims) = tables();
    let header = |table: &str| format!("{}\n", table.lines().next().unwrap_or_default());
    for (persons, claims, message) in [
        (String::new(), String::new(), "persons.csv: holds no case"),
        (header(&persons), header(&claims), "persons.csv: holds no case"),
        (persons.clone(), header(&claims), "claims.csv: holds no claim"),
    ] {
        let done = settle_tables(&persons, &claims);
        assert!(done.err.contains(message), "{message} in {}", done.err);
        assert_eq!(done.code, 0);
    }
    let done = settle(FANGCHENGGANG, "\u{feff}\r\n\n");
    assert_eq!((done.code, done.out.as_str()), (0, ""));
    assert!(done.err.contains("standard input: holds no case"), "{}", done.err);
    let done = fundcast(&["explain", FANGCHENGGANG, "--cases", "-"]).speaking(Lang::En).run();
    assert!(done.code == 0 && done.err.contains("holds no case"), "{}", done.err);
}

/// A program whose reader goes away after the first bytes of one of its outputs, and its exit code.
fn with_a_reader_that_leaves(args: &[&str], leaves_errors: bool) -> (Option<i32>, String) {
    let mut child = with_locale(&mut Command::new(env!("CARGO_BIN_EXE_fundcast")), Lang::Zh)
        .args(args)
        .current_dir(path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut rest = String::new();
    if leaves_errors {
        drop(child.stderr.take());
        let _ = child.stdout.take().expect("a pipe").read_to_string(&mut rest);
    } else {
        drop(child.stdout.take());
        let _ = child.stderr.take().expect("a pipe").read_to_string(&mut rest);
    }
    (child.wait().expect("an end").code(), rest)
}

#[test]
fn exact_a_reader_that_leaves_ends_every_command_quietly() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = |name: &str| folder.path().join(name).display().to_string();
    let (run, compared, other) = (out("run"), out("compare"), "scenarios/fangchenggang-subsidy-held.toml");
    let size = ["--replicates", "2", "--county", "450602", "--dpi", "50", "--quiet"];
    let cases = ["--cases", "docs/examples/cases.jsonl"];
    let commands: [Vec<&str>; 7] = [
        [&["run", FANGCHENGGANG, "--out", &run], &size[..]].concat(),
        [&["compare", FANGCHENGGANG, other, "--out", &compared], &size[..]].concat(),
        [&["settle", FANGCHENGGANG], &cases[..]].concat(),
        [&["explain", FANGCHENGGANG], &cases[..]].concat(),
        vec!["check", FANGCHENGGANG],
        vec!["clauses", FANGCHENGGANG, "--replicates", "2", "--county", "450602", "--quiet"],
        vec!["schema", "policy"],
    ];
    for command in &commands {
        let (code, err) = with_a_reader_that_leaves(command, false);
        assert_eq!(code, Some(0), "{command:?}: {err}");
        assert!(!err.contains("panicked") && !err.contains("cannot be written"), "{command:?}: {err}");
    }
    let faulty: [Vec<&str>; 3] = [
        vec!["check", FANGCHENGGANG, "--set", "run.replicats=3"],
        vec!["settle", FANGCHENGGANG, "--cases", "docs/examples/none.jsonl"],
        vec!["run", FANGCHENGGANG, "--county", "nowhere"],
    ];
    for command in &faulty {
        let (code, _) = with_a_reader_that_leaves(command, true);
        assert_eq!(code, Some(2), "{command:?}");
    }
}
