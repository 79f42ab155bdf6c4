//! The funds of a place: whose money, what comes in when, which budgets are in force.

use std::collections::BTreeMap;

use super::Files;
use super::document::Document;
use super::fault::{Faults, nearest};
use super::place::{Place, lookup};
use crate::lang::{Words, words};
use crate::policy::names::{Name, position};
use crate::raw::fund as raw;
use crate::units::Fen;

/// One fund: that of a county, or the pooled one.
pub type Owner = Option<usize>;

/// Revenue of one source in one year.
#[derive(Debug, Clone, PartialEq)]
pub struct Revenue {
    /// Whose.
    pub owner: Owner,
    /// Where it comes from; `None` for the short form, which does not say.
    pub source: Option<raw::Source>,
    /// Calendar year.
    pub year: u16,
    /// Amount.
    pub amount: Fen,
    /// The months in which it arrives, in equal parts: January 0.
    pub months: Vec<usize>,
    /// Standard deviation of the logarithm.
    pub log_sd: f64,
    /// The number of the source among those of the file: parts of one year's money share it, and so their error.
    pub number: u32,
}

/// A budget in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// The county; `None` for all together.
    pub county: Option<usize>,
    /// Calendar year.
    pub year: u16,
    /// Position among the funders.
    pub funder: usize,
    /// Amount.
    pub amount: Fen,
    /// Its number in the file.
    pub number: usize,
}

/// The funds of a place, resolved.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Funds {
    /// The payer whose money it is: position among the funders.
    pub funder: usize,
    /// One fund for all counties.
    pub pooled: bool,
    /// What happens when it is empty.
    pub at_exhaustion: raw::AtExhaustion,
    /// Months from the discharge to the payment.
    pub payment_lag_months: usize,
    /// The month of the next year (January 0) in which is paid what is worked out when the year is over.
    pub after_year_month: usize,
    /// Balances at the beginning of the first year.
    pub opening: BTreeMap<Owner, Fen>,
    /// Payments of earlier years that are still to be made.
    pub outstanding: BTreeMap<Owner, Fen>,
    /// Revenue.
    pub revenue: Vec<Revenue>,
    /// Budgets.
    pub budgets: Vec<Budget>,
}

impl Funds {
    /// The revenue of a year; `None` where none is given.
    #[must_use]
    pub fn revenue_of(&self, owner: Owner, year: u16) -> Option<Fen> {
        let own = self.revenue.iter().filter(|one| one.owner == owner && one.year == year);
        let mut own = own.map(|one| one.amount).peekable();
        own.peek().is_some().then(|| own.sum())
    }

    /// The years from the first of these on, one after the other, for which a fund has revenue.
    #[must_use]
    pub fn years_known(&self, owner: Owner, years: &[u16]) -> usize {
        years.iter().take_while(|&&year| self.revenue_of(owner, year).is_some()).count()
    }
}

/// Yuan a resident below or above which an amount is odd: 万元 taken for yuan, or the other way round.
const USUAL_YUAN_PER_RESIDENT: std::ops::RangeInclusive<f64> = 0.02..=1_000.0;

/// Warns of amounts that are far from what any county has for a resident.
pub(super) fn odd_amounts(files: &Files, place: &Place, funds: &Funds, faults: &mut Faults) {
    let revenue = funds
        .revenue
        .iter()
        .filter(|one| one.number > 0)
        .map(|one| (format!("fund.revenue.{}", one.number - 1), (one.owner, one.year, one.amount)));
    let budgets = funds.budgets.iter();
    let budgets =
        budgets.map(|one| (format!("fund.budget.{}", one.number), (one.county, one.year, one.amount)));
    let mut told = String::new();
    for (key, (owner, year, amount)) in revenue.chain(budgets) {
        let per_resident = amount.yuan() / residents(place, owner).max(1.0);
        if amount == Fen::ZERO || USUAL_YUAN_PER_RESIDENT.contains(&per_resident) || told == key {
            continue;
        }
        let words = Words::new(
            format!("{year}年合每位居民{per_resident:.4}元，明显异常；单位应为元，不是万元"),
            format!(
                "comes to {per_resident:.4} yuan a resident in {year}, which is unusual; the unit is yuan, not 10,000 yuan"
            ),
        );
        faults.warn(files.place.document.notice(&key, words));
        told = key;
    }
}

