//! What can be typed: the definitions of the command line, and nothing else.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use super::again_args::{VerifyArgs, WhyArgs};
pub use super::charts::{ChartArgs, ChartFormatArg, ChartSizeArg};
use super::locale;
pub use super::new_args::{ImportArgs, NewArgs};
pub use super::report_args::{DocumentArgs, FormatArg, ReportArgs};
pub use super::sensitivity_args::SensitivityArgs;
pub use super::shell::{CompletionsArgs, ManArgs};
pub use super::size_args::{AfterTransitionArg, EngineArg, InstructionsArg, SizeArgs, SourceArg};
pub use super::solve_args::{BudgetArgs, SolveArgs};
pub use super::taper_args::TaperArgs;
use super::usage::Refused;
pub use super::work_args::{BlockArgs, DetailArg, MergeArgs, PartsArgs, PlanArgs};
use crate::lang::Lang;
use crate::scenario::load::Setting;

/// Monte Carlo projection of medical-assistance (医疗救助) spending by county, year, line and funder.
///
/// 医疗救助支出的蒙特卡洛测算：按县（市、区）、年度、项目和资金渠道。
#[derive(Debug, Parser)]
#[command(name = "fundcast", version, propagate_version = true, after_help = EXIT_CODES)]
pub struct Cli {
    /// The language.
    #[command(flatten)]
    pub lang: LangOption,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done, 1 the run failed, 2 bad input (every fault is listed at once), 130 stopped by Ctrl-C.\n\
                          Standard output carries the result, standard error everything else.";

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Project what each county's assistance fund and finance will spend (测算)
    ///
    /// Writes tables, trials and charts to output/SCENARIO/ and prints a table by county and year.
    Run(RunArgs),
    /// The same as run, showing how safe budgets are, what each safety needs and when a fund is empty (预算)
    ///
    /// Budgets in force, balances and revenue stand under fund in the place file, see docs/fund.md; without them what is
    /// needed is shown alone. With --solve: up to which value of an input a condition holds (docs/solve.md).
    Budget(BudgetArgs),
    /// Compare scenarios on the same draws: what a changed rule costs (比较)
    ///
    /// The first scenario is the base; differences are "other minus base", paired by replicate.
    Compare(CompareArgs),
    /// What each step of a tapering subsidy saves, what one more year, its end or stopping costs, who may leave (渐退)
    ///
    /// Every answer is how much more is spent than as written, by county, year and payer, on the same draws: docs/taper.md.
    Taper(TaperArgs),
    /// What a figure of a budget depends on, input by input, and which input to find out first (敏感性)
    ///
    /// Every uncertain input is held low and high on the same draws, and so is every value given by --vary; shares of the
    /// variance and what knowing an input would save stand beside it: docs/sensitivity.md.
    Sensitivity(SensitivityArgs),
    /// Write office documents of finished runs, without simulating again (报告)
    ///
    /// RUN is a folder that run or compare wrote, such as output/fangchenggang. The documents are made from its files,
    /// which are held against their hashes first, and stand in the same folder: report.docx, report.xlsx, report.html.
    Report(ReportArgs),
    /// Hold finished runs against their hashes, their inputs and, with --rerun, against a new simulation (核对)
    ///
    /// Exit code 1 where anything does not hold. Nothing is written.
    Verify(VerifyArgs),
    /// Say why the figures of two finished runs differ: program, policy, place, model, settings, seed, replicates (原因)
    ///
    /// What differs between them is simulated again from the inputs in their folders; the parts add up to the fen. Nothing is written.
    Why(WhyArgs),
    /// Settle typed-in cases by the rules, without any draws (结算)
    Settle(SettleArgs),
    /// Explain one person's settlement step by step (结算单)
    Explain(ExplainArgs),
    /// Check a scenario file and everything it names; report every fault at once (检查)
    Check(CheckArgs),
    /// Print the register of clauses: which rules implement each, whom it touches, what it moves (条款)
    Clauses(ClausesArgs),
    /// List the inputs that are not found yet, those first that widen the budget most, and where to write each (待查)
    ///
    /// A small run tells how much of the spread comes from each; nothing is written.
    Fill(LookArgs),
    /// Cut a run into units that any machine can work out, in one file with all it takes (分块计划)
    ///
    /// A unit is a county in some of the replicates. See docs/many-machines.md.
    Plan(PlanArgs),
    /// Work units of a plan out, each into one file; what is there already is not worked out again (分块运行)
    Block(BlockArgs),
    /// Put the units of a plan together: the folder that one machine would have written, or nothing (合并)
    ///
    /// A unit that is missing, there twice, damaged or of another run is named, and nothing is written.
    Merge(MergeArgs),
    /// Print the JSON Schema of a kind of file, for editors (格式)
    Schema(SchemaArgs),
    /// Make a scenario folder for any county from the census, a shipped policy and stated shares (新建)
    ///
    /// The folder has everything it needs and can be run as it is. What nobody has said is assumed, with its source.
    New(NewArgs),
    /// Put a new register or a new table of the fund into the place of a scenario, and show what changes (导入)
    ///
    /// All of it or nothing: whatever `check` would refuse is not written. The files as they were are kept beside.
    Import(ImportArgs),
    /// Write a commented policy file to fill in, with a scenario that runs it (新方案)
    ///
    /// The values stand in for those of the document. What is there already is never overwritten.
    NewPolicy(NewPolicyArgs),
    /// Print the script with which a shell completes commands and options (补全)
    Completions(CompletionsArgs),
    /// Print the page of the manual, or write one for each command (手册)
    Man(ManArgs),
}

