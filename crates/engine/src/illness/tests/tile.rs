//! The tiled stages against the plain ones: the same bits for every model and every set of instructions.

use super::panel::Panel;
use super::*;
use crate::illness::cost::fen;
use crate::illness::incidence::table_row;
use crate::illness::math::{exp, exponential, ln_of_parts, ln_parts};
use crate::illness::ordinary::{Cells, CostlyYear};
use crate::illness::tile::lanes;
use crate::instruction_set::{Instructions, Kernel};
use crate::policy::claim::Sex;
use crate::rng::{Draws, uniform};

const MODELS: [&str; 3] = ["guangxi", "wuxi", "ewenki"];

/// A function of words over a column.
struct Each<'a, F>(&'a [u32], F);

impl<F: Fn(u32) -> f64> Kernel for Each<'_, F> {
    type Output = Vec<f64>;

    #[inline(always)]
    fn run(self) -> Vec<f64> {
        self.0.iter().map(|word| self.1(*word)).collect()
    }
}

#[track_caller]
fn same(words: &[u32], tiled: impl Fn(u32) -> f64 + Copy, plain: impl Fn(u32) -> f64) {
    for instructions in Instructions::all_here() {
        for (word, found) in words.iter().zip(instructions.run(Each(words, tiled))) {
            let wanted = plain(*word);
            assert_eq!(found.to_bits(), wanted.to_bits(), "{word}: {found} {wanted} {}", instructions.set());
        }
    }
}

#[test]
fn exact_functions_of_words_give_the_bits_of_the_plain_ones() {
    let model = model("guangxi");
    let between = (0..40_000_u32).map(|n| n.wrapping_mul(2_654_435_761));
    let words: Vec<u32> = edge_words().into_iter().chain(between).collect();
    let (normal, segments) = (&model.normal, &*model.normal.segments);
    same(&words, |word| lanes::normal(segments, word), |word| normal.draw(word));
    let share = |word| {
        let (k, s) = ln_parts(uniform(word));
        1.0 - exp(0.125 * ln_of_parts(k, s))
    };
    same(&words, share, |word| 1.0 - exp(-0.125 * exponential(word)));
    let yuan = |word: u32| f64::from(word) * 0.001_25;
    same(&words, |word| lanes::fen(yuan(word)), |word| fen(yuan(word)).0 as f64);
    let near = |word: u32| f64::from(word >> 8) + [0.0, 1e-9, 0.5, 1.0 - 1e-9][word as usize % 4];
    same(&words, |word| lanes::whole(near(word)), |word| near(word).trunc());
    same(&words, |word| f64::from(lanes::integer(f64::from(word))), f64::from);
    let ctx = super::panel::calm(&model, 1, 2025);
    let body = ctx.shape.body();
    let tail: Vec<u32> = words.iter().map(|word| word | 0xFF00_0000).chain([body.1, body.1 + 1]).collect();
    same(&tail, |word| ctx.shape.in_tail(word), |word| ctx.shape.at(normal, word.max(body.1)));
}

#[test]
fn exact_positions_of_flags() {
    let mut found = [0; 264];
    for seed in 0..200_u32 {
        let flags: Vec<u8> =
            (0..256_u32).map(|at| u8::from((at * at * 7 + seed * 31) % 11 < seed % 12)).collect();
        let n = lanes::positions(&flags, &mut found);
        let wanted: Vec<u8> = (0..=255).filter(|at| flags[usize::from(*at)] == 1).collect();
        assert_eq!(found[..n], wanted);
    }
}

/// Everybody a test needs: all groups and ages, entrants, leavers, persons absent all year, and newcomers.
fn mixed(model: &IllnessModel, n: u32) -> Panel {
    let mut panel = Panel::standard(model, n);
    let groups = model.groups().len();
    for row in 0..n as usize {
        panel.group[row] = u8::try_from(row % 7 % groups).unwrap();
        panel.age[row] = u8::try_from((row * 37) % 133).unwrap();
        (panel.first[row], panel.last[row]) =
            [(1, 12), (1, 12), (1, 12), (3, 5), (8, 8), (7, 6), (1, 0), (11, 12), (1, 12)][row % 9];
    }
    panel
}

