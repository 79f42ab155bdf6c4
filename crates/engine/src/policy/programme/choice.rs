//! By which identity's terms a cell is settled, as far as that can be told before any bill is known: those that are at
//! least as good as all others in every respect.
//!
//! The plain settlement takes what pays most on the claim, of equals the better rank. Terms that are at least as good in
//! every respect never pay less; if they are those of the better rank, or of the same rule, they are what it takes.

use super::super::claim::Category;
use super::super::schedule::{Adjustment, Assistance, At, BasicKind, Borne, PoolCap, RuleId, Schedule};
use super::super::settle::steps::find_fits;
use crate::units::{Fen, Ratio};

/// What two identities' terms are compared by: on more of a sum, at a higher share, up to a higher cap is better.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Terms {
    category: Category,
    rule: RuleId,
    changed_by: Vec<RuleId>,
    /// Taken off each claim; the first, second … claim of the kind in the year.
    each: Vec<Fen>,
    deductible: Fen,
    /// Bands from the deductible upwards.
    bands: Vec<(Fen, Ratio)>,
    cap: Fen,
    within: Option<PoolCap>,
    after_earlier_rules: bool,
    borne: Borne,
}

impl Terms {
    /// The share of what the sum gains at an amount.
    fn share_at(&self, sum: Fen) -> Ratio {
        let band = self.bands.iter().find(|(to, _)| *to > sum);
        band.filter(|_| sum >= self.deductible).map_or(Ratio::ZERO, |(_, ratio)| *ratio)
    }

    /// Whether these never pay less, whatever the claims are.
    fn cover(&self, other: &Self) -> bool {
        let ends = self.bands.iter().chain(&other.bands).map(|(to, _)| *to);
        let mut edges = ends.chain([self.deductible, other.deductible]);
        let within = match (self.within, other.within) {
            (None, _) => true,
            (Some(own), Some(other)) => own.pool == other.pool && own.cap >= other.cap,
            (Some(_), None) => false,
        };
        within
            && self.borne == other.borne
            && self.cap >= other.cap
            && self.each.iter().zip(&other.each).all(|(own, other)| own <= other)
            && (!self.after_earlier_rules || other.after_earlier_rules)
            && edges.all(|edge| self.share_at(edge) >= other.share_at(edge))
    }

    /// Whether these are what is taken, whatever the claims are.
    fn are_taken_over(&self, other: &Self) -> bool {
        let same = self.rule == other.rule && self.changed_by == other.changed_by;
        self.cover(other) && (self.category < other.category || same)
    }
}

/// The terms that are taken whatever the claims are, if there are any.
fn taken(all: &[Terms]) -> Option<&Terms> {
    let is_taken =
        |own: &&Terms| all.iter().all(|other| other.category == own.category || own.are_taken_over(other));
    all.iter().find(is_taken)
}

fn changed_by(all: &[Adjustment], at: &At<'_>) -> Vec<RuleId> {
    Adjustment::fitting(all, at).map(|adjustment| adjustment.rule).collect()
}

/// The identity by whose terms basic insurance pays.
pub(super) fn basic(rule: &BasicKind, held: u32, at: &At<'_>) -> Option<Category> {
    if rule.adjustments.is_empty() {
        return Some(Category::ORDINARY);
    }
    let terms = |category: Category| {
        let at = &At { category, ..*at };
        let each = rule.deductible.iter().map(|each| each.at(at.setting));
        Terms {
            category,
            rule: rule.rule,
            changed_by: changed_by(&rule.adjustments, at),
            each: each.map(|each| Adjustment::deductible(&rule.adjustments, each, at)).collect(),
            deductible: rule.annual_deductible.at(at.setting),
            bands: vec![(
                Fen::UNBOUNDED,
                Adjustment::apply(&rule.adjustments, rule.ratio.at(at.setting), at),
            )],
            cap: rule.annual_cap,
            within: None,
            after_earlier_rules: false,
            borne: Borne::InScope,
        }
    };
    let all: Vec<Terms> = Category::open_to(held).map(terms).collect();
    taken(&all).map(|terms| terms.category)
}

/// The identity by whose terms critical-illness insurance pays.
pub(super) fn critical(schedule: &Schedule, held: u32, at: &At<'_>) -> Option<Category> {
    if held == 0 {
        return Some(Category::ORDINARY);
    }
    let terms = |category: Category| {
        let at = &At { category, ..*at };
        let rule = &schedule.critical[schedule.row(category)];
        let changed = |ratio: Ratio| Adjustment::apply(&rule.adjustments, ratio, at);
        Terms {
            category,
            rule: rule.rule,
            changed_by: changed_by(&rule.adjustments, at),
            each: Vec::new(),
            deductible: rule.deductible,
            bands: rule.bands.iter().map(|band| (band.to, changed(band.ratio))).collect(),
            cap: rule.annual_cap,
            within: None,
            after_earlier_rules: false,
            borne: Borne::InScope,
        }
    };
    let all: Vec<Terms> = Category::open_to(held).map(terms).collect();
    taken(&all).map(|terms| terms.category)
}

/// For each pool of regular assistance, in the order of settlement, the identity by whose terms it pays, and its rule.
pub(super) fn regular<'s>(
    schedule: &'s Schedule,
    held: u32,
    at: &At<'_>,
) -> Option<Vec<(Category, &'s Assistance)>> {
    let mut fits = Vec::new();
    find_fits(schedule, (held, at), &mut fits);
    let rule_of = |category: Category, position: u16| {
        &schedule.assistance[schedule.row(category)][usize::from(position)]
    };
    // Whoever may reach the cap is settled plainly, see `cut_off::self_pay_from`.
    fits.retain(|fit| rule_of(fit.category, fit.position).beyond_cap_of.is_none());
    // What is measured on one claim is not known before the claim is.
    if fits.iter().any(|fit| !rule_of(fit.category, fit.position).each.is_nothing()) {
        return None;
    }
    let mut chosen = Vec::new();
    for (number, first) in fits.iter().enumerate() {
        if fits[..number].iter().any(|other| other.pool == first.pool) {
            continue;
        }
        let of_pool = fits[number..].iter().filter(|fit| fit.pool == first.pool);
        let rules: Vec<(Category, &Assistance)> =
            of_pool.map(|fit| (fit.category, rule_of(fit.category, fit.position))).collect();
        let one = match rules[..] {
            [one] => one,
            _ => {
                let all: Vec<Terms> =
                    rules.iter().map(|(category, rule)| terms(*category, rule, at)).collect();
                let category = taken(&all)?.category;
                *rules.iter().find(|(own, _)| *own == category)?
            }
        };
        chosen.push(one);
    }
    Some(chosen)
}

fn terms(category: Category, rule: &Assistance, at: &At<'_>) -> Terms {
    let at = &At { category, ..*at };
    let changed = |ratio: Ratio| Adjustment::apply(&rule.adjustments, ratio, at);
    let each = rule.claim_deductible.as_ref().map_or(Fen::ZERO, |each| each.at(at.setting));
    let bands = match &rule.bands[..] {
        [] => vec![(Fen::UNBOUNDED, changed(rule.ratio.at(at.setting)))],
        bands => bands.iter().map(|band| (band.to, changed(band.ratio.at(at.setting)))).collect(),
    };
    Terms {
        category,
        rule: rule.rule,
        changed_by: changed_by(&rule.adjustments, at),
        each: vec![Adjustment::deductible(&rule.adjustments, each, at)],
        deductible: rule.deductible,
        bands,
        cap: rule.annual_cap,
        within: rule.within,
        after_earlier_rules: rule.after_earlier_rules,
        borne: rule.borne,
    }
}
