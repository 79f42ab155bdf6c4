//! Who gets more and who gets less, for the terminal and as JSON.

use serde_json::{Value, json};

use super::csv_files::{self, id_or_total};
use super::number::{grouped, maybe, plus_minus, signed_with_margin, unit, yuan};
use super::screen::{Rows, grid};
use super::winners_files::{direction_id, kind_id, largest_fen, size_id};
use crate::lang::Lang;
use crate::projection::compare::Comparison;
use crate::projection::winners::{Absence, N_SIZES, Winners, WinnersRow};
use crate::simulation::winners::{Direction, Kind, NotTheSame, SIZES_YUAN};

/// Both ways, as the columns of the tables go.
const BOTH: [Direction; 2] = [Direction::More, Direction::Less];

/// The persons of all counties by category and by size of the change, then those of each county, and what they bear.
#[must_use]
pub fn text(comparison: &Comparison, rows: Rows, lang: Lang) -> String {
    let winners = match &comparison.winners {
        Ok(winners) => winners,
        Err(absence) => return absent(*absence, lang).map_or_else(String::new, |why| format!("\n{why}\n")),
    };
    if comparison.same_content {
        return String::new();
    }
    let n = winners.n_replicates;
    if winners.is_nothing() {
        return match lang {
            Lang::Zh => format!("\n前{n}次模拟中没有人多得，也没有人少得。\n"),
            Lang::En => format!("\nIn the first {n} replicates nobody gets more and nobody gets less.\n"),
        };
    }
    let title = match lang {
        Lang::Zh => format!(
            "谁多得、谁少得（前{n}次模拟逐人比较：同一批人、同一套随机数；全部救助，含参保资助；每年人数的均值，“±”为95%误差；合计的单位为{}，人均和最多的单位为元）",
            unit(lang)
        ),
        Lang::En => format!(
            "Who gets more and who gets less (persons of the first {n} replicates, each held against itself on the same draws; all assistance, contribution subsidies included; mean number of persons a year, ±: 95 % error; sums in {}, mean and largest change in yuan)",
            unit(lang)
        ),
    };
    let mut out = format!("\n{title}\n{}", by_category(comparison, winners, lang));
    out.push_str(&by_size(comparison, winners, lang));
    if comparison.counties.len() > 1 {
        out.push_str(&by_county(comparison, winners, rows, lang));
    }
    out.push_str(&others(comparison, winners, lang));
    out + &notes(winners, lang)
}

/// Why there is no table; nothing where it was not asked for.
#[must_use]
pub fn absent(absence: Absence, lang: Lang) -> Option<&'static str> {
    let Absence::NotTheSame(reason) = absence else { return None };
    Some(match reason {
        NotTheSame::Persons => lang.pick(
            "没有逐人比较：两方案的人口、参保或人数的不确定性不同，测算的不是同一批人，多得和少得无从逐人比较。",
            "No winners and losers: the population, enrolment or the uncertainty of the numbers of persons differs, so that the persons are not the same and none can be held against itself.",
        ),
        NotTheSame::Illness => lang.pick(
            "没有逐人比较：两方案的疾病模型或不确定性来源不同，同一个人的费用不同，差额不全是政策造成的。",
            "No winners and losers: the illness model or the sources of uncertainty differ, so that the same person has other bills and a difference is not the rules' alone.",
        ),
    })
}

fn persons(value: f64) -> String {
    // Of few persons a year the tenths matter.
    grouped(value, usize::from(value < 100.0))
}

/// A number of persons with its 95 % error.
fn persons_with_margin(row: &WinnersRow) -> String {
    plus_minus(persons(row.persons.mean), row.persons.margin_95(), persons)
}

/// Number, error, sum with its error, mean and largest change; dashes where there is nobody.
fn cells(row: Option<&WinnersRow>) -> [String; 5] {
    let Some(row) = row else { return ["0", "-", "-", "-", "-"].map(ToOwned::to_owned) };
    [
        persons(row.persons.mean),
        maybe(row.persons.margin_95(), persons),
        signed_with_margin(&row.yuan),
        grouped(row.mean_yuan, 0),
        grouped(yuan(largest_fen(row)), 0),
    ]
}

