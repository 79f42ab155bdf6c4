//! The two tables beside a place file: counties with their residents, and persons by category.

use std::collections::{BTreeMap, BTreeSet};

use super::{CategoryCount, County, N_BANDS, Tables, lookup};
use crate::lang::{Words, words};
use crate::raw::Status;
use crate::scenario::fault::{Fault, Faults, is_slip, nearest};
use crate::scenario::notice::Notice;
use crate::scenario::table::{self, Columns, Row, Table, TableFault};
use crate::units::Ratio;

/// No county of China has as many residents; numbers of persons are 32 bits wide after every multiplication.
const MOST_PERSONS: u32 = 20_000_000;

const COUNTY_COLUMNS: [&str; 8] =
    ["code", "name", "name_en", "residents", "urban", "rural", "households", "household_residents"];
const CATEGORY_COLUMNS: [&str; 5] = ["code", "category", "persons", "status", "source"];
/// Columns of `categories.csv` that may be left out.
const SPREAD: &str = "spread";
const SOURCE_ZH: &str = "source_zh";

/// Reads the counties; none where the table is not in order.
pub(super) fn counties(tables: &Tables, faults: &mut Faults) -> Option<Vec<County>> {
    let bands = band_columns();
    let needed: Vec<&str> = COUNTY_COLUMNS.into_iter().chain(bands.iter().map(String::as_str)).collect();
    let all: Vec<&str> = needed.iter().copied().chain(["city", "city_en"]).collect();
    let table = open(&tables.counties, Columns::plain(&all, &needed), faults)?;
    let before = faults.list.len();
    let mut counties: Vec<County> = Vec::new();
    let mut known = Before::default();
    for row in &table.rows {
        let cells = Cells { file: &tables.counties.0, table: &table, row };
        if let Some(county) = county(&cells, (&bands, &mut known), faults) {
            counties.push(county);
        }
    }
    if table.rows.is_empty() {
        let (file, line) = (tables.counties.0.clone(), Some(1));
        faults.push(Fault {
            file,
            line,
            problem: Words::new("没有列出县区", "lists no county"),
            ..Fault::default()
        });
    }
    label(&mut counties);
    (faults.list.len() == before).then_some(counties)
}

/// Reads persons by category into the counties: each county has a row for each category that the policies know. Gives
/// the other categories of the table.
pub(super) fn categories(
    tables: &Tables,
    known: &[String],
    counties: &mut [County],
    faults: &mut Faults,
) -> Vec<String> {
    let known_columns: Vec<&str> = CATEGORY_COLUMNS.into_iter().chain([SPREAD, SOURCE_ZH]).collect();
    let columns = Columns::plain(&known_columns, &CATEGORY_COLUMNS);
    let Some(table) = open(&tables.categories, columns, faults) else { return Vec::new() };
    let before = faults.list.len();
    // Where a county's rows end, for what is missing among them.
    let mut last_line: BTreeMap<u32, usize> = BTreeMap::new();
    let mut others: Vec<Other> = Vec::new();
    // The rows of a county mostly stand together: who is meant is looked up once.
    let mut last: Option<(&str, Result<usize, lookup::Unknown>)> = None;
    for row in &table.rows {
        let cells = Cells { file: &tables.categories.0, table: &table, row };
        let typed = table.cell(row, "code");
        let meant = match last.take() {
            Some((before, meant)) if before == typed => meant,
            _ => lookup::find(counties, typed),
        };
        if let Some(code) = category(&cells, (known, &meant), (counties, &mut others), faults) {
            last_line.insert(code, row.line);
        }
        last = Some((typed, meant));
    }
    if faults.list.len() > before {
        // A misspelt category or code is missing where it belongs: its own fault says all.
        return Vec::new();
    }
    for county in counties {
        let has = |id: &&String| !county.categories.iter().any(|count| count.id == **id);
        let missing: Vec<&str> = known.iter().filter(has).map(String::as_str).collect();
        if missing.is_empty() {
            continue;
        }
        let in_place: Vec<&Other> = others.iter().filter(|other| other.code == county.code).collect();
        if let [one] = in_place[..] {
            // One name too many and some missing: it stands for one of them.
            faults.push(Fault { hint: nearest(&one.id, missing.iter().copied()), ..one.fault.clone() });
            continue;
        }
        let (label, code, missing) = (&county.label_zh, county.code, Words::list(&missing));
        let problem = Words::new(
            format!("{label}（{code}）没有{}的行；某类没有人员时也要写一行，人数为0", missing.zh),
            format!(
                "{label} ({code}) has no row for {}; where nobody holds a category write a row with 0",
                missing.en
            ),
        );
        let line = last_line.get(&county.code).copied().or(Some(1));
        let (file, key) = (tables.categories.0.clone(), "category".to_owned());
        faults.push(Fault { file, line, key, problem, ..Fault::default() });
    }
    ordinary(&others, faults)
}

