//! Compiling a policy for one county and one year: raw values are looked up, names become indexes.
//!
//! Rules are registered in one fixed order ([`super::register`]), so that a rule has the same number in every
//! county and year.

use indexmap::IndexMap;

use super::document::Document;
use super::evaluate::{Coordinates, Evaluator};
use super::fault::Faults;
use super::register::Register;
use crate::policy::claim::{Category, Insurance, Kind};
use crate::policy::names::{Names, position};
use crate::policy::schedule::{
    Adjustment, Application, Assistance, Band, BandsOn, Basic, BasicKind, BySetting, CapCounts, Contribution,
    Critical, FunderShare, Indicator, OutOfCatalogueLimit, RuleId, Schedule, SecondAssistance, Setting,
    Subsidy, SubsidyAmount, TargetGroup, Tilt, TiltShape, Watch, When, Who,
};
use crate::raw::policy as raw;
use crate::raw::value::{FunderShare as RawFunderShare, YuanValue};
use crate::units::{Fen, Ratio};

/// What a policy is compiled for.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The county's name.
    pub county: &'a str,
    /// The year.
    pub year: u16,
    /// The place's parameters and incomes.
    pub place: &'a super::place::PlaceValues,
}

/// One policy file, read.
#[derive(Debug)]
pub struct Source<'a> {
    /// The typed values.
    pub raw: &'a raw::Policy,
    /// The tree with its origins.
    pub document: &'a Document,
    /// The names of the whole timeline.
    pub names: &'a Names,
    /// The numbers of the rules.
    pub register: &'a Register,
    /// How this policy's rules are told from those of another in a timeline.
    pub prefix: &'a str,
}

/// Compiles a policy.
pub fn compile(source: &Source<'_>, target: Target<'_>, faults: &mut Faults) -> Schedule {
    let evaluator = Evaluator { document: source.document, target, faults };
    let mut compiler = Compiler { source, target, evaluator };
    let adjustments = compiler.adjustments();
    let basic = compiler.basic(&adjustments);
    let critical = compiler.critical(&adjustments);
    let assistance = compiler.assistance(&adjustments);
    let tilts = compiler.tilts();
    let assisted = compiler.assisted(&assistance, &tilts);
    Schedule {
        assisted,
        out_of_catalogue: compiler.out_of_catalogue(),
        basic,
        critical_kinds: kinds_mask(&source.raw.critical.kinds),
        critical_insurance: insurance_mask(&source.raw.critical.insurance),
        critical,
        assistance,
        tilts,
        applications: compiler.applications(),
        subsidies: compiler.subsidies(),
        watches: compiler.watches(),
        indicators: compiler.indicators(),
        second_assistance: compiler.second_assistance(),
        funders: compiler.funders(),
        contributions: contributions(target),
    }
}

fn contributions(target: Target<'_>) -> Vec<Contribution> {
    let year = target.year;
    let groups = target.place.contributions.iter();
    groups
        .filter_map(|group| {
            let amount = *group.by_year.get(&year)?;
            Some(Contribution {
                age_from: group.age_from,
                age_below: group.age_below,
                sex: group.sex,
                amount,
            })
        })
        .collect()
}

/// Adjustments by the key of the ratio that they change.
type Adjustments = Vec<(String, Adjustment)>;

struct Compiler<'a, 'f> {
    source: &'a Source<'a>,
    target: Target<'a>,
    evaluator: Evaluator<'a, 'f>,
}

/// Whether a rule that holds from one year to another holds in this year.
const fn in_force(year: u16, from: Option<u16>, to: Option<u16>) -> bool {
    let begun = match from {
        Some(from) => year >= from,
        None => true,
    };
    let ended = match to {
        Some(to) => year > to,
        None => false,
    };
    begun && !ended
}

fn kinds_mask(kinds: &[Kind]) -> u8 {
    kinds.iter().fold(0, |mask, &kind| mask | (1 << kind as u8))
}

fn insurance_mask(kinds: &[Insurance]) -> u8 {
    kinds.iter().fold(0, |mask, &kind| mask | (1 << kind as u8))
}

fn when(raw: &raw::When) -> When {
    let kinds = raw.kinds.as_deref().map_or(u8::MAX, kinds_mask);
    let fits = |level, place, referred| {
        raw.levels.as_ref().is_none_or(|all| all.contains(&level))
            && raw.places.as_ref().is_none_or(|all| all.contains(&place))
            && raw.referred.is_none_or(|asked| asked == referred)
    };
    let settings = Setting::all()
        .filter(|&(_, level, place, referred)| fits(level, place, referred))
        .fold(0, |mask, (setting, ..)| mask | (1 << setting.0));
    When { kinds, settings }
}

