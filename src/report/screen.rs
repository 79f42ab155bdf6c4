//! The result of a run for the terminal, and as JSON.
//!
//! No borders and no characters whose width differs between terminals, so that columns with Chinese text stay in line.

use comfy_table::{CellAlignment, ContentArrangement, Table as Grid, TableStyle};
use serde_json::{Value, json};

use super::csv_files;
use super::number::{grouped, maybe, percent, ten_thousands, unit, yuan};
use super::pooling_files;
use super::screen_uncertainty;
use crate::lang::Lang;
use crate::policy::names::Name;
use crate::projection::Projection;
use crate::projection::assumed::{KINDS, kind_label};
use crate::projection::layout::Layout;
use crate::projection::money::{MoneyRow, Part};
use crate::projection::warning::{brief, starred};
use crate::stats::margin_95;

/// How many counties are shown at most unless all are asked for, and how many of them where they are more.
const MANY_COUNTIES: usize = 20;
const LARGEST_COUNTIES: usize = 10;

/// Which counties the screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rows {
    /// All where they are few, else the largest, and always all of them together.
    #[default]
    Largest,
    /// Every county.
    All,
}

/// The counties that are shown, and how many there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    counties: Vec<usize>,
    n: usize,
}

impl Rows {
    /// The counties to show, by the size of what is shown of them.
    pub(super) fn of(self, counties: &[usize], size: impl Fn(usize) -> f64) -> Shown {
        let mut chosen = counties.to_vec();
        if self == Self::Largest && counties.len() > MANY_COUNTIES {
            chosen.sort_by(|&a, &b| size(b).total_cmp(&size(a)));
            chosen.truncate(LARGEST_COUNTIES);
        }
        Shown { counties: chosen, n: counties.len() }
    }
}

impl Shown {
    /// Whether a row is shown; of one county alone, all counties together say nothing more.
    pub(super) fn includes(&self, county: Option<usize>) -> bool {
        county.map_or(self.n != 1, |county| self.counties.contains(&county))
    }

    /// Where the other counties are to be found.
    pub(super) fn note(&self, file: &str, lang: Lang) -> String {
        let (n, left) = (self.counties.len(), self.n - self.counties.len());
        match lang {
            _ if left == 0 => String::new(),
            Lang::Zh => format!("仅列最大的{n}个县区；其余{left}个见 {file}，或加 --all-counties\n"),
            Lang::En => format!("the {n} largest counties; {left} more in {file}, or with --all-counties\n"),
        }
    }
}

/// The tables of a run: each funder with money, all funders, what pooling saves, and the warnings.
#[must_use]
pub fn text(projection: &Projection, rows: Rows, lang: Lang) -> String {
    let layout = &projection.layout;
    let errors = lang.pick(
        "“±”为左侧数值的95%蒙特卡洛误差，“-”为模拟次数不足、无法给出",
        "±: 95 % Monte Carlo error of the figure on its left; -: not known from so few replicates",
    );
    let mut out = heading(lang.pick(&layout.title_zh, &layout.title_en), layout.n_replicates, errors, lang);
    out.push_str(&warm_up(layout, lang));
    let shown = rows.of(&projection.counties, |county| {
        let of = |row: &&MoneyRow| row.county == Some(county) && row.part == Part::TOTAL;
        projection.money.iter().filter(of).map(|row| row.spending.yuan.mean).sum()
    });
    for part in shown_parts(projection) {
        out.push_str(&format!("\n{}\n", funder_label(&layout.funders, part, lang)));
        out.push_str(&spending_grid(projection, (part, &shown), lang));
        out.push_str(&shown.note("projection.csv", lang));
    }
    if !projection.pooling.is_empty() && projection.counties.len() > 1 {
        out.push_str(&pooling_files::text(projection, lang));
    }
    out.push_str(&screen_uncertainty::text(projection, lang));
    out.push_str(&assumed(projection, lang));
    out.push_str(&warnings(projection, lang));
    out
}

