//! What kind of course an invocation takes, and which of its iterations are its steady state, after Barrett et al.,
//! "Virtual machine warmup blows hot and cold" (2017).

use super::changepoint::segments;
use super::mean;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Shorter series have too few values for a course: the first iteration is left out, and the rest is taken as it is.
pub const SHORTEST: usize = 8;

/// Means of segments this near to the last one's are the same level.
const SAME: f64 = 0.01;

/// The share of a series' end that must be without a change for it to be steady.
const STEADY: f64 = 0.25;

/// The course that an invocation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Course {
    /// One level from the first iteration on.
    Flat,
    /// The last level is the fastest.
    Warmup,
    /// The last level is not the fastest.
    Slowdown,
    /// The level still changes at the end.
    NoSteadyState,
    /// Too few iterations to tell.
    TooShort,
}

impl Course {
    pub fn name(self) -> &'static str {
        match self {
            Course::Flat => "flat",
            Course::Warmup => "warm-up",
            Course::Slowdown => "slow-down",
            Course::NoSteadyState => "no steady state",
            Course::TooShort => "too short to tell",
        }
    }
}

/// An invocation's course, its segments, and the iterations to judge it by.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Warmup {
    pub course: Course,
    /// Where each segment but the first begins.
    pub changes: Vec<usize>,
    pub steady: Range<usize>,
}

/// Classifies a series. An invocation that does not become steady is judged by its second half, and says so.
pub fn classify(series: &[f64]) -> Warmup {
    let count = series.len();
    if count < SHORTEST {
        let steady = usize::from(count > 1)..count;
        return Warmup { course: Course::TooShort, changes: Vec::new(), steady };
    }
    let segments = segments(series);
    let changes: Vec<usize> = segments.iter().skip(1).map(|segment| segment.start).collect();
    let level = |segment: &Range<usize>| mean(&series[segment.clone()]).unwrap_or(0.0);
    let last = segments.last().map_or(0.0, &level);
    let same = |segment: &Range<usize>| (level(segment) - last).abs() <= SAME * last.abs();
    let equal = segments.iter().rev().take_while(|segment| same(segment)).count();
    let steady = segments[segments.len() - equal.max(1)].start..count;
    let course = if equal == segments.len() {
        Course::Flat
    } else if (steady.len() as f64) < STEADY * count as f64 {
        return Warmup { course: Course::NoSteadyState, changes, steady: count / 2..count };
    } else if segments.iter().all(|segment| same(segment) || level(segment) > last) {
        Course::Warmup
    } else {
        Course::Slowdown
    };
    Warmup { course, changes, steady }
}

/// What all invocations have in common; `None` if they take different courses, or there are none.
pub fn common(courses: impl IntoIterator<Item = Course>) -> Option<Course> {
    let mut courses = courses.into_iter();
    let first = courses.next()?;
    courses.all(|course| course == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::super::random::Random;
    use super::*;

    fn series(levels: &[(f64, usize)]) -> Vec<f64> {
        let mut random = Random::new(levels.len() as u64);
        let noise = |level: f64, random: &mut Random| level * (1.0 + 0.005 * random.normal());
        levels
            .iter()
            .flat_map(|(level, count)| (0..*count).map(|_| noise(*level, &mut random)).collect::<Vec<_>>())
            .collect()
    }

    fn course(levels: &[(f64, usize)]) -> (Course, Range<usize>) {
        let found = classify(&series(levels));
        (found.course, found.steady)
    }

    #[test]
    fn courses_are_told_by_their_levels() {
        assert_eq!(course(&[(1.0, 40)]), (Course::Flat, 0..40));
        assert_eq!(course(&[(2.0, 8), (1.0, 32)]), (Course::Warmup, 8..40));
        assert_eq!(course(&[(1.0, 10), (1.4, 30)]), (Course::Slowdown, 10..40));
        assert_eq!(course(&[(1.0, 10), (0.5, 10), (0.8, 20)]), (Course::Slowdown, 20..40));
        assert_eq!(course(&[(1.0, 36), (2.0, 4)]), (Course::NoSteadyState, 20..40));
    }

    #[test]
    fn few_values_leave_the_first_out_and_one_stands_for_itself() {
        assert_eq!(classify(&[5.0, 1.0, 1.0]), Warmup { course: Course::TooShort, changes: vec![], steady: 1..3 });
        assert_eq!(classify(&[5.0]).steady, 0..1);
        assert_eq!(classify(&[]).steady, 0..0);
    }

    #[test]
    fn constant_series_are_flat() {
        assert_eq!(classify(&[2.0; 20]).course, Course::Flat);
        assert_eq!(classify(&[0.0; 20]).course, Course::Flat);
    }

    #[test]
    fn different_courses_have_nothing_in_common() {
        assert_eq!(common([Course::Flat, Course::Flat]), Some(Course::Flat));
        assert_eq!(common([Course::Flat, Course::Warmup]), None);
        assert_eq!(common([]), None);
    }
}
