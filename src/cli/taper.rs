//! `taper`: what each step of a subsidy that tapers saves, what one more year, the end and stopping cost, by county and purse.

use std::collections::BTreeMap;

use serde_json::Value;

use super::args::TaperArgs;
use super::project::{self, Timer};
use super::side_by_side::{self, Done};
use super::simulate::{self, Size};
use super::supply::Supply;
use super::{Stop, figures, interrupt, terminal};
use crate::lang::{Lang, Words};
use crate::projection::compare::{CompareError, ComparisonBuilder};
use crate::projection::layout::Layout;
use crate::projection::taper::{Answer, Group, LeaversRow, OwnContribution, Question, leavers, not_paid};
use crate::report::taper::{self, Tapered};
use crate::report::write::RunFolder;
use crate::scenario::Scenario;
use crate::scenario::load::Setting;
use crate::simulation::outcome::{CountyOutcome, WorkDone};

/// A subsidy whose share shrinks from year to year.
#[derive(Debug, Clone)]
struct Tapering {
    /// Its id.
    id: String,
    /// The share of each year.
    shares: BTreeMap<u16, f64>,
}

/// A scenario that is laid beside the one as written: its changes.
type Arm = Vec<Setting>;

/// The questions, each as two arms: what is spent more with the second than with the first.
#[derive(Debug, Default)]
struct Asked {
    arms: Vec<Arm>,
    questions: Vec<(Question, [usize; 2])>,
}

/// Answers. Whatever can be refused is refused before anything is simulated.
pub fn run(args: &TaperArgs) -> Result<(), Stop> {
    let lang = Lang::from(args.output.lang);
    interrupt::watch(lang);
    let threads = simulate::threads(args.size.threads)?;
    let (args, scenario) = with_years(args, lang)?;
    terminal::notices(&scenario.notices, args.output.quiet, lang);
    let size = Size::new(&scenario, &args.size)?;
    let subsidies = tapering(&scenario);
    if subsidies.is_empty() {
        return Err(Stop::BadInput(Words::new(
            format!("{}：方案中没有逐年下降的参保资助比例，无从分析渐退", scenario.id),
            format!(
                "{}: no subsidy of the policy has a share by year that falls; taper explains none",
                scenario.id
            ),
        )));
    }
    let asked = asked(&scenario, &subsidies, (&args, &size))?;
    if asked.questions.is_empty() {
        return Err(Stop::BadInput(Words::new(
            format!("{}：所列年度内资助没有变化", scenario.id),
            format!("{}: the subsidies do not change in the years reported", scenario.id),
        )));
    }
    let scenarios: Vec<Scenario> = asked
        .arms
        .iter()
        .map(|arm| Ok(args.size.load_with(&args.scenario, arm)?))
        .collect::<Result<_, Stop>>()?;
    let layouts: Vec<Layout> =
        scenarios.iter().map(|scenario| simulate::layout(scenario, &size)).collect::<Result<_, Stop>>()?;
    let (builders, layout) = (builders(&layouts, &asked)?, &layouts[0]);
    let owner = side_by_side::owner(&scenario, "taper");
    let folder = project::begin(&args.output, &owner)?;

    let (mut timer, mut work) = (Timer::default(), WorkDone::default());
    let told = (args.output.quiet, lang);
    let rules = rules_of(layout, &subsidies[0]);
    let group = Group { layout, rules: &rules };
    let mut spent = Vec::new();
    let see = |written: &CountyOutcome| spent.extend(group.rows(written));
    let answers = timer
        .phase("simulation", || answers((asked, see), (&scenarios, builders), &size, told, &mut work))?;
    let own = own_contributions(&scenario, &size, lang);
    let leavers = leavers_of(&answers, &rules, &own, &args);
    let people = answers.last().map_or(&[][..], |answer| answer.comparison.people[0].as_slice());
    let not_paid = not_paid(&leavers, (group, &spent, people));
    let tapered = Tapered { answers, leavers, not_paid, elasticities: args.elasticity };
    let done = Done {
        command: "taper",
        scenario: &scenario,
        layout,
        size: &size,
        typed: &args.size,
        output: &args.output,
        threads,
        work,
        timer,
    };
    let tables = |folder: &RunFolder| taper::write(folder, &tapered);
    let target = side_by_side::write(folder, &owner, (taper::charts(&tapered, lang), tables), done)?;
    let shown = (|| taper::json(&tapered), |lang| taper::text(&tapered, lang));
    side_by_side::print(shown, &target, &args.output)
}

