//! The collector as the heap sees it: allocation, when to collect, barriers.

use crate::barrier::{Remembered, UNLOGGED, is_carded};
use crate::sizing::Sizing;
use gc_toolkit::bump::BumpSpace;
use gc_toolkit::large::LargeSpace;
use gc_toolkit::limit::{self, Threshold};
use gc_toolkit::parse::{self, with_parsable};
use gc_toolkit::pause::PauseClock;
use gc_toolkit::runs::{RunContext, RunSpace};
use gc_toolkit::verify::{Reach, verify_blocks, verify_reachable, young_roots};
use gc_toolkit::{BLOCK_BYTES, Finalizables, Kind, LARGE_BYTES, Memory, ambiguous};
use vm_heap::{
    AllocRequest, Census, CollectKind, Collector, CollectorDescriptor, CollectorStats, GcContext, HeapOptions, Object,
    OutOfMemory, Trigger,
};

/// Static facts.
pub const DESCRIPTOR: CollectorDescriptor = CollectorDescriptor {
    name: "generational",
    summary: "copying nursery, aging survivors, mark-region tenured space",
    collects: true,
    moves: true,
    barriers: true,
    incremental: false,
};

/// Growth of the old generation that is always allowed between full collections.
const MINIMUM_GROWTH: usize = 32 << 20;

/// In how many steps the pages are asked for that the next collection will fill: fewer than the buffers of the smallest nursery.
const PREPARATIONS: usize = 6;

/// A new instance for one heap.
pub fn create(options: &HeapOptions) -> Box<dyn Collector> {
    let _internal = vm_heap::audit::internal();
    Box::new(Generational {
        memory: Memory::new(options.limit),
        eden: BumpSpace::new(Kind::Eden),
        survivors: BumpSpace::new(Kind::Survivor),
        tenured: RunSpace::default(),
        large_young: LargeSpace::default(),
        large_old: LargeSpace::default(),
        remembered: Remembered::default(),
        pinned: Vec::new(),
        finalizable_young: Finalizables::new(),
        finalizable_old: Finalizables::new(),
        registrations: 0,
        threshold: Threshold::new(MINIMUM_GROWTH),
        sizing: Sizing::new(options, BLOCK_BYTES as usize),
        growth: 0,
        identities_kept: 0,
        stats: CollectorStats::default(),
    })
}

pub(crate) struct Generational {
    pub(crate) memory: Memory,
    pub(crate) eden: BumpSpace,
    pub(crate) survivors: BumpSpace,
    pub(crate) tenured: RunSpace,
    pub(crate) large_young: LargeSpace,
    pub(crate) large_old: LargeSpace,
    pub(crate) remembered: Remembered,
    /// Addresses of the objects in eden that the last collection pinned, in order.
    pub(crate) pinned: Vec<u64>,
    /// Young ones.
    pub(crate) finalizable_young: Finalizables,
    /// Old ones.
    pub(crate) finalizable_old: Finalizables,
    registrations: u64,
    threshold: Threshold,
    pub(crate) sizing: Sizing,
    /// Fresh blocks that the next minor collection is expected to take, by what the last ones took.
    pub(crate) growth: usize,
    /// Size of the identity table when it was last purged.
    pub(crate) identities_kept: usize,
    /// Counters that are kept as they happen; the others are filled in when asked for.
    stats: CollectorStats,
}

impl Generational {
    pub(crate) fn young_block_bytes(&self) -> usize {
        (self.eden.blocks.len() + self.survivors.blocks.len()) * BLOCK_BYTES as usize
    }

    fn old_bytes(&self) -> usize {
        self.tenured.used() + self.large_old.bytes()
    }

    fn used(&self) -> usize {
        let survivors = self.survivors.blocks.len() * BLOCK_BYTES as usize;
        self.old_bytes() + self.large_young.bytes() + self.eden.handed_out + survivors
    }

    /// The young generation has had its share.
    fn nursery_full(&self) -> bool {
        // Large objects are not copied, so they weigh less; but they must not pile up dead either.
        self.eden.handed_out + self.large_young.bytes() / 8 >= self.sizing.nursery()
            || self.finalizable_young.count() >= self.sizing.finalizable()
    }

