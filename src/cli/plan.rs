//! `plan`, `block` and `merge`: a run cut into units, a unit worked out, and the units put together again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::args::{RunArgs, SizeArgs};
use super::loaded::Loaded;
use super::parts;
use super::project::{self, Shows};
use super::simulate::{self, Source};
use super::supply::{Supply, refused_at};
use super::work_args::{BlockArgs, MergeArgs, PartsArgs, PlanArgs};
use super::{Stop, interrupt, pretty, terminal};
use crate::file;
use crate::lang::Lang;
use crate::report::number::grouped;
use crate::report::write::not_written;
use crate::scenario::kept::Kept;
use crate::scenario::notice::Words;
use crate::shard::plan::{Plan, PlannedUnit};
use crate::shard::{self, Head, SCHEMA_VERSION, VERSION};

/// Cuts a run into units.
pub fn plan(args: &PlanArgs) -> Result<(), Stop> {
    let lang = Lang::from(args.lang);
    let work = Loaded::new(&args.size, Source::Disk(&args.scenario))?;
    terminal::notices(&work.scenario.notices, args.quiet, lang);
    let counties: Vec<_> = work.size.counties.iter().map(|&at| &work.scenario.place.counties[at]).collect();
    let n_years = work.size.simulated.len() + usize::from(work.size.warm_up_years);
    let seconds = f64::from(args.unit_seconds);
    let units = shard::plan::units(&counties, n_years, (work.size.n_replicates, seconds));
    let kept = work.scenario.kept();
    let plan = Plan {
        schema_version: SCHEMA_VERSION,
        program: VERSION.to_owned(),
        hash: String::new(),
        work_hash: work.work_hash(),
        scenario: work.scenario.id.clone(),
        settings: args.size.all_settings().iter().map(ToString::to_string).collect(),
        years: args.size.years,
        counties: counties.iter().map(|county| format!("{:06}", county.code)).collect(),
        n_replicates: work.size.n_replicates,
        units,
        own: kept.own.clone(),
        texts: texts(kept)?,
    }
    .sealed();
    let path = args.out.clone().unwrap_or_else(|| PathBuf::from(format!("{}.plan.json", plan.scenario)));
    if !args.force && std::fs::symlink_metadata(&path).is_ok() {
        return Err(already_there(&path));
    }
    let text = pretty(&plan)?;
    file::write(&path, text.as_bytes()).map_err(|error| Stop::Failed(not_written(&path, &error)))?;
    if args.json {
        let bare = Plan { texts: BTreeMap::new(), ..plan };
        return Ok(terminal::json(&pretty(&bare)?)?);
    }
    Ok(terminal::result(&said(&plan, &path, lang))?)
}

/// The texts of the files of a scenario.
fn texts(kept: Kept) -> Result<BTreeMap<String, String>, Stop> {
    let mut all = BTreeMap::new();
    for (name, bytes) in kept.texts {
        let text = String::from_utf8(bytes.to_vec()).map_err(|_| {
            Stop::BadInput(Words::new(
                format!("{name}：不是 UTF-8 文本，不能放入计划"),
                format!("{name}: is no text in UTF-8, which a plan holds"),
            ))
        })?;
        all.insert(name, text);
    }
    Ok(all)
}

fn already_there(path: &Path) -> Stop {
    let path = path.display();
    Stop::BadInput(Words::new(
        format!("{path}：已经存在；加 --force 覆盖，或用 --out 另写一处"),
        format!("{path}: is there already; replace it with --force, or write elsewhere with --out"),
    ))
}

