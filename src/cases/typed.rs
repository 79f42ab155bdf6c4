//! From fields as typed to a case that can be settled, with every fault of a case at once.

use super::bills::{TypedClaims, TypedEarlier};
use super::field::{CaseFault, CaseFaults, Fields, Typed, amount, missing, same};
use super::new_year::PartOfBill;
use super::reversal::Reversed;
use crate::lang::Words;
use crate::policy::claim::{Claim, Insurance, Person, Sex, Spell};
use crate::scenario::Scenario;
use crate::scenario::fault::{is_slip, nearest};
use crate::scenario::place::lookup;
use crate::units::{Day, Fen, Month};
use std::collections::BTreeMap;

/// A case that can be settled.
#[derive(Debug, Clone)]
pub struct TypedCase {
    /// The file it was read from.
    pub file: String,
    /// The file of its claims.
    pub claims_file: String,
    /// The line.
    pub line: usize,
    /// Its name.
    pub name: String,
    /// The household, whose cases of one year are settled together.
    pub household: Option<String>,
    /// How many members it has, also those without a case; where it is not given, as many as cases.
    pub household_size: Option<u8>,
    /// The county's position in the place.
    pub county: usize,
    /// The year.
    pub year: u16,
    /// Age in whole years.
    pub age: u8,
    /// Sex, where given.
    pub sex: Option<Sex>,
    /// Kind of insurance.
    pub insurance: Insurance,
    /// Identities.
    pub spells: Vec<Spell>,
    /// Identities of categories that the place has and the policy does not: they give no right.
    pub others: Vec<String>,
    /// Traits as a bit set.
    pub traits: u32,
    /// Month of recognition.
    pub recognised: Option<Month>,
    /// Names of the claims.
    pub claim_names: Vec<String>,
    /// The claims.
    pub claims: Vec<Claim>,
    /// Of claims of which only a part belongs to the year, by position: that part.
    pub parts: BTreeMap<usize, PartOfBill>,
    /// Claims that were reversed: they are not settled.
    pub reversed: Vec<Reversed>,
    /// Claims of the years before, for the window of an application.
    pub earlier: Vec<TypedEarlier>,
    /// What is settled as it was typed, but can hardly be meant.
    pub warnings: CaseFaults,
}

impl TypedCase {
    /// The person.
    #[must_use]
    pub fn person(&self) -> Person<'_> {
        Person {
            age: self.age,
            sex: self.sex,
            insurance: self.insurance,
            traits: self.traits,
            spells: &self.spells,
            recognised: self.recognised,
        }
    }
}

/// What is said of years that cannot be settled.
#[must_use]
pub fn years_text(years: &[u16]) -> Words {
    let list: Vec<String> = years.iter().map(ToString::to_string).collect();
    Words::new(
        format!("有参数的年度：{}", list.join("、")),
        format!("a year with parameters: {}", list.join(", ")),
    )
}

/// What is said of a field that must be there.
fn needed() -> Words {
    Words::new("必须填写", "this field is needed")
}

/// What is wrong, with the nearest known name or the next step behind it, where there is one.
#[must_use]
pub fn hinted(problem: Words, hint: &Words) -> Words {
    if hint.en.is_empty() {
        return problem;
    }
    Words::new(format!("{}；{}", problem.zh, hint.zh), format!("{}; {}", problem.en, hint.en))
}

const CASE_FIELDS: &[&str] = &[
    "case",
    "household",
    "household_size",
    "county",
    "year",
    "age",
    "sex",
    "insurance",
    "identities",
    "traits",
    "recognised",
    "claims",
    "earlier",
];
pub(super) const IDENTITY_FIELDS: &[&str] = &["category", "from", "to"];

/// The most members of a household.
const MOST_MEMBERS: u16 = 99;

/// Reads one case.
///
/// # Errors
/// Every fault of the case.
pub fn read(
    fields: &Fields,
    file: (&str, &str),
    scenario: &Scenario,
    years: &[u16],
) -> Result<TypedCase, CaseFaults> {
    let (faults, warnings) = (CaseFaults::default(), CaseFaults::default());
    let mut reader = Reader { file: file.0, claims_file: file.1, scenario, faults, warnings };
    let mut case = reader.case(fields, years);
    case.warnings = std::mem::take(&mut reader.warnings);
    if reader.faults.is_empty() { Ok(case) } else { Err(reader.faults) }
}

pub(super) struct Reader<'a> {
    file: &'a str,
    pub(super) claims_file: &'a str,
    pub(super) scenario: &'a Scenario,
    pub(super) faults: CaseFaults,
    pub(super) warnings: CaseFaults,
}

