//! `import`: a new register or table of the fund into the place of a scenario; what changes, and all of it or nothing.

mod changed;
mod files;
mod overlaps;
mod said;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::new_args::ImportArgs;
use super::{Stop, given, lines, pretty, terminal};
use crate::draft::census::{self, CensusCounty};
use crate::draft::fund::{self, Taken, YearsIn};
use crate::draft::register::Register;
use crate::draft::update::place::{self, NewLists};
use crate::draft::update::rows::{self, NewCount};
use crate::draft::{self, texts};
use crate::lang::{Lang, Words};
use crate::raw::fund::Fund as RawFund;
use crate::scenario::fault::Faults;
use crate::scenario::kept::{self, Kept};
use crate::scenario::{self, Scenario};
use files::{Change, Kind};

/// A scenario with the tables that were given for its place.
struct Import<'a> {
    args: &'a ImportArgs,
    lang: Lang,
    scenario: Scenario,
    register: Option<Register>,
    fund: Option<Taken>,
}

/// Reads the tables, tries the place with them, writes it, and says what has changed.
pub fn run(args: &ImportArgs) -> Result<(), Stop> {
    let import = Import::read(args)?;
    let changes = import.changes()?;
    let sharing = import.sharing()?;
    let after = import.tried(&import.scenario.kept(), &changes)?;
    for other in &sharing {
        import.tried(&other.kept, &changes)?;
    }
    let rows = changed::rows(&import.scenario, &after);
    let written = match changes.is_empty() || args.dry_run {
        true => Vec::new(),
        false => files::write(&changes, &import.previews()?)?,
    };
    let report =
        said::Report { import: &import, after: &after, rows, changes: &changes, sharing: &sharing, written };
    if args.json {
        terminal::json(&pretty(&report.json())?)?;
    } else if !args.quiet {
        terminal::result(&report.text())?;
    }
    Ok(())
}

/// What is said of a place without tables.
fn by_census(scenario: &Scenario) -> Stop {
    let place = &scenario.place.id;
    Stop::BadInput(Words::new(
        format!(
            "测算地区 {place} 取自普查（census），没有可导入的表格；请用 fundcast new 按省、市、县建立方案，并加 --register 或 --fund"
        ),
        format!(
            "the place {place} is the census (`census`), which has no tables to import into: make a folder of a province, prefecture or county with fundcast new, with --register or --fund"
        ),
    ))
}

/// Another scenario on the same place.
struct Sharing {
    path: PathBuf,
    kept: Kept,
}

impl<'a> Import<'a> {
    /// Reads the scenario and the tables; the faults of both tables at once.
    fn read(args: &'a ImportArgs) -> Result<Self, Stop> {
        let lang = Lang::from(args.lang);
        let scenario = scenario::load(&args.scenario, &[])?;
        if scenario.place.raw.census.is_some() {
            return Err(by_census(&scenario));
        }
        let counties = counties(&scenario);
        let counties: Vec<&CensusCounty> = counties.iter().collect();
        let names = &scenario.policy.names;
        let words = |name: &crate::policy::names::Name| (name.id.clone(), Words::new(&name.zh, &name.en));
        let others = scenario.place.other_categories.iter().map(|id| (id.clone(), Words::new(id, id)));
        let categories: Vec<(String, Words)> = names.categories.iter().map(words).chain(others).collect();
        let funders: Vec<(String, Words)> = names.funders.iter().map(words).collect();
        let funder = funders.get(scenario.funds.funder).map_or("", |(id, _)| id.as_str());
        let asked = given::fund::Asked { counties: &counties, funders: &funders, funder };
        let register = given::register::read(&args.register, &counties, &categories);
        let table = given::fund::read(&args.fund, asked);
        let years = scenario.years();
        let first = years.first().copied().unwrap_or_default();
        let fund = table.and_then(|table| {
            let Some(table) = table else { return Ok(None) };
            let taken = table.select(first, YearsIn::ScenarioFile);
            taken.map(Some).map_err(|faults| given::fund::said(&args.fund, &faults))
        });
        let (register, fund) = match (register, fund) {
            (Ok(register), Ok(fund)) => (register, fund),
            (register, fund) => {
                let faults: Vec<Words> =
                    [register.err(), fund.err()].into_iter().flatten().flatten().collect();
                return Err(refused(&faults));
            }
        };
        let import = Self { args, lang, scenario, register, fund };
        import.fits_the_place()?;
        Ok(import)
    }

