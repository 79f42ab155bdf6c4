//! Functions of the samplers: the same bits on every platform, in plain arithmetic that vectorises.
//!
//! The standard library's `exp` and `ln` are the platform's and differ between machines. The ones here use
//! only additions, multiplications, one division and moves of bits, without branches, so that a vectorised
//! loop gives the bits of the scalar one. Tables are built with `libm`.

use crate::rng::uniform;

const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
/// 1.5 × 2^52: adding it leaves the nearest whole number in the low bits of the mantissa.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

const INVERSE_FACTORIALS: [f64; 13] = [
    1.0,
    1.0,
    1.0 / 2.0,
    1.0 / 6.0,
    1.0 / 24.0,
    1.0 / 120.0,
    1.0 / 720.0,
    1.0 / 5_040.0,
    1.0 / 40_320.0,
    1.0 / 362_880.0,
    1.0 / 3_628_800.0,
    1.0 / 39_916_800.0,
    1.0 / 479_001_600.0,
];

/// e to the power of x, to a relative error below 1e-15; x is bounded to -700..=700 first.
///
/// x = k ln 2 + r with |r| ≤ ln 2 / 2; the Taylor series of r to the twelfth power, times 2^k. The terms are added
/// in pairs (Estrin's scheme), so that the processor need not wait for one before the next.
#[must_use]
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    let x = x.clamp(-700.0, 700.0);
    let shifted = x * std::f64::consts::LOG2_E + ROUNDER;
    let k = shifted - ROUNDER;
    let r = (x - k * LN_2_HIGH) - k * LN_2_LOW;
    let (r2, f) = (r * r, &INVERSE_FACTORIALS);
    let r4 = r2 * r2;
    let low = (f[0] + f[1] * r) + (f[2] + f[3] * r) * r2;
    let middle = (f[4] + f[5] * r) + (f[6] + f[7] * r) * r2;
    let high = (f[8] + f[9] * r) + (f[10] + f[11] * r) * r2;
    let sum = (low + middle * r4) + (high + f[12] * r4) * (r4 * r4);
    let exponent = shifted.to_bits().wrapping_add(1023) << 52;
    sum * f64::from_bits(exponent)
}

/// The natural logarithm of a positive normal number, to a relative error below 1e-14.
///
/// x = 2^k m with m between sqrt(1/2) and sqrt(2); ln m = 2 artanh s with s = (m - 1) / (m + 1), by its series.
#[must_use]
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    let (k, s) = ln_parts(x);
    ln_of_parts(k, s)
}

/// The k and s of a logarithm.
#[inline(always)]
pub(super) fn ln_parts(x: f64) -> (f64, f64) {
    /// The bits of sqrt(1/2).
    const HALF_ROOT: u64 = 0x3FE6_A09E_667F_3BCD;
    /// 2^52, and 2^52 + 2^11: a whole number of twelve bits with a sign, its sign bit turned, in the low bits of
    /// the first, becomes that number less the second. Few processors turn 64-bit integers into floats.
    const FIELD: u64 = 0x4330_0000_0000_0000;
    const MIDDLE: f64 = 4_503_599_627_372_544.0;
    let bits = x.to_bits().wrapping_sub(HALF_ROOT);
    let k = f64::from_bits(((bits >> 52) ^ 0x800) | FIELD) - MIDDLE;
    let m = f64::from_bits((bits & 0x000F_FFFF_FFFF_FFFF) + HALF_ROOT);
    (k, (m - 1.0) / (m + 1.0))
}

/// The logarithm from its k and s.
#[inline(always)]
pub(super) fn ln_of_parts(k: f64, s: f64) -> f64 {
    let square = s * s;
    let (q2, q) = (square * square, square);
    let low = (1.0 / 3.0 + q * (1.0 / 5.0)) + q2 * (1.0 / 7.0 + q * (1.0 / 9.0));
    let middle = (1.0 / 11.0 + q * (1.0 / 13.0)) + q2 * (1.0 / 15.0 + q * (1.0 / 17.0));
    let high = (1.0 / 19.0 + q * (1.0 / 21.0)) + q2 * (1.0 / 23.0);
    let q4 = q2 * q2;
    let sum = (low + q4 * middle) + (q4 * q4) * high;
    k * LN_2_HIGH + (k * LN_2_LOW + 2.0 * s * (1.0 + square * sum))
}

/// The probability that a standard normal variable lies below x.
#[must_use]
pub fn normal_below(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

/// The quantile of the standard normal distribution at 0 < p < 1, to about 1e-15.
///
/// Wichura 1988, "Algorithm AS 241: the percentage points of the normal distribution", doi:10.2307/2347330.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * ratio(&CENTRE, r);
    }
    let r = libm::sqrt(-libm::log(p.min(1.0 - p)));
    let size = if r <= 5.0 { ratio(&SIDE, r - 1.6) } else { ratio(&FAR, r - 5.0) };
    if q < 0.0 { -size } else { size }
}

fn ratio(coefficients: &[[f64; 8]; 2], r: f64) -> f64 {
    let polynomial = |row: &[f64; 8]| row.iter().rev().fold(0.0, |sum, &c| sum * r + c);
    polynomial(&coefficients[0]) / polynomial(&coefficients[1])
}

#[expect(clippy::excessive_precision, reason = "as published")]
const CENTRE: [[f64; 8]; 2] = [
    [
        3.387_132_872_796_366_608,
        1.331_416_678_917_843_774_5e2,
        1.971_590_950_306_551_442_7e3,
        1.373_169_376_550_946_112_5e4,
        4.592_195_393_154_987_145_7e4,
        6.726_577_092_700_870_085_3e4,
        3.343_057_558_358_812_810_5e4,
        2.509_080_928_730_122_672_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091_125_2e1,
        6.871_870_074_920_579_083e2,
        5.394_196_021_424_751_107_7e3,
        2.121_379_430_158_659_586_7e4,
        3.930_789_580_009_271_061e4,
        2.872_908_573_572_194_267_4e4,
        5.226_495_278_852_854_561e3,
    ],
];

