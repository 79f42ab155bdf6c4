//! Stays over New Year: which year a bill belongs to, and which part of it.

use std::collections::BTreeMap;

use super::bills::EARLIER_YEARS;
use super::field::{CaseFault, CaseFaults, same};
use super::of_claim;
use super::typed::{Group, Reader, TypedCase, hinted};
use crate::lang::Words;
use crate::policy::claim::{Claim, Kind, OverNewYear};
use crate::units::Fen;

/// The part of a bill that belongs to the case's year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartOfBill {
    /// The whole bill.
    pub whole: Claim,
    /// The line on which it was typed.
    pub line: usize,
    /// The part's own amount.
    pub amount: Fen,
    /// The year of the other part.
    pub other_year: u16,
    /// Days of the stay in the year, those of admission and of discharge counted.
    pub days: i64,
    /// Days of the whole stay.
    pub of_days: i64,
}

impl Reader<'_> {
    /// Looks whether a bill belongs to the case's year; of one that is split, cuts it to its part.
    pub(super) fn of_year(
        &mut self,
        group: Group<'_>,
        bill: &mut Claim,
        year: Option<u16>,
    ) -> Option<PartOfBill> {
        let year = year?;
        let (from, to) = (bill.admitted.month.year(), bill.discharged.month.year());
        let over = bill.is_over_new_year();
        let rule = self.scenario.over_new_year(from);
        match rule {
            OverNewYear::ByDischarge if over && to == year => None,
            OverNewYear::ByDischarge if over && from == year => {
                let allowed = Words::new(
                    format!("属于{to}年：按本政策跨年度住院归出院年度，即{to}年的个案"),
                    format!(
                        "is of {to}: by this policy a stay over New Year belongs to the year of discharge, so to the case of {to}"
                    ),
                );
                self.fault(group, "discharged", allowed);
                None
            }
            OverNewYear::Split if over && to > from + 1 => {
                let allowed = Words::new(
                    "跨两个年度的住院请按年度分开录入",
                    "a stay over two New Years is typed as bills of each year",
                );
                self.fault(group, "discharged", allowed);
                None
            }
            OverNewYear::Split if over && (from == year || to == year) => {
                Some(cut(bill, from == year, group.fields.line))
            }
            _ => {
                self.in_year(group, bill, (year, rule));
                None
            }
        }
    }

    /// The year that a bill of the years before belongs to.
    pub(super) fn year_of_earlier(&mut self, group: Group<'_>, bill: &Claim) -> u16 {
        let (from, to) = (bill.admitted.month.year(), bill.discharged.month.year());
        let over = bill.is_over_new_year();
        match self.scenario.over_new_year(from) {
            OverNewYear::ByDischarge if over => to,
            OverNewYear::Split if over => {
                let allowed = Words::new(
                    "按本政策跨年度住院分年计算：请把每年的天数作为单独一笔费用录入",
                    "by this policy a stay over New Year is split: type the days of each year as a bill of its own",
                );
                self.fault(group, "discharged", allowed);
                from
            }
            _ => from,
        }
    }

    /// Whether a bill belongs to one of the years before the case's that an application can reach.
    pub(super) fn in_years_before(
        &mut self,
        group: Group<'_>,
        (bill, counts): (&Claim, u16),
        year: Option<u16>,
    ) -> bool {
        let Some(year) = year else { return false };
        let inside = (1..=EARLIER_YEARS).any(|n| counts + n == year);
        if !inside {
            let (first, last) = (year - EARLIER_YEARS, year - 1);
            let hint = if counts != bill.admitted.month.year() && counts == year {
                Words::new(
                    "按本政策跨年度住院归出院年度，即写入 `claims`",
                    "by this policy a stay over New Year belongs to the year of discharge, so to `claims`",
                )
            } else {
                Words::default()
            };
            let allowed = Words::new(
                format!("须为个案年度之前的日期，即{first}年或{last}年"),
                format!("must be a day of the years before the case's, {first} or {last}"),
            );
            self.fault(group, "admitted", hinted(allowed, &hint));
        }
        inside
    }

    fn in_year(&mut self, group: Group<'_>, claim: &Claim, (year, rule): (u16, OverNewYear)) {
        let (from, to) = (claim.admitted.month.year(), claim.discharged.month.year());
        if from == year {
            return;
        }
        let before = (1..=EARLIER_YEARS).any(|n| from + n == year);
        let hint = match rule {
            _ if to == year && claim.kind != Kind::Inpatient => Words::new(
                format!(
                    "只有住院（`inpatient`）可以跨年度：其他费用归开始的年度{from}年，请把每年的天数作为单独一笔费用录入"
                ),
                format!(
                    "only stays (`inpatient`) reach over New Year: a bill of another kind belongs to the year in which it \
                     begins, {from}, so type the days of each year as a bill of its own"
                ),
            ),
            OverNewYear::ByAdmission if to == year => Words::new(
                format!("按本政策跨年度住院归入院年度{from}年"),
                format!("by this policy a stay over New Year belongs to the year of admission, {from}"),
            ),
            _ if before => Words::new(
                "更早的费用只用于依申请救助，写入 `earlier`",
                "claims before it count for an application alone, as `earlier`",
            ),
            _ => Words::default(),
        };
        let allowed = Words::new(
            format!("须为个案年度{year}年的日期"),
            format!("must be a day of the case's year {year}"),
        );
        self.fault(group, "admitted", hinted(allowed, &hint));
    }
}

