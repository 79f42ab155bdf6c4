//! What `new` is told, and the tables of a bureau that a command may be given.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::args::{LangOption, years};
use super::usage::Refused;

/// What `new` is told.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// The folder to be made; its last part is the name of the scenario and of its place, such as hengzhou
    pub folder: PathBuf,
    /// A county (450181, 横州市, 南宁市/横州市), a prefecture (4501, 南宁市), a province (45, 广西) or the whole country (全国); may be given several times
    #[arg(long, required = true)]
    pub county: Vec<String>,
    /// The policy, one of those that are shipped; without it all of them are listed
    #[arg(long)]
    pub policy: Option<String>,
    /// First and last year to project, such as 2026 or 2025-2026 [default: those of the policy's shipped scenario]
    #[arg(long, value_parser = years)]
    pub years: Option<(u16, u16)>,
    /// The register of persons
    #[command(flatten)]
    pub register: RegisterArgs,
    /// The table of the fund
    #[command(flatten)]
    pub fund: FundArgs,
    /// Write into a folder that is there already; of the same name files are replaced, others kept
    #[arg(long)]
    pub force: bool,
    /// The language
    #[command(flatten)]
    pub lang: LangOption,
}

/// What `import` is told.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("tables").args(["register", "fund"]).required(true).multiple(true)))]
pub struct ImportArgs {
    /// The scenario whose place gets the numbers
    pub scenario: PathBuf,
    /// The register of persons
    #[command(flatten)]
    pub register: RegisterArgs,
    /// The table of the fund
    #[command(flatten)]
    pub fund: FundArgs,
    /// Show what would change, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// The language
    #[command(flatten)]
    pub lang: LangOption,
    /// Print nothing when all is well
    #[arg(long, conflicts_with = "json")]
    pub quiet: bool,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// A register of persons.
#[derive(Debug, Args)]
pub struct RegisterArgs {
    /// A register of persons by category, with a column of counties where there are several: .xlsx, .xls, .ods or .csv
    #[arg(long)]
    pub register: Option<PathBuf>,
    /// The sheet of the register, where several look like one
    #[arg(long, requires = "register")]
    pub sheet: Option<String>,
    /// What a heading of the register means: HEADING=ID of a category, or HEADING=- to leave it out; may be given several times
    #[arg(long = "map", value_name = "HEADING=ID", requires = "register", value_parser = mapping)]
    pub maps: Vec<(String, String)>,
}

/// The table of a fund.
#[derive(Debug, Args)]
pub struct FundArgs {
    /// The bureau's own table of the fund: balance, revenue by source and year, budgets, what is outstanding; .xlsx, .xls, .ods or .csv
    #[arg(long)]
    pub fund: Option<PathBuf>,
    /// The sheet of the table of the fund, where several look like one
    #[arg(long, requires = "fund")]
    pub fund_sheet: Option<String>,
    /// What an item of the table of the fund means: TEXT=ID (opening, outstanding, central, region, city, county, welfare_lottery, donations, other, budget.FUNDER), or TEXT=- to leave it out; may be given several times
    #[arg(long = "fund-map", value_name = "TEXT=ID", requires = "fund", value_parser = mapping)]
    pub fund_maps: Vec<(String, String)>,
}

fn mapping(text: &str) -> Result<(String, String), Refused> {
    let allowed = || {
        Refused::new(
            "须为表头和代码，例如 低收入家庭=dibao_margin",
            "a heading and an id such as 低收入家庭=dibao_margin",
        )
    };
    let (heading, id) = text.rsplit_once('=').ok_or_else(allowed)?;
    Ok((heading.trim().to_owned(), id.trim().to_owned()))
}
