//! Where a series of times changes its level or its scatter: the partition of least cost, found exactly by dynamic
//! programming (PELT finds the same one faster, which series of some thousand values do not need), with the cost that
//! Barrett et al. use in "Virtual machine warmup blows hot and cold" (2017): minus twice the logarithm of the likelihood of normal data with their own mean and variance in each segment,
//! and a penalty of 15 ln n for each further segment. As there, single outliers (Tukey's fences over a window) are drawn
//! in first, so that one slow iteration is not a segment of its own.

use super::{quantile, sorted};
use std::ops::Range;

/// What one more segment must gain, times ln n.
const PENALTY: f64 = 15.0;

/// A segment is no shorter, or its variance means nothing.
const SHORTEST: usize = 2;

/// Scatter below this share of the median is taken for this: clocks and rounding are no signal.
const RESOLUTION: f64 = 0.001;

/// Half of the window in which a value is judged to be an outlier.
const WINDOW: usize = 10;

/// The segments of a series, in order, which cover it. A series of at most `SHORTEST` values is one segment.
pub fn segments(series: &[f64]) -> Vec<Range<usize>> {
    let count = series.len();
    if count < 2 * SHORTEST || series.iter().any(|value| !value.is_finite()) {
        return if count == 0 { Vec::new() } else { std::iter::once(0..count).collect() };
    }
    let cost = Cost::new(&without_outliers(series));
    let penalty = PENALTY * (count as f64).ln();
    // For each end: the least cost of the series up to there, and where its last segment begins.
    let mut least = vec![f64::INFINITY; count + 1];
    let mut begin = vec![0; count + 1];
    least[0] = -penalty;
    for end in SHORTEST..=count {
        for start in 0..=end - SHORTEST {
            let total = least[start] + cost.of(start..end) + penalty;
            if total < least[end] {
                (least[end], begin[end]) = (total, start);
            }
        }
    }
    let mut found = Vec::new();
    let mut end = count;
    while end > 0 {
        found.push(begin[end]..end);
        end = begin[end];
    }
    found.reverse();
    found
}

/// The series with values outside Tukey's fences (three quartile distances) of their neighbours drawn in to the median.
/// At the series' beginning there is no telling an outlier from a warm-up, so the first values stay.
pub fn without_outliers(series: &[f64]) -> Vec<f64> {
    let mut cleaned = series.to_vec();
    for (at, value) in cleaned.iter_mut().enumerate().skip(WINDOW.min(series.len() / 4)) {
        let around = sorted(&series[at.saturating_sub(WINDOW)..(at + WINDOW + 1).min(series.len())]);
        let (Some(low), Some(middle), Some(high)) =
            (quantile(&around, 0.25), quantile(&around, 0.5), quantile(&around, 0.75))
        else {
            continue;
        };
        let fence = (3.0 * (high - low)).max(RESOLUTION * middle.abs());
        // Neighbours that lie out there as well are a change, not an outlier.
        let alone = |other: Option<&f64>| other.is_none_or(|other| (low - fence..=high + fence).contains(other));
        let outside = !(low - fence..=high + fence).contains(value);
        if outside && alone(at.checked_sub(1).and_then(|at| series.get(at))) && alone(series.get(at + 1)) {
            *value = middle;
        }
    }
    cleaned
}

/// The cost of any segment in constant time, by sums from the beginning.
struct Cost {
    sums: Vec<f64>,
    squares: Vec<f64>,
    least_variance: f64,
}

impl Cost {
    fn new(series: &[f64]) -> Cost {
        // Values relative to the median: differences of sums of squares would lose the digits otherwise.
        let middle = super::median(series).unwrap_or(0.0);
        let (mut sums, mut squares) = (vec![0.0], vec![0.0]);
        let (mut sum, mut square) = (0.0, 0.0);
        for value in series {
            let value = value - middle;
            sum += value;
            square += value * value;
            sums.push(sum);
            squares.push(square);
        }
        let resolution = RESOLUTION * middle.abs();
        Cost { sums, squares, least_variance: (resolution * resolution).max(f64::MIN_POSITIVE) }
    }

