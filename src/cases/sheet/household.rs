//! What a sheet says of a household: its sums before a claim and whose they are, and a payment to it of which the case has
//! a part.

use super::super::SettledCase;
use super::super::typed::TypedCase;
use super::{Scribe, Step};
use crate::lang::Lang;
use crate::policy::parts::HouseholdPart;
use crate::policy::schedule::Assistance;
use crate::policy::settle::PoolState;
use crate::units::Fen;

impl Scribe<'_> {
    /// The household of a case, with the number of its members where amounts go by it.
    pub(super) fn home(&self, case: &TypedCase, settled: &SettledCase) -> String {
        let name = case.household.as_ref().map_or_else(String::new, |name| format!(" {name}"));
        let size = settled.household_size;
        match (self.rules.go_by_household_size(), self.lang) {
            (false, _) if name.is_empty() => String::new(),
            (false, Lang::Zh) => format!(" · 家庭{name}"),
            (false, Lang::En) => format!(" · household{name}"),
            (true, Lang::Zh) => format!(" · 家庭{name}（{size}人）"),
            (true, Lang::En) if size == 1 => format!(" · household{name} (1 member)"),
            (true, Lang::En) => format!(" · household{name} ({size} members)"),
        }
    }

    /// Adds to a note what the household's pools have counted and paid before a claim, and whose that is.
    pub(super) fn sums_before(
        &self,
        note: String,
        settled: &SettledCase,
        (claim, rule): (usize, Option<&Assistance>),
    ) -> String {
        let Some(rule) = rule else { return note };
        let further = rule.within.map(|within| within.pool);
        let pools = settled.before.get(&claim).map_or(&[][..], Vec::as_slice);
        let asked = pools.iter().filter(|one| one.pool == rule.pool || Some(one.pool) == further);
        asked.fold(note, |note, one| {
            let pool = self.label(&self.policy.names.pools[one.pool]);
            let of = |name: &str, sum: fn(&PoolState) -> Fen| {
                let own: Vec<Fen> = one.own.iter().map(sum).collect();
                format!("{name} {}", self.by_member(settled, &own))
            };
            let counted = of(self.say("累计", "counted"), |state| state.bases);
            let paid = of(self.say("已付", "paid"), |state| state.paid);
            let sums = match one.pool == rule.pool {
                true => format!("{counted}{}{paid}", self.say("，", ", ")),
                false => paid,
            };
            let said = match self.lang {
                Lang::Zh => format!("全户此前（{pool}）：{sums}"),
                Lang::En => format!("household before ({pool}): {sums}"),
            };
            self.noted(note, said)
        })
    }

    /// The amounts of all members, each with the name of the case.
    fn by_member(&self, settled: &SettledCase, amounts: &[Fen]) -> String {
        let each = settled.members.iter().zip(amounts).map(|(name, amount)| format!("{name} {amount}"));
        each.collect::<Vec<_>>().join(self.say("、", " + "))
    }

    /// The part of a case in a payment to the household, which stands in the step before.
    pub(super) fn part_of_household(
        &self,
        settled: &SettledCase,
        (whole, part): (&Step, &HouseholdPart),
        (amount, of_groups): (Fen, bool),
    ) -> Step {
        let own = self.by_member(settled, &part.own);
        let by = match of_groups {
            true => self.say("按各组自付分摊", "in proportion to the self-pay of each group"),
            false => self.say("按自付分摊", "in proportion to self-pay"),
        };
        let note = match self.lang {
            Lang::Zh => format!("全户{}中的份额，{by}：{own}", part.paid),
            Lang::En => format!("of {} to the household, {by}: {own}", part.paid),
        };
        Step {
            name: format!("{}{}", whole.name, self.say("（本人份额）", " (own part)")),
            formula: amount.to_string(),
            note,
            bounded: false,
            unrounded: amount.to_string(),
            amount,
            ..whole.clone()
        }
    }
}
