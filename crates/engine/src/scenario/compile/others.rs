//! Compiling what stands beside the claims: subsidies, lists, indicators, second assistance, and who pays.

use indexmap::IndexMap;

use super::{Compiler, in_force};
use crate::lang::{Words, words};
use crate::policy::claim::Category;
use crate::policy::names::position;
use crate::policy::schedule::{FunderShare, Indicator, SecondAssistance, Subsidy, SubsidyAmount, Watch};
use crate::policy::subsidy::Enrolment;
use crate::raw::policy as raw;
use crate::raw::rules::Funders;
use crate::raw::value::FunderShare as RawFunderShare;
use crate::scenario::evaluate::Coordinates;
use crate::units::{Fen, Ratio};

impl Compiler<'_, '_> {
    pub(super) fn subsidies(&mut self) -> Vec<Subsidy> {
        let year = self.target.year;
        let mut all = Vec::new();
        for (id, raw) in &self.source.raw.subsidy {
            if !raw.enabled || !in_force(year, raw.from_year, raw.to_year) {
                continue;
            }
            let key = format!("subsidy.{id}");
            let mut amounts: Vec<(u32, SubsidyAmount)> = Vec::new();
            for id in self.categories_of(&raw.who) {
                let amount = self.subsidy_amount(&key, raw, id);
                let bit = self.category_mask([id]);
                match amounts.iter_mut().find(|(_, known)| *known == amount) {
                    Some((categories, _)) => *categories |= bit,
                    None => amounts.push((bit, amount)),
                }
            }
            let (rule, who) = (self.rule(&key), self.who(&raw.who));
            all.extend(amounts.into_iter().map(|(categories, amount)| Subsidy {
                rule,
                who,
                categories,
                amount,
            }));
        }
        all
    }

    pub(super) fn enrolment(&mut self) -> Enrolment {
        let raw = self.source.raw.enrolment.as_ref();
        Enrolment {
            rule: raw.is_some().then(|| self.rule("enrolment")),
            newly_recognised: raw.map(|raw| raw.newly_recognised).unwrap_or_default(),
        }
    }

    fn subsidy_amount(&mut self, key: &str, raw: &raw::Subsidy, id: &str) -> SubsidyAmount {
        let at = Coordinates { category: Some(id), ..Coordinates::default() };
        if raw.funders.is_none() {
            return SubsidyAmount::LeftToPerson;
        }
        match (&raw.share, &raw.amount_yuan) {
            (Some(share), _) => {
                SubsidyAmount::Share(self.evaluator.share(share, &format!("{key}.share"), at))
            }
            (None, Some(yuan)) => {
                SubsidyAmount::Fixed(self.evaluator.yuan(yuan, &format!("{key}.amount_yuan"), at))
            }
            (None, None) => SubsidyAmount::Fixed(Fen::ZERO),
        }
    }

    pub(super) fn watches(&mut self) -> Vec<Watch> {
        let mut all = Vec::new();
        for (id, raw) in &self.source.raw.watch {
            let key = format!("watch.{id}");
            let ids = self.categories_of(&raw.who);
            let share = raw.verification_share.map_or(0.0, |share| share.0);
            all.push(Watch {
                rule: self.rule(&key),
                ordinary: ids.contains(&"ordinary"),
                categories: self.category_mask(ids),
                rural_only: raw.rural_only,
                threshold: self.evaluator.yuan(
                    &raw.threshold_yuan,
                    &format!("{key}.threshold_yuan"),
                    Coordinates::default(),
                ),
                counts_out_of_scope: raw.counts_out_of_scope,
                recognised_as: raw.recognised_as.as_ref().map(|id| self.category(id)),
                verification_share: self.evaluator.ratio_of(share, &format!("{key}.verification_share")),
                delay_months: raw.delay_months.unwrap_or(0),
            });
        }
        all
    }

    /// A category by its name; validation has found the names that are not known.
    pub(super) fn category(&self, id: &str) -> Category {
        let rank = position(&self.source.names.categories, id);
        rank.map_or(Category::ORDINARY, |rank| Category(rank as u8))
    }

