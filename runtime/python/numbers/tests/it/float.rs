//! Identities of floats over all bit patterns, and parsers on arbitrary bytes.

use std::cmp::Ordering;

use proptest::prelude::*;
use python_numbers::bigint::{self, BigInt};
use python_numbers::{complex, float, math};

fn never() -> bool {
    false
}

/// Bytes that numbers are made of, mostly.
fn text() -> impl Strategy<Value = Vec<u8>> {
    let alphabet = prop::sample::select(b"0123456789abcdefinjxopEPX_+-. ()\t".to_vec());
    prop::collection::vec(prop_oneof![20 => alphabet, 1 => any::<u8>()], 0..24)
}

/// Where floats lie closer below than above.
#[test]
fn powers_of_two_read_back() {
    for exponent in -1074..=1023 {
        let value = float::ldexp(1.0, exponent);
        assert_eq!(float::parse(float::repr(value).as_bytes()), Ok(value), "2**{exponent}");
    }
    assert_eq!(float::repr(float::ldexp(1.0, -24)), "5.960464477539063e-08");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn texts_read_back(bits in any::<u64>()) {
        let value = f64::from_bits(bits);
        prop_assume!(!value.is_nan());
        prop_assert_eq!(float::parse(float::repr(value).as_bytes()).map(f64::to_bits), Ok(bits));
        prop_assert_eq!(float::fromhex(float::hex(value).as_bytes()).map(f64::to_bits), Ok(bits));
        let number = complex::Complex::new(value, -value);
        prop_assert_eq!(complex::parse(complex::repr(number).as_bytes()), Ok(number));
        if value.is_finite() {
            let (fraction, exponent) = float::frexp(value);
            prop_assert_eq!(float::ldexp(fraction, exponent.into()).to_bits(), bits);
        }
    }

    #[test]
    fn ratios_are_exact(bits in any::<u64>()) {
        let value = f64::from_bits(bits);
        let Some((numerator, denominator)) = float::as_integer_ratio(value) else {
            prop_assert!(!value.is_finite());
            return Ok(());
        };
        let (n, d) = (numerator.as_int(), denominator.as_int());
        prop_assert_eq!(bigint::gcd(n, d, &never).unwrap(), BigInt::from_i64(1));
        prop_assert_eq!(bigint::true_div(n, d, &never), Ok(value));
        let whole = bigint::from_f64(value).unwrap();
        prop_assert_eq!(bigint::to_f64(whole.as_int()), Some(value.trunc() + 0.0));
        let order = if value.fract() == 0.0 {
            Ordering::Equal
        } else if value > 0.0 {
            Ordering::Less
        } else {
            Ordering::Greater
        };
        prop_assert_eq!(bigint::compare_f64(whole.as_int(), value), Some(order));
        if value.fract() == 0.0 {
            prop_assert_eq!(float::hash(value), Some(bigint::hash(whole.as_int())));
        }
    }

    #[test]
    fn no_text_panics(text in text(), base in 0..40u32) {
        let _ = bigint::from_str(&text, base, 20, &never);
        let _ = complex::parse(&text);
        let _ = float::fromhex(&text);
        let ours = float::parse(&text);
        // Rust's grammar is a part of Python's.
        if let Some(value) = std::str::from_utf8(&text).ok().and_then(|text| text.parse::<f64>().ok()) {
            prop_assert!(ours.is_ok_and(|ours| ours.to_bits() == value.to_bits() || ours.is_nan() && value.is_nan()));
        }
    }

    #[test]
    fn neighbours(bits in any::<u64>(), steps in 0..1000u64) {
        let value = f64::from_bits(bits);
        prop_assume!(value.is_finite());
        let above = (0..steps).fold(value, |value, _| value.next_up());
        prop_assert_eq!(math::nextafter(value, f64::INFINITY, steps), above);
        let below = (0..steps).fold(value, |value, _| value.next_down());
        prop_assert_eq!(math::nextafter(value, f64::NEG_INFINITY, steps), below);
    }
}

/// A precision far beyond any digit of a double gives zeros.
#[test]
fn long_precisions() {
    use float::{FormatCode, Layout};
    let text = float::format(5e-324, FormatCode::Fixed, 5000, Layout::default());
    assert_eq!(text.len(), 5002);
    assert!(text.starts_with("0.000") && text.ends_with(&"0".repeat(5000 - 1074)) && text[..1076].ends_with("625"));
    let text = float::format(0.1, FormatCode::Exponent, 5000, Layout::default());
    assert!(text.starts_with("1.000000000000000055511151231257827") && text.ends_with("000e-01") && text.len() == 5006);
    let layout = Layout { alternate: true, point_zero: false };
    assert_eq!(float::format(1.0, FormatCode::General, 3000, layout), format!("1.{}", "0".repeat(2999)));
}
