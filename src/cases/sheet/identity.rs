//! Which identity gave each payment of a sheet, and why that one where others were held.

use super::super::SettledCase;
use super::super::typed::TypedCase;
use super::Scribe;
use crate::lang::Lang;
use crate::policy::claim::Category;
use crate::policy::parts::OtherIdentity;
use crate::policy::settle::{Layer, Payment};
use crate::policy::subsidy::{SubsidyPayment, held_in_year, subsidy_for};
use crate::units::Fen;

impl Scribe<'_> {
    /// A note with one thing more.
    pub(super) fn noted(&self, note: String, more: String) -> String {
        if note.is_empty() { more } else { format!("{note}{}{more}", self.say("；", "; ")) }
    }

    /// Adds to a note by whose terms a payment was made, and what the other identities held would have been paid.
    pub(super) fn by_identity(
        &self,
        note: String,
        (settled, number, payment): (&SettledCase, usize, &Payment),
        held: u32,
    ) -> String {
        if held == 0 && payment.category == Category::ORDINARY || !self.asks_for_identity(payment) {
            return note;
        }
        let mut parts = vec![format!("{}{}", self.say("按", "as "), self.category(payment.category))];
        let others = settled.others.get(&number).map_or(&[][..], Vec::as_slice);
        parts.extend(others.iter().map(|other| self.beside(other, payment.amount)));
        let without = Category::all_of(held).filter(|category| {
            *category != payment.category && others.iter().all(|other| other.category != *category)
        });
        let why = match payment.layer {
            Layer::Critical => self.say("未过其起付线", ": below its deductible"),
            _ => self.say("无此项规定", ": no rule fits"),
        };
        let told = matches!(payment.layer, Layer::Critical | Layer::Assistance);
        parts.extend(without.filter(|_| told).map(|category| format!("{}{why}", self.category(category))));
        let by = parts.join(self.say("，", ", "));
        self.noted(note, by)
    }

    /// What another identity would have been paid, beside what was.
    fn beside(&self, other: &OtherIdentity, paid: Fen) -> String {
        let (category, amount) = (self.category(other.category), other.amount);
        match (self.lang, amount == paid) {
            (Lang::Zh, false) => format!("高于{category}的{amount}"),
            (Lang::Zh, true) => format!("与{category}相同，取次序在前者"),
            (Lang::En, false) => format!("more than {amount} as {category}"),
            (Lang::En, true) => format!("the same as {category}, which ranks lower"),
        }
    }

    /// The identities that were held in the year besides that of the subsidy, with what each of them has.
    pub(super) fn subsidy_by_identity(&self, case: &TypedCase, paid: &SubsidyPayment) -> String {
        let Some((_, chosen)) = paid.by else { return String::new() };
        let person = case.person();
        let of = |category: Category| {
            let amount = subsidy_for(self.rules, &person, category.bit()).ok()??.amount;
            Some(self.beside(&OtherIdentity { category, amount }, paid.amount))
        };
        let held = Category::all_of(held_in_year(self.rules.year, &person));
        let others: Vec<String> = held.filter(|category| *category != chosen).filter_map(of).collect();
        others.join(self.say("，", ", "))
    }

    /// Whether the payment depends on the identity: insurances do only where a rule is for some categories.
    fn asks_for_identity(&self, payment: &Payment) -> bool {
        match payment.layer {
            Layer::Application => false,
            Layer::Basic => {
                self.rules.rules().any(|rule| rule.changes == Some(payment.rule) && !rule.ordinary)
            }
            Layer::Critical => {
                let of_all = self.rules.rules().any(|rule| rule.rule == payment.rule && rule.ordinary);
                payment.category != Category::ORDINARY && !of_all
            }
            Layer::Provider | Layer::Assistance | Layer::Tilt => true,
        }
    }
}
