//! What single steps cost: a county-year by every engine, one person's year, a population, the rules of a tile.
//!
//! `cargo bench --bench stages`; the ratios that `docs/performance.md` keeps are printed by `--bench ratios`.

use std::fmt;
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::ItemsCount;
use fundcast::instruction_set::Instructions;
use fundcast::policy::claim::{
    Category, Claim, Disease, Insurance, Kind, Level, Locality, Person, Sex, Spell,
};
use fundcast::policy::names::position;
use fundcast::policy::settle::{Case, Ledger, Payment, Work, settle_year};
use fundcast::population::Population;
use fundcast::rng::Draws;
use fundcast::scenario::{self, Scenario};
use fundcast::simulation::columns::YearColumns;
use fundcast::simulation::enrolment::AlreadyPaid;
use fundcast::simulation::from_scenario::rules;
use fundcast::simulation::lane::{FundMoney, HouseholdTest, Lane};
use fundcast::simulation::ordinary::Residents;
use fundcast::simulation::replicate::{self, County, Engine, Scratch};
use fundcast::simulation::tiled::TiledCounty;
use fundcast::simulation::tiled::rules::TileRules;
use fundcast::units::{Day, Fen, Month};

fn main() {
    divan::main();
}

/// Shangsi, about 40,000 persons with an identity.
const COUNTY: usize = 2;
const YEAR: u16 = 2024;
const DRAWS: Draws = Draws::new(20_220_801);

/// The county in one year.
struct Place {
    scenario: Scenario,
    population: Population,
    columns: YearColumns,
    residents: Residents,
}

static PLACE: LazyLock<Place> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/fangchenggang.toml");
    let scenario = scenario::load(path.as_ref(), &[]).expect("shipped scenarios are valid");
    let population = draw(&scenario);
    let columns = YearColumns::new(&population, &scenario.model, &scenario.policy.names, YEAR);
    let residents = Residents::new(&population.ordinary, vec![34_000.0], 0.6, 3.0);
    Place { scenario, population, columns, residents }
});

fn draw(scenario: &Scenario) -> Population {
    let target = scenario.county_target(COUNTY);
    Population::draw(&target, &scenario.population, YEAR..=YEAR, &DRAWS)
        .expect("shipped counties can be drawn")
}

fn lane(place: &Place) -> Lane<'_> {
    let test = HouseholdTest { self_pay_share_of_income: 1.0, approval_share: 0.5, delay_months: 2 };
    let rules = rules(&place.scenario, COUNTY, &[YEAR]).expect("the scenario has the year");
    let mut lane = Lane::new(&place.scenario.policy, rules, test, FundMoney::default());
    lane.prepare(&place.population, std::slice::from_ref(&place.columns), AlreadyPaid::nobody());
    lane
}

/// An engine, or a set of instructions for the tiled one.
#[derive(Clone, Copy)]
enum Way {
    Reference,
    Tiled(Instructions),
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reference => f.write_str("reference"),
            Self::Tiled(instructions) => write!(f, "tiled, {}", instructions.set()),
        }
    }
}

fn ways() -> Vec<Way> {
    let tiled = Instructions::all_here().into_iter().map(Way::Tiled);
    std::iter::once(Way::Reference).chain(tiled).collect()
}

/// One replicate of one year; items are claims.
#[divan::bench(args = ways(), sample_count = 30, sample_size = 1)]
fn county_year(bencher: Bencher<'_, '_>, way: &Way) {
    let place = &*PLACE;
    let lanes = vec![lane(place)];
    let columns = vec![place.columns.clone()];
    let engine = match way {
        Way::Reference => Engine::Reference,
        Way::Tiled(set) => {
            let persons = (&place.scenario.model, &place.population);
            let years = (columns.as_slice(), [1.0].as_slice());
            let leading: Vec<&Lane<'_>> = lanes.iter().collect();
            Engine::Tiled(TiledCounty::new(*set, persons, years, (&leading, &place.residents)))
        }
    };
    let county = County {
        index: COUNTY,
        population: &place.population,
        columns,
        ordinary: place.residents.clone(),
        model: &place.scenario.model,
        turnover: &place.scenario.population,
        draws: DRAWS,
        general_outpatient: false,
        income_growth: vec![1.0],
        members: members(&place.population),
        counts: None,
        leader_of: vec![0],
        engine,
        observer: &(),
        follows_persons: false,
    };
    let mut scratch = Scratch::default();
    let claims = replicate::run(&county, &lanes, 0, &mut scratch).work.claims;
    let mut number = 0;
    bencher.counter(ItemsCount::new(claims)).bench_local(|| {
        number += 1;
        replicate::run(&county, &lanes, number, &mut scratch)
    });
}

