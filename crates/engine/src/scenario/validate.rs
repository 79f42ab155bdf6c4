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
use crate::lang::{Words, words};
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

/// What a name stands for, in Chinese and in English.
#[derive(Debug, Clone, Copy)]
struct Named(&'static str, &'static str);

const ASSISTANCE: Named = Named("基本救助规则", "assistance rule");
const CATEGORY: Named = Named("人员类别", "category");
const CLAUSE: Named = Named("条款", "clause");
const DISEASE: Named = Named("病种", "disease");
const FUNDER: Named = Named("出资方", "funder");
const LEVEL: Named = Named("医院等级", "level");
const LINE: Named = Named("支出项目", "line");
const LOCALITY: Named = Named("就医地", "place");
const POOL: Named = Named("共用额度", "pool");
const REFERRAL: Named = Named("转诊情形", "referral");
const RULE: Named = Named("规则", "rule");
const TRAIT: Named = Named("特征", "trait");

impl Named {
    /// A name that nothing has.
    fn unknown(self, name: &str) -> Words {
        let Self(zh, en) = self;
        Words::new(format!("没有名为`{name}`的{zh}"), format!("unknown {en} `{name}`"))
    }
}

struct Checker<'a, 'f> {
    raw: &'a raw::Policy,
    document: &'a Document,
    faults: &'f mut Faults,
    /// Categories that rules name and that have a label but no rank.
    unranked: BTreeSet<String>,
}