/// A row of a category that the policies do not know.
struct Other {
    id: String,
    code: u32,
    persons: u32,
    fault: Fault,
}

/// Says once of each of the other categories that its holders are ordinary residents under these policies.
fn ordinary(others: &[Other], faults: &mut Faults) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for other in others {
        if ids.contains(&other.id) {
            continue;
        }
        ids.push(other.id.clone());
        let persons: u64 =
            others.iter().filter(|one| one.id == other.id).map(|one| u64::from(one.persons)).sum();
        let Fault { file, line, key, value, .. } = other.fault.clone();
        let problem = Words::new(
            format!("方案没有这一类别，{persons}人按普通居民计算"),
            format!("the policy has no such category: its {persons} persons count as ordinary residents"),
        );
        faults.warn(Notice { file, line, key, value, problem, usual: None });
    }
    ids
}

fn open((file, text): &(String, String), columns: Columns<'_>, faults: &mut Faults) -> Option<Table> {
    match table::read(text, columns) {
        Ok(table) => Some(table),
        Err(found) => {
            for TableFault { line, column, value, problem, hint } in found {
                faults.push(Fault {
                    file: file.clone(),
                    line: Some(line),
                    key: column,
                    value,
                    problem,
                    hint,
                });
            }
            None
        }
    }
}

/// The cells of one row, for reading and for faults.
struct Cells<'t> {
    file: &'t str,
    table: &'t Table,
    row: &'t Row,
}

impl Cells<'_> {
    fn text(&self, column: &str) -> &str {
        self.table.cell(self.row, column)
    }

    fn fault(&self, column: &str, problem: Words, hint: Option<Words>) -> Fault {
        Fault {
            file: self.file.to_owned(),
            line: Some(self.row.line),
            key: column.to_owned(),
            value: self.text(column).to_owned(),
            problem,
            hint,
        }
    }

    fn count(&self, column: &str, faults: &mut Faults) -> Option<u32> {
        let text = self.text(column);
        let count = text.parse::<u32>().ok().filter(|count| *count <= MOST_PERSONS);
        if count.is_none() {
            let what = if column == "households" { ("户数", "households") } else { ("人数", "persons") };
            let problem = Words::new(
                format!("应为0至{MOST_PERSONS}之间的整数（{}）", what.0),
                format!("must be a whole number of {} from 0 to {MOST_PERSONS}", what.1),
            );
            faults.push(self.fault(column, problem, plainer(text, what)));
        }
        count
    }

    /// How uncertain a number of persons is, where the row says so.
    fn spread(&self, faults: &mut Faults) -> Option<Ratio> {
        let text = self.text(SPREAD);
        let spread =
            text.parse::<f64>().ok().filter(|spread| (0.0..=1.0).contains(spread)).and_then(Ratio::from_f64);
        if spread.is_none() && !text.is_empty() {
            let problem = Words::new(
                "应为0至1之间的数（0.05约为5%），或留空：留空时由status决定",
                "must be a number from 0 to 1 (0.05 = about 5 %), or empty: then the status says it",
            );
            faults.push(self.fault(SPREAD, problem, None));
        }
        spread
    }

    /// A text that may not be empty.
    fn needed(&self, column: &str, (zh, en): (&str, &str), faults: &mut Faults) -> String {
        if self.text(column).is_empty() {
            let missing = Words::new(format!("缺少：{zh}"), format!("missing: {en}"));
            faults.push(self.fault(column, missing, None));
        }
        self.text(column).to_owned()
    }
}

