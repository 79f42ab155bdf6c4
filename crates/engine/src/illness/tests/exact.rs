//! What holds without chance: table edges, months of presence, order, determinism, refusal of bad files.

use super::panel::{Panel, calm};
use super::*;
use crate::illness::cost::{fen, level_of, level_thresholds};
use crate::illness::math::{NormalTable, exp, ln, normal_below, normal_quantile};
use crate::policy::claim::{Claim, Disease, Kind, Sex};
use crate::rng::Draws;
use crate::units::{Fen, Month};

#[test]
fn exact_exp_and_ln_agree_with_libm() {
    for step in -7000..=7000 {
        let x = f64::from(step) / 10.0 + 0.037;
        let wanted = libm::exp(x.clamp(-700.0, 700.0));
        assert!((exp(x) / wanted - 1.0).abs() < 1e-14, "exp {x}");
        assert!((ln(wanted) - libm::log(wanted)).abs() < 1e-13, "ln of exp {x}");
    }
    assert!((ln(1.0)).abs() < 1e-300 && (exp(0.0) - 1.0).abs() < 1e-300);
    assert!(exp(-1e9) > 0.0 && exp(1e9).is_finite());
}

/// A replicate departs from the stated growth after the last year whose values are given, and in no year before.
#[test]
fn exact_growth_acts_after_the_last_year_given() {
    let model = model("guangxi");
    let params = model.replicate(&Draws::new(3), 1);
    assert!(params.admissions_growth != 0.0 && params.cost_growth != 0.0);
    let last = [model.admission.rate.last(), model.cost.mean.last()];
    for year in 2015..2035 {
        let wanted = [params.admissions_growth, params.cost_growth];
        let wanted = [0, 1].map(|at: usize| if year > last[at] { wanted[at] } else { 0.0 });
        let found = model.year(&params, 450_621, year).growths;
        assert_eq!(found.map(f64::to_bits), wanted.map(f64::to_bits), "{year}");
    }
}

/// Percentage points from printed tables of the normal distribution.
#[test]
fn val_normal_quantile() {
    for (p, z) in [
        (0.5, 0.0),
        (0.975, 1.959_963_984_540_054),
        (0.001, -3.090_232_306_167_813_5),
        (1e-9, -5.997_807_015_007_686),
        (0.99, 2.326_347_874_040_841),
    ] {
        assert!((normal_quantile(p) - z).abs() < 1e-12, "{p}");
        assert!((normal_below(z) - p).abs() < 1e-13, "{p}");
    }
}

#[test]
fn exact_normal_table_at_ends_and_at_every_edge() {
    let table = NormalTable::new();
    let mut words = edge_words();
    words.sort_unstable();
    let mut last = f64::NEG_INFINITY;
    for word in words {
        let (drawn, wanted) = (table.draw(word), normal_quantile(crate::rng::uniform(word)));
        assert!((drawn - wanted).abs() < 2e-6, "word {word}: {drawn} against {wanted}");
        assert!(drawn >= last, "falls at {word}");
        assert!((table.draw(!word) + drawn).abs() < 1e-300, "not symmetric at {word}");
        last = drawn;
    }
}

#[test]
fn exact_number_of_stays_at_the_edges() {
    let model = model("guangxi");
    let admission = &model.admission;
    assert_eq!(admission.stays(0.0, 0), 0);
    assert_eq!(admission.stays(1e-6, 0), 1, "P(N >= 2) is 5e-13, below one word");
    assert_eq!(admission.stays(5.0, u32::MAX), 0);
    assert_eq!(admission.stays(1e9, u32::MAX), admission.most_stays);
    let one = crate::rng::threshold(1.0 - exp(-0.2));
    assert_eq!(admission.stays(0.2, u32::try_from(one).unwrap()), 0);
    assert_eq!(admission.stays(0.2, u32::try_from(one - 1).unwrap()), 1);
}