/// Who may leave, from the persons to whom the subsidy was paid as written.
fn leavers_of(
    answers: &[Answer],
    rules: &[usize],
    own: &[OwnContribution],
    args: &TaperArgs,
) -> Vec<LeaversRow> {
    // The last question is always held against the scenario as written.
    let Some(Answer { comparison, .. }) = answers.last() else { return Vec::new() };
    leavers((&comparison.rules[0], rules), own, args.elasticity)
}

/// The rules of a subsidy: each policy of a timeline has one of its own.
fn rules_of(layout: &Layout, subsidy: &Tapering) -> Vec<usize> {
    let key = format!("subsidy.{}", subsidy.id);
    (0..layout.rules.len()).filter(|rule| layout.rules[*rule].key.path() == key).collect()
}

/// Simulates all arms side by side and answers every question; what is as written is shown to `see`.
fn answers(
    (asked, mut see): (Asked, impl FnMut(&CountyOutcome)),
    (scenarios, mut builders): (&[Scenario], Vec<ComparisonBuilder>),
    size: &Size,
    told: (bool, Lang),
    work: &mut WorkDone,
) -> Result<Vec<Answer>, Stop> {
    let all: Vec<&Scenario> = scenarios.iter().collect();
    simulate::each_county(&all, (size, Supply::simulation()), told, |_, done| {
        for ((_, [first, second]), builder) in asked.questions.iter().zip(&mut builders) {
            if let (Some(first), Some(second)) = (done.outcomes.get(*first), done.outcomes.get(*second)) {
                builder.add(first, second);
            }
        }
        done.outcomes.first().into_iter().for_each(&mut see);
        work.merge(&done.work);
        Ok(())
    })?;
    let answer = |((question, _), builder): ((Question, _), ComparisonBuilder)| Answer {
        question,
        comparison: builder.finish(),
    };
    Ok(asked.questions.into_iter().zip(builders).map(answer).collect())
}

/// The scenario, until the year after its transition where no years are asked for and the place can look so far ahead.
fn with_years(args: &TaperArgs, lang: Lang) -> Result<(TaperArgs, Scenario), Stop> {
    let mut args = TaperArgs {
        size: args.size.clone(),
        output: args.output.clone(),
        scenario: args.scenario.clone(),
        ..*args
    };
    let scenario = args.size.load(&args.scenario)?;
    let years = scenario.years();
    let (Some(&first), Some(&last), Some(end)) = (years.first(), years.last(), transition_end(&scenario))
    else {
        return Ok((args, scenario));
    };
    let lapse = setting("run.after_transition", "\"lapse\"".to_owned());
    if args.size.years.is_none() && last <= end {
        args.size.years = Some((first, end + 1));
        let ahead = args.size.load_with(&args.scenario, std::slice::from_ref(&lapse));
        if let Ok(ahead) = ahead {
            args.size.settings.push(lapse);
            return Ok((args, ahead));
        }
        args.size.years = None;
        terminal::note(&match lang {
            Lang::Zh => format!("地区文件不足以推算{}年，延长一年和过渡期后的影响不列出", end + 1),
            Lang::En => {
                format!("the place cannot be continued to {}: what one more year costs is left out", end + 1)
            }
        });
        return Ok((args, scenario));
    }
    let reaches = args.size.years.map_or(last, |(_, asked)| asked.max(last)) > end;
    if reaches && args.size.after_transition.is_none() {
        args.size.settings.push(lapse);
        let scenario = args.size.load(&args.scenario)?;
        return Ok((args, scenario));
    }
    Ok((args, scenario))
}

