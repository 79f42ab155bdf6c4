//! Attribution: how much of the difference of two scenarios each changed line causes, by county, year and purse.
//!
//! The value of a line is its Shapley value, the mean of what it adds over all orders in which the lines can be switched
//! on, see [`crate::stats::shapley::Game`]: it does not depend on the order of the file, and the values add up to the difference, replicate by
//! replicate in whole parts of a fen, and as they are shown to the last decimal of `difference.csv`.

mod plan;
mod sums;

use crate::scenario::changes::Unfelt;
use crate::stats::shapley::rounded_to;
use crate::stats::{Estimate, PerMille, Sample, student_t_quantile};

use super::compare::Comparison;
use super::money::Part;
use super::moved::{Outcome, Why};
pub use super::refusals::NotAddingUp;
pub use plan::{Arm, Plan};
use sums::Sums;
pub use sums::booked;

/// Units of the values that are shown, in one yuan: the decimals of `difference.csv`.
pub const UNITS_IN_A_YUAN: f64 = 10_000.0;
const UNITS_IN_A_FEN: i128 = 100;

/// A line with what it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributedLine {
    /// Its keys as a text.
    pub key: String,
    /// The positions of its changes in [`Comparison::changes`].
    pub changes: Vec<usize>,
    /// Whether any rule or draw differs by it.
    pub is_felt: bool,
}

/// What causes a difference.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribution {
    /// The lines, in the order of the changes.
    pub lines: Vec<AttributedLine>,
    /// The number of orders that were drawn; `None`: all were taken.
    pub n_orders: Option<usize>,
    /// The variants that were simulated besides both scenarios.
    pub n_variants: usize,
    /// Values by county (then of all), year, purse and line.
    pub rows: Vec<AttributionRow>,
    /// What lines add two by two, of all counties.
    pub pairs: Vec<PairRow>,
}

/// What a line causes in a county (or all), a year and a purse. Amounts in ten-thousandths of a yuan are those that are
/// shown, see [`UNITS_IN_A_YUAN`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AttributionRow {
    /// The county's position; `None` for all.
    pub county: Option<usize>,
    /// The year.
    pub year: u16,
    /// The purse: one funder, or all.
    pub part: Part,
    /// The position of the line.
    pub line: usize,
    /// The value, rounded so that the lines add up to the difference.
    pub value_units: i64,
    /// Its standard error: over replicates, and of the orders where they are sampled, yuan.
    pub error_yuan: Option<f64>,
    /// Half the width of the 95 % interval of the value, yuan, by Student's t.
    pub margin_95_yuan: Option<f64>,
    /// The part of the error that sampling the orders adds, yuan; `None` where all were taken.
    pub order_error_yuan: Option<f64>,
    /// 5th percentile of the value between replicates, yuan.
    pub p05_yuan: f64,
    /// 95th percentile, yuan.
    pub p95_yuan: f64,
    /// What the line adds alone on the base.
    pub alone_units: i64,
    /// What goes when it is taken away from the second scenario.
    pub last_units: i64,
    /// Standard errors of what it adds alone, of what goes with it, and of what of its value is due to other lines, yuan.
    pub end_errors_yuan: [Option<f64>; 3],
    /// Whether it is 0 in every replicate, alone, last and in the mean.
    pub is_nothing: bool,
}

/// What two lines add together beyond what each adds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairRow {
    /// The year.
    pub year: u16,
    /// The purse.
    pub part: Part,
    /// The positions of the lines.
    pub lines: [usize; 2],
    /// With nothing else changed.
    pub alone: Estimate,
    /// In the mean over what else is changed; `None` where orders were sampled.
    pub mean: Option<Estimate>,
}

impl AttributionRow {
    /// The value, yuan.
    #[must_use]
    pub fn yuan(&self) -> f64 {
        yuan(self.value_units)
    }

    /// What of the value is due to other lines being changed too, yuan.
    #[must_use]
    pub fn interaction_yuan(&self) -> f64 {
        yuan(self.value_units - self.alone_units)
    }
}

/// Units that are shown as yuan.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "shown with four decimals")]
pub fn yuan(units: i64) -> f64 {
    units as f64 / UNITS_IN_A_YUAN
}