impl Panel {
    /// Everybody is a year older, and some of those who were there all year have left or leave in the next.
    fn live_on(&mut self) {
        self.age.iter_mut().for_each(|age| *age = age.saturating_add(1));
        for row in (0..self.last.len()).filter(|row| row % 9 == 1 || row % 9 == 3) {
            (self.first[row], self.last[row]) = match (self.last[row], row % 5) {
                (12, 0) => (1, 4),
                (12, _) => (1, 12),
                _ => (1, 0),
            };
        }
    }
}

fn persons(panel: &Panel, n: usize) -> Persons<'_> {
    Persons {
        number: &panel.number[..n],
        age: &panel.age[..n],
        sex: &panel.sex[..n],
        group: &panel.group[..n],
        first_month: &panel.first[..n],
        last_month: &panel.last[..n],
    }
}

/// Follows persons over years both ways; gives how many claims were compared.
fn follow(model: &IllnessModel, instructions: Instructions, (replicate, outpatient): (u32, bool)) -> usize {
    let mut panel = mixed(model, 6_000);
    let panels = [(2023, 3_000), (2024, 3_300), (2025, 6_000), (2027, 6_000)].map(|(year, n)| {
        let now = panel.clone();
        panel.live_on();
        (year, n, now)
    });
    let of_year: Vec<_> = panels.iter().map(|(_, n, panel)| persons(panel, *n)).collect();
    let tiles = PersonTiles::new(model, &of_year);
    let years = |params| -> Vec<YearContext> {
        let year = |year| model.year(&params, 450_621, year).with_general_outpatient(outpatient);
        panels.iter().map(|(one, ..)| year(*one)).collect()
    };
    let (mut scratch, mut bills) = (TileScratch::default(), Bills::default());
    let (mut plain, mut tiled, mut claims, mut compared) = (Vec::new(), Vec::new(), Vec::new(), 0);
    // Another replicate before: nothing of it may be left.
    let before = years(model.replicate(&Draws::new(3), 1));
    model.incidence_tiled((instructions, &before), &tiles, &mut scratch, &mut tiled);
    let years = years(model.replicate(&Draws::new(77), replicate));
    model.incidence_tiled((instructions, &years), &tiles, &mut scratch, &mut tiled);
    let mut states = Vec::new();
    for (((ctx, persons), year), tiled) in years.iter().zip(&of_year).zip(&tiles.years).zip(&tiled) {
        plain.clear();
        model.begin(ctx, persons, &mut states);
        model.incidence(ctx, persons, &mut states, &mut plain);
        assert_eq!(plain, *tiled);
        assert!(!outpatient || plain.iter().any(|ill| ill.outpatient));
        for together in plain.chunks(1_300) {
            model.bills_tiled((instructions, ctx), year, together, &mut bills);
            let already = compared;
            for (at, ill) in together.iter().enumerate() {
                claims.clear();
                model.claims(ctx, persons, ill, &mut claims);
                assert_eq!(bills.claims_of(at, ctx.year), claims, "{ill:?}");
                compared += claims.len();
            }
            assert_eq!((bills.persons(), bills.claims()), (together.len(), compared - already));
        }
    }
    compared
}

#[test]
fn exact_tiles_give_the_claims_of_the_plain_stages() {
    for name in MODELS {
        let model = model(name);
        for instructions in Instructions::all_here() {
            for of in [(0, false), (1, true), (40_000, true)] {
                assert!(follow(&model, instructions, of) > 5_000);
            }
        }
    }
}

