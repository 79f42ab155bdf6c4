//! A county of which every figure is known by arithmetic: four replicates, one fund, payments in January and March.

use super::budget::{Funds, Probability};
use super::fixture::{layout, outcome};
use super::{Projection, ProjectionBuilder};
use crate::simulation::account::{Account, Inflow};

const YUAN: i64 = 100;

/// Equal but for the rounding of one division.
fn same(left: f64, right: f64) {
    assert!((left - right).abs() < 1e-12, "{left} {right}");
}

/// What the fund pays in January and in March, yuan, replicate by replicate.
const PAID: [[i64; 2]; 4] = [[30, 20], [60, 50], [110, 20], [50, 70]];

/// 100 yuan at the beginning, 12 come in February; a budget of 120.
fn projected(funder: usize) -> Projection {
    asked(funder, 0)
}

/// The same, where the persons of so many replicates are to be looked at.
fn asked(funder: usize, waiting: usize) -> Projection {
    let trials = PAID.map(|[january, march]| [january * YUAN, 7 * YUAN, march * YUAN]);
    let inflow = Inflow { year: 0, fen: 12 * YUAN, months: vec![1], log_sd: 0.0, number: 1 };
    let account = Account { opening_fen: 100 * YUAN, inflows: vec![inflow], ..Account::default() };
    let funds = Funds {
        funder,
        accounts: [(Some(0), (account, 1))].into(),
        budgets: [((Some(0), 2023, 0), 120 * YUAN)].into(),
        codes: vec![450_602, 450_603],
        waiting,
        ..Funds::none()
    };
    let mut builder = ProjectionBuilder::with_layout(layout(4)).with_funds(funds);
    builder.add(&outcome(0, &trials));
    builder.add(&outcome(1, &trials));
    builder.finish()
}

/// Spending of the fund is 50, 110, 130 and 120 yuan: once above 120, by 10.
#[test]
fn how_safe_a_budget_is_and_what_a_safety_needs() {
    let projection = projected(0);
    let row = |county, funder| {
        let is = |row: &&super::budget::BudgetRow| row.county == county && row.funder == funder;
        projection.budgets.iter().find(is).expect("a row")
    };
    let own = row(Some(0), Some(0));
    same(own.exceeded.expect("a budget").share, 0.25);
    same(own.shortfall.expect("once").mean, 10.0);
    assert_eq!(own.needed.map(|needed| needed.fen), [130 * YUAN; 4]);
    same(own.spending.mean, 102.5);
    let other = row(Some(1), Some(0));
    assert!(other.budget_fen.is_none() && other.exceeded.is_none(), "no budget is not one of nothing");
    assert!(row(Some(0), None).budget_fen.is_none(), "one payer has none, so all together have none");
    assert_eq!(row(None, None).needed[0].fen, 2 * 137 * YUAN, "added up within each replicate");
}

/// 70, 82, 62; 40, 52, 2; −10, 2, −18; 50, 62, −8.
#[test]
fn when_a_fund_is_empty_and_what_is_to_be_added() {
    let projection = projected(0);
    let [year] = projection.accounts.as_slice() else { panic!("{:?}", projection.accounts) };
    assert_eq!((year.county, year.year), (Some(0), 2023));
    same(year.short.share, 0.5);
    assert_eq!(year.likely_month, Some(1), "January and March are as likely, January comes first");
    assert_eq!(year.top_up.map(|needed| needed.fen), [18 * YUAN; 4]);
    same(year.revenue.mean, 12.0);
    same(year.paid.mean, 102.5);
    same(year.balance.mean, 9.5);
    let out: Vec<f64> = projection.account_months.iter().map(|row| row.runs_out.share).collect();
    out[..4].iter().zip([0.25, 0.0, 0.25, 0.0]).for_each(|(&found, due)| same(found, due));
    same(out.iter().sum(), 0.5);
    let march = &projection.account_months[2];
    assert_eq!(march.positions.map(|one| one.fen), [-18 * YUAN, -8 * YUAN, 62 * YUAN]);
    same(march.position.mean, (62.0 + 2.0 - 18.0 - 8.0) / 4.0);
    // County finance pays 7 yuan in February, whatever happens.
    let other = projected(1);
    same(other.accounts[0].short.share, 0.0);
    same(other.accounts[0].paid.mean, 7.0);
    assert_eq!(other.accounts[0].likely_month, None);
}