/// Leaves of a bill the days until New Year, or those after it; the two parts add up to the bill.
fn cut(bill: &mut Claim, first: bool, line: usize) -> PartOfBill {
    let whole = *bill;
    let split = whole.split_at_new_year();
    let (part, days) = if first { (split.until, split.days_until) } else { (split.after, split.days_after) };
    *bill = part;
    let other = if first { whole.discharged } else { whole.admitted };
    let of_days = split.days_until + split.days_after;
    PartOfBill { whole, line, amount: part.total, other_year: other.month.year(), days, of_days }
}

/// A bill that is split at New Year, in the case of one of the years.
#[derive(Clone, Copy)]
struct SplitBill<'c> {
    case: &'c TypedCase,
    name: &'c str,
    part: &'c PartOfBill,
    is_reversed: bool,
}

/// Looks whether both parts of each bill that is split at New Year are those of one bill; that one of them is in no case is
/// a warning of the case with the other.
///
/// # Errors
/// Bills of one case and name that differ between the years; a bill that is reversed in one of the years alone.
pub fn fit_parts(cases: &mut [TypedCase], years: &[u16]) -> Result<(), CaseFaults> {
    let mut faults = CaseFaults::default();
    let mut warnings: Vec<(usize, CaseFault)> = Vec::new();
    let by_year: BTreeMap<(&str, u16), &TypedCase> =
        cases.iter().map(|case| ((case.name.as_str(), case.year), case)).collect();
    let mut parts: BTreeMap<(&str, u16, &str, u16), SplitBill<'_>> = BTreeMap::new();
    for bill in by_year.values().flat_map(|case| case.split_bills()) {
        let key = (bill.case.name.as_str(), bill.case.year, bill.name, bill.part.other_year);
        parts.entry(key).or_insert(bill);
    }
    for (index, case) in cases.iter().enumerate() {
        for bill in case.split_bills() {
            let next = by_year.get(&(case.name.as_str(), bill.part.other_year)).copied();
            let other = (case.name.as_str(), bill.part.other_year, bill.name, case.year);
            match parts.get(&other).copied() {
                // Told once, at the later year.
                Some(other) if case.year > other.case.year => bill.fits(other, &mut faults),
                Some(_) => {}
                None if bill.is_reversed => {}
                None => warnings.push((index, bill.half(next, years))),
            }
        }
    }
    for (index, warning) in warnings {
        cases[index].warnings.push(warning);
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

impl TypedCase {
    fn split_bills(&self) -> impl Iterator<Item = SplitBill<'_>> {
        let standing =
            self.parts.iter().map(|(&index, part)| (self.claim_names[index].as_str(), part, false));
        let reversed = self.reversed.iter();
        let reversed = reversed.filter_map(|one| Some((one.name.as_str(), one.part.as_ref()?, true)));
        standing.chain(reversed).map(|(name, part, is_reversed)| SplitBill {
            case: self,
            name,
            part,
            is_reversed,
        })
    }
}

impl SplitBill<'_> {
    fn fault(self, (field, value): (&str, Words), allowed: Words) -> CaseFault {
        CaseFault {
            file: self.case.claims_file.clone(),
            line: self.part.line,
            field: of_claim(self.name, field),
            value,
            allowed,
        }
    }

    /// Looks whether the bill is that of the year before.
    fn fits(self, other: SplitBill<'_>, faults: &mut CaseFaults) {
        let (own, first) = (&self.part.whole, &other.part.whole);
        let (year, line) = (other.case.year, other.part.line);
        let fields = [
            ("kind", own.kind != first.kind, own.kind.name().to_owned()),
            ("level", own.level != first.level, own.level.name().to_owned()),
            ("place", own.locality != first.locality, own.locality.name().to_owned()),
            ("referred", own.referred != first.referred, own.referred.to_string()),
            ("disease", own.disease != first.disease, String::new()),
            ("admitted", own.admitted != first.admitted, own.admitted.to_string()),
            ("discharged", own.discharged != first.discharged, own.discharged.to_string()),
            ("total", own.total != first.total, own.total.to_string()),
            ("out_of_scope", own.out_of_scope != first.out_of_scope, own.out_of_scope.to_string()),
            ("other_paid", own.other_paid != first.other_paid, own.other_paid.to_string()),
        ];
        for (field, _, value) in fields.into_iter().filter(|(_, differs, _)| *differs) {
            let allowed = Words::new(
                format!("须与{year}年第{line}行相同：按本政策跨年度住院分年计算，两年都录入整笔费用"),
                format!(
                    "must be as on line {line}, in the year {year}: a stay over New Year is split by this policy, and the whole \
                     bill is typed in both years"
                ),
            );
            let value = if value.is_empty() { Words::new("不同", "another") } else { same(&value) };
            faults.push(self.fault((field, value), allowed));
        }
        if self.is_reversed != other.is_reversed {
            let (stands, reversed) = if other.is_reversed { (self, other) } else { (other, self) };
            let (year, line) = (reversed.case.year, reversed.part.line);
            let allowed = Words::new(
                format!("同一笔费用在{year}年已冲销（第{line}行）：冲销总是整笔，请两年都录入冲销"),
                format!(
                    "the same bill is reversed in the year {year} (line {line}): a reversal takes back the whole of it, so type \
                     the reversal in both years"
                ),
            );
            let year = stands.case.year;
            let value = Words::new(format!("{year}年未冲销"), format!("not reversed in the year {year}"));
            faults.push(stands.fault(("", value), allowed));
        }
    }

    /// What is said where the other part is in no case.
    fn half(self, next: Option<&TypedCase>, years: &[u16]) -> CaseFault {
        let Self { case, part, .. } = self;
        let other = part.other_year;
        let how = match next {
            _ if !years.contains(&other) => {
                Words::new("该年没有参数，不能结算", "the year has no parameters and cannot be settled")
            }
            Some(next) => Words::new(
                format!("请在第{}行的个案中也录入同一笔费用", next.line),
                format!("type the same bill in the case of line {} too", next.line),
            ),
            None => Words::new(
                format!("请另加{other}年的个案 {:?}，录入同一笔费用", case.name),
                format!("give a case {:?} of {other} too, with the same bill", case.name),
            ),
        };
        let (amount, total, year) = (part.amount, part.whole.total, case.year);
        let allowed = Words::new(
            format!("{total} 中结算了 {amount}，即{year}年的部分；{other}年的部分不在任何个案中：{}", how.zh),
            format!(
                "{amount} of {total} is settled, the part of {year}; that of {other} is in no case: {}",
                how.en
            ),
        );
        self.fault(("discharged", same(&part.whole.discharged.to_string())), allowed)
    }
}