    /// The place file, as it was named when it was read.
    fn place_file(&self) -> PathBuf {
        self.categories_file().with_file_name("place.toml")
    }

    fn categories_file(&self) -> PathBuf {
        PathBuf::from(self.scenario.count_and_model_files().0)
    }

    fn text(&self, path: &Path) -> Result<String, Stop> {
        let kept = self.scenario.kept();
        let bytes = kept.texts.get(&path.display().to_string());
        let text = bytes.and_then(|bytes| String::from_utf8(bytes.to_vec()).ok());
        text.ok_or_else(|| {
            let at = path.display();
            Stop::Failed(Words::new(format!("{at} 没有读取"), format!("{at} was not read")))
        })
    }

    /// What of a table of a fund cannot stand in this place, whatever its amounts.
    fn fits_the_place(&self) -> Result<(), Stop> {
        let Some(Taken { fund, .. }) = &self.fund else { return Ok(()) };
        let mut faults = Vec::new();
        let has_balances =
            !(fund.opening.is_empty() && fund.outstanding.is_empty() && fund.revenue.is_empty());
        let own = &self.scenario.place.raw.fund;
        let at = self.place_file();
        let at = at.display();
        let is_empty = *own == RawFund { after_year_month: own.after_year_month, ..RawFund::default() };
        if has_balances && own.pooled && !fund.pooled && self.scenario.place.counties.len() > 1 {
            faults.push(Words::new(
                format!("{at}：fund.pooled = true，全部县区共用一个基金，而基金表分县"),
                format!("{at}: fund.pooled = true: one fund for all counties, while the table is by county"),
            ));
        }
        if fund.pooled && !own.pooled && !is_empty {
            faults.push(Words::new(
                format!("{at}：各县有自己的基金，而基金表不分县；改为一个基金的，先写 fund.pooled = true"),
                format!(
                    "{at}: each county has its own fund, while the table names none; where there is one for all write fund.pooled = true first"
                ),
            ));
        }
        faults.extend(self.written_elsewhere().iter().map(|file| {
            Words::new(
                format!("{file} 也写有基金，会盖过或混入导入的内容；请先把它移到 {at}"),
                format!(
                    "{file} writes of the fund too, over or under what is imported; move that to {at} first"
                ),
            )
        }));
        if faults.is_empty() { Ok(()) } else { Err(refused(&faults)) }
    }

    /// Files of the scenario, besides that of the place, that write lists of the fund.
    fn written_elsewhere(&self) -> Vec<String> {
        let own = self.place_file().display().to_string();
        let has_lists = |table: &toml::Table| {
            let place = table.get("change").and_then(|change| change.get("place"));
            let funds = [table.get("fund"), place.and_then(|place| place.get("fund"))];
            let keys = place::LISTS.iter().flat_map(|list| std::iter::once(list.key).chain(list.short));
            keys.into_iter().any(|key| funds.iter().flatten().any(|fund| fund.get(key).is_some()))
        };
        let kept = self.scenario.kept();
        let others = kept.texts.iter().filter(|(file, _)| **file != own && file.ends_with(".toml"));
        others
            .filter(|(_, bytes)| {
                let text = String::from_utf8_lossy(bytes);
                text.trim_start_matches('\u{feff}').parse().is_ok_and(|table| has_lists(&table))
            })
            .map(|(file, _)| file.clone())
            .collect()
    }

    /// The files that change, with what they become.
    fn changes(&self) -> Result<Vec<Change>, Stop> {
        let mut all = Vec::new();
        if let Some(register) = &self.register {
            let path = self.categories_file();
            let before = self.text(&path)?;
            let new = self.counts(register);
            let after = rows::with_counts(&before, &self.scenario.place.counties, &new).ok_or_else(|| {
                let at = path.display();
                Stop::Failed(Words::new(format!("{at} 无法重写"), format!("{at} cannot be written anew")))
            })?;
            all.push(Change { path, before, after });
        }
        if let Some(Taken { table, fund }) = &self.fund {
            let path = self.place_file();
            let before = self.text(&path)?;
            let file = name_of(self.args.fund.fund.as_deref());
            let new = NewLists {
                section: fund::section(fund, &|code| self.county(code)),
                provenance: fund::provenance(fund, &file, &table.sheets),
                pooled: fund.pooled,
            };
            let after = place::with_fund(&before, &new).map_err(|problem| {
                let at = path.display();
                let words = Words::new(format!("{at} {}", problem.zh), format!("{at}{}", problem.en));
                refused(&[words])
            })?;
            all.push(Change { path, before, after });
        }
        all.retain(|change| change.before != change.after);
        Ok(all)
    }

