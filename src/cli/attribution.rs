//! Attribution in `compare`: which variants are simulated, and what that takes, said beforehand.

use super::args::{AttributionArg, CompareArgs};
use super::simulate::Size;
use super::touched::LinesTouched;
use super::{Stop, terminal};
use crate::lang::{Lang, Words};
use crate::policy::names::Name;
use crate::projection::attribution::{Arm, AttributionBuilder, Plan, booked};
use crate::projection::compare::{Comparison, ComparisonBuilder};
use crate::projection::touched::MOST_LINES;
use crate::rng::Draws;
use crate::scenario::Scenario;
use crate::scenario::changes::lines::Lines;
use crate::scenario::changes::{Change, Extent, changes};
use crate::simulation::outcome::CountyOutcome;
use crate::stats::shapley::{Game, MOST_EXACT, MOST_PLAYERS};

/// The most lines that are told apart without being asked: the sixteen scenarios of four lines take more than four times
/// as long as the two alone, those of three lines are half as many.
const MOST_UNASKED: usize = 3;

/// The most scenarios that are simulated side by side, and the most bytes of what their outcomes keep.
const MOST_TOGETHER: usize = 16;
const MOST_BYTES: usize = 256 << 20;

/// What one scenario changes against the base, and how its difference is attributed.
#[derive(Debug)]
pub struct Changed<'a> {
    /// The changes.
    pub changes: Vec<Change>,
    touched: LinesTouched,
    lines: Option<Lines<'a>>,
    builder: Option<AttributionBuilder>,
    funders: Vec<Name>,
}

/// What all scenarios of a comparison change against the base.
#[derive(Debug)]
pub struct AllChanged<'a> {
    /// Scenario by scenario, the base left out.
    pub all: Vec<Changed<'a>>,
    /// The variants to be simulated, by scenario and number, in the order of the batches.
    variants: Vec<(usize, usize)>,
    n_scenarios: usize,
    n_together: usize,
}

/// A variant that is simulated.
#[derive(Debug)]
pub struct Variant {
    of: usize,
    number: usize,
    /// The scenario.
    pub scenario: Scenario,
}

/// Finds the changes of all scenarios and plans their attribution; says what that takes.
pub fn plan<'a>(
    scenarios: &'a [Scenario],
    builders: &[ComparisonBuilder],
    size: &'a Size,
    (args, lang): (&CompareArgs, Lang),
) -> AllChanged<'a> {
    let extent = Extent { counties: &size.counties, years: &size.reported };
    let base = &scenarios[0];
    let of = |(other, builder): (&'a Scenario, &ComparisonBuilder)| {
        let mut changed = Changed::new((base, other), builder.funders(), extent);
        changed.touch((size, args, lang));
        changed.plan((size, args, lang), scenarios.len());
        changed
    };
    let all: Vec<Changed<'_>> = scenarios[1..].iter().zip(builders).map(of).collect();
    let of = |(of, changed): (usize, &Changed<'_>)| {
        let n = changed.builder.as_ref().map_or(0, |builder| builder.plan().n_variants());
        (0..n).map(move |number| (of, number)).collect::<Vec<_>>()
    };
    let variants = all.iter().enumerate().flat_map(of).collect();
    let n_kept = builders.first().map_or(1, |builder| builder.n_kept());
    let bytes = 8 * size.simulated.len() * size.n_replicates as usize * n_kept.max(1);
    let n_together = (MOST_BYTES / bytes).clamp(1, MOST_TOGETHER);
    AllChanged { all, variants, n_scenarios: scenarios.len(), n_together }
}

impl<'a> Changed<'a> {
    fn new((base, other): (&'a Scenario, &'a Scenario), funders: &[Name], extent: Extent<'a>) -> Self {
        let changes = changes(base, other, extent);
        let lines = Some(Lines::of(base, other, &changes, extent));
        let touched = LinesTouched::default();
        Self { changes, touched, lines, builder: None, funders: funders.to_vec() }
    }

    /// Finds the lines of which it is looked whom each touches; says where they are too many.
    fn touch(&mut self, (size, args, lang): (&Size, &CompareArgs, Lang)) {
        let Some(lines) = &self.lines else { return };
        let n_replicates = args.winners.min(size.n_replicates) as usize;
        self.touched = LinesTouched::of((lines, &self.changes), (size.reported.len(), n_replicates));
        let n = lines.n_felt_alone(&self.changes);
        if n > MOST_LINES && n_replicates > 0 && !args.output.quiet {
            terminal::note(&many_lines((&lines.other().id, n), lang));
        }
    }

    fn plan(&mut self, (size, args, lang): (&Size, &CompareArgs, Lang), n_scenarios: usize) {
        let Some(lines) = &mut self.lines else { return };
        let told = |text: String| (!args.output.quiet).then(|| terminal::note(&text));
        if args.attribution == AttributionArg::Never || self.changes.is_empty() {
            return;
        }
        let name = lines.other().id.clone();
        let n = lines.n_felt_alone(&self.changes);
        if args.attribution == AttributionArg::Auto && n > MOST_UNASKED {
            told(not_asked((&name, n), (n_scenarios, args.attribution_orders), lang));
            return;
        }
        lines.try_each(&self.changes);
        if !lines.explain_all() {
            return;
        }
        let n = lines.felt.len();
        if args.attribution == AttributionArg::Auto && n > MOST_UNASKED {
            told(not_asked((&name, n), (n_scenarios, args.attribution_orders), lang));
            return;
        }
        let plan = Plan::new(lines, &self.changes, (&Draws::new(size.seed), args.attribution_orders));
        if plan.n_variants() > 0 {
            told(cost((&name, &plan), n_scenarios, lang));
        }
        let sizes = (size.reported.len(), self.funders.len(), size.n_replicates as usize);
        self.builder = Some(AttributionBuilder::new(plan, sizes));
    }
}

