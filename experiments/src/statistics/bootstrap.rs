//! Ratios of means with confidence intervals, by a hierarchical bootstrap, after Kalibera and Jones, "Rigorous
//! benchmarking in reasonable time" (2013).
//!
//! Measurements are nested: iterations within invocations. What varies between invocations (where memory lies, the hash
//! seed) is not seen by repeating iterations, so a replicate draws invocations with replacement, and in each drawn one
//! iterations with replacement. The interval is that of the replicates' quantiles. With fewer than two invocations on
//! either side nothing is known about how they vary, and there is no interval.

use super::random::Random;
use super::{mean, quantile, sorted};
use serde::{Deserialize, Serialize};

/// The share of the distribution that an interval covers.
pub const CONFIDENCE: f64 = 0.95;

/// How often a distribution is drawn from.
pub const REPLICATES: usize = 2000;

/// Measurements of one thing: invocations, each with its iterations.
pub type Nested = Vec<Vec<f64>>;

/// A figure and, where the data allow one, its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    pub value: f64,
    /// Both ends.
    pub interval: Option<(f64, f64)>,
}

impl Estimate {
    /// Whether the interval leaves no doubt on which side of 1 the figure is.
    pub fn differs_from_one(&self) -> bool {
        self.interval.is_some_and(|(low, high)| low > 1.0 || high < 1.0)
    }
}

/// The mean over invocations of the means of their iterations: each invocation weighs the same.
pub fn nested_mean(data: &[Vec<f64>]) -> Option<f64> {
    let means: Vec<f64> = data.iter().filter_map(|iterations| mean(iterations)).collect();
    mean(&means)
}

/// One draw: the mean of invocations drawn with replacement, of iterations drawn with replacement.
fn draw(data: &[Vec<f64>], random: &mut Random) -> f64 {
    let mut total = 0.0;
    for _ in 0..data.len() {
        let iterations = &data[random.below(data.len())];
        let sum: f64 = (0..iterations.len()).map(|_| iterations[random.below(iterations.len())]).sum();
        total += sum / iterations.len() as f64;
    }
    total / data.len() as f64
}

/// Two sides of a ratio, without invocations that have no iterations; `None` if a side is empty, or its mean is not
/// positive.
fn sides(above: &[Vec<f64>], below: &[Vec<f64>]) -> Option<(Nested, Nested)> {
    let clean = |data: &[Vec<f64>]| -> Option<Nested> {
        let data: Nested = data.iter().filter(|iterations| !iterations.is_empty()).cloned().collect();
        let positive = data.iter().flatten().all(|value| value.is_finite() && *value > 0.0);
        (positive && !data.is_empty()).then_some(data)
    };
    Some((clean(above)?, clean(below)?))
}

fn replicates(above: &[Vec<f64>], below: &[Vec<f64>], random: &mut Random) -> Vec<f64> {
    (0..REPLICATES).map(|_| draw(above, random) / draw(below, random)).collect()
}

fn interval(replicates: &[f64]) -> Option<(f64, f64)> {
    let sorted = sorted(replicates);
    let tail = (1.0 - CONFIDENCE) / 2.0;
    Some((quantile(&sorted, tail)?, quantile(&sorted, 1.0 - tail)?))
}

/// The ratio of the mean of `above` to that of `below`.
pub fn ratio(above: &[Vec<f64>], below: &[Vec<f64>], seed: u64) -> Option<Estimate> {
    let (above, below) = sides(above, below)?;
    let value = nested_mean(&above)? / nested_mean(&below)?;
    if above.len() < 2 || below.len() < 2 {
        return Some(Estimate { value, interval: None });
    }
    let interval = interval(&replicates(&above, &below, &mut Random::new(seed)));
    Some(Estimate { value, interval })
}

