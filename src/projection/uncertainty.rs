//! Where the spread of a budget comes from, and which figure to look up first.
//!
//! Every replicate is known by what was drawn for many at once ([`crate::simulation::drivers`]). Spending is taken apart
//! by it, year by year and payer by payer: what uncertain numbers of persons do is known without a fit (the money of a
//! category times its factor, less its mean), what shocks and parameters do is a least-squares fit to the rest, and what
//! is left is the luck of single persons and what acts together. Counties are added up within each replicate
//! (`docs/model/uncertainty.md`).

use std::collections::BTreeMap;

use super::money::{Part, Slice, Spending};
use super::pooling::moves;
use crate::raw::settings::Source;
use crate::simulation::drivers::{Drivers, OF_MODEL};
use crate::simulation::outcome::Cell;
use crate::stats::regression::{about_mean, least_squares, product};
use crate::stats::{Estimate, PerMille};

/// Where a part of the spread comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// Uncertain numbers of persons of all categories.
    Counts,
    /// Of one category, by its rank.
    Category(usize),
    /// Shocks of a year that all counties share.
    YearShocks,
    /// Shocks of single counties.
    CountyShocks,
    /// Uncertain parameters of the illness model.
    Parameters,
    /// The luck of single persons, and what acts together.
    Chance,
}

impl Origin {
    /// All but single categories, in the order of charts.
    pub const MAIN: [Self; 5] =
        [Self::Counts, Self::Parameters, Self::YearShocks, Self::CountyShocks, Self::Chance];

    /// The name in tables; of a category that of all counts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Counts | Self::Category(_) => "counts",
            Self::YearShocks => "year_shocks",
            Self::CountyShocks => "county_shocks",
            Self::Parameters => "parameters",
            Self::Chance => "chance",
        }
    }
}

/// One part of the spread of a county's spending in a year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UncertaintyRow {
    /// The county; `None` for all together.
    pub county: Option<usize>,
    /// The year.
    pub year: u16,
    /// The payer; `None` for all together.
    pub funder: Option<usize>,
    /// Where it comes from.
    pub origin: Origin,
    /// Its share of the variance; a little below 0 where there is nothing but noise.
    pub share: f64,
    /// Standard error of the share.
    pub share_error: f64,
    /// By how much the 95th percentile would fall if this were half as uncertain, yuan; not for luck, which nobody can
    /// look up.
    pub p95_fall_yuan: Option<f64>,
    /// Its standard error, yuan.
    pub p95_fall_error_yuan: Option<f64>,
}

/// The rows that speak for a run as a whole: of the last year, all payers, and all its counties (or the only one).
pub fn of_whole<'r>(
    rows: &'r [UncertaintyRow],
    counties: &[usize],
    last_year: Option<u16>,
) -> impl Iterator<Item = &'r UncertaintyRow> {
    let county = match counties {
        [only] => Some(*only),
        _ => None,
    };
    let is_it =
        move |row: &&UncertaintyRow| (row.county, Some(row.year), row.funder) == (county, last_year, None);
    rows.iter().filter(is_it)
}

/// What one origin adds in each replicate, yuan, about its mean.
#[derive(Debug, Clone)]
struct Effect {
    origin: Origin,
    yuan: Vec<f64>,
    /// What a fit to noise alone adds to its variance.
    noise: f64,
}

/// The effects of several counties added up, by year and payer.
#[derive(Debug, Clone, Default)]
pub struct Effects(BTreeMap<(usize, Option<usize>), Vec<Effect>>);

/// The fewest replicates from which anything is said: those that a 95th percentile with an error needs.
fn enough(n: usize) -> bool {
    PerMille::P95.fewest_replicates().is_some_and(|fewest| n as u64 >= fewest)
}

/// The payers of some cells, and all of them together.
fn payers(cells: &[Cell]) -> Vec<Option<usize>> {
    let funders: std::collections::BTreeSet<usize> = cells.iter().map(|cell| cell.funder).collect();
    funders.into_iter().map(Some).chain([None]).collect()
}

fn part(funder: Option<usize>) -> Part {
    funder.map_or(Part::TOTAL, Part::funder)
}

