//! The texts of the files of a new folder.

use super::fund::{self, On, Whose};
use super::place::FundLists;
use super::register::Register;
use super::{Draft, Wanted, census, overlaps, place, shipped, titles};
use crate::shown::in_cell;

/// How many replicates a new scenario asks for: fewer where there are many counties.
const REPLICATES: [(usize, u32); 3] = [(20, 1000), (60, 500), (usize::MAX, 200)];

/// Path below the folder and text of each file.
pub(super) fn files(wanted: &Wanted<'_>, draft: &Draft) -> Option<Vec<(String, String)>> {
    let name = wanted.name;
    let fund = fund_lists(wanted, draft);
    let place = place::texts(wanted, (draft.years.0, fund.as_ref()))?;
    let mut files = vec![
        (format!("{name}.toml"), scenario(wanted, draft)),
        ("README.md".to_owned(), readme(wanted, draft)),
        (format!("places/{name}/place.toml"), place.own),
        (format!("places/{name}/population.toml"), overlaps::fit(&place.population, &draft.counts)),
    ];
    if !wanted.by_census() {
        files.push((format!("places/{name}/counties.csv"), counties(wanted)?));
        files.push((format!("places/{name}/categories.csv"), categories(wanted, draft)?));
    }
    if let Some((_, register)) = wanted.register {
        files.push(("register.csv".to_owned(), register_preview(register, &|code| named(wanted, code))?));
    }
    if let Some(taken) = &draft.fund {
        let names = |code: u32| county_of(wanted, code);
        files.push(("fund.csv".to_owned(), fund_preview(&taken.table, &names)?));
    }
    for file in shipped::with_bases(shipped::POLICIES, wanted.plan.policy) {
        files.push((format!("policies/{}.toml", file.id), file.text.to_owned()));
    }
    for file in shipped::with_bases(shipped::MODELS, draft.model) {
        files.push((format!("models/{}.toml", file.id), file.text.to_owned()));
    }
    Some(files)
}

/// The name of a county.
fn named(wanted: &Wanted<'_>, code: u32) -> String {
    let county = wanted.area.counties.iter().find(|one| one.county.code == code);
    county.map_or_else(String::new, |one| one.county.name.clone())
}

/// The name of a county in files, where no other of the area has it; else its code.
fn county_of(wanted: &Wanted<'_>, code: u32) -> String {
    let counties = &wanted.area.counties;
    let name = counties.iter().find(|one| one.county.code == code).map(|one| one.county.name.as_str());
    let is_alone = |name: &&str| counties.iter().filter(|one| one.county.name == *name).count() == 1;
    name.filter(is_alone).map_or_else(|| code.to_string(), ToOwned::to_owned)
}

/// What the place file says of the fund by its table.
fn fund_lists(wanted: &Wanted<'_>, draft: &Draft) -> Option<FundLists> {
    let ((file, table), fund) = (wanted.fund?, &draft.fund.as_ref()?.fund);
    Some(FundLists {
        text: fund::section(fund, &|code| county_of(wanted, code)),
        provenance: fund::provenance(fund, file, &table.sheets),
        pooled: fund.pooled,
    })
}

/// What was understood of the table of a fund, cell by cell, as [`register_preview`]; `name` is what a county is called.
#[must_use]
pub fn fund_preview(table: &fund::FundTable, name: &dyn Fn(u32) -> String) -> Option<String> {
    let mut writer = csv::Writer::from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    let columns = ["cell", "heading", "county_code", "county", "item", "year", "yuan", "use", "use_en"];
    writer.write_record(columns).ok()?;
    for cell in &table.cells {
        let code = match cell.whose {
            On::Point(Whose::County(code)) => Some(code),
            _ => None,
        };
        let item = match &cell.item {
            Some(On::Point(item)) => item.id(),
            _ => String::new(),
        };
        let year = match cell.year {
            On::Point(Some(year)) => year.to_string(),
            _ => String::new(),
        };
        let (becomes, yuan) = (cell.becomes.words(), fund::amount_in_yuan(cell.amount.0.into()));
        let (county, code) =
            (code.map(name).unwrap_or_default(), code.map_or_else(String::new, |code| code.to_string()));
        let row = [&cell.place, &cell.label, &code, &county, &item, &year, &yuan, &becomes.zh, &becomes.en];
        write_row(&mut writer, row.map(String::as_str))?;
    }
    text_of(writer)
}

