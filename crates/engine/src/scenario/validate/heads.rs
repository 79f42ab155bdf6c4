//! Checks of what every family of rules writes alike: for whom, for which claims and years, where its money goes, what it
//! cites.

use super::Checker;
use crate::policy::claim::Disease;
use crate::raw::policy as raw;
use crate::raw::rules::{Funders, Head};
use crate::raw::value::FunderShare;

impl<'a> Checker<'a, '_> {
    pub(super) fn heads(&mut self) {
        if let Some(id) = self.raw.diseases.keys().nth(Disease::MOST) {
            let problem = format!("at most {} diseases can be declared", Disease::MOST);
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
            self.fault(&format!("{key}.cite"), "cites no clause: every rule names the clauses it implements");
        }
        self.cited(&key, head.cite);
    }

    /// Clauses that there are.
    pub(super) fn cited(&mut self, key: &str, cite: &[String]) {
        for (number, id) in cite.iter().enumerate() {
            self.known(&format!("{key}.cite.{number}"), id, "clause", &self.raw.clauses);
        }
    }

    fn who(&mut self, key: &str, who: &raw::Who) {
        if let Some(names) = &who.categories {
            self.categories(&format!("{key}.categories"), names);
        }
        let lists = [("traits", &who.traits), ("without_traits", &who.without_traits)];
        for (list, names) in lists {
            for (number, name) in names.iter().enumerate() {
                self.known(&format!("{key}.{list}.{number}"), name, "trait", &self.raw.traits);
            }
        }
        if let (Some(from), Some(below)) = (who.age_from, who.age_below)
            && from >= below
        {
            self.fault(&format!("{key}.age_below"), format!("must be above age_from = {from}"));
        }
    }

    /// A rule for held identities cannot be for those who hold none.
    fn held(&mut self, list: &str, names: &[String]) {
        if names.iter().any(|id| id == "ordinary") {
            let problem = "`ordinary` stands for no identity; this rule is for identities that are held";
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
            let problem = "not allowed here: only `categories` tell whom this rule is for";
            self.fault(&format!("{key}.who.{name}"), problem);
        }
    }

    /// Diseases that the policy declares.
    fn when(&mut self, key: &str, when: &raw::When) {
        let asked = when.diseases.iter().flatten().enumerate();
        let lists = asked.map(|(number, id)| ("diseases", number, id));
        let excluded = when.without_diseases.iter().enumerate();
        for (list, number, id) in lists.chain(excluded.map(|(number, id)| ("without_diseases", number, id))) {
            self.known(&format!("{key}.{list}.{number}"), id, "disease", &self.raw.diseases);
        }
    }

    fn years(&mut self, key: &str, (from, to): (Option<u16>, Option<u16>)) {
        for (name, year) in [("from_year", from), ("to_year", to)] {
            if year.is_some_and(|year| !(2000..=2100).contains(&year)) {
                self.fault(&format!("{key}.{name}"), "must be a calendar year from 2000 to 2100");
            }
        }
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            self.fault(&format!("{key}.to_year"), format!("must not be before from_year = {from}"));
        }
    }

    fn money(&mut self, key: &str, head: &Head<'_>) {
        if let Some(line) = head.line {
            self.known(&format!("{key}.line"), line, "line", &self.raw.lines);
        }
        let funders = match head.funders {
            Funders::Nobody => return,
            Funders::Surplus(funder) => {
                return self.known(&format!("{key}.funder"), funder, "funder", &self.raw.funders);
            }
            Funders::Shared(funders, _) => funders,
        };
        if funders.is_empty() {
            self.fault(&format!("{key}.funders"), "needs at least one funder");
        }
        for (number, (id, share)) in funders.iter().enumerate() {
            self.known(&format!("{key}.funders.{id}"), id, "funder", &self.raw.funders);
            if matches!(share, FunderShare::Rest(_)) && number + 1 != funders.len() {
                self.fault(&format!("{key}.funders.{id}"), "only the last funder may take the rest");
            }
        }
    }
}
