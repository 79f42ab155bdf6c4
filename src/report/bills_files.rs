//! Who pays the bills, and how unequal they are: the CSV files and the charts.

use super::csv_files::county;
use super::figures::{Figure, label};
use super::number::{percent, unit};
use super::payer_figures::numbered;
use super::table::{average, maybe, share};
use crate::chart::{Curve, CurveAxis, CurveMark, CurvePoint, CurveSeries, SourceBar, Sources, SourcesWords};
use crate::lang::Lang;
use crate::projection::Projection;
use crate::projection::bills::{LorenzRow, PayerRow};
use crate::report::number::ten_thousands;
use crate::simulation::bills::Payer;
use crate::stats::Estimate;

/// Among rural users of care the top 5 % have so much of all spending (`docs/model/illness.md`).
const PUBLISHED_TOP_5: f64 = 0.68;

/// The shares of persons that the curve marks.
const MARKED: [f64; 3] = [0.01, 0.05, 0.1];

const fn payer_id(payer: Payer) -> &'static str {
    match payer {
        Payer::Basic => "basic_insurance",
        Payer::Critical => "critical_insurance",
        Payer::Assistance => "assistance",
        Payer::Tilt => "tilt",
        Payer::Elsewhere => "elsewhere",
        Payer::Person => "person",
    }
}

const fn payer_label(payer: Payer, lang: Lang) -> &'static str {
    match payer {
        Payer::Basic => lang.pick("基本医保", "Basic insurance"),
        Payer::Critical => lang.pick("大病保险", "Critical-illness insurance"),
        Payer::Assistance => lang.pick("医疗救助", "Assistance"),
        Payer::Tilt => lang.pick("倾斜救助", "Tilt assistance"),
        Payer::Elsewhere => lang.pick("医疗机构等承担", "Hospitals and others"),
        Payer::Person => lang.pick("个人", "The person"),
    }
}

/// The fields of a row of `payers.csv`.
pub(super) fn payer_fields(projection: &Projection, row: &PayerRow) -> Vec<String> {
    let mut fields = county(&projection.layout, row.county).to_vec();
    let category = projection.layout.categories.get(row.category).map_or("?", |name| name.id.as_str());
    fields.extend([row.year.to_string(), category.to_owned(), payer_id(row.payer).to_owned()]);
    fields.extend([average(row.yuan.mean), maybe(row.yuan.standard_error)]);
    fields.push(projection.bills.n_replicates.to_string());
    fields
}

/// The fields of a row of `lorenz.csv`.
pub(super) fn lorenz_fields(projection: &Projection, row: &LorenzRow) -> Vec<String> {
    let mut fields = county(&projection.layout, row.county).to_vec();
    fields.extend([row.year.to_string(), share(Some(row.top)), share(Some(row.share.mean))]);
    fields.push(share(row.share.standard_error));
    fields.extend([average(row.persons.mean), maybe(row.persons.standard_error)]);
    fields.push(projection.bills.n_replicates.to_string());
    fields
}

/// The charts, of the last year; nothing where nobody was looked at.
#[must_use]
pub fn charts(projection: &Projection, lang: Lang) -> Vec<Figure> {
    let payers = payers(projection, lang).into_iter();
    let pages =
        payers.flat_map(|chart| (0..chart.n_pages()).map(move |page| Sources { page, ..chart.clone() }));
    let mut figures = numbered("payers", pages);
    let lorenz = lorenz(projection, lang).into_iter();
    let pages =
        lorenz.flat_map(|chart| (0..chart.n_pages()).map(move |page| Curve { page, ..chart.clone() }));
    figures.extend(numbered("lorenz", pages));
    figures
}

