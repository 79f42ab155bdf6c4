//! Step 6: assistance on application, of a person or of a household that is recognised together.

use super::burden::{Burden, TiltOf};
use super::claim::Category;
use super::parts::{HouseholdPart, OtherWindow, Parts, Window};
use super::schedule::{Application, Schedule, Setting, When, YearRules};
use super::settle::{Case, Formula, HouseholdSums, Layer, Ledger, Members, PoolState, Work, share_out};
use super::year_end::{TiltedClaim, first_ratio, pay_at_year_end, tilts_of};
use crate::units::{Fen, Month};

/// Assistance on application, by the schedule of the month of recognition.
pub(super) fn apply<L: Ledger>(rules: &YearRules, members: &mut Members<'_, '_, L>) {
    if members.cases.iter().all(|case| case.person.recognised.is_none()) {
        return;
    }
    for (number, schedule) in rules.schedules.iter().enumerate() {
        for rule in &schedule.applications {
            members.each((rules, rule.sums_of), |members| {
                let of = (members.cases, &*members.works);
                let windows = (0..).map(|window| applicants((rules, number), (rule, window), of.0));
                let some = windows.take_while(|applicants| !applicants.is_empty());
                let mut all: Vec<Due> = some.map(|one| Due::of((rules, rule), one, of)).collect();
                // Of windows by which the same is paid the first is taken.
                let most = all.iter().map(|due| due.amount).max();
                if let Some(best) = all.iter().position(|due| Some(due.amount) == most) {
                    let due = all.remove(best);
                    due.pay((rules, rule), all.first(), members);
                }
            });
        }
    }
}

/// Whoever is recognised, with the claims that count.
#[derive(Debug, Clone, Copy)]
struct Applicant {
    member: usize,
    when: When,
    /// The first and the last month.
    months: (Month, Month),
}

