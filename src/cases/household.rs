//! Cases of one household: they are settled together, because a plan may count deductibles and caps for all of them.

use std::collections::BTreeMap;

use super::bills::{self, TypedEarlier};
use super::field::{CaseFault, CaseFaults, missing, same};
use super::typed::TypedCase;
use super::{NotSettled, Recorder, SettledCase, Settler};
use crate::lang::Words;
use crate::policy::claim::{Claim, Person};
use crate::policy::schedule::{Schedule, YearRules};
use crate::policy::settle::{self, Case, EarlierClaim, Work};
use crate::policy::subsidy::{NoContribution, SubsidyPayment, subsidy};
use crate::policy::year_end::self_pays_after_tilt;

/// The positions of cases that are settled together: those of one household and year; every other case by itself. In the
/// order of the first member of each.
#[must_use]
pub fn households(cases: &[TypedCase]) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = Vec::new();
    let mut known: BTreeMap<(&str, u16), usize> = BTreeMap::new();
    for (index, case) in cases.iter().enumerate() {
        let Some(household) = &case.household else {
            all.push(vec![index]);
            continue;
        };
        match known.get(&(household.as_str(), case.year)) {
            Some(&at) => all[at].push(index),
            None => {
                known.insert((household, case.year), all.len());
                all.push(vec![index]);
            }
        }
    }
    all
}

/// How many members the household of some cases has: as stated, else as many as there are cases.
pub(super) fn size_of(cases: &[&TypedCase]) -> u8 {
    let stated = cases.iter().find_map(|case| case.household_size);
    stated.unwrap_or_else(|| u8::try_from(cases.len()).unwrap_or(u8::MAX))
}

