//! CPython 3.12's answers, from the files that `tests/data/generate.py` wrote. Each line is a call and its result; all
//! lines of a file are checked, and those that differ are reported together.

use std::cmp::Ordering;

use python_numbers::bigint::{self, BigInt, Error, ParseError};
use python_numbers::complex::{self, Complex, ComplexError};
use python_numbers::float::{self, FormatCode, HexError, Layout, PowError};
use python_numbers::math::{self, Fsum, FsumError, Logarithm, MathError};
use python_numbers::unicode;

fn never() -> bool {
    false
}

// The encoding of arguments.

fn a_float(field: &str) -> f64 {
    match field {
        "nan" => f64::NAN,
        bits => f64::from_bits(u64::from_str_radix(bits, 16).expect("bits")),
    }
}

fn an_int(field: &str) -> BigInt {
    let (negative, digits) = field.strip_prefix('-').map_or((false, field), |digits| (true, digits));
    let limb = |chunk: &[u8]| {
        let chunk = std::str::from_utf8(chunk).expect("ASCII");
        u64::from_str_radix(chunk, 16).expect("hexadecimal digits")
    };
    BigInt::new(negative, digits.as_bytes().rchunks(16).map(limb).collect())
}

fn small(field: &str) -> i64 {
    an_int(field).to_i64().expect("a small integer")
}

fn a_complex(field: &str) -> Complex {
    let (real, imaginary) = field.split_once(',').expect("two parts");
    Complex::new(a_float(real), a_float(imaginary))
}

fn floats(field: &str) -> Vec<f64> {
    field.split(' ').filter(|field| !field.is_empty()).map(a_float).collect()
}

/// Decodes Python's escapes, and makes the text ASCII as the callers of the parsers do.
fn a_text(field: &str) -> Vec<u8> {
    let mut characters = field.chars();
    let mut decoded = Vec::new();
    while let Some(character) = characters.next() {
        let escape = if character == '\\' { characters.next() } else { None };
        let digits = match escape {
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            Some('t') => {
                decoded.push(9);
                continue;
            }
            Some('n') => {
                decoded.push(10);
                continue;
            }
            Some('r') => {
                decoded.push(13);
                continue;
            }
            Some(other) => {
                decoded.push(u32::from(other));
                continue;
            }
            None => {
                decoded.push(u32::from(character));
                continue;
            }
        };
        let digits: String = characters.by_ref().take(digits).collect();
        decoded.push(u32::from_str_radix(&digits, 16).expect("an escape"));
    }
    unicode::to_ascii(decoded)
}

// The encoding of results.

fn bits(value: f64) -> String {
    if value.is_nan() { "nan".to_owned() } else { format!("{:016x}", value.to_bits()) }
}

fn hexadecimal(value: &BigInt) -> String {
    bigint::to_string(value.as_int(), 16, &never).expect("digits")
}

fn parts(value: Complex) -> String {
    format!("{},{}", bits(value.real), bits(value.imaginary))
}

fn raised(exception: &str) -> String {
    format!("!{exception}")
}

fn big_error(error: Error) -> String {
    raised(match error {
        Error::ZeroDivision => "ZeroDivisionError",
        Error::Overflow => "OverflowError",
        _ => "ValueError",
    })
}

fn math_result(result: Result<f64, MathError>) -> String {
    match result {
        Ok(value) => bits(value),
        Err(MathError::Domain) => raised("ValueError"),
        Err(MathError::Range) => raised("OverflowError"),
    }
}

fn complex_error(error: ComplexError) -> String {
    raised(match error {
        ComplexError::ZeroDivision => "ZeroDivisionError",
        ComplexError::Overflow => "OverflowError",
    })
}

/// The exception of converting infinity or NaN.
fn not_finite(value: f64) -> String {
    raised(if value.is_nan() { "ValueError" } else { "OverflowError" })
}

// The functions.

