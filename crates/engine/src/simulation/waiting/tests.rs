//! Who waits, counted by hand, and what must hold on every road on which somebody is paid.

use std::path::Path;

use super::*;
use crate::raw::fund::AtExhaustion;
use crate::scenario::load::Setting;
use crate::simulation::account::{Inflow, MonthEnd};
use crate::simulation::facts::{AFTER_THE_YEAR, Fact};
use crate::simulation::from_scenario::simulate_county;
use crate::simulation::outcome::CountyOutcome;

const YUAN: i64 = 100;

/// 100 yuan at the beginning, 30 in each quarter of one year.
fn account() -> Account {
    let inflow = Inflow { year: 0, fen: 120 * YUAN, months: vec![0, 3, 6, 9], log_sd: 0.0, number: 0 };
    Account { opening_fen: 100 * YUAN, inflows: vec![inflow], ..Account::default() }
}

/// Every month five persons get 5 yuan each, in the order of their rows; a sixth one gets 40 yuan after the year.
fn by_hand() -> [Vec<Payment>; MONTHS] {
    let payment = |row, fen| Payment::new(PersonId::Holder(row), (1, fen));
    std::array::from_fn(|month| match month {
        AFTER_THE_YEAR => vec![payment(5, 40 * YUAN)],
        _ => (0..5).map(|row| payment(row, 5 * YUAN)).collect(),
    })
}

fn sums(payments: &[Vec<Payment>; MONTHS]) -> [i64; MONTHS] {
    std::array::from_fn(|month| payments[month].iter().map(Payment::whole_fen).sum())
}

fn at(month: usize, path: &[MonthEnd]) -> Moment {
    let missing_fen = (-path[month].position_fen).max(0);
    Moment { year: 0, when: When::YearEnd, month, missing_fen, waiting: Waiting::default() }
}

/// Persons, payments and their yuan at the ends of these months.
fn seen(account: &Account, months: &[usize], counties: &[[Vec<Payment>; MONTHS]]) -> Vec<(i64, i64, i64)> {
    let all: Vec<[i64; MONTHS]> = counties.iter().map(sums).collect();
    let due = std::array::from_fn(|month| all.iter().map(|sums| sums[month]).sum());
    let revenue = account.revenue(1, (&crate::rng::Draws::new(1), 450_603, 0));
    let path = account.months(&[due], &revenue);
    let moments = months.iter().map(|&month| at(month, &path)).collect();
    let mut replicate = ShortReplicate::new(0, vec![due], moments);
    counties.iter().for_each(|own| replicate.add(account, std::slice::from_ref(own)));
    assert_eq!(replicate.held(&[2023]), Ok(()));
    let of = |moment: &Moment| {
        let Waiting { persons, payments, fen } = moment.waiting;
        (persons, payments, fen / YUAN)
    };
    replicate.moments.iter().map(of).collect()
}

/// The balance is 15 in July; −10 in August, −35, −30, −55 and −80 in December: of 5 yuan each 2, 7, 6, 11 and 16 payments
/// wait, of the last persons of August, then of all five.
#[test]
fn exact_payments_wait_in_the_order_in_which_they_fall_due() {
    let months = [6, 7, 8, 9, 10, 11];
    let expected = [(0, 0, 0), (2, 2, 10), (5, 7, 35), (5, 6, 30), (5, 11, 55), (5, 16, 80)];
    for at_exhaustion in [AtExhaustion::PayOn, AtExhaustion::Stop, AtExhaustion::Advance] {
        let account = Account { at_exhaustion, ..account() };
        assert_eq!(seen(&account, &months, &[by_hand()]), expected, "{at_exhaustion:?}");
    }
}

/// A yuan less to begin with: 11 are missing in August, so that the third payment of 5 is not wholly there, and waits.
#[test]
fn exact_a_payment_that_is_there_in_part_waits() {
    let account = Account { opening_fen: 99 * YUAN, ..account() };
    assert_eq!(seen(&account, &[7, 11], &[by_hand()]), [(3, 3, 15), (5, 17, 85)]);
}

/// What is outstanding of earlier years is paid first, and is nobody's: 150 are asked for in January of which 20 are not
/// there, and nobody of the year waits for these.
#[test]
fn exact_what_is_outstanding_comes_first_and_is_nobodys() {
    let account = Account { outstanding_fen: 150 * YUAN, ..account() };
    assert_eq!(seen(&account, &[0, 1], &[by_hand()]), [(5, 5, 25), (5, 10, 50)]);
}

/// Nothing to begin with, and two months from where it falls due to where it is paid: 30, 30, 5 and 10 are left in January
/// to April, then 15, 40 and 35 are missing for what fell due two months earlier.
#[test]
fn exact_a_lag_moves_the_queue_and_what_is_paid_next_year_is_not_in_it() {
    let account = Account { lag_months: 2, opening_fen: 0, ..account() };
    assert_eq!(seen(&account, &[3, 4, 5, 6], &[by_hand()]), [(0, 0, 0), (3, 3, 15), (5, 8, 40), (5, 7, 35)]);
}

