//! Tables by colour: each county by year, and by category of person.

use super::figures::{Figure, label};
use super::payer_figures::{name, numbered, payers};
use crate::chart::{Heat, HeatBlock, HeatKind};
use crate::lang::Lang;
use crate::projection::Projection;
use crate::projection::money::{Part, Slice};
use crate::report::number::grouped;

/// Counties by year, in 万元 and for each resident: of all payers together, then of each alone.
#[must_use]
pub fn years(projection: &Projection, lang: Lang) -> Vec<Figure> {
    let alone: Vec<usize> = payers(projection).collect();
    let alone = alone.iter().copied().map(Some).filter(|_| alone.len() > 1);
    let charts = [None].into_iter().chain(alone).map(|payer| years_of(projection, payer, lang));
    numbered("heat", charts.flat_map(pages))
}

/// Counties by category of person in the last year, of all payers together.
#[must_use]
pub fn categories(projection: &Projection, lang: Lang) -> Vec<Figure> {
    let chart = categories_of(projection, lang).filter(|chart| chart.columns.len() > 1);
    numbered("heat_categories", chart.into_iter().flat_map(pages))
}

fn pages(chart: Heat) -> impl Iterator<Item = Heat> {
    (0..chart.n_pages()).map(move |page| Heat { page, ..chart.clone() })
}

fn years_of(projection: &Projection, payer: Option<usize>, lang: Lang) -> Heat {
    let (years, part) = (projection.years(), Part { line: None, funder: payer });
    let mean = |county: usize, year: u16| {
        projection.spending(Some(county), year, part).map(|spending| spending.yuan.mean)
    };
    let each = |county: usize, yuan: f64| per_resident(projection, county, yuan);
    let block = |kind: HeatKind| HeatBlock {
        kind,
        values: projection
            .counties
            .iter()
            .map(|&county| {
                let own = years.iter().map(|&year| mean(county, year));
                own.map(|yuan| match kind {
                    HeatKind::Amount => yuan,
                    HeatKind::PerResident => yuan.and_then(|yuan| each(county, yuan)),
                })
                .collect()
            })
            .collect(),
    };
    Heat {
        title: title(projection, (payer, &years), lang),
        rows: names(projection, lang),
        columns: years.iter().map(ToString::to_string).collect(),
        blocks: [HeatKind::Amount, HeatKind::PerResident].map(block).to_vec(),
        page: 0,
    }
}

/// Yuan for each resident; nothing without residents.
#[expect(clippy::cast_precision_loss, reason = "counts of persons")]
fn per_resident(projection: &Projection, county: usize, yuan: f64) -> Option<f64> {
    let residents = projection.residents(Some(county));
    (residents > 0).then(|| yuan / residents as f64)
}

fn names(projection: &Projection, lang: Lang) -> Vec<String> {
    let label = |&county: &usize| projection.layout.county_label(Some(county), lang).to_owned();
    projection.counties.iter().map(label).collect()
}

/// The finding: where most and where least is spent for each resident in the last year.
fn title(projection: &Projection, (payer, years): (Option<usize>, &[u16]), lang: Lang) -> String {
    let year = years.last().copied().unwrap_or_default();
    let payer_name = payer.map(|payer| name(projection, payer, lang));
    let part = Part { line: None, funder: payer };
    let each = |&county: &usize| {
        let yuan = projection.spending(Some(county), year, part)?.yuan.mean;
        Some((per_resident(projection, county, yuan)?, county))
    };
    let mut all: Vec<(f64, usize)> = projection.counties.iter().filter_map(each).collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0));
    let what = match (&payer_name, lang) {
        (None, _) => lang.pick("人均医疗救助支出", "Spending per resident").to_owned(),
        (Some(payer), Lang::Zh) => format!("人均医疗救助支出（{payer}）"),
        (Some(payer), Lang::En) => format!("Spending per resident, {payer}"),
    };
    let said = |(yuan, county): &(f64, usize)| {
        (projection.layout.county_label(Some(*county), lang).to_owned(), grouped(*yuan, 1))
    };
    match (all.as_slice(), lang) {
        ([], Lang::Zh) => format!("各年度{what}"),
        ([], Lang::En) => format!("{what}, by year"),
        ([only], Lang::Zh) => format!("{year}年{what}：{}{}元", said(only).0, said(only).1),
        ([only], Lang::En) => format!("{what}, {year}: {} yuan in {}", said(only).1, said(only).0),
        ([most, .., least], _) => {
            let ((high, high_yuan), (low, low_yuan)) = (said(most), said(least));
            match lang {
                Lang::Zh => format!("{year}年{what}：{high}最高（{high_yuan}元），{low}最低（{low_yuan}元）"),
                Lang::En => {
                    format!(
                        "{what}, {year}: most in {high} ({high_yuan} yuan), least in {low} ({low_yuan} yuan)"
                    )
                }
            }
        }
    }
}

fn categories_of(projection: &Projection, lang: Lang) -> Option<Heat> {
    let year = *projection.years().last()?;
    let mean = |county: Option<usize>, category: usize| {
        let own = |one: &&crate::projection::money::SliceRow| {
            one.slice == Slice::People(category)
                && (one.row.county, one.row.year, one.row.part) == (county, year, Part::TOTAL)
        };
        projection.slices.iter().find(own).map(|one| one.row.spending.yuan.mean)
    };
    let is_spent = |&category: &usize| mean(None, category).is_some_and(|yuan| yuan > 0.0);
    let all = 0..projection.layout.categories.len();
    let mut shown: Vec<usize> = all.filter(is_spent).collect();
    let total: f64 = shown.iter().filter_map(|&category| mean(None, category)).sum();
    shown.sort_by(|a, b| mean(None, *b).unwrap_or(0.0).total_cmp(&mean(None, *a).unwrap_or(0.0)));
    let first = *shown.first()?;
    let most = label(&projection.layout.categories[first], lang);
    let share = super::number::percent(mean(None, first).unwrap_or_default() / total);
    let column = |&category: &usize| label(&projection.layout.categories[category], lang);
    let row = |&county: &usize| shown.iter().map(|&category| mean(Some(county), category)).collect();
    Some(Heat {
        title: match lang {
            Lang::Zh => format!("{year}年医疗救助支出最多的类别：{most}，占{share}"),
            Lang::En => format!("Most of the spending of {year} is for: {most}, {share}"),
        },
        rows: names(projection, lang),
        columns: shown.iter().map(column).collect(),
        blocks: vec![HeatBlock {
            kind: HeatKind::Amount,
            values: projection.counties.iter().map(row).collect(),
        }],
        page: 0,
    })
}
