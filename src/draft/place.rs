//! The text of a place file of a new folder: its own values, and the part on the population that it extends.

use toml::{Table, Value};

use super::Wanted;
use super::census::Area;
use super::shipped::{self, Plan};
use crate::lang::Words;

/// The line with which the part on the population begins in a shipped place file.
const POPULATION: &str = "# The part [population]";

/// The two files of a place beside its tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceTexts {
    /// `place.toml`: what somebody looks up for the place.
    pub own: String,
    /// `population.toml`: what holders of identities are like.
    pub population: String,
}

/// What a place file says of the fund by its own table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundLists {
    /// The lists of `[fund]`.
    pub text: String,
    /// Where they come from.
    pub provenance: String,
    /// One fund for the whole place.
    pub pooled: bool,
}

/// Whether all counties lie where codes begin so.
#[must_use]
pub fn lies_in(area: &Area, digits: &str) -> bool {
    area.counties.iter().all(|one| one.county.code.to_string().starts_with(digits))
}

/// The shipped place that a plan's values are taken from.
#[must_use]
pub fn taken_from(plan: &Plan, area: &Area) -> &'static str {
    if lies_in(area, plan.home) { plan.place } else { plan.elsewhere }
}

/// The illness model of an area.
#[must_use]
pub fn model(area: &Area) -> &'static str {
    let found = shipped::MODELS_OF_AREAS.iter().find(|(digits, _)| lies_in(area, digits));
    found.map_or("other-provinces", |(_, model)| model)
}

/// The files of the place of an area under a plan; `None` where a shipped place cannot be read, which a test excludes.
#[must_use]
pub fn texts(wanted: &Wanted<'_>, (first_year, fund): (u16, Option<&FundLists>)) -> Option<PlaceTexts> {
    let (plan, area) = (wanted.plan, &wanted.area);
    let from = taken_from(plan, area);
    let taken = Taken::of(from)?;
    let at_home = lies_in(area, plan.home);
    let (_, population) = taken.text.split_once(POPULATION)?;
    // The rest of that line names the place which it was written for.
    let (_, population) = population.split_once('\n')?;
    Some(PlaceTexts {
        own: heading(wanted) + &own(area, &taken, at_home, fund)?,
        population: growth_after(&population_text(from, population, at_home), first_year),
    })
}

/// A shipped place, read.
struct Taken {
    id: &'static str,
    text: &'static str,
    table: Table,
}

impl Taken {
    fn of(id: &str) -> Option<Self> {
        let place = shipped::place(id)?;
        Some(Self { id: place.id, text: place.text, table: place.text.parse().ok()? })
    }

    fn tables(&self, key: &str) -> Option<&Table> {
        self.table.get(key)?.as_table()
    }

    /// What the place says about where values below a key come from.
    fn provenance(&self, key: &str) -> Vec<Noted> {
        let entries = self.table.get("provenance").and_then(Value::as_array);
        let text = |entry: &Value, key: &str| entry.get(key)?.as_str().map(ToOwned::to_owned);
        let read = |entry: &Value| {
            let covers = entry.get("covers")?.as_array()?;
            let covers: Vec<String> =
                covers.iter().filter_map(|one| one.as_str().map(ToOwned::to_owned)).collect();
            let is_below = covers.iter().all(|one| one == key || one.starts_with(&format!("{key}.")));
            let en = text(entry, "source")?;
            let zh = text(entry, "source_zh").unwrap_or_else(|| en.clone());
            is_below.then_some(Noted { covers, status: text(entry, "status")?, source: Words { zh, en } })
        };
        entries.into_iter().flatten().filter_map(read).collect()
    }
}

/// The values of the place itself.
fn own(area: &Area, taken: &Taken, at_home: bool, fund: Option<&FundLists>) -> Option<String> {
    let contributions = if at_home { Taken::of(taken.id)? } else { Taken::of(shipped::NATIONAL)? };
    let incomes = incomes_from(area, taken, at_home)?;
    let mut text = String::new();
    let mut notes = String::new();
    let whole = Words::new(
        "新认定人员中当年已缴费的比例",
        "of the newly recognised, the share who have paid already",
    );
    text.push_str(&format!("# {} / {}\nalready_paid_share = 0.93\n", whole.zh, whole.en));
    notes.push_str(&entry(
        &["already_paid_share".to_owned()],
        "assumed",
        &Words::new(
            "参照防城港：新认定人员的参保情况与一般居民相同",
            "As in Fangchenggang: who is recognised in the year is taken to have been enrolled like everybody",
        ),
    ));
    section(&mut text, "居民医保个人缴费（元/人·年） / individual contribution, yuan a person and year");
    for (name, group) in contributions.tables("contribution")? {
        text.push_str(&format!("\n[contribution.{name}]\n{}", lines(group.as_table()?)));
    }
    taken_over(&mut notes, &contributions, "contribution", at_home, "国家最低标准，请改为当地标准");
    section(&mut text, "人均可支配收入（元/年） / per-capita disposable income, yuan a year");
    for (name, series) in &incomes {
        text.push_str(&format!("\n[income.{name}]\n{}", lines(series)));
    }
    incomes_note(&mut notes, (area, at_home), taken);
    further((&mut text, &mut notes), taken, at_home, fund)?;
    text.push_str(
        "\n# 每个数值的来源 / where each value comes from: found 查得, derived 推导, assumed 推算\n",
    );
    text.push_str(&notes);
    Some(text)
}

