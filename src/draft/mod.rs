//! A new scenario folder for any county: residents from the census of 2020, a shipped policy and illness model, and what
//! nobody has said yet by documented shares. Texts only: whoever asks for it writes the files.

pub mod census;
pub mod fund;
pub mod maps;
mod overlaps;
pub mod place;
pub mod register;
pub mod shares;
pub mod shipped;
pub mod texts;
pub mod update;

use census::Area;
use fund::{FundTable, Taken, YearsIn};
use register::Register;
use shares::Count;
use shipped::Plan;

use crate::lang::Words;
use crate::raw::Status;
use crate::scenario::fault::like;

/// What a new folder is to hold.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// Its name, and that of its scenario and place.
    pub name: &'a str,
    /// The counties.
    pub area: Area,
    /// The policy.
    pub plan: &'static Plan,
    /// First and last year, where others than the shipped scenario's are wanted.
    pub years: Option<(u16, u16)>,
    /// The register that persons are taken from, with the name of its file.
    pub register: Option<(&'a str, &'a Register)>,
    /// The table of the fund, with the name of its file.
    pub fund: Option<(&'a str, &'a FundTable)>,
}

/// The files of a new folder, and what stands in them.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Path below the folder and text of each file.
    pub files: Vec<(String, String)>,
    /// First and last year.
    pub years: (u16, u16),
    /// The illness model.
    pub model: &'static str,
    /// The shipped place from which parameters and population were taken.
    pub taken_from: &'static str,
    /// The categories of the policy with their labels, in the order of its ranks.
    pub categories: Vec<(String, Words)>,
    /// Persons by county (in the order of the area) and category.
    pub counts: Vec<Vec<Count>>,
    /// What the place file takes of the table of the fund, where that was given.
    pub fund: Option<Taken>,
}

impl Wanted<'_> {
    /// Whether the place is said to be the census instead of in tables of its counties: they would be of several megabytes,
    /// and nobody fills in those of the whole country by hand.
    #[must_use]
    pub fn by_census(&self) -> bool {
        self.area.is_whole() && self.register.is_none()
    }
}

impl Draft {
    /// Persons of all counties by category and status.
    #[must_use]
    pub fn persons(&self, category: &str, status: Status) -> u64 {
        let fits = |count: &&Count| count.category == category && count.status == status;
        self.counts.iter().flatten().filter(fits).map(|count| u64::from(count.persons)).sum()
    }
}

/// The plan of a policy's name.
///
/// # Errors
/// A name that no policy has, or no name at all, with all of them.
pub fn plan(policy: Option<&str>) -> Result<&'static Plan, Words> {
    if let Some(plan) = shipped::PLANS.iter().find(|plan| Some(plan.policy) == policy) {
        return Ok(plan);
    }
    let titled = |plan: &Plan| {
        let [zh, en] = titles(plan.policy);
        (format!("  {:<24}{zh}", plan.policy), format!("  {:<24}{en}", plan.policy))
    };
    let (zh, en): (Vec<String>, Vec<String>) = shipped::PLANS.iter().map(titled).unzip();
    let (zh, en) = (zh.join("\n"), en.join("\n"));
    Err(match policy {
        None => Words::new(
            format!("请用 --policy 指明按哪个方案测算，可选：\n{zh}"),
            format!("say with --policy which plan is to be followed; known:\n{en}"),
        ),
        Some(policy) => {
            let near = like(policy, shipped::PLANS.iter().map(|plan| plan.policy));
            let (near_zh, near_en) = near.map_or_else(
                || ("。".to_owned(), String::new()),
                |hint| (format!("，{}", hint.zh), format!(" ({})", hint.en)),
            );
            Words::new(
                format!("--policy {policy}：没有这个方案{near_zh}可选：\n{zh}"),
                format!("--policy {policy}: there is no such policy{near_en}; known:\n{en}"),
            )
        }
    })
}

/// The titles of a policy.
fn titles(policy: &str) -> [String; 2] {
    let table = shipped::with_bases(shipped::POLICIES, policy)
        .first()
        .and_then(|file| file.text.parse::<toml::Table>().ok())
        .unwrap_or_default();
    ["title_zh", "title_en"].map(|key| {
        let title = table.get("about").and_then(|about| about.get(key)).and_then(toml::Value::as_str);
        title.unwrap_or_default().to_owned()
    })
}

