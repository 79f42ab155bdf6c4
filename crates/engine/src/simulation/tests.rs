//! The booking of the simulation held against the plain split of a settlement, on random people.

use std::collections::BTreeMap;
use std::path::Path;

use super::book::Occasion;
use super::facts::Fact;
use super::from_scenario::rules;
use super::lane::{FundMoney, HouseholdTest, Lane};
use crate::policy::claim::{Category, Claim, Disease, Insurance, Kind, Level, Locality, Person, Sex, Spell};
use crate::policy::settle::{Case, Ledger, Payment, Work, settle_year};
use crate::policy::subsidy::subsidy;
use crate::rng::{Draws, Key, Purpose};
use crate::scenario::{self, load::Setting};
use crate::units::{Day, Fen, Month};

#[derive(Default)]
struct Recorder(Vec<Payment>);

impl Ledger for Recorder {
    fn pays(&mut self, payment: &Payment) {
        self.0.push(*payment);
    }
}

/// Words of one random person, read one after the other.
struct Luck {
    draws: Draws,
    person: u32,
    index: u32,
}

impl Luck {
    fn below(&mut self, n: u32) -> u32 {
        self.index += 1;
        let key = Key { person: self.person, replicate: 0, county: 1, year: 0 };
        self.draws.block(key, Purpose::Population, self.index)[0] % n
    }

    fn spells(&mut self, year: u16, n_categories: u32) -> Vec<Spell> {
        let n = self.below(4);
        (0..n)
            .map(|_| {
                let category = Category(self.below(n_categories) as u8);
                let from = Month(Month::new(year - 1, 1).0 + self.below(24) as u16);
                let to = Month(from.0 + self.below(24) as u16);
                Spell { category, from, to }
            })
            .collect()
    }

    fn claims(&mut self, year: u16) -> Vec<Claim> {
        let n = self.below(8);
        (0..n)
            .map(|_| {
                let month = Month::new(year, 1 + self.below(12) as u8);
                let size = 1 << self.below(25).max(1);
                let total = i64::from(self.below(size)) + 1;
                Claim {
                    kind: Kind::ALL[self.below(4) as usize],
                    level: Level::ALL[self.below(4) as usize],
                    locality: Locality::ALL[self.below(4) as usize],
                    referred: self.below(2) == 0,
                    disease: Disease::NONE,
                    admitted: Day { month, of_month: 1 + self.below(28) as u8 },
                    discharged: Day { month: Month(month.0 + self.below(2) as u16), of_month: 28 },
                    total: Fen(total),
                    out_of_scope: Fen(total * i64::from(self.below(30)) / 100),
                    other_paid: Fen::ZERO,
                    stay: 0,
                }
            })
            .collect()
    }
}

/// Ten thousand random people: what the simulation books is what the plain split of each payment gives.
#[test]
fn exact_bookings_equal_the_plain_split_on_ten_thousand_people() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/fangchenggang.toml");
    let setting = |path: &str, value: &str| Setting { path: path.to_owned(), value: value.to_owned() };
    let settings = [
        setting("place.county_parameters.city_share_of_county_lines.default", "0.37"),
        setting("policy.tilt.monitored.trigger_yuan", "500"),
    ];
    let scenario = scenario::load(&path, &settings).unwrap();
    let years = scenario.years();
    let test = HouseholdTest { self_pay_share_of_income: 1.0, approval_share: 0.0, delay_months: 0 };
    let lane = Lane::new(&scenario.policy, rules(&scenario, 1, years).unwrap(), test, FundMoney::default());
    let mut book = lane.empty_book();
    let mut plain: BTreeMap<(usize, usize), i64> = BTreeMap::new();
    let (mut work, mut shared) = (Work::new(scenario.policy.names.pools.len()), 0);
    for person in 0..10_000 {
        let mut luck = Luck { draws: Draws::new(3), person, index: 0 };
        let year = luck.below(years.len() as u32) as usize;
        let spells = luck.spells(years[year], scenario.policy.names.categories.len() as u32);
        let claims = luck.claims(years[year]);
        let who = Person {
            age: luck.below(100) as u8,
            sex: Some(Sex::Male),
            insurance: Insurance::ALL[usize::from(luck.below(8) == 0)],
            traits: luck.below(4),
            spells: &spells,
            recognised: (luck.below(5) == 0).then(|| Month::new(years[year], 12)),
        };
        let mut ledger = Recorder::default();
        settle_year(
            &lane.rules[year],
            &Case { person: who, claims: &claims, earlier: &[] },
            &mut work,
            &mut ledger,
        );
        let subsidy =
            subsidy(&lane.rules[year], &who).unwrap().and_then(|paid| Some((paid.by?.0, paid.amount)));
        let payments = ledger.0.iter().map(|payment| (payment.rule, payment.amount)).chain(subsidy);
        for (rule, amount) in payments {
            lane.book_payment(year, rule, (amount, Occasion { month: 0, row: 0 }), &mut book);
            let Some(line) = scenario.policy.rules[usize::from(rule.0)].line else { continue };
            lane.rules[year].schedules[0].split(rule, amount, |funder, part| {
                shared += i64::from(part > Fen::ZERO && part < amount);
                *plain.entry((line, usize::from(funder))).or_default() += part.0;
            });
        }
    }
    assert!(shared > 500, "payments that several funders share: {shared}");
    for (number, cell) in lane.cells.iter().enumerate() {
        let fen = book[Fact::Money { cell: number }];
        assert_eq!(Some(&fen), plain.get(&(cell.line, cell.funder)), "{cell:?}");
        assert!(fen > 0, "{cell:?}");
    }
}
