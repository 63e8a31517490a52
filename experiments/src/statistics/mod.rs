//! What the figures are made with. Plain numbers in, plain numbers out, and no number that is not finite.

pub mod bootstrap;
pub mod changepoint;
pub mod random;
pub mod warmup;

/// The arithmetic mean; `None` of nothing.
pub fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    Some(values.iter().sum::<f64>() / values.len() as f64)
}

/// The geometric mean of positive numbers; `None` of nothing, or where a number is not positive and finite.
pub fn geometric_mean(values: &[f64]) -> Option<f64> {
    if values.iter().any(|value| !(value.is_finite() && *value > 0.0)) {
        return None;
    }
    let logarithms: Vec<f64> = values.iter().map(|value| value.ln()).collect();
    mean(&logarithms).map(f64::exp)
}

/// The quantile `q` (from 0 to 1) of sorted values, between neighbours by their distance; `None` of nothing.
pub fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = q.clamp(0.0, 1.0) * last as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(last);
    let share = place - below as f64;
    Some(sorted[below] * (1.0 - share) + sorted[above] * share)
}

/// The values in order, those that are not finite left out.
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    values
}

/// The middle value; `None` of nothing.
pub fn median(values: &[f64]) -> Option<f64> {
    quantile(&sorted(values), 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_those_of_closed_forms() {
        assert_eq!(mean(&[1.0, 2.0, 6.0]), Some(3.0));
        let geometric = geometric_mean(&[1.0, 2.0, 4.0, 8.0]).unwrap();
        assert!((geometric - 8.0_f64.sqrt()).abs() < 1e-12);
        assert!((geometric_mean(&[0.25, 4.0]).unwrap() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn nothing_has_no_mean_and_what_is_not_positive_no_geometric_one() {
        assert_eq!(mean(&[]), None);
        assert_eq!(geometric_mean(&[]), None);
        assert_eq!(geometric_mean(&[1.0, 0.0]), None);
        assert_eq!(geometric_mean(&[1.0, f64::NAN]), None);
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[f64::NAN]), None);
    }

    #[test]
    fn quantiles_lie_between_neighbours() {
        let sorted = [10.0, 20.0, 30.0, 40.0, 50.0];
        assert_eq!(quantile(&sorted, 0.0), Some(10.0));
        assert_eq!(quantile(&sorted, 1.0), Some(50.0));
        assert_eq!(quantile(&sorted, 0.5), Some(30.0));
        assert_eq!(quantile(&sorted, 0.625), Some(35.0));
        assert_eq!(quantile(&[7.0], 0.3), Some(7.0));
        assert_eq!(median(&[3.0, 1.0, 2.0, 10.0]), Some(2.5));
    }
}
