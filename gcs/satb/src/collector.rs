//! The collector as the heap sees it: allocation, pacing, barriers.

use crate::cycle::Verdict;
use crate::marking::{BITS, Gray, other};
use gc_toolkit::large::LargeSpace;
use gc_toolkit::limit::{self, Threshold};
use gc_toolkit::parse::{self, with_parsable};
use gc_toolkit::pause::{PauseClock, Work};
use gc_toolkit::runs::{RunContext, RunSpace};
use gc_toolkit::scan::Visitor;
use gc_toolkit::verify::{Reach, verify_blocks, verify_reachable};
use gc_toolkit::{BLOCK_BYTES, Finalizables, Kind, LARGE_BYTES, Memory, ambiguous};
use vm_heap::unreachable::census_by_marking;
use vm_heap::{
    AllocRequest, Census, CollectKind, Collector, CollectorDescriptor, CollectorStats, GcContext, HeapOptions, Object,
    OutOfMemory, Trigger,
};

/// Static facts.
pub const DESCRIPTOR: CollectorDescriptor = CollectorDescriptor {
    name: "satb",
    summary: "incremental snapshot-at-the-beginning marking in deterministic steps; nothing moves",
    collects: true,
    moves: false,
    barriers: true,
    incremental: true,
};

/// Growth that is always allowed between cycles.
const MINIMUM_GROWTH: usize = 16 << 20;
/// Words marked for each word allocated during a cycle.
const WORDS_PER_WORD: usize = 4;
/// Allocated bytes after which the allocator does a step itself, since no safepoint has come.
const LONGEST_DEBT: usize = 8 * BLOCK_BYTES as usize;
/// Words marked by one explicit minor collection.
const MINOR_WORDS: usize = 1 << 17;
/// Words marked by one that is forced: few, so that the program runs in the middle of cycles even on a small heap.
const STRESS_WORDS: usize = 64;

/// A new instance for one heap.
pub fn create(options: &HeapOptions) -> Box<dyn Collector> {
    let _internal = vm_heap::audit::internal();
    Box::new(Satb {
        memory: Memory::new(options.limit),
        runs: RunSpace::default(),
        large: LargeSpace::default(),
        finalizable: Finalizables::new(),
        registrations: 0,
        threshold: Threshold::new(options.nursery.unwrap_or(MINIMUM_GROWTH)),
        unlogged: BITS[0],
        gray: None,
        debt: 0,
        stats: CollectorStats::default(),
    })
}

pub(crate) struct Satb {
    pub(crate) memory: Memory,
    pub(crate) runs: RunSpace,
    pub(crate) large: LargeSpace,
    pub(crate) finalizable: Finalizables,
    registrations: u64,
    pub(crate) threshold: Threshold,
    /// The collector-byte bit of every object that is neither scanned nor new in the cycle under way.
    pub(crate) unlogged: u8,
    /// The cycle under way.
    pub(crate) gray: Option<Gray>,
    /// Bytes handed out for allocation since the last step.
    pub(crate) debt: usize,
    /// Counters that are kept as they happen; the others are filled in when asked for.
    pub(crate) stats: CollectorStats,
}

impl Satb {
    pub(crate) fn used(&self) -> usize {
        self.runs.used() + self.large.bytes()
    }

    pub(crate) fn close_buffer(&mut self, cx: &mut GcContext<'_>) {
        let left = parse::close_buffer(cx.fast, cx.options.poison);
        self.runs.give_back(left);
    }

