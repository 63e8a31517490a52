//! The heap as languages and engines use it: allocation, barriers, weak references, identity, collection.
//!
//! All methods take `&self`: one thread at a time uses a heap, and native code, the interpreter and compiled code all reach it at
//! once through shared pointers. The state inside is in cells; no reference into it outlives a method.

use crate::audit::{self, VacatedHook};
use crate::collector::{
    AllocRequest, CollectKind, Collector, CollectorDescriptor, GcContext, OutOfMemory, Pending, Trigger,
};
use crate::events::{Event, EventLog, Sink};
use crate::fast::{CARD_SHIFT, MutatorFast};
use crate::header::{Header, ShapeIndex, flag};
use crate::identity::IdentityTable;
use crate::layout::{Layout, LayoutTable};
use crate::object::Object;
use crate::options::HeapOptions;
use crate::registering::Registering;
use crate::reserve::Reserve;
use crate::roots::{Global, RootScope, RootSource, RootTable, SlotVisitor};
use crate::stress::StressState;
use crate::value::Value;
use std::cell::{Cell, UnsafeCell};

/// Counters of a collector, all since the heap was made.
#[derive(Clone, Copy, Debug, Default)]
pub struct CollectorStats {
    /// Collections that only looked at the young generation (or whole ones, for collectors without generations, count
    /// as full).
    pub minor: u64,
    /// Full collections.
    pub full: u64,
    /// Steps of incremental work.
    pub steps: u64,
    /// Bytes of objects now in use (not yet swept ones included).
    pub used_bytes: usize,
    /// Bytes of memory the collector holds for objects.
    pub held_bytes: usize,
    /// Bytes kept free for copies, which the hard limit counts too.
    pub reserve_bytes: usize,
    /// Bytes allocated in all.
    pub allocated_bytes: u64,
    /// Bytes copied in all.
    pub copied_bytes: u64,
    /// Objects pinned in all.
    pub pinned_objects: u64,
}

/// Everything behind the fast paths.
struct Inner {
    collector: Box<dyn Collector>,
    layouts: LayoutTable,
    identities: IdentityTable,
    roots: RootTable,
    source: Option<*mut dyn RootSource>,
    pending: Pending,
    registering: Registering,
    events: EventLog,
    options: HeapOptions,
    reserve: Reserve,
    stress: StressState,
    external_bytes: usize,
    stack_base: u64,
    /// The true allocation limit while stress hides it from the fast path.
    hidden_limit: u64,
    busy: bool,
    vacated_hook: Option<VacatedHook>,
    vacated: Vec<(u64, u64)>,
}

/// A heap with its collector.
#[repr(C)]
pub struct Heap {
    fast: UnsafeCell<MutatorFast>,
    inner: UnsafeCell<Inner>,
    trapped: Cell<bool>,
}

/// Adds the heap's own roots, the native stack and (under `conservative_all`) nothing else to the VM's roots.
struct AllRoots<'a> {
    table: &'a mut RootTable,
    source: Option<*mut dyn RootSource>,
    stack: (u64, u64),
}

impl RootSource for AllRoots<'_> {
    fn slots(&mut self, scope: RootScope, visitor: &mut dyn SlotVisitor) {
        self.table.slots(visitor);
        if let Some(source) = self.source {
            // SAFETY: set_root_source's caller promised that the source outlives the heap and is not in use by
            // anyone else during a collection.
            unsafe { (*source).slots(scope, visitor) }
        }
    }
    fn weak_slots(&mut self, scope: RootScope, visitor: &mut dyn SlotVisitor) {
        if let Some(source) = self.source {
            // SAFETY: as in `slots`.
            unsafe { (*source).weak_slots(scope, visitor) }
        }
    }
    fn ambiguous(&mut self, range: &mut dyn FnMut(u64, u64)) {
        let (low, high) = self.table.pin_range();
        range(low, high);
        range(self.stack.0, self.stack.1);
        if let Some(source) = self.source {
            // SAFETY: as in `slots`.
            unsafe { (*source).ambiguous(range) }
        }
    }
}