    fn try_alloc(&mut self, cx: &mut GcContext<'_>, bytes: u64) -> Option<u64> {
        // Everything in young blocks may have to be copied.
        let reserve = self.young_block_bytes();
        if bytes as usize > LARGE_BYTES {
            let fits = limit::fits(&self.memory, cx, reserve.saturating_add(Memory::large_charge(bytes)));
            let at = if fits { self.large_young.alloc(&mut self.memory, bytes, Kind::LargeYoung) } else { None };
            self.stats.allocated_bytes += at.map_or(0, |_| bytes);
            return at;
        }
        // Past the limit not even holes are given out: each would cost a full collection that promotes what is in it.
        if !limit::fits(&self.memory, cx, reserve) {
            return None;
        }
        let fits = limit::fits(&self.memory, cx, reserve + 2 * BLOCK_BYTES as usize);
        let before = self.eden.handed_out;
        let at = self.eden.refill(&mut self.memory, cx.fast, bytes, cx.options.poison, &|_| fits);
        self.stats.allocated_bytes += self.eden.handed_out.saturating_sub(before) as u64;
        self.memory.prepare(self.growth, self.growth.div_ceil(PREPARATIONS));
        let mut run = RunContext { memory: &mut self.memory, layouts: cx.layouts, poison: cx.options.poison };
        self.tenured.sweep_ahead(&mut run);
        at
    }

    /// Collects; a census is taken of full collections only.
    fn collect_with(
        &mut self,
        cx: &mut GcContext<'_>,
        kind: CollectKind,
        trigger: Trigger,
        census: Option<Census<'_>>,
    ) {
        let full = kind == CollectKind::Full;
        if full {
            self.stats.full += 1;
        } else {
            self.stats.minor += 1;
        }
        parse::close_buffer(cx.fast, cx.options.poison);
        if cx.options.verify_pre {
            self.verify_or_panic(cx, "before");
        }
        let number = self.stats.minor + self.stats.full;
        let clock = PauseClock::start(cx.events, number, (kind, trigger, false), self.used());
        let work = self.run(cx, full, census);
        if full {
            self.threshold.reset(self.old_bytes() + cx.external_bytes);
        }
        self.stats.copied_bytes += (work.copied + work.promoted) as u64;
        self.stats.pinned_objects += work.pinned as u64;
        clock.finish(cx.events, self.used(), work);
        if cx.options.verify_post {
            self.verify_or_panic(cx, "after");
        }
    }

    fn verify_or_panic(&mut self, cx: &mut GcContext<'_>, when: &str) {
        if let Err(e) = self.verify(cx) {
            let (minor, full) = (self.stats.minor, self.stats.full);
            panic!("heap verification {when} collection {} ({minor} minor, {full} full): {e}", minor + full);
        }
    }
}

