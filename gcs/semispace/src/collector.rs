//! The collector: when to collect, and the phases of a collection.

use crate::evacuate::Evacuation;
use gc_toolkit::bump::{BumpSpace, CopyBuffer, MIN_HOLE_BYTES};
use gc_toolkit::copy::purge_identities;
use gc_toolkit::large::LargeSpace;
use gc_toolkit::limit::Threshold;
use gc_toolkit::parse::{self, with_parsable};
use gc_toolkit::pause::{PauseClock, Work};
use gc_toolkit::roots::{pinned_objects, visit_roots, visit_weak_roots};
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
    name: "semispace",
    summary: "copies everything that lives at each collection; pinned objects stay",
    collects: true,
    moves: true,
    barriers: false,
    incremental: false,
};

/// Growth that is always allowed between collections.
const MINIMUM_GROWTH: usize = 16 << 20;

/// A new instance for one heap.
pub fn create(options: &HeapOptions) -> Box<dyn Collector> {
    let _internal = vm_heap::audit::internal();
    Box::new(Semispace {
        memory: Memory::new(options.limit),
        space: BumpSpace::new(Kind::Eden),
        large: LargeSpace::default(),
        finalizable: Finalizables::new(),
        registrations: 0,
        threshold: Threshold::new(options.nursery.unwrap_or(MINIMUM_GROWTH)),
        stats: CollectorStats::default(),
    })
}

struct Semispace {
    memory: Memory,
    space: BumpSpace,
    large: LargeSpace,
    finalizable: Finalizables,
    registrations: u64,
    threshold: Threshold,
    /// Counters that are kept as they happen; the others are filled in when asked for.
    stats: CollectorStats,
}

impl Semispace {
    /// Would `extra` bytes more, each with the room for its copy if it may move, stay below the limit?
    fn fits(&self, cx: &GcContext<'_>, block_bytes: usize, large_bytes: usize) -> bool {
        let blocks = self.space.blocks.len() * BLOCK_BYTES as usize + block_bytes;
        let total = [blocks, self.large.bytes(), large_bytes, cx.external_bytes];
        total.iter().fold(blocks, |sum, n| sum.saturating_add(*n)) <= cx.options.limit
    }

    fn try_alloc(&mut self, cx: &mut GcContext<'_>, bytes: u64) -> Option<u64> {
        if bytes as usize > LARGE_BYTES {
            let fits = self.fits(cx, 0, Memory::large_charge(bytes));
            let at = if fits { self.large.alloc(&mut self.memory, bytes, Kind::Large) } else { None };
            self.stats.allocated_bytes += at.map_or(0, |_| bytes);
            return at;
        }
        // Past the limit not even holes are given out: each would cost a collection and be copied to a fresh block.
        if !self.fits(cx, 0, 0) {
            return None;
        }
        let fits = self.fits(cx, BLOCK_BYTES as usize, 0);
        let at = self.space.refill(&mut self.memory, cx.fast, bytes, cx.options.poison, &|_| fits);
        self.stats.allocated_bytes += std::mem::take(&mut self.space.handed_out) as u64;
        at
    }

    fn run(&mut self, cx: &mut GcContext<'_>, trigger: Trigger, census: Option<Census<'_>>) {
        self.stats.full += 1;
        let poison = cx.options.poison;
        parse::close_buffer(cx.fast, poison);
        self.space.close();
        if cx.options.verify_pre {
            self.verify_or_panic(cx, "before");
        }
        let clock =
            PauseClock::start(cx.events, self.stats.full, (CollectKind::Full, trigger, false), self.memory.held());
        let mut work = Work::default();
        let pins = pinned_objects(&self.memory, cx.layouts, cx.options, cx.roots);
        let mut condemned = std::mem::replace(&mut self.space, BumpSpace::new(Kind::To));
        let mut e = Evacuation {
            memory: &mut self.memory,
            layouts: cx.layouts,
            identities: cx.identities,
            to: &mut self.space,
            buffer: CopyBuffer::default(),
            gray: ObjectList::new(),
            weak: WeakQueue::default(),
            copied: 0,
        };
        pins.iter().for_each(|o| e.pin(*o));
        work.pinned = e.gray.len();
        work.roots = visit_roots(cx.roots, cx.pending, RootScope::All, |v| (e.visit_value(v), false));
        e.drain();
        if let Some(census) = census {
            census(&Traced { tracing: &e, memory: e.memory, layouts: cx.layouts });
        }
        work.weak = weak::process(&mut e, cx.layouts, cx.pending, &mut self.finalizable);
        work.roots += visit_weak_roots(&e, cx.roots, RootScope::All, |_, _| false);
        work.copied = e.copied;
        let rest = e.buffer.close();

        let memory = &mut self.memory;
        purge_identities(cx.identities, |a| memory.marks.get(a));
        if rest.1 - rest.0 >= MIN_HOLE_BYTES {
            self.space.holes.push(rest);
        }
        let mut kept = BumpSpace::new(Kind::Eden);
        for block in condemned.blocks.drain(..) {
            if memory.kind(block) == Kind::EdenPinned {
                let layouts = cx.layouts;
                parse::sweep_block(memory, layouts, block, poison, &mut |from, to| {
                    cx.vacate(from, to);
                    if to - from >= MIN_HOLE_BYTES {
                        kept.holes.push((from, to));
                    }
                });
                memory.set_kind(block, Kind::Eden);
                kept.blocks.push(block);
            } else {
                cx.vacate(memory.start(block), memory.end(block));
                memory.release(block, poison);
            }
        }
        kept.absorb(memory, &mut self.space);
        self.space = kept;
        self.large.sweep(memory, poison);
        memory.trim(self.space.blocks.len() + 512);

        self.threshold.reset(self.memory.held() + cx.external_bytes);
        self.stats.copied_bytes += work.copied as u64;
        self.stats.pinned_objects += work.pinned as u64;
        clock.finish(cx.events, self.memory.held(), work);
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

impl Collector for Semispace {
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
        if self.threshold.reached(self.memory.held() + cx.external_bytes) {
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
        parse::close_buffer(cx.fast, false);
        verify_blocks(&self.memory, cx.layouts, false)?;
        verify_reachable(&self.memory, cx, Reach::Everything, None, &mut |_| Ok(()), &mut |_| Ok(()))
    }

    fn stats(&self) -> CollectorStats {
        CollectorStats {
            used_bytes: self.memory.held(),
            held_bytes: self.memory.held(),
            reserve_bytes: self.space.blocks.len() * BLOCK_BYTES as usize,
            ..self.stats
        }
    }
}
