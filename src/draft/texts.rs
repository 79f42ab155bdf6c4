//! The texts of the files of a new folder.

use super::register::Register;
use super::{Draft, Wanted, census, overlaps, place, shipped, titles};
use crate::shown::in_cell;

/// How many replicates a new scenario asks for: fewer where there are many counties.
const REPLICATES: [(usize, u32); 3] = [(20, 1000), (60, 500), (usize::MAX, 200)];

/// Path below the folder and text of each file.
pub(super) fn files(wanted: &Wanted<'_>, draft: &Draft) -> Option<Vec<(String, String)>> {
    let name = wanted.name;
    let place = place::texts(wanted.plan, &wanted.area, draft.years.0)?;
    let mut files = vec![
        (format!("{name}.toml"), scenario(wanted, draft)),
        ("README.md".to_owned(), readme(wanted, draft)),
        (format!("places/{name}/place.toml"), place.own),
        (format!("places/{name}/population.toml"), overlaps::fit(&place.population, &draft.counts)),
        (format!("places/{name}/counties.csv"), counties(wanted)?),
        (format!("places/{name}/categories.csv"), categories(wanted, draft)?),
    ];
    if let Some((_, register)) = wanted.register {
        files.push(("register.csv".to_owned(), preview(wanted, register)?));
    }
    for file in shipped::with_bases(shipped::POLICIES, wanted.plan.policy) {
        files.push((format!("policies/{}.toml", file.id), file.text.to_owned()));
    }
    for file in shipped::with_bases(shipped::MODELS, draft.model) {
        files.push((format!("models/{}.toml", file.id), file.text.to_owned()));
    }
    Some(files)
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

/// What was understood of a register, cell by cell; with a mark, so that spreadsheet programs read it as UTF-8.
fn preview(wanted: &Wanted<'_>, register: &Register) -> Option<String> {
    let mut writer = csv::Writer::from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    writer
        .write_record(["cell", "heading", "county_code", "county", "category", "persons", "use", "use_en"])
        .ok()?;
    for cell in &register.cells {
        let county = wanted.area.counties.iter().find(|one| Some(one.county.code) == cell.code);
        let (code, persons) =
            (cell.code.map_or_else(String::new, |code| code.to_string()), cell.persons.to_string());
        let name = county.map_or("", |one| one.county.name.as_str());
        let becomes = cell.becomes.words();
        let category = cell.category.as_deref().unwrap_or_default();
        let row = [&cell.place, &cell.label, &code, name, category, &persons, &becomes.zh, &becomes.en];
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
    format!(
        "# {}医疗救助支出测算 · Medical-assistance spending of {}\n\n\
         方案：{policy_zh}（`policies/{}.toml`）。Plan: {policy_en}.\n\n\
         ```\nfundcast check {name}.toml\nfundcast run {name}.toml --replicates 20\nfundcast run {name}.toml\n```\n\n\
         命令在本文件夹中执行；结果写入 `output/{name}/`。Run them in this folder; results go to `output/{name}/`.\n\n\
         ## 哪些是查得，哪些是推算 · What was found and what is assumed\n\n\
         | 内容 what | 文件 file | 来源 source |\n|---|---|---|\n\
         | 分性别、年龄人口，城乡人口，户数 residents, households | `places/{name}/counties.csv` | 查得 found：第七次全国人口普查 census of 1 November 2020 (leiii/census, MIT) |\n\
         | 各类对象人数 persons by category | `places/{name}/categories.csv` | 见下表，逐行注明 see below, row by row |\n\
         | 个人缴费、收入、县级参数、依申请救助 contributions, incomes, parameters | `places/{name}/place.toml` | 文件末尾逐项注明 at the end of the file |\n\
         | 对象的年龄、家庭、收入、变动 what holders are like | `places/{name}/population.toml` | 推算 assumed，取自 as in `{from}` |\n\
         | 救助和保险规则 rules | `policies/` | 文件内逐条注明 clause by clause |\n\
         | 疾病和费用 illness and costs | `models/{}.toml` | 文件内逐项注明 in the file |\n\n\
         ## 各类对象人数 · Persons by category\n\n\
         | 代码 id | 类别 | category | 查得 found | 推导 derived | 推算 assumed |\n|---|---|---|---|---|---|\n{rows}\n\
         {}正式编制预算前，把 `categories.csv` 中推算的人数改为台账人数，`status` 改为 `found`，`source` 写明台账名称和日期。\n\
         Before a budget is signed, put the register's counts into `categories.csv`, with `status` `found` and the register as `source`.\n",
        area.zh,
        area.en,
        wanted.plan.policy,
        draft.model,
        wanted.register.map_or_else(String::new, |(file, _)| format!(
            "查得的人数来自台账 `{file}`，逐格怎样理解见 `register.csv`。Numbers that were found are from the register `{file}`; how each cell was read stands in `register.csv`.\n\n"
        )),
    )
}
