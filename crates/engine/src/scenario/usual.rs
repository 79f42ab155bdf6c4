//! What is usual: numbers that are possible but far from what plans and models have are shown as notices.
//!
//! The ranges are wide, several times what the shipped files have, so that a wrong unit (万元 or fen for yuan, per
//! cent for a share) or a slip of a digit is seen and a generous plan is not.

use serde_json::{Map, Value};

use super::document::{Document, join};
use super::fault::Faults;
use super::notice::Words;
use super::provenance::covers;

/// What a number is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Yuan.
    Yuan,
    /// A share; 1 is all.
    Share,
    /// A plain number, such as a factor or a rate.
    Number,
}

/// What is usual for the numbers below some keys.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// The keys, with one star for any letters of one key; all below is meant.
    pub pattern: &'static str,
    /// The least and the most that is usual.
    pub usual: (f64, f64),
    /// Whether 0 is usual too: no deductible, nothing paid.
    pub zero: bool,
    /// The least and the most that the shipped files have, 0 left aside. A test holds this.
    pub shipped: (f64, f64),
    /// What is counted in.
    pub unit: Unit,
}

const fn yuan(pattern: &'static str, usual: (f64, f64), shipped: (f64, f64)) -> Range {
    Range { pattern, usual, zero: false, shipped, unit: Unit::Yuan }
}

/// Amounts of which 0 says that there is none.
const fn or_none(pattern: &'static str, usual: (f64, f64), shipped: (f64, f64)) -> Range {
    Range { pattern, usual, zero: true, shipped, unit: Unit::Yuan }
}

/// Shares of which a value far below the others is a digit too many behind the point.
const fn share(pattern: &'static str, least: f64, shipped: (f64, f64)) -> Range {
    Range { pattern, usual: (least, 1.0), zero: false, shipped, unit: Unit::Share }
}

/// What multiplies an amount that stands elsewhere, and what is added to it.
const FACTORS: [&str; 3] = ["share_of_income", "times", "plus_yuan"];

/// A rule for outpatient bills alone has other amounts than one for stays: its section is called so here.
pub const OUTPATIENT: &str = "assistance_outpatient";

/// What is usual in a policy file; the first that fits counts.
pub const POLICY: [Range; 32] = [
    share("basic.*.*.ratio", 0.2, (0.5, 0.97)),
    share("critical.bands.*.ratio", 0.3, (0.6, 0.8)),
    share("*.*.bands.*.ratio", 0.2, (0.2, 1.0)),
    share("*.*.ratio", 0.2, (0.5, 1.0)),
    share("*.*.groups.*.target", 0.4, (0.8, 0.9)),
    Range { zero: true, ..share("subsidy.*.share", 0.1, (0.3, 1.0)) },
    yuan("basic.*.annual_cap_yuan", (50_000.0, 2_000_000.0), (200_000.0, 350_000.0)),
    or_none("basic.*.*.deductible_yuan", (20.0, 5_000.0), (100.0, 1_000.0)),
    or_none("basic.*.*.annual_deductible_yuan", (20.0, 20_000.0), (20.0, 20_000.0)),
    or_none("basic.*.pool.*.annual_deductible_yuan", (20.0, 20_000.0), (20.0, 20_000.0)),
    yuan("basic.*.pool.*.annual_cap_yuan", (50.0, 2_000_000.0), (50.0, 2_000_000.0)),
    or_none("adjustment.*.deductible_yuan", (10.0, 5_000.0), (10.0, 5_000.0)),
    yuan("basic.*.*.annual_cap_yuan", (50.0, 200_000.0), (200.0, 10_000.0)),
    or_none("critical.deductible_yuan", (1_000.0, 100_000.0), (12_000.0, 18_000.0)),
    yuan("critical.bands.*.to_yuan", (2_000.0, 2_000_000.0), (50_000.0, 100_000.0)),
    yuan("critical.annual_cap_yuan", (50_000.0, 5_000_000.0), (250_000.0, 500_000.0)),
    yuan("subsidy.*.amount_yuan", (10.0, 2_000.0), (200.0, 320.0)),
    yuan("assistance_outpatient.*.annual_cap_yuan", (200.0, 100_000.0), (2_000.0, 20_000.0)),
    or_none("assistance_outpatient.*.deductible_yuan", (20.0, 20_000.0), (2_000.0, 7_000.0)),
    yuan("assistance.*.annual_cap_yuan", (1_000.0, 1_000_000.0), (20_000.0, 300_000.0)),
    or_none("assistance.*.deductible_yuan", (50.0, 50_000.0), (1_500.0, 7_850.0)),
    or_none("*.*.claim_deductible_yuan", (10.0, 10_000.0), (10.0, 10_000.0)),
    yuan("*.*.claim_cap_yuan", (20.0, 300_000.0), (20.0, 300_000.0)),
    or_none("*.*.claim_self_pay_above_yuan", (50.0, 200_000.0), (50.0, 200_000.0)),
    yuan("*.*.claim_self_pay_up_to_yuan", (50.0, 200_000.0), (50.0, 200_000.0)),
    yuan("*.*.year_self_pay_above_yuan", (500.0, 200_000.0), (500.0, 200_000.0)),
    yuan("*.*.within.annual_cap_yuan", (500.0, 1_000_000.0), (10_000.0, 90_000.0)),
    yuan("*.*.bands.*.to_yuan", (500.0, 1_000_000.0), (500.0, 1_000_000.0)),
    or_none("*.*.trigger_yuan", (1_000.0, 200_000.0), (10_000.0, 10_000.0)),
    or_none("*.*.threshold_yuan", (1_000.0, 200_000.0), (5_000.0, 15_000.0)),
    or_none("application.*.deductible_yuan", (1_000.0, 200_000.0), (10_000.0, 10_000.0)),
    yuan("*.*.annual_cap_yuan", (1_000.0, 1_000_000.0), (20_000.0, 100_000.0)),
];

