//! What the event log of our collectors says about an invocation (`docs/formats.md`, *Heap events*).

use crate::statistics::{quantile, sorted};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The version of the log that is understood here.
const VERSION: u64 = 1;

/// Sums over one log. Times are nanoseconds, sizes bytes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EventSummary {
    pub pauses: u64,
    /// Of them minor collections, full ones, and steps of longer ones.
    pub minor: u64,
    pub full: u64,
    pub steps: u64,
    pub paused: u64,
    /// The pauses' 50th, 90th and 99th percentile, and the longest.
    pub half: u64,
    pub nine_tenths: u64,
    pub ninety_nine: u64,
    pub longest: u64,
    /// The 99th percentile of the minor collections' work alone.
    #[serde(default)]
    pub minor_ninety_nine: u64,
    pub copied: u64,
    pub promoted: u64,
    /// Objects.
    pub pinned: u64,
    /// Allocations that the limit refused.
    pub refused: u64,
    /// Bytes allocated in all, from the heap's counters; those of a process that was killed are not known.
    pub allocated: Option<u64>,
    /// The minimum mutator utilisation: by the length of a window, the least share of such a window that was no pause.
    /// Windows longer than the time that the log covers are left out.
    pub utilisation: BTreeMap<u64, f64>,
}

/// The windows of the minimum mutator utilisation: from 1 ms to 1 s.
pub const WINDOWS: [u64; 10] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

const MILLISECOND: u64 = 1_000_000;

/// The fields of a line that are used here.
#[derive(Deserialize)]
struct Line {
    v: u64,
    event: String,
    at_ns: Option<u64>,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    step: bool,
    #[serde(default)]
    stop_ns: u64,
    #[serde(default)]
    work_ns: u64,
    #[serde(default)]
    copied: u64,
    #[serde(default)]
    promoted: u64,
    #[serde(default)]
    pinned: u64,
}

/// Sums up a log. The last line of a process that was killed may be torn, which is no error.
pub fn read(path: &Path) -> Result<EventSummary, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("the event log: {error}"))?;
    summarize(&text)
}

fn summarize(text: &str) -> Result<EventSummary, String> {
    let mut summary = EventSummary::default();
    let (mut pauses, mut minor) = (Vec::new(), Vec::new());
    let mut spans = Some(Vec::new());
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let Some(line) = line.strip_suffix('\n') else { break };
        let line: Line =
            serde_json::from_str(line).map_err(|error| format!("the event log, line {}: {error}", index + 1))?;
        if line.v != VERSION {
            return Err(format!("the event log is of version {}, not {VERSION}", line.v));
        }
        match line.event.as_str() {
            "pause" => {
                let pause = line.stop_ns + line.work_ns;
                pauses.push(pause as f64);
                // An older log does not say when.
                match (&mut spans, line.at_ns) {
                    (Some(spans), Some(end)) => spans.push((end.saturating_sub(pause), end)),
                    _ => spans = None,
                }
                summary.pauses += 1;
                summary.paused += pause;
                summary.longest = summary.longest.max(pause);
                summary.steps += u64::from(line.step);
                if !line.step && line.kind == "minor" {
                    summary.minor += 1;
                    minor.push(line.work_ns as f64);
                }
                summary.full += u64::from(!line.step && line.kind == "full");
                summary.copied += line.copied;
                summary.promoted += line.promoted;
                summary.pinned += line.pinned;
            }
            "out-of-memory" => summary.refused += 1,
            // Of a later version that only adds.
            _ => {}
        }
    }
    let (pauses, minor) = (sorted(&pauses), sorted(&minor));
    let percentile = |of: &[f64], q| quantile(of, q).map_or(0, |pause| pause.round() as u64);
    (summary.half, summary.nine_tenths) = (percentile(&pauses, 0.5), percentile(&pauses, 0.9));
    (summary.ninety_nine, summary.minor_ninety_nine) = (percentile(&pauses, 0.99), percentile(&minor, 0.99));
    summary.utilisation = spans.map(|spans| utilisation(&spans)).unwrap_or_default();
    Ok(summary)
}

/// The minimum mutator utilisation (Cheng and Blelloch 2001) of pauses in order. Some worst window begins where a pause
/// begins or ends where one ends, so that no others need to be looked at.
fn utilisation(pauses: &[(u64, u64)]) -> BTreeMap<u64, f64> {
    let Some(&(_, last)) = pauses.last() else { return BTreeMap::new() };
    // Pauses up to each one, summed.
    let mut sums = vec![0];
    for (begin, end) in pauses {
        sums.push(sums[sums.len() - 1] + (end - begin));
    }
    // The time that was paused up to a moment.
    let paused_by = |moment: u64| {
        let begun = pauses.partition_point(|(begin, _)| *begin < moment);
        match begun.checked_sub(1) {
            None => 0,
            Some(index) => sums[index] + (moment.min(pauses[index].1) - pauses[index].0),
        }
    };
    let mut found = BTreeMap::new();
    for window in WINDOWS.map(|milliseconds| milliseconds * MILLISECOND).into_iter().filter(|window| *window <= last) {
        let from_begins = pauses.iter().map(|(begin, _)| *begin.min(&(last - window)));
        let from_ends = pauses.iter().filter_map(|(_, end)| end.checked_sub(window));
        let worst = from_begins.chain(from_ends).map(|from| paused_by(from + window) - paused_by(from)).max();
        found.insert(window, 1.0 - worst.unwrap_or(0) as f64 / window as f64);
    }
    found
}

