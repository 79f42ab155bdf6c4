//! Checks of what every family of rules writes alike: for whom, for which claims and years, where its money goes, what it
//! cites.

use super::{CLAUSE, Checker, DISEASE, FUNDER, LINE, TRAIT};
use crate::lang::{Words, words};
use crate::policy::claim::Disease;
use crate::raw::policy as raw;
use crate::raw::rules::{Funders, Head};
use crate::raw::value::FunderShare;

impl<'a> Checker<'a, '_> {
    pub(super) fn heads(&mut self) {
        if let Some(id) = self.raw.diseases.keys().nth(Disease::MOST) {
            let problem = words!(
                "至多可列{most}个病种",
                "at most {most} diseases can be declared",
                most = Disease::MOST
            );
            self.fault(&format!("diseases.{id}"), problem);
        }
        for head in self.raw.rules_as_written() {
            self.head(&head);
        }
    }

    fn head(&mut self, head: &Head<'a>) {
        let (family, key) = (head.family, head.path());
        if let Some(who) = head.who {
            self.who(&format!("{key}.who"), who);
        }
        if let Some(names) = head.categories {
            self.categories(&format!("{key}.categories"), names);
        }
        if let Some((list, names)) = head.identities().filter(|_| family.is_for_held_identities()) {
            self.held(&list, names);
        }
        if let Some(who) = head.who.filter(|_| family.goes_by_identities_alone()) {
            self.identities_only(&key, who);
        }
        for (name, when) in &head.when {
            self.when(&format!("{key}.{name}"), when);
        }
        self.years(&key, head.years);
        self.money(&key, head);
        if head.cite.is_empty() && !family.may_cite_nothing() {
            self.fault(
                &format!("{key}.cite"),
                Words::new(
                    "没有引用条款：每条规则都须写明依据条款",
                    "cites no clause: every rule names the clauses it implements",
                ),
            );
        }
        self.cited(&key, head.cite);
    }

    /// Clauses that there are.
    pub(super) fn cited(&mut self, key: &str, cite: &[String]) {
        for (number, id) in cite.iter().enumerate() {
            self.known(&format!("{key}.cite.{number}"), id, CLAUSE, &self.raw.clauses);
        }
    }

    fn who(&mut self, key: &str, who: &raw::Who) {
        if let Some(names) = &who.categories {
            self.categories(&format!("{key}.categories"), names);
        }
        let lists = [("traits", &who.traits), ("without_traits", &who.without_traits)];
        for (list, names) in lists {
            for (number, name) in names.iter().enumerate() {
                self.known(&format!("{key}.{list}.{number}"), name, TRAIT, &self.raw.traits);
            }
        }
        if let (Some(from), Some(below)) = (who.age_from, who.age_below)
            && from >= below
        {
            self.fault(
                &format!("{key}.age_below"),
                words!("须大于age_from = {from}", "must be above age_from = {from}"),
            );
        }
    }

    /// A rule for held identities cannot be for those who hold none.
    fn held(&mut self, list: &str, names: &[String]) {
        if names.iter().any(|id| id == "ordinary") {
            let problem = Words::new(
                "`ordinary`表示没有身份；本规则只适用于持有的身份",
                "`ordinary` stands for no identity; this rule is for identities that are held",
            );
            self.fault(list, problem);
        }
    }

    /// For lists and second assistance only the identities decide.
    fn identities_only(&mut self, key: &str, who: &raw::Who) {
        let conditions = [
            ("traits", !who.traits.is_empty()),
            ("without_traits", !who.without_traits.is_empty()),
            ("age_from", who.age_from.is_some()),
            ("age_below", who.age_below.is_some()),
            ("insurance", who.insurance.is_some()),
        ];
        for (name, _) in conditions.into_iter().filter(|(_, is_given)| *is_given) {
            let problem = Words::new(
                "此处不能写：本规则的适用人员只由`categories`说明",
                "not allowed here: only `categories` tell whom this rule is for",
            );
            self.fault(&format!("{key}.who.{name}"), problem);
        }
    }

    /// Diseases that the policy declares.
    fn when(&mut self, key: &str, when: &raw::When) {
        let asked = when.diseases.iter().flatten().enumerate();
        let lists = asked.map(|(number, id)| ("diseases", number, id));
        let excluded = when.without_diseases.iter().enumerate();
        for (list, number, id) in lists.chain(excluded.map(|(number, id)| ("without_diseases", number, id))) {
            self.known(&format!("{key}.{list}.{number}"), id, DISEASE, &self.raw.diseases);
        }
    }

    fn years(&mut self, key: &str, (from, to): (Option<u16>, Option<u16>)) {
        for (name, year) in [("from_year", from), ("to_year", to)] {
            if year.is_some_and(|year| !(2000..=2100).contains(&year)) {
                self.fault(
                    &format!("{key}.{name}"),
                    Words::new("应为2000至2100之间的年度", "must be a calendar year from 2000 to 2100"),
                );
            }
        }
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            self.fault(
                &format!("{key}.to_year"),
                words!("不得早于from_year = {from}", "must not be before from_year = {from}"),
            );
        }
    }

    fn money(&mut self, key: &str, head: &Head<'_>) {
        if let Some(line) = head.line {
            self.known(&format!("{key}.line"), line, LINE, &self.raw.lines);
        }
        let funders = match head.funders {
            Funders::Nobody => return,
            Funders::Surplus(funder) => {
                return self.known(&format!("{key}.funder"), funder, FUNDER, &self.raw.funders);
            }
            Funders::Shared(funders, _) => funders,
        };
        if funders.is_empty() {
            self.fault(
                &format!("{key}.funders"),
                Words::new("至少要有一个出资方", "needs at least one funder"),
            );
        }
        for (number, (id, share)) in funders.iter().enumerate() {
            self.known(&format!("{key}.funders.{id}"), id, FUNDER, &self.raw.funders);
            if matches!(share, FunderShare::Rest(_)) && number + 1 != funders.len() {
                self.fault(
                    &format!("{key}.funders.{id}"),
                    Words::new(
                        "只有最后一个出资方可以写`rest`（承担其余）",
                        "only the last funder may take the rest",
                    ),
                );
            }
        }
    }
}
