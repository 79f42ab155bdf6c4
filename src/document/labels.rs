//! What the ids of a run's tables are called, and how their columns are headed: all from the run's own record and
//! `columns.csv`.

use crate::lang::Lang;
use crate::raw::Status;
use crate::report::csv_files::{ALL, TOTAL};
use crate::report::finished::{Finished, ReadColumn, ReadTable};
use crate::report::names::{Label, Names};

/// The words of one run in one language.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// The run.
    pub run: &'a Finished,
    /// The language.
    pub lang: Lang,
}

impl<'a> Words<'a> {
    /// The text of a language.
    #[must_use]
    pub const fn pick(&self, zh: &'a str, en: &'a str) -> &'a str {
        self.lang.pick(zh, en)
    }

    fn find(&self, of: impl Fn(&'a Names) -> Option<&'a Label>) -> Option<&'a str> {
        let all = self.run.record.inputs.iter();
        all.map(|input| &input.names).find_map(of).map(|label| label.text(self.lang))
    }

    /// A county by its code; `ALL` is all of them.
    #[must_use]
    pub fn county<'b>(&self, code: &'b str) -> &'b str
    where
        'a: 'b,
    {
        if code == ALL {
            return self.pick("全部县区", "All counties");
        }
        self.find(|names| names.counties.get(code)).unwrap_or(code)
    }

    /// All counties of the run together: a single one by its name.
    #[must_use]
    pub fn everywhere(&self) -> &str {
        match self.run.record.counties.as_slice() {
            [only] => self.county(only),
            _ => self.pick("全部县区", "all counties"),
        }
    }

    /// A line of spending by its id.
    #[must_use]
    pub fn line<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        if id == TOTAL { self.total() } else { self.find(|names| names.lines.get(id)).unwrap_or(id) }
    }

    /// A funder by its id.
    #[must_use]
    pub fn funder<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        if id == TOTAL { self.total() } else { self.find(|names| names.funders.get(id)).unwrap_or(id) }
    }

    fn total(&self) -> &'a str {
        self.pick("合计", "Total")
    }

    /// A category by its id.
    #[must_use]
    pub fn category<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        self.find(|names| names.categories.get(id)).unwrap_or(id)
    }

    /// The title of a scenario by its id.
    #[must_use]
    pub fn scenario<'b>(&self, id: &'b str) -> &'b str
    where
        'a: 'b,
    {
        let found = self.run.record.inputs.iter().find(|input| input.scenario == id);
        found.map_or(id, |input| input.names.title.text(self.lang))
    }

    /// What a clause says, with its place in the document.
    #[must_use]
    pub fn clause(&self, id: &str) -> String {
        let all = self.run.record.inputs.iter();
        let found = all.map(|input| &input.names).find_map(|names| names.clauses.get(id));
        match found {
            Some(clause) if self.lang == Lang::Zh => format!("{}：{}", clause.position, clause.says.zh),
            Some(clause) => format!("{}: {}", clause.position, clause.says.en),
            None => self.pick("未引用条款的规则", "rules that cite no clause").to_owned(),
        }
    }

    /// A status of a value.
    #[must_use]
    pub fn status(&self, status: &'a str) -> &'a str {
        Status::from_name(status).map_or(status, |status| status.text(self.lang))
    }

    /// A field of text as a reader sees it: the label where the column holds ids, else as it is written.
    #[must_use]
    pub fn shown(&self, table: &'a ReadTable, row: &'a [String], position: usize) -> String {
        let value = row[position].as_str();
        let text = match table.columns[position].name.as_str() {
            "county" => {
                let code = table.field(row, "county_code");
                if code.is_empty() { value } else { self.county(code) }
            }
            "line" => self.line(value),
            "funder" => self.funder(value),
            "category" => self.category(value),
            "base" | "other" => self.scenario(value),
            "verdict" => match value {
                "saves" => self.pick("节省", "saves"),
                "costs" => self.pick("反而增加", "costs"),
                "not_distinguishable_from_0" => self.pick("与0无法区分", "not distinguishable from 0"),
                "too_few_replicates" => self.pick("模拟次数不足", "too few replicates"),
                other => other,
            },
            "promise" => match value {
                "exact" => self.pick("必须相等", "equal"),
                "rounded" => self.pick("允许取整差异", "equal but for rounding"),
                other => other,
            },
            _ => value,
        };
        text.to_owned()
    }

    /// The heading of a column, with its unit.
    #[must_use]
    pub fn heading(&self, table: &ReadTable, position: usize) -> String {
        let column = &table.columns[position];
        let mut text = short(column, self.lang);
        // An error is called by what it is the error of.
        let of = column.name.strip_suffix("_se").and_then(|base| table.column(base));
        if let Some(base) = of {
            text = format!("{}{}{text}", short(&table.columns[base], self.lang), self.pick("：", ": "));
        }
        let unit = unit(&column.unit, self.lang);
        let has_unit = match self.lang {
            Lang::Zh => text.ends_with(&format!("（{unit}）")),
            Lang::En => text.ends_with(unit),
        };
        if !unit.is_empty() && !has_unit {
            text.push_str(&match self.lang {
                Lang::Zh => format!("（{unit}）"),
                Lang::En => format!(" ({unit})"),
            });
        }
        capital(&text)
    }
}

/// The unit of a column as a reader sees it; nothing for years, months and numbers of their own.
#[must_use]
pub fn unit(unit: &str, lang: Lang) -> &str {
    match unit {
        "yuan" => lang.pick("元", "yuan"),
        "yuan per resident" => lang.pick("元/人", "yuan per resident"),
        "fen" => lang.pick("分", "fen"),
        "persons" => lang.pick("人", "persons"),
        "persons or households" => lang.pick("人或户", "persons or households"),
        "payments" => lang.pick("人次", "payments"),
        "share" => "%",
        "ratio" => lang.pick("倍", "times"),
        "year" | "month" | "number" | "" => "",
        other => other,
    }
}

/// What a column is, without what explains it: up to the first colon or semicolon.
fn short(column: &ReadColumn, lang: Lang) -> String {
    let whole = column.meaning.text(lang);
    let end = whole.find(['：', '；', ':', ';']).unwrap_or(whole.len());
    whole[..end].trim().to_owned()
}

/// The same with a capital at its beginning.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