    fn of(&self, segment: Range<usize>) -> f64 {
        let count = segment.len() as f64;
        let sum = self.sums[segment.end] - self.sums[segment.start];
        let square = self.squares[segment.end] - self.squares[segment.start];
        let variance = (square / count - (sum / count).powi(2)).max(self.least_variance);
        count * (variance.ln() + std::f64::consts::TAU.ln() + 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::random::Random;
    use super::*;

    fn noisy(random: &mut Random, levels: &[(f64, usize)]) -> Vec<f64> {
        levels
            .iter()
            .flat_map(|(level, count)| (0..*count).map(|_| level * (1.0 + 0.01 * random.normal())).collect::<Vec<_>>())
            .collect()
    }

    fn ends(series: &[f64]) -> Vec<usize> {
        segments(series).iter().map(|segment| segment.end).collect()
    }

    /// The least cost over all partitions, each tried.
    fn by_trying(series: &[f64]) -> f64 {
        fn go(cost: &Cost, penalty: f64, start: usize, count: usize) -> f64 {
            let mut best = cost.of(start..count);
            for end in start + SHORTEST..=count.saturating_sub(SHORTEST) {
                best = best.min(cost.of(start..end) + penalty + go(cost, penalty, end, count));
            }
            best
        }
        go(&Cost::new(&without_outliers(series)), PENALTY * (series.len() as f64).ln(), 0, series.len())
    }

    #[test]
    fn levels_are_told_apart_where_they_change() {
        let mut random = Random::new(1);
        assert_eq!(ends(&noisy(&mut random, &[(2.0, 10), (1.0, 40)])), [10, 50]);
        assert_eq!(ends(&noisy(&mut random, &[(3.0, 5), (2.0, 20), (1.0, 25)])), [5, 25, 50]);
        assert_eq!(ends(&noisy(&mut random, &[(1.0, 60), (1.5, 60)])), [60, 120]);
    }

    #[test]
    fn noise_alone_is_one_segment() {
        let mut random = Random::new(2);
        let split = (0..200).filter(|_| segments(&noisy(&mut random, &[(1.0, 50)])).len() > 1).count();
        assert!(split <= 2, "{split} of 200");
    }

    #[test]
    fn constant_and_short_series_are_one_segment() {
        assert_eq!(ends(&[1.0; 30]), [30]);
        assert_eq!(ends(&[0.0; 30]), [30]);
        assert_eq!(ends(&[1.0]), [1]);
        assert_eq!(ends(&[1.0, 2.0]), [2]);
        assert!(segments(&[]).is_empty());
        assert_eq!(ends(&[1.0, f64::NAN, 1.0, 1.0, 1.0]), [5]);
    }

    #[test]
    fn one_slow_iteration_is_no_segment() {
        let mut random = Random::new(3);
        let mut series = noisy(&mut random, &[(1.0, 50)]);
        series[30] = 9.0;
        assert_eq!(ends(&series), [50]);
    }

    #[test]
    fn a_change_of_scatter_alone_is_a_change() {
        let mut random = Random::new(4);
        let mut series = noisy(&mut random, &[(1.0, 100)]);
        series.extend((0..100).map(|_| 1.0 + 0.2 * random.normal()));
        let found = ends(&series);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!((90..=110).contains(&found[0]), "{found:?}");
    }

    #[test]
    fn no_partition_is_cheaper() {
        let mut random = Random::new(5);
        for _ in 0..40 {
            let levels = [(1.0 + random.unit(), 5), (1.0 + random.unit(), 6), (1.0 + random.unit(), 4)];
            let series = noisy(&mut random, &levels);
            let cost = Cost::new(&without_outliers(&series));
            let found = segments(&series);
            let penalty = PENALTY * (series.len() as f64).ln();
            let total: f64 = found.iter().map(|s| cost.of(s.clone())).sum::<f64>() + penalty * (found.len() - 1) as f64;
            assert!((total - by_trying(&series)).abs() < 1e-6);
        }
    }
}
