//! Compiling the rules of regular assistance: one list for each category.

use super::{Adjustments, Compiler, chosen, in_force};
use crate::lang::{Words, words};
use crate::policy::names::position;
use crate::policy::schedule::{
    Assistance, AssistanceBand, BandsOn, Borne, BySetting, Each, PoolCap, SelfPayRange,
};
use crate::raw::policy as raw;
use crate::raw::value::YuanValue;
use crate::scenario::evaluate::Coordinates;
use crate::units::{Fen, Ratio};

impl<'a> Compiler<'a, '_> {
    /// Rules of regular assistance by category; a rule `by_standard_of` others stands once for each of them.
    pub(super) fn assistance(&mut self, adjustments: &Adjustments) -> Vec<Vec<Assistance>> {
        let n = self.source.names.categories.len();
        let mut rows = vec![Vec::new(); n + 1];
        for (id, raw) in &self.source.raw.assistance {
            if !raw.enabled {
                continue;
            }
            let key = format!("assistance.{id}");
            if raw.by_standard_of.is_empty() {
                self.assistance_rule((&key, &key), (raw, raw), adjustments, &mut rows);
            }
            for standard in &raw.by_standard_of {
                if let Some(of) = self.source.raw.assistance.get(standard).filter(|of| of.enabled) {
                    let keys = (format!("{key}/{standard}"), format!("assistance.{standard}"));
                    self.assistance_rule((&keys.0, &keys.1), (raw, of), adjustments, &mut rows);
                }
            }
        }
        self.overlaps(&rows);
        rows.into_iter().map(|rules| rules.into_iter().map(|(rule, _)| rule).collect()).collect()
    }

    fn assistance_rule(
        &mut self,
        (key, standard_key): (&str, &str),
        (raw, standard): (&'a raw::Assistance, &'a raw::Assistance),
        adjustments: &Adjustments,
        rows: &mut [Vec<(Assistance, String)>],
    ) {
        let year = self.target.year;
        let both = in_force(year, raw.from_year, raw.to_year)
            && in_force(year, standard.from_year, standard.to_year);
        let (Some(who), Some(pool)) = (&standard.who, &standard.pool) else { return };
        if !both {
            return;
        }
        let Some(pool) = position(&self.source.names.pools, pool) else { return };
        let names = &self.source.names.categories;
        // What a rule may set for itself although it follows another's standard is found where it is written.
        let own_key = key.split('/').next().unwrap_or(key);
        let each = match &raw.claim_deductible_yuan {
            Some(value) => Some((value, own_key)),
            None => standard.claim_deductible_yuan.as_ref().map(|value| (value, standard_key)),
        };
        let within = match &raw.within {
            Some(within) => Some((within, own_key)),
            None => standard.within.as_ref().map(|within| (within, standard_key)),
        };
        let adjustments = chosen(adjustments, key.strip_prefix("assistance.").unwrap_or(key));
        // An adjustment can give a deductible to a rule that has none.
        let sets_deductible = adjustments.iter().any(|one| one.deductible.is_some());
        for id in self.categories_of(who) {
            let known = if id == "ordinary" { Some(names.len()) } else { position(names, id) };
            let Some(row) = known else { continue };
            let at = Coordinates { category: Some(id), ..Coordinates::default() };
            let deductible = self.yuan_or_zero(
                standard.deductible_yuan.as_ref(),
                &format!("{standard_key}.deductible_yuan"),
                at,
            );
            let bands = self.assistance_bands(standard_key, standard, (id, deductible));
            let cap_key = format!("{standard_key}.annual_cap_yuan");
            let cap = self.cap(standard.annual_cap_yuan.as_ref(), &cap_key, at);
            self.cap_below(standard_key, cap, deductible);
            let rule = Assistance {
                rule: self.rule(key),
                who: self.who(who),
                when: self.when(&raw.when),
                after_earlier_rules: raw.base != raw::AssistanceBase::AfterInsurance,
                borne: borne(raw.base),
                claim_deductible: match each {
                    Some(each) => Some(Box::new(self.of_each_claim(each, "claim_deductible_yuan", id))),
                    None => sets_deductible.then(|| Box::new(BySetting::uniform(Fen::ZERO))),
                },
                each: self.each((raw, own_key), (standard, standard_key), id),
                ratio: self.assistance_ratio(standard_key, standard, (id, &bands)),
                bands,
                adjustments: adjustments.clone(),
                pool,
                deductible,
                annual_cap: cap,
                within: within.and_then(|within| self.within(within, at)),
                beyond_cap_of: standard.beyond_cap_of.as_ref().and_then(|id| self.pool(id)),
            };
            rows[row].push((rule, own_key.to_owned()));
        }
    }

    /// A condition on what was left of one claim; some claim has to fit it.
    pub(super) fn self_pay_range(
        &mut self,
        (above, up_to): (Option<Fen>, Option<Fen>),
        key: &str,
    ) -> SelfPayRange {
        if above.zip(up_to).is_some_and(|(above, up_to)| up_to <= above) {
            let key = format!("{key}.claim_self_pay_up_to_yuan");
            let problem = Words::new(
                "没有费用符合：须大于`claim_self_pay_above_yuan`",
                "no claim fits: it must be above `claim_self_pay_above_yuan`",
            );
            self.evaluator.fault(&key, problem, None);
        }
        SelfPayRange { above, up_to }
    }

    /// What a rule measures on one claim alone.
    fn each(
        &mut self,
        (own, own_key): (&raw::Assistance, &str),
        (standard, standard_key): (&raw::Assistance, &str),
        id: &str,
    ) -> Each {
        let at = Coordinates { category: Some(id), ..Coordinates::default() };
        let cap = match &own.claim_cap_yuan {
            Some(value) => Some((value, own_key)),
            None => standard.claim_cap_yuan.as_ref().map(|value| (value, standard_key)),
        };
        let mut one = |name: &str, of: fn(&raw::Assistance) -> Option<&YuanValue>| {
            let found = of(own).map(|value| (value, own_key));
            let (value, key) = found.or_else(|| of(standard).map(|value| (value, standard_key)))?;
            Some(self.evaluator.yuan(value, &format!("{key}.{name}"), at))
        };
        let above = one("claim_self_pay_above_yuan", |rule| rule.claim_self_pay_above_yuan.as_ref());
        let up_to = one("claim_self_pay_up_to_yuan", |rule| rule.claim_self_pay_up_to_yuan.as_ref());
        Each {
            self_pay: self.self_pay_range((above, up_to), own_key),
            cap: cap.map(|cap| Box::new(self.of_each_claim(cap, "claim_cap_yuan", id))),
            bands: standard.bands_on == Some(BandsOn::OneClaim),
        }
    }

    fn of_each_claim(&mut self, (value, key): (&YuanValue, &str), name: &str, id: &str) -> BySetting<Fen> {
        let key = format!("{key}.{name}");
        self.by_setting(|this, setting| {
            this.evaluator.yuan(value, &key, Coordinates { category: Some(id), ..setting })
        })
    }

    /// The number of a pool; validation has found the names that are not known.
    pub(super) fn pool(&self, id: &str) -> Option<usize> {
        position(&self.source.names.pools, id)
    }

    pub(super) fn within(
        &mut self,
        (within, key): (&raw::Within, &str),
        at: Coordinates<'_>,
    ) -> Option<PoolCap> {
        let pool = position(&self.source.names.pools, &within.pool)?;
        let cap = self.evaluator.yuan(&within.annual_cap_yuan, &format!("{key}.within.annual_cap_yuan"), at);
        Some(PoolCap { pool, cap })
    }

    /// The share of the whole, or of the first band.
    fn assistance_ratio(
        &mut self,
        key: &str,
        standard: &raw::Assistance,
        (id, bands): (&str, &[AssistanceBand]),
    ) -> BySetting<Ratio> {
        let key = format!("{key}.ratio");
        match (&standard.ratio, bands.first()) {
            (Some(ratio), _) => self.by_setting(|this, setting| {
                this.evaluator.share(ratio, &key, Coordinates { category: Some(id), ..setting })
            }),
            (None, Some(band)) => band.ratio.clone(),
            (None, None) => BySetting::uniform(Ratio::ZERO),
        }
    }

    fn assistance_bands(
        &mut self,
        key: &str,
        standard: &raw::Assistance,
        (id, deductible): (&str, Fen),
    ) -> Vec<AssistanceBand> {
        let on = (standard.bands_on.unwrap_or(BandsOn::Cumulative), deductible);
        let mut all = Vec::new();
        for (number, band) in standard.bands.iter().enumerate() {
            let key = format!("{key}.bands.{number}");
            let below = all.last().map_or(Fen::ZERO, |band: &AssistanceBand| band.to);
            let at = Coordinates { category: Some(id), ..Coordinates::default() };
            let to = self.band_end((band, below), &key, on, at);
            let key = format!("{key}.ratio");
            let ratio = self.by_setting(|this, setting| {
                let at = Coordinates { category: Some(id), ..setting };
                this.evaluator.share(&band.ratio, &key, at)
            });
            all.push(AssistanceBand { to, ratio });
        }
        all
    }

    /// Two rules of one pool that fit the same claim would count it twice in the pool's running sum.
    fn overlaps(&mut self, rows: &[Vec<(Assistance, String)>]) {
        for (row, rules) in rows.iter().enumerate() {
            for (number, (rule, key)) in rules.iter().enumerate() {
                let same =
                    |(other, _): &&(Assistance, String)| other.pool == rule.pool && other.overlaps(rule);
                let Some((_, first)) = rules[..number].iter().find(same) else { continue };
                let names = &self.source.names;
                let category = names.categories.get(row).map_or("ordinary", |name| name.id.as_str());
                let pool = &names.pools[rule.pool].id;
                let problem = words!(
                    "与`{first}`适用于`{category}`的相同费用，又同在共用额度`{pool}`，同一费用会计两次",
                    "fits the same claims of `{category}` as `{first}` and shares its pool `{pool}`, so that a claim would count twice"
                );
                let hint = Words::new(
                    "请用人员类别、特征、年龄、费用类别、病种、医院等级、就医地或转诊限定其中一条，或换一个共用额度",
                    "narrow one of them by categories, traits, ages, kinds, diseases, levels, places or referral, or give it another pool",
                );
                self.evaluator.fault(key, problem, Some(hint));
            }
        }
    }
}

/// What of a claim a rule pays on.
const fn borne(base: raw::AssistanceBase) -> Borne {
    match base {
        raw::AssistanceBase::AfterInsurance | raw::AssistanceBase::AfterEarlierRules => Borne::InScope,
        raw::AssistanceBase::OutOfScope => Borne::OutOfScope,
        raw::AssistanceBase::InAndOutOfScope => Borne::Both,
    }
}
