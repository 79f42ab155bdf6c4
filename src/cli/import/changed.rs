//! What an import changes: every number of persons and every amount of the fund that is another one, or found now.

use std::collections::BTreeMap;

use crate::draft::fund::Item;
use crate::raw::Status;
use crate::scenario::Scenario;
use crate::scenario::fund::Owner;
use crate::scenario::place::lookup;

/// Which number of a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// The persons of a category, by its place in the policy's order and its id.
    Persons {
        /// The county, in the order of the place.
        county: usize,
        /// Its rank; behind all that have one.
        rank: usize,
        /// The id.
        category: String,
    },
    /// An amount of the fund.
    Fund {
        /// Whose; none for the whole place.
        owner: Owner,
        /// What.
        item: String,
        /// The year; 0 for a balance.
        year: u16,
    },
}

/// A number with its status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// Persons, or fen.
    pub amount: i64,
    /// Where it is from; none where several entries make it up.
    pub status: Option<Status>,
}

/// A number that is another one than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Which.
    pub key: Key,
    /// As it was; none where there was none.
    pub before: Option<Number>,
    /// As it is; none where there is none any more.
    pub after: Option<Number>,
}

/// The numbers that differ between two states of a scenario.
pub fn rows(before: &Scenario, after: &Scenario) -> Vec<Row> {
    let (old, new) = (numbers(before), numbers(after));
    let mut keys: Vec<&Key> = old.keys().chain(new.keys()).collect();
    keys.sort();
    keys.dedup();
    let row =
        |key: &Key| Row { key: key.clone(), before: old.get(key).copied(), after: new.get(key).copied() };
    keys.into_iter().map(row).filter(|row| row.before != row.after).collect()
}

/// How many numbers of persons are as they were.
pub fn n_unchanged(before: &Scenario, rows: &[Row]) -> usize {
    let n = before.place.counties.iter().map(|county| county.categories.len()).sum::<usize>();
    n - rows.iter().filter(|row| matches!(row.key, Key::Persons { .. }) && row.before.is_some()).count()
}

fn numbers(scenario: &Scenario) -> BTreeMap<Key, Number> {
    let mut all = BTreeMap::new();
    let rank = |id: &str| scenario.policy.names.categories.iter().position(|name| name.id == id);
    for (county, of) in scenario.place.counties.iter().enumerate() {
        for count in &of.categories {
            let rank = rank(&count.id).unwrap_or(usize::MAX);
            let key = Key::Persons { county, rank, category: count.id.clone() };
            all.insert(key, Number { amount: count.persons.into(), status: Some(count.status) });
        }
    }
    balances(scenario, &mut all);
    let status = |path: String| scenario.provenance.status.get(&path).copied();
    let mut add = |key: Key, amount: i64, status: Option<Status>| {
        let known = all.entry(key).or_insert(Number { amount: 0, status });
        known.amount += amount;
        known.status = known.status.filter(|known| Some(*known) == status);
    };
    for one in &scenario.funds.revenue {
        let item = one.source.map_or("revenue", |source| source.name()).to_owned();
        let at = format!("place.fund.revenue.{}", one.number.saturating_sub(1));
        let own = status(format!("{at}.yuan.{}", one.year))
            .or_else(|| status(format!("{at}.yuan_per_resident.{}", one.year)));
        let short = || status(format!("place.fund.revenue_yuan_per_resident.{}", one.year));
        let status = if one.number == 0 { short() } else { own };
        add(Key::Fund { owner: one.owner, item, year: one.year }, one.amount.0, status);
    }
    for one in &scenario.funds.budgets {
        let funder = scenario.policy.names.funders.get(one.funder).map_or("", |name| name.id.as_str());
        let status = status(format!("place.fund.budget.{}.yuan.{}", one.number, one.year));
        let item = Item::Budget(funder.to_owned()).id();
        add(Key::Fund { owner: one.county, item, year: one.year }, one.amount.0, status);
    }
    all
}

/// Balances and what is outstanding.
fn balances(scenario: &Scenario, all: &mut BTreeMap<Key, Number>) {
    let (place, funds) = (&scenario.place, &scenario.funds);
    let lists = [
        (Item::Opening.id(), &funds.opening, &place.raw.fund.opening),
        (Item::Outstanding.id(), &funds.outstanding, &place.raw.fund.outstanding),
    ];
    for (item, amounts, typed) in lists {
        for (owner, amount) in amounts {
            let is_own = |county: &Option<String>| match (county, owner) {
                (None, _) => true,
                (Some(county), Some(owner)) => lookup::find(&place.counties, county) == Ok(*owner),
                (Some(_), None) => false,
            };
            let number = typed.iter().position(|one| is_own(&one.county));
            let path = number.map_or_else(
                || format!("place.fund.{item}_yuan_per_resident"),
                |number| format!("place.fund.{item}.{number}.yuan"),
            );
            let status = scenario.provenance.status.get(&path).copied();
            let key = Key::Fund { owner: *owner, item: item.clone(), year: 0 };
            all.insert(key, Number { amount: amount.0, status });
        }
    }
}
