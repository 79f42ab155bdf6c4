//! Winners and losers whose number is known without the program, and what must not matter.

use std::collections::BTreeMap;
use std::path::Path;

use super::facts::RuleMeasure;
use super::from_scenario::{EngineChoice, Plan, simulate_county};
use super::outcome::CountyOutcome;
use super::winners::{Again, CountyChange, Direction, Group, Kind, NotTheSame, Tally, of_county};
use crate::scenario::{self, Scenario, load::Setting};

const COUNTY: usize = 2;
const REPLICATES: u32 = 3;

fn load(file: &str, settings: &[(&str, &str)]) -> Scenario {
    let setting =
        |(path, value): &(&str, &str)| Setting { path: (*path).to_owned(), value: (*value).to_owned() };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(file);
    let settings: Vec<Setting> = settings.iter().map(setting).collect();
    scenario::load(&file, &settings).unwrap()
}

/// Nobody gains an identity, so that a rule of one category reaches nobody of another.
const NO_LISTS: [(&str, &str); 3] = [
    ("policy.watch.lifted_out.verification_share", "0.0"),
    ("policy.watch.ordinary.verification_share", "0.0"),
    ("policy.application.illness_poor.enabled", "false"),
];

fn with(more: &[(&str, &str)]) -> Scenario {
    load("fangchenggang.toml", &[NO_LISTS.as_slice(), more].concat())
}

fn plan(scenario: &Scenario) -> Plan<'_> {
    Plan {
        years: scenario.years(),
        warm_up_years: 1,
        first_replicate: 0,
        n_replicates: REPLICATES,
        seed: 7,
        engine: EngineChoice::default(),
        observer: &(),
    }
}

/// The change from the first scenario to the second, and what the run booked for both. The run is by tiles, which the
/// persons of the plain reference are held against.
fn change(base: &Scenario, other: &Scenario) -> (Result<CountyChange, NotTheSame>, [CountyOutcome; 2]) {
    let mut outcomes = Vec::new();
    for scenario in [base, other] {
        outcomes.extend(simulate_county(&[scenario], COUNTY, plan(base), &|_| ()).unwrap().outcomes);
    }
    let again = Again { plan: plan(base), reported: base.years() };
    let booked: Vec<Option<&CountyOutcome>> = outcomes.iter().map(Some).collect();
    let mut all = of_county(&[base, other], COUNTY, again, &booked, &|_| ()).unwrap();
    assert_eq!(all.len(), 1);
    // What the run did not work out is held against the books of the reference, and nothing else differs.
    let alone = of_county(&[base, other], COUNTY, again, &[booked[0], None], &|_| ()).unwrap();
    assert_eq!(all, alone);
    (all.remove(0), outcomes.try_into().unwrap())
}

fn rank(scenario: &Scenario, category: &str) -> usize {
    scenario.policy.names.categories.iter().position(|name| name.id == category).unwrap()
}

/// All replicates of the groups that are asked for.
fn sum(change: &CountyChange, of: impl Fn(&Group) -> bool) -> Tally {
    let mut sum = Tally::default();
    change.groups.iter().filter(|(group, _)| of(group)).flat_map(|(_, own)| own).for_each(|one| sum.add(one));
    sum
}