/// The categories of a policy by rank, with their labels.
#[must_use]
pub fn categories(policy: &str) -> Vec<(String, Words)> {
    let files = shipped::with_bases(shipped::POLICIES, policy);
    let tables: Vec<toml::Table> = files.iter().filter_map(|file| file.text.parse().ok()).collect();
    let ranks = tables.iter().find_map(|table| table.get("rank")?.as_array());
    let label = |id: &str, key: &str| {
        let found = tables.iter().find_map(|table| table.get("categories")?.get(id)?.get(key)?.as_str());
        found.unwrap_or(id).to_owned()
    };
    let ids = ranks.into_iter().flatten().filter_map(toml::Value::as_str);
    ids.map(|id| (id.to_owned(), Words::new(label(id, "zh"), label(id, "en")))).collect()
}

/// The payers of a policy with their labels, in the order of the policy.
#[must_use]
pub fn funders(policy: &str) -> Vec<(String, Words)> {
    let files = shipped::with_bases(shipped::POLICIES, policy);
    let tables: Vec<toml::Table> = files.iter().filter_map(|file| file.text.parse().ok()).collect();
    let mut all: Vec<(String, Words)> = Vec::new();
    // A base stands behind what extends it, names its payers first, and labels those of which the other only cites more.
    for (id, label) in tables.iter().rev().filter_map(|table| table.get("funders")?.as_table()).flatten() {
        let text = |key: &str| label.get(key).and_then(toml::Value::as_str);
        let number = all.iter().position(|(known, _)| known == id).unwrap_or_else(|| {
            all.push((id.clone(), Words::new(id, id)));
            all.len() - 1
        });
        let words = &mut all[number].1;
        words.zh = text("zh").unwrap_or(&words.zh).to_owned();
        words.en = text("en").unwrap_or(&words.en).to_owned();
    }
    all
}

/// What the register says of a county's category.
fn registered(wanted: &Wanted<'_>, code: u32, category: &str) -> Option<Count> {
    let (file, register) = wanted.register?;
    let found = register.found.get(&(code, category.to_owned()))?;
    Some(Count {
        category: category.to_owned(),
        persons: found.persons,
        status: Status::Found,
        source: source(file, register, found),
    })
}

/// Where a number of a register comes from: file, cells and date.
#[must_use]
pub fn source(file: &str, register: &Register, found: &register::Found) -> String {
    let places = found.places.join("+");
    let date = register.date.map_or_else(String::new, |(year, month)| format!("，{year}年{month}月"));
    let date_en = register.date.map_or_else(String::new, |(year, month)| format!(", {year}-{month:02}"));
    format!("台账 {file} {places}{date} / register {file}, {places}{date_en}")
}

/// The year that begins with a register: one from October on is what the next year begins with.
#[must_use]
pub fn begins(register: &Register) -> Option<u16> {
    register.date.map(|(year, month)| year + u16::from(month >= 10))
}

/// The years to project: those wanted, or those that begin with the register or else with the revenue of the fund, or
/// those of the shipped scenario; as long as the fund has revenue.
#[must_use]
pub fn years(wanted: &Wanted<'_>) -> (u16, u16) {
    let (first, last) = wanted.plan.years;
    let revenue = wanted.fund.and_then(|(_, table)| table.years());
    let last = revenue.map_or(last, |(_, until)| until.max(last));
    let registered = wanted.register.and_then(|(_, register)| begins(register));
    let begins = registered.or(revenue.map(|(from, _)| from));
    wanted.years.unwrap_or_else(|| match begins {
        Some(begins) if begins >= first => (begins, begins.max(last)),
        _ => (first, last),
    })
}

/// The files of a new folder; `None` where what is built in cannot be read, which a test excludes.
#[must_use]
pub fn draft(wanted: &Wanted<'_>) -> Option<Draft> {
    let Wanted { area, plan, .. } = wanted;
    let categories = categories(plan.policy);
    let from = place::taken_from(plan, area);
    let counts = area.counties.iter().map(|county| {
        let found = |id: &str| registered(wanted, county.county.code, id);
        let dibao = found("dibao").map(|count| count.persons);
        let count = |(id, _): &(String, Words)| match wanted.by_census() {
            true => shares::by_census(county, id),
            false => found(id).unwrap_or_else(|| shares::count(from, county, id, dibao)),
        };
        categories.iter().map(count).collect()
    });
    let mut draft = Draft {
        files: Vec::new(),
        years: years(wanted),
        model: place::model(area),
        taken_from: from,
        counts: counts.collect(),
        categories,
        fund: match wanted.fund {
            Some((_, table)) => Some(table.select(years(wanted).0, YearsIn::Option).ok()?),
            None => None,
        },
    };
    draft.files = texts::files(wanted, &draft)?;
    Some(draft)
}
