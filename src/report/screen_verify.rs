//! What of a finished run still holds, for the terminal and as JSON; and what that shows and what not.

use serde_json::{Value, json};

use super::finished::RunRecord;
use super::record::VERSION;
use super::verify::{AgainCheck, Content, Differing, FilesCheck, How, InputsCheck};
use crate::lang::Lang;

/// The most names that a line of the screen lists; JSON has all.
const MOST_NAMES: usize = 12;

/// All that was looked at of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct Verified {
    /// The folder as it was named.
    pub folder: String,
    /// Its record.
    pub record: RunRecord,
    /// Its files.
    pub files: FilesCheck,
    /// The inputs of each scenario.
    pub inputs: Vec<InputsCheck>,
    /// Its tables worked out again; `None` where that was not asked for.
    pub again: Option<Again>,
}

/// What came of working a run out again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Again {
    /// The tables were held against each other.
    Done(AgainCheck),
    /// It cannot be worked out again, and why, in Chinese and English.
    NotDone([String; 2]),
}

impl Verified {
    /// Whether the run was written by this version of the program.
    #[must_use]
    pub fn is_same_version(&self) -> bool {
        self.record.version == VERSION
    }

    /// Whether the tables were worked out again to the bit.
    fn is_again_the_same(&self) -> bool {
        matches!(&self.again, Some(Again::Done(check)) if check.differing.is_empty() && check.n_same > 0)
    }

    /// What does not hold, by the names of the parts.
    #[must_use]
    pub fn failing(&self) -> Vec<&'static str> {
        let same = self.is_same_version();
        let parts = [
            ("files", self.files.holds()),
            ("inputs", self.inputs.iter().all(|inputs| inputs.holds(same))),
            // Another version that gives the same tables to the bit is as good.
            ("version", same || self.is_again_the_same()),
            ("rerun", self.again.is_none() || self.is_again_the_same()),
        ];
        parts.into_iter().filter(|(_, holds)| !holds).map(|(name, _)| name).collect()
    }
}

/// What was looked at of a run, as text.
#[must_use]
pub fn text(run: &Verified, lang: Lang) -> String {
    let mut lines = vec![run.folder.clone()];
    lines.push(files(&run.files, lang));
    lines.extend(run.inputs.iter().map(|one| inputs(one, run.is_same_version(), lang)));
    lines.push(version(run, lang));
    lines.extend(run.again.iter().flat_map(|one| again(one, lang)));
    lines.push(conclusion(&run.failing(), lang));
    lines.join("\n") + "\n"
}

/// Whether all holds, or which parts do not.
pub(super) fn conclusion(failing: &[&str], lang: Lang) -> String {
    match (lang, failing.is_empty()) {
        (Lang::Zh, true) => "  结论：以上各项均成立".to_owned(),
        (Lang::En, true) => "  conclusion: all of this holds".to_owned(),
        (Lang::Zh, false) => format!("  结论：不成立：{}", labels(failing, lang).join("、")),
        (Lang::En, false) => format!("  conclusion: does not hold: {}", failing.join(", ")),
    }
}

/// What the parts are called.
pub(super) fn labels<'a>(failing: &[&'a str], lang: Lang) -> Vec<&'a str> {
    failing.iter().map(|name| lang.pick(part_name(name), name)).collect()
}

fn part_name(part: &str) -> &'static str {
    match part {
        "files" => "文件",
        "inputs" => "输入",
        "version" => "程序版本",
        _ => "重新测算",
    }
}

fn list(names: &[String], lang: Lang) -> String {
    let shown = names.iter().take(MOST_NAMES).cloned().collect::<Vec<_>>();
    let shown = shown.join(lang.pick("、", ", "));
    match (names.len().saturating_sub(MOST_NAMES), lang) {
        (0, _) => shown,
        (left, Lang::Zh) => format!("{shown}等，另有{left}个"),
        (left, Lang::En) => format!("{shown} and {left} more"),
    }
}

/// What is wrong with files, each kind with its names; nothing where there are none.
fn wrong<'a>(kinds: impl IntoIterator<Item = (&'a str, &'a [String])>, lang: Lang) -> String {
    let of = |(kind, names): (&str, &[String])| {
        (!names.is_empty()).then(|| format!("{}{kind}{}", lang.pick("；", "; "), list(names, lang)))
    };
    kinds.into_iter().filter_map(of).collect()
}

/// The files against their hashes.
pub(super) fn files(check: &FilesCheck, lang: Lang) -> String {
    let n = check.n_same;
    let kinds = [
        (lang.pick("写出后被改动：", "changed since: "), check.changed.as_slice()),
        (lang.pick("缺少：", "missing: "), check.missing.as_slice()),
        (lang.pick("并非该次测算写出：", "not written by the run: "), check.beyond.as_slice()),
    ];
    let wrong = wrong(kinds, lang);
    match lang {
        Lang::Zh => format!("  文件：{n}个与写出时逐位相同（BLAKE3）{wrong}"),
        Lang::En => format!("  files: {n} are as they were written, to the bit (BLAKE3){wrong}"),
    }
}

