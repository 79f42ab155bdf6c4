//! Tables by colour, at many sizes and scales.

use super::sample::{caption, county};
use crate::*;
use fundcast_engine::lang::Lang;

/// Counties of very unequal size by year, one of them with nothing.
pub(super) fn heat(n: usize, years: i32, scale: f64) -> Heat {
    let amount = |i: usize, year: i32| {
        let own = scale.abs() * (1.0 + 0.05 * f64::from(year)) / (1 + i * i) as f64;
        (i != 2).then_some(if i == 3 { 0.0 } else { own })
    };
    let block = |kind, each: f64| HeatBlock {
        kind,
        values: (0..n)
            .map(|i| (0..years).map(|year| amount(i, year).map(|yuan| yuan / each)).collect())
            .collect(),
    };
    Heat {
        title: "2025年人均医疗救助支出：积石山保安族东乡族撒拉族自治县最高（98元），右江区最低（12元）"
            .into(),
        rows: (0..n).map(county).collect(),
        columns: (0..years).map(|year| (2025 + year).to_string()).collect(),
        blocks: vec![block(HeatKind::Amount, 1.0), block(HeatKind::PerResident, 1e5)],
        page: 0,
    }
}

/// The same by category, under long names.
pub(super) fn categories(n: usize, categories: usize, scale: f64) -> Heat {
    let columns = (0..categories).map(|at| match at % 3 {
        0 => "因病致贫重病患者".to_owned(),
        1 => "Unattended children and orphans".to_owned(),
        _ => format!("第{at}类对象"),
    });
    let mut heat = heat(n, categories as i32, scale);
    heat.blocks.truncate(1);
    Heat { columns: columns.collect(), ..heat }
}

pub(super) fn all() -> Vec<(String, Box<dyn Chart>)> {
    let mut all: Vec<(String, Box<dyn Chart>)> = Vec::new();
    for scale in [0.0, 1e-3, 4e2, 5e6, 1e12] {
        for n in [1, 4, 12, 111] {
            for columns in [1, 3, 5, 10, 14] {
                for page in [0, 2] {
                    let name = |what: &str| format!("{what} {n} {columns} page {page} scale {scale}");
                    let years = Heat { page, ..heat(n, columns, scale) };
                    all.push((name("heat"), Box::new(years)));
                    let people = Heat { page, ..categories(n, columns as usize, scale) };
                    all.push((name("categories"), Box::new(people)));
                }
            }
        }
    }
    all
}

#[test]
fn exact_every_county_stands_in_the_table_with_its_figures() {
    let whole = heat(111, 4, 5e8);
    let pages: Vec<String> = (0..whole.n_pages())
        .map(|page| Heat { page, ..whole.clone() }.draw(&caption(Lang::Zh)).unwrap())
        .collect();
    assert_eq!(pages.len(), 3);
    for i in 12..111 {
        let name = format!(">{}<", county(i));
        assert_eq!(pages.iter().filter(|svg| svg.contains(&name)).count(), 1, "{name}");
    }
    // 5e8 yuan, and half of it: 50,000 and 25,000 万元; 5,000 and 2,500 yuan for each resident.
    for figure in [">50,000<", ">25,000<", ">5,000<", ">2,500<"] {
        assert!(pages[0].contains(figure), "{figure}");
    }
    // Nothing known is a dash, not zero; the largest of each block is darkest.
    assert_eq!(pages[0].matches(">–<").count(), 8);
    assert!(pages[0].matches("fill=\"#0B3C6F\"").count() >= 2);
    let svg = heat(2, 12, 5e6);
    assert_eq!(svg.n_pages(), 4, "two blocks of twelve years on pages of their own");
    assert!(matches!(Heat::default().draw(&caption(Lang::Zh)), Err(ChartError::NoData { .. })));
    let mut wrong = heat(1, 1, 5e6);
    wrong.blocks[0].values[0][0] = Some(-1.0);
    assert!(matches!(wrong.draw(&caption(Lang::Zh)), Err(ChartError::Negative { .. })));
}
