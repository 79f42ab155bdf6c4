//! `new`: a scenario folder for any county, complete, as a first draft that can be run and filled in.

mod exchange;
mod register;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::given::{self, persons as grouped};
use super::new_args::NewArgs;
use super::{Stop, lines, terminal};
use crate::draft::census::{self, Area};
use crate::draft::fund::{FundTable, YearsIn};
use crate::draft::register::Register;
use crate::draft::shares::Count;
use crate::draft::shipped::Plan;
use crate::draft::{self, Draft, Wanted};
use crate::file;
use crate::lang::{Lang, Words};
use crate::raw::Status;
use crate::report::screen;
use crate::report::write::not_written;
use crate::scenario;

/// What is added to the name of the folder while its files are written and checked.
const UNFINISHED: &str = ".unfinished";

/// Writes the folder and says what is in it, what is assumed, and how to go on.
pub fn run(args: &NewArgs) -> Result<(), Stop> {
    let lang = Lang::from(args.lang);
    let mut faults: Vec<Words> = Vec::new();
    let name = name(&args.folder).map_err(|fault| faults.push(fault)).unwrap_or_default();
    let area = census::find(&args.county).map_err(|more| faults.extend(more)).ok();
    let plan = draft::plan(args.policy.as_deref()).map_err(|fault| faults.push(fault)).ok();
    if args.folder.exists() && !args.force {
        faults.push(taken(&args.folder));
    }
    let given = [args.register.register.as_deref(), args.fund.fund.as_deref()];
    faults.extend(given.into_iter().flatten().filter_map(|table| inside(&args.folder, table)));
    if unfinished(&args.folder).exists() {
        faults.push(left_over(&unfinished(&args.folder)));
    }
    let (Some(area), Some(plan), true) = (area, plan, faults.is_empty()) else {
        return Err(Stop::BadInput(lines(&faults)));
    };
    let said = |faults: &[Words]| Stop::BadInput(lines(faults));
    let tables = tables(args, (&area, plan)).map_err(|faults| said(&faults))?;
    let named = |path: Option<&Path>| {
        path.and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned()
    };
    let files = (named(args.register.register.as_deref()), named(args.fund.fund.as_deref()));
    let mut wanted = Wanted {
        name: &name,
        area,
        plan,
        years: args.years,
        register: tables.register.as_ref().map(|register| (&*files.0, register)),
        fund: tables.fund.as_ref().map(|fund| (&*files.1, fund)),
    };
    let mut draft = drafted(args, &wanted).map_err(|faults| said(&faults))?;
    let mut written = write(&args.folder, &name, &draft);
    if written.is_err() && args.years.is_none() && draft.years != plan.years {
        // The values of the policy do not reach the year of the register: its last year is nearest to it.
        wanted.years = Some((plan.years.1, plan.years.1));
        draft = drafted(args, &wanted).map_err(|faults| said(&faults))?;
        written = write(&args.folder, &name, &draft);
    }
    written?;
    let preview = tables.preview(args, &draft, lang) + &missing(&wanted, &draft, lang);
    Ok(terminal::result(&(preview + &self::said(&args.folder, &wanted, &draft, lang)))?)
}

/// The tables that were given.
struct Tables {
    register: Option<Register>,
    fund: Option<FundTable>,
}

/// Reads the tables that were given; the faults of both.
fn tables(args: &NewArgs, (area, plan): (&Area, &Plan)) -> Result<Tables, Vec<Words>> {
    let categories = draft::categories(plan.policy);
    let funders = draft::funders(plan.policy);
    // A place that names nobody means the first payer of its policy.
    let funder = funders.first().map_or("", |(id, _)| id.as_str());
    let asked = given::fund::Asked { counties: &area.counties, funders: &funders, funder };
    let register = given::register::read(&args.register, &area.counties, &categories);
    match (register, given::fund::read(&args.fund, asked)) {
        (Ok(register), Ok(fund)) => Ok(Tables { register, fund }),
        (register, fund) => Err([register.err(), fund.err()].into_iter().flatten().flatten().collect()),
    }
}

