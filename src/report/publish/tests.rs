//! No count of fewer than ten persons stands in what is published, and none can be had by subtraction.

use std::collections::BTreeMap;

use super::groups::SmallGroups;
use super::{FEW, WITHHELD, mask, round};
use crate::report::csv_files::ALL;
use crate::report::finished::{ReadColumn, ReadTable};
use crate::report::names::Label;
use crate::report::table::{Kind, Table};
use crate::report::tables;

/// An empty table of the catalogue.
fn table(of: &Table) -> ReadTable {
    let columns = of.columns.iter().map(|column| ReadColumn {
        name: column.name.to_owned(),
        is_number: column.kind == Kind::Number,
        unit: column.unit.to_owned(),
        meaning: Label::default(),
    });
    ReadTable { file: of.file.to_owned(), columns: columns.collect(), rows: Vec::new() }
}

/// A row in which every number is the same but for some.
fn row(of: &ReadTable, every: &str, given: &[(&str, String)]) -> Vec<String> {
    let field = |column: &ReadColumn| match given.iter().find(|(name, _)| *name == column.name) {
        Some((_, value)) => value.clone(),
        None if column.is_number => every.to_owned(),
        None => "x".to_owned(),
    };
    of.columns.iter().map(field).collect()
}

fn published(mut table: ReadTable, small: SmallGroups) -> ReadTable {
    let small = small.with_register(&table);
    if mask::mask(&mut table, &small) > 0 {
        round::round(&mut table);
    }
    table
}

/// A table of people of two years: counts of persons by county and category, the rest of the residents ordinary.
fn people(counts: &BTreeMap<[&str; 2], u32>) -> ReadTable {
    let mut table = table(&tables::PEOPLE);
    let counties: Vec<&str> = ["450602", "450603", "450621"].to_vec();
    let sum = |county: &str, category: &str| -> u32 {
        let own = counts.iter().filter(|([at, of], _)| {
            (county == ALL || *at == county) && (category.is_empty() || *of == category)
        });
        own.map(|(_, persons)| persons).sum()
    };
    for county in counties.iter().copied().chain([ALL]) {
        let residents = if county == ALL { 150_000 } else { 50_000 };
        for category in ["tekun", "dibao", "returned_poor", "ordinary"] {
            let persons = match category {
                "ordinary" => residents - sum(county, ""),
                _ => sum(county, category),
            };
            let given = [
                ("county_code", county.to_owned()),
                ("category", category.to_owned()),
                ("year", "2025".to_owned()),
                ("residents", residents.to_string()),
            ];
            table.rows.push(row(&table, &persons.to_string(), &given));
        }
    }
    table
}

/// What a reader knows of a field: between which numbers it lies.
fn known(field: &str) -> [f64; 2] {
    match field {
        FEW => [0.0, 10.0],
        WITHHELD => [0.0, 1e9],
        shown => {
            let number: f64 = shown.parse().expect("a number");
            if number == 0.0 { [0.0, 0.0] } else { [number - 5.0, number + 5.0] }
        }
    }
}

/// What is left open of a part when all other parts are taken from the total.
fn left_open(total: [f64; 2], parts: &[[f64; 2]], part: usize) -> f64 {
    let others = |end: usize| -> f64 {
        parts.iter().enumerate().filter(|(at, _)| *at != part).map(|(_, known)| known[end]).sum()
    };
    let low = (total[0] - others(1)).max(parts[part][0]);
    let high = (total[1] - others(0)).min(parts[part][1]);
    high - low
}