impl<'a> Compiler<'a, '_> {
    fn rule(&self, id: &str) -> RuleId {
        self.source.register.number(self.source.prefix, id)
    }

    fn trait_mask(&self, traits: &[String]) -> u32 {
        traits
            .iter()
            .filter_map(|id| position(&self.source.names.traits, id))
            .fold(0, |mask, bit| mask | (1 << bit))
    }

    fn who(&self, raw: &raw::Who) -> Who {
        Who {
            traits: self.trait_mask(&raw.traits),
            without_traits: self.trait_mask(&raw.without_traits),
            age_from: raw.age_from.unwrap_or(0),
            age_below: raw.age_below.unwrap_or(u8::MAX),
            insurance: raw.insurance.as_deref().map_or(u8::MAX, insurance_mask),
        }
    }

    /// The ids of the categories of a rule; all ranked ones where it names none.
    fn categories_of(&self, raw: &'a raw::Who) -> Vec<&'a str> {
        raw.categories.as_ref().map_or_else(
            || self.source.raw.rank.iter().map(String::as_str).collect(),
            |all| all.iter().map(String::as_str).collect(),
        )
    }

    fn category_mask<'s>(&self, ids: impl IntoIterator<Item = &'s str>) -> u32 {
        ids.into_iter()
            .filter_map(|id| position(&self.source.names.categories, id))
            .fold(0, |mask, rank| mask | Category(rank as u8).bit())
    }

    fn by_setting<T: Copy>(
        &mut self,
        mut value: impl FnMut(&mut Self, Coordinates<'_>) -> T,
    ) -> BySetting<T> {
        let first = value(self, FIRST_SETTING);
        let mut all = BySetting::uniform(first);
        for (setting, level, place, referred) in Setting::all() {
            let at = Coordinates { setting: Some((level, place, referred)), ..Coordinates::default() };
            all.0[usize::from(setting.0)] = value(self, at);
        }
        all
    }

    fn cap(&mut self, value: Option<&YuanValue>, key: &str, at: Coordinates<'_>) -> Fen {
        value.map_or(Fen::UNBOUNDED, |value| self.evaluator.yuan(value, key, at))
    }

    fn no_cap_or_zero(&mut self, value: Option<&YuanValue>, key: &str, at: Coordinates<'_>) -> Fen {
        value.map_or(Fen::ZERO, |value| self.evaluator.yuan(value, key, at))
    }

    fn adjustments(&mut self) -> Adjustments {
        let mut all = Adjustments::new();
        for (id, raw) in &self.source.raw.adjustment {
            if !raw.enabled || !in_force(self.target.year, raw.from_year, raw.to_year) {
                continue;
            }
            let key = format!("adjustment.{id}");
            let ids = self.categories_of(&raw.who);
            let adjustment = Adjustment {
                rule: self.rule(&key),
                who: self.who(&raw.who),
                ordinary: raw.who.categories.is_none() || ids.contains(&"ordinary"),
                categories: self.category_mask(ids),
                when: when(&raw.when),
                times: self.evaluator.ratio_of(raw.times.unwrap_or(1.0), &format!("{key}.times")),
                points: self.evaluator.ratio_of(raw.points.unwrap_or(0.0), &format!("{key}.points")),
            };
            all.extend(raw.changes.iter().map(|target| (target.clone(), adjustment.clone())));
        }
        all
    }

    fn out_of_catalogue(&mut self) -> Option<OutOfCatalogueLimit> {
        let raw = self.source.raw.out_of_catalogue.as_ref().filter(|raw| raw.enabled)?;
        let share = self.evaluator.share(&raw.share, "out_of_catalogue.share", Coordinates::default());
        let categories = self.category_mask(raw.categories.iter().map(String::as_str));
        Some(OutOfCatalogueLimit { rule: self.rule("out_of_catalogue"), share, categories })
    }

    fn basic(&mut self, adjustments: &Adjustments) -> [Basic; 2] {
        let raw = &self.source.raw.basic;
        let resident = &raw.resident;
        let kinds = [
            &resident.inpatient,
            &resident.outpatient,
            &resident.outpatient_chronic,
            &resident.outpatient_major,
        ];
        let cap = resident.annual_cap_yuan.as_ref();
        let residents = self.basic_of("basic.resident", (kinds, cap), None, adjustments);
        let own = &raw.employee;
        let kinds = [&own.inpatient, &own.outpatient, &own.outpatient_chronic, &own.outpatient_major];
        let employees = match &own.like_resident {
            None => self.basic_of("basic.employee", (kinds, own.annual_cap_yuan.as_ref()), None, adjustments),
            Some(like) => {
                let kinds = [
                    &resident.inpatient,
                    &resident.outpatient,
                    &resident.outpatient_chronic,
                    &resident.outpatient_major,
                ];
                self.basic_of("basic.employee", (kinds, cap), Some(like), adjustments)
            }
        };
        [residents, employees]
    }

    fn basic_of(
        &mut self,
        key: &str,
        (kinds, cap): ([&Option<raw::BasicKind>; 4], Option<&YuanValue>),
        like: Option<&raw::LikeResident>,
        adjustments: &Adjustments,
    ) -> Basic {
        // Values that are taken over are reported where they are written.
        let written = if like.is_some() { "basic.resident" } else { key };
        let annual_cap = self.cap(cap, &format!("{written}.annual_cap_yuan"), Coordinates::default());
        let mut compiled = [None, None, None, None];
        for (slot, (kind, raw)) in compiled.iter_mut().zip(Kind::ALL.iter().zip(kinds)) {
            let Some(raw) = raw else { continue };
            let name = format!("{key}.{}", kind.name());
            let mut one = self.basic_kind(&format!("{written}.{}", kind.name()), raw);
            if let Some(like) = like {
                let points = self.evaluator.ratio_of(like.ratio_points.0, "basic.employee.like_resident");
                let most = self.evaluator.ratio_of(like.ratio_at_most.0, "basic.employee.like_resident");
                one.ratio =
                    BySetting(one.ratio.0.map(|ratio| Ratio(ratio.0 + points.0).min(most.max(ratio))));
            }
            one.rule = self.rule(&name);
            one.adjustments = chosen(adjustments, &name);
            *slot = Some(one);
        }
        Basic { kinds: compiled, annual_cap }
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
        BasicKind {
            rule: RuleId(0),
            deductible,
            annual_deductible: self.no_cap_or_zero(
                raw.annual_deductible_yuan.as_ref(),
                &format!("{key}.annual_deductible_yuan"),
                here,
            ),
            ratio: self.by_setting(|this, at| this.evaluator.share(&raw.ratio, &ratio_key, at)),
            adjustments: Vec::new(),
            annual_cap: self.cap(raw.annual_cap_yuan.as_ref(), &format!("{key}.annual_cap_yuan"), here),
        }
    }

    fn critical(&mut self, adjustments: &Adjustments) -> Vec<Critical> {
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
            let to = band.to_yuan.map_or(Fen::UNBOUNDED, |yuan| {
                let to = self.evaluator.fen_of(yuan.0, &format!("{key}.to_yuan"));
                if raw.bands_on == BandsOn::AboveDeductible { to + deductible } else { to }
            });
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

    /// Rules of regular assistance by category; a rule `by_standard_of` others stands once for each of them.
    fn assistance(&mut self, adjustments: &Adjustments) -> Vec<Vec<Assistance>> {
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
        rows
    }

    fn assistance_rule(
        &mut self,
        (key, standard_key): (&str, &str),
        (raw, standard): (&raw::Assistance, &'a raw::Assistance),
        adjustments: &Adjustments,
        rows: &mut [Vec<Assistance>],
    ) {
        let year = self.target.year;
        let both = in_force(year, raw.from_year, raw.to_year)
            && in_force(year, standard.from_year, standard.to_year);
        let (Some(who), Some(ratio), Some(pool)) = (&standard.who, &standard.ratio, &standard.pool) else {
            return;
        };
        if !both {
            return;
        }
        let Some(pool) = position(&self.source.names.pools, pool) else { return };
        let names = &self.source.names.categories;
        let ratio_key = format!("{standard_key}.ratio");
        for id in self.categories_of(who) {
            let row = if id == "ordinary" { names.len() } else { position(names, id).unwrap_or(names.len()) };
            let at = Coordinates { category: Some(id), ..Coordinates::default() };
            let rule = Assistance {
                rule: self.rule(key),
                who: self.who(who),
                when: when(&raw.when),
                ratio: self.by_setting(|this, setting| {
                    this.evaluator.share(ratio, &ratio_key, Coordinates { category: Some(id), ..setting })
                }),
                adjustments: chosen(adjustments, key.strip_prefix("assistance.").unwrap_or(key)),
                pool,
                deductible: self.no_cap_or_zero(
                    standard.deductible_yuan.as_ref(),
                    &format!("{standard_key}.deductible_yuan"),
                    at,
                ),
                annual_cap: self.cap(
                    standard.annual_cap_yuan.as_ref(),
                    &format!("{standard_key}.annual_cap_yuan"),
                    at,
                ),
            };
            rows[row].push(rule);
        }
    }

    fn tilts(&mut self) -> Vec<Tilt> {
        let year = self.target.year;
        let mut all = Vec::new();
        for (id, raw) in &self.source.raw.tilt {
            if !raw.enabled || !in_force(year, raw.from_year, raw.to_year) {
                continue;
            }
            let key = format!("tilt.{id}");
            let here = Coordinates::default();
            let cap = self.cap(raw.annual_cap_yuan.as_ref(), &format!("{key}.annual_cap_yuan"), here);
            let shape = if let Some(ratio) = &raw.ratio {
                TiltShape::ExcessRatio {
                    ratio: self.evaluator.share(ratio, &format!("{key}.ratio"), here),
                    threshold: self.no_cap_or_zero(
                        raw.threshold_yuan.as_ref(),
                        &format!("{key}.threshold_yuan"),
                        here,
                    ),
                    cap,
                }
            } else {
                TiltShape::TargetRatio {
                    groups: self.target_groups(&key, &raw.groups),
                    trigger: self.no_cap_or_zero(
                        raw.trigger_yuan.as_ref(),
                        &format!("{key}.trigger_yuan"),
                        here,
                    ),
                    cap,
                    cap_counts: raw.cap_counts.unwrap_or(CapCounts::AllAssistance),
                }
            };
            let categories = self.category_mask(self.categories_of(&raw.who));
            all.push(Tilt {
                rule: self.rule(&key),
                who: self.who(&raw.who),
                categories,
                when: when(&raw.when),
                shape,
            });
        }
        all
    }

    fn target_groups(&mut self, key: &str, groups: &[raw::TargetGroup]) -> Vec<TargetGroup> {
        let mut all = Vec::new();
        for (number, group) in groups.iter().enumerate() {
            let target = self.evaluator.ratio_of(group.target.0, &format!("{key}.groups.{number}.target"));
            all.push(TargetGroup { kinds: kinds_mask(&group.kinds), target });
        }
        all
    }

    fn applications(&mut self) -> Vec<Application> {
        let year = self.target.year;
        let here = Coordinates::default();
        let mut all = Vec::new();
        for (id, raw) in &self.source.raw.application {
            if !raw.enabled || !in_force(year, raw.from_year, raw.to_year) {
                continue;
            }
            let key = format!("application.{id}");
            all.push(Application {
                rule: self.rule(&key),
                who: self.who(&raw.who),
                when: when(&raw.when),
                when_assisted: when(raw.when_assisted.as_ref().unwrap_or(&raw.when)),
                ratio: self.evaluator.share(&raw.ratio, &format!("{key}.ratio"), here),
                deductible: self.evaluator.yuan(
                    &raw.deductible_yuan,
                    &format!("{key}.deductible_yuan"),
                    here,
                ),
                cap: self.cap(raw.annual_cap_yuan.as_ref(), &format!("{key}.annual_cap_yuan"), here),
                window_months: raw.window_months,
            });
        }
        all
    }

    fn subsidies(&mut self) -> Vec<Subsidy> {
        let year = self.target.year;
        let here = Coordinates::default();
        let mut all = Vec::new();
        for (id, raw) in &self.source.raw.subsidy {
            if !raw.enabled || !in_force(year, raw.from_year, raw.to_year) {
                continue;
            }
            let key = format!("subsidy.{id}");
            let amount = match (&raw.share, &raw.amount_yuan) {
                (Some(share), _) => {
                    SubsidyAmount::Share(self.evaluator.share(share, &format!("{key}.share"), here))
                }
                (None, Some(yuan)) => {
                    SubsidyAmount::Fixed(self.evaluator.yuan(yuan, &format!("{key}.amount_yuan"), here))
                }
                (None, None) => SubsidyAmount::Fixed(Fen::ZERO),
            };
            let categories = self.category_mask(self.categories_of(&raw.who));
            all.push(Subsidy { rule: self.rule(&key), who: self.who(&raw.who), categories, amount });
        }
        all
    }

    fn watches(&mut self) -> Vec<Watch> {
        let mut all = Vec::new();
        for (id, raw) in &self.source.raw.watch {
            let key = format!("watch.{id}");
            let ids = self.categories_of(&raw.who);
            let share = raw.verification_share.map_or(0.0, |share| share.0);
            all.push(Watch {
                rule: self.rule(&key),
                who: self.who(&raw.who),
                ordinary: ids.contains(&"ordinary"),
                categories: self.category_mask(ids),
                rural_only: raw.rural_only,
                threshold: self.evaluator.yuan(
                    &raw.threshold_yuan,
                    &format!("{key}.threshold_yuan"),
                    Coordinates::default(),
                ),
                counts_out_of_scope: raw.counts_out_of_scope,
                recognised_as: raw
                    .recognised_as
                    .as_ref()
                    .and_then(|id| position(&self.source.names.categories, id))
                    .map(|rank| Category(rank as u8)),
                verification_share: self.evaluator.ratio_of(share, &format!("{key}.verification_share")),
                delay_months: raw.delay_months.unwrap_or(0),
            });
        }
        all
    }

    fn indicators(&mut self) -> Vec<Indicator> {
        let mut all = Vec::new();
        for (id, raw) in &self.source.raw.indicator {
            let key = format!("indicator.{id}");
            all.push(Indicator {
                rule: self.rule(&key),
                who: self.who(&raw.who),
                categories: self.category_mask(self.categories_of(&raw.who)),
                when: when(&raw.when),
                at_most: self.evaluator.ratio_of(raw.at_most.0, &format!("{key}.at_most")),
            });
        }
        all
    }

    fn second_assistance(&mut self) -> Vec<SecondAssistance> {
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
                who: self.who(&raw.who),
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
    fn funders(&mut self) -> Vec<Vec<FunderShare>> {
        let mut all = vec![Vec::new(); self.source.register.rules.len()];
        let raw = self.source.raw;
        let mut put = |this: &mut Self, key: &str, at: &str, funders: &IndexMap<String, RawFunderShare>| {
            let rule = this.rule(key);
            all[usize::from(rule.0)] = this.funder_shares(at, funders);
        };
        for (id, rule) in &raw.subsidy {
            put(self, &format!("subsidy.{id}"), &format!("subsidy.{id}"), &rule.funders);
        }
        for (id, rule) in &raw.tilt {
            put(self, &format!("tilt.{id}"), &format!("tilt.{id}"), &rule.funders);
        }
        for (id, rule) in &raw.application {
            put(self, &format!("application.{id}"), &format!("application.{id}"), &rule.funders);
        }
        for (id, rule) in &raw.assistance {
            let key = format!("assistance.{id}");
            if let Some(funders) = &rule.funders {
                put(self, &key, &key, funders);
            }
            for standard in &rule.by_standard_of {
                let of = raw.assistance.get(standard).and_then(|of| of.funders.as_ref());
                if let Some(funders) = rule.funders.as_ref().or(of) {
                    put(self, &format!("{key}/{standard}"), &format!("assistance.{standard}"), funders);
                }
            }
        }
        for (id, rule) in &raw.second_assistance {
            if let Some(funder) = position(&self.source.names.funders, &rule.funder) {
                let number = self.rule(&format!("second_assistance.{id}"));
                all[usize::from(number.0)] = vec![FunderShare { funder: funder as u8, share: Ratio::ONE }];
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
            if share != Ratio::ZERO {
                shares.push(FunderShare { funder: funder as u8, share });
            }
        }
        if left != Ratio::ZERO {
            let problem = format!("the shares of the funders must add up to 1; {left} is left over");
            let hint = Some("write \"rest\" for the last funder".to_owned());
            self.evaluator.fault(&format!("{key}.funders"), problem, hint);
        }
        shares
    }

    /// Categories that the policy assists: with a critical-illness tilt, regular assistance or tilt assistance.
    fn assisted(&self, assistance: &[Vec<Assistance>], tilts: &[Tilt]) -> u32 {
        let year = self.target.year;
        let by_critical = self
            .source
            .raw
            .critical
            .tilt
            .values()
            .filter(|tilt| tilt.enabled && in_force(year, tilt.from_year, tilt.to_year))
            .flat_map(|tilt| tilt.categories.iter().map(String::as_str));
        let mut mask = self.category_mask(by_critical);
        for (rank, _) in assistance.iter().enumerate().filter(|(_, rules)| !rules.is_empty()) {
            if rank < self.source.names.categories.len() {
                mask |= Category(rank as u8).bit();
            }
        }
        tilts.iter().fold(mask, |mask, tilt| mask | tilt.categories)
    }
}

/// The adjustments of one ratio.
fn chosen(adjustments: &Adjustments, key: &str) -> Vec<Adjustment> {
    let standard = key.split('/').next().unwrap_or(key);
    adjustments
        .iter()
        .filter(|(target, _)| target == key || target == standard)
        .map(|(_, adjustment)| adjustment.clone())
        .collect()
}

/// The setting that a table of values begins with.
const FIRST_SETTING: Coordinates<'static> = Coordinates {
    setting: Some((crate::policy::claim::Level::Primary, crate::policy::claim::Locality::County, false)),
    category: None,
    stay: None,
};