fn said(plan: &Plan, path: &Path, lang: Lang) -> String {
    let seconds: f64 = plan.units.iter().map(|unit| unit.seconds).sum();
    let longest = plan.units.iter().map(|unit| unit.seconds).fold(0.0, f64::max);
    let [all, longest] = [seconds, longest].map(|value| grouped(value, 0));
    // A run of minutes needs no hours.
    let hours = match (seconds < 3600.0, lang) {
        (true, _) => String::new(),
        (false, Lang::Zh) => format!("（{}小时）", grouped(seconds / 3600.0, 1)),
        (false, Lang::En) => format!(" ({} hours)", grouped(seconds / 3600.0, 1)),
    };
    let (n, counties, path) = (plan.units.len(), plan.counties.len(), path.display());
    match lang {
        Lang::Zh => format!(
            "{path}：{counties}个县区、{}次模拟，分为{n}块；单核约需{all}秒{hours}，最长的一块{longest}秒（按实测速度估计）\n\
             逐块运行：fundcast block {path} 1（或 1-{n}，可在多台机器上分别运行，顺序不限，重复运行无妨）\n\
             全部完成后合并：fundcast merge {path}",
            plan.n_replicates,
        ),
        Lang::En => format!(
            "{path}: {counties} counties, {} replicates, cut into {n} units; about {all} seconds of one core{hours}, the longest unit {longest} (estimated from measured rates)\n\
             work them out: fundcast block {path} 1 (or 1-{n}; on any machines, in any order, as often as you like)\n\
             when all are there: fundcast merge {path}",
            plan.n_replicates,
        ),
    }
}

/// Works units out.
pub fn block(args: &BlockArgs) -> Result<(), Stop> {
    let lang = Lang::from(args.lang);
    interrupt::watch(lang);
    simulate::threads(args.threads)?;
    let plan = read(&args.plan)?;
    let mut numbers = BTreeSet::new();
    for &(first, last) in &args.units {
        if last > plan.units.len() {
            return Err(no_unit(last, plan.units.len()));
        }
        numbers.extend(first..=last);
    }
    let chosen = plan
        .chosen(&numbers)
        .map_err(|unknown| no_unit(unknown.first().copied().unwrap_or_default(), plan.units.len()))?;
    let work = of_plan(&plan, args.threads)?;
    let folder = args.out.clone().unwrap_or_else(|| shards_of(&args.plan));
    std::fs::create_dir_all(&folder).map_err(|error| Stop::BadInput(not_written(&folder, &error)))?;
    let n: u64 = chosen.iter().map(|planned| u64::from(planned.unit.n_replicates)).sum();
    let bar = terminal::progress(n, args.quiet, lang);
    let mut written = Vec::new();
    for planned in chosen {
        written.push(unit((&work, &plan), planned, &folder, (&bar, lang))?.display().to_string());
    }
    bar.finish_and_clear();
    Ok(terminal::result(&written.join("\n"))?)
}

fn no_unit(number: usize, n: usize) -> Stop {
    Stop::BadInput(Words::new(
        format!("第{number}块：计划只有第1至第{n}块"),
        format!("unit {number}: the plan has units 1 to {n}"),
    ))
}

/// Puts the units together: the folder that one machine would have written, or nothing.
pub fn merge(args: &MergeArgs) -> Result<(), Stop> {
    let lang = Lang::from(args.output.lang);
    interrupt::watch(lang);
    let threads = simulate::threads(args.threads)?;
    let plan = read(&args.plan)?;
    let own_folder = [shards_of(&args.plan)];
    let named = if args.shards.is_empty() { &own_folder[..] } else { &args.shards };
    let mut files = Vec::new();
    for path in named {
        files.extend(shards_in(path)?);
    }
    let shards = plan.shards(&files).map_err(|wrong| all_wrong(&wrong))?;
    let work = of_plan(&plan, args.threads)?;
    let mut by_county: BTreeMap<usize, Vec<PathBuf>> = BTreeMap::new();
    for (planned, path) in plan.units.iter().zip(shards) {
        by_county.entry(county(&work, planned)?).or_default().push(path);
    }
    let run = RunArgs {
        scenario: PathBuf::new(),
        size: size_args(&plan, args.threads),
        output: args.output.clone(),
        precision: None,
        trials_by: args.trials_by.clone(),
        bills: 0,
        parts: PartsArgs::default(),
        documents: args.documents.clone(),
    };
    if !args.output.quiet {
        terminal::note(lang.pick("分块齐全，合并", "every unit is there: putting them together"));
    }
    project::run_from((&run, Shows::Spending), (threads, work), Supply::Shards(by_county))
}

