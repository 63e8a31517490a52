//! The error functions by rational approximations on five intervals, as in Sun's fdlibm, whose coefficients these are and
//! which C libraries have nearly all descended from.
//!
//! Polynomials are summed in glibc's order (pairs of coefficients times even powers), not by Horner's rule, so that results
//! are those of CPython on Linux to the last bit.

/// erf(1) in so few bits that sums with it are exact.
const ERF_ONE: f64 = 0.845_062_911_510_467_5;
/// 2/sqrt(pi) - 1.
const SLOPE: f64 = 0.128_379_167_095_512_6;

/// Numerator and denominator of a rational function, lowest power first.
struct Rational<const N: usize, const M: usize>([f64; N], [f64; M]);

/// (erf(x) - x) / x in x squared, below 0.84375.
const NEAR_ZERO: Rational<5, 6> = Rational(
    [
        0.128_379_167_095_512_56,
        -0.325_042_107_247_001_5,
        -0.028_481_749_575_598_51,
        -0.005_770_270_296_489_442,
        -2.376_301_665_665_016_3e-05,
    ],
    [
        1.0,
        0.397_917_223_959_155_35,
        0.065_022_249_988_767_3,
        0.005_081_306_281_875_766,
        0.000_132_494_738_004_321_64,
        -3.960_228_278_775_368e-06,
    ],
);
/// erf(x) - erf(1) in |x| - 1, below 1.25.
const NEAR_ONE: Rational<7, 7> = Rational(
    [
        -0.002_362_118_560_752_659_4,
        0.414_856_118_683_748_33,
        -0.372_207_876_035_701_3,
        0.318_346_619_901_161_75,
        -0.110_894_694_282_396_68,
        0.035_478_304_325_618_236,
        -0.002_166_375_594_868_791,
    ],
    [
        1.0,
        0.106_420_880_400_844_23,
        0.540_397_917_702_171,
        0.071_828_654_414_196_27,
        0.126_171_219_808_761_64,
        0.013_637_083_912_029_05,
        0.011_984_499_846_799_107,
    ],
);
/// log(x * erfc(x)) + x * x + 0.5625 in 1 / (x * x), below 1 / 0.35.
const MIDDLE: Rational<8, 9> = Rational(
    [
        -0.009_864_944_034_847_148,
        -0.693_858_572_707_181_8,
        -10.558_626_225_323_291,
        -62.375_332_450_326_006,
        -162.396_669_462_573_47,
        -184.605_092_906_711_04,
        -81.287_435_506_306_6,
        -9.814_329_344_169_145,
    ],
    [
        1.0,
        19.651_271_667_439_257,
        137.657_754_143_519_04,
        434.565_877_475_229_23,
        645.387_271_733_267_9,
        429.008_140_027_567_83,
        108.635_005_541_779_44,
        6.570_249_770_319_282,
        -0.060_424_415_214_858_1,
    ],
);
/// The same above that.
const FAR: Rational<7, 8> = Rational(
    [
        -0.009_864_942_924_700_1,
        -0.799_283_237_680_523,
        -17.757_954_917_754_752,
        -160.636_384_855_821_92,
        -637.566_443_368_389_6,
        -1_025.095_131_611_077_2,
        -483.519_191_608_651_4,
    ],
    [
        1.0,
        30.338_060_743_482_46,
        325.792_512_996_573_9,
        1_536.729_586_084_437,
        3_199.858_219_508_595_5,
        2_553.050_406_433_164_4,
        474.528_541_206_955_37,
        -22.440_952_446_585_82,
    ],
);

impl<const N: usize, const M: usize> Rational<N, M> {
    fn at(&self, x: f64) -> f64 {
        polynomial(&self.0, x) / polynomial(&self.1, x)
    }
}

fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    let square = x * x;
    let fourth = square * square;
    let powers = [1.0, square, fourth, fourth * square, fourth * fourth];
    let pair = |pair: &[f64]| match *pair {
        [low, high] => low + x * high,
        [low, ..] => low,
        [] => 0.0,
    };
    let mut terms = coefficients.chunks(2).zip(powers).map(|(coefficients, power)| power * pair(coefficients));
    let first = terms.next().unwrap_or(0.0);
    terms.fold(first, |sum, term| sum + term)
}

/// The size's high 32 bits, which place the intervals' ends.
fn high_word(x: f64) -> u32 {
    (x.abs().to_bits() >> 32) as u32
}

/// erfc for 1.25 and more.
fn tail(x: f64) -> f64 {
    let inverse = 1.0 / (x * x);
    let ratio = if high_word(x) < 0x4006_DB6D { MIDDLE.at(inverse) } else { FAR.at(inverse) };
    // The square of the rounded part is exact.
    let rounded = f64::from_bits(x.to_bits() >> 32 << 32);
    (-rounded * rounded - 0.5625).exp() * ((rounded - x) * (rounded + x) + ratio).exp() / x
}

/// `math.erf`.
pub fn erf(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    let size = x.abs();
    match high_word(x) {
        ..0x0080_0000 => 0.0625 * (16.0 * x + (16.0 * SLOPE) * x),
        0x0080_0000..0x3E30_0000 => x + SLOPE * x,
        0x3E30_0000..0x3FEB_0000 => x + x * NEAR_ZERO.at(x * x),
        0x3FEB_0000..0x3FF4_0000 => (ERF_ONE + NEAR_ONE.at(size - 1.0)).copysign(x),
        0x3FF4_0000..0x4018_0000 => (1.0 - tail(size)).copysign(x),
        _ => 1f64.copysign(x),
    }
}

/// `math.erfc`.
pub fn erfc(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    let size = x.abs();
    match high_word(x) {
        ..0x3C70_0000 => 1.0 - x,
        0x3C70_0000..0x3FEB_0000 => {
            let ratio = NEAR_ZERO.at(x * x);
            if x < 0.25 { 1.0 - (x + x * ratio) } else { 0.5 - (x * ratio + (x - 0.5)) }
        }
        0x3FEB_0000..0x3FF4_0000 => {
            let ratio = NEAR_ONE.at(size - 1.0);
            if x > 0.0 { 1.0 - ERF_ONE - ratio } else { 1.0 + (ERF_ONE + ratio) }
        }
        // Beyond 28 it is zero, beyond -6 it is two.
        0x3FF4_0000..0x403C_0000 if x > 0.0 => tail(size),
        0x3FF4_0000..0x4018_0000 => 2.0 - tail(size),
        _ => {
            if x > 0.0 {
                0.0
            } else {
                2.0
            }
        }
    }
}
