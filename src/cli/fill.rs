//! `fill`: which inputs are not found yet, the ones first that widen the budget most, and where to write each.

use serde::Serialize;

use super::args::LookArgs;
use super::simulate::{self, Look, Size};
use super::{Stop, pretty, terminal};
use crate::lang::{Lang, Words};
use crate::projection::Projection;
use crate::projection::uncertainty::{Origin, UncertaintyRow, of_whole};
use crate::raw::Status;
use crate::report::number::{grouped, maybe, percent, ten_thousands};
use crate::report::screen::grid;
use crate::scenario::Scenario;
use crate::scenario::place::CategoryCount;
use crate::stats::{PerMille, margin_95};

/// Replicates where none are asked for: enough to tell what matters from what does not.
const REPLICATES: u32 = 300;

/// More lines than this are shown by the first and the last one.
const MOST_LINES: usize = 6;

/// One input that is not found.
#[derive(Debug, Serialize)]
struct Entry {
    /// A category of persons by its id, or `parameters` of the illness model.
    input: String,
    label_zh: String,
    label_en: String,
    /// Persons of the counties looked at; none of parameters.
    persons: Option<u64>,
    derived_rows: usize,
    assumed_rows: usize,
    file: String,
    /// The lines to be filled in.
    lines: Vec<usize>,
    share_of_variance: Option<f64>,
    share_of_variance_se: Option<f64>,
    p95_fall_if_halved_yuan: Option<f64>,
    p95_fall_if_halved_se_yuan: Option<f64>,
}

/// What of a file rests on assumptions that no replicate varies.
#[derive(Debug, Serialize)]
struct Fixed {
    file: String,
    covers: Vec<String>,
    source: String,
}

/// Simulates a small run and prints the list.
pub fn run(args: &LookArgs) -> Result<(), Stop> {
    let Look { scenario, size, told } = simulate::look(args, REPLICATES)?;
    let fewest = PerMille::P95.fewest_replicates().unwrap_or_default();
    if u64::from(size.n_replicates) < fewest {
        let n = size.n_replicates;
        return Err(Stop::BadInput(Words::new(
            format!("--replicates {n}：至少{fewest}次，否则无从区分"),
            format!("--replicates {n}: must be at least {fewest}, or nothing can be told apart"),
        )));
    }
    simulate::threads(args.size.threads)?;
    let projection = simulate::projected(&scenario, &size, told)?;
    let (entries, fixed) = (entries(&scenario, &size, &projection), fixed(&scenario, told.1));
    if args.json {
        let json = serde_json::json!({ "inputs": entries, "without_spread": fixed });
        terminal::json(&pretty(&json)?)?;
    } else {
        terminal::result(&text((&entries, &fixed), &projection, told.1))?;
    }
    Ok(())
}

/// The row of an origin for the run as a whole.
fn weight(projection: &Projection, origin: Origin) -> Option<UncertaintyRow> {
    let (counties, year) = (&projection.counties, projection.years().last().copied());
    of_whole(&projection.uncertainty, counties, year).find(|row| row.origin == origin).copied()
}

/// Categories with counts that are not found, and the parameters of the model, by their share of the variance.
fn entries(scenario: &Scenario, size: &Size, projection: &Projection) -> Vec<Entry> {
    let files = scenario.count_and_model_files();
    let by_census = scenario.place.raw.census.is_some();
    let mut all = Vec::new();
    for (rank, name) in scenario.policy.names.categories.iter().enumerate() {
        let counties = size.counties.iter().map(|&county| &scenario.place.counties[county]);
        let rows: Vec<&CategoryCount> =
            counties.flat_map(|county| &county.categories).filter(|count| count.id == name.id).collect();
        let of = |status| rows.iter().filter(|row| row.status == status && row.persons > 0).count();
        let (derived_rows, assumed_rows) = (of(Status::Derived), of(Status::Assumed));
        if derived_rows + assumed_rows == 0 {
            continue;
        }
        // Rows of the census stand in no file.
        let is_written = |row: &&&CategoryCount| row.status != Status::Found && !by_census;
        let lines = rows.iter().filter(is_written).map(|row| row.line).collect();
        let persons = Some(rows.iter().map(|row| u64::from(row.persons)).sum());
        let labels = (name.zh.clone(), name.en.clone());
        let entry = entry((&name.id, labels), weight(projection, Origin::Category(rank)));
        all.push(Entry { persons, derived_rows, assumed_rows, file: files.0.clone(), lines, ..entry });
    }
    if let Some(row) = weight(projection, Origin::Parameters) {
        let labels = ("疾病模型参数".to_owned(), "parameters of the illness model".to_owned());
        all.push(Entry { file: files.1, ..entry(("parameters", labels), Some(row)) });
    }
    let share = |entry: &Entry| entry.share_of_variance.unwrap_or(f64::MIN);
    all.sort_by(|a, b| share(b).total_cmp(&share(a)));
    all
}

