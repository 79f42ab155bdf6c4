//! `settle`: the rules without the dice.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use super::args::{CasesArgs, SettleArgs};
use super::lines::{Lines, MOST_OF_A_TABLE, read_table, read_whole};
use super::out_file::{Kind, OutFile};
use super::remarks::Remarks;
use super::{Stop, terminal};
use crate::cases::answer::Writer;
use crate::cases::answer_book::BookWriter;
use crate::cases::columns::{CLAIMS_NEEDED, CLAIMS_ZH, PERSONS_NEEDED, PERSONS_ZH, written};
use crate::cases::field::{CaseFault, CaseFaults, Fields};
use crate::cases::household::fit_together;
use crate::cases::new_year::fit_parts;
use crate::cases::together::{By, Groups, Key};
use crate::cases::typed::{self, TypedCase};
use crate::cases::{NotSettled, Settler, json, once_a_year, table};
use crate::lang::{Lang, Words};
use crate::scenario;

/// So many bytes of answers are kept until the last case has been looked at; of more, all are settled a second time.
const MOST_KEPT: usize = 64 << 20;

/// Settles every case and prints one JSON line for each, in order; nothing unless all can be settled.
///
/// Cases are read, settled and forgotten one after the other, those of a household and of a person together: so many
/// as there may be, memory holds where they stand and little more. A file holds what is kept until the last one.
pub fn run(args: &SettleArgs) -> Result<(), Stop> {
    let out = OutFile::of(args.out.as_deref(), "jsonl")?;
    let scenario = scenario::load(&args.scenario, &args.settings)?;
    terminal::notices(&scenario.notices, false, args.lang.into());
    let lang = Lang::from(args.lang);
    let mut settler = Settler::new(&scenario);
    let mut source = Source::open(&args.cases, &settler, lang)?;
    let keys = source.keys();
    let (answers, remarks) = look(&mut source, &keys, &mut settler, lang)?;
    let files = source.files();
    remarks.say((&files.0, &files.1), lang);
    match (answers, out) {
        (Some(answers), None) => Ok(terminal::json(&answers)?),
        (None, None) => print(&mut source, &keys, &mut settler),
        (None, Some(_)) => Err(too_many_for_a_file()),
        (Some(answers), Some(out)) => {
            let names = &scenario.policy.names;
            let bytes = match out.kind {
                Kind::Text => answers.into_bytes(),
                Kind::Book => BookWriter { names, lang }.settlement(&answers)?,
            };
            out.write(&bytes)
        }
    }
}

fn too_many_for_a_file() -> Stop {
    let most = MOST_KEPT >> 20;
    Stop::BadInput(Words::new(
        format!("--out：结算结果超过{most} MiB；请分批结算，或不用 --out，改为输出 JSON 行（> 文件）"),
        format!(
            "--out: the answers are more than {most} MiB; settle them in parts, or leave --out away and send the JSON lines to a file"
        ),
    ))
}

/// Cases that can be read again, each by its number.
enum Source {
    Lines { lines: Lines, file: String },
    Tables { cases: Vec<Fields>, files: (String, String) },
}

impl Source {
    fn open(args: &CasesArgs, settler: &Settler<'_>, lang: Lang) -> Result<Self, Stop> {
        if let Some(path) = &args.cases {
            return Ok(Self::Lines { lines: Lines::open(path, lang)?, file: name(path, lang) });
        }
        let Input { written, files } = input(args, lang)?;
        let cases = match written {
            Written::Lines(cases) => cases,
            Written::Tables { persons, claims } => {
                let over_new_year = |year| settler.scenario().over_new_year(year);
                table::read((&files.0, &persons), (&files.1, &claims), &over_new_year)?
            }
        };
        Ok(Self::Tables { cases, files })
    }

    fn keys(&mut self) -> Vec<Key> {
        match self {
            Self::Lines { lines, .. } => std::mem::take(&mut lines.keys),
            Self::Tables { cases, .. } => cases.iter().map(Key::of).collect(),
        }
    }

    /// The names of the files of persons and of claims, or one name twice.
    fn files(&self) -> (String, String) {
        match self {
            Self::Lines { file, .. } => (file.clone(), file.clone()),
            Self::Tables { files, .. } => files.clone(),
        }
    }

