//! `--publish`: a folder beside a finished run that may be shown to anybody, see `docs/publish.md`.

use std::path::{Path, PathBuf};

use super::simulate::Source;
use super::{Stop, again};
use crate::chart::{ChartError, save};
use crate::document::labels::Words as Labels;
use crate::document::{Format, pictures};
use crate::lang::{Lang, Words};
use crate::report::finished::Finished;
use crate::report::inputs;
use crate::report::publish::{Published, SmallGroups, folder_of};
use crate::report::record::Owner;
use crate::report::write::{Replace, RunFolder};
use crate::scenario::Scenario;

/// Whether the folder for publication of a run could be written: to be called before anything is simulated.
pub fn leaves_room(target: &Path, owner: &Owner, replace: Replace) -> Result<(), Stop> {
    drop(RunFolder::begin(&folder_of(target), owner, replace)?);
    Ok(())
}

/// Writes the folder for publication of a run with tables, charts and documents; gives the paths of the documents, or
/// that of the folder where there are none.
pub fn write(
    run: &Finished,
    formats: &[Format],
    (lang, dpi): (Lang, u32),
    replace: Replace,
) -> Result<Vec<PathBuf>, Stop> {
    let target = folder_of(&run.folder);
    let owner = Owner { scenario: run.record.scenario.clone(), scenario_files: Vec::new() };
    let folder = RunFolder::begin(&target, &owner, replace)?;
    let small = small_groups(run)?;
    let published = Published::of(run, small).map_err(|fault| Stop::BadInput(fault.words()))?;
    published.write_tables(&folder)?;
    draw(&folder, &published, (lang, dpi))?;
    for format in formats {
        let bytes = format.make(&published.run, lang)?;
        folder.write(format.file(), |out| std::io::Write::write_all(out, &bytes))?;
    }
    published.write_record(&folder)?;
    let target = folder.finish()?;
    let documents: Vec<PathBuf> = formats.iter().map(|format| target.join(format.file())).collect();
    Ok(if documents.is_empty() { vec![target] } else { documents })
}

/// The charts, drawn again from the tables that are published.
fn draw(folder: &RunFolder, published: &Published, (lang, dpi): (Lang, u32)) -> Result<(), Stop> {
    let words = Labels { run: &published.run, lang };
    let caption = pictures::caption(words);
    for figure in pictures::figures(words)? {
        let svg = match figure.chart.draw(&caption) {
            Err(ChartError::NoData { .. }) => continue,
            other => other?,
        };
        let png = save::png(&svg, dpi)?;
        for (ending, bytes) in [("svg", svg.as_bytes()), ("png", png.as_slice())] {
            let name = format!("charts/{}.{ending}", figure.name);
            folder.write(&name, |out| std::io::Write::write_all(out, bytes))?;
        }
    }
    Ok(())
}

/// The groups of fewer than ten persons in the registers that a run read, of every scenario and year.
fn small_groups(run: &Finished) -> Result<SmallGroups, Stop> {
    let (size, todays) = (again::size(&run.record, None), again::today(&run.record));
    let mut small = SmallGroups::default();
    for (input, today) in run.record.inputs.iter().zip(todays) {
        let (kept, _) =
            inputs::read(&run.folder, input, &today).map_err(|lost| not_kept(run, &lost.files))?;
        let scenario =
            size.load_from(Source::Kept(&kept), &[]).map_err(|faults| Stop::BadInput(faults.words()))?;
        small = small.and(counted(&scenario));
    }
    Ok(small)
}

/// The small groups of a scenario.
fn counted(scenario: &Scenario) -> SmallGroups {
    let mut counts = Vec::new();
    for (number, county) in scenario.place.counties.iter().enumerate() {
        for of in scenario.county_target(number).categories {
            let mut persons = f64::from(of.persons);
            let mut years = vec![persons];
            let params = scenario.population.categories.get(usize::from(of.category.0));
            for factor in params.iter().flat_map(|params| params.growth.values()) {
                persons *= factor;
                years.push(persons);
            }
            counts.push(([format!("{:06}", county.code), of.name], years));
        }
    }
    SmallGroups::of(
        counts.iter().map(|([county, id], years)| ([county.as_str(), id.as_str()], years.clone())),
    )
}

fn not_kept(run: &Finished, files: &[String]) -> Stop {
    let folder = run.folder.display();
    Stop::BadInput(Words::new(
        format!(
            "{folder}：不能写出供公布的文件夹：没有测算时的输入（{}），无法知道哪些类别少于10人；请重新测算",
            files.join("、")
        ),
        format!(
            "{folder}: no folder for publication can be written: the inputs of the run are gone ({}), and with them which categories have fewer than ten persons; run it again",
            files.join(", ")
        ),
    ))
}