fn by_category(comparison: &Comparison, winners: &Winners, lang: Lang) -> String {
    let header = [
        lang.pick("年度", "Year"),
        lang.pick("人员类别", "Category"),
        lang.pick("多得人数", "Get more"),
        "±",
        lang.pick("合计", "Sum"),
        lang.pick("人均", "Mean"),
        lang.pick("最多", "Largest"),
        lang.pick("少得人数", "Get less"),
        "±",
        lang.pick("合计", "Sum"),
        lang.pick("人均", "Mean"),
        lang.pick("最多", "Largest"),
        lang.pick("不变人数", "Get the same"),
    ];
    let mut rows = Vec::new();
    for year in comparison.base.year_numbers() {
        let own: Vec<&WinnersRow> =
            winners.of(None, year, Kind::Assistance).filter(|row| row.whom.size.is_none()).collect();
        let n = comparison.base.categories.len();
        for category in (0..n).map(Some).chain([None]) {
            let of = |direction| {
                own.iter()
                    .copied()
                    .find(|row| (row.whom.category, row.whom.direction) == (category, direction))
            };
            let both = BOTH.map(of);
            if both == [None, None] {
                continue;
            }
            let name = category.map(|category| &comparison.base.categories[category]);
            let name = name.map_or(lang.pick("合计", "Total"), |name| lang.pick(&name.zh, &name.en));
            let mut row = vec![year.to_string(), name.to_owned()];
            row.extend(both.into_iter().flat_map(cells));
            row.push(of(Direction::Same).map_or_else(|| "0".to_owned(), |row| persons(row.persons.mean)));
            rows.push(row);
        }
    }
    grid(&header, rows.into_iter(), 2)
}

/// A size class in words.
pub(super) fn size_label(size: usize, lang: Lang) -> String {
    let bound = |at: usize| {
        SIZES_YUAN.get(at).map_or_else(String::new, |yuan| {
            #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
            let yuan = *yuan as f64;
            grouped(yuan, 0)
        })
    };
    match (size, size + 1 < N_SIZES) {
        (0, _) => format!("{}{}", lang.pick("不超过", "up to "), bound(0)),
        (_, true) => format!("{}–{}", bound(size - 1), bound(size)),
        (_, false) => format!("{}{}", lang.pick("超过", "above "), bound(size - 1)),
    }
}

fn by_size(comparison: &Comparison, winners: &Winners, lang: Lang) -> String {
    let labels: Vec<String> = (0..N_SIZES).map(|size| size_label(size, lang)).collect();
    let mut header =
        vec![lang.pick("年度", "Year"), lang.pick("一人一年的变化（元）", "Change, yuan a person and year")];
    header.extend(labels.iter().map(String::as_str));
    let mut rows = Vec::new();
    for year in comparison.base.year_numbers() {
        for (direction, name) in
            BOTH.into_iter().zip([lang.pick("多得人数", "Get more"), lang.pick("少得人数", "Get less")])
        {
            let of = |size: usize| {
                winners.of(None, year, Kind::Assistance).find(|row| {
                    (row.whom.category, row.whom.direction, row.whom.size) == (None, direction, Some(size))
                })
            };
            let classes: Vec<Option<&WinnersRow>> = (0..N_SIZES).map(of).collect();
            if classes.iter().all(Option::is_none) {
                continue;
            }
            let mut row = vec![year.to_string(), name.to_owned()];
            row.extend(
                classes
                    .into_iter()
                    .map(|own| own.map_or_else(|| "0".to_owned(), |row| persons(row.persons.mean))),
            );
            rows.push(row);
        }
    }
    grid(&header, rows.into_iter(), 2)
}

fn by_county(comparison: &Comparison, winners: &Winners, rows: Rows, lang: Lang) -> String {
    let years = comparison.base.year_numbers();
    let of =
        |county: usize, year: u16, direction| winners.all(Some(county), (year, Kind::Assistance, direction));
    let shown = rows.of(&comparison.counties, |county| {
        let all = years.iter().flat_map(|&year| BOTH.map(|direction| of(county, year, direction)));
        all.flatten().map(|row| row.persons.mean).sum()
    });
    let header = [
        lang.pick("县区", "County"),
        lang.pick("年度", "Year"),
        lang.pick("多得人数", "Get more"),
        "±",
        lang.pick("合计", "Sum"),
        lang.pick("少得人数", "Get less"),
        "±",
        lang.pick("合计", "Sum"),
    ];
    let mut lines = Vec::new();
    for &county in comparison.counties.iter().filter(|&&county| shown.includes(Some(county))) {
        for &year in &years {
            let both = BOTH.map(|direction| of(county, year, direction));
            if both == [None, None] {
                continue;
            }
            let name = comparison.base.county_label(Some(county), lang).to_owned();
            let mut line = vec![name, year.to_string()];
            line.extend(both.into_iter().flat_map(|row| cells(row).into_iter().take(3)));
            lines.push(line);
        }
    }
    grid(&header, lines.into_iter(), 1) + &shown.note("winners.csv", lang)
}