fn inputs(check: &InputsCheck, is_same_version: bool, lang: Lang) -> String {
    let (scenario, n) = (&check.scenario, check.n_same);
    let kept = match (check.is_kept, lang) {
        (true, Lang::Zh) => "；测算时的全部输入已存于结果文件夹",
        (true, Lang::En) => "; the folder holds all inputs as they were read",
        (false, Lang::Zh) => "；结果文件夹内没有测算时的全部输入（旧版本未保存，或已被改动）",
        (false, Lang::En) => {
            "; the folder does not hold all inputs as they were read (an earlier version kept none, or they were changed)"
        }
    };
    if check.is_elsewhere() {
        return match lang {
            Lang::Zh => format!("  输入（{scenario}）：此处没有该方案的文件，未比较{kept}"),
            Lang::En => format!(
                "  inputs ({scenario}): the scenario's files are not here today, nothing was compared{kept}"
            ),
        };
    }
    let kinds = [
        (lang.pick("测算后被改动：", "changed since the run: "), check.changed.as_slice()),
        (lang.pick("缺少：", "missing: "), check.gone.as_slice()),
    ];
    let wrong = wrong(kinds, lang);
    let content = content(&check.content, is_same_version, lang);
    match lang {
        Lang::Zh => format!("  输入（{scenario}）：今天的文件有{n}个与测算时相同{wrong}{content}{kept}"),
        Lang::En => {
            format!("  inputs ({scenario}): {n} of today's files are those of the run{wrong}{content}{kept}")
        }
    }
}

fn content(content: &Content, is_same_version: bool, lang: Lang) -> String {
    let text = |zh: &str, en: &str| lang.pick(zh, en).to_owned();
    match content {
        Content::Same => {
            text("；决定结果的内容相同（input_hash）", "; what decides the results is the same (input_hash)")
        }
        Content::Differs if is_same_version => {
            text("；决定结果的内容不同（input_hash）", "; what decides the results differs (input_hash)")
        }
        Content::Differs => text(
            "；input_hash 由另一版本算出，不能比较",
            "; the input_hash is of another version and cannot be compared",
        ),
        Content::Invalid(fault) => match lang {
            Lang::Zh => format!("；今天的文件不能构成有效方案：{}", fault.zh),
            Lang::En => format!("; today's files are no valid scenario: {}", fault.en),
        },
        Content::NotRead => String::new(),
    }
}

fn version(run: &Verified, lang: Lang) -> String {
    let made_by = &run.record.version;
    match (lang, run.is_same_version()) {
        (Lang::Zh, true) => format!("  程序版本：{made_by}，与本程序相同"),
        (Lang::En, true) => format!("  version: {made_by}, that of this program"),
        (Lang::Zh, false) => format!("  程序版本：由{made_by}测算，本程序为{VERSION}"),
        (Lang::En, false) => format!("  version: made by {made_by}, this program is {VERSION}"),
    }
}

fn again(again: &Again, lang: Lang) -> Vec<String> {
    let check = match again {
        Again::NotDone([zh, en]) => {
            let what = lang.pick("  重新测算：无法进行：", "  rerun: not possible: ");
            return vec![format!("{what}{}", lang.pick(zh, en))];
        }
        Again::Done(check) => check,
    };
    let (n, m) = (check.n_same, check.differing.len());
    let mut lines = vec![match (lang, m) {
        (Lang::Zh, 0) => format!("  重新测算：全部{n}个表和逐次结果文件逐位相同"),
        (Lang::En, 0) => format!("  rerun: all {n} tables and trials files are the same to the bit"),
        (Lang::Zh, _) => format!("  重新测算：{n}个表和逐次结果文件逐位相同，{m}个不同"),
        (Lang::En, _) => {
            format!("  rerun: {n} tables and trials files are the same to the bit, {m} differ")
        }
    }];
    lines.extend(check.differing.iter().take(MOST_NAMES).map(|one| format!("    {}", differing(one, lang))));
    lines
}

/// How a table differs, as a sentence.
#[must_use]
pub fn differing(one: &Differing, lang: Lang) -> String {
    let file = &one.file;
    let text = |zh: &str, en: &str| format!("{file}{}", lang.pick(zh, en));
    match &one.how {
        How::OnlyAgain => text("：该次测算没有这个文件", ": the run has no such file"),
        How::OnlyInRun => text("：重新测算未写出", ": not written again"),
        How::NotThere => text(
            "：与写出时的哈希不同；文件已缺少或被改动，无法指出位置",
            ": its hash is not that which the run wrote; the file is gone or changed, so that no field can be named",
        ),
        How::Bytes => text("：字段相同，字节不同", ": the fields are the same, the bytes are not"),
        How::Field(field) => {
            let (row, of, column) = (field.row, &field.of, &field.column);
            let (was, again) = (&field.was, &field.again);
            match lang {
                Lang::Zh => format!("{file}：第{row}行（{of}）的 {column} 为“{was}”，重新测算为“{again}”"),
                Lang::En => {
                    format!("{file}: row {row} ({of}), {column}: \"{was}\", worked out again \"{again}\"")
                }
            }
        }
    }
}

