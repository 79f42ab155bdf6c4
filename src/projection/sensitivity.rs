//! What a figure of a budget depends on: input by input, held low and high, its shares of the variance, and what it would
//! be worth to know it (`docs/sensitivity.md`).
//!
//! Spending is taken apart by input ([`Apart`]). What inputs do together is fitted to the rest: squares and products of
//! the numbers of the model, and their products with the numbers of persons; how the persons of a category act together
//! with everything else is known without a fit, because the money of a category is its persons times what each gets.

use std::collections::BTreeMap;

use super::apart::{Apart, Input, Term, add, mean, noise, take, yuan};
use super::figure::{Figure, Measured};
use super::products::{Product, products, standard, times};
use super::uncertainty::share;
use crate::simulation::drivers::{OF_MODEL, can_be_known};
use crate::stats::regression::{about_mean, least_squares, product};
use crate::stats::{PerMille, Sample};

/// Replicates for each column of a fit of what acts together: with fewer it would fit noise.
const REPLICATES_PER_COLUMN: usize = 4;

/// The spending of a county's year, for one payer.
#[derive(Debug, Clone, Copy)]
pub struct Spent<'s> {
    /// The fen of every replicate.
    pub fen: &'s [i64],
    /// What was drawn, by number and replicate: those of [`OF_MODEL`], then the persons of each category.
    pub drawn: &'s [Vec<f64>],
    /// The fen of every replicate for each category.
    pub of_people: &'s [Vec<i64>],
}

/// What an input does in each replicate, yuan.
#[derive(Debug, Clone)]
struct Effect {
    /// Alone, about its mean.
    alone: Vec<f64>,
    /// Together with others.
    together: Option<Vec<f64>>,
    /// What a fit to noise alone adds to the variance of both.
    noise: [f64; 2],
    /// By how much each replicate moves the fit, times the effect, of both: county by county, added up.
    response: [Vec<f64>; 2],
    /// Its value in each replicate; `None` where counties have values of their own.
    value: Option<Vec<f64>>,
    /// The mean money of the category, yuan.
    money: f64,
}

/// The spending of a county, or of several added up, taken apart by input.
#[derive(Debug, Clone, Default)]
pub struct Effects {
    inputs: BTreeMap<Input, Effect>,
    fen: Vec<i64>,
    /// What no input alone explains, and what is left of it when inputs act together.
    rest: [Vec<f64>; 2],
    /// What no input explains, alone or together with others; `None` with too few replicates for that.
    luck: Option<Vec<f64>>,
    /// The replicates that asking what acts together needs.
    together_needs: usize,
}

/// An input held at the ends of its range of 80 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct End {
    /// By how much the figure moves with it, yuan: paired with the same replicates as they were, so that the error is that
    /// of the move, not of the figure.
    pub moved: (f64, Option<f64>),
    /// The value: a factor, or a yearly growth; of counties with values of their own none.
    pub value: Option<f64>,
    /// The figure, yuan.
    pub yuan: f64,
    /// Its standard error, yuan.
    pub error_yuan: Option<f64>,
}

/// An input held at both ends, and from one to the other with its standard error, yuan.
struct Held {
    ends: [End; 2],
    swing: (f64, Option<f64>),
}

/// Shares of the variance with their standard errors.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sobol {
    /// What an input does alone.
    pub first: (f64, f64),
    /// With all in which it has a part; `None` with too few replicates for that.
    pub total: Option<(f64, f64)>,
    /// The replicates that the total needs.
    pub total_needs: usize,
}

/// What is varied.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Varied {
    /// An uncertain input.
    Uncertain(Input),
    /// A value of a file, by its number among those that were asked for.
    Key(usize),
}

/// What a figure depends on: one input.
#[derive(Debug, Clone, PartialEq)]
pub struct SensitivityRow {
    /// The county; `None` for all together.
    pub county: Option<usize>,
    /// The year.
    pub year: u16,
    /// The figure as it is.
    pub figure: (f64, Option<f64>),
    /// The input.
    pub varied: Varied,
    /// The figure where the input makes it low and high; of a key at its two values, as typed.
    pub ends: [End; 2],
    /// From the first to the second end, with its standard error, yuan.
    pub swing: (f64, Option<f64>),
    /// Its shares of the variance; a key has none.
    pub sobol: Option<Sobol>,
    /// By how much the figure would fall if the input were known, and if it were half as uncertain, with standard
    /// errors, yuan; for percentiles above the mean, and what can be known.
    pub worth: Option<[(f64, Option<f64>); 2]>,
}

