//! What a taper saves and its end costs: table, chart, screen and JSON.

use serde_json::{Value, json};

use super::csv_files::{county, id_or_total, write_columns};
use super::figures::Figure;
use super::number::{grouped, maybe, signed_ten_thousands, ten_thousands, unit};
use super::screen::{grid, heading};
use super::table::{self, average, fen, maybe as field};
use super::tables;
use super::write::{RunFolder, WriteError};
use crate::chart::{Difference, DifferenceRow};
use crate::lang::Lang;
use crate::projection::difference::DifferenceRow as Row;
use crate::projection::layout::Layout;
use crate::projection::money::Part;
use crate::projection::taper::{Answer, LeaversPayerRow, LeaversRow};
use crate::projection::warning::{star_note, starred};
use crate::stats::margin_95;
use crate::units::Fen;

/// The answers about a taper.
#[derive(Debug, Clone)]
pub struct Tapered {
    /// One for each question.
    pub answers: Vec<Answer>,
    /// Who may leave insurance.
    pub leavers: Vec<LeaversRow>,
    /// What is not paid for them, payer by payer.
    pub not_paid: Vec<LeaversPayerRow>,
    /// The weaker and the stronger response.
    pub elasticities: (f64, f64),
}

/// The percentiles that say between which amounts an answer may lie.
const OUTCOMES: [u16; 2] = [5, 95];

/// The rows of an answer that differ at all: each payer and all, no lines.
fn rows(answer: &Answer) -> impl Iterator<Item = &Row> {
    let is_payer = |row: &&Row| row.part.line.is_none();
    answer.comparison.rows.iter().filter(is_payer).filter(|row| !row.difference.is_nothing())
}

/// Writes the tables.
///
/// # Errors
/// What the system says.
pub fn write(folder: &RunFolder, tapered: &Tapered) -> Result<(), WriteError> {
    let answers =
        tapered.answers.iter().flat_map(|answer| rows(answer).map(move |row| answer_row(answer, row)));
    folder.write(tables::TAPER.file, |out| table::write(out, &tables::TAPER, answers))?;
    let Some(first) = tapered.answers.first() else { return Ok(()) };
    let leavers = tapered.leavers.iter().map(|row| {
        let mut fields = county(&first.comparison.base, Some(row.county)).to_vec();
        fields.push(row.own.year.to_string());
        fields.extend([row.own.own_yuan, row.risen, row.persons.0].map(average));
        fields.push(field(row.persons.1));
        fields.extend([row.leave.0, row.leave.1, row.saved_yuan().0, row.saved_yuan().1].map(average));
        fields
    });
    folder.write(tables::TAPER_LEAVERS.file, |out| table::write(out, &tables::TAPER_LEAVERS, leavers))?;
    let layout = &first.comparison.base;
    let payers = tapered.not_paid.iter().map(|row| {
        let mut fields = county(layout, Some(row.county)).to_vec();
        fields.extend([row.year.to_string(), id_or_total(&layout.funders, row.funder)]);
        fields.extend(row.subsidy_yuan.into_iter().chain(row.assistance_yuan).map(average));
        fields.push(field(row.assistance_error_yuan));
        fields
    });
    let table = &tables::TAPER_LEAVERS_PAYERS;
    folder.write(table.file, |out| table::write(out, table, payers))?;
    let all = [&tables::TAPER, &tables::TAPER_LEAVERS, table];
    folder.write(tables::COLUMNS.file, |out| write_columns(out, &all))
}

fn answer_row(answer: &Answer, row: &Row) -> Vec<String> {
    let comparison = &answer.comparison;
    let mut fields = vec![answer.question.name()];
    fields.extend([Lang::Zh, Lang::En].map(|lang| answer.question.text(lang)));
    fields.extend(county(&comparison.base, row.county));
    fields.push(row.year.to_string());
    fields.push(id_or_total(&comparison.funders, row.part.funder));
    let difference = &row.difference;
    fields.push(average(difference.yuan.mean));
    fields.push(field(difference.yuan.standard_error));
    fields.extend([difference.p05_fen, difference.p95_fen].map(fen));
    fields
}

