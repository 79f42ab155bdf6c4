//! What is said of an import: what changes, what the tables do not have, who else is on the place, what was written.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::changed::{self, Key, Number, Row};
use super::files::Change;
use super::{Import, Sharing, overlaps};
use crate::cli::given;
use crate::draft::fund::{Taken, amount_in_yuan};
use crate::draft::register::{Register, Use};
use crate::lang::Lang;
use crate::lang::Words;
use crate::raw::Status;
use crate::report::number::{grouped, percent};
use crate::report::screen::grid;
use crate::scenario::Scenario;

/// Items of a fund in Chinese and English.
const ITEMS: [(&str, &str, &str); 10] = [
    ("opening", "期初余额", "Opening balance"),
    ("outstanding", "应付未付", "Outstanding payments"),
    ("revenue", "收入（未分来源）", "Revenue, no source said"),
    ("central", "中央", "Central finance"),
    ("region", "自治区（省）", "Province or region"),
    ("city", "市级", "City"),
    ("county", "县级", "County"),
    ("welfare_lottery", "福彩公益金", "Welfare lottery"),
    ("donations", "社会捐赠", "Donations"),
    ("other", "其他收入", "Other revenue"),
];

/// An import that was worked out.
pub struct Report<'a> {
    /// The scenario and its tables.
    pub import: &'a Import<'a>,
    /// The scenario as it becomes.
    pub after: &'a Scenario,
    /// The numbers that change.
    pub rows: Vec<Row>,
    /// The files that change.
    pub changes: &'a [Change],
    /// Other scenarios on the same place.
    pub sharing: &'a [Sharing],
    /// What was written beside them.
    pub written: Vec<PathBuf>,
}

