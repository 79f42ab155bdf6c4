//! What of a running sum lies above a deductible, and in which bands.

use crate::units::{Fen, Ratio};

/// How much more of a running sum lies above a deductible after an amount is added.
pub(super) fn increment(before: Fen, base: Fen, deductible: Fen) -> Fen {
    (before + base).above(deductible) - before.above(deductible)
}

/// The sum over bands of ratio × the part of the increment inside, rounded once; bands by upper end and ratio.
pub(super) fn banded(
    deductible: Fen,
    bands: impl Iterator<Item = (Fen, Ratio)>,
    (before, after): (Fen, Fen),
) -> Fen {
    let mut floor = deductible;
    let mut millionths: i64 = 0;
    for (to, ratio) in bands {
        let inside = (after.min(to) - before.max(floor)).max(Fen::ZERO);
        // Amounts are far below what 64 bits hold; beyond, the settlement would not add up and is refused for that.
        millionths = millionths.saturating_add(inside.0.saturating_mul(ratio.0));
        floor = floor.max(to);
    }
    Fen(millionths.saturating_add(Ratio::SCALE / 2) / Ratio::SCALE)
}
