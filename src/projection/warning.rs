//! What a reader of the results must know: imprecise means, lines without money, money without a clause.

use crate::lang::Lang;
use crate::stats::PerMille;

use super::layout::Layout;
use super::money::{MoneyRow, Part};

/// A warning; a value, printed by the command line and kept in the record of the run.
#[derive(Debug, Clone, PartialEq)]
pub enum Warning {
    /// There is only one replicate, so that no result has an error.
    NoError,
    /// There are too few replicates for a percentile: it is as good as the largest or smallest of them.
    FewForPercentile {
        /// The percentile, such as 95.
        percentile: u16,
        /// The replicates that were made.
        replicates: u64,
        /// The fewest with which the percentile has an error of its own.
        replicates_needed: u64,
    },
    /// The Monte Carlo error of a county-year's total exceeds the target.
    Imprecise {
        /// The county's position; `None` for all.
        county: Option<usize>,
        /// The year.
        year: u16,
        /// Standard error as a share of the mean.
        relative_error: f64,
        /// Replicates with which it would meet the target.
        replicates_needed: u64,
    },
    /// A line of spending moves no money.
    SilentLine {
        /// Position among the lines.
        line: usize,
        /// The years without money.
        years: Vec<u16>,
        /// Why.
        reason: Silence,
    },
    /// A rule does nothing.
    SilentRule {
        /// Its number.
        rule: usize,
        /// The years without effect.
        years: Vec<u16>,
        /// Why.
        reason: Silence,
    },
    /// The font of the charts lacks characters that the charts show.
    MissingGlyphs {
        /// The characters, each once.
        characters: String,
    },
    /// Rules of the transition lapse, and the scenario does not say so.
    Lapsed {
        /// The last year of the transition.
        end: u16,
        /// What it would cost to hold them.
        held: Vec<HeldYear>,
    },
    /// A rule pays without citing a clause of the policy.
    Uncited {
        /// Its number.
        rule: usize,
    },
}

/// What holding the rules of a transition would add to all spending of a year, on the draws of the run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeldYear {
    /// The year.
    pub year: u16,
    /// Mean, yuan.
    pub yuan: f64,
    /// Half the width of the 95 % interval of the mean, yuan; `None` with one replicate.
    pub margin_yuan: Option<f64>,
}

/// Why a line or a rule moves no money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Silence {
    /// No rule books to the line.
    NoRule,
    /// Switched off, or not in force in these years.
    NotInForce,
    /// Nobody is in the categories that it is for.
    NoPersons,
    /// There are persons, but its share or amount is nothing.
    PaysNothing,
    /// There are persons, but none of them met its conditions, or another identity gave more, in any replicate.
    NoCase,
}

impl Silence {
    /// The name in the record of the run.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoRule => "no_rule",
            Self::NotInForce => "not_in_force",
            Self::NoPersons => "no_persons",
            Self::PaysNothing => "pays_nothing",
            Self::NoCase => "no_case",
        }
    }

    pub(super) const fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::NoRule => lang.pick("没有规则列支该项目", "no rule books to it"),
            Self::NotInForce => {
                lang.pick("规则未启用或该年度不在有效期内", "switched off or not in force in these years")
            }
            Self::NoPersons => lang.pick("所适用的类别没有人员", "nobody is in the categories it is for"),
            Self::PaysNothing => lang.pick("比例或金额为0", "its share or amount is 0"),
            Self::NoCase => lang.pick(
                "有人员，但各次模拟均无人符合条件（或其他身份待遇更高）",
                "there are persons, but none met its conditions (or another identity gave more) in any replicate",
            ),
        }
    }
}