/// Rows by household: where each begins, and the rows.
fn members(population: &Population) -> (Vec<u32>, Vec<u32>) {
    let mut rows: Vec<u32> = (0..).take(population.household.len()).collect();
    rows.sort_by_key(|&row| population.household[row as usize]);
    let mut starts = vec![0_u32; population.households.size.len() + 1];
    population.household.iter().for_each(|&household| starts[household as usize + 1] += 1);
    for index in 1..starts.len() {
        starts[index] += starts[index - 1];
    }
    (starts, rows)
}

/// Adds up what is paid.
struct Sum(Fen);

impl Ledger for Sum {
    fn pays(&mut self, payment: &Payment) {
        self.0 += payment.amount;
    }
}

/// The plain settlement of one person's year with so many bills; items are claims.
#[divan::bench(args = [1, 3, 8])]
fn settle(bencher: Bencher<'_, '_>, n_claims: u8) {
    let place = &*PLACE;
    let rules = place.scenario.rules(COUNTY, YEAR).expect("the scenario has the year");
    let dibao = position(&place.scenario.policy.names.categories, "dibao").expect("is ranked");
    let category = Category(u8::try_from(dibao).expect("at most 32 categories"));
    let spells = [Spell { category, from: Month::FIRST, to: Month::LAST }];
    let person = Person {
        age: 61,
        sex: Some(Sex::Female),
        insurance: Insurance::Resident,
        traits: 0,
        spells: &spells,
        recognised: None,
    };
    let claim = |number: u8| Claim {
        kind: if number.is_multiple_of(2) { Kind::Inpatient } else { Kind::OutpatientChronic },
        level: Level::ALL[usize::from(number) % 3],
        locality: Locality::County,
        referred: true,
        disease: Disease::NONE,
        admitted: Day { month: Month::new(YEAR, 1 + number), of_month: 9 },
        discharged: Day { month: Month::new(YEAR, 1 + number), of_month: 9 },
        total: Fen(812_900 + 17 * i64::from(number)),
        out_of_scope: Fen(65_032),
        other_paid: Fen::ZERO,
        stay: 0,
    };
    let claims: Vec<Claim> = (0..n_claims).map(claim).collect();
    let mut work = Work::new(place.scenario.policy.names.pools.len());
    bencher.counter(ItemsCount::new(n_claims)).bench_local(|| {
        let mut sum = Sum(Fen::ZERO);
        let case = Case { person, claims: divan::black_box(&claims), earlier: &[] };
        settle_year(&rules, &case, &mut work, &mut sum);
        sum.0
    });
}

/// The population of a county in one year; items are persons.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn population(bencher: Bencher<'_, '_>) {
    let place = &*PLACE;
    bencher.counter(ItemsCount::new(place.population.len())).bench(|| draw(&place.scenario));
}

/// A year's rules and everybody's standing under them; items are persons.
#[divan::bench(sample_count = 10, sample_size = 1)]
fn tile_rules(bencher: Bencher<'_, '_>) {
    let place = &*PLACE;
    let lane = lane(place);
    let lines = vec![0; place.population.len()];
    bencher
        .counter(ItemsCount::new(place.columns.len()))
        .with_inputs(|| (&place.population, &place.columns, lines.clone()))
        .bench_local_values(|persons| TileRules::new(&lane, 0, persons, &place.residents));
}