impl Tables {
    /// What was understood of them.
    fn preview(&self, args: &NewArgs, draft: &Draft, lang: Lang) -> String {
        let register = self.register.as_ref();
        let mut text =
            register.map(|register| register::preview(args, register, draft, lang)).unwrap_or_default();
        if let Some(taken) = &draft.fund {
            text.push_str(&given::fund::understood(&args.fund, &taken.table, Some("fund.csv"), lang));
        }
        text
    }
}

/// What the table of the fund leaves open.
fn missing(wanted: &Wanted<'_>, draft: &Draft, lang: Lang) -> String {
    let counties: Vec<(u32, String)> =
        wanted.area.counties.iter().map(|one| (one.county.code, one.county.name.clone())).collect();
    let missing = draft.fund.iter().flat_map(|taken| taken.fund.missing(&counties, draft.years));
    missing.map(|words| format!("  {}\n", words.pick(lang))).collect()
}

/// The texts of the folder, or what of the tables does not fit its years.
fn drafted(args: &NewArgs, wanted: &Wanted<'_>) -> Result<Draft, Vec<Words>> {
    if let Some((_, table)) = wanted.fund {
        let first = draft::years(wanted).0;
        table.select(first, YearsIn::Option).map_err(|faults| given::fund::said(&args.fund, &faults))?;
    }
    let unreadable = Words::new("内置的方案和地区无法读取", "the built-in plans and places cannot be read");
    draft::draft(wanted).ok_or_else(|| vec![unreadable])
}

/// The name of the scenario: the last part of the folder.
fn name(folder: &Path) -> Result<String, Words> {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let is_plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    if !name.is_empty() && name.chars().all(is_plain) {
        return Ok(name);
    }
    let folder = folder.display();
    Err(Words::new(
        format!("“{folder}”不能用作名称：只能用文字、字母、数字、- 和 _，例如 hengzhou"),
        format!("`{folder}` is no name: letters, digits, - and _ only, such as hengzhou"),
    ))
}

fn taken(folder: &Path) -> Words {
    let folder = folder.display();
    Words::new(
        format!("{folder} 已存在，未写入任何文件；换一个名称，或加 --force 覆盖其中同名的文件"),
        format!(
            "{folder} is already there, nothing was written; choose another name, or replace its files of the same name \
             with --force"
        ),
    )
}

/// A table that stands in the folder that is written: a file of the same name would take its place.
fn inside(folder: &Path, table: &Path) -> Option<Words> {
    let (own, within) = (table.canonicalize().ok()?, folder.canonicalize().ok()?);
    let (table, folder) = (table.display(), folder.display());
    own.starts_with(within).then(|| {
        Words::new(
            format!("{table} 在要写入的文件夹 {folder} 之内，可能被同名文件覆盖；未写入任何文件，请把表放在别处"),
            format!(
                "{table} stands in the folder {folder} that is to be written and could be replaced; nothing was written, put \
                 the table elsewhere"
            ),
        )
    })
}

/// Where the files stand until they are checked.
fn unfinished(folder: &Path) -> PathBuf {
    PathBuf::from(format!("{}{UNFINISHED}", folder.display()))
}

/// What is there may be somebody's own: it is never deleted.
fn left_over(folder: &Path) -> Words {
    let folder = folder.display();
    Words::new(
        format!("{folder} 已存在，可能是上次中断的命令留下的；未写入任何文件，请先移走或删除它"),
        format!(
            "{folder} is already there, perhaps left by an interrupted command; nothing was written: move or delete it first"
        ),
    )
}