impl SensitivityRow {
    /// What it is worth to know it, where that can be told from nothing.
    #[must_use]
    pub fn sure_worth_yuan(&self) -> Option<f64> {
        let (yuan, error) = self.worth?[0];
        (yuan > 1.96 * error?).then_some(yuan)
    }
}

impl Varied {
    /// Whether somebody could look it up.
    #[must_use]
    pub fn can_be_known(&self) -> bool {
        match self {
            Self::Uncertain(Input::Category(_)) => true,
            Self::Uncertain(Input::Model(number)) => can_be_known(*number),
            Self::Key(_) => false,
        }
    }
}

impl Effects {
    /// Takes a county's spending apart; `None` where it does not vary or replicates are too few.
    #[must_use]
    pub fn of(spent: Spent<'_>) -> Option<Self> {
        let of_people = |rank: usize| spent.of_people[rank].clone();
        let apart = Apart::of(spent.fen, spent.drawn, of_people)?;
        let mut inputs = BTreeMap::new();
        for Term { input, yuan } in &apart.terms {
            let is_fitted = matches!(input, Input::Model(_));
            let response = if is_fitted { times(yuan, &apart.rest) } else { vec![0.0; yuan.len()] };
            let (number, money) = match input {
                Input::Model(number) => (*number, 0.0),
                Input::Category(rank) => (OF_MODEL.len() + rank, mean(&self::yuan(&spent.of_people[*rank]))),
            };
            let effect = Effect {
                alone: yuan.clone(),
                together: None,
                noise: [if is_fitted { apart.noise } else { 0.0 }; 2],
                response: [response.clone(), response],
                value: Some(spent.drawn[number].clone()),
                money,
            };
            inputs.insert(*input, effect);
        }
        let rest = [apart.rest.clone(), apart.rest.clone()];
        let mut effects = Self { inputs, fen: spent.fen.to_vec(), rest, luck: None, together_needs: 0 };
        effects.act_together(&apart, spent);
        Some(effects)
    }

    /// Finds what inputs do together.
    fn act_together(&mut self, apart: &Apart, spent: Spent<'_>) {
        let persons = self.of_persons(spent);
        let numbers: Vec<(Input, Vec<f64>)> = apart
            .terms
            .iter()
            .filter(|term| matches!(term.input, Input::Model(_)))
            .map(|term| (term.input, standard(&term.yuan)))
            .collect();
        let counts: Vec<f64> = apart
            .terms
            .iter()
            .filter(|term| matches!(term.input, Input::Category(_)))
            .fold(vec![0.0; spent.fen.len()], |mut sum, term| {
                add(&mut sum, &term.yuan);
                sum
            });
        let columns = products(&numbers, &standard(&counts));
        self.together_needs = REPLICATES_PER_COLUMN * (columns.len() + numbers.len() + 1);
        if spent.fen.len() < self.together_needs {
            return;
        }
        let values: Vec<Vec<f64>> = columns.iter().map(|product| about_mean(&product.column)).collect();
        let slopes = least_squares(&values, &apart.rest);
        let fitted: Vec<Vec<f64>> = values
            .iter()
            .zip(&slopes)
            .map(|(column, slope)| column.iter().map(|value| value * slope).collect())
            .collect();
        let mut rest = apart.rest.clone();
        fitted.iter().for_each(|column| take(&mut rest, column));
        let noise = noise(&rest, fitted.len() + numbers.len());
        for effect in self.inputs.values_mut() {
            effect.together = Some(vec![0.0; rest.len()]);
        }
        let mut luck = apart.rest.clone();
        for (Product { of, is_square, with_persons, .. }, column) in columns.iter().zip(&fitted) {
            if !with_persons {
                take(&mut luck, column);
            }
            let response = times(column, &rest);
            for input in of {
                let Some(effect) = self.inputs.get_mut(input) else { continue };
                if *is_square {
                    add(&mut effect.alone, column);
                    effect.noise[0] += noise;
                    add(&mut effect.response[0], &response);
                } else {
                    effect.together.iter_mut().for_each(|sum| add(sum, column));
                }
                effect.noise[1] += noise;
                add(&mut effect.response[1], &response);
            }
        }
        for (rank, together) in persons {
            take(&mut luck, &about_mean(&together));
            if let Some(effect) = self.inputs.get_mut(&Input::Category(rank)) {
                effect.together = Some(together);
            }
        }
        self.rest[1] = rest;
        self.luck = Some(luck);
    }