/// The first line: title, replicates, unit, what the errors are.
pub(super) fn heading(title: &str, n_replicates: usize, errors: &str, lang: Lang) -> String {
    let n = grouped(n_replicates as f64, 0);
    let unit = unit(lang);
    match lang {
        Lang::Zh => format!("{title}\n{n}次模拟；单位：{unit}；{errors}\n"),
        Lang::En => {
            format!("{title}\n{n} {}; unit: {unit}; {errors}\n", Lang::replicates(n_replicates as u64))
        }
    }
}

/// Which years came before those of the table, and why.
pub(super) fn warm_up(layout: &Layout, lang: Lang) -> String {
    let (Some(first), Some(last)) = (layout.warm_up.first(), layout.warm_up.last()) else {
        return lang
            .pick(
                "未设预热年：首年没有上一年的费用和认定，支出偏低\n",
                "No warm-up: the first year knows no bills and recognitions of the year before, and is too low\n",
            )
            .to_owned();
    };
    let mut of: Vec<String> = layout.warm_up.iter().map(|year| year.rules_of.to_string()).collect();
    of.dedup();
    match lang {
        Lang::Zh => format!(
            "预热：先按{}年规则测算{}—{}年（不计入结果），使首年的申请救助、预警和认定有上年基础\n",
            of.join("、"),
            first.year,
            last.year
        ),
        Lang::En => format!(
            "Warm-up: {} to {} were simulated first under the rules of {} and are not reported, so that applications, \
             lists and recognitions of the first year have a past\n",
            first.year,
            last.year,
            of.join(" and ")
        ),
    }
}

/// Funders that pay anything anywhere, then all of them if there are several.
pub(super) fn shown_parts(projection: &Projection) -> Vec<Part> {
    let own = (0..projection.layout.funders.len()).map(Part::funder);
    let pays = |part: &Part| {
        let rows = projection.money.iter().filter(|row| row.part == *part);
        rows.into_iter().any(|row| row.spending.yuan.mean != 0.0)
    };
    let mut parts: Vec<Part> = own.filter(pays).collect();
    if parts.len() != 1 {
        parts.push(Part::TOTAL);
    }
    parts
}

pub(super) fn funder_label(funders: &[Name], part: Part, lang: Lang) -> &str {
    let funder = part.funder.and_then(|funder| funders.get(funder));
    funder.map_or(lang.pick("各出资方合计", "All funders"), |name| lang.pick(&name.zh, &name.en))
}

fn spending_grid(projection: &Projection, (part, shown): (Part, &Shown), lang: Lang) -> String {
    // The warnings below the tables say what a star means.
    let percentiles = [50, 90, 95].map(|at| starred(at, projection.layout.n_replicates));
    let header = [
        lang.pick("县区", "County"),
        lang.pick("年度", "Year"),
        lang.pick("均值", "Mean"),
        "±",
        &percentiles[0],
        "±",
        &percentiles[1],
        "±",
        &percentiles[2],
        "±",
        lang.pick("人均（元）", "Yuan a head"),
    ];
    let own = projection.money.iter().filter(|row| row.part == part && shown.includes(row.county));
    let rows = own.map(|row| {
        let spending = &row.spending;
        let mut cells =
            vec![projection.layout.county_label(row.county, lang).to_owned(), row.year.to_string()];
        cells.push(ten_thousands(spending.yuan.mean));
        cells.push(maybe(spending.yuan.margin_95(), ten_thousands));
        for (yuan, error) in spending.budgets_yuan() {
            cells.push(ten_thousands(yuan));
            cells.push(maybe(error.map(margin_95), ten_thousands));
        }
        cells.push(maybe(projection.yuan_per_resident(row), |yuan| grouped(yuan, 2)));
        cells
    });
    grid(&header, rows, 1)
}