/// Wilson's interval of 1 in 10: 0.0179 to 0.4042; of 0 in 1,000: up to 0.0038.
#[test]
fn never_in_a_thousand_is_not_never() {
    let one = Probability::of(1, 10);
    assert!((one.low - 0.0179).abs() < 5e-5 && (one.high - 0.4042).abs() < 5e-5, "{one:?}");
    let none = Probability::of(0, 1000);
    assert!(none.low < 1e-12 && (none.high - 0.003_826).abs() < 5e-6, "{none:?}");
}

/// The third replicate is short of 10 yuan in January and of 18 in March and after, the fourth of 8 from March on.
#[test]
fn replicates_in_which_a_fund_is_short_are_chosen_with_their_moments() {
    use crate::simulation::waiting::When;

    let projection = asked(0, 20);
    let [fund] = projection.short_funds.as_slice() else { panic!("{:?}", projection.short_funds) };
    assert_eq!((fund.county, fund.n_short.as_slice()), (Some(0), [2].as_slice()));
    let numbers: Vec<u32> = fund.replicates.iter().map(|one| one.number).collect();
    assert_eq!(numbers, [2, 3]);
    let moments = |at: usize| -> Vec<(When, usize, i64)> {
        let all = fund.replicates[at].moments.iter();
        all.map(|one| (one.when, one.month, one.missing_fen / YUAN)).collect()
    };
    assert_eq!(moments(0), [(When::RunsOut, 0, 10), (When::YearEnd, 11, 18)]);
    assert_eq!(moments(1), [(When::RunsOut, 2, 8), (When::YearEnd, 11, 8)]);
    assert_eq!(
        fund.replicates[0].due_fen[0][..3],
        [110 * YUAN, 0, 20 * YUAN],
        "what the fund pays, not the county"
    );
    // One of two: the first of them. Of a fund that is never short none, and none where it is not asked for.
    let one = asked(0, 1);
    assert_eq!(one.short_funds[0].replicates.iter().map(|one| one.number).collect::<Vec<_>>(), [2]);
    assert!(asked(1, 20).short_funds.is_empty() && asked(0, 0).short_funds.is_empty());
}

/// Means, errors and rows by hand: 4 and 6 persons wait in two replicates that were looked at, 5 ± 1.
#[test]
fn exact_who_waits_is_counted_over_the_replicates_looked_at() {
    use crate::simulation::waiting::{Waiting, When};

    let mut fund = asked(0, 20).short_funds.remove(0);
    for (replicate, persons) in fund.replicates.iter_mut().zip([4, 6]) {
        for moment in &mut replicate.moments {
            moment.waiting = Waiting { persons, payments: 2 * persons, fen: 20 * YUAN };
        }
    }
    let rows = fund.rows();
    assert_eq!(rows.iter().map(|row| row.when).collect::<Vec<_>>(), When::ALL);
    for row in &rows {
        assert_eq!((row.county, row.year, row.n_short, row.n_looked_at), (Some(0), 2023, 2, 2));
        let seen = row.seen.as_ref().expect("two replicates");
        same(seen.persons.mean.mean, 5.0);
        same(seen.persons.mean.standard_error.expect("two"), 1.0);
        same(seen.payments.mean.mean, 10.0);
        same(seen.waiting.mean, 20.0);
        assert!(seen.persons.p05_p95.is_none(), "two replicates are too few for a percentile");
    }
    same(rows[0].seen.as_ref().expect("seen").missing.mean, 9.0);
    same(rows[1].seen.as_ref().expect("seen").missing.mean, 13.0);
    fund.replicates.clear();
    assert!(fund.rows().iter().all(|row| row.n_short == 2 && row.n_looked_at == 0 && row.seen.is_none()));
}

/// What the fund pays for a person's one bill of the year, by the shipped rules of Fangchenggang, fen.
fn assistance(month: u8) -> i64 {
    use crate::cases::{Settler, json, typed};

    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/fangchenggang.toml");
    let scenario = crate::scenario::load(&file, &[]).unwrap_or_else(|faults| panic!("{faults}"));
    let mut settler = Settler::new(&scenario);
    let bill = format!(
        r#"{{"case":"1","county":"上思县","year":2023,"age":45,"sex":"f","insurance":"resident","identities":[{{"category":"dibao_margin","from":"2023-01","to":"2023-12"}}],"claims":[{{"id":"1","kind":"inpatient","admitted":"2023-{month:02}-10","discharged":"2023-{month:02}-20","level":"secondary","place":"county","total":30000.00}}]}}"#
    );
    let fields = json::read("bill", &bill).unwrap_or_else(|faults| panic!("{faults}"));
    let read = |one| typed::read(one, ("bill", "bill"), settler.scenario(), settler.years());
    let cases: Vec<_> =
        fields.iter().map(|one| read(one).unwrap_or_else(|faults| panic!("{faults}"))).collect();
    let settled = settler.settle_households(&cases, |_| true).unwrap_or_else(|faults| panic!("{faults}"));
    let [settled] = settled.into_iter().flatten().collect::<Vec<_>>().try_into().expect("one case");
    let rules = settler.rules_of_settled(&cases[0], &settled).expect("settled by these rules").clone();
    let answer =
        crate::cases::answer::Writer { policy: &scenario.policy, rules: &rules }.answer(&cases[0], &settled);
    let answer = serde_json::to_value(answer).expect("JSON");
    let yuan = answer["totals"]["by_funder"]["assistance_fund"].as_f64().expect("an amount");
    (yuan * 100.0).round() as i64
}

