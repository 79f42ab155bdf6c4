//! The CSV file of persons and payments that wait when a fund is short, the same on the terminal, and as JSON.

use serde_json::{Value, json};

use super::csv_files::county;
use super::number::{grouped, maybe as shown, ten_thousands};
use super::screen::grid;
use super::table::{average, maybe};
use crate::lang::Lang;
use crate::projection::Projection;
use crate::projection::waiting::{Number, WaitingRow, interval_95};
use crate::simulation::waiting::When;
use crate::stats::Estimate;

/// The word of a moment.
const fn moment_id(when: When) -> &'static str {
    match when {
        When::RunsOut => "runs_out",
        When::YearEnd => "year_end",
    }
}

/// The fields of a row of `account_waiting.csv`.
pub(super) fn fields(projection: &Projection, row: &WaitingRow) -> Vec<String> {
    let mut fields = county(&projection.layout, row.county).to_vec();
    fields.extend([row.year.to_string(), moment_id(row.when).to_owned()]);
    fields.extend([row.n_short.to_string(), row.n_looked_at.to_string()]);
    let seen = row.seen.as_ref();
    let estimate = |of: Option<Estimate>| {
        [of.map_or_else(String::new, |of| average(of.mean)), maybe(of.and_then(|of| of.standard_error))]
    };
    fields.extend(estimate(seen.map(|seen| seen.missing)));
    fields.extend(estimate(seen.map(|seen| seen.waiting)));
    for number in [seen.map(|seen| seen.persons), seen.map(|seen| seen.payments)] {
        fields.extend(estimate(number.map(|number| number.mean)));
        let ends = number.and_then(|number| number.p05_p95);
        fields.extend([0, 1].map(|end| ends.map_or_else(String::new, |ends| ends[end].to_string())));
    }
    fields
}

/// The table for the terminal, of the funds that are shown; empty where nobody was looked at.
pub(super) fn text(projection: &Projection, includes: impl Fn(Option<usize>) -> bool, lang: Lang) -> String {
    let own = projection.account_waiting.iter().filter(|row| row.county.is_none() || includes(row.county));
    let rows: Vec<&WaitingRow> = own.collect();
    if rows.is_empty() {
        return String::new();
    }
    let title = lang.pick(
        "资金不足时在等待支付的人数和笔数（只含当年资金不足的模拟，逐人查看其中若干次；见 account_waiting.csv）",
        "Who waits where the money does not last in the year (persons of some of those replicates: account_waiting.csv)",
    );
    let interval = lang.pick("95%区间", "95 % interval");
    let header = [
        lang.pick("县区", "County"),
        lang.pick("年度", "Year"),
        lang.pick("时点", "At the end of"),
        lang.pick("不足次数", "Short in"),
        lang.pick("其中查看", "Looked at"),
        lang.pick("缺口", "Missing"),
        interval,
        lang.pick("等待人数", "Persons"),
        interval,
        lang.pick("等待笔数", "Payments"),
        interval,
    ];
    let rows = rows.into_iter().map(|row| {
        let label = projection.layout.county_label(row.county, lang).to_owned();
        let moment = match row.when {
            When::RunsOut => lang.pick("首次用尽当月", "its first month"),
            When::YearEnd => lang.pick("年末", "the year"),
        };
        let mut cells = vec![label, row.year.to_string(), moment.to_owned()];
        cells.extend([row.n_short.to_string(), row.n_looked_at.to_string()]);
        let seen = row.seen.as_ref();
        cells.extend(with_interval(seen.map(|seen| seen.missing), ten_thousands));
        for number in [seen.map(|seen| seen.persons), seen.map(|seen| seen.payments)] {
            cells.extend(with_interval(number.map(|number| number.mean), |value| grouped(value, 0)));
        }
        cells
    });
    format!("\n{title}\n{}", grid(&header, rows, 3))
}

fn with_interval(of: Option<Estimate>, show: impl Fn(f64) -> String) -> [String; 2] {
    let ends = of.and_then(|of| interval_95(&of));
    let interval = ends.map_or_else(|| "-".to_owned(), |ends| ends.map(&show).join("–"));
    [shown(of.map(|of| of.mean), &show), interval]
}

/// A row as JSON.
pub(super) fn json(projection: &Projection, row: &WaitingRow) -> Value {
    let [code, name] = county(&projection.layout, row.county);
    let number = |of: Option<Number>| {
        json!({
            "mean": of.map(|of| of.mean.mean),
            "low95": of.and_then(|of| interval_95(&of.mean)).map(|ends| ends[0]),
            "high95": of.and_then(|of| interval_95(&of.mean)).map(|ends| ends[1]),
            "p05": of.and_then(|of| of.p05_p95).map(|ends| ends[0]),
            "p95": of.and_then(|of| of.p05_p95).map(|ends| ends[1]),
        })
    };
    let seen = row.seen.as_ref();
    json!({
        "county_code": code,
        "county": name,
        "year": row.year,
        "moment": moment_id(row.when),
        "short_replicates": row.n_short,
        "person_replicates": row.n_looked_at,
        "missing_yuan": seen.map(|seen| seen.missing.mean),
        "missing_low95_yuan": seen.and_then(|seen| interval_95(&seen.missing)).map(|ends| ends[0]),
        "missing_high95_yuan": seen.and_then(|seen| interval_95(&seen.missing)).map(|ends| ends[1]),
        "waiting_yuan": seen.map(|seen| seen.waiting.mean),
        "persons": number(seen.map(|seen| seen.persons)),
        "payments": number(seen.map(|seen| seen.payments)),
    })
}