    fn case(&mut self, number: usize) -> Result<Cow<'_, Fields>, Box<CaseFault>> {
        match self {
            Self::Lines { lines, .. } => lines.case(number).map(Cow::Owned),
            Self::Tables { cases, .. } => Ok(Cow::Borrowed(&cases[number])),
        }
    }

    /// The cases of a group as they are to be settled, without a look at the others.
    fn group(&mut self, group: &[usize], settler: &Settler<'_>) -> Result<Vec<TypedCase>, CaseFaults> {
        let mut faults = CaseFaults::default();
        let mut cases = Vec::with_capacity(group.len());
        let files = self.files();
        for &number in group {
            match self.case(number) {
                Err(fault) => faults.push(*fault),
                Ok(fields) => {
                    match typed::read(&fields, (&files.0, &files.1), settler.scenario(), settler.years()) {
                        Ok(case) => cases.push(case),
                        Err(more) => faults.extend(more),
                    }
                }
            }
        }
        if faults.is_empty() { Ok(cases) } else { Err(faults) }
    }
}

/// Looks at every case: all faults of reading at once, then all of settling. The answers, where they are few.
fn look(
    source: &mut Source,
    keys: &[Key],
    settler: &mut Settler<'_>,
    lang: Lang,
) -> Result<(Option<String>, Remarks), Stop> {
    let (mut unread, mut unsettled) = (CaseFaults::default(), CaseFaults::default());
    let (mut remarks, mut answers) = (Remarks::default(), Some(InOrder::default()));
    for group in Groups::of(keys, By::PersonOrHousehold).iter() {
        let cases = match source.group(&group, settler).and_then(|cases| fitted(cases, settler)) {
            Ok(cases) => cases,
            Err(more) => {
                unread.extend(more);
                continue;
            }
        };
        remarks.see(&cases, settler);
        match settle(settler, &cases, answers.is_some()) {
            Ok(lines) => answers = answers.map(|all| all.add(&group, lines)).filter(InOrder::are_few),
            Err(Unsettled::Faults(more)) => unsettled.extend(more),
            Err(Unsettled::Stop(stop)) => return Err(stop),
        }
    }
    if let (false, Source::Lines { lines, .. }) = (unread.is_empty(), &mut *source) {
        return Err(lines.several_lines().unwrap_or(unread).into());
    }
    if !unread.is_empty() {
        return Err(unread.into());
    }
    if !unsettled.is_empty() {
        let files = source.files();
        remarks.say((&files.0, &files.1), lang);
        return Err(unsettled.into());
    }
    Ok((answers.map(|answers| answers.done), remarks))
}

/// Settles every case once more and prints its answer when its turn comes.
fn print(source: &mut Source, keys: &[Key], settler: &mut Settler<'_>) -> Result<(), Stop> {
    let changed = || {
        Stop::Failed(Words::new(
            "结算期间个案被改动；请重新运行",
            "the cases were changed while they were settled; run it again",
        ))
    };
    let mut out = terminal::JsonLines::new();
    let mut answers = InOrder::default();
    for group in Groups::of(keys, By::Household).iter() {
        let cases = source.group(&group, settler).map_err(|_| changed())?;
        let lines = settle(settler, &cases, true).map_err(|error| match error {
            Unsettled::Faults(_) => changed(),
            Unsettled::Stop(stop) => stop,
        })?;
        answers = answers.add(&group, lines);
        if !out.print(&std::mem::take(&mut answers.done))? {
            return Ok(());
        }
    }
    Ok(out.finish()?)
}

/// Answers in the order of the cases, whatever the order in which they are settled.
#[derive(Debug, Default)]
struct InOrder {
    /// The answers up to the first case that is not settled yet.
    done: String,
    n_done: usize,
    /// Answers that wait for others, by the position of the case.
    waiting: BTreeMap<usize, String>,
    waiting_bytes: usize,
}

impl InOrder {
    fn add(mut self, group: &[usize], lines: Vec<String>) -> Self {
        for (&case, line) in group.iter().zip(lines) {
            self.waiting_bytes += line.len();
            self.waiting.insert(case, line);
        }
        while let Some(line) = self.waiting.remove(&self.n_done) {
            self.waiting_bytes -= line.len();
            self.done.push_str(&line);
            self.n_done += 1;
        }
        self
    }

    fn are_few(&self) -> bool {
        self.done.len() + self.waiting_bytes <= MOST_KEPT
    }
}

/// What the files hold: which row of a person a claim of a table belongs to depends on the scenario.
#[derive(Debug)]
enum Written {
    Lines(Vec<Fields>),
    Tables { persons: String, claims: String },
}

/// Cases as they stand in files or in standard input, which can be read only once.
#[derive(Debug)]
pub struct Input {
    written: Written,
    /// The names of the files of persons and of claims, or one name twice.
    files: (String, String),
}

