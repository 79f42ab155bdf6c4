//! Rules that contradict each other settle safely: nothing is paid twice, nobody bears less than nothing, and what does
//! not add up is said.

use fundcast::policy::balance::Imbalance;
use fundcast::policy::claim::{Category, Claim, Disease, Insurance, Kind, Level, Locality, Person, Spell};
use fundcast::policy::schedule::{BySetting, SelfPayRange, TargetGroup, TiltCap, TiltShape, YearRules};
use fundcast::policy::settle::{Case, EarlierClaim, Layer, Work, settle_year};
use fundcast::policy::tile::Sums;
use fundcast::units::{Day, Fen, Month, Ratio};

use crate::support::{Recorder, scenario};

fn rules() -> (YearRules, usize) {
    let scenario = scenario("scenarios/fangchenggang.toml", &[]);
    (scenario.rules(0, 2023).expect("rules"), scenario.policy.names.pools.len())
}

fn stay(total: i64, out_of_scope: i64) -> Claim {
    let month = Month::new(2023, 3);
    Claim {
        kind: Kind::Inpatient,
        level: Level::Tertiary,
        locality: Locality::City,
        referred: true,
        disease: Disease::NONE,
        admitted: Day { month, of_month: 2 },
        discharged: Day { month, of_month: 2 },
        total: Fen(total),
        out_of_scope: Fen(out_of_scope),
        other_paid: Fen::ZERO,
        stay: 0,
    }
}

/// A monitored person, whom Fangchenggang's plan ranks as the ninth category, recognised in December.
const SPELL: Spell = Spell { category: Category(8), from: Month::FIRST, to: Month::LAST };

fn settle(
    (rules, n_pools): (&YearRules, usize),
    claims: &[Claim],
    earlier: &[EarlierClaim],
) -> (Recorder, Fen, Option<Imbalance>) {
    let person = Person {
        age: 50,
        sex: None,
        insurance: Insurance::Resident,
        traits: 0,
        spells: &[SPELL],
        recognised: Some(Month::new(2023, 12)),
    };
    let (mut work, mut ledger) = (Work::new(n_pools), Recorder::default());
    settle_year(rules, &Case { person, claims, earlier }, &mut work, &mut ledger);
    let left: Fen = work.settled.iter().map(|claim| claim.patient_in_scope).sum();
    (ledger, left - work.year_end, work.imbalance)
}

/// Two groups that share inpatient stays, with a target of all: the patient is left with nothing, not with −5,552.40.
/// Stay of 60,000: basic 0.60 × 59,400 = 35,640; left 24,360; critical 0.70 × 18,360 = 12,852; left 11,508; regular
/// 0.70 × 8,508 = 5,955.60; left 5,552.40, which the first group pays, and the second finds nothing.
#[test]
fn exact_a_kind_that_two_groups_share_is_topped_up_once() {
    let (mut rules, n_pools) = rules();
    let inpatient = 1 << Kind::Inpatient as u8;
    for (_, shape) in
        rules.schedules.iter_mut().flat_map(|one| &mut one.tilts).flat_map(|tilt| &mut tilt.shapes)
    {
        if let TiltShape::TargetRatio { groups, trigger, .. } = shape {
            let group = |kinds| TargetGroup { kinds, target: Ratio::ONE };
            *groups = vec![group(inpatient), group(inpatient | 1 << Kind::OutpatientMajor as u8)];
            *trigger = Fen::from_yuan(100);
        }
    }
    let (ledger, patient, imbalance) = settle((&rules, n_pools), &[stay(6_000_000, 0)], &[]);
    let tilts: Vec<(Fen, Fen)> = ledger
        .0
        .iter()
        .filter(|payment| payment.layer == Layer::Tilt)
        .map(|payment| (payment.formula.base, payment.amount))
        .collect();
    // The trigger counts the stay once, too.
    assert_eq!(tilts, [(Fen(555_240), Fen(555_240))]);
    assert_eq!((patient, imbalance), (Fen::ZERO, None));
}

