//! Euclidean lengths, almost always correctly rounded (Hettinger's algorithm in CPython 3.10 and later: scaled exactly,
//! squared and summed in double length, the root corrected by one Newton step).

use super::sums::{product, quick_sum};
use crate::float::{frexp, ldexp};

/// `math.hypot`.
pub fn hypot(coordinates: &[f64]) -> f64 {
    length(coordinates.iter().map(|coordinate| coordinate.abs()))
}

/// `math.dist` of two points with equally many coordinates; what one has more is left out.
pub fn dist(left: &[f64], right: &[f64]) -> f64 {
    length(left.iter().zip(right).map(|(left, right)| (left - right).abs()))
}

fn length(coordinates: impl Iterator<Item = f64> + Clone) -> f64 {
    let (mut largest, mut nan, mut count) = (0f64, false, 0usize);
    for coordinate in coordinates.clone() {
        nan |= coordinate.is_nan();
        if coordinate > largest {
            largest = coordinate;
        }
        count += 1;
    }
    if largest.is_infinite() {
        return largest;
    }
    if nan {
        return f64::NAN;
    }
    if largest == 0.0 || count <= 1 {
        return largest;
    }
    if frexp(largest).1 < -1023 {
        // The scale would overflow: subnormal numbers become normal ones first, exactly.
        return f64::MIN_POSITIVE
            * scaled_length(coordinates.map(|coordinate| coordinate / f64::MIN_POSITIVE), largest / f64::MIN_POSITIVE);
    }
    scaled_length(coordinates, largest)
}

fn scaled_length(coordinates: impl Iterator<Item = f64>, largest: f64) -> f64 {
    let scale = ldexp(1.0, -i64::from(frexp(largest).1));
    // The sum begins at 1, which no square exceeds, so that each addition is exact with its error beside it.
    let (mut sum, mut square_errors, mut sum_errors) = (1.0, 0.0, 0.0);
    let mut add = |left: f64, right: f64| {
        let (high, low) = product(left, right);
        let (next, error) = quick_sum(sum, high);
        sum = next;
        square_errors += low;
        sum_errors += error;
        sum - 1.0 + (square_errors + sum_errors)
    };
    let mut total = 0.0;
    for coordinate in coordinates {
        let scaled = coordinate * scale;
        total = add(scaled, scaled);
    }
    let root = total.sqrt();
    let rest = add(-root, root);
    (root + rest / (2.0 * root)) / scale
}
