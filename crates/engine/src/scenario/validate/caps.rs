//! Checks of what caps bound, of pools that are shared, and of assistance on what a cap cut off.

use super::{Checker, POOL};
use crate::lang::{Words, words};
use crate::raw::policy as raw;

/// The keys of the first shape of a tilt, and those of the second.
fn shapes() -> Words {
    Words::new(
        "倾斜救助有两种写法：`groups`与`trigger_yuan`，或`ratio`（或`bands`）与`threshold_yuan`（或`beyond_cap_of`）",
        "a tilt has either `groups` with `trigger_yuan`, or `ratio` or `bands` with `threshold_yuan` or `beyond_cap_of`",
    )
}

impl Checker<'_, '_> {
    /// A further pool is known, and another than the rule's own.
    pub(super) fn within(&mut self, key: &str, within: &raw::Within, own: Option<&String>) {
        let at = format!("{key}.within.pool");
        self.known(&at, &within.pool, POOL, &self.raw.pools);
        if own == Some(&within.pool) {
            self.fault(
                &at,
                Words::new(
                    "就是该规则自己的共用额度；其限额写在`annual_cap_yuan`",
                    "is the rule's own pool; `annual_cap_yuan` bounds that one",
                ),
            );
        }
    }

    /// What bounds a tilt: a reading of a cap needs the cap, and a pool must be one.
    pub(super) fn tilt_caps(&mut self, key: &str, rule: &raw::Tilt) {
        if rule.cap_counts.is_some() && rule.annual_cap_yuan.is_none() {
            let problem = Words::new(
                "说明`annual_cap_yuan`限制什么，但没有写`annual_cap_yuan`",
                "says what `annual_cap_yuan` bounds, but there is none",
            );
            self.fault(&format!("{key}.cap_counts"), problem);
        }
        if let Some(within) = &rule.within {
            self.within(key, within, None);
        }
        if let Some(pool) = &rule.beyond_cap_of {
            self.pool_with_cap(&format!("{key}.beyond_cap_of"), pool);
        }
    }

    /// A tilt has the keys of one shape. Where a file adds keys of the other, the fault stands there.
    pub(super) fn two_shapes(&mut self, key: &str, rule: &raw::Tilt) {
        let shares = rule.ratio.is_some() || !rule.bands.is_empty();
        let second = [
            ("ratio", rule.ratio.is_some()),
            ("bands", !rule.bands.is_empty()),
            ("threshold_yuan", rule.threshold_yuan.is_some()),
            ("beyond_cap_of", rule.beyond_cap_of.is_some()),
        ];
        let first = !rule.groups.is_empty() || rule.trigger_yuan.is_some();
        if let Some((name, _)) = second.iter().find(|(_, given)| *given && first) {
            self.fault(&format!("{key}.{name}"), shapes());
        } else if rule.trigger_on.is_some() && !first {
            self.fault(
                &format!("{key}.trigger_on"),
                Words::new(
                    "说明`trigger_yuan`与什么比较，但没有写`groups`",
                    "says what `trigger_yuan` is held against, but there are no `groups`",
                ),
            );
        } else {
            let by_target = !rule.groups.is_empty() && rule.trigger_yuan.is_some();
            let by_excess = shares && (rule.threshold_yuan.is_some() || rule.beyond_cap_of.is_some());
            if !by_target && !by_excess {
                self.fault(key, shapes());
            }
        }
    }

    /// The claims that an application counts, and the pool that it shares.
    pub(super) fn window(&mut self, key: &str, rule: &raw::Application) {
        if rule.window_months.is_none() && rule.window.is_none() {
            let problem = Words::new(
                "缺少：须写`window_months`，或`window = \"year_before\"`",
                "missing: needs `window_months`, or `window = \"year_before\"`",
            );
            self.fault(&format!("{key}.window_months"), problem);
        }
        let waits = |one: &raw::Application| one.window.is_some() && one.window_months.is_none();
        let other = |other: &&raw::Application| other.enabled && waits(other) != waits(rule);
        if rule.enabled && waits(rule) && self.raw.application.values().any(|one| other(&one)) {
            let problem = Words::new(
                "另一规则按`window_months`计算：同一政策的依申请救助须用同一种追溯期，因为一个家庭只认定一次",
                "another rule counts by `window_months`: all applications of a policy look back in one way, because a household is recognised once",
            );
            self.fault(&format!("{key}.window"), problem);
        }
        if let Some(pool) = &rule.pool {
            self.known(&format!("{key}.pool"), pool, POOL, &self.raw.pools);
        }
    }

