//! Checks of the insurances, of bands and of the out-of-catalogue limit.

use super::Checker;
use crate::lang::{Words, words};
use crate::policy::claim::{Insurance, Kind};
use crate::policy::schedule::BandsOn;
use crate::raw::policy as raw;
use crate::raw::value::{ShareValue, YuanValue};

impl Checker<'_, '_> {
    pub(super) fn critical(&mut self) {
        let critical = &self.raw.critical;
        if self.document.get("critical").is_none() {
            let words = Words::new(
                "未给出：没有大病保险，不支付",
                "left out: there is no critical-illness insurance, it pays nothing",
            );
            self.faults.warn(self.document.notice("critical", words));
            return;
        }
        if critical.insurance.is_empty() {
            let words =
                Words::new("为空：大病保险不支付", "is empty: critical-illness insurance pays nothing");
            self.faults.warn(self.document.notice("critical.insurance", words));
        }
        if critical.bands.is_empty() {
            self.fault("critical.bands", Words::new("至少要有一个分段", "needs at least one band"));
        }
        self.bands("critical", &critical.bands);
        self.on_the_year("critical", Some(critical.bands_on));
        self.one_tilt_each();
    }

    /// Kinds of claim that share a deductible or a cap: each is covered, in one pool, and has none of its own.
    pub(super) fn pools_of_insurances(&mut self) {
        let (resident, own) = (&self.raw.basic.resident, &self.raw.basic.employee);
        for (insurance, pools) in [(Insurance::Resident, &resident.pool), (Insurance::Employee, &own.pool)] {
            let mut taken: Vec<(Kind, &str)> = Vec::new();
            for (id, pool) in pools {
                let key = format!("basic.{}.pool.{id}", insurance.name());
                self.cited(&key, &pool.cite);
                if pool.annual_deductible_yuan.is_none() && pool.annual_cap_yuan.is_none() {
                    self.fault(
                        &key,
                        Words::new(
                            "没有共用的内容：须写`annual_deductible_yuan`或`annual_cap_yuan`",
                            "shares nothing: needs `annual_deductible_yuan` or `annual_cap_yuan`",
                        ),
                    );
                }
                if pool.kinds.len() < 2 {
                    let problem = Words::new(
                        "共用额度至少由两类费用共用；一类费用单独的规定写在该类之下",
                        "a pool is shared by at least two kinds; what one kind has alone is written there",
                    );
                    self.fault(&format!("{key}.kinds"), problem);
                }
                for (number, &kind) in pool.kinds.iter().enumerate() {
                    let at = format!("{key}.kinds.{number}");
                    if let Some((_, other)) = taken.iter().find(|(known, _)| *known == kind) {
                        let problem = words!(
                            "`{kind}`已在共用额度`{other}`中",
                            "`{kind}` stands in pool `{other}` already",
                            kind = kind.name()
                        );
                        self.fault(&at, problem);
                    } else if !self.covers(insurance, kind) {
                        let problem = words!(
                            "该保险不保`{kind}`",
                            "the insurance does not cover `{kind}`",
                            kind = kind.name()
                        );
                        self.fault(&at, problem);
                    }
                    taken.push((kind, id));
                    self.own_deductible((insurance, kind), (id, pool));
                }
            }
        }
    }

    /// A kind of a pool with an annual deductible has none of its own.
    fn own_deductible(&mut self, (insurance, kind): (Insurance, Kind), (id, pool): (&str, &raw::BasicPool)) {
        let key = format!("basic.{}.{}.annual_deductible_yuan", insurance.name(), kind.name());
        if pool.annual_deductible_yuan.is_some() && self.document.get(&key).is_some() {
            let problem = words!(
                "与共用额度`{id}`共用年度起付标准：不能再有自己的",
                "shares the annual deductible of pool `{id}`: it cannot have its own too"
            );
            self.fault(&key, problem);
        }
    }