/// Writes all files beside the folder, checks that the scenario can be run, and only then puts them into place.
fn write(folder: &Path, name: &str, draft: &Draft) -> Result<(), Stop> {
    let unfinished = unfinished(folder);
    let placed = place(folder, &unfinished, name, draft);
    // What could not be put back stands there: it is somebody's, and is said.
    let holds_replaced = matches!(&placed, Err(NotWritten { keeps_unfinished: true, .. }));
    if unfinished.exists() && !holds_replaced {
        std::fs::remove_dir_all(&unfinished).map_err(|error| failed(&unfinished, &error))?;
    }
    placed.map_err(|not_written| not_written.stop)
}

/// Why a folder was not written.
struct NotWritten {
    stop: Stop,
    /// The unfinished folder holds files that were replaced.
    keeps_unfinished: bool,
}

impl From<Stop> for NotWritten {
    fn from(stop: Stop) -> Self {
        Self { stop, keeps_unfinished: false }
    }
}

fn place(folder: &Path, unfinished: &Path, name: &str, draft: &Draft) -> Result<(), NotWritten> {
    for (path, text) in &draft.files {
        write_file(&unfinished.join(path), text)?;
    }
    match scenario::load(&unfinished.join(format!("{name}.toml")), &[]) {
        Ok(_) if folder.exists() => move_files(unfinished, folder, draft),
        Ok(_) => {
            // The names are on the disk before the folder has its own, as the files are: after a power cut it is whole.
            on_disk(unfinished, draft)?;
            std::fs::rename(unfinished, folder).map_err(|error| failed(folder, &error))?;
            let above = folder.parent().unwrap_or_else(|| Path::new(""));
            Ok(file::sync_folder(above).map_err(|error| failed(above, &error))?)
        }
        Err(faults) => {
            let there = unfinished.display().to_string();
            let here = folder.display().to_string();
            let text = |lang| faults.text(lang).replace(&there, &here);
            Err(Stop::BadInput(Words::new(text(Lang::Zh), text(Lang::En))).into())
        }
    }
}

/// Puts the files into a folder that is there, all of them or none.
fn move_files(from: &Path, to: &Path, draft: &Draft) -> Result<(), NotWritten> {
    let names: Vec<&str> = draft.files.iter().map(|(path, _)| path.as_str()).collect();
    exchange::all(from, to, &names).map_err(|not| {
        let (why, to, from) = (not_written(&not.path, &not.cause), to.display(), from.display());
        let words = match not.is_undone {
            true => {
                Words::new(format!("{}；{to} 保持原样", why.zh), format!("{}; {to} is as it was", why.en))
            }
            false => Words::new(
                format!("{}；{to} 未能完全复原，原来的文件在 {from} 下的 .before", why.zh),
                format!(
                    "{}; {to} could not be put back whole: what was there stands in .before below {from}",
                    why.en
                ),
            ),
        };
        NotWritten { stop: Stop::Failed(words), keeps_unfinished: !not.is_undone }
    })?;
    Ok(on_disk(to, draft)?)
}

/// Makes sure that the names of the files are on the disk.
fn on_disk(folder: &Path, draft: &Draft) -> Result<(), Stop> {
    let paths = draft.files.iter().map(|(path, _)| folder.join(path));
    let folders: BTreeSet<PathBuf> =
        paths.flat_map(|path| path.ancestors().skip(1).map(Path::to_owned).collect::<Vec<_>>()).collect();
    for inner in folders.iter().filter(|inner| inner.starts_with(folder)) {
        file::sync_folder(inner).map_err(|error| failed(inner, &error))?;
    }
    Ok(())
}

fn write_file(path: &Path, text: &str) -> Result<(), Stop> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(|error| failed(parent, &error))?;
    }
    file::write_new(path, text.as_bytes()).map_err(|error| failed(path, &error))
}

fn failed(path: &Path, error: &std::io::Error) -> Stop {
    Stop::Failed(not_written(path, error))
}