    fn try_alloc(&mut self, cx: &mut GcContext<'_>, bytes: u64) -> Option<u64> {
        if bytes as usize > LARGE_BYTES {
            let fits = limit::fits(&self.memory, cx, Memory::large_charge(bytes));
            let at = if fits { self.large.alloc(&mut self.memory, bytes, Kind::Large)? } else { return None };
            self.memory.cards.fill(at, at + bytes, cx.fast.new_gc_byte);
            if self.gray.is_some() {
                self.memory.marks.set(at);
            }
            self.debt += bytes as usize;
            self.stats.allocated_bytes += bytes;
            return Some(at);
        }
        let fits = limit::fits(&self.memory, cx, BLOCK_BYTES as usize);
        let mut run = RunContext { memory: &mut self.memory, layouts: cx.layouts, poison: cx.options.poison };
        let (allocated, debt, gray) = (&mut self.stats.allocated_bytes, &mut self.debt, &mut self.gray);
        let at = self.runs.refill(&mut run, cx.fast, bytes, &|_| fits, &mut |from, to| {
            *allocated += to - from;
            *debt += (to - from) as usize;
            if let Some(gray) = gray {
                gray.new_ranges.push((from, to));
            }
        });
        if self.gray.is_some() {
            cx.fast.poll = 1;
        } else {
            self.runs.sweep_some(&mut run, 1);
        }
        at
    }

    /// One pause: begins a cycle if none is under way, marks `words` words, ends the cycle if nothing is left.
    fn pause(&mut self, cx: &mut GcContext<'_>, words: usize, trigger: Trigger, verdict: Verdict<'_>) {
        let idle = self.gray.is_none();
        let whole = idle && words == usize::MAX;
        if cx.options.verify_pre {
            self.verify_or_panic(cx, "before");
        }
        self.stats.steps += u64::from(!whole);
        let kind = if words == usize::MAX { CollectKind::Full } else { CollectKind::Minor };
        let number = self.stats.full + self.stats.steps + u64::from(whole);
        let clock = PauseClock::start(cx.events, number, (kind, trigger, !whole), self.used());
        let mut work = if idle { self.begin(cx) } else { Work::default() };
        self.stats.pinned_objects += work.pinned as u64;
        self.debt = 0;
        if self.with_marking(cx, |m| m.step(words)) == Some(true) {
            work.weak = self.end(cx, verdict).weak;
        }
        clock.finish(cx.events, self.used(), work);
        if cx.options.verify_post {
            self.verify_or_panic(cx, "after");
        }
    }

    fn pay_debt(&mut self, cx: &mut GcContext<'_>) {
        self.pause(cx, (self.debt / 8 * WORDS_PER_WORD).max(1), Trigger::Allocation, Verdict::Snapshot);
    }

    fn verify_or_panic(&mut self, cx: &mut GcContext<'_>, when: &str) {
        if let Err(e) = self.verify(cx) {
            panic!("heap verification {when} cycle {}, step {}: {e}", self.stats.full, self.stats.steps);
        }
    }
}