impl Collector for Generational {
    fn descriptor(&self) -> &'static CollectorDescriptor {
        &DESCRIPTOR
    }

    fn attach(&mut self, cx: &mut GcContext<'_>) {
        cx.fast.mask = UNLOGGED;
        cx.fast.new_gc_byte = 0;
        cx.fast.cards = self.memory.cards.biased();
    }

    fn alloc_slow(&mut self, cx: &mut GcContext<'_>, request: AllocRequest) -> Result<(u64, u8), OutOfMemory> {
        let bytes = request.bytes as u64;
        if let Some(at) = parse::bump(cx.fast, bytes) {
            return Ok((at, 0));
        }
        if self.nursery_full() {
            self.collect(cx, CollectKind::Minor, Trigger::Allocation);
        }
        if self.threshold.reached(self.old_bytes() + cx.external_bytes) {
            self.collect(cx, CollectKind::Full, Trigger::Allocation);
        }
        if let Some(at) = self.try_alloc(cx, bytes) {
            return Ok((at, 0));
        }
        // Near the limit the young generation shrinks. A minor collection may do if there is something to gain.
        if (self.eden.handed_out + self.large_young.bytes()) >= self.sizing.nursery() / 4 {
            self.collect(cx, CollectKind::Minor, Trigger::Limit);
            if let Some(at) = self.try_alloc(cx, bytes) {
                return Ok((at, 0));
            }
        }
        self.collect(cx, CollectKind::Full, Trigger::Limit);
        self.try_alloc(cx, bytes).map(|at| (at, 0)).ok_or(OutOfMemory)
    }

    fn barrier_slow(&mut self, _: &mut GcContext<'_>, object: Object) {
        self.remembered.log(object);
    }

    fn element_barrier_slow(&mut self, cx: &mut GcContext<'_>, array: Object, slot_address: u64) {
        self.remembered.log_slot(&self.memory, cx.layouts, array, slot_address);
    }

    fn range_barrier(&mut self, cx: &mut GcContext<'_>, array: Object, from: u64, to: u64) {
        self.remembered.log_range(&self.memory, cx.layouts, array, from, to);
    }

    /// Nothing is marked while the program runs.
    fn weak_read(&mut self, _: &mut GcContext<'_>, _: Object) {}

    fn register_finalizable(&mut self, _: &mut GcContext<'_>, object: Object) {
        let young = self.memory.kind_at(object.address()).is_young();
        let list = if young { &mut self.finalizable_young } else { &mut self.finalizable_old };
        self.registrations += 1;
        list.push(object, self.registrations);
    }

    /// There is no work between collections.
    fn safepoint(&mut self, _: &mut GcContext<'_>) {}

    fn collect(&mut self, cx: &mut GcContext<'_>, kind: CollectKind, trigger: Trigger) {
        self.collect_with(cx, kind, trigger, None);
    }

    fn collect_showing(&mut self, cx: &mut GcContext<'_>, trigger: Trigger, census: Census<'_>) {
        self.collect_with(cx, CollectKind::Full, trigger, Some(census));
    }

    fn each_object(&mut self, cx: &mut GcContext<'_>, f: &mut dyn FnMut(Object)) {
        with_parsable(cx.fast, || parse::each_object(&self.memory, cx.layouts, f));
    }

    fn each_finalizable(&mut self, cx: &mut GcContext<'_>, f: &mut dyn FnMut(Object)) {
        self.finalizable_old.each_waiting(cx.layouts, f);
        self.finalizable_young.each_waiting(cx.layouts, f);
    }

    fn find_object(&mut self, cx: &mut GcContext<'_>, address: u64) -> Option<Object> {
        with_parsable(cx.fast, || ambiguous::find_object(&self.memory, cx.layouts, address))
    }

    /// Checks, besides what every collector's heap must satisfy, the remembered-set invariant of the crate's header.
    fn verify(&mut self, cx: &mut GcContext<'_>) -> Result<(), String> {
        parse::close_buffer(cx.fast, false);
        let memory = &self.memory;
        verify_blocks(memory, cx.layouts, false)?;
        let shown = young_roots(memory, cx.roots);
        let logged: std::collections::HashSet<u64> =
            self.remembered.objects.iter().map(|object| object.address()).collect();
        let cards: std::collections::HashSet<u64> =
            self.remembered.cards.iter().map(|a| a >> vm_heap::fast::CARD_SHIFT).collect();
        let layouts = cx.layouts;
        let mut edge = |e: gc_toolkit::verify::Edge| {
            let old = !memory.kind_at(e.holder.address()).is_young();
            if !old || !memory.kind_at(e.target.address()).is_young() {
                return Ok(());
            }
            let whole = e.holder.gc_byte() & UNLOGGED == 0 && logged.contains(&e.holder.address());
            let card = is_carded(memory, layouts, e.holder)
                && memory.cards.get(e.slot) == 0
                && cards.contains(&(e.slot >> vm_heap::fast::CARD_SHIFT));
            if whole || card {
                Ok(())
            } else {
                Err("an old object's reference to a young one is not logged".to_string())
            }
        };
        let mut object = |o: Object| {
            let (byte, young) = (o.gc_byte(), memory.kind_at(o.address()).is_young());
            if young && byte != 0 {
                return Err(format!("a young object with collector byte {byte:#x}: {o:?}"));
            }
            if !young && byte & UNLOGGED == 0 && !logged.contains(&o.address()) {
                return Err(format!("{o:?} is old, has a clear collector byte and is not in the remembered set"));
            }
            Ok(())
        };
        verify_reachable(memory, cx, Reach::Everything, Some(&shown), &mut edge, &mut object)
    }

    fn stats(&self) -> CollectorStats {
        CollectorStats {
            used_bytes: self.used(),
            held_bytes: self.memory.held(),
            reserve_bytes: self.young_block_bytes(),
            ..self.stats
        }
    }
}