fn of_floats(name: &str, arguments: &[&str]) -> String {
    let x = a_float(arguments[0]);
    let y = || a_float(arguments[1]);
    match name {
        "repr" => float::repr(x),
        "hex" => float::hex(x),
        "ratio" => match float::as_integer_ratio(x) {
            Some((numerator, denominator)) => format!("{} {}", hexadecimal(&numerator), hexadecimal(&denominator)),
            None => not_finite(x),
        },
        "int" => bigint::from_f64(x).map_or_else(|| not_finite(x), |whole| hexadecimal(&whole)),
        "hash" => hexadecimal(&BigInt::from_i64(float::hash(x).expect("no NaN"))),
        "format" => {
            let (code, alternate) = arguments[2].split_at(1);
            let layout = Layout { alternate: alternate == "#", point_zero: matches!(code, "0" | "r") };
            let code = match code {
                "e" => FormatCode::Exponent,
                "f" => FormatCode::Fixed,
                "g" | "0" => FormatCode::General,
                "r" => FormatCode::Repr,
                _ => panic!("code {code}"),
            };
            let sign = if x.is_sign_negative() && !x.is_nan() { "-" } else { "" };
            format!("{sign}{}", float::format(x, code, small(arguments[1]) as usize, layout))
        }
        "round" => float::round_to_digits(x, small(arguments[1])).map_or_else(|_| raised("OverflowError"), bits),
        "divmod" => match float::divmod(x, y()) {
            Some((quotient, remainder)) => {
                assert_eq!(float::floor_div(x, y()).map(f64::to_bits), Some(quotient.to_bits()));
                format!("{} {}", bits(quotient), bits(remainder))
            }
            None => raised("ZeroDivisionError"),
        },
        "modulo" => float::modulo(x, y()).map_or_else(|| raised("ZeroDivisionError"), bits),
        "pow" => match float::pow(x, y()) {
            Ok(power) => bits(power),
            Err(PowError::ZeroDivision) => raised("ZeroDivisionError"),
            Err(PowError::Overflow) => raised("OverflowError"),
            Err(PowError::Complex) => raised("ValueError"),
        },
        _ => panic!("function {name}"),
    }
}

fn of_parse(name: &str, arguments: &[&str]) -> String {
    let text = a_text(arguments[0]);
    let invalid = || raised("ValueError");
    match name {
        "float" => float::parse(&text).map_or_else(|_| invalid(), bits),
        "complex" => complex::parse(&text).map_or_else(|_| invalid(), parts),
        "fromhex" => match float::fromhex(&text) {
            Ok(value) => bits(value),
            Err(HexError::Invalid) => invalid(),
            Err(HexError::Overflow) => raised("OverflowError"),
        },
        "integer" => match bigint::from_str(&text, small(arguments[1]) as u32, 0, &never) {
            Ok(value) => hexadecimal(&value),
            Err(ParseError::Base | ParseError::Invalid) => invalid(),
            Err(other) => panic!("{other:?}"),
        },
        _ => panic!("function {name}"),
    }
}

fn of_integers(name: &str, arguments: &[&str]) -> String {
    let number = an_int(arguments[0]);
    let n = number.as_int();
    match name {
        "to_float" => bigint::to_f64(n).map_or_else(|| raised("OverflowError"), bits),
        "log" => math_result(math::log_of_int(Logarithm::Natural, n)),
        "log2" => math_result(math::log_of_int(Logarithm::Binary, n)),
        "log10" => math_result(math::log_of_int(Logarithm::Decimal, n)),
        "divide" => bigint::true_div(n, an_int(arguments[1]).as_int(), &never).map_or_else(big_error, bits),
        "compare" => match bigint::compare_f64(n, a_float(arguments[1])) {
            None => "-2",
            Some(Ordering::Less) => "-1",
            Some(Ordering::Equal) => "0",
            Some(Ordering::Greater) => "1",
        }
        .to_owned(),
        "hash" => hexadecimal(&BigInt::from_i64(bigint::hash(n))),
        "round" => {
            let places = small(arguments[1]).unsigned_abs();
            hexadecimal(&bigint::round_to_places(n, places, &never).expect("a number"))
        }
        _ => panic!("function {name}"),
    }
}

