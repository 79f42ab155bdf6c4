//! The settlement sheet (结算单) of one case: every step in words, with its formula, its value before rounding, its
//! clauses and the running balance. The amounts are those of the settlement; here they are only put into words.

mod formula;
mod fraction;
mod household;
mod identity;

use super::SettledCase;
use super::answer::category_id;
use super::new_year::PartOfBill;
use super::reversal::Reversed;
use super::typed::TypedCase;
use crate::lang::Lang;
use crate::policy::Policy;
use crate::policy::claim::{Category, Claim};
use crate::policy::names::Name;
use crate::policy::parts::Parts;
use crate::policy::schedule::{Adjustment, At, RuleId, Schedule, Setting, Subsidy, SubsidyAmount, YearRules};
use crate::policy::settle::{Layer, Passed, Payment, SettledClaim};
use crate::units::{Fen, Ratio};
use fraction::Fraction;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is settled: `subsidy`, a claim's id, or `year end`.
    pub of: String,
    /// The name of the step.
    pub name: String,
    /// The formula with its numbers: it evaluates to the value before rounding.
    pub formula: String,
    /// What goes with it in words: running sums, caps, clauses that changed a ratio.
    pub note: String,
    /// Whether a cap, or what was left, bounds the amount below the value.
    pub bounded: bool,
    /// The value before rounding and before any cap, yuan.
    pub unrounded: String,
    /// The amount.
    pub amount: Fen,
    /// What is left to the patient in scope after this step.
    pub left: Option<Fen>,
    /// The clauses.
    pub cite: String,
}

/// The sheet of one case under one scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Who, where, when.
    pub title: String,
    /// A line for each claim, by its id: what was billed.
    pub claims: Vec<(String, String)>,
    /// All steps in order.
    pub steps: Vec<Step>,
    /// The sums.
    pub totals: Vec<(String, Fen)>,
}

/// Who puts a settlement into words.
#[derive(Debug, Clone, Copy)]
pub struct Scribe<'a> {
    /// The policy.
    pub policy: &'a Policy,
    /// The rules by which the case was settled.
    pub rules: &'a YearRules,
    /// The county's name.
    pub county: &'a str,
    /// The language.
    pub lang: Lang,
}