/// Who pays how much of the bills of each category, all counties together. Of ordinary residents not all bills are looked
/// at singly: they are left out.
fn payers(projection: &Projection, lang: Lang) -> Option<Sources> {
    let year = *projection.years().last()?;
    let ordinary = projection.layout.categories.len().checked_sub(1)?;
    let own = |row: &&PayerRow| row.county.is_none() && row.year == year && row.category < ordinary;
    let rows: Vec<&PayerRow> = projection.bills.payers.iter().filter(own).collect();
    let yuan = |category: Option<usize>, payer: Payer| -> f64 {
        let of =
            |row: &&&PayerRow| row.payer == payer && category.is_none_or(|wanted| row.category == wanted);
        rows.iter().filter(of).map(|row| row.yuan.mean).sum()
    };
    let whole = |category: Option<usize>| Payer::ALL.map(|payer| yuan(category, payer)).iter().sum::<f64>();
    let mut shown: Vec<usize> = (0..ordinary).filter(|&category| whole(Some(category)) > 0.0).collect();
    if shown.is_empty() {
        return None;
    }
    shown.sort_by(|a, b| whole(Some(*b)).total_cmp(&whole(Some(*a))));
    let bar = |category: Option<usize>| {
        let name = category.map_or_else(
            || lang.pick("各类对象合计", "All categories").to_owned(),
            |category| label(&projection.layout.categories[category], lang),
        );
        let all = whole(category);
        let name = match lang {
            Lang::Zh => format!("{name}（{}{}）", ten_thousands(all), unit(lang)),
            Lang::En => format!("{name} ({} × {})", ten_thousands(all), unit(lang)),
        };
        SourceBar { name, shares: Payer::ALL.map(|payer| yuan(category, payer) / all).to_vec() }
    };
    let left = percent(yuan(None, Payer::Person) / whole(None));
    let n = projection.bills.n_replicates;
    Some(Sources {
        year: i32::from(year),
        sources: Payer::ALL.map(|payer| payer_label(payer, lang).to_owned()).to_vec(),
        bars: [None].into_iter().chain(shown.into_iter().map(Some)).map(bar).collect(),
        words: Some(match lang {
            Lang::Zh => SourcesWords {
                title: format!("{year}年各类对象的医疗费由谁负担：个人负担{left}"),
                fact: "占医疗费总额的比例（%）".to_owned(),
                note: format!(
                    "逐人查看前{n}次模拟；普通居民只逐人查看部分费用，不在图中。误差见 payers.csv。"
                ),
            },
            Lang::En => SourcesWords {
                title: format!("Who pays the bills of the categories in {year}: {left} are left to persons"),
                fact: "share of all bills (%)".to_owned(),
                note: format!(
                    "Persons of the first {n} replicates, looked at one by one; of ordinary residents not all bills are, and none are shown. Errors stand in payers.csv."
                ),
            },
        }),
        page: 0,
    })
}

/// The curve of Lorenz of each county and of all: the bills of persons of the categories who have any.
fn lorenz(projection: &Projection, lang: Lang) -> Option<Curve> {
    let year = *projection.years().last()?;
    let of = |county: Option<usize>| -> Vec<&LorenzRow> {
        let own = |row: &&LorenzRow| (row.county, row.year) == (county, year);
        projection.bills.lorenz.iter().filter(own).collect()
    };
    let series = |county: Option<usize>| {
        let mut rows = of(county);
        rows.reverse();
        // The end of the curve: all persons have all bills.
        let end = CurvePoint { at: (1.0, 1.0), low: (1.0, 1.0), high: (1.0, 1.0) };
        let marked = rows.iter().rev().filter(|row| MARKED.contains(&row.top));
        let mark = |row: &&LorenzRow| CurveMark { x: 1.0 - row.top, label: String::new() };
        CurveSeries {
            name: projection.layout.county_label(county, lang).to_owned(),
            points: rows.iter().map(|row| point(row)).chain([end]).collect(),
            marks: marked.map(mark).collect(),
        }
    };
    let several = projection.counties.len() > 1;
    let whole =
        if several { None } else { projection.counties.first().copied().map(Some).unwrap_or_default() };
    let all = of(whole);
    let top = |wanted: f64| all.iter().find(|row| (row.top - wanted).abs() < 1e-9).map(|row| row.share);
    let [one, five, ten] = [top(0.01)?, top(0.05)?, top(0.1)?].map(said);
    let owners = projection.counties.iter().copied().map(Some).chain(several.then_some(None));
    let limit = 1.0 - PUBLISHED_TOP_5;
    Some(Curve {
        title: match lang {
            Lang::Zh => {
                format!("{year}年医疗费集中程度：费用最高的1%的人占{one}，5%占{five}，10%占{ten}")
            }
            Lang::En => {
                format!(
                    "How bills were spread in {year}: the top 1 % of persons had {one}, 5 % {five}, 10 % {ten}"
                )
            }
        },
        x: CurveAxis::Share(
            lang.pick(
                "人数（有医疗费的救助对象，由少到多）",
                "persons of the categories with bills, smallest first",
            )
            .to_owned(),
        ),
        y: CurveAxis::Share(lang.pick("医疗费", "their bills").to_owned()),
        limit: Some((
            limit,
            lang.pick(
                "公开资料：农村患者中费用最高的5%占68%，其余95%的人占32%",
                "published, rural users: the top 5 % have 68 %, the other 95 % of persons 32 %",
            )
            .to_owned(),
        )),
        has_dots: false,
        marks: lang
            .pick("费用最高的10%、5%、1%的人的起点", "where the top 10 %, 5 % and 1 % begin")
            .to_owned(),
        percentiles: &[],
        series: owners.map(series).collect(),
        page: 0,
    })
}

/// Whoever is not among the top has the rest.
fn point(row: &LorenzRow) -> CurvePoint {
    let (x, y) = (1.0 - row.top, 1.0 - row.share.mean);
    let half = row.share.margin_95().unwrap_or(0.0);
    CurvePoint { at: (x, y), low: (x, (y - half).max(0.0)), high: (x, (y + half).min(1.0)) }
}

fn said(share: Estimate) -> String {
    let margin = share.margin_95().map_or_else(String::new, |half| format!(" ± {}", percent(half)));
    format!("{}{margin}", percent(share.mean))
}