/// The answers of all counties, payer by payer, then who may leave.
#[must_use]
pub fn text(tapered: &Tapered, lang: Lang) -> String {
    let Some(first) = tapered.answers.first() else { return String::new() };
    let layout = &first.comparison.base;
    let errors = lang.pick(
        "比按方案多支出的金额；“±”为均值的95%误差，P5和P95为各次模拟的范围",
        "how much more is spent than as written; ±: 95 % error of the mean, P5 and P95: range of the outcomes",
    );
    let mut out = heading(lang.pick(&layout.title_zh, &layout.title_en), layout.n_replicates, errors, lang);
    let ends = OUTCOMES.map(|at| starred(at, layout.n_replicates));
    let mut header = vec![
        lang.pick("如果", "If"),
        lang.pick("年度", "Year"),
        lang.pick("合计", "Total"),
        "±",
        &ends[0],
        &ends[1],
    ];
    let payers: Vec<usize> =
        (0..first.comparison.funders.len()).filter(|payer| is_moved(tapered, *payer)).collect();
    for payer in &payers {
        let name = &first.comparison.funders[*payer];
        header.extend([lang.pick(name.zh.as_str(), name.en.as_str()), "±"]);
    }
    let lines = tapered.answers.iter().flat_map(|answer| of_all_counties(answer, &payers, lang));
    let title = match first.comparison.counties.as_slice() {
        [one] => layout.county_label(Some(*one), lang).to_owned(),
        _ => lang.pick("全部县区（分县见 taper.csv）", "All counties (by county: taper.csv)").to_owned(),
    };
    out.push_str(&format!("\n{title}\n{}", grid(&header, lines, 1)));
    out.extend(star_note(&OUTCOMES, layout.n_replicates, lang).map(|note| note + "\n"));
    out + &leaving(tapered, lang)
}

fn is_moved(tapered: &Tapered, payer: usize) -> bool {
    tapered.answers.iter().flat_map(rows).any(|row| row.part == Part::funder(payer))
}

fn of_all_counties(answer: &Answer, payers: &[usize], lang: Lang) -> Vec<Vec<String>> {
    let comparison = &answer.comparison;
    let of = |year: u16, part: Part| comparison.difference(None, year, part);
    let mut lines = Vec::new();
    for year in comparison.base.year_numbers() {
        let Some(total) = of(year, Part::TOTAL).filter(|total| !total.is_nothing()) else { continue };
        let name = if lines.is_empty() { answer.question.text(lang) } else { String::new() };
        let mut cells = vec![name, year.to_string(), signed_ten_thousands(total.yuan.mean)];
        cells.push(maybe(total.margin_95_yuan(), ten_thousands));
        cells.extend([total.p05_fen, total.p95_fen].map(|fen| signed_ten_thousands(Fen(fen).yuan())));
        for payer in payers {
            let own = of(year, Part::funder(*payer)).filter(|own| !own.is_nothing());
            cells.push(signed_ten_thousands(own.as_ref().map_or(0.0, |own| own.yuan.mean)));
            cells.push(maybe(own.and_then(|own| own.margin_95_yuan()), ten_thousands));
        }
        lines.push(cells);
    }
    if lines.is_empty() {
        let mut cells = vec![answer.question.text(lang), lang.pick("无变化", "nothing").to_owned()];
        cells.resize(6 + 2 * payers.len(), "-".to_owned());
        lines.push(cells);
    }
    lines
}

