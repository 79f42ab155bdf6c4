//! What of a table a place file takes: balances at the beginning of the first year, revenue and budgets by owner.

use std::collections::{BTreeMap, BTreeSet};

use super::{Cell, FundTable, Item, On, SOURCES, Use, Whose, amount_in_yuan};
use crate::draft::register::sheet::TableFault;
use crate::lang::Words;
use crate::raw::fund::Source;
use crate::units::Fen;

/// The month in which revenue arrives of which nothing is said: the account is then one of the year.
const JANUARY: [u8; 1] = [1];

/// The amount of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearAmount {
    /// The year.
    pub year: u16,
    /// The amount.
    pub amount: Fen,
}

/// A balance, or what is outstanding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owned {
    /// Whose.
    pub whose: Whose,
    /// The amount.
    pub amount: Fen,
}

/// Revenue of a source that comes in the same months and is as uncertain in each of its years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revenue {
    /// Whose.
    pub whose: Whose,
    /// Where it comes from.
    pub source: Source,
    /// The months in which it arrives.
    pub months: Vec<u8>,
    /// Whether the table says so.
    pub is_month_given: bool,
    /// How uncertain it is, in millionths, where the table says so.
    pub log_sd: Option<u32>,
    /// The amounts, by year.
    pub by_year: Vec<YearAmount>,
}

/// A budget.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// Whose.
    pub whose: Whose,
    /// The payer's id.
    pub funder: String,
    /// The amounts, by year.
    pub by_year: Vec<YearAmount>,
}

/// A fund as a place file has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fund {
    /// One fund for the whole place.
    pub pooled: bool,
    /// Balances at the beginning of the first year.
    pub opening: Vec<Owned>,
    /// Payments of earlier years.
    pub outstanding: Vec<Owned>,
    /// Revenue, by owner and source.
    pub revenue: Vec<Revenue>,
    /// Budgets, by owner and payer.
    pub budgets: Vec<Budget>,
}

impl Fund {
    /// The years of an owner with revenue.
    fn years_of(&self, whose: Whose) -> impl Iterator<Item = u16> {
        let own = self.revenue.iter().filter(move |one| one.whose == whose);
        own.flat_map(|one| one.by_year.iter().map(|one| one.year))
    }

    /// Sources that have nothing in a year in which their owner has other revenue: perhaps forgotten, perhaps over.
    fn sources_that_end(&self, owners: &[(Whose, String)]) -> Option<Words> {
        let mut lists: Vec<String> = Vec::new();
        for (whose, name) in owners {
            let years: BTreeSet<u16> = self.years_of(*whose).collect();
            for source in SOURCES {
                let own = self.revenue.iter().filter(|one| (one.whose, one.source) == (*whose, source));
                let given: BTreeSet<u16> =
                    own.flat_map(|one| one.by_year.iter().map(|one| one.year)).collect();
                let lacks: Vec<String> = years.difference(&given).map(ToString::to_string).collect();
                if !given.is_empty() && !lacks.is_empty() {
                    lists.push(format!("{name} {} {}", source.name(), lacks.join(" ")));
                }
            }
        }
        (!lists.is_empty()).then(|| {
            Words::new(
                format!("以下来源在有其他收入的年度没有金额，按没有计：{}", lists.join("、")),
                format!(
                    "sources without an amount in years with other revenue, taken as nothing: {}",
                    lists.join(", ")
                ),
            )
        })
    }