/// What `new-policy` is told.
#[derive(Debug, Args)]
pub struct NewPolicyArgs {
    /// The name of the plan, such as linjiang-2024; its file becomes policies/NAME.toml
    pub name: String,
    /// The folder that has places/ and models/, and gets the new files
    #[arg(long, default_value = "scenarios")]
    pub folder: PathBuf,
    /// The place that the scenario runs on, a folder of places/
    #[arg(long, default_value = "fangchenggang")]
    pub place: String,
    /// The illness model, a file of models/
    #[arg(long, default_value = "guangxi")]
    pub model: String,
    /// The first year of the plan and of the run
    #[arg(long, default_value_t = 2024, value_parser = clap::value_parser!(u16).range(2000..=2100))]
    pub year: u16,
    /// Use all further shapes of the template too, such as assistance on application
    #[arg(long)]
    pub all_shapes: bool,
    /// The language
    #[command(flatten)]
    pub lang: LangOption,
}

/// What `run` and `budget` are told.
#[derive(Debug, Args, Clone)]
pub struct RunArgs {
    /// The scenario file, such as scenarios/fangchenggang.toml, or the name of one in scenarios/ (fangchenggang)
    pub scenario: PathBuf,
    /// How much is simulated
    #[command(flatten)]
    pub size: SizeArgs,
    /// Where results go
    #[command(flatten)]
    pub output: OutputArgs,
    /// As many replicates as it takes until P95 of each county's fund is known to this share of it (95 %), such as 1%
    #[arg(long, value_name = "SHARE", conflicts_with = "replicates", value_parser = share)]
    pub precision: Option<f64>,
    /// Write every replicate by month or by category too, separated by commas: files some ten times as large as trials.parquet
    #[arg(long, value_enum, value_delimiter = ',', value_name = "DETAIL")]
    pub trials_by: Vec<DetailArg>,
    /// Of how many replicates the persons are looked at one by one, to see who pays the bills and how unequal they are; each
    /// takes about as long as five replicates of the run
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub bills: u32,
    /// How it goes on after an interruption
    #[command(flatten)]
    pub parts: PartsArgs,
    /// Documents beside the tables
    #[command(flatten)]
    pub documents: DocumentArgs,
}

