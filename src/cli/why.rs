//! `why`: what causes the change of a figure between two finished runs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::again::Again;
use super::again_args::{FigureArg, WhyArgs};
use super::{Stop, interrupt, lines, one_of, pretty, simulate, terminal};
use crate::cases::typed::hinted;
use crate::lang::{Lang, Words};
use crate::projection::figure::{Figure, Measured};
use crate::projection::why::{Cause, Column, Share, apart};
use crate::report::finished::{Finished, NotFinished, RunRecord};
use crate::report::names::Label;
use crate::report::record::VERSION;
use crate::report::screen_why::{self, Row, Why};
use crate::report::write::reason;
use crate::report::{trials, trials_read};
use crate::scenario::fault::{like, nearest};
use arms::{Arms, Asked, Payer};
use sides::{Counties, Sides};

mod arms;
mod changed;
mod sides;

/// Takes the change of the figures apart.
pub fn run(args: &WhyArgs) -> Result<(), Stop> {
    let lang = Lang::from(args.again.lang);
    interrupt::watch(lang);
    let runs = read([&args.first, &args.second])?;
    let names = [&args.first, &args.second].map(|folder| folder.display().to_string());
    let records = runs.each_ref().map(|run| &run.record);
    let (years, payers) = (years(records, args)?, payers(records, &args.payer)?);
    let codes = codes(records, &args.county)?;
    if is_same(records) {
        return say_nothing(&names, args);
    }
    simulate::threads(args.again.threads)?;
    let again = again(&runs, &names, args)?;
    let counties = sides::counties(codes, records);
    let sides = Sides::of(&again, &counties).map_err(|why| of_run(&names.join(", "), &why))?;
    let asked = Asked { years: &years, payers: &payers, counties: &counties };
    let recorded = [recorded(&runs[0], 0, &sides, &asked)?, recorded(&runs[1], 1, &sides, &asked)?];
    let is_same_version = records.into_iter().all(|record| record.version == VERSION);
    if sides.causes.is_empty() && is_same_version && recorded[0] == recorded[1] {
        return say_nothing(&names, args);
    }
    let told = (args.again.quiet || args.again.json, lang);
    let arms = Arms::simulated(&sides, &asked, told)?;
    let apart = Taken { sides: &sides, arms: &arms, recorded: &recorded };
    let rows = apart.rows(&asked, &figures(&args.figure), names_of(records))?;
    let why = Why {
        versions: records.map(|record| record.version.clone()),
        counties: label(&counties, records),
        changed: changed::all(&sides, &years, &counties),
        n_simulated: sides.scenarios.len() * sides.n_seeds(),
        n_replicates: recorded.iter().flat_map(BTreeMap::values).map(Vec::len).min().unwrap_or_default(),
        joined: sides.joined.clone(),
        rows,
        runs: names,
    };
    say(args, &screen_why::json(&why, lang), &screen_why::text(&why, lang))
}

/// Reads both runs, their files held against their hashes; what is wrong with either is said together.
fn read(folders: [&std::path::PathBuf; 2]) -> Result<[Finished; 2], Stop> {
    let read = |folder: &Path| -> Result<Finished, Words> {
        let run = Finished::read(folder).map_err(|fault: NotFinished| fault.words())?;
        if !run.record.files.contains_key(trials::FILE) || run.record.inputs.len() != 1 {
            let folder = folder.display();
            return Err(Words::new(
                format!("{folder}：没有逐次结果；应为 run 或 budget 写出的文件夹"),
                format!("{folder}: holds no trials; must be a folder that run or budget wrote"),
            ));
        }
        Ok(run)
    };
    match folders.map(|folder| read(folder)) {
        [Ok(one), Ok(other)] => Ok([one, other]),
        faults => {
            let faults: Vec<Words> = faults.into_iter().filter_map(Result::err).collect();
            Err(Stop::BadInput(lines(&faults)))
        }
    }
}

fn of_run(name: &str, [zh, en]: &[String; 2]) -> Stop {
    Stop::Failed(Words::new(format!("{name}：{zh}"), format!("{name}: {en}")))
}

/// Whether two runs are the same in all that decides them, and in what they came to.
fn is_same([one, other]: [&RunRecord; 2]) -> bool {
    let of = |record: &RunRecord| {
        let hash = record.inputs.first().map(|input| input.input_hash.clone());
        let trials = record.files.get(trials::FILE).cloned();
        (hash, record.version.clone(), record.years.clone(), record.counties.clone(), trials)
    };
    of(one) == of(other)
}

fn say_nothing(names: &[String; 2], args: &WhyArgs) -> Result<(), Stop> {
    let runs = names.each_ref().map(String::as_str);
    say(args, &screen_why::nothing_json(runs), &screen_why::nothing(runs, Lang::from(args.again.lang)))
}

