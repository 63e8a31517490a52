//! What a stub sees of the running thread.

use crate::feedback::FeedbackSlot;
use crate::machine::{R, Stop};
use crate::stub::ENTER;
use std::cell::{Cell, UnsafeCell};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use vm_code::Code;
use vm_code::definitions::Definition;
use vm_heap::{CollectKind, Heap, MutatorFast, Unreached, Value};

/// Index of an installed code. Function objects hold it as a raw number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(transparent)]
pub struct CodeIndex(pub u32);

/// A frame on the stack, for as long as it stands there.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FrameId(pub usize);

/// A collection that is asked for ([`RuntimeOps::request_collection`]), and who watches it.
#[derive(Clone, Copy)]
pub enum WantedCollection {
    /// One of this kind; nobody does.
    Plain(CollectKind),
    /// A full one. The function is called just before it, with the address that native stacks are scanned from; it may allocate.
    FullAfter(fn(&Thread, u64)),
    /// A full one. The function is called in the middle of it, and shown what it has not reached.
    FullShowing(fn(&Thread, &dyn Unreached)),
}

/// What looks at frames on the stack: which one, its code, the index of the instruction that is executing, the running
/// function. Says whether to go on.
pub type VisitFrame<'a> = &'a mut dyn FnMut(FrameId, CodeIndex, u32, Value) -> bool;

/// What looks at a frame: its code, the index of the instruction that is executing, the running function, the registers.
pub type InspectFrame<'a> = &'a mut dyn FnMut(CodeIndex, u32, Value, &[Cell<Value>]);

/// The values of a prepared call's parameter registers, in the places where they come from.
#[derive(Clone, Copy)]
pub struct CallArguments<'a> {
    /// The first one, unless it is EMPTY.
    pub first: Value,
    /// Those that follow.
    pub given: &'a [Value],
    /// And the last ones.
    pub last: &'a [Value],
}

