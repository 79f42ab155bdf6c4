//! `compare`: scenarios on the same draws, paired replicate by replicate.

use super::args::{AttributionArg, CompareArgs};
use super::attribution::{self, AllChanged};
use super::project::{self, Timer};
use super::simulate::{self, Size, Source};
use super::winners::AllWinners;
use super::{Stop, caption, charts, interrupt, report, terminal};
use crate::chart::{Difference, DifferenceRow};
use crate::lang::{Lang, Words};
use crate::projection::compare::{CompareError, Comparison, ComparisonBuilder};
use crate::projection::layout::Layout;
use crate::projection::money::Part;
use crate::projection::moved;
use crate::projection::touched::Touched;
use crate::projection::warning::few_for;
use crate::report::figures::Figure;
use crate::report::finished::Input;
use crate::report::record::{Execution, Owner, Record};
use crate::report::typed::{Attribution, Typed};
use crate::report::write::RunFolder;
use crate::report::{files, screen_difference, waterfalls, winners_charts};
use crate::scenario::kept::Kept;
use crate::scenario::{self, Scenario, labels};
use crate::simulation::outcome::WorkDone;
use crate::units::Fen;

/// The percentiles that the tables of a comparison give.
const PERCENTILES: [u16; 3] = [5, 50, 95];

/// Compares scenarios with the first one. Whatever can be refused is refused before anything is simulated.
pub fn run(args: &CompareArgs) -> Result<(), Stop> {
    let lang = Lang::from(args.output.lang);
    interrupt::watch(lang);
    let sources = std::iter::once(&args.base).chain(&args.others).map(|path| Source::Disk(path));
    let mut scenarios = load(args, sources)?;
    twice(&scenarios)?;
    labels::distinguish(&mut scenarios);
    terminal::notices(scenarios.iter().flat_map(|one| &one.notices), args.output.quiet, lang);
    let size = Size::new(&scenarios[0], &args.size)?;
    let builders = builders(&scenarios, &size)?;
    let mut caption = caption::caption(&scenarios[0], &size, lang);
    caption.scenario = titles(&scenarios, lang);
    charts::try_charts(&pages(&chart(&empty(&builders, &size), lang), lang), &caption)?;
    let threads = simulate::threads(args.size.threads)?;
    let ids: Vec<&str> = scenarios.iter().map(|scenario| scenario.id.as_str()).collect();
    let name = ids.join("-vs-");
    let all: Vec<&Scenario> = scenarios.iter().collect();
    let folder = project::begin_with((&args.output, &args.documents), &Owner::of(&name, &all))?;
    let mut timer = Timer::default();

    let (comparisons, work) = compared((&scenarios, &size), builders, (args, lang), &mut timer)?;
    let mut figures = pages(&chart(&comparisons, lang), lang);
    figures.extend(winners_charts::of_comparisons(&comparisons, lang));
    figures.extend(waterfalls::of_comparisons(&comparisons, lang));
    let warning = timer.phase("charts", || charts::draw(&folder, figures, &caption, &args.output.drawing))?;
    timer.phase("writing", || files::write_comparison_tables(&folder, &comparisons))?;
    let execution = Execution { threads, engine: size.engine.name(), work, seconds: timer.seconds };
    let (layout, counties) = (&comparisons[0].base, comparisons[0].counties.as_slice());
    let mut record = Record::of_comparison(&name, &all, (layout, counties), &execution);
    record.came_of(typed(args));
    record.rests_on(caption::basis(&scenarios[0], &size));
    record.warn(&few_for(&PERCENTILES, layout.n_replicates), layout);
    record.warn(warning.as_slice(), layout);
    record.write(&folder)?;
    let target = folder.finish()?;
    print(&comparisons, args, lang).map_err(|error| project::not_printed(&error, &target))?;
    warning.iter().for_each(|warning| terminal::note(&warning.text(layout, lang)));
    report::with_results(&target, &args.documents, &args.output)?;
    project::written_to(&target, &args.output);
    Ok(())
}

/// Writes the tables of a comparison into a folder, from the files of a finished one; its scenarios are called as in
/// its record, whatever the folders in which they lay.
pub fn write_tables_again(
    args: &CompareArgs,
    (kept, inputs): (&[Kept], &[Input]),
    folder: &RunFolder,
) -> Result<(), Stop> {
    let lang = Lang::from(args.output.lang);
    let mut scenarios = load(args, kept.iter().map(Source::Kept))?;
    for (scenario, input) in scenarios.iter_mut().zip(inputs) {
        scenario.id.clone_from(&input.scenario);
        scenario.settings.title_zh.clone_from(&input.names.title.zh);
        scenario.settings.title_en.clone_from(&input.names.title.en);
    }
    let size = Size::new(&scenarios[0], &args.size)?;
    let builders = builders(&scenarios, &size)?;
    let (comparisons, _) = compared((&scenarios, &size), builders, (args, lang), &mut Timer::default())?;
    Ok(files::write_comparison_tables(folder, &comparisons)?)
}