fn residents(place: &Place, owner: Owner) -> f64 {
    let counties = &place.counties;
    match owner {
        Some(county) => f64::from(counties[county].all),
        None => counties.iter().map(|county| f64::from(county.all)).sum(),
    }
}

/// Resolves the funds of a place; whatever names what is not there, or is given twice, is a fault.
pub(super) fn resolve(files: &Files, place: &Place, funders: &[Name], faults: &mut Faults) -> Funds {
    let raw = &files.place.raw.fund;
    let mut reader = Reader { document: &files.place.document, place, funders, pooled: raw.pooled, faults };
    let funder = raw.funder.as_ref().and_then(|id| reader.funder("fund.funder", id));
    let mut funds = Funds {
        funder: funder.unwrap_or(0),
        pooled: raw.pooled,
        at_exhaustion: raw.at_exhaustion,
        payment_lag_months: usize::from(raw.payment_lag_months),
        after_year_month: usize::from(raw.after_year_month.max(1)) - 1,
        opening: reader.amounts("opening", &raw.opening),
        outstanding: reader.amounts("outstanding", &raw.outstanding),
        revenue: Vec::new(),
        budgets: reader.budgets(&raw.budget),
    };
    reader.per_resident(raw, &mut funds);
    for (number, source) in raw.revenue.iter().enumerate() {
        let drawn_with = first_part(&raw.revenue, number);
        reader.revenue((number, source), drawn_with, &mut funds.revenue);
    }
    reader.sources_given_twice(&raw.revenue);
    funds
}

struct Reader<'a, 'f> {
    document: &'a Document,
    place: &'a Place,
    funders: &'a [Name],
    pooled: bool,
    faults: &'f mut Faults,
}

impl Reader<'_, '_> {
    fn fault(&mut self, key: &str, problem: Words, hint: Option<Words>) {
        self.faults.push(self.document.fault(key, problem, hint));
    }

    fn funder(&mut self, key: &str, id: &str) -> Option<usize> {
        let found = position(self.funders, id);
        if found.is_none() {
            let hint = nearest(id, self.funders.iter().map(|name| name.id.as_str()));
            let known: Vec<&str> = self.funders.iter().map(|name| name.id.as_str()).collect();
            let known = Words::list(&known);
            let problem = Words::new(
                format!("政策中没有这个出资方；政策中有{}", known.zh),
                format!("no policy has this payer; they have {}", known.en),
            );
            self.fault(key, problem, hint);
        }
        found
    }

    fn county(&mut self, key: &str, typed: &str) -> Option<usize> {
        match lookup::find(&self.place.counties, typed) {
            Ok(county) => Some(county),
            Err(unknown) => {
                self.fault(key, unknown.problem, unknown.hint);
                None
            }
        }
    }

    /// Whose an amount in yuan is.
    fn owner(&mut self, key: &str, county: Option<&String>) -> Option<Owner> {
        match county {
            Some(typed) if self.pooled => {
                let problem = Words::new(
                    "基金实行统筹（fund.pooled = true），不分县区",
                    "the fund is pooled (fund.pooled = true): it has no part of a county",
                );
                self.fault(
                    &format!("{key}.county"),
                    problem,
                    Some(words!("请删去{typed}", "leave {typed} out")),
                );
                None
            }
            Some(typed) => self.county(&format!("{key}.county"), typed).map(Some),
            None if self.pooled => Some(None),
            None if self.place.counties.len() == 1 => Some(Some(0)),
            None => {
                let problem =
                    Words::new("没有写县区，而各县区分别设基金", "says no county, and each has its own fund");
                let hint = Words::new(
                    "请写county、yuan_per_resident，或fund.pooled = true",
                    "give county, or yuan_per_resident, or fund.pooled = true",
                );
                self.fault(key, problem, Some(hint));
                None
            }
        }
    }

