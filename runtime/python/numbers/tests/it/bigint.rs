//! Every operation on integers against `num-bigint`, with operands of zero to some hundred limbs whose bits come in runs,
//! so that carries, all-ones limbs and powers of two are common.

use num_bigint::{BigInt as Reference, BigUint, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, Zero};
use proptest::prelude::*;
use python_numbers::bigint::{self, BigInt, ByteOrder, Error, Int, IntBuffer, ParseError};

fn never() -> bool {
    false
}

fn reference(value: Int) -> Reference {
    assert!(value.magnitude.last() != Some(&0), "not normalised: {value:?}");
    assert!(!(value.negative && value.magnitude.is_empty()), "negative zero");
    let digits = value.magnitude.iter().flat_map(|&limb| [limb as u32, (limb >> 32) as u32]).collect();
    let sign = if value.negative { Sign::Minus } else { Sign::Plus };
    Reference::from_biguint(sign, BigUint::new(digits))
}

fn owned(value: &Reference) -> BigInt {
    BigInt::new(value.is_negative(), value.magnitude().to_u64_digits())
}

fn limb() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), Just(u64::MAX), Just(1), Just(1 << 63), any::<u64>()]
}

/// Operands of up to so many limbs.
fn operand(most: usize) -> impl Strategy<Value = BigInt> {
    let length = prop_oneof![4 => 0..4usize, 3 => 0..most.min(40) + 1, 2 => 0..most + 1];
    let random = length.clone().prop_flat_map(|length| prop::collection::vec(any::<u64>(), length));
    let runs = length.prop_flat_map(|length| prop::collection::vec(limb(), length));
    (any::<bool>(), prop_oneof![random, runs]).prop_map(|(negative, limbs)| BigInt::new(negative, limbs))
}

