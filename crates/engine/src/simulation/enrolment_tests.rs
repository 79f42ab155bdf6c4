//! Who is subsidised, by hand and against the register.

use std::path::{Path, PathBuf};

use super::book::YearBook;
use super::columns::YearColumns;
use super::enrolment::{AlreadyPaid, Whose};
use super::facts::{Fact, PeopleMeasure};
use super::from_scenario::{Years, columns, lane, population};
use super::lane::Lane;
use crate::policy::claim::{Category, Insurance, Person, Sex, Spell};
use crate::policy::names::position;
use crate::policy::schedule::SubsidyAmount;
use crate::policy::subsidy::{NewlyRecognised, held_between, subsidy};
use crate::population::Population;
use crate::rng::Draws;
use crate::scenario::{self, Scenario, load::Setting};
use crate::units::{Fen, Month};

const SEED: u64 = 20_260_101;

fn load(file: &Path, settings: &[(&str, &str)]) -> Scenario {
    let setting = |&(path, value): &(&str, &str)| Setting { path: path.to_owned(), value: value.to_owned() };
    let settings: Vec<Setting> = settings.iter().map(setting).collect();
    scenario::load(file, &settings).unwrap()
}

fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios").join(name)
}

fn rule(newly_recognised: &str) -> [(&'static str, &str); 1] {
    [("policy.enrolment.newly_recognised", newly_recognised)]
}

/// Months of the year 2024 and what was held in them.
type Held<'a> = (&'a str, u8, u8);

/// What is booked: fen, persons subsidised, of these newly.
type Booked = (i64, i64, i64);

/// What it is, an age, what is held, and what is booked under four rules.
type ByHand<'a> = (&'a str, u8, &'a [Held<'a>], [Booked; 4]);

/// What is booked for a person of Fangchenggang in 2024.
fn booked(scenario: &Scenario, already_paid: f64, age: u8, held: &[Held<'_>]) -> Booked {
    let mut lane = lane(scenario, 1, Years { all: scenario.years(), warm_up: 0 }).unwrap();
    lane.already_paid = AlreadyPaid::new(&Draws::new(SEED), 450_603, already_paid);
    let names = &scenario.policy.names.categories;
    let spell = |&(id, from, to): &Held<'_>| Spell {
        category: Category(position(names, id).unwrap() as u8),
        from: Month::new(2024, from),
        to: Month::new(2024, to),
    };
    let spells: Vec<Spell> = held.iter().map(spell).collect();
    let person = Person {
        age,
        sex: Some(Sex::Female),
        insurance: Insurance::Resident,
        traits: 0,
        spells: &spells,
        recognised: None,
    };
    let year = scenario.years().iter().position(|year| *year == 2024).unwrap();
    let mut book = lane.empty_book();
    lane.count_contribution_of(year, (&person, Whose::row(7)), 1, &mut book);
    let rows = 0..book.layout().n_people;
    let of = |measure| rows.clone().map(|row| book[Fact::People { row, measure }]).sum();
    (fen(&book), of(PeopleMeasure::Subsidised), of(PeopleMeasure::SubsidisedNewly))
}

/// All fen of a book.
fn fen(book: &YearBook) -> i64 {
    (0..book.layout().n_cells).map(|cell| book[Fact::Money { cell }]).sum()
}

/// The contribution of 2024 is 380 yuan: 60 % are 228, the 40 % of stable lifted-out persons 152.
#[test]
fn exact_hand_worked_contributions() {
    let main = shipped("fangchenggang.toml");
    let [unless_paid, always, from_next_year] =
        ["unless_paid", "always", "from_next_year"].map(|one| load(&main, &rule(&format!("\"{one}\""))));
    let (nothing, once, newly) = ((0, 0, 0), (22_800, 1, 0), (22_800, 1, 1));
    // What is held in 2024 at an age, and what is booked: who has not paid, who has, always, from the next year.
    let cases: [ByHand<'_>; 9] = [
        ("holder", 40, &[("dibao", 1, 12)], [once; 4]),
        ("loses it after January", 40, &[("dibao", 1, 1)], [once; 4]),
        ("recognised in February", 40, &[("dibao", 2, 12)], [newly, nothing, newly, nothing]),
        ("recognised in December", 40, &[("dibao", 12, 12)], [newly, nothing, newly, nothing]),
        ("born in the year", 0, &[("dibao", 5, 12)], [newly, newly, newly, nothing]),
        (
            "recognised twice",
            70,
            &[("dibao_margin", 3, 12), ("dibao", 7, 12)],
            [newly, nothing, newly, nothing],
        ),
        (
            "a better identity later: the year was settled at enrolment, so that only `always` makes up the difference",
            40,
            &[("stable_lifted", 1, 12), ("dibao", 7, 12)],
            [(15_200, 1, 0), (15_200, 1, 0), newly, (15_200, 1, 0)],
        ),
        (
            "nothing was paid at enrolment",
            40,
            &[("dibao_margin", 1, 12), ("dibao", 7, 12)],
            [newly, nothing, newly, nothing],
        ),
        ("never entitled", 40, &[("dibao_margin", 1, 12)], [nothing; 4]),
    ];
    for (what, age, held, expected) in cases {
        let got = [
            booked(&unless_paid, 0.0, age, held),
            booked(&unless_paid, 1.0, age, held),
            booked(&always, 1.0, age, held),
            booked(&from_next_year, 0.0, age, held),
        ];
        assert_eq!(got, expected, "{what}");
    }
}