impl Input {
    /// The cases under a scenario.
    pub fn cases(&self, settler: &mut Settler<'_>) -> Result<Vec<TypedCase>, Stop> {
        let files = (self.files.0.as_str(), self.files.1.as_str());
        match &self.written {
            Written::Lines(fields) => Ok(read_cases(settler, fields, files)?),
            Written::Tables { persons, claims } => {
                let over_new_year = |year| settler.scenario().over_new_year(year);
                let fields = table::read((files.0, persons), (files.1, claims), &over_new_year)?;
                Ok(read_cases(settler, &fields, files)?)
            }
        }
    }

    /// Says what is odd about cases that can be settled.
    pub fn remark(&self, cases: &[TypedCase], settler: &mut Settler<'_>, lang: Lang) {
        let mut remarks = Remarks::default();
        remarks.see(cases, settler);
        remarks.say((&self.files.0, &self.files.1), lang);
    }
}

/// Reads what the arguments name.
pub fn input(args: &CasesArgs, lang: Lang) -> Result<Input, Stop> {
    let (written, first, second) = match (&args.cases, &args.persons, &args.claims) {
        (Some(path), ..) => {
            let file = name(path, lang);
            let text = read_whole(path, MOST_OF_A_TABLE, lang)?;
            (Written::Lines(json::read(&file, &text)?), file.clone(), file)
        }
        (None, Some(persons), Some(claims)) => {
            let (first, second) = (name(persons, lang), name(claims, lang));
            let heads_of_persons = written(PERSONS_NEEDED, PERSONS_ZH);
            let heads_of_claims = written(CLAIMS_NEEDED, CLAIMS_ZH);
            let (persons, claims) =
                (read_table(persons, &heads_of_persons, lang)?, read_table(claims, &heads_of_claims, lang)?);
            (Written::Tables { persons, claims }, first, second)
        }
        _ => {
            return Err(Stop::BadInput(Words::new(
                "个案用 --cases 文件 给出，或用 --persons 文件 和 --claims 文件 给出",
                "cases are given as --cases FILE or as --persons FILE --claims FILE",
            )));
        }
    };
    Ok(Input { written, files: (first, second) })
}

/// What a file is called in messages.
pub fn name(path: &Path, lang: Lang) -> String {
    if path == Path::new("-") {
        lang.pick("标准输入", "standard input").to_owned()
    } else {
        path.display().to_string()
    }
}

/// Reads every case; nothing is settled unless all can be.
fn read_cases(
    settler: &mut Settler<'_>,
    fields: &[Fields],
    files: (&str, &str),
) -> Result<Vec<TypedCase>, CaseFaults> {
    let mut faults = CaseFaults::default();
    let mut cases = Vec::new();
    for one in fields {
        match typed::read(one, files, settler.scenario(), settler.years()) {
            Ok(case) => cases.push(case),
            Err(more) => faults.extend(more),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    fitted(cases, settler)
}

/// Looks whether cases fit together.
fn fitted(mut cases: Vec<TypedCase>, settler: &mut Settler<'_>) -> Result<Vec<TypedCase>, CaseFaults> {
    once_a_year(&cases)?;
    fit_parts(&mut cases, settler.years())?;
    fit_together(&mut cases, settler)?;
    Ok(cases)
}

/// Why cases have no answer.
enum Unsettled {
    Faults(CaseFaults),
    Stop(Stop),
}

/// Settles cases of which each stands with all of its household: a line of JSON for each, in order, where they are wanted.
fn settle(
    settler: &mut Settler<'_>,
    cases: &[TypedCase],
    are_wanted: bool,
) -> Result<Vec<String>, Unsettled> {
    let settled = settler.settle_households(cases, |_| true).map_err(|error| match error {
        NotSettled::Faults(faults) => Unsettled::Faults(faults),
        other => Unsettled::Stop(other.into()),
    })?;
    if !are_wanted {
        return Ok(Vec::new());
    }
    let policy = &settler.scenario().policy;
    let mut lines = Vec::with_capacity(cases.len());
    for (case, settled) in cases.iter().zip(settled.iter().flatten()) {
        let Some(rules) = settler.rules_of_settled(case, settled) else { continue };
        let answer = Writer { policy, rules }.answer(case, settled);
        let line = serde_json::to_string(&answer).map_err(|error| {
            let (file, line) = (&case.file, case.line);
            Unsettled::Stop(Stop::Failed(Words::new(
                format!("{file} 第{line}行：结算结果无法写出（{error}）"),
                format!("{file}:{line}: the answer cannot be written: {error}"),
            )))
        })?;
        lines.push(line + "\n");
    }
    Ok(lines)
}