impl Warning {
    /// The kind's name in the record of the run.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::NoError => "no_error",
            Self::FewForPercentile { .. } => "few_for_percentile",
            Self::Imprecise { .. } => "imprecise",
            Self::SilentLine { .. } => "silent_line",
            Self::SilentRule { .. } => "silent_rule",
            Self::MissingGlyphs { .. } => "missing_glyphs",
            Self::Lapsed { .. } => "lapsed",
            Self::Uncited { .. } => "uncited",
        }
    }

    /// The warning as a sentence.
    #[must_use]
    pub fn text(&self, layout: &Layout, lang: Lang) -> String {
        match self {
            Self::NoError => lang
                .pick(
                    "只有一次模拟，无法给出蒙特卡洛误差",
                    "there is one replicate only: no result has a Monte Carlo error",
                )
                .to_owned(),
            Self::FewForPercentile { percentile, replicates, replicates_needed } => match lang {
                Lang::Zh => format!(
                    "P{percentile}不可靠：{replicates}次模拟太少，至少需{replicates_needed}次才能与最大（小）一次模拟区分并给出误差"
                ),
                Lang::En => format!(
                    "P{percentile} is not reliable: {replicates} {} too few, at least {replicates_needed} are needed to tell it from the largest (smallest) of them",
                    Lang::replicates_are(*replicates)
                ),
            },
            Self::Imprecise { county, year, relative_error, replicates_needed } => {
                let county = layout.county_label(*county, lang);
                let (error, target) = (relative_error * 100.0, layout.precision_target * 100.0);
                match lang {
                    Lang::Zh => format!(
                        "{county}{year}年合计均值的标准误为{error:.2}%，超过目标{target:.2}%；约需模拟{replicates_needed}次"
                    ),
                    Lang::En => format!(
                        "{county} {year}: the standard error of the total is {error:.2} % of its mean, above the target of {target:.2} %; about {replicates_needed} replicates are needed"
                    ),
                }
            }
            Self::SilentLine { line, years, reason } => {
                let name = layout.lines.get(*line).map_or("?", |name| lang.pick(&name.zh, &name.en));
                silent(name, lang.pick("无支出", "no money"), (years, *reason), lang)
            }
            Self::SilentRule { rule, years, reason } => {
                let name = format!("`{}`", layout.rule_id(*rule));
                silent(&name, lang.pick("未起作用", "no effect"), (years, *reason), lang)
            }
            Self::MissingGlyphs { characters } => match lang {
                Lang::Zh => format!(
                    "图表内置字体没有这些字：{characters}；PNG中显示为方框，SVG在装有相应字体的机器上可正常显示"
                ),
                Lang::En => format!(
                    "the font of the charts lacks: {characters}; they are boxes in the PNG files, SVG files show them where a font of the machine has them"
                ),
            },
            Self::Lapsed { end, held } => lapsed(*end, held, lang),
            Self::Uncited { rule } => {
                let id = layout.rule_id(*rule);
                match lang {
                    Lang::Zh => format!("规则`{id}`有支出但未引用政策条款"),
                    Lang::En => format!("rule `{id}` pays without citing a clause"),
                }
            }
        }
    }
}

/// The warnings as sentences for a screen: more than three of imprecision become one.
#[must_use]
pub fn brief(warnings: &[Warning], layout: &Layout, lang: Lang) -> Vec<String> {
    let is_percentile = |warning: &&Warning| matches!(warning, Warning::FewForPercentile { .. });
    let (few, warnings): (Vec<&Warning>, Vec<&Warning>) = warnings.iter().partition(is_percentile);
    let few = percentiles_in_one(&few, lang);
    let imprecise: Vec<(f64, u64)> = warnings
        .iter()
        .filter_map(|warning| match warning {
            Warning::Imprecise { relative_error, replicates_needed, .. } => {
                Some((*relative_error, *replicates_needed))
            }
            _ => None,
        })
        .collect();
    if imprecise.len() <= 3 {
        return few.into_iter().chain(warnings.iter().map(|warning| warning.text(layout, lang))).collect();
    }
    let worst = imprecise.iter().map(|(error, _)| error * 100.0).fold(0.0, f64::max);
    let needed = imprecise.iter().map(|(_, n)| *n).max().unwrap_or_default();
    let (n, target) = (imprecise.len(), layout.precision_target * 100.0);
    let first = match lang {
        Lang::Zh => {
            format!(
                "{n}个年度合计（各县区及全部合计）均值的标准误超过目标{target:.2}%，最高{worst:.2}%；约需模拟{needed}次"
            )
        }
        Lang::En => format!(
            "the standard errors of {n} yearly totals of counties or all together exceed the target of {target:.2} % of the mean, up to {worst:.2} %; about {needed} replicates are needed"
        ),
    };
    let others = warnings.iter().filter(|warning| !matches!(warning, Warning::Imprecise { .. }));
    few.into_iter().chain([first]).chain(others.map(|warning| warning.text(layout, lang))).collect()
}

/// One sentence for all percentiles that the replicates are too few for.
fn percentiles_in_one(few: &[&Warning], lang: Lang) -> Option<String> {
    let mut parts = Vec::new();
    let mut made = 0;
    for warning in few {
        if let Warning::FewForPercentile { percentile, replicates, replicates_needed } = warning {
            parts.push(match lang {
                Lang::Zh => format!("P{percentile}至少需{replicates_needed}次"),
                Lang::En => format!("P{percentile} needs {replicates_needed}"),
            });
            made = *replicates;
        }
    }
    if parts.is_empty() {
        return None;
    }
    let are = Lang::replicates_are(made);
    Some(match lang {
        Lang::Zh => {
            format!("* {made}次模拟不足以给出可靠的分位数（接近其中最大或最小的一次）：{}", parts.join("，"))
        }
        Lang::En => format!(
            "* {made} {are} too few for percentiles, which are then as good as the largest or smallest of them: {}",
            parts.join(", ")
        ),
    })
}