/// What `compare` is told.
#[derive(Debug, Args)]
pub struct CompareArgs {
    /// The base scenario
    pub base: PathBuf,
    /// The scenarios that are held against it; A+B lays delta B over delta A, both on the same base
    #[arg(required = true)]
    pub others: Vec<PathBuf>,
    /// Which changed line causes how much: up to three lines are told apart without being asked, more of them with
    /// --attribution, because every subset of the lines is simulated (what it takes is said before); --attribution=never
    /// leaves it out
    #[arg(long, value_enum, value_name = "WHEN", num_args = 0..=1, require_equals = true, default_value_t = AttributionArg::Auto, default_missing_value = "always")]
    pub attribution: AttributionArg,
    /// Above ten lines, in how many drawn orders they are switched on, each forwards and backwards
    #[arg(long, value_name = "ORDERS", default_value_t = 16, value_parser = clap::value_parser!(u32).range(2..=10_000))]
    pub attribution_orders: u32,
    /// Of how many replicates the persons are held one by one against themselves, to see who gets more and who gets less;
    /// 0 leaves it out
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    pub winners: u32,
    /// How much is simulated
    #[command(flatten)]
    pub size: SizeArgs,
    /// Where results go
    #[command(flatten)]
    pub output: OutputArgs,
    /// Documents beside the tables
    #[command(flatten)]
    pub documents: DocumentArgs,
}

/// When the difference is attributed to the changed lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AttributionArg {
    /// Of up to three lines
    Auto,
    /// Of any number of lines
    Always,
    /// Not at all
    Never,
}

/// Where results go.
#[derive(Debug, Args, Clone)]
pub struct OutputArgs {
    /// Folder of the results [default: output/SCENARIO]
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Replace an earlier run of the same scenario file; files that the run did not write are kept
    #[arg(long)]
    pub force: bool,
    /// The language
    #[command(flatten)]
    pub lang: LangOption,
    /// How charts are written
    #[command(flatten)]
    pub drawing: ChartArgs,
    /// Print every county; else, of more than 20, the ten largest and all together (the tables hold all)
    #[arg(long)]
    pub all_counties: bool,
    /// Print nothing but the result
    #[arg(long)]
    pub quiet: bool,
    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// What `settle` is told.
#[derive(Debug, Args)]
pub struct SettleArgs {
    /// The scenario file
    pub scenario: PathBuf,
    /// Where the cases come from
    #[command(flatten)]
    pub cases: CasesArgs,
    /// Write the answers to a new file: a workbook (.xlsx) with a row for each case, bill and payment, or JSON lines (.jsonl)
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The language
    #[command(flatten)]
    pub lang: LangOption,
    /// Change a value: policy.…, place.… or run.…
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = setting)]
    pub settings: Vec<Setting>,
}

/// Where cases come from.
#[derive(Debug, Args)]
pub struct CasesArgs {
    /// Cases as JSON lines; `-` reads standard input
    #[arg(long, required_unless_present = "persons", conflicts_with_all = ["persons", "claims"])]
    pub cases: Option<PathBuf>,
    /// Cases as tables: the persons; .csv, .xlsx, .xls or .ods
    #[arg(long, requires = "claims")]
    pub persons: Option<PathBuf>,
    /// Cases as tables: the claims; .csv, .xlsx, .xls or .ods
    #[arg(long, requires = "persons")]
    pub claims: Option<PathBuf>,
}

/// What `explain` is told.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The scenario file
    pub scenario: PathBuf,
    /// A second scenario: both are shown side by side, the first step that differs marked
    pub other: Option<PathBuf>,
    /// Where the cases come from
    #[command(flatten)]
    pub cases: CasesArgs,
    /// Only the case of this name
    #[arg(long)]
    pub case: Option<String>,
    /// Write the sheets to a new file: a workbook (.xlsx) with a sheet for each case, or text (.txt)
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The language
    #[command(flatten)]
    pub lang: LangOption,
    /// Change a value of the (first) scenario
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = setting)]
    pub settings: Vec<Setting>,
}

/// What `check` is told.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The scenario file
    pub scenario: PathBuf,
    /// Change a value before checking
    #[arg(long = "set", value_name = "PATH=VALUE", value_parser = setting)]
    pub settings: Vec<Setting>,
    /// Print nothing when all is well: no fault, no warning
    #[arg(long)]
    pub quiet: bool,
    /// The language
    #[command(flatten)]
    pub lang: LangOption,
}