    pub(super) fn indicators(&mut self) -> Vec<Indicator> {
        let mut all = Vec::new();
        for (id, raw) in &self.source.raw.indicator {
            let key = format!("indicator.{id}");
            all.push(Indicator {
                rule: self.rule(&key),
                who: self.who(&raw.who),
                categories: self.category_mask(self.categories_of(&raw.who)),
                when: self.when(&raw.when),
                at_most: self.evaluator.ratio_of(raw.at_most.0, &format!("{key}.at_most")),
            });
        }
        all
    }

    pub(super) fn second_assistance(&mut self) -> Vec<SecondAssistance> {
        let here = Coordinates::default();
        let mut all = Vec::new();
        for (id, raw) in &self.source.raw.second_assistance {
            if !raw.enabled {
                continue;
            }
            let key = format!("second_assistance.{id}");
            let Some(funder) = position(&self.source.names.funders, &raw.funder) else { continue };
            all.push(SecondAssistance {
                rule: self.rule(&key),
                categories: self.category_mask(self.categories_of(&raw.who)),
                threshold: self.evaluator.yuan(&raw.threshold_yuan, &format!("{key}.threshold_yuan"), here),
                ratio: self.evaluator.share(&raw.ratio, &format!("{key}.ratio"), here),
                cap: self.cap(raw.annual_cap_yuan.as_ref(), &format!("{key}.annual_cap_yuan"), here),
                funder: funder as u8,
            });
        }
        all
    }

    /// Who pays each rule; a policy of a timeline fills only its own rules.
    pub(super) fn funders(&mut self) -> Vec<Vec<FunderShare>> {
        let mut all = vec![Vec::new(); self.source.register.rules.len()];
        for head in self.source.raw.rules() {
            let shares = match &head.funders {
                Funders::Nobody => continue,
                Funders::Shared(funders, _) => self.funder_shares(&head.path_of_funders(), funders),
                Funders::Surplus(funder) => {
                    let funder = position(&self.source.names.funders, funder);
                    let whole = |funder: usize| FunderShare { funder: funder as u8, share: Ratio::ONE };
                    funder.into_iter().map(whole).collect()
                }
            };
            let rule = self.rule(&head.key("").to_string());
            if let Some(slot) = all.get_mut(usize::from(rule.0)) {
                *slot = shares;
            }
        }
        all
    }

    fn funder_shares(&mut self, key: &str, funders: &IndexMap<String, RawFunderShare>) -> Vec<FunderShare> {
        let mut left = Ratio::ONE;
        let mut shares = Vec::new();
        for (id, share) in funders {
            let Some(funder) = position(&self.source.names.funders, id) else { continue };
            let key = format!("{key}.funders.{id}");
            let share = match share {
                RawFunderShare::Same(share) => self.evaluator.ratio_of(share.0, &key),
                RawFunderShare::Varies(table) => {
                    self.evaluator.share_table(table, &key, Coordinates::default())
                }
                RawFunderShare::Rest(_) => left,
            };
            left = Ratio(left.0 - share.0);
            if left < Ratio::ZERO {
                let problem = words!(
                    "到该出资方为止的比例合计{sum}，超过100%",
                    "the shares up to this funder add up to {sum}, more than 100 %",
                    sum = Ratio(Ratio::SCALE - left.0)
                );
                self.evaluator.fault(&key, problem, None);
                return Vec::new();
            }
            if share != Ratio::ZERO {
                shares.push(FunderShare { funder: funder as u8, share });
            }
        }
        if left != Ratio::ZERO {
            let sum = Ratio(Ratio::SCALE - left.0);
            let problem = words!(
                "各出资方的比例合计{sum}，不是100%",
                "the shares of the funders add up to {sum}, not to 100 %"
            );
            let hint = Some(Words::new(
                "最后一个出资方请写\"rest\"（承担其余）",
                "write \"rest\" for the last funder",
            ));
            let last = funders.keys().last().map_or_else(String::new, |id| format!(".{id}"));
            self.evaluator.fault(&format!("{key}.funders{last}"), problem, hint);
        }
        shares
    }
}