#[expect(clippy::excessive_precision, reason = "as published")]
const SIDE: [[f64; 8]; 2] = [
    [
        1.423_437_110_749_683_577_34,
        4.630_337_846_156_545_295_9,
        5.769_497_221_460_691_405_5,
        3.647_848_324_763_204_605_04,
        1.270_458_252_452_368_382_58,
        2.417_807_251_774_506_117_7e-1,
        2.272_384_498_926_918_458_33e-2,
        7.745_450_142_783_414_076_4e-4,
    ],
    [
        1.0,
        2.053_191_626_637_758_821_87,
        1.676_384_830_183_803_849_4,
        6.897_673_349_851_000_045_5e-1,
        1.481_039_764_274_800_745_9e-1,
        1.519_866_656_361_645_719_66e-2,
        5.475_938_084_995_344_946e-4,
        1.050_750_071_644_416_843_24e-9,
    ],
];

#[expect(clippy::excessive_precision, reason = "as published")]
const FAR: [[f64; 8]; 2] = [
    [
        6.657_904_643_501_103_777_2,
        5.463_784_911_164_114_369_9,
        1.784_826_539_917_291_335_8,
        2.965_605_718_285_048_912_3e-1,
        2.653_218_952_657_612_309_3e-2,
        1.242_660_947_388_078_438_6e-3,
        2.711_555_568_743_487_578_15e-5,
        2.010_334_399_292_288_132_65e-7,
    ],
    [
        1.0,
        5.998_322_065_558_879_376_9e-1,
        1.369_298_809_227_358_053_1e-1,
        1.487_536_129_085_061_485_25e-2,
        7.868_691_311_456_132_591e-4,
        1.846_318_317_510_054_681_8e-5,
        1.421_511_758_316_445_888_7e-7,
        2.044_263_103_389_939_785_64e-15,
    ],
];

/// Standard normal draws by a table of cubics over octaves of the tail probability.
///
/// The word's distance from the nearer end, t = 0..2^31, picks one of eight segments of its octave and a place
/// in the segment; the cubic there has the quantile's value and slope at both ends. Error below 2e-6.
#[derive(Debug, Clone)]
pub struct NormalTable {
    /// Of them 232 are used; so many that eight bits cannot point beyond the end.
    pub(super) segments: Box<[[f64; 4]; 256]>,
}

const SEGMENT_BITS: u32 = 3;

impl NormalTable {
    /// Fits the table.
    #[must_use]
    pub fn new() -> Self {
        let first = 1_u32 << SEGMENT_BITS;
        let mut list: Vec<_> = (0..first).map(|t| cubic(f64::from(t), 1.0)).collect();
        for octave in SEGMENT_BITS..31 {
            for part in 0..first {
                let width = 1_u32 << (octave - SEGMENT_BITS);
                list.push(cubic(f64::from((first + part) * width), f64::from(width)));
            }
        }
        let mut segments = Box::new([[0.0; 4]; 256]);
        segments.iter_mut().zip(list).for_each(|(segment, cubic)| *segment = cubic);
        Self { segments }
    }

    /// The normal draw of a word, rising with the word.
    #[must_use]
    #[inline]
    pub fn draw(&self, word: u32) -> f64 {
        let upper = word >> 31;
        let t = (word ^ 0_u32.wrapping_sub(upper)) & 0x7FFF_FFFF;
        let octave = 31 - (t | (1 << SEGMENT_BITS)).leading_zeros();
        let shift = octave - SEGMENT_BITS;
        let segment = (shift << SEGMENT_BITS) + (t >> shift);
        let rest = t & ((1 << shift) - 1);
        let x = (f64::from(rest) + 0.5) * f64::from_bits(u64::from(1023 - shift) << 52);
        let [c0, c1, c2, c3] = self.segments[segment as usize];
        let size = ((c3 * x + c2) * x + c1) * x + c0;
        if upper == 1 { -size } else { size }
    }
}

impl Default for NormalTable {
    fn default() -> Self {
        Self::new()
    }
}

/// The cubic in x = 0..1 with the quantile's value and slope at the words `from` and `from + width`.
fn cubic(from: f64, width: f64) -> [f64; 4] {
    let at = |t: f64| {
        let p = (t.max(0.125) / 4_294_967_296.0).min(0.5);
        let z = normal_quantile(p);
        let density = libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * std::f64::consts::PI);
        (z, width / 4_294_967_296.0 / density)
    };
    if from + width <= 8.0 {
        return [normal_quantile((from + 0.5) / 4_294_967_296.0), 0.0, 0.0, 0.0];
    }
    let ((y0, d0), (y1, d1)) = (at(from), at(from + width));
    [y0, d0, 3.0 * (y1 - y0) - 2.0 * d0 - d1, 2.0 * (y0 - y1) + d0 + d1]
}

/// Exponential draw with mean one from a word, falling with the word: -ln u.
#[must_use]
#[inline(always)]
pub fn exponential(word: u32) -> f64 {
    -ln(uniform(word))
}

/// The log standard deviation of a lognormal variable with this coefficient of variation.
#[must_use]
pub fn log_sd(coefficient_of_variation: f64) -> f64 {
    libm::sqrt(libm::log1p(coefficient_of_variation * coefficient_of_variation))
}
