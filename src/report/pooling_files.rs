//! What pooling saves and each county's share, for the tables, the screen and as JSON.

use serde_json::{Value, json};

use super::csv_files::{county, id_or_total, place_and_year};
use super::number::{maybe, signed_ten_thousands, ten_thousands, unit, with_margin, yuan};
use super::screen::{funder_label, grid, shown_parts};
use super::table::{average, fen, maybe as field};
use crate::lang::Lang;
use crate::projection::Projection;
use crate::projection::attribution::yuan as of_units;
use crate::projection::money::Part;
use crate::projection::pooled::ShareRow;
use crate::projection::pooling::{PoolingRow, Saving, Verdict};
use crate::stats::margin_95;

/// The most counties whose shares the screen shows.
const MOST_COUNTIES: usize = 20;

/// The rows of `pooling.csv`.
pub(super) fn pooling(projection: &Projection) -> impl Iterator<Item = Vec<String>> {
    projection.pooling.iter().map(|row| {
        let funder = id_or_total(&projection.layout.funders, row.part.funder);
        let Saving { apart_fen, pooled_fen, error_yuan } = row.model;
        let mut fields = vec![row.year.to_string(), funder];
        fields.extend([fen(apart_fen), field(row.apart_error_yuan)]);
        fields.extend([fen(pooled_fen), field(row.pooled_error_yuan)]);
        fields.extend([fen(row.model.saved_fen()), field(error_yuan)]);
        fields.push(row.model.verdict().name().to_owned());
        let of = |of: &dyn Fn(&Saving) -> String| row.independent.as_ref().map_or_else(String::new, of);
        fields.push(of(&|saving| fen(saving.pooled_fen)));
        fields.push(of(&|saving| fen(saving.saved_fen())));
        fields.push(of(&|saving| field(saving.error_yuan)));
        fields.push(row.common.map_or_else(String::new, |saving| fen(saving.saved_fen())));
        fields
    })
}

/// The rows of `pooling_shares.csv`.
pub(super) fn shares(projection: &Projection) -> impl Iterator<Item = Vec<String>> {
    projection.shares.iter().map(|row| {
        let residents = projection.residents(Some(row.county));
        let mut fields = place_and_year(&projection.layout, (Some(row.county), residents), row.year).to_vec();
        fields.push(id_or_total(&projection.layout.funders, row.part.funder));
        fields.extend([average(row.mean.mean), field(row.mean.standard_error)]);
        fields.extend([fen(row.own_p95_fen), field(row.own_p95_error_yuan)]);
        fields.extend([fen(row.fair_fen), field(row.fair_error_yuan)]);
        for (units, error) in nets(row) {
            fields.extend([average(of_units(units)), field(error)]);
        }
        fields
    })
}

/// What a county pays for others in the mean: by its fair share, and alike for each resident; each with its error.
fn nets(row: &ShareRow) -> [(i64, Option<f64>); 2] {
    [
        (row.net_by_share_units, row.net_by_share_error_yuan),
        (row.net_by_residents_units, row.net_by_residents_error_yuan),
    ]
}

/// The tables of the screen: what pooling saves, then each county's share in the last year.
pub(super) fn text(projection: &Projection, lang: Lang) -> String {
    let title =
        lang.pick("统筹可节省的备付（P95之差）", "What pooling saves in reserves (difference of P95)");
    let note = lang.pick(
        "“独立时”为假定各县区互不相关的节省；若各县区风险完全同步，则不节省（恰为0）",
        "If independent: what would be saved if the counties were; if all risk were common, nothing would be (exactly 0)",
    );
    format!("\n{title}\n{}{note}\n{}", savings(projection, lang), fair_shares(projection, lang))
}

fn savings(projection: &Projection, lang: Lang) -> String {
    let header = [
        lang.pick("出资方", "Funder"),
        lang.pick("年度", "Year"),
        lang.pick("各县区P95之和", "Sum of counties' P95"),
        "±",
        lang.pick("统筹后P95", "P95 pooled"),
        "±",
        lang.pick("节省", "Saved"),
        "±",
        lang.pick("独立时节省", "If independent"),
        "±",
        lang.pick("结论", "Finding"),
    ];
    let shown = shown_parts(projection);
    let rows = projection.pooling.iter().filter(|row| shown.contains(&row.part)).map(|row| {
        let funder = funder_label(&projection.layout.funders, row.part, lang).to_owned();
        let Saving { apart_fen, pooled_fen, .. } = row.model;
        let mut cells = vec![funder, row.year.to_string()];
        let amounts = [
            (apart_fen, row.apart_error_yuan),
            (pooled_fen, row.pooled_error_yuan),
            (row.model.saved_fen(), row.model.error_yuan),
        ];
        cells.extend(
            amounts.into_iter().flat_map(|(fen, error)| with_margin(yuan(fen), error.map(margin_95))),
        );
        cells.push(maybe(row.independent.map(|saving| yuan(saving.saved_fen())), ten_thousands));
        let margin = row.independent.and_then(|saving| saving.margin_95_yuan());
        cells.push(maybe(margin, ten_thousands));
        cells.push(verdict(row.model.verdict(), lang).to_owned());
        cells
    });
    grid(&header, rows, 1)
}