/// What the checks show and what not.
#[must_use]
pub fn meaning(is_rerun: bool, lang: Lang) -> String {
    let [zh, en] = meanings(is_rerun);
    format!("{}\n{}\n", lang.pick("说明", "What this shows"), lang.pick(&zh, &en))
}

fn meanings(is_rerun: bool) -> [String; 2] {
    let hashes = [
        "哈希相同，只表明文件与写出时相同；同时改动文件和 run.json 的，哈希查不出。",
        "Equal hashes show that the files are those that were written; who changes a file and run.json alike is not found by them.",
    ];
    let rerun = if is_rerun {
        [
            "逐位相同的重新测算，表明本程序用保存的输入和设置得出这些表，未经改动；图和报告只按哈希核对。",
            "Tables that come out again to the bit show that this program makes them from the kept inputs and settings, and that nobody edited them; charts and documents are held against their hashes alone.",
        ]
    } else {
        [
            "未重新测算：结果是否由这些输入得出，加 --rerun 核对。",
            "Nothing was simulated: whether the results come from these inputs is told by --rerun.",
        ]
    };
    let rules = [
        "两者都不表明规则、人数和疾病模型正确：依据见报告和各文件的来源说明，程序的检验见 docs/reliability.md。",
        "Neither shows that the rules, counts and the illness model are right: for that see the sources in the files, and docs/reliability.md for how the program is tested.",
    ];
    let all = [hashes, rerun, rules];
    [0, 1].map(|lang| all.map(|text| text[lang]).join(if lang == 0 { "" } else { " " }))
}

/// What was looked at of a run, as JSON.
#[must_use]
pub fn json(run: &Verified, lang: Lang) -> Value {
    let is_rerun = run.again.is_some();
    let [zh, en] = meanings(is_rerun);
    let failing = run.failing();
    json!({
        "run": run.folder,
        "scenario": run.record.scenario,
        "holds": failing.is_empty(),
        "failing": failing,
        "failing_label": labels(&failing, lang),
        "files": files_json(&run.files),
        "inputs": run.inputs.iter().map(|one| inputs_json(one, run.is_same_version(), lang)).collect::<Vec<_>>(),
        "version": { "run": run.record.version, "program": VERSION, "same": run.is_same_version() },
        "rerun": run.again.as_ref().map(|one| again_json(one, lang)),
        "meaning": { "zh": zh, "en": en },
    })
}

/// The files against their hashes.
pub(super) fn files_json(check: &FilesCheck) -> Value {
    json!({
        "same": check.n_same,
        "changed": check.changed,
        "missing": check.missing,
        "beyond": check.beyond,
    })
}

fn inputs_json(check: &InputsCheck, is_same_version: bool, lang: Lang) -> Value {
    let (id, label, fault) = match &check.content {
        Content::Same => ("same", lang.pick("相同", "the same"), None),
        Content::Differs => ("differs", lang.pick("不同", "differs"), None),
        Content::Invalid(fault) => {
            ("invalid", lang.pick("无效", "invalid"), Some(lang.pick(&fault.zh, &fault.en)))
        }
        Content::NotRead => ("not_read", lang.pick("未读取", "not read"), None),
    };
    json!({
        "scenario": check.scenario,
        "holds": check.holds(is_same_version),
        "here": !check.is_elsewhere(),
        "same": check.n_same,
        "changed": check.changed,
        "missing": check.gone,
        "content": id,
        "content_label": label,
        "fault": fault,
        "kept": check.is_kept,
    })
}

fn again_json(again: &Again, lang: Lang) -> Value {
    match again {
        Again::NotDone([zh, en]) => json!({ "done": false, "why": { "zh": zh, "en": en } }),
        Again::Done(check) => json!({
            "done": true,
            "same": check.n_same,
            "differing": check.differing.iter().map(|one| differing_json(one, lang)).collect::<Vec<_>>(),
        }),
    }
}

fn differing_json(one: &Differing, lang: Lang) -> Value {
    let (how, field) = match &one.how {
        How::OnlyAgain => ("only_again", None),
        How::OnlyInRun => ("only_in_run", None),
        How::NotThere => ("not_there", None),
        How::Bytes => ("bytes", None),
        How::Field(field) => ("field", Some(field)),
    };
    json!({
        "file": one.file,
        "how": how,
        "label": differing(one, lang),
        "row": field.map(|field| field.row),
        "of": field.map(|field| &field.of),
        "column": field.map(|field| &field.column),
        "was": field.map(|field| &field.was),
        "again": field.map(|field| &field.again),
    })
}
