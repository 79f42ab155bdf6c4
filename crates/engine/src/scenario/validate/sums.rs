//! Checks of whose sums deductibles, caps and thresholds are held against.

use super::Checker;
use crate::lang::{Words, words};
use crate::policy::sums::SumsOf;
use crate::raw::policy as raw;

impl Checker<'_, '_> {
    pub(super) fn sums(&mut self) {
        for (id, rule) in &self.raw.tilt {
            let of_persons = rule.within.as_ref().filter(|within| self.counts_persons(&within.pool));
            if let (SumsOf::Household, Some(within)) = (rule.sums_of, of_persons) {
                let problem = words!(
                    "倾斜救助按家庭累计，而共用额度`{pool}`按个人累计：请给该共用额度也写`sums_of = \"household\"`",
                    "the tilt pays a household together, the pool `{pool}` counts each person: give the pool `sums_of = \"household\"` too",
                    pool = within.pool
                );
                self.fault(&format!("tilt.{id}.within.pool"), problem);
            }
        }
        for (id, rule) in &self.raw.application {
            if rule.sums_of.is_some() && rule.pool.is_some() {
                let problem = Words::new(
                    "由依申请救助所用的共用额度决定；请删去",
                    "is said by the pool that the application shares; leave it out",
                );
                self.fault(&format!("application.{id}.sums_of"), problem);
            }
        }
        for (id, rule) in &self.raw.adjustment {
            if rule.sums_of.is_some() && rule.year_self_pay_above_yuan.is_none() {
                let problem = Words::new(
                    "说明谁的个人自付须达到`year_self_pay_above_yuan`，但没有写该线",
                    "says whose self-pay must pass `year_self_pay_above_yuan`, but there is none",
                );
                self.fault(&format!("adjustment.{id}.sums_of"), problem);
            }
        }
        for (id, pool) in &self.raw.pools {
            if pool.sums_of == SumsOf::Household {
                self.held_against_nothing(id);
            }
        }
    }

    fn counts_persons(&self, pool: &str) -> bool {
        self.raw.pools.get(pool).is_some_and(|pool| pool.sums_of == SumsOf::Person)
    }

    /// Whose sums a pool counts matters only where something is held against them.
    fn held_against_nothing(&mut self, pool: &str) {
        let running = |rule: &raw::Assistance| {
            let own = rule.pool.as_deref() == Some(pool);
            let capped = rule.within.as_ref().is_some_and(|within| within.pool == pool);
            capped
                || own
                    && (rule.deductible_yuan.is_some()
                        || rule.annual_cap_yuan.is_some()
                        || !rule.bands.is_empty())
        };
        let of_tilts = self.raw.tilt.values().filter_map(|rule| rule.within.as_ref());
        let held = self.raw.assistance.values().any(running)
            || of_tilts.into_iter().any(|within| within.pool == pool)
            || self.raw.application.values().any(|rule| rule.pool.as_deref() == Some(pool));
        if !held {
            let words = Words::new(
                "不起作用：没有规则以该额度的累计数计算起付线、分段或限额",
                "changes nothing: no rule holds a deductible, bands or a cap against the sums of this pool",
            );
            let notice = self.document.notice(&format!("pools.{pool}.sums_of"), words);
            self.faults.warn(notice);
        }
    }
}
