//! Compiling a policy for one county and one year: raw values are looked up, names become indexes.
//!
//! Rules are registered in one fixed order ([`super::register`]), so that a rule has the same number in every
//! county and year.

mod assistance;
mod insurance;
mod others;
mod year_end;

use super::document::Document;
use super::evaluate::{Coordinates, Evaluator};
use super::fault::Faults;
use super::register::Register;
use crate::lang::{Words, words};
use crate::policy::claim::{Category, Insurance, Kind};
use crate::policy::names::{Names, position};
use crate::policy::schedule::{
    Adjustment, Assistance, Band, BandsOn, BySetting, Contribution, Once, OutOfCatalogueLimit, RuleId,
    Schedule, Setting, Tilt, When, Who,
};
use crate::raw::policy as raw;
use crate::raw::value::{ShareValue, YuanValue};
use crate::units::{Fen, Ratio};

/// What a policy is compiled for.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The county's name, for faults.
    pub county: &'a str,
    /// The county's code.
    pub code: u32,
    /// The year.
    pub year: u16,
    /// How many members the household has.
    pub household_size: u8,
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
    /// What tells this policy's rules from those of another in a timeline.
    pub policy: &'a str,
}

/// Compiles a policy.
pub fn compile(source: &Source<'_>, target: Target<'_>, faults: &mut Faults) -> Schedule {
    let evaluator = Evaluator::new(source.document, target, faults);
    let mut compiler = Compiler { source, target, evaluator };
    let adjustments = compiler.adjustments();
    let basic = compiler.basic(&adjustments);
    let critical = compiler.critical(&adjustments);
    let assistance = compiler.by_household_size(|this| this.assistance(&adjustments));
    let tilts = compiler.by_household_size(Compiler::tilts);
    let assisted = compiler.assisted(&assistance, &tilts);
    let applications = compiler.by_household_size(Compiler::applications);
    let household_pools = compiler.household_pools(&assistance, (&tilts, &applications));
    Schedule {
        assisted,
        out_of_catalogue: compiler.out_of_catalogue(),
        basic,
        critical_kinds: kinds_mask(&source.raw.critical.kinds),
        critical_insurance: insurance_mask(&source.raw.critical.insurance),
        critical,
        assistance,
        household_pools,
        by_household_size: compiler.evaluator.by_household_size,
        once: once_of(&adjustments),
        tilts,
        applications,
        subsidies: compiler.subsidies(),
        enrolment: compiler.enrolment(),
        over_new_year: source.raw.over_new_year(),
        watches: compiler.watches(),
        indicators: compiler.indicators(),
        second_assistance: compiler.second_assistance(),
        funders: compiler.funders(),
        contributions: contributions(target),
    }
}