/// A county of a scenario with its lane, prepared.
struct Prepared<'a> {
    population: Population,
    columns: Vec<YearColumns>,
    lane: Lane<'a>,
}

fn prepared<'a>(scenario: &'a Scenario, county: usize, already_paid: f64) -> Prepared<'a> {
    let (draws, years) = (Draws::new(SEED), scenario.years());
    let population = population(scenario, county, years, &draws).unwrap();
    let columns = columns(scenario, &population, years, &draws);
    let mut lane = lane(scenario, county, Years { all: years, warm_up: 0 }).unwrap();
    lane.prepare(&population, &columns, AlreadyPaid::new(&draws, population.county, already_paid));
    Prepared { population, columns, lane }
}

impl Prepared<'_> {
    /// Counts persons by the best identity that they hold in some months, for whom a question is answered with yes.
    fn count(&self, year: usize, months: [u8; 2], is_counted: impl Fn(&Person<'_>) -> bool) -> Vec<i64> {
        let columns = &self.columns[year];
        let [first, last] = months.map(|month| Month::new(columns.year, month));
        let mut persons = vec![0; self.lane.policy.names.categories.len()];
        for row in (0..columns.len()).filter(|&row| columns.is_present(row) && columns.is_enrolled(row)) {
            let clip =
                |spell: &Spell| Spell { from: spell.from.max(first), to: spell.to.min(last), ..*spell };
            let spells: Vec<Spell> = self.population.spells_of(row).iter().map(clip).collect();
            let spells: Vec<Spell> = spells.into_iter().filter(|spell| spell.from <= spell.to).collect();
            let person = columns.person(&self.population, row, &spells);
            let held = held_between(first, last, &person);
            if held != 0 && is_counted(&person) {
                persons[held.trailing_zeros() as usize] += 1;
            }
        }
        persons
    }

    /// Persons by the best identity that they hold in a month, read off the population.
    fn register(&self, year: usize, month: u8) -> Vec<i64> {
        let month = Month::new(self.columns[year].year, month);
        let mut persons = vec![0; self.lane.policy.names.categories.len()];
        for row in 0..self.population.len() {
            let held = self.population.spells_of(row).iter().filter(|spell| spell.touches(month, month));
            if let Some(best) = held.map(|spell| spell.category.0).min() {
                persons[usize::from(best)] += 1;
            }
        }
        persons
    }

    fn book(&self, year: usize) -> &YearBook {
        self.lane.base[year].everybody()
    }

    /// By category: subsidised at enrolment, and newly.
    fn subsidised(&self, year: usize) -> [Vec<i64>; 2] {
        let book = self.book(year);
        let of = |measure| -> Vec<i64> {
            (0..self.lane.ordinary_row()).map(|row| book[Fact::People { row, measure }]).collect()
        };
        let (all, newly) = (of(PeopleMeasure::Subsidised), of(PeopleMeasure::SubsidisedNewly));
        [all.iter().zip(&newly).map(|(all, newly)| all - newly).collect(), newly]
    }

    /// Whether the register's person is paid something for, held against the rules without their choice.
    fn is_entitled(&self, year: usize, person: &Person<'_>) -> bool {
        let rules = &self.lane.rules[year];
        let held = person.spells.iter().fold(0, |held, spell| held | spell.category.bit());
        person.insurance == Insurance::Resident
            && rules.of_coverage_year().subsidies.iter().any(|rule| {
                let pays = match rule.amount {
                    SubsidyAmount::Share(share) => share.0 > 0,
                    SubsidyAmount::Fixed(fixed) => fixed > Fen::ZERO,
                    SubsidyAmount::LeftToPerson => false,
                };
                pays && rule.categories & held != 0 && rule.who.includes(person)
            })
    }
}

/// The smallest county of a scenario in which somebody is recognised in each year: of a few thousand residents it may be
/// nobody.
fn smallest(scenario: &Scenario) -> usize {
    let counties = &scenario.place.counties;
    let large = |&county: &usize| counties[county].all >= 20_000;
    (0..counties.len()).filter(large).min_by_key(|&county| counties[county].all).unwrap()
}

