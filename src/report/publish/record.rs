//! The record of a folder for publication: what of a run's record gives no count away, and that the folder is one.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::round::to;
use super::{FEW, FEWEST, PERSONS, Published, WITHHELD, YUAN};
use crate::file;
use crate::report::finished::{Finished, Input, RunRecord, Warning};
use crate::report::names::Label;
use crate::report::record;
use crate::report::write::{RunFolder, WriteError};

/// The key of the record that says that a folder is one for publication.
const PUBLISHED: &str = "published";

/// Kinds of warnings that hold no figure of a county.
const WITHOUT_FIGURES: [&str; 6] =
    ["no_error", "few_for_percentile", "silent_line", "silent_rule", "missing_glyphs", "uncited"];

/// Keys of a run's record that are left out: the machine's own, and those by which inputs could be guessed and tried.
const LEFT_OUT: [&str; 3] = ["scenario_files", "typed", "seed"];

/// The same of each scenario.
const LEFT_OUT_OF_INPUTS: [&str; 5] = ["input_hash", "own", "files", "kept", "warnings"];

/// What was done to a run before it was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Publication {
    /// How many fields of its tables are hidden; none: the tables are those of the run.
    pub n_hidden: usize,
    /// By which the same folder can be made again and recognised: the hash of its tables.
    pub id: String,
}

impl Publication {
    /// What a reader is told.
    #[must_use]
    pub fn says(&self) -> Label {
        let zh_out =
            "逐次模拟、输入文件（含台账）及其哈希值、随机种子未包括在内，因此不能由本文件夹重新测算。";
        let en_out = "Left out are every replicate, the input files with the register, their hashes and the seed: so nothing can be worked out again from this folder.";
        if self.n_hidden == 0 {
            return Label::new(
                format!("供公布：没有少于10人的人数，表中的数未作改动。{zh_out}"),
                format!(
                    "For publication: no count is of fewer than ten persons, and the tables are those of the run. {en_out}"
                ),
            );
        }
        let (persons, yuan) = (PERSONS, YUAN);
        Label::new(
            format!(
                "供公布：少于10人的人数写作{FEW}，与之相关的金额、误差和其他人数写作{WITHHELD}；为使其不能由合计推出，其余人数取整到{persons}人，金额取整到{yuan}元，误差取两位有效数字，各项之和与合计可略有出入。{zh_out}"
            ),
            format!(
                "For publication: counts of fewer than ten persons are shown as {FEW}, amounts, errors and other counts that belong to them as {WITHHELD}; so that they cannot be found from totals, all other counts are rounded to {persons} persons, amounts to {yuan} yuan, errors to two digits, and parts may not quite add up. {en_out}"
            ),
        )
    }
}

/// The record of a run as it is published.
pub(super) fn of(run: &Finished, publication: &Publication) -> RunRecord {
    let mut record = run.record.clone();
    record.published = true;
    (record.seed, record.typed) = (0, None);
    record.scenario_files.clear();
    record.files.clear();
    for input in &mut record.inputs {
        strip(input, &publication.id);
    }
    if publication.n_hidden > 0 {
        record.warnings.retain(|warning| WITHOUT_FIGURES.contains(&warning.kind.as_str()));
        for row in &mut record.resting_on_assumed_inputs {
            let rough = |share: f64| (share * 100.0).round() / 100.0;
            row.mean_yuan = to(row.mean_yuan, YUAN);
            row.any = row.any.map(rough);
            row.shares.values_mut().for_each(|share| *share = share.map(rough));
        }
        record.basis = basis(&record.inputs);
    }
    let first = Warning { kind: PUBLISHED.to_owned(), says: publication.says() };
    record.warnings.insert(0, first);
    record
}

/// A scenario without what its inputs could be guessed from; what the documents call the number of the run is that of
/// the tables.
fn strip(input: &mut Input, id: &str) {
    id.clone_into(&mut input.input_hash);
    input.own.clear();
    input.files.clear();
    input.kept.clear();
    input.warnings.clear();
    for source in &mut input.sources {
        let name = Path::new(&source.file).file_name();
        source.file = name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    }
}

/// What the figures rest on, without shares of persons.
fn basis(inputs: &[Input]) -> Label {
    let names = |of: fn(&Input) -> &Label| {
        let (mut zh, mut en): (Vec<&str>, Vec<&str>) =
            inputs.iter().map(of).map(|one| (&*one.zh, &*one.en)).unzip();
        zh.dedup();
        en.dedup();
        [zh.join("、"), en.join(", ")]
    };
    let [policy, place] = [names(|input| &input.names.policy), names(|input| &input.names.place)];
    Label::new(
        format!("政策：{}；地区：{}", policy[0], place[0]),
        format!("Policy: {}; place: {}", policy[1], place[1]),
    )
}

/// Writes the record with the hashes of all other files.
pub(super) fn write(published: &Published, folder: &RunFolder) -> Result<(), WriteError> {
    let hashes: BTreeMap<String, String> = folder.hashes()?.into_iter().collect();
    folder.write(record::FILE, |out| {
        let value = json_of(published, &hashes)?;
        serde_json::to_writer_pretty(&mut *out, &value).map_err(std::io::Error::from)?;
        std::io::Write::write_all(out, b"\n")
    })
}

fn json_of(published: &Published, hashes: &BTreeMap<String, String>) -> std::io::Result<Map<String, Value>> {
    let Value::Object(mut all) = serde_json::to_value(&published.run.record)? else { return Ok(Map::new()) };
    let of = |map: &mut Map<String, Value>, keys: &[&str]| keys.iter().for_each(|key| drop(map.remove(*key)));
    of(&mut all, &LEFT_OUT);
    let inputs = all.get_mut("inputs").and_then(Value::as_array_mut);
    inputs
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
        .for_each(|one| of(one, &LEFT_OUT_OF_INPUTS));
    all.insert(
        "publication".to_owned(),
        json!({
            "id": published.publication.id,
            "hidden_fields": published.publication.n_hidden,
            "fewest_persons": FEWEST,
            "left_out": ["trials", "inputs", "hashes of inputs", "seed", "settings"],
        }),
    );
    all.insert("files".to_owned(), json!(hashes));
    Ok(all)
}

/// Whether a record is that of a folder for publication.
#[must_use]
pub fn is_published(record: &Value) -> bool {
    record.get(PUBLISHED).and_then(Value::as_bool) == Some(true)
}

/// The files of a folder for publication with their hashes; `None` where the folder is none.
#[must_use]
pub fn read(folder: &Path) -> Option<BTreeMap<String, String>> {
    let text = file::read_text(&folder.join(record::FILE), file::MOST_OF_A_RUN).ok()?;
    let value: Value = serde_json::from_str(&text).ok()?;
    is_published(&value).then(|| serde_json::from_value(value.get("files")?.clone()).ok()).flatten()
}