fn setting(path: &str, value: String) -> Setting {
    Setting { path: path.to_owned(), value }
}

/// The subsidies of the policy by id.
fn subsidies(scenario: &Scenario) -> impl Iterator<Item = (&String, &Value)> {
    scenario.value_of("policy.subsidy").and_then(Value::as_object).into_iter().flatten()
}

/// The last year of the subsidies that end, of several the last.
fn transition_end(scenario: &Scenario) -> Option<u16> {
    let end = |(_, subsidy): (&String, &Value)| u16::try_from(subsidy.get("to_year")?.as_u64()?).ok();
    subsidies(scenario).filter_map(end).max()
}

/// The subsidies of which the share falls.
fn tapering(scenario: &Scenario) -> Vec<Tapering> {
    let of = |(id, subsidy): (&String, &Value)| {
        let table = subsidy.get("share")?.get("by_year")?.as_object()?;
        let one = |(year, share): (&String, &Value)| Some((year.parse::<u16>().ok()?, share.as_f64()?));
        let shares: BTreeMap<u16, f64> = table.iter().filter_map(one).collect();
        let falls = shares.values().zip(shares.values().skip(1)).any(|(before, after)| after < before);
        falls.then(|| Tapering { id: id.clone(), shares })
    };
    subsidies(scenario).filter_map(of).collect()
}

/// Steps within the years reported, then what lies at and behind the end.
fn asked(
    scenario: &Scenario,
    tapering: &[Tapering],
    (args, size): (&TaperArgs, &Size),
) -> Result<Asked, Stop> {
    let (first, last) = match (size.reported.first(), size.reported.last()) {
        (Some(&first), Some(&last)) => (first, last),
        _ => return Ok(Asked::default()),
    };
    let main = &tapering[0].shares;
    let mut years: Vec<u16> = tapering.iter().flat_map(|one| one.shares.keys().copied()).collect();
    years.sort_unstable();
    years.dedup();
    let steps: Vec<u16> = years
        .windows(2)
        .map(|pair| (pair[0], pair[1]))
        // A step before the first year reported is felt in it too.
        .filter(|(before, year)| size.simulated.contains(before) && *year <= last)
        .filter(|(before, year)| tapering.iter().any(|one| one.shares.get(year) < one.shares.get(before)))
        .map(|(_, year)| year)
        .collect();
    // As written, then with the share of the year before each step kept from it on, the last step first.
    let mut asked = Asked { arms: vec![Vec::new()], questions: Vec::new() };
    let mut with_step = 0;
    for &step in steps.iter().rev() {
        asked.arms.push(kept_from(scenario, tapering, step));
        let without = asked.arms.len() - 1;
        let share = |year: u16| main.range(..=year).next_back().map_or(0.0, |(_, share)| *share);
        let shares = (share(step - 1), share(step));
        asked.questions.push((Question::Step { year: step, shares }, [with_step, without]));
        with_step = without;
    }
    asked.questions.reverse();
    if asked.questions.len() > 1 {
        asked.questions.push((Question::NoSteps, [0, with_step]));
    }
    let mut ask = |question: Question, arm: Arm| {
        asked.arms.push(arm);
        asked.questions.push((question, [0, asked.arms.len() - 1]));
    };
    if let Some(end) = transition_end(scenario) {
        let until = |year: u16| until(scenario, (end, year));
        if end < last {
            ask(Question::Until(end + 1), until(end + 1));
            if end + 1 < last {
                ask(Question::Until(last), until(last));
            }
            if scenario.value_of("policy.about.transition_to_year").is_some() {
                ask(Question::Held(end), vec![setting("run.after_transition", "\"hold\"".to_owned())]);
            }
        }
        let stop = args.stop_from.unwrap_or(first + 1);
        if !(first..=last.min(end)).contains(&stop) {
            if args.stop_from.is_some() {
                let last = last.min(end);
                return Err(Stop::BadInput(Words::new(
                    format!("--stop-from {stop}：须为报告年度中仍有资助的一年，{first} 至 {last}"),
                    format!(
                        "--stop-from {stop}: must be a year reported in which the subsidies are paid, {first} to {last}"
                    ),
                )));
            }
        } else {
            ask(Question::Stopped(stop), until(stop - 1));
        }
    }
    Ok(asked)
}