/// The bytes allocated, as the heap's counters have them (`docs/formats.md`, *Heap counters*).
pub fn allocated(path: &Path) -> Option<u64> {
    #[derive(Deserialize)]
    struct Counters {
        v: u64,
        allocated: u64,
    }
    let text = std::fs::read_to_string(path).ok()?;
    let counters: Counters = serde_json::from_str(text.lines().next()?).ok()?;
    (counters.v == VERSION).then_some(counters.allocated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_summed_up_and_a_torn_line_is_left() {
        let text = "{\"v\":1,\"event\":\"pause\",\"kind\":\"minor\",\"step\":false,\"stop_ns\":1,\"work_ns\":99,\"copied\":5}\n\
                    {\"v\":1,\"event\":\"pause\",\"kind\":\"full\",\"step\":false,\"work_ns\":300,\"promoted\":7,\"pinned\":2}\n\
                    {\"v\":1,\"event\":\"pause\",\"kind\":\"minor\",\"step\":true,\"work_ns\":200}\n\
                    {\"v\":1,\"event\":\"out-of-memory\",\"bytes\":9}\n{\"v\":1,\"ev";
        let summary = summarize(text).unwrap();
        assert_eq!((summary.pauses, summary.minor, summary.full, summary.steps), (3, 1, 1, 1));
        assert_eq!((summary.paused, summary.half, summary.longest), (600, 200, 300));
        assert_eq!(summary.minor_ninety_nine, 99, "neither the full one nor the step, and without the time to stop");
        assert_eq!((summary.copied, summary.promoted, summary.pinned, summary.refused), (5, 7, 2, 1));
        assert_eq!(summarize("").unwrap(), EventSummary::default());
    }

    #[test]
    fn what_is_no_log_is_refused() {
        assert!(summarize("hello\n").unwrap_err().contains("line 1"));
        assert!(summarize("{\"v\":2,\"event\":\"pause\"}\n").unwrap_err().contains("version 2"));
    }

    #[test]
    fn utilisation_is_that_of_the_worst_window() {
        let ms = MILLISECOND;
        // One pause of 2 ms in 100 ms: a window of 2 ms may hold nothing else, one of 10 ms a fifth of it.
        let one = utilisation(&[(50 * ms, 52 * ms), (100 * ms, 100 * ms)]);
        assert_eq!((one[&ms], one[&(2 * ms)], one[&(10 * ms)]), (0.0, 0.0, 0.8));
        assert!((one[&(100 * ms)] - 0.98).abs() < 1e-12 && !one.contains_key(&(200 * ms)));
        // Two pauses of 1 ms, 3 ms apart: a window of 5 ms holds both.
        let two = utilisation(&[(10 * ms, 11 * ms), (14 * ms, 15 * ms)]);
        assert_eq!((two[&(2 * ms)], two[&(5 * ms)]), (0.5, 0.6));
        assert!(utilisation(&[]).is_empty());
    }

    #[test]
    fn utilisation_is_what_trying_every_window_finds() {
        let mut random = crate::statistics::random::Random::new(3);
        for _ in 0..50 {
            let (mut now, mut pauses) = (0, Vec::new());
            for _ in 0..12 {
                now += random.below(5_000_000) as u64;
                let begin = now;
                now += random.below(2_000_000) as u64;
                pauses.push((begin, now));
            }
            for (window, found) in utilisation(&pauses) {
                let steps = (0..=now - window).step_by(10_000).chain([now - window]);
                let paused = |from: u64| -> u64 {
                    pauses.iter().map(|(b, e)| (*e).min(from + window).saturating_sub((*b).max(from))).sum()
                };
                let least = steps.map(|from| 1.0 - paused(from) as f64 / window as f64).fold(1.0, f64::min);
                // The steps may miss the very worst place by their length.
                assert!(found <= least + 1e-9 && least - found <= 20_000.0 / window as f64, "{found} {least}");
            }
        }
    }

    #[test]
    fn a_log_without_moments_has_no_utilisation() {
        let pause = "{\"v\":1,\"event\":\"pause\",\"work_ns\":300}\n";
        assert!(summarize(pause).unwrap().utilisation.is_empty());
        let timed = pause.replace("\"work_ns\"", "\"at_ns\":5000000,\"work_ns\"");
        assert_eq!(summarize(&timed).unwrap().utilisation.len(), 3);
    }
}