/// The members whom a rule of a schedule is for and who are recognised in a month of that schedule, with one of its
/// windows; nobody where it has no such window.
fn applicants(
    (rules, number): (&YearRules, usize),
    (rule, window): (&Application, usize),
    cases: &[Case<'_>],
) -> Vec<Applicant> {
    let schedule = &rules.schedules[number];
    let of = |(member, case): (usize, &Case<'_>)| {
        let recognised = case.person.recognised.filter(|month| rules.number_in(*month) == number)?;
        let when = if is_assisted(schedule, case, recognised) { rule.when_assisted } else { rule.when };
        let months = rule.window.ending(recognised).nth(window)?;
        rule.who.includes(&case.person).then_some(Applicant { member, when, months })
    };
    cases.iter().enumerate().filter_map(of).collect()
}

/// Whether an assisted identity is held in a month.
fn is_assisted(schedule: &Schedule, case: &Case<'_>, month: Month) -> bool {
    let mut spells = case.person.spells.iter();
    spells.any(|spell| spell.touches(month, month) && spell.category.bit() & schedule.assisted != 0)
}

/// What of one applicant's claims counts.
#[derive(Debug, Default)]
struct Counted {
    /// In-scope self-pay of the year's claims, before tilt assistance, and what that took of it in whole fen.
    own: Fen,
    taken: Fen,
    /// Of the claims of the years before.
    earlier: Fen,
    /// Claims that a shared pool counts now.
    claims: Vec<usize>,
}

impl Counted {
    fn of(
        (year, rule): (u16, &Application),
        applicant: &Applicant,
        (case, work): (&Case<'_>, &Work),
        (burden, tilts): (&mut Burden, &[TiltOf]),
    ) -> Self {
        let Applicant { when, months: (first, last), .. } = *applicant;
        let mut counted = Self::default();
        let shared = |index: usize| rule.pool.is_some_and(|pool| work.state.counted.contains(&(index, pool)));
        let position = |(number, claim): (usize, TiltedClaim)| {
            let number = work.tilted[number].number;
            Some((tilts.iter().position(|tilt| tilt.number == number)?, claim))
        };
        for (index, claim) in case.claims.iter().enumerate() {
            let inside = (first..=last).contains(&claim.month_in(year));
            if inside && when.includes(claim.kind, Setting::of(claim), claim.disease) && !shared(index) {
                let self_pay = work.settled[index].patient_in_scope;
                burden.add(self_pay, tilts_of(index, work).filter_map(position));
                counted.own += self_pay;
                counted.taken += tilts_of(index, work).map(|(_, claim)| claim.taken).sum();
                counted.claims.push(index);
            }
        }
        for claim in case.earlier {
            if (first..=last).contains(&claim.admitted)
                && when.includes(claim.kind, claim.setting, claim.disease)
            {
                burden.add(claim.self_pay, std::iter::empty());
                counted.earlier += claim.self_pay;
            }
        }
        counted
    }

    /// What is left of it, less what earlier rules of application paid.
    fn left(&self, paid: Fen) -> Fen {
        (self.own - self.taken + self.earlier - paid).max(Fen::ZERO)
    }
}

/// The tilt payments that applicants had a part in, each once.
fn tilts(applicants: &[Applicant], works: &[Work]) -> Vec<TiltOf> {
    let mut all: Vec<TiltOf> = Vec::new();
    for group in applicants.iter().flat_map(|applicant| &works[applicant.member].tilted) {
        if all.iter().all(|known| known.number != group.number) {
            all.push(TiltOf { number: group.number, paid: group.paid, self_pay: group.self_pay });
        }
    }
    all
}

/// What is due to applicants within one window, and on what.
struct Due {
    applicants: Vec<Applicant>,
    counted: Vec<Counted>,
    burden: Burden,
    tilts: Vec<TiltOf>,
    /// What earlier rules of application paid.
    paid: Fen,
    /// What is left to each applicant.
    lefts: Vec<Fen>,
    amount: Fen,
    formula: Formula,
}

impl Due {
    fn of(
        (rules, rule): (&YearRules, &Application),
        applicants: Vec<Applicant>,
        (cases, works): (&[Case<'_>], &[Work]),
    ) -> Self {
        let tilts = tilts(&applicants, works);
        let of = |applicant: &Applicant| (&cases[applicant.member], &works[applicant.member]);
        // What an earlier rule of application paid is taken off, so that a yuan is never paid twice.
        let paid: Fen = applicants.iter().map(|one| of(one).1.applied).sum();
        let mut burden = Burden { self_pay: -paid, ..Burden::default() };
        let counted: Vec<Counted> = applicants
            .iter()
            .map(|one| Counted::of((rules.year, rule), one, of(one), (&mut burden, &tilts)))
            .collect();
        // A pool that is shared goes on where regular assistance stopped; that of a household is the same with each member.
        let PoolState { bases: before, paid: used } =
            rule.pool.map_or(PoolState::default(), |pool| of(&applicants[0]).1.state.pools[pool]);
        let (base, uncapped) = burden.payment(rule, before, &tilts);
        let room = if rule.cap == Fen::UNBOUNDED { rule.cap } else { (rule.cap - used).max(Fen::ZERO) };
        let lefts: Vec<Fen> = applicants.iter().map(|one| left(of(one))).collect();
        let amount = uncapped.min(room).min(lefts.iter().copied().sum()).max(Fen::ZERO);
        let (deductible, ratio) = (rule.deductible, first_ratio(&rule.bands));
        let formula = Formula { base, before, deductible, ratio, uncapped, room };
        Self { applicants, counted, burden, tilts, paid, lefts, amount, formula }
    }

    /// The window of an applicant, beside the other one that the rule has.
    fn window(&self, number: usize, other: Option<&Self>) -> Window {
        let Applicant { when, months: (first, last), .. } = self.applicants[number];
        let earlier: Fen = self.counted.iter().map(|one| one.earlier).sum();
        let other = other.map(|due| {
            let (first, last) = due.applicants[number].months;
            OtherWindow { first, last, amount: due.amount }
        });
        Window {
            first,
            last,
            when,
            self_pay: self.counted.iter().map(|one| one.own).sum(),
            paid: self.paid,
            earlier_of_others: earlier - self.counted[number].earlier,
            tilts: self.burden.tilt_parts(&self.tilts),
            other,
        }
    }

    /// Pays each applicant a part, in proportion to what is left of the claims that count.
    fn pay<L: Ledger>(
        &self,
        (rules, rule): (&YearRules, &Application),
        other: Option<&Self>,
        members: &mut Members<'_, '_, L>,
    ) {
        let Self { applicants, counted, lefts, amount, formula, .. } = self;
        let (amount, formula, n) = (*amount, *formula, members.cases.len());
        let own = |(one, counted): (&Applicant, &Counted)| counted.left(members.works[one.member].applied);
        let weights: Vec<Fen> = applicants.iter().zip(counted).map(own).collect();
        let by_weight = |most: &[Fen]| weights.iter().copied().zip(most.iter().copied()).collect::<Vec<_>>();
        let parts = share_out(amount, &by_weight(lefts));
        let unbounded = by_weight(&vec![Fen::UNBOUNDED; applicants.len()]);
        let (bases, wanted) = (share_out(formula.base, &unbounded), share_out(formula.uncapped, &unbounded));
        let by_member = |member: usize| {
            let number = applicants.iter().position(|one| one.member == member);
            number.map_or(Fen::ZERO, |number| weights[number])
        };
        let all: Vec<Fen> = (0..n).map(by_member).collect();
        for (number, &Applicant { member, .. }) in applicants.iter().enumerate() {
            let (work, ledger) = (&mut members.works[member], &mut members.ledgers[member]);
            ledger.parts(|| Parts::Window(self.window(number, other)));
            if n > 1 {
                let whole = || HouseholdSums::Part(HouseholdPart { formula, paid: amount, own: all.clone() });
                ledger.of_household(whole);
            }
            if let Some(pool) = rule.pool {
                work.state.counted.extend(counted[number].claims.iter().map(|&index| (index, pool)));
                work.state.pools[pool].bases += bases[number];
                work.state.pools[pool].paid += parts[number];
            }
            work.applied += parts[number];
            let formula = Formula { uncapped: wanted[number], ..formula };
            let by = (rule.rule, Category::ORDINARY);
            pay_at_year_end(Layer::Application, by, (parts[number], formula), (work, ledger));
            members.share(rules, member);
        }
    }
}

/// What is left to the patient in scope of the bills of the year and of those before that were given.
fn left((case, work): (&Case<'_>, &Work)) -> Fen {
    let earlier: Fen = case.earlier.iter().map(|claim| claim.self_pay).sum();
    work.left_in_scope() + earlier
}
