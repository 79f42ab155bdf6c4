//! How long the stages take; run by hand in a release build, it asserts nothing about time.

use super::panel::Panel;
use super::*;
use crate::illness::ordinary::Cells;
use crate::instruction_set::Instructions;
use crate::policy::claim::Sex;
use crate::rng::{Draws, Key, Purpose};
use std::hint::black_box;
use std::time::Instant;

/// Nanoseconds per unit of work, one entry a run.
#[derive(Default)]
struct Times(Vec<f64>);

impl Times {
    fn time(&mut self, work: impl FnOnce() -> usize) {
        let start = Instant::now();
        let units = work();
        self.0.push(start.elapsed().as_secs_f64() * 1e9 / units as f64);
    }

    /// Least and middle of the runs: the least is what an undisturbed processor needs.
    fn show(mut self) -> String {
        self.0.sort_by(f64::total_cmp);
        format!("least {:.1} ns, median {:.1} ns", self.0[0], self.0[self.0.len() / 2])
    }
}

#[test]
#[ignore = "prints times of a release build"]
#[expect(clippy::print_stdout, reason = "run by hand")]
fn speed_of_the_stages() {
    let model = model("guangxi");
    let mut panel = Panel::standard(&model, 25_000);
    panel.group.iter_mut().for_each(|group| *group = model.group("dibao"));
    let persons = Persons {
        number: &panel.number,
        age: &panel.age,
        sex: &panel.sex,
        group: &panel.group,
        first_month: &panel.first,
        last_month: &panel.last,
    };
    let draws = Draws::new(1);
    let [mut context, mut begin, mut incidence, mut claiming, mut generator] =
        [const { Times(Vec::new()) }; 5];
    let (mut states, mut ill, mut claims) = (Vec::new(), Vec::new(), Vec::new());
    for replicate in 0..100 {
        let params = model.replicate(&draws, replicate);
        states.clear();
        for year in 2022..2026 {
            context.time(|| black_box(model.year(&params, 450_621, year)).visits.len().min(1));
            let ctx = model.year(&params, 450_621, year);
            if year == 2022 {
                begin.time(|| {
                    model.begin(&ctx, &persons, &mut states);
                    persons.len()
                });
            }
            ill.clear();
            incidence.time(|| {
                model.incidence(&ctx, &persons, &mut states, &mut ill);
                persons.len()
            });
            claims.clear();
            claiming.time(|| {
                ill.iter().for_each(|person| model.claims(&ctx, &persons, person, &mut claims));
                claims.len()
            });
        }
        generator.time(|| {
            let key = Key { person: 0, replicate, county: 1, year: 1 };
            (0..25_000).for_each(|index| {
                black_box(draws.block(key, Purpose::Stay, index));
            });
            25_000
        });
    }
    println!("one block of the generator: {}", generator.show());
    println!("context: {}", context.show());
    println!("begin, a person: {}", begin.show());
    println!("incidence, a person-year: {}", incidence.show());
    println!("claims, a claim: {}", claiming.show());
    for instructions in Instructions::all_here() {
        speed_of_tiles((&model, &draws), instructions, &persons);
    }
    speed_of_ordinary(&model, &draws);
}

#[expect(clippy::print_stdout, reason = "run by hand")]
fn speed_of_tiles(
    (model, draws): (&IllnessModel, &Draws),
    instructions: Instructions,
    persons: &Persons<'_>,
) {
    let tiles = PersonTiles::new(model, &[*persons; 4]);
    let (mut scratch, mut ill, mut bills) = (TileScratch::default(), Vec::new(), Bills::default());
    let [mut incidence, mut claiming] = [const { Times(Vec::new()) }; 2];
    let mut each = [0; 4];
    for replicate in 0..200 {
        let params = model.replicate(draws, replicate);
        let years: Vec<_> = (2022..2026).map(|year| model.year(&params, 450_621, year)).collect();
        incidence.time(|| {
            model.incidence_tiled((instructions, &years), &tiles, &mut scratch, &mut ill);
            persons.len() * years.len()
        });
        for (ctx, (persons, ill)) in years.iter().zip(tiles.years.iter().zip(&ill)) {
            claiming.time(|| {
                let mut claims = 0;
                for together in ill.chunks(1024) {
                    model.bills_tiled((instructions, ctx), persons, together, &mut bills);
                    claims += black_box(&bills).claims();
                    each[0] += together.len();
                    each[1] += bills.stays.len();
                    each[2] += bills.chronic.len();
                    each[3] += bills.major.person.len();
                }
                claims
            });
        }
    }
    println!("{}: {each:?} ill, stays, chronic, major", instructions.set());
    println!("  begin and incidence, a person-year: {}", incidence.show());
    println!("  bills, a claim: {}", claiming.show());
}

#[expect(clippy::print_stdout, reason = "run by hand")]
fn speed_of_ordinary(model: &IllnessModel, draws: &Draws) {
    let age: Vec<u8> = (0..36).map(|cell| (cell / 2) * 5 + 2).collect();
    let sex: Vec<Sex> = (0..36).map(|cell| Sex::ALL[cell % 2]).collect();
    let cells = Cells { age: &age, sex: &sex, persons: &[6_250; 36] };
    let [mut admitted, mut counting, mut claiming] = [const { Times(Vec::new()) }; 3];
    let mut claims = Vec::new();
    for replicate in 0..400 {
        let ctx = model.year(&model.replicate(draws, replicate), 450_621, 2024);
        admitted.time(|| black_box(model.ordinary_year(&ctx, &cells, false)).admitted.min(1) as usize);
        counting.time(|| black_box(model.ordinary_year(&ctx, &cells, true)).costly.cells.len() / 36);
        let costly = model.ordinary_year(&ctx, &cells, true).costly;
        claiming.time(|| {
            claims.clear();
            for cell in &costly.cells {
                (0..cell.persons())
                    .for_each(|number| model.costly_claims(&ctx, (&costly, cell), number, &mut claims));
            }
            costly.cells.iter().map(|cell| cell.persons() as usize).sum()
        });
    }
    for instructions in Instructions::all_here() {
        let [mut tiled, mut counting] = [const { Times(Vec::new()) }; 2];
        let mut bills = Bills::default();
        for replicate in 0..400 {
            let ctx = model.year(&model.replicate(draws, replicate), 450_621, 2024);
            let count = || model.ordinary_year_tiled((instructions, &ctx), &cells, true);
            counting.time(|| black_box(count()).costly.cells.len() / 36);
            let costly = count().costly;
            tiled.time(|| {
                for first in (0..costly.persons()).step_by(256) {
                    let numbers = first..costly.persons().min(first + 256);
                    model.costly_bills_of_cells((instructions, &ctx), &costly, numbers, &mut bills);
                    black_box(&bills);
                }
                costly.persons() as usize
            });
        }
        println!("{}: ordinary, a costly person: {}", instructions.set(), tiled.show());
        println!("  admitted and costly, a county-year of 36 cells: {}", counting.show());
    }
    println!("ordinary, admitted, a county-year of 36 cells: {}", admitted.show());
    println!("ordinary, admitted and costly, a county-year of 36 cells: {}", counting.show());
    println!("ordinary, a costly person: {}", claiming.show());
}
