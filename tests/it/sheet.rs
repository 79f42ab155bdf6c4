//! The settlement sheet: every formula that is printed is worked out again by an evaluator that knows arithmetic and
//! nothing of the program, and must give the value that is printed, and that value the amount.

use fundcast::cases::sheet::{Scribe, Sheet, Step};
use fundcast::cases::{Settler, json, typed};
use fundcast::lang::Lang;
use fundcast::scenario::Scenario;

use crate::support::{POLICIES, hands, scenario, settle_households, text};

/// A fraction, always reduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Number(i128, i128);

impl Number {
    fn new(numerator: i128, denominator: i128) -> Self {
        let (mut a, mut b) = (numerator.abs(), denominator.abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        let divisor = a.max(1) * denominator.signum();
        Self(numerator / divisor, denominator / divisor)
    }

    fn plus(self, other: Self) -> Self {
        Self::new(self.0 * other.1 + other.0 * self.1, self.1 * other.1)
    }

    fn times(self, other: Self) -> Self {
        Self::new(self.0 * other.0, self.1 * other.1)
    }

    fn minus(self, other: Self) -> Self {
        self.plus(Self(-other.0, other.1))
    }

    /// Fen, half up.
    fn fen(self) -> i64 {
        let (numerator, denominator) = (self.0 * 200 + self.1, 2 * self.1);
        i64::try_from(numerator.div_euclid(denominator)).expect("an amount")
    }
}

/// Reads `+ − × ÷`, brackets, `(…)⁺`, `min(…, …)`, `round(…)`, numbers and percentages.
struct Reader<'a>(&'a str);

impl Reader<'_> {
    fn value(formula: &str) -> Number {
        let mut reader = Reader(formula);
        let value = reader.sum();
        assert_eq!(reader.0, "", "left over of {formula}");
        value
    }

    fn take(&mut self, word: &str) -> bool {
        self.0 = self.0.trim_start();
        match self.0.strip_prefix(word) {
            Some(rest) => {
                self.0 = rest.trim_start();
                true
            }
            None => false,
        }
    }

    fn sum(&mut self) -> Number {
        let mut value = self.product();
        loop {
            if self.take("+") {
                value = value.plus(self.product());
            } else if self.take("−") {
                value = value.minus(self.product());
            } else {
                return value;
            }
        }
    }

    fn product(&mut self) -> Number {
        let mut value = self.factor();
        loop {
            if self.take("×") {
                value = value.times(self.factor());
            } else if self.take("÷") {
                let divisor = self.factor();
                value = value.times(Number::new(divisor.1, divisor.0));
            } else {
                return value;
            }
        }
    }

    fn closed(&mut self, value: Number, bracket: &str) -> Number {
        assert!(self.take(bracket), "{bracket} before {}", self.0);
        if self.take("⁺") && value.0 < 0 { Number(0, 1) } else { value }
    }

    fn factor(&mut self) -> Number {
        if self.take("min(") {
            let first = self.sum();
            assert!(self.take(","), "a comma before {}", self.0);
            let second = self.sum();
            let least = if first.minus(second).0 <= 0 { first } else { second };
            self.closed(least, ")")
        } else if self.take("round(") {
            let value = self.sum();
            self.closed(Number::new(i128::from(value.fen()), 100), ")")
        } else if self.take("(") {
            let value = self.sum();
            self.closed(value, ")")
        } else if self.take("[") {
            let value = self.sum();
            self.closed(value, "]")
        } else {
            let length = self.0.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
            let (digits, rest) = self.0.split_at(length);
            self.0 = rest;
            let value = decimal(digits);
            if self.take("%") { value.times(Number::new(1, 100)) } else { value }
        }
    }
}

fn decimal(text: &str) -> Number {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits: i128 = format!("{whole}{decimals}").parse().unwrap_or_else(|_| panic!("a number: {text:?}"));
    Number::new(digits, 10_i128.pow(decimals.len() as u32))
}

#[test]
fn exact_the_evaluator_knows_arithmetic() {
    for (formula, value) in [
        ("65 % × (9905.39 − 7850.00)⁺", Number::new(13_360_035, 10_000)),
        ("65 % × (1.00 − 7850.00)⁺", Number(0, 1)),
        ("1.00 + 2.00 × 3.00 − 4.00", Number(3, 1)),
        ("50 % × [(3.00 + 2.00 − 4.00)⁺ − (3.00 − 4.00)⁺]", Number(1, 2)),
        ("10.00 − min(10.00, round(33.3333 % × 1.00))", Number::new(967, 100)),
        ("100.00 − 1.00 × 1.00 ÷ 3.00", Number(299, 3)),
        ("12.5 % × 8.00", Number(1, 1)),
    ] {
        assert_eq!(Reader::value(formula), value, "{formula}");
    }
    assert_eq!(Number::new(1, 200).fen(), 1);
    assert_eq!(Number::new(1, 201).fen(), 0);
}

