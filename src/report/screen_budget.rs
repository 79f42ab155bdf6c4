//! The budgets and accounts of a run for the terminal, and as JSON.

use serde_json::{Value, json};

use super::csv_files;
use super::number::{maybe, percent, ten_thousands, with_margin, yuan};
use super::screen::{Rows, Shown, grid, heading, warm_up, warnings};
use super::{pooling_files, screen_uncertainty, waiting_files};
use crate::lang::Lang;
use crate::policy::names::Name;
use crate::projection::Projection;
use crate::projection::budget::{Absence, AccountRow, BudgetRow, Needed, Probability, SAFETIES};
use crate::projection::warning::starred;
use crate::stats::{Estimate, margin_95};

/// The tables of budgets: each payer with money, all of them, then the accounts of funds.
#[must_use]
pub fn text(projection: &Projection, rows: Rows, lang: Lang) -> String {
    let layout = &projection.layout;
    let errors = lang.pick(
        "“±”为左侧数值的95%蒙特卡洛误差，“-”为没有或模拟次数不足、无法给出",
        "±: 95 % Monte Carlo error of the figure on its left; -: there is none, or it is not known from so few replicates",
    );
    let mut out = heading(lang.pick(&layout.title_zh, &layout.title_en), layout.n_replicates, errors, lang);
    out.push_str(&warm_up(layout, lang));
    let shown = rows.of(&projection.counties, |county| {
        let own = projection.budgets.iter().filter(|row| row.county == Some(county) && row.funder.is_none());
        own.map(|row| row.spending.mean).sum()
    });
    for funder in payers(projection) {
        out.push_str(&format!("\n{}\n", title(&layout.funders, funder, lang)));
        out.push_str(&budgets(projection, (funder, &shown), lang));
        out.push_str(&shown.note("budget.csv", lang));
    }
    out.push_str(&accounts(projection, &shown, lang));
    out.push_str(&waiting_files::text(projection, |county| shown.includes(county), lang));
    if !projection.pooling.is_empty() && projection.counties.len() > 1 {
        out.push_str(&pooling_files::text(projection, lang));
    }
    out.push_str(&screen_uncertainty::text(projection, lang));
    out.push_str(&warnings(projection, lang));
    out
}

/// The payers that pay anything or have a budget, then all of them where they are several.
fn payers(projection: &Projection) -> Vec<Option<usize>> {
    let asks = |funder: &usize| {
        let own = projection.budgets.iter().filter(|row| row.funder == Some(*funder));
        own.into_iter().any(|row| row.spending.mean != 0.0 || row.budget_fen.is_some())
    };
    let own = (0..projection.layout.funders.len()).filter(asks).map(Some);
    let mut all: Vec<Option<usize>> = own.collect();
    if all.len() != 1 {
        all.push(None);
    }
    all
}

fn title(funders: &[Name], funder: Option<usize>, lang: Lang) -> String {
    match funder.and_then(|funder| funders.get(funder)) {
        Some(name) => format!("{}{}", lang.pick("预算把握：", "Budgets: "), lang.pick(&name.zh, &name.en)),
        None => lang.pick("预算把握：各出资方合计", "Budgets: all funders").to_owned(),
    }
}

fn budgets(projection: &Projection, (funder, shown): (Option<usize>, &Shown), lang: Lang) -> String {
    let own: Vec<&BudgetRow> =
        projection.budgets.iter().filter(|row| row.funder == funder && shown.includes(row.county)).collect();
    let place = |row: &BudgetRow| place_and_year(projection, (row.county, row.year), lang);
    let safeties = [80, 90, 95, 99].map(|at| starred(at, projection.layout.n_replicates));
    let mut header = vec![lang.pick("县区", "County"), lang.pick("年度", "Year")];
    header.extend([lang.pick("均值", "Mean"), "±"]);
    for safety in &safeties {
        header.extend([safety.as_str(), "±"]);
    }
    let rows = own.iter().map(|row| {
        place(row).into_iter().chain(with_error(Some(row.spending))).chain(needed(&row.needed)).collect()
    });
    grid(&header, rows, 1) + &in_force(projection, &own, lang)
}

/// How safe the budgets in force are, of the counties and years that have one.
fn in_force(projection: &Projection, own: &[&BudgetRow], lang: Lang) -> String {
    let own: Vec<&&BudgetRow> = own.iter().filter(|row| row.budget_fen.is_some()).collect();
    if own.is_empty() {
        return String::new();
    }
    let header = [
        lang.pick("县区", "County"),
        lang.pick("年度", "Year"),
        lang.pick("现行预算", "Budget"),
        lang.pick("超过概率", "Exceeded"),
        lang.pick("95%区间", "95 % interval"),
        lang.pick("超过时平均缺口", "Shortfall then"),
        "±",
    ];
    let rows = own.into_iter().map(|row| {
        let mut cells = place_and_year(projection, (row.county, row.year), lang).to_vec();
        cells.push(maybe(row.budget_fen.map(yuan), ten_thousands));
        cells.extend(chance(row.exceeded));
        cells.extend(with_error(row.shortfall));
        cells
    });
    let title = lang.pick("现行预算够不够", "How safe the budgets in force are");
    format!("\n{title}\n{}", grid(&header, rows, 1))
}