    /// An adjustment that holds once the year's self-pay passes a line changes assistance alone: the self-pay is what the
    /// insurances leave.
    pub(super) fn once(&mut self, key: &str, rule: &raw::Adjustment) {
        let insurance = rule.changes.iter().any(|target| !self.raw.assistance.contains_key(target));
        if rule.year_self_pay_above_yuan.is_some() && insurance {
            let problem = Words::new(
                "只有基本救助的规则可以在全年自付达到线后调整",
                "only rules of regular assistance can change once the year's self-pay passes a line",
            );
            self.fault(&format!("{key}.year_self_pay_above_yuan"), problem);
        }
    }

    /// A rule on what a cap cut off of each claim: it has nothing that is measured on a running sum, a pool of its own,
    /// and stands below the rules whose cap it looks at.
    pub(super) fn beyond_cap_on_claims(&mut self, key: &str, rule: &raw::Assistance) {
        let Some(pool) = &rule.beyond_cap_of else { return };
        let at = format!("{key}.beyond_cap_of");
        self.pool_with_cap(&at, pool);
        if rule.pool.as_ref() == Some(pool) {
            self.fault(
                &format!("{key}.pool"),
                Words::new(
                    "正是截去该部分的共用额度；须另设共用额度",
                    "is the pool whose cap cut it off; a pool of its own is needed",
                ),
            );
        }
        let measured = [
            ("base", rule.base != raw::AssistanceBase::AfterInsurance),
            ("deductible_yuan", rule.deductible_yuan.is_some()),
            ("claim_deductible_yuan", rule.claim_deductible_yuan.is_some()),
            ("claim_self_pay_above_yuan", rule.claim_self_pay_above_yuan.is_some()),
            ("claim_self_pay_up_to_yuan", rule.claim_self_pay_up_to_yuan.is_some()),
            ("bands", !rule.bands.is_empty()),
        ];
        for (name, _) in measured.iter().filter(|(_, given)| *given) {
            let problem = Words::new(
                "不能与`beyond_cap_of`同时写：封顶线截去的部分只按一个`ratio`支付",
                "not together with `beyond_cap_of`: of what a cap cut off one `ratio` is paid",
            );
            self.fault(&format!("{key}.{name}"), problem);
        }
        let rules = &self.raw.assistance;
        let own = rules.values().position(|other| std::ptr::eq(other, rule)).unwrap_or_default();
        let looked_at =
            |other: &raw::Assistance| self.counts_in(other, pool) && other.beyond_cap_of.is_none();
        if let Some((id, _)) = rules.iter().skip(own).find(|(_, other)| looked_at(other)) {
            self.fault(
                &at,
                words!(
                    "写在`{id}`之前，却要看它的封顶线：请移到其后",
                    "stands above `{id}`, whose cap it looks at: move it below"
                ),
            );
        }
    }

    /// Whether a rule's payments count in a pool, by itself or by the standard that it follows.
    fn counts_in(&self, rule: &raw::Assistance, pool: &str) -> bool {
        let standards = rule.by_standard_of.iter().filter_map(|id| self.raw.assistance.get(id));
        let mut all = std::iter::once(rule).chain(standards);
        all.any(|one| {
            let further = one.within.as_ref().is_some_and(|within| within.pool == pool);
            one.pool.as_deref() == Some(pool) || further
        })
    }

    /// A pool of which at least one rule has a cap.
    fn pool_with_cap(&mut self, at: &str, pool: &str) {
        self.known(at, pool, POOL, &self.raw.pools);
        let capped = self.raw.assistance.values().any(|rule| {
            let own = rule.pool.as_deref() == Some(pool) && rule.annual_cap_yuan.is_some();
            own || rule.within.as_ref().is_some_and(|within| within.pool == pool)
        });
        let outside = |rule: &raw::Assistance| {
            let of_base = [raw::AssistanceBase::OutOfScope, raw::AssistanceBase::InAndOutOfScope];
            of_base.contains(&rule.base) && self.counts_in(rule, pool)
        };
        if let Some((id, _)) = self.raw.assistance.iter().find(|(_, rule)| outside(rule)) {
            let problem = words!(
                "共用额度`{pool}`中的`{id}`用于目录外费用：其封顶线截去的不是政策范围内个人自付",
                "`{id}` of the pool `{pool}` is for cost outside the catalogue: what its cap cuts off is no in-scope self-pay"
            );
            self.fault(at, problem);
        }
        if self.raw.pools.contains_key(pool) && !capped {
            self.fault(
                at,
                words!(
                    "共用额度`{pool}`中没有规则设年度封顶线，不会截去任何金额",
                    "no rule of the pool `{pool}` has an annual cap that could cut anything off"
                ),
            );
        }
    }
}