    /// The ends of bands rise, and only the last one is open.
    fn bands(&mut self, key: &str, bands: &[raw::Band]) {
        let mut below = 0.0;
        for (number, band) in bands.iter().enumerate() {
            let last = number + 1 == bands.len();
            let key = format!("{key}.bands.{number}.to_yuan");
            match &band.to_yuan {
                None if !last => self.fault(
                    &key,
                    Words::new(
                        "缺少：只有最后一个分段没有上限",
                        "missing: only the last band has no upper end",
                    ),
                ),
                Some(_) if last => {
                    self.fault(&key, Words::new("最后一个分段没有上限", "the last band has no upper end"))
                }
                Some(YuanValue::Same(to)) if to.0 <= below => {
                    self.fault(
                        &key,
                        words!(
                            "须大于上一分段的上限{below}",
                            "must be above the end of the band before, {below}"
                        ),
                    );
                }
                Some(YuanValue::Same(to)) => below = to.0,
                // What varies is compared when it is looked up.
                Some(YuanValue::Varies(_)) | None => {}
            }
        }
    }

    /// Bands on one claim are of regular assistance alone: all others look at the year.
    pub(super) fn on_the_year(&mut self, key: &str, on: Option<BandsOn>) {
        if on == Some(BandsOn::OneClaim) {
            let problem = Words::new(
                "只有基本救助可以按单次（`one_claim`）分段；此处按全年分段",
                "only regular assistance has bands on `one_claim`; here they are measured on the year",
            );
            self.fault(&format!("{key}.bands_on"), problem);
        }
    }

    /// Either one ratio or bands.
    pub(super) fn ratio_or_bands(
        &mut self,
        key: &str,
        ratio: Option<&ShareValue>,
        (bands, on): (&[raw::Band], Option<BandsOn>),
    ) {
        if ratio.is_some() && !bands.is_empty() {
            self.fault(
                &format!("{key}.bands"),
                Words::new("`ratio`和`bands`只能写一个", "either `ratio` or `bands`, not both"),
            );
        }
        if on.is_some() && bands.is_empty() {
            self.fault(
                &format!("{key}.bands_on"),
                Words::new(
                    "说明分段按什么计算，但没有写`bands`",
                    "says what bands are measured on, but there are no `bands`",
                ),
            );
        }
        self.bands(key, bands);
    }

    /// A category has at most one tilt of critical-illness insurance in a year.
    fn one_tilt_each(&mut self) {
        let tilts: Vec<_> = self.raw.critical.tilt.iter().filter(|(_, tilt)| tilt.enabled).collect();
        for (number, (id, tilt)) in tilts.iter().enumerate() {
            for (other, earlier) in &tilts[..number] {
                let years = |tilt: &raw::CriticalTilt| {
                    (tilt.from_year.unwrap_or(0), tilt.to_year.unwrap_or(u16::MAX))
                };
                let ((from, to), (first, last)) = (years(tilt), years(earlier));
                let both = tilt.categories.iter().find(|id| earlier.categories.contains(id));
                if let Some(category) = both.filter(|_| from <= last && first <= to) {
                    let problem = words!(
                        "`{category}`已有大病保险倾斜`{other}`；一个人员类别同一时间只有一个",
                        "`{category}` already has the tilt `{other}`; a category has one at a time"
                    );
                    self.fault(&format!("critical.tilt.{id}.categories"), problem);
                }
            }
        }
    }

    pub(super) fn employees(&mut self) {
        if self.document.get("basic").is_some() && self.document.get("basic.employee").is_none() {
            let words =
                Words::new("未给出：职工按居民医保结算", "left out: employees are settled as residents are");
            self.faults.warn(self.document.notice("basic.employee", words));
        }
        let own = &self.raw.basic.employee;
        let kinds = own.kinds();
        let values =
            kinds.covered().next().is_some() || own.annual_cap_yuan.is_some() || !kinds.pools.is_empty();
        if own.like_resident.is_some() && values {
            self.fault(
                "basic.employee",
                Words::new(
                    "`like_resident`与自己的规定只能写一种",
                    "either `like_resident` or values of its own, not both",
                ),
            );
        }
        if own.like_resident.is_none() && !values {
            self.fault(
                "basic.employee",
                Words::new("须写`like_resident`或自己的规定", "needs `like_resident` or values of its own"),
            );
        }
    }
}
