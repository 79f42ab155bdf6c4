//! Shapley values: what each of several players adds to a whole, as the mean over all orders in which they can join.
//!
//! A value is a weighted sum of the values of subsets, with whole numbers as weights over one denominator: applied to
//! whole fen the values of all players add up to the whole exactly. L. S. Shapley, "A value for n-person games",
//! *Contributions to the Theory of Games* II (1953) 307-317, doi:10.1515/9781400881970-018.

use std::collections::BTreeMap;

use crate::rng::{Draws, Key, Purpose};

use super::estimate::Estimate;

/// Players by their number, as bits.
pub type Subset = u128;

/// The most players of which every order is taken.
pub const MOST_EXACT: usize = 10;

/// The most players that can be told apart.
pub const MOST_PLAYERS: usize = Subset::BITS as usize;

/// Subsets with their weights.
pub type Weights = BTreeMap<Subset, i64>;

/// The orders in which the players of a game join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Game {
    n: usize,
    /// None where all orders are taken, else those that were drawn; each is taken backwards as well.
    drawn: Option<Vec<Vec<usize>>>,
}

impl Game {
    /// All orders of so many players.
    #[must_use]
    pub const fn exact(n: usize) -> Self {
        Self { n, drawn: None }
    }

    /// So many drawn orders, each forwards and backwards: who joins late in one joins early in the other.
    #[must_use]
    pub fn sampled(n: usize, n_drawn: u32, draws: &Draws) -> Self {
        Self { n, drawn: Some((0..n_drawn).map(|number| order(n, number, draws)).collect()) }
    }

    /// The number of players.
    #[must_use]
    pub const fn n_players(&self) -> usize {
        self.n
    }

    /// The number of orders that are taken; `None`: all of them.
    #[must_use]
    pub fn n_orders(&self) -> Option<usize> {
        self.drawn.as_ref().map(|drawn| 2 * drawn.len())
    }

    /// All players.
    #[must_use]
    pub const fn all(&self) -> Subset {
        if self.n == 0 { 0 } else { Subset::MAX >> (MOST_PLAYERS - self.n) }
    }