/// What changes besides: insurance, and what is left to the persons.
fn others(comparison: &Comparison, winners: &Winners, lang: Lang) -> String {
    let mut out = String::new();
    let names = [
        (Kind::Insurance, lang.pick("基本医保和大病保险支付", "insurance payments")),
        (Kind::SelfPay, lang.pick("个人自付医疗费", "what persons bear of their bills")),
    ];
    for (kind, name) in names {
        for year in comparison.base.year_numbers() {
            let [more, less] = BOTH.map(|direction| winners.all(None, (year, kind, direction)));
            if (more, less) == (None, None) {
                continue;
            }
            let part = |row: Option<&WinnersRow>| {
                row.map_or_else(
                    || ["0", "0.00"].map(str::to_owned),
                    |row| [persons_with_margin(row), signed_with_margin(&row.yuan)],
                )
            };
            let ([n_more, sum_more], [n_less, sum_less], unit) = (part(more), part(less), unit(lang));
            out.push_str(&match lang {
                Lang::Zh => format!("{year}年{name}：{n_less}人减少（合计{sum_less}{unit}），{n_more}人增加（合计{sum_more}{unit}）\n"),
                Lang::En => format!("{year}, {name}: less for {n_less} persons ({sum_less} {unit}), more for {n_more} ({sum_more} {unit})\n"),
            });
        }
    }
    out
}

fn notes(winners: &Winners, lang: Lang) -> String {
    let mut out = String::new();
    if !winners.same_bills {
        out.push_str(lang.pick(
            "两方案中只有一个测算普通门诊费用，两边的费用不同，保险支付和个人自付不作逐人比较。\n",
            "Only one of the scenarios looks at general outpatient bills, so that insurance payments and self-pay are not held against each other.\n",
        ));
    }
    if winners.drawn_apart > 0.0 {
        let n = persons(winners.drawn_apart);
        out.push_str(&match lang {
            Lang::Zh => format!("其中平均{n}名普通居民在两方案下都被认定，但先于他们被认定的人不同，其以后年度的费用各自抽取，多得少得部分来自偶然。\n"),
            Lang::En => format!("Of {n} residents, on average, whom lists found under both scenarios the later bills are drawn afresh for each, because the lists found others before them: their change is partly chance.\n"),
        });
    }
    out + lang.pick(
        "按县区、金额分档和险种的明细见 winners.csv。\n",
        "By county, size and kind of payment: see winners.csv.\n",
    )
}

/// The same as JSON, in yuan: of all counties by category and size, of each county all persons together.
#[must_use]
pub fn json(comparison: &Comparison) -> Value {
    let winners = match &comparison.winners {
        Ok(winners) => winners,
        Err(absence) => {
            let [zh, en] = [Lang::Zh, Lang::En].map(|lang| absent(*absence, lang));
            return json!({ "replicates": 0, "explanation_zh": zh, "explanation_en": en, "rows": [] });
        }
    };
    let is_shown =
        |row: &&WinnersRow| row.county.is_none() || (row.whom.category, row.whom.size) == (None, None);
    let row = |row: &WinnersRow| {
        let [code, county] = csv_files::county(&comparison.base, row.county);
        json!({
            "county_code": code,
            "county": county,
            "year": row.whom.year,
            "what_changes": kind_id(row.whom.kind),
            "person_category": id_or_total(&comparison.base.categories, row.whom.category),
            "direction": direction_id(row.whom.direction),
            "size_class": size_id(row.whom.size),
            "persons_per_year": row.persons.mean,
            "persons_per_year_se": row.persons.standard_error,
            "change_yuan": row.yuan.mean,
            "change_se_yuan": row.yuan.standard_error,
            "change_yuan_per_person": row.mean_yuan,
            "change_yuan_per_person_se": row.mean_error_yuan,
            "largest_change_yuan": yuan(largest_fen(row)),
        })
    };
    json!({
        "replicates": winners.n_replicates,
        "same_bills": winners.same_bills,
        "persons_drawn_apart": winners.drawn_apart,
        "rows": winners.rows.iter().filter(is_shown).map(row).collect::<Vec<Value>>(),
    })
}
