//! Which variants of a comparison are simulated: every subset of lines that is needed, equal ones once.

use std::collections::BTreeMap;

use crate::rng::Draws;
use crate::scenario::changes::Change;
use crate::scenario::changes::lines::Lines;
use crate::stats::shapley::{Game, MOST_EXACT, Subset, Weights};

use super::AttributedLine;

/// A scenario that is simulated for an attribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Arm {
    /// The first scenario.
    Base,
    /// The second one.
    Other,
    /// Between them, by its number in [`Plan::variants`].
    Variant(usize),
}

/// The weights of arms, by their number, see [`Plan::number`].
pub(super) type ArmWeights = Vec<i64>;

/// What is simulated, and with what weights it goes into the values.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The lines, in the order of the changes.
    pub lines: Vec<AttributedLine>,
    /// The orders of the lines that are felt.
    pub game: Game,
    /// The lines of the players: those that are felt, in the order of their keys.
    players: Vec<usize>,
    /// One subset of each variant that is simulated.
    pub variants: Vec<Subset>,
    arm_of: BTreeMap<Subset, Arm>,
}

impl Plan {
    /// The plan for some lines; those that turn out to be no scenario apart are put together. Above ten lines so many
    /// orders are drawn, each with its reverse.
    #[must_use]
    pub fn new(lines: &mut Lines<'_>, changes: &[Change], (draws, n_drawn): (&Draws, u32)) -> Self {
        loop {
            let n = lines.felt.len();
            let game = if n <= MOST_EXACT { Game::exact(n) } else { Game::sampled(n, n_drawn, draws) };
            match arms(lines, &game) {
                Ok((variants, arm_of)) => {
                    let players = lines.felt.clone();
                    return Self { lines: named(lines), game, players, variants, arm_of };
                }
                Err(subset) => lines.part_of_each_other(subset, changes),
            }
        }
    }

    /// A plan for players with these names whose subsets are all different.
    #[cfg(test)]
    pub(super) fn of_game(keys: &[&str], game: Game) -> Self {
        let line = |(at, key): (usize, &&str)| AttributedLine {
            key: (*key).to_owned(),
            changes: vec![at],
            is_felt: at < game.n_players(),
        };
        let lines = keys.iter().enumerate().map(line).collect();
        let mut variants = Vec::new();
        let mut arm_of = BTreeMap::new();
        for subset in game.subsets() {
            let arm = match subset {
                0 => Arm::Base,
                all if all == game.all() => Arm::Other,
                _ => {
                    variants.push(subset);
                    Arm::Variant(variants.len() - 1)
                }
            };
            arm_of.insert(subset, arm);
        }
        Self { lines, players: (0..game.n_players()).collect(), game, variants, arm_of }
    }

    /// The variants that are simulated besides both scenarios.
    #[must_use]
    pub const fn n_variants(&self) -> usize {
        self.variants.len()
    }

    /// The player that a line is; `None` where it is not felt.
    pub(super) fn player_of(&self, line: usize) -> Option<usize> {
        self.players.iter().position(|&own| own == line)
    }

    /// The line of a player.
    pub(super) fn line_of(&self, player: usize) -> usize {
        self.players[player]
    }

    /// The number of an arm: base, other, then the variants.
    pub(super) const fn number(arm: Arm) -> usize {
        match arm {
            Arm::Base => 0,
            Arm::Other => 1,
            Arm::Variant(number) => 2 + number,
        }
    }

    /// The weights of arms, from those of subsets: subsets that are the same arm are added up.
    pub(super) fn of_arms(&self, weights: &Weights) -> ArmWeights {
        let mut all = vec![0; 2 + self.variants.len()];
        for (subset, weight) in weights {
            all[Self::number(self.arm_of[subset])] += weight;
        }
        all
    }
}

/// What is to be simulated, and which arm each subset is.
type Arms = (Vec<Subset>, BTreeMap<Subset, Arm>);

/// The arms of a game; else the first subset that is no valid scenario.
fn arms(lines: &Lines<'_>, game: &Game) -> Result<Arms, Subset> {
    let print = |subset: Subset| lines.fingerprint(subset).map_err(|_| subset);
    let mut known = BTreeMap::from([(print(game.all())?, Arm::Other)]);
    known.insert(print(0)?, Arm::Base);
    let mut variants = Vec::new();
    let mut arm_of = BTreeMap::new();
    for subset in game.subsets() {
        let arm = *known.entry(print(subset)?).or_insert_with(|| {
            variants.push(subset);
            Arm::Variant(variants.len() - 1)
        });
        arm_of.insert(subset, arm);
    }
    Ok((variants, arm_of))
}

fn named(lines: &Lines<'_>) -> Vec<AttributedLine> {
    let line = |(at, line): (usize, &crate::scenario::changes::lines::Line)| AttributedLine {
        key: line.key.clone(),
        changes: line.changes.clone(),
        is_felt: lines.felt.contains(&at),
    };
    lines.all.iter().enumerate().map(line).collect()
}