    fn counts(&self, register: &Register) -> Vec<NewCount> {
        let file = name_of(self.args.register.register.as_deref());
        let count = |((code, category), found): (&(u32, String), &draft::register::Found)| NewCount {
            code: *code,
            category: category.clone(),
            persons: found.persons,
            source: draft::source(&file, register, found),
        };
        register.found.iter().map(count).collect()
    }

    /// What a county is called in the files of the place.
    fn county(&self, code: u32) -> String {
        let county = self.scenario.place.counties.iter().find(|county| county.code == code);
        county.map_or_else(|| code.to_string(), |county| county.label_zh.clone())
    }

    /// How each cell of the tables was understood.
    fn previews(&self) -> Result<Vec<(Kind, String)>, Stop> {
        let name = |code| self.county(code);
        let register =
            self.register.as_ref().map(|one| (Kind::Register, texts::register_preview(one, &name)));
        let fund = self.fund.as_ref().map(|one| (Kind::Fund, texts::fund_preview(&one.table, &name)));
        let whole = |(kind, text): (Kind, Option<String>)| {
            let text = text.ok_or_else(|| {
                Stop::Failed(Words::new("无法写出理解对照表", "a preview cannot be written"))
            })?;
            Ok((kind, text))
        };
        [register, fund].into_iter().flatten().map(whole).collect()
    }

    /// The scenario of kept texts as it becomes by changes; whatever `check` refuses is refused.
    fn tried(&self, kept: &Kept, changes: &[Change]) -> Result<Scenario, Stop> {
        let mut kept = kept.clone();
        for change in changes {
            kept.texts.insert(change.path.display().to_string(), Arc::from(change.after.as_bytes()));
        }
        kept::load(&kept, &[]).map_err(|faults: Faults| {
            let Words { zh, en } = faults.words();
            Stop::BadInput(Words::new(
                format!("{zh}\n导入后检查不能通过，未写入任何文件"),
                format!("{en}\nwhat is imported does not pass `check`; nothing was written"),
            ))
        })
    }

    /// The other scenarios in the folder of this one that are on the same place.
    fn sharing(&self) -> Result<Vec<Sharing>, Stop> {
        let own = self.scenario.kept().own;
        let Some(first) = own.first().map(PathBuf::from) else { return Ok(Vec::new()) };
        let folder = first.parent().unwrap_or_else(|| Path::new(""));
        let listed = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let Ok(entries) = std::fs::read_dir(listed) else { return Ok(Vec::new()) };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| folder.join(entry.file_name())).collect();
        paths.sort();
        let table = self.scenario.count_and_model_files().0;
        let is_other = |path: &&PathBuf| {
            path.extension().is_some_and(|ending| ending == "toml")
                && !own.contains(&path.display().to_string())
        };
        let sharing = |path: &PathBuf| {
            // What is no scenario in order has nothing that could be spoilt.
            let other = scenario::load(path, &[]).ok()?;
            let is_same = other.count_and_model_files().0 == table;
            is_same.then(|| Sharing { path: path.clone(), kept: other.kept() })
        };
        Ok(paths.iter().filter(is_other).filter_map(sharing).collect())
    }
}

/// The counties of a place with the province that the census gives.
fn counties(scenario: &Scenario) -> Vec<CensusCounty> {
    let of_place = |county: &scenario::place::County| {
        let known = census::counties().iter().find(|one| one.county.code == county.code);
        let province = known.map(|one| one.province.clone()).unwrap_or_default();
        CensusCounty { province, county: county.clone(), row: Vec::new() }
    };
    scenario.place.counties.iter().map(of_place).collect()
}

fn name_of(path: Option<&Path>) -> String {
    path.and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned()
}

fn refused(faults: &[Words]) -> Stop {
    Stop::BadInput(lines(faults))
}