/// The rows of one county; what it adds to all counties goes into `all`. `column` gives the fen of each replicate.
pub fn county_rows(
    county: usize,
    (years, cells): (&[u16], &[Cell]),
    drivers: &Drivers,
    column: impl Fn(usize, (&Part, Slice)) -> Vec<i64>,
    all: &mut Effects,
) -> Vec<UncertaintyRow> {
    let mut rows = Vec::new();
    for (number, &year) in years.iter().enumerate() {
        let drawn: Vec<Vec<f64>> = (0..drivers.width).map(|of| drivers.column(number, of)).collect();
        for funder in payers(cells) {
            let fen = |slice| column(number, (&part(funder), slice));
            let spent = fen(Slice::Year);
            let effects = effects(&spent, &drawn, |row| fen(Slice::People(row)));
            let Some(effects) = effects else { continue };
            rows.extend(rows_of((Some(county), year, funder), &spent, &effects));
            add((all, (number, funder)), effects);
        }
    }
    rows
}

/// The rows of all counties together.
pub fn rows_of_all(
    years: &[u16],
    all: &Effects,
    column: impl Fn(usize, (&Part, Slice)) -> Vec<i64>,
) -> Vec<UncertaintyRow> {
    let of = |(&(number, funder), effects): (&(usize, Option<usize>), &Vec<Effect>)| {
        rows_of((None, years[number], funder), &column(number, (&part(funder), Slice::Year)), effects)
    };
    all.0.iter().flat_map(of).collect()
}

fn add((all, key): (&mut Effects, (usize, Option<usize>)), effects: Vec<Effect>) {
    let sums = all.0.entry(key).or_default();
    for effect in effects {
        match sums.iter_mut().find(|sum| sum.origin == effect.origin) {
            None => sums.push(effect),
            Some(sum) => {
                sum.yuan.iter_mut().zip(&effect.yuan).for_each(|(sum, more)| *sum += more);
                sum.noise += effect.noise;
            }
        }
    }
}

/// Takes the spending of one county, year and payer apart; `None` where it does not vary or replicates are too few.
fn effects(fen: &[i64], drawn: &[Vec<f64>], of_people: impl Fn(usize) -> Vec<i64>) -> Option<Vec<Effect>> {
    if !enough(fen.len()) || fen.iter().all(|one| *one == fen[0]) {
        return None;
    }
    let mut rest = about_mean(&yuan(fen));
    let (of_model, of_categories) = drawn.split_at(OF_MODEL.len());
    let mut all = Vec::new();
    let mut counts = vec![0.0; fen.len()];
    for (rank, factors) in of_categories.iter().enumerate() {
        let factor = about_mean(factors);
        let money: f64 = mean(&yuan(&of_people(rank)));
        let effect: Vec<f64> = factor.iter().map(|factor| factor * money).collect();
        if product(&effect, &effect) > 0.0 {
            counts.iter_mut().zip(&effect).for_each(|(sum, more)| *sum += more);
            all.push(Effect { origin: Origin::Category(rank), yuan: effect, noise: 0.0 });
        }
    }
    rest.iter_mut().zip(&counts).for_each(|(rest, counts)| *rest -= counts);
    if !all.is_empty() {
        all.insert(0, Effect { origin: Origin::Counts, yuan: counts, noise: 0.0 });
    }
    let slopes = least_squares(of_model, &rest);
    let fitted = |source: Source| {
        let own = OF_MODEL.iter().zip(of_model.iter().zip(&slopes)).filter(|(of, _)| **of == source);
        let mut effect = vec![0.0; fen.len()];
        let mut n_columns = 0;
        for (_, (column, slope)) in own.filter(|(_, (_, slope))| **slope != 0.0) {
            n_columns += 1;
            effect.iter_mut().zip(about_mean(column)).for_each(|(sum, value)| *sum += slope * value);
        }
        (effect, n_columns)
    };
    let sources = [
        (Origin::YearShocks, Source::YearShocks),
        (Origin::CountyShocks, Source::CountyShocks),
        (Origin::Parameters, Source::Parameters),
    ];
    let fits: Vec<(Origin, (Vec<f64>, usize))> =
        sources.map(|(origin, source)| (origin, fitted(source))).into();
    for (_, (effect, _)) in &fits {
        rest.iter_mut().zip(effect).for_each(|(rest, effect)| *rest -= effect);
    }
    let n_fitted: usize = fits.iter().map(|(_, (_, n_columns))| n_columns).sum();
    let free = fen.len().saturating_sub(n_fitted + 1).max(1) as f64;
    let variance_of_rest = product(&rest, &rest) / free;
    for (origin, (yuan, n_columns)) in fits.into_iter().filter(|(_, (_, n_columns))| *n_columns > 0) {
        all.push(Effect { origin, yuan, noise: variance_of_rest * n_columns as f64 / fen.len() as f64 });
    }
    Some(all)
}