/// Looks whether the cases of each household can be settled together.
///
/// # Errors
/// Members in different counties; where an application counts the household, members who are recognised in different
/// months; where claims count for the household, members whose earlier claims of a year are given in different forms.
pub fn fit_together(cases: &mut [TypedCase], settler: &mut Settler<'_>) -> Result<(), CaseFaults> {
    let mut faults = CaseFaults::default();
    for household in households(cases) {
        let members: Vec<&TypedCase> = household.iter().map(|&index| &cases[index]).collect();
        let stated = members.iter().copied().find(|case| case.household_size.is_some());
        members.iter().for_each(|case| faults.extend(case.another_size(stated, members.len())));
        let warnings = earlier_together(&members, settler, &mut faults);
        warnings.into_iter().for_each(|warning| cases[household[0]].warnings.push(warning));
        let first = &cases[household[0]];
        let name = first.household.as_deref().unwrap_or_default();
        let by_household = settler
            .rules(first.county, first.year)
            .is_some_and(|rules| rules.schedules.iter().any(|schedule| schedule.applies_by_household()));
        let recognised = household.iter().map(|&index| &cases[index]).find(|case| case.recognised.is_some());
        for case in household[1..].iter().map(|&index| &cases[index]) {
            if case.county != first.county {
                let (other, line) = (&first.name, first.line);
                let allowed = Words::new(
                    format!("与第{line}行的 {other:?} 不在同一县区：一个家庭属于一个县区"),
                    format!(
                        "lives in another county than {other:?} on line {line}: a household is of one county"
                    ),
                );
                faults.extend(case.fault(same("household"), same(&format!("{name:?}")), allowed));
            }
            let other = recognised.filter(|other| by_household && other.recognised != case.recognised);
            if let (Some(other), Some(month)) = (other, case.recognised) {
                let (name, line) = (&other.name, other.line);
                let allowed = Words::new(
                    format!("须与第{line}行的 {name:?} 同月：按本政策，一个家庭一起认定"),
                    format!(
                        "must be the month of {name:?} on line {line}: by this policy a household is recognised together"
                    ),
                );
                faults.extend(case.fault(same("recognised"), same(&month.to_string()), allowed));
            }
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// Earlier claims that are settled by the rules of their year need those of the other members in the same form: what is
/// typed as left of a claim does not count in the sums of the household. Gives a warning for members without any.
fn earlier_together(
    members: &[&TypedCase],
    settler: &mut Settler<'_>,
    faults: &mut CaseFaults,
) -> Vec<CaseFault> {
    let mut warnings = Vec::new();
    let first = members[0];
    if members.len() < 2 || members.iter().all(|case| case.earlier.is_empty()) {
        return warnings;
    }
    for year in (1..=bills::EARLIER_YEARS).map(|back| first.year - back) {
        // Of one member and year all are given in one form.
        let of_year = |case: &TypedCase| case.earlier.iter().find(|one| one.year == year).cloned();
        let given: Vec<(&TypedCase, TypedEarlier)> =
            members.iter().filter_map(|case| Some((*case, of_year(case)?))).collect();
        let settled = || given.iter().filter(|(_, one)| one.self_pay.is_none());
        let by_household = settler
            .rules(first.county, year)
            .is_some_and(|rules| rules.schedules.iter().any(Schedule::counts_claims_of_households));
        let Some((one, bill)) = settled().next().filter(|_| by_household) else {
            continue;
        };
        if let Some((other, left)) = given.iter().find(|(_, one)| one.self_pay.is_some()) {
            for (case, bill) in settled() {
                let (name, line) = (&other.name, left.line);
                let allowed = Words::new(
                    format!(
                        "同一家庭的 {name:?} 对{year}年填了 `self_pay`（第{line}行），而按本政策该年费用按家庭累计：这里也请用 `self_pay` 代替 `total`"
                    ),
                    format!(
                        "{name:?} of the same household gives `self_pay` for {year} (line {line}), and by this policy claims of \
                         that year count for the household: give `self_pay` in the place of `total` here too"
                    ),
                );
                faults.push(case.of_earlier(bill, allowed));
            }
            continue;
        }
        let without: Vec<String> = members
            .iter()
            .filter(|case| of_year(case).is_none())
            .map(|case| format!("{:?}", case.name))
            .collect();
        if !without.is_empty() {
            let allowed = Words::new(
                format!(
                    "按{year}年的家庭累计结算，其中没有 {} 的费用：没有填该年的以前年度费用；如果有，请一并填写，未认定的成员有费用时请都填 `self_pay`",
                    without.join("、")
                ),
                format!(
                    "is settled by the sums of the household of {year}, in which nothing of {} counts: no earlier claims of that \
                     year are given; had they any, give them too, or, where who is not recognised had some, `self_pay` for all",
                    without.join(", ")
                ),
            );
            warnings.push(one.of_earlier(bill, allowed));
        }
    }
    warnings
}

impl TypedCase {
    /// What is wrong with the size of a household of so many cases, which one of them states.
    fn another_size(&self, stated: Option<&Self>, n_cases: usize) -> CaseFaults {
        let (Some(own), Some(stated)) = (self.household_size, stated) else { return CaseFaults::default() };
        let allowed = if usize::from(own) < n_cases {
            Words::new(
                format!("至少为{n_cases}：本年有这么多个案写了这个家庭"),
                format!("must be at least {n_cases}: so many cases of this year name the household"),
            )
        } else if Some(own) != stated.household_size {
            let (name, line) = (&stated.name, stated.line);
            Words::new(
                format!("须与第{line}行的 {name:?} 相同：他们是一个家庭"),
                format!("must be that of {name:?} on line {line}: they are of one household"),
            )
        } else {
            return CaseFaults::default();
        };
        self.fault(same("household_size"), same(&own.to_string()), allowed)
    }

    fn of_earlier(&self, bill: &TypedEarlier, allowed: Words) -> CaseFault {
        CaseFault {
            file: self.claims_file.clone(),
            line: bill.line,
            field: Words::new(
                format!("以前年度费用 {:?}：total", bill.name),
                format!("earlier claim {:?}: total", bill.name),
            ),
            value: same(&bill.claim.total.to_string()),
            allowed,
        }
    }
}

impl<'a> Settler<'a> {
    /// Whether any rule by which one of the cases is settled counts the sums of a household.
    pub fn counts_households(&mut self, cases: &[TypedCase]) -> bool {
        let mut counts = |case: &TypedCase| {
            self.rules(case.county, case.year).is_some_and(|rules| rules.counts_households())
        };
        cases.iter().any(&mut counts)
    }

    /// Whether any amount by which one of the cases is settled goes by the size of the household.
    pub fn goes_by_household_size(&mut self, case: &TypedCase) -> bool {
        self.rules(case.county, case.year).is_some_and(YearRules::go_by_household_size)
    }

    /// Settles the cases that are asked for, with the others of their households; in the order of the cases.
    ///
    /// # Errors
    /// As of [`settle_together`](Self::settle_together), the faults of all households at once.
    pub fn settle_households(
        &mut self,
        cases: &[TypedCase],
        is_asked: impl Fn(&TypedCase) -> bool,
    ) -> Result<Vec<Option<SettledCase>>, NotSettled> {
        let mut faults = CaseFaults::default();
        let mut settled: Vec<Option<SettledCase>> = vec![None; cases.len()];
        for household in households(cases) {
            let members: Vec<&TypedCase> = household.iter().map(|&index| &cases[index]).collect();
            if !members.iter().any(|case| is_asked(case)) {
                continue;
            }
            match self.settle_together(&members) {
                Ok(all) => household.iter().zip(all).for_each(|(&index, one)| settled[index] = Some(one)),
                Err(NotSettled::Faults(more)) => faults.extend(more),
                Err(other) => return Err(other),
            }
        }
        if faults.is_empty() { Ok(settled) } else { Err(faults.into()) }
    }

    /// Settles the cases of one household and year together; the answers are in the order of the cases.
    ///
    /// # Errors
    /// Where the year has no parameters, a contribution depends on a sex that is not given, or the payments do not add up
    /// to the bills.
    pub fn settle_together(&mut self, cases: &[&TypedCase]) -> Result<Vec<SettledCase>, NotSettled> {
        let Some(first) = cases.first() else { return Ok(Vec::new()) };
        let earlier = self.earlier(cases)?;
        let (rules, works) = self.at_work(cases, first.year)?;
        let mut faults = CaseFaults::default();
        let mut subsidies: Vec<Option<SubsidyPayment>> = Vec::new();
        for case in cases {
            match subsidy(rules, &case.person()) {
                Ok(paid) => subsidies.push(paid),
                Err(problem) => faults.extend(no_contribution(case, problem)),
            }
        }
        if !faults.is_empty() {
            return Err(faults.into());
        }
        let whole: Vec<Case<'_>> = cases
            .iter()
            .zip(&earlier)
            .map(|(case, earlier)| Case { person: case.person(), claims: &case.claims, earlier })
            .collect();
        let mut recorders: Vec<Recorder> = cases.iter().map(|_| Recorder::default()).collect();
        settle::settle_household(rules, &whole, works, &mut recorders);
        for (case, work) in cases.iter().zip(works.iter_mut()) {
            case.balanced(work)?;
            let typed = case.claims.iter().zip(&case.claim_names);
            if let Err(found) = case.other_payers(typed, &work.settled) {
                faults.extend(found);
            }
        }
        if !faults.is_empty() {
            return Err(faults.into());
        }
        let names: Vec<String> = match cases {
            [_] => Vec::new(),
            _ => cases.iter().map(|case| case.name.clone()).collect(),
        };
        let household = (names.as_slice(), size_of(cases));
        let settled = recorders.into_iter().zip(subsidies).zip(earlier).zip(works);
        Ok(settled
            .map(|(((recorder, subsidy), earlier), work)| recorder.case(subsidy, earlier, (work, household)))
            .collect())
    }

    /// What the claims of the years before left to the patients: as typed, or settled by the rules of their year, those of
    /// a household together.
    fn earlier(&mut self, cases: &[&TypedCase]) -> Result<Vec<Vec<EarlierClaim>>, NotSettled> {
        let typed = |case: &&TypedCase| case.earlier.iter().map(TypedEarlier::as_typed).collect();
        let mut all: Vec<Vec<EarlierClaim>> = cases.iter().map(typed).collect();
        let Some(first) = cases.first() else { return Ok(all) };
        for back in 1..=bills::EARLIER_YEARS {
            let year = first.year - back;
            let of_year = |one: &&TypedEarlier| one.self_pay.is_none() && one.year == year;
            let chosen: Vec<Vec<&TypedEarlier>> =
                cases.iter().map(|case| case.earlier.iter().filter(of_year).collect()).collect();
            if chosen.iter().all(Vec::is_empty) {
                continue;
            }
            let claims: Vec<Vec<Claim>> =
                chosen.iter().map(|own| own.iter().map(|one| one.claim).collect()).collect();
            let younger = u8::try_from(back).unwrap_or(u8::MAX);
            let whole: Vec<Case<'_>> = cases
                .iter()
                .zip(&claims)
                .map(|(case, claims)| {
                    let age = case.age.saturating_sub(younger);
                    Case { person: Person { age, recognised: None, ..case.person() }, claims, earlier: &[] }
                })
                .collect();
            let (rules, works) = self.at_work(cases, year)?;
            let mut recorders: Vec<Recorder> = cases.iter().map(|_| Recorder::default()).collect();
            settle::settle_household(rules, &whole, works, &mut recorders);
            for (number, case) in cases.iter().enumerate() {
                let work = &mut works[number];
                case.balanced(work)?;
                let names = chosen[number].iter().map(|one| &one.name);
                case.other_payers(claims[number].iter().zip(names), &work.settled)?;
                let own = (0..case.earlier.len()).filter(|&index| of_year(&&case.earlier[index]));
                for (index, self_pay) in own.zip(self_pays_after_tilt(work)) {
                    all[number][index].self_pay = self_pay;
                }
            }
        }
        Ok(all)
    }
}

impl Recorder {
    fn case(
        self,
        subsidy: Option<SubsidyPayment>,
        earlier: Vec<EarlierClaim>,
        (work, (members, household_size)): (&Work, (&[String], u8)),
    ) -> SettledCase {
        let Self { payments, parts, others, before, wholes } = self;
        let (claims, passed, members) = (work.settled.clone(), work.passed().to_vec(), members.to_vec());
        SettledCase {
            subsidy,
            claims,
            payments,
            parts,
            others,
            earlier,
            passed,
            members,
            household_size,
            before,
            wholes,
        }
    }
}

fn no_contribution(case: &TypedCase, problem: NoContribution) -> CaseFaults {
    match problem {
        NoContribution::SexNeeded => {
            let allowed = Words::new(
                "m 或 f：这个年龄的缴费标准因性别而异",
                "m or f: the contribution of this age depends on it",
            );
            case.fault(same("sex"), missing(), allowed)
        }
        NoContribution::NoGroup => {
            let allowed =
                Words::new("须为测算地区有缴费标准的年龄", "an age for which the place gives a contribution");
            case.fault(same("age"), same(&case.age.to_string()), allowed)
        }
    }
}
