//! What a figure of a budget depends on, for the terminal and as JSON.

use serde_json::{Value, json};

use super::csv_files;
use super::number::{maybe, percent, plus_minus, signed_ten_thousands, ten_thousands};
use super::screen::{Rows, grid, heading};
use super::sensitivity::{Sensitive, payer_id};
use crate::lang::Lang;
use crate::projection::sensitivity::{SensitivityRow, Varied};
use crate::stats::margin_95;

/// Inputs that the screen shows of all counties, and of each county.
const SHOWN: usize = 14;
const SHOWN_OF_A_COUNTY: usize = 3;

/// The last year: all counties, then the widest inputs of each, and what to find out first.
#[must_use]
pub fn text(sensitive: &Sensitive<'_>, shown: Rows, lang: Lang) -> String {
    let layout = sensitive.layout;
    let errors = lang.pick(
        "低端、高端：不确定的输入取其第10和第90百分位，--vary 的输入取所给两端；“±”为95%误差",
        "low, high: an uncertain input at its 10th and 90th percentile, one of --vary at its ends; ±: 95 % error",
    );
    let mut out = heading(lang.pick(&layout.title_zh, &layout.title_en), layout.n_replicates, errors, lang);
    let rows = sensitive.of_whole();
    out.push_str(&format!("\n{}\n{}", title(sensitive, lang), of_whole(sensitive, lang)));
    if let Some(share) = sensitive.luck_of_whole() {
        let share = percent(share);
        out.push_str(&match lang {
            Lang::Zh => format!("个人偶然性占方差{share}\n"),
            Lang::En => format!("luck of single persons: {share} of the variance\n"),
        });
    }
    let without_total = rows.iter().filter_map(|row| row.sobol).filter(|sobol| sobol.total.is_none());
    if let Some(needs) = without_total.map(|sobol| sobol.total_needs).max() {
        out.push_str(&match lang {
            Lang::Zh => format!("总效应未列出：分辨共同作用至少需要{needs}次模拟（--replicates {needs}）\n"),
            Lang::En => format!(
                "no totals: to tell what acts together takes at least {needs} replicates (--replicates {needs})\n"
            ),
        });
    }
    if rows.iter().filter_map(|row| row.sobol).any(|sobol| sobol.first.0 < 0.0) {
        out.push_str(lang.pick(
            "占方差为负的，是估计误差所致，应看作0\n",
            "shares below 0 come of the error of the estimate and are to be read as 0\n",
        ));
    }
    out.push_str(&by_county(sensitive, shown, lang));
    out.push_str(&format!("\n{}\n", conclusion(sensitive, lang)));
    out
}

fn title(sensitive: &Sensitive<'_>, lang: Lang) -> String {
    let year = sensitive.last_year().unwrap_or_default();
    let place = sensitive.layout.county_label(sensitive.whole(), lang);
    let (figure, payer) = (sensitive.figure_label(lang), sensitive.payer_label(lang));
    let value = sensitive.of_whole().first().map_or(0.0, |row| row.figure.0);
    let error = sensitive.of_whole().first().and_then(|row| row.figure.1).map(margin_95);
    let (value, error) = (ten_thousands(value), maybe(error, ten_thousands));
    match lang {
        Lang::Zh => {
            format!("{place}{year}年{payer}支出的{figure}：{value} ± {error}；各输入取低端、高端时变动多少")
        }
        Lang::En => format!(
            "{place}, {year}: {figure} of the spending of {payer} is {value} ± {error}; by how much it moves with each input"
        ),
    }
}