    /// The subsets whose values are needed: of the orders, of each player alone and away from the whole, and of pairs.
    #[must_use]
    pub fn subsets(&self) -> Vec<Subset> {
        if self.drawn.is_none() {
            return (0..=self.all()).collect();
        }
        let singles = (0..self.n).flat_map(|one| [bit(one), self.all() ^ bit(one)]);
        let pairs = self.pairs().map(|[one, two]| bit(one) | bit(two));
        let of_orders = (0..self.n).flat_map(|player| self.weights(player).into_keys());
        let mut all: Vec<Subset> = singles.chain(pairs).chain(of_orders).chain([0, self.all()]).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The players two by two.
    pub fn pairs(&self) -> impl Iterator<Item = [usize; 2]> + use<> {
        let n = self.n;
        (0..n).flat_map(move |one| (one + 1..n).map(move |two| [one, two]))
    }

    /// By what the weights of a value are to be divided: with them the values of all players add up to that of the whole.
    #[must_use]
    pub fn denominator(&self) -> i64 {
        self.drawn.as_ref().map_or_else(|| up_to(self.n), |drawn| 2 * drawn.len() as i64)
    }

    /// The weights of a player's value, times [`denominator`](Self::denominator).
    #[must_use]
    pub fn weights(&self, player: usize) -> Weights {
        let mut weights = Weights::new();
        let Some(drawn) = &self.drawn else {
            let (n, own) = (self.n as i64, bit(player));
            // Σ over S without the player of |S|! (n − |S| − 1)! / n! (v(S with player) − v(S)).
            for subset in (0..=self.all()).filter(|subset| subset & own == 0) {
                let each = self.denominator() / (n * choose(n - 1, i64::from(subset.count_ones())));
                add(&mut weights, (subset, subset | own), each);
            }
            return weights;
        };
        for order in drawn {
            joins(order, player, &mut weights);
        }
        weights
    }

    /// The weights of a player's value by each drawn order and its reverse, times 2; none where all orders are taken.
    #[must_use]
    pub fn weights_by_order(&self, player: usize) -> Vec<Weights> {
        let of_order = |order: &Vec<usize>| {
            let mut weights = Weights::new();
            joins(order, player, &mut weights);
            weights
        };
        self.drawn.iter().flatten().map(of_order).collect()
    }

    /// The weights of what two players together add beyond what each adds, in the mean over all that can be there
    /// besides them, and by what they are to be divided; `None` where orders are sampled.
    ///
    /// M. Grabisch and M. Roubens, *International Journal of Game Theory* 28 (1999) 547-565,
    /// doi:10.1007/s001820050125.
    #[must_use]
    pub fn interaction(&self, [one, two]: [usize; 2]) -> Option<(Weights, i64)> {
        if self.drawn.is_some() {
            return None;
        }
        let (n, one, two) = (self.n as i64, bit(one), bit(two));
        let denominator = up_to(self.n - 1);
        let mut weights = Weights::new();
        for subset in (0..=self.all()).filter(|subset| subset & (one | two) == 0) {
            let each = denominator / ((n - 1) * choose(n - 2, i64::from(subset.count_ones())));
            add(&mut weights, (subset | one, subset | one | two), each);
            add(&mut weights, (subset | two, subset), each);
        }
        Some((weights, denominator))
    }

    /// The weights of what two players add by themselves beyond what each adds alone.
    #[must_use]
    pub fn interaction_alone(&self, [one, two]: [usize; 2]) -> Weights {
        let mut weights = Weights::new();
        add(&mut weights, (bit(one), bit(one) | bit(two)), 1);
        add(&mut weights, (bit(two), 0), 1);
        weights
    }

    /// The weights of what a player adds alone.
    #[must_use]
    pub fn alone(&self, player: usize) -> Weights {
        let mut weights = Weights::new();
        add(&mut weights, (0, bit(player)), 1);
        weights
    }

    /// The weights of what goes when a player leaves the whole.
    #[must_use]
    pub fn last(&self, player: usize) -> Weights {
        let mut weights = Weights::new();
        add(&mut weights, (self.all() ^ bit(player), self.all()), 1);
        weights
    }
}

/// The standard error that sampling orders adds, from the value by each drawn order and its reverse, in whole parts of
/// which `per_unit` make one; `None` below two.
#[must_use]
pub fn order_error(by_order: &[i128], per_unit: f64) -> Option<f64> {
    let n = by_order.len() as u64;
    // Against the first, so that squares stay small.
    let first = by_order.first()?;
    let away: Vec<i64> =
        by_order.iter().map(|value| i64::try_from(value - first)).collect::<Result<_, _>>().ok()?;
    let error = Estimate::of(&away, 1)?.standard_error?;
    (n > 1).then_some(error / per_unit)
}

/// The player of a number as a set.
const fn bit(player: usize) -> Subset {
    1 << player
}

/// `each` times (the value of the second subset less that of the first).
fn add(weights: &mut Weights, (without, with): (Subset, Subset), each: i64) {
    *weights.entry(with).or_default() += each;
    *weights.entry(without).or_default() -= each;
}

/// What a player adds on joining in an order, and in the same order backwards.
fn joins(order: &[usize], player: usize, weights: &mut Weights) {
    let before = order.iter().take_while(|&&other| other != player).fold(0, |set, &other| set | bit(other));
    let all = order.iter().fold(0, |set, &other| set | bit(other));
    let behind = all ^ before ^ bit(player);
    add(weights, (before, before | bit(player)), 1);
    add(weights, (behind, behind | bit(player)), 1);
}

/// An order of so many players: each place is drawn from those that are left.
fn order(n: usize, number: u32, draws: &Draws) -> Vec<usize> {
    let key = Key { person: number, replicate: 0, county: 0, year: 0 };
    let mut left: Vec<usize> = (0..n).collect();
    (0..n)
        .map(|place| {
            let [word, ..] = draws.block(key, Purpose::Order, place as u32);
            left.remove(((u64::from(word) * left.len() as u64) >> 32) as usize)
        })
        .collect()
}

/// The least common multiple of 1 to n.
fn up_to(n: usize) -> i64 {
    (1..=n as i64).fold(1, |multiple, next| multiple / divisor(multiple, next) * next)
}

fn divisor(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { divisor(b, a % b) }
}

fn choose(n: i64, k: i64) -> i64 {
    (1..=k).fold(1, |chosen, i| chosen * (n - k + i) / i)
}

/// Whole shares of a whole: `parts` over a common denominator, in units of which the denominator makes one, rounded so
/// that they add up to `whole`. Each is rounded down, then the units that are missing go to the largest remainders, of
/// equal ones to the first; what is exactly 0 stays 0.
///
/// `None` where no such rounding adds up: `whole` is not the sum of the parts, rounded up or down.
#[must_use]
pub fn rounded_to(whole: i128, parts: &[i128], denominator: i128) -> Option<Vec<i128>> {
    let mut rounded: Vec<i128> = parts.iter().map(|part| part.div_euclid(denominator)).collect();
    let missing = usize::try_from(whole - rounded.iter().sum::<i128>()).ok()?;
    let mut by_remainder: Vec<usize> =
        (0..parts.len()).filter(|&at| parts[at].rem_euclid(denominator) != 0).collect();
    by_remainder.sort_by_key(|&at| std::cmp::Reverse(parts[at].rem_euclid(denominator)));
    if missing > by_remainder.len() {
        return None;
    }
    by_remainder[..missing].iter().for_each(|&at| rounded[at] += 1);
    Some(rounded)
}

#[cfg(test)]
#[path = "shapley_tests.rs"]
mod tests;
