//! What no schema can see: names that must exist, ids that must be cited, values that must go together.

mod caps;
mod conditions;
mod diseases;
mod insurance;
mod sums;
mod varying;

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::document::Document;
use super::fault::{Faults, nearest};
use crate::policy::claim::Category;
use crate::policy::names::ClauseKind;
use crate::policy::schedule::MOST_WATCHES;
use crate::raw::policy as raw;
use crate::raw::value::{FunderShare, ShareValue};
use crate::units::Day;

/// Checks the names and combinations of a policy file.
pub fn policy(raw: &raw::Policy, document: &Document, faults: &mut Faults) {
    let mut checker = Checker { raw, document, faults, unranked: BTreeSet::new() };
    checker.ranks();
    checker.clauses();
    checker.critical();
    checker.employees();
    checker.subsidies();
    checker.assistance();
    checker.tilts();
    checker.others();
    checker.adjustments();
    checker.sums();
    checker.varying();
    checker.conditions();
    checker.diseases();
    checker.used_without_rank();
}

struct Checker<'a, 'f> {
    raw: &'a raw::Policy,
    document: &'a Document,
    faults: &'f mut Faults,
    /// Categories that rules name and that have a label but no rank.
    unranked: BTreeSet<String>,
}

impl<'a> Checker<'a, '_> {
    fn fault(&mut self, key: &str, problem: impl Into<String>) {
        self.faults.push(self.document.fault(key, problem, None));
    }

    /// A name that must be among known ones.
    fn known<V>(&mut self, key: &str, name: &str, what: &str, known: &IndexMap<String, V>) {
        if !known.contains_key(name) {
            let hint = nearest(name, known.keys().map(String::as_str));
            let problem = format!("unknown {what} `{name}`");
            self.faults.push(self.document.fault(key, problem, hint));
        }
    }

    fn category(&mut self, key: &str, name: &str) {
        if self.is_unknown(name) {
            let hint = nearest(name, self.names_of_categories());
            self.faults.push(self.document.fault(key, format!("unknown category `{name}`"), hint));
        }
    }

    /// Every name that stands for a category of persons.
    fn names_of_categories(&self) -> impl Iterator<Item = &'a str> + Clone {
        self.raw.rank.iter().map(String::as_str).chain(["ordinary"])
    }

    /// Whether no category has this name; one that has a label and no rank is told of once, at the rank.
    fn is_unknown(&mut self, name: &str) -> bool {
        let is_ranked = self.names_of_categories().any(|known| known == name);
        let is_labelled = self.raw.categories.contains_key(name);
        if !is_ranked && is_labelled {
            self.unranked.insert(name.to_owned());
        }
        !is_ranked && !is_labelled
    }

    /// A category that has a label, perhaps from the file below, and no rank is not one of this plan: no rule names it.
    fn used_without_rank(&mut self) {
        let names: Vec<String> = std::mem::take(&mut self.unranked).into_iter().collect();
        if !names.is_empty() {
            let problem = format!("does not name {}, which rules name", names.join(", "));
            self.fault("rank", problem);
        }
    }

    fn categories(&mut self, key: &str, names: &[String]) {
        for (number, name) in names.iter().enumerate() {
            self.category(&format!("{key}.{number}"), name);
        }
    }

    fn cite(&mut self, key: &str, cite: &[String]) {
        if cite.is_empty() {
            self.fault(&format!("{key}.cite"), "cites no clause: every rule names the clauses it implements");
        }
        self.cited(key, cite);
    }

    fn cited(&mut self, key: &str, cite: &[String]) {
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

    fn years(&mut self, key: &str, from: Option<u16>, to: Option<u16>) {
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

    fn money(&mut self, key: &str, line: &str, funders: Option<&IndexMap<String, FunderShare>>) {
        self.known(&format!("{key}.line"), line, "line", &self.raw.lines);
        let Some(funders) = funders else { return };
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

    fn ranks(&mut self) {
        if self.raw.rank.len() > Category::MOST {
            self.fault("rank", format!("at most {} categories can be ranked", Category::MOST));
        }
        for (number, id) in self.raw.rank.iter().enumerate() {
            let key = format!("rank.{number}");
            self.known(&key, id, "category", &self.raw.categories);
            if self.raw.rank[..number].contains(id) {
                self.fault(&key, format!("category `{id}` is ranked twice"));
            }
        }
        if Day::parse(&self.raw.about.in_force).is_none() {
            self.fault("about.in_force", "must be a day such as 2022-08-01");
        }
    }

    fn clauses(&mut self) {
        for (id, clause) in &self.raw.clauses {
            if clause.kind == ClauseKind::Frame && clause.note.is_none() {
                self.fault(
                    &format!("clauses.{id}.note"),
                    "missing: a frame clause says why it is outside the projection",
                );
            }
            self.superseded(&format!("clauses.{id}.superseded_by"), clause);
        }
        for (id, funder) in &self.raw.funders {
            self.cited(&format!("funders.{id}"), &funder.cite);
        }
        self.cited_by_insurances();
        self.pools_of_insurances();
    }

    /// What took the place of a clause must be in force itself.
    fn superseded(&mut self, key: &str, clause: &raw::Clause) {
        let superseded = clause.kind == ClauseKind::Superseded;
        match (superseded, clause.superseded_by.is_empty()) {
            (true, true) => self.fault(key, "missing: a superseded clause names the clauses in its place"),
            (false, false) => self.fault(key, "only a clause of kind `superseded` has clauses in its place"),
            _ => {}
        }
        for (number, id) in clause.superseded_by.iter().enumerate() {
            let at = format!("{key}.{number}");
            self.known(&at, id, "clause", &self.raw.clauses);
            if self.raw.clauses.get(id).is_some_and(|other| other.kind == ClauseKind::Superseded) {
                self.fault(&at, format!("clause `{id}` is superseded itself"));
            }
        }
    }

    /// A rule for held identities cannot be for those who hold none.
    fn held(&mut self, key: &str, who: &raw::Who) {
        if who.categories.as_ref().is_some_and(|all| all.iter().any(|id| id == "ordinary")) {
            let problem = "`ordinary` stands for no identity; this rule is for identities that are held";
            self.fault(&format!("{key}.who.categories"), problem);
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

    fn subsidies(&mut self) {
        for (id, rule) in &self.raw.subsidy {
            let key = format!("subsidy.{id}");
            self.who(&format!("{key}.who"), &rule.who);
            self.held(&key, &rule.who);
            self.money(&key, &rule.line, rule.funders.as_ref());
            self.cite(&key, &rule.cite);
            self.years(&key, rule.from_year, rule.to_year);
            let nothing = matches!(rule.share, Some(ShareValue::Same(share)) if share.0 == 0.0);
            if rule.funders.is_none() && !nothing {
                let problem = "missing: who pays; only `share = 0` needs nobody, the person pays it all";
                self.fault(&format!("{key}.funders"), problem);
            }
            if rule.share.is_some() == rule.amount_yuan.is_some() {
                self.fault(&key, "needs either `share` or `amount_yuan`, not both");
            }
        }
    }

    fn assistance(&mut self) {
        for (id, rule) in &self.raw.assistance {
            let key = format!("assistance.{id}");
            self.cite(&key, &rule.cite);
            self.years(&key, rule.from_year, rule.to_year);
            self.money(&key, &rule.line, rule.funders.as_ref());
            if let Some(within) = &rule.within {
                self.within(&key, within, rule.pool.as_ref());
            }
            if rule.by_standard_of.is_empty() {
                self.own_standard(&key, rule);
            } else {
                self.other_standard(&key, rule);
            }
        }
    }

    fn own_standard(&mut self, key: &str, rule: &'a raw::Assistance) {
        let needed = [
            ("who", "who", rule.who.is_none()),
            ("ratio", "ratio` or `bands", rule.ratio.is_none() && rule.bands.is_empty()),
            ("pool", "pool", rule.pool.is_none()),
            ("funders", "funders", rule.funders.is_none()),
        ];
        for (name, names, missing) in needed {
            if missing {
                let problem = format!("missing: needs `{names}`, or `by_standard_of` another rule");
                self.fault(&format!("{key}.{name}"), problem);
            }
        }
        self.ratio_or_bands(key, rule.ratio.as_ref(), (&rule.bands, rule.bands_on));
        if let Some(who) = &rule.who {
            self.who(&format!("{key}.who"), who);
        }
        if let Some(pool) = &rule.pool {
            self.known(&format!("{key}.pool"), pool, "pool", &self.raw.pools);
        }
        self.beyond_cap_on_claims(key, rule);
    }

    fn other_standard(&mut self, key: &str, rule: &'a raw::Assistance) {
        let own = [
            ("who", rule.who.is_some()),
            ("ratio", rule.ratio.is_some()),
            ("bands", !rule.bands.is_empty()),
            ("bands_on", rule.bands_on.is_some()),
            ("pool", rule.pool.is_some()),
            ("deductible_yuan", rule.deductible_yuan.is_some()),
            ("annual_cap_yuan", rule.annual_cap_yuan.is_some()),
            ("beyond_cap_of", rule.beyond_cap_of.is_some()),
        ];
        for (name, given) in own {
            if given {
                self.fault(
                    &format!("{key}.{name}"),
                    "comes from the rules in `by_standard_of`; leave it out",
                );
            }
        }
        for (number, standard) in rule.by_standard_of.iter().enumerate() {
            let at = format!("{key}.by_standard_of.{number}");
            self.known(&at, standard, "assistance rule", &self.raw.assistance);
            let nested = self.raw.assistance.get(standard).is_some_and(|of| !of.by_standard_of.is_empty());
            if nested {
                self.fault(&at, format!("`{standard}` has no standard of its own"));
            }
        }
    }

    fn tilts(&mut self) {
        for (id, rule) in &self.raw.tilt {
            let key = format!("tilt.{id}");
            self.who(&format!("{key}.who"), &rule.who);
            self.cite(&key, &rule.cite);
            self.years(&key, rule.from_year, rule.to_year);
            self.money(&key, &rule.line, Some(&rule.funders));
            self.held(&key, &rule.who);
            self.groups(&key, rule);
            self.on_the_year(&key, rule.bands_on);
            self.ratio_or_bands(&key, rule.ratio.as_ref(), (&rule.bands, rule.bands_on));
            self.tilt_caps(&key, rule);
            self.two_shapes(&key, rule);
        }
    }

    fn others(&mut self) {
        for (id, rule) in &self.raw.application {
            let key = format!("application.{id}");
            self.who(&format!("{key}.who"), &rule.who);
            if rule.who.categories.is_some() {
                let problem = "is not asked here: whoever is recognised on application is paid; leave it out";
                self.fault(&format!("{key}.who.categories"), problem);
            }
            self.cite(&key, &rule.cite);
            self.years(&key, rule.from_year, rule.to_year);
            self.money(&key, &rule.line, Some(&rule.funders));
            self.recognised_as(&format!("{key}.recognised_as"), &rule.recognised_as);
            self.on_the_year(&key, rule.bands_on);
            self.window(&key, rule);
            self.ratio_or_bands(&key, rule.ratio.as_ref(), (&rule.bands, rule.bands_on));
            if rule.ratio.is_none() && rule.bands.is_empty() {
                self.fault(&format!("{key}.ratio"), "missing: needs `ratio` or `bands`");
            }
        }
        for (id, rule) in &self.raw.second_assistance {
            let key = format!("second_assistance.{id}");
            self.who(&format!("{key}.who"), &rule.who);
            self.identities_only(&key, &rule.who);
            self.held(&key, &rule.who);
            self.cite(&key, &rule.cite);
            self.money(&key, &rule.line, None);
            self.known(&format!("{key}.funder"), &rule.funder, "funder", &self.raw.funders);
        }
        if let Some(id) = self.raw.watch.keys().nth(MOST_WATCHES) {
            self.fault(&format!("watch.{id}"), format!("at most {MOST_WATCHES} watch lists"));
        }
        for (id, rule) in &self.raw.watch {
            let key = format!("watch.{id}");
            self.who(&format!("{key}.who"), &rule.who);
            self.identities_only(&key, &rule.who);
            self.cite(&key, &rule.cite);
            if let Some(category) = &rule.recognised_as {
                self.recognised_as(&format!("{key}.recognised_as"), category);
            }
            self.recognition(&key, rule);
        }
        for (id, rule) in &self.raw.indicator {
            let key = format!("indicator.{id}");
            self.who(&format!("{key}.who"), &rule.who);
            self.held(&key, &rule.who);
            self.cite(&key, &rule.cite);
        }
    }

    fn adjustments(&mut self) {
        let mut known: Vec<String> = self.raw.assistance.keys().cloned().collect();
        known.push("critical".to_owned());
        for insurance in ["resident", "employee"] {
            for kind in crate::policy::claim::Kind::NAMES {
                known.push(format!("basic.{insurance}.{kind}"));
            }
        }
        for (id, rule) in &self.raw.adjustment {
            let key = format!("adjustment.{id}");
            self.who(&format!("{key}.who"), &rule.who);
            self.cite(&key, &rule.cite);
            self.years(&key, rule.from_year, rule.to_year);
            let of_deductible = [
                ("deductible_times", rule.deductible_times.is_some()),
                ("deductible_yuan", rule.deductible_yuan.is_some()),
            ];
            if rule.times.is_none() && rule.points.is_none() && of_deductible.iter().all(|(_, given)| !given)
            {
                let problem =
                    "changes nothing: needs `times`, `points`, `deductible_times` or `deductible_yuan`";
                self.fault(&key, problem);
            }
            self.adjusts(&key, rule);
            let critical = rule.changes.iter().any(|target| target == "critical");
            for (name, _) in of_deductible.into_iter().filter(|(_, given)| *given && critical) {
                let problem = "`critical` has no deductible per claim; a tilt lowers its annual deductible";
                self.fault(&format!("{key}.{name}"), problem);
            }
            self.once(&key, rule);
            for (number, target) in rule.changes.iter().enumerate() {
                if !known.contains(target) {
                    let hint = nearest(target, known.iter().map(String::as_str));
                    let at = format!("{key}.changes.{number}");
                    self.faults.push(self.document.fault(&at, format!("unknown rule `{target}`"), hint));
                }
            }
        }
    }
}
