//! What kernels share: choices without a branch, whole numbers carried by floats, tables on the heap.

#![forbid(unsafe_code)]

/// 2^52: adding it to a number from 0 to 2^51 rounds that to a whole number, which stands in the low bits.
pub const WHOLE: f64 = 4_503_599_627_370_496.0;

/// One of two numbers, both worked out already: a choice of bits, which never becomes a branch.
#[inline(always)]
#[must_use]
pub fn select(first: bool, a: f64, b: f64) -> f64 {
    let mask = u64::from(first).wrapping_neg();
    f64::from_bits((a.to_bits() & mask) | (b.to_bits() & !mask))
}

/// A whole number from 0 to 2^32 - 1 as an integer.
#[inline(always)]
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "the number stands in the low half")]
pub fn integer(whole: f64) -> u32 {
    (whole + WHOLE).to_bits() as u32
}

/// An array on the heap with the same value everywhere, made without a stop on the stack.
///
/// # Panics
/// Never: the vector has as many values as the array.
#[must_use]
pub fn boxed<T: Clone, const N: usize>(value: T) -> Box<[T; N]> {
    match vec![value; N].into_boxed_slice().try_into() {
        Ok(array) => array,
        Err(_) => unreachable!("the vector has N values"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_whole_numbers_and_choices() {
        for number in [0, 1, 2, 255, 1 << 16, (1 << 31) - 1, 1 << 31, u32::MAX] {
            assert_eq!(integer(f64::from(number)), number);
        }
        for (a, b) in [(0.0, -0.0), (1.5, f64::INFINITY), (f64::NAN, 2.0)] {
            assert_eq!(select(true, a, b).to_bits(), a.to_bits());
            assert_eq!(select(false, a, b).to_bits(), b.to_bits());
        }
        assert_eq!(*boxed::<u32, 3>(7), [7, 7, 7]);
    }
}