fn entry((input, (label_zh, label_en)): (&str, (String, String)), row: Option<UncertaintyRow>) -> Entry {
    Entry {
        input: input.to_owned(),
        label_zh,
        label_en,
        persons: None,
        derived_rows: 0,
        assumed_rows: 0,
        file: String::new(),
        lines: Vec::new(),
        share_of_variance: row.map(|row| row.share),
        share_of_variance_se: row.map(|row| row.share_error),
        p95_fall_if_halved_yuan: row.and_then(|row| row.p95_fall_yuan),
        p95_fall_if_halved_se_yuan: row.and_then(|row| row.p95_fall_error_yuan),
    }
}

/// Assumptions of the files that have no spread: how much they matter a run with another value says.
fn fixed(scenario: &Scenario, lang: Lang) -> Vec<Fixed> {
    let assumed = scenario.sources().into_iter().filter(|source| source.of.status == Status::Assumed);
    assumed
        .map(|one| Fixed { source: one.of.text(lang).to_owned(), file: one.file, covers: one.of.covers })
        .collect()
}

fn text((entries, fixed): (&[Entry], &[Fixed]), projection: &Projection, lang: Lang) -> String {
    let layout = &projection.layout;
    let year = projection.years().last().copied().unwrap_or_default();
    let mut out = match lang {
        Lang::Zh => format!(
            "{}：尚未查得的数据，按对{year}年支出不确定性的影响排列（{}次模拟；“P95下降”为该项不确定性减半时P95下降的金额，万元）\n\n",
            layout.title_zh, layout.n_replicates
        ),
        Lang::En => format!(
            "{}: inputs that are not found, the ones first that widen spending of {year} most ({} replicates; \"P95 falls by\": if it were half as uncertain, 10,000 yuan)\n\n",
            layout.title_en, layout.n_replicates
        ),
    };
    let header = [
        lang.pick("数据", "Input"),
        lang.pick("填在哪里", "Where to write it"),
        lang.pick("现值（人）", "Persons now"),
        lang.pick("占方差", "Of variance"),
        "±",
        lang.pick("P95下降", "P95 falls by"),
        "±",
    ];
    let rows = entries.iter().map(|entry| {
        vec![
            lang.pick(&entry.label_zh, &entry.label_en).to_owned(),
            place(entry, lang),
            maybe(entry.persons.map(|persons| persons as f64), |persons| grouped(persons, 0)),
            maybe(entry.share_of_variance, percent),
            maybe(entry.share_of_variance_se.map(margin_95), percent),
            maybe(entry.p95_fall_if_halved_yuan, ten_thousands),
            maybe(entry.p95_fall_if_halved_se_yuan.map(margin_95), ten_thousands),
        ]
    });
    out.push_str(&grid(&header, rows, 2));
    out.push_str(lang.pick(
        "\n人数：改 persons，status 改为 found，source 写明台账名称和日期；每查清一行，区间随之收窄（见 docs/model/counts.md）。\n",
        "\nPersons: write persons, set status to found and name the register with its date as source; every row that is found makes the intervals narrower (docs/model/counts.md).\n",
    ));
    out.push_str(&others(fixed, lang));
    out
}

/// What else is assumed, by file.
fn others(fixed: &[Fixed], lang: Lang) -> String {
    let n: usize = fixed.iter().map(|fixed| fixed.covers.len()).sum();
    if n == 0 {
        return String::new();
    }
    let mut out = match lang {
        Lang::Zh => format!(
            "\n以下{n}项也是推算，不逐项变动（疾病模型只有水平、趋势和尾部变动），影响要另行试算（--set 键=值）：\n"
        ),
        Lang::En => format!(
            "\nThese {n} are assumed too and do not vary one by one (of the illness model level, trend and tail do); try other values with --set KEY=VALUE:\n"
        ),
    };
    for of_file in fixed.chunk_by(|one, other| one.file == other.file) {
        let covers: Vec<&str> = of_file.iter().flat_map(|fixed| &fixed.covers).map(String::as_str).collect();
        out.push_str(&format!("  - {}: {}\n", of_file[0].file, covers.join(", ")));
    }
    out
}

/// File and lines; of many lines the first and the last.
fn place(entry: &Entry, lang: Lang) -> String {
    let file = &entry.file;
    let lines = match entry.lines.as_slice() {
        [] => return file.clone(),
        many @ [first, .., last] if many.len() > MOST_LINES => match lang {
            Lang::Zh => format!("{first}…{last}行，共{}行", many.len()),
            Lang::En => format!("{first} … {last}, {} lines", many.len()),
        },
        few => few.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
    };
    format!("{file}:{lines}")
}