/// How a number that somebody wrote for people is written for the program.
fn plainer(text: &str, (zh, en): (&str, &str)) -> Option<Words> {
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | '，' | ' ' | '\u{a0}' | '_')).collect();
    if plain != text && plain.parse::<u32>().is_ok() {
        return Some(words!("请不要写分隔符：{plain}", "write it without separators: {plain}"));
    }
    let is_scaled = text.contains(['万', '千', '.']);
    is_scaled.then(|| {
        Words::new(format!("{zh}请写个数，不要写千或万"), format!("write single {en}, not thousands or 万"))
    })
}

fn band_columns() -> Vec<String> {
    ["m", "f"].iter().flat_map(|sex| (0..N_BANDS).map(move |band| format!("{sex}_{}", band * 5))).collect()
}

/// The codes and names of the counties of earlier rows.
#[derive(Default)]
struct Before {
    codes: BTreeSet<u32>,
    names: BTreeSet<(String, String)>,
}

/// One county; none where a number cannot be read.
fn county(
    cells: &Cells<'_>,
    (bands, before): (&[String], &mut Before),
    faults: &mut Faults,
) -> Option<County> {
    let code = cells.text("code").parse().ok().filter(|code| (100_000..=999_999).contains(code));
    if code.is_none() {
        faults.push(cells.fault(
            "code",
            Words::new("应为六位行政区划代码", "must be an administrative code of six digits"),
            None,
        ));
    }
    let by_band: Vec<Option<u32>> = bands.iter().map(|column| cells.count(column, faults)).collect();
    let [all, urban, rural, households, members] =
        ["residents", "urban", "rural", "households", "household_residents"]
            .map(|column| cells.count(column, faults));
    let name = cells.needed("name", ("县区的中文名称", "the county's name in Chinese"), faults);
    let name_en = cells.needed("name_en", ("县区的英文名称", "the county's name in English"), faults);
    let by_band: Vec<u32> = by_band.into_iter().collect::<Option<_>>()?;
    let mut residents = [[0; N_BANDS]; 2];
    for (cell, count) in residents.iter_mut().flatten().zip(by_band) {
        *cell = count;
    }
    let county = County {
        code: code?,
        name,
        name_en,
        city: cells.text("city").to_owned(),
        city_en: cells.text("city_en").to_owned(),
        residents,
        urban: urban?,
        rural: rural?,
        all: all?,
        households: (households?, members?),
        ..County::default()
    };
    if !before.codes.insert(county.code) {
        faults.push(cells.fault("code", Words::new("该县区写了两次", "the county is listed twice"), None));
    }
    if !before.names.insert((county.city.clone(), county.name.clone())) {
        let problem = Words::new(
            "另有县区同名：请用`city`列区分",
            "another county has this name: they are told apart by the column `city`",
        );
        faults.push(cells.fault("name", problem, None));
    }
    sums(cells, &county, faults);
    Some(county)
}

/// What of a county must add up.
fn sums(cells: &Cells<'_>, county: &County, faults: &mut Faults) {
    let sum: u64 = county.residents.iter().flatten().map(|&count| u64::from(count)).sum();
    if sum != u64::from(county.all) {
        let problem =
            words!("分年龄、性别的常住人口合计{sum}", "the residents by age and sex add up to {sum}");
        faults.push(cells.fault("residents", problem, None));
    } else if county.all == 0 {
        faults.push(cells.fault("residents", Words::new("须大于0", "must be above 0"), None));
    }
    let by_kind = u64::from(county.urban) + u64::from(county.rural);
    if by_kind != u64::from(county.all) {
        let problem = words!(
            "城镇与农村人口合计{by_kind}，不是{all}",
            "urban and rural residents add up to {by_kind}, not to {all}",
            all = county.all
        );
        faults.push(cells.fault("rural", problem, None));
    }
    let (households, members) = county.households;
    if members > county.all {
        let problem = words!("超过常住人口{all}人", "more than the {all} residents", all = county.all);
        faults.push(cells.fault("household_residents", problem, None));
    }
    if households == 0 || households > members {
        let problem = words!(
            "须大于0，且不超过家庭户人口{members}人",
            "must be above 0 and at most the {members} persons who live in them"
        );
        faults.push(cells.fault("households", problem, None));
    }
}

