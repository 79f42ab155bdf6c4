//! The rounding of the kernels held against whole numbers, on random products and on those next to a half.

use super::kernels::rounded;
use crate::policy::programme::MOST_FEN;
use crate::units::{Fen, Ratio};

/// The most that a person's bills may add up to in a tile, in fen.
const MOST: u64 = MOST_FEN as u64;

fn check(ratio: u64, amount: u64) {
    let plain = Ratio(ratio as i64).of(Fen(amount as i64)).0 as f64;
    let other = rounded(ratio as f64 * amount as f64);
    assert!(plain.to_bits() == other.to_bits(), "{ratio} millionths of {amount}: {plain} and {other}");
}

#[test]
fn exact_shares_of_random_amounts_are_rounded_half_up() {
    let mut state = 7_u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 20) % below
    };
    for _ in 0..2_000_000 {
        let (ratio, size) = (next(1_000_001), 1 << next(30));
        check(ratio, next(size).min(MOST));
        check(next(101) * 10_000, MOST - next(1_000_000));
    }
}

#[test]
fn exact_shares_next_to_a_half_go_the_right_way() {
    // Ratio × amount = k × 1,000,000 + 500,000 and its neighbours, for small and for the largest amounts.
    for ratio in [1_u64, 3, 7, 50_000, 125_000, 499_999, 500_000, 500_001, 550_000, 999_999, 1_000_000] {
        for k in (0..400).chain(ratio * MOST / 1_000_000 - 400..ratio * MOST / 1_000_000) {
            let amount = (k * 1_000_000 + 500_000) / ratio;
            (amount.saturating_sub(1)..=amount + 1)
                .filter(|&one| one <= MOST)
                .for_each(|one| check(ratio, one));
        }
    }
    for product in [499_999_u64, 500_000, 500_001, 1_499_999, 1_500_000, 1_500_001] {
        for whole in [0, 1, 2, 3, 1 << 20, (1 << 28) + 1, MOST - 2] {
            let millionths = whole * 1_000_000 + product;
            let plain = (millionths + 500_000) / 1_000_000;
            assert!(rounded(millionths as f64).to_bits() == (plain as f64).to_bits(), "{millionths}");
        }
    }
    (0..3).for_each(|amount| check(0, amount));
    [0, 1, MOST].into_iter().for_each(|amount| check(1_000_000, amount));
}
