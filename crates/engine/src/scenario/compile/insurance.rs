//! Compiling basic insurance and critical-illness insurance.

use indexmap::IndexMap;

use super::{Adjustments, Compiler, chosen, in_force, kinds_mask};
use crate::policy::claim::Kind;
use crate::policy::schedule::{Band, Basic, BasicKind, BySetting, Critical, RuleId, SharedCap};
use crate::raw::kinds::Kinds;
use crate::raw::policy as raw;
use crate::raw::value::YuanValue;
use crate::scenario::evaluate::{Coordinates, Evaluator};
use crate::units::{Fen, Ratio};

impl Compiler<'_, '_> {
    pub(super) fn basic(&mut self, adjustments: &Adjustments) -> [Basic; 2] {
        let raw::BasicInsurances { resident, employee } = &self.source.raw.basic;
        let values = (resident.kinds(), resident.annual_cap_yuan.as_ref());
        let residents = self.basic_of("basic.resident", values, None, adjustments);
        let like = employee.like_resident.as_ref();
        let own = (employee.kinds(), employee.annual_cap_yuan.as_ref());
        let values = if like.is_some() { values } else { own };
        [residents, self.basic_of("basic.employee", values, like, adjustments)]
    }

    fn basic_of(
        &mut self,
        key: &str,
        (kinds, cap): (Kinds<'_>, Option<&YuanValue>),
        like: Option<&raw::LikeResident>,
        adjustments: &Adjustments,
    ) -> Basic {
        // Values that are taken over are reported where they are written.
        let written = if like.is_some() { "basic.resident" } else { key };
        let annual_cap = self.cap(cap, &format!("{written}.annual_cap_yuan"), Coordinates::default());
        let mut compiled = [None, None, None, None];
        for (kind, raw) in kinds.covered() {
            let name = format!("{key}.{}", kind.name());
            let mut one = self.basic_kind(&format!("{written}.{}", kind.name()), raw);
            if let Some(like) = like {
                let points = self.evaluator.ratio_of(like.ratio_points.0, "basic.employee.like_resident");
                let most = self.evaluator.ratio_of(like.ratio_at_most.0, "basic.employee.like_resident");
                one.ratio =
                    BySetting(one.ratio.0.map(|ratio| Ratio(ratio.0 + points.0).min(most.max(ratio))));
            }
            self.in_pool((kind, &mut one), (kinds.pools, written));
            one.rule = self.rule(&name);
            one.adjustments = chosen(adjustments, &name);
            compiled[kind.index()] = Some(one);
        }
        Basic { kinds: compiled, annual_cap }
    }

    /// Gives a kind the deductible and the cap that it shares with others.
    fn in_pool(
        &mut self,
        (kind, one): (Kind, &mut BasicKind),
        (pools, written): (&IndexMap<String, raw::BasicPool>, &str),
    ) {
        one.deductible_kinds = kinds_mask(&[kind]);
        let Some((id, pool)) = pools.iter().find(|(_, pool)| pool.kinds.contains(&kind)) else { return };
        let (key, kinds) = (format!("{written}.pool.{id}"), kinds_mask(&pool.kinds));
        if let Some(value) = &pool.annual_deductible_yuan {
            let yearly = format!("{key}.annual_deductible_yuan");
            one.deductible_kinds = kinds;
            one.annual_deductible = self.by_setting(|this, at| this.evaluator.yuan(value, &yearly, at));
        }
        if let Some(value) = &pool.annual_cap_yuan {
            let at = Coordinates::default();
            let cap = self.evaluator.yuan(value, &format!("{key}.annual_cap_yuan"), at);
            self.cap_below(&key, cap, one.annual_deductible.largest());
            one.shared_cap = Some(SharedCap { kinds, cap });
        }
    }

    fn basic_kind(&mut self, key: &str, raw: &raw::BasicKind) -> BasicKind {
        let deductible_key = format!("{key}.deductible_yuan");
        let mut deductible = Vec::new();
        if let Some(value) = &raw.deductible_yuan {
            for stay in 0..Evaluator::n_stays(value) {
                deductible.push(self.by_setting(|this, at| {
                    this.evaluator.yuan(value, &deductible_key, Coordinates { stay: Some(stay), ..at })
                }));
            }
        }
        let ratio_key = format!("{key}.ratio");
        let here = Coordinates::default();
        let yearly = &format!("{key}.annual_deductible_yuan");
        let annual_deductible =
            self.by_setting(|this, at| this.yuan_or_zero(raw.annual_deductible_yuan.as_ref(), yearly, at));
        let annual_cap = self.cap(raw.annual_cap_yuan.as_ref(), &format!("{key}.annual_cap_yuan"), here);
        self.cap_below(key, annual_cap, annual_deductible.largest());
        BasicKind {
            rule: RuleId(0),
            deductible,
            annual_deductible,
            deductible_kinds: 0,
            ratio: self.by_setting(|this, at| this.evaluator.share(&raw.ratio, &ratio_key, at)),
            adjustments: Vec::new(),
            annual_cap,
            shared_cap: None,
        }
    }

    pub(super) fn critical(&mut self, adjustments: &Adjustments) -> Vec<Critical> {
        let n = self.source.names.categories.len();
        (0..=n)
            .map(|row| {
                let id = self.source.names.categories.get(row).map_or("ordinary", |name| name.id.as_str());
                self.critical_of(id, adjustments)
            })
            .collect()
    }

    /// The schedule of one category: the most generous tilt that names it, or none.
    fn critical_of(&mut self, category: &str, adjustments: &Adjustments) -> Critical {
        let raw = &self.source.raw.critical;
        let year = self.target.year;
        let tilt = raw.tilt.iter().find(|(_, tilt)| {
            tilt.enabled
                && in_force(year, tilt.from_year, tilt.to_year)
                && tilt.categories.iter().any(|id| id == category)
        });
        let at = Coordinates { category: Some(category), ..Coordinates::default() };
        let full = self.evaluator.yuan(&raw.deductible_yuan, "critical.deductible_yuan", at);
        let cap = self.cap(raw.annual_cap_yuan.as_ref(), "critical.annual_cap_yuan", at);
        self.cap_below("critical", cap, full);
        let (rule, deductible, annual_cap) = match tilt {
            None => (self.rule("critical"), full, cap),
            Some((id, tilt)) => {
                let key = format!("critical.tilt.{id}");
                let reduction = self
                    .evaluator
                    .ratio_of(tilt.deductible_reduction.0, &format!("{key}.deductible_reduction"));
                let left = Ratio(Ratio::SCALE - reduction.0).of(full);
                (self.rule(&key), left, if tilt.uncapped { Fen::UNBOUNDED } else { cap })
            }
        };
        let mut bands = Vec::new();
        for (number, band) in raw.bands.iter().enumerate() {
            let key = format!("critical.bands.{number}");
            let plain = self.evaluator.share(&band.ratio, &format!("{key}.ratio"), at);
            let ratio = tilt.map_or(plain, |(id, tilt)| self.raised(plain, id, tilt));
            let below = bands.last().map_or(Fen::ZERO, |band: &Band| band.to);
            let to = self.band_end((band, below), &key, (raw.bands_on, deductible), at);
            bands.push(Band { to, ratio });
        }
        Critical { rule, deductible, bands, annual_cap, adjustments: chosen(adjustments, "critical") }
    }

    fn raised(&mut self, ratio: Ratio, id: &str, tilt: &raw::CriticalTilt) -> Ratio {
        let raise = self.evaluator.ratio_of(tilt.ratio_raise.0, &format!("critical.tilt.{id}.ratio_raise"));
        let raised = match tilt.raise_reading {
            raw::RaiseReading::Points => ratio.0 + raise.0,
            raw::RaiseReading::Relative => ratio.0 + ratio.0 * raise.0 / Ratio::SCALE,
        };
        Ratio(raised.min(Ratio::SCALE))
    }
}