    /// All funds that there are.
    fn owners(&self) -> Vec<Owner> {
        if self.pooled { vec![None] } else { (0..self.place.counties.len()).map(Some).collect() }
    }

    fn year(&mut self, key: &str, typed: &str) -> Option<u16> {
        let year = typed.parse::<u16>().ok().filter(|year| (1990..=2100).contains(year));
        if year.is_none() {
            self.fault(key, Words::new("不是年度，应如\"2026\"", "is not a year such as \"2026\""), None);
        }
        year
    }

    fn amounts(&mut self, list: &str, all: &[raw::Amount]) -> BTreeMap<Owner, Fen> {
        let mut amounts = BTreeMap::new();
        for (number, one) in all.iter().enumerate() {
            let key = format!("fund.{list}.{number}");
            let (Some(owner), Some(amount)) =
                (self.owner(&key, one.county.as_ref()), Fen::from_yuan_f64(one.yuan.0))
            else {
                continue;
            };
            if amounts.insert(owner, amount).is_some() {
                self.fault(
                    &key,
                    Words::new("同一基金前面已经写过", "is given for the same fund before"),
                    None,
                );
            }
        }
        amounts
    }

    fn budgets(&mut self, all: &[raw::Budget]) -> Vec<Budget> {
        let mut budgets: Vec<Budget> = Vec::new();
        for (number, one) in all.iter().enumerate() {
            let key = format!("fund.budget.{number}");
            let funder = self.funder(&format!("{key}.funder"), &one.funder);
            let county = match &one.county {
                Some(typed) => self.county(&format!("{key}.county"), typed).map(Some),
                None => Some(None),
            };
            for (year, yuan) in &one.yuan {
                let at = format!("{key}.yuan.{year}");
                let (Some(year), Some(amount)) = (self.year(&at, year), Fen::from_yuan_f64(yuan.0)) else {
                    continue;
                };
                let (Some(funder), Some(county)) = (funder, county) else { continue };
                let same =
                    |other: &Budget| (other.county, other.year, other.funder) == (county, year, funder);
                if budgets.iter().any(same) {
                    self.fault(
                        &at,
                        Words::new(
                            "同一出资方、县区和年度前面已经写过",
                            "is given for the same payer, county and year before",
                        ),
                        None,
                    );
                }
                budgets.push(Budget { county, year, funder, amount, number });
            }
        }
        budgets
    }

    /// What is given per resident in one number for all counties.
    fn per_resident(&mut self, raw: &raw::Fund, funds: &mut Funds) {
        let of = |yuan: f64, residents: f64| Fen::from_yuan_f64(yuan * residents);
        for owner in self.owners() {
            let residents = residents(self.place, owner);
            if let Some(opening) = raw.opening_yuan_per_resident.and_then(|yuan| of(yuan.0, residents)) {
                if funds.opening.contains_key(&owner) {
                    let problem = Words::new(
                        "另有按元写的期初结余（fund.opening）；二者请删去一个",
                        "is given in yuan too (fund.opening); leave one of the two out",
                    );
                    self.fault("fund.opening_yuan_per_resident", problem, None);
                }
                funds.opening.insert(owner, opening);
            }
            for (year, yuan) in &raw.revenue_yuan_per_resident {
                // What is no year is told of where the place is read.
                let (Ok(year), Some(amount)) = (year.parse(), of(yuan.0, residents)) else { continue };
                // Nothing is said of when it comes: the account is then one of the year.
                let months = vec![0];
                funds.revenue.push(Revenue {
                    owner,
                    source: None,
                    year,
                    amount,
                    months,
                    log_sd: 0.0,
                    number: 0,
                });
            }
        }
    }