/// Ten persons of a low-income margin household each, with a bill of 30,000 yuan in the month in which they fall ill. Basic
/// insurance pays 75 % above 300, 22,275; critical-illness insurance 70 % of what of the rest, 7,725, is above 6,000, 1,207.50; assistance
/// 80 % of what of the rest, 6,517.50, is above 3,000: 2,814 yuan a bill. The fund has enough for three and a third, its budget is of
/// four. It pays for two, five, six and two of the ten in four replicates: the second is short from March on, by 5 bills less
/// what it has, the third from January on, by 6 bills less what it has; the budget is exceeded by one bill and by two.
#[test]
fn ten_persons_with_fixed_bills_empty_a_fund_when_arithmetic_says() {
    const BILL: i64 = 281_400;
    const HAS: i64 = 944_200;
    // By replicate and person: the month of the bill; 0 for none.
    const ILL: [[u8; 10]; 4] = [
        [1, 0, 0, 1, 0, 0, 0, 0, 0, 0],
        [1, 1, 3, 0, 1, 0, 0, 3, 0, 0],
        [0, 1, 1, 1, 1, 0, 1, 0, 0, 1],
        [0, 0, 0, 0, 0, 3, 0, 0, 1, 0],
    ];
    let [january, march] = [1, 3].map(assistance);
    assert_eq!([january, march], [BILL; 2]);
    let paid =
        |ill: &[u8; 10], month: u8, bill| bill * ill.iter().filter(|own| **own == month).count() as i64;
    let trials = ILL.each_ref().map(|ill| [paid(ill, 1, january), 0, paid(ill, 3, march)]);
    let account = Account { opening_fen: HAS, ..Account::default() };
    let funds = Funds {
        funder: 0,
        accounts: [(Some(0), (account, 1))].into(),
        budgets: [((Some(0), 2023, 0), 4 * BILL)].into(),
        codes: vec![450_602, 450_603],
        ..Funds::none()
    };
    let mut builder = ProjectionBuilder::with_layout(layout(4)).with_funds(funds);
    builder.add(&outcome(0, &trials));
    builder.add(&outcome(1, &[[0; 3]; 4]));
    let projection = builder.finish();
    let budget = projection.budgets.iter().find(|row| (row.county, row.funder) == (Some(0), Some(0)));
    let budget = budget.expect("a budget");
    same(budget.exceeded.expect("a budget").share, 0.5);
    same(budget.shortfall.expect("twice").mean, (2814.0 + 2.0 * 2814.0) / 2.0);
    let [account] = projection.accounts.as_slice() else { panic!("{:?}", projection.accounts) };
    same(account.short.share, 0.5);
    assert_eq!(account.top_up.map(|needed| needed.fen), [6 * BILL - HAS; 4]);
    same(account.paid.mean, 15.0 / 4.0 * 2814.0);
    let out: Vec<f64> = projection.account_months.iter().map(|row| row.runs_out.share).collect();
    out[..4].iter().zip([0.25, 0.0, 0.25, 0.0]).for_each(|(&found, due)| same(found, due));
    assert_eq!(account.likely_month, Some(1), "January and March are as likely, January comes first");
}

/// An interval holds its share, of none and of all replicates too, whatever rounding does.
#[test]
fn the_interval_of_a_share_holds_it() {
    for n in 1..=400 {
        for hits in [0, 1, n / 2, n - 1, n] {
            let Probability { share, low, high } = Probability::of(hits, n);
            assert!((0.0..=share).contains(&low) && (share..=1.0).contains(&high), "{hits} of {n}");
        }
        assert!(
            Probability::of(0, n).high > 0.0 && Probability::of(n, n).low < 1.0,
            "none of {n} is not never"
        );
    }
}