/// What was written, what of it is assumed, and how to go on.
fn said(folder: &Path, wanted: &Wanted<'_>, draft: &Draft, lang: Lang) -> String {
    let counties = &wanted.area.counties;
    let sum = |part: fn(&scenario::place::County) -> u32| {
        grouped(counties.iter().map(|one| u64::from(part(&one.county))).sum())
    };
    let (first, last) = draft.years;
    let years = if first == last { first.to_string() } else { format!("{first}-{last}") };
    let (all, urban, rural) = (sum(|one| one.all), sum(|one| one.urban), sum(|one| one.rural));
    let (name, policy) = (&wanted.area.name, wanted.plan.policy);
    let (n, model, from) = (counties.len(), draft.model, draft.taken_from);
    let file = folder.join(format!("{}.toml", wanted.name));
    let file = file.display();
    let table = persons(draft, lang);
    let is_all_found = draft.counts.iter().flatten().all(|count| count.status == Status::Found);
    let at = folder.join("places").join(wanted.name);
    let at = at.display();
    let counts = if wanted.by_census() { "place.toml" } else { "categories.csv" };
    let budget = match wanted.fund {
        Some(_) => format!("  fundcast budget {file} --replicates 20\n"),
        None => String::new(),
    };
    match lang {
        Lang::Zh => format!(
            "已建立 {}：{}，{n}个县（市、区），方案 {policy}，疾病模型 {model}，{years}年\n\
             查得：2020年普查常住人口{all}人（城镇{urban}，乡村{rural}），分性别、年龄和户数\n\
             各类对象人数：\n{table}\
             仍为推算，有本地数据请逐项改写（status 改为 found，source 写出处）：\n\
             {}\x20 {at}/place.toml  个人缴费、收入、县级参数（取自随附的 {from} 或全国数）\n\
             \x20 {at}/population.toml  对象的年龄、家庭和变动（取自随附的 {from}）\n\
             下一步：\n  fundcast check {file}\n  fundcast run {file} --replicates 20\n{budget}",
            folder.display(),
            name.zh,
            if is_all_found { String::new() } else { format!("  {at}/{counts}  各类对象人数\n") },
        ),
        Lang::En => format!(
            "made {}: {}, {n} {}, policy {policy}, illness model {model}, {years}\n\
             found: {all} residents of the census of 2020 ({urban} urban, {rural} rural), by sex and age, and households\n\
             persons by category:\n{table}\
             still assumed; put the place's own values there (status found, and the source):\n\
             {}\x20 {at}/place.toml  contributions, incomes, parameters (from the shipped {from}, or of the country)\n\
             \x20 {at}/population.toml  ages, households and turnover of holders (from the shipped {from})\n\
             next:\n  fundcast check {file}\n  fundcast run {file} --replicates 20\n{budget}",
            folder.display(),
            name.en,
            if n == 1 { "county" } else { "counties" },
            if is_all_found { String::new() } else { format!("  {at}/{counts}  persons by category\n") },
        ),
    }
}

/// Persons by category and status, as a table for the terminal.
fn persons(draft: &Draft, lang: Lang) -> String {
    let header = match lang {
        Lang::Zh => ["类别", "代码", "查得", "推导", "推算"],
        Lang::En => ["Category", "Id", "Found", "Derived", "Assumed"],
    };
    let row = |(id, label): &(String, Words)| {
        let of = |status| {
            let is = |one: &&Count| one.category == *id && one.status == status;
            let known = draft.counts.iter().flatten().any(|one| is(&one));
            if known { grouped(draft.persons(id, status)) } else { "-".to_owned() }
        };
        let statuses = [Status::Found, Status::Derived, Status::Assumed].map(of);
        [label.pick(lang).to_owned(), id.clone()].into_iter().chain(statuses).collect()
    };
    let table = screen::grid(&header, draft.categories.iter().map(row), 2);
    table.lines().map(|line| format!("  {line}\n")).collect()
}
