//! What a collector is: the slow paths behind the shared fast paths.
//!
//! A collector never sees a language. [`crate::Heap`] calls it, on the thread that owns the heap, at allocation
//! misses, barrier hits, safepoints and explicit requests; it sees roots through [`RootSource`], object shapes
//! through [`LayoutTable`], and reports through [`EventLog`](crate::events::EventLog) and [`Pending`].
//!
//! What each method may do is said on it. "May collect" means: objects may move and die, unless pinned.

use crate::events::EventLog;
use crate::fast::MutatorFast;
use crate::heap::CollectorStats;
use crate::identity::IdentityTable;
use crate::layout::LayoutTable;
use crate::object::Object;
use crate::options::HeapOptions;
use crate::roots::RootSource;
use crate::unreachable::Census;
use crate::value::Value;

/// The hard limit is reached and collecting did not help. Languages turn this into their out-of-memory error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

/// How much to collect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CollectKind {
    /// The cheapest collection that frees something: the young generation, or a marking step's worth.
    Minor,
    /// Everything unreachable is found, weak references are cleared, finalizers queued; an incremental cycle that is
    /// under way is finished and then a whole fresh one is done, so that garbage made before the call is gone after it.
    Full,
}

/// Why a collection happens; recorded in its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// The young generation or the allocation budget was used up.
    Allocation,
    /// The hard limit is near: last attempt before [`OutOfMemory`].
    Limit,
    /// The program asked (`gc.collect()`).
    Explicit,
    /// A stress option.
    Stress,
}

/// What makes up an allocation that missed the fast path.
#[derive(Clone, Copy, Debug)]
pub struct AllocRequest {
    /// Size in bytes, a multiple of 8, at least 16.
    pub bytes: usize,
}

/// Static facts about a collector: data, not code, so that drivers and tests can ask.
#[derive(Clone, Copy, Debug)]
pub struct CollectorDescriptor {
    /// The name after `--gc=`.
    pub name: &'static str,
    /// One line for `--gc=help`.
    pub summary: &'static str,
    /// Does it reclaim anything at all?
    pub collects: bool,
    /// May objects move?
    pub moves: bool,
    /// Does it use the write barriers (nonzero masks at some time)?
    pub barriers: bool,
    /// Does it do work at safepoints between collections?
    pub incremental: bool,
}

/// Everything a collector may use of the heap while it works.
pub struct GcContext<'a> {
    /// The allocation and barrier state of the calling thread. On entry `cursor` and `limit` are the true ones (stress
    /// does not show); on exit they must describe zeroed memory or an empty range.
    pub fast: &'a mut MutatorFast,
    /// Sizes and traces objects.
    pub layouts: &'a LayoutTable,
    /// Identity numbers that are kept by address; every move and death must be told to it.
    pub identities: &'a mut IdentityTable,
    /// Every root: precise slots and ambiguous ranges.
    pub roots: &'a mut dyn RootSource,
    /// What the language must do after the collection.
    pub pending: &'a mut Pending,
    /// Where pauses and phases go.
    pub events: &'a mut EventLog,
    /// Limits and checking options.
    pub options: &'a HeapOptions,
    /// Bytes that the language holds outside the heap and has charged to it.
    pub external_bytes: usize,
    /// Where a collector that moves objects enters the ranges that it has taken every object out of, moved or dead; `None`
    /// when nobody listens. For finding stale addresses; see [`crate::audit`].
    pub vacated: Option<&'a mut Vec<(u64, u64)>>,
}

impl GcContext<'_> {
    /// Every object has gone from `low..high`.
    #[inline]
    pub fn vacate(&mut self, low: u64, high: u64) {
        if let Some(ranges) = &mut self.vacated {
            ranges.push((low, high));
        }
    }
}

/// Work that a collection leaves for the language. Its values are roots until taken.
#[derive(Default)]
pub struct Pending {
    /// Objects of [`Layout::Weak`](crate::Layout::Weak) layout whose target died, in the order they were found, and
    /// whose word 2 (the callback) was not empty or `NONE`.
    pub cleared: Vec<Value>,
    /// Objects that were [`flag::FINALIZABLE`](crate::header::flag::FINALIZABLE) and became unreachable: kept alive
    /// (resurrected) with all they reach, flag cleared, in allocation order.
    pub finalizable: Vec<Value>,
}

impl Pending {
    /// Is there nothing to do?
    pub fn is_empty(&self) -> bool {
        self.cleared.is_empty() && self.finalizable.is_empty()
    }
}