#[test]
fn exact_costs_stay_within_their_bounds_at_edge_words() {
    let model = model("guangxi");
    let ctx = calm(&model, 1, 2025);
    let mut words: Vec<u32> = vec![0, 1, u32::MAX / 2, u32::MAX - 1, u32::MAX];
    let splice = u32::try_from(crate::rng::threshold(model.cost.tail_from)).unwrap();
    words.extend([splice - 1, splice, splice + 1]);
    words.sort_unstable();
    let at: Vec<f64> = words.iter().map(|&word| ctx.shape.at(&model.normal, word)).collect();
    assert!(at.windows(2).all(|pair| pair[0] <= pair[1]), "{at:?}");
    assert!((at[words.len() - 3] - ctx.shape.at(&model.normal, splice - 1)).abs() < 10.0);
    let jump = ctx.shape.at(&model.normal, splice) - ctx.shape.at(&model.normal, splice - 1);
    assert!(jump < 1e-5, "the body meets the tail: {jump}");
    assert_eq!(model.cost.bill(-1e9), Fen::from_yuan(50));
    assert_eq!(model.cost.bill(1e9), Fen::from_yuan(3_000_000));
    assert_eq!(fen(0.005), Fen(1));
    assert_eq!(fen(0.004), Fen(0));
}

#[test]
fn exact_levels_at_edge_words() {
    let thresholds = level_thresholds([0.0, 0.5, 0.5, 0.0]);
    assert_eq!(level_of(&thresholds, 0), Level::Secondary);
    assert_eq!(level_of(&thresholds, (1 << 31) - 1), Level::Secondary);
    assert_eq!(level_of(&thresholds, 1 << 31), Level::Tertiary);
    let last = level_of(&thresholds, u32::MAX);
    assert!(last == Level::Tertiary || last == Level::Provincial);
}

#[test]
fn exact_days_of_admission_reach_both_ends_of_presence() {
    let model = model("guangxi");
    let days = crate::illness::stay::Calendar::new(2024);
    for (first, last) in [(1, 12), (2, 2), (6, 9), (12, 12)] {
        let (low, _) = model.season.day(&days, (first, last), 0);
        let (high, rest) = model.season.day(&days, (first, last), u32::MAX);
        assert_eq!((low.month.of_year(), low.of_month), (first, 1));
        assert_eq!(high.month.of_year(), last);
        assert_eq!(high.of_month, crate::units::days_in(high.month));
        assert!((0.0..1.0).contains(&rest));
    }
    assert!((model.season.share(1, 12) - 1.0).abs() < 1e-12);
    assert!(model.season.share(7, 6).abs() < 1e-300 && model.season.share(13, 12).abs() < 1e-300);
    let christmas = crate::units::Day { month: Month::new(2024, 12), of_month: 31 };
    let longest = model.places.days_after(Level::Primary, 0.999);
    assert_eq!(christmas.plus_days(longest).month.year(), 2025);
}

#[test]
fn prop_claims_keep_to_the_months_of_presence() {
    let model = model("guangxi");
    let mut panel = Panel::of_age(30_000, 70);
    panel.group.iter_mut().for_each(|group| *group = model.group("dibao"));
    for row in 0..panel.number.len() {
        (panel.first[row], panel.last[row]) = [(1, 12), (3, 5), (8, 8), (7, 6), (11, 12)][row % 5];
    }
    let ctx = calm(&model, 3, 2024).with_general_outpatient(true);
    let mut kinds = [0; 4];
    for (ill, claims) in panel.year(&model, &ctx) {
        let row = ill.row as usize;
        assert!(!row.is_multiple_of(5) || panel.last[row] == 12);
        for claim in claims {
            let month = claim.admitted.month.of_year();
            assert!(panel.first[row] <= month && month <= panel.last[row], "{claim:?}");
            assert_eq!(claim.admitted.month.year(), 2024);
            assert!(claim.admitted.of_month <= crate::units::days_in(claim.admitted.month));
            assert!(claim.discharged >= claim.admitted);
            assert!(Fen::ZERO <= claim.out_of_scope && claim.out_of_scope <= claim.total);
            assert!(claim.kind != Kind::Outpatient || month == panel.last[row]);
            kinds[claim.kind.index()] += 1;
        }
    }
    assert!(kinds.iter().all(|&n| n > 100), "every kind occurs: {kinds:?}");
}

#[test]
fn prop_order_and_split_of_persons_change_nothing() {
    let model = model("guangxi");
    let params = model.replicate(&Draws::new(5), 9);
    let mut all = Panel::standard(&model, 5_000);
    let mut reversed = all.clone();
    reversed.number.reverse();
    reversed.age.reverse();
    reversed.sex.reverse();
    for year in 2022..2025 {
        let ctx = model.year(&params, 450_621, year);
        let straight = all.year(&model, &ctx);
        let mut back = reversed.year(&model, &ctx);
        back.reverse();
        assert_eq!(straight.len(), back.len());
        for ((a, claims), (b, same)) in straight.iter().zip(&back) {
            assert_eq!((a.row, a.stays, claims), (4_999 - b.row, b.stays, same));
        }
        all.grow_older();
        reversed.grow_older();
    }
}