/// The geometric mean of the ratios of several programs. The programs are what they are, no sample of all programs: the
/// interval says how well this mean of theirs is known.
pub fn mean_ratio(pairs: &[(Nested, Nested)], seed: u64) -> Option<Estimate> {
    let mut random = Random::new(seed);
    let mut values = Vec::with_capacity(pairs.len());
    let mut sums = vec![0.0; REPLICATES];
    let mut known = true;
    for (above, below) in pairs {
        let (above, below) = sides(above, below)?;
        values.push(nested_mean(&above)? / nested_mean(&below)?);
        known &= above.len() >= 2 && below.len() >= 2;
        if known {
            let drawn = replicates(&above, &below, &mut random);
            sums.iter_mut().zip(drawn).for_each(|(sum, ratio)| *sum += ratio.ln());
        }
    }
    let value = super::geometric_mean(&values)?;
    let means: Vec<f64> = sums.iter().map(|sum| (sum / pairs.len() as f64).exp()).collect();
    Some(Estimate { value, interval: if known { interval(&means) } else { None } })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Invocations around `level`: a part of the noise is the invocation's, a part the iteration's.
    fn synthetic(random: &mut Random, level: f64, invocations: usize, iterations: usize) -> Nested {
        (0..invocations)
            .map(|_| {
                let own = level * (1.0 + 0.03 * random.normal());
                (0..iterations).map(|_| own * (1.0 + 0.02 * random.normal())).collect()
            })
            .collect()
    }

    #[test]
    fn constant_data_have_an_exact_ratio() {
        let estimate = ratio(&[vec![3.0; 5], vec![3.0; 5]], &[vec![2.0; 4], vec![2.0; 7]], 1).unwrap();
        assert_eq!(estimate.value, 1.5);
        let (low, high) = estimate.interval.unwrap();
        assert!((low - 1.5).abs() < 1e-12 && (high - 1.5).abs() < 1e-12);
    }

    #[test]
    fn invocations_weigh_the_same_however_many_iterations_they_have() {
        let estimate = ratio(&[vec![1.0; 100], vec![3.0]], &[vec![1.0], vec![1.0]], 1).unwrap();
        assert_eq!(estimate.value, 2.0);
    }

    #[test]
    fn one_invocation_has_no_interval_and_nothing_no_ratio() {
        let one = ratio(&[vec![2.0, 2.1]], &[vec![1.0], vec![1.0]], 1).unwrap();
        assert!(one.interval.is_none() && (one.value - 2.05).abs() < 1e-12);
        assert_eq!(ratio(&[], &[vec![1.0]], 1), None);
        assert_eq!(ratio(&[vec![]], &[vec![1.0]], 1), None);
        assert_eq!(ratio(&[vec![0.0]], &[vec![1.0]], 1), None);
        assert_eq!(ratio(&[vec![f64::NAN]], &[vec![1.0]], 1), None);
        assert_eq!(mean_ratio(&[], 1), None);
    }

    #[test]
    fn the_same_seed_gives_the_same_interval() {
        let mut random = Random::new(5);
        let (a, b) = (synthetic(&mut random, 2.0, 6, 6), synthetic(&mut random, 1.0, 6, 6));
        assert_eq!(ratio(&a, &b, 9), ratio(&a, &b, 9));
        assert_ne!(ratio(&a, &b, 9), ratio(&a, &b, 10));
    }

    #[test]
    fn intervals_cover_a_known_ratio_about_as_often_as_they_say() {
        let mut random = Random::new(2013);
        let covered = (0..300)
            .filter(|seed| {
                let above = synthetic(&mut random, 1.7, 12, 8);
                let below = synthetic(&mut random, 1.0, 12, 8);
                let (low, high) = ratio(&above, &below, *seed).unwrap().interval.unwrap();
                low <= 1.7 && 1.7 <= high
            })
            .count();
        // 285 are expected; the quantiles of a dozen invocations are a little narrow.
        assert!((270..=297).contains(&covered), "{covered} of 300");
    }

    #[test]
    fn what_varies_between_invocations_is_not_hidden_by_many_iterations() {
        // Iterations agree to the last digit, invocations do not.
        let above = vec![vec![1.0; 1000], vec![1.2; 1000], vec![1.1; 1000], vec![0.9; 1000]];
        let below = vec![vec![1.0; 1000]; 4];
        let (low, high) = ratio(&above, &below, 3).unwrap().interval.unwrap();
        assert!(low < 1.0 && high > 1.1, "{low} {high}");
    }

    #[test]
    fn more_invocations_narrow_the_interval_by_the_square_root() {
        let mut random = Random::new(11);
        let width = |count: usize, random: &mut Random| {
            let (a, b) = (synthetic(random, 1.0, count, 5), synthetic(random, 1.0, count, 5));
            let (low, high) = ratio(&a, &b, 1).unwrap().interval.unwrap();
            high - low
        };
        let few: f64 = (0..20).map(|_| width(8, &mut random)).sum();
        let many: f64 = (0..20).map(|_| width(32, &mut random)).sum();
        assert!((1.6..2.6).contains(&(few / many)), "{}", few / many);
    }

    #[test]
    fn the_mean_ratio_is_the_geometric_mean_with_a_narrower_interval() {
        let mut random = Random::new(21);
        let pairs: Vec<(Nested, Nested)> = [0.5, 2.0, 1.0, 1.0]
            .iter()
            .map(|level| (synthetic(&mut random, *level, 10, 5), synthetic(&mut random, 1.0, 10, 5)))
            .collect();
        let whole = mean_ratio(&pairs, 1).unwrap();
        let (low, high) = whole.interval.unwrap();
        assert!((low..high).contains(&1.0) && (whole.value - 1.0).abs() < 0.03, "{whole:?}");
        let single = ratio(&pairs[2].0, &pairs[2].1, 1).unwrap().interval.unwrap();
        assert!(high - low < single.1 - single.0);
    }
}
