//! A household's year: the claims of all members in the one order of their days, then the rules of the year's end.
//!
//! Each member is settled as a person alone is. What a plan counts for the household is lent to whoever's turn it is: the
//! running sums of such pools are the same for all members, and go on from one claim to the next, whoever's it is.

use super::super::parts::HouseholdPool;
use super::super::schedule::YearRules;
use super::super::sums::SumsOf;
use super::super::{application, balance, year_end};
use super::{Case, HouseholdSums, Ledger, Payment, PoolState, Work, passed, steps};
use crate::units::Fen;

/// The members of a household who are settled together; often one person alone.
pub(in super::super) struct Members<'m, 'c, L> {
    pub(in super::super) cases: &'m [Case<'c>],
    pub(in super::super) works: &'m mut [Work],
    pub(in super::super) ledgers: &'m mut [L],
    /// The position of the first of them in the household.
    pub(in super::super) first: usize,
}

/// Settles the year of a household: the claims of all members by date of admission, those of one day in the order of the
/// members (twice where rules hold for the whole year once its self-pay passes a line: first without them, to see whether
/// it does), then tilt assistance, then assistance on application.
///
/// Each member has a case, memory and a ledger at the same position. Afterwards the memory of each holds the claims in the
/// order of the input. The order of the members decides nothing but which of two claims of one day comes first, and
/// who gets the fen that cannot be divided.
pub fn settle_household<L: Ledger>(
    rules: &YearRules,
    cases: &[Case<'_>],
    works: &mut [Work],
    ledgers: &mut [L],
) {
    let mut members = Members { cases, works, ledgers, first: 0 };
    members.begin();
    if rules.schedules.iter().any(|schedule| !schedule.once.is_empty()) {
        let mut unheard: Vec<Unheard> = cases.iter().map(|_| Unheard).collect();
        let works = &mut *members.works;
        Members { cases, works, ledgers: &mut unheard, first: 0 }.settle_claims(rules);
        let lines = |member| passed::lines(rules, cases, members.works, member);
        let passed: Vec<_> = (0..cases.len()).map(lines).collect();
        members.begin();
        for (work, passed) in members.works.iter_mut().zip(passed) {
            work.state.passed = passed;
        }
    }
    members.settle_claims(rules);
    year_end::tilt(rules, &mut members);
    application::apply(rules, &mut members);
    for (case, work) in cases.iter().zip(works) {
        work.imbalance = work.imbalance.or_else(|| balance::of_year(rules.year, case, work));
    }
}

/// Nobody listens.
struct Unheard;

impl Ledger for Unheard {
    fn pays(&mut self, _payment: &Payment) {}
}

impl<'c, L: Ledger> Members<'_, 'c, L> {
    fn begin(&mut self) {
        for (case, work) in self.cases.iter().zip(self.works.iter_mut()) {
            work.begin(case.claims);
        }
    }

    /// The claims of a year, by date of admission.
    fn settle_claims(&mut self, rules: &YearRules) {
        if let [case] = self.cases {
            for _ in case.claims {
                self.settle_next(rules, 0);
            }
            return;
        }
        while let Some(member) = self.next() {
            let (works, ledger) = (&*self.works, &mut self.ledgers[member]);
            let claim = works[member].order[works[member].done];
            ledger.of_household(|| HouseholdSums::Before(claim, sums_of_pools(works, rules)));
            self.settle_next(rules, member);
            self.share(rules, member);
        }
    }

    /// Whose claim comes next: the earliest day, of one day the first member.
    fn next(&self) -> Option<usize> {
        let day = |member: usize| {
            let work = &self.works[member];
            let index = *work.order.get(work.done)?;
            Some((self.cases[member].claims[index].admitted, member))
        };
        (0..self.cases.len()).filter_map(day).min().map(|(_, member)| member)
    }

    fn settle_next(&mut self, rules: &YearRules, member: usize) {
        let (case, ledger) = (&self.cases[member], &mut self.ledgers[member]);
        let Work { order, done, settled: all, state, assistance, self_pay, ever_held, .. } =
            &mut self.works[member];
        let index = order[*done];
        *done += 1;
        let settled = &mut all[index];
        // A stay that began in the year before and counts in this one is settled by the rules of January.
        let number = rules.number_in(case.claims[index].month_in(rules.year));
        settled.schedule = number as u8;
        steps::settle_claim(&rules.schedules[number], case, index, (settled, state, ledger));
        *assistance += settled.assistance;
        *self_pay += settled.patient_in_scope + settled.patient_out_of_scope;
        *ever_held |= settled.held;
    }

    /// Hands the sums of a household's pools on from the member who was settled to all others.
    pub(in super::super) fn share(&mut self, rules: &YearRules, member: usize) {
        if self.works.len() < 2 {
            return;
        }
        for &pool in rules.schedules.iter().flat_map(|schedule| &schedule.household_pools) {
            let before = self.works[usize::from(member == 0)].state.pools[pool];
            let state = &mut self.works[member].state;
            let after = state.pools[pool];
            if after == before {
                continue;
            }
            state.own_of_pools.resize(state.pools.len(), PoolState::default());
            state.own_of_pools[pool].bases += after.bases - before.bases;
            state.own_of_pools[pool].paid += after.paid - before.paid;
            for work in &mut *self.works {
                work.state.pools[pool] = after;
            }
        }
    }

    /// Does the same for each member alone, or once for all of them together.
    pub(in super::super) fn each(
        &mut self,
        (rules, sums_of): (&YearRules, SumsOf),
        mut settle: impl FnMut(&mut Members<'_, 'c, L>),
    ) {
        if sums_of == SumsOf::Household {
            return settle(self);
        }
        for member in 0..self.cases.len() {
            settle(&mut self.alone(member));
            self.share(rules, member);
        }
    }

    fn alone(&mut self, member: usize) -> Members<'_, 'c, L> {
        let own = member..member + 1;
        Members {
            cases: &self.cases[own.clone()],
            works: &mut self.works[own.clone()],
            ledgers: &mut self.ledgers[own],
            first: self.first + member,
        }
    }
}