/// How much of the money rests on assumed inputs, in words; nothing where nothing is spent.
fn assumed(projection: &Projection, lang: Lang) -> String {
    let Some((row, any)) = projection.resting_on_assumed().and_then(|row| Some((row, row.any?))) else {
        return String::new();
    };
    let kinds: Vec<String> = row
        .kinds
        .iter()
        .enumerate()
        .filter_map(|(kind, share)| Some(format!("{} {}", kind_label(kind, lang), percent((*share)?))))
        .collect();
    let any = percent(any);
    match lang {
        Lang::Zh => format!(
            "\n支出均值中至少依赖一类推算数据的占{any}；按类别：{}（互有重叠，不可相加）\n",
            kinds.join("，")
        ),
        Lang::En => format!(
            "\n{any} of the mean spending rests on at least one kind of assumed input; by kind (they overlap and do not add up): {}\n",
            kinds.join(", ")
        ),
    }
}

/// A grid of text columns on the left and numbers, aligned right, on the other side.
#[must_use]
pub fn grid(header: &[&str], rows: impl Iterator<Item = Vec<String>>, n_text: usize) -> String {
    let mut grid = Grid::new();
    grid.load_style(TableStyle::new()).set_content_arrangement(ContentArrangement::Disabled);
    grid.set_header(header.to_vec());
    rows.for_each(|row| {
        grid.add_row(row);
    });
    for column in grid.column_iter_mut() {
        column.set_padding((0, 2));
        if column.index >= n_text {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    // A rule below each heading shows where a column begins and ends, to readers and to what breaks wide tables.
    let rule: Vec<String> =
        grid.column_max_content_widths().into_iter().map(|width| "-".repeat(width.into())).collect();
    let mut lines: Vec<String> = grid.lines().map(|line| line.trim_end().to_owned()).collect();
    lines.insert(1, rule.join("  "));
    lines.join("\n") + "\n"
}

pub(super) fn warnings(projection: &Projection, lang: Lang) -> String {
    if projection.warnings.is_empty() {
        return String::new();
    }
    let mut out = format!("\n{}\n", lang.pick("提示", "Warnings"));
    for warning in brief(&projection.warnings, &projection.layout, lang) {
        out.push_str(&format!("  - {warning}\n"));
    }
    out
}

/// The same as JSON, in yuan.
#[must_use]
pub fn json(projection: &Projection) -> Value {
    let layout = &projection.layout;
    let shown = shown_parts(projection);
    let warning =
        |lang| projection.warnings.iter().map(|one| one.text(layout, lang)).collect::<Vec<String>>();
    json!({
        "scenario": layout.scenario,
        "title_zh": layout.title_zh,
        "title_en": layout.title_en,
        "seed": layout.seed,
        "replicates": layout.n_replicates,
        "unit": "yuan",
        "spending": projection.money.iter().filter(|row| shown.contains(&row.part))
            .map(|row| spending_json(projection, row)).collect::<Vec<Value>>(),
        "uncertainty": screen_uncertainty::json(projection),
        "pooling": pooling_files::savings_json(projection),
        "pooling_shares": pooling_files::shares_json(projection),
        "resting_on_assumed_inputs": projection.resting_on_assumed().map(|row| json!({
            "shares": KINDS.into_iter().zip(row.kinds).collect::<std::collections::BTreeMap<_, _>>(),
            "any": row.any,
        })),
        "warnings_zh": warning(Lang::Zh),
        "warnings_en": warning(Lang::En),
    })
}

fn spending_json(projection: &Projection, row: &MoneyRow) -> Value {
    let [code, county] = csv_files::county(&projection.layout, row.county);
    let spending = &row.spending;
    json!({
        "county_code": code,
        "county": county,
        "residents": projection.residents(row.county),
        "year": row.year,
        "funder": csv_files::id_or_total(&projection.layout.funders, row.part.funder),
        "mean_yuan": spending.yuan.mean,
        "error95_yuan": spending.yuan.margin_95(),
        "p50_yuan": yuan(spending.p50_fen),
        "p50_se_yuan": spending.p50_error_yuan,
        "p90_yuan": yuan(spending.p90_fen),
        "p90_se_yuan": spending.p90_error_yuan,
        "p95_yuan": yuan(spending.p95_fen),
        "p95_se_yuan": spending.p95_error_yuan,
        "yuan_per_resident": projection.yuan_per_resident(row),
    })
}
