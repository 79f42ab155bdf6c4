//! What no schema can see: names that must exist, ids that must be cited, values that must go together.

mod caps;
mod conditions;
mod heads;
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
use crate::raw::value::ShareValue;
use crate::units::Day;

/// Checks the names and combinations of a policy file.
pub fn policy(raw: &raw::Policy, document: &Document, faults: &mut Faults) {
    let mut checker = Checker { raw, document, faults, unranked: BTreeSet::new() };
    checker.ranks();
    checker.clauses();
    checker.heads();
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

    fn subsidies(&mut self) {
        for (id, rule) in &self.raw.subsidy {
            let key = format!("subsidy.{id}");
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
            if rule.who.categories.is_some() {
                let problem = "is not asked here: whoever is recognised on application is paid; leave it out";
                self.fault(&format!("{key}.who.categories"), problem);
            }
            self.recognised_as(&format!("{key}.recognised_as"), &rule.recognised_as);
            self.on_the_year(&key, rule.bands_on);
            self.window(&key, rule);
            self.ratio_or_bands(&key, rule.ratio.as_ref(), (&rule.bands, rule.bands_on));
            if rule.ratio.is_none() && rule.bands.is_empty() {
                self.fault(&format!("{key}.ratio"), "missing: needs `ratio` or `bands`");
            }
        }
        if let Some(id) = self.raw.watch.keys().nth(MOST_WATCHES) {
            self.fault(&format!("watch.{id}"), format!("at most {MOST_WATCHES} watch lists"));
        }
        for (id, rule) in &self.raw.watch {
            let key = format!("watch.{id}");
            if let Some(category) = &rule.recognised_as {
                self.recognised_as(&format!("{key}.recognised_as"), category);
            }
            self.recognition(&key, rule);
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