/// What was typed that decides the results.
fn typed(args: &CompareArgs) -> Typed {
    let when = match args.attribution {
        AttributionArg::Auto => "auto",
        AttributionArg::Always => "always",
        AttributionArg::Never => "never",
    };
    let attribution = Attribution { when: when.to_owned(), orders: args.attribution_orders };
    Typed {
        attribution: Some(attribution),
        winners: Some(args.winners),
        ..Typed::new("compare", &args.size.all_settings())
    }
}

/// Simulates, pairs and attributes.
fn compared(
    (scenarios, size): (&[Scenario], &Size),
    builders: Vec<ComparisonBuilder>,
    (args, lang): (&CompareArgs, Lang),
    timer: &mut Timer,
) -> Result<(Vec<Comparison>, WorkDone), Stop> {
    let mut changed = timer.phase("changes", || attribution::plan(scenarios, &builders, size, (args, lang)));
    let told = (args.output.quiet, lang);
    let mut winners = AllWinners::new(scenarios, &builders, changed.take_touched(), (size, args.winners));
    let taking = Taking { builders, changed: &mut changed, winners: &mut winners };
    let (builders, work) = simulate(scenarios, taking, size, told, timer)?;
    let mut comparisons: Vec<Comparison> =
        timer.phase("projection", || builders.into_iter().map(ComparisonBuilder::finish).collect());
    let touched = winners.finish(&mut comparisons);
    timer.phase("attribution", || came_of_changes(scenarios, (changed, touched), &mut comparisons))?;
    Ok((comparisons, work))
}

/// Loads all scenarios; what is wrong with any of them is reported together.
fn load<'a>(args: &CompareArgs, sources: impl Iterator<Item = Source<'a>>) -> Result<Vec<Scenario>, Stop> {
    let mut scenarios = Vec::new();
    let mut faults = scenario::fault::Faults::default();
    for source in sources {
        match args.size.load_from(source, &[]) {
            Ok(scenario) => scenarios.push(scenario),
            Err(more) => faults.merge(more),
        }
    }
    faults.finish()?;
    Ok(scenarios)
}

/// Ends a comparison in which a scenario besides the base stands twice.
fn twice(scenarios: &[Scenario]) -> Result<(), Stop> {
    let file = |scenario: &Scenario| Owner::of("", &[scenario]);
    for (index, scenario) in scenarios.iter().enumerate() {
        if index > 1 && scenarios[1..index].iter().any(|other| file(other) == file(scenario)) {
            let files = scenario.own_files().join("+");
            return Err(Stop::BadInput(Words::new(
                format!("{files}：这个方案写了两次"),
                format!("{files}: the scenario is given twice"),
            )));
        }
    }
    Ok(())
}

/// What will take the outcomes: one for each scenario besides the base. Scenarios that cannot be compared end here.
fn builders(scenarios: &[Scenario], size: &Size) -> Result<Vec<ComparisonBuilder>, Stop> {
    if let Some(other) = scenarios.iter().find(|other| other.years() != scenarios[0].years()) {
        let error = CompareError::Years(scenarios[0].id.clone(), other.id.clone());
        return Err(Stop::BadInput(error.words()));
    }
    // The counties of the base are numbers, which name others, or none, in a scenario of another place.
    let code = |scenario: &Scenario, county: usize| scenario.place.counties.get(county).map(|one| one.code);
    let is_elsewhere = |other: &&Scenario| {
        size.counties.iter().any(|&county| code(&scenarios[0], county) != code(other, county))
    };
    if let Some(other) = scenarios.iter().find(is_elsewhere) {
        let error = CompareError::Counties(scenarios[0].id.clone(), other.id.clone());
        return Err(Stop::BadInput(error.words()));
    }
    let layouts: Vec<Layout> =
        scenarios.iter().map(|scenario| simulate::layout(scenario, size)).collect::<Result<_, Stop>>()?;
    layouts[1..]
        .iter()
        .map(|other| ComparisonBuilder::new(layouts[0].clone(), other.clone()))
        .collect::<Result<Vec<_>, CompareError>>()
        .map_err(|error| Stop::BadInput(error.words()))
}

/// Comparisons in which nothing differs, for trying the chart before the simulation.
fn empty(builders: &[ComparisonBuilder], size: &Size) -> Vec<Comparison> {
    builders.iter().map(|builder| builder.clone().empty(&size.counties)).collect()
}

fn pages(whole: &Difference, lang: Lang) -> Vec<Figure> {
    let page = |page| Figure::page("difference", page, Box::new(Difference { page, ..whole.clone() }));
    (0..whole.n_pages(lang)).map(page).collect()
}