fn of_complexes(name: &str, arguments: &[&str]) -> String {
    let z = a_complex(arguments[0]);
    let other = || a_complex(arguments[1]);
    match name {
        "repr" => complex::repr(z),
        "abs" => complex::abs(z).map_or_else(complex_error, bits),
        "hash" => hexadecimal(&BigInt::from_i64(complex::hash(z, 0))),
        "mul" => parts(complex::mul(z, other())),
        "div" => complex::div(z, other()).map_or_else(complex_error, parts),
        "pow" => complex::pow(z, other()).map_or_else(complex_error, parts),
        _ => panic!("function {name}"),
    }
}

fn of_maths(name: &str, arguments: &[&str]) -> String {
    let list = || floats(arguments[0]);
    let x = || a_float(arguments[0]);
    let y = || a_float(arguments[1]);
    match name {
        "gamma" => math_result(math::gamma(x())),
        "lgamma" => math_result(math::lgamma(x())),
        "erf" => bits(math::erf(x())),
        "erfc" => bits(math::erfc(x())),
        "ulp" => bits(math::ulp(x())),
        "frexp" => {
            let (fraction, exponent) = math::frexp(x());
            format!("{} {}", bits(fraction), hexadecimal(&BigInt::from_i64(exponent.into())))
        }
        "ldexp" => math_result(math::checked_ldexp(x(), an_int(arguments[1]).to_i64().unwrap_or(i64::MAX))),
        "remainder" => math_result(math::remainder(x(), y())),
        "nextafter" => bits(math::nextafter(x(), y(), an_int(arguments[2]).to_u64().expect("steps"))),
        "fsum" => {
            let mut sum = Fsum::new();
            match list().into_iter().try_for_each(|summand| sum.add(summand)).and_then(|()| sum.finish()) {
                Ok(value) => bits(value),
                Err(FsumError::IntermediateOverflow) => raised("OverflowError"),
                Err(FsumError::OppositeInfinities) => raised("ValueError"),
            }
        }
        "hypot" => bits(math::hypot(&list())),
        "dist" => bits(math::dist(&list(), &floats(arguments[1]))),
        "sumprod" => bits(math::sumprod(&list(), &floats(arguments[1]))),
        _ => panic!("function {name}"),
    }
}

/// Functions that end in the C library's `pow`, `exp`, `log` and so on, whose last bit may differ between libraries; the
/// data are of glibc.
const OF_THE_LIBRARY: [&str; 9] = ["pow", "log", "log2", "log10", "gamma", "lgamma", "erf", "erfc", "abs"];

/// Whether two results are floats that differ in little more than the last bit, where that is allowed.
fn within_library(name: &str, ours: &str, expected: &str) -> bool {
    if cfg!(all(target_os = "linux", target_env = "gnu")) || !OF_THE_LIBRARY.contains(&name) {
        return false;
    }
    let close = |(left, right): (&str, &str)| {
        let parse = |bits| u64::from_str_radix(bits, 16);
        left == right || parse(left).is_ok_and(|left| parse(right).is_ok_and(|right| left.abs_diff(right) <= 16))
    };
    ours.len() == expected.len() && ours.split(',').zip(expected.split(',')).all(close)
}

fn check(data: &str, function: impl Fn(&str, &[&str]) -> String) {
    let mut wrong = Vec::new();
    for line in data.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [name, arguments @ .., expected] = &*fields else { panic!("line {line}") };
        let ours = function(name, arguments);
        if ours != *expected && !within_library(name, &ours, expected) {
            wrong.push(format!("{line}\n    ours: {ours}"));
        }
    }
    let shown = wrong[..wrong.len().min(40)].join("\n");
    assert!(wrong.is_empty(), "{} of {} differ:\n{shown}", wrong.len(), data.lines().count());
}

#[test]
fn floats_agree() {
    check(include_str!("../data/floats.txt"), of_floats);
}

#[test]
fn parsers_agree() {
    check(include_str!("../data/parse.txt"), of_parse);
}

#[test]
fn integers_agree() {
    check(include_str!("../data/integers.txt"), of_integers);
}

#[test]
fn complexes_agree() {
    check(include_str!("../data/complexes.txt"), of_complexes);
}

#[test]
fn maths_agree() {
    check(include_str!("../data/maths.txt"), of_maths);
}
