//! Loops over lanes: the few operations from which all kernels are made, each the same bits as its plain sister.
//!
//! Every function takes the columns it reads and writes as its own references: what the compiler knows of
//! references to arrays of a fixed length - they lie apart, no index leaves them - is what lets it write vector
//! code. Tables are addressed with masks for the same reason.

/// Four words of a block, each in a column.
pub(in crate::illness) type Words<const N: usize> = [[u32; N]; 4];

/// The segments of a normal table.
pub(in crate::illness) type Segments = [[f64; 4]; 256];

pub(in crate::illness) use crate::instruction_set::arithmetic::{integer, select};

use crate::instruction_set::arithmetic::WHOLE;

/// The whole number at or below x, for 0 <= x < 2^51: what a cast to an integer gives, in any set of instructions.
#[inline(always)]
pub(in crate::illness) fn whole(x: f64) -> f64 {
    let near = (x + WHOLE) - WHOLE;
    if near > x { near - 1.0 } else { near }
}

/// Yuan to whole fen, half up: the plain `fen` without the integer.
#[inline(always)]
pub(in crate::illness) fn fen(yuan: f64) -> f64 {
    whole(yuan * 100.0 + 0.5)
}

/// One of four numbers.
#[inline(always)]
pub(in crate::illness) fn one_of_four(level: u32, [a, b, c, d]: [f64; 4]) -> f64 {
    let odd = level & 1 != 0;
    select(level & 2 != 0, select(odd, d, c), select(odd, b, a))
}

/// The normal draw of a word: the plain `NormalTable::draw`, with the octave and the place in it taken from the
/// bits of a float instead of counted and shifted.
#[inline(always)]
#[expect(clippy::cast_possible_wrap, clippy::cast_sign_loss, reason = "bits")]
pub(in crate::illness) fn normal(segments: &Segments, word: u32) -> f64 {
    const EXPONENT: u64 = 0x7FF0_0000_0000_0000;
    const MANTISSA: u64 = 0x000F_FFFF_FFFF_FFFF;
    let upper = (word as i32) >> 31;
    let t = (word as i32) ^ upper;
    // Below 8 the segments are one word wide, which they are from 8 to 15 too.
    let moved = if t < 8 { 8 } else { 0 };
    let bits = f64::from(t + moved).to_bits();
    let segment = (bits >> 49) - 8 * 1025 - moved as u64;
    let start = f64::from_bits(((bits << 3) & MANTISSA) | 1.0_f64.to_bits()) - 1.0;
    let half_word = f64::from_bits((1 << 63) - (bits & EXPONENT));
    let x = start + half_word;
    let [c0, c1, c2, c3] = segments[segment as usize & 255];
    let size = ((c3 * x + c2) * x + c1) * x + c0;
    f64::from_bits(size.to_bits() ^ ((upper as i64 as u64) & (1 << 63)))
}

/// At least 2 to the power of x + 32, and at most a sixteenth more, for x between -900 and 900: the whole part of x
/// becomes the exponent of a float and the rest its fraction, and the line between two powers lies above the curve.
#[inline(always)]
pub(in crate::illness) fn power_at_most(x: f64) -> f64 {
    /// 1.5 x 2^32: adding it leaves a number with twenty binary places in the low 32 bits.
    const PLACES: f64 = 6_442_450_944.0;
    /// More than what is lost by rounding to these places.
    const ROUNDING: f64 = 2e-6;
    const EXPONENT: u64 = (1023 + 32) << 52;
    f64::from_bits(((x + (PLACES + ROUNDING)).to_bits() << 32).wrapping_add(EXPONENT))
}

/// For each byte the positions of its bits, one byte each from the lowest.
const POSITIONS: [u64; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut bit, mut n) = (0, 0);
        while bit < 8 {
            if byte >> bit & 1 == 1 {
                table[byte] |= bit << (8 * n);
                n += 1;
            }
            bit += 1;
        }
        byte += 1;
    }
    table
};

/// Writes the positions of the flags that are not 0 (others are 1) to `found`, eight at a time and so without
/// branches, and gives their number; `found` has room for eight more than there are flags, which are at most 256.
#[inline(always)]
pub(in crate::illness) fn positions(flags: &[u8], found: &mut [u8]) -> usize {
    let mut n = 0;
    let mut first = 0_u64;
    for eight in flags.as_chunks::<8>().0 {
        // Gathers the lowest bit of each of the eight bytes in the highest byte of the product.
        let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        let positions = POSITIONS[bits as usize & 255] + first;
        if let Some(room) = found[n..].first_chunk_mut::<8>() {
            *room = positions.to_le_bytes();
        }
        n += bits.count_ones() as usize;
        first = first.wrapping_add(0x0808_0808_0808_0808);
    }
    n
}
