//! `--gc=none`: allocation and the hard limit, without a collector.
//!
//! The baseline that others are measured against, and the smallest complete [`Collector`]: begin here when writing one.
//! Objects are bump-allocated in 32 KB blocks, large ones in blocks of their own. Nothing is ever freed, nothing moves,
//! no barrier is ever taken, weak references stay, finalizers do not run. When the limit is reached, allocation fails.
//!
//! May import `vm-heap` and `gc-toolkit`.

use gc_toolkit::bump::BumpSpace;
use gc_toolkit::large::LargeSpace;
use gc_toolkit::parse::{self, with_parsable};
use gc_toolkit::verify::{Reach, verify_blocks, verify_reachable};
use gc_toolkit::{BLOCK_BYTES, Kind, LARGE_BYTES, Memory, ambiguous, limit};
use vm_heap::unreachable::census_by_marking;
use vm_heap::{
    AllocRequest, Census, CollectKind, Collector, CollectorDescriptor, CollectorStats, GcContext, HeapOptions, Object,
    OutOfMemory, Trigger,
};

/// Static facts.
pub const DESCRIPTOR: CollectorDescriptor = CollectorDescriptor {
    name: "none",
    summary: "never collects; allocation fails at the limit",
    collects: false,
    moves: false,
    barriers: false,
    incremental: false,
};

/// A new instance for one heap.
pub fn create(options: &HeapOptions) -> Box<dyn Collector> {
    let _internal = vm_heap::audit::internal();
    Box::new(NoCollector {
        memory: Memory::new(options.limit),
        space: BumpSpace::new(Kind::Eden),
        large: LargeSpace::default(),
        allocated: 0,
    })
}

struct NoCollector {
    memory: Memory,
    space: BumpSpace,
    large: LargeSpace,
    allocated: u64,
}

impl Collector for NoCollector {
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
        let at = if let Some(at) = parse::bump(cx.fast, bytes) {
            Some(at)
        } else if request.bytes > LARGE_BYTES {
            let fits = limit::fits(&self.memory, cx, Memory::large_charge(bytes));
            self.allocated += bytes;
            if fits { self.large.alloc(&mut self.memory, bytes, Kind::Large) } else { None }
        } else {
            let (external, limit) = (cx.external_bytes, cx.options.limit);
            let may_take = |m: &Memory| m.held().saturating_add(external + BLOCK_BYTES as usize) <= limit;
            self.space.refill(&mut self.memory, cx.fast, bytes, cx.options.poison, &may_take)
        };
        at.map(|at| (at, 0)).ok_or(OutOfMemory)
    }

    /// Never called: the mask is 0.
    fn barrier_slow(&mut self, _: &mut GcContext<'_>, _: Object) {}

    /// Never called: the mask is 0.
    fn element_barrier_slow(&mut self, _: &mut GcContext<'_>, _: Object, _: u64) {}

    /// Nothing is remembered.
    fn range_barrier(&mut self, _: &mut GcContext<'_>, _: Object, _: u64, _: u64) {}

    /// Nothing is marked.
    fn weak_read(&mut self, _: &mut GcContext<'_>, _: Object) {}

    /// Nothing is ever found unreachable, so no finalizer is ever queued.
    fn register_finalizable(&mut self, _: &mut GcContext<'_>, _: Object) {}

    /// There is no work between collections.
    fn safepoint(&mut self, _: &mut GcContext<'_>) {}

    /// Does nothing: that is what this collector is for.
    fn collect(&mut self, _: &mut GcContext<'_>, _: CollectKind, _: Trigger) {}

    /// Shows what a collection would find.
    fn collect_showing(&mut self, cx: &mut GcContext<'_>, _: Trigger, census: Census<'_>) {
        census_by_marking(self, cx, census);
    }

    fn each_object(&mut self, cx: &mut GcContext<'_>, f: &mut dyn FnMut(Object)) {
        with_parsable(cx.fast, || parse::each_object(&self.memory, cx.layouts, f));
    }

    fn find_object(&mut self, cx: &mut GcContext<'_>, address: u64) -> Option<Object> {
        with_parsable(cx.fast, || ambiguous::find_object(&self.memory, cx.layouts, address))
    }

    fn verify(&mut self, cx: &mut GcContext<'_>) -> Result<(), String> {
        let end = parse::close_buffer(cx.fast, false);
        debug_assert!(end <= BLOCK_BYTES);
        verify_blocks(&self.memory, cx.layouts, false)?;
        verify_reachable(&self.memory, cx, Reach::Everything, None, &mut |_| Ok(()), &mut |_| Ok(()))
    }

    fn stats(&self) -> CollectorStats {
        CollectorStats {
            used_bytes: self.memory.held(),
            held_bytes: self.memory.held(),
            allocated_bytes: self.allocated + self.space.handed_out as u64,
            ..CollectorStats::default()
        }
    }
}