/// Every subsidy that ends, until a year: what it gives by year goes on as in the last year of all.
fn until(scenario: &Scenario, (end, year): (u16, u16)) -> Arm {
    let mut arm = Arm::new();
    for (id, subsidy) in subsidies(scenario).filter(|(_, subsidy)| subsidy.get("to_year").is_some()) {
        set_everywhere(scenario, &format!("subsidy.{id}.to_year"), &year.to_string(), &mut arm);
        for part in ["share", "amount_yuan"] {
            let table = subsidy.get(part).and_then(|part| part.get("by_year")).and_then(Value::as_object);
            let Some(last) = table.and_then(|table| table.values().next_back()) else { continue };
            let key = format!("subsidy.{id}.{part}.by_year");
            for later in end + 1..=year {
                for policy in scenario.policies_with(&key) {
                    arm.push(setting(&format!("{policy}.{key}.{later}"), last.to_string()));
                }
            }
        }
    }
    arm
}

/// A value of every policy that has the key.
fn set_everywhere(scenario: &Scenario, key: &str, value: &str, arm: &mut Arm) {
    let policies = scenario.policies_with(key).into_iter();
    arm.extend(policies.map(|policy| setting(&format!("{policy}.{key}"), value.to_owned())));
}

/// The share of the year before kept from a year on.
fn kept_from(scenario: &Scenario, tapering: &[Tapering], year: u16) -> Arm {
    let mut arm = Arm::new();
    for Tapering { id, shares } in tapering {
        let Some((_, kept)) = shares.range(..year).next_back() else { continue };
        for later in shares.range(year..).map(|(later, _)| later) {
            set_everywhere(
                scenario,
                &format!("subsidy.{id}.share.by_year.{later}"),
                &kept.to_string(),
                &mut arm,
            );
        }
    }
    arm
}

fn builders(layouts: &[Layout], asked: &Asked) -> Result<Vec<ComparisonBuilder>, Stop> {
    asked
        .questions
        .iter()
        .map(|(_, [first, second])| ComparisonBuilder::new(layouts[*first].clone(), layouts[*second].clone()))
        .collect::<Result<Vec<_>, CompareError>>()
        .map_err(|error| Stop::BadInput(error.words()))
}

/// What a subsidised person pays, year by year.
fn own_contributions(scenario: &Scenario, size: &Size, lang: Lang) -> Vec<OwnContribution> {
    let of = |facts: crate::report::figures::TaperFacts| {
        let last = facts.years.last().map(|(year, ..)| *year);
        let helped = facts.years.iter().map(|(year, _, subsidy, contribution)| OwnContribution {
            county: facts.county,
            year: *year,
            own_yuan: contribution.yuan() - subsidy.yuan(),
            subsidy_yuan: subsidy.yuan(),
        });
        let county = facts.county.or(size.counties.first().copied());
        let alone = size.simulated.iter().filter(|year| last.is_some_and(|last| **year > last));
        let alone = alone.filter_map(|&year| {
            let own_yuan = figures::full_contribution(scenario, county?, year)?.yuan();
            Some(OwnContribution { county: facts.county, year, own_yuan, subsidy_yuan: 0.0 })
        });
        helped.chain(alone).collect::<Vec<_>>()
    };
    // What has risen has risen since the first year of the scenario, whichever are reported.
    let size = Size { reported: size.simulated.clone(), ..size.clone() };
    figures::tapers(scenario, &size, lang).into_iter().flat_map(of).collect()
}