/// What is usual in a model file.
pub const MODEL: [Range; 20] = [
    Range {
        pattern: "cost.mean_by_year",
        usual: (2000.0, 40000.0),
        zero: false,
        shipped: (7339.0, 8129.0),
        unit: Unit::Yuan,
    },
    Range {
        pattern: "cost.least_yuan",
        usual: (5.0, 500.0),
        zero: false,
        shipped: (50.0, 50.0),
        unit: Unit::Yuan,
    },
    Range {
        pattern: "cost.most_yuan",
        usual: (500000.0, 20000000.0),
        zero: false,
        shipped: (3000000.0, 3000000.0),
        unit: Unit::Yuan,
    },
    Range {
        pattern: "stay.level.*.relative_cost_yuan",
        usual: (500.0, 100000.0),
        zero: false,
        shipped: (3623.0, 18768.0),
        unit: Unit::Yuan,
    },
    Range {
        pattern: "stay.level.*.mean_days",
        usual: (3.0, 30.0),
        zero: false,
        shipped: (6.5, 10.5),
        unit: Unit::Number,
    },
    Range {
        pattern: "admission.rate_by_year",
        usual: (0.05, 0.6),
        zero: false,
        shipped: (0.163, 0.217),
        unit: Unit::Number,
    },
    Range {
        pattern: "*.place_factor",
        usual: (0.3, 3.0),
        zero: false,
        shipped: (1.0, 1.3),
        unit: Unit::Number,
    },
    Range {
        pattern: "*.growth_per_year",
        usual: (-0.1, 0.15),
        zero: true,
        shipped: (0.05, 0.05),
        unit: Unit::Number,
    },
    Range {
        pattern: "chronic.visit_yuan",
        usual: (50.0, 5000.0),
        zero: false,
        shipped: (480.0, 480.0),
        unit: Unit::Yuan,
    },
    Range {
        pattern: "chronic.visits_per_insured_by_year",
        usual: (0.02, 5.0),
        zero: false,
        shipped: (0.302, 0.523),
        unit: Unit::Number,
    },
    Range {
        pattern: "chronic.prevalence_by_age",
        usual: (0.0005, 0.6),
        zero: true,
        shipped: (0.002, 0.25),
        unit: Unit::Share,
    },
    Range {
        pattern: "out_of_catalogue",
        usual: (0.01, 0.5),
        zero: false,
        shipped: (0.05, 0.15),
        unit: Unit::Share,
    },
    Range {
        pattern: "condition.*.year_mean_yuan",
        usual: (3000.0, 1000000.0),
        zero: false,
        shipped: (42000.0, 93316.0),
        unit: Unit::Yuan,
    },
    Range {
        pattern: "condition.*.prevalence_per_1000_by_age",
        usual: (0.001, 40.0),
        zero: true,
        shipped: (0.002, 9.0),
        unit: Unit::Number,
    },
    Range {
        pattern: "condition.*.extra_stays_per_year",
        usual: (0.05, 15.0),
        zero: true,
        shipped: (0.2, 1.72),
        unit: Unit::Number,
    },
    Range {
        pattern: "condition.*.stay_cost_factor",
        usual: (0.4, 4.0),
        zero: true,
        shipped: (1.0, 1.36),
        unit: Unit::Number,
    },
    Range {
        pattern: "outpatient.year_mean_yuan",
        usual: (50.0, 10000.0),
        zero: false,
        shipped: (420.0, 420.0),
        unit: Unit::Yuan,
    },
    Range { pattern: "category", usual: (0.2, 10.0), zero: false, shipped: (0.85, 5.0), unit: Unit::Number },
    Range {
        pattern: "ordinary.costly_stay_yuan",
        usual: (2000.0, 200000.0),
        zero: false,
        shipped: (18000.0, 18000.0),
        unit: Unit::Yuan,
    },
    Range {
        pattern: "risk.admission_loading",
        usual: (0.3, 2.5),
        zero: false,
        shipped: (1.5, 1.5),
        unit: Unit::Number,
    },
];

