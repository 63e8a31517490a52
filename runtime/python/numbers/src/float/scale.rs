//! Floats by their parts: mantissa, exponent, neighbours.

/// 2 to a power from -1022 to 1023.
fn power_of_two(exponent: i64) -> f64 {
    f64::from_bits(((exponent + 1023) as u64) << 52)
}

/// `(fraction, exponent)` with `value == fraction * 2 ** exponent` and 0.5 <= |fraction| < 1; zeros, infinities and NaN
/// come back with exponent 0.
pub fn frexp(value: f64) -> (f64, i32) {
    if value == 0.0 || !value.is_finite() {
        return (value, 0);
    }
    let (normal, offset) = if value.is_normal() { (value, 0) } else { (value * power_of_two(64), -64) };
    let bits = normal.to_bits();
    let exponent = (bits >> 52 & 0x7FF) as i32 - 1022;
    (f64::from_bits(bits & !(0x7FF << 52) | 1022 << 52), exponent + offset)
}

/// `value * 2 ** exponent`, rounded once (half to even); infinite where it is beyond the largest float.
pub fn ldexp(value: f64, exponent: i64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return value;
    }
    let (fraction, own) = frexp(value);
    let exponent = exponent.saturating_add(i64::from(own));
    match exponent {
        1025.. => f64::INFINITY.copysign(value),
        -1021..=1024 => fraction * 2.0 * power_of_two(exponent - 1),
        // Exact down to the last step, which rounds.
        -1074..-1021 => fraction * power_of_two(exponent + 100) * power_of_two(-100),
        _ => 0f64.copysign(value),
    }
}

/// The float `steps` places from `start` towards `end`, and no further than that (`math.nextafter`).
pub fn nextafter(start: f64, end: f64, steps: u64) -> f64 {
    if steps == 0 || start.is_nan() {
        return start;
    }
    if end.is_nan() || start == end {
        return end;
    }
    // On a line of integers that floats keep their order on: negative ones count down from zero.
    let place = |value: f64| {
        let magnitude = value.abs().to_bits() as i64;
        if value.is_sign_negative() { -magnitude } else { magnitude }
    };
    let (from, to) = (i128::from(place(start)), i128::from(place(end)));
    let steps = i128::from(steps);
    let reached = if from < to { (from + steps).min(to) } else { (from - steps).max(to) };
    if reached == to {
        return end;
    }
    let magnitude = f64::from_bits(reached.unsigned_abs() as u64);
    // A step that ends at zero keeps the sign that it came from.
    if reached < 0 || reached == 0 && start.is_sign_negative() { -magnitude } else { magnitude }
}

/// The distance from the magnitude of a float to the next larger one (`math.ulp`).
pub fn ulp(value: f64) -> f64 {
    let value = value.abs();
    if !value.is_finite() {
        return value;
    }
    let next = value.next_up();
    if next.is_infinite() { value - value.next_down() } else { next - value }
}