fn heading(wanted: &Wanted<'_>) -> String {
    let name = &wanted.area.name;
    let (zh, census) = match wanted.by_census() {
        true => (
            "人口构成见 population.toml；县区人口为普查数，各类对象人数按比例推算（docs/new.md）",
            "# 2020年普查的全部县区；各类对象人数全部为推算。Every county of the census; all persons by category are assumed.\n\
             census = \"2020\"\n",
        ),
        false => ("人口构成见 population.toml；县区人口见 counties.csv；各类对象人数见 categories.csv", ""),
    };
    format!(
        "# {}：改这里的数值，并把对应的来源（文件末尾）改为 found 和出处。\n\
         # {}: put your own values here, and their source at the end of the file.\n\
         # {zh}。\n\n\
         extends = \"population\"\n\nname_zh = \"{}\"\nname_en = \"{}\"\n{census}",
        name.zh, name.en, name.zh, name.en
    )
}

fn section(text: &mut String, title: &str) {
    text.push_str(&format!("\n# ---- {title}\n"));
}

/// Tables of a place with their title in the file, and why they are as in another place.
const TITLES: [(&str, &str, &str); 4] = [
    (
        "application",
        "依申请救助的家庭审核 / the household test of assistance on application",
        "没有公布的数据",
    ),
    ("fund", "医疗救助基金（元/常住人口） / the fund, yuan per resident", "请改为本县基金的收入和结余"),
    ("enrolment", "参保率 / share enrolled in basic insurance", "请改为本县的参保率"),
    ("outlook", "给出的年度之后的年增长率 / growth a year after the last year given", "没有公布的数据"),
];

/// Parameters that the plan asks each county for, the household test, the fund: as in the place taken.
fn further(
    (text, notes): (&mut String, &mut String),
    taken: &Taken,
    at_home: bool,
    fund: Option<&FundLists>,
) -> Option<()> {
    if let Some(parameters) = taken.tables("county_parameters") {
        section(text, "各县自定的参数 / what each county sets for itself");
        for (name, parameter) in parameters {
            text.push_str(&format!("\n[county_parameters.{name}]\n{}", lines(parameter.as_table()?)));
        }
        taken_over(notes, taken, "county_parameters", at_home, "方案由各县自定，请改为本县的规定");
    }
    let special = ["contribution", "income", "county_parameters", "population", "provenance"];
    // What the fund's own table says stands in the place of what another place has.
    let is_own = |key: &str| special.contains(&key) || (key == "fund" && fund.is_some());
    let others = taken.table.iter().filter(|(key, _)| !is_own(key));
    for (key, table) in others.filter_map(|(key, value)| Some((key.as_str(), value.as_table()?))) {
        let (title, why) =
            TITLES.iter().find(|(known, ..)| *known == key).map_or((key, ""), |found| (found.1, found.2));
        section(text, title);
        text.push_str(&format!("\n[{key}]\n{}", lines(table)));
        taken_over(notes, taken, key, at_home, why);
    }
    if let Some(FundLists { text: lists, provenance, pooled }) = fund {
        section(
            text,
            "医疗救助基金：余额、收入、预算（元，见 docs/fund.md） / the fund: balances, revenue, budgets, yuan",
        );
        if *pooled {
            text.push_str("\n[fund]\npooled = true\n");
        }
        text.push_str(lists);
        notes.push_str(provenance);
    }
    Some(())
}

/// The income series of the names that the place taken has: its own at home, those of Guangxi in Guangxi, else of the
/// country.
fn incomes_from(area: &Area, taken: &Taken, at_home: bool) -> Option<Vec<(String, Table)>> {
    let names: Vec<String> = taken.tables("income")?.keys().cloned().collect();
    let source = Taken::of(income_place(area, taken, at_home))?;
    let found = source.tables("income")?;
    let series = |name: &String| {
        let own = found.get(name).and_then(Value::as_table).cloned();
        Some((name.clone(), own.or_else(|| NATIONAL_URBAN.parse().ok())?))
    };
    names.iter().map(series).collect()
}

/// Per-capita disposable income of urban residents of the country, rounded.
const NATIONAL_URBAN: &str = "label = { zh = \"城镇居民人均可支配收入\", en = \"Urban per-capita disposable income\" }\n\
    yuan_by_year = { 2021 = 47400, 2022 = 49300, 2023 = 51800, 2024 = 54200, 2025 = 56500 }\n";

fn income_place(area: &Area, taken: &Taken, at_home: bool) -> &'static str {
    if at_home {
        taken.id
    } else if lies_in(area, "45") {
        "guangxi"
    } else {
        shipped::NATIONAL
    }
}