fn check_step(step: &Step, what: &str) {
    let value = Reader::value(&step.formula);
    let what = format!("{what}, {} {}: {} = {}", step.of, step.name, step.formula, step.unrounded);
    let (shown, negative) = (step.unrounded.trim_start_matches('-'), step.unrounded.starts_with('-'));
    let shown = decimal(shown);
    let shown = if negative { Number(-shown.0, shown.1) } else { shown };
    // The eighth decimal of what does not end is rounded.
    let Number(difference, denominator) = value.minus(shown);
    assert!(difference.abs() * 200_000_000 <= denominator, "{what}");
    if step.bounded {
        assert!(step.amount.0 < value.fen() && !step.note.is_empty(), "{what}, {}", step.amount);
    } else {
        assert_eq!(step.amount.0, value.fen(), "{what}");
    }
}

pub fn sheets(scenario: &Scenario, lines: &str, lang: Lang) -> Vec<Sheet> {
    let mut settler = Settler::new(scenario);
    let fields = json::read("cases", lines).unwrap_or_else(|faults| panic!("{faults}"));
    let read = |one| {
        typed::read(one, ("cases", "cases"), scenario, settler.years())
            .unwrap_or_else(|faults| panic!("{faults}"))
    };
    let cases: Vec<_> = fields.iter().map(read).collect();
    let settled = settle_households(&mut settler, &cases);
    let mut all = Vec::new();
    for (case, settled) in cases.iter().zip(&settled) {
        let rules = settler.rules_of_settled(case, settled).expect("rules");
        let county = &scenario.place.counties[case.county].name;
        all.push(Scribe { policy: &scenario.policy, rules, county, lang }.sheet(case, settled));
    }
    all
}

fn check(scenario: &Scenario, lines: &str, label: &str) -> usize {
    let mut n = 0;
    for lang in [Lang::Zh, Lang::En] {
        for sheet in sheets(scenario, lines, lang) {
            for step in &sheet.steps {
                check_step(step, &format!("{label}, {}", sheet.title));
                n += 1;
            }
        }
    }
    n
}

/// All hand-worked cases and all of the second implementation, in both languages.
#[test]
fn exact_every_formula_of_a_sheet_evaluates_to_its_value() {
    for (policy, file) in POLICIES {
        let scenario = scenario(file, &[]);
        let by_hand = hands(&format!("tests/cases/hand/{policy}.toml"));
        let lines: Vec<&str> = by_hand.iter().map(|case| case.input.trim()).collect();
        let n = check(&scenario, &lines.join("\n"), policy);
        let more = check(&scenario, &text(&format!("tests/cases/independent/{policy}.cases.jsonl")), policy);
        assert!(n > 100 && more > 2000, "{policy}: {n} and {more} steps");
    }
    let invented = scenario("tests/cases/invented/invented.toml", &[]);
    let lines: Vec<String> =
        hands("tests/cases/invented/cases.toml").iter().map(|case| case.input.trim().to_owned()).collect();
    assert!(check(&invented, &lines.join("\n"), "invented") > 100);
}

/// Two thirds of the tilt's claims count for the application: what tilt assistance takes of them is no whole fen, and
/// the sheet shows the fraction that was settled.
#[test]
fn exact_an_application_after_a_tilt_shows_what_was_settled() {
    let case = r#"{"case":"F","county":"上思县","year":2023,"age":30,"recognised":"2023-12","identities":[{"category":"monitored_sudden","from":"2023-01"}],"claims":[{"id":"c1","kind":"inpatient","admitted":"2023-01-02","level":"tertiary","total":100000.01,"referred":false},{"id":"c2","kind":"inpatient","admitted":"2023-03-02","level":"tertiary","total":100000.01},{"id":"c3","kind":"inpatient","admitted":"2023-05-02","level":"tertiary","total":100000.02}]}"#;
    let settings = [
        ("policy.critical.insurance", "[]"),
        ("policy.tilt.monitored.groups", "[{ kinds = [\"inpatient\"], target = 0.777777 }]"),
        ("policy.application.illness_poor.deductible_yuan", "5000"),
    ];
    let scenario = scenario("scenarios/fangchenggang.toml", &settings);
    assert!(check(&scenario, case, "fraction") > 20);
    let sheet = &sheets(&scenario, case, Lang::En)[0];
    let last = sheet.steps.last().expect("a step");
    assert!(last.formula.contains('÷') && last.note.contains("window 2023-01 – 2023-12"), "{last:?}");
}

