//! The fen of all arms folded into what each line adds, replicate by replicate: an arm is forgotten once it is added.

use crate::policy::names::Name;
use crate::simulation::outcome::CountyOutcome;
use crate::stats::Estimate;
use crate::stats::shapley::order_error;

use super::super::money::{Part, Slice, county_column};
use super::plan::ArmWeights;
use super::{Arm, Plan, Size};

/// What is booked to each funder of a comparison in each year and replicate, in this order; `own` are the funders of the
/// outcome.
#[must_use]
pub fn booked(outcome: &CountyOutcome, own: &[Name], funders: &[Name]) -> Vec<i64> {
    let mut all = Vec::with_capacity(outcome.n_years * funders.len() * outcome.n_replicates);
    for year in 0..outcome.n_years {
        for funder in funders {
            match own.iter().position(|name| name.id == funder.id) {
                Some(number) => {
                    let of = (&Part::funder(number), Slice::Year);
                    all.extend(county_column(outcome, year, &outcome.cells, of));
                }
                None => all.extend(std::iter::repeat_n(0, outcome.n_replicates)),
            }
        }
    }
    all
}

/// A weighted sum of the fen of arms.
#[derive(Debug, Clone)]
struct Weighted {
    weights: ArmWeights,
    /// By year, funder and replicate.
    fen: Vec<i64>,
}

/// Everything that is summed over the arms.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    values: Vec<Weighted>,
    alone: Vec<Weighted>,
    last: Vec<Weighted>,
    pairs: Vec<Weighted>,
    pairs_alone: Vec<Weighted>,
    /// The second scenario less the first.
    whole: Weighted,
    /// Sums over the replicates, by arm, year and funder: where orders are sampled, for their error.
    by_arm: Vec<Vec<i128>>,
    n_replicates: usize,
}

/// Year by its position, and one funder or all.
type At = (usize, Option<usize>);

impl Sums {
    pub fn new(plan: &Plan, size: Size) -> Self {
        let n = size.n_years * size.n_funders * size.n_replicates;
        let game = &plan.game;
        let of = |weights| Weighted { weights: plan.of_arms(&weights), fen: vec![0; n] };
        let players = || 0..game.n_players();
        let mut whole = vec![0; 2 + plan.n_variants()];
        (whole[0], whole[1]) = (-1, 1);
        Self {
            values: players().map(|player| of(game.weights(player))).collect(),
            alone: players().map(|player| of(game.alone(player))).collect(),
            last: players().map(|player| of(game.last(player))).collect(),
            pairs: Vec::new(),
            pairs_alone: Vec::new(),
            whole: Weighted { weights: whole, fen: vec![0; n] },
            by_arm: game.n_orders().map_or_else(Vec::new, |_| vec![Vec::new(); 2 + plan.n_variants()]),
            n_replicates: size.n_replicates,
        }
    }

    /// With what lines add two by two.
    pub fn with_pairs(mut self, plan: &Plan) -> Self {
        let n = self.whole.fen.len();
        let of = |weights| Weighted { weights: plan.of_arms(&weights), fen: vec![0; n] };
        let game = &plan.game;
        self.pairs = game.pairs().filter_map(|pair| Some(of(game.interaction(pair)?.0))).collect();
        self.pairs_alone = game.pairs().map(|pair| of(game.interaction_alone(pair))).collect();
        self
    }

    pub fn add(&mut self, plan: &Plan, arm: Arm, fen: &[i64]) {
        let number = Plan::number(arm);
        let lists =
            [&mut self.values, &mut self.alone, &mut self.last, &mut self.pairs, &mut self.pairs_alone];
        for sum in lists.into_iter().flatten().chain([&mut self.whole]) {
            let weight = sum.weights[number];
            if weight != 0 {
                sum.fen.iter_mut().zip(fen).for_each(|(sum, fen)| *sum += weight * fen);
            }
        }
        if plan.game.n_orders().is_some() {
            let own = &mut self.by_arm[number];
            let columns = fen.chunks_exact(self.n_replicates.max(1));
            own.resize(columns.len(), 0);
            own.iter_mut()
                .zip(columns)
                .for_each(|(sum, fen)| *sum += fen.iter().map(|&fen| i128::from(fen)).sum::<i128>());
        }
    }

    /// Whether anything differs for a funder in a year, between any of the arms.
    pub fn is_any(&self, size: Size, (year, funder): (usize, usize)) -> bool {
        let at = (year, Some(funder));
        self.values.iter().any(|sum| column(&sum.fen, size, at).iter().any(|&fen| fen != 0))
    }

    pub fn values(&self, size: Size, player: usize, at: At) -> Vec<i64> {
        column(&self.values[player].fen, size, at)
    }

    pub fn alone(&self, size: Size, player: usize, at: At) -> Vec<i64> {
        column(&self.alone[player].fen, size, at)
    }

    pub fn last(&self, size: Size, player: usize, at: At) -> Vec<i64> {
        column(&self.last[player].fen, size, at)
    }

    pub fn whole(&self, size: Size, at: At) -> Vec<i64> {
        column(&self.whole.fen, size, at)
    }

    /// What two lines add together, by themselves and in the mean.
    pub fn pair(
        &self,
        plan: &Plan,
        size: Size,
        (number, at): (usize, At),
    ) -> Option<(Estimate, Option<Estimate>)> {
        let alone = Estimate::of(&column(&self.pairs_alone[number].fen, size, at), 100)?;
        let pair = plan.game.pairs().nth(number)?;
        let per_yuan = plan.game.interaction(pair).map(|(_, by)| u32::try_from(100 * by).unwrap_or(u32::MAX));
        let mean = self.pairs.get(number).zip(per_yuan);
        Some((alone, mean.and_then(|(sum, per_yuan)| Estimate::of(&column(&sum.fen, size, at), per_yuan))))
    }

    /// The error of a player's mean that sampling the orders adds, yuan.
    #[expect(clippy::cast_precision_loss, reason = "a number of replicates")]
    pub fn order_error(&self, plan: &Plan, size: Size, (player, at): (usize, At)) -> Option<f64> {
        plan.game.n_orders()?;
        let (year, funder) = at;
        let funders = funder.map_or(0..size.n_funders, |one| one..one + 1);
        let of_arm = |arm: &Vec<i128>| -> i128 {
            funders.clone().filter_map(|funder| arm.get(year * size.n_funders + funder)).sum()
        };
        let sums: Vec<i128> = self.by_arm.iter().map(of_arm).collect();
        let by_order = |weights| {
            let weights = plan.of_arms(&weights);
            weights.iter().zip(&sums).map(|(&weight, sum)| i128::from(weight) * sum).sum()
        };
        let values: Vec<i128> = plan.game.weights_by_order(player).into_iter().map(by_order).collect();
        order_error(&values, 200.0 * size.n_replicates as f64)
    }
}

/// The places of a year and one funder or all, replicate after replicate.
fn places(size: Size, (year, funder): At) -> impl Iterator<Item = usize> {
    let funders = funder.map_or(0..size.n_funders, |one| one..one + 1);
    funders.flat_map(move |funder| {
        let start = (year * size.n_funders + funder) * size.n_replicates;
        start..start + size.n_replicates
    })
}

/// The replicates of a year, of one funder or of all added up.
fn column(fen: &[i64], size: Size, at: At) -> Vec<i64> {
    let mut sums = vec![0; size.n_replicates];
    for (number, place) in places(size, at).enumerate() {
        sums[number % size.n_replicates] += fen[place];
    }
    sums
}