#[test]
fn prop_newcomers_do_not_touch_those_already_there() {
    let model = model("guangxi");
    let (mut few, mut many) = (Panel::standard(&model, 2_000), Panel::standard(&model, 2_000));
    few.year(&model, &calm(&model, 8, 2023));
    many.year(&model, &calm(&model, 8, 2023));
    for number in 5_000..6_000 {
        many.number.push(number);
        many.age.push(0);
        many.sex.push(Sex::Female);
        many.group.push(1);
        many.first.push(4);
        many.last.push(12);
    }
    let ctx = calm(&model, 8, 2024);
    let (few, many) = (few.year(&model, &ctx), many.year(&model, &ctx));
    assert_eq!(few[..], many[..few.len()]);
    assert!(many.len() > few.len());
}

#[test]
fn prop_zero_incidence_gives_no_claims_but_those_of_lasting_disease() {
    let mut raw = raw("guangxi");
    raw.condition.clear();
    raw.chronic.prevalence_by_age = [("0".into(), 1e-12)].into();
    raw.admission.rate_by_year.values_mut().for_each(|rate| *rate = 1e-12);
    let model = IllnessModel::new(&raw).unwrap();
    assert!(Panel::standard(&model, 10_000).year(&model, &calm(&model, 1, 2024)).is_empty());
}

#[test]
fn exact_groups_and_unknown_categories() {
    let model = model("guangxi");
    assert_eq!(model.groups()[0].id, "ordinary");
    assert_eq!(model.group("ordinary"), IllnessModel::ORDINARY);
    assert_eq!(model.groups()[usize::from(model.group("dibao"))].id, "dibao");
    assert_eq!(model.group("monitored_marginal"), IllnessModel::DEFAULT);
    assert_eq!((model.first_year(), model.last_year()), (2022, 2025));
}

/// The outpatient bills of a condition are all for one listed disease, in the share of persons that the file gives, and
/// so they stay from year to year; nothing else of them depends on it.
#[test]
fn prop_bills_of_a_condition_are_for_its_disease() {
    let mut marked = raw("guangxi");
    for condition in marked.condition.values_mut() {
        condition.prevalence_per_1000_by_age.iter_mut().for_each(|(_, share)| *share = share.max(5.0));
        condition.diseases.insert("listed".to_owned(), 0.6);
    }
    let mut unmarked = marked.clone();
    unmarked.condition.values_mut().for_each(|condition| condition.diseases.clear());
    let models = [marked, unmarked].map(|raw| IllnessModel::new(&raw).unwrap());
    let mut panels = [0, 1].map(|at| Panel::standard(&models[at], 20_000));
    let mut by_person = std::collections::BTreeMap::<u32, Vec<Disease>>::new();
    for year in [2023, 2024] {
        let [with, without] = [0, 1].map(|at| {
            let ctx = calm(&models[at], 3, year);
            panels[at].year(&models[at], &ctx)
        });
        assert_eq!(with.len(), without.len());
        for ((ill, claims), (_, others)) in with.iter().zip(&without) {
            let unmarked = claims.iter().map(|claim| Claim { disease: Disease::NONE, ..*claim });
            assert!(unmarked.eq(others.iter().copied()));
            let of_major = claims.iter().filter(|claim| claim.kind == Kind::OutpatientMajor);
            by_person.entry(ill.row).or_default().extend(of_major.map(|claim| claim.disease));
            let other = |claim: &&Claim| matches!(claim.kind, Kind::Outpatient | Kind::OutpatientChronic);
            assert!(claims.iter().filter(other).all(|claim| claim.disease == Disease::NONE));
        }
    }
    by_person.retain(|_, diseases| !diseases.is_empty());
    // A person's condition may end and another begin; most keep theirs.
    let same = by_person.values().filter(|all| all.iter().all(|disease| *disease == all[0])).count();
    assert!(same as f64 > 0.97 * by_person.len() as f64, "{same} of {}", by_person.len());
    let for_it = by_person.values().filter(|all| all[0] != Disease::NONE).count() as f64;
    let (n, share) = (by_person.len() as f64, for_it / by_person.len() as f64);
    assert!(n > 300.0 && (share - 0.6).abs() < 4.0 * (0.24 / n).sqrt(), "{share} of {n}");
}
