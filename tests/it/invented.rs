//! A plan that does not exist, with every shape of the policy format, against cases worked by hand.

use crate::support::{check_hands, scenario};

const INVENTED: &str = "tests/cases/invented/invented.toml";

#[test]
fn exact_hand_worked_invented() {
    check_hands("tests/cases/invented/cases.toml", &scenario(INVENTED, &[]));
}

/// Every table of the format is there, so that a shape that is added later is added here too.
#[test]
fn exact_invented_plan_uses_every_shape() {
    let text = crate::support::text("tests/cases/invented/policies/invented.toml");
    let shapes = [
        "by_year",
        "by_level",
        "by_place",
        "by_referral",
        "by_category",
        "by_stay",
        "share_of_income",
        "county_parameter",
        "rest",
        "bands",
        "bands_on",
        "within",
        "claim_deductible_yuan",
        "after_earlier_rules",
        "by_standard_of",
        "deductible_times",
        "times",
        "points",
        "cap_counts = \"all_assistance\"",
        "cap_counts = \"tilt_alone\"",
        "beyond_cap_of",
        "year_self_pay_above_yuan",
        "claim_self_pay_above_yuan",
        "claim_cap_yuan",
        "one_claim",
        "value_of",
        "plus_yuan",
        "pool = \"inpatient\"\nrecognised_as",
        "groups",
        "threshold_yuan",
        "when_assisted",
        "age_from",
        "age_below",
        "traits",
        "insurance",
        "from_year",
        "like_resident",
        "annual_deductible_yuan",
        "raise_reading",
        "second_assistance",
        "indicator",
        "watch",
        "out_of_catalogue",
        "superseded_by",
        "newly_recognised",
        "[diseases]",
        "when = { kinds = [\"inpatient\"], diseases",
        "without_diseases",
        "[new_year]",
        "deductible_yuan.by_level = { primary = 50",
        "annual_deductible_yuan.by_level",
        "[basic.resident.pool.special]",
        "threshold_yuan = 100\nclaim_self_pay_above_yuan",
        "window_months = 12\nwindow = \"year_before\"",
        "out_of_scope",
        "in_and_out_of_scope",
        "share = 0\ncite",
        "en = \"Chronic outpatient of the household\", sums_of = \"household\"",
        "year_self_pay_above_yuan = 2000\nsums_of = \"household\"",
        "sums_of = \"household\"\nthreshold_yuan",
        "sums_of = \"household\"\ndeductible_yuan",
        "en = \"Assistance fund\", cite",
    ];
    for shape in shapes {
        assert!(text.contains(shape), "{shape}");
    }
}