/// Tries every subtraction: counties from all of them, categories from the public number of residents.
fn attack(table: &ReadTable, column: &str) {
    let at = table.column(column).expect("a column");
    let field = |row: &&Vec<String>, name: &str| table.field(row, name).to_owned();
    let mut tried = 0;
    let mut equation = |total: [f64; 2], rows: Vec<&Vec<String>>| {
        let parts: Vec<[f64; 2]> = rows.iter().map(|row| known(&row[at])).collect();
        for (part, row) in rows.iter().enumerate().filter(|(_, row)| row[at] == FEW) {
            let open = left_open(total, &parts, part);
            assert!(open >= 4.0, "{column} {row:?}: {open}");
            tried += 1;
        }
    };
    for category in ["tekun", "dibao", "returned_poor", "ordinary"] {
        let own: Vec<&Vec<String>> =
            table.rows.iter().filter(|row| field(row, "category") == category).collect();
        let (all, counties): (Vec<_>, Vec<_>) =
            own.into_iter().partition(|row| field(row, "county_code") == ALL);
        equation(known(&all[0][at]), counties);
    }
    for county in ["450602", "450603", "450621", ALL] {
        let own: Vec<&Vec<String>> =
            table.rows.iter().filter(|row| field(row, "county_code") == county).collect();
        let residents: f64 = field(&own[0], "residents").parse().expect("a number");
        equation([residents; 2], own);
    }
    assert!(tried > 0);
}

#[test]
fn exact_no_small_count_is_shown_or_had_by_subtraction() {
    let mut state = 7_u32;
    let mut draw = |most: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % most
    };
    for round in 0..300 {
        let mut counts = BTreeMap::new();
        for county in ["450602", "450603", "450621"] {
            counts.insert([county, "tekun"], 300 + draw(200));
            counts.insert([county, "dibao"], 10 + draw(60));
            counts.insert([county, "returned_poor"], draw(24));
        }
        counts.insert(["450603", "returned_poor"], 1 + round % 9);
        let table = published(people(&counts), SmallGroups::default());
        for column in ["register", "holders", "persons"] {
            attack(&table, column);
        }
        for row in &table.rows {
            for (column, field) in
                table.columns.iter().zip(row).filter(|(column, _)| column.unit == "persons")
            {
                let few = field.parse().is_ok_and(|number: f64| number > 0.0 && number < 10.0);
                assert!(!few || column.name.ends_with("_se"), "{} {field}", column.name);
            }
        }
    }
}

#[test]
fn exact_large_counts_stay_as_they_are() {
    let counts = [(["450602", "tekun"], 531), (["450603", "dibao"], 12), (["450621", "returned_poor"], 10)];
    let before = people(&counts.into_iter().collect());
    assert_eq!(published(before.clone(), SmallGroups::default()), before);
}

#[test]
fn exact_money_of_a_small_group_goes_with_it() {
    let small =
        SmallGroups::of([(["450602", "tekun"], vec![12.0, 9.0]), (["450603", "tekun"], vec![500.0, 500.0])]);
    let mut table = table(&tables::BY_CATEGORY);
    for (county, category) in [("450602", "tekun"), ("450602", "total"), (ALL, "tekun")] {
        let given = [
            ("county_code", county.to_owned()),
            ("category", category.to_owned()),
            ("year", "2025".to_owned()),
            ("residents", "50000".to_owned()),
        ];
        table.rows.push(row(&table, "123456.7890", &given));
    }
    let table = published(table, small);
    let shown = |row: usize, name: &str| table.field(&table.rows[row], name).to_owned();
    assert_eq!([shown(0, "mean_yuan"), shown(0, "p95_yuan"), shown(0, "se_yuan")], [WITHHELD; 3]);
    assert_eq!([shown(1, "mean_yuan"), shown(1, "se_yuan")], ["120000", "120000"]);
    assert_eq!([shown(2, "mean_yuan"), shown(0, "residents")], ["120000", "50000"]);
}

#[test]
fn exact_a_rule_that_touches_few_says_nothing_of_them() {
    let mut table = table(&tables::RULES);
    let residents = ("residents", "50000".to_owned());
    table.rows.push(row(&table, "2520.0000", &[residents.clone(), ("persons", "9.0000".to_owned())]));
    table.rows.push(row(&table, "-4000.0000", &[residents, ("persons", "0.0000".to_owned())]));
    let table = published(table, SmallGroups::default());
    let shown = |row: usize, name: &str| table.field(&table.rows[row], name).to_owned();
    assert_eq!([shown(0, "persons"), shown(0, "cases"), shown(0, "mean_yuan")], [FEW, WITHHELD, WITHHELD]);
    assert_eq!([shown(1, "persons"), shown(1, "mean_yuan")], ["0", "0"]);
}