/// The adjustments that hold once a line is passed, each once.
fn once_of(adjustments: &Adjustments) -> Vec<Adjustment> {
    let mut all: Vec<Adjustment> = Vec::new();
    for (_, one) in adjustments.iter().filter(|(_, one)| one.once.is_some()) {
        if all.iter().all(|known| known.rule != one.rule) {
            all.push(one.clone());
        }
    }
    all
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

impl<'a> Compiler<'a, '_> {
    /// The number of a rule. One that has none is a fault, so that what is compiled with another's number is never used.
    fn rule(&mut self, id: &str) -> RuleId {
        self.source.register.number(self.source.policy, id).unwrap_or_else(|| {
            let problem = Words::new(
                "该规则与其他规则无法区分：没有自己的编号",
                "the rule cannot be told from the others: it has no number of its own",
            );
            self.evaluator.fault(id, problem, None);
            RuleId(u16::MAX)
        })
    }

    /// Compiles what may go by the number of a household's members.
    fn by_household_size<T>(&mut self, compiles: impl FnOnce(&mut Self) -> T) -> T {
        self.evaluator.household_size = Some(self.target.household_size);
        let compiled = compiles(self);
        self.evaluator.household_size = None;
        compiled
    }

    fn trait_mask(&self, traits: &[String]) -> u32 {
        traits
            .iter()
            .filter_map(|id| position(&self.source.names.traits, id))
            .fold(0, |mask, bit| mask | (1 << bit))
    }

    fn when(&self, raw: &raw::When) -> When {
        let kinds = raw.kinds.as_deref().map_or(u8::MAX, kinds_mask);
        let fits = |level, place, referred| {
            raw.levels.as_ref().is_none_or(|all| all.contains(&level))
                && raw.places.as_ref().is_none_or(|all| all.contains(&place))
                && raw.referred.is_none_or(|asked| asked == referred)
        };
        let settings = Setting::all()
            .filter(|&(_, level, place, referred)| fits(level, place, referred))
            .fold(0, |mask, (setting, ..)| mask | (1 << setting.0));
        let asked = raw.diseases.as_deref().map_or(u64::MAX, |ids| self.disease_mask(ids));
        When { kinds, settings, diseases: asked & !self.disease_mask(&raw.without_diseases) }
    }

    fn disease_mask(&self, ids: &[String]) -> u64 {
        let known = ids.iter().filter_map(|id| self.source.names.disease(id));
        known.fold(0, |mask, disease| mask | disease.bit())
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

    fn yuan_or_zero(&mut self, value: Option<&YuanValue>, key: &str, at: Coordinates<'_>) -> Fen {
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
                when: self.when(&raw.when),
                times: self.evaluator.ratio_of(raw.times.unwrap_or(1.0), &format!("{key}.times")),
                points: self.evaluator.ratio_of(raw.points.unwrap_or(0.0), &format!("{key}.points")),
                deductible: self.instead(&key, raw.deductible_yuan.as_ref()),
                deductible_times: self
                    .evaluator
                    .ratio_of(raw.deductible_times.unwrap_or(1.0), &format!("{key}.deductible_times")),
                once: self.once(&key, raw, once_of(&all).len()),
            };
            self.times_together(&key, &raw.changes, (&all, adjustment.deductible_times));
            all.extend(raw.changes.iter().map(|target| (target.clone(), adjustment.clone())));
        }
        all
    }

    /// The deductible of each claim that an adjustment sets.
    fn instead(&mut self, key: &str, value: Option<&YuanValue>) -> Option<Box<BySetting<Fen>>> {
        let key = format!("{key}.deductible_yuan");
        let value = value?;
        Some(Box::new(self.by_setting(|this, at| this.evaluator.yuan(value, &key, at))))
    }

    /// The line of an adjustment that holds once the year's self-pay passes it, with its number.
    fn once(&mut self, key: &str, raw: &raw::Adjustment, number: usize) -> Option<Once> {
        let key = format!("{key}.year_self_pay_above_yuan");
        let value = raw.year_self_pay_above_yuan.as_ref()?;
        let above = self.by_household_size(|this| this.evaluator.yuan(value, &key, Coordinates::default()));
        if number >= 32 {
            self.evaluator.fault(
                &key,
                Words::new(
                    "至多32条待遇调整可以在全年自付达到线后生效",
                    "at most 32 adjustments can hold once the year's self-pay passes a line",
                ),
                None,
            );
        }
        let sums_of = raw.sums_of.unwrap_or_default();
        Some(Once { above, sums_of, bit: number.min(31) as u8 })
    }

    /// Several adjustments may not multiply one deductible by more than a single one may.
    fn times_together(&mut self, key: &str, changes: &[String], (all, times): (&Adjustments, Ratio)) {
        let most = |of: Ratio| of.max(Ratio::ONE).as_f64();
        for target in changes {
            let same = all.iter().filter(|(other, _)| other == target);
            let product: f64 = same.map(|(_, one)| most(one.deductible_times)).product();
            if product * most(times) > 10.0 && product > 1.0 {
                let problem = words!(
                    "与此前对`{target}`的待遇调整合计，起付标准变为10倍以上",
                    "together with earlier adjustments of `{target}` the deductible is multiplied by more than 10"
                );
                self.evaluator.fault(&format!("{key}.deductible_times"), problem, None);
            }
        }
    }

    /// A cap on payments below the deductible is possible, but hardly what a plan says.
    fn cap_below(&mut self, key: &str, cap: Fen, deductible: Fen) {
        if cap < deductible {
            let words = Words::new(
                format!("年度限额{cap}元低于起付标准{deductible}元"),
                format!("the annual cap of {cap} yuan lies below the deductible of {deductible} yuan"),
            );
            self.evaluator.warn(&format!("{key}.annual_cap_yuan"), words);
        }
    }

    fn out_of_catalogue(&mut self) -> Option<OutOfCatalogueLimit> {
        let raw = self.source.raw.out_of_catalogue.as_ref().filter(|raw| raw.enabled)?;
        let share =
            self.by_setting(|this, at| this.evaluator.share(&raw.share, "out_of_catalogue.share", at));
        let categories = self.category_mask(raw.categories.iter().map(String::as_str));
        Some(OutOfCatalogueLimit { rule: self.rule("out_of_catalogue"), share, categories })
    }

    /// The upper end of a band on the running sum; the band before ends at `below`.
    fn band_end(
        &mut self,
        (band, below): (&raw::Band, Fen),
        key: &str,
        (on, deductible): (BandsOn, Fen),
        at: Coordinates<'_>,
    ) -> Fen {
        let Some(value) = &band.to_yuan else { return Fen::UNBOUNDED };
        let key = format!("{key}.to_yuan");
        let to = self.evaluator.yuan(value, &key, at);
        if on == BandsOn::Cumulative && to <= deductible && to > Fen::ZERO {
            let words = Words::new(
                format!("该段全部低于起付标准{deductible}元，从不支付"),
                format!("the band lies wholly below the deductible of {deductible} yuan and never pays"),
            );
            self.evaluator.warn(&key, words);
        }
        let end = if on == BandsOn::AboveDeductible { to + deductible } else { to };
        if end <= below && !matches!(value, YuanValue::Same(_)) {
            let problem = words!(
                "合{end}元：须大于上一分段的上限{below}",
                "comes to {end} yuan: must be above the end of the band before, {below}"
            );
            self.evaluator.fault(&key, problem, None);
        }
        end
    }

    /// Bands of a year's self-pay: those that are written, or one with the ratio that holds for all of it.
    fn bands_or_ratio(
        &mut self,
        key: &str,
        (ratio, bands): (Option<&ShareValue>, &[raw::Band]),
        on: (Option<BandsOn>, Fen),
        at: Coordinates<'_>,
    ) -> Vec<Band> {
        if let Some(ratio) = ratio {
            let ratio = self.evaluator.share(ratio, &format!("{key}.ratio"), at);
            return vec![Band { to: Fen::UNBOUNDED, ratio }];
        }
        let on = (on.0.unwrap_or(BandsOn::Cumulative), on.1);
        let mut all = Vec::new();
        for (number, band) in bands.iter().enumerate() {
            let key = format!("{key}.bands.{number}");
            let below = all.last().map_or(Fen::ZERO, |band: &Band| band.to);
            let to = self.band_end((band, below), &key, on, at);
            all.push(Band { to, ratio: self.evaluator.share(&band.ratio, &format!("{key}.ratio"), at) });
        }
        all
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