/// Names under which every county is alone: with the city, or with the code, where the name is not enough.
fn label(counties: &mut [County]) {
    let full = |county: &County| format!("{}/{}", county.city_en, county.name_en).to_lowercase();
    let zh = times(counties.iter().map(|county| county.name.clone()));
    let en = times(counties.iter().map(|county| county.name_en.to_lowercase()));
    let with_city = times(counties.iter().map(full));
    let is_alone = |names: &BTreeMap<String, usize>, name: &str| names.get(name) == Some(&1);
    for county in counties {
        county.label_zh = if is_alone(&zh, &county.name) {
            county.name.clone()
        } else {
            format!("{}/{}", county.city, county.name)
        };
        county.label_en = if is_alone(&en, &county.name_en.to_lowercase()) {
            county.name_en.clone()
        } else if is_alone(&with_city, &full(county)) {
            format!("{}/{}", county.city_en, county.name_en)
        } else {
            format!("{} ({})", county.name_en, county.code)
        };
    }
}

/// How many times each name is there.
fn times(names: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    names.for_each(|name| *times.entry(name).or_default() += 1);
    times
}

/// One row of persons; the county's code where it is one of the place.
fn category(
    cells: &Cells<'_>,
    (known, meant): (&[String], &Result<usize, lookup::Unknown>),
    (counties, others): (&mut [County], &mut Vec<Other>),
    faults: &mut Faults,
) -> Option<u32> {
    let persons = cells.count("persons", faults);
    let id = cells.text("category").to_owned();
    let names = || known.iter().map(String::as_str);
    let is_known = known.contains(&id);
    let unknown = cells.fault("category", super::not_ranked(), nearest(&id, names()));
    if !is_known && (id.is_empty() || is_slip(&id, names())) {
        faults.push(unknown.clone());
    }
    let status = Status::from_name(cells.text("status"));
    if status.is_none() {
        faults.push(cells.fault(
            "status",
            Words::new(
                "只能写found（查得）、derived（推导）或assumed（推算）",
                "must be found, derived or assumed",
            ),
            None,
        ));
    }
    let source = cells.needed("source", ("请写来源或理由", "name the source or the reasoning"), faults);
    let in_chinese = cells.text(SOURCE_ZH);
    let source_zh = (!in_chinese.is_empty()).then(|| in_chinese.to_owned());
    let spread = cells.spread(faults);
    let county = match meant {
        Ok(index) => &mut counties[*index],
        Err(unknown) => {
            let Words { zh, en } = &unknown.problem;
            let problem = Words::new(format!("counties.csv中{zh}"), format!("{en} in counties.csv"));
            faults.push(cells.fault("code", problem, unknown.hint.clone()));
            return None;
        }
    };
    let again = others.iter().any(|other| (&other.id, other.code) == (&id, county.code));
    if again || county.categories.iter().any(|count| count.id == id) {
        let problem = words!(
            "{county}（{code}）写了两次",
            "is given twice for {county} ({code})",
            county = county.label_zh,
            code = county.code
        );
        faults.push(cells.fault("category", problem, None));
        return None;
    }
    let persons = persons?;
    if is_known {
        county.categories.push(CategoryCount {
            id,
            persons,
            status: status?,
            source,
            source_zh,
            spread,
            line: cells.row.line,
        });
    } else {
        others.push(Other { id, code: county.code, persons, fault: unknown });
    }
    Some(county.code)
}
