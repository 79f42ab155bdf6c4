//! What a goal seek found, for the screen, the tables and the chart.

use crate::lang::Lang;
use crate::policy::names::Name;
use crate::projection::condition::Condition;
use crate::projection::grid::Grid;
use crate::projection::layout::Layout;
use crate::projection::solve::{Found, Holds, Search, Standing};

use super::number::{grouped, percent, ten_thousands, unit};

/// The answer on other draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Fresh {
    /// Their seed.
    pub seed: u64,
    /// The figures.
    pub standings: Vec<Standing>,
    /// Whether the condition holds there.
    pub holds: Holds,
}

/// What a goal seek found.
#[derive(Debug, Clone)]
pub struct Solved<'a> {
    /// Names and size of the run.
    pub layout: &'a Layout,
    /// The input that was looked for.
    pub key: String,
    /// Its value today.
    pub current: Option<String>,
    /// What was to hold.
    pub condition: &'a Condition,
    /// The values that were tried.
    pub grid: Grid,
    /// What each came to.
    pub search: &'a Search,
    /// The answer.
    pub found: Found,
    /// The answer on other draws.
    pub fresh: Option<Fresh>,
}

impl Solved<'_> {
    /// The input in words: all revenue is no key.
    #[must_use]
    pub fn input(&self, lang: Lang) -> &str {
        if self.key == "revenue" {
            lang.pick("全部基金收入的倍数", "multiple of all revenue")
        } else {
            &self.key
        }
    }

    /// The condition in words.
    #[must_use]
    pub fn condition_text(&self, lang: Lang) -> String {
        let payer = self.layout.funders.get(self.condition.payer);
        let payer = payer.map_or("", |name: &Name| lang.pick(&name.zh, &name.en));
        let at_most = self.figure(self.condition.at_most);
        let unit = if self.condition.measure.is_share() { "" } else { unit(lang) };
        match lang {
            Lang::Zh => format!("{payer} {} ≤ {at_most}{unit}", self.condition.measure.label(lang)),
            Lang::En => format!("{payer}: {} ≤ {at_most} {unit}", self.condition.measure.label(lang))
                .trim_end()
                .to_owned(),
        }
    }

    /// A figure of the condition: a percentage, or ten thousands of yuan.
    #[must_use]
    pub fn figure(&self, value: f64) -> String {
        match (self.condition.measure.is_share(), value.is_finite()) {
            (_, false) => "-".to_owned(),
            (true, _) => percent(value),
            (false, _) => ten_thousands(value),
        }
    }

    /// Whose a figure is.
    #[must_use]
    pub fn owner(&self, owner: Option<usize>, lang: Lang) -> String {
        self.layout.county_label(owner, lang).to_owned()
    }

    /// The answer in one sentence, then how sure it is.
    #[must_use]
    pub fn sentences(&self, lang: Lang) -> Vec<String> {
        let text = |at: i64| self.grid.text(at);
        let ends = [text(0), text(self.grid.last)];
        let high_is_safe = self.search.is_safe_at_high();
        let mut all = Vec::new();
        match self.found {
            Found::Edge { at, interval: (surely, maybe) } => {
                let most = match (lang, high_is_safe) {
                    (Lang::Zh, true) => "最小",
                    (Lang::Zh, false) => "最大",
                    (Lang::En, true) => "smallest",
                    (Lang::En, false) => "largest",
                };
                all.push(match lang {
                    Lang::Zh => format!("满足条件的{most}取值：{}", text(at)),
                    Lang::En => format!("The {most} value that does: {}", text(at)),
                });
                let range = match surely {
                    Some(surely) => {
                        let (a, b) = if high_is_safe { (maybe, surely) } else { (surely, maybe) };
                        format!("{}–{}", text(a), text(b))
                    }
                    None => match (lang, high_is_safe) {
                        (Lang::Zh, true) => format!("{}以上（范围内无确定满足的取值）", text(maybe)),
                        (Lang::Zh, false) => format!("{}以下（范围内无确定满足的取值）", text(maybe)),
                        (Lang::En, true) => {
                            format!("from {} up (none of the range does for sure)", text(maybe))
                        }
                        (Lang::En, false) => {
                            format!("up to {} (none of the range does for sure)", text(maybe))
                        }
                    },
                };
                all.push(match lang {
                    Lang::Zh => format!("95%区间：{range}（{}次模拟的误差；步长{}）", self.n(), self.step()),
                    Lang::En => format!(
                        "95 % interval: {range} (error of {} replicates; step {})",
                        self.n(),
                        self.step()
                    ),
                });
            }
            Found::Everywhere => all.push(match lang {
                Lang::Zh => format!("从{}到{}，试算的全部取值均满足条件", ends[0], ends[1]),
                Lang::En => format!("Every value tried from {} to {} does", ends[0], ends[1]),
            }),
            Found::Nowhere { nearest } => all.push(self.nowhere(nearest, lang)),
        }
        all.extend(self.again(lang));
        all.extend(self.fresh.as_ref().map(|fresh| confirmed(fresh, lang)));
        all
    }

    /// No value does: which one comes nearest, and whether it may within the error.
    fn nowhere(&self, nearest: i64, lang: Lang) -> String {
        let (maybe, unknown) = self.may_hold(nearest);
        let how = match (unknown, maybe, lang) {
            (true, _, Lang::Zh) => "（模拟次数不足以给出其误差）",
            (false, true, Lang::Zh) => "（在误差之内或许满足，请增加模拟次数）",
            (false, false, Lang::Zh) => "（误差不足以解释）",
            (true, _, Lang::En) => " (replicates are too few for its error)",
            (false, true, Lang::En) => " (within the error it may: take more replicates)",
            (false, false, Lang::En) => " (it misses by more than the error)",
        };
        let [low, high, nearest] = [0, self.grid.last, nearest].map(|at| self.grid.text(at));
        match lang {
            Lang::Zh => format!("从{low}到{high}没有取值满足条件；最接近的是{nearest}{how}"),
            Lang::En => format!("No value from {low} to {high} does; {nearest} comes nearest{how}"),
        }
    }

    /// Whether the condition may hold at a value within the error, and whether the error is unknown.
    fn may_hold(&self, value: i64) -> (bool, bool) {
        let found = self.search.simulated().find(|(at, ..)| *at == value);
        found.map_or((false, true), |(_, _, holds)| (holds.maybe, holds.unknown))
    }

    fn n(&self) -> String {
        #[expect(clippy::cast_precision_loss, reason = "a count, for a reader")]
        let n = self.layout.n_replicates as f64;
        grouped(n, 0)
    }

    fn step(&self) -> String {
        crate::projection::grid::text(self.grid.step)
    }

    /// Values beyond the edge that hold again.
    fn again(&self, lang: Lang) -> Option<String> {
        let again: Vec<String> = self.search.again().into_iter().map(|at| self.grid.text(at)).collect();
        let (list, is_edge) = (again.join(lang.pick("、", ", ")), matches!(self.found, Found::Edge { .. }));
        (is_edge && !again.is_empty()).then(|| match lang {
            Lang::Zh => format!("注意：条件随取值并非单向变化，在{list}处又满足"),
            Lang::En => {
                format!("Mind: the condition does not change in one direction only; it holds again at {list}")
            }
        })
    }
}

fn confirmed(Fresh { seed, holds, .. }: &Fresh, lang: Lang) -> String {
    match (lang, holds.holds, holds.maybe) {
        (Lang::Zh, true, _) => format!("换种子（{seed}）复核：满足"),
        (Lang::Zh, false, true) => format!("换种子（{seed}）复核：略超，但在误差之内"),
        (Lang::Zh, false, false) => format!("换种子（{seed}）复核：不满足，误差不足以解释；请增加模拟次数"),
        (Lang::En, true, _) => format!("On a fresh seed ({seed}): it holds"),
        (Lang::En, false, true) => format!("On a fresh seed ({seed}): a little above, within the error"),
        (Lang::En, false, false) => format!(
            "On a fresh seed ({seed}): it does not hold, by more than the error; take more replicates"
        ),
    }
}