fn exact(result: Result<BigInt, Error>) -> Reference {
    reference(result.expect("a result").as_int())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn sums_and_order(a in operand(200), b in operand(200)) {
        let (x, y) = (a.as_int(), b.as_int());
        let (p, q) = (reference(x), reference(y));
        prop_assert_eq!(exact(bigint::add(x, y)), &p + &q);
        prop_assert_eq!(exact(bigint::sub(x, y)), &p - &q);
        prop_assert_eq!(exact(bigint::neg(x)), -&p);
        prop_assert_eq!(bigint::compare(x, y), p.cmp(&q));
        prop_assert!(bigint::compare(x, x).is_eq());
    }

    #[test]
    fn products(a in operand(400), b in operand(400)) {
        let (x, y) = (a.as_int(), b.as_int());
        prop_assert_eq!(exact(bigint::mul(x, y, &never)), reference(x) * reference(y));
        prop_assert_eq!(exact(bigint::mul(x, x, &never)), reference(x) * reference(x));
    }

    #[test]
    fn quotients(a in operand(600), b in operand(300)) {
        let (x, y) = (a.as_int(), b.as_int());
        if y.is_zero() {
            prop_assert_eq!(bigint::divmod(x, y, &never), Err(Error::ZeroDivision));
            return Ok(());
        }
        let (quotient, remainder) = reference(x).div_mod_floor(&reference(y));
        let (ours, rest) = bigint::divmod(x, y, &never).unwrap();
        prop_assert_eq!(&reference(ours.as_int()), &quotient);
        prop_assert_eq!(&reference(rest.as_int()), &remainder);
        prop_assert_eq!(exact(bigint::floor_div(x, y, &never)), quotient);
        prop_assert_eq!(exact(bigint::modulo(x, y, &never)), remainder);
    }

    /// Dividends just around a multiple of the divisor, where estimates of quotient digits are most often wrong.
    #[test]
    fn quotients_near_multiples(a in operand(300), b in operand(300), off in -2i64..3) {
        if b.as_int().is_zero() {
            return Ok(());
        }
        let dividend = reference(a.as_int()) * reference(b.as_int()) + off;
        let (quotient, remainder) = dividend.div_mod_floor(&reference(b.as_int()));
        let (ours, rest) = bigint::divmod(owned(&dividend).as_int(), b.as_int(), &never).unwrap();
        prop_assert_eq!(reference(ours.as_int()), quotient);
        prop_assert_eq!(reference(rest.as_int()), remainder);
    }

    #[test]
    fn shifts(a in operand(100), count in prop_oneof![0..200u64, 0..7000u64]) {
        let x = a.as_int();
        prop_assert_eq!(exact(bigint::shl(x, count)), reference(x) << count);
        prop_assert_eq!(exact(bigint::shr(x, count)), reference(x) >> count);
        prop_assert_eq!(bigint::size::shl_bits(x, count), u128::from((reference(x) << count).bits()));
    }

    #[test]
    fn bits(a in operand(60), b in operand(60)) {
        let (x, y) = (a.as_int(), b.as_int());
        let (p, q) = (reference(x), reference(y));
        prop_assert_eq!(exact(bigint::and(x, y)), &p & &q);
        prop_assert_eq!(exact(bigint::or(x, y)), &p | &q);
        prop_assert_eq!(exact(bigint::xor(x, y)), &p ^ &q);
        prop_assert_eq!(exact(bigint::invert(x)), !&p);
        prop_assert_eq!(bigint::bit_length(x), p.bits());
        prop_assert_eq!(bigint::bit_count(x), p.magnitude().count_ones());
    }

    #[test]
    fn powers(a in operand(12), exponent in 0..40u64) {
        let x = a.as_int();
        let power = reference(x).pow(exponent as u32);
        prop_assert_eq!(exact(bigint::pow(x, exponent, &never)), power.clone());
        let estimate = bigint::size::pow_bits(x, exponent);
        let bits = u128::from(power.bits());
        prop_assert!(estimate >= bits, "{estimate} for {bits}");
        prop_assert!(estimate <= bits + bits / 40 + u128::from(exponent) + 2, "{estimate} for {bits}");
    }

    #[test]
    fn modular_powers(a in operand(10), b in operand(4), c in operand(10)) {
        let (x, e, m) = (a.as_int(), b.as_int(), c.as_int());
        if m.is_zero() {
            prop_assert_eq!(bigint::pow_mod(x, e, m, &never), Err(Error::ZeroDivision));
            return Ok(());
        }
        let (p, q, n) = (reference(x), reference(e), reference(m));
        let ours = bigint::pow_mod(x, e, m, &never);
        if !e.negative {
            prop_assert_eq!(exact(ours), p.modpow(&q, &n));
        } else if p.gcd(&n).is_one() {
            // The power times the inverse's power is one.
            let product = exact(ours) * p.modpow(&-q, &n);
            prop_assert_eq!(product.mod_floor(&n), Reference::one().mod_floor(&n));
        } else {
            prop_assert_eq!(ours, Err(Error::NotInvertible));
        }
    }

    #[test]
    fn divisors_and_roots(a in operand(40), b in operand(40), c in operand(10)) {
        let common = reference(c.as_int());
        let (p, q) = (reference(a.as_int()) * &common, reference(b.as_int()) * &common);
        let (x, y) = (owned(&p), owned(&q));
        prop_assert_eq!(exact(bigint::gcd(x.as_int(), y.as_int(), &never)), p.gcd(&q));
        prop_assert_eq!(exact(bigint::lcm(x.as_int(), y.as_int(), &never)), p.lcm(&q).abs());
        let root = bigint::isqrt(x.as_int(), &never);
        if p.is_negative() {
            prop_assert_eq!(root, Err(Error::Negative));
        } else {
            prop_assert_eq!(exact(root), p.sqrt());
        }
    }

    #[test]
    fn text(a in operand(300), radix in 2..37u32) {
        let x = a.as_int();
        let text = bigint::to_string(x, radix, &never).unwrap();
        prop_assert_eq!(&text, &reference(x).to_str_radix(radix));
        let back = bigint::from_str(text.as_bytes(), radix, 0, &never).unwrap();
        prop_assert_eq!(reference(back.as_int()), reference(x));
        let decimal = bigint::to_string(x, 10, &never).unwrap();
        let digits = decimal.trim_start_matches('-').len();
        let estimate = bigint::size::decimal_digits(x);
        prop_assert!(estimate == digits as u128 || estimate == digits as u128 + 1);
        prop_assert_eq!(bigint::to_decimal(x, digits, &never).unwrap(), decimal);
        if digits > 1 {
            prop_assert_eq!(bigint::to_decimal(x, digits - 1, &never), Err(Error::TooManyDigits));
        }
    }

    #[test]
    fn bytes(a in operand(30), extra in 0..20usize, big in any::<bool>(), signed in any::<bool>()) {
        let x = a.as_int();
        let order = if big { ByteOrder::Big } else { ByteOrder::Little };
        let reversed = |mut bytes: Vec<u8>| {
            if big {
                bytes.reverse();
            }
            bytes
        };
        if x.negative && !signed {
            prop_assert_eq!(bigint::to_bytes(x, 1000, order, false), Err(Error::Negative));
            return Ok(());
        }
        let mut expected = if signed {
            reference(x).to_signed_bytes_le()
        } else {
            reference(x).magnitude().to_bytes_le()
        };
        if x.is_zero() {
            expected.clear();
        }
        if !expected.is_empty() {
            prop_assert_eq!(bigint::to_bytes(x, expected.len() - 1, order, signed), Err(Error::Overflow));
        }
        let fill = if x.negative { 0xFF } else { 0 };
        expected.resize(expected.len() + extra, fill);
        let bytes = bigint::to_bytes(x, expected.len(), order, signed).unwrap();
        prop_assert_eq!(&bytes, &reversed(expected));
        prop_assert_eq!(bigint::from_bytes(&bytes, order, signed).unwrap(), a);
    }

    #[test]
    fn machine_integers(value in any::<i64>(), wide in any::<i128>()) {
        prop_assert_eq!(BigInt::from_i64(value).to_i64(), Some(value));
        prop_assert_eq!(reference(BigInt::from_i64(value).as_int()), Reference::from(value));
        prop_assert_eq!(BigInt::from_i128(wide).to_i128(), Some(wide));
        prop_assert_eq!(reference(BigInt::from_i128(wide).as_int()), Reference::from(wide));
        prop_assert_eq!(BigInt::from_i128(wide).to_i64(), i64::try_from(wide).ok());
        let buffers = [
            (IntBuffer::from(value), value.into()),
            (IntBuffer::from_i128(wide), wide),
            (IntBuffer::from_u64(value as u64), (value as u64).into()),
        ];
        for (buffer, expected) in buffers {
            let expected = BigInt::from_i128(expected);
            prop_assert_eq!(buffer.as_int(), expected.as_int());
        }
    }

    #[test]
    fn hashes(a in operand(60)) {
        let prime = Reference::from((1u64 << 61) - 1);
        let residue = reference(a.as_int()).abs() % prime;
        let residue = i64::try_from(&residue).unwrap();
        let expected = if a.negative { -residue } else { residue };
        let expected = if expected == -1 { -2 } else { expected };
        prop_assert_eq!(bigint::hash(a.as_int()), expected);
        if let Some(small) = a.to_i64() {
            prop_assert_eq!(bigint::hash_i64(small), expected);
        }
    }

    #[test]
    fn combinations(n in 0..400u64, k in 0..400u64) {
        let product = |from: u64, to: u64| (from..=to).fold(Reference::one(), |product, factor| product * factor);
        let (x, y) = (BigInt::from_u64(n), BigInt::from_u64(k));
        let (perm, comb) = if k > n {
            (Reference::zero(), Reference::zero())
        } else {
            let perm = product(n - k + 1, n);
            (perm.clone(), perm / product(1, k))
        };
        prop_assert_eq!(exact(bigint::perm(x.as_int(), y.as_int(), &never)), perm);
        prop_assert_eq!(exact(bigint::comb(x.as_int(), y.as_int(), &never)), comb);
        prop_assert!(bigint::size::perm_bits(x.as_int(), k) >= u128::from(product(n.saturating_sub(k) + 1, n).bits()));
        if k <= n {
            let estimate = bigint::size::comb_bits(x.as_int(), k.min(n - k));
            let comb = exact(bigint::comb(x.as_int(), y.as_int(), &never));
            prop_assert!(estimate >= u128::from(comb.bits()));
        }
        let factorial = product(1, n);
        prop_assert!(bigint::size::factorial_bits(n) >= u128::from(factorial.bits()));
        prop_assert!(bigint::size::factorial_bits(n) <= u128::from(factorial.bits()) + 8);
        prop_assert_eq!(exact(bigint::factorial(n, &never)), factorial);
    }
}