impl Heap {
    /// A heap run by `collector`. `stack_base` is the highest address of the calling thread's native stack that may
    /// hold values; everything between it and the stack pointer of a collection is scanned (0: no native stack is
    /// scanned, for tests that hold everything in [`Global`]s and [`crate::RootedVec`]s).
    pub fn new(collector: Box<dyn Collector>, mut options: HeapOptions, stack_base: u64) -> Box<Heap> {
        let _internal = audit::internal();
        let reserve = Reserve::new(&mut options);
        let stress = StressState::new(options.stress);
        let trapped = options.stress.counts_allocations();
        let events = EventLog::new(options.log);
        let heap = Box::new(Heap {
            fast: UnsafeCell::new(MutatorFast::empty()),
            inner: UnsafeCell::new(Inner {
                collector,
                layouts: LayoutTable::new(),
                identities: IdentityTable::default(),
                roots: RootTable::default(),
                source: None,
                pending: Pending::default(),
                registering: Registering::default(),
                events,
                options,
                reserve,
                stress,
                external_bytes: 0,
                stack_base,
                hidden_limit: 0,
                busy: false,
                vacated_hook: None,
                vacated: Vec::new(),
            }),
            trapped: Cell::new(trapped),
        });
        heap.with_collector(0, |collector, cx| collector.attach(cx));
        heap
    }