/// The rows of what effects make of a column of spending; luck is what they leave.
fn rows_of(
    (county, year, funder): (Option<usize>, u16, Option<usize>),
    fen: &[i64],
    effects: &[Effect],
) -> Vec<UncertaintyRow> {
    let about = about_mean(&yuan(fen));
    let n = fen.len() as f64;
    let variance = product(&about, &about) / (n - 1.0);
    // The spending of counties can vary while their sum does not.
    if fen.iter().all(|one| *one == fen[0]) {
        return Vec::new();
    }
    let row = |origin, (share, share_error), fall: Option<(f64, Option<f64>)>| UncertaintyRow {
        county,
        year,
        funder,
        origin,
        share,
        share_error,
        p95_fall_yuan: fall.map(|(fall, _)| fall),
        p95_fall_error_yuan: fall.and_then(|(_, error)| error),
    };
    let before = Percentile::of(fen.to_vec());
    let mut known = vec![0.0; fen.len()];
    let mut noise = 0.0;
    let mut rows = Vec::new();
    for effect in effects {
        if !matches!(effect.origin, Origin::Category(_)) {
            known.iter_mut().zip(&effect.yuan).for_each(|(sum, more)| *sum += more);
            noise += effect.noise;
        }
        let fall = before.as_ref().and_then(|before| fall_if_halved((fen, before), &effect.yuan));
        rows.push(row(effect.origin, share((&about, variance), &effect.yuan, effect.noise), fall));
    }
    let left: Vec<f64> = about.iter().zip(&known).map(|(all, known)| all - known).collect();
    rows.push(row(Origin::Chance, share((&about, variance), &left, -noise), None));
    rows
}

/// The share of the variance that goes along with an effect, and its standard error by the infinitesimal jackknife.
fn share((about, variance): (&[f64], f64), effect: &[f64], noise: f64) -> (f64, f64) {
    let n = about.len() as f64;
    let share = (product(about, effect) / (n - 1.0) - noise) / variance;
    let moved = about.iter().zip(effect).map(|(y, effect)| (y * effect - share * y * y) / variance);
    let moved = about_mean(&moved.collect::<Vec<f64>>());
    (share, (product(&moved, &moved) / (n - 1.0) / n).sqrt())
}

/// A 95th percentile, and by how much each replicate moves it; none where it has no error.
struct Percentile {
    fen: i64,
    moves: Option<Vec<i64>>,
}

impl Percentile {
    fn of(fen: Vec<i64>) -> Option<Self> {
        let Spending { p95_fen, p95_error_yuan, .. } = Spending::of(fen.clone())?;
        let moved = p95_error_yuan.map(|yuan| moves(&fen, p95_fen, yuan * 100.0).collect());
        Some(Self { fen: p95_fen, moves: moved })
    }
}

/// By how much the 95th percentile falls when an effect is halved in every replicate, yuan, with its standard error.
#[expect(clippy::cast_possible_truncation, reason = "fen of a county")]
fn fall_if_halved((fen, before): (&[i64], &Percentile), effect: &[f64]) -> Option<(f64, Option<f64>)> {
    let halved = fen.iter().zip(effect).map(|(&fen, yuan)| fen - (yuan * 50.0).round() as i64);
    let after = Percentile::of(halved.collect())?;
    let error = before.moves.as_ref().zip(after.moves).and_then(|(before, after)| {
        let apart: Vec<i64> = before.iter().zip(&after).map(|(before, after)| before - after).collect();
        Estimate::of(&apart, 100)?.standard_error
    });
    Some(((before.fen - after.fen) as f64 / 100.0, error))
}

fn yuan(fen: &[i64]) -> Vec<f64> {
    fen.iter().map(|&fen| fen as f64 / 100.0).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}