/// Who may leave insurance: the last year of the subsidy in each county.
fn leaving(tapered: &Tapered, lang: Lang) -> String {
    let Some(first) = tapered.answers.first() else { return String::new() };
    let last = tapered.leavers.iter().map(|row| row.own.year).max();
    let header = [
        lang.pick("县区", "County"),
        lang.pick("年度", "Year"),
        lang.pick("个人缴费（元）", "Own contribution (yuan)"),
        lang.pick("为首年的倍数", "Times the first year's"),
        lang.pick("受资助人数", "Subsidised"),
        lang.pick("可能不再参保", "May leave"),
        lang.pick("上端±", "upper end ±"),
        lang.pick("少付资助", "Subsidy not paid"),
    ];
    let own = tapered.leavers.iter().filter(|row| Some(row.own.year) == last);
    let lines = own.map(|row| {
        let (low, high) = row.saved_yuan();
        vec![
            first.comparison.base.county_label(Some(row.county), lang).to_owned(),
            row.own.year.to_string(),
            grouped(row.own.own_yuan, 2),
            grouped(row.risen, 2),
            grouped(row.persons.0, 0),
            format!("{}–{}", grouped(row.leave.0, 0), grouped(row.leave.1, 0)),
            maybe(row.leave_error().map(margin_95), |persons| grouped(persons, 1)),
            format!("{}–{}", grouped(low / 1e4, 2), grouped(high / 1e4, 2)),
        ]
    });
    let (weak, strong) = tapered.elasticities;
    let unit = unit(lang);
    let title = match lang {
        Lang::Zh => format!(
            "个人缴费上升后可能不再参保的人（参保弹性{strong}至{weak}，为假定；金额{unit}；逐年见 taper_leavers.csv）"
        ),
        Lang::En => format!(
            "Who may leave insurance as the own contribution rises (elasticity {strong} to {weak}, assumed; {unit}; by year: taper_leavers.csv)"
        ),
    };
    format!("\n{title}\n{}{}", grid(&header, lines, 1), payers_of_leavers(tapered, lang))
}

/// What each payer no longer pays for those who leave, in the last year of the subsidy.
fn payers_of_leavers(tapered: &Tapered, lang: Lang) -> String {
    let Some(first) = tapered.answers.first() else { return String::new() };
    let layout = &first.comparison.base;
    let last = tapered.not_paid.iter().map(|row| row.year).max();
    let header = [
        lang.pick("县区", "County"),
        lang.pick("年度", "Year"),
        lang.pick("出资方", "Payer"),
        lang.pick("少付资助", "Subsidy not paid"),
        lang.pick("至多少付救助", "Assistance not paid, at most"),
        lang.pick("上端±", "upper end ±"),
    ];
    let is_shown = |row: &&LeaversPayerRow| {
        Some(row.year) == last && (row.subsidy_yuan[1] > 0.0 || row.assistance_yuan[1] > 0.0)
    };
    let range = |[low, high]: [f64; 2]| format!("{}–{}", ten_thousands(low), ten_thousands(high));
    let lines = tapered.not_paid.iter().filter(is_shown).map(|row| {
        let funder = row.funder.and_then(|funder| layout.funders.get(funder));
        let total = lang.pick("合计", "Total");
        vec![
            layout.county_label(Some(row.county), lang).to_owned(),
            row.year.to_string(),
            funder.map_or(total, |name| lang.pick(&name.zh, &name.en)).to_owned(),
            range(row.subsidy_yuan),
            range(row.assistance_yuan),
            maybe(row.assistance_error_yuan.map(margin_95), ten_thousands),
        ]
    });
    let title = match lang {
        Lang::Zh => {
            "不再参保后各方少付的钱（救助按其患病与同类人员相同计，健康者更可能离开，故为上限，下限为0；见 taper_leavers_payers.csv）"
        }
        Lang::En => {
            "What is then not paid, payer by payer (assistance as if those who leave were as ill as all of their categories; the healthy are likelier to leave, so that it is the most, and 0 the least: taper_leavers_payers.csv)"
        }
    };
    let lines: Vec<Vec<String>> = lines.collect();
    if lines.is_empty() {
        String::new()
    } else {
        format!("\n{title}\n{}", grid(&header, lines.into_iter(), 3))
    }
}