fn of_whole(sensitive: &Sensitive<'_>, lang: Lang) -> String {
    let (rows, left) = sensitive.widest(sensitive.whole(), SHOWN);
    let header = [
        lang.pick("输入", "Input"),
        lang.pick("低端", "Low"),
        lang.pick("高端", "High"),
        lang.pick("低端时", "at low"),
        "±",
        lang.pick("高端时", "at high"),
        "±",
        lang.pick("两端差", "apart"),
        "±",
        lang.pick("单独占方差", "Alone"),
        "±",
        lang.pick("总效应", "Total"),
        "±",
        lang.pick("若查清下降", "Worth"),
        "±",
    ];
    let cells = |row: &&SensitivityRow| {
        let first = row.sobol.map(|sobol| sobol.first);
        let total = row.sobol.and_then(|sobol| sobol.total);
        let worth = row.worth.map(|worth| worth[0]);
        let [low, high] = [0, 1].map(|at| sensitive.value(&row.varied, at, &row.ends[at]));
        let mut cells = vec![sensitive.label(&row.varied, lang), low, high];
        for (yuan, error) in row.ends.map(|end| end.moved).into_iter().chain([row.swing]) {
            cells.push(signed_ten_thousands(yuan));
            cells.push(maybe(error.map(margin_95), ten_thousands));
        }
        for index in [first, total] {
            cells.push(maybe(index.map(|index| index.0), percent));
            cells.push(maybe(index.map(|index| margin_95(index.1)), percent));
        }
        cells.push(maybe(worth.map(|worth| worth.0), ten_thousands));
        cells.push(maybe(worth.and_then(|worth| worth.1).map(margin_95), ten_thousands));
        cells
    };
    let one_sided = rows.iter().any(|row| {
        let moved = row.ends.map(|end| end.moved.0);
        matches!(row.varied, Varied::Uncertain(_)) && moved[0] * moved[1] > 0.0
    });
    let why_one_sided = match one_sided {
        true => lang.pick(
            "两端都在现值同一侧的：固定该输入，它自身的波动随之消失，分位数因此下降；两端之差才是它的影响（见 docs/sensitivity.md）\n",
            "Both ends on one side: held at an end an input no longer varies, which lowers a percentile; what it moves is the difference of the ends (docs/sensitivity.md)\n",
        ),
        false => "",
    };
    let more = match (left, lang) {
        (0, _) => String::new(),
        (n, Lang::Zh) => format!("另有{n}项影响较小，见 sensitivity.csv\n"),
        (n, Lang::En) => format!("{n} more that matter less: sensitivity.csv\n"),
    };
    grid(&header, rows.iter().map(cells), 1) + &more + why_one_sided
}

/// The widest inputs of each county.
fn by_county(sensitive: &Sensitive<'_>, shown: Rows, lang: Lang) -> String {
    if sensitive.counties.len() < 2 {
        return String::new();
    }
    let size = |county: usize| sensitive.of(Some(county)).first().map_or(0.0, |row| row.figure.0);
    let counties = shown.of(sensitive.counties, size);
    let own = sensitive.counties.iter().filter(|county| counties.includes(Some(**county)));
    let lines = own.flat_map(|&county| {
        let rows = sensitive.of(Some(county));
        let cells = |(at, row): (usize, &&SensitivityRow)| {
            let name = if at == 0 { sensitive.layout.county_label(Some(county), lang) } else { "" };
            let figure = if at == 0 { with_error(ten_thousands, row.figure) } else { String::new() };
            let [low, high] = row.ends.map(|end| with_error(signed_ten_thousands, end.moved));
            let apart = with_error(signed_ten_thousands, row.swing);
            let worth = row.worth.map(|worth| with_error(ten_thousands, worth[0]));
            let worth = worth.unwrap_or_else(|| "-".to_owned());
            vec![name.to_owned(), sensitive.label(&row.varied, lang), figure, low, high, apart, worth]
        };
        rows.iter().take(SHOWN_OF_A_COUNTY).enumerate().map(cells).collect::<Vec<_>>()
    });
    let figure = sensitive.figure_label(lang);
    let header = [
        lang.pick("县区", "County"),
        lang.pick("影响最大的输入", "Widest inputs"),
        &figure,
        lang.pick("低端时", "at low"),
        lang.pick("高端时", "at high"),
        lang.pick("两端差", "apart"),
        lang.pick("若查清下降", "Worth"),
    ];
    format!("\n{}", grid(&header, lines, 2))
}