fn lapsed(end: u16, held: &[HeldYear], lang: Lang) -> String {
    let of = |one: &HeldYear| {
        let margin = one.margin_yuan.map_or_else(String::new, |yuan| format!(" ± {:.2}", yuan / 10_000.0));
        let amount = format!("{:+.2}{margin}", one.yuan / 10_000.0);
        match lang {
            Lang::Zh => format!("{}年{amount}万元", one.year),
            Lang::En => format!("{amount} in {}", one.year),
        }
    };
    let years: Vec<String> = held.iter().map(of).collect();
    match lang {
        Lang::Zh => format!(
            "过渡期规则{end}年后失效（情景未写明after_transition，按政策文件处理）；如继续执行，支出合计变化：{}",
            years.join("，")
        ),
        Lang::En => format!(
            "the rules of the transition lapse after {end}, as the documents say, since the scenario does not say `after_transition`; to hold them would change all spending by, 10,000 yuan: {}",
            years.join(", ")
        ),
    }
}

fn silent(name: &str, what: &str, (years, reason): (&[u16], Silence), lang: Lang) -> String {
    let list: Vec<String> = years.iter().map(ToString::to_string).collect();
    let reason = reason.text(lang);
    match lang {
        Lang::Zh => format!("{name}：{}年{what}：{reason}", list.join("、")),
        Lang::En => format!("{name}: {what} in {}: {reason}", list.join(", ")),
    }
}

/// Warnings for the percentiles of the tables that the replicates are too few for.
#[must_use]
pub fn few_for_percentiles(n_replicates: usize) -> Vec<Warning> {
    let replicates = n_replicates as u64;
    let all = [(5, PerMille::P05), (25, PerMille::P25), (50, PerMille::P50), (75, PerMille::P75)];
    let upper = [(90, PerMille::P90), (95, PerMille::P95), (99, PerMille::P99)];
    all.into_iter()
        .chain(upper)
        .filter_map(|(percentile, at)| Some((percentile, at.fewest_replicates()?)))
        .filter(|(_, needed)| replicates < *needed)
        .map(|(percentile, replicates_needed)| Warning::FewForPercentile {
            percentile,
            replicates,
            replicates_needed,
        })
        .collect()
}

/// Warnings for those of some percentiles that the replicates are too few for.
#[must_use]
pub fn few_for(percentiles: &[u16], n_replicates: usize) -> Vec<Warning> {
    let is_meant = |warning: &Warning| matches!(warning, Warning::FewForPercentile { percentile, .. } if percentiles.contains(percentile));
    few_for_percentiles(n_replicates).into_iter().filter(is_meant).collect()
}

/// The name of a percentile as the head of a column: with a star where the replicates are too few for it.
#[must_use]
pub fn starred(percentile: u16, n_replicates: usize) -> String {
    let star = if few_for(&[percentile], n_replicates).is_empty() { "" } else { "*" };
    format!("P{percentile}{star}")
}

/// What the star means, for the percentiles of a table; `None` where no one has it.
#[must_use]
pub fn star_note(percentiles: &[u16], n_replicates: usize, lang: Lang) -> Option<String> {
    percentiles_in_one(&few_for(percentiles, n_replicates).iter().collect::<Vec<_>>(), lang)
}

/// Warnings for the county-years, and all counties, whose total is less precise than the target.
#[must_use]
pub fn imprecise(layout: &Layout, money: &[MoneyRow]) -> Vec<Warning> {
    if layout.n_replicates < 2 {
        return vec![Warning::NoError];
    }
    // The sum over one county is that county.
    let sums = layout.counties.len() > 1;
    let totals = money.iter().filter(|row| row.part == Part::TOTAL && (sums || row.county.is_some()));
    totals
        .filter_map(|row| {
            let relative_error = row.spending.yuan.relative_error()?;
            let replicates_needed = row.spending.yuan.replicates_for(layout.precision_target)?;
            (relative_error > layout.precision_target).then_some(Warning::Imprecise {
                county: row.county,
                year: row.year,
                relative_error,
                replicates_needed,
            })
        })
        .collect()
}