/// What of the sums of a household's pools is whose.
fn sums_of_pools(works: &[Work], rules: &YearRules) -> Vec<HouseholdPool> {
    let of = |&pool: &usize| {
        let own = |work: &Work| work.state.own_of_pools.get(pool).copied().unwrap_or_default();
        HouseholdPool { pool, own: works.iter().map(own).collect() }
    };
    rules.schedules.iter().flat_map(|schedule| &schedule.household_pools).map(of).collect()
}

/// Divides an amount among members in proportion to a weight of each, in whole fen; none gets more than its most as long
/// as another has room.
pub(in super::super) fn share_out(amount: Fen, members: &[(Fen, Fen)]) -> Vec<Fen> {
    if let [_] = members {
        return vec![amount];
    }
    let all = members.iter().map(|(weight, _)| i128::from(weight.0)).sum::<i128>().max(1);
    let (mut so_far, mut given) = (0_i128, Fen::ZERO);
    let mut parts: Vec<Fen> = Vec::with_capacity(members.len());
    for (weight, most) in members {
        so_far += i128::from(weight.0);
        let due = super::super::exact::i64_of(i128::from(amount.0) * so_far / all);
        let part = (Fen(due) - given).min(*most).max(Fen::ZERO);
        given += part;
        parts.push(part);
    }
    for (part, (_, most)) in parts.iter_mut().zip(members) {
        let more = (amount - given).min(*most - *part).max(Fen::ZERO);
        (*part, given) = (*part + more, given + more);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_parts_add_up_and_stay_within_what_is_left() {
        let fen = |parts: &[Fen]| parts.iter().map(|part| part.0).collect::<Vec<_>>();
        let of = |weights: &[(i64, i64)]| -> Vec<(Fen, Fen)> {
            weights.iter().map(|&(weight, most)| (Fen(weight), Fen(most))).collect()
        };
        assert_eq!(fen(&share_out(Fen(100), &of(&[(1, 100), (1, 100), (1, 100)]))), [33, 33, 34]);
        assert_eq!(fen(&share_out(Fen(100), &of(&[(3, 10), (1, 500)]))), [10, 90]);
        assert_eq!(fen(&share_out(Fen(100), &of(&[(1, 500), (3, 10)]))), [90, 10]);
        assert_eq!(fen(&share_out(Fen(5), &of(&[(0, 0), (0, 5)]))), [0, 5]);
        assert_eq!(fen(&share_out(Fen(5), &of(&[(0, 0)]))), [5]);
    }
}
