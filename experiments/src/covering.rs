//! Covering arrays of strength two: few rows of settings in which any two settings of different factors that go together stand
//! together somewhere. What two settings do to each other is so seen without running every combination.
//!
//! A row is made around a pair that no row has yet: the other factors, in a random order, each take the setting that makes the
//! most pairs new (after Cohen, Dalal, Fredman and Patton, "The AETG system: an approach to testing based on combinatorial design",
//! 1997). Of some rows made so the best is taken. All is a function of the seed.

use crate::statistics::random::Random;
use std::collections::BTreeSet;

/// Rows that are made for each that is taken.
const CANDIDATES: usize = 32;

/// A setting: its factor and its place among that factor's settings.
pub type Setting = (usize, usize);

/// What is combined.
#[derive(Clone, Copy)]
pub struct Factors<'a> {
    /// The number of each factor's settings.
    pub sizes: &'a [usize],
    /// Pairs of settings that never stand in a row.
    pub never: &'a [(Setting, Setting)],
}

impl Factors<'_> {
    fn go_together(&self, a: Setting, b: Setting) -> bool {
        !self.never.contains(&(a, b)) && !self.never.contains(&(b, a))
    }
    /// May this setting stand beside those of a row that is not complete?
    fn fits(&self, row: &[Option<usize>], setting: Setting) -> bool {
        settings(row).all(|other| self.go_together(other, setting))
    }
    /// Every row, in order: the last factor changes fastest.
    pub fn all(&self) -> Vec<Vec<usize>> {
        let mut rows = vec![Vec::new()];
        for (factor, &size) in self.sizes.iter().enumerate() {
            let longer = rows.iter().flat_map(|row: &Vec<usize>| {
                let fits = |&value: &usize| {
                    row.iter().enumerate().all(|other| self.go_together((other.0, *other.1), (factor, value)))
                };
                (0..size).filter(fits).map(|value| [row.clone(), vec![value]].concat())
            });
            rows = longer.collect();
        }
        rows
    }
    /// The pairs that stand together in some row.
    fn pairs(&self) -> BTreeSet<(Setting, Setting)> {
        let mut pairs = BTreeSet::new();
        for first in 0..self.sizes.len() {
            for second in first + 1..self.sizes.len() {
                let both = (0..self.sizes[first]).flat_map(|a| (0..self.sizes[second]).map(move |b| (a, b)));
                for (a, b) in both {
                    let mut row = vec![None; self.sizes.len()];
                    (row[first], row[second]) = (Some(a), Some(b));
                    if self.go_together((first, a), (second, b)) && self.complete(&mut row) {
                        pairs.insert(((first, a), (second, b)));
                    }
                }
            }
        }
        pairs
    }
    /// Completes a row in any way; without one the row stays as it is.
    fn complete(&self, row: &mut [Option<usize>]) -> bool {
        let Some(factor) = row.iter().position(Option::is_none) else { return true };
        for value in 0..self.sizes[factor] {
            if self.fits(row, (factor, value)) {
                row[factor] = Some(value);
                if self.complete(row) {
                    return true;
                }
                row[factor] = None;
            }
        }
        false
    }
    /// Rows that have every pair which any row has.
    pub fn covering(&self, seed: u64) -> Vec<Vec<usize>> {
        let mut random = Random::new(seed);
        if self.sizes.len() < 2 {
            return self.all();
        }
        let mut missing = self.pairs();
        let mut rows = Vec::new();
        while !missing.is_empty() {
            let best =
                (0..CANDIDATES).map(|_| self.row(&missing, &mut random)).max_by_key(|row| covered(row, &missing));
            let row = best.unwrap_or_default();
            missing.retain(|&(a, b)| row[a.0] != a.1 || row[b.0] != b.1);
            rows.push(row);
        }
        rows
    }
    /// A row around one of the missing pairs.
    fn row(&self, missing: &BTreeSet<(Setting, Setting)>, random: &mut Random) -> Vec<usize> {
        let around = missing.iter().nth(random.below(missing.len()));
        let mut row = vec![None; self.sizes.len()];
        for (factor, value) in around.into_iter().flat_map(|(a, b)| [*a, *b]) {
            row[factor] = Some(value);
        }
        let mut order: Vec<usize> = (0..self.sizes.len()).collect();
        random.shuffle(&mut order);
        for factor in order {
            if row[factor].is_some() {
                continue;
            }
            let mut values: Vec<usize> = (0..self.sizes[factor]).collect();
            random.shuffle(&mut values);
            let news = |value: usize| {
                let new = |other: &Setting| {
                    let (a, b) = (*other.min(&(factor, value)), *other.max(&(factor, value)));
                    missing.contains(&(a, b))
                };
                settings(&row).filter(|other| new(other)).count()
            };
            values.sort_by_key(|&value| std::cmp::Reverse(news(value)));
            // The first that leaves a way to a whole row: there is one, as there was before.
            let open = values.into_iter().find(|&value| {
                let mut tried = row.clone();
                tried[factor] = Some(value);
                self.fits(&row, (factor, value)) && self.complete(&mut tried)
            });
            row[factor] = open;
        }
        row.into_iter().flatten().collect()
    }
}