/// Adds a notice for every number of a document that lies outside what is usual.
pub fn check(document: &Document, ranges: &[Range], faults: &mut Faults) {
    for (path, value) in numbers(&document.root) {
        let named = section(document, &path);
        let Some(range) = ranges.iter().find(|range| covers(range.pattern, &named)) else { continue };
        if let Some(problem) = range.problem(value) {
            faults.warn(document.notice(&path, problem).usually(range.words(), range.source()));
        }
    }
}

/// A path by which its range is found: rules of assistance for outpatient bills alone have ranges of their own.
fn section(document: &Document, path: &str) -> String {
    let mut keys = path.split('.');
    let (Some("assistance"), Some(id)) = (keys.next(), keys.next()) else { return path.to_owned() };
    let kinds = document.get(&format!("assistance.{id}.when.kinds")).and_then(Value::as_array);
    let outpatient = kinds.is_some_and(|kinds| {
        !kinds.is_empty() && kinds.iter().all(|kind| kind == "outpatient" || kind == "outpatient_chronic")
    });
    if outpatient { path.replacen("assistance", OUTPATIENT, 1) } else { path.to_owned() }
}

/// The numbers of a tree with their paths. A multiple of an income is no amount.
pub(super) fn numbers(root: &Map<String, Value>) -> Vec<(String, f64)> {
    fn walk(value: &Value, path: &str, out: &mut Vec<(String, f64)>) {
        match value {
            Value::Number(number) => out.extend(number.as_f64().map(|number| (path.to_owned(), number))),
            Value::Object(table) => {
                for (key, value) in table.iter().filter(|(key, _)| !FACTORS.contains(&key.as_str())) {
                    walk(value, &join(path, key), out);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    walk(item, &join(path, &index.to_string()), out);
                }
            }
            _ => {}
        }
    }
    let mut out = Vec::new();
    for (key, value) in root {
        walk(value, key, &mut out);
    }
    out
}

impl Range {
    /// What is odd about a value; nothing where it is usual.
    #[must_use]
    pub fn problem(&self, value: f64) -> Option<Words> {
        let (least, most) = self.usual;
        let fits = |value: f64| (least..=most).contains(&value);
        if fits(value) || (value == 0.0 && self.zero) {
            return None;
        }
        let low = value < least;
        let mut words = if low {
            Words::new("少见地小", "is unusually small")
        } else {
            Words::new("少见地大", "is unusually large")
        };
        let (factor, zh, en) = match (self.unit, low) {
            (Unit::Yuan, true) => {
                (1e4, "此处单位为元；如为万元，应写", "amounts are in yuan; if 万元 was meant, write")
            }
            (Unit::Yuan, false) => {
                (1e-2, "此处单位为元；如为分，应写", "amounts are in yuan; if fen was meant, write")
            }
            (Unit::Share, false) => {
                (1e-2, "比例用小数；如为百分数，应写", "shares are decimals; if per cent was meant, write")
            }
            (Unit::Share, true) => (
                10.0,
                "比例用小数；如小数点多移一位，应写",
                "shares are decimals; if the point slipped by one digit, write",
            ),
            (Unit::Number, _) => return Some(words),
        };
        // Rounded, because the product of a decimal has digits of its own.
        let meant = (value * factor * 1e6).round() / 1e6;
        if value > 0.0 && fits(meant) {
            words = Words::new(format!("{}，{zh}{meant}", words.zh), format!("{}; {en} {meant}", words.en));
        }
        Some(words)
    }

