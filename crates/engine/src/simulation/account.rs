//! The account of a fund, month by month: what comes in, what falls due, what is paid, and when it is empty.
//!
//! A path is a pure function of the account, of one replicate's payments by month and of its revenue: whole fen.

use super::facts::{AFTER_THE_YEAR, MONTHS};
use crate::illness::math::normal_quantile;
use crate::raw::fund::AtExhaustion;
use crate::rng::{Draws, Key, Purpose, uniform};

/// Revenue of one source in one year.
#[derive(Debug, Clone, PartialEq)]
pub struct Inflow {
    /// The number of the year.
    pub year: usize,
    /// Fen: the mean.
    pub fen: i64,
    /// The months in which it arrives, in equal parts: January 0.
    pub months: Vec<usize>,
    /// Standard deviation of the logarithm; the mean stays.
    pub log_sd: f64,
    /// The number of its draw.
    pub number: u32,
}

/// One fund.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Account {
    /// Balance at the beginning, fen.
    pub opening_fen: i64,
    /// Payments of earlier years, due in the first month, fen.
    pub outstanding_fen: i64,
    /// Revenue.
    pub inflows: Vec<Inflow>,
    /// What happens when it is empty.
    pub at_exhaustion: AtExhaustion,
    /// Months from where a payment falls due to where it is made.
    pub lag_months: usize,
    /// The month of the next year (January 0) in which is paid what is worked out when the year is over.
    pub after_year_month: usize,
}

/// A fund in one month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MonthEnd {
    /// What came in, fen.
    pub revenue_fen: i64,
    /// What was to be paid for the first time, fen.
    pub due_fen: i64,
    /// What was paid, by the fund or by who advanced it, fen.
    pub paid_fen: i64,
    /// The balance at the end: below zero only where all is paid on, fen.
    pub balance_fen: i64,
    /// What waits to be paid at the end, fen.
    pub unpaid_fen: i64,
    /// What is advanced and not given back at the end, fen.
    pub advanced_fen: i64,
    /// What the fund would have had, had it paid everything: below zero where it is short, fen.
    pub position_fen: i64,
}

impl MonthEnd {
    /// Whether the money did not last: the fund is short of what it had to pay by now.
    #[must_use]
    pub const fn is_short(&self) -> bool {
        self.position_fen < 0
    }
}

/// What falls due in a month of a year, or after it, and when it is paid. In the order of payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// The month of the payment, counted from the first January.
    pub paid_in: usize,
    /// The year in which it falls due.
    pub year: usize,
    /// The month of the year, January 0; [`AFTER_THE_YEAR`].
    pub month: usize,
}

impl Account {
    /// The months of the years of one replicate; `due_fen` holds for each year what falls due in each month, and after the
    /// year. What is paid behind the last month is left out.
    #[must_use]
    pub fn months(&self, due_fen: &[[i64; MONTHS]], revenue_fen: &[i64]) -> Vec<MonthEnd> {
        let due = self.payments(due_fen);
        let mut before =
            MonthEnd { balance_fen: self.opening_fen, position_fen: self.opening_fen, ..Default::default() };
        let mut months = Vec::with_capacity(due.len());
        for (due_fen, &revenue_fen) in due.into_iter().zip(revenue_fen) {
            before = self.month(&before, revenue_fen, due_fen);
            months.push(before);
        }
        months
    }

    /// What is to be paid in each month, counted from the first January.
    fn payments(&self, due_fen: &[[i64; MONTHS]]) -> Vec<i64> {
        let mut payments = vec![0; 12 * due_fen.len()];
        payments.iter_mut().take(1).for_each(|first| *first += self.outstanding_fen);
        for Due { paid_in, year, month } in self.queue(due_fen.len()) {
            payments[paid_in] += due_fen[year][month];
        }
        payments
    }