/// Deductibles and thresholds far below nothing, and caps without end: every payer stops at what is left.
#[test]
fn exact_no_rule_pays_more_than_what_is_left() {
    let (mut rules, n_pools) = rules();
    let below = Fen::from_yuan(-1_000_000);
    for schedule in &mut rules.schedules {
        for basic in &mut schedule.basic {
            basic.annual_cap = Fen::UNBOUNDED;
            for kind in basic.kinds.iter_mut().flatten() {
                kind.annual_cap = Fen::UNBOUNDED;
                kind.annual_deductible = BySetting::uniform(below);
            }
        }
        for rule in &mut schedule.critical {
            (rule.deductible, rule.annual_cap) = (below, Fen::UNBOUNDED);
        }
        for rule in schedule.assistance.iter_mut().flatten() {
            (rule.deductible, rule.annual_cap) = (below, Fen::UNBOUNDED);
        }
        for rule in &mut schedule.applications {
            (rule.deductible, rule.cap) = (below, Fen::UNBOUNDED);
        }
        for (_, shape) in schedule.tilts.iter_mut().flat_map(|tilt| &mut tilt.shapes) {
            let bands = vec![fundcast::policy::schedule::Band { to: Fen::UNBOUNDED, ratio: Ratio::ONE }];
            let limit = TiltCap::NONE;
            *shape = TiltShape::ExcessRatio {
                bands,
                threshold: below,
                beyond_cap_of: None,
                each: SelfPayRange::default(),
                limit,
            };
        }
    }
    for total in [1, 100, 6_000_000, 900_000_000, Fen::MAX_INPUT.0] {
        let (_, patient, imbalance) =
            settle((&rules, n_pools), &[stay(total, total / 10), stay(total / 2, 0)], &[]);
        assert!(patient >= Fen::ZERO, "{total}: {patient}");
        assert_eq!(imbalance, None, "{total}");
    }
}

/// An application may pay for bills of the year before alone.
#[test]
fn exact_earlier_claims_count_on_both_sides() {
    let (rules, n_pools) = rules();
    let earlier = EarlierClaim {
        admitted: Month::new(2023, 1),
        kind: Kind::Inpatient,
        setting: fundcast::policy::schedule::Setting::of(&stay(0, 0)),
        disease: Disease::NONE,
        self_pay: Fen::from_yuan(50_000),
    };
    let (ledger, _, imbalance) = settle((&rules, n_pools), &[], &[earlier]);
    assert_eq!(ledger.0.iter().map(|payment| payment.amount).sum::<Fen>(), Fen::from_yuan(24_000));
    assert_eq!(imbalance, None);
}

/// What cannot be settled is seen: more outside the catalogue than was billed.
#[test]
fn exact_a_settlement_that_does_not_add_up_is_said() {
    let (rules, n_pools) = rules();
    let (_, _, imbalance) = settle((&rules, n_pools), &[stay(100, 300)], &[]);
    let imbalance = imbalance.expect("it does not add up");
    assert_eq!((imbalance.year, imbalance.bills), (2023, Fen(100)));
    assert!(
        imbalance.to_string().contains("the settlement of 2023 does not add up: of bills of 1.00"),
        "{imbalance}"
    );
}

#[test]
fn exact_the_sums_of_a_tile_add_up_or_not() {
    let good = Sums { bills: 1000.0, paid: 700, self_pay: 300.0, negative: false };
    assert!(good.add_up());
    for bad in [
        Sums { bills: 1001.0, ..good },
        Sums { paid: 701, ..good },
        Sums { self_pay: 299.0, ..good },
        Sums { negative: true, ..good },
    ] {
        assert!(!bad.add_up(), "{bad:?}");
    }
}

/// Bills as large as can be typed, many of them, in every shipped policy: nothing overflows, everything adds up.
#[test]
fn exact_the_largest_bills_and_thousands_of_bills_are_settled() {
    for (label, file) in crate::support::POLICIES {
        let scenario = scenario(file, &[]);
        let rules = scenario.rules(0, 2024).expect("rules");
        let n_pools = scenario.policy.names.pools.len();
        let many: Vec<Claim> = (0..3000)
            .map(|n| {
                let mut claim = stay(Fen::MAX_INPUT.0 / 3000, Fen::MAX_INPUT.0 / 9000);
                claim.kind = Kind::ALL[n % 4];
                claim.admitted.month = Month::new(2024, 1 + (n % 12) as u8);
                claim.discharged = claim.admitted;
                claim
            })
            .collect();
        let mut largest = stay(Fen::MAX_INPUT.0, 0);
        largest.admitted.month = Month::new(2024, 3);
        largest.discharged = largest.admitted;
        for claims in [&many[..], &[largest]] {
            let (_, patient, imbalance) = settle((&rules, n_pools), claims, &[]);
            assert!(patient >= Fen::ZERO && imbalance.is_none(), "{label}: {imbalance:?}");
        }
    }
}