fn place_and_year(projection: &Projection, (county, year): (Option<usize>, u16), lang: Lang) -> [String; 2] {
    [projection.layout.county_label(county, lang).to_owned(), year.to_string()]
}

/// A mean with half the width of its 95 % interval.
fn with_error(of: Option<Estimate>) -> [String; 2] {
    [of.map(|of| of.mean), of.and_then(|of| of.margin_95())].map(|yuan| maybe(yuan, ten_thousands))
}

fn chance(of: Option<Probability>) -> [String; 2] {
    match of {
        Some(of) => [percent(of.share), format!("{}–{}", percent(of.low), percent(of.high))],
        None => ["-".to_owned(), "-".to_owned()],
    }
}

fn needed(all: &[Needed]) -> impl Iterator<Item = String> {
    all.iter().flat_map(|needed| with_margin(yuan(needed.fen), needed.error_yuan.map(margin_95)))
}

/// The funds with revenue; where there is none, how it is given.
fn accounts(projection: &Projection, shown: &Shown, lang: Lang) -> String {
    if let Some(absence) = projection.no_account {
        return format!("\n{}\n", why_no_account(absence, lang));
    }
    let own: Vec<&AccountRow> = projection
        .accounts
        .iter()
        .filter(|row| row.county.is_none_or(|_| shown.includes(row.county)))
        .collect();
    let title =
        lang.pick("基金收支（逐月见 account_months.csv）", "Fund accounts (by month: account_months.csv)");
    let last = lang.pick("资金够不够、需补充多少", "Whether the money lasts, and what is to be added");
    let mut out = format!("\n{title}\n{}", sums(projection, &own, lang));
    out.push_str(&format!("\n{last}\n{}", lasting(projection, &own, lang)));
    out + &shown.note("account.csv", lang) + &spans(projection, lang)
}

/// What came in, was paid and is left. What waits or is advanced goes by what the fund does when it is empty: only where
/// there is any.
fn sums(projection: &Projection, own: &[&AccountRow], lang: Lang) -> String {
    type Sum = fn(&AccountRow) -> Estimate;
    let left: [(&str, Sum); 2] = [
        (lang.pick("年末待支付", "Unpaid"), |row| row.unpaid),
        (lang.pick("年末垫付", "Advanced"), |row| row.advanced),
    ];
    let mut columns: Vec<(&str, Sum)> = vec![
        (lang.pick("收入", "Revenue"), |row| row.revenue),
        (lang.pick("支付", "Paid"), |row| row.paid),
        (lang.pick("年末结余", "Balance"), |row| row.balance),
    ];
    columns.extend(left.into_iter().filter(|(_, of)| own.iter().any(|row| of(row).mean != 0.0)));
    let mut header = vec![lang.pick("县区", "County"), lang.pick("年度", "Year")];
    header.extend(columns.iter().flat_map(|(name, _)| [name, "±"]));
    let rows = own.iter().map(|row| {
        let place = place_and_year(projection, (row.county, row.year), lang);
        place.into_iter().chain(columns.iter().flat_map(|(_, of)| with_error(Some(of(row))))).collect()
    });
    grid(&header, rows, 1)
}

/// How likely the money lasts, when it runs out, and what is to be added for a safety.
fn lasting(projection: &Projection, own: &[&AccountRow], lang: Lang) -> String {
    let top_up = [80, 95].map(|at| {
        let safety = starred(at, projection.layout.n_replicates);
        format!("{}{safety}", lang.pick("累计补充", "Top-up "))
    });
    let header = [
        lang.pick("县区", "County"),
        lang.pick("年度", "Year"),
        lang.pick("不足概率", "Short"),
        lang.pick("95%区间", "95 % interval"),
        lang.pick("最可能用尽月", "Likely month"),
        lang.pick("其概率", "with"),
        lang.pick("95%区间", "95 % interval"),
        &top_up[0],
        "±",
        &top_up[1],
        "±",
    ];
    let rows = own.iter().map(|row| {
        let mut cells = place_and_year(projection, (row.county, row.year), lang).to_vec();
        cells.extend(chance(Some(row.short)));
        cells.push(row.likely_month.map_or_else(|| "-".to_owned(), |month| month.to_string()));
        cells.extend(chance(row.likely));
        cells.extend(needed(&[row.top_up[0], row.top_up[2]]));
        cells
    });
    grid(&header, rows, 1)
}

