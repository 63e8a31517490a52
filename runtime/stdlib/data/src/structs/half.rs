//! Floats of half precision (IEEE 754 binary16).

/// The bits of the nearest one, ties to even; `None` if the number is too large.
pub(super) fn pack(f: f64) -> Option<u16> {
    let sign = u16::from(f.is_sign_negative()) << 15;
    if f.is_nan() {
        return Some(sign | 0x7e00);
    }
    let magnitude = f.abs();
    if magnitude.is_infinite() {
        return Some(sign | 0x7c00);
    }
    // Below the least normal number, 2**-14, all have the spacing of the subnormal ones, 2**-24.
    let exponent = ((magnitude.to_bits() >> 52) as i32 - 1023).max(-14);
    let spacing = f64::from_bits(((exponent - 10 + 1023) as u64) << 52);
    // Dividing by a power of two is exact, and the quotient is below 2**11.
    let units = (magnitude / spacing).round_ties_even() as u32;
    // Rounding up to 2**11 carries into the exponent by itself.
    let bits = if exponent == -14 { units } else { (((exponent + 15) as u32) << 10) + units - (1 << 10) };
    (bits < 0x7c00).then_some(sign | bits as u16)
}

/// The number that bits stand for.
pub(super) fn unpack(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let magnitude = match exponent {
        0x1f if bits & 0x3ff == 0 => f64::INFINITY,
        0x1f => f64::NAN,
        0 => fraction * f64::from_bits((1023 - 24) << 52),
        _ => (fraction + 1024.0) * f64::from_bits(((exponent - 25 + 1023) as u64) << 52),
    };
    magnitude.copysign(if bits & 0x8000 == 0 { 1.0 } else { -1.0 })
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_number_goes_there_and_back() {
        for bits in 0..=u16::MAX {
            let f = super::unpack(bits);
            let back = super::pack(f);
            if f.is_nan() {
                assert_eq!(back.map(|b| b & 0x7e00), Some(0x7e00));
            } else {
                assert_eq!(back, Some(bits), "{f}");
            }
        }
    }
    #[test]
    fn between_two_the_even_one() {
        assert_eq!(super::pack(1.0 + 1.0 / 2048.0), Some(0x3c00));
        assert_eq!(super::pack(1.0 + 3.0 / 2048.0), Some(0x3c02));
        assert_eq!(super::pack(65519.99), Some(0x7bff));
        assert_eq!(super::pack(65520.0), None);
        assert_eq!(super::pack(f64::from_bits(1)), Some(0));
    }
}