/// The window and the claims before the year that count in it stand on the sheet.
#[test]
fn exact_a_sheet_shows_the_window_of_an_application() {
    let by_hand = hands("tests/cases/hand/fangchenggang-2022-08.toml");
    let name = "application_reaches_typed_self_pay_of_the_year_before";
    let case = by_hand.iter().find(|case| case.name == name).expect("the case");
    let sheet = &sheets(&scenario("scenarios/fangchenggang.toml", &[]), &case.input, Lang::En)[0];
    let last = sheet.steps.last().expect("a step");
    assert_eq!(last.formula, "60 % × (27344.00 + 8000.00 − 10000.00)⁺");
    assert_eq!(last.note, "window 2022-02 – 2023-01, with earlier claims: e2 2022-02-01 8000.00");
    let patient = sheet.totals.last().expect("a sum");
    assert_eq!((patient.0.as_str(), patient.1.0), ("Patient", 4_403_760));
}

/// A clause that changes a ratio stands beside the clause of the rule it changes.
#[test]
fn exact_a_sheet_shows_the_clauses_of_adjustments() {
    let adjustment = r#"{ changes = ["basic.resident.inpatient"], when = { referred = false }, times = 0.9, cite = ["FCG-19"] }"#;
    let settings = [("policy.adjustment.unreferred", adjustment)];
    let scenario = scenario("scenarios/fangchenggang.toml", &settings);
    let case = |referred: bool| {
        format!(
            r#"{{"case":"A","county":"上思县","year":2023,"age":30,"claims":[{{"id":"c1","kind":"inpatient","admitted":"2023-01-02","level":"tertiary","total":10000,"referred":{referred}}}]}}"#
        )
    };
    let basic = |referred: bool| {
        let sheet = sheets(&scenario, &case(referred), Lang::En).remove(0);
        let step =
            sheet.steps.into_iter().find(|step| step.name == "Basic insurance").expect("basic insurance");
        (step.formula, step.cite)
    };
    let (usual, changed) = (basic(true), basic(false));
    assert_eq!(usual.0, "60 % × (10000.00 − 600.00)⁺");
    assert_eq!(changed.0, "54 % × (10000.00 − 600.00)⁺");
    assert!(!usual.1.contains("FCG-19") && changed.1.contains("FCG-19"), "{usual:?} {changed:?}");
}

/// For each payment of a claim the identity that gave it, and what the others would have been paid.
#[test]
fn exact_a_sheet_names_the_identity_of_each_payment() {
    let case = |identities: &str| {
        format!(
            r#"{{"case":"T","county":"上思县","year":2024,"age":50,"identities":[{identities}],"claims":[{{"id":"c1","kind":"inpatient","admitted":"2024-03-01","level":"tertiary","total":60000}}]}}"#
        )
    };
    let notes = |settings: &[(&str, &str)], identities: &str, lang: Lang| -> Vec<String> {
        let scenario = scenario("scenarios/fangchenggang.toml", settings);
        check(&scenario, &case(identities), "two identities");
        let sheet = sheets(&scenario, &case(identities), lang).remove(0);
        let of = ["大病保险", "住院救助", "Critical-illness insurance", "Inpatient assistance"];
        sheet
            .steps
            .into_iter()
            .filter(|step| of.contains(&step.name.as_str()))
            .map(|step| step.note)
            .collect()
    };
    let both = r#"{"category":"dibao","from":"2023-01"},{"category":"stable_lifted","from":"2020-01"}"#;
    let [critical, assistance] = &notes(&[], both, Lang::Zh)[..] else { panic!("two payments") };
    assert!(critical.ends_with("按低保对象，高于稳定脱贫人口的11934.00"), "{critical}");
    assert_eq!(assistance, "按低保对象，高于稳定脱贫人口的4254.00");
    let off = [("policy.assistance.class2_other.enabled", "false")];
    assert_eq!(notes(&off, both, Lang::Zh)[1], "按稳定脱贫人口，低保对象无此项规定");
    let english = &notes(&off, both, Lang::En)[1];
    assert_eq!(english, "as Stable lifted-out persons, Subsistence-allowance recipients: no rule fits");
    let equal =
        r#"{"category":"monitored_sudden","from":"2023-01"},{"category":"returned_poor","from":"2020-01"}"#;
    assert_eq!(notes(&[], equal, Lang::Zh)[1], "按返贫致贫人口，与突发严重困难人口相同，取次序在前者");
    let one = r#"{"category":"dibao","from":"2023-01"}"#;
    assert_eq!(notes(&[], one, Lang::En)[1], "as Subsistence-allowance recipients");
}