#[test]
fn exact_costly_ordinary_residents_give_the_plain_claims() {
    let age: Vec<u8> = (0..36).map(|cell| (cell / 2) * 5 + 2).collect();
    let sex: Vec<Sex> = (0..36).map(|cell| Sex::ALL[cell % 2]).collect();
    let cells = Cells { age: &age, sex: &sex, persons: &[9_000; 36] };
    for name in MODELS {
        let mut raw = raw(name);
        for (threshold, replicate) in [(raw.ordinary.costly_stay_yuan, 3), (0.0, 4), (4_000.0, 5)] {
            raw.ordinary.costly_stay_yuan = threshold;
            let model = IllnessModel::new(&raw).unwrap();
            let ctx = model.year(&model.replicate(&Draws::new(5), replicate), 450_621, 2025);
            let plain = format!("{:?}", model.ordinary_year(&ctx, &cells, true));
            for instructions in Instructions::all_here() {
                let mut tiled = model.ordinary_year_tiled((instructions, &ctx), &cells, true);
                compare_costly(&model, (instructions, &ctx), &tiled.costly);
                compare_cells(&model, (instructions, &ctx), &tiled.costly);
                tiled.costly.nodes = None;
                assert_eq!(format!("{tiled:?}"), plain);
            }
        }
    }
}

fn compare_costly(
    model: &IllnessModel,
    (instructions, ctx): (Instructions, &YearContext),
    year: &CostlyYear,
) {
    let (mut bills, mut claims, mut compared) = (Bills::default(), Vec::new(), 0);
    for cell in year.cells.iter().step_by(3) {
        let alone = CostlyYear { cells: vec![cell.clone()], ..year.clone() };
        let n = cell.persons().min(1_500);
        for (first, last) in [(0, n.min(700)), (n.min(700), n), (n, n), (cell.by_stay, cell.persons())] {
            model.costly_bills_of_cells((instructions, ctx), &alone, first..last, &mut bills);
            assert_eq!(bills.persons(), (last - first) as usize);
            for (at, number) in (first..last).enumerate() {
                claims.clear();
                model.costly_claims(ctx, (year, cell), number, &mut claims);
                assert_eq!(bills.claims_of(at, ctx.year), claims, "{number}");
                compared += claims.len();
            }
        }
    }
    assert!(compared > 500, "{compared}");
}

/// Tiles over cells, of which some begin and end within cells, and one has both kinds of persons.
fn compare_cells(model: &IllnessModel, (instructions, ctx): (Instructions, &YearContext), year: &CostlyYear) {
    let (mut bills, mut claims) = (Bills::default(), Vec::new());
    let by_stay: u32 = year.cells.iter().map(|cell| cell.by_stay).sum();
    let all = year.persons();
    for numbers in [0..256, 100..700, by_stay.saturating_sub(90)..by_stay + 70, all - 300..all, all..all] {
        model.costly_bills_of_cells((instructions, ctx), year, numbers.clone(), &mut bills);
        assert_eq!(bills.persons(), numbers.len());
        let persons = year.runs(numbers).flat_map(|(cell, run)| run.map(move |number| (cell, number)));
        for (at, (cell, number)) in persons.enumerate() {
            claims.clear();
            model.costly_claims(ctx, (year, cell), number, &mut claims);
            assert_eq!(bills.claims_of(at, ctx.year), claims, "{number}");
        }
    }
    let found: u32 = year.runs(0..all).map(|(_, run)| run.end - run.start).sum();
    assert_eq!(found, all);
}

#[test]
fn exact_bounds_of_powers_hold_and_are_near() {
    let words = edge_words();
    let exponent = |word: u32| f64::from(word) * (1_800.0 / 4_294_967_296.0) - 900.0;
    for instructions in Instructions::all_here() {
        let bounds = instructions.run(Each(&words, |word| lanes::power_at_most(exponent(word))));
        for (word, bound) in words.iter().zip(bounds) {
            let power = libm::exp2(exponent(*word) + 32.0);
            assert!(power * (1.0 + 1e-9) <= bound && bound < power * 1.0625, "{word}");
        }
    }
    assert_eq!(table_row(0, 200), 130);
}
