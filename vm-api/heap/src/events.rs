//! The event log: pauses, phases and counts, for `gc.callbacks`, `--gc-log` and the experiment runner.
//!
//! Events go to a bounded ring; a sink, if one is set, sees each as it happens. With logging off nothing is recorded and collectors
//! take no time stamps: a pause is counted, which is one addition.

use crate::collector::{CollectKind, Trigger};
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Version of the JSON-lines form; raised when a field changes its meaning.
pub const FORMAT_VERSION: u32 = 1;

/// One collection, or one step of an incremental one.
#[derive(Clone, Debug)]
pub struct Pause {
    /// Number of the collection, from 1.
    pub number: u64,
    /// What kind.
    pub kind: CollectKind,
    /// Why.
    pub trigger: Trigger,
    /// Was this one step of a longer cycle?
    pub step: bool,
    /// Time until the world had stopped.
    pub stop: Duration,
    /// Time the work took.
    pub work: Duration,
    /// Bytes in use before, external ones left out.
    pub before: usize,
    /// Bytes in use after.
    pub after: usize,
    /// Bytes copied within the young generation.
    pub copied: usize,
    /// Bytes promoted to an older generation.
    pub promoted: usize,
    /// Objects pinned by ambiguous roots or by request.
    pub pinned: usize,
    /// Weak references cleared.
    pub cleared: usize,
    /// Finalizers queued.
    pub finalizable: usize,
    /// Precise and weak root slots looked at.
    pub roots: usize,
    /// Bytes that may be allocated before the next minor collection; 0 for collectors without generations.
    pub nursery: usize,
    /// Collections that an object lives through from now on before it is old; 0 for collectors without generations.
    pub age: usize,
    /// Bytes of old objects moved out of blocks that were nearly empty.
    pub compacted: usize,
}

/// An event.
#[derive(Clone, Debug)]
pub enum Event {
    /// A pause ended.
    Pause(Pause),
    /// The hard limit refused an allocation of this many bytes.
    OutOfMemory { bytes: usize },
}

impl Event {
    /// The event as one line of JSON, recorded so long after the log began. All keys and strings are our own ASCII words, so
    /// nothing needs escaping.
    pub fn to_json(&self, at: Duration) -> String {
        let at = at.as_nanos();
        match self {
            Event::Pause(p) => format!(
                "{{\"v\":{FORMAT_VERSION},\"event\":\"pause\",\"at_ns\":{at},\"n\":{},\"kind\":\"{}\",\"trigger\":\"{}\",\"step\":{},\
                 \"stop_ns\":{},\"work_ns\":{},\"before\":{},\"after\":{},\"copied\":{},\"promoted\":{},\"pinned\":{},\
                 \"cleared\":{},\"finalizable\":{},\"roots\":{},\"nursery\":{},\"age\":{},\"compacted\":{}}}",
                p.number,
                if p.kind == CollectKind::Minor { "minor" } else { "full" },
                match p.trigger {
                    Trigger::Allocation => "allocation",
                    Trigger::Limit => "limit",
                    Trigger::Explicit => "explicit",
                    Trigger::Stress => "stress",
                },
                p.step,
                p.stop.as_nanos(),
                p.work.as_nanos(),
                p.before,
                p.after,
                p.copied,
                p.promoted,
                p.pinned,
                p.cleared,
                p.finalizable,
                p.roots,
                p.nursery,
                p.age,
                p.compacted
            ),
            Event::OutOfMemory { bytes } => {
                format!("{{\"v\":{FORMAT_VERSION},\"event\":\"out-of-memory\",\"at_ns\":{at},\"bytes\":{bytes}}}")
            }
        }
    }
}

/// What sees events as they happen. Must not use the heap.
pub type Sink = Box<dyn FnMut(&Event)>;

/// Bounded ring of events and an optional sink.
#[derive(Default)]
pub struct EventLog {
    enabled: bool,
    ended: Arc<AtomicU64>,
    ring: VecDeque<Event>,
    sink: Option<Sink>,
}

impl EventLog {
    /// Most events kept.
    pub const CAPACITY: usize = 4096;

    /// A log that records only if `enabled`.
    pub fn new(enabled: bool) -> EventLog {
        EventLog { enabled, ..EventLog::default() }
    }
    /// Is anyone interested? Collectors ask before they take time stamps.
    pub fn enabled(&self) -> bool {
        self.enabled
    }
    /// Pauses that have ended. Others may read it at any time, such as a report of a crash.
    pub fn ended(&self) -> &Arc<AtomicU64> {
        &self.ended
    }
    /// Counts pauses here from now on.
    pub fn count_in(&mut self, ended: Arc<AtomicU64>) {
        self.ended = ended;
    }
    /// A pause has ended, whether it is recorded or not.
    pub fn pause_ended(&self) {
        self.ended.fetch_add(1, Relaxed);
    }
    /// Sets the sink and turns recording on.
    pub fn set_sink(&mut self, sink: Sink) {
        self.enabled = true;
        self.sink = Some(sink);
    }
    /// Records an event.
    pub fn record(&mut self, event: Event) {
        if !self.enabled {
            return;
        }
        if let Some(sink) = &mut self.sink {
            sink(&event);
        }
        if self.ring.len() == EventLog::CAPACITY {
            self.ring.pop_front();
        }
        self.ring.push_back(event);
    }
    /// The events kept, oldest first.
    pub fn recent(&self) -> impl Iterator<Item = &Event> {
        self.ring.iter()
    }
}