/// A collector. One instance serves one heap and knows one mutator: several
/// threads may use the heap in turns, and those that wait are roots.
///
/// # What a collection must do, in this order
/// 1. Resolve and pin what the ambiguous ranges reach, before anything is moved.
/// 2. Trace from all roots (slots, pins, `pending`).
/// 3. For each traced [`Weak`](crate::Layout::Weak) object whose target was not traced: clear it and, if it has a
///    callback, queue it. (All weak references to unreachable objects are cleared before any finalizer is queued.)
/// 4. Queue the unreached objects that [await their finalizer](crate::LayoutTable::awaits_finalizer), clear their flags, and
///    trace from them (resurrection).
/// 5. Clear dead slots of [`WeakArray`](crate::Layout::WeakArray)s (a slot whose target was only reached in step 4
///    stays).
/// 6. Show the roots' weak slots; update or clear them.
/// 7. Tell `identities` of every object that moved or died; append identity words to moved objects that have a number.
/// 8. Free the rest; poison it when asked.
pub trait Collector {
    /// Static facts.
    fn descriptor(&self) -> &'static CollectorDescriptor;

    /// Called once, before anything is allocated: sets the masks, the new-object byte and the card base in `cx.fast`.
    fn attach(&mut self, cx: &mut GcContext<'_>);

    /// Memory for one object, zeroed, when the fast path missed (or always, under stress). The header is the caller's
    /// to write. May collect. May refill `cx.fast`. Errors when the limit is reached even after a full collection.
    ///
    /// A large object's header is written by the caller after this returns, with `cx.fast.new_gc_byte`, unless the
    /// collector says otherwise in the second component.
    fn alloc_slow(&mut self, cx: &mut GcContext<'_>, request: AllocRequest) -> Result<(u64, u8), OutOfMemory>;

    /// An object is about to be written and its collector byte meets the mask. Must not collect.
    fn barrier_slow(&mut self, cx: &mut GcContext<'_>, object: Object);

    /// A slot of an array is about to be written; the array's collector byte and the slot's card meet the mask.
    /// Must not collect.
    fn element_barrier_slow(&mut self, cx: &mut GcContext<'_>, array: Object, slot_address: u64);

    /// The slots from `from` up to `to` (addresses, inside `array`) are about to be overwritten in bulk. Called
    /// whatever the collector byte is; must not collect.
    fn range_barrier(&mut self, cx: &mut GcContext<'_>, array: Object, from: u64, to: u64);

    /// `target` was read out of a weak reference, weak table or intern table and is about to become strongly held.
    /// Must not collect. Collectors that mark while the program runs shade it. Only called while
    /// [`weak_reads`](crate::MutatorFast::weak_reads) is set.
    fn weak_read(&mut self, cx: &mut GcContext<'_>, target: Object);

    /// The object's [`flag::FINALIZABLE`](crate::header::flag::FINALIZABLE) was set since the last collection or request
    /// for memory, and it is not settled yet. Called in the order in which the flags were set, first thing before a collection,
    /// step or request. Must not collect.
    fn register_finalizable(&mut self, cx: &mut GcContext<'_>, object: Object);

    /// The thread polls. May do a step of incremental work, may collect. May set `cx.fast.poll` to be called at the next
    /// poll again, but not clear it: signal handlers set it too, and the caller has cleared it before.
    fn safepoint(&mut self, cx: &mut GcContext<'_>);

    /// Collects now. On return nothing reachable has been lost, whatever the kind.
    fn collect(&mut self, cx: &mut GcContext<'_>, kind: CollectKind, trigger: Trigger);

    /// Collects fully, and calls `census` once, between steps 2 and 3, with what this collection has not reached: what it frees,
    /// what step 4 keeps for a while, and nothing else. A collector that knows no such moment, because it frees in several goes or
    /// not at all, calls [`census_by_marking`](crate::unreachable::census_by_marking) first, which costs a trace of the heap more.
    fn collect_showing(&mut self, cx: &mut GcContext<'_>, trigger: Trigger, census: Census<'_>);

    /// Calls `f` with every object in the heap, dead ones that are not yet swept included, fillers left out. Must not
    /// collect; `f` must not allocate.
    fn each_object(&mut self, cx: &mut GcContext<'_>, f: &mut dyn FnMut(Object));

    /// Calls `f` with the registered objects that still await their finalizer, dead ones included, in the order of
    /// registration as far as the collector kept it. Must not collect; `f` must not allocate.
    fn each_finalizable(&mut self, cx: &mut GcContext<'_>, f: &mut dyn FnMut(Object)) {
        let layouts = cx.layouts;
        self.each_object(cx, &mut |o| {
            if layouts.awaits_finalizer(o) {
                f(o);
            }
        });
    }

    /// The live or not-yet-swept object that `address` points to, into, or one past the end of; `None` if there is none.
    /// Linear in a block at worst.
    fn find_object(&mut self, cx: &mut GcContext<'_>, address: u64) -> Option<Object>;

    /// Checks the heap's invariants: every slot of every reachable object holds a valid value that points to an object
    /// of this heap with a registered shape; barriers' metadata agree. Returns what is wrong.
    fn verify(&mut self, cx: &mut GcContext<'_>) -> Result<(), String>;

    /// Counters so far.
    fn stats(&self) -> CollectorStats;
}
