//! The budgets and accounts of a run for the terminal, and as JSON.

use serde_json::{Value, json};

use super::csv_files;
use super::number::{maybe, percent, ten_thousands, yuan};
use super::screen::{Rows, Shown, grid, heading, warm_up, warnings};
use super::{screen_uncertainty, waiting_files};
use crate::lang::Lang;
use crate::policy::names::Name;
use crate::projection::Projection;
use crate::projection::budget::{Absence, AccountRow, BudgetRow, Needed, Probability, SAFETIES};
use crate::projection::warning::starred;
use crate::stats::margin_95;

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
    let in_force = own.iter().any(|row| row.budget_fen.is_some());
    let safeties = [80, 90, 95, 99].map(|at| starred(at, projection.layout.n_replicates));
    let mut header = vec![lang.pick("县区", "County"), lang.pick("年度", "Year"), lang.pick("均值", "Mean")];
    if in_force {
        header.extend([
            lang.pick("现行预算", "Budget"),
            lang.pick("超过概率", "Exceeded"),
            lang.pick("95%区间", "95 % interval"),
            lang.pick("平均缺口", "Shortfall"),
        ]);
    }
    for safety in &safeties {
        header.extend([safety.as_str(), "±"]);
    }
    let rows = own.into_iter().map(|row| {
        let mut cells =
            vec![projection.layout.county_label(row.county, lang).to_owned(), row.year.to_string()];
        cells.push(ten_thousands(row.spending.mean));
        if in_force {
            cells.push(maybe(row.budget_fen.map(yuan), ten_thousands));
            cells.extend(chance(row.exceeded));
            cells.push(maybe(row.shortfall.map(|shortfall| shortfall.mean), ten_thousands));
        }
        cells.extend(needed(&row.needed));
        cells
    });
    grid(&header, rows, 1)
}

fn chance(of: Option<Probability>) -> [String; 2] {
    match of {
        Some(of) => [percent(of.share), format!("{}–{}", percent(of.low), percent(of.high))],
        None => ["-".to_owned(), "-".to_owned()],
    }
}

fn needed(all: &[Needed]) -> impl Iterator<Item = String> {
    all.iter().flat_map(|needed| {
        [ten_thousands(yuan(needed.fen)), maybe(needed.error_yuan.map(margin_95), ten_thousands)]
    })
}

/// The funds with revenue; where there is none, how it is given.
fn accounts(projection: &Projection, shown: &Shown, lang: Lang) -> String {
    if let Some(absence) = projection.no_account {
        return format!("\n{}\n", why_none(absence, lang));
    }
    let safeties = [80, 95].map(|at| starred(at, projection.layout.n_replicates));
    let header = [
        lang.pick("县区", "County"),
        lang.pick("年度", "Year"),
        lang.pick("收入", "Revenue"),
        lang.pick("支付", "Paid"),
        lang.pick("年末结余", "Balance"),
        "±",
        lang.pick("不足概率", "Short"),
        lang.pick("95%区间", "95 % interval"),
        lang.pick("最可能用尽月", "Likely month"),
        &format!("{}{}", lang.pick("累计补充", "Top-up "), safeties[0]),
        "±",
        &format!("{}{}", lang.pick("累计补充", "Top-up "), safeties[1]),
        "±",
        lang.pick("待支付", "Unpaid"),
        lang.pick("垫付", "Advanced"),
    ];
    let own = projection.accounts.iter().filter(|row| row.county.is_none_or(|_| shown.includes(row.county)));
    let rows = own.map(|row| {
        let mut cells =
            vec![projection.layout.county_label(row.county, lang).to_owned(), row.year.to_string()];
        cells.extend([row.revenue.mean, row.paid.mean, row.balance.mean].map(ten_thousands));
        cells.push(maybe(row.balance.margin_95(), ten_thousands));
        cells.extend(chance(Some(row.short)));
        cells.push(row.likely_month.map_or_else(|| "-".to_owned(), |month| month.to_string()));
        cells.extend(needed(&[row.top_up[0], row.top_up[2]]));
        cells.extend([row.unpaid.mean, row.advanced.mean].map(ten_thousands));
        cells
    });
    let title =
        lang.pick("基金收支（逐月见 account_months.csv）", "Fund accounts (by month: account_months.csv)");
    let table = format!("\n{title}\n{}{}", grid(&header, rows, 1), shown.note("account.csv", lang));
    table + &spans(projection, lang)
}

const fn why_none(absence: Absence, lang: Lang) -> &'static str {
    match absence {
        Absence::NoRevenue => lang.pick(
            "没有基金收支：地区文件的 [fund] 没有给出首年收入，只列所需预算；写法见 docs/fund.md",
            "No fund account: [fund] of the place gives no revenue of the first year, so only what is needed is shown; see docs/fund.md",
        ),
        Absence::LaterYears => lang.pick(
            "没有基金收支：账户从方案首年算起，而首年不在所列年度内；请去掉 --years 或从首年列起",
            "No fund account: accounts begin with the scenario's first year, which is not reported; leave out --years or begin with it",
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
        "paid_yuan": row.paid.mean,
        "balance_yuan": row.balance.mean,
        "balance_error95_yuan": row.balance.margin_95(),
        "short": row.short,
        "likely_month": row.likely_month,
        "runs_out_share_by_month": own.map(|month| month.runs_out.share).collect::<Vec<f64>>(),
        "top_up": needed_json(&row.top_up),
        "unpaid_yuan": row.unpaid.mean,
        "advanced_yuan": row.advanced.mean,
    })
}
