//! The claims of a typed-in case: those of its year, and those of the years before that an application can reach.

use std::collections::{BTreeMap, BTreeSet};

use super::field::{CaseFault, Typed, same, too_large};
use super::new_year::PartOfBill;
use super::of_claim;
use super::reversal::{Reversals, Reversed};
use super::stay::PartsOfStays;
use super::typed::{Group, Reader, hinted, years_text};
use crate::lang::Words;
use crate::policy::claim::{Claim, Disease, Kind, Level, Locality};
use crate::scenario::fault::{meant, nearest};
use crate::units::{Day, Fen};

/// The fields of a claim.
pub(super) const CLAIM: &[&str] = &[
    "id",
    "kind",
    "admitted",
    "discharged",
    "level",
    "place",
    "referred",
    "disease",
    "total",
    "out_of_scope",
    "other_paid",
    "stay",
    "reverses",
];

/// The fields of a claim of a year before.
const EARLIER: &[&str] = &[
    "id",
    "kind",
    "admitted",
    "discharged",
    "level",
    "place",
    "referred",
    "disease",
    "total",
    "out_of_scope",
    "other_paid",
    "self_pay",
];

/// The longest time from admission to discharge, in days: longer stays are billed in parts.
pub const LONGEST_STAY_DAYS: i64 = 366;

/// The most years before the case's year in which a claim can count: no window is longer than 24 months.
pub const EARLIER_YEARS: u16 = 2;

/// A claim of a year before the case's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedEarlier {
    /// Its name.
    pub name: String,
    /// The line on which it was typed.
    pub line: usize,
    /// The claim; without amounts where what was left is typed.
    pub claim: Claim,
    /// The year that it belongs to.
    pub year: u16,
    /// What was left to the patient within the catalogue, after that year's tilt assistance; none where the claim is
    /// settled by the rules of its year.
    pub self_pay: Option<Fen>,
}

/// The claims of a case's year.
#[derive(Debug, Default)]
pub(super) struct TypedClaims {
    pub(super) names: Vec<String>,
    pub(super) claims: Vec<Claim>,
    pub(super) reversed: Vec<Reversed>,
    pub(super) parts: BTreeMap<usize, PartOfBill>,
}

/// A stay in hospital.
struct Stay {
    name: String,
    admitted: Day,
    discharged: Day,
    line: usize,
}

/// Below it a stay's bill is likely typed in another unit: the cheapest hospitals take some hundred yuan.
const SMALLEST_STAY: Fen = Fen(10_000);