impl Scribe<'_> {
    fn say<'s>(&self, zh: &'s str, en: &'s str) -> &'s str {
        self.lang.pick(zh, en)
    }

    fn label(&self, name: &Name) -> String {
        self.lang.pick(&name.zh, &name.en).to_owned()
    }

    fn category(&self, category: Category) -> String {
        match self.policy.names.categories.get(usize::from(category.0)) {
            Some(name) => self.label(name),
            None => self.say("普通居民", "ordinary resident").to_owned(),
        }
    }

    fn cite(&self, rule: RuleId) -> String {
        self.policy.rules[usize::from(rule.0)].cite.join(" ")
    }

    /// The clauses of a rule and of those that changed it.
    fn cite_with<'r>(&self, rule: RuleId, changed_by: impl Iterator<Item = &'r Adjustment>) -> String {
        let mut all: Vec<&str> =
            self.policy.rules[usize::from(rule.0)].cite.iter().map(String::as_str).collect();
        for adjustment in changed_by {
            let own = &self.policy.rules[usize::from(adjustment.rule.0)].cite;
            all.extend(own.iter().map(String::as_str));
        }
        let mut once: Vec<&str> = Vec::new();
        all.into_iter().for_each(|id| {
            if !once.contains(&id) {
                once.push(id)
            }
        });
        once.join(" ")
    }

    fn line(&self, rule: RuleId) -> String {
        let line = self.policy.rules[usize::from(rule.0)].line;
        line.map_or_else(String::new, |line| self.label(&self.policy.names.lines[line]))
    }

    fn schedule(&self, claim: &SettledClaim) -> &Schedule {
        &self.rules.schedules[usize::from(claim.schedule)]
    }

    /// The sheet of a settled case.
    #[must_use]
    pub fn sheet(&self, case: &TypedCase, settled: &SettledCase) -> Sheet {
        let mut steps = Vec::new();
        steps.extend(self.subsidy(case, settled));
        let mut order: Vec<usize> = (0..case.claims.len()).collect();
        order.sort_by_key(|&index| (case.claims[index].admitted, index));
        for index in order {
            self.claim(case, settled, index, &mut steps);
        }
        steps.extend(case.reversed.iter().map(|one| self.reversed(one)));
        for (number, payment) in settled.payments.iter().enumerate().filter(|(_, one)| one.claim.is_none()) {
            let Some(part) = settled.wholes.get(&number) else {
                steps.push(self.year_end(case, settled, (number, payment)));
                continue;
            };
            let whole = Payment { formula: part.formula, amount: part.paid, ..*payment };
            let step = self.year_end(case, settled, (number, &whole));
            let of_groups =
                matches!(settled.parts.get(&number), Some(Parts::Targets(groups)) if groups.len() > 1);
            let own = self.part_of_household(settled, (&step, part), (payment.amount, of_groups));
            let name = format!("{}{}", step.name, self.say("（全户）", " (household)"));
            steps.extend([Step { name, ..step }, own]);
        }
        Sheet {
            title: self.title((case, settled)),
            claims: [self.claim_lines(case, settled), self.reversed_lines(case)].concat(),
            steps,
            totals: self.totals(case, settled),
        }
    }

    fn title(&self, (case, settled): (&TypedCase, &SettledCase)) -> String {
        let insurance = match self.lang {
            Lang::Zh => case.insurance.label_zh(),
            Lang::En => case.insurance.name(),
        };
        let held: Vec<String> = case
            .spells
            .iter()
            .map(|spell| {
                let to =
                    if spell.to == crate::units::Month::LAST { String::new() } else { spell.to.to_string() };
                format!("{} {}–{to}", self.category(spell.category), spell.from)
            })
            .chain(
                case.others
                    .iter()
                    .map(|id| format!("{id}{}", self.say("（本方案没有）", " (not in this plan)"))),
            )
            .collect();
        let held = if held.is_empty() {
            self.category(Category::ORDINARY)
        } else {
            held.join(self.say("、", ", "))
        };
        let home = self.home(case, settled);
        match self.lang {
            Lang::Zh => format!(
                "{} · {} · {}年 · {}岁 · {insurance} · {held}{home}",
                case.name, self.county, case.year, case.age
            ),
            Lang::En => format!(
                "{} · {} · {} · age {} · {insurance} insurance · {held}{home}",
                case.name, self.county, case.year, case.age
            ),
        }
    }

    fn claim_lines(&self, case: &TypedCase, settled: &SettledCase) -> Vec<(String, String)> {
        let describe = |(index, claim): (usize, &Claim)| {
            let disease = self.policy.names.listed(claim.disease);
            let disease = disease.map_or_else(String::new, |name| format!(" ({})", self.label(name)));
            let text = match self.lang {
                Lang::Zh => format!(
                    "{}{disease} {} {} {} {}，总费用 {}，目录外 {}，按{}结算",
                    claim.kind.label_zh(),
                    claim.admitted,
                    claim.level.label_zh(),
                    claim.locality.label_zh(),
                    if claim.referred { "规范转诊" } else { "未转诊" },
                    claim.total,
                    claim.out_of_scope,
                    self.category(settled.claims[index].category),
                ),
                Lang::En => format!(
                    "{}{disease} {} {} {} {}, total {}, outside the catalogue {}, settled as {} ({})",
                    claim.kind.name(),
                    claim.admitted,
                    claim.level.name(),
                    claim.locality.name(),
                    if claim.referred { "referred" } else { "not referred" },
                    claim.total,
                    claim.out_of_scope,
                    self.category(settled.claims[index].category),
                    category_id(self.policy, settled.claims[index].category),
                ),
            };
            (case.claim_names[index].clone(), text)
        };
        case.claims.iter().enumerate().map(describe).collect()
    }

    fn subsidy(&self, case: &TypedCase, settled: &SettledCase) -> Option<Step> {
        let paid = settled.subsidy?;
        let (rule, category) = paid.left_by.or(paid.by)?;
        let schedule = self.rules.of_coverage_year();
        let fits = |one: &&Subsidy| one.rule == rule && one.categories & category.bit() != 0;
        let own = schedule.subsidies.iter().find(fits)?;
        let (formula, unrounded) = match own.amount {
            SubsidyAmount::Share(share) => (
                format!("{share} × {}", paid.contribution),
                Fraction::share(share, paid.contribution).to_string(),
            ),
            SubsidyAmount::Fixed(fixed) => {
                (format!("min({fixed}, {})", paid.contribution), fixed.min(paid.contribution).to_string())
            }
            SubsidyAmount::LeftToPerson => {
                (format!("{} × {}", Ratio::ZERO, paid.contribution), Fen::ZERO.to_string())
            }
        };
        let line = match own.amount {
            // Booked to no line; the name is that of a subsidy, so that two sheets side by side match.
            SubsidyAmount::LeftToPerson => self.say("资助参保", "Contribution subsidy").to_owned(),
            _ => self.line(rule),
        };
        Some(Step {
            of: "subsidy".to_owned(),
            name: format!("{line} {}", self.category(category)),
            formula,
            note: self.subsidy_by_identity(case, &paid),
            bounded: false,
            unrounded,
            amount: paid.amount,
            left: Some(paid.contribution - paid.amount),
            cite: self.cite(rule),
        })
    }

    fn claim(&self, case: &TypedCase, settled: &SettledCase, index: usize, steps: &mut Vec<Step>) {
        let claim = &case.claims[index];
        let done = &settled.claims[index];
        let of = &case.claim_names[index];
        let mut left = done.in_scope;
        let mut beyond = claim.out_of_scope.to_string();
        steps.push(Step {
            of: of.clone(),
            name: self.say("政策范围内费用", "In-scope cost").to_owned(),
            formula: format!("{} − {}", claim.total, claim.out_of_scope),
            note: case.parts.get(&index).map_or_else(String::new, |part| self.part_of_bill(part)),
            bounded: false,
            unrounded: done.in_scope.to_string(),
            amount: done.in_scope,
            left: Some(left),
            cite: String::new(),
        });
        let own = settled.payments.iter().enumerate().filter(|(_, payment)| payment.claim == Some(index));
        let mut other = Some(done.other).filter(|other| *other > Fen::ZERO);
        for (number, payment) in own {
            if payment.layer == Layer::Assistance {
                steps.extend(other.take().map(|paid| self.other(of, paid, &mut left)));
            }
            left -= payment.inside();
            if payment.outside > Fen::ZERO {
                beyond.push_str(&format!(" − {}", payment.outside));
            }
            let person = case.person();
            let (setting, category) = (Setting::of(claim), payment.category);
            let passed = Passed::bits(&settled.passed, done.schedule);
            let at = At { person: &person, claim, setting, category, passed };
            let worked = match settled.parts.get(&number) {
                Some(Parts::CutOff(parts)) => self.share_of_cut_off(parts, payment),
                _ => self.formula(done, &at, payment),
            };
            steps.push(Step {
                of: of.clone(),
                name: self.layer(payment),
                formula: worked.formula,
                note: {
                    let note = self.passed(worked.note, settled, self.adjusting(done, &at, payment));
                    let note =
                        self.by_identity(self.bounds(note, payment), (settled, number, payment), done.held);
                    let rule =
                        self.rule_of(done, &at, payment).filter(|_| payment.layer == Layer::Assistance);
                    self.sums_before(note, settled, (index, rule))
                },
                bounded: payment.amount < payment.formula.uncapped,
                unrounded: worked.value,
                amount: payment.amount,
                left: Some(left),
                cite: self.cite_with(payment.rule, self.adjusting(done, &at, payment)),
            });
        }
        steps.extend(other.map(|paid| self.other(of, paid, &mut left)));
        steps.push(Step {
            of: of.clone(),
            name: self.say("个人负担（目录外）", "Patient, outside the catalogue").to_owned(),
            formula: beyond,
            note: String::new(),
            bounded: false,
            unrounded: done.patient_out_of_scope.to_string(),
            amount: done.patient_out_of_scope,
            left: None,
            cite: String::new(),
        });
    }

    /// Of a stay over New Year: which part of the bill belongs to the year.
    fn part_of_bill(&self, part: &PartOfBill) -> String {
        let PartOfBill { whole, days, of_days, .. } = part;
        let total = whole.total;
        match self.lang {
            Lang::Zh => format!("跨年度住院共{of_days}天，总费用 {total}，本年度{days}天"),
            Lang::En => {
                format!("of a stay of {of_days} days over New Year, {total}, the {days} days of this year")
            }
        }
    }

    /// What another payer pays of a claim, as it was typed.
    fn other(&self, of: &str, paid: Fen, left: &mut Fen) -> Step {
        *left -= paid;
        Step {
            of: of.to_owned(),
            name: self.say("其他支付（惠民保、职工互助等）", "Another payer").to_owned(),
            formula: paid.to_string(),
            note: self.say("按录入金额，先于医疗救助", "as typed, before assistance").to_owned(),
            bounded: false,
            unrounded: paid.to_string(),
            amount: paid,
            left: Some(*left),
            cite: String::new(),
        }
    }

    /// What is left of a claim that was reversed.
    fn reversed(&self, one: &Reversed) -> Step {
        Step {
            of: one.name.clone(),
            name: self.say("冲销", "Reversed").to_owned(),
            formula: format!("{} − {}", one.total, one.total),
            note: String::new(),
            bounded: false,
            unrounded: Fen::ZERO.to_string(),
            amount: Fen::ZERO,
            left: None,
            cite: String::new(),
        }
    }

    /// A line for each claim that was reversed.
    fn reversed_lines(&self, case: &TypedCase) -> Vec<(String, String)> {
        let line = |one: &Reversed| {
            let text = match self.lang {
                Lang::Zh => format!("总费用 {}，已由 {} 冲销，视同未发生", one.total, one.by),
                Lang::En => {
                    format!("total {}, reversed by {}: settled as if it had never been", one.total, one.by)
                }
            };
            (one.name.clone(), text)
        };
        case.reversed.iter().map(line).collect()
    }

    fn layer(&self, payment: &Payment) -> String {
        match payment.layer {
            Layer::Provider => self.say("医疗机构承担", "Hospital").to_owned(),
            Layer::Basic => self.say("基本医保", "Basic insurance").to_owned(),
            Layer::Critical => self.say("大病保险", "Critical-illness insurance").to_owned(),
            Layer::Assistance | Layer::Tilt | Layer::Application => self.line(payment.rule),
        }
    }

    fn year_end(
        &self,
        case: &TypedCase,
        settled: &SettledCase,
        (number, payment): (usize, &Payment),
    ) -> Step {
        let mut worked = self.year_end_formula(case, settled, (number, payment));
        if let Some(months) = self.months_counted(payment) {
            let between = if worked.note.is_empty() { "" } else { self.say("，", ", ") };
            worked.note = format!("{}{between}{months}", worked.note);
        }
        Step {
            of: "year end".to_owned(),
            name: self.layer(payment),
            formula: worked.formula,
            note: self.by_identity(self.bounds(worked.note, payment), (settled, number, payment), 0),
            bounded: payment.amount < payment.formula.uncapped,
            unrounded: worked.value,
            amount: payment.amount,
            left: None,
            cite: self.cite(payment.rule),
        }
    }

    fn totals(&self, case: &TypedCase, settled: &SettledCase) -> Vec<(String, Fen)> {
        let total: Fen = case.claims.iter().map(|claim| claim.total).sum();
        let by = |layers: &[Layer]| -> Fen {
            settled.payments.iter().filter(|one| layers.contains(&one.layer)).map(|one| one.amount).sum()
        };
        let other: Fen = settled.claims.iter().map(|claim| claim.other).sum();
        let paid: Fen = settled.payments.iter().map(|one| one.amount).sum::<Fen>() + other;
        let earlier: Fen = settled.earlier.iter().map(|claim| claim.self_pay).sum();
        let mut all = vec![(self.say("总费用", "Total"), total)];
        if !settled.earlier.is_empty() {
            all.push((self.say("以前年度自付", "Self-pay of earlier claims"), earlier));
        }
        all.extend([
            (self.say("基本医保", "Basic insurance"), by(&[Layer::Basic])),
            (self.say("大病保险", "Critical-illness insurance"), by(&[Layer::Critical])),
        ]);
        if other > Fen::ZERO {
            all.push((self.say("其他支付", "Another payer"), other));
        }
        all.extend([
            (self.say("医疗救助", "Assistance"), by(&[Layer::Assistance, Layer::Tilt, Layer::Application])),
            (self.say("医疗机构", "Hospital"), by(&[Layer::Provider])),
            (self.say("个人负担", "Patient"), total + earlier - paid),
        ]);
        all.into_iter().map(|(name, amount)| (name.to_owned(), amount)).collect()
    }
}