impl Report<'_> {
    /// For people.
    pub fn text(&self) -> String {
        let (import, lang) = (self.import, self.import.lang);
        let mut text = String::new();
        if let Some(register) = &import.register {
            text.push_str(&given::register::understood(
                &import.args.register,
                register,
                self.kept("register").as_deref(),
                lang,
            ));
        }
        if let Some(Taken { table, .. }) = &import.fund {
            text.push_str(&given::fund::understood(
                &import.args.fund,
                table,
                self.kept("fund").as_deref(),
                lang,
            ));
        }
        text.push_str(&self.tables());
        for note in self.notes() {
            text.push_str(&format!("  {}\n", note.pick(lang)));
        }
        text.push_str(&self.outcome());
        text
    }

    /// The name of a file with a preview, where it was written.
    fn kept(&self, kind: &str) -> Option<String> {
        let ending = format!("-{kind}.csv");
        self.written.iter().map(|path| path.display().to_string()).find(|path| path.ends_with(&ending))
    }

    /// What changes, persons and amounts apart.
    fn tables(&self) -> String {
        let lang = self.import.lang;
        let is_persons = |row: &&Row| matches!(row.key, Key::Persons { .. });
        let parts = [
            (self.rows.iter().filter(is_persons).collect::<Vec<_>>(), lang.pick("人数", "persons")),
            (self.rows.iter().filter(|row| !is_persons(row)).collect(), lang.pick("基金，元", "fund, yuan")),
        ];
        let mut text = String::new();
        for (rows, title) in parts.into_iter().filter(|(rows, _)| !rows.is_empty()) {
            let header = match lang {
                Lang::Zh => ["县区", "项目", "年度", "状态", "原值", "新值", "差额", "差额占原值"],
                Lang::En => {
                    ["County", "Item", "Year", "Status", "Before", "After", "Difference", "Of before"]
                }
            };
            let table = grid(&header, rows.iter().map(|row| self.cells(row)), 4);
            text.push_str(&match lang {
                Lang::Zh => format!("改变的数（{title}）：\n"),
                Lang::En => format!("what changes ({title}):\n"),
            });
            text.extend(table.lines().map(|line| format!("  {line}\n")));
        }
        text
    }

    fn cells(&self, row: &Row) -> Vec<String> {
        let lang = self.import.lang;
        let (county, item, year) = self.names(&row.key);
        let is_fen = matches!(row.key, Key::Fund { .. });
        let shown = |amount: i64| if is_fen { given::fund::yuan(amount) } else { signed(amount) };
        let amount =
            |number: Option<Number>| number.map_or_else(|| "-".to_owned(), |number| shown(number.amount));
        let difference = row.difference();
        let share = row.before.filter(|before| before.amount != 0).map(|before| {
            #[expect(clippy::cast_precision_loss, reason = "a share that is shown")]
            let share = difference as f64 / before.amount as f64;
            percent(share)
        });
        let plus = if difference > 0 { "+" } else { "" };
        vec![
            county.pick(lang).to_owned(),
            item.pick(lang).to_owned(),
            year.map_or_else(String::new, |year| year.to_string()),
            statuses(row, lang),
            amount(row.before),
            amount(row.after),
            format!("{plus}{}", shown(difference)),
            share.unwrap_or_else(|| "-".to_owned()),
        ]
    }

    /// What a number is called: county, item, year.
    fn names(&self, key: &Key) -> (Words, Words, Option<u16>) {
        let place = &self.after.place;
        let county = |at: usize| {
            let county = &place.counties[at];
            Words::new(&county.label_zh, &county.label_en)
        };
        match key {
            Key::Persons { county: at, category, .. } => (county(*at), self.category(category), None),
            Key::Fund { owner, item, year } => {
                let whose = owner.map_or_else(|| Words::new("全部", "all"), county);
                (whose, self.item(item), (*year > 0).then_some(*year))
            }
        }
    }

    /// What a category is called.
    fn category(&self, id: &str) -> Words {
        let name = self.after.policy.names.categories.iter().find(|name| name.id == id);
        name.map_or_else(|| Words::new(id, id), |name| Words::new(&name.zh, &name.en))
    }

    /// What an item of the fund is called.
    fn item(&self, id: &str) -> Words {
        if let Some(funder) = id.strip_prefix("budget.") {
            let name = self.after.policy.names.funders.iter().find(|name| name.id == funder);
            let (zh, en) = name.map_or((funder, funder), |name| (&name.zh, &name.en));
            return Words::new(format!("预算：{zh}"), format!("Budget: {en}"));
        }
        let known = ITEMS.iter().find(|(known, ..)| *known == id);
        known.map_or_else(|| Words::new(id, id), |(_, zh, en)| Words::new(*zh, *en))
    }

    /// What the tables do not have, and what only they have.
    fn notes(&self) -> Vec<Words> {
        let mut notes = Vec::new();
        if let Some(register) = &self.import.register {
            notes.extend(self.not_in_register(register));
            notes.extend(not_in_place(register));
            let n = changed::n_unchanged(&self.import.scenario, &self.rows);
            notes.push(Words::new(
                format!("{n}个人数不变"),
                format!("{n} numbers of persons stay as they are"),
            ));
            let found = |row: &&Row| {
                let status = |number: Option<Number>| number.and_then(|number| number.status);
                matches!(row.key, Key::Persons { .. })
                    && status(row.before) == Some(Status::Assumed)
                    && status(row.after) == Some(Status::Found)
            };
            let n = self.rows.iter().filter(found).count();
            if n > 0 {
                notes.push(Words::new(
                    format!("{n}个人数由推算变为查得"),
                    format!("{n} numbers of persons were assumed and are found now"),
                ));
            }
            notes.extend(overlaps::stay(self.after, &self.rows));
        }
        if let Some(Taken { fund, .. }) = &self.import.fund {
            let counties: Vec<(u32, String)> = self
                .after
                .place
                .counties
                .iter()
                .map(|county| (county.code, county.label_zh.clone()))
                .collect();
            let years = self.after.years();
            let span =
                (years.first().copied().unwrap_or_default(), years.last().copied().unwrap_or_default());
            notes.extend(fund.missing(&counties, span));
        }
        if !self.sharing.is_empty() {
            let list: Vec<String> =
                self.sharing.iter().map(|other| other.path.display().to_string()).collect();
            let id = &self.after.place.id;
            notes.push(Words::new(
                format!("地区 {id} 还用于其他方案，它们也随之改变：{}", list.join("、")),
                format!(
                    "the place {id} is that of other scenarios too, which change with it: {}",
                    list.join(", ")
                ),
            ));
        }
        notes
    }

    /// Numbers of the place that the register does not have: they stay as they are.
    fn not_in_register(&self, register: &Register) -> Option<Words> {
        let mut lists: Vec<(String, Vec<String>)> = Vec::new();
        let counties = &self.after.place.counties;
        for county in counties {
            for count in &county.categories {
                if register.found.contains_key(&(county.code, count.id.clone())) {
                    continue;
                }
                match lists.iter_mut().find(|(id, _)| *id == count.id) {
                    Some((_, of)) => of.push(county.label_zh.clone()),
                    None => lists.push((count.id.clone(), vec![county.label_zh.clone()])),
                }
            }
        }
        let shown = |pick: fn(&Words) -> &str, between: &str| {
            let one = |(id, of): &(String, Vec<String>)| {
                let label = self.category(id);
                let label = pick(&label);
                if of.len() == counties.len() {
                    label.to_owned()
                } else {
                    format!("{label} ({})", of.join(between))
                }
            };
            lists.iter().map(one).collect::<Vec<_>>().join(between)
        };
        (!lists.is_empty()).then(|| {
            Words::new(
                format!("地区有而台账没有，保持原值：{}", shown(|words| &words.zh, "、")),
                format!(
                    "in the place and not in the register, left as they are: {}",
                    shown(|words| &words.en, ", ")
                ),
            )
        })
    }

    /// What was done.
    fn outcome(&self) -> String {
        let (lang, args) = (self.import.lang, self.import.args);
        let files =
            |paths: &mut dyn Iterator<Item = String>| paths.collect::<Vec<_>>().join(lang.pick("、", ", "));
        let changed = files(&mut self.changes.iter().map(|change| change.path.display().to_string()));
        let beside = files(&mut self.written.iter().map(|path| path.display().to_string()));
        let scenario = args.scenario.display();
        match (self.changes.is_empty(), args.dry_run, lang) {
            (true, _, Lang::Zh) => "没有任何改变，未写入文件\n".to_owned(),
            (true, _, Lang::En) => "nothing changes, nothing was written\n".to_owned(),
            (_, true, Lang::Zh) => {
                format!("检查通过；试导入，未写入文件。去掉 --dry-run 将改写：{changed}\n")
            }
            (_, true, Lang::En) => {
                format!(
                    "passes the check; a dry run, nothing was written. Without --dry-run it changes {changed}\n"
                )
            }
            (_, _, Lang::Zh) => format!(
                "检查通过，已改写：{changed}\n原文件和逐格理解保存为：{beside}\n下一步：\n  fundcast run {scenario}\n"
            ),
            (_, _, Lang::En) => format!(
                "passes the check; changed: {changed}\nkept beside, as they were and how each cell was read: {beside}\nnext:\n  fundcast run {scenario}\n"
            ),
        }
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let paths = |paths: &mut dyn Iterator<Item = String>| paths.collect::<Vec<_>>();
        let rows: Vec<Value> = self.rows.iter().map(|row| self.json_of(row)).collect();
        // Above the preview that people see; a program reads them with the others.
        let of_table = self.import.fund.iter().flat_map(|taken| taken.table.notes.clone());
        let notes: Vec<Value> = self
            .notes()
            .into_iter()
            .chain(of_table)
            .map(|note| json!({ "zh": note.zh, "en": note.en }))
            .collect();
        json!({
            "scenario": self.import.args.scenario.display().to_string(),
            "place": self.after.place.id,
            "dry_run": self.import.args.dry_run,
            "changes": rows,
            "changed_files": paths(&mut self.changes.iter().map(|change| change.path.display().to_string())),
            "written_beside": paths(&mut self.written.iter().map(|path| path.display().to_string())),
            "shared_with": paths(&mut self.sharing.iter().map(|other| other.path.display().to_string())),
            "notes": notes,
        })
    }

    fn json_of(&self, row: &Row) -> Value {
        let (county, item, year) = self.names(&row.key);
        let (unit, id) = match &row.key {
            Key::Persons { category, .. } => ("persons", category),
            Key::Fund { item, .. } => ("yuan", item),
        };
        let amount = |amount: i64| -> Value {
            match unit {
                "persons" => amount.into(),
                _ => {
                    let sign = if amount < 0 { "-" } else { "" };
                    // A decimal number as it is written: no float stands between.
                    let text = format!("{sign}{}", amount_in_yuan(amount.unsigned_abs().into()));
                    serde_json::from_str(&text).unwrap_or(Value::Null)
                }
            }
        };
        let number = |number: Option<Number>| {
            number.map(|one| json!({ "amount": amount(one.amount), "status": one.status.map(Status::name) }))
        };
        json!({
            "county_zh": county.zh, "county_en": county.en,
            "item": id, "label_zh": item.zh, "label_en": item.en,
            "year": year, "unit": unit,
            "before": number(row.before), "after": number(row.after),
            "difference": amount(row.difference()),
        })
    }
}

