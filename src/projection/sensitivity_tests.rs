//! Sensitivities that are known beforehand.

use super::apart::Input;
use super::figure::Figure;
use super::sensitivity::{Effects, SensitivityRow, Spent, Varied, of_key};
use crate::rng::{Draws, Key, Purpose, uniform};
use crate::simulation::drivers::OF_MODEL;
use crate::stats::{PerMille, normal_quantile};

const N: usize = 4000;
const P95: Figure = Figure::Percentile(PerMille::P95);

/// Standard normals of a replicate.
fn normal(of: usize, replicate: usize, number: usize) -> f64 {
    let key = Key { person: number as u32, replicate: replicate as u32, county: of as u32 + 1, year: 0 };
    normal_quantile(uniform(Draws::new(11).block(key, Purpose::Parameter, 0)[0]))
}

/// A county: 1 million yuan for the persons of a category, who vary by a tenth, times one and what the numbers of the
/// model do: 0.2 of the first, which all counties share, 0.1 of the fourth, a county's own, and 0.05 of their product;
/// luck of 10,000 yuan besides.
struct County {
    fen: Vec<i64>,
    drawn: Vec<Vec<f64>>,
    of_people: Vec<Vec<i64>>,
}

fn county(number: usize) -> County {
    let column =
        |of: usize, at: usize| -> Vec<f64> { (0..N).map(|replicate| normal(of, replicate, at)).collect() };
    let (shared, own, luck) = (column(900, 0), column(number, 1), column(number, 3));
    let persons: Vec<f64> = column(number, 2).iter().map(|normal| 1.0 + 0.1 * normal).collect();
    let money = |at: usize| {
        1e8 * persons[at] * (1.0 + 0.2 * shared[at] + 0.1 * own[at] + 0.05 * shared[at] * own[at])
    };
    let people: Vec<i64> = (0..N).map(|at| money(at).round() as i64).collect();
    let fen = (0..N).map(|at| (money(at) + 1e6 * luck[at]).round() as i64).collect();
    let mut drawn = vec![vec![0.0; N]; OF_MODEL.len() + 1];
    (drawn[6], drawn[3], drawn[13]) = (shared, own, persons);
    County { fen, drawn, of_people: vec![people] }
}

fn effects(of: &County) -> Effects {
    Effects::of(Spent { fen: &of.fen, drawn: &of.drawn, of_people: &of.of_people }).unwrap()
}

fn find(rows: &[SensitivityRow], input: Input) -> &SensitivityRow {
    rows.iter().find(|row| row.varied == Varied::Uncertain(input)).unwrap()
}

const SHARED: Input = Input::Model(6);
const OWN: Input = Input::Model(3);
const PERSONS: Input = Input::Category(0);

fn near(found: f64, known: f64, error: f64) {
    assert!((found - known).abs() < 4.0 * error, "{found} ± {error}, not {known}");
}

/// In squares of 10,000 yuan the variances are: shared 0.2² = 400, own 100, persons 100, luck 1, shared with own 25; with
/// the persons, who vary by a tenth, a hundredth of what the others are: 4, 1 and 0.25. Together 631.25.
#[test]
fn exact_first_and_total_shares_are_those_that_were_put_in() {
    let rows = effects(&county(0)).rows((Some(0), 2025), P95);
    let all = 631.25;
    for (input, first, total) in
        [(SHARED, 400.0, 400.0 + 25.0 + 4.0), (OWN, 100.0, 100.0 + 25.0 + 1.0), (PERSONS, 100.0, 105.25)]
    {
        let sobol = find(&rows, input).sobol.unwrap();
        near(sobol.first.0, first / all, sobol.first.1);
        let (share, error) = sobol.total.unwrap();
        near(share, total / all, error);
        assert!(error < 0.03 && sobol.first.1 < 0.03, "{input:?}");
    }
    near(effects(&county(0)).luck().unwrap(), 1.0 / all, 0.0002);
}