/// Why there is no account.
#[must_use]
pub const fn why_no_account(absence: Absence, lang: Lang) -> &'static str {
    match absence {
        Absence::NoRevenue => lang.pick(
            "没有基金收支：地区文件的 [fund] 没有给出首年收入，只列所需预算；写法见 docs/fund.md",
            "No fund account: [fund] of the place gives no revenue of the first year, so only what is needed is shown; see docs/fund.md",
        ),
        Absence::LaterYears => lang.pick(
            "没有基金收支：账户从方案首年算起，而首年不在所列年度内；请去掉 --years 或从首年列起",
            "No fund account: accounts begin with the scenario's first year, which is not reported; leave out --years or begin with it",
        ),
        Absence::AfterRevenue => lang.pick(
            "没有基金收支：地区文件 [fund] 的收入没有写到所列年度；请补写这些年度的收入（docs/fund.md），再从方案首年列起",
            "No fund account: the revenue that [fund] of the place gives ends before the years reported; write that of these years (docs/fund.md), and report from the scenario's first year on",
        ),
        Absence::PartOfPool => lang.pick(
            "没有基金收支：基金由全部县区统筹，而只测算了其中一部分；请去掉 --county",
            "No fund account: the fund is pooled, and only a part of its counties is simulated; leave out --county",
        ),
    }
}

/// Accounts that end before the last year: no revenue is given for the years after.
fn spans(projection: &Projection, lang: Lang) -> String {
    let last = projection.accounts.iter().map(|row| row.year).max();
    let later: Vec<String> = projection
        .years()
        .into_iter()
        .filter(|year| last.is_some_and(|last| *year > last))
        .map(|year| year.to_string())
        .collect();
    match (later.is_empty(), lang) {
        (true, _) => String::new(),
        (false, Lang::Zh) => format!("{}年没有给出收入，不计算基金收支\n", later.join("、")),
        (false, Lang::En) => {
            format!("no revenue is given for {}: no account of these years\n", later.join(", "))
        }
    }
}

/// The same as JSON, in yuan.
#[must_use]
pub fn json(projection: &Projection) -> Value {
    let layout = &projection.layout;
    let warning =
        |lang| projection.warnings.iter().map(|one| one.text(layout, lang)).collect::<Vec<String>>();
    json!({
        "scenario": layout.scenario,
        "title_zh": layout.title_zh,
        "title_en": layout.title_en,
        "seed": layout.seed,
        "replicates": layout.n_replicates,
        "unit": "yuan",
        "budgets": projection.budgets.iter().map(|row| budget_json(projection, row)).collect::<Vec<Value>>(),
        "accounts": projection.accounts.iter().map(|row| account_json(projection, row)).collect::<Vec<Value>>(),
        "pooling": pooling_files::savings_json(projection),
        "pooling_shares": pooling_files::shares_json(projection),
        "waiting": projection.account_waiting.iter().map(|row| waiting_files::json(projection, row)).collect::<Vec<Value>>(),
        "uncertainty": screen_uncertainty::json(projection),
        "warnings_zh": warning(Lang::Zh),
        "warnings_en": warning(Lang::En),
    })
}

fn needed_json(all: &[Needed]) -> Value {
    let one = |(at, needed): (&crate::stats::PerMille, &Needed)| json!({ "safety": at.as_f64(), "yuan": yuan(needed.fen), "se_yuan": needed.error_yuan });
    SAFETIES.iter().zip(all).map(one).collect()
}

fn budget_json(projection: &Projection, row: &BudgetRow) -> Value {
    let [code, county] = csv_files::county(&projection.layout, row.county);
    json!({
        "county_code": code,
        "county": county,
        "year": row.year,
        "funder": csv_files::id_or_total(&projection.layout.funders, row.funder),
        "mean_yuan": row.spending.mean,
        "error95_yuan": row.spending.margin_95(),
        "budget_yuan": row.budget_fen.map(yuan),
        "exceeded": row.exceeded,
        "shortfall_yuan": row.shortfall.map(|shortfall| shortfall.mean),
        "shortfall_se_yuan": row.shortfall.and_then(|shortfall| shortfall.standard_error),
        "needed": needed_json(&row.needed),
    })
}

fn account_json(projection: &Projection, row: &AccountRow) -> Value {
    let [code, county] = csv_files::county(&projection.layout, row.county);
    let own = projection.account_months.iter();
    let own = own.filter(|month| (month.county, month.year) == (row.county, row.year));
    json!({
        "county_code": code,
        "county": county,
        "year": row.year,
        "revenue_yuan": row.revenue.mean,
        "revenue_error95_yuan": row.revenue.margin_95(),
        "paid_yuan": row.paid.mean,
        "paid_error95_yuan": row.paid.margin_95(),
        "balance_yuan": row.balance.mean,
        "balance_error95_yuan": row.balance.margin_95(),
        "short": row.short,
        "likely_month": row.likely_month,
        "likely_month_share": row.likely,
        "runs_out_share_by_month": own.map(|month| month.runs_out.share).collect::<Vec<f64>>(),
        "top_up": needed_json(&row.top_up),
        "unpaid_yuan": row.unpaid.mean,
        "unpaid_error95_yuan": row.unpaid.margin_95(),
        "advanced_yuan": row.advanced.mean,
        "advanced_error95_yuan": row.advanced.margin_95(),
    })
}