    /// What the persons of each category do together with everything else: their number less its mean, times what each
    /// of them got in the replicate less its mean.
    fn of_persons(&self, spent: Spent<'_>) -> Vec<(usize, Vec<f64>)> {
        let ranks = self.inputs.keys().filter_map(|input| match input {
            Input::Category(rank) => Some(*rank),
            Input::Model(_) => None,
        });
        let together = |rank: usize| {
            let persons = &spent.drawn[OF_MODEL.len() + rank];
            let each: Vec<f64> = yuan(&spent.of_people[rank])
                .iter()
                .zip(persons)
                .map(|(yuan, persons)| if *persons > 0.0 { yuan / persons } else { 0.0 })
                .collect();
            (rank, times(&about_mean(persons), &about_mean(&each)))
        };
        ranks.map(together).collect()
    }

    /// Adds another county, replicate by replicate.
    pub fn join(&mut self, other: Self) {
        if self.fen.is_empty() {
            *self = other;
            return;
        }
        self.fen.iter_mut().zip(&other.fen).for_each(|(sum, fen)| *sum += fen);
        for (sum, rest) in self.rest.iter_mut().zip(&other.rest) {
            add(sum, rest);
        }
        self.together_needs = self.together_needs.max(other.together_needs);
        self.luck = self.luck.take().zip(other.luck).map(|(mut sum, luck)| {
            add(&mut sum, &luck);
            sum
        });
        for (input, more) in other.inputs {
            match self.inputs.get_mut(&input) {
                None => drop(self.inputs.insert(input, more)),
                Some(sum) => sum.join(&more),
            }
        }
    }

    /// What a figure depends on, the widest swing first.
    #[must_use]
    pub fn rows(&self, (county, year): (Option<usize>, u16), figure: Figure) -> Vec<SensitivityRow> {
        let Some(before) = Measured::of(figure, &self.fen) else { return Vec::new() };
        let about = about_mean(&yuan(&self.fen));
        #[expect(clippy::cast_precision_loss, reason = "counts of replicates")]
        let variance = product(&about, &about) / (about.len() as f64 - 1.0);
        if variance == 0.0 {
            return Vec::new();
        }
        let row = |(input, effect): (&Input, &Effect)| {
            let varied = Varied::Uncertain(*input);
            let Held { ends, swing } = self.ends((*input, effect), figure)?;
            let response = self.response(*input, effect);
            let sobol = Sobol {
                first: share((&about, variance), (&effect.alone, &response[0]), effect.noise[0]),
                total: effect.together.as_ref().map(|together| {
                    let mut whole = effect.alone.clone();
                    add(&mut whole, together);
                    share((&about, variance), (&whole, &response[1]), effect.noise[1])
                }),
                total_needs: self.together_needs,
            };
            let is_asked = varied.can_be_known() && is_above_the_middle(figure);
            let worth = |part: f64| {
                let own: Vec<f64> = effect.alone.iter().map(|yuan| part * yuan).collect();
                Some(before.fall(&self.less((&effect.alone, part), figure)?, &own))
            };
            let worth = worth(1.0).zip(worth(0.5)).filter(|_| is_asked).map(|(all, half)| [all, half]);
            let figure = (before.yuan, before.error_yuan);
            Some(SensitivityRow { county, year, figure, varied, ends, swing, sobol: Some(sobol), worth })
        };
        let mut rows: Vec<SensitivityRow> = self.inputs.iter().filter_map(row).collect();
        rows.sort_by(|a, b| b.swing.0.abs().total_cmp(&a.swing.0.abs()));
        rows
    }

    /// The share that no input explains, alone or together with others: the luck of single persons.
    #[must_use]
    pub fn luck(&self) -> Option<f64> {
        let about = about_mean(&yuan(&self.fen));
        let luck = self.luck.as_ref()?;
        let variance = product(&about, &about);
        (variance > 0.0).then(|| product(luck, luck) / variance)
    }

    /// The response of a fit: what all counties share is fitted in all of them to the same draws.
    fn response(&self, input: Input, effect: &Effect) -> [Vec<f64>; 2] {
        match (input, &effect.value) {
            (Input::Model(_), Some(_)) => {
                let mut whole = times(&effect.alone, &self.rest[0]);
                let first = whole.clone();
                if let Some(together) = &effect.together {
                    add(&mut whole, &times(together, &self.rest[1]));
                }
                [first, whole]
            }
            _ => effect.response.clone(),
        }
    }

