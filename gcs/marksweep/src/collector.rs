//! The collector: when to collect, and the phases of a collection.

use crate::mark::Marking;
use gc_toolkit::copy::purge_identities;
use gc_toolkit::large::LargeSpace;
use gc_toolkit::limit::{self, Threshold};
use gc_toolkit::parse::{self, with_parsable};
use gc_toolkit::pause::{PauseClock, Work};
use gc_toolkit::roots::{pinned_objects, visit_roots, visit_weak_roots};
use gc_toolkit::runs::{RunContext, RunSpace};
use gc_toolkit::scan::Visitor;
use gc_toolkit::unreached::Traced;
use gc_toolkit::verify::{Reach, verify_blocks, verify_reachable};
use gc_toolkit::weak::{self, Tracing, WeakQueue};
use gc_toolkit::{BLOCK_BYTES, Finalizables, Kind, LARGE_BYTES, Memory, ObjectList, ambiguous};
use vm_heap::{
    AllocRequest, Census, CollectKind, Collector, CollectorDescriptor, CollectorStats, GcContext, HeapOptions, Object,
    OutOfMemory, RootScope, Trigger,
};

/// Static facts.
pub const DESCRIPTOR: CollectorDescriptor = CollectorDescriptor {
    name: "marksweep",
    summary: "marks, sweeps lazily, bumps through the free runs; nothing moves",
    collects: true,
    moves: false,
    barriers: false,
    incremental: false,
};

/// Growth that is always allowed between collections.
const MINIMUM_GROWTH: usize = 16 << 20;

/// A new instance for one heap.
pub fn create(options: &HeapOptions) -> Box<dyn Collector> {
    let _internal = vm_heap::audit::internal();
    Box::new(MarkSweep {
        memory: Memory::new(options.limit),
        runs: RunSpace::default(),
        large: LargeSpace::default(),
        finalizable: Finalizables::new(),
        registrations: 0,
        threshold: Threshold::new(options.nursery.unwrap_or(MINIMUM_GROWTH)),
        stats: CollectorStats::default(),
    })
}

struct MarkSweep {
    memory: Memory,
    runs: RunSpace,
    large: LargeSpace,
    finalizable: Finalizables,
    registrations: u64,
    threshold: Threshold,
    /// Counters that are kept as they happen; the others are filled in when asked for.
    stats: CollectorStats,
}

impl MarkSweep {
    fn used(&self) -> usize {
        self.runs.used() + self.large.bytes()
    }

    fn try_alloc(&mut self, cx: &mut GcContext<'_>, bytes: u64) -> Option<u64> {
        if bytes as usize > LARGE_BYTES {
            let fits = limit::fits(&self.memory, cx, Memory::large_charge(bytes));
            let at = if fits { self.large.alloc(&mut self.memory, bytes, Kind::Large) } else { None };
            self.stats.allocated_bytes += at.map_or(0, |_| bytes);
            return at;
        }
        let fits = limit::fits(&self.memory, cx, BLOCK_BYTES as usize);
        let allocated = &mut self.stats.allocated_bytes;
        let mut run = RunContext { memory: &mut self.memory, layouts: cx.layouts, poison: cx.options.poison };
        self.runs.refill(&mut run, cx.fast, bytes, &|_| fits, &mut |from, to| *allocated += to - from)
    }

    fn close_buffer(&mut self, cx: &mut GcContext<'_>) {
        let left = parse::close_buffer(cx.fast, cx.options.poison);
        self.runs.give_back(left);
    }

