//! What the event log of our collectors says about an invocation (`docs/formats.md`, *Heap events*).

use crate::statistics::{quantile, sorted};
use serde::{Deserialize, Serialize};
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
    pub copied: u64,
    pub promoted: u64,
    /// Objects.
    pub pinned: u64,
    /// Allocations that the limit refused.
    pub refused: u64,
}

/// The fields of a line that are used here.
#[derive(Deserialize)]
struct Line {
    v: u64,
    event: String,
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
    let mut pauses = Vec::new();
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
                summary.pauses += 1;
                summary.paused += pause;
                summary.longest = summary.longest.max(pause);
                summary.steps += u64::from(line.step);
                summary.minor += u64::from(!line.step && line.kind == "minor");
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
    let pauses = sorted(&pauses);
    let percentile = |q| quantile(&pauses, q).map_or(0, |pause| pause.round() as u64);
    (summary.half, summary.nine_tenths, summary.ninety_nine) = (percentile(0.5), percentile(0.9), percentile(0.99));
    Ok(summary)
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
        assert_eq!((summary.copied, summary.promoted, summary.pinned, summary.refused), (5, 7, 2, 1));
        assert_eq!(summarize("").unwrap(), EventSummary::default());
    }

    #[test]
    fn what_is_no_log_is_refused() {
        assert!(summarize("hello\n").unwrap_err().contains("line 1"));
        assert!(summarize("{\"v\":2,\"event\":\"pause\"}\n").unwrap_err().contains("version 2"));
    }
}
