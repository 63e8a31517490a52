//! Counters that the kernel keeps for a child and its threads, from its exec on. What this kernel, machine or user does
//! not have is told with its reason: virtual machines often have no hardware counters at all.

use perf_event::events::{Event, Hardware, Software};
use perf_event::{Builder, Counter};
use std::collections::BTreeMap;
use std::io;

/// What is asked for, by the names in samples.
fn wanted() -> [(&'static str, Kind); 8] {
    [
        ("cycles", Kind::Hardware(Hardware::CPU_CYCLES)),
        ("instructions", Kind::Hardware(Hardware::INSTRUCTIONS)),
        ("branches", Kind::Hardware(Hardware::BRANCH_INSTRUCTIONS)),
        ("branch-misses", Kind::Hardware(Hardware::BRANCH_MISSES)),
        ("cache-misses", Kind::Hardware(Hardware::CACHE_MISSES)),
        ("page-faults", Kind::Software(Software::PAGE_FAULTS)),
        ("context-switches", Kind::Software(Software::CONTEXT_SWITCHES)),
        ("cpu-migrations", Kind::Software(Software::CPU_MIGRATIONS)),
    ]
}

#[derive(Clone, Copy)]
enum Kind {
    Hardware(Hardware),
    Software(Software),
}

/// Counters that the children of this thread inherit, running from their exec on.
pub struct Counters(Vec<(&'static str, Counter)>);

impl Counters {
    /// Opens those that there are.
    pub fn open() -> Counters {
        Counters(wanted().into_iter().filter_map(|(name, kind)| Some((name, open(kind).ok()?))).collect())
    }

    /// What they have counted, scaled where the processor had to share its registers; one that never ran is left out.
    pub fn read(&mut self) -> BTreeMap<String, u64> {
        let mut found = BTreeMap::new();
        for (name, counter) in &mut self.0 {
            let Ok(data) = counter.read_full() else { continue };
            let (Some(enabled), Some(running)) = (data.time_enabled(), data.time_running()) else { continue };
            if running.is_zero() {
                continue;
            }
            let scale = enabled.as_secs_f64() / running.as_secs_f64();
            found.insert((*name).to_owned(), (data.count() as f64 * scale).round() as u64);
        }
        found
    }
}

/// What can be counted here: nothing, or why not.
pub fn availability() -> BTreeMap<String, Option<String>> {
    wanted().into_iter().map(|(name, kind)| (name.to_owned(), open(kind).err().map(|e| e.to_string()))).collect()
}

fn open(kind: Kind) -> io::Result<Counter> {
    match kind {
        Kind::Hardware(event) => build(event),
        Kind::Software(event) => build(event),
    }
}

fn build(event: impl Event) -> io::Result<Counter> {
    // Without the kernel's part, which an ordinary user may not see.
    Builder::new(event).inherit(true).enable_on_exec(true).enabled(false).exclude_kernel(true).exclude_hv(true).build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn count(script: &str) -> BTreeMap<String, u64> {
        let mut counters = Counters::open();
        assert!(Command::new("/bin/sh").args(["-c", script]).status().unwrap().success());
        counters.read()
    }

    #[test]
    fn what_is_there_is_counted_and_what_is_not_has_a_reason() {
        let available = availability();
        assert_eq!(available.len(), wanted().len());
        let found = count("exit 0");
        for (name, reason) in available {
            assert!(reason.as_ref().is_none_or(|reason| !reason.is_empty()));
            assert_eq!(found.contains_key(&name), reason.is_none(), "{name}");
        }
        // A shell has pages to touch, and one that starts another has more.
        if let Some(faults) = found.get("page-faults") {
            let more = count("/bin/sh -c 'exit 0'; /bin/sh -c 'exit 0'; exit 0")["page-faults"];
            assert!(*faults > 0 && more > *faults, "{faults} {more}");
        }
    }
}