/// The units of an average as the tables show it, with four decimals.
#[must_use]
pub fn shown_units(average_yuan: f64) -> i64 {
    format!("{average_yuan:.4}").replace('.', "").parse().unwrap_or_default()
}

impl Attribution {
    /// The rows of all lines in one county (`None`: all), year and purse.
    pub fn of(&self, county: Option<usize>, year: u16, part: Part) -> impl Iterator<Item = &AttributionRow> {
        self.rows.iter().filter(move |row| (row.county, row.year, row.part) == (county, year, part))
    }

    /// The number of lines that are felt.
    #[must_use]
    pub fn n_felt(&self) -> usize {
        self.lines.iter().filter(|line| line.is_felt).count()
    }

    /// Whether a line is 0 everywhere.
    #[must_use]
    pub fn is_nothing(&self, line: usize) -> bool {
        self.rows.iter().filter(|row| row.line == line).all(|row| row.is_nothing)
    }

    /// Why a line moved nothing, as the audit of the changes says; `None` where it moved something.
    #[must_use]
    pub fn why(&self, line: usize, comparison: &Comparison) -> Option<Reason> {
        if !self.is_nothing(line) {
            return None;
        }
        let own = || self.lines[line].changes.iter().filter_map(|&at| comparison.changes.get(at));
        let same = Outcome::Nothing(Why::Unfelt(Unfelt::SameValue));
        // A line may write one value as it was and another that is felt.
        let change = own().find(|row| row.outcome != same).or_else(|| own().next());
        Some(match change.map(|row| &row.outcome) {
            Some(Outcome::Nothing(why)) => Reason::Audit(why.clone()),
            _ => Reason::NothingBooked,
        })
    }

    /// Makes sure that the values as shown add up to the differences as shown.
    ///
    /// # Errors
    /// The first county, year and purse in which they do not.
    pub fn adds_up(&self, comparison: &Comparison) -> Result<(), NotAddingUp> {
        let mut sums = std::collections::BTreeMap::new();
        for row in &self.rows {
            *sums.entry((row.county, row.year, row.part)).or_insert(0) += row.value_units;
        }
        for ((county, year, part), sum) in sums {
            let difference = comparison.difference(county, year, part);
            if sum != difference.map_or(0, |difference| shown_units(difference.yuan.mean)) {
                return Err(not_adding_up(comparison, (county, year, part)));
            }
        }
        Ok(())
    }
}

/// Why a line moved nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// As the audit says.
    Audit(Why),
    /// Whatever it moves, no purse pays otherwise.
    NothingBooked,
}

impl Reason {
    /// The name in the table.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Audit(why) => why.name(),
            Self::NothingBooked => "nothing_booked",
        }
    }

    /// The reason as a sentence.
    #[must_use]
    pub fn text(&self, lang: crate::lang::Lang) -> String {
        match self {
            Self::Audit(why) => why.text(lang),
            Self::NothingBooked => lang
                .pick(
                    "无影响：各次模拟中各资金渠道的支出前后相同",
                    "moves nothing: every purse pays the same before and after in every replicate",
                )
                .to_owned(),
        }
    }
}

fn not_adding_up(comparison: &Comparison, (county, year, part): (Option<usize>, u16, Part)) -> NotAddingUp {
    let purse = part.funder.map_or("total", |funder| comparison.funders[funder].id.as_str());
    let county = comparison.base.county_label(county, crate::lang::Lang::En);
    NotAddingUp { county: county.to_owned(), year, purse: purse.to_owned() }
}

/// Takes the outcomes of all arms of a plan, county after county.
#[derive(Debug, Clone)]
pub struct AttributionBuilder {
    plan: Plan,
    size: Size,
    counties: Vec<(usize, Sums)>,
    all: Sums,
}

/// How many years, funders and replicates there are.
#[derive(Debug, Clone, Copy)]
struct Size {
    n_years: usize,
    n_funders: usize,
    n_replicates: usize,
}

impl AttributionBuilder {
    /// For the arms of a plan, and the years, the funders of both scenarios and the replicates.
    #[must_use]
    pub fn new(plan: Plan, (n_years, n_funders, n_replicates): (usize, usize, usize)) -> Self {
        let size = Size { n_years, n_funders, n_replicates };
        let all = Sums::new(&plan, size).with_pairs(&plan);
        Self { plan, size, counties: Vec::new(), all }
    }