/// The years as words.
fn span((first, last): (u16, u16), dash: &str) -> String {
    if first == last { first.to_string() } else { format!("{first}{dash}{last}") }
}

fn scenario(wanted: &Wanted<'_>, draft: &Draft) -> String {
    let (area, name) = (&wanted.area.name, wanted.name);
    let [policy_zh, policy_en] = titles(wanted.plan.policy);
    let (first, last) = draft.years;
    let years: Vec<String> = (first..=last).map(|year| year.to_string()).collect();
    let n = wanted.area.counties.len();
    let replicates =
        REPLICATES.iter().find(|(most, _)| n <= *most).map_or(200, |(_, replicates)| *replicates);
    let seed = wanted.area.counties.first().map_or(1, |one| one.county.code);
    format!(
        "# {}：按“{policy_zh}”测算。哪些是推算，见 README.md。\n\
         # {} under \"{policy_en}\". What is assumed: see README.md.\n\n\
         title_zh = \"{}医疗救助支出测算（{}年）\"\n\
         title_en = \"Medical-assistance spending of {}, {}\"\n\
         description_zh = \"按“{policy_zh}”的规则测算；人口为2020年普查，其余未查得的数值按比例推算，来源逐项注明。\"\n\
         description_en = \"By the rules of '{policy_en}'; residents of the census of 2020, whatever else was not given is \
         estimated, with its source.\"\n\n\
         policy = \"{}\"\nplace = \"{name}\"\nmodel = \"{}\"\n\n\
         [run]\nyears = [{}]\nreplicates = {replicates}\nseed = {seed}\nprecision_target = 0.01\n",
        area.zh,
        area.en,
        area.zh,
        span(draft.years, "—"),
        area.en,
        span(draft.years, "-"),
        wanted.plan.policy,
        draft.model,
        years.join(", "),
    )
}

fn counties(wanted: &Wanted<'_>) -> Option<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(census::columns()).ok()?;
    for county in &wanted.area.counties {
        write_row(&mut writer, county.row.iter().map(String::as_str))?;
    }
    text_of(writer)
}

fn categories(wanted: &Wanted<'_>, draft: &Draft) -> Option<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["code", "category", "persons", "status", "source"]).ok()?;
    for (county, counts) in wanted.area.counties.iter().zip(&draft.counts) {
        let code = county.county.code.to_string();
        for count in counts {
            let persons = count.persons.to_string();
            let row = [&code, &count.category, &persons, count.status.name(), &count.source];
            write_row(&mut writer, row)?;
        }
    }
    text_of(writer)
}

/// What was understood of a register, cell by cell; with a mark, so that spreadsheet programs read it as UTF-8. `name` is
/// what a county is called.
#[must_use]
pub fn register_preview(register: &Register, name: &dyn Fn(u32) -> String) -> Option<String> {
    let mut writer = csv::Writer::from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    writer
        .write_record(["cell", "heading", "county_code", "county", "category", "persons", "use", "use_en"])
        .ok()?;
    for cell in &register.cells {
        let (code, persons) =
            (cell.code.map_or_else(String::new, |code| code.to_string()), cell.persons.to_string());
        let name = cell.code.map(name).unwrap_or_default();
        let becomes = cell.becomes.words();
        let category = cell.category.as_deref().unwrap_or_default();
        let row = [&cell.place, &cell.label, &code, &name, category, &persons, &becomes.zh, &becomes.en];
        write_row(&mut writer, row)?;
    }
    text_of(writer)
}

/// A row of which no cell is taken for a formula: headings of a register are whatever somebody wrote.
fn write_row<'c>(writer: &mut csv::Writer<Vec<u8>>, cells: impl IntoIterator<Item = &'c str>) -> Option<()> {
    writer.write_record(cells.into_iter().map(|cell| in_cell(cell).into_owned())).ok()
}

/// The byte-order mark at the beginning of a table that spreadsheet programs open.
const BYTE_ORDER_MARK: &str = "\u{feff}";

fn text_of(writer: csv::Writer<Vec<u8>>) -> Option<String> {
    String::from_utf8(writer.into_inner().ok()?).ok()
}