fn say(args: &WhyArgs, json: &serde_json::Value, text: &str) -> Result<(), Stop> {
    if args.again.json {
        terminal::json(&pretty(json)?)?;
    } else {
        terminal::result(text)?;
    }
    Ok(())
}

fn again<'a>(runs: &'a [Finished; 2], names: &[String; 2], args: &WhyArgs) -> Result<[Again<'a>; 2], Stop> {
    let of = |at: usize| {
        let run = &runs[at];
        Again::of(&run.folder, &run.record, &args.again).map_err(|why| of_run(&names[at], &why))
    };
    Ok([of(0)?, of(1)?])
}

/// The years that both runs have, of those that were asked for.
fn years(records: [&RunRecord; 2], args: &WhyArgs) -> Result<Vec<u16>, Stop> {
    let [one, other] = records;
    let (first, last) = args.year.unwrap_or((0, u16::MAX));
    let both: Vec<u16> = one.years.iter().copied().filter(|year| other.years.contains(year)).collect();
    let asked: Vec<u16> = both.iter().copied().filter(|year| (first..=last).contains(year)).collect();
    if !asked.is_empty() {
        return Ok(asked);
    }
    let list = |years: &[u16]| Words::list(&years.iter().map(ToString::to_string).collect::<Vec<_>>());
    Err(Stop::BadInput(if both.is_empty() {
        let (own, others) = (list(&one.years), list(&other.years));
        Words::new(
            format!("两次运行没有共同的年度：{} 与 {}", own.zh, others.zh),
            format!("the runs have no year in common: {} and {}", own.en, others.en),
        )
    } else {
        let both = list(&both);
        Words::new(
            format!("--year {first}-{last}：两次运行都有的是 {}", both.zh),
            format!("--year {first}-{last}: both runs have {}", both.en),
        )
    }))
}

/// The payers that were asked for, each known to one of the runs at least.
fn payers(records: [&RunRecord; 2], typed: &[String]) -> Result<Vec<Payer>, Stop> {
    let mut known: Vec<&str> = vec!["fund", "all"];
    for record in records {
        known.extend(record.inputs[0].names.funders.keys().map(String::as_str));
    }
    known.dedup();
    let mut payers: Vec<Payer> = Vec::new();
    for one in typed {
        let payer = match one.trim() {
            "fund" => Payer::Fund,
            "all" => Payer::All,
            id if known.contains(&id) => Payer::Funder(id.to_owned()),
            id => {
                let hint = like(id, known.iter().copied());
                let known = known.iter().copied().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>();
                return Err(Stop::BadInput(one_of(("--payer", id), &known, hint)));
            }
        };
        if !payers.contains(&payer) {
            payers.push(payer);
        }
    }
    Ok(payers)
}

/// The codes of the counties that were asked for, which both runs must have.
fn codes(records: [&RunRecord; 2], typed: &[String]) -> Result<BTreeSet<String>, Stop> {
    let names: BTreeMap<&String, &Label> = records[0].inputs[0].names.counties.iter().collect();
    let is_in_both = |code: &String| records.iter().all(|record| record.counties.contains(code));
    let both: Vec<(&String, &Label)> = names.into_iter().filter(|(code, _)| is_in_both(code)).collect();
    let find = |typed: &String| {
        let is = |(code, name): &&(&String, &Label)| {
            [code.as_str(), name.zh.as_str(), name.en.as_str()].contains(&typed.trim())
        };
        both.iter().find(is).map(|(code, _)| (*code).clone()).ok_or_else(|| {
            let all: Vec<String> = both.iter().map(|(code, name)| format!("{} ({code})", name.zh)).collect();
            let all = Words::list(&all);
            let hint = nearest(typed, both.iter().map(|(_, name)| name.zh.as_str()));
            let problem = Words::new(
                format!("--county {typed}：两次运行都有的是 {}", all.zh),
                format!("--county {typed}: both runs have {}", all.en),
            );
            Stop::BadInput(hinted(problem, &hint.unwrap_or_default()))
        })
    };
    typed.iter().map(find).collect()
}

fn figures(typed: &[FigureArg]) -> Vec<Figure> {
    let all: BTreeSet<Figure> = typed.iter().copied().map(Figure::from).collect();
    all.into_iter().collect()
}

/// The fen of every replicate by year and number of the payer.
type Recorded = BTreeMap<(u16, usize), Vec<i64>>;