/// The ratio of one category is raised and that of another lowered: nobody of the first loses, nobody of the second gains,
/// and of all others nothing changes. What is left to a person changes by as much, the other way round.
#[test]
fn exact_a_rule_of_one_category_and_a_rule_of_another() {
    let base = with(&[]);
    let other =
        with(&[("policy.assistance.class2_other.ratio", "1.0"), ("policy.assistance.margin.ratio", "0.40")]);
    let (change, [first, second]) = change(&base, &other);
    let change = change.unwrap();
    let [dibao, margin] = ["dibao", "dibao_margin"].map(|id| rank(&base, id));
    let of = |category: usize, kind: Kind, direction: Direction| {
        sum(&change, |group| (group.category, group.kind, group.direction) == (category, kind, direction))
    };
    let gain = of(dibao, Kind::OnBills, Direction::More);
    let loss = of(margin, Kind::OnBills, Direction::Less);
    assert!(gain.persons > 1000 && loss.persons > 100, "{gain:?} {loss:?}");
    assert_eq!(of(dibao, Kind::OnBills, Direction::Less), Tally::default());
    assert_eq!(of(margin, Kind::OnBills, Direction::More), Tally::default());
    let of_others =
        |group: &Group| group.direction != Direction::Same && ![dibao, margin].contains(&group.category);
    // But for a stay over New Year that is settled by the identity of the January in which it ends.
    let others = sum(&change, |group| of_others(group) && group.kind == Kind::Assistance);
    assert!(others.persons * 1000 < gain.persons, "{others:?}");
    let unmoved = |group: &Group| matches!(group.kind, Kind::Contribution | Kind::Insurance);
    assert_eq!(sum(&change, unmoved), Tally::default());
    for (category, here, there) in
        [(dibao, Direction::More, Direction::Less), (margin, Direction::Less, Direction::More)]
    {
        let [helped, left] = [of(category, Kind::Assistance, here), of(category, Kind::SelfPay, there)];
        assert_eq!((helped.persons, helped.fen, helped.largest), (left.persons, -left.fen, left.largest));
    }
    let fen = |outcome: &CountyOutcome| -> i64 { outcome.trials().sum() };
    assert_eq!(gain.fen + loss.fen + others.fen, fen(&second) - fen(&first));
    let same = sum(&change, |group| group.direction == Direction::Same);
    assert!(same.persons > 1000 && same.fen == 0 && same.largest == 0, "{same:?}");
}

/// The subsidy of one category falls to nothing: whom the rule subsidised loses, each the same share of the contribution,
/// but for whom another rule subsidises as well.
#[test]
fn exact_everybody_loses_the_same_subsidy() {
    let base = with(&[]);
    let shares = "{ 2022 = 0.0, 2023 = 0.0, 2024 = 0.0, 2025 = 0.0 }";
    let other = with(&[("policy.subsidy.stable_lifted.share", &format!("{{ by_year = {shares} }}"))]);
    let (change, [first, _]) = change(&base, &other);
    let change = change.unwrap();
    let rule = base.policy.rules.iter().position(|rule| rule.id.ends_with("subsidy.stable_lifted")).unwrap();
    for year in 0..base.years().len() {
        let lost = sum(&change, |group| {
            (group.year, group.kind, group.direction) == (year, Kind::Contribution, Direction::Less)
        });
        let persons = first.rule_sum(year, rule, RuleMeasure::Persons);
        assert!(i128::from(lost.persons) <= persons && i128::from(lost.persons) * 100 > persons * 99);
        let (share, contribution) = [(60, 320), (50, 350), (40, 380), (30, 400)][year];
        assert_eq!(lost.largest, share * contribution, "fen");
        assert_eq!(lost.largest * lost.persons, -lost.fen, "everybody loses the same");
    }
    // Nobody else is touched, and who is touched is counted once in each year.
    let moved = |group: &Group| group.kind == Kind::Contribution && group.direction != Direction::Same;
    assert_eq!(change.touched.iter().sum::<i64>(), sum(&change, moved).persons);
    // Who came to another identity in the year did not get its subsidy beside the one of January, and now does.
    let [gain, loss] = [Direction::More, Direction::Less]
        .map(|way| sum(&change, |group| (group.kind, group.direction) == (Kind::Contribution, way)));
    assert!(gain.persons * 100 < loss.persons, "{gain:?} {loss:?}");
    assert!(
        gain.largest <= 40_000 - 12_000,
        "at most the whole contribution instead of the least share: {gain:?}"
    );
}

