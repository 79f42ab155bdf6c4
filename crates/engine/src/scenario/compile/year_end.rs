//! Compiling the rules of the year's end: tilt assistance and assistance on application.

use std::collections::BTreeSet;

use super::{Compiler, in_force, kinds_mask};
use crate::policy::schedule::{
    Application, Assistance, CapCounts, ClaimWindow, TargetGroup, Tilt, TiltCap, TiltShape, TriggerOn,
};
use crate::policy::sums::SumsOf;
use crate::raw::policy as raw;
use crate::raw::value::YuanValue;
use crate::scenario::evaluate::Coordinates;

impl<'a> Compiler<'a, '_> {
    pub(super) fn tilts(&mut self) -> Vec<Tilt> {
        let year = self.target.year;
        let mut all = Vec::new();
        for (id, raw) in &self.source.raw.tilt {
            if !raw.enabled || !in_force(year, raw.from_year, raw.to_year) {
                continue;
            }
            let key = format!("tilt.{id}");
            let categories = self.category_mask(self.categories_of(&raw.who));
            all.push(Tilt {
                rule: self.rule(&key),
                who: self.who(&raw.who),
                categories,
                when: self.when(&raw.when),
                sums_of: raw.sums_of,
                shapes: self.shapes(&key, raw),
            });
        }
        all
    }

    /// The shape for each category, equal ones together.
    fn shapes(&mut self, key: &str, raw: &'a raw::Tilt) -> Vec<(u32, TiltShape)> {
        let mut all: Vec<(u32, TiltShape)> = Vec::new();
        for id in self.categories_of(&raw.who) {
            let at = Coordinates { category: Some(id), ..Coordinates::default() };
            let shape = self.shape(key, raw, at);
            let bit = self.category_mask([id]);
            match all.iter_mut().find(|(_, known)| *known == shape) {
                Some((categories, _)) => *categories |= bit,
                None => all.push((bit, shape)),
            }
        }
        all
    }

    fn shape(&mut self, key: &str, raw: &raw::Tilt, at: Coordinates<'_>) -> TiltShape {
        let limit = self.tilt_cap(key, raw, at);
        let mut one = |name: &str, value: Option<&YuanValue>| {
            value.map(|value| self.evaluator.yuan(value, &format!("{key}.{name}"), at))
        };
        let above = one("claim_self_pay_above_yuan", raw.claim_self_pay_above_yuan.as_ref());
        let up_to = one("claim_self_pay_up_to_yuan", raw.claim_self_pay_up_to_yuan.as_ref());
        let each = self.self_pay_range((above, up_to), key);
        if raw.groups.is_empty() {
            let name = format!("{key}.threshold_yuan");
            let threshold = self.yuan_or_zero(raw.threshold_yuan.as_ref(), &name, at);
            let shares = (raw.ratio.as_ref(), raw.bands.as_slice());
            let bands = self.bands_or_ratio(key, shares, (raw.bands_on, threshold), at);
            let beyond_cap_of = raw.beyond_cap_of.as_ref().and_then(|id| self.pool(id));
            return TiltShape::ExcessRatio { bands, threshold, beyond_cap_of, each, limit };
        }
        let trigger = self.yuan_or_zero(raw.trigger_yuan.as_ref(), &format!("{key}.trigger_yuan"), at);
        let mut groups = Vec::new();
        for (number, group) in raw.groups.iter().enumerate() {
            let target = self.evaluator.share(&group.target, &format!("{key}.groups.{number}.target"), at);
            groups.push(TargetGroup { kinds: kinds_mask(&group.kinds), target });
        }
        let trigger_on = raw.trigger_on.unwrap_or(TriggerOn::AllGroups);
        TiltShape::TargetRatio { groups, trigger, trigger_on, each, limit }
    }

    /// The caps of a tilt. That of groups counts all assistance, where nothing else is written.
    fn tilt_cap(&mut self, key: &str, raw: &raw::Tilt, at: Coordinates<'_>) -> TiltCap {
        let usual = if raw.groups.is_empty() { CapCounts::TiltAlone } else { CapCounts::AllAssistance };
        TiltCap {
            cap: self.cap(raw.annual_cap_yuan.as_ref(), &format!("{key}.annual_cap_yuan"), at),
            counts: raw.cap_counts.unwrap_or(usual),
            within: raw.within.as_ref().and_then(|within| self.within((within, key), at)),
        }
    }

    /// Whose sums an application counts: with a pool, as the pool says.
    fn sums_of_application(&self, raw: &raw::Application) -> SumsOf {
        let of_pool = raw.pool.as_ref().and_then(|id| self.source.raw.pools.get(id)).map(|pool| pool.sums_of);
        of_pool.or(raw.sums_of).unwrap_or_default()
    }

    /// The pools of households in which rules of the year count.
    pub(super) fn household_pools(
        &self,
        assistance: &[Vec<Assistance>],
        (tilts, applications): (&[Tilt], &[Application]),
    ) -> Vec<usize> {
        let of_rules = assistance.iter().flatten();
        let own = of_rules.clone().map(|rule| rule.pool);
        let further = of_rules.filter_map(|rule| rule.within).map(|within| within.pool);
        let shapes = tilts.iter().flat_map(|tilt| &tilt.shapes);
        let of_tilts = shapes.filter_map(|(_, shape)| shape.limit().within).map(|within| within.pool);
        let of_applications = applications.iter().filter_map(|rule| rule.pool);
        let used: BTreeSet<usize> = own.chain(further).chain(of_tilts).chain(of_applications).collect();
        let is_of_households = |pool: &usize| {
            let raw = self.source.raw.pools.get(&self.source.names.pools[*pool].id);
            raw.is_some_and(|raw| raw.sums_of == SumsOf::Household)
        };
        used.into_iter().filter(is_of_households).collect()
    }

    pub(super) fn applications(&mut self) -> Vec<Application> {
        let year = self.target.year;
        let here = Coordinates::default();
        let mut all = Vec::new();
        for (id, raw) in &self.source.raw.application {
            if !raw.enabled || !in_force(year, raw.from_year, raw.to_year) {
                continue;
            }
            let key = format!("application.{id}");
            let deductible_key = format!("{key}.deductible_yuan");
            let deductible = self.evaluator.yuan(&raw.deductible_yuan, &deductible_key, here);
            let cap = self.cap(raw.annual_cap_yuan.as_ref(), &format!("{key}.annual_cap_yuan"), here);
            self.cap_below(&key, cap, deductible);
            let shares = (raw.ratio.as_ref(), raw.bands.as_slice());
            all.push(Application {
                rule: self.rule(&key),
                who: self.who(&raw.who),
                when: self.when(&raw.when),
                when_assisted: self.when(raw.when_assisted.as_ref().unwrap_or(&raw.when)),
                bands: self.bands_or_ratio(&key, shares, (raw.bands_on, deductible), here),
                deductible,
                cap,
                window: match (raw.window_months, raw.window) {
                    (Some(months), None) => ClaimWindow::Months(months),
                    (Some(months), Some(_)) => ClaimWindow::Better(months),
                    (None, _) => ClaimWindow::YearBefore,
                },
                pool: raw.pool.as_ref().and_then(|id| self.pool(id)),
                sums_of: self.sums_of_application(raw),
                recognised_as: self.category(&raw.recognised_as),
            });
        }
        all
    }
}