    /// What is paid within so many years, in the order in which it is paid: by month of payment, of these the oldest first.
    /// What is outstanding of earlier years comes before all of it.
    #[must_use]
    pub fn queue(&self, n_years: usize) -> Vec<Due> {
        let paid_in = |year: usize, month: usize| match month {
            AFTER_THE_YEAR => 12 * (year + 1) + self.after_year_month,
            _ => 12 * year + month + self.lag_months,
        };
        let of_year = |year| (0..MONTHS).map(move |month| Due { paid_in: paid_in(year, month), year, month });
        let within = |due: &Due| due.paid_in < 12 * n_years;
        let mut queue: Vec<Due> = (0..n_years).flat_map(of_year).filter(within).collect();
        queue.sort_unstable();
        queue
    }

    fn month(&self, before: &MonthEnd, revenue_fen: i64, due_fen: i64) -> MonthEnd {
        let position_fen = before.position_fen + revenue_fen - due_fen;
        let month = MonthEnd { revenue_fen, due_fen, position_fen, ..MonthEnd::default() };
        match self.at_exhaustion {
            AtExhaustion::PayOn => MonthEnd { paid_fen: due_fen, balance_fen: position_fen, ..month },
            AtExhaustion::Stop => {
                let (there, asked) = (before.balance_fen + revenue_fen, before.unpaid_fen + due_fen);
                let paid_fen = asked.min(there);
                MonthEnd { paid_fen, balance_fen: there - paid_fen, unpaid_fen: asked - paid_fen, ..month }
            }
            AtExhaustion::Advance => {
                let advanced_fen = (-position_fen).max(0);
                MonthEnd { paid_fen: due_fen, balance_fen: position_fen.max(0), advanced_fen, ..month }
            }
        }
    }

    /// The revenue of each month of so many years in one replicate.
    #[must_use]
    pub fn revenue(&self, n_years: usize, (draws, county, replicate): (&Draws, u32, u32)) -> Vec<i64> {
        let mut months = vec![0; 12 * n_years];
        for inflow in self.inflows.iter().filter(|inflow| inflow.year < n_years) {
            let key = Key { person: inflow.number, replicate, county, year: inflow.year as u16 };
            let word = draws.block(key, Purpose::Revenue, 0)[0];
            let whole = inflow.amount(word);
            let n = inflow.months.len().max(1) as i64;
            for (part, &month) in (0..n).zip(&inflow.months) {
                // Whole fen that add up to the year.
                months[12 * inflow.year + month] += whole * (part + 1) / n - whole * part / n;
            }
        }
        months
    }
}