impl<'a> CallArguments<'a> {
    /// All in one place.
    pub fn plain(given: &'a [Value]) -> CallArguments<'a> {
        CallArguments { first: Value::EMPTY, given, last: &[] }
    }
}

/// What the completion of a call works on, beside the result; see [`RuntimeOps::prepare_completed`].
pub type Context = [Value; 4];

/// What the runtime does for stubs. Implemented once, by `runtime/core` with an engine plugged in.
///
/// # Prepared frames
///
/// The `prepare_*` operations make a frame ready above the current one and return [`ENTER`]. It is then entered: by the
/// engine, if a call stub's `prepare` returns [`ENTER`], or by `run_prepared`. From preparing to entering nothing may
/// allocate, call or prepare another one: the frame is no root yet. Debug builds check that no collection happens.
pub trait RuntimeOps {
    /// Calls `code` with `callee` as the running function and returns its result: a nested activation. `arguments` must be
    /// as many as the code's parameter registers. Runs language code.
    fn call(&self, thread: &Thread, code: CodeIndex, callee: Value, arguments: &[Value]) -> R<Value>;
    /// Installs a code whose constants have been made into `constants` (same order). They are roots as long as it is
    /// installed.
    fn install(&self, thread: &Thread, code: Arc<Code>, constants: &[Value]) -> CodeIndex;
    /// An installed code.
    fn code<'t>(&self, thread: &'t Thread, index: CodeIndex) -> &'t Arc<Code>;
    /// The frames of the running activations, innermost first: `f` gets the code, the index of the instruction that is
    /// executing and the running function, and says whether to go on. Hidden frames are included. Must not collect. Only
    /// for stubs that declare to run language code: elsewhere compiled code does not say where it stands.
    fn walk_frames(&self, thread: &Thread, f: &mut dyn FnMut(CodeIndex, u32, Value) -> bool);
    /// Prepares a frame that begins with `code`'s first instruction. The values of `arguments` must be as many as the
    /// code's parameter registers; they may lie in the current frame's registers, or in objects. Raises if a
    /// stack is full; then nothing is prepared. Not for a code that suspends.
    fn prepare_call(&self, thread: &Thread, code: CodeIndex, callee: Value, arguments: CallArguments<'_>) -> R<Value>;
    /// The same, but the result goes through [`crate::Language::complete`] with `context`, which is kept meanwhile, before
    /// anybody gets it. A code that suspends cannot be called so.
    fn prepare_completed(
        &self,
        thread: &Thread,
        code: CodeIndex,
        callee: Value,
        arguments: CallArguments<'_>,
        context: &Context,
    ) -> R<Value>;
    /// Prepares the suspended frame that `suspended` holds, or begins with, as [`Language::SUSPENDED`](crate::Language::SUSPENDED) says; `sent` goes to the
    /// destination of the instruction that suspended it, unless that is to raise ([`RuntimeOps::run_prepared_raising`]). It is marked as
    /// running when it is entered, or at once if that is to raise. Raises as `prepare_call` does, and then changes nothing.
    fn prepare_resume(&self, thread: &Thread, suspended: Value, sent: Option<Value>) -> R<Value>;
    /// Writes the innermost frame, whose instruction suspends, into the object that is its function, as the layout says. Only for stubs
    /// that declare to run language code: elsewhere compiled code's registers are not in memory.
    fn suspend(&self, thread: &Thread);
    /// Runs the prepared frame in a nested activation. Runs language code.
    fn run_prepared(&self, thread: &Thread) -> R<Value>;
    /// The same, but the pending exception is raised by the instruction before the one that the frame would go on with, so
    /// that handlers there apply; at a code's beginning none does.
    fn run_prepared_raising(&self, thread: &Thread) -> R<Value>;
    /// Has the prepared frame, which is that of a suspended object, stand on the stack while `f` runs, which may run language
    /// code: for what the frame waits for. Then it is gone, and its object holds it as before, marked as suspended. Raises, and
    /// does not call `f`, where the stack is full.
    fn stand_by(&self, thread: &Thread, f: &mut dyn FnMut()) -> R<()>;
    /// Shows the innermost frame, unless there is none. Its named variables and the registers that are live hold values, the
    /// others nothing of use; what `f` writes is lost if the frame is compiled. `f` must not collect. Only for stubs that declare to
    /// run language code.
    fn current_frame(&self, thread: &Thread, f: InspectFrame<'_>);
    /// As `walk_frames`, and which frames they are.
    fn walk_places(&self, thread: &Thread, f: VisitFrame<'_>);
    /// Shows a frame on the stack as `current_frame` does; false if there is none with this identity.
    fn inspect_frame(&self, thread: &Thread, frame: FrameId, f: InspectFrame<'_>) -> bool;
    /// Has [`crate::Language::ended`] called when this frame ends. One of compiled code is left for the interpreter when what
    /// it calls is done. Frames that nobody observes cost nothing.
    fn observe_frame(&self, thread: &Thread, frame: FrameId);
    /// Asks for a collection at the interpreter's next safepoint. There native stacks are scanned from the innermost
    /// activation's caller on: the interpreter's own frames hold no values then, but stale words that would keep objects.
    fn request_collection(&self, thread: &Thread, wanted: WantedCollection);
    /// Collects now, if what was asked for has not been done.
    fn collect_requested(&self, thread: &Thread);
    /// From now on the language is asked before each instruction that a thread executes ([`crate::Language::step`]), or no more.
    /// The running frame begins with the instruction after a call that is executing; compiled code is not left before its end
    /// unless its frame is observed, or all is.
    fn set_stepping(&self, thread: &Thread, on: bool);
    /// Has all compiled code on the thread's stack left for the interpreter when what it calls is done: what it calls after that, in
    /// place, would not be stepped through.
    fn leave_compiled(&self, thread: &Thread);
    /// A constant of an installed code.
    fn constant(&self, thread: &Thread, code: CodeIndex, index: u32) -> Value;
    /// The temporaries of a code that are live before an instruction.
    fn live_temporaries(&self, thread: &Thread, code: CodeIndex, at: u32) -> Vec<u16>;
    /// Where the value of a register before an instruction may have come from. A frame may go on elsewhere if each temporary that is
    /// live there holds what could have got there.
    fn definitions(&self, thread: &Thread, code: CodeIndex, at: u32, register: u16) -> Vec<Definition>;
    /// Bounds the depth of frames from now on, in all threads, as far as there is room for so many: the frame after them is a stack overflow.
    fn limit_frames(&self, thread: &Thread, frames: usize);
    /// A safepoint, where a stub polls: clears the poll word and lets the collector work. May collect. What the poll word was set
    /// for by others is looked for afterwards. Other threads have no turn: between its calls of the language and those that
    /// wait, what a stub does is one step to them.
    fn safepoint(&self, thread: &Thread);
    /// Runs `call`, which may wait and touches nothing of the VM, while other threads run. May collect.
    fn blocking(&self, thread: &Thread, call: &mut dyn FnMut());
    /// Starts a thread that runs `body` with `argument`. `prepare` gets it before, to set its own roots, and must not collect.
    /// `stack`: bytes of native stack that it may use; 0: the usual. The system's number for it.
    ///
    /// # Errors
    /// The system refuses a thread or its stacks, or the VM is about to end.
    fn start_thread(
        &self,
        thread: &Thread,
        stack: usize,
        argument: Value,
        prepare: &mut dyn FnMut(&Thread),
        body: fn(&Thread, Value),
    ) -> io::Result<u64>;
    /// Shows every thread, the first one first. `f` must not collect.
    fn each_thread(&self, thread: &Thread, f: &mut dyn FnMut(&Thread));
    /// From now on no other thread runs.
    fn stop_others(&self, thread: &Thread);
    /// A fork follows at once: makes ready what its child needs. May not be called again before one of the next two.
    ///
    /// # Errors
    /// There is not enough memory; then the process must not fork.
    fn before_fork(&self, thread: &Thread) -> io::Result<()>;
    /// This is the parent, forked or not.
    fn after_fork_in_parent(&self, thread: &Thread);
    /// This is the child process of a fork, where `thread` is the only one: the others are no more. Before anything else runs.
    fn after_fork(&self, thread: &Thread);
    /// How long a thread runs while others wait.
    fn switch_interval(&self, thread: &Thread) -> Duration;
    /// Sets it.
    fn set_switch_interval(&self, thread: &Thread, interval: Duration);
    /// Empties the inline caches of all feedback slots; what else was recorded stays. A stub that holds a slot meanwhile
    /// must not fill it with what it looked up before.
    fn flush_caches(&self, thread: &Thread);
    /// An object was put into the slot's `value`.
    fn note_cached(&self, thread: &Thread, slot: &mut FeedbackSlot);
    /// Vector for the further entries of a slot's inline cache ([`crate::FeedbackSlot::add`]): empty, and flushed, shown to the
    /// collector and kept as other slots are.
    fn further_entries(&self, thread: &Thread) -> *mut FeedbackSlot;
}

/// The language-visible part of a thread.
#[repr(C)]
pub struct Thread {
    /// Inline allocation and barrier state.
    pub fast: *mut MutatorFast,
    /// The pending exception; `EMPTY` if none. A root.
    exception: Cell<Value>,
    /// The language's roots that threads share, `root_count` cells; the VM shows them to the collector.
    roots: Cell<*mut Value>,
    root_count: Cell<usize>,
    /// Those of them that each thread has for itself.
    locals: Cell<*mut Value>,
    local_count: Cell<usize>,
    /// Lowest native stack address at which native code that recurses may begin something new.
    native_limit: Cell<u64>,
    /// How many levels native code has gone down into nested data.
    pub native_depth: Cell<u32>,
    number: u64,
    heap: *const Heap,
    language: Cell<*mut ()>,
    ops: *const dyn RuntimeOps,
    root_storage: UnsafeCell<Vec<Value>>,
    local_storage: UnsafeCell<Vec<Value>>,
}

/// This bit in the number of a language root says that each thread has its own.
pub const LOCAL_ROOT: u32 = 1 << 31;

/// Byte offsets of the fields of [`Thread`] that compilers use.
pub mod offset {
    use super::Thread;
    use std::mem::offset_of;
    /// Of the pointer to the inline state.
    pub const FAST: u32 = offset_of!(Thread, fast) as u32;
    /// Of the pending exception.
    pub const EXCEPTION: u32 = offset_of!(Thread, exception) as u32;
    /// Of the pointer to the language's roots that threads share.
    pub const ROOTS: u32 = offset_of!(Thread, roots) as u32;
    /// Of the lowest native stack address at which something new may begin.
    pub const NATIVE_LIMIT: u32 = offset_of!(Thread, native_limit) as u32;
    /// Of the pointer to the thread's own.
    pub const LOCALS: u32 = offset_of!(Thread, locals) as u32;
}

impl Thread {
    /// A thread of `heap`, whose number no other had.
    ///
    /// # Safety
    /// `heap` and `ops` must outlive the thread.
    pub unsafe fn new(heap: *const Heap, ops: *const dyn RuntimeOps, number: u64) -> Thread {
        Thread {
            // SAFETY: the heap is alive.
            fast: unsafe { (*heap).fast() },
            exception: Cell::new(Value::EMPTY),
            roots: Cell::new(std::ptr::null_mut()),
            root_count: Cell::new(0),
            locals: Cell::new(std::ptr::null_mut()),
            local_count: Cell::new(0),
            native_limit: Cell::new(0),
            native_depth: Cell::new(0),
            number,
            heap,
            language: Cell::new(std::ptr::null_mut()),
            ops,
            root_storage: UnsafeCell::new(Vec::new()),
            local_storage: UnsafeCell::new(Vec::new()),
        }
    }
    /// The heap.
    #[inline(always)]
    pub fn heap(&self) -> &Heap {
        // SAFETY: outlives the thread, by the contract of `new`.
        unsafe { &*self.heap }
    }
    /// The runtime.
    pub fn ops(&self) -> &dyn RuntimeOps {
        // SAFETY: outlives the thread, by the contract of `new`.
        unsafe { &*self.ops }
    }
    /// The result of a call stub whose `prepare` returned `prepared`: runs the prepared frame if there is one.
    #[inline]
    pub fn complete(&self, prepared: Value) -> Value {
        if prepared == ENTER { self.ops().run_prepared(self).unwrap_or(Value::EMPTY) } else { prepared }
    }
    /// Makes `e` the pending exception.
    #[inline]
    pub fn raise(&self, e: Value) -> Stop {
        debug_assert!(!e.is_empty());
        self.exception.set(e);
        Stop
    }
    /// The pending exception, taken.
    #[inline]
    pub fn take_exception(&self) -> Value {
        self.exception.replace(Value::EMPTY)
    }
    /// The pending exception.
    #[inline]
    pub fn exception(&self) -> Value {
        self.exception.get()
    }
    /// The slot of the pending exception, for the root source.
    pub fn exception_slot(&self) -> *mut Value {
        self.exception.as_ptr()
    }
    /// The thread's number, which no other thread of its VM has or had.
    pub fn number(&self) -> u64 {
        self.number
    }
    /// Lowest native stack address at which native code that recurses may begin something new; 0: unlimited.
    #[inline]
    pub fn native_limit(&self) -> u64 {
        self.native_limit.get()
    }
    /// Sets it.
    pub fn set_native_limit(&self, limit: u64) {
        self.native_limit.set(limit);
    }
    /// Makes room for language roots, all `EMPTY`: `count` that threads share and `locals` of each thread's own. In the first
    /// thread of a VM, once, before anything runs.
    pub fn init_roots(&self, count: usize, locals: usize) {
        // SAFETY: called before anything runs, so no pointer into the old storage is in use.
        let storage = unsafe { &mut *self.root_storage.get() };
        storage.resize(count, Value::EMPTY);
        self.roots.set(storage.as_mut_ptr());
        self.root_count.set(count);
        self.init_locals(locals);
    }
    /// Takes roots and language from `first`, which outlives the thread's running; its own roots are `EMPTY`. Once, before it
    /// runs.
    pub fn join(&self, first: &Thread) {
        self.roots.set(first.roots.get());
        self.root_count.set(first.root_count.get());
        self.language.set(first.language.get());
        self.init_locals(first.local_count.get());
    }
    fn init_locals(&self, count: usize) {
        // SAFETY: as in `init_roots`.
        let storage = unsafe { &mut *self.local_storage.get() };
        storage.resize(count, Value::EMPTY);
        self.locals.set(storage.as_mut_ptr());
        self.local_count.set(count);
    }
    /// The cell of language root `i`, if there is one.
    #[inline(always)]
    fn root_cell(&self, i: u32) -> (*mut Value, bool) {
        let (cells, count) = if i & LOCAL_ROOT == 0 { self.roots() } else { self.local_roots() };
        let i = (i & !LOCAL_ROOT) as usize;
        (cells.wrapping_add(i), i < count)
    }
    /// Is there a language root `i`?
    pub fn has_root(&self, i: u32) -> bool {
        self.root_cell(i).1
    }
    /// Language root `i`.
    #[inline(always)]
    pub fn root(&self, i: u32) -> Value {
        let (cell, exists) = self.root_cell(i);
        debug_assert!(exists);
        // SAFETY: in range (languages number their roots by one table and size it by `init_roots`).
        unsafe { *cell }
    }
    /// Sets language root `i`.
    pub fn set_root(&self, i: u32, v: Value) {
        let (cell, exists) = self.root_cell(i);
        assert!(exists);
        // SAFETY: in range.
        unsafe { *cell = v }
    }
    /// Address of the root cells that threads share, for compiled code and the root source.
    #[inline(always)]
    pub fn roots(&self) -> (*mut Value, usize) {
        (self.roots.get(), self.root_count.get())
    }
    /// The same of the thread's own.
    #[inline(always)]
    pub fn local_roots(&self) -> (*mut Value, usize) {
        (self.locals.get(), self.local_count.get())
    }
    /// Sets the language's own state.
    ///
    /// # Safety
    /// `state` must outlive the thread and be of the type that [`Thread::language`] is called with.
    pub unsafe fn set_language(&self, state: *mut ()) {
        self.language.set(state);
    }
    /// The language's own state.
    ///
    /// # Safety
    /// `T` must be the type that [`Thread::set_language`] was called with.
    #[inline(always)]
    pub unsafe fn language<T>(&self) -> &T {
        // SAFETY: the caller's, and set_language's caller's.
        unsafe { &*(self.language.get() as *const T) }
    }
}