    fn run(&mut self, cx: &mut GcContext<'_>, trigger: Trigger, census: Option<Census<'_>>) {
        self.stats.full += 1;
        self.close_buffer(cx);
        if cx.options.verify_pre {
            self.verify_or_panic(cx, "before");
        }
        let poison = cx.options.poison;
        let clock = PauseClock::start(cx.events, self.stats.full, (CollectKind::Full, trigger, false), self.used());
        let mut work = Work::default();
        let pins = pinned_objects(&self.memory, cx.layouts, cx.options, cx.roots);
        self.runs.begin_marking(&mut RunContext { memory: &mut self.memory, layouts: cx.layouts, poison });
        let mut m = Marking {
            memory: &mut self.memory,
            layouts: cx.layouts,
            gray: ObjectList::new(),
            weak: WeakQueue::default(),
        };
        pins.iter().for_each(|o| {
            m.visit(*o);
        });
        work.pinned = m.gray.len();
        work.roots = visit_roots(cx.roots, cx.pending, RootScope::All, |v| (m.visit_value(v), false));
        m.drain();
        if let Some(census) = census {
            census(&Traced { tracing: &m, memory: m.memory, layouts: cx.layouts });
        }
        work.weak = weak::process(&mut m, cx.layouts, cx.pending, &mut self.finalizable);
        work.roots += visit_weak_roots(&m, cx.roots, RootScope::All, |_, _| false);

        let memory = &mut self.memory;
        purge_identities(cx.identities, |a| memory.marks.get(a));
        self.runs.end_marking(&mut RunContext { memory, layouts: cx.layouts, poison });
        self.large.sweep(memory, poison);
        memory.trim(self.runs.blocks.len() / 2 + 512);

        self.threshold.reset(self.used() + cx.external_bytes);
        self.stats.pinned_objects += work.pinned as u64;
        clock.finish(cx.events, self.used(), work);
        if cx.options.verify_post {
            self.verify_or_panic(cx, "after");
        }
    }

    fn verify_or_panic(&mut self, cx: &mut GcContext<'_>, when: &str) {
        if let Err(e) = self.verify(cx) {
            panic!("heap verification {when} collection {}: {e}", self.stats.full);
        }
    }
}

impl Collector for MarkSweep {
    fn descriptor(&self) -> &'static CollectorDescriptor {
        &DESCRIPTOR
    }

    fn attach(&mut self, cx: &mut GcContext<'_>) {
        cx.fast.mask = 0;
        cx.fast.new_gc_byte = 0;
        cx.fast.cards = self.memory.cards.biased();
    }

    fn alloc_slow(&mut self, cx: &mut GcContext<'_>, request: AllocRequest) -> Result<(u64, u8), OutOfMemory> {
        let bytes = request.bytes as u64;
        if let Some(at) = parse::bump(cx.fast, bytes) {
            return Ok((at, 0));
        }
        if self.threshold.reached(self.used() + cx.external_bytes) {
            self.collect(cx, CollectKind::Full, Trigger::Allocation);
        }
        if let Some(at) = self.try_alloc(cx, bytes) {
            return Ok((at, 0));
        }
        self.collect(cx, CollectKind::Full, Trigger::Limit);
        self.try_alloc(cx, bytes).map(|at| (at, 0)).ok_or(OutOfMemory)
    }

    /// Never called: the mask is 0.
    fn barrier_slow(&mut self, _: &mut GcContext<'_>, _: Object) {}

    /// Never called: the mask is 0.
    fn element_barrier_slow(&mut self, _: &mut GcContext<'_>, _: Object, _: u64) {}

    /// Nothing is remembered.
    fn range_barrier(&mut self, _: &mut GcContext<'_>, _: Object, _: u64, _: u64) {}

    /// Nothing is marked while the program runs.
    fn weak_read(&mut self, _: &mut GcContext<'_>, _: Object) {}

    fn register_finalizable(&mut self, _: &mut GcContext<'_>, object: Object) {
        self.registrations += 1;
        self.finalizable.push(object, self.registrations);
    }

    /// There is no work between collections.
    fn safepoint(&mut self, _: &mut GcContext<'_>) {}

    /// Every collection is a full one.
    fn collect(&mut self, cx: &mut GcContext<'_>, _: CollectKind, trigger: Trigger) {
        self.run(cx, trigger, None);
    }

    fn collect_showing(&mut self, cx: &mut GcContext<'_>, trigger: Trigger, census: Census<'_>) {
        self.run(cx, trigger, Some(census));
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

    fn verify(&mut self, cx: &mut GcContext<'_>) -> Result<(), String> {
        self.close_buffer(cx);
        verify_blocks(&self.memory, cx.layouts, false)?;
        verify_reachable(&self.memory, cx, Reach::Everything, None, &mut |_| Ok(()), &mut |_| Ok(()))
    }

    fn stats(&self) -> CollectorStats {
        CollectorStats { used_bytes: self.used(), held_bytes: self.memory.held(), ..self.stats }
    }
}