    /// What is to be simulated.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Adds the booked fen of an arm in a county, see [`booked`]; the counties one after the other.
    pub fn add(&mut self, county: usize, arm: Arm, fen: &[i64]) {
        if self.counties.last().is_none_or(|(last, _)| *last != county) {
            self.counties.push((county, Sums::new(&self.plan, self.size)));
        }
        if let Some((_, sums)) = self.counties.last_mut() {
            sums.add(&self.plan, arm, fen);
        }
        self.all.add(&self.plan, arm, fen);
    }

    /// The attribution of the differences of a comparison.
    ///
    /// # Errors
    /// Values that do not add up.
    pub fn finish(self, comparison: &Comparison) -> Result<Attribution, NotAddingUp> {
        let Self { plan, size, mut counties, all } = self;
        counties.sort_by_key(|(county, _)| *county);
        let mut rows = Vec::new();
        for (county, sums) in &counties {
            rows.extend(Rows { plan: &plan, size, comparison, sums, county: Some(*county) }.all()?);
        }
        let of_all = Rows { plan: &plan, size, comparison, sums: &all, county: None };
        rows.extend(of_all.all()?);
        let pairs = of_all.pairs();
        let (n_orders, n_variants) = (plan.game.n_orders(), plan.n_variants());
        let attribution = Attribution { lines: plan.lines, n_orders, n_variants, rows, pairs };
        attribution.adds_up(comparison)?;
        Ok(attribution)
    }
}

/// The rows of one county, or of all.
struct Rows<'a> {
    plan: &'a Plan,
    size: Size,
    comparison: &'a Comparison,
    sums: &'a Sums,
    county: Option<usize>,
}