/// The shared number at its 10th percentile takes 1.2816 × 20 % off what the mean and the others give.
#[test]
fn exact_the_ends_are_the_figure_with_the_input_held() {
    let one = county(0);
    let rows = effects(&one).rows((Some(0), 2025), Figure::Mean);
    let row = find(&rows, SHARED);
    let off = 1.2816 * 0.2 * 1e6;
    let (swing, error) = (row.swing.0, row.swing.1.unwrap());
    near(swing, 2.0 * off, error);
    let mean = one.fen.iter().sum::<i64>() as f64 / 100.0 / N as f64;
    assert!((row.ends[0].yuan + row.ends[1].yuan - 2.0 * mean).abs() < 4.0 * error);
    near(row.ends[0].value.unwrap(), -1.2816, 0.03);
    near(find(&rows, PERSONS).ends[1].value.unwrap(), 1.12816, 0.003);
    assert_eq!(row.worth, None, "of a mean nothing is gained by knowing");
    assert_eq!(rows[0].varied, Varied::Uncertain(SHARED), "the widest first");
}

/// Of what is nearly normal P95 lies 1.645 standard deviations above the mean: 251 thousand yuan, without what the shared
/// number does alone 152. Knowing half of it saves less than half of that.
#[test]
fn knowing_an_input_takes_its_part_out_of_the_reserve() {
    let rows = effects(&county(0)).rows((Some(0), 2025), P95);
    let [(all, error), (half, half_error)] = find(&rows, SHARED).worth.unwrap();
    let sd = |variance: f64| variance.sqrt() * 1e4;
    let saved = 1.645 * (sd(631.25) - sd(231.25));
    assert!((all - saved).abs() < 4.0 * error.unwrap() + 0.05 * saved, "{all}, not {saved}");
    assert!(half < all && half > all / 2.0 && half_error.unwrap() > 0.0, "{half}");
}

/// Of nine counties the shared number is left: what is a county's own averages out, and has no value of all.
#[test]
fn counties_add_up_within_each_replicate() {
    let mut all = Effects::default();
    (0..9).for_each(|number| all.join(effects(&county(number))));
    let rows = all.rows((None, 2025), P95);
    let (shared, own) = (find(&rows, SHARED), find(&rows, OWN));
    let sum = 81.0 * 400.0 + 9.0 * (100.0 + 100.0 + 25.0 + 4.0 + 1.0 + 0.25 + 1.0);
    near(shared.sobol.unwrap().first.0, 81.0 * 400.0 / sum, shared.sobol.unwrap().first.1);
    near(own.sobol.unwrap().first.0, 900.0 / sum, own.sobol.unwrap().first.1);
    assert!(shared.ends[0].value.is_some() && own.ends[0].value.is_none());
}

/// Forty replicates more in each of the ends: the difference of the means by hand.
#[test]
fn exact_a_key_is_held_against_the_scenario_as_written() {
    let base: Vec<i64> = (0..100).map(|replicate| 1000 + replicate).collect();
    let (low, high): (Vec<i64>, Vec<i64>) =
        (base.iter().map(|fen| fen - 300).collect(), base.iter().map(|fen| fen + 500).collect());
    let row = of_key((None, 2025), (0, [0.5, 0.9]), [&base, &low, &high], Figure::Mean).unwrap();
    assert!((row.swing.0 - 8.0).abs() < 1e-9 && row.swing.1.unwrap() < 1e-9, "the same in every replicate");
    assert!((row.figure.0 - row.ends[0].yuan - 3.0).abs() < 1e-9);
    assert_eq!(row.ends.map(|end| end.value), [Some(0.5), Some(0.9)]);
}

#[test]
fn few_replicates_tell_no_totals_and_none_at_all_nothing() {
    let whole = county(0);
    let cut = |n: usize| County {
        fen: whole.fen[..n].to_vec(),
        drawn: whole.drawn.iter().map(|column| column[..n].to_vec()).collect(),
        of_people: vec![whole.of_people[0][..n].to_vec()],
    };
    let few = effects(&cut(80)).rows((Some(0), 2025), P95);
    assert!(few.iter().all(|row| row.sobol.unwrap().total.is_some()), "two numbers alone need few");
    let none = cut(40);
    assert!(Effects::of(Spent { fen: &none.fen, drawn: &none.drawn, of_people: &none.of_people }).is_none());
}