impl Collector for Satb {
    fn descriptor(&self) -> &'static CollectorDescriptor {
        &DESCRIPTOR
    }

    fn attach(&mut self, cx: &mut GcContext<'_>) {
        cx.fast.mask = 0;
        cx.fast.new_gc_byte = self.unlogged;
        cx.fast.cards = self.memory.cards.biased();
    }

    fn alloc_slow(&mut self, cx: &mut GcContext<'_>, request: AllocRequest) -> Result<(u64, u8), OutOfMemory> {
        let bytes = request.bytes as u64;
        if let Some(at) = parse::bump(cx.fast, bytes) {
            return Ok((at, cx.fast.new_gc_byte));
        }
        if self.gray.is_none() && self.threshold.reached(self.used() + cx.external_bytes) {
            self.pause(cx, 1, Trigger::Allocation, Verdict::Snapshot);
        } else if self.gray.is_some() && self.debt > LONGEST_DEBT {
            self.pay_debt(cx);
        }
        let at = match self.try_alloc(cx, bytes) {
            Some(at) => Some(at),
            None => {
                self.collect(cx, CollectKind::Full, Trigger::Limit);
                self.try_alloc(cx, bytes)
            }
        };
        at.map(|at| (at, cx.fast.new_gc_byte)).ok_or(OutOfMemory)
    }

    fn barrier_slow(&mut self, cx: &mut GcContext<'_>, object: Object) {
        self.with_marking(cx, |m| m.log(object));
    }

    fn element_barrier_slow(&mut self, cx: &mut GcContext<'_>, array: Object, slot_address: u64) {
        self.with_marking(cx, |m| m.log_slots(array, slot_address, slot_address + 8));
    }

    fn range_barrier(&mut self, cx: &mut GcContext<'_>, array: Object, from: u64, to: u64) {
        self.with_marking(cx, |m| m.log_slots(array, from, to));
    }

    fn weak_read(&mut self, cx: &mut GcContext<'_>, target: Object) {
        self.with_marking(cx, |m| m.visit(target));
    }

    fn register_finalizable(&mut self, _: &mut GcContext<'_>, object: Object) {
        self.registrations += 1;
        self.finalizable.push(object, self.registrations);
    }

    fn safepoint(&mut self, cx: &mut GcContext<'_>) {
        if self.gray.is_some() && self.debt > 0 {
            self.pay_debt(cx);
        }
    }

    /// A minor collection begins a cycle or goes on with it. A full one ends it and does a whole one more, which alone
    /// decides what has died: weak references are cleared and finalizers queued as of now, all at once and in order.
    fn collect(&mut self, cx: &mut GcContext<'_>, kind: CollectKind, trigger: Trigger) {
        match kind {
            CollectKind::Minor if trigger == Trigger::Stress => {
                self.pause(cx, STRESS_WORDS, trigger, Verdict::Snapshot)
            }
            CollectKind::Minor => self.pause(cx, MINOR_WORDS, trigger, Verdict::Snapshot),
            CollectKind::Full => {
                if self.gray.is_some() {
                    self.pause(cx, usize::MAX, trigger, Verdict::Deferred);
                }
                self.pause(cx, usize::MAX, trigger, Verdict::Snapshot);
            }
        }
    }

    /// What a cycle under way frees when it is ended would be missing at the end of the next.
    fn collect_showing(&mut self, cx: &mut GcContext<'_>, trigger: Trigger, census: Census<'_>) {
        if self.gray.is_some() {
            census_by_marking(self, cx, census);
            return self.collect(cx, CollectKind::Full, trigger);
        }
        self.pause(cx, usize::MAX, trigger, Verdict::Shown(census));
    }

    fn each_object(&mut self, cx: &mut GcContext<'_>, f: &mut dyn FnMut(Object)) {
        with_parsable(cx.fast, || parse::each_object(&self.memory, cx.layouts, f));
    }

    fn each_finalizable(&mut self, cx: &mut GcContext<'_>, f: &mut dyn FnMut(Object)) {
        self.finalizable.each_waiting(cx.layouts, f);
    }

    fn find_object(&mut self, cx: &mut GcContext<'_>, address: u64) -> Option<Object> {
        with_parsable(cx.fast, || ambiguous::find_object(&self.memory, cx.layouts, address))
    }

    /// Checks, besides what every collector's heap must satisfy, the collector bytes; during a cycle, that what counts
    /// as scanned is marked (or lies in memory handed out since).
    fn verify(&mut self, cx: &mut GcContext<'_>) -> Result<(), String> {
        self.close_buffer(cx);
        self.runs.close();
        let memory = &self.memory;
        verify_blocks(memory, cx.layouts, self.gray.is_some())?;
        let unlogged = self.unlogged;
        let gray = self.gray.as_ref();
        let mut object = |o: Object| {
            let byte = o.gc_byte();
            let new = |gray: &Gray| gray.new_ranges.iter().any(|(from, to)| (*from..*to).contains(&o.address()));
            match gray {
                None if byte != unlogged => Err(format!("collector byte {byte:#x} of {o:?} between cycles")),
                Some(gray) if byte == other(unlogged) => {
                    let fine = memory.marks.get(o.address()) || new(gray);
                    if fine { Ok(()) } else { Err(format!("{o:?} counts as scanned but is not marked")) }
                }
                Some(_) if byte != unlogged => Err(format!("collector byte {byte:#x} of {o:?} in a cycle")),
                _ => Ok(()),
            }
        };
        verify_reachable(memory, cx, Reach::Everything, None, &mut |_| Ok(()), &mut object)
    }

    fn stats(&self) -> CollectorStats {
        CollectorStats { used_bytes: self.used(), held_bytes: self.memory.held(), ..self.stats }
    }
}
