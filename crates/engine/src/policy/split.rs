//! The one way in which a payment is split among its funders.

use super::schedule::FunderShare;
use crate::units::Fen;

/// Splits an amount among funders, the last one taking the rounding; the amount must not be negative.
pub fn split_among(shares: &[FunderShare], amount: Fen, mut book: impl FnMut(u8, Fen)) {
    let mut left = amount;
    for (position, share) in shares.iter().enumerate() {
        let last = position + 1 == shares.len();
        let part = if last { left } else { share.share.of(amount).min(left) };
        left -= part;
        book(share.funder, part);
    }
}