impl Reader<'_> {
    /// The claims of the case's year with their names, and those that were reversed.
    pub(super) fn claims(&mut self, group: Group<'_>, year: Option<u16>) -> TypedClaims {
        let mut all = TypedClaims::default();
        let mut known = BTreeSet::new();
        let list = self.groups(group, "claims");
        let reversals = Reversals::of(list);
        let (mut stays, mut parts) = (Vec::new(), PartsOfStays::default());
        for (number, fields) in list.iter().enumerate() {
            let path = self.path("claims", number);
            let one = Group { fields, path: &path, file: self.claims_file };
            let name = self.name(one, &mut known);
            self.known_fields(one, CLAIM);
            if one.get("reverses").is_some() {
                self.reversal(one, (number, &reversals));
                continue;
            }
            let Some(mut bill) = self.bill(one, true) else {
                all.names.push(name);
                continue;
            };
            let part = self.of_year(one, &mut bill, year);
            if let Some(by) = reversals.of_bill(&name) {
                all.reversed.push(Reversed { name, by, total: bill.total, part });
                continue;
            }
            bill.stay = self.part_of_stay(one, (&name, &bill), &mut parts);
            if bill.kind == Kind::Inpatient {
                let (admitted, discharged) = (bill.admitted, bill.discharged);
                stays.push(Stay { name: name.clone(), admitted, discharged, line: fields.line });
            }
            all.parts.extend(part.map(|part| (all.claims.len(), part)));
            all.claims.push(bill);
            all.names.push(name);
        }
        self.overlaps(stays);
        all
    }

    fn name(&mut self, group: Group<'_>, known: &mut BTreeSet<String>) -> String {
        let name = self.text(group, "id", true).unwrap_or_default().to_owned();
        if !known.insert(name.clone()) && !name.is_empty() {
            let allowed = Words::new("个案中有两笔费用用了这个编号", "two claims of the case have this id");
            self.fault(group, "id", allowed);
        }
        name
    }

    /// The claims of the years before: either each with what was left of it, or all to be settled.
    pub(super) fn earlier(
        &mut self,
        group: Group<'_>,
        (year, recognised): (Option<u16>, Option<crate::units::Month>),
        years: &[u16],
    ) -> Vec<TypedEarlier> {
        let list = self.groups(group, "earlier");
        if !list.is_empty() && group.get("recognised").is_none() && recognised.is_none() {
            let allowed = Words::new(
                "以前年度费用只用于依申请救助：请填认定月份 `recognised`",
                "count for an application alone: give `recognised`, the month of the recognition",
            );
            self.fault(group, "earlier", allowed);
        }
        let mut all: Vec<TypedEarlier> = Vec::new();
        // Of each year, whether the first of its claims gives what was left.
        let mut forms: BTreeMap<u16, bool> = BTreeMap::new();
        let mut known = BTreeSet::new();
        for (number, fields) in list.iter().enumerate() {
            let path = self.path("earlier", number);
            let one = Group { fields, path: &path, file: self.claims_file };
            let name = self.name(one, &mut known);
            self.known_fields(one, EARLIER);
            let self_pay = self.money(one, "self_pay", false);
            let Some(bill) = self.bill(one, one.get("self_pay").is_none()) else { continue };
            if self_pay.is_some()
                && ["total", "out_of_scope", "other_paid"].iter().any(|of| one.get(of).is_some())
            {
                let allowed = Words::new(
                    "代替 `total`、`out_of_scope` 和 `other_paid`：或填个人自付余额，或填费用",
                    "stands instead of `total`, `out_of_scope` and `other_paid`: give either what was left or the bill",
                );
                self.fault(one, "self_pay", allowed);
            }
            let counts = self.year_of_earlier(one, &bill);
            if self.in_years_before(one, (&bill, counts), year) && self_pay.is_none() {
                self.can_be_settled(one, counts, years);
            }
            if *forms.entry(counts).or_insert(self_pay.is_some()) != self_pay.is_some() {
                let allowed = Words::new(
                    "一年的以前年度费用要么都填它，要么都不填：一笔费用的余额取决于其他费用",
                    "give it for all earlier claims of a year or for none: what is left of a bill depends on the others",
                );
                self.fault(one, "self_pay", allowed);
            }
            let line = fields.line;
            all.push(TypedEarlier { name, line, claim: bill, year: counts, self_pay });
        }
        all
    }

    fn can_be_settled(&mut self, group: Group<'_>, admitted: u16, years: &[u16]) {
        if !years.contains(&admitted) {
            let years = years_text(years);
            let allowed = Words::new(
                format!(
                    "{admitted}年的费用不能结算（{}）：请填 `self_pay`，即目录内留给个人的部分",
                    years.zh
                ),
                format!(
                    "a bill of {admitted} cannot be settled ({}): give `self_pay`, what was left to the patient within the catalogue",
                    years.en
                ),
            );
            self.fault(group, "total", allowed);
        }
    }

    /// A claim of any year.
    fn bill(&mut self, group: Group<'_>, needs_total: bool) -> Option<Claim> {
        let kind = self.choice(group, "kind", (Kind::NAMES, Kind::from_name), true);
        let level = self.choice(group, "level", (Level::NAMES, Level::from_name), true);
        let locality = self.choice(group, "place", (Locality::NAMES, Locality::from_name), false);
        let referred = match group.get("referred") {
            None => true,
            Some(Typed::Bool(yes)) => *yes,
            Some(_) => {
                self.fault(group, "referred", Words::new("须为 true 或 false", "must be true or false"));
                true
            }
        };
        let disease = self.disease(group);
        let admitted = self.day(group, "admitted", true);
        let discharged = self.day(group, "discharged", false).or(admitted);
        if let (Some(admitted), Some(discharged)) = (admitted, discharged) {
            self.length(group, admitted, discharged);
        }
        let total = self.money(group, "total", needs_total);
        let out_of_scope = self.money(group, "out_of_scope", false);
        if let (Some(total), Some(part)) = (total, out_of_scope)
            && part > total
        {
            let allowed = Words::new(
                format!("不能超过总费用 {total}"),
                format!("must not exceed the total of {total}"),
            );
            self.fault(group, "out_of_scope", allowed);
        }
        let other_paid = self.money(group, "other_paid", false);
        if let (Some(total), Some(other)) = (total, other_paid)
            && let inside = total.above(out_of_scope.unwrap_or(Fen::ZERO))
            && other > inside
        {
            let allowed = Words::new(
                format!("不能超过目录内费用 {inside}"),
                format!("must not exceed the part within the catalogue, {inside}"),
            );
            self.fault(group, "other_paid", allowed);
        }
        let total = if needs_total { total? } else { total.unwrap_or(Fen::ZERO) };
        self.small(group, kind, total);
        Some(Claim {
            kind: kind?,
            level: level?,
            locality: locality.unwrap_or(Locality::City),
            referred,
            disease,
            admitted: admitted?,
            discharged: discharged?,
            total,
            out_of_scope: out_of_scope.unwrap_or(Fen::ZERO),
            other_paid: other_paid.unwrap_or(Fen::ZERO),
            stay: 0,
        })
    }

    /// The listed disease that a bill names.
    fn disease(&mut self, group: Group<'_>) -> Disease {
        let Some(text) = self.text(group, "disease", false) else { return Disease::NONE };
        let names = &self.scenario.policy.names;
        let by_label = names.diseases.iter().find(|listed| listed.name.zh == text || listed.name.en == text);
        if let Some(disease) = names.disease(text) {
            return disease;
        }
        let hint = match by_label {
            Some(listed) => meant(&listed.name.id),
            None if names.diseases.is_empty() => {
                Words::new("政策没有列出病种，请不要填这个字段", "it lists none, so leave the field out")
            }
            None => {
                nearest(text, names.diseases.iter().map(|listed| listed.name.id.as_str())).unwrap_or_default()
            }
        };
        let problem = Words::new("不是本政策列出的病种", "is no listed disease of this policy");
        self.fault(group, "disease", hinted(problem, &hint));
        Disease::NONE
    }

    fn length(&mut self, group: Group<'_>, admitted: Day, discharged: Day) {
        if discharged < admitted {
            let allowed = Words::new(
                format!("不能早于入院日期 {admitted}"),
                format!("must not be before the admission on {admitted}"),
            );
            self.fault(group, "discharged", allowed);
        } else if discharged.days_since(admitted) > LONGEST_STAY_DAYS {
            let allowed = Words::new(
                format!("最多在入院日期 {admitted} 之后{LONGEST_STAY_DAYS}天；更长的住院分段结账"),
                format!(
                    "must be at most {LONGEST_STAY_DAYS} days after the admission on {admitted}; longer stays are billed in parts"
                ),
            );
            self.fault(group, "discharged", allowed);
        }
    }

    /// Says which stays cost next to nothing: it is settled as it was typed, but 万元 may have been meant.
    fn small(&mut self, group: Group<'_>, kind: Option<Kind>, total: Fen) {
        if kind == Some(Kind::Inpatient) && Fen::ZERO < total && total < SMALLEST_STAY {
            let meant = Fen(total.0 * 10_000);
            let allowed = Words::new(
                format!("作为一次住院的费用很少；如果是万元，请写 {meant}"),
                format!("is very little for a stay; if 万元 was meant, write {meant}"),
            );
            self.warnings.push(group.fault("total", allowed));
        }
    }

    /// Says which stays begin before an earlier one has ended. A day of transfer belongs to both; more than that may be
    /// a bill in parts or a mistake, which only the claims officer can tell: it is settled as it was typed.
    fn overlaps(&mut self, mut stays: Vec<Stay>) {
        stays.sort_by_key(|stay| (stay.admitted, stay.discharged));
        let mut last: Option<&Stay> = None;
        for stay in &stays {
            if let Some(other) = last.filter(|other| stay.admitted < other.discharged) {
                let Stay { name, admitted, discharged, line } = other;
                let allowed = Words::new(
                    format!(
                        "这次住院在住院 {name:?}（第{line}行，{admitted} 至 {discharged}）结束之前开始；两次都按所填结算"
                    ),
                    format!(
                        "the stay begins before the end of stay {name:?} (line {line}), {admitted} to {discharged}; both were settled as typed"
                    ),
                );
                self.warnings.push(CaseFault {
                    file: self.claims_file.to_owned(),
                    line: stay.line,
                    field: of_claim(&stay.name, "admitted"),
                    value: same(&stay.admitted.to_string()),
                    allowed,
                });
            }
            if last.is_none_or(|other| other.discharged < stay.discharged) {
                last = Some(stay);
            }
        }
    }

    /// All bills of a person together stay within what can be settled to the fen.
    pub(super) fn sum(&mut self, group: Group<'_>, claims: &[Claim], earlier: &[TypedEarlier]) {
        let all = |part: &mut dyn Iterator<Item = Fen>| part.map(|fen| i128::from(fen.0)).sum::<i128>();
        let typed = all(&mut claims.iter().map(|claim| claim.total));
        let before = all(&mut earlier.iter().map(|one| one.claim.total + one.self_pay.unwrap_or(Fen::ZERO)));
        if typed + before > i128::from(Fen::MAX_INPUT.0) {
            let why = too_large();
            let allowed =
                Words::new(format!("总费用之和{}", why.zh), format!("the sum of the totals {}", why.en));
            self.fault(group, "claims", allowed);
        }
    }
}