    fn revenue(
        &mut self,
        (number, source): (usize, &raw::Revenue),
        drawn_with: usize,
        all: &mut Vec<Revenue>,
    ) {
        let key = format!("fund.revenue.{number}");
        let Some(months) = self.months(&key, &source.months) else { return };
        let (by_amount, by_resident) = (!source.yuan.is_empty(), !source.yuan_per_resident.is_empty());
        if by_amount == by_resident {
            self.fault(
                &key,
                Words::new(
                    "按年度写yuan或yuan_per_resident之一",
                    "gives either yuan or yuan_per_resident, by year",
                ),
                None,
            );
            return;
        }
        let owners = match &source.county {
            None if by_resident => self.owners(),
            county => match self.owner(&key, county.as_ref()) {
                Some(owner) => vec![owner],
                None => return,
            },
        };
        let (list, name) = match by_amount {
            true => (&source.yuan, "yuan"),
            false => (&source.yuan_per_resident, "yuan_per_resident"),
        };
        for (year, yuan) in list {
            let Some(year) = self.year(&format!("{key}.{name}.{year}"), year) else { continue };
            for &owner in &owners {
                let times = if by_amount { 1.0 } else { residents(self.place, owner) };
                let Some(amount) = Fen::from_yuan_f64(yuan.0 * times) else { continue };
                let number = drawn_with as u32 + 1;
                all.push(Revenue {
                    owner,
                    source: Some(source.source),
                    year,
                    amount,
                    months: months.clone(),
                    log_sd: source.log_sd,
                    number,
                });
            }
        }
    }

    fn months(&mut self, key: &str, typed: &[u8]) -> Option<Vec<usize>> {
        let mut months: Vec<u8> = typed.to_vec();
        months.sort_unstable();
        let all = months.len();
        months.dedup();
        if months.is_empty() || months.len() < all || months.iter().any(|month| !(1..=12).contains(month)) {
            self.fault(
                &format!("{key}.months"),
                Words::new(
                    "列出1至12之间的月份，每个一次，如[1, 7]",
                    "lists months from 1 to 12, each once, such as [1, 7]",
                ),
                None,
            );
            return None;
        }
        Some(months.into_iter().map(|month| usize::from(month) - 1).collect())
    }

    /// The money of a source that comes in unequal parts has an entry for each part, in months of its own: a second one
    /// with a month of the first is more likely a slip than more money.
    fn sources_given_twice(&mut self, all: &[raw::Revenue]) {
        for (number, one) in all.iter().enumerate() {
            let own = years_of(one);
            let shares_a_month =
                |other: &&raw::Revenue| other.months.iter().any(|month| one.months.contains(month));
            let earlier =
                all[..number].iter().filter(|other| is_of_one_source(other, one)).filter(shares_a_month);
            let again = earlier.flat_map(years_of).find(|year| own.contains(year));
            if let Some(year) = again {
                let key = format!("fund.revenue.{number}");
                let problem = words!(
                    "同一来源、同一县区的{year}年前面已经写过，且月份相同；分次到账、金额不等的，各次写不同的月份",
                    "gives {year} of a source and county that is given before, in the same month: unequal parts of a year come in months of their own"
                );
                self.fault(&key, problem, None);
            }
        }
    }
}

fn is_of_one_source(one: &raw::Revenue, other: &raw::Revenue) -> bool {
    (one.source, &one.county) == (other.source, &other.county)
}

fn years_of(one: &raw::Revenue) -> Vec<&String> {
    one.yuan.keys().chain(one.yuan_per_resident.keys()).collect()
}

/// The first entry that gives money of the same source, county and year: the parts of a year's money are as uncertain
/// together.
fn first_part(all: &[raw::Revenue], number: usize) -> usize {
    let one = &all[number];
    let is_part = |other: &raw::Revenue| {
        is_of_one_source(other, one) && years_of(other).iter().any(|year| years_of(one).contains(year))
    };
    all[..number].iter().position(is_part).unwrap_or(number)
}