/// An amount and the 95 % error that goes with its standard error, where that is known.
fn with_error(show: fn(f64) -> String, (yuan, error): (f64, Option<f64>)) -> String {
    plus_minus(show(yuan), error.map(margin_95), ten_thousands)
}

/// What to find out first, from the figures above, and where it is written.
fn conclusion(sensitive: &Sensitive<'_>, lang: Lang) -> String {
    // Only a percentile that a reserve is built for falls when an input is known.
    let is_asked = sensitive.rows.iter().any(|row| row.worth.is_some());
    let found = sensitive.first_to_find_out(lang).unwrap_or_else(|| {
        match is_asked {
            true => lang.pick(
                "没有一项输入查清后的下降能与0显著区分。",
                "There is no input of which knowing it would save more than its error.",
            ),
            false => lang.pick(
                "查清一项输入平均而言不改变该统计量；“若查清下降”只对中位数以上的分位数（如P95）计算。",
                "To know an input moves this figure by nothing on average: what it is worth is worked out for percentiles above the median (such as P95) only.",
            ),
        }
        .to_owned()
    });
    let place = lang.pick(
        "各项写在哪个文件：fundcast fill 方案文件；政策取值用 --vary KEY=低..高 加入比较。",
        "Where each is written: fundcast fill SCENARIO; values of the policy are added by --vary KEY=LOW..HIGH.",
    );
    format!("{found}\n{place}")
}

/// The same as JSON, in yuan.
#[must_use]
pub fn json(sensitive: &Sensitive<'_>) -> Value {
    let pair = |index: Option<(f64, f64)>| index.map(|(share, error)| json!({ "share": share, "se": error }));
    let row = |row: &SensitivityRow| {
        let [code, county] = csv_files::county(sensitive.layout, row.county);
        let end = |at: usize| {
            let end = &row.ends[at];
            json!({ "value": sensitive.number(&row.varied, end), "yuan": end.yuan, "se_yuan": end.error_yuan,
                "moved_yuan": end.moved.0, "moved_se_yuan": end.moved.1 })
        };
        let worth = |at: usize| row.worth.map(|worth| json!({ "yuan": worth[at].0, "se_yuan": worth[at].1 }));
        json!({
            "county_code": code, "county": county, "year": row.year,
            "statistic_yuan": row.figure.0, "statistic_se_yuan": row.figure.1,
            "varied": sensitive.id(&row.varied),
            "zh": sensitive.label(&row.varied, Lang::Zh), "en": sensitive.label(&row.varied, Lang::En),
            "low": end(0), "high": end(1),
            "swing_yuan": row.swing.0, "swing_se_yuan": row.swing.1,
            "first_order": pair(row.sobol.map(|sobol| sobol.first)),
            "total_order": pair(row.sobol.and_then(|sobol| sobol.total)),
            "fall_if_known": worth(0), "fall_if_halved": worth(1),
        })
    };
    let luck = sensitive.luck.iter().map(|luck| {
        let [code, county] = csv_files::county(sensitive.layout, luck.county);
        json!({ "county_code": code, "county": county, "year": luck.year, "share_of_variance": luck.share })
    });
    json!({
        "funder": payer_id(sensitive), "statistic": sensitive.figure.name(), "unit": "yuan",
        "replicates": sensitive.layout.n_replicates,
        "rows": sensitive.rows.iter().map(row).collect::<Vec<_>>(),
        "luck": luck.collect::<Vec<_>>(),
        "find_out_first": { "zh": sensitive.first_to_find_out(Lang::Zh), "en": sensitive.first_to_find_out(Lang::En) },
    })
}