/// What came of the changes of every scenario, and which of its lines causes how much.
fn came_of_changes(
    scenarios: &[Scenario],
    (changed, touched): (AllChanged<'_>, Vec<Vec<Touched>>),
    comparisons: &mut [Comparison],
) -> Result<(), Stop> {
    let base = &scenarios[0];
    let all = scenarios[1..].iter().zip(changed.all).zip(touched).zip(comparisons);
    for (((other, mut changed), touched), comparison) in all {
        comparison.same_content = base.content_hash() == other.content_hash();
        changed.attribute(comparison)?;
        comparison.changes = moved::rows(changed.changes, comparison);
        comparison.changes.iter_mut().zip(touched).for_each(|(row, touched)| row.touched = touched);
    }
    Ok(())
}

/// What takes the outcomes of the counties.
struct Taking<'t, 'c> {
    builders: Vec<ComparisonBuilder>,
    changed: &'t mut AllChanged<'c>,
    winners: &'t mut AllWinners,
}

fn simulate(
    scenarios: &[Scenario],
    Taking { mut builders, changed, winners }: Taking<'_, '_>,
    size: &Size,
    (quiet, lang): (bool, Lang),
    timer: &mut Timer,
) -> Result<(Vec<ComparisonBuilder>, WorkDone), Stop> {
    let n = size.n_replicates as usize;
    let mut work = WorkDone::default();
    let n_runs = (size.counties.len() * changed.n_batches()) as u64;
    let n_again = size.counties.len() as u64 * winners.n_again();
    let bar = terminal::progress(n_runs * n as u64 + n_again, quiet, lang);
    for &county in &size.counties {
        let here = &scenarios[0].place.counties[county];
        terminal::reached(&bar, lang.pick(&here.label_zh, &here.label_en));
        for batch in 0..changed.n_batches() {
            let variants = changed.variants(batch)?;
            let own = if batch == 0 { scenarios } else { &[] };
            let together: Vec<&Scenario> =
                own.iter().chain(variants.iter().map(|variant| &variant.scenario)).collect();
            let done = simulate::county(&together, county, size, &bar)?;
            timer.add("population", done.seconds[0]);
            timer.add("simulation", done.seconds[1]);
            if let [base, others @ ..] = &done.outcomes[..own.len()] {
                builders.iter_mut().zip(others).for_each(|(builder, other)| builder.add(base, other));
                changed.add(county, scenarios, &done.outcomes[..own.len()]);
                work.merge(&done.work);
                let own = &done.outcomes[..own.len()];
                timer.phase("winners", || winners.add(county, (scenarios, size), own, &bar))?;
            }
            changed.add_variants(county, &variants, &done.outcomes[own.len()..]);
        }
    }
    bar.finish_and_clear();
    Ok((builders, work))
}

fn titles(scenarios: &[Scenario], lang: Lang) -> String {
    let others: Vec<&str> =
        scenarios[1..].iter().map(|one| lang.pick(&one.settings.title_zh, &one.settings.title_en)).collect();
    others.join(lang.pick("；", "; "))
}

fn chart(comparisons: &[Comparison], lang: Lang) -> Difference {
    let base = &comparisons[0].base;
    let mut rows = Vec::new();
    for comparison in comparisons {
        for row in comparison.rows.iter().filter(|row| row.part == Part::TOTAL && row.county.is_some()) {
            rows.push(DifferenceRow {
                scenario: lang.pick(&comparison.other.title_zh, &comparison.other.title_en).to_owned(),
                county: base.county_label(row.county, lang).to_owned(),
                year: i32::from(row.year),
                mean_yuan: row.difference.yuan.mean,
                error95_yuan: row.difference.margin_95_yuan(),
                p05_yuan: Fen(row.difference.p05_fen).yuan(),
                p95_yuan: Fen(row.difference.p95_fen).yuan(),
            });
        }
    }
    Difference { base: lang.pick(&base.title_zh, &base.title_en).to_owned(), rows, page: 0 }
}

fn print(comparisons: &[Comparison], args: &CompareArgs, lang: Lang) -> std::io::Result<()> {
    if args.output.json {
        let all: Vec<serde_json::Value> = comparisons.iter().map(screen_difference::json).collect();
        let text = serde_json::to_string_pretty(&all)?;
        return terminal::json(&text);
    }
    if !args.size.settings.is_empty() {
        let all: Vec<String> = args.size.settings.iter().map(ToString::to_string).collect();
        let what = lang.pick("--set 的取值用于全部方案：", "--set gives all scenarios the value ");
        terminal::result(&format!("{what}{}\n", all.join(lang.pick("；", "; "))))?;
    }
    for comparison in comparisons {
        terminal::result(&screen_difference::text(comparison, project::rows(&args.output), lang))?;
    }
    Ok(())
}