/// What is still to be done with a folder of counties.
const TO_BE_FILLED: &str = "正式编制预算前，把 `categories.csv` 中推算的人数改为台账人数，`status` 改为 `found`，`source` 写明台账名称和日期。\n\
    Before a budget is signed, put the register's counts into `categories.csv`, with `status` `found` and the register as `source`.\n";

/// What the folder of the whole country is, and what not.
const WHOLE: &str = "只作规模测算：一个方案代表全国各地，各类对象人数按同一比例推算，不是任何县的预算。各县的测算用 `fundcast new` 按省、市、县建立，再填台账人数。\n\
    Scale only: one policy stands for all, all persons by category follow from the same shares; not a budget of any county. For a county's own projection make a folder of a province, prefecture or county with `fundcast new`, and put in its register.\n";

fn readme(wanted: &Wanted<'_>, draft: &Draft) -> String {
    let (area, name) = (&wanted.area.name, wanted.name);
    let [policy_zh, policy_en] = titles(wanted.plan.policy);
    let mut rows = String::new();
    for (id, label) in &draft.categories {
        let of = |status| draft.persons(id, status);
        let [found, derived, assumed] =
            [of(crate::raw::Status::Found), of(crate::raw::Status::Derived), of(crate::raw::Status::Assumed)];
        rows.push_str(&format!(
            "| `{id}` | {} | {} | {found} | {derived} | {assumed} |\n",
            label.zh, label.en
        ));
    }
    let from = draft.taken_from;
    let (residents, persons, last) = match wanted.by_census() {
        true => ("place.toml", "place.toml", WHOLE),
        false => ("counties.csv", "categories.csv", TO_BE_FILLED),
    };
    format!(
        "# {}医疗救助支出测算 · Medical-assistance spending of {}\n\n\
         方案：{policy_zh}（`policies/{}.toml`）。Plan: {policy_en}.\n\n\
         ```\nfundcast check {name}.toml\nfundcast run {name}.toml --replicates 20\nfundcast run {name}.toml\n```\n\n\
         命令在本文件夹中执行；结果写入 `output/{name}/`。Run them in this folder; results go to `output/{name}/`.\n\n\
         ## 哪些是查得，哪些是推算 · What was found and what is assumed\n\n\
         | 内容 what | 文件 file | 来源 source |\n|---|---|---|\n\
         | 分性别、年龄人口，城乡人口，户数 residents, households | `places/{name}/{residents}` | 查得 found：第七次全国人口普查 census of 1 November 2020 (leiii/census, MIT) |\n\
         | 各类对象人数 persons by category | `places/{name}/{persons}` | 见下表，逐行注明 see below, row by row |\n\
         | 个人缴费、收入、县级参数、依申请救助 contributions, incomes, parameters | `places/{name}/place.toml` | 文件末尾逐项注明 at the end of the file |\n\
         | 对象的年龄、家庭、收入、变动 what holders are like | `places/{name}/population.toml` | 推算 assumed，取自 as in `{from}` |\n\
         | 救助和保险规则 rules | `policies/` | 文件内逐条注明 clause by clause |\n\
         | 疾病和费用 illness and costs | `models/{}.toml` | 文件内逐项注明 in the file |\n\n\
         ## 各类对象人数 · Persons by category\n\n\
         | 代码 id | 类别 | category | 查得 found | 推导 derived | 推算 assumed |\n|---|---|---|---|---|---|\n{rows}\n\
         {}{}{last}",
        area.zh,
        area.en,
        wanted.plan.policy,
        draft.model,
        wanted.register.map_or_else(String::new, |(file, _)| format!(
            "查得的人数来自台账 `{file}`，逐格怎样理解见 `register.csv`。Numbers that were found are from the register `{file}`; how each cell was read stands in `register.csv`.\n\n"
        )),
        wanted.fund.map_or_else(String::new, |(file, _)| format!(
            "基金的余额、收入和预算来自 `{file}`，逐格怎样理解见 `fund.csv`；`fundcast budget {name}.toml` 给出收支账。Balances, revenue and budgets of the fund are from `{file}`; how each cell was read stands in `fund.csv`.\n\n"
        )),
    )
}