impl Rows<'_> {
    fn all(&self) -> Result<Vec<AttributionRow>, NotAddingUp> {
        let mut rows = Vec::new();
        for (position, year) in self.comparison.base.year_numbers().into_iter().enumerate() {
            for part in self.parts(position, year) {
                let of = self.of_part(position, year, part);
                rows.extend(of.ok_or_else(|| not_adding_up(self.comparison, (self.county, year, part)))?);
            }
        }
        Ok(rows)
    }

    /// The purses that both scenarios or any variant can book to, then all together.
    fn parts(&self, position: usize, year: u16) -> Vec<Part> {
        let is_booked = |&funder: &usize| {
            self.comparison.difference(self.county, year, Part::funder(funder)).is_some()
                || self.sums.is_any(self.size, (position, funder))
        };
        (0..self.size.n_funders).filter(is_booked).map(Part::funder).chain([Part::TOTAL]).collect()
    }

    /// The lines of one year and purse; `None` where they do not add up.
    fn of_part(&self, position: usize, year: u16, part: Part) -> Option<Vec<AttributionRow>> {
        let at = (position, part.funder);
        let players: Vec<Player> =
            (0..self.plan.game.n_players()).map(|player| self.player(player, at)).collect();
        let denominator = i128::from(self.plan.game.denominator());
        let whole = self.sums.whole(self.size, at);
        let exact = (0..self.size.n_replicates).all(|replicate| {
            let sum: i128 = players.iter().map(|player| i128::from(player.values[replicate])).sum();
            sum == denominator * i128::from(whole[replicate])
        });
        let difference = self.comparison.difference(self.county, year, part);
        let shown = difference.map_or(0, |difference| shown_units(difference.yuan.mean));
        let parts: Vec<i128> = players.iter().map(|player| player.sum * UNITS_IN_A_FEN).collect();
        let by = denominator * self.size.n_replicates as i128;
        let units = rounded_to(i128::from(shown), &parts, by).filter(|_| exact)?;
        let row_of = |(line, own): (usize, &AttributedLine)| {
            let player = self.plan.player_of(line).filter(|_| own.is_felt);
            let none = AttributionRow::nothing(self.county, year, part, line);
            player.map_or(Some(none), |player| {
                let value_units = i64::try_from(units[player]).ok()?;
                Some(AttributionRow { value_units, ..self.row(&players[player], player, at, none) })
            })
        };
        self.plan.lines.iter().enumerate().map(row_of).collect()
    }

    fn player(&self, player: usize, at: (usize, Option<usize>)) -> Player {
        let values = self.sums.values(self.size, player, at);
        Player { sum: values.iter().map(|&value| i128::from(value)).sum(), values }
    }

    fn row(
        &self,
        of: &Player,
        player: usize,
        at: (usize, Option<usize>),
        none: AttributionRow,
    ) -> AttributionRow {
        let denominator = self.plan.game.denominator();
        let per_yuan = u32::try_from(100 * denominator).unwrap_or(u32::MAX);
        let Some(sample) = Sample::new(of.values.clone()) else { return none };
        let order_error = self.sums.order_error(self.plan, self.size, (player, at));
        let of_replicates = sample.estimate(per_yuan).standard_error;
        let error = of_replicates.map(|error| error.hypot(order_error.unwrap_or(0.0)));
        let n_drawn = self.plan.game.n_orders().map_or(usize::MAX, |n| n / 2);
        let degrees = (self.size.n_replicates.min(n_drawn) as u64).saturating_sub(1);
        let quantile = |level: PerMille| sample.quantile(level) as f64 / f64::from(per_yuan);
        let [alone, last] = [self.sums.alone(self.size, player, at), self.sums.last(self.size, player, at)];
        let [of_alone, of_last] = [&alone, &last].map(|fen| Estimate::of(fen, 100).unwrap_or_default());
        let beyond: Vec<i64> =
            of.values.iter().zip(&alone).map(|(value, alone)| value - alone * denominator).collect();
        let of_beyond = Estimate::of(&beyond, per_yuan).and_then(|estimate| estimate.standard_error);
        let of_beyond = of_beyond.map(|error| error.hypot(order_error.unwrap_or(0.0)));
        let all_zero = |values: &[i64]| values.iter().all(|&value| value == 0);
        AttributionRow {
            error_yuan: error,
            margin_95_yuan: error.map(|error| student_t_quantile(degrees, 0.975) * error),
            order_error_yuan: order_error,
            p05_yuan: quantile(PerMille::P05),
            p95_yuan: quantile(PerMille::P95),
            alone_units: shown_units(of_alone.mean),
            last_units: shown_units(of_last.mean),
            end_errors_yuan: [of_alone.standard_error, of_last.standard_error, of_beyond],
            is_nothing: [&of.values, &alone, &last].into_iter().all(|values| all_zero(values)),
            ..none
        }
    }

    /// What lines add two by two.
    fn pairs(&self) -> Vec<PairRow> {
        let mut rows = Vec::new();
        for (position, year) in self.comparison.base.year_numbers().into_iter().enumerate() {
            for part in self.parts(position, year) {
                for (number, [one, two]) in self.plan.game.pairs().enumerate() {
                    let lines = [self.plan.line_of(one), self.plan.line_of(two)];
                    let at = (position, part.funder);
                    let Some((alone, mean)) = self.sums.pair(self.plan, self.size, (number, at)) else {
                        continue;
                    };
                    let lines = [lines[0].min(lines[1]), lines[0].max(lines[1])];
                    rows.push(PairRow { year, part, lines, alone, mean });
                }
            }
        }
        rows.sort_by_key(|row| (row.year, row.part.funder.is_none(), row.part, row.lines));
        rows
    }
}

/// What a player adds in each replicate, in parts of a fen, and the sum of it.
struct Player {
    values: Vec<i64>,
    sum: i128,
}

impl AttributionRow {
    /// The row of a line that is not felt.
    const fn nothing(county: Option<usize>, year: u16, part: Part, line: usize) -> Self {
        Self {
            county,
            year,
            part,
            line,
            value_units: 0,
            error_yuan: Some(0.0),
            margin_95_yuan: Some(0.0),
            order_error_yuan: None,
            p05_yuan: 0.0,
            p95_yuan: 0.0,
            alone_units: 0,
            last_units: 0,
            end_errors_yuan: [Some(0.0); 3],
            is_nothing: true,
        }
    }
}

#[cfg(test)]
#[path = "attribution_tests.rs"]
mod tests;