impl AllChanged<'_> {
    /// The number of simulations of a county that it takes.
    #[must_use]
    pub const fn n_batches(&self) -> usize {
        1 + self.variants.len().saturating_sub(self.n_first()).div_ceil(self.n_together)
    }

    /// Whom the lines of each scenario touch.
    pub fn take_touched(&mut self) -> Vec<LinesTouched> {
        self.all.iter_mut().map(|changed| std::mem::take(&mut changed.touched)).collect()
    }

    /// The variants beside the scenarios themselves.
    const fn n_first(&self) -> usize {
        self.n_together.saturating_sub(self.n_scenarios)
    }

    /// The variants of a batch; the first one is simulated together with the scenarios.
    pub fn variants(&self, batch: usize) -> Result<Vec<Variant>, Stop> {
        let first = self.n_first();
        let (from, to) = match batch {
            0 => (0, first),
            _ => (first + (batch - 1) * self.n_together, first + batch * self.n_together),
        };
        let n = self.variants.len();
        let own = &self.variants[from.min(n)..to.min(n)];
        own.iter().map(|&(of, number)| self.variant(of, number)).collect()
    }

    fn variant(&self, of: usize, number: usize) -> Result<Variant, Stop> {
        let changed = &self.all[of];
        let (Some(lines), Some(builder)) = (&changed.lines, &changed.builder) else {
            return Err(Stop::Failed(Words::new("没有可模拟的组合", "there is no variant to simulate")));
        };
        Ok(Variant { of, number, scenario: lines.scenario(builder.plan().variants[number])? })
    }

    /// Adds what both scenarios of every comparison book in a county.
    pub fn add(&mut self, county: usize, scenarios: &[Scenario], outcomes: &[CountyOutcome]) {
        for (number, changed) in self.all.iter_mut().enumerate() {
            for (arm, at) in [(Arm::Base, 0), (Arm::Other, 1 + number)] {
                changed.add((county, arm), &scenarios[at], &outcomes[at]);
            }
        }
    }

    /// Adds what variants book in a county.
    pub fn add_variants(&mut self, county: usize, variants: &[Variant], outcomes: &[CountyOutcome]) {
        for (variant, outcome) in variants.iter().zip(outcomes) {
            let arm = Arm::Variant(variant.number);
            self.all[variant.of].add((county, arm), &variant.scenario, outcome);
        }
    }
}

impl Changed<'_> {
    fn add(&mut self, (county, arm): (usize, Arm), scenario: &Scenario, outcome: &CountyOutcome) {
        if let Some(builder) = &mut self.builder {
            let fen = booked(outcome, &scenario.policy.names.funders, &self.funders);
            builder.add(county, arm, &fen);
        }
    }

    /// Attributes the difference, which the values of the lines must add up to.
    pub fn attribute(&mut self, comparison: &mut Comparison) -> Result<(), Stop> {
        if let Some(builder) = self.builder.take() {
            let attribution = builder.finish(comparison).map_err(|error| Stop::Failed(error.words()))?;
            comparison.attribution = Some(attribution);
        }
        Ok(())
    }
}

/// How many times as long the simulation takes at most.
fn times(n_scenarios: usize, n_variants: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "numbers of scenarios")]
    let factor = (n_scenarios + n_variants) as f64 / n_scenarios as f64;
    if factor < 10.0 { format!("{factor:.1}") } else { format!("{factor:.0}") }
}

fn cost((name, plan): (&str, &Plan), n_scenarios: usize, lang: Lang) -> String {
    let (n, m) = (plan.game.n_players(), plan.n_variants());
    let times = times(n_scenarios, m);
    match (lang, plan.game.n_orders()) {
        (Lang::Zh, None) => {
            format!("归因：{name}有{n}行改动起作用，另测算{m}个变体，模拟时间至多约为{times}倍")
        }
        (Lang::Zh, Some(orders)) => format!(
            "归因：{name}有{n}行改动起作用，按抽取的{orders}个顺序另测算{m}个变体，模拟时间至多约为{times}倍"
        ),
        (Lang::En, None) => format!(
            "attribution: {n} lines of {name} are felt; {m} variants are simulated besides, the simulation takes up to {times} times as long"
        ),
        (Lang::En, Some(orders)) => format!(
            "attribution: {n} lines of {name} are felt; {m} variants in {orders} drawn orders are simulated besides, the simulation takes up to {times} times as long"
        ),
    }
}

fn not_asked((name, n): (&str, usize), (n_scenarios, n_drawn): (usize, u32), lang: Lang) -> String {
    let m = if n <= MOST_EXACT {
        (1 << n) - 2
    } else {
        Game::sampled(n.min(MOST_PLAYERS), n_drawn, &Draws::new(0)).subsets().len() - 2
    };
    let times = times(n_scenarios, m);
    match lang {
        Lang::Zh => format!(
            "{name}有{n}行改动起作用：加 --attribution 可得出每行各引起多少差额，至多另测算{m}个变体，模拟时间至多约为{times}倍"
        ),
        Lang::En => format!(
            "{n} lines of {name} are felt: --attribution tells which of them causes how much, with up to {m} more variants and up to {times} times the simulation"
        ),
    }
}

fn many_lines((name, n): (&str, usize), lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("{name}有{n}行改动起作用，超过{MOST_LINES}行：不逐行统计涉及人数"),
        Lang::En => {
            format!(
                "{n} lines of {name} are felt, more than {MOST_LINES}: persons touched are not counted line by line"
            )
        }
    }
}
