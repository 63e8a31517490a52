//! `--gc=blocks`: marks what is reachable, and frees the blocks in which nothing is marked.
//!
//! The collector of `docs/writing-a-collector.md`, which quotes this file. A block with one live object stays whole: its
//! gaps become fillers and are not used again before all of it is dead. Nothing moves, and there is no barrier.
//!
//! May import `vm-heap` and `gc-toolkit`.

mod mark;

use gc_toolkit::bump::BumpSpace;
use gc_toolkit::copy::purge_identities;
use gc_toolkit::large::LargeSpace;
use gc_toolkit::limit::{self, Threshold};
use gc_toolkit::parse::{self, with_parsable};
use gc_toolkit::pause::{PauseClock, Work};
use gc_toolkit::roots::{pinned_objects, visit_roots, visit_weak_roots};
use gc_toolkit::scan::Visitor;
use gc_toolkit::unreached::Traced;
use gc_toolkit::verify::{Reach, verify_blocks, verify_reachable};
use gc_toolkit::weak::{self, Tracing};
use gc_toolkit::{BLOCK_BYTES, Finalizables, Kind, LARGE_BYTES, Memory, ambiguous};
use mark::Marking;
use vm_heap::{
    AllocRequest, Census, CollectKind, Collector, CollectorDescriptor, CollectorStats, GcContext, HeapOptions, Object,
    OutOfMemory, RootScope, Trigger,
};

/// Static facts.
pub const DESCRIPTOR: CollectorDescriptor = CollectorDescriptor {
    name: "blocks",
    summary: "marks, and frees the blocks in which nothing is marked (docs/writing-a-collector.md)",
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
    Box::new(Blocks {
        memory: Memory::new(options.limit),
        space: BumpSpace::new(Kind::Eden),
        large: LargeSpace::default(),
        finalizable: Finalizables::new(),
        registrations: 0,
        threshold: Threshold::new(options.nursery.unwrap_or(MINIMUM_GROWTH)),
        stats: CollectorStats::default(),
    })
}

struct Blocks {
    memory: Memory,
    space: BumpSpace,
    large: LargeSpace,
    finalizable: Finalizables,
    registrations: u64,
    threshold: Threshold,
    /// Counters that are kept as they happen; the others are filled in when asked for.
    stats: CollectorStats,
}

impl Blocks {
    fn used(&self) -> usize {
        self.space.blocks.len() * BLOCK_BYTES as usize + self.large.bytes()
    }

    /// Memory for an object that missed the thread's buffer, below the limit.
    fn try_alloc(&mut self, cx: &mut GcContext<'_>, bytes: u64) -> Option<u64> {
        if bytes as usize > LARGE_BYTES {
            if !limit::fits(&self.memory, cx, Memory::large_charge(bytes)) {
                return None;
            }
            let at = self.large.alloc(&mut self.memory, bytes, Kind::Large)?;
            self.stats.allocated_bytes += bytes;
            return Some(at);
        }
        let fits = limit::fits(&self.memory, cx, BLOCK_BYTES as usize);
        let at = self.space.refill(&mut self.memory, cx.fast, bytes, cx.options.poison, &|_| fits);
        self.stats.allocated_bytes += std::mem::take(&mut self.space.handed_out) as u64;
        at
    }

    /// Ends the buffers that objects are allocated in, so that every block parses.
    fn close_buffers(&mut self, cx: &mut GcContext<'_>) {
        parse::close_buffer(cx.fast, cx.options.poison);
        self.space.close();
    }

    fn run(&mut self, cx: &mut GcContext<'_>, trigger: Trigger, census: Option<Census<'_>>) {
        self.stats.full += 1;
        self.close_buffers(cx);
        if cx.options.verify_pre {
            self.verify_or_panic(cx, "before");
        }
        let clock = PauseClock::start(cx.events, self.stats.full, (CollectKind::Full, trigger, false), self.used());
        let mut work = Work::default();

        // Step 1: what ambiguous words point to. Since nothing moves, a pin is a mark.
        let pins = pinned_objects(&self.memory, cx.layouts, cx.options, cx.roots);
        let mut marking = Marking::new(&mut self.memory, cx.layouts);
        pins.iter().for_each(|object| _ = marking.visit(*object));
        work.pinned = pins.len();
        // Step 2: the precise roots, and whatever is reached from all of them.
        work.roots = visit_roots(cx.roots, cx.pending, RootScope::All, |v| (marking.visit_value(v), false));
        marking.drain();
        if let Some(census) = census {
            census(&Traced { tracing: &marking, memory: marking.memory, layouts: cx.layouts });
        }
        // Steps 3 to 6: weak references, finalizers and what they revive, weak arrays, weak roots.
        work.weak = weak::process(&mut marking, cx.layouts, cx.pending, &mut self.finalizable);
        work.roots += visit_weak_roots(&marking, cx.roots, RootScope::All, |_, _| false);
        // Step 7: the dead give up their identity numbers.
        purge_identities(cx.identities, |address| self.memory.marks.get(address));
        // Step 8.
        self.free(cx);

        self.threshold.reset(self.used() + cx.external_bytes);
        self.stats.pinned_objects += work.pinned as u64;
        clock.finish(cx.events, self.used(), work);
        if cx.options.verify_post {
            self.verify_or_panic(cx, "after");
        }
    }

    /// Frees the blocks without a mark. In the others dead objects become fillers, so that no word on a native stack finds
    /// one again, and the marks are cleared.
    fn free(&mut self, cx: &GcContext<'_>) {
        let (memory, poison) = (&mut self.memory, cx.options.poison);
        self.space.holes.clear();
        self.space.blocks.retain(|&block| {
            let lives = memory.marks.next(memory.start(block), memory.end(block)).is_some();
            if lives {
                parse::sweep_block(memory, cx.layouts, block, poison, &mut |_, _| ());
            } else {
                memory.release(block, poison);
            }
            lives
        });
        self.large.sweep(memory, poison);
    }

    fn verify_or_panic(&mut self, cx: &mut GcContext<'_>, when: &str) {
        if let Err(problem) = self.verify(cx) {
            panic!("heap verification {when} collection {}: {problem}", self.stats.full);
        }
    }
}

impl Collector for Blocks {
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
        self.close_buffers(cx);
        verify_blocks(&self.memory, cx.layouts, false)?;
        verify_reachable(&self.memory, cx, Reach::Everything, None, &mut |_| Ok(()), &mut |_| Ok(()))
    }

    fn stats(&self) -> CollectorStats {
        CollectorStats { used_bytes: self.used(), held_bytes: self.memory.held(), ..self.stats }
    }
}