    /// What a table leaves open for these counties and years; nothing is put in its place.
    #[must_use]
    pub fn missing(&self, counties: &[(u32, String)], years: (u16, u16)) -> Vec<Words> {
        let mut said = Vec::new();
        let all = [(Whose::All, "全部县区".to_owned())];
        let owners: Vec<(Whose, String)> = if self.pooled {
            all.to_vec()
        } else {
            counties.iter().map(|(code, name)| (Whose::County(*code), name.clone())).collect()
        };
        let has = |whose: Whose| self.years_of(whose).next().is_some();
        let none: Vec<&str> =
            owners.iter().filter(|(whose, _)| !has(*whose)).map(|(_, name)| name.as_str()).collect();
        if !none.is_empty() {
            said.push(Words::new(
                format!("没有收入，因此没有收支账：{}", none.join("、")),
                format!("no revenue, and so no account: {}", none.join(", ")),
            ));
        }
        for year in years.0..=years.1 {
            let lacks = |whose: Whose| has(whose) && !self.years_of(whose).any(|known| known == year);
            let lack: Vec<&str> =
                owners.iter().filter(|(whose, _)| lacks(*whose)).map(|(_, name)| name.as_str()).collect();
            if !lack.is_empty() {
                said.push(Words::new(
                    format!("测算年度{year}年没有收入，收支账到此为止：{}", lack.join("、")),
                    format!("no revenue of {year}, where the account ends: {}", lack.join(", ")),
                ));
            }
        }
        said.extend(self.sources_that_end(&owners));
        let has_opening = |whose: Whose| self.opening.iter().any(|one| one.whose == whose);
        let without: Vec<&str> = owners
            .iter()
            .filter(|(whose, _)| has(*whose) && !has_opening(*whose))
            .map(|(_, name)| name.as_str())
            .collect();
        if !without.is_empty() {
            said.push(Words::new(
                format!("没有期初余额，按0计：{}", without.join("、")),
                format!("no opening balance, which counts as 0: {}", without.join(", ")),
            ));
        }
        if self.revenue.iter().any(|one| !one.is_month_given) {
            said.push(Words::new(
                "没有到账月份的收入按1月到账（推算）：只能看全年够不够，不能看哪个月不够",
                "revenue without months is taken to be there in January (assumed): the account says whether a year's money is enough, not whether it comes in time",
            ));
        }
        said
    }
}

/// Where the years of the projection are said, for whoever has to change them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YearsIn {
    /// With `--years`.
    Option,
    /// In the scenario file.
    ScenarioFile,
}

/// What a place takes of a table, and the table with what became of each of its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The table; balances of other years are marked.
    pub table: FundTable,
    /// What the place file says.
    pub fund: Fund,
}

impl FundTable {
    /// What a place file takes for a scenario that begins in a year.
    ///
    /// # Errors
    /// Balances that are of other years alone.
    pub fn select(&self, first_year: u16, years_in: YearsIn) -> Result<Taken, Vec<TableFault>> {
        let mut table = self.clone();
        table.leave_out_later(first_year);
        table.fund(first_year, years_in).map(|fund| Taken { table, fund })
    }

    /// Marks balances of other years of whoever has one of the first, and says which they are.
    fn leave_out_later(&mut self, first_year: u16) {
        let of_first = |cell: &Cell| cell.year == On::Point(Some(first_year));
        let balances: Vec<Cell> = self
            .counted(|item| matches!(item, Item::Opening | Item::Outstanding))
            .map(|(_, cell)| cell.clone())
            .collect();
        let is_other = |cell: &Cell| {
            let same = |one: &&Cell| (&one.whose, &one.item) == (&cell.whose, &cell.item);
            let mut own = balances.iter().filter(same);
            match own.clone().any(of_first) {
                true => !of_first(cell),
                false => own.any(|one| one.year == On::Point(None)) && cell.year != On::Point(None),
            }
        };
        let places: Vec<&str> =
            balances.iter().filter(|cell| is_other(cell)).map(|cell| cell.place.as_str()).collect();
        let mut lists = (Vec::new(), Vec::new());
        for cell in self.cells.iter_mut().filter(|cell| places.contains(&cell.place.as_str())) {
            cell.becomes = Use::OtherYear;
            let year = if let On::Point(Some(year)) = cell.year { year.to_string() } else { "-".to_owned() };
            let (place, label, yuan) = (&cell.place, &cell.label, amount_in_yuan(cell.amount.0.into()));
            lists.0.push(format!("{place} {label} {year} {yuan}元"));
            lists.1.push(format!("{place} {label} {year} {yuan} yuan"));
        }
        if !lists.0.is_empty() {
            self.notes.push(Words::new(
                format!("余额只取测算首年{first_year}年初的，其余未计入：{}", lists.0.join("、")),
                format!(
                    "balances are those at the beginning of {first_year}, the first year; left out: {}",
                    lists.1.join(", ")
                ),
            ));
        }
    }

    fn fund(&self, first_year: u16, years_in: YearsIn) -> Result<Fund, Vec<TableFault>> {
        let mut faults = Vec::new();
        let begins = Begins { first_year, years_in };
        let fund = Fund {
            pooled: self.pooled,
            opening: self.at_beginning(&Item::Opening, begins, &mut faults),
            outstanding: self.at_beginning(&Item::Outstanding, begins, &mut faults),
            revenue: self.revenue(),
            budgets: self.budgets(),
        };
        if faults.is_empty() { Ok(fund) } else { Err(faults) }
    }