/// A lower deductible and a lower ratio: small bills gain and large ones lose, so that the net hides most of both.
#[test]
fn exact_a_swap_has_winners_and_losers_behind_a_small_net() {
    let base = with(&[]);
    let other = with(&[
        ("policy.assistance.stable_lifted.deductible_yuan", "0"),
        ("policy.assistance.stable_lifted.ratio", "0.18"),
    ]);
    let (change, [first, second]) = change(&base, &other);
    let change = change.unwrap();
    let of = |direction| sum(&change, |group| (group.kind, group.direction) == (Kind::Assistance, direction));
    let (gain, loss) = (of(Direction::More), of(Direction::Less));
    let net = gain.fen + loss.fen;
    // Whoever gains or loses assistance is left with less or more: the same persons, and nobody besides.
    assert_eq!(change.touched.iter().sum::<i64>(), gain.persons + loss.persons);
    assert!(gain.persons > 20 && loss.persons > 20, "{gain:?} {loss:?}");
    assert!(net.abs() * 3 < gain.fen.min(-loss.fen), "{gain:?} {loss:?}: {net}");
    let booked: i64 = second.trials().sum::<i64>() - first.trials().sum::<i64>();
    assert_eq!(net, booked);
}

/// Nothing changes: nobody gains and nobody loses, with lists, recognitions, applications, and the numbers of persons
/// uncertain.
#[test]
fn exact_equal_scenarios_have_neither_winners_nor_losers() {
    let [base, same] = [(); 2].map(|()| load("fangchenggang.toml", &[]));
    let (nothing, _) = change(&base, &same);
    let nothing = nothing.unwrap();
    assert!(nothing.same_bills && nothing.drawn_apart == 0 && nothing.touched == [0; REPLICATES as usize]);
    assert!(nothing.groups.keys().all(|group| group.direction == Direction::Same));
}

/// A scenario that draws general outpatient bills, which the first does not need: the persons are the same, their bills are
/// not, so that nothing is said of insurance and self-pay.
#[test]
fn exact_other_bills_are_not_held_against_each_other() {
    let base = with(&[]);
    let kinds = r#"["outpatient_chronic", "outpatient"]"#;
    let other = with(&[("policy.assistance.chronic_class1.when.kinds", kinds)]);
    let (change, _) = change(&base, &other);
    let change = change.unwrap();
    assert!(!change.same_bills);
    assert_eq!(sum(&change, |group| matches!(group.kind, Kind::Insurance | Kind::SelfPay)), Tally::default());
    assert_eq!(sum(&change, |group| group.direction == Direction::Less), Tally::default());
    assert!(sum(&change, |group| group.direction == Direction::More).persons > 0);
}

/// Another place may have the same persons, and then they are held against each other; other persons are not, nor the
/// same ones where they fall ill in another way.
#[test]
fn exact_only_the_same_persons_are_held_against_each_other() {
    let base = with(&[]);
    let of = |setting: (&str, &str)| change(&base, &with(&[setting])).0.map(|change| change.same_bills);
    assert_eq!(of(("place.county_parameters.exit_2014_2015_share.default", "0.2")), Ok(true));
    assert_eq!(of(("place.population.groups.tekun.loss_per_year", "0.02")), Err(NotTheSame::Persons));
    assert_eq!(of(("model.admission.place_factor", "1.1")), Err(NotTheSame::Illness));
}

/// By every road that gives somebody money, what persons get is what is booked; `of_county` ends otherwise.
#[test]
fn prop_persons_get_what_is_booked_on_every_road() {
    let split = ("policy.new_year", r#"{ stays = "split", cite = ["FCG-01"] }"#);
    let found = ("policy.watch.ordinary.verification_share", "1.0");
    let ratio = ("policy.assistance.margin.ratio", "0.5");
    let approved = ("place.application.approval_share", "1.0");
    for (base, other) in [
        (vec![split], vec![split, ratio, found]),
        (vec![approved, found], vec![approved, ratio]),
        (vec![], vec![split, approved, found]),
    ] {
        let [base, other] = [base, other].map(|settings| load("fangchenggang.toml", &settings));
        let change = change(&base, &other).0.unwrap();
        let by_kind: BTreeMap<Kind, i64> =
            Kind::ALL.map(|kind| (kind, sum(&change, |group| group.kind == kind).fen)).into();
        assert_eq!(by_kind[&Kind::Assistance], by_kind[&Kind::OnBills] + by_kind[&Kind::Contribution]);
        assert_ne!(by_kind[&Kind::Assistance], 0);
    }
}