fn incomes_note(notes: &mut String, (area, at_home): (&Area, bool), taken: &Taken) {
    let (zh, en) = match income_place(area, taken, at_home) {
        shipped::NATIONAL if !at_home => (
            "全国平均数取整，未查本地数据，请改为当地统计公报的数字",
            "Rounded national averages of those years, not looked up for the place: replace them by its own",
        ),
        "guangxi" if !at_home => (
            "广西平均数，未查本地数据，请改为当地统计公报的数字",
            "Averages of Guangxi, as in the place guangxi (not verified): replace them by the place's own",
        ),
        _ => ("", ""),
    };
    let covers = ["income".to_owned()];
    if !zh.is_empty() {
        notes.push_str(&entry(&covers, "assumed", &Words::new(zh, en)));
        return;
    }
    for noted in taken.provenance("income") {
        notes.push_str(&entry(&noted.covers, &noted.status, &noted.as_in(taken.id, "")));
    }
}

/// The provenance of a table that was taken over; away from the place that it was made for nothing is found.
fn taken_over(notes: &mut String, taken: &Taken, key: &str, at_home: bool, why: &str) {
    for noted in taken.provenance(key) {
        let status = if at_home { noted.status.as_str() } else { "assumed" };
        let why = if why.is_empty() { String::new() } else { format!("（{why}）") };
        notes.push_str(&entry(&noted.covers, status, &noted.as_in(taken.id, &why)));
    }
}

/// Where values of a shipped place come from.
struct Noted {
    covers: Vec<String>,
    status: String,
    source: Words,
}

impl Noted {
    /// The source of values that were taken over from a place, with a remark for whoever puts in others.
    fn as_in(&self, place: &str, why: &str) -> Words {
        let Words { zh, en } = &self.source;
        Words::new(format!("同随附的{place}{why}：{zh}"), format!("As in the place {place}: {en}"))
    }
}

/// An entry on where values come from, as a file says it.
pub(super) fn entry(covers: &[String], status: &str, source: &Words) -> String {
    let covers: Vec<String> = covers.iter().map(|one| format!("\"{one}\"")).collect();
    format!(
        "\n[[provenance]]\ncovers = [{}]\nstatus = \"{status}\"\nsource = {}\nsource_zh = {}\n",
        covers.join(", "),
        quoted(&source.en),
        quoted(&source.zh)
    )
}

/// The lines of a table, one for each key.
fn lines(table: &Table) -> String {
    table.iter().map(|(key, value)| format!("{key} = {}\n", written(value))).collect()
}

/// A value as TOML has it, on one line.
fn written(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Integer(number) => number.to_string(),
        Value::Float(number) => format!("{number:?}"),
        Value::Boolean(is) => is.to_string(),
        Value::Datetime(time) => time.to_string(),
        Value::Array(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        Value::Table(table) => {
            let pair = |(key, value): (&String, &Value)| {
                let is_bare = key.chars().all(|one| one.is_ascii_alphanumeric() || "-_".contains(one));
                let key = if is_bare { key.clone() } else { quoted(key) };
                format!("{key} = {}", written(value))
            };
            format!("{{ {} }}", table.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The part on the population without growth up to the first year, which is that of the table of persons.
fn growth_after(population: &str, first_year: u16) -> String {
    let mut lines: Vec<String> = Vec::new();
    let (mut in_growth, mut dropped) = (false, Vec::new());
    for line in population.lines() {
        in_growth =
            if line.starts_with('[') { line.starts_with("[population.category_growth]") } else { in_growth };
        let series = line.split_once(" = {").filter(|_| in_growth);
        let Some((category, years)) = series else {
            lines.push(line.to_owned());
            continue;
        };
        let is_later = |pair: &&str| {
            pair.split('=')
                .next()
                .and_then(|year| year.trim().parse::<u16>().ok())
                .is_some_and(|year| year > first_year)
        };
        let later: Vec<&str> =
            years.trim_end_matches('}').split(',').map(str::trim).filter(is_later).collect();
        if later.is_empty() {
            dropped.push(format!("population.category_growth.{category}."));
        } else {
            lines.push(format!("{category} = {{ {} }}", later.join(", ")));
        }
    }
    // A source without a value would be a fault.
    let text = lines.join("\n") + "\n";
    let is_kept =
        |block: &&str| !dropped.iter().any(|key| block.starts_with("[[provenance]]") && block.contains(key));
    text.split("\n\n").filter(is_kept).collect::<Vec<_>>().join("\n\n")
}

fn population_text(from: &str, rest: &str, at_home: bool) -> String {
    let heading = format!(
        "# 各类对象的年龄、家庭、收入和变动（取自随附的 {from}；除注明外均为推算，有本地台账再改）。\n\
         # What holders of identities are like, as in the shipped place {from}; assumed unless said otherwise.\n"
    );
    let rest = if at_home {
        rest.to_owned()
    } else {
        ["found", "derived"].iter().fold(rest.to_owned(), |text, status| {
            text.replace(&format!("status = \"{status}\""), "status = \"assumed\"")
        })
    };
    heading
        + rest
            .strip_prefix("# How many there are stands in categories.csv. ")
            .map(|bands| format!("# {bands}"))
            .as_deref()
            .unwrap_or(&rest)
}