    /// The cells of items that count, with their owner.
    fn counted<'t>(&'t self, fits: impl Fn(&Item) -> bool + 't) -> impl Iterator<Item = (Whose, &'t Cell)> {
        self.cells.iter().filter(|cell| cell.becomes == Use::Counted).filter_map(move |cell| {
            match (&cell.whose, &cell.item) {
                (On::Point(whose), Some(On::Point(item))) if fits(item) => Some((*whose, cell)),
                _ => None,
            }
        })
    }

    fn at_beginning(&self, item: &Item, begins: Begins, faults: &mut Vec<TableFault>) -> Vec<Owned> {
        let mut by_owner: BTreeMap<Whose, Vec<&Cell>> = BTreeMap::new();
        for (whose, cell) in self.counted(|own| own == item) {
            by_owner.entry(whose).or_default().push(cell);
        }
        let mut all = Vec::new();
        for (whose, cells) in by_owner {
            let own = cells.iter().find(|cell| cell.year == On::Point(Some(begins.first_year)));
            match own.or_else(|| cells.iter().find(|cell| cell.year == On::Point(None))) {
                Some(cell) => all.push(Owned { whose, amount: cell.amount }),
                None => faults.push(other_year(cells[0], begins)),
            }
        }
        all
    }

    fn revenue(&self) -> Vec<Revenue> {
        let mut all: Vec<Revenue> = Vec::new();
        for (whose, cell) in self.counted(|item| matches!(item, Item::Revenue(_))) {
            let (Some(On::Point(Item::Revenue(source))), On::Point(Some(year))) = (&cell.item, &cell.year)
            else {
                continue;
            };
            let amount = YearAmount { year: *year, amount: cell.amount };
            let months = cell.months.clone().unwrap_or_else(|| JANUARY.to_vec());
            let is_like = |one: &&mut Revenue| {
                (one.whose, one.source, one.log_sd) == (whose, *source, cell.log_sd)
                    && one.months == months
                    && one.is_month_given == cell.months.is_some()
            };
            match all.iter_mut().find(is_like) {
                Some(one) => one.by_year.push(amount),
                None => all.push(Revenue {
                    whose,
                    source: *source,
                    is_month_given: cell.months.is_some(),
                    months,
                    log_sd: cell.log_sd,
                    by_year: vec![amount],
                }),
            }
        }
        all.iter_mut().for_each(|one| one.by_year.sort_by_key(|one| one.year));
        let rank = |source: Source| SOURCES.iter().position(|one| *one == source);
        all.sort_by_key(|one| (one.whose, rank(one.source), one.by_year[0].year));
        all
    }

    fn budgets(&self) -> Vec<Budget> {
        let mut all: BTreeMap<(Whose, String), Vec<YearAmount>> = BTreeMap::new();
        for (whose, cell) in self.counted(|item| matches!(item, Item::Budget(_))) {
            if let (Some(On::Point(Item::Budget(funder))), On::Point(Some(year))) = (&cell.item, &cell.year) {
                let amount = YearAmount { year: *year, amount: cell.amount };
                all.entry((whose, funder.clone())).or_default().push(amount);
            }
        }
        let budget = |((whose, funder), mut by_year): ((Whose, String), Vec<YearAmount>)| {
            by_year.sort_by_key(|one| one.year);
            Budget { whose, funder, by_year }
        };
        all.into_iter().map(budget).collect()
    }
}

/// The first year of the projection, and where it is said.
#[derive(Debug, Clone, Copy)]
struct Begins {
    first_year: u16,
    years_in: YearsIn,
}

fn other_year(cell: &Cell, Begins { first_year, years_in }: Begins) -> TableFault {
    let year = if let On::Point(Some(year)) = cell.year { year } else { first_year };
    let (zh, en) = match years_in {
        YearsIn::Option => {
            (format!("用 --years 从{year}年测算"), format!("project from {year} on with --years"))
        }
        YearsIn::ScenarioFile => (
            format!("先把方案文件 [run] 的 years 改为从{year}年起"),
            format!("let `years` under [run] of the scenario begin with {year} first"),
        ),
    };
    TableFault {
        place: cell.place.clone(),
        value: cell.label.clone(),
        problem: Words::new(
            format!("是{year}年的，而测算首年是{first_year}年；改为{first_year}年初的数，或{zh}"),
            format!(
                "is of {year}, while the first year of the projection is {first_year}; give that of the beginning of {first_year}, or {en}"
            ),
        ),
    }
}