/// Where the methods for large operands begin, alone and on operands of different lengths; all ones give the largest
/// coefficients of a transform.
#[test]
fn large_products_and_quotients() {
    let ones = |limbs| BigInt::new(false, vec![u64::MAX; limbs]);
    let mixed = |limbs: usize| {
        let step = |state: &mut u64| {
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            Some(*state ^ *state >> 29)
        };
        BigInt::new(false, (0..limbs).scan(limbs as u64, |state, _| step(state)).collect())
    };
    for (left, right) in [
        (1499, 1499),
        (1500, 1500),
        (1501, 1499),
        (1700, 1600),
        (2048, 2048),
        (4499, 1500),
        (4500, 1500),
        (6000, 1600),
        (9000, 60),
        (3333, 7001),
        (12000, 12001),
    ] {
        for (a, b) in [(ones(left), ones(right)), (mixed(left), mixed(right)), (ones(left), mixed(right))] {
            let (x, y) = (a.as_int(), b.as_int());
            let product = bigint::mul(x, y, &never).unwrap();
            assert!(reference(product.as_int()) == reference(x) * reference(y), "{left} * {right}");
            let square = bigint::mul(x, x, &never).unwrap();
            assert_eq!(bigint::pow(x, 2, &never).unwrap(), square);
            // The product and something less than the divisor give the operands back.
            let rest = bigint::shr(y, 1).unwrap();
            let dividend = bigint::add(product.as_int(), rest.as_int()).unwrap();
            assert!(bigint::divmod(dividend.as_int(), y, &never).unwrap() == (a.clone(), rest), "{left} / {right}");
        }
    }
}

