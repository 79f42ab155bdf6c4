//! Where the spread of a run comes from, for the terminal and as JSON.

use serde_json::{Value, json};

use super::csv_files;
use super::number::{maybe, percent, ten_thousands};
use super::screen::grid;
use crate::lang::Lang;
use crate::projection::Projection;
use crate::projection::uncertainty::{Origin, UncertaintyRow, of_whole};
use crate::stats::margin_95;

/// Categories that the screen names: the ones with the largest shares.
const NAMED: usize = 3;

/// What the spread of the last year comes from, for all counties (or the only one) and all payers; nothing where it is not
/// known.
#[must_use]
pub fn text(projection: &Projection, lang: Lang) -> String {
    let year = projection.years().last().copied().unwrap_or_default();
    let rows: Vec<&UncertaintyRow> =
        of_whole(&projection.uncertainty, &projection.counties, Some(year)).collect();
    if rows.is_empty() {
        return String::new();
    }
    let title = match lang {
        Lang::Zh => {
            format!("{year}年支出的不确定性来自哪里（各出资方合计）；最后两列：该项不确定性减半后P95下降多少")
        }
        Lang::En => format!(
            "What the spread of {year} comes from (all funders); last columns: by how much P95 falls if it were half as uncertain"
        ),
    };
    let header = [
        lang.pick("来源", "Source"),
        lang.pick("占方差", "Of variance"),
        "±",
        lang.pick("P95下降", "P95 falls by"),
        "±",
    ];
    let cells = |row: &UncertaintyRow| {
        vec![
            label(projection, row.origin, lang),
            percent(row.share),
            percent(margin_95(row.share_error)),
            maybe(row.p95_fall_yuan, ten_thousands),
            maybe(row.p95_fall_error_yuan.map(margin_95), ten_thousands),
        ]
    };
    format!("\n{title}\n{}", grid(&header, shown(&rows).into_iter().map(cells), 1))
}

/// All counts with the categories that matter most, then the others by their share.
fn shown<'r>(rows: &[&'r UncertaintyRow]) -> Vec<&'r UncertaintyRow> {
    let is_category = |row: &&&UncertaintyRow| matches!(row.origin, Origin::Category(_));
    let mut categories: Vec<&UncertaintyRow> = rows.iter().filter(is_category).copied().collect();
    categories.sort_by(|a, b| b.share.total_cmp(&a.share));
    categories.truncate(NAMED);
    let mut others: Vec<&UncertaintyRow> =
        rows.iter().filter(|row| !is_category(row) && row.origin != Origin::Counts).copied().collect();
    others.sort_by(|a, b| b.share.total_cmp(&a.share));
    let counts = rows.iter().filter(|row| row.origin == Origin::Counts).copied();
    counts.chain(categories).chain(others).collect()
}

/// What an origin is called.
#[must_use]
pub fn label(projection: &Projection, origin: Origin, lang: Lang) -> String {
    let Origin::Category(rank) = origin else { return name(origin, lang).to_owned() };
    let category = projection.layout.categories.get(rank);
    let category = category.map_or("?", |name| lang.pick(&name.zh, &name.en));
    match lang {
        Lang::Zh => format!("　其中：{category}"),
        Lang::En => format!("  of these: {category}"),
    }
}

/// The same without categories: those are numbers of persons.
#[must_use]
pub const fn name(origin: Origin, lang: Lang) -> &'static str {
    match origin {
        Origin::Counts | Origin::Category(_) => lang.pick("各类对象人数", "numbers of persons"),
        Origin::YearShocks => lang.pick("年度共同波动", "shocks of the year"),
        Origin::CountyShocks => lang.pick("县区自身波动", "shocks of counties"),
        Origin::Parameters => lang.pick("疾病模型参数", "parameters of the illness model"),
        Origin::Chance => lang.pick("个人偶然性及其余", "luck of persons, and the rest"),
    }
}

/// The rows of all payers together, as JSON.
#[must_use]
pub fn json(projection: &Projection) -> Value {
    let rows = projection.uncertainty.iter().filter(|row| row.funder.is_none());
    rows.map(|row| {
        let [code, county] = csv_files::county(&projection.layout, row.county);
        json!({
            "county_code": code,
            "county": county,
            "year": row.year,
            "source": row.origin.name(),
            "category": csv_files::category_of(&projection.layout, row.origin),
            "share_of_variance": row.share,
            "share_of_variance_se": row.share_error,
            "p95_fall_if_halved_yuan": row.p95_fall_yuan,
            "p95_fall_if_halved_se_yuan": row.p95_fall_error_yuan,
        })
    })
    .collect()
}
