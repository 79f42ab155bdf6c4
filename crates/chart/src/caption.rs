//! What a reader must know beside the picture: scenario, replicates, run and source.

use super::number::figure;
use fundcast_engine::lang::Lang;
use fundcast_engine::stats::PerMille;

/// The words around a chart that the caller knows; the chart itself adds its title, unit and interval.
#[derive(Debug, Clone, Default)]
pub struct Caption {
    /// Language of every word of the chart.
    pub lang: Lang,
    /// Title in place of the chart's own.
    pub title: Option<String>,
    /// Title of the scenario.
    pub scenario: String,
    /// Number of replicates behind the figures.
    pub replicates: u64,
    /// Run id, by which the figures can be found again.
    pub run: String,
    /// Where the figures come from, as the foot line; none when empty.
    pub source: String,
}

impl Caption {
    /// A warning of the percentiles of a chart that the replicates are too few for; nothing where they are enough.
    pub(super) fn too_few(&self, percentiles: &[u16]) -> Option<String> {
        let needed = |&at: &u16| Some((at, PerMille::new(at * 10)?.fewest_replicates()?));
        let few: Vec<(u16, u64)> =
            percentiles.iter().filter_map(needed).filter(|(_, n)| self.replicates < *n).collect();
        let most = few.iter().map(|(_, n)| *n).max().filter(|_| self.replicates > 0)?;
        let names: Vec<String> = few.iter().map(|(at, _)| format!("P{at}")).collect();
        let n = figure(self.replicates as f64, 0);
        Some(match self.lang {
            Lang::Zh => format!("模拟{n}次过少，{}不可靠（至少需{most}次）。", names.join("、")),
            Lang::En => {
                let are = Lang::replicates_are(self.replicates);
                format!("{n} {are} too few for {} (at least {most} are needed).", names.join(", "))
            }
        })
    }

    /// The parts of the subtitle, each with its separator: scenario, the facts of the chart, replicates and run.
    pub(super) fn subtitle(&self, facts: &[String]) -> Vec<String> {
        let mut parts = vec![self.scenario.clone()];
        parts.extend(facts.iter().cloned());
        if self.replicates > 0 {
            let n = figure(self.replicates as f64, 0);
            parts.push(match self.lang {
                Lang::Zh => format!("模拟{n}次"),
                Lang::En => format!("{n} {}", Lang::replicates(self.replicates)),
            });
        }
        if !self.run.is_empty() {
            parts.push(format!("{}{}", self.lang.pick("运行编号", "run "), self.run));
        }
        parts.retain(|part| !part.is_empty());
        let last = parts.len().saturating_sub(1);
        for part in &mut parts[..last] {
            part.push_str(self.lang.pick("；", "; "));
        }
        parts
    }
}