/// The limit of `sys.set_int_max_str_digits` comes in CPython's order: after what follows the digits, before the rules of
/// base 0, not in bases that are powers of two, not counting underscores, counting leading zeros.
#[test]
fn digit_limits() {
    let parse = |text: &str, base, limit| bigint::from_str(text.as_bytes(), base, limit, &never);
    let many = "1".repeat(31);
    assert!(parse(&many[1..], 10, 30).is_ok());
    assert!(parse(&many, 10, 0).is_ok());
    assert!(parse(&many, 16, 30).is_ok() && parse(&many, 4, 30).is_ok());
    assert!(parse(&"1_".repeat(30)[..59], 10, 30).is_ok());
    for text in [many.clone(), format!("-{many} "), "0".repeat(31), "01".repeat(16)] {
        let digits = text.trim().trim_start_matches('-').len();
        assert_eq!(parse(&text, 10, 30), Err(ParseError::TooManyDigits(digits)));
        assert_eq!(parse(&text, 0, 30), Err(ParseError::TooManyDigits(digits)));
        assert_eq!(parse(&format!("{text}\0x"), 10, 30), Err(ParseError::TooManyDigits(digits)));
    }
    for text in [format!("{many}x"), format!("{many} x"), format!("{many}_"), format!("_{many}"), format!("{many}__1")]
    {
        assert_eq!(parse(&text, 10, 30), Err(ParseError::Invalid));
    }
    assert_eq!(parse("01", 0, 30), Err(ParseError::Invalid));
    for base in [1, 37, u32::MAX] {
        assert_eq!(parse("1", base, 0), Err(ParseError::Base));
    }
}

/// What no memory holds is an error, not an abort.
#[test]
fn impossible_sizes() {
    let two = BigInt::from_i64(2);
    assert_eq!(bigint::shl(two.as_int(), u64::MAX), Err(Error::Memory));
    assert_eq!(bigint::pow(two.as_int(), u64::MAX, &never), Err(Error::Memory));
    assert_eq!(bigint::shl(Int::ZERO, u64::MAX), Ok(BigInt::default()));
    assert_eq!(bigint::shr(two.as_int(), u64::MAX), Ok(BigInt::default()));
    assert_eq!(bigint::shr(BigInt::from_i64(-2).as_int(), u64::MAX), Ok(BigInt::from_i64(-1)));
    assert_eq!(bigint::to_bytes(two.as_int(), usize::MAX, ByteOrder::Big, false), Err(Error::Memory));
    assert_eq!(bigint::size::shl_bits(two.as_int(), u64::MAX), (1 << 64) + 1);
    assert_eq!(bigint::size::pow_bits(two.as_int(), u64::MAX), 1 << 64);
    let large = BigInt::new(false, vec![u64::MAX; 1000]);
    assert!(bigint::size::pow_bits(large.as_int(), u64::MAX) >= 64_000 * u128::from(u64::MAX));
}

/// Results written over old numbers, longer and shorter.
#[test]
fn memory_used_again() {
    let numbers = [
        BigInt::default(),
        BigInt::from_i64(-7),
        BigInt::new(false, vec![5; 40]),
        BigInt::new(true, vec![u64::MAX; 90]),
    ];
    let (mut first, mut second) = (BigInt::default(), BigInt::default());
    for left in &numbers {
        for right in &numbers {
            let (x, y) = (left.as_int(), right.as_int());
            bigint::add_into(&mut first, x, y).unwrap();
            assert_eq!(first, bigint::add(x, y).unwrap());
            bigint::sub_into(&mut first, x, y).unwrap();
            assert_eq!(first, bigint::sub(x, y).unwrap());
            bigint::mul_into(&mut first, x, y, &never).unwrap();
            assert_eq!(first, bigint::mul(x, y, &never).unwrap());
            match bigint::divmod_into(&mut first, &mut second, x, y, &never) {
                Ok(()) => assert_eq!((first.clone(), second.clone()), bigint::divmod(x, y, &never).unwrap()),
                Err(error) => assert!(error == Error::ZeroDivision && y.is_zero()),
            }
        }
    }
}

#[test]
fn machine_limits() {
    for value in [0, 1, -1, i64::MAX, i64::MIN] {
        let number = BigInt::from_i64(value);
        assert_eq!(number.to_i64(), Some(value));
        let beyond = bigint::add(number.as_int(), BigInt::from_i64(value.signum()).as_int()).unwrap();
        assert_eq!(beyond.to_i64(), value.checked_add(value.signum()));
    }
    assert_eq!(BigInt::from_i128(i128::MIN).to_i128(), Some(i128::MIN));
}
