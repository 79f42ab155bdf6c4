//! What it would cost to hold the rules of a transition that lapse unasked: worked out beside a run, on its draws.

use super::Stop;
use super::args::SizeArgs;
use super::simulate::{self, Size, Source};
use crate::lang::Words;
use crate::projection::compare::ComparisonBuilder;
use crate::projection::layout::Layout;
use crate::projection::money::Part;
use crate::projection::warning::{HeldYear, Warning};
use crate::scenario::Scenario;
use crate::scenario::load::Setting;

/// The same scenario with the rules of its transition held.
pub struct Held {
    /// It.
    pub scenario: Scenario,
    builder: ComparisonBuilder,
    /// The last year of the transition.
    end: u16,
    /// The years after it.
    years: Vec<u16>,
}

impl Held {
    /// Where a reported year lies after a transition of which the scenario does not say what becomes of it.
    pub fn of(
        scenario: &Scenario,
        layout: &Layout,
        (args, source, size): (&SizeArgs, Source<'_>, &Size),
    ) -> Result<Option<Self>, Stop> {
        let Some(end) = scenario.lapses_after else { return Ok(None) };
        let years: Vec<u16> = size.reported.iter().copied().filter(|year| *year > end).collect();
        if years.is_empty() {
            return Ok(None);
        }
        let hold = Setting { path: "run.after_transition".to_owned(), value: "\"hold\"".to_owned() };
        let held = args.load_from(source, &[hold])?;
        let other = simulate::layout(&held, size)?;
        let builder = ComparisonBuilder::new(layout.clone(), other).map_err(|error| {
            let why = error.words();
            Stop::Failed(Words::new(
                format!("过渡期继续执行的方案不能与运行一起测算：{}", why.zh),
                format!("the transition cannot be held beside the run: {}", why.en),
            ))
        })?;
        Ok(Some(Self { scenario: held, builder, end, years }))
    }

    /// The scenario, and what takes a county's outcomes: as the rules lapse, and as they are held.
    pub fn split(&mut self) -> (&Scenario, &mut ComparisonBuilder) {
        (&self.scenario, &mut self.builder)
    }

    /// What holding costs, year by year.
    pub fn finish(self) -> Warning {
        let comparison = self.builder.finish();
        let of = |year: &u16| {
            let difference = comparison.difference(None, *year, Part::TOTAL)?;
            Some(HeldYear {
                year: *year,
                yuan: difference.yuan.mean,
                margin_yuan: difference.margin_95_yuan(),
            })
        };
        Warning::Lapsed { end: self.end, held: self.years.iter().filter_map(of).collect() }
    }
}