/// What a run recorded.
fn recorded(run: &Finished, at: usize, sides: &Sides, asked: &Asked<'_>) -> Result<Recorded, Stop> {
    let path = run.folder.join(trials::FILE);
    let n = usize::try_from(run.record.replicates).unwrap_or_default();
    let all = trials_read::read_by_funder(&path, n).map_err(|error| {
        let at = path.display();
        Stop::Failed(Words::new(
            format!("{at}：无法读取：{}", reason(&error, Lang::Zh)),
            format!("{at}: cannot be read: {}", reason(&error, Lang::En)),
        ))
    })?;
    let scenario = &sides.own[at];
    let codes: BTreeSet<String> = asked
        .counties
        .positions(scenario, at)
        .into_iter()
        .map(|county| format!("{:06}", scenario.place.counties[county].code))
        .collect();
    let fund = scenario.policy.names.funders.get(scenario.funds.funder).map(|name| name.id.as_str());
    let column = |(year, number): (u16, usize)| {
        let is_paid = |funder: &str| match &asked.payers[number] {
            Payer::All => true,
            Payer::Fund => Some(funder) == fund,
            Payer::Funder(id) => funder == id,
        };
        let mut sums = vec![0; n];
        let own = all
            .iter()
            .filter(|((code, of, funder), _)| *of == year && codes.contains(code) && is_paid(funder));
        own.for_each(|(_, fen)| sums.iter_mut().zip(fen).for_each(|(sum, fen)| *sum += fen));
        ((year, number), sums)
    };
    Ok(asked.keys().map(column).collect())
}

/// What is recorded and what is simulated.
struct Taken<'a> {
    sides: &'a Sides,
    arms: &'a Arms,
    recorded: &'a [Recorded; 2],
}

impl Taken<'_> {
    fn rows(
        &self,
        asked: &Asked<'_>,
        figures: &[Figure],
        names: impl Fn(&Payer) -> (String, Label),
    ) -> Result<Vec<Row>, Stop> {
        let mut rows = Vec::new();
        for (year, number) in asked.keys() {
            let payer = names(&asked.payers[number]);
            for &figure in figures {
                let row = self.row((year, number), figure, payer.clone()).filter(Row::adds_up);
                rows.push(row.ok_or_else(|| {
                    let payer = &payer.0;
                    Stop::Failed(Words::new(
                        format!("{year}年，{payer}：各部分相加不等于差额"),
                        format!("{year}, {payer}: the parts do not add up to the difference"),
                    ))
                })?);
            }
        }
        // A program that gives what was recorded is no part.
        for cause in [Cause::ProgramBefore, Cause::ProgramAfter] {
            let is_nothing = |row: &Row| row.parts.iter().all(|(own, share)| *own != cause || share.fen == 0);
            if rows.iter().all(is_nothing) {
                rows.iter_mut().for_each(|row| row.parts.retain(|(own, _)| *own != cause));
            }
        }
        Ok(rows)
    }

    fn row(&self, key: (u16, usize), figure: Figure, payer: (String, Label)) -> Option<Row> {
        let of = |subset| self.arms.column(self.sides, subset, key);
        let seed = self.sides.causes.iter().position(|cause| *cause == Cause::Seed);
        let apart = apart(&self.sides.game(), &Column { of: &of, seed }, figure)?;
        let [before, after] = [0, 1].map(|run: usize| figure.whole_fen(self.recorded[run].get(&key)?));
        let (before, after) = (before?, after?);
        let errors_yuan = [0, 1].map(|run: usize| {
            Measured::of(figure, self.recorded[run].get(&key)?).and_then(|measured| measured.error_yuan)
        });
        let program = |cause, fen| (cause, Share { fen, error_yuan: None });
        let mut parts = vec![program(Cause::ProgramBefore, apart.before_fen - before)];
        parts.extend(self.sides.causes.iter().copied().zip(apart.shares));
        parts.push(program(Cause::ProgramAfter, after - apart.after_fen));
        Some(Row { year: key.0, payer, figure, fen: [before, after], errors_yuan, parts })
    }
}

/// The id and name of a payer.
fn names_of(records: [&RunRecord; 2]) -> impl Fn(&Payer) -> (String, Label) {
    move |payer| match payer {
        Payer::Fund => ("fund".to_owned(), Label::new("医疗救助基金", "assistance fund")),
        Payer::All => ("all".to_owned(), Label::new("全部资金渠道", "all payers")),
        Payer::Funder(id) => {
            let known = records.iter().find_map(|record| record.inputs[0].names.funders.get(id));
            (id.clone(), known.cloned().unwrap_or_else(|| Label::new(id, id)))
        }
    }
}

/// Which counties the figures are of.
fn label(counties: &Counties, records: [&RunRecord; 2]) -> Label {
    match counties {
        Counties::All => Label::new("全部县区", "all counties"),
        Counties::OfRuns(_) => Label::new("各次测算的全部县区", "all counties of each run"),
        Counties::Only(codes) => {
            let names = &records[0].inputs[0].names.counties;
            let of = |lang: Lang| -> String {
                let all: Vec<&str> = codes
                    .iter()
                    .map(|code| names.get(code).map_or(code.as_str(), |name| name.text(lang)))
                    .collect();
                all.join(lang.pick("、", ", "))
            };
            Label::new(of(Lang::Zh), of(Lang::En))
        }
    }
}