/// What `clauses` and `fill` are told: of a small run, of which nothing is written.
#[derive(Debug, Args)]
pub struct LookArgs {
    /// The scenario file
    pub scenario: PathBuf,
    /// How much is simulated
    #[command(flatten)]
    pub size: SizeArgs,
    /// The language
    #[command(flatten)]
    pub lang: LangOption,
    /// Print no progress
    #[arg(long)]
    pub quiet: bool,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// What `clauses` is told.
#[derive(Debug, Args)]
pub struct ClausesArgs {
    /// The run
    #[command(flatten)]
    pub look: LookArgs,
    /// Fail (exit code 1) when a money clause has no rule or moves nothing
    #[arg(long)]
    pub strict: bool,
}

/// What `schema` is told.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// The kind of file
    #[arg(value_enum, default_value_t = FileKind::Scenario)]
    pub kind: FileKind,
}

/// The kinds of files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FileKind {
    /// scenarios/*.toml
    Scenario,
    /// scenarios/policies/*.toml
    Policy,
    /// scenarios/places/*/place.toml
    Place,
    /// scenarios/models/*.toml
    Model,
}

/// The language of a command, one option for all of them.
#[derive(Debug, Clone, Copy, Args)]
pub struct LangOption {
    /// Language of all that is said and written; by default that of the locale (LC_ALL, LC_MESSAGES, LANG)
    #[arg(long, value_enum, value_name = "LANG", global = true, default_value_t = locale::of_environment())]
    pub lang: LangArg,
}

impl From<LangOption> for Lang {
    fn from(option: LangOption) -> Self {
        option.lang.into()
    }
}

/// The language as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LangArg {
    /// Chinese
    Zh,
    /// English
    En,
}

impl From<LangArg> for Lang {
    fn from(lang: LangArg) -> Self {
        match lang {
            LangArg::Zh => Self::Zh,
            LangArg::En => Self::En,
        }
    }
}

pub(super) fn years(text: &str) -> Result<(u16, u16), Refused> {
    let allowed = || Refused::new("须为年度，例如 2024 或 2023-2025", "years such as 2024 or 2023-2025");
    let year = |text: &str| text.trim().parse::<u16>().map_err(|_| allowed());
    let (first, last) = match text.split_once('-') {
        Some((first, last)) => (year(first)?, year(last)?),
        None => (year(text)?, year(text)?),
    };
    if first <= last { Ok((first, last)) } else { Err(allowed()) }
}

pub(super) fn setting(text: &str) -> Result<Setting, Refused> {
    let example = "policy.assistance.margin.ratio=0.85";
    let Some(setting) = Setting::of_typed(text) else {
        return Err(Refused::new(
            format!("须为一项改动，例如 {example}"),
            format!("a change such as {example}"),
        ));
    };
    let path = &setting.path;
    let first = path.split('.').next().unwrap_or_default();
    let known = [
        "policy",
        "policies",
        "place",
        "model",
        "run",
        "title_zh",
        "title_en",
        "description_zh",
        "description_en",
    ];
    if !known.contains(&first) || path.split('.').any(str::is_empty) {
        return Err(Refused::new(
            format!("键须以 policy.、policies.名称.、place.、model. 或 run. 开头（不能是 `{path}`）"),
            format!("a path begins with policy., policies.NAME., place., model. or run. (not `{path}`)"),
        ));
    }
    Ok(setting)
}

/// A share above 0 and below 1, such as 1% or 0.01.
fn share(text: &str) -> Result<f64, Refused> {
    let number = match text.trim().strip_suffix(['%', '％']) {
        Some(percent) => percent.trim().parse::<f64>().map(|percent| percent / 100.0),
        None => text.trim().parse::<f64>(),
    };
    let allowed = || {
        Refused::new(
            "须为 0.1% 至 50% 的比例，例如 1% 或 0.01",
            "write a share from 0.1% to 50%, such as 1% or 0.01",
        )
    };
    number.ok().filter(|share| (0.001..=0.5).contains(share)).ok_or_else(allowed)
}