impl<'a> Checker<'a, '_> {
    fn fault(&mut self, key: &str, problem: Words) {
        self.faults.push(self.document.fault(key, problem, None));
    }

    /// A name that must be among known ones.
    fn known<V>(&mut self, key: &str, name: &str, what: Named, known: &IndexMap<String, V>) {
        if !known.contains_key(name) {
            let hint = nearest(name, known.keys().map(String::as_str));
            self.faults.push(self.document.fault(key, what.unknown(name), hint));
        }
    }

    fn category(&mut self, key: &str, name: &str) {
        if self.is_unknown(name) {
            let hint = nearest(name, self.names_of_categories());
            self.faults.push(self.document.fault(key, CATEGORY.unknown(name), hint));
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
            let names = Words::list(&names);
            let problem = Words::new(
                format!("没有列出{}，而规则中用到", names.zh),
                format!("does not name {}, which rules name", names.en),
            );
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
            let problem = words!(
                "至多可排{most}个人员类别",
                "at most {most} categories can be ranked",
                most = Category::MOST
            );
            self.fault("rank", problem);
        }
        for (number, id) in self.raw.rank.iter().enumerate() {
            let key = format!("rank.{number}");
            self.known(&key, id, CATEGORY, &self.raw.categories);
            if self.raw.rank[..number].contains(id) {
                self.fault(&key, words!("人员类别`{id}`写了两次", "category `{id}` is ranked twice"));
            }
        }
        if Day::parse(&self.raw.about.in_force).is_none() {
            self.fault(
                "about.in_force",
                Words::new("应为日期，如2022-08-01", "must be a day such as 2022-08-01"),
            );
        }
    }

    fn clauses(&mut self) {
        for (id, clause) in &self.raw.clauses {
            if clause.kind == ClauseKind::Frame && clause.note.is_none() {
                self.fault(
                    &format!("clauses.{id}.note"),
                    Words::new(
                        "缺少：事务类条款（frame）须说明为何不在测算之内",
                        "missing: a frame clause says why it is outside the projection",
                    ),
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
            (true, true) => self.fault(
                key,
                Words::new(
                    "缺少：已被取代的条款须写明由哪些条款取代",
                    "missing: a superseded clause names the clauses in its place",
                ),
            ),
            (false, false) => self.fault(
                key,
                Words::new(
                    "只有已被取代的条款（superseded）才写由哪些条款取代",
                    "only a clause of kind `superseded` has clauses in its place",
                ),
            ),
            _ => {}
        }
        for (number, id) in clause.superseded_by.iter().enumerate() {
            let at = format!("{key}.{number}");
            self.known(&at, id, CLAUSE, &self.raw.clauses);
            if self.raw.clauses.get(id).is_some_and(|other| other.kind == ClauseKind::Superseded) {
                self.fault(&at, words!("条款`{id}`本身已被取代", "clause `{id}` is superseded itself"));
            }
        }
    }

    fn subsidies(&mut self) {
        for (id, rule) in &self.raw.subsidy {
            let key = format!("subsidy.{id}");
            let nothing = matches!(rule.share, Some(ShareValue::Same(share)) if share.0 == 0.0);
            if rule.funders.is_none() && !nothing {
                let problem = Words::new(
                    "缺少：由谁出资；只有`share = 0`（个人全额缴费）不需要出资方",
                    "missing: who pays; only `share = 0` needs nobody, the person pays it all",
                );
                self.fault(&format!("{key}.funders"), problem);
            }
            if rule.share.is_some() == rule.amount_yuan.is_some() {
                self.fault(
                    &key,
                    Words::new(
                        "须写`share`或`amount_yuan`之一，不能都写或都不写",
                        "needs either `share` or `amount_yuan`, not both",
                    ),
                );
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
                let names_zh = names.replace(" or ", "或");
                let problem = Words::new(
                    format!("缺少：须写`{names_zh}`，或以`by_standard_of`参照另一规则的标准"),
                    format!("missing: needs `{names}`, or `by_standard_of` another rule"),
                );
                self.fault(&format!("{key}.{name}"), problem);
            }
        }
        self.ratio_or_bands(key, rule.ratio.as_ref(), (&rule.bands, rule.bands_on));
        if let Some(pool) = &rule.pool {
            self.known(&format!("{key}.pool"), pool, POOL, &self.raw.pools);
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
                    Words::new(
                        "按`by_standard_of`所列规则的标准，此处请删去",
                        "comes from the rules in `by_standard_of`; leave it out",
                    ),
                );
            }
        }
        for (number, standard) in rule.by_standard_of.iter().enumerate() {
            let at = format!("{key}.by_standard_of.{number}");
            self.known(&at, standard, ASSISTANCE, &self.raw.assistance);
            let nested = self.raw.assistance.get(standard).is_some_and(|of| !of.by_standard_of.is_empty());
            if nested {
                self.fault(
                    &at,
                    words!("`{standard}`没有自己的标准", "`{standard}` has no standard of its own"),
                );
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
                let problem = Words::new(
                    "此处不写：凡依申请认定的人员都给予救助；请删去",
                    "is not asked here: whoever is recognised on application is paid; leave it out",
                );
                self.fault(&format!("{key}.who.categories"), problem);
            }
            self.recognised_as(&format!("{key}.recognised_as"), &rule.recognised_as);
            self.on_the_year(&key, rule.bands_on);
            self.window(&key, rule);
            self.ratio_or_bands(&key, rule.ratio.as_ref(), (&rule.bands, rule.bands_on));
            if rule.ratio.is_none() && rule.bands.is_empty() {
                self.fault(
                    &format!("{key}.ratio"),
                    Words::new("缺少：须写`ratio`或`bands`", "missing: needs `ratio` or `bands`"),
                );
            }
        }
        if let Some(id) = self.raw.watch.keys().nth(MOST_WATCHES) {
            self.fault(
                &format!("watch.{id}"),
                words!("至多{MOST_WATCHES}个预警名单", "at most {MOST_WATCHES} watch lists"),
            );
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
                let problem = Words::new(
                    "不起作用：须写`times`、`points`、`deductible_times`或`deductible_yuan`",
                    "changes nothing: needs `times`, `points`, `deductible_times` or `deductible_yuan`",
                );
                self.fault(&key, problem);
            }
            self.adjusts(&key, rule);
            let critical = rule.changes.iter().any(|target| target == "critical");
            for (name, _) in of_deductible.into_iter().filter(|(_, given)| *given && critical) {
                let problem = Words::new(
                    "`critical`没有单次起付标准；其年度起付标准由大病保险倾斜（critical.tilt）降低",
                    "`critical` has no deductible per claim; a tilt lowers its annual deductible",
                );
                self.fault(&format!("{key}.{name}"), problem);
            }
            self.once(&key, rule);
            for (number, target) in rule.changes.iter().enumerate() {
                if !known.contains(target) {
                    let hint = nearest(target, known.iter().map(String::as_str));
                    let at = format!("{key}.changes.{number}");
                    self.faults.push(self.document.fault(&at, RULE.unknown(target), hint));
                }
            }
        }
    }
}