/// The shares of the counties with the largest, purse by purse, in the last year.
fn fair_shares(projection: &Projection, lang: Lang) -> String {
    let Some(year) = projection.years().last().copied() else { return String::new() };
    let header = [
        lang.pick("县区", "County"),
        lang.pick("均值", "Mean"),
        "±",
        lang.pick("自行安排P95", "Own P95"),
        "±",
        lang.pick("应担份额", "Fair share"),
        "±",
        lang.pick("按份额净承担", "Net by share"),
        "±",
        lang.pick("按人口净承担", "Net by residents"),
        "±",
    ];
    let mut out = String::new();
    for part in shown_parts(projection).into_iter().filter(|part| *part != Part::TOTAL) {
        let mut own: Vec<&ShareRow> =
            projection.shares.iter().filter(|row| (row.year, row.part) == (year, part)).collect();
        let n = own.len();
        if n > MOST_COUNTIES {
            own.sort_by_key(|row| (std::cmp::Reverse(row.fair_fen), row.county));
            own.truncate(MOST_COUNTIES);
        }
        let rows = own.into_iter().map(|row| {
            let mut cells = vec![projection.layout.county_label(Some(row.county), lang).to_owned()];
            cells.extend(with_margin(row.mean.mean, row.mean.margin_95()));
            cells.extend(with_margin(yuan(row.own_p95_fen), row.own_p95_error_yuan.map(margin_95)));
            cells.extend(with_margin(yuan(row.fair_fen), row.fair_error_yuan.map(margin_95)));
            for (units, error) in nets(row) {
                cells.push(signed_ten_thousands(of_units(units)));
                cells.push(maybe(error.map(margin_95), ten_thousands));
            }
            cells
        });
        out.push_str(&format!(
            "\n{}\n{}",
            shares_title((projection, part, year), lang),
            grid(&header, rows, 1)
        ));
        if n > MOST_COUNTIES {
            out.push_str(lang.pick(
                "只列份额最大的20个；其余见 pooling_shares.csv\n",
                "the 20 largest shares; all are in pooling_shares.csv\n",
            ));
        }
    }
    out
}

fn shares_title((projection, part, year): (&Projection, Part, u16), lang: Lang) -> String {
    let (funder, unit) = (funder_label(&projection.layout.funders, part, lang), unit(lang));
    match lang {
        Lang::Zh => format!(
            "{funder}：{year}年统筹预算（P95）中各县区的应担份额（{unit}；正的净承担为平均替其他县区出资）"
        ),
        Lang::En => format!(
            "{funder}: each county's share of the pooled budget (P95), {year} ({unit}; net above 0: it pays for other counties in the mean)"
        ),
    }
}

/// What can be said of a saving, in words.
#[must_use]
pub const fn verdict(verdict: Verdict, lang: Lang) -> &'static str {
    match verdict {
        Verdict::Saves => lang.pick("节省", "saves"),
        Verdict::Costs => lang.pick("反而增加", "costs"),
        Verdict::NotDistinguishable => lang.pick("与0无法区分", "not distinguishable from 0"),
        Verdict::Unknown => lang.pick("模拟次数不足", "too few replicates to say"),
    }
}

/// What pooling saves as JSON, of the payers that pay anything.
pub(super) fn savings_json(projection: &Projection) -> Vec<Value> {
    let shown = shown_parts(projection);
    let own = projection.pooling.iter().filter(|row| shown.contains(&row.part));
    own.map(|row| saving_json(projection, row)).collect()
}

/// The counties' shares as JSON, of the same payers.
pub(super) fn shares_json(projection: &Projection) -> Vec<Value> {
    let shown = shown_parts(projection);
    let own = projection.shares.iter().filter(|row| shown.contains(&row.part));
    own.map(|row| share_json(projection, row)).collect()
}

fn saving_json(projection: &Projection, row: &PoolingRow) -> Value {
    let saving = |saving: &Saving| {
        json!({
            "pooled_p95_yuan": yuan(saving.pooled_fen),
            "saved_yuan": yuan(saving.saved_fen()),
            "saved_se_yuan": saving.error_yuan,
            "verdict": saving.verdict().name(),
        })
    };
    json!({
        "year": row.year,
        "funder": id_or_total(&projection.layout.funders, row.part.funder),
        "apart_p95_yuan": yuan(row.model.apart_fen),
        "apart_p95_se_yuan": row.apart_error_yuan,
        "pooled_p95_yuan": yuan(row.model.pooled_fen),
        "pooled_p95_se_yuan": row.pooled_error_yuan,
        "saved_yuan": yuan(row.model.saved_fen()),
        "saved_se_yuan": row.model.error_yuan,
        "verdict": row.model.verdict().name(),
        "if_independent": row.independent.as_ref().map(saving),
        "if_all_risk_were_common": row.common.as_ref().map(saving),
    })
}

fn share_json(projection: &Projection, row: &ShareRow) -> Value {
    let [code, name] = county(&projection.layout, Some(row.county));
    json!({
        "county_code": code,
        "county": name,
        "year": row.year,
        "funder": id_or_total(&projection.layout.funders, row.part.funder),
        "mean_yuan": row.mean.mean,
        "se_yuan": row.mean.standard_error,
        "own_p95_yuan": yuan(row.own_p95_fen),
        "own_p95_se_yuan": row.own_p95_error_yuan,
        "fair_share_yuan": yuan(row.fair_fen),
        "fair_share_se_yuan": row.fair_error_yuan,
        "net_by_share_yuan": of_units(row.net_by_share_units),
        "net_by_share_se_yuan": row.net_by_share_error_yuan,
        "net_by_residents_yuan": of_units(row.net_by_residents_units),
        "net_by_residents_se_yuan": row.net_by_residents_error_yuan,
    })
}
