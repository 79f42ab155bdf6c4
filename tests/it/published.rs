//! The shipped models and policies together held against published figures.

use fundcast::illness::{IllnessModel, Persons, Shocks};
use fundcast::policy::claim::{Claim, Insurance, Kind, Level, Sex};
use fundcast::policy::settle::{Case, Work, settle_year};
use fundcast::rng::Draws;
use fundcast::scenario::Scenario;
use fundcast::units::Fen;

use crate::support::{Recorder, Who, scenario};

/// A county-year without luck.
const NO_SHOCK: Shocks = Shocks {
    year_admissions: 1.0,
    year_cost: 1.0,
    county_admissions: 1.0,
    county_cost: 1.0,
    county_year_admissions: 1.0,
    county_year_cost: 1.0,
};

/// Inpatient cost within the catalogue, and what basic insurance paid of it.
#[derive(Debug, Clone, Copy, Default)]
struct Paid {
    in_scope: Fen,
    basic: Fen,
}

impl Paid {
    fn share(self) -> f64 {
        self.basic.yuan() / self.in_scope.yuan()
    }
}

/// What basic insurance pays of the stays of a year, by level, if all residents of a county were ordinary ones.
fn stays_paid(scenario: &Scenario, county: usize, year: u16) -> [Paid; 4] {
    let here = &scenario.place.counties[county];
    let mut people = Vec::new();
    for (sex, bands) in [Sex::Male, Sex::Female].into_iter().zip(&here.residents) {
        for (age, &residents) in (2..).step_by(5).zip(bands) {
            people.extend((0..residents).map(|_| (sex, age)));
        }
    }
    let number: Vec<u32> = (0..).take(people.len()).collect();
    let age: Vec<u8> = people.iter().map(|person| person.1).collect();
    let sex: Vec<Sex> = people.iter().map(|person| person.0).collect();
    let group = vec![IllnessModel::ORDINARY; people.len()];
    let (first, last) = (vec![1; people.len()], vec![12; people.len()]);
    let persons = Persons {
        number: &number,
        age: &age,
        sex: &sex,
        group: &group,
        first_month: &first,
        last_month: &last,
    };
    let model = &scenario.model;
    let ctx = model.year_with(&model.central(&Draws::new(7), 0), here.code, year, NO_SHOCK);
    let (mut states, mut ill) = (Vec::new(), Vec::new());
    model.begin(&ctx, &persons, &mut states);
    model.incidence(&ctx, &persons, &mut states, &mut ill);
    let rules = scenario.rules(county, year).expect("the year has parameters");
    let mut work = Work::new(scenario.policy.names.pools.len());
    let mut paid = [Paid::default(); 4];
    for one in ill {
        let mut claims: Vec<Claim> = Vec::new();
        model.claims(&ctx, &persons, &one, &mut claims);
        let who = Who {
            age: age[one.row as usize],
            insurance: Insurance::Resident,
            traits: 0,
            spells: Vec::new(),
            recognised: None,
        };
        let case = Case { person: who.person(), claims: &claims, earlier: &[] };
        settle_year(&rules, &case, &mut work, &mut Recorder::default());
        for (claim, settled) in
            claims.iter().zip(&work.settled).filter(|(claim, _)| claim.kind == Kind::Inpatient)
        {
            let of_level = &mut paid[claim.level.index()];
            of_level.in_scope += settled.in_scope;
            of_level.basic += settled.basic;
        }
    }
    paid
}

/// Of some levels together.
fn together(paid: &[Paid]) -> Paid {
    let add =
        |sum: Paid, one: &Paid| Paid { in_scope: sum.in_scope + one.in_scope, basic: sum.basic + one.basic };
    paid.iter().fold(Paid::default(), add)
}

/// Published share of in-catalogue inpatient cost that the funds of resident insurance paid, all levels (national
/// statistical bulletins of medical security).
const PUBLISHED: [(u16, f64); 3] = [(2023, 0.681), (2024, 0.686), (2025, 0.660)];

/// The mean of the three published years is met, and each year lies within what they span. By level only secondary
/// hospitals meet the 72.4 % of 2023: Guangxi's own ratios, which were found, pay more than the national 80.8 % in
/// primary and less than the national 63.2 % in tertiary hospitals.
#[test]
fn stat_basic_insurance_pays_the_published_share_of_inpatient_cost() {
    let scenario = scenario("scenarios/fangchenggang.toml", &[]);
    let county = scenario.place.counties.iter().position(|one| one.code == 450_603).expect("Fangcheng");
    let mut shares = Vec::new();
    for (year, published) in PUBLISHED {
        let paid = stays_paid(&scenario, county, year);
        let share = together(&paid).share();
        assert!(
            (0.660..=0.686).contains(&share),
            "{year}: {share} is paid, 66.0 to 68.6 % were in 2023 to 2025"
        );
        let secondary = paid[Level::Secondary.index()].share();
        assert!((secondary - 0.724).abs() < 0.02, "{year}: {secondary} in secondary hospitals");
        shares.push((share, published));
    }
    let mean = |of: fn(&(f64, f64)) -> f64| shares.iter().map(of).sum::<f64>() / shares.len() as f64;
    let (ours, published) = (mean(|one| one.0), mean(|one| one.1));
    assert!((ours - published).abs() < 0.005, "{ours} against {published}");
}

/// The plan of Ewenki Banner wants about 75 %; its assumed deductibles and ratios by level give less, as the policy
/// file and `docs/model/illness.md` say.
#[test]
fn stat_the_assumed_values_of_ewenki_pay_about_seventy_percent() {
    let share = together(&stays_paid(&scenario("scenarios/ewenki.toml", &[]), 0, 2023)).share();
    assert!((0.68..0.715).contains(&share), "{share}");
}
