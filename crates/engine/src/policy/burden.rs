//! What a person bears of the claims that an application counts, after tilt assistance, as an exact fraction.

use super::exact::{Exact, i64_of};
use super::parts::TiltPart;
use super::schedule::Application;
use super::year_end::{TiltNumber, TiltedClaim};
use crate::units::Fen;

/// A tilt payment that applicants had a part in.
#[derive(Debug, Clone, Copy)]
pub(super) struct TiltOf {
    /// Tells it from the others of the settlement.
    pub(super) number: TiltNumber,
    pub(super) paid: Fen,
    /// In-scope self-pay of the claims that it was for.
    pub(super) self_pay: Fen,
}

/// The self-pay that counts for an application, with what tilt assistance took of it.
#[derive(Debug, Default)]
pub(super) struct Burden {
    pub(super) self_pay: Fen,
    /// Self-pay that counts within each tilt payment's group, and the parts of the payment in whole fen.
    pub(super) counted: Vec<(Fen, Fen)>,
}

impl Burden {
    /// Beyond so many payments their parts are taken in whole fen: the exact fractions would outgrow 128 bits.
    const EXACT_TILTS: usize = 2;

    pub(super) fn add(&mut self, self_pay: Fen, tilts: impl Iterator<Item = (usize, TiltedClaim)>) {
        self.self_pay += self_pay;
        for (tilt, claim) in tilts {
            if self.counted.len() <= tilt {
                self.counted.resize(tilt + 1, (Fen::ZERO, Fen::ZERO));
            }
            self.counted[tilt].0 += claim.self_pay;
            self.counted[tilt].1 += claim.taken;
        }
    }

    /// What tilt assistance took of the self-pay that counts, as [`Self::after_tilts`] takes it off.
    pub(super) fn tilt_parts(&self, tilted: &[TiltOf]) -> Vec<TiltPart> {
        let each = tilted.iter().zip(&self.counted).enumerate();
        each.filter(|(_, (_, (counted, _)))| *counted > Fen::ZERO)
            .map(|(number, (group, &(counted, taken)))| {
                if number < Self::EXACT_TILTS {
                    TiltPart { paid: group.paid, counted, all: group.self_pay }
                } else {
                    TiltPart { paid: taken, counted, all: counted }
                }
            })
            .collect()
    }

    /// The self-pay after tilt assistance: with payments `T` on groups of self-pay `S`, of which `C` counts,
    /// `Σ C − Σ T × C / S`.
    fn after_tilts(&self, tilted: &[TiltOf]) -> Exact {
        let mut exact = Exact { whole: i128::from(self.self_pay.0), numerator: 0, denominator: 1 };
        for (number, (group, (counted, taken))) in tilted.iter().zip(&self.counted).enumerate() {
            let all = i128::from(group.self_pay.0);
            if number >= Self::EXACT_TILTS || all == 0 {
                exact.whole -= i128::from(taken.0);
                continue;
            }
            let product = i128::from(group.paid.0) * i128::from(counted.0);
            exact.whole -= product / all;
            let rest = product % all;
            if rest != 0 {
                exact.numerator = exact.numerator * all + rest * exact.denominator;
                exact.denominator *= all;
            }
        }
        exact
    }

    /// The self-pay after tilt assistance (rounded down, for display) and the share of what it adds to a running sum
    /// above the deductible by bands, rounded half up once.
    pub(super) fn payment(&self, rule: &Application, before: Fen, tilted: &[TiltOf]) -> (Fen, Fen) {
        let base = self.after_tilts(tilted);
        let display = Fen(i64_of((base.whole - i128::from(base.numerator != 0)).max(0)));
        let after = Exact { whole: base.whole + i128::from(before.0), ..base };
        (display, after.banded(&rule.bands, rule.deductible.max(before)))
    }
}