/// Allowed names, and the value of a name.
pub(super) type Choices<'a, T> = (&'a [&'a str], fn(&str) -> Option<T>);

/// A group of fields with its path for messages.
#[derive(Clone, Copy)]
pub(super) struct Group<'a> {
    pub(super) fields: &'a Fields,
    pub(super) path: &'a str,
    pub(super) file: &'a str,
}

impl<'a> Group<'a> {
    pub(super) fn get(&self, name: &str) -> Option<&'a Typed> {
        self.fields.list.iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    fn path_of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// What is said of a field.
    pub(super) fn fault(&self, name: &str, allowed: Words) -> CaseFault {
        CaseFault {
            file: self.file.to_owned(),
            line: self.fields.line,
            field: same(&self.path_of(name)),
            value: self.get(name).map_or_else(missing, Typed::words),
            allowed,
        }
    }
}

impl Reader<'_> {
    pub(super) fn fault(&mut self, group: Group<'_>, name: &str, allowed: Words) {
        self.faults.push(group.fault(name, allowed));
    }

    /// The path of an entry of a list for messages: in tables its columns stand by themselves.
    pub(super) fn path(&self, list: &str, number: usize) -> String {
        let is_table = self.file != self.claims_file;
        if is_table { String::new() } else { format!("{list}[{number}]") }
    }

    pub(super) fn known_fields(&mut self, group: Group<'_>, known: &[&str]) {
        for (number, (name, _)) in group.fields.list.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let all = || known.iter().copied();
                let hint = match is_slip(name, all()) {
                    true => nearest(name, all()).unwrap_or_default(),
                    false => Words::new(
                        format!("可用的有：{}", known.join("、")),
                        format!("known: {}", known.join(", ")),
                    ),
                };
                self.fault(group, name, hinted(Words::new("没有这个字段", "unknown field"), &hint));
            } else if group.fields.list[..number].iter().any(|(before, _)| before == name) {
                self.fault(group, name, Words::new("这个字段写了两次", "the field stands twice"));
            }
        }
    }

    pub(super) fn text<'v>(&mut self, group: Group<'v>, name: &str, required: bool) -> Option<&'v str> {
        match group.get(name) {
            Some(Typed::Text(text)) => Some(text),
            Some(_) => {
                self.fault(group, name, Words::new("须为文本", "must be text"));
                None
            }
            None => {
                if required {
                    self.fault(group, name, needed());
                }
                None
            }
        }
    }

    /// One of a list of names.
    pub(super) fn choice<T: Copy>(
        &mut self,
        group: Group<'_>,
        name: &str,
        of: Choices<'_, T>,
        required: bool,
    ) -> Option<T> {
        let text = self.text(group, name, required)?;
        let value = (of.1)(text);
        if value.is_none() {
            let allowed = Words::new(
                format!("须为 {} 之一", of.0.join("、")),
                format!("must be one of {}", of.0.join(", ")),
            );
            self.fault(group, name, allowed);
        }
        value
    }

    fn whole(&mut self, group: Group<'_>, name: &str, (least, most): (u16, u16)) -> Option<u16> {
        let allowed = Words::new(
            format!("须为 {least} 至 {most} 的整数"),
            format!("must be a whole number from {least} to {most}"),
        );
        match group.get(name) {
            Some(Typed::Number(text)) => match text.parse::<u16>() {
                Ok(value) if (least..=most).contains(&value) => Some(value),
                _ => {
                    self.fault(group, name, allowed);
                    None
                }
            },
            Some(_) => {
                self.fault(group, name, allowed);
                None
            }
            None => {
                self.fault(group, name, needed());
                None
            }
        }
    }

    pub(super) fn money(&mut self, group: Group<'_>, name: &str, required: bool) -> Option<Fen> {
        match group.get(name) {
            Some(Typed::Number(text)) => match amount(text) {
                Ok(fen) => Some(fen),
                Err(allowed) => {
                    self.fault(group, name, allowed);
                    None
                }
            },
            Some(_) => {
                self.fault(group, name, Words::new("须为以元计的数", "must be a number of yuan"));
                None
            }
            None => {
                if required {
                    self.fault(group, name, needed());
                }
                None
            }
        }
    }

    pub(super) fn month(&mut self, group: Group<'_>, name: &str, required: bool) -> Option<Month> {
        let text = self.text(group, name, required)?;
        let month = Month::parse(text);
        if month.is_none() {
            let allowed = Words::new(
                "须为月份，写法如 \"2023-07\"",
                "must be a month such as \"2023-07\", written in this way",
            );
            self.fault(group, name, allowed);
        }
        month
    }

    pub(super) fn day(&mut self, group: Group<'_>, name: &str, required: bool) -> Option<Day> {
        let text = self.text(group, name, required)?;
        let day = Day::parse(text);
        if day.is_none() {
            let allowed = Words::new(
                "须为存在的日期，写法如 \"2023-02-28\"",
                "must be a day that exists, written as in \"2023-02-28\"",
            );
            self.fault(group, name, allowed);
        }
        day
    }

    pub(super) fn groups<'v>(&mut self, group: Group<'v>, name: &str) -> &'v [Fields] {
        match group.get(name) {
            Some(Typed::Groups(groups)) => groups,
            None => &[],
            Some(_) => {
                self.fault(group, name, Words::new("须为对象的列表", "must be a list of objects"));
                &[]
            }
        }
    }

    fn case(&mut self, fields: &Fields, years: &[u16]) -> TypedCase {
        let group = Group { fields, path: "", file: self.file };
        self.known_fields(group, CASE_FIELDS);
        let name = self.text(group, "case", true).unwrap_or_default().to_owned();
        let county = self.county(group);
        let year = self.year(group, years);
        let age = self.whole(group, "age", (0, 130)).unwrap_or(0);
        let sex = self.choice(group, "sex", (Sex::NAMES, Sex::from_name), false);
        let insurance = self.choice(group, "insurance", (Insurance::NAMES, Insurance::from_name), false);
        let recognised = self.month(group, "recognised", false);
        if let (Some(month), Some(year)) = (recognised, year)
            && month.year() != year
        {
            let allowed = Words::new(
                format!("须为个案年度{year}年的月份"),
                format!("must be a month of the case's year {year}"),
            );
            self.fault(group, "recognised", allowed);
        }
        let TypedClaims { names: claim_names, claims, reversed, parts } = self.claims(group, year);
        let earlier = self.earlier(group, (year, recognised), years);
        self.sum(group, &claims, &earlier);
        TypedCase {
            file: self.file.to_owned(),
            claims_file: self.claims_file.to_owned(),
            line: fields.line,
            name,
            household: self.household(group),
            household_size: self.household_size(group),
            county: county.unwrap_or(0),
            year: year.unwrap_or(0),
            age: age as u8,
            sex,
            insurance: insurance.unwrap_or(Insurance::Resident),
            others: self.others(group),
            spells: self.identities(group),
            traits: self.traits(group),
            recognised,
            claim_names,
            claims,
            reversed,
            parts,
            earlier,
            warnings: CaseFaults::default(),
        }
    }

    fn household(&mut self, group: Group<'_>) -> Option<String> {
        // A number on the register is as good as a name.
        let text = match group.get("household") {
            Some(Typed::Number(number)) => number,
            _ => self.text(group, "household", false)?,
        };
        if text.trim().is_empty() {
            let allowed =
                Words::new("不能为空；单独一人时不写", "must not be empty; leave it out for a person alone");
            self.fault(group, "household", allowed);
        }
        Some(text.trim().to_owned())
    }

    fn household_size(&mut self, group: Group<'_>) -> Option<u8> {
        group.get("household_size")?;
        self.whole(group, "household_size", (1, MOST_MEMBERS)).map(|size| size as u8)
    }

    fn county(&mut self, group: Group<'_>) -> Option<usize> {
        let text = match group.get("county") {
            // A code may be written as a number.
            Some(Typed::Number(code)) => code,
            _ => self.text(group, "county", true)?,
        };
        match lookup::find(&self.scenario.place.counties, text) {
            Ok(found) => Some(found),
            Err(unknown) => {
                let place = &self.scenario.place.name_zh;
                let why = hinted(unknown.problem, &unknown.hint.unwrap_or_default());
                let problem = Words::new(
                    format!("须为{place}的县区：{}", why.zh),
                    format!("must be a county of {place}: {}", why.en),
                );
                self.fault(group, "county", problem);
                None
            }
        }
    }

    fn year(&mut self, group: Group<'_>, years: &[u16]) -> Option<u16> {
        let year = self.whole(group, "year", (1900, 2200))?;
        if years.contains(&year) {
            return Some(year);
        }
        let of = years_text(years);
        self.fault(group, "year", Words::new(format!("须为{}", of.zh), format!("must be {}", of.en)));
        None
    }
}