fn all_wrong(wrong: &[Words]) -> Stop {
    let list = |of: fn(&Words) -> &str| wrong.iter().map(of).collect::<Vec<_>>().join("\n");
    let n = wrong.len();
    Stop::BadInput(Words::new(
        format!("{}\n共{n}处问题，没有合并", list(|words| &words.zh)),
        format!(
            "{}\n{n} problem{}; nothing was put together",
            list(|words| &words.en),
            if n == 1 { "" } else { "s" }
        ),
    ))
}

/// A shard, or the shards of a folder by name.
fn shards_in(path: &Path) -> Result<Vec<PathBuf>, Stop> {
    if !path.is_dir() {
        shard::head(path).map_err(|refused| refused_at(path, &refused))?;
        return Ok(vec![path.to_owned()]);
    }
    let failed = |error: std::io::Error| {
        let why = Words::new(file::reason(&error, Lang::Zh), file::reason(&error, Lang::En));
        Stop::BadInput(why.at(path.display()))
    };
    let mut all = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let is_hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        if !is_hidden && path.extension().is_some_and(|kind| kind == "parquet") {
            all.push(path);
        }
    }
    all.sort();
    Ok(all)
}

/// The folder of the shards beside a plan.
fn shards_of(plan: &Path) -> PathBuf {
    let name = plan.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let name = name.strip_suffix(".json").unwrap_or(&name);
    plan.with_file_name(format!("{name}.shards"))
}

fn read(path: &Path) -> Result<Plan, Stop> {
    Plan::read(path).map_err(|no_plan| Stop::BadInput(no_plan.words().at(path.display())))
}

fn size_args(plan: &Plan, threads: Option<u16>) -> SizeArgs {
    SizeArgs::of_typed(plan.all_settings(), (plan.years, &plan.counties), threads)
}

/// What the units of a plan are worked out of, as it was when the plan was made.
fn of_plan(plan: &Plan, threads: Option<u16>) -> Result<Loaded, Stop> {
    let work = Loaded::new(&size_args(plan, threads), Source::Kept(&plan.kept()))?;
    if work.work_hash() != plan.work_hash {
        return Err(Stop::BadInput(Words::new(
            "计划的校验值与本程序从其文件算得的不同：写出计划的程序与本程序不同；请重新生成计划",
            "the plan's hash is not the one that this program finds for its files: another program made it; make the plan again",
        )));
    }
    Ok(work)
}

/// The position of a unit's county.
fn county(work: &Loaded, planned: &PlannedUnit) -> Result<usize, Stop> {
    let code = planned.unit.county_code;
    let found = work.scenario.place.counties.iter().position(|county| county.code == code);
    found.ok_or_else(|| {
        Stop::Failed(Words::new(
            format!("第{}块：没有代码为{code}的县区", planned.number),
            format!("unit {}: there is no county {code}", planned.number),
        ))
    })
}

/// Works a unit out, but where its shard is there as it should be.
fn unit(
    (work, plan): (&Loaded, &Plan),
    planned: &PlannedUnit,
    folder: &Path,
    (bar, lang): (&indicatif::ProgressBar, Lang),
) -> Result<PathBuf, Stop> {
    let (unit, number) = (&planned.unit, county(work, planned)?);
    let path = folder.join(unit.file_name());
    terminal::reached(bar, &planned.county);
    let is_whole = |head: &Head| head.work_hash == plan.work_hash && head.unit == *unit;
    if shard::read(&path, number).is_ok_and(|(head, _)| is_whole(&head)) {
        bar.inc(u64::from(unit.n_replicates));
        terminal::note(&match lang {
            Lang::Zh => format!("第{}块已经完成", planned.number),
            Lang::En => format!("unit {} is there already", planned.number),
        });
        return Ok(path);
    }
    let into = (folder, plan.work_hash.as_str());
    Ok(parts::worked_out((&work.scenarios(), number), unit, into, (&work.size, bar))?.1)
}