/// A person who stands for three has three payments, one after the other; who waits for several is one person each.
#[test]
fn exact_a_person_waits_as_often_as_the_person_stands_for_one() {
    let mut months = by_hand();
    for month in &mut months[..AFTER_THE_YEAR] {
        *month = vec![
            Payment::new(PersonId::Holder(0), (3, 5 * YUAN)),
            Payment::new(PersonId::Holder(1), (1, 10 * YUAN)),
        ];
    }
    // 10 are missing in August, which is the one payment of 10; in September all 25 of it as well.
    assert_eq!(
        seen(&account(), &[7, 8], std::slice::from_ref(&months)),
        [(1, 1, 10), (3 + 1, 1 + 3 + 1, 35)]
    );
    let account = Account { opening_fen: 93 * YUAN, ..account() };
    // 17 are missing: 10, and 7 of the three times 5, of which the last two are not wholly there.
    assert_eq!(seen(&account, &[7], &[months]), [(3, 3, 20)]);
}

/// Two counties share the money: of what falls due together that of the second county waits first.
#[test]
fn exact_counties_of_a_pooled_fund_stand_one_after_the_other() {
    let twice = Account {
        opening_fen: 200 * YUAN,
        inflows: vec![Inflow { fen: 240 * YUAN, ..account().inflows[0].clone() }],
        ..account()
    };
    // Of August's 50 the last 20 are missing, 4 payments of the second county; of 70 in September 10 + 4.
    assert_eq!(seen(&twice, &[7, 8], &[by_hand(), by_hand()]), [(4, 4, 20), (10, 14, 70)]);
}

fn load(settings: &[(&str, &str)]) -> Scenario {
    let setting =
        |(path, value): &(&str, &str)| Setting { path: (*path).to_owned(), value: (*value).to_owned() };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios/fangchenggang.toml");
    let settings: Vec<Setting> = settings.iter().map(setting).collect();
    crate::scenario::load(&file, &settings).unwrap()
}

/// What a funder pays in a replicate of an outcome, by year and month.
fn due(outcome: &CountyOutcome, funder: usize, replicate: usize) -> Vec<[i64; MONTHS]> {
    let of_year = |year: usize| {
        let kept = outcome.kept(year, replicate);
        std::array::from_fn(|month| {
            let own = (0..outcome.cells.len()).filter(|&cell| outcome.cells[cell].funder == funder);
            own.map(|cell| kept[outcome.layout.place(Fact::MoneyInMonth { cell, month })]).sum()
        })
    };
    (0..outcome.n_years).map(of_year).collect()
}

/// By every road that gives somebody money, what persons get in a month is what the tiles booked; the payments that wait are
/// as much as is missing, and less than one payment more.
#[test]
fn prop_persons_get_in_each_month_what_is_booked_on_every_road() {
    const COUNTY: usize = 2;
    let split = ("policy.new_year", r#"{ stays = "split", cite = ["FCG-01"] }"#);
    let found = ("policy.watch.ordinary.verification_share", "1.0");
    let approved = ("place.application.approval_share", "1.0");
    let certain = ("run.without", r#"["counts"]"#);
    for settings in [vec![], vec![split, found], vec![approved, found], vec![certain]] {
        let scenario = load(&settings);
        let plan = Plan {
            years: scenario.years(),
            warm_up_years: 1,
            first_replicate: 0,
            n_replicates: 3,
            seed: 7,
            engine: EngineChoice::default(),
            observer: &(),
        };
        let done = simulate_county(&[&scenario], COUNTY, plan, &|_| ()).unwrap();
        for funder in 0..scenario.policy.names.funders.len() {
            let account = Account {
                opening_fen: 1_000_000 * YUAN,
                lag_months: 1,
                after_year_month: 2,
                ..Account::default()
            };
            let short = |number: u32| {
                let due = due(&done.outcomes[0], funder, number as usize);
                let path = account.months(&due, &vec![0; 12 * due.len()]);
                let moments = (0..path.len()).step_by(7).map(|month| at(month, &path)).collect();
                ShortReplicate::new(number, due, moments)
            };
            // A replicate is looked at whichever others are.
            let mut replicates: Vec<ShortReplicate> = [2, 0].map(short).to_vec();
            let fund = Fund { account: &account, funder, years: scenario.years() };
            of_county(&scenario, COUNTY, (plan, fund), &mut replicates, &|_| ()).unwrap();
            for replicate in &replicates {
                assert_eq!(replicate.held(scenario.years()), Ok(()), "{settings:?}");
                for moment in &replicate.moments {
                    let Waiting { persons, payments, fen } = moment.waiting;
                    assert!(fen >= moment.missing_fen && persons <= payments, "{moment:?}");
                    let one = 2_000_000 * YUAN;
                    assert!(fen < moment.missing_fen + one, "{moment:?}");
                    assert_eq!(moment.missing_fen == 0, payments == 0, "{moment:?}");
                }
            }
        }
    }
}