/// The same as JSON.
#[must_use]
pub fn json(tapered: &Tapered) -> Value {
    let answer = |answer: &Answer| {
        let comparison = &answer.comparison;
        let rows = rows(answer).map(|row| {
            let [code, name] = county(&comparison.base, row.county);
            json!({ "county_code": code, "county": name, "year": row.year,
                "funder": id_or_total(&comparison.funders, row.part.funder),
                "mean_yuan": row.difference.yuan.mean, "se_yuan": row.difference.yuan.standard_error,
                "p05_yuan": Fen(row.difference.p05_fen).yuan(), "p95_yuan": Fen(row.difference.p95_fen).yuan() })
        });
        json!({ "question": answer.question.name(), "zh": answer.question.text(Lang::Zh),
            "en": answer.question.text(Lang::En), "rows": rows.collect::<Vec<_>>() })
    };
    let layout = tapered.answers.first().map(|answer| &answer.comparison.base);
    let leavers = tapered.leavers.iter().map(|row| {
        let [code, name] = layout.map(|layout| county(layout, Some(row.county))).unwrap_or_default();
        json!({ "county_code": code, "county": name, "year": row.own.year, "own_contribution_yuan": row.own.own_yuan,
            "risen": row.risen, "subsidised": row.persons.0, "leave_low": row.leave.0, "leave_high": row.leave.1,
            "subsidy_not_paid_low_yuan": row.saved_yuan().0, "subsidy_not_paid_high_yuan": row.saved_yuan().1 })
    });
    json!({ "answers": tapered.answers.iter().map(answer).collect::<Vec<_>>(),
        "elasticity": { "weaker": tapered.elasticities.0, "stronger": tapered.elasticities.1, "status": "assumed" },
        "leavers": leavers.collect::<Vec<_>>(),
        "leavers_payers": tapered.not_paid.iter().filter_map(|row| Some(payer_json(layout?, row))).collect::<Vec<_>>() })
}

fn payer_json(layout: &Layout, row: &LeaversPayerRow) -> Value {
    let [code, name] = county(layout, Some(row.county));
    json!({ "county_code": code, "county": name, "year": row.year, "funder": id_or_total(&layout.funders, row.funder),
        "subsidy_not_paid_low_yuan": row.subsidy_yuan[0], "subsidy_not_paid_high_yuan": row.subsidy_yuan[1],
        "assistance_not_paid_low_yuan": row.assistance_yuan[0], "assistance_not_paid_high_yuan": row.assistance_yuan[1],
        "assistance_not_paid_high_se_yuan": row.assistance_error_yuan })
}

/// What each question comes to over all counties, in each year in which it matters.
#[must_use]
pub fn charts(tapered: &Tapered, lang: Lang) -> Vec<Figure> {
    let mut all = Vec::new();
    for answer in &tapered.answers {
        for row in rows(answer).filter(|row| row.part == Part::TOTAL && row.county.is_none()) {
            all.push(DifferenceRow {
                scenario: match answer.comparison.counties.as_slice() {
                    [one] => {
                        let county = answer.comparison.base.county_label(Some(*one), lang);
                        lang.pick("如改为左列（", "as on the left (").to_owned()
                            + county
                            + lang.pick("）", ")")
                    }
                    _ => lang.pick("如改为左列（全部县区）", "as on the left, all counties").to_owned(),
                },
                county: answer.question.text(lang),
                year: i32::from(row.year),
                mean_yuan: row.difference.yuan.mean,
                error95_yuan: row.difference.margin_95_yuan(),
                p05_yuan: Fen(row.difference.p05_fen).yuan(),
                p95_yuan: Fen(row.difference.p95_fen).yuan(),
            });
        }
    }
    let whole =
        Difference {
            base: lang.pick("按方案（逐年渐退）", "as written").to_owned(), rows: all, page: 0
        };
    let page = |page| Figure::page("taper", page, Box::new(Difference { page, ..whole.clone() }));
    (0..whole.n_pages(lang)).map(page).filter(|_| !whole.rows.is_empty()).collect()
}