impl Row {
    fn difference(&self) -> i64 {
        let amount = |number: Option<Number>| number.map_or(0, |number| number.amount);
        amount(self.after) - amount(self.before)
    }
}

/// Categories of the register that the place does not have.
fn not_in_place(register: &Register) -> Option<Words> {
    let others = register.cells.iter().filter(|cell| cell.becomes == Use::NotInPolicy);
    let mut names: Vec<&str> = others.map(|cell| cell.label.as_str()).collect();
    names.dedup();
    (!names.is_empty()).then(|| {
        Words::new(
            format!("台账有而地区没有，未计入：{}", names.join("、")),
            format!("in the register and not in the place, left out: {}", names.join(", ")),
        )
    })
}

fn statuses(row: &Row, lang: Lang) -> String {
    let name = |number: Option<Number>| {
        let status = number.and_then(|number| number.status)?;
        Some(status.text(lang))
    };
    match (name(row.before), name(row.after)) {
        (Some(before), Some(after)) if before != after => format!("{before} → {after}"),
        (before, after) => after.or(before).unwrap_or("-").to_owned(),
    }
}

/// A number of persons with separators.
#[expect(clippy::cast_precision_loss, reason = "fewer persons than a float counts exactly")]
fn signed(persons: i64) -> String {
    grouped(persons as f64, 0)
}