    /// The spending of every replicate less a part of an effect.
    #[expect(clippy::cast_possible_truncation, reason = "fen of a county")]
    fn less(&self, (effect, part): (&[f64], f64), figure: Figure) -> Option<Measured> {
        let fen = |(&fen, yuan): (&i64, &f64)| fen - (part * yuan * 100.0).round() as i64;
        let held: Vec<i64> = self.fen.iter().zip(effect).map(fen).collect();
        Measured::of(figure, &held)
    }

    /// The figure with the input held where a tenth of the replicates lie below and above.
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "fen of a county")]
    fn ends(&self, (input, effect): (Input, &Effect), figure: Figure) -> Option<Held> {
        let held = self.less((&effect.alone, 1.0), figure)?;
        let sample = Sample::new(effect.alone.iter().map(|yuan| (yuan * 100.0).round() as i64).collect())?;
        let at = [PerMille::P10, PerMille::P90];
        let [low, high] = at.map(|at| sample.quantile(at) as f64 / 100.0);
        let values = effect.values(input, [low, high]);
        let ends = [(low, values.map(|values| values[0])), (high, values.map(|values| values[1]))]
            .map(|(yuan, value)| (held.yuan + yuan, yuan, value));
        let before = Measured::of(figure, &self.fen)?;
        let (fall, fall_error) = before.fall(&held, &effect.alone);
        let scale = product(&effect.alone, &effect.alone);
        let response = &self.response(input, effect)[0];
        let of_fit = if scale > 0.0 { product(response, response).sqrt() / scale } else { 0.0 };
        let errors = at.map(|at| sample.quantile_error(at).map(|fen| fen / 100.0));
        let end = |at: usize| {
            let (yuan, own, value) = ends[at];
            let error = fall_error.zip(errors[at]).map(|(fall, of_end)| {
                let of_fit = of_fit * own.abs();
                (fall * fall + of_end * of_end + of_fit * of_fit).sqrt()
            });
            End { value, yuan, error_yuan: held.error_yuan, moved: (own - fall, error) }
        };
        let ends = [end(0), end(1)];
        let error = errors[0].zip(errors[1]).map(|(low_error, high_error)| {
            let of_fit = of_fit * (high - low);
            (of_fit * of_fit + low_error * low_error + high_error * high_error).sqrt()
        });
        Some(Held { ends, swing: (high - low, error) })
    }
}

impl Effect {
    fn join(&mut self, more: &Self) {
        add(&mut self.alone, &more.alone);
        self.together = self.together.take().zip(more.together.as_ref()).map(|(mut sum, more)| {
            add(&mut sum, more);
            sum
        });
        for at in 0..2 {
            self.noise[at] += more.noise[at];
            add(&mut self.response[at], &more.response[at]);
        }
        if self.value != more.value {
            self.value = None;
        }
        self.money += more.money;
    }

    /// The values of the input with which it adds so much: of persons as a multiple of their mean number.
    fn values(&self, input: Input, yuan: [f64; 2]) -> Option<[f64; 2]> {
        if let Input::Category(_) = input {
            return (self.money > 0.0).then(|| yuan.map(|yuan| 1.0 + yuan / self.money));
        }
        let value = self.value.as_ref()?;
        let mut sorted = value.clone();
        sorted.sort_by(f64::total_cmp);
        let rank = |thousandths: usize| (sorted.len() * thousandths).div_ceil(1000).max(1) - 1;
        let (low, high) = (sorted[rank(100)], sorted[rank(900)]);
        let rises = product(&about_mean(value), &self.alone) >= 0.0;
        Some(if rises { [low, high] } else { [high, low] })
    }
}

/// The figures of a value of a file at both ends, on the same draws as the scenario as written.
#[must_use]
pub fn of_key(
    (county, year): (Option<usize>, u16),
    (number, values): (usize, [f64; 2]),
    fen: [&[i64]; 3],
    figure: Figure,
) -> Option<SensitivityRow> {
    let [before, low, high] = fen.map(|fen| Measured::of(figure, fen));
    let (before, low, high) = (before?, low?, high?);
    let end = |of: &Measured, value| End {
        value: Some(value),
        yuan: of.yuan,
        error_yuan: of.error_yuan,
        moved: of.less(&before),
    };
    Some(SensitivityRow {
        county,
        year,
        figure: (before.yuan, before.error_yuan),
        varied: Varied::Key(number),
        ends: [end(&low, values[0]), end(&high, values[1])],
        swing: high.less(&low),
        sobol: None,
        worth: None,
    })
}

/// Whether it is a percentile that a reserve is built for: what is not known makes it larger.
fn is_above_the_middle(figure: Figure) -> bool {
    matches!(figure, Figure::Percentile(at) if at > PerMille::P50)
}