    /// The same for what may collect: the collector is told of new finalizable objects first.
    pub(crate) fn with_collecting<T>(
        &self,
        stack_pointer: u64,
        f: impl FnOnce(&mut dyn Collector, &mut GcContext<'_>) -> T,
    ) -> T {
        // Out of the heap's hands meanwhile: nothing that runs inside a collection makes an object finalizable.
        let mut registering = std::mem::take(&mut self.inner().registering);
        let result = self.with_collector(stack_pointer, |c, cx| {
            registering.hand_over(c, cx);
            f(c, cx)
        });
        self.inner().registering = registering;
        result
    }

    /// Registers the VM's roots.
    ///
    /// # Safety
    /// `source` must stay valid until the heap is dropped or another source is set, and nobody may hold a reference to
    /// it while a method of this heap that may collect runs.
    pub unsafe fn set_root_source(&self, source: *mut dyn RootSource) {
        self.inner().source = Some(source);
    }

    /// The base of the native stack that is scanned; see [`Heap::new`].
    pub fn stack_base(&self) -> u64 {
        self.inner().stack_base
    }
    /// Sets it: another thread uses the heap from now on.
    pub fn set_stack_base(&self, base: u64) {
        self.inner().stack_base = base;
    }

    #[allow(clippy::mut_from_ref, reason = "one thread at a time; see the SAFETY argument")]
    #[inline(always)]
    fn inner(&self) -> &mut Inner {
        // SAFETY: the heap is not Sync, and no method of this type keeps the reference across a call that could come
        // back here: collectors and root sources get disjoint parts (GcContext) and may not use the heap; `busy` checks.
        unsafe { &mut *self.inner.get() }
    }

    /// Address of the inline state, for compiled code. Valid as long as the heap.
    #[inline(always)]
    pub fn fast(&self) -> *mut MutatorFast {
        self.fast.get()
    }

    /// Runs `f` on the collector with everything it may use. Restores and hides the allocation limit around it.
    pub(crate) fn with_collector<T>(
        &self,
        stack_pointer: u64,
        f: impl FnOnce(&mut dyn Collector, &mut GcContext<'_>) -> T,
    ) -> T {
        let inner = self.inner();
        assert!(!inner.busy, "the heap was used during a collection");
        inner.busy = true;
        let _internal = audit::internal();
        // SAFETY: the fast state is only touched by inlined code of this thread, none of which runs now.
        let fast = unsafe { &mut *self.fast.get() };
        if self.trapped.get() {
            fast.limit = inner.hidden_limit;
        }
        let stack = if inner.stack_base == 0 || stack_pointer == 0 {
            (0, 0)
        } else {
            (stack_pointer & !7, inner.stack_base & !7)
        };
        let mut roots = AllRoots { table: &mut inner.roots, source: inner.source, stack };
        let mut cx = GcContext {
            fast,
            layouts: &inner.layouts,
            identities: &mut inner.identities,
            roots: &mut roots,
            pending: &mut inner.pending,
            events: &mut inner.events,
            options: &inner.options,
            external_bytes: inner.external_bytes,
            vacated: inner.vacated_hook.is_some().then_some(&mut inner.vacated),
        };
        let result = f(&mut *inner.collector, &mut cx);
        // Queued finalizers and callbacks, and a stress schedule over safepoints, want the next poll.
        if !cx.pending.is_empty() || matches!(cx.options.stress, crate::stress::Stress::Safepoint(_)) {
            cx.fast.poll = 1;
        }
        if self.trapped.get() {
            inner.hidden_limit = cx.fast.limit;
            cx.fast.limit = 0;
        }
        if !inner.vacated.is_empty()
            && let Some(hook) = &mut inner.vacated_hook
        {
            audit::join(&mut inner.vacated);
            hook(&inner.vacated);
            inner.vacated.clear();
        }
        inner.busy = false;
        result
    }

    // ---- allocation

    /// A zeroed object of `words` words (header included) with its header written. May collect.
    #[inline(always)]
    pub fn alloc(&self, shape: ShapeIndex, words: usize) -> Result<Object, OutOfMemory> {
        // SAFETY: inline state of the one thread that uses the heap now; no reference to it is alive.
        unsafe {
            let fast = self.fast.get();
            let start = (*fast).cursor;
            let end = start.wrapping_add((words as u64) << 3);
            // A huge size wraps or passes the limit; `words` is bounded by the slow path otherwise.
            if words < (1 << 40) && end <= (*fast).limit {
                (*fast).cursor = end;
                let object = Object::from_address(start);
                object.set_header(Header::new(shape, (*fast).new_gc_byte));
                return Ok(object);
            }
        }
        self.alloc_slow(shape, words)
    }

    /// An object of a variable-size layout with `length` elements (values, or bytes for [`Layout::LeafArray`]), zeroed,
    /// header and length word written. May collect.
    #[inline]
    pub fn alloc_array(&self, shape: ShapeIndex, length: usize) -> Result<Object, OutOfMemory> {
        let layout = self.layouts().layout(shape);
        debug_assert!(layout.is_variable());
        if length >= 1 << 40 {
            return Err(self.refuse(length));
        }
        let object = self.alloc(shape, layout.size_words(length as u64))?;
        object.set_word(1, length as u64);
        Ok(object)
    }

    #[cold]
    #[inline(never)]
    fn alloc_slow(&self, shape: ShapeIndex, words: usize) -> Result<Object, OutOfMemory> {
        if words >= 1 << 40 {
            return Err(self.refuse(words.saturating_mul(8)));
        }
        with_spilled_registers(|sp| {
            if self.inner().stress.mode().counts_allocations() && self.inner().stress.at_allocation() {
                let kind = self.inner().stress.kind();
                self.with_collecting(sp, |c, cx| c.collect(cx, kind, Trigger::Stress));
            }
            let bytes = words.max(2) * 8;
            self.close_reserve();
            match self.with_collecting(sp, |c, cx| c.alloc_slow(cx, AllocRequest { bytes })) {
                Ok((address, gc_byte)) => {
                    // SAFETY: the collector hands out memory for a new object.
                    let object = unsafe { Object::from_address(address) };
                    object.set_header(Header::new(shape, gc_byte));
                    Ok(object)
                }
                Err(OutOfMemory) => Err(self.refuse(bytes)),
            }
        })
    }

    /// Notes that memory is used up: what is left is for who is told.
    #[cold]
    fn refuse(&self, bytes: usize) -> OutOfMemory {
        let held = self.held(0);
        let inner = self.inner();
        inner.events.record(Event::OutOfMemory { bytes });
        inner.reserve.open(&mut inner.options, bytes, held);
        OutOfMemory
    }
    /// Keeps the last memory back again if there is enough without it.
    fn close_reserve(&self) {
        if self.inner().reserve.is_open() {
            let held = self.held(0);
            let inner = self.inner();
            inner.reserve.close(&mut inner.options, held);
        }
    }
    /// Bytes that count against the limit, and `more`.
    fn held(&self, more: usize) -> usize {
        let stats = self.stats();
        [stats.reserve_bytes, self.inner().external_bytes, more]
            .iter()
            .fold(stats.used_bytes, |sum, n| sum.saturating_add(*n))
    }

    /// Runs `f`, whose allocations may pass the limit: for the little that must not fail. What it allocates counts, so that the
    /// limit holds for what comes after.
    pub fn beyond_limit<T>(&self, f: impl FnOnce() -> T) -> T {
        let inner = self.inner();
        let before = inner.reserve.lift(&mut inner.options);
        let result = f();
        let inner = self.inner();
        inner.reserve.lower(&mut inner.options, before);
        result
    }

    /// Charges `bytes` that are held outside the heap on behalf of its objects. May collect.
    pub fn charge_external(&self, bytes: usize) -> Result<(), OutOfMemory> {
        self.close_reserve();
        let limit = self.inner().options.limit;
        let fits = |h: &Heap| h.held(bytes) <= limit;
        if !fits(self) {
            self.collect(CollectKind::Full, Trigger::Limit);
            if !fits(self) {
                return Err(self.refuse(bytes));
            }
        }
        self.inner().external_bytes += bytes;
        Ok(())
    }
    /// Takes back a charge.
    pub fn release_external(&self, bytes: usize) {
        let inner = self.inner();
        inner.external_bytes = inner.external_bytes.saturating_sub(bytes);
    }

    // ---- stores

    /// Must run before any value of `object` is overwritten, unless it was allocated since the last safepoint.
    #[inline(always)]
    pub fn barrier(&self, object: Object) {
        // SAFETY: as in `alloc`.
        let mask = unsafe { (*self.fast.get()).mask };
        if object.gc_byte() & mask != 0 {
            self.barrier_slow(object);
        }
    }
    #[cold]
    #[inline(never)]
    fn barrier_slow(&self, object: Object) {
        self.with_collector(0, |c, cx| c.barrier_slow(cx, object));
    }
    /// Barrier, then store into word `index` of a non-array object.
    #[inline(always)]
    pub fn store(&self, object: Object, index: usize, v: Value) {
        self.barrier(object);
        object.set_word(index, v.bits());
    }

    /// Must run before the element slot at `slot_address` of a value array is overwritten; see [`Heap::barrier`].
    #[inline(always)]
    pub fn element_barrier(&self, array: Object, slot_address: u64) {
        // SAFETY: as in `alloc`; the card table covers every address that the collector hands out.
        unsafe {
            let fast = self.fast.get();
            let mask = (*fast).mask;
            if array.gc_byte() & mask != 0 {
                let card = ((*fast).cards.wrapping_add(slot_address >> CARD_SHIFT)) as *const u8;
                if *card & mask != 0 {
                    self.element_barrier_slow(array, slot_address);
                }
            }
        }
    }
    #[cold]
    #[inline(never)]
    fn element_barrier_slow(&self, array: Object, slot: u64) {
        self.with_collector(0, |c, cx| c.element_barrier_slow(cx, array, slot));
    }
    /// Barrier, then store into element `i` of a value array (debug-checked).
    #[inline(always)]
    pub fn store_element(&self, array: Object, i: usize, v: Value) {
        debug_assert!(i < array.length());
        let index = Layout::FIRST_ELEMENT + i;
        self.element_barrier(array, array.address() + 8 * index as u64);
        array.set_word(index, v.bits());
    }
    /// Announces that elements `from..to` of a value array are about to be overwritten in bulk.
    #[inline]
    pub fn range_barrier(&self, array: Object, from: usize, to: usize) {
        debug_assert!(from <= to && to <= array.length());
        let first = array.address() + 8 * Layout::FIRST_ELEMENT as u64;
        let (low, high) = (first + 8 * from as u64, first + 8 * to as u64);
        // SAFETY: as in `element_barrier`.
        unsafe {
            let fast = self.fast.get();
            let mask = (*fast).mask;
            if from == to || array.gc_byte() & mask == 0 {
                return;
            }
            // Few cards: do they ask for what the barrier of each element would ask for?
            let (head, tail) = (low >> CARD_SHIFT, (high - 8) >> CARD_SHIFT);
            let asks = |card: u64| *((*fast).cards.wrapping_add(card) as *const u8) & mask != 0;
            if tail - head < 2 && !asks(head) && !asks(tail) {
                return;
            }
        }
        self.range_barrier_slow(array, low, high);
    }
    #[cold]
    #[inline(never)]
    fn range_barrier_slow(&self, array: Object, low: u64, high: u64) {
        self.with_collector(0, |c, cx| c.range_barrier(cx, array, low, high));
    }

    // ---- weak references, finalizers, identity

    /// Must run on every object that is read out of a weak word or a weak table before it is used.
    #[inline(always)]
    pub fn weak_read(&self, target: Object) {
        // SAFETY: as in `alloc`.
        if unsafe { (*self.fast.get()).weak_reads } != 0 {
            self.weak_read_slow(target);
        }
    }
    #[cold]
    #[inline(never)]
    fn weak_read_slow(&self, target: Object) {
        self.with_collector(0, |c, cx| c.weak_read(cx, target));
    }
    /// Asks for the object's finalizer to be queued when it becomes unreachable, unless it is settled by then
    /// ([`LayoutTable::settle`]).
    #[inline]
    pub fn make_finalizable(&self, object: Object) {
        if object.flags() & flag::FINALIZABLE == 0 {
            object.change_flags(flag::FINALIZABLE, 0);
            self.inner().registering.note(object);
        }
    }
    /// Takes what the language must run: weak-reference callbacks and finalizers. The values are no longer roots of the
    /// heap's; the caller moves them to roots of its own (the closure's arguments may be pushed to a [`crate::RootedVec`]).
    pub fn take_pending(&self, mut cleared: impl FnMut(Value), mut finalizable: impl FnMut(Value)) {
        let pending = std::mem::take(&mut self.inner().pending);
        pending.cleared.iter().for_each(|v| cleared(*v));
        pending.finalizable.iter().for_each(|v| finalizable(*v));
    }
    /// Is there anything to take?
    #[inline]
    pub fn has_pending(&self) -> bool {
        !self.inner().pending.is_empty()
    }
    /// The object's identity number, given now if it has none. Does not collect.
    pub fn identity(&self, object: Object) -> u64 {
        let inner = self.inner();
        let _internal = audit::internal();
        let flags = object.flags();
        if flags & flag::IDENTITY_APPENDED != 0 {
            return object.word(object.size_words(&inner.layouts) - 1);
        }
        if flags & flag::IDENTITY_IN_TABLE != 0
            && let Some(id) = inner.identities.get(object.address())
        {
            return id;
        }
        let id = inner.identities.fresh();
        inner.identities.insert(object.address(), id);
        object.change_flags(flag::IDENTITY_IN_TABLE, 0);
        id
    }

    // ---- collecting

    /// Collects now. The native stack below the caller is scanned.
    #[inline(never)]
    pub fn collect(&self, kind: CollectKind, trigger: Trigger) {
        with_spilled_registers(|sp| self.with_collecting(sp, |c, cx| c.collect(cx, kind, trigger)));
    }
    /// The same, but the native stack is scanned from `low` on.
    ///
    /// # Safety
    /// Below `low` the native stack holds no value that is used after the collection, and nor do registers.
    #[inline(never)]
    pub unsafe fn collect_above(&self, low: u64, kind: CollectKind, trigger: Trigger) {
        self.with_collecting(low, |c, cx| c.collect(cx, kind, trigger));
    }
    /// A safepoint: incremental work and stress. Call when [`MutatorFast::poll`] is set, after clearing it: whoever wants
    /// more sets it again. May collect.
    #[inline(never)]
    pub fn safepoint(&self) {
        with_spilled_registers(|sp| {
            if self.inner().stress.at_safepoint() {
                let kind = self.inner().stress.kind();
                self.with_collecting(sp, |c, cx| c.collect(cx, kind, Trigger::Stress));
            }
            self.with_collecting(sp, |c, cx| c.safepoint(cx));
        });
    }
    /// The live object at, around or just below `address`.
    pub fn find_object(&self, address: u64) -> Option<Object> {
        self.with_collector(0, |c, cx| c.find_object(cx, address))
    }
    /// Calls `f` with every object. `f` must not use the heap except through the object.
    pub fn each_object(&self, f: &mut dyn FnMut(Object)) {
        self.with_collector(0, |c, cx| c.each_object(cx, f));
    }
    /// Calls `f` with every object that awaits its finalizer, dead ones that no collection has met included. `f` must not use the
    /// heap except through the object.
    pub fn each_finalizable(&self, f: &mut dyn FnMut(Object)) {
        self.with_collecting(0, |c, cx| c.each_finalizable(cx, f));
    }
    /// Checks the heap's invariants.
    pub fn verify(&self) -> Result<(), String> {
        self.with_collector(0, |c, cx| c.verify(cx))
    }

    // ---- tables

    /// The shape table.
    #[inline(always)]
    pub fn layouts(&self) -> &LayoutTable {
        &self.inner().layouts
    }
    /// Registers a shape; `None` when the table is full.
    pub fn register_shape(&self, layout: Layout) -> Option<ShapeIndex> {
        self.inner().layouts.register(layout)
    }
    /// Says when objects of a shape have nothing left to finalize: [`LayoutTable::settle`].
    pub fn settle_shape(&self, shape: ShapeIndex, word: usize, value: u64) {
        self.inner().layouts.settle(shape, word, value);
    }
    pub(crate) fn with_roots<T>(&self, f: impl FnOnce(&mut RootTable) -> T) -> T {
        let _internal = audit::internal();
        f(&mut self.inner().roots)
    }
    /// Keeps a value alive under a name.
    pub fn global(&self, v: Value) -> Global {
        self.with_roots(|r| r.add_global(v))
    }
    /// The value of a global, as it is now.
    pub fn get_global(&self, g: Global) -> Value {
        self.with_roots(|r| *r.global(g))
    }
    /// Replaces the value of a global.
    pub fn set_global(&self, g: Global, v: Value) {
        self.with_roots(|r| *r.global(g) = v);
    }
    /// Ends a global; its handle must not be used again.
    pub fn release_global(&self, g: Global) {
        self.with_roots(|r| r.remove_global(g));
    }
    /// Keeps an object alive and in place until as many [`Heap::unpin`]s. For buffers that foreign code reads.
    pub fn pin(&self, object: Object) {
        self.with_roots(|r| r.pin(object));
    }
    /// Takes one pin away; false if the object had none.
    pub fn unpin(&self, object: Object) -> bool {
        self.with_roots(|r| r.unpin(object))
    }
    /// The collector's facts.
    pub fn descriptor(&self) -> &'static CollectorDescriptor {
        self.inner().collector.descriptor()
    }
    /// The collector's counters.
    pub fn stats(&self) -> CollectorStats {
        self.inner().collector.stats()
    }
    /// The options the heap was made with; the limit is the one that holds now, which leaves a reserve until an allocation
    /// is refused.
    pub fn options(&self) -> &HeapOptions {
        &self.inner().options
    }
    /// The stress schedule's state.
    pub fn stress(&self) -> &StressState {
        &self.inner().stress
    }
    /// Sends every event to `sink` from now on.
    pub fn set_event_sink(&self, sink: Sink) {
        self.inner().events.set_sink(sink);
    }
    /// Counts the pauses that end in `ended` from now on, whether anybody listens to events or not.
    pub fn count_pauses(&self, ended: std::sync::Arc<std::sync::atomic::AtomicU64>) {
        self.inner().events.count_in(ended);
    }
    /// Shows `hook` after each moving collection which addresses hold no object any more; see [`crate::audit`].
    pub fn set_vacated_hook(&self, hook: VacatedHook) {
        self.inner().vacated_hook = Some(hook);
    }
    /// Runs `f` on the event log. `f` must not use the heap.
    pub fn with_events<T>(&self, f: impl FnOnce(&EventLog) -> T) -> T {
        f(&self.inner().events)
    }
}

/// Runs `f` with the address of the lowest stack word that may hold a value of its callers: callee-saved registers are
/// written to the stack first, so that a value that lives only in one of them is seen by a scan from that address.
#[inline(never)]
pub fn with_spilled_registers<T>(f: impl FnOnce(u64) -> T) -> T {
    let mut saved = [0u64; 12];
    #[cfg(target_arch = "x86_64")]
    // SAFETY: stores six registers into the array, which is large enough; nothing else is touched.
    unsafe {
        std::arch::asm!(
            "mov [{0}], rbx", "mov [{0} + 8], rbp", "mov [{0} + 16], r12",
            "mov [{0} + 24], r13", "mov [{0} + 32], r14", "mov [{0} + 40], r15",
            in(reg) saved.as_mut_ptr(), options(nostack, preserves_flags)
        );
    }
    #[cfg(target_arch = "aarch64")]
    // SAFETY: stores x19 to x29 into the array, which is large enough; nothing else is touched.
    unsafe {
        std::arch::asm!(
            "stp x19, x20, [{0}]", "stp x21, x22, [{0}, #16]", "stp x23, x24, [{0}, #32]",
            "stp x25, x26, [{0}, #48]", "stp x27, x28, [{0}, #64]", "str x29, [{0}, #80]",
            in(reg) saved.as_mut_ptr(), options(nostack, preserves_flags)
        );
    }
    let low = std::hint::black_box(saved.as_ptr()) as u64;
    let result = f(low);
    std::hint::black_box(&saved);
    result
}