impl Inflow {
    /// The amount of a replicate, by a random word.
    fn amount(&self, word: u32) -> i64 {
        if self.log_sd == 0.0 {
            return self.fen;
        }
        let normal = normal_quantile(uniform(word));
        let factor = libm::exp(self.log_sd * normal - 0.5 * self.log_sd * self.log_sd);
        (self.fen as f64 * factor).round() as i64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YUAN: i64 = 100;

    /// 100 yuan at the beginning, 30 in each quarter; 25 fall due in every month of two years, 40 after each year.
    fn account(at_exhaustion: AtExhaustion) -> Account {
        let inflow =
            |year| Inflow { year, fen: 120 * YUAN, months: vec![0, 3, 6, 9], log_sd: 0.0, number: 0 };
        Account {
            opening_fen: 100 * YUAN,
            inflows: vec![inflow(0), inflow(1)],
            at_exhaustion,
            ..Account::default()
        }
    }

    fn months(account: &Account) -> Vec<MonthEnd> {
        let mut year = [25 * YUAN; 13];
        year[AFTER_THE_YEAR] = 40 * YUAN;
        let revenue = account.revenue(2, (&Draws::new(1), 450_603, 0));
        account.months(&[year, year], &revenue)
    }

    /// 130 − 25 = 105, 80, 55; 85 − 25 = 60, 35, 10; 40 − 25 = 15, −10: short in August, for good.
    #[test]
    fn a_fund_of_which_every_month_is_worked_by_hand() {
        let all = months(&account(AtExhaustion::PayOn));
        let yuan: Vec<i64> = all.iter().map(|month| month.balance_fen / YUAN).collect();
        assert_eq!(yuan[..12], [105, 80, 55, 60, 35, 10, 15, -10, -35, -30, -55, -80]);
        assert_eq!(yuan[12], -80 + 30 - 25 - 40, "what is worked out after the year is paid in January");
        assert_eq!(all.iter().position(MonthEnd::is_short), Some(7));
        let stopped = months(&account(AtExhaustion::Stop));
        let month = |at: usize| {
            (stopped[at].balance_fen / YUAN, stopped[at].unpaid_fen / YUAN, stopped[at].paid_fen / YUAN)
        };
        assert_eq!((month(6), month(7), month(8)), ((15, 0, 25), (0, 10, 15), (0, 35, 0)));
        assert_eq!(month(9), (0, 30, 30), "the oldest first: 35 wait, 30 come, 25 more fall due");
        let advanced = months(&account(AtExhaustion::Advance));
        let month = |at: usize| {
            (advanced[at].balance_fen / YUAN, advanced[at].advanced_fen / YUAN, advanced[at].paid_fen / YUAN)
        };
        assert_eq!((month(7), month(8), month(9)), ((0, 10, 25), (0, 35, 25), (0, 30, 25)));
        for (one, other) in all.iter().zip(stopped.iter().zip(&advanced)) {
            assert_eq!((one.position_fen, one.is_short()), (other.0.position_fen, other.1.is_short()));
        }
    }

    /// With two months from the discharge to the payment the fund is short two months later; what is left of earlier years
    /// is paid first.
    #[test]
    fn payments_come_later_and_what_is_outstanding_first() {
        let late = Account { lag_months: 2, outstanding_fen: 50 * YUAN, ..account(AtExhaustion::PayOn) };
        let yuan: Vec<i64> = months(&late).iter().map(|month| month.balance_fen / YUAN).collect();
        assert_eq!(yuan[..5], [80, 80, 55, 60, 35]);
    }

    /// Money is neither made nor lost: opening and revenue are what was paid by the fund and what is left.
    #[test]
    fn what_came_in_is_what_was_paid_and_what_is_left() {
        for at in [AtExhaustion::PayOn, AtExhaustion::Stop, AtExhaustion::Advance] {
            let all = months(&account(at));
            let sum = |of: fn(&MonthEnd) -> i64| all.iter().map(of).sum::<i64>();
            let last = all.last().expect("months");
            let (came, paid) = (100 * YUAN + sum(|one| one.revenue_fen), sum(|one| one.paid_fen));
            assert_eq!(came, paid + last.balance_fen - last.advanced_fen, "{at:?}");
            assert_eq!(sum(|one| one.due_fen), paid + last.unpaid_fen, "{at:?}");
        }
    }

    /// The parts of a year add up to it, to the fen; uncertain revenue keeps its mean and has its spread.
    #[test]
    fn uncertain_revenue_has_its_mean_and_its_spread() {
        let inflow = Inflow { year: 0, fen: 100_000_001, months: vec![1, 5, 9], log_sd: 0.2, number: 3 };
        let account = Account { inflows: vec![inflow], ..Account::default() };
        let n = 20_000_u32;
        let all: Vec<f64> = (0..n)
            .map(|replicate| {
                account.revenue(1, (&Draws::new(7), 450_603, replicate)).iter().sum::<i64>() as f64
            })
            .collect();
        let mean = all.iter().sum::<f64>() / f64::from(n);
        let sd = (all.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / f64::from(n)).sqrt();
        // The standard deviation of a lognormal amount is its mean times the root of exp(0.04) - 1: 0.2020.
        assert!((mean / 1e8 - 1.0).abs() < 4.0 * 0.202 / f64::from(n).sqrt(), "{mean}");
        assert!((sd / mean - 0.2020).abs() < 0.006, "{}", sd / mean);
        let certain = Account {
            inflows: vec![Inflow { log_sd: 0.0, ..account.inflows[0].clone() }],
            ..Account::default()
        };
        let months = certain.revenue(1, (&Draws::new(7), 450_603, 0));
        assert_eq!(months.iter().sum::<i64>(), 100_000_001);
        assert_eq!(months.iter().filter(|fen| **fen > 0).count(), 3);
    }
}