/// The settings of a row that is not complete.
fn settings(row: &[Option<usize>]) -> impl Iterator<Item = Setting> + '_ {
    row.iter().enumerate().filter_map(|(factor, value)| Some((factor, (*value)?)))
}

/// How many of the missing pairs a row has.
fn covered(row: &[usize], missing: &BTreeSet<(Setting, Setting)>) -> usize {
    missing.iter().filter(|(a, b)| row[a.0] == a.1 && row[b.0] == b.1).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pairs of these factors that no row has, by looking at every pair.
    fn lacking(factors: Factors<'_>, rows: &[Vec<usize>]) -> Vec<(Setting, Setting)> {
        let mut lacking = Vec::new();
        for (second, &b_size) in factors.sizes.iter().enumerate() {
            for (first, &a_size) in factors.sizes[..second].iter().enumerate() {
                for (a, b) in (0..a_size).flat_map(|a| (0..b_size).map(move |b| (a, b))) {
                    if !rows.iter().any(|row| row[first] == a && row[second] == b) {
                        lacking.push(((first, a), (second, b)));
                    }
                }
            }
        }
        lacking
    }

    #[test]
    fn every_pair_stands_in_a_row_and_small_arrays_are_about_as_small_as_can_be() {
        // The sizes, and the least number of rows: that of the two largest multiplied, or what tables of covering arrays say.
        for (sizes, least, at_most) in [
            (&[2, 2][..], 4, 4),
            (&[2, 2, 2], 4, 6),
            (&[3, 3, 3], 9, 11),
            (&[3, 3, 3, 3], 9, 12),
            (&[2; 10], 6, 10),
            (&[5, 4, 3, 2, 2], 20, 22),
            (&[5, 1, 4], 20, 20),
            (&[7, 1], 7, 7),
        ] {
            for seed in 0..20 {
                let factors = Factors { sizes, never: &[] };
                let rows = factors.covering(seed);
                assert_eq!(lacking(factors, &rows), [], "{sizes:?}, seed {seed}");
                assert!((least..=at_most).contains(&rows.len()), "{sizes:?}, seed {seed}: {} rows", rows.len());
            }
        }
    }

    #[test]
    fn what_does_not_go_together_stands_in_no_row_and_all_else_does() {
        // The second factor's 0 goes with no setting of the third but 0, and the first's 0 with no such: so 0 and 0 never meet.
        let never = [((1, 0), (2, 1)), ((1, 0), (2, 2)), ((2, 0), (0, 0))];
        let factors = Factors { sizes: &[3, 3, 3, 2], never: &never };
        for seed in 0..20 {
            let rows = factors.covering(seed);
            let expected = [((0, 0), (1, 0)), ((0, 0), (2, 0)), ((1, 0), (2, 1)), ((1, 0), (2, 2))];
            assert_eq!(lacking(factors, &rows), expected);
            assert!(rows.iter().all(|row| factors.all().contains(row)));
        }
        assert_eq!(lacking(factors, &factors.all()), lacking(factors, &factors.covering(1)));
    }

    #[test]
    fn all_rows_are_the_product_without_what_does_not_go_together() {
        let all = Factors { sizes: &[2, 3], never: &[((1, 2), (0, 0))] }.all();
        assert_eq!(all, [[0, 0], [0, 1], [1, 0], [1, 1], [1, 2]]);
        assert_eq!(Factors { sizes: &[3], never: &[] }.covering(1), [[0], [1], [2]]);
    }

    #[test]
    fn an_array_is_a_function_of_its_seed() {
        let factors = Factors { sizes: &[5, 4, 3, 3], never: &[] };
        assert_eq!(factors.covering(3), factors.covering(3));
        assert_ne!(factors.covering(3), factors.covering(4));
    }
}
