//! Where the spread of a budget comes from, and which figure to look up first.
//!
//! Every replicate is known by what was drawn for many at once ([`crate::simulation::drivers`]). Spending is taken apart
//! by it, year by year and payer by payer: what uncertain numbers of persons do is known without a fit (the money of a
//! category times its factor, less its mean), what shocks and parameters do is a least-squares fit to the rest, and what
//! is left is the luck of single persons and what acts together. Counties are added up within each replicate
//! (`docs/model/uncertainty.md`).

use std::collections::BTreeMap;

use super::apart::{self, Apart, Input, Term, yuan};
use super::figure::{Figure, Measured};
use super::money::{Part, Slice};
use crate::raw::settings::Source;
use crate::simulation::drivers::{Drivers, OF_MODEL};
use crate::simulation::outcome::Cell;
use crate::stats::PerMille;
use crate::stats::regression::{about_mean, product};

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

    /// Where a number of the illness model comes from.
    const fn of_model(number: usize) -> Self {
        match OF_MODEL[number] {
            Source::YearShocks => Self::YearShocks,
            Source::CountyShocks => Self::CountyShocks,
            _ => Self::Parameters,
        }
    }

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
    /// By how much each replicate moves the fit, times the effect: county by county, added up.
    response: Vec<f64>,
}

impl Effect {
    /// What is known without a fit.
    fn new(origin: Origin, yuan: Vec<f64>) -> Self {
        let response = vec![0.0; yuan.len()];
        Self { origin, yuan, noise: 0.0, response }
    }
}

/// Spending taken apart by origin.
#[derive(Debug, Clone, Default)]
struct Split {
    effects: Vec<Effect>,
    /// What no effect explains.
    rest: Vec<f64>,
}

impl Split {
    /// Adds to an origin.
    fn add(&mut self, more: Effect) {
        match self.effects.iter_mut().find(|sum| sum.origin == more.origin) {
            None => self.effects.push(more),
            Some(sum) => {
                apart::add(&mut sum.yuan, &more.yuan);
                apart::add(&mut sum.response, &more.response);
                sum.noise += more.noise;
            }
        }
    }

    /// Adds another county.
    fn join(&mut self, other: Self) {
        match self.rest.is_empty() {
            true => self.rest = other.rest,
            false => apart::add(&mut self.rest, &other.rest),
        }
        other.effects.into_iter().for_each(|effect| self.add(effect));
    }

    /// By how much each replicate moves the fit of an effect, times the effect. What all counties share is fitted in all
    /// of them to the same draws; what is a county's own, in each to its own.
    fn response(&self, effect: &Effect) -> Vec<f64> {
        match effect.origin {
            Origin::YearShocks | Origin::Parameters => {
                effect.yuan.iter().zip(&self.rest).map(|(yuan, rest)| yuan * rest).collect()
            }
            _ => effect.response.clone(),
        }
    }
}

/// The effects of several counties added up, by year and payer.
#[derive(Debug, Clone, Default)]
pub struct Effects(BTreeMap<(usize, Option<usize>), Split>);

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
            let apart = Apart::of(&spent, &drawn, |row| fen(Slice::People(row)));
            let Some(split) = apart.map(by_origin) else { continue };
            rows.extend(rows_of((Some(county), year, funder), &spent, &split));
            all.0.entry((number, funder)).or_default().join(split);
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
    let of = |(&(number, funder), split): (&(usize, Option<usize>), &Split)| {
        rows_of((None, years[number], funder), &column(number, (&part(funder), Slice::Year)), split)
    };
    all.0.iter().flat_map(of).collect()
}

/// The effects of one county, year and payer by origin, with what none of them explains.
fn by_origin(Apart { terms, rest, noise }: Apart) -> Split {
    let mut split = Split { effects: Vec::new(), rest };
    for Term { input, yuan } in terms {
        let (origin, noise) = match input {
            Input::Category(rank) => {
                split.add(Effect::new(Origin::Category(rank), yuan.clone()));
                (Origin::Counts, 0.0)
            }
            Input::Model(number) => (Origin::of_model(number), noise),
        };
        let response = match origin {
            Origin::Counts => vec![0.0; yuan.len()],
            _ => yuan.iter().zip(&split.rest).map(|(yuan, rest)| yuan * rest).collect(),
        };
        split.add(Effect { origin, yuan, noise, response });
    }
    split.effects.sort_by_key(|effect| effect.origin);
    split
}

/// The rows of what effects make of a column of spending; luck is what they leave.
fn rows_of(
    (county, year, funder): (Option<usize>, u16, Option<usize>),
    fen: &[i64],
    split: &Split,
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
    let before = Measured::of(P95, fen);
    let mut known = vec![0.0; fen.len()];
    let mut fitted = vec![0.0; fen.len()];
    let mut noise = 0.0;
    let mut rows = Vec::new();
    for effect in &split.effects {
        let response = split.response(effect);
        if !matches!(effect.origin, Origin::Category(_)) {
            apart::add(&mut known, &effect.yuan);
            apart::take(&mut fitted, &response);
            noise += effect.noise;
        }
        let fall = before.as_ref().and_then(|before| fall_if_halved((fen, before), &effect.yuan));
        rows.push(row(
            effect.origin,
            share((&about, variance), (&effect.yuan, &response), effect.noise),
            fall,
        ));
    }
    let left: Vec<f64> = about.iter().zip(&known).map(|(all, known)| all - known).collect();
    rows.push(row(Origin::Chance, share((&about, variance), (&left, &fitted), -noise), None));
    rows
}

/// The share of the variance that goes along with an effect, and its standard error by the infinitesimal jackknife: a
/// replicate moves the product of effect and spending, the variance and, by `response`, the fit itself.
pub(super) fn share(
    (about, variance): (&[f64], f64),
    (effect, response): (&[f64], &[f64]),
    noise: f64,
) -> (f64, f64) {
    let n = about.len() as f64;
    let share = (product(about, effect) / (n - 1.0) - noise) / variance;
    let moved = about.iter().zip(effect.iter().zip(response));
    let moved = moved.map(|(y, (effect, response))| (y * effect + response - share * y * y) / variance);
    let moved = about_mean(&moved.collect::<Vec<f64>>());
    (share, (product(&moved, &moved) / (n - 1.0) / n).sqrt())
}

/// The figure that a budget is set on.
const P95: Figure = Figure::Percentile(PerMille::P95);

/// By how much the 95th percentile falls when an effect is halved in every replicate, yuan, with its standard error.
#[expect(clippy::cast_possible_truncation, reason = "fen of a county")]
fn fall_if_halved((fen, before): (&[i64], &Measured), effect: &[f64]) -> Option<(f64, Option<f64>)> {
    let halved: Vec<i64> =
        fen.iter().zip(effect).map(|(&fen, yuan)| fen - (yuan * 50.0).round() as i64).collect();
    let half: Vec<f64> = effect.iter().map(|yuan| yuan / 2.0).collect();
    Some(before.fall(&Measured::of(P95, &halved)?, &half))
}