    /// The usual range in words.
    #[must_use]
    pub fn words(&self) -> Words {
        let (least, most) = self.usual;
        let (zh, en) = match self.unit {
            Unit::Yuan => ("元", " yuan"),
            Unit::Share | Unit::Number => ("", ""),
        };
        let none = if self.zero { ("0，或", "0, or ") } else { ("", "") };
        Words::new(format!("{}{least}至{most}{zh}", none.0), format!("{}{least} to {most}{en}", none.1))
    }

    /// Where the range is from.
    #[must_use]
    pub fn source(&self) -> Words {
        let (least, most) = self.shipped;
        if self.shipped == self.usual {
            return Words::new("推定，随附文件无此值", "assumed; no shipped file has such a value");
        }
        Words::new(
            format!("随附文件为{least}至{most}，向两侧放宽"),
            format!("the shipped files have {least} to {most}; made wider on both sides"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the ranges say of the shipped files is what these have.
    pub(super) fn shipped(folder: &str, ranges: &[Range]) {
        let mut seen = vec![(f64::INFINITY, f64::NEG_INFINITY); ranges.len()];
        let folder = format!("{}/../../scenarios/{folder}", env!("CARGO_MANIFEST_DIR"));
        for entry in std::fs::read_dir(folder).unwrap() {
            let file = entry.unwrap().path();
            let mut faults = Faults::default();
            let document = Document::parse("file", &std::fs::read_to_string(file).unwrap(), &mut faults);
            assert!(faults.list.is_empty());
            for (path, value) in numbers(&document.root) {
                let named = section(&document, &path);
                let Some(at) = ranges.iter().position(|range| covers(range.pattern, &named)) else {
                    continue;
                };
                if value != 0.0 {
                    seen[at] = (seen[at].0.min(value), seen[at].1.max(value));
                }
            }
        }
        for (range, seen) in ranges.iter().zip(seen) {
            let expected = if seen.0 > seen.1 { range.usual } else { seen };
            assert_eq!(range.shipped, expected, "{}", range.pattern);
            let (least, most) = range.usual;
            assert!(least <= seen.0 && (most >= seen.1), "{}", range.pattern);
        }
    }

    #[test]
    fn exact_ranges_know_what_the_shipped_policies_have() {
        shipped("policies", &POLICY);
    }

    #[test]
    fn exact_ranges_know_what_the_shipped_models_have() {
        shipped("models", &MODEL);
    }

    #[test]
    fn exact_a_wrong_unit_is_named() {
        let cap = yuan("x", (1_000.0, 1_000_000.0), (20_000.0, 300_000.0));
        assert_eq!(
            cap.problem(3.5).unwrap().en,
            "is unusually small; amounts are in yuan; if 万元 was meant, write 35000"
        );
        assert_eq!(cap.problem(3_000_000.0).unwrap().zh, "少见地大，此处单位为元；如为分，应写30000");
        assert_eq!(cap.problem(0.0).unwrap().en, "is unusually small");
        assert_eq!(cap.problem(1_000.0), None);
        assert_eq!(or_none("x", (50.0, 100.0), (50.0, 100.0)).problem(0.0), None);
        let share = Range { unit: Unit::Share, ..yuan("x", (0.1, 1.0), (0.5, 0.9)) };
        assert_eq!(share.problem(0.0).unwrap().en, "is unusually small");
        assert_eq!(
            share.problem(0.08).unwrap().en,
            "is unusually small; shares are decimals; if the point slipped by one digit, write 0.8"
        );
        assert_eq!(
            share.problem(80.0).unwrap().en,
            "is unusually large; shares are decimals; if per cent was meant, write 0.8"
        );
    }
}
