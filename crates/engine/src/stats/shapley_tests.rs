//! Shapley values of games whose answers are known.

use proptest::prelude::*;

use super::*;

fn value(weights: &Weights, of: &dyn Fn(Subset) -> i64) -> i64 {
    weights.iter().map(|(subset, weight)| weight * of(*subset)).sum()
}

/// A game of whole numbers that nobody planned: each subset has its own value.
fn random_game(seed: u64) -> impl Fn(Subset) -> i64 {
    let draws = Draws::new(seed);
    move |subset| {
        if subset == 0 {
            return 0;
        }
        let key = Key { person: subset as u32, replicate: 0, county: 0, year: 0 };
        i64::from(draws.block(key, Purpose::Order, 0)[0] >> 8) * i64::from(subset.count_ones())
    }
}

/// Three players: 1 alone gives 12, 2 alone 24, 3 nothing; 1 and 2 together give 48 (12 more than each), 2 and 3 give 30.
/// By hand over the six orders: 1: (12 + 12 + 24 + 24 + 12 + 24) / 6 = 18; 3: (0 + 6 + 6 + 0 + 0 + 0 …).
#[test]
fn exact_three_players_by_hand() {
    let of = |subset: Subset| match subset {
        0b001 | 0b101 => 12,
        0b010 => 24,
        0b011 => 48,
        0b110 => 30,
        0b111 => 54,
        _ => 0,
    };
    let game = Game::exact(3);
    assert_eq!(game.denominator(), 6);
    // Player 1 joins as 123: 12, 132: 12, 213: 24, 231: 24, 312: 12, 321: 24.
    assert_eq!(value(&game.weights(0), &of), 12 + 12 + 24 + 24 + 12 + 24);
    // Player 2: 123: 36, 132: 42, 213: 24, 231: 24, 312: 42, 321: 30.
    assert_eq!(value(&game.weights(1), &of), 36 + 42 + 24 + 24 + 42 + 30);
    // Player 3: 123: 6, 132: 0, 213: 6, 231: 6, 312: 0, 321: 0.
    assert_eq!(value(&game.weights(2), &of), 6 + 6 + 6);
    assert_eq!((value(&game.alone(0), &of), value(&game.last(0), &of)), (12, 24));
    assert_eq!((value(&game.alone(2), &of), value(&game.last(2), &of)), (0, 6));
    let (weights, denominator) = game.interaction([0, 1]).unwrap();
    assert_eq!(value(&weights, &of), 12 * denominator);
    assert_eq!(value(&game.interaction_alone([0, 1]), &of), 12);
    assert_eq!(value(&game.interaction_alone([1, 2]), &of), 6);
    assert_eq!(value(&game.interaction_alone([0, 2]), &of), 0);
}

#[test]
fn exact_ten_players_need_whole_weights_over_2520() {
    assert_eq!((up_to(10), Game::exact(10).denominator()), (2520, 2520));
    assert_eq!((choose(9, 4), choose(9, 0), choose(9, 9)), (126, 1, 1));
    assert_eq!(Game::exact(10).subsets().len(), 1024);
    assert_eq!((Game::exact(0).subsets(), Game::exact(0).all()), (vec![0], 0));
}

#[test]
fn exact_rounded_shares_add_up_and_nothing_stays_nothing() {
    // 1/3, 1/3, 1/3 and 0 to 1: the first third gets the unit.
    assert_eq!(rounded_to(1, &[1, 1, 0, 1], 3), Some(vec![1, 0, 0, 0]));
    // −2/3 and 5/3 are −1 + 1/3 and 1 + 2/3: the larger remainder gets it.
    assert_eq!(rounded_to(1, &[-2, 5], 3), Some(vec![-1, 2]));
    // A sum of a half may be shown rounded up or down.
    assert_eq!(rounded_to(0, &[1, 0], 2), Some(vec![0, 0]));
    assert_eq!(rounded_to(1, &[1, 0], 2), Some(vec![1, 0]));
    // What is not the sum is refused, both ways.
    assert_eq!(rounded_to(2, &[1, 0], 2), None);
    assert_eq!(rounded_to(-1, &[1, 0], 2), None);
}

/// Orders are permutations, a draw depends on its number alone, and places are equally likely.
#[test]
fn val_drawn_orders_are_fair() {
    let draws = Draws::new(7);
    let mut first = [0_u32; 5];
    for number in 0..5000 {
        let drawn = order(5, number, &draws);
        let mut sorted = drawn.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [0, 1, 2, 3, 4]);
        first[drawn[0]] += 1;
    }
    // 1000 ± 28 each; four standard deviations.
    assert!(first.iter().all(|&n| (885..1115).contains(&n)), "{first:?}");
    assert_eq!(order(5, 3, &draws), order(5, 3, &draws));
    assert_ne!(order(12, 3, &draws), order(12, 4, &draws));
}

/// Sampled orders give the exact values within their error, over games of which one in twenty may miss 2 errors.
#[test]
fn val_sampled_and_exact_agree_within_the_error() {
    let mut within = 0;
    for seed in 0..40 {
        let of = random_game(seed);
        let (exact, sampled) = (Game::exact(7), Game::sampled(7, 40, &Draws::new(seed)));
        let sum: i64 = (0..7).map(|player| value(&sampled.weights(player), &of)).sum();
        assert_eq!(sum, of(sampled.all()) * sampled.denominator());
        let truth = value(&exact.weights(3), &of) as f64 / exact.denominator() as f64;
        let drawn = value(&sampled.weights(3), &of) as f64 / sampled.denominator() as f64;
        let by_order: Vec<i128> =
            sampled.weights_by_order(3).iter().map(|weights| i128::from(value(weights, &of))).collect();
        let error = order_error(&by_order, 2.0).unwrap();
        assert!(error > 0.0 && (drawn - truth).abs() < 5.0 * error, "{seed}: {drawn} ± {error}, {truth}");
        within += usize::from((drawn - truth).abs() < 2.0 * error);
    }
    assert!(within >= 35, "{within} of 40 within two errors");
}

proptest! {
    /// The values add up to the whole, who never adds anything gets 0, and equal players get the same.
    #[test]
    fn prop_values_add_up_and_idle_players_get_nothing(n in 1_usize..8, seed in 0_u64..1000) {
        let game = Game::exact(n);
        let of = random_game(seed);
        let sum: i64 = (0..n).map(|player| value(&game.weights(player), &of)).sum();
        prop_assert_eq!(sum, of(game.all()) * game.denominator());
        let idle = |subset: Subset| of(subset & !1);
        prop_assert_eq!(value(&game.weights(0), &idle), 0);
        if n > 1 {
            // Players 0 and 1 count for their number only.
            let alike = |subset: Subset| of((subset & !3) | Subset::from((subset & 3).count_ones()));
            prop_assert_eq!(value(&game.weights(0), &alike), value(&game.weights(1), &alike));
        }
    }

    /// Rounded shares add up to the sum, however that is rounded, and none is off by a whole unit.
    #[test]
    fn prop_rounded_shares_add_up(parts in prop::collection::vec(-1_000_i128..1_000, 1..9), denominator in 1_i128..50) {
        let sum: i128 = parts.iter().sum();
        for whole in [sum.div_euclid(denominator), -((-sum).div_euclid(denominator))] {
            let rounded = rounded_to(whole, &parts, denominator).unwrap();
            prop_assert_eq!(rounded.iter().sum::<i128>(), whole);
            for (part, rounded) in parts.iter().zip(&rounded) {
                prop_assert!((rounded * denominator - part).abs() < denominator);
            }
        }
    }
}