/// All shipped scenarios: who is subsidised at enrolment are the holders of January who are entitled, and in January
/// as many hold each identity as in any other month.
#[test]
fn exact_subsidised_at_enrolment_are_the_entitled_of_the_register() {
    let mut n_scenarios = 0;
    for file in std::fs::read_dir(shipped("")).unwrap().flatten().map(|entry| entry.path()) {
        if file.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        n_scenarios += 1;
        let scenario = load(&file, &[]);
        let county = prepared(&scenario, smallest(&scenario), scenario.place.raw.already_paid_share.0);
        for year in 0..scenario.years().len() {
            let what = format!("{} {}", file.display(), scenario.years()[year]);
            let entitled = county.count(year, [1, 1], |person| county.is_entitled(year, person));
            let [at_enrolment, newly] = county.subsidised(year);
            assert_eq!(at_enrolment, entitled, "{what}");
            let later = scenario.rules(0, scenario.years()[year]).unwrap().of_coverage_year().enrolment;
            let pays_newly = later.newly_recognised != NewlyRecognised::FromNextYear;
            assert!(entitled.iter().sum::<i64>() > 50, "{what}");
            assert_eq!(newly.iter().sum::<i64>() > 0, pays_newly, "{what}");
            assert_eq!(county.count(year, [1, 1], |_| true), county.register(year, 1), "{what}");
            assert_eq!(county.register(year, 1), county.register(year, 6), "{what}");
        }
    }
    assert!(n_scenarios >= 9, "{n_scenarios} scenarios");
}

/// The three rules and the share of those who have already paid, against each other, in one county.
#[test]
fn exact_rules_and_shares_against_each_other() {
    let main = shipped("fangchenggang.toml");
    let [unless_paid, always, from_next_year] =
        ["unless_paid", "always", "from_next_year"].map(|one| load(&main, &rule(&format!("\"{one}\""))));
    let county = smallest(&unless_paid);
    let [nobody, most, everybody] = [0.0, 0.93, 1.0].map(|share| prepared(&unless_paid, county, share));
    let waits = prepared(&from_next_year, county, 0.0);
    let gives_back = prepared(&always, county, 1.0);
    for year in 0..unless_paid.years().len() {
        let holders = waits.subsidised(year)[0].clone();
        assert!(waits.subsidised(year)[1].iter().all(|newly| *newly == 0));
        let mut before = i64::MAX;
        for one in [&nobody, &most, &everybody] {
            let [at_enrolment, newly] = one.subsidised(year);
            assert_eq!(at_enrolment, holders, "who holds in January does not depend on what comes later");
            let newly = newly.iter().sum();
            assert!(newly < before, "{newly} of {before}");
            before = newly;
        }
        // Whom nobody paid for in January and who is entitled later; children of the year have never paid.
        let newly = |county: &Prepared<'_>| county.subsidised(year)[1].iter().sum::<i64>();
        let later = |oldest: u8| {
            let columns = &nobody.columns[year];
            let (january, december) = (Month::new(columns.year, 1), Month::new(columns.year, 12));
            let is_later = |person: &Person<'_>| {
                let early: Vec<Spell> =
                    person.spells.iter().copied().filter(|spell| spell.touches(january, january)).collect();
                let late = person.spells.iter().any(|spell| spell.from > january && spell.from <= december);
                let january = Person { spells: &early, ..*person };
                late && !nobody.is_entitled(year, &january)
                    && nobody.is_entitled(year, person)
                    && person.age <= oldest
            };
            nobody.count(year, [1, 12], is_later).iter().sum::<i64>()
        };
        assert_eq!(newly(&nobody), later(u8::MAX));
        assert_eq!(newly(&everybody), later(0));
        // What is always given back comes to what a typed person gets: the best identity of the year, once.
        let mut plain = 0;
        let typed = gives_back.count(year, [1, 12], |person| {
            subsidy(&gives_back.lane.rules[year], person).unwrap().is_some_and(|paid| paid.amount > Fen::ZERO)
        });
        let columns = &gives_back.columns[year];
        for row in (0..columns.len()).filter(|&row| columns.is_present(row)) {
            let spells = gives_back.population.spells_of(row);
            let person = columns.person(&gives_back.population, row, spells);
            plain += subsidy(&gives_back.lane.rules[year], &person).unwrap().map_or(0, |paid| paid.amount.0);
        }
        let [at_enrolment, newly] = gives_back.subsidised(year);
        let subsidised: Vec<i64> = at_enrolment.iter().zip(newly).map(|(early, late)| early + late).collect();
        assert_eq!(subsidised, typed);
        assert_eq!(fen(gives_back.book(year)), plain);
    }
}
